//! `scrip bench`: the whole chain, measured on this machine.
//!
//! Every measurement drives the real thing: the same node, engine, store and rules that run a network.
//! Transactions are signed before the clock starts. What is counted is final: committed to the store,
//! in a block that cannot be undone.

mod idle;
mod latency;
mod machine;
mod positions;
mod throughput;
mod world;

use crate::{
    failure::Failure,
    output::{Output, table},
};
use clap::ValueEnum;
use serde::Serialize;
use serde_json::json;
use std::path::Path;

/// Measure the whole chain on this machine.
#[derive(clap::Args)]
pub(crate) struct Bench {
    /// Only these measurements; all of them without it
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Subject>,
    /// Transfers in one burst
    #[arg(long, default_value_t = 20_000)]
    transfers: usize,
    /// People among whom they go
    #[arg(long, default_value_t = 5_000)]
    people: u32,
    /// Positions for the measurement of memory and restart
    #[arg(long, default_value_t = 1_000_000)]
    positions: usize,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// Raw signed bytes to final state, in this process
    InProcess,
    /// The same over JSON-RPC batches, the node in a process of its own
    JsonRpc,
    /// From submission to the final receipt: one validator, light load
    LatencyOne,
    /// The same with four validators on this machine
    LatencyFour,
    /// What a validator costs while nothing happens
    Idle,
    /// Memory and restart with many positions
    Positions,
}

/// One figure.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) what: String,
    /// What came out.
    pub(crate) value: f64,
    /// Of what.
    pub(crate) unit: &'static str,
    /// The aim, if there is one.
    pub(crate) target: Option<Target>,
    /// How it came about.
    pub(crate) detail: String,
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
}

impl Figure {
    fn verdict(&self) -> &'static str {
        match self.target {
            None => "",
            Some(_) if cfg!(debug_assertions) => "",
            Some(Target::AtLeast(least)) if self.value >= least => "met",
            Some(Target::AtMost(most)) if self.value <= most => "met",
            Some(_) => "MISSED",
        }
    }
}

impl Bench {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        let machine = machine::describe();
        if cfg!(debug_assertions) {
            output.note("this is a debug build: figures mean nothing; use `make bench`");
        }
        let folder = tempfile::Builder::new().prefix("scrip-bench-").tempdir();
        let folder = folder.map_err(|error| Failure::file(&std::env::temp_dir(), error))?;
        let mut figures = Vec::new();
        for subject in Subject::value_variants() {
            if self.only.is_empty() || self.only.contains(subject) {
                let name = subject.to_possible_value().map(|value| value.get_name().to_owned());
                output.note(format!("measuring {} ...", name.unwrap_or_default()));
                let own = folder.path().join(format!("{subject:?}"));
                std::fs::create_dir_all(&own).map_err(|error| Failure::file(&own, error))?;
                figures.extend(self.measure(*subject, &own, output)?);
            }
        }
        output.result(&json!({ "machine": machine, "figures": figures }), || {
            let rows = figures.iter().map(|figure| {
                let target = match figure.target {
                    None => String::new(),
                    Some(Target::AtLeast(least)) => format!("at least {least}"),
                    Some(Target::AtMost(most)) => format!("at most {most}"),
                };
                let value = match figure.value {
                    value if value >= 1_000.0 => format!("{value:.0} {}", figure.unit),
                    value => format!("{value:.2} {}", figure.unit),
                };
                let verdict = figure.verdict().to_owned();
                vec![figure.what.clone(), value, target, verdict, figure.detail.clone()]
            });
            let head = ["what", "measured", "target", "", "how"];
            format!("{}\n{}", machine.sentence(), table(&head, rows))
        });
        Ok(())
    }

    fn measure(
        &self,
        subject: Subject,
        folder: &Path,
        output: &Output,
    ) -> Result<Vec<Figure>, Failure> {
        match subject {
            Subject::InProcess => {
                throughput::in_process(folder, self.people, self.transfers, output)
            }
            Subject::JsonRpc => throughput::over_rpc(folder, self.people, self.transfers, output),
            Subject::LatencyOne => latency::one(folder, output),
            Subject::LatencyFour => latency::four(folder, output),
            Subject::Idle => idle::measure(folder),
            Subject::Positions => positions::measure(folder, self.people, self.positions, output),
        }
    }
}

/// A runtime for the side that asks.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::Machine(error.to_string()))
}

/// The value in the middle; of an even number, the lower of the two.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    part(values, 50)
}

/// The value that so many of a hundred do not exceed.
pub(crate) fn part(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (values.len().saturating_sub(1)) * percent / 100;
    values.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_of_a_hundred() {
        let mut values = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(super::median(&mut values), 3.0);
        assert_eq!(super::part(&mut values, 95), 4.0);
        assert_eq!(super::part(&mut values, 100), 5.0);
        assert_eq!(super::part(&mut [], 50), 0.0);
    }
}

//! `scrip venue`: what a trading venue asks of everything that moves through it.

use crate::{access::Access, desk::Desk, failure::Failure, output::Output, report::Attached};
use clap::Subcommand;
use client::abi::ICompliance;
use compliance::{Change, VenueRules};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};
use types::{Module, PersonId};

/// A trading venue of one's own: its rules.
#[derive(Subcommand)]
pub(crate) enum Venue {
    /// Put the venue's rules into force from a file (JSON): rules as in a policy, and a calendar; no rules lift them. Once there
    /// are assets, with the hash of a report: with `--asset`, says first what that means for who holds it
    Rules {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        attached: Attached,
        /// The key of who is licensed to run the venue
        #[arg(long, value_name = "KEY")]
        from: String,
    },
}

impl Venue {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let Self::Rules { file, attached, from } = self;
        let asked = read_rules(file)?;
        let desk = Desk::open(access, output).await?;
        let rules = json!(asked).to_string();
        let change = changed(desk.person("--from", from).await?, asked);
        let seen = attached.to(&desk, &change).await?;
        let call = ICompliance::setVenueRulesCall { rules, report: seen.0 };
        desk.change(from, desk.client.draft(Module::Compliance, &call), seen).await
    }
}

/// What a venue would ask, from a file.
pub(crate) fn read_rules(file: &Path) -> Result<VenueRules, Failure> {
    let text = fs::read_to_string(file).map_err(|error| Failure::file(file, error))?;
    serde_json::from_str(&text).map_err(|error| Failure::input(file.display(), error))
}

/// The change of a venue's rules.
pub(crate) fn changed(person: PersonId, asked: VenueRules) -> Change {
    let VenueRules { rules, calendar } = asked;
    let venue = compliance::Venue { person, rules, calendar };
    Change { venue: Some(venue), ..Change::default() }
}

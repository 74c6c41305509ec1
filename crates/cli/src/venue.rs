//! `scrip venue`: what a trading venue asks of everything that moves through it.

use crate::{access::Access, desk::Desk, failure::Failure, output::Output};
use clap::Subcommand;
use client::abi::ICompliance;
use compliance::VenueRules;
use serde_json::json;
use std::path::PathBuf;
use types::Module;

/// A trading venue of one's own: its rules.
#[derive(Subcommand)]
pub(crate) enum Venue {
    /// Put the venue's rules into force from a file (JSON): rules as in a policy, and a calendar; no rules lift them
    Rules {
        /// The file
        file: PathBuf,
        /// The key of who is licensed to run the venue
        #[arg(long, value_name = "KEY")]
        from: String,
    },
}

impl Venue {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let Self::Rules { file, from } = self;
        let text = std::fs::read_to_string(file).map_err(|error| Failure::file(file, error))?;
        let asked: VenueRules =
            serde_json::from_str(&text).map_err(|error| Failure::input(file.display(), error))?;
        let desk = Desk::open(access, output).await?;
        let call = ICompliance::setVenueRulesCall { rules: json!(asked).to_string() };
        desk.act(from, desk.client.draft(Module::Compliance, &call)).await
    }
}

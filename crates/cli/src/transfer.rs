//! `scrip transfer` and `scrip explain`: moving units, and asking first.

use crate::{
    access::Access,
    failure::Failure,
    output::Output,
    party::{self, Party},
    view::{said, text},
};
use serde_json::{Map, Value, json};
use types::{Time, Units};

/// Move units of one's own.
#[derive(clap::Args)]
pub(crate) struct Transfer {
    /// An asset's number, token address or ISIN
    asset: String,
    /// How many
    units: u128,
    /// To whom: a wallet, an account as 12/0, a person's number, or the name of a key
    #[arg(long, value_name = "WHO")]
    to: String,
    /// The key of who gives
    #[arg(long, value_name = "KEY")]
    from: String,
}

impl Transfer {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let from = access.wallet(&client, &self.from)?;
        let asset = party::asset(&self.asset, &client).await?;
        let to = Party::read("--to", &self.to, access, &client)?.wallet("--to", &client).await?;
        let receipt = client.transfer(&from, asset, to, self.units).await?;
        output.result(&receipt, || said(&receipt));
        Ok(())
    }
}

/// May this movement happen? If not: why, when it would, and how much would.
#[derive(clap::Args)]
pub(crate) struct Explain {
    /// An asset's number, token address or ISIN
    asset: String,
    /// How many
    units: u128,
    /// Who gives; nobody for an issue
    #[arg(long, value_name = "WHO", required_unless_present = "to")]
    from: Option<String>,
    /// Who gets; nobody for a redemption
    #[arg(long, value_name = "WHO")]
    to: Option<String>,
    /// Of which class; without it, of all in their order
    #[arg(long)]
    class: Option<u32>,
    /// Whose wallet moves the units, if it is not the giver's: a venue's
    #[arg(long, value_name = "WHO")]
    operator: Option<String>,
}

impl Explain {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let asset = party::asset(&self.asset, &client).await?;
        let mut params = Map::new();
        params.insert("asset".into(), json!(asset));
        params.insert("units".into(), json!(Units(self.units)));
        if let Some(class) = self.class {
            params.insert("class".into(), json!(class));
        }
        for (name, who) in [("from", &self.from), ("to", &self.to)] {
            if let Some(who) = who {
                let party = Party::read(&format!("--{name}"), who, access, &client)?;
                params.insert(name.into(), party.to_json());
            }
        }
        if let Some(operator) = &self.operator {
            let operator = Party::read("--operator", operator, access, &client)?;
            let wallet = operator.wallet("--operator", &client).await?;
            params.insert("operator".into(), json!(wallet));
        }
        let answer: Value = client.rpc().call("scrip_explain", Value::Object(params)).await?;
        let is_allowed = answer["allowed"].as_bool() == Some(true);
        // In words, what stands in the way is the error itself.
        if is_allowed || output.is_json() {
            output.result(&answer, || explained(&answer));
        }
        match is_allowed {
            true => Ok(()),
            false => Err(Failure::NotAllowed(explained(&answer).trim_end().to_owned())),
        }
    }
}

/// The providers that could attest what is missing, with the wallets by which they are found.
fn asked(ask: &Value) -> String {
    let providers = ask.as_array().into_iter().flatten();
    let names: Vec<_> = providers
        .map(|it| format!("provider {} at {}", it["person"], text(&it["wallet"])))
        .collect();
    if names.is_empty() { String::new() } else { format!(" ({})", names.join(" or ")) }
}

/// An explanation in sentences: what stands in the way, when it would pass, how much would.
pub(crate) fn explained(answer: &Value) -> String {
    if answer["allowed"].as_bool() == Some(true) {
        return "It may happen.\n".into();
    }
    let mut words = String::from("It may not happen:\n");
    for reason in answer["reasons"].as_array().into_iter().flatten() {
        words += &format!("- {} ({})\n", text(&reason["text"]), text(&reason["code"]));
        words += &format!("  What to do: {}{}\n", text(&reason["remedy"]), asked(&reason["ask"]));
    }
    if let Some(when) = answer["earliest_ok"].as_u64() {
        words += &format!("It would pass from {} on, all else being the same.\n", Time(when));
    }
    match answer["max_ok"].as_str() {
        Some("0") | None => {}
        Some(units) => words += &format!("{units} units would pass now.\n"),
    }
    words
}

//! `scrip transfer` and `scrip explain`: moving units, and asking first.

use crate::{
    access::Access,
    failure::Failure,
    output::Output,
    party::{self, Party},
    view::{all, said, text},
};
use client::{Client, Error, abi::ILedger::ChosenLot};
use serde_json::{Value, json};
use types::{AssetId, Time, Units};

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
    #[command(flatten)]
    lots: Lots,
}

/// Which lots go; without a choice the oldest that may.
#[derive(clap::Args)]
struct Lots {
    /// A lot of the position by its number in `scrip positions --lots`, and how many of it: 0:40; may be repeated
    #[arg(long = "lot", value_name = "LOT:UNITS", value_parser = lot)]
    lots: Vec<(u16, Units)>,
    /// Of which class
    #[arg(long)]
    class: Option<u32>,
}

fn lot(text: &str) -> Result<(u16, Units), String> {
    let parts = text.split_once(':');
    let lot = parts.and_then(|(lot, units)| Some((lot.parse().ok()?, Units(units.parse().ok()?))));
    lot.ok_or_else(|| "give a lot's number and how many units of it, as 0:40".into())
}

impl Lots {
    /// The lots as the node tells them now, named so that another in their place is not taken for them.
    async fn chosen(
        &self,
        client: &Client,
        from: Party,
        asset: AssetId,
        units: Units,
    ) -> Result<Vec<ChosenLot>, Failure> {
        if self.lots.is_empty() {
            return Ok(Vec::new());
        }
        if self.lots.iter().map(|(_, units)| *units).sum::<Units>() != units {
            return Err(Failure::input("--lot", format!("the lots must sum to {units} units")));
        }
        let account = from.account("--from", client).await?;
        let params = json!({ "who": Party::Account(account).to_json() });
        let positions = all(client, "scrip_getPositions", params, "positions").await?;
        let class = self.class.unwrap_or(0);
        let is_it = |position: &&Value| position["asset"] == asset.0 && position["class"] == class;
        let position =
            positions.iter().find(is_it).map_or(&Value::Null, |position| &position["lots"]);
        let chosen = self.lots.iter().map(|(place, units)| {
            let anchor = position[usize::from(*place)]["anchor"].as_u64().map(Time);
            let why = || format!("there is no lot {place}: scrip positions --lots shows them");
            let anchor = anchor.ok_or_else(|| Failure::input("--lot", why()))?;
            Ok(ChosenLot { place: *place, anchor: anchor.0, units: units.0 })
        });
        chosen.collect()
    }
}

impl Transfer {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let from = access.wallet(&client, &self.from)?;
        let asset = party::asset(&self.asset, &client).await?;
        let to = Party::read("--to", &self.to, access, &client)?.wallet("--to", &client).await?;
        let giver = Party::Wallet(from.address());
        let lots = self.lots.chosen(&client, giver, asset, Units(self.units)).await?;
        let wish =
            wish(asset, self.units, self.lots.class, &lots, [Some(giver), Some(Party::Wallet(to))]);
        let sent = match (lots.is_empty(), self.lots.class) {
            (true, None) => client.transfer(&from, asset, to, self.units).await,
            (true, Some(class)) => {
                client.transfer_batch(&from, (asset, class), vec![(to, self.units)]).await
            }
            (false, class) => {
                client.transfer_lots(&from, (asset, class.unwrap_or(0)), to, lots).await
            }
        };
        let receipt = match sent {
            Ok(receipt) => receipt,
            Err(error) => return Err(told_why(&client, error, wish).await),
        };
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
    #[command(flatten)]
    lots: Lots,
    /// Whose wallet moves the units, if it is not the giver's: a venue's
    #[arg(long, value_name = "WHO")]
    operator: Option<String>,
}

impl Explain {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let asset = party::asset(&self.asset, &client).await?;
        let party = |field: &str, who: &Option<String>| {
            who.as_ref().map(|who| Party::read(field, who, access, &client)).transpose()
        };
        let (from, to) = (party("--from", &self.from)?, party("--to", &self.to)?);
        let lots = match from {
            Some(from) => self.lots.chosen(&client, from, asset, Units(self.units)).await?,
            None => Vec::new(),
        };
        let mut params = wish(asset, self.units, self.lots.class, &lots, [from, to]);
        if let Some(operator) = &self.operator {
            let operator = Party::read("--operator", operator, access, &client)?;
            let wallet = operator.wallet("--operator", &client).await?;
            params["operator"] = json!(wallet);
        }
        let answer: Value = client.rpc().call("scrip_explain", params).await?;
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

/// A movement as `scrip_explain` takes it: from nobody it is an issue, to nobody a redemption.
pub(crate) fn wish(
    asset: AssetId,
    units: u128,
    class: Option<u32>,
    lots: &[ChosenLot],
    [from, to]: [Option<Party>; 2],
) -> Value {
    let lots = lots.iter().map(|ChosenLot { place, anchor, units }| {
        json!({ "place": place, "anchor": anchor, "units": Units(*units) })
    });
    json!({
        "asset": asset,
        "units": Units(units),
        "class": class,
        "from": from.map(Party::to_json),
        "to": to.map(Party::to_json),
        "lots": lots.collect::<Vec<_>>(),
    })
}

/// A movement's refusal with every reason and what to do about it, as `scrip explain` has them; any other error as it is,
/// and one of which the judge meanwhile says something else.
pub(crate) async fn told_why(client: &Client, error: Error, wish: Value) -> Failure {
    let Error::Refused(refusal) = error else { return error.into() };
    let is_judged = refusal.movement_reason().is_some();
    let answer: Result<Value, Error> = client.rpc().call("scrip_explain", wish).await;
    let is_it = |answer: &Value| {
        let mut reasons = answer["reasons"].as_array().into_iter().flatten().peekable();
        let is_said = |reason: &Value| refusal.reason.contains(&text(&reason["text"]));
        reasons.peek().is_some() && reasons.all(is_said)
    };
    match answer {
        Ok(answer) if is_judged && is_it(&answer) => {
            let ask = "`scrip explain` asks the same without sending anything.";
            let words = explained(&answer) + ask;
            Failure::Movement { refusal, answer, words }
        }
        _ => Error::Refused(refusal).into(),
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

/// An explanation in sentences: what stands in the way, on each path apart, when it would pass, how much would.
pub(crate) fn explained(answer: &Value) -> String {
    if answer["allowed"].as_bool() == Some(true) {
        let fees = answer["fees"].as_array().into_iter().flatten();
        let fees: String = fees
            .map(|fee| {
                format!("{} units go to person {} besides.\n", text(&fee["units"]), fee["to"])
            })
            .collect();
        return format!("It may happen.\n{fees}");
    }
    let mut words = String::from("It may not happen:\n");
    let mut paths: Vec<(String, Vec<&Value>)> = Vec::new();
    for reason in answer["reasons"].as_array().into_iter().flatten() {
        let path = text(&reason["path"]);
        match paths.iter_mut().find(|(other, _)| *other == path) {
            Some((_, reasons)) => reasons.push(reason),
            None => paths.push((path, vec![reason])),
        }
    }
    // What stands in the way whichever path is taken comes first.
    paths.sort_by_key(|(path, _)| !path.is_empty());
    let is_other = |reasons: &[&Value]| reasons.iter().any(|it| it["code"] == "WRONG_KIND");
    let (others, paths): (Vec<_>, Vec<_>) =
        paths.into_iter().partition(|(path, reasons)| !path.is_empty() && is_other(reasons));
    for (path, reasons) in &paths {
        let (indent, tail) = match path.is_empty() {
            true => ("", String::new()),
            false => ("  ", format!(" (path {path})")),
        };
        if !path.is_empty() {
            words += &format!("On the path {path}:\n");
        }
        for reason in reasons {
            let (says, remedy) = (text(&reason["text"]), text(&reason["remedy"]));
            let says = says.strip_suffix(&tail).unwrap_or(&says);
            words += &format!("{indent}- {says} ({})\n", text(&reason["code"]));
            words += &format!("{indent}  What to do: {remedy}{}\n", asked(&reason["ask"]));
        }
    }
    if !others.is_empty() {
        let names: Vec<_> = others.iter().map(|(path, _)| path.as_str()).collect();
        words += &format!("Not for this kind of movement: {}.\n", names.join(", "));
    }
    if let Some(when) = answer["earliest_ok"].as_u64() {
        words += &format!("It would pass from {} on, all else being the same.\n", Time(when));
    }
    match answer["max_ok"].as_str() {
        Some("0") | None if answer["earliest_ok"].is_null() => {
            words += "Neither a smaller amount nor waiting alone would help.\n";
        }
        Some("0") | None => {}
        Some(units) => words += &format!("{units} units would pass now.\n"),
    }
    words
}

//! `scrip transfer` and `scrip explain`: moving units, and asking first.

use crate::{
    access::Access,
    failure::Failure,
    issuance::Price,
    output::Output,
    party::{self, Party},
    view::{all, said, text},
};
use client::{
    Client, Error,
    abi::ILedger::{ChosenLot, Sale},
};
use serde_json::{Value, json};
use types::{AssetId, Currency, Time, Units};

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
    #[command(flatten)]
    price: Price,
    /// By which path of exemption, of those that the laws of the units offer; without it the first that is open
    #[arg(long)]
    path: Option<String>,
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
        let (price, path) = (self.price.told()?, self.path.clone());
        let stated = Stated { lots: &lots, price, path: path.as_deref(), under: None };
        let parties = [Some(giver), Some(Party::Wallet(to))];
        let wish = wish(asset, self.units, self.lots.class, stated, parties);
        let is_plain = lots.is_empty() && price.is_none() && path.is_none();
        let sent = match (is_plain, self.lots.class) {
            (true, None) => client.transfer(&from, asset, to, self.units).await,
            (true, Some(class)) => {
                client.transfer_batch(&from, (asset, class), vec![(to, self.units)]).await
            }
            (false, class) => {
                let (currency, paid) = price.unzip();
                let leg = Sale { to, units: self.units, lots, paid: paid.unwrap_or(0) };
                let terms = (path.unwrap_or_default(), currency);
                client.transfer_on(&from, (asset, class.unwrap_or(0)), terms, vec![leg]).await
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
    #[command(flatten)]
    price: Price,
    /// Of an issue, under which profile that the asset adopted; without it the first that serves and passes
    #[arg(long, value_name = "PROFILE", conflicts_with_all = ["from", "path"])]
    under: Option<String>,
    /// Of a transfer, by which path of exemption; without it the first that is open
    #[arg(long, requires = "from", requires = "to")]
    path: Option<String>,
    /// Whose wallet moves the units, if it is not the giver's: a venue's
    #[arg(long, value_name = "WHO")]
    operator: Option<String>,
    /// For whose eyes: of the other party no more is told than that something stands against it
    #[arg(long, value_parser = ["all", "sender", "receiver", "public"])]
    view: Option<String>,
    /// With --json: the records that the answer rests on, as `scrip_getProof` takes them
    #[arg(long, conflicts_with = "view")]
    reads: bool,
}

impl Explain {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        if self.reads && !output.is_json() {
            return Err(Failure::input("--reads", "the records are told with --json only"));
        }
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
        let (path, under) = (self.path.as_deref(), self.under.as_deref());
        let stated = Stated { lots: &lots, price: self.price.told()?, path, under };
        let mut params = wish(asset, self.units, self.lots.class, stated, [from, to]);
        if let Some(operator) = &self.operator {
            let operator = Party::read("--operator", operator, access, &client)?;
            let wallet = operator.wallet("--operator", &client).await?;
            params["operator"] = json!(wallet);
        }
        (params["view"], params["reads"]) = (json!(self.view), json!(self.reads));
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

/// What is stated of a movement.
#[derive(Clone, Copy, Default)]
pub(crate) struct Stated<'a> {
    pub(crate) lots: &'a [ChosenLot],
    pub(crate) price: Option<(Currency, u128)>,
    /// The path that is elected.
    pub(crate) path: Option<&'a str>,
    /// The profile to issue under.
    pub(crate) under: Option<&'a str>,
}

/// A movement as `scrip_explain` takes it: from nobody it is an issue, to nobody a redemption.
pub(crate) fn wish(
    asset: AssetId,
    units: u128,
    class: Option<u32>,
    Stated { lots, price, path, under }: Stated<'_>,
    [from, to]: [Option<Party>; 2],
) -> Value {
    let (currency, paid) = price.unzip();
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
        "paid": paid.map(Units),
        "currency": currency,
        "path": path,
        "profile": under,
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

/// What follows from a movement, as far as somebody has to do something about it.
fn followed(effect: &Value) -> Option<String> {
    if let Some(duty) = effect.get("duty") {
        let due = duty["due"].as_u64().map(Time)?;
        let (what, profile) = (text(&duty["duty"]), text(&duty["profile"]));
        return Some(format!("Then the issuer owes {what} by {due} ({profile}).\n"));
    }
    let fee = effect.get("fee")?;
    let (units, to) = (text(&fee["units"]), &fee["to"]);
    Some(format!("The seller gives {units} units more to person {to}, as a fee.\n"))
}

/// An explanation in sentences: what stands in the way, on each path apart, when it would pass, how much would.
pub(crate) fn explained(answer: &Value) -> String {
    if answer["allowed"].as_bool() == Some(true) {
        let effects = answer["effects"].as_array().into_iter().flatten();
        return effects.filter_map(followed).fold("It may happen.\n".into(), |all, one| all + &one);
    }
    let mut words = String::from("It may not happen:\n");
    let barred = &answer["barred"];
    if !barred.is_null() {
        words += &format!("- {}\n", text(&barred["text"]));
    }
    if answer["reasons"].as_array().is_none_or(Vec::is_empty) {
        return words;
    }
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

//! What can be looked at: the network, positions, grants, receipts.

use crate::{
    access::Access,
    failure::Failure,
    output::{Output, facts, table},
    party::{self, Party},
};
use client::Receipt as Included;
use serde_json::{Value, json};
use types::{B256, Time};

/// A JSON value as words: text without quotes, nothing for null.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A value that names its kind, `{"person": 3}`, as words.
pub(crate) fn tagged(value: &Value) -> String {
    match value.as_object().and_then(|object| object.iter().next()) {
        Some((kind, value)) => format!("{kind} {}", text(value)),
        None => text(value),
    }
}

/// A receipt in one line.
pub(crate) fn said(receipt: &Included) -> String {
    let height: u64 = receipt.block_number.to();
    let gas: u64 = receipt.gas_used.to();
    format!("final in block {height}, {gas} gas: {}\n", receipt.transaction_hash)
}

/// `scrip status`
pub(crate) async fn status(access: &Access, output: &Output) -> Result<(), Failure> {
    let client = access.client().await?;
    let network: Value = client.rpc().call("scrip_networkInfo", json!([])).await?;
    let node: Value = client.rpc().call("scrip_nodeStatus", json!([])).await?;
    let value = json!({ "network": network, "node": node });
    output.result(&value, || {
        let waiting =
            format!("{} ready, {} queued", node["pool"]["pending"], node["pool"]["queued"]);
        let state = match node["is_syncing"].as_bool() {
            Some(true) => {
                format!("catching up: block {} of {}", node["height"], node["best_known"])
            }
            _ => format!("at block {}", node["height"]),
        };
        facts([
            ("network", text(&network["name"])),
            ("chain id", text(&network["chain_id"])),
            ("validators", text(&network["validators"])),
            ("genesis", text(&network["genesis_hash"])),
            ("network key", text(&network["network_key"])),
            ("node", state),
            (
                "last block",
                node["last_block_time"].as_u64().map(|ms| Time(ms).to_string()).unwrap_or_default(),
            ),
            ("peers", text(&node["peers"])),
            ("waiting", waiting),
        ])
    });
    Ok(())
}

/// What a person or wallet holds.
#[derive(clap::Args)]
pub(crate) struct Positions {
    /// A wallet, an account as 12/0, a person's number, or the name of a key
    who: String,
    /// Lot by lot: how many units, since when they are held, when their clock started, by which profiles they are resold
    #[arg(long)]
    lots: bool,
}

impl Positions {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let who = Party::read("WHO", &self.who, access, &client)?.to_json();
        let positions =
            all(&client, "scrip_getPositions", json!({ "who": who }), "positions").await?;
        output.result(&positions, || match positions.is_empty() {
            true => "holds nothing".into(),
            false if self.lots => lots(&positions),
            false => table(
                &["asset", "symbol", "class", "account", "units", "free", "held", "frozen"],
                positions.iter().map(|position| {
                    let account = &position["account"];
                    let of = |name: &str| text(&position[name]);
                    vec![
                        of("asset"),
                        of("symbol"),
                        of("class"),
                        format!("{}/{}", text(&account["person"]), text(&account["number"])),
                        of("units"),
                        of("free"),
                        of("held"),
                        of("frozen"),
                    ]
                }),
            ),
        });
        Ok(())
    }
}

fn lots(positions: &[Value]) -> String {
    let rows = positions.iter().flat_map(|position| {
        let lots = position["lots"].as_array().into_iter().flatten().enumerate();
        lots.map(|(place, lot)| {
            let of = |name: &str| text(&position[name]);
            let time = |name: &str| match lot[name].as_u64().map(Time) {
                // The clock of units that are not paid in full has not started.
                Some(Time::NEVER) => Some("unpaid".to_owned()),
                time => time.map(|time| time.to_string()),
            };
            let profiles = lot["profiles"].as_array().into_iter().flatten();
            let profiles: Vec<_> = profiles.map(|it| text(&it["id"])).collect();
            vec![
                of("asset"),
                of("symbol"),
                of("class"),
                place.to_string(),
                text(&lot["units"]),
                time("acquired").unwrap_or_default(),
                time("anchor").unwrap_or_default(),
                profiles.join(", "),
            ]
        })
    });
    table(&["asset", "symbol", "class", "lot", "units", "acquired", "clock", "resold by"], rows)
}

/// Who may do what.
#[derive(clap::Args)]
pub(crate) struct Grants {
    /// With which asset; without it, over the network
    #[arg(long)]
    asset: Option<String>,
}

impl Grants {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let params = match &self.asset {
            Some(asset) => json!({ "asset": party::asset(asset, &client).await? }),
            None => json!({}),
        };
        let grants = all(&client, "scrip_getGrants", params, "grants").await?;
        output.result(&grants, || {
            table(
                &["grantee", "power", "scope", "remaining", "expires", "standing"],
                grants.iter().map(|grant| {
                    let expires = grant["expires"].as_u64().map(|ms| Time(ms).to_string());
                    let is_current = grant["is_current"].as_bool() == Some(true);
                    vec![
                        tagged(&grant["grantee"]),
                        text(&grant["power"]),
                        tagged(&grant["scope"]),
                        text(&grant["remaining"]),
                        expires.unwrap_or_default(),
                        if is_current { "stands" } else { "ended" }.into(),
                    ]
                }),
            )
        });
        Ok(())
    }
}

/// What became of a transaction.
#[derive(clap::Args)]
pub(crate) struct Receipt {
    /// The transaction's hash
    tx: B256,
}

impl Receipt {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let params = json!({ "tx": self.tx });
        let receipt: Value = client.rpc().call("scrip_getTransactionReceipt", params).await?;
        if receipt.is_null() {
            let why = "no block has it; it may still wait, or was never sent here";
            return Err(Failure::input("TX", why));
        }
        output.result(&receipt, || {
            let events = receipt["events"].as_array().cloned().unwrap_or_default();
            let outcome = match &receipt["reason"] {
                Value::Null => text(&receipt["status"]),
                reason => format!("{}: {}", text(&receipt["status"]), text(reason)),
            };
            let mut words = facts([
                ("outcome", outcome),
                ("block", text(&receipt["block"]["number"])),
                ("sender", text(&receipt["sender"])),
                ("person", text(&receipt["person"])),
                ("gas used", text(&receipt["gas_used"])),
            ]);
            for event in events {
                words += &format!("{event}\n");
            }
            words
        });
        Ok(())
    }
}

/// All pages of a listing.
pub(crate) async fn all(
    client: &client::Client,
    method: &str,
    mut params: Value,
    field: &str,
) -> Result<Vec<Value>, Failure> {
    let mut found = Vec::new();
    loop {
        let mut page: Value = client.rpc().call(method, params.clone()).await?;
        if let Some(Value::Array(entries)) = page.get_mut(field).map(Value::take) {
            found.extend(entries);
        }
        match page.get_mut("next").map(Value::take) {
            Some(next) if !next.is_null() => params["after"] = next,
            _ => return Ok(found),
        }
        // Pages after the first are of the same state, where the node offers it.
        if method == "scrip_getHolders" {
            params["block"] = page["block"]["number"].take();
        }
    }
}

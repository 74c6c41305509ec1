//! What was found of a change of rules before it is made: the hash that is sent with it.

use crate::{
    desk::Desk,
    failure::Failure,
    rules::{AT_ONCE, found},
};
use alloy_primitives::B256;
use client::{Client, Report};
use compliance::{Change, VenueRules, policy_hash};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};
use types::{AssetId, Name, encode, sha256};

/// Which report goes with a change that binds every asset there is.
#[derive(clap::Args)]
pub(crate) struct Attached {
    /// An asset on which it is tried first: its number, token address or ISIN
    #[arg(long, value_name = "ASSET", conflicts_with = "report")]
    asset: Option<String>,
    /// A report that was made before, by `scrip rules dry-run --out`
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl Attached {
    /// The hash of the report, and what it found in words; none if neither is named.
    pub(crate) async fn to(
        &self,
        desk: &Desk<'_>,
        change: &Change,
    ) -> Result<(B256, String), Failure> {
        match (&self.asset, &self.report) {
            (Some(asset), _) => made(&desk.client, desk.asset(asset).await?, change).await,
            (None, Some(path)) => {
                let report = read(path)?;
                let asset = serde_json::from_value(report.value()["asset"].clone());
                let asset = asset.map_err(|error| Failure::input(path.display(), error))?;
                let told = desk.known(asset).await?;
                Ok((checked(&desk.client, path, &report, &told, change).await?, String::new()))
            }
            (None, None) => Ok((B256::ZERO, String::new())),
        }
    }
}

/// The hash of the report on a change of an asset's rules, and what it found in words: of one that was made before, or that
/// is made now; none where the chain asks for none.
pub(crate) async fn attached(
    client: &Client,
    asset: AssetId,
    change: &Change,
    path: Option<&Path>,
) -> Result<(B256, String), Failure> {
    let told: Value = client.rpc().call("scrip_getAsset", json!({ "asset": asset })).await?;
    if let Some(path) = path {
        let report = read(path)?;
        return Ok((checked(client, path, &report, &told, change).await?, String::new()));
    }
    let needs_none = match change.policy {
        Some(_) => told["policy"].is_null(),
        None => told["holders"].as_u64() == Some(0),
    };
    match needs_none {
        true => Ok((B256::ZERO, String::new())),
        false => made(client, asset, change).await,
    }
}

async fn made(client: &Client, asset: AssetId, change: &Change) -> Result<(B256, String), Failure> {
    let run = client.dry_run(asset, json!(change), AT_ONCE, None).await?;
    Ok((run.report.hash(), found(&run)))
}

fn read(path: &Path) -> Result<Report, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    let bad = |why: String| Failure::input("--report", format!("{}: {why}", path.display()));
    Report::parse(&text).map_err(bad)
}

/// The hash of a report that is of this asset and change, and of the rules that are in force.
async fn checked(
    client: &Client,
    path: &Path,
    report: &Report,
    asset: &Value,
    change: &Change,
) -> Result<B256, Failure> {
    let named = named(client, asset, change).await?;
    is_of(report, asset, &named).map_err(|why| {
        let remedy = "make one with `scrip rules dry-run --out`, or leave this out";
        Failure::input("--report", format!("{}: {why}; {remedy}", path.display()))
    })?;
    Ok(report.hash())
}

/// A change as a report names it: profiles by version and hash, policies and a venue's rules by theirs.
async fn named(client: &Client, asset: &Value, change: &Change) -> Result<Value, Failure> {
    let adopt = versions(client, &change.adopt, |_| Value::Null).await?;
    let open = |id: &Name| {
        let all = asset["adoptions"].as_array().into_iter().flatten();
        let mut open = all.filter(|it| it["id"] == json!(id) && it["is_open"] == json!(true));
        open.next().map_or(Value::Null, |it| it["version"].clone())
    };
    let drop = versions(client, &change.drop, open).await?;
    let law = match &change.law {
        Some(law) => {
            let profiles = versions(client, &law.profiles, |_| Value::Null).await?;
            json!({ "country": law.country, "profiles": profiles })
        }
        None => Value::Null,
    };
    let venue = change.venue.as_ref().map(|venue| {
        let asked = VenueRules { rules: venue.rules.clone(), calendar: venue.calendar.clone() };
        (venue.person, sha256(&[&encode(&asked)]))
    });
    Ok(json!({
        "policy": change.policy.as_ref().map(policy_hash),
        "register": [],
        "adopt": adopt,
        "drop": drop,
        "law": law,
        "venue": venue,
    }))
}

/// Profiles by version and hash: the latest of each where no version is named.
async fn versions(
    client: &Client,
    ids: &[Name],
    version: impl Fn(&Name) -> Value,
) -> Result<Vec<Value>, Failure> {
    let mut named = Vec::new();
    for id in ids {
        let params = json!({ "id": id, "version": version(id) });
        let told: Value = client.rpc().call("scrip_getProfile", params).await?;
        named.push(json!({ "id": id, "version": told["version"], "hash": told["hash"] }));
    }
    Ok(named)
}

/// Refuses a report of another asset or change, of other versions of profiles, or of rules that are not in force any more.
fn is_of(report: &Report, asset: &Value, named: &Value) -> Result<(), String> {
    let said = report.value();
    if said["asset"] != asset["asset"] {
        return Err(format!("it is of asset {}", said["asset"]));
    }
    let said = &said["change"];
    let parts = named.as_object().into_iter().flatten();
    if !parts.into_iter().all(|(part, is)| said[part] == *is) {
        return Err("it is of another change, or of another version of a profile".into());
    }
    let now = asset["policy"]["version"].as_u64().unwrap_or(0);
    if said["replaces"] != json!(now) {
        let then = &said["replaces"];
        return Err(format!("it was made when version {then} was in force, and {now} is now"));
    }
    Ok(())
}

//! What a change of rules would mean for all who hold an asset: the report of a dry run, and its hash.
//!
//! It is put together out of pages of one block so that it does not matter how many there were: who runs it again on that
//! block has the same report, and the same hash. `docs/policy.md` says how.

use crate::{Client, Error};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use types::{AssetId, B256, sha256};

/// What a change would mean for all who hold an asset.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// The same as the report, each reason in words besides.
    pub told: Value,
    /// What is attached to the change.
    pub report: Report,
}

/// A report: which asset, which change, as of which block, and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report(Value);

impl Report {
    /// Reads a report, however its JSON is set.
    ///
    /// # Errors
    /// What is no JSON, or lacks a field that a report has.
    pub fn parse(text: &str) -> Result<Report, String> {
        let report: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let has = |name: &&&str| report.get(name).is_some();
        match FIELDS.iter().find(|name| !has(name)) {
            None => Ok(Report(report)),
            Some(name) => Err(format!("{name} is missing: this is no report of a dry run")),
        }
    }

    /// Its one encoding: JSON with the names of each object in order and no white space, RFC 8785.
    pub fn encoded(&self) -> String {
        let mut text = String::new();
        write(&self.0, &mut text);
        text
    }

    /// SHA-256 of its encoding: what names it where rules are changed.
    pub fn hash(&self) -> B256 {
        sha256(&[self.encoded().as_bytes()])
    }

    /// What it says.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

/// What every report has.
const FIELDS: [&str; 7] = ["accounts", "asset", "block", "change", "exceeded", "fails", "holds"];

/// What a page says of a reason in words and in other standards' numbers, which is no part of a report.
const WORDS: [&str; 6] = ["erc1066", "erc1400", "erc1404", "number", "remedy", "text"];

/// By what two reasons are the same, whatever they say of each who is touched: a report has that of the first.
const SAME: [&str; 9] =
    ["code", "layer", "side", "topic", "country", "path", "fact", "source", "providers"];

impl Client {
    /// Tries a change of rules on all who hold an asset, as of a block that is kept, the newest if none is named; so many
    /// holders are looked at in one call. Nothing is changed.
    pub async fn dry_run(
        &self,
        asset: AssetId,
        change: Value,
        at_once: u32,
        block: Option<u64>,
    ) -> Result<DryRun, Error> {
        let mut params =
            json!({ "asset": asset, "change": change, "limit": at_once, "block": block });
        let mut pages: Vec<Value> = Vec::new();
        loop {
            let page: Value = self.rpc().call("scrip_dryRun", params.clone()).await?;
            params["after"] = page["next"].clone();
            params["block"] = page["block"]["number"].clone();
            pages.push(page);
            if params["after"].is_null() {
                return Ok(DryRun::of(&pages));
            }
        }
    }
}

impl DryRun {
    /// Puts pages together.
    fn of(pages: &[Value]) -> DryRun {
        let each = |name: &'static str| {
            pages.iter().flat_map(move |page| page[name].as_array().into_iter().flatten())
        };
        let accounts: u64 = pages.iter().filter_map(|page| page["accounts"].as_u64()).sum();
        let mut told = json!({
            "asset": pages[0]["asset"],
            "change": pages[0]["change"],
            "block": pages[0]["block"],
            "accounts": accounts,
            "fails": fails(each("fails")),
            "holds": each("holds").collect::<Vec<_>>(),
            "exceeded": exceeded(each("exceeded")),
        });
        let report = {
            let mut report = told.clone();
            for fails in list(&mut report["fails"]) {
                without(&mut fails["reason"], &WORDS);
            }
            for hold in list(&mut report["holds"]) {
                list(&mut hold["reasons"]).for_each(|reason| without(reason, &WORDS));
            }
            Report(report)
        };
        told["hash"] = json!(report.hash());
        DryRun { told, report }
    }
}

/// Whom each reason touches, on whichever page: first those of whom nothing stood in the way before, then the others, each by
/// number.
fn fails<'p>(told: impl Iterator<Item = &'p Value>) -> Vec<Value> {
    let mut groups: Vec<(Value, &Value, BTreeMap<u64, bool>)> = Vec::new();
    for one in told {
        let mut named = json!([one["role"], one["reason"]]);
        if let Some(reason) = named[1].as_object_mut() {
            reason.retain(|name, _| SAME.contains(&&**name));
        }
        let place = groups.iter().position(|(of, ..)| *of == named).unwrap_or_else(|| {
            groups.push((named, one, BTreeMap::new()));
            groups.len() - 1
        });
        let passed = one["passed"].as_u64().unwrap_or_default();
        let persons = one["persons"].as_array().into_iter().flatten().filter_map(Value::as_u64);
        for (person, number) in persons.zip(0..) {
            *groups[place].2.entry(person).or_default() |= number < passed;
        }
    }
    let told = |(_, first, touched): &(Value, &Value, BTreeMap<u64, bool>)| {
        let of = |had: bool| touched.iter().filter(move |(_, passed)| **passed == had);
        let persons: Vec<_> = of(true).chain(of(false)).map(|(person, _)| *person).collect();
        json!({
            "role": first["role"],
            "reason": first["reason"],
            "count": persons.len(),
            "passed": of(true).count(),
            "persons": persons,
        })
    };
    groups.iter().map(told).collect()
}

/// Each limit once, in the order of their encodings, with all that are beyond it and the most that one of them has.
fn exceeded<'p>(told: impl Iterator<Item = &'p Value>) -> Vec<Value> {
    let units = |value: &Value| value.as_str().and_then(|it| it.parse::<u128>().ok()).unwrap_or(0);
    let mut limits: Vec<(Value, u128, BTreeSet<u64>)> = Vec::new();
    for one in told {
        let mut named = one.clone();
        without(&mut named, &["have", "holders"]);
        let place = limits.iter().position(|(of, ..)| *of == named).unwrap_or_else(|| {
            limits.push((named, 0, BTreeSet::new()));
            limits.len() - 1
        });
        let (_, have, holders) = &mut limits[place];
        *have = units(&one["have"]).max(*have);
        holders.extend(one["holders"].as_array().into_iter().flatten().filter_map(Value::as_u64));
    }
    limits.sort_by_cached_key(|(limit, ..)| {
        let mut text = String::new();
        write(limit, &mut text);
        text
    });
    let told = |(mut limit, have, holders): (Value, u128, BTreeSet<u64>)| {
        limit["have"] = json!(have.to_string());
        limit["holders"] = json!(holders);
        limit
    };
    limits.into_iter().map(told).collect()
}

fn list(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_array_mut().into_iter().flatten()
}

fn without(value: &mut Value, fields: &[&str]) {
    let Some(object) = value.as_object_mut() else { return };
    object.retain(|name, _| !fields.contains(&&**name));
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.iter().collect();
            text.push('{');
            for (index, (name, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&json!(name).to_string());
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "0x00000000000000000000000000000000000000000000000000000000000000aa";

    fn page(next: Value, fails: Value, exceeded: Value) -> Value {
        json!({
            "accounts": 2, "next": next, "asset": 1, "fails": fails, "exceeded": exceeded,
            "holds": [], "change": { "policy": BLOCK, "replaces": 1 },
            "block": { "number": 7, "hash": BLOCK, "time": 5 },
        })
    }

    fn lacks(have: &str, passed: u64, persons: &[u64]) -> Value {
        let reason = json!({
            "code": "CLAIM_MISSING", "layer": "issuer", "have": have, "text": "in words",
        });
        let count = persons.len();
        json!({
            "role": "buyer", "reason": reason, "count": count, "passed": passed, "persons": persons,
        })
    }

    fn beyond(have: &str, holders: &[u64]) -> Value {
        let rule = json!({ "holding": { "max": "5" } });
        json!({ "profile": "", "rule": rule, "have": have, "limit": "5", "holders": holders })
    }

    /// Who holds by two accounts is on two pages, and once in the report.
    #[test]
    fn pages_make_one_report_however_many_there_were() {
        let parts = [
            page(json!([0, 2]), json!([lacks("1", 1, &[9, 4])]), json!([beyond("7", &[4, 9])])),
            page(Value::Null, json!([lacks("2", 2, &[4, 5])]), json!([beyond("8", &[4])])),
        ];
        let mut whole =
            page(Value::Null, json!([lacks("1", 3, &[4, 5, 9])]), json!([beyond("8", &[4, 9])]));
        whole["accounts"] = json!(4);
        let (parts, whole) = (DryRun::of(&parts), DryRun::of(&[whole]));
        assert_eq!(parts.report, whole.report);
        assert_eq!(parts.told["fails"][0]["reason"]["text"], "in words");
        let encoded = parts.report.encoded();
        assert!(!encoded.contains("in words") && !encoded.contains(' '), "{encoded}");
        assert_eq!(Report::parse(&format!(" {encoded}\n")).unwrap().hash(), whole.report.hash());
        assert!(Report::parse("{}").unwrap_err().contains("accounts is missing"));
        // `sha256sum` of the file that has it says the same: the SDK's test has this number too.
        let hash = "0x53bd2d97dec4fe6eddb0da1c328051f5cd65906a08dbde0e1a804e161321e891";
        assert_eq!(parts.report.hash().to_string(), hash, "{encoded}");
    }
}

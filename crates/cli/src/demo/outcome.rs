//! What became of many transfers, counted from receipts and checked against balances.

use super::plan::{Person, Planned};
use crate::{failure::Failure, output::Output};
use alloy_primitives::{Address, B256, Bytes, U256};
use client::{Client, Error, Refusal, Request, Signed};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use types::AssetId;

/// What became of each transfer, in their order.
pub(crate) struct Outcomes(Vec<(B256, Outcome)>);

enum Outcome {
    Done,
    /// In its block, changing nothing.
    Refused(Refusal),
    /// Never in a block.
    TurnedAway(String),
}

/// Refusals of one kind.
#[derive(Serialize)]
pub(crate) struct Reason {
    /// The refusal's number; none at the door.
    pub(crate) code: Option<u16>,
    /// How many.
    pub(crate) count: usize,
    /// One of them, in words.
    pub(crate) example: String,
    /// Its transaction.
    pub(crate) tx: B256,
}

/// Calls in one request.
const BATCH: usize = 500;

impl Outcomes {
    /// Reads the receipts of all that were taken, and the reasons of those that were refused.
    pub(crate) async fn read(
        client: &Client,
        signed: &[Signed],
        answers: Vec<Option<Error>>,
        output: &Output,
    ) -> Result<Self, Failure> {
        let taken = signed.iter().zip(&answers).filter(|(_, answer)| answer.is_none());
        let taken: Vec<B256> = taken.map(|(signed, _)| signed.hash).collect();
        let bar = output.progress("receipts read", taken.len());
        let receipts = client.receipts(&taken, |count| bar.inc(count as u64)).await?;
        bar.finish_and_clear();
        let failed = receipts.iter().filter(|receipt| !receipt.is_done());
        let failed: Vec<_> = failed.map(|receipt| receipt.transaction_hash).collect();
        let mut reasons = reasons(client, &failed).await?;
        let mut outcome = |signed: &Signed, answer: Option<Error>| match answer {
            Some(Error::Rpc { message, .. }) => Outcome::TurnedAway(message),
            Some(error) => Outcome::TurnedAway(error.to_string()),
            None => reasons.remove(&signed.hash).map_or(Outcome::Done, Outcome::Refused),
        };
        let outcomes = signed.iter().zip(answers);
        Ok(Self(outcomes.map(|(signed, answer)| (signed.hash, outcome(signed, answer))).collect()))
    }

    /// How many were done, refused in their block, and turned away at the door.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        self.0.iter().fold((0, 0, 0), |(done, refused, turned), (_, outcome)| match outcome {
            Outcome::Done => (done + 1, refused, turned),
            Outcome::Refused(_) => (done, refused + 1, turned),
            Outcome::TurnedAway(_) => (done, refused, turned + 1),
        })
    }

    /// Every kind of reason, the most frequent first.
    pub(crate) fn by_reason(&self) -> Vec<Reason> {
        let mut kinds: BTreeMap<Option<u16>, Reason> = BTreeMap::new();
        for (tx, outcome) in &self.0 {
            let (code, words) = match outcome {
                Outcome::Done => continue,
                Outcome::Refused(refusal) => (Some(refusal.code), &refusal.reason),
                Outcome::TurnedAway(words) => (None, words),
            };
            let first = || Reason { code, count: 0, example: words.clone(), tx: *tx };
            kinds.entry(code).or_insert_with(first).count += 1;
        }
        let mut kinds: Vec<_> = kinds.into_values().collect();
        kinds.sort_by_key(|reason| std::cmp::Reverse(reason.count));
        kinds
    }

    /// Works out from issue and receipts what everyone must have, and compares with the chain. Returns
    /// how many hold something.
    pub(crate) async fn check_balances(
        &self,
        client: &Client,
        asset: AssetId,
        issued: &[(Address, u128)],
        people: &[Person],
        planned: &[Planned],
    ) -> Result<usize, Failure> {
        // Blocks take transfers of different people in an order of their own: on the way a sum may be
        // negative, at the end none is.
        let mut expected: HashMap<Address, i128> = HashMap::new();
        for (holder, units) in issued {
            *expected.entry(*holder).or_default() += *units as i128;
        }
        for (planned, (_, outcome)) in planned.iter().zip(&self.0) {
            if let Outcome::Done = outcome {
                let Planned { from, to, units, .. } = planned;
                *expected.entry(people[*from].wallet.address()).or_default() -= *units as i128;
                *expected.entry(*to).or_default() += *units as i128;
            }
        }
        let wallets: Vec<_> = people.iter().map(|person| person.wallet.address()).collect();
        let balances = client.balances(asset, &wallets).await?;
        for (wallet, balance) in wallets.iter().zip(&balances) {
            let expected = expected.get(wallet).copied().unwrap_or_default();
            if u128::try_from(expected).map(U256::from) != Ok(*balance) {
                let why = format!("{wallet} has {balance} units, by the receipts it is {expected}");
                return Err(Failure::Untrue(why));
            }
        }
        let (total, supply): (U256, U256) = (balances.iter().sum(), client.supply(asset).await?);
        if total != supply {
            return Err(Failure::Untrue(format!("{supply} units exist, all balances are {total}")));
        }
        Ok(balances.iter().filter(|balance| !balance.is_zero()).count())
    }
}

/// Why transactions in blocks changed nothing.
async fn reasons(client: &Client, failed: &[B256]) -> Result<HashMap<B256, Refusal>, Failure> {
    let mut reasons = HashMap::new();
    for batch in failed.chunks(BATCH) {
        let requests: Vec<Request> =
            batch.iter().map(|tx| ("scrip_getTransactionReceipt", json!({ "tx": tx }))).collect();
        for (tx, answer) in batch.iter().zip(client.rpc().batch(&requests).await?) {
            let answer: Value = answer?;
            let data = answer["data"].as_str().and_then(|data| data.parse::<Bytes>().ok());
            let refusal = data.and_then(|data| Refusal::from_abi(&data)).unwrap_or_else(|| {
                let reason = answer["reason"].as_str().unwrap_or("it halted").to_owned();
                Refusal { code: 0, status: 0, reason }
            });
            reasons.insert(*tx, refusal);
        }
    }
    Ok(reasons)
}

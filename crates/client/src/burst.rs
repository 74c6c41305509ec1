//! Many transactions at once: signed on all cores, submitted in batches, followed block by block.

use crate::{Client, Draft, Error, Receipt, Request, Wallet, rpc::read};
use alloy_primitives::{B256, Bytes};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// One transaction to sign. Nonces are the caller's: those of one wallet must follow each other.
#[derive(Clone, Debug)]
pub struct Job<'w> {
    /// Who signs.
    pub wallet: &'w Wallet,
    /// Its place among the wallet's transactions.
    pub nonce: u64,
    /// What is signed.
    pub draft: Draft,
}

/// A signed transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its hash.
    pub hash: B256,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Signs on all cores, in the order of the jobs.
pub fn sign_all(client: &Client, jobs: &[Job<'_>], gas: u64) -> Vec<Signed> {
    jobs.par_iter()
        .map(|Job { wallet, nonce, draft }| {
            let (hash, bytes) = client.sign(wallet, *nonce, draft, gas);
            Signed { hash, bytes }
        })
        .collect()
}

/// Calls in one HTTP request, and signed bytes: nodes take bodies of some MiB, and hex doubles them.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 1 << 20;
/// How long a full node is given before it is asked again, and how often.
const BUSY: Duration = Duration::from_millis(100);
const BUSY_ATTEMPTS: usize = 600;
const POLL: Duration = Duration::from_millis(10);

#[derive(Deserialize)]
struct BlockHashes {
    transactions: Vec<B256>,
}

impl Client {
    /// Submits signed transactions in batches, in order. Those a full node turns away are offered again.
    ///
    /// Returns the node's word on each: nothing, or why it was not taken.
    pub async fn submit_all(
        &self,
        signed: &[Signed],
        progress: impl Fn(usize),
    ) -> Result<Vec<Option<Error>>, Error> {
        let mut answers: Vec<Option<Error>> = signed.iter().map(|_| None).collect();
        let mut begin = 0;
        while begin < signed.len() {
            let end = begin + batch_length(&signed[begin..]);
            let mut waiting: Vec<usize> = (begin..end).collect();
            for attempt in 1.. {
                let requests: Vec<Request> = waiting
                    .iter()
                    .map(|place| ("eth_sendRawTransaction", json!([signed[*place].bytes])))
                    .collect();
                let mut turned_away = Vec::new();
                for (place, answer) in waiting.into_iter().zip(self.rpc().batch(&requests).await?) {
                    match answer {
                        Err(error) if error.is_busy() && attempt < BUSY_ATTEMPTS => {
                            turned_away.push(place)
                        }
                        answer => answers[place] = answer.err(),
                    }
                }
                if turned_away.is_empty() {
                    break;
                }
                waiting = turned_away;
                tokio::time::sleep(BUSY).await;
            }
            progress(end - begin);
            begin = end;
        }
        Ok(answers)
    }

    /// Reads blocks from a height on until all of these transactions are in one, and says in which.
    pub async fn await_inclusion(
        &self,
        hashes: impl IntoIterator<Item = B256>,
        from: u64,
        patience: Duration,
        progress: impl Fn(usize),
    ) -> Result<BTreeMap<B256, u64>, Error> {
        let mut missing: BTreeSet<B256> = hashes.into_iter().collect();
        let mut found = BTreeMap::new();
        let mut next = from;
        let mut moved = Instant::now();
        while let Some(first) = missing.first().copied() {
            let params = json!([format!("0x{next:x}"), false]);
            let block: Option<BlockHashes> =
                self.rpc().call("eth_getBlockByNumber", params).await?;
            let Some(block) = block else {
                if moved.elapsed() > patience {
                    return Err(Error::Pending(first, patience.as_secs()));
                }
                tokio::time::sleep(POLL).await;
                continue;
            };
            let before = found.len();
            let ours = block.transactions.into_iter().filter(|hash| missing.remove(hash));
            found.extend(ours.map(|hash| (hash, next)));
            if found.len() > before {
                moved = Instant::now();
                progress(found.len() - before);
            } else if moved.elapsed() > patience {
                return Err(Error::Pending(first, patience.as_secs()));
            }
            next += 1;
        }
        Ok(found)
    }

    /// The receipts of many transactions that are in blocks, in their order.
    pub async fn receipts(
        &self,
        hashes: &[B256],
        progress: impl Fn(usize),
    ) -> Result<Vec<Receipt>, Error> {
        let mut receipts = Vec::with_capacity(hashes.len());
        for batch in hashes.chunks(BATCH) {
            let requests: Vec<Request> =
                batch.iter().map(|hash| ("eth_getTransactionReceipt", json!([hash]))).collect();
            for (hash, answer) in batch.iter().zip(self.rpc().batch(&requests).await?) {
                let answer: Value = answer?;
                if answer.is_null() {
                    return Err(Error::Pending(*hash, 0));
                }
                receipts.push(read("eth_getTransactionReceipt", answer)?);
            }
            progress(batch.len());
        }
        Ok(receipts)
    }
}

/// How many of these go into one request: at least one.
fn batch_length(signed: &[Signed]) -> usize {
    let mut bytes = 0;
    let fits = signed.iter().take(BATCH).take_while(|signed| {
        bytes += signed.bytes.len();
        bytes <= BATCH_BYTES
    });
    fits.count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_bounded_in_calls_and_in_bytes() {
        let signed = |bytes: usize| Signed { hash: B256::ZERO, bytes: vec![0; bytes].into() };
        assert_eq!(batch_length(&vec![signed(200); 3]), 3);
        assert_eq!(batch_length(&vec![signed(200); 501]), BATCH);
        assert_eq!(batch_length(&vec![signed(400_000); 5]), 2);
        assert_eq!(batch_length(&[signed(2 << 20)]), 1);
    }
}

//! What waits.

use crate::{
    args::Args,
    door::Door,
    eth::shape,
    wire::{Answer, json},
};
use alloy_rpc_types_eth::Transaction;
use evm::Signed;
use serde_json::json as value;
use std::{collections::BTreeMap, sync::Arc};
use types::{Address, U256};

/// `txpool_status`
pub(crate) fn status(door: &Door, _: &Args<'_>) -> Answer {
    let status = door.backend.pool.status();
    json(&value!({ "pending": U256::from(status.pending), "queued": U256::from(status.queued) }))
}

/// `txpool_content`: by sender, by nonce.
pub(crate) fn content(door: &Door, _: &Args<'_>) -> Answer {
    let (pending, queued) = door.backend.pool.content();
    json(&BTreeMap::from([("pending", by_sender(&pending)), ("queued", by_sender(&queued))]))
}

type BySender = BTreeMap<Address, BTreeMap<String, Transaction>>;

fn by_sender(transactions: &[Arc<Signed>]) -> BySender {
    let mut sorted = BySender::new();
    for signed in transactions {
        let nonces = sorted.entry(signed.sender).or_default();
        nonces.insert(signed.nonce().to_string(), shape::waiting(signed));
    }
    sorted
}

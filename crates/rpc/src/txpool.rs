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

/// `txpool_contentFrom`: what waits of one sender, by nonce.
pub(crate) fn content_from(door: &Door, args: &Args<'_>) -> Answer {
    let sender: Address = args.required(0)?;
    let (pending, queued) = door.backend.pool.content();
    let of = |all: &[Arc<Signed>]| by_sender(all).remove(&sender).unwrap_or_default();
    json(&BTreeMap::from([("pending", of(&pending)), ("queued", of(&queued))]))
}

/// `txpool_inspect`: the same as `txpool_content`, each in a line.
pub(crate) fn inspect(door: &Door, _: &Args<'_>) -> Answer {
    let (pending, queued) = door.backend.pool.content();
    let lines = |all: &[Arc<Signed>]| {
        let mut sorted: BTreeMap<Address, BTreeMap<String, String>> = BTreeMap::new();
        for signed in all {
            let target = signed.to().map_or("contract creation".into(), |to| to.to_string());
            let (gas, price) = (signed.gas_limit(), signed.max_fee_per_gas());
            let line = format!("{target}: 0 wei + {gas} gas × {price} wei");
            let nonces = sorted.entry(signed.sender).or_default();
            nonces.insert(signed.nonce().to_string(), line);
        }
        sorted
    };
    json(&BTreeMap::from([("pending", lines(&pending)), ("queued", lines(&queued))]))
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

//! What transactions did, with the modules' events as they wrote them.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    index::Indexed,
    scrip::At,
    wire::{Answer, json},
};
use alloy_eips::BlockId;
use evm::decode_event;
use serde_json::{Value, json as value};
use std::sync::Arc;
use types::{B256, Bytes, EventRecord, Outcome};

/// `scrip_getTransactionReceipt`: nothing until the transaction is final, and then for ever the same.
pub(crate) async fn receipt(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let hash: B256 = args.required(0)?;
    let Some((block, index)) = door.transaction(&hash).await? else { return json(&()) };
    let receipt = &block.transactions()[index];
    let mut answer = value!({
        "tx": receipt.tx,
        "block": At::of(block.header(), block.hash),
        "index": index,
        "sender": receipt.sender,
        "person": receipt.person,
        "gas_used": receipt.gas_used,
        "created": receipt.created,
        "events": receipt.events.iter().map(event).collect::<Vec<_>>(),
        "logs": receipt.logs.len(),
        "is_final": true,
    });
    match &receipt.outcome {
        Outcome::Done(output) => {
            answer["status"] = value!("done");
            answer["output"] = value!(output);
        }
        Outcome::Refused(data) => {
            answer["status"] = value!("refused");
            answer["reason"] = value!(evm::reason_of(data));
            answer["data"] = value!(data);
        }
        Outcome::Halted(why) => {
            answer["status"] = value!("halted");
            answer["reason"] = value!(why);
        }
    }
    json(&answer)
}

/// `scrip_getBlock`
pub(crate) async fn block(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let id = match args.required::<Value>(0)? {
        Value::Number(number) => number.as_u64().map(BlockId::number),
        text => serde_json::from_value(text).ok(),
    };
    let id = id.ok_or_else(|| {
        Fault::param("block", "name it by number 1, hash \"0x..\", or \"latest\"")
    })?;
    let Some(block) = door.block_of(id).await? else { return json(&()) };
    let head = block.header();
    json(&value!({
        "number": head.height,
        "hash": block.hash,
        "parent": head.parent,
        "time": head.time,
        "shard": head.shard,
        "body_hash": head.body_hash,
        "state_root": head.state_root,
        "receipts_root": head.receipts_root,
        "gas_used": head.gas_used,
        "seal": {
            "epoch": head.seal.epoch,
            "view": head.seal.view,
            "parent_view": head.seal.parent_view,
            "leader": head.seal.leader,
        },
        "header": Bytes::from(types::encode(head)),
        "transactions": block.transactions().iter().map(|receipt| receipt.tx).collect::<Vec<_>>(),
        "own_events": block.own_work().map_or(Vec::new(), |own| own.events.iter().map(event).collect()),
    }))
}

/// Every event of a block, as subscriptions tell them: its own work first, then by transaction.
pub(crate) fn events_of(block: &Indexed) -> impl Iterator<Item = Value> + '_ {
    let at = At::of(block.header(), block.hash);
    block.receipts.iter().flat_map(move |receipt| {
        let tx = (!receipt.tx.is_zero()).then_some(receipt.tx);
        let told = move |(index, record): (usize, &EventRecord)| {
            value!({ "block": at, "tx": tx, "index": index, "event": event(record) })
        };
        receipt.events.iter().enumerate().map(told)
    })
}

fn event(record: &EventRecord) -> Value {
    let known = decode_event(record).map(|event| value!(event));
    known.unwrap_or_else(
        || value!({ "module": record.module, "bytes": Bytes::copy_from_slice(&record.bytes) }),
    )
}

//! Transactions and their receipts.

use crate::{
    args::Args,
    door::Door,
    eth::shape,
    wire::{Answer, json},
};
use alloy_eips::BlockId;
use alloy_rpc_types_eth::Index;
use std::sync::Arc;
use types::B256;

/// `eth_getTransactionByHash`: final, or waiting.
pub(crate) async fn by_hash(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let hash: B256 = args.required(0)?;
    // Asked in the order of a transaction's life, it would be missed between the two.
    let waiting = door.backend.pool.get(&hash);
    match (door.transaction(&hash).await?, waiting) {
        (Some((block, index)), _) => json(&shape::transaction(&block, index)?),
        (None, waiting) => json(&waiting.map(|signed| shape::waiting(&signed))),
    }
}

/// `eth_getTransactionByBlockHashAndIndex`, `..ByBlockNumberAndIndex`
pub(crate) async fn by_block(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let (id, Index(index)): (BlockId, Index) = (args.required(0)?, args.required(1)?);
    match door.block_of(id).await? {
        Some(block) if index < block.transactions().len() => {
            json(&shape::transaction(&block, index)?)
        }
        _ => json(&()),
    }
}

/// `eth_getRawTransactionByHash`
pub(crate) async fn raw(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let hash: B256 = args.required(0)?;
    let waiting = door.backend.pool.get(&hash);
    match (door.transaction(&hash).await?, waiting) {
        (Some((block, index)), _) => json(shape::raw(&block, index)?),
        (None, waiting) => json(&waiting.map(|signed| signed.bytes.clone())),
    }
}

/// `eth_getRawTransactionByBlockHashAndIndex`, `..ByBlockNumberAndIndex`
pub(crate) async fn raw_by_block(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let (id, Index(index)): (BlockId, Index) = (args.required(0)?, args.required(1)?);
    match door.block_of(id).await? {
        Some(block) if index < block.transactions().len() => json(shape::raw(&block, index)?),
        _ => json(&()),
    }
}

/// `eth_getTransactionReceipt`: nothing until the transaction is final.
pub(crate) async fn receipt(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let hash: B256 = args.required(0)?;
    match door.transaction(&hash).await? {
        Some((block, index)) => json(&shape::receipt(&block, index)?),
        None => json(&()),
    }
}

/// `eth_getBlockReceipts`
pub(crate) async fn block_receipts(door: &Arc<Door>, args: Args<'_>) -> Answer {
    match door.block_of(args.required::<BlockId>(0)?).await? {
        Some(block) => {
            let all = (0..block.transactions().len()).map(|index| shape::receipt(&block, index));
            json(&all.collect::<Result<Vec<_>, _>>()?)
        }
        None => json(&()),
    }
}

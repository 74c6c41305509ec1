//! Blocks.

use crate::{
    args::Args,
    door::Door,
    eth::shape,
    wire::{Answer, json},
};
use alloy_eips::BlockId;
use std::sync::Arc;
use types::U256;

/// `eth_blockNumber`: the newest block that all methods know.
pub(crate) fn number(door: &Door, _: &Args<'_>) -> Answer {
    json(&U256::from(door.index.head().header().height))
}

/// `eth_getBlockByHash`, `eth_getBlockByNumber`
pub(crate) async fn get(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let full = args.optional::<bool>(1)?.unwrap_or(false);
    match door.block_of(args.required::<BlockId>(0)?).await? {
        Some(block) => json(&shape::block(&block, &door.backend.chain.limits(), full)?),
        None => json(&()),
    }
}

/// `eth_getHeaderByHash`, `eth_getHeaderByNumber`, `erigon_getHeaderByNumber`
pub(crate) async fn header(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let block = door.block_of(args.block(0)?).await?;
    json(&block.map(|block| shape::header(&block, &door.backend.chain.limits())))
}

/// `eth_getBlockTransactionCountByHash`, `..ByNumber`
pub(crate) async fn count(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let block = door.block_of(args.required::<BlockId>(0)?).await?;
    json(&block.map(|block| U256::from(block.transactions().len())))
}

/// `eth_getUncleCountByBlockHash`, `..ByBlockNumber`: final blocks have no uncles.
pub(crate) async fn uncles(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let block = door.block_of(args.required::<BlockId>(0)?).await?;
    json(&block.map(|_| U256::ZERO))
}

/// `eth_getUncleByBlockHashAndIndex`, `..ByBlockNumberAndIndex`
pub(crate) fn no_uncle(_: &Door, _: &Args<'_>) -> Answer {
    json(&())
}

//! Parity's frames of whole transactions and blocks.

use super::{flat, in_block, in_transaction};
use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    wire::{Answer, json},
};
use alloy_eips::BlockId;
use std::sync::Arc;

/// `trace_transaction`
pub(crate) async fn transaction(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let traced = in_transaction(door, args.required(0)?, |ctx, request, place| {
        let frames = flat::frames(&evm::trace(ctx, request)).into_iter();
        frames.map(|trace| place.localized(trace)).collect::<Vec<_>>()
    });
    json(&traced.await?)
}

/// `trace_block`
pub(crate) async fn block(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let block = door.block_of(args.required::<BlockId>(0)?).await?;
    let block = block.ok_or_else(|| Fault::not_found("block: it does not exist"))?;
    let traced = in_block(door, block, |ctx, request, place| {
        let frames = flat::frames(&evm::trace(ctx, request)).into_iter();
        Ok(frames.map(|trace| place.localized(trace)).collect::<Vec<_>>())
    });
    json(&traced.await?.concat())
}

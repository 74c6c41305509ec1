//! What happened inside a transaction: Geth's tracers, Parity's frames, Otterscan's lists.
//!
//! A final block is executed again from the state before it, which is kept for the last hundred blocks
//! or so.

pub(crate) mod flat;
pub(crate) mod ots;
pub(crate) mod parity;
mod tracer;

use crate::{
    args::Args,
    door::Door,
    eth::{calls, overrides::Overrides},
    fault::Fault,
    index::Indexed,
    wire::{Answer, json},
};
use alloy_eips::BlockId;
use alloy_rpc_types_eth::TransactionRequest;
use alloy_rpc_types_trace::geth::GethDebugTracingCallOptions;
use chain::ExecuteError;
use evm::{CallRequest, Signed};
use serde_json::value::RawValue;
use state::Context;
use std::sync::Arc;
use tracer::{Place, Tracer};
use types::B256;

/// The most transactions of a block that is traced whole.
const MAX_TRACED: usize = 2_000;

/// `debug_traceTransaction`
pub(crate) async fn trace_transaction(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let tracer = Tracer::of(args.optional(1)?.unwrap_or_default())?;
    let traced = in_transaction(door, args.required(0)?, move |ctx, request, place| {
        tracer.run(ctx, request, place)
    });
    json(&traced.await??)
}

/// `debug_traceBlockByNumber`, `debug_traceBlockByHash`
pub(crate) async fn trace_block(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let tracer = Tracer::of(args.optional(1)?.unwrap_or_default())?;
    let block = door.block_of(args.required::<BlockId>(0)?).await?;
    let block = block.ok_or_else(|| Fault::not_found("block: it does not exist"))?;
    let most = door.config.max_answer_bytes;
    let mut bytes = 0;
    let traced = in_block(door, block, move |ctx, request, place| {
        let result = tracer.run(ctx, request, place)?;
        bytes += result.get().len();
        match bytes <= most {
            true => Ok(Traced { tx_hash: place.hash, result }),
            false => {
                Err(Fault::limit("the block's traces are too long; use debug_traceTransaction"))
            }
        }
    });
    json(&traced.await?)
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Traced {
    tx_hash: B256,
    result: Box<RawValue>,
}

/// `debug_traceCall`
pub(crate) fn trace_call(door: &Door, args: &Args<'_>) -> Answer {
    let block = args.optional::<BlockId>(1)?;
    let options: GethDebugTracingCallOptions = args.optional(2)?.unwrap_or_default();
    if options.tx_index.is_some() {
        return Err(Fault::unsupported("options: txIndex: calls run on the state after a block"));
    }
    let overrides = Overrides::of(options.state_overrides, options.block_overrides)?;
    let tracer = Tracer::of(options.tracing_options)?;
    let request = calls::request(door, args.required::<TransactionRequest>(0)?)?;
    let traced = door.state(block, |ctx| {
        overrides.apply(ctx)?;
        let request = calls::within(door, ctx, request);
        tracer.run(ctx, &request, &Place::default())
    })?;
    json(&traced?)
}

/// Works on a final transaction, on the state before it.
pub(crate) async fn in_transaction<R: Send + 'static>(
    door: &Arc<Door>,
    hash: B256,
    work: impl FnOnce(&mut Context<'_>, &CallRequest, &Place) -> R + Send + 'static,
) -> Result<R, Fault> {
    let found = door.transaction(&hash).await?;
    let (block, index) =
        found.ok_or_else(|| Fault::not_found(format!("hash: no final transaction {hash}")))?;
    let inside = door.clone();
    let replay = move || {
        let place = Place::of(&block, index);
        inside
            .backend
            .chain
            .replay(&block.block, index, |ctx, signed| work(ctx, &request_of(signed), &place))
    };
    door.off_thread(replay).await?.map_err(not_replayed)
}

/// Works on each transaction of a final block, on the state before it; what the work changes is taken back,
/// so that the block is gone through once.
pub(crate) async fn in_block<R: Send + 'static>(
    door: &Arc<Door>,
    block: Arc<Indexed>,
    mut work: impl FnMut(&mut Context<'_>, &CallRequest, &Place) -> Result<R, Fault> + Send + 'static,
) -> Result<Vec<R>, Fault> {
    let count = block.transactions().len();
    if count > MAX_TRACED {
        let why = format!(
            "the block has {count} transactions, at most {MAX_TRACED} are traced at a time"
        );
        return Err(Fault::limit(format!("{why}; use debug_traceTransaction")));
    }
    if count == 0 {
        return Ok(Vec::new());
    }
    let inside = door.clone();
    let replay = move || {
        let chain = &inside.backend.chain;
        let signed = block.block.body.iter().map(|bytes| chain.recover(bytes));
        let signed: Vec<_> = signed.collect::<Result<_, _>>().map_err(Fault::internal)?;
        let limits = evm::TxLimits::of_block(chain.limits().gas);
        let worked = chain.replay(&block.block, 0, |ctx, _| {
            let mut all = Vec::with_capacity(signed.len());
            for (index, signed) in signed.iter().enumerate() {
                let mark = ctx.mark();
                let one = work(ctx, &request_of(signed), &Place::of(&block, index));
                ctx.rollback(mark);
                all.push(one?);
                evm::execute(ctx, signed, &limits, u64::MAX).map_err(Fault::internal)?;
            }
            Ok(all)
        });
        worked.map_err(not_replayed)?
    };
    door.off_thread(replay).await?
}

fn request_of(signed: &Signed) -> CallRequest {
    let (to, input) = (signed.to(), signed.input().clone());
    let access_list = signed.access_list().clone();
    CallRequest { from: signed.sender, to, input, gas: signed.gas_limit(), access_list }
}

fn not_replayed(error: ExecuteError) -> Fault {
    match error {
        ExecuteError::MissingParent(_) => Fault::server(
            "the state before the block is not kept any more; only the last hundred blocks or so can be traced",
        ),
        ExecuteError::Invalid(why) => Fault::internal(why),
    }
}

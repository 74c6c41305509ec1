//! What happened inside a transaction, frame by frame: Geth's call tracer.
//!
//! A final block is executed again from the state before it, which is kept for the last hundred blocks
//! or so.

use crate::{
    args::Args,
    door::Door,
    eth::calls,
    fault::Fault,
    index::Indexed,
    wire::{Answer, json},
};
use alloy_eips::BlockId;
use alloy_rpc_types_eth::TransactionRequest;
use alloy_rpc_types_trace::geth::{
    CallConfig, CallFrame, GethDebugBuiltInTracerType, GethDebugTracerType, GethDebugTracingOptions,
};
use chain::ExecuteError;
use evm::{CallRequest, Signed};
use serde_json::json as value;
use std::sync::Arc;
use types::B256;

/// The most transactions of a block that is traced whole.
const MAX_TRACED: usize = 2_000;

/// `debug_traceTransaction`
pub(crate) async fn trace_transaction(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let hash: B256 = args.required(0)?;
    let config = config(args.optional(1)?)?;
    let found = door.transaction(&hash).await?;
    let (block, index) =
        found.ok_or_else(|| Fault::not_found(format!("hash: no final transaction {hash}")))?;
    let inside = door.clone();
    let trace = move || {
        let traced = inside
            .backend
            .chain
            .replay(&block.block, index, |ctx, signed| evm::trace(ctx, &request_of(signed)));
        json(&told(traced.map_err(not_replayed)?, &config))
    };
    door.off_thread(trace).await?
}

/// `debug_traceBlockByNumber`, `debug_traceBlockByHash`
pub(crate) async fn trace_block(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let id: BlockId = args.required(0)?;
    let config = config(args.optional(1)?)?;
    let block =
        door.block_of(id).await?.ok_or_else(|| Fault::not_found("block: it does not exist"))?;
    let count = block.transactions().len();
    if count > MAX_TRACED {
        let why = format!(
            "the block has {count} transactions, at most {MAX_TRACED} are traced at a time"
        );
        return Err(Fault::limit(format!("{why}; use debug_traceTransaction")));
    }
    let inside = door.clone();
    door.off_thread(move || trace_all(&inside, &block, &config)).await?
}

/// Traces each transaction, takes that back, and executes it, so that the block is gone through once.
fn trace_all(door: &Door, block: &Indexed, config: &CallConfig) -> Answer {
    let chain = &door.backend.chain;
    if block.transactions().is_empty() {
        return json(&[(); 0]);
    }
    let signed = block.block.body.iter().map(|bytes| chain.recover(bytes));
    let signed: Vec<_> = signed.collect::<Result<_, _>>().map_err(Fault::internal)?;
    let limits = evm::TxLimits::of_block(chain.limits().gas);
    let traced = chain.replay(&block.block, 0, |ctx, _| {
        let mut frames = Vec::new();
        for signed in &signed {
            let mark = ctx.mark();
            let frame = told(evm::trace(ctx, &request_of(signed)), config);
            ctx.rollback(mark);
            frames.push(value!({ "txHash": signed.hash, "result": frame }));
            evm::execute(ctx, signed, &limits, u64::MAX).map_err(Fault::internal)?;
        }
        Ok::<_, Fault>(frames)
    });
    json(&traced.map_err(not_replayed)??)
}

/// `debug_traceCall`
pub(crate) fn trace_call(door: &Door, args: &Args<'_>) -> Answer {
    let block = args.optional::<BlockId>(1)?;
    let config = config(args.optional(2)?)?;
    let request = calls::request(door, args.required::<TransactionRequest>(0)?)?;
    let frame = door.state(block, |ctx| evm::trace(ctx, &calls::within(door, ctx, request)))?;
    json(&told(frame, &config))
}

fn config(options: Option<GethDebugTracingOptions>) -> Result<CallConfig, Fault> {
    let options = options.unwrap_or_default();
    let call_tracer = GethDebugTracerType::BuiltInTracer(GethDebugBuiltInTracerType::CallTracer);
    if options.tracer.is_some_and(|tracer| tracer != call_tracer) {
        return Err(Fault::unsupported("options: only the tracer \"callTracer\" is there"));
    }
    let config = options.tracer_config.into_call_config();
    config.map_err(|error| Fault::param_json("options", &error))
}

fn request_of(signed: &Signed) -> CallRequest {
    let (to, input) = (signed.to(), signed.input().clone());
    let access_list = signed.access_list().clone();
    CallRequest { from: signed.sender, to, input, gas: signed.gas_limit(), access_list }
}

/// The frame with what was asked for.
fn told(mut frame: CallFrame, config: &CallConfig) -> CallFrame {
    if config.only_top_call.unwrap_or(false) {
        frame.calls.clear();
    }
    if !config.with_log.unwrap_or(false) {
        drop_logs(&mut frame);
    }
    frame
}

fn drop_logs(frame: &mut CallFrame) {
    frame.logs.clear();
    frame.calls.iter_mut().for_each(drop_logs);
}

fn not_replayed(error: ExecuteError) -> Fault {
    match error {
        ExecuteError::MissingParent(_) => Fault::server(
            "the state before the block is not kept any more; only the last hundred blocks or so can be traced",
        ),
        ExecuteError::Invalid(why) => Fault::internal(why),
    }
}

//! Geth's tracers by their names. All but the steps come from frames, in which natives stand like anyone.

use super::flat;
use crate::{fault::Fault, index::Indexed};
use alloy_rpc_types_trace::{
    geth::{
        CallConfig, CallFrame, FourByteFrame, GethDebugBuiltInTracerType as BuiltIn,
        GethDebugTracerType, GethDebugTracingOptions, GethDefaultTracingOptions, NoopFrame,
        PreStateConfig,
    },
    parity::{LocalizedTransactionTrace, TransactionTrace},
};
use evm::CallRequest;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use state::Context;
use types::B256;

/// Where a transaction stands, as traces repeat it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) hash: B256,
    block: Option<(B256, u64, u64)>,
}

impl Place {
    pub(crate) fn of(block: &Indexed, index: usize) -> Self {
        let hash = block.transactions().get(index).map_or(B256::ZERO, |receipt| receipt.tx);
        Self { hash, block: Some((block.hash, block.header().height, index as u64)) }
    }

    pub(crate) fn localized(&self, trace: TransactionTrace) -> LocalizedTransactionTrace {
        LocalizedTransactionTrace {
            trace,
            block_hash: self.block.map(|(hash, ..)| hash),
            block_number: self.block.map(|(_, height, _)| height),
            transaction_hash: self.block.map(|_| self.hash),
            transaction_position: self.block.map(|(.., index)| index),
        }
    }
}

/// What is told of a call.
#[derive(Debug)]
pub(super) enum Tracer {
    Steps(GethDefaultTracingOptions),
    Calls(CallConfig),
    Flat,
    FourBytes,
    Prestate(PreStateConfig),
    Nothing,
}

impl Tracer {
    pub(super) fn of(options: GethDebugTracingOptions) -> Result<Self, Fault> {
        let bad = |error: serde_json::Error| Fault::param_json("options", &error);
        let GethDebugTracingOptions { config, tracer, tracer_config, .. } = options;
        Ok(match tracer {
            None => Self::Steps(config),
            Some(GethDebugTracerType::BuiltInTracer(tracer)) => match tracer {
                BuiltIn::CallTracer => Self::Calls(tracer_config.into_call_config().map_err(bad)?),
                BuiltIn::FlatCallTracer => Self::Flat,
                BuiltIn::FourByteTracer => Self::FourBytes,
                BuiltIn::PreStateTracer => {
                    Self::Prestate(tracer_config.into_pre_state_config().map_err(bad)?)
                }
                BuiltIn::NoopTracer => Self::Nothing,
                _ => return Err(unknown()),
            },
            Some(_) => return Err(unknown()),
        })
    }

    pub(super) fn run(
        &self,
        ctx: &mut Context<'_>,
        request: &CallRequest,
        place: &Place,
    ) -> Result<Box<RawValue>, Fault> {
        match self {
            Self::Steps(options) => written(&evm::steps(ctx, request, options)),
            Self::Calls(config) => written(&told(evm::trace(ctx, request), config)),
            Self::Flat => {
                let frames = flat::frames(&evm::trace(ctx, request)).into_iter();
                written(&frames.map(|trace| place.localized(trace)).collect::<Vec<_>>())
            }
            Self::FourBytes => written(&four_bytes(&evm::trace(ctx, request))),
            Self::Prestate(config) => written(&evm::prestate(ctx, request, config)),
            Self::Nothing => written(&NoopFrame::default()),
        }
    }
}

fn unknown() -> Fault {
    Fault::unsupported(
        "options: tracer: callTracer, flatCallTracer, prestateTracer, 4byteTracer and noopTracer are there; \
         leave it out for steps",
    )
}

fn written<T: Serialize>(value: &T) -> Result<Box<RawValue>, Fault> {
    to_raw_value(value).map_err(Fault::internal)
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

/// How often each function was called, by selector and length of its data.
fn four_bytes(frame: &CallFrame) -> FourByteFrame {
    let mut counted = FourByteFrame::default();
    let mut left = vec![frame];
    while let Some(frame) = left.pop() {
        left.extend(&frame.calls);
        let is_call = !frame.typ.starts_with("CREATE") && frame.typ != "SELFDESTRUCT";
        if let Some((selector, data)) = frame.input.split_at_checked(4).filter(|_| is_call) {
            let selector = alloy_primitives::hex::encode_prefixed(selector);
            *counted.0.entry(format!("{selector}-{}", data.len())).or_default() += 1;
        }
    }
    counted
}

//! What happened inside a call: frame by frame, as Geth's call tracer tells it, and what it touched.

use crate::{
    CallRequest, accounts, execute,
    guest::{self, GuestCall, GuestDone, GuestInspector},
};
use alloy_eips::eip2930::AccessList;
use alloy_rpc_types_trace::geth::{CallConfig, CallFrame, CallLogFrame};
use revm_inspectors::access_list::AccessListInspector;
use revm_inspectors::tracing::{TracingInspector, TracingInspectorConfig};
use state::Context;
use types::{Outcome, Reserved, U256};

/// Runs a call and tells its frames, natives' included. What it changes stays in the context.
pub fn trace(ctx: &mut Context<'_>, request: &CallRequest) -> CallFrame {
    let is_native = request.to.is_some_and(|to| Reserved::contains(&to));
    if is_native { trace_native(ctx, request) } else { trace_guest(ctx, request) }
}

/// The accounts and slots that a call touches, as an EIP-2930 list; none if it is native. Leaves no trace.
pub fn touched(ctx: &mut Context<'_>, request: &CallRequest) -> AccessList {
    if request.to.is_some_and(|to| Reserved::contains(&to)) {
        return AccessList::default();
    }
    let inspector = AccessListInspector::new(request.access_list.clone());
    inspect(ctx, request, inspector).1.into_access_list()
}

fn inspect<I: GuestInspector>(
    ctx: &mut Context<'_>,
    request: &CallRequest,
    inspector: I,
) -> (GuestDone, I) {
    let CallRequest { from, to, input, gas, access_list } = request.clone();
    let nonce = accounts::nonce(ctx, &from);
    guest::inspect(ctx, GuestCall { from, to, input, gas, nonce, access_list }, inspector)
}

fn trace_native(ctx: &mut Context<'_>, request: &CallRequest) -> CallFrame {
    let called = execute::call(ctx, request);
    let logs = called.logs.iter().enumerate().map(|(index, log)| CallLogFrame {
        address: Some(log.address),
        topics: Some(log.topics.clone()),
        data: Some(log.data.clone()),
        position: Some(0),
        index: Some(index as u64),
    });
    let mut frame = CallFrame {
        from: request.from,
        to: request.to,
        gas: U256::from(request.gas),
        gas_used: U256::from(called.gas_used),
        input: request.input.clone(),
        typ: "CALL".into(),
        value: Some(U256::ZERO),
        logs: logs.collect(),
        ..CallFrame::default()
    };
    match called.outcome {
        Outcome::Done(output) => frame.output = Some(output),
        Outcome::Refused(data) => {
            frame.error = Some("execution reverted".into());
            frame.revert_reason = crate::reason_of(&data);
            frame.output = Some(data);
        }
        Outcome::Halted(why) => frame.error = Some(why),
    }
    frame
}

fn trace_guest(ctx: &mut Context<'_>, request: &CallRequest) -> CallFrame {
    let config = CallConfig { with_log: Some(true), ..CallConfig::default() };
    let inspector = TracingInspector::new(TracingInspectorConfig::from_geth_call_config(&config));
    let (done, inspector) = inspect(ctx, request, inspector);
    inspector.into_geth_builder().geth_call_traces(config, done.gas_used)
}

//! What happened inside a call: frame by frame and step by step, as Geth's tracers tell it, and what it touched.

use crate::{
    CallRequest, accounts, execute,
    guest::{self, GuestCall, GuestDone, GuestInspector},
};
use alloy_eips::eip2930::AccessList;
use alloy_rpc_types_trace::geth::{
    AccountState, CallConfig, CallFrame, CallLogFrame, DefaultFrame, DiffMode,
    GethDefaultTracingOptions, PreStateConfig, PreStateFrame, PreStateMode,
};
use revm_inspectors::access_list::AccessListInspector;
use revm_inspectors::tracing::{TraceLimits, TracingInspector, TracingInspectorConfig};
use state::Context;
use std::collections::{BTreeMap, BTreeSet};
use types::{Address, B256, Bytes, Outcome, Reserved, U256};

/// The most steps, and bytes of memory snapshots, that one trace records.
const MAX_STEPS: u64 = 50_000;
const MAX_TRACE_BYTES: usize = 64 << 20;

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
    let limits = TraceLimits::default().set_max_recorded_bytes(Some(MAX_TRACE_BYTES));
    let inspector = TracingInspector::new(TracingInspectorConfig::from_geth_call_config(&config))
        .with_limits(limits);
    let (done, inspector) = inspect(ctx, request, inspector);
    inspector.into_geth_builder().geth_call_traces(config, done.gas_used)
}

/// Runs a call and tells its steps. A native call has none of its own; inside a contract it is the step that
/// calls it. A contract's changes are taken back, a native call's stay in the context.
pub fn steps(
    ctx: &mut Context<'_>,
    request: &CallRequest,
    options: &GethDefaultTracingOptions,
) -> DefaultFrame {
    if request.to.is_some_and(|to| Reserved::contains(&to)) {
        let called = execute::call(ctx, request);
        let failed = !matches!(called.outcome, Outcome::Done(_));
        let (gas, return_value) = (called.gas_used, output(called.outcome));
        return DefaultFrame { failed, gas, return_value, ..DefaultFrame::default() };
    }
    let asked = options.limit.filter(|limit| *limit > 0).unwrap_or(MAX_STEPS);
    let options = GethDefaultTracingOptions { limit: Some(asked.min(MAX_STEPS)), ..*options };
    let limits = TraceLimits::default().set_max_recorded_bytes(Some(MAX_TRACE_BYTES));
    let config = TracingInspectorConfig::from_geth_config(&options);
    let inspector = TracingInspector::new(config).with_limits(limits);
    let (done, inspector) = inspect(ctx, request, inspector);
    let return_value = output(done.outcome);
    inspector.into_geth_builder().geth_traces(done.gas_used, return_value, options)
}

fn output(outcome: Outcome) -> Bytes {
    match outcome {
        Outcome::Done(output) | Outcome::Refused(output) => output,
        Outcome::Halted(_) => Bytes::new(),
    }
}

/// What Ethereum knows of the accounts that a call touches, before it, or before and after where it differs.
/// There are no balances, and native records are no slots. Leaves no trace.
pub fn prestate(
    ctx: &mut Context<'_>,
    request: &CallRequest,
    config: &PreStateConfig,
) -> PreStateFrame {
    let mut places: BTreeMap<Address, BTreeSet<B256>> = BTreeMap::new();
    for item in touched(ctx, request).0 {
        places.entry(item.address).or_default().extend(item.storage_keys);
    }
    let created = || request.from.create(accounts::nonce(ctx, &request.from));
    let target = request.to.unwrap_or_else(created);
    places.entry(request.from).or_default();
    places.entry(target).or_default();
    let read = |ctx: &Context<'_>| -> BTreeMap<Address, AccountState> {
        let account = |(address, slots): (&Address, &BTreeSet<B256>)| {
            (*address, account_state(ctx, address, slots, config))
        };
        places.iter().map(account).collect()
    };
    let before = read(ctx);
    if !config.is_diff_mode() {
        let mut known: BTreeMap<_, _> =
            before.into_iter().filter(|(_, state)| *state != AccountState::default()).collect();
        for state in known.values_mut() {
            state.balance = Some(U256::ZERO);
        }
        return PreStateFrame::Default(PreStateMode(known));
    }
    let mark = ctx.mark();
    drop(execute::call(ctx, request));
    let after = read(ctx);
    ctx.rollback(mark);
    PreStateFrame::Diff(difference(before, after))
}

fn account_state(
    ctx: &Context<'_>,
    address: &Address,
    slots: &BTreeSet<B256>,
    config: &PreStateConfig,
) -> AccountState {
    let code = config.code_enabled().then(|| accounts::code(ctx, address));
    let nonce = accounts::nonce(ctx, address);
    let word = |slot: &B256| (*slot, accounts::storage(ctx, address, (*slot).into()).into());
    let storage = slots.iter().filter(|_| config.storage_enabled()).map(word);
    AccountState {
        balance: None,
        code: code.filter(|code| !code.is_empty()),
        nonce: (nonce > 0).then_some(nonce),
        storage: storage.collect(),
    }
}

/// What of two states differs; a word of zero after is left out, as Geth does.
fn difference(
    before: BTreeMap<Address, AccountState>,
    after: BTreeMap<Address, AccountState>,
) -> DiffMode {
    let mut difference = DiffMode::default();
    for ((address, mut before), (_, mut after)) in before.into_iter().zip(after) {
        if before == after {
            continue;
        }
        let changed =
            |(slot, word): (&B256, &B256)| (after.storage[slot] != *word).then_some(*slot);
        let changed: BTreeSet<B256> = before.storage.iter().filter_map(changed).collect();
        before.storage.retain(|slot, word| changed.contains(slot) && !word.is_zero());
        after.storage.retain(|slot, word| changed.contains(slot) && !word.is_zero());
        if after.nonce == before.nonce {
            after.nonce = None;
        }
        if after.code == before.code {
            after.code = None;
        }
        if before != AccountState::default() {
            difference.pre.insert(address, before);
        }
        difference.post.insert(address, after);
    }
    difference
}

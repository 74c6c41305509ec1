//! Calls that leave nothing: what would a transaction answer, and what gas would it need?

use crate::{
    args::Args,
    door::Door,
    eth::overrides::Overrides,
    fault::Fault,
    wire::{Answer, json},
};
use alloy_eips::BlockId;
use alloy_rpc_types_eth::{AccessListResult, TransactionRequest};
use evm::{CallRequest, Called};
use types::{Address, Bytes, Outcome, U256};

/// An estimate for a contract is at most this part above what is needed, in thousandths.
const SEARCH_PRECISION: u64 = 15;

/// `eth_call`
pub(crate) fn call(door: &Door, args: &Args<'_>) -> Answer {
    let overrides = Overrides::read(args, 2)?;
    let block = args.optional::<BlockId>(1)?;
    let request = request(door, args.required(0)?)?;
    let called = door.state(block, |ctx| {
        overrides.apply(ctx)?;
        Ok::<_, Fault>(evm::call(ctx, &within(door, ctx, request)))
    })?;
    json(&output(called?)?)
}

/// `eth_estimateGas`: for contracts the least that works, nearly; for natives what they use now and a
/// sixteenth more, as the state moves on until the transaction runs.
pub(crate) fn estimate(door: &Door, args: &Args<'_>) -> Answer {
    let overrides = Overrides::read(args, 2)?;
    let block = args.optional::<BlockId>(1)?;
    let request = request(door, args.required(0)?)?;
    json(&U256::from(gas_for(door, block, &request, &overrides)?))
}

/// Gas with which a call works.
pub(crate) fn gas_for(
    door: &Door,
    block: Option<BlockId>,
    request: &CallRequest,
    overrides: &Overrides,
) -> Result<u64, Fault> {
    // Every attempt reads the state anew: a long search must not hold up the next block.
    let attempt = |gas: Option<u64>| {
        door.state(block, |ctx| {
            overrides.apply(ctx)?;
            let request = within(
                door,
                ctx,
                CallRequest { gas: gas.unwrap_or(request.gas), ..request.clone() },
            );
            let is_native = request.to.is_some_and(|to| evm::is_native(ctx, &to));
            Ok::<_, Fault>((evm::call(ctx, &request), request.gas, is_native))
        })?
    };
    let (called, limit, is_native) = attempt(None)?;
    let used = called.gas_used;
    output(called)?;
    let works = |gas: u64| {
        attempt(Some(gas)).map(|(called, ..)| matches!(called.outcome, Outcome::Done(_)))
    };
    // What every frame keeps back (EIP-150), and the stipend, make the first guess nearly always right; so
    // does a sixteenth for natives, of which a few ask for the gas of the most that they could do.
    let guess = match is_native {
        true => used.saturating_add(used / 16),
        false => used.saturating_add(2_300).saturating_mul(64) / 63,
    };
    let (mut fails, mut enough) = (used.saturating_sub(1), limit);
    if guess < limit {
        match works(guess)? {
            true if is_native => return Ok(guess),
            true => enough = guess,
            false => fails = guess,
        }
    }
    while enough - fails > 1 && (enough - fails) * 1_000 / enough > SEARCH_PRECISION {
        // Mostly little more is needed than is used, so that the search begins from below.
        let middle = (fails + (enough - fails) / 2).min(fails.saturating_mul(2));
        match works(middle)? {
            true => enough = middle,
            false => fails = middle,
        }
    }
    Ok(enough)
}

/// `eth_createAccessList`: what a contract's run touches, and the gas it uses with that list. A native call
/// touches nothing that a list makes cheaper.
pub(crate) fn access_list(door: &Door, args: &Args<'_>) -> Answer {
    let block = args.optional::<BlockId>(1)?;
    let request = request(door, args.required(0)?)?;
    let (access_list, called) = door.state(block, |ctx| {
        let request = within(door, ctx, request);
        let access_list = evm::touched(ctx, &request);
        let called = evm::call(ctx, &CallRequest { access_list: access_list.clone(), ..request });
        (access_list, called)
    })?;
    let gas_used = U256::from(called.gas_used);
    let error = output(called).err().map(|fault| fault.message.into_owned());
    json(&AccessListResult { access_list, gas_used, error })
}

/// A call as a client describes it, its gas not limited yet.
pub(crate) fn request(door: &Door, tx: TransactionRequest) -> Result<CallRequest, Fault> {
    if tx.value.is_some_and(|value| !value.is_zero()) {
        return Err(Fault::server(evm::NotIncludable::Value));
    }
    let ours = door.backend.chain.genesis().chain_id;
    if let Some(given) = tx.chain_id.filter(|given| *given != ours) {
        return Err(Fault::param(
            "transaction",
            format!("chainId: {given} is not this chain, {ours}"),
        ));
    }
    let input =
        tx.input.try_into_unique_input().map_err(|error| Fault::param("transaction", error))?;
    Ok(CallRequest {
        from: tx.from.unwrap_or(Address::ZERO),
        to: tx.to.and_then(|to| to.into_to()),
        input: input.unwrap_or_default(),
        gas: tx.gas.unwrap_or(u64::MAX),
        access_list: tx.access_list.unwrap_or_default(),
    })
}

/// The same with no more gas than it may use: natives what a transaction may, contracts what one call
/// on this node may.
pub(crate) fn within(door: &Door, ctx: &state::Context<'_>, request: CallRequest) -> CallRequest {
    let limits = evm::TxLimits::of_block(door.backend.chain.limits().gas);
    let most = evm::gas_limit(ctx, request.to, &limits);
    let is_native = request.to.is_some_and(|to| evm::is_native(ctx, &to));
    let most = if is_native { most } else { most.min(door.config.call_gas) };
    CallRequest { gas: request.gas.min(most), ..request }
}

fn output(called: Called) -> Result<Bytes, Fault> {
    match called.outcome {
        Outcome::Done(output) => Ok(output),
        Outcome::Refused(data) => Err(Fault::reverted(data)),
        Outcome::Halted(why) => {
            Err(Fault::server(format!("{why} (gas used: {})", called.gas_used)))
        }
    }
}

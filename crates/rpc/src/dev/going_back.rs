//! Snapshots, and the way back to them.

use crate::{
    args::Args,
    door::Door,
    wire::{Answer, json},
};
use types::U256;

/// `evm_snapshot`
pub(crate) fn snapshot(door: &Door, _: &Args<'_>) -> Answer {
    json(&U256::from(door.workbench()?.snapshot()))
}

/// `evm_revert`: true if there was such a snapshot; it is used up.
pub(crate) fn revert(door: &Door, args: &Args<'_>) -> Answer {
    let id: U256 = args.required(0)?;
    let bench = door.workbench()?;
    json(&u64::try_from(id).is_ok_and(|id| bench.revert(id)))
}

/// `hardhat_reset`, `anvil_reset`: back to the genesis. There is no other chain that could be forked.
pub(crate) fn reset(door: &Door, args: &Args<'_>) -> Answer {
    let forking: Option<serde_json::Value> = args.optional(0)?;
    if forking.is_some_and(|forking| forking.get("forking").is_some()) {
        return Err(crate::Fault::unsupported("forking: this chain cannot follow another one"));
    }
    door.workbench()?.reset();
    json(&true)
}

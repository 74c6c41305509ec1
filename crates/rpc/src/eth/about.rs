//! Which chain, which node.

use crate::{
    args::Args,
    door::Door,
    wire::{Answer, json},
};
use alloy_primitives::keccak256;
use serde_json::{Value, json as value};
use types::{Bytes, U256};

/// `eth_chainId`
pub(crate) fn chain_id(door: &Door, _: &Args<'_>) -> Answer {
    json(&U256::from(door.backend.chain.genesis().chain_id))
}

/// `net_version`: the same as a decimal string.
pub(crate) fn net_version(door: &Door, _: &Args<'_>) -> Answer {
    json(&door.backend.chain.genesis().chain_id.to_string())
}

/// `eth_syncing`
pub(crate) fn syncing(door: &Door, _: &Args<'_>) -> Answer {
    match sync_state(door) {
        None => json(&false),
        Some(state) => json(&state),
    }
}

/// How far the node has come, while it catches up.
pub(crate) fn sync_state(door: &Door) -> Option<Value> {
    let status = door.backend.engine.status();
    status.is_syncing().then(|| {
        value!({
            "startingBlock": U256::ZERO,
            "currentBlock": U256::from(status.height.unwrap_or(0)),
            "highestBlock": U256::from(status.best_known),
        })
    })
}

/// What a subscription to `syncing` is told: how far the node has come, or `false` once it has caught up.
pub(crate) fn sync_notice(state: Option<&Value>) -> Value {
    match state {
        None => Value::Bool(false),
        Some(status) => value!({ "syncing": true, "status": status }),
    }
}

/// `web3_clientVersion`
pub(crate) fn client_version(door: &Door, _: &Args<'_>) -> Answer {
    json(&door.config.client_version)
}

/// `web3_sha3`
pub(crate) fn keccak(_: &Door, args: &Args<'_>) -> Answer {
    json(&keccak256(args.required::<Bytes>(0)?))
}

/// `net_listening`
pub(crate) fn listening(_: &Door, _: &Args<'_>) -> Answer {
    json(&true)
}

/// `net_peerCount`
pub(crate) fn peers(door: &Door, _: &Args<'_>) -> Answer {
    json(&U256::from(door.backend.engine.status().peers))
}

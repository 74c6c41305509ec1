//! Which chain, which node.

use crate::{
    args::Args,
    door::Door,
    wire::{Answer, json},
};
use alloy_primitives::keccak256;
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
    let status = door.backend.engine.status();
    if !status.is_syncing() {
        return json(&false);
    }
    let current = U256::from(status.height.unwrap_or(0));
    json(&serde_json::json!({
        "startingBlock": U256::ZERO,
        "currentBlock": current,
        "highestBlock": U256::from(status.best_known),
    }))
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

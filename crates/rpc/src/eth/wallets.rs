//! What Ethereum knows of an address.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    wire::{Answer, json},
};
use alloy_eips::{BlockId, BlockNumberOrTag};
use types::{Address, B256, U256};

/// `eth_getBalance`: fuel in wei, as there is no coin.
pub(crate) fn balance(door: &Door, args: &Args<'_>) -> Answer {
    let address: Address = args.required(0)?;
    json(&door.state(args.optional(1)?, |ctx| evm::fuel_wei(ctx, &address))?)
}

/// `eth_getTransactionCount`: the next nonce; `pending` counts what waits without a gap.
pub(crate) fn nonce(door: &Door, args: &Args<'_>) -> Answer {
    let address: Address = args.required(0)?;
    let block: Option<BlockId> = args.optional(1)?;
    let next = door.state(block, |ctx| evm::nonce(ctx, &address))?;
    let is_pending = block == Some(BlockId::Number(BlockNumberOrTag::Pending));
    let waiting = is_pending.then(|| door.backend.pool.pending_nonce(&address)).flatten();
    json(&U256::from(waiting.map_or(next, |waiting| waiting.max(next))))
}

/// `eth_getCode`
pub(crate) fn code(door: &Door, args: &Args<'_>) -> Answer {
    let address: Address = args.required(0)?;
    json(&door.state(args.optional(1)?, |ctx| evm::code(ctx, &address))?)
}

/// `eth_getStorageAt`: a contract's word. Services and assets keep typed records instead.
pub(crate) fn storage(door: &Door, args: &Args<'_>) -> Answer {
    let (address, slot): (Address, U256) = (args.required(0)?, args.required(1)?);
    let word = door.state(args.optional(2)?, |ctx| evm::storage(ctx, &address, slot))?;
    json(&B256::from(word))
}

/// `eth_getProof`: the state is no Merkle-Patricia trie.
pub(crate) fn no_proof(_: &Door, _: &Args<'_>) -> Answer {
    Err(Fault::unsupported(
        "the state is not a Merkle-Patricia trie; use scrip_getProof and `scrip verify-proof`",
    ))
}

//! A state and a block that are not, for a call that only asks.

use crate::{args::Args, fault::Fault};
use alloy_rpc_types_eth::{
    BlockOverrides,
    state::{AccountOverride, StateOverride},
};
use evm::{ACCOUNTS, CODE, Code, STORAGE};
use state::Context;
use std::sync::Arc;
use types::{Address, Reserved, Time, U256};

/// What a call finds changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overrides {
    accounts: Vec<(Address, AccountOverride)>,
    block: BlockOverrides,
}

impl Overrides {
    /// The parameters of a call at two places: state, then block.
    pub(crate) fn read(args: &Args<'_>, place: usize) -> Result<Self, Fault> {
        Self::of(args.optional(place)?, args.optional(place + 1)?)
    }

    /// Refuses what this chain has no room for.
    pub(crate) fn of(
        state: Option<StateOverride>,
        block: Option<BlockOverrides>,
    ) -> Result<Self, Fault> {
        let block = block.unwrap_or_default();
        let BlockOverrides { difficulty, coinbase, random, base_fee, .. } = &block;
        let others = [
            ("difficulty", difficulty.is_some_and(|difficulty| !difficulty.is_zero())),
            ("feeRecipient", coinbase.is_some_and(|coinbase| !coinbase.is_zero())),
            ("prevRandao", random.is_some_and(|random| !random.is_zero())),
            ("baseFeePerGas", base_fee.is_some_and(|fee| fee != U256::from(evm::BASE_FEE))),
            ("blobBaseFee", block.blob_base_fee.is_some()),
            ("beaconRoot", block.beacon_root.is_some()),
            ("blockHash", block.block_hash.is_some()),
        ];
        if let Some((field, _)) = others.into_iter().find(|(_, is_given)| *is_given) {
            let why = format!("blockOverrides: {field} is fixed on this chain");
            return Err(Fault::unsupported(why));
        }
        let mut accounts: Vec<_> = state.unwrap_or_default().into_iter().collect();
        accounts.sort_unstable_by_key(|(address, _)| *address);
        for (address, account) in &accounts {
            let is_native = Reserved::contains(address);
            if is_native || account.move_precompile_to.is_some() {
                let why = match is_native {
                    true => "services and assets keep typed records",
                    false => "precompiles stay where they are",
                };
                return Err(Fault::unsupported(format!("stateOverrides: {address}: {why}")));
            }
        }
        Ok(Self { accounts, block })
    }

    /// Writes it into a context that is thrown away. A balance changes nothing, as there is no coin.
    pub(crate) fn apply(&self, ctx: &mut Context<'_>) -> Result<(), Fault> {
        if let Some(height) = self.block.number {
            ctx.env.height = height.saturating_to();
        }
        if let Some(secs) = self.block.time {
            ctx.env.time = Time::from_secs(secs);
        }
        if let Some(gas) = self.block.gas_limit {
            ctx.env.gas_limit = gas;
        }
        for (address, account) in &self.accounts {
            apply_account(ctx, address, account)?;
        }
        Ok(())
    }
}

fn apply_account(
    ctx: &mut Context<'_>,
    address: &Address,
    account: &AccountOverride,
) -> Result<(), Fault> {
    let is_contract = !evm::code(ctx, address).is_empty();
    if account.state.is_some() && is_contract {
        return Err(Fault::unsupported(format!(
            "stateOverrides: {address}: state: a contract is there; name what differs in stateDiff"
        )));
    }
    if let Some(nonce) = account.nonce {
        ACCOUNTS.update(ctx, address, |known| known.nonce = nonce);
    }
    if let Some(code) = &account.code {
        let hash = (!code.is_empty()).then(|| alloy_primitives::keccak256(code));
        if let Some(hash) = hash {
            CODE.put(ctx, &hash, Code(Arc::new(code.to_vec())));
        }
        ACCOUNTS.update(ctx, address, |known| known.code = hash);
    }
    let words = account.state.iter().chain(&account.state_diff).flatten();
    for (slot, word) in words {
        let (slot, word) = (U256::from_be_bytes(slot.0), U256::from_be_bytes(word.0));
        match word.is_zero() {
            true => STORAGE.delete(ctx, &(*address, slot)),
            false => STORAGE.put(ctx, &(*address, slot), word),
        }
    }
    Ok(())
}

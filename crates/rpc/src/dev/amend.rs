//! Code, words, nonces and fuel, set as test suites like.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    wire::{Answer, json},
};
use types::{Address, B256, Bytes, U256};

/// `hardhat_setCode`, `anvil_setCode`
pub(crate) fn set_code(door: &Door, args: &Args<'_>) -> Answer {
    let (address, code): (Address, Bytes) = (args.required(0)?, args.required(1)?);
    door.workbench()?.set_code(address, code)?;
    json(&true)
}

/// `hardhat_setStorageAt`, `anvil_setStorageAt`
pub(crate) fn set_storage(door: &Door, args: &Args<'_>) -> Answer {
    let (address, slot, word): (Address, U256, B256) =
        (args.required(0)?, args.required(1)?, args.required(2)?);
    door.workbench()?.set_storage(address, slot, word)?;
    json(&true)
}

/// `hardhat_setNonce`, `anvil_setNonce`
pub(crate) fn set_nonce(door: &Door, args: &Args<'_>) -> Answer {
    let (address, nonce): (Address, U256) = (args.required(0)?, args.required(1)?);
    // EIP-2681.
    let nonce = u64::try_from(nonce).ok().filter(|nonce| *nonce < u64::MAX);
    let nonce = nonce.ok_or_else(|| Fault::param("nonce", "a nonce is less than 2^64 - 1"))?;
    door.workbench()?.set_nonce(address, nonce);
    json(&true)
}

/// `hardhat_setBalance`, `anvil_setBalance`: fuel, as there is no coin.
pub(crate) fn set_balance(door: &Door, args: &Args<'_>) -> Answer {
    let (wallet, wei): (Address, U256) = (args.required(0)?, args.required(1)?);
    door.workbench()?.set_fuel(wallet, wei)?;
    json(&true)
}

/// `hardhat_impersonateAccount`, `anvil_impersonateAccount`
pub(crate) fn impersonate(door: &Door, args: &Args<'_>) -> Answer {
    door.workbench()?.impersonate(args.required(0)?);
    json(&true)
}

/// `hardhat_stopImpersonatingAccount`, `anvil_stopImpersonatingAccount`
pub(crate) fn stop_impersonating(door: &Door, args: &Args<'_>) -> Answer {
    json(&door.workbench()?.stop_impersonating(&args.required(0)?))
}

/// `anvil_autoImpersonateAccount`
pub(crate) fn impersonate_all(door: &Door, args: &Args<'_>) -> Answer {
    door.workbench()?.impersonate_all(args.required(0)?);
    json(&true)
}

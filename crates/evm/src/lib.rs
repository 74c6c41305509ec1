//! Ethereum's door to the modules: ABI, token faces, guest contracts on revm.
//!
//! A transaction to a service or asset is a native call: decoded by its Solidity interface into a
//! module's `Call`, applied, answered in ABI; no interpreter runs. Anything else is a guest contract,
//! which finds services and assets at the same addresses.
//!
//! Laws, each checked in `tests/`:
//! - EVM-1  a frame that reverts undoes native writes, events and logs with its own
//! - EVM-2  a static call changes nothing; nobody runs a native as someone else
//! - EVM-3  a reserved address keeps no guest's code and no guest's storage
//! - EVM-4  a receipt charges the gas it names, and a refused transaction changes nonce and fuel alone

mod abi;
mod accounts;
mod event;
mod execute;
mod faces;
mod failure;
mod guest;
mod logs;
mod native;
mod preview;
mod rules;
mod services;
mod trace;
mod tx;

#[cfg(test)]
#[path = "../tests/foundation/mod.rs"]
mod foundation;

pub use accounts::{
    ACCOUNTS, Account, CODE, CREATORS, Code, NATIVE_CODE, STORAGE, code, code_hash, is_native,
    nonce, settled_code, storage, tables,
};
pub use alloy_eips::eip2930::AccessList;
pub use event::{AnyEvent, decode_event};
pub use execute::{
    Admission, BASE_FEE, CallRequest, Called, MIN_TX_GAS, NotIncludable, TxLimits, admit, call,
    execute, floor, fuel, fuel_wei, gas_limit, intrinsic, is_guest,
};
pub use failure::{Failure, REASON_BASE, reason_of};
pub use native::Caller;
pub use preview::{may_move, preview};
pub use services::is_official;
pub use trace::{prestate, steps, touched, trace};
pub use tx::{MAX_BYTES, Malformed, Signed, decode, decode_unsigned, transaction_hash, unsigned};

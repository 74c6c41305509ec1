//! Ethereum's methods, as wallets, libraries and explorers call them.
//!
//! A final block is never undone, so `latest`, `safe` and `finalized` are the same block, and `pending`
//! differs for nonces alone.

pub(crate) mod about;
pub(crate) mod blocks;
pub(crate) mod calls;
pub(crate) mod fees;
pub(crate) mod fill;
pub(crate) mod filters;
pub(crate) mod logs;
pub(crate) mod overrides;
pub(crate) mod pending;
pub(crate) mod shape;
pub(crate) mod simulate;
pub(crate) mod submit;
pub(crate) mod transactions;
pub(crate) mod view;
pub(crate) mod wallets;

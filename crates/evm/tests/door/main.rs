//! The door from outside: everything through signed transactions and calls.

#[path = "../world/mod.rs"]
mod world;

mod abi;
mod dispute;
mod quorum;
mod transactions;

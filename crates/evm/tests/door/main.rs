//! The door from outside: everything through signed transactions and calls.

#[path = "../world/mod.rs"]
mod world;

mod abi;
mod approvals;
mod apps;
mod care;
mod dispute;
mod faces;
mod guest;
mod laws;
mod natives;
mod orders;
mod persons;
mod quorum;
mod registry;
mod rules;
mod standards;
mod traces;
mod transactions;
mod trees;
mod units;

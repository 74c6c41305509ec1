//! Examples of everything the ledger does, told as scripts. See `world/script.rs` for their words.

#[path = "../world/mod.rs"]
mod world;

mod assets;
mod checkpoints;
mod conversions;
mod fees;
mod findings;
mod holds;
mod lots;
mod movement;
mod orders;
mod persons;
mod profiles;
mod refusals;
mod treasury;

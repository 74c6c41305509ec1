//! The chain on Commonware: dissemination, consensus, storage, sync; the only crate that names it.

mod app;
mod applied;
mod archive;
mod block;
mod config;
mod fetch;
mod folder;
pub mod foreign;
mod gossip;
mod handle;
mod keys;
pub mod light;
mod machine;
mod pace;
mod process;
mod proof;
mod reader;
mod receipts;
mod runtime;
pub mod simulated;
mod store;
mod wiring;

pub use applied::{FinalizedBlock, Status};
pub use config::{Config, EngineError, Storage};
pub use handle::{Follow, Handle, NotKept, StoredRecords};
pub use keys::{Committee, KeyError, NetworkKey, Secret, deal, deal_from_seed};
pub use machine::{Candidates, Machine};
pub use pace::Pacing;
pub use process::{Node, run};
pub use proof::{Bundle, MAX_PROVED, ProveError, ProvedEffect, ProvedRecord};

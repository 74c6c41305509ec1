//! One process: config, keys, supervision. Wiring, no rules.
//!
//! A node is a chain, a pool of waiting transactions, the engine that makes blocks final, and a door.
//! With a committee of one it is a whole network in one process. [`run_alone`] is a door to a workbench instead.

mod alone;
mod config;
mod file;
mod run;
mod waiting;

pub use alone::{Alone, run_alone};
pub use config::{NodeConfig, NodeError};
pub use file::{DoorFile, NodeFile, PeerFile, write_secret};
pub use run::{Running, run, terminated};

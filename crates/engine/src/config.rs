//! What one validator is told before it starts.

use crate::{
    keys::{Committee, KeyError, Secret},
    pace::Pacing,
};
use serde::{Deserialize, Serialize};

/// How one validator takes part.
#[derive(Clone, Debug)]
pub struct Config {
    /// Who validates.
    pub committee: Committee,
    /// Who this validator is.
    pub secret: Secret,
    /// How often blocks are made.
    pub pacing: Pacing,
    /// How much this node keeps, in memory and on disk.
    pub storage: Storage,
    /// Fetch the newest state from the others instead of all blocks, if this node has none yet.
    pub state_sync: bool,
}

/// How much a node keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// Pages of the disk that are cached, in MiB.
    pub cache_mib: u32,
    /// Final blocks to keep; all of them if absent.
    pub keep_blocks: Option<u64>,
}

impl Default for Storage {
    fn default() -> Self {
        Self { cache_mib: 32, keep_blocks: None }
    }
}

/// Why the engine does not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Another process works in the data directory.
    #[error("another process uses {0}; stop it first")]
    Locked(std::path::PathBuf),
    /// The data directory belongs to another network or another validator.
    #[error(
        "the data directory {folder} belongs to {what} {found}, not {expected}; use another directory"
    )]
    WrongNetwork {
        /// The data directory.
        folder: std::path::PathBuf,
        /// What differs: genesis, network key or validator.
        what: &'static str,
        /// What the directory says.
        found: String,
        /// What this node was started for.
        expected: String,
    },
    /// What is stored cannot be read.
    #[error("the data directory is damaged: {0}; restore it, or remove it and sync again")]
    Corrupted(String),
    /// The disk has no room left.
    #[error("the disk is full: {0}; make room and start again")]
    Full(String),
    /// The operating system refuses.
    #[error("{0}")]
    Io(String),
    /// The keys do not fit.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The listening address cannot be had, or a peer's address is none.
    #[error("network: {0}")]
    Network(String),
    /// A part of the engine stopped.
    #[error("the engine stopped: {0}")]
    Stopped(String),
}

//! What one node is told before it starts, and why it may not.

use chain::{Genesis, GenesisError};
use engine::{Committee, EngineError, KeyError, Pacing, Secret, Storage};
use rpc::{RpcConfig, RpcError};
use std::{net::SocketAddr, path::PathBuf};
use types::B256;

/// Everything one node is told.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// Where it keeps its data. One process at a time.
    pub data_dir: PathBuf,
    /// What the network began with.
    pub genesis: Genesis,
    /// Who validates.
    pub committee: Committee,
    /// Who this validator is.
    pub secret: Secret,
    /// Where it listens for other validators. Port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where the other validators are, by public key: `host:port`.
    pub peers: Vec<(B256, String)>,
    /// The door for clients; none if absent.
    pub rpc: Option<RpcConfig>,
    /// How often blocks are made.
    pub pacing: Pacing,
    /// How much is kept, in memory and on disk.
    pub storage: Storage,
    /// How much may wait.
    pub pool: pool::Limits,
    /// Fetch the newest state instead of all blocks, if there is none here yet.
    pub state_sync: bool,
    /// Threads for work.
    pub threads: usize,
}

impl NodeConfig {
    /// A node without peers and without a door, with the defaults for the rest.
    pub fn new(data_dir: PathBuf, genesis: Genesis, committee: Committee, secret: Secret) -> Self {
        Self {
            data_dir,
            genesis,
            committee,
            secret,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            peers: Vec::new(),
            rpc: None,
            pacing: Pacing::default(),
            storage: Storage::default(),
            pool: pool::Limits::default(),
            state_sync: false,
            threads: std::thread::available_parallelism().map_or(2, usize::from),
        }
    }
}

/// Why a node does not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// A file of the configuration cannot be used.
    #[error("{file}: {why}")]
    File {
        /// Which file.
        file: PathBuf,
        /// What is wrong, and with which field.
        why: String,
    },
    /// The genesis cannot be used.
    #[error(transparent)]
    Genesis(#[from] GenesisError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The door.
    #[error(transparent)]
    Rpc(#[from] RpcError),
}

impl From<KeyError> for NodeError {
    fn from(error: KeyError) -> Self {
        Self::Engine(EngineError::Keys(error))
    }
}

impl NodeError {
    /// The process's exit code, one for each remedy; the numbers follow sysexits(3) where it has one.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Engine(EngineError::Stopped(_) | EngineError::Io(_)) => 70,
            Self::Engine(EngineError::Locked(_)) => 71,
            Self::Engine(EngineError::Full(_)) => 72,
            Self::Engine(EngineError::Corrupted(_)) => 73,
            Self::Engine(EngineError::WrongNetwork { .. }) => 74,
            Self::Engine(EngineError::Keys(_)) | Self::File { .. } | Self::Genesis(_) => 78,
            Self::Rpc(RpcError::Setting { .. }) => 78,
            Self::Engine(EngineError::Network(_)) | Self::Rpc(_) => 75,
        }
    }
}

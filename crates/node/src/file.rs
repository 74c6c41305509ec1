//! A node's configuration as a readable file. Paths in it are relative to the file itself.

use crate::config::{NodeConfig, NodeError};
use chain::Genesis;
use engine::{Committee, Pacing, Secret, Storage};
use rpc::RpcConfig;
use serde::{Deserialize, Serialize};
use std::{
    io::Write as _,
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};
use types::B256;

/// The file that `scrip node --config` reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeFile {
    /// Where the node keeps its data.
    pub data_dir: PathBuf,
    /// The genesis, TOML. The same for all nodes of a network.
    pub genesis: PathBuf,
    /// The committee, TOML. The same for all nodes of a network.
    pub committee: PathBuf,
    /// This validator's secret, TOML. Readable by its owner alone.
    pub secret: PathBuf,
    /// Where the node listens for other validators.
    pub listen: SocketAddr,
    /// Where JSON-RPC is answered; nowhere if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpc: Option<SocketAddr>,
    /// Where metrics, health and readiness are answered; nowhere if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<SocketAddr>,
    /// Fetch the newest state instead of all blocks, if there is none here yet. For a validator that joins
    /// a network which has blocks already: it waits until enough of the others have told of one.
    #[serde(default)]
    pub state_sync: bool,
    /// How often blocks are made. The same for all nodes of a network.
    #[serde(default)]
    pub pacing: Pacing,
    /// How much is kept.
    #[serde(default)]
    pub storage: Storage,
    /// How much clients may ask for, and whose web pages may.
    #[serde(default)]
    pub door: DoorFile,
    /// The other validators.
    #[serde(default)]
    pub peers: Vec<PeerFile>,
}

/// The limits of the door for clients. What is left out has its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DoorFile {
    /// Web origins whose pages may call, as `https://example.com`; `*` for all, none if empty.
    pub cors: Vec<String>,
    /// The longest body or WebSocket message.
    pub max_body_bytes: usize,
    /// The longest answer, that of a batch in all.
    pub max_answer_bytes: usize,
    /// The most calls in one batch.
    pub max_batch: usize,
    /// Open connections.
    pub max_connections: usize,
    /// Subscriptions of one connection.
    pub max_subscriptions: usize,
    /// Calls of one WebSocket connection that are worked on at a time.
    pub max_in_flight: usize,
    /// How long a client may take to send a request, and to take an answer, milliseconds.
    pub client_timeout_ms: u64,
    /// How long one call may take, milliseconds.
    pub call_timeout_ms: u64,
    /// Calls that execute code, worked on at a time.
    pub max_executions: usize,
    /// Gas that `eth_call` and its kind may use in contracts.
    pub call_gas: u64,
    /// The most blocks that one query for logs may span.
    pub max_log_blocks: u64,
    /// The most logs in one answer.
    pub max_logs: usize,
    /// How old the last block may be for the node to be ready, milliseconds.
    pub ready_block_age_ms: u64,
}

impl Default for DoorFile {
    fn default() -> Self {
        let RpcConfig {
            cors,
            max_body_bytes,
            max_answer_bytes,
            max_batch,
            max_connections,
            max_subscriptions,
            max_in_flight,
            client_timeout,
            call_timeout,
            max_executions,
            call_gas,
            max_log_blocks,
            max_logs,
            ready_block_age,
            ..
        } = RpcConfig::default();
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            cors,
            max_body_bytes,
            max_answer_bytes,
            max_batch,
            max_connections,
            max_subscriptions,
            max_in_flight,
            client_timeout_ms: ms(client_timeout),
            call_timeout_ms: ms(call_timeout),
            max_executions,
            call_gas,
            max_log_blocks,
            max_logs,
            ready_block_age_ms: ms(ready_block_age),
        }
    }
}

impl DoorFile {
    fn at(self, listen: SocketAddr, monitor: Option<SocketAddr>) -> RpcConfig {
        RpcConfig {
            listen,
            monitor,
            cors: self.cors,
            max_body_bytes: self.max_body_bytes,
            max_answer_bytes: self.max_answer_bytes,
            max_batch: self.max_batch,
            max_connections: self.max_connections,
            max_subscriptions: self.max_subscriptions,
            max_in_flight: self.max_in_flight,
            client_timeout: Duration::from_millis(self.client_timeout_ms),
            call_timeout: Duration::from_millis(self.call_timeout_ms),
            max_executions: self.max_executions,
            call_gas: self.call_gas,
            max_log_blocks: self.max_log_blocks,
            max_logs: self.max_logs,
            ready_block_age: Duration::from_millis(self.ready_block_age_ms),
            ..RpcConfig::default()
        }
    }
}

/// Where another validator is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerFile {
    /// Its public key.
    pub key: B256,
    /// `host:port`.
    pub address: String,
}

impl NodeFile {
    /// Reads a node's file and all files that it names.
    pub fn load(path: &Path) -> Result<NodeConfig, NodeError> {
        let file: Self = read_toml(path)?;
        let beside = |other: &Path| match path.parent() {
            Some(folder) => folder.join(other),
            None => other.to_owned(),
        };
        let genesis_path = beside(&file.genesis);
        let genesis = Genesis::from_toml(&read(&genesis_path)?)
            .map_err(|error| wrong(&genesis_path, error))?;
        let committee: Committee = read_toml(&beside(&file.committee))?;
        let secret: Secret = read_toml(&beside(&file.secret))?;
        let mut config = NodeConfig::new(beside(&file.data_dir), genesis, committee, secret);
        config.listen = file.listen;
        config.peers = file.peers.into_iter().map(|peer| (peer.key, peer.address)).collect();
        config.rpc = match (file.rpc, file.metrics) {
            (Some(listen), monitor) => {
                let door = file.door.at(listen, monitor);
                door.check().map_err(|error| wrong(path, format!("door.{error}")))?;
                Some(door)
            }
            (None, None) => None,
            (None, Some(_)) => {
                return Err(wrong(path, "metrics: set rpc as well, which they are about"));
            }
        };
        config.state_sync = file.state_sync;
        config.pacing = file.pacing;
        config.storage = file.storage;
        Ok(config)
    }
}

/// Writes a validator's secret where only its owner can read it; refuses to overwrite one.
pub fn write_secret(path: &Path, secret: &Secret) -> Result<(), NodeError> {
    let text = toml::to_string(secret).map_err(|error| wrong(path, error))?;
    let mut options = std::fs::OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(path);
    let mut file = opened.map_err(|error| wrong(path, error))?;
    file.write_all(text.as_bytes()).map_err(|error| wrong(path, error))
}

fn read(path: &Path) -> Result<String, NodeError> {
    std::fs::read_to_string(path).map_err(|error| wrong(path, error))
}

fn read_toml<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<T, NodeError> {
    toml::from_str(&read(path)?).map_err(|error| wrong(path, error))
}

fn wrong(path: &Path, why: impl std::fmt::Display) -> NodeError {
    NodeError::File { file: path.to_owned(), why: why.to_string() }
}

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
    /// Fetch the newest state instead of all blocks, if there is none here yet.
    #[serde(default)]
    pub state_sync: bool,
    /// How often blocks are made. The same for all nodes of a network.
    #[serde(default)]
    pub pacing: Pacing,
    /// How much is kept.
    #[serde(default)]
    pub storage: Storage,
    /// The other validators.
    #[serde(default)]
    pub peers: Vec<PeerFile>,
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
            (Some(listen), monitor) => Some(RpcConfig { listen, monitor, ..RpcConfig::default() }),
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

//! A network's files: genesis, committee, and a folder per validator.
//!
//! ```text
//! FOLDER/genesis.toml      what the network began with      the same for all, public
//! FOLDER/committee.toml    who validates, the network key   the same for all, public
//! FOLDER/node-1/node.toml  where the first one listens, who its peers are
//! FOLDER/node-1/secret.toml                                 readable by its owner alone
//! FOLDER/node-1/data/
//! ```

use crate::failure::Failure;
use chain::Genesis;
use engine::Committee;
use node::{NodeFile, PeerFile, write_secret};
use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// Where a validator is to be.
pub(crate) struct Site {
    /// Where it listens for the others.
    pub(crate) listen: SocketAddr,
    /// Where the others find it.
    pub(crate) address: String,
    /// Where clients find it.
    pub(crate) rpc: SocketAddr,
    /// Where it answers about itself.
    pub(crate) metrics: Option<SocketAddr>,
}

/// A network's files.
pub(crate) struct Network {
    /// What it began with.
    pub(crate) genesis: Genesis,
    /// Who validates.
    pub(crate) committee: Committee,
    /// The validators' files.
    pub(crate) nodes: Vec<PathBuf>,
}

impl Network {
    /// The network's public key.
    pub(crate) fn key(&self) -> Result<String, Failure> {
        let key = self.committee.network_key();
        key.map(|key| key.to_string()).map_err(|error| Failure::Node(error.into()))
    }
}

/// Deals new keys and writes a network's files into a folder that has none yet.
pub(crate) fn write(folder: &Path, genesis: Genesis, sites: &[Site]) -> Result<Network, Failure> {
    if !is_fresh(folder)? {
        return Err(Failure::input(
            folder.display(),
            "the folder is not empty; choose another one, or remove it first",
        ));
    }
    fs::create_dir_all(folder).map_err(|error| Failure::file(folder, error))?;
    let (committee, secrets) = engine::deal(sites.len() as u32);
    write_file(&folder.join(GENESIS), &genesis.to_toml())?;
    write_file(&folder.join(COMMITTEE), &to_toml(&committee))?;
    let mut nodes = Vec::new();
    for (place, (site, secret)) in sites.iter().zip(&secrets).enumerate() {
        let own = folder.join(format!("node-{}", place + 1));
        fs::create_dir_all(&own).map_err(|error| Failure::file(&own, error))?;
        write_secret(&own.join("secret.toml"), secret)?;
        let others = committee.validators.iter().zip(sites).enumerate();
        let others = others.filter(|(other, _)| *other != place);
        let file = NodeFile {
            data_dir: "data".into(),
            genesis: Path::new("..").join(GENESIS),
            committee: Path::new("..").join(COMMITTEE),
            secret: "secret.toml".into(),
            listen: site.listen,
            rpc: Some(site.rpc),
            metrics: site.metrics,
            state_sync: false,
            pacing: Default::default(),
            storage: Default::default(),
            door: Default::default(),
            peers: others
                .map(|(_, (key, site))| PeerFile { key: *key, address: site.address.clone() })
                .collect(),
        };
        let path = own.join(NODE);
        write_file(&path, &to_toml(&file))?;
        nodes.push(path);
    }
    Ok(Network { genesis, committee, nodes })
}

/// Reads a network's files back, for as many validators as there are.
pub(crate) fn read(folder: &Path) -> Result<Network, Failure> {
    let text = |path: &Path| fs::read_to_string(path).map_err(|error| Failure::file(path, error));
    let path = folder.join(GENESIS);
    let genesis = Genesis::from_toml(&text(&path)?);
    let genesis = genesis.map_err(|error| Failure::input(path.display(), error))?;
    let path = folder.join(COMMITTEE);
    let committee: Committee =
        toml::from_str(&text(&path)?).map_err(|error| Failure::input(path.display(), error))?;
    let nodes = (1..=committee.validators.len())
        .map(|number| folder.join(format!("node-{number}")).join(NODE))
        .collect();
    Ok(Network { genesis, committee, nodes })
}

/// True if a folder is absent or empty.
pub(crate) fn is_fresh(folder: &Path) -> Result<bool, Failure> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Failure::file(folder, error)),
    }
}

/// True if a network's files are in the folder.
pub(crate) fn is_there(folder: &Path) -> bool {
    folder.join(GENESIS).exists() && folder.join(COMMITTEE).exists()
}

const GENESIS: &str = "genesis.toml";
const COMMITTEE: &str = "committee.toml";
const NODE: &str = "node.toml";

fn to_toml(value: &impl serde::Serialize) -> String {
    toml::to_string_pretty(value).expect("a network's files have a TOML form")
}

fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| Failure::file(path, error))
}

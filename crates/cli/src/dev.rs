//! `scrip dev` and `scrip node`: one node in this process.

use crate::{
    failure::Failure,
    network::{self, Network, Site},
    output::{Output, facts},
    process,
    roles::{self, ROLES},
};
use client::DEV_MNEMONIC;
use node::{NodeConfig, NodeFile, Running};
use serde_json::{Value, json};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};
use tokio::sync::oneshot;

/// Start a chain for development: ready in a second, ten wallets with names.
#[derive(clap::Args)]
#[command(after_help = process::LOG_HELP)]
pub(crate) struct Dev {
    /// Keep the chain here, and go on with it at the next start; without it the chain is gone at the end
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// Where wallets and libraries connect
    #[arg(long, default_value_t = 8545)]
    port: u16,
    /// Where metrics, health and readiness are answered
    #[arg(long, default_value_t = 9545)]
    metrics_port: u16,
    /// The address to listen on; anyone who can reach it can use the chain
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Stop when the process that started this one ends
    #[arg(long, hide = true)]
    with_parent: bool,
}

impl Dev {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        process::log("warn,commonware_storage=error")?;
        if self.with_parent {
            process::stop_with_parent()?;
        }
        // Dropped, and with it removed, when the chain stops.
        let mut temporary = None;
        let folder = match &self.data_dir {
            Some(folder) => folder.clone(),
            None => {
                let made = tempfile::Builder::new().prefix("scrip-dev-").tempdir();
                let made = made.map_err(|error| Failure::file(&std::env::temp_dir(), error))?;
                temporary.insert(made).path().to_owned()
            }
        };
        let network = match network::is_there(&folder) {
            true => network::read(&folder)?,
            false => self.create(&folder)?,
        };
        let [file] = &network.nodes[..] else {
            let why = "this is a network of several validators; run its nodes with `scrip node`";
            return Err(Failure::input(folder.display(), why));
        };
        let mut config = NodeFile::load(file)?;
        if let Some(rpc) = &mut config.rpc {
            rpc.listen = SocketAddr::new(self.host, self.port);
            rpc.monitor = Some(SocketAddr::new(self.host, self.metrics_port));
        }
        let kept = self.data_dir.as_deref();
        let key = network.key()?;
        run(config, |running| {
            let value = description(&network, &key, &running, kept);
            output.result(&value, || banner(&network, &key, &running, kept));
        })
    }

    fn create(&self, folder: &Path) -> Result<Network, Failure> {
        let site = Site {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            address: String::new(),
            rpc: SocketAddr::new(self.host, self.port),
            metrics: Some(SocketAddr::new(self.host, self.metrics_port)),
        };
        network::write(folder, roles::genesis(process::now()?), &[site])
    }
}

/// `scrip node`: runs one node of a network until it is told to stop.
pub(crate) fn run_node(config: &Path, with_parent: bool, output: &Output) -> Result<(), Failure> {
    process::log("info")?;
    if with_parent {
        process::stop_with_parent()?;
    }
    let config = NodeFile::load(config)?;
    run(config, |running| {
        let value = json!({ "rpc": url(&running), "metrics": running.metrics });
        output.result(&value, || format!("ready: JSON-RPC on {}", url(&running)));
    })
}

/// Runs a node in this thread until the process is told to stop.
fn run(config: NodeConfig, ready: impl FnOnce(Running) + Send) -> Result<(), Failure> {
    let (sender, receiver) = oneshot::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // An error means that the node did not start: its own error says why.
            if let Ok(running) = receiver.blocking_recv() {
                ready(running);
            }
        });
        Ok(node::run(config, sender, node::terminated())?)
    })
}

fn url(running: &Running) -> String {
    running.rpc.map_or("no port".into(), |address| format!("http://{address}"))
}

fn description(network: &Network, key: &str, running: &Running, kept: Option<&Path>) -> Value {
    let wallets = roles::wallets();
    let wallets = ROLES.iter().zip(&wallets).enumerate().map(|(place, (role, wallet))| {
        json!({
            "place": place,
            "name": role.name,
            "purpose": role.purpose,
            "person": roles::person(place),
            "address": wallet.address(),
            "private_key": wallet.private_key(),
        })
    });
    json!({
        "rpc": url(running),
        "metrics": running.metrics,
        "chain_id": network.genesis.chain_id,
        "genesis_hash": network.genesis.hash(),
        "network_key": key,
        "data_dir": kept,
        "mnemonic": DEV_MNEMONIC,
        "wallets": wallets.collect::<Vec<_>>(),
    })
}

fn banner(network: &Network, key: &str, running: &Running, kept: Option<&Path>) -> String {
    let wallets = roles::wallets();
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        "Scrip {version}: a chain for development\n\nWallets (everyone knows their keys: never use them elsewhere)\n"
    );
    for (place, (role, wallet)) in ROLES.iter().zip(&wallets).enumerate() {
        let (name, address, purpose) = (role.name, wallet.address(), role.purpose);
        text += &format!("({place}) {address}  {name:<8}  {purpose}\n");
    }
    text += "\nPrivate keys\n";
    for (place, wallet) in wallets.iter().enumerate() {
        text += &format!("({place}) {}\n", wallet.private_key());
    }
    let metrics = running.metrics.map_or("none".into(), |at| format!("http://{at}/metrics"));
    text += "\n";
    text += &facts([
        ("Mnemonic", DEV_MNEMONIC.into()),
        ("Derivation", "m/44'/60'/0'/0/(place)".into()),
        ("Chain id", network.genesis.chain_id.to_string()),
        ("Genesis", network.genesis.hash().to_string()),
        ("Network key", key.to_owned()),
        ("Data", kept.map_or("gone when the chain stops".into(), |at| at.display().to_string())),
        ("JSON-RPC", format!("{} (HTTP and WebSocket)", url(running))),
        ("Metrics", metrics),
    ]);
    text += "\nTry: scrip status, scrip person show alice. Stop with Ctrl-C.";
    text
}

//! `scrip testnet`: several validators on this machine, each a process of its own.

use crate::{
    failure::Failure,
    network::{self, Network, Site},
    output::{Output, facts, table},
    process::{self, NodeProcess},
    roles,
};
use serde_json::json;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// Run a network of several validators on this machine, each in its own process.
#[derive(clap::Args)]
#[command(after_help = process::LOG_HELP)]
pub(crate) struct Testnet {
    /// How many validators; four is the least that may lose one
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=32))]
    nodes: u16,
    /// Where the network is kept, and gone on with at the next start
    #[arg(long, default_value = "data/testnet", value_name = "FOLDER")]
    data_dir: PathBuf,
    /// The first validator's port for wallets and libraries; the others have the next ones
    #[arg(long, default_value_t = 8545)]
    port: u16,
    /// The first validator's port for metrics
    #[arg(long, default_value_t = 9545)]
    metrics_port: u16,
    /// The first validator's port for the others
    #[arg(long, default_value_t = 7545)]
    peer_port: u16,
}

/// How often it is looked whether a node ended, and how long it rests before it is started again.
const LOOK: Duration = Duration::from_millis(200);
const REST: Duration = Duration::from_secs(1);

impl Testnet {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        let sites = sites(self.nodes, self.peer_port, self.port, self.metrics_port)?;
        let network = open(&self.data_dir, &sites)?;
        if network.nodes.len() != usize::from(self.nodes) {
            let why = format!(
                "the network in {} has {} validators; give that number, or another --data-dir",
                self.data_dir.display(),
                network.nodes.len()
            );
            return Err(Failure::input("--nodes", why));
        }
        let mut nodes = start(&network)?;
        let key = network.key()?;
        let row = |(place, node): (usize, &NodeProcess)| (place + 1, node.url.clone(), node.id());
        let rows: Vec<_> = nodes.iter().enumerate().map(row).collect();
        let value = json!({
            "chain_id": network.genesis.chain_id,
            "genesis_hash": network.genesis.hash(),
            "network_key": key,
            "data_dir": self.data_dir,
            "nodes": rows.iter().map(|(node, rpc, process)| json!({ "node": node, "rpc": rpc, "process": process })).collect::<Vec<_>>(),
        });
        output.result(&value, || {
            let rows = rows.iter().map(|(node, rpc, process)| {
                vec![node.to_string(), rpc.clone(), process.to_string()]
            });
            let about = facts([
                ("Chain id", network.genesis.chain_id.to_string()),
                ("Network key", key),
                ("Data", self.data_dir.display().to_string()),
            ]);
            let rows = table(&["node", "json-rpc", "process"], rows);
            format!(
                "A network of {} validators. Wallets are those of `scrip dev`.\n\n{rows}\n{about}\n\
                 A node that ends, even by kill -9, is started again. Stop with Ctrl-C.",
                self.nodes
            )
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::Machine(error.to_string()))?;
        runtime.block_on(async {
            tokio::select! {
                () = node::terminated() => Ok(()),
                failure = supervise(&network, &mut nodes, output) => Err(failure),
            }
        })
    }
}

/// Starts nodes again that ended. Ends only if one cannot be started.
async fn supervise(network: &Network, nodes: &mut [NodeProcess], output: &Output) -> Failure {
    loop {
        tokio::time::sleep(LOOK).await;
        for (place, node) in nodes.iter_mut().enumerate() {
            let Some(status) = node.ended() else { continue };
            output.note(format!("node {} ended ({status}); it is started again", place + 1));
            if status.code().is_some_and(|code| code != 0) {
                return node.failure();
            }
            tokio::time::sleep(REST).await;
            match spawn(&network.nodes[place]) {
                Ok(again) => *node = again,
                Err(failure) => return failure,
            }
        }
    }
}

/// The validators' places on this machine, at ports that follow each other.
pub(crate) fn sites(
    nodes: u16,
    peer_port: u16,
    port: u16,
    metrics_port: u16,
) -> Result<Vec<Site>, Failure> {
    let at = |flag: &str, first: u16, place: u16| match first.checked_add(place) {
        Some(port) => Ok(SocketAddr::from(([127, 0, 0, 1], port))),
        None => Err(Failure::input(flag, "the last validator's port would be above 65535")),
    };
    let site = |place| {
        let listen = at("--peer-port", peer_port, place)?;
        Ok(Site {
            listen,
            address: listen.to_string(),
            rpc: at("--port", port, place)?,
            metrics: Some(at("--metrics-port", metrics_port, place)?),
        })
    };
    (0..nodes).map(site).collect()
}

/// Goes on with the network in a folder, or makes one there.
pub(crate) fn open(folder: &Path, sites: &[Site]) -> Result<Network, Failure> {
    if network::is_there(folder) {
        return network::read(folder);
    }
    network::write(folder, roles::genesis(process::now()?), sites)
}

/// Starts all nodes, and waits until each is ready.
pub(crate) fn start(network: &Network) -> Result<Vec<NodeProcess>, Failure> {
    // All first: none is ready before enough of them run.
    let mut nodes = network.nodes.iter().map(|file| spawn(file)).collect::<Result<Vec<_>, _>>()?;
    nodes.iter_mut().try_for_each(NodeProcess::await_ready)?;
    Ok(nodes)
}

fn spawn(file: &Path) -> Result<NodeProcess, Failure> {
    let config = file.display().to_string();
    let arguments = ["--json", "node", "--with-parent", "--config", &config];
    NodeProcess::spawn(&arguments, &file.with_file_name("node.log"))
}

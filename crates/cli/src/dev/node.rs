//! A whole node in this process: of a development network of one, or of any network.

use super::{Dev, told::Told};
use crate::{
    failure::Failure,
    network::{self, Network, Site},
    output::Output,
    process, roles,
};
use node::{NodeConfig, NodeFile, Running};
use serde_json::json;
use std::{net::SocketAddr, path::Path};
use tokio::sync::oneshot;

/// `scrip dev --data-dir`
pub(super) fn run(dev: &Dev, folder: &Path, output: &Output) -> Result<(), Failure> {
    let network = match network::is_there(folder) {
        true => network::read(folder)?,
        false => create(dev, folder)?,
    };
    let [file] = &network.nodes[..] else {
        let why = "this is a network of several validators; run its nodes with `scrip node`";
        return Err(Failure::input(folder.display(), why));
    };
    let mut config = NodeFile::load(file)?;
    if let Some(rpc) = &mut config.rpc {
        rpc.listen = dev.rpc();
        rpc.monitor = Some(dev.metrics());
        rpc.client_version = dev.client_version();
    }
    let told = Told {
        network_key: Some(network.key()?),
        genesis: network.genesis,
        kept: Some(folder.to_owned()),
        was_reset: false,
    };
    supervise(config, |running| {
        if let Some(rpc) = running.rpc {
            told.tell(rpc, running.metrics, output);
        }
    })
}

fn create(dev: &Dev, folder: &Path) -> Result<Network, Failure> {
    let site = Site {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        address: String::new(),
        rpc: dev.rpc(),
        metrics: Some(dev.metrics()),
    };
    network::write(folder, roles::genesis(process::now()?), &[site])
}

/// `scrip node`: runs one node of a network until it is told to stop.
pub(crate) fn run_node(config: &Path, with_parent: bool, output: &Output) -> Result<(), Failure> {
    process::log("info")?;
    if with_parent {
        process::stop_with_parent()?;
    }
    let config = NodeFile::load(config)?;
    supervise(config, |running| {
        let url = running.rpc.map_or("no port".into(), |address| format!("http://{address}"));
        let value = json!({ "rpc": url, "metrics": running.metrics });
        output.result(&value, || format!("ready: JSON-RPC on {url}"));
    })
}

/// Runs a node in this thread until the process is told to stop.
fn supervise(config: NodeConfig, ready: impl FnOnce(Running) + Send) -> Result<(), Failure> {
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

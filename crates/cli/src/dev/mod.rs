//! `scrip dev`: a chain for development, on a workbench, or as a whole node with consensus.

mod bench;
mod file;
mod node;
mod told;

pub(crate) use node::run_node;

use crate::{failure::Failure, output::Output, process};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

/// Start a chain for development: ready at once, ten wallets with names.
#[derive(clap::Args)]
#[command(after_help = process::LOG_HELP)]
pub(crate) struct Dev {
    /// Keep nothing: the chain is in memory, and gone when it stops
    #[arg(long, conflicts_with_all = ["state", "reset", "data_dir"])]
    ephemeral: bool,
    /// Go on with the chain in this file if it is there, and write it there at the end
    /// [default: ~/.scrip/dev/PORT.state]
    #[arg(long, value_name = "FILE", conflicts_with = "data_dir")]
    state: Option<PathBuf>,
    /// Begin anew, with a new chain id: wallets remember nonces by chain id
    #[arg(long, conflicts_with = "data_dir")]
    reset: bool,
    /// Run a whole node instead, with consensus and proofs, its chain kept in this folder; there is no way
    /// back there, as what is final stays
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// The chain id of a new chain [default: 31337, or a new one after --reset]
    #[arg(long, value_name = "ID", conflicts_with = "data_dir")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=4_503_599_627_370_476))]
    chain_id: Option<u64>,
    /// Accounts of a new chain: the ten with names, and investors
    #[arg(long, value_name = "COUNT", conflicts_with_all = ["data_dir", "strict"])]
    #[arg(value_parser = clap::value_parser!(u16).range(10..=1_000))]
    accounts: Option<u16>,
    /// Make a block every so many seconds, instead of one for each transaction
    #[arg(long, value_name = "SECONDS", conflicts_with = "data_dir")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=86_400))]
    block_time: Option<u64>,
    /// Refuse strangers as a network does, and give no more fuel than one; without it whoever sends a
    /// transaction becomes a verified person
    #[arg(long, conflicts_with = "data_dir")]
    strict: bool,
    /// Say to clients that this is another development node, where they insist on one
    #[arg(long, value_name = "NODE")]
    compat: Option<Compat>,
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

/// A node that clients insist on.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Compat {
    /// Foundry's
    Anvil,
    /// Hardhat's
    Hardhat,
}

impl Dev {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        process::log("warn,commonware_storage=error")?;
        if self.with_parent {
            process::stop_with_parent()?;
        }
        match &self.data_dir {
            Some(folder) => node::run(self, folder, output),
            None => bench::run(self, output),
        }
    }

    fn rpc(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }

    fn metrics(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.metrics_port)
    }

    /// What `web3_clientVersion` says.
    fn client_version(&self) -> String {
        let ours = format!("scrip/v{}", env!("CARGO_PKG_VERSION"));
        match self.compat {
            None => ours,
            Some(Compat::Anvil) => format!("anvil/1.7.1 ({ours})"),
            Some(Compat::Hardhat) => format!("HardhatNetwork/2.29.1 ({ours})"),
        }
    }
}

//! `scrip init`: a network's files from a genesis file.

use crate::{
    failure::Failure,
    network::{self, Site},
    output::{Output, facts},
    roles,
};
use chain::Genesis;
use serde_json::json;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};
use types::{Date, Time};

/// Prepare a network from a genesis file: keys, committee, a folder per validator.
#[derive(clap::Args)]
pub(crate) struct Init {
    /// The genesis file, TOML; `scrip init --example` prints one to start from
    #[arg(required_unless_present = "example")]
    genesis: Option<PathBuf>,
    /// Where the network's files go; must be empty or absent
    #[arg(long, value_name = "FOLDER", required_unless_present = "example")]
    out: Option<PathBuf>,
    /// Where a validator is found by the others, HOST:PORT; once per validator
    #[arg(long = "validator", value_name = "HOST:PORT", default_value = "127.0.0.1:7545")]
    validators: Vec<String>,
    /// Where each validator answers clients; on one host they need different ports, see node.toml
    #[arg(long, default_value_t = SocketAddr::from(([127, 0, 0, 1], 8545)), value_name = "IP:PORT")]
    listen_rpc: SocketAddr,
    /// Where each validator answers about metrics, health and readiness; nowhere without it
    #[arg(long, value_name = "IP:PORT")]
    listen_metrics: Option<SocketAddr>,
    /// Print a genesis file with the ten development wallets, and write nothing
    #[arg(long)]
    example: bool,
}

impl Init {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        let (Some(genesis), Some(out)) = (&self.genesis, &self.out) else {
            let start = Date::of(2026, 1, 1).map_or(Time(0), Date::start);
            let example = roles::genesis(start);
            output.result(&example, || example.to_toml());
            return Ok(());
        };
        let text = std::fs::read_to_string(genesis).map_err(|e| Failure::file(genesis, e))?;
        let parsed = Genesis::from_toml(&text);
        let parsed = parsed.map_err(|error| Failure::input(genesis.display(), error))?;
        let sites = self.validators.iter().map(|text| self.site(text));
        let network = network::write(out, parsed, &sites.collect::<Result<Vec<_>, _>>()?)?;
        let (hash, key) = (network.genesis.hash(), network.key()?);
        let value = json!({
            "genesis_hash": hash,
            "network_key": key,
            "folder": out,
            "nodes": network.nodes,
        });
        output.result(&value, || {
            let first = network.nodes.first().map(|node| node.display().to_string());
            facts([
                ("genesis", hash.to_string()),
                ("network key", key),
                ("written to", out.display().to_string()),
                ("start with", format!("scrip node --config {}", first.unwrap_or_default())),
            ]) + "\nEach validator needs its own folder and the two files above it, and nobody else's folder.\n"
        });
        Ok(())
    }

    fn site(&self, text: &str) -> Result<Site, Failure> {
        let wrong = || {
            let why = format!("\"{text}\" is not HOST:PORT, as in 10.0.0.1:7545 or a.example:7545");
            Failure::input("--validator", why)
        };
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let port: u16 = port.parse().map_err(|_| wrong())?;
        if host.is_empty() || port == 0 {
            return Err(wrong());
        }
        let is_here = host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        let ip = if is_here { Ipv4Addr::LOCALHOST } else { Ipv4Addr::UNSPECIFIED };
        Ok(Site {
            listen: SocketAddr::new(ip.into(), port),
            address: text.to_owned(),
            rpc: self.listen_rpc,
            metrics: self.listen_metrics,
        })
    }
}

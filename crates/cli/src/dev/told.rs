//! What a development chain says when it is ready.

use crate::{
    output::{Output, facts},
    roles::{self, ROLES},
};
use chain::Genesis;
use client::{DEV_MNEMONIC, Wallet};
use serde_json::{Value, json};
use std::{net::SocketAddr, path::PathBuf};

/// What is known of a chain before its ports are.
pub(super) struct Told {
    pub(super) genesis: Genesis,
    /// The key that proofs are checked with, where there are any.
    pub(super) network_key: Option<String>,
    /// Where it is kept.
    pub(super) kept: Option<PathBuf>,
    /// True if it was begun anew on purpose.
    pub(super) was_reset: bool,
}

const WHY_ANOTHER_ID: &str =
    "wallets remember nonces by chain id, and would refuse to count from 0 again";

/// Wallets that are listed one by one; of more, the last.
const LISTED: usize = 20;

impl Told {
    /// Says it, once clients may come.
    pub(super) fn tell(&self, rpc: SocketAddr, metrics: Option<SocketAddr>, output: &Output) {
        let wallets = roles::some_wallets(self.genesis.identity.persons.len());
        output.result(&self.value(&wallets, rpc, metrics), || self.text(&wallets, rpc, metrics));
    }

    fn value(&self, wallets: &[Wallet], rpc: SocketAddr, metrics: Option<SocketAddr>) -> Value {
        let wallet = |(place, wallet): (usize, &Wallet)| {
            let (name, purpose) = described(place);
            json!({
                "place": place,
                "name": name,
                "purpose": purpose,
                "person": roles::person(place),
                "address": wallet.address(),
                "private_key": wallet.private_key(),
            })
        };
        json!({
            "rpc": format!("http://{rpc}"),
            "metrics": metrics,
            "chain_id": self.genesis.chain_id,
            "genesis_hash": self.genesis.hash(),
            "network_key": self.network_key,
            "data_dir": self.kept,
            "mnemonic": DEV_MNEMONIC,
            "reset": self.was_reset.then_some(WHY_ANOTHER_ID),
            "wallets": wallets.iter().enumerate().map(wallet).collect::<Vec<_>>(),
        })
    }

    fn text(&self, wallets: &[Wallet], rpc: SocketAddr, metrics: Option<SocketAddr>) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let mut text = format!(
            "Scrip {version}: a chain for development\n\nWallets (everyone knows their keys: never use them elsewhere)\n"
        );
        for (place, wallet) in wallets.iter().enumerate().take(LISTED) {
            let ((name, purpose), address) = (described(place), wallet.address());
            text += &format!("({place}) {address}  {name:<8}  {purpose}\n");
        }
        if wallets.len() > LISTED {
            text += &format!("… and so on to ({})\n", wallets.len() - 1);
        }
        text += "\nPrivate keys\n";
        for (place, wallet) in wallets.iter().enumerate().take(LISTED) {
            text += &format!("({place}) {}\n", wallet.private_key());
        }
        let mut chain_id = self.genesis.chain_id.to_string();
        if self.was_reset {
            chain_id += &format!("  (begun anew with another id: {WHY_ANOTHER_ID})");
        }
        let kept = self.kept.as_ref();
        let kept = kept.map_or("gone when the chain stops".into(), |at| at.display().to_string());
        let no_proofs = "none: this chain has no consensus and proves nothing, see --data-dir";
        let metrics = metrics.map_or("none".into(), |at| format!("http://{at}/metrics"));
        text += "\n";
        text += &facts([
            ("Mnemonic", DEV_MNEMONIC.into()),
            ("Derivation", "m/44'/60'/0'/0/(place)".into()),
            ("Chain id", chain_id),
            ("Genesis", self.genesis.hash().to_string()),
            ("Network key", self.network_key.clone().unwrap_or_else(|| no_proofs.into())),
            ("Data", kept),
            ("JSON-RPC", format!("http://{rpc} (HTTP and WebSocket)")),
            ("Metrics", metrics),
        ]);
        text += "\nTry: scrip status, scrip person show alice. Stop with Ctrl-C.";
        text
    }
}

/// Name and purpose of a wallet.
fn described(place: usize) -> (String, &'static str) {
    match ROLES.get(place) {
        Some(role) => (role.name.to_owned(), role.purpose),
        None => (format!("({place})"), roles::INVESTOR),
    }
}

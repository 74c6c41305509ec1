//! `scrip proof` and `scrip verify-proof`: records of the chain that anyone can check alone.

use crate::{
    access::Access,
    failure::Failure,
    output::Output,
    party::{self, Party},
    record::{self, Named},
};
use alloy_primitives::Address;
use clap::Subcommand;
use client::Client;
use engine::{Bundle, NetworkKey, light};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use types::{ClassId, Effect, PersonId};

/// Fetch a proof of a record of the chain, to keep or pass on.
#[derive(Subcommand)]
pub(crate) enum Proof {
    /// What an account has of an asset, or that it has nothing
    Position {
        /// An asset's number, token address or ISIN
        asset: String,
        /// A wallet, an account as 12/0, a person's number, or the name of a key
        who: String,
        /// Of which class
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        class: u32,
        #[command(flatten)]
        out: Out,
    },
    /// A person and what is attested about it
    Person {
        /// A wallet, a person's number, or the name of a key
        who: String,
        #[command(flatten)]
        out: Out,
    },
    /// An asset and the rules in force
    Asset {
        /// An asset's number, token address or ISIN
        asset: String,
        #[command(flatten)]
        out: Out,
    },
    /// What a transaction did
    Transaction {
        /// Its hash
        tx: types::B256,
        /// One of its events, counted from 0; without it, the transaction's outcome
        #[arg(long)]
        event: Option<u32>,
        #[command(flatten)]
        out: Out,
    },
}

/// Where the proof goes.
#[derive(clap::Args)]
pub(crate) struct Out {
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// A proof as a file: what it is about in names, and the bundle that shows it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofFile {
    /// The records, by table and key: their hashes are what the bundle speaks of.
    #[serde(default)]
    pub(crate) about: Vec<Named>,
    /// The proof.
    pub(crate) bundle: Bundle,
}

impl Proof {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let named = |who: &str| Party::read("WHO", who, access, &client);
        let (file, out) = match self {
            Self::Position { asset, who, class, out } => {
                let asset = party::asset(asset, &client).await?;
                let who = named(who)?;
                let account = who.account("WHO", &client).await?;
                let wallet = who.wallet("WHO", &client).await?;
                (position(&client, asset, ClassId(*class), account, wallet).await?, out)
            }
            Self::Person { who, out } => {
                let person: PersonId = named(who)?.person("WHO", &client).await?;
                let about = vec![
                    Named::of(&identity::PERSONS, &person),
                    Named::of(&identity::CLAIMS, &person),
                ];
                (fetch(&client, about).await?, out)
            }
            Self::Asset { asset, out } => {
                let asset = party::asset(asset, &client).await?;
                let about = vec![
                    Named::of(&ledger::ASSETS, &asset),
                    Named::of(&compliance::POLICIES, &asset),
                ];
                (fetch(&client, about).await?, out)
            }
            Self::Transaction { tx, event, out } => {
                let mut params = json!({ "tx": tx });
                if let Some(event) = event {
                    params["event"] = json!(event);
                }
                let answer = client.rpc().call("scrip_getEffectProof", params).await?;
                (ProofFile { about: Vec::new(), bundle: bundle(answer)? }, out)
            }
        };
        save(&file, &out.out)?;
        let network: Value = client.rpc().call("scrip_networkInfo", json!([])).await?;
        let key = network["network_key"].as_str();
        let key = key.ok_or_else(|| client::Error::Unreadable {
            what: "scrip_networkInfo".into(),
            why: "it has no network_key".into(),
        })?;
        let value = json!({ "file": out.out, "network_key": key });
        output.result(&value, || {
            let file = out.out.display();
            format!(
                "written to {file}\nAnyone can check it, without a connection:\n  scrip verify-proof {file} --network-key {key}\n\
                 The key is worth as much as who tells it: get it from someone you trust."
            )
        });
        Ok(())
    }
}

/// Proves what an account has of an asset, and which account the wallet owns.
pub(crate) async fn position(
    client: &Client,
    asset: types::AssetId,
    class: ClassId,
    account: types::AccountId,
    wallet: Address,
) -> Result<ProofFile, Failure> {
    let about = vec![
        Named::of(&ledger::POSITIONS, &(asset, class, account)),
        Named::of(&identity::WALLETS, &wallet),
    ];
    fetch(client, about).await
}

/// Writes a proof where it is kept.
pub(crate) fn save(file: &ProofFile, path: &Path) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(file).expect("a proof has a JSON form");
    std::fs::write(path, text).map_err(|error| Failure::file(path, error))
}

async fn fetch(client: &Client, about: Vec<Named>) -> Result<ProofFile, Failure> {
    let keys: Vec<_> = about.iter().map(Named::record_key).collect();
    let answer = client.rpc().call("scrip_getProof", json!({ "keys": keys })).await?;
    Ok(ProofFile { about, bundle: bundle(answer)? })
}

fn bundle(mut answer: Value) -> Result<Bundle, Failure> {
    let bundle = serde_json::from_value(answer["bundle"].take());
    bundle.map_err(|error| {
        let (what, why) = ("the proof".to_owned(), error.to_string());
        Failure::Client(client::Error::Unreadable { what, why })
    })
}

/// Check a proof with nothing but the network's public key. Needs no connection.
#[derive(clap::Args)]
pub(crate) struct VerifyProof {
    /// The proof, as `scrip proof` writes it
    file: PathBuf,
    /// The network's public key, 192 hex digits, from someone you trust
    #[arg(long, value_name = "HEX")]
    network_key: String,
}

impl VerifyProof {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        let key: NetworkKey =
            self.network_key.parse().map_err(|error| Failure::input("--network-key", error))?;
        let text = std::fs::read(&self.file).map_err(|error| Failure::file(&self.file, error))?;
        let file: ProofFile = serde_json::from_slice(&text)
            .map_err(|error| Failure::input(self.file.display(), error))?;
        let verified = light::verify(&file.bundle, &key);
        let verified = verified.map_err(|error| Failure::Unproved(error.to_string()))?;
        let told: Vec<_> = verified
            .records
            .iter()
            .map(|(key, stored)| record::tell(key, stored.as_deref(), &file.about))
            .collect::<Result<_, _>>()?;
        let header = &verified.header;
        let value = json!({
            "proved": true,
            "shard": header.shard,
            "block": { "number": header.height, "hash": verified.hash, "time": header.time },
            "records": told,
            "effects": verified.effects.iter().map(tell_effect).collect::<Vec<_>>(),
        });
        output.result(&value, || {
            let mut words = format!(
                "proved: a quorum of the network's validators signed this\nas of block {} ({}), {}\n",
                header.height, header.time, verified.hash
            );
            for record in &told {
                words += &record::sentence(record);
            }
            for effect in &verified.effects {
                words += &format!("{}\n", tell_effect(effect));
            }
            words
        });
        Ok(())
    }
}

fn tell_effect(effect: &Effect) -> Value {
    match effect {
        Effect::Head { tx, sender, outcome, gas_used, .. } => {
            let (status, reason) = match outcome {
                types::Outcome::Done(_) => ("done", None),
                types::Outcome::Refused(data) => ("refused", evm::reason_of(data)),
                types::Outcome::Halted(why) => ("halted", Some(why.clone())),
            };
            json!({ "tx": tx, "sender": sender, "status": status, "reason": reason, "gas_used": gas_used })
        }
        Effect::Event { tx, index, event } => {
            json!({ "tx": tx, "index": index, "event": evm::decode_event(event) })
        }
    }
}

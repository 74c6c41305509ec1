//! `scrip keys`: web3 keystores, encrypted; plain text only when asked for by name.

use crate::{
    access::Access,
    failure::Failure,
    output::{Output, facts, table},
};
use clap::Subcommand;
use client::{Wallet, keystore_address, read_keystore, write_keystore};
use serde_json::json;
use std::{
    io::{IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};

/// Keep keys: web3 keystores (version 3), encrypted with a password.
#[derive(Subcommand)]
pub(crate) enum Keys {
    /// Make a new key
    New {
        /// Its name
        name: String,
    },
    /// Keep a key that exists: a private key from standard input, or one of a mnemonic
    Import {
        /// Its name here
        name: String,
        /// Standard input is a mnemonic; this is the wallet's place m/44'/60'/0'/0/PLACE
        #[arg(long, value_name = "PLACE")]
        mnemonic: Option<u32>,
    },
    /// The keys there are
    List,
    /// The address of a key
    Address {
        /// Its name
        name: String,
    },
    /// Print a private key
    Export {
        /// Its name
        name: String,
        /// Yes, print it where anyone who looks can read it
        #[arg(long, required = true)]
        plain_text: bool,
    },
}

impl Keys {
    pub(crate) fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let folder = access.keystore()?;
        match self {
            Self::New { name } => keep(&folder, name, &Wallet::random(), access, output),
            Self::Import { name, mnemonic } => {
                let secret = secret_input()?;
                let wallet = match mnemonic {
                    Some(place) => Wallet::from_mnemonic(secret.trim(), *place),
                    None => Wallet::from_key(&secret),
                };
                let wallet = wallet.map_err(|error| Failure::input("standard input", error))?;
                keep(&folder, name, &wallet, access, output)
            }
            Self::List => list(&folder, output),
            Self::Address { name } => {
                let path = existing(&folder, name)?;
                let address = match keystore_address(&path)? {
                    Some(address) => address,
                    None => read_keystore(&path, &access.password()?)?.address(),
                };
                output.result(&json!({ "name": name, "address": address }), || address.to_string());
                Ok(())
            }
            Self::Export { name, .. } => {
                let wallet = read_keystore(&existing(&folder, name)?, &access.password()?)?;
                let key = wallet.private_key();
                let value =
                    json!({ "name": name, "address": wallet.address(), "private_key": key });
                output.result(&value, || key.to_string());
                Ok(())
            }
        }
    }
}

/// The file of a key. Names are single words, so that none leads out of the folder.
pub(crate) fn path_of(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    match !name.is_empty() && name.len() <= 64 && name.bytes().all(is_word) {
        true => Ok(folder.join(format!("{name}.json"))),
        false => Err(Failure::input(
            "NAME",
            format!("\"{name}\": a key's name is 1 to 64 letters, digits, - and _"),
        )),
    }
}

fn existing(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let path = path_of(folder, name)?;
    match path.exists() {
        true => Ok(path),
        false => Err(Failure::input(
            "NAME",
            format!("no key {name} in {}; see `scrip keys list`", folder.display()),
        )),
    }
}

fn keep(
    folder: &Path,
    name: &str,
    wallet: &Wallet,
    access: &Access,
    output: &Output,
) -> Result<(), Failure> {
    path_of(folder, name)?;
    let path = write_keystore(folder, name, wallet, &access.new_password()?)?;
    let value = json!({ "name": name, "address": wallet.address(), "file": path });
    output.result(&value, || {
        facts([("address", wallet.address().to_string()), ("kept in", path.display().to_string())])
    });
    Ok(())
}

fn list(folder: &Path, output: &Output) -> Result<(), Failure> {
    let mut keys = Vec::new();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    for entry in entries.map_err(|error| Failure::file(folder, error))? {
        let path = entry.path();
        // Other files may lie here; keystores of other tools are shown, too.
        if let Ok(address) = keystore_address(&path)
            && let Some(name) = path.file_stem()
        {
            keys.push((name.to_string_lossy().into_owned(), address));
        }
    }
    keys.sort();
    let value: Vec<_> =
        keys.iter().map(|(name, address)| json!({ "name": name, "address": address })).collect();
    output.result(&value, || match keys.is_empty() {
        true => format!("no keys in {}; make one with `scrip keys new NAME`", folder.display()),
        false => table(
            &["name", "address"],
            keys.iter().map(|(name, address)| {
                vec![name.clone(), address.map_or("not told".into(), |address| address.to_string())]
            }),
        ),
    });
    Ok(())
}

/// A secret never comes as an argument: those are seen by every process and kept by the shell.
fn secret_input() -> Result<String, Failure> {
    let input = std::io::stdin();
    let wrong = |error: std::io::Error| Failure::input("standard input", error);
    if input.is_terminal() {
        return rpassword::prompt_password("Secret (not shown): ").map_err(wrong);
    }
    let mut text = String::new();
    input.take(4_096).read_to_string(&mut text).map_err(wrong)?;
    Ok(text)
}

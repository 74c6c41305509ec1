//! How a command reaches a chain, and with whose key it signs.

use crate::{failure::Failure, keys, party, roles};
use clap::Args;
use client::{Client, Wallet, read_keystore};
use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

/// Where the chain is, and where keys are.
#[derive(Args)]
pub(crate) struct Access {
    /// The node to ask
    #[arg(
        long,
        global = true,
        env = "SCRIP_RPC",
        default_value = "http://127.0.0.1:8545",
        value_name = "URL"
    )]
    rpc: String,
    /// The folder of encrypted keys [default: ~/.scrip/keys]
    #[arg(long, global = true, env = "SCRIP_KEYS", value_name = "FOLDER")]
    keystore: Option<PathBuf>,
    /// Read the password from a file instead of asking for it
    #[arg(long, global = true, env = "SCRIP_PASSWORD_FILE", value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Access {
    /// Connects to the node.
    pub(crate) async fn client(&self) -> Result<Client, Failure> {
        Ok(Client::connect(&self.rpc).await?)
    }

    /// Where keys are.
    pub(crate) fn keystore(&self) -> Result<PathBuf, Failure> {
        if let Some(folder) = &self.keystore {
            return Ok(folder.clone());
        }
        let home = std::env::home_dir().ok_or_else(|| {
            Failure::input("--keystore", "there is no home directory; name the folder")
        })?;
        Ok(home.join(".scrip").join("keys"))
    }

    /// The wallet that signs: a key by its name or file, or on a development chain one of the ten.
    pub(crate) fn wallet(&self, client: &Client, name: &str) -> Result<Wallet, Failure> {
        let path = match Path::new(name).extension() {
            Some(_) => PathBuf::from(name),
            None => keys::path_of(&self.keystore()?, name)?,
        };
        if path.exists() {
            return Ok(read_keystore(&path, &self.password()?)?);
        }
        if let Some(wallet) = roles::wallet(name) {
            return match roles::is_dev_chain(client.chain_id()) {
                true => Ok(wallet),
                false => Err(Failure::input("--from", party::only_on_dev(name))),
            };
        }
        let why = format!(
            "no key {name} in {}; see `scrip keys list`, or make one with `scrip keys new {name}`",
            self.keystore()?.display()
        );
        Err(Failure::input("--from", why))
    }

    /// The password of a key that exists.
    pub(crate) fn password(&self) -> Result<String, Failure> {
        self.given_password()?.map_or_else(|| ask("Password: "), Ok)
    }

    /// A password for a new key, asked for twice.
    pub(crate) fn new_password(&self) -> Result<String, Failure> {
        let password = match self.given_password()? {
            Some(password) => password,
            None => {
                let password = ask("New password: ")?;
                if ask("Once more: ")? != password {
                    return Err(Failure::Password(
                        "the two are different; nothing was written".into(),
                    ));
                }
                password
            }
        };
        match password.is_empty() {
            true => Err(Failure::Password("it is empty; a key is never kept without one".into())),
            false => Ok(password),
        }
    }

    fn given_password(&self) -> Result<Option<String>, Failure> {
        let Some(file) = &self.password_file else { return Ok(None) };
        let text = std::fs::read_to_string(file).map_err(|error| Failure::file(file, error))?;
        Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
    }
}

fn ask(prompt: &str) -> Result<String, Failure> {
    if !std::io::stdin().is_terminal() {
        let why = "there is no terminal to ask on; give --password-file";
        return Err(Failure::Password(why.into()));
    }
    rpassword::prompt_password(prompt).map_err(|error| Failure::Password(error.to_string()))
}

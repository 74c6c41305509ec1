//! `scrip recovery`: an account whose key is lost gets another wallet, and nothing moves.

use crate::{
    access::Access,
    desk::Desk,
    failure::Failure,
    output::{Output, table},
    view::text,
};
use clap::Subcommand;
use client::{Purpose, abi::IIdentity};
use serde_json::{Value, json};
use types::{Bytes, Date, Module, Time};

/// Accounts whose key is lost: consent, start, stop, finish, show.
#[derive(Subcommand)]
pub(crate) enum Recovery {
    /// Sign, with the new wallet, that it will own an account of the person; the provider needs the signature
    Consent {
        /// Whose account: a wallet, a person's number, or the name of a key
        who: String,
        /// The signature is good until the start of this day
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// The new wallet's key
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Attest, as the person's provider, that an account's key is lost and which wallet is to own it
    Start {
        /// The account: the lost wallet, an account as 12/0, or a person's number
        account: String,
        /// The new wallet
        #[arg(long)]
        wallet: String,
        /// The new wallet's signature, as `scrip recovery consent` makes it
        #[arg(long, value_name = "HEX")]
        consent: Bytes,
        /// The day that it was signed for
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// The provider's key
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Stop a recovery: the key is not lost, or the provider was wrong
    Cancel {
        /// The account: its wallet, an account as 12/0, or a person's number
        account: String,
        /// The key of the account's owner, or of the provider
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Bind the account to its new wallet, once the time to object is over; anyone may
    Complete {
        /// The account: the lost wallet, an account as 12/0, or a person's number
        account: String,
        /// Any key
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// The recoveries of a person's accounts that wait
    Show {
        /// A wallet, a person's number, or the name of a key
        who: String,
    },
}

impl Recovery {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        match self {
            Self::Consent { who, until, from } => {
                let person = desk.person("WHO", who).await?;
                let (wallet, deadline) = (desk.key(from)?, until.start());
                let consent = desk.client.consent(&wallet, person, Purpose::Recovery, deadline);
                let told = json!({
                    "person": person,
                    "wallet": wallet.address(),
                    "consent": consent,
                    "until": until.to_string(),
                });
                output.result(&told, || consent.to_string());
                Ok(())
            }
            Self::Start { account, wallet, consent, until, from } => {
                let call = IIdentity::startRecoveryCall {
                    account: desk.wallet("ACCOUNT", account).await?,
                    wallet: desk.wallet("--wallet", wallet).await?,
                    deadline: until.start().0,
                    consent: consent.clone(),
                };
                desk.act(from, desk.client.draft(Module::Identity, &call)).await
            }
            Self::Cancel { account, from } => {
                let account = desk.wallet("ACCOUNT", account).await?;
                let call = IIdentity::cancelRecoveryCall { account };
                desk.act(from, desk.client.draft(Module::Identity, &call)).await
            }
            Self::Complete { account, from } => {
                let account = desk.wallet("ACCOUNT", account).await?;
                let call = IIdentity::completeRecoveryCall { account };
                desk.act(from, desk.client.draft(Module::Identity, &call)).await
            }
            Self::Show { who } => show(&desk, who).await,
        }
    }
}

async fn show(desk: &Desk<'_>, who: &str) -> Result<(), Failure> {
    let params = json!({ "who": desk.party("WHO", who)?.to_json() });
    let person: Value = desk.client.rpc().call("scrip_getPerson", params).await?;
    let accounts = person["accounts"].as_array().cloned().unwrap_or_default();
    let waiting: Vec<Value> =
        accounts.into_iter().filter(|account| !account["recovery"].is_null()).collect();
    desk.output.result(&waiting, || match waiting.is_empty() {
        true => "no recovery waits".into(),
        false => {
            let row = |account: &Value| {
                let (id, recovery) = (&account["account"], &account["recovery"]);
                let ready = recovery["ready"].as_u64().map(|ms| Time(ms).to_string());
                vec![
                    format!("{}/{}", text(&id["person"]), text(&id["number"])),
                    text(&account["wallet"]),
                    text(&recovery["wallet"]),
                    format!("person {}", text(&recovery["provider"])),
                    ready.unwrap_or_default(),
                ]
            };
            table(
                &["account", "lost", "new wallet", "attested by", "ready"],
                waiting.iter().map(row),
            )
        }
    });
    Ok(())
}

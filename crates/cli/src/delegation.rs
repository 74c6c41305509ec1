//! `scrip delegation`: letting another wallet act for an account, and stopping it.

use crate::{
    access::Access,
    desk::Desk,
    failure::Failure,
    output::{Output, table},
    view::text,
};
use alloy_primitives::{Address, B256, keccak256};
use clap::{Subcommand, ValueEnum};
use client::{Log, abi::IIdentity};
use serde_json::{Value, json};
use types::{Date, Module, Time};

/// Letting other wallets act for an account: give, end, list, stop all.
#[derive(Subcommand)]
pub(crate) enum Delegation {
    /// Let a wallet act for one's account
    Grant {
        /// Which wallet
        wallet: String,
        /// What it may do
        #[arg(long = "may", value_enum, value_delimiter = ',', required = true)]
        operations: Vec<Operation>,
        /// With one asset only
        #[arg(long)]
        asset: Option<String>,
        /// For at most so many units in all
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        limit: u128,
        /// Until the start of this day
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// The key of the account's owner
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// End a delegation at once
    Revoke {
        /// Which wallet
        wallet: String,
        /// The key of the account's owner
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Who may act for an account
    List {
        /// A wallet, an account as 12/0, a person's number, or the name of a key
        who: String,
    },
    /// Stop all delegations of a person in an emergency, or let them go on
    Freeze {
        /// Whose: a wallet, a person's number, or the name of a key
        who: String,
        /// Let them go on
        #[arg(long)]
        lift: bool,
        /// The key of the person, or of its provider
        #[arg(long, value_name = "KEY")]
        from: String,
    },
}

/// What another wallet may do, by the bits of the interface.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Operation {
    Transfer = 1,
    Hold = 2,
}

impl Delegation {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        match self {
            Self::Grant { wallet, operations, asset, limit, until, from } => {
                let asset = match asset {
                    Some(asset) => desk.asset(asset).await?.0,
                    None => 0,
                };
                let call = IIdentity::delegateCall {
                    wallet: desk.wallet("WALLET", wallet).await?,
                    operations: operations.iter().fold(0, |all, one| all | *one as u32),
                    asset,
                    limit: *limit,
                    expires: until.start().0,
                };
                desk.act(from, desk.client.draft(Module::Identity, &call)).await
            }
            Self::Revoke { wallet, from } => {
                let wallet = desk.wallet("WALLET", wallet).await?;
                let call = IIdentity::revokeDelegationCall { wallet };
                desk.act(from, desk.client.draft(Module::Identity, &call)).await
            }
            Self::Freeze { who, lift, from } => {
                let person = desk.person("WHO", who).await?.0;
                let call = IIdentity::freezeDelegationsCall { person, frozen: !lift };
                desk.act(from, desk.client.draft(Module::Identity, &call)).await
            }
            Self::List { who } => list(&desk, who).await,
        }
    }
}

/// Every wallet that was ever let act for the account, asked for what it may now.
async fn list(desk: &Desk<'_>, who: &str) -> Result<(), Failure> {
    let owner = desk.wallet("WHO", who).await?;
    let account = desk.account("WHO", who).await?;
    let mut found = Vec::new();
    for wallet in ever_delegated(desk, owner).await? {
        let params = json!({ "who": account, "wallet": wallet });
        let told: Value = desk.client.rpc().call("scrip_getDelegation", params).await?;
        if told["delegation"].is_null() {
            continue;
        }
        let mut delegation = told["delegation"].clone();
        delegation["wallet"] = json!(wallet);
        delegation["is_frozen"] = told["is_frozen"].clone();
        found.push(delegation);
    }
    desk.output.result(&found, || match found.is_empty() {
        true => "nobody may act for it".into(),
        false => {
            table(&["wallet", "may", "asset", "units", "until", "standing"], found.iter().map(row))
        }
    });
    Ok(())
}

/// A set of operations in words.
pub(crate) fn names(operations: &Value) -> String {
    let bits = operations.as_u64().unwrap_or_default();
    let names = Operation::value_variants().iter().filter(|one| bits & (**one as u64) != 0);
    let names = names.filter_map(|one| Some(one.to_possible_value()?.get_name().to_owned()));
    names.collect::<Vec<_>>().join(", ")
}

fn row(delegation: &Value) -> Vec<String> {
    let or_any = |name: &str| match &delegation[name] {
        Value::Null => "any".to_owned(),
        value => text(value),
    };
    let until = delegation["expires"].as_u64().map(|ms| Time(ms).to_string());
    let is_frozen = delegation["is_frozen"].as_bool() == Some(true);
    vec![
        text(&delegation["wallet"]),
        names(&delegation["operations"]),
        or_any("asset"),
        or_any("limit"),
        until.unwrap_or_default(),
        if is_frozen { "stopped" } else { "stands" }.into(),
    ]
}

/// Blocks in one question for logs.
const SPAN: u64 = 10_000;

async fn ever_delegated(desk: &Desk<'_>, owner: Address) -> Result<Vec<Address>, Failure> {
    let kind: B256 = keccak256("Delegated(address,address,uint32,uint64)");
    let service = desk.client.service(Module::Identity);
    let head = desk.client.height().await?;
    let mut wallets = Vec::new();
    for first in (0..=head).step_by(SPAN as usize) {
        let last = head.min(first + SPAN - 1);
        let filter = json!({
            "address": service,
            "topics": [kind, owner.into_word()],
            "fromBlock": format!("{first:#x}"),
            "toBlock": format!("{last:#x}"),
        });
        let logs: Vec<Log> = desk.client.rpc().call("eth_getLogs", json!([filter])).await?;
        let named = logs.iter().filter_map(|log| log.topics.get(2));
        wallets.extend(named.map(|topic| Address::from_word(*topic)));
    }
    wallets.sort_unstable();
    wallets.dedup();
    Ok(wallets)
}

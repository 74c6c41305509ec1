//! How people name holders and assets: by wallet, account or person; by number, address or ISIN.

use crate::fault::Fault;
use serde::Deserialize;
use serde_json::Value;
use state::Context;
use std::str::FromStr;
use types::{AccountId, Address, AssetId, Isin, PersonId, Reserved, ReservedKind};

/// A holder, as named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The account that a wallet owns.
    Wallet(Address),
    /// An account.
    Account(AccountId),
    /// A person with all its accounts.
    Person(PersonId),
}

const WHO: &str =
    "name a wallet \"0x..\", an account {\"person\":12,\"number\":0} or \"12/0\", or a person 12";

impl Who {
    /// Reads the parameter of this name.
    pub(crate) fn read(name: &str, value: &Value) -> Result<Self, Fault> {
        let bad = || Fault::param(name, WHO);
        match value {
            Value::Number(number) => {
                number.as_u64().map(|number| Who::Person(PersonId(number))).ok_or_else(bad)
            }
            Value::Object(_) => {
                #[derive(Deserialize)]
                #[serde(deny_unknown_fields)]
                struct Named {
                    person: u64,
                    #[serde(default)]
                    number: u16,
                }
                let Named { person, number } = Named::deserialize(value).map_err(|_| bad())?;
                Ok(Who::Account(AccountId::new(PersonId(person), number)))
            }
            Value::String(text) if text.starts_with("0x") => {
                let address = Address::from_str(text).map_err(|_| bad())?;
                Ok(match Reserved::parse(&address).map(|reserved| reserved.kind) {
                    Some(ReservedKind::Person(person)) => Who::Person(person),
                    _ => Who::Wallet(address),
                })
            }
            Value::String(text) => match text.split_once('/') {
                Some((person, number)) => {
                    let (person, number) =
                        (person.parse().map_err(|_| bad())?, number.parse().map_err(|_| bad())?);
                    Ok(Who::Account(AccountId::new(PersonId(person), number)))
                }
                None => text.parse().map(|person| Who::Person(PersonId(person))).map_err(|_| bad()),
            },
            _ => Err(bad()),
        }
    }

    /// The person behind it.
    pub(crate) fn person(&self, ctx: &Context<'_>, name: &str) -> Result<PersonId, Fault> {
        let person = match self {
            Who::Wallet(wallet) => account_of(ctx, name, wallet)?.person,
            Who::Account(account) => account.person,
            Who::Person(person) => *person,
        };
        match identity::person(ctx, person) {
            Some(_) => Ok(person),
            None => Err(Fault::not_found(format!("{name}: there is no {person}"))),
        }
    }

    /// One account: of a person, its first.
    pub(crate) fn account(&self, ctx: &Context<'_>, name: &str) -> Result<AccountId, Fault> {
        let account = match self {
            Who::Wallet(wallet) => return account_of(ctx, name, wallet),
            Who::Account(account) => *account,
            Who::Person(person) => AccountId::new(*person, 0),
        };
        match identity::wallet_of(ctx, &account) {
            Some(_) => Ok(account),
            None => Err(Fault::not_found(format!("{name}: there is no {account}"))),
        }
    }

    /// Every account that is meant: of a person, all.
    pub(crate) fn accounts(&self, ctx: &Context<'_>, name: &str) -> Result<Vec<AccountId>, Fault> {
        match self {
            Who::Person(person) => {
                self.person(ctx, name)?;
                let count = identity::person(ctx, *person).map_or(0, |record| record.accounts);
                Ok((0..count).map(|number| AccountId::new(*person, number)).collect())
            }
            _ => Ok(vec![self.account(ctx, name)?]),
        }
    }
}

fn account_of(ctx: &Context<'_>, name: &str, wallet: &Address) -> Result<AccountId, Fault> {
    identity::account_of(ctx, wallet).ok_or_else(|| {
        Fault::not_found(format!(
            "{name}: the wallet {wallet} is bound to no account; a KYC provider registers it"
        ))
    })
}

/// Reads an asset's number from its number, token address or ISIN.
pub(crate) fn asset(ctx: &Context<'_>, value: &Value) -> Result<AssetId, Fault> {
    let bad =
        || Fault::param("asset", "name it by number 1, token address \"0x5c1219..\", or ISIN");
    let id = match value {
        Value::Number(number) => AssetId(number.as_u64().ok_or_else(bad)?),
        Value::String(text) if text.starts_with("0x") => {
            let address = Address::from_str(text).map_err(|_| bad())?;
            match Reserved::parse(&address) {
                Some(Reserved { shard, kind: ReservedKind::Asset(id) }) if shard == ctx.shard() => {
                    id
                }
                _ => {
                    return Err(Fault::not_found(format!(
                        "asset: {address} is not the address of an asset here"
                    )));
                }
            }
        }
        Value::String(text) => match text.parse() {
            Ok(number) => AssetId(number),
            Err(_) => {
                let isin: Isin = text.parse().map_err(|error| Fault::param("asset", error))?;
                let known = ledger::ISINS.get(ctx, &isin);
                known.ok_or_else(|| {
                    Fault::not_found(format!("asset: no asset has the ISIN {isin}"))
                })?
            }
        },
        _ => return Err(bad()),
    };
    match ledger::ASSETS.has(ctx, &id) {
        true => Ok(id),
        false => Err(Fault::not_found(format!("asset: there is no {id}"))),
    }
}

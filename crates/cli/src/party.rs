//! How people and assets are named on the command line.

use crate::{access::Access, failure::Failure, keys, roles};
use alloy_primitives::Address;
use client::{Client, abi::IIdentity, keystore_address, read_address};
use serde_json::{Value, json};
use std::str::FromStr as _;
use types::{AccountId, AssetId, Isin, Module, PersonId, Reserved, ReservedKind};

/// Someone: a wallet, a person's account, or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Party {
    /// By address.
    Wallet(Address),
    /// By person and number.
    Account(AccountId),
    /// By number: the person, or its account 0 where an account is meant.
    Person(PersonId),
}

impl Party {
    /// Reads an address, `12`, `12/0`, the name of a key, or on a development chain one of the ten.
    pub(crate) fn read(
        field: &str,
        text: &str,
        access: &Access,
        client: &Client,
    ) -> Result<Self, Failure> {
        if let Some(party) = Self::parse(text) {
            return Ok(party);
        }
        if let Ok(path) = keys::path_of(&access.keystore()?, text)
            && path.exists()
            && let Some(address) = keystore_address(&path)?
        {
            return Ok(Self::Wallet(address));
        }
        match roles::wallet(text) {
            Some(wallet) if roles::is_dev_chain(client.chain_id()) => {
                Ok(Self::Wallet(wallet.address()))
            }
            Some(_) => Err(Failure::input(field, only_on_dev(text))),
            None => Err(Failure::input(
                field,
                format!(
                    "\"{text}\" is nobody: give a wallet (0x and 40 digits), a person's number, an account \
                     as 12/0, or the name of a key"
                ),
            )),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if let Ok(number) = text.parse() {
            return Some(Self::Person(PersonId(number)));
        }
        if let Some((person, number)) = text.split_once('/') {
            let person = PersonId(person.parse().ok()?);
            return Some(Self::Account(AccountId::new(person, number.parse().ok()?)));
        }
        read_address(text).ok().map(Self::Wallet)
    }

    /// As the node's own methods name it.
    pub(crate) fn to_json(self) -> Value {
        match self {
            Self::Wallet(wallet) => json!(wallet),
            Self::Account(account) => json!({ "person": account.person, "number": account.number }),
            Self::Person(person) => json!(person),
        }
    }

    /// The wallet that owns the account.
    pub(crate) async fn wallet(self, field: &str, client: &Client) -> Result<Address, Failure> {
        let (person, number) = match self {
            Self::Wallet(wallet) => return Ok(wallet),
            Self::Account(AccountId { person, number }) => (person, number),
            Self::Person(person) => (person, 0),
        };
        let call = IIdentity::walletOfCall { person: person.0, number };
        let wallet = client.ask(client.service(Module::Identity), &call).await?;
        match wallet.is_zero() {
            true => {
                Err(Failure::input(field, format!("there is no account {}/{number}", person.0)))
            }
            false => Ok(wallet),
        }
    }

    /// The person behind it.
    pub(crate) async fn person(self, field: &str, client: &Client) -> Result<PersonId, Failure> {
        match self {
            Self::Person(person) => Ok(person),
            Self::Account(account) => Ok(account.person),
            Self::Wallet(wallet) => client.person_of(wallet).await?.ok_or_else(|| {
                Failure::input(field, format!("no provider has registered wallet {wallet}"))
            }),
        }
    }

    /// The account it is or owns.
    pub(crate) async fn account(self, field: &str, client: &Client) -> Result<AccountId, Failure> {
        match self {
            Self::Account(account) => Ok(account),
            Self::Person(person) => Ok(AccountId::new(person, 0)),
            Self::Wallet(wallet) => {
                let person = self.person(field, client).await?;
                let info = client.person(person).await?;
                let accounts = info.map(|info| info.accounts).unwrap_or_default();
                let owned = accounts.into_iter().find(|account| account.wallet == wallet);
                let lost = || Failure::input(field, format!("{wallet} no longer owns an account"));
                Ok(AccountId::new(person, owned.ok_or_else(lost)?.number))
            }
        }
    }
}

/// Why one of the ten cannot be named here.
pub(crate) fn only_on_dev(name: &str) -> String {
    format!(
        "\"{name}\" is a wallet of development chains (chain id {}), and this is none; its key is known to \
         everyone",
        roles::DEV_CHAIN_ID
    )
}

/// Reads an asset's number, token address or ISIN.
pub(crate) async fn asset(text: &str, client: &Client) -> Result<AssetId, Failure> {
    if let Ok(number) = text.parse() {
        return Ok(AssetId(number));
    }
    if let Ok(address) = read_address(text) {
        let reserved = Reserved::parse(&address).map(|reserved| reserved.kind);
        return match reserved {
            Some(ReservedKind::Asset(asset)) => Ok(asset),
            _ => Err(Failure::input("ASSET", format!("{address} is not the address of an asset"))),
        };
    }
    let why = "give an asset's number, its token address, or its ISIN";
    let isin =
        Isin::from_str(text).map_err(|error| Failure::input("ASSET", format!("{error}; {why}")))?;
    let answer: Value = client.rpc().call("scrip_getAsset", json!({ "asset": isin })).await?;
    let number = answer.get("asset").and_then(Value::as_u64);
    number
        .map(AssetId)
        .ok_or_else(|| Failure::input("ASSET", format!("no asset has the ISIN {isin}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_by_wallet_number_or_account() {
        assert_eq!(Party::parse("12"), Some(Party::Person(PersonId(12))));
        assert_eq!(Party::parse("12/3"), Some(Party::Account(AccountId::new(PersonId(12), 3))));
        let wallet = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
        assert_eq!(Party::parse(wallet), Some(Party::Wallet(wallet.parse().unwrap())));
        assert_eq!(Party::parse(&wallet.to_lowercase()), Party::parse(wallet));
        for nobody in ["", "alice", "12/", "0x12", "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266"] {
            assert_eq!(Party::parse(nobody), None, "{nobody}");
        }
    }
}

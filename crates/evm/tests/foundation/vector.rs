//! A state test as the Ethereum Foundation writes it.

use alloy_eips::eip2930::AccessList;
use serde::{Deserialize, Deserializer, de::Error};
use std::collections::BTreeMap;
use types::{Address, B256, Bytes, U256};

/// A file of them: tests by their name.
pub type StateTests = BTreeMap<String, StateTest>;

/// One transaction in variations, on one state in one block, and the state after by fork.
#[derive(Deserialize)]
pub struct StateTest {
    pub env: Block,
    pub pre: BTreeMap<Address, Account>,
    pub transaction: Transaction,
    pub post: BTreeMap<String, Vec<Post>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    pub current_coinbase: Address,
    #[serde(deserialize_with = "number")]
    pub current_difficulty: U256,
    #[serde(deserialize_with = "number")]
    pub current_gas_limit: U256,
    #[serde(deserialize_with = "number")]
    pub current_number: U256,
    #[serde(deserialize_with = "number")]
    pub current_timestamp: U256,
    #[serde(default, deserialize_with = "number")]
    pub current_base_fee: U256,
    #[serde(default)]
    pub current_random: Option<B256>,
    #[serde(default, deserialize_with = "number")]
    pub current_excess_blob_gas: U256,
}

#[derive(Deserialize)]
pub struct Account {
    #[serde(deserialize_with = "number")]
    pub balance: U256,
    #[serde(deserialize_with = "number")]
    pub nonce: U256,
    pub code: Bytes,
    pub storage: BTreeMap<String, String>,
}

impl Account {
    /// The words that are not zero.
    pub fn words(&self) -> impl Iterator<Item = (U256, U256)> + '_ {
        let word = |text: &String| parsed(text).expect("a word");
        self.storage.iter().map(move |(slot, value)| (word(slot), word(value)))
    }
}

/// What varies is listed, and a post state picks from the lists.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    pub sender: Address,
    pub secret_key: B256,
    #[serde(deserialize_with = "number")]
    pub nonce: U256,
    /// Empty when a contract is created.
    pub to: String,
    pub data: Vec<Bytes>,
    pub gas_limit: Vec<String>,
    /// As text, since one is no number of 256 bits.
    pub value: Vec<String>,
    /// A list beside each data.
    #[serde(default)]
    pub access_lists: Vec<Option<AccessList>>,
    #[serde(default, deserialize_with = "perhaps")]
    pub gas_price: Option<U256>,
    #[serde(default, deserialize_with = "perhaps")]
    pub max_fee_per_gas: Option<U256>,
    #[serde(default, deserialize_with = "perhaps")]
    pub max_priority_fee_per_gas: Option<U256>,
    #[serde(default, deserialize_with = "perhaps")]
    pub max_fee_per_blob_gas: Option<U256>,
    #[serde(default)]
    pub blob_versioned_hashes: Vec<B256>,
}

/// The state after one variation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Post {
    /// The root of the accounts.
    pub hash: B256,
    /// The hash of the logs.
    pub logs: B256,
    pub indexes: Indexes,
    pub txbytes: Bytes,
    /// Why the transaction stands in no block; several reasons are parted by a bar.
    #[serde(default)]
    pub expect_exception: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Indexes {
    pub data: usize,
    pub gas: usize,
    pub value: usize,
}

/// One variation of a transaction.
pub struct Variation<'t> {
    pub data: &'t Bytes,
    pub to: Option<Address>,
    pub gas: u64,
    pub value: U256,
    pub access_list: AccessList,
    /// By EIP-2718.
    pub kind: u8,
    /// The most that a gas may cost, and how much of it is a tip at most.
    pub price: u128,
    pub tip: Option<u128>,
    pub blob_price: u128,
}

impl Variation<'_> {
    /// What a gas costs at this base fee.
    pub fn price_at(&self, base_fee: u128) -> u128 {
        self.tip.map_or(self.price, |tip| self.price.min(base_fee + tip))
    }
}

impl Transaction {
    /// The variation that a post state picked; `None` if it is no transaction at all.
    pub fn variation(&self, Indexes { data, gas, value }: &Indexes) -> Option<Variation<'_>> {
        let list = self.access_lists.get(*data);
        let kind = match list {
            _ if self.max_fee_per_blob_gas.is_some() => 3,
            _ if self.max_fee_per_gas.is_some() => 2,
            Some(Some(_)) => 1,
            _ => 0,
        };
        let tip = self.max_priority_fee_per_gas.map(u128::try_from).transpose();
        Some(Variation {
            data: &self.data[*data],
            to: (!self.to.is_empty()).then(|| self.to.parse().expect("an address")),
            gas: parsed(&self.gas_limit[*gas])?.try_into().ok()?,
            value: parsed(&self.value[*value])?,
            access_list: list.cloned().flatten().unwrap_or_default(),
            kind,
            price: self.gas_price.or(self.max_fee_per_gas)?.try_into().ok()?,
            tip: tip.ok()?,
            blob_price: self.max_fee_per_blob_gas.unwrap_or_default().try_into().ok()?,
        })
    }
}

fn parsed(text: &str) -> Option<U256> {
    match text.strip_prefix("0x")? {
        "" => Some(U256::ZERO),
        digits => U256::from_str_radix(digits, 16).ok(),
    }
}

fn number<'de, D: Deserializer<'de>>(from: D) -> Result<U256, D::Error> {
    let text = String::deserialize(from)?;
    parsed(&text).ok_or_else(|| D::Error::custom(format!("no number: {text}")))
}

fn perhaps<'de, D: Deserializer<'de>>(from: D) -> Result<Option<U256>, D::Error> {
    number(from).map(Some)
}

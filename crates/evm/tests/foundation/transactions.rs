//! The transaction tests, at the chain's own door: the decoder that finds who signed, and admission.

use super::{
    archive,
    rlp::Item,
    run::{CHAIN_ID, Ground, is_said},
};
use crate::{BASE_FEE, Malformed, Signed, TxLimits, admit, decode, intrinsic, tx};
use alloy_consensus::{SignableTransaction, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_rlp::Decodable;
use serde::Deserialize;
use std::collections::BTreeMap;
use types::{Address, B256, Bytes, U256};

/// What came of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// The transaction that the test describes, and taken.
    Taken,
    /// The same, and not taken, since it is signed for any chain.
    AnyChain,
    /// A transaction that the decoder has no room for: a gas of it costs 2^128 wei or more.
    Price,
    /// No transaction for Ethereum either, says the decoder.
    Refused,
    /// The same, says admission.
    NotAdmitted,
}

#[derive(Deserialize)]
struct TransactionTest {
    /// By fork.
    result: BTreeMap<String, Expected>,
    txbytes: Bytes,
}

/// A transaction, or an exception.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expected {
    hash: Option<B256>,
    sender: Option<Address>,
    intrinsic_gas: Option<U256>,
    exception: Option<String>,
}

/// Runs all transaction tests by the newest fork that each names. `None` where there are no vectors.
pub fn run() -> Option<BTreeMap<Told, usize>> {
    let mut tally = BTreeMap::new();
    for file in archive::files("TransactionTests")? {
        let tests: Result<BTreeMap<String, TransactionTest>, _> =
            serde_json::from_slice(&file.bytes);
        for test in tests.unwrap_or_else(|e| panic!("{}: {e}", file.name)).values() {
            let newest = ["Cancun", "Shanghai", "London"].into_iter();
            let expected = newest.filter_map(|fork| test.result.get(fork)).next().expect("a fork");
            let told = match &expected.exception {
                None => valid(&test.txbytes, expected),
                Some(why) => invalid(&test.txbytes, why),
            };
            let told = told.unwrap_or_else(|why| panic!("{}: {why}; {expected:?}", file.name));
            *tally.entry(told).or_default() += 1;
        }
    }
    Some(tally)
}

fn valid(bytes: &Bytes, expected: &Expected) -> Result<Told, String> {
    let (signed, told) = match decode(bytes, CHAIN_ID) {
        Ok(signed) => (signed, Told::Taken),
        // Who signed it is found all the same.
        Err(Malformed::ChainId { signed: None, .. }) => (any_chain(bytes)?, Told::AnyChain),
        Err(Malformed::Rlp(_)) if has_huge_price(bytes) => return Ok(Told::Price),
        Err(other) => return Err(other.to_string()),
    };
    let found = (Some(signed.hash), Some(signed.sender));
    let gas = U256::from(intrinsic(signed.to(), signed.input(), signed.access_list()));
    match found == (expected.hash, expected.sender) && Some(gas) == expected.intrinsic_gas {
        true if signed.tx.encoded_2718() == bytes[..] => Ok(told),
        true => Err("it is encoded otherwise than it was decoded".into()),
        false => Err(format!("{found:?}, gas {gas}")),
    }
}

fn invalid(bytes: &Bytes, why: &str) -> Result<Told, String> {
    let signed = match decode(bytes, CHAIN_ID) {
        Ok(signed) => signed,
        // What else is wrong with it must be found without this reason.
        Err(Malformed::ChainId { signed: None, .. }) => match any_chain(bytes) {
            Ok(signed) => signed,
            Err(_) => return Ok(Told::Refused),
        },
        Err(Malformed::ChainId { .. }) if !why.contains("INVALID_CHAINID") => {
            return Err("its chain id is not what is wrong with it".into());
        }
        Err(_) => return Ok(Told::Refused),
    };
    let ground = Ground::of(&[signed.sender].into());
    let limits = TxLimits { gas: u64::MAX };
    match admit(&ground.first_block(), &plain(signed), &limits) {
        Err(refusal) if is_said(&refusal, &why.replace("NONCE_TOO_BIG", "NONCE_IS_MAX")) => {
            Ok(Told::NotAdmitted)
        }
        other => Err(format!("{other:?}")),
    }
}

/// The decoder without the rule that a transaction names this chain.
pub fn any_chain(bytes: &Bytes) -> Result<Signed, String> {
    tx::parse(bytes).and_then(|tx| tx::recover(tx, bytes)).map_err(|e| e.to_string())
}

/// The transaction at the chain's price and without a value, so that admission judges the rest of it.
fn plain(signed: Signed) -> Signed {
    let TxEnvelope::Legacy(legacy) = signed.tx else { panic!("a newer one: {signed:?}") };
    let (mut tx, signature, _) = legacy.into_parts();
    (tx.gas_price, tx.value) = (BASE_FEE.into(), U256::ZERO);
    Signed { tx: tx.into_signed(signature).into(), ..signed }
}

/// True if a price has more than 16 bytes: the second field of a legacy transaction, the third and fourth of EIP-1559's.
fn has_huge_price(bytes: &Bytes) -> bool {
    let (prices, mut rest) = if bytes[0] == 2 { (2..4, &bytes[1..]) } else { (1..2, &bytes[..]) };
    let Ok(Item::List(fields)) = Item::decode(&mut rest) else { return false };
    let is_huge = |field: &Item| matches!(field, Item::Text(bytes) if bytes.len() > 16);
    fields[prices].iter().any(is_huge)
}

#[test]
fn the_door_finds_the_sender_of_every_transaction_and_refuses_what_is_none() {
    run();
}

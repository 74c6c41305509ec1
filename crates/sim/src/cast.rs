//! Who plays: keys that follow from their number, and the genesis of a small network.

use alloy_consensus::{SignableTransaction as _, TxEip1559, TxEip2930, TxEnvelope, TxLegacy};
use alloy_eips::eip2718::Encodable2718 as _;
use alloy_network::TxSignerSync as _;
use alloy_primitives::TxKind;
use alloy_signer::SignerSync as _;
use alloy_signer_local::PrivateKeySigner;
use identity::{ClaimGiven, PersonKind, topic};
use trust::{FuelSchedule, Power};
use types::{Address, B256, BlockLimits, Bytes, PersonId, ShardId, Time, sha256};

/// The chain id that everything is signed for.
pub const CHAIN_ID: u64 = 19_770;
/// When height zero was: 2026-01-15, UTC.
pub const START: Time = Time(1_768_435_200_000);
/// How long a recovery waits.
pub const RECOVERY_DELAY_MS: u64 = 6 * 3_600_000;
/// How fuel grows.
pub const FUEL: FuelSchedule = FuelSchedule {
    registered_capacity: 6_000_000,
    verified_capacity: 40_000_000,
    refill_ms: 3_600_000,
};
/// How much a block may carry. Small, so that blocks are sometimes full.
pub const LIMITS: BlockLimits =
    BlockLimits { gas: 40_000_000, guest_gas: 20_000_000, bytes: 96 << 10, transactions: 64 };

/// The network's operator; keys are named by their number in [`Cast::keys`].
pub const OPERATOR: usize = 0;
/// Those who attest.
pub const PROVIDERS: [usize; 2] = [1, 2];
/// Those who may create assets.
pub const ISSUERS: [usize; 2] = [3, 4];
/// How many persons there are at genesis; their keys are the first.
pub const PERSONS: usize = 13;
/// How many keys there are; those beyond the persons are nobody's yet.
const KEYS: usize = 44;

/// The countries that people move between.
pub const COUNTRIES: [&str; 5] = ["US", "DE", "FR", "SG", "GB"];

/// The keys of everybody.
pub struct Cast {
    keys: Vec<PrivateKeySigner>,
}

/// How a transaction is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    /// EIP-155.
    Legacy,
    /// EIP-2930.
    AccessList,
    /// EIP-1559.
    Priority,
}

/// A transaction before it is signed.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// How it is wrapped.
    pub wrap: Wrap,
    /// Its place among the sender's.
    pub nonce: u64,
    /// Gas it may use.
    pub gas: u64,
    /// Wei for a gas.
    pub price: u128,
    /// Whom it calls; nobody to create a contract.
    pub to: Option<Address>,
    /// Ether, of which there is none.
    pub value: u64,
    /// What it says.
    pub data: Vec<u8>,
    /// The chain it is for; nothing before EIP-155.
    pub chain_id: Option<u64>,
}

impl Default for Cast {
    fn default() -> Self {
        let key = |number: usize| {
            let secret = sha256(&[b"scrip sim key", &number.to_be_bytes()]);
            PrivateKeySigner::from_bytes(&secret).expect("a hash is a key, but for odds of 2^-128")
        };
        let keys = (0..KEYS).map(key).collect();
        Self { keys }
    }
}

impl Cast {
    /// How many keys there are.
    pub fn size(&self) -> usize {
        self.keys.len()
    }

    /// The wallet of a key.
    pub fn wallet(&self, key: usize) -> Address {
        self.keys[key].address()
    }

    /// Signs a digest: 65 bytes, v 27 or 28.
    pub fn sign(&self, key: usize, digest: &B256) -> Bytes {
        let signature = self.keys[key].sign_hash_sync(digest).expect("a local key signs");
        Bytes::from(signature.as_bytes().to_vec())
    }

    /// Signs a transaction and returns it as it travels.
    pub fn transaction(&self, key: usize, unsigned: Unsigned) -> Bytes {
        let Unsigned { wrap, nonce, gas, price, to, value, data, chain_id } = unsigned;
        let signer = &self.keys[key];
        let to = to.map_or(TxKind::Create, TxKind::Call);
        let (value, input) = (alloy_primitives::U256::from(value), Bytes::from(data));
        let envelope: TxEnvelope = match wrap {
            Wrap::Legacy => {
                let gas_price = price;
                let mut tx =
                    TxLegacy { chain_id, nonce, gas_price, gas_limit: gas, to, value, input };
                let signature = signer.sign_transaction_sync(&mut tx).expect("a local key signs");
                tx.into_signed(signature).into()
            }
            Wrap::AccessList => {
                let mut tx = TxEip2930 {
                    chain_id: chain_id.unwrap_or_default(),
                    nonce,
                    gas_price: price,
                    gas_limit: gas,
                    to,
                    value,
                    input,
                    ..TxEip2930::default()
                };
                let signature = signer.sign_transaction_sync(&mut tx).expect("a local key signs");
                tx.into_signed(signature).into()
            }
            Wrap::Priority => {
                let mut tx = TxEip1559 {
                    chain_id: chain_id.unwrap_or_default(),
                    nonce,
                    max_fee_per_gas: price,
                    max_priority_fee_per_gas: 0,
                    gas_limit: gas,
                    to,
                    value,
                    input,
                    ..TxEip1559::default()
                };
                let signature = signer.sign_transaction_sync(&mut tx).expect("a local key signs");
                tx.into_signed(signature).into()
            }
        };
        Bytes::from(envelope.encoded_2718())
    }

    /// A small network: operator, two providers, two issuers, eight investors of five countries.
    pub fn genesis(&self) -> chain::Genesis {
        let persons = (0..PERSONS).map(|place| identity::genesis::GenesisPerson {
            wallet: self.wallet(place),
            kind: if place < 5 { PersonKind::Entity } else { PersonKind::Natural },
            residence: COUNTRIES[place % COUNTRIES.len()].parse().expect("a country"),
            provider: PROVIDERS.contains(&place),
            claims: claims_at_genesis(place),
        });
        let grant = |place: usize, powers: &[Power]| trust::genesis::GenesisGrant {
            person: PersonId(place as u64 + 1),
            powers: powers.to_vec(),
        };
        use Power::*;
        let network = [Admin, Providers, Sanctions, Orders, CreateAsset, Fuel, Law, Apps];
        let mut grants = vec![grant(OPERATOR, &network)];
        grants.extend(ISSUERS.map(|issuer| grant(issuer, &[CreateAsset])));
        chain::Genesis {
            name: "sim".into(),
            chain_id: CHAIN_ID,
            shard: ShardId(0),
            time: START,
            limits: LIMITS,
            identity: identity::Genesis {
                recovery_delay_ms: RECOVERY_DELAY_MS,
                persons: persons.collect(),
            },
            trust: trust::Genesis { fuel: FUEL, grants },
        }
    }
}

/// Due diligence for all but the last, whose claim ends within days; every other one is accredited.
fn claims_at_genesis(place: usize) -> Vec<ClaimGiven> {
    let day = 86_400_000;
    let claim = |topic: u32, expires: Time| ClaimGiven {
        topic,
        value: 0,
        dated: Time(0),
        expires,
        evidence: B256::ZERO,
    };
    let verified = if place < 5 { topic::KYB } else { topic::KYC_NATURAL };
    let until =
        if place + 1 == PERSONS { START.plus_ms(5 * day) } else { START.plus_ms(900 * day) };
    let mut claims = vec![claim(verified, until)];
    if place % 2 == 1 {
        claims.push(claim(topic::ACCREDITED, START.plus_ms((20 + place as u64) * day)));
    }
    claims
}

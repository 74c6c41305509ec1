//! The nouns of the chain: ids, units, money, dates, identifiers, blocks, and their canonical encoding.
//!
//! Everything that crosses a crate, a disk or a wire is spelled with these types. The encoding is
//! [borsh](https://borsh.io): one byte string per value, one value per byte string. `tests/vectors.rs`
//! holds the checked-in vectors; a diff there is a format change.

mod address;
mod block;
mod calendar;
mod ids;
mod market;
mod merkle;
mod order;
mod receipt;
mod refusal;
mod terms;
mod time;
mod units;

pub use address::{Reserved, ReservedKind};
pub use alloy_primitives::{Address, B256, Bytes, U256};
pub use block::{Block, BlockLimits, Header, Seal};
pub use calendar::{Calendar, Clock, Days, Weekday};
pub use ids::{AccountId, AssetId, ClassId, Module, PersonId, ShardId};
pub use market::{Cfi, Country, Currency, Fisn, Isin, Lei, Malformed};
pub use merkle::{MerkleProof, merkle_leaf, merkle_proof, merkle_root, merkle_root_of};
pub use order::{Binding, Contest, Halt, Misfit, Order, OrderName, Orders};
pub use receipt::{Effect, EthLog, EventRecord, Outcome, Receipt};
pub use refusal::ensure;
/// A short name, copied without an allocation.
pub use smol_str::SmolStr as Name;
pub use terms::{LONGEST_PERIOD_MS, Period, Terms};
pub use time::{Date, Span, Time};
pub use units::{Bps, Overflow, Ratio, Units};

/// Hashes bytes with SHA-256, the chain's hash for blocks, records and effects.
pub fn sha256(parts: &[&[u8]]) -> B256 {
    use sha2::Digest as _;
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    B256::from_slice(&hasher.finalize())
}

/// Room for the encoding of most keys, records and events.
const MOST_ARE_SHORTER: usize = 80;

/// Encodes a value canonically.
pub fn encode<T: borsh::BorshSerialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(MOST_ARE_SHORTER);
    value.serialize(&mut bytes).expect("encoding into memory cannot fail");
    bytes
}

/// Decodes a value; refuses trailing bytes and every non-canonical form.
pub fn decode<T: borsh::BorshDeserialize>(bytes: &[u8]) -> Result<T, borsh::io::Error> {
    borsh::from_slice(bytes)
}

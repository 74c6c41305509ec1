//! A block: a header that names its parent, its body and the state after it; and the signed bytes.

use crate::{B256, Bytes, ShardId, Time, encode, sha256};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// What consensus and storage write into a header. The chain's rules never read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Seal {
    /// The epoch of the validator set.
    pub epoch: u64,
    /// The consensus view in which the block was proposed.
    pub view: u64,
    /// The view of the parent block.
    pub parent_view: u64,
    /// The proposer's consensus key.
    pub leader: B256,
    /// Root of the store's operation log after this block, from which a new node syncs.
    pub ops_root: B256,
    /// First operation that a syncing node needs.
    pub ops_start: u64,
    /// One past the last operation.
    pub ops_end: u64,
}

/// The head of a block. Its SHA-256 is the block's hash, in consensus and on Ethereum's side alike.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Header {
    /// The shard this block belongs to.
    pub shard: ShardId,
    /// Blocks since genesis, which is 0.
    pub height: u64,
    /// The parent's hash.
    pub parent: B256,
    /// The block's time, later than its parent's.
    pub time: Time,
    /// SHA-256 over the encoded body.
    pub body_hash: B256,
    /// The commitment to every record after this block.
    pub state_root: B256,
    /// Merkle root over every effect of this block.
    pub receipts_root: B256,
    /// Gas used by all its transactions.
    pub gas_used: u64,
    /// What consensus and storage added.
    pub seal: Seal,
}

impl Header {
    /// The block's hash.
    pub fn hash(&self) -> B256 {
        sha256(&[&encode(self)])
    }
}

/// A block: its head, and the signed transactions in order.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Block {
    /// The head.
    pub header: Header,
    /// Signed Ethereum transactions, EIP-2718 encoded.
    pub body: Vec<Bytes>,
}

impl Block {
    /// SHA-256 over the encoded body, as the header must state it.
    pub fn body_hash(body: &[Bytes]) -> B256 {
        sha256(&[&encode(&body)])
    }
}

/// How much a block may carry. Part of the protocol: every node must agree.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct BlockLimits {
    /// Gas of all transactions together.
    pub gas: u64,
    /// Gas of interpreted contracts, of the whole. A core burns less of it in a second than of native
    /// work, and a block must be executed well within its leader's turn.
    pub guest_gas: u64,
    /// Encoded bytes of the body.
    pub bytes: u32,
    /// Transactions.
    pub transactions: u32,
}

impl Default for BlockLimits {
    fn default() -> Self {
        Self { gas: 2_000_000_000, guest_gas: 60_000_000, bytes: 4 << 20, transactions: 20_000 }
    }
}

//! The Merkle tree over a block's effects: SHA-256, leaves and nodes told apart as in RFC 6962.

use crate::{B256, sha256};
use borsh::{BorshDeserialize, BorshSerialize};
use rs_merkle::{Hasher, MerkleTree};
use serde::{Deserialize, Serialize};

#[derive(Clone)]
struct Rfc6962;

impl Hasher for Rfc6962 {
    type Hash = [u8; 32];
    fn hash(data: &[u8]) -> [u8; 32] {
        sha256(&[&[0], data]).0
    }
    fn concat_and_hash(left: &[u8; 32], right: Option<&[u8; 32]>) -> [u8; 32] {
        // A node without a right sibling rises unchanged.
        right.map_or(*left, |right| sha256(&[&[1], left, right]).0)
    }
}

/// The path from one leaf to the root.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct MerkleProof {
    /// The position of the leaf.
    pub index: u32,
    /// How many leaves the tree has.
    pub leaves: u32,
    /// Sibling hashes from the leaf upwards.
    pub siblings: Vec<B256>,
}

impl MerkleProof {
    /// True if `leaf` stands at this proof's index under `root`.
    pub fn verify(&self, root: &B256, leaf: &[u8]) -> bool {
        if self.index >= self.leaves || self.siblings.len() > 32 {
            return false;
        }
        let siblings = self.siblings.iter().map(|hash| hash.0).collect();
        rs_merkle::MerkleProof::<Rfc6962>::new(siblings)
            .root(&[self.index as usize], &[Rfc6962::hash(leaf)], self.leaves as usize)
            .is_ok_and(|computed| computed == root.0)
    }
}

/// The root over these leaves in order; the hash of nothing if there are none.
pub fn merkle_root<L: AsRef<[u8]>>(leaves: &[L]) -> B256 {
    let hashes = leaves.iter().map(|leaf| merkle_leaf(leaf.as_ref())).collect();
    merkle_root_of(hashes)
}

/// Proves the leaf at `index`; `None` if there is no such leaf.
pub fn merkle_proof<L: AsRef<[u8]>>(leaves: &[L], index: usize) -> Option<MerkleProof> {
    (index < leaves.len()).then(|| MerkleProof {
        index: index as u32,
        leaves: leaves.len() as u32,
        siblings: tree(leaves)
            .proof(&[index])
            .proof_hashes()
            .iter()
            .copied()
            .map(B256::from)
            .collect(),
    })
}

/// The hash of one leaf, to be put together by [`merkle_root_of`].
pub fn merkle_leaf(leaf: &[u8]) -> B256 {
    Rfc6962::hash(leaf).into()
}

/// The root over leaves whose hashes are known, in order. Computed in place: a block has many.
pub fn merkle_root_of(mut hashes: Vec<B256>) -> B256 {
    while hashes.len() > 1 {
        let parents = hashes.len().div_ceil(2);
        for place in 0..parents {
            let right = hashes.get(2 * place + 1).map(|hash| &hash.0);
            hashes[place] = Rfc6962::concat_and_hash(&hashes[2 * place].0, right).into();
        }
        hashes.truncate(parents);
    }
    hashes.pop().unwrap_or_else(|| sha256(&[]))
}

fn tree<L: AsRef<[u8]>>(leaves: &[L]) -> MerkleTree<Rfc6962> {
    let hashes: Vec<_> = leaves.iter().map(|leaf| Rfc6962::hash(leaf.as_ref())).collect();
    MerkleTree::from_leaves(&hashes)
}

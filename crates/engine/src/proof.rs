//! Answers that carry their own proof: a certificate, headers, and what they commit to.

use crate::{
    applied::Applied,
    block::{Block, to_digest, to_hash},
    keys::Scheme,
    receipts::Receipts,
    runtime::Runtime,
    store::Records,
};
use commonware_codec::Encode as _;
use commonware_consensus::{
    marshal::{core::Mailbox as Marshal, standard::Standard},
    types::Height,
};
use commonware_parallel::Strategy;
use commonware_storage::qmdb::Error as StoreError;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use types::{B256, Bytes, Header, MerkleProof, merkle_proof};

/// The most records or effects in one proof.
pub const MAX_PROVED: usize = 1_024;

/// How often, and at what distance, the proof of a moving state is tried again.
const ATTEMPTS: usize = 200;
const RETRY: Duration = Duration::from_millis(25);

/// How many blocks may lie between a block and the one whose certificate covers it.
pub(crate) const MAX_HEADERS: usize = 256;

/// A record, or its absence, with its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvedRecord {
    /// The record's key.
    pub key: B256,
    /// The record as stored; `None` if there is none under this key.
    pub record: Option<Bytes>,
    /// The path to the state root.
    pub proof: Bytes,
}

/// An effect of a transaction with its proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvedEffect {
    /// The encoded `types::Effect`.
    pub effect: Bytes,
    /// The path to the receipts root.
    pub proof: MerkleProof,
}

/// An answer and all that is needed to believe it, but the network's public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// The certificate of the first header.
    pub certificate: Bytes,
    /// Encoded headers from the certified one down to the one that is spoken of.
    pub headers: Vec<Bytes>,
    /// Records of the state after the last header.
    pub records: Vec<ProvedRecord>,
    /// What the last header's block did.
    pub effects: Vec<ProvedEffect>,
}

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError {
    /// Nothing was asked for, or too much.
    #[error("a proof is about 1 to {MAX_PROVED} things")]
    Amount,
    /// The chain has no final block here yet.
    #[error("there is no final state to prove yet")]
    NotReady,
    /// The certificate did not come in time.
    #[error("the certificate is not here yet; try again")]
    NotCertified,
    /// The block, or what it did, is not kept on this node.
    #[error("block {0} is not kept on this node")]
    NotKept(u64),
    /// The block has no such effect.
    #[error("block {height} has {count} effects, there is no number {index}")]
    NoSuchEffect {
        /// The block.
        height: u64,
        /// How many it has.
        count: usize,
        /// What was asked for.
        index: u32,
    },
}

/// What proofs are made from.
pub(crate) struct Prover<E: Runtime, T: Strategy> {
    pub(crate) context: E,
    pub(crate) marshal: Marshal<Scheme, Standard<Block>>,
    pub(crate) applied: std::sync::Arc<Applied>,
    pub(crate) receipts: Receipts<E>,
    pub(crate) records: Records<E, T>,
}

impl<E: Runtime, T: Strategy> Prover<E, T> {
    /// Proves records of the newest state; older states cannot be proved any more.
    pub(crate) async fn prove(&self, keys: Vec<B256>) -> Result<Bundle, ProveError> {
        check_amount(keys.len())?;
        for _ in 0..ATTEMPTS {
            let Some((header, records)) = self.prove_now(&keys).await else {
                self.context.sleep(RETRY).await;
                continue;
            };
            if header.height == 0 {
                return Err(ProveError::NotReady);
            }
            let (certificate, headers) = self.certify(header).await?;
            return Ok(Bundle { certificate, headers, records, effects: Vec::new() });
        }
        Err(ProveError::NotReady)
    }

    /// All proofs and the root they lead to, under one guard: the state may move between two.
    async fn prove_now(&self, keys: &[B256]) -> Option<(Header, Vec<ProvedRecord>)> {
        let store = self.records.0.read().await;
        let header = self.applied.header_of(&to_hash(&store.root()))?;
        let mut records = Vec::with_capacity(keys.len());
        for key in keys {
            let digest = to_digest(key);
            let (record, proof) = match store.key_value_proof(digest).await {
                Ok(proof) => {
                    let record = store.get(&digest).await.expect("the store can be read");
                    (record.map(Bytes::from), proof.encode())
                }
                Err(StoreError::KeyNotFound) => {
                    let proof =
                        store.exclusion_proof(&digest).await.expect("the store can be read");
                    (None, proof.encode())
                }
                Err(error) => panic!("the store can be read: {error}"),
            };
            records.push(ProvedRecord { key: *key, record, proof: Bytes::from(proof) });
        }
        Some((header, records))
    }

    /// Proves effects of a final block of any age.
    pub(crate) async fn prove_effects(
        &self,
        height: u64,
        effects: Vec<u32>,
    ) -> Result<Bundle, ProveError> {
        check_amount(effects.len())?;
        let kept = self.receipts.get(height).await.ok_or(ProveError::NotKept(height))?;
        let block = self.marshal.get_block(Height::new(height)).await;
        let header = block.ok_or(ProveError::NotKept(height))?.inner().header().clone();
        let leaves: Vec<Vec<u8>> = kept.iter().flat_map(|receipt| receipt.effects()).collect();
        let prove = |index: u32| {
            let proof = merkle_proof(&leaves, index as usize);
            let count = leaves.len();
            let proof = proof.ok_or(ProveError::NoSuchEffect { height, count, index })?;
            Ok(ProvedEffect { effect: Bytes::from(leaves[index as usize].clone()), proof })
        };
        let effects = effects.into_iter().map(prove).collect::<Result<_, _>>()?;
        let (certificate, headers) = self.certify(header).await?;
        Ok(Bundle { certificate, headers, records: Vec::new(), effects })
    }

    /// The nearest certificate at or above a header, and the headers from there down to it.
    async fn certify(&self, header: Header) -> Result<(Bytes, Vec<Bytes>), ProveError> {
        let mut headers = vec![header];
        for _ in 0..ATTEMPTS {
            while headers.len() <= MAX_HEADERS {
                let top = headers.last().expect("there is always the first").height;
                if let Some(certificate) = self.marshal.get_finalization(Height::new(top)).await {
                    let headers = headers.iter().rev().map(|h| types::encode(h).into()).collect();
                    return Ok((Bytes::from(certificate.encode()), headers));
                }
                let above = self.marshal.get_block(Height::new(top + 1)).await;
                let Some(above) = above else { break };
                headers.push(above.inner().header().clone());
            }
            self.context.sleep(RETRY).await;
        }
        Err(ProveError::NotCertified)
    }
}

fn check_amount(count: usize) -> Result<(), ProveError> {
    match (1..=MAX_PROVED).contains(&count) {
        true => Ok(()),
        false => Err(ProveError::Amount),
    }
}

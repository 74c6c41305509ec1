//! Checks a proof with nothing but the network's public key.
//!
//! No clock, no connection, no trust in who sent it: a quorum of validators signed the first
//! header, every header names the one before it, and the last one commits to the records and to
//! what its block did. The certificate is bound to the shard that the headers name.

use crate::{
    block::{to_digest, to_hash},
    keys::{NetworkKey, Scheme},
    proof::{Bundle, MAX_HEADERS, MAX_PROVED, ProvedEffect, ProvedRecord},
    store::{AbsenceProof, MAX_RECORD_BYTES, PresenceProof, record_lengths},
};
use bytes::Bytes;
use commonware_codec::Decode as _;
use commonware_consensus::simplex::types::Finalization;
use commonware_cryptography::{Sha256, sha256::Digest};
use commonware_parallel::Sequential;
use commonware_storage::{
    merkle::MAX_PROOF_DIGESTS_PER_ELEMENT, qmdb::any::value::VariableEncoding,
};
use rand::SeedableRng as _;
use types::{B256, Effect, Header, decode, sha256};

/// What a proof shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The final header that is spoken of.
    pub header: Header,
    /// Its hash.
    pub hash: B256,
    /// Records by key as of this header; `None` if there is none under the key.
    pub records: Vec<(B256, Option<Vec<u8>>)>,
    /// What the header's block did.
    pub effects: Vec<Effect>,
}

/// What is wrong with a proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// The bytes are not a proof.
    #[error("the {0} does not decode")]
    Malformed(&'static str),
    /// It proves nothing, or is longer than any honest one.
    #[error("a proof has 1 to {MAX_HEADERS} headers and 1 to {MAX_PROVED} records or effects")]
    Amount,
    /// The certificate is not one of this network and shard.
    #[error("the certificate was not signed by this network")]
    NotSigned,
    /// The certificate or a header names another header.
    #[error("header {0} is not the one that is named by what stands above it")]
    BrokenChain(usize),
    /// A record is not what the header commits to.
    #[error("the record with key {0} is not what the header commits to")]
    Record(B256),
    /// An effect is not what the header commits to.
    #[error("effect {0} is not what the header commits to")]
    Effect(usize),
}

/// Checks a bundle.
pub fn verify(bundle: &Bundle, network: &NetworkKey) -> Result<Verified, Unproved> {
    let proved = bundle.records.len() + bundle.effects.len();
    if !(1..=MAX_PROVED).contains(&proved) || !(1..=MAX_HEADERS + 1).contains(&bundle.headers.len())
    {
        return Err(Unproved::Amount);
    }
    let (header, hash) = verify_headers(bundle, network)?;
    let root = to_digest(&header.state_root);
    let records = bundle.records.iter().map(|record| verify_record(record, &root));
    let effect = |(index, proved): (usize, &ProvedEffect)| {
        let holds = proved.proof.verify(&header.receipts_root, &proved.effect);
        if !holds {
            return Err(Unproved::Effect(index));
        }
        decode(&proved.effect).map_err(|_| Unproved::Malformed("effect"))
    };
    let records = records.collect::<Result<_, _>>()?;
    let effects = bundle.effects.iter().enumerate().map(effect).collect::<Result<_, _>>()?;
    Ok(Verified { header, hash, records, effects })
}

/// Walks from the certificate down to the header that is spoken of.
fn verify_headers(bundle: &Bundle, network: &NetworkKey) -> Result<(Header, B256), Unproved> {
    let finalization: Finalization<Scheme, Digest> =
        Finalization::decode_cfg(Bytes::from(bundle.certificate.to_vec()), &())
            .map_err(|_| Unproved::Malformed("certificate"))?;
    let mut named = to_hash(&finalization.proposal.payload);
    let mut last: Option<Header> = None;
    for (index, bytes) in bundle.headers.iter().enumerate() {
        let hash = sha256(&[bytes]);
        if hash != named {
            return Err(Unproved::BrokenChain(index));
        }
        let header: Header = decode(bytes).map_err(|_| Unproved::Malformed("header"))?;
        if index == 0 {
            // The randomness only weights a batch of one signature; any will do.
            let mut rng = rand::rngs::StdRng::from_seed(hash.0);
            let verifier = network.verifier(header.shard);
            if !finalization.verify(&mut rng, &verifier, &Sequential) {
                return Err(Unproved::NotSigned);
            }
        }
        let follows = last.as_ref().is_none_or(|above| {
            above.shard == header.shard && above.height.checked_sub(1) == Some(header.height)
        });
        if !follows {
            return Err(Unproved::BrokenChain(index));
        }
        named = header.parent;
        last = Some(header);
    }
    let header = last.ok_or(Unproved::Amount)?;
    let hash = header.hash();
    Ok((header, hash))
}

fn verify_record(
    proved: &ProvedRecord,
    root: &Digest,
) -> Result<(B256, Option<Vec<u8>>), Unproved> {
    let wrong = || Unproved::Record(proved.key);
    let malformed = |_| Unproved::Malformed("record's proof");
    let key = to_digest(&proved.key);
    let proof = Bytes::from(proved.proof.to_vec());
    let holds = match &proved.record {
        Some(record) if record.len() > MAX_RECORD_BYTES => return Err(wrong()),
        Some(record) => {
            let config = (MAX_PROOF_DIGESTS_PER_ELEMENT, ());
            let proof = PresenceProof::decode_cfg(proof, &config).map_err(malformed)?;
            let value = Bytes::from(record.to_vec());
            proof.verify::<Sha256, VariableEncoding<Bytes>>(key, value, root)
        }
        None => {
            let config = (MAX_PROOF_DIGESTS_PER_ELEMENT, ((), record_lengths()), record_lengths());
            let proof = AbsenceProof::decode_cfg(proof, &config).map_err(malformed)?;
            proof.verify::<Sha256>(&key, root)
        }
    };
    match holds {
        true => Ok((proved.key, proved.record.as_ref().map(|record| record.to_vec()))),
        false => Err(wrong()),
    }
}

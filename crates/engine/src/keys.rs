//! Who validates and with what keys: the committee in public, a secret per validator.

use crate::block::{from_public_key, to_public_key};
use bytes::Bytes;
use commonware_codec::{Decode as _, DecodeExt as _, Encode as _};
use commonware_consensus::simplex::scheme::bls12381_threshold::standard;
use commonware_cryptography::{
    Signer as _,
    bls12381::{
        dkg::feldman_desmedt,
        primitives::{
            group::Share,
            sharing::{Mode, ModeVersion, Sharing},
            variant::{MinSig, Variant},
        },
    },
    ed25519,
};
use commonware_utils::{N3f1, NZU32, ordered::Set};
use rand::{Rng as _, SeedableRng as _};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use types::{B256, Header, ShardId};

/// How a validator signs, and how a certificate is checked.
pub(crate) type Scheme = standard::Scheme<ed25519::PublicKey, MinSig>;

/// The most validators that one network may have.
const MAX_VALIDATORS: u32 = 256;

/// What certificates of a shard are bound to, so that none of another shard passes for them.
pub(crate) fn namespace(shard: ShardId) -> Vec<u8> {
    format!("scrip/{}", shard.0).into_bytes()
}

/// What connections are bound to: a node of another network is turned away at the handshake.
pub(crate) fn connection_namespace(genesis: &Header) -> Vec<u8> {
    [namespace(genesis.shard).as_slice(), b"/", genesis.hash().as_slice()].concat()
}

/// Why key material is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the network's public key.
    #[error("a network key is 0x and 192 hex digits that name a point of BLS12-381 G2")]
    NetworkKey,
    /// The committee's public material does not decode or does not fit together.
    #[error("the committee is malformed: {0}")]
    Committee(&'static str),
    /// The secret does not decode.
    #[error("the validator's secret is malformed: {0}")]
    Secret(&'static str),
    /// The secret belongs to another committee.
    #[error("this validator's secret does not belong to the committee")]
    NotAMember,
}

/// The one key that checks every certificate of a network, for as long as it lives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NetworkKey(<MinSig as Variant>::Public);

impl NetworkKey {
    pub(crate) fn verifier(&self, shard: ShardId) -> Scheme {
        Scheme::certificate_verifier(&namespace(shard), self.0)
    }
}

impl fmt::Display for NetworkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0.encode()))
    }
}

impl fmt::Debug for NetworkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NetworkKey({self})")
    }
}

impl FromStr for NetworkKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let bytes = hex::decode(digits).map_err(|_| KeyError::NetworkKey)?;
        <MinSig as Variant>::Public::decode(bytes).map(Self).map_err(|_| KeyError::NetworkKey)
    }
}

/// The validators of a network and the shared polynomial of their threshold key. Public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Committee {
    /// The validators' ed25519 keys, sorted.
    pub validators: Vec<B256>,
    /// The polynomial, in hex; its constant is the network key.
    pub sharing: String,
}

/// What only one validator knows. Whoever has it can vote in its name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// The ed25519 private key of connections, in hex.
    pub identity: String,
    /// The share of the threshold key, in hex.
    pub share: String,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Keys for `count` validators from one trusted dealer, with the system's randomness.
pub fn deal(count: u32) -> (Committee, Vec<Secret>) {
    deal_with(count, rand::rngs::StdRng::from_rng(&mut rand::rng()))
}

/// Keys that follow from a seed, for simulations and tests. Anyone can derive them.
pub fn deal_from_seed(count: u32, seed: u64) -> (Committee, Vec<Secret>) {
    // The count is hashed in: committees of different sizes must not share a network key.
    let seed = types::sha256(&[b"scrip/deal", &seed.to_be_bytes(), &count.to_be_bytes()]);
    deal_with(count, rand::rngs::StdRng::from_seed(seed.0))
}

fn deal_with(count: u32, mut rng: rand::rngs::StdRng) -> (Committee, Vec<Secret>) {
    assert!(
        (1..=MAX_VALIDATORS).contains(&count),
        "a network has 1 to {MAX_VALIDATORS} validators"
    );
    let mut identities: Vec<_> = (0..count)
        .map(|_| {
            let mut seed = [0; 32];
            rng.fill_bytes(&mut seed);
            ed25519::PrivateKey::decode(Bytes::copy_from_slice(&seed))
                .expect("any 32 bytes are a key")
        })
        .collect();
    identities.sort_by_key(|identity| identity.public_key());
    let players = Set::from_iter_dedup(identities.iter().map(|identity| identity.public_key()));
    let (output, shares) =
        feldman_desmedt::deal::<MinSig, _, N3f1>(&mut rng, Mode::NonZeroCounter, players)
            .expect("there is at least one player");
    let committee = Committee {
        validators: identities.iter().map(|i| from_public_key(&i.public_key())).collect(),
        sharing: hex::encode(output.public().encode()),
    };
    let secrets = identities
        .iter()
        .map(|identity| Secret {
            identity: hex::encode(identity.encode()),
            share: hex::encode(
                shares
                    .get_value(&identity.public_key())
                    .expect("every player has a share")
                    .encode(),
            ),
        })
        .collect();
    (committee, secrets)
}

impl Committee {
    /// The network's public key.
    pub fn network_key(&self) -> Result<NetworkKey, KeyError> {
        Ok(NetworkKey(*self.polynomial()?.public()))
    }

    pub(crate) fn participants(&self) -> Result<Set<ed25519::PublicKey>, KeyError> {
        let keys: Option<Vec<_>> = self.validators.iter().map(to_public_key).collect();
        let keys = keys.ok_or(KeyError::Committee("a validator's key is no ed25519 key"))?;
        let set = Set::from_iter_dedup(keys);
        match set.len() == self.validators.len() && !set.is_empty() {
            true => Ok(set),
            false => Err(KeyError::Committee("validators are missing or stand twice")),
        }
    }

    fn polynomial(&self) -> Result<Sharing<MinSig>, KeyError> {
        let malformed = KeyError::Committee("the sharing does not decode");
        let bytes = hex::decode(&self.sharing).map_err(|_| malformed.clone())?;
        Sharing::decode_cfg(bytes, &(NZU32!(MAX_VALIDATORS), ModeVersion::v0()))
            .map_err(|_| malformed)
    }

    pub(crate) fn signer(&self, secret: &Secret, shard: ShardId) -> Result<Scheme, KeyError> {
        let participants = self.participants()?;
        let sharing = self.polynomial()?;
        if sharing.total().get() as usize != participants.len() {
            return Err(KeyError::Committee("the sharing is for another number of validators"));
        }
        if !participants
            .iter()
            .any(|key| *key == secret.identity().map_or(key.clone(), |i| i.public_key()))
        {
            return Err(KeyError::NotAMember);
        }
        Scheme::signer(&namespace(shard), participants, sharing, secret.share()?)
            .ok_or(KeyError::NotAMember)
    }
}

impl Secret {
    /// The public half of this validator's identity.
    pub fn public(&self) -> Result<B256, KeyError> {
        Ok(from_public_key(&self.identity()?.public_key()))
    }

    pub(crate) fn identity(&self) -> Result<ed25519::PrivateKey, KeyError> {
        let malformed = KeyError::Secret("the identity is no ed25519 key");
        let bytes = hex::decode(&self.identity).map_err(|_| malformed.clone())?;
        ed25519::PrivateKey::decode(Bytes::from(bytes)).map_err(|_| malformed)
    }

    fn share(&self) -> Result<Share, KeyError> {
        let malformed = KeyError::Secret("the share does not decode");
        let bytes = hex::decode(&self.share).map_err(|_| malformed.clone())?;
        Share::decode(Bytes::from(bytes)).map_err(|_| malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_key_is_shown_with_0x_and_read_with_or_without_it() {
        let key = deal_from_seed(4, 1).0.network_key().expect("dealt");
        let shown = key.to_string();
        assert_eq!((&shown[..2], shown.len()), ("0x", 194));
        for text in [shown.clone(), shown[2..].to_owned(), format!(" {shown}\n")] {
            assert_eq!(text.parse(), Ok(key));
        }
        for wrong in [format!("0x{shown}"), shown[..192].to_owned(), "0x".into(), String::new()] {
            assert_eq!(wrong.parse::<NetworkKey>(), Err(KeyError::NetworkKey), "{wrong}");
        }
    }
}

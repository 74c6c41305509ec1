//! The decoders of what other validators send, for tests that throw anything at them.
//!
//! True means that the bytes were read. Whatever they are, nothing here may panic.

use crate::{
    block::{Block, Bounds},
    fetch, gossip,
};
use bytes::Bytes;
use commonware_codec::{Decode as _, Encode as _};
use types::BlockLimits;

/// A block, as it is broadcast and backfilled. What is accepted has no second encoding.
pub fn block(bytes: &[u8]) -> bool {
    let bounds = Bounds::from(BlockLimits::default());
    match Block::decode_cfg(Bytes::copy_from_slice(bytes), &bounds) {
        Ok(block) => {
            assert_eq!(block.encode().as_ref(), bytes, "a block has one encoding");
            true
        }
        Err(_) => false,
    }
}

/// Transactions that are passed on, or a sign of life.
pub fn gossip(bytes: &[u8]) -> bool {
    match gossip::read(bytes) {
        Ok(message) => {
            assert_eq!(types::encode(&message), bytes, "a message has one encoding");
            true
        }
        Err(_) => false,
    }
}

/// A request for entries of the store's log, or an answer to one.
pub fn fetch(bytes: &[u8]) -> bool {
    fetch::read(&Bytes::copy_from_slice(bytes)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use commonware_cryptography::{Signer as _, ed25519};
    use types::{Header, Seal};

    #[test]
    fn what_validators_send_is_read_and_what_is_cut_short_is_not() {
        let leader = ed25519::PrivateKey::from_seed(0).public_key();
        let seal = Seal { leader: crate::block::from_public_key(&leader), ..Seal::default() };
        let body_hash = types::Block::body_hash(&[]);
        let header = Header { body_hash, seal, ..crate::block::empty_header() };
        let bytes = Block::genesis(header).encode();
        assert!(block(&bytes));
        assert!(!block(&bytes[..bytes.len() - 1]));

        let here = types::encode(&gossip::Message::Here { height: 7 });
        assert!(gossip(&here));
        assert!(!gossip(&here[..4]));

        assert!(!fetch(b""));
        assert!(!fetch(&[0; 9]));
        assert!(!fetch(&[7; 64]));
    }
}

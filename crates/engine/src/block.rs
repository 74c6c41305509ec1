//! A block as consensus carries it: its encoded bytes, read once, checked against its own header.

use bytes::{BufMut, Bytes};
use chain::Parent;
use commonware_codec::{Buf, EncodeSize, Error, RangeCfg, Read, Write};
use commonware_consensus::{
    BoundedBlock, CertifiableBlock, Heightable,
    simplex::types::Context,
    types::{Epoch, Height, Round, View},
};
use commonware_cryptography::{Digestible, Signer as _, ed25519, sha256::Digest};
use std::sync::{Arc, LazyLock};
use types::{B256, BlockLimits, Header, encode, sha256};

/// What consensus says of a proposal: its round, its leader, its parent.
pub(crate) type ConsensusContext = Context<Digest, ed25519::PublicKey>;

/// The widest length that stands before a block's bytes.
const LENGTH_BYTES: usize = 10;

/// Encoded bytes of a header; every field of it has a fixed size.
static HEADER_BYTES: LazyLock<usize> = LazyLock::new(|| encode(&empty_header()).len());

pub(crate) fn empty_header() -> Header {
    Header {
        shard: Default::default(),
        height: 0,
        parent: B256::ZERO,
        time: Default::default(),
        body_hash: B256::ZERO,
        state_root: B256::ZERO,
        receipts_root: B256::ZERO,
        gas_used: 0,
        seal: Default::default(),
    }
}

/// A block, its encoding and its hash, which never disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    block: Arc<types::Block>,
    bytes: Bytes,
    digest: Digest,
    leader: ed25519::PublicKey,
}

/// How large a block a decoder accepts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    bytes: usize,
    transactions: usize,
}

impl From<BlockLimits> for Bounds {
    fn from(limits: BlockLimits) -> Self {
        // The body is a length and its transactions; each transaction counts its own length.
        let bytes = *HEADER_BYTES + 4 + limits.bytes as usize;
        Self { bytes, transactions: limits.transactions as usize }
    }
}

impl Block {
    /// Takes a block whose header names its leader; `None` if that is no key.
    pub(crate) fn new(block: types::Block) -> Option<Self> {
        let bytes = Bytes::from(encode(&block));
        Self::with_bytes(block, bytes)
    }

    /// The block before all others. Its leader is a formality: nobody proposed it.
    pub(crate) fn genesis(header: Header) -> Self {
        let digest = to_digest(&header.hash());
        let block = types::Block { header, body: Vec::new() };
        let bytes = Bytes::from(encode(&block));
        let leader = ed25519::PrivateKey::from_seed(0).public_key();
        Self { block: Arc::new(block), bytes, digest, leader }
    }

    fn with_bytes(block: types::Block, bytes: Bytes) -> Option<Self> {
        let digest = to_digest(&block.header.hash());
        let leader = to_public_key(&block.header.seal.leader)?;
        Some(Self { block: Arc::new(block), bytes, digest, leader })
    }

    pub(crate) fn inner(&self) -> &Arc<types::Block> {
        &self.block
    }

    pub(crate) fn header(&self) -> &Header {
        &self.block.header
    }

    pub(crate) fn hash(&self) -> B256 {
        to_hash(&self.digest)
    }

    /// This block as another stands on it.
    pub(crate) fn as_parent(&self) -> Parent {
        let Header { height, time, .. } = *self.header();
        Parent { hash: self.hash(), height, time }
    }
}

impl Write for Block {
    fn write(&self, buf: &mut impl BufMut) {
        self.bytes.write(buf);
    }
}

impl EncodeSize for Block {
    fn encode_size(&self) -> usize {
        self.bytes.encode_size()
    }
}

impl Read for Block {
    type Cfg = Bounds;

    /// Accepts exactly the bytes that `write` gives: the header's hash of the body covers the
    /// body's bytes themselves, so that no second encoding of a block exists.
    fn read_cfg(buf: &mut impl Buf, bounds: &Bounds) -> Result<Self, Error> {
        let refused = |why| Error::Invalid("Block", why);
        let bytes = Bytes::read_cfg(buf, &RangeCfg::new(*HEADER_BYTES..=bounds.bytes))?;
        let block: types::Block =
            types::decode(&bytes).map_err(|_| refused("the bytes are not a block"))?;
        if block.body.len() > bounds.transactions {
            return Err(refused("too many transactions"));
        }
        if sha256(&[&bytes[*HEADER_BYTES..]]) != block.header.body_hash {
            return Err(refused("the body is not the one its header names"));
        }
        Self::with_bytes(block, bytes).ok_or_else(|| refused("the leader is no public key"))
    }
}

impl Digestible for Block {
    type Digest = Digest;

    fn digest(&self) -> Digest {
        self.digest
    }
}

impl Heightable for Block {
    fn height(&self) -> Height {
        Height::new(self.block.header.height)
    }
}

impl commonware_consensus::Block for Block {
    fn parent(&self) -> Digest {
        to_digest(&self.block.header.parent)
    }
}

impl CertifiableBlock for Block {
    type Context = ConsensusContext;

    fn context(&self) -> ConsensusContext {
        let header = &self.block.header;
        Context {
            round: Round::new(Epoch::new(header.seal.epoch), View::new(header.seal.view)),
            leader: self.leader.clone(),
            parent: (View::new(header.seal.parent_view), to_digest(&header.parent)),
        }
    }
}

impl BoundedBlock for Block {
    fn max_encode_size(bounds: &Bounds) -> usize {
        LENGTH_BYTES + bounds.bytes
    }
}

pub(crate) fn to_digest(hash: &B256) -> Digest {
    Digest::from(hash.0)
}

pub(crate) fn to_hash(digest: &Digest) -> B256 {
    B256::from_slice(digest.as_ref())
}

/// Reads a public key; `None` if the bytes are none.
pub(crate) fn to_public_key(bytes: &B256) -> Option<ed25519::PublicKey> {
    commonware_codec::DecodeExt::decode(Bytes::copy_from_slice(&bytes.0)).ok()
}

pub(crate) fn from_public_key(key: &ed25519::PublicKey) -> B256 {
    B256::from_slice(key.as_ref())
}

//! Signed Ethereum transactions: decoded strictly, their sender recovered.

use alloy_consensus::{
    Transaction, TxEnvelope, TxLegacy,
    transaction::{RlpEcdsaDecodableTx, SignerRecoverable},
};
use alloy_eips::{eip2718::Decodable2718, eip2930::AccessList};
use alloy_primitives::Signature;
use types::{Address, B256, Bytes, U256, ensure};

/// A transaction, decoded, with the sender that its signature proves.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Keccak of the bytes.
    pub hash: B256,
    /// Who signed.
    pub sender: Address,
    /// The transaction.
    pub tx: TxEnvelope,
    /// The bytes as signed.
    pub bytes: Bytes,
}

/// Bytes are not a transaction that this chain takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// They do not decode, or something follows.
    #[error("the bytes are not an RLP-encoded transaction: {0}")]
    Rlp(String),
    /// Legacy, 2930 and 1559 are taken.
    #[error("transactions of type {0} are not taken: use legacy (EIP-155), EIP-2930 or EIP-1559")]
    Type(u8),
    /// Signed for another chain, or for any.
    #[error("the transaction is signed for chain id {}, this is {ours}; set chainId to {ours}", told(.signed))]
    ChainId {
        /// What it is signed for; nothing before EIP-155.
        signed: Option<u64>,
        /// This chain.
        ours: u64,
    },
    /// The signature proves nobody, or is the malleable twin of one that does (EIP-2).
    #[error("the signature is not valid, or not in its canonical low-s form")]
    Signature,
    /// Larger than any block takes.
    #[error("the transaction has {0} bytes, at most {MAX_BYTES} are taken")]
    TooLarge(usize),
}

/// The longest transaction: room for a batch of ten thousand legs.
pub const MAX_BYTES: usize = 1 << 20;

/// What a transaction is signed for, in words.
fn told(signed: &Option<u64>) -> String {
    signed.map_or_else(|| "none (before EIP-155)".into(), |id| id.to_string())
}

/// The hash by which a transaction is known.
pub fn transaction_hash(bytes: &Bytes) -> B256 {
    alloy_primitives::keccak256(bytes)
}

/// Decodes one transaction and recovers its sender.
pub fn decode(bytes: &Bytes, chain_id: u64) -> Result<Signed, Malformed> {
    let tx = parse(bytes)?;
    check_chain(&tx, chain_id)?;
    recover(tx, bytes)
}

/// What stands in place of a signature in a transaction that nobody signed: its sender, and 1. Only
/// [`decode_unsigned`] takes it, which no network calls.
pub fn unsigned(sender: &Address) -> Signature {
    Signature::new(U256::from_be_slice(sender.as_slice()), U256::ONE, false)
}

/// Decodes a transaction that nobody signed, as chains for development make them for those they
/// impersonate; `None` if it has a real signature.
pub fn decode_unsigned(bytes: &Bytes, chain_id: u64) -> Option<Signed> {
    let tx = parse(bytes).ok()?;
    check_chain(&tx, chain_id).ok()?;
    let r: [u8; 32] = tx.signature().r().to_be_bytes();
    let sender = Address::from_slice(&r[12..]);
    // Nobody can find a key with such an r.
    (*tx.signature() == unsigned(&sender)).then(|| {
        let hash = transaction_hash(bytes);
        Signed { hash, sender, tx, bytes: bytes.clone() }
    })
}

/// Takes the bytes apart. A type that is not taken is told from bytes that are no transaction.
pub(crate) fn parse(bytes: &Bytes) -> Result<TxEnvelope, Malformed> {
    if bytes.len() > MAX_BYTES {
        return Err(Malformed::TooLarge(bytes.len()));
    }
    let mut rest: &[u8] = bytes;
    let tx = match bytes.first() {
        // No type: read as the legacy transaction that it should be, so that the error says what is wrong with it.
        Some(0x80..) => TxLegacy::rlp_decode_signed(&mut rest)
            .map(TxEnvelope::Legacy)
            .map_err(|e| Malformed::Rlp(e.to_string()))?,
        _ => TxEnvelope::decode_2718(&mut rest).map_err(|e| Malformed::Rlp(e.to_string()))?,
    };
    if !rest.is_empty() {
        return Err(Malformed::Rlp(format!("{} bytes follow it", rest.len())));
    }
    match tx {
        TxEnvelope::Legacy(_) | TxEnvelope::Eip2930(_) | TxEnvelope::Eip1559(_) => Ok(tx),
        other => Err(Malformed::Type(other.tx_type() as u8)),
    }
}

fn check_chain(tx: &TxEnvelope, ours: u64) -> Result<(), Malformed> {
    let signed = tx.chain_id();
    ensure(signed == Some(ours), Malformed::ChainId { signed, ours })
}

/// Finds who signed.
pub(crate) fn recover(tx: TxEnvelope, bytes: &Bytes) -> Result<Signed, Malformed> {
    ensure(tx.signature().normalize_s().is_none(), Malformed::Signature)?;
    let sender = tx.recover_signer().map_err(|_| Malformed::Signature)?;
    Ok(Signed { hash: transaction_hash(bytes), sender, tx, bytes: bytes.clone() })
}

impl Signed {
    /// Its place among the sender's transactions.
    pub fn nonce(&self) -> u64 {
        self.tx.nonce()
    }

    /// Gas it may use.
    pub fn gas_limit(&self) -> u64 {
        self.tx.gas_limit()
    }

    /// The most its sender pays for a gas, in wei.
    pub fn max_fee_per_gas(&self) -> u128 {
        self.tx.max_fee_per_gas()
    }

    /// How much of that is a tip at most, in wei; none is paid.
    pub fn max_tip_per_gas(&self) -> u128 {
        self.tx.max_priority_fee_per_gas().unwrap_or(0)
    }

    /// What it calls; nothing when it creates a contract.
    pub fn to(&self) -> Option<Address> {
        self.tx.to()
    }

    /// Its data.
    pub fn input(&self) -> &Bytes {
        self.tx.input()
    }

    /// What it wants to find warm; empty in a legacy transaction.
    pub fn access_list(&self) -> &AccessList {
        static NONE: AccessList = AccessList(Vec::new());
        self.tx.access_list().unwrap_or(&NONE)
    }

    /// Ether it would move; this chain has none.
    pub fn value(&self) -> U256 {
        self.tx.value()
    }
}

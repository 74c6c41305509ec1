//! What a transaction did: its outcome, its typed events, its Ethereum logs, each provable alone.

use crate::{Address, B256, Bytes, Module, PersonId, encode};
use borsh::{BorshDeserialize, BorshSerialize};

/// An event of a module in its canonical encoding.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct EventRecord {
    /// Whose event it is.
    pub module: Module,
    /// The module's `Event`, encoded.
    pub bytes: Vec<u8>,
}

/// A log as Ethereum tools read it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct EthLog {
    /// The contract, asset or service that speaks.
    pub address: Address,
    /// At most four topics.
    pub topics: Vec<B256>,
    /// The data.
    pub data: Bytes,
}

/// How a transaction ended.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Outcome {
    /// It did what it said; the bytes are its return value.
    Done(Bytes),
    /// It changed nothing but the sender's nonce and fuel; the bytes are ABI-encoded error data.
    Refused(Bytes),
    /// A guest contract halted: out of gas, invalid opcode. The text names the cause.
    Halted(String),
}

/// What one transaction did.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Receipt {
    /// The transaction's hash.
    pub tx: B256,
    /// Who signed it.
    pub sender: Address,
    /// The person behind the sender.
    pub person: Option<PersonId>,
    /// How it ended.
    pub outcome: Outcome,
    /// Gas it used; fuel is gas times the block's price of gas.
    pub gas_used: u64,
    /// The contract it created.
    pub created: Option<Address>,
    /// What the modules announced, in order.
    pub events: Vec<EventRecord>,
    /// What Ethereum tools see, in order.
    pub logs: Vec<EthLog>,
}

/// One leaf of the receipts tree: a transaction's head, or one of its events.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Effect {
    /// The receipt without its events and logs, which the hash covers.
    Head {
        /// The transaction's hash.
        tx: B256,
        /// Who signed it.
        sender: Address,
        /// How it ended.
        outcome: Outcome,
        /// Gas it used.
        gas_used: u64,
        /// SHA-256 of the encoded logs.
        logs: B256,
    },
    /// One event, with its place in the transaction. The zero hash stands for the block's own work.
    Event {
        /// The transaction's hash.
        tx: B256,
        /// Its place among the transaction's events.
        index: u32,
        /// The event.
        event: EventRecord,
    },
}

impl Receipt {
    /// The leaves this receipt adds to the block's receipts tree, encoded.
    pub fn effects(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        let head = Effect::Head {
            tx: self.tx,
            sender: self.sender,
            outcome: self.outcome.clone(),
            gas_used: self.gas_used,
            logs: crate::sha256(&[&encode(&self.logs)]),
        };
        let events = self.events.iter().enumerate().map(|(index, event)| {
            encode(&Effect::Event { tx: self.tx, index: index as u32, event: event.clone() })
        });
        std::iter::once(encode(&head)).chain(events)
    }

    /// True if the transaction did what it said.
    pub fn is_done(&self) -> bool {
        matches!(self.outcome, Outcome::Done(_))
    }
}

//! An independent check of every final block: INVARIANTS.md, by number.
//!
//! Nothing of the node is used here. A block, its receipts and the state arrive as bytes; events are
//! folded into a [`Book`](book::Book) of the checker's own, movements are judged again, and then the
//! whole state must be what its history says.

mod apps;
mod book;
mod days;
mod duties;
mod facts;
mod fold;
mod judge;
mod limits;
mod lots;
mod meters;
mod preview;
mod profiles;
mod rows;
mod wire;

use alloy_consensus::{Transaction as _, TxEnvelope, transaction::SignerRecoverable as _};
use alloy_eips::eip2718::Decodable2718 as _;
use book::Book;
use fold::{Broken, Tx, law};
use sha2::Digest as _;
use std::collections::{BTreeMap, BTreeSet};
use wire::{EventRecord, Hash, Header, Receipt, Rows, Schedule};

/// What a network begins with, as far as its blocks do not announce it.
#[derive(Clone, Debug)]
pub struct Begin {
    /// The shard.
    pub shard: u16,
    /// The chain id that transactions are signed for.
    pub chain_id: u64,
    /// The hash of the header of height zero.
    pub genesis: [u8; 32],
    /// The time of height zero.
    pub time: u64,
    /// Providers at genesis.
    pub providers: Vec<u64>,
    /// Capacity of registered persons' tanks, of verified persons', and the time to fill one.
    pub fuel: (u64, u64, u64),
    /// How long a recovery waits, milliseconds.
    pub recovery_delay_ms: u64,
    /// Gas, bytes and transactions of a block.
    pub limits: (u64, u32, u32),
    /// The code of a contract that agrees to even amounts and to nothing else.
    pub even_contract: Vec<u8>,
    /// The encodings of profiles that may be announced by their hash.
    pub profiles: Vec<Vec<u8>>,
    /// The same of the rules of venues.
    pub venue_rules: Vec<Vec<u8>>,
    /// The same of calendars.
    pub calendars: Vec<Vec<u8>>,
}

/// A final block in bytes.
pub struct Seen<'a> {
    /// The encoded header.
    pub header: &'a [u8],
    /// The signed transactions.
    pub body: Vec<&'a [u8]>,
    /// The encoded receipts.
    pub receipts: Vec<Vec<u8>>,
    /// Every stored record after the block, if the state could be read just then.
    pub records: Option<Vec<&'a [u8]>>,
}

/// Follows one chain and says which law it breaks.
pub struct Checker {
    begin: Begin,
    book: Book,
    /// Hash, height and time of the last block.
    last: (Hash, u64, u64),
    previews: preview::Kept,
}

/// How much of what was checked there was to check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Movements judged a second time.
    pub judged: u64,
    /// Movements under a policy that was replaced before it could be read.
    pub unjudged: u64,
    /// Previews that were followed by what they were asked about: allowed, and refused.
    pub previews: (u64, u64),
    /// How often each profile let something pass.
    pub relied: BTreeMap<String, u64>,
    /// Meters whose sums were compared.
    pub meters: u64,
    /// How often each kind of rule was found to pass, and not to.
    pub rules: BTreeMap<&'static str, (u64, u64)>,
    /// How often amounts, periods and effects of each form were read.
    pub forms: BTreeMap<&'static str, u64>,
    /// Profiles that were not read to the end.
    pub unread: BTreeSet<String>,
}

impl Checker {
    /// A checker at height zero.
    pub fn new(begin: Begin) -> Self {
        let (registered, verified, refill_ms) = begin.fuel;
        let mut law = profiles::Law::default();
        for text in &begin.profiles {
            let profile = read("profile", text).expect("what is told at the start is so");
            law.texts.insert(sha256(&[text]), profile);
        }
        for text in &begin.venue_rules {
            let rules = read("venue's rules", text).expect("what is told at the start is so");
            law.venue_texts.insert(sha256(&[text]), rules);
        }
        for text in &begin.calendars {
            let calendar = read("calendar", text).expect("what is told at the start is so");
            law.calendar_texts.insert(sha256(&[text]), calendar);
        }
        let book = Book {
            recovery_delay_ms: begin.recovery_delay_ms,
            schedule: Some(Schedule { registered, verified, refill_ms }),
            providers: begin.providers.iter().map(|id| (*id, (true, None))).collect(),
            law,
            ..Book::default()
        };
        let previews = preview::Kept::default();
        Self { last: (begin.genesis, 0, begin.time), begin, book, previews }
    }

    /// Checks one more block. The message names the law, the height and the facts.
    pub fn check(&mut self, seen: &Seen<'_>) -> Result<(), String> {
        let height = self.last.1 + 1;
        self.check_block(seen).map_err(|broken| format!("block {height}: {broken}"))
    }

    /// How much there was to check.
    pub fn reach(&self) -> Reach {
        Reach {
            judged: self.book.judged,
            unjudged: self.book.unjudged,
            previews: (self.previews.allowed, self.previews.refused),
            relied: self.book.law.relied.clone(),
            meters: self.book.law.meters.len() as u64,
            rules: self.book.rules_read.borrow().clone(),
            forms: self.book.forms_read.borrow().clone(),
            unread: self.book.law.unread.clone(),
        }
    }

    /// The height of the last block checked.
    pub fn height(&self) -> u64 {
        self.last.1
    }

    fn check_block(&mut self, seen: &Seen<'_>) -> Result<(), Broken> {
        let header: Header = read("header", seen.header)?;
        let (parent, height, time) = self.last;
        law!(header.shard == self.begin.shard, "the shard is {}", header.shard);
        law!(header.parent == parent, "I-40 the parent is another block");
        law!(header.height == height + 1, "I-40 height {} after {height}", header.height);
        law!(header.time > time, "time {} is not after {time}", header.time);
        let (gas, bytes, transactions) = self.begin.limits;
        law!(seen.body.len() <= transactions as usize, "too many transactions");
        let mut body = (seen.body.len() as u32).to_le_bytes().to_vec();
        for tx in &seen.body {
            body.extend((tx.len() as u32).to_le_bytes());
            body.extend(*tx);
        }
        law!(body.len() <= bytes as usize + 4, "the body has {} bytes", body.len());
        law!(header.body_hash == sha256(&[&body]), "the body hash is another one");

        let receipts = seen.receipts.iter().map(|bytes| read("receipt", bytes));
        let receipts: Vec<Receipt> = receipts.collect::<Result<_, _>>()?;
        law!(
            header.receipts_root == receipts_root(&receipts),
            "I-40 the receipts root is another one"
        );
        let used: u64 = receipts.iter().map(|receipt| receipt.gas_used).sum();
        law!(used == header.gas_used && used <= gas, "I-15 {used} gas used of {}", header.gas_used);

        self.book.now = header.time;
        let rows = seen.records.as_ref().map(|records| Rows::read(records.iter().copied()));
        let rows = rows.transpose()?;
        if let Some(rows) = &rows {
            self.book.read_rules(rows, &self.begin.even_contract)?;
        }
        let own_work = receipts.len().checked_sub(seen.body.len());
        let own_work =
            own_work.filter(|count| *count <= 1).ok_or("receipts and transactions differ")?;
        if height > 0 {
            self.book.end_days();
        }
        for receipt in &receipts[..own_work] {
            law!(receipt.tx == [0; 32] && receipt.gas_used == 0, "a receipt of no transaction");
            // What genesis says is said as of its own time.
            self.book.now = if height == 0 { self.begin.time } else { header.time };
            self.book.events(None, &receipt.events)?;
        }
        self.book.now = header.time;
        self.book.duties_told(Vec::new())?;
        self.book.days_ended()?;
        let mut asked: Option<preview::Asked> = None;
        for (place, (bytes, receipt)) in seen.body.iter().zip(&receipts[own_work..]).enumerate() {
            let checked = self.read_tx(bytes).and_then(|tx| {
                self.book.transaction(&tx, receipt)?;
                if let Some(asked) = asked.take() {
                    asked.came(&tx, receipt, &mut self.previews)?;
                }
                asked = preview::asked(&tx, receipt);
                Ok(())
            });
            checked.map_err(|broken| format!("transaction {place}: {broken}"))?;
        }
        if let Some(rows) = &rows {
            self.book.matches(rows)?;
        }
        self.last = (sha256(&[seen.header]), header.height, header.time);
        Ok(())
    }

    /// Reads a transaction as any Ethereum library does, and proves who signed it.
    fn read_tx(&self, mut bytes: &[u8]) -> Result<Tx, Broken> {
        let hash = alloy_primitives::keccak256(bytes).0;
        let envelope =
            TxEnvelope::decode_2718(&mut bytes).map_err(|e| format!("no transaction: {e}"))?;
        law!(bytes.is_empty(), "bytes follow the transaction");
        law!(envelope.chain_id() == Some(self.begin.chain_id), "signed for another chain");
        law!(envelope.signature().normalize_s().is_none(), "the signature is malleable");
        law!(envelope.value().is_zero(), "ether moves");
        let sender = envelope.recover_signer().map_err(|_| "signed by nobody")?;
        Ok(Tx {
            hash,
            sender: sender.into_array(),
            nonce: envelope.nonce(),
            gas: envelope.gas_limit(),
            to: envelope.to().map(|to| to.into_array()),
            input: envelope.input().to_vec(),
        })
    }
}

fn read<T: borsh::BorshDeserialize>(what: &str, bytes: &[u8]) -> Result<T, Broken> {
    borsh::from_slice(bytes).map_err(|e| format!("the {what} does not decode: {e}"))
}

fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = sha2::Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The Merkle root over every effect, RFC 6962's hashes, a node without a sibling rising unchanged.
fn receipts_root(receipts: &[Receipt]) -> Hash {
    let encode = |value: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
        let mut bytes = Vec::new();
        value(&mut bytes).expect("memory takes all");
        bytes
    };
    let mut level = Vec::new();
    for receipt in receipts {
        let logs = sha256(&[&encode(&|to| borsh::to_writer(to, &receipt.logs))]);
        let head = (&receipt.tx, &receipt.sender, &receipt.outcome, &receipt.gas_used, &logs);
        level.push(sha256(&[&[0], &[0], &encode(&|to| borsh::to_writer(&mut *to, &head))]));
        for (index, event) in receipt.events.iter().enumerate() {
            let leaf: (&Hash, u32, &EventRecord) = (&receipt.tx, index as u32, event);
            level.push(sha256(&[&[0], &[1], &encode(&|to| borsh::to_writer(&mut *to, &leaf))]));
        }
    }
    if level.is_empty() {
        return sha256(&[]);
    }
    while level.len() > 1 {
        let raise = |pair: &[Hash]| match pair {
            [left, right] => sha256(&[&[1], left, right]),
            [alone] => *alone,
            _ => unreachable!("chunks of two have one or two"),
        };
        level = level.chunks(2).map(raise).collect();
    }
    level[0]
}

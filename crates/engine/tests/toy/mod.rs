//! A chain small enough to hold in one hand: a transaction writes or deletes one record, once.

#![allow(dead_code, reason = "every test uses its own part of the toy")]

use borsh::{BorshDeserialize, BorshSerialize};
use chain::{ExecuteError, Executed, MissingParent, Parent};
use engine::{Candidates, Machine};
use futures::future::BoxFuture;
use parking_lot::Mutex;
use state::{Base, Context, Env, Forest, Schema, Table};
use std::sync::Arc;
use tokio::sync::Notify;
use types::{
    B256, Block, BlockLimits, Bytes, EventRecord, Header, Module, Outcome, Receipt, ShardId, Time,
    encode, merkle_root, sha256,
};

/// The records that transactions write.
pub const VALUES: Table<u64, Vec<u8>> = Table::new(Module::Ledger, 0, "toy/values");
/// The transactions that were included.
pub const SEEN: Table<u64, u64> = Table::new(Module::Ledger, 1, "toy/seen");

const ENV: Env = Env {
    shard: ShardId(7),
    chain_id: 7,
    height: 0,
    time: Time(0),
    guest_gas: 30_000_000,
    gas_limit: 2_000_000_000,
};

/// A transaction of the toy.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Tx {
    pub number: u64,
    pub key: u64,
    pub value: Option<Vec<u8>>,
}

impl Tx {
    pub fn put(number: u64, key: u64, value: &[u8]) -> Bytes {
        encode(&Tx { number, key, value: Some(value.to_vec()) }).into()
    }

    pub fn delete(number: u64, key: u64) -> Bytes {
        encode(&Tx { number, key, value: None }).into()
    }
}

/// The toy's rules.
pub struct Toy {
    genesis: Header,
    forest: Forest,
    latest: Mutex<Header>,
}

fn schema() -> Schema {
    Schema::default().with(&VALUES).with(&SEEN)
}

impl Toy {
    pub fn new() -> Arc<Self> {
        Self::of_network("toy")
    }

    pub fn of_network(name: &str) -> Arc<Self> {
        let genesis = Header {
            shard: ShardId(7),
            height: 0,
            parent: sha256(&[name.as_bytes()]),
            time: Time(0),
            body_hash: Block::body_hash(&[]),
            state_root: B256::ZERO,
            receipts_root: B256::ZERO,
            gas_used: 0,
            seal: Default::default(),
        };
        let forest = Forest::new(&schema(), genesis.hash());
        Arc::new(Self { latest: Mutex::new(genesis.clone()), genesis, forest })
    }

    pub fn value(&self, key: u64) -> Option<Vec<u8>> {
        self.forest.with_final(|_, view| {
            let ctx = Context::new(view, ENV);
            VALUES.get(&ctx, &key)
        })
    }

    pub fn has_seen(&self, number: u64) -> Option<u64> {
        self.forest.with_final(|_, view| SEEN.get(&Context::new(view, ENV), &number))
    }

    pub fn records(&self) -> Vec<(B256, Vec<u8>)> {
        self.forest.with_base(|_, base| base.records())
    }

    fn finish(ctx: Context<'_>, receipts: Vec<Receipt>) -> Executed {
        let (layer, changes) = ctx.finish();
        let effects: Vec<Vec<u8>> = receipts.iter().flat_map(|receipt| receipt.effects()).collect();
        let gas_used = receipts.len() as u64;
        Executed {
            layer: Arc::new(layer),
            changes,
            receipts_root: merkle_root(&effects),
            receipts,
            gas_used,
        }
    }

    fn include(ctx: &mut Context<'_>, height: u64, bytes: &Bytes) -> Option<Receipt> {
        let tx: Tx = types::decode(bytes).ok()?;
        if SEEN.has(ctx, &tx.number) {
            return None;
        }
        SEEN.put(ctx, &tx.number, height);
        match tx.value {
            Some(value) => VALUES.put(ctx, &tx.key, value),
            None => VALUES.delete(ctx, &tx.key),
        }
        Some(Receipt {
            tx: sha256(&[bytes]),
            sender: Default::default(),
            person: None,
            outcome: Outcome::Done(Default::default()),
            gas_used: 1,
            created: None,
            events: vec![EventRecord { module: Module::Ledger, bytes: encode(&tx.number) }],
            logs: Vec::new(),
        })
    }
}

impl Machine for Toy {
    fn genesis_header(&self) -> Header {
        self.genesis.clone()
    }

    fn limits(&self) -> BlockLimits {
        BlockLimits { gas: 1_000_000, guest_gas: 1_000_000, bytes: 1 << 20, transactions: 20_000 }
    }

    fn knows(&self, hash: &B256) -> bool {
        self.forest.knows(hash)
    }

    fn propose(
        &self,
        parent: &Parent,
        _: Time,
        candidates: &[Bytes],
    ) -> Result<(Vec<Bytes>, Executed), MissingParent> {
        self.forest.with(parent.hash, |view| {
            let mut ctx = Context::new(view, ENV);
            let (mut body, mut receipts) = (Vec::new(), Vec::new());
            for bytes in candidates {
                if let Some(receipt) = Self::include(&mut ctx, parent.height + 1, bytes) {
                    body.push(bytes.clone());
                    receipts.push(receipt);
                }
            }
            (body, Self::finish(ctx, receipts))
        })
    }

    fn execute(&self, parent: &Parent, block: &Block) -> Result<Executed, ExecuteError> {
        let invalid = |what: &str| ExecuteError::Invalid(what.to_owned());
        let header = &block.header;
        if header.parent != parent.hash || header.height != parent.height + 1 {
            return Err(invalid("another parent"));
        }
        if header.time <= parent.time || header.shard != self.genesis.shard {
            return Err(invalid("another time or shard"));
        }
        let executed = self.forest.with(parent.hash, |view| {
            let mut ctx = Context::new(view, ENV);
            let include = |bytes| Self::include(&mut ctx, header.height, bytes);
            let receipts: Option<Vec<_>> = block.body.iter().map(include).collect();
            Some(Self::finish(ctx, receipts?))
        })?;
        let executed = executed.ok_or_else(|| invalid("a transaction stands twice"))?;
        match executed.receipts_root == header.receipts_root && executed.gas_used == header.gas_used
        {
            true => Ok(executed),
            false => Err(invalid("another result")),
        }
    }

    fn attach(&self, header: &Header, executed: &Executed) {
        self.forest.attach(header.hash(), header.parent, executed.layer.clone());
    }

    fn finalize(&self, header: &Header) -> bool {
        let mut latest = self.latest.lock();
        if header.height <= latest.height {
            return true;
        }
        let folded = self.forest.finalize(header.hash());
        if folded {
            *latest = header.clone();
        }
        folded
    }

    fn empty(&self) -> Base {
        Base::new(&schema())
    }

    fn start_from(&self, header: &Header, base: Base) {
        self.forest.start_from(header.hash(), base);
        *self.latest.lock() = header.clone();
    }
}

/// Transactions waiting, in the order of their arrival.
#[derive(Default)]
pub struct Waiting {
    waiting: Mutex<Vec<(Bytes, Option<u64>)>>,
    work: Notify,
}

impl Waiting {
    pub fn add(&self, transaction: Bytes) {
        let mut waiting = self.waiting.lock();
        if !waiting.iter().any(|(known, _)| *known == transaction) {
            waiting.push((transaction, None));
        }
        drop(waiting);
        self.work.notify_waiters();
    }

    pub fn len(&self) -> usize {
        self.waiting.lock().len()
    }
}

impl Candidates for Waiting {
    fn candidates(&self) -> Vec<Bytes> {
        self.waiting.lock().iter().map(|(bytes, _)| bytes.clone()).collect()
    }

    fn wait(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            loop {
                let notified = self.work.notified();
                tokio::pin!(notified);
                notified.as_mut().enable();
                if self.waiting.lock().iter().any(|(_, in_block)| in_block.is_none()) {
                    return;
                }
                notified.await;
            }
        })
    }

    fn arrived(&self, transactions: Vec<Bytes>) {
        transactions.into_iter().for_each(|transaction| self.add(transaction));
    }

    fn executed(&self, block: &Block) {
        for (bytes, in_block) in self.waiting.lock().iter_mut() {
            if block.body.contains(bytes) {
                *in_block = Some(block.header.height);
            }
        }
    }

    fn finalized(&self, block: &Block, _: &[Receipt]) {
        let mut waiting = self.waiting.lock();
        waiting.retain(|(bytes, _)| !block.body.contains(bytes));
        for (_, in_block) in waiting.iter_mut() {
            if in_block.is_some_and(|height| height <= block.header.height) {
                *in_block = None;
            }
        }
        drop(waiting);
        self.work.notify_waiters();
    }
}

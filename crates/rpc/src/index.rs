//! Final blocks as they are asked for: by height, by hash, by transaction, by log.
//!
//! Everything here can be thrown away and read again from the engine's archives. Recent blocks are kept
//! whole, older ones by hash and bloom only, and the places of transactions up to a bound. The newest
//! block is there at once after a start; a slow walk backwards then finds the older ones.
//!
//! Laws, each checked below:
//! - RPC-1  a block is announced once, after it can be found, in order of height
//! - RPC-2  a block that comes again changes nothing

use crate::backend::Finality;
use alloy_primitives::{Bloom, BloomInput};
use engine::FinalizedBlock;
use parking_lot::RwLock;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};
use tokio::sync::{broadcast, watch};
use types::{B256, Block, EthLog, Header, Receipt};

/// How much the index keeps in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexLimits {
    /// Blocks kept whole.
    pub blocks: usize,
    /// Bytes of the blocks kept whole, about.
    pub bytes: usize,
    /// Blocks of which hash and bloom are kept.
    pub heights: usize,
    /// Transactions that can be found by their hash.
    pub transactions: usize,
}

impl Default for IndexLimits {
    fn default() -> Self {
        Self { blocks: 1_024, bytes: 64 << 20, heights: 500_000, transactions: 2_000_000 }
    }
}

/// Blocks that a subscriber may fall behind before it is dropped.
const ANNOUNCED: usize = 256;

/// A final block with what is counted over it once.
#[derive(Debug)]
pub struct Indexed {
    /// The block.
    pub block: Arc<Block>,
    /// Its hash.
    pub hash: B256,
    /// What it did, the block's own work first if there was any.
    pub receipts: Arc<Vec<Receipt>>,
    /// The bloom over all its logs.
    pub bloom: Bloom,
    // One if the first receipt is the block's own work.
    own: usize,
    // Gas and logs of the transactions before each.
    before: Vec<(u64, u32)>,
}

impl Indexed {
    /// Counts over a final block.
    pub fn of(known: &FinalizedBlock) -> Self {
        let receipts = known.receipts.clone();
        let own = usize::from(receipts.first().is_some_and(|receipt| receipt.tx.is_zero()));
        let (mut gas, mut logs) = (0, 0);
        let mut before = Vec::with_capacity(receipts.len());
        for receipt in &receipts[own..] {
            before.push((gas, logs));
            gas += receipt.gas_used;
            logs += receipt.logs.len() as u32;
        }
        let bloom = bloom_of(receipts[own..].iter().flat_map(|receipt| &receipt.logs));
        Self { block: known.block.clone(), hash: known.hash, receipts, bloom, own, before }
    }

    /// The block that nobody proposed: height zero.
    fn genesis(header: &Header) -> Self {
        let block = Arc::new(Block { header: header.clone(), body: Vec::new() });
        Self::of(&FinalizedBlock { block, hash: header.hash(), receipts: Arc::default() })
    }

    /// The head.
    pub fn header(&self) -> &Header {
        &self.block.header
    }

    /// What each transaction did, in order.
    pub fn transactions(&self) -> &[Receipt] {
        &self.receipts[self.own..]
    }

    /// What the block did by itself.
    pub fn own_work(&self) -> Option<&Receipt> {
        self.receipts[..self.own].first()
    }

    /// Gas and logs of the transactions before this one.
    pub fn before(&self, index: usize) -> (u64, u32) {
        self.before.get(index).copied().unwrap_or_default()
    }

    fn size(&self) -> usize {
        let body: usize = self.block.body.iter().map(|bytes| bytes.len() + 64).sum();
        let of = |receipt: &Receipt| {
            let logs: usize =
                receipt.logs.iter().map(|log| 96 + 32 * log.topics.len() + log.data.len()).sum();
            let events: usize = receipt.events.iter().map(|event| 48 + event.bytes.len()).sum();
            192 + logs + events
        };
        512 + body + self.receipts.iter().map(of).sum::<usize>()
    }
}

/// The bloom over logs. What they have in common, as the logs of a block do, is hashed once.
pub(crate) fn bloom_of<'l>(logs: impl IntoIterator<Item = &'l EthLog>) -> Bloom {
    let mut bloom = Bloom::ZERO;
    let mut seen: HashSet<&[u8]> = HashSet::new();
    for log in logs {
        let topics = log.topics.iter().map(|topic| topic.as_slice());
        for input in std::iter::once(log.address.as_slice()).chain(topics) {
            if seen.insert(input) {
                bloom.accrue(BloomInput::Raw(input));
            }
        }
    }
    bloom
}

/// What stays of a block for long.
struct Kept {
    hash: B256,
    /// `None` where no log was written, which is most blocks of an idle chain.
    bloom: Option<Box<Bloom>>,
}

#[derive(Default)]
struct Inner {
    /// The height of the first of `kept`.
    first: u64,
    kept: VecDeque<Kept>,
    /// The newest blocks, whole; the last is the head.
    whole: VecDeque<(Arc<Indexed>, usize)>,
    whole_bytes: usize,
    heights: HashMap<B256, u64>,
    // Places of transactions by the first half of their hash, in two generations: when the younger is
    // half of what may be kept, the older goes.
    young: HashMap<[u8; 16], (u64, u32)>,
    old: HashMap<[u8; 16], (u64, u32)>,
}

/// Final blocks, found quickly.
pub struct Index {
    limits: IndexLimits,
    genesis: Arc<Indexed>,
    inner: RwLock<Inner>,
    announced: broadcast::Sender<Arc<Indexed>>,
    loaded: watch::Sender<bool>,
    complete: watch::Sender<bool>,
}

impl Index {
    /// An index that knows height zero.
    pub fn new(genesis: &Header, limits: IndexLimits) -> Self {
        let genesis = Arc::new(Indexed::genesis(genesis));
        let announced = broadcast::channel(ANNOUNCED).0;
        let loaded = watch::Sender::new(false);
        let complete = watch::Sender::new(false);
        Self { limits, genesis, inner: RwLock::default(), announced, loaded, complete }
    }

    /// True once the chain can be read here: nothing that was told before the last stop is missing.
    pub fn is_loaded(&self) -> bool {
        *self.loaded.borrow()
    }

    /// Resolves once the chain can be read here.
    pub async fn loaded(&self) {
        // The sender lives as long as we do.
        let _ = self.loaded.subscribe().wait_for(|is_loaded| *is_loaded).await;
    }

    /// True once the walk backwards is over: a transaction that is not here is not kept here.
    pub fn is_complete(&self) -> bool {
        *self.complete.borrow()
    }

    /// Resolves once the walk backwards is over.
    pub async fn complete(&self) {
        // The sender lives as long as we do.
        let _ = self.complete.subscribe().wait_for(|is_complete| *is_complete).await;
    }

    /// The newest block.
    pub fn head(&self) -> Arc<Indexed> {
        self.inner
            .read()
            .whole
            .back()
            .map_or_else(|| self.genesis.clone(), |(block, _)| block.clone())
    }

    /// The blocks that come from now on. A reader that falls behind too far loses the oldest, and is told.
    pub fn announced(&self) -> broadcast::Receiver<Arc<Indexed>> {
        self.announced.subscribe()
    }

    /// A block that is kept whole.
    pub fn block(&self, height: u64) -> Option<Arc<Indexed>> {
        if height == 0 {
            return Some(self.genesis.clone());
        }
        let inner = self.inner.read();
        let last = inner.whole.back()?.0.header().height;
        let back = usize::try_from(last.checked_sub(height)?).ok()?;
        let place = inner.whole.len().checked_sub(back + 1)?;
        Some(inner.whole[place].0.clone())
    }

    /// The height of a block by its hash.
    pub fn height(&self, hash: &B256) -> Option<u64> {
        if *hash == self.genesis.hash {
            return Some(0);
        }
        self.inner.read().heights.get(hash).copied()
    }

    /// Height and place of a transaction. Whoever asks compares the hash in the block.
    pub fn place(&self, transaction: &B256) -> Option<(u64, usize)> {
        let inner = self.inner.read();
        let key = short(transaction);
        let place = inner.young.get(&key).or_else(|| inner.old.get(&key));
        place.map(|(height, index)| (*height, *index as usize))
    }

    /// False if the block surely has no log that these blooms accept. `true` if nothing is known.
    pub fn may_match(&self, height: u64, accepts: impl FnOnce(&Bloom) -> bool) -> bool {
        let inner = self.inner.read();
        let place = height.checked_sub(inner.first).and_then(|place| usize::try_from(place).ok());
        match place.and_then(|place| inner.kept.get(place)) {
            Some(Kept { bloom: None, .. }) => false,
            Some(Kept { bloom: Some(bloom), .. }) => accepts(bloom),
            None => true,
        }
    }

    /// The lowest height that can be found by hash, and how many transactions can.
    pub fn reach(&self) -> (u64, usize) {
        let inner = self.inner.read();
        (inner.first, inner.young.len() + inner.old.len())
    }

    /// Adds the next block and announces it. A block that is known, or leaves a gap, changes nothing.
    pub fn add(&self, known: &FinalizedBlock) -> bool {
        let height = known.block.header.height;
        let mut inner = self.inner.write();
        let expected = inner.first + inner.kept.len() as u64;
        if !inner.kept.is_empty() && height != expected {
            return false;
        }
        let block = Arc::new(Indexed::of(known));
        if inner.kept.is_empty() {
            inner.first = height;
        }
        inner.kept.push_back(Kept { hash: block.hash, bloom: boxed(&block) });
        inner.heights.insert(block.hash, height);
        for (index, receipt) in block.transactions().iter().enumerate() {
            inner.young.insert(short(&receipt.tx), (height, index as u32));
        }
        if inner.young.len() > self.limits.transactions / 2 {
            inner.old = std::mem::take(&mut inner.young);
        }
        let size = block.size();
        inner.whole_bytes += size;
        inner.whole.push_back((block.clone(), size));
        while inner.whole.len() > 1
            && (inner.whole.len() > self.limits.blocks || inner.whole_bytes > self.limits.bytes)
        {
            if let Some((_, size)) = inner.whole.pop_front() {
                inner.whole_bytes -= size;
            }
        }
        if inner.kept.len() > self.limits.heights
            && let Some(gone) = inner.kept.pop_front()
        {
            inner.first += 1;
            inner.heights.remove(&gone.hash);
        }
        drop(inner);
        // Nobody listening is no failure.
        let _ = self.announced.send(block);
        true
    }

    /// Adds the block before the first one known, quietly. False once there is no room for older ones.
    fn add_older(&self, known: &FinalizedBlock) -> bool {
        let block = Indexed::of(known);
        let mut inner = self.inner.write();
        let height = known.block.header.height;
        let count = block.transactions().len();
        let is_next = height + 1 == inner.first;
        let has_room = inner.kept.len() < self.limits.heights
            && inner.young.len() + inner.old.len() + count <= self.limits.transactions;
        if !is_next || !has_room {
            return false;
        }
        inner.first = height;
        inner.kept.push_front(Kept { hash: block.hash, bloom: boxed(&block) });
        inner.heights.insert(block.hash, height);
        for (index, receipt) in block.transactions().iter().enumerate() {
            inner.old.insert(short(&receipt.tx), (height, index as u32));
        }
        true
    }

    /// Begins at height zero, with a chain that tells of every block itself.
    pub fn begin(&self) {
        self.loaded.send_replace(true);
        self.complete.send_replace(true);
    }

    /// Forgets the blocks above a height: a chain for development went back.
    pub fn cut(&self, height: u64) {
        let mut inner = self.inner.write();
        let kept = height.saturating_add(1).saturating_sub(inner.first);
        while inner.kept.len() as u64 > kept {
            let Some(gone) = inner.kept.pop_back() else { break };
            inner.heights.remove(&gone.hash);
        }
        while let Some((block, size)) = inner.whole.pop_back() {
            if block.header().height <= height {
                inner.whole.push_back((block, size));
                break;
            }
            inner.whole_bytes -= size;
            for receipt in block.transactions() {
                inner.young.remove(&short(&receipt.tx));
                inner.old.remove(&short(&receipt.tx));
            }
        }
    }

    /// Keeps the index at the head of the chain, for ever.
    pub async fn follow(self: Arc<Self>, engine: Arc<dyn Finality>) {
        engine.loaded().await;
        let head = engine.status().height.unwrap_or(0);
        let mut next = match engine.finalized(head).await {
            Some(block) => {
                self.add(&block);
                let (index, engine) = (self.clone(), engine.clone());
                tokio::spawn(async move {
                    index.walk_back(&*engine, head).await;
                    index.complete.send_replace(true);
                });
                head + 1
            }
            // A state that was synced has no block of its own here: begin with the one after it.
            None => {
                self.complete.send_replace(true);
                head + 1
            }
        };
        self.loaded.send_replace(true);
        loop {
            engine.reached(next).await;
            match engine.finalized(next).await {
                Some(block) => {
                    self.add(&block);
                    next += 1;
                }
                // Pruned before it was read: go on at the head.
                None => {
                    tracing::warn!(
                        height = next,
                        "a final block is not kept any more, skipping it"
                    );
                    next = engine.status().height.unwrap_or(next).max(next + 1);
                    *self.inner.write() = Inner::default();
                }
            }
        }
    }

    async fn walk_back(&self, engine: &dyn Finality, head: u64) {
        for height in (1..head).rev() {
            let Some(block) = engine.finalized(height).await else { return };
            if !self.add_older(&block) {
                return;
            }
            // Older blocks matter less than whoever waits for an answer.
            tokio::task::yield_now().await;
        }
    }
}

fn boxed(block: &Indexed) -> Option<Box<Bloom>> {
    (!block.bloom.is_zero()).then(|| Box::new(block.bloom))
}

fn short(hash: &B256) -> [u8; 16] {
    hash[..16].try_into().expect("half of 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{Bundle, ProveError, Status};
    use futures::future::BoxFuture;
    use types::{Address, Bytes, Outcome, Seal, ShardId, Time};

    fn header(height: u64) -> Header {
        Header {
            shard: ShardId(0),
            height,
            parent: B256::with_last_byte(height as u8),
            time: Time(1_000 * height),
            body_hash: B256::ZERO,
            state_root: B256::ZERO,
            receipts_root: B256::ZERO,
            gas_used: 0,
            seal: Seal::default(),
        }
    }

    fn final_block(height: u64, transactions: u8) -> FinalizedBlock {
        let receipt = |n: u8| Receipt {
            tx: types::sha256(&[&[height as u8, n]]),
            sender: Address::ZERO,
            person: None,
            outcome: Outcome::Done(Default::default()),
            gas_used: 10,
            created: None,
            events: Vec::new(),
            logs: vec![EthLog {
                address: Address::repeat_byte(n),
                topics: vec![],
                data: Default::default(),
            }],
        };
        let block = Arc::new(Block { header: header(height), body: Vec::new() });
        let receipts = Arc::new((1..=transactions).map(receipt).collect());
        FinalizedBlock { hash: block.header.hash(), block, receipts }
    }

    #[test]
    fn a_block_is_announced_once_and_what_comes_again_changes_nothing() {
        let index = Index::new(&header(0), IndexLimits::default());
        let mut announced = index.announced();
        assert!(index.add(&final_block(1, 2)));
        assert!(!index.add(&final_block(1, 2)));
        assert!(!index.add(&final_block(3, 1)), "a gap");
        assert!(index.add(&final_block(2, 1)));
        assert_eq!(announced.try_recv().unwrap().header().height, 1);
        assert_eq!(announced.try_recv().unwrap().header().height, 2);
        assert!(announced.try_recv().is_err());
        assert_eq!(index.head().header().height, 2);
    }

    #[test]
    fn whole_blocks_are_bounded_and_the_rest_is_still_found() {
        let limits = IndexLimits { blocks: 2, bytes: 1 << 20, heights: 4, transactions: 100 };
        let index = Index::new(&header(0), limits);
        let blocks: Vec<_> = (1..=6).map(|height| final_block(height, 1)).collect();
        blocks.iter().for_each(|block| assert!(index.add(block)));
        assert!(index.block(6).is_some() && index.block(5).is_some() && index.block(4).is_none());
        assert!(index.block(7).is_none() && index.block(0).is_some());
        assert_eq!(index.height(&blocks[2].hash), Some(3));
        assert_eq!(index.height(&blocks[1].hash), None);
        assert_eq!(index.place(&blocks[0].receipts[0].tx), Some((1, 0)));
        assert!(index.may_match(1, |_| false), "nothing is known of it any more");
        assert!(!index.may_match(3, |_| false));
    }

    #[test]
    fn what_is_cut_off_is_not_found_and_another_block_takes_its_place() {
        let index = Index::new(&header(0), IndexLimits::default());
        let blocks: Vec<_> = (1..=4).map(|height| final_block(height, 1)).collect();
        blocks.iter().for_each(|block| assert!(index.add(block)));
        index.cut(2);
        assert_eq!(index.head().header().height, 2);
        assert_eq!(index.height(&blocks[2].hash), None);
        assert_eq!(index.place(&blocks[3].receipts[0].tx), None);
        assert_eq!(index.place(&blocks[1].receipts[0].tx), Some((2, 0)));
        assert!(index.add(&final_block(3, 2)));
        assert_eq!(index.head().transactions().len(), 2);
        index.cut(0);
        assert_eq!(index.head().header().height, 0);
        assert!(index.add(&blocks[0]));
    }

    #[test]
    fn places_of_transactions_are_bounded() {
        let limits = IndexLimits { transactions: 20, ..IndexLimits::default() };
        let index = Index::new(&header(0), limits);
        (1..=30).for_each(|height| assert!(index.add(&final_block(height, 2))));
        assert!(index.reach().1 <= 22);
        assert!(index.place(&final_block(30, 2).receipts[1].tx).is_some());
        assert!(index.place(&final_block(1, 2).receipts[1].tx).is_none());
    }

    #[test]
    fn older_blocks_join_from_behind_without_being_announced() {
        let index = Index::new(&header(0), IndexLimits::default());
        assert!(index.add(&final_block(5, 1)));
        let mut announced = index.announced();
        assert!(!index.add_older(&final_block(3, 1)), "a gap");
        assert!(index.add_older(&final_block(4, 1)));
        assert!(announced.try_recv().is_err());
        assert_eq!(index.place(&final_block(4, 1).receipts[0].tx), Some((4, 0)));
        assert_eq!(index.head().header().height, 5);
    }

    /// An engine that had two final blocks before it was stopped, and has applied so many of them again.
    struct Restarted(watch::Sender<u64>);

    impl Finality for Restarted {
        fn status(&self) -> Status {
            Status { height: Some(*self.0.borrow()), ..Status::default() }
        }

        fn metrics(&self) -> String {
            String::new()
        }

        fn loaded(&self) -> BoxFuture<'_, ()> {
            self.reached(2)
        }

        fn reached(&self, height: u64) -> BoxFuture<'_, ()> {
            let mut applied = self.0.subscribe();
            Box::pin(async move {
                let _ = applied.wait_for(|at| *at >= height).await;
            })
        }

        fn finalized(&self, height: u64) -> BoxFuture<'_, Option<Arc<FinalizedBlock>>> {
            let known = height <= *self.0.borrow();
            Box::pin(async move { known.then(|| Arc::new(final_block(height, 1))) })
        }

        fn block_by_hash(&self, _: B256) -> BoxFuture<'_, Option<Arc<Block>>> {
            Box::pin(async { None })
        }

        fn certificate(&self, _: u64) -> BoxFuture<'_, Option<Bytes>> {
            Box::pin(async { None })
        }

        fn prove(&self, _: Vec<B256>) -> BoxFuture<'_, Result<Bundle, ProveError>> {
            Box::pin(async { Err(ProveError::NotReady) })
        }

        fn prove_effects(&self, _: u64, _: Vec<u32>) -> BoxFuture<'_, Result<Bundle, ProveError>> {
            Box::pin(async { Err(ProveError::NotReady) })
        }
    }

    #[tokio::test]
    async fn a_node_that_comes_back_shows_nothing_older_than_it_had_told() {
        let engine = Arc::new(Restarted(watch::Sender::new(1)));
        let index = Arc::new(Index::new(&header(0), IndexLimits::default()));
        let following = tokio::spawn(index.clone().follow(engine.clone()));
        for _ in 0..16 {
            tokio::task::yield_now().await;
        }
        assert!(!index.is_loaded());
        engine.0.send_replace(2);
        index.loaded().await;
        assert_eq!(index.head().header().height, 2);
        index.complete().await;
        assert!(index.place(&final_block(1, 1).receipts[0].tx).is_some());
        following.abort();
    }
}

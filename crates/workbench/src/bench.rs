//! The chain on the bench: what waits becomes a block at once, a snapshot is a place to go back to.

use crate::{Keys, Refused, amend::Refused::TooMany, clock::Clock};
use chain::{Chain, Executed, Genesis, Parent, Place};
use engine::{FinalizedBlock, Status};
use parking_lot::Mutex;
use pool::Pool;
use state::Change;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::sync::watch;
use types::{Address, B256, Block, Bytes, Header, Seal, Time, U256, encode, ensure, sha256};

/// The most blocks made in one call.
const MOST_BLOCKS: u64 = 100_000;

/// How a workbench is set up.
pub struct Setup {
    /// The accounts that need no signature of their own.
    pub keys: Keys,
    /// The provider's wallet that registers whoever is unknown; nobody is let in so if absent.
    pub newcomers: Option<Address>,
    /// The fuel that accounts begin with, and newcomers get, in wei; what the genesis says if absent.
    pub fuel: Option<U256>,
    /// How often blocks are made of what waits; at once if absent.
    pub interval: Option<Duration>,
    /// The machine's clock.
    pub now: Box<dyn Fn() -> Time + Send + Sync>,
}

/// What a listener hears, under the workbench's lock: it must not call back.
#[derive(Debug)]
pub enum Told<'a> {
    /// A new block.
    Block(&'a FinalizedBlock),
    /// Blocks above this height never were.
    Back(u64),
}

/// Who is told of every block and of every step back.
pub type Listener = Box<dyn Fn(Told<'_>) + Send + Sync>;

/// A chain for development. Clones share it.
#[derive(Clone)]
pub struct Workbench(Arc<Inner>);

struct Inner {
    chain: Chain,
    pool: Pool,
    keys: Keys,
    newcomers: Option<Address>,
    fuel: Option<U256>,
    now: Box<dyn Fn() -> Time + Send + Sync>,
    bench: Mutex<Bench>,
    interval: watch::Sender<Option<Duration>>,
    status: watch::Sender<Status>,
    listener: OnceLock<Listener>,
}

/// What a lock guards: there is one order of things.
#[derive(Default)]
pub(crate) struct Bench {
    /// Blocks from height 1 on.
    pub(crate) blocks: Vec<Arc<FinalizedBlock>>,
    /// The hash over all changes, which stands for the root of the store.
    pub(crate) root: B256,
    pub(crate) clock: Clock,
    is_automine: bool,
    snapshots: BTreeMap<u64, Snapshot>,
    taken: u64,
    impersonated: BTreeSet<Address>,
    impersonates_all: bool,
}

struct Snapshot {
    place: Place,
    root: B256,
    clock: Clock,
}

impl Workbench {
    /// Begins a chain: its first block writes the genesis, which was checked.
    pub fn begin(genesis: Genesis, setup: Setup) -> Self {
        let this = Self::over(Chain::for_development(genesis), setup);
        this.open(&mut this.0.bench.lock());
        this
    }

    fn open(&self, bench: &mut Bench) {
        self.make(bench, true);
        for account in self.keys().addresses() {
            self.fuel_up(bench, account);
        }
    }

    pub(crate) fn over(chain: Chain, setup: Setup) -> Self {
        let Setup { keys, newcomers, fuel, interval, now } = setup;
        let pool = Pool::new(chain.clone(), pool::Limits::default());
        let bench = Bench { is_automine: interval.is_none(), ..Bench::default() };
        Self(Arc::new(Inner {
            chain,
            pool,
            keys,
            newcomers,
            fuel,
            now,
            bench: Mutex::new(bench),
            interval: watch::Sender::new(interval),
            status: watch::Sender::new(Status { height: Some(0), ..Status::default() }),
            listener: OnceLock::new(),
        }))
    }

    /// The rules and the state.
    pub fn chain(&self) -> &Chain {
        &self.0.chain
    }

    /// The transactions that wait: few, where blocks are made at once.
    pub fn pool(&self) -> &Pool {
        &self.0.pool
    }

    /// The accounts that need no signature of their own.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn newcomers(&self) -> Option<Address> {
        self.0.newcomers
    }

    pub(crate) fn fuel(&self) -> Option<U256> {
        self.0.fuel
    }

    /// Names who is told of blocks from now on, and tells it of those there are. There is one listener.
    pub fn listen(&self, listener: Listener) {
        let bench = self.0.bench.lock();
        bench.blocks.iter().for_each(|block| listener(Told::Block(block)));
        drop(self.0.listener.set(listener));
    }

    /// Takes a signed transaction; unless blocks are made by the clock, it is executed when this returns.
    pub fn submit(&self, bytes: Bytes) -> Result<B256, Refused> {
        let chain_id = self.chain().genesis().chain_id;
        let is_unsigned = evm::decode_unsigned(&bytes, chain_id).is_some();
        ensure(!is_unsigned, pool::Refusal::Malformed(evm::Malformed::Signature))?;
        self.submit_unsigned(bytes)
    }

    /// The same for a transaction that carries [`evm::unsigned`] for who is impersonated.
    pub fn submit_unsigned(&self, bytes: Bytes) -> Result<B256, Refused> {
        let signed = self.chain().recover(&bytes).map_err(pool::Refusal::from)?;
        let mut bench = self.0.bench.lock();
        self.welcome(&mut bench, signed.sender);
        let add = || self.pool().add_all(vec![signed.clone()]).pop();
        let mut added = add();
        if let Some(Err(pool::Refusal::NotIncludable(evm::NotIncludable::Fuel(_)))) = added {
            // Fuel grows with time, which stands still between blocks.
            self.make(&mut bench, true);
            added = add();
        }
        let hash = added.unwrap_or(Err(pool::Refusal::AlreadyKnown))?;
        if bench.is_automine {
            while self.make(&mut bench, false) {}
        }
        Ok(hash)
    }

    /// Makes so many blocks, the first of what waits, each so many seconds after the other if told.
    pub fn mine(&self, blocks: u64, interval_secs: Option<u64>) -> Result<(), Refused> {
        ensure(blocks <= MOST_BLOCKS, TooMany { asked: blocks, most: MOST_BLOCKS })?;
        let mut bench = self.0.bench.lock();
        for place in 0..blocks {
            if let Some(interval) = interval_secs.filter(|_| place > 0) {
                let latest = self.chain().latest().time.secs();
                bench.clock.next_secs = Some(latest.saturating_add(interval));
            }
            self.make(&mut bench, true);
        }
        Ok(())
    }

    /// Makes a block of what waits. Returns false, and makes none, if it would be empty and need not be.
    fn make(&self, bench: &mut Bench, even_empty: bool) -> bool {
        let Inner { chain, pool, .. } = &*self.0;
        let candidates = pool.candidates();
        if candidates.is_empty() && !even_empty {
            return false;
        }
        let parent = chain.latest();
        let now = (self.0.now)();
        let time = bench.clock.after(parent.time, now);
        let proposed = chain.propose(&Parent::from(&parent), time, &candidates);
        let (body, executed) = proposed.expect("the newest state is in memory");
        if body.is_empty() && !even_empty {
            return false;
        }
        bench.clock.used(time, now);
        bench.note(&executed.changes);
        let block = sealed(&parent, time, body, &executed, bench.root);
        chain.attach(&block.header, &executed);
        assert!(chain.finalize(&block.header), "its changes were just attached");
        pool.finalized(&block);
        let receipts = Arc::new(executed.receipts);
        let hash = block.header.hash();
        let block = Arc::new(FinalizedBlock { block: Arc::new(block), hash, receipts });
        bench.blocks.push(block.clone());
        self.tell(Told::Block(&block));
        true
    }

    /// Remembers everything as it is now. The number names it.
    pub fn snapshot(&self) -> u64 {
        let mut bench = self.0.bench.lock();
        let (root, clock) = (bench.root, bench.clock);
        bench.taken += 1;
        let id = bench.taken;
        bench.snapshots.insert(id, Snapshot { place: self.chain().place(), root, clock });
        id
    }

    /// Goes back to a snapshot; it and later ones are used up. What waits is forgotten. False if there is
    /// no such snapshot.
    pub fn revert(&self, id: u64) -> bool {
        let mut bench = self.0.bench.lock();
        if !bench.snapshots.contains_key(&id) {
            return false;
        }
        let mut used_up = bench.snapshots.split_off(&id);
        let Some((_, Snapshot { place, root, clock })) = used_up.pop_first() else {
            return false;
        };
        assert!(self.chain().rewind(&place), "snapshots are behind");
        (bench.root, bench.clock) = (root, clock);
        self.back_to(&mut bench, place.height());
        true
    }

    /// Begins anew: genesis, and its first block. Snapshots are gone.
    pub fn reset(&self) {
        let mut bench = self.0.bench.lock();
        let chain = self.chain();
        chain.start_from(&chain.genesis_header().clone(), chain.empty());
        (bench.root, bench.clock) = (B256::ZERO, Clock::default());
        bench.snapshots.clear();
        bench.impersonated.clear();
        bench.impersonates_all = false;
        self.back_to(&mut bench, 0);
        self.open(&mut bench);
    }

    fn back_to(&self, bench: &mut Bench, height: u64) {
        self.pool().clear();
        bench.blocks.truncate(usize::try_from(height).unwrap_or(usize::MAX));
        self.tell(Told::Back(height));
    }

    fn tell(&self, told: Told<'_>) {
        let height = match &told {
            Told::Block(block) => block.block.header.height,
            Told::Back(height) => *height,
        };
        self.0.status.send_modify(|status| {
            (status.height, status.best_known) = (Some(height), height);
        });
        if let Some(listener) = self.0.listener.get() {
            listener(told);
        }
    }

    /// Moves the chain's time so many seconds ahead of where it is. Returns how far it is ahead in all.
    pub fn increase_time(&self, secs: u64) -> i64 {
        let mut bench = self.0.bench.lock();
        let more = i64::try_from(secs).unwrap_or(i64::MAX);
        bench.clock.ahead_secs = bench.clock.ahead_secs.saturating_add(more);
        bench.clock.ahead_secs
    }

    /// Sets the time of the next block, from which time goes on.
    pub fn set_next_time(&self, secs: u64) -> Result<(), Refused> {
        let mut bench = self.0.bench.lock();
        let latest = self.chain().latest().time.secs();
        ensure(secs > latest, Refused::Earlier { asked: secs, latest })?;
        bench.clock.next_secs = Some(secs);
        Ok(())
    }

    /// Makes blocks at once, or only when told.
    pub fn set_automine(&self, is_automine: bool) {
        self.0.bench.lock().is_automine = is_automine;
    }

    /// True if blocks are made at once.
    pub fn is_automine(&self) -> bool {
        self.0.bench.lock().is_automine
    }

    /// Makes a block whenever so much time has passed, beside those made at once; stops that if absent.
    pub fn set_interval(&self, interval: Option<Duration>) {
        self.0.interval.send_replace(interval.filter(|interval| !interval.is_zero()));
    }

    /// How often blocks are made by the clock.
    pub fn interval(&self) -> watch::Receiver<Option<Duration>> {
        self.0.interval.subscribe()
    }

    /// Takes transactions of an address without its key. What is asked in its name before its first one, an
    /// estimate above all, is answered as to somebody who is known.
    pub fn impersonate(&self, address: Address) {
        let mut bench = self.0.bench.lock();
        bench.impersonated.insert(address);
        self.welcome(&mut bench, address);
    }

    /// Takes them no more. False if it did not.
    pub fn stop_impersonating(&self, address: &Address) -> bool {
        self.0.bench.lock().impersonated.remove(address)
    }

    /// Takes transactions of every address without its key, or only of those named.
    pub fn impersonate_all(&self, all: bool) {
        self.0.bench.lock().impersonates_all = all;
    }

    /// True if an address needs no key.
    pub fn is_impersonated(&self, address: &Address) -> bool {
        let bench = self.0.bench.lock();
        bench.impersonates_all || bench.impersonated.contains(address)
    }

    /// A block by its height.
    pub fn block(&self, height: u64) -> Option<Arc<FinalizedBlock>> {
        let place = usize::try_from(height.checked_sub(1)?).ok()?;
        self.0.bench.lock().blocks.get(place).cloned()
    }

    /// A block by its hash.
    pub fn block_by_hash(&self, hash: &B256) -> Option<Arc<FinalizedBlock>> {
        self.0.bench.lock().blocks.iter().rev().find(|block| block.hash == *hash).cloned()
    }

    /// Where the chain stands.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.0.status.subscribe()
    }

    pub(crate) fn bench(&self) -> parking_lot::MutexGuard<'_, Bench> {
        self.0.bench.lock()
    }

    pub(crate) fn note_status(&self, height: u64) {
        self.0.status.send_modify(|status| {
            (status.height, status.best_known) = (Some(height), height);
        });
    }
}

impl Bench {
    /// Counts changes into the hash over all of them.
    pub(crate) fn note(&mut self, changes: &[Change]) {
        let mut all = self.root.to_vec();
        for change in changes {
            all.extend(change.key);
            all.extend(encode(&change.record));
        }
        self.root = sha256(&[&all]);
    }
}

fn sealed(
    parent: &Header,
    time: Time,
    body: Vec<Bytes>,
    executed: &Executed,
    state_root: B256,
) -> Block {
    let header = Header {
        shard: parent.shard,
        height: parent.height + 1,
        parent: parent.hash(),
        time,
        body_hash: Block::body_hash(&body),
        state_root,
        receipts_root: executed.receipts_root,
        gas_used: executed.gas_used,
        seal: Seal::default(),
    };
    Block { header, body }
}

//! Several validators with real consensus, storage and proofs, under faults from a seed.

use crate::{
    Dice, Traffic, alone,
    cast::{LIMITS, START},
    chronicle::{Chronicle, Tally},
};
use chain::{Chain, Genesis};
use engine::{
    Candidates, Handle, NetworkKey, Pacing, light,
    simulated::{Link, Network, Torn, World},
};
use futures::future::BoxFuture;
use parking_lot::Mutex;
use pool::{Limits, Pool};
use std::sync::Arc;
use types::{B256, Block, Bytes, Receipt};

/// How often blocks are made: rarely, so that a history stays small.
pub const PACING: Pacing = Pacing { heartbeat_ms: 1_000, interval_ms: 400 };

/// A link as in one city.
pub const NEAR: Link = Link { latency_ms: 8, jitter_ms: 2, loss_percent: 0 };

/// How long a network may take to be whole again once nothing is broken any more.
const RECOVERY_MS: u64 = 30_000;

/// A network with its traffic and its chronicle, over all its lives.
pub struct Simulation {
    world: World,
    genesis: Genesis,
    key: NetworkKey,
    traffic: Traffic,
    chronicle: Arc<Mutex<Chronicle>>,
}

/// A life of a network, in the hands of a scenario.
pub struct Scene<'s> {
    network: Network,
    genesis: &'s Genesis,
    key: NetworkKey,
    traffic: &'s mut Traffic,
    chronicle: Arc<Mutex<Chronicle>>,
    minds: Vec<Option<Mind>>,
}

/// What a validator holds in memory.
struct Mind {
    chain: Chain,
    pool: Pool,
}

/// A pool that also tells the chronicle what is final.
struct Witness {
    who: usize,
    chain: Chain,
    pool: Pool,
    chronicle: Arc<Mutex<Chronicle>>,
}

impl Candidates for Witness {
    fn candidates(&self) -> Vec<Bytes> {
        self.pool.candidates()
    }

    fn wait(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.pool.wait())
    }

    fn arrived(&self, transactions: Vec<Bytes>) {
        self.pool.arrived(transactions);
    }

    fn executed(&self, block: &Block) {
        self.pool.executed(block);
    }

    fn finalized(&self, block: &Block, receipts: &[Receipt]) {
        let is_newest = self.chain.latest().height == block.header.height;
        let records = is_newest.then(|| self.chain.with_base(|base| base.records()));
        self.chronicle.lock().tell(self.who, block, receipts, records.as_deref());
        self.pool.finalized(block);
    }
}

impl Simulation {
    /// A network of so many validators that never ran.
    pub fn new(seed: u64, validators: u32) -> Self {
        let traffic = Traffic::new(seed);
        let genesis = traffic.cast.genesis();
        let hash = Chain::new(genesis.clone()).genesis_header().hash();
        let world = World::new(seed, validators, START.plus_ms(1_000), PACING, LIMITS);
        let key = world.committee().network_key().expect("dealt from the seed");
        let chronicle = Arc::new(Mutex::new(Chronicle::new(alone::begin(&genesis, hash))));
        Self { world, genesis, key, traffic, chronicle }
    }

    /// Runs a life. Whatever the scenario returns, no law may be broken in it.
    pub fn life<R>(
        &mut self,
        scenario: impl AsyncFnOnce(&mut Scene<'_>) -> Result<R, String>,
    ) -> Result<R, String> {
        let Self { world, genesis, key, traffic, chronicle } = self;
        let (genesis, key, chronicle) = (&*genesis, *key, chronicle.clone());
        let mut result = None;
        let ending = &mut result;
        world.live(Box::new(move |network| {
            Box::pin(async move {
                let minds = (0..network.size()).map(|_| None).collect();
                let mut scene = Scene { network, genesis, key, traffic, chronicle, minds };
                *ending = Some(scenario(&mut scene).await);
            })
        }));
        self.chronicle.lock().verdict()?;
        result.expect("a life ends with its scenario")
    }

    /// What happened, over all lives.
    pub fn tally(&self) -> Tally {
        self.chronicle.lock().tally().clone()
    }

    /// The highest final block, over all lives.
    pub fn height(&self) -> u64 {
        self.chronicle.lock().height()
    }

    /// The hash of the highest final block.
    pub fn tip(&self) -> B256 {
        self.chronicle.lock().tip()
    }

    /// Movements judged a second time, over all lives.
    pub fn judged(&self) -> u64 {
        self.chronicle.lock().judged()
    }
}

impl Scene<'_> {
    /// How many validators there are.
    pub fn size(&self) -> usize {
        self.network.size()
    }

    /// Starts every validator, with good links.
    pub async fn start_all(&mut self) -> Result<(), String> {
        self.link_all(NEAR).await;
        for who in 0..self.size() {
            self.start(who).await?;
        }
        Ok(())
    }

    /// Starts a validator, again or for the first time.
    pub async fn start(&mut self, who: usize) -> Result<(), String> {
        self.launch(who, false).await
    }

    /// Starts a validator that fetches the newest state instead of all blocks, if it has none yet.
    pub async fn start_synced(&mut self, who: usize) -> Result<(), String> {
        self.launch(who, true).await
    }

    async fn launch(&mut self, who: usize, state_sync: bool) -> Result<(), String> {
        self.stop(who).await;
        let chain = Chain::new(self.genesis.clone());
        let pool = Pool::new(chain.clone(), Limits { max_age_ms: 60_000, ..Limits::default() });
        self.chronicle.lock().restarts(who);
        let (mind, chronicle) =
            (Mind { chain: chain.clone(), pool: pool.clone() }, self.chronicle.clone());
        let witness = Witness { who, chain: chain.clone(), pool, chronicle };
        let started = self.network.start(who, Arc::new(chain), Arc::new(witness), state_sync).await;
        started.map_err(|error| format!("validator {who} does not start: {error}"))?;
        self.minds[who] = Some(mind);
        Ok(())
    }

    /// Kills a validator.
    pub async fn stop(&mut self, who: usize) {
        self.minds[who] = None;
        self.network.stop(who).await;
    }

    /// True while a validator runs.
    pub fn is_running(&self, who: usize) -> bool {
        self.minds[who].is_some()
    }

    /// Gives every pair the same link.
    pub async fn link_all(&self, link: Link) {
        for from in 0..self.size() {
            for to in (0..self.size()).filter(|to| *to != from) {
                self.network.link(from, to, link).await;
            }
        }
    }

    /// Changes what one validator sends to another.
    pub async fn link(&self, from: usize, to: usize, link: Link) {
        self.network.link(from, to, link).await;
    }

    /// Cuts what one validator sends to another.
    pub async fn cut(&self, from: usize, to: usize) {
        self.network.cut(from, to).await;
    }

    /// Parts the network: validators below `at` hear nothing of the others.
    pub async fn part(&self, at: usize) {
        for low in 0..at {
            for high in at..self.size() {
                self.cut(low, high).await;
                self.cut(high, low).await;
            }
        }
    }

    /// What the crash at the end of this life does to unsafe writes.
    pub fn tear(&self, torn: Torn) {
        self.network.tear(torn);
    }

    /// Draws transactions and hands each to a validator that runs. Returns those that were taken.
    pub fn submit(&mut self, count: u64, dice: &mut Dice) -> Vec<B256> {
        let running: Vec<usize> = (0..self.size()).filter(|who| self.is_running(*who)).collect();
        let best = running.iter().filter_map(|who| self.minds[*who].as_ref());
        let Some(best) = best.max_by_key(|mind| mind.chain.latest().height) else {
            return Vec::new();
        };
        let chain = best.chain.clone();
        let anew = dice.chance(30);
        self.traffic.look(&chain, anew);
        let mut taken = Vec::new();
        for _ in 0..count {
            let bytes = self.traffic.next_bytes();
            let who = *dice.pick(&running);
            let (Some(mind), Some(handle)) = (&self.minds[who], self.network.handle(who)) else {
                continue;
            };
            if let Ok(hash) = mind.pool.add(bytes.clone()) {
                handle.broadcast(bytes);
                taken.push(hash);
            }
        }
        taken
    }

    /// Lets time pass; the error says which law was broken meanwhile.
    pub async fn pass(&mut self, ms: u64) -> Result<(), String> {
        self.network.sleep(ms).await;
        self.chronicle.lock().verdict()
    }

    /// The time of this world, in milliseconds.
    pub fn now_ms(&self) -> u64 {
        self.network.now().0
    }

    /// The highest final block that anyone told of, ever.
    pub fn height(&self) -> u64 {
        self.chronicle.lock().height()
    }

    /// The height of the final block that carries a transaction.
    pub fn place_of(&self, transaction: &B256) -> Option<u64> {
        self.chronicle.lock().place_of(transaction)
    }

    /// The height that a running validator has applied.
    pub fn height_of(&self, who: usize) -> Option<u64> {
        self.network.handle(who).and_then(|handle| handle.status().height)
    }

    /// True if a running validator keeps the block of this height.
    pub async fn keeps(&self, who: usize, height: u64) -> bool {
        match self.network.handle(who) {
            Some(handle) => handle.block(height).await.is_some(),
            None => false,
        }
    }

    /// Waits until a validator has applied the block of this height.
    pub async fn reaches(&mut self, who: usize, height: u64, within_ms: u64) -> Result<(), String> {
        let start = self.now_ms();
        while self.height_of(who).is_none_or(|at| at < height) {
            if self.now_ms() - start > within_ms {
                let at = self.height_of(who);
                return Err(format!("validator {who} stands at {at:?}, not {height}"));
            }
            self.pass(20).await?;
        }
        Ok(())
    }

    /// A hash of everything that happened so far.
    pub fn audit(&self) -> String {
        self.network.audit()
    }

    /// Waits until a block above this height is final; says how long that took.
    pub async fn rises_above(&mut self, height: u64, within_ms: u64) -> Result<u64, String> {
        let start = self.now_ms();
        while self.height() <= height {
            if self.now_ms() - start > within_ms {
                return Err(format!("no block after height {height} within {within_ms} ms"));
            }
            self.pass(20).await?;
        }
        Ok(self.now_ms() - start)
    }

    /// Mends everything and waits until all validators stand at the same height, two blocks on.
    pub async fn settle(&mut self) -> Result<(), String> {
        self.link_all(NEAR).await;
        for who in 0..self.size() {
            if !self.is_running(who) {
                self.start(who).await?;
            }
        }
        let goal = self.height() + 2;
        let start = self.now_ms();
        loop {
            let heights: Vec<_> = (0..self.size()).map(|who| self.height_of(who)).collect();
            if heights.iter().all(|height| height.is_some_and(|height| height >= goal)) {
                break;
            }
            if self.now_ms() - start > RECOVERY_MS {
                return Err(format!("not whole after {RECOVERY_MS} ms: {heights:?}, goal {goal}"));
            }
            self.pass(50).await?;
        }
        let blocked = self.network.blocked().await;
        match blocked.is_empty() {
            true => Ok(()),
            false => Err(format!("honest validators turned each other away: {blocked:?}")),
        }
    }

    /// Memory and store agree on every running validator, and what they prove can be believed.
    pub async fn prove(&mut self, dice: &mut Dice) -> Result<(), String> {
        for who in 0..self.size() {
            let (Some(mind), Some(handle)) = (&self.minds[who], self.network.handle(who)) else {
                continue;
            };
            let records = same_records(&mind.chain, handle).await;
            let records = records.ok_or(format!("validator {who}: store and memory differ"))?;
            let place = dice.place(records.len());
            let absent = B256::from_slice(&dice.bytes(32));
            let bundle = handle.prove(vec![records[place].0, absent]).await;
            let bundle =
                bundle.map_err(|error| format!("validator {who} proves nothing: {error}"))?;
            let shown = light::verify(&bundle, &self.key);
            let shown = shown.map_err(|error| format!("validator {who}: {error}"))?;
            let known = self.chronicle.lock().hash_at(shown.header.height);
            if known != Some(shown.hash) || shown.records[1].1.is_some() {
                return Err(format!("validator {who} proved another chain"));
            }
            let mut forged = bundle.clone();
            if let Some(record) = &mut forged.records[0].record {
                let mut bytes = record.to_vec();
                let byte = dice.place(bytes.len());
                bytes[byte] ^= 1;
                *record = bytes.into();
            }
            if light::verify(&forged, &self.key).is_ok() {
                return Err("a forged record was believed".into());
            }
        }
        Ok(())
    }
}

/// The records of a validator, if its memory and its store hold the same; blocks may come meanwhile.
async fn same_records(chain: &Chain, handle: &Handle) -> Option<Vec<(B256, Vec<u8>)>> {
    for _ in 0..20 {
        let stored = handle.records().await.1;
        if chain.with_base(|base| base.records()) == stored {
            return Some(stored);
        }
    }
    None
}

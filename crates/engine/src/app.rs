//! The rules of the chain as consensus calls them: build a block, judge a block, apply a block.

use crate::{
    applied::{Applied, FinalizedBlock},
    block::{Block, ConsensusContext, from_public_key, to_digest, to_hash},
    keys::Scheme,
    machine::{Candidates, Machine},
    receipts::Receipts,
    runtime::{Runtime, busy, moment, now},
    store::{MAX_RECORD_BYTES, Records, sync_target},
};
use bytes::Bytes;
use chain::{ExecuteError, Executed, Parent};
use commonware_consensus::{Epochable as _, Viewable as _, marshal::ancestry::Ancestry};
use commonware_glue::stateful::{
    Application, Finality, Input, Proposed,
    db::{DatabaseSet, Merkleized as _, Unmerkleized as _},
};
use commonware_parallel::Strategy;
use commonware_runtime::Handle;
use futures::StreamExt as _;
use parking_lot::Mutex;
use std::{collections::BTreeMap, sync::Arc};
use types::{B256, Header, Receipt, Seal, Time};

/// How far ahead of the own clock a block may be before a verifier waits for the clock.
const CLOCK_DRIFT_MS: u64 = 5_000;

/// What execution lets through can be stored and sent: no record may stop the chain.
const _: () = assert!(state::MAX_STORED_BYTES <= MAX_RECORD_BYTES);

/// Blocks from one pruning of receipts to the next.
const PRUNE_EVERY: u64 = 64;

type Batch<E, T> = <Records<E, T> as DatabaseSet<E>>::Unmerkleized;
type Sealed<E, T> = <Records<E, T> as DatabaseSet<E>>::Merkleized;

/// One node's application. Clones share everything.
pub(crate) struct App<E: Runtime, T: Strategy> {
    shared: Arc<Shared<E>>,
    strategy: std::marker::PhantomData<fn() -> T>,
}

/// What blocks did, by height and hash.
type Executions = BTreeMap<(u64, B256), Arc<Vec<Receipt>>>;

struct Shared<E: Runtime> {
    machine: Arc<dyn Machine>,
    candidates: Arc<dyn Candidates>,
    receipts: Receipts<E>,
    applied: Arc<Applied>,
    genesis: Block,
    /// Final blocks whose receipts are kept; all of them if absent.
    keep_blocks: Option<u64>,
    /// Receipts of executed blocks that are not final yet.
    executed: Mutex<Executions>,
}

impl<E: Runtime, T: Strategy> Clone for App<E, T> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), strategy: self.strategy }
    }
}

impl<E: Runtime, T: Strategy> App<E, T> {
    pub(crate) fn new(
        machine: Arc<dyn Machine>,
        candidates: Arc<dyn Candidates>,
        receipts: Receipts<E>,
        applied: Arc<Applied>,
        keep_blocks: Option<u64>,
    ) -> Self {
        let genesis = Block::genesis(machine.genesis_header());
        let executed = Mutex::default();
        let shared =
            Shared { machine, candidates, receipts, applied, genesis, keep_blocks, executed };
        Self { shared: Arc::new(shared), strategy: std::marker::PhantomData }
    }

    pub(crate) fn genesis_block(&self) -> &Block {
        &self.shared.genesis
    }

    /// Makes sure that the machine knows the state after the first block of the ancestry, by
    /// executing what it misses from there upwards. Returns that block as a parent; `None` if an
    /// ancestor is missing or invalid.
    async fn stand_on(&self, context: &E, mut ancestry: impl Ancestry<Block>) -> Option<Parent> {
        let mut missing = Vec::new();
        let mut parent = loop {
            let block = ancestry.next().await?.inner_shared();
            if self.shared.machine.knows(&block.hash()) {
                break block.as_parent();
            }
            missing.push(block);
        };
        while let Some(block) = missing.pop() {
            let machine = self.shared.machine.clone();
            let next = block.as_parent();
            let rebuilt = busy(context, "rebuild", move || {
                let executed = machine.execute(&parent, block.inner())?;
                machine.attach(block.header(), &executed);
                Ok::<_, ExecuteError>(())
            });
            rebuilt.await.ok()?;
            parent = next;
        }
        Some(parent)
    }

    /// Notes what a block did, for those who build on it and for when it becomes final.
    fn remember(&self, block: &Block, executed: Executed) {
        self.shared.machine.attach(block.header(), &executed);
        self.shared.candidates.executed(block.inner());
        let key = (block.header().height, block.hash());
        self.shared.executed.lock().insert(key, Arc::new(executed.receipts));
    }
}

impl<E: Runtime, T: Strategy> Application<E> for App<E, T> {
    type SigningScheme = Scheme;
    type Context = ConsensusContext;
    type Block = Block;
    type Databases = Records<E, T>;
    type Captured = (Arc<Vec<Receipt>>, Handle<()>);
    type Provider = ();
    type Input = ();

    fn sync_targets(block: &Block) -> <Records<E, T> as DatabaseSet<E>>::SyncTargets {
        sync_target::<E, T>(block)
    }

    async fn genesis(&mut self) -> Block {
        self.shared.genesis.clone()
    }

    async fn propose(
        &mut self,
        (context, consensus): (E, ConsensusContext),
        ancestry: impl Ancestry<Block>,
        batch: Batch<E, T>,
        _: Input<(), ()>,
    ) -> Option<Proposed<Self, E>> {
        let over = self.stand_on(&context, ancestry).await?;
        let time = over.time.plus_ms(1).max(now(&context));
        let machine = self.shared.machine.clone();
        let candidates = self.shared.candidates.clone();
        let (body, mut executed) =
            busy(&context, "build", move || machine.propose(&over, time, &candidates.candidates()))
                .await
                .ok()?;
        let merkleized = commit(batch, &mut executed).await?;
        let (bounds, start) = (merkleized.bounds(), merkleized.sync_boundary());
        let header = Header {
            shard: self.shared.genesis.header().shard,
            height: over.height + 1,
            parent: over.hash,
            time,
            body_hash: types::Block::body_hash(&body),
            state_root: to_hash(&merkleized.root()),
            receipts_root: executed.receipts_root,
            gas_used: executed.gas_used,
            seal: Seal {
                epoch: consensus.epoch().get(),
                view: consensus.view().get(),
                parent_view: consensus.parent.0.get(),
                leader: from_public_key(&consensus.leader),
                ops_root: to_hash(&merkleized.ops_root()),
                ops_start: *start,
                ops_end: *bounds.tip.size,
            },
        };
        let block = Block::new(types::Block { header, body })?;
        self.remember(&block, executed);
        Some(Proposed { block, merkleized })
    }

    async fn process(
        &mut self,
        (context, _): (E, ConsensusContext),
        mut ancestry: impl Ancestry<Block>,
        batch: Batch<E, T>,
        finality: Finality,
    ) -> Option<Sealed<E, T>> {
        let block = ancestry.peek()?.inner_shared();
        if finality == Finality::Candidate {
            // A clock is no reason to reject: the block may be right and this machine slow.
            let earliest = Time(block.header().time.0.saturating_sub(CLOCK_DRIFT_MS));
            context.sleep_until(moment(earliest)).await;
        }
        ancestry.next().await?;
        let over = self.stand_on(&context, ancestry).await?;
        let (machine, executing) = (self.shared.machine.clone(), block.clone());
        let executed = busy(&context, "execute", move || machine.execute(&over, executing.inner()));
        let mut executed = match executed.await {
            Ok(executed) => executed,
            Err(ExecuteError::Invalid(why)) => {
                tracing::warn!(height = block.header().height, hash = %block.hash(), why, "invalid block");
                return None;
            }
            Err(ExecuteError::MissingParent(_)) => return None,
        };
        let merkleized = commit(batch, &mut executed).await?;
        if to_digest(&block.header().state_root) != merkleized.root() {
            tracing::warn!(height = block.header().height, hash = %block.hash(), "another state root");
            return None;
        }
        self.remember(&block, executed);
        Some(merkleized)
    }

    /// Stores the receipts while the records are applied.
    async fn capture(
        &mut self,
        _: (E, ConsensusContext),
        block: &Block,
        _: &Sealed<E, T>,
        _: <Records<E, T> as DatabaseSet<E>>::Readers,
    ) -> (Arc<Vec<Receipt>>, Handle<()>) {
        self.shared.applied.expect(block.header());
        let key = (block.header().height, block.hash());
        let receipts = self.shared.executed.lock().get(&key).cloned();
        let receipts = receipts.expect("a final block was executed before it is applied");
        let durable = self.shared.receipts.put(block.header(), &receipts).await;
        (receipts, durable)
    }

    async fn finalized(
        &mut self,
        (context, _): (E, ConsensusContext),
        block: &Block,
        (receipts, durable): (Arc<Vec<Receipt>>, Handle<()>),
        _: <Records<E, T> as DatabaseSet<E>>::Readers,
    ) {
        let (machine, header) = (self.shared.machine.clone(), block.header().clone());
        let folded = busy(&context, "fold", move || machine.finalize(&header)).await;
        assert!(folded, "memory and store hold the same final block");
        if durable.await.is_err() {
            // The runtime is stopping; the block is delivered again after the restart.
            return futures::future::pending().await;
        }
        let height = block.header().height;
        self.shared.executed.lock().retain(|(executed, _), _| *executed > height);
        if let Some(keep) = self.shared.keep_blocks
            && height > keep
            && height.is_multiple_of(PRUNE_EVERY)
        {
            self.shared.receipts.prune(height - keep).await;
        }
        self.shared.candidates.finalized(block.inner(), &receipts);
        let hash = block.hash();
        self.shared.applied.announce(FinalizedBlock {
            block: block.inner().clone(),
            hash,
            receipts,
        });
    }
}

/// Writes a block's changes into its batch and computes the root they lead to.
///
/// `None` if a record is longer than any node would accept.
async fn commit<E: Runtime, T: Strategy>(
    mut batch: Batch<E, T>,
    executed: &mut Executed,
) -> Option<Sealed<E, T>> {
    for change in std::mem::take(&mut executed.changes) {
        if change.record.as_ref().is_some_and(|record| record.len() > MAX_RECORD_BYTES) {
            tracing::error!(key = %change.key, "a record is too long to be stored");
            return None;
        }
        batch = batch.write(to_digest(&change.key), change.record.map(Bytes::from));
    }
    Some(batch.merkleize().await.expect("the store can be read"))
}

//! One block: order, execute, commit, prove; genesis; schedule.
//!
//! Everything here is synchronous and a function of its arguments: the same block over the same
//! parent gives the same records, receipts and roots on every node. The state root is not computed
//! here: the engine commits [`Executed::changes`] and compares.
//!
//! Laws, each checked in `tests/laws.rs`:
//! - CHA-1  executing a proposed body gives what its proposer got
//! - CHA-2  a transaction that may not be included leaves nothing
//! - CHA-3  genesis is written by block 1, once

mod execution;
mod genesis;
mod schedule;
mod senders;

pub use execution::{ExecuteError, Executed, Parent};
pub use genesis::{Genesis, GenesisError, NETWORK};
pub use state::MissingParent;

use execution::Execution;
use parking_lot::RwLock;
use senders::Senders;
use state::{Base, Change, Context, Env, Forest, Reach, Schema, View};
use std::sync::Arc;
use types::{B256, Block, BlockLimits, Bytes, Header, Time};

/// The tables of every module, in the order of the map.
pub fn schema() -> Schema {
    let schema = identity::tables(Schema::default());
    let schema = trust::tables(schema);
    let schema = compliance::tables(schema);
    let schema = ledger::tables(schema);
    evm::tables(schema).with(&genesis::NETWORK)
}

/// A chain as one node holds it: its rules, its finalized state, and the blocks not final yet.
#[derive(Clone)]
pub struct Chain(Arc<Inner>);

/// A finalized state that a chain for development can go back to.
#[derive(Clone, Debug)]
pub struct Place {
    header: Header,
    state: state::Place,
}

impl Place {
    /// Its height.
    pub fn height(&self) -> u64 {
        self.header.height
    }
}

struct Inner {
    genesis: Genesis,
    genesis_header: Header,
    forest: Forest,
    latest: RwLock<Header>,
    senders: Senders,
}

impl Chain {
    /// A chain at height zero, where there is nothing yet: block 1 writes what genesis says.
    pub fn new(genesis: Genesis) -> Self {
        Self::open(genesis, Reach::default(), false)
    }

    /// A chain that only its developer relies on: it keeps its whole past, can go back there, can be
    /// amended, and takes what nobody signed for those it impersonates. No network runs one.
    pub fn for_development(genesis: Genesis) -> Self {
        Self::open(genesis, Reach::ALL, true)
    }

    fn open(genesis: Genesis, reach: Reach, takes_unsigned: bool) -> Self {
        let genesis_header = genesis.header();
        let remembered = genesis.limits.transactions as usize * 4;
        Self(Arc::new(Inner {
            forest: Forest::with_reach(&schema(), genesis_header.hash(), reach),
            latest: RwLock::new(genesis_header.clone()),
            senders: Senders::new(remembered, takes_unsigned),
            genesis_header,
            genesis,
        }))
    }

    /// What the chain began with.
    pub fn genesis(&self) -> &Genesis {
        &self.0.genesis
    }

    /// The header of height zero; its parent hash commits to the genesis.
    pub fn genesis_header(&self) -> &Header {
        &self.0.genesis_header
    }

    /// How much a block may carry.
    pub fn limits(&self) -> BlockLimits {
        self.0.genesis.limits
    }

    /// The header of the newest finalized block.
    pub fn latest(&self) -> Header {
        self.0.latest.read().clone()
    }

    /// True if the state after this block is in memory.
    pub fn knows(&self, hash: &B256) -> bool {
        self.0.forest.knows(hash)
    }

    /// Decodes a signed transaction and recovers its sender, once: the result is remembered.
    pub fn recover(&self, bytes: &Bytes) -> Result<Arc<evm::Signed>, evm::Malformed> {
        self.0.senders.recover(bytes, self.0.genesis.chain_id)
    }

    /// The same for many at once, on all cores; answers stand in the order of the transactions.
    pub fn recover_all(
        &self,
        transactions: &[Bytes],
    ) -> Vec<Result<Arc<evm::Signed>, evm::Malformed>> {
        self.0.senders.recover_all(transactions, self.0.genesis.chain_id)
    }

    /// Packs candidates in their order over a parent; leaves out what cannot be included now.
    pub fn propose(
        &self,
        parent: &Parent,
        time: Time,
        candidates: &[Bytes],
    ) -> Result<(Vec<Bytes>, Executed), MissingParent> {
        let inner = &*self.0;
        let candidates = inner.senders.recover_all(candidates, inner.genesis.chain_id);
        inner.forest.with(parent.hash, |view| {
            let mut execution = Execution::begin(&inner.genesis, view, parent.height + 1, time);
            let mut body = Vec::new();
            for signed in candidates.into_iter().flatten() {
                if execution.is_wasteful() {
                    break;
                }
                if execution.include(&signed).is_ok() {
                    body.push(signed.bytes.clone());
                }
            }
            (body, execution.finish())
        })
    }

    /// Executes a block over its parent and checks all that its header says, but the state root.
    pub fn execute(&self, parent: &Parent, block: &Block) -> Result<Executed, ExecuteError> {
        let inner = &*self.0;
        execution::check_header(&inner.genesis, parent, block)?;
        let signed = inner.senders.recover_all(&block.body, inner.genesis.chain_id);
        let executed = inner.forest.with(parent.hash, |view| {
            let header = &block.header;
            let mut execution = Execution::begin(&inner.genesis, view, header.height, header.time);
            for (index, signed) in signed.into_iter().enumerate() {
                let invalid =
                    |why: String| ExecuteError::Invalid(format!("transaction {index}: {why}"));
                let signed = signed.map_err(|why| invalid(why.to_string()))?;
                execution.include(&signed).map_err(|why| invalid(why.to_string()))?;
            }
            Ok::<_, ExecuteError>(execution.finish())
        })??;
        execution::check_result(block, &executed)?;
        Ok(executed)
    }

    /// Remembers what a block changed, until it is final or dead.
    pub fn attach(&self, header: &Header, executed: &Executed) {
        self.0.forest.attach(header.hash(), header.parent, executed.layer.clone());
    }

    /// Makes a block final: its changes, and those of its ancestors, become the base.
    ///
    /// Returns false if the block's changes are not in memory. Saying it again does nothing.
    pub fn finalize(&self, header: &Header) -> bool {
        let mut latest = self.0.latest.write();
        if header.height <= latest.height {
            return true;
        }
        let folded = self.0.forest.finalize(header.hash());
        if folded {
            *latest = header.clone();
        }
        folded
    }

    /// A state without records, to be filled with those that are stored.
    pub fn empty(&self) -> Base {
        Base::new(&schema())
    }

    /// Starts from the state after a final block.
    pub fn start_from(&self, header: &Header, base: Base) {
        let mut latest = self.0.latest.write();
        self.0.forest.start_from(header.hash(), base);
        *latest = header.clone();
    }

    /// Reads, or tries something out, on the newest finalized state as of its block.
    pub fn read<R>(&self, work: impl FnOnce(&mut Context<'_>) -> R) -> R {
        let latest = self.0.latest.read();
        let env = self.env(latest.height, latest.time);
        self.0.forest.with_final(|_, view: View<'_>| work(&mut Context::new(view, env)))
    }

    /// Reads, or tries something out, on the state after an older final block, if it is still kept.
    pub fn read_at<R>(
        &self,
        header: &Header,
        work: impl FnOnce(&mut Context<'_>) -> R,
    ) -> Result<R, MissingParent> {
        let env = self.env(header.height, header.time);
        self.0.forest.with_past(header.hash(), |view| work(&mut Context::new(view, env)))
    }

    /// Executes a final block again up to a transaction, and works on the state before it.
    pub fn replay<R>(
        &self,
        block: &Block,
        index: usize,
        work: impl FnOnce(&mut Context<'_>, &evm::Signed) -> R,
    ) -> Result<R, ExecuteError> {
        let inner = &*self.0;
        let invalid = |why: String| ExecuteError::Invalid(why);
        let body = block.body.get(..=index).ok_or_else(|| invalid("no such transaction".into()))?;
        let signed: Vec<_> = inner
            .senders
            .recover_all(body, inner.genesis.chain_id)
            .into_iter()
            .collect::<Result<_, _>>()
            .map_err(|why| invalid(why.to_string()))?;
        inner.forest.with_past(block.header.parent, |view| {
            let (height, time) = (block.header.height, block.header.time);
            let mut execution = Execution::begin(&inner.genesis, view, height, time);
            for signed in &signed[..index] {
                execution.include(signed).map_err(|why| invalid(why.to_string()))?;
            }
            Ok(work(execution.context(), &signed[index]))
        })?
    }

    /// Where the finalized state is now, to come back to. For development.
    pub fn place(&self) -> Place {
        let header = self.0.latest.read();
        Place { header: header.clone(), state: self.0.forest.place() }
    }

    /// Goes back, exactly: blocks and amendments since then never were. Returns false, and does nothing,
    /// if the place is ahead. For development.
    pub fn rewind(&self, place: &Place) -> bool {
        let mut latest = self.0.latest.write();
        let is_back = self.0.forest.rewind(place.state);
        if is_back {
            *latest = place.header.clone();
        }
        is_back
    }

    /// Changes the finalized state outside of any block. For development.
    pub fn amend<R>(&self, work: impl FnOnce(&mut Context<'_>) -> R) -> (R, Vec<Change>) {
        let latest = self.0.latest.write();
        let env = self.env(latest.height, latest.time);
        let (result, (layer, changes)) = self.0.forest.with_final(|_, view| {
            let mut ctx = Context::new(view, env);
            let result = work(&mut ctx);
            (result, ctx.finish())
        });
        if !changes.is_empty() {
            self.0.forest.amend(&layer);
        }
        (result, changes)
    }

    /// The finalized records themselves, for invariants and sizes.
    pub fn with_base<R>(&self, work: impl FnOnce(&Base) -> R) -> R {
        self.0.forest.with_base(|_, base| work(base))
    }

    fn env(&self, height: u64, time: Time) -> Env {
        self.0.genesis.env(height, time)
    }
}

//! What the engine drives: the rules of the chain, and the transactions that wait.

use chain::{Chain, ExecuteError, Executed, MissingParent, Parent};
use futures::future::BoxFuture;
use state::Base;
use types::{B256, Block, BlockLimits, Bytes, Header, Receipt, Time};

/// The rules of the chain: synchronous, deterministic, CPU only.
///
/// `chain::Chain` is the one that networks run; tests bring smaller ones.
pub trait Machine: Send + Sync + 'static {
    /// The header of height zero, where the state is empty.
    fn genesis_header(&self) -> Header;
    /// How much a block may carry.
    fn limits(&self) -> BlockLimits;
    /// True if the state after this block is in memory.
    fn knows(&self, hash: &B256) -> bool;
    /// Packs candidates over a parent and executes them.
    fn propose(
        &self,
        parent: &Parent,
        time: Time,
        candidates: &[Bytes],
    ) -> Result<(Vec<Bytes>, Executed), MissingParent>;
    /// Executes a block over its parent and checks all that its header says, but the state root.
    fn execute(&self, parent: &Parent, block: &Block) -> Result<Executed, ExecuteError>;
    /// Remembers what a block changed, until it is final or dead.
    fn attach(&self, header: &Header, executed: &Executed);
    /// Makes a block final; false if what it changed is not in memory.
    fn finalize(&self, header: &Header) -> bool;
    /// A state without records, to be filled with those that are stored.
    fn empty(&self) -> Base;
    /// Starts from the state after a final block.
    fn start_from(&self, header: &Header, base: Base);
}

impl Machine for Chain {
    fn genesis_header(&self) -> Header {
        Chain::genesis_header(self).clone()
    }

    fn limits(&self) -> BlockLimits {
        Chain::limits(self)
    }

    fn knows(&self, hash: &B256) -> bool {
        Chain::knows(self, hash)
    }

    fn propose(
        &self,
        parent: &Parent,
        time: Time,
        candidates: &[Bytes],
    ) -> Result<(Vec<Bytes>, Executed), MissingParent> {
        Chain::propose(self, parent, time, candidates)
    }

    fn execute(&self, parent: &Parent, block: &Block) -> Result<Executed, ExecuteError> {
        Chain::execute(self, parent, block)
    }

    fn attach(&self, header: &Header, executed: &Executed) {
        Chain::attach(self, header, executed);
    }

    fn finalize(&self, header: &Header) -> bool {
        Chain::finalize(self, header)
    }

    fn empty(&self) -> Base {
        Chain::empty(self)
    }

    fn start_from(&self, header: &Header, base: Base) {
        Chain::start_from(self, header, base);
    }
}

/// The transactions that wait to be included.
pub trait Candidates: Send + Sync + 'static {
    /// What the next block may carry, in order, nothing removed.
    fn candidates(&self) -> Vec<Bytes>;
    /// Resolves when something waits that a block could carry.
    fn wait(&self) -> BoxFuture<'_, ()>;
    /// A validator passed these on. They are not to be broadcast again: everyone has them.
    fn arrived(&self, transactions: Vec<Bytes>);
    /// A block carries these: they are not to be offered again while it may become final.
    fn executed(&self, block: &Block);
    /// A block is final.
    fn finalized(&self, block: &Block, receipts: &[Receipt]);
}

//! The pool as the engine asks it.

use engine::Candidates;
use futures::future::BoxFuture;
use pool::Pool;
use types::{Block, Bytes, Receipt};

/// A pool that the engine draws from.
pub(crate) struct Waiting(pub(crate) Pool);

impl Candidates for Waiting {
    fn candidates(&self) -> Vec<Bytes> {
        self.0.candidates()
    }

    fn wait(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.0.wait())
    }

    fn arrived(&self, transactions: Vec<Bytes>) {
        for refusal in self.0.arrived(transactions).into_iter().filter_map(Result::err) {
            tracing::debug!(%refusal, "a transaction from another validator is not taken");
        }
    }

    fn executed(&self, block: &Block) {
        self.0.executed(block);
    }

    fn finalized(&self, block: &Block, _: &[Receipt]) {
        self.0.finalized(block);
    }
}

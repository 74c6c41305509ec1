//! What the rest of the process holds of the engine: submit, follow, read, prove.

use crate::{
    applied::{Applied, FinalizedBlock, Status},
    proof::{Bundle, ProveError},
};
use futures::future::BoxFuture;
use std::sync::Arc;
use tokio::sync::mpsc;
use types::{B256, Block, Bytes, Receipt};

/// Records as stored, by key.
pub type StoredRecords = Vec<(B256, Vec<u8>)>;

/// What the engine's own storage answers, with the runtime's types left inside.
pub(crate) trait Inside: Send + Sync {
    fn block(&self, height: u64) -> BoxFuture<'_, Option<Arc<Block>>>;
    fn block_by_hash(&self, hash: B256) -> BoxFuture<'_, Option<Arc<Block>>>;
    fn receipts(&self, height: u64) -> BoxFuture<'_, Option<Vec<Receipt>>>;
    fn first_height(&self) -> BoxFuture<'_, Option<u64>>;
    fn certificate(&self, height: u64) -> BoxFuture<'_, Option<Bytes>>;
    fn prove(&self, keys: Vec<B256>) -> BoxFuture<'_, Result<Bundle, ProveError>>;
    fn prove_effects(
        &self,
        height: u64,
        effects: Vec<u32>,
    ) -> BoxFuture<'_, Result<Bundle, ProveError>>;
    fn records(&self) -> BoxFuture<'_, (B256, StoredRecords)>;
}

/// The running engine. Clones share it.
#[derive(Clone)]
pub struct Handle {
    pub(crate) inside: Arc<dyn Inside>,
    pub(crate) applied: Arc<Applied>,
    pub(crate) gossip: mpsc::Sender<Bytes>,
    pub(crate) metrics: Arc<dyn Fn() -> String + Send + Sync>,
}

impl Handle {
    /// Passes a transaction on to the other validators; whether the own one has it is the caller's
    /// business. Returns false if too many wait to be sent: then only the own turn includes it.
    pub fn broadcast(&self, transaction: Bytes) -> bool {
        self.gossip.try_send(transaction).is_ok()
    }

    /// What consensus, storage and network count, in Prometheus' text form.
    pub fn metrics(&self) -> String {
        (self.metrics)()
    }

    /// Where this node stands.
    pub fn status(&self) -> Status {
        self.applied.status()
    }

    /// Resolves once the state is loaded or synced and no older than before the last stop, so that
    /// the chain can be read.
    pub async fn loaded(&self) {
        self.reached(self.applied.before()).await;
    }

    /// Resolves once the block of this height is final and applied here.
    pub async fn reached(&self, height: u64) {
        let mut status = self.applied.watch();
        // The sender lives in `applied`, so that the channel cannot close while we wait.
        let _ = status.wait_for(|status| status.height.is_some_and(|at| at >= height)).await;
    }

    /// All final blocks from a height on: in order, none left out, resumable at any height.
    pub fn follow(&self, from: u64) -> Follow {
        // Height 0 is no block that anyone proposed.
        Follow { handle: self.clone(), next: from.max(1) }
    }

    /// The final block of this height with what it did, if it is still kept.
    pub async fn finalized(&self, height: u64) -> Option<Arc<FinalizedBlock>> {
        if let Some(block) = self.applied.recent(height) {
            return Some(block);
        }
        if self.status().height.is_none_or(|applied| height > applied) {
            return None;
        }
        let block = self.inside.block(height).await?;
        let receipts = Arc::new(self.inside.receipts(height).await?);
        let hash = block.header.hash();
        Some(Arc::new(FinalizedBlock { block, hash, receipts }))
    }

    /// A final block by height, without its receipts.
    pub async fn block(&self, height: u64) -> Option<Arc<Block>> {
        if self.status().height.is_none_or(|applied| height > applied) {
            return None;
        }
        self.inside.block(height).await
    }

    /// A final block by hash, without its receipts.
    pub async fn block_by_hash(&self, hash: B256) -> Option<Arc<Block>> {
        let block = self.inside.block_by_hash(hash).await?;
        // The engine also keeps blocks that lost; a final one is the one at its height.
        let last = self.status().height?;
        let height = block.header.height;
        let is_final = height <= last && self.inside.block(height).await?.header.hash() == hash;
        is_final.then_some(block)
    }

    /// The certificate that makes a block final; `None` if a later block's certificate does.
    pub async fn certificate(&self, height: u64) -> Option<Bytes> {
        self.inside.certificate(height).await
    }

    /// Proves records present or absent in the newest final state.
    pub async fn prove(&self, keys: Vec<B256>) -> Result<Bundle, ProveError> {
        self.inside.prove(keys).await
    }

    /// Proves what a block did: its effects by their places in the tree of receipts.
    pub async fn prove_effects(
        &self,
        height: u64,
        effects: Vec<u32>,
    ) -> Result<Bundle, ProveError> {
        self.inside.prove_effects(height, effects).await
    }

    /// The root and every record of the store, sorted by key. For checks that hold the whole state
    /// in hand.
    pub async fn records(&self) -> (B256, StoredRecords) {
        self.inside.records().await
    }
}

/// The blocks that were asked for are no longer kept on this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("blocks before {first} are not kept here; start there")]
pub struct NotKept {
    /// The first block that is kept.
    pub first: u64,
}

/// A reader of final blocks.
pub struct Follow {
    handle: Handle,
    next: u64,
}

impl Follow {
    /// The next final block, as soon as there is one.
    pub async fn next(&mut self) -> Result<Arc<FinalizedBlock>, NotKept> {
        loop {
            self.handle.reached(self.next).await;
            if let Some(block) = self.handle.finalized(self.next).await {
                self.next += 1;
                return Ok(block);
            }
            let last = self.handle.status().height.unwrap_or(0);
            let first = self.handle.inside.first_height().await.unwrap_or(last + 1);
            if first > self.next {
                return Err(NotKept { first });
            }
        }
    }

    /// The height of the block that comes next.
    pub fn height(&self) -> u64 {
        self.next
    }
}

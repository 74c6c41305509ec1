//! What the door needs of the node behind it.

use chain::Chain;
use engine::{Bundle, FinalizedBlock, ProveError, Status};
use futures::future::BoxFuture;
use pool::Pool;
use std::sync::Arc;
use types::{B256, Block, Bytes};
use workbench::Workbench;

/// The node behind the door. Clones share it.
#[derive(Clone)]
pub struct Backend {
    /// The rules and the finalized state.
    pub chain: Chain,
    /// The transactions that wait.
    pub pool: Pool,
    /// Final blocks and proofs. `engine::Handle` is the one that nodes bring; tests bring a smaller one.
    pub engine: Arc<dyn Finality>,
    /// What identifies the network to whoever verifies its proofs.
    pub network: Network,
    /// The workbench that stands in place of an engine, if the chain is for development.
    pub workbench: Option<Workbench>,
}

impl From<Workbench> for Backend {
    fn from(bench: Workbench) -> Self {
        Self {
            chain: bench.chain().clone(),
            pool: bench.pool().clone(),
            engine: Arc::new(bench.clone()),
            network: Network::default(),
            workbench: Some(bench),
        }
    }
}

/// Who makes blocks final here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// The network's public key, as `scrip verify-proof --network-key` takes it.
    pub key: String,
    /// How many validators there are.
    pub validators: u32,
}

/// What the door asks of the engine.
pub trait Finality: Send + Sync + 'static {
    /// Where this node stands.
    fn status(&self) -> Status;
    /// What the engine counts, in Prometheus' text form.
    fn metrics(&self) -> String;
    /// Resolves once the state is there, and no older than before this node was last stopped.
    fn loaded(&self) -> BoxFuture<'_, ()> {
        self.reached(0)
    }
    /// Resolves once the block of this height is final and applied here.
    fn reached(&self, height: u64) -> BoxFuture<'_, ()>;
    /// The final block of a height with what it did, if it is still kept.
    fn finalized(&self, height: u64) -> BoxFuture<'_, Option<Arc<FinalizedBlock>>>;
    /// A final block by its hash.
    fn block_by_hash(&self, hash: B256) -> BoxFuture<'_, Option<Arc<Block>>>;
    /// The certificate of a block; `None` if a later block's covers it.
    fn certificate(&self, height: u64) -> BoxFuture<'_, Option<Bytes>>;
    /// Proves records of the newest final state present or absent.
    fn prove(&self, keys: Vec<B256>) -> BoxFuture<'_, Result<Bundle, ProveError>>;
    /// Proves what a block did, by places in its tree of receipts.
    fn prove_effects(
        &self,
        height: u64,
        effects: Vec<u32>,
    ) -> BoxFuture<'_, Result<Bundle, ProveError>>;
}

impl Finality for engine::Handle {
    fn status(&self) -> Status {
        engine::Handle::status(self)
    }

    fn metrics(&self) -> String {
        engine::Handle::metrics(self)
    }

    fn loaded(&self) -> BoxFuture<'_, ()> {
        Box::pin(engine::Handle::loaded(self))
    }

    fn reached(&self, height: u64) -> BoxFuture<'_, ()> {
        Box::pin(engine::Handle::reached(self, height))
    }

    fn finalized(&self, height: u64) -> BoxFuture<'_, Option<Arc<FinalizedBlock>>> {
        Box::pin(engine::Handle::finalized(self, height))
    }

    fn block_by_hash(&self, hash: B256) -> BoxFuture<'_, Option<Arc<Block>>> {
        Box::pin(engine::Handle::block_by_hash(self, hash))
    }

    fn certificate(&self, height: u64) -> BoxFuture<'_, Option<Bytes>> {
        Box::pin(engine::Handle::certificate(self, height))
    }

    fn prove(&self, keys: Vec<B256>) -> BoxFuture<'_, Result<Bundle, ProveError>> {
        Box::pin(engine::Handle::prove(self, keys))
    }

    fn prove_effects(
        &self,
        height: u64,
        effects: Vec<u32>,
    ) -> BoxFuture<'_, Result<Bundle, ProveError>> {
        Box::pin(engine::Handle::prove_effects(self, height, effects))
    }
}

impl Finality for Workbench {
    fn status(&self) -> Status {
        *Workbench::status(self).borrow()
    }

    fn metrics(&self) -> String {
        "# EOF\n".to_owned()
    }

    fn reached(&self, height: u64) -> BoxFuture<'_, ()> {
        let mut status = Workbench::status(self);
        Box::pin(async move {
            // The sender lives as long as we do.
            let _ = status.wait_for(|status| status.height.is_some_and(|at| at >= height)).await;
        })
    }

    fn finalized(&self, height: u64) -> BoxFuture<'_, Option<Arc<FinalizedBlock>>> {
        Box::pin(async move { self.block(height) })
    }

    fn block_by_hash(&self, hash: B256) -> BoxFuture<'_, Option<Arc<Block>>> {
        Box::pin(
            async move { Workbench::block_by_hash(self, &hash).map(|known| known.block.clone()) },
        )
    }

    fn certificate(&self, _: u64) -> BoxFuture<'_, Option<Bytes>> {
        Box::pin(async { None })
    }

    fn prove(&self, _: Vec<B256>) -> BoxFuture<'_, Result<Bundle, ProveError>> {
        Box::pin(async { Err(ProveError::NotReady) })
    }

    fn prove_effects(&self, height: u64, _: Vec<u32>) -> BoxFuture<'_, Result<Bundle, ProveError>> {
        Box::pin(async move { Err(ProveError::NotKept(height)) })
    }
}

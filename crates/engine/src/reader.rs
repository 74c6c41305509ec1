//! Reads from the engine's storage on behalf of the rest of the process.

use crate::{
    app::App,
    applied::Applied,
    block::{Block, to_digest, to_hash},
    handle::{Inside, StoredRecords},
    keys::Scheme,
    proof::{Bundle, ProveError, Prover},
    receipts::Receipts,
    runtime::Runtime,
};
use commonware_codec::Encode as _;
use commonware_consensus::{
    marshal::{core::Mailbox as Marshal, standard::Standard},
    types::Height,
};
use commonware_glue::stateful::Mailbox as Stateful;
use commonware_parallel::Strategy;
use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use std::sync::Arc;
use types::{B256, Bytes, Receipt};

/// The engine's storage as a node reads it.
pub(crate) struct Reader<E: Runtime, T: Strategy> {
    marshal: Marshal<Scheme, Standard<Block>>,
    receipts: Receipts<E>,
    /// The store opens, or syncs, while the node already answers.
    prover: Shared<BoxFuture<'static, Arc<Prover<E, T>>>>,
}

impl<E: Runtime, T: Strategy> Reader<E, T> {
    pub(crate) fn start(
        context: E,
        marshal: Marshal<Scheme, Standard<Block>>,
        stateful: Stateful<E, App<E, T>>,
        applied: Arc<Applied>,
        receipts: Receipts<E>,
    ) -> Self {
        let (in_prover, kept) = (marshal.clone(), receipts.clone());
        let prover = async move {
            let records = stateful.subscribe_databases().await;
            Arc::new(Prover { context, marshal: in_prover, applied, receipts: kept, records })
        };
        Self { marshal, receipts, prover: prover.boxed().shared() }
    }
}

impl<E: Runtime, T: Strategy> Inside for Reader<E, T> {
    fn block(&self, height: u64) -> BoxFuture<'_, Option<Arc<types::Block>>> {
        async move {
            let block = self.marshal.get_block(Height::new(height)).await?;
            Some(block.inner().inner().clone())
        }
        .boxed()
    }

    fn block_by_hash(&self, hash: B256) -> BoxFuture<'_, Option<Arc<types::Block>>> {
        async move {
            let block = self.marshal.get_block(&to_digest(&hash)).await?;
            Some(block.inner().inner().clone())
        }
        .boxed()
    }

    fn receipts(&self, height: u64) -> BoxFuture<'_, Option<Vec<Receipt>>> {
        self.receipts.get(height).boxed()
    }

    fn first_height(&self) -> BoxFuture<'_, Option<u64>> {
        self.receipts.first().boxed()
    }

    fn certificate(&self, height: u64) -> BoxFuture<'_, Option<Bytes>> {
        async move {
            let finalization = self.marshal.get_finalization(Height::new(height)).await?;
            Some(Bytes::from(finalization.encode()))
        }
        .boxed()
    }

    fn prove(&self, keys: Vec<B256>) -> BoxFuture<'_, Result<Bundle, ProveError>> {
        async move { self.prover.clone().await.prove(keys).await }.boxed()
    }

    fn prove_effects(
        &self,
        height: u64,
        effects: Vec<u32>,
    ) -> BoxFuture<'_, Result<Bundle, ProveError>> {
        async move { self.prover.clone().await.prove_effects(height, effects).await }.boxed()
    }

    fn records(&self) -> BoxFuture<'_, (B256, StoredRecords)> {
        async move {
            let prover = self.prover.clone().await;
            let (root, records) = prover.records.records().await;
            let bytes = |(key, record)| (to_hash(&key), Vec::from(record));
            let mut records: Vec<_> = records.into_iter().map(bytes).collect();
            records.sort_unstable();
            (to_hash(&root), records)
        }
        .boxed()
    }
}

//! Which block a call speaks of, and the state after it.

use crate::{
    door::{Door, LOADING},
    fault::Fault,
    index::Indexed,
};
use alloy_eips::{BlockId, BlockNumberOrTag};
use state::Context;
use std::sync::Arc;
use types::{B256, Header};

impl Door {
    /// The height that a tag or number names; it may not exist yet.
    pub(crate) fn height_of(&self, tag: BlockNumberOrTag) -> u64 {
        match tag {
            BlockNumberOrTag::Number(height) => height,
            BlockNumberOrTag::Earliest => 0,
            _ => self.index.head().header().height,
        }
    }

    /// A final block of any age; `None` if there is none of this height yet.
    pub(crate) async fn block(&self, height: u64) -> Result<Option<Arc<Indexed>>, Fault> {
        if let Some(block) = self.index.block(height) {
            return Ok(Some(block));
        }
        if height > self.index.head().header().height {
            return Ok(None);
        }
        match self.backend.engine.finalized(height).await {
            Some(block) => Ok(Some(Arc::new(Indexed::of(&block)))),
            None => Err(Fault::server(format!("block {height} is not kept on this node any more"))),
        }
    }

    /// A final block by its hash.
    pub(crate) async fn block_by_hash(&self, hash: &B256) -> Result<Option<Arc<Indexed>>, Fault> {
        let height = match self.index.height(hash) {
            Some(height) => height,
            None => match self.backend.engine.block_by_hash(*hash).await {
                Some(block) => block.header.height,
                None => return Ok(None),
            },
        };
        self.block(height).await
    }

    /// A final block by number, tag or hash.
    pub(crate) async fn block_of(&self, id: BlockId) -> Result<Option<Arc<Indexed>>, Fault> {
        match id {
            BlockId::Hash(id) => self.block_by_hash(&id.block_hash).await,
            BlockId::Number(tag) => self.block(self.height_of(tag)).await,
        }
    }

    /// A final transaction by its hash: its block, and its place there.
    pub(crate) async fn transaction(
        &self,
        hash: &B256,
    ) -> Result<Option<(Arc<Indexed>, usize)>, Fault> {
        let Some((height, index)) = self.place(hash).await? else { return Ok(None) };
        let block = self.block(height).await?;
        // The index knows half a hash only.
        let is_it = |block: &Arc<Indexed>| {
            block.transactions().get(index).is_some_and(|receipt| receipt.tx == *hash)
        };
        Ok(block.filter(is_it).map(|block| (block, index)))
    }

    /// Where a transaction stands. While the index still walks back, "nowhere" would deny what this node
    /// told before it was started again.
    async fn place(&self, hash: &B256) -> Result<Option<(u64, usize)>, Fault> {
        // Asked before the place each time, so that a walk that ends in between has found it.
        let is_complete = self.index.is_complete();
        let known = self.index.place(hash);
        if known.is_some() || is_complete || self.backend.pool.get(hash).is_some() {
            return Ok(known);
        }
        let _ = tokio::time::timeout(LOADING, self.index.complete()).await;
        let is_complete = self.index.is_complete();
        match self.index.place(hash) {
            None if !is_complete => Err(Fault::unavailable(
                "the transactions of earlier blocks are still being indexed; try again",
            )),
            place => Ok(place),
        }
    }

    /// Reads, or tries something out, on the state that a block parameter names.
    pub(crate) fn state<R>(
        &self,
        id: Option<BlockId>,
        work: impl FnOnce(&mut Context<'_>) -> R,
    ) -> Result<R, Fault> {
        match self.named(id)? {
            None => Ok(self.backend.chain.read(work)),
            Some(header) => self.state_at(&header, work),
        }
    }

    /// The header that a block parameter names; nothing for the newest, whichever that is.
    pub(crate) fn named(&self, id: Option<BlockId>) -> Result<Option<Header>, Fault> {
        let height = match id {
            Some(BlockId::Number(BlockNumberOrTag::Number(height))) => height,
            Some(BlockId::Number(BlockNumberOrTag::Earliest)) => 0,
            None | Some(BlockId::Number(_)) => return Ok(None),
            Some(BlockId::Hash(hash)) => {
                let hash = hash.block_hash;
                let height = self.index.height(&hash);
                height.ok_or_else(|| {
                    Fault::not_found(format!("block: no block has the hash {hash}"))
                })?
            }
        };
        self.header(height).map(Some)
    }

    /// The same on the state after a block.
    pub(crate) fn state_at<R>(
        &self,
        header: &Header,
        work: impl FnOnce(&mut Context<'_>) -> R,
    ) -> Result<R, Fault> {
        self.backend.chain.read_at(header, work).map_err(|_| not_kept(header.height))
    }

    /// The header of a block whose state may still be kept.
    pub(crate) fn header(&self, height: u64) -> Result<Header, Fault> {
        let latest = self.backend.chain.latest();
        if height == latest.height {
            return Ok(latest);
        }
        if height > latest.height {
            let latest = latest.height;
            return Err(Fault::not_found(format!(
                "block: {height} does not exist yet, the newest is {latest}"
            )));
        }
        self.index.block(height).map(|block| block.header().clone()).ok_or_else(|| not_kept(height))
    }
}

fn not_kept(height: u64) -> Fault {
    Fault::server(format!(
        "block: the state after block {height} is not kept, only that of the last hundred or so; use \"latest\""
    ))
}

//! The receipts of final blocks, kept because an old state cannot be executed again.

use crate::{block::to_digest, runtime::Runtime};
use bytes::Bytes;
use commonware_codec::RangeCfg;
use commonware_cryptography::sha256::Digest;
use commonware_runtime::{Handle, buffer::paged::CacheRef};
use commonware_storage::{
    archive::{Archive as _, Identifier, prunable},
    translator::EightCap,
};
use commonware_utils::{NZU64, NZUsize, sync::AsyncMutex};
use std::sync::Arc;
use types::{Header, Receipt, decode, encode};

/// The longest encoding of one block's receipts.
const MAX_RECEIPTS_BYTES: usize = 1 << 30;

type Archive<E> = prunable::Archive<EightCap, E, Digest, Bytes>;

/// Receipts by height, on disk.
pub(crate) struct Receipts<E: Runtime>(Arc<AsyncMutex<Option<Archive<E>>>>);

impl<E: Runtime> Clone for Receipts<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// An archive of this name, with the sizes that all archives here share.
pub(crate) fn archive_config<C>(
    prefix: &str,
    name: &str,
    cache: CacheRef,
    codec_config: C,
) -> prunable::Config<EightCap, C> {
    prunable::Config {
        translator: EightCap,
        metadata_partition: format!("{prefix}-{name}-metadata"),
        key_partition: format!("{prefix}-{name}-key"),
        key_page_cache: cache,
        value_partition: format!("{prefix}-{name}-value"),
        compression: None,
        codec_config,
        items_per_section: NZU64!(4_096),
        key_write_buffer: NZUsize!(64 << 10),
        value_write_buffer: NZUsize!(256 << 10),
        replay_buffer: NZUsize!(1 << 20),
    }
}

impl<E: Runtime> Receipts<E> {
    pub(crate) async fn open(context: E, prefix: &str, cache: CacheRef) -> Self {
        let lengths = RangeCfg::new(0..=MAX_RECEIPTS_BYTES);
        let archive = Archive::init(context, archive_config(prefix, "receipts", cache, lengths))
            .await
            .expect("the archive of receipts opens");
        Self(Arc::new(AsyncMutex::new(Some(archive))))
    }

    /// Stores a block's receipts; they are durable once the handle resolves.
    pub(crate) async fn put(&self, header: &Header, receipts: &Vec<Receipt>) -> Handle<()> {
        let bytes = Bytes::from(encode(receipts));
        let mut slot = self.0.lock().await;
        let archive = slot.take().expect("a failed write stops the node");
        let (archive, durable) = archive
            .put_start_sync(header.height, to_digest(&header.hash()), &bytes)
            .await
            .expect("receipts can be written");
        *slot = Some(archive);
        durable
    }

    pub(crate) async fn get(&self, height: u64) -> Option<Vec<Receipt>> {
        let slot = self.0.lock().await;
        let archive = slot.as_ref()?;
        let bytes = archive.get(Identifier::Index(height)).await.expect("receipts can be read")?;
        Some(decode(&bytes).expect("stored receipts are ones that this program wrote"))
    }

    /// The lowest height whose receipts are kept.
    pub(crate) async fn first(&self) -> Option<u64> {
        self.0.lock().await.as_ref()?.first_index()
    }

    /// Forgets receipts below a height, in whole sections.
    pub(crate) async fn prune(&self, below: u64) {
        let mut slot = self.0.lock().await;
        let archive = slot.take().expect("a failed write stops the node");
        *slot = Some(archive.prune(below).await.expect("receipts can be pruned"));
    }
}

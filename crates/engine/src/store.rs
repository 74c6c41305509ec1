//! Every record, authenticated: QMDB, and how a node's memory is filled from it.

use crate::{
    block::Block,
    fetch::Fetcher,
    keys::Scheme,
    machine::Machine,
    runtime::{Runtime, busy},
};
use bytes::Bytes;
use commonware_codec::RangeCfg;
use commonware_consensus::{
    marshal::{core::Mailbox as Marshal, standard::Standard},
    types::Height,
};
use commonware_cryptography::{Sha256, sha256::Digest};
use commonware_glue::stateful::db::{
    Anchor, AttachableResolverSet, Barrier, DatabaseSet, Shared, StateSyncSet, SyncEngineConfig,
    TipUpdate,
};
use commonware_parallel::Strategy;
use commonware_runtime::buffer::paged::CacheRef;
use commonware_storage::{
    journal::contiguous::variable::Config as JournalConfig,
    merkle::{full::Config as MerkleConfig, mmb},
    qmdb::{
        any::{operation::Operation, ordered::Update, value::VariableEncoding},
        current::{VariableConfig, ordered::variable},
        sync::Target,
    },
    translator::EightCap,
};
use commonware_utils::{
    NZU64, NZUsize, bitmap::Readable as _, channel::ring, range::NonEmptyRange,
};
use std::{num::NonZeroUsize, sync::Arc};
use types::Header;

/// The longest record that may be stored. Part of the protocol: messages between nodes carry it.
pub const MAX_RECORD_BYTES: usize = 128 << 10;

/// Bytes of the status bitmap that one leaf of its tree covers.
const CHUNK_BYTES: usize = 64;

/// How many operations are read at once when memory is filled.
const READ_AT_ONCE: u64 = 32_768;

/// Keys that are kept at hand while the store is opened, 41 bytes each. Every record that is written
/// changes the one before it in the order of keys, wherever that stands in the log: what is not at hand is
/// read from the disk, one by one.
const LEAST_INIT_CACHE: NonZeroUsize = NZUsize!(1 << 12);
const MOST_INIT_CACHE: NonZeroUsize = NZUsize!(1 << 24);

pub(crate) type Family = mmb::Family;
pub(crate) type Location = commonware_storage::merkle::Location<Family>;

/// A record as stored; its key is the digest under which proofs know it.
pub(crate) type Qmdb<E, T> =
    variable::Db<Family, E, Digest, Bytes, Sha256, EightCap, CHUNK_BYTES, T>;

/// One entry of the store's log.
pub(crate) type Entry = Operation<Family, Update<Digest, VariableEncoding<Bytes>>>;

pub(crate) type PresenceProof =
    commonware_storage::qmdb::current::ordered::proof::constant::KeyValueProof<
        Family,
        Digest,
        Digest,
        CHUNK_BYTES,
    >;
pub(crate) type AbsenceProof =
    commonware_storage::qmdb::current::ordered::proof::constant::ExclusionProof<
        Family,
        Digest,
        VariableEncoding<Bytes>,
        Digest,
        CHUNK_BYTES,
    >;

/// The longest encoding of one log entry: kind, two keys, length, record.
pub(crate) const MAX_ENTRY_BYTES: usize = 1 + 32 + 10 + MAX_RECORD_BYTES + 32;

/// Accepted lengths of a record.
pub(crate) fn record_lengths() -> RangeCfg<usize> {
    RangeCfg::new(0..=MAX_RECORD_BYTES)
}

type StoreConfig<T> = VariableConfig<EightCap, ((), RangeCfg<usize>), T>;
type SyncTarget = Target<Family, Digest>;

/// The store's place on disk and its share of memory.
pub(crate) fn config<T: Strategy>(prefix: &str, cache: CacheRef, strategy: T) -> StoreConfig<T> {
    VariableConfig {
        merkle_config: MerkleConfig {
            journal_partition: format!("{prefix}-records-tree"),
            metadata_partition: format!("{prefix}-records-pins"),
            items_per_blob: NZU64!(1 << 18),
            write_buffer: NZUsize!(1 << 20),
            replay_buffer: NZUsize!(1 << 20),
            strategy,
            page_cache: cache.clone(),
        },
        journal_config: JournalConfig {
            partition: format!("{prefix}-records-log"),
            items_per_section: NZU64!(1 << 16),
            compression: None,
            codec_config: ((), record_lengths()),
            page_cache: cache,
            write_buffer: NZUsize!(1 << 20),
            replay_buffer: NZUsize!(1 << 20),
        },
        grafted_metadata_partition: format!("{prefix}-records-status"),
        translator: EightCap,
        init_cache: Some(LEAST_INIT_CACHE),
        init_buffer: NZUsize!(1 << 21),
        init_concurrency: (),
    }
}

/// What a node needs to start or sync the store after this block.
///
/// Genesis has no records, so it has the target of an empty store, whatever its header says.
pub(crate) fn sync_target<E: Runtime, T: Strategy>(block: &Block) -> SyncTarget {
    let seal = &block.header().seal;
    let range = NonEmptyRange::new(Location::new(seal.ops_start)..Location::new(seal.ops_end));
    match range {
        Ok(range) if block.header().height > 0 => {
            Target::new(crate::block::to_digest(&seal.ops_root), range)
        }
        _ => <Shared<Qmdb<E, T>> as DatabaseSet<E>>::initial_sync_targets(),
    }
}

/// The store together with the memory that mirrors it.
///
/// Whoever opens or syncs it has the machine's base loaded before anything is executed on it.
pub(crate) struct Records<E: Runtime, T: Strategy>(pub(crate) Shared<Qmdb<E, T>>);

impl<E: Runtime, T: Strategy> Clone for Records<E, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// How to open the store and fill memory from it.
pub(crate) struct Opening<T: Strategy> {
    pub(crate) store: StoreConfig<T>,
    pub(crate) loading: Loading,
}

/// How to fill memory once the store is open.
pub(crate) struct Loading {
    pub(crate) machine: Arc<dyn Machine>,
    pub(crate) marshal: Marshal<Scheme, Standard<Block>>,
    /// The height at which an earlier state sync ended.
    pub(crate) synced: Option<Height>,
    /// Told which header the memory mirrors.
    pub(crate) loaded: Arc<dyn Fn(Header) + Send + Sync>,
}

impl Loading {
    /// Reads every record at the block and hands them to the machine.
    async fn fill<E: Runtime, T: Strategy>(
        self,
        context: E,
        store: &Records<E, T>,
        header: Header,
    ) {
        assert_eq!(
            crate::block::to_hash(&store.0.read().await.root()),
            header.state_root,
            "the store after block {} has another root than its header",
            header.height,
        );
        let mut base = self.machine.empty();
        let mut at = store.start().await;
        let mut records = bare(store.records_from(&mut at).await);
        while !records.is_empty() {
            // The next ones are read while these are decoded.
            let load = busy(&context, "load", move || {
                base.load_all(&records).expect("stored records are ones that this program wrote");
                base
            });
            let (loaded, next) = futures::join!(load, store.records_from(&mut at));
            (base, records) = (loaded, bare(next));
        }
        self.machine.start_from(&header, base);
        (self.loaded)(header);
    }

    /// About how many entries of the log there are to replay, within bounds.
    async fn entries(&self) -> NonZeroUsize {
        let newest = self.marshal.get_anchor().await;
        let seal = newest.map(|(_, block)| block.inner().header().seal.clone()).unwrap_or_default();
        let entries =
            usize::try_from(seal.ops_end - seal.ops_start).ok().and_then(NonZeroUsize::new);
        entries.map_or(LEAST_INIT_CACHE, |some| some.clamp(LEAST_INIT_CACHE, MOST_INIT_CACHE))
    }

    /// The block whose state the store was opened at.
    async fn block_at<E: Runtime, T: Strategy>(&self, target: &SyncTarget) -> Block {
        let mut known = Vec::new();
        if let Some((_, block)) = self.marshal.get_anchor().await {
            known.push(block);
        }
        if let Some(height) = self.synced {
            known.extend(self.marshal.get_block(height).await);
        }
        let found = known.iter().find(|block| sync_target::<E, T>(block.inner()) == *target);
        found.expect("the store opens at a block that is kept").inner().clone()
    }
}

/// Records without their keys, which they carry themselves.
fn bare(records: Vec<(Digest, Bytes)>) -> Vec<Bytes> {
    records.into_iter().map(|(_, record)| record).collect()
}

impl<E: Runtime, T: Strategy> Records<E, T> {
    /// The root, and every record with its key in the order in which they were last written.
    pub(crate) async fn records(&self) -> (Digest, Vec<(Digest, Bytes)>) {
        let mut at = self.start().await;
        let mut records = Vec::new();
        loop {
            let next = self.records_from(&mut at).await;
            if next.is_empty() {
                return (self.0.read().await.root(), records);
            }
            records.extend(next);
        }
    }

    /// The place in the log before which no record stands.
    async fn start(&self) -> Location {
        self.0.read().await.sync_boundary()
    }

    /// The next records from a place in the log, which moves on; none at its end.
    ///
    /// Reads the log in sequence, which takes a fraction of the time of reading by key.
    async fn records_from(&self, at: &mut Location) -> Vec<(Digest, Bytes)> {
        let store = self.0.read().await;
        let end = store.bounds().end;
        let mut records = Vec::new();
        while *at < end && records.is_empty() {
            let (_, entries) = store
                .ops_historical_proof(end, *at, NZU64!(READ_AT_ONCE))
                .await
                .expect("the store's own log can be read");
            for entry in entries {
                let is_active = store.bitmap().get_bit(**at);
                if let (true, Operation::Update(update)) = (is_active, entry) {
                    records.push((update.key, update.value));
                }
                *at += 1;
            }
        }
        records
    }
}

impl<E: Runtime, T: Strategy> DatabaseSet<E> for Records<E, T> {
    type Unmerkleized = <Shared<Qmdb<E, T>> as DatabaseSet<E>>::Unmerkleized;
    type Merkleized = <Shared<Qmdb<E, T>> as DatabaseSet<E>>::Merkleized;
    type Readers = <Shared<Qmdb<E, T>> as DatabaseSet<E>>::Readers;
    type Config = Opening<T>;
    type SyncTargets = SyncTarget;

    async fn init(context: E, mut config: Opening<T>, expected: Option<SyncTarget>) -> Self {
        config.store.init_cache = Some(config.loading.entries().await);
        let store = Shared::init(context.child("store"), config.store, expected).await;
        let store = Self(store);
        let target = store.committed_targets().await;
        let header = match target == Self::initial_sync_targets() {
            true => {
                // Nothing is stored yet: the machine stands at genesis by itself.
                (config.loading.loaded)(config.loading.machine.genesis_header());
                return store;
            }
            false => config.loading.block_at::<E, T>(&target).await.header().clone(),
        };
        config.loading.fill(context, &store, header).await;
        store
    }

    fn initial_sync_targets() -> SyncTarget {
        <Shared<Qmdb<E, T>> as DatabaseSet<E>>::initial_sync_targets()
    }

    async fn new_batches(&self) -> Self::Unmerkleized {
        self.0.new_batches().await
    }

    fn fork_batches(parent: &Self::Merkleized) -> Self::Unmerkleized {
        <Shared<Qmdb<E, T>> as DatabaseSet<E>>::fork_batches(parent)
    }

    fn matches_sync_targets(batches: &Self::Merkleized, targets: &SyncTarget) -> bool {
        <Shared<Qmdb<E, T>> as DatabaseSet<E>>::matches_sync_targets(batches, targets)
    }

    fn readers(&self) -> Self::Readers {
        self.0.readers()
    }

    async fn apply(&self, batches: Self::Merkleized) {
        DatabaseSet::<E>::apply(&self.0, batches).await;
    }

    async fn finalize(&self) -> Barrier {
        DatabaseSet::<E>::finalize(&self.0).await
    }

    async fn prune(&self, targets: &SyncTarget) {
        DatabaseSet::<E>::prune(&self.0, targets).await;
    }

    async fn committed_targets(&self) -> SyncTarget {
        DatabaseSet::<E>::committed_targets(&self.0).await
    }
}

impl<E: Runtime, T: Strategy> AttachableResolverSet<Records<E, T>> for Fetcher<E, T> {
    async fn attach_databases(&self, records: Records<E, T>) {
        self.serve_from(records.0);
    }
}

impl<E: Runtime, T: Strategy> StateSyncSet<E, Fetcher<E, T>> for Records<E, T> {
    type Error = <Shared<Qmdb<E, T>> as StateSyncSet<E, Fetcher<E, T>>>::Error;

    async fn sync<D: commonware_cryptography::Digest>(
        context: E,
        config: Opening<T>,
        source: Fetcher<E, T>,
        anchor: Anchor<D>,
        targets: SyncTarget,
        tip_updates: ring::Receiver<TipUpdate<D, SyncTarget>>,
        sync_config: SyncEngineConfig,
    ) -> Result<(Self, Anchor<D>), Self::Error> {
        let (store, anchor) = <Shared<Qmdb<E, T>> as StateSyncSet<E, Fetcher<E, T>>>::sync(
            context.child("store"),
            config.store,
            source,
            anchor,
            targets,
            tip_updates,
            sync_config,
        )
        .await?;
        let store = Self(store);
        let block = config.loading.marshal.get_block(anchor.height).await;
        let block = block.expect("the block that was synced to is final and kept");
        let header = block.inner().header().clone();
        config.loading.fill(context, &store, header).await;
        Ok((store, anchor))
    }
}

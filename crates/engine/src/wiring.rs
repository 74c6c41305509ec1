//! One validator, put together: the same parts on any runtime and any network.

use crate::{
    app::App,
    applied::Applied,
    archive::{BlockArchive, CertificateArchive, Kept},
    block::{Block, Bounds},
    config::{Config, EngineError},
    fetch::{self, ENTRIES_PER_REQUEST, Fetcher},
    gossip,
    handle::Handle,
    keys::Scheme,
    machine::{Candidates, Machine},
    pace::Paced,
    reader::Reader,
    receipts::{Receipts, archive_config},
    runtime::Runtime,
    store::{self, Loading, Opening},
};
use commonware_broadcast::buffered;
use commonware_consensus::{
    marshal::{
        self, Identifier,
        core::Actor as MarshalActor,
        resolver::p2p as backfill,
        standard::{Deferred, Standard},
    },
    simplex::{
        self, SkipBudget,
        config::{Floor, ForwardPolicy, SkipPolicy},
        elector::RoundRobin,
    },
    types::{Epoch, FixedEpocher, ViewDelta},
};
use commonware_cryptography::{
    Digested, Digestible as _, Sha256, Signer as _,
    certificate::{ConstantProvider, Scheme as _},
    ed25519,
    sha256::Digest,
};
use commonware_glue::stateful::{
    self, PruneConfig, Stateful, SyncPlan,
    db::SyncEngineConfig,
    probe::{self, Probe},
};
use commonware_p2p::{Blocker, Provider, Receiver, Sender, max_message_size};
use commonware_parallel::Strategy;
use commonware_runtime::{Quota, buffer::paged::CacheRef};
use commonware_storage::archive::prunable;
use commonware_utils::{NZDuration, NZU16, NZU32, NZU64, NZUsize};
use std::{
    num::{NonZeroU64, NonZeroUsize},
    sync::Arc,
    time::Duration,
};
use tokio::sync::mpsc;
use types::BlockLimits;

/// Channels between validators, by number.
pub(crate) const CHANNELS: u64 = 8;

/// Messages that one validator may send another each second on a channel. Inboxes are allocated
/// for it, so that a generous number costs memory on every node.
pub(crate) const QUOTA: Quota = Quota::per_second(NZU32!(512));

/// Validator sets do not change yet, so that the first epoch lasts for ever.
const EPOCH_BLOCKS: NonZeroU64 = NonZeroU64::MAX;

/// Bytes of a page of the disk as storage reads it.
const PAGE_BYTES: u16 = 4_096;

/// Views that are kept behind the newest for those who are a little late.
const VIEW_RETENTION: ViewDelta = ViewDelta::new(64);

/// Blocks from one pruning to the next, and blocks kept by the parts that cannot look further back.
const PRUNE_EVERY: NonZeroUsize = NZUsize!(64);
const RETAINED_BLOCKS: usize = 64;

const MAILBOX: NonZeroUsize = NZUsize!(1_024);
const BUFFER: NonZeroUsize = NZUsize!(256 << 10);
const REPLAY: NonZeroUsize = NZUsize!(1 << 20);
const FETCH_TIMEOUT: Duration = Duration::from_secs(2);
const FETCH_RETRY: Duration = Duration::from_millis(200);

/// How a validator reaches the others.
pub(crate) struct Network<P, B, S, R> {
    pub(crate) provider: P,
    pub(crate) blocker: B,
    pub(crate) channels: Vec<(S, R)>,
}

/// The longest message between validators of a network with these limits.
pub(crate) fn largest_message(validators: u32, limits: BlockLimits) -> u32 {
    max_message_size(&[
        simplex::max_payload_size::<Scheme, Digest>(validators),
        marshal::max_payload_size::<Standard<Block>, Scheme>(validators, &Bounds::from(limits)),
        probe::max_payload_size::<Standard<Block>, Scheme>(validators),
        fetch::max_message_bytes(),
        gossip::MAX_MESSAGE_BYTES,
    ])
}

/// Starts a validator. The second handle resolves when consensus stops, which it never should.
///
/// Everything that it stores has this prefix: validators of a simulation share their disks.
#[allow(clippy::too_many_arguments)]
pub(crate) async fn start<E, T, P, B, S, R>(
    context: E,
    prefix: &str,
    config: Config,
    machine: Arc<dyn Machine>,
    candidates: Arc<dyn Candidates>,
    network: Network<P, B, S, R>,
    strategy: T,
) -> Result<(Handle, commonware_runtime::Handle<()>), EngineError>
where
    E: Runtime,
    T: Strategy,
    P: Provider<PublicKey = ed25519::PublicKey>,
    B: Blocker<PublicKey = ed25519::PublicKey>,
    S: Sender<PublicKey = ed25519::PublicKey>,
    R: Receiver<PublicKey = ed25519::PublicKey>,
{
    let shard = machine.genesis_header().shard;
    let scheme = config.committee.signer(&config.secret, shard)?;
    let me = config.secret.identity()?.public_key();
    let mut others: Vec<_> = scheme.participants().iter().cloned().collect();
    others.retain(|key| *key != me);
    let alone = others.is_empty();
    let validators = scheme.participants().len();
    let bounds = Bounds::from(machine.limits());
    let pages = (config.storage.cache_mib as usize).max(1) * (1 << 20) / PAGE_BYTES as usize;
    let cache =
        CacheRef::new(NZU16!(PAGE_BYTES), NonZeroUsize::new(pages).expect("at least a MiB"));

    let mut channels = network.channels.into_iter();
    let mut channel = || channels.next().expect("one pair for each of the eight channels");
    let (votes, certificates, resolver) = (channel(), channel(), channel());
    let (backfilling, broadcasting, fetching, probing, gossiping) =
        (channel(), channel(), channel(), channel(), channel());

    let backfill = backfill::init(
        context.child("backfill"),
        backfill::Config {
            public_key: me.clone(),
            peer_provider: network.provider.clone(),
            blocker: network.blocker.clone(),
            mailbox_size: MAILBOX,
            fetch_timeout: NZDuration!(FETCH_TIMEOUT),
            fetch_retry_delay: FETCH_RETRY,
            priority_requests: false,
            priority_responses: false,
        },
        backfilling,
    );
    let (broadcast, buffer) = buffered::Engine::new(
        context.child("broadcast"),
        buffered::Config {
            public_key: me.clone(),
            mailbox_size: MAILBOX,
            deque_size: 8,
            priority: false,
            codec_config: bounds,
            peer_provider: network.provider.clone(),
            strategy: strategy.clone(),
        },
    );
    broadcast.start(broadcasting);

    let keep = |archive| Kept { archive, more: config.storage.keep_blocks };
    let blocks: BlockArchive<E> = prunable::Archive::init(
        context.child("blocks"),
        archive_config(prefix, "blocks", cache.clone(), bounds),
    )
    .await
    .map_err(damaged)?;
    let keep_certificates = |archive| Kept { archive, more: config.storage.keep_blocks };
    let finalizations: CertificateArchive<E> = prunable::Archive::init(
        context.child("certificates"),
        archive_config(prefix, "certificates", cache.clone(), ()),
    )
    .await
    .map_err(damaged)?;
    let receipts = Receipts::open(context.child("receipts"), prefix, cache.clone()).await;
    let applied = Arc::new(Applied::new());
    let application = App::<E, T>::new(
        machine.clone(),
        candidates.clone(),
        receipts.clone(),
        applied.clone(),
        config.storage.keep_blocks,
    );
    let genesis = application.genesis_block().clone();
    let genesis = Digested::precomputed(genesis.clone(), genesis.digest());

    let provider = ConstantProvider::new(scheme.clone());
    let mut plan = SyncPlan::init(context.child("plan"), prefix).await;
    let (probe, probe_mailbox) = Probe::new(probe::Config {
        context: context.child("probe"),
        provider: provider.clone(),
        strategy: strategy.clone(),
        mailbox_size: MAILBOX,
        blocker: network.blocker.clone(),
        minimum_epoch: Epoch::zero(),
        retry_timeout: NZDuration!(Duration::from_millis(500)),
    });
    probe.start(probing);
    if plan.should_sync(config.state_sync && !alone) {
        // Also where an earlier start was interrupted: its floor may be pruned by now on the others.
        tracing::info!("asking the other validators for a final block whose state to fetch");
        let floor = probe_mailbox.subscribe().await;
        let floor = floor.map_err(|_| EngineError::Stopped("the probe ended".into()))?;
        plan = plan.set_floor(floor).await;
    }

    let (marshal_actor, marshal, floor) = MarshalActor::<_, Standard<Block>, _, _, _, _, _>::init(
        context.child("marshal"),
        keep_certificates(finalizations),
        keep(blocks),
        marshal::Config {
            provider: provider.clone(),
            epocher: FixedEpocher::new(EPOCH_BLOCKS),
            start: plan.marshal_start(genesis.clone()),
            partition_prefix: prefix.to_owned(),
            mailbox_size: MAILBOX,
            view_retention: VIEW_RETENTION,
            prunable_items_per_section: NZU64!(1_024),
            page_cache: cache.clone(),
            replay_buffer: REPLAY,
            key_write_buffer: BUFFER,
            value_write_buffer: BUFFER,
            block_codec_config: bounds,
            max_repair: NZUsize!(32),
            max_pending_acks: NZUsize!(8),
            strategy: strategy.clone(),
        },
    )
    .await;

    let fetcher = Fetcher::<E, T>::start(context.child("fetch"), others, fetching);
    let loaded = applied.clone();
    let loading = Loading {
        machine: machine.clone(),
        marshal: marshal.clone(),
        synced: plan.completed(),
        loaded: Arc::new(move |header| loaded.start_at(header)),
    };
    let (stateful, mailbox) = Stateful::new(
        context.child("state"),
        stateful::Config {
            application,
            db_config: Opening {
                store: store::config(prefix, cache.clone(), strategy.clone()),
                loading,
            },
            provider: (),
            marshal: (marshal.clone(), floor),
            mailbox_size: MAILBOX,
            plan,
            resolvers: fetcher,
            sync_config: SyncEngineConfig {
                fetch_batch_size: ENTRIES_PER_REQUEST,
                apply_batch_size: NZU64!(4_096),
                max_outstanding_requests: NZUsize!(16),
            },
            prune_config: Some(PruneConfig {
                maintenance_interval: PRUNE_EVERY,
                retained_marshal_blocks: RETAINED_BLOCKS,
                retained_qmdb_blocks: RETAINED_BLOCKS,
            }),
            strategy: strategy.clone(),
        },
    );
    let paced =
        Paced { inner: mailbox.clone(), pacing: config.pacing, candidates: candidates.clone() };
    let deferred = Deferred::new(
        context.child("deferred"),
        paced,
        marshal.clone(),
        FixedEpocher::new(EPOCH_BLOCKS),
    );
    marshal_actor.start(mailbox.clone(), buffer, backfill);
    probe_mailbox.attach(marshal.clone());
    if let Some((height, _)) = marshal.get_info(Identifier::Latest).await {
        applied.was_at(height.get());
    }
    stateful.start();

    let consensus = simplex::Engine::new(
        context.child("consensus"),
        simplex::Config {
            scheme,
            elector: RoundRobin::<Sha256>::default(),
            blocker: network.blocker,
            automaton: deferred.clone(),
            relay: deferred.clone(),
            reporter: deferred,
            strategy,
            // The journal of votes: a validator that restarts must not vote against itself.
            partition: format!("{prefix}-votes"),
            mailbox_size: MAILBOX,
            epoch: Epoch::zero(),
            floor: Floor::Genesis(genesis.digest()),
            replay_buffer: REPLAY,
            write_buffer: BUFFER,
            page_cache: cache,
            leader_timeout: config.pacing.leader_timeout(),
            certification_timeout: config.pacing.certification_timeout(),
            timeout_retry: Duration::from_secs(1),
            view_retention: VIEW_RETENTION,
            skip: SkipPolicy::Enabled {
                timeout: config.pacing.skip_timeout(),
                budget: SkipBudget::Participants,
            },
            fetch_timeout: NZDuration!(FETCH_TIMEOUT),
            fetch_retry_delay: FETCH_RETRY,
            forward: ForwardPolicy::SilentVoters,
            track_historical_votes: false,
        },
    )
    .start(votes, certificates, resolver);

    let (outbox, queue) = mpsc::channel(gossip::QUEUE);
    let (sender, receiver) = gossiping;
    let talk = applied.clone();
    if !alone {
        context.child("speak").spawn(move |context| gossip::speak(context, sender, queue, talk));
        let (waiting, heard) = (candidates, applied.clone());
        context
            .child("listen")
            .spawn(move |context| gossip::listen(context, validators, receiver, waiting, heard));
    }
    let counted = context.child("metrics");
    let metrics = Arc::new(move || counted.encode());
    let reader = Reader::start(context, marshal, mailbox, applied.clone(), receipts);
    Ok((Handle { inside: Arc::new(reader), applied, gossip: outbox, metrics }, consensus))
}

fn damaged(error: impl std::fmt::Display) -> EngineError {
    EngineError::Corrupted(error.to_string())
}

//! Filters that a client asks again and again, kept for a while.

use crate::{
    args::Args,
    door::Door,
    eth::logs::{self, Wanted},
    fault::Fault,
    wire::{Answer, json},
};
use alloy_rpc_types_eth::Filter;
use parking_lot::Mutex;
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};
use types::{B256, U256};

/// Filters by their ids, which cannot be guessed.
pub(crate) struct Filters {
    most: usize,
    patience: Duration,
    kept: Mutex<BTreeMap<u64, Kept>>,
}

struct Kept {
    kind: Kind,
    /// The first block not told yet; of pending transactions the first number.
    next: u64,
    asked: Instant,
}

#[derive(Clone)]
enum Kind {
    Logs(Arc<Filter>),
    Blocks,
    Pending,
}

impl Filters {
    pub(crate) fn new(most: usize, patience: Duration) -> Self {
        Self { most, patience, kept: Mutex::default() }
    }

    fn add(&self, kind: Kind, next: u64) -> Answer {
        let mut kept = self.kept.lock();
        if kept.len() >= self.most {
            let patience = self.patience;
            kept.retain(|_, filter| filter.asked.elapsed() < patience);
        }
        if kept.len() >= self.most {
            return Err(Fault::limit(
                "the node keeps no more filters; try again later, or use eth_getLogs",
            ));
        }
        let id = rand::random();
        kept.insert(id, Kept { kind, next, asked: Instant::now() });
        json(&U256::from(id))
    }

    fn ask(&self, id: u64) -> Result<(Kind, u64), Fault> {
        let mut kept = self.kept.lock();
        if let Some(filter) = kept.get_mut(&id)
            && filter.asked.elapsed() < self.patience
        {
            filter.asked = Instant::now();
            return Ok((filter.kind.clone(), filter.next));
        }
        kept.remove(&id);
        Err(Fault::server("filter not found"))
    }

    /// A chain for development went back to a height: what comes after it is new.
    pub(crate) fn back_to(&self, height: u64) {
        for filter in self.kept.lock().values_mut() {
            if !matches!(filter.kind, Kind::Pending) {
                filter.next = filter.next.min(height.saturating_add(1));
            }
        }
    }

    fn told(&self, id: u64, next: u64) {
        if let Some(filter) = self.kept.lock().get_mut(&id) {
            filter.next = filter.next.max(next);
        }
    }
}

/// `eth_newFilter`
pub(crate) fn new_log_filter(door: &Door, args: &Args<'_>) -> Answer {
    let filter: Filter = args.required(0)?;
    logs::check(door, &filter)?;
    if filter.block_option.is_block_hash() {
        return Err(Fault::param(
            "filter",
            "blockHash: a filter is about blocks to come; use eth_getLogs",
        ));
    }
    logs::range(door, &filter)?;
    let head = door.index.head().header().height;
    let from = filter.block_option.get_from_block().and_then(|from| from.as_number());
    let next = from.unwrap_or(0).max(head + 1);
    door.filters.add(Kind::Logs(Arc::new(filter)), next)
}

/// `eth_newBlockFilter`
pub(crate) fn new_block_filter(door: &Door, _: &Args<'_>) -> Answer {
    door.filters.add(Kind::Blocks, door.index.head().header().height + 1)
}

/// `eth_newPendingTransactionFilter`
pub(crate) fn new_pending_filter(door: &Door, _: &Args<'_>) -> Answer {
    door.filters.add(Kind::Pending, door.pending.next())
}

/// `eth_getFilterChanges`: what came since it was last asked. Where that is very much, a part of it;
/// the next call goes on there.
pub(crate) async fn changes(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let id = id(&args)?;
    let (kind, next) = door.filters.ask(id)?;
    let head = door.index.head().header().height;
    let last = head.min(next.saturating_add(door.config.max_log_blocks - 1));
    match kind {
        Kind::Pending => {
            let (hashes, next) = door.pending.since(next);
            door.filters.told(id, next);
            json(&hashes)
        }
        Kind::Blocks => {
            let mut hashes: Vec<B256> = Vec::new();
            for height in next..=last {
                hashes.extend(door.block(height).await?.map(|block| block.hash));
            }
            door.filters.told(id, last + 1);
            json(&hashes)
        }
        Kind::Logs(filter) => {
            let to = filter.block_option.get_to_block().and_then(|to| to.as_number());
            let last = last.min(to.unwrap_or(u64::MAX));
            if next > last {
                return json(&[(); 0]);
            }
            let (logs, next) = logs::some(door, &Wanted::of(&filter), next, last).await?;
            door.filters.told(id, next);
            json(&logs)
        }
    }
}

/// `eth_getFilterLogs`
pub(crate) async fn all_logs(door: &Arc<Door>, args: Args<'_>) -> Answer {
    match door.filters.ask(id(&args)?)?.0 {
        Kind::Logs(filter) => json(&logs::all(door, &filter).await?),
        Kind::Blocks | Kind::Pending => {
            Err(Fault::param("id", "this is a filter of blocks or transactions, it has no logs"))
        }
    }
}

/// `eth_uninstallFilter`
pub(crate) fn uninstall(door: &Door, args: &Args<'_>) -> Answer {
    json(&door.filters.kept.lock().remove(&id(args)?).is_some())
}

fn id(args: &Args<'_>) -> Result<u64, Fault> {
    let id: U256 = args.required(0)?;
    u64::try_from(id).map_err(|_| Fault::server("filter not found"))
}

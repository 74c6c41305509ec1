//! Logs, found by bloom first.

use crate::{
    args::Args,
    door::Door,
    eth::shape,
    fault::Fault,
    index::Indexed,
    wire::{Answer, json},
};
use alloy_primitives::Bloom;
use alloy_rpc_types_eth::{BloomFilter, Filter, FilterBlockOption, Log};
use std::sync::Arc;

/// Blocks looked at before others get a turn.
const TURN: u64 = 64;

/// `eth_getLogs`
pub(crate) async fn get(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let filter: Filter = args.required(0)?;
    check(door, &filter)?;
    json(&all(door, &filter).await?)
}

/// All logs that a filter names, or an error that says how to ask for less.
pub(crate) async fn all(door: &Door, filter: &Filter) -> Result<Vec<Log>, Fault> {
    let wanted = Wanted::of(filter);
    let (first, last) = match filter.block_option {
        FilterBlockOption::AtBlockHash(hash) => {
            let block = door.block_by_hash(&hash).await?;
            let block = block.ok_or_else(|| {
                Fault::not_found(format!("blockHash: no block has the hash {hash}"))
            })?;
            let mut logs = Vec::new();
            wanted.collect(&block, &mut logs);
            return Ok(logs);
        }
        FilterBlockOption::Range { .. } => match range(door, filter)? {
            Some(range) => range,
            None => return Ok(Vec::new()),
        },
    };
    let most = door.config.max_log_blocks;
    if last - first >= most {
        let count = last - first + 1;
        return Err(Fault::limit(format!(
            "the range has {count} blocks, at most {most} are taken; ask for fewer"
        )));
    }
    let (logs, next) = some(door, &wanted, first, last).await?;
    if next <= last {
        let most = door.config.max_logs;
        let why = format!(
            "blocks {first} to {last} have more than {most} such logs; ask for fewer blocks"
        );
        return Err(Fault::limit(why));
    }
    Ok(logs)
}

/// Logs from whole blocks until there are enough, and the block to go on with. A block alone may have
/// more than enough.
pub(crate) async fn some(
    door: &Door,
    wanted: &Wanted<'_>,
    first: u64,
    last: u64,
) -> Result<(Vec<Log>, u64), Fault> {
    let mut logs = Vec::new();
    for height in first..=last {
        if height % TURN == 0 {
            tokio::task::yield_now().await;
        }
        if !door.index.may_match(height, |bloom| wanted.may_be_in(bloom)) {
            continue;
        }
        let Some(block) = door.block(height).await? else { continue };
        let before = logs.len();
        if wanted.may_be_in(&block.bloom) {
            wanted.collect(&block, &mut logs);
        }
        if before > 0 && logs.len() > door.config.max_logs {
            logs.truncate(before);
            return Ok((logs, height));
        }
    }
    Ok((logs, last + 1))
}

/// The range of a filter within the chain; `None` if it lies beyond the newest block.
pub(crate) fn range(door: &Door, filter: &Filter) -> Result<Option<(u64, u64)>, Fault> {
    let FilterBlockOption::Range { from_block, to_block } = filter.block_option else {
        return Ok(None);
    };
    let head = door.index.head().header().height;
    let height = |tag: Option<_>| tag.map_or(head, |tag| door.height_of(tag));
    let (first, last) = (height(from_block), height(to_block));
    if first > last && to_block.is_some() {
        return Err(Fault::param("filter", format!("fromBlock {first} is after toBlock {last}")));
    }
    Ok((first <= head).then(|| (first, last.min(head))))
}

/// Refuses filters that name too much.
pub(crate) fn check(door: &Door, filter: &Filter) -> Result<(), Fault> {
    let (named, most) = (entries(filter), door.config.max_filter_entries);
    match named <= most {
        true => Ok(()),
        false => Err(Fault::param(
            "filter",
            format!("names {named} addresses and topics, at most {most} are taken"),
        )),
    }
}

/// Addresses and topics that a filter names.
pub(crate) fn entries(filter: &Filter) -> usize {
    filter.address.len() + filter.topics.iter().map(|topics| topics.len()).sum::<usize>()
}

/// A filter with its blooms computed once.
pub(crate) struct Wanted<'a> {
    filter: &'a Filter,
    address: BloomFilter,
    topics: [BloomFilter; 4],
}

impl<'a> Wanted<'a> {
    pub(crate) fn of(filter: &'a Filter) -> Self {
        let address = filter.address_bloom_filter().into_owned();
        Self {
            filter,
            address,
            topics: filter.topics_bloom_filter().map(|topics| topics.into_owned()),
        }
    }

    pub(crate) fn may_be_in(&self, bloom: &Bloom) -> bool {
        self.address.matches(*bloom) && self.topics.iter().all(|topics| topics.matches(*bloom))
    }

    /// The logs of a block that the filter accepts.
    pub(crate) fn collect(&self, block: &Indexed, into: &mut Vec<Log>) {
        for (index, receipt) in block.transactions().iter().enumerate() {
            let is_wanted = |log: &types::EthLog| {
                self.filter.matches_address(log.address) && self.filter.matches_topics(&log.topics)
            };
            if receipt.logs.iter().any(is_wanted) {
                let logs = shape::logs(block, index).zip(&receipt.logs);
                into.extend(logs.filter(|(_, log)| is_wanted(log)).map(|(told, _)| told));
            }
        }
    }
}

//! Blocks and their time.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    wire::{Answer, json},
};
use serde::Deserialize;
use std::time::Duration;
use types::U256;

/// What `evm_mine` may be told.
#[derive(Deserialize)]
#[serde(untagged)]
enum Mine {
    At(U256),
    As { timestamp: Option<U256>, blocks: Option<U256> },
}

/// `evm_mine`: one block, or as many as told, the first at the time told.
pub(crate) fn mine(door: &Door, args: &Args<'_>) -> Answer {
    let (timestamp, blocks) = match args.optional(0)? {
        None => (None, None),
        Some(Mine::At(timestamp)) => (Some(timestamp), None),
        Some(Mine::As { timestamp, blocks }) => (timestamp, blocks),
    };
    let bench = door.workbench()?;
    if let Some(timestamp) = timestamp {
        bench.set_next_time(timestamp.saturating_to())?;
    }
    bench.mine(blocks.unwrap_or(U256::ONE).saturating_to(), None)?;
    json("0x0")
}

/// `hardhat_mine`, `anvil_mine`: so many blocks, so many seconds apart.
pub(crate) fn mine_many(door: &Door, args: &Args<'_>) -> Answer {
    let blocks = args.optional::<U256>(0)?.unwrap_or(U256::ONE);
    let interval = args.optional::<U256>(1)?.map(|secs| secs.saturating_to());
    door.workbench()?.mine(blocks.saturating_to(), interval)?;
    json(&true)
}

/// `evm_increaseTime`: answers how far the chain's time is ahead in all, seconds.
pub(crate) fn increase(door: &Door, args: &Args<'_>) -> Answer {
    let secs: U256 = args.required(0)?;
    json(&door.workbench()?.increase_time(secs.saturating_to()))
}

/// `evm_setNextBlockTimestamp`
pub(crate) fn set_next(door: &Door, args: &Args<'_>) -> Answer {
    let secs: U256 = args.required(0)?;
    door.workbench()?.set_next_time(secs.saturating_to())?;
    json(&())
}

/// `evm_setAutomine`
pub(crate) fn set_automine(door: &Door, args: &Args<'_>) -> Answer {
    door.workbench()?.set_automine(args.required(0)?);
    json(&true)
}

/// `hardhat_getAutomine`, `anvil_getAutomine`
pub(crate) fn automine(door: &Door, _: &Args<'_>) -> Answer {
    json(&door.workbench()?.is_automine())
}

/// `evm_setIntervalMining`: milliseconds as Hardhat's clients count, seconds as everyone else's.
pub(crate) fn set_interval(door: &Door, args: &Args<'_>) -> Answer {
    let every = every(args)?;
    let is_hardhat = door.config.client_version.starts_with("HardhatNetwork");
    let every = if is_hardhat { Duration::from_millis(every) } else { Duration::from_secs(every) };
    door.workbench()?.set_interval(Some(every));
    json(&true)
}

/// `anvil_setIntervalMining`, in seconds.
pub(crate) fn set_interval_secs(door: &Door, args: &Args<'_>) -> Answer {
    door.workbench()?.set_interval(Some(Duration::from_secs(every(args)?)));
    json(&true)
}

fn every(args: &Args<'_>) -> Result<u64, Fault> {
    const MOST: u64 = 31_536_000_000;
    let every = args.required::<U256>(0)?;
    let fits = every <= U256::from(MOST);
    fits.then(|| every.saturating_to()).ok_or_else(|| {
        Fault::param("interval", "a year at most; 0 stops making blocks by the clock")
    })
}

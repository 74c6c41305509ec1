//! Balances at a past moment, written lazily: only when a balance changes after a checkpoint. LED-5.

use crate::{
    ASSETS, CHECKPOINTS, CLASSES, Event, HISTORY, POSITIONS, Past, Position, Refusal,
    SUPPLY_HISTORY, convert::check_settled, read,
};
use state::Context;
use types::{AccountId, AssetId, ClassId, Module, Units, ensure};

/// Checkpoints that an asset may have: the history of a balance, one entry for each at most, stays one
/// record that can be stored.
const MAX_CHECKPOINTS: u32 = 4_096;

/// Takes a checkpoint: from now on the balances of this moment can be read for ever.
pub(crate) fn take(ctx: &mut Context<'_>, id: AssetId) -> Result<u32, Refusal> {
    let mut asset = ASSETS.get(ctx, &id).ok_or(Refusal::UnknownAsset(id))?;
    check_settled(ctx, id)?;
    ensure(asset.checkpoint < MAX_CHECKPOINTS, Refusal::TooManyCheckpoints)?;
    let checkpoint = asset.checkpoint + 1;
    asset.checkpoint = checkpoint;
    ASSETS.put(ctx, &id, asset);
    CHECKPOINTS.put(ctx, &(id, checkpoint), ctx.now());
    ctx.emit(Module::Ledger, &Event::CheckpointTaken { asset: id, checkpoint });
    Ok(checkpoint)
}

/// What an account had of a class when a checkpoint was taken. I-13.
pub fn balance_at(
    ctx: &Context<'_>,
    asset: AssetId,
    class: ClassId,
    account: AccountId,
    checkpoint: u32,
) -> Result<Units, Refusal> {
    check(ctx, asset, checkpoint)?;
    let key = (asset, class, account);
    let past = HISTORY.read(ctx, &key).and_then(|history| find(history, checkpoint));
    Ok(past.unwrap_or_else(|| {
        POSITIONS.read(ctx, &key).map_or(Units::ZERO, |position| position.units)
    }))
}

/// How much of a class was issued when a checkpoint was taken.
pub fn supply_at(
    ctx: &Context<'_>,
    asset: AssetId,
    class: ClassId,
    checkpoint: u32,
) -> Result<Units, Refusal> {
    check(ctx, asset, checkpoint)?;
    let past =
        SUPPLY_HISTORY.read(ctx, &(asset, class)).and_then(|history| find(history, checkpoint));
    Ok(past.unwrap_or_else(|| {
        CLASSES.read(ctx, &(asset, class)).map_or(Units::ZERO, |class| class.issued)
    }))
}

/// Keeps what a position had, before it changes for the first time after the last checkpoint.
pub(crate) fn keep_balance(
    ctx: &mut Context<'_>,
    key: &(AssetId, ClassId, AccountId),
    position: &mut Position,
    checkpoint: u32,
) {
    if position.since < checkpoint {
        let past = Past { until: checkpoint, units: position.units };
        HISTORY.update(ctx, key, |history| history.push(past));
        position.since = checkpoint;
    }
}

/// Keeps how much was issued, before it changes for the first time after the last checkpoint.
pub(crate) fn keep_supply(
    ctx: &mut Context<'_>,
    key: &(AssetId, ClassId),
    issued: Units,
    since: &mut u32,
    checkpoint: u32,
) {
    if *since < checkpoint {
        let past = Past { until: checkpoint, units: issued };
        SUPPLY_HISTORY.update(ctx, key, |history| history.push(past));
        *since = checkpoint;
    }
}

fn check(ctx: &Context<'_>, asset: AssetId, checkpoint: u32) -> Result<(), Refusal> {
    let last = read::asset(ctx, asset)?.checkpoint;
    ensure((1..=last).contains(&checkpoint), Refusal::UnknownCheckpoint(checkpoint))
}

fn find(history: &[Past], checkpoint: u32) -> Option<Units> {
    let place = history.partition_point(|past| past.until < checkpoint);
    history.get(place).map(|past| past.units)
}

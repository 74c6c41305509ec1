//! The seller's choice of lots: which of its units go, and not the oldest first. RULEBOOK P7.

use crate::{Cause, Lots, Refusal, Reply, Spender, movement::Movement, ops, read};
use borsh::{BorshDeserialize, BorshSerialize};
use compliance::Lot;
use serde::{Deserialize, Serialize};
use state::Context;
use types::{AccountId, Address, AssetId, ClassId, Time, Units, ensure};

/// Units of one lot of a position.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct ChosenLot {
    /// Its place in the position, from 0.
    pub place: u16,
    /// When its clock started: another lot may have come to its place since the seller looked.
    pub anchor: Time,
    /// How many of it.
    pub units: Units,
}

/// Moves units of these lots and of no others. All else is as in every transfer.
pub(crate) fn transfer(
    ctx: &mut Context<'_>,
    by: Spender,
    (asset, class): (AssetId, ClassId),
    (from, to): (AccountId, AccountId),
    lots: &[ChosenLot],
) -> Result<Reply, Refusal> {
    ops::check_account(ctx, to)?;
    let units = lots.iter().try_fold(Units::ZERO, |sum, lot| sum.checked_add(lot.units))?;
    ops::authorise(ctx, by, asset, Some(class), from, units)?;
    read::asset(ctx, asset)?;
    let reply = send(ctx, by.wallet, (asset, class), (from, to), lots)?;
    ops::authorise_fees(ctx, by, asset, Some(class), from, &reply)?;
    Ok(reply)
}

/// The same, of who may.
pub(crate) fn send(
    ctx: &mut Context<'_>,
    operator: Address,
    (asset, class): (AssetId, ClassId),
    (from, to): (AccountId, AccountId),
    lots: &[ChosenLot],
) -> Result<Reply, Refusal> {
    ensure(!lots.is_empty() && from != to, Refusal::NothingToMove)?;
    let units = lots.iter().try_fold(Units::ZERO, |sum, lot| sum.checked_add(lot.units))?;
    let (parties, cause) = ((Some(from), Some(to)), Cause::Transfer);
    let movement = Movement::of((asset, class), parties, units, cause, operator);
    let mut reply = Reply::default();
    ops::carry_out_of(ctx, movement, Some(lots), &mut reply)?;
    Ok(reply)
}

/// The units that were chosen, as lots; refused if a lot is not as named, is named twice or has not so many.
pub(crate) fn chosen(lots: &Lots, chosen: &[ChosenLot]) -> Result<Lots, Refusal> {
    let mut found = Lots::default();
    for (index, ChosenLot { place, anchor, units }) in chosen.iter().enumerate() {
        let bad = || Refusal::BadLot(*place);
        let lot = lots.get(usize::from(*place)).ok_or_else(bad)?;
        let is_new = chosen[..index].iter().all(|other| other.place != *place);
        let is_so = lot.anchor == *anchor && *units <= lot.units && !units.is_zero();
        ensure(is_new && is_so, bad())?;
        found.push(Lot { units: *units, ..*lot });
    }
    Ok(found)
}

/// Takes chosen units out. They are there: [`chosen`] has found them.
pub(crate) fn take(lots: &mut Lots, chosen: &[ChosenLot]) -> Lots {
    let take = |choice: &ChosenLot| {
        let lot = &mut lots[usize::from(choice.place)];
        lot.units -= choice.units;
        Lot { units: choice.units, ..*lot }
    };
    let taken = chosen.iter().map(take).collect();
    lots.retain(|lot| !lot.units.is_zero());
    taken
}

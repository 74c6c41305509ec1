//! What is stated of a movement: by which path it goes, what is paid, which lots go. RULEBOOK P5, P7, N7.

use crate::{
    CLASSES, Leg, Lots, Refusal, Reply, Spender,
    convert::check_settled,
    ops::{Part, authorise, authorise_fees, check_account, move_parts},
    read,
};
use borsh::{BorshDeserialize, BorshSerialize};
use compliance::Lot;
use serde::{Deserialize, Serialize};
use state::Context;
use types::{AccountId, AssetId, ClassId, Currency, Name, Time, Units, ensure};

/// Letters of a path's name.
const MAX_NAME: usize = 64;

/// What is stated of a movement; of most nothing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stated<'a> {
    /// What is paid, in minor units of a currency.
    pub paid: Option<(Currency, u128)>,
    /// Of an issue, the number of the adopted profile to issue under; 0 for the first that passes.
    pub profile: u16,
    /// Of a transfer, the path that its giver elects, of every law that offers one of this name.
    pub path: Option<&'a Name>,
    /// Of a transfer of a class, the lots that go; the most seasoned that may if none is chosen.
    pub lots: &'a [ChosenLot],
}

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

/// A part of a transfer on stated terms.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Sale {
    /// Who gets the units.
    pub to: AccountId,
    /// How many: of chosen lots what they sum to.
    pub units: Units,
    /// The lots that go, as they stand before the first part goes; the most seasoned that may if none is chosen.
    pub lots: Vec<ChosenLot>,
    /// What is paid for them, in minor units.
    pub paid: Units,
}

/// Moves units of one account to many, on terms that are the same for all but for what each pays and of which lots it gets.
/// All else is as in every transfer.
pub(crate) fn transfer(
    ctx: &mut Context<'_>,
    by: Spender,
    (asset, class): (AssetId, ClassId),
    from: AccountId,
    (path, currency): (Option<Name>, Option<Currency>),
    mut sales: Vec<Sale>,
) -> Result<Reply, Refusal> {
    ensure(!sales.is_empty(), Refusal::EmptyBatch)?;
    check_path(path.as_ref())?;
    let mut total = Units::ZERO;
    for Sale { to, units, lots, paid } in &sales {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        check_account(ctx, *to)?;
        ensure(paid.is_zero() || currency.is_some(), Refusal::NoCurrency)?;
        check_lots(lots, (Some(from), Some(*to)), *units)?;
        total = total.checked_add(*units)?;
    }
    authorise(ctx, by, asset, Some(class), from, total)?;
    read::asset(ctx, asset)?;
    ensure(CLASSES.has(ctx, &(asset, class)), Refusal::UnknownClass(class))?;
    check_settled(ctx, asset)?;
    place(&read::position(ctx, asset, class, from).lots, &mut sales)?;
    let parts = sales.iter().map(|Sale { to, units, lots, paid }| {
        let paid = currency.map(|currency| (currency, paid.0));
        let stated = Stated { paid, path: path.as_ref(), lots, profile: 0 };
        Part { leg: Leg { to: *to, units: *units }, stated }
    });
    let parts: Vec<_> = parts.collect();
    let mut reply = Reply::default();
    move_parts(ctx, by, (asset, Some(class)), from, &parts, &mut reply)?;
    let chooses = parts.iter().any(|part| !part.stated.lots.is_empty());
    ensure(parts.len() == 1 || !chooses || reply.fees.is_empty(), Refusal::LotsAndFees)?;
    authorise_fees(ctx, by, asset, Some(class), from, reply.fees_in_all()?)?;
    Ok(reply)
}

/// Refuses what can be no name of a path.
pub(crate) fn check_path(path: Option<&Name>) -> Result<(), Refusal> {
    let fits = |name: &Name| (1..=MAX_NAME).contains(&name.len());
    ensure(path.is_none_or(fits), Refusal::BadText("path"))
}

/// Refuses chosen lots that do not sum to what moves, or that stay where they are.
pub(crate) fn check_lots(
    lots: &[ChosenLot],
    (from, to): (Option<AccountId>, Option<AccountId>),
    units: Units,
) -> Result<(), Refusal> {
    if lots.is_empty() {
        return Ok(());
    }
    ensure(from.is_some() && to.is_some() && from != to, Refusal::NothingToMove)?;
    let sum = lots.iter().try_fold(Units::ZERO, |sum, lot| sum.checked_add(lot.units))?;
    ensure(sum == units, Refusal::LotsSum { sum, units })
}

/// Gives chosen lots the places at which they stand when their part's turn comes: those that are used up before it are gone.
fn place(held: &Lots, sales: &mut [Sale]) -> Result<(), Refusal> {
    let chooses = sales.iter().filter(|sale| !sale.lots.is_empty()).count();
    ensure(chooses == 0 || chooses == sales.len(), Refusal::LotsOfSome)?;
    let mut left = held.clone();
    for Sale { lots, .. } in sales {
        chosen(&left, lots)?;
        let places: Vec<usize> = lots.iter().map(|lot| usize::from(lot.place)).collect();
        for (lot, place) in lots.iter_mut().zip(&places) {
            let gone = left[..*place].iter().filter(|lot| lot.units.is_zero()).count();
            lot.place -= gone as u16;
        }
        for (lot, place) in lots.iter().zip(places) {
            left[place].units -= lot.units;
        }
    }
    Ok(())
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

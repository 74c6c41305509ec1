//! Conversion: a split, a reverse split, or another class. All units of a class become units of the same class, or of
//! another of the same asset, at a ratio. RULEBOOK section 5 row 13.
//!
//! Position by position, as many in a call as the caller asks for; until the last one the asset is halted and nothing
//! moves, not even by order. What a holder has rounds down, and so does what is held of it and what an announced order
//! is to take; what agents froze rounds up. LED-10.

use crate::{
    ASSETS, CLASSES, Conversion, End, Event, Freeze, Freezer, HOLDER_INDEX, HOLDS, HOLDS_ON, Hold,
    ORDERS, POSITIONS, Refusal, Reply, Spender, checkpoint, lots, movement::index, ops::exercise,
    read,
};
use state::Context;
use std::mem::take;
use trust::{Power, Scope};
use types::{AccountId, Address, AssetId, B256, ClassId, Module, Overflow, Ratio, Units, ensure};

/// Ratios at which all units of an asset may ever become others: what was added up before is looked at through all.
const MAX_SPLITS: usize = 256;

/// What is to become of a class.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub class: ClassId,
    pub into: ClassId,
    pub ratio: Ratio,
}

/// Converts the positions of a class from a place among all that ever held it on, so many at most. To begin needs
/// `Terms`; whoever will goes on, so that nothing stays halted because nobody has the power any more.
///
/// Place 0 begins; each further call goes on where the last one ended, on the same terms. Says how many places are
/// left. Refuses what would change nothing, units that would not fit, and a ratio for one of several classes while
/// the asset's rules add units of all of them up. Keeps LED-1 to LED-5, LED-7 and LED-10.
pub(crate) fn convert(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    terms: Terms,
    first: u32,
    limit: u32,
) -> Result<Reply, Refusal> {
    ensure(limit > 0, Refusal::EmptyBatch)?;
    let mut conversion = match read::asset(ctx, asset)?.conversion {
        Some(it) => {
            let Terms { class, into, ratio } = terms;
            let is_it = (it.class, it.into, it.ratio, it.next) == (class, into, ratio, first);
            ensure(is_it, Refusal::Converting { asset, next: it.next })?;
            it
        }
        None => {
            exercise(ctx, by, Power::Terms, Scope::Asset(asset))?;
            ensure(first == 0, Refusal::NotConverting)?;
            begin(ctx, asset, terms)?
        }
    };
    let places = CLASSES.read(ctx, &(asset, terms.class)).map_or(0, |class| class.holders);
    let end = places.min(first.saturating_add(limit));
    for place in first..end {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        if let Some(account) = HOLDER_INDEX.get(ctx, &(asset, terms.class, place)) {
            position(ctx, asset, terms, account, by.wallet);
        }
    }
    conversion.next = end;
    match end == places {
        true => complete(ctx, asset, &conversion),
        false => change_asset(ctx, asset, |record| record.conversion = Some(conversion)),
    }
    Ok(Reply::number(places - end))
}

/// Refuses while an asset is being converted.
pub(crate) fn check_settled(ctx: &Context<'_>, asset: AssetId) -> Result<(), Refusal> {
    match read::asset(ctx, asset)?.conversion {
        Some(Conversion { next, .. }) => Err(Refusal::Converting { asset, next }),
        None => Ok(()),
    }
}

/// Halts the asset. Units that may exist follow the ratio, at once if there will be more, at the end if there will be
/// fewer: of an asset of one class in proportion, rounded down; else by what the class itself changes.
fn begin(ctx: &mut Context<'_>, id: AssetId, terms: Terms) -> Result<Conversion, Refusal> {
    let Terms { class, into, ratio } = terms;
    let asset = read::asset(ctx, id)?.clone();
    let of_class = |class| CLASSES.read(ctx, &(id, class)).ok_or(Refusal::UnknownClass(class));
    let (issued, _) = (of_class(class)?.issued, of_class(into)?);
    ensure(!issued.is_zero(), Refusal::NothingToMove)?;
    ensure(class != into || !ratio.is_one(), Refusal::NothingChanges)?;
    let is_frozen = |class| CLASSES.read(ctx, &(id, class)).is_some_and(|class| class.is_frozen);
    ensure(is_frozen(class) == is_frozen(into), Refusal::FrozenClass)?;
    let made = |units: Units| ratio.of(units.0).map(|(made, _)| Units(made)).ok_or(Overflow);
    // While a holder's units go from one class to another both are counted.
    asset.issued.checked_add(made(issued)?)?;
    let is_whole = asset.issued == issued;
    let metered = compliance::UNITS_METERED.get(ctx, &id).unwrap_or_default();
    let is_metered = metered.over_asset || metered.over_class;
    ensure(ratio.is_one() || is_whole || !is_metered, Refusal::MeasuredInUnits)?;
    let splits = compliance::SPLITS.read(ctx, &id).map_or(0, Vec::len);
    ensure(ratio.is_one() || splits < MAX_SPLITS, Refusal::TooManySplits)?;
    // What was added up of one class says nothing of another.
    ensure(class == into || !metered.over_class, Refusal::MeasuredInUnits)?;
    let authorised = match asset.classes {
        1 => made(asset.authorised)?,
        _ => (asset.authorised - issued).checked_add(made(issued)?)?,
    };
    // Of an asset of which nothing may exist nothing could ever be issued again.
    let authorised = authorised.max(Units(1));
    let conversion = Conversion { class, into, ratio, next: 0, authorised, is_whole };
    ctx.emit(Module::Ledger, &Event::ConversionBegun { asset: id, class, into, ratio });
    authorise(ctx, id, authorised.max(asset.authorised));
    Ok(conversion)
}

/// Lets the asset go on.
fn complete(ctx: &mut Context<'_>, asset: AssetId, conversion: &Conversion) {
    let Conversion { class, into, ratio, authorised, is_whole, .. } = *conversion;
    authorise(ctx, asset, authorised);
    change_asset(ctx, asset, |record| record.conversion = None);
    let mut record = CLASSES.get(ctx, &(asset, class)).expect("looked at when it began");
    record.converted = ctx.now();
    CLASSES.put(ctx, &(asset, class), record);
    if is_whole && !ratio.is_one() {
        compliance::split(ctx, asset, ratio);
    }
    ctx.emit(Module::Ledger, &Event::ConversionCompleted { asset, class, into });
}

fn authorise(ctx: &mut Context<'_>, asset: AssetId, authorised: Units) {
    if change_asset(ctx, asset, |record| {
        std::mem::replace(&mut record.authorised, authorised) != authorised
    }) {
        ctx.emit(Module::Ledger, &Event::AuthorisedChanged { asset, authorised });
    }
}

fn change_asset<R>(
    ctx: &mut Context<'_>,
    id: AssetId,
    change: impl FnOnce(&mut crate::Asset) -> R,
) -> R {
    let mut record = ASSETS.get(ctx, &id).expect("looked at when it began");
    let changed = change(&mut record);
    ASSETS.put(ctx, &id, record);
    changed
}

/// Converts what an account has of the class, with what is held and frozen of it. LED-10.
fn position(
    ctx: &mut Context<'_>,
    asset: AssetId,
    Terms { class, into, ratio }: Terms,
    account: AccountId,
    by: Address,
) {
    let (old, new) = ((asset, class, account), (asset, into, account));
    let Some(mut source) = POSITIONS.get(ctx, &old) else { return };
    if source.units.is_zero() && source.frozen.is_empty() {
        return;
    }
    let checkpoint = read::asset(ctx, asset).map_or(0, |asset| asset.checkpoint);
    let units = source.units;
    let (made, rest) = ratio.of(units.0).expect("the whole class was seen to fit");
    let made = Units(made);
    checkpoint::keep_balance(ctx, &old, &mut source, checkpoint);
    let lots = lots::convert(take(&mut source.lots), ratio);
    let frozen = frozen(ctx, into, ratio, take(&mut source.frozen), by);
    let held = held(ctx, old, new, ratio);
    (source.units, source.held) = (Units::ZERO, Units::ZERO);
    POSITIONS.put(ctx, &old, source);
    if !POSITIONS.has(ctx, &new) {
        index(ctx, new);
    }
    let mut target = POSITIONS.get(ctx, &new).unwrap_or_default();
    checkpoint::keep_balance(ctx, &new, &mut target, checkpoint);
    target.units += made;
    target.held += held;
    join(&mut target.frozen, frozen);
    lots::put(&mut target.lots, lots);
    assert!(target.held <= target.units, "LED-2");
    assert_eq!(target.units, target.lots.iter().map(|lot| lot.units).sum(), "LED-3");
    POSITIONS.put(ctx, &new, target);
    if !units.is_zero() {
        supply(ctx, asset, account, (class, units), (into, made));
    }
    let mut count = |class, gained: Units, lost: Units| {
        if gained != lost {
            compliance::record(ctx, (asset, class), account.person, gained, lost);
        }
    };
    match class == into {
        true => count(class, made.saturating_sub(units), units.saturating_sub(made)),
        false => {
            count(into, made, Units::ZERO);
            count(class, Units::ZERO, units);
        }
    }
    ctx.emit(Module::Ledger, &Event::Converted { asset, class, into, account, units, made, rest });
}

/// What is held of a position is held of what it becomes, each hold rounded down; one of less than a unit ends. I-04.
fn held(
    ctx: &mut Context<'_>,
    old: (AssetId, ClassId, AccountId),
    new: (AssetId, ClassId, AccountId),
    ratio: Ratio,
) -> Units {
    let (class, mut held) = (new.1, Units::ZERO);
    let standing = HOLDS_ON.get(ctx, &old).unwrap_or_default();
    HOLDS_ON.delete(ctx, &old);
    let mut left = HOLDS_ON.get(ctx, &new).unwrap_or_default();
    for id in standing {
        let hold = HOLDS.get(ctx, &id).expect("I-04: a listed hold lives");
        let units = down(ratio, hold.units);
        match units.is_zero() {
            true => HOLDS.delete(ctx, &id),
            false => {
                HOLDS.put(ctx, &id, Hold { class, units, ..hold });
                left.push(id);
                held += units;
            }
        }
        ctx.emit(Module::Ledger, &Event::HoldConverted { hold: id, class, units });
    }
    if !left.is_empty() {
        HOLDS_ON.put(ctx, &new, left);
    }
    held
}

/// What is frozen of a position is frozen of what it becomes: by agents rounded up, for announced orders, which follow,
/// rounded down. An order for less than a unit is withdrawn.
fn frozen(
    ctx: &mut Context<'_>,
    class: ClassId,
    ratio: Ratio,
    frozen: Vec<Freeze>,
    by: Address,
) -> Vec<Freeze> {
    let (mut left, now) = (Vec::new(), ctx.now());
    for freeze in frozen.into_iter().filter(|freeze| freeze.stands(now)) {
        let Some(number) = freeze.order() else {
            let units = Units(ratio.of_rounded_up(freeze.units.0));
            left.push(Freeze { units, ..freeze });
            continue;
        };
        let mut order = ORDERS.get(ctx, &number).expect("LED-9: what freezes was announced");
        let asset = order.asset;
        (order.class, order.units) = (class, down(ratio, order.units));
        let (units, document) = (order.units, B256::ZERO);
        if units.is_zero() {
            order.end = Some(End::Withdrawn);
        }
        ORDERS.put(ctx, &number, order);
        ctx.emit(Module::Ledger, &Event::OrderConverted { number, class, units });
        if units.is_zero() {
            ctx.emit(Module::Ledger, &Event::OrderWithdrawn { number, asset, document, by });
        }
        let units = down(ratio, freeze.units);
        if !units.is_zero() {
            left.push(Freeze { units, ..freeze });
        }
    }
    left
}

/// Adds freezes to those of a position: what agents froze under one order is one.
fn join(frozen: &mut Vec<Freeze>, more: Vec<Freeze>) {
    for freeze in more {
        let is_its = |it: &&mut Freeze| it.under == freeze.under;
        let known = frozen.iter_mut().filter(is_its).find(|it| it.order().is_none());
        let (Some(known), Freezer::Agent(contest)) = (known, freeze.by) else {
            frozen.push(freeze);
            continue;
        };
        known.units = Units(known.units.0.saturating_add(freeze.units.0));
        known.until = known.until.max(freeze.until);
        if freeze.halt.since < known.halt.since {
            known.halt = freeze.halt;
        }
        // What waits for a decision goes on waiting.
        if let Some(before) = known.contest_mut()
            && (contest.is_open() || before.document.is_none())
        {
            *before = contest;
        }
    }
}

/// Rounded down. More than can be is as much as can be.
fn down(ratio: Ratio, units: Units) -> Units {
    Units(ratio.of(units.0).map_or(u128::MAX, |(made, _)| made))
}

/// What is issued, and what of it the issuer itself holds, change by exactly what the position does. LED-1, LED-7.
fn supply(
    ctx: &mut Context<'_>,
    id: AssetId,
    account: AccountId,
    (class, units): (ClassId, Units),
    (into, made): (ClassId, Units),
) {
    let mut asset = ASSETS.get(ctx, &id).expect("looked at when it began");
    let is_issuer = account.person == asset.issuer;
    asset.issued = asset.issued - units + made;
    if is_issuer {
        asset.treasury = asset.treasury - units + made;
    }
    assert!(asset.issued <= asset.authorised, "LED-1");
    for (class, lost, gained) in [(class, units, Units::ZERO), (into, Units::ZERO, made)] {
        let mut record = CLASSES.get(ctx, &(id, class)).expect("looked at when it began");
        let key = (id, class);
        checkpoint::keep_supply(ctx, &key, record.issued, &mut record.since, asset.checkpoint);
        record.issued = record.issued - lost + gained;
        if is_issuer {
            record.treasury = record.treasury - lost + gained;
        }
        CLASSES.put(ctx, &key, record);
    }
    ASSETS.put(ctx, &id, asset);
}

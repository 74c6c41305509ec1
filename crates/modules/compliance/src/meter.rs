//! What was moved, and who was approached or bought, added up over time. RULEBOOK P4 and P5.
//!
//! A meter is a row of days, those that its period still counts, so that any period is a sum. What counts
//! is what happened under the rule that reads the meter: a purchase by an exemption with another path is
//! none of this one's.
//!
//! A human with several numbers has one meter: what was added up under each before they were found to be one's is
//! summed, and what comes goes under the number it is counted as. Persons counted twice before that are counted
//! once from when they are counted next.

use crate::{
    Action, FACTS, Kind, METERS, Measure, Period, ReasonCode, SEEN, SPLITS, Scope, Subject,
    UNITS_METERED, UnitsMetered, count, offer,
};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize, Serializer};
use smallvec::{SmallVec, smallvec};
use state::Context;
use std::{borrow::Cow, collections::BTreeMap};
use types::{
    AssetId, ClassId, Country, Currency, Date, Days, Name, PersonId, Ratio, Span, Time, Units,
};

/// What a meter measures: named by whom, over what, apart by what.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct MeterKey {
    /// The profile that names it; empty for the asset's own policy.
    pub profile: Name,
    /// Its name there.
    pub name: Name,
    /// Over what.
    pub over: Over,
    /// Apart by what.
    pub of: Of,
}

/// Over what a meter measures.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// One asset.
    Asset(AssetId),
    /// All assets of an issuer.
    Issuer(PersonId),
    /// The whole chain.
    Network,
    /// One class of an asset.
    Class(AssetId, ClassId),
    /// One offer of an asset, by its number.
    Offer(AssetId, u32),
}

impl Over {
    /// The asset of which it measures alone.
    fn asset(&self) -> Option<AssetId> {
        match self {
            Over::Asset(asset) | Over::Class(asset, _) | Over::Offer(asset, _) => Some(*asset),
            Over::Issuer(_) | Over::Network => None,
        }
    }
}

/// Whose a meter is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Everybody's.
    Everyone,
    /// One person's.
    Person(PersonId),
    /// The residents' of a country.
    Country(Country),
    /// A group's, that a claim names: what its members added up while they were.
    Group(u64),
    /// Of a group's what one member added up. Who acts in the group acts by what the group did, and by what it did
    /// alone before it came: asked for a member's, a meter counts both.
    Member(u64, PersonId),
}

/// What was added up, by day, oldest first.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Meter {
    /// The days on which something happened, and how much.
    pub days: Vec<(Date, u128)>,
    /// After how many splits of its asset the amounts were units; none if they are not units of one asset.
    pub splits: Option<u32>,
}

/// Something to be added up if the movement happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bump {
    pub(crate) key: MeterKey,
    pub(crate) since: Date,
    /// The date by the days of who counts.
    pub(crate) today: Date,
    /// So much; or, if a person is to be counted, that one.
    pub(crate) what: What,
}

/// What is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    #[serde(serialize_with = "in_digits")]
    Amount(u128),
    /// Units, which a split makes others.
    #[serde(serialize_with = "in_digits")]
    Units(u128),
    Person(PersonId),
}

/// As text: JSON's readers round large numbers.
pub(crate) fn in_digits<S: Serializer>(amount: &u128, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(amount)
}

/// Over what a movement is counted, or why it cannot be: no offer is open, or it is of no class.
pub(crate) fn over(
    ctx: &Context<'_>,
    action: &Action<'_>,
    scope: Scope,
) -> Result<Over, ReasonCode> {
    let asset = action.asset;
    Ok(match scope {
        Scope::Asset => Over::Asset(asset),
        Scope::Issuer => Over::Issuer(action.facts.issuer),
        Scope::Network => Over::Network,
        Scope::Class => Over::Class(asset, action.class.ok_or(ReasonCode::PolicyError)?),
        Scope::Offer => {
            Over::Offer(asset, offer::open(ctx, asset).ok_or(ReasonCode::OfferNotOpen)?)
        }
    })
}

/// How much units that move add, for which so much is paid; nothing known if what is paid is not stated in that currency.
pub(crate) fn measured(
    kind: Kind,
    (moving, paid): (Units, Option<(Currency, u128)>),
    measure: Measure,
) -> Option<u128> {
    match measure {
        Measure::Units => Some(moving.0),
        Measure::Movements => Some(1),
        // Nothing is sold.
        Measure::Paid(_) if matches!(kind, Kind::CorporateAction | Kind::Fee) => Some(0),
        Measure::Paid(currency) => {
            paid.filter(|(paid_in, _)| *paid_in == currency).map(|(_, amount)| amount)
        }
    }
}

/// The first day that still counts today; nothing known if it counts from a fact that has not come true, or
/// from days that the calendar does not know.
pub(crate) fn first_day(
    ctx: &Context<'_>,
    key: &MeterKey,
    period: &Period,
    asset: AssetId,
    days: Days<'_>,
    now: Time,
) -> Option<Date> {
    let today = days.date(now)?;
    Some(match period {
        Period::Ever => Date::default(),
        Period::Rolling(span) => span.before_date(today).plus_days(1),
        Period::Fixed(span) => {
            let first = |key: &MeterKey| Some(METERS.read(ctx, key)?.days.first()?.0);
            let rows = rows(ctx, key);
            let firsts = rows.iter().filter_map(|(row, _)| first(row));
            // Of several that run, the first that began.
            firsts.filter(|first| span.after_date(*first) > today).min().unwrap_or(today)
        }
        Period::Year { month, day } => {
            let begins = |year| Date::of(year, *month as i8, *day as i8);
            let this = begins(today.year())?;
            if this <= today { this } else { begins(today.year() - 1)? }
        }
        Period::Month => Date::of(today.year(), today.month_and_day().0 as i8, 1)?,
        Period::Since(fact) => {
            let known = FACTS.read(ctx, &(Subject::Asset(asset), fact.clone()))?;
            days.date(Some(known.since).filter(|since| *since <= now)?)?
        }
    })
}

/// What a row adds to a meter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What was added up by who is asked about: everybody, a country, a person under one of its numbers.
    Own,
    /// What its group added up.
    Group,
    /// What stands in both, and counts once.
    Both,
}

/// The rows that make up a meter: a person's under all its numbers; a member's its own and its group's.
fn rows(ctx: &Context<'_>, key: &MeterKey) -> SmallVec<[(MeterKey, Part); 1]> {
    let row = |of, part| (MeterKey { of, ..key.clone() }, part);
    match key.of {
        Of::Person(person) => {
            let numbers = count::numbers(ctx, person);
            numbers.map(|number| row(Of::Person(number), Part::Own)).collect()
        }
        Of::Member(group, person) => {
            let own = count::numbers(ctx, person).flat_map(|number| {
                let both = row(Of::Member(group, number), Part::Both);
                [row(Of::Person(number), Part::Own), both]
            });
            std::iter::once(row(Of::Group(group), Part::Group)).chain(own).collect()
        }
        of @ (Of::Everyone | Of::Country(_) | Of::Group(_)) => smallvec![row(of, Part::Own)],
    }
}

/// What was added up by day, under all of a person's numbers and with its group's, in units of now, oldest first.
pub fn metered<'c>(ctx: &'c Context<'_>, key: &MeterKey) -> Cow<'c, [(Date, u128)]> {
    let rows = rows(ctx, key);
    if let [(row, part)] = &rows[..] {
        return of_one(ctx, row, *part);
    }
    let mut days: BTreeMap<Date, [u128; 3]> = BTreeMap::new();
    for (row, part) in &rows {
        let added = of_one(ctx, row, *part);
        ctx.charge(added.len() as u64);
        for (day, amount) in added.iter() {
            let sum = &mut days.entry(*day).or_default()[*part as usize];
            *sum = sum.saturating_add(*amount);
        }
    }
    // Days are dropped row by row: of a day that one row has dropped nothing counts twice.
    let sum = |[own, group, both]: [u128; 3]| {
        own.saturating_add(group).saturating_sub(both.min(own).min(group))
    };
    days.into_iter().map(|(day, parts)| (day, sum(parts))).collect()
}

/// The same in one row: each day at the ratio of every split since, rounded up, and what is taken off rounded down.
/// C&DI 133.03.
fn of_one<'c>(ctx: &'c Context<'_>, key: &MeterKey, part: Part) -> Cow<'c, [(Date, u128)]> {
    let Some(meter) = METERS.read(ctx, key) else { return Cow::Borrowed(&[]) };
    let of = key.over.asset().zip(meter.splits);
    let since = of.and_then(|(asset, seen)| SPLITS.read(ctx, &asset)?.get(seen as usize..));
    let Some(splits) = since.filter(|splits| !splits.is_empty()) else {
        return Cow::Borrowed(&meter.days);
    };
    ctx.charge(meter.days.len() as u64 * splits.len() as u64);
    let now = |amount| {
        splits.iter().fold(amount, |units, split| match part {
            Part::Own | Part::Group => split.of_rounded_up(units),
            Part::Both => split.of(units).map_or(0, |(made, _)| made),
        })
    };
    meter.days.iter().map(|(day, amount)| (*day, now(*amount))).collect()
}

/// Remembers that all units of an asset became others.
pub fn split(ctx: &mut Context<'_>, asset: AssetId, ratio: Ratio) {
    SPLITS.update(ctx, &asset, |splits| splits.push(ratio));
}

/// The sum of the days that still count.
pub(crate) fn total(ctx: &Context<'_>, key: &MeterKey, since: Date) -> u128 {
    let days = metered(ctx, key);
    ctx.charge(days.len() as u64);
    let days = days.iter().filter(|(day, _)| *day >= since);
    days.fold(0, |sum, (_, amount)| sum.saturating_add(*amount))
}

/// When enough of the days have gone by that so much more fits under a limit, for a rolling period.
pub(crate) fn room_from(
    ctx: &Context<'_>,
    key: &MeterKey,
    period: &Period,
    days: Days<'_>,
    since: Date,
    more: u128,
    max: u128,
) -> Option<Time> {
    if more > max {
        return None;
    }
    let added = metered(ctx, key);
    let added = added.iter().filter(|(day, _)| *day >= since);
    match period {
        Period::Rolling(span) => {
            let mut left = total(ctx, key, since);
            for (day, amount) in added {
                left = left.saturating_sub(*amount);
                if left.saturating_add(more) <= max {
                    return days.start(span.leaves_date(*day));
                }
            }
            None
        }
        Period::Fixed(span) => days.start(span.after_date(since)),
        Period::Year { month, day } => {
            let next = Date::of(since.year() + 1, *month as i8, *day as i8);
            next.and_then(|next| days.start(next))
        }
        Period::Month => days.start(Span::of(1, 0).after_date(since)),
        Period::Ever | Period::Since(_) => None,
    }
}

/// When the next of what was added up lets go so that more is left under a limit than now, where that is known.
pub(crate) fn next_room(
    ctx: &Context<'_>,
    key: &MeterKey,
    period: &Period,
    days: Days<'_>,
    since: Date,
    max: u128,
) -> Option<Time> {
    let left = max.saturating_sub(total(ctx, key, since));
    if left >= max {
        return None;
    }
    room_from(ctx, key, period, days, since, left + 1, max)
}

/// True if a person was counted, on a day that still counts.
pub(crate) fn is_counted(ctx: &Context<'_>, key: &MeterKey, person: PersonId, since: Date) -> bool {
    !seen(ctx, key, person, since).is_empty()
}

/// In which meters, under which numbers and on which days that still count a person was counted.
fn seen(
    ctx: &Context<'_>,
    key: &MeterKey,
    person: PersonId,
    since: Date,
) -> Vec<((MeterKey, PersonId), Date)> {
    let mut found = Vec::new();
    for (key, _) in rows(ctx, key) {
        for number in count::numbers(ctx, person) {
            let at = (key.clone(), number);
            let day = SEEN.get(ctx, &at).filter(|day| *day >= since);
            found.extend(day.map(|day| (at, day)));
        }
    }
    found
}

fn uncount(meter: &mut Meter, day: Date) {
    if let Some((_, sum)) = meter.days.iter_mut().find(|(other, _)| *other == day) {
        *sum = sum.saturating_sub(1);
    }
}

/// Remembers over what units of an asset are added up.
fn note_units(ctx: &mut Context<'_>, over: Over) {
    let Some(asset) = over.asset() else { return };
    let before = UNITS_METERED.get(ctx, &asset).unwrap_or_default();
    let now = match over {
        Over::Class(..) => UnitsMetered { over_class: true, ..before },
        _ => UnitsMetered { over_asset: true, ..before },
    };
    if now != before {
        UNITS_METERED.put(ctx, &asset, now);
    }
}

/// Adds up what happened today: what a member does for its group, and as what stands in both. What it does alone is its
/// own meter's, whatever groups it is in.
pub(crate) fn add(ctx: &mut Context<'_>, bump: &Bump) {
    if matches!(bump.what, What::Units(_)) {
        note_units(ctx, bump.key.over);
    }
    let Of::Member(group, _) = bump.key.of else { return add_one(ctx, bump) };
    for of in [Of::Group(group), bump.key.of] {
        add_one(ctx, &Bump { key: MeterKey { of, ..bump.key.clone() }, ..bump.clone() });
    }
}

fn add_one(ctx: &mut Context<'_>, bump: &Bump) {
    let today = bump.today;
    let mut meter = METERS.get(ctx, &bump.key).unwrap_or_default();
    let part = if matches!(bump.key.of, Of::Member(..)) { Part::Both } else { Part::Own };
    meter.days = of_one(ctx, &bump.key, part).into_owned();
    let splits = |asset| SPLITS.read(ctx, &asset).map_or(0, |splits| splits.len() as u32);
    meter.splits = match bump.what {
        What::Units(_) => bump.key.over.asset().map(splits),
        What::Amount(_) | What::Person(_) => None,
    };
    let is_ever = bump.since == Date::default();
    // Days that no longer count for this rule count for no later movement either: a name has one period.
    meter.days.retain(|(day, _)| *day >= bump.since);
    let amount = match bump.what {
        What::Amount(amount) | What::Units(amount) => amount,
        What::Person(person) => {
            let mut before = seen(ctx, &bump.key, person, bump.since);
            let stays = is_ever && !before.is_empty();
            // Who was counted on an earlier day, or under several numbers, is counted on this one instead.
            for (at, day) in before.drain(usize::from(stays)..) {
                let day = if is_ever { Date::default() } else { day };
                match at.0 == bump.key {
                    true => uncount(&mut meter, day),
                    false => METERS.update(ctx, &at.0, |meter| uncount(meter, day)),
                }
                SEEN.delete(ctx, &at);
            }
            if !stays {
                SEEN.put(ctx, &(bump.key.clone(), person), today);
            }
            u128::from(!stays)
        }
    };
    meter.days.retain(|(_, sum)| *sum > 0);
    // What counts for ever needs no days.
    let today = if is_ever { Date::default() } else { today };
    match meter.days.last_mut() {
        Some((day, sum)) if *day == today => *sum = sum.saturating_add(amount),
        _ => meter.days.push((today, amount)),
    }
    METERS.put(ctx, &bump.key, meter);
}

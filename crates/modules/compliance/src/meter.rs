//! What was moved, and who was approached or bought, added up over time. RULEBOOK P4 and P5.
//!
//! A meter is a row of days, those that its period still counts, so that any period is a sum. What counts
//! is what happened under the rule that reads the meter: a purchase by an exemption with another path is
//! none of this one's.
//!
//! A human with several numbers has one meter: what was added up under each before they were found to be one's is
//! summed, and what comes goes under the number it is counted as. Persons counted twice before that are counted
//! once from when they are counted next.

use crate::{Action, FACTS, METERS, Measure, Period, SEEN, Scope, Subject, count};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::Context;
use types::{AssetId, Country, Date, Days, Name, PersonId, Span, Time, Units};

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
    /// A group's, that a claim names.
    Group(u64),
}

/// What was added up, by day, oldest first.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Meter {
    /// The days on which something happened, and how much.
    pub days: Vec<(Date, u128)>,
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
pub(crate) enum What {
    Amount(u128),
    Person(PersonId),
}

pub(crate) fn over(action: &Action<'_>, scope: Scope) -> Over {
    match scope {
        Scope::Asset => Over::Asset(action.asset),
        Scope::Issuer => Over::Issuer(action.facts.issuer),
        Scope::Network => Over::Network,
    }
}

/// How much one movement adds; nothing known if what is paid is not stated in that currency.
pub(crate) fn measured(action: &Action<'_>, moving: Units, measure: Measure) -> Option<u128> {
    match measure {
        Measure::Units => Some(moving.0),
        Measure::Movements => Some(1),
        Measure::Paid(currency) => {
            action.paid.filter(|(paid_in, _)| *paid_in == currency).map(|(_, amount)| amount)
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
        Period::Rolling(span) => first_within(*span, today),
        Period::Fixed(span) => {
            let firsts = rows(ctx, key).filter_map(|meter| Some(meter.days.first()?.0));
            // Of several that run, the first that began.
            firsts.filter(|first| span.after_date(*first) > today).min().unwrap_or(today)
        }
        Period::Year { month, day } => {
            let begins = |year| Date::of(year, *month as i8, *day as i8);
            let this = begins(today.year())?;
            if this <= today { this } else { begins(today.year() - 1)? }
        }
        Period::Since(fact) => {
            let known = FACTS.read(ctx, &(Subject::Asset(asset), fact.clone()))?;
            days.date(Some(known.since).filter(|since| *since <= now)?)?
        }
    })
}

/// The first day D with D + span after today: W at T covers (T - W, T].
fn first_within(span: Span, today: Date) -> Date {
    // The span is not longer than this, so the day is not earlier.
    let longest = i32::try_from(span.months * 31 + span.days).unwrap_or(i32::MAX);
    let (mut low, mut high) = (today.0.saturating_sub(longest), today.0);
    while low < high {
        let middle = low + (high - low) / 2;
        match span.after_date(Date(middle)) > today {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    Date(low)
}

/// The meters that are summed under a key: a person's own, and those under its other numbers.
fn keys(ctx: &Context<'_>, key: &MeterKey) -> impl Iterator<Item = MeterKey> {
    let others: Vec<PersonId> = match key.of {
        Of::Person(person) => identity::others(ctx, person).collect(),
        Of::Everyone | Of::Country(_) | Of::Group(_) => Vec::new(),
    };
    let key = key.clone();
    let of = move |other| MeterKey { of: Of::Person(other), ..key.clone() };
    others.into_iter().map(of)
}

fn rows<'c>(ctx: &'c Context<'_>, key: &MeterKey) -> impl Iterator<Item = &'c Meter> {
    let own = METERS.read(ctx, key);
    own.into_iter().chain(keys(ctx, key).filter_map(|other| METERS.read(ctx, &other)))
}

/// The sum of the days that still count.
pub(crate) fn total(ctx: &Context<'_>, key: &MeterKey, since: Date) -> u128 {
    let mut sum = 0u128;
    for meter in rows(ctx, key) {
        ctx.charge(meter.days.len() as u64);
        let days = meter.days.iter().filter(|(day, _)| *day >= since);
        sum = days.fold(sum, |sum, (_, amount)| sum.saturating_add(*amount));
    }
    sum
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
    let days_added = rows(ctx, key).flat_map(|meter| &meter.days);
    let mut added: Vec<_> = days_added.filter(|(day, _)| *day >= since).collect();
    added.sort_unstable();
    match period {
        Period::Rolling(span) => {
            let mut left = total(ctx, key, since);
            for (day, amount) in added {
                left = left.saturating_sub(*amount);
                if left.saturating_add(more) <= max {
                    return days.start(span.after_date(*day));
                }
            }
            None
        }
        Period::Fixed(span) => days.start(span.after_date(since)),
        Period::Year { month, day } => {
            let next = Date::of(since.year() + 1, *month as i8, *day as i8);
            next.and_then(|next| days.start(next))
        }
        Period::Ever | Period::Since(_) => None,
    }
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
    for key in std::iter::once(key.clone()).chain(keys(ctx, key)) {
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

/// Adds up what happened today.
pub(crate) fn add(ctx: &mut Context<'_>, bump: &Bump) {
    let today = bump.today;
    let mut meter = METERS.get(ctx, &bump.key).unwrap_or_default();
    let is_ever = bump.since == Date::default();
    // Days that no longer count for this rule count for no later movement either: a name has one period.
    meter.days.retain(|(day, _)| *day >= bump.since);
    let amount = match bump.what {
        What::Amount(amount) => amount,
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

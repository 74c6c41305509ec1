//! Head-counts: how many persons hold an asset, by filter, kept true at every change.
//!
//! DSToken's lesson: a holder is counted as something, and what it is counted as is remembered, so
//! that a change of claim or country takes away exactly what was added.

use crate::{
    COUNTED, COUNTS, Counted, Epoch, Filter, HELD, HELD_COUNT, HOLDERS, Kind, POLICIES,
    PolicyRecord, Refusal, Standing, check,
};
use identity::{CLAIMS, Merger};
use state::Context;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use types::{AssetId, Country, PersonId, Units, ensure};

/// Gas to count one holder anew, so that a policy change can be priced before it is made.
const RECOUNT_GAS: u64 = 3_000;

/// Gas to count one asset as held by another person, at least.
const MERGE_GAS: u64 = 3_000;

/// Gas of looking at one asset that a person holds, at least.
const LOOK_GAS: u64 = 300;

/// Assets that a person may hold: counting it anew stays affordable, whoever issues to it.
pub const MAX_ASSETS: u32 = 4_096;

/// How many assets a person may hold after a movement of this kind. An order may go twice as far: it must
/// not fail on what others sent. Issuers, who ask nobody, fill half: the rest is the holder's own to fill.
pub(crate) fn most_assets(kind: Kind) -> u32 {
    match kind {
        Kind::Forced => 2 * MAX_ASSETS,
        Kind::Offer => u32::MAX,
        Kind::Issue => MAX_ASSETS / 2,
        Kind::Transfer | Kind::Redeem => MAX_ASSETS,
    }
}

/// Moves units into or out of what a person holds of an asset. Called by the ledger for every movement
/// between two persons, after the decision. COM-1.
pub fn record(ctx: &mut Context<'_>, asset: AssetId, person: PersonId, gained: Units, lost: Units) {
    let person = identity::counted_as(ctx, person);
    let key = (asset, person);
    match COUNTED.get(ctx, &key) {
        Some(mut counted) => {
            counted.units = counted.units + gained - lost;
            if counted.units.is_zero() {
                leave(ctx, asset, person, counted);
            } else {
                if !counted.standing.is_good(Epoch::of(ctx, asset, person), ctx.now()) {
                    counted.standing = Standing::now(ctx, asset, person);
                }
                COUNTED.put(ctx, &key, counted);
            }
        }
        None if gained > lost => join(ctx, asset, person, gained - lost),
        None => assert_eq!(gained, lost, "I-07: nobody loses what it does not hold"),
    }
}

/// Counts a person's holdings anew, after its claims or residence changed or lapsed.
///
/// Stops where the gas ends: a transaction without gas is undone as a whole.
pub fn reindex(ctx: &mut Context<'_>, person: PersonId) {
    let person = identity::counted_as(ctx, person);
    let held = HELD_COUNT.get(ctx, &person).unwrap_or(0);
    if held == 0 {
        return;
    }
    let country = identity::person(ctx, person).expect("holders are registered persons").residence;
    let claims = numbers(ctx, person).filter_map(|number| CLAIMS.read(ctx, &number));
    let current: BTreeSet<u32> =
        claims.flat_map(|claims| claims.topics_at(ctx, ctx.now())).collect();
    for ordinal in 0..held {
        if ctx.is_exhausted() {
            return;
        }
        let Some(asset) = HELD.get(ctx, &(person, ordinal)) else { continue };
        let Some(before) = COUNTED.get(ctx, &(asset, person)) else { continue };
        let topics = topics(ctx, asset);
        let has = bits(&topics, |topic| current.contains(topic));
        let after = Counted { country, has, ..before };
        if after == before {
            continue;
        }
        let filters_of = |counted: &Counted| filters(counted.country, counted.has, &topics);
        // The same filters in the same order: only those in which the two differ are written.
        for (left, joined) in filters_of(&before).zip(filters_of(&after)) {
            if left != joined {
                step(ctx, asset, left, false);
                step(ctx, asset, joined, true);
            }
        }
        COUNTED.put(ctx, &(asset, person), after);
    }
}

/// Refuses to count a person anew if there is not even the gas to look at what it holds: asked before
/// anything is written.
pub fn check_reindexable(ctx: &Context<'_>, person: PersonId) -> Result<(), Refusal> {
    let looking = LOOK_GAS.saturating_mul(weight(ctx, person) as u64);
    ensure(ctx.work().saturating_add(looking) <= ctx.work_limit(), Refusal::OutOfFuel)
}

/// How much there is to do when a person is counted anew: one for each asset that it holds.
pub fn weight(ctx: &Context<'_>, person: PersonId) -> usize {
    HELD_COUNT.get(ctx, &identity::counted_as(ctx, person)).unwrap_or(0) as usize
}

/// Refuses to count two persons as one where the gas does not suffice for it, or they hold more assets than
/// orders would give one: asked before anything is written.
pub fn check_mergeable(ctx: &Context<'_>, merger: Merger) -> Result<(), Refusal> {
    let [into, from] = [merger.into, merger.from].map(|person| weight(ctx, person) as u64);
    let most = u64::from(most_assets(Kind::Forced));
    ensure(into + from <= most, Refusal::HoldsTooMuch(most_assets(Kind::Forced)))?;
    let counting = MERGE_GAS * from + LOOK_GAS * into;
    ensure(ctx.work().saturating_add(counting) <= ctx.work_limit(), Refusal::OutOfFuel)
}

/// Counts what two persons hold as one's, after identity found them to be one. Stops where the gas ends, as
/// [`reindex`] does. COM-1.
pub fn merge(ctx: &mut Context<'_>, Merger { into, from }: Merger) {
    while let Some(held) = HELD_COUNT.get(ctx, &from).filter(|_| !ctx.is_exhausted()) {
        let asset = HELD.get(ctx, &(from, held - 1)).expect("ordinals are dense");
        let counted = COUNTED.get(ctx, &(asset, from)).expect("what is held is counted");
        leave(ctx, asset, from, counted);
        record(ctx, asset, into, counted.units, Units::ZERO);
    }
    reindex(ctx, into);
}

/// What a person holds of an asset under all its numbers, and as what it is counted.
pub(crate) fn held<'c>(
    ctx: &'c Context<'_>,
    asset: AssetId,
    person: PersonId,
) -> Option<&'c Counted> {
    COUNTED.read(ctx, &(asset, identity::counted_as(ctx, person)))
}

/// A person's number, and the others of the same human.
pub(crate) fn numbers<'c>(
    ctx: &'c Context<'_>,
    person: PersonId,
) -> impl Iterator<Item = PersonId> + use<'c> {
    std::iter::once(person).chain(identity::others(ctx, person))
}

/// The counts of an asset from scratch, by walking its holders: what `COUNTS` must always equal.
pub fn recount(ctx: &Context<'_>, asset: AssetId) -> BTreeMap<Filter, u32> {
    let mut counts = BTreeMap::new();
    let topics = topics(ctx, asset);
    for ordinal in 0..COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0) {
        let Some(person) = HOLDERS.get(ctx, &(asset, ordinal)) else { continue };
        let (country, has) = category(ctx, person, &topics);
        for filter in filters(country, has, &topics) {
            *counts.entry(filter).or_default() += 1;
        }
    }
    counts
}

pub(crate) fn check_recountable(ctx: &Context<'_>, asset: AssetId) -> Result<(), Refusal> {
    let holders = COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0);
    ctx.charge(RECOUNT_GAS.saturating_mul(holders.into()));
    ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)
}

/// Counts every holder by the topics of a policy just put into force; counts by those of the policy
/// before are dropped, for nobody would keep them true. Stops where the gas ends, as [`reindex`] does.
pub(crate) fn count_anew(ctx: &mut Context<'_>, asset: AssetId, before: &[u32]) {
    let topics = topics(ctx, asset);
    let holders = COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0);
    let both = before.iter().chain(topics.iter());
    for filter in both.flat_map(|topic| [Filter::With(*topic), Filter::Without(*topic)]) {
        COUNTS.delete(ctx, &(asset, filter));
    }
    for ordinal in 0..holders {
        if ctx.is_exhausted() {
            return;
        }
        let Some(person) = HOLDERS.get(ctx, &(asset, ordinal)) else { continue };
        let Some(mut counted) = COUNTED.get(ctx, &(asset, person)) else { continue };
        counted.has = category(ctx, person, &topics).1;
        counted.standing = Standing::now(ctx, asset, person);
        for filter in filters(counted.country, counted.has, &topics).skip(2) {
            COUNTS.update(ctx, &(asset, filter), |count| *count += 1);
        }
        COUNTED.put(ctx, &(asset, person), counted);
    }
}

/// The topics by which holders of an asset are to be counted when more are asked for, if they are more
/// than those by which they are counted now. Refuses too many, and to count more holders than the gas
/// allows: asked before anything is written.
pub(crate) fn topics_with(
    ctx: &Context<'_>,
    asset: AssetId,
    more: &[u32],
) -> Result<Option<Vec<u32>>, Refusal> {
    let now = topics(ctx, asset);
    let both: BTreeSet<u32> = now.iter().chain(more).copied().collect();
    let both: Vec<u32> = both.into_iter().collect();
    check::few_enough(&both)?;
    if both == **now {
        return Ok(None);
    }
    ensure(POLICIES.has(ctx, &asset), Refusal::NoPolicy)?;
    check_recountable(ctx, asset)?;
    Ok(Some(both))
}

/// Counts holders by these topics from now on.
pub(crate) fn count_by(ctx: &mut Context<'_>, asset: AssetId, by: Vec<u32>) {
    let before = topics(ctx, asset);
    if let Some(record) = POLICIES.get(ctx, &asset) {
        POLICIES.put(ctx, &asset, PolicyRecord { topics: Arc::new(by), ..record });
    }
    count_anew(ctx, asset, &before);
}

/// As what a person is counted now: its residence, and for each topic whether a claim says so of any of its
/// numbers: what a provider says of one is said of the human.
pub(crate) fn category(ctx: &Context<'_>, person: PersonId, topics: &[u32]) -> (Country, u128) {
    let country = identity::person(ctx, person).expect("holders are registered persons").residence;
    let has = |topic: &u32| {
        numbers(ctx, person)
            .any(|number| identity::current_claim(ctx, number, *topic, &[]).is_some())
    };
    (country, bits(topics, has))
}

/// A bit for each topic, from the lowest.
fn bits(topics: &[u32], has: impl Fn(&u32) -> bool) -> u128 {
    let bit = |(place, topic): (usize, &u32)| u128::from(has(topic)) << place;
    topics.iter().enumerate().map(bit).fold(0, |bits, bit| bits | bit)
}

fn topics(ctx: &Context<'_>, asset: AssetId) -> Arc<Vec<u32>> {
    POLICIES.read(ctx, &asset).map(|record| record.topics.clone()).unwrap_or_default()
}

fn filters(country: Country, has: u128, topics: &[u32]) -> impl Iterator<Item = Filter> + '_ {
    let by_topic = topics.iter().enumerate().map(move |(place, topic)| match has >> place & 1 {
        1 => Filter::With(*topic),
        _ => Filter::Without(*topic),
    });
    [Filter::All, Filter::Country(country)].into_iter().chain(by_topic)
}

fn add(ctx: &mut Context<'_>, asset: AssetId, counted: &Counted, topics: &[u32], is_gain: bool) {
    for filter in filters(counted.country, counted.has, topics) {
        step(ctx, asset, filter, is_gain);
    }
}

fn step(ctx: &mut Context<'_>, asset: AssetId, filter: Filter, is_gain: bool) {
    let count = COUNTS.get(ctx, &(asset, filter)).unwrap_or(0);
    let count = if is_gain { count.checked_add(1) } else { count.checked_sub(1) };
    COUNTS.put(ctx, &(asset, filter), count.expect("I-06: a count is never negative"));
}

fn join(ctx: &mut Context<'_>, asset: AssetId, person: PersonId, units: Units) {
    let topics = topics(ctx, asset);
    let (country, has) = category(ctx, person, &topics);
    let holder = COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0);
    let held = HELD_COUNT.get(ctx, &person).unwrap_or(0);
    let standing = Standing::now(ctx, asset, person);
    let counted = Counted { units, country, has, standing, holder, held };
    HOLDERS.put(ctx, &(asset, holder), person);
    HELD.put(ctx, &(person, held), asset);
    HELD_COUNT.put(ctx, &person, held + 1);
    add(ctx, asset, &counted, &topics, true);
    COUNTED.put(ctx, &(asset, person), counted);
}

/// Takes a person out of both indexes; the last entry of each fills its place.
fn leave(ctx: &mut Context<'_>, asset: AssetId, person: PersonId, counted: Counted) {
    let topics = topics(ctx, asset);
    add(ctx, asset, &counted, &topics, false);
    COUNTED.delete(ctx, &(asset, person));
    let last = COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0);
    if counted.holder != last {
        let moved = HOLDERS.get(ctx, &(asset, last)).expect("ordinals are dense");
        HOLDERS.put(ctx, &(asset, counted.holder), moved);
        let mut record = COUNTED.get(ctx, &(asset, moved)).expect("holders are counted");
        record.holder = counted.holder;
        COUNTED.put(ctx, &(asset, moved), record);
    }
    HOLDERS.delete(ctx, &(asset, last));
    let last = HELD_COUNT.get(ctx, &person).unwrap_or(1) - 1;
    if counted.held != last {
        let moved = HELD.get(ctx, &(person, last)).expect("ordinals are dense");
        HELD.put(ctx, &(person, counted.held), moved);
        let mut record = COUNTED.get(ctx, &(moved, person)).expect("what is held is counted");
        record.held = counted.held;
        COUNTED.put(ctx, &(moved, person), record);
    }
    HELD.delete(ctx, &(person, last));
    match last {
        0 => HELD_COUNT.delete(ctx, &person),
        _ => HELD_COUNT.put(ctx, &person, last),
    }
}

//! Head-counts: how many persons hold an asset, and each class of it, by filter, kept true at every change; and
//! who of them holds for others.
//!
//! DSToken's lesson: a holder is counted as something, and what it is counted as is remembered, so
//! that a change of claim or country takes away exactly what was added.

use crate::{
    CLASS_COUNTS, COUNTED, COUNTS, Counted, Counting, Epoch, Event, Filter, HELD, HELD_COUNT,
    HOLDERS, HOLDS_FOR_OTHERS, ISSUED_BY, Kind, OTHERS_PLACE, POLICIES, PolicyRecord, Refusal,
    Scope, Standing, UNITS_HELD, change, meter, of_issuer,
};
use identity::{CLAIMS, Merger};
use state::{Context, Key, Table};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use types::{AssetId, ClassId, Country, Module, PersonId, Units, ensure};

/// Gas to count one holder anew beside the records of it, so that a policy change can be priced before it is made.
///
/// By two topics the records cost 2,200 more, and it takes 2.2 us: 2,400 gas for each of them, where the records and the
/// event of a transfer cost 1,500 (5,000 gas in 3.3 us). docs/benchmarks.md has both.
pub(crate) const RECOUNT_GAS: u64 = 3_000;

/// Gas to count one asset as held by another person, or a person in one meter as another, at least.
const MERGE_GAS: u64 = 3_000;

/// Gas of looking at one asset that a person holds, at least.
pub(crate) const LOOK_GAS: u64 = 300;

/// Assets that a person may hold: counting it anew stays affordable, whoever issues to it.
pub const MAX_ASSETS: u32 = 4_096;

/// How many assets a person may hold after a movement of this kind. An order may go twice as far: it must
/// not fail on what others sent. Issuers, who ask nobody, fill half: the rest is the holder's own to fill.
pub(crate) fn most_assets(kind: Kind) -> u32 {
    match kind {
        Kind::Forced => 2 * MAX_ASSETS,
        Kind::Offer => u32::MAX,
        Kind::Issue | Kind::CorporateAction => MAX_ASSETS / 2,
        Kind::Transfer | Kind::Redeem | Kind::Pledge | Kind::RecoursePledge | Kind::Fee => {
            MAX_ASSETS
        }
    }
}

/// Moves units of a class into or out of what a person holds of an asset. Called by the ledger for every movement
/// between two persons, after the decision. COM-1.
pub fn record(
    ctx: &mut Context<'_>,
    (asset, class): (AssetId, ClassId),
    person: PersonId,
    gained: Units,
    lost: Units,
) {
    let person = identity::counted_as(ctx, person);
    let key = (asset, person);
    let Some(mut counted) = COUNTED.get(ctx, &key) else {
        match gained > lost {
            true => join(ctx, (asset, class), person, gained - lost),
            false => assert_eq!(gained, lost, "I-07: nobody loses what it does not hold"),
        }
        return;
    };
    let held = counted.of_class(class);
    counted.change(class, gained, lost);
    let counting = counting(ctx, asset);
    for filter in counting.held_in(counted.country, counted.has) {
        change_held(ctx, (asset, filter), gained, lost);
    }
    if held.is_zero() != counted.of_class(class).is_zero() {
        let filters = counting.filters(counted.country, counted.has).flatten();
        for filter in filters.filter(|_| counting.by_class) {
            step_classes(ctx, (asset, filter), [class], held.is_zero());
        }
    }
    if counted.units.is_zero() {
        leave(ctx, asset, person, counted);
    } else {
        if !counted.standing.is_good(Epoch::of(ctx, asset, person), ctx.now()) {
            counted.standing = Standing::now(ctx, asset, person);
        }
        COUNTED.put(ctx, &key, counted);
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
        of_issuer::reindex(ctx, asset, person, country, &current);
        let counting = counting(ctx, asset);
        let has = counting.bits(|topic| current.contains(topic));
        if (country, has) == (before.country, before.has) {
            continue;
        }
        let one = One { asset, person, counting: &counting, counted: &before };
        let was = counting.filters(before.country, before.has);
        // The same places in the same order: only those in which the two differ are written.
        for (left, joined) in was.zip(counting.filters(country, has)) {
            if left != joined {
                left.into_iter().for_each(|left| one.step(ctx, left, false));
                if let Some(joined) = joined {
                    one.step(ctx, joined, true);
                    one.warn(ctx, joined);
                }
            }
        }
        COUNTED.put(ctx, &(asset, person), Counted { country, has, ..before });
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
    let counted = u64::from(meter::counting(ctx, merger.from));
    let counting = MERGE_GAS * (from + counted) + LOOK_GAS * into;
    ensure(ctx.work().saturating_add(counting) <= ctx.work_limit(), Refusal::OutOfFuel)
}

/// Counts what two persons hold as one's, and them once where both were counted, after identity found them to be one. Stops where the gas ends, as
/// [`reindex`] does. COM-1.
pub fn merge(ctx: &mut Context<'_>, Merger { into, from }: Merger) {
    while let Some(held) = HELD_COUNT.get(ctx, &from).filter(|_| !ctx.is_exhausted()) {
        let asset = HELD.get(ctx, &(from, held - 1)).expect("ordinals are dense");
        let counted = COUNTED.get(ctx, &(asset, from)).expect("what is held is counted");
        let of_classes: Vec<_> =
            counted.held_classes().map(|class| (class, counted.of_class(class))).collect();
        leave(ctx, asset, from, counted);
        for (class, units) in of_classes {
            record(ctx, (asset, class), into, units, Units::ZERO);
        }
    }
    meter::merge(ctx, Merger { into, from });
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

/// How many persons hold an asset: not its issuer, whose units are nobody's but its treasury's.
pub fn asset_holders(ctx: &Context<'_>, asset: AssetId) -> u32 {
    let Some(issuer) = ISSUED_BY.get(ctx, &asset) else { return 0 };
    holders(ctx, &Counting::default(), issuer, (asset, None), Filter::All)
}

/// How many others than the issuer hold an asset, or a class of it, by a filter that is counted: what an issuer has of its
/// own is outstanding to nobody, and it is no holder of record. 17 CFR 240.12g5-1.
pub(crate) fn holders(
    ctx: &Context<'_>,
    counting: &Counting,
    issuer: PersonId,
    (asset, class): (AssetId, Option<ClassId>),
    filter: Filter,
) -> u32 {
    let all = match class {
        None => COUNTS.get(ctx, &(asset, filter)).unwrap_or(0),
        Some(class) => {
            let counts = CLASS_COUNTS.read(ctx, &(asset, filter));
            counts.and_then(|counts| counts.get(class.0 as usize)).copied().unwrap_or(0)
        }
    };
    let is_own = |own: &Counted| {
        let holds = class.is_none_or(|class| !own.of_class(class).is_zero());
        holds && counting.is_in(own.country, own.has, filter)
    };
    all - u32::from(all > 0 && held(ctx, asset, issuer).is_some_and(is_own))
}

/// A person's number, and the others of the same human.
pub(crate) fn numbers<'c>(
    ctx: &'c Context<'_>,
    person: PersonId,
) -> impl Iterator<Item = PersonId> + use<'c> {
    std::iter::once(person).chain(identity::others(ctx, person))
}

/// What is counted of the holders of an asset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recount {
    /// How many there are, by filter.
    pub all: BTreeMap<Filter, u32>,
    /// The same of each class, if they are counted by class.
    pub by_class: BTreeMap<(ClassId, Filter), u32>,
    /// What they have together, by filter, where that is added up.
    pub held: BTreeMap<Filter, Units>,
    /// Who of them has a claim that is looked through.
    pub through: BTreeSet<(u32, PersonId)>,
}

/// The counts of an asset from scratch, by walking its holders: what the tables must always equal.
pub fn recount(ctx: &Context<'_>, asset: AssetId) -> Recount {
    let mut found = Recount::default();
    let counting = counting(ctx, asset);
    for ordinal in 0..COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0) {
        let Some(person) = HOLDERS.get(ctx, &(asset, ordinal)) else { continue };
        let Some(counted) = COUNTED.read(ctx, &(asset, person)) else { continue };
        let (country, has) = category(ctx, person, &counting);
        for filter in counting.filters(country, has).flatten() {
            *found.all.entry(filter).or_default() += 1;
            for class in counted.held_classes().filter(|_| counting.by_class) {
                *found.by_class.entry((class, filter)).or_default() += 1;
            }
        }
        for filter in counting.held_in(country, has) {
            *found.held.entry(filter).or_default() += counted.units;
        }
        let through = counting.through.iter().filter(|it| counting.counts(has, **it) == Some(true));
        found.through.extend(through.map(|topic| (*topic, person)));
    }
    found
}

/// Refuses to count holders by something else from now on where the gas does not suffice for it, or it is too much for
/// their issuer: asked before anything is written.
pub(crate) fn check_recountable(
    ctx: &Context<'_>,
    asset: AssetId,
    by: &Counting,
) -> Result<(), Refusal> {
    let now = counting(ctx, asset);
    if !now.is_alike(by) {
        let holders = COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0);
        ctx.charge(RECOUNT_GAS.saturating_mul(holders.into()));
    }
    of_issuer::check_recountable(ctx, asset, &now, by)?;
    ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)
}

/// Counts every holder as its policy and profiles ask from now on; what only those before asked for is dropped,
/// for nobody would keep it true. Stops where the gas ends, as [`reindex`] does.
pub(crate) fn count_anew(ctx: &mut Context<'_>, asset: AssetId, before: &Counting) {
    let counting = counting(ctx, asset);
    if counting.of_issuer != before.of_issuer {
        of_issuer::count_anew(ctx, asset);
    }
    if counting.is_alike(before) {
        return;
    }
    let holders = COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0);
    for topic in &before.through {
        let funds = COUNTS.get(ctx, &(asset, Filter::With(*topic))).unwrap_or(0);
        FUNDS.clear(ctx, (asset, *topic), funds);
    }
    for filter in before.asked() {
        COUNTS.delete(ctx, &(asset, filter));
        CLASS_COUNTS.delete(ctx, &(asset, filter));
    }
    CLASS_COUNTS.delete(ctx, &(asset, Filter::All));
    for filter in &before.held {
        UNITS_HELD.delete(ctx, &(asset, *filter));
    }
    // Whoever is counted resides where a holder is counted: no other country has holders of a class.
    for ordinal in 0..holders {
        if ctx.is_exhausted() || !before.by_class {
            break;
        }
        let counted = HOLDERS.get(ctx, &(asset, ordinal));
        let counted = counted.and_then(|person| COUNTED.read(ctx, &(asset, person)));
        if let Some(country) = counted.map(|counted| counted.country) {
            CLASS_COUNTS.delete(ctx, &(asset, Filter::Country(country)));
        }
    }
    for ordinal in 0..holders {
        if ctx.is_exhausted() {
            return;
        }
        let Some(person) = HOLDERS.get(ctx, &(asset, ordinal)) else { continue };
        let Some(mut counted) = COUNTED.get(ctx, &(asset, person)) else { continue };
        counted.has = category(ctx, person, &counting).1;
        let one = One { asset, person, counting: &counting, counted: &counted };
        for (place, filter) in counting.filters(counted.country, counted.has).flatten().enumerate()
        {
            match place {
                // How many there are, and where they reside, is counted of every asset.
                0 | 1 => one.step_what_it_has(ctx, filter, true),
                _ => one.step(ctx, filter, true),
            }
        }
        COUNTED.put(ctx, &(asset, person), counted);
    }
}

/// As what the holders of an asset are to be counted when more is asked for, if it is more than now. Refuses too
/// much, and to count more holders than the gas allows: asked before anything is written.
pub(crate) fn counting_with(
    ctx: &Context<'_>,
    asset: AssetId,
    more: &Counting,
) -> Result<Option<Counting>, Refusal> {
    let now = counting(ctx, asset);
    let both = Counting::clone(&now).and(more);
    both.few_enough()?;
    if both == *now {
        return Ok(None);
    }
    ensure(POLICIES.has(ctx, &asset), Refusal::NoPolicy)?;
    check_recountable(ctx, asset, &both)?;
    Ok(Some(both))
}

/// Counts holders so from now on.
pub(crate) fn count_by(ctx: &mut Context<'_>, asset: AssetId, by: Counting) {
    let before = counting(ctx, asset);
    if let Some(record) = POLICIES.get(ctx, &asset) {
        POLICIES.put(ctx, &asset, PolicyRecord { counting: Arc::new(by), ..record });
    }
    count_anew(ctx, asset, &before);
}

/// As what a person is counted now: its residence, and for each topic whether a claim says so of any of its
/// numbers: what a provider says of one is said of the human.
pub(crate) fn category(
    ctx: &Context<'_>,
    person: PersonId,
    counting: &Counting,
) -> (Country, u128) {
    let country = identity::person(ctx, person).expect("holders are registered persons").residence;
    let has = |topic: &u32| {
        numbers(ctx, person)
            .any(|number| identity::current_claim(ctx, number, *topic, &[]).is_some())
    };
    (country, counting.bits(has))
}

fn counting(ctx: &Context<'_>, asset: AssetId) -> Arc<Counting> {
    POLICIES.read(ctx, &asset).map(|record| record.counting.clone()).unwrap_or_default()
}

/// A holder that is added to what a filter counts, or taken out of it.
struct One<'a> {
    asset: AssetId,
    person: PersonId,
    counting: &'a Counting,
    counted: &'a Counted,
}

impl One<'_> {
    fn step(&self, ctx: &mut Context<'_>, filter: Filter, is_gain: bool) {
        let key = (self.asset, filter);
        let before = COUNTS.get(ctx, &key).unwrap_or(0);
        let count = if is_gain { before.checked_add(1) } else { before.checked_sub(1) };
        let count = count.expect("I-06: a count is never negative");
        COUNTS.put(ctx, &key, count);
        self.step_what_it_has(ctx, filter, is_gain);
        match filter {
            Filter::With(topic) if self.counting.through.contains(&topic) => match is_gain {
                true => FUNDS.enter(ctx, (self.asset, topic), self.person, before),
                false => FUNDS.exit(ctx, (self.asset, topic), self.person, count),
            },
            _ => {}
        }
    }

    /// Announces what no rule could stop, that more are of a kind than may be. They lose nothing by it.
    fn warn(&self, ctx: &mut Context<'_>, filter: Filter) {
        let Self { asset, counting, .. } = *self;
        let Some(issuer) = ISSUED_BY.get(ctx, &asset) else { return };
        if self.person == identity::counted_as(ctx, issuer) {
            return;
        }
        let holders = holders(ctx, counting, issuer, (asset, None), filter);
        if counting.exceeds(filter, false, holders) {
            announce(ctx, asset, (Scope::Asset, None), filter, holders);
        }
        if !counting.by_class {
            return;
        }
        for class in self.counted.held_classes() {
            let holders = self::holders(ctx, counting, issuer, (asset, Some(class)), filter);
            if counting.exceeds(filter, true, holders) {
                announce(ctx, asset, (Scope::Class, Some(class)), filter, holders);
            }
        }
    }

    /// What it has comes or goes with it: its classes, and its units where they are added up.
    fn step_what_it_has(&self, ctx: &mut Context<'_>, filter: Filter, is_gain: bool) {
        if self.counting.by_class {
            step_classes(ctx, (self.asset, filter), self.counted.held_classes(), is_gain);
        }
        if self.counting.held.binary_search(&filter).is_ok() {
            let (units, none) = (self.counted.units, Units::ZERO);
            let (gained, lost) = if is_gain { (units, none) } else { (none, units) };
            change_held(ctx, (self.asset, filter), gained, lost);
        }
    }
}

/// Announces more holders of a kind than rules allow that bind now.
pub(crate) fn announce(
    ctx: &mut Context<'_>,
    asset: AssetId,
    (scope, class): (Scope, Option<ClassId>),
    filter: Filter,
    holders: u32,
) {
    let most = change::cap(ctx, asset, (scope, filter)).filter(|most| holders > *most);
    if let Some(most) = most {
        let event = Event::CapExceeded { asset, scope, class, filter, holders, most };
        ctx.emit(Module::Compliance, &event);
    }
}

/// Those whose claim on a topic is looked through, of an asset or an issuer: by ordinal without gaps, and the ordinals.
#[derive(Clone, Copy)]
pub(crate) struct Funds<K> {
    pub list: Table<(K, u32, u32), PersonId>,
    pub places: Table<(K, u32, PersonId), u32>,
}

/// Of an asset.
const FUNDS: Funds<AssetId> = Funds { list: HOLDS_FOR_OTHERS, places: OTHERS_PLACE };

impl<K: Key + Copy> Funds<K> {
    /// Puts a person at their end.
    pub(crate) fn enter(
        self,
        ctx: &mut Context<'_>,
        (of, topic): (K, u32),
        who: PersonId,
        last: u32,
    ) {
        self.list.put(ctx, &(of, topic, last), who);
        self.places.put(ctx, &(of, topic, who), last);
    }

    /// Takes one out; the last fills its place.
    pub(crate) fn exit(
        self,
        ctx: &mut Context<'_>,
        (of, topic): (K, u32),
        who: PersonId,
        last: u32,
    ) {
        let place = self.places.get(ctx, &(of, topic, who)).expect("who is counted is indexed");
        if place != last {
            let moved = self.list.get(ctx, &(of, topic, last)).expect("ordinals are dense");
            self.list.put(ctx, &(of, topic, place), moved);
            self.places.put(ctx, &(of, topic, moved), place);
        }
        self.list.delete(ctx, &(of, topic, last));
        self.places.delete(ctx, &(of, topic, who));
    }

    /// Takes all of so many out.
    pub(crate) fn clear(self, ctx: &mut Context<'_>, (of, topic): (K, u32), count: u32) {
        for place in 0..count {
            if ctx.is_exhausted() {
                return;
            }
            let Some(who) = self.list.get(ctx, &(of, topic, place)) else { continue };
            self.list.delete(ctx, &(of, topic, place));
            self.places.delete(ctx, &(of, topic, who));
        }
    }
}

/// What holders have together changes with what one of them has.
fn change_held(ctx: &mut Context<'_>, key: (AssetId, Filter), gained: Units, lost: Units) {
    if gained != lost {
        let held = UNITS_HELD.get(ctx, &key).unwrap_or_default();
        UNITS_HELD.put(ctx, &key, held + gained - lost);
    }
}

fn step_classes(
    ctx: &mut Context<'_>,
    key: (AssetId, Filter),
    classes: impl IntoIterator<Item = ClassId>,
    is_gain: bool,
) {
    let mut counts = CLASS_COUNTS.get(ctx, &key).unwrap_or_default();
    for class in classes {
        let place = class.0 as usize;
        if counts.len() <= place {
            counts.resize(place + 1, 0);
        }
        let count = counts[place];
        let count = if is_gain { count.checked_add(1) } else { count.checked_sub(1) };
        counts[place] = count.expect("I-06: a count is never negative");
    }
    CLASS_COUNTS.put(ctx, &key, counts);
}

fn join(ctx: &mut Context<'_>, (asset, class): (AssetId, ClassId), person: PersonId, units: Units) {
    let counting = counting(ctx, asset);
    let (country, has) = category(ctx, person, &counting);
    let holder = COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0);
    let held = HELD_COUNT.get(ctx, &person).unwrap_or(0);
    let standing = Standing::now(ctx, asset, person);
    let (classes, none) = (Vec::new(), Units::ZERO);
    let mut counted = Counted { units: none, country, has, standing, holder, held, classes };
    counted.change(class, units, Units::ZERO);
    HOLDERS.put(ctx, &(asset, holder), person);
    HELD.put(ctx, &(person, held), asset);
    HELD_COUNT.put(ctx, &person, held + 1);
    let one = One { asset, person, counting: &counting, counted: &counted };
    for filter in counting.filters(country, has).flatten() {
        one.step(ctx, filter, true);
    }
    COUNTED.put(ctx, &(asset, person), counted);
    of_issuer::join(ctx, asset, person);
}

/// Takes a person that has no units left out of the counts and of both indexes; the last entry of each index fills
/// its place.
fn leave(ctx: &mut Context<'_>, asset: AssetId, person: PersonId, counted: Counted) {
    let counting = counting(ctx, asset);
    let one = One { asset, person, counting: &counting, counted: &counted };
    for filter in counting.filters(counted.country, counted.has).flatten() {
        one.step(ctx, filter, false);
    }
    of_issuer::leave(ctx, asset, person);
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

//! Head-counts over all assets of an issuer: who holds several of them is one holder, and one until it has left the last.
//!
//! Kept for those issuers alone of one of whose assets some rule asks for it, and at every change as those of an asset are.

use crate::{
    COUNTED, COUNTS, CountedOfIssuer, Counting, Filter, HOLDERS, ISSUED, ISSUED_BY, ISSUED_COUNT,
    ISSUER_COUNTED, ISSUER_COUNTING, ISSUER_COUNTS, ISSUER_FUND_PLACE, ISSUER_FUNDS, POLICIES,
    Refusal, Scope,
    count::{Funds, LOOK_GAS, RECOUNT_GAS, announce, category},
};
use state::Context;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use types::{AssetId, Country, PersonId, ensure};

/// Those that hold for others.
const FUNDS: Funds<PersonId> = Funds { list: ISSUER_FUNDS, places: ISSUER_FUND_PLACE };

/// Assets of an issuer that are asked whether their rules cap its holders, when these are too many.
const MOST_ASKED: usize = 64;

/// Remembers who issued an asset. Called by the ledger when an asset is created, and once for each.
pub fn issued_by(ctx: &mut Context<'_>, asset: AssetId, issuer: PersonId) {
    let place = how_many(ctx, issuer);
    ISSUED_BY.put(ctx, &asset, issuer);
    ISSUED.put(ctx, &(issuer, place), asset);
    ISSUED_COUNT.put(ctx, &issuer, place + 1);
}

/// True once there is an asset: they are numbered from 1.
pub(crate) fn is_any(ctx: &Context<'_>) -> bool {
    ISSUED_BY.has(ctx, &AssetId(1))
}

/// How many assets an issuer has.
pub(crate) fn how_many(ctx: &Context<'_>, issuer: PersonId) -> u32 {
    ISSUED_COUNT.get(ctx, &issuer).unwrap_or(0)
}

/// The assets of an issuer, in the order in which they were created.
pub(crate) fn assets<'c>(
    ctx: &'c Context<'_>,
    issuer: PersonId,
) -> impl Iterator<Item = AssetId> + use<'c> {
    let count = how_many(ctx, issuer);
    (0..count).filter_map(move |place| ISSUED.get(ctx, &(issuer, place)))
}

/// How many persons hold any asset of an issuer, itself too; nothing known if they are not counted by the filter.
pub(crate) fn counted(ctx: &Context<'_>, issuer: PersonId, filter: Filter) -> Option<u32> {
    let is_counted = ISSUER_COUNTING.read(ctx, &issuer).is_some_and(|it| it.has(filter));
    is_counted.then(|| ISSUER_COUNTS.get(ctx, &(issuer, filter)).unwrap_or(0))
}

/// How many others than the issuer hold any asset of its.
pub(crate) fn holders(ctx: &Context<'_>, issuer: PersonId, filter: Filter) -> Option<u32> {
    let counting = ISSUER_COUNTING.read(ctx, &issuer)?;
    let own = ISSUER_COUNTED.read(ctx, &(issuer, identity::counted_as(ctx, issuer)));
    let is_own = own.is_some_and(|own| counting.is_in(own.country, own.has, filter));
    Some(counted(ctx, issuer, filter)?.saturating_sub(u32::from(is_own)))
}

/// A person that held nothing of an asset does now.
pub(crate) fn join(ctx: &mut Context<'_>, asset: AssetId, person: PersonId) {
    if let Some((issuer, counting)) = counted_of(ctx, asset) {
        enter(ctx, issuer, &counting, person);
    }
}

/// A person that held an asset does no longer.
pub(crate) fn leave(ctx: &mut Context<'_>, asset: AssetId, person: PersonId) {
    let Some((issuer, counting)) = counted_of(ctx, asset) else { return };
    let key = (issuer, person);
    let counted = ISSUER_COUNTED.get(ctx, &key).expect("I-06: who leaves is counted");
    if counted.assets > 1 {
        let assets = counted.assets - 1;
        return ISSUER_COUNTED.put(ctx, &key, CountedOfIssuer { assets, ..counted });
    }
    for filter in counting.filters(counted.country, counted.has).flatten() {
        step(ctx, (issuer, &counting), person, filter, false);
    }
    ISSUER_COUNTED.delete(ctx, &key);
}

/// Counts a person that holds an asset anew, now that it resides there and has claims on these topics.
pub(crate) fn reindex(
    ctx: &mut Context<'_>,
    asset: AssetId,
    person: PersonId,
    country: Country,
    current: &BTreeSet<u32>,
) {
    let Some((issuer, counting)) = counted_of(ctx, asset) else { return };
    let key = (issuer, person);
    let before = ISSUER_COUNTED.get(ctx, &key).expect("I-06: holders are counted");
    let has = counting.bits(|topic| current.contains(topic));
    // Of several assets of the issuer the first that is looked at has said so already.
    if (country, has) == (before.country, before.has) {
        return;
    }
    let own = identity::counted_as(ctx, issuer);
    let was = counting.filters(before.country, before.has);
    for (left, joined) in was.zip(counting.filters(country, has)) {
        if left != joined {
            let of = (issuer, &*counting);
            left.into_iter().for_each(|left| step(ctx, of, person, left, false));
            if let Some(filter) = joined {
                step(ctx, of, person, filter, true);
                let holders = holders(ctx, issuer, filter).unwrap_or(0);
                if person != own && counting.exceeds(filter, false, holders) {
                    // Whichever of the issuer's assets asks for it.
                    for asset in assets(ctx, issuer).take(MOST_ASKED).collect::<Vec<_>>() {
                        announce(ctx, asset, (Scope::Issuer, None), filter, holders);
                    }
                }
            }
        }
    }
    ISSUER_COUNTED.put(ctx, &key, CountedOfIssuer { country, has, ..before });
}

/// What is counted of all holders of an issuer's assets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecountOfIssuer {
    /// How many there are, by filter.
    pub all: BTreeMap<Filter, u32>,
    /// Who of them has a claim that is looked through.
    pub through: BTreeSet<(u32, PersonId)>,
}

/// The counts of an issuer from scratch, by walking the holders of each of its assets: what the tables must always
/// equal. Nothing where no rule asks for them.
pub fn recount_of_issuer(ctx: &Context<'_>, issuer: PersonId) -> RecountOfIssuer {
    let mut found = RecountOfIssuer::default();
    let Some(counting) = wanted(ctx, issuer, None) else { return found };
    let holders: BTreeSet<_> =
        assets(ctx, issuer).flat_map(|asset| holders_of(ctx, asset)).collect();
    for person in holders {
        let (country, has) = category(ctx, person, &counting);
        for filter in counting.filters(country, has).flatten() {
            *found.all.entry(filter).or_default() += 1;
        }
        let through = counting.through.iter().filter(|it| counting.counts(has, **it) == Some(true));
        found.through.extend(through.map(|topic| (*topic, person)));
    }
    found
}

/// Refuses rules of an asset that ask to count its issuer's holders by too much, with what its other assets ask for, and
/// to count them where the gas does not suffice for it: asked before anything is written.
pub(crate) fn check_recountable(
    ctx: &Context<'_>,
    asset: AssetId,
    before: &Counting,
    after: &Counting,
) -> Result<(), Refusal> {
    let Some(issuer) = ISSUED_BY.get(ctx, &asset) else { return Ok(()) };
    if before.of_issuer == after.of_issuer {
        return Ok(());
    }
    ctx.charge(LOOK_GAS.saturating_mul(how_many(ctx, issuer).into()));
    ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
    let wanted = wanted(ctx, issuer, Some((asset, after)));
    wanted.iter().try_for_each(Counting::few_enough)?;
    if wanted.as_ref() != ISSUER_COUNTING.read(ctx, &issuer).map(|counting| &**counting) {
        let holders = |asset| COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0);
        for asset in assets(ctx, issuer) {
            ctx.charge(RECOUNT_GAS.saturating_mul(holders(asset).into()));
        }
    }
    Ok(())
}

/// Counts every holder of an asset's issuer as the rules of its assets ask from now on. Stops where the gas ends, as
/// `count::reindex` does.
pub(crate) fn count_anew(ctx: &mut Context<'_>, asset: AssetId) {
    let Some(issuer) = ISSUED_BY.get(ctx, &asset) else { return };
    let before = ISSUER_COUNTING.get(ctx, &issuer);
    let now = wanted(ctx, issuer, None).map(Arc::new);
    if before == now {
        return;
    }
    let held: Vec<AssetId> = assets(ctx, issuer).collect();
    if let Some(before) = before {
        for topic in &before.through {
            let funds = ISSUER_COUNTS.get(ctx, &(issuer, Filter::With(*topic))).unwrap_or(0);
            FUNDS.clear(ctx, (issuer, *topic), funds);
        }
        before.asked().for_each(|filter| ISSUER_COUNTS.delete(ctx, &(issuer, filter)));
        ISSUER_COUNTS.delete(ctx, &(issuer, Filter::All));
        for asset in &held {
            for place in 0..COUNTS.get(ctx, &(*asset, Filter::All)).unwrap_or(0) {
                if ctx.is_exhausted() {
                    return;
                }
                let Some(person) = HOLDERS.get(ctx, &(*asset, place)) else { continue };
                let Some(counted) = ISSUER_COUNTED.get(ctx, &(issuer, person)) else { continue };
                ISSUER_COUNTS.delete(ctx, &(issuer, Filter::Country(counted.country)));
                ISSUER_COUNTED.delete(ctx, &(issuer, person));
            }
        }
    }
    let Some(now) = now else { return ISSUER_COUNTING.delete(ctx, &issuer) };
    ISSUER_COUNTING.put(ctx, &issuer, now.clone());
    for asset in held {
        for place in 0..COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0) {
            if ctx.is_exhausted() {
                return;
            }
            if let Some(person) = HOLDERS.get(ctx, &(asset, place)) {
                enter(ctx, issuer, &now, person);
            }
        }
    }
}

/// One more asset of an issuer that a person holds.
fn enter(ctx: &mut Context<'_>, issuer: PersonId, counting: &Counting, person: PersonId) {
    let key = (issuer, person);
    if let Some(counted) = ISSUER_COUNTED.get(ctx, &key) {
        let assets = counted.assets + 1;
        return ISSUER_COUNTED.put(ctx, &key, CountedOfIssuer { assets, ..counted });
    }
    let (country, has) = category(ctx, person, counting);
    for filter in counting.filters(country, has).flatten() {
        step(ctx, (issuer, counting), person, filter, true);
    }
    ISSUER_COUNTED.put(ctx, &key, CountedOfIssuer { assets: 1, country, has });
}

fn step(
    ctx: &mut Context<'_>,
    (issuer, counting): (PersonId, &Counting),
    person: PersonId,
    filter: Filter,
    is_gain: bool,
) {
    let before = ISSUER_COUNTS.get(ctx, &(issuer, filter)).unwrap_or(0);
    let count = if is_gain { before.checked_add(1) } else { before.checked_sub(1) };
    let count = count.expect("I-06: a count is never negative");
    ISSUER_COUNTS.put(ctx, &(issuer, filter), count);
    match filter {
        Filter::With(topic) if counting.through.contains(&topic) => match is_gain {
            true => FUNDS.enter(ctx, (issuer, topic), person, before),
            false => FUNDS.exit(ctx, (issuer, topic), person, count),
        },
        _ => {}
    }
}

/// The issuer of an asset, if its holders are counted over all its assets, and as what.
fn counted_of(ctx: &Context<'_>, asset: AssetId) -> Option<(PersonId, Arc<Counting>)> {
    let issuer = ISSUED_BY.get(ctx, &asset)?;
    Some((issuer, ISSUER_COUNTING.get(ctx, &issuer)?))
}

fn holders_of<'c>(
    ctx: &'c Context<'_>,
    asset: AssetId,
) -> impl Iterator<Item = PersonId> + use<'c> {
    let count = COUNTS.get(ctx, &(asset, Filter::All)).unwrap_or(0);
    let holders = (0..count).filter_map(move |place| HOLDERS.get(ctx, &(asset, place)));
    holders.filter(move |person| COUNTED.has(ctx, &(asset, *person)))
}

/// As what the holders of an issuer are to be counted, for the rules of all its assets, one of which may be about to
/// ask for something else.
fn wanted(
    ctx: &Context<'_>,
    issuer: PersonId,
    but: Option<(AssetId, &Counting)>,
) -> Option<Counting> {
    let asked = assets(ctx, issuer).filter_map(|asset| {
        let counting = match but {
            Some((changed, counting)) if changed == asset => counting,
            _ => &POLICIES.read(ctx, &asset)?.counting,
        };
        counting.of_issuer.as_deref().cloned()
    });
    asked.reduce(|all, one| all.and(&one))
}

//! Owners behind the holders: who holds much for others counts as many. RULEBOOK section 1.2, US-3C1. And holders of any
//! asset of the issuer.

use super::{Judge, Known};
use crate::{
    COUNTED, COUNTS, Counted, CountedOfIssuer, Filter, HOLDS_FOR_OTHERS, ISSUER_COUNTED,
    ISSUER_COUNTING, ISSUER_FUNDS, LookThrough, ReasonCode, Scope, count, of_issuer,
};
use identity::CLAIMS;
use smallvec::SmallVec;
use types::{AssetId, PersonId, U256, Units};

/// Holders of an asset, each with owners behind it, that are looked at one by one.
const MAX_LOOKED_THROUGH: u32 = 1_000;

/// What each of them holds of each asset of the issuer, that is looked at one by one.
const MAX_LOOKS: u32 = 4_000;

/// Gas of looking at one holder's owners.
const LOOK_WORK: u64 = 30;

/// The other assets over which owners are counted, and what others than the issuer hold of each.
type Others = SmallVec<[(AssetId, Units); 4]>;

impl<'c> Judge<'c, '_> {
    /// Holders of any asset of the issuer before and after, as `count` has it: who holds another stays, or was there.
    /// An exchange of one for another changes nothing.
    pub(super) fn count_of_issuer(&mut self, filter: Filter, max: Option<u32>, min: Option<u32>) {
        let action = self.action;
        if action.is_exchange {
            return;
        }
        let Some(before) = of_issuer::holders(self.ctx, action.facts.issuer, filter) else {
            return self.refuse(ReasonCode::PolicyError);
        };
        let is_new = |to: &Known<'c>| {
            let is_among = self.among_holders(to.human).is_some();
            !is_among && self.matches(to, filter) && !self.is_issuer(to)
        };
        let comes = !action.units.is_zero() && self.to.as_ref().is_some_and(is_new);
        let counting = ISSUER_COUNTING.read(self.ctx, &action.facts.issuer);
        let is_last = |from: &&Known<'c>| {
            let counted = self.among_holders(from.human).filter(|it| it.assets == 1);
            let is_counted = counted
                .zip(counting)
                .is_some_and(|(it, counting)| counting.is_in(it.country, it.has, filter));
            !from.units().is_zero() && is_counted && !self.is_issuer(from)
        };
        let counted = self.from.as_ref().filter(is_last);
        let leaves = counted.is_some_and(|from| from.units() <= action.giving);
        let leaves_now = counted.is_some_and(|from| from.units() <= action.units);
        self.bound_count(before, (comes, leaves, leaves_now), max, min);
    }

    /// What is counted of a human among the holders of any asset of the issuer, if it is one.
    fn among_holders(&self, human: PersonId) -> Option<&'c CountedOfIssuer> {
        ISSUER_COUNTED.read(self.ctx, &(self.action.facts.issuer, human))
    }

    /// Owners, looking through those that hold much for others: each of these counts as many as its claim says, every
    /// other holder one. Over all assets of the issuer, who holds much of any of them does. An excess that is there
    /// already may shrink and not grow: who leaves makes room for as many as it counted, with one part of a batch and not
    /// with each.
    pub(super) fn owners(&mut self, scope: Scope, max: Option<u32>, through: LookThrough) {
        let action = self.action;
        let Some(max) = max.filter(|_| !action.units.is_zero()) else { return };
        let (topic, issuer) = (through.topic, action.facts.issuer);
        let is_of_issuer = scope == Scope::Issuer;
        let counting = match is_of_issuer {
            true => ISSUER_COUNTING.read(self.ctx, &issuer).map(|counting| &**counting),
            false => Some(self.counting),
        };
        let holders = |filter| match is_of_issuer {
            true => of_issuer::counted(self.ctx, issuer, filter),
            false => COUNTS.get(self.ctx, &(action.asset, filter)).or(Some(0)),
        };
        let is_indexed = counting.is_some_and(|counting| counting.through.contains(&topic));
        let (Some(funds), Some(holders)) =
            (holders(Filter::With(topic)).filter(|_| is_indexed), holders(Filter::All))
        else {
            return self.refuse(ReasonCode::PolicyError);
        };
        let assets = if is_of_issuer { of_issuer::how_many(self.ctx, issuer) } else { 1 };
        let looks = funds.saturating_mul(assets);
        if funds > MAX_LOOKED_THROUGH || looks > MAX_LOOKS {
            // An excess that is there may shrink: nobody comes, and nobody gets more.
            if self.to.is_some() {
                let (looks, most) = match funds > MAX_LOOKED_THROUGH {
                    true => (funds, MAX_LOOKED_THROUGH),
                    false => (looks, MAX_LOOKS),
                };
                self.reasons.push(self.reason(ReasonCode::CapPersons).amounts(looks, most));
            }
            return;
        }
        self.ctx.charge(LOOK_WORK * u64::from(looks));
        // Where nobody holds for others nobody is looked through, whatever it has elsewhere.
        let others = if is_of_issuer && funds > 0 { self.others() } else { Others::new() };
        let placed = if action.is_placement() { action.giving } else { Units::ZERO };
        let ended = if action.to.is_none() { action.giving } else { Units::ZERO };
        let before = action.facts.outstanding;
        let after = Units(before.0.saturating_add(placed.0)).saturating_sub(ended);
        let indexed = |place| match is_of_issuer {
            true => ISSUER_FUNDS.get(self.ctx, &(issuer, topic, place)),
            false => HOLDS_FOR_OTHERS.get(self.ctx, &(action.asset, topic, place)),
        };
        let funds = (0..funds).filter_map(indexed);
        // The two sides are looked at whatever they are, and the issuer, whose units are nobody's.
        let [from, to] = [&self.from, &self.to].map(|it| it.as_ref().map(|known| known.human));
        let treasury = identity::counted_as(self.ctx, issuer);
        let own = Some(treasury).filter(|it| ![from, to].contains(&Some(*it)));
        let named = [from, to, own];
        let funds = funds.filter(|fund| !named.contains(&Some(*fund)));
        let (mut then, mut now, mut looked_at, mut is_more) = (0u128, 0u128, 0u32, false);
        for person in funds.chain(named.into_iter().flatten()) {
            let held = self.held_of(action.asset, person);
            // A holder of this one holds another if it is counted with more than one.
            let among = self.among_holders(person).filter(|_| is_of_issuer);
            let assets = among.map_or(0, |it| it.assets);
            let holds_other = assets > u32::from(!held.is_zero());
            looked_at += u32::from(!held.is_zero() || holds_other);
            if person == treasury {
                continue;
            }
            let gets = if to == Some(person) { action.getting } else { Units::ZERO };
            let gives = if from == Some(person) { action.giving } else { Units::ZERO };
            let keeps = Units(held.0.saturating_add(gets.0)).saturating_sub(gives);
            let has_much = |(asset, whole): &(AssetId, Units)| {
                is_part(self.held_of(*asset, person), *whole, through)
            };
            let has_much = holds_other && others.iter().any(has_much);
            // Who exchanges all that it has of one asset for another was there, and stays.
            let is_there = holds_other || is_of_issuer && action.is_exchange;
            let weight = |units: Units, whole| match units.is_zero() && !is_there {
                true => 0,
                false if has_much || is_part(units, whole, through) => self.weight(person, topic),
                false => 1,
            };
            let (was, will_be) = (weight(held, before), weight(keeps, after));
            is_more |= will_be > was;
            (then, now) = (then + was, now + will_be);
        }
        // Everybody else is one owner, before and after.
        let others = u128::from(holders.saturating_sub(looked_at));
        (then, now) = (then + others, now + others);
        let grows = now > then || is_more && action.has_given;
        if now > u128::from(max) && grows {
            self.reasons.push(self.reason(ReasonCode::CapPersons).amounts(now, max));
        }
    }

    /// The issuer's assets but the one that moves.
    fn others(&self) -> Others {
        let assets = of_issuer::assets(self.ctx, self.action.facts.issuer);
        let others = assets.filter(|asset| *asset != self.action.asset);
        others.map(|asset| (asset, (self.action.outstanding_of)(self.ctx, asset))).collect()
    }

    fn held_of(&self, asset: AssetId, person: PersonId) -> Units {
        let held: Option<&Counted> = COUNTED.read(self.ctx, &(asset, person));
        held.map_or(Units::ZERO, |held| held.units)
    }

    /// As how many owners a holder of much counts.
    fn weight(&self, person: PersonId, topic: u32) -> u128 {
        let numbers = count::numbers(self.ctx, person);
        let claims = numbers.filter_map(|number| CLAIMS.read(self.ctx, &number));
        let owners = claims
            .flat_map(|claims| claims.counting_at(self.ctx, self.now, topic, &[]))
            .map(|claim| u128::from(claim.value));
        owners.max().unwrap_or(1).max(1)
    }
}

/// True of at least the part from which on a holder is looked through. In wide numbers: neither product fits in the
/// narrow ones.
fn is_part(held: Units, whole: Units, through: LookThrough) -> bool {
    let part = U256::from(held.0) * U256::from(10_000);
    !held.is_zero() && part >= U256::from(whole.0) * U256::from(through.part.0)
}

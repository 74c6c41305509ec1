//! Owners behind the holders: who holds much for others counts as many. RULEBOOK section 1.2, US-3C1.

use super::Judge;
use crate::{COUNTED, Filter, HOLDS_FOR_OTHERS, LookThrough, ReasonCode, count};
use identity::CLAIMS;
use types::{PersonId, U256, Units};

/// Holders of an asset, each with owners behind it, that are looked at one by one.
const MAX_LOOKED_THROUGH: u32 = 1_000;

/// Gas of looking at one holder's owners.
const LOOK_WORK: u64 = 30;

impl Judge<'_, '_> {
    /// Owners, looking through those that hold much for others: each of these counts as many as its claim says, every
    /// other holder one. An excess that is there already may shrink and not grow.
    pub(super) fn owners(&mut self, max: Option<u32>, through: LookThrough) {
        let action = self.action;
        let Some(max) = max.filter(|_| !action.units.is_zero()) else { return };
        let funds = match self.holders(Filter::With(through.topic), None) {
            Some(funds) if self.counting.through.contains(&through.topic) => funds,
            _ => return self.refuse(ReasonCode::PolicyError),
        };
        if funds > MAX_LOOKED_THROUGH {
            // An excess that is there may shrink: nobody comes, and nobody gets more.
            if self.to.is_some() {
                let reason = self.reason(ReasonCode::CapPersons);
                self.reasons.push(reason.amounts(funds, MAX_LOOKED_THROUGH));
            }
            return;
        }
        self.ctx.charge(LOOK_WORK * u64::from(funds));
        let placed = if action.is_placement() { action.giving } else { Units::ZERO };
        let ended = if action.to.is_none() { action.giving } else { Units::ZERO };
        let before = action.facts.outstanding;
        let after = Units(before.0.saturating_add(placed.0)).saturating_sub(ended);
        let indexed = |place| HOLDS_FOR_OTHERS.get(self.ctx, &(action.asset, through.topic, place));
        let funds = (0..funds).filter_map(indexed);
        // The two sides are looked at whatever they are, and the issuer, whose units are nobody's.
        let [from, to] = [&self.from, &self.to].map(|it| it.as_ref().map(|known| known.human));
        let issuer = Some(action.facts.issuer).filter(|it| ![from, to].contains(&Some(*it)));
        let named = [from, to, issuer];
        let funds = funds.filter(|fund| !named.contains(&Some(*fund)));
        let (mut then, mut now, mut looked_at) = (0u128, 0u128, 0u32);
        for person in funds.chain(named.into_iter().flatten()) {
            let held = COUNTED.read(self.ctx, &(action.asset, person));
            let held = held.map_or(Units::ZERO, |held| held.units);
            looked_at += u32::from(!held.is_zero());
            if person == action.facts.issuer {
                continue;
            }
            let gets = if to == Some(person) { action.getting } else { Units::ZERO };
            let gives = if from == Some(person) { action.giving } else { Units::ZERO };
            let keeps = Units(held.0.saturating_add(gets.0)).saturating_sub(gives);
            then += self.weight(person, held, before, through);
            now += self.weight(person, keeps, after, through);
        }
        // Everybody else is one owner, before and after.
        let holders = self.holders(Filter::All, None).unwrap_or(0);
        let others = u128::from(holders.saturating_sub(looked_at));
        (then, now) = (then + others, now + others);
        if now > u128::from(max) && now > then {
            self.reasons.push(self.reason(ReasonCode::CapPersons).amounts(now, max));
        }
    }

    /// As how many owners a holder counts.
    fn weight(&self, person: PersonId, held: Units, whole: Units, through: LookThrough) -> u128 {
        if held.is_zero() {
            return 0;
        }
        // In wide numbers: neither product fits in the narrow ones.
        let part = U256::from(held.0) * U256::from(10_000);
        if part < U256::from(whole.0) * U256::from(through.part.0) {
            return 1;
        }
        let numbers = count::numbers(self.ctx, person);
        let claims = numbers.filter_map(|number| CLAIMS.read(self.ctx, &number));
        let owners = claims
            .flat_map(|claims| claims.counting_at(self.ctx, self.now, through.topic, &[]))
            .map(|claim| u128::from(claim.value));
        owners.max().unwrap_or(1).max(1)
    }
}

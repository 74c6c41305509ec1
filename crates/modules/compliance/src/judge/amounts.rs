//! Limits, and what is added up over time. RULEBOOK P4 and P5.

use super::{Judge, Known, Said};
use crate::{
    Action, By, CLASS_COUNTS, COUNTED, FACTS, Filter, ISSUED_BY, Kind, Layer, Limit, Measure,
    MeterKey, Of, Period, Reason, ReasonCode, Relation, Rule, Scope, Side, UNITS_HELD,
    decide::Consequence,
    meter::{self, Bump, What},
};
use smallvec::{SmallVec, smallvec};
use std::collections::BTreeSet;
use types::{ClassId, Date, Name, Units};

/// Gas of looking at one part of a limit.
const LIMIT_WORK: u64 = 2;

/// What an amount may be, where parts are rounded or several values said of it: from the least to the most.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Bounds {
    least: u128,
    most: u128,
}

impl Bounds {
    fn just(amount: u128) -> Self {
        Self { least: amount, most: amount }
    }

    fn each(self, other: Self, of: impl Fn(u128, u128) -> u128) -> Self {
        Self { least: of(self.least, other.least), most: of(self.most, other.most) }
    }
}

impl<'c> Judge<'c, '_> {
    pub(super) fn compare(&mut self, left: &'c Limit, is: Relation, right: &'c Limit) {
        let amounts = self.both(left, right);
        let Some(amounts) = self.told(amounts) else { return };
        let (holds, have, need) = compared(amounts.0, is, amounts.1, self.is_barring);
        if holds
            || (left.is_of_held() || right.is_of_held()) && self.eases((left, right), is, amounts)
        {
            return;
        }
        let reason = self.reason(ReasonCode::OutOfBounds).amounts(have, need);
        let side = left.side().or_else(|| right.side());
        self.reasons.push(Reason { side: side.or(reason.side), ..reason });
    }

    fn both(&self, left: &'c Limit, right: &'c Limit) -> Result<(Bounds, Bounds), Box<Reason>> {
        Ok((self.value(left)?, self.value(right)?))
    }

    /// What was out of bounds before the movement may stay so, and come nearer. COM-4. Not where that would bar it, where
    /// nothing moves, or of what the movement itself brings along.
    fn eases(
        &mut self,
        (left, right): (&'c Limit, &'c Limit),
        is: Relation,
        after: (Bounds, Bounds),
    ) -> bool {
        let Action { kind, from, to, .. } = self.action;
        let moves = *kind != Kind::Offer && (from.is_some() || to.is_some());
        if self.is_barring || !moves || left.is_of_movement() || right.is_of_movement() {
            return false;
        }
        self.is_before = true;
        let before = self.both(left, right);
        self.is_before = false;
        let beyond = |(left, right): (Bounds, Bounds)| match is {
            Relation::Below | Relation::AtMost => left.most.saturating_sub(right.least),
            Relation::AtLeast | Relation::Above => right.most.saturating_sub(left.least),
            Relation::Equal => left.most.abs_diff(right.least),
        };
        before.is_ok_and(|before| {
            let was_kept = compared(before.0, is, before.1, false).0;
            !was_kept && beyond(after) <= beyond(before)
        })
    }

    /// What bounds a movement: the least that the limit may be, and the most where it bars that it is kept.
    fn limited(&mut self, limit: &'c Limit) -> Option<u128> {
        let bounds = self.value(limit);
        let bounds = self.told(bounds)?;
        Some(if self.is_barring { bounds.most } else { bounds.least })
    }

    /// An amount that is told; of another nothing is known, so that what is negated and guards refuse too.
    fn told<T>(&mut self, amount: Result<T, Box<Reason>>) -> Option<T> {
        amount
            .map_err(|reason| {
                self.reasons.push(*reason);
                self.is_unknown = true;
            })
            .ok()
    }

    /// An amount, or the reason for which it is not known. Each part of the limit is looked at once.
    fn value(&self, limit: &'c Limit) -> Result<Bounds, Box<Reason>> {
        self.ctx.charge(LIMIT_WORK);
        let unknown = |reason: Reason| Err(Box::new(reason));
        match limit {
            Limit::Number(units) => Ok(Bounds::just(units.0)),
            Limit::Claim { side, topic } => {
                let (_, known) = self
                    .sides(*side)
                    .next()
                    .ok_or_else(|| Box::new(self.reason(ReasonCode::ClaimMissing).about(*topic)))?;
                let said = |about| {
                    let claims = known.counting(self.ctx, self.now, *topic, &[], about);
                    let values = claims.map(|claim| u128::from(claim.value)).map(Bounds::just);
                    values.reduce(|one, other| Bounds {
                        least: one.least.min(other.least),
                        most: one.most.max(other.most),
                    })
                };
                // Several providers' words count, about any of the human's numbers.
                match said(Said::OfOwn).and(said(Said::OfAny)) {
                    Some(values) => Ok(values),
                    None => unknown(self.reason(ReasonCode::ClaimMissing).of(*side).about(*topic)),
                }
            }
            Limit::Fact { about, fact } => {
                let known = FACTS.read(self.ctx, &(self.action.subject(*about), fact.clone()));
                let known = known.filter(|it| it.since <= self.now && self.now < it.until);
                match known {
                    Some(known) => Ok(Bounds::just(known.value.0)),
                    None => {
                        let mut reason = self.reason(ReasonCode::FactMissing);
                        reason.fact = Some(fact.clone());
                        unknown(reason)
                    }
                }
            }
            Limit::Holders(filter) => match self.holders(*filter, None) {
                Some(holders) => Ok(Bounds::just(holders.into())),
                None => unknown(self.reason(ReasonCode::PolicyError)),
            },
            Limit::HoldersOfClass(filter) => match self.holders_of_class(*filter) {
                Some(holders) => Ok(Bounds::just(holders.into())),
                None => unknown(self.reason(ReasonCode::PolicyError)),
            },
            Limit::Held(filter) => match self.held_together(*filter) {
                Some(units) => Ok(Bounds::just(units.0)),
                None => unknown(self.reason(ReasonCode::PolicyError)),
            },
            Limit::Outstanding => Ok(Bounds::just(self.action.facts.outstanding.0)),
            Limit::OutstandingOfClass => match self.action.class {
                Some(_) => Ok(Bounds::just(self.action.facts.outstanding_of_class.0)),
                None => unknown(self.reason(ReasonCode::PolicyError)),
            },
            Limit::Units => Ok(Bounds::just(self.action.units.0)),
            Limit::Paid => match self.action.paid {
                Some((_, amount)) => Ok(Bounds::just(amount)),
                None => unknown(self.unpriced()),
            },
            Limit::PaidIn(currency) => match self.action.paid {
                Some((paid_in, amount)) if paid_in == *currency => Ok(Bounds::just(amount)),
                _ => unknown(self.unpriced()),
            },
            Limit::Sum(limits) => self.together(limits, u128::saturating_add),
            Limit::Part { part, of } => {
                let whole = self.value(of)?;
                let most = part.of_rounded_up(whole.most);
                Ok(Bounds { least: part.of(whole.least), most })
            }
            Limit::Least(limits) => self.together(limits, u128::min),
            Limit::Greatest(limits) => self.together(limits, u128::max),
            Limit::If { less, than, then, otherwise } => {
                let (less, than) = (self.value(less)?, self.value(than)?);
                if less.most < than.least {
                    return self.value(then);
                }
                if less.least >= than.most {
                    return self.value(otherwise);
                }
                // Of several values said one is less and one is not: it may be either.
                let (one, other) = (self.value(then)?, self.value(otherwise)?);
                let least = one.least.min(other.least);
                Ok(Bounds { least, most: one.most.max(other.most) })
            }
        }
    }

    /// What is paid is not stated in the currency of the rule: whatever the rule says, that is to be told.
    fn unpriced(&self) -> Reason {
        Reason { code: ReasonCode::PriceMissing, ..self.reason(ReasonCode::PriceMissing) }
    }

    /// What those whom a filter counts have together after the movement, without what the issuer has; nothing known if it
    /// is not added up. Of units that are placed with many the rest of the batch counts too, as part of the whole.
    fn held_together(&self, filter: Filter) -> Option<Units> {
        let Action { asset, units, .. } = *self.action;
        if self.counting.held.binary_search(&filter).is_err() {
            return None;
        }
        let issuer = ISSUED_BY.get(self.ctx, &asset);
        let issuer = issuer.map(|issuer| identity::counted_as(self.ctx, issuer));
        let own = issuer.and_then(|issuer| COUNTED.read(self.ctx, &(asset, issuer)));
        let own = own.filter(|own| self.counting.is_in(own.country, own.has, filter));
        let before = UNITS_HELD.get(self.ctx, &(asset, filter)).unwrap_or_default();
        let before = before - own.map_or(Units::ZERO, |own| own.units);
        if self.is_before {
            return Some(before);
        }
        let other = |side: &&Known<'c>| Some(side.human) != issuer;
        let is_in = |side: &&Known<'c>| match side.held {
            Some(_) => self.is_counted(side, filter),
            None => self.matches(side, filter),
        };
        let placed = filter == Filter::All && self.action.is_placement();
        let units_of_batch = if placed { self.action.giving } else { units };
        let from = self.from.as_ref().filter(other).filter(is_in);
        let to = self.to.as_ref().filter(other).filter(is_in);
        let lost = from.map_or(Units::ZERO, |from| from.units().min(units));
        let gained = to.map_or(Units::ZERO, |_| units_of_batch);
        Some(Units(before.0.saturating_add(gained.0)).saturating_sub(lost))
    }

    /// Those of the class that moves; where none does, of the class that has most.
    fn holders_of_class(&self, filter: Filter) -> Option<u32> {
        if self.action.class.is_some() {
            return self.holders(filter, self.action.class);
        }
        let is_counted = self.counting.has(filter) && self.counting.by_class;
        let counts = CLASS_COUNTS.read(self.ctx, &(self.action.asset, filter));
        let classes = (0..).map(ClassId).take(counts.map_or(0, |counts| counts.len()));
        let most = classes.filter_map(|class| self.holders(filter, Some(class))).max();
        is_counted.then(|| most.unwrap_or(0))
    }

    fn together(
        &self,
        limits: &'c [Limit],
        of: fn(u128, u128) -> u128,
    ) -> Result<Bounds, Box<Reason>> {
        let mut all = limits.iter().map(|limit| self.value(limit));
        let first = all.next().ok_or_else(|| Box::new(self.reason(ReasonCode::PolicyError)))??;
        all.try_fold(first, |bounds, limit| Ok(bounds.each(limit?, of)))
    }

    /// Different persons within a period: who was counted already fits always.
    pub(super) fn persons(&mut self, rule: &'c Rule) {
        let Rule::Persons { meter: name, scope, by, period, max } = rule else { return };
        let Some(person) = self.to.as_ref().map(|to| to.human) else { return };
        if !self.is_within(*scope) {
            return;
        }
        let key = self.whose(*by).and_then(|whose| self.key(name, *scope, whose, period));
        let (key, since) = match key {
            Ok(found) => found,
            Err(code) => return self.cannot_count(code),
        };
        let Some(max) = self.limited(max) else { return };
        let is_new = !meter::is_counted(self.ctx, &key, person, since);
        let before = meter::total(self.ctx, &key, since);
        let after = before.saturating_add(u128::from(is_new));
        if is_new && after > max {
            let code = match self.action.kind {
                Kind::Offer => ReasonCode::CapOfferees,
                _ => ReasonCode::CapPersons,
            };
            let mut reason = self.reason(code).amounts(after, max);
            if self.in_words {
                reason.fact = Some(name.clone());
                reason.when = meter::room_from(self.ctx, &key, period, self.days(), since, 1, max);
            }
            return self.reasons.push(reason);
        }
        let what = What::Person(person);
        self.bump(key, since, what);
    }

    pub(super) fn counted(&mut self, rule: &'c Rule) {
        let Rule::Counted { meter: name, scope, by } = rule else { return };
        let Some(person) = self.to.as_ref().map(|to| to.human) else { return };
        let is_counted = |key| meter::is_counted(self.ctx, &key, person, Date::default());
        let key = self.whose(*by).and_then(|whose| self.meter(name, *scope, whose));
        match key.map(is_counted) {
            Ok(true) => {}
            Err(ReasonCode::OfferNotOpen) => self.refuse(ReasonCode::OfferNotOpen),
            Ok(false) | Err(_) => {
                let reason = self.reason(ReasonCode::NotApproached).of(Side::Receiver);
                self.reasons.push(reason);
            }
        }
    }

    pub(super) fn amount(&mut self, rule: &'c Rule) {
        let Rule::Amount { meter: name, of, scope, by, period, max } = rule else { return };
        if !self.is_within(*scope) {
            return;
        }
        let keys = self.each(*by).and_then(|each| {
            let key = |whose| self.key(name, *scope, whose, period);
            each.into_iter().map(key).collect::<Result<SmallVec<[_; 1]>, _>>()
        });
        let keys = match keys {
            Ok(found) => found,
            Err(code) => return self.cannot_count(code),
        };
        let Some(more) = meter::measured(self.action.kind, (self.moving(), self.paid), *of) else {
            self.is_unknown = true;
            return self.reasons.push(self.unpriced());
        };
        // What has no bound is added up all the same.
        let max = match max {
            None => Some(u128::MAX),
            Some(max) => self.limited(max),
        };
        let Some(max) = max else { return };
        // A movement is one, of however many lots: counted with the first of them.
        let is_part = *of == Measure::Movements && self.moving() < self.action.units;
        let is_again = |key: &MeterKey| is_part && self.consequences.iter().any(|it| it.bumps(key));
        let again: Vec<bool> = keys.iter().map(|(key, _)| is_again(key)).collect();
        let over: Vec<_> = keys
            .iter()
            .zip(&again)
            .filter_map(|(key, again)| self.over_limit(key, (*by, period), (more, *again), max))
            .collect();
        if !over.is_empty() {
            if let Some([lot]) = self.narrowed.as_deref() {
                self.refused.extend(over.iter().map(|(key, _)| (key.clone(), *lot, more)));
            }
            return self.reasons.extend(over.into_iter().map(|(_, reason)| reason));
        }
        let what = match of {
            Measure::Units => What::Units(more),
            Measure::Paid(_) | Measure::Movements => What::Amount(more),
        };
        // What a member does is its own, once, and each group's.
        let since = keys.iter().map(|(_, since)| *since).min();
        if let (Some((key, _)), Some(since)) = (keys.first(), since)
            && let Of::Member(_, person) = key.of
        {
            self.bump(MeterKey { of: Of::Person(person), ..key.clone() }, since, what);
        }
        for ((key, since), _) in keys.into_iter().zip(again).filter(|(_, again)| !again) {
            self.bump(key, since, what);
        }
    }

    /// Why so much more does not fit under the limit of a meter; none if it does.
    fn over_limit(
        &self,
        (key, since): &(MeterKey, Date),
        (by, period): (By, &Period),
        (more, again): (u128, bool),
        max: u128,
    ) -> Option<(MeterKey, Reason)> {
        let pending = self.consequences.iter().filter_map(|consequence| match consequence {
            Consequence::Bump(Bump {
                key: other,
                what: What::Amount(amount) | What::Units(amount),
                ..
            }) => (other == key).then_some(*amount),
            _ => None,
        });
        let pending = pending.fold(0, u128::saturating_add) - if again { more } else { 0 };
        let used = meter::total(self.ctx, key, *since);
        let after = used.saturating_add(pending).saturating_add(more);
        if after <= max || more == 0 {
            return None;
        }
        let code = match by {
            _ if self.voice.layer == Layer::Venue => ReasonCode::CapAmountVenue,
            By::Sender | By::Group(_) => ReasonCode::VolumeLimit,
            By::Receiver => ReasonCode::CapAmountInvestor,
            By::Everyone | By::Country => ReasonCode::CapAmountIssuer,
        };
        // What is left before this movement: of its lots some may have been picked already.
        let left = max.saturating_sub(used);
        let mut reason = self.reason(code).amounts(left, max);
        reason.side = match by {
            By::Sender | By::Group(_) => Some(Side::Sender),
            By::Receiver => Some(Side::Receiver),
            By::Everyone | By::Country => None,
        };
        if self.in_words {
            let asked = more.saturating_add(pending).saturating_add(self.refused_before(key));
            let days = self.days();
            reason.when = meter::room_from(self.ctx, key, period, days, *since, asked, max);
            reason.next = meter::next_room(self.ctx, key, period, days, *since, max);
            (reason.used, reason.period) = (Some(Units(used)), Some(period.clone()));
        }
        Some((key.clone(), reason))
    }

    /// Adds up today, by the days of who speaks, if the movement happens.
    fn bump(&mut self, key: MeterKey, since: Date, what: What) {
        let today = self.days().date(self.now).expect("no meter is read on a day not known");
        self.consequences.push(Consequence::Bump(Bump { key, since, today, what }));
    }

    /// Today is beyond the calendar, or there is nothing to count by.
    fn cannot_count(&mut self, code: ReasonCode) {
        if self.known(self.days().date(self.now)).is_some() {
            self.refuse(code);
        }
    }

    /// What is neither an approach nor a placement is no part of an offer, and counts in none.
    fn is_within(&self, scope: Scope) -> bool {
        scope != Scope::Offer || self.action.is_of_offer()
    }

    /// What this meter had no room for, of the lots tried before this one.
    fn refused_before(&self, key: &MeterKey) -> u128 {
        let Some([now]) = self.narrowed.as_deref() else { return 0 };
        let mut lots = Vec::new();
        let mut sum = 0u128;
        for (other, lot, units) in &self.refused {
            // A path that is tried twice asks once.
            if other == key && lot != now && !lots.contains(&lot) {
                lots.push(lot);
                sum = sum.saturating_add(*units);
            }
        }
        sum
    }

    /// A meter that a rule reads, and the first day that still counts.
    fn key(
        &self,
        name: &Name,
        scope: Scope,
        whose: Of,
        period: &Period,
    ) -> Result<(MeterKey, Date), ReasonCode> {
        let key = self.meter(name, scope, whose)?;
        let (asset, days) = (self.action.asset, self.days());
        let since = meter::first_day(self.ctx, &key, period, asset, days, self.now);
        Ok((key, since.ok_or(ReasonCode::PolicyError)?))
    }

    /// A meter that a rule reads, or why there is none.
    fn meter(&self, name: &Name, scope: Scope, whose: Of) -> Result<MeterKey, ReasonCode> {
        let over = meter::over(self.ctx, self.action, scope)?;
        Ok(MeterKey { profile: self.voice.profile.clone(), name: name.clone(), over, of: whose })
    }

    /// Whose meter it is; of a group's, a member's own.
    fn whose(&self, by: By) -> Result<Of, ReasonCode> {
        let of = match by {
            By::Everyone => Some(Of::Everyone),
            By::Sender | By::Group(_) => self.from.as_ref().map(|from| Of::Person(from.human)),
            By::Receiver => self.to.as_ref().map(|to| Of::Person(to.human)),
            By::Country => {
                let person = self.to.as_ref().and_then(|to| to.person);
                person.map(|person| Of::Country(person.residence.state()))
            }
        };
        of.ok_or(ReasonCode::PolicyError)
    }

    /// All meters that bind: of who is in groups, each of theirs. 17 CFR 230.144(e)(3)(vi) adds up what all persons sell
    /// who agreed to act in concert, and says of no agreement that it ends another.
    fn each(&self, by: By) -> Result<SmallVec<[Of; 1]>, ReasonCode> {
        let whose = self.whose(by)?;
        let (By::Group(topic), Of::Person(human), Some(from)) = (by, whose, &self.from) else {
            return Ok(smallvec![whose]);
        };
        let said = from.counting(self.ctx, self.now, topic, &[], Said::OfAny);
        let groups: BTreeSet<u64> = said.map(|claim| claim.value).collect();
        Ok(match groups.is_empty() {
            true => smallvec![whose],
            false => groups.into_iter().map(|group| Of::Member(group, human)).collect(),
        })
    }
}

/// Does it hold, and of which amounts? Where an amount may be several, only if it does of each of them; where that bars
/// a movement, if it does of any.
fn compared(left: Bounds, is: Relation, right: Bounds, bars: bool) -> (bool, u128, u128) {
    use Relation::*;
    let (one, other) = match (is, bars) {
        (Below | AtMost | Equal, false) | (AtLeast | Above, true) => (left.most, right.least),
        (AtLeast | Above, false) | (Below | AtMost | Equal, true) => (left.least, right.most),
    };
    let holds = match is {
        Below => one < other,
        AtMost => one <= other,
        AtLeast => one >= other,
        Above => one > other,
        Equal if bars => left.least <= right.most && right.least <= left.most,
        Equal => left.least == left.most && left == right,
    };
    // What is there, and the least or the most that would do.
    let needed = match is {
        Below => other.saturating_sub(1),
        Above => other.saturating_add(1),
        AtMost | Equal | AtLeast => other,
    };
    (holds, one, needed)
}

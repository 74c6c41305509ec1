//! Limits, and what is added up over time. RULEBOOK P4 and P5.

use super::{Judge, Said};
use crate::{
    By, CLASS_COUNTS, FACTS, Filter, Kind, Layer, Limit, Measure, MeterKey, Of, Period, Reason,
    ReasonCode, Relation, Rule, Scope, Side,
    decide::Consequence,
    meter::{self, Bump, What},
};
use types::{Date, Name};

/// Which way a part is rounded: against who moves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    Down,
    Up,
}

impl<'c> Judge<'c, '_> {
    /// Which way a bound is rounded: down, and up where it bars that it is kept.
    pub(super) fn bounds(&self) -> Round {
        if self.is_barring { Round::Up } else { Round::Down }
    }

    pub(super) fn compare(&mut self, left: &'c Limit, is: Relation, right: &'c Limit) {
        match self.compared(left, is, right) {
            Ok((true, ..)) => {}
            Ok((false, left, right)) => {
                self.reasons.push(self.reason(ReasonCode::OutOfBounds).amounts(left, right));
            }
            Err(reason) => self.reasons.push(*reason),
        }
    }

    /// Does it hold, and of which amounts? Where parts are rounded or several values said, only if it does of each of
    /// them; where it bars, if it does of any.
    fn compared(
        &self,
        left: &'c Limit,
        is: Relation,
        right: &'c Limit,
    ) -> Result<(bool, u128, u128), Box<Reason>> {
        use Relation::*;
        let [least, most] = [Round::Down, Round::Up];
        let (left_way, right_way) = match (is, self.is_barring) {
            (Below | AtMost | Equal, false) | (AtLeast | Above, true) => (most, least),
            (AtLeast | Above, false) | (Below | AtMost | Equal, true) => (least, most),
        };
        let (one, other) = (self.value(left, left_way)?, self.value(right, right_way)?);
        let holds = match is {
            Below => one < other,
            AtMost => one <= other,
            AtLeast => one >= other,
            Above => one > other,
            Equal => {
                let (low, high) = (self.value(left, least)?, self.value(left, most)?);
                let (from, to) = (self.value(right, least)?, self.value(right, most)?);
                match self.is_barring {
                    true => low <= to && from <= high,
                    false => low == high && (low, high) == (from, to),
                }
            }
        };
        Ok((holds, one, other))
    }

    /// An amount, or the reason for which it is not known.
    fn value(&self, limit: &'c Limit, round: Round) -> Result<u128, Box<Reason>> {
        let unknown = |reason: Reason| Err(Box::new(reason));
        match limit {
            Limit::Number(units) => Ok(units.0),
            Limit::Claim { side, topic } => {
                let (_, known) = self
                    .sides(*side)
                    .next()
                    .ok_or_else(|| Box::new(self.reason(ReasonCode::ClaimMissing).about(*topic)))?;
                let said = |about| {
                    let claims = known.counting(self.ctx, self.now, *topic, &[], about);
                    let values = claims.map(|claim| claim.value);
                    match round {
                        Round::Down => values.min(),
                        Round::Up => values.max(),
                    }
                };
                // Of several providers' words, about any of the human's numbers, what is least for who moves counts:
                // the least of what bounds, the most of what is bounded.
                match said(Said::OfOwn).and(said(Said::OfAny)) {
                    Some(value) => Ok(value.into()),
                    None => unknown(self.reason(ReasonCode::ClaimMissing).of(*side).about(*topic)),
                }
            }
            Limit::Fact { about, fact } => {
                let known = FACTS.read(self.ctx, &(self.subject(*about), fact.clone()));
                let known = known.filter(|it| it.since <= self.now && self.now < it.until);
                match known {
                    Some(known) => Ok(known.value.0),
                    None => {
                        let mut reason = self.reason(ReasonCode::FactMissing);
                        reason.fact = Some(fact.clone());
                        unknown(reason)
                    }
                }
            }
            Limit::Holders(filter) => match self.holders(*filter, None) {
                Some(holders) => Ok(holders.into()),
                None => unknown(self.reason(ReasonCode::PolicyError)),
            },
            Limit::HoldersOfClass(filter) => match self.holders_of_class(*filter) {
                Some(holders) => Ok(holders.into()),
                None => unknown(self.reason(ReasonCode::PolicyError)),
            },
            Limit::Outstanding => Ok(self.action.facts.outstanding.0),
            Limit::Units => Ok(self.action.units.0),
            Limit::Paid => match self.action.paid {
                Some((_, amount)) => Ok(amount),
                None => unknown(self.reason(ReasonCode::PriceMissing)),
            },
            Limit::PaidIn(currency) => match self.action.paid {
                Some((paid_in, amount)) if paid_in == *currency => Ok(amount),
                _ => unknown(self.reason(ReasonCode::PriceMissing)),
            },
            Limit::Sum(limits) => limits
                .iter()
                .try_fold(0u128, |sum, limit| Ok(sum.saturating_add(self.value(limit, round)?))),
            Limit::Part { part, of } => {
                let whole = self.value(of, round)?;
                Ok(match round {
                    Round::Up => part.of_rounded_up(whole),
                    Round::Down => part.of(whole),
                })
            }
            Limit::Least(limits) => self.best(limits, round, u128::min),
            Limit::Greatest(limits) => self.best(limits, round, u128::max),
            Limit::If { less, than, then, otherwise } => {
                let is_less = self.value(less, Round::Up)? < self.value(than, Round::Down)?;
                let may_be = self.value(less, Round::Down)? < self.value(than, Round::Up)?;
                match (is_less, may_be) {
                    (true, _) => self.value(then, round),
                    (false, false) => self.value(otherwise, round),
                    // Of several values said one is less and one is not: what is least for who moves.
                    (false, true) => {
                        let both = [self.value(then, round)?, self.value(otherwise, round)?];
                        let [least, most] = [both[0].min(both[1]), both[0].max(both[1])];
                        Ok(if round == Round::Down { least } else { most })
                    }
                }
            }
        }
    }

    /// Those of the class that moves; where none does, of the class that has most.
    fn holders_of_class(&self, filter: Filter) -> Option<u32> {
        if self.action.class.is_some() {
            return self.holders(filter, self.action.class);
        }
        let is_counted = self.counting.has(filter) && self.counting.by_class;
        let counts = CLASS_COUNTS.read(self.ctx, &(self.action.asset, filter));
        is_counted.then(|| counts.and_then(|counts| counts.iter().max()).copied().unwrap_or(0))
    }

    fn best(
        &self,
        limits: &'c [Limit],
        round: Round,
        better: fn(u128, u128) -> u128,
    ) -> Result<u128, Box<Reason>> {
        let mut best: Option<u128> = None;
        for limit in limits {
            let value = self.value(limit, round)?;
            best = Some(best.map_or(value, |best| better(best, value)));
        }
        best.ok_or_else(|| Box::new(self.reason(ReasonCode::PolicyError)))
    }

    /// Different persons within a period: who was counted already fits always.
    pub(super) fn persons(&mut self, rule: &'c Rule) {
        let Rule::Persons { meter: name, scope, by, period, max } = rule else { return };
        let Some(person) = self.to.as_ref().map(|to| to.human) else { return };
        if !self.is_within(*scope) {
            return;
        }
        let (key, since) = match self.key(name, *scope, *by, period) {
            Ok(found) => found,
            Err(code) => return self.cannot_count(code),
        };
        let max = match self.value(max, self.bounds()) {
            Ok(max) => max,
            Err(reason) => return self.reasons.push(*reason),
        };
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
        match self.meter(name, *scope, *by).map(is_counted) {
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
        let (key, since) = match self.key(name, *scope, *by, period) {
            Ok(found) => found,
            Err(code) => return self.cannot_count(code),
        };
        let Some(more) = meter::measured(self.action, self.moving(), *of) else {
            return self.refuse(ReasonCode::PriceMissing);
        };
        let max = match self.value(max, self.bounds()) {
            Ok(max) => max,
            Err(reason) => return self.reasons.push(*reason),
        };
        let pending = self.consequences.iter().filter_map(|consequence| match consequence {
            Consequence::Bump(Bump {
                key: other,
                what: What::Amount(amount) | What::Units(amount),
                ..
            }) => (*other == key).then_some(*amount),
            _ => None,
        });
        let pending = pending.fold(0, u128::saturating_add);
        let used = meter::total(self.ctx, &key, since);
        let after = used.saturating_add(pending).saturating_add(more);
        if after > max && more > 0 {
            let code = match by {
                _ if self.voice.layer == Layer::Venue => ReasonCode::CapAmountVenue,
                By::Sender | By::Group(_) => ReasonCode::VolumeLimit,
                By::Receiver => ReasonCode::CapAmountInvestor,
                By::Everyone | By::Country => ReasonCode::CapAmountIssuer,
            };
            // What is left before this movement: of its lots some may have been picked already.
            let left = max.saturating_sub(used);
            let mut reason = self.reason(code).amounts(left, max);
            if !self.in_words {
                return self.reasons.push(reason);
            }
            let asked = more.saturating_add(pending).saturating_add(self.refused_before(&key));
            reason.when = meter::room_from(self.ctx, &key, period, self.days(), since, asked, max);
            if let Some([lot]) = self.narrowed.as_deref() {
                self.refused.push((key, *lot, more));
            }
            return self.reasons.push(reason);
        }
        let what = match of {
            Measure::Units => What::Units(more),
            Measure::Paid(_) | Measure::Movements => What::Amount(more),
        };
        self.bump(key, since, what);
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

    /// The meter that a rule reads, and the first day that still counts.
    fn key(
        &self,
        name: &Name,
        scope: Scope,
        by: By,
        period: &Period,
    ) -> Result<(MeterKey, Date), ReasonCode> {
        let key = self.meter(name, scope, by)?;
        let (asset, days) = (self.action.asset, self.days());
        let since = meter::first_day(self.ctx, &key, period, asset, days, self.now);
        Ok((key, since.ok_or(ReasonCode::PolicyError)?))
    }

    /// The meter that a rule reads, or why there is none.
    fn meter(&self, name: &Name, scope: Scope, by: By) -> Result<MeterKey, ReasonCode> {
        let over = meter::over(self.ctx, self.action, scope)?;
        let of = self.whose(by).ok_or(ReasonCode::PolicyError)?;
        Ok(MeterKey { profile: self.voice.profile.clone(), name: name.clone(), over, of })
    }

    fn whose(&self, by: By) -> Option<Of> {
        Some(match by {
            By::Everyone => Of::Everyone,
            By::Sender => Of::Person(self.from.as_ref()?.human),
            By::Receiver => Of::Person(self.to.as_ref()?.human),
            By::Country => Of::Country(self.to.as_ref()?.person?.residence),
            By::Group(topic) => {
                let from = self.from.as_ref()?;
                let group = from.counting(self.ctx, self.now, topic, &[], Said::OfAny);
                let group = group.map(|claim| claim.value).min();
                group.map_or(Of::Person(from.human), |group| Of::Member(group, from.human))
            }
        })
    }
}

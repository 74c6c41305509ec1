//! What a refusal adds: when it would pass, and how much would.
//!
//! Over time, and over the amount, a judgement changes only where some rule draws a line. The lines of a
//! policy are collected and tried: the earliest that passes, the largest that passes.

use crate::{
    APPROVALS, Action, Effect, Entry, FACTS, HOLDS_FOR_OTHERS, ISSUER_FUNDS, Intended, Kind, LISTS,
    Limit, ListOf, LookThrough, Lot, POLICIES, PROFILES, Party, Reason, ReasonCode, Recurring,
    Rule, Scope, Side, Step, VENUES,
    calendar::days_of_venue,
    check, count, days_of, days_of_policy,
    judge::{Asked, RULE_WORK, asked, compares, judged},
    profile::{adoptions, law_of},
};
use identity::{CLAIMS, PROVIDERS};
use state::Context;
use std::collections::BTreeSet;
use types::{AssetId, Bps, Days, Name, PersonId, Span, Time, U256, Units};

/// Lines that are tried at most: what a refusal costs is bounded too.
const MAX_TRIES: usize = 64;

/// The first time from which on it would pass, all else being as it is.
pub(crate) fn earliest_ok(ctx: &Context<'_>, action: &Action<'_>) -> Option<Time> {
    first_passing(ctx, action, ctx.now().plus_ms(1), None)
}

/// The same, of the times from one on: until then something that the ledger keeps stands in the way.
pub fn earliest_from(ctx: &Context<'_>, action: &Action<'_>, from: Time) -> Option<Time> {
    first_passing(ctx, action, from, Some(from))
}

fn first_passing(
    ctx: &Context<'_>,
    action: &Action<'_>,
    from: Time,
    also: Option<Time>,
) -> Option<Time> {
    if action.kind == Kind::Forced {
        return None;
    }
    let mut turns = Turns { ctx, action, times: also.into_iter().collect(), recurring: Vec::new() };
    each_rule(ctx, action, &mut |rule, days| turns.of(rule, days));
    let reasons = judged(ctx, action, ctx.now(), true).reasons;
    // When a review ends is told to nobody.
    if reasons.iter().any(|reason| reason.code == ReasonCode::ScreeningPending) {
        return None;
    }
    let whens: Vec<Time> = reasons.iter().filter_map(|reason| reason.when).collect();
    turns.first(from, whens, |time| judged(ctx, action, time, false).is_allowed())
}

/// The first time from which on what is asked about money would be allowed, all else being as it is.
pub(crate) fn earliest_of_money(
    ctx: &Context<'_>,
    question: &Asked<'_>,
    against: &[Reason],
) -> Option<Time> {
    // When a review ends is told to nobody.
    if against.iter().any(|reason| reason.code == ReasonCode::ScreeningPending) {
        return None;
    }
    let action = question.action(ctx);
    let days = days_of(ctx, &question.law.profile);
    let mut turns = Turns { ctx, action: &action, times: Vec::new(), recurring: Vec::new() };
    check::each(question.rules(), &mut |rule| turns.of(rule, days));
    let whens = against.iter().filter_map(|reason| reason.when).collect();
    let from = ctx.now().plus_ms(1);
    turns.first(from, whens, |time| asked(ctx, question, time, false).is_allowed())
}

/// The next time at which each recurring window turns, but for one of them.
fn turns_after<'r>(
    ctx: &'r Context<'_>,
    recurring: &'r [(&Recurring, Days<'_>)],
    time: Time,
    but: Option<usize>,
) -> impl Iterator<Item = (Time, Option<usize>)> + 'r {
    let all = recurring.iter().enumerate().filter(move |(place, _)| Some(*place) != but);
    all.filter_map(move |(place, (it, days))| Some((it.next_turn(ctx, *days, time)?, Some(place))))
}

/// Every rule that could speak about a movement, with the days by which it counts: of the asset's policy, of the
/// venue, of the profiles it adopted and those they refer to, of the law of the land on both sides.
fn each_rule<'c>(
    ctx: &'c Context<'_>,
    action: &Action<'_>,
    see: &mut impl FnMut(&'c Rule, Days<'c>),
) {
    // What a profile refers to speaks through it, by its own days.
    let mut see = |rule: &'c Rule, days: Days<'c>| {
        see(rule, days);
        let Rule::By { profile, version } = rule else { return };
        if let Some(record) = PROFILES.read(ctx, &(profile.clone(), *version)) {
            let days = days_of(ctx, &record.profile);
            for rules in [&record.profile.resale, &record.profile.control] {
                check::each(rules, &mut |rule| see(rule, days));
            }
        }
    };
    if let Some(record) = POLICIES.read(ctx, &action.asset) {
        let days = days_of_policy(ctx, &record.policy);
        check::each(&record.policy.rules, &mut |rule| see(rule, days));
    }
    if let Some(venue) = action.through.and_then(|through| VENUES.read(ctx, &through)) {
        let days = days_of_venue(ctx, &venue.asked);
        check::each(&venue.asked.rules, &mut |rule| see(rule, days));
    }
    for key in bound_by(ctx, action.asset, action.from, action.to) {
        let Some(record) = PROFILES.read(ctx, &key) else { continue };
        let days = days_of(ctx, &record.profile);
        for (_, rules) in record.profile.rule_sets() {
            check::each(rules, &mut |rule| see(rule, days));
        }
    }
}

/// True if some rule that could speak about a movement between these asks for an approval such as one meant here.
pub(crate) fn asks_to_approve(
    ctx: &Context<'_>,
    asset: AssetId,
    (from, to): (Option<Party>, Option<Party>),
    is_meant: impl Fn(&Step) -> bool,
) -> bool {
    let action = Action { from, to, ..Action::none(asset) };
    let mut asks = false;
    each_rule(ctx, &action, &mut |rule, _| {
        ctx.charge(RULE_WORK);
        asks |= matches!(rule, Rule::Approvals(steps) if steps.iter().any(&is_meant));
    });
    asks
}

/// The profiles that could speak about a movement between these: those that the asset adopted, and the law
/// of the land on both sides.
pub fn bound_by(
    ctx: &Context<'_>,
    asset: AssetId,
    from: Option<Party>,
    to: Option<Party>,
) -> Vec<(Name, u32)> {
    let adopted = adoptions(ctx, asset).map(|(_, it)| (it.id.clone(), it.version));
    let mut profiles: Vec<(Name, u32)> = adopted.collect();
    for person in [from, to].into_iter().flatten() {
        let Some(person) = identity::person(ctx, person) else { continue };
        for law in law_of(ctx, person.residence).1 {
            if !profiles.contains(law) {
                profiles.push(law.clone());
            }
        }
    }
    profiles
}

/// The times at which the answer of some rule can change.
struct Turns<'c, 's> {
    ctx: &'c Context<'s>,
    action: &'c Action<'c>,
    times: Vec<Time>,
    recurring: Vec<(&'c Recurring, Days<'c>)>,
}

impl<'c> Turns<'c, '_> {
    /// The first of these times, from one on, at which it passes; `whens` are those at which reasons say that they end.
    fn first(
        self,
        from: Time,
        whens: Vec<Time>,
        is_allowed: impl Fn(Time) -> bool,
    ) -> Option<Time> {
        let Turns { ctx, mut times, recurring, .. } = self;
        times.extend(&whens);
        times.retain(|time| *time >= from && *time != Time::NEVER);
        times.sort_unstable();
        times.dedup();
        let passes = |time: &Time| !ctx.is_exhausted() && is_allowed(*time);
        if times.len() <= MAX_TRIES {
            // A time with the recurring window that turns at it, if it is one's.
            let mut ahead: BTreeSet<(Time, Option<usize>)> =
                times.iter().map(|time| (*time, None)).collect();
            ahead.extend(turns_after(ctx, &recurring, Time(from.0.saturating_sub(1)), None));
            let mut last = None;
            for _ in 0..MAX_TRIES.max(ahead.len()) {
                let (time, of) = ahead.pop_first().filter(|_| !ctx.is_exhausted())?;
                if last.replace(time) != Some(time) && passes(&time) {
                    return Some(time);
                }
                // What stood in the way with the window open and closed will until something else turns: so it
                // is enough to look at the next turn of each after every other turn.
                ahead.extend(turns_after(ctx, &recurring, time, of));
            }
            return None;
        }
        // Too many to try each. The last time at which a reason ends, and it passes, is looked for, and the first before
        // from which on it does by halving: what passes for a while only, before that, is not found.
        let mut ends: Vec<Time> = whens.into_iter().filter(|when| times.contains(when)).collect();
        ends.sort_unstable_by(|a, b| b.cmp(a));
        let end = ends.into_iter().take(MAX_TRIES).find(passes)?;
        let before = times.partition_point(|time| *time < end);
        let first = times[..before].partition_point(|time| !passes(time));
        Some(times[first]).filter(|_| !ctx.is_exhausted())
    }

    fn of(&mut self, rule: &'c Rule, days: Days<'c>) {
        match rule {
            Rule::Claim { side, topic, min_age, max_age, .. } => {
                self.claims(*side, *topic);
                for person in self.sides(*side) {
                    let claims =
                        CLAIMS.read(self.ctx, &person).into_iter().flat_map(|claims| &claims.0);
                    for claim in claims.filter(|claim| claim.topic == *topic) {
                        self.times.extend(days.after(*min_age, claim.issued));
                        self.times.extend(max_age.and_then(|age| days.past(age, claim.dated)));
                    }
                }
            }
            Rule::Fact { about, fact, min_age, max_age, .. } => {
                let subject = self.action.subject(*about);
                if let Some(known) = FACTS.read(self.ctx, &(subject, fact.clone())) {
                    self.times.extend([known.since, known.until]);
                    self.times.extend(days.after(*min_age, known.since));
                    self.times.extend(max_age.and_then(|age| days.past(age, known.since)));
                }
            }
            Rule::Pair { topic, lookback, .. } => {
                self.claims(Side::Both, *topic);
                for person in self.sides(Side::Both) {
                    let claims =
                        CLAIMS.read(self.ctx, &person).into_iter().flat_map(|claims| &claims.0);
                    for claim in claims.filter(|claim| claim.topic == *topic) {
                        let ended = claim.ended(self.ctx, self.ctx.now()).unwrap_or(claim.expires);
                        // Its provider may be cut off before that.
                        let provider = PROVIDERS.read(self.ctx, &claim.provider);
                        let cut_off = provider.and_then(|provider| provider.cut_off);
                        let ends = [Some(ended), cut_off.map(|cut_off| cut_off.at)];
                        let ends = ends.into_iter().flatten();
                        self.times.extend(ends.filter_map(|end| days.after(*lookback, end)));
                    }
                }
            }
            Rule::Count { filter, .. } => {
                filter.topic().into_iter().for_each(|topic| self.claims(Side::Receiver, topic))
            }
            Rule::Compare { left, right, .. } => {
                [left, right].into_iter().for_each(|limit| self.limit(limit))
            }
            Rule::Amount { max: Some(limit), .. } | Rule::Persons { max: limit, .. } => {
                self.limit(limit)
            }
            Rule::List { side, list, subject, about, .. } => {
                let (ctx, action) = (self.ctx, self.action);
                let wallets = || side.each().iter().filter_map(|side| action.wallet(ctx, *side));
                let entries: Vec<Entry> = match subject {
                    ListOf::Person => self.sides(*side).map(Entry::Person).collect(),
                    ListOf::Wallet => wallets().map(Entry::Wallet).collect(),
                };
                for entry in entries {
                    let listed = LISTS.read(ctx, &(action.subject(*about), *list, entry));
                    self.times.extend(listed.into_iter().flat_map(|it| [it.from, it.until]));
                }
            }
            Rule::Lot { days: plain, months, free_to, .. } => {
                let lock = Span::of(*months, *plain);
                let paid = self.action.lots.iter().filter(|lot| lot.is_paid());
                let ends = paid.filter_map(|lot| days.after(lock, lot.anchor));
                self.times.extend(ends);
                free_to.iter().for_each(|topic| self.claims(Side::Receiver, *topic));
            }
            Rule::Recurring(recurring) => self.recurring.push((recurring, days)),
            Rule::Window { opens, closes } => self.times.extend(opens.iter().chain(closes)),
            // What is inside is seen on its own; what is added up says itself when there is room.
            _ => {}
        }
    }

    /// Who comes to hold some is counted with those that have what it has then; what is claimed or attested ends.
    fn limit(&mut self, limit: &Limit) {
        match limit {
            Limit::Held(filter) => {
                filter.topic().into_iter().for_each(|topic| self.claims(Side::Receiver, topic));
            }
            Limit::Claim { side, topic } => self.claims(*side, *topic),
            Limit::Fact { about, fact } => {
                let known = FACTS.read(self.ctx, &(self.action.subject(*about), fact.clone()));
                self.times.extend(known.into_iter().flat_map(|known| [known.since, known.until]));
            }
            _ => {}
        }
        limit.inner().into_iter().for_each(|inner| self.limit(inner));
    }

    /// A claim ends when it expires, or when its provider no longer stands for it.
    fn claims(&mut self, side: Side, topic: u32) {
        for person in self.sides(side) {
            let claims = CLAIMS.read(self.ctx, &person).into_iter().flat_map(|claims| &claims.0);
            for claim in claims.filter(|claim| claim.topic == topic) {
                let provider = PROVIDERS.read(self.ctx, &claim.provider);
                let cut_off = provider.and_then(|provider| provider.cut_off);
                self.times.push(claim.expires);
                self.times.extend(cut_off.map(|cut_off| cut_off.at));
            }
        }
    }

    /// Every number of those on a side: what bars a human bars it under any.
    fn sides(&self, side: Side) -> impl Iterator<Item = PersonId> + use<'c> {
        let (ctx, Action { from, to, through, .. }) = (self.ctx, *self.action);
        let persons = side.each().iter().filter_map(move |side| match side {
            Side::Sender => from,
            Side::Receiver => to,
            Side::Venue => through,
            Side::Both => None,
        });
        persons.flat_map(move |person| count::numbers(ctx, person))
    }
}

/// The largest amount that would pass now; nothing known if there are more lines than are tried.
pub fn max_ok(ctx: &Context<'_>, action: &Action<'_>) -> Option<Units> {
    let held = |id: Option<PersonId>| {
        id.and_then(|id| count::held(ctx, action.asset, id)).map_or(Units::ZERO, |held| held.units)
    };
    let (from, to) = (held(action.from), held(action.to));
    let amounts = vec![action.at_most];
    let mut lines = Lines { ctx, action, from, to, amounts, fees: vec![0], is_open: false };
    each_rule(ctx, action, &mut |rule, days| lines.of(rule, days));
    // What is added up, and lots that may not go, say themselves how much is left, of the units that would move now; of
    // none they say nothing.
    let asked = if action.units.is_zero() { of(action, action.at_most) } else { *action };
    for reason in judged(ctx, &asked, ctx.now(), true).reasons {
        lines.amounts.extend(reason.have.into_iter().chain(reason.need));
    }
    lines.amounts.extend(lines.free_lots());
    let mut amounts = lines.amounts;
    amounts.retain(|amount| !amount.is_zero() && *amount <= action.at_most);
    amounts.sort_unstable_by(|a, b| b.cmp(a));
    amounts.dedup();
    let is_cut = lines.is_open || amounts.len() > MAX_TRIES;
    let passes = |units: &Units| judged(ctx, &of(action, *units), ctx.now(), false).is_allowed();
    let found =
        amounts.into_iter().take(MAX_TRIES).take_while(|_| !ctx.is_exhausted()).find(passes);
    found.or((!is_cut && !ctx.is_exhausted()).then_some(Units::ZERO))
}

/// The same movement, alone and of so many units.
fn of<'a>(action: &Action<'a>, units: Units) -> Action<'a> {
    Action { units, giving: units, giving_of_class: units, getting: units, ..*action }
}

/// The largest amounts before the answer of some rule changes.
struct Lines<'c, 's> {
    ctx: &'c Context<'s>,
    action: &'c Action<'c>,
    /// What giver and getter hold before.
    from: Units,
    to: Units,
    amounts: Vec<Units>,
    /// What any of the fees seen so far take together, in basis points.
    fees: Vec<u64>,
    /// True if a rule draws a line that is not known here.
    is_open: bool,
}

impl Lines<'_, '_> {
    fn of(&mut self, rule: &Rule, days: Days<'_>) {
        match rule {
            Rule::Lot { days: plain, months, .. } => {
                let (lock, now) = (Span::of(*months, *plain), self.ctx.now());
                let is_open = |lot: &&Lot| days.is_over(lock, lot.anchor, now) == Some(true);
                self.amounts
                    .push(self.action.lots.iter().filter(is_open).map(|lot| lot.units).sum());
            }
            Rule::Holding { min, max, max_part, .. } => {
                let part = max_part.map(|part| self.up_to_part(part));
                let max = max.map(|max| max.saturating_sub(self.to));
                let remains = min.map(|min| self.from.saturating_sub(min));
                // Below the least, as what is negated may ask.
                let below = min.map(|min| min.saturating_sub(self.to).saturating_sub(Units(1)));
                self.amounts.extend([part, max, remains, below].into_iter().flatten());
                self.amounts.push(self.all_but_one());
            }
            Rule::Effect(Effect::Fee { part, .. }) => self.of_fee(*part),
            Rule::Approvals(steps) => {
                // What was approved of so many units exactly stands by itself.
                self.is_open = true;
                let [step] = &steps[..] else { return };
                let Action { asset, from, to, .. } = *self.action;
                let in_parts = Intended { asset, from, to, units: Units::ZERO };
                let given = APPROVALS.read(self.ctx, &in_parts).into_iter().flatten();
                let of_step = given.filter(|one| one.list == step.list());
                self.amounts.extend(of_step.map(|one| Units(one.left)));
            }
            Rule::Count { look_through: Some(through), scope, .. } => {
                self.of_owners(*scope, through)
            }
            Rule::Count { scope: Scope::Class, .. } => {
                self.amounts.push(self.all_but_one_of_class())
            }
            Rule::Count { .. } => self.amounts.push(self.all_but_one()),
            Rule::Compare { left, right, .. } if left.is_of_held() || right.is_of_held() => {
                let lines = [false, true].map(|bars| self.until_it_turns(rule, bars));
                self.amounts.extend(lines);
            }
            Rule::Compare { left, right, .. } => {
                for limit in [left, right] {
                    match limit {
                        Limit::Number(units) => self.amounts.push(*units),
                        Limit::Units | Limit::Paid | Limit::PaidIn(_) => {}
                        Limit::Holders(_) | Limit::HoldersOfClass(_) => {}
                        _ => self.is_open = true,
                    }
                }
            }
            _ => {}
        }
    }

    /// The most that leaves a fee free, with any of the others that may be due. Each rounds down by itself: together they
    /// may take a unit less for each than their sum would.
    fn of_fee(&mut self, part: Bps) {
        let whole = U256::from(10_000);
        let more = (U256::from(self.action.free.0) + U256::ONE) * whole - U256::ONE;
        let with_it: Vec<u64> = self.fees.iter().map(|fees| fees + u64::from(part.0)).collect();
        for fees in &with_it {
            let most = more / (whole + U256::from(*fees));
            let most = u128::try_from(most).unwrap_or(u128::MAX);
            self.amounts.extend((0..4).map(|spared| Units(most.saturating_add(spared))));
        }
        self.fees.extend(with_it);
    }

    /// The most that keeps the getter below the part from which on it is looked through; and of what ends, the most
    /// that keeps each other below it.
    fn of_owners(&mut self, scope: Scope, through: &LookThrough) {
        let (ctx, asset, topic) = (self.ctx, self.action.asset, through.topic);
        let issuer = self.action.facts.issuer;
        let most = self.up_to_part(through.part);
        self.amounts.extend([most, most.saturating_sub(Units(1))]);
        if self.action.to.is_some() {
            return;
        }
        let indexed = |place| match scope {
            Scope::Issuer => ISSUER_FUNDS.get(ctx, &(issuer, topic, place)),
            _ => HOLDS_FOR_OTHERS.get(ctx, &(asset, topic, place)),
        };
        self.is_open |= indexed(MAX_TRIES as u32).is_some();
        for fund in (0..MAX_TRIES as u32).map_while(indexed) {
            let held = count::held(ctx, asset, fund).map_or(Units::ZERO, |held| held.units);
            let whole = U256::from(held.0) * U256::from(10_000) / U256::from(through.part.0.max(1));
            let least = Units(u128::try_from(whole).unwrap_or(u128::MAX)).0.saturating_add(1);
            self.amounts.push(self.action.facts.outstanding.saturating_sub(Units(least)));
        }
    }

    /// The most for which a rule that compares what holders have together says what it says of one unit, by halving: what
    /// they have goes one way with what moves.
    fn until_it_turns(&self, rule: &Rule, bars: bool) -> Units {
        let says = |units| compares(self.ctx, &of(self.action, Units(units)), rule, bars);
        let (first, mut same, mut other) = (says(1), 1, self.action.at_most.0.saturating_add(1));
        while other - same > 1 && !self.ctx.is_exhausted() {
            let middle = same + (other - same) / 2;
            match says(middle) == first {
                true => same = middle,
                false => other = middle,
            }
        }
        Units(same)
    }

    /// The sums of the lots, oldest first: what some of them allow, and others do not.
    fn free_lots(&self) -> Vec<Units> {
        let mut sum = Units::ZERO;
        let sums = self.action.lots.iter().map(|lot| {
            sum += lot.units;
            sum
        });
        sums.chain(self.action.lots.iter().map(|lot| lot.units)).collect()
    }

    /// The giver stays a holder.
    fn all_but_one(&self) -> Units {
        self.from.saturating_sub(Units(1))
    }

    /// The giver stays a holder of the class that moves.
    fn all_but_one_of_class(&self) -> Units {
        let Action { asset, class, from, .. } = *self.action;
        let held = from.and_then(|from| count::held(self.ctx, asset, from));
        let of_class = held.zip(class).map_or(Units::ZERO, |(held, class)| held.of_class(class));
        of_class.saturating_sub(Units(1))
    }

    /// The most that keeps the getter within a part of what is outstanding, which grows as units are placed.
    fn up_to_part(&self, part: Bps) -> Units {
        let (part, whole) = (U256::from(part.0), U256::from(10_000));
        let allowed = U256::from(self.action.facts.outstanding.0) * part;
        let units = if self.action.is_placement() && part < whole {
            allowed.saturating_sub(U256::from(self.to.0) * whole) / (whole - part)
        } else {
            (allowed / whole).saturating_sub(U256::from(self.to.0))
        };
        Units(u128::try_from(units).unwrap_or(u128::MAX))
    }
}

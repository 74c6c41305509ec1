//! The judge.
//!
//! [`decide`] is the only code that says whether units may move. It is pure, and asked by previews, the
//! pool and execution alike. In the allowed case it allocates nothing.

use crate::{
    COUNTED, COUNTS, Counted, Filter, Inherit, LISTS, Layer, ListMode, POLICIES, Policy, Reason,
    ReasonCode, Rule, Side,
};
use borsh::{BorshDeserialize, BorshSerialize};
use identity::{CLAIMS, Claims, Person, topic::DUE_DILIGENCE};
use serde::{Deserialize, Serialize};
use state::Context;
use types::{Address, AssetId, PersonId, Time, Units};

/// What kind of movement is judged.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// New units come to a holder.
    Issue,
    /// Units pass from a holder to another.
    Transfer,
    /// Units of a holder end.
    Redeem,
    /// Units are moved or ended by order. Never to a sanctioned, suspended or unknown person.
    Forced,
}

/// Units acquired together age together. RULEBOOK P7.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Lot {
    /// How many.
    pub units: Units,
    /// When this holder got them.
    pub acquired: Time,
    /// When their clock started.
    pub anchor: Time,
    /// The exemption path under which they came: 0 for none, else its place in the policy's `any`, from 1.
    pub path: u16,
}

/// What the ledger knows about the asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetFacts {
    /// Who issued it.
    pub issuer: PersonId,
    /// Units issued before the movement.
    pub issued: Units,
}

/// One side of a movement.
pub type Party = PersonId;

/// A movement to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Action<'a> {
    /// What kind.
    pub kind: Kind,
    /// Of what.
    pub asset: AssetId,
    /// What the ledger knows about it.
    pub facts: AssetFacts,
    /// Who gives.
    pub from: Option<Party>,
    /// Who gets.
    pub to: Option<Party>,
    /// How much.
    pub units: Units,
    /// How much the giver gives in the whole batch from here on, this movement included. Batches are
    /// judged on their net per person: a giver that leaves makes room for one that comes.
    pub giving: Units,
    /// The lots that the units come from.
    pub lots: &'a [Lot],
}

/// The judgement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Everything that stands in the way; empty if it may happen.
    pub reasons: Vec<Reason>,
    /// The path relied on: 0 for none, else its place in the policy's `any`, from 1.
    pub path: u16,
    /// True if the clocks of the units that move start anew with the receiver.
    pub restart: bool,
    /// When it would pass, all else being as it is.
    pub earliest_ok: Option<Time>,
    /// The largest amount that would pass now.
    pub max_ok: Option<Units>,
    /// The issuer's own contract that must agree too, and its gas.
    pub contract: Option<(Address, u64)>,
}

impl Decision {
    /// True if nothing stands in the way.
    pub fn is_allowed(&self) -> bool {
        self.reasons.is_empty()
    }
}

/// May this happen? Every reason against it, when it would pass, and how much would. COM-2, COM-3.
pub fn decide(ctx: &Context<'_>, action: &Action<'_>) -> Decision {
    let mut decision = judge(ctx, action, ctx.now());
    if !decision.is_allowed() {
        decision.earliest_ok = earliest_ok(ctx, action);
        decision.max_ok = max_ok(ctx, action);
    }
    decision
}

fn judge(ctx: &Context<'_>, action: &Action<'_>, now: Time) -> Decision {
    let mut reasons = Vec::new();
    let from = action.from.map(|id| Known::of(ctx, id));
    let to = action.to.map(|id| Known::of(ctx, id));
    let mut judge =
        Judge { ctx, action, now, from, to, reasons: &mut reasons, path: 0, restart: false };
    judge.network();
    let (mut path, mut restart, mut contract) = (0, false, None);
    if action.kind != Kind::Forced {
        let is_internal = action.from.is_some() && action.from == action.to;
        match POLICIES.read(ctx, &action.asset) {
            None => judge.refuse(Reason::new(Layer::Issuer, ReasonCode::NoPolicy)),
            // The same person before and after: lots go along, nothing else changes.
            Some(_) if is_internal => {}
            Some(record) => {
                judge.issuer(&record.policy);
                (path, restart, contract) = (judge.path, judge.restart, record.policy.contract);
            }
        }
    }
    Decision { reasons, path, restart, contract, ..Decision::default() }
}

/// What identity knows about a side, read once.
struct Known<'c> {
    id: PersonId,
    person: Option<&'c Person>,
    claims: Option<&'c Claims>,
}

impl<'c> Known<'c> {
    fn of(ctx: &'c Context<'_>, id: PersonId) -> Self {
        Self { id, person: identity::person(ctx, id), claims: CLAIMS.read(ctx, &id) }
    }

    fn has(
        &self,
        ctx: &Context<'_>,
        now: Time,
        topic: u32,
        at_least: u64,
        providers: &[PersonId],
    ) -> bool {
        let claim = self.claims.and_then(|claims| claims.current_at(ctx, now, topic, providers));
        claim.is_some_and(|claim| claim.value >= at_least)
    }
}

struct Judge<'c, 's, 'r> {
    ctx: &'c Context<'s>,
    action: &'c Action<'c>,
    now: Time,
    from: Option<Known<'c>>,
    to: Option<Known<'c>>,
    reasons: &'r mut Vec<Reason>,
    path: u16,
    restart: bool,
}

impl Judge<'_, '_, '_> {
    fn refuse(&mut self, reason: Reason) {
        self.reasons.push(reason);
    }

    fn sides(&self, side: Side) -> impl Iterator<Item = (Side, &Known<'_>)> {
        let from = self
            .from
            .as_ref()
            .filter(|_| side != Side::Receiver)
            .map(|known| (Side::Sender, known));
        let to =
            self.to.as_ref().filter(|_| side != Side::Sender).map(|known| (Side::Receiver, known));
        from.into_iter().chain(to)
    }

    /// Both persons registered, active, not sanctioned, their due diligence current. An order may take
    /// from anyone and give to nobody who could not receive.
    fn network(&mut self) {
        let side = if self.action.kind == Kind::Forced { Side::Receiver } else { Side::Both };
        let mut found = Vec::new();
        for (side, known) in self.sides(side) {
            let refuse = |code| Reason::new(Layer::Network, code).of(side);
            match known.person {
                None => found.push(refuse(ReasonCode::WalletUnknown)),
                Some(person) if !person.is_active => {
                    found.push(refuse(ReasonCode::PersonSuspended))
                }
                Some(_) => {}
            }
            if identity::is_sanctioned(self.ctx, known.id) {
                found.push(refuse(ReasonCode::Sanctioned));
            }
            let is_verified =
                DUE_DILIGENCE.iter().any(|topic| known.has(self.ctx, self.now, *topic, 0, &[]));
            if !is_verified {
                found.push(refuse(ReasonCode::KycExpired));
            }
        }
        self.reasons.extend(found);
    }

    fn issuer(&mut self, policy: &Policy) {
        for rule in &policy.rules {
            self.passes(rule);
        }
    }

    /// True if the rule passes; else its reasons have been added.
    fn passes(&mut self, rule: &Rule) -> bool {
        let before = self.reasons.len();
        match rule {
            Rule::Claim { side, topic, at_least, providers } => {
                self.claim(*side, *topic, *at_least, providers)
            }
            Rule::Countries { side, mode, countries } => {
                let mut found = Vec::new();
                for (side, known) in self.sides(*side) {
                    let country = known.person.map(|person| person.residence);
                    let is_listed = country.is_some_and(|country| countries.contains(&country));
                    if is_listed != (*mode == ListMode::Allow) {
                        let mut reason =
                            Reason::new(Layer::Issuer, ReasonCode::CountryForbidden).of(side);
                        reason.country = country;
                        found.push(reason);
                    }
                }
                self.reasons.extend(found);
            }
            Rule::List { side, mode, list } => {
                let mut found = Vec::new();
                for (side, known) in self.sides(*side) {
                    let entry = LISTS.read(self.ctx, &(self.action.asset, *list, known.id));
                    let is_listed =
                        entry.is_some_and(|entry| entry.from <= self.now && self.now < entry.until);
                    if is_listed != (*mode == ListMode::Allow) {
                        found.push(Reason::new(Layer::Issuer, ReasonCode::NotListed).of(side));
                    }
                }
                self.reasons.extend(found);
            }
            Rule::Count { filter, max, min } => self.count(*filter, *max, *min),
            Rule::Holding { .. } => self.holding(rule),
            Rule::Lot { days, months, free_to, inherit } => {
                self.lot(*days, *months, free_to, *inherit)
            }
            Rule::Window { opens, closes } => {
                let is_late = closes.is_some_and(|closes| self.now >= closes);
                let is_early = opens.is_some_and(|opens| self.now < opens);
                if is_late || is_early {
                    let mut reason = Reason::new(Layer::Issuer, ReasonCode::WindowClosed);
                    reason.when = if is_late { None } else { *opens };
                    self.refuse(reason);
                }
            }
            Rule::Kind(kind) => {
                if *kind != self.action.kind {
                    self.refuse(Reason::new(Layer::Issuer, ReasonCode::WrongKind));
                }
            }
            Rule::All(rules) => {
                for rule in rules {
                    self.passes(rule);
                }
            }
            Rule::Any(paths) => self.any(paths),
            Rule::Not(rule) => {
                let passed = self.passes(rule);
                self.reasons.truncate(before);
                if passed {
                    self.refuse(Reason::new(Layer::Issuer, ReasonCode::NotAllowed));
                }
            }
            Rule::When { guard, then } => {
                let applies = self.passes(guard);
                self.reasons.truncate(before);
                if applies {
                    self.passes(then);
                }
            }
        }
        self.reasons.len() == before
    }

    fn any(&mut self, paths: &[(String, Rule)]) {
        let before = self.reasons.len();
        for (index, (name, rule)) in paths.iter().enumerate() {
            let tried = self.reasons.len();
            if self.passes(rule) {
                self.reasons.truncate(before);
                if self.path == 0 {
                    self.path = index as u16 + 1;
                }
                return;
            }
            for reason in &mut self.reasons[tried..] {
                reason.path.get_or_insert_with(|| name.clone());
            }
        }
        self.reasons.insert(before, Reason::new(Layer::Issuer, ReasonCode::NoPath));
    }

    fn claim(&mut self, side: Side, topic: u32, at_least: u64, providers: &[PersonId]) {
        let mut found = Vec::new();
        for (side, known) in self.sides(side) {
            if !known.has(self.ctx, self.now, topic, at_least, providers) {
                found.push(
                    Reason::new(Layer::Issuer, ReasonCode::ClaimMissing).of(side).about(topic),
                );
            }
        }
        self.reasons.extend(found);
    }

    /// Persons before and after: +1 if the receiver comes, -1 if the sender leaves. An excess that is
    /// there already may shrink. COM-4.
    fn count(&mut self, filter: Filter, max: Option<u32>, min: Option<u32>) {
        let action = self.action;
        let before = COUNTS.get(self.ctx, &(action.asset, filter)).unwrap_or(0);
        let comes =
            self.to.as_ref().is_some_and(|to| self.held(to).is_none() && self.matches(to, filter));
        let leaves = self.from.as_ref().is_some_and(|from| {
            self.held(from).is_some_and(|held| {
                held.units <= action.giving && self.is_counted(from, held, filter)
            })
        });
        let after = before + u32::from(comes) - u32::from(leaves);
        if let Some(max) = max
            && comes
            && after > max
            && after > before.saturating_sub(u32::from(leaves))
        {
            self.refuse(Reason::new(Layer::Issuer, ReasonCode::CapPersons).amounts(after, max));
        }
        if let Some(min) = min
            && leaves
            && after < min
        {
            self.refuse(
                Reason::new(Layer::Issuer, ReasonCode::FloorPersons)
                    .of(Side::Sender)
                    .amounts(after, min),
            );
        }
    }

    fn held(&self, known: &Known<'_>) -> Option<&Counted> {
        COUNTED.read(self.ctx, &(self.action.asset, known.id))
    }

    /// Would this person be counted by the filter?
    fn matches(&self, known: &Known<'_>, filter: Filter) -> bool {
        match filter {
            Filter::All => true,
            Filter::Country(country) => {
                known.person.is_some_and(|person| person.residence == country)
            }
            Filter::With(topic) => known.has(self.ctx, self.now, topic, 0, &[]),
            Filter::Without(topic) => !known.has(self.ctx, self.now, topic, 0, &[]),
        }
    }

    /// Is this holder counted by the filter, as it was last counted?
    fn is_counted(&self, known: &Known<'_>, held: &Counted, filter: Filter) -> bool {
        match filter {
            Filter::All => true,
            Filter::Country(country) => held.country == country,
            Filter::With(_) | Filter::Without(_) => self.matches(known, filter),
        }
    }

    fn holding(&mut self, rule: &Rule) {
        let Rule::Holding { min, max, max_part, full_only } = rule else { return };
        let action = self.action;
        let mut found = Vec::new();
        if let Some(to) = self.to.as_ref().filter(|to| to.id != action.facts.issuer) {
            let before = self.held(to).map_or(Units::ZERO, |held| held.units);
            let after = Units(before.0.saturating_add(action.units.0));
            let issued = match action.kind {
                Kind::Issue => action.facts.issued.0.saturating_add(action.units.0),
                _ => action.facts.issued.0,
            };
            // Rounds down, against who buys.
            let part = max_part.map(|part| Units(mul_div(issued, part.0.into(), 10_000)));
            for limit in [*max, part].into_iter().flatten().filter(|limit| after > *limit) {
                found.push(issuer(ReasonCode::AboveMax, Side::Receiver).amounts(after.0, limit.0));
            }
            if let Some(min) = min.filter(|min| after < *min) {
                found.push(issuer(ReasonCode::BelowMin, Side::Receiver).amounts(after.0, min.0));
            }
        }
        if let Some(from) = self.from.as_ref().filter(|from| from.id != action.facts.issuer) {
            let before = self.held(from).map_or(Units::ZERO, |held| held.units);
            let after = before.saturating_sub(action.giving);
            if let Some(min) = min.filter(|min| !after.is_zero() && after < *min) {
                found.push(issuer(ReasonCode::BelowMin, Side::Sender).amounts(after.0, min.0));
            }
            if *full_only && !after.is_zero() {
                found.push(issuer(ReasonCode::FullOnly, Side::Sender).amounts(before.0, 0u32));
            }
        }
        self.reasons.extend(found);
    }

    /// Locked units move only to receivers that the rule frees. Redeeming is giving back to the issuer.
    fn lot(&mut self, days: u32, months: u32, free_to: &[u32], inherit: Inherit) {
        let action = self.action;
        self.restart |= match inherit {
            Inherit::Keep => false,
            Inherit::Restart => true,
            Inherit::RestartIfFrom(topic) => {
                self.from.as_ref().is_some_and(|from| from.has(self.ctx, self.now, topic, 0, &[]))
            }
        };
        if action.kind != Kind::Transfer || action.lots.is_empty() {
            return;
        }
        let is_free =
            |to: &Known<'_>| free_to.iter().any(|topic| to.has(self.ctx, self.now, *topic, 0, &[]));
        if self.to.as_ref().is_some_and(|to| to.id == action.facts.issuer || is_free(to)) {
            return;
        }
        let unlocked: Units = action
            .lots
            .iter()
            .filter(|lot| unlocks(lot, days, months) <= self.now)
            .map(|lot| lot.units)
            .sum();
        if unlocked < action.units {
            let mut times: Vec<_> =
                action.lots.iter().map(|lot| (unlocks(lot, days, months), lot.units)).collect();
            times.sort_unstable();
            let mut total = Units::ZERO;
            let enough = times.into_iter().find(|(_, units)| {
                total += *units;
                total >= action.units
            });
            let mut reason =
                issuer(ReasonCode::LockedLot, Side::Sender).amounts(unlocked.0, action.units.0);
            reason.when = enough.map(|(when, _)| when);
            self.refuse(reason);
        }
    }
}

fn issuer(code: ReasonCode, side: Side) -> Reason {
    Reason::new(Layer::Issuer, code).of(side)
}

/// A lock of P from day D is served at the start of UTC day D + P; months clamp to the month's end.
fn unlocks(lot: &Lot, days: u32, months: u32) -> Time {
    let from = lot.anchor.date();
    let after_months = if months == 0 { from } else { from.plus_months(months) };
    after_months.plus_days(days).start()
}

/// a * b / c, rounded down, without overflow for b, c up to 16 bits.
fn mul_div(a: u128, b: u128, c: u128) -> u128 {
    (a / c) * b + (a % c) * b / c
}

/// The first of the times at which some lock or window ends and nothing else stands in the way.
fn earliest_ok(ctx: &Context<'_>, action: &Action<'_>) -> Option<Time> {
    let record = POLICIES.read(ctx, &action.asset)?;
    let mut times = Vec::new();
    record.policy.rules.iter().for_each(|rule| openings(rule, action, &mut times));
    times.retain(|time| *time > ctx.now());
    times.sort_unstable();
    times.dedup();
    times.into_iter().find(|time| judge(ctx, action, *time).is_allowed())
}

fn openings(rule: &Rule, action: &Action<'_>, times: &mut Vec<Time>) {
    match rule {
        Rule::Lot { days, months, .. } => {
            times.extend(action.lots.iter().map(|lot| unlocks(lot, *days, *months)))
        }
        Rule::Window { opens, closes } => times.extend(opens.iter().chain(closes)),
        Rule::All(rules) => rules.iter().for_each(|rule| openings(rule, action, times)),
        Rule::Any(paths) => paths.iter().for_each(|(_, rule)| openings(rule, action, times)),
        Rule::Not(rule) => openings(rule, action, times),
        Rule::When { guard, then } => {
            openings(guard, action, times);
            openings(then, action, times);
        }
        _ => {}
    }
}

/// The largest amount at which some limit is just met and that passes as a whole.
fn max_ok(ctx: &Context<'_>, action: &Action<'_>) -> Option<Units> {
    let record = POLICIES.read(ctx, &action.asset)?;
    let mut amounts = Vec::new();
    let held = |id: Option<PersonId>| {
        id.and_then(|id| COUNTED.read(ctx, &(action.asset, id)))
            .map_or(Units::ZERO, |held| held.units)
    };
    let (from, to) = (held(action.from), held(action.to));
    let there: Units = action.lots.iter().map(|lot| lot.units).sum();
    amounts.push(there);
    record.policy.rules.iter().for_each(|rule| limits(rule, ctx, action, from, to, &mut amounts));
    amounts.retain(|amount| !amount.is_zero() && (action.from.is_none() || *amount <= there));
    amounts.sort_unstable_by(|a, b| b.cmp(a));
    amounts.dedup();
    let passes = |units: &Units| {
        let tried = Action { units: *units, giving: *units, ..*action };
        judge(ctx, &tried, ctx.now()).is_allowed()
    };
    Some(amounts.into_iter().find(passes).unwrap_or(Units::ZERO))
}

fn limits(
    rule: &Rule,
    ctx: &Context<'_>,
    action: &Action<'_>,
    from: Units,
    to: Units,
    amounts: &mut Vec<Units>,
) {
    match rule {
        Rule::Lot { days, months, .. } => {
            let is_open = |lot: &&Lot| unlocks(lot, *days, *months) <= ctx.now();
            amounts.push(action.lots.iter().filter(is_open).map(|lot| lot.units).sum());
        }
        Rule::Holding { min, max, max_part, .. } => {
            let part =
                max_part.map(|part| Units(mul_div(action.facts.issued.0, part.0.into(), 10_000)));
            amounts
                .extend([*max, part].into_iter().flatten().map(|limit| limit.saturating_sub(to)));
            amounts.extend(min.map(|min| from.saturating_sub(min)));
        }
        Rule::All(rules) => {
            rules.iter().for_each(|rule| limits(rule, ctx, action, from, to, amounts))
        }
        Rule::Any(paths) => {
            paths.iter().for_each(|(_, rule)| limits(rule, ctx, action, from, to, amounts))
        }
        Rule::When { then, .. } => limits(then, ctx, action, from, to, amounts),
        _ => {}
    }
}

//! Walks a policy over one movement and gathers every reason against it.

use crate::{
    Action, AssetFacts, COUNTED, COUNTS, Counted, Decision, Filter, HELD_COUNT, Inherit, Kind,
    LISTS, Layer, ListMode, Lot, POLICIES, Policy, Reason, ReasonCode, Rule, Side, count,
};
use identity::{CLAIMS, Claims, Person, topic::DUE_DILIGENCE};
use state::Context;
use types::{AssetId, PersonId, Time, Units};

/// Gas of looking at one rule, besides the records that it reads.
const RULE_WORK: u64 = 10;

/// Gas of the date on which one lot's lock ends.
const LOT_WORK: u64 = 15;

/// Judges as of a time, which is now except when a refusal looks ahead.
pub(crate) fn judge(ctx: &Context<'_>, action: &Action<'_>, now: Time) -> Decision {
    let record = POLICIES.read(ctx, &action.asset);
    let mut judge = Judge {
        ctx,
        action,
        now,
        from: action.from.map(|id| Known::of(ctx, action.asset, id)),
        to: action.to.map(|id| Known::of(ctx, action.asset, id)),
        topics: record.map_or(&[], |record| &record.topics),
        reasons: Vec::new(),
        path: 0,
        restart: false,
    };
    judge.network();
    judge.assets_held();
    // The same person before and after: lots go along, nothing else changes.
    let is_internal = action.from.is_some() && action.from == action.to;
    let mut contract = None;
    match record {
        _ if action.kind == Kind::Forced => {}
        None => judge.refuse(Reason::new(Layer::Issuer, ReasonCode::NoPolicy)),
        Some(_) if is_internal => {}
        Some(record) => {
            judge.issuer(&record.policy);
            contract = record.policy.contract;
        }
    }
    let Judge { reasons, path, restart, .. } = judge;
    Decision { reasons, path, restart, contract, ..Decision::default() }
}

/// May this person be on one side of transfers at all, whoever is on the other? What the network asks of a
/// person, and those rules of the policy that are about it alone and stand under no condition.
pub fn may_take_part(ctx: &Context<'_>, asset: AssetId, person: PersonId, side: Side) -> bool {
    let Some(record) = POLICIES.read(ctx, &asset) else { return false };
    let action = Action {
        kind: Kind::Transfer,
        asset,
        facts: AssetFacts { issuer: person, outstanding: Units::ZERO },
        from: (side != Side::Receiver).then_some(person),
        to: (side != Side::Sender).then_some(person),
        units: Units::ZERO,
        giving: Units::ZERO,
        getting: Units::ZERO,
        at_most: Units::ZERO,
        lots: &[],
    };
    let mut judge = Judge {
        ctx,
        action: &action,
        now: ctx.now(),
        from: action.from.map(|id| Known::of(ctx, asset, id)),
        to: action.to.map(|id| Known::of(ctx, asset, id)),
        topics: &record.topics,
        reasons: Vec::new(),
        path: 0,
        restart: false,
    };
    judge.network();
    judge.about_one(&record.policy.rules);
    judge.reasons.is_empty()
}

/// What is known about a side, read once.
struct Known<'c> {
    id: PersonId,
    person: Option<&'c Person>,
    claims: Option<&'c Claims>,
    /// What it holds of the asset, if anything, and as what it is counted.
    held: Option<&'c Counted>,
}

impl<'c> Known<'c> {
    fn of(ctx: &'c Context<'_>, asset: AssetId, id: PersonId) -> Self {
        Self {
            id,
            person: identity::person(ctx, id),
            claims: CLAIMS.read(ctx, &id),
            held: COUNTED.read(ctx, &(asset, id)),
        }
    }

    fn units(&self) -> Units {
        self.held.map_or(Units::ZERO, |held| held.units)
    }

    fn has(
        &self,
        ctx: &Context<'_>,
        now: Time,
        topic: u32,
        at_least: u64,
        providers: &[PersonId],
    ) -> bool {
        self.claims.is_some_and(|claims| {
            claims.counting_at(ctx, now, topic, providers).any(|claim| claim.value >= at_least)
        })
    }
}

struct Judge<'c, 's> {
    ctx: &'c Context<'s>,
    action: &'c Action<'c>,
    now: Time,
    from: Option<Known<'c>>,
    to: Option<Known<'c>>,
    /// The topics by which holders are counted, in the order of `Counted::has`.
    topics: &'c [u32],
    reasons: Vec<Reason>,
    path: u16,
    restart: bool,
}

impl Judge<'_, '_> {
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

    /// A person holds only so many assets, so that it can always be counted anew, whoever sends to it.
    fn assets_held(&mut self) {
        let action = self.action;
        let joins = |to: &&Known<'_>| to.held.is_none() && !action.units.is_zero();
        let Some(to) = self.to.as_ref().filter(joins) else { return };
        let most = count::most_assets(action.kind);
        let held = HELD_COUNT.get(self.ctx, &to.id).unwrap_or(0);
        if held >= most {
            let reason = Reason::new(Layer::Network, ReasonCode::TooManyAssets);
            self.refuse(reason.of(Side::Receiver).amounts(held, most));
        }
    }

    fn issuer(&mut self, policy: &Policy) {
        for rule in &policy.rules {
            self.passes(rule);
        }
    }

    /// The rules that look at one side alone.
    fn about_one(&mut self, rules: &[Rule]) {
        for rule in rules {
            match rule {
                Rule::Claim { .. } | Rule::Countries { .. } | Rule::List { .. } => {
                    self.passes(rule);
                }
                Rule::All(rules) => self.about_one(rules),
                _ => {}
            }
        }
    }

    /// True if the rule passes; else its reasons have been added.
    fn passes(&mut self, rule: &Rule) -> bool {
        let before = self.reasons.len();
        self.ctx.charge(RULE_WORK);
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
                let stamp = self.stamp();
                let passed = self.passes(rule);
                self.reasons.truncate(before);
                (self.path, self.restart) = stamp;
                if passed {
                    self.refuse(Reason::new(Layer::Issuer, ReasonCode::NotAllowed));
                }
            }
            Rule::When { guard, then } => {
                let stamp = self.stamp();
                let applies = self.passes(guard);
                self.reasons.truncate(before);
                (self.path, self.restart) = stamp;
                if applies {
                    self.passes(then);
                }
            }
        }
        self.reasons.len() == before
    }

    /// The path and clock that the lots will be stamped with, as far as rules that hold have said. What a
    /// guard or a path that fails would have stamped does not count.
    fn stamp(&self) -> (u16, bool) {
        (self.path, self.restart)
    }

    fn any(&mut self, paths: &[(String, Rule)]) {
        let before = self.reasons.len();
        let stamp = self.stamp();
        for (index, (name, rule)) in paths.iter().enumerate() {
            let tried = self.reasons.len();
            (self.path, self.restart) = stamp;
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
        (self.path, self.restart) = stamp;
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
    /// there already may shrink and not grow. COM-4. A cap takes a sender that leaves with a later leg of
    /// the batch for gone; a floor asks at the leg with which it leaves, when those that came are counted.
    fn count(&mut self, filter: Filter, max: Option<u32>, min: Option<u32>) {
        let action = self.action;
        let before = COUNTS.get(self.ctx, &(action.asset, filter)).unwrap_or(0);
        let is_new = |to: &Known<'_>| to.held.is_none() && self.matches(to, filter);
        let comes = !action.units.is_zero() && self.to.as_ref().is_some_and(is_new);
        let counted = self.from.as_ref().and_then(|from| from.held);
        let counted = counted.filter(|held| self.is_counted(held, filter));
        let leaves = counted.is_some_and(|held| held.units <= action.giving);
        let leaves_now = counted.is_some_and(|held| held.units <= action.units);
        let after = (before + u32::from(comes)).saturating_sub(u32::from(leaves));
        if let Some(max) = max
            && comes
            && after > max
        {
            self.refuse(Reason::new(Layer::Issuer, ReasonCode::CapPersons).amounts(after, max));
        }
        if let Some(min) = min
            && leaves_now
            && after < min
        {
            self.refuse(
                Reason::new(Layer::Issuer, ReasonCode::FloorPersons)
                    .of(Side::Sender)
                    .amounts(after, min),
            );
        }
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

    /// Is this holder counted by the filter, as it was last counted? Not as it would be counted now: what
    /// leaves a count must be in it.
    fn is_counted(&self, held: &Counted, filter: Filter) -> bool {
        let has = |topic| {
            let place = self.topics.binary_search(&topic).ok();
            place.map(|place| held.has >> place & 1 == 1)
        };
        match filter {
            Filter::All => true,
            Filter::Country(country) => held.country == country,
            Filter::With(topic) => has(topic) == Some(true),
            Filter::Without(topic) => has(topic) == Some(false),
        }
    }

    fn holding(&mut self, rule: &Rule) {
        let Rule::Holding { min, max, max_part, full_only } = rule else { return };
        let action = self.action;
        if action.units.is_zero() {
            return;
        }
        let mut found = Vec::new();
        if let Some(to) = self.to.as_ref().filter(|to| to.id != action.facts.issuer) {
            let before = to.units();
            let after = Units(before.0.saturating_add(action.getting.0));
            let placed = if action.is_placement() { action.giving.0 } else { 0 };
            let outstanding = action.facts.outstanding.0.saturating_add(placed);
            // Rounds down, against who buys.
            let part = max_part.map(|part| Units(mul_div(outstanding, part.0.into(), 10_000)));
            for limit in [*max, part].into_iter().flatten().filter(|limit| after > *limit) {
                found.push(issuer(ReasonCode::AboveMax, Side::Receiver).amounts(after.0, limit.0));
            }
            if let Some(min) = min.filter(|min| after < *min) {
                found.push(issuer(ReasonCode::BelowMin, Side::Receiver).amounts(after.0, min.0));
            }
        }
        if let Some(from) = self.from.as_ref().filter(|from| from.id != action.facts.issuer) {
            let before = from.units();
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
        self.ctx.charge(LOT_WORK * action.lots.len() as u64);
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
pub(crate) fn unlocks(lot: &Lot, days: u32, months: u32) -> Time {
    let from = lot.anchor.date();
    let after_months = if months == 0 { from } else { from.plus_months(months) };
    after_months.plus_days(days).start()
}

/// a * b / c, rounded down, without overflow for b, c up to 16 bits.
fn mul_div(a: u128, b: u128, c: u128) -> u128 {
    (a / c) * b + (a % c) * b / c
}

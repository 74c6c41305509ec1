//! What each rule asks of a movement. RULEBOOK section 2.1.

use super::{Judge, Known, Said, Stamp, Voice};
use crate::{
    APPROVALS, About, Action, Approval, Approved, Between, Effect, Entry, FACTS, Filter, Inherit,
    Kind, LISTS, ListMode, ListNumber, ListOf, Lot, PROFILES, Reason, ReasonCode, Recurring, Rule,
    Scope, Side, Spent, Step, count, decide::Consequence, duty,
};
use identity::Claim;
use state::Context;
use std::collections::BTreeSet;
use types::{Bps, ClassId, Days, Name, PersonId, Span, Time, Units};

/// How far what rules that hold have said had come.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    pub stamp: Stamp,
    pub relied: usize,
    met: usize,
    consequences: usize,
}

/// Gas of looking at one rule, besides the records that it reads.
pub(crate) const RULE_WORK: u64 = 10;

/// Gas of looking at one day of a calendar.
const DAY_WORK: u64 = 10;

/// Gas of the date on which one lot's lock ends.
const LOT_WORK: u64 = 15;

impl<'c> Judge<'c, '_> {
    /// True if all of these rules pass; else their reasons have been added, or one of them where no words are needed.
    pub(super) fn all(&mut self, rules: &'c [Rule]) -> bool {
        let mut all = true;
        for rule in rules {
            all &= self.passes(rule);
            // What was elected is looked for in all of them, in words or not.
            if !all && !self.in_words && !self.is_within && self.action.elected.is_none() {
                return false;
            }
        }
        all
    }

    /// True if the rule passes; else its reasons have been added.
    pub(super) fn passes(&mut self, rule: &'c Rule) -> bool {
        let before = self.reasons.len();
        self.ctx.charge(RULE_WORK);
        let was_unknown = std::mem::take(&mut self.is_unknown);
        match rule {
            Rule::Claim { side, .. } => {
                if !self.lacks_venue(*side) {
                    self.claim(rule);
                }
            }
            Rule::Countries { side, mode: ListMode::Allow, .. }
            | Rule::List { side, mode: ListMode::Allow, .. }
                if self.lacks_venue(*side) => {}
            Rule::Countries { side, mode, countries } => {
                let mut found = Vec::new();
                for (side, known) in self.sides(*side) {
                    let country = known.person.map(|person| person.residence);
                    let is_listed = country.is_some_and(|country| countries.contains(&country));
                    if is_listed != (*mode == ListMode::Allow) {
                        let mut reason = self.reason(ReasonCode::CountryForbidden).of(side);
                        reason.country = country;
                        found.push(reason);
                    }
                }
                self.against(found);
            }
            Rule::List { subject: ListOf::Person, .. } => self.persons_listed(rule),
            Rule::List { subject: ListOf::Wallet, .. } => self.wallets_listed(rule),
            Rule::Count { scope, max, look_through: Some(look_through), .. } => {
                self.owners(*scope, *max, *look_through)
            }
            Rule::Count { filter, scope: Scope::Issuer, max, min, look_through: None } => {
                self.count_of_issuer(*filter, *max, *min)
            }
            Rule::Count { filter, scope, max, min, look_through: None } => {
                self.count(*filter, *scope, *max, *min)
            }
            Rule::Holding { .. } => self.holding(rule),
            Rule::Lot { days, months, free_to, inherit } => {
                self.lot(*days, *months, free_to, *inherit)
            }
            Rule::Window { opens, closes } => {
                let is_late = closes.is_some_and(|closes| self.now >= closes);
                let is_early = opens.is_some_and(|opens| self.now < opens);
                if is_late || is_early {
                    let mut reason = self.reason(ReasonCode::WindowClosed);
                    reason.when = if is_late { None } else { *opens };
                    self.reasons.push(reason);
                }
            }
            Rule::Recurring(recurring) => self.recurring(recurring),
            Rule::Kind(kind) => {
                if !self.action.kind.is(*kind) {
                    self.refuse(ReasonCode::WrongKind);
                }
            }
            Rule::Fact { .. } => self.fact(rule),
            Rule::Compare { left, is, right } => self.compare(left, *is, right),
            Rule::Persons { .. } => self.persons(rule),
            Rule::Counted { .. } => self.counted(rule),
            Rule::Amount { .. } => self.amount(rule),
            Rule::Pair { topic, between, lookback } => {
                let is_tied = self.is_tied(*topic, *between, *lookback);
                if self.known(is_tied) == Some(false) {
                    let reason = self.reason(ReasonCode::NotRelated).about(*topic);
                    self.reasons.push(Reason { side: side_of(rule), ..reason });
                }
            }
            Rule::Approvals(steps) => self.approvals(steps),
            Rule::Effect(effect) => self.effect(effect),
            Rule::Because { says, source, rule } => {
                let before = (self.voice.says, self.voice.source);
                (self.voice.says, self.voice.source) = (says.or(before.0), Some(source.as_str()));
                self.passes(rule);
                (self.voice.says, self.voice.source) = before;
            }
            Rule::By { profile, version } => self.by(profile, *version),
            Rule::All(rules) => {
                self.all(rules);
            }
            Rule::Any(paths) => self.any(paths),
            Rule::Not(rule) => {
                let kept = self.kept();
                let passed = self.bars(rule);
                self.restore(kept);
                // What is not known is not denied either: its reasons stand.
                if passed || !self.is_unknown {
                    self.reasons.truncate(before);
                }
                if passed {
                    let (topic, side) = (topic_of(rule), side_of(rule));
                    let when = self.in_words.then(|| self.ends(rule)).flatten();
                    self.reasons.push(Reason {
                        topic,
                        side,
                        when,
                        ..self.reason(ReasonCode::NotAllowed)
                    });
                }
            }
            Rule::When { guard, then } => {
                let kept = self.kept();
                let applies = self.bars(guard);
                self.restore(kept);
                if applies || !self.is_unknown {
                    self.reasons.truncate(before);
                }
                if applies {
                    self.passes(then);
                }
            }
        }
        let passed = self.reasons.len() == before;
        // Whether it passes is known of what does; of several that do not, one may be unknown.
        self.is_unknown = was_unknown || (self.is_unknown && !passed);
        passed
    }

    /// True if a rule holds that bars the movement if it does.
    pub(super) fn bars(&mut self, rule: &'c Rule) -> bool {
        let was_within = std::mem::replace(&mut self.is_within, true);
        self.is_barring = !self.is_barring;
        let holds = self.passes(rule);
        self.is_barring = !self.is_barring;
        self.is_within = was_within;
        holds
    }

    /// What rules that hold have said so far. What a guard or a path that fails would have stamped, or
    /// added up, does not count.
    pub(super) fn kept(&self) -> Kept {
        let (relied, met) = (self.relied.len(), self.met.len());
        Kept { stamp: self.stamp, relied, met, consequences: self.consequences.len() }
    }

    pub(super) fn restore(&mut self, kept: Kept) {
        self.stamp = kept.stamp;
        self.relied.truncate(kept.relied);
        self.met.truncate(kept.met);
        self.consequences.truncate(kept.consequences);
    }

    /// One of the paths must pass: the first that does, or the one that was elected. Of one law the outermost choice is the
    /// one that is elected from and recorded, and of several the first.
    fn any(&mut self, paths: &'c [(String, Rule)]) {
        let law = self.voice.number.filter(|law| !self.is_within && !self.met.contains(law));
        self.met.extend(law);
        let is_elected = |name: &String| law.and(self.action.elected).is_none_or(|it| it == name);
        let is_bound = law.is_some() && self.action.elected.is_some();
        let is_offered = is_bound && paths.iter().any(|(name, _)| is_elected(name));
        self.is_offered |= is_offered;
        if is_bound && self.in_words {
            self.tell_offered(paths);
        }
        let before = self.reasons.len();
        let kept = self.kept();
        for (name, rule) in paths {
            if is_offered && !is_elected(name) {
                continue;
            }
            let tried = self.reasons.len();
            self.restore(kept);
            if self.passes(rule) {
                self.reasons.truncate(before);
                self.relied.extend(law.map(|law| self.voice.path(law, name)));
                return;
            }
            for reason in self.reasons[tried..].iter_mut().filter(|_| self.in_words) {
                reason.path.get_or_insert_with(|| name.clone());
            }
        }
        self.restore(kept);
        if !is_offered {
            let no_path = self.reason(ReasonCode::NoPath);
            self.reasons.insert(before, no_path);
        }
    }

    /// Remembers what a law offers to elect from.
    fn tell_offered(&mut self, paths: &[(String, Rule)]) {
        for (name, _) in paths {
            if !self.offered.iter().any(|it| *it == **name) {
                self.offered.push(Name::new(name));
            }
        }
    }

    /// What another profile asks of a resale, in its own voice.
    fn by(&mut self, profile: &'c Name, version: u32) {
        let Some(record) = PROFILES.read(self.ctx, &(profile.clone(), version)) else {
            return self.refuse(ReasonCode::PolicyError);
        };
        let Voice { layer, number, paths, source, says, .. } = self.voice;
        let voice = Voice { layer, paths, source, says, ..Voice::of(record, number) };
        let before = std::mem::replace(&mut self.voice, voice);
        self.all(&record.profile.resale);
        self.voice = before;
    }

    fn claim(&mut self, rule: &'c Rule) {
        let Rule::Claim { side, topic, at_least, at_most, providers, min_age, max_age, place } =
            rule
        else {
            return;
        };
        let mut found = Vec::new();
        let mut is_known = true;
        for (side, known) in self.sides(*side) {
            match known.standing.and_then(|standing| standing.says(self.voice.law, *place)) {
                Some(true) => continue,
                // It is judged without words: in words, claims are read.
                Some(false) => {
                    found.push(self.reason(ReasonCode::ClaimMissing));
                    continue;
                }
                None => {}
            }
            let now = known.died.unwrap_or(self.now);
            let is_aged = !min_age.is_zero() || max_age.is_some();
            let days = if is_aged { self.days() } else { Days::UTC };
            if min_age.business > 0 || max_age.is_some_and(|age| age.business > 0) {
                let claims = known.claims(self.ctx).map_or(0, |claims| claims.0.len());
                // Each of them, and the newest once more to say what it lacks.
                charge_days(self.ctx, *min_age, *max_age, claims + 3);
            }
            let mut is_meant = |claim: &Claim| {
                fits(rule, claim, days, now).unwrap_or_else(|| {
                    is_known = false;
                    false
                })
            };
            let mut counting = known.counting(self.ctx, self.now, *topic, providers, self.asked());
            if counting.any(&mut is_meant) {
                continue;
            }
            let mut reason = self.reason(ReasonCode::ClaimMissing).of(side).about(*topic);
            // A claim that is there and has run out, or is not old enough yet, says more.
            let claims = known.claims(self.ctx).filter(|_| self.in_words);
            let held = claims.into_iter().flat_map(|claims| &claims.0);
            let newest =
                held.filter(|claim| claim.topic == *topic).max_by_key(|it| (it.dated, it.issued));
            if let Some(claim) = newest {
                let is_past = |age| days.is_past(age, claim.dated, now).unwrap_or_default();
                if claim.expires <= now || max_age.is_some_and(is_past) {
                    reason = self.again(reason, ReasonCode::ClaimExpired);
                    let aged = max_age.and_then(|age| days.past(age, claim.dated));
                    reason.since = Some(aged.map_or(claim.expires, |it| it.min(claim.expires)));
                } else if !min_age.is_zero()
                    && days.is_over(*min_age, claim.issued, now) == Some(false)
                {
                    reason = self.again(reason, ReasonCode::CoolingOff);
                    reason.when = days.after(*min_age, claim.issued);
                } else if claim.value < *at_least {
                    reason = reason.amounts(claim.value, *at_least);
                } else if let Some(most) = at_most.filter(|most| claim.value > *most) {
                    reason = reason.amounts(claim.value, most);
                } else {
                    let mut any = known.counting(self.ctx, self.now, *topic, &[], self.asked());
                    if any.any(is_meant) {
                        reason = self.again(reason, ReasonCode::IssuerUntrusted);
                    }
                }
            }
            if self.in_words {
                reason.providers.clone_from(providers);
            }
            found.push(reason);
        }
        self.against(found);
        self.known(is_known.then_some(()));
    }

    /// When what holds now would hold no longer, of what a clock opens and closes.
    fn ends(&self, rule: &Rule) -> Option<Time> {
        match rule {
            Rule::Because { rule, .. } => self.ends(rule),
            Rule::Window { closes, .. } => *closes,
            Rule::Recurring(recurring) => recurring.next_turn(self.ctx, self.days(), self.now),
            Rule::All(rules) => rules.iter().filter_map(|rule| self.ends(rule)).min(),
            _ => None,
        }
    }

    fn recurring(&mut self, recurring: &Recurring) {
        let is_open = recurring.is_open(self.days(), self.now);
        if self.known(is_open) == Some(false) {
            let mut reason = self.reason(ReasonCode::WindowClosed);
            if self.in_words {
                reason.when = recurring.next_turn(self.ctx, self.days(), self.now);
            }
            self.reasons.push(reason);
        }
    }

    /// The same reason under a truer name, unless the rule has named it.
    fn again(&self, reason: Reason, code: ReasonCode) -> Reason {
        Reason { code: self.voice.says.unwrap_or(code), ..reason }
    }

    /// What a list forbids is forbidden to a human listed under any number, as [`Said`] has it.
    fn persons_listed(&mut self, rule: &'c Rule) {
        let Rule::List { side, mode, list, about, place, .. } = rule else { return };
        let bars = self.is_barring != (*mode == ListMode::Deny);
        let said = if bars { Said::OfAny } else { Said::OfOwn };
        let mut found = Vec::new();
        for (side, known) in self.sides(*side) {
            let mut numbers = known.numbers(said).map(Entry::Person);
            let stands = known.standing.and_then(|it| it.says(self.voice.law, *place));
            let is_listed =
                stands.unwrap_or_else(|| numbers.any(|it| self.is_on(*about, *list, it)));
            if is_listed != (*mode == ListMode::Allow) {
                found.push(self.unlisted(ReasonCode::NotListed, side, *list));
            }
        }
        self.against(found);
    }

    /// A wallet stands for itself: no other of its person's lets it pass, or bars it.
    fn wallets_listed(&mut self, rule: &'c Rule) {
        let Rule::List { side, mode, list, about, .. } = rule else { return };
        let mut found = Vec::new();
        for (side, _) in self.sides(*side) {
            let wallet = self.action.wallet(self.ctx, side).map(Entry::Wallet);
            // Who is approached has not said yet into which wallet: it is neither on the list nor off it.
            if wallet.is_none() && self.action.kind == Kind::Offer {
                if self.is_barring {
                    found.push(self.unlisted(ReasonCode::WalletNotWhitelisted, side, *list));
                }
                continue;
            }
            let is_listed = wallet.is_some_and(|it| self.is_on(*about, *list, it));
            if is_listed != (*mode == ListMode::Allow) {
                found.push(self.unlisted(ReasonCode::WalletNotWhitelisted, side, *list));
            }
        }
        self.against(found);
    }

    /// Those who approve are persons on a list of the asset.
    fn may_approve(&self, list: ListNumber, by: PersonId) -> bool {
        self.is_on(About::Asset, list, Entry::Person(by))
    }

    fn is_on(&self, about: About, list: ListNumber, entry: Entry) -> bool {
        let listed = LISTS.read(self.ctx, &(self.action.subject(about), list, entry));
        listed.is_some_and(|listed| listed.is_on(self.now))
    }

    fn unlisted(&self, code: ReasonCode, side: Side, list: ListNumber) -> Reason {
        let fact = self.in_words.then(|| list.to_string().into());
        Reason { fact, ..self.reason(code).of(side) }
    }

    fn fact(&mut self, rule: &Rule) {
        let Rule::Fact { about, fact, at_least, at_most, min_age, max_age } = rule else { return };
        let (mut when, mut amounts) = (None, None);
        let known = FACTS.read(self.ctx, &(self.action.subject(*about), fact.clone()));
        if let Some(known) = known.filter(|known| self.now < known.until && known.since <= self.now)
        {
            let fits = known.value >= *at_least && at_most.is_none_or(|most| known.value <= most);
            if !fits {
                let most = at_most.filter(|most| known.value > *most);
                amounts = Some((known.value, most.unwrap_or(*at_least)));
            }
            let (days, since, now) = (self.days(), known.since, self.now);
            charge_days(self.ctx, *min_age, *max_age, 2);
            if fits {
                let is_of_age = is_of_age(days, (since, since), now, *min_age, *max_age);
                if self.known(is_of_age).is_none_or(|is_of_age| is_of_age) {
                    return;
                }
                if self.in_words && days.is_over(*min_age, since, now) == Some(false) {
                    when = days.after(*min_age, since);
                }
            }
        }
        let mut reason = self.reason(ReasonCode::FactMissing);
        // What is not there carries no flag either.
        if reason.code == ReasonCode::DocFlag && amounts.is_none() {
            reason.code = ReasonCode::DocMissing;
        }
        let (have, need) = amounts.unzip();
        self.reasons.push(Reason { fact: Some(fact.clone()), when, have, need, ..reason });
    }

    /// Does a claim of one side name the other, now or not too long ago?
    fn is_tied(&self, topic: u32, between: Between, lookback: Span) -> Option<bool> {
        let issuer = self.action.facts.issuer;
        let from = self.from.as_ref();
        let to = self.to.as_ref();
        let about = self.asked();
        let says = |side: Option<&Known<'c>>, is_named: &dyn Fn(u64) -> bool| {
            let Some(side) = side else { return Some(false) };
            let claims = side.said(self.ctx, about).flat_map(|claims| &claims.0);
            let ties = claims.filter(|claim| claim.topic == topic && is_named(claim.value));
            either(ties.map(|claim| {
                let counts = side.counts(self.ctx, self.now, claim, about);
                if lookback.is_zero() || counts {
                    return Some(counts);
                }
                let Some(ended) = claim.ended(self.ctx, self.now) else { return Some(false) };
                self.ctx.charge(lookback.business.into());
                self.days().is_over(lookback, ended, self.now).map(|is_over| !is_over)
            }))
        };
        let names = |side: Option<&Known<'c>>, value| {
            side.is_some_and(|side| side.numbers(about).any(|number| number.0 == value))
        };
        let others = |_: &PersonId| about == Said::OfAny;
        let names_issuer = |value| {
            let mut others = identity::others(self.ctx, issuer).filter(others);
            issuer.0 == value || others.any(|number| number.0 == value)
        };
        let is_issuer = |side: Option<&Known<'c>>| side.is_some_and(|side| side.id == issuer);
        match between {
            Between::Parties => either([
                says(from, &|value| names(to, value)),
                says(to, &|value| names(from, value)),
            ]),
            Between::SenderAndIssuer => either([Some(is_issuer(from)), says(from, &names_issuer)]),
            Between::ReceiverAndIssuer => either([Some(is_issuer(to)), says(to, &names_issuer)]),
        }
    }

    /// One step after the other: of those that approve later than the last step was complete. A single step has no turn
    /// to keep, so that what was approved in parts serves too. What is relied on is used, and nothing else.
    fn approvals(&mut self, steps: &[Step]) {
        let Action { asset, from, to, units, .. } = *self.action;
        let exactly = Approved { asset, list: 0, from, to, units };
        let in_parts = Approved { units: Units::ZERO, ..exactly };
        let mut given = self.given(&exactly, 1);
        let mut have = 0;
        for step in steps {
            let mut good = BTreeSet::new();
            self.gather((step, steps), &mut given, (exactly, 1), &mut good);
            if good.len() < step.count() && steps.len() == 1 {
                let mut given = self.given(&in_parts, units.0);
                self.gather((step, steps), &mut given, (in_parts, units.0), &mut good);
            }
            have += good.len();
            if good.len() < step.count() {
                let need: usize = steps.iter().map(Step::count).sum();
                let reason = self.reason(ReasonCode::ApprovalMissing);
                let reason = reason.amounts(have as u128, need as u128);
                return self.reasons.push(Reason { turn: Some(*step), ..reason });
            }
        }
    }

    /// Those approvals that are good still, for so much, in the order of approving.
    fn given(&self, key: &Approved, needed: u128) -> impl Iterator<Item = &'c Approval> + use<'c> {
        let given = APPROVALS.read(self.ctx, &key.intended());
        let (now, given) = (self.now, given.map(|given| &given[..]).unwrap_or_default());
        given.iter().filter(move |one| now < one.until && one.left >= needed)
    }

    /// Adds who approves at a step of several until there are enough, and uses so much of what they approved: whoever
    /// does under two numbers does once, and at one step of the movement, whatever rules ask for it.
    fn gather(
        &mut self,
        (step, steps): (&Step, &[Step]),
        given: &mut impl Iterator<Item = &'c Approval>,
        (approved, needed): (Approved, u128),
        good: &mut BTreeSet<PersonId>,
    ) {
        let list = step.list();
        let approved = Approved { list, ..approved };
        while good.len() < step.count() {
            let Some(one) = given.next() else { return };
            let by = identity::counted_as(self.ctx, one.by);
            let is = |side: &Option<Known<'c>>| side.as_ref().is_some_and(|it| it.human == by);
            let counts = match step {
                Step::Sender => is(&self.from),
                Step::Receiver => is(&self.to),
                // Whose own word is asked for too gives that, and none of a list's.
                Step::Of { list, .. } => {
                    let is_asked = steps.contains(&Step::Sender) && is(&self.from)
                        || steps.contains(&Step::Receiver) && is(&self.to);
                    !is_asked && self.may_approve(*list, one.by)
                }
            };
            if one.list == list && counts && !self.fills_another(by, list) && good.insert(by) {
                self.follows(Consequence::Spend(Spent { approved, by: one.by, needed }));
            }
        }
    }

    /// True if a human's approval is relied on already as one of another list.
    fn fills_another(&self, human: PersonId, list: ListNumber) -> bool {
        self.consequences.iter().any(|consequence| match consequence {
            Consequence::Spend(Spent { approved, by, .. }) => {
                approved.list != list && identity::counted_as(self.ctx, *by) == human
            }
            _ => false,
        })
    }

    /// Follows once, however many rules ask for it.
    fn follows(&mut self, consequence: Consequence) {
        if !self.consequences.contains(&consequence) {
            self.consequences.push(consequence);
        }
    }

    fn effect(&mut self, effect: &Effect) {
        match effect {
            Effect::Free => self.stamp.free = true,
            Effect::Restart => self.stamp.restart = true,
            Effect::Fee { part, to } => self.fee(*part, *to),
            Effect::Duty { duty, due, roll } => {
                let profile = self.voice.profile.clone();
                let days = self.days();
                self.ctx.charge(due.business.into());
                let due = match due.hours {
                    0 => days.date(self.now).and_then(|day| duty::due(days, *due, *roll, day)),
                    _ => days.after(*due, self.now),
                };
                let Some(due) = self.known(due) else { return };
                self.consequences.push(Consequence::Duty { profile, duty: duty.clone(), due });
            }
        }
    }

    /// A part of what moves by the giver's will, on top of it. Both must be free, with what other fees take.
    fn fee(&mut self, part: Bps, to: PersonId) {
        let collector = identity::counted_as(self.ctx, to);
        let is_paid =
            |side: &Option<Known<'c>>| side.as_ref().is_some_and(|known| known.human != collector);
        let Action { kind, units, free, .. } = *self.action;
        let is_by_will = kind == Kind::Transfer && !self.action.is_placement();
        let fee = Units(part.of(units.0));
        if !is_by_will || !is_paid(&self.from) || !is_paid(&self.to) || fee.is_zero() {
            return;
        }
        let fees = self.consequences.iter().filter_map(|consequence| match consequence {
            Consequence::Fee { units, .. } => Some(units.0),
            _ => None,
        });
        let need = fees.chain([units.0, fee.0]).fold(0, u128::saturating_add);
        // That not even what moves is free is the ledger's to say.
        if need > free.0 && units <= free && !self.is_within {
            let held = self.from.as_ref().map_or(Units::ZERO, Known::units);
            let code = match held.0 < need {
                true => ReasonCode::InsufficientBalance,
                false => ReasonCode::UnitsHeld,
            };
            let mut reason = self.reason(code).of(Side::Sender).amounts(free.0, need);
            reason.path = self.in_words.then(|| "fee".to_owned());
            self.reasons.push(reason);
        }
        self.consequences.push(Consequence::Fee { to, units: fee });
    }

    /// True if holders are counted by a filter, of a class if one is named.
    fn counts(&self, filter: Filter, class: Option<ClassId>) -> bool {
        self.counting.has(filter) && (class.is_none() || self.counting.by_class)
    }

    /// How many holders a filter counts, of a class if one is named; nothing known if it is not counted.
    pub(super) fn holders(&self, filter: Filter, class: Option<ClassId>) -> Option<u32> {
        let (issuer, of) = (self.action.facts.issuer, (self.action.asset, class));
        let holders = || count::holders(self.ctx, self.counting, issuer, of, filter);
        self.counts(filter, class).then(holders)
    }

    /// True if it is the issuer, who holds its own and counts as no holder of it.
    pub(super) fn is_issuer(&self, known: &Known<'c>) -> bool {
        identity::counted_as(self.ctx, self.action.facts.issuer) == known.human
    }

    /// Persons before and after: +1 if the receiver comes, -1 if the sender leaves. An excess that is
    /// there already may shrink and not grow. COM-4. A cap takes a sender that leaves with a later leg of
    /// the batch for gone; a floor asks at the leg with which it leaves, when those that came are counted.
    fn count(&mut self, filter: Filter, scope: Scope, max: Option<u32>, min: Option<u32>) {
        let action = self.action;
        let (class, giving) = match scope {
            Scope::Class if action.class.is_none() => return,
            Scope::Class => (action.class, action.giving_of_class),
            _ => (None, action.giving),
        };
        if !self.counts(filter, class) {
            return self.refuse(ReasonCode::PolicyError);
        }
        let is_new = |to: &Known<'c>| {
            to.units_of(class).is_zero() && self.matches(to, filter) && !self.is_issuer(to)
        };
        let comes = !action.units.is_zero() && self.to.as_ref().is_some_and(is_new);
        let holds = |from: &&Known<'c>| !from.units_of(class).is_zero();
        let counted = self.from.as_ref().filter(holds);
        let counted = counted.filter(|from| self.is_counted(from, filter) && !self.is_issuer(from));
        let leaves = counted.is_some_and(|from| from.units_of(class) <= giving);
        let leaves_now = counted.is_some_and(|from| from.units_of(class) <= action.units);
        // Where nobody comes nor leaves, nobody need be counted.
        if !comes && !leaves_now {
            return;
        }
        let before = self.holders(filter, class).unwrap_or(0);
        self.bound_count(before, (comes, leaves, leaves_now), max, min);
    }

    /// The bounds of a count: somebody comes, somebody leaves in the end, somebody leaves with this very movement.
    pub(super) fn bound_count(
        &mut self,
        before: u32,
        (comes, leaves, leaves_now): (bool, bool, bool),
        max: Option<u32>,
        min: Option<u32>,
    ) {
        let after = (before + u32::from(comes)).saturating_sub(u32::from(leaves));
        if let Some(max) = max
            && comes
            && after > max
        {
            self.reasons.push(self.reason(ReasonCode::CapPersons).amounts(after, max));
        }
        if let Some(min) = min
            && leaves_now
            && after < min
        {
            let reason = self.reason(ReasonCode::FloorPersons).of(Side::Sender);
            self.reasons.push(reason.amounts(after, min));
        }
    }

    /// Would this person be counted by the filter?
    pub(super) fn matches(&self, known: &Known<'c>, filter: Filter) -> bool {
        let resides = |country| known.person.is_some_and(|person| person.residence == country);
        let has = |topic| known.has(self.ctx, self.now, topic, Said::OfAny);
        match filter {
            Filter::All => true,
            Filter::Country(country) => resides(country),
            Filter::With(topic) => has(topic),
            Filter::Without(topic) => !has(topic),
            Filter::CountryWith(country, topic) => resides(country) && has(topic),
            Filter::CountryWithout(country, topic) => resides(country) && !has(topic),
        }
    }

    /// Is this holder counted by the filter, as it was last counted? Not as it would be counted now: what
    /// leaves a count must be in it.
    pub(super) fn is_counted(&self, known: &Known<'c>, filter: Filter) -> bool {
        known.held.is_some_and(|held| self.counting.is_in(held.country, held.has, filter))
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
            let part = max_part.map(|part| match self.is_barring {
                false => Units(part.of(outstanding)),
                true => Units(part.of_rounded_up(outstanding)),
            });
            for limit in [*max, part].into_iter().flatten().filter(|limit| after > *limit) {
                found.push(
                    self.reason(ReasonCode::AboveMax).of(Side::Receiver).amounts(after.0, limit.0),
                );
            }
            if let Some(min) = min.filter(|min| after < *min) {
                found.push(
                    self.reason(ReasonCode::BelowMin).of(Side::Receiver).amounts(after.0, min.0),
                );
            }
        }
        if let Some(from) = self.from.as_ref().filter(|from| from.id != action.facts.issuer) {
            let before = from.units();
            let after = before.saturating_sub(action.giving);
            if let Some(min) = min.filter(|min| !after.is_zero() && after < *min) {
                found.push(
                    self.reason(ReasonCode::BelowMin).of(Side::Sender).amounts(after.0, min.0),
                );
            }
            if *full_only && !after.is_zero() {
                found.push(
                    self.reason(ReasonCode::FullOnly).of(Side::Sender).amounts(before.0, 0u32),
                );
            }
        }
        self.against(found);
    }

    /// Locked units move only to receivers that the rule frees. Redeeming is giving back to the issuer.
    fn lot(&mut self, days: u32, months: u32, free_to: &[u32], inherit: Inherit) {
        let action = self.action;
        if !action.kind.is(Kind::Transfer) {
            return;
        }
        self.stamp.restart |= match inherit {
            Inherit::Keep => false,
            Inherit::Restart => true,
            // Who is secured with recourse goes on with the pledgor's clock, whoever the pledgor is.
            Inherit::RestartIfFrom(topic) => {
                let has = |from: &Known<'c>| from.has(self.ctx, self.now, topic, Said::OfAny);
                action.kind != Kind::RecoursePledge && self.from.as_ref().is_some_and(has)
            }
        };
        if self.lots().is_empty() {
            return;
        }
        let is_free = |to: &Known<'c>| {
            free_to.iter().any(|topic| to.has(self.ctx, self.now, *topic, self.asked()))
        };
        if self.to.as_ref().is_some_and(|to| to.id == action.facts.issuer || is_free(to)) {
            return;
        }
        self.ctx.charge(LOT_WORK * self.lots().len() as u64);
        let needed = self.moving();
        let (lock, calendar, now) = (Span::of(months, days), self.days(), self.now);
        let paid: Units = self.lots().iter().filter(|lot| lot.is_paid()).map(|lot| lot.units).sum();
        if paid < needed {
            let unpaid = self.reason(ReasonCode::UnpaidLot).of(Side::Sender);
            return self.reasons.push(unpaid.amounts(paid.0, needed.0));
        }
        // The clock of what is placed begins with that.
        if action.is_placement() {
            return;
        }
        let mut is_known = true;
        let is_unlocked = |lot: &&Lot| {
            calendar.is_over(lock, lot.anchor, now).unwrap_or_else(|| {
                is_known = false;
                false
            })
        };
        let paid = || self.lots().iter().filter(|lot| lot.is_paid());
        let unlocked: Units = paid().filter(is_unlocked).map(|lot| lot.units).sum();
        if unlocked < needed {
            // What unlocks beyond the calendar has no date yet.
            let unlocks = |lot: &Lot| Some((calendar.after(lock, lot.anchor)?, lot.units));
            let told = paid().filter(|_| self.in_words);
            let mut times: Vec<_> = told.filter_map(unlocks).collect();
            times.sort_unstable();
            let mut total = Units::ZERO;
            let enough = times.into_iter().find(|(_, units)| {
                total += *units;
                total >= needed
            });
            let mut reason =
                self.reason(ReasonCode::LockedLot).of(Side::Sender).amounts(unlocked.0, needed.0);
            reason.when = enough.map(|(when, _)| when);
            reason.country = self.from.as_ref().and_then(|it| it.person).map(|it| it.residence);
            self.reasons.push(reason);
            self.known(is_known.then_some(()));
        }
    }
}

/// Gas of counting business days from so many dates.
pub(crate) fn charge_days(ctx: &Context<'_>, min_age: Span, max_age: Option<Span>, dates: usize) {
    let most = max_age.map_or(0, |age| age.business);
    let business = u64::from(min_age.business) + u64::from(most);
    ctx.charge(DAY_WORK * business * dates as u64);
}

/// Is a claim on the topic that a rule asks about of the value and the age that it asks for? Not known where days are
/// not.
pub(crate) fn fits(rule: &Rule, claim: &Claim, days: Days<'_>, now: Time) -> Option<bool> {
    let Rule::Claim { at_least, at_most, min_age, max_age, .. } = rule else { return Some(false) };
    let is_meant = claim.value >= *at_least && at_most.is_none_or(|most| claim.value <= most);
    match is_meant {
        true => is_of_age(days, (claim.issued, claim.dated), now, *min_age, *max_age),
        false => Some(false),
    }
}

/// True if one of several is; not known if none is and one is not known.
fn either(all: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    all.into_iter()
        .try_fold(Some(false), |any, one| match one {
            Some(true) => Err(Some(true)),
            Some(false) => Ok(any),
            None => Ok(None),
        })
        .unwrap_or_else(|found| found)
}

/// True if what has been so since then is so for long enough, and what it rests on is not dated too far back: the last
/// day of that age counts.
fn is_of_age(
    days: Days<'_>,
    (since, dated): (Time, Time),
    now: Time,
    min_age: Span,
    max_age: Option<Span>,
) -> Option<bool> {
    let is_old_enough = min_age.is_zero() || days.is_over(min_age, since, now)?;
    let is_too_old = match max_age {
        None => false,
        Some(age) => days.is_past(age, dated, now)?,
    };
    Some(is_old_enough && !is_too_old)
}

/// About which side a rule is, if about one.
fn side_of(rule: &Rule) -> Option<Side> {
    let side = match rule {
        Rule::Because { rule, .. } | Rule::Not(rule) => return side_of(rule),
        Rule::Claim { side, .. } | Rule::Countries { side, .. } | Rule::List { side, .. } => *side,
        Rule::Pair { between: Between::SenderAndIssuer, .. } => Side::Sender,
        Rule::Pair { between: Between::ReceiverAndIssuer, .. } => Side::Receiver,
        _ => return None,
    };
    Some(side).filter(|side| *side != Side::Both)
}

/// What the claim is about that a rule asks for, if it asks for one.
fn topic_of(rule: &Rule) -> Option<u32> {
    match rule {
        Rule::Because { rule, .. } => topic_of(rule),
        Rule::Claim { topic, .. } | Rule::Pair { topic, .. } => Some(*topic),
        _ => None,
    }
}

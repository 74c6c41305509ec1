//! Walks the rules of every layer over one movement and gathers every reason against it.

mod amounts;
mod law;
mod owners;
mod rules;

use crate::{
    ADOPTIONS, Action, Adoption, AssetFacts, COUNTED, Counted, Counting, Decision, Epoch,
    Exemptions, ISSUED_BY, Kind, Layer, Lot, MeterKey, POLICIES, Path, Paths, Pick, PolicyRecord,
    ProfileRecord, Reason, ReasonCode, Rule, Side, Standing, VENUES, calendar, count,
    decide::Consequence, venue::is_venue,
};
use identity::{
    CLAIMS, Claim, Claims, Person, SUSPENSIONS,
    topic::{DUE_DILIGENCE, UNDER_REVIEW},
};
pub(crate) use rules::{RULE_WORK, charge_days, fits};
use smallvec::SmallVec;
use state::Context;
use std::cell::OnceCell;
use types::{AccountId, AssetId, ClassId, Currency, Days, Halt, Name, PersonId, Time, Units};

/// Judges as of a time, which is now except when a refusal looks ahead.
///
/// Paths that were tried in vain say nothing where another passed: only what is refused is judged again, in words.
pub(crate) fn judge(ctx: &Context<'_>, action: &Action<'_>, now: Time) -> Decision {
    let decision = judged(ctx, action, now, false);
    if decision.is_allowed() { decision } else { judged(ctx, action, now, true) }
}

/// The same, in words or not. In words, everything is asked, and read, that stands in the way, and reasons say where
/// their rules are written and on which path. Without, what standings say need not be read, and what one reason refuses
/// need not be asked further: whether it may happen, and what follows, is the same.
pub(crate) fn judged(
    ctx: &Context<'_>,
    action: &Action<'_>,
    now: Time,
    in_words: bool,
) -> Decision {
    let record = POLICIES.read(ctx, &action.asset);
    let counting = record.map_or(Counting::PLAIN, |record| &record.counting);
    let mut judge = Judge::new(ctx, action, now, counting);
    judge.in_words = in_words;
    judge.adoptions = ADOPTIONS.read(ctx, &action.asset).map(|all| &all[..]).unwrap_or_default();
    if !in_words {
        judge.stand(record.map_or(0, |record| record.version));
    }
    judge.network();
    judge.assets_held();
    // The same person before and after: lots go along, nothing else changes.
    let is_internal = judge.is_internal();
    let mut contract = None;
    match action.kind {
        Kind::Forced => judge.made_unsold(),
        _ if is_internal => {}
        _ => judge.law(),
    }
    match record {
        _ if action.kind == Kind::Forced => {}
        _ if action.kind == Kind::Offer => {}
        None => judge.refuse(ReasonCode::NoPolicy),
        Some(_) if is_internal => {}
        Some(record) => {
            judge.voice = Voice::policy(record);
            judge.all(&record.policy.rules);
            contract = record.policy.contract;
        }
    }
    if action.kind.is(Kind::Transfer) && !is_internal {
        judge.venue();
    }
    judge.goes_as_elected();
    if in_words {
        judge.tell_more();
    }
    let Judge { reasons, stamp, exemptions, keeps, consequences, mut picks, .. } = judge;
    let (mut relied, of_lots) = (judge.relied, judge.of_lots);
    // Each lot goes by the paths of its own profiles, and by those of what binds all of them.
    if !picks.is_empty() && relied.len() > of_lots {
        let of_all: Paths = relied[of_lots..].iter().collect();
        picks.iter_mut().for_each(|pick| pick.paths = pick.paths.and(&of_all));
    }
    first_of_each_law(&mut relied);
    Decision {
        reasons,
        paths: relied,
        exemptions,
        keeps,
        restart: stamp.restart,
        is_internal,
        contract,
        picks,
        consequences,
        ..Decision::default()
    }
}

/// Of several paths of one law the first is the movement's.
fn first_of_each_law(relied: &mut SmallVec<[Path; 2]>) {
    for place in (1..relied.len()).rev() {
        let law = relied[place].law;
        if relied[..place].iter().any(|path| path.law == law) {
            relied.remove(place);
        }
    }
}

/// No movement of an asset: what its issuer has of its own is known to be that.
fn still(ctx: &Context<'_>, asset: AssetId) -> Action<'static> {
    let facts = ISSUED_BY.get(ctx, &asset).map(AssetFacts::of);
    let none = Action::none(asset);
    Action { facts: facts.unwrap_or(none.facts), ..none }
}

/// A question about the money that was paid under a profile that an asset adopted.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'c> {
    pub asset: AssetId,
    /// Who asks for its own back; nobody if the issuer asks for all.
    pub person: Option<PersonId>,
    /// The number under which the profile was adopted.
    pub number: u16,
    pub law: &'c ProfileRecord,
}

impl<'c> Asked<'c> {
    /// The rules that answer it.
    pub(crate) fn rules(&self) -> &'c [Rule] {
        let [release, withdraw] = self.law.profile.money_sets();
        if self.person.is_none() { release.1 } else { withdraw.1 }
    }

    /// Nothing moves: money goes to the person, or to the issuer.
    pub(crate) fn action(&self, ctx: &Context<'_>) -> Action<'static> {
        let still = still(ctx, self.asset);
        let from = self.person.is_none().then_some(still.facts.issuer);
        Action { from, to: self.person, ..still }
    }
}

/// Answers it as of a time, in words or not. Who is sanctioned, under review or suspended gets nothing; what else the network
/// asks of who gets units is not asked of who has its own money back.
pub(crate) fn asked(
    ctx: &Context<'_>,
    question: &Asked<'_>,
    now: Time,
    in_words: bool,
) -> Decision {
    let action = question.action(ctx);
    let mut judge = Judge::new(ctx, &action, now, Counting::PLAIN);
    judge.in_words = in_words;
    judge.may_be_paid();
    judge.of_money(question);
    let Judge { reasons, relied, .. } = judge;
    Decision { reasons, paths: relied, ..Decision::default() }
}

/// Do these conditions hold of an asset at a time, without any movement?
pub(crate) fn holds(
    ctx: &Context<'_>,
    asset: AssetId,
    (days, now): (Days<'_>, Time),
    rules: &[Rule],
) -> bool {
    let action = still(ctx, asset);
    let counting = POLICIES.read(ctx, &asset).map_or(Counting::PLAIN, |record| &record.counting);
    let mut judge = Judge::new(ctx, &action, now, counting);
    judge.voice = Voice { days: days.into(), ..Voice::issuer(&None) };
    judge.all(rules)
}

/// Why a condition of an asset does not hold, without any movement: what is there, and what should be.
pub(crate) fn unmet(ctx: &Context<'_>, asset: AssetId, rule: &Rule) -> Option<(u128, u128)> {
    let action = still(ctx, asset);
    let counting = POLICIES.read(ctx, &asset).map_or(Counting::PLAIN, |record| &record.counting);
    let mut judge = Judge::new(ctx, &action, ctx.now(), counting);
    judge.passes(rule);
    let reason = judge.reasons.into_iter().next()?;
    reason.have.zip(reason.need).map(|(have, need)| (have.0, need.0))
}

/// Does a rule that compares let this movement pass, or bar it where it is negated or a guard?
pub(crate) fn compares(ctx: &Context<'_>, action: &Action<'_>, rule: &Rule, bars: bool) -> bool {
    let counting = POLICIES.read(ctx, &action.asset);
    let counting = counting.map_or(Counting::PLAIN, |record| &record.counting);
    let mut judge = Judge::new(ctx, action, ctx.now(), counting);
    judge.is_barring = bars;
    judge.passes(rule)
}

/// May this account be on one side of transfers at all, whoever is on the other? What the network asks of its
/// person, and those rules of the policy that are about it alone and stand under no condition.
pub fn may_take_part(ctx: &Context<'_>, asset: AssetId, account: AccountId, side: Side) -> bool {
    let Some(record) = POLICIES.read(ctx, &asset) else { return false };
    let (gives, gets) = (side != Side::Receiver, side != Side::Sender);
    let action = Action {
        kind: Kind::Transfer,
        facts: AssetFacts::of(account.person),
        from: gives.then_some(account.person),
        to: gets.then_some(account.person),
        from_account: gives.then_some(account),
        to_account: gets.then_some(account),
        ..Action::none(asset)
    };
    let mut judge = Judge::new(ctx, &action, ctx.now(), &record.counting);
    judge.network();
    judge.voice = Voice::policy(record);
    judge.about_one(&record.policy.rules);
    judge.reasons.is_empty()
}

/// About which numbers of a human something must be said for it to be so.
///
/// What lets a movement pass must be said of the number that moves; what bars it bars it whichever number it is
/// said of. So a merger lets nobody do what none of its numbers might: rounded against the mover.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// Of the number on this side of the movement.
    OfOwn,
    /// Of any of the human's.
    OfAny,
}

/// What is known about a side, each record read once.
struct Known<'c> {
    id: PersonId,
    person: Option<&'c Person>,
    /// Who is counted, under whichever number it moves.
    human: PersonId,
    /// All numbers of the human, if it has several.
    merged: &'c [PersonId],
    claims: OnceCell<Option<&'c Claims>>,
    /// What it holds of the asset, if anything, and as what it is counted.
    held: Option<&'c Counted>,
    /// What was found of it, while that is good.
    standing: Option<&'c Standing>,
    /// When it died, if it is a giver that did: what it had promised is delivered, as of then.
    died: Option<Time>,
}

impl<'c> Known<'c> {
    fn of(ctx: &'c Context<'_>, asset: AssetId, id: PersonId) -> Self {
        let person = identity::person(ctx, id);
        let human = person.and_then(|person| person.counted_as).unwrap_or(id);
        Self {
            id,
            person,
            human,
            merged: person.map_or(&[], |person| identity::merged(ctx, person)),
            claims: OnceCell::new(),
            held: COUNTED.read(ctx, &(asset, human)),
            standing: None,
            died: None,
        }
    }

    fn giver(self) -> Self {
        let death = self.person.and_then(|person| person.death);
        Self { died: death.map(|death| death.died), ..self }
    }

    /// The numbers about which something is to be said.
    fn numbers(&self, about: Said) -> impl Iterator<Item = PersonId> + use<'c> {
        let (id, merged) = (self.id, if about == Said::OfAny { self.merged } else { &[] });
        let others = merged.iter().copied().filter(move |other| *other != id);
        std::iter::once(id).chain(others)
    }

    /// What is said about it: not read where its standing says enough.
    fn claims(&self, ctx: &'c Context<'_>) -> Option<&'c Claims> {
        *self.claims.get_or_init(|| CLAIMS.read(ctx, &self.id))
    }

    fn is_diligent(&self, ctx: &'c Context<'_>, now: Time) -> bool {
        let stands = self.standing.is_some_and(|standing| standing.is_diligent);
        stands || DUE_DILIGENCE.iter().any(|topic| self.has(ctx, now, *topic, Said::OfOwn))
    }

    /// Is a match with a sanctions list looked into, whichever number of the human it is about and whoever says so?
    fn is_reviewed(&self, ctx: &'c Context<'_>, now: Time) -> bool {
        match self.standing {
            Some(standing) => standing.is_reviewed,
            None => self.has(ctx, now, UNDER_REVIEW, Said::OfAny),
        }
    }

    fn units(&self) -> Units {
        self.held.map_or(Units::ZERO, |held| held.units)
    }

    /// What it holds of a class, or of all if none is named.
    fn units_of(&self, class: Option<ClassId>) -> Units {
        let of = |held: &Counted| class.map_or(held.units, |class| held.of_class(class));
        self.held.map_or(Units::ZERO, of)
    }

    /// The claims on this topic that count, about this number alone or about any that the human has.
    fn counting(
        &self,
        ctx: &'c Context<'_>,
        now: Time,
        topic: u32,
        providers: &'c [PersonId],
        about: Said,
    ) -> impl Iterator<Item = &'c Claim> {
        let said = self.said(ctx, about).flat_map(move |claims| claims.about(topic, providers));
        said.filter(move |claim| self.counts(ctx, now, claim, about))
    }

    /// Does a claim about it count? Nobody renews what is said of the dead: what was said of a giver when it died lets
    /// its promise pass, while the provider stands for it, and bars it; what is said of it now bars it too.
    fn counts(&self, ctx: &Context<'_>, now: Time, claim: &Claim, about: Said) -> bool {
        match (self.died, about) {
            (None, _) => claim.counts_at(ctx, now),
            (Some(died), Said::OfOwn) => claim.counted_at(ctx, died, now),
            (Some(died), Said::OfAny) => {
                claim.counted_at(ctx, died, now) || claim.counts_at(ctx, now)
            }
        }
    }

    /// What is said about these numbers, this one first.
    fn said(&self, ctx: &'c Context<'_>, about: Said) -> impl Iterator<Item = &'c Claims> {
        let others = self.numbers(about).skip(1).filter_map(|other| CLAIMS.read(ctx, &other));
        self.claims(ctx).into_iter().chain(others)
    }

    fn has(&self, ctx: &'c Context<'_>, now: Time, topic: u32, about: Said) -> bool {
        self.counting(ctx, now, topic, &[], about).next().is_some()
    }
}

/// Who is speaking: the layer, and the profile whose rules are read.
struct Voice<'c> {
    layer: Layer,
    /// The profile's name; empty for the asset's own policy.
    profile: &'c Name,
    /// The number under which it was adopted; 0 for the asset's own policy, none for who names no paths: the law
    /// of the land, a venue.
    number: Option<u16>,
    /// The names of the paths that it offers.
    paths: &'c [Name],
    /// Under which number standings know whose conditions are asked.
    law: u32,
    /// Where the rule is written, if it says so.
    source: Option<&'c str>,
    /// What its reasons are called, if not by their own names.
    says: Option<ReasonCode>,
    /// The calendar by which it counts days.
    calendar: &'c Option<Name>,
    /// How it counts days: looked up where a rule asks.
    days: OnceCell<Days<'c>>,
}

static NO_PROFILE: Name = Name::new_static("");

impl<'c> Voice<'c> {
    fn issuer(calendar: &'c Option<Name>) -> Self {
        let (layer, profile, number) = (Layer::Issuer, &NO_PROFILE, None);
        let (law, source, says, days) = (0, None, None, OnceCell::new());
        Self { layer, profile, number, paths: &[], law, source, says, calendar, days }
    }

    fn policy(record: &'c PolicyRecord) -> Self {
        let (number, paths) = (Some(0), &record.paths[..]);
        Self { number, paths, ..Self::issuer(&record.policy.calendar) }
    }

    fn of(record: &'c ProfileRecord, number: Option<u16>) -> Self {
        let ProfileRecord { number: law, profile, paths, .. } = record;
        let (layer, law, says) = (Layer::Jurisdiction, *law, Self::issuer(&profile.calendar));
        Self { layer, profile: &profile.id, number, paths, law, ..says }
    }

    /// A path of this law, by its name.
    fn path(&self, law: u16, name: &str) -> Path {
        let place = self.paths.iter().position(|known| **known == *name);
        let place = place.and_then(|place| u8::try_from(place + 1).ok());
        let place = place.expect("what rules offer was numbered when they were registered");
        Path { law, place, name: Name::new(name) }
    }
}

/// What the lots will be stamped with, as far as rules that hold have said.
#[derive(Clone, Copy, Default)]
struct Stamp {
    restart: bool,
    /// True if the units come free of the profile under which they were issued.
    free: bool,
}

struct Judge<'c, 's> {
    ctx: &'c Context<'s>,
    action: &'c Action<'c>,
    now: Time,
    from: Option<Known<'c>>,
    to: Option<Known<'c>>,
    venue: Option<Known<'c>>,
    /// As what holders are counted.
    counting: &'c Counting,
    /// The profiles that the asset has adopted.
    adoptions: &'c [Adoption],
    voice: Voice<'c>,
    reasons: Vec<Reason>,
    /// True if every reason is asked for, and says where its rule is written and on which path.
    in_words: bool,
    stamp: Stamp,
    /// The paths relied on: of each lot, if lots are looked at one by one, then of all of them.
    relied: SmallVec<[Path; 2]>,
    /// How many of them lots were picked by.
    of_lots: usize,
    /// The laws whose choice was met, of what is looked at.
    met: SmallVec<[u16; 2]>,
    /// True once a law was met that offers the path that was elected.
    is_offered: bool,
    /// The paths that laws were met to offer, where one was elected, in words.
    offered: Vec<Name>,
    /// What is paid for what is looked at.
    paid: Option<(Currency, u128)>,
    /// The adopted profiles relied on.
    exemptions: Exemptions,
    /// Those that the units stay under.
    keeps: Exemptions,
    /// The lots that may go, where their profiles say which.
    picks: SmallVec<[Pick; 1]>,
    /// True within what is negated, or a guard: there it bars the movement if a rule holds.
    is_barring: bool,
    /// True within any of them, however deep: there it matters whether an answer is known, so everything is asked.
    is_within: bool,
    /// True while limits are looked at as they were before the movement.
    is_before: bool,
    /// True if the answer of the rule that was read last is not known.
    is_unknown: bool,
    /// The lots that rules look at, if not all of the movement's.
    narrowed: Option<SmallVec<[Lot; 1]>>,
    /// What meters had no room for, by the lots of this movement tried before: more is asked of a meter than one
    /// lot's units.
    refused: Vec<(MeterKey, Lot, u128)>,
    consequences: Vec<Consequence>,
}

impl<'c, 's> Judge<'c, 's> {
    fn new(
        ctx: &'c Context<'s>,
        action: &'c Action<'c>,
        now: Time,
        counting: &'c Counting,
    ) -> Self {
        Self {
            ctx,
            action,
            now,
            from: action.from.map(|id| Known::of(ctx, action.asset, id).giver()),
            to: action.to.map(|id| Known::of(ctx, action.asset, id)),
            venue: action
                .through
                .map(|id| Known::of(ctx, action.asset, id))
                .filter(|known| is_venue(ctx, known.claims(ctx), now)),
            counting,
            adoptions: &[],
            voice: Voice::issuer(&None),
            reasons: Vec::new(),
            in_words: false,
            stamp: Stamp::default(),
            relied: SmallVec::new(),
            of_lots: 0,
            met: SmallVec::new(),
            is_offered: false,
            offered: Vec::new(),
            paid: action.paid,
            exemptions: Exemptions::NONE,
            keeps: Exemptions::NONE,
            picks: SmallVec::new(),
            is_barring: false,
            is_within: false,
            is_before: false,
            is_unknown: false,
            narrowed: None,
            refused: Vec::new(),
            consequences: Vec::new(),
        }
    }

    /// A reason in the voice of who is speaking.
    fn reason(&self, code: ReasonCode) -> Reason {
        let mut reason = Reason::new(self.voice.layer, self.voice.says.unwrap_or(code));
        reason.source = self.source();
        reason
    }

    /// Where the rule is written that speaks.
    fn source(&self) -> Option<String> {
        self.voice.source.filter(|_| self.in_words).map(str::to_owned)
    }

    /// How who is speaking counts days.
    fn days(&self) -> Days<'c> {
        let Voice { calendar, days, .. } = &self.voice;
        *days.get_or_init(|| calendar::days(self.ctx, calendar).as_of(self.now))
    }

    fn refuse(&mut self, code: ReasonCode) {
        self.reasons.push(self.reason(code));
    }

    /// Adds what was found to stand in the way: most often nothing.
    fn against(&mut self, found: Vec<Reason>) {
        if !found.is_empty() {
            self.reasons.extend(found);
        }
    }

    /// What a calendar knows; else the answer is not known, which refuses and says what to extend.
    fn known<T>(&mut self, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.is_unknown = true;
            let mut reason = Reason::new(self.voice.layer, ReasonCode::PolicyError);
            reason.source = self.source();
            reason.fact = self.days().calendar().map(|calendar| calendar.id.clone());
            self.reasons.push(reason);
        }
        found
    }

    /// About which numbers that must be said which a rule asks here.
    fn asked(&self) -> Said {
        if self.is_barring { Said::OfAny } else { Said::OfOwn }
    }

    fn sides(&self, side: Side) -> impl Iterator<Item = (Side, &Known<'c>)> {
        side.each().iter().filter_map(|side| {
            let known = match side {
                Side::Sender => &self.from,
                Side::Receiver => &self.to,
                Side::Venue => &self.venue,
                Side::Both => return None,
            };
            Some((*side, known.as_ref()?))
        })
    }

    /// What is asked of a venue holds of none where units move without one.
    fn lacks_venue(&mut self, side: Side) -> bool {
        let lacks = side == Side::Venue && self.venue.is_none();
        if lacks {
            self.refuse(ReasonCode::VenueForbidden);
        }
        lacks
    }

    /// What the venue asks of everything that moves through it.
    fn venue(&mut self) {
        let Some(venue) = self.venue.as_ref().map(|venue| venue.id) else { return };
        if let Some(record) = VENUES.read(self.ctx, &venue) {
            let (layer, profile) = (Layer::Venue, &record.name);
            let says = Voice::issuer(&record.asked.calendar);
            self.voice = Voice { layer, profile, ..says };
            self.all(&record.asked.rules);
        }
    }

    /// Takes what was found of both sides, as far as it is good, under this version of the policy. What was found of a
    /// number before it was one of several of a human says nothing of the others.
    fn stand(&mut self, policy: u32) {
        let (adopted, outdated) = (self.adoptions.len() as u32, identity::outdated(self.ctx));
        for known in [&mut self.from, &mut self.to].into_iter().flatten() {
            let alone = known.person.filter(|person| person.counted_as.is_none());
            let Some((person, held)) = alone.zip(known.held) else { continue };
            let epoch = Epoch { policy, adopted, outdated, person: person.epoch };
            known.standing = Some(&held.standing).filter(|it| it.is_good(epoch, self.now));
        }
    }

    /// The rules that look at one side alone.
    fn about_one(&mut self, rules: &'c [Rule]) {
        for rule in rules {
            match rule {
                Rule::Claim { .. } | Rule::Countries { .. } | Rule::List { .. } => {
                    self.passes(rule);
                }
                Rule::Because { rule, .. } => self.about_one(std::slice::from_ref(rule)),
                Rule::All(rules) => self.about_one(rules),
                _ => {}
            }
        }
    }

    fn lots(&self) -> &[Lot] {
        self.narrowed.as_deref().unwrap_or(self.action.lots)
    }

    /// Both persons registered, active, not sanctioned, their due diligence current, and who gets what was not its own not
    /// under review: that suspends new inflow only, RULEBOOK section 3.2. An order may take from anyone and give to nobody
    /// who could not receive. The dead get nothing; what they promised to give is delivered, and nobody renews their due
    /// diligence: that they move nothing themselves is the ledger's to ask.
    fn network(&mut self) {
        let side = if self.action.kind == Kind::Forced { Side::Receiver } else { Side::Both };
        let mut found = Vec::new();
        let is_inflow = self.action.kind != Kind::Offer && !self.is_internal();
        for (side, known) in self.sides(side) {
            let refuse = |code| Reason::new(Layer::Network, code).of(side);
            match known.person {
                None => found.push(refuse(ReasonCode::WalletUnknown)),
                Some(person) => {
                    if person.is_suspended(self.now) {
                        let mut reason = refuse(ReasonCode::PersonSuspended);
                        reason.when = person.suspended.filter(|until| *until != Time::NEVER);
                        found.push(self.suspended(known.id, reason));
                    }
                    if person.death.is_some() && side == Side::Receiver {
                        found.push(refuse(ReasonCode::PersonDeceased));
                    }
                }
            }
            if identity::is_any_sanctioned(self.ctx, known.numbers(Said::OfAny)) {
                found.push(refuse(ReasonCode::Sanctioned));
            }
            let gets = side == Side::Receiver && is_inflow;
            if gets && known.is_reviewed(self.ctx, self.now) {
                found.push(refuse(ReasonCode::ScreeningPending));
            }
            let is_dead = known.person.is_some_and(|person| person.death.is_some());
            if !is_dead && !known.is_diligent(self.ctx, self.now) {
                let mut reason = refuse(ReasonCode::KycExpired);
                reason.providers.extend(known.person.map(|person| person.provider));
                reason.since = self.ran_out(known);
                found.push(reason);
            }
        }
        self.against(found);
    }

    /// That who gets money is not suspended, on no sanctions list and not under review for one.
    fn may_be_paid(&mut self) {
        let mut found = Vec::new();
        for (side, known) in self.sides(Side::Both) {
            let refuse = |code| Reason::new(Layer::Network, code).of(side);
            if let Some(person) = known.person.filter(|person| person.is_suspended(self.now)) {
                let mut reason = refuse(ReasonCode::PersonSuspended);
                reason.when = person.suspended.filter(|until| *until != Time::NEVER);
                found.push(self.suspended(known.id, reason));
            }
            if identity::is_any_sanctioned(self.ctx, known.numbers(Said::OfAny)) {
                found.push(refuse(ReasonCode::Sanctioned));
            }
            if known.is_reviewed(self.ctx, self.now) {
                found.push(refuse(ReasonCode::ScreeningPending));
            }
        }
        self.against(found);
    }

    /// By which order a person is suspended: the one that binds longest, of several the first.
    fn suspended(&self, person: PersonId, reason: Reason) -> Reason {
        let orders = SUSPENSIONS.read(self.ctx, &person).filter(|_| self.in_words);
        let Some(binding) = orders.and_then(|orders| orders.longest(self.now)) else {
            return reason;
        };
        let Halt { by, since } = binding.halt;
        let (by, order) = (identity::owner(self.ctx, &by), Some((&binding.order).into()));
        Reason { by, since: Some(since), order, ..reason }
    }

    /// Since when nobody has known it, if somebody ever did.
    fn ran_out(&self, known: &Known<'c>) -> Option<Time> {
        let claims = known.claims(self.ctx).filter(|_| self.in_words)?;
        let diligence = claims.0.iter().filter(|claim| DUE_DILIGENCE.contains(&claim.topic));
        diligence.filter_map(|claim| claim.ended(self.ctx, self.now)).max()
    }

    /// Says of what is refused which facts all of it tells: where the receiver resides whose country is not open, and which
    /// paths there are besides one that no law offers.
    fn tell_more(&mut self) {
        use ReasonCode::{Flowback, JurisdictionForbidden, NoPath};
        for reason in &mut self.reasons {
            match reason.code {
                Flowback | JurisdictionForbidden if reason.country.is_none() => {
                    let side =
                        if reason.side == Some(Side::Sender) { &self.from } else { &self.to };
                    let person = side.as_ref().and_then(|known| known.person);
                    reason.country = person.map(|person| person.residence);
                }
                NoPath if reason.fact.is_some() => reason.offered.clone_from(&self.offered),
                _ => {}
            }
        }
    }

    /// True if one human moves its own, under whichever of its numbers.
    fn is_internal(&self) -> bool {
        let human = |side: &Option<Known<'_>>| side.as_ref().map(|known| known.human);
        self.from.is_some() && human(&self.from) == human(&self.to)
    }

    /// A person holds only so many assets, so that it can always be counted anew, whoever sends to it.
    fn assets_held(&mut self) {
        let action = self.action;
        let joins = |to: &&Known<'c>| to.held.is_none() && !action.units.is_zero();
        let Some(to) = self.to.as_ref().filter(joins) else { return };
        let most = count::most_assets(action.kind);
        let held = count::weight(self.ctx, to.id) as u32;
        if held >= most {
            let reason = Reason::new(Layer::Network, ReasonCode::TooManyAssets);
            self.reasons.push(reason.of(Side::Receiver).amounts(held, most));
        }
    }
}

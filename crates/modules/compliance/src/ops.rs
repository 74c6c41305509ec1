//! Setting rules, attesting facts, keeping the offer register. Whether the caller may is asked by the
//! dispatcher of `trust`.

use crate::{
    APPROVALS, Action, Approval, Approved, AssetFacts, Entry, Event, FACTS, Fact, LISTS,
    ListNumber, Listed, POLICIES, Policy, PolicyRecord, Profile, Refusal, Step, Subject,
    VenueRules, calendar, check, contradiction, count,
    decide::follow,
    duty,
    hints::{asks_to_approve, earliest_ok},
    judge::judge,
    of_issuer, offer, path, profile, standing, venue,
};
use borsh::{BorshDeserialize, BorshSerialize};
use state::Context;
use std::{collections::BTreeSet, sync::Arc};
use types::{
    AssetId, B256, Calendar, Country, Module, Name, PersonId, Time, Units, encode, ensure, sha256,
};

/// What is asked of compliance.
/// Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[allow(missing_docs)]
pub enum Call {
    /// Puts a policy into force, by the report of its dry run where it replaces another; zero for none.
    SetPolicy { asset: AssetId, policy: Policy, report: B256 },
    /// Puts a person or a wallet on a list of an asset, or of the network if none is named, from a time until another.
    List { asset: Option<AssetId>, list: ListNumber, entry: Entry, from: Time, until: Time },
    /// Takes it off.
    Delist { asset: Option<AssetId>, list: ListNumber, entry: Entry },
    /// Attests a fact about an asset, or about the network if none is named.
    Attest { asset: Option<AssetId>, fact: Name, value: Fact },
    /// Takes a fact back.
    Withdraw { asset: Option<AssetId>, fact: Name },
    /// Registers a profile, or its next version.
    RegisterProfile { profile: Box<Profile> },
    /// Lets units of an asset be issued under a profile, or no longer, by the report of its dry run where somebody holds the
    /// asset; zero for none.
    Adopt { asset: AssetId, profile: Name, adopted: bool, report: B256 },
    /// Puts profiles into force as the law of a jurisdiction, by the report of a dry run; zero for none, where it is lifted or
    /// there is no asset yet.
    SetLaw { country: Country, profiles: Vec<Name>, report: B256 },
    /// Enters persons into the register of those who were approached.
    Approach { asset: AssetId, issuer: PersonId, persons: Vec<PersonId> },
    /// Approves so many movements, each of exactly so many units.
    ApproveMovements { movement: Approved, until: Time, times: u16 },
    /// What was owed is done.
    MeetDuty { asset: AssetId, duty: String },
    /// Sets what the caller's venue asks of everything that moves through it, by the report of a dry run; zero for none, where
    /// it asks nothing any more or there is no asset yet.
    SetVenueRules { asked: VenueRules, report: B256 },
    /// Registers a calendar, or its next version.
    RegisterCalendar { calendar: Box<Calendar> },
    /// Begins the next offer of an asset: what is approached and placed from now on counts in it.
    OpenOffer { asset: AssetId },
    /// Ends the offer that is open.
    CloseOffer { asset: AssetId },
    /// Approves movements of any size between the two, of so many units in all.
    ApproveUnits { movement: Approved, until: Time },
}

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The power over the rules of an asset.
    Rules(AssetId),
    /// The network's power over the law.
    Law,
    /// Nothing: what is asked says who may.
    Nothing,
}

impl Call {
    /// What the caller must have.
    pub fn needs(&self) -> Needs {
        match self {
            Call::SetPolicy { asset, .. }
            | Call::List { asset: Some(asset), .. }
            | Call::Delist { asset: Some(asset), .. }
            | Call::Attest { asset: Some(asset), .. }
            | Call::Withdraw { asset: Some(asset), .. }
            | Call::Adopt { asset, .. }
            | Call::Approach { asset, .. }
            | Call::OpenOffer { asset }
            | Call::CloseOffer { asset }
            | Call::MeetDuty { asset, .. } => Needs::Rules(*asset),
            Call::List { asset: None, .. }
            | Call::Delist { asset: None, .. }
            | Call::Attest { asset: None, .. }
            | Call::Withdraw { asset: None, .. }
            | Call::RegisterProfile { .. }
            | Call::RegisterCalendar { .. }
            | Call::SetLaw { .. } => Needs::Law,
            Call::ApproveMovements { .. }
            | Call::ApproveUnits { .. }
            | Call::SetVenueRules { .. } => Needs::Nothing,
        }
    }
}

/// Changes rules and what they look at, for a person if a person asks. On a refusal nothing has changed.
pub fn apply(ctx: &mut Context<'_>, by: Option<PersonId>, call: Call) -> Result<(), Refusal> {
    let mark = ctx.mark();
    let result = dispatch(ctx, by, call);
    if result.is_err() {
        // Persons are approached one by one, each counted with those before.
        ctx.rollback(mark);
    }
    result
}

fn dispatch(ctx: &mut Context<'_>, by: Option<PersonId>, call: Call) -> Result<(), Refusal> {
    match call {
        Call::SetPolicy { asset, policy, report } => {
            let is_first = !POLICIES.has(ctx, &asset);
            seen(report, is_first, "the asset has a policy already")?;
            set_policy(ctx, asset, policy, report)
        }
        Call::List { asset, list, entry, from, until } => {
            match entry {
                Entry::Person(id) => {
                    ensure(identity::person(ctx, id).is_some(), Refusal::UnknownPerson(id))?
                }
                // It may be nobody's yet, or a contract.
                Entry::Wallet(wallet) => ensure(!wallet.is_zero(), Refusal::NoWallet)?,
            }
            ensure(from < until && ctx.now() < until, Refusal::BadDates)?;
            let about = subject(asset);
            LISTS.put(ctx, &(about, list, entry), Listed { from, until });
            looked_up(ctx, about, entry);
            ctx.emit(Module::Compliance, &Event::Listed { about, list, entry, from, until });
            Ok(())
        }
        Call::Delist { asset, list, entry } => {
            let about = subject(asset);
            ensure(LISTS.has(ctx, &(about, list, entry)), Refusal::NothingChanges)?;
            LISTS.delete(ctx, &(about, list, entry));
            looked_up(ctx, about, entry);
            ctx.emit(Module::Compliance, &Event::Delisted { about, list, entry });
            Ok(())
        }
        Call::Attest { asset, fact, value } => attest(ctx, asset, fact, value),
        Call::Withdraw { asset, fact } => {
            let key = (subject(asset), fact);
            ensure(FACTS.has(ctx, &key), Refusal::NothingChanges)?;
            FACTS.delete(ctx, &key);
            let (about, fact) = key;
            ctx.emit(Module::Compliance, &Event::FactWithdrawn { about, fact });
            Ok(())
        }
        Call::RegisterCalendar { calendar } => calendar::register(ctx, *calendar),
        Call::RegisterProfile { profile } => profile::register(ctx, *profile),
        Call::Adopt { asset, profile, adopted, report } => {
            let is_unheld = count::asset_holders(ctx, asset) == 0;
            seen(report, is_unheld, "somebody holds the asset already")?;
            profile::adopt(ctx, (asset, profile), adopted, report)
        }
        Call::SetLaw { country, profiles, report } => {
            // A part of a State that lifts its own law comes under the State's.
            let state = country.state();
            let is_left = state == country || profile::law_of(ctx, state).1.is_empty();
            let touches_none = profiles.is_empty() && is_left || !of_issuer::is_any(ctx);
            seen(report, touches_none, "there are assets that the law of a land binds")?;
            profile::set_law(ctx, country, profiles, report)
        }
        Call::Approach { asset, issuer, persons } => approach(ctx, asset, issuer, persons),
        Call::OpenOffer { asset } => offer::begin(ctx, asset),
        Call::CloseOffer { asset } => offer::end(ctx, asset),
        Call::ApproveMovements { movement, until, times } => {
            ensure(!movement.units.is_zero(), Refusal::NoneApproved("units"))?;
            ensure(times > 0, Refusal::NoneApproved("times"))?;
            approve(ctx, movement, by, (until, times.into()))
        }
        Call::ApproveUnits { movement, until } => {
            ensure(!movement.units.is_zero(), Refusal::NoneApproved("units"))?;
            let in_parts = Approved { units: Units::ZERO, ..movement };
            approve(ctx, in_parts, by, (until, movement.units.0))
        }
        Call::MeetDuty { asset, duty } => duty::meet(ctx, asset, duty),
        Call::SetVenueRules { asked, report } => {
            let venue = by.ok_or(Refusal::NotVenue)?;
            let touches_none = asked.rules.is_empty() || !of_issuer::is_any(ctx);
            seen(report, touches_none, "there are assets that move through venues")?;
            venue::set_rules(ctx, venue, asked, report)
        }
    }
}

/// Refuses a change without the report of its dry run, unless nobody could newly fail by it. RULEBOOK section 2.2.
fn seen(report: B256, touches_none: bool, why: &'static str) -> Result<(), Refusal> {
    ensure(touches_none || !report.is_zero(), Refusal::NoReport(why))
}

fn subject(asset: Option<AssetId>) -> Subject {
    asset.map_or(Subject::Network, Subject::Asset)
}

/// Standings know the lists of persons that an asset keeps; all others are read.
fn looked_up(ctx: &mut Context<'_>, about: Subject, entry: Entry) {
    if let (Subject::Asset(asset), Entry::Person(person)) = (about, entry) {
        standing::look_anew(ctx, asset, person);
    }
}

fn attest(
    ctx: &mut Context<'_>,
    asset: Option<AssetId>,
    fact: Name,
    value: Fact,
) -> Result<(), Refusal> {
    check::name("fact", "name", &fact).map_err(|refusal| Refusal::BadFact(refusal.to_string()))?;
    let Fact { since, until, .. } = value;
    ensure(since < until && ctx.now() < until, Refusal::BadDates)?;
    if fact == duty::FISCAL_YEAR_END {
        let (month, day) = (value.value.0 / 100, value.value.0 % 100);
        let is_day = month <= 12 && types::Date::of(2001, month as i8, day as i8).is_some();
        let why = "fiscal_year_end is month times 100 and day, of a day that every year has: 1231";
        ensure(is_day, Refusal::BadFact(why.into()))?;
    }
    let about = subject(asset);
    FACTS.put(ctx, &(about, fact.clone()), value);
    let Fact { value, since, until, document } = value;
    let event = Event::FactAttested { about, fact, value, since, until, document };
    ctx.emit(Module::Compliance, &event);
    Ok(())
}

/// Persons that may be approached in one call.
const MAX_APPROACHED: usize = 1_000;

/// Enters persons into the offer register, if the profile under which they could subscribe lets them be
/// approached. Who is in it stays in it.
fn approach(
    ctx: &mut Context<'_>,
    asset: AssetId,
    issuer: PersonId,
    persons: Vec<PersonId>,
) -> Result<(), Refusal> {
    ensure(!persons.is_empty() && persons.len() <= MAX_APPROACHED, Refusal::TooManyAtOnce)?;
    let mut seen = BTreeSet::new();
    for person in &persons {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        ensure(identity::person(ctx, *person).is_some(), Refusal::UnknownPerson(*person))?;
        ensure(seen.insert(*person), Refusal::NothingChanges)?;
    }
    for person in persons {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        let facts = AssetFacts::of(issuer);
        let action = Action { facts, to: Some(person), ..Action::none(asset) };
        let mut decision = judge(ctx, &action, ctx.now());
        if !decision.is_allowed() {
            decision.earliest_ok = earliest_ok(ctx, &action);
            return Err(Refusal::MayNotOffer(Box::new(decision)));
        }
        follow(ctx, asset, decision.consequences);
        ctx.emit(Module::Compliance, &Event::Approached { asset, person });
    }
    Ok(())
}

/// Approvals of one list that may wait for one movement.
const MAX_APPROVALS: usize = 64;

/// The list of those that approve as one of the two between whom units move.
const PARTIES: ListNumber = 0;

/// Approves as one of a list that rules ask, or as one of the two between whom units move where they ask one of these.
/// Each list has its own places, and a human one of them: who approves again does so from then on, on the terms said last.
fn approve(
    ctx: &mut Context<'_>,
    movement: Approved,
    by: Option<PersonId>,
    (until, left): (Time, u128),
) -> Result<(), Refusal> {
    let by = by.ok_or(Refusal::NotApprover(PersonId(0)))?;
    let Approved { asset, list, from, to, units } = movement;
    ensure(may_approve(ctx, &movement, by), Refusal::NotApprover(by))?;
    let is_meant = |step: &Step| step.list() == list;
    ensure(asks_to_approve(ctx, asset, (from, to), is_meant), Refusal::NotAsked(list))?;
    let now = ctx.now();
    ensure(now < until, Refusal::BadDates)?;
    let human = identity::counted_as(ctx, by);
    let key = movement.intended();
    let mut given = APPROVALS.get(ctx, &key).unwrap_or_default();
    let is_its = |one: &Approval| one.list == list && identity::counted_as(ctx, one.by) == human;
    given.retain(|one| now < one.until && !is_its(one));
    let places = |given: &[Approval]| given.iter().filter(|one| one.list == list).count();
    if places(&given) >= MAX_APPROVALS {
        // Who is no longer on the list leaves its place to who is.
        given.retain(|one| one.list != list || may_approve(ctx, &movement, one.by));
    }
    ensure(places(&given) < MAX_APPROVALS, Refusal::ApprovalsFull(list))?;
    given.push(Approval { list, by, until, left });
    APPROVALS.put(ctx, &key, given);
    let left = Units(left);
    let event = Event::MovementApproved { asset, list, from, to, units, by, until, left };
    ctx.emit(Module::Compliance, &event);
    Ok(())
}

/// True if a person may speak as one of the list: as one on it, or of none as one of the two between whom units move.
fn may_approve(ctx: &Context<'_>, movement: &Approved, by: PersonId) -> bool {
    let Approved { asset, list, from, to, .. } = *movement;
    if list == PARTIES {
        let human = identity::counted_as(ctx, by);
        let mut parties = from.into_iter().chain(to).map(|side| identity::counted_as(ctx, side));
        return parties.any(|side| side == human);
    }
    let entry = LISTS.read(ctx, &(Subject::Asset(asset), list, Entry::Person(by)));
    entry.is_some_and(|entry| entry.is_on(ctx.now()))
}

/// SHA-256 of a policy's encoding: what names it when it is set.
pub fn policy_hash(policy: &Policy) -> B256 {
    sha256(&[&encode(policy)])
}

/// Puts a policy into force, whatever was found of it before.
pub(crate) fn set_policy(
    ctx: &mut Context<'_>,
    asset: AssetId,
    policy: Policy,
    report: B256,
) -> Result<(), Refusal> {
    policy.check()?;
    if let Some(place) = contradiction::over_by(&policy.rules, "rules", ctx.now()) {
        let why = "closes: it is over already, so nothing could ever pass; give a later time, or take it out";
        return Err(check::bad(&place, why));
    }
    calendar::check_known(ctx, &policy.calendar)?;
    for to in policy.collectors() {
        let why = format!("fee: {to} is not registered; name one who is");
        ensure(identity::person(ctx, to).is_some(), check::bad("rules", &why))?;
    }
    let counting = Arc::new(profile::counting_with(ctx, asset, policy.counting())?);
    let old = POLICIES.get(ctx, &asset);
    let used = old.as_ref().map(|old| old.meters.to_vec()).unwrap_or_default();
    let meters = Arc::new(check::meters_used(used, &policy.rules, &policy.calendar)?);
    let offered = old.as_ref().map(|old| old.paths.to_vec()).unwrap_or_default();
    let paths = Arc::new(path::offered(ctx, offered, [&policy.rules[..]])?);
    // Holders must be counted as the new policy asks for.
    count::check_recountable(ctx, asset, &counting)?;
    let (version, before) = old.map_or((1, Arc::default()), |old| (old.version + 1, old.counting));
    let hash = policy_hash(&policy);
    let policy = standing::place_policy(policy);
    let record = PolicyRecord { version, since: ctx.now(), counting, meters, paths, policy };
    POLICIES.put(ctx, &asset, record);
    if version == 1 {
        duty::watch(ctx, asset);
    }
    count::count_anew(ctx, asset, &before);
    ctx.emit(Module::Compliance, &Event::PolicySet { asset, version, policy: hash, report });
    Ok(())
}

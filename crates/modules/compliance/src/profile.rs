//! Profiles: the law of a jurisdiction, or an exemption from it, as data with its source and its date.
//!
//! A profile is registered under its name and version for good. An asset adopts profiles: units are
//! issued under one of each jurisdiction that speaks, stay under that version of each, and are resold by the
//! rules of all. The law of the land is put into force for a jurisdiction and judges every movement that touches a resident.

use crate::{
    ADOPTIONS, Adoption, Cost, Counting, Event, LAND, LATEST, PROFILE_COUNT, PROFILE_INDEX,
    PROFILES, ProfileRecord, ReasonCode, Refusal, Roll, Rule, calendar, check, count, path,
    standing, venue::VENUE_METERS,
};
use borsh::{BorshDeserialize, BorshSerialize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use state::Context;
use std::sync::Arc;
use types::{AssetId, B256, Country, Date, Module, Name, Span, encode, ensure, sha256};

/// The law of a jurisdiction, or an exemption from it. RULEBOOK sections 1.5 and 2.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name: `US-506C`.
    pub id: Name,
    /// What it is called.
    pub title: String,
    /// Who made it: `US/SEC`.
    pub authority: String,
    /// Where it is written.
    pub source: String,
    /// From this day on, until the other, exclusive.
    pub effective: (Date, Option<Date>),
    /// How we read it, where it can be read in more than one way.
    #[serde(default)]
    pub reading: String,
    /// What counsel must confirm before it is relied on.
    #[serde(default)]
    pub counsel: Vec<String>,
    /// The calendar of its jurisdiction, by which its days are counted; those of UTC without one.
    #[serde(default)]
    pub calendar: Option<Name>,
    /// Where the receivers reside to whom units can be issued under it.
    #[serde(default)]
    pub covers: Covers,
    /// The reason told of a receiver who resides elsewhere; that its country is not open if none is named.
    #[serde(default)]
    pub says: Option<ReasonCode>,
    /// What must pass before a person is approached.
    #[serde(default)]
    pub offer: Vec<Rule>,
    /// What must pass when units are issued under it.
    #[serde(default)]
    pub issue: Vec<Rule>,
    /// What must pass when units that were issued under it are resold.
    #[serde(default)]
    pub resale: Vec<Rule>,
    /// Units that came free of it, or of a profile whose rules for resales refer to it, are resold by these rules again
    /// while this holds of who gives them: control securities.
    #[serde(default)]
    pub control: Vec<Rule>,
    /// What must pass always: of every movement to another than the issuer of an asset that adopted it, and of every
    /// movement that touches a resident where it is the law of the land.
    #[serde(default)]
    pub always: Vec<Rule>,
    /// What must pass before the issuer may use what was paid for units issued under it, and nobody may have back; never if
    /// there is nothing.
    #[serde(default)]
    pub release: Vec<Rule>,
    /// While this passes, who applied for units under it may have its money back; never if there is nothing.
    #[serde(default)]
    pub withdraw: Vec<Rule>,
    /// What is owed when something comes true; it forbids nothing.
    #[serde(default)]
    pub triggers: Vec<Trigger>,
}

/// Where receivers reside.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// Anywhere.
    #[default]
    Anywhere,
    /// In one of these countries.
    In(Vec<Country>),
    /// In none of these.
    Outside(Vec<Country>),
}

impl Covers {
    /// True if units can be issued to residents of a country.
    pub fn has(&self, country: Country) -> bool {
        match self {
            Covers::Anywhere => true,
            Covers::In(countries) => countries.contains(&country),
            Covers::Outside(countries) => !countries.contains(&country),
        }
    }
}

/// Something that, once true of an asset, makes its issuer owe something by a day: 12(g). It forbids
/// nothing; a cap under it is the issuer's own rule.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// What is owed.
    pub duty: String,
    /// Where it is written.
    pub source: String,
    /// When all of these are true.
    pub when: Vec<Rule>,
    /// When all of these are true the duty is near.
    #[serde(default)]
    pub warning: Vec<Rule>,
    /// Asked at the end of the fiscal year, if this is set, else every day.
    #[serde(default)]
    pub yearly: bool,
    /// How long after the day for which it was found true it is due.
    pub due: Span,
    /// Where that day moves if no business is done on it.
    #[serde(default)]
    pub roll: Roll,
}

/// The longest profile that can be registered, encoded.
const MAX_PROFILE_BYTES: usize = 32 << 10;
/// Profiles that an asset may adopt, versions counted each: a lot names one by number.
pub(crate) const MAX_ADOPTIONS: usize = 32;
/// Profiles in force in one jurisdiction.
const MAX_IN_FORCE: usize = 8;

impl Profile {
    /// Refuses what is too long, too costly, misdated, contradictory or could never pass, naming the place.
    pub fn check(&self) -> Result<Cost, Refusal> {
        let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "-_.()".contains(c);
        let fits = (1..=32).contains(&self.id.len()) && self.id.chars().all(is_name);
        ensure(fits, check::bad("id", "1 to 32 capital letters, digits and hyphens: US-506C"))?;
        let is_venues = self.id.starts_with(VENUE_METERS);
        ensure(
            !is_venues,
            check::bad("id", "names that begin with VENUE- are those of venues' meters"),
        )?;
        for (field, text) in
            [("title", &self.title), ("authority", &self.authority), ("source", &self.source)]
        {
            let fits = !text.trim().is_empty() && text.len() <= 256;
            ensure(fits, check::bad(field, "1 to 256 letters"))?;
        }
        let (from, until) = self.effective;
        let is_dated = until.is_none_or(|until| from < until);
        ensure(
            is_dated,
            check::bad(
                "effective",
                "it must end after it begins; give the first day and then the day after the last, or null",
            ),
        )?;
        let is_said_of_some = self.says.is_none() || self.covers != Covers::Anywhere;
        let why = "it covers everybody: nobody is told so; say where it covers, or leave it out";
        ensure(is_said_of_some, check::bad("says", why))?;
        let mut cost = Cost::default();
        let sets = || self.rule_sets().into_iter().chain(self.money_sets());
        for (place, rules) in sets() {
            check::rules(rules, place, self.calendar.is_some(), &mut cost)?;
        }
        check::meters_agree(self.meters(), "meters")?;
        check::somebody_counts(self.rule_sets())?;
        self.counting().few_enough()?;
        for (index, trigger) in self.triggers.iter().enumerate() {
            let place = format!("triggers[{index}]");
            trigger.check(&place, self.calendar.is_some(), &mut cost)?;
        }
        let says = sets().any(|(_, rules)| !rules.is_empty()) || !self.triggers.is_empty();
        let why = "give offer, issue, resale, control, always, release, withdraw or triggers";
        ensure(says, check::bad("rules", why))?;
        let size = encode(self).len();
        ensure(
            size <= MAX_PROFILE_BYTES,
            check::bad(
                "profile",
                "32,768 bytes at most; shorten readings, or write a second profile",
            ),
        )?;
        Ok(cost)
    }

    /// Whose law it is: the first part of its authority, as in `US/SEC`. Units need one exemption of each
    /// jurisdiction that speaks.
    pub fn jurisdiction(&self) -> &str {
        self.authority.split('/').next().unwrap_or_default()
    }

    /// Its rules about movements by what they judge.
    pub fn rule_sets(&self) -> [(&'static str, &[Rule]); 5] {
        [
            ("offer", &self.offer),
            ("issue", &self.issue),
            ("resale", &self.resale),
            ("control", &self.control),
            ("always", &self.always),
        ]
    }

    /// Its rules about the money that is paid for units issued under it: none counts, or sees a movement.
    pub fn money_sets(&self) -> [(&'static str, &[Rule]); 2] {
        [("release", &self.release), ("withdraw", &self.withdraw)]
    }

    /// As what its rules and triggers count holders.
    pub fn counting(&self) -> Counting {
        let rules = self.rule_sets().into_iter().map(|(_, rules)| rules);
        let triggers = self.triggers.iter().flat_map(|it| [&it.when[..], &it.warning[..]]);
        let all = rules.chain(triggers).map(Counting::of);
        all.fold(Counting::default(), |all, one| all.and(&one))
    }

    fn meters(&self) -> impl Iterator<Item = (&str, check::Counts<'_>)> {
        self.rule_sets().into_iter().flat_map(|(_, rules)| check::meters(rules))
    }

    /// True on days of its calendar on which it is the law.
    pub fn is_effective(&self, today: Date) -> bool {
        let (from, until) = self.effective;
        from <= today && until.is_none_or(|until| today < until)
    }
}

impl Trigger {
    /// Refuses what cannot be asked without a movement.
    fn check(&self, place: &str, has_calendar: bool, cost: &mut Cost) -> Result<(), Refusal> {
        check::name(place, "duty", &self.duty)?;
        check::rolls(place, self.due, self.roll, has_calendar)?;
        let fits = (1..=160).contains(&self.source.len());
        ensure(fits, check::bad(place, "source: say in 1 to 160 letters where it is written"))?;
        ensure(!self.when.is_empty(), check::bad(place, "when: name at least one condition"))?;
        let is_due = !self.due.is_zero() && self.due.hours == 0;
        ensure(is_due, check::bad(place, "due: say how many days or months after the day"))?;
        for (field, rules) in [("when", &self.when), ("warning", &self.warning)] {
            let place = format!("{place}.{field}");
            check::rules(rules, &place, has_calendar, cost)?;
            let mut is_of_asset = true;
            check::each(rules, &mut |rule| {
                is_of_asset &= !check::sees_movement(rule);
                is_of_asset &= matches!(
                    rule,
                    Rule::Compare { .. }
                        | Rule::Fact { .. }
                        | Rule::All(_)
                        | Rule::Any(_)
                        | Rule::Not(_)
                );
            });
            let why = "a trigger looks at facts, and compares amounts: it sees no movement";
            ensure(is_of_asset, check::bad(&place, why))?;
        }
        Ok(())
    }
}

/// Registers a profile: a new name, or the next version of one. What was issued under an earlier version
/// stays under that.
pub(crate) fn register(ctx: &mut Context<'_>, mut profile: Profile) -> Result<(), Refusal> {
    profile.check().map_err(bad_profile)?;
    calendar::check_known(ctx, &profile.calendar)?;
    for rule in &mut profile.resale {
        pin(ctx, rule)?;
    }
    let known = LATEST.get(ctx, &profile.id);
    let last = known.and_then(|version| PROFILES.get(ctx, &(profile.id.clone(), version)));
    ensure(last.as_ref().is_none_or(|last| *last.profile != profile), Refusal::NothingChanges)?;
    // Versions share their meters: what was added up for one is looked at by the others.
    for version in 1..=known.unwrap_or(0) {
        let Some(earlier) = at(ctx, &profile.id, version) else { continue };
        let both = earlier.profile.meters().chain(profile.meters());
        check::meters_agree(both, "meters").map_err(bad_profile)?;
        let both = [&*earlier.profile, &profile].map(|it| it.meters().collect());
        let is_same = earlier.profile.calendar == profile.calendar;
        check::days_agree(both, is_same).map_err(bad_profile)?;
    }
    let sets = profile.rule_sets().into_iter().chain(profile.money_sets());
    let rules = sets.map(|(_, rules)| rules);
    let paths = Arc::new(path::offered(ctx, Vec::new(), rules).map_err(bad_profile)?);
    let version = known.unwrap_or(0) + 1;
    let hash = hash_of(&profile);
    let id = profile.id.clone();
    let number = PROFILE_COUNT.get(ctx, &()).unwrap_or(0) + 1;
    PROFILE_COUNT.put(ctx, &(), number);
    PROFILE_INDEX.put(ctx, &number, (id.clone(), version));
    let profile = standing::place_profile(profile);
    let controls = controls(ctx, &id, version, &profile);
    let record = ProfileRecord { number, since: ctx.now(), hash, paths, controls, profile };
    PROFILES.put(ctx, &(id.clone(), version), record);
    LATEST.put(ctx, &id, version);
    ctx.emit(Module::Compliance, &Event::ProfileRegistered { id, version, profile: hash });
    Ok(())
}

/// The profiles that say whose units that came free of it are under it again: itself, and those it refers to.
fn controls(
    ctx: &Context<'_>,
    id: &Name,
    version: u32,
    profile: &Profile,
) -> Arc<Vec<(Name, u32)>> {
    let mut found = Vec::new();
    if !profile.control.is_empty() {
        found.push((id.clone(), version));
    }
    check::each(&profile.resale, &mut |rule| {
        let Rule::By { profile, version } = rule else { return };
        let says = at(ctx, profile, *version).is_some_and(|it| !it.profile.control.is_empty());
        let key = (profile.clone(), *version);
        if says && !found.contains(&key) {
            found.push(key);
        }
    });
    Arc::new(found)
}

/// Names the version of every profile that a rule refers to: one that is registered, and refers to none.
fn pin(ctx: &Context<'_>, rule: &mut Rule) -> Result<(), Refusal> {
    match rule {
        Rule::By { profile, version } => {
            if *version == 0 {
                *version = LATEST.get(ctx, profile).unwrap_or(0);
            }
            let unknown = || Refusal::UnknownProfile(profile.clone());
            let record = at(ctx, profile, *version).ok_or_else(unknown)?;
            let mut is_plain = true;
            check::each(&record.profile.resale, &mut |rule| {
                is_plain &= !matches!(rule, Rule::By { .. });
            });
            // Holders are counted by what the profile itself asks for.
            is_plain &= Counting::of(&record.profile.resale).is_plain();
            let why = format!(
                "by: {profile} refers to another profile, or counts holders by claim, class or issuer, itself"
            );
            ensure(is_plain, Refusal::BadProfile(why))
        }
        Rule::All(rules) => rules.iter_mut().try_for_each(|rule| pin(ctx, rule)),
        Rule::Any(paths) => paths.iter_mut().try_for_each(|(_, rule)| pin(ctx, rule)),
        Rule::Not(rule) | Rule::Because { rule, .. } => pin(ctx, rule),
        Rule::When { guard, then } => {
            pin(ctx, guard)?;
            pin(ctx, then)
        }
        _ => Ok(()),
    }
}

fn bad_profile(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::BadPolicy(why) => Refusal::BadProfile(why),
        other => other,
    }
}

/// The hash by which a profile is known: SHA-256 of its encoding.
pub fn hash_of(profile: &Profile) -> B256 {
    sha256(&[&encode(profile)])
}

/// Lets units of an asset be issued under the latest version of a profile, or no longer.
pub(crate) fn adopt(
    ctx: &mut Context<'_>,
    (asset, id): (AssetId, Name),
    adopted: bool,
    report: B256,
) -> Result<(), Refusal> {
    let version = LATEST.get(ctx, &id).ok_or_else(|| Refusal::UnknownProfile(id.clone()))?;
    let mut known = ADOPTIONS.get(ctx, &asset).unwrap_or_default();
    let all = Arc::make_mut(&mut known);
    let open = all.iter().position(|other| other.id == id && other.is_open);
    if !adopted {
        let place = open.ok_or(Refusal::NothingChanges)?;
        all[place].is_open = false;
        ADOPTIONS.put(ctx, &asset, known);
        let number = place as u16 + 1;
        ctx.emit(Module::Compliance, &Event::ProfileDropped { asset, id, number, report });
        return Ok(());
    }
    ensure(open.is_none_or(|place| all[place].version != version), Refusal::NothingChanges)?;
    // The same version is taken up again under its number.
    let again = all.iter().position(|other| other.id == id && other.version == version);
    let place = again.unwrap_or(all.len());
    ensure(place < MAX_ADOPTIONS, Refusal::TooManyProfiles)?;
    let profile = at(ctx, &id, version).expect("the latest version is registered").profile.clone();
    if let Some(ended) = profile.effective.1.filter(|until| *until <= ctx.now().date()) {
        let why = format!(
            "effective: {id} ended on {ended}; adopt another, or register its next version"
        );
        return Err(Refusal::BadProfile(why));
    }
    // Its holders must be counted by what the profile asks for, from now on.
    let counting = count::counting_with(ctx, asset, &profile.counting())?;
    // The version before serves the units issued under it, and no new ones.
    if let Some(before) = open {
        all[before].is_open = false;
    }
    let since = again.map_or(ctx.now(), |place| all[place].since);
    let adoption = Adoption { id: id.clone(), version, since, is_open: true };
    match again {
        Some(place) => all[place] = adoption,
        None => all.push(adoption),
    }
    ADOPTIONS.put(ctx, &asset, known);
    let number = place as u16 + 1;
    if let Some(counting) = counting {
        count::count_by(ctx, asset, counting);
    }
    ctx.emit(Module::Compliance, &Event::ProfileAdopted { asset, id, version, number, report });
    Ok(())
}

/// As what holders of an asset must be counted: for its policy, and for its profiles.
pub(crate) fn counting_with(
    ctx: &Context<'_>,
    asset: AssetId,
    policy: Counting,
) -> Result<Counting, Refusal> {
    let of = |it: &Adoption| at(ctx, &it.id, it.version).map(|record| record.profile.counting());
    let adopted = adoptions(ctx, asset).filter_map(|(_, adoption)| of(adoption));
    let counting = adopted.fold(policy, |all, one| all.and(&one));
    counting.few_enough()?;
    Ok(counting)
}

/// The profile that an asset adopted under a number.
pub fn adoption<'c>(ctx: &'c Context<'_>, asset: AssetId, number: u16) -> Option<&'c Adoption> {
    ADOPTIONS.read(ctx, &asset)?.get(usize::from(number).checked_sub(1)?)
}

/// A version of a profile.
pub fn at<'c>(ctx: &'c Context<'_>, id: &str, version: u32) -> Option<&'c ProfileRecord> {
    PROFILES.read(ctx, &(id.into(), version))
}

/// The profiles that an asset has adopted with their numbers, in the order of coming.
pub fn adoptions<'c>(
    ctx: &'c Context<'_>,
    asset: AssetId,
) -> impl Iterator<Item = (u16, &'c Adoption)> + use<'c> {
    let adopted = ADOPTIONS.read(ctx, &asset).map(|all| &all[..]).unwrap_or_default();
    (1..).zip(adopted)
}

/// The law that binds who resides in a country, and whose it is: its own where it has one, else that of the State of which
/// it is a part.
pub fn law_of<'c>(ctx: &'c Context<'_>, country: Country) -> (Country, &'c [(Name, u32)]) {
    let own = |country| LAND.read(ctx, &country).map(|law| &law[..]);
    let state = country.state();
    match own(country) {
        Some(law) => (country, law),
        None if state == country => (country, &[]),
        None => (state, own(state).unwrap_or_default()),
    }
}

/// Puts profiles into force as the law of a jurisdiction, at their latest versions; none opens it again.
pub(crate) fn set_law(
    ctx: &mut Context<'_>,
    country: Country,
    ids: Vec<Name>,
    report: B256,
) -> Result<(), Refusal> {
    ensure(ids.len() <= MAX_IN_FORCE, Refusal::TooManyProfiles)?;
    let mut law: Vec<(Name, u32)> = Vec::new();
    for id in ids {
        let version = LATEST.get(ctx, &id).ok_or_else(|| Refusal::UnknownProfile(id.clone()))?;
        ensure(law.iter().all(|(other, _)| *other != id), Refusal::NothingChanges)?;
        let record = at(ctx, &id, version);
        let counts = record.is_some_and(|it| !Counting::of(&it.profile.always).is_plain());
        let why = "always: the law of a land binds assets whose holders nobody counts by claim, class or issuer";
        ensure(!counts, Refusal::BadProfile(why.into()))?;
        let binds = record
            .is_some_and(|it| !it.profile.always.is_empty() || !it.profile.triggers.is_empty());
        let why = format!(
            "always: {id} has neither such rules nor triggers, so as the law of a land it would do nothing; adopt it"
        );
        ensure(binds, Refusal::BadProfile(why))?;
        law.push((id, version));
    }
    let before = LAND.get(ctx, &country).unwrap_or_default();
    ensure(*before != law, Refusal::NothingChanges)?;
    match law.is_empty() {
        true => LAND.delete(ctx, &country),
        false => LAND.put(ctx, &country, Arc::new(law.clone())),
    }
    identity::outdate(ctx);
    ctx.emit(Module::Compliance, &Event::LawSet { country, profiles: law, report });
    Ok(())
}

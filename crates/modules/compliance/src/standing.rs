//! Standings: what was found of a holder once, so that a transfer need not read its claims again.
//!
//! A law asks of one person alone for claims, of a value and an age, and for places on lists. Each of these conditions
//! has a place in its law, wherever it stands in it: on a path, under a guard, negated. Which of them a holder meets is
//! looked at when it becomes one, and again when its units move after that was no longer good: those of the asset's
//! policy, of the profiles that it adopted and those that they refer to, and of the law of the land where the holder
//! resides. What was found is good until the first of the person's claims, list entries or providers ends, or an age is
//! reached; and as long as no law, no calendar and no provider's end changes, nor the person's claims or residence. What
//! was not found, or is no longer good, is read: of the dead, and of who has several numbers, nothing is kept. Nor is it
//! of lists of wallets, which one person may have several of, and of the network's lists, which bind all assets. COM-7.

use crate::{
    ADOPTIONS, About, COUNTED, Entry, LISTS, ListOf, Listed, POLICIES, PROFILES, Place, Policy,
    Profile, ProfileRecord, Rule, Side, Subject, check, days_of, days_of_policy,
    judge::{charge_days, fits},
    profile::law_of,
};
use borsh::{
    BorshDeserialize, BorshSerialize,
    io::{Read, Result},
};
use identity::{
    CLAIMS, Claims, PROVIDERS,
    topic::{DUE_DILIGENCE, UNDER_REVIEW},
};
use serde::{Deserialize, Serialize};
use state::Context;
use std::sync::Arc;
use types::{AssetId, Days, PersonId, Time};

/// What was found of a person, as the laws ask that bind it as a holder of an asset.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Standing {
    /// As of which claims, laws and providers.
    pub epoch: Epoch,
    /// Until when, exclusive.
    pub until: Time,
    /// True if its due diligence is current.
    pub is_diligent: bool,
    /// True if a match with a sanctions list is looked into.
    pub is_reviewed: bool,
    /// What was found under each law that asks something.
    pub found: Arc<[Found]>,
}

/// Which conditions of a law a person meets.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct Found {
    /// The number of the profile's version; 0 for the asset's policy.
    pub law: u32,
    /// A bit for each condition in its place, from the lowest: set if there is such a claim, or the person is on the list.
    pub met: u64,
}

/// What a standing rests on, counted: it is good only while all of these are as they were.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct Epoch {
    /// The version of the asset's policy; 0 for none.
    pub policy: u32,
    /// How many profiles the asset has adopted: what one of them says never changes.
    pub adopted: u32,
    /// How often all standings were outdated at once: by a provider's end, the law of a land, a calendar.
    pub outdated: u32,
    /// How often the person's claims or residence changed, or its death.
    pub person: u32,
}

impl Epoch {
    pub(crate) fn of(ctx: &Context<'_>, asset: AssetId, person: PersonId) -> Self {
        let policy = POLICIES.read(ctx, &asset).map_or(0, |record| record.version);
        let adopted = ADOPTIONS.read(ctx, &asset).map_or(0, |all| all.len() as u32);
        let person = identity::person(ctx, person).map_or(0, |record| record.epoch);
        Self { policy, adopted, outdated: identity::outdated(ctx), person }
    }
}

impl Standing {
    /// What is so now.
    pub fn now(ctx: &Context<'_>, asset: AssetId, id: PersonId) -> Self {
        let person = identity::person(ctx, id);
        let alone = person.filter(|it| it.counted_as.is_none() && it.death.is_none());
        let Some(person) = alone else { return Self::default() };
        let mut looking = Looking::at(ctx, asset, id);
        if let Some(record) = POLICIES.read(ctx, &asset) {
            looking.law(0, days_of_policy(ctx, &record.policy), &[&record.policy.rules]);
        }
        let adopted = ADOPTIONS.read(ctx, &asset).map(|all| &all[..]).unwrap_or_default();
        for adoption in adopted {
            looking.profile(PROFILES.read(ctx, &(adoption.id.clone(), adoption.version)));
        }
        for key in law_of(ctx, person.residence).1 {
            looking.profile(PROFILES.read(ctx, key));
        }
        let has = |topic: u32| looking.claims.0.iter().any(|claim| claim.topic == topic);
        Self {
            epoch: Epoch::of(ctx, asset, id),
            until: looking.until,
            is_diligent: DUE_DILIGENCE.into_iter().any(has),
            is_reviewed: has(UNDER_REVIEW),
            found: looking.found.into(),
        }
    }

    /// Is a condition met, as far as that was found?
    pub(crate) fn says(&self, law: u32, place: Place) -> Option<bool> {
        let place = place.0?;
        let found = self.found.iter().find(|found| found.law == law)?;
        Some(found.met >> place & 1 == 1)
    }

    pub(crate) fn is_good(&self, epoch: Epoch, now: Time) -> bool {
        self.epoch == epoch && now < self.until
    }
}

/// Looks at a holder anew, after what its standing rests on has changed.
pub(crate) fn look_anew(ctx: &mut Context<'_>, asset: AssetId, person: PersonId) {
    if let Some(mut counted) = COUNTED.get(ctx, &(asset, person)) {
        counted.standing = Standing::now(ctx, asset, person);
        COUNTED.put(ctx, &(asset, person), counted);
    }
}

/// A person that is looked at.
struct Looking<'c, 's> {
    ctx: &'c Context<'s>,
    asset: AssetId,
    person: PersonId,
    /// Those that count now.
    claims: Claims,
    /// The first time at which an answer could be another.
    until: Time,
    found: Vec<Found>,
}

impl<'c, 's> Looking<'c, 's> {
    fn at(ctx: &'c Context<'s>, asset: AssetId, person: PersonId) -> Self {
        let (claims, until, found) = (Claims::default(), Time::NEVER, Vec::new());
        let mut looking = Self { ctx, asset, person, claims, until, found };
        for claim in CLAIMS.read(ctx, &person).into_iter().flat_map(|claims| &claims.0) {
            let provider = PROVIDERS.read(ctx, &claim.provider);
            let cut_off = provider.and_then(|provider| provider.cut_off);
            looking.ends([claim.issued, claim.expires].into_iter().chain(cut_off.map(|it| it.at)));
            if claim.counts_at(ctx, ctx.now()) {
                looking.claims.0.push(*claim);
            }
        }
        looking
    }

    fn ends(&mut self, times: impl IntoIterator<Item = Time>) {
        let now = self.ctx.now();
        let next = times.into_iter().filter(|time| *time > now).min();
        self.until = next.map_or(self.until, |next| next.min(self.until));
    }

    /// A profile, and those that it refers to.
    fn profile(&mut self, record: Option<&'c ProfileRecord>) {
        let Some(ProfileRecord { number, profile, .. }) = record else { return };
        if self.found.iter().any(|found| found.law == *number) {
            return;
        }
        self.law(*number, days_of(self.ctx, profile), &profile.rule_sets().map(|(_, rules)| rules));
        check::each(&profile.resale, &mut |rule| {
            if let Rule::By { profile, version } = rule {
                self.profile(PROFILES.read(self.ctx, &(profile.clone(), *version)));
            }
        });
    }

    /// What a law asks of one person. Where its days are not known, nothing is found.
    fn law(&mut self, law: u32, days: Days<'_>, sets: &[&[Rule]]) {
        let mut met = None;
        let mut is_known = true;
        for rules in sets {
            check::each(rules, &mut |rule| {
                let (place, is_met) = match rule {
                    Rule::Claim { place: Place(Some(place)), .. } => {
                        (place, self.has_claim(rule, days))
                    }
                    Rule::List { place: Place(Some(place)), list, .. } => {
                        (place, Some(self.is_listed(*list)))
                    }
                    _ => return,
                };
                is_known &= is_met.is_some();
                *met.get_or_insert(0) |= u64::from(is_met == Some(true)) << place;
            });
        }
        self.found.extend(met.filter(|_| is_known).map(|met| Found { law, met }));
    }

    fn has_claim(&mut self, rule: &Rule, days: Days<'_>) -> Option<bool> {
        let Rule::Claim { topic, providers, min_age, max_age, .. } = rule else { return None };
        let (ctx, now) = (self.ctx, self.ctx.now());
        let is_aged = !min_age.is_zero() || max_age.is_some();
        if is_aged {
            charge_days(ctx, *min_age, *max_age, 2 * self.claims.0.len());
            let mut times: Vec<Time> = Vec::new();
            for claim in self.claims.about(*topic, providers) {
                times.extend(days.after(*min_age, claim.issued));
                times.extend(max_age.and_then(|age| days.past(age, claim.dated)));
            }
            if let Some(calendar) = days.calendar() {
                let last = [calendar.known_until, calendar.business.1];
                times.extend(last.into_iter().filter_map(|day| days.start(day)));
            }
            self.ends(times);
        }
        let mut is_known = true;
        let has = self.claims.about(*topic, providers).any(|claim| {
            fits(rule, claim, days, now).unwrap_or_else(|| {
                is_known = false;
                false
            })
        });
        is_known.then_some(has)
    }

    fn is_listed(&mut self, list: u32) -> bool {
        let key = (Subject::Asset(self.asset), list, Entry::Person(self.person));
        let entry = LISTS.read(self.ctx, &key).copied();
        self.ends(entry.into_iter().flat_map(|Listed { from, until }| [from, until]));
        entry.is_some_and(|entry| entry.is_on(self.ctx.now()))
    }
}

/// Conditions of a law that have places: what is beyond is read each time.
const MAX_PLACES: u8 = 64;

/// A policy as it stands in its record: each condition about one person has its place, in the order in which they are
/// written. Part of the protocol, as what is found is kept by these places.
pub(crate) fn place_policy(mut policy: Policy) -> Arc<Policy> {
    place(&mut policy.rules, &mut 0);
    Arc::new(policy)
}

/// A profile as it stands in its record: what is asked of resales first.
pub(crate) fn place_profile(mut profile: Profile) -> Arc<Profile> {
    let mut next = 0;
    let Profile { offer, issue, resale, control, always, .. } = &mut profile;
    for rules in [resale, control, always, issue, offer] {
        place(rules, &mut next);
    }
    Arc::new(profile)
}

fn place(rules: &mut [Rule], next: &mut u8) {
    let one = std::slice::from_mut::<Rule>;
    for rule in rules {
        match rule {
            Rule::Claim { side, place, .. }
            | Rule::List { side, place, subject: ListOf::Person, about: About::Asset, .. } => {
                let fits = *side != Side::Venue && *next < MAX_PLACES;
                *place = Place(fits.then_some(*next));
                *next += u8::from(fits);
            }
            Rule::All(rules) => self::place(rules, next),
            Rule::Any(paths) => paths.iter_mut().for_each(|(_, rule)| self::place(one(rule), next)),
            Rule::Not(rule) | Rule::Because { rule, .. } => self::place(one(rule), next),
            Rule::When { guard, then } => {
                self::place(one(guard), next);
                self::place(one(then), next);
            }
            _ => {}
        }
    }
}

pub(crate) fn read_policy<R: Read>(reader: &mut R) -> Result<Arc<Policy>> {
    Policy::deserialize_reader(reader).map(place_policy)
}

pub(crate) fn read_profile<R: Read>(reader: &mut R) -> Result<Arc<Profile>> {
    Profile::deserialize_reader(reader).map(place_profile)
}

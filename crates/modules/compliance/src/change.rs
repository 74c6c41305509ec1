//! A change of rules, to be tried before it is made, and the limits on holders that it would find exceeded.
//! RULEBOOK section 2.2.

use crate::{
    CLASS_COUNTS, Call, Cap, Filter, ISSUED_BY, LATEST, POLICIES, PROFILES, Policy, Profile,
    Refusal, Rule, Scope, VenueRules, adoptions, apply, check, count,
    counting::caps,
    judge, of_issuer,
    ops::{policy_hash, set_policy},
    profile::{self, hash_of},
    venue,
};
use serde::{Deserialize, Serialize};
use state::Context;
use types::{AssetId, B256, ClassId, Country, Name, PersonId, Units, encode, sha256};

/// What would be changed, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Profiles that would be registered, or their next versions.
    #[serde(default)]
    pub register: Vec<Profile>,
    /// The policy that would come into force.
    #[serde(default)]
    pub policy: Option<Policy>,
    /// Profiles that the asset would adopt, in their latest versions.
    #[serde(default)]
    pub adopt: Vec<Name>,
    /// Profiles under which it would issue no longer.
    #[serde(default)]
    pub drop: Vec<Name>,
    /// What would be the law of the land.
    #[serde(default)]
    pub law: Option<Law>,
    /// What a venue would ask.
    #[serde(default)]
    pub venue: Option<Venue>,
}

/// The law of a jurisdiction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Whose.
    pub country: Country,
    /// The profiles in force, in their latest versions.
    pub profiles: Vec<Name>,
}

/// The rules of a venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Venue {
    /// Whose.
    pub person: PersonId,
    /// What it asks.
    pub rules: Vec<Rule>,
    /// The calendar by which its days are counted.
    #[serde(default)]
    pub calendar: Option<Name>,
}

/// A version of a profile, as its registration announces it: a report of one is none of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Its name.
    pub id: Name,
    /// Which one; 0 if there is none.
    pub version: u32,
    /// SHA-256 of its encoding.
    pub hash: B256,
}

/// The law of a jurisdiction, as a report names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LawChanged {
    /// Whose.
    pub country: Country,
    /// The profiles that would be in force.
    pub profiles: Vec<Version>,
}

/// What a report is of: which rules would take the place of which. Profiles are named by version and hash, policies by the
/// hash that announces them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The policy that would come into force.
    pub policy: Option<B256>,
    /// The version of the policy that is in force; 0 for none.
    pub replaces: u32,
    /// Profiles that would be registered.
    pub register: Vec<Version>,
    /// Profiles that the asset would adopt.
    pub adopt: Vec<Version>,
    /// Profiles under which it would issue no longer, as it does now.
    pub drop: Vec<Version>,
    /// What would be the law of the land.
    pub law: Option<LawChanged>,
    /// The venue whose rules would change, and the hash of those.
    pub venue: Option<(PersonId, B256)>,
}

impl Change {
    /// What it is, on an asset as that is now.
    pub fn told(&self, ctx: &Context<'_>, asset: AssetId) -> Changed {
        let hash = |Venue { person, rules, calendar }: &Venue| {
            let asked = VenueRules { rules: rules.clone(), calendar: calendar.clone() };
            (*person, sha256(&[&encode(&asked)]))
        };
        let registered = |before: usize| {
            let profile = &self.register[before];
            let earlier = self.register[..before].iter().filter(|it| it.id == profile.id).count();
            let version = LATEST.get(ctx, &profile.id).unwrap_or(0) + earlier as u32 + 1;
            Version { id: profile.id.clone(), version, hash: hash_of(profile) }
        };
        let recorded = |id: &Name, version: u32| {
            let hash = profile::at(ctx, id, version).map(|record| record.hash);
            Version { id: id.clone(), version, hash: hash.unwrap_or_default() }
        };
        let latest = |id: &Name| match self.register.iter().rposition(|it| it.id == *id) {
            Some(place) => registered(place),
            None => recorded(id, LATEST.get(ctx, id).unwrap_or(0)),
        };
        let open = |id: &Name| {
            let adopted = adoptions(ctx, asset).find(|(_, it)| it.is_open && it.id == *id);
            recorded(id, adopted.map_or(0, |(_, adoption)| adoption.version))
        };
        let law = |Law { country, profiles }: &Law| LawChanged {
            country: *country,
            profiles: profiles.iter().map(latest).collect(),
        };
        Changed {
            policy: self.policy.as_ref().map(policy_hash),
            replaces: POLICIES.read(ctx, &asset).map_or(0, |record| record.version),
            register: (0..self.register.len()).map(registered).collect(),
            adopt: self.adopt.iter().map(latest).collect(),
            drop: self.drop.iter().map(open).collect(),
            law: self.law.as_ref().map(law),
            venue: self.venue.as_ref().map(hash),
        }
    }

    /// Makes the change. A refusal is that of the first part that cannot be made; the caller takes back
    /// those before.
    pub fn make(self, ctx: &mut Context<'_>, asset: AssetId) -> Result<(), Refusal> {
        let Change { register, policy, adopt, drop, law, venue } = self;
        for profile in register {
            apply(ctx, None, Call::RegisterProfile { profile: Box::new(profile) })?;
        }
        if let Some(policy) = policy {
            set_policy(ctx, asset, policy, B256::ZERO)?;
        }
        for (profiles, adopted) in [(adopt, true), (drop, false)] {
            for profile in profiles {
                profile::adopt(ctx, (asset, profile), adopted, B256::ZERO)?;
            }
        }
        if let Some(Law { country, profiles }) = law {
            profile::set_law(ctx, country, profiles, B256::ZERO)?;
        }
        match venue {
            Some(Venue { person, rules, calendar }) => {
                venue::set_rules(ctx, person, VenueRules { rules, calendar }, B256::ZERO)
            }
            None => Ok(()),
        }
    }
}

/// A limit on holders that is not kept as things stand. Nobody loses anything by it: COM-4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exceeded {
    /// By whose rules; empty for the asset's own policy.
    pub profile: Name,
    /// Where it is written, if the rule says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The rule.
    pub rule: Rule,
    /// How many holders there are, or the most that one of them holds.
    pub have: Units,
    /// How many may be, or must.
    pub limit: Units,
    /// Those of the holders asked about that hold too much or too little.
    pub holders: Vec<PersonId>,
}

/// The limits on how many hold an asset, and on how much each of these does, that are not kept now. Rules
/// under a guard are looked at as if it held; those of one path of several are not.
pub fn exceeded(
    ctx: &Context<'_>,
    asset: AssetId,
    outstanding: Units,
    holders: &[PersonId],
) -> Vec<Exceeded> {
    let mut found = Looking { ctx, asset, outstanding, holders, found: Vec::new() };
    if let Some(record) = POLICIES.read(ctx, &asset) {
        found.rules(&record.policy.rules, &Name::default(), None);
    }
    for (_, adoption) in adoptions(ctx, asset).filter(|(_, adoption)| adoption.is_open) {
        let record = PROFILES.read(ctx, &(adoption.id.clone(), adoption.version));
        let Some(record) = record else { continue };
        for rules in [&record.profile.issue, &record.profile.always] {
            found.rules(rules, &adoption.id, None);
        }
    }
    found.found
}

/// How many holders of a kind there may be by the rules of an asset that bind now: its policy's, and those of profiles under
/// which it is open.
pub(crate) fn cap(
    ctx: &Context<'_>,
    asset: AssetId,
    (scope, filter): (Scope, Filter),
) -> Option<u32> {
    let mut least: Option<u32> = None;
    let mut see = |of: Scope, cap: Cap| {
        if (of, cap.filter) == (scope, filter) {
            least = Some(least.map_or(cap.most, |least| least.min(cap.most)));
        }
    };
    if let Some(record) = POLICIES.read(ctx, &asset) {
        caps(&record.policy.rules, &mut see);
    }
    for (_, adoption) in adoptions(ctx, asset).filter(|(_, adoption)| adoption.is_open) {
        let record = PROFILES.read(ctx, &(adoption.id.clone(), adoption.version));
        let Some(record) = record else { continue };
        for rules in [&record.profile.offer, &record.profile.issue, &record.profile.always] {
            caps(rules, &mut see);
        }
    }
    least
}

struct Looking<'c, 's> {
    ctx: &'c Context<'s>,
    asset: AssetId,
    outstanding: Units,
    holders: &'c [PersonId],
    found: Vec<Exceeded>,
}

impl Looking<'_, '_> {
    fn rules(&mut self, rules: &[Rule], profile: &Name, source: Option<&str>) {
        for rule in rules {
            match rule {
                Rule::All(rules) => self.rules(rules, profile, source),
                Rule::Because { source, rule, .. } => {
                    self.rules(std::slice::from_ref(rule), profile, Some(source))
                }
                Rule::When { then, .. } => self.rules(std::slice::from_ref(then), profile, source),
                Rule::Count { filter, scope, max, min, look_through: None } => {
                    let counts = self.counts(*filter, *scope);
                    // Of several classes the one that is furthest beyond.
                    let most = counts.iter().max().zip(*max).filter(|(have, max)| *have > max);
                    let least = counts.iter().min().zip(*min).filter(|(have, min)| *have < min);
                    if let Some((have, limit)) = most.or(least) {
                        let amounts = (Units((*have).into()), Units(limit.into()));
                        self.add(rule, profile, source, amounts, Vec::new());
                    }
                }
                Rule::Holding { min, max, max_part, .. } => {
                    let part = max_part.map(|part| Units(part.of(self.outstanding.0)));
                    let most = max.iter().chain(&part).min().copied();
                    self.holding(rule, profile, source, most, |units, limit| units > limit);
                    self.holding(rule, profile, source, *min, |units, limit| units < limit);
                }
                Rule::Compare { left, right, .. } if left.is_of_held() || right.is_of_held() => {
                    let unmet = Some(rule).filter(|rule| !check::sees_movement(rule));
                    let unmet = unmet.and_then(|rule| judge::unmet(self.ctx, self.asset, rule));
                    if let Some((have, limit)) = unmet {
                        let amounts = (Units(have), Units(limit));
                        self.add(rule, profile, source, amounts, Vec::new());
                    }
                }
                _ => {}
            }
        }
    }

    /// How many hold the asset, each of its classes that anybody holds, or any asset of its issuer.
    fn counts(&self, filter: Filter, scope: Scope) -> Vec<u32> {
        let ctx = self.ctx;
        let Some(issuer) = ISSUED_BY.get(ctx, &self.asset) else { return Vec::new() };
        let Some(record) = POLICIES.read(ctx, &self.asset) else { return Vec::new() };
        let of = |class, filter| {
            count::holders(ctx, &record.counting, issuer, (self.asset, class), filter)
        };
        match scope {
            Scope::Class => {
                let held = CLASS_COUNTS.read(ctx, &(self.asset, Filter::All));
                let classes = (0..).map(ClassId).take(held.map_or(0, |held| held.len())).map(Some);
                let held = classes.filter(|class| of(*class, Filter::All) > 0);
                held.map(|class| of(class, filter)).collect()
            }
            Scope::Issuer => vec![of_issuer::holders(ctx, issuer, filter).unwrap_or(0)],
            _ => vec![of(None, filter)],
        }
    }

    fn holding(
        &mut self,
        rule: &Rule,
        profile: &Name,
        source: Option<&str>,
        limit: Option<Units>,
        is_beyond: fn(Units, Units) -> bool,
    ) {
        let Some(limit) = limit else { return };
        let held = |person: &PersonId| count::held(self.ctx, self.asset, *person);
        let beyond = self.holders.iter().filter_map(|person| Some((*person, held(person)?.units)));
        let beyond: Vec<_> = beyond.filter(|(_, units)| is_beyond(*units, limit)).collect();
        if let Some(have) = beyond.iter().map(|(_, units)| *units).max() {
            let persons = beyond.into_iter().map(|(person, _)| person).collect();
            self.add(rule, profile, source, (have, limit), persons);
        }
    }

    fn add(
        &mut self,
        rule: &Rule,
        profile: &Name,
        source: Option<&str>,
        (have, limit): (Units, Units),
        holders: Vec<PersonId>,
    ) {
        let (profile, source, rule) = (profile.clone(), source.map(str::to_owned), rule.clone());
        self.found.push(Exceeded { profile, source, rule, have, limit, holders });
    }
}

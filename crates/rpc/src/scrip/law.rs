//! Law as it was registered: profiles, what is in force, what was attested, and who stands on lists.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    scrip::{
        answer,
        naming::{self, Who},
        page,
    },
    wire::{Answer, json},
};
use compliance::{
    DUTIES, Effect, Entry, FACTS, LATEST, LISTS, ListOf, OFFERS, POLICIES, PROFILE_COUNT,
    PROFILE_INDEX, PROFILES, ProfileRecord, Rule, Subject,
};
use serde_json::{Value, json as value};
use state::Context;
use std::collections::BTreeSet;
use types::{AssetId, Country, Name};

/// `scrip_getProfiles`: every version of every profile, in the order in which they were registered.
pub(crate) fn profiles(door: &Door, args: &Args<'_>) -> Answer {
    let first = args.optional::<u32>(0)?.unwrap_or(0).saturating_add(1);
    let limit = page(args.optional(1)?)?;
    let (block, (profiles, next)) = door.read(None, |ctx| {
        let end = PROFILE_COUNT.get(ctx, &()).unwrap_or(0).saturating_add(1);
        let last = first.saturating_add(limit as u32).min(end);
        let profiles: Vec<_> = (first..last).filter_map(|number| brief(ctx, number)).collect();
        (profiles, (last < end && first < last).then(|| last - 1))
    })?;
    json(&value!({ "profiles": profiles, "next": next, "block": block }))
}

/// What a version of a profile is about, by its number.
fn brief(ctx: &Context<'_>, number: u32) -> Option<Value> {
    let key = PROFILE_INDEX.read(ctx, &number)?;
    let ProfileRecord { since, hash, profile, .. } = PROFILES.read(ctx, key)?;
    Some(value!({
        "number": number,
        "id": key.0,
        "version": key.1,
        "is_latest": LATEST.get(ctx, &key.0) == Some(key.1),
        "title": profile.title,
        "authority": profile.authority,
        "effective": profile.effective,
        "since": since,
        "hash": hash,
    }))
}

/// `scrip_getProfile`: a version of a profile, the latest if none is named.
pub(crate) fn profile(door: &Door, args: &Args<'_>) -> Answer {
    let id: Name = args.required(0)?;
    let version: Option<u32> = args.optional(1)?;
    answer(door, |ctx| {
        let missing = || Fault::not_found(format!("id: no profile {id} is registered here"));
        let latest = LATEST.get(ctx, &id).ok_or_else(missing)?;
        let version = version.unwrap_or(latest);
        let record = PROFILES.read(ctx, &(id.clone(), version)).ok_or_else(|| {
            Fault::not_found(format!("version: {id} has the versions 1 to {latest}"))
        })?;
        let mut told = value!(record);
        told["version"] = value!(version);
        told["latest"] = value!(latest);
        Ok(told)
    })
}

/// `scrip_getLaw`: the profiles in force as the law of a jurisdiction.
pub(crate) fn land(door: &Door, args: &Args<'_>) -> Answer {
    let country: Country = args.required(0)?;
    answer(door, |ctx| {
        let (of, law) = compliance::law_of(ctx, country);
        let law = law.iter().map(|(id, version)| value!({ "id": id, "version": version }));
        Ok(value!({ "country": country, "law_of": of, "profiles": law.collect::<Vec<_>>() }))
    })
}

/// `scrip_getFact`: what was attested of an asset, or of the network if none is named; null if nothing.
pub(crate) fn fact(door: &Door, args: &Args<'_>) -> Answer {
    let name: Name = args.required(0)?;
    let asset: Option<Value> = args.optional(1)?;
    answer(door, |ctx| {
        let about = match asset {
            Some(asset) => Subject::Asset(naming::asset(ctx, &asset)?),
            None => Subject::Network,
        };
        let fact = FACTS.get(ctx, &(about, name.clone()));
        let is_current = fact.is_some_and(|it| it.since <= ctx.now() && ctx.now() < it.until);
        Ok(value!({ "about": about, "name": name, "fact": fact, "is_current": is_current }))
    })
}

/// `scrip_getListed`: from when until when a person, or a wallet for itself, stands on a list of an asset, or of the
/// network if none is named; null if it does not.
pub(crate) fn listed(door: &Door, args: &Args<'_>) -> Answer {
    let asset: Option<Value> = args.optional(0)?;
    let list: u32 = args.required(1)?;
    let who = Who::read("who", &args.required(2)?)?;
    let subject: ListOf = args.optional(3)?.unwrap_or_default();
    answer(door, |ctx| {
        let about = match &asset {
            Some(asset) => Subject::Asset(naming::asset(ctx, asset)?),
            None => Subject::Network,
        };
        let listed = match (subject, &who) {
            (ListOf::Person, who) => Entry::Person(who.person(ctx, "who")?),
            (ListOf::Wallet, Who::Wallet(wallet)) => Entry::Wallet(*wallet),
            (ListOf::Wallet, _) => return Err(Fault::param("who", "name a wallet \"0x..\"")),
        };
        let entry = LISTS.get(ctx, &(about, list, listed));
        let is_current = entry.is_some_and(|it| it.from <= ctx.now() && ctx.now() < it.until);
        let mut told = value!(listed);
        told["about"] = value!(about);
        told["list"] = value!(list);
        told["entry"] = value!(entry);
        told["is_current"] = value!(is_current);
        Ok(told)
    })
}

/// What the law has to do with an asset: the profiles that it adopted by their numbers, its latest offer, and what its
/// issuer owes or owed.
pub(crate) fn of_asset(ctx: &Context<'_>, asset: AssetId, told: &mut Value) {
    let adoptions = compliance::adoptions(ctx, asset).map(|(number, adoption)| {
        let mut told = value!(adoption);
        told["number"] = value!(number);
        told
    });
    let duties = may_owe(ctx, asset).into_iter().filter_map(|name| {
        let duty = DUTIES.read(ctx, &(asset, name.to_owned()))?;
        let mut told = value!(duty);
        told["duty"] = value!(name);
        told["is_overdue"] = value!(duty.met.is_none() && duty.due <= ctx.now());
        Some(told)
    });
    told["duties"] = duties.collect();
    told["adoptions"] = adoptions.collect();
    told["offer"] = value!(OFFERS.read(ctx, &asset));
}

/// What an asset's policy, the profiles that it ever adopted, and the law of its issuer's land can make the issuer owe.
fn may_owe<'c>(ctx: &'c Context<'_>, asset: AssetId) -> BTreeSet<&'c str> {
    let residence = ledger::issuer(ctx, asset).and_then(|it| identity::person(ctx, it));
    let land =
        residence.into_iter().flat_map(|it| compliance::law_of(ctx, it.residence).1.to_vec());
    let adopted = compliance::adoptions(ctx, asset);
    let adopted = adopted.map(|(_, adoption)| (adoption.id.clone(), adoption.version));
    let mut names = BTreeSet::new();
    let mut look = |rules: &'c [Rule]| {
        compliance::each_rule(rules, &mut |rule| {
            if let Rule::Effect(Effect::Duty { duty, .. }) = rule {
                names.insert(duty.as_str());
            }
        });
    };
    if let Some(record) = POLICIES.read(ctx, &asset) {
        look(&record.policy.rules);
    }
    let profiles = adopted.chain(land).filter_map(|key| PROFILES.read(ctx, &key));
    let profiles: Vec<_> = profiles.map(|record| &record.profile).collect();
    for profile in &profiles {
        profile.rule_sets().into_iter().for_each(|(_, rules)| look(rules));
    }
    let triggers = profiles.iter().flat_map(|profile| &profile.triggers);
    names.extend(triggers.map(|trigger| trigger.duty.as_str()));
    names
}

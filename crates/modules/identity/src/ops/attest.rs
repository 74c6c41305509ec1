//! What providers say, renew and take back.

use super::{Reply, announce, lapse, provider, provider_of};
use crate::{
    ATTESTED, CLAIMS, Claim, ClaimGiven, Event, Lapse, PERSONS, PROVIDERS, Refusal,
    claims::MAX_CLAIMS, read,
};
use state::Context;
use types::{Address, Country, PersonId, Time, ensure};

/// Attests a claim, or renews it. Any provider in standing may; the claim carries its name. Where a person
/// has all the claims it may have, a new one takes the place of one that is over. IDY-3.
pub(super) fn attest(
    ctx: &mut Context<'_>,
    wallet: &Address,
    person: PersonId,
    claim: ClaimGiven,
) -> Result<Reply, Refusal> {
    let provider = provider(ctx, wallet)?;
    let known = read::person(ctx, person).ok_or(Refusal::UnknownPerson(person))?;
    ensure(known.death.is_none(), Refusal::PersonDeceased(person))?;
    check(ctx, &claim)?;
    let claims = CLAIMS.get(ctx, &person).unwrap_or_default();
    let has_room = claims.has_room_for(claim.topic)
        || claims.newest(claim.topic, provider).is_some()
        || claims.over_at(ctx, ctx.now()).is_some();
    ensure(has_room, Refusal::TooManyClaims(MAX_CLAIMS))?;
    record(ctx, provider, person, claim);
    changed(ctx, person);
    Ok(Reply::touched(person))
}

/// Takes back the caller's standing claim. What is revoked stays revoked.
pub(super) fn revoke(
    ctx: &mut Context<'_>,
    wallet: &Address,
    person: PersonId,
    topic: u32,
) -> Result<Reply, Refusal> {
    let provider = provider(ctx, wallet)?;
    let mut claims = CLAIMS.get(ctx, &person).unwrap_or_default();
    let now = ctx.now();
    let claim = claims
        .newest_mut(topic, provider)
        .filter(|claim| claim.revoked.is_none())
        .ok_or(Refusal::NoClaim { person, topic })?;
    claim.revoked = Some(now);
    CLAIMS.put(ctx, &person, claims);
    changed(ctx, person);
    announce(ctx, Event::ClaimRevoked { person, topic, provider });
    Ok(Reply::touched(person))
}

/// Records that a person in the caller's care moved to another country, under all numbers that it has. IDY-8.
pub(super) fn set_residence(
    ctx: &mut Context<'_>,
    wallet: &Address,
    person: PersonId,
    residence: Country,
) -> Result<Reply, Refusal> {
    provider_of(ctx, wallet, person)?;
    let record = read::person(ctx, person).ok_or(Refusal::UnknownPerson(person))?;
    ensure(record.residence != residence, Refusal::SameResidence(residence))?;
    for number in read::numbers(ctx, person) {
        moves(ctx, number, residence);
    }
    Ok(Reply::touched(person))
}

/// Writes where a person resides from now on.
pub(super) fn moves(ctx: &mut Context<'_>, person: PersonId, to: Country) {
    let Some(mut record) = PERSONS.get(ctx, &person) else { return };
    let from = record.residence;
    record.residence = to;
    record.epoch += 1;
    PERSONS.put(ctx, &person, record);
    announce(ctx, Event::ResidenceChanged { person, from, to });
}

/// What was found of the person before is to be looked at anew.
fn changed(ctx: &mut Context<'_>, person: PersonId) {
    if let Some(mut record) = PERSONS.get(ctx, &person) {
        record.epoch += 1;
        PERSONS.put(ctx, &person, record);
    }
}

pub(super) fn check(ctx: &Context<'_>, claim: &ClaimGiven) -> Result<(), Refusal> {
    let ClaimGiven { topic, dated, expires, .. } = *claim;
    ensure(expires > ctx.now(), Refusal::AlreadyExpired { topic, expires })?;
    ensure(dated <= ctx.now(), Refusal::DatedAhead { topic, dated })
}

/// Writes a claim that was checked.
pub(super) fn record(
    ctx: &mut Context<'_>,
    provider: PersonId,
    person: PersonId,
    given: ClaimGiven,
) {
    let ClaimGiven { topic, value, expires, evidence, .. } = given;
    let mut claims = CLAIMS.get(ctx, &person).unwrap_or_default();
    let issued = ctx.now();
    let dated = if given.dated == Time(0) { issued } else { given.dated };
    let claim = |nonce| Claim {
        topic,
        value,
        provider,
        issued,
        dated,
        expires,
        evidence,
        revoked: None,
        nonce,
        stayed: false,
    };
    let is_known = claims.0.iter().any(|other| other.provider == provider);
    let is_full = !claims.has_room_for(topic);
    if let Some(old) = claims.newest_mut(topic, provider) {
        *old = claim(old.nonce + 1);
    } else if let Some(place) = is_full.then(|| claims.over_at(ctx, issued)).flatten() {
        // Beyond every number here, so that no claim that had to leave comes back with one it had.
        let last = claims.0.iter().map(|claim| claim.nonce).max().unwrap_or(0);
        claims.0[place] = claim(last + 1);
    } else {
        claims.0.push(claim(0));
    }
    if !is_known {
        let ordinal = PROVIDERS.get(ctx, &provider).map_or(0, |record| record.attested);
        ATTESTED.put(ctx, &(provider, ordinal), person);
        if let Some(mut record) = PROVIDERS.get(ctx, &provider) {
            record.attested += 1;
            PROVIDERS.put(ctx, &provider, record);
        }
    }
    CLAIMS.put(ctx, &person, claims);
    lapse::schedule(ctx, Lapse::Claim(person, expires));
    announce(ctx, Event::ClaimAttested { person, topic, value, provider, dated, expires });
}

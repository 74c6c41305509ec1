//! What providers say, renew and take back.

use super::{Reply, announce, lapse, provider, provider_of};
use crate::{
    ATTESTED, CLAIMS, Claim, ClaimGiven, Event, Lapse, PERSONS, PROVIDERS, Refusal,
    claims::MAX_CLAIMS, read,
};
use state::Context;
use types::{Address, Country, PersonId, ensure};

/// Attests a claim, or renews it. Any provider in standing may; the claim carries its name. IDY-3.
pub(super) fn attest(
    ctx: &mut Context<'_>,
    wallet: &Address,
    person: PersonId,
    claim: ClaimGiven,
) -> Result<Reply, Refusal> {
    let provider = provider(ctx, wallet)?;
    ensure(read::person(ctx, person).is_some(), Refusal::UnknownPerson(person))?;
    check(ctx, &claim)?;
    let claims = CLAIMS.read(ctx, &person);
    let has_room = claims.is_none_or(|claims| {
        claims.0.len() < MAX_CLAIMS || claims.newest(claim.topic, provider).is_some()
    });
    ensure(has_room, Refusal::TooManyClaims(MAX_CLAIMS))?;
    record(ctx, provider, person, claim);
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
    announce(ctx, Event::ClaimRevoked { person, topic, provider });
    Ok(Reply::touched(person))
}

/// Records that a person in the caller's care moved to another country.
pub(super) fn set_residence(
    ctx: &mut Context<'_>,
    wallet: &Address,
    person: PersonId,
    residence: Country,
) -> Result<Reply, Refusal> {
    provider_of(ctx, wallet, person)?;
    let mut record = PERSONS.get(ctx, &person).ok_or(Refusal::UnknownPerson(person))?;
    let from = record.residence;
    ensure(from != residence, Refusal::SameResidence(residence))?;
    record.residence = residence;
    PERSONS.put(ctx, &person, record);
    announce(ctx, Event::ResidenceChanged { person, from, to: residence });
    Ok(Reply::touched(person))
}

pub(super) fn check(ctx: &Context<'_>, claim: &ClaimGiven) -> Result<(), Refusal> {
    let ClaimGiven { topic, expires, .. } = *claim;
    ensure(expires > ctx.now(), Refusal::AlreadyExpired { topic, expires })
}

/// Writes a claim that was checked.
pub(super) fn record(
    ctx: &mut Context<'_>,
    provider: PersonId,
    person: PersonId,
    given: ClaimGiven,
) {
    let ClaimGiven { topic, value, expires, evidence } = given;
    let mut claims = CLAIMS.get(ctx, &person).unwrap_or_default();
    let issued = ctx.now();
    let nonce = claims.newest(topic, provider).map_or(0, |claim| claim.nonce + 1);
    let claim = Claim { topic, value, provider, issued, expires, evidence, revoked: None, nonce };
    match claims.newest_mut(topic, provider) {
        Some(old) => *old = claim,
        None => {
            if !claims.0.iter().any(|other| other.provider == provider) {
                let ordinal = PROVIDERS.get(ctx, &provider).map_or(0, |record| record.attested);
                ATTESTED.put(ctx, &(provider, ordinal), person);
                if let Some(mut record) = PROVIDERS.get(ctx, &provider) {
                    record.attested += 1;
                    PROVIDERS.put(ctx, &provider, record);
                }
            }
            claims.0.push(claim);
        }
    }
    CLAIMS.put(ctx, &person, claims);
    lapse::schedule(ctx, Lapse::Claim(person, expires));
    announce(ctx, Event::ClaimAttested { person, topic, value, provider, expires });
}

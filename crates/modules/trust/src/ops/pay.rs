//! Fuel lent, credited and regulated.

use super::{
    announce,
    authority::{exercise, require},
};
use crate::{
    Event, FuelSchedule, Grantee, Power, Refusal, SCHEDULE, SPONSORS, Scope, Sponsorship, TANKS,
    fuel,
};
use state::Context;
use types::{PersonId, Time, ensure};

/// Pays for a person from now on, so much and until then. TRU-6.
///
/// A person has one sponsor at a time. Whom it accepted stays; any other gives way to one that can pay more
/// of what it promises, so that a trifle, or a promise without fuel, keeps nobody out.
pub(super) fn sponsor(
    ctx: &mut Context<'_>,
    by: Grantee,
    person: PersonId,
    gas: u64,
    expires: Time,
) -> Result<(), Refusal> {
    let Grantee::Person(sponsor) = by else { return Err(Refusal::PersonOnly) };
    ensure(identity::person(ctx, person).is_some(), Refusal::UnknownPerson(person))?;
    ensure(expires > ctx.now(), Refusal::ExpiresPast(expires))?;
    ensure(sponsor != person && gas > 0, Refusal::NothingChanges)?;
    let own = SPONSORS.get(ctx, &person).filter(|old| old.sponsor == sponsor);
    let is_accepted = own.is_some_and(|own| own.is_accepted);
    let new = Sponsorship { sponsor, remaining: gas, expires, is_accepted };
    let other = fuel::sponsor(ctx, person).filter(|old| old.sponsor != sponsor);
    if let Some(old) = other {
        let is_more = fuel::drawable(ctx, &new) > fuel::drawable(ctx, &old);
        let gives_way = old.remaining == 0 || (is_more && !old.is_accepted);
        ensure(gives_way, Refusal::OtherSponsor { person, sponsor: old.sponsor })?;
        announce(ctx, Event::SponsorshipEnded { person });
    }
    SPONSORS.put(ctx, &person, new);
    announce(ctx, Event::Sponsored { person, sponsorship: new });
    Ok(())
}

/// The person says that this sponsor shall pay. It names it, so that it accepts no other that came between.
pub(super) fn accept(ctx: &mut Context<'_>, by: Grantee, sponsor: PersonId) -> Result<(), Refusal> {
    let Grantee::Person(person) = by else { return Err(Refusal::PersonOnly) };
    let standing = fuel::sponsor(ctx, person).filter(|given| given.sponsor == sponsor);
    let mut standing = standing.ok_or(Refusal::NoSponsorship { person, sponsor })?;
    ensure(!standing.is_accepted, Refusal::NothingChanges)?;
    standing.is_accepted = true;
    SPONSORS.put(ctx, &person, standing);
    announce(ctx, Event::SponsorshipAccepted { person, sponsor });
    Ok(())
}

pub(super) fn end_sponsorship(
    ctx: &mut Context<'_>,
    by: Grantee,
    person: PersonId,
) -> Result<(), Refusal> {
    let sponsorship = SPONSORS.get(ctx, &person).ok_or(Refusal::NothingChanges)?;
    let may = by == Grantee::Person(sponsorship.sponsor) || by == Grantee::Person(person);
    ensure(may, Refusal::NotSponsor(person))?;
    SPONSORS.delete(ctx, &person);
    announce(ctx, Event::SponsorshipEnded { person });
    Ok(())
}

pub(super) fn credit(
    ctx: &mut Context<'_>,
    by: Grantee,
    person: PersonId,
    gas: u64,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    require(ctx, by, Power::Fuel, Scope::Network, None, quorum)?;
    ensure(identity::person(ctx, person).is_some(), Refusal::UnknownPerson(person))?;
    ensure(gas > 0, Refusal::NothingChanges)?;
    exercise(ctx, by, Power::Fuel, Scope::Network, quorum);
    let mut tank = fuel::filled(ctx, person);
    tank.bought = tank.bought.saturating_add(gas);
    TANKS.put(ctx, &person, tank);
    announce(ctx, Event::FuelCredited { person, gas });
    Ok(())
}

pub(super) fn set_schedule(
    ctx: &mut Context<'_>,
    by: Grantee,
    schedule: FuelSchedule,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    require(ctx, by, Power::Fuel, Scope::Network, None, quorum)?;
    check_schedule(&schedule)?;
    exercise(ctx, by, Power::Fuel, Scope::Network, quorum);
    SCHEDULE.put(ctx, &(), schedule);
    announce(ctx, Event::ScheduleSet { schedule });
    Ok(())
}

/// The smallest capacity: room for the call that repairs the schedule.
const SMALLEST_CAPACITY: u64 = 100_000;

/// The longest refill: one week, so that whoever repairs the schedule need not wait for ever.
const LONGEST_REFILL_MS: u64 = 7 * 86_400_000;

pub(crate) fn check_schedule(schedule: &FuelSchedule) -> Result<(), Refusal> {
    let FuelSchedule { registered_capacity, verified_capacity, refill_ms } = *schedule;
    let fits = (1..=LONGEST_REFILL_MS).contains(&refill_ms)
        && registered_capacity >= SMALLEST_CAPACITY
        && verified_capacity >= registered_capacity;
    ensure(fits, Refusal::BadSchedule)
}

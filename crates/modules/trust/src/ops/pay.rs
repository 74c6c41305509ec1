//! Fuel lent, credited and regulated.

use super::{announce, authority::require};
use crate::{
    Event, FuelSchedule, Grantee, Power, Refusal, SCHEDULE, SPONSORS, Scope, Sponsorship, TANKS,
    fuel,
};
use state::Context;
use types::{PersonId, Time, ensure};

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
    // One sponsor at a time: another one's standing promise is not pushed aside.
    let other =
        fuel::sponsor(ctx, person).filter(|old| old.sponsor != sponsor && old.remaining > 0);
    if let Some(old) = other {
        return Err(Refusal::OtherSponsor { person, sponsor: old.sponsor });
    }
    let sponsorship = Sponsorship { sponsor, remaining: gas, expires };
    SPONSORS.put(ctx, &person, sponsorship);
    announce(ctx, Event::Sponsored { person, sponsorship });
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

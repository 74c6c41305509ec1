//! Calendars on chain: facts about days, registered by who may register law.
//!
//! A profile, a policy or a venue names a calendar and counts its days by it; without one, days are those of UTC. The
//! latest version is asked, by profiles registered long before too: next year's holidays are facts, not
//! law. A version says nothing new of days that have begun, so what was judged would be judged so again.

use crate::{CALENDARS, CalendarRecord, Event, Policy, Profile, Refusal, VenueRules};
use state::Context;
use std::sync::Arc;
use types::{Calendar, Days, Module, Name, encode, ensure, sha256};

/// Registers a calendar, or its next version.
pub(crate) fn register(ctx: &mut Context<'_>, calendar: Calendar) -> Result<(), Refusal> {
    calendar.check().map_err(Refusal::BadCalendar)?;
    let id = calendar.id.clone();
    let before = CALENDARS.read(ctx, &id);
    if let Some(before) = before {
        ensure(*before.calendar != calendar, Refusal::NothingChanges)?;
        calendar.check_follows(&before.calendar, ctx.now()).map_err(Refusal::BadCalendar)?;
    }
    let version = before.map_or(1, |before| before.version + 1);
    let hash = sha256(&[&encode(&calendar)]);
    let record = CalendarRecord { version, since: ctx.now(), hash, calendar: Arc::new(calendar) };
    CALENDARS.put(ctx, &id, record);
    // How old a claim may be is counted by its days.
    identity::outdate(ctx);
    let event = Event::CalendarRegistered { id, version, calendar: hash };
    ctx.emit(Module::Compliance, &event);
    Ok(())
}

/// Refuses a calendar that is not registered.
pub(crate) fn check_known(ctx: &Context<'_>, calendar: &Option<Name>) -> Result<(), Refusal> {
    match calendar {
        Some(id) => ensure(CALENDARS.has(ctx, id), Refusal::UnknownCalendar(id.clone())),
        None => Ok(()),
    }
}

/// How days are counted by what names this calendar.
pub(crate) fn days<'c>(ctx: &'c Context<'_>, calendar: &Option<Name>) -> Days<'c> {
    let Some(id) = calendar else { return Days::UTC };
    let record = CALENDARS.read(ctx, id);
    Days::of(&record.expect("a calendar is registered before what names it, for good").calendar)
}

/// How a profile counts days.
pub fn days_of<'c>(ctx: &'c Context<'_>, profile: &Profile) -> Days<'c> {
    days(ctx, &profile.calendar)
}

/// How a policy counts days.
pub fn days_of_policy<'c>(ctx: &'c Context<'_>, policy: &Policy) -> Days<'c> {
    days(ctx, &policy.calendar)
}

/// How a venue counts days.
pub(crate) fn days_of_venue<'c>(ctx: &'c Context<'_>, asked: &VenueRules) -> Days<'c> {
    days(ctx, &asked.calendar)
}

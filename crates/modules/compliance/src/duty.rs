//! Duties: what is owed by a day, because something came true or something was done. RULEBOOK section 0.6.
//!
//! A trigger forbids nothing. It is asked when a day ends by its profile's calendar, or the fiscal year, of every asset
//! that adopted its profile, though it has dropped it, as long as anybody holds units that may be under it; and where
//! its profile is the law of the land, of every asset whose issuer resides there. What is found true is a duty with a
//! day on which it is due. Once that is done it is owed again when it has been untrue in between, or with another
//! fiscal year.

use crate::{
    Adoption, CALENDARS, COUNTS, DUTIES, DUTIES_ASKED, Duty, Event, FACTS, Filter, PROFILES,
    Progress, Refusal, Roll, Subject, Trigger, WATCHED, WATCHED_COUNT, days_of,
    judge::holds,
    profile::{adoptions, law_of},
};
use state::Context;
use types::{AssetId, Date, Days, Module, Name, PersonId, Span, Time, ensure};

/// The fact that says on which day the fiscal year of an asset's issuer ends: month times 100 and day.
/// The end of December, if it was not attested.
pub const FISCAL_YEAR_END: &str = "fiscal_year_end";

/// A day that ends by any calendar ends with a quarter of an hour of UTC.
const QUARTER_MS: u64 = 15 * 60 * 1_000;

fn quarter(time: Time) -> Time {
    Time(time.0 - time.0 % QUARTER_MS)
}

/// Asks the triggers of so many assets, at most, for the days that have ended; the rest follows in the next block. Who
/// issued an asset is the ledger's to say.
pub fn fire(
    ctx: &mut Context<'_>,
    at_most: u32,
    issuer: fn(&Context<'_>, AssetId) -> Option<PersonId>,
) {
    let now = quarter(ctx.now());
    let Some(mut progress) = DUTIES_ASKED.get(ctx, &()) else { return };
    if progress.since >= now {
        return;
    }
    // What was begun for a quarter is ended for it, even after it.
    if progress.next == 0 {
        progress.until = now;
    }
    let count = WATCHED_COUNT.get(ctx, &()).unwrap_or(0);
    let last = count.min(progress.next.saturating_add(at_most));
    for place in progress.next..last {
        if let Some(asset) = WATCHED.get(ctx, &place) {
            let issuer = issuer(ctx, asset);
            ask(ctx, asset, issuer, progress.since, progress.until);
        }
    }
    progress = match last == count {
        true => Progress { since: progress.until, next: 0, ..progress },
        false => Progress { next: last, ..progress },
    };
    DUTIES_ASKED.put(ctx, &(), progress);
}

/// Asks the triggers of one asset for the days that ended between two moments, each profile for those of its own
/// calendar: before anything else happens on the day after, unless more are asked than one block asks.
fn ask(ctx: &mut Context<'_>, asset: AssetId, issuer: Option<PersonId>, since: Time, until: Time) {
    for key in asked(ctx, asset, issuer, until) {
        let Some(record) = PROFILES.get(ctx, &key) else { continue };
        let calendar = record.profile.calendar.as_ref().and_then(|id| CALENDARS.get(ctx, id));
        let calendar = calendar.map(|record| record.calendar);
        let days = calendar.as_deref().map_or(Days::UTC, Days::of);
        // Beyond the calendar by days of UTC: what is owed is better raised a day off than forgotten.
        let local = |time: Time| days.date(time).unwrap_or(time.date());
        let (from, today) = (local(since), local(until));
        if from == today {
            continue;
        }
        // As of the end of the last day that ended: nothing happened since.
        let end = days.start(today).map_or(until, |start| Time(start.0.saturating_sub(1)));
        for trigger in &record.profile.triggers {
            let day = match trigger.yearly {
                true => year_end(ctx, asset, from, today),
                false => Some(today.minus_days(1)),
            };
            if let Some(day) = day {
                weigh(ctx, asset, &key.0, trigger, (days, end), day);
            }
        }
    }
}

/// The profiles whose triggers are asked of an asset: of each that it adopted the version it is open under, or the
/// last it was; and those in force where its issuer resides.
fn asked(
    ctx: &Context<'_>,
    asset: AssetId,
    issuer: Option<PersonId>,
    now: Time,
) -> Vec<(Name, u32)> {
    let is_held = COUNTS.get(ctx, &(asset, Filter::All)).is_some_and(|holders| holders > 0);
    let mut adopted: Vec<&Adoption> = Vec::new();
    for (_, adoption) in adoptions(ctx, asset).filter(|(_, it)| it.is_open || is_held) {
        match adopted.iter_mut().find(|known| known.id == adoption.id) {
            Some(known) if known.is_open => {}
            Some(known) => *known = adoption,
            None => adopted.push(adoption),
        }
    }
    let mut asked: Vec<_> = adopted.into_iter().map(|it| (it.id.clone(), it.version)).collect();
    let residence = issuer.and_then(|issuer| identity::person(ctx, issuer)).map(|it| it.residence);
    for key in residence.into_iter().flat_map(|residence| law_of(ctx, residence).1) {
        let record = PROFILES.read(ctx, key);
        let is_in_force = record.is_some_and(|record| {
            let today = days_of(ctx, &record.profile).date(now).unwrap_or(now.date());
            record.profile.is_effective(today)
        });
        if is_in_force && asked.iter().all(|(id, _)| *id != key.0) {
            asked.push(key.clone());
        }
    }
    asked
}

/// When something is due that is owed so long after a day.
pub(crate) fn due(days: Days<'_>, span: Span, roll: Roll, day: Date) -> Option<Time> {
    let due = days.after_date(span, day)?;
    days.start(match roll {
        Roll::None => due,
        Roll::NextBusinessDay => days.next_business(due)?,
    })
}

fn weigh(
    ctx: &mut Context<'_>,
    asset: AssetId,
    id: &Name,
    trigger: &Trigger,
    (days, end): (Days<'_>, Time),
    day: Date,
) {
    let key = (asset, trigger.duty.clone());
    let known = DUTIES.get(ctx, &key);
    if known.as_ref().is_some_and(|duty| duty.met.is_none()) {
        return;
    }
    let (profile, duty) = (id.clone(), trigger.duty.clone());
    if holds(ctx, asset, (days, end), &trigger.when) {
        // It was done, and is true since: nothing came true.
        let is_done = known.is_some_and(|duty| !duty.is_over && duty.profile == *id);
        if is_done && !trigger.yearly {
            return;
        }
        // Beyond the calendar every day is one of business: it is never due later than it is.
        let every = || {
            let Span { months, business, days, .. } = trigger.due;
            Span::of(months, business + days).after_date(day).start()
        };
        let due = due(days, trigger.due, trigger.roll, day).unwrap_or_else(every);
        return raise(ctx, asset, profile, duty, due);
    }
    if let Some(duty) = known.filter(|duty| !duty.is_over && duty.profile == *id) {
        DUTIES.put(ctx, &key, Duty { is_over: true, ..duty });
    }
    if !trigger.warning.is_empty() && holds(ctx, asset, (days, end), &trigger.warning) {
        ctx.emit(Module::Compliance, &Event::DutyNear { asset, profile, duty });
    }
}

/// Makes something owed by a day, if it is not owed already by an earlier one.
pub(crate) fn raise(ctx: &mut Context<'_>, asset: AssetId, profile: Name, duty: String, due: Time) {
    let key = (asset, duty.clone());
    let open = DUTIES.get(ctx, &key).filter(|known| known.met.is_none());
    if open.is_some_and(|open| open.due <= due) {
        return;
    }
    DUTIES.put(
        ctx,
        &key,
        Duty { since: ctx.now(), due, met: None, is_over: false, profile: profile.clone() },
    );
    ctx.emit(Module::Compliance, &Event::DutyRaised { asset, profile, duty, due });
}

/// What was owed is done.
pub(crate) fn meet(ctx: &mut Context<'_>, asset: AssetId, duty: String) -> Result<(), Refusal> {
    let key = (asset, duty.clone());
    let known = DUTIES.get(ctx, &key).ok_or_else(|| Refusal::UnknownDuty(duty.clone()))?;
    ensure(known.met.is_none(), Refusal::NothingChanges)?;
    DUTIES.put(ctx, &key, Duty { met: Some(ctx.now()), ..known });
    ctx.emit(Module::Compliance, &Event::DutyMet { asset, duty });
    Ok(())
}

/// Asks triggers of an asset from now on: from its first policy, before which nobody can hold it.
pub(crate) fn watch(ctx: &mut Context<'_>, asset: AssetId) {
    let place = WATCHED_COUNT.get(ctx, &()).unwrap_or(0);
    WATCHED.put(ctx, &place, asset);
    WATCHED_COUNT.put(ctx, &(), place + 1);
    if DUTIES_ASKED.get(ctx, &()).is_none() {
        let now = quarter(ctx.now());
        DUTIES_ASKED.put(ctx, &(), Progress { since: now, until: now, next: 0 });
    }
}

/// The end of a fiscal year among the days from one until another, exclusive.
fn year_end(ctx: &Context<'_>, asset: AssetId, from: Date, until: Date) -> Option<Date> {
    let fact = FACTS.read(ctx, &(Subject::Asset(asset), FISCAL_YEAR_END.into()));
    let (month, day) = match fact.map(|fact| fact.value.0) {
        Some(value) => ((value / 100) as i8, (value % 100) as i8),
        None => (12, 31),
    };
    [until.year(), until.year() - 1]
        .into_iter()
        .filter_map(|year| Date::of(year, month, day))
        .find(|end| from <= *end && *end < until)
}

//! Windows that open again and again: trading hours, closed periods. RULEBOOK P8.

use crate::{Refusal, check::bad};
use borsh::{BorshDeserialize, BorshSerialize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use state::Context;
use types::{Clock, Date, Days, Time, Weekday, ensure};

/// Days that are looked ahead: no market rests longer.
const LOOKS_AHEAD: u32 = 31;

/// Gas of looking whether a window turns on one day.
const LOOK_WORK: u64 = 30;

/// When a window is open, by the clock on the wall where its calendar is of.
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
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Recurring {
    /// From a time of day until another, exclusive.
    Weekly {
        /// On these days of the week; on every one if none is named.
        #[serde(default)]
        days: Vec<Weekday>,
        /// From when on.
        from: Clock,
        /// Until when, exclusive.
        until: Clock,
        /// True if on business days only.
        #[serde(default)]
        business: bool,
    },
    /// From the start of a day of the year until that of another.
    Yearly {
        /// The month and the day from which on it is open.
        from: (u8, u8),
        /// Those of the first day on which it is closed again; in the next year if it does not come later.
        until: (u8, u8),
    },
}

impl Recurring {
    /// Refuses what is never closed, and times and days that are none.
    pub(crate) fn check(&self, place: &str) -> Result<(), Refusal> {
        match self {
            Recurring::Weekly { days, from, until, business } => {
                let is_week = days.windows(2).all(|pair| pair[0] < pair[1]);
                ensure(is_week, bad(place, "days: each day once, from Monday on"))?;
                let fits = from < until && *until <= Clock::END;
                ensure(fits, bad(place, "until: it is later than from, and 24:00 at the latest"))?;
                let is_every_day = !business && (days.is_empty() || days.len() == 7);
                let is_always = is_every_day && *from == Clock(0) && *until == Clock::END;
                ensure(!is_always, bad(place, "it would never be closed: leave it out"))
            }
            Recurring::Yearly { from, until } => {
                let is_day =
                    |(month, day): (u8, u8)| Date::of(2001, month as i8, day as i8).is_some();
                let why = "from, until: month and day, of a day that every year has: [3, 15]";
                ensure(is_day(*from) && is_day(*until), bad(place, why))?;
                ensure(from != until, bad(place, "until: another day than from"))
            }
        }
    }

    /// True if it is open; nothing known beyond the calendar.
    pub(crate) fn is_open(&self, days: Days<'_>, now: Time) -> Option<bool> {
        let today = days.date(now)?;
        match self {
            Recurring::Weekly { from, until, .. } => Some(
                self.is_day(days, today)?
                    && days.at(today, *from)? <= now
                    && now < days.at(today, *until)?,
            ),
            Recurring::Yearly { from, until } => {
                let day = today.month_and_day();
                Some(match from < until {
                    true => *from <= day && day < *until,
                    false => *from <= day || day < *until,
                })
            }
        }
    }

    /// The first time after a moment at which it opens or closes. Looking for it is charged.
    pub(crate) fn next_turn(&self, ctx: &Context<'_>, days: Days<'_>, now: Time) -> Option<Time> {
        ctx.charge(LOOK_WORK);
        let (is_open, today) = (self.is_open(days, now)?, days.date(now)?);
        match self {
            Recurring::Weekly { from, until, .. } => {
                for day in (0..=LOOKS_AHEAD).map(|ahead| today.plus_days(ahead)) {
                    ctx.charge(LOOK_WORK);
                    if !self.is_day(days, day)? {
                        continue;
                    }
                    for turn in [days.at(day, *from)?, days.at(day, *until)?] {
                        // One day may end where the next begins.
                        if turn > now && self.is_open(days, turn)? != is_open {
                            return Some(turn);
                        }
                    }
                }
                None
            }
            Recurring::Yearly { from, until } => {
                let (month, day) = if is_open { *until } else { *from };
                let years = [today.year(), today.year().checked_add(1)?];
                let dates = years.map(|year| Date::of(year, month as i8, day as i8));
                let next = dates.into_iter().flatten().find(|date| *date > today);
                days.start(next?)
            }
        }
    }

    fn is_day(&self, days: Days<'_>, day: Date) -> Option<bool> {
        let Recurring::Weekly { days: on, business, .. } = self else { return Some(true) };
        let is_named = on.is_empty() || on.contains(&Weekday::of(day));
        Some(is_named && (!business || days.is_business(day)?))
    }
}

//! Days a second time: when they begin by a calendar, on which business is done, and what is over by then. RULEBOOK
//! section 0.8.

use super::{book::Book, wire::*};

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
/// 1970 began on the fourth day of a week.
const FIRST_WEEKDAY: i32 = 3;

/// How days are counted. By a calendar whose text nobody saw, nothing is known of them.
#[derive(Clone, Copy)]
pub(super) enum Days<'a> {
    Utc,
    By(&'a Calendar),
    Unknown,
}

/// A day as a civil date.
pub(super) fn civil(day: i32) -> jiff::civil::Date {
    jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(i64::from(day)))
}

pub(super) fn number(day: jiff::civil::Date) -> i32 {
    let since = day.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1)));
    since.map_or(0, |span| span.get_days())
}

/// The date so much earlier; months first, clamped to their end.
pub(super) fn before(day: i32, span: &Span) -> i32 {
    let earlier = civil(day)
        .saturating_sub(jiff::Span::new().months(i64::from(span.months)))
        .saturating_sub(jiff::Span::new().days(i64::from(span.days)));
    number(earlier)
}

impl Calendar {
    /// The offsets, each with its first and its last moment.
    fn periods(&self) -> impl Iterator<Item = (i64, i64, i64)> {
        let begins = self.offsets.iter().map(|(from, _)| *from as i64);
        let ends = begins.skip(1).map(|next| next - 1).chain([i64::MAX]);
        let offsets = self.offsets.iter().map(|(from, minutes)| (*from as i64, *minutes));
        offsets.zip(ends).map(|((from, minutes), end)| (from, end, i64::from(minutes) * MINUTE_MS))
    }
}

impl Days<'_> {
    /// The date at a moment.
    pub fn date(self, time: u64) -> Option<i32> {
        let time = time as i64;
        match self {
            Days::Unknown => None,
            Days::Utc => Some((time / DAY_MS) as i32),
            // A day that has begun does not begin again: the latest counts that the clock on the wall ever showed.
            Days::By(calendar) => {
                let begun = calendar.periods().filter(|(from, ..)| *from <= time);
                let shown = begun.map(|(_, end, off)| (time.min(end) + off).div_euclid(DAY_MS));
                let day = shown.max()? as i32;
                (day < calendar.known_until).then_some(day)
            }
        }
    }

    /// The first moment of a date at which the clock on the wall shows so many minutes, or more.
    pub fn at(self, date: i32, minutes: u16) -> Option<u64> {
        let shown = i64::from(date) * DAY_MS + i64::from(minutes) * MINUTE_MS;
        match self {
            Days::Unknown => None,
            Days::Utc => u64::try_from(shown).ok(),
            Days::By(calendar) if date > calendar.known_until => None,
            Days::By(calendar) => {
                let mut first =
                    calendar.periods().map(|(from, end, off)| (from.max(shown - off), end));
                first.find(|(moment, end)| moment <= end).map(|(moment, _)| moment as u64)
            }
        }
    }

    pub fn start(self, date: i32) -> Option<u64> {
        self.at(date, 0)
    }

    fn is_business(self, date: i32) -> Option<bool> {
        let Days::By(calendar) = self else { return None };
        let (from, until) = calendar.business;
        let weekday = (date + FIRST_WEEKDAY).rem_euclid(7) as u8;
        let is_free = calendar.weekend.contains(&weekday) || calendar.holidays.contains(&date);
        (from..until).contains(&date).then_some(!is_free)
    }

    /// This date, or the first business day after it.
    pub fn next_business(self, date: i32) -> Option<i32> {
        let mut date = date;
        while !self.is_business(date)? {
            date += 1;
        }
        Some(date)
    }

    /// The date on which a span from a date is over: months, then business days, then days.
    pub fn after_date(self, span: &Span, from: i32) -> Option<i32> {
        let mut date =
            number(civil(from).saturating_add(jiff::Span::new().months(i64::from(span.months))));
        for _ in 0..span.business {
            date = self.next_business(date + 1)?;
        }
        Some(date + span.days as i32)
    }

    /// When a span from a moment is over: at the start of a day, or to the hour if it names hours.
    pub fn after(self, span: &Span, from: u64) -> Option<u64> {
        let hours_ms = u64::from(span.hours) * 3_600_000;
        if (span.months, span.business, span.days) == (0, 0, 0) && span.hours > 0 {
            return Some(from + hours_ms);
        }
        let day = self.date(from)?;
        let start = self.start(self.after_date(span, day)?)?;
        let into_day = if span.hours > 0 { from.saturating_sub(self.start(day)?) } else { 0 };
        Some(start + into_day + hours_ms)
    }

    pub fn is_over(self, span: &Span, from: u64, now: u64) -> Option<bool> {
        self.after(span, from).map(|end| end <= now)
    }

    /// True if what is dated so is too old by now. The last day of an age is good.
    pub fn is_past(self, age: &Span, dated: u64, now: u64) -> Option<bool> {
        if age.hours > 0 {
            return self.after(age, dated).map(|end| end < now);
        }
        let (day, today) = (self.date(dated)?, self.date(now)?);
        match age.business {
            0 => Some(day < before(today, age)),
            _ => Some(self.after_date(age, day)? < today),
        }
    }

    /// True if it is open at a moment.
    pub fn is_open(self, window: &Recurring, now: u64) -> Option<bool> {
        let today = self.date(now)?;
        match window {
            Recurring::Weekly { days, from, until, business } => {
                let weekday = (today + FIRST_WEEKDAY).rem_euclid(7) as u8;
                let is_day = days.is_empty() || days.contains(&weekday);
                let is_day = is_day && (!business || self.is_business(today)?);
                let open = self.at(today, *from)?..self.at(today, *until)?;
                Some(is_day && open.contains(&now))
            }
            Recurring::Yearly { from, until } => {
                let today = civil(today);
                let day = (today.month() as u8, today.day() as u8);
                let [begun, over] = [from, until].map(|turn| day >= *turn);
                Some(if from < until { begun && !over } else { begun || !over })
            }
        }
    }

    /// When something is due that is owed so long after a day.
    pub fn due(self, span: &Span, roll: u8, day: i32) -> Option<u64> {
        let due = self.after_date(span, day)?;
        self.start(if roll == 0 { due } else { self.next_business(due)? })
    }
}

impl Book {
    /// How who names this calendar counts days.
    pub(super) fn days(&self, calendar: Option<&str>) -> Days<'_> {
        let Some(id) = calendar else { return Days::Utc };
        let known = self.law.calendars.get(id);
        let text = known.and_then(|(_, hash)| self.law.calendar_texts.get(hash));
        text.map_or(Days::Unknown, Days::By)
    }

    /// True on the days on which a profile is the law, by its own calendar.
    pub(super) fn is_effective(&self, text: &Profile) -> Option<bool> {
        let today = self.days(text.calendar.as_deref()).date(self.now)?;
        let (from, until) = text.effective;
        Some(from <= today && until.is_none_or(|until| today < until))
    }
}

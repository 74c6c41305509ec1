//! Calendars: when a day begins somewhere, and on which days business is done there, as dated data.
//!
//! No database of zones is asked: two machines could have different ones. What a calendar does not know is
//! not known, and who asks refuses. RULEBOOK section 0.8.

use crate::{Date, Name, Span, Time, encode, ensure};
use borsh::{BorshDeserialize, BorshSerialize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// Offsets change two days apart at least, so that the days of one come after those of the one before.
const SHORTEST_MS: u64 = 2 * DAY_MS as u64;
/// Offsets are whole quarters of an hour: what begins with a day is asked at these alone.
const QUARTER_MINUTES: i16 = 15;
const QUARTER_MS: u64 = QUARTER_MINUTES as u64 * MINUTE_MS as u64;
/// Minutes that a zone is off UTC at most.
const MOST_MINUTES: u16 = 14 * 60;
const MAX_OFFSETS: usize = 512;
const MAX_HOLIDAYS: usize = 1_024;
/// The longest calendar, encoded.
const MAX_BYTES: usize = 32 << 10;

/// When a day begins somewhere, and on which days business is done there.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Its name: `US-FEDERAL`.
    pub id: Name,
    /// What it is called.
    pub title: String,
    /// Where its holidays are written.
    pub source: String,
    /// What must be confirmed before it is relied on.
    #[serde(default)]
    pub counsel: Vec<String>,
    /// The zone that its offsets are of, by its IANA name: for people.
    pub zone: String,
    /// Minutes east of UTC, quarters of an hour, each from a moment on. The first is from 1970.
    pub offsets: Vec<(Time, i16)>,
    /// The first day of which the offsets no longer speak.
    pub known_until: Date,
    /// The days of the week without business.
    pub weekend: Vec<Weekday>,
    /// The days of which weekend and holidays speak: from the first until the other, exclusive; none, if both
    /// are the same.
    pub business: (Date, Date),
    /// Other days without business.
    pub holidays: Vec<Date>,
}

/// A day of the week.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Weekday {
    /// The days of the week, Monday first.
    pub const ALL: [Weekday; 7] = {
        use Weekday::*;
        [Mon, Tue, Wed, Thu, Fri, Sat, Sun]
    };

    /// The weekday of a date.
    pub fn of(date: Date) -> Weekday {
        // 1970-01-01 was a Thursday.
        Self::ALL[(i64::from(date.0) + 3).rem_euclid(7) as usize]
    }
}

/// A time of day: minutes since its start by the clock on the wall, written `09:30`; `24:00` is its end.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    JsonSchema,
)]
#[schemars(with = "String", extend("pattern" = "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"))]
pub struct Clock(pub u16);

impl Clock {
    /// The end of the day.
    pub const END: Clock = Clock(24 * 60);
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl std::str::FromStr for Clock {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |digits: &str| -> Option<u16> {
            let is_plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| digits.parse().ok()).flatten()
        };
        text.split_once(':')
            .and_then(|(hours, minutes)| Some((number(hours)?, number(minutes)?)))
            .filter(|(_, minutes)| *minutes < 60)
            .map(|(hours, minutes)| Clock(hours * 60 + minutes))
            .filter(|clock| *clock <= Clock::END)
            .ok_or_else(|| format!("\"{text}\" is not a time of day; write it as 09:30"))
    }
}

impl Serialize for Clock {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as Deserialize>::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl Calendar {
    /// Refuses what is too long, out of order or speaks of days that are not its own, naming the field.
    pub fn check(&self) -> Result<(), String> {
        let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
        let fits = (1..=32).contains(&self.id.len()) && self.id.chars().all(is_name);
        ensure(fits, "id: 1 to 32 capital letters, digits and hyphens: US-FEDERAL".to_owned())?;
        for (field, text, most) in
            [("title", &self.title, 256), ("source", &self.source, 512), ("zone", &self.zone, 64)]
        {
            let fits = !text.trim().is_empty() && text.len() <= most;
            ensure(fits, format!("{field}: 1 to {most} letters"))?;
        }
        let begins = self.offsets.first().map(|(from, _)| *from) == Some(Time(0));
        ensure(begins, "offsets: the first is from 0, which is 1970".to_owned())?;
        let fits = self.offsets.len() <= MAX_OFFSETS;
        ensure(fits, "offsets: 512 at most".to_owned())?;
        for (place, (_, minutes)) in self.offsets.iter().enumerate() {
            let fits = minutes.unsigned_abs() <= MOST_MINUTES;
            ensure(fits, format!("offsets[{place}]: 840 minutes east or west at most"))?;
            let fits = minutes % QUARTER_MINUTES == 0;
            let why = "is no multiple of 15 minutes; give whole quarters of an hour";
            ensure(fits, format!("offsets[{place}]: {minutes} {why}"))?;
        }
        let is_quarter = |(from, _): &(Time, i16)| from.0.is_multiple_of(QUARTER_MS);
        if let Some(place) = self.offsets.iter().position(|it| !is_quarter(it)) {
            let why =
                "it begins with a quarter of an hour; give a multiple of 900,000 milliseconds";
            return Err(format!("offsets[{place}]: {why}"));
        }
        let apart = |pair: &[(Time, i16)]| pair[0].0.plus_ms(SHORTEST_MS) <= pair[1].0;
        let late = self.offsets.windows(2).position(|pair| !apart(pair));
        ensure(
            late.is_none(),
            format!(
                "offsets[{}]: each begins two days after the one before, or later",
                late.unwrap_or(0) + 1
            ),
        )?;
        let last = self.offsets.last().map_or(Time(0), |(from, _)| *from);
        let fits = last.plus_ms(SHORTEST_MS) <= self.known_until.start();
        ensure(fits, "known_until: after the last of the offsets by two days, or more".to_owned())?;
        let is_week = self.weekend.windows(2).all(|pair| pair[0] < pair[1]);
        let fits = is_week && self.weekend.len() < 7;
        ensure(fits, "weekend: each day once, from Monday on, and not all seven".to_owned())?;
        let (from, until) = self.business;
        let fits = from <= until && until <= self.known_until;
        let why = "business: it ends when it begins or later, and at known_until at the latest";
        ensure(fits, why.to_owned())?;
        ensure(
            self.holidays.len() <= MAX_HOLIDAYS,
            "holidays: 1,024 at most; name fewer".to_owned(),
        )?;
        for (place, pair) in self.holidays.windows(2).enumerate() {
            let why = || format!("holidays[{}]: each comes after the one before", place + 1);
            ensure(pair[0] < pair[1], why())?;
        }
        for (place, day) in self.holidays.iter().enumerate() {
            let why = || format!("holidays[{place}]: it lies in the days of business");
            ensure(from <= *day && *day < until, why())?;
        }
        ensure(
            encode(self).len() <= MAX_BYTES,
            "calendar: 32,768 bytes at most; name fewer days".to_owned(),
        )
    }

    /// Refuses a next version that would say another thing of a day that has begun, or speaks of fewer days.
    ///
    /// Holidays are facts and not law, so a next version serves whoever names the calendar. What it says of
    /// days to come may change, as a holiday that is proclaimed does; what was judged by days gone by would
    /// be judged so again.
    pub fn check_follows(&self, before: &Calendar, now: Time) -> Result<(), String> {
        let (is, was) = (self, before);
        let is_same = is.zone == was.zone && is.weekend == was.weekend;
        let why = "zone, weekend: another zone or weekend is another calendar; give it another id";
        ensure(is_same, why.to_owned())?;
        let shrinks = is.known_until < was.known_until
            || is.business.0 > was.business.0
            || is.business.1 < was.business.1;
        let why = "known_until, business: a next version speaks of the same days, or of more";
        ensure(!shrinks, why.to_owned())?;
        let begun = |calendar: &Calendar| -> Vec<(Time, i16)> {
            calendar.offsets.iter().filter(|(from, _)| *from <= now).copied().collect()
        };
        let why = "offsets: those that have begun cannot change any more";
        ensure(begun(is) == begun(was), why.to_owned())?;
        let today = Days::of(is).date(now);
        let gone = |calendar: &Calendar| -> Vec<Date> {
            let (from, until) = was.business;
            let is_gone = |day: &&Date| {
                from <= **day && **day < until && today.is_none_or(|today| **day <= today)
            };
            calendar.holidays.iter().filter(is_gone).copied().collect()
        };
        let why = "holidays: days that have begun cannot change any more";
        ensure(gone(is) == gone(was), why.to_owned())
    }

    /// Which of the offsets is in force at a moment.
    fn place(&self, time: Time) -> usize {
        self.offsets.partition_point(|(from, _)| *from <= time).saturating_sub(1)
    }

    fn date(&self, time: Time) -> Option<Date> {
        let place = self.place(time);
        let (from, minutes) = self.offsets[place];
        let utc = i64::try_from(time.0).ok().filter(|ms| *ms < DAY_MS * i64::from(Date::MAX.0))?;
        let mut day = local(utc, minutes).div_euclid(DAY_MS);
        // Where the clock goes back over midnight, the day that had begun does not begin again.
        if let Some(earlier) = place.checked_sub(1) {
            let (_, minutes) = self.offsets[earlier];
            day = day.max((local(from.0 as i64, minutes) - 1).div_euclid(DAY_MS));
        }
        let date = Date(i32::try_from(day).ok()?);
        (date < self.known_until).then_some(date)
    }

    fn at(&self, date: Date, clock: Clock) -> Option<Time> {
        if date > self.known_until {
            return None;
        }
        let wanted = i64::from(date.0) * DAY_MS + i64::from(clock.0) * MINUTE_MS;
        // The first offset whose last moment shows a later time than this one: times go up from one to the
        // next, which is why they begin two days apart.
        let (mut low, mut high) = (0, self.offsets.len() - 1);
        while low < high {
            let middle = low + (high - low) / 2;
            let ends = local(self.offsets[middle + 1].0.0 as i64, self.offsets[middle].1);
            match ends <= wanted {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        let (from, minutes) = self.offsets[low];
        let moment = u64::try_from(wanted - i64::from(minutes) * MINUTE_MS).unwrap_or(0);
        // Where the clock goes forward over this time, it is when it does.
        Some(Time(moment.max(from.0)))
    }

    fn is_business(&self, date: Date) -> Option<bool> {
        let (from, until) = self.business;
        let is_known = from <= date && date < until;
        is_known.then(|| {
            !self.weekend.contains(&Weekday::of(date))
                && self.holidays.binary_search(&date).is_err()
        })
    }
}

/// What the clock on the wall shows, as milliseconds since 1970.
fn local(utc: i64, minutes: i16) -> i64 {
    utc + i64::from(minutes) * MINUTE_MS
}

/// How days are counted: by UTC, or by a calendar. What that does not know is `None`.
#[derive(Clone, Copy, Debug)]
pub struct Days<'c> {
    calendar: Option<&'c Calendar>,
    /// The date at the moment that is asked about most, looked up once.
    now: Option<(Time, Option<Date>)>,
}

impl<'c> Days<'c> {
    /// Days of UTC, of which none is known to be one of business.
    pub const UTC: Days<'static> = Days { calendar: None, now: None };

    /// Days of a calendar that was checked.
    pub fn of(calendar: &'c Calendar) -> Self {
        Self { calendar: Some(calendar), now: None }
    }

    /// The same days, of which the date now is looked up once.
    pub fn as_of(self, now: Time) -> Self {
        Self { now: Some((now, self.date(now))), ..self }
    }

    /// The calendar, if it is not UTC.
    pub fn calendar(self) -> Option<&'c Calendar> {
        self.calendar
    }

    /// The date at a moment. A later moment never has an earlier one.
    pub fn date(self, time: Time) -> Option<Date> {
        if let Some((now, today)) = self.now
            && now == time
        {
            return today;
        }
        match self.calendar {
            None => Some(time.date()),
            Some(calendar) => calendar.date(time),
        }
    }

    /// The first moment of a date.
    pub fn start(self, date: Date) -> Option<Time> {
        self.at(date, Clock(0))
    }

    /// The first moment of a date at which the clock on the wall shows this time or a later one.
    pub fn at(self, date: Date, clock: Clock) -> Option<Time> {
        match self.calendar {
            None => Some(date.start().plus_ms(u64::from(clock.0) * MINUTE_MS as u64)),
            Some(calendar) => calendar.at(date, clock),
        }
    }

    /// True if business is done on a date.
    pub fn is_business(self, date: Date) -> Option<bool> {
        self.calendar?.is_business(date)
    }

    /// This date, or the first after it on which business is done.
    pub fn next_business(self, date: Date) -> Option<Date> {
        let mut date = date;
        while !self.is_business(date)? {
            date = date.plus_days(1);
        }
        Some(date)
    }

    /// The date on which a span from a date is over: first its months, then its business days, none of which
    /// is the date itself, then its other days.
    pub fn after_date(self, span: Span, from: Date) -> Option<Date> {
        let mut date = if span.months == 0 { from } else { from.plus_months(span.months) };
        for _ in 0..span.business {
            date = self.next_business(date.plus_days(1))?;
        }
        Some(date.plus_days(span.days))
    }

    /// When a span from a moment is over: at the start of a day; or to the hour, if it names hours.
    pub fn after(self, span: Span, from: Time) -> Option<Time> {
        let whole = Span { hours: 0, ..span };
        let hours_ms = u64::from(span.hours) * 60 * MINUTE_MS as u64;
        if whole.is_zero() && span.hours > 0 {
            return Some(from.plus_ms(hours_ms));
        }
        let day = self.date(from)?;
        let start = self.start(self.after_date(whole, day)?)?;
        match span.hours {
            0 => Some(start),
            _ => {
                let into_day = from.0.saturating_sub(self.start(day)?.0);
                Some(start.plus_ms(into_day).plus_ms(hours_ms))
            }
        }
    }

    /// True if a span from a moment is over by now. A lock of P from day D is, at the start of day D + P.
    pub fn is_over(self, span: Span, from: Time, now: Time) -> Option<bool> {
        // A day has begun if and only if it is today, or an earlier one: both are looked up more quickly than its start.
        if span.hours == 0
            && let Some(today) = self.date(now)
            && let Some(end) = self.date(from).and_then(|day| self.after_date(span, day))
            && self.calendar.is_none_or(|calendar| end <= calendar.known_until)
        {
            return Some(end <= today);
        }
        match self.after(span, from) {
            Some(end) => Some(end <= now),
            None => self.is_yet_to_come(span, from, now).then_some(false),
        }
    }

    /// True if what may be so old at most is too old by now: what is dated T - A is still good at T. Ages in business
    /// days count from their own day on, and the last of them is good.
    pub fn is_past(self, age: Span, from: Time, now: Time) -> Option<bool> {
        if age.hours > 0 {
            return self.after(age, from).map(|end| end < now);
        }
        let is_past = |day: Date| match age.business {
            0 => Some(day < age.before_date(self.date(now)?)),
            _ => Some(self.after_date(age, day)? < self.date(now)?),
        };
        let yet_to_come = || self.is_yet_to_come(age, from, now).then_some(false);
        self.date(from).and_then(is_past).or_else(yet_to_come)
    }

    /// From when on what may be so old at most is too old.
    pub fn past(self, age: Span, from: Time) -> Option<Time> {
        if age.hours > 0 {
            return self.after(age, from).map(|end| end.plus_ms(1));
        }
        let day = self.date(from)?;
        self.start(match age.business {
            0 => age.leaves_date(day.plus_days(1)),
            _ => self.after_date(age, day)?.plus_days(1),
        })
    }

    /// True if what is not known is not known because it lies beyond the last day that is, and now does not.
    fn is_yet_to_come(self, span: Span, from: Time, now: Time) -> bool {
        let Some((calendar, today)) = self.calendar.zip(self.date(now)) else { return false };
        let (first, end) = calendar.business;
        let begins = self.date(from).map(|day| day.plus_months(span.months));
        span.business == 0
            || (today < end && begins.is_none_or(|begins| first <= begins.plus_days(1)))
    }
}

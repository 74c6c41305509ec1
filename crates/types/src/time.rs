//! Time comes only from the block: milliseconds since 1970 UTC, and civil dates.

use borsh::{BorshDeserialize, BorshSerialize};
use jiff::{ToSpan, civil};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

const DAY_MS: u64 = 86_400_000;

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
#[serde(transparent)]
pub struct Time(pub u64);

impl Time {
    /// The end of time: for what never expires.
    pub const NEVER: Time = Time(u64::MAX);

    /// Whole seconds since 1970, as Ethereum counts.
    pub fn secs(self) -> u64 {
        self.0 / 1000
    }

    /// The moment `secs` seconds after 1970, clamped to the end of time.
    pub fn from_secs(secs: u64) -> Time {
        Time(secs.saturating_mul(1000))
    }

    /// The UTC date of this moment, clamped to the last date there is.
    pub fn date(self) -> Date {
        Date(i32::try_from(self.0 / DAY_MS).unwrap_or(Date::MAX.0).min(Date::MAX.0))
    }

    /// This moment and `ms` more, clamped to the end of time.
    pub fn plus_ms(self, ms: u64) -> Time {
        Time(self.0.saturating_add(ms))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match i64::try_from(self.0).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()) {
            Some(timestamp) => write!(f, "{timestamp}"),
            None => write!(f, "never"),
        }
    }
}

/// A civil date: days since 1970-01-01, UTC unless its profile names another zone.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    JsonSchema,
)]
#[schemars(with = "String", extend("pattern" = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format" = "date"))]
pub struct Date(pub i32);

impl Date {
    /// 9999-12-31, the last date.
    pub const MAX: Date = Date(2_932_896);

    /// The date of a year, month and day; `None` if there is no such day.
    pub fn of(year: i16, month: i8, day: i8) -> Option<Date> {
        civil::Date::new(year, month, day).ok().map(Self::from_civil)
    }

    /// Midnight at the start of this date, UTC; dates before 1970 start at zero.
    pub fn start(self) -> Time {
        Time(u64::try_from(self.0).unwrap_or(0).saturating_mul(DAY_MS))
    }

    /// Noon of this date, UTC: a moment that is on this date from twelve hours behind UTC to eleven ahead of it. It stands
    /// for a date that names no zone, as documents have them. Dates before 1970 are the first of it.
    pub fn noon(self) -> Time {
        self.start().plus_ms(DAY_MS / 2)
    }

    /// This date and so many days more, clamped to the last date.
    pub fn plus_days(self, days: u32) -> Date {
        Date(self.0.saturating_add_unsigned(days).min(Date::MAX.0))
    }

    /// This date and so many calendar months more; a day past the month's end clamps to it.
    pub fn plus_months(self, months: u32) -> Date {
        let months = i32::try_from(months).unwrap_or(i32::MAX).min(120_000);
        self.civil().checked_add(months.months()).map_or(Date::MAX, Self::from_civil)
    }

    /// This date and so many days less.
    pub fn minus_days(self, days: u32) -> Date {
        Date(self.0.saturating_sub_unsigned(days))
    }

    /// This date and so many calendar months less; a day past the month's end clamps to it.
    pub fn minus_months(self, months: u32) -> Date {
        let months = i32::try_from(months).unwrap_or(i32::MAX).min(120_000);
        let earlier = self.civil().checked_sub(months.months());
        Self::from_civil(earlier.unwrap_or(civil::Date::MIN))
    }

    /// The year of this date.
    pub fn year(self) -> i16 {
        self.civil().year()
    }

    /// The month of this date, from 1, and the day of the month.
    pub fn month_and_day(self) -> (u8, u8) {
        (self.civil().month() as u8, self.civil().day() as u8)
    }

    fn civil(self) -> civil::Date {
        civil::date(1970, 1, 1).checked_add(self.0.days()).unwrap_or(civil::Date::MAX)
    }

    fn from_civil(date: civil::Date) -> Date {
        Date(date.duration_since(civil::date(1970, 1, 1)).as_hours().div_euclid(24) as i32)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.civil())
    }
}

impl std::str::FromStr for Date {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<civil::Date>()
            .map(Self::from_civil)
            .map_err(|_| format!("\"{text}\" is not a date; write it as 2026-01-31"))
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as Deserialize>::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A length of time as law writes it: `1y`, `6mo`, `5bd`, `90d`, `24h`, or several of these, longest first.
///
/// Months and days are of the calendar: counted from a date, they are over at the start of a day. A business
/// day (`bd`) is one on which business is done, by a calendar; [`crate::Days`] counts them. A span with hours
/// is exact. RULEBOOK section 0.8.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize, JsonSchema,
)]
#[schemars(
    with = "String",
    extend("pattern" = "^([0-9]+y)?([0-9]+mo)?([0-9]+bd)?([0-9]+d)?([0-9]+h)?$", "minLength" = 2)
)]
pub struct Span {
    /// Calendar months; a year is twelve.
    pub months: u32,
    /// Business days, after the months.
    pub business: u32,
    /// Days, after the business days.
    pub days: u32,
    /// Hours.
    pub hours: u32,
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span { months: 0, business: 0, days: 0, hours: 0 };

    /// The longest span there may be: a century.
    pub const MAX_MONTHS: u32 = 1_200;

    /// The most business days: each is looked up.
    pub const MAX_BUSINESS: u32 = 100;

    /// So many months, and then days.
    pub const fn of(months: u32, days: u32) -> Span {
        Span { months, days, ..Span::ZERO }
    }

    /// True if it is no time at all.
    pub fn is_zero(self) -> bool {
        self == Span::ZERO
    }

    /// The date on which a span of months and days from a date is over, which no calendar needs to know.
    pub fn after_date(self, start: Date) -> Date {
        let after_months = if self.months == 0 { start } else { start.plus_months(self.months) };
        after_months.plus_days(self.days)
    }

    /// The date so long before another: W before T, where a rolling period W at T covers (T - W, T], and what is dated
    /// T - A is still good for an age of A. First its months, then its days.
    pub fn before_date(self, end: Date) -> Date {
        let before = if self.months == 0 { end } else { end.minus_months(self.months) };
        before.minus_days(self.days)
    }

    /// The first date on which a rolling period so long covers a date no more: T - W is that date or a later one. At the
    /// ends of months it may be later than D + W.
    pub fn leaves_date(self, covered: Date) -> Date {
        let mut date = self.after_date(covered);
        while date < Date::MAX && self.before_date(date) < covered {
            date = date.plus_days(1);
        }
        date
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.months / 12, "y"),
            (self.months % 12, "mo"),
            (self.business, "bd"),
            (self.days, "d"),
            (self.hours, "h"),
        ];
        if self.is_zero() {
            return f.write_str("0d");
        }
        parts.iter().filter(|(n, _)| *n > 0).try_for_each(|(n, unit)| write!(f, "{n}{unit}"))
    }
}

impl std::str::FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad =
            || format!("\"{text}\" is not a length of time; write it as 1y, 6mo, 5bd, 90d or 24h");
        let mut span = Span::ZERO;
        let mut rest = text;
        let mut last = 0;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
            let number: u32 = rest[..digits].parse().map_err(|_| bad())?;
            rest = &rest[digits..];
            let units = [("y", 1), ("mo", 2), ("bd", 3), ("d", 4), ("h", 5)];
            let (unit, rank) =
                units.into_iter().find(|(unit, _)| rest.starts_with(unit)).ok_or_else(bad)?;
            // Longest first, each once.
            if rank <= last {
                return Err(bad());
            }
            last = rank;
            rest = &rest[unit.len()..];
            match rank {
                1 => span.months = number.checked_mul(12).ok_or_else(bad)?,
                2 => span.months = span.months.checked_add(number).ok_or_else(bad)?,
                3 => span.business = number,
                4 => span.days = number,
                _ => span.hours = number,
            }
        }
        if span.business > Span::MAX_BUSINESS || (span.business > 0 && span.hours > 0) {
            return Err(format!("{}, 100 business days at most, and no hours with them", bad()));
        }
        let fits = span.months <= Span::MAX_MONTHS
            && span.days <= Span::MAX_MONTHS * 31
            && span.hours <= Span::MAX_MONTHS * 31 * 24;
        if last == 0 || !fits {
            return Err(format!("{}, a century at most", bad()));
        }
        Ok(span)
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as Deserialize>::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

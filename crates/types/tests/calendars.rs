//! Calendars: days that are shorter, longer or begin late; business days as a walk from day to day counts them.

use proptest::{collection::vec, prelude::*, sample::subsequence};
use types::{Calendar, Clock, Date, Days, Span, Time, Weekday, decode, encode};

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// New York around the changes of 2026, with the holidays of that July.
fn new_york() -> Calendar {
    Calendar {
        id: "US-TEST".into(),
        title: "New York".into(),
        source: "15 U.S.C. 260a".into(),
        counsel: Vec::new(),
        zone: "America/New_York".into(),
        offsets: vec![
            (Time(0), -300),
            (Time(date("2026-03-08").start().0 + 7 * HOUR), -240),
            (Time(date("2026-11-01").start().0 + 6 * HOUR), -300),
        ],
        known_until: date("2027-03-01"),
        weekend: vec![Weekday::Sat, Weekday::Sun],
        business: (date("2026-01-01"), date("2027-01-01")),
        holidays: vec![date("2026-07-03"), date("2026-09-07")],
    }
}

fn moment(day: &str, hours: u64) -> Time {
    Time(date(day).start().0 + hours * HOUR)
}

#[test]
fn a_day_begins_by_the_clock_on_the_wall() {
    let calendar = new_york();
    calendar.check().unwrap();
    let days = Days::of(&calendar);
    assert_eq!(days.start(date("2026-01-15")), Some(moment("2026-01-15", 5)));
    assert_eq!(days.start(date("2026-07-15")), Some(moment("2026-07-15", 4)));
    assert_eq!(days.date(Time(moment("2026-07-15", 4).0 - 1)), Some(date("2026-07-14")));
    // Twenty-three hours, and twenty-five.
    let hours = |from: &str, to: &str| {
        (days.start(date(to)).unwrap().0 - days.start(date(from)).unwrap().0) / HOUR
    };
    assert_eq!(hours("2026-03-08", "2026-03-09"), 23);
    assert_eq!(hours("2026-11-01", "2026-11-02"), 25);
    // What the clock leaps over comes when it leaps, and what it shows twice comes at the first.
    let at = |day, clock: &str| days.at(date(day), clock.parse().unwrap());
    assert_eq!(at("2026-03-08", "02:30"), Some(moment("2026-03-08", 7)));
    assert_eq!(at("2026-11-01", "01:30"), Some(Time(moment("2026-11-01", 5).0 + HOUR / 2)));
    assert_eq!(at("2026-11-01", "24:00"), days.start(date("2026-11-02")));
}

#[test]
fn a_clock_that_goes_back_over_midnight_begins_no_day_twice() {
    let mut calendar = new_york();
    // At half past midnight it is half past eleven again.
    let turn = date("2026-11-01").start();
    calendar.offsets = vec![(Time(0), 30), (turn, -30)];
    calendar.check().unwrap();
    let days = Days::of(&calendar);
    let minutes = |n: i64| Time(turn.0.saturating_add_signed(n * 60_000));
    assert_eq!(days.start(date("2026-11-01")), Some(minutes(-30)));
    assert_eq!(days.date(minutes(-31)), Some(date("2026-10-31")));
    assert_eq!(days.date(minutes(-1)), Some(date("2026-11-01")));
    assert_eq!(days.date(minutes(0)), Some(date("2026-11-01")));
    assert_eq!(days.date(minutes(29)), Some(date("2026-11-01")));
}

#[test]
fn beyond_its_days_a_calendar_knows_nothing() {
    let calendar = new_york();
    let days = Days::of(&calendar);
    let last = Time(moment("2027-03-01", 5).0 - 1);
    assert_eq!(days.date(last), Some(date("2027-02-28")));
    assert_eq!(days.date(Time(last.0 + 1)), None);
    assert_eq!(days.date(Time::NEVER), None);
    assert_eq!(days.start(date("2027-03-01")), Some(Time(last.0 + 1)));
    assert_eq!(days.start(date("2027-03-02")), None);
    assert_eq!(days.is_business(date("2025-12-31")), None);
    assert_eq!(days.is_business(date("2027-01-01")), None);
    let five: Span = "5bd".parse().unwrap();
    assert_eq!(days.after_date(five, date("2026-12-23")), Some(date("2026-12-30")));
    assert_eq!(days.after_date(five, date("2026-12-28")), None);
    // It is not over as long as today is known, and not known after.
    let since = moment("2026-12-28", 12);
    assert_eq!(days.is_over(five, since, moment("2026-12-31", 12)), Some(false));
    assert_eq!(days.is_over(five, since, moment("2027-01-08", 12)), None);
    assert_eq!(days.is_past(five, since, moment("2026-12-31", 12)), Some(false));
    assert_eq!(days.is_past(five, since, moment("2027-01-08", 12)), None);
    assert_eq!(days.is_over(five, moment("2025-12-01", 12), moment("2026-12-31", 12)), None);
    // A lock until after its last day is a lock; hours need no calendar.
    let year: Span = "1y".parse().unwrap();
    assert_eq!(days.is_over(year, moment("2026-06-01", 12), moment("2027-02-01", 12)), Some(false));
    assert_eq!(days.is_over(year, moment("2026-06-01", 12), moment("2027-06-01", 12)), None);
    assert_eq!(
        days.is_over("1h".parse().unwrap(), moment("2028-01-01", 0), Time::NEVER),
        Some(true)
    );
}

#[test]
fn business_days_leave_out_weekends_and_holidays_and_then_come_other_days() {
    let calendar = new_york();
    let days = Days::of(&calendar);
    let after = |span: &str, from: &str| {
        days.after_date(span.parse().unwrap(), date(from)).unwrap().to_string()
    };
    // Friday the third is kept for Saturday the fourth.
    assert_eq!(after("1bd", "2026-07-01"), "2026-07-02");
    assert_eq!(after("2bd", "2026-07-01"), "2026-07-06");
    assert_eq!(after("5bd", "2026-06-30"), "2026-07-08");
    assert_eq!(after("5bd1d", "2026-06-25"), "2026-07-03", "the day after the fifth");
    assert_eq!(
        after("1bd", "2026-07-04"),
        "2026-07-06",
        "a day without business counts from itself"
    );
    assert_eq!(after("1mo2bd", "2026-06-03"), "2026-07-07", "first the month");
    let next = |from: &str| days.next_business(date(from)).unwrap().to_string();
    assert_eq!(next("2026-07-02"), "2026-07-02");
    assert_eq!(next("2026-07-03"), "2026-07-06");
}

#[test]
fn a_span_is_written_longest_first() {
    for text in ["1y6mo", "5bd", "6bd1d", "1mo2bd3d", "90d", "1d12h", "100bd"] {
        assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
    }
    for text in ["1d5bd", "5bd5bd", "101bd", "5bd1h", "bd", "1b"] {
        assert!(text.parse::<Span>().is_err(), "{text}");
    }
    for text in ["00:00", "09:30", "24:00"] {
        assert_eq!(text.parse::<Clock>().unwrap().to_string(), text);
    }
    for text in ["24:01", "9:30", "09:60", "+9:30", "0930", ""] {
        assert!(text.parse::<Clock>().is_err(), "{text}");
    }
}

#[test]
fn what_cannot_be_a_calendar_is_refused_with_its_field() {
    let refused = |field: &str, bend: fn(&mut Calendar)| {
        let mut calendar = new_york();
        bend(&mut calendar);
        let why = calendar.check().unwrap_err();
        assert!(why.starts_with(field), "{field}: {why}");
    };
    refused("id", |it| it.id = "us".into());
    refused("title", |it| it.title = " ".into());
    refused("source", |it| it.source = "x".repeat(513));
    refused("zone", |it| it.zone = String::new());
    refused("offsets", |it| it.offsets.clear());
    refused("offsets", |it| it.offsets[0].0 = Time(1));
    refused("offsets[1]", |it| it.offsets[1].1 = 841);
    refused("offsets[1]: -241 is no multiple of 15 minutes", |it| it.offsets[1].1 = -241);
    refused("offsets[1]: it begins with a quarter", |it| {
        it.offsets[1].0 = it.offsets[1].0.plus_ms(60_000)
    });
    refused("offsets[2]", |it| it.offsets[2].0 = Time(it.offsets[1].0.0 + 2 * DAY - 1));
    refused("offsets", |it| {
        it.offsets = (0..513).map(|n| (Time(n * 2 * DAY), 0)).collect();
        it.known_until = Date::MAX;
    });
    refused("known_until", |it| it.known_until = date("2026-11-02"));
    refused("weekend", |it| it.weekend = vec![Weekday::Sun, Weekday::Sat]);
    refused("weekend", |it| it.weekend = Weekday::ALL.to_vec());
    refused("business", |it| it.business.1 = date("2027-03-02"));
    refused("business", |it| it.business.1 = date("2025-12-31"));
    refused("holidays[1]", |it| it.holidays[1] = it.holidays[0]);
    refused("holidays[1]", |it| it.holidays[1] = date("2027-01-01"));
    refused("holidays", |it| it.holidays = vec![date("2026-07-03"); 1_025]);
    refused("calendar", |it| it.counsel = vec!["x".repeat(33 << 10)]);
}

#[test]
fn a_next_version_says_nothing_new_of_days_that_have_begun() {
    let before = new_york();
    let now = moment("2026-07-03", 12);
    let follows = |bend: fn(&mut Calendar)| {
        let mut next = before.clone();
        bend(&mut next);
        next.check().unwrap();
        next.check_follows(&before, now)
    };
    follows(|it| it.business.1 = date("2027-02-01")).unwrap();
    follows(|it| it.known_until = date("2028-03-01")).unwrap();
    follows(|it| it.holidays.insert(1, date("2026-07-06"))).unwrap();
    follows(|it| it.holidays.truncate(1)).unwrap();
    follows(|it| it.offsets[2].1 = -240).unwrap();
    follows(|it| {
        it.business.0 = date("2025-12-01");
        it.holidays.insert(0, date("2025-12-25"));
    })
    .unwrap();
    let refused = |field: &str, bend: fn(&mut Calendar)| {
        let why = follows(bend).unwrap_err();
        assert!(why.contains(field), "{field}: {why}");
    };
    refused("holidays", |it| it.holidays[0] = date("2026-07-02"));
    refused("holidays", |it| it.holidays.truncate(0));
    refused("holidays", |it| it.holidays.insert(0, date("2026-01-01")));
    refused("offsets", |it| it.offsets[1].1 = -300);
    refused("business", |it| it.business.1 = date("2026-12-31"));
    refused("known_until", |it| it.known_until = date("2027-02-28"));
    refused("weekend", |it| it.weekend = vec![Weekday::Fri, Weekday::Sat]);
    refused("zone", |it| it.zone = "America/Toronto".into());
}

/// A year and more of a place that changes its clock as it likes.
fn calendar() -> impl Strategy<Value = Calendar> {
    let offsets = vec((2 * 96..200 * 96u64, -56..=56i16), 1..6);
    let weekend = subsequence(Weekday::ALL.to_vec(), 0..=3);
    let holidays = prop::collection::btree_set(0..400i32, 0..60);
    (offsets, -56..=56i16, weekend, holidays).prop_map(|(offsets, first, weekend, holidays)| {
        let start = date("2026-01-01");
        let mut from = start.start();
        let later = offsets.into_iter().map(|(later, minutes)| {
            from = from.plus_ms(later * 900_000);
            (from, minutes * 15)
        });
        Calendar {
            offsets: [(Time(0), first * 15)].into_iter().chain(later).collect(),
            known_until: start.plus_days(1_200),
            weekend,
            business: (start, start.plus_days(400)),
            holidays: holidays.into_iter().map(|day| Date(start.0 + day)).collect(),
            ..new_york()
        }
    })
}

/// The offset in force, the plain way.
fn offset(calendar: &Calendar, time: Time) -> i64 {
    let (_, minutes) = calendar.offsets.iter().rev().find(|(from, _)| *from <= time).unwrap();
    i64::from(*minutes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A day lasts from its start until that of the next, and time never goes back by a day.
    #[test]
    fn days_follow_one_another(calendar in calendar(), at in 0..1_100 * DAY, more in 0..3 * DAY) {
        calendar.check().unwrap();
        let days = Days::of(&calendar);
        let time = Time(date("2026-01-01").start().0 + at);
        let day = days.date(time).unwrap();
        prop_assert!(days.start(day).unwrap() <= time);
        prop_assert!(time < days.start(day.plus_days(1)).unwrap());
        prop_assert!(day <= days.date(time.plus_ms(more)).unwrap());
        prop_assert_eq!(decode::<Calendar>(&encode(&calendar)).unwrap(), calendar);
    }

    /// A time of day comes at the first minute at which the clock shows it, or a later one.
    #[test]
    fn a_clock_is_found_by_walking_from_minute_to_minute(
        calendar in calendar(), day in 0..1_000i32, minute in 0..=1_440u16,
    ) {
        let day = Date(date("2026-01-01").0 + day);
        let wanted = i64::from(day.0) * 1_440 + i64::from(minute);
        let first = (wanted - 2_000..=wanted + 2_000).find(|utc| {
            utc + offset(&calendar, Time(*utc as u64 * 60_000)) >= wanted
        });
        let found = Days::of(&calendar).at(day, Clock(minute)).unwrap();
        prop_assert_eq!(found, Time(first.unwrap() as u64 * 60_000));
    }

    /// Business days agree with a walk from day to day.
    #[test]
    fn business_days_are_those_of_a_walk(calendar in calendar(), from in 0..380i32, count in 0..20u32) {
        let from = Date(date("2026-01-01").0 + from);
        let is_open = |day: &Date| {
            let weekday = Weekday::ALL[((day.0 + 3) % 7) as usize];
            !calendar.weekend.contains(&weekday) && !calendar.holidays.contains(day)
        };
        let end = calendar.business.1;
        let walk = (from.0 + 1..end.0).map(Date).filter(is_open);
        let should = match count {
            0 => Some(from),
            _ => walk.clone().nth(count as usize - 1),
        };
        let days = Days::of(&calendar);
        let span = Span { business: count, ..Span::ZERO };
        prop_assert_eq!(days.after_date(span, from), should);
        let next = (from.0..end.0).map(Date).find(is_open);
        prop_assert_eq!(days.next_business(from), next);
    }

    /// What is over stays over, from the start of the day on which it is; what is too old comes a day later.
    #[test]
    fn a_span_is_over_from_its_end_on(
        calendar in calendar(), at in 0..300 * DAY, months in 0..4u32, business in 0..5u32,
        plain in 0..40u32, hours in 0..30u32, now in 0..600 * DAY,
    ) {
        let hours = if business > 0 { 0 } else { hours };
        let span = Span { months, business, days: plain, hours };
        let start = date("2026-01-01").start();
        let (since, now) = (Time(start.0 + at), Time(start.0 + at + now));
        let days = Days::of(&calendar);
        if let Some(end) = days.after(span, since) {
            prop_assert_eq!(days.is_over(span, since, now), Some(end <= now));
            if hours == 0 {
                prop_assert_eq!(days.date(end).map(|day| days.start(day).unwrap()), Some(end));
                let past = days.start(days.date(end).unwrap().plus_days(1)).unwrap();
                prop_assert_eq!(days.is_past(span, since, now), Some(past <= now));
            } else {
                prop_assert_eq!(days.is_past(span, since, now), Some(end < now));
            }
        }
        // By UTC it is as it always was.
        let plain = Span { business: 0, hours: 0, ..span };
        if hours == 0 && !plain.is_zero() {
            let end = plain.after_date(since.date()).start();
            prop_assert_eq!(Days::UTC.after(plain, since), Some(end));
        }
    }
}

//! Days by a calendar: business days, local days, windows that come again, and what lies beyond.

mod world;

use compliance::{CALENDARS, Call, Needs, ReasonCode::*, Recurring, Refusal};
use proptest::{collection::vec, option, prelude::*, sample::select};
use types::{Calendar, Clock, Date, Time, Weekday};
use world::*;

const HOUR: u64 = 3_600_000;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// New York in 2026, with a holiday on the Monday of 7 September.
fn calendar() -> Calendar {
    Calendar {
        id: "NY".into(),
        title: "New York".into(),
        source: "15 U.S.C. 260a".into(),
        counsel: Vec::new(),
        zone: "America/New_York".into(),
        offsets: vec![(Time(0), -300), (at("2026-03-08", 7), -240), (at("2026-11-01", 6), -300)],
        known_until: date("2028-01-01"),
        weekend: vec![Weekday::Sat, Weekday::Sun],
        business: (date("2026-01-01"), date("2027-01-01")),
        holidays: vec![date("2026-07-03"), date("2026-09-07"), date("2026-12-25")],
    }
}

fn at(day: &str, hours: u64) -> Time {
    Time(date(day).start().0 + hours * HOUR)
}

fn register(world: &mut World, calendar: Calendar) -> Result<(), Refusal> {
    compliance::apply(&mut world.ctx, None, Call::RegisterCalendar { calendar: calendar.into() })
}

fn with(policy: &str) -> World {
    let mut world = World::new();
    register(&mut world, calendar()).unwrap();
    world.policy(policy).unwrap_or_else(|refusal| panic!("{refusal}"));
    world
}

#[test]
fn a_market_opens_by_the_clock_on_its_wall() {
    let mut world = with(
        r#"{"calendar": "NY", "rules": [{"recurring": {"weekly":
            {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:30", "until": "16:00", "business": true}}}]}"#,
    );
    let ann = world.person("US", &[]);
    let half = HOUR / 2;
    let mut opens = |from: Time, opens: Time| {
        world.at(from);
        let decision = world.decide(&issue(ann, 1));
        assert_eq!(decision.reasons[0].code, WindowClosed, "{from}");
        assert_eq!(decision.reasons[0].when, Some(opens), "{from}");
        assert_eq!(decision.earliest_ok, Some(opens), "{from}");
        world.at(Time(opens.0 - 1));
        assert_eq!(world.against(issue(ann, 1)), [WindowClosed]);
        world.at(opens);
        world.allows(issue(ann, 1));
    };
    // Over a weekend on which the clock leaps, the Monday opens an hour earlier by UTC.
    opens(at("2026-03-06", 14), Time(at("2026-03-06", 14).0 + half));
    opens(at("2026-03-06", 21), Time(at("2026-03-09", 13).0 + half));
    // Labor Day follows a weekend.
    opens(at("2026-09-04", 20), Time(at("2026-09-08", 13).0 + half));
}

#[test]
fn what_waits_for_two_things_comes_at_the_first_opening_after_both() {
    let world = |rules: &str| {
        let mut world = with(&format!(r#"{{"calendar": "NY", "rules": [{rules}]}}"#));
        let (ann, ben) = (world.person("US", &[]), world.person("US", &[]));
        world.give(ann, 10);
        world.at(at("2026-06-01", 15));
        (world, transfer(ann, ben, 5))
    };
    let hours =
        r#"{"recurring": {"weekly": {"from": "09:00", "until": "17:00", "business": true}}}"#;
    // A lock that ends on a Saturday ends when the market opens on Monday.
    let (judged, asked) = world(&format!(r#"{{"lot": {{"days": 5}}}}, {hours}"#));
    let asked = asked.of(&[(10, "2026-06-02")]);
    let judged = judged.decide(&asked);
    assert_eq!(judged.earliest_ok, Some(at("2026-06-08", 13)));
    // A blackout from 15 June until 4 July: the third is a holiday, the fourth a Saturday.
    let blackout = r#"{"not": {"recurring": {"yearly": {"from": [6, 1], "until": [7, 4]}}}}"#;
    let (judged, asked) = world(&format!("{hours}, {blackout}"));
    assert_eq!(judged.decide(&asked).earliest_ok, Some(at("2026-07-06", 13)));
    // What is open over the turn of the year.
    let winter = r#"{"recurring": {"yearly": {"from": [12, 15], "until": [2, 1]}}}"#;
    let (mut judged, asked) = world(winter);
    assert_eq!(judged.decide(&asked).earliest_ok, Some(at("2026-12-15", 5)));
    judged.at(at("2027-01-31", 12));
    judged.allows(asked.clone());
    judged.at(at("2027-02-01", 5));
    assert_eq!(judged.against(asked), [WindowClosed]);
}

#[test]
fn business_days_need_a_calendar_that_is_there() {
    let mut world = World::new();
    for rule in [
        r#"{"claim": {"side": "receiver", "topic": 74, "min_age": "5bd"}}"#,
        r#"{"fact": {"fact": "x", "max_age": "5bd"}}"#,
        r#"{"pair": {"topic": 64, "between": "parties", "lookback": "5bd"}}"#,
        r#"{"recurring": {"weekly": {"from": "09:00", "until": "17:00", "business": true}}}"#,
        r#"{"effect": {"duty": {"duty": "FORM", "due": "5bd"}}}"#,
        r#"{"effect": {"duty": {"duty": "FORM", "due": "5d", "roll": "next_business_day"}}}"#,
    ] {
        let nested = format!(r#"{{"rules": [{{"all": [{rule}]}}]}}"#);
        let Err(Refusal::BadPolicy(why)) = world.policy(&nested) else { panic!("{rule}") };
        assert!(why.starts_with("rules[0].all[0]: ") && why.contains("`calendar`"), "{why}");
        let named = format!(r#"{{"calendar": "NY", "rules": [{rule}]}}"#);
        assert_eq!(world.policy(&named), Err(Refusal::UnknownCalendar("NY".into())));
    }
    // A week of UTC needs none.
    world
        .policy(r#"{"rules": [{"recurring": {"weekly": {"days": ["mon"], "from": "09:00", "until": "24:00"}}}]}"#)
        .unwrap();
    let refused = |weekly: &str| {
        let mut world = World::new();
        let policy = format!(r#"{{"rules": [{{"recurring": {weekly}}}]}}"#);
        assert!(matches!(world.policy(&policy), Err(Refusal::BadPolicy(_))), "{weekly}");
    };
    refused(r#"{"weekly": {"days": ["tue", "mon"], "from": "09:00", "until": "17:00"}}"#);
    refused(r#"{"weekly": {"from": "17:00", "until": "09:00"}}"#);
    refused(r#"{"yearly": {"from": [2, 29], "until": [3, 1]}}"#);
    refused(r#"{"yearly": {"from": [3, 1], "until": [3, 1]}}"#);
}

#[test]
fn beyond_its_days_a_calendar_opens_nothing() {
    let cooled = r#"{"claim": {"side": "receiver", "topic": 74, "min_age": "5bd1d"}}"#;
    let judged = |rules: &str| {
        let mut world = with(&format!(r#"{{"calendar": "NY", "rules": [{rules}]}}"#));
        let ann = world.person("US", &[]);
        world.at(at("2026-12-29", 12));
        world.attest(KYC, ann, 74, 0, Time::NEVER);
        // The day on which the fifth would be is known to nobody.
        world.at(at("2027-02-01", 12));
        let decision = world.decide(&issue(ann, 1));
        let says = decision.reasons.iter().find(|reason| reason.code == PolicyError);
        if let Some(says) = says {
            assert_eq!(says.fact.as_deref(), Some("NY"));
            assert!(says.to_string().contains("calendar NY"), "{says}");
        }
        (decision.is_allowed(), says.is_some())
    };
    assert_eq!(judged(cooled), (false, true));
    assert_eq!(judged(&format!(r#"{{"not": {cooled}}}"#)), (false, true));
    assert_eq!(judged(&format!(r#"{{"not": {{"not": {cooled}}}}}"#)), (false, true));
    let never = r#"{"kind": "redeem"}"#;
    assert_eq!(
        judged(&format!(r#"{{"when": {{"guard": {cooled}, "then": {{"kind": "issue"}}}}}}"#)),
        (false, true)
    );
    // Another path that is open is open.
    assert_eq!(
        judged(&format!(r#"{{"any": [["a", {cooled}], ["b", {{"kind": "issue"}}]]}}"#)),
        (true, false)
    );
    assert_eq!(
        judged(&format!(r#"{{"not": {{"any": [["a", {never}], ["b", {cooled}]]}}}}"#)),
        (false, true)
    );
    // So is what is open whatever the calendar says.
    let any = format!(r#"{{"any": [["a", {cooled}], ["b", {{"kind": "issue"}}]]}}"#);
    assert_eq!(judged(&format!(r#"{{"not": {any}}}"#)), (false, false));
}

#[test]
fn next_years_holidays_serve_who_named_the_calendar_before() {
    let mut world = with(
        r#"{"calendar": "NY", "rules": [{"claim": {"side": "receiver", "topic": 74, "min_age": "5bd1d"}}]}"#,
    );
    let ann = world.person("US", &[]);
    world.at(at("2026-12-29", 12));
    world.attest(KYC, ann, 74, 0, Time::NEVER);
    assert_eq!(world.decide(&issue(ann, 1)).earliest_ok, None);
    let next = Calendar {
        business: (date("2026-01-01"), date("2028-01-01")),
        holidays: [calendar().holidays, vec![date("2027-01-01")]].concat(),
        ..calendar()
    };
    let call = Call::RegisterCalendar { calendar: Box::new(next.clone()) };
    assert_eq!(call.needs(), Needs::Law);
    register(&mut world, next.clone()).unwrap();
    assert_eq!(CALENDARS.get(&world.ctx, &"NY".into()).unwrap().version, 2);
    assert_eq!(register(&mut world, next.clone()), Err(Refusal::NothingChanges));
    // 30 and 31 December, 4, 5 and 6 January.
    assert_eq!(world.decide(&issue(ann, 1)).earliest_ok, Some(at("2027-01-07", 5)));
    // What has begun stays as it was said.
    let mut other = next.clone();
    other.holidays[0] = date("2026-07-02");
    let Err(Refusal::BadCalendar(why)) = register(&mut world, other) else { panic!() };
    assert!(why.starts_with("holidays"), "{why}");
    let Err(Refusal::BadCalendar(why)) = register(&mut world, calendar()) else { panic!() };
    assert!(why.starts_with("known_until, business"), "{why}");
    let none = Calendar { offsets: Vec::new(), ..next };
    assert!(matches!(register(&mut world, none), Err(Refusal::BadCalendar(_))));
}

#[test]
fn what_is_added_up_keeps_its_calendar() {
    let policy = |calendar: &str, meter: &str| {
        format!(
            r#"{{{calendar} "rules": [{{"amount": {{"meter": "{meter}", "period": {{"rolling": "2d"}}, "max": {{"number": "9"}}}}}}]}}"#
        )
    };
    let mut world = with(&policy(r#""calendar": "NY","#, "sold"));
    let ann = world.person("US", &[]);
    // The evening of 9 June in New York.
    world.at(at("2026-06-10", 3));
    let decision = world.decide(&issue(ann, 9));
    assert!(decision.is_allowed());
    compliance::follow(&mut world.ctx, ASSET, decision.consequences);
    assert_eq!(world.decide(&issue(ann, 1)).earliest_ok, Some(at("2026-06-11", 4)));
    world.at(Time(at("2026-06-11", 4).0 - 1));
    assert_eq!(world.against(issue(ann, 1)), [CapAmountIssuer]);
    world.at(at("2026-06-11", 4));
    world.allows(issue(ann, 9));
    let Err(Refusal::BadPolicy(why)) = world.policy(&policy("", "sold")) else { panic!() };
    assert!(why.starts_with("calendar: meter sold"), "{why}");
    world.policy(&policy("", "sold_utc")).unwrap();
}

/// A window by whole hours.
fn recurring() -> impl Strategy<Value = Recurring> {
    let day = || (1..=12u8, 1..=28u8);
    prop_oneof![
        3 => (prop::sample::subsequence(Weekday::ALL.to_vec(), 0..=5), 0..24u16, 1..24u16, any::<bool>())
            .prop_map(|(days, from, hours, business)| Recurring::Weekly {
                days,
                from: Clock(from * 60),
                until: Clock((from + hours).min(24) * 60),
                business,
            }),
        1 => (day(), day())
            .prop_filter("a day and another", |(from, until)| from != until)
            .prop_map(|(from, until)| Recurring::Yearly { from, until }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// COM-5: the date that a refusal promises is the first: no hour before it would do.
    #[test]
    fn no_hour_before_the_one_that_is_promised(
        windows in vec((recurring(), any::<bool>()), 1..3), lock in option::of(1..12u32),
        now in 0..340 * 24u64, is_any in prop::bool::weighted(0.3), zone in select(vec![true, false]),
    ) {
        let mut rules: Vec<compliance::Rule> = windows
            .into_iter()
            .map(|(window, is_closed)| match is_closed {
                true => compliance::Rule::Not(Box::new(compliance::Rule::Recurring(window))),
                false => compliance::Rule::Recurring(window),
            })
            .collect();
        if is_any {
            let named = rules.into_iter().enumerate().map(|(n, rule)| (n.to_string(), rule));
            rules = vec![compliance::Rule::Any(named.collect())];
        }
        if let Some(days) = lock {
            let inherit = compliance::Inherit::Keep;
            rules.push(compliance::Rule::Lot { days, months: 0, free_to: vec![], inherit });
        }
        let calendar = zone.then(|| "NY".into());
        let policy = compliance::Policy { rules, calendar, contract: None };
        let mut world = with(r#"{"rules": []}"#);
        prop_assume!(policy.check().is_ok());
        let (ann, ben) = (world.person("US", &[]), world.person("US", &[]));
        world.give(ann, 10);
        compliance::apply(&mut world.ctx, None, Call::SetPolicy { asset: ASSET, policy, report: REPORT }).unwrap();
        let start = Time(at("2026-01-01", 0).0 + now * HOUR);
        let mut asked = transfer(ann, ben, 5);
        asked.lots = vec![(10, start)];
        world.ctx.env.time = start;
        let decision = world.decide(&asked);
        // A market rests a month at most, and beyond the calendar nothing is known.
        let last = start.plus_ms(20 * 24 * HOUR);
        if decision.is_allowed() || last > at("2026-12-31", 0) {
            return Ok(());
        }
        let promised = decision.earliest_ok.unwrap_or(Time::NEVER);
        let mut time = start;
        while time < promised.min(last) {
            world.ctx.env.time = time;
            prop_assert!(!world.decide(&asked).is_allowed(), "{time} would do, not only {promised}");
            time = time.plus_ms(HOUR);
        }
        if promised < last {
            world.ctx.env.time = promised;
            prop_assert!(world.decide(&asked).is_allowed(), "{promised} would not do");
        }
    }
}

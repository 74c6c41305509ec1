//! Compliance.

use super::*;
use crate::Vectors;
use compliance::*;
use std::sync::Arc;
use types::{Bps, Calendar, Clock, Span, Time, Units, Weekday};

/// Every rule there is, in the order of their places.
fn rules() -> Vec<Rule> {
    let germany = germany();
    let claim = Rule::claim(Side::Receiver, 20, 2, vec![OTHER]);
    let kind = Rule::Kind(Kind::Redeem);
    let all = vec![
        claim.clone(),
        Rule::Countries { side: Side::Both, mode: ListMode::Deny, countries: vec![germany] },
        Rule::List {
            side: Side::Sender,
            mode: ListMode::Deny,
            list: 7,
            subject: ListOf::Wallet,
            about: About::Network,
            place: Place::default(),
        },
        Rule::Count {
            filter: Filter::Country(germany),
            scope: Scope::Class,
            max: Some(99),
            min: Some(2),
            look_through: Some(LookThrough { topic: 83, part: Bps(1_000) }),
        },
        Rule::Holding {
            min: Some(Units(5)),
            max: Some(Units(50)),
            max_part: Some(Bps(2_500)),
            full_only: true,
        },
        Rule::Lot { days: 40, months: 6, free_to: vec![22], inherit: Inherit::RestartIfFrom(60) },
        Rule::Window { opens: Some(THEN), closes: Some(LATER) },
        kind.clone(),
        Rule::All(vec![kind.clone()]),
        Rule::Any(vec![("path".into(), claim.clone())]),
        Rule::Not(Box::new(kind.clone())),
        Rule::When { guard: Box::new(kind.clone()), then: Box::new(claim) },
        Rule::Fact {
            about: About::Network,
            fact: "rate".into(),
            at_least: Units(3),
            at_most: Some(Units(9)),
            min_age: Span::of(0, 21),
            max_age: Some(Span { months: 14, business: 0, days: 0, hours: 5 }),
        },
        Rule::Compare { left: limits(), is: Relation::AtMost, right: Limit::Units },
        Rule::Persons {
            meter: "offerees".into(),
            scope: Scope::Issuer,
            by: By::Country,
            period: Period::Year { month: 4, day: 1 },
            max: Limit::Number(Units(149)),
        },
        Rule::Counted { meter: "offerees".into(), scope: Scope::Network, by: By::Receiver },
        Rule::Amount {
            meter: "sold".into(),
            of: Measure::Paid("USD".parse().expect("a currency")),
            scope: Scope::Offer,
            by: By::Group(63),
            period: Period::Rolling(Span::of(3, 0)),
            max: Some(Limit::Outstanding),
        },
        Rule::Pair { topic: 64, between: Between::Parties, lookback: Span::ZERO },
        Rule::Approvals(vec![Step::Receiver, Step::Of { list: 7, count: 2 }, Step::Sender]),
        Rule::Effect(Effect::Duty {
            duty: "FORM_D".into(),
            due: Span { months: 0, business: 3, days: 15, hours: 0 },
            roll: Roll::NextBusinessDay,
        }),
        Rule::Because {
            says: Some(ReasonCode::Flowback),
            source: "17 CFR 230.903".into(),
            rule: Box::new(kind),
        },
        Rule::By { profile: "US-RESALE".into(), version: 2 },
        Rule::Recurring(Recurring::Weekly {
            days: vec![Weekday::Mon, Weekday::Fri],
            from: Clock(570),
            until: Clock(960),
            business: true,
        }),
    ];
    // A new rule fails to compile here: add it above, at its place.
    for (place, rule) in all.iter().enumerate() {
        match rule {
            Rule::Claim { .. } | Rule::Countries { .. } | Rule::List { .. } => {}
            Rule::Count { .. } | Rule::Holding { .. } | Rule::Lot { .. } => {}
            Rule::Window { .. } | Rule::Kind(_) | Rule::All(_) | Rule::Any(_) => {}
            Rule::Not(_) | Rule::When { .. } | Rule::Fact { .. } | Rule::Compare { .. } => {}
            Rule::Persons { .. } | Rule::Counted { .. } | Rule::Amount { .. } => {}
            Rule::Pair { .. } | Rule::Effect(_) => {}
            Rule::Because { .. } | Rule::By { .. } | Rule::Recurring(_) => {}
            Rule::Approvals(_) => {}
        }
        assert_eq!(usize::from(types::encode(rule)[0]), place, "{rule:?} is out of its place");
    }
    all
}

fn germany() -> types::Country {
    "DE".parse().expect("a country")
}

/// Every limit there is, one inside the other.
fn limits() -> Limit {
    let fact = Limit::Fact { about: About::Asset, fact: "assets".into() };
    let claim = Limit::Claim { side: Side::Receiver, topic: 50 };
    let of_class = Limit::HoldersOfClass(Filter::CountryWithout(germany(), 20));
    let part = Limit::Part { part: Bps(1_000), of: Box::new(claim) };
    Limit::Greatest(vec![
        Limit::Least(vec![
            Limit::Outstanding,
            Limit::OutstandingOfClass,
            Limit::Holders(Filter::With(20)),
            Limit::Held(Filter::Country(germany())),
            of_class,
        ]),
        Limit::If {
            less: Box::new(part),
            than: Box::new(fact),
            then: Box::new(Limit::Units),
            otherwise: Box::new(Limit::Sum(vec![
                Limit::Paid,
                Limit::PaidIn("EUR".parse().expect("a currency")),
            ])),
        },
    ])
}

/// A profile with something in each of its parts.
fn profile() -> Profile {
    let kind = || vec![Rule::Kind(Kind::Offer)];
    let trigger = Trigger {
        duty: "REGISTER".into(),
        source: "15 USC 78l(g)".into(),
        when: vec![Rule::Compare {
            left: Limit::Holders(Filter::All),
            is: Relation::AtLeast,
            right: Limit::Number(Units(2_000)),
        }],
        warning: Vec::new(),
        yearly: true,
        due: Span::of(0, 120),
        roll: Roll::None,
    };
    Profile {
        id: "US-TEST".into(),
        title: "A test".into(),
        authority: "US/SEC".into(),
        source: "17 CFR".into(),
        effective: (THEN.date(), Some(LATER.date().plus_days(9))),
        reading: "as written".into(),
        counsel: vec!["the day".into()],
        calendar: Some("US-TEST".into()),
        covers: Covers::Outside(vec!["US".parse().expect("a country")]),
        says: Some(ReasonCode::UsPerson),
        offer: kind(),
        issue: kind(),
        resale: kind(),
        control: kind(),
        always: kind(),
        release: Vec::new(),
        withdraw: Vec::new(),
        triggers: vec![trigger],
    }
}

fn calendar() -> Calendar {
    let day = THEN.date();
    Calendar {
        id: "US-TEST".into(),
        title: "A test".into(),
        source: "5 USC 6103".into(),
        counsel: vec!["the day".into()],
        zone: "America/New_York".into(),
        offsets: vec![(Time(0), -300), (THEN, -240)],
        known_until: day.plus_days(900),
        weekend: vec![Weekday::Sat, Weekday::Sun],
        business: (day, day.plus_days(365)),
        holidays: vec![day.plus_days(3)],
    }
}

fn law(all: &mut Vectors) {
    let germany = germany();
    let subject = Subject::Asset(ASSET);
    let document = hash(0x55);
    let fact = Fact { value: Units(5), since: THEN, until: LATER, document };
    all.record(&FACTS, &(subject, "closing".into()), &fact);
    all.record(&FACTS, &(Subject::Network, "rate".into()), &fact);
    let profile = profile();
    let hash = hash_of(&profile);
    let record = ProfileRecord {
        number: 9,
        since: THEN,
        hash,
        paths: Arc::new(vec!["R144".into()]),
        controls: Arc::new(vec![("US-TEST".into(), 2)]),
        profile: Arc::new(profile),
    };
    all.record(&PROFILES, &("US-TEST".into(), 2), &record);
    all.record(&LATEST, &"US-TEST".into(), &2);
    all.record(&PROFILE_COUNT, &(), &9);
    all.record(&PROFILE_INDEX, &9, &("US-TEST".into(), 2));
    let adoption = Adoption { id: "US-TEST".into(), version: 2, since: THEN, is_open: true };
    all.record(&ADOPTIONS, &ASSET, &Arc::new(vec![adoption]));
    all.record(&LAND, &germany, &Arc::new(vec![("US-TEST".into(), 2)]));
    let class = Over::Class(ASSET, CLASS);
    let overs = [Over::Asset(ASSET), Over::Issuer(OTHER), Over::Network, class];
    let overs = overs.into_iter().chain([Over::Offer(ASSET, 3)]);
    let ofs = [
        Of::Everyone,
        Of::Person(PERSON),
        Of::Country(germany),
        Of::Group(7),
        Of::Member(7, PERSON),
    ];
    for (over, of) in overs.zip(ofs) {
        let key = MeterKey { profile: "US-TEST".into(), name: "sold".into(), over, of };
        let day = THEN.date();
        all.record(
            &METERS,
            &key,
            &Meter { days: vec![(day, 40), (day.plus_days(1), 2)], splits: Some(1) },
        );
        all.record(&SEEN, &(key.clone(), PERSON), &day);
        all.record(&COUNTED_BY, &(PERSON, 0), &key);
    }
    all.record(&COUNTED_BY_COUNT, &PERSON, &5);
    all.record(&UNITS_METERED, &ASSET, &UnitsMetered { over_asset: true, over_class: false });
    all.record(&SPLITS, &ASSET, &vec![types::Ratio { new: 2, old: 3 }]);
    let (from, to, units) = (Some(PERSON), None, Units(6));
    let movement = Intended { asset: ASSET, from, to, units };
    all.record(
        &APPROVALS,
        &movement,
        &vec![Approval { list: 7, by: OTHER, until: LATER, left: 3 }],
    );
    let duty = Duty {
        profile: "US-TEST".into(),
        since: THEN,
        due: LATER,
        met: Some(LATER),
        is_over: true,
    };
    all.record(&DUTIES, &(ASSET, "REGISTER".into()), &duty);
    all.record(&WATCHED, &3, &ASSET);
    all.record(&WATCHED_COUNT, &(), &4);
    all.record(&DUTIES_ASKED, &(), &Progress { since: THEN, until: LATER, next: 2 });
    let yearly = Rule::Recurring(Recurring::Yearly { from: (12, 15), until: (2, 1) });
    let rules = vec![Rule::Kind(Kind::Transfer), yearly];
    let asked = Arc::new(VenueRules { rules, calendar: Some("CH-ZURICH".into()) });
    let used = |is_persons, by, period| {
        let (name, calendar) = ("sold".into(), Some("US-TEST".into()));
        MeterUsed { name, is_persons, by, period, calendar }
    };
    let rolling = Period::Rolling(Span::of(0, 30));
    let meters = vec![used(true, By::Country, Period::Ever), used(false, By::Group(63), rolling)];
    let venue = VenueRecord { version: 2, since: THEN, name: "VENUE-7".into(), asked, meters };
    all.record(&VENUES, &PERSON, &venue);
    let calendar = calendar();
    let record = CalendarRecord { version: 2, since: THEN, hash, calendar: Arc::new(calendar) };
    all.record(&CALENDARS, &"US-TEST".into(), &record);
    all.record(&OFFERS, &ASSET, &Offer { number: 2, opened: THEN, closed: Some(LATER) });
}

pub fn compliance(all: &mut Vectors) {
    law(all);
    let policy = Policy {
        rules: rules(),
        calendar: Some("US-TEST".into()),
        contract: Some((wallet(0xf1), 90_000)),
    };
    let (name, period) = ("sold".into(), Period::Month);
    let used = MeterUsed {
        name,
        is_persons: false,
        by: By::Sender,
        period,
        calendar: Some("US-TEST".into()),
    };
    let of_issuer =
        Arc::new(Counting { topics: vec![83], through: vec![83], ..Counting::default() });
    let counting = Counting {
        topics: vec![20, 22],
        crossed: vec![(germany(), 22)],
        through: vec![20],
        by_class: true,
        of_issuer: Some(of_issuer.clone()),
        held: vec![Filter::All, Filter::CountryWith(germany(), 22)],
        caps: vec![Cap { filter: Filter::Without(20), by_class: true, most: 35 }],
    };
    let record = PolicyRecord {
        version: 3,
        since: THEN,
        counting: Arc::new(counting),
        meters: Arc::new(vec![used]),
        paths: Arc::new(vec!["accredited".into(), "abroad".into()]),
        policy: Arc::new(policy),
    };
    all.record(&POLICIES, &ASSET, &record);
    let listed = Listed { from: THEN, until: LATER };
    all.record(&LISTS, &(Subject::Asset(ASSET), 7, Entry::Person(PERSON)), &listed);
    all.record(&LISTS, &(Subject::Network, 8, Entry::Wallet(wallet(0x57))), &listed);
    let germany = germany();
    let plain = [Filter::All, Filter::Country(germany), Filter::With(20), Filter::Without(22)];
    let crossed = [Filter::CountryWith(germany, 20), Filter::CountryWithout(germany, 22)];
    for filter in plain.into_iter().chain(crossed) {
        all.record(&COUNTS, &(ASSET, filter), &11);
        all.record(&UNITS_HELD, &(ASSET, filter), &Units(1_100));
    }
    all.record(&CLASS_COUNTS, &(ASSET, Filter::With(20)), &vec![7, 0, 4]);
    all.record(&HOLDS_FOR_OTHERS, &(ASSET, 20, 6), &PERSON);
    all.record(&OTHERS_PLACE, &(ASSET, 20, PERSON), &6);
    let epoch = Epoch { policy: 6, adopted: 2, outdated: 7, person: 8 };
    let found = [Found { law: 0, met: 0b101 }, Found { law: 9, met: 1 << 63 }];
    let standing = Standing {
        epoch,
        until: LATER,
        is_diligent: true,
        is_reviewed: false,
        found: Arc::new(found),
    };
    let (units, country) = (Units(1_000), germany);
    let classes = vec![(CLASS, Units(300))];
    let counted = Counted { units, country, has: 0b01, standing, holder: 4, held: 5, classes };
    all.record(&COUNTED, &(ASSET, PERSON), &counted);
    all.record(&HOLDERS, &(ASSET, 4), &PERSON);
    all.record(&HELD, &(PERSON, 5), &ASSET);
    all.record(&HELD_COUNT, &PERSON, &6);
    all.record(&ISSUED_BY, &ASSET, &OTHER);
    all.record(&ISSUED, &(OTHER, 1), &ASSET);
    all.record(&ISSUED_COUNT, &OTHER, &2);
    all.record(&ISSUER_COUNTING, &OTHER, &of_issuer);
    all.record(&ISSUER_COUNTS, &(OTHER, Filter::With(83)), &7);
    let of_issuer = CountedOfIssuer { assets: 2, country, has: 0b01 };
    all.record(&ISSUER_COUNTED, &(OTHER, PERSON), &of_issuer);
    all.record(&ISSUER_FUNDS, &(OTHER, 83, 6), &PERSON);
    all.record(&ISSUER_FUND_PLACE, &(OTHER, 83, PERSON), &6);
}

pub fn compliance_events() -> Vec<Event> {
    let (asset, list, person) = (ASSET, 7, PERSON);
    let all = vec![
        Event::PolicySet { asset, version: 3, policy: hash(0x44), report: hash(0x45) },
        Event::Listed {
            about: Subject::Asset(asset),
            list,
            entry: Entry::Person(person),
            from: THEN,
            until: LATER,
        },
        Event::Delisted { about: Subject::Network, list, entry: Entry::Wallet(wallet(0x57)) },
        Event::FactAttested {
            about: Subject::Asset(asset),
            fact: "closing".into(),
            value: Units(5),
            since: THEN,
            until: LATER,
            document: hash(0x55),
        },
        Event::FactWithdrawn { about: Subject::Network, fact: "rate".into() },
        Event::ProfileRegistered { id: "US-TEST".into(), version: 2, profile: hash(0x56) },
        Event::ProfileAdopted {
            asset,
            id: "US-TEST".into(),
            version: 2,
            number: 3,
            report: hash(0x46),
        },
        Event::ProfileDropped { asset, id: "US-TEST".into(), number: 3, report: hash(0x47) },
        Event::LawSet {
            country: "DE".parse().expect("a country"),
            profiles: vec![("US-TEST".into(), 2)],
            report: hash(0x48),
        },
        Event::Approached { asset, person },
        Event::MovementApproved {
            asset,
            list,
            from: Some(person),
            to: None,
            units: Units(6),
            by: OTHER,
            until: LATER,
            left: Units(3),
        },
        Event::DutyRaised { asset, profile: "US-TEST".into(), duty: "REGISTER".into(), due: LATER },
        Event::DutyNear { asset, profile: "US-TEST".into(), duty: "REGISTER".into() },
        Event::DutyMet { asset, duty: "REGISTER".into() },
        Event::VenueRulesSet { venue: PERSON, version: 2, rules: hash(0x57), report: hash(0x49) },
        Event::CalendarRegistered { id: "US-TEST".into(), version: 2, calendar: hash(0x58) },
        Event::OfferOpened { asset, offer: 2 },
        Event::OfferClosed { asset, offer: 2 },
        Event::CapExceeded {
            asset,
            scope: Scope::Class,
            class: Some(ClassId(1)),
            filter: Filter::Without(20),
            holders: 36,
            most: 35,
        },
    ];
    // A new event fails to compile here: add it above, at its place.
    for event in &all {
        match event {
            Event::PolicySet { .. } | Event::Listed { .. } | Event::Delisted { .. } => {}
            Event::FactAttested { .. } | Event::FactWithdrawn { .. } => {}
            Event::ProfileRegistered { .. } | Event::ProfileAdopted { .. } => {}
            Event::ProfileDropped { .. } | Event::LawSet { .. } | Event::Approached { .. } => {}
            Event::MovementApproved { .. } | Event::DutyRaised { .. } => {}
            Event::DutyNear { .. } | Event::DutyMet { .. } | Event::VenueRulesSet { .. } => {}
            Event::CalendarRegistered { .. } => {}
            Event::OfferOpened { .. } | Event::OfferClosed { .. } => {}
            Event::CapExceeded { .. } => {}
        }
    }
    all
}

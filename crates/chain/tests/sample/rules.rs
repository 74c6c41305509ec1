//! Compliance.

use super::*;
use crate::Vectors;
use compliance::*;
use std::sync::Arc;
use types::{Bps, Units};

/// Every rule there is, in the order of their places.
fn rules() -> Vec<Rule> {
    let germany = "DE".parse().expect("a country");
    let claim =
        Rule::claim(Side::Receiver, 20, 2, vec![OTHER]);
    let kind = Rule::Kind(Kind::Redeem);
    let all = vec![
        claim.clone(),
        Rule::Countries { side: Side::Both, mode: ListMode::Deny, countries: vec![germany] },
        Rule::List { side: Side::Sender, mode: ListMode::Allow, list: 7 },
        Rule::Count { filter: Filter::Country(germany), max: Some(99), min: Some(2) },
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
        Rule::When { guard: Box::new(kind), then: Box::new(claim) },
    ];
    // A new rule fails to compile here: add it above, at its place.
    for (place, rule) in all.iter().enumerate() {
        match rule {
            Rule::Claim { .. } | Rule::Countries { .. } | Rule::List { .. } => {}
            Rule::Count { .. } | Rule::Holding { .. } | Rule::Lot { .. } => {}
            Rule::Window { .. } | Rule::Kind(_) | Rule::All(_) | Rule::Any(_) => {}
            Rule::Not(_) | Rule::When { .. } => {}
        }
        assert_eq!(usize::from(types::encode(rule)[0]), place, "{rule:?} is out of its place");
    }
    all
}

pub fn compliance(all: &mut Vectors) {
    let policy = Policy { rules: rules(), contract: Some((wallet(0xf1), 90_000)) };
    let record = PolicyRecord {
        version: 3,
        since: THEN,
        topics: Arc::new(vec![20, 22]),
        policy: Arc::new(policy),
    };
    all.record(&POLICIES, &ASSET, &record);
    all.record(&LISTS, &(ASSET, 7, PERSON), &Listed { from: THEN, until: LATER });
    let germany = "DE".parse().expect("a country");
    for filter in [Filter::All, Filter::Country(germany), Filter::With(20), Filter::Without(22)] {
        all.record(&COUNTS, &(ASSET, filter), &11);
    }
    let counted = Counted { units: Units(1_000), country: germany, has: 0b01, holder: 4, held: 5 };
    all.record(&COUNTED, &(ASSET, PERSON), &counted);
    all.record(&HOLDERS, &(ASSET, 4), &PERSON);
    all.record(&HELD, &(PERSON, 5), &ASSET);
    all.record(&HELD_COUNT, &PERSON, &6);
}

pub fn compliance_events() -> Vec<Event> {
    let (asset, list, person) = (ASSET, 7, PERSON);
    let all = vec![
        Event::PolicySet { asset, version: 3, policy: hash(0x44) },
        Event::Listed { asset, list, person, from: THEN, until: LATER },
        Event::Delisted { asset, list, person },
    ];
    // A new event fails to compile here: add it above, at its place.
    for event in &all {
        match event {
            Event::PolicySet { .. } | Event::Listed { .. } | Event::Delisted { .. } => {}
        }
    }
    all
}

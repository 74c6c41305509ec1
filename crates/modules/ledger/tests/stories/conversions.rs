//! Splits, reverse splits and reclassifications.

use crate::world::*;
use compliance::{METERS, MeterKey, Of, Over, metered};
use ledger::{Call, Event};
use types::{ClassId, Ratio, Units};

const SCENE: &str = r#"
    person alice CH
    person bob   CH
    person carol CH
    policy {"rules": []}
    authorise 1000                                      ok
    issue 7 to alice and 5 to bob                       ok
    on 2026-01-05  issue 4 to alice and 10 to acme      ok
"#;

fn tell(script: &str) -> World {
    let mut world = check(SCENE);
    world.run(script);
    world
}

fn authorised(world: &World) -> u128 {
    ledger::asset(&world.ctx, world.asset).unwrap().authorised.0
}

#[test]
fn a_split_multiplies_every_position_and_no_clock_starts_anew() {
    let world = tell(
        "
        convert 3:1                                     ok
        position alice 33
        position bob 15
        lots alice 21@2026-01-01 12@2026-01-05
        transfer 33 alice to carol                      ok
        lots carol 21@2026-01-01 12@2026-01-05
        holders 3
    ",
    );
    assert_eq!(authorised(&world), 3_000);
    let record = ledger::asset(&world.ctx, world.asset).unwrap();
    assert_eq!((record.issued, record.treasury), (Units(78), Units(30)));
}

#[test]
fn a_reverse_split_rounds_down_and_tells_what_is_left_over() {
    let world = tell(
        "
        convert 1:4                                     ok
        position alice 2
        position bob 1
        lots alice 1@2026-01-01 1@2026-01-05
    ",
    );
    let rests: Vec<_> = (world.heard.iter())
        .filter_map(|event| match event {
            Event::Converted { units, made, rest, .. } => Some((units.0, made.0, *rest)),
            _ => None,
        })
        .collect();
    assert_eq!(rests, [(11, 2, 3), (5, 1, 1), (10, 2, 2)]);
    assert_eq!(authorised(&world), 250);
    // Who has less than one unit holds nothing any more.
    tell("convert 1:6  ok").run("holders 2");
}

#[test]
fn a_conversion_goes_on_page_by_page_and_nothing_moves_meanwhile() {
    let mut world = tell(
        "
        checkpoint                                      ok
        convert 2:1 limit 1                             ok
        position alice 22
        position bob 5
        transfer 1 alice to bob                         Converting
        issue 1 to bob                                  Converting
        redeem 1 bob                                    Converting
        force 1 alice to bob                            Converting
        hold 1 alice for bob until 2026-02-01           Converting
        freeze-units 1 alice                            Converting
        announce 1 alice                                Converting
        checkpoint                                      Converting
        authorise 5000                                  Converting
        convert 2:1                                     Converting
        convert 3:1 from 1                              Converting
        convert 2:1 from 2                              Converting
        convert 2:1 from 1 limit 1                      ok
        convert 2:1 from 1                              Converting
        convert 2:1 from 2                              ok
        convert 2:1 from 3                              NotConverting
        position bob 10
        transfer 1 alice to bob                         ok
        past 1 alice 11
        past 1 bob 5
    ",
    );
    let asset = world.asset;
    let class = ClassId(0);
    assert_eq!(ledger::supply_at(&world.ctx, asset, class, 1), Ok(Units(26)));
    let acme = wallet(first(ACME));
    let call =
        |new, old, limit| Call::Convert { asset, class, into: class, new, old, first: 0, limit };
    assert_eq!(world.act(acme, call(0, 1, 1)), Err(ledger::Refusal::BadRatio));
    assert_eq!(world.act(acme, call(1, 0, 1)), Err(ledger::Refusal::BadRatio));
    assert_eq!(world.act(acme, call(3, 3, 1)), Err(ledger::Refusal::NothingChanges));
    assert_eq!(world.act(acme, call(2, 1, 0)), Err(ledger::Refusal::EmptyBatch));
    let alice = wallet(world.account("alice"));
    let refused = world.act(alice, call(2, 1, 1));
    assert!(matches!(refused, Err(ledger::Refusal::Trust(_))), "{refused:?}");
}

#[test]
fn a_class_becomes_another_with_what_is_held_and_frozen_of_it() {
    tell(
        "
        class B                                         ok
        issue 3 to alice of 1                     ok
        hold 5 alice for bob until 2026-02-01           ok
        hold 1 alice for carol until 2026-02-01         ok
        freeze-units 3 bob                              ok
        convert 1:2 of 0 into 1                   ok
        position alice 0
        position alice 8 of 1 held 2
        position bob 2 of 1 frozen 2
        execute 2 1 by carol                            UnknownHold
        execute 1 2 by bob                              ok
        position bob 4 of 1 frozen 2
    ",
    );
}

#[test]
fn an_announced_order_follows_and_one_of_less_than_a_unit_is_withdrawn() {
    tell(
        "
        announce 5 bob to carol contest 2026-02-01      ok
        announce 1 alice to carol contest 2026-02-01    ok
        convert 1:2                                     ok
        position bob 2 frozen 2
        position alice 5
        carry-out 2                                     OrderDone
        on 2026-02-01  carry-out 1                      ok
        position carol 2
    ",
    );
    // An order that another one left nothing frozen speaks of units that are no more.
    tell(
        "
        announce 5 bob to carol contest 2026-02-01      ok
        force 5 bob to alice under B                    ok
        issue 5 to bob                                  ok
        on 2026-01-10  convert 2:1                      ok
        on 2026-02-01  carry-out 1                      BeforeConversion
        withdraw 1                                      ok
    ",
    );
}

#[test]
fn what_was_sold_counts_in_units_of_after_the_split() {
    let policy = r#"policy {"rules": [{"amount": {"meter": "sold", "by": "sender", "period": {"rolling": "5d"}, "max": {"number": "60"}}}]}"#;
    let mut world = tell("issue 200 to carol  ok");
    world.run(policy);
    world.run(
        "
        transfer 20 carol to bob                        ok
        on 2026-01-06  convert 3:2                      ok
        transfer 31 carol to bob                        VOLUME_LIMIT until 2026-01-10 most 30
        transfer 30 carol to bob                        ok
        convert 1:3                                     ok
        transfer 41 carol to bob                        VOLUME_LIMIT
    ",
    );
    let (profile, name) = (Default::default(), "sold".into());
    let of = Of::Person(world.id("carol"));
    let key = MeterKey { profile, name, over: Over::Asset(world.asset), of };
    assert_eq!(METERS.get(&world.ctx, &key).unwrap().splits, Some(1));
    let days: Vec<u128> = metered(&world.ctx, &key).iter().map(|(_, units)| *units).collect();
    assert_eq!(days, [10, 10]);
    assert_eq!(
        compliance::SPLITS.get(&world.ctx, &world.asset).unwrap(),
        [Ratio { new: 3, old: 2 }, Ratio { new: 1, old: 3 }]
    );
    world.run("transfer 40 carol to bob  ok");
    assert_eq!(METERS.get(&world.ctx, &key).unwrap().splits, Some(2));
}

#[test]
fn one_class_of_several_is_not_split_under_rules_that_add_all_up() {
    let mut world = tell("class B  ok");
    world.run(
        r#"policy {"rules": [{"amount": {"meter": "sold", "period": {"rolling": "5d"}, "max": {"number": "60"}}}]}"#,
    );
    world.run(
        "
        issue 3 to alice of 1                     ok
        convert 2:1                                     MeasuredInUnits
        convert 1:1 of 0 into 1                   ok
        position alice 14 of 1
        convert 2:1 of 1                          ok
        position alice 28 of 1
    ",
    );
}

#[test]
fn what_would_not_fit_is_refused_before_anything_is_converted() {
    let mut world = tell("class B  ok");
    let most = format!("authorise {}  ok", u128::MAX);
    world.run(&most);
    world.run(&format!("issue {} to bob  ok", u128::MAX / 2 - 26));
    world.run("convert 3:2  Overflow");
    world.run("convert 1:1 of 0 into 1  ok");
}

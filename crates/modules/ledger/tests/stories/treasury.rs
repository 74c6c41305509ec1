//! What the issuer holds of its own: issued, and not outstanding.

use crate::world::*;
use ledger::CLASSES;
use types::{ClassId, Units};

/// Issued, in treasury, outstanding.
fn supply(world: &World) -> (u128, u128, u128) {
    let asset = ledger::asset(&world.ctx, world.asset).unwrap();
    (asset.issued.0, asset.treasury.0, asset.outstanding().0)
}

#[test]
fn units_kept_or_bought_back_by_the_issuer_are_its_treasury() {
    let mut world = check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": []}
        issue 100 to acme               ok
        issue 50 to alice               ok
    "#,
    );
    assert_eq!(supply(&world), (150, 100, 50));
    world.run("transfer 30 acme to bob      ok");
    assert_eq!(supply(&world), (150, 70, 80));
    world.run("transfer 20 alice to bob     ok");
    assert_eq!(supply(&world), (150, 70, 80), "others among themselves change nothing");
    world.run("transfer 10 bob to acme      ok");
    assert_eq!(supply(&world), (150, 80, 70), "bought back");
    world.run("redeem 80 acme               ok");
    assert_eq!(supply(&world), (70, 0, 70), "and cancelled");
    world.run("redeem 30 alice              ok");
    assert_eq!(supply(&world), (40, 0, 40));
    world.run("force 40 bob to acme         ok");
    assert_eq!(supply(&world), (40, 40, 0), "by order too");
}

#[test]
fn every_account_of_the_issuer_is_treasury_and_each_class_has_its_own() {
    let mut world = check(
        r#"
        person alice CH
        account acme
        policy {"rules": []}
        class B                         ok
        issue 100 to acme               ok
        issue 10 to alice               ok
        transfer 40 acme to acme/1      ok
    "#,
    );
    assert_eq!(supply(&world), (110, 100, 10), "between its accounts nothing changes");
    world.run("transfer 15 acme/1 to alice  ok");
    assert_eq!(supply(&world), (110, 85, 25));
    let of = |class| CLASSES.get(&world.ctx, &(world.asset, ClassId(class))).unwrap();
    assert_eq!((of(0).issued, of(0).treasury), (Units(110), Units(85)));
    assert_eq!((of(1).issued, of(1).treasury), (Units::ZERO, Units::ZERO));
}

#[test]
fn a_batch_of_an_issue_is_judged_on_what_will_be_outstanding() {
    // A quarter at most. What the issuer keeps makes nobody's part smaller.
    let quarter = r#"policy {"rules": [{"holding": {"max_part": 2500}}]}"#;
    let holders = "person alice CH\nperson bob CH\nperson carol CH\nperson dave CH\n";
    let mut world = check(&format!("{holders}{quarter}"));
    let all = |world: &World, to_acme: u128, each: u128| {
        let legs = ["alice", "bob", "carol", "dave"].map(|name| (first(world.id(name)), each));
        [&[(first(world.id("acme")), to_acme)], &legs[..]].concat()
    };
    let legs = all(&world, 900, 25);
    world.issue_all(ClassId(0), &legs).unwrap();
    assert_eq!(supply(&world), (1_000, 900, 100));
    let (acme, alice) = (first(world.id("acme")), first(world.id("alice")));
    // 26 of 101 would be more than a quarter, also out of the treasury, whatever the issuer has left.
    assert!(world.transfer(acme, alice, 1).is_err());
    let mut uneven = all(&world, 900, 25);
    uneven[1].1 += 2;
    assert!(world.issue_all(ClassId(0), &uneven).is_err());
}

#[test]
fn what_the_issuer_places_has_a_clock_of_its_own() {
    let mut world = check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": [{"lot": {"days": 100}}]}
        issue 100 to acme                                       ok
    "#,
    );
    world.run(
        "
        on 2026-03-01 transfer 60 acme to alice                 ok
        on 2026-06-08 transfer 60 alice to bob                  LOCKED_LOT until 2026-06-09
        on 2026-06-09 transfer 60 alice to bob                  ok
        transfer 30 bob to acme                                 ok
        transfer 70 acme to alice                               ok
        on 2026-09-16 transfer 70 alice to bob                  LOCKED_LOT until 2026-09-17 most 0
        on 2026-09-17 transfer 70 alice to bob                  ok
    ",
    );
}

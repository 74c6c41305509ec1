//! Freezes, halts, and what is done by order.

use crate::world::*;
use ledger::{Call, Event, Refusal, Spender};
use types::{B256, ClassId, Order, PersonId, Units};

const SCENE: &str = r#"
    person alice CH
    person bob   CH
    person carol CH
    policy {"rules": []}
    issue 100 to alice                                  ok
"#;

fn tell(script: &str) -> World {
    let mut world = check(SCENE);
    world.run(script);
    world
}

#[test]
fn a_frozen_person_neither_sends_nor_receives_until_thawed() {
    tell(
        "
        transfer 10 alice to bob                        ok
        freeze alice                                    ok
        freeze alice                                    NothingChanges
        transfer 1 alice to bob                         FROZEN_FROM never most 0
        transfer 1 bob to alice                         FROZEN_TO never most 0
        issue 1 to alice                                FROZEN_TO
        redeem 1 alice                                  FROZEN_FROM
        transfer 0 alice to bob                         FROZEN_FROM
        account alice
        transfer 1 alice to alice/1                     FROZEN_FROM,FROZEN_TO
        thaw alice                                      ok
        thaw alice                                      NothingChanges
        transfer 1 alice to bob                         ok
    ",
    );
}

#[test]
fn more_may_be_frozen_than_there_is_and_freezes_what_comes() {
    tell(
        "
        freeze-units 30 alice                           ok
        freeze-units 30 alice                           NothingChanges
        position alice 100 frozen 30
        transfer 71 alice to bob                        UNITS_HELD never most 70
        transfer 70 alice to bob                        ok
        freeze-units 50 alice                           ok
        transfer 1 alice to bob                         UNITS_HELD never most 0
        transfer 20 bob to alice                        ok
        transfer 1 alice to bob                         UNITS_HELD never most 0
        transfer 5 bob to alice                         ok
        transfer 6 alice to bob                         UNITS_HELD never most 5
        freeze-units 0 alice                            ok
        transfer 55 alice to bob                        ok
        freeze-units 1 carol                            NoPosition
    ",
    );
}

#[test]
fn a_halted_asset_moves_by_order_only_and_closes_empty() {
    tell(
        "
        hold 10 alice for bob until 2026-02-01          ok
        pause                                           ok
        pause                                           NothingChanges
        issue 1 to alice                                PAUSED never most 0
        transfer 1 alice to bob                         PAUSED
        redeem 1 alice                                  PAUSED
        execute 1 1 by bob                              PAUSED
        force 10 alice to bob                           ok
        close                                           Outstanding
        force-redeem 90 alice                           ok
        force-redeem 10 bob                             ok
        holders 0
        resume                                          ok
        close                                           NotPaused
        pause                                           ok
        close                                           ok
        resume                                          NothingChanges
        reissue 1 to alice                              ASSET_CLOSED
        issue 1 to alice                                ASSET_CLOSED
    ",
    );
}

#[test]
fn an_order_unlocks_exactly_the_shortfall_first_frozen_then_held() {
    tell(
        "
        freeze-units 30 alice                           ok
        hold 20 alice for bob until 2026-02-01          ok
        hold 25 alice for carol until 2026-02-01        ok
        # 25 are free: nothing else is touched.
        force 25 alice to bob                           ok
        position alice 75 held 45 frozen 30
        force 10 alice to bob                           ok
        position alice 65 held 45 frozen 20
        # 20 frozen thaw, then the older hold gives 15 of its 20.
        force 35 alice to bob                           ok
        position alice 30 held 30 frozen 0
        execute 1 6 by bob                              NotFree
        execute 1 5 by bob                              ok
        force 31 alice to bob                           INSUFFICIENT_BALANCE
        position alice 25 held 25 frozen 0
        force-redeem 25 alice                           ok
        release 2 by carol                              UnknownHold
    ",
    );
}

#[test]
fn what_is_frozen_beyond_what_is_there_goes_on_freezing_what_comes() {
    tell(
        "
        hold 20 alice for bob until 2026-02-01          ok
        freeze-units 150 alice                          ok
        force 50 alice to bob                           ok
        position alice 50 held 20 frozen 100
        force 50 alice to bob                           ok
        position alice 0 held 0 frozen 70
        transfer 60 bob to alice                        ok
        transfer 1 alice to bob                         UNITS_HELD
    ",
    );
}

#[test]
fn nothing_is_forced_upon_who_could_not_receive() {
    tell(
        "
        sanction bob
        force 10 alice to bob                           SANCTIONED
        reissue 10 to bob                               SANCTIONED
        clear bob
        suspend bob
        force 10 alice to bob                           PERSON_SUSPENDED
        reinstate bob
        revoke bob 1
        force 10 alice to bob                           KYC_EXPIRED
        claim bob 1
        # From whoever it is, and to a holder frozen for this asset, whose units stay frozen.
        sanction alice
        freeze bob                                      ok
        force 10 alice to bob                           ok
        transfer 1 bob to carol                         FROZEN_FROM
    ",
    );
}

#[test]
fn an_order_is_complete_and_on_the_record_and_needs_the_power() {
    let mut world = check(SCENE);
    let (alice, bob, asset) = (world.account("alice"), world.account("bob"), world.asset);
    let force = |order| Call::ForceTransfer {
        asset,
        class: ClassId(0),
        from: alice,
        to: bob,
        units: Units(1),
        order,
    };
    let acme = wallet(first(ACME));
    let long = "x".repeat(257);
    for incomplete in [
        Order { authority: " ".into(), ..order() },
        Order { reference: String::new(), ..order() },
        Order { document: B256::ZERO, ..order() },
        Order { authority: long, ..order() },
    ] {
        let (class, person) = (ClassId(0), alice.person);
        let order = incomplete.clone();
        for call in [
            force(order.clone()),
            Call::ForceRedeem { asset, class, from: alice, units: Units(1), order: order.clone() },
            Call::Reissue { asset, class, to: alice, units: Units(1), order: order.clone() },
            Call::FreezePerson { asset, person, frozen: true, order: order.clone() },
            Call::FreezeUnits {
                asset,
                class,
                account: alice,
                units: Units(1),
                order: order.clone(),
            },
            Call::FileOrder { asset, order },
        ] {
            assert_eq!(world.act(acme, call.clone()), Err(Refusal::IncompleteOrder), "{call:?}");
        }
    }
    let refused = world.act(wallet(bob), force(order()));
    assert!(matches!(refused, Err(Refusal::Trust(_))), "{refused:?}");
    world.act(acme, force(order())).unwrap();
    let carried = Event::OrderCarriedOut { asset, order: order(), by: acme };
    assert!(world.heard.contains(&carried), "{:?}", world.heard);
}

#[test]
fn a_limited_power_to_force_is_used_up() {
    let mut world = check(SCENE);
    let (alice, bob, asset) = (world.account("alice"), world.account("bob"), world.asset);
    world.grant_limited(bob.person, trust::Power::Force, Some(10));
    let force = |units| Call::ForceTransfer {
        asset,
        class: ClassId(0),
        from: alice,
        to: bob,
        units: Units(units),
        order: order(),
    };
    world.act(wallet(bob), force(6)).unwrap();
    let refused = world.act(wallet(bob), force(5));
    assert!(matches!(refused, Err(Refusal::Trust(trust::Refusal::GrantUsedUp { .. }))));
    world.act(wallet(bob), force(4)).unwrap();
}

#[test]
fn an_order_is_filed_and_withdrawn() {
    let mut world = check(SCENE);
    let (asset, acme) = (world.asset, wallet(first(ACME)));
    let file = |order| Call::FileOrder { asset, order };
    assert_eq!(world.act(acme, file(Order::default())), Err(Refusal::NothingChanges));
    world.act(acme, file(order())).unwrap();
    assert_eq!(ledger::FILED_ORDERS.get(&world.ctx, &(asset, acme)), Some(order()));
    world.act(acme, file(Order::default())).unwrap();
    assert_eq!(ledger::FILED_ORDERS.get(&world.ctx, &(asset, acme)), None);
}

#[test]
fn nobody_is_frozen_before_it_exists() {
    let mut world = check(SCENE);
    let call = Call::FreezePerson {
        asset: world.asset,
        person: PersonId(99),
        frozen: true,
        order: order(),
    };
    let unknown = identity::Refusal::UnknownPerson(PersonId(99));
    assert_eq!(world.act(wallet(first(ACME)), call), Err(Refusal::Identity(unknown)));
}

#[test]
fn a_freeze_pays_for_naming_every_account_before_it_is_made() {
    let mut world = check(SCENE);
    let alice = world.id("alice");
    for _ in 0..100 {
        world.open_account(alice);
    }
    let asset = world.asset;
    let call = Call::FreezePerson { asset, person: alice, frozen: true, order: order() };
    let by = Spender::key(wallet(first(ACME)));
    let mut within = |gas| {
        world.ctx.start_work(gas);
        ledger::apply(&mut world.ctx, by, call.clone()).map(drop)
    };
    assert_eq!(within(20_000), Err(Refusal::OutOfFuel));
    assert_eq!(within(50_000), Ok(()));
}

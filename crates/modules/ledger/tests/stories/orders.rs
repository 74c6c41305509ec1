//! Freezes, halts, and what is done by order.

use crate::world::*;
use ledger::{Bound, Call, Event, Refusal, Spender, Wish};
use types::{B256, ClassId, Contest, Order, PersonId, Units};

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

/// What stands in the way of a transfer of so many units, in words.
fn told(world: &World, units: u128, [from, to]: [&str; 2]) -> Vec<String> {
    let (from, to) = (world.account(from), world.account(to));
    let wish = Wish {
        asset: world.asset,
        class: None,
        from: Some(from),
        to: Some(to),
        units: Units(units),
        operator: types::Address::ZERO,
        stated: Default::default(),
    };
    let reasons = ledger::preview(&world.ctx, wish).unwrap().reasons;
    reasons.iter().map(|reason| reason.to_string()).collect()
}

#[test]
fn who_is_halted_is_told_by_whom_and_since_when() {
    let mut world = tell("");
    let (asset, class) = (world.asset, ClassId(0));
    let between = ["alice", "bob"];
    let carol = world.id("carol");
    world.grant(carol, trust::Power::Freeze);
    world.at(day("2026-01-05"));
    let freeze = |frozen| Call::FreezeClass { asset, class, frozen };
    world.act(wallet(first(carol)), freeze(true)).unwrap();
    let by_class =
        format!("trading in class 0 of this asset is halted by {carol} since 2026-01-05");
    assert_eq!(told(&world, 1, between), [by_class]);
    world.at(day("2026-01-06"));
    world.run("pause ok");
    let halted = "trading in this asset is halted by person 2 since 2026-01-06";
    assert_eq!(told(&world, 1, between), [halted]);
    world.run("resume ok");
    world.act(wallet(first(carol)), freeze(false)).unwrap();
    assert!(told(&world, 1, between).is_empty());
    assert_eq!(ledger::HALTS.read(&world.ctx, &(asset, None)), None);
    assert_eq!(ledger::HALTS.read(&world.ctx, &(asset, Some(class))), None);
    world.run("pause ok");
    world.run("force-redeem 100 alice ok");
    world.at(day("2026-01-07"));
    world.run("close ok");
    let closed = "this asset is closed by person 2 since 2026-01-07";
    assert_eq!(told(&world, 0, between), [closed]);
}

#[test]
fn who_is_frozen_is_told_by_which_order_and_until_when() {
    let mut world = tell("");
    let (asset, alice) = (world.asset, world.id("alice"));
    let between = ["alice", "bob"];
    let freeze = |reference: &str, expires: Option<&str>| {
        let (reference, expires) = (reference.to_owned(), expires.map(day));
        let order = Order { reference, expires, ..order() };
        Call::FreezePerson { asset, person: alice, frozen: true, order }
    };
    let acme = wallet(first(ACME));
    for (at, reference) in [("2026-01-02", "A"), ("2026-01-03", "B"), ("2026-01-04", "C")] {
        world.at(day(at));
        let expires = if reference == "A" { "2026-02-01" } else { "2026-03-01" };
        world.act(acme, freeze(reference, Some(expires))).unwrap();
    }
    // Of those that bind longest the first.
    let of_seller = "the seller may not send this asset: its holding is frozen by order of District Court, B, carried out \
                     by person 2 since 2026-01-03 until 2026-03-01T00:00:00Z";
    assert_eq!(told(&world, 1, between), [of_seller]);
    let back = told(&world, 0, ["bob", "alice"]);
    assert!(
        back[0]
            .starts_with("the buyer may not receive this asset: its holding is frozen by order of")
    );
    // Given anew it binds since it did first, and it is lifted by none other's end.
    world.at(day("2026-01-05"));
    world.act(acme, freeze("A", None)).unwrap();
    let forever = "the seller may not send this asset: its holding is frozen by order of District Court, A, carried out \
                   by person 2 since 2026-01-02";
    assert_eq!(told(&world, 1, between), [forever]);
    let frozen = ledger::FROZEN.read(&world.ctx, &(asset, alice)).unwrap();
    let hands: Vec<_> = frozen.0.iter().map(|it| (it.halt.by, it.halt.since)).collect();
    let days = ["2026-01-02", "2026-01-03", "2026-01-04"];
    assert_eq!(hands, days.map(|at| (acme, day(at))));
}

#[test]
fn of_units_that_are_frozen_the_hand_is_told_and_the_order_if_it_was_announced() {
    let mut world = tell(
        "
        hold 10 alice for bob until 2026-06-01          ok
        freeze-units 30 alice until 2026-02-01          ok
    ",
    );
    let between = ["alice", "bob"];
    let short = "70 units needed, 60 free; 10 held or pledged; 30 frozen";
    let by_agent =
        format!("{short} by person 2 since 2026-01-01; from 2026-02-01 on it would pass");
    assert_eq!(told(&world, 70, between), [by_agent]);
    // Without the freeze there would not be enough: it has a part in it, and is not named.
    let both = "95 units needed, 60 free; 10 held or pledged; 30 frozen";
    assert_eq!(told(&world, 95, between), [both]);
    world.at(day("2026-01-04"));
    world.run("announce 10 alice to bob contest 2026-02-01 ok");
    let short = "60 units needed, 50 free; 10 held or pledged; 40 frozen";
    let order = " by person 2 by order of District Court, 12 Cv 34 since 2026-01-04";
    let tail = "; from 2026-02-01 on it would pass";
    assert_eq!(told(&world, 60, between), [format!("{short}{order}{tail}")]);
    // What is given anew is frozen since it first was.
    world.run("freeze-units 20 alice until 2026-02-01 ok");
    let position = ledger::position(&world.ctx, world.asset, ClassId(0), world.account("alice"));
    let since: Vec<_> = position.frozen.iter().map(|freeze| freeze.halt.since).collect();
    assert_eq!(since, [day("2026-01-04"), day("2026-01-01")]);
    // Without a freeze nothing is said of one.
    let (asset, alice) = (world.asset, world.account("alice"));
    world.at(day("2026-02-01"));
    world
        .act(wallet(first(ACME)), Call::WithdrawOrder { number: 1, document: B256::ZERO })
        .unwrap();
    assert_eq!(ledger::free(&world.ctx, asset, alice), Units(90));
    let held = "91 units needed, 90 free; 10 held or pledged";
    assert_eq!(told(&world, 91, between), [held]);
}

#[test]
fn a_freeze_is_not_named_where_holds_alone_are_in_the_way() {
    let world = tell(
        "
        hold 80 alice for bob until 2026-06-01          ok
        freeze-units 5 alice until 2026-02-01           ok
    ",
    );
    // Of 100 there are 15 free. Released, the holds would leave 95, and thawed, the frozen 20.
    let between = ["alice", "bob"];
    let held = "21 units needed, 15 free; 80 held or pledged";
    assert_eq!(told(&world, 21, between), [held]);
    let frozen = "20 units needed, 15 free; 80 held or pledged; 5 frozen by person 2 since 2026-01-01\
                  ; from 2026-02-01 on it would pass";
    assert_eq!(told(&world, 20, between), [frozen]);
    let both = "96 units needed, 15 free; 80 held or pledged; 5 frozen";
    assert_eq!(told(&world, 96, between), [both]);
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
    let mut world = tell("");
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
    let carried = Event::OrderCarriedOut { asset, order: order(), by: acme, number: None };
    assert!(world.heard.contains(&carried), "{:?}", world.heard);
}

#[test]
fn a_limited_power_to_force_is_used_up() {
    let mut world = tell("");
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
    let mut world = tell("");
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
    let mut world = tell("");
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
    let mut world = tell("");
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

#[test]
fn a_freeze_ends_with_its_order_by_itself_and_not_a_moment_before() {
    let mut world = tell(
        "
        freeze alice until 2026-02-01                   ok
        transfer 1 alice to bob                         FROZEN_FROM until 2026-02-01 most 0
        transfer 1 bob to alice                         FROZEN_TO,INSUFFICIENT_BALANCE never
        issue 1 to alice                                FROZEN_TO until 2026-02-01
        # The same order may be made to end later, or sooner.
        freeze alice until 2026-02-01                   NothingChanges
        freeze alice until 2026-03-01                   ok
        transfer 1 alice to bob                         FROZEN_FROM until 2026-03-01
    ",
    );
    let (alice, asset) = (world.id("alice"), world.asset);
    let end = day("2026-03-01");
    world.at(types::Time(end.0 - 1));
    assert!(ledger::is_frozen(&world.ctx, asset, alice));
    world.run("transfer 1 alice to bob                  FROZEN_FROM until 2026-03-01");
    world.at(end);
    assert!(!ledger::is_frozen(&world.ctx, asset, alice));
    world.run(
        "
        thaw alice                                      NothingChanges
        transfer 1 alice to bob                         ok
        freeze alice until 2026-03-01                   OrderExpired
        freeze alice                                    ok
        transfer 1 alice to bob                         FROZEN_FROM never
    ",
    );
}

#[test]
fn frozen_units_go_free_when_their_order_ends() {
    let mut world = tell(
        "
        freeze-units 30 alice until 2026-02-01          ok
        hold 20 alice for bob until 2026-06-01          ok
        transfer 51 alice to bob                        UNITS_HELD until 2026-02-01 most 50
        transfer 81 alice to bob                        UNITS_HELD never most 50
        position alice 100 held 20 frozen 30
    ",
    );
    let end = day("2026-02-01");
    world.at(types::Time(end.0 - 1));
    world.run("transfer 51 alice to bob                 UNITS_HELD until 2026-02-01 most 50");
    world.at(end);
    world.run(
        "
        position alice 100 held 20 frozen 0
        freeze-units 0 alice                            NothingChanges
        transfer 51 alice to bob                        ok
        # What has ended is told as ended when something is frozen anew.
        freeze-units 10 alice                           ok
        position alice 49 held 20 frozen 10
    ",
    );
    let told = world.heard.iter().find_map(|event| match event {
        Event::UnitsFrozen { was, frozen, .. } => Some((*was, ledger::Freeze::sum(frozen))),
        _ => None,
    });
    assert_eq!(told, Some((Units(30), Units(10))));
}

#[test]
fn a_suspension_ends_with_its_order_and_a_refusal_says_when() {
    let mut world = tell(
        r#"
        policy {"rules": [{"lot": {"days": 60}}]}
        suspend alice until 2026-02-01
        transfer 1 alice to bob                         Identity
        transfer 1 bob to alice                         INSUFFICIENT_BALANCE,PERSON_SUSPENDED never
        # The units unlock on 2026-03-02, after that.
        approve bob carol 1                             ok
    "#,
    );
    let (alice, bob) = (world.account("alice"), world.account("bob"));
    let ask = |world: &World| {
        let (asset, class) = (world.asset, Some(ClassId(0)));
        let (from, to, operator) = (Some(alice), Some(bob), types::Address::ZERO);
        let wish =
            Wish { asset, class, from, to, units: Units(1), operator, stated: Default::default() };
        ledger::preview(&world.ctx, wish).unwrap()
    };
    assert_eq!(ask(&world).earliest_ok, Some(day("2026-03-02")));
    world.at(types::Time(day("2026-02-01").0 - 1));
    assert_eq!(ask(&world).reasons.len(), 2);
    world.at(day("2026-02-01"));
    assert_eq!(ask(&world).reasons.len(), 1);
    world.run("on 2026-03-02 transfer 1 alice to bob    ok");
}

#[test]
fn an_announced_order_freezes_what_it_takes_and_waits_for_its_window() {
    tell(
        "
        announce 60 alice to bob contest 2026-02-01     ok
        position alice 100 frozen 60
        transfer 41 alice to bob                        UNITS_HELD never most 40
        redeem 41 alice                                 UNITS_HELD
        hold 41 alice for bob until 2026-06-01          NotFree
        carry-out 1                                     WindowOpen
        carry-out 1 by alice                            WindowOpen
        # An agent's own freeze comes and goes beside it.
        freeze-units 10 alice                           ok
        position alice 100 frozen 70
        freeze-units 0 alice                            ok
        position alice 100 frozen 60
        transfer 40 alice to carol                      ok
        on 2026-02-01 carry-out 1 by alice              Trust
        carry-out 1                                     ok
        position alice 0
        position bob 60
        carry-out 1                                     OrderDone
        withdraw 1                                      OrderDone
        contest 1 by alice                              OrderDone
        carry-out 2                                     UnknownOrder
    ",
    );
}

#[test]
fn a_holder_contests_within_the_window_and_the_order_waits_for_a_decision() {
    let mut world = tell(
        "
        account alice
        announce 60 alice contest 2026-02-01            ok
        contest 1 by bob                                NotHolder
        confirm 1                                       NothingChanges
        contest 1 by alice/1                            ok
        contest 1 by alice                              NothingChanges
        on 2026-02-01 carry-out 1                       IsContested
        confirm 1 by alice                              Trust
        confirm 1                                       ok
        confirm 1                                       NothingChanges
        carry-out 1                                     ok
        position alice 40
        announce 10 alice to bob contest 2026-03-01     ok
        on 2026-03-01 contest 2 by alice                WindowOver
        withdraw 2 by alice                             Trust
        withdraw 2                                      ok
        position alice 40 frozen 0
        carry-out 2                                     OrderDone
    ",
    );
    let record = ledger::ORDERS.get(&world.ctx, &1).unwrap();
    assert_eq!(record.stage(), ledger::Stage::CarriedOut);
    assert_eq!(record.contest.document, Some(B256::repeat_byte(0xc0)));
    assert_eq!(record.contest.decision, Some(B256::repeat_byte(0xde)));
    let record = ledger::ORDERS.get(&world.ctx, &2).unwrap();
    assert_eq!((record.stage(), record.contest.document), (ledger::Stage::Withdrawn, None));
    // A confirmed order may be withdrawn too, and a contested one once it has expired.
    world.run(
        "
        announce 10 alice contest 2026-04-01 until 2026-05-01   ok
        contest 3 by alice                              ok
        confirm 3                                       ok
        withdraw 3                                      ok
        announce 10 alice contest 2026-04-01 until 2026-05-01   ok
        contest 4 by alice                              ok
        on 2026-05-01 confirm 4                         OrderExpired
        withdraw 4                                      ok
    ",
    );
}

#[test]
fn an_order_without_a_window_is_carried_out_at_once_and_says_so() {
    let mut world = tell(
        "
        announce 60 alice to bob                        ok
        contest 1 by alice                              WindowOver
        carry-out 1                                     ok
    ",
    );
    let number = |world: &World| {
        world.heard.iter().find_map(|event| match event {
            Event::OrderCarriedOut { number, .. } => Some(*number),
            _ => None,
        })
    };
    assert_eq!(number(&world), Some(Some(1)));
    world.run("force 10 bob to alice                    ok");
    assert_eq!(number(&world), Some(None));
}

#[test]
fn an_announced_order_lets_go_when_it_expires() {
    let mut world = tell("announce 60 alice to bob contest 2026-02-01 until 2026-02-10  ok");
    let end = day("2026-02-10");
    world.at(types::Time(end.0 - 1));
    world.run("transfer 41 alice to bob                 UNITS_HELD until 2026-02-10 most 40");
    world.at(end);
    world.run(
        "
        position alice 100 frozen 0
        carry-out 1                                     OrderExpired
        transfer 41 alice to bob                        ok
        announce 1 alice contest 2026-03-01 until 2026-03-01    WindowTooLong
        announce 1 alice until 2026-02-10               OrderExpired
        announce 1 alice to alice                       NothingToMove
        announce 1 carol to alice                       NoPosition
    ",
    );
}

#[test]
fn an_order_takes_its_own_units_first_and_leaves_those_of_others() {
    tell(
        "
        announce 30 alice to bob                        ok
        announce 40 alice to bob                        ok
        freeze-units 20 alice                           ok
        hold 10 alice for carol until 2026-06-01        ok
        position alice 100 held 10 frozen 90
        # Its own 40 are enough.
        carry-out 2                                     ok
        position alice 60 held 10 frozen 50
        # Another takes what is not held: first what the agent froze, then of the order.
        force 35 alice to carol under B                 ok
        position alice 25 held 10 frozen 15
        # Too little is left without the hold, which gives way.
        carry-out 1                                     INSUFFICIENT_BALANCE
        transfer 5 bob to alice                         ok
        carry-out 1                                     ok
        position alice 0
    ",
    );
}

#[test]
fn a_position_carries_no_more_freezes_than_can_be_looked_through() {
    let mut world = tell("freeze-units 1 alice           ok");
    for _ in 0..15 {
        world.run("announce 1 alice until 2026-02-01 ok");
    }
    world.run(
        "
        announce 1 alice                                TooManyFreezes
        freeze-units 2 alice                            ok
        freeze-units 0 alice                            ok
        announce 1 alice                                ok
        freeze-units 1 alice                            TooManyFreezes
        withdraw 16                                     ok
        freeze-units 1 alice                            ok
        # Those that ended make room.
        on 2026-02-01 announce 1 alice                  ok
        position alice 100 frozen 2
    ",
    );
}

#[test]
fn a_later_order_sets_nothing_free_that_an_earlier_one_froze() {
    tell(
        "
        freeze-units 30 alice under A                   ok
        freeze-units 10 alice under B until 2026-01-02  ok
        position alice 100 frozen 40
        # What is lifted is lifted of its own order.
        freeze-units 5 alice under B until 2026-01-02   ok
        position alice 100 frozen 35
        on 2026-01-02 transfer 71 alice to bob          UNITS_HELD never most 70
        freeze-units 0 alice under B                    NothingChanges
        position alice 100 frozen 30
        # Units taken by one order thaw what agents froze under it first.
        freeze-units 20 alice under B                   ok
        force 60 alice to bob under A                   ok
        position alice 40 frozen 40
        freeze-units 0 alice under B                    ok
        position alice 40 frozen 20
        freeze-units 0 alice under A                    ok
        position alice 40 frozen 0
    ",
    );
}

#[test]
fn a_person_is_frozen_until_the_last_of_its_orders_ends() {
    let mut world = tell(
        "
        freeze alice under A until 2026-03-01           ok
        freeze alice under B until 2026-02-01           ok
        transfer 1 alice to bob                         FROZEN_FROM until 2026-03-01
        thaw alice under C                              OtherOrder
        on 2026-02-01 transfer 1 alice to bob           FROZEN_FROM until 2026-03-01
        thaw alice under A                              ok
        transfer 1 alice to bob                         ok
        thaw alice under B                              NothingChanges
    ",
    );
    let key = (world.asset, world.id("alice"));
    assert_eq!(ledger::FROZEN.get(&world.ctx, &key), None, "nothing is left behind");
    for number in 0..16 {
        world.run(&format!("freeze alice under {number}   ok"));
    }
    world.run("freeze alice under more                  TooManyFreezes");
}

#[test]
fn an_announced_order_is_carried_out_by_its_number_alone() {
    tell(
        "
        announce 40 alice to bob contest 2026-02-01 under A     ok
        contest 1 by alice                              ok
        force 40 alice to bob under A                   IsAnnounced
        force-redeem 40 alice under A                   IsAnnounced
        # Another order may take other units.
        force 60 alice to bob under B                   ok
        withdraw 1                                      ok
        force 40 alice to bob under A                   ok
        position alice 0
    ",
    );
}

#[test]
fn a_limited_power_to_force_is_used_up_by_what_is_announced() {
    let mut world = tell("");
    let (alice, bob, asset) = (world.account("alice"), world.account("bob"), world.asset);
    world.grant_limited(bob.person, trust::Power::Force, Some(10));
    let announce = |units| Call::AnnounceOrder {
        asset,
        class: ClassId(0),
        from: alice,
        to: Some(bob),
        units: Units(units),
        order: order(),
        contest_until: types::Time(0),
    };
    world.act(wallet(bob), announce(7)).unwrap();
    let refused = world.act(wallet(bob), announce(4));
    assert!(matches!(refused, Err(Refusal::Trust(trust::Refusal::GrantUsedUp { .. }))));
    // What was announced is counted once.
    world.act(wallet(bob), announce(3)).unwrap();
    world.run("carry-out 1 by bob                       ok");
    world.run("carry-out 2 by bob                       ok");
    let refused = world.act(wallet(bob), announce(1));
    assert!(matches!(refused, Err(Refusal::Trust(trust::Refusal::GrantUsedUp { .. }))));
}

#[test]
fn a_suspended_holder_contests_too_and_so_does_one_in_dispute() {
    let mut world = tell(
        "
        announce 10 alice contest 2026-02-01            ok
        announce 10 alice contest 2026-02-01            ok
        suspend alice
        transfer 1 alice to bob                         Identity
        contest 1 by alice                              ok
        reinstate alice
    ",
    );
    world.lose(world.account("alice")).unwrap();
    world.run(
        "
        transfer 1 alice to bob                         Identity
        contest 2 by alice                              ok
        on 2026-02-01 carry-out 2                       IsContested
    ",
    );
}

#[test]
fn a_frozen_person_contests_what_freezes_it_and_stays_frozen_until_that_is_decided() {
    let mut world = tell(
        "
        account alice
        freeze alice under A                            ok
        freeze alice under B until 2026-02-01           ok
        confirm-freeze alice under A                    NothingChanges
        contest-freeze alice under A by bob             NotHolder
        contest-freeze alice under C by alice           NoSuchOrder
        contest-freeze alice under A by alice/1         ok
        contest-freeze alice under A by alice           NothingChanges
        transfer 1 alice to bob                         FROZEN_FROM never
        confirm-freeze alice under A by alice           Trust
        confirm-freeze alice under A                    ok
        confirm-freeze alice under A                    NothingChanges
        contest-freeze alice under A by alice           NothingChanges
        # Given anew on other terms, it may be contested anew.
        freeze alice under A                            NothingChanges
        freeze alice under A until 2026-03-01           ok
        contest-freeze alice under A by alice           ok
        contest-freeze alice under B by alice           ok
        # What waits for a decision goes on waiting, on whatever terms.
        freeze alice under A until 2026-04-01           ok
        contest-freeze alice under A by alice           NothingChanges
        # Who decides otherwise lifts it.
        thaw alice under A                              ok
        contest-freeze alice under A by alice           NoSuchOrder
    ",
    );
    let (asset, alice) = (world.asset, world.id("alice"));
    let end = day("2026-02-01");
    world.at(types::Time(end.0 - 1));
    world.run("confirm-freeze alice under B             ok");
    world.at(end);
    world.run("contest-freeze alice under B by alice    NoSuchOrder");
    world.run("freeze alice under B                     ok");
    let orders = ledger::FROZEN.get(&world.ctx, &(asset, alice)).unwrap();
    assert_eq!(orders.0.len(), 1, "nothing is left of what ended");
    assert_eq!(orders.0[0].contest, Contest::default());
}

#[test]
fn the_holder_of_frozen_units_contests_what_froze_them() {
    let mut world = tell(
        "
        freeze-units 30 alice under A                   ok
        freeze-units 20 alice under B until 2026-02-01  ok
        announce 10 alice contest 2026-02-01 under C    ok
        contest-units alice under A by bob              NotHolder
        contest-units bob under A by bob                NoPosition
        # What an announced order froze is contested by its number.
        contest-units alice under C by alice            NoSuchOrder
        contest-units alice under A by alice            ok
        contest-units alice under A by alice            NothingChanges
        confirm-units alice under A by alice            Trust
        confirm-units alice under B                     NothingChanges
        confirm-units alice under A                     ok
        transfer 41 alice to bob                        UNITS_HELD most 40
        # What another order takes leaves what was said.
        force 60 alice to bob under D                   ok
        contest-units alice under A by alice            NothingChanges
        freeze-units 31 alice under A                   ok
        contest-units alice under A by alice            ok
        # What waits for a decision goes on waiting, on whatever terms.
        freeze-units 32 alice under A                   ok
        contest-units alice under A by alice            NothingChanges
        freeze-units 0 alice under A                    ok
        contest-units alice under A by alice            NoSuchOrder
    ",
    );
    let end = day("2026-02-01");
    world.at(types::Time(end.0 - 1));
    world.run("contest-units alice under B by alice     NoSuchOrder");
    world.run("freeze-units 5 alice under B until 2026-02-01  ok");
    world.run("contest-units alice under B by alice     ok");
    world.at(end);
    world.run("confirm-units alice under B              NoSuchOrder");
}

#[test]
fn a_contest_of_a_freeze_names_a_document_and_is_told() {
    let mut world = tell("freeze alice                      ok");
    let (asset, alice) = (world.asset, world.account("alice"));
    let (bound, order) = (Bound::Person(asset, alice.person), order().key());
    let no_hash = Err(Refusal::BadDocument("hash: it is zero"));
    let document = B256::ZERO;
    let contest = Call::ContestFreeze { bound, order, document };
    assert_eq!(world.act(wallet(alice), contest), no_hash);
    let document = B256::repeat_byte(7);
    world.act(wallet(alice), Call::ContestFreeze { bound, order, document }).unwrap();
    let by = wallet(alice);
    assert_eq!(world.heard, [Event::FreezeContested { bound, order, document, by }]);
    let (acme, zero) = (wallet(first(ACME)), B256::ZERO);
    assert_eq!(world.act(acme, Call::ConfirmFreeze { bound, order, document: zero }), no_hash);
    world.act(acme, Call::ConfirmFreeze { bound, order, document }).unwrap();
    assert_eq!(world.heard, [Event::FreezeConfirmed { bound, order, document, by: acme }]);
}

#[test]
fn the_suspended_and_those_in_dispute_contest_a_freeze_and_the_heirs_of_the_dead_do_not() {
    let mut world = tell(
        "
        freeze alice under A                            ok
        freeze-units 10 alice under B                   ok
        suspend alice
        contest-freeze alice under A by alice           ok
        reinstate alice
    ",
    );
    world.lose(world.account("alice")).unwrap();
    world.run(
        "
        contest-units alice under B by alice            ok
        freeze alice under C                            ok
        dies alice
        contest-freeze alice under C by alice           Identity
    ",
    );
}

#[test]
fn what_is_said_against_a_freeze_follows_its_units_through_a_conversion() {
    let mut world = tell(
        "
        freeze-units 30 alice under A                   ok
        contest-units alice under A by alice            ok
        convert 2:1                                     ok
        position alice 200 frozen 60
        contest-units alice under A by alice            NothingChanges
        class B                                         ok
        issue 40 to alice of 1                          ok
    ",
    );
    let (asset, class, alice) = (world.asset, ClassId(1), world.account("alice"));
    let order = Order { reference: "A".into(), ..order() };
    let freeze = Call::FreezeUnits { asset, class, account: alice, units: Units(5), order };
    world.act(wallet(first(ACME)), freeze).unwrap();
    world.run("convert 1:1 of 0 into 1                  ok");
    let position = ledger::position(&world.ctx, asset, class, alice);
    let [frozen] = &position.frozen[..] else { panic!("one order freezes once") };
    assert_eq!(frozen.units, Units(65));
    let contest = frozen.contest().expect("an agent's");
    assert!(contest.is_open(), "what waits for a decision goes on waiting");
}

#[test]
fn who_recovers_from_a_thief_contests_once_more_what_the_thief_contested() {
    tell(
        "
        freeze alice under A                            ok
        freeze-units 10 alice under B                   ok
        announce 10 alice to bob contest 2026-01-02     ok
        announce 10 alice to bob contest 2026-01-02 under C until 2026-01-04    ok
        announce 10 alice to bob contest 2026-02-01 under D    ok
        # The thief says whatever it is that is soon decided, and uses the one word up.
        contest-freeze alice under A by alice           ok
        confirm-freeze alice under A                    ok
        contest-units alice under B by alice            ok
        contest 1 by alice                              ok
        confirm 1                                       ok
        contest 2 by alice                              ok
        lose alice
        contest-freeze alice under A by alice           NothingChanges
        on 2026-01-02 recover alice
        contest-freeze alice under A by alice           ok
        contest-units alice under B by alice            ok
        # The word in time was not hers: hers comes in time as long as the order stands.
        contest 1 by alice                              ok
        carry-out 1                                     IsContested
        contest 2 by alice                              ok
        contest 3 by alice                              ok
        # And once it was said it was said.
        contest-freeze alice under A by alice           NothingChanges
        contest-units alice under B by alice            NothingChanges
        confirm 1                                       ok
        contest 1 by alice                              WindowOver
        contest 3 by alice                              NothingChanges
        carry-out 1                                     ok
        lose alice
        on 2026-01-03 recover alice
        contest 1 by alice                              OrderDone
        on 2026-01-04 contest 2 by alice                OrderExpired
    ",
    );
}

//! Units set aside in place for someone.

use crate::world::*;
use types::{Time, Units};

#[test]
fn held_units_stay_where_they_are_and_move_nowhere_else() {
    tell(
        "
        hold 40 alice for bob until 2026-02-01          ok
        position alice 100 held 40
        transfer 61 alice to carol                      UNITS_HELD never most 60
        redeem 61 alice                                 UNITS_HELD
        hold 61 alice for carol until 2026-02-01        NotFree
        transfer 60 alice to carol                      ok
        execute 1 41 by bob                             NotFree
        execute 1 30 by bob                             ok
        position alice 10 held 10
        position bob 30
        execute 1 10 by bob                             ok
        position alice 0 held 0
        execute 1 1 by bob                              UnknownHold
    ",
    );
}

#[test]
fn the_notary_decides_or_else_the_beneficiary() {
    tell(
        "
        hold 10 alice for bob until 2026-02-01 notary carol     ok
        execute 1 5 by bob                              NotYours
        execute 1 5 by alice                            NotYours
        execute 1 5 by carol                            ok
        release 1 by bob                                ok
        hold 10 alice for bob until 2026-02-01 notary carol     ok
        release 2 by carol                              ok
        hold 10 alice for bob until 2026-02-01          ok
        release 3 by carol                              NotYours
        position alice 95 held 10
    ",
    );
}

#[test]
fn a_hold_delivers_until_it_expires_and_its_owner_takes_it_back_after() {
    let mut world = tell(
        "
        hold 10 alice for bob until 2026-02-01          ok
        hold 10 alice for bob until 2026-02-01          ok
        hold 10 alice for bob until 2026-01-01          HoldEnded
        release 1 by alice                              HoldStands
    ",
    );
    world.at(types::Time(day("2026-02-01").0 - 1));
    world.run("release 1 by alice   HoldStands");
    world.run("execute 1 10 by bob  ok");
    world.run(
        "
        on 2026-02-01  execute 2 10 by bob              HoldEnded
        release 2 by alice                              ok
        position alice 90
    ",
    );
}

#[test]
fn compliance_is_asked_at_delivery_not_before() {
    tell(
        r#"
        hold 10 alice for bob until 2026-02-01          ok
        policy {"rules": [{"claim": {"side": "receiver", "topic": 20}}]}
        execute 1 10 by bob                             CLAIM_MISSING
        position alice 100 held 10
        claim bob 20
        execute 1 10 by bob                             ok
    "#,
    );
}

/// What law a hold under these paths is delivered by: who sells by the first must have 20, by the second pays.
const CHOICE: &str = r#"{"rules": [{"any": [
    ["FIRST", {"claim": {"side": "sender", "topic": 20}}],
    ["PRICED", {"compare": {"left": {"paid_in": "USD"}, "is": "at_least", "right": {"number": "100"}}}],
    ["SECURED", {"kind": "pledge"}]]}]}"#;

/// What the last delivery told of a price: of so many units, so much.
fn told(world: &World) -> Vec<(u128, u128)> {
    let told = world.heard.iter().filter_map(|event| match event {
        ledger::Event::Priced { units, paid, .. } => Some((units.0, paid.0)),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_hold_is_delivered_at_the_price_and_by_the_path_that_its_maker_said() {
    let mut world = tell("");
    world.policy(CHOICE).unwrap();
    world.run(
        "
        hold 10 alice for bob until 2026-02-01                          ok
        execute 1 10 by bob                                             NO_PATH,CLAIM_MISSING,PRICE_MISSING,WRONG_KIND
        hold 10 alice for bob until 2026-02-01 paid 1000 by PRICED      ok
        execute 2 4 by bob                                              ok
    ",
    );
    assert_eq!(told(&world), [(4, 400)]);
    world.run(
        "
        hold 10 alice for bob until 2026-02-01 paid 99                  ok
        execute 3 10 by bob                                             NO_PATH,CLAIM_MISSING,OUT_OF_BOUNDS,WRONG_KIND
        hold 10 alice for bob until 2026-02-01 paid 1000 by FIRST       ok
        execute 4 10 by bob                                             CLAIM_MISSING
        claim alice 20
        execute 3 10 by bob                                             ok
        execute 4 10 by bob                                             ok
        hold 10 alice for bob until 2026-02-01 by PRICED                ok
        execute 5 10 by bob                                             PRICE_MISSING
        hold 10 alice for bob until 2026-02-01 by OTHER                 ok
        execute 6 10 by bob                                             NO_PATH
        position bob 24
    ",
    );
}

#[test]
fn parts_of_a_hold_cost_together_what_the_whole_does() {
    let mut world = tell("hold 7 alice for bob until 2026-02-01 paid 100  ok");
    let mut all = Vec::new();
    for _ in 0..2 {
        world.run("execute 1 2 by bob  ok");
        all.extend(told(&world));
    }
    // A split changes how many there are, and not what is paid for them.
    world.run("convert 2:1  ok");
    world.run("execute 1 6 by bob  ok");
    all.extend(told(&world));
    assert_eq!(all, [(2, 29), (2, 29), (6, 42)]);
    let mut world = tell("hold 3 alice for bob until 2026-02-01 paid 100  ok");
    world.run("execute 1 2 by bob  ok");
    assert_eq!(told(&world), [(2, 67)]);
    world.run("release 1 by bob  ok");
    assert_eq!(told(&world), []);
}

#[test]
fn a_hold_by_a_path_is_delivered_to_who_turned_out_to_be_its_maker() {
    let mut world = tell("");
    world.policy(CHOICE).unwrap();
    world.run(
        "
        hold 10 alice for bob until 2026-02-01 by PRICED                ok
        execute 1 10 by bob                                             PRICE_MISSING
        merge bob into alice
        execute 1 10 by bob                                             ok
        position bob 10
    ",
    );
}

#[test]
fn a_pledge_is_judged_by_its_path_when_it_is_made_and_when_it_is_delivered() {
    let mut world = tell("");
    world.policy(CHOICE).unwrap();
    world.run(
        "
        pledge 10 alice to bob until 2026-02-01 by FIRST                CLAIM_MISSING
        pledge 10 alice to bob until 2026-02-01 by OTHER                NO_PATH
        pledge 10 alice to bob until 2026-02-01 by SECURED              ok
        claim alice 20
        pledge 10 alice to bob until 2026-02-01 by FIRST                ok
        execute 1 10 by bob                                             ok
        execute 2 4 by bob                                              ok
        revoke alice 20
        execute 2 6 by bob                                              CLAIM_MISSING
    ",
    );
}

#[test]
fn a_path_of_a_hold_has_a_name() {
    let mut world = tell("");
    for name in ["", &"N".repeat(65)] {
        let (asset, alice, bob) = (world.asset, world.account("alice"), world.account("bob"));
        let call = ledger::Call::Hold {
            account: None,
            asset,
            class: types::ClassId(0),
            beneficiary: bob,
            notary: None,
            units: types::Units(1),
            expires: day("2026-02-01"),
            path: Some(name.into()),
            price: None,
        };
        let refused = world.act(wallet(alice), call);
        assert_eq!(refused, Err(ledger::Refusal::BadText("path")));
    }
}

/// RULEBOOK 3.2: while a match is looked into nothing comes to a person; what it promised it delivers.
#[test]
fn who_is_under_review_delivers_and_is_not_delivered_to() {
    tell(
        "
        hold 10 alice for bob until 2026-02-01          ok
        claim bob 11
        execute 1 10 by bob                             SCREENING_PENDING
        position alice 100 held 10
        revoke bob 11
        claim alice 11
        execute 1 10 by bob                             ok
        transfer 5 alice to bob                         ok
        transfer 5 bob to alice                         SCREENING_PENDING never most 0
        revoke alice 11
        transfer 5 bob to alice                         ok
    ",
    );
}

#[test]
fn what_an_order_froze_no_hold_sets_free() {
    tell(
        "
        hold 40 alice for bob until 2026-02-01          ok
        freeze-units 61 alice                           ok
        position alice 100 held 40 frozen 61
        execute 1 40 by bob                             UNITS_HELD
        execute 1 1 by bob                              UNITS_HELD
        freeze-units 60 alice                           ok
        execute 1 10 by bob                             ok
        position alice 90 held 30 frozen 60
        freeze-units 70 alice                           ok
        execute 1 1 by bob                              UNITS_HELD
        freeze alice                                    ok
        execute 1 1 by bob                              FROZEN_FROM,UNITS_HELD
    ",
    );
}

#[test]
fn a_hold_names_people_that_exist() {
    let mut world = tell("hold 0 alice for bob until 2026-02-01  NothingToMove");
    let hold = |beneficiary, notary, asset| ledger::Call::Hold {
        account: None,
        asset,
        class: types::ClassId(0),
        beneficiary,
        notary,
        units: types::Units(1),
        expires: day("2026-02-01"),
        path: None,
        price: None,
    };
    let (asset, alice, bob) = (world.asset, world.account("alice"), world.account("bob"));
    let nobody = types::PersonId(99);
    let stranger = types::AccountId::new(nobody, 0);
    let unknown = identity::Refusal::UnknownPerson(nobody);
    for (call, should) in [
        (hold(stranger, None, asset), ledger::Refusal::UnknownAccount(stranger)),
        // Its number would go to the next who registers, with the say over these units.
        (hold(bob, Some(nobody), asset), ledger::Refusal::Identity(unknown)),
        (hold(alice, None, asset), ledger::Refusal::NothingToMove),
        (hold(bob, None, types::AssetId(9)), ledger::Refusal::UnknownAsset(types::AssetId(9))),
    ] {
        assert_eq!(world.act(wallet(alice), call), Err(should));
    }
}

#[test]
fn a_position_carries_256_holds_at_most() {
    let mut world = tell("");
    world.run("issue 300 to alice  ok");
    for _ in 0..256 {
        world.run("hold 1 alice for bob until 2026-02-01  ok");
    }
    world.run(
        "
        hold 1 alice for bob until 2026-02-01           TooManyHolds
        release 7 by bob                                ok
        hold 1 alice for bob until 2026-02-01           ok
    ",
    );
}

#[test]
fn a_pledge_is_judged_when_it_is_made_and_when_it_is_delivered() {
    tell(
        r#"
        policy {"rules": [{"claim": {"side": "receiver", "topic": 20}}]}
        pledge 10 alice to bob until 2026-02-01 recourse    CLAIM_MISSING
        hold 10 alice for bob until 2026-02-01              ok
        claim bob 20
        pledge 10 alice to bob until 2026-02-01 recourse    ok
        position alice 100 held 20
        revoke bob 20
        execute 2 10 by bob                                 CLAIM_MISSING
        claim bob 20
        execute 2 10 by bob                                 ok
        position bob 10
        pause                                               ok
        pledge 10 alice to bob until 2026-02-01             PAUSED
    "#,
    );
}

#[test]
fn what_rules_say_of_transfers_holds_of_pledges_and_of_pledges_not_of_transfers() {
    tell(
        r#"
        policy {"rules": [{"when": {"guard": {"kind": "transfer"}, "then": {"claim": {"side": "receiver", "topic": 20}}}}]}
        pledge 10 alice to bob until 2026-02-01 recourse    CLAIM_MISSING
        policy {"rules": [{"not": {"kind": "pledge"}}]}
        pledge 10 alice to bob until 2026-02-01 recourse    NOT_ALLOWED
        pledge 10 alice to bob until 2026-02-01             NOT_ALLOWED
        transfer 10 alice to bob                            ok
        policy {"rules": [{"not": {"kind": "recourse_pledge"}}]}
        pledge 10 alice to bob until 2026-02-01 recourse    NOT_ALLOWED
        pledge 10 alice to bob until 2026-02-01             ok
    "#,
    );
}

#[test]
fn a_pledge_that_is_given_back_leaves_the_clock_as_it_was() {
    tell(
        r#"
        policy {"rules": [{"when": {"guard": {"kind": "pledge"}, "then": {"effect": "restart"}}}]}
        on 2026-01-10  pledge 40 alice to bob until 2026-02-01  ok
        on 2026-01-20  execute 1 10 by bob                      ok
        lots bob 10@2026-01-10
        on 2026-02-01  release 1 by alice                       ok
        lots alice 90@2026-01-01
        position alice 90
    "#,
    );
}

#[test]
fn an_affiliates_clock_starts_anew_but_not_by_a_pledge_with_recourse() {
    tell(
        r#"
        claim alice 60
        policy {"rules": [{"lot": {"days": 1, "inherit": {"restart_if_from": 60}}}]}
        on 2026-01-10  pledge 10 alice to bob until 2026-02-01 recourse  ok
        on 2026-01-11  pledge 10 alice to carol until 2026-02-01         ok
        on 2026-01-12  execute 1 10 by bob                               ok
        execute 2 10 by carol                                            ok
        lots bob 10@2026-01-01
        lots carol 10@2026-01-11
    "#,
    );
}

/// Alice, who recovers within a day, has made three holds; a day later her key is lost.
fn lost_a_day_after() -> World {
    tell(
        "
        hold 10 alice for bob until 2026-06-01                             ok
        pledge 10 alice to bob until 2026-06-01 recourse                   ok
        hold 10 alice for bob until 2026-02-01                             ok
        on 2026-01-02 lose alice
    ",
    )
}

#[test]
fn a_firm_hold_waits_until_the_recovery_can_be_completed_and_is_never_taken_back() {
    let mut world = lost_a_day_after();
    world.run(
        "
        execute 1 5 by bob                                  IN_DISPUTE until 2026-01-03
        execute 2 5 by bob                                  IN_DISPUTE until 2026-01-03
        # What others may do they still do; and its end stays as it is.
        release 3 by bob                                    ok
        force 1 alice to bob                                ok
    ",
    );
    world.at(types::Time(day("2026-01-03").0 - 1));
    world.run("execute 1 5 by bob                           IN_DISPUTE until 2026-01-03");
    world.run(
        "
        # By now anybody could complete it.
        on 2026-01-03 execute 1 5 by bob                    ok
        execute 2 10 by bob                                 ok
        spend 1 alice to bob by bob                         Allowance
        transfer 1 alice to bob                             Identity
        recover alice
        release 1 by alice                                  HoldStands
        execute 1 5 by bob                                  ok
        transfer 1 alice to bob                             ok
    ",
    );
}

#[test]
fn a_hold_that_is_younger_waits_for_longer_and_the_new_wallet_may_take_it_back() {
    let mut world = tell("");
    world.at(types::Time(day("2026-01-01").0 + 1));
    world.run(
        "
        hold 10 alice for bob until 2026-06-01              ok
        pledge 10 alice to bob until 2026-06-01 recourse    ok
        hold 10 alice for carol until 2026-06-01            ok
        account alice
        on 2026-01-02 lose alice
        release 1 by alice                                  Identity
        on 2026-01-03 execute 1 5 by bob                    IN_DISPUTE until 2026-01-04
        # The old wallet does not, though the recovery could be completed.
        release 1 by alice                                  Identity
        recover alice
        execute 1 5 by bob                                  IN_DISPUTE until 2026-01-04
        # Nor does another wallet of the person, nor who owns another account.
        release 1 by alice/1                                HoldStands
        release 1 by carol                                  NotYours
        release 1 by alice                                  ok
        release 2 by alice                                  ok
        # What the new wallet holds it keeps to.
        hold 10 alice for bob until 2026-06-01              ok
        release 4 by alice                                  HoldStands
        execute 4 10 by bob                                 ok
        # Who does not say so in time lets it stand.
        on 2026-01-04 release 3 by alice                    HoldStands
        execute 3 10 by carol                               ok
        position alice 80 held 0
    ",
    );
}

#[test]
fn a_suspended_person_takes_back_what_a_thief_held_and_the_dead_do_not() {
    let mut world = tell(
        "
        on 2026-01-02 hold 10 alice for bob until 2026-06-01    ok
        hold 10 alice for bob until 2026-06-01                  ok
        suspend alice
        lose alice
        on 2026-01-03 recover alice
        release 1 by alice                                      ok
        reinstate alice
        dies alice 2026-01-03
        release 2 by alice                                      Identity
    ",
    );
    world.run("on 2026-01-04 execute 2 10 by bob                ok");
}

#[test]
fn a_thief_who_says_that_the_key_is_not_lost_gains_nothing_by_it() {
    let mut world = tell("hold 10 alice for bob until 2026-06-01         ok");
    world.run(
        "
        lose alice
        find alice
        hold 10 alice for bob until 2026-06-01              ok
        on 2026-01-02 lose alice
        on 2026-01-03 recover alice
        execute 1 10 by bob                                 IN_DISPUTE until 2026-01-04
        release 1 by alice                                  ok
        release 2 by alice                                  ok
    ",
    );
}

#[test]
fn a_provider_who_begins_again_and_again_delays_a_hold_for_four_delays_in_all() {
    let mut world = tell("hold 10 alice for bob until 2026-06-01         ok");
    world.run(
        "
        on 2026-01-02 lose alice
        execute 1 1 by bob                                  IN_DISPUTE until 2026-01-03
        on 2026-01-03 find alice
        lose alice
        execute 1 1 by bob                                  IN_DISPUTE until 2026-01-04
        on 2026-01-04 find alice
        lose alice
        on 2026-01-05 find alice
        execute 1 1 by bob                                  ok
        lose alice
        execute 1 1 by bob                                  IN_DISPUTE until 2026-01-06
        on 2026-01-06 execute 1 1 by bob                    ok
        # Another dispute: what stood in the last waits no more, what was held since does.
        find alice
        hold 10 alice for bob until 2026-06-01              ok
        lose alice
        execute 1 1 by bob                                  ok
        execute 2 1 by bob                                  IN_DISPUTE until 2026-01-08
    ",
    );
    // A new wallet ends a dispute too.
    let mut world = tell("hold 10 alice for bob until 2026-06-01         ok");
    world.run(
        "
        on 2026-01-02 lose alice
        on 2026-01-03 recover alice
        lose alice
        execute 1 1 by bob                                  ok
    ",
    );
}

#[test]
fn a_second_loss_sets_free_nothing_that_a_thief_held() {
    let mut world = tell("on 2026-01-02 hold 10 alice for bob until 2026-06-01     ok");
    world.run(
        "
        hold 10 alice for carol until 2026-06-01            ok
        lose alice
        on 2026-01-03 recover alice
        lose alice
        execute 1 5 by bob                                  IN_DISPUTE until 2026-01-05
        on 2026-01-04 recover alice
        execute 1 5 by bob                                  IN_DISPUTE until 2026-01-05
        release 1 by alice                                  ok
        on 2026-01-05 execute 2 10 by carol                 ok
    ",
    );
}

#[test]
fn a_hold_is_not_delivered_once_it_ended_while_its_givers_account_was_in_dispute() {
    let mut world = tell("hold 10 alice for bob until 2026-02-01  ok");
    world.run(
        "
        on 2026-01-31 lose alice
        execute 1 5 by bob                                  IN_DISPUTE until 2026-02-01
        on 2026-02-01 find alice
        execute 1 5 by bob                                  HoldEnded
        release 1 by alice                                  ok
    ",
    );
}

#[test]
fn who_may_not_take_what_it_is_paid_has_it_held_and_stops_nobody_else() {
    let mut world = tell(
        "
        freeze bob until 2026-02-01                     ok
        transfer 10 alice to bob and 10 to carol        FROZEN_TO
        distribute 10 alice to bob and 20 to carol and 5 to bob until 2026-03-01    ok
        position alice 80 held 15
        position carol 20
        execute 1 15 by bob                             SpenderBlocked
        release 1 by alice                              HoldStands
        transfer 70 alice to carol                      UNITS_HELD
        distribute 66 alice to bob until 2026-03-01     FROZEN_TO,UNITS_HELD
        distribute 66 alice to carol until 2026-03-01   UNITS_HELD
        distribute 10 alice to bob until 2026-01-01     HoldEnded
        distribute 10 alice to carol until 2026-01-01   HoldEnded
        distribute 10 bob to alice until 2026-03-01     FROZEN_FROM,INSUFFICIENT_BALANCE
    ",
    );
    world.run("on 2026-02-01  execute 1 15 by bob       ok");
    world.run("position alice 65 held 0");
}

#[test]
fn one_human_is_asked_of_all_that_it_is_paid_and_the_giver_of_what_leaves_with_all() {
    let bought =
        r#"{"amount": {"meter": "bought_ever", "by": "receiver", "max": {"number": "90"}}}"#;
    tell(&format!(
        r#"
        person bobby CH
        policy {{"rules": [{bought}]}}
        merge bobby into bob
        distribute 60 alice to bob and 31 to bobby and 9 to carol until 2026-03-01  ok
        position carol 9
        position alice 91 held 91
    "#
    ));
    // What is left once all are paid is no rest that is too small, whoever is paid now.
    tell(
        r#"
        policy {"rules": [{"holding": {"min": "10"}}]}
        freeze bob until 2026-02-01                                     ok
        distribute 90 alice to bob and 10 to carol until 2026-03-01     ok
        position alice 90 held 90
    "#,
    );
}

/// Whose approval is missing decides who waits: the receiver's own is asked of it alone, before it takes what is held for it.
#[test]
fn who_has_not_approved_what_it_is_paid_has_it_held_and_who_else_must_stops_all() {
    let pay = "distribute 10 alice to bob and 20 to carol until 2026-03-01";
    for step in [r#""sender""#, r#"{"of": {"list": 1, "count": 1}}"#] {
        tell(&format!(
            r#"
            policy {{"rules": [{{"approvals": [{step}, "receiver"]}}]}}
            {pay}               APPROVAL_MISSING
            position alice 100 held 0
        "#
        ));
    }
    let mut world = tell(r#"policy {"rules": [{"approvals": ["receiver"]}]}"#);
    let approve = |world: &mut World, to: &str, units| {
        let (from, person) = (Some(world.id("alice")), world.id(to));
        let (asset, to, units) = (world.asset, Some(person), Units(units));
        let movement = compliance::Approved { asset, list: 0, from, to, units };
        let (until, times) = (Time::NEVER, 1);
        let call = compliance::Call::ApproveMovements { movement, until, times };
        compliance::apply(&mut world.ctx, Some(person), call).unwrap();
        world.ctx.settle();
    };
    approve(&mut world, "carol", 20);
    world.run(&format!("{pay}                   ok"));
    world.run(
        "
        position alice 80 held 10
        position carol 20
        execute 1 10 by bob                     APPROVAL_MISSING
    ",
    );
    approve(&mut world, "bob", 10);
    world.run("execute 1 10 by bob              ok");
    world.run("position alice 70 held 0");
}

//! Issuing, moving and redeeming; batches; who may move for whom.

use crate::world::*;
use ledger::{Refusal, Wish};
use types::{AccountId, Address, ClassId, PersonId, Units};

#[test]
fn units_come_move_and_end() {
    check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": []}
        issue 100 to alice              ok
        transfer 40 alice to bob        ok
        redeem 10 bob                   ok
        position alice 60
        position bob 30
        holders 2 CH 2
        transfer 61 alice to bob        INSUFFICIENT_BALANCE never most 60
        redeem 31 bob                   INSUFFICIENT_BALANCE
        transfer 60 alice to bob        ok
        holders 1 CH 1
        redeem 90 bob                   ok
        holders 0 CH 0
    "#,
    );
}

#[test]
fn an_asset_without_a_policy_moves_only_by_order() {
    check(
        r#"
        person alice CH
        person bob   CH
        issue 100 to alice              NO_POLICY never most 0
        reissue 100 to alice            ok
        transfer 10 alice to bob        NO_POLICY
        transfer 10 alice to alice      NO_POLICY
        transfer 101 alice to bob       INSUFFICIENT_BALANCE,NO_POLICY
        redeem 10 alice                 NO_POLICY
        force 10 alice to bob           ok
        position bob 10
    "#,
    );
}

#[test]
fn the_authorised_supply_is_never_exceeded() {
    check(
        r#"
        person alice CH
        policy {"rules": []}
        authorise 150                   ok
        issue 100 to alice              ok
        issue 51 to alice               SUPPLY_CAP never most 50
        issue max to alice              SUPPLY_CAP never most 50
        reissue 51 to alice             SUPPLY_CAP
        issue 50 to alice               ok
        issue 1 to alice                SUPPLY_CAP never most 0
        authorise 149                   BadAuthorised
        authorise 0                     BadAuthorised
        redeem 1 alice                  ok
        authorise 149                   ok
    "#,
    );
}

#[test]
fn a_supply_may_be_as_large_as_can_be_counted() {
    check(
        r#"
        person alice CH
        policy {"rules": [{"holding": {"max_part": 10000}}]}
        authorise max                   ok
        issue max to alice              ok
        issue 1 to alice                SUPPLY_CAP
        issue max to alice and 1 to acme   Overflow
        transfer max alice to acme      ok
    "#,
    );
}

#[test]
fn every_reason_is_given_the_ledgers_first() {
    check(
        r#"
        person alice CH 20
        person bob   US
        policy {"rules": [{"claim": {"side": "receiver", "topic": 20}}, {"countries": {"side": "receiver", "mode": "deny", "countries": ["US"]}}]}
        issue 10 to alice               ok
        freeze alice                    ok
        freeze bob                      ok
        pause                           ok
        sanction bob
        transfer 11 alice to bob        PAUSED,FROZEN_FROM,FROZEN_TO,INSUFFICIENT_BALANCE,SANCTIONED,CLAIM_MISSING,COUNTRY_FORBIDDEN never most 0
    "#,
    );
}

#[test]
fn a_batch_is_judged_on_its_net_per_person() {
    check(
        r#"
        person alice CH
        account alice
        person bob   CH
        account bob
        person carol CH
        person dan   CH
        policy {"rules": [{"count": {"filter": "all", "max": 2}}, {"holding": {"min": "10"}}]}
        # Neither account alone would be enough, the person is.
        issue 5 to alice and 5 to alice/1                   ok
        issue 5 to bob and 4 to bob/1                       BELOW_MIN
        issue 20 to bob                                     ok
        # One leaves, one comes, in two legs; two may not come for one.
        transfer 10 bob to carol and 10 to alice            ok
        holders 2
        transfer 10 carol to bob and 10 to dan              INSUFFICIENT_BALANCE,CAP_PERSONS
        issue 10 to carol                                   ok
        transfer 10 carol to bob and 10 to dan              CAP_PERSONS
        transfer 20 carol to dan                            ok
        holders 2
    "#,
    );
}

#[test]
fn what_stays_with_a_person_makes_no_room_for_another() {
    check(
        r#"
        person alice CH
        account alice
        person bob   CH
        person carol CH
        policy {"rules": [{"count": {"filter": "all", "max": 2}}]}
        issue 15 to alice and 5 to bob                      ok
        transfer 5 alice to carol and 10 to alice/1         CAP_PERSONS
        transfer 10 alice to alice/1 and 5 to carol         CAP_PERSONS
        holders 2
        policy {"rules": [{"holding": {"full_only": true}}]}
        transfer 5 alice to bob and 10 to alice/1           FULL_ONLY
        transfer 15 alice to bob                            ok
    "#,
    );
}

#[test]
fn the_same_receiver_twice_is_one_receiver() {
    check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": [{"holding": {"max": "9"}}]}
        issue 5 to bob and 5 to bob                         ABOVE_MAX
        issue 5 to bob and 4 to bob                         ok
        position bob 9
        lots bob 9@2026-01-01
    "#,
    );
}

#[test]
fn a_batch_is_all_or_nothing() {
    let mut world = check(
        r#"
        person alice CH
        person bob   CH
        person carol CH
        policy {"rules": []}
        issue 10 to alice                                   ok
        freeze carol                                        ok
        transfer 5 alice to bob and 5 to carol              FROZEN_TO
        position alice 10
        position bob 0
        issue 5 to bob and 5 to carol                       FROZEN_TO
        position bob 0
    "#,
    );
    let alice = world.account("alice");
    assert_eq!(world.transfer_all(None, alice, &[]), Err(Refusal::EmptyBatch));
    let nobody = AccountId::new(PersonId(99), 0);
    let refused = world.transfer_all(None, alice, &[(nobody, 5)]);
    assert_eq!(refused, Err(Refusal::UnknownAccount(nobody)));
}

#[test]
fn nothing_may_move_and_changes_nothing() {
    let mut world = check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": [{"count": {"filter": "all", "max": 1}}]}
        issue 10 to alice               ok
        transfer 0 alice to bob         ok
        transfer 0 bob to alice         ok
        issue 0 to bob                  NothingToMove
        redeem 0 alice                  NothingToMove
        holders 1
        position bob 0
    "#,
    );
    let bob = world.account("bob");
    let acme = wallet(first(ACME));
    let call = ledger::Call::TransferFrom {
        asset: world.asset,
        from: bob,
        to: first(ACME),
        units: Units::ZERO,
    };
    world.act(acme, call).unwrap();
    assert!(
        !ledger::ALLOWANCES.has(&world.ctx, &(world.asset, wallet(bob), acme)),
        "no record of nothing"
    );
}

#[test]
fn classes_are_spent_in_their_order_and_each_has_its_own_halt() {
    check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": []}
        class B                                     ok
        class B                                     ClassTaken
        issue 10 to alice                           ok
        issue 10 to alice of 1                      ok
        issue 10 to alice of 2                      UnknownClass
        holders 1
        transfer 15 alice to bob                    ok
        position bob 10
        position bob 5 of 1
        position alice 5 of 1
        transfer 6 alice to bob of 1                INSUFFICIENT_BALANCE never most 5
        freeze-class 1                              ok
        freeze-class 1                              NothingChanges
        transfer 1 alice to bob of 1                PAUSED
        issue 1 to alice of 1                       PAUSED
        transfer 10 bob to alice                    ok
        force 1 alice to bob                        ok
        thaw-class 1                                ok
        transfer 5 alice to bob of 1                ok
    "#,
    );
}

#[test]
fn operators_and_delegates_move_within_what_they_were_given() {
    let mut world = tell(
        r#"
        transfer 10 alice to bob by carol           Identity
        operator alice carol                        ok
        transfer 10 alice to bob by carol           ok
        spend 10 alice to bob by carol              ok
        operator alice carol no                     ok
        transfer 10 alice to bob by carol           Identity
        operator alice alice                        BadSpender
    "#,
    );
    let (alice, bob) = (world.account("alice"), world.account("bob"));
    let carol = wallet(world.account("carol"));
    world.delegate(alice, carol, Some(15));
    world.run("transfer 10 alice to bob by carol    ok");
    world.run("transfer 6 alice to bob by carol     Identity");
    world.run("transfer 5 alice to bob by carol     ok");
    world.run("transfer 1 alice to bob by carol     Identity");
    assert_eq!(ledger::balance(&world.ctx, world.asset, bob), Units(35));
    let call = ledger::Call::SetOperator {
        asset: world.asset,
        class: Some(ClassId(9)),
        operator: carol,
        allowed: true,
    };
    let refused = world.act(wallet(alice), call);
    assert_eq!(refused, Err(Refusal::UnknownClass(ClassId(9))));
}

#[test]
fn a_preview_names_an_account_nobody_opened() {
    let world = check(r#"policy {"rules": []}"#);
    let nobody = AccountId::new(PersonId(99), 0);
    let ask = |asset, to| {
        let (class, operator) = (Some(ClassId(0)), Address::ZERO);
        let wish = Wish {
            asset,
            class,
            from: None,
            to: Some(to),
            units: Units(1),
            operator,
            stated: Default::default(),
        };
        ledger::preview(&world.ctx, wish)
    };
    assert_eq!(ask(world.asset, nobody), Err(Refusal::UnknownAccount(nobody)));
    let unknown = types::AssetId(99);
    assert_eq!(ask(unknown, first(ACME)), Err(Refusal::UnknownAsset(unknown)));
}

/// While a recovery waits, the key may be in wrong hands, and so may what it allowed before: I-35.
#[test]
fn nothing_leaves_an_account_in_dispute_but_by_order() {
    let mut world = tell(
        r#"
        operator alice carol                        ok
    "#,
    );
    world.lose(world.account("alice")).unwrap();
    world.run(
        r#"
        transfer 10 alice to bob by carol           IN_DISPUTE
        redeem 10 alice                             IN_DISPUTE
        issue 10 to alice                           ok
        force 10 alice to bob                       ok
    "#,
    );
}

/// What a wallet allowed ends with it: who recovers an account owes nothing to what a thief allowed.
#[test]
fn allowances_and_operators_end_with_the_wallet_that_gave_them() {
    let mut world = tell(
        r#"
        operator alice carol                        ok
        transfer 10 alice to bob by carol           ok
    "#,
    );
    let (alice, carol) = (world.account("alice"), wallet(world.account("carol")));
    ledger::approve(&mut world.ctx, world.asset, alice, carol, Units(50)).unwrap();
    world.run("lose alice");
    world.run("on 2026-01-02 recover alice");
    assert_eq!(ledger::allowance(&world.ctx, world.asset, alice, carol), Units::ZERO);
    assert!(!ledger::is_operator(&world.ctx, world.asset, None, alice, carol));
}

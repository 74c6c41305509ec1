//! Published findings in systems of this kind, and attacks: one test a row of THREATS.md, by its name.

use crate::world::*;
use ledger::{Call, Refusal};
use trust::{GrantKey, Grantee, Power, Scope};
use types::{AccountId, ClassId, Units};

const OPEN: &str = r#"
    person alice CH
    account alice
    person bob   CH
    person carol US
    policy {"rules": []}
    issue 100 to alice                              ok
"#;

fn tell(script: &str) -> World {
    let mut world = check(OPEN);
    world.run(script);
    world
}

/// `transferFrom` never checked the allowance.
#[test]
fn p01_a_spender_moves_no_more_than_it_was_allowed() {
    tell(
        "
        spend 1 alice to bob by carol               Allowance
        approve alice carol 10                      ok
        spend 11 alice to bob by carol              Allowance
        spend 6 alice to carol by carol             ok
        allowance alice carol 4
        spend 5 alice to bob by carol               Allowance
        spend 4 alice to bob by carol               ok
        allowance alice carol 0
        # What is refused for another reason uses nothing up.
        approve alice carol 10                      ok
        freeze bob                                  ok
        spend 5 alice to bob by carol               FROZEN_TO
        allowance alice carol 10
        approve alice carol max                     ok
        spend 5 alice to carol by carol             ok
        allowance alice carol max
        approve alice alice 5                       BadSpender
        spend 1 alice to carol by alice             Allowance
    ",
    );
}

/// A country change left the old country's counter, or counted the investor twice.
#[test]
fn p02_p03_a_move_to_another_country_is_counted_once_and_to_the_same_not_at_all() {
    let mut world = tell(
        "
        holders 1 CH 1 US 0
        moves alice US
        holders 1 CH 0 US 1
        moves alice CH
        holders 1 CH 1 US 0
    ",
    );
    let person = world.id("alice");
    let residence = "CH".parse().unwrap();
    let refused = world.identity(KYC, identity::Call::SetResidence { person, residence });
    assert_eq!(refused, Err(identity::Refusal::SameResidence(residence)));
    world.run("holders 1 CH 1 US 0");
    world.run("transfer 100 alice to bob  ok");
    world.run("holders 1 CH 1 US 0");
}

/// Qualified became retail while holding; the next transfer underflowed the retail counter.
#[test]
fn p04_a_status_lost_while_holding_moves_the_holder_between_the_counters() {
    check(
        r#"
        person alice DE 30@2026-06-01
        person bob   DE
        policy {"rules": [{"count": {"filter": {"without": 30}, "max": 10}}]}
        issue 10 to alice                           ok
        holders 1 with 30 1 without 30 0
        on 2026-06-01 transfer 4 alice to bob       ok
        holders 2 with 30 0 without 30 2
        transfer 6 alice to bob                     ok
        holders 1 with 30 0 without 30 1
        claim bob 30
        holders 1 with 30 1 without 30 0
        revoke bob 30
        redeem 10 bob                               ok
        holders 0 with 30 0 without 30 0
    "#,
    );
}

/// Moving between one's own wallets, or to oneself, took the investor off the count.
#[test]
fn p05_moves_within_a_person_count_nobody_out() {
    tell(
        "
        transfer 100 alice to alice/1               ok
        holders 1 CH 1
        transfer 100 alice/1 to alice/1             ok
        holders 1 CH 1
        transfer 100 alice/1 to bob                 ok
        holders 1 CH 1
    ",
    );
}

/// A change of residence locked again what was free, or a lock was applied twice.
#[test]
fn p06_p07_a_lock_once_served_stays_served() {
    check(
        r#"
        person alice US
        person bob   US
        person carol CH
        policy {"rules": [{"lot": {"days": 365}}]}
        issue 10 to alice                           ok
        on 2027-01-01 moves alice CH
        transfer 10 alice to bob                    ok
        moves bob CH
        transfer 10 bob to carol                    ok
        lots carol 10@2026-01-01
    "#,
    );
}

/// After a negative rebase the recorded locks bit into units that were free.
#[test]
fn p08_units_that_end_take_their_lots_with_them() {
    check(
        r#"
        person alice US
        person bob   US
        policy {"rules": [{"lot": {"days": 365}}]}
        on 2026-01-15 issue 60 to alice             ok
        on 2027-01-10 issue 40 to alice             ok
        on 2027-01-20 redeem 50 alice               ok
        lots alice 10@2026-01-15 40@2027-01-10
        transfer 11 alice to bob                    LOCKED_LOT until 2028-01-10 most 10
        transfer 10 alice to bob                    ok
        force-redeem 40 alice                       ok
        lots alice
    "#,
    );
}

/// Rounding favoured the user.
#[test]
fn p10_a_part_is_rounded_against_who_buys_and_splitting_buys_no_more() {
    check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": []}
        issue 10 to bob                             ok
        policy {"rules": [{"holding": {"max_part": 3333}}]}
        transfer 4 bob to alice                     ABOVE_MAX never most 3
        transfer 1 bob to alice                     ok
        transfer 1 bob to alice                     ok
        transfer 1 bob to alice                     ok
        transfer 1 bob to alice                     ABOVE_MAX never most 0
    "#,
    );
}

/// Issuance skipped the lists, eligibility and minimum that transfers had to meet.
#[test]
fn p11_issuing_is_judged_like_any_movement() {
    check(
        r#"
        person alice US
        policy {"rules": [{"claim": {"side": "receiver", "topic": 20}}, {"list": {"side": "receiver", "mode": "allow", "list": 1}}, {"holding": {"min": "5"}}]}
        issue 4 to alice                            CLAIM_MISSING,NOT_LISTED,BELOW_MIN
        claim alice 20
        list 1 alice 2026-01-01 2027-01-01
        issue 4 to alice                            BELOW_MIN
        issue 5 to alice                            ok
    "#,
    );
}

/// A whole holding from elsewhere to a new investor of a full region bypassed its limit.
#[test]
fn p12_a_seller_from_elsewhere_makes_no_room_in_a_full_country() {
    check(
        r#"
        person alice CH
        person bob   US
        person carol US
        policy {"rules": [{"count": {"filter": {"country": "US"}, "max": 1}}]}
        issue 10 to alice and 10 to bob             ok
        transfer 10 alice to carol                  CAP_PERSONS
        transfer 10 bob to carol                    ok
        holders 2 CH 1 US 1
    "#,
    );
}

/// Burns and seizures left stale records, stuck on non-investors, or failed with several wallets.
#[test]
fn p13_what_is_ended_or_taken_leaves_no_trace_in_counters_lots_or_holds() {
    let mut world = tell(
        "
        transfer 40 alice to alice/1                ok
        hold 10 alice/1 for bob until 2026-02-01    ok
        redeem 60 alice                             ok
        holders 1 CH 1
        redeem 31 alice/1                           UNITS_HELD
    ",
    );
    // The agent may redeem, within the rules; the hold stands in its way, an order does not.
    let (asset, acme) = (world.asset, wallet(first(ACME)));
    let account = world.account("alice/1");
    let call = Call::Redeem { asset, class: None, account, units: Units(30) };
    world.act(acme, call).unwrap();
    world.run(
        "
        position alice/1 10 held 10
        force 10 alice/1 to carol                   ok
        position alice/1 0
        lots alice/1
        holders 1 CH 0 US 1
        transfer 10 carol to bob                    ok
        holders 1 CH 1 US 0
    ",
    );
}

/// An attribute change did not update the counts.
#[test]
fn p15_giving_and_taking_a_claim_counts_anew_at_once() {
    check(
        r#"
        person alice US
        person bob   US
        policy {"rules": [{"count": {"filter": {"with": 20}, "max": 1}}, {"count": {"filter": {"country": "US"}, "max": 2}}]}
        issue 10 to alice and 10 to bob             ok
        holders 2 with 20 0 without 20 2 US 2
        claim alice 20
        claim bob 20@2026-03-01
        holders 2 with 20 2 without 20 0
        revoke alice 20
        holders 2 with 20 1 without 20 1
        on 2026-03-01 holders 2 with 20 0 without 20 2
    "#,
    );
}

/// A removed role still managed entities.
#[test]
fn p16_a_revoked_power_is_gone_at_once() {
    let mut world = tell("");
    let (bob, asset) = (world.account("bob"), world.asset);
    let class = ClassId(0);
    let legs = vec![ledger::Leg { to: bob, units: Units(1) }];
    let issue = Call::Issue { asset, class, legs };
    world.grant(bob.person, Power::Issue);
    world.act(wallet(bob), issue.clone()).unwrap();
    let scope = Scope::Asset(asset);
    let grant = GrantKey { grantee: Grantee::Person(bob.person), power: Power::Issue, scope };
    let revoke = trust::Call::Revoke { grant };
    let by = wallet(first(ACME));
    trust::apply(&mut world.ctx, Grantee::Person(ACME), by, revoke, None).unwrap();
    world.ctx.settle();
    let refused = world.act(wallet(bob), issue);
    assert!(matches!(refused, Err(Refusal::Trust(trust::Refusal::NotGranted { .. }))));
}

/// More frozen than held underflowed the active balance, and transfers and orders failed.
#[test]
fn p17_more_frozen_than_held_is_nothing_free_and_never_an_underflow() {
    let world = tell(
        "
        freeze-units max alice                      ok
        transfer 1 alice to bob                     UNITS_HELD never most 0
        transfer 0 alice to bob                     ok
        redeem 1 alice                              UNITS_HELD
        hold 1 alice for bob until 2026-02-01       NotFree
        force 40 alice to bob                       ok
        transfer 10 bob to alice                    ok
        transfer 1 alice to bob                     UNITS_HELD
    ",
    );
    assert_eq!(ledger::free(&world.ctx, world.asset, world.account("alice")), Units::ZERO);
}

/// The operator was lost on the way, so rules about it were not applied.
#[test]
fn p18_who_moves_for_others_is_held_to_what_holders_are_held_to() {
    tell(
        "
        approve alice carol 10                      ok
        operator alice bob                          ok
        freeze carol                                ok
        spend 1 alice to bob by carol               SpenderBlocked
        thaw carol                                  ok
        sanction carol
        spend 1 alice to bob by carol               SpenderBlocked
        clear carol
        suspend carol
        spend 1 alice to bob by carol               Identity
        reinstate carol
        spend 1 alice to bob by carol               ok
        freeze bob                                  ok
        transfer 1 alice to carol by bob            SpenderBlocked
        thaw bob                                    ok
        transfer 1 alice to carol by bob            ok
    ",
    );
}

/// `forcedTransfer(x, x)` reduced what was frozen without moving anything.
#[test]
fn p19_an_order_from_an_account_to_itself_is_refused_and_thaws_nothing() {
    tell(
        "
        freeze-units 80 alice                       ok
        force 50 alice to alice                     NothingToMove
        force 0 alice to bob                        NothingToMove
        position alice 100 frozen 80
        force 50 alice to alice/1                   ok
        position alice 50 frozen 50
        position alice/1 50
        holders 1 CH 1
    ",
    );
}

/// Mint and burn worked while paused; a forced transfer reduced an allowance.
#[test]
fn p20_a_pause_stops_issue_and_redemption_and_an_order_leaves_allowances_alone() {
    tell(
        "
        approve alice carol 50                      ok
        pause                                       ok
        issue 1 to alice                            PAUSED
        redeem 1 alice                              PAUSED
        spend 1 alice to bob by carol               PAUSED
        force 10 alice to bob                       ok
        allowance alice carol 50
    ",
    );
}

/// The same id twice in a batch got past the check of what is frozen.
#[test]
fn p21_the_same_leg_twice_needs_twice_as_much() {
    tell(
        "
        freeze-units 40 alice                       ok
        transfer 40 alice to bob and 40 to bob      UNITS_HELD
        transfer 30 alice to bob and 30 to carol and 30 to bob      UNITS_HELD
        transfer 30 alice to bob and 30 to bob      ok
        position bob 60
        position alice 40 frozen 40
    ",
    );
}

/// A forced transfer was not judged, yet told the modules that it had been.
#[test]
fn p22_an_order_keeps_the_counters_true_and_need_not_keep_the_issuers_rules() {
    check(
        r#"
        person alice CH
        person bob   US
        policy {"rules": [{"count": {"filter": "all", "max": 1}}, {"countries": {"side": "receiver", "mode": "allow", "countries": ["CH"]}}, {"lot": {"days": 30}}]}
        issue 10 to alice                           ok
        force 4 alice to bob                        ok
        holders 2 CH 1 US 1
        lots bob 4@2026-01-01
        transfer 4 bob to alice                     LOCKED_LOT until 2026-01-31
        on 2026-01-31 transfer 4 bob to alice       ok
        holders 1 CH 1 US 0
    "#,
    );
}

/// The ERC-20 way got around what the partition forbade.
#[test]
fn p26_without_a_class_named_the_rules_of_each_class_hold() {
    let mut world = tell(
        "
        class B                                     ok
        issue 10 to bob of 1                        ok
        freeze-class 1                              ok
        transfer 10 bob to carol                    PAUSED
        approve bob carol 10                        ok
        spend 10 bob to carol by carol              PAUSED
        redeem 10 bob                               PAUSED
        thaw-class 1                                ok
        spend 4 bob to carol by carol               ok
    ",
    );
    let bob = world.account("bob");
    assert_eq!(ledger::balance(&world.ctx, world.asset, bob), Units(6));
    world.run("position bob 6 of 1");
}

/// A percentage cap was passed by burning; a person behind several wallets counted several times.
#[test]
fn p28_burning_opens_no_room_and_several_accounts_are_one_person() {
    check(
        r#"
        person alice CH
        account alice
        person bob   CH
        person carol CH
        policy {"rules": []}
        issue 100 to carol                          ok
        policy {"rules": [{"holding": {"max_part": 5000}}, {"count": {"filter": "all", "max": 2}}]}
        transfer 50 carol to alice                  ok
        transfer 1 carol to alice/1                 ABOVE_MAX
        redeem 40 carol                             ok
        # 50 of 60 now: an excess that was not bought may shrink, not grow.
        transfer 1 carol to alice                   ABOVE_MAX
        transfer 1 alice to carol                   ok
        transfer 1 carol to alice                   ABOVE_MAX
        transfer 25 alice to alice/1                ok
        holders 2
        transfer 1 carol to bob                     CAP_PERSONS
    "#,
    );
}

/// Minting to nobody broke the count; a checkpoint gave a wrong balance.
#[test]
fn p29_units_go_to_registered_accounts_only_and_the_past_is_exact() {
    let mut world = tell("");
    let nobody = AccountId::default();
    assert_eq!(world.issue(nobody, 1), Err(Refusal::UnknownAccount(nobody)));
    let second = AccountId::new(world.id("bob"), 7);
    assert_eq!(world.issue(second, 1), Err(Refusal::UnknownAccount(second)));
    world.run(
        "
        holders 1
        checkpoint                                  ok
        transfer 10 alice to bob                    ok
        transfer 10 alice to bob                    ok
        checkpoint                                  ok
        past 1 alice 100
        past 1 bob 0
        past 2 alice 80
        past 2 bob 20
    ",
    );
}

/// An amount beyond all bounds wrapped around, and set free what others had locked.
#[test]
fn p33_no_amount_wraps_around_and_frees_what_is_held() {
    let mut world = tell("hold 40 alice for bob until 2026-02-01 ok");
    let alice = world.account("alice");
    let bob = world.account("bob");
    let (by, her) = (crate::world::wallet(bob), crate::world::wallet(alice));
    for units in [u128::MAX, u128::MAX - 39, u128::MAX - 99, 61].map(Units) {
        let (asset, class) = (world.asset, ClassId(0));
        let expires = crate::world::day("2026-02-01");
        let hold = Call::Hold {
            account: None,
            asset,
            class,
            beneficiary: bob,
            notary: None,
            units,
            expires,
            path: None,
            price: None,
        };
        assert!(matches!(world.act(her, hold), Err(Refusal::NotFree { .. })), "{units:?}");
        let execute = Call::ExecuteHold { hold: 1, units };
        assert!(world.act(by, execute).is_err(), "{units:?}");
        let legs = vec![ledger::Leg { to: bob, units }, ledger::Leg { to: bob, units: Units(1) }];
        let transfer = Call::Transfer { asset, class: None, from: None, legs };
        assert!(world.act(her, transfer).is_err(), "{units:?}");
    }
    assert_eq!(ledger::free(&world.ctx, world.asset, alice), Units(60));
    world.run("position alice 100 held 40");
}

/// L2: to oneself, to one's other account, nothing, all, one more, the most there is.
#[test]
fn l2_edge_amounts_and_own_accounts_unlock_and_count_nothing() {
    tell(
        "
        hold 10 alice for bob until 2026-02-01      ok
        freeze-units 10 alice                       ok
        transfer 80 alice to alice                  ok
        transfer 81 alice to alice                  UNITS_HELD
        transfer 0 alice to alice                   ok
        position alice 100 held 10 frozen 10
        lots alice 100@2026-01-01
        transfer 80 alice to alice/1                ok
        transfer 1 alice to alice/1                 UNITS_HELD
        transfer 81 alice/1 to bob                  INSUFFICIENT_BALANCE
        transfer max alice/1 to bob                 INSUFFICIENT_BALANCE never most 80
        holders 1 CH 1
        transfer 80 alice/1 to bob                  ok
        holders 2 CH 2
        redeem max bob                              INSUFFICIENT_BALANCE
    ",
    );
}

/// L3: duplicates are folded before they are checked.
#[test]
fn l3_duplicates_are_folded_before_they_are_judged() {
    let mut world = check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": [{"holding": {"max": "10"}}]}
        issue 6 to bob and 5 to bob                 ABOVE_MAX
        issue 4 to alice and 4 to bob and 4 to alice and 4 to bob   ok
        position alice 8
        transfer 1 alice to bob and 1 to bob        ok
        position bob 10
        issue max to alice and 1 to bob             Overflow
    "#,
    );
    let moved = |event: &&ledger::Event| matches!(event, ledger::Event::Moved { .. });
    world.run("transfer 1 bob to alice and 1 to alice  ok");
    assert_eq!(world.heard.iter().filter(moved).count(), 1, "one movement a receiver");
}

/// L4: the counters are right after everything that has thrown counters off elsewhere.
#[test]
fn l4_counters_survive_everything_that_drifts() {
    // `check` recounts from scratch after every line.
    check(
        r#"
        person alice CH 20@2026-02-01
        account alice
        person bob   US 20
        person carol DE
        policy {"rules": []}
        issue 10 to alice and 10 to bob and 10 to carol and 10 to alice/1   ok
        # A rule that counts is switched on late, by claims given earlier.
        policy {"rules": [{"count": {"filter": {"with": 20}, "max": 9}}]}
        holders 3 with 20 2 without 20 1
        moves bob DE
        holders 3 DE 2 US 0 with 20 2
        on 2026-02-01 holders 3 with 20 1 without 20 2
        # Another topic, and back; what was counted in between is not believed.
        policy {"rules": [{"count": {"filter": {"with": 21}, "max": 9}}]}
        holders 3 with 21 0 without 21 3 with 20 0 without 20 0
        claim carol 20
        revoke bob 20
        policy {"rules": [{"count": {"filter": {"with": 20}, "max": 9}}]}
        holders 3 with 20 1 without 20 2
        force 10 alice to carol                     ok
        force 10 alice/1 to carol                   ok
        holders 2 CH 0 DE 2 with 20 1
        force-redeem 30 carol                       ok
        holders 1 DE 1 with 20 0 without 20 1
        reissue 5 to alice/1                        ok
        holders 2 CH 1 DE 1
        redeem 10 bob                               ok
        claim bob 20
        holders 1 CH 1 DE 0 with 20 0 without 20 1
    "#,
    );
}

//! Units acquired together age together, wherever they go.

use crate::world::*;

const SIX_MONTHS: &str = r#"policy {"rules": [{"lot": {"months": 6}}]}"#;

#[test]
fn p37_a_lot_may_be_sold_on_the_day_its_lock_ends_and_not_before() {
    check(&format!(
        r#"
        person alice CH
        person bob   CH
        {SIX_MONTHS}
        on 2026-01-15  issue 100 to alice           ok
        on 2026-07-14  transfer 40 alice to bob     LOCKED_LOT until 2026-07-15 most 0
        on 2026-07-15  transfer 40 alice to bob     ok
        lots alice 60@2026-01-15
        lots bob   40@2026-01-15
    "#
    ));
}

#[test]
fn the_oldest_go_first_and_the_buyer_tacks_their_clock() {
    check(&format!(
        r#"
        person alice CH
        person bob   CH
        {SIX_MONTHS}
        on 2026-01-15  issue 60 to alice            ok
        on 2026-03-01  issue 40 to alice            ok
        on 2026-07-20  transfer 61 alice to bob     LOCKED_LOT until 2026-09-01 most 60
        transfer 50 alice to bob                    ok
        lots alice 10@2026-01-15 40@2026-03-01
        lots bob   50@2026-01-15
        on 2026-09-01  transfer 45 alice to bob     ok
        lots alice 5@2026-03-01
        lots bob   60@2026-01-15 35@2026-03-01
    "#
    ));
}

#[test]
fn there_and_back_again_shortens_no_clock() {
    check(&format!(
        r#"
        person alice CH
        person bob   CH
        {SIX_MONTHS}
        on 2026-01-15  issue 10 to alice            ok
        on 2026-02-15  issue 10 to alice            ok
        on 2026-07-20  transfer 10 alice to bob     ok
        transfer 10 bob to alice                    ok
        lots alice 10@2026-01-15 10@2026-02-15
        transfer 11 alice to bob                    LOCKED_LOT until 2026-08-15
    "#
    ));
}

/// No day begins within a quarter of an hour, wherever the law is of: what came a day apart there stays apart.
#[test]
fn units_of_one_quarter_of_an_hour_become_one_lot_with_the_later_clock() {
    let mut world = check(
        r#"
        person alice CH
        policy {"rules": []}
        issue 10 to alice                           ok
    "#,
    );
    world.at(types::Time(world.ctx.now().0 + 899_999));
    world.run("issue 5 to alice  ok\n lots alice 15@2026-01-01");
    let alice = world.account("alice");
    let lots = ledger::position(&world.ctx, world.asset, types::ClassId(0), alice).lots;
    assert_eq!(lots[0].anchor, world.ctx.now());
    world.at(types::Time(world.ctx.now().0 + 1));
    world.run("issue 1 to alice ok\n lots alice 15@2026-01-01 1@2026-01-01");
    world.run(
        "on 2026-01-02 issue 1 to alice ok\n lots alice 15@2026-01-01 1@2026-01-01 1@2026-01-02",
    );
}

#[test]
fn a_restart_stamps_the_buyers_lot_with_the_day_of_purchase() {
    check(
        r#"
        person alice CH
        person bob   CH
        person carol CH 60
        policy {"rules": [{"lot": {"days": 30, "inherit": {"restart_if_from": 60}}}]}
        issue 10 to alice and 10 to carol           ok
        on 2026-02-15  transfer 10 alice to bob     ok
        lots bob 10@2026-01-01
        transfer 10 carol to bob                    ok
        lots bob 10@2026-01-01 10@2026-02-15
        transfer 11 bob to alice                    LOCKED_LOT until 2026-03-17 most 10
        # Between accounts of one person nothing starts anew.
        account bob
        transfer 20 bob to bob/1                    ok
        lots bob/1 10@2026-01-01 10@2026-02-15
    "#,
    );
}

#[test]
fn the_path_relied_on_is_stamped_on_what_the_buyer_gets() {
    check(
        r#"
        person alice US
        person bob   US
        person quinn US 22
        policy {"rules": [{"any": [["r144", {"lot": {"days": 365}}], ["qib", {"claim": {"side": "receiver", "topic": 22}}], ["new", {"kind": "issue"}]]}]}
        issue 10 to alice                           ok
        lots alice 10@2026-01-01/1
        on 2026-02-01  transfer 4 alice to bob      NO_PATH,LOCKED_LOT,CLAIM_MISSING,WRONG_KIND until 2027-01-01 most 0
        transfer 4 alice to quinn                   ok
        lots quinn 4@2026-01-01/2
        on 2027-01-01  transfer 4 alice to quinn    ok
        lots quinn 4@2026-01-01/2 4@2026-01-01/1
    "#,
    );
}

#[test]
fn lots_beyond_the_most_are_merged_into_the_later_clock() {
    let mut world = check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": []}
    "#,
    );
    let alice = world.account("alice");
    for day in 0..70 {
        world.at(types::Time(crate::world::day("2026-01-01").0 + day * 86_400_000));
        world.issue(alice, 1).unwrap();
    }
    // `check` after every step holds the sum, the order and the bound of 64.
    let lots = ledger::position(&world.ctx, world.asset, types::ClassId(0), alice).lots;
    assert_eq!(lots.len(), 64);
    world.run("policy {\"rules\": [{\"lot\": {\"days\": 69}}]}");
    // The first day's unit waits for the days it was merged with: no lock ends earlier.
    world.run("transfer 1 alice to bob  LOCKED_LOT");
}

#[test]
fn the_clock_of_units_starts_when_they_are_paid_in_full() {
    check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": [{"lot": {"days": 10}}]}
        unpaid 100 to alice                                 ok
        issue 20 to alice                                   ok
        lots alice 20@2026-01-01 100@unpaid
        on 2026-01-11  transfer 20 alice to bob             ok
        on 2026-06-01  transfer 1 alice to bob              UNPAID_LOT never most 0
        paid 101 alice                                      NotUnpaid
        paid 0 alice                                        NothingToMove
        paid 1 bob                                          NotUnpaid
        paid 1 alice by alice                               Trust
        paid 40 alice                                       ok
        lots alice 40@2026-06-01 60@unpaid
        on 2026-06-10  transfer 40 alice to bob             LOCKED_LOT until 2026-06-11 most 0
        on 2026-06-11  transfer 41 alice to bob             UNPAID_LOT never most 40
        transfer 40 alice to bob                            ok
        lots bob 20@2026-01-01 40@2026-06-01
    "#,
    );
}

#[test]
fn no_detour_starts_the_clock_of_what_is_not_paid() {
    check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": [{"effect": "restart"}]}
        unpaid 100 to alice                                 ok
        on 2026-01-05  transfer 30 alice to bob             ok
        lots bob 30@unpaid
        convert 2:1                                         ok
        lots bob 60@unpaid
        on 2026-02-01  paid 60 bob                          ok
        lots bob 60@2026-02-01
        lots alice 140@unpaid
    "#,
    );
}

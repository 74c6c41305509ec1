//! What a transfer pays to a collector besides.

use crate::world::*;
use ledger::{Cause, Event};
use types::Units;

/// A tenth goes to desk, who is the sixth; dan has a wallet and nothing else.
fn tell_with_fee(script: &str) -> World {
    let mut world = tell(
        r#"
        person desk CH
        person dan CH
        policy {"rules": [{"effect": {"fee": {"part": 1000, "to": 6}}}]}
    "#,
    );
    world.run(script);
    world
}

#[test]
fn a_fee_is_a_movement_of_its_own_right_after_the_transfer() {
    let world = tell_with_fee("transfer 25 alice to bob   ok");
    let moved = world.heard.iter().filter_map(|event| match event {
        Event::Moved { from, to, units, cause, .. } => Some((*from, *to, *units, *cause)),
        _ => None,
    });
    let [alice, bob, desk] = ["alice", "bob", "desk"].map(|name| Some(world.account(name)));
    let should = [(alice, bob, Units(25), Cause::Transfer), (alice, desk, Units(2), Cause::Fee)];
    assert_eq!(moved.collect::<Vec<_>>(), should);
}

#[test]
fn nothing_is_paid_between_the_accounts_of_one_nor_to_or_by_the_collector() {
    tell_with_fee(
        "
        account alice
        transfer 50 alice to alice/1                    ok
        transfer 20 alice to desk                       ok
        transfer 20 desk to bob                         ok
        position alice 30
        position alice/1 50
        position desk 0
        merge bob into alice
        transfer 30 alice to bob                        ok
        position bob 50
    ",
    );
}

#[test]
fn what_is_allowed_covers_the_fee_too() {
    let mut world = tell_with_fee(
        "
        approve alice dan 21                            ok
        spend 20 alice to bob by dan                    Allowance
        allowance alice dan 21
        position alice 100
        spend 19 alice to bob by dan                    ok
        allowance alice dan 1
        position alice 80
        position desk 1
    ",
    );
    let (alice, dan) = (world.account("alice"), wallet(world.account("dan")));
    world.delegate(alice, dan, Some(21));
    world.run("transfer 20 alice to bob by dan          Identity");
    world.run("transfer 19 alice to bob by dan          ok");
    world.run("position alice 60");
    world.run("transfer 2 alice to bob by dan           Identity");
}

#[test]
fn a_delivery_pays_out_of_what_is_free_also_that_of_the_dead_and_none_where_it_is_not() {
    tell_with_fee(
        "
        hold 50 alice for bob until 2026-02-01          ok
        hold 45 alice for carol until 2026-02-01        ok
        execute 1 50 by bob                             ok
        position alice 45 held 45
        position desk 5
        execute 2 45 by carol                           INSUFFICIENT_BALANCE
        execute 2 9 by carol                            ok
        release 2 by carol                              ok
        hold 10 alice for carol until 2026-02-01        ok
        dies alice 2026-01-01
        execute 3 10 by carol                           ok
        position alice 25
        position carol 19
        position desk 6
    ",
    );
}

#[test]
fn a_batch_moves_whole_or_not_at_all() {
    tell_with_fee(
        "
        transfer 50 alice to bob and 40 to carol        ok
        position alice 1
        position desk 9
        transfer 30 bob to alice and 17 to carol        INSUFFICIENT_BALANCE
        position bob 50
        position desk 9
    ",
    );
}

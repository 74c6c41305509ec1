//! What somebody had at a past moment, exactly and for ever.

use crate::world::*;
use ledger::Refusal;
use types::{ClassId, Units};

#[test]
fn a_balance_at_a_checkpoint_never_changes() {
    // `check` compares every balance at every checkpoint after every step; these are examples.
    check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": []}
        issue 100 to alice              ok
        checkpoint                      ok
        transfer 40 alice to bob        ok
        transfer 5 alice to bob         ok
        checkpoint                      ok
        checkpoint                      ok
        redeem 55 alice                 ok
        force 5 bob to alice            ok
        past 1 alice 100
        past 1 bob 0
        past 2 alice 55
        past 2 bob 45
        past 3 alice 55
        past 3 bob 45
        position alice 5
    "#,
    );
}

#[test]
fn supply_and_late_classes_have_their_past() {
    let mut world = check(
        r#"
        person alice CH
        policy {"rules": []}
        issue 100 to alice              ok
        checkpoint                      ok
        class B                         ok
        issue 10 to alice of 1          ok
        checkpoint                      ok
        redeem 50 alice                 ok
        issue 10 to alice of 1          ok
    "#,
    );
    let supply =
        |class, checkpoint| ledger::supply_at(&world.ctx, world.asset, ClassId(class), checkpoint);
    assert_eq!([supply(0, 1), supply(0, 2)], [Ok(Units(100)), Ok(Units(100))]);
    assert_eq!([supply(1, 1), supply(1, 2)], [Ok(Units(0)), Ok(Units(10))]);
    assert_eq!(supply(0, 0), Err(Refusal::UnknownCheckpoint(0)));
    assert_eq!(supply(0, 3), Err(Refusal::UnknownCheckpoint(3)));
    world.run("checkpoint ok");
}

/// The history of a balance is one record, which must stay one that can be stored.
#[test]
fn an_asset_has_4096_checkpoints_at_most() {
    let mut world = World::new();
    let asset = world.asset;
    let take = |world: &mut World| {
        let by = ledger::Spender::key(wallet(first(ACME)));
        let taken = ledger::apply(&mut world.ctx, by, ledger::Call::Checkpoint { asset });
        world.ctx.settle();
        taken
    };
    for number in 1..=4_096 {
        assert_eq!(take(&mut world).unwrap().number, Some(number));
    }
    assert_eq!(take(&mut world), Err(ledger::Refusal::TooManyCheckpoints));
}

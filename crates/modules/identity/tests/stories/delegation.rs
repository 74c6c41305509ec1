//! Letting others act, within bounds, and stopping them.

use crate::{may_move, world::*};
use identity::{Call, DelegationGiven, Refusal, Use, operation};
use types::{AccountId, Address, AssetId, Units};

#[test]
fn a_delegate_acts_within_its_operations_asset_limit_and_time() {
    let mut world = World::new();
    let account = first(ALICE);
    assert!(may_move(&world, 40, account, 1, 1).is_err(), "nothing was delegated");
    let given = DelegationGiven {
        wallet: wallet(40),
        operations: operation::TRANSFER,
        asset: Some(AssetId(1)),
        limit: Some(Units(100)),
        expires: world.after(MINUTE),
        terms: Default::default(),
    };
    world.call(3, Call::Delegate(given.clone())).unwrap();
    assert!(may_move(&world, 40, account, 1, 100).is_ok());
    assert!(may_move(&world, 40, account, 1, 101).is_err(), "more than the limit");
    assert!(may_move(&world, 40, account, 2, 1).is_err(), "another asset");
    assert!(may_move(&world, 40, first(KESTREL), 1, 1).is_err(), "another account");
    assert!(may_move(&world, 41, account, 1, 1).is_err(), "another wallet");
    let hold = world.read(|ctx| {
        let (asset, units, operation) = (AssetId(1), Units(1), operation::HOLD);
        identity::may_act(ctx, &wallet(40), Use { account, operation, asset: Some(asset), units })
    });
    assert!(hold.is_err(), "another operation");
    let (asset, units, operation) = (AssetId(1), Units(60), operation::TRANSFER);
    let used = Use { account, operation, asset: Some(asset), units };
    world.tamper(|ctx| identity::spend_delegation(ctx, &wallet(40), used));
    assert!(may_move(&world, 40, account, 1, 40).is_ok());
    assert!(may_move(&world, 40, account, 1, 41).is_err(), "60 of 100 are used");
    world.pass(MINUTE - 1);
    assert!(may_move(&world, 40, account, 1, 1).is_ok());
    world.pass(1);
    assert!(may_move(&world, 40, account, 1, 1).is_err(), "expired");
    let given = DelegationGiven { expires: world.after(MINUTE), ..given };
    world.call(3, Call::Delegate(given)).unwrap();
    world.call(3, Call::RevokeDelegation { wallet: wallet(40) }).unwrap();
    assert!(may_move(&world, 40, account, 1, 1).is_err(), "revoked");
    let again = world.call(3, Call::RevokeDelegation { wallet: wallet(40) }).unwrap_err();
    assert_eq!(again, Refusal::NothingChanges);
}

#[test]
fn a_delegation_that_says_nothing_is_refused() {
    let mut world = World::new();
    let good = DelegationGiven {
        wallet: wallet(40),
        operations: operation::ALL,
        asset: None,
        limit: None,
        expires: world.after(MINUTE),
        terms: Default::default(),
    };
    let mut refused = |given| world.call(3, Call::Delegate(given)).unwrap_err();
    for operations in [0, 4, operation::ALL | 8, u32::MAX] {
        let given = DelegationGiven { operations, ..good.clone() };
        assert_eq!(refused(given), Refusal::BadOperations(operations));
    }
    let given = DelegationGiven { expires: START, ..good.clone() };
    assert_eq!(refused(given), Refusal::ExpiresPast(START));
    for own in [wallet(3), Address::ZERO] {
        let given = DelegationGiven { wallet: own, ..good.clone() };
        assert_eq!(refused(given), Refusal::NothingChanges);
    }
    let stranger = world.call(66, Call::Delegate(good)).unwrap_err();
    assert_eq!(stranger, Refusal::WalletUnknown(wallet(66)));
}

#[test]
fn in_an_emergency_every_delegation_of_a_person_stops_at_once() {
    let mut world = World::new();
    let consent = world.consent(ALICE, 30);
    world.call(3, Call::OpenAccount { wallet: wallet(30), consent }).unwrap();
    let given = DelegationGiven {
        wallet: wallet(40),
        operations: operation::ALL,
        asset: None,
        limit: None,
        expires: world.after(DAY),
        terms: Default::default(),
    };
    world.call(3, Call::Delegate(given.clone())).unwrap();
    world.call(30, Call::Delegate(given)).unwrap();
    let accounts = [first(ALICE), AccountId::new(ALICE, 1)];
    let freeze = |frozen| Call::FreezeDelegations { person: ALICE, frozen };
    assert_eq!(world.call(2, freeze(true)).unwrap_err(), Refusal::NotOwner(first(ALICE)));
    // By any of the person's keys, or by its provider.
    for key in [3, 30, 1] {
        world.call(key, freeze(true)).unwrap();
        assert_eq!(world.call(key, freeze(true)).unwrap_err(), Refusal::NothingChanges);
        for account in accounts {
            assert!(may_move(&world, 40, account, 1, 1).is_err());
        }
        assert_eq!(world.acting(3), Ok(first(ALICE)), "the owners themselves go on");
        world.call(key, freeze(false)).unwrap();
        for account in accounts {
            assert!(may_move(&world, 40, account, 1, 1).is_ok());
        }
    }
}

#[test]
fn a_delegation_ends_with_who_gave_it_and_with_who_has_it() {
    let account = first(ALICE);
    let with_delegate = |key| {
        let mut world = World::new();
        let given = DelegationGiven {
            wallet: wallet(key),
            operations: operation::ALL,
            asset: None,
            limit: None,
            expires: world.after(365 * DAY),
            terms: Default::default(),
        };
        world.call(3, Call::Delegate(given)).unwrap();
        assert!(may_move(&world, key, account, 1, 1).is_ok());
        world
    };
    // The thief's delegate does not outlive the recovery of the account.
    let mut world = with_delegate(40);
    world.start_recovery(account, 30).unwrap();
    world.pass(DAY);
    world.call(1, Call::CompleteRecovery { account }).unwrap();
    assert!(may_move(&world, 40, account, 1, 1).is_err());
    // A suspended person is not acted for, and acts for nobody.
    let mut world = with_delegate(2);
    world.govern(1, Call::Suspend { person: ALICE, order: order() }).unwrap();
    assert!(may_move(&world, 2, account, 1, 1).is_err());
    let mut world = with_delegate(2);
    world.govern(1, Call::Suspend { person: HERON, order: order() }).unwrap();
    let refusal = may_move(&world, 2, account, 1, 1).unwrap_err();
    assert_eq!(refusal, Refusal::PersonSuspended(HERON));
}

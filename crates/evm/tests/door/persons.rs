//! Deaths and mergers of persons, through the door.

use crate::world::*;
use alloy_sol_types::SolCall;
use evm::NotIncludable;
use types::{B256, Module, PersonId, U256};

const ALICE: u64 = 3;
const BOB: u64 = 4;
const CAROL: u64 = 5;

fn register() -> IIdentity::Order {
    let (authority, r#ref) = ("Standesamt Berlin".into(), "S 77/2026".into());
    IIdentity::Order { authority, r#ref, document: B256::repeat_byte(7), expires: 0 }
}

fn pay(to: &str, units: u64) -> IERC20::transferCall {
    IERC20::transferCall { to: wallet(to), value: U256::from(units) }
}

#[test]
fn a_death_is_recorded_told_and_taken_back() {
    let mut world = World::new();
    let identity = service(Module::Identity);
    world.ok("alice", acme(), pay("bob", 10));
    let dies = || IIdentity::recordDeathCall { person: ALICE, died: 5, order: register() };
    let (_, _, why) = world.refused("bob", identity, dies());
    assert!(why.contains("no grant of orders"), "{why}");
    let receipt = world.send("kyc", identity, dies());
    done(&receipt);
    let told = &logs::<IIdentity::DeathRecorded>(&receipt.logs, identity)[0];
    assert_eq!((told.person, told.died, told.byOrder), (ALICE, 5, false));
    assert_eq!(world.view(identity, IIdentity::diedAtCall { person: ALICE }), 5);
    assert!(!world.view(identity, IIdentity::personInfoCall { person: ALICE }).isActive);
    // She sends nothing any more, and gets nothing.
    let tx =
        transaction(world.next_nonce("alice"), Some(acme()), pay("bob", 1).abi_encode().into());
    let dead = identity::Refusal::PersonDeceased(PersonId(ALICE));
    assert_eq!(world.try_execute("alice", tx).unwrap_err(), NotIncludable::Sender(dead));
    let (_, _, why) = world.refused("bob", acme(), pay("alice", 1));
    assert!(why.contains("has died, and nobody acts for it"), "{why}");
    assert_eq!(world.balance("alice"), 990, "nothing is taken");
    let lives = IIdentity::withdrawDeathCall { person: ALICE, order: register() };
    let receipt = world.send("kyc", identity, lives);
    assert_eq!(logs::<IIdentity::DeathWithdrawn>(&receipt.logs, identity)[0].person, ALICE);
    assert_eq!(world.view(identity, IIdentity::diedAtCall { person: ALICE }), 0);
    world.ok("alice", acme(), pay("bob", 1));
}

#[test]
fn two_numbers_are_counted_as_one_by_the_power_over_orders() {
    let mut world = World::new();
    let identity = service(Module::Identity);
    world.ok("alice", acme(), pay("carol", 10));
    let merge = |person, into| IIdentity::mergePersonsCall { person, into, order: register() };
    let (_, _, why) = world.refused("alice", identity, merge(CAROL, ALICE));
    assert!(why.contains("no grant of orders"), "{why}");
    let receipt = world.send("kyc", identity, merge(CAROL, ALICE));
    done(&receipt);
    let told = &logs::<IIdentity::PersonsMerged>(&receipt.logs, identity)[0];
    assert_eq!((told.person, told.into), (CAROL, ALICE));
    assert_eq!(world.view(identity, IIdentity::countedAsCall { person: CAROL }), ALICE);
    assert_eq!(world.view(identity, IIdentity::countedAsCall { person: BOB }), BOB);
    let holders = |world: &World| {
        let key = (ACME, compliance::Filter::All);
        compliance::COUNTS.get(&world.ctx, &key).unwrap_or(0)
    };
    assert_eq!(holders(&world), 1, "alice, and carol, who is she");
    assert_eq!((world.balance("alice"), world.balance("carol")), (990, 10));
    // Her residence is one: bob's is another, and becomes hers.
    let receipt = world.send("kyc", identity, merge(BOB, CAROL));
    assert_eq!(logs::<IIdentity::ResidenceChanged>(&receipt.logs, identity)[0].person, BOB);
    assert_eq!(world.view(identity, IIdentity::countedAsCall { person: BOB }), ALICE);
}

#[test]
fn an_issuer_is_not_merged() {
    let mut world = World::new();
    let identity = service(Module::Identity);
    let merge = |person, into| IIdentity::mergePersonsCall { person, into, order: register() };
    let (_, _, why) = world.refused("kyc", identity, merge(2, ALICE));
    assert!(why.contains("is an issuer"), "{why}");
}

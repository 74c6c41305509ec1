//! Orders that freeze and suspend, and what whom they bind says against them, through the door.

use crate::world::*;
use alloy_sol_types::SolCall;
use evm::NotIncludable;
use types::{Address, B256, Module, Order, Orders, PersonId, U256};

const ALICE: u64 = 3;

fn order() -> ILedger::Order {
    let (authority, r#ref) = ("BaFin".into(), "WA 3-2026/0042".into());
    ILedger::Order { authority, r#ref, document: B256::repeat_byte(7), expires: 0 }
}

/// What names it.
fn key() -> B256 {
    let ILedger::Order { authority, r#ref: reference, document, .. } = order();
    Order { authority, reference, document, expires: None }.key()
}

fn suspend() -> IIdentity::suspendCall {
    let ILedger::Order { authority, r#ref, document, expires } = order();
    let order = IIdentity::Order { authority, r#ref, document, expires };
    IIdentity::suspendCall { person: ALICE, order }
}

fn why() -> B256 {
    B256::repeat_byte(0xc0)
}

#[test]
fn a_suspended_person_comes_through_the_door_to_contest_and_to_take_back_and_for_nothing_else() {
    let mut world = World::new();
    let identity = service(Module::Identity);
    world.ok("kyc", identity, suspend());
    let suspended = identity::Refusal::PersonSuspended(PersonId(ALICE));
    let pay = IERC20::transferCall { to: wallet("bob"), value: U256::from(1) };
    let contest =
        || IIdentity::contestSuspensionCall { person: ALICE, order: key(), document: why() };
    // Nor is it the word that opens, but the word at its place.
    // What a thief held it may take back, but there is nothing.
    let release = (service(Module::Ledger), ILedger::releaseHoldCall { number: 1 }.abi_encode());
    let others = [(acme(), pay.abi_encode()), (acme(), contest().abi_encode()), release];
    for (to, input) in others {
        let tx = transaction(world.next_nonce("alice"), Some(to), input.into());
        let refused = world.try_execute("alice", tx).unwrap_err();
        assert_eq!(refused, NotIncludable::Sender(suspended.clone()));
    }
    let (code, _, why_not) = world.refused("bob", identity, contest());
    assert_eq!((code, &why_not[..29]), (1_046, "only person 3 may contest wha"));
    // One that ends where its gas does is not included: nobody pays for it, and nothing of it is left.
    for reference in 1..Orders::MOST {
        let order = IIdentity::Order { r#ref: format!("S-{reference}"), ..suspend().order };
        world.ok("kyc", identity, IIdentity::suspendCall { person: ALICE, order });
    }
    let mut short =
        transaction(world.next_nonce("alice"), Some(identity), contest().abi_encode().into());
    short.gas_limit = 24_100;
    let why_not = NotIncludable::Objection("gas 24100 is too little for it".into());
    assert_eq!(world.try_execute("alice", short).unwrap_err(), why_not);
    let receipt = world.send("alice", identity, contest());
    done(&receipt);
    let told = &logs::<IIdentity::SuspensionContested>(&receipt.logs, identity)[0];
    let by = wallet("alice");
    assert_eq!((told.person, told.order, told.document, told.by), (ALICE, key(), why(), by));
    // Once; what would be refused is not included, so that nobody pays for it.
    assert_eq!(world.objection("alice", identity, contest()), "nothing would change");
    let confirm =
        || IIdentity::confirmSuspensionCall { person: ALICE, order: key(), document: why() };
    let (_, _, why_not) = world.refused("bob", identity, confirm());
    assert!(why_not.contains("no grant of orders"), "{why_not}");
    let receipt = world.send("kyc", identity, confirm());
    done(&receipt);
    assert_eq!(logs::<IIdentity::SuspensionConfirmed>(&receipt.logs, identity)[0].person, ALICE);
    let told = world.view(identity, IIdentity::suspensionOfCall { person: ALICE, order: key() });
    let is = (told.until, told.by, told.contest, told.decision);
    assert_eq!(is, (u64::MAX, wallet("alice"), why(), why()));
}

#[test]
fn what_freezes_a_person_or_its_units_is_contested_though_it_be_suspended_and_confirmed_with_the_power()
 {
    let mut world = World::new();
    let (identity, ledger, asset) = (service(Module::Identity), service(Module::Ledger), ACME.0);
    let (class, account) = (0, wallet("alice"));
    world.ok(
        "issuer",
        ledger,
        ILedger::freezePersonCall { asset, person: ALICE, frozen: true, order: order() },
    );
    world.ok(
        "issuer",
        ledger,
        ILedger::freezeUnitsCall { asset, class, account, units: 30, order: order() },
    );
    world.ok("kyc", identity, suspend());
    let (order, document) = (key(), why());
    let of_person = ILedger::personFreezeOfCall { asset, person: ALICE, order };
    let of_units = ILedger::unitsFreezeOfCall { asset, class, account, order };
    let told = world.view(ledger, of_person.clone());
    let nothing = (Address::ZERO, B256::ZERO, B256::ZERO);
    assert_eq!((told.until, (told.by, told.contest, told.decision)), (u64::MAX, nothing));
    let contest = ILedger::contestPersonFreezeCall { asset, person: ALICE, order, document };
    let receipt = world.send("alice", ledger, contest);
    done(&receipt);
    let told = &logs::<ILedger::PersonFreezeContested>(&receipt.logs, ledger)[0];
    assert_eq!((told.asset, told.person, told.order), (asset, ALICE, order));
    let contest = ILedger::contestUnitsFreezeCall { asset, class, account, order, document };
    let receipt = world.send("alice", ledger, contest);
    done(&receipt);
    let told = &logs::<ILedger::UnitsFreezeContested>(&receipt.logs, ledger)[0];
    assert_eq!((told.asset, told.account, told.class), (asset, account, class));
    assert_eq!((told.order, told.document, told.by), (order, document, account));
    let told = world.view(ledger, of_units);
    let is = (told.until, told.by, told.contest, told.decision);
    assert_eq!(is, (u64::MAX, account, document, B256::ZERO));
    let confirm = || ILedger::confirmPersonFreezeCall { asset, person: ALICE, order, document };
    let (_, _, why_not) = world.refused("bob", ledger, confirm());
    assert!(why_not.contains("no grant of freeze"), "{why_not}");
    let receipt = world.send("issuer", ledger, confirm());
    done(&receipt);
    assert_eq!(logs::<ILedger::PersonFreezeConfirmed>(&receipt.logs, ledger)[0].order, order);
    let confirm = ILedger::confirmUnitsFreezeCall { asset, class, account, order, document };
    let receipt = world.send("issuer", ledger, confirm);
    done(&receipt);
    assert_eq!(logs::<ILedger::UnitsFreezeConfirmed>(&receipt.logs, ledger)[0].order, order);
    let other = B256::repeat_byte(1);
    let unknown = ILedger::contestPersonFreezeCall { asset, person: ALICE, order: other, document };
    assert_eq!(world.refused("issuer", ledger, unknown.clone()).0, 4_041);
    let none = ILedger::personFreezeOfCall { order: other, ..of_person.clone() };
    assert_eq!(world.refused("issuer", ledger, none).0, 4_061);
    let told = world.view(ledger, of_person);
    assert_eq!((told.contest, told.decision), (document, document));
    let why_not = world.objection("alice", ledger, unknown);
    assert!(why_not.starts_with("order: none with the key"), "{why_not}");
}

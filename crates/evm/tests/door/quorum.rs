//! Calls that several approve: made by who proposed them, with the power that they lend.

use crate::world::*;
use alloy_sol_types::SolCall;
use types::{Address, Module, U256};

const FREEZE: u8 = 8;
const LATER: u64 = u64::MAX;

fn trust() -> Address {
    service(Module::Trust)
}

/// Bob and carol freeze ACME together, two of two.
fn two_of_two() -> World {
    let mut world = World::new();
    for name in ["bob", "carol"] {
        let value = U256::from(100);
        world.ok("alice", acme(), IERC20::transferCall { to: wallet(name), value });
    }
    let members = vec![4, 5];
    let quorum =
        ITrust::setQuorumCall { power: FREEZE, asset: ACME.0, class: 0, members, threshold: 2 };
    world.ok("issuer", trust(), quorum);
    world
}

fn propose(world: &mut World, name: &str, target: Address, call: impl SolCall) -> u64 {
    let (data, deadline) = (call.abi_encode().into(), LATER);
    let call =
        ITrust::proposeCall { power: FREEZE, asset: ACME.0, class: 0, target, data, deadline };
    let output = world.ok(name, trust(), call);
    ITrust::proposeCall::abi_decode_returns(&output).expect("a number")
}

fn freeze_alice() -> ILedger::freezeUnitsCall {
    let order = ILedger::Order {
        authority: "Amtsgericht München".into(),
        r#ref: "1 C 2/26".into(),
        document: [7; 32].into(),
        expires: 0,
    };
    ILedger::freezeUnitsCall { asset: ACME.0, class: 0, account: wallet("alice"), units: 50, order }
}

#[test]
fn an_approved_call_never_moves_what_its_approver_has() {
    let mut world = two_of_two();
    let steal = IERC20::transferCall { to: wallet("bob"), value: U256::from(60) };
    let proposal = propose(&mut world, "bob", acme(), steal);
    // It is bob's call: he moves his own units to himself, which changes nothing.
    world.ok("carol", trust(), ITrust::approveProposalCall { proposal });
    assert_eq!((world.balance("bob"), world.balance("carol")), (100, 100));
}

#[test]
fn who_proposes_makes_the_call_whoever_approves_last() {
    let mut world = two_of_two();
    let give = IERC20::transferCall { to: wallet("alice"), value: U256::from(60) };
    let proposal = propose(&mut world, "bob", acme(), give);
    world.ok("carol", trust(), ITrust::approveProposalCall { proposal });
    assert_eq!((world.balance("bob"), world.balance("carol")), (40, 100));
}

#[test]
fn the_quorum_lends_its_power_for_exactly_one_call() {
    let mut world = two_of_two();
    world.refused("bob", service(Module::Ledger), freeze_alice());
    let proposal = propose(&mut world, "bob", service(Module::Ledger), freeze_alice());
    world.ok("carol", trust(), ITrust::approveProposalCall { proposal });
    let frozen = world.view(acme(), IERC3643::getFrozenTokensCall { userAddress: wallet("alice") });
    assert_eq!(frozen, U256::from(50));
    let again = world.refused("carol", trust(), ITrust::approveProposalCall { proposal });
    assert_eq!(again.0, 2_006, "decided already");
    world.refused("bob", service(Module::Ledger), freeze_alice());
}

/// A chain of proposals, each of which approves the one before, would be as deep as someone wants.
#[test]
fn p30_a_proposal_cannot_approve_or_make_another() {
    let mut world = two_of_two();
    let first = propose(&mut world, "bob", service(Module::Ledger), freeze_alice());
    let approve = ITrust::approveProposalCall { proposal: first };
    let second = propose(&mut world, "carol", trust(), approve);
    let (code, _, words) =
        world.refused("bob", trust(), ITrust::approveProposalCall { proposal: second });
    assert_eq!((code, words.as_str()), (5_016, "the call of a proposal cannot propose or approve"));
    // The last approval failed as a whole; the proposal waits for a better day.
    world.ok("carol", trust(), ITrust::approveProposalCall { proposal: first });
}

#[test]
fn an_approval_whose_call_fails_leaves_nothing() {
    let mut world = two_of_two();
    let give = IERC20::transferCall { to: wallet("alice"), value: U256::from(60) };
    let proposal = propose(&mut world, "bob", acme(), give);
    world.ok("bob", acme(), IERC20::transferCall { to: wallet("carol"), value: U256::from(90) });
    let receipt = world.send("carol", trust(), ITrust::approveProposalCall { proposal });
    assert_eq!(words(&receipt.outcome).as_deref(), Some("60 units needed, 10 there"));
    world.ok("carol", acme(), IERC20::transferCall { to: wallet("bob"), value: U256::from(90) });
    world.ok("carol", trust(), ITrust::approveProposalCall { proposal });
    assert_eq!(world.balance("bob"), 40);
}

#[test]
fn a_death_that_a_quorum_records_is_an_orders_though_the_persons_provider_carries_it_out() {
    const ORDERS: u8 = 3;
    let mut world = World::new();
    let identity = service(Module::Identity);
    // The provider and carol have the power over orders together.
    let (power, asset, class) = (ORDERS, 0, 0);
    let quorum = ITrust::setQuorumCall { power, asset, class, members: vec![1, 5], threshold: 2 };
    world.ok("kyc", trust(), quorum);
    let order = || IIdentity::Order {
        authority: "Standesamt München".into(),
        r#ref: "C 1/26".into(),
        document: [7; 32].into(),
        expires: 0,
    };
    let dies = IIdentity::recordDeathCall { person: 3, died: 5, order: order() };
    let (data, deadline, target) = (dies.abi_encode().into(), LATER, identity);
    let call = ITrust::proposeCall { power, asset, class, target, data, deadline };
    let output = world.ok("kyc", trust(), call);
    let proposal = ITrust::proposeCall::abi_decode_returns(&output).expect("a number");
    let receipt = world.send("carol", trust(), ITrust::approveProposalCall { proposal });
    done(&receipt);
    let told = &logs::<IIdentity::DeathRecorded>(&receipt.logs, identity)[0];
    assert_eq!((told.person, told.byOrder), (3, true));
    let lives = || IIdentity::withdrawDeathCall { person: 3, order: order() };
    let (_, _, why) = world.refused("kyc", identity, lives());
    assert!(why.contains("make a proposal"), "alone it cannot take that back: {why}");
    // What it records alone is its own.
    let dies = IIdentity::recordDeathCall { person: 4, died: 5, order: order() };
    let receipt = world.send("kyc", identity, dies);
    done(&receipt);
    assert!(!logs::<IIdentity::DeathRecorded>(&receipt.logs, identity)[0].byOrder);
}

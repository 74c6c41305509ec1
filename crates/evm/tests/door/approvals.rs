//! Movements that others must approve, and changes of rules that need a report, through the door.

use crate::world::*;
use alloy_sol_types::SolCall;
use types::{Address, B256, Module, Time, U256};

const APPROVAL_MISSING: u16 = 9_041;
const RULES: u8 = 10;
const ALICE: u64 = 3;
const BOB: u64 = 4;
const AGENTS: u32 = 1;

fn compliance() -> types::Address {
    service(Module::Compliance)
}

/// Transfers of ACME need approvals; carol and dave are on list 1 of those who give them.
fn approved_by(steps: &str) -> World {
    let mut world = World::new();
    let policy = format!(
        r#"{{"rules":[{{"when":{{"guard":{{"kind":"transfer"}},"then":{{"approvals":[{steps}]}}}}}}]}}"#
    );
    set(&mut world, &policy);
    for person in [5, 6] {
        let (asset, number, from, until) = (ACME.0, AGENTS, 0, u64::MAX);
        let call =
            ICompliance::listCall { asset, number, person, wallet: Address::ZERO, from, until };
        world.ok("issuer", compliance(), call);
    }
    world
}

fn set(world: &mut World, policy: &str) {
    let call = ICompliance::setPolicyCall { asset: ACME.0, policy: policy.into(), report: REPORT };
    world.ok("issuer", compliance(), call);
}

fn movements(list: u32, units: u128, times: u16) -> ICompliance::approveMovementsCall {
    let (asset, from, to, until) = (ACME.0, ALICE, BOB, u64::MAX);
    ICompliance::approveMovementsCall { asset, list, from, to, units, until, times }
}

fn in_parts(list: u32, units: u128) -> ICompliance::approveUnitsCall {
    let (asset, from, to, until) = (ACME.0, ALICE, BOB, u64::MAX);
    ICompliance::approveUnitsCall { asset, list, from, to, units, until }
}

fn give(units: u64) -> IERC20::transferCall {
    IERC20::transferCall { to: wallet("bob"), value: U256::from(units) }
}

#[track_caller]
fn lacks(world: &mut World, units: u64, words: &str) {
    let (code, _, why) = world.refused("alice", acme(), give(units));
    assert_eq!(code, APPROVAL_MISSING, "{why}");
    assert!(why.contains(words), "{why}");
}

#[test]
fn a_movement_is_approved_once_or_several_times_of_exactly_so_many_units() {
    let mut world = approved_by(r#"{"of":{"list":1,"count":1}}"#);
    lacks(&mut world, 10, "0 of 1 approvals are given");
    let (code, _, why) = world.refused("bob", compliance(), movements(AGENTS, 10, 1));
    assert_eq!(code, 3_010, "{why}");
    let receipt = world.send("carol", compliance(), movements(AGENTS, 10, 1));
    done(&receipt);
    let told = &logs::<ICompliance::MovementApproved>(&receipt.logs, compliance())[0];
    assert_eq!((told.list, told.from, told.to, told.by), (AGENTS, ALICE, BOB, 5));
    assert_eq!((told.units, told.left, told.until), (10, 1, u64::MAX));
    lacks(&mut world, 9, "0 of 1");
    world.ok("alice", acme(), give(10));
    lacks(&mut world, 10, "0 of 1");

    world.ok("dave", compliance(), movements(AGENTS, 7, 2));
    world.ok("alice", acme(), give(7));
    world.ok("alice", acme(), give(7));
    lacks(&mut world, 7, "0 of 1");
    assert_eq!(world.balance("bob"), 24);
}

#[test]
fn units_are_approved_to_go_in_parts_and_each_part_uses_some_of_them() {
    let mut world = approved_by(r#"{"of":{"list":1,"count":1}}"#);
    let receipt = world.send("carol", compliance(), in_parts(AGENTS, 30));
    done(&receipt);
    let told = &logs::<ICompliance::MovementApproved>(&receipt.logs, compliance())[0];
    assert_eq!((told.units, told.left), (0, 30));
    world.ok("alice", acme(), give(12));
    lacks(&mut world, 19, "0 of 1");
    world.ok("alice", acme(), give(18));
    lacks(&mut world, 1, "0 of 1");

    // One step of the receiver alone takes parts too; of several steps none does.
    set(&mut world, r#"{"rules":[{"approvals":["receiver"]}]}"#);
    world.ok("bob", compliance(), in_parts(0, 5));
    world.ok("alice", acme(), give(5));
    set(&mut world, r#"{"rules":[{"approvals":["sender","receiver"]}]}"#);
    world.ok("alice", compliance(), in_parts(0, 50));
    world.ok("bob", compliance(), in_parts(0, 50));
    lacks(&mut world, 5, "0 of 2");
}

#[test]
fn what_approves_nothing_is_refused_by_the_field_that_says_so() {
    let mut world = approved_by(r#"{"of":{"list":1,"count":1}}"#);
    let words = |field| format!("{field}: nothing would be approved; approve at least 1");
    for (call, field) in [
        (movements(AGENTS, 10, 0).abi_encode(), "times"),
        (movements(AGENTS, 0, 1).abi_encode(), "units"),
        (in_parts(AGENTS, 0).abi_encode(), "units"),
    ] {
        let receipt = world.send_raw("carol", Some(compliance()), call);
        let (code, _, why) = refusal(&receipt.outcome);
        assert_eq!((code, why), (3_021, words(field)));
        assert!(receipt.events.is_empty());
    }
}

#[test]
fn what_is_approved_before_its_turn_does_not_count() {
    let mut world = approved_by(r#""receiver",{"of":{"list":1,"count":2}}"#);
    world.ok("carol", compliance(), movements(AGENTS, 10, 1));
    world.ok("bob", compliance(), movements(0, 10, 1));
    lacks(&mut world, 10, "1 of 3 approvals are given");
    world.ok("dave", compliance(), movements(AGENTS, 10, 1));
    lacks(&mut world, 10, "2 of 3");
    // Carol says it again, now that it is her turn.
    world.ok("carol", compliance(), movements(AGENTS, 10, 1));
    world.ok("alice", acme(), give(10));
    // Who goes first once more makes the others wait for it.
    for (name, list) in [("bob", 0), ("carol", AGENTS), ("dave", AGENTS), ("bob", 0)] {
        world.ok(name, compliance(), movements(list, 10, 1));
    }
    lacks(&mut world, 10, "1 of 3");
}

#[test]
fn an_approval_ends_and_so_does_the_right_to_give_one() {
    let mut world = approved_by(r#"{"of":{"list":1,"count":1}}"#);
    let until = NOW.0 + 1_000;
    let soon = ICompliance::approveMovementsCall { until, ..movements(AGENTS, 10, 2) };
    world.ok("carol", compliance(), soon.clone());
    world.ctx.env.time = Time(until - 1);
    world.ok("alice", acme(), give(10));
    world.ctx.env.time = Time(until);
    lacks(&mut world, 10, "0 of 1");
    let (code, _, why) = world.refused("carol", compliance(), soon);
    assert_eq!(code, 3_005, "{why}");

    // What somebody said who is on the list no more counts no more.
    world.ok("carol", compliance(), movements(AGENTS, 10, 1));
    let off =
        ICompliance::delistCall { asset: ACME.0, number: AGENTS, person: 5, wallet: Address::ZERO };
    world.ok("issuer", compliance(), off);
    lacks(&mut world, 10, "0 of 1");
    assert_eq!(world.refused("carol", compliance(), movements(AGENTS, 10, 1)).0, 3_010);
}

/// RULEBOOK 2.2: what a change of rules would mean is attached to it, whoever makes it.
#[test]
fn a_policy_replaces_another_with_the_hash_of_a_report_alone() {
    let mut world = World::new();
    let policy = |report| ICompliance::setPolicyCall {
        asset: ACME.0,
        policy: r#"{"rules":[]}"#.into(),
        report,
    };
    let (code, status, why) = world.refused("issuer", compliance(), policy(B256::ZERO));
    assert_eq!((code, status), (3_022, 0x20));
    assert!(why.contains("has a policy already") && why.contains("rules dry-run"), "{why}");
    let receipt = world.send("issuer", compliance(), policy(REPORT));
    done(&receipt);
    let told = &logs::<ICompliance::PolicySet>(&receipt.logs, compliance())[0];
    assert_eq!((told.asset, told.version, told.report), (ACME.0, 2, REPORT));

    // Together with others it is no different: the call that they approve has it.
    let (trust, members) = (service(Module::Trust), vec![BOB, 5]);
    let quorum =
        ITrust::setQuorumCall { power: RULES, asset: ACME.0, class: 0, members, threshold: 2 };
    world.ok("issuer", trust, quorum);
    let mut propose = |report| {
        let (target, data, deadline) = (compliance(), policy(report).abi_encode().into(), u64::MAX);
        let call =
            ITrust::proposeCall { power: RULES, asset: ACME.0, class: 0, target, data, deadline };
        let output = world.ok("bob", trust, call);
        ITrust::proposeCall::abi_decode_returns(&output).expect("a number")
    };
    let [without, with] = [B256::ZERO, REPORT].map(&mut propose);
    let approve = |proposal| ITrust::approveProposalCall { proposal };
    assert_eq!(world.refused("carol", trust, approve(without)).0, 3_022);
    let receipt = world.send("carol", trust, approve(with));
    done(&receipt);
    let told = &logs::<ICompliance::PolicySet>(&receipt.logs, compliance())[0];
    assert_eq!((told.version, told.report), (3, REPORT));
}

//! EVM-4: a receipt charges the gas it names, and a refused transaction changes nonce and fuel alone.

use crate::world::*;
use alloy_sol_types::{SolCall, SolValue};
use std::collections::BTreeSet;
use types::{Address, Bytes, Module, Outcome, PersonId, U256};

/// Every kind of transaction that ends badly, as alice.
fn failures(script: Address) -> Vec<(&'static str, Option<Address>, Vec<u8>, u64)> {
    let too_much =
        IERC20::transferCall { to: wallet("bob"), value: U256::from(5_000) }.abi_encode();
    let batch = IERC3643::batchTransferCall {
        toList: vec![wallet("bob"), wallet("carol")],
        amounts: vec![U256::from(1), U256::from(5_000)],
    };
    let moved = vec![step(acme(), transfer_from("alice", "bob", 1))];
    let fails = Script::runCall { told: moved.clone(), fail: true }.abi_encode();
    let dives = Script::runCall { told: moved.clone(), fail: false }.abi_encode();
    let mut must = step(acme(), transfer_from("alice", "bob", 5_000));
    must.must = true;
    let told = vec![step(acme(), transfer_from("alice", "bob", 1)), must];
    let creation = code("Script", &told.abi_encode()).to_vec();
    let policy = ICompliance::setPolicyCall { asset: 1, policy: "{".into(), report: REPORT };
    let policy = policy.abi_encode();
    vec![
        ("a refused transfer", Some(acme()), too_much.clone(), GAS),
        ("a batch whose last leg is refused", Some(acme()), batch.abi_encode(), GAS),
        (
            "a transfer without gas for it",
            Some(acme()),
            IERC20::transferCall { to: wallet("bob"), value: U256::from(1) }.abi_encode(),
            22_600,
        ),
        ("a power that alice lacks", Some(service(Module::Compliance)), policy, GAS),
        ("bytes that are no call", Some(service(Module::Ledger)), vec![1, 2, 3], GAS),
        ("a contract that fails after moving", Some(script), fails, GAS),
        ("a contract that runs out of gas", Some(script), dives, 45_000),
        ("a creation that fails after moving", None, creation, GAS),
        ("a creation that halts", None, vec![0xfe], GAS),
    ]
}

#[test]
fn a_failed_transaction_changes_its_senders_nonce_and_fuel_alone() {
    let mut world = World::new();
    let script = world.script();
    world.approve("alice", script, 1_000);
    let next = wallet("alice").create(world.next_nonce("alice") + 1);
    world.approve("alice", next, 1_000);
    let allowed: BTreeSet<_> =
        [evm::ACCOUNTS.record_key(&wallet("alice")), trust::TANKS.record_key(&PersonId(3))].into();
    for (what, to, input, gas) in failures(script) {
        let nonce = world.next_nonce("alice");
        let fuel = evm::fuel(&world.ctx, &wallet("alice"));
        let mut receipt = None;
        let changes = world.changes(|world| {
            let mut tx = transaction(nonce, to, Bytes::from(input));
            tx.gas_limit = gas;
            receipt = Some(world.execute("alice", tx));
        });
        let receipt = receipt.expect("executed");
        assert!(!matches!(receipt.outcome, Outcome::Done(_)), "{what}: {:?}", receipt.outcome);
        let changed: BTreeSet<_> = changes.iter().map(|change| change.key).collect();
        assert_eq!(changed, allowed, "{what}");
        assert_eq!(
            (receipt.events.len(), receipt.logs.len(), receipt.created),
            (0, 0, None),
            "{what}"
        );
        assert_eq!(world.next_nonce("alice"), nonce + 1, "{what}");
        assert_eq!(evm::fuel(&world.ctx, &wallet("alice")), fuel - receipt.gas_used, "{what}");
        assert!(receipt.gas_used >= 21_000 && receipt.gas_used <= gas, "{what}");
    }
    assert_eq!((world.balance("alice"), world.balance("bob")), (1_000, 0));
}

#[test]
fn a_done_transaction_charges_the_gas_it_names() {
    let mut world = World::new();
    let script = world.script();
    world.approve("alice", script, 1_000);
    let moved = vec![step(acme(), transfer_from("alice", "bob", 1))];
    let calls = [
        (acme(), IERC20::transferCall { to: wallet("bob"), value: U256::from(1) }.abi_encode()),
        (script, Script::runCall { told: moved, fail: false }.abi_encode()),
    ];
    for (to, input) in calls {
        let fuel = evm::fuel(&world.ctx, &wallet("alice"));
        let receipt = world.send_raw("alice", Some(to), input);
        done(&receipt);
        assert_eq!(evm::fuel(&world.ctx, &wallet("alice")), fuel - receipt.gas_used);
    }
}

/// What `eth_estimateGas` finds by asking is what the transaction then needs and uses.
#[test]
fn a_call_uses_the_gas_that_its_transaction_uses() {
    let mut world = World::new();
    let input = IERC20::transferCall { to: wallet("bob"), value: U256::from(1) }.abi_encode();
    let asked = world.call("alice", acme(), input.clone()).gas_used;
    let mut tx = transaction(world.next_nonce("alice"), Some(acme()), input.into());
    tx.gas_limit = asked;
    let receipt = world.execute("alice", tx);
    done(&receipt);
    assert_eq!(receipt.gas_used, asked);
}

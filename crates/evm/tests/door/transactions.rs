//! Which transactions are taken, and what they cost before anything runs.

use crate::world::*;
use alloy_eips::eip2930::{AccessList, AccessListItem};
use alloy_sol_types::SolCall;
use evm::NotIncludable;
use types::{Address, B256, Bytes, Outcome, U256};

fn list(addresses: u64, keys_each: u64) -> AccessList {
    let item = |number: u64| AccessListItem {
        address: Address::with_last_byte(number as u8),
        storage_keys: (0..keys_each).map(|key| B256::from(U256::from(key))).collect(),
    };
    AccessList((0..addresses).map(item).collect())
}

fn balance_of_alice() -> Bytes {
    IERC20::balanceOfCall { account: wallet("alice") }.abi_encode().into()
}

#[test]
fn an_access_list_costs_2400_an_address_and_1900_a_key_natively_and_in_guests() {
    let mut world = World::new();
    let script = world.script();
    let probe = Script::stepsCall {}.abi_encode();
    let approve = IERC20::approveCall { spender: wallet("bob"), value: U256::from(1) }.abi_encode();
    for (to, input) in [(acme(), Bytes::from(approve)), (script, probe.into())] {
        let tx = transaction(world.next_nonce("alice"), Some(to), input.clone());
        let plain = world.execute("alice", tx);
        let mut tx = transaction(world.next_nonce("alice"), Some(to), input);
        tx.access_list = list(3, 5);
        let listed = world.execute("alice", tx);
        done(&listed);
        assert_eq!(listed.gas_used, plain.gas_used + 3 * 2_400 + 15 * 1_900, "to {to}");
    }
}

#[test]
fn gas_that_does_not_pay_for_the_access_list_is_refused_before_it_counts() {
    let mut world = World::new();
    let input = balance_of_alice();
    let mut tx = transaction(world.next_nonce("alice"), Some(acme()), input.clone());
    tx.access_list = list(1, 1_000);
    let needed = evm::intrinsic(Some(acme()), &input, &tx.access_list);
    assert!(needed > 1_900_000);
    tx.gas_limit = needed - 1;
    let refused = world.try_execute("alice", tx.clone()).expect_err("too little");
    assert_eq!(refused, NotIncludable::Intrinsic { gas: needed - 1, needed });
    tx.gas_limit = needed + 100_000;
    done(&world.execute("alice", tx));
}

/// EIP-7623: what revm would halt for is refused, and what is admitted never halts for its data.
#[test]
fn data_that_nothing_works_on_pays_the_floor_natively_and_in_guests() {
    let mut world = World::new();
    let script = world.script();
    let data = Bytes::from(vec![7u8; 4_000]);
    let floor = evm::floor(&data);
    assert_eq!(floor, 21_000 + 10 * 4 * 4_000);
    for to in [script, wallet("bob"), acme()] {
        assert!(evm::intrinsic(Some(to), &data, &AccessList::default()) < floor);
        let mut tx = transaction(world.next_nonce("alice"), Some(to), data.clone());
        tx.gas_limit = floor - 1;
        let refused = world.try_execute("alice", tx.clone()).expect_err("too little");
        assert_eq!(refused, NotIncludable::Intrinsic { gas: floor - 1, needed: floor });
        tx.gas_limit = floor;
        let receipt = world.execute("alice", tx);
        assert_eq!(receipt.gas_used, floor, "to {to}: {:?}", receipt.outcome);
        assert!(!matches!(receipt.outcome, Outcome::Halted(_)), "to {to}: {:?}", receipt.outcome);
    }
}

#[test]
fn code_longer_than_a_contract_may_be_created_with_is_refused_before_it_counts() {
    let mut world = World::new();
    let at_most = 2 * 24_576;
    let stop = |bytes: usize| transaction(world.next_nonce("alice"), None, vec![0; bytes].into());
    let (fits, too_long) = (stop(at_most), stop(at_most + 1));
    let refused = world.try_execute("alice", too_long).expect_err("too long");
    assert_eq!(refused, NotIncludable::InitCode { bytes: at_most + 1 });
    done(&world.execute("alice", fits));
}

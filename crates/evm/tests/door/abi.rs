//! What is no call in Solidity's own encoding is refused, with work in proportion to its length.

use crate::world::*;
use alloy_sol_types::SolCall;
use types::{Module, U256};

fn word(value: u64) -> [u8; 32] {
    U256::from(value).to_be_bytes()
}

/// M6: 300 registrations that all share one list of 300 claims; taken at their word they are 90,000, and
/// a full transaction would be a hundred million.
#[test]
fn registrations_that_share_their_claims_are_refused_before_they_take_room() {
    let mut world = World::new();
    let (registrations, claims) = (300u64, 300u64);
    let mut data = IIdentity::registerCall::SELECTOR.to_vec();
    data.extend(word(32));
    data.extend(word(registrations));
    for _ in 0..registrations {
        data.extend(word(32 * registrations));
    }
    for field in [1, 0, 0, 0, 160] {
        data.extend(word(field));
    }
    data.extend(word(claims));
    for _ in 0..claims * 4 {
        data.extend(word(0));
    }
    let mut tx = transaction(world.next_nonce("kyc"), Some(service(Module::Identity)), data.into());
    tx.gas_limit = 60_000_000;
    let receipt = world.execute("kyc", tx);
    let (code, _, words) = refusal(&receipt.outcome);
    assert_eq!(code, 5_006, "{words}");
}

#[test]
fn bytes_behind_a_call_are_refused() {
    let mut world = World::new();
    let call = IERC20::transferCall { to: wallet("bob"), value: U256::from(1) }.abi_encode();
    for tail in [vec![0], vec![0; 32], b"\x80\x21\x80\x21\x80\x21".to_vec()] {
        let receipt = world.send_raw("alice", Some(acme()), [call.clone(), tail].concat());
        assert_eq!(refusal(&receipt.outcome).0, 5_006);
    }
    done(&world.send_raw("alice", Some(acme()), call));
    assert_eq!(world.balance("bob"), 1);
}

//! What is no call in Solidity's own encoding is refused, with work in proportion to its length.

use crate::{
    standards::{Declared, declared},
    world::*,
};
use alloy_sol_types::SolCall;
use proptest::prelude::*;
use std::collections::BTreeSet;
use types::{Address, Bytes, Module, Outcome, U256};

fn word(value: u64) -> [u8; 32] {
    U256::from(value).to_be_bytes()
}

/// M6: 300 registrations that all share one list of 300 claims; taken at their word they are 90,000, and
/// a full transaction would be a hundred million.
#[test]
fn m6_registrations_that_share_their_claims_are_refused_before_they_take_room() {
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
fn m6_bytes_behind_a_call_are_refused() {
    let mut world = World::new();
    let call = IERC20::transferCall { to: wallet("bob"), value: U256::from(1) }.abi_encode();
    for tail in [vec![0], vec![0; 32], b"\x80\x21\x80\x21\x80\x21".to_vec()] {
        let receipt = world.send_raw("alice", Some(acme()), [call.clone(), tail].concat());
        assert_eq!(refusal(&receipt.outcome).0, 5_006);
    }
    done(&world.send_raw("alice", Some(acme()), call));
    assert_eq!(world.balance("bob"), 1);
}

/// Every function there is, with where it is answered.
fn functions() -> Vec<(Address, [u8; 4])> {
    let of =
        |(at, _, selectors, _): Declared| selectors.iter().map(move |selector| (at, *selector));
    declared().into_iter().flat_map(of).collect()
}

#[test]
fn no_two_functions_of_one_address_share_a_selector() {
    // What two standards both have, word for word, is one function.
    let named: BTreeSet<_> = declared()
        .into_iter()
        .flat_map(|(at, _, selectors, names)| {
            selectors.iter().zip(names).map(move |(selector, name)| (at, *selector, *name))
        })
        .collect();
    let distinct: BTreeSet<_> = named.iter().map(|(at, selector, _)| (*at, *selector)).collect();
    assert_eq!(named.len(), distinct.len());
    assert_eq!(functions().len(), named.len() + 2, "ERC-3643's and ERC-7943's common two");
}

/// As the standards' texts have them: what wallets and tools send.
#[test]
fn the_standards_selectors_are_the_standards() {
    let expected: [(&str, [u8; 4]); 22] = [
        ("a9059cbb", IERC20::transferCall::SELECTOR),
        ("23b872dd", IERC20::transferFromCall::SELECTOR),
        ("095ea7b3", IERC20::approveCall::SELECTOR),
        ("70a08231", IERC20::balanceOfCall::SELECTOR),
        ("dd62ed3e", IERC20::allowanceCall::SELECTOR),
        ("18160ddd", IERC20::totalSupplyCall::SELECTOR),
        ("d505accf", IERC2612::permitCall::SELECTOR),
        ("7ecebe00", IERC2612::noncesCall::SELECTOR),
        ("3644e515", IERC2612::DOMAIN_SEPARATORCall::SELECTOR),
        ("84b0196e", IERC5267::eip712DomainCall::SELECTOR),
        ("01ffc9a7", IERC165::supportsInterfaceCall::SELECTOR),
        ("f3d490db", IERC1410::transferByPartitionCall::SELECTOR),
        ("30e82803", IERC1410::balanceOfByPartitionCall::SELECTOR),
        ("d4ce1415", IERC1404::detectTransferRestrictionCall::SELECTOR),
        ("7f4ab1dd", IERC1404::messageForTransferRestrictionCall::SELECTOR),
        ("bb3acde9", IERC1594::issueCall::SELECTOR),
        ("40c10f19", IERC3643::mintCall::SELECTOR),
        ("9dc29fac", IERC3643::burnCall::SELECTOR),
        ("9fc1d0e7", IERC3643::forcedTransferCall::SELECTOR),
        ("42a47abc", IERC3643::batchForcedTransferCall::SELECTOR),
        ("b9209e33", IIdentityRegistry::isVerifiedCall::SELECTOR),
        ("8456cb59", IERC3643::pauseCall::SELECTOR),
    ];
    for (hex, selector) in expected {
        assert_eq!(alloy_primitives::hex::encode(selector), hex);
    }
}

/// A registration of two persons with claims, in Solidity's own encoding.
fn registrations() -> Vec<u8> {
    let claim = |topic| IIdentity::Claim {
        topic,
        value: 1,
        dated: 0,
        expires: u64::MAX,
        evidence: [9; 32].into(),
    };
    let person = |number: u8| IIdentity::Registration {
        wallet: Address::repeat_byte(number),
        kind: 0,
        residence: (*b"DE").into(),
        uniqueness: [number; 32].into(),
        claims: vec![claim(1), claim(2)],
    };
    IIdentity::registerCall { registrations: vec![person(1), person(2)] }.abi_encode()
}

#[derive(Clone, Debug)]
enum Damage {
    Word(usize, u64),
    Byte(usize, u8),
    Cut(usize),
    Add(Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (0usize..40, 0u64..1_000).prop_map(|(place, value)| Damage::Word(place, value)),
        (0usize..40, prop::sample::select(vec![u64::MAX, 1 << 63, 1 << 32, 32, 64, 0]))
            .prop_map(|(place, value)| Damage::Word(place, value)),
        (0usize..1_200, any::<u8>()).prop_map(|(place, value)| Damage::Byte(place, value)),
        (1usize..200).prop_map(Damage::Cut),
        prop::collection::vec(any::<u8>(), 1..64).prop_map(Damage::Add),
    ]
}

fn damaged(mut data: Vec<u8>, damage: &Damage) -> Vec<u8> {
    match damage {
        Damage::Word(place, value) => {
            let at = 4 + 32 * place;
            if at + 32 <= data.len() {
                data[at..at + 32].copy_from_slice(&word(*value));
            }
        }
        Damage::Byte(place, value) => {
            let place = 4 + place % (data.len() - 4);
            data[place] = *value;
        }
        Damage::Cut(bytes) => data.truncate(data.len().saturating_sub(*bytes).max(4)),
        Damage::Add(bytes) => data.extend(bytes),
    }
    data
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// M6: what the door takes for a call is exactly what Solidity would write for its arguments.
    #[test]
    fn m6_a_damaged_call_is_refused_or_is_another_whole_call(damage in damage()) {
        let mut world = World::empty();
        let data = damaged(registrations(), &damage);
        let outcome = world.call("kyc", service(Module::Identity), data.clone()).outcome;
        let taken = match &outcome {
            Outcome::Refused(_) => refusal(&outcome).0 != 5_006,
            Outcome::Done(_) => true,
            Outcome::Halted(why) => return Err(TestCaseError::fail(why.clone())),
        };
        if taken {
            let call = IIdentity::registerCall::abi_decode(&data).expect("the door took it");
            prop_assert_eq!(call.abi_encode(), data);
        }
    }

    /// Whatever stands behind a known selector: an answer or a refusal, never a panic, and questions
    /// and refusals announce nothing.
    #[test]
    fn m6_any_bytes_behind_any_selector_are_answered_or_refused(
        place in any::<prop::sample::Index>(),
        words in prop::collection::vec(prop_oneof![Just(0u64), 1u64..8, Just(32), Just(64), Just(96), any::<u64>()], 0..12),
        tail in prop::collection::vec(any::<u8>(), 0..3),
    ) {
        let mut world = World::new();
        let all = functions();
        let (to, selector) = all[place.index(all.len())];
        let mut data = selector.to_vec();
        words.iter().for_each(|value| data.extend(word(*value)));
        data.extend(tail);
        let mark = world.ctx.mark();
        let request = evm::CallRequest {
            from: wallet("alice"),
            to: Some(to),
            input: Bytes::from(data),
            gas: GAS,
            access_list: Default::default(),
        };
        let called = evm::call(&mut world.ctx, &request);
        prop_assert!(called.gas_used <= GAS);
        if !matches!(called.outcome, Outcome::Done(_)) {
            prop_assert!(world.ctx.events().is_empty());
            prop_assert!(called.logs.is_empty());
        }
        world.ctx.rollback(mark);
    }
}

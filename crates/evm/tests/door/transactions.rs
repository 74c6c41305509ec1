//! Which transactions are taken, and what they cost before anything runs.

use crate::world::*;
use alloy_consensus::{SignableTransaction, TxEip2930, TxEip7702, TxEnvelope, TxLegacy};
use alloy_eips::{
    eip2718::Encodable2718,
    eip2930::{AccessList, AccessListItem},
};
use alloy_primitives::{Signature, TxKind};
use alloy_signer::SignerSync;
use alloy_sol_types::SolCall;
use evm::{BASE_FEE, Malformed, NotIncludable, Signed};
use types::{Address, B256, Bytes, Outcome, Receipt, U256};

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
fn m7_an_access_list_costs_2400_an_address_and_1900_a_key_natively_and_in_guests() {
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
fn m7_data_that_nothing_works_on_pays_the_floor_natively_and_in_guests() {
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

/// Alice's bytes of one transaction, in each type there is.
fn typed(nonce: u64, chain_id: Option<u64>) -> [(&'static str, Bytes); 3] {
    let (gas_limit, gas_price) = (200_000, u128::from(BASE_FEE));
    let (to, value) = (TxKind::Call(acme()), U256::ZERO);
    let input: Bytes =
        IERC20::transferCall { to: wallet("bob"), value: U256::from(1) }.abi_encode().into();
    let legacy =
        TxLegacy { chain_id, nonce, gas_price, gas_limit, to, value, input: input.clone() };
    let chain_id = chain_id.unwrap_or_default();
    let access_list = list(1, 1);
    let listed = TxEip2930 {
        chain_id,
        nonce,
        gas_price,
        gas_limit,
        to,
        value,
        access_list,
        input: input.clone(),
    };
    let mut dynamic = transaction(nonce, Some(acme()), input);
    dynamic.chain_id = chain_id;
    let sign = |digest: B256| signer("alice").sign_hash_sync(&digest).expect("signs");
    let legacy = TxEnvelope::from(legacy.clone().into_signed(sign(legacy.signature_hash())));
    let listed = TxEnvelope::from(listed.clone().into_signed(sign(listed.signature_hash())));
    let dynamic = TxEnvelope::from(dynamic.clone().into_signed(sign(dynamic.signature_hash())));
    [("legacy", legacy), ("2930", listed), ("1559", dynamic)]
        .map(|(name, tx)| (name, tx.encoded_2718().into()))
}

fn decoded(bytes: &Bytes) -> Result<Signed, Malformed> {
    evm::decode(bytes, CHAIN_ID)
}

fn include(world: &mut World, bytes: &Bytes) -> Result<Receipt, NotIncludable> {
    evm::execute(&mut world.ctx, &decoded(bytes).expect("well-formed"), &limits(), u64::MAX)
}

#[test]
fn legacy_2930_and_1559_do_the_same_and_differ_in_their_lists_alone() {
    let mut gas = Vec::new();
    for kind in 0..3 {
        let mut world = World::new();
        let nonce = world.next_nonce("alice");
        let (name, bytes) = typed(nonce, Some(CHAIN_ID))[kind].clone();
        let receipt = include(&mut world, &bytes).expect("may be included");
        done(&receipt);
        assert_eq!((world.balance("bob"), receipt.sender), (1, wallet("alice")), "{name}");
        assert_eq!(receipt.tx, alloy_primitives::keccak256(&bytes), "{name}");
        gas.push(receipt.gas_used);
    }
    assert_eq!((gas[1], gas[2]), (gas[0] + 2_400 + 1_900, gas[0]));
}

/// M5: another chain's transaction, and one for any chain.
#[test]
fn m5_a_transaction_for_another_chain_or_for_any_is_refused_in_every_type() {
    for (name, bytes) in typed(0, Some(1)) {
        let ours = CHAIN_ID;
        assert_eq!(
            decoded(&bytes).unwrap_err(),
            Malformed::ChainId { signed: Some(1), ours },
            "{name}"
        );
    }
    let any = &typed(0, None)[0].1;
    assert_eq!(decoded(any).unwrap_err(), Malformed::ChainId { signed: None, ours: CHAIN_ID });
}

/// M5: whoever turns a signature around gets no second transaction of another hash.
#[test]
fn m5_the_high_s_twin_of_a_signature_is_refused() {
    let tx = transaction(0, Some(acme()), Bytes::new());
    let signature = signer("alice").sign_hash_sync(&tx.signature_hash()).expect("signs");
    let order = U256::from_str_radix(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        16,
    )
    .expect("secp256k1's order");
    let twin = Signature::new(signature.r(), order - signature.s(), !signature.v());
    let bytes =
        |signature| Bytes::from(TxEnvelope::from(tx.clone().into_signed(signature)).encoded_2718());
    assert_eq!(decoded(&bytes(signature)).expect("canonical").sender, wallet("alice"));
    assert_eq!(decoded(&bytes(twin)).unwrap_err(), Malformed::Signature);
    for zero in [
        Signature::new(U256::ZERO, signature.s(), true),
        Signature::new(signature.r(), U256::ZERO, true),
    ] {
        assert_eq!(decoded(&bytes(zero)).unwrap_err(), Malformed::Signature);
    }
}

/// M6, RETH-03: what follows, what is cut, and types that are not taken.
#[test]
fn m6_bytes_that_are_no_transaction_of_ours_are_refused_and_never_panic() {
    let (_, bytes) = typed(0, Some(CHAIN_ID))[2].clone();
    let mut longer = bytes.to_vec();
    longer.push(0);
    assert!(matches!(decoded(&longer.into()), Err(Malformed::Rlp(_))));
    for cut in 0..bytes.len() {
        assert!(decoded(&Bytes::copy_from_slice(&bytes[..cut])).is_err(), "cut at {cut}");
    }
    for (kind, tail) in
        [(0u8, 0u8), (3, 0xc0), (4, 0xc0), (5, 0xc0), (0x7f, 0xc0), (0x80, 0), (0xff, 0xff)]
    {
        assert!(decoded(&vec![kind, tail].into()).is_err(), "type {kind}");
    }
    let delegated = TxEip7702 {
        chain_id: CHAIN_ID,
        nonce: 0,
        gas_limit: 100_000,
        max_fee_per_gas: u128::from(BASE_FEE),
        max_priority_fee_per_gas: 0,
        to: acme(),
        value: U256::ZERO,
        access_list: AccessList::default(),
        authorization_list: Vec::new(),
        input: Bytes::new(),
    };
    let signature = signer("alice").sign_hash_sync(&delegated.signature_hash()).expect("signs");
    let delegated = TxEnvelope::from(delegated.into_signed(signature)).encoded_2718();
    assert_eq!(decoded(&delegated.into()).unwrap_err(), Malformed::Type(4));
    let huge = vec![0xf8; evm::MAX_BYTES + 1];
    assert_eq!(decoded(&huge.into()).unwrap_err(), Malformed::TooLarge(evm::MAX_BYTES + 1));
}

#[test]
fn one_flipped_bit_never_keeps_the_sender() {
    let (_, bytes) = typed(0, Some(CHAIN_ID))[2].clone();
    for bit in 0..bytes.len() * 8 {
        let mut other = bytes.to_vec();
        other[bit / 8] ^= 1 << (bit % 8);
        if let Ok(signed) = decoded(&other.into()) {
            assert_ne!(signed.sender, wallet("alice"), "bit {bit}");
        }
    }
}

#[test]
fn a_transaction_stands_once_and_in_its_turn() {
    let mut world = World::new();
    let next = world.next_nonce("alice");
    let (_, bytes) = typed(next, Some(CHAIN_ID))[2].clone();
    let (_, later) = typed(next + 2, Some(CHAIN_ID))[2].clone();
    let person = Some(types::PersonId(3));
    let gap = NotIncludable::NonceTooHigh { nonce: next + 2, next, person };
    assert_eq!(include(&mut world, &later), Err(gap));
    done(&include(&mut world, &bytes).expect("its turn"));
    let replay = NotIncludable::NonceTooLow { nonce: next, next: next + 1 };
    assert_eq!(include(&mut world, &bytes), Err(replay));
    assert_eq!(world.balance("bob"), 1);
    // A refused one is used up as well.
    let input = IERC20::transferCall { to: wallet("bob"), value: U256::from(5_000) }.abi_encode();
    let refused = transaction(next + 1, Some(acme()), input.into());
    assert!(!world.execute("alice", refused.clone()).is_done());
    assert!(matches!(world.try_execute("alice", refused), Err(NotIncludable::NonceTooLow { .. })));
}

#[test]
fn what_cannot_be_included_says_why_and_changes_nothing() {
    let mut world = World::new();
    let nonce = world.next_nonce("alice");
    let good = || transaction(nonce, Some(acme()), balance_of_alice());
    let mut cheap = good();
    cheap.max_fee_per_gas = u128::from(BASE_FEE) - 1;
    let mut greedy = good();
    greedy.gas_limit = limits().gas + 1;
    let mut generous = good();
    generous.max_priority_fee_per_gas = generous.max_fee_per_gas + 1;
    let fuel = evm::fuel(&world.ctx, &wallet("alice"));
    let mut poor = good();
    poor.gas_limit = fuel + 1;
    let fee = NotIncludable::FeeTooLow { offered: u128::from(BASE_FEE) - 1 };
    let limit = NotIncludable::GasLimit { gas: limits().gas + 1, limit: limits().gas };
    assert_eq!(world.try_execute("alice", cheap), Err(fee));
    let offered = u128::from(BASE_FEE);
    let tip = NotIncludable::TipTooHigh { tip: offered + 1, offered };
    assert_eq!(world.try_execute("alice", greedy), Err(limit));
    assert_eq!(world.try_execute("alice", generous), Err(tip));
    assert!(matches!(world.try_execute("alice", poor), Err(NotIncludable::Fuel(_))));
    let mut stranger = good();
    stranger.nonce = 0;
    assert!(matches!(world.try_execute("nobody", stranger), Err(NotIncludable::Sender(_))));
    assert_eq!((world.next_nonce("alice"), evm::fuel(&world.ctx, &wallet("alice"))), (nonce, fuel));
    assert!(world.ctx.events().is_empty());
}

/// EIP-2681. Nobody comes to the last nonce by sending; a chain for development can be told that somebody did.
#[test]
fn the_last_nonce_is_no_transactions() {
    let mut world = World::new();
    let account = evm::Account { nonce: u64::MAX, code: None };
    evm::ACCOUNTS.put(&mut world.ctx, &wallet("alice"), account);
    let script = Some(wallet("bob"));
    for to in [Some(acme()), script, None] {
        let last = transaction(u64::MAX, to, balance_of_alice());
        assert_eq!(world.try_execute("alice", last), Err(NotIncludable::NonceMax));
        // Who asks as this account is answered.
        let (from, input) = (wallet("alice"), balance_of_alice());
        let request = evm::CallRequest { from, to, input, gas: GAS, access_list: list(0, 0) };
        drop(evm::call(&mut world.ctx, &request));
        assert_eq!(world.next_nonce("alice"), u64::MAX);
    }
    assert_eq!(world.view(acme(), IERC20::totalSupplyCall {}), U256::from(1_000));
}

/// What is wrong with a transaction without a type is said of what it was meant as.
#[test]
fn m6_a_legacy_transaction_that_is_no_rlp_is_told_why() {
    let good = typed(0, Some(CHAIN_ID))[0].1.to_vec();
    // The gas price, 1 gwei, follows the list's head of two bytes and the nonce.
    assert_eq!(good[..4], [0xf8, good[1], 0x80, 0x84]);
    let mut zeros = good.clone();
    zeros[4] = 0;
    let mut string = good.clone();
    string[0] = 0xb8;
    let cut = &good[..good.len() - 1];
    for (bytes, words) in
        [(&zeros[..], "leading zero"), (&string, "unexpected string"), (cut, "input too short")]
    {
        let Err(Malformed::Rlp(why)) = decoded(&Bytes::copy_from_slice(bytes)) else {
            panic!("taken, or refused for something else")
        };
        assert_eq!(why, words);
    }
}

/// A voucher of the provider's for a fresh wallet, and the call that uses it.
fn enrolment(world: &World, name: &str, residence: &str) -> IIdentity::enrolCall {
    enrolment_with(world, name, residence, 0)
}

/// The same with so many claims, each on a topic of its own.
fn enrolment_with(world: &World, name: &str, residence: &str, claims: u32) -> IIdentity::enrolCall {
    let expires = |topic| NOW.0 + 60_000 * u64::from(topic);
    let evidence = B256::repeat_byte(7);
    let given = |topic| identity::ClaimGiven {
        topic,
        value: u64::MAX,
        dated: types::Time(0),
        expires: types::Time(expires(topic)),
        evidence,
    };
    let claim = |topic| IIdentity::Claim {
        topic,
        value: u64::MAX,
        dated: 0,
        expires: expires(topic),
        evidence,
    };
    let registration = identity::Registration {
        wallet: wallet(name),
        kind: identity::PersonKind::Natural,
        residence: residence.parse().expect("a country"),
        uniqueness: types::sha256(&[name.as_bytes()]),
        claims: (1..=claims).map(given).collect(),
    };
    let deadline = NOW.0 + 1_000;
    let digest = identity::voucher_digest(&world.ctx, &registration, deadline);
    let signature =
        signer("kyc").sign_hash_sync(&digest).expect("signs").as_bytes().to_vec().into();
    let registration = IIdentity::Registration {
        wallet: wallet(name),
        kind: 0,
        residence: (*b"DE").into(),
        uniqueness: registration.uniqueness,
        claims: (1..=claims).map(claim).collect(),
    };
    IIdentity::enrolCall { provider: 1, registration, deadline, signature }
}

/// M11: the provider pays for what it signed, once, and for nothing that a newcomer adds.
#[test]
fn m11_a_voucher_pays_for_one_enrolment_and_nothing_else() {
    let mut world = World::new();
    let service = service(types::Module::Identity);
    let good = enrolment(&world, "newcomer", "DE");
    let fuel = evm::fuel(&world.ctx, &wallet("kyc"));
    let send = |world: &mut World, input: Vec<u8>, to: Address, access_list: AccessList| {
        let mut tx = transaction(0, Some(to), input.into());
        tx.access_list = access_list;
        world.try_execute("newcomer", tx)
    };
    let padded = [good.abi_encode(), vec![0; 4_096]].concat();
    let other = enrolment(&world, "newcomer", "FR");
    for (input, to, access_list) in [
        (good.abi_encode(), service, list(10, 10)),
        (padded, service, AccessList::default()),
        (other.abi_encode(), service, AccessList::default()),
        (good.abi_encode(), acme(), AccessList::default()),
        (balance_of_alice().to_vec(), acme(), AccessList::default()),
    ] {
        let refused = send(&mut world, input, to, access_list).expect_err("nobody pays for it");
        let is_expected = matches!(refused, NotIncludable::Sender(_) | NotIncludable::Enrolment(_));
        assert!(is_expected, "{refused}");
    }
    assert_eq!(evm::fuel(&world.ctx, &wallet("kyc")), fuel);
    let receipt =
        send(&mut world, good.abi_encode(), service, AccessList::default()).expect("a voucher");
    done(&receipt);
    assert_eq!(receipt.person, Some(types::PersonId(7)));
    assert_eq!(evm::fuel(&world.ctx, &wallet("kyc")), fuel - receipt.gas_used);
    // From now on the newcomer pays for itself, and its voucher is used up.
    let mut again = transaction(1, Some(service), good.abi_encode().into());
    again.gas_limit = 1_000_000;
    let again = world.try_execute("newcomer", again).expect("on its own fuel");
    refusal(&again.outcome);
    assert_eq!(evm::fuel(&world.ctx, &wallet("kyc")), fuel - receipt.gas_used);
}

/// M11: whoever has a voucher cannot make its provider pay for an enrolment that does not end.
#[test]
fn m11_an_enrolment_has_the_gas_to_end_or_does_not_begin() {
    for claims in [0, 48] {
        let mut world = World::new();
        let service = service(types::Module::Identity);
        let input: Bytes = enrolment_with(&world, "newcomer", "DE", claims).abi_encode().into();
        let entry = evm::intrinsic(Some(service), &input, &AccessList::default());
        let needed = entry + identity::enrolment_work(claims as usize);
        assert!(needed > evm::floor(&input));
        let fuel = evm::fuel(&world.ctx, &wallet("kyc"));
        let send = |world: &mut World, gas_limit: u64| {
            let mut tx = transaction(0, Some(service), input.clone());
            tx.gas_limit = gas_limit;
            world.try_execute("newcomer", tx)
        };
        let short = send(&mut world, needed - 1).expect_err("the provider would pay for nothing");
        assert_eq!(short, NotIncludable::Intrinsic { gas: needed - 1, needed });
        assert_eq!(evm::fuel(&world.ctx, &wallet("kyc")), fuel);
        let estimate = world.call("newcomer", service, input.to_vec());
        assert_eq!(estimate.gas_used, needed, "{claims} claims: an estimate is what is needed");
        let receipt = send(&mut world, needed).expect("enough");
        done(&receipt);
        assert_eq!(receipt.gas_used, needed);
        assert_eq!(evm::fuel(&world.ctx, &wallet("kyc")), fuel - needed);
    }
}

/// M11: a sponsor pays as far as it said, failures included, and not beyond.
#[test]
fn m11_a_sponsor_pays_up_to_its_promise_for_failures_too() {
    let mut world = World::new();
    let trust = service(types::Module::Trust);
    world.ok(
        "issuer",
        trust,
        ITrust::sponsorCall { person: 3, gasAmount: 150_000, expires: u64::MAX },
    );
    let (sponsor, own) =
        (evm::fuel(&world.ctx, &wallet("issuer")), evm::fuel(&world.ctx, &wallet("alice")));
    let fails = IERC20::transferCall { to: wallet("bob"), value: U256::from(5_000) }.abi_encode();
    let send = |world: &mut World| {
        let mut tx = transaction(world.next_nonce("alice"), Some(acme()), fails.clone().into());
        tx.gas_limit = 100_000;
        let receipt = world.execute("alice", tx);
        assert!(!receipt.is_done());
        receipt.gas_used
    };
    let first = send(&mut world);
    assert_eq!(evm::fuel(&world.ctx, &wallet("issuer")), sponsor - first);
    let mut paid = first;
    while paid <= 50_000 {
        paid += send(&mut world);
    }
    assert_eq!(evm::fuel(&world.ctx, &wallet("issuer")), sponsor - paid);
    // What is left of the promise is less than the limit asks: alice pays.
    let last = send(&mut world);
    assert_eq!(evm::fuel(&world.ctx, &wallet("issuer")), sponsor - paid);
    assert_eq!(evm::fuel(&world.ctx, &wallet("alice")), own - last);
}

/// Every module bounds its records; here is one that does not.
#[test]
fn a_call_after_which_a_record_could_not_be_stored_halts_and_does_nothing() {
    const LONG: state::Table<u8, String> = state::Table::new(types::Module::Chain, 63, "test/long");
    let mut world = World::new();
    let transfer = || IERC20::transferCall { to: wallet("bob"), value: U256::from(1) };
    let (units, nonce) = (world.balance("bob"), world.next_nonce("alice"));
    LONG.put(&mut world.ctx, &1, "x".repeat(state::MAX_RECORD_BYTES));
    let halted = world.send("alice", acme(), transfer());
    assert_eq!(halted.outcome, Outcome::Halted("a record would be too long to be stored".into()));
    assert!(halted.gas_used > 21_000 && halted.logs.is_empty() && halted.events.is_empty());
    assert_eq!((world.balance("bob"), world.next_nonce("alice")), (units, nonce + 1));
    done(&world.send("alice", acme(), transfer()));
    assert_eq!(world.balance("bob"), units + 1);
}

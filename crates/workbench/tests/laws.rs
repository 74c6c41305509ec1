//! WRK-1, WRK-2, WRK-3: a workbench goes back exactly, tells everything once, and goes on where it was.

#[path = "../../chain/tests/market/mod.rs"]
mod market;

use market::*;
use parking_lot::Mutex;
use std::sync::Arc;
use types::{Address, B256, Bytes, Time, U256};
use workbench::{Keys, Refused, Setup, Told, Workbench};

fn setup(newcomers: bool) -> Setup {
    Setup {
        keys: Keys::default(),
        newcomers: newcomers.then(|| wallet("kyc")),
        fuel: None,
        interval: None,
        now: Box::new(|| START.plus_ms(60_000)),
    }
}

fn bench() -> Workbench {
    let bench = Workbench::begin(genesis(3), setup(true));
    for bytes in opening(3) {
        bench.submit(bytes).expect("taken");
    }
    bench
}

fn units(bench: &Workbench, name: &str) -> u128 {
    bench.chain().read(|ctx| {
        let account = identity::account_of(ctx, &wallet(name)).expect("a person");
        let position = (types::AssetId(1), types::ClassId(0), account);
        ledger::POSITIONS.get(ctx, &position).map_or(0, |position| position.units.0)
    })
}

fn records(bench: &Workbench) -> Vec<(B256, Vec<u8>)> {
    bench.chain().with_base(|base| base.records())
}

#[test]
fn a_transaction_is_executed_when_its_hash_is_known() {
    let bench = bench();
    let height = bench.chain().latest().height;
    let hash = bench.submit(transfer(&holder(0), 0, &holder(1), 40)).expect("taken");
    let block = bench.block(height + 1).expect("a block of its own");
    assert_eq!(block.receipts.last().map(|receipt| receipt.tx), Some(hash));
    assert_eq!((units(&bench, &holder(0)), units(&bench, &holder(1))), (960, 1_040));
    assert_eq!(bench.pool().status().pending, 0);
}

#[test]
fn going_back_restores_native_records_contracts_amendments_nonces_and_time() {
    let bench = bench();
    let (before, head) = (records(&bench), bench.chain().latest());
    let id = bench.snapshot();
    bench.submit(transfer(&holder(0), 0, &holder(1), 40)).expect("taken");
    let contract = Address::repeat_byte(7);
    bench.set_code(contract, Bytes::from_static(&[0x60, 0])).expect("set");
    bench.set_storage(contract, U256::from(1), B256::repeat_byte(2)).expect("set");
    bench.set_nonce(wallet(&holder(2)), 9);
    bench.set_fuel(wallet("newcomer"), U256::from(evm::BASE_FEE) * U256::from(1_000)).expect("set");
    assert_eq!(bench.chain().read(|ctx| evm::fuel(ctx, &wallet("newcomer"))), 1_000);
    bench.increase_time(1_000_000);
    bench.mine(3, Some(60)).expect("made");
    let inner = bench.snapshot();
    assert_ne!(records(&bench), before);

    assert!(bench.revert(id));
    assert_eq!(records(&bench), before);
    assert_eq!(bench.chain().latest(), head);
    assert_eq!(bench.block(head.height + 1), None);
    assert!(!bench.revert(id), "it is used up");
    assert!(!bench.revert(inner), "it never was");
    // The same nonce is good again, and the block after is dated as if nothing had happened.
    bench.submit(transfer(&holder(0), 0, &holder(1), 1)).expect("taken");
    assert!(bench.chain().latest().time < head.time.plus_ms(100_000));
    assert_eq!(units(&bench, &holder(1)), 1_001);
}

#[test]
fn an_older_state_is_read_as_it_was_though_the_newest_was_amended() {
    let bench = bench();
    let contract = Address::repeat_byte(7);
    let old = bench.chain().latest();
    bench.mine(1, None).expect("made");
    bench.set_storage(contract, U256::ZERO, B256::repeat_byte(2)).expect("set");
    let amended = bench.chain().latest();
    bench.mine(1, None).expect("made");
    let word = |header| {
        bench.chain().read_at(header, |ctx| evm::storage(ctx, &contract, U256::ZERO)).expect("kept")
    };
    assert_eq!(word(&old), U256::ZERO);
    assert_eq!(B256::from(word(&amended)), B256::repeat_byte(2));
}

#[test]
fn whoever_sends_is_a_person_unless_strangers_are_refused() {
    let stranger = || transfer("stranger", 0, &holder(0), 0);
    let strict = Workbench::begin(genesis(1), setup(false));
    let refused = strict.submit(stranger()).expect_err("nobody");
    assert!(refused.to_string().contains("sender not registered"), "{refused}");
    assert_eq!(
        strict.set_fuel(wallet("stranger"), U256::ZERO),
        Err(Refused::Nobody(wallet("stranger")))
    );
    let lenient = Workbench::begin(genesis(1), setup(true));
    lenient.submit(stranger()).expect("a person now");
    let is_person =
        |ctx: &mut state::Context<'_>| identity::acting(ctx, &wallet("stranger")).is_ok();
    assert!(lenient.chain().read(is_person));
}

#[test]
fn nobody_forges_the_mark_of_those_who_are_impersonated() {
    use alloy_consensus::{SignableTransaction, TxEnvelope};
    use alloy_eips::eip2718::Encodable2718;
    let bench = bench();
    let victim = wallet(&holder(0));
    let call = IERC20::transferCall { to: wallet(&holder(1)), value: U256::from(5) };
    let input = alloy_sol_types::SolCall::abi_encode(&call);
    let tx = transaction(0, Some(acme()), input).into_signed(evm::unsigned(&victim));
    let bytes = Bytes::from(TxEnvelope::from(tx).encoded_2718());
    let malformed = Refused::Transaction(pool::Refusal::Malformed(evm::Malformed::Signature));
    assert_eq!(bench.submit(bytes.clone()), Err(malformed));
    let network = chain::Chain::new(genesis(3)).recover(&bytes);
    assert!(network.map_or(true, |signed| signed.sender != victim), "a network takes no such mark");
    bench.submit_unsigned(bytes).expect("taken for who is impersonated");
    assert_eq!(units(&bench, &holder(0)), 995);
}

#[test]
fn who_is_impersonated_is_known_before_it_sends() {
    let bench = bench();
    let stranger = wallet("a stranger");
    let is_known = || bench.chain().read(|ctx| identity::account_of(ctx, &stranger).is_some());
    assert!(!is_known());
    bench.impersonate(stranger);
    assert!(is_known());
}

#[test]
fn time_is_set_forward_only_and_reserved_places_are_left_alone() {
    let bench = bench();
    let latest = bench.chain().latest().time.secs();
    let asked = latest;
    assert_eq!(bench.set_next_time(asked), Err(Refused::Earlier { asked, latest }));
    bench.set_next_time(latest + 1_000).expect("later");
    bench.mine(1, None).expect("made");
    assert_eq!(bench.chain().latest().time, Time::from_secs(latest + 1_000));
    assert_eq!(bench.set_code(acme(), Bytes::new()), Err(Refused::Reserved(acme())));
    let most = bench.mine(u64::MAX, None).expect_err("too many");
    assert!(most.to_string().contains("at most"), "{most}");
}

#[test]
fn blocks_wait_until_they_are_made_where_the_developer_says_so() {
    let bench = bench();
    bench.set_automine(false);
    let height = bench.chain().latest().height;
    bench.submit(transfer(&holder(0), 0, &holder(1), 1)).expect("taken");
    bench.submit(transfer(&holder(0), 1, &holder(1), 1)).expect("taken");
    assert_eq!((bench.chain().latest().height, bench.pool().status().pending), (height, 2));
    bench.mine(1, None).expect("made");
    assert_eq!(units(&bench, &holder(1)), 1_002);
}

#[test]
fn a_listener_hears_every_block_once_in_order_and_every_step_back() {
    let bench = bench();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let said = heard.clone();
    bench.listen(Box::new(move |told| {
        said.lock().push(match told {
            Told::Block(block) => (true, block.block.header.height),
            Told::Back(height) => (false, height),
        });
    }));
    let head = bench.chain().latest().height;
    let mut expected: Vec<_> = (1..=head).map(|height| (true, height)).collect();
    let id = bench.snapshot();
    bench.mine(2, None).expect("made");
    bench.revert(id);
    bench.mine(1, None).expect("made");
    bench.reset();
    let after = [
        (true, head + 1),
        (true, head + 2),
        (false, head),
        (true, head + 1),
        (false, 0),
        (true, 1),
    ];
    expected.extend(after);
    assert_eq!(*heard.lock(), expected);
    assert_eq!(bench.status().borrow().height, Some(1));
}

#[test]
fn what_is_saved_goes_on_and_what_is_damaged_is_refused() {
    let bench = bench();
    bench.increase_time(5_000);
    bench.submit(transfer(&holder(0), 0, &holder(1), 7)).expect("taken");
    let saved = bench.save();
    let again = Workbench::resume(&saved, |_| setup(true)).expect("the same");
    assert_eq!(records(&again), records(&bench));
    let head = bench.chain().latest();
    assert_eq!(again.block(head.height), bench.block(head.height));
    for bench in [&bench, &again] {
        bench.submit(transfer(&holder(0), 1, &holder(1), 7)).expect("taken");
    }
    assert_eq!(again.chain().latest(), bench.chain().latest());
    assert!(Workbench::resume(&saved[..saved.len() - 1], |_| setup(true)).is_err());
    assert!(Workbench::resume(b"{}", |_| setup(true)).is_err());
}

#[test]
fn accounts_begin_with_the_fuel_they_are_given_and_a_balance_moves_by_what_was_spent() {
    let given = U256::from(evm::BASE_FEE) * U256::from(7_000_000u64);
    let key = B256::from_slice(&signer(&holder(0)).to_bytes()[..]);
    let setup = Setup { keys: Keys::new([key]), fuel: Some(given), ..setup(true) };
    let mut genesis = genesis(1);
    genesis.trust.fuel.verified_capacity = 100_000;
    genesis.trust.fuel.registered_capacity = 100_000;
    genesis.trust.fuel.refill_ms = 604_800_000;
    let bench = Workbench::begin(genesis, setup);
    let left = || bench.chain().read(|ctx| evm::fuel(ctx, &wallet(&holder(0))));
    assert_eq!(left(), 7_000_000);
    bench.submit(transfer(&holder(0), 0, &holder(0), 0)).expect("taken");
    let used = bench.block(2).expect("its block").receipts.last().expect("one").gas_used;
    assert_eq!(left(), 7_000_000 - used);
    bench.submit(transfer("stranger", 0, &holder(0), 0)).expect("a person with fuel");
    bench.reset();
    assert_eq!(left(), 7_000_000);
}

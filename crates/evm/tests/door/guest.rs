//! Contracts that call services and assets. EVM-1, EVM-2, EVM-3; THREATS M8, M9, M10, P40.

use crate::world::*;
use alloy_primitives::keccak256;
use alloy_signer::SignerSync;
use alloy_sol_types::{SolCall, SolValue};
use evm::NotIncludable;
use types::{Address, AssetId, B256, Bytes, Module, Outcome, Receipt, Reserved, ShardId, U256};

const CALL: u8 = 0;
const STATICCALL: u8 = 1;
const DELEGATECALL: u8 = 2;
const CALLCODE: u8 = 3;
const CREATE2: u8 = 4;
const SELFDESTRUCT: u8 = 5;

fn by(kind: u8, to: Address, data: Vec<u8>) -> Script::Step {
    Script::Step { kind, to, value: U256::ZERO, data: data.into(), must: false }
}

fn run(world: &mut World, script: Address, told: Vec<Script::Step>, fail: bool) -> Receipt {
    world.send("alice", script, Script::runCall { told, fail })
}

fn results(receipt: &Receipt) -> Vec<Script::Result> {
    Script::runCall::abi_decode_returns(&done(receipt)).expect("results")
}

fn code_of(result: &Script::Result) -> u16 {
    assert!(!result.ok, "it was done");
    refusal(&Outcome::Refused(result.data.clone())).0
}

/// One question and one change of every native; the changes need no power but an account.
fn questions() -> Vec<(Address, Vec<u8>)> {
    vec![
        (service(Module::Identity), IIdentity::personOfCall { wallet: wallet("bob") }.abi_encode()),
        (service(Module::Trust), ITrust::fuelOfCall { person: 3 }.abi_encode()),
        (service(Module::Compliance), ICompliance::holderCountCall { asset: 1 }.abi_encode()),
        (service(Module::Ledger), ILedger::tokenOfCall { asset: 1 }.abi_encode()),
        (acme(), IERC20::balanceOfCall { account: wallet("bob") }.abi_encode()),
    ]
}

fn changes() -> Vec<(Address, Vec<u8>)> {
    let delegate = IIdentity::delegateCall {
        wallet: wallet("dave"),
        operations: 1,
        asset: 0,
        limit: 0,
        expires: u64::MAX,
    };
    let sponsor = ITrust::sponsorCall { person: 3, gasAmount: 1, expires: u64::MAX };
    let policy = ICompliance::setPolicyCall {
        asset: 1,
        policy: r#"{"rules":[{"claim":{"side":"receiver","topic":1}}]}"#.into(),
    };
    let order = ILedger::Order {
        authority: "BaFin".into(),
        r#ref: "1".into(),
        document: [1; 32].into(),
        expires: 0,
    };
    let approve = IERC20::approveCall { spender: wallet("dave"), value: U256::from(5) };
    vec![
        (service(Module::Identity), delegate.abi_encode()),
        (service(Module::Trust), sponsor.abi_encode()),
        (service(Module::Compliance), policy.abi_encode()),
        (service(Module::Ledger), ILedger::fileOrderCall { asset: 1, order }.abi_encode()),
        (acme(), approve.abi_encode()),
    ]
}

/// A script that is a person and may set ACME's rules, so that every change is its to make.
fn able(world: &mut World) -> Address {
    let script = world.script();
    world.register(script);
    let key = ITrust::GrantKey { grantee: script, power: 10, asset: ACME.0, class: 0 };
    world.ok(
        "issuer",
        service(Module::Trust),
        ITrust::grantCall { key, limit: 0, expires: u64::MAX },
    );
    script
}

#[test]
fn m9_p40_a_native_answers_calls_and_static_calls_and_changes_by_calls_alone() {
    for (to, input) in questions() {
        let mut world = World::new();
        let script = able(&mut world);
        for (kind, is_answered) in
            [(CALL, true), (STATICCALL, true), (DELEGATECALL, false), (CALLCODE, false)]
        {
            let receipt = run(&mut world, script, vec![by(kind, to, input.clone())], false);
            let result = &results(&receipt)[0];
            assert_eq!(result.ok, is_answered, "question by {kind} to {to}");
            if !is_answered {
                assert_eq!(code_of(result), 5_020, "question by {kind} to {to}");
            }
        }
    }
    for (to, input) in changes() {
        let mut world = World::new();
        let script = able(&mut world);
        for (kind, code) in [(STATICCALL, 5_001), (DELEGATECALL, 5_020), (CALLCODE, 5_020)] {
            let receipt = run(&mut world, script, vec![by(kind, to, input.clone())], false);
            assert_eq!(code_of(&results(&receipt)[0]), code, "change by {kind} to {to}");
            assert!(receipt.events.is_empty(), "change by {kind} to {to}");
        }
        // A call inside a static frame is as static as the frame.
        let look = Script::lookCall { told: vec![by(CALL, to, input.clone())] }.abi_encode();
        let receipt = run(&mut world, script, vec![by(STATICCALL, script, look)], false);
        let inside = &results(&receipt)[0];
        assert!(inside.ok);
        let inside = Script::lookCall::abi_decode_returns(&inside.data).expect("results");
        assert_eq!(code_of(&inside[0]), 5_001, "change in a static frame to {to}");

        let receipt = run(&mut world, script, vec![by(CALL, to, input)], false);
        let result = &results(&receipt)[0];
        assert!(result.ok, "{to}: {:?}", evm::reason_of(&result.data));
    }
}

/// The caller is the contract, whoever signed the transaction and whoever's code it runs.
#[test]
fn m9_p40_a_contract_calls_as_itself_and_never_as_who_called_it() {
    let mut world = World::new();
    let script = world.script();
    let transfer = IERC20::transferCall { to: wallet("bob"), value: U256::from(10) }.abi_encode();
    let receipt = run(&mut world, script, vec![step(acme(), transfer.clone())], false);
    assert_eq!(code_of(&results(&receipt)[0]), 1_001, "the script is nobody");

    // A proxy's own code, run by delegation: the caller is the proxy, not the code's address.
    let other = world.script();
    world.register(other);
    world.ok("alice", acme(), IERC20::transferCall { to: other, value: U256::from(50) });
    let inner = Script::lookCall { told: vec![step(acme(), transfer.clone())] }.abi_encode();
    let receipt = run(&mut world, script, vec![by(DELEGATECALL, other, inner.clone())], false);
    assert!(results(&receipt)[0].ok);
    assert_eq!((world.units(other), world.balance("bob")), (50, 0), "not the code's units");
    let receipt = run(&mut world, script, vec![by(CALL, other, inner)], false);
    assert!(results(&receipt)[0].ok);
    assert_eq!((world.units(other), world.balance("bob")), (40, 10), "its own units");
}

#[test]
fn m9_constructors_call_natives_and_undo_them_with_themselves() {
    let mut world = World::new();
    let next = wallet("alice").create(world.next_nonce("alice") + 1);
    world.approve("alice", next, 100);
    let told = vec![step(acme(), transfer_from("alice", "bob", 10))];
    let made = world.deploy("alice", code("Script", &told.abi_encode()));
    assert_eq!((made, world.balance("bob")), (next, 10));

    let next = wallet("alice").create(world.next_nonce("alice") + 1);
    world.approve("alice", next, 100);
    let mut wrong = step(acme(), transfer_from("alice", "bob", 1_000));
    wrong.must = true;
    let told = vec![step(acme(), transfer_from("alice", "bob", 10)), wrong];
    let receipt = world.send_raw("alice", None, code("Script", &told.abi_encode()));
    assert!(matches!(receipt.outcome, Outcome::Refused(_)), "{:?}", receipt.outcome);
    assert_eq!((receipt.created, receipt.events.len(), receipt.logs.len()), (None, 0, 0));
    assert_eq!(world.balance("bob"), 10);
    assert!(evm::code(&world.ctx, &next).is_empty());
}

#[test]
fn m9_create2_constructors_call_natives_and_undo_them_with_themselves() {
    let mut world = World::new();
    let script = world.script();
    for fails in [false, true] {
        let mut last = step(acme(), transfer_from("alice", "bob", if fails { 1_000 } else { 1 }));
        last.must = true;
        let told = vec![step(acme(), transfer_from("alice", "bob", 10)), last];
        let init = code("Script", &told.abi_encode());
        let child = script.create2(B256::ZERO, keccak256(&init));
        world.approve("alice", child, 100);
        let before = world.balance("bob");
        let receipt =
            run(&mut world, script, vec![by(CREATE2, Address::ZERO, init.to_vec())], false);
        assert_eq!(results(&receipt)[0].ok, !fails);
        assert_eq!(world.balance("bob") - before, if fails { 0 } else { 11 });
        assert_eq!(evm::code(&world.ctx, &child).is_empty(), fails);
        assert_eq!(
            logs::<IERC20::Transfer>(&receipt.logs, acme()).len(),
            if fails { 0 } else { 2 }
        );
    }
}

#[test]
fn m8_every_frame_undoes_its_own_native_writes_however_deep() {
    let mut world = World::new();
    let script = world.script();
    world.approve("alice", script, 1_000);
    let step = step(acme(), transfer_from("alice", "bob", 1));
    // Nothing fails: each of seven frames moves one.
    let receipt = world.send(
        "alice",
        script,
        Script::diveCall { depth: U256::from(6), step: step.clone(), failOdd: false },
    );
    done(&receipt);
    assert_eq!(world.balance("bob"), 7);
    // The frame at depth five fails, and takes all below with it.
    let receipt = world.send(
        "alice",
        script,
        Script::diveCall { depth: U256::from(6), step: step.clone(), failOdd: true },
    );
    done(&receipt);
    assert_eq!(world.balance("bob"), 8);
    assert_eq!(receipt.events.len(), 1, "one movement is announced");
    // The outermost fails: nothing is left, and its nonce is used.
    let nonce = world.next_nonce("alice");
    let receipt =
        world.send("alice", script, Script::diveCall { depth: U256::from(5), step, failOdd: true });
    assert!(matches!(receipt.outcome, Outcome::Refused(_)));
    assert_eq!((world.balance("bob"), receipt.events.len(), receipt.logs.len()), (8, 0, 0));
    assert_eq!(world.next_nonce("alice"), nonce + 1);
}

#[test]
fn m10_no_value_moves_by_any_door() {
    let mut world = World::new();
    let script = world.script();
    let mut tx = transaction(world.next_nonce("alice"), Some(acme()), Bytes::new());
    tx.value = U256::from(1);
    assert_eq!(world.try_execute("alice", tx), Err(NotIncludable::Value));
    for to in [acme(), wallet("bob"), script] {
        for kind in [CALL, CALLCODE] {
            let mut step = by(kind, to, IERC20::totalSupplyCall {}.abi_encode());
            step.value = U256::from(1);
            let receipt = run(&mut world, script, vec![step], false);
            assert!(!results(&receipt)[0].ok, "by {kind} to {to}");
        }
    }
}

#[test]
fn m10_a_contract_that_destroys_itself_keeps_what_it_did_and_harms_nothing() {
    let mut world = World::new();
    // Destroyed in the transaction that made it: it never was, but its movement stands.
    let next = wallet("alice").create(world.next_nonce("alice") + 1);
    world.approve("alice", next, 100);
    let told =
        vec![step(acme(), transfer_from("alice", "bob", 10)), by(SELFDESTRUCT, acme(), Vec::new())];
    done(&world.send_raw("alice", None, code("Script", &told.abi_encode())));
    assert_eq!(world.balance("bob"), 10);
    assert!(evm::code(&world.ctx, &next).is_empty());
    // Destroyed later: since Cancun the code stays, and so does the token it named.
    let script = world.script();
    world.approve("alice", script, 100);
    let told =
        vec![step(acme(), transfer_from("alice", "bob", 10)), by(SELFDESTRUCT, acme(), Vec::new())];
    done(&run(&mut world, script, told, false));
    assert_eq!(world.balance("bob"), 20);
    assert!(!evm::code(&world.ctx, &script).is_empty());
    assert_eq!(evm::code(&world.ctx, &acme())[..], evm::NATIVE_CODE);
    assert_eq!(world.view(acme(), IERC20::totalSupplyCall {}), U256::from(1_000));
}

#[test]
fn m8_an_asset_made_in_a_frame_that_failed_is_not_there() {
    let mut world = World::new();
    let script = able(&mut world);
    let key = ITrust::GrantKey { grantee: script, power: 4, asset: 0, class: 0 };
    world.ok("kyc", service(Module::Trust), ITrust::grantCall { key, limit: 0, expires: u64::MAX });
    let create = vec![step(service(Module::Ledger), new_asset("NEW").abi_encode())];
    let token_of = step(service(Module::Ledger), ILedger::tokenOfCall { asset: 2 }.abi_encode());
    for fail in [true, false] {
        let inner = Script::runCall { told: create.clone(), fail }.abi_encode();
        let receipt = run(&mut world, script, vec![step(script, inner), token_of.clone()], false);
        let results = results(&receipt);
        assert_eq!((results[0].ok, results[1].ok), (!fail, true));
        let found = ILedger::tokenOfCall::abi_decode_returns(&results[1].data).expect("an address");
        assert_eq!(found, if fail { Address::ZERO } else { token(AssetId(2)) });
        assert_eq!(receipt.events.is_empty(), fail);
    }
    assert_eq!(world.view(token(AssetId(2)), IERC20Metadata::symbolCall {}), "NEW");
}

/// For every gas limit the movement and the contract's own word stand together, or neither does.
#[test]
fn gas_may_end_anywhere_and_leaves_all_or_nothing() {
    let mut world = World::new();
    let script = world.script();
    world.approve("alice", script, 1_000);
    let told = vec![step(acme(), transfer_from("alice", "bob", 1))];
    let input: Bytes = Script::runCall { told, fail: false }.abi_encode().into();
    let needed = world.call("alice", script, input.to_vec()).gas_used;
    let least = evm::intrinsic(Some(script), &input, &Default::default()).max(evm::floor(&input));
    let (mut refused_inside, mut halted, mut whole) = (0, 0, 0);
    let upto = needed + needed / 16;
    for gas in (least..upto).step_by(97) {
        let mark = world.ctx.mark();
        let request = evm::CallRequest {
            from: wallet("alice"),
            to: Some(script),
            input: input.clone(),
            gas,
            access_list: Default::default(),
        };
        let called = evm::call(&mut world.ctx, &request);
        let steps = evm::storage(&world.ctx, &script, U256::ZERO);
        assert!(called.gas_used <= gas);
        match &called.outcome {
            Outcome::Done(output) => {
                let result =
                    Script::runCall::abi_decode_returns(output).expect("results").remove(0);
                assert_eq!(world.balance("bob"), u128::from(result.ok), "gas {gas}");
                assert_eq!(steps, U256::from(1));
                if result.ok { whole += 1 } else { refused_inside += 1 }
            }
            _ => {
                halted += 1;
                assert_eq!((world.balance("bob"), steps), (0, U256::ZERO), "gas {gas}");
                assert!(called.logs.is_empty());
            }
        }
        world.ctx.rollback(mark);
    }
    assert!(halted > 0 && whole > 0, "{halted} halted, {refused_inside} inside, {whole} whole");
}

#[test]
fn a_native_that_runs_out_of_gas_inside_a_guest_leaves_nothing_and_the_guest_goes_on() {
    let mut world = World::new();
    let script = world.script();
    world.approve("alice", script, 1_000);
    let transfer = transfer_from("alice", "bob", 1);
    // A batch too long for its gas: the guest keeps a 64th and ends well.
    let holders = vec![wallet("bob"); 2_000];
    let amounts = vec![U256::from(0); 2_000];
    let batch = IERC3643::batchTransferCall { toList: holders, amounts }.abi_encode();
    let told = vec![step(acme(), batch), step(acme(), transfer)];
    let input = Script::runCall { told, fail: false }.abi_encode();
    let mut tx = transaction(world.next_nonce("alice"), Some(script), input.into());
    tx.gas_limit = 8_000_000;
    let receipt = world.execute("alice", tx);
    let results = results(&receipt);
    assert_eq!((results[0].ok, results[1].ok), (false, true));
    assert_eq!(world.balance("bob"), 1);
}

#[test]
fn m10_a_guest_sees_natives_as_contracts_and_nothing_where_nothing_lives() {
    let mut world = World::new();
    let script = world.script();
    let probe = |world: &mut World, what| world.view(script, Script::probeCall { what });
    for native in
        [acme(), service(Module::Identity), Reserved::person(ShardId(0), types::PersonId(3))]
    {
        let seen = probe(&mut world, native);
        assert_eq!(
            (seen.size, seen.hash, seen.balance),
            (U256::from(1), keccak256([0xef]), U256::ZERO)
        );
    }
    let elsewhere = Reserved::asset(ShardId(1), ACME);
    for nothing in [token(AssetId(99)), elsewhere, service(Module::Evm), service(Module::Chain)] {
        assert_eq!(probe(&mut world, nothing).size, U256::ZERO, "{nothing}");
        let receipt =
            run(&mut world, script, vec![step(nothing, transfer_from("alice", "bob", 1))], false);
        assert!(results(&receipt)[0].ok && results(&receipt)[0].data.is_empty(), "{nothing}");
        let called = world.send_raw("alice", Some(nothing), transfer_from("alice", "bob", 1));
        assert_eq!(refusal(&called.outcome).0, 5_002, "who signs a call to it is told");
        assert!(evm::code(&world.ctx, &nothing).is_empty());
        assert_eq!(evm::nonce(&world.ctx, &nothing), 0);
    }
}

#[test]
fn ethereums_own_precompiles_are_there() {
    let mut world = World::new();
    let script = world.script();
    let at = Address::with_last_byte;
    let digest = B256::repeat_byte(9);
    let signature = signer("bob").sign_hash_sync(&digest).expect("signs");
    let v = U256::from(27 + u8::from(signature.v()));
    let words = [U256::from_be_bytes(digest.0), v, signature.r(), signature.s()];
    let recover: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes::<32>()).collect();
    let one = U256::from(1).to_be_bytes::<32>();
    let modexp = [&[one, one, one].concat()[..], &[3, 2, 5]].concat();
    let told = vec![
        step(at(1), recover),
        step(at(2), b"scrip".to_vec()),
        step(at(4), b"scrip".to_vec()),
        step(at(5), modexp),
    ];
    let receipt = run(&mut world, script, told, false);
    let results = results(&receipt);
    assert!(results.iter().all(|result| result.ok));
    assert_eq!(results[0].data[..], wallet("bob").into_word()[..]);
    assert_eq!(results[1].data[..], types::sha256(&[b"scrip"])[..]);
    assert_eq!(results[2].data[..], b"scrip"[..]);
    assert_eq!(results[3].data[..], [4], "3 ^ 2 mod 5");
}

/// A frame that writes nothing may be deep; calls stop at 1,024 frames and the native at the bottom answers.
#[test]
fn m8_call_depth_ends_a_dive_without_harm() {
    let mut world = World::new();
    let script = world.script();
    world.approve("alice", script, 5_000);
    let step = step(acme(), transfer_from("alice", "bob", 0));
    let input = Script::diveCall { depth: U256::from(2_000), step, failOdd: false }.abi_encode();
    let mut tx = transaction(world.next_nonce("alice"), Some(script), input.into());
    tx.gas_limit = world.ctx.env.guest_gas;
    let receipt = world.execute("alice", tx);
    assert!(receipt.gas_used <= world.ctx.env.guest_gas);
    assert_eq!(world.balance("alice"), 1_000);
}

/// Answers BASEFEE, GASLIMIT, GASPRICE, PREVRANDAO and COINBASE, a word each.
const SURROUNDINGS: &str = "60178060095f395ff3\
    485f52456020523a604052446060524160805260a05ff3";

#[test]
fn a_contract_reads_the_block_as_headers_show_it() {
    let mut world = World::new();
    let code = alloy_primitives::hex::decode(SURROUNDINGS).expect("hex");
    let contract = world.deploy("alice", code.into());
    let receipt = world.send_raw("alice", Some(contract), Bytes::new());
    let words: Vec<_> = done(&receipt).chunks(32).map(U256::from_be_slice).collect();
    let price = U256::from(evm::BASE_FEE);
    let limit = U256::from(world.ctx.env.gas_limit);
    assert_eq!(words, [price, limit, price, U256::ZERO, U256::ZERO]);
}

#[test]
fn nobodys_balance_changes_by_gas() {
    let mut world = World::new();
    // BALANCE of the caller and of who mined: CALLER BALANCE, COINBASE BALANCE.
    let code = "600d8060095f395ff333315f5241316020526040 5ff3".replace(' ', "");
    let contract = world.deploy("alice", alloy_primitives::hex::decode(code).expect("hex").into());
    let receipt = world.send_raw("alice", Some(contract), Bytes::new());
    assert_eq!(done(&receipt), Bytes::from(vec![0; 64]));
}

#[test]
fn what_a_call_touches_is_listed() {
    let mut world = World::new();
    let rule = world.deploy("issuer", code("Rule", &[]));
    let (asset, from, to) = (acme(), wallet("alice"), wallet("bob"));
    let check = IRuleContract::checkCall { asset, from, to, units: U256::from(1) };
    let request = |to, input: Vec<u8>| evm::CallRequest {
        from: wallet("carol"),
        to: Some(to),
        input: input.into(),
        gas: 1_000_000,
        access_list: Default::default(),
    };
    let asked = request(rule, check.abi_encode());
    let list = evm::touched(&mut world.ctx, &asked);
    let slots = |number: u64| B256::from(U256::from(number));
    let of = |address| list.0.iter().find(|item| item.address == address);
    // Its manner and its limit, and the token it asks.
    assert_eq!(of(rule).expect("the rule").storage_keys, [slots(0), slots(1)]);
    assert_eq!(of(acme()).expect("the token").storage_keys, Vec::<B256>::new());
    assert_eq!(list.0.len(), 2);
    let with_list = evm::call(&mut world.ctx, &evm::CallRequest { access_list: list, ..asked });
    assert!(matches!(with_list.outcome, Outcome::Done(_)));
    let native = request(acme(), IERC20::totalSupplyCall {}.abi_encode());
    assert!(evm::touched(&mut world.ctx, &native).0.is_empty());
}

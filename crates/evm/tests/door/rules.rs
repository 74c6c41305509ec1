//! An issuer's own contract: asked with bounded gas, unable to change anything, its silence a no.

use crate::world::*;
use alloy_primitives::FixedBytes;
use alloy_sol_types::{SolCall, SolError, SolValue, sol};
use compliance::ReasonCode;
use ledger::Wish;
use types::{Address, B256, Bytes, Module, Outcome, U256, Units};

sol! {
    function set(uint8 manner, uint256 limit) external;
    function asked() external view returns (uint256);
}

const RULE: u8 = 0;
const LOOP: u8 = 1;
const WRITE: u8 = 2;
const REENTER: u8 = 3;
const GARBAGE: u8 = 4;
const SILENT: u8 = 5;
const FAIL: u8 = 6;
const ASK: u8 = 7;
const CONTRACT_REFUSED: u16 = 9_027;

/// ACME asks a contract that lets nobody have more than 100.
fn ruled(gas: u64) -> (World, Address) {
    let mut world = World::new();
    let rule = world.deploy("issuer", code("Rule", &[]));
    world.ok("issuer", rule, setCall { manner: RULE, limit: U256::from(100) });
    adopt(&mut world, rule, gas);
    (world, rule)
}

fn adopt(world: &mut World, rule: Address, gas: u64) {
    world.ok("issuer", service(Module::Compliance), asking(rule, gas));
}

fn asking(rule: Address, gas: u64) -> ICompliance::setPolicyCall {
    let policy = format!(
        r#"{{"rules":[{{"claim":{{"side":"receiver","topic":1}}}}],"contract":["{rule}",{gas}]}}"#
    );
    ICompliance::setPolicyCall { asset: ACME.0, policy, report: REPORT }
}

fn give(units: u64) -> IERC20::transferCall {
    IERC20::transferCall { to: wallet("bob"), value: U256::from(units) }
}

#[test]
fn the_contract_judges_the_ledger_as_the_movement_would_leave_it() {
    let (mut world, _) = ruled(200_000);
    world.ok("alice", acme(), give(60));
    let (code, status, words) = world.refused("alice", acme(), give(41));
    assert_eq!((code, status), (CONTRACT_REFUSED, 0x10), "{words}");
    world.ok("alice", acme(), give(40));
    assert_eq!(world.balance("bob"), 100);
    // Every entrance asks: an allowance, and a contract that spends it.
    let script = world.script();
    world.approve("alice", script, 500);
    let told = vec![
        step(acme(), transfer_from("alice", "bob", 1)),
        step(acme(), transfer_from("alice", "carol", 1)),
    ];
    let receipt = world.send("alice", script, Script::runCall { told, fail: false });
    let results = Script::runCall::abi_decode_returns(&done(&receipt)).expect("results");
    assert_eq!((results[0].ok, results[1].ok), (false, true));
    assert_eq!((world.balance("bob"), world.balance("carol")), (100, 1));
}

#[test]
fn m8_a_contract_that_misbehaves_in_any_manner_says_no_and_changes_nothing() {
    let (mut world, rule) = ruled(200_000);
    for manner in [LOOP, REENTER, GARBAGE, SILENT, FAIL] {
        world.ok("issuer", rule, setCall { manner, limit: U256::from(100) });
        let (code, ..) = world.refused("alice", acme(), give(1));
        assert_eq!(code, CONTRACT_REFUSED, "manner {manner}");
        assert_eq!(world.balance("bob"), 0, "manner {manner}");
    }
    // What it writes in itself is not kept, whatever it answers.
    world.ok("issuer", rule, setCall { manner: WRITE, limit: U256::from(100) });
    world.ok("alice", acme(), give(1));
    world.refused("alice", acme(), give(100));
    assert_eq!(world.view(rule, askedCall {}), U256::ZERO);
}

#[test]
fn the_contract_uses_its_share_of_gas_and_the_transaction_pays_it() {
    let (mut world, rule) = ruled(300_000);
    let quiet = world.send("alice", acme(), give(1));
    done(&quiet);
    world.ok("issuer", rule, setCall { manner: LOOP, limit: U256::ZERO });
    let looping = world.send("alice", acme(), give(1));
    refusal(&looping.outcome);
    assert!(looping.gas_used > 300_000, "what it burnt is charged: {}", looping.gas_used);
    assert!(looping.gas_used < 300_000 + 140_000, "and it burns no more: {}", looping.gas_used);
    assert!(quiet.gas_used < 150_000, "{}", quiet.gas_used);
}

/// M7: a rule that burns more than the transaction has ends it; nothing runs on credit.
#[test]
fn m7_a_rule_that_burns_more_than_the_transaction_has_ends_it() {
    let (mut world, rule) = ruled(1_000_000);
    world.ok("issuer", rule, setCall { manner: LOOP, limit: U256::ZERO });
    let to_list = ["bob", "carol"].map(wallet).to_vec();
    let call = IERC3643::batchTransferCall { toList: to_list, amounts: vec![U256::from(1); 2] };
    let mut tx = transaction(world.next_nonce("alice"), Some(acme()), call.abi_encode().into());
    tx.gas_limit = 500_000;
    let receipt = world.execute("alice", tx);
    assert_eq!(receipt.outcome, Outcome::Halted("out of gas".into()));
    assert_eq!(receipt.gas_used, 500_000);
    assert_eq!((world.balance("bob"), receipt.events.len()), (0, 0));
}

#[test]
fn an_address_without_code_is_no_rule() {
    let mut world = World::new();
    let policy = asking(wallet("dave"), 100_000);
    let (code, _, words) = world.refused("issuer", service(Module::Compliance), policy);
    assert_eq!(code, 3_001, "{words}");
    assert!(words.starts_with("policy: contract: there is no code at 0x"), "{words}");
    world.ok("alice", acme(), give(1));
}

/// One block's gas for contracts, and one transaction's, bound rule contracts too: a batch of many looping
/// rules must not outlast the leader's turn.
#[test]
fn rule_contracts_burn_no_more_than_contracts_may_in_one_transaction() {
    let (mut world, rule) = ruled(900_000);
    world.ok("issuer", rule, setCall { manner: RULE, limit: U256::from(1_000) });
    let batch = |count: usize| IERC3643::batchTransferCall {
        toList: ["bob", "carol", "dave"].map(wallet).repeat(count),
        amounts: vec![U256::from(1); 3 * count],
    };
    // Each of the three may burn 940,000: the second would pass the limit.
    world.ctx.env.guest_gas = 960_000;
    let (code, _, words) = world.refused("alice", acme(), batch(1));
    assert_eq!(code, 5_019, "{words}");
    assert!(words.contains("960000 gas in one transaction"), "{words}");
    assert_eq!(world.balance("bob"), 0);
    world.ctx.env.guest_gas = 1_100_000;
    world.ok("alice", acme(), batch(1));
    assert_eq!(world.balance("bob"), 1);
}

/// What does not fit into what is left of a block waits for the next: nothing changes, no fuel is used.
#[test]
fn a_block_without_room_for_its_rule_contracts_leaves_a_transaction_for_the_next() {
    let (mut world, _) = ruled(900_000);
    let tx = signed(
        "alice",
        transaction(world.next_nonce("alice"), Some(acme()), give(1).abi_encode().into()),
    );
    let changes = world.changes(|world| {
        let left = evm::execute(&mut world.ctx, &tx, &limits(), 939_999);
        assert_eq!(left, Err(evm::NotIncludable::BlockFull));
    });
    assert_eq!(changes, []);
    assert!(world.ctx.guest_gas_used() == 0, "nothing ran");
    let receipt = evm::execute(&mut world.ctx, &tx, &limits(), 940_000).expect("there is room");
    done(&receipt);
    assert!(world.ctx.guest_gas_used() > 0 && world.ctx.guest_gas_used() < 940_000);
}

#[test]
fn a_contract_may_be_given_no_more_gas_than_contracts_may_burn_in_one_transaction() {
    let mut world = World::new();
    let script = world.script();
    world.ctx.env.guest_gas = 1_000_000;
    let input = Script::stepsCall {}.abi_encode();
    let with = |world: &World, to: Address, gas: u64| {
        let mut tx = transaction(world.next_nonce("alice"), Some(to), input.clone().into());
        tx.gas_limit = gas;
        tx
    };
    let tx = with(&world, script, 1_000_001);
    let refused = world.try_execute("alice", tx).expect_err("too much");
    assert_eq!(refused, evm::NotIncludable::GasLimit { gas: 1_000_001, limit: 1_000_000 });
    let tx = with(&world, script, 1_000_000);
    done(&world.execute("alice", tx));
    // A native call has the whole limit of a transaction.
    let tx = with(&world, acme(), 1_000_001);
    refusal(&world.execute("alice", tx).outcome);
}

/// Who asks for a class is who would move it: rules of a venue's own are asked where carol runs one.
#[test]
fn a_preview_of_a_class_knows_who_would_move_it() {
    let mut world = World::new();
    let (from, to, value) = (wallet("alice"), wallet("bob"), U256::from(60));
    let claim = IIdentity::Claim {
        topic: identity::topic::LICENCE,
        value: identity::topic::VENUE,
        dated: 0,
        expires: u64::MAX,
        evidence: B256::ZERO,
    };
    let licence = IIdentity::attestCall { person: 5, claim };
    world.ok("kyc", service(Module::Identity), licence);
    let rules = r#"{"rules":[{"holding":{"max":"40"}}]}"#.to_owned();
    let set = ICompliance::setVenueRulesCall { rules, report: REPORT };
    world.ok("carol", service(Module::Compliance), set);
    let partition = B256::right_padding_from(b"default");
    let call =
        IERC1410::canTransferByPartitionCall { from, to, partition, value, data: Bytes::new() };
    for (who, status) in [("carol", 0x50), ("alice", 0x51), ("bob", 0x51)] {
        let Outcome::Done(output) = world.call(who, acme(), call.abi_encode()).outcome else {
            panic!()
        };
        let (told, _, _) =
            <(FixedBytes<1>, B256, B256)>::abi_decode_params(&output).expect("three");
        assert_eq!(told.0 == [0x51], status == 0x51, "{who}: {told}");
    }
    world.ok("alice", acme(), IERC1410::authorizeOperatorCall { operator: wallet("carol") });
    let moved = IERC1410::operatorTransferByPartitionCall {
        partition,
        from,
        to,
        value,
        data: Bytes::new(),
        operatorData: Bytes::new(),
    };
    assert!(!world.send("carol", acme(), moved).is_done());
}

/// What the preview on terms tells somebody.
fn told_to(world: &mut World, who: &str, ask: ICompliance::canMoveOnCall) -> ICompliance::Verdict {
    let answer = world.call(who, service(Module::Compliance), ask.abi_encode());
    let Outcome::Done(output) = answer.outcome else { panic!("{:?}", answer.outcome) };
    ICompliance::canMoveOnCall::abi_decode_returns(&output).expect("a verdict")
}

/// COM-2: who would sell on terms is told what comes of it, in the words in which it is then refused; and so is a contract
/// that would sell for another.
#[test]
fn a_preview_on_terms_says_what_the_sale_then_says() {
    let mut world = World::new();
    let (asset, class, from, to) = (ACME.0, 0, wallet("alice"), wallet("bob"));
    let policy = r#"{"rules": [{"any": [["FIRST", {"claim": {"side": "sender", "topic": 20}}],
        ["PRICED", {"compare": {"left": {"paid_in": "USD"}, "is": "at_least", "right": {"number": "500"}}}]]}]}"#;
    let policy = policy.to_owned();
    world.ok(
        "issuer",
        service(Module::Compliance),
        ICompliance::setPolicyCall { asset, policy, report: REPORT },
    );
    let (usd, none) = (FixedBytes(*b"USD"), FixedBytes::ZERO);
    let ask = |path: &str, currency, paid, units: u128| {
        let terms = ICompliance::Terms { path: path.into(), currency, paid, lots: Vec::new() };
        ICompliance::canMoveOnCall { asset, class, from, to, units, terms }
    };
    let sale = |asked: &ICompliance::canMoveOnCall| {
        let (path, currency) = (asked.terms.path.clone(), asked.terms.currency);
        let (units, paid, lots) = (asked.units, asked.terms.paid, Vec::new());
        let legs = vec![ILedger::Sale { to, units, lots, paid }];
        ILedger::transferOnCall { asset, class, from, path, currency, legs }
    };
    let ledger = service(Module::Ledger);
    for (asked, paths) in [
        (ask("", usd, 500, 10), Some(vec![2])),
        (ask("PRICED", usd, 500, 10), Some(vec![2])),
        (ask("", usd, 499, 10), None),
        (ask("", none, 0, 10), None),
        (ask("FIRST", usd, 500, 10), None),
        (ask("OTHER", usd, 500, 10), None),
        (ask("PRICED", usd, 500, 10_000), None),
    ] {
        let told = told_to(&mut world, "alice", asked.clone());
        assert_eq!(told.allowed, paths.is_some(), "{}", told.reasons);
        assert_eq!(told.paths, paths.unwrap_or_default());
        let receipt = world.send("alice", ledger, sale(&asked));
        assert_eq!(receipt.is_done(), told.allowed);
        if !told.allowed {
            let (code, status, why) = refusal(&receipt.outcome);
            assert_eq!((code, &why), (9_000 + told.code, &told.reasons));
            assert_eq!(status, told.status.0[0]);
        }
    }
    let priced = told_to(&mut world, "alice", ask("PRICED", usd, 499, 10)).params;
    assert_eq!((priced.have, priced.need, &priced.path[..]), (499, 500, "PRICED"));
    let missing = told_to(&mut world, "alice", ask("FIRST", usd, 500, 10)).params;
    assert_eq!((missing.side, missing.topic), (1, 20));
    // What stands in the way of who asks comes first, and then what stands against the sale, as far as that is its own to see.
    let none = ReasonCode::NotEligible as u16;
    for (who, path, against, side) in [
        ("carol", "PRICED", 0, 0),
        ("carol", "FIRST", none, 1),
        ("bob", "FIRST", none, 1),
        ("issuer", "FIRST", ReasonCode::ClaimMissing as u16, 1),
    ] {
        let asked = ask(path, usd, 500, 10);
        let told = told_to(&mut world, who, asked.clone());
        let (code, status, why) = world.refused(who, ledger, sale(&asked));
        assert_eq!((told.allowed, told.code), (false, code));
        assert!(code > 999 && code < 9_000 && status == told.status.0[0]);
        assert!(told.reasons.starts_with(&why), "{}", told.reasons);
        assert_eq!(told.reasons == why, against == 0, "{}", told.reasons);
        assert_eq!(
            (told.params.code, told.params.side),
            (against, side),
            "{who}: {}",
            told.reasons
        );
        let is_whole = told.reasons.contains("accredited investor");
        assert_eq!(is_whole, who == "issuer", "{}", told.reasons);
    }
    // A contract is told what it may do itself.
    const STATICCALL: u8 = 1;
    let script = world.script();
    let asked = ask("", usd, 500, 10);
    let run = |asked: &ICompliance::canMoveOnCall| Script::runCall {
        told: vec![
            Script::Step {
                kind: STATICCALL,
                ..step(service(Module::Compliance), asked.abi_encode())
            },
            step(ledger, sale(asked).abi_encode()),
        ],
        fail: false,
    };
    let sells = |world: &mut World| {
        let receipt = world.send("carol", script, run(&asked));
        let results = Script::runCall::abi_decode_returns(&done(&receipt)).expect("results");
        let told = ICompliance::canMoveOnCall::abi_decode_returns(&results[0].data);
        (told.expect("a verdict").allowed, results[1].ok)
    };
    assert_eq!(sells(&mut world), (false, false));
    world.ok("alice", acme(), IERC1410::authorizeOperatorCall { operator: script });
    assert_eq!(sells(&mut world), (true, true));
}

/// COM-2: who moves for another is told what its own calls then say, of one class or of all, plainly or on terms.
#[test]
fn an_operator_is_told_what_its_calls_then_say() {
    let mut world = World::new();
    let (asset, operator, ledger) = (ACME.0, wallet("carol"), service(Module::Ledger));
    let (alice, bob, units) = (wallet("alice"), wallet("bob"), 1_u128);
    world.ok("issuer", ledger, ILedger::createClassCall { asset, name: "B".into() });
    let legs = vec![ILedger::Leg { to: alice, units: 100 }];
    world.ok("issuer", ledger, ILedger::issueBatchCall { asset, class: 1, legs });
    let [from, to] = [alice, bob].map(|party| identity::account_of(&world.ctx, &party));
    // Of all classes in their order, of one, and on terms, which are those of the first if none is named.
    let calls: [(Option<u32>, bool, Address, Vec<u8>); 5] = {
        let whole = IERC20::transferFromCall { from: alice, to: bob, value: U256::from(units) };
        let of = |class| {
            let legs = vec![ILedger::Leg { to: bob, units }];
            ILedger::transferBatchCall { asset, class, from: alice, legs }.abi_encode()
        };
        let on = |class| {
            let legs = vec![ILedger::Sale { to: bob, units, lots: Vec::new(), paid: 7 }];
            let (path, currency) = (String::new(), FixedBytes(*b"USD"));
            ILedger::transferOnCall { asset, class, from: alice, path, currency, legs }.abi_encode()
        };
        [
            (None, false, acme(), whole.abi_encode()),
            (None, true, ledger, on(0)),
            (Some(0), false, ledger, of(0)),
            (Some(0), true, ledger, on(0)),
            (Some(1), false, ledger, of(1)),
        ]
    };
    let partition = |name: &[u8]| B256::right_padding_from(name);
    for (given, may_move) in [
        (None, [true; 5]),
        (Some(partition(b"default")), [false, true, true, true, false]),
        (Some(partition(b"B")), [false, false, false, false, true]),
    ] {
        match given {
            None => world.ok("alice", acme(), IERC1410::authorizeOperatorCall { operator }),
            Some(partition) => {
                let call = IERC1410::authorizeOperatorByPartitionCall { partition, operator };
                world.ok("alice", acme(), call)
            }
        };
        for ((class, is_on, at, data), may) in calls.clone().into_iter().zip(may_move) {
            let paid = is_on.then(|| ("USD".parse().expect("a currency"), 7));
            let stated = ledger::Stated { paid, ..Default::default() };
            let (class, units) = (class.map(types::ClassId), Units(units));
            let wish = Wish { asset: ACME, class, from, to, units, operator, stated };
            let decision = evm::preview(&mut world.ctx, wish).expect("judged");
            assert!(decision.is_allowed(), "{:?}", decision.reasons);
            let bar = evm::may_move(&mut world.ctx, wish, &decision).err();
            assert_eq!(bar.is_none(), may, "given {given:?}, {class:?} on terms {is_on}: {bar:?}");
            let is_done = world.send_raw("carol", Some(at), data).is_done();
            assert_eq!(is_done, may, "given {given:?}, {class:?} on terms {is_on}");
        }
        match given {
            None => world.ok("alice", acme(), IERC1410::revokeOperatorCall { operator }),
            Some(partition) => {
                let call = IERC1410::revokeOperatorByPartitionCall { partition, operator };
                world.ok("alice", acme(), call)
            }
        };
    }
}

/// What every preview says of alice giving bob so many: allowed or not, and the first reason's number.
fn foretold(world: &mut World, units: u64) -> Vec<(bool, u16)> {
    let (from, to, value) = (wallet("alice"), wallet("bob"), U256::from(units));
    let number = |code: B256| u16::try_from(U256::from_be_bytes(code.0)).expect("a code");
    let can = ICompliance::canMoveCall { asset: ACME.0, from, to, units: value };
    let can = world.view(service(Module::Compliance), can);
    let mut told = vec![(can.allowed, can.code)];

    let terms = ICompliance::Terms {
        path: String::new(),
        currency: FixedBytes::ZERO,
        paid: 0,
        lots: Vec::new(),
    };
    let (asset, class, units) = (ACME.0, 0, u128::from(units));
    let can = ICompliance::canMoveOnCall { asset, class, from, to, units, terms };
    let can = told_to(world, "alice", can);
    told.push((can.allowed, can.code));

    let call = IERC1594::canTransferCall { to, value, data: Bytes::new() }.abi_encode();
    let Outcome::Done(output) = world.call("alice", acme(), call).outcome else { panic!() };
    let (allowed, _, code) =
        <(bool, FixedBytes<1>, B256)>::abi_decode_params(&output).expect("three");
    told.push((allowed, number(code)));

    world.approve("alice", wallet("carol"), 1_000);
    let call = IERC1594::canTransferFromCall { from, to, value, data: Bytes::new() };
    let can = world.view(acme(), call);
    told.push((can._0, number(can._2)));

    let partition = B256::right_padding_from(b"default");
    let call =
        IERC1410::canTransferByPartitionCall { from, to, partition, value, data: Bytes::new() };
    let can = world.view(acme(), call);
    told.push((can._0.0 == [0x51], number(can._1)));

    let [from, to] = [from, to].map(|party| identity::account_of(&world.ctx, &party));
    let (units, operator) = (Units(units), wallet("carol"));
    let wish =
        Wish { asset: ACME, class: None, from, to, units, operator, stated: Default::default() };
    let decision = evm::preview(&mut world.ctx, wish).expect("judged");
    let first = decision.reasons.first().map_or(0, |reason| reason.code as u16);
    told.push((decision.is_allowed(), first));
    told
}

/// COM-2: whatever the contract does, a preview says what execution then says.
#[test]
fn every_preview_asks_the_contract_as_execution_does() {
    let (mut world, rule) = ruled(200_000);
    let cases = [
        (RULE, 100, 0),
        (RULE, 101, CONTRACT_REFUSED),
        (RULE, 1_001, 9_005),
        (LOOP, 1, CONTRACT_REFUSED),
        (REENTER, 1, CONTRACT_REFUSED),
        (GARBAGE, 1, CONTRACT_REFUSED),
        (SILENT, 1, CONTRACT_REFUSED),
        (FAIL, 1, CONTRACT_REFUSED),
        (ASK, 1, CONTRACT_REFUSED),
    ];
    for (manner, units, code) in cases {
        world.ok("issuer", rule, setCall { manner, limit: U256::from(100) });
        let before = (world.balance("alice"), world.balance("bob"));
        let reason = code.saturating_sub(9_000);
        for (place, told) in foretold(&mut world, units).into_iter().enumerate() {
            assert_eq!(
                told,
                (code == 0, reason),
                "manner {manner}, {units} units, preview {place}"
            );
        }
        assert_eq!((world.balance("alice"), world.balance("bob")), before, "asking moves nothing");
        let receipt = world.send("alice", acme(), give(units));
        assert_eq!(receipt.is_done(), code == 0, "manner {manner}");
        if code == CONTRACT_REFUSED {
            assert_eq!(refusal(&receipt.outcome).0, code);
        }
        if code == 0 {
            world.ok("issuer", rule, setCall { manner, limit: U256::from(10_000) });
            world.ok(
                "bob",
                acme(),
                IERC20::transferCall { to: wallet("alice"), value: U256::from(units) },
            );
        }
    }
}

#[test]
fn a_preview_burns_no_more_than_the_contracts_share() {
    let (mut world, rule) = ruled(300_000);
    let (from, to, units) = (wallet("alice"), wallet("bob"), U256::from(1));
    let ask = ICompliance::canMoveCall { asset: ACME.0, from, to, units }.abi_encode();
    for (manner, least, most) in [(LOOP, 300_000, 440_000), (ASK, 21_000, 150_000)] {
        world.ok("issuer", rule, setCall { manner, limit: U256::ZERO });
        let called = world.call("carol", service(Module::Compliance), ask.clone());
        let Outcome::Done(_) = called.outcome else { panic!("{:?}", called.outcome) };
        assert!((least..most).contains(&called.gas_used), "manner {manner}: {}", called.gas_used);
    }
}

/// A contract that previews what a rule contract decides finds the same, within a static call.
#[test]
fn a_guest_contracts_preview_asks_too() {
    let (mut world, _) = ruled(200_000);
    let script = world.script();
    let (from, to) = (wallet("alice"), wallet("bob"));
    let ask = |units: u64| {
        let units = U256::from(units);
        ICompliance::canMoveCall { asset: ACME.0, from, to, units }.abi_encode()
    };
    const STATICCALL: u8 = 1;
    let told = [ask(100), ask(101)]
        .map(|data| Script::Step { kind: STATICCALL, ..step(service(Module::Compliance), data) });
    let run = Script::runCall { told: told.to_vec(), fail: false };
    let receipt = world.send("alice", script, run);
    let results = Script::runCall::abi_decode_returns(&done(&receipt)).expect("results");
    let allowed = results.iter().map(|result| {
        assert!(result.ok);
        ICompliance::canMoveCall::abi_decode_returns(&result.data).expect("an answer").allowed
    });
    assert_eq!(allowed.collect::<Vec<_>>(), [true, false]);
    assert_eq!(world.balance("bob"), 0);
}

/// A transfer takes from all classes in their order, and so does its preview.
#[test]
fn a_preview_counts_all_classes_as_a_transfer_does() {
    let mut world = World::new();
    let ledger = service(Module::Ledger);
    world.ok("issuer", ledger, ILedger::createClassCall { asset: 1, name: "B".into() });
    let legs = vec![ILedger::Leg { to: wallet("alice"), units: 500 }];
    world.ok("issuer", ledger, ILedger::issueBatchCall { asset: 1, class: 1, legs });
    for (units, allowed) in [(1_500, true), (1_501, false)] {
        let (from, to) = (wallet("alice"), wallet("bob"));
        let ask = ICompliance::canMoveCall { asset: ACME.0, from, to, units: U256::from(units) };
        assert_eq!(world.view(service(Module::Compliance), ask).allowed, allowed, "{units}");
    }
    world.ok("alice", acme(), give(1_500));
    assert_eq!(world.balance("bob"), 1_500);
}

/// What a contract pays for rule contracts is in its own gas: a block counts it once, or the sum passes the
/// block's limit.
#[test]
fn a_contract_that_moves_a_ruled_asset_burns_its_gas_once() {
    let (mut world, _) = ruled(200_000);
    let script = world.script();
    world.approve("alice", script, 500);
    let told = vec![step(acme(), transfer_from("alice", "bob", 1)); 20];
    let input = Script::runCall { told, fail: false }.abi_encode();
    let mut tx = transaction(world.next_nonce("alice"), Some(script), input.into());
    tx.gas_limit = 20_000_000;
    let tx = signed("alice", tx);
    let receipt = evm::execute(&mut world.ctx, &tx, &limits(), 20_000_000).expect("it fits");
    done(&receipt);
    assert_eq!(world.balance("bob"), 20);
    assert_eq!(world.ctx.guest_gas_used(), receipt.gas_used);
}

/// Offers of an asset are opened one after the other by whoever has the power over its rules, and anybody can ask.
#[test]
fn an_agent_opens_an_offer_and_ends_it_before_the_next() {
    let mut world = World::new();
    let compliance = service(Module::Compliance);
    let asset = ACME.0;
    let latest = |world: &mut World| {
        let told = world.view(compliance, ICompliance::offerOfCall { asset });
        (told.offer, told.opened > 0, told.closed > 0)
    };
    assert_eq!(latest(&mut world), (0, false, false));
    assert!(!world.send("alice", compliance, ICompliance::openOfferCall { asset }).is_done());
    assert!(!world.send("issuer", compliance, ICompliance::openOfferCall { asset: 99 }).is_done());
    let policy = r#"{"rules":[{"when":{"guard":{"kind":"issue"},"then":
        {"persons":{"meter":"buyers","scope":"offer","max":{"number":"1"}}}}}]}"#;
    let set = ICompliance::setPolicyCall { asset, policy: policy.into(), report: REPORT };
    world.ok("issuer", compliance, set);
    let issue = |to| {
        let legs = vec![ILedger::Leg { to: wallet(to), units: 5 }];
        ILedger::issueBatchCall { asset, class: 0, legs }
    };
    let (code, _, words) = world.refused("issuer", service(Module::Ledger), issue("bob"));
    assert_eq!((code, &words[..21]), (9_050, "the offer is not open"));
    world.ok("issuer", compliance, ICompliance::openOfferCall { asset });
    let (code, _, words) =
        world.refused("issuer", compliance, ICompliance::openOfferCall { asset });
    assert_eq!((code, &words[..]), (3_018, "offer 1 is open; close it before another begins"));
    assert_eq!(latest(&mut world), (1, true, false));
    world.ok("issuer", service(Module::Ledger), issue("bob"));
    assert_eq!(world.refused("issuer", service(Module::Ledger), issue("carol")).0, 9_014);
    world.ok("issuer", compliance, ICompliance::closeOfferCall { asset });
    assert_eq!(latest(&mut world), (1, true, true));
    world.ok("issuer", compliance, ICompliance::openOfferCall { asset });
    assert_eq!(latest(&mut world), (2, true, false));
    world.ok("issuer", service(Module::Ledger), issue("carol"));
}

/// A list has a person or a wallet at a place, an asset's or the network's: each is told, and asked for, apart.
#[test]
fn a_list_names_a_person_or_a_wallet_for_itself() {
    let mut world = World::new();
    let compliance = service(Module::Compliance);
    let (number, until, carol, nobody) = (7, u64::MAX, wallet("carol"), Address::ZERO);
    let on = |asset, person, wallet| {
        let from = 0;
        ICompliance::listCall { asset, number, person, wallet, from, until }
    };
    let ends = |world: &mut World, asset, person, wallet| {
        world.view(compliance, ICompliance::listedOfCall { asset, number, person, wallet }).until
    };
    let asset = ACME.0;
    for (person, wallet) in [(0, nobody), (5, carol)] {
        let (.., words) = world.refused("issuer", compliance, on(asset, person, wallet));
        assert!(words.contains("a list names a person or a wallet"), "{words}");
    }
    let places = [(asset, 0, carol), (asset, 5, nobody), (0, 0, carol), (0, 5, nobody)];
    for (asset, person, wallet) in places {
        let by = if asset == 0 { "kyc" } else { "issuer" };
        let stranger = if asset == 0 { "issuer" } else { "alice" };
        assert!(!world.send(stranger, compliance, on(asset, person, wallet)).is_done());
        let receipt = world.send(by, compliance, on(asset, person, wallet));
        let told = logs::<ICompliance::Listed>(&receipt.logs, compliance);
        let told: Vec<_> = told.iter().map(|it| (it.asset, it.person, it.wallet)).collect();
        assert_eq!(told, [(asset, person, wallet)]);
        for place in places {
            let is_on = place == (asset, person, wallet);
            let ends = ends(&mut world, place.0, place.1, place.2);
            assert_eq!(ends, if is_on { until } else { 0 }, "{place:?}");
        }
        let off = ICompliance::delistCall { asset, number, person, wallet };
        let receipt = world.send(by, compliance, off);
        let told = logs::<ICompliance::Delisted>(&receipt.logs, compliance);
        let told: Vec<_> = told.iter().map(|it| (it.asset, it.person, it.wallet)).collect();
        assert_eq!(told, [(asset, person, wallet)]);
        assert_eq!(ends(&mut world, asset, person, wallet), 0);
    }
}

/// COM-2: a wallet that a list admits is told so by every preview, and by what a protocol asks of a token.
#[test]
fn who_may_receive_is_told_of_the_wallet_that_is_asked_for() {
    let mut world = World::new();
    let compliance = service(Module::Compliance);
    let (asset, bob) = (ACME.0, wallet("bob"));
    let policy =
        r#"{"rules":[{"list":{"side":"receiver","mode":"allow","list":7,"subject":"wallet"}}]}"#;
    let policy = policy.to_owned();
    world.ok("issuer", compliance, ICompliance::setPolicyCall { asset, policy, report: REPORT });
    let may =
        |world: &mut World| world.view(acme(), IERC7943Fungible::canReceiveCall { account: bob });
    assert!(!may(&mut world));
    let not_listed = (false, ReasonCode::WalletNotWhitelisted as u16);
    assert!(foretold(&mut world, 9).into_iter().all(|told| told == not_listed));
    let (number, person, wallet) = (7, 0, bob);
    let on = ICompliance::listCall { asset, number, person, wallet, from: 0, until: u64::MAX };
    world.ok("issuer", compliance, on);
    assert!(may(&mut world));
    assert!(foretold(&mut world, 9).into_iter().all(|told| told == (true, 0)));
}

fn fee_to_carol(world: &mut World, topic: u32) {
    let policy = format!(
        r#"{{"rules":[{{"effect":{{"fee":{{"part":1000,"to":5}}}}}},{{"when":{{"guard":{{"kind":"fee"}},
            "then":{{"claim":{{"side":"receiver","topic":{topic}}}}}}}}}]}}"#
    );
    let set = ICompliance::setPolicyCall { asset: ACME.0, policy, report: REPORT };
    world.ok("issuer", service(Module::Compliance), set);
}

/// COM-2: what stands in the way of a fee stands in the way of what it is taken of, as every preview says.
#[test]
fn a_fee_is_foretold_and_paid_by_every_face() {
    let mut world = World::new();
    let (to, value) = (wallet("bob"), U256::from(100));
    fee_to_carol(&mut world, 20);
    for told in foretold(&mut world, 10) {
        assert_eq!(told, (false, ReasonCode::ClaimMissing as u16));
    }
    assert!(!world.send("alice", acme(), IERC20::transferCall { to, value }).is_done());
    // Of nine units a tenth is nothing.
    assert!(foretold(&mut world, 9).into_iter().all(|told| told == (true, 0)));

    fee_to_carol(&mut world, 1);
    assert!(foretold(&mut world, 100).into_iter().all(|told| told == (true, 0)));
    let receipt = world.send("alice", acme(), IERC20::transferCall { to, value });
    let moved = logs::<IERC20::Transfer>(&receipt.logs, acme());
    let moved: Vec<_> = moved.into_iter().map(|log| (log.from, log.to, log.value)).collect();
    let (alice, carol) = (wallet("alice"), wallet("carol"));
    assert_eq!(moved, [(alice, to, value), (alice, carol, U256::from(10))]);
    let data = Bytes::new();
    world.ok("alice", acme(), IERC1594::transferWithDataCall { to, value, data: data.clone() });
    let partition = B256::right_padding_from(b"default");
    world.ok("alice", acme(), IERC1410::transferByPartitionCall { partition, to, value, data });
    let batch = IERC3643::batchTransferCall { toList: vec![to], amounts: vec![value] };
    world.ok("alice", acme(), batch);
    let balances = ["alice", "bob", "carol"].map(|name| world.balance(name));
    assert_eq!(balances, [560, 400, 40]);
    for told in foretold(&mut world, 510) {
        assert_eq!(told, (false, ReasonCode::InsufficientBalance as u16));
    }
}

/// An account loses no more than it allowed: what is spent of an allowance is what moves, and its fee.
#[test]
fn an_allowance_covers_the_fee_too() {
    let mut world = World::new();
    fee_to_carol(&mut world, 1);
    let (from, to, value) = (wallet("alice"), wallet("bob"), U256::from(100));
    let can = IERC1594::canTransferFromCall { from, to, value, data: Bytes::new() };
    world.approve("alice", wallet("carol"), 109);
    let told = world.view(acme(), can.clone());
    assert_eq!((told._0, told._1.0[0]), (false, 0x53));
    let receipt = world.send_raw("carol", Some(acme()), transfer_from("alice", "bob", 100));
    let Outcome::Refused(data) = receipt.outcome else { panic!("{:?}", receipt.outcome) };
    let error = IERC20::ERC20InsufficientAllowance::abi_decode(&data).expect("ERC-6093");
    assert_eq!((error.allowance, error.needed), (U256::from(109), U256::from(110)));
    world.approve("alice", wallet("carol"), 110);
    assert!(world.view(acme(), can)._0);
    world.send_raw("carol", Some(acme()), transfer_from("alice", "bob", 100));
    let left = IERC20::allowanceCall { owner: from, spender: wallet("carol") };
    assert_eq!(world.view(acme(), left), U256::ZERO);
    let balances = ["alice", "bob", "carol"].map(|name| world.balance(name));
    assert_eq!(balances, [890, 100, 10]);
}

/// Whoever keeps the money asks what the law has of it, a contract too, and asking changes nothing.
#[test]
fn a_keeper_of_money_asks_whether_it_may_be_used_or_had_back() {
    let mut world = World::new();
    let (service, asset) = (service(Module::Compliance), ACME.0);
    let (id, none) = ("XA-MONEY", B256::ZERO);
    let profile = r#"{"id": "XA-MONEY", "title": "Money", "authority": "XA/T", "source": "test",
        "effective": ["2020-01-01", null],
        "release": [{"compare": {"left": {"fact": {"fact": "raised"}}, "is": "at_least",
                                 "right": {"fact": {"fact": "target"}}}}],
        "withdraw": [{"any": [["NEVER", {"fact": {"fact": "never"}}],
                              ["OPEN", {"not": {"fact": {"fact": "raised"}}}]]}]}"#;
    let may_use = ICompliance::canReleaseCall { asset, profile: id.into() };
    let person = identity::account_of(&world.ctx, &wallet("alice")).expect("registered").person.0;
    let may_leave = ICompliance::canWithdrawCall { asset, profile: id.into(), person };

    let not_adopted = world.call("carol", service, may_use.abi_encode());
    let (code, status, why) = refusal(&not_adopted.outcome);
    let should = compliance::Refusal::NotAdopted(ACME, id.into());
    assert_eq!((status, why), (should.status(), should.to_string()));
    assert_eq!(code % 1_000, should.code());

    let profile = Box::new(serde_json::from_str(profile).expect("a profile"));
    let adopt =
        compliance::Call::Adopt { asset: ACME, profile: id.into(), adopted: true, report: REPORT };
    for call in [compliance::Call::RegisterProfile { profile }, adopt] {
        compliance::apply(&mut world.ctx, None, call).expect("registered and adopted");
    }
    let nobody = ICompliance::canWithdrawCall { person: 99, ..may_leave.clone() };
    let unknown = world.call("carol", service, nobody.abi_encode());
    assert_eq!(refusal(&unknown.outcome).2, "there is no person 99");

    let attest = |world: &mut World, name: &str, value| {
        let (name, since, until) = (name.into(), 0, u64::MAX);
        let call = ICompliance::attestFactCall { asset, name, value, since, until, document: none };
        world.ok("issuer", service, call);
    };
    attest(&mut world, "target", 100);
    let told = world.view(service, may_use.clone());
    assert_eq!((told.allowed, told.code), (false, ReasonCode::FactMissing as u16));
    assert_eq!(told.params.fact, "raised");
    let told = world.view(service, may_leave.clone());
    // The first profile that it adopted, and the second of its paths.
    assert_eq!((told.allowed, told.code, told.paths), (true, 0, vec![0x0102]));

    attest(&mut world, "raised", 99);
    let told = world.view(service, may_use.clone());
    assert_eq!((told.code, told.params.have, told.params.need), (33, 99, 100));
    let told = world.view(service, may_leave.clone());
    assert_eq!((told.allowed, told.code, told.earliestOk), (false, 21, 0));
    assert!(told.reasons.contains("(path OPEN)"), "{}", told.reasons);
    attest(&mut world, "raised", 100);
    assert!(world.view(service, may_use.clone()).allowed);

    // A contract asks within a static call, and pays for what is read.
    let script = world.script();
    let asked = step(service, may_use.abi_encode());
    let told = vec![Script::Step { kind: 1, ..asked }];
    let changed = world.changes(|world| {
        let receipt = world.send("alice", script, Script::runCall { told, fail: false });
        let results = Script::runCall::abi_decode_returns(&done(&receipt)).expect("results");
        let told = ICompliance::canReleaseCall::abi_decode_returns(&results[0].data);
        assert!(told.expect("a verdict").allowed);
    });
    let is_law = |change: &state::Change| format!("{change:?}").contains("compliance/");
    assert!(!changed.iter().any(is_law), "{changed:?}");
    let called = world.call("carol", service, may_use.abi_encode());
    assert!(called.gas_used > 21_000, "{}", called.gas_used);
}

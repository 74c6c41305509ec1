//! Every standard an asset answers, with the events and status bytes that its tools look for.

// Fields have the names that the Solidity interfaces give them.
#![allow(non_snake_case)]

use crate::world::*;
use alloy_primitives::FixedBytes;
use alloy_signer::SignerSync;
use alloy_sol_types::{SolCall, SolError, SolEvent, SolStruct, SolValue, eip712_domain, sol};
use types::{Address, B256, Bytes, Module, Outcome, U256};

sol! {
    #[derive(Debug)]
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }
}

fn u(units: u64) -> U256 {
    U256::from(units)
}

fn order() -> ILedger::Order {
    ILedger::Order {
        authority: "BaFin".into(),
        r#ref: "WA 1/26".into(),
        document: [7; 32].into(),
        expires: 0,
    }
}

/// The issuer gets a power over ACME that it does not begin with, and files the order it acts on.
fn with_force(world: &mut World) {
    let key = ITrust::GrantKey { grantee: wallet("issuer"), power: 9, asset: ACME.0, class: 0 };
    world.ok(
        "issuer",
        service(Module::Trust),
        ITrust::grantCall { key, limit: 0, expires: u64::MAX },
    );
    file(world);
}

fn file(world: &mut World) {
    world.ok(
        "issuer",
        service(Module::Ledger),
        ILedger::fileOrderCall { asset: 1, order: order() },
    );
}

#[test]
fn erc20_reads_moves_allows_and_logs() {
    let mut world = World::new();
    assert_eq!(world.view(acme(), IERC20Metadata::nameCall {}), "ACME Inc. shares");
    assert_eq!(world.view(acme(), IERC20Metadata::symbolCall {}), "ACME");
    assert_eq!(world.view(acme(), IERC20Metadata::decimalsCall {}), 0);
    assert_eq!(world.view(acme(), IERC20::totalSupplyCall {}), u(1_000));
    assert_eq!(world.view(acme(), IERC20::balanceOfCall { account: wallet("nobody") }), U256::ZERO);

    let receipt =
        world.send("alice", acme(), IERC20::transferCall { to: wallet("bob"), value: u(30) });
    assert!(IERC20::transferCall::abi_decode_returns(&done(&receipt)).expect("a bool"));
    let [log] = &logs::<IERC20::Transfer>(&receipt.logs, acme())[..] else { panic!("one log") };
    assert_eq!((log.from, log.to, log.value), (wallet("alice"), wallet("bob"), u(30)));

    let receipt =
        world.send("alice", acme(), IERC20::approveCall { spender: wallet("carol"), value: u(50) });
    let [log] = &logs::<IERC20::Approval>(&receipt.logs, acme())[..] else { panic!("one log") };
    assert_eq!((log.owner, log.spender, log.value), (wallet("alice"), wallet("carol"), u(50)));
    world.send_raw("carol", Some(acme()), transfer_from("alice", "bob", 20));
    let left = IERC20::allowanceCall { owner: wallet("alice"), spender: wallet("carol") };
    assert_eq!((world.view(acme(), left), world.balance("bob")), (u(30), 50));
}

/// P01: nobody moves another's units without an allowance, by any of the names the act has.
#[test]
fn p01_every_from_needs_its_allowance_and_says_so_as_erc6093() {
    let mut world = World::new();
    world.approve("alice", wallet("carol"), 5);
    let (from, to, data) = (wallet("alice"), wallet("bob"), Bytes::new());
    let calls = [
        transfer_from("alice", "bob", 6),
        IERC1594::transferFromWithDataCall { from, to, value: u(6), data }.abi_encode(),
    ];
    for call in calls {
        let receipt = world.send_raw("carol", Some(acme()), call);
        let Outcome::Refused(data) = receipt.outcome else { panic!("{:?}", receipt.outcome) };
        let error = IERC20::ERC20InsufficientAllowance::abi_decode(&data).expect("ERC-6093");
        assert_eq!((error.spender, error.allowance, error.needed), (wallet("carol"), u(5), u(6)));
    }
    let (partition, operatorData) = (default_class(&mut world), Bytes::new());
    let moved = IERC1410::operatorTransferByPartitionCall {
        partition,
        from,
        to,
        value: u(1),
        data: Bytes::new(),
        operatorData: operatorData.clone(),
    };
    world.refused("carol", acme(), moved);
    let ended = IERC1410::operatorRedeemByPartitionCall {
        partition,
        tokenHolder: from,
        value: u(1),
        operatorData,
    };
    world.refused("carol", acme(), ended);
    world.refused(
        "carol",
        acme(),
        IERC1594::redeemFromCall { tokenHolder: from, value: u(1), data: Bytes::new() },
    );
    world.refused("carol", acme(), IERC3643::burnCall { userAddress: from, amount: u(1) });
    assert_eq!((world.balance("alice"), world.balance("bob")), (1_000, 0));
}

/// P18: who moves on another's behalf is named, also where ERC-20 has no word for it.
#[test]
fn p18_the_spender_is_named_in_the_movement() {
    let mut world = World::new();
    let script = world.script();
    world.approve("alice", script, 9);
    let told = vec![step(acme(), transfer_from("alice", "bob", 9))];
    let receipt = world.send("alice", script, Script::runCall { told, fail: false });
    done(&receipt);
    let events: Vec<_> = receipt.events.iter().filter_map(evm::decode_event).collect();
    let [evm::AnyEvent::Ledger(ledger::Event::Moved { operator, .. })] = events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(operator, script);
}

#[test]
fn the_largest_allowance_stays_and_amounts_beyond_128_bits_are_refused() {
    let mut world = World::new();
    world.ok("alice", acme(), IERC20::approveCall { spender: wallet("carol"), value: U256::MAX });
    done(&world.send_raw("carol", Some(acme()), transfer_from("alice", "bob", 7)));
    let left = IERC20::allowanceCall { owner: wallet("alice"), spender: wallet("carol") };
    assert_eq!(world.view(acme(), left), U256::MAX);
    let beyond = U256::from(1) << 128;
    for value in [beyond, beyond + u(1), U256::MAX] {
        let (code, status, _) =
            world.refused("alice", acme(), IERC20::transferCall { to: wallet("bob"), value });
        assert_eq!((code, status), (4_025, 0x06));
    }
    assert_eq!(world.balance("bob"), 7);
}

fn permit(
    world: &World,
    chain_id: u64,
    token: Address,
    nonce: u64,
    deadline: u64,
) -> IERC2612::permitCall {
    let name = ledger::asset(&world.ctx, ACME).expect("ACME").name.clone();
    let domain =
        eip712_domain! { name: name, version: "1", chain_id: chain_id, verifying_contract: token, };
    let (owner, spender) = (wallet("alice"), wallet("carol"));
    let (value, nonce, deadline) = (u(40), u(nonce), u(deadline));
    let data = Permit { owner, spender, value, nonce, deadline };
    let signature =
        signer("alice").sign_hash_sync(&data.eip712_signing_hash(&domain)).expect("signs");
    let v = 27 + u8::from(signature.v());
    IERC2612::permitCall {
        owner,
        spender,
        value,
        deadline,
        v,
        r: signature.r().into(),
        s: signature.s().into(),
    }
}

/// M5, P09: a permit is for one token on one chain, once, until its deadline, in one form.
#[test]
fn m5_a_permit_stands_once_for_its_chain_and_token_until_its_deadline() {
    let mut world = World::new();
    let now = NOW.secs();
    let allowance = IERC20::allowanceCall { owner: wallet("alice"), spender: wallet("carol") };
    let other = world.create("OTHER");
    for wrong in [
        permit(&world, CHAIN_ID + 1, acme(), 0, now),
        permit(&world, CHAIN_ID, other, 0, now),
        permit(&world, CHAIN_ID, acme(), 1, now),
    ] {
        assert_eq!(world.refused("carol", acme(), wrong).0, 5_015);
    }
    let late = permit(&world, CHAIN_ID, acme(), 0, now - 1);
    assert_eq!(world.refused("carol", acme(), late).0, 5_014);
    let good = permit(&world, CHAIN_ID, acme(), 0, now);
    let order = U256::from_str_radix(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
        16,
    )
    .expect("secp256k1's order");
    let twin = IERC2612::permitCall {
        s: (order - U256::from_be_bytes(good.s.0)).into(),
        v: 55 - good.v,
        ..good.clone()
    };
    assert_eq!(world.refused("carol", acme(), twin).0, 5_015);
    let short = IERC2612::permitCall { v: good.v - 27, ..good.clone() };
    assert_eq!(world.refused("carol", acme(), short).0, 5_015);
    assert_eq!(world.view(acme(), allowance.clone()), U256::ZERO);

    let receipt = world.send("carol", acme(), good.clone());
    done(&receipt);
    assert_eq!(logs::<IERC20::Approval>(&receipt.logs, acme()).len(), 1);
    assert_eq!(world.view(acme(), allowance), u(40));
    assert_eq!(world.view(acme(), IERC2612::noncesCall { owner: wallet("alice") }), u(1));
    assert_eq!(world.refused("carol", acme(), good).0, 5_015, "once");
}

#[test]
fn the_permit_domain_is_told_as_erc5267_has_it() {
    let mut world = World::new();
    let told = world.view(acme(), IERC5267::eip712DomainCall {});
    assert_eq!((told.name.as_str(), told.version.as_str()), ("ACME Inc. shares", "1"));
    assert_eq!(
        (told.chainId, told.verifyingContract, told.fields.0),
        (u(CHAIN_ID), acme(), [0x0f])
    );
    let domain = eip712_domain! { name: told.name, version: "1", chain_id: CHAIN_ID, verifying_contract: acme(), };
    assert_eq!(world.view(acme(), IERC2612::DOMAIN_SEPARATORCall {}), domain.separator());
}

fn default_class(world: &mut World) -> B256 {
    world.view(acme(), IERC1410::partitionsOfCall { tokenHolder: wallet("alice") })[0]
}

#[test]
fn p26_erc1410_moves_classes_apart_and_logs_their_names() {
    let mut world = World::new();
    world.ok(
        "issuer",
        service(Module::Ledger),
        ILedger::createClassCall { asset: 1, name: "B".into() },
    );
    let mut partition = B256::ZERO;
    partition[0] = b'B';
    let (data, operatorData) = (Bytes::new(), Bytes::new());
    let issue = IERC1410::issueByPartitionCall {
        partition,
        tokenHolder: wallet("alice"),
        value: u(50),
        data: data.clone(),
    };
    let receipt = world.send("issuer", acme(), issue);
    done(&receipt);
    let [log] = &logs::<IERC1410::IssuedByPartition>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!((log.partition, log.to, log.amount), (partition, wallet("alice"), u(50)));
    assert_eq!(logs::<IERC20::Transfer>(&receipt.logs, acme()).len(), 1);

    let to = wallet("bob");
    let moved =
        IERC1410::transferByPartitionCall { partition, to, value: u(20), data: data.clone() };
    let receipt = world.send("alice", acme(), moved);
    let answer =
        IERC1410::transferByPartitionCall::abi_decode_returns(&done(&receipt)).expect("a name");
    assert_eq!(answer, partition);
    let [log] = &logs::<IERC1410::TransferByPartition>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!(
        (log.fromPartition, log.from, log.to, log.value),
        (partition, wallet("alice"), to, u(20))
    );

    let of = |tokenHolder| IERC1410::balanceOfByPartitionCall { partition, tokenHolder };
    assert_eq!(world.view(acme(), of(wallet("alice"))), u(30));
    assert_eq!(world.view(acme(), of(to)), u(20));
    assert_eq!(world.view(acme(), IERC1410::partitionsOfCall { tokenHolder: to }), vec![partition]);

    let operator = wallet("carol");
    let receipt = world.send(
        "alice",
        acme(),
        IERC1410::authorizeOperatorByPartitionCall { partition, operator },
    );
    assert_eq!(logs::<IERC1410::AuthorizedOperatorByPartition>(&receipt.logs, acme()).len(), 1);
    let is =
        IERC1410::isOperatorForPartitionCall { partition, operator, tokenHolder: wallet("alice") };
    assert!(world.view(acme(), is));
    assert!(
        !world.view(acme(), IERC1410::isOperatorCall { operator, tokenHolder: wallet("alice") })
    );
    let from = wallet("alice");
    let by_operator = IERC1410::operatorTransferByPartitionCall {
        partition,
        from,
        to,
        value: u(5),
        data: data.clone(),
        operatorData: operatorData.clone(),
    };
    done(&world.send("carol", acme(), by_operator.clone()));
    // Not over the other class.
    let other = IERC1410::operatorTransferByPartitionCall {
        partition: default_class(&mut world),
        ..by_operator
    };
    world.refused("carol", acme(), other);
    let receipt = world.send(
        "alice",
        acme(),
        IERC1410::revokeOperatorByPartitionCall { partition, operator },
    );
    assert_eq!(logs::<IERC1410::RevokedOperatorByPartition>(&receipt.logs, acme()).len(), 1);

    let receipt = world.send(
        "alice",
        acme(),
        IERC1410::redeemByPartitionCall { partition, value: u(5), data: data.clone() },
    );
    let [log] = &logs::<IERC1410::RedeemedByPartition>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!((log.partition, log.from, log.amount), (partition, from, u(5)));
    let unknown = IERC1410::transferByPartitionCall {
        partition: B256::repeat_byte(1),
        to,
        value: u(1),
        data,
    };
    assert_eq!(world.refused("alice", acme(), unknown).0, 5_008);
    // P26: the ERC-20 face gives no way around a frozen class.
    world.ok(
        "issuer",
        service(Module::Ledger),
        ILedger::freezeClassCall { asset: 1, class: 1, frozen: true },
    );
    world.refused("bob", acme(), IERC20::transferCall { to: wallet("alice"), value: u(1) });
}

/// Named as a class, the default class is one; what is said beside a call is in its log.
#[test]
fn erc1410_and_1644_carry_what_is_said_beside_a_movement() {
    let mut world = World::new();
    with_force(&mut world);
    let partition = default_class(&mut world);
    let (alice, bob) = (wallet("alice"), wallet("bob"));
    let (data, words) = (Bytes::from_static(b"ref 7"), Bytes::from_static(b"by desk 3"));
    world.ok("alice", acme(), IERC1410::authorizeOperatorCall { operator: wallet("carol") });
    let moved = IERC1410::operatorTransferByPartitionCall {
        partition,
        from: alice,
        to: bob,
        value: u(3),
        data: data.clone(),
        operatorData: words.clone(),
    };
    let receipt = world.send("carol", acme(), moved);
    let [log] = &logs::<IERC1410::TransferByPartition>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!((log.operator, log.fromPartition), (wallet("carol"), partition));
    assert_eq!((&log.data, &log.operatorData), (&data, &words));
    let issue = IERC1410::issueByPartitionCall {
        partition,
        tokenHolder: bob,
        value: u(1),
        data: data.clone(),
    };
    let receipt = world.send("issuer", acme(), issue);
    let [log] = &logs::<IERC1410::IssuedByPartition>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!(log.data, data);
    assert_eq!(logs::<IERC1594::Issued>(&receipt.logs, acme())[0].data, data);
    // A movement that names no class is none of ERC-1410's.
    let receipt = world.send("alice", acme(), IERC20::transferCall { to: bob, value: u(1) });
    assert!(logs::<IERC1410::TransferByPartition>(&receipt.logs, acme()).is_empty());

    let operatorData = Bytes::from(("BaFin", "WA 1/26", B256::from([7; 32])).abi_encode_params());
    let taken = IERC1644::controllerTransferCall {
        from: alice,
        to: bob,
        value: u(2),
        data: data.clone(),
        operatorData: operatorData.clone(),
    };
    let receipt = world.send("issuer", acme(), taken);
    let [log] = &logs::<IERC1644::ControllerTransfer>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!((&log.data, &log.operatorData), (&data, &operatorData));
    let [log] = &logs::<IERC7943Fungible::ForcedTransfer>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!((log.from, log.to, log.amount), (alice, bob, u(2)));
}

#[test]
fn erc7943_foretells_freezes_and_forces() {
    use IERC7943Fungible as Rwa;
    let mut world = World::new();
    with_force(&mut world);
    let (alice, bob, nobody) = (wallet("alice"), wallet("bob"), wallet("nobody"));
    let can_send = |world: &mut World, account| world.view(acme(), Rwa::canSendCall { account });
    let can_receive =
        |world: &mut World, account| world.view(acme(), Rwa::canReceiveCall { account });
    let can = |world: &mut World, to, amount| {
        world.view(acme(), Rwa::canTransferCall { from: alice, to, amount })
    };
    assert!(can_send(&mut world, alice) && can_receive(&mut world, alice));
    assert!(!can_send(&mut world, nobody) && !can_receive(&mut world, nobody));
    assert!(can(&mut world, bob, u(1_000)) && !can(&mut world, bob, u(1_001)));
    assert!(!can(&mut world, nobody, u(1)) && !can(&mut world, bob, U256::MAX));
    assert!(!can(&mut world, Address::ZERO, u(1)), "an end is no transfer");

    let freeze = |amount| Rwa::setFrozenTokensCall { account: alice, amount: u(amount) };
    world.refused("bob", acme(), freeze(1));
    for amount in [5_000, 400] {
        let receipt = world.send("issuer", acme(), freeze(amount));
        assert_eq!(Rwa::setFrozenTokensCall::abi_decode_returns(&done(&receipt)), Ok(true));
        let [log] = &logs::<Rwa::Frozen>(&receipt.logs, acme())[..] else { panic!("one log") };
        assert_eq!((log.account, log.amount), (alice, u(amount)));
        let frozen = world.view(acme(), Rwa::getFrozenTokensCall { account: alice });
        assert_eq!(frozen, u(amount));
        assert_eq!(can(&mut world, bob, u(600)), amount == 400);
    }
    assert!(!can(&mut world, bob, u(601)));
    assert!(can_send(&mut world, alice), "some of it is free");

    // What is frozen is thawed first, and said so before the units move.
    let forced = Rwa::forcedTransferCall { from: alice, to: bob, amount: u(700) };
    let receipt = world.send("issuer", acme(), forced);
    let place = |topic: B256| {
        receipt.logs.iter().position(|log| log.topics[0] == topic).expect("a log of this event")
    };
    let (thawed, moved) =
        (place(Rwa::Frozen::SIGNATURE_HASH), place(IERC20::Transfer::SIGNATURE_HASH));
    assert!(thawed < moved && moved < place(Rwa::ForcedTransfer::SIGNATURE_HASH));

    let frozen = IERC3643::setAddressFrozenCall { userAddress: bob, freeze: true };
    world.ok("issuer", acme(), frozen);
    assert!(!can_send(&mut world, bob) && !can_receive(&mut world, bob));
    world.refused("alice", acme(), IERC20::transferCall { to: bob, value: u(1) });
}

#[test]
fn erc5267_says_when_the_domain_changes() {
    let mut world = World::new();
    let receipt = world.send("issuer", acme(), IERC3643::setNameCall { name: "ACME plc".into() });
    assert_eq!(logs::<IERC5267::EIP712DomainChanged>(&receipt.logs, acme()).len(), 1);
}

#[test]
fn cmtat336_erc1594_issues_redeems_and_foretells_with_its_status_bytes() {
    let mut world = World::new();
    let (data, to) = (Bytes::new(), wallet("bob"));
    assert!(world.view(acme(), IERC1594::isIssuableCall {}));
    let issue = IERC1594::issueCall { tokenHolder: to, value: u(10), data: data.clone() };
    let receipt = world.send("issuer", acme(), issue);
    let [log] = &logs::<IERC1594::Issued>(&receipt.logs, acme())[..] else { panic!("one log") };
    assert_eq!((log.operator, log.to, log.value), (wallet("issuer"), to, u(10)));
    let receipt =
        world.send("bob", acme(), IERC1594::redeemCall { value: u(4), data: data.clone() });
    let [log] = &logs::<IERC1594::Redeemed>(&receipt.logs, acme())[..] else { panic!("one log") };
    assert_eq!((log.from, log.value), (to, u(4)));
    done(&world.send(
        "alice",
        acme(),
        IERC1594::transferWithDataCall { to, value: u(1), data: data.clone() },
    ));

    // What is foretold is what happens: status byte, reason, and the transfer itself.
    let can = |world: &mut World, to, value| {
        let input = IERC1594::canTransferCall { to, value, data: Bytes::new() }.abi_encode();
        let outcome = world.call("alice", acme(), input).outcome;
        let Outcome::Done(output) = outcome else { panic!("{outcome:?}") };
        <(bool, FixedBytes<1>, B256)>::abi_decode_params(&output).expect("three")
    };
    let stranger = wallet("nobody");
    for (to, value, status, reason) in
        [(to, u(1), 0x51, 0u64), (to, u(5_000), 0x52, 5), (stranger, u(1), 0x57, 1_001)]
    {
        let (allowed, byte, why) = can(&mut world, to, value);
        assert_eq!(
            (allowed, byte.0[0], why),
            (status == 0x51, status, B256::from(u(reason))),
            "{to} {value}"
        );
        let receipt = world.send("alice", acme(), IERC20::transferCall { to, value });
        assert_eq!(receipt.is_done(), allowed);
    }
    world.ok("issuer", acme(), IERC3643::pauseCall {});
    assert_eq!(can(&mut world, to, u(1)).1.0[0], 0x54);
    assert!(!world.view(acme(), IERC1594::isIssuableCall {}));
    let spend = IERC1594::canTransferFromCall { from: wallet("alice"), to, value: u(1), data };
    world.ok("issuer", acme(), IERC3643::unpauseCall {});
    let answer = world.view(acme(), spend.clone());
    assert_eq!((answer._0, answer._1.0[0]), (false, 0x53), "carol has no allowance");
    world.approve("alice", wallet("carol"), 10);
    assert!(world.view(acme(), spend.clone())._0);
    let (person, order) = (5, order());
    let freeze = ILedger::freezePersonCall { asset: ACME.0, person, frozen: true, order };
    world.ok("issuer", service(Module::Ledger), freeze);
    let answer = world.view(acme(), spend);
    assert_eq!((answer._0, answer._1.0[0]), (false, 0x53), "carol may move nothing for anybody");
}

#[test]
fn erc1404_tells_a_number_and_its_words() {
    let mut world = World::new();
    let (alice, bob, nobody) = (wallet("alice"), wallet("bob"), wallet("nobody"));
    let asked = |world: &mut World, from, to, value| {
        let asked = IERC1404::detectTransferRestrictionCall { from, to, value: u(value) };
        let restrictionCode = world.view(acme(), asked);
        let said = IERC1404::messageForTransferRestrictionCall { restrictionCode };
        (restrictionCode, world.view(acme(), said))
    };
    for (to, value, number, words) in [
        (bob, 1, 0, "no restriction"),
        (bob, 5_000, 15, "the sender has less than that"),
        (nobody, 1, 20, "a wallet is not bound to a verified person"),
    ] {
        assert_eq!(asked(&mut world, alice, to, value), (number, words.to_owned()));
        let call = IERC20::transferCall { to, value: u(value) };
        assert_eq!(world.send("alice", acme(), call).is_done(), number == 0);
    }
    assert_eq!(asked(&mut world, nobody, bob, 1).0, 20);
    let silent = IERC1404::messageForTransferRestrictionCall { restrictionCode: 99 };
    assert_eq!(world.view(acme(), silent), "", "no reason has it");
    let review = IIdentity::Claim {
        topic: ::identity::topic::UNDER_REVIEW,
        value: 0,
        dated: 0,
        expires: u64::MAX,
        evidence: B256::ZERO,
    };
    let person = world.view(service(Module::Identity), IIdentity::personOfCall { wallet: bob });
    let attest = IIdentity::attestCall { person, claim: review };
    world.ok("kyc", service(Module::Identity), attest);
    let (number, words) = asked(&mut world, alice, bob, 1);
    assert_eq!((number, &*words), (31, "the receiver is blocked"), "and not why");
    assert_eq!(asked(&mut world, bob, alice, 1).0, 0, "what it gives goes on");
    world.ok("issuer", acme(), IERC3643::pauseCall {});
    assert_eq!(asked(&mut world, bob, alice, 1).0, 10);
}

#[test]
fn erc1643_keeps_documents_by_name() {
    let mut world = World::new();
    let (name, documentHash) = (B256::repeat_byte(0x41), B256::repeat_byte(0x42));
    let set = IERC1643::setDocumentCall { name, uri: "ipfs://prospectus".into(), documentHash };
    world.refused("alice", acme(), set.clone());
    let receipt = world.send("issuer", acme(), set);
    let [log] = &logs::<IERC1643::DocumentUpdated>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!(
        (log.name, log.uri.as_str(), log.documentHash),
        (name, "ipfs://prospectus", documentHash)
    );
    let document = world.view(acme(), IERC1643::getDocumentCall { name });
    assert_eq!(
        (document._0.as_str(), document._1, document._2),
        ("ipfs://prospectus", documentHash, u(NOW.secs()))
    );
    assert_eq!(world.view(acme(), IERC1643::getAllDocumentsCall {}), vec![name]);
    let receipt = world.send("issuer", acme(), IERC1643::removeDocumentCall { name });
    assert_eq!(logs::<IERC1643::DocumentRemoved>(&receipt.logs, acme()).len(), 1);
    assert!(world.view(acme(), IERC1643::getAllDocumentsCall {}).is_empty());
    assert_eq!(world.view(acme(), IERC1643::getDocumentCall { name })._1, B256::ZERO);
}

#[test]
fn erc1644_moves_by_order_and_only_by_order() {
    let mut world = World::new();
    assert!(world.view(acme(), IERC1644::isControllableCall {}));
    let (from, to, data) = (wallet("alice"), wallet("bob"), Bytes::new());
    let words = ("BaFin".to_owned(), "WA 1/26".to_owned(), B256::repeat_byte(7));
    let operatorData: Bytes = words.abi_encode_params().into();
    let moved = IERC1644::controllerTransferCall {
        from,
        to,
        value: u(9),
        data: data.clone(),
        operatorData: operatorData.clone(),
    };
    world.refused("issuer", acme(), moved.clone());
    with_force(&mut world);
    let bare = IERC1644::controllerTransferCall { operatorData: Bytes::new(), ..moved.clone() };
    assert_eq!(world.refused("issuer", acme(), bare).0, 5_009);
    let receipt = world.send("issuer", acme(), moved);
    let [log] = &logs::<IERC1644::ControllerTransfer>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!((log.controller, log.from, log.to, log.value), (wallet("issuer"), from, to, u(9)));
    let ended = IERC1644::controllerRedeemCall { tokenHolder: to, value: u(9), data, operatorData };
    let receipt = world.send("issuer", acme(), ended);
    let [log] = &logs::<IERC1644::ControllerRedemption>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!((log.tokenHolder, log.value), (to, u(9)));
    assert_eq!(world.view(acme(), IERC20::totalSupplyCall {}), u(991));
}

#[test]
fn erc3643_freezing_tells_the_change_and_pausing_stops() {
    let mut world = World::new();
    let userAddress = wallet("alice");
    let more = |amount| IERC3643::freezePartialTokensCall { userAddress, amount: u(amount) };
    let less = |amount| IERC3643::unfreezePartialTokensCall { userAddress, amount: u(amount) };
    assert_eq!(world.refused("issuer", acme(), more(300)).0, 5_013, "no order is filed");
    file(&mut world);
    let frozen =
        |world: &mut World| world.view(acme(), IERC3643::getFrozenTokensCall { userAddress });
    for (change, total) in [(300, 300), (200, 500)] {
        let receipt = world.send("issuer", acme(), more(change));
        let [log] = &logs::<IERC3643::TokensFrozen>(&receipt.logs, acme())[..] else {
            panic!("one log")
        };
        assert_eq!(
            (log.userAddress, log.amount, frozen(&mut world)),
            (userAddress, u(change), u(total))
        );
        assert!(logs::<IERC3643::TokensUnfrozen>(&receipt.logs, acme()).is_empty());
    }
    let receipt = world.send("issuer", acme(), less(120));
    let [log] = &logs::<IERC3643::TokensUnfrozen>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!((log.userAddress, log.amount, frozen(&mut world)), (userAddress, u(120), u(380)));
    assert!(logs::<IERC3643::TokensFrozen>(&receipt.logs, acme()).is_empty());
    world.refused("issuer", acme(), less(381));
    world.refused("alice", acme(), IERC20::transferCall { to: wallet("bob"), value: u(621) });
    world.ok("alice", acme(), IERC20::transferCall { to: wallet("bob"), value: u(620) });

    let freeze = IERC3643::setAddressFrozenCall { userAddress, freeze: true };
    let receipt = world.send("issuer", acme(), freeze);
    let [log] = &logs::<IERC3643::AddressFrozen>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!((log.userAddress, log.isFrozen), (userAddress, true));
    assert!(world.view(acme(), IERC3643::isFrozenCall { userAddress }));

    let receipt = world.send("issuer", acme(), IERC3643::pauseCall {});
    assert_eq!(logs::<IERC3643::Paused>(&receipt.logs, acme()).len(), 1);
    assert!(world.view(acme(), IERC3643::pausedCall {}));
    let back = IERC20::transferCall { to: wallet("carol"), value: u(1) };
    assert_eq!(world.refused("bob", acme(), back.clone()).1, 0x42);
    let receipt = world.send("issuer", acme(), IERC3643::unpauseCall {});
    assert_eq!(logs::<IERC3643::Unpaused>(&receipt.logs, acme()).len(), 1);
    world.ok("bob", acme(), back);
}

/// A forced transfer takes what is free first, then thaws just the shortfall, and tells that.
#[test]
fn erc3643_forced_transfers_thaw_the_shortfall_alone() {
    let mut world = World::new();
    with_force(&mut world);
    let userAddress = wallet("alice");
    world.ok("issuer", acme(), IERC3643::freezePartialTokensCall { userAddress, amount: u(400) });
    let call =
        IERC3643::forcedTransferCall { from: userAddress, to: wallet("bob"), amount: u(700) };
    let receipt = world.send("issuer", acme(), call);
    done(&receipt);
    let [log] = &logs::<IERC3643::TokensUnfrozen>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!(log.amount, u(100));
    assert_eq!(world.view(acme(), IERC3643::getFrozenTokensCall { userAddress }), u(300));
    assert_eq!((world.balance("alice"), world.balance("bob")), (300, 700));
}

#[test]
fn p21_erc3643_batches_are_all_or_none_and_their_lists_match() {
    let mut world = World::new();
    let to = |names: &[&str]| names.iter().map(|name| wallet(name)).collect::<Vec<_>>();
    let units = |all: &[u64]| all.iter().map(|n| u(*n)).collect::<Vec<_>>();
    let batch = |names: &[&str], amounts: &[u64]| IERC3643::batchTransferCall {
        toList: to(names),
        amounts: units(amounts),
    };
    let receipt = world.send("alice", acme(), batch(&["bob", "carol", "bob"], &[1, 2, 3]));
    done(&receipt);
    assert_eq!((world.balance("bob"), world.balance("carol")), (4, 2));
    assert!(!world.send("alice", acme(), batch(&["bob", "carol"], &[1, 2_000])).is_done());
    assert_eq!(world.refused("alice", acme(), batch(&["bob", "carol"], &[1])).0, 5_010);
    assert_eq!((world.balance("bob"), world.balance("carol")), (4, 2));
    file(&mut world);
    // P21: one wallet twice would be reckoned from the same start twice.
    let twice = IERC3643::batchFreezePartialTokensCall {
        userAddresses: to(&["bob", "bob"]),
        amounts: units(&[1, 1]),
    };
    assert_eq!(world.refused("issuer", acme(), twice).0, 5_012);
    let burn =
        IERC3643::batchBurnCall { userAddresses: to(&["bob", "carol"]), amounts: units(&[4, 3]) };
    world.refused("issuer", acme(), burn);
    assert_eq!((world.balance("bob"), world.balance("carol")), (4, 2));
    world.ok(
        "issuer",
        acme(),
        IERC3643::batchMintCall { toList: to(&["bob", "carol"]), amounts: units(&[6, 8]) },
    );
    assert_eq!((world.balance("bob"), world.balance("carol")), (10, 10));
}

#[test]
fn the_identity_service_is_an_erc3643_registry() {
    let mut world = World::new();
    let at = service(Module::Identity);
    assert_eq!(world.view(acme(), IERC3643::identityRegistryCall {}), at);
    let userAddress = wallet("bob");
    assert!(world.view(at, IIdentityRegistry::containsCall { userAddress }));
    assert!(world.view(at, IIdentityRegistry::isVerifiedCall { userAddress }));
    assert_eq!(world.view(at, IIdentityRegistry::investorCountryCall { userAddress }), 250);
    assert!(!world.view(at, IIdentityRegistry::isVerifiedCall { userAddress: wallet("nobody") }));
}

/// Every refusal is one Solidity error with its ERC-1066 byte; nothing answers a call it does not know.
#[test]
fn unknown_functions_and_short_calls_are_refused_in_words() {
    let mut world = World::new();
    for to in [
        acme(),
        service(Module::Identity),
        service(Module::Trust),
        service(Module::Compliance),
        service(Module::Ledger),
    ] {
        for input in [vec![], vec![1], vec![1, 2, 3], vec![0xde, 0xad, 0xbe, 0xef], vec![0; 68]] {
            let (code, status, words) = refusal(&world.call("alice", to, input.clone()).outcome);
            assert_eq!((code, status), (5_006, 0x20), "{to} {input:x?}");
            assert!(!words.is_empty());
        }
    }
}

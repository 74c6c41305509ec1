//! What is declared is answered, and ERC-165 says so; ERC-6093's errors where ERC-20 has them.

// Fields have the names that the Solidity interfaces give them.
#![allow(non_snake_case)]

use crate::world::*;
use alloy_primitives::hex;
use alloy_sol_types::{SolCall, SolError};
use types::{Address, Bytes, Module, Outcome, U256};

/// The arguments of a function with nothing in them: zeros, or one number in all their place, and lists and texts
/// without content.
pub(crate) mod nothing {
    /// The types between the outer brackets, brackets within kept whole.
    fn split(list: &str) -> Vec<&str> {
        let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
        for (place, letter) in list.char_indices() {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(&list[start..place]);
                    start = place + 1;
                }
                _ => {}
            }
        }
        if !list.is_empty() {
            parts.push(&list[start..]);
        }
        parts
    }

    fn fields(tuple: &str) -> Option<Vec<&str>> {
        Some(split(tuple.strip_prefix('(')?.strip_suffix(')')?))
    }

    fn is_dynamic(kind: &str) -> bool {
        let has_length = kind.ends_with("[]") || kind == "bytes" || kind == "string";
        has_length || fields(kind).is_some_and(|fields| fields.into_iter().any(is_dynamic))
    }

    fn head_words(kind: &str) -> usize {
        match fields(kind) {
            Some(fields) if !is_dynamic(kind) => fields.into_iter().map(head_words).sum(),
            _ => 1,
        }
    }

    fn word(value: usize) -> Vec<u8> {
        [vec![0; 24], (value as u64).to_be_bytes().to_vec()].concat()
    }

    /// A number, an address or a flag; bytes stay zero.
    fn plain(kind: &str, number: usize) -> Vec<u8> {
        match fields(kind) {
            Some(fields) => fields.into_iter().flat_map(|kind| plain(kind, number)).collect(),
            None => word(if kind.starts_with("bytes") { 0 } else { number }),
        }
    }

    fn encode(kinds: &[&str], number: usize) -> Vec<u8> {
        let mut head = Vec::new();
        let mut tail = Vec::new();
        let head_bytes: usize = 32 * kinds.iter().map(|kind| head_words(kind)).sum::<usize>();
        for kind in kinds {
            if !is_dynamic(kind) {
                head.extend(plain(kind, number));
                continue;
            }
            head.extend(word(head_bytes + tail.len()));
            match fields(kind) {
                Some(fields) => tail.extend(encode(&fields, number)),
                None => tail.extend(word(0)),
            }
        }
        [head, tail].concat()
    }

    /// Call data of a function by its signature.
    pub fn call(selector: [u8; 4], signature: &str, number: usize) -> Vec<u8> {
        let (_, arguments) = signature.split_once('(').expect("a signature");
        let kinds = split(arguments.strip_suffix(')').expect("a signature"));
        [selector.to_vec(), encode(&kinds, number)].concat()
    }
}

macro_rules! functions {
    ($($at:expr => $interface:ident :: $calls:ident),* $(,)?) => {
        vec![$(($at, stringify!($interface), $interface::$calls::SELECTORS, $interface::$calls::SIGNATURES)),*]
    };
}

/// Where an interface is answered, its name, its functions' selectors and signatures.
pub(crate) type Declared = (Address, &'static str, &'static [[u8; 4]], &'static [&'static str]);

/// Every interface.
pub(crate) fn declared() -> Vec<Declared> {
    let [identity, trust, compliance, ledger] =
        [Module::Identity, Module::Trust, Module::Compliance, Module::Ledger].map(service);
    functions![
        identity => IIdentity::IIdentityCalls,
        identity => IIdentityRegistry::IIdentityRegistryCalls,
        trust => ITrust::ITrustCalls,
        trust => IApps::IAppsCalls,
        compliance => ICompliance::IComplianceCalls,
        ledger => ILedger::ILedgerCalls,
        identity => IERC165::IERC165Calls,
        trust => IERC165::IERC165Calls,
        compliance => IERC165::IERC165Calls,
        ledger => IERC165::IERC165Calls,
        acme() => IERC165::IERC165Calls,
        acme() => IERC20::IERC20Calls,
        acme() => IERC20Metadata::IERC20MetadataCalls,
        acme() => IERC2612::IERC2612Calls,
        acme() => IERC5267::IERC5267Calls,
        acme() => IERC1404::IERC1404Calls,
        acme() => IERC1410::IERC1410Calls,
        acme() => IERC1594::IERC1594Calls,
        acme() => IERC1643::IERC1643Calls,
        acme() => IERC1644::IERC1644Calls,
        acme() => IERC3643::IERC3643Calls,
        acme() => IERC7943Fungible::IERC7943FungibleCalls,
    ]
}

/// The door's refusal of what is no function of the place, or not its arguments.
const UNKNOWN: u16 = 5_006;

#[test]
fn whatever_is_declared_is_answered() {
    let mut world = World::new();
    let mut functions = 0;
    for (at, interface, selectors, signatures) in declared() {
        for (selector, signature) in selectors.iter().zip(signatures) {
            functions += 1;
            let called = world.call("issuer", at, nothing::call(*selector, signature, 0));
            if let Outcome::Refused(data) = &called.outcome
                && let Ok(refused) = IRefusal::Refused::abi_decode(data)
            {
                let words = refused.reason;
                assert_ne!(refused.code, UNKNOWN, "{interface}.{signature}: {words}");
                assert!(!words.is_empty(), "{interface}.{signature}");
            }
        }
    }
    assert!(functions > 150, "{functions}");
    for (at, ..) in declared() {
        assert_eq!(refusal(&world.call("issuer", at, vec![1, 2, 3, 4]).outcome).0, UNKNOWN);
    }
}

fn supports(world: &mut World, at: Address, id: [u8; 4]) -> bool {
    world.view(at, IERC165::supportsInterfaceCall { interfaceId: id.into() })
}

/// As the standards and `type(I).interfaceId` of their published interfaces have them.
#[test]
fn erc165_names_the_standards_by_their_published_ids() {
    let mut world = World::new();
    for (standard, id) in [
        ("ERC-165", "01ffc9a7"),
        ("ERC-20", "36372b07"),
        ("ERC-20 metadata", "a219a025"),
        ("ERC-2612", "9d8ff7da"),
        ("ERC-5267", "84b0196e"),
        ("ERC-7943", "3edbb4c4"),
        ("ERC-1404's two", "ab84a5c8"),
    ] {
        let id = hex::decode(id).expect("hex").try_into().expect("four bytes");
        assert!(supports(&mut world, acme(), id), "{standard}");
    }
    for (at, ..) in declared() {
        assert!(!supports(&mut world, at, [0xff; 4]), "ERC-165 says so");
        assert!(!supports(&mut world, at, [0; 4]));
    }
}

#[test]
fn erc165_says_yes_to_every_interface_where_it_is_answered() {
    let mut world = World::new();
    for (at, interface, selectors, _) in declared() {
        let id = selectors.iter().fold(0, |id, selector| id ^ u32::from_be_bytes(*selector));
        assert!(supports(&mut world, at, id.to_be_bytes()), "{interface} {id:08x}");
    }
    // ERC-1410's own text counts ERC-20's balance and supply among its functions.
    let own = IERC1410::IERC1410Calls::SELECTORS.iter();
    let text = own.chain([&IERC20::balanceOfCall::SELECTOR, &IERC20::totalSupplyCall::SELECTOR]);
    let id = text.fold(0, |id, selector| id ^ u32::from_be_bytes(*selector));
    assert!(supports(&mut world, acme(), id.to_be_bytes()));
    let ledger = ILedger::ILedgerCalls::SELECTORS.iter();
    let id = ledger.fold(0, |id, selector| id ^ u32::from_be_bytes(*selector));
    assert!(!supports(&mut world, acme(), id.to_be_bytes()), "a token is not the ledger");
}

fn short(outcome: &Outcome) -> IERC20::ERC20InsufficientBalance {
    let Outcome::Refused(data) = outcome else { panic!("{outcome:?}") };
    let needed = IERC20::ERC20InsufficientBalance::abi_decode(data).expect("ERC-6093");
    let words = format!("{} units needed, {} there", needed.needed, needed.balance);
    assert_eq!(evm::reason_of(data), Some(words));
    needed
}

#[test]
fn erc6093_a_balance_that_alone_is_short_is_told_in_its_error() {
    let mut world = World::new();
    let (to, value, data) = (wallet("bob"), U256::from(1_001), Bytes::new());
    world.approve("alice", wallet("carol"), 5_000);
    let calls = [
        ("alice", IERC20::transferCall { to, value }.abi_encode()),
        ("alice", IERC1594::transferWithDataCall { to, value, data }.abi_encode()),
        ("carol", transfer_from("alice", "bob", 1_001)),
    ];
    for (who, call) in calls {
        let told = short(&world.send_raw(who, Some(acme()), call).outcome);
        assert_eq!((told.sender, told.balance), (wallet("alice"), U256::from(1_000)));
        assert_eq!(told.needed, value);
    }
}

#[test]
fn erc6093_other_reasons_are_told_beside_the_balance() {
    let mut world = World::new();
    world.ok("issuer", acme(), IERC3643::pauseCall {});
    let transfer = IERC20::transferCall { to: wallet("bob"), value: U256::from(1_001) };
    let (_, _, words) = world.refused("alice", acme(), transfer);
    assert!(words.contains("halted") && words.contains("1001 units needed"), "{words}");
    world.ok("issuer", acme(), IERC3643::unpauseCall {});
    // A call that ERC-20 does not have keeps the one error of all services.
    let leg = ILedger::Leg { to: wallet("bob"), units: 1_001 };
    let (asset, class, from) = (ACME.0, 0, wallet("alice"));
    let batch = ILedger::transferBatchCall { asset, class, from, legs: vec![leg] };
    assert_eq!(world.refused("alice", service(Module::Ledger), batch).0, 9_005);
}

/// Units that are there and not free are no short balance, whatever class they are of.
#[test]
fn erc6093_speaks_of_the_whole_balance() {
    let mut world = World::new();
    let name = "B".to_owned();
    world.ok("issuer", service(Module::Ledger), ILedger::createClassCall { asset: 1, name });
    let issue = ILedger::issueBatchCall {
        asset: 1,
        class: 1,
        legs: vec![ILedger::Leg { to: wallet("alice"), units: 500 }],
    };
    world.ok("issuer", service(Module::Ledger), issue);
    let transfer =
        |units: u64| IERC20::transferCall { to: wallet("bob"), value: U256::from(units) };
    let told = short(&world.send("alice", acme(), transfer(1_501)).outcome);
    assert_eq!(told.balance, U256::from(1_500));
    let hold = ILedger::holdCall {
        asset: 1,
        class: 1,
        beneficiary: wallet("bob"),
        notary: 0,
        units: 400,
        expires: NOW.0 + 1_000,
    };
    world.ok("alice", service(Module::Ledger), hold);
    assert_eq!(world.refused("alice", acme(), transfer(1_400)).0, 9_005);
}

//! Every native, by every opcode that reaches an address, from everywhere that code runs. The tables are made of the
//! reserved range itself, so that who comes to live there is in them. EVM-1, EVM-2, EVM-3; THREATS M8, M9, M10, P40.

use crate::{
    standards::{declared, nothing},
    world::*,
};
use alloy_primitives::{hex, keccak256};
use alloy_sol_types::{SolCall, SolError, SolValue};
use state::{Change, take_apart};
use std::collections::{BTreeMap, BTreeSet};
use types::{
    Address, AssetId, B256, Bytes, Module, Outcome, PersonId, Reserved, ReservedKind, ShardId,
    U256, decode,
};

const CREATE: u8 = 0xf0;
const CALL: u8 = 0xf1;
const CALLCODE: u8 = 0xf2;
const DELEGATECALL: u8 = 0xf4;
const CREATE2: u8 = 0xf5;
const STATICCALL: u8 = 0xfa;
const CALLS: [u8; 4] = [CALL, CALLCODE, DELEGATECALL, STATICCALL];

/// The door's refusals: a change in a static frame; a native run as someone else.
const STATIC: u16 = 5_001;
const AS_ANOTHER: u16 = 5_020;

/// From where a contract's code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// As itself, called by a transaction.
    Itself,
    /// In the name of a proxy.
    Proxy,
    /// In the name of a contract that is being created.
    Constructor,
    /// Below a static call.
    Static,
}

const PLACES: [Place; 4] = [Place::Itself, Place::Proxy, Place::Constructor, Place::Static];

/// The code that creates a contract of this code.
fn creating(code: &[u8]) -> Bytes {
    let [high, low] = (code.len() as u16).to_be_bytes();
    // PUSH2 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN.
    [&[0x61, high, low, 0x80, 0x60, 10, 0x5f, 0x39, 0x5f, 0xf3], code].concat().into()
}

/// Does the opcode to the address in the first word, with the value in the second and the rest as data. Answers a word
/// that is 1 if it went well, and what came back.
fn doing(op: u8) -> Vec<u8> {
    // The rest to memory 0: PUSH1 64, CALLDATASIZE, SUB, DUP1, PUSH1 64, PUSH0, CALLDATACOPY.
    let mut code = vec![0x60, 64, 0x36, 0x03, 0x80, 0x60, 64, 0x5f, 0x37];
    match op {
        // The length is the salt, too: DUP1, PUSH0, PUSH0. The opcode answers an address.
        CREATE2 => code.extend([0x80, 0x5f, 0x5f, CREATE2]),
        CREATE => code.extend([0x5f, 0x5f, CREATE]),
        _ => {
            // No room for an answer, the data; PUSH0, PUSH0, DUP3, PUSH0.
            code.extend([0x5f, 0x5f, 0x82, 0x5f]);
            if matches!(op, CALL | CALLCODE) {
                // PUSH1 32, CALLDATALOAD.
                code.extend([0x60, 32, 0x35]);
            }
            // PUSH0, CALLDATALOAD, GAS.
            code.extend([0x5f, 0x35, 0x5a, op]);
        }
    }
    // PUSH0, MSTORE; RETURNDATASIZE, PUSH0, PUSH1 32, RETURNDATACOPY; PUSH1 32, RETURNDATASIZE, ADD, PUSH0, RETURN.
    code.extend([0x5f, 0x52, 0x3d, 0x5f, 0x60, 32, 0x3e, 0x60, 32, 0x3d, 0x01, 0x5f, 0xf3]);
    code
}

/// Hands its data on by an opcode without a value, and answers what comes back.
fn handing(op: u8, to: Address) -> Vec<u8> {
    // CALLDATASIZE, PUSH0, PUSH0, CALLDATACOPY; PUSH0, PUSH0, CALLDATASIZE, PUSH0, PUSH20.
    let mut code = vec![0x36, 0x5f, 0x5f, 0x37, 0x5f, 0x5f, 0x36, 0x5f, 0x73];
    code.extend(to);
    code.extend(returning(op));
    code
}

/// GAS, the opcode, POP; RETURNDATASIZE, PUSH0, PUSH0, RETURNDATACOPY; RETURNDATASIZE, PUSH0, RETURN.
fn returning(op: u8) -> [u8; 10] {
    [0x5a, op, 0x50, 0x3d, 0x5f, 0x5f, 0x3e, 0x3d, 0x5f, 0xf3]
}

/// Code that runs another's in its own name while it is created, on this data, and keeps the answer as its code.
fn constructing(to: Address, data: &[u8]) -> Bytes {
    let [high, low] = (data.len() as u16).to_be_bytes();
    // PUSH2 length, DUP1, PUSH1 where the data begin, PUSH0, CODECOPY; PUSH0, PUSH0, DUP3, PUSH0, PUSH20.
    let mut code = vec![0x61, high, low, 0x80, 0x60, 44, 0x5f, 0x39, 0x5f, 0x5f, 0x82, 0x5f, 0x73];
    code.extend(to);
    code.extend(returning(DELEGATECALL));
    code.push(0);
    assert_eq!(code.len(), 44);
    [code, data.to_vec()].concat().into()
}

/// Says what opcodes say of the address in the first word: its code's size and hash, its balance, and how its code
/// begins. EXTCODESIZE, EXTCODEHASH and BALANCE of it, a word each by MSTORE; EXTCODECOPY of 32 bytes; RETURN.
const LOOKING: [u8; 29] =
    hex!("5f353b5f52" "5f353f602052" "5f3531604052" "60205f60605f353c" "60805ff3");

/// A contract's code, run from each place.
struct Tool {
    itself: Address,
    proxy: Address,
    below_static: Address,
}

impl Tool {
    fn new(world: &mut World, code: &[u8]) -> Self {
        let itself = world.deploy("alice", creating(code));
        let proxy = world.deploy("alice", creating(&handing(DELEGATECALL, itself)));
        let below_static = world.deploy("alice", creating(&handing(STATICCALL, itself)));
        Self { itself, proxy, below_static }
    }

    /// In whose name the code runs there.
    fn name(&self, world: &World, place: Place) -> Address {
        match place {
            Place::Itself | Place::Static => self.itself,
            Place::Proxy => self.proxy,
            Place::Constructor => wallet("alice").create(world.next_nonce("alice")),
        }
    }

    /// Runs the code on these data, and gives its answer and the logs.
    #[track_caller]
    fn run(&self, world: &mut World, place: Place, data: &[u8]) -> (Bytes, Vec<types::EthLog>) {
        let to = match place {
            Place::Itself => Some(self.itself),
            Place::Proxy => Some(self.proxy),
            Place::Static => Some(self.below_static),
            Place::Constructor => None,
        };
        let input = match to {
            Some(_) => data.to_vec().into(),
            None => constructing(self.itself, data),
        };
        let (from, access_list) = (wallet("alice"), Default::default());
        let request = evm::CallRequest { from, to, input, gas: GAS, access_list };
        let called = evm::call(&mut world.ctx, &request);
        let Outcome::Done(answer) = called.outcome else { panic!("{:?}", called.outcome) };
        match called.created {
            Some(created) => (evm::code(&world.ctx, &created), called.logs),
            None => (answer, called.logs),
        }
    }
}

/// What came of an opcode.
#[derive(Debug)]
struct Did {
    ok: bool,
    data: Bytes,
    logs: Vec<types::EthLog>,
}

impl Did {
    /// The code of a refusal; nothing if it went well, or failed without a word.
    fn refusal(&self) -> Option<u16> {
        (!self.ok && !self.data.is_empty()).then(|| refusal(&Outcome::Refused(self.data.clone())).0)
    }
}

/// A tool for each opcode that calls.
struct Callers(BTreeMap<u8, Tool>);

impl Callers {
    fn new(world: &mut World) -> Self {
        Self(CALLS.into_iter().map(|op| (op, Tool::new(world, &doing(op)))).collect())
    }

    #[track_caller]
    fn call(
        &self,
        world: &mut World,
        (place, op): (Place, u8),
        to: Address,
        value: u64,
        input: &[u8],
    ) -> Did {
        let words = (to, U256::from(value)).abi_encode();
        let (answer, logs) = self.0[&op].run(world, place, &[&words, input].concat());
        Did { ok: answer[31] == 1, data: answer.slice(32..), logs }
    }
}

/// Addresses of the reserved range: all services, the first and last numbers of all else, on this shard and others, and
/// what is no address of anything.
fn reserved() -> Vec<Address> {
    let first_and_last = [0, 1, 2, 3, 99, u64::MAX];
    let services = Module::ALL.into_iter().map(ReservedKind::Service);
    let assets = first_and_last.map(|id| ReservedKind::Asset(AssetId(id)));
    let persons = first_and_last.map(|id| ReservedKind::Person(PersonId(id)));
    let kinds: Vec<_> = services.chain(assets).chain(persons).collect();
    for kind in &kinds {
        // Who adds a kind adds it above.
        match kind {
            ReservedKind::Service(_) | ReservedKind::Asset(_) | ReservedKind::Person(_) => {}
        }
    }
    let on = |shard| kinds.iter().map(move |kind| Reserved { shard, kind: *kind }.address());
    let mut all: Vec<Address> = [0, 1, u16::MAX].map(ShardId).into_iter().flat_map(on).collect();
    // Kinds and services that do not exist.
    let nothing = [(11, 3), (11, 0xff), (19, 0), (19, 7), (12, 1)].map(|(place, byte)| {
        let mut address = service(Module::Identity);
        address[place] = byte;
        address
    });
    all.extend(nothing);
    all
}

/// Where somebody lives, and where nobody does.
fn inhabited(world: &World) -> (Vec<Address>, Vec<Address>) {
    reserved().into_iter().partition(|address| evm::is_native(&world.ctx, address))
}

/// Every function of every native by name, called with zeros and with ones, and what is no function. A service or asset
/// that declares none has no place here.
fn functions(natives: &[Address]) -> Vec<(Address, Option<&'static str>, Vec<u8>)> {
    let mut functions = Vec::new();
    for at in natives {
        let before = functions.len();
        for (_, _, selectors, signatures) in declared().into_iter().filter(|(to, ..)| to == at) {
            for (selector, name) in selectors.iter().zip(signatures) {
                let inputs = [0, 1].map(|number| nothing::call(*selector, name, number));
                functions.extend(inputs.map(|input| (*at, Some(*name), input)));
            }
        }
        let is_person =
            matches!(Reserved::parse(at), Some(Reserved { kind: ReservedKind::Person(_), .. }));
        assert_eq!(functions.len() == before, is_person, "{at} answers, and declares nothing");
        functions.push((*at, None, Vec::new()));
        functions.push((*at, None, vec![1, 2, 3, 4]));
    }
    functions
}

/// The tables of natives' records among these changes. Fails if a change is one of Ethereum's at a reserved address.
#[track_caller]
fn native_tables(changes: &[Change]) -> BTreeSet<u16> {
    let mut tables = BTreeSet::new();
    for change in changes {
        let record = change.record.as_ref().expect("nothing is deleted");
        let (table, key, _) = take_apart(record).expect("a record");
        let address: Address = match table {
            table if table == evm::ACCOUNTS.number() || table == evm::CREATORS.number() => {
                decode(key).expect("an address")
            }
            table if table == evm::STORAGE.number() => {
                decode::<(Address, U256)>(key).expect("address and slot").0
            }
            table if table == evm::CODE.number() => continue,
            table => {
                tables.insert(table);
                continue;
            }
        };
        assert!(!Reserved::contains(&address), "{address}");
    }
    tables
}

#[track_caller]
fn assert_no_native_record(changes: &[Change]) {
    assert_eq!(native_tables(changes), BTreeSet::new());
}

/// The functions that Solidity calls `view` or `pure`, by name.
fn views() -> BTreeMap<String, bool> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/interfaces");
    let folders = [folder.to_owned(), format!("{folder}/standards")];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("interfaces"));
    let mut views = BTreeMap::new();
    for path in files.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()) {
        let text = std::fs::read_to_string(path).expect("text");
        for function in text.split("    function ").skip(1) {
            let (function, _) = function.split_once(';').expect("an end");
            let name = function.split('(').next().expect("a name").to_owned();
            let is_view = function.split_whitespace().any(|word| word == "view" || word == "pure");
            let before = views.insert(name.clone(), is_view);
            assert!(before.is_none_or(|before| before == is_view), "{name} is both");
        }
    }
    views
}

#[test]
fn m9_p40_only_a_call_changes_anything_and_nobody_runs_a_native_as_another() {
    let mut world = World::new();
    let callers = Callers::new(&mut world);
    let (natives, _) = inhabited(&world);
    let views = views();
    let (mut asked, mut changing) = (0, 0);
    let changes = world.changes(|world| {
        for (to, name, input) in functions(&natives) {
            let mut answers = Vec::new();
            for place in PLACES {
                for op in CALLS {
                    let is_static = op == STATICCALL || place == Place::Static;
                    if op == CALL && !is_static {
                        continue;
                    }
                    let did = callers.call(world, (place, op), to, 0, &input);
                    let what = format!("{op:#x} of {name:?} at {to} from {place:?}: {did:?}");
                    assert!(did.logs.is_empty(), "{what}");
                    match op {
                        CALL | STATICCALL => answers.push((did.ok, did.refusal())),
                        _ => assert_eq!(did.refusal(), Some(AS_ANOTHER), "{what}"),
                    }
                }
            }
            answers.dedup();
            let [(ok, refusal)] = answers[..] else { panic!("{name:?} at {to}: {answers:?}") };
            let Some(name) = name else {
                assert!(!ok && refusal != Some(STATIC), "no function at {to}: {refusal:?}");
                continue;
            };
            let is_view = views[name.split('(').next().expect("a name")];
            assert!(is_view || !ok, "{name} at {to} changes something, and is answered");
            assert!(
                !is_view || refusal != Some(STATIC),
                "{name} at {to} only asks, and is refused"
            );
            asked += usize::from(ok);
            changing += usize::from(refusal == Some(STATIC));
        }
    });
    assert_no_native_record(&changes);
    assert!(asked > 90 && changing > 110, "{asked} answered, {changing} refused as changes");
}

#[test]
fn m9_what_is_asked_is_answered_alike_by_call_and_static_call_and_changes_nothing() {
    let mut world = World::new();
    let callers = Callers::new(&mut world);
    let (natives, _) = inhabited(&world);
    let changes = world.changes(|world| {
        for (to, name, input) in functions(&natives) {
            for place in [Place::Itself, Place::Proxy] {
                let asked = callers.call(world, (place, STATICCALL), to, 0, &input);
                if asked.refusal() == Some(STATIC) {
                    continue;
                }
                let tool = &callers.0[&CALL];
                let words = (to, U256::ZERO).abi_encode();
                // The same contract asks both times, as answers may depend on who asks.
                assert_eq!(tool.name(world, place), tool.name(world, place));
                let (answer, logs) = tool.run(world, place, &[&words[..], &input].concat());
                assert_eq!(answer[31] == 1, asked.ok, "{name:?} at {to} from {place:?}");
                assert!(logs.is_empty(), "{name:?} at {to} from {place:?}");
                if asked.ok {
                    assert_eq!(answer[32..], asked.data[..], "{name:?} at {to} from {place:?}");
                }
            }
        }
    });
    assert_no_native_record(&changes);
}

#[test]
fn m9_p40_the_caller_is_the_contract_in_whose_name_the_code_runs() {
    let approve =
        IERC20::approveCall { spender: wallet("dave"), value: U256::from(5) }.abi_encode();
    for place in [Place::Itself, Place::Proxy, Place::Constructor] {
        let mut world = World::new();
        let callers = Callers::new(&mut world);
        let did = callers.call(&mut world, (place, CALL), acme(), 0, &approve);
        assert_eq!(did.refusal(), Some(1_001), "{place:?} is nobody");
        let name = callers.0[&CALL].name(&world, place);
        world.register(name);
        let did = callers.call(&mut world, (place, CALL), acme(), 0, &approve);
        assert!(did.ok, "{place:?}: {did:?}");
        let [told] = &logs::<IERC20::Approval>(&did.logs, acme())[..] else { panic!("{did:?}") };
        assert_eq!((told.owner, told.spender), (name, wallet("dave")), "{place:?}");
    }
}

#[test]
fn m9_m10_no_value_goes_to_a_native_by_any_opcode() {
    let mut world = World::new();
    let callers = Callers::new(&mut world);
    let changes = world.changes(|world| {
        let question = IERC20::totalSupplyCall {}.abi_encode();
        for to in reserved().into_iter().chain([wallet("bob"), callers.0[&CALL].itself]) {
            for place in [Place::Itself, Place::Proxy, Place::Constructor] {
                for op in [CALL, CALLCODE] {
                    let did = callers.call(world, (place, op), to, 1, &question);
                    assert!(!did.ok && did.data.is_empty(), "{op:#x} to {to} from {place:?}");
                }
            }
        }
    });
    assert_no_native_record(&changes);
    let mut tx = transaction(world.next_nonce("alice"), Some(acme()), Bytes::new());
    tx.value = U256::from(1);
    assert_eq!(world.try_execute("alice", tx), Err(evm::NotIncludable::Value));
}

#[test]
fn m10_opcodes_see_a_contract_where_somebody_lives_and_nothing_elsewhere() {
    let mut world = World::new();
    let tool = Tool::new(&mut world, &LOOKING);
    let (natives, nobody) = inhabited(&world);
    assert!(natives.len() > 4 && nobody.len() > 20);
    let begins = B256::right_padding_from(&evm::NATIVE_CODE);
    let native = (U256::from(1), keccak256([0xef]), U256::ZERO, begins).abi_encode();
    for place in PLACES {
        for address in &natives {
            let seen = tool.run(&mut world, place, &address.abi_encode()).0;
            assert_eq!(seen, native, "{address} from {place:?}");
        }
        for address in &nobody {
            let seen = tool.run(&mut world, place, &address.abi_encode()).0;
            assert_eq!(seen, vec![0; 128], "{address} from {place:?}");
        }
    }
}

/// As at any address without code: it goes well, nothing comes back, and nothing is done. A transaction is told so.
#[test]
fn m10_where_nobody_lives_a_call_finds_nothing() {
    let mut world = World::new();
    let callers = Callers::new(&mut world);
    let (_, nobody) = inhabited(&world);
    let transfer = transfer_from("alice", "bob", 1);
    let changes = world.changes(|world| {
        for address in &nobody {
            for (place, op) in PLACES.into_iter().flat_map(|p| CALLS.map(|op| (p, op))) {
                let did = callers.call(world, (place, op), *address, 0, &transfer);
                let is_nothing = did.ok && did.data.is_empty() && did.logs.is_empty();
                assert!(is_nothing, "{op:#x} to {address} from {place:?}: {did:?}");
            }
            let called = world.call("alice", *address, transfer.clone());
            assert_eq!(refusal(&called.outcome).0, 5_002, "{address}");
        }
    });
    assert_no_native_record(&changes);
}

#[test]
fn m10_a_contract_that_names_a_native_its_heir_takes_nothing_from_it() {
    let mut world = World::new();
    // PUSH0, CALLDATALOAD, SELFDESTRUCT.
    let tool = Tool::new(&mut world, &[0x5f, 0x35, 0xff]);
    let (natives, nobody) = inhabited(&world);
    let changes = world.changes(|world| {
        for heir in natives.iter().chain(&nobody) {
            for place in [Place::Itself, Place::Proxy, Place::Constructor] {
                tool.run(world, place, &heir.abi_encode());
            }
        }
    });
    assert_no_native_record(&changes);
    let (still, _) = inhabited(&world);
    assert_eq!(still, natives);
    assert_eq!(world.view(acme(), IERC20::totalSupplyCall {}), U256::from(1_000));
}

/// EIP-3541: no contract can begin as natives and EIP-7702's delegations do. A transaction that delegates is refused
/// by its type.
#[test]
fn m9_m10_nobody_gets_the_code_of_a_native_or_of_a_delegation_to_one() {
    let mut world = World::new();
    let creators = [CREATE, CREATE2].map(|op| Tool::new(&mut world, &doing(op)));
    let (natives, _) = inhabited(&world);
    let delegations = natives.iter().map(|to| [&[0xef, 0x01, 0x00], &to[..]].concat());
    for code in delegations.chain([evm::NATIVE_CODE.to_vec()]) {
        let (from, input) = (wallet("alice"), creating(&code));
        let access_list = Default::default();
        let request = evm::CallRequest { from, to: None, input, gas: GAS, access_list };
        let outcome = evm::call(&mut world.ctx, &request).outcome;
        assert_eq!(outcome, Outcome::Halted("a contract cannot begin with 0xef".into()));
        for tool in &creators {
            let data = [vec![0; 64], creating(&code).to_vec()].concat();
            let (answer, _) = tool.run(&mut world, Place::Itself, &data);
            assert_eq!(answer[..], [0; 32], "an address");
            let harmless = [vec![0; 64], creating(&[&[0], &code[..]].concat()).to_vec()].concat();
            let (answer, _) = tool.run(&mut world, Place::Itself, &harmless);
            assert_ne!(answer[..], [0; 32], "no address");
        }
    }
}

/// EIP-7702: no transaction delegates, and no code is created that does; only who overrides code in a call, or sets it on
/// a chain for development, can write it. The delegation leads to a byte that is no opcode, and to no native.
#[test]
fn m9_a_delegation_to_a_native_is_inert() {
    let mut world = World::new();
    let callers = Callers::new(&mut world);
    let (natives, _) = inhabited(&world);
    let answered = IERC165::supportsInterfaceCall { interfaceId: [0; 4].into() }.abi_encode();
    let inputs = [answered, transfer_from("alice", "bob", 1), Vec::new()];
    let delegations = natives.iter().map(|to| [&[0xef, 0x01, 0x00], &to[..]].concat());
    let malformed = [vec![0xef, 0x01], vec![0xef, 0x01, 0x00, 7], vec![0xef, 0x01, 0x01]];
    let changes = world.changes(|world| {
        for (number, code) in delegations.chain(malformed).enumerate() {
            let delegated = Address::repeat_byte(0x40 + number as u8);
            let hash = keccak256(&code);
            evm::CODE.put(&mut world.ctx, &hash, evm::Code(std::sync::Arc::new(code)));
            let account = evm::Account { nonce: 1, code: Some(hash) };
            evm::ACCOUNTS.put(&mut world.ctx, &delegated, account);
            for input in &inputs {
                for (place, op) in PLACES.into_iter().flat_map(|p| CALLS.map(|op| (p, op))) {
                    let did = callers.call(world, (place, op), delegated, 0, input);
                    assert!(!did.ok && did.data.is_empty(), "{op:#x} from {place:?}: {did:?}");
                }
                let outcome = world.call("alice", delegated, input.clone()).outcome;
                assert_eq!(outcome, Outcome::Halted("invalid opcode".into()));
            }
        }
    });
    assert_no_native_record(&changes);
}

/// Ethereum's own precompiles have no code, and anyone may run them in its own name.
#[test]
fn ethereums_precompiles_answer_alike_by_every_opcode_from_everywhere() {
    let mut world = World::new();
    let callers = Callers::new(&mut world);
    let looking = Tool::new(&mut world, &LOOKING);
    for number in (1..=0x11u64).chain([0x100]) {
        let to = Address::from_word(U256::from(number).into());
        let seen = looking.run(&mut world, Place::Itself, &to.abi_encode()).0;
        assert_eq!(seen[..32], [0; 32], "{to} has code");
        let mut answers = Vec::new();
        for (place, op) in PLACES.into_iter().flat_map(|p| CALLS.map(|op| (p, op))) {
            let did = callers.call(&mut world, (place, op), to, 0, &[0; 128]);
            answers.push((did.ok, did.data));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{to}: {answers:?}");
        let is_silent = answers[0].0 && answers[0].1.is_empty();
        // ECRECOVER and P256VERIFY answer nothing where no signature is, MODEXP where no number is. All others answer
        // or fail.
        assert_eq!(is_silent, matches!(number, 1 | 5 | 0x100), "{to}: {answers:?}");
    }
}

/// A contract that is a person and a provider, and may create assets and set ACME's rules.
pub(crate) fn able(world: &mut World) -> Address {
    let script = world.script();
    world.register(script);
    let person = world.view(service(Module::Identity), IIdentity::personOfCall { wallet: script });
    world.ok("kyc", service(Module::Identity), IIdentity::admitProviderCall { provider: person });
    for (by, power, asset) in [("issuer", 10, ACME.0), ("kyc", 4, 0)] {
        let key = ITrust::GrantKey { grantee: script, power, asset, class: 0 };
        let grant = ITrust::grantCall { key, limit: 0, expires: u64::MAX };
        world.ok(by, service(Module::Trust), grant);
    }
    script
}

/// A change of each native that such a contract can make.
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
        report: REPORT,
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

fn told(steps: Vec<Script::Step>, fail: bool) -> Vec<u8> {
    Script::runCall { told: steps, fail }.abi_encode()
}

/// Calls a script as alice, and keeps what it changes.
fn run(world: &mut World, script: Address, input: Vec<u8>) -> evm::Called {
    let (from, to, input) = (wallet("alice"), Some(script), input.into());
    let request = evm::CallRequest { from, to, input, gas: GAS, access_list: Default::default() };
    evm::call(&mut world.ctx, &request)
}

fn results(called: &evm::Called) -> Vec<Script::Result> {
    let Outcome::Done(output) = &called.outcome else { panic!("{:?}", called.outcome) };
    Script::runCall::abi_decode_returns(output).expect("results")
}

/// For every native that takes changes: one that stands, one below a static call, and one whose frame fails after it.
#[test]
fn m8_m9_a_change_stands_with_its_frame_and_goes_with_it() {
    let mut world = World::new();
    let script = able(&mut world);
    let changes = changes();
    let (natives, _) = inhabited(&world);
    for native in natives.iter().filter(|native| !declared().iter().all(|(at, ..)| at != *native)) {
        assert!(changes.iter().any(|(to, _)| to == native), "no change of {native}");
    }
    for (to, input) in changes {
        let change = step(to, input);
        let look = Script::lookCall { told: vec![change.clone()] }.abi_encode();
        let mut below_static = step(script, look);
        below_static.kind = 1;
        let undone = step(script, told(vec![change.clone()], true));
        let is_there = step(to, vec![1, 2, 3, 4]);
        let changed = world.changes(|world| {
            let steps = vec![below_static, undone.clone(), is_there, undone];
            let called = run(world, script, told(steps, false));
            let results = results(&called);
            let inside = Script::lookCall::abi_decode_returns(&results[0].data).expect("results");
            assert_eq!(refusal(&Outcome::Refused(inside[0].data.clone())).0, STATIC, "{to}");
            assert_eq!(
                results[1].data[..4],
                Script::AsTold::SELECTOR,
                "{to}: it was done, and undone"
            );
            assert!(called.logs.iter().all(|log| log.address == script), "{to}");
            assert!(world.ctx.events().is_empty(), "{to}");
        });
        assert_no_native_record(&changed);
        let changed = world.changes(|world| {
            let called = run(world, script, told(vec![change], false));
            let done = &results(&called)[0];
            assert!(done.ok, "{to}: {:?}", evm::reason_of(&done.data));
        });
        assert!(!native_tables(&changed).is_empty(), "{to}: nothing was changed");
    }
}

/// Assets and persons come to live at addresses that a contract may have looked at before, in frames that may fail.
#[test]
fn m8_m10_who_comes_to_live_in_a_frame_is_seen_while_it_stands_and_not_when_it_failed() {
    let mut world = World::new();
    let script = able(&mut world);
    let registration = IIdentity::Registration {
        wallet: Address::repeat_byte(9),
        kind: 0,
        residence: (*b"DE").into(),
        uniqueness: [9; 32].into(),
        claims: Vec::new(),
    };
    let register = IIdentity::registerCall { registrations: vec![registration] }.abi_encode();
    let create = new_asset("NEW").abi_encode();
    let person = Reserved::person(ShardId(0), PersonId(8));
    let births = [
        (token(AssetId(2)), step(service(Module::Ledger), create)),
        (person, step(service(Module::Identity), register)),
    ];
    for (newborn, birth) in births {
        assert!(!evm::is_native(&world.ctx, &newborn));
        let look = step(script, Script::probeCall { what: newborn }.abi_encode());
        let fails = |steps| step(script, told(steps, true));
        // Steps, and of those that look, whether somebody is there.
        let stories = [
            (vec![look.clone(), birth.clone(), look.clone()], vec![false, true]),
            (vec![fails(vec![birth.clone()]), look.clone()], vec![false]),
            (vec![fails(vec![birth.clone(), look.clone()]), look.clone()], vec![false]),
            (
                vec![look.clone(), fails(vec![birth.clone(), look.clone()]), look.clone()],
                vec![false, false],
            ),
            (
                vec![fails(vec![birth.clone(), look.clone()]), birth.clone(), look.clone()],
                vec![true],
            ),
            (
                vec![
                    fails(vec![birth.clone()]),
                    birth.clone(),
                    fails(vec![look.clone()]),
                    look.clone(),
                ],
                vec![true],
            ),
        ];
        for (number, (steps, expected)) in stories.into_iter().enumerate() {
            let mark = world.ctx.mark();
            let called = run(&mut world, script, told(steps.clone(), false));
            let all = results(&called);
            let seen = steps.iter().zip(&all).filter(|(step, _)| step.data == look.data);
            let seen: Vec<bool> = seen
                .map(|(_, result)| {
                    let seen = Script::probeCall::abi_decode_returns(&result.data).expect("seen");
                    let hash = if seen.size.is_zero() { B256::ZERO } else { keccak256([0xef]) };
                    assert_eq!(seen.hash, hash, "{newborn}, story {number}");
                    !seen.size.is_zero()
                })
                .collect();
            assert_eq!(seen, expected, "{newborn}, story {number}");
            let is_there = evm::is_native(&world.ctx, &newborn);
            assert_eq!(is_there, expected[expected.len() - 1], "{newborn}, story {number}");
            world.ctx.rollback(mark);
        }
    }
}

/// A call may stand 1,024 deep. The native at the very bottom answers; one deeper, it fails and nothing is left.
#[test]
fn m8_a_native_is_called_at_the_depth_where_calls_end_and_not_below() {
    let mut world = World::new();
    // Its first word says how often it calls itself; the last calls the token with the rest. Each answers 1 if all below
    // went well. The data to memory; the word, and where to if it is not 0.
    let mut code = hex!("365f5f37" "5f35" "80602d57").to_vec();
    // CALL of the token with the rest, and on to the answer.
    code.extend(hex!("5f5f" "60203603" "6020" "5f" "73"));
    code.extend(acme());
    code.extend(hex!("5af1" "604056"));
    // 45: the word less one, CALL of itself with all, and its answer if there is one. 64: the answer.
    code.extend(hex!("5b" "60019003" "5f52" "60205f36" "5f5f305af1" "5f5116"));
    code.extend(hex!("5b" "5f52" "60205ff3"));
    let diver = world.deploy("alice", creating(&code));
    world.approve("alice", diver, 5);
    for (times, is_done) in [(1_023u64, true), (1_024, false)] {
        let before = (world.balance("bob"), world.ctx.events().len());
        let word = U256::from(times).to_be_bytes::<32>();
        let input = [&word[..], &transfer_from("alice", "bob", 1)].concat().into();
        let (from, to, access_list) = (wallet("alice"), Some(diver), Default::default());
        // Each frame keeps a 64th of its gas.
        let request = evm::CallRequest { from, to, input, gas: 1 << 44, access_list };
        let called = evm::call(&mut world.ctx, &request);
        let answer = U256::from(u8::from(is_done)).to_be_bytes_vec();
        assert_eq!(called.outcome, Outcome::Done(answer.into()), "{times}");
        let moved = usize::from(is_done);
        assert_eq!(world.balance("bob"), before.0 + moved as u128, "{times}");
        assert_eq!(world.ctx.events().len(), before.1 + moved, "{times}");
        assert_eq!(called.logs.len(), moved, "{times}");
    }
}

//! One target per decoder of foreign bytes: whatever comes in, nothing panics, and what is accepted is
//! what it says it is.
//!
//! | target | bytes from |
//! |---|---|
//! | [`transaction`] | any client: a signed Ethereum transaction |
//! | [`request`] | any client: a JSON-RPC body |
//! | [`native_call`] | any wallet: a call to a service or an asset |
//! | [`policy`] | an issuer: the rules of an asset |
//! | [`calendar`] | a network power: when days begin, and on which business is done |
//! | [`block`] | a validator: a block, and the values in it |
//! | [`gossip`] | a validator: transactions passed on, a sign of life |
//! | [`fetch`] | a validator: entries of the store |
//! | [`proof`] | a stranger: a proof to verify offline |
//! | [`genesis`] | an operator: a genesis file |
//! | [`people`] | a provider: a table of people |
//! | [`keystore`] | a disk: a web3 keystore |
//! | [`state_file`] | a disk: a chain for development |
//!
//! `tests/seeds.rs` runs each on its seeds and on small changes to them; `make fuzz` lets LLVM's fuzzer
//! drive them.

use alloy_primitives::address;
use chain::{Chain, Genesis, Parent};
use compliance::Policy;
use engine::{Bundle, NetworkKey, deal_from_seed, foreign, light};
use evm::CallRequest;
use std::sync::LazyLock;
use types::{
    Address, AssetId, Block, Bytes, Calendar, Date, Days, Effect, Header, Module, Outcome, Receipt,
    Reserved, ShardId, Span, Time, decode, encode,
};
use workbench::{Keys, Setup, Workbench};

/// Takes any bytes; a panic is a finding.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 13] = [
    ("block", block),
    ("calendar", calendar),
    ("fetch", fetch),
    ("genesis", genesis),
    ("gossip", gossip),
    ("keystore", keystore),
    ("native_call", native_call),
    ("people", people),
    ("policy", policy),
    ("proof", proof),
    ("request", request),
    ("state_file", state_file),
    ("transaction", transaction),
];

/// A signed transaction: there is one encoding, and its hash is that of its bytes.
pub fn transaction(bytes: &[u8]) {
    let bytes = Bytes::copy_from_slice(bytes);
    if let Ok(signed) = evm::decode(&bytes, 31_337) {
        assert_eq!(signed.bytes, bytes);
        assert_eq!(evm::transaction_hash(&bytes), signed.hash);
    }
    if let Some(unsigned) = evm::decode_unsigned(&bytes, 31_337) {
        let signed = evm::decode(&bytes, 31_337);
        assert!(signed.map_or(true, |signed| signed.sender != unsigned.sender), "a forged sender");
    }
}

/// A JSON-RPC body: every call gets an answer that is JSON.
pub fn request(bytes: &[u8]) {
    if let Some(answer) = rpc::foreign::body(bytes, 100) {
        let read = serde_json::from_slice::<serde_json::Value>(&answer);
        assert!(read.is_ok(), "{}", String::from_utf8_lossy(&answer));
    }
}

/// A block with its transactions, and what it did: one byte string per value.
pub fn block(bytes: &[u8]) {
    foreign::block(bytes);
    if let Ok(block) = decode::<Block>(bytes) {
        assert_eq!(encode(&block), bytes);
    }
    if let Ok(receipt) = decode::<Receipt>(bytes) {
        assert_eq!(encode(&receipt), bytes);
    }
    if let Ok(effect) = decode::<Effect>(bytes) {
        assert_eq!(encode(&effect), bytes);
    }
}

/// What validators tell each other outside of consensus.
pub fn gossip(bytes: &[u8]) {
    foreign::gossip(bytes);
}

/// What a validator that joins asks, and is answered.
pub fn fetch(bytes: &[u8]) {
    foreign::fetch(bytes);
}

/// A proof from a stranger: the offline verifier refuses whatever the network did not sign.
pub fn proof(bytes: &[u8]) {
    static KEY: LazyLock<NetworkKey> = LazyLock::new(|| {
        deal_from_seed(1, 1).0.network_key().expect("a dealt committee has a key")
    });
    if let Ok(bundle) = serde_json::from_slice::<Bundle>(bytes) {
        assert!(light::verify(&bundle, &KEY).is_err(), "nobody has signed this");
    }
}

/// A genesis file: whatever is accepted starts a chain, and says the same when written again.
pub fn genesis(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(genesis) = Genesis::from_toml(text) {
        let again = Genesis::from_toml(&genesis.to_toml()).expect("what was written is read");
        assert_eq!(again, genesis);
        let _ = Chain::new(genesis);
    }
}

/// A chain for development as it is kept: what is accepted is kept again as it is.
pub fn state_file(bytes: &[u8]) {
    let setup = |_: &Genesis| Setup {
        keys: Keys::default(),
        newcomers: None,
        fuel: None,
        interval: None,
        now: Box::new(|| Time(0)),
    };
    if let Ok(bench) = Workbench::resume(bytes, setup) {
        let saved = bench.save();
        let again = Workbench::resume(&saved, setup).expect("what was written is read");
        assert_eq!(again.save(), saved);
    }
}

/// A policy: what is registered reads back as itself and stays within its bounds.
pub fn policy(bytes: &[u8]) {
    let Ok(policy) = serde_json::from_slice::<Policy>(bytes) else { return };
    if let Ok(cost) = policy.check() {
        assert!(cost.rules <= 128 && cost.depth <= 8 && cost.entries <= 1_024);
        let written = serde_json::to_string(&policy).expect("a policy has a JSON form");
        assert_eq!(serde_json::from_str::<Policy>(&written).expect("it is read back"), policy);
        let encoded = encode(&policy);
        assert_eq!(decode::<Policy>(&encoded).expect("it is read back"), policy);
    }
}

/// A calendar: what is registered reads back as itself, and its days follow one another.
pub fn calendar(bytes: &[u8]) {
    let Ok(calendar) = serde_json::from_slice::<Calendar>(bytes) else { return };
    if calendar.check().is_err() {
        return;
    }
    let encoded = encode(&calendar);
    assert_eq!(decode::<Calendar>(&encoded).expect("it is read back"), calendar);
    let days = Days::of(&calendar);
    let around = calendar.offsets.iter().flat_map(|(from, _)| [Time(from.0.max(1) - 1), *from]);
    for time in around.chain([Time::NEVER]) {
        let Some(day) = days.date(time) else { continue };
        assert!(days.start(day).is_some_and(|start| start <= time), "{day} at {time}");
        assert!(days.start(day.plus_days(1)).is_some_and(|next| time < next), "{day} at {time}");
        let span = Span { business: 100, ..Span::ZERO };
        assert!(days.after_date(span, day).is_none_or(|after| after > day));
    }
}

/// A table of people: every row is one that may be sent, or is named with its line.
pub fn people(bytes: &[u8]) {
    let today = Date::of(2026, 6, 1).expect("a date");
    if let Ok(table) = client::read_people(bytes, today) {
        for investor in &table.investors {
            assert!(!investor.wallet.is_zero() && investor.until > today);
        }
        assert!(table.skipped.iter().all(|skipped| skipped.line > 1 && !skipped.why.is_empty()));
    }
}

/// A keystore: what is accepted can be opened, with the wrong password at that.
pub fn keystore(bytes: &[u8]) {
    let is_cheap = |crypto: &serde_json::Value| {
        let small = |field: &str| crypto["kdfparams"][field].as_u64().is_none_or(|n| n <= 64);
        ["n", "r", "p", "c"].into_iter().all(small)
    };
    if client::check_keystore(bytes).is_ok()
        && let Ok(keystore) = serde_json::from_slice::<serde_json::Value>(bytes)
        && is_cheap(&keystore["crypto"])
    {
        let file = tempfile::NamedTempFile::new().expect("a file for a moment");
        std::fs::write(file.path(), bytes).expect("it can be written");
        assert!(client::read_keystore(file.path(), "not the password").is_err());
    }
}

/// A chain after its first block: persons, providers and powers are there.
static CHAIN: LazyLock<Chain> = LazyLock::new(|| {
    let genesis = Genesis::from_toml(include_str!("../seeds/genesis/development.toml"));
    let chain = Chain::new(genesis.expect("a valid genesis"));
    let parent = Parent::from(chain.genesis_header());
    let time = Time(parent.time.0 + 1);
    let (body, executed) = chain.propose(&parent, time, &[]).expect("the parent is known");
    let header = Header {
        height: 1,
        parent: parent.hash,
        time,
        body_hash: Block::body_hash(&body),
        receipts_root: executed.receipts_root,
        gas_used: executed.gas_used,
        ..chain.genesis_header().clone()
    };
    chain.attach(&header, &executed);
    assert!(chain.finalize(&header));
    chain
});

/// Wallets that the genesis gives powers, and one that nobody knows.
const WALLETS: [Address; 4] = [
    address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
    address!("70997970C51812dc3A010C7d01b50e0d17dc79C8"),
    address!("3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"),
    address!("00000000000000000000000000000000000a11ce"),
];

const SERVICES: [Module; 6] = [
    Module::Identity,
    Module::Trust,
    Module::Compliance,
    Module::Ledger,
    Module::Evm,
    Module::Chain,
];

/// A call to a service or an asset: one byte says who calls, one whom, the rest is data. A refusal changes
/// nothing.
pub fn native_call(bytes: &[u8]) {
    let [who, what, data @ ..] = bytes else { return };
    CHAIN.read(|ctx| {
        let from = WALLETS[*who as usize % WALLETS.len()];
        let to = match SERVICES.get(*what as usize % 8) {
            Some(service) => Reserved::service(ShardId(0), *service),
            None => Reserved::asset(ShardId(0), AssetId(1)),
        };
        let input = Bytes::copy_from_slice(data);
        let before = ctx.mark().to_u64();
        let access_list = Default::default();
        let request = CallRequest { from, to: Some(to), input, gas: 10_000_000, access_list };
        let called = evm::call(ctx, &request);
        if !matches!(called.outcome, Outcome::Done(_)) {
            assert!(called.logs.is_empty(), "a refusal announces nothing");
            // Only the sender's nonce: where it stood and where it stands differ by one record.
            let written = (ctx.mark().to_u64() - before) >> 32;
            assert!(written <= 1, "a refusal writes nothing but the nonce");
        }
    });
}

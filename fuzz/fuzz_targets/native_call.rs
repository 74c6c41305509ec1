//! Calls to services and assets with any data from anyone: no panic, and a refusal changes nothing.

#![no_main]

use alloy_primitives::address;
use chain::{Chain, Genesis, Parent};
use evm::CallRequest;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use types::{Address, AssetId, Block, Bytes, Header, Module, Outcome, Reserved, ShardId, Time};

/// A chain after its first block: persons, providers and powers are there.
static CHAIN: LazyLock<Chain> = LazyLock::new(|| {
    let genesis = Genesis::from_toml(include_str!("../genesis.toml")).expect("a valid genesis");
    let chain = Chain::new(genesis);
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

/// Wallets that genesis.toml gives powers, and one that nobody knows.
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

fuzz_target!(|call: (u8, u8, &[u8])| {
    let (who, what, data) = call;
    CHAIN.read(|ctx| {
        let from = WALLETS[who as usize % WALLETS.len()];
        let to = match SERVICES.get(what as usize % 8) {
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
});

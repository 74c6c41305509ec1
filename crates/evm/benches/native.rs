//! From a decoded transaction to its receipt: native calls, and the same through a guest.

#[path = "../tests/world/mod.rs"]
mod world;

use alloy_sol_types::SolCall;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evm::Signed;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};
use types::{Address, U256};
use world::{
    IERC20, IERC3643, Script, World, acme, limits, signed, step, transaction, transfer_from, wallet,
};

/// As many as a person's full tank pays for.
const PER_BLOCK: usize = 1_000;

fn transactions(world: &World, to: Address, input: &[u8]) -> Vec<Signed> {
    let next = world.next_nonce("alice");
    let one = |nonce| {
        let mut tx = transaction(nonce, Some(to), input.to_vec().into());
        tx.gas_limit = 200_000;
        signed("alice", tx)
    };
    (next..next + PER_BLOCK as u64).map(one).collect()
}

/// Executes blocks of these on the same state, each on its own, and counts the execution alone.
fn blocks(world: &World, transactions: &[Signed], iterations: u64) -> Duration {
    let (limits, mut left, mut total) = (limits(), iterations as usize, Duration::ZERO);
    while left > 0 {
        let mut ctx = world.next_block();
        let some = &transactions[..left.min(PER_BLOCK)];
        let start = Instant::now();
        for signed in some {
            let receipt = evm::execute(&mut ctx, black_box(signed), &limits, u64::MAX)
                .expect("may be included");
            assert!(black_box(receipt).is_done());
        }
        total += start.elapsed();
        left -= some.len();
    }
    total
}

fn native(c: &mut Criterion) {
    let mut world = World::new();
    let amount = U256::from(100_000);
    world.ok("issuer", acme(), IERC3643::mintCall { to: wallet("alice"), amount });
    let script = world.script();
    world.approve("alice", script, 100_000);
    world.changes(|_| ());
    let transfer = IERC20::transferCall { to: wallet("bob"), value: U256::from(1) }.abi_encode();
    let balance = IERC20::balanceOfCall { account: wallet("bob") }.abi_encode();
    let approve = IERC20::approveCall { spender: wallet("bob"), value: U256::from(1) }.abi_encode();
    let told = vec![step(acme(), transfer_from("alice", "bob", 1))];
    let through_guest = Script::runCall { told, fail: false }.abi_encode();
    let mut group = c.benchmark_group("evm::execute");
    group.throughput(Throughput::Elements(1));
    for (name, to, input) in [
        ("native transfer", acme(), transfer),
        ("native balanceOf", acme(), balance),
        ("native approve", acme(), approve),
        ("guest transferFrom", script, through_guest),
    ] {
        let transactions = transactions(&world, to, &input);
        group.bench_function(name, |b| {
            b.iter_custom(|iterations| blocks(&world, &transactions, iterations));
        });
    }
    group.finish();
}

criterion_group!(benches, native);
criterion_main!(benches);

//! A block of 10,000 signed transfers: executed with senders known, and from bytes.

#[path = "../tests/market/mod.rs"]
mod market;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use market::{Market, holder, transfer};
use types::Bytes;

const TRANSFERS: usize = 10_000;
const HOLDERS: usize = 1_000;

fn transfers() -> Vec<Bytes> {
    let one = |n: usize| {
        let (from, to) = (n % HOLDERS, (n * 7 + 1) % HOLDERS);
        transfer(&holder(from), (n / HOLDERS) as u64, &holder(to), 1)
    };
    (0..TRANSFERS).map(one).collect()
}

fn block(c: &mut Criterion) {
    let mut group = c.benchmark_group("chain::execute");
    group.sample_size(10).throughput(Throughput::Elements(TRANSFERS as u64));
    let body = transfers();
    let market = Market::open(HOLDERS);
    let (block, executed) = market.propose(&body);
    assert_eq!(block.body.len(), TRANSFERS);
    assert!(executed.receipts.iter().all(|receipt| receipt.is_done()));
    group.bench_function("transfers=10000 senders=known", |b| {
        b.iter(|| market.chain.execute(&market.parent(), &block).expect("valid"));
    });
    group.bench_function("transfers=10000 senders=recovered", |b| {
        let fresh = || Market::open(HOLDERS);
        b.iter_batched(
            fresh,
            |market| market.chain.execute(&market.parent(), &block).expect("valid"),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, block);
criterion_main!(benches);

//! What is counted, in Prometheus' words.

use crate::door::Door;
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use std::time::Duration;

/// From 50 microseconds to 13 seconds, by four.
const BUCKETS: [f64; 10] =
    [0.00005, 0.0002, 0.0008, 0.0032, 0.0128, 0.0512, 0.2048, 0.8192, 3.2768, 13.1072];

type ByMethod<M, C = fn() -> M> = Family<[(&'static str, &'static str); 1], M, C>;

/// Everything counted here.
pub(crate) struct Metrics {
    registry: Registry,
    calls: ByMethod<Counter>,
    failures: ByMethod<Counter>,
    seconds: ByMethod<Histogram>,
    /// Open connections.
    pub(crate) connections: Gauge,
    /// Live subscriptions.
    pub(crate) subscriptions: Gauge,
    /// WebSocket clients that were too slow.
    pub(crate) dropped: Counter,
    height: Gauge,
    best_known: Gauge,
    view: Gauge,
    peers: Gauge,
    block_time_ms: Gauge,
    waiting: Family<[(&'static str, String); 1], Gauge>,
    waiting_bytes: Gauge,
    indexed: Gauge,
}

/// The counters of one method.
pub(crate) struct Meter {
    calls: Counter,
    failures: Counter,
    seconds: Histogram,
}

impl Meter {
    /// Counts calls that together took so long.
    pub(crate) fn count(&self, calls: usize, failed: usize, took: Duration) {
        self.calls.inc_by(calls as u64);
        self.failures.inc_by(failed as u64);
        self.seconds.observe(took.as_secs_f64());
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let mut metrics = Self {
            registry: Registry::with_prefix("scrip"),
            calls: ByMethod::new_with_constructor(Counter::default),
            failures: ByMethod::new_with_constructor(Counter::default),
            seconds: ByMethod::new_with_constructor(histogram),
            connections: Gauge::default(),
            subscriptions: Gauge::default(),
            dropped: Counter::default(),
            height: Gauge::default(),
            best_known: Gauge::default(),
            view: Gauge::default(),
            peers: Gauge::default(),
            block_time_ms: Gauge::default(),
            waiting: Family::default(),
            waiting_bytes: Gauge::default(),
            indexed: Gauge::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let r = &mut self.registry;
        r.register("rpc_calls", "Calls by method", self.calls.clone());
        r.register("rpc_failures", "Calls answered by an error, by method", self.failures.clone());
        r.register("rpc_seconds", "Time to an answer, by method", self.seconds.clone());
        r.register("rpc_connections", "Open connections", self.connections.clone());
        r.register("rpc_subscriptions", "Live subscriptions", self.subscriptions.clone());
        r.register("rpc_dropped", "WebSocket clients that read too slowly", self.dropped.clone());
        r.register("height", "The newest final block here", self.height.clone());
        r.register("best_known", "The highest block heard of", self.best_known.clone());
        r.register("view", "The consensus view of the newest final block", self.view.clone());
        r.register("peers", "Other validators heard from lately", self.peers.clone());
        r.register(
            "block_time_ms",
            "The newest block's time, since 1970",
            self.block_time_ms.clone(),
        );
        r.register("pool_transactions", "Transactions that wait, by lane", self.waiting.clone());
        r.register("pool_bytes", "Bytes of transactions that wait", self.waiting_bytes.clone());
        r.register("index_transactions", "Transactions found by hash", self.indexed.clone());
    }

    pub(crate) fn meter(&self, method: &'static str) -> Meter {
        let label = [("method", method)];
        Meter {
            calls: self.calls.get_or_create(&label).clone(),
            failures: self.failures.get_or_create(&label).clone(),
            seconds: self.seconds.get_or_create(&label).clone(),
        }
    }
}

/// Everything as text, with what stands elsewhere read now.
pub(crate) fn text(door: &Door) -> String {
    let metrics = &door.metrics;
    let status = door.backend.engine.status();
    let gauge = |gauge: &Gauge, value: u64| {
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    };
    gauge(&metrics.height, status.height.unwrap_or(0));
    gauge(&metrics.best_known, status.best_known);
    gauge(&metrics.view, status.view);
    gauge(&metrics.peers, status.peers as u64);
    gauge(&metrics.block_time_ms, door.backend.chain.latest().time.0);
    let pool = door.backend.pool.status();
    for (lane, count) in &pool.lanes {
        gauge(&metrics.waiting.get_or_create(&[("lane", lane.to_string())]), *count as u64);
    }
    gauge(&metrics.waiting_bytes, pool.bytes as u64);
    gauge(&metrics.indexed, door.index.reach().1 as u64);
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = encode(&mut text, &metrics.registry);
    // Only the last line of all may end the text.
    text.truncate(text.trim_end().trim_end_matches("# EOF").len());
    text.push_str(&door.backend.engine.metrics());
    text
}

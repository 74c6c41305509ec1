//! How the door is set up, with limits that keep one client from starving the rest.

use crate::index::IndexLimits;
use std::{net::SocketAddr, time::Duration};

/// Where the door listens, and how much it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcConfig {
    /// Where JSON-RPC is answered, over HTTP and WebSocket.
    pub listen: SocketAddr,
    /// Where metrics, health and readiness are answered; nowhere if `None`.
    pub monitor: Option<SocketAddr>,
    /// What `web3_clientVersion` says.
    pub client_version: String,
    /// Web origins whose pages may call; `*` for all. There are no keys behind the door.
    pub cors: Vec<String>,
    /// The longest body or WebSocket message.
    pub max_body_bytes: usize,
    /// The longest answer, that of a batch in all.
    pub max_answer_bytes: usize,
    /// The most calls in one batch.
    pub max_batch: usize,
    /// Open connections.
    pub max_connections: usize,
    /// Subscriptions of one connection.
    pub max_subscriptions: usize,
    /// Calls of one WebSocket connection that are worked on at a time.
    pub max_in_flight: usize,
    /// How long a client may take to send a request, and to take an answer.
    pub client_timeout: Duration,
    /// How long one call may take.
    pub call_timeout: Duration,
    /// Calls that execute code, worked on at a time.
    pub max_executions: usize,
    /// Gas that `eth_call` and its kind may use in contracts; natives may use what a transaction may.
    pub call_gas: u64,
    /// The most blocks that one query for logs may span.
    pub max_log_blocks: u64,
    /// The most logs in one answer.
    pub max_logs: usize,
    /// Addresses and topics that a filter, or all subscriptions of a connection together, may name.
    pub max_filter_entries: usize,
    /// Filters that are kept.
    pub max_filters: usize,
    /// How long a filter is kept without being asked for.
    pub filter_timeout: Duration,
    /// How old the last block may be for the node to be ready.
    pub ready_block_age: Duration,
    /// How much of the chain is kept at hand.
    pub index: IndexLimits,
}

impl Default for RpcConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8545)),
            monitor: None,
            client_version: format!("scrip/v{}", env!("CARGO_PKG_VERSION")),
            cors: vec!["*".to_owned()],
            max_body_bytes: 4 << 20,
            max_answer_bytes: 32 << 20,
            max_batch: 1_000,
            max_connections: 1_000,
            max_subscriptions: 128,
            max_in_flight: 32,
            client_timeout: Duration::from_secs(20),
            call_timeout: Duration::from_secs(20),
            max_executions: 4,
            call_gas: 50_000_000,
            max_log_blocks: 10_000,
            max_logs: 20_000,
            max_filter_entries: 1_000,
            max_filters: 1_000,
            filter_timeout: Duration::from_secs(300),
            ready_block_age: Duration::from_secs(60),
            index: IndexLimits::default(),
        }
    }
}

/// The door cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    /// Another program, or another node, has the port.
    #[error("{what}: port {address} is in use; stop the other program or choose another port")]
    PortInUse {
        /// What should have listened.
        what: &'static str,
        /// Where.
        address: SocketAddr,
    },
    /// The system does not let us listen there.
    #[error("{what}: cannot listen on {address}: {error}")]
    Listen {
        /// What should have listened.
        what: &'static str,
        /// Where.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
}

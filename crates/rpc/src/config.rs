//! How the door is set up, with limits that keep one client from starving the rest.

use crate::index::IndexLimits;
use axum::http::{HeaderValue, Uri};
use std::{net::SocketAddr, time::Duration};
use tower_http::cors::AllowOrigin;

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

impl RpcConfig {
    /// Says which setting no door can have.
    pub fn check(&self) -> Result<(), RpcError> {
        drop(self.origins()?);
        let amounts = [
            ("max_body_bytes", self.max_body_bytes),
            ("max_answer_bytes", self.max_answer_bytes),
            ("max_batch", self.max_batch),
            ("max_connections", self.max_connections),
            ("max_subscriptions", self.max_subscriptions),
            ("max_in_flight", self.max_in_flight),
            ("max_executions", self.max_executions),
        ];
        let nothing = amounts.into_iter().find(|(_, amount)| *amount == 0);
        let times = [("client_timeout", self.client_timeout), ("call_timeout", self.call_timeout)];
        let never = times.into_iter().find(|(_, time)| time.is_zero());
        match nothing.map(|(field, _)| field).or(never.map(|(field, _)| field)) {
            Some(field) => {
                Err(RpcError::setting(field, "0 lets nobody in; leave it out for the default"))
            }
            None => Ok(()),
        }
    }

    /// The web origins whose pages may call.
    pub(crate) fn origins(&self) -> Result<AllowOrigin, RpcError> {
        if self.cors.iter().any(|origin| origin == "*") {
            return Ok(AllowOrigin::any());
        }
        let origins = self.cors.iter().map(|text| read_origin(text));
        Ok(AllowOrigin::list(origins.collect::<Result<Vec<_>, _>>()?))
    }
}

/// An origin as browsers send it: scheme, host, and the port where it is not the usual one.
fn read_origin(text: &str) -> Result<HeaderValue, RpcError> {
    let wrong = || {
        let why = format!("\"{text}\" is no web origin; write it as https://example.com, or \"*\"");
        RpcError::setting("cors", why)
    };
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(wrong());
    };
    // What a browser would never send matches nothing: a path, a user, upper case.
    let sent = format!("{scheme}://{authority}").to_lowercase();
    let is_origin = sent == text && !text.contains(['@', '*']);
    if !is_origin {
        return Err(wrong());
    }
    HeaderValue::from_str(text).map_err(|_| wrong())
}

/// The door cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum RpcError {
    /// A setting makes no sense.
    #[error("{field}: {why}")]
    Setting {
        /// Which one.
        field: &'static str,
        /// What is wrong with it, and what would be right.
        why: String,
    },
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

impl RpcError {
    fn setting(field: &'static str, why: impl Into<String>) -> Self {
        Self::Setting { field, why: why.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_that_no_browser_sends_is_refused_and_named() {
        let with = |origin: &str| RpcConfig { cors: vec![origin.to_owned()], ..Default::default() };
        for origin in ["*", "https://example.com", "http://localhost:3000", "http://[::1]:8080"] {
            assert!(with(origin).check().is_ok(), "{origin}");
        }
        for origin in [
            "",
            "example.com",
            "https://example.com/",
            "https://example.com/app",
            "https://Example.com",
            "https://*.example.com",
            "https://me@example.com",
            "https://a b",
        ] {
            let refused = with(origin).check().unwrap_err().to_string();
            assert!(refused.starts_with(&format!("cors: \"{origin}\"")), "{refused}");
        }
        let mixed =
            RpcConfig { cors: vec!["https://a.example".into(), "b".into()], ..Default::default() };
        assert!(mixed.check().is_err(), "a good origin does not hide a bad one");
    }

    #[test]
    fn a_limit_of_nothing_is_refused_and_named() {
        let config = RpcConfig { max_connections: 0, ..RpcConfig::default() };
        assert!(config.check().unwrap_err().to_string().starts_with("max_connections: 0"));
        let config = RpcConfig { call_timeout: Duration::ZERO, ..RpcConfig::default() };
        assert!(config.check().unwrap_err().to_string().starts_with("call_timeout: 0"));
        assert!(RpcConfig::default().check().is_ok());
    }
}

//! Methods about the node, its pool, and what happened inside transactions.

use super::{
    Method,
    Work::{Executing, Quick},
    waiting,
};
use crate::{debug, eth::about, txpool};

pub(super) static METHODS: &[Method] = &[
    Method::new("web3_clientVersion", &[], Quick(about::client_version)),
    Method::new("web3_sha3", &["data"], Quick(about::keccak)),
    Method::new("net_version", &[], Quick(about::net_version)),
    Method::new("net_listening", &[], Quick(about::listening)),
    Method::new("net_peerCount", &[], Quick(about::peers)),
    Method::new("txpool_status", &[], Quick(txpool::status)),
    Method::new("txpool_content", &[], Executing(txpool::content)),
    Method::new("debug_traceTransaction", &["hash", "options"], waiting!(debug::trace_transaction)),
    Method::new(
        "debug_traceCall",
        &["transaction", "block", "options"],
        Executing(debug::trace_call),
    ),
    Method::new("debug_traceBlockByNumber", &["block", "options"], waiting!(debug::trace_block)),
    Method::new("debug_traceBlockByHash", &["hash", "options"], waiting!(debug::trace_block)),
];

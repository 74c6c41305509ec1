//! Methods about the node, its pool, and what happened inside transactions.

use super::{
    Method,
    Work::{Executing, Quick},
    waiting,
};
use crate::{
    debug,
    eth::{about, blocks},
    txpool,
};

pub(super) static METHODS: &[Method] = &[
    Method::new("web3_clientVersion", &[], Quick(about::client_version)),
    Method::new("web3_sha3", &["data"], Quick(about::keccak)),
    Method::new("net_version", &[], Quick(about::net_version)),
    Method::new("net_listening", &[], Quick(about::listening)),
    Method::new("net_peerCount", &[], Quick(about::peers)),
    Method::new("txpool_status", &[], Quick(txpool::status)),
    Method::new("txpool_content", &[], Executing(txpool::content)),
    Method::new("txpool_inspect", &[], Executing(txpool::inspect)),
    Method::new("txpool_contentFrom", &["address"], Executing(txpool::content_from)),
    Method::new("debug_traceTransaction", &["hash", "options"], waiting!(debug::trace_transaction))
        .but("Steps, callTracer, flatCallTracer, prestateTracer, 4byteTracer, noopTracer. Blocks of the last hundred or so, \
              all of them for development; at most 50,000 steps. A native call has no steps of its own; prestate tells \
              no balances, and of natives no records."),
    Method::new("debug_traceCall", &["transaction", "block", "options"], Executing(debug::trace_call)),
    Method::new("debug_traceBlockByNumber", &["block", "options"], waiting!(debug::trace_block)),
    Method::new("debug_traceBlockByHash", &["hash", "options"], waiting!(debug::trace_block)),
    Method::new("trace_transaction", &["hash"], waiting!(debug::parity::transaction)),
    Method::new("trace_block", &["block"], waiting!(debug::parity::block))
        .but("No rewards: nobody earns any."),
    Method::new("erigon_getHeaderByNumber", &["block"], waiting!(blocks::header)),
    Method::new("ots_getApiLevel", &[], Quick(debug::ots::api_level)),
    Method::new("ots_hasCode", &["address", "block"], Quick(debug::ots::has_code)),
    Method::new("ots_getInternalOperations", &["hash"], waiting!(debug::ots::operations))
        .but("Creations and ends of contracts: nothing is transferred."),
    Method::new("ots_getTransactionError", &["hash"], waiting!(debug::ots::error)),
    Method::new("ots_traceTransaction", &["hash"], waiting!(debug::ots::trace)),
    Method::new("ots_getBlockDetails", &["block"], waiting!(debug::ots::block_details))
        .but("No rewards: nobody earns any."),
    Method::new("ots_getBlockDetailsByHash", &["hash"], waiting!(debug::ots::block_details))
        .but("No rewards: nobody earns any."),
    Method::new(
        "ots_getBlockTransactions",
        &["block", "page", "pageSize"],
        waiting!(debug::ots::block_transactions),
    ),
    Method::new(
        "ots_searchTransactionsBefore",
        &["address", "block", "pageSize"],
        waiting!(debug::ots::search_before),
    )
    .but("By sender, target and logs, over as many blocks as `eth_getLogs` spans."),
    Method::new(
        "ots_searchTransactionsAfter",
        &["address", "block", "pageSize"],
        waiting!(debug::ots::search_after),
    )
    .but("By sender, target and logs, over as many blocks as `eth_getLogs` spans."),
    Method::new(
        "ots_getTransactionBySenderAndNonce",
        &["address", "nonce"],
        waiting!(debug::ots::by_sender_and_nonce),
    )
    .but("Among the newest blocks, as many as `eth_getLogs` spans."),
    Method::new("ots_getContractCreator", &["address"], waiting!(debug::ots::creator))
        .but("Contracts that a transaction made itself, among the newest blocks."),
];

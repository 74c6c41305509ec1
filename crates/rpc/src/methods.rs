//! Every method there is, with the names of its parameters and where it runs.

use crate::{
    args::Args,
    debug,
    door::Door,
    eth::{about, blocks, calls, fees, filters, logs, submit, transactions, wallets},
    scrip::{assets, explain, network, people, proofs, receipts, waiting},
    subscriptions::{self, Session, Subscription},
    txpool,
    wire::Answer,
};
use futures::future::BoxFuture;
use std::sync::Arc;

/// A method.
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) params: &'static [&'static str],
    pub(crate) work: Work,
}

impl Method {
    /// True if a single object in the array of parameters holds them by name.
    pub(crate) fn by_name(&self) -> bool {
        self.name.starts_with("scrip_")
    }
}

type Look = fn(&Door, &Args<'_>) -> Answer;
type Wait = for<'a> fn(&'a Arc<Door>, Args<'a>) -> BoxFuture<'a, Answer>;
type Talk = fn(&Door, &Session, &Args<'_>, &mut Vec<Subscription>) -> Answer;

/// Where a method runs.
pub(crate) enum Work {
    /// At once: a look into memory.
    Quick(Look),
    /// On a thread of its own: it executes code, or counts over much.
    Executing(Look),
    /// It waits for blocks, archives or proofs.
    Waiting(Wait),
    /// It belongs to a WebSocket connection.
    Session(Talk),
}

const fn method(name: &'static str, params: &'static [&'static str], work: Work) -> Method {
    Method { name, params, work }
}

macro_rules! waiting {
    ($work:path) => {
        Work::Waiting(|door, args| Box::pin($work(door, args)))
    };
}

/// Every method.
pub(crate) fn all() -> impl Iterator<Item = &'static Method> {
    ETH.iter().chain(SCRIP).chain(OTHERS)
}

use Work::{Executing, Quick, Session as InSession};

static ETH: &[Method] = &[
    method("eth_chainId", &[], Quick(about::chain_id)),
    method("eth_syncing", &[], Quick(about::syncing)),
    method("eth_accounts", &[], Quick(about::accounts)),
    method("eth_blockNumber", &[], Quick(blocks::number)),
    method("eth_gasPrice", &[], Quick(fees::gas_price)),
    method("eth_maxPriorityFeePerGas", &[], Quick(fees::priority_fee)),
    method(
        "eth_feeHistory",
        &["blockCount", "newestBlock", "rewardPercentiles"],
        Quick(fees::history),
    ),
    method("eth_blobBaseFee", &[], Quick(fees::blob_base_fee)),
    method("eth_getBalance", &["address", "block"], Quick(wallets::balance)),
    method("eth_getTransactionCount", &["address", "block"], Quick(wallets::nonce)),
    method("eth_getCode", &["address", "block"], Quick(wallets::code)),
    method("eth_getStorageAt", &["address", "slot", "block"], Quick(wallets::storage)),
    method("eth_getProof", &["address", "slots", "block"], Quick(wallets::no_proof)),
    method(
        "eth_call",
        &["transaction", "block", "stateOverrides", "blockOverrides"],
        Executing(calls::call),
    ),
    method(
        "eth_estimateGas",
        &["transaction", "block", "stateOverrides"],
        Executing(calls::estimate),
    ),
    method("eth_createAccessList", &["transaction", "block"], Executing(calls::access_list)),
    method(submit::RAW_TRANSACTION, &["transaction"], Quick(submit::send)),
    method("eth_sendRawTransactionSync", &["transaction", "timeout"], waiting!(submit::send_sync)),
    method("eth_getTransactionByHash", &["hash"], waiting!(transactions::by_hash)),
    method(
        "eth_getTransactionByBlockHashAndIndex",
        &["hash", "index"],
        waiting!(transactions::by_block),
    ),
    method(
        "eth_getTransactionByBlockNumberAndIndex",
        &["block", "index"],
        waiting!(transactions::by_block),
    ),
    method("eth_getRawTransactionByHash", &["hash"], waiting!(transactions::raw)),
    method("eth_getTransactionReceipt", &["hash"], waiting!(transactions::receipt)),
    method("eth_getBlockReceipts", &["block"], waiting!(transactions::block_receipts)),
    method("eth_getBlockByHash", &["hash", "full"], waiting!(blocks::get)),
    method("eth_getBlockByNumber", &["block", "full"], waiting!(blocks::get)),
    method("eth_getBlockTransactionCountByHash", &["hash"], waiting!(blocks::count)),
    method("eth_getBlockTransactionCountByNumber", &["block"], waiting!(blocks::count)),
    method("eth_getUncleCountByBlockHash", &["hash"], waiting!(blocks::uncles)),
    method("eth_getUncleCountByBlockNumber", &["block"], waiting!(blocks::uncles)),
    method("eth_getUncleByBlockHashAndIndex", &["hash", "index"], Quick(blocks::no_uncle)),
    method("eth_getUncleByBlockNumberAndIndex", &["block", "index"], Quick(blocks::no_uncle)),
    method("eth_getLogs", &["filter"], waiting!(logs::get)),
    method("eth_newFilter", &["filter"], Quick(filters::new_log_filter)),
    method("eth_newBlockFilter", &[], Quick(filters::new_block_filter)),
    method("eth_getFilterChanges", &["id"], waiting!(filters::changes)),
    method("eth_getFilterLogs", &["id"], waiting!(filters::all_logs)),
    method("eth_uninstallFilter", &["id"], Quick(filters::uninstall)),
    method("eth_subscribe", &["kind", "filter"], InSession(subscriptions::subscribe_eth)),
    method("eth_unsubscribe", &["id"], InSession(subscriptions::unsubscribe)),
];

static SCRIP: &[Method] = &[
    method("scrip_networkInfo", &[], Quick(network::info)),
    method("scrip_nodeStatus", &[], Quick(network::status)),
    method(
        "scrip_explain",
        &["asset", "from", "to", "units", "class"],
        Executing(explain::explain),
    ),
    method("scrip_getPerson", &["who"], Quick(people::person)),
    method("scrip_getPositions", &["who", "after", "limit"], Quick(people::positions)),
    method("scrip_getAsset", &["asset"], Quick(assets::asset)),
    method("scrip_getAssets", &["after", "limit"], Quick(assets::assets)),
    method(
        "scrip_getHolders",
        &["asset", "class", "after", "limit", "block"],
        Quick(assets::holders),
    ),
    method(
        "scrip_getCheckpointBalance",
        &["asset", "who", "checkpoint", "class"],
        Quick(assets::checkpoint_balance),
    ),
    method("scrip_getGrants", &["asset", "after", "limit"], Quick(people::grants)),
    method("scrip_getHold", &["hold"], Quick(waiting::hold)),
    method("scrip_getHolds", &["asset", "who", "class"], Quick(waiting::holds)),
    method("scrip_getQuorum", &["power", "asset", "class"], Quick(waiting::quorum)),
    method("scrip_getProposal", &["proposal"], Quick(waiting::proposal)),
    method("scrip_getDelegation", &["who", "wallet"], Quick(waiting::delegation)),
    method(
        "scrip_getProof",
        &["table", "key", "keys", "kind", "asset", "class", "who", "wallet", "checkpoint"],
        waiting!(proofs::records),
    ),
    method("scrip_getEffectProof", &["tx", "event"], waiting!(proofs::effect)),
    method("scrip_getCertificate", &["height"], waiting!(proofs::certificate)),
    method("scrip_getTransactionReceipt", &["tx"], waiting!(receipts::receipt)),
    method("scrip_getBlock", &["block"], waiting!(receipts::block)),
    method("scrip_subscribe", &["kind"], InSession(subscriptions::subscribe_scrip)),
    method("scrip_unsubscribe", &["id"], InSession(subscriptions::unsubscribe)),
];

static OTHERS: &[Method] = &[
    method("web3_clientVersion", &[], Quick(about::client_version)),
    method("web3_sha3", &["data"], Quick(about::keccak)),
    method("net_version", &[], Quick(about::net_version)),
    method("net_listening", &[], Quick(about::listening)),
    method("net_peerCount", &[], Quick(about::peers)),
    method("txpool_status", &[], Quick(txpool::status)),
    method("txpool_content", &[], Executing(txpool::content)),
    method("debug_traceTransaction", &["hash", "options"], waiting!(debug::trace_transaction)),
    method("debug_traceCall", &["transaction", "block", "options"], Executing(debug::trace_call)),
    method("debug_traceBlockByNumber", &["block", "options"], waiting!(debug::trace_block)),
    method("debug_traceBlockByHash", &["hash", "options"], waiting!(debug::trace_block)),
];

//! Ethereum's methods.

use super::{
    Method,
    Work::{Executing, Quick, Session as InSession},
    waiting,
};
use crate::{
    dev::accounts,
    eth::{
        about, blocks, calls, fees, fill, filters, logs, simulate, submit, transactions, wallets,
    },
    subscriptions,
};

pub(super) static METHODS: &[Method] = &[
    Method::new("eth_chainId", &[], Quick(about::chain_id)),
    Method::new("eth_syncing", &[], Quick(about::syncing)),
    Method::new("eth_accounts", &[], Quick(accounts::accounts))
        .but("Empty, as a node keeps no keys; for development the accounts of the mnemonic."),
    Method::new("eth_blockNumber", &[], Quick(blocks::number)),
    Method::new("eth_gasPrice", &[], Quick(fees::gas_price))
        .but("1 gwei: the one price, which never changes and nobody earns."),
    Method::new("eth_maxPriorityFeePerGas", &[], Quick(fees::priority_fee))
        .but("0: a tip buys nothing."),
    Method::new(
        "eth_feeHistory",
        &["blockCount", "newestBlock", "rewardPercentiles"],
        Quick(fees::history),
    )
        .but("Over the blocks in memory; the base fee is the one price, and rewards are 0."),
    Method::new("eth_blobBaseFee", &[], Quick(fees::blob_base_fee))
        .but("1: there are no blobs."),
    Method::new("eth_getBalance", &["address", "block"], Quick(wallets::balance))
        .but("Fuel times the price, as there is no coin: what the wallet can spend on gas now. It grows back with time."),
    Method::new("eth_getTransactionCount", &["address", "block"], Quick(wallets::nonce)),
    Method::new("eth_getCode", &["address", "block"], Quick(wallets::code))
        .but("`0xef` where a service, asset or person lives."),
    Method::new("eth_getStorageAt", &["address", "slot", "block"], Quick(wallets::storage))
        .but("Contracts only: services and assets keep typed records, see `scrip_getProof`."),
    Method::new("eth_getProof", &["address", "slots", "block"], Quick(wallets::no_proof))
        .but("Refused with -32004: the state is no Merkle-Patricia trie. Use `scrip_getProof`."),
    Method::new(
        "eth_call",
        &["transaction", "block", "stateOverrides", "blockOverrides"],
        Executing(calls::call),
    )
        .but("Refuses a value, as there is no coin. States of the last 128 blocks or so, all of them for development. Overrides of contracts, number, time and gas limit; a balance changes nothing."),
    Method::new(
        "eth_estimateGas",
        &["transaction", "block", "stateOverrides", "blockOverrides"],
        Executing(calls::estimate),
    )
        .but("A sixteenth above what natives use now, as the state moves on."),
    Method::new("eth_simulateV1", &["payload", "block"], Executing(simulate::simulate))
        .but("At most 1,000 calls, and the gas of one `eth_call` in all. Roots are zero; `traceTransfers` has nothing to tell, as there is no coin."),
    Method::new("eth_fillTransaction", &["transaction"], Executing(fill::fill_transaction)),
    Method::new("eth_createAccessList", &["transaction", "block"], Executing(calls::access_list))
        .but("Empty for natives: a list makes nothing cheaper there."),
    Method::new(submit::RAW_TRANSACTION, &["transaction"], waiting!(submit::send))
        .but("Legacy (EIP-155), EIP-2930 and EIP-1559, without a value. For development the transaction is executed before its hash is answered."),
    Method::new("eth_sendRawTransactionSync", &["transaction", "timeout"], waiting!(submit::send_sync))
        .but("EIP-7966. A receipt is final."),
    Method::new("eth_getTransactionByHash", &["hash"], waiting!(transactions::by_hash)),
    Method::new(
        "eth_getTransactionByBlockHashAndIndex",
        &["hash", "index"],
        waiting!(transactions::by_block),
    ),
    Method::new(
        "eth_getTransactionByBlockNumberAndIndex",
        &["block", "index"],
        waiting!(transactions::by_block),
    ),
    Method::new("eth_getRawTransactionByHash", &["hash"], waiting!(transactions::raw)),
    Method::new(
        "eth_getRawTransactionByBlockHashAndIndex",
        &["hash", "index"],
        waiting!(transactions::raw_by_block),
    ),
    Method::new(
        "eth_getRawTransactionByBlockNumberAndIndex",
        &["block", "index"],
        waiting!(transactions::raw_by_block),
    ),
    Method::new("eth_getTransactionReceipt", &["hash"], waiting!(transactions::receipt))
        .but("With `revertReason`, the data of a refusal, as Besu tells it."),
    Method::new("eth_getBlockReceipts", &["block"], waiting!(transactions::block_receipts)),
    Method::new("eth_getBlockByHash", &["hash", "full"], waiting!(blocks::get)),
    Method::new("eth_getBlockByNumber", &["block", "full"], waiting!(blocks::get)),
    Method::new("eth_getBlockTransactionCountByHash", &["hash"], waiting!(blocks::count)),
    Method::new("eth_getBlockTransactionCountByNumber", &["block"], waiting!(blocks::count)),
    Method::new("eth_getHeaderByHash", &["hash"], waiting!(blocks::header)),
    Method::new("eth_getHeaderByNumber", &["block"], waiting!(blocks::header)),
    Method::new("eth_getUncleCountByBlockHash", &["hash"], waiting!(blocks::uncles)),
    Method::new("eth_getUncleCountByBlockNumber", &["block"], waiting!(blocks::uncles)),
    Method::new("eth_getUncleByBlockHashAndIndex", &["hash", "index"], Quick(blocks::no_uncle))
        .but("Always `null`."),
    Method::new("eth_getUncleByBlockNumberAndIndex", &["block", "index"], Quick(blocks::no_uncle))
        .but("Always `null`."),
    Method::new("eth_getLogs", &["filter"], waiting!(logs::get)),
    Method::new("eth_newFilter", &["filter"], Quick(filters::new_log_filter)),
    Method::new("eth_newBlockFilter", &[], Quick(filters::new_block_filter)),
    Method::new("eth_newPendingTransactionFilter", &[], Quick(filters::new_pending_filter))
        .but("What this node's own clients sent."),
    Method::new("eth_getFilterChanges", &["id"], waiting!(filters::changes)),
    Method::new("eth_getFilterLogs", &["id"], waiting!(filters::all_logs)),
    Method::new("eth_uninstallFilter", &["id"], Quick(filters::uninstall)),
    Method::new("eth_subscribe", &["kind", "filter"], InSession(subscriptions::subscribe_eth))
        .but("`newHeads`, `logs`, `newPendingTransactions` and `syncing`, over WebSocket."),
    Method::new("eth_unsubscribe", &["id"], InSession(subscriptions::unsubscribe)),
];

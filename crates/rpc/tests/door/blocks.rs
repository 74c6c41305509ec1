//! Blocks, transactions, receipts, wallets and fees, as Ethereum's tools read them.

use crate::market::*;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use types::{Address, B256, Module};

#[tokio::test]
async fn a_node_says_who_it_is() {
    let market = Market::open().await;
    let expected = [
        ("eth_chainId", json!("0x1cbd")),
        ("net_version", json!("7357")),
        ("net_listening", json!(true)),
        ("net_peerCount", json!("0x0")),
        ("eth_syncing", json!(false)),
        ("eth_accounts", json!([])),
        ("eth_gasPrice", json!("0x3b9aca00")),
        ("eth_maxPriorityFeePerGas", json!("0x0")),
        ("eth_blobBaseFee", json!("0x1")),
        ("eth_blockNumber", json!("0x1")),
        ("txpool_status", json!({"pending": "0x0", "queued": "0x0"})),
    ];
    for (method, result) in expected {
        assert_eq!(market.ok(method, json!([])).await, result, "{method}");
    }
    let version = market.ok("web3_clientVersion", json!([])).await;
    assert!(version.as_str().unwrap().starts_with("scrip/v"));
    let hash = "0x47173285a8d7341e5e972fc677286384f802f8ef42a5ec5f03bbfa254cb01fad";
    assert_eq!(market.ok("web3_sha3", json!(["0x68656c6c6f20776f726c64"])).await, hash);
    market.blocks.hear_of(9);
    assert_eq!(market.ok("eth_syncing", json!([])).await["highestBlock"], "0x9");
}

#[tokio::test]
async fn a_block_is_the_same_by_number_tag_and_hash() {
    let market = Market::with_asset().await;
    let block = market.ok("eth_getBlockByNumber", json!(["0x2", false])).await;
    assert_eq!(market.ok("eth_getBlockByHash", json!([block["hash"], false])).await, block);
    assert_eq!(block["baseFeePerGas"], "0x3b9aca00");
    assert_eq!(block["transactions"].as_array().unwrap().len(), 2);
    assert_eq!(number(&block["timestamp"]), GENESIS_TIME.secs() + 2);
    let first = market.ok("eth_getBlockByNumber", json!(["0x1", true])).await;
    assert_eq!(block["parentHash"], first["hash"]);
    let latest = market.ok("eth_getBlockByNumber", json!(["latest", true])).await;
    assert_eq!(latest["number"], "0x3");
    assert_eq!(latest["transactions"][0]["from"], json!(wallet(ISSUER)));
    assert_eq!(latest["transactions"][0]["type"], "0x2");
    for tag in ["safe", "finalized", "pending"] {
        assert_eq!(market.ok("eth_getBlockByNumber", json!([tag, true])).await, latest);
    }
    assert_eq!(
        market.ok("eth_getBlockByNumber", json!(["earliest", false])).await["number"],
        "0x0"
    );
    for missing in [json!(["0x99", false]), json!([B256::repeat_byte(9), false])] {
        assert_eq!(market.ok("eth_getBlockByNumber", missing).await, Value::Null);
    }
    assert_eq!(market.ok("eth_getBlockTransactionCountByNumber", json!(["0x2"])).await, "0x2");
    assert_eq!(
        market.ok("eth_getBlockTransactionCountByHash", json!([block["hash"]])).await,
        "0x2"
    );
    assert_eq!(market.ok("eth_getUncleCountByBlockNumber", json!(["0x2"])).await, "0x0");
    assert_eq!(market.ok("eth_getUncleCountByBlockHash", json!([block["hash"]])).await, "0x0");
    let uncle = json!([block["hash"], "0x0"]);
    assert_eq!(market.ok("eth_getUncleByBlockHashAndIndex", uncle).await, Value::Null);
    assert_eq!(
        market.ok("eth_getUncleByBlockNumberAndIndex", json!(["0x2", "0x0"])).await,
        Value::Null
    );
}

#[tokio::test]
async fn a_transaction_is_found_while_it_waits_and_when_it_is_final() {
    let market = Market::with_asset().await;
    let hash = market.send(ALICE, Some(token()), transfer(wallet(BOB), 40)).await;
    let waiting = market.ok("eth_getTransactionByHash", json!([hash])).await;
    assert_eq!(waiting["blockHash"], Value::Null);
    assert_eq!(market.ok("eth_getTransactionReceipt", json!([hash])).await, Value::Null);
    assert_eq!(market.ok("txpool_status", json!([])).await["pending"], "0x1");
    let content = market.ok("txpool_content", json!([])).await;
    let pointer = format!("/pending/{}/0/hash", wallet(ALICE));
    let lower = pointer.to_lowercase();
    let told = content.pointer(&pointer).or_else(|| content.pointer(&lower));
    assert_eq!(told, Some(&json!(hash)), "{content}");
    let raw = market.ok("eth_getRawTransactionByHash", json!([hash])).await;

    market.block().await;
    let transaction = market.ok("eth_getTransactionByHash", json!([hash])).await;
    assert_eq!(transaction["blockNumber"], "0x4");
    assert_eq!(transaction["gasPrice"], "0x3b9aca00");
    assert_eq!(market.ok("eth_getRawTransactionByHash", json!([hash])).await, raw);
    let by_number = json!(["0x4", "0x0"]);
    let same = market.ok("eth_getRawTransactionByBlockNumberAndIndex", by_number.clone()).await;
    assert_eq!(same, raw);
    let beyond = json!([transaction["blockHash"], "0x7"]);
    let none = market.ok("eth_getRawTransactionByBlockHashAndIndex", beyond).await;
    assert_eq!(none, Value::Null);
    assert_eq!(market.ok("eth_getTransactionByBlockNumberAndIndex", by_number).await, transaction);
    let by_hash = json!([transaction["blockHash"], "0x0"]);
    assert_eq!(market.ok("eth_getTransactionByBlockHashAndIndex", by_hash).await, transaction);
    let beyond = json!(["0x4", "0x7"]);
    assert_eq!(market.ok("eth_getTransactionByBlockNumberAndIndex", beyond).await, Value::Null);

    let receipt = market.ok("eth_getTransactionReceipt", json!([hash])).await;
    assert_eq!(receipt["status"], "0x1");
    assert_eq!(receipt["to"], json!(token()));
    assert_eq!(receipt["effectiveGasPrice"], "0x3b9aca00");
    assert_eq!(receipt["logs"][0]["transactionHash"], json!(hash));
    assert_eq!(receipt["logs"][0]["logIndex"], "0x0");
    assert_eq!(market.ok("eth_getBlockReceipts", json!(["0x4"])).await, json!([receipt]));
    assert_eq!(market.ok("eth_getBlockReceipts", json!(["0x44"])).await, Value::Null);
    let unknown = json!([B256::repeat_byte(1)]);
    assert_eq!(market.ok("eth_getTransactionByHash", unknown.clone()).await, Value::Null);
    assert_eq!(market.ok("eth_getTransactionReceipt", unknown).await, Value::Null);
}

#[tokio::test]
async fn receipts_of_a_block_count_gas_and_logs_on() {
    let market = Market::with_asset().await;
    let hashes = [
        market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await,
        market.send(ALICE, Some(token()), transfer(wallet(BOB), 2)).await,
    ];
    market.block().await;
    let first = market.ok("eth_getTransactionReceipt", json!([hashes[0]])).await;
    let second = market.ok("eth_getTransactionReceipt", json!([hashes[1]])).await;
    let sum = number(&first["gasUsed"]) + number(&second["gasUsed"]);
    assert_eq!(number(&second["cumulativeGasUsed"]), sum);
    let logs = first["logs"].as_array().unwrap().len() as u64;
    assert_eq!(number(&second["logs"][0]["logIndex"]), logs);
    assert_eq!(
        number(&market.ok("eth_getBlockByNumber", json!(["latest", false])).await["gasUsed"]),
        sum
    );
}

#[tokio::test]
async fn a_wallets_balance_is_its_fuel() {
    let market = Market::with_asset().await;
    let fuel = |at: &'static str| market.ok("eth_getBalance", json!([wallet(ALICE), at]));
    let before: types::U256 = from(&fuel("latest").await);
    assert_eq!(before, types::U256::from(100_000_000u64) * types::U256::from(evm::BASE_FEE));
    assert_eq!(market.ok("eth_getBalance", json!([wallet(STRANGER), "latest"])).await, "0x0");
    let hash = market.send(ALICE, Some(token()), transfer(wallet(BOB), 40)).await;
    market.block().await;
    let used = number(&market.ok("eth_getTransactionReceipt", json!([hash])).await["gasUsed"]);
    let after: types::U256 = from(&fuel("latest").await);
    assert_eq!(before - after, types::U256::from(used) * types::U256::from(evm::BASE_FEE));
    let earlier: types::U256 = from(&fuel("0x3").await);
    assert_eq!(earlier, before);
}

#[tokio::test]
async fn nonces_count_what_waits_if_asked() {
    let market = Market::with_asset().await;
    market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    let nonce =
        |tag: &'static str| market.ok("eth_getTransactionCount", json!([wallet(ALICE), tag]));
    assert_eq!(nonce("latest").await, "0x0");
    assert_eq!(nonce("pending").await, "0x2");
    market.block().await;
    assert_eq!(nonce("latest").await, "0x2");
    assert_eq!(nonce("pending").await, "0x2");
    assert_eq!(nonce("0x3").await, "0x0");
}

#[tokio::test]
async fn natives_have_code_and_no_storage() {
    let market = Market::with_asset().await;
    for address in [token(), service(Module::Ledger)] {
        assert_eq!(market.ok("eth_getCode", json!([address, "latest"])).await, "0xef");
        let word = market.ok("eth_getStorageAt", json!([address, "0x0", "latest"])).await;
        assert_eq!(word, json!(B256::ZERO));
    }
    assert_eq!(market.ok("eth_getCode", json!([Address::ZERO])).await, "0x");
    let (code, message) = market.refused("eth_getProof", json!([token(), [], "latest"])).await;
    assert!(code == -32004 && message.contains("scrip_getProof"), "{code} {message}");
}

#[tokio::test]
async fn the_history_of_fees_is_flat() {
    let market = Market::with_asset().await;
    let history = market.ok("eth_feeHistory", json!(["0x2", "latest", [25.0, 75.0]])).await;
    assert_eq!(history["oldestBlock"], "0x2");
    assert_eq!(history["baseFeePerGas"], json!(["0x3b9aca00", "0x3b9aca00", "0x3b9aca00"]));
    assert_eq!(history["gasUsedRatio"].as_array().unwrap().len(), 2);
    assert_eq!(history["reward"], json!([["0x0", "0x0"], ["0x0", "0x0"]]));
    assert_eq!(market.ok("eth_feeHistory", json!([99, "0x1", []])).await["oldestBlock"], "0x0");
    for bad in [
        json!(["0x1", "0x99", []]),
        json!(["0x1", "latest", [75, 25]]),
        json!(["0x1", "latest", [101]]),
    ] {
        assert_eq!(market.refused("eth_feeHistory", bad).await.0, -32602);
    }
}

#[tokio::test]
async fn what_is_not_kept_is_said_not_made_up() {
    let market = Market::with(|config| config.index.blocks = 2).await;
    market.block().await;
    market.block().await;
    market.block().await;
    assert_eq!(market.ok("eth_getBlockByNumber", json!(["0x1", false])).await["number"], "0x1");
    market.blocks.first_kept.store(3, Ordering::Relaxed);
    let (code, message) = market.refused("eth_getBlockByNumber", json!(["0x1", false])).await;
    assert!(code == -32000 && message.contains("not kept"), "{message}");
    let (_, message) = market.refused("eth_getBalance", json!([wallet(ALICE), "0x1"])).await;
    assert!(message.contains("not kept"), "{message}");
    let (code, message) = market.refused("eth_getBalance", json!([wallet(ALICE), "0x99"])).await;
    assert!(code == -32001 && message.contains("does not exist yet, the newest is 4"), "{message}");
    let by_hash = json!([wallet(ALICE), {"blockHash": B256::repeat_byte(7)}]);
    assert_eq!(market.refused("eth_getBalance", by_hash).await.0, -32001);
}

//! Logs, filters, and their bounds.

use crate::{attacks::guest, market::*};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use types::{Address, B256};

async fn transfers(market: &Market, count: u128) {
    for units in 1..=count {
        market.send(ALICE, Some(token()), transfer(wallet(BOB), units)).await;
        market.block().await;
    }
}

fn padded(address: Address) -> B256 {
    B256::left_padding_from(address.as_slice())
}

#[tokio::test]
async fn logs_are_found_by_range_address_and_topics() {
    let market = Market::with_asset().await;
    transfers(&market, 3).await;
    let topic = alloy_primitives::keccak256("Transfer(address,address,uint256)");
    let find = |filter: Value| {
        let market = &market;
        async move { market.ok("eth_getLogs", json!([filter])).await.as_array().unwrap().len() }
    };
    let all = json!({"fromBlock": "0x0", "address": token(), "topics": [topic]});
    assert_eq!(find(all).await, 4, "an issue and three transfers");
    let from_alice = json!({"fromBlock": "0x0", "topics": [topic, padded(wallet(ALICE))]});
    assert_eq!(find(from_alice).await, 3);
    let to_any = json!({"fromBlock": "0x4", "toBlock": "0x5", "topics": [topic, null, [padded(wallet(BOB)), padded(wallet(CAROL))]]});
    assert_eq!(find(to_any).await, 2);
    assert_eq!(find(json!({"fromBlock": "0x0", "address": wallet(ALICE)})).await, 0);
    assert_eq!(find(json!({"address": [token()], "topics": [topic]})).await, 1, "latest alone");
    let block = market.ok("eth_getBlockByNumber", json!(["0x4", false])).await;
    assert_eq!(find(json!({"blockHash": block["hash"], "topics": [topic]})).await, 1);
    assert_eq!(find(json!({"fromBlock": "0x77"})).await, 0, "blocks to come");
}

#[tokio::test]
async fn ranges_and_answers_are_bounded() {
    let market = Market::with(|config| {
        config.max_log_blocks = 4;
        config.max_logs = 2;
        config.max_filter_entries = 2;
    })
    .await;
    let logs = market.deploy(&guest::WRITES).await;
    for _ in 0..3 {
        market.send(ALICE, Some(logs), vec![]).await;
        market.block().await;
    }
    let refused = |filter: Value| {
        let market = &market;
        async move { market.refused("eth_getLogs", json!([filter])).await }
    };
    let (code, message) = refused(json!({"fromBlock": "0x0", "toBlock": "latest"})).await;
    assert!(code == -32005 && message.contains("at most 4"), "{message}");
    let (code, message) = refused(json!({"fromBlock": "0x2", "toBlock": "latest"})).await;
    assert!(code == -32005 && message.contains("more than 2"), "{message}");
    let (code, message) = refused(json!({"fromBlock": "0x3", "toBlock": "0x2"})).await;
    assert!(code == -32602 && message.contains("is after"), "{message}");
    let many = json!({"address": [token(), wallet(ALICE), wallet(BOB)]});
    assert!(refused(many).await.1.contains("at most 2"));
    for bad in [
        json!({"fromBlock": "tomorrow"}),
        json!({"topics": [1]}),
        json!("x"),
        json!({"address": "0x1"}),
    ] {
        assert_eq!(refused(bad.clone()).await.0, -32602, "{bad}");
    }
    assert_eq!(refused(json!({"blockHash": B256::repeat_byte(1)})).await.0, -32001);
}

#[tokio::test]
async fn logs_of_blocks_that_are_gone_are_not_passed_over_in_silence() {
    let market = Market::with(|config| config.index.blocks = 1).await;
    let logs = market.deploy(&guest::WRITES).await;
    market.send(ALICE, Some(logs), vec![]).await;
    market.block().await;
    market.block().await;
    let range = json!([{"fromBlock": "0x1", "address": logs}]);
    assert_eq!(market.ok("eth_getLogs", range.clone()).await.as_array().unwrap().len(), 1);
    market.blocks.first_kept.store(4, Ordering::Relaxed);
    assert!(market.refused("eth_getLogs", range).await.1.contains("not kept"));
}

#[tokio::test]
async fn a_filter_tells_each_log_once() {
    let market = Market::with_asset().await;
    let filter = market.ok("eth_newFilter", json!([{"address": token()}])).await;
    let blocks = market.ok("eth_newBlockFilter", json!([])).await;
    let changes = |id: &Value| {
        let (market, id) = (&market, id.clone());
        async move { market.ok("eth_getFilterChanges", json!([id])).await.as_array().unwrap().clone() }
    };
    assert!(changes(&filter).await.is_empty());
    transfers(&market, 2).await;
    let told = changes(&filter).await;
    assert!(told.iter().all(|log| log["address"] == json!(token())));
    assert_eq!(
        told.iter().filter(|log| log["topics"][1] == json!(padded(wallet(ALICE)))).count(),
        2
    );
    assert!(changes(&filter).await.is_empty());
    let hashes = changes(&blocks).await;
    let head = market.ok("eth_getBlockByNumber", json!(["latest", false])).await;
    assert_eq!((hashes.len(), &hashes[1]), (2, &head["hash"]));
    let all = market.ok("eth_getFilterLogs", json!([filter])).await;
    assert!(!all.as_array().unwrap().is_empty());
    assert_eq!(market.refused("eth_getFilterLogs", json!([blocks])).await.0, -32602);
    assert_eq!(market.ok("eth_uninstallFilter", json!([filter])).await, true);
    assert_eq!(market.ok("eth_uninstallFilter", json!([filter])).await, false);
    assert_eq!(market.refused("eth_getFilterChanges", json!([filter])).await.1, "filter not found");
    let by_hash = json!([{"blockHash": B256::ZERO}]);
    assert_eq!(market.refused("eth_newFilter", by_hash).await.0, -32602);
}

#[tokio::test]
async fn a_filter_with_very_much_to_tell_tells_it_in_parts() {
    let market = Market::with(|config| config.max_logs = 2).await;
    let logs = market.deploy(&guest::WRITES).await;
    let filter = market.ok("eth_newFilter", json!([{"address": logs}])).await;
    for _ in 0..3 {
        market.send(ALICE, Some(logs), vec![]).await;
        market.send(CAROL, Some(logs), vec![]).await;
        market.block().await;
    }
    let mut told = Vec::new();
    for _ in 0..3 {
        let part = market.ok("eth_getFilterChanges", json!([filter])).await;
        assert_eq!(part.as_array().unwrap().len(), 2);
        told.push(part[0]["blockNumber"].clone());
    }
    assert_eq!(told, ["0x3", "0x4", "0x5"]);
}

#[tokio::test]
async fn filters_are_bounded_in_number() {
    let market = Market::with(|config| config.max_filters = 2).await;
    market.ok("eth_newBlockFilter", json!([])).await;
    market.ok("eth_newBlockFilter", json!([])).await;
    assert_eq!(market.refused("eth_newBlockFilter", json!([])).await.0, -32005);
}

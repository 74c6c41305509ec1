//! What explorers ask: Otterscan's and Erigon's methods, and what waits.

use crate::{attacks::guest, market::*};
use serde_json::{Value, json};
use types::{Address, B256, Bytes};

#[tokio::test]
async fn otterscan_finds_blocks_their_transactions_and_what_went_wrong() {
    let market = Market::with_asset().await;
    assert_eq!(market.ok("ots_getApiLevel", json!([])).await, 8);
    assert_eq!(market.ok("ots_hasCode", json!([token(), "latest"])).await, true);
    assert_eq!(market.ok("ots_hasCode", json!([wallet(BOB)])).await, false);
    let good = market.send(ALICE, Some(token()), transfer(wallet(BOB), 40)).await;
    let bad = market.send(ALICE, Some(token()), transfer(wallet(CAROL), 40)).await;
    let block = market.block().await;
    let height = block.block.header.height;
    let details = market.ok("ots_getBlockDetails", json!([height])).await;
    assert_eq!(details["block"]["transactionCount"], 2, "{details}");
    assert_eq!(details["block"].get("transactions"), None);
    assert_eq!(details["issuance"]["blockReward"], "0x0");
    assert_eq!(market.ok("ots_getBlockDetailsByHash", json!([block.hash])).await, details);
    let page = market.ok("ots_getBlockTransactions", json!([height, 1, 1])).await;
    assert_eq!(page["fullblock"]["transactions"][0]["hash"], json!(bad), "{page}");
    assert_eq!(page["fullblock"]["transactions"][0]["input"], "0xa9059cbb");
    assert_eq!(
        (page["receipts"].as_array().unwrap().len(), &page["receipts"][0]["logs"]),
        (1, &Value::Null)
    );
    assert_eq!(market.ok("ots_getTransactionError", json!([good])).await, "0x");
    let error: Bytes = from(&market.ok("ots_getTransactionError", json!([bad])).await);
    assert!(error.len() > 4);
    let header = market.ok("erigon_getHeaderByNumber", json!([height])).await;
    assert_eq!(header["hash"], json!(block.hash));
    assert_eq!(market.ok("eth_getHeaderByHash", json!([block.hash])).await, header);
    assert_eq!(market.ok("ots_getBlockDetails", json!([99])).await, Value::Null);
}

#[tokio::test]
async fn otterscan_finds_an_addresss_transactions_in_pages_both_ways() {
    let market = Market::with_asset().await;
    let mut sent: Vec<B256> = Vec::new();
    for _ in 0..3 {
        sent.push(market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await);
        market.block().await;
    }
    let hashes = |page: &Value| -> Vec<B256> {
        page["txs"].as_array().unwrap().iter().map(|tx| from(&tx["hash"])).collect()
    };
    // Bob neither signed nor was called: the asset's logs name him.
    let newest = market.ok("ots_searchTransactionsBefore", json!([wallet(BOB), 0, 2])).await;
    assert_eq!(hashes(&newest), [sent[2], sent[1]]);
    assert_eq!((&newest["firstPage"], &newest["lastPage"]), (&json!(true), &json!(false)));
    let before = number(&newest["txs"][1]["blockNumber"]);
    let older = market.ok("ots_searchTransactionsBefore", json!([wallet(BOB), before, 2])).await;
    assert_eq!((hashes(&older), &older["lastPage"]), (vec![sent[0]], &json!(true)));
    let after = number(&older["txs"][0]["blockNumber"]);
    let newer = market.ok("ots_searchTransactionsAfter", json!([wallet(BOB), after, 25])).await;
    assert_eq!((hashes(&newer), &newer["firstPage"]), (vec![sent[2], sent[1]], &json!(true)));
    assert_eq!(newer["receipts"].as_array().unwrap().len(), 2);
    let found = market.ok("ots_getTransactionBySenderAndNonce", json!([wallet(ALICE), 1])).await;
    assert_eq!(found, json!(sent[1]));
    let none = market.ok("ots_getTransactionBySenderAndNonce", json!([wallet(ALICE), 9])).await;
    assert_eq!(none, Value::Null);
    let size = json!([wallet(BOB), 0, 0]);
    assert_eq!(market.refused("ots_searchTransactionsBefore", size).await.0, -32602);
}

#[tokio::test]
async fn otterscan_sees_frames_and_who_made_a_contract() {
    let market = Market::with_asset().await;
    let relay: Address = market.deploy(&guest::relays(guest::CALL, false)).await;
    let made = market.ok("ots_getContractCreator", json!([relay])).await;
    assert_eq!(made["creator"], json!(wallet(BOB)), "{made}");
    assert_eq!(market.ok("ots_getContractCreator", json!([wallet(BOB)])).await, Value::Null);
    let mut input = B256::left_padding_from(token().as_slice()).to_vec();
    input.extend([0x18, 0x16, 0x0d, 0xdd]);
    let hash = market.send(ALICE, Some(relay), input).await;
    market.block().await;
    let entries = market.ok("ots_traceTransaction", json!([hash])).await;
    assert_eq!(
        (&entries[1]["to"], &entries[1]["depth"]),
        (&json!(token()), &json!(1)),
        "{entries}"
    );
    assert_eq!(market.ok("ots_getInternalOperations", json!([hash])).await, json!([]));
}

#[tokio::test]
async fn what_waits_is_told_by_sender_in_a_line_and_to_filters() {
    let market = Market::with_asset().await;
    let filter = market.ok("eth_newPendingTransactionFilter", json!([])).await;
    let hash = market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    let alice = wallet(ALICE).to_string();
    let lines = market.ok("txpool_inspect", json!([])).await;
    let line = lines["pending"][&alice.to_lowercase()]["0"].as_str().unwrap();
    assert!(line.contains("0 wei + 3000000 gas"), "{line}");
    let own = market.ok("txpool_contentFrom", json!([alice])).await;
    assert_eq!(own["pending"]["0"]["hash"], json!(hash), "{own}");
    assert_eq!(market.ok("txpool_contentFrom", json!([wallet(BOB)])).await["pending"], json!({}));
    // The pool tells of it once the sender has its hash: a call later it is there.
    let mut told = json!([]);
    while told == json!([]) {
        told = market.ok("eth_getFilterChanges", json!([filter])).await;
    }
    assert_eq!(told, json!([hash]));
    assert_eq!(market.ok("eth_getFilterChanges", json!([filter])).await, json!([]));
    assert_eq!(market.refused("eth_getFilterLogs", json!([filter])).await.0, -32602);
}

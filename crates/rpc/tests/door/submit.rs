//! Signed transactions: what is taken, and how the rest is refused.

use crate::market::*;
use serde_json::{Value, json};
use types::{B256, Bytes};

#[tokio::test]
async fn each_refusal_says_what_is_wrong_in_words_libraries_know() {
    let market = Market::with_asset().await;
    let with = |change: fn(&mut alloy_consensus::TxEip1559)| signed_with(ALICE, change);
    let stranger = signed(STRANGER, 0, Some(token()), transfer(wallet(BOB), 1));
    market.send(ISSUER, Some(token()), transfer(wallet(BOB), 0)).await;
    let cases: [(Bytes, &str); 8] = [
        (with(|tx| tx.chain_id = 1), "this is 7357"),
        (with(|tx| tx.value = types::U256::from(5)), "no coin"),
        (with(|tx| tx.max_fee_per_gas = 7), "less than block base fee"),
        (with(|tx| tx.gas_limit = 21_000 - 1), "intrinsic gas too low"),
        (with(|tx| tx.gas_limit = u64::MAX), "gas limit"),
        (with(|tx| tx.gas_limit = 400_000_000), "insufficient funds"),
        (with(|tx| tx.nonce = 1 << 40), "too far ahead"),
        (stranger, "not registered"),
    ];
    for (raw, says) in cases {
        let (code, message) = market.refused("eth_sendRawTransaction", json!([raw])).await;
        assert!(code == -32000 && message.contains(says), "{says}: {message}");
    }
    let first = signed(ALICE, 0, Some(token()), transfer(wallet(BOB), 1));
    let rival = signed(ALICE, 0, Some(token()), transfer(wallet(BOB), 2));
    market.ok("eth_sendRawTransaction", json!([first])).await;
    assert_eq!(market.refused("eth_sendRawTransaction", json!([first])).await.1, "already known");
    let (_, message) = market.refused("eth_sendRawTransaction", json!([rival])).await;
    assert!(message.contains("replacement transaction underpriced"), "{message}");
    market.block().await;
    let (_, message) = market.refused("eth_sendRawTransaction", json!([first])).await;
    assert!(message.contains("nonce too low"), "a replay: {message}");
}

#[tokio::test]
async fn a_batch_of_transactions_is_answered_one_by_one() {
    let market = Market::with_asset().await;
    let call = |id: usize, raw: Value| json!({"jsonrpc": "2.0", "id": id, "method": "eth_sendRawTransaction", "params": [raw]});
    let mut batch: Vec<_> = (0..500)
        .map(|n| call(n, json!(signed(ALICE, n as u64, Some(token()), transfer(wallet(BOB), 1)))))
        .collect();
    // Some that fail, and another call, in between.
    batch[7] = call(7, json!("0xc0"));
    batch[8] = call(8, json!(8));
    batch.insert(9, json!({"jsonrpc": "2.0", "id": 1_000, "method": "eth_chainId"}));
    let answers = market.ask(&json!(batch)).await;
    let answers = answers.as_array().unwrap();
    assert_eq!(answers.len(), 501);
    for (asked, answer) in batch.iter().zip(answers) {
        assert_eq!(asked["id"], answer["id"]);
        match answer["id"].as_u64().unwrap() {
            7 => assert_eq!(answer["error"]["code"], -32000),
            8 => assert_eq!(answer["error"]["code"], -32602),
            1_000 => assert_eq!(answer["result"], "0x1cbd"),
            _ => {
                let raw: Bytes = from(&asked["params"][0]);
                assert_eq!(answer["result"], json!(alloy_primitives::keccak256(raw)));
            }
        }
    }
    let status = market.ok("txpool_status", json!([])).await;
    assert_eq!((number(&status["pending"]), number(&status["queued"])), (7, 491));
}

#[tokio::test]
async fn sending_and_waiting_answers_with_the_receipt() {
    let market = Market::with_asset().await;
    let raw = signed(ALICE, 0, Some(token()), transfer(wallet(BOB), 1));
    let asking = market.ok("eth_sendRawTransactionSync", json!([raw]));
    let making = async {
        while market.pool.status().pending == 0 {
            tokio::task::yield_now().await;
        }
        market.block().await
    };
    let (receipt, block) = tokio::join!(asking, making);
    assert_eq!(receipt["blockHash"], json!(block.hash));
    let raw = signed(ALICE, 1, Some(token()), transfer(wallet(BOB), 1));
    let error = market.error("eth_sendRawTransactionSync", json!([raw, "0x1"])).await;
    assert_eq!(
        (&error["code"], &error["data"]),
        (&json!(4), &json!(alloy_primitives::keccak256(&raw)))
    );
    let (code, _) = market.refused("eth_sendRawTransactionSync", json!(["0xc0"])).await;
    assert_eq!(code, -32000);
    let unknown = market.ok("eth_getTransactionReceipt", json!([B256::ZERO])).await;
    assert_eq!(unknown, Value::Null);
}

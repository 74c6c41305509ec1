//! What happened inside a transaction.

use crate::{attacks::guest, market::*};
use serde_json::{Value, json};
use types::{B256, Bytes};

fn tracer(config: Value) -> Value {
    json!({"tracer": "callTracer", "tracerConfig": config})
}

#[tokio::test]
async fn a_native_call_is_a_frame_with_its_logs() {
    let market = Market::with_asset().await;
    let hash = market.send(ALICE, Some(token()), transfer(wallet(BOB), 40)).await;
    market.block().await;
    let receipt = market.ok("eth_getTransactionReceipt", json!([hash])).await;
    let frame =
        market.ok("debug_traceTransaction", json!([hash, tracer(json!({"withLog": true}))])).await;
    assert_eq!((&frame["type"], &frame["to"]), (&json!("CALL"), &json!(token())));
    assert_eq!(frame["gasUsed"], receipt["gasUsed"]);
    assert_eq!(frame["logs"].as_array().unwrap().len(), receipt["logs"].as_array().unwrap().len());
    let plain = market.ok("debug_traceTransaction", json!([hash, tracer(json!({}))])).await;
    assert_eq!(plain.get("logs"), None);
    let hash = market.send(ALICE, Some(token()), transfer(wallet(CAROL), 40)).await;
    market.block().await;
    let frame = market.ok("debug_traceTransaction", json!([hash, tracer(json!({}))])).await;
    assert_eq!(frame["error"], "execution reverted");
    assert!(frame["revertReason"].as_str().unwrap().contains("United States"), "{frame}");
}

#[tokio::test]
async fn a_contracts_inner_calls_are_frames() {
    let market = Market::with_asset().await;
    let relay = market.deploy(&guest::relays(guest::CALL, false)).await;
    let supply =
        [B256::left_padding_from(token().as_slice()).as_slice(), &[0x18, 0x16, 0x0d, 0xdd]]
            .concat();
    let hash = market.send(ALICE, Some(relay), supply.clone()).await;
    market.block().await;
    let frame = market.ok("debug_traceTransaction", json!([hash, tracer(json!({}))])).await;
    assert_eq!(frame["calls"][0]["to"], json!(token()));
    let top = market
        .ok("debug_traceTransaction", json!([hash, tracer(json!({"onlyTopCall": true}))]))
        .await;
    assert_eq!(top.get("calls"), None);
    let request = json!({"from": wallet(ALICE), "to": relay, "data": Bytes::from(supply)});
    let called = market.ok("debug_traceCall", json!([request, "latest", tracer(json!({}))])).await;
    assert_eq!(called["calls"][0]["output"], frame["calls"][0]["output"]);
}

#[tokio::test]
async fn a_whole_block_is_traced_in_order_each_on_the_state_before_it() {
    let market = Market::with_asset().await;
    let all = market.send(ALICE, Some(token()), transfer(wallet(BOB), 1_000)).await;
    let more = market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    let block = market.block().await;
    let traces = market.ok("debug_traceBlockByNumber", json!(["latest", tracer(json!({}))])).await;
    assert_eq!(
        market.ok("debug_traceBlockByHash", json!([block.hash, tracer(json!({}))])).await,
        traces
    );
    let told: Vec<B256> =
        traces.as_array().unwrap().iter().map(|trace| from(&trace["txHash"])).collect();
    assert_eq!(told, [all, more]);
    for (trace, hash) in traces.as_array().unwrap().iter().zip([all, more]) {
        let alone = market.ok("debug_traceTransaction", json!([hash, tracer(json!({}))])).await;
        assert_eq!(trace["result"], alone);
    }
    assert_eq!(traces[0]["result"].get("error"), None);
    assert_eq!(traces[1]["result"]["error"], "execution reverted");
    assert_eq!(market.ok("debug_traceBlockByNumber", json!(["0x1"])).await, json!([]));
}

#[tokio::test]
async fn what_cannot_be_traced_is_said() {
    let market = Market::with_asset().await;
    let unknown = json!([B256::repeat_byte(1)]);
    assert_eq!(market.refused("debug_traceTransaction", unknown).await.0, -32001);
    let hash = market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    market.block().await;
    let other = json!([hash, {"tracer": "prestateTracer"}]);
    let (code, message) = market.refused("debug_traceTransaction", other).await;
    assert!(code == -32004 && message.contains("callTracer"), "{message}");
    assert_eq!(market.refused("debug_traceBlockByNumber", json!(["0x99"])).await.0, -32001);
    // Only the last hundred states or so are kept.
    for _ in 0..140 {
        market.block_unseen();
    }
    let (code, message) = market.refused("debug_traceTransaction", json!([hash])).await;
    assert!(code == -32000 && message.contains("not kept"), "{message}");
}

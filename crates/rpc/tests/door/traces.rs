//! What happened inside a transaction.

use crate::{attacks::guest, market::*};
use serde_json::{Value, json};
use types::{Address, B256, Bytes};

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
    let other = json!([hash, {"tracer": "muxTracer"}]);
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

/// A contract that calls the asset, and a transaction through it, which asks for the supply.
async fn question(market: &Market) -> (Address, B256) {
    let relay = market.deploy(&guest::relays(guest::CALL, false)).await;
    let call = IERC20::totalSupplyCall {};
    let mut input = B256::left_padding_from(token().as_slice()).to_vec();
    input.extend(alloy_sol_types::SolCall::abi_encode(&call));
    let hash = market.send(ALICE, Some(relay), input).await;
    market.block().await;
    (relay, hash)
}

#[tokio::test]
async fn selectors_are_counted_natives_among_them() {
    let market = Market::with_asset().await;
    let (_, hash) = question(&market).await;
    let options = json!({"tracer": "4byteTracer"});
    let counted = market.ok("debug_traceTransaction", json!([hash, options])).await;
    // totalSupply(), called by the contract; and what the contract was called with itself.
    assert_eq!(counted["0x18160ddd-0"], 1, "{counted}");
    assert_eq!(counted.as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn the_state_before_and_what_differs_after_is_told_of_contracts() {
    let market = Market::with_asset().await;
    let writes = market.deploy(&guest::WRITES).await;
    let hash = market.send(ALICE, Some(writes), vec![]).await;
    market.block().await;
    let options = json!({"tracer": "prestateTracer"});
    let before = market.ok("debug_traceTransaction", json!([hash, options])).await;
    let (contract, alice) =
        (writes.to_string().to_lowercase(), wallet(ALICE).to_string().to_lowercase());
    assert_eq!(before[&contract]["code"], json!(Bytes::from_static(&guest::WRITES)));
    assert_eq!(before[&contract]["storage"][&B256::ZERO.to_string()], json!(B256::ZERO));
    let options = json!({"tracer": "prestateTracer", "tracerConfig": {"diffMode": true}});
    let diff = market.ok("debug_traceTransaction", json!([hash, options])).await;
    assert_eq!(
        diff["post"][&contract]["storage"][&B256::ZERO.to_string()],
        json!(B256::with_last_byte(1))
    );
    assert_eq!(diff["post"][&contract].get("code"), None, "{diff}");
    assert_eq!(diff["post"][&alice]["nonce"], 1);
    // Told twice the same: nothing of it stays.
    assert_eq!(market.ok("debug_traceTransaction", json!([hash, options])).await, diff);
    let moved = market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    market.block().await;
    let native = market.ok("debug_traceTransaction", json!([moved, options])).await;
    assert_eq!(native["post"][&alice]["nonce"], 2, "a native call changes no slot: {native}");
}

#[tokio::test]
async fn without_a_tracer_every_step_is_told() {
    let market = Market::with_asset().await;
    let (_, hash) = question(&market).await;
    let steps = market.ok("debug_traceTransaction", json!([hash])).await;
    let logs = steps["structLogs"].as_array().unwrap();
    assert!(logs.iter().any(|step| step["op"] == "CALL"), "{steps}");
    let receipt = market.ok("eth_getTransactionReceipt", json!([hash])).await;
    assert_eq!(json!(format!("0x{:x}", steps["gas"].as_u64().unwrap())), receipt["gasUsed"]);
    assert_eq!(steps["failed"], false);
    let two = market.ok("debug_traceTransaction", json!([hash, {"limit": 2}])).await;
    assert_eq!(two["structLogs"].as_array().unwrap().len(), 2);
    let moved = market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    market.block().await;
    let native = market.ok("debug_traceTransaction", json!([moved])).await;
    assert_eq!((&native["structLogs"], &native["failed"]), (&json!([]), &json!(false)));
    assert_eq!(
        market.ok("debug_traceTransaction", json!([moved, {"tracer": "noopTracer"}])).await,
        json!({})
    );
}

#[tokio::test]
async fn paritys_frames_are_geths_in_a_row() {
    let market = Market::with_asset().await;
    let (relay, hash) = question(&market).await;
    let frames = market.ok("trace_transaction", json!([hash])).await;
    assert_eq!(frames.as_array().unwrap().len(), 2, "{frames}");
    assert_eq!((&frames[0]["action"]["to"], &frames[0]["subtraces"]), (&json!(relay), &json!(1)));
    let native = &frames[1];
    assert_eq!((&native["action"]["to"], &native["traceAddress"]), (&json!(token()), &json!([0])));
    assert_eq!((&native["type"], &native["transactionHash"]), (&json!("call"), &json!(hash)));
    assert_eq!(native["result"]["output"].as_str().map(str::len), Some(66), "{native}");
    assert_eq!(market.ok("trace_block", json!(["latest"])).await, frames);
    let options = json!({"tracer": "flatCallTracer"});
    assert_eq!(market.ok("debug_traceTransaction", json!([hash, options])).await, frames);
    assert_eq!(market.ok("trace_block", json!(["0x1"])).await, json!([]));
}

//! States that are not, and blocks that might be.

use crate::{attacks::guest, market::*};
use alloy_sol_types::SolCall;
use serde_json::{Value, json};
use types::{Address, B256, Bytes};

#[tokio::test]
async fn a_call_finds_contracts_words_and_time_as_overridden_and_leaves_nothing() {
    let market = Market::open().await;
    let place = Address::repeat_byte(0x44);
    // PUSH0 SLOAD TIMESTAMP ADD, returned.
    let code = Bytes::from_static(&[0x5f, 0x54, 0x42, 0x01, 0x5f, 0x52, 0x60, 32, 0x5f, 0xf3]);
    let state = json!({place.to_string(): {
        "code": code, "balance": "0x1", "nonce": "0x5",
        "stateDiff": {B256::ZERO.to_string(): B256::with_last_byte(7)},
    }});
    let call = json!({"to": place});
    let result = market.ok("eth_call", json!([call, "latest", state, {"time": "0x64"}])).await;
    assert_eq!(result, json!(B256::with_last_byte(107)));
    assert_eq!(market.ok("eth_call", json!([call, "latest"])).await, "0x");
    let gas = market.ok("eth_estimateGas", json!([call, "latest", state])).await;
    assert!(number(&gas) > 21_000);
    let options = json!({"tracer": "callTracer", "stateOverrides": state, "blockOverrides": {"time": "0x64"}});
    let frame = market.ok("debug_traceCall", json!([call, "latest", options])).await;
    assert_eq!(frame["output"], json!(B256::with_last_byte(107)));
    for (state, block) in [
        (json!({place.to_string(): {"movePrecompileToAddress": place}}), json!({})),
        (json!({token().to_string(): {"code": code}}), json!({})),
        (json!({}), json!({"prevRandao": B256::repeat_byte(1)})),
    ] {
        let refused = market.refused("eth_call", json!([call, "latest", state, block])).await;
        assert_eq!(refused.0, -32004, "{refused:?}");
    }
}

fn units_of(person: u8) -> Value {
    let data = IERC20::balanceOfCall { account: wallet(person) }.abi_encode();
    json!({"to": token(), "data": Bytes::from(data)})
}

#[tokio::test]
async fn calls_build_on_one_another_over_blocks_and_nothing_stays() {
    let market = Market::with_asset().await;
    let sends = |to: u8| json!({"from": wallet(ALICE), "to": token(), "data": Bytes::from(transfer(wallet(to), 40))});
    let payload = json!({"blockStateCalls": [
        {"calls": [sends(BOB), units_of(BOB)]},
        {"blockOverrides": {"number": "0x20", "time": "0x77777777"}, "calls": [units_of(BOB), sends(CAROL)]},
    ]});
    let blocks = market.ok("eth_simulateV1", json!([payload, "latest"])).await;
    let head = market.ok("eth_getBlockByNumber", json!(["latest", false])).await;
    assert_eq!(blocks[0]["parentHash"], head["hash"], "{blocks}");
    assert_eq!(blocks[1]["parentHash"], blocks[0]["hash"]);
    assert_eq!(
        (&blocks[1]["number"], &blocks[1]["timestamp"]),
        (&json!("0x20"), &json!("0x77777777"))
    );
    let (first, second) = (&blocks[0]["calls"], &blocks[1]["calls"]);
    assert_eq!(
        (&first[0]["status"], first[0]["logs"].as_array().unwrap().len()),
        (&json!("0x1"), 1)
    );
    assert_eq!(first[0]["logs"][0]["blockHash"], blocks[0]["hash"]);
    let forty = json!(B256::with_last_byte(40));
    assert_eq!((&first[1]["returnData"], &second[0]["returnData"]), (&forty, &forty));
    assert_eq!((&second[1]["status"], &second[1]["error"]["code"]), (&json!("0x0"), &json!(3)));
    assert_eq!(blocks[0]["transactions"].as_array().unwrap().len(), 2);
    assert_eq!(market.ok("eth_call", json!([units_of(BOB), "latest"])).await, json!(B256::ZERO));

    let full =
        json!({"returnFullTransactions": true, "blockStateCalls": [{"calls": [sends(BOB)]}]});
    let blocks = market.ok("eth_simulateV1", json!([full])).await;
    assert_eq!(blocks[0]["transactions"][0]["from"], json!(wallet(ALICE)), "{blocks}");
}

#[tokio::test]
async fn a_simulation_that_cannot_be_says_so_with_its_code() {
    let market = Market::with_asset().await;
    let of = |block: Value| json!([{"blockStateCalls": [block], "validation": true}]);
    let nonce =
        |nonce: &str| json!({"calls": [{"from": wallet(ALICE), "to": token(), "nonce": nonce}]});
    market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    market.block().await;
    for (block, code) in [
        (nonce("0x0"), -38010),
        (nonce("0x9"), -38011),
        (json!({"calls": [{"from": wallet(STRANGER), "to": token()}]}), -38014),
        (json!({"blockOverrides": {"number": "0x1"}}), -38020),
        (json!({"blockOverrides": {"time": "0x1"}}), -38021),
        (json!({"calls": vec![json!({}); 1_001]}), -38026),
    ] {
        assert_eq!(market.refused("eth_simulateV1", of(block.clone())).await.0, code, "{block}");
    }
    assert_eq!(market.refused("eth_simulateV1", json!([{"blockStateCalls": []}])).await.0, -32602);
    // Contracts share the gas of one call, so that many endless ones end as soon as one does.
    let endless = market.deploy(&guest::LOOPS).await;
    let calls = vec![json!({"to": endless}); 50];
    let blocks =
        market.ok("eth_simulateV1", json!([{"blockStateCalls": [{"calls": calls}]}])).await;
    let last = &blocks[0]["calls"][49];
    assert_eq!(last["error"]["code"], -32015, "{last}");
    assert_eq!(last["gasUsed"], "0x0", "nothing was left for it");
}

//! Calls that leave nothing, and what gas they need.

use crate::{attacks::guest, market::*};
use alloy_sol_types::{SolCall, SolError};
use serde_json::{Value, json};
use types::{Address, B256, Bytes, Module, Reserved, ShardId, U256};

fn call(from: u8, to: Address, input: Vec<u8>) -> Value {
    json!([{"from": wallet(from), "to": to, "data": Bytes::from(input)}, "latest"])
}

#[tokio::test]
async fn a_call_answers_as_a_transaction_would_and_leaves_nothing() {
    let market = Market::with_asset().await;
    let balance = IERC20::balanceOfCall { account: wallet(ALICE) }.abi_encode();
    let asked = market.ok("eth_call", call(STRANGER, token(), balance.clone())).await;
    assert_eq!(asked, json!(B256::from(U256::from(1_000))));
    let moved = market.ok("eth_call", call(ALICE, token(), transfer(wallet(BOB), 40))).await;
    assert_eq!(moved, json!(B256::from(U256::from(1))));
    assert_eq!(market.ok("eth_call", call(STRANGER, token(), balance.clone())).await, asked);
    // Before the issue, at the end of block 2, there was nothing; before its creation, no token.
    let earlier = |at: &str| json!([{"to": token(), "input": Bytes::from(balance.clone())}, at]);
    assert_eq!(market.ok("eth_call", earlier("0x2")).await, json!(B256::ZERO));
    let error = market.error("eth_call", earlier("0x1")).await;
    assert!(error["message"].as_str().unwrap().contains("nothing lives at"), "{error}");
}

#[tokio::test]
async fn a_refusal_carries_the_modules_error_as_data() {
    let market = Market::with_asset().await;
    for method in ["eth_call", "eth_estimateGas"] {
        let to_carol = call(ALICE, token(), transfer(wallet(CAROL), 40));
        let error = market.error(method, to_carol).await;
        assert_eq!(error["code"], 3, "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with("execution reverted: ") && message.contains("United States"),
            "{message}"
        );
        let refused = IRefusal::Refused::abi_decode(&from::<Bytes>(&error["data"])).unwrap();
        assert_eq!(refused.code, 9_012, "COUNTRY_FORBIDDEN");
        assert!(message.contains(&refused.reason));
    }
}

#[tokio::test]
async fn a_contracts_own_error_comes_through_untouched() {
    let market = Market::open().await;
    let refuses = market.deploy(&guest::REVERTS).await;
    let error = market.error("eth_call", call(ALICE, refuses, vec![])).await;
    assert_eq!((&error["code"], &error["data"]), (&json!(3), &json!("0xdeadbeef")));
    assert_eq!(error["message"], "execution reverted");
}

#[tokio::test]
async fn what_cannot_be_called_is_said() {
    let market = Market::with_asset().await;
    let value = json!([{"from": wallet(ALICE), "to": token(), "value": "0x1"}]);
    let (code, message) = market.refused("eth_call", value).await;
    assert!(code == -32000 && message.contains("no coin"), "{message}");
    let two = json!([{"to": token(), "data": "0x01", "input": "0x02"}]);
    assert_eq!(market.refused("eth_call", two).await.0, -32602);
    let other = json!([{"to": token(), "chainId": "0x1"}]);
    assert!(market.refused("eth_call", other).await.1.contains("not this chain, 7357"));
    let overrides = json!([{"to": token()}, "latest", {token().to_string(): {"balance": "0x1"}}]);
    assert_eq!(market.refused("eth_call", overrides).await.0, -32004);
    let empty = json!([{"to": wallet(BOB)}, "latest", {}]);
    assert_eq!(market.ok("eth_call", empty).await, "0x");
}

#[tokio::test]
async fn endless_loops_end_and_others_are_answered() {
    let market = Market::with(|config| config.call_gas = 2_000_000).await;
    let endless = market.deploy(&guest::LOOPS).await;
    let error = market.error("eth_call", call(ALICE, endless, vec![])).await;
    assert_eq!(error["code"], -32000);
    assert!(error["message"].as_str().unwrap().contains("gas"), "{error}");
    let error = market.error("eth_estimateGas", call(ALICE, endless, vec![])).await;
    assert!(error["message"].as_str().unwrap().contains("gas"), "{error}");
    assert_eq!(market.ok("eth_chainId", json!([])).await, "0x1cbd");
}

/// Sends with much less than the estimate, and then with exactly that, and tells whether the second worked
/// and the first did.
async fn try_estimate(market: &Market, to: Option<Address>, input: Vec<u8>) -> (u64, bool, bool) {
    try_estimate_of(market, ALICE, to, input).await
}

async fn try_estimate_of(
    market: &Market,
    who: u8,
    to: Option<Address>,
    input: Vec<u8>,
) -> (u64, bool, bool) {
    let mut request = json!({"from": wallet(who), "data": Bytes::from(input.clone())});
    if let Some(to) = to {
        request["to"] = json!(to);
    }
    let estimate = number(&market.ok("eth_estimateGas", json!([request])).await);
    let mut worked = Vec::new();
    for gas in [estimate - estimate / 10, estimate] {
        let nonce = number(&market.ok("eth_getTransactionCount", json!([wallet(who)])).await);
        let raw = signed_with(who, |tx| {
            tx.nonce = nonce;
            tx.gas_limit = gas;
            tx.to = to.map_or(alloy_primitives::TxKind::Create, alloy_primitives::TxKind::Call);
            tx.input = input.clone().into();
        });
        let body =
            json!({"jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction", "params": [raw]});
        let answer = market.ask(&body).await;
        market.block().await;
        // Less than entering costs is refused at once.
        let params = json!([answer.get("result").unwrap_or(&json!(B256::ZERO))]);
        let receipt = market.ok("eth_getTransactionReceipt", params).await;
        worked.push(receipt["status"] == "0x1");
    }
    (estimate, worked[1], worked[0])
}

#[tokio::test]
async fn estimates_are_enough_and_little_more() {
    let market = Market::with_asset().await;
    // Bob's first units cost more, as he becomes a holder.
    market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    market.block().await;
    let (native, enough, less) =
        try_estimate(&market, Some(token()), transfer(wallet(BOB), 1)).await;
    assert!(enough && !less, "{native}");
    let writes = market.deploy(&guest::WRITES).await;
    let (gas, enough, less) = try_estimate(&market, Some(writes), vec![]).await;
    assert!(enough && !less, "a write and a log: {gas}");
    // The frame in between keeps a 64th back, and fails if the inner one does (EIP-150).
    let writes = market.deploy(&guest::WRITES).await;
    let forwards = market.deploy(&guest::FORWARDS).await;
    let to = B256::left_padding_from(writes.as_slice()).to_vec();
    let (gas, enough, less) = try_estimate(&market, Some(forwards), to).await;
    assert!(enough && !less, "through another contract: {gas}");
    let (gas, enough, less) = try_estimate(&market, None, guest::creation(&guest::WRITES)).await;
    assert!(enough && !less, "creation: {gas}");
}

/// Registering many asks beforehand for the gas of the most that it could do, which is more than it uses.
#[tokio::test]
async fn an_estimate_is_enough_for_a_batch_that_asks_for_more_than_it_uses() {
    let market = Market::with_asset().await;
    let registration = |number: u8| IIdentity::Registration {
        wallet: Address::repeat_byte(number),
        kind: 0,
        residence: (*b"DE").into(),
        uniqueness: B256::repeat_byte(number),
        claims: Vec::new(),
    };
    let registrations = (100..140).map(registration).collect();
    let input = IIdentity::registerCall { registrations }.abi_encode();
    let service = Reserved::service(ShardId(0), Module::Identity);
    let (gas, enough, less) = try_estimate_of(&market, PROVIDER, Some(service), input).await;
    assert!(enough && !less, "{gas}");
}

#[tokio::test]
async fn access_lists_are_empty_and_gas_is_told() {
    let market = Market::with_asset().await;
    let moved = call(ALICE, token(), transfer(wallet(BOB), 1));
    let list = market.ok("eth_createAccessList", moved).await;
    assert_eq!(list["accessList"], json!([]));
    assert!(number(&list["gasUsed"]) > 21_000);
    let refused = call(ALICE, token(), transfer(wallet(CAROL), 1));
    let list = market.ok("eth_createAccessList", refused).await;
    assert!(list["error"].as_str().unwrap().contains("United States"), "{list}");
    let ledger = service(Module::Ledger);
    assert!(
        market
            .refused("eth_call", call(ALICE, ledger, vec![1, 2, 3, 4]))
            .await
            .1
            .contains("revert")
    );
}

//! Random JSON: always one answer in form, never an internal error, and the node goes on.

use crate::market::*;
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};
use types::{B256, Module};

const METHODS: &[(&str, usize)] = &[
    ("eth_chainId", 0),
    ("eth_syncing", 0),
    ("eth_accounts", 0),
    ("eth_blockNumber", 0),
    ("eth_gasPrice", 0),
    ("eth_maxPriorityFeePerGas", 0),
    ("eth_feeHistory", 3),
    ("eth_blobBaseFee", 0),
    ("eth_getBalance", 2),
    ("eth_getTransactionCount", 2),
    ("eth_getCode", 2),
    ("eth_getStorageAt", 3),
    ("eth_getProof", 3),
    ("eth_call", 4),
    ("eth_estimateGas", 4),
    ("eth_simulateV1", 2),
    ("eth_fillTransaction", 1),
    ("eth_createAccessList", 2),
    ("eth_sendRawTransaction", 1),
    ("eth_sendRawTransactionSync", 2),
    ("eth_getTransactionByHash", 1),
    ("eth_getTransactionByBlockHashAndIndex", 2),
    ("eth_getTransactionByBlockNumberAndIndex", 2),
    ("eth_getRawTransactionByHash", 1),
    ("eth_getRawTransactionByBlockHashAndIndex", 2),
    ("eth_getRawTransactionByBlockNumberAndIndex", 2),
    ("eth_getHeaderByHash", 1),
    ("eth_getHeaderByNumber", 1),
    ("eth_getTransactionReceipt", 1),
    ("eth_getBlockReceipts", 1),
    ("eth_getBlockByHash", 2),
    ("eth_getBlockByNumber", 2),
    ("eth_getBlockTransactionCountByHash", 1),
    ("eth_getBlockTransactionCountByNumber", 1),
    ("eth_getUncleCountByBlockHash", 1),
    ("eth_getUncleByBlockNumberAndIndex", 2),
    ("eth_getLogs", 1),
    ("eth_newFilter", 1),
    ("eth_newBlockFilter", 0),
    ("eth_newPendingTransactionFilter", 0),
    ("eth_getFilterChanges", 1),
    ("eth_getFilterLogs", 1),
    ("eth_uninstallFilter", 1),
    ("eth_subscribe", 2),
    ("eth_unsubscribe", 1),
    ("scrip_networkInfo", 0),
    ("scrip_nodeStatus", 0),
    ("scrip_explain", 5),
    ("scrip_getPerson", 1),
    ("scrip_getPositions", 3),
    ("scrip_getAsset", 1),
    ("scrip_getAssets", 2),
    ("scrip_getHolders", 5),
    ("scrip_getCheckpointBalance", 4),
    ("scrip_getGrants", 3),
    ("scrip_getApps", 2),
    ("scrip_getApp", 1),
    ("scrip_getAppGrants", 3),
    ("scrip_getHold", 1),
    ("scrip_getHolds", 3),
    ("scrip_getProfiles", 2),
    ("scrip_getProfile", 2),
    ("scrip_getLaw", 1),
    ("scrip_getFact", 2),
    ("scrip_getListed", 4),
    ("scrip_getQuorum", 3),
    ("scrip_getProposal", 1),
    ("scrip_getDelegation", 2),
    ("scrip_getProof", 9),
    ("scrip_getEffectProof", 2),
    ("scrip_getCertificate", 1),
    ("scrip_getTransactionReceipt", 1),
    ("scrip_getBlock", 1),
    ("scrip_subscribe", 1),
    ("scrip_unsubscribe", 1),
    ("web3_clientVersion", 0),
    ("web3_sha3", 1),
    ("net_version", 0),
    ("net_listening", 0),
    ("net_peerCount", 0),
    ("txpool_status", 0),
    ("txpool_content", 0),
    ("debug_traceTransaction", 2),
    ("debug_traceCall", 3),
    ("debug_traceBlockByNumber", 2),
    ("debug_traceBlockByHash", 2),
    ("txpool_inspect", 0),
    ("txpool_contentFrom", 1),
    ("trace_transaction", 1),
    ("trace_block", 1),
    ("erigon_getHeaderByNumber", 1),
    ("ots_hasCode", 2),
    ("ots_getInternalOperations", 1),
    ("ots_getTransactionError", 1),
    ("ots_traceTransaction", 1),
    ("ots_getBlockDetails", 1),
    ("ots_getBlockTransactions", 3),
    ("ots_searchTransactionsBefore", 3),
    ("ots_searchTransactionsAfter", 3),
    ("ots_getTransactionBySenderAndNonce", 2),
    ("ots_getContractCreator", 1),
    ("evm_snapshot", 0),
    ("eth_sendTransaction", 1),
];

/// Values that parameters really have, so that random calls get past the first check.
fn likely() -> impl Strategy<Value = Value> {
    let call = |to: Value| json!({"from": wallet(ALICE), "to": to, "data": "0xa9059cbb", "gas": "0x10000"});
    select(vec![
        json!("latest"),
        json!("pending"),
        json!("earliest"),
        json!("0x1"),
        json!("0x3"),
        json!("0xffffffffffffffff"),
        json!("0x"),
        json!(0),
        json!(1),
        json!(u64::MAX),
        json!(-1),
        json!(1.5),
        json!("1000"),
        json!("340282366920938463463374607431768211456"),
        json!(true),
        json!(wallet(ALICE)),
        json!(token()),
        json!(service(Module::Ledger)),
        json!(B256::ZERO),
        json!("US0378331005"),
        json!("3/0"),
        json!("position"),
        json!("ledger/assets"),
        json!("logs"),
        json!([25.0, 75.0]),
        json!({"person": 3, "number": 0}),
        json!({"fromBlock": "0x0", "toBlock": "0xffffffffffffffff"}),
        json!({"fromBlock": "latest", "address": token(), "topics": [null, []]}),
        json!({"blockHash": B256::ZERO}),
        json!({"blockNumber": "0x2"}),
        json!({"tracer": "callTracer", "tracerConfig": {"withLog": true}}),
        call(json!(token())),
        call(json!(service(Module::Identity))),
        call(Value::Null),
    ])
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        3 => likely(),
        1 => Just(Value::Null),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => "0x[0-9a-f]{0,80}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let key = prop_oneof![
            select(vec![
                "asset", "who", "from", "to", "units", "data", "address", "topics", "block"
            ])
            .prop_map(str::to_owned),
            any::<String>(),
        ];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((key, inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn any_call() -> impl Strategy<Value = Value> {
    let value = prop_oneof![4 => likely(), 1 => any_json()];
    (select(METHODS), vec(value, 9), any_json(), 0..10usize).prop_map(
        |((method, count), mut values, any, mode)| {
            let params = match mode {
                0 => any,
                1 => Value::from(values),
                _ => {
                    values.truncate(count);
                    Value::from(values)
                }
            };
            json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        },
    )
}

fn check_answer(answer: &Value) {
    let has = |field| answer.get(field).is_some();
    assert!(answer["jsonrpc"] == "2.0" && has("id") && has("result") != has("error"), "{answer}");
    if let Some(error) = answer.get("error") {
        let code = error["code"].as_i64().unwrap();
        let known = [3, 4, -32700, -32600, -32601, -32602, -32000, -32001, -32002, -32004, -32005];
        assert!(known.contains(&code), "{answer}");
        let message = error["message"].as_str().unwrap();
        assert!(!message.is_empty() && message.len() < 4_000, "{answer}");
    }
}

/// A body gets its answers, or nothing if it was a notification.
fn check_text((status, text): (u16, String)) {
    if status == 204 {
        return assert!(text.is_empty());
    }
    assert_eq!(status, 200, "{text}");
    match serde_json::from_str(&text).unwrap() {
        Value::Array(answers) => answers.iter().for_each(check_answer),
        answer => check_answer(&answer),
    }
}

#[test]
fn random_bodies_and_calls_are_answered_in_form() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let market = runtime.block_on(Market::with_asset());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 1_500,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let before = market.chain.with_base(|base| base.records());
    let calls = vec(any_call(), 1..8);
    runner
        .run(&(calls, any_json()), |(calls, whatever)| {
            let answers = runtime.block_on(market.ask(&Value::from(calls.clone())));
            let answers = answers.as_array().unwrap();
            assert_eq!(answers.len(), calls.len());
            calls.iter().zip(answers).for_each(|(call, answer)| {
                assert_eq!(call["id"], answer["id"]);
                check_answer(answer);
            });
            check_text(runtime.block_on(market.post(whatever.to_string())));
            Ok(())
        })
        .unwrap();
    assert!(before == market.chain.with_base(|base| base.records()), "nothing has changed");
}

#[test]
fn random_bytes_are_answered_in_form() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let market = runtime.block_on(Market::open());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let good = br#"[{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x","latest"]}]"#
        .to_vec();
    let cut = (Just(good.clone()), 0..good.len(), any::<u8>()).prop_map(|(mut body, at, byte)| {
        body[at] = byte;
        body
    });
    runner
        .run(&prop_oneof![vec(any::<u8>(), 0..200), cut], |body| {
            check_text(runtime.block_on(market.post(body)));
            Ok(())
        })
        .unwrap();
}

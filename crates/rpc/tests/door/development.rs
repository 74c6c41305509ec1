//! A chain for development behind the door: time at will, the way back, and everyone's keys.

use crate::market::*;
use alloy_primitives::{Signature, eip191_hash_message};
use alloy_sol_types::SolCall;
use rpc::{Backend, RpcConfig, Running};
use serde_json::{Value, json};
use types::{Address, B256, Bytes, Module};
use workbench::{Keys, Setup, Workbench};

struct Bench {
    running: Running,
    http: reqwest::Client,
}

impl Bench {
    /// A workbench whose accounts are the market's people, and the asset of which Alice has 1,000.
    async fn open() -> Self {
        let people = [PROVIDER, ISSUER, ALICE, BOB, CAROL];
        let setup = Setup {
            keys: Keys::new(people.map(B256::repeat_byte)),
            newcomers: Some(wallet(PROVIDER)),
            fuel: None,
            interval: None,
            now: Box::new(|| GENESIS_TIME),
        };
        let any = ([127, 0, 0, 1], 0).into();
        let config = RpcConfig { listen: any, ..RpcConfig::default() };
        let bench = Workbench::begin(genesis(), setup);
        let running = rpc::serve(config, Backend::from(bench)).await.unwrap();
        let this = Self { running, http: reqwest::Client::new() };
        for (to, input) in asset_of_a_thousand() {
            this.send(wallet(ISSUER), to, input).await;
        }
        this
    }

    async fn call(&self, method: &str, params: Value) -> Result<Value, Value> {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let url = format!("http://{}", self.running.rpc);
        let request = self.http.post(url).header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.unwrap().text().await.unwrap();
        let mut answer: Value = serde_json::from_str(&answer).unwrap();
        match answer.get("error") {
            None => Ok(answer["result"].take()),
            Some(error) => Err(error.clone()),
        }
    }

    async fn ok(&self, method: &str, params: Value) -> Value {
        let answer = self.call(method, params.clone()).await;
        answer.unwrap_or_else(|error| panic!("{method} {params}: {error}"))
    }

    async fn refused(&self, method: &str, params: Value) -> String {
        let error = self.call(method, params).await.expect_err(method);
        format!("{} {}", error["code"], error["message"].as_str().unwrap())
    }

    /// Sends without a key, and returns the receipt, which is there at once.
    async fn send(&self, from: Address, to: Address, input: Vec<u8>) -> Value {
        let transaction = json!({"from": from, "to": to, "data": Bytes::from(input)});
        let hash = self.ok("eth_sendTransaction", json!([transaction])).await;
        let receipt = self.ok("eth_getTransactionReceipt", json!([hash])).await;
        assert_eq!(receipt["status"], "0x1", "{receipt}");
        receipt
    }

    async fn units(&self, person: u8) -> u64 {
        let data = IERC20::balanceOfCall { account: wallet(person) }.abi_encode();
        let call = json!({"to": token(), "data": Bytes::from(data)});
        let units: B256 = from(&self.ok("eth_call", json!([call, "latest"])).await);
        u64::from_be_bytes(units[24..].try_into().unwrap())
    }
}

#[tokio::test]
async fn methods_of_development_are_refused_by_a_node_with_consensus() {
    let market = Market::open().await;
    for (method, params) in [
        ("evm_snapshot", json!([])),
        ("evm_mine", json!([])),
        ("hardhat_setBalance", json!([wallet(ALICE), "0x1"])),
        ("anvil_impersonateAccount", json!([wallet(ALICE)])),
        ("eth_sendTransaction", json!([{"from": wallet(ALICE)}])),
        ("personal_sign", json!(["0x00", wallet(ALICE)])),
    ] {
        let (code, message) = market.refused(method, params).await;
        assert_eq!(code, -32004, "{method}");
        assert!(message.contains("scrip dev"), "{method}: {message}");
    }
    assert_eq!(market.ok("eth_accounts", json!([])).await, json!([]));
}

#[tokio::test]
async fn a_snapshot_covers_native_units_contracts_receipts_and_filters() {
    let bench = Bench::open().await;
    let filter = bench.ok("eth_newBlockFilter", json!([])).await;
    let height = bench.ok("eth_blockNumber", json!([])).await;
    let contract = Address::repeat_byte(0x77);
    let id = bench.ok("evm_snapshot", json!([])).await;
    let receipt = bench.send(wallet(ALICE), token(), transfer(wallet(BOB), 40)).await;
    bench.ok("hardhat_setCode", json!([contract, "0x6001"])).await;
    bench.ok("anvil_setStorageAt", json!([contract, "0x0", B256::repeat_byte(3)])).await;
    assert_eq!((bench.units(ALICE).await, bench.units(BOB).await), (960, 40));
    assert_eq!(
        bench.ok("eth_getFilterChanges", json!([filter])).await.as_array().unwrap().len(),
        1
    );

    assert_eq!(bench.ok("evm_revert", json!([id])).await, json!(true));
    assert_eq!((bench.units(ALICE).await, bench.units(BOB).await), (1_000, 0));
    assert_eq!(bench.ok("eth_getCode", json!([contract, "latest"])).await, "0x");
    let word = bench.ok("eth_getStorageAt", json!([contract, "0x0", "latest"])).await;
    assert_eq!(word, json!(B256::ZERO));
    assert_eq!(bench.ok("eth_blockNumber", json!([])).await, height);
    let hash = &receipt["transactionHash"];
    assert_eq!(bench.ok("eth_getTransactionReceipt", json!([hash])).await, Value::Null);
    assert_eq!(bench.ok("evm_revert", json!([id])).await, json!(false));
    // The way is gone again, another one: the filter tells of its block, and the nonce is free.
    bench.send(wallet(ALICE), token(), transfer(wallet(BOB), 1)).await;
    assert_eq!(
        bench.ok("eth_getFilterChanges", json!([filter])).await.as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn a_raw_transaction_is_executed_before_its_hash_is_told_in_a_batch_too() {
    let bench = Bench::open().await;
    let raw = |nonce| signed(ALICE, nonce, Some(token()), transfer(wallet(BOB), 10));
    let hash = bench.ok("eth_sendRawTransaction", json!([raw(0)])).await;
    assert_eq!(
        bench.ok("eth_getTransactionByHash", json!([hash])).await["from"],
        json!(wallet(ALICE))
    );
    assert_eq!(bench.units(BOB).await, 10);
    let call = |id: u64| json!({"jsonrpc": "2.0", "id": id, "method": "eth_sendRawTransaction", "params": [raw(id)]});
    let body = json!([call(1), call(2), call(3)]);
    let url = format!("http://{}", bench.running.rpc);
    let request = bench.http.post(url).header("content-type", "application/json");
    request.body(body.to_string()).send().await.unwrap().text().await.unwrap();
    assert_eq!(bench.units(BOB).await, 40);
    let synced = bench.ok("eth_sendRawTransactionSync", json!([raw(4)])).await;
    assert_eq!(synced["status"], "0x1");
    let again = bench.refused("eth_sendRawTransaction", json!([raw(0)])).await;
    assert!(again.contains("nonce too low"), "{again}");
}

#[tokio::test]
async fn whoever_is_impersonated_acts_until_it_is_ended_and_a_refusal_carries_its_data() {
    let bench = Bench::open().await;
    let contract = Address::repeat_byte(0x55);
    let transaction = json!({"from": contract, "to": contract, "gas": "0x10000"});
    let unknown = bench.refused("eth_sendTransaction", json!([transaction])).await;
    assert!(unknown.contains("unknown account"), "{unknown}");
    bench.ok("hardhat_impersonateAccount", json!([contract])).await;
    bench.ok("hardhat_setBalance", json!([contract, "0xde0b6b3a7640000"])).await;
    let balance = bench.ok("eth_getBalance", json!([contract, "latest"])).await;
    assert_eq!(balance, "0xde0b6b3a7640000");
    let hash = bench.ok("eth_sendTransaction", json!([transaction])).await;
    let told = bench.ok("eth_getTransactionByHash", json!([hash])).await;
    assert_eq!(told["from"], json!(contract));
    let options = json!({"tracer": "callTracer"});
    let frame = bench.ok("debug_traceTransaction", json!([hash, options])).await;
    assert_eq!(frame["from"], json!(contract));
    assert_eq!(bench.ok("hardhat_stopImpersonatingAccount", json!([contract])).await, json!(true));
    bench.refused("eth_sendTransaction", json!([transaction])).await;

    // The asset keeps its rules: nothing goes to the United States.
    let data = Bytes::from(transfer(wallet(CAROL), 1));
    let transaction = json!({"from": wallet(ALICE), "to": token(), "data": data});
    let refused = bench.call("eth_sendTransaction", json!([transaction])).await.unwrap_err();
    assert_eq!(refused["code"], 3, "{refused}");
    assert!(refused["data"].as_str().is_some_and(|data| data.len() > 10), "{refused}");
}

#[tokio::test]
async fn time_moves_as_told_and_blocks_are_made_when_told() {
    let bench = Bench::open().await;
    let time = async || {
        number(&bench.ok("eth_getBlockByNumber", json!(["latest", false])).await["timestamp"])
    };
    let start = time().await;
    bench.ok("evm_setNextBlockTimestamp", json!([start + 1_000])).await;
    bench.ok("evm_mine", json!([])).await;
    assert_eq!(time().await, start + 1_000);
    bench.ok("evm_increaseTime", json!(["0x64"])).await;
    bench.ok("evm_mine", json!([])).await;
    assert_eq!(time().await, start + 1_100);
    bench.ok("hardhat_mine", json!(["0x3", "0x3c"])).await;
    assert_eq!(time().await, start + 1_101 + 120);
    let earlier = bench.refused("evm_setNextBlockTimestamp", json!([start])).await;
    assert!(earlier.contains("lower than or equal to previous"), "{earlier}");
    bench.ok("evm_mine", json!([{"blocks": 2}])).await;

    let height = number(&bench.ok("eth_blockNumber", json!([])).await);
    bench.ok("evm_setAutomine", json!([false])).await;
    assert_eq!(bench.ok("anvil_getAutomine", json!([])).await, json!(false));
    let raw = signed(ALICE, 0, Some(token()), transfer(wallet(BOB), 10));
    let hash = bench.ok("eth_sendRawTransaction", json!([raw])).await;
    assert_eq!(bench.ok("eth_getTransactionReceipt", json!([hash])).await, Value::Null);
    let pending = bench.ok("eth_getTransactionCount", json!([wallet(ALICE), "pending"])).await;
    assert_eq!(pending, "0x1");
    bench.ok("anvil_mine", json!([])).await;
    assert_eq!(number(&bench.ok("eth_blockNumber", json!([])).await), height + 1);
    assert_eq!(bench.units(BOB).await, 10);
    bench.ok("hardhat_reset", json!([])).await;
    assert_eq!(bench.ok("eth_blockNumber", json!([])).await, "0x1");
    let code = bench.ok("eth_getCode", json!([token(), "latest"])).await;
    assert_eq!(code, "0x", "the asset never was");
}

#[tokio::test]
async fn the_accounts_sign_as_their_owners_would() {
    let bench = Bench::open().await;
    let alice = wallet(ALICE);
    assert_eq!(bench.ok("eth_accounts", json!([])).await[2], json!(alice));
    let message = Bytes::from_static(b"in plain words");
    let signature: Bytes = from(&bench.ok("personal_sign", json!([message, alice])).await);
    assert_eq!(bench.ok("eth_sign", json!([alice, message])).await, json!(signature));
    let signature = Signature::from_raw(&signature).unwrap();
    let digest = eip191_hash_message(&message);
    assert_eq!(signature.recover_address_from_prehash(&digest).unwrap(), alice);
    let typed = json!({
        "types": {
            "EIP712Domain": [{"name": "name", "type": "string"}],
            "Word": [{"name": "said", "type": "string"}],
        },
        "primaryType": "Word", "domain": {"name": "Desk"}, "message": {"said": "agreed"},
    });
    let signed = bench.ok("eth_signTypedData_v4", json!([alice, typed])).await;
    assert_eq!(bench.ok("eth_signTypedData_v4", json!([alice, typed.to_string()])).await, signed);
    let refused = bench.refused("personal_sign", json!([message, wallet(STRANGER)])).await;
    assert!(refused.contains("unknown account"), "{refused}");
    // Filled in, signed, not sent; then sent by hand.
    let transaction =
        json!({"from": alice, "to": token(), "data": Bytes::from(transfer(wallet(BOB), 3))});
    let raw = bench.ok("eth_signTransaction", json!([transaction])).await;
    assert_eq!(bench.units(BOB).await, 0);
    let filled = bench.ok("eth_fillTransaction", json!([transaction])).await;
    assert_eq!((&filled["tx"]["nonce"], &filled["tx"]["from"]), (&json!("0x0"), &json!(alice)));
    bench.ok("eth_sendRawTransaction", json!([raw])).await;
    assert_eq!(bench.units(BOB).await, 3);
    let proof = bench.refused("scrip_getCertificate", json!([1])).await;
    assert!(proof.starts_with("-32004"), "{proof}");
}

/// What lists the market's asset and issues 1,000 of it to Alice.
fn asset_of_a_thousand() -> [(Address, Vec<u8>); 3] {
    let new = ILedger::NewAsset {
        kind: 0,
        currency: String::new(),
        symbol: "ACME".into(),
        name: "Acme Inc".into(),
        decimals: 0,
        isin: String::new(),
        cfi: "ESVUFR".into(),
        fisn: String::new(),
        lei: String::new(),
        authorised: 1_000_000,
    };
    let rules = json!({"rules": [
        {"countries": {"side": "receiver", "mode": "deny", "countries": ["US"]}},
    ]});
    let legs = vec![ILedger::Leg { to: wallet(ALICE), units: 1_000 }];
    let (ledger, compliance) = (service(Module::Ledger), service(Module::Compliance));
    [
        (ledger, ILedger::createAssetCall { asset: new }.abi_encode()),
        (
            compliance,
            ICompliance::setPolicyCall { asset: 1, policy: rules.to_string(), report: B256::ZERO }
                .abi_encode(),
        ),
        (ledger, ILedger::issueBatchCall { asset: 1, class: 0, legs }.abi_encode()),
    ]
}

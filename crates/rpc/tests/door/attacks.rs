//! THREATS 1.2 through the front door: malformed transactions (M6), natives re-entered and undone (M8),
//! natives under every call opcode (M9), reserved addresses attacked (M10).

use crate::market::*;
use alloy_sol_types::SolCall;
use serde_json::{Value, json};
use types::{Address, B256, Bytes, Module, U256};

/// Contracts in machine code.
pub mod guest {
    /// Reverts with the custom error 0xdeadbeef.
    pub const REVERTS: [u8; 13] =
        [0x63, 0xde, 0xad, 0xbe, 0xef, 0x5f, 0x52, 0x60, 4, 0x60, 28, 0xfd, 0x00];
    /// `loop {}`
    pub const LOOPS: [u8; 4] = [0x5b, 0x5f, 0x56, 0x00];
    /// Writes 1 to slot 0 and logs the word 42 under the topic 7.
    pub const WRITES: [u8; 15] =
        [0x60, 1, 0x5f, 0x55, 0x60, 42, 0x5f, 0x52, 0x60, 7, 0x60, 32, 0x5f, 0xa1, 0x00];
    /// Calls the address in its data with all its gas, and reverts if that fails.
    pub const FORWARDS: [u8; 18] = [
        0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x35, 0x5a, 0xf1, 0x15, 0x60, 14, 0x57, 0x00, 0x5b,
        0x5f, 0x5f, 0xfd,
    ];
    /// Destroys itself in favour of the address in its data.
    pub const DESTRUCTS: [u8; 3] = [0x5f, 0x35, 0xff];
    /// Returns the size of the code at the address in its data.
    pub const MEASURES: [u8; 9] = [0x5f, 0x35, 0x3b, 0x5f, 0x52, 0x60, 32, 0x5f, 0xf3];

    pub const CALL: u8 = 0xf1;
    pub const CALLCODE: u8 = 0xf2;
    pub const DELEGATECALL: u8 = 0xf4;
    pub const STATICCALL: u8 = 0xfa;

    /// Takes an address and data, calls it by this opcode, and answers or reverts as it did; or reverts
    /// after it succeeded.
    pub fn relays(opcode: u8, reverts_after: bool) -> Vec<u8> {
        let size = [0x60, 32, 0x36, 0x03];
        let mut code =
            [&size[..], &[0x60, 32, 0x5f, 0x37], &[0x5f, 0x5f], &size[..], &[0x5f]].concat();
        if matches!(opcode, CALL | CALLCODE) {
            code.push(0x5f);
        }
        code.extend([0x5f, 0x35, 0x5a, opcode, 0x3d, 0x5f, 0x5f, 0x3e]);
        if reverts_after {
            code.extend([0x5f, 0x5f, 0xfd]);
        }
        let ok = code.len() as u8 + 6;
        code.extend([0x60, ok, 0x57, 0x3d, 0x5f, 0xfd, 0x5b, 0x3d, 0x5f, 0xf3]);
        code
    }

    /// The data of a transaction that creates a contract with this code.
    pub fn creation(code: &[u8]) -> Vec<u8> {
        let head = [0x60, code.len() as u8, 0x80, 0x60, 9, 0x5f, 0x39, 0x5f, 0xf3];
        [&head[..], code].concat()
    }
}

fn to(address: Address, input: &[u8]) -> Vec<u8> {
    [B256::left_padding_from(address.as_slice()).as_slice(), input].concat()
}

impl Market {
    /// Creates a contract; returns its address.
    pub async fn deploy(&self, code: &[u8]) -> Address {
        let hash = self.send(BOB, None, guest::creation(code)).await;
        self.block().await;
        let receipt = self.ok("eth_getTransactionReceipt", json!([hash])).await;
        assert_eq!(receipt["status"], "0x1", "{receipt}");
        let address = from(&receipt["contractAddress"]);
        assert_eq!(
            self.ok("eth_getCode", json!([address])).await,
            json!(Bytes::copy_from_slice(code))
        );
        address
    }

    async fn units(&self, of: Address) -> u128 {
        let input = Bytes::from(IERC20::balanceOfCall { account: of }.abi_encode());
        let word: U256 = from(&self.ok("eth_call", json!([{"to": token(), "data": input}])).await);
        word.to()
    }

    async fn run(&self, person: u8, at: Address, input: Vec<u8>) -> Value {
        let hash = self.send(person, Some(at), input).await;
        self.block().await;
        self.ok("eth_getTransactionReceipt", json!([hash])).await
    }
}

#[tokio::test]
async fn m6_malformed_transactions_are_refused_at_the_door() {
    let market = Market::with_asset().await;
    let good = signed(ALICE, 0, Some(token()), transfer(wallet(BOB), 1));
    let mut trailing = good.to_vec();
    trailing.push(0);
    let mut long_length = good.to_vec();
    long_length[1] = 0xff;
    let mut blob = good.to_vec();
    blob[0] = 3;
    let bytes = |bytes: Vec<u8>| Bytes::from(bytes);
    let cases = [
        (bytes(vec![]), "RLP"),
        (bytes(vec![0xc0]), "RLP"),
        (bytes(vec![0x02]), "RLP"),
        (bytes(vec![0xff; 4_000]), "RLP"),
        (bytes(vec![0xf9, 0xff, 0xff]), "RLP"),
        (bytes(vec![0xbf; 9]), "RLP"),
        (bytes(trailing), "follow"),
        (bytes(long_length), "RLP"),
        (bytes(blob), "RLP"),
        (bytes(good[..good.len() - 1].to_vec()), "RLP"),
        (bytes(vec![0x02; evm::MAX_BYTES + 1]), "bytes"),
    ];
    for (raw, says) in cases {
        let (code, message) = market.refused("eth_sendRawTransaction", json!([raw])).await;
        assert!(code == -32000 && message.contains(says), "{says}: {message}");
    }
    for text in [json!(["0x0"]), json!(["zz"]), json!([7]), json!([{"a": 1}]), json!([])] {
        assert_eq!(market.refused("eth_sendRawTransaction", text).await.0, -32602);
    }
    assert_eq!(market.pool.status().pending, 0);
    market.ok("eth_sendRawTransaction", json!([good])).await;
}

#[tokio::test]
async fn m6_malformed_calls_of_natives_change_nothing() {
    let market = Market::with_asset().await;
    let good = transfer(wallet(BOB), 40);
    let mut dirty = good.clone();
    dirty[4] = 1;
    let mut huge = good[..4].to_vec();
    huge.extend([0xff; 64]);
    let cases = [good[..4].to_vec(), good[..67].to_vec(), dirty, huge, vec![0xff; 4], vec![1, 2]];
    for input in cases {
        let request =
            json!([{"from": wallet(ALICE), "to": token(), "data": Bytes::from(input.clone())}]);
        assert_eq!(market.error("eth_call", request).await["code"], 3);
        let receipt = market.run(ALICE, token(), input).await;
        assert_eq!((&receipt["status"], &receipt["logs"]), (&json!("0x0"), &json!([])));
    }
    assert_eq!(market.units(wallet(ALICE)).await, 1_000);
}

#[tokio::test]
async fn m8_what_a_contract_reverts_a_native_never_did() {
    let market = Market::with_asset().await;
    let legs = vec![ILedger::Leg { to: wallet(BOB), units: 40 }];
    let issue = ILedger::issueBatchCall { asset: 1, class: 0, legs }.abi_encode();
    let mut seen = Vec::new();
    for reverts_after in [true, false] {
        // An app that the issuer lets issue: its native call works, and then its frame fails, or does not.
        let app = market.deploy(&guest::relays(guest::CALL, reverts_after)).await;
        let key = ITrust::GrantKey { grantee: app, power: 6, asset: 1, class: 0 };
        let grant = ITrust::grantCall { key, limit: 0, expires: u64::MAX }.abi_encode();
        let granted = market.run(ISSUER, service(Module::Trust), grant).await;
        assert_eq!(granted["status"], "0x1");
        let receipt = market.run(ALICE, app, to(service(Module::Ledger), &issue)).await;
        let events =
            market.ok("scrip_getTransactionReceipt", json!([receipt["transactionHash"]])).await;
        let logs = receipt["logs"].as_array().unwrap().len();
        let events = events["events"].as_array().unwrap().len();
        seen.push((
            receipt["status"].clone(),
            logs > 0,
            events > 0,
            market.units(wallet(BOB)).await,
        ));
    }
    assert_eq!(seen, [(json!("0x0"), false, false, 0), (json!("0x1"), true, true, 40)]);
}

#[tokio::test]
async fn m9_only_a_plain_call_reaches_a_native() {
    let market = Market::with_asset().await;
    let natives =
        [token(), service(Module::Ledger), service(Module::Identity), service(Module::Trust)];
    for opcode in [guest::DELEGATECALL, guest::CALLCODE] {
        let relay = market.deploy(&guest::relays(opcode, false)).await;
        for native in natives {
            let receipt = market.run(ALICE, relay, to(native, &transfer(wallet(BOB), 40))).await;
            assert_eq!(receipt["status"], "0x0", "{opcode:x} {native}");
        }
        // Not even reading works as someone else.
        let read = [&[0x18, 0x16, 0x0d, 0xdd][..]].concat();
        let request =
            json!([{"from": wallet(ALICE), "to": relay, "data": Bytes::from(to(token(), &read))}]);
        assert_eq!(market.error("eth_call", request).await["code"], 3);
    }
    let relay = market.deploy(&guest::relays(guest::STATICCALL, false)).await;
    let supply = Bytes::from(to(token(), &[0x18, 0x16, 0x0d, 0xdd]));
    let request = json!([{"from": wallet(ALICE), "to": relay, "data": supply}]);
    assert_eq!(market.ok("eth_call", request).await, json!(B256::from(U256::from(1_000))));
    let receipt = market.run(ALICE, relay, to(token(), &transfer(wallet(BOB), 40))).await;
    assert_eq!(receipt["status"], "0x0", "a static call writes nothing");
    assert_eq!(market.units(wallet(ALICE)).await, 1_000);
}

#[tokio::test]
async fn m10_reserved_addresses_cannot_be_paid_destroyed_or_emptied() {
    let market = Market::with_asset().await;
    let paying = signed_with(ALICE, |tx| tx.value = U256::from(1));
    let (code, message) = market.refused("eth_sendRawTransaction", json!([paying])).await;
    assert!(code == -32000 && message.contains("no coin"), "{message}");
    let destructs = market.deploy(&guest::DESTRUCTS).await;
    market.run(ALICE, destructs, to(token(), &[])).await;
    assert_eq!(market.ok("eth_getCode", json!([token()])).await, "0xef");
    assert_eq!(market.ok("eth_getBalance", json!([token()])).await, "0x0");
    assert_eq!(market.units(wallet(ALICE)).await, 1_000);
    let measures = market.deploy(&guest::MEASURES).await;
    let size = |at: Address| json!([{"to": measures, "data": Bytes::from(to(at, &[]))}]);
    assert_eq!(market.ok("eth_call", size(token())).await, json!(B256::from(U256::from(1))));
    // A reserved address where nothing lives has no code, and takes no calls as if it had.
    let nothing = types::Reserved::asset(types::ShardId(0), types::AssetId(99));
    assert_eq!(market.ok("eth_call", size(nothing)).await, json!(B256::ZERO));
    let input = Bytes::from(transfer(wallet(BOB), 1));
    let request = json!([{"from": wallet(ALICE), "to": nothing, "data": input}]);
    let error = market.error("eth_call", request).await;
    assert!(error["message"].as_str().unwrap().contains("nothing lives at"), "{error}");
}

//! WebSocket: the same calls, and what is told without asking.

use crate::{attacks::guest, market::*};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(market: &Market) -> Self {
        Self(connect_async(format!("ws://{}", market.running.rpc)).await.unwrap().0)
    }

    async fn send(&mut self, method: &str, params: Value) {
        let body = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params});
        self.0.send(Message::text(body.to_string())).await.unwrap();
    }

    async fn next(&mut self) -> Value {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn ok(&mut self, method: &str, params: Value) -> Value {
        self.send(method, params).await;
        let mut answer = self.next().await;
        assert_eq!(answer["id"], 7, "{answer}");
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].take()
    }
}

#[tokio::test]
async fn calls_and_batches_are_answered_on_a_socket() {
    let market = Market::open().await;
    let mut socket = Socket::open(&market).await;
    assert_eq!(socket.ok("eth_chainId", json!([])).await, "0x1cbd");
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"});
    socket.0.send(Message::binary(json!([call, call]).to_string().into_bytes())).await.unwrap();
    assert_eq!(socket.next().await.as_array().unwrap().len(), 2);
    socket.0.send(Message::text("{")).await.unwrap();
    assert_eq!(socket.next().await["error"]["code"], -32700);
}

#[tokio::test]
async fn pending_transactions_are_told_as_they_are_taken() {
    let market = Market::with_asset().await;
    let mut socket = Socket::open(&market).await;
    let id = socket.ok("eth_subscribe", json!(["newPendingTransactions"])).await;
    let hash = market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    let told = socket.next().await;
    assert_eq!(told["params"], json!({"subscription": id, "result": hash}));
}

#[tokio::test]
async fn every_subscription_to_pending_transactions_is_told_each_as_it_asked() {
    let market = Market::with_asset().await;
    let mut socket = Socket::open(&market).await;
    let mut ids = Vec::new();
    for whole in [true, false, true] {
        let id = socket.ok("eth_subscribe", json!(["newPendingTransactions", whole])).await;
        ids.push((id, whole));
    }
    let input = transfer(wallet(BOB), 1);
    let hash = market.send(ALICE, Some(token()), input.clone()).await;
    for (id, whole) in ids {
        let told = socket.next().await["params"].take();
        assert_eq!(told["subscription"], id);
        let told = &told["result"];
        match whole {
            false => assert_eq!(*told, json!(hash)),
            true => {
                assert_eq!((&told["hash"], &told["from"]), (&json!(hash), &json!(wallet(ALICE))));
                assert_eq!(told["input"], json!(types::Bytes::from(input.clone())));
                assert_eq!(told["blockHash"], Value::Null);
            }
        }
    }
}

#[tokio::test]
async fn new_heads_come_once_each_in_order() {
    let market = Market::open().await;
    let mut socket = Socket::open(&market).await;
    let id = socket.ok("eth_subscribe", json!(["newHeads"])).await;
    for height in 2..5 {
        let block = market.block().await;
        let told = socket.next().await;
        assert_eq!(told["method"], "eth_subscription");
        assert_eq!(told["params"]["subscription"], id);
        assert_eq!(number(&told["params"]["result"]["number"]), height);
        assert_eq!(told["params"]["result"]["hash"], json!(block.hash));
    }
    assert_eq!(socket.ok("eth_unsubscribe", json!([id])).await, true);
    assert_eq!(socket.ok("eth_unsubscribe", json!([id])).await, false);
    market.block().await;
    assert_eq!(socket.ok("eth_blockNumber", json!([])).await, "0x5", "no head in between");
}

#[tokio::test]
async fn logs_come_as_filtered_and_events_as_the_modules_wrote_them() {
    let market = Market::with_asset().await;
    let mut socket = Socket::open(&market).await;
    let topic = alloy_primitives::keccak256("Transfer(address,address,uint256)");
    let filter = json!({"address": token(), "topics": [topic]});
    let logs = socket.ok("eth_subscribe", json!(["logs", filter])).await;
    let none = json!({"address": wallet(ALICE)});
    socket.ok("eth_subscribe", json!(["logs", none])).await;
    let events = socket.ok("scrip_subscribe", json!(["events"])).await;
    let hash = market.send(ALICE, Some(token()), transfer(wallet(BOB), 40)).await;
    let block = market.block().await;
    let log = socket.next().await;
    assert_eq!(
        (&log["method"], &log["params"]["subscription"]),
        (&json!("eth_subscription"), &logs)
    );
    assert_eq!(log["params"]["result"]["transactionHash"], json!(hash));
    let event = socket.next().await;
    assert_eq!(
        (&event["method"], &event["params"]["subscription"]),
        (&json!("scrip_subscription"), &events)
    );
    let told = &event["params"]["result"];
    assert_eq!((&told["tx"], &told["index"]), (&json!(hash), &json!(0)));
    assert_eq!(told["block"]["hash"], json!(block.hash));
    assert_eq!(
        (&told["event"]["module"], &told["event"]["event"]),
        (&json!("ledger"), &json!("moved"))
    );
}

#[tokio::test]
async fn subscriptions_are_bounded_and_need_a_socket() {
    let market = Market::with(|config| {
        config.max_subscriptions = 2;
        config.max_filter_entries = 1;
    })
    .await;
    assert_eq!(market.refused("eth_subscribe", json!(["newHeads"])).await.0, -32004);
    let mut socket = Socket::open(&market).await;
    let many = json!(["logs", {"address": [wallet(ALICE), wallet(BOB)]}]);
    for (kind, code) in [(json!(["weather"]), -32602), (json!([]), -32602), (many, -32005)] {
        socket.send("eth_subscribe", kind).await;
        assert_eq!(socket.next().await["error"]["code"], code);
    }
    socket.ok("eth_subscribe", json!(["newHeads"])).await;
    socket.ok("eth_subscribe", json!(["newHeads"])).await;
    socket.send("eth_subscribe", json!(["newHeads"])).await;
    assert_eq!(socket.next().await["error"]["code"], -32005);
    let metrics = market.monitor("metrics").await.1;
    assert!(metrics.contains("scrip_rpc_subscriptions 2"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_dropped_and_others_are_served() {
    let market = Market::with(|config| config.max_answer_bytes = 1 << 20).await;
    let mut slow = Socket::open(&market).await;
    for _ in 0..128 {
        slow.ok("eth_subscribe", json!(["newHeads"])).await;
    }
    // It never reads again, and is told 200 kB with each block.
    let mut blocks = 0;
    while !market.monitor("metrics").await.1.contains("scrip_rpc_dropped_total 1") {
        market.block().await;
        blocks += 1;
        assert!(blocks < 2_000, "it is still connected");
    }
    let mut other = Socket::open(&market).await;
    assert_eq!(number(&other.ok("eth_blockNumber", json!([])).await), blocks + 1);
}

#[tokio::test]
async fn messages_that_are_too_long_end_the_connection_alone() {
    let market = Market::with(|config| config.max_body_bytes = 1_000).await;
    let mut socket = Socket::open(&market).await;
    socket.0.send(Message::text(" ".repeat(2_000))).await.unwrap();
    let ended = socket.0.next().await;
    assert!(!matches!(ended, Some(Ok(Message::Text(_)))), "{ended:?}");
    assert_eq!(Socket::open(&market).await.ok("net_version", json!([])).await, "7357");
}

#[tokio::test]
async fn a_client_that_closes_is_answered_in_kind() {
    let market = Market::open().await;
    let mut socket = Socket::open(&market).await;
    socket.ok("eth_subscribe", json!(["newHeads"])).await;
    let bye = CloseFrame { code: CloseCode::Away, reason: "bye".into() };
    socket.0.close(Some(bye.clone())).await.unwrap();
    // A ping may be under way.
    let mut answer = socket.0.next().await.unwrap().unwrap();
    while matches!(answer, Message::Ping(_)) {
        answer = socket.0.next().await.unwrap().unwrap();
    }
    assert_eq!(answer, Message::Close(Some(bye)));
    assert!(socket.0.next().await.is_none());
}

#[tokio::test]
async fn a_socket_that_ends_leaves_nothing_behind() {
    let market = Market::open().await;
    let logs = market.deploy(&guest::WRITES).await;
    let mut socket = Socket::open(&market).await;
    socket.ok("eth_subscribe", json!(["logs", {"address": logs}])).await;
    drop(socket);
    while !market.monitor("metrics").await.1.contains("scrip_rpc_subscriptions 0") {
        market.block().await;
    }
}

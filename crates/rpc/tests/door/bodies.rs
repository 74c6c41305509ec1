//! What a body may be, and what becomes of it if it is not.

use crate::market::Market;
use serde_json::{Value, json};

#[tokio::test]
async fn bodies_that_are_no_requests_get_one_clear_error_each() {
    let market = Market::open().await;
    let cases: [(&[u8], i64, &str); 9] = [
        (b"", -32700, "empty"),
        (b"{", -32700, "EOF"),
        (b"\xff", -32700, "UTF-8"),
        (b"[]", -32600, "empty"),
        (b"17", -32600, "an object"),
        (br#"{"jsonrpc":"2.0","id":1}"#, -32600, "method"),
        (br#"{"jsonrpc":"2.0","id":1,"method":"eth_nothing"}"#, -32601, "eth_nothing"),
        (br#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[1]}"#, -32602, "at most 0"),
        (
            br#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":[]}"#,
            -32602,
            "address: is missing",
        ),
    ];
    for (body, code, says) in cases {
        let (status, text) = market.post(body.to_vec()).await;
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((status, answer["error"]["code"].as_i64()), (200, Some(code)), "{text}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(says), "{text}");
    }
}

#[tokio::test]
async fn deep_json_costs_no_stack() {
    let market = Market::open().await;
    for open in ["[", "{\"a\":"] {
        let (status, text) = market.post(open.repeat(100_000)).await;
        assert_eq!(status, 200);
        assert!(text.contains("-32600") && text.contains("nested deeper"), "{text}");
    }
}

#[tokio::test]
async fn a_batch_is_answered_in_order_and_notifications_are_not() {
    let market = Market::open().await;
    let body = json!([
        {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"},
        {"jsonrpc": "2.0", "method": "eth_chainId"},
        7,
        {"jsonrpc": "2.0", "id": "x", "method": "eth_nothing"},
        {"jsonrpc": "2.0", "id": null, "method": "net_version", "params": []},
    ]);
    let answers = market.ask(&body).await;
    let ids: Vec<_> =
        answers.as_array().unwrap().iter().map(|answer| answer["id"].clone()).collect();
    assert_eq!(ids, [json!(1), Value::Null, json!("x"), Value::Null]);
    assert_eq!(answers[1]["error"]["code"], -32600);
    assert_eq!(answers[2]["error"]["code"], -32601);
    assert_eq!(answers[3]["result"], "7357");
    let silent = json!([{"jsonrpc": "2.0", "method": "eth_chainId"}]);
    assert_eq!(market.post(silent.to_string()).await, (204, String::new()));
}

#[tokio::test]
async fn sizes_are_limited_and_say_so() {
    let market = Market::with(|config| {
        config.max_batch = 3;
        config.max_body_bytes = 1_000;
        config.max_answer_bytes = 80;
    })
    .await;
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"});
    let answer = market.ask(&json!([call, call, call, call])).await;
    assert_eq!(answer["error"]["code"], -32600);
    assert!(answer["error"]["message"].as_str().unwrap().contains("at most 3"));
    let (status, text) = market.post(" ".repeat(1_001)).await;
    assert_eq!(status, 413, "{text}");
    assert!(text.contains("more than 1000 bytes"), "{text}");
    let (code, message) = market.refused("eth_getBlockByNumber", json!(["latest", false])).await;
    assert_eq!(code, -32005);
    assert!(message.contains("80 bytes"), "{message}");
    // In a batch, calls after the limit fail one by one.
    let answers = market.ask(&json!([call, call, call])).await;
    let failed =
        answers.as_array().unwrap().iter().filter(|answer| answer["error"]["code"] == -32005);
    assert!(answers[0]["result"] == "0x1cbd" && failed.count() >= 1, "{answers}");
}

#[tokio::test]
async fn pages_of_no_other_origin_may_ask_where_one_is_named() {
    let market = Market::with(|config| config.cors = vec!["https://app.example".into()]).await;
    for (origin, answer) in
        [("https://app.example", Some("https://app.example")), ("https://other.example", None)]
    {
        let preflight = reqwest::Client::new()
            .request(reqwest::Method::OPTIONS, format!("http://{}", market.running.rpc))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .send()
            .await
            .unwrap();
        let allowed = preflight.headers().get("access-control-allow-origin");
        assert_eq!(allowed.map(|origin| origin.to_str().unwrap()), answer, "{origin}");
    }
}

#[tokio::test]
async fn pages_of_any_origin_may_ask() {
    let market = Market::open().await;
    let url = format!("http://{}", market.running.rpc);
    let preflight = reqwest::Client::new()
        .request(reqwest::Method::OPTIONS, &url)
        .header("origin", "https://wallet.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .send()
        .await
        .unwrap();
    assert!(preflight.status().is_success());
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    assert!(!preflight.headers().contains_key("access-control-allow-credentials"));
    let plain = reqwest::get(&url).await.unwrap();
    assert_eq!(plain.status().as_u16(), 405);
    assert!(plain.text().await.unwrap().contains("POST"));
}

#[tokio::test]
async fn parameters_come_by_name_too_and_unknown_ones_are_named() {
    let market = Market::open().await;
    let address = crate::market::wallet(crate::market::ALICE);
    let balance = market.ok("eth_getBalance", json!([address, "latest"])).await;
    assert_eq!(
        market.ok("eth_getBalance", json!({"block": "latest", "address": address})).await,
        balance
    );
    let (code, message) = market.refused("eth_getBalance", json!({"adress": address})).await;
    assert_eq!(code, -32602);
    assert!(message.contains("adress: no such parameter; known are address, block"), "{message}");
}

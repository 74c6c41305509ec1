//! Slow clients, crowds, and what the monitor says.

use crate::market::*;
use rpc::{RpcConfig, RpcError};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

#[tokio::test]
async fn half_a_head_or_half_a_body_does_not_hold_a_connection() {
    let market = Market::with(|config| config.client_timeout = Duration::from_millis(200)).await;
    let mut head = TcpStream::connect(market.running.rpc).await.unwrap();
    head.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    let mut body = TcpStream::connect(market.running.rpc).await.unwrap();
    body.write_all(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{\"jsonrpc\"")
        .await
        .unwrap();
    let mut idle = TcpStream::connect(market.running.rpc).await.unwrap();
    let mut told = String::new();
    body.read_to_string(&mut told).await.unwrap();
    assert!(told.starts_with("HTTP/1.1 408") && told.contains("did not arrive"), "{told}");
    // Both end, with an answer or without one.
    let _ = head.read_to_end(&mut Vec::new()).await;
    let _ = idle.read_to_end(&mut Vec::new()).await;
    assert_eq!(market.ok("net_version", json!([])).await, "7357");
}

#[tokio::test]
async fn a_crowd_waits_for_its_turn() {
    let market = Market::with(|config| config.max_connections = 2).await;
    let first = TcpStream::connect(market.running.rpc).await.unwrap();
    // The market's own client holds the second connection, and is served meanwhile.
    assert_eq!(market.ok("net_version", json!([])).await, "7357");
    let request = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 54\r\n\r\n";
    let mut third = TcpStream::connect(market.running.rpc).await.unwrap();
    third.write_all(request).await.unwrap();
    third.write_all(br#"{"jsonrpc":"2.0","id":1,"method":"net_version"}       "#).await.unwrap();
    drop(first);
    let mut told = String::new();
    third.read_to_string(&mut told).await.unwrap();
    assert!(told.starts_with("HTTP/1.1 200") && told.contains("7357"), "{told}");
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let _holder = TcpListener::bind(taken).await.unwrap();
    let market = Market::open().await;
    let backend = rpc::Backend {
        chain: market.chain.clone(),
        pool: market.pool.clone(),
        engine: market.blocks.clone(),
        network: Default::default(),
        workbench: None,
    };
    for (config, what) in [
        (RpcConfig { listen: taken, ..RpcConfig::default() }, "rpc"),
        (
            RpcConfig {
                listen: ([127, 0, 0, 1], 0).into(),
                monitor: Some(taken),
                ..RpcConfig::default()
            },
            "metrics",
        ),
    ] {
        let error = rpc::serve(config, backend.clone()).await.unwrap_err();
        assert!(
            matches!(error, RpcError::PortInUse { what: named, address } if named == what && address == taken)
        );
        assert!(error.to_string().contains("choose another port"), "{error}");
    }
}

#[tokio::test]
async fn the_monitor_tells_health_readiness_and_counts() {
    let market = Market::open().await;
    assert_eq!(market.monitor("health").await, (200, json!({"status": "ok"}).to_string()));
    let (code, text) = market.monitor("ready").await;
    assert_eq!(code, 200, "{text}");
    market.refused("eth_nothing", json!([])).await;
    market.refused("eth_getBalance", json!([])).await;
    let (code, metrics) = market.monitor("metrics").await;
    assert_eq!(code, 200);
    for line in [
        "scrip_height 1",
        "scrip_rpc_calls_total{method=\"unknown\"} 1",
        "scrip_rpc_failures_total{method=\"eth_getBalance\"} 1",
        "scrip_pool_transactions{lane=\"assets\"} 0",
        "engine_metric 1",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    assert_eq!(metrics.matches("# EOF").count(), 1);
    assert!(metrics.ends_with("# EOF\n"));
    market.blocks.hear_of(9);
    let (code, text) = market.monitor("ready").await;
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &told["reason"]), (503, &json!("this node is catching up")));
    let late = Market::with(|config| config.ready_block_age = Duration::ZERO).await;
    let (code, text) = late.monitor("ready").await;
    assert!(code == 503 && text.contains("too long"), "{text}");
    let url = format!("http://{}/metrics", market.running.rpc);
    assert_eq!(
        reqwest::get(url).await.unwrap().status().as_u16(),
        404,
        "not where the world can ask"
    );
}

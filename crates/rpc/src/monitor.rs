//! Metrics, health and readiness, on a port of their own.

use crate::{door::Door, metrics};
use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

pub(crate) fn router(door: &Arc<Door>) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/health", get(health))
        .route("/ready", get(ready))
        .with_state(door.clone())
}

async fn metrics(State(door): State<Arc<Door>>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], metrics::text(&door)).into_response()
}

/// The process lives and answers.
async fn health() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// This node has the newest state and new blocks come: it may be asked.
async fn ready(State(door): State<Arc<Door>>) -> Response {
    let status = door.backend.engine.status();
    let head = door.index.head();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let age = now.as_millis().saturating_sub(u128::from(head.header().time.0));
    let reason = if !door.index.is_loaded() {
        Some("the state is not loaded yet")
    } else if status.height == Some(0) {
        Some("the network has not begun: its first block writes the genesis")
    } else if status.is_syncing() {
        Some("this node is catching up")
    } else if head.header().height < status.height.unwrap_or(0) {
        Some("the newest blocks are not indexed yet")
    } else if age > door.config.ready_block_age.as_millis() {
        Some("no block has become final for too long")
    } else {
        None
    };
    let code = if reason.is_none() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let height = head.header().height;
    let body = json!({ "ready": reason.is_none(), "reason": reason, "height": height, "block_age_ms": age as u64 });
    (code, Json(body)).into_response()
}

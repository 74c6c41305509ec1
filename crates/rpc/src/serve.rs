//! Listening: HTTP and WebSocket on one port, bounded in connections, sizes and time.

use crate::{
    backend::Backend,
    config::{RpcConfig, RpcError},
    door::Door,
    fault::Fault,
    monitor, socket,
    stall::Stalling,
    wire,
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{
        Request, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use http_body_util::{BodyExt, Limited};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{io::ErrorKind, net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, sync::Semaphore, time::timeout};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

/// Where the door listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// JSON-RPC, over HTTP and WebSocket.
    pub rpc: SocketAddr,
    /// Metrics, health and readiness.
    pub metrics: Option<SocketAddr>,
}

/// Opens the door, on the runtime of whoever calls, and keeps it open as long as that runs.
///
/// May be called before the state is loaded: until then the node answers that it is not ready.
pub async fn serve(config: RpcConfig, backend: Backend) -> Result<Running, RpcError> {
    config.check()?;
    let origins = config.origins()?;
    let listener = bind("rpc", config.listen).await?;
    let monitor = match config.monitor {
        Some(address) => Some(bind("metrics", address).await?),
        None => None,
    };
    let address = |listener: &TcpListener, what, asked| {
        listener.local_addr().map_err(|error| RpcError::Listen { what, address: asked, error })
    };
    let rpc = address(&listener, "rpc", config.listen)?;
    let metrics = match (&monitor, config.monitor) {
        (Some(listener), Some(asked)) => Some(address(listener, "metrics", asked)?),
        _ => None,
    };
    let door = Arc::new(Door::new(config, backend));
    tokio::spawn(door.pending.clone().follow(door.backend.pool.clone()));
    match &door.backend.workbench {
        Some(bench) => bench.listen(door.listener()),
        None => drop(tokio::spawn(door.index.clone().follow(door.backend.engine.clone()))),
    }
    tokio::spawn(accept(listener, router(&door, origins), door.clone()));
    if let Some(listener) = monitor {
        tokio::spawn(accept(listener, monitor::router(&door), door));
    }
    tracing::info!(%rpc, ?metrics, "listening");
    Ok(Running { rpc, metrics })
}

async fn bind(what: &'static str, address: SocketAddr) -> Result<TcpListener, RpcError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => RpcError::PortInUse { what, address },
        _ => RpcError::Listen { what, address, error },
    })
}

async fn accept(listener: TcpListener, router: Router, door: Arc<Door>) {
    let open = Arc::new(Semaphore::new(door.config.max_connections));
    let patience = door.config.client_timeout;
    loop {
        let Ok(permit) = open.clone().acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of file descriptors, mostly: others must close first.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                continue;
            }
        };
        // Answers are small and waited for.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connections = door.metrics.connections.clone();
        tokio::spawn(async move {
            connections.inc();
            let stream = TokioIo::new(Stalling::new(stream, patience));
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(patience)
                .max_buf_size(64 << 10)
                .serve_connection(stream, service)
                .with_upgrades();
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            connections.dec();
            drop(permit);
        });
    }
}

fn router(door: &Arc<Door>, origins: AllowOrigin) -> Router {
    let cors = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::POST, Method::GET, Method::OPTIONS])
        .allow_headers(Any);
    Router::new().route("/", get(upgrade).post(post)).layer(cors).with_state(door.clone())
}

/// One body, one answer.
async fn post(State(door): State<Arc<Door>>, request: Request) -> Response {
    let body = match read(&door, request.into_body()).await {
        Ok(body) => body,
        Err((status, fault)) => {
            let mut text = Vec::new();
            wire::write(&mut text, None, &Err(fault));
            return json(status, text);
        }
    };
    match door.answer(body, None).await.text {
        Some(text) => json(StatusCode::OK, text),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

async fn read(door: &Door, body: Body) -> Result<Bytes, (StatusCode, Fault)> {
    let (limit, patience) = (door.config.max_body_bytes, door.config.client_timeout);
    let body = Limited::new(body, limit);
    match timeout(patience, body.collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            let fault = Fault::invalid_request(format!(
                "the body has more than {limit} bytes; send less at a time"
            ));
            Err((StatusCode::PAYLOAD_TOO_LARGE, fault))
        }
        Ok(Err(error)) => Err((
            StatusCode::BAD_REQUEST,
            Fault::parse(format!("the body cannot be read: {error}")),
        )),
        Err(_) => {
            let fault = Fault::invalid_request(format!(
                "the body did not arrive within {} s",
                patience.as_secs()
            ));
            Err((StatusCode::REQUEST_TIMEOUT, fault))
        }
    }
}

fn json(status: StatusCode, text: Vec<u8>) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    (status, [kind], text).into_response()
}

/// WebSocket, for those who ask for it.
async fn upgrade(
    State(door): State<Arc<Door>>,
    asked: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    match asked {
        Ok(upgrade) => {
            let limit = door.config.max_body_bytes;
            upgrade
                .max_message_size(limit)
                .max_frame_size(limit)
                .on_upgrade(move |stream| socket::serve(stream, door))
        }
        Err(_) => {
            let fault = Fault::invalid_request("send JSON-RPC by POST, or upgrade to WebSocket");
            let mut text = Vec::new();
            wire::write(&mut text, None, &Err(fault));
            json(StatusCode::METHOD_NOT_ALLOWED, text)
        }
    }
}

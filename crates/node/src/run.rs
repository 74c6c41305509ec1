//! Starts the parts of a node, and stops them together.

use crate::{
    config::{NodeConfig, NodeError},
    waiting::Waiting,
};
use chain::Chain;
use engine::{Handle, Node};
use futures::{FutureExt as _, future::BoxFuture};
use parking_lot::Mutex;
use pool::Pool;
use rpc::{Backend, Network, RpcConfig};
use std::{net::SocketAddr, sync::Arc};
use tokio::sync::{broadcast::error::RecvError, oneshot};

/// A node that is ready. Clones share it.
#[derive(Clone)]
pub struct Running {
    /// The rules and the finalized state.
    pub chain: Chain,
    /// The transactions that wait.
    pub pool: Pool,
    /// Final blocks and proofs.
    pub engine: Handle,
    /// Where JSON-RPC is answered.
    pub rpc: Option<SocketAddr>,
    /// Where metrics, health and readiness are answered.
    pub metrics: Option<SocketAddr>,
}

/// Runs a node until `stop` resolves. Blocks the thread.
///
/// `ready` is sent once the state is loaded, or synced, the network has begun and the door is open.
pub fn run(
    config: NodeConfig,
    ready: oneshot::Sender<Running>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), NodeError> {
    config.genesis.check()?;
    let network = Network {
        key: config.committee.network_key()?.to_string(),
        validators: config.committee.validators.len() as u32,
    };
    let chain = Chain::new(config.genesis);
    let pool = Pool::new(chain.clone(), config.pool);
    let node = Node {
        config: engine::Config {
            committee: config.committee,
            secret: config.secret,
            pacing: config.pacing,
            storage: config.storage,
            state_sync: config.state_sync,
        },
        folder: config.data_dir,
        listen: config.listen,
        peers: config.peers,
        threads: config.threads,
    };

    // A door that does not open stops the engine, and is the error that is reported.
    let failure = Arc::new(Mutex::new(None));
    let (fail, failed) = oneshot::channel();
    let stop: BoxFuture<'static, ()> = Box::pin(async move {
        let failed = failed.then(|fired| async move {
            if fired.is_err() {
                futures::future::pending::<()>().await;
            }
        });
        futures::future::select(Box::pin(stop), Box::pin(failed)).await;
    });
    let opening = Opening { chain: chain.clone(), pool: pool.clone(), network, door: config.rpc };
    let noted = failure.clone();
    engine::run(
        node,
        Arc::new(chain),
        Arc::new(Waiting(pool)),
        Box::new(move |handle| {
            tokio::spawn(async move {
                match opening.open(handle).await {
                    // Whoever started the node may have stopped waiting for it.
                    Ok(running) => drop(ready.send(running)),
                    Err(error) => {
                        *noted.lock() = Some(error);
                        let _ = fail.send(());
                    }
                }
            });
        }),
        stop,
    )?;
    match failure.lock().take() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Resolves when the process is asked to stop: SIGINT or SIGTERM.
pub async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        tracing::error!("signals cannot be heard; stop the process by killing it");
        return futures::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

/// What is needed to open a node's door.
struct Opening {
    chain: Chain,
    pool: Pool,
    network: Network,
    door: Option<RpcConfig>,
}

impl Opening {
    async fn open(self, engine: Handle) -> Result<Running, NodeError> {
        let Self { chain, pool, network, door } = self;
        tokio::spawn(gossip(pool.clone(), engine.clone()));
        let (mut rpc, mut metrics) = (None, None);
        if let Some(config) = door {
            let backend = Backend {
                chain: chain.clone(),
                pool: pool.clone(),
                engine: Arc::new(engine.clone()),
                network,
                workbench: None,
            };
            let opened = rpc::serve(config, backend).await?;
            (rpc, metrics) = (Some(opened.rpc), opened.metrics);
        }
        engine.loaded().await;
        // The first block writes the genesis; before it there is nobody.
        engine.reached(1).await;
        Ok(Running { chain, pool, engine, rpc, metrics })
    }
}

/// Passes on to the other validators what this node's clients sent.
async fn gossip(pool: Pool, engine: Handle) {
    let mut admitted = pool.admitted();
    loop {
        match admitted.recv().await {
            Ok(transaction) => {
                // What finds no room is included when this validator leads.
                engine.broadcast(transaction);
            }
            Err(RecvError::Lagged(lost)) => {
                tracing::warn!(lost, "transactions come faster than they can be passed on");
            }
            Err(RecvError::Closed) => return,
        }
    }
}

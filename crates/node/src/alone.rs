//! A workbench behind a door: a chain for development in this process.

use crate::config::NodeError;
use engine::EngineError;
use rpc::{Backend, IndexLimits, RpcConfig, Running};
use std::time::Duration;
use tokio::sync::oneshot;
use workbench::Workbench;

/// A chain for development, and the door to it.
pub struct Alone {
    /// The chain.
    pub bench: Workbench,
    /// The door.
    pub rpc: RpcConfig,
}

/// Runs a chain for development until `stop` resolves. Blocks the thread.
///
/// `ready` is sent once the door is open.
pub fn run_alone(
    alone: Alone,
    ready: oneshot::Sender<Running>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), NodeError> {
    let Alone { bench, rpc: mut config } = alone;
    // The workbench holds every block anyway, and time stands still where nothing is sent.
    let all = usize::MAX;
    config.index = IndexLimits { blocks: all, bytes: all, heights: all, transactions: all };
    config.ready_block_age = Duration::MAX;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| EngineError::Io(error.to_string()))?;
    let result = runtime.block_on(async {
        let running = rpc::serve(config, Backend::from(bench.clone())).await?;
        tokio::spawn(tick(bench));
        // Whoever started the chain may have stopped waiting for it.
        let _ = ready.send(running);
        stop.await;
        Ok(())
    });
    // Calls that are still executed change nothing that anyone waits for.
    runtime.shutdown_background();
    result
}

/// Makes a block whenever the workbench's interval has passed.
async fn tick(bench: Workbench) {
    let mut interval = bench.interval();
    loop {
        let every = *interval.borrow_and_update();
        let wait = async {
            match every {
                Some(every) => tokio::time::sleep(every).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = wait => {
                let bench = bench.clone();
                let made = tokio::task::spawn_blocking(move || bench.mine(1, None)).await;
                if !matches!(made, Ok(Ok(()))) {
                    tracing::error!("a block could not be made");
                }
            }
            changed = interval.changed() => if changed.is_err() { return },
        }
    }
}

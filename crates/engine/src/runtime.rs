//! The clock, network and storage that everything here runs on: tokio's, or a simulation's.

use commonware_runtime::{Clock, Spawner};
use rand_core::CryptoRng;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use types::Time;

/// What the engine asks of a runtime.
pub(crate) trait Runtime:
    commonware_storage::Context + CryptoRng + Spawner + Clock + Send + Sync + 'static
{
}
impl<E: commonware_storage::Context + CryptoRng + Spawner + Clock + Send + Sync + 'static> Runtime
    for E
{
}

/// Runs long work of the processor where it starves nobody.
pub(crate) async fn busy<E: Runtime, R: Send + 'static>(
    context: &E,
    label: &'static str,
    work: impl FnOnce() -> R + Send + 'static,
) -> R {
    let running = context.child(label).shared(true).spawn(move |_| async move { work() });
    match running.await {
        Ok(result) => result,
        // The runtime is stopping: whoever waits is about to be dropped.
        Err(_) => futures::future::pending().await,
    }
}

/// The runtime's time as blocks write it.
pub(crate) fn now(clock: &impl Clock) -> Time {
    let since = clock.current().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(since.as_millis() as u64)
}

/// The runtime's clock at a block's time; the end of time stays far away.
pub(crate) fn moment(time: Time) -> SystemTime {
    UNIX_EPOCH
        .checked_add(Duration::from_millis(time.0))
        .unwrap_or(UNIX_EPOCH + Duration::from_secs(1 << 40))
}

//! Transactions that this node's clients sent, as they come: for filters and subscriptions.

use crate::eth::shape;
use chain::Chain;
use parking_lot::Mutex;
use pool::Pool;
use serde_json::value::{RawValue, to_raw_value};
use std::{
    collections::VecDeque,
    sync::{Arc, OnceLock},
};
use tokio::sync::broadcast::{self, error::RecvError};
use types::{B256, Bytes};

/// How many are kept for filters that ask now and then.
const KEPT: usize = 16_384;

/// The newest transactions taken, in their order.
pub(crate) struct Pending {
    recent: Mutex<Recent>,
    announced: broadcast::Sender<Arc<Taken>>,
}

/// A transaction that was taken. What is told of it is worked out once, however many are told.
pub(crate) struct Taken {
    /// Its hash.
    pub(crate) hash: B256,
    bytes: Bytes,
    whole: OnceLock<Option<Box<RawValue>>>,
}

impl Taken {
    fn new(bytes: Bytes) -> Self {
        Self { hash: evm::transaction_hash(&bytes), bytes, whole: OnceLock::new() }
    }

    /// All of it. It was taken, so it can be read.
    pub(crate) fn whole(&self, chain: &Chain) -> Option<&RawValue> {
        let tell = || to_raw_value(&shape::waiting(&*chain.recover(&self.bytes).ok()?)).ok();
        self.whole.get_or_init(tell).as_deref()
    }
}

#[derive(Default)]
struct Recent {
    /// The number of the first.
    first: u64,
    hashes: VecDeque<B256>,
}

impl Default for Pending {
    fn default() -> Self {
        Self { recent: Mutex::default(), announced: broadcast::channel(4_096).0 }
    }
}

impl Pending {
    /// Notes what the pool takes, for ever.
    pub(crate) async fn follow(self: Arc<Self>, pool: Pool) {
        let mut admitted = pool.admitted();
        loop {
            match admitted.recv().await {
                Ok(bytes) => {
                    let taken = Taken::new(bytes);
                    self.note(taken.hash);
                    // Nobody listening is no failure.
                    let _ = self.announced.send(Arc::new(taken));
                }
                // They come faster than they are told: filters miss some, as elsewhere.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }

    fn note(&self, hash: B256) {
        let mut recent = self.recent.lock();
        recent.hashes.push_back(hash);
        if recent.hashes.len() > KEPT {
            recent.hashes.pop_front();
            recent.first += 1;
        }
    }

    /// The number of the one that comes next.
    pub(crate) fn next(&self) -> u64 {
        let recent = self.recent.lock();
        recent.first + recent.hashes.len() as u64
    }

    /// Those from a number on that are still kept, and the number of the one that comes next.
    pub(crate) fn since(&self, number: u64) -> (Vec<B256>, u64) {
        let recent = self.recent.lock();
        let skipped = usize::try_from(number.saturating_sub(recent.first)).unwrap_or(usize::MAX);
        let next = recent.first + recent.hashes.len() as u64;
        (recent.hashes.iter().skip(skipped).copied().collect(), next)
    }

    /// Those that come from now on.
    pub(crate) fn announced(&self) -> broadcast::Receiver<Arc<Taken>> {
        self.announced.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_gets_what_came_since_and_the_oldest_are_forgotten() {
        let pending = Pending::default();
        let hash = |number: usize| types::sha256(&[&number.to_be_bytes()]);
        assert!(pending.since(0).0.is_empty());
        pending.note(hash(0));
        let next = pending.next();
        pending.note(hash(1));
        assert_eq!((next, pending.since(next)), (1, (vec![hash(1)], 2)));
        (2..KEPT + 10).for_each(|number| pending.note(hash(number)));
        let (kept, next) = pending.since(0);
        assert_eq!((kept.len(), next), (KEPT, pending.next()));
        assert_eq!(pending.since(pending.next() - 1).0, [hash(KEPT + 9)]);
        assert!(pending.since(pending.next() + 5).0.is_empty());
    }
}

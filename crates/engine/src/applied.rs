//! What this node has made final, as the rest of the process sees it.

use parking_lot::Mutex;
use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::watch;
use types::{B256, Block, Header, Receipt};

/// Final blocks kept in memory for those who follow closely.
const RECENT_BLOCKS: usize = 32;

/// Headers kept to pair the store's root with; the store is never further ahead than one block.
const RECENT_HEADERS: usize = 64;

/// A block that can no longer be undone, with what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinalizedBlock {
    /// The block.
    pub block: Arc<Block>,
    /// Its hash.
    pub hash: B256,
    /// What its transactions did.
    pub receipts: Arc<Vec<Receipt>>,
}

/// Where this node stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The newest final block applied here; `None` until the state is loaded or synced.
    pub height: Option<u64>,
    /// The consensus view of that block.
    pub view: u64,
    /// The highest block that some validator has spoken of.
    pub best_known: u64,
    /// Other validators heard from lately.
    pub peers: usize,
}

impl Status {
    /// True while blocks, or the whole state, are being fetched.
    pub fn is_syncing(&self) -> bool {
        self.height.is_none_or(|height| height + 1 < self.best_known)
    }
}

/// The one place where final blocks are announced.
pub(crate) struct Applied {
    status: watch::Sender<Status>,
    /// The newest block that was final before this start.
    before: AtomicU64,
    recent: Mutex<VecDeque<Arc<FinalizedBlock>>>,
    headers: Mutex<VecDeque<Header>>,
}

impl Applied {
    pub(crate) fn new() -> Self {
        Self {
            status: watch::Sender::new(Status::default()),
            before: AtomicU64::new(0),
            recent: Mutex::default(),
            headers: Mutex::default(),
        }
    }

    /// Notes the header that memory and store start from.
    pub(crate) fn start_at(&self, header: Header) {
        let (height, view) = (header.height, header.seal.view);
        self.expect(&header);
        self.raise(height, view);
    }

    /// Notes what was final before this start; it is applied again before this node is loaded.
    pub(crate) fn was_at(&self, height: u64) {
        self.before.fetch_max(height, Ordering::Relaxed);
        self.heard(0, height);
    }

    /// The height that this node had reached before it was started.
    pub(crate) fn before(&self) -> u64 {
        self.before.load(Ordering::Relaxed)
    }

    /// Notes a header whose state the store is about to have.
    pub(crate) fn expect(&self, header: &Header) {
        let mut headers = self.headers.lock();
        headers.push_back(header.clone());
        if headers.len() > RECENT_HEADERS {
            headers.pop_front();
        }
    }

    /// Announces a block that is final and applied.
    pub(crate) fn announce(&self, block: FinalizedBlock) {
        let (height, view) = (block.block.header.height, block.block.header.seal.view);
        {
            let mut recent = self.recent.lock();
            recent.retain(|known| known.block.header.height < height);
            recent.push_back(Arc::new(block));
            if recent.len() > RECENT_BLOCKS {
                recent.pop_front();
            }
        }
        self.raise(height, view);
    }

    fn raise(&self, height: u64, view: u64) {
        self.status.send_modify(|status| {
            status.height = Some(height);
            status.view = view;
            status.best_known = status.best_known.max(height);
        });
    }

    /// Notes who is heard from, and the highest block they speak of.
    pub(crate) fn heard(&self, peers: usize, best_known: u64) {
        self.status.send_if_modified(|status| {
            let before = *status;
            status.peers = peers;
            status.best_known = status.best_known.max(best_known);
            *status != before
        });
    }

    pub(crate) fn status(&self) -> Status {
        *self.status.borrow()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// A recent block by height.
    pub(crate) fn recent(&self, height: u64) -> Option<Arc<FinalizedBlock>> {
        let recent = self.recent.lock();
        recent.iter().rev().find(|known| known.block.header.height == height).cloned()
    }

    /// The header whose state has this root.
    pub(crate) fn header_of(&self, state_root: &B256) -> Option<Header> {
        let headers = self.headers.lock();
        headers.iter().rev().find(|header| header.state_root == *state_root).cloned()
    }
}

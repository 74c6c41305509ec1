//! Signed transactions, decoded and with their sender recovered: in parallel, once, remembered.
//!
//! Recovering a secp256k1 signature costs ten times what executing a transfer does, so no node
//! does it twice for the same bytes.

use evm::{Malformed, Signed};
use parking_lot::Mutex;
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};
use types::Bytes;

/// The most recent recovered transactions, bounded in number.
pub(crate) struct Senders {
    shards: Vec<Mutex<Recent>>,
    capacity: usize,
    takes_unsigned: bool,
}

#[derive(Default)]
struct Recent {
    known: BTreeMap<Bytes, Arc<Signed>>,
    oldest_first: VecDeque<Bytes>,
}

const SHARDS: usize = 16;

/// Longer transactions are recovered again: few fit into a block, and strangers could fill the memory.
const LONGEST_KEPT: usize = 2 << 10;

impl Senders {
    pub(crate) fn new(capacity: usize, takes_unsigned: bool) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { shards, capacity: capacity.div_ceil(SHARDS).max(64), takes_unsigned }
    }

    pub(crate) fn recover(&self, bytes: &Bytes, chain_id: u64) -> Result<Arc<Signed>, Malformed> {
        // A signature's last byte is as good as random. The bytes themselves are the key: comparing
        // them costs a fraction of hashing them.
        let shard = &self.shards[usize::from(bytes.last().copied().unwrap_or_default()) % SHARDS];
        if let Some(known) = shard.lock().known.get(bytes) {
            return Ok(known.clone());
        }
        if self.takes_unsigned
            && let Some(unsigned) = evm::decode_unsigned(bytes, chain_id)
        {
            return Ok(Arc::new(unsigned));
        }
        let signed = Arc::new(evm::decode(bytes, chain_id)?);
        if bytes.len() > LONGEST_KEPT {
            return Ok(signed);
        }
        let mut recent = shard.lock();
        if recent.known.insert(bytes.clone(), signed.clone()).is_none() {
            recent.oldest_first.push_back(bytes.clone());
        }
        if recent.oldest_first.len() > self.capacity
            && let Some(oldest) = recent.oldest_first.pop_front()
        {
            recent.known.remove(&oldest);
        }
        Ok(signed)
    }

    pub(crate) fn recover_all(
        &self,
        transactions: &[Bytes],
        chain_id: u64,
    ) -> Vec<Result<Arc<Signed>, Malformed>> {
        transactions
            .par_iter()
            .with_min_len(16)
            .map(|bytes| self.recover(bytes, chain_id))
            .collect()
    }
}

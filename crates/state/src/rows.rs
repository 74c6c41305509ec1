//! Rows in memory: looked up by key, never walked in hash order by the protocol.

use foldhash::fast::RandomState;
use hashbrown::{HashTable, hash_table::Entry};
use std::{
    hash::{BuildHasher as _, Hash},
    sync::LazyLock,
};

/// Seeded anew by every process: who chooses keys, as contracts choose their slots, cannot make them
/// collide. Nothing depends on a hash's value.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// A map from key to value without iteration order.
#[derive(Clone)]
pub(crate) struct Rows<K, V>(HashTable<(K, V)>);

impl<K, V> Default for Rows<K, V> {
    fn default() -> Self {
        Self(HashTable::new())
    }
}

/// The hash of a key, computed once for all layers that are asked.
pub(crate) fn hash<K: Hash>(key: &K) -> u64 {
    HASHER.hash_one(key)
}

impl<K: Hash + Eq, V> Rows<K, V> {
    pub(crate) fn get(&self, hash: u64, key: &K) -> Option<&V> {
        self.0.find(hash, |(k, _)| k == key).map(|(_, value)| value)
    }

    /// Inserts and returns what stood there.
    pub(crate) fn insert(&mut self, key_hash: u64, key: K, value: V) -> Option<V> {
        match self.0.entry(key_hash, |(k, _)| *k == key, |(k, _)| hash(k)) {
            Entry::Occupied(mut row) => Some(std::mem::replace(&mut row.get_mut().1, value)),
            Entry::Vacant(place) => {
                place.insert((key, value));
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, hash: u64, key: &K) -> Option<V> {
        let found = self.0.find_entry(hash, |(k, _)| k == key).ok()?;
        Some(found.remove().0.1)
    }

    /// Every row, in no order: callers sort or fold.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.0.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

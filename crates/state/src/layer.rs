//! What one block changed, typed, over its parent.

use crate::{
    base::Base,
    rows::{Rows, hash},
    table::{Key, Record, Table, record_key, stored_record},
};
use std::any::Any;
use types::{B256, encode};

/// A record that a block changed, as the store commits to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The record's key in the store.
    pub key: B256,
    /// The record as stored, or `None` if it is gone.
    pub record: Option<Vec<u8>>,
}

/// A table's changed rows and how to undo them.
pub(crate) struct Written<K, V> {
    table: Table<K, V>,
    rows: Rows<K, Option<V>>,
    undo: Vec<(K, Option<Option<V>>)>,
}

impl<K: Key, V: Record> Written<K, V> {
    pub(crate) fn new(table: Table<K, V>) -> Self {
        Self { table, rows: Rows::default(), undo: Vec::new() }
    }

    pub(crate) fn get(&self, hash: u64, key: &K) -> Option<&Option<V>> {
        self.rows.get(hash, key)
    }

    pub(crate) fn put(&mut self, hash: u64, key: &K, value: Option<V>) {
        let before = self.rows.insert(hash, key.clone(), value);
        self.undo.push((key.clone(), before));
    }
}

/// Changed rows of some table, types erased.
pub(crate) trait AnyWritten: Any + Send + Sync {
    fn undo_last(&mut self);
    fn forget_undo(&mut self);
    /// The longest encoding among the rows whose writes can still be undone.
    fn longest_undoable(&self) -> usize;
    fn changes(&self, parents: &[&Layer], base: &Base, into: &mut Vec<Change>);
    /// Writes the rows into the base and returns what stood there before.
    fn fold(&self, base: &mut Base) -> Box<dyn AnyWritten>;
    fn len(&self) -> usize;
}

impl<K: Key, V: Record> AnyWritten for Written<K, V> {
    fn undo_last(&mut self) {
        let (key, before) = self.undo.pop().expect("one undo per write");
        let hash = hash(&key);
        match before {
            Some(before) => drop(self.rows.insert(hash, key, before)),
            None => drop(self.rows.remove(hash, &key)),
        }
    }

    fn forget_undo(&mut self) {
        self.undo.clear();
    }

    fn longest_undoable(&self) -> usize {
        // A record without parts of its own has a size that its type bounds.
        if !std::mem::needs_drop::<V>() {
            return 0;
        }
        let length = |(key, _): &(K, _)| {
            let value = self.rows.get(hash(key), key)?.as_ref()?;
            borsh::object_length(value).ok()
        };
        self.undo.iter().filter_map(length).max().unwrap_or(0)
    }

    fn changes(&self, parents: &[&Layer], base: &Base, into: &mut Vec<Change>) {
        for (key, value) in self.rows.iter() {
            let before = find(&self.table, hash(key), key, parents.iter().copied(), base);
            if before == value.as_ref() {
                continue;
            }
            let (table, key) = (self.table.number, encode(key));
            into.push(Change {
                key: record_key(table, &key),
                record: value.as_ref().map(|value| stored_record(table, &key, value)),
            });
        }
    }

    fn fold(&self, base: &mut Base) -> Box<dyn AnyWritten> {
        let rows = base.rows_mut(&self.table);
        let mut reverse = Rows::default();
        for (key, value) in self.rows.iter() {
            let before = match value {
                Some(value) => rows.insert(hash(key), key.clone(), value.clone()),
                None => rows.remove(hash(key), key),
            };
            reverse.insert(hash(key), key.clone(), before);
        }
        Box::new(Written { table: self.table, rows: reverse, undo: Vec::new() })
    }

    fn len(&self) -> usize {
        self.rows.len()
    }
}

/// Looks a record up in layers, newest first, then in the base.
pub(crate) fn find<'a, K: Key, V: Record>(
    table: &Table<K, V>,
    hash: u64,
    key: &K,
    layers: impl Iterator<Item = &'a Layer>,
    base: &'a Base,
) -> Option<&'a V> {
    for layer in layers {
        if let Some(found) = layer.written(table).and_then(|rows| rows.get(hash, key)) {
            return found.as_ref();
        }
    }
    base.rows(table).get(hash, key)
}

/// The records that one block changed. Layers stand on each other until they are finalized.
#[derive(Default)]
pub struct Layer {
    // By table number; most entries are empty.
    pub(crate) tables: Vec<Option<Box<dyn AnyWritten>>>,
}

impl Layer {
    pub(crate) fn written<K: Key, V: Record>(&self, table: &Table<K, V>) -> Option<&Written<K, V>> {
        let erased: &dyn Any = &**self.tables.get(table.number as usize)?.as_ref()?;
        Some(erased.downcast_ref().unwrap_or_else(|| wrong_type(table.name)))
    }

    pub(crate) fn written_mut<K: Key, V: Record>(
        &mut self,
        table: &Table<K, V>,
    ) -> &mut Written<K, V> {
        let number = table.number as usize;
        if self.tables.len() <= number {
            self.tables.resize_with(number + 1, || None);
        }
        let erased: &mut dyn Any =
            &mut **self.tables[number].get_or_insert_with(|| Box::new(Written::new(*table)));
        erased.downcast_mut().unwrap_or_else(|| wrong_type(table.name))
    }

    pub(crate) fn forget_undo(&mut self) {
        self.tables.iter_mut().flatten().for_each(|table| table.forget_undo());
    }

    /// The records that differ from the layers below, sorted by key.
    pub(crate) fn changes(&self, parents: &[&Layer], base: &Base) -> Vec<Change> {
        let mut changes = Vec::new();
        for table in self.tables.iter().flatten() {
            table.changes(parents, base, &mut changes);
        }
        changes.sort_unstable_by_key(|change| change.key);
        changes
    }

    /// Writes this layer into the base; returns the layer that, over the base, reads as before.
    pub(crate) fn fold(&self, base: &mut Base) -> Layer {
        let fold =
            |table: &Option<Box<dyn AnyWritten>>| table.as_ref().map(|table| table.fold(base));
        Layer { tables: self.tables.iter().map(fold).collect() }
    }

    /// How many rows it holds.
    pub(crate) fn len(&self) -> usize {
        self.tables.iter().flatten().map(|table| table.len()).sum()
    }
}

pub(crate) fn wrong_type(name: &str) -> ! {
    panic!("two tables share the number of {name}")
}

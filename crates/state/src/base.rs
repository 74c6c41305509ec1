//! The finalized state: every record of every table, typed, in memory.

use crate::{
    layer::wrong_type,
    rows::{Rows, hash},
    table::{Key, Record, Table, record_key, stored_record, take_apart},
};
use rayon::prelude::*;
use std::any::Any;
use types::B256;

/// A stored record cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It is too short to carry its table and key.
    #[error("a stored record is cut short")]
    Short,
    /// No table of this program has the number.
    #[error("no table has the number {0}; the data was written by a newer version")]
    UnknownTable(u16),
    /// Key or record do not decode.
    #[error("a record of {table} does not decode: {reason}")]
    Malformed {
        /// The table's name.
        table: &'static str,
        /// What the decoder says.
        reason: String,
    },
}

/// The tables that a chain has. Every table must be named before state is made.
#[derive(Clone, Default)]
pub struct Schema {
    tables: Vec<Option<Kind>>,
}

#[derive(Clone)]
struct Kind {
    name: &'static str,
    empty: fn() -> Box<dyn AnyRows>,
}

impl Schema {
    /// Adds a table. Panics if its number is taken: two tables may not share records.
    pub fn with<K: Key, V: Record>(mut self, table: &Table<K, V>) -> Self {
        let number = table.number as usize;
        if self.tables.len() <= number {
            self.tables.resize_with(number + 1, || None);
        }
        if let Some(other) = &self.tables[number] {
            panic!("{} and {} share the number {number}", other.name, table.name);
        }
        self.tables[number] =
            Some(Kind { name: table.name, empty: || Box::new(Rows::<K, V>::default()) });
        self
    }

    /// The names and numbers of all tables, by number.
    pub fn tables(&self) -> impl Iterator<Item = (u16, &'static str)> + '_ {
        let named =
            |(number, kind): (usize, &Option<Kind>)| Some((number as u16, kind.as_ref()?.name));
        self.tables.iter().enumerate().filter_map(named)
    }
}

trait AnyRows: Any + Send + Sync {
    fn load(&mut self, key: &[u8], record: &[u8]) -> Result<(), String>;
    fn records(&self, table: u16, into: &mut Vec<(B256, Vec<u8>)>);
}

impl<K: Key, V: Record> AnyRows for Rows<K, V> {
    fn load(&mut self, key: &[u8], record: &[u8]) -> Result<(), String> {
        let key: K = types::decode(key).map_err(|e| format!("key: {e}"))?;
        let record: V = types::decode(record).map_err(|e| e.to_string())?;
        match self.insert(hash(&key), key, record) {
            None => Ok(()),
            Some(_) => Err("the key stands twice".into()),
        }
    }

    fn records(&self, table: u16, into: &mut Vec<(B256, Vec<u8>)>) {
        for (key, record) in self.iter() {
            let key = types::encode(key);
            into.push((record_key(table, &key), stored_record(table, &key, record)));
        }
    }
}

/// The finalized records.
pub struct Base {
    tables: Vec<Option<(&'static str, Box<dyn AnyRows>)>>,
}

impl Base {
    /// An empty state with these tables.
    pub fn new(schema: &Schema) -> Self {
        let empty = |kind: &Option<Kind>| kind.as_ref().map(|kind| (kind.name, (kind.empty)()));
        Self { tables: schema.tables.iter().map(empty).collect() }
    }

    /// Adds one stored record.
    pub fn load(&mut self, stored: &[u8]) -> Result<(), LoadError> {
        self.load_all(&[stored])
    }

    /// Adds stored records, each table's apart from the others', on all cores.
    pub fn load_all<B: AsRef<[u8]>>(&mut self, stored: &[B]) -> Result<(), LoadError> {
        let mut by_table: Vec<Vec<(&[u8], &[u8])>> = Vec::new();
        by_table.resize_with(self.tables.len(), Vec::new);
        for stored in stored {
            let (number, key, record) = take_apart(stored.as_ref()).ok_or(LoadError::Short)?;
            let known = self.tables.get(number as usize).is_some_and(Option::is_some);
            let records = by_table.get_mut(number as usize).filter(|_| known);
            records.ok_or(LoadError::UnknownTable(number))?.push((key, record));
        }
        let tables = self.tables.par_iter_mut().zip(by_table);
        tables.try_for_each(|(table, records)| {
            let Some((table, rows)) = table.as_mut() else { return Ok(()) };
            let malformed = |reason| LoadError::Malformed { table, reason };
            let mut records = records.into_iter();
            records.try_for_each(|(key, record)| rows.load(key, record).map_err(malformed))
        })
    }

    /// Every record as stored, sorted by key. For checks that hold the whole state in hand.
    pub fn records(&self) -> Vec<(B256, Vec<u8>)> {
        let mut records = Vec::new();
        for (number, table) in self.tables.iter().enumerate() {
            if let Some((_, rows)) = table {
                rows.records(number as u16, &mut records);
            }
        }
        records.sort_unstable();
        records
    }

    pub(crate) fn rows<K: Key, V: Record>(&self, table: &Table<K, V>) -> &Rows<K, V> {
        let slot = self.tables.get(table.number as usize).and_then(Option::as_ref);
        let (_, rows) = slot.unwrap_or_else(|| panic!("{} is not in the schema", table.name));
        let erased: &dyn Any = &**rows;
        erased.downcast_ref().unwrap_or_else(|| wrong_type(table.name))
    }

    pub(crate) fn rows_mut<K: Key, V: Record>(&mut self, table: &Table<K, V>) -> &mut Rows<K, V> {
        let slot = self.tables.get_mut(table.number as usize).and_then(Option::as_mut);
        let (_, rows) = slot.unwrap_or_else(|| panic!("{} is not in the schema", table.name));
        let erased: &mut dyn Any = &mut **rows;
        erased.downcast_mut().unwrap_or_else(|| wrong_type(table.name))
    }
}

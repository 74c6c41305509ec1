//! A table: a name, a number on the wire, and the types of its key and record.

use crate::Context;
use borsh::{BorshDeserialize, BorshSerialize};
use std::{fmt::Debug, hash::Hash, marker::PhantomData};
use types::{B256, Module, encode, sha256};

/// What may key a table.
pub trait Key:
    BorshSerialize + BorshDeserialize + Clone + Debug + Eq + Hash + Send + Sync + 'static
{
}
impl<T: BorshSerialize + BorshDeserialize + Clone + Debug + Eq + Hash + Send + Sync + 'static> Key
    for T
{
}

/// What may stand in a table. Large parts belong behind an `Arc`: reading clones.
pub trait Record:
    BorshSerialize + BorshDeserialize + Clone + Debug + PartialEq + Send + Sync + 'static
{
}
impl<T: BorshSerialize + BorshDeserialize + Clone + Debug + PartialEq + Send + Sync + 'static>
    Record for T
{
}

/// Tables that one module may have.
const TABLES_PER_MODULE: u16 = 64;

/// A typed table of the chain's state.
///
/// The number is on the wire and in the key of every stored record: append, never renumber.
pub struct Table<K, V> {
    pub(crate) number: u16,
    pub(crate) name: &'static str,
    types: PhantomData<fn() -> (K, V)>,
}

impl<K, V> Clone for Table<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K, V> Copy for Table<K, V> {}

impl<K, V> Table<K, V> {
    /// Declares the module's table with this number, 0 to 63, and name.
    pub const fn new(module: Module, number: u16, name: &'static str) -> Self {
        assert!(number < TABLES_PER_MODULE, "a module has at most 64 tables");
        Self { number: module as u16 * TABLES_PER_MODULE + number, name, types: PhantomData }
    }

    /// The table's number on the wire.
    pub const fn number(&self) -> u16 {
        self.number
    }

    /// The table's name, `module/table`.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<K: Key, V: Record> Table<K, V> {
    /// Reads a record in place.
    pub fn read<'c>(&self, ctx: &'c Context<'_>, key: &K) -> Option<&'c V> {
        ctx.read(self, key)
    }

    /// Reads a copy of a record.
    pub fn get(&self, ctx: &Context<'_>, key: &K) -> Option<V> {
        ctx.read(self, key).cloned()
    }

    /// True if there is a record under this key.
    pub fn has(&self, ctx: &Context<'_>, key: &K) -> bool {
        ctx.read(self, key).is_some()
    }

    /// Writes a record.
    pub fn put(&self, ctx: &mut Context<'_>, key: &K, record: V) {
        ctx.write(self, key, Some(record));
    }

    /// Deletes a record, if there is one.
    pub fn delete(&self, ctx: &mut Context<'_>, key: &K) {
        ctx.write(self, key, None);
    }

    /// Reads a record, or its default; changes it; writes it back.
    pub fn update<R>(&self, ctx: &mut Context<'_>, key: &K, change: impl FnOnce(&mut V) -> R) -> R
    where
        V: Default,
    {
        let mut record = self.get(ctx, key).unwrap_or_default();
        let result = change(&mut record);
        self.put(ctx, key, record);
        result
    }

    /// The hash under which the store and proofs know a record of this table.
    pub fn record_key(&self, key: &K) -> B256 {
        record_key(self.number, &encode(key))
    }
}

/// The hash under which the store and proofs know the record of a table with this encoded key.
pub fn record_key(table: u16, key: &[u8]) -> B256 {
    sha256(&[&table.to_le_bytes(), key])
}

/// Room for most records beside their key.
const MOST_RECORDS_ARE_SHORTER: usize = 144;

/// A record as stored: it carries its own table and key, so that a store can be read back alone.
pub fn stored_record<V: Record>(table: u16, key: &[u8], record: &V) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(key.len() + MOST_RECORDS_ARE_SHORTER);
    bytes.extend(table.to_le_bytes());
    bytes.extend(u16::try_from(key.len()).expect("keys are short").to_le_bytes());
    bytes.extend(key);
    record.serialize(&mut bytes).expect("encoding into memory cannot fail");
    bytes
}

/// The longest record that may be stored, its table and key included. Part of the protocol: messages
/// between nodes carry records.
pub const MAX_STORED_BYTES: usize = 128 << 10;

/// The longest encoding of a record; its table and key find room beside it.
pub const MAX_RECORD_BYTES: usize = MAX_STORED_BYTES - 1_024;

/// Takes a stored record apart: table number, encoded key, encoded record.
pub fn take_apart(stored: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (table, rest) = stored.split_at_checked(2)?;
    let (len, rest) = rest.split_at_checked(2)?;
    let len = u16::from_le_bytes([len[0], len[1]]) as usize;
    let (key, record) = rest.split_at_checked(len)?;
    Some((u16::from_le_bytes([table[0], table[1]]), key, record))
}

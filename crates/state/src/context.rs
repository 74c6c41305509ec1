//! What an operation works with: the state, the block's facts, its events, and the work it costs.

use crate::{
    Base, Layer, View,
    layer::{Change, find},
    rows::hash,
    table::{Key, Record, Table},
};
use borsh::BorshSerialize;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    sync::Arc,
};
use types::{EventRecord, Module, ShardId, Time, encode};

/// The facts of the block, the same on every node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Env {
    /// The shard.
    pub shard: ShardId,
    /// The Ethereum chain id, signed into every transaction.
    pub chain_id: u64,
    /// The block's height.
    pub height: u64,
    /// The block's time.
    pub time: Time,
    /// Gas that interpreted contracts may burn in one transaction.
    pub guest_gas: u64,
    /// Gas that the block's transactions may use in all, as contracts read it.
    pub gas_limit: u64,
}

/// A place to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    writes: u32,
    events: u32,
}

impl Mark {
    /// The mark as one number, for the transient-storage word of a guest frame.
    pub fn to_u64(self) -> u64 {
        u64::from(self.writes) << 32 | u64::from(self.events)
    }

    /// The mark back from its number.
    pub fn from_u64(word: u64) -> Self {
        Self { writes: (word >> 32) as u32, events: word as u32 }
    }
}

/// Work for a read, a write and an announced byte, in gas. Part of the protocol.
const READ_WORK: u64 = 100;
const WRITE_WORK: u64 = 400;
const EVENT_WORK: u64 = 200;
const EVENT_BYTE_WORK: u64 = 4;

/// A record that was looked for, found or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Looked {
    /// Its table's name.
    pub table: &'static str,
    /// Its key, encoded.
    pub key: Vec<u8>,
}

/// State and block facts for one block's execution, or for one preview.
pub struct Context<'a> {
    /// The facts of the block.
    pub env: Env,
    base: &'a Base,
    parents: Vec<Arc<Layer>>,
    top: Layer,
    undo: Vec<u16>,
    events: Vec<EventRecord>,
    work: Cell<u64>,
    work_limit: u64,
    guests: GuestGas,
    looked: Option<RefCell<BTreeSet<Looked>>>,
}

/// Gas that interpreted contracts burn.
#[derive(Clone, Copy)]
struct GuestGas {
    used: u64,
    room: u64,
    was_short: bool,
}

impl<'a> Context<'a> {
    /// Opens a new layer over a view.
    pub fn new(view: View<'a>, env: Env) -> Self {
        Self {
            env,
            base: view.base,
            parents: view.layers,
            top: Layer::default(),
            undo: Vec::new(),
            events: Vec::new(),
            work: Cell::new(0),
            work_limit: u64::MAX,
            guests: GuestGas { used: 0, room: u64::MAX, was_short: false },
            looked: None,
        }
    }

    /// Remembers which records are looked for from now on: what an answer rests on.
    pub fn watch_reads(&mut self) {
        self.looked = Some(RefCell::default());
    }

    /// The records that were looked for since [`Context::watch_reads`], in order, and remembers no more.
    pub fn reads(&mut self) -> BTreeSet<Looked> {
        self.looked.take().map(RefCell::into_inner).unwrap_or_default()
    }

    /// The shard of this chain.
    pub fn shard(&self) -> ShardId {
        self.env.shard
    }

    /// The block's time: the only clock there is.
    pub fn now(&self) -> Time {
        self.env.time
    }

    pub(crate) fn read<K: Key, V: Record>(&self, table: &Table<K, V>, key: &K) -> Option<&V> {
        self.charge(READ_WORK);
        if let Some(looked) = &self.looked {
            let (table, key) = (table.name, encode(key));
            looked.borrow_mut().insert(Looked { table, key });
        }
        let layers = std::iter::once(&self.top).chain(self.parents.iter().map(|layer| &**layer));
        find(table, hash(key), key, layers, self.base)
    }

    pub(crate) fn write<K: Key, V: Record>(
        &mut self,
        table: &Table<K, V>,
        key: &K,
        value: Option<V>,
    ) {
        self.charge(WRITE_WORK);
        self.top.written_mut(table).put(hash(key), key, value);
        self.undo.push(table.number);
    }

    /// Announces an event of a module.
    pub fn emit<E: BorshSerialize>(&mut self, module: Module, event: &E) {
        let bytes = encode(event);
        self.charge(EVENT_WORK + EVENT_BYTE_WORK * bytes.len() as u64);
        self.events.push(EventRecord { module, bytes });
    }

    /// The events announced since the last `settle`.
    pub fn events(&self) -> &[EventRecord] {
        &self.events
    }

    /// Ends a transaction: hands over its events and makes its writes undoable no more.
    pub fn settle(&mut self) -> Vec<EventRecord> {
        for table in self.undo.drain(..) {
            let written = self.top.tables[table as usize].as_mut().expect("written before");
            written.forget_undo();
        }
        std::mem::take(&mut self.events)
    }

    /// Adds work beyond reads, writes and events: a signature checked, bytes hashed.
    pub fn charge(&self, gas: u64) {
        self.work.set(self.work.get().saturating_add(gas));
    }

    /// Gas of work done since `start_work`.
    pub fn work(&self) -> u64 {
        self.work.get()
    }

    /// Starts counting work anew, against a limit.
    pub fn start_work(&mut self, limit: u64) {
        self.work.set(0);
        self.work_limit = limit;
    }

    /// Goes on counting from so much, against the limit there was, after something inside counted anew.
    pub fn resume_work(&mut self, work: u64, limit: u64) {
        self.work.set(work);
        self.work_limit = limit;
    }

    /// The limit against which work is counted.
    pub fn work_limit(&self) -> u64 {
        self.work_limit
    }

    /// True once the work exceeds its limit. Long operations ask between steps and stop.
    pub fn is_exhausted(&self) -> bool {
        self.work.get() > self.work_limit
    }

    /// Starts counting the gas of interpreted contracts for one transaction, of which the block has so much
    /// left.
    pub fn start_guests(&mut self, room: u64) {
        self.guests = GuestGas { used: 0, room, was_short: false };
    }

    /// Gas that interpreted contracts may still burn in this transaction. Where the block has less, it is
    /// noted that the transaction was short of room.
    pub fn guest_gas_left(&mut self, needed: u64) -> u64 {
        let left = self.env.guest_gas.saturating_sub(self.guests.used);
        let room = self.guests.room.saturating_sub(self.guests.used);
        self.guests.was_short |= needed <= left && needed > room;
        left.min(room)
    }

    /// Counts gas that interpreted contracts burnt.
    pub fn burn_guest_gas(&mut self, gas: u64) {
        self.guests.used = self.guests.used.saturating_add(gas);
    }

    /// Gas that interpreted contracts burnt in this transaction.
    pub fn guest_gas_used(&self) -> u64 {
        self.guests.used
    }

    /// True if the transaction would have burnt more than the block has left, though not more than it may.
    pub fn was_short_of_room(&self) -> bool {
        self.guests.was_short
    }

    /// A place to come back to.
    pub fn mark(&self) -> Mark {
        Mark { writes: self.undo.len() as u32, events: self.events.len() as u32 }
    }

    /// Takes back every write and event since the mark. Work done stays counted.
    pub fn rollback(&mut self, mark: Mark) {
        while self.undo.len() > mark.writes as usize {
            let table = self.undo.pop().expect("counted");
            let written = self.top.tables[table as usize].as_mut().expect("written before");
            written.undo_last();
        }
        self.events.truncate(mark.events as usize);
    }

    /// The longest record that was written since the last `settle`, encoded.
    pub fn longest_written(&self) -> usize {
        let tables = self.top.tables.iter().flatten();
        tables.map(|table| table.longest_undoable()).max().unwrap_or(0)
    }

    /// Ends the block: its layer, and its changes sorted by key.
    pub fn finish(mut self) -> (Layer, Vec<Change>) {
        self.top.forget_undo();
        let parents: Vec<&Layer> = self.parents.iter().map(|layer| &**layer).collect();
        let changes = self.top.changes(&parents, self.base);
        (self.top, changes)
    }
}

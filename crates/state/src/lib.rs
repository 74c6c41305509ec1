//! Typed tables, nested layers with undo, and the changes that a block commits. No domain.
//!
//! Committed records live in memory, typed. A block executes on a layer over its parent, a
//! transaction on a mark in that layer, a guest call on a later mark: rolling back to a mark leaves
//! nothing behind. The records that a block changed, encoded and keyed by hash, are what the store
//! on disk commits to.
//!
//! Laws, each checked in `tests/laws.rs`:
//! - STA-1  rolling back to a mark restores every record, event and counter of work
//! - STA-2  a layer over its parent reads as the fold of both
//! - STA-3  changes are sorted, unique, and leave out what did not change
//! - STA-4  loading the records of a base gives that base again
//! - STA-5  a past state that is kept reads as it did
//! - STA-6  a record too long to be stored is noticed before its transaction is settled
//! - STA-7  going back to a place restores every record, blocks' and amendments' alike
//! - STA-8  while reads are watched every record that is looked for is remembered, found or not, and no other

mod base;
mod context;
mod forest;
mod layer;
mod rows;
mod table;

pub use base::{Base, LoadError, Schema};
pub use context::{Context, Env, Looked, Mark};
pub use forest::{Forest, MissingParent, Place, Reach, View};
pub use layer::{Change, Layer};
pub use table::{
    Key, MAX_RECORD_BYTES, MAX_STORED_BYTES, Record, Table, record_key, stored_record, take_apart,
};

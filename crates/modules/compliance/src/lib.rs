//! May this happen? One judge, rules as data, every reason at once.
//!
//! [`decide`] is pure: the same code answers a preview, the pool and the block. Facts that the ledger
//! keeps arrive in the [`Action`]. Head-counts are kept here, as functions of state: a claim that
//! changes or lapses moves the holdings it touches, and a recount from scratch always agrees.
//!
//! Layers, all of which must pass: network, jurisdiction (open until profiles are registered), issuer.
//! An asset without a policy refuses everything.
//!
//! Laws, each checked in `tests/laws.rs`, and in `ledger/tests/laws.rs` on movements that really happen:
//! - COM-1 (I-06)  counters equal a recount from scratch, after any history
//! - COM-2 (I-09)  what is previewed is what is executed
//! - COM-3  the default is refusal: no policy, no rule's answer, no person: no
//! - COM-4 (I-16)  an existing excess may shrink and never grow
//! - COM-5  what a refusal promises is so: that date is the first, that amount the largest

mod count;
mod decide;
mod event;
mod hints;
mod judge;
mod ops;
mod policy;
mod reason;
mod refusal;
mod state;

pub use count::{MAX_ASSETS, check_reindexable, record, recount, reindex, weight};
pub use decide::{Action, AssetFacts, Decision, Kind, Lot, Party, decide};
pub use event::Event;
pub use hints::max_ok;
pub use judge::may_take_part;
pub use ops::{Call, apply};
pub use policy::{Cost, Filter, Inherit, ListMode, PersonList, Policy, Rule, Side};
pub use reason::{Layer, Reason, ReasonCode, topic_name};
pub use refusal::Refusal;
pub use state::*;

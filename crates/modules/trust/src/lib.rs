//! Who may do what, to what, until when, how much; and fuel, the right to use the chain.
//!
//! Every power is a grant on the record. Dangerous powers can need m of n. Nothing is owner-only by
//! accident, and nobody grants what they could not do.
//!
//! Laws, each checked in `tests/laws.rs`:
//! - TRU-1  a power is used only under a grant that stands, within its amount
//! - TRU-2  a proposal is carried out once, as approved, by a full quorum of members
//! - TRU-3  a tank never holds more than its capacity, and fuel is never charged twice
//! - TRU-4  what was granted stays on the record after it is revoked

mod event;
pub mod fuel;
pub mod genesis;
mod ops;
mod refusal;
mod state;

pub use event::Event;
pub use genesis::{Genesis, GenesisGrant};
pub use ops::{Call, Reply, apply, finish, require, spend, write_grant};
pub use refusal::Refusal;
pub use state::*;

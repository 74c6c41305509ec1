//! A chain for development: blocks at once, time at will, and the way back.
//!
//! The rules are `chain`'s, and so are blocks, receipts and their roots; there is no consensus, no
//! network and no store. A transaction is executed before whoever sent it hears its hash. Nothing is
//! final: [`Workbench::revert`] takes back native records, contracts and blocks alike. In place of the
//! store's root stands a hash over all changes, of which nothing can be proved.
//!
//! Laws, each checked in `tests/laws.rs`:
//! - WRK-1  going back restores every record, block and waiting nonce of the place gone back to
//! - WRK-2  a listener hears of each block once and in order, and of every step back
//! - WRK-3  what is saved and resumed goes on as if it had never stopped

mod amend;
mod bench;
mod clock;
mod keys;
mod saved;

pub use amend::Refused;
pub use bench::{Listener, Setup, Told, Workbench};
pub use keys::Keys;
pub use saved::ResumeError;

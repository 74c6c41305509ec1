//! Whole networks in one thread, replayed from a seed: faults and invariants.
//!
//! [`Traffic`] draws transactions from a seed, [`Checker`] follows the chain from nothing but its
//! encoded blocks, receipts and records, and says which invariant does not hold. The checker shares
//! no code with the node. [`alone`] drives one chain in memory.

mod abi;
pub mod alone;
pub mod cast;
mod checker;
mod dice;
mod traffic;

pub use checker::{Begin, Checker, Seen};
pub use dice::Dice;
pub use traffic::Traffic;

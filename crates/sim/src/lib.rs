//! Whole networks in one thread, replayed from a seed: faults and invariants.
//!
//! [`Traffic`] draws transactions from a seed, [`Checker`] follows the chain from nothing but its
//! encoded blocks, receipts and records, and says which invariant does not hold. The checker shares
//! no code with the node. [`alone`] drives one chain in memory; [`faults`] plays a whole network's history,
//! with real consensus, storage and proofs, from one seed.

mod abi;
pub mod alone;
pub mod cast;
mod checker;
mod chronicle;
mod dice;
pub mod faults;
pub mod network;
mod statutes;
mod traffic;

pub use checker::{Begin, Checker, Reach, Seen};
pub use chronicle::{Chronicle, Tally};
pub use dice::Dice;
pub use traffic::Traffic;

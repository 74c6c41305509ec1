//! The Ethereum Foundation's tests, run through this crate's own executor and decoders.
//!
//! They stand among the crate's own tests, since a machine that has ether is nobody else's to build.

mod archive;
mod page;
mod rlp;
mod run;
mod state;
mod transactions;
mod vector;
mod why;

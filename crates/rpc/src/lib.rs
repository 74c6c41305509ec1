//! JSON-RPC over HTTP and WebSocket, metrics and health.
//!
//! One door: [`serve`] opens it. A body becomes calls (`wire`), a call finds its method (`methods`) and
//! its place to run (`door`). Ethereum's methods are in `eth`, the chain's own in `scrip`. Everything is
//! answered from three places: the finalized state in `chain`, the waiting transactions in `pool`, and
//! final blocks from an index in memory or the engine's archives behind it. Nothing here is a rule of
//! the chain, and nothing here can change it but by a signed transaction; where the chain is for development, `dev`
//! lets its developer do more.

mod args;
mod backend;
mod config;
mod debug;
mod dev;
mod door;
mod eth;
mod fault;
pub mod foreign;
mod index;
mod methods;
mod metrics;
mod monitor;
mod reference;
mod scrip;
mod serve;
mod socket;
mod stall;
mod subscriptions;
mod txpool;
mod wire;

pub use backend::{Backend, Finality, Network};
pub use config::{RpcConfig, RpcError};
pub use fault::Fault;
pub use index::IndexLimits;
pub use reference::reference;
pub use serve::{Running, serve};

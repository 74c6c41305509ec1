//! The same calls from Rust: wallets, typed transactions, JSON-RPC.

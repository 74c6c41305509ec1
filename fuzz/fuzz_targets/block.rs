//! Blocks and receipts from other validators: one byte string per value.

#![no_main]

use libfuzzer_sys::fuzz_target;
use types::{Block, Effect, Receipt, decode, encode};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(block) = decode::<Block>(bytes) {
        assert_eq!(encode(&block), bytes);
    }
    if let Ok(receipt) = decode::<Receipt>(bytes) {
        assert_eq!(encode(&receipt), bytes);
    }
    if let Ok(effect) = decode::<Effect>(bytes) {
        assert_eq!(encode(&effect), bytes);
    }
});

//! See [`fuzz::genesis`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::genesis(bytes));

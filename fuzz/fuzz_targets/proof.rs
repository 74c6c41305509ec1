//! See [`fuzz::proof`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::proof(bytes));

//! See [`fuzz::people`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::people(bytes));

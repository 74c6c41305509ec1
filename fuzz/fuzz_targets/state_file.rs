//! See [`fuzz::state_file`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::state_file(bytes));

//! See [`fuzz::native_call`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::native_call(bytes));

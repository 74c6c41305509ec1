//! Signed Ethereum transactions from anyone: decoding never panics, and accepts one encoding only.

#![no_main]

use libfuzzer_sys::fuzz_target;
use types::Bytes;

fuzz_target!(|bytes: &[u8]| {
    let bytes = Bytes::copy_from_slice(bytes);
    if let Ok(signed) = evm::decode(&bytes, 31_337) {
        assert_eq!(signed.bytes, bytes);
        assert_eq!(evm::transaction_hash(&bytes), signed.hash);
    }
});

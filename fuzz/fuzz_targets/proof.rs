//! Proofs from a stranger: the offline verifier refuses whatever the network did not sign.

#![no_main]

use engine::{Bundle, deal_from_seed, light};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (committee, _) = deal_from_seed(1, 1);
    let key = committee.network_key().expect("a dealt committee has a key");
    if let Ok(bundle) = serde_json::from_slice::<Bundle>(bytes) {
        assert!(light::verify(&bundle, &key).is_err(), "nobody has signed this");
    }
    assert!(light::verify_bytes(bytes, &key).is_err(), "nobody has signed this");
});

//! Genesis files: whatever is accepted starts a chain, and says the same when written again.

#![no_main]

use chain::{Chain, Genesis};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(genesis) = Genesis::from_toml(text) {
        let again = Genesis::from_toml(&genesis.to_toml()).expect("what was written is read");
        assert_eq!(again, genesis);
        let _ = Chain::new(genesis);
    }
});

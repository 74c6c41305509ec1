//! Policies from issuers: what is registered reads back as itself and stays within its bounds.

#![no_main]

use compliance::Policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(policy) = serde_json::from_str::<Policy>(text)
        && let Ok(cost) = policy.check()
    {
        assert!(cost.rules <= 128 && cost.depth <= 8 && cost.entries <= 1_024);
        let written = serde_json::to_string(&policy).expect("a policy has a JSON form");
        assert_eq!(serde_json::from_str::<Policy>(&written).expect("it is read back"), policy);
        let encoded = types::encode(&policy);
        assert_eq!(types::decode::<Policy>(&encoded).expect("it is read back"), policy);
    }
});

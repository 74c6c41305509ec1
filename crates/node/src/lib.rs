//! One process: config, keys, supervision. Wiring, no rules.

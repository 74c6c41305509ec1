//! Whole networks in one thread, replayed from a seed: faults and invariants.

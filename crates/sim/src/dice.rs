//! Chance that can be had again: everything random in a simulation is drawn from its seed.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use types::sha256;

/// A source of chance.
pub struct Dice(StdRng);

impl Dice {
    /// The dice of a seed for one purpose: what one part draws changes nothing for the others.
    pub fn new(seed: u64, purpose: &str) -> Self {
        Self(StdRng::from_seed(sha256(&[&seed.to_be_bytes(), purpose.as_bytes()]).0))
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end
    }

    /// A place in a list of this length.
    pub fn place(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// A number from `start` to `end`, both included.
    pub fn between(&mut self, start: u64, end: u64) -> u64 {
        start + self.below(end - start + 1)
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.place(from.len())]
    }

    /// So many random bytes.
    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

//! Choices that look random and are the same on every machine.

/// Throws that follow from a name and a number.
pub(crate) struct Dice {
    seed: [u8; 32],
    thrown: u64,
}

impl Dice {
    /// The dice of this name and number.
    pub(crate) fn new(name: &str, number: u64) -> Self {
        let seed = types::sha256(&[b"scrip dice", name.as_bytes(), &number.to_be_bytes()]);
        Self { seed: seed.0, thrown: 0 }
    }

    /// A number from 0 up to, not including, `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.thrown += 1;
        let hash = types::sha256(&[&self.seed, &self.thrown.to_be_bytes()]);
        let number = u64::from_be_bytes(hash[..8].try_into().expect("eight bytes are eight bytes"));
        // The bias of small limits is far below anything that shows here.
        number % limit.max(1)
    }

    /// One of these, as often as its weight says.
    pub(crate) fn of_weighted<'t>(&mut self, choices: &[(&'t str, u64)]) -> &'t str {
        let total = choices.iter().map(|(_, weight)| weight).sum();
        let mut thrown = self.below(total);
        for (choice, weight) in choices {
            if thrown < *weight {
                return choice;
            }
            thrown -= weight;
        }
        unreachable!("the throw is below the sum of the weights")
    }
}

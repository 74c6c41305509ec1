//! Every target on its seeds and on small changes to them: what is run for hours elsewhere is not broken.

use std::{fs, path::Path};

/// Changes tried for each seed.
const CHANGES: u64 = 60;

/// A stream of numbers that follows from its start (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// One small change: a bit, a byte, a cut, a piece twice.
fn change(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let place = numbers.below(bytes.len());
    match numbers.below(5) {
        _ if bytes.is_empty() => bytes.push(numbers.next() as u8),
        0 => bytes[place] ^= 1 << numbers.below(8),
        1 => bytes[place] = [0, 0xff, b'0', b'"', b'-'][numbers.below(5)],
        2 => bytes.truncate(place),
        3 => drop(bytes.remove(place)),
        _ => {
            let piece = bytes[place..(place + numbers.below(40)).min(bytes.len())].to_vec();
            bytes.splice(place..place, piece);
        }
    }
}

#[test]
fn every_target_takes_its_seeds_and_what_becomes_of_them() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let named: Vec<_> =
        fs::read_dir(&seeds).expect("seeds").map(|e| e.expect("an entry")).collect();
    assert_eq!(named.len(), fuzz::TARGETS.len(), "a folder of seeds for each target");
    for (name, target) in fuzz::TARGETS {
        for seed in fs::read_dir(seeds.join(name)).expect("the target has seeds") {
            let path = seed.expect("an entry").path();
            let seed = fs::read(&path).expect("a seed can be read");
            target(&seed);
            for number in 0..CHANGES {
                let mut numbers = Numbers(number);
                let mut bytes = seed.clone();
                for _ in 0..=numbers.below(3) {
                    change(&mut bytes, &mut numbers);
                }
                target(&bytes);
            }
        }
    }
}

//! Two hundred seeds of each kind, in parts that run side by side.

use sim::{alone, faults};

fn all_clean<R>(seeds: std::ops::Range<u64>, run: impl Fn(u64) -> Result<R, String>) {
    let broken: Vec<String> = seeds.filter_map(|seed| run(seed).err()).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

macro_rules! parts {
    ($run:expr; $($name:ident: $seeds:expr,)*) => {
        $(
            #[test]
            fn $name() {
                all_clean($seeds, $run);
            }
        )*
    };
}

mod a_chain_alone_keeps_every_law {
    use super::*;

    parts! {
        |seed| alone::run(seed, 40);
        seeds_0_to_49: 0..50,
        seeds_50_to_99: 50..100,
        seeds_100_to_149: 100..150,
        seeds_150_to_199: 150..200,
    }
}

mod a_network_under_faults_keeps_every_law {
    use super::*;

    parts! {
        faults::run;
        seeds_0_to_19: 0..20,
        seeds_20_to_39: 20..40,
        seeds_40_to_59: 40..60,
        seeds_60_to_79: 60..80,
        seeds_80_to_99: 80..100,
        seeds_100_to_119: 100..120,
        seeds_120_to_139: 120..140,
        seeds_140_to_159: 140..160,
        seeds_160_to_179: 160..180,
        seeds_180_to_199: 180..200,
    }
}

#[test]
fn the_same_seed_gives_the_same_blocks_and_state() {
    for seed in [3, 1_000_003] {
        let (one, other) = (alone::run(seed, 30), alone::run(seed, 30));
        assert!(one.is_ok());
        assert_eq!(one, other);
    }
    let (one, other) = (alone::run(1, 30).map(|r| r.trace), alone::run(2, 30).map(|r| r.trace));
    assert_ne!(one, other, "another seed is another history");
}

#[test]
fn the_same_seed_gives_the_same_network_to_the_last_message() {
    for seed in [5, 1_000_005] {
        let (one, other) = (faults::run(seed), faults::run(seed));
        assert!(one.is_ok());
        assert_eq!(one, other);
    }
}

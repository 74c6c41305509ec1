//! Runs seeds and says what came of them.

use clap::Parser;
use std::fmt::Debug;

/// Replays simulations from their seeds.
#[derive(Parser)]
enum Command {
    /// One chain in memory, without consensus.
    Alone {
        #[command(flatten)]
        seeds: Seeds,
        /// Blocks of each.
        #[arg(long, default_value_t = 40)]
        blocks: u64,
    },
    /// Several validators under faults.
    Network {
        #[command(flatten)]
        seeds: Seeds,
    },
}

#[derive(clap::Args)]
struct Seeds {
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many seeds.
    #[arg(long, default_value_t = 1)]
    seeds: u64,
}

fn main() {
    let failed = match Command::parse() {
        Command::Alone { seeds, blocks } => play(seeds, |seed| sim::alone::run(seed, blocks)),
        Command::Network { seeds } => play(seeds, sim::faults::run),
    };
    if failed > 0 {
        println!("{failed} seeds failed");
        std::process::exit(1);
    }
}

fn play<R: Debug>(Seeds { seed, seeds }: Seeds, run: impl Fn(u64) -> Result<R, String>) -> u64 {
    let mut failed = 0;
    for seed in seed..seed + seeds {
        match run(seed) {
            Ok(report) => println!("seed {seed}: {report:?}"),
            Err(broken) => {
                failed += 1;
                println!("{broken}");
            }
        }
    }
    failed
}

//! Runs seeds and says what came of them.

use clap::Parser;

/// Replays simulations from their seeds.
#[derive(Parser)]
enum Command {
    /// One chain in memory, without consensus.
    Alone {
        /// The first seed.
        #[arg(long, default_value_t = 0)]
        seed: u64,
        /// How many seeds.
        #[arg(long, default_value_t = 1)]
        seeds: u64,
        /// Blocks of each.
        #[arg(long, default_value_t = 40)]
        blocks: u64,
    },
}

fn main() {
    let Command::Alone { seed, seeds, blocks } = Command::parse();
    let mut failed = 0;
    for seed in seed..seed + seeds {
        match sim::alone::run(seed, blocks) {
            Ok(report) => println!("seed {seed}: {report:?}"),
            Err(broken) => {
                failed += 1;
                println!("{broken}");
            }
        }
    }
    if failed > 0 {
        println!("{failed} of {seeds} seeds failed");
        std::process::exit(1);
    }
}

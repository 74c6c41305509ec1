//! A network's whole history from one seed: traffic, crashes, partitions, bad links, torn disks.

use crate::{
    Dice,
    chronicle::Tally,
    network::{NEAR, Scene, Simulation},
};
use engine::simulated::{Link, Torn};
use types::B256;

/// What a seed's history was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// How many validators.
    pub validators: u32,
    /// Times that all of them crashed at once.
    pub lives: u32,
    /// Validators killed alone.
    pub kills: u32,
    /// Partitions, one-way cuts and bad links.
    pub breaks: u32,
    /// Final blocks.
    pub height: u64,
    /// Movements judged a second time.
    pub judged: u64,
    /// What transactions did.
    pub tally: Tally,
    /// The hash of the last block.
    pub tip: B256,
    /// A checksum of every message, write and timer.
    pub audit: String,
}

/// Plays the history of a seed. The error names the seed and the law.
pub fn run(seed: u64) -> Result<History, String> {
    let mut dice = Dice::new(seed, "faults");
    let validators = *dice.pick(&[1, 2, 4, 4, 4, 4, 4, 5, 7]);
    let lives = 1 + dice.below(3) as u32;
    let mut history = History { validators, lives, ..History::default() };
    let mut simulation = Simulation::new(seed, validators);
    for life in 1..=lives {
        let is_last = life == lives;
        let lived = simulation.life(async |scene| {
            scene.start_all().await?;
            if life == 1 {
                // Before block 1 nobody is registered.
                scene.rises_above(0, 10_000).await?;
            }
            live(scene, &mut dice, &mut history).await?;
            if is_last {
                scene.settle().await?;
                scene.prove(&mut dice).await?;
            }
            scene.tear(*dice.pick(&[Torn::Lost, Torn::Prefix, Torn::Subset]));
            history.audit = scene.audit();
            Ok(())
        });
        lived.map_err(|broken| {
            format!("seed {seed}, life {life}: {broken}\nagain with: cargo run -p sim -- network --seed {seed}")
        })?;
    }
    let (height, tip) = (simulation.height(), simulation.tip());
    let (judged, tally) = (simulation.judged(), simulation.tally());
    Ok(History { height, tip, judged, tally, ..history })
}

/// A few seconds of traffic and faults. Now and then more validators stop than may.
async fn live(scene: &mut Scene<'_>, dice: &mut Dice, history: &mut History) -> Result<(), String> {
    for _ in 0..dice.between(8, 14) {
        let count = dice.below(9);
        scene.submit(count, dice);
        if dice.chance(35) {
            break_something(scene, dice, history).await?;
        }
        scene.pass(dice.between(50, 900)).await?;
    }
    Ok(())
}

async fn break_something(
    scene: &mut Scene<'_>,
    dice: &mut Dice,
    history: &mut History,
) -> Result<(), String> {
    let (one, other) = (dice.place(scene.size()), dice.place(scene.size()));
    match dice.below(10) {
        0..3 => {
            history.kills += u32::from(scene.is_running(one));
            scene.stop(one).await;
        }
        3..6 => {
            for who in 0..scene.size() {
                if !scene.is_running(who) {
                    scene.start(who).await?;
                }
            }
        }
        6 => {
            history.breaks += 1;
            scene.part(one).await;
        }
        7 if one != other => {
            history.breaks += 1;
            scene.cut(one, other).await;
        }
        8 => {
            history.breaks += 1;
            let latency_ms = dice.between(20, 400);
            let loss_percent = dice.below(20);
            scene.link_all(Link { latency_ms, jitter_ms: latency_ms / 4, loss_percent }).await;
        }
        _ => scene.link_all(NEAR).await,
    }
    Ok(())
}

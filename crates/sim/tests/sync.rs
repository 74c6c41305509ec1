//! A validator without data fetches the newest state from the others, whatever happens meanwhile.

use engine::simulated::{Link, Torn};
use sim::{
    Dice,
    network::{NEAR, Scene, Simulation},
};

/// The one of four that joins late.
const LATE: usize = 3;

/// Starts all but the late one, and lets them work for so many milliseconds.
async fn begin(scene: &mut Scene<'_>, dice: &mut Dice, ms: u64) -> Result<(), String> {
    scene.link_all(NEAR).await;
    for who in 0..LATE {
        scene.start(who).await?;
    }
    scene.rises_above(1, 10_000).await?;
    work(scene, dice, ms).await
}

async fn work(scene: &mut Scene<'_>, dice: &mut Dice, ms: u64) -> Result<(), String> {
    let start = scene.now_ms();
    while scene.now_ms() - start < ms {
        scene.submit(3, dice);
        scene.pass(100).await?;
    }
    Ok(())
}

#[test]
fn a_validator_without_data_fetches_the_state_and_takes_part() {
    for seed in 0..2 {
        let mut dice = Dice::new(seed, "sync");
        let lived = Simulation::new(seed, 4).life(async |scene| {
            begin(scene, &mut dice, 12_000).await?;
            let height = scene.height();
            assert!(height > 15, "seed {seed}: a history of {height} blocks");
            scene.start_synced(LATE).await?;
            scene.reaches(LATE, height, 10_000).await?;
            assert!(!scene.keeps(LATE, 1).await, "seed {seed}: it fetched blocks, not the state");
            scene.prove(&mut dice).await?;

            // Three of four are needed now, and it is one of them.
            scene.stop(0).await;
            let height = scene.height();
            work(scene, &mut dice, 3_000).await?;
            scene.rises_above(height + 2, 10_000).await?;
            scene.settle().await?;
            scene.prove(&mut dice).await
        });
        lived.unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
    }
}

#[test]
fn a_validator_that_is_killed_while_it_syncs_goes_on_at_its_next_start() {
    for seed in 0..2 {
        let mut dice = Dice::new(seed, "sync kills");
        let lived = Simulation::new(seed, 4).life(async |scene| {
            begin(scene, &mut dice, 6_000).await?;
            // Each entry of the store is far away, so that the sync takes its time.
            let far = Link { latency_ms: 150, jitter_ms: 30, loss_percent: 5 };
            for who in 0..LATE {
                scene.link(who, LATE, far).await;
                scene.link(LATE, who, far).await;
            }
            let mut caught = 0;
            for _ in 0..8 {
                // What was asked for once goes on, asked for again or not.
                scene.start_synced(LATE).await?;
                let until = dice.between(10, 900);
                work(scene, &mut dice, until).await?;
                caught += u32::from(scene.height_of(LATE).is_none());
                scene.stop(LATE).await;
            }
            assert!(caught > 0, "seed {seed}: it was never killed in the middle");
            scene.start(LATE).await?;
            scene.settle().await?;
            assert!(!scene.keeps(LATE, 1).await, "seed {seed}: it fetched blocks, not the state");
            scene.prove(&mut dice).await
        });
        lived.unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
    }
}

#[test]
fn a_crash_of_all_that_tears_what_a_syncing_validator_wrote_loses_nothing() {
    for (seed, torn) in [Torn::Lost, Torn::Prefix, Torn::Subset].into_iter().enumerate() {
        let seed = seed as u64;
        let mut dice = Dice::new(seed, "sync torn");
        let mut simulation = Simulation::new(seed, 4);
        let broken =
            |life: u32, broken: String| panic!("seed {seed}, life {life}, {torn:?}: {broken}");
        let lived = simulation.life(async |scene| {
            begin(scene, &mut dice, 5_000).await?;
            scene.start_synced(LATE).await?;
            scene.tear(torn);
            scene.pass(dice.between(1, 120)).await
        });
        lived.unwrap_or_else(|why| broken(1, why));
        let lived = simulation.life(async |scene| {
            scene.start_all().await?;
            scene.settle().await?;
            scene.prove(&mut dice).await
        });
        lived.unwrap_or_else(|why| broken(2, why));
    }
}

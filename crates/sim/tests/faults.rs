//! THREATS.md, C1, C8 and C11, each as a scenario.

use engine::simulated::Torn;
use sim::{
    Dice,
    network::{Scene, Simulation},
};

/// Traffic for so many milliseconds; returns the longest time without a new final block.
async fn busy(scene: &mut Scene<'_>, dice: &mut Dice, ms: u64) -> Result<u64, String> {
    let (start, mut last) = (scene.now_ms(), scene.now_ms());
    let (mut height, mut longest) = (scene.height(), 0);
    while scene.now_ms() - start < ms {
        scene.submit(2, dice);
        scene.pass(50).await?;
        longest = longest.max(scene.now_ms() - last);
        if scene.height() > height {
            (height, last) = (scene.height(), scene.now_ms());
        }
    }
    Ok(longest)
}

#[test]
fn c1_one_of_four_may_stop_and_blocks_go_on_within_three_seconds() {
    for seed in 0..3 {
        let mut dice = Dice::new(seed, "c1");
        let lived = Simulation::new(seed, 4).life(async |scene| {
            scene.start_all().await?;
            scene.rises_above(3, 10_000).await?;
            scene.stop(dice.place(4)).await;
            let gap = busy(scene, &mut dice, 15_000).await?;
            assert!(gap <= 3_000, "seed {seed}: {gap} ms without a block");
            scene.settle().await?;
            scene.prove(&mut dice).await
        });
        lived.unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
    }
}

#[test]
fn c1_two_of_four_stop_the_chain_without_a_fork_and_one_brings_it_back_within_five_seconds() {
    for seed in 0..3 {
        let mut dice = Dice::new(seed, "c1");
        let lived = Simulation::new(seed, 4).life(async |scene| {
            scene.start_all().await?;
            scene.rises_above(3, 10_000).await?;
            scene.stop(0).await;
            scene.stop(2).await;
            // What was on its way may still become final.
            scene.pass(1_000).await?;
            let height = scene.height();
            busy(scene, &mut dice, 20_000).await?;
            assert_eq!(scene.height(), height, "seed {seed}: two of four make no blocks");
            scene.start(2).await?;
            scene.rises_above(height, 5_000).await?;
            scene.settle().await
        });
        lived.unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
    }
}

#[test]
fn c8_a_crash_that_tears_writes_loses_nothing_that_was_final() {
    for (seed, torn) in
        [Torn::Lost, Torn::Prefix, Torn::Subset].into_iter().cycle().take(9).enumerate()
    {
        let seed = seed as u64;
        let mut dice = Dice::new(seed, "c8");
        // One validator alone has nobody who remembers for it.
        let mut simulation = Simulation::new(seed, if seed.is_multiple_of(2) { 1 } else { 4 });
        for life in 0..4 {
            let before = simulation.height();
            let lived = simulation.life(async |scene| {
                scene.start_all().await?;
                scene.rises_above(before, 15_000).await?;
                let until = dice.between(100, 3_000);
                busy(scene, &mut dice, until).await?;
                if life == 3 {
                    scene.settle().await?;
                    scene.prove(&mut dice).await?;
                }
                scene.tear(torn);
                // Anywhere in the life of a block.
                scene.pass(dice.between(1, 500)).await
            });
            lived.unwrap_or_else(|broken| panic!("seed {seed}, life {life}, {torn:?}: {broken}"));
        }
    }
}

#[test]
fn c11_a_validator_killed_again_and_again_comes_back_to_the_same_chain() {
    for seed in 0..3 {
        let mut dice = Dice::new(seed, "c11");
        let lived = Simulation::new(seed, 4).life(async |scene| {
            scene.start_all().await?;
            // What traffic begins with comes from few keys: of one that is lost nothing later is carried.
            busy(scene, &mut dice, 3_000).await?;
            let mut taken = Vec::new();
            for _ in 0..12 {
                taken.extend(scene.submit(4, &mut dice));
                scene.pass(dice.between(1, 900)).await?;
                scene.stop(1).await;
                scene.pass(dice.between(1, 400)).await?;
                scene.start(1).await?;
            }
            scene.settle().await?;
            let carried = taken.iter().filter(|hash| scene.place_of(hash).is_some()).count();
            assert!(carried * 2 > taken.len(), "{carried} of {} were included", taken.len());
            scene.prove(&mut dice).await
        });
        lived.unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
    }
}

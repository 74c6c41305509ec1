//! RULEBOOK N15: what is previewed is what happens, on a million random actions, and nothing costs more than was known when
//! the rules were registered.
//!
//! `cargo bench -p ledger --bench laws [-- --actions 1000000 --seed 0]`; with `--history N` that one is told. The
//! histories and the laws are those of `tests/laws.rs`, longer ones and more of them; a seed gives the same on any
//! machine. Everything is recounted from the records after every 16th thing that happens, and at the end of each.

// The tests themselves are left out of a benchmark.
#[allow(unused_imports)]
#[path = "../tests/laws.rs"]
mod laws;

use laws::{
    Step, begin, step, take,
    world::{Tally, World},
};
use proptest::{
    collection::vec,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::{any::Any, collections::BTreeMap, panic, process::ExitCode, thread, time::Instant};
use types::sha256;

/// Steps of a history at most: longer ones end with everybody dead, merged or frozen.
const STEPS: usize = 150;
/// Histories that are lived before it is asked whether there were enough: the same ones however many cores there are.
const ROUND: u64 = 256;
/// After how many things that happen everything is recounted.
const PACE: u64 = 16;

/// Broken laws after which it is given up.
const MOST_BROKEN: usize = 100;

/// What became of a history, or which law it broke.
type Lived = Result<Tally, String>;

fn main() -> ExitCode {
    let actions = argument("--actions").unwrap_or(1_000_000);
    let seed = argument("--seed").unwrap_or(0);
    if let Some(number) = argument("--history") {
        return replay(seed, number);
    }
    let (began, mut number, mut all, mut broken) =
        (Instant::now(), 0, Tally::default(), Vec::new());
    // Where each breaks one there is nothing to add up.
    while all.previewed < actions && broken.len() < MOST_BROKEN {
        for (place, lived) in (number..).zip(round(seed, number)) {
            match lived {
                Ok(tally) => add(&mut all, tally),
                Err(law) => broken.push(format!("history {place}: {law}")),
            }
        }
        number += ROUND;
    }
    let [done, refused] = [&all.done, &all.refused].map(|it| it.values().sum::<u64>());
    println!("seed {seed}: {number} histories in {:.0} s", began.elapsed().as_secs_f64());
    println!("actions previewed and done or refused: {}", all.previewed);
    println!("actions in all: {}", done + refused);
    list("done", &all.done);
    list("refused", &all.refused);
    let never: Vec<_> = all.done.iter().filter(|it| *it.1 == 0).map(|it| it.0).collect();
    println!("tried and never done: {never:?}");
    let of = |laws: &[&str]| {
        let is_of = |it: &&String| laws.iter().any(|law| it.contains(law));
        broken.iter().filter(is_of).count()
    };
    let (differed, dear) = (of(&["COM-2", "COM-5", "COM-7", "_ok"]), of(&["N15"]));
    println!("previews that differed: {differed}");
    println!("recounts: {}, that differed: {}", all.recounted, broken.len() - differed - dear);
    let [allowed, refusal, action] = all.dearest.map(|part| part as f64 / 100.0);
    println!(
        "costs beyond their bound: {dear}; the dearest took {allowed:.1} % of it where allowed,"
    );
    println!("  {refusal:.1} % where refused, {action:.1} % to be done");
    broken.iter().for_each(|it| println!("{it}"));
    if broken.is_empty() && never.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn list(what: &str, counts: &BTreeMap<String, u64>) {
    println!("{what}: {}", counts.values().sum::<u64>());
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (name, count) in counts {
        println!("  {count:>9}  {name}");
    }
}

fn argument(name: &str) -> Option<u64> {
    let mut given = std::env::args().skip_while(|it| it != name).skip(1);
    Some(given.next()?.parse().unwrap_or_else(|_| panic!("{name}: a number")))
}

/// One history step by step, everything recounted after each.
fn replay(seed: u64, number: u64) -> ExitCode {
    let mut world = begin();
    for step in steps(seed, number) {
        println!("{} {step:?}", world.ctx.now());
        take(&mut world, &step);
    }
    ExitCode::SUCCESS
}

/// The histories from one on, by their numbers, on all cores.
fn round(seed: u64, first: u64) -> Vec<Lived> {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let mut lived: BTreeMap<u64, Lived> = BTreeMap::new();
    thread::scope(|scope| {
        let share = |core| {
            let numbers = (first..first + ROUND).filter(move |it| it % cores == core);
            scope.spawn(move || numbers.map(|it| (it, live(seed, it))).collect::<Vec<_>>())
        };
        let shares: Vec<_> = (0..cores).map(share).collect();
        for share in shares {
            lived.extend(share.join().expect("a broken law is caught"));
        }
    });
    lived.into_values().collect()
}

/// What happens in a history.
fn steps(seed: u64, number: u64) -> Vec<Step> {
    let dice = sha256(&[&seed.to_be_bytes(), &number.to_be_bytes()]);
    let dice = TestRng::from_seed(RngAlgorithm::ChaCha, dice.as_slice());
    let mut runner = TestRunner::new_with_rng(Config::default(), dice);
    vec(step(), 1..STEPS).new_tree(&mut runner).expect("nothing is filtered").current()
}

fn live(seed: u64, number: u64) -> Lived {
    let steps = steps(seed, number);
    let lived = panic::catch_unwind(|| {
        let mut world = World { pace: PACE, ..begin() };
        for step in &steps {
            take(&mut world, step);
        }
        world.recount();
        world.tally
    });
    lived.map_err(said)
}

fn said(panic: Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).into())).unwrap_or_default()
}

fn add(all: &mut Tally, one: Tally) {
    let Tally { done, refused, previewed, recounted, dearest } = one;
    all.previewed += previewed;
    all.recounted += recounted;
    for (all, one) in [(&mut all.done, done), (&mut all.refused, refused)] {
        for (name, count) in one {
            *all.entry(name).or_default() += count;
        }
    }
    all.dearest = [0, 1, 2].map(|place| all.dearest[place].max(dearest[place]));
}

//! The state tests: each post state is reached, or a reason is proved why this chain's differs. No test is left out
//! by its name, so that none can be left out that would pass.

use super::{
    archive,
    run::{After, CHAIN_ID, Ground},
    transactions,
    vector::{Post, StateTest, StateTests, Variation},
    why::{Later, Never, Seen},
};
use crate::{Malformed, decode};
use revm::primitives::hardfork::SpecId;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};
use types::U256;

/// How a post state was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Sent to the chain as it is.
    Sent,
    /// By the chain's rules, with ether and a block lent.
    Lent,
    /// By the rules of Cancun, which a later rule has changed.
    Before(Later),
    /// By the rules of a fork before Cancun.
    Older,
    /// Not at all.
    Not(Never),
}

/// What the door said of a test's own signed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    Decoded,
    AnyChain,
    Blobs,
    NoTransaction,
}

/// How often each thing came of the tests.
#[derive(Debug, Default)]
pub struct Tally {
    /// By folder.
    pub ways: BTreeMap<(String, Way), usize>,
    pub doors: BTreeMap<Door, usize>,
    /// The tests of which a post state was not reached.
    pub missed: BTreeMap<Never, BTreeSet<String>>,
    /// What is wrong.
    pub failures: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        for (key, count) in other.ways {
            *self.ways.entry(key).or_default() += count;
        }
        for (door, count) in other.doors {
            *self.doors.entry(door).or_default() += count;
        }
        for (reason, names) in other.missed {
            self.missed.entry(reason).or_default().extend(names);
        }
        self.failures.extend(other.failures);
    }
}

/// The one test that takes longer than all others, as 2^32 rounds of BLAKE2 do: no block has the gas for them.
pub const LONG: &str = "stTimeConsuming/CALLBlake2f_MaxRounds";

/// Runs all state tests that are wanted by name, on all cores. `None` where there are no vectors.
pub fn run(is_wanted: impl Fn(&str) -> bool) -> Option<Tally> {
    let mut files = archive::files("GeneralStateTests")?;
    files.retain(|file| is_wanted(&file.name));
    let parse = |file: archive::File| {
        let tests = serde_json::from_slice(&file.bytes);
        (file.name.clone(), tests.unwrap_or_else(|e| panic!("{}: {e}", file.name)))
    };
    let parsed: Vec<(String, StateTests)> = files.into_iter().map(parse).collect();
    let senders = parsed.iter().flat_map(|(_, tests)| tests.values());
    let ground = Ground::of(&senders.map(|test| test.transaction.sender).collect());
    let next = AtomicUsize::new(0);
    let tally = Mutex::new(Tally::default());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let mut mine = Tally::default();
                while let Some((name, tests)) = parsed.get(next.fetch_add(1, Ordering::Relaxed)) {
                    tests.values().for_each(|test| run_test(&ground, name, test, &mut mine));
                }
                tally.lock().expect("no panic").add(mine);
            });
        }
    });
    Some(tally.into_inner().expect("no panic"))
}

fn run_test(ground: &Ground, name: &str, test: &StateTest, tally: &mut Tally) {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    for (fork, posts) in &test.post {
        for post in posts {
            let one = test.transaction.variation(&post.indexes);
            *tally.doors.entry(door(test, one.as_ref(), post)).or_default() += 1;
            let reached = match one {
                Some(one) => reach(ground, test, &one, rules(fork), post),
                None if ground.refused(test).is(post) => Ok(Way::Sent),
                None => Err("it is no transaction, and yet expected to be one".into()),
            };
            let way = match reached {
                Ok(way) => way,
                Err(why) => {
                    tally.failures.push(format!("{name}, {fork}, {:?}: {why}", post.indexes));
                    continue;
                }
            };
            *tally.ways.entry((folder.to_owned(), way)).or_default() += 1;
            if let Way::Not(reason) = way {
                tally.missed.entry(reason).or_default().insert(name.to_owned());
            }
        }
    }
}

fn rules(fork: &str) -> SpecId {
    match fork {
        "Frontier" => SpecId::FRONTIER,
        "Homestead" => SpecId::HOMESTEAD,
        "Byzantium" => SpecId::BYZANTIUM,
        // revm knows Constantinople as Petersburg mended it; these tests tell no difference.
        "Constantinople" | "ConstantinopleFix" => SpecId::PETERSBURG,
        "Istanbul" => SpecId::ISTANBUL,
        "Berlin" => SpecId::BERLIN,
        "London" => SpecId::LONDON,
        "Paris" => SpecId::MERGE,
        "Shanghai" => SpecId::SHANGHAI,
        "Cancun" => SpecId::CANCUN,
        other => panic!("no such fork: {other}"),
    }
}

/// Finds the way to a post state: the one that lends least.
fn reach(
    ground: &Ground,
    test: &StateTest,
    one: &Variation<'_>,
    rules: SpecId,
    post: &Post,
) -> Result<Way, String> {
    if rules == SpecId::CANCUN {
        let sent = ground.sent(test, one, post.expect_exception.as_deref());
        if sent.is_some_and(|after| after.is(post)) {
            return Ok(Way::Sent);
        }
        if ground.lent(test, one, None, None).0.is(post) {
            return Ok(Way::Lent);
        }
    }
    let mut seen = Seen::nothing();
    let (after, state) = ground.lent(test, one, Some(rules), Some(&mut seen));
    match after.is(post) {
        true if rules < SpecId::CANCUN => Ok(Way::Older),
        true => match Later::of(one, &after, &state, &seen)[..] {
            [] => Err("it needs the rules of Cancun, and no later rule says why".into()),
            [reason, ..] => Ok(Way::Before(reason)),
        },
        false => match Never::of(test, post, rules, &seen)[..] {
            [] => Err(missed(&after, post)),
            [reason, ..] => Ok(Way::Not(reason)),
        },
    }
}

fn missed(after: &After, post: &Post) -> String {
    let After { root, logs, gas_used, refused } = after;
    let Post { hash, logs: wanted, expect_exception, .. } = post;
    format!(
        "root {root}, not {hash}; logs {logs}, not {wanted}; gas {gas_used}; refused {refused}, expected \
         {expect_exception:?}"
    )
}

/// Decodes the test's own signed bytes: they are the transaction that the test describes, or of a kind that the chain
/// does not take.
fn door(test: &StateTest, one: Option<&Variation<'_>>, post: &Post) -> Door {
    let decoded = decode(&post.txbytes, CHAIN_ID);
    let Some(one) = one else {
        assert!(matches!(decoded, Err(Malformed::Rlp(_))), "{decoded:?}");
        return Door::NoTransaction;
    };
    let (signed, door) = match decoded {
        Ok(signed) => (signed, Door::Decoded),
        Err(Malformed::ChainId { signed: None, .. }) => {
            (transactions::any_chain(&post.txbytes).expect("a sender"), Door::AnyChain)
        }
        Err(Malformed::Type(3)) => return Door::Blobs,
        // One that would create a contract is no transaction at all.
        Err(Malformed::Rlp(_)) if one.kind == 3 && one.to.is_none() => return Door::Blobs,
        Err(other) => panic!("{other}"),
    };
    assert_eq!(signed.sender, test.transaction.sender);
    assert_eq!(U256::from(signed.nonce()), test.transaction.nonce);
    assert_eq!((signed.to(), signed.gas_limit()), (one.to, one.gas));
    assert_eq!((signed.value(), signed.input()), (one.value, one.data));
    assert_eq!(*signed.access_list(), one.access_list);
    assert_eq!(
        (signed.max_fee_per_gas(), signed.max_tip_per_gas()),
        (one.price, one.tip.unwrap_or(0))
    );
    door
}

#[test]
#[ignore = "half a minute for one post state; the page counts it"]
fn the_longest_post_state_is_reached() {
    let Some(tally) = run(|name| name == LONG) else { return };
    assert!(tally.failures.is_empty(), "{:?}", tally.failures);
    let ways: Vec<_> = tally.ways.into_iter().map(|((_, way), count)| (way, count)).collect();
    assert_eq!(ways, [(Way::Sent, 1)]);
}

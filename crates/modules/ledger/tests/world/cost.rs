//! What judging may cost at most, as was known of the rules when they were registered. RULEBOOK N15.

use super::World;
use compliance::{ADOPTIONS, Cost, PROFILES, Profile, Rule, each_rule, law_of};
use ledger::{Call, Wish};
use types::Name;

/// Gas of a record that is read.
const READ: u64 = 100;
/// What every judgement reads whatever the rules: both sides, their standing with the network, the asset.
const NETWORK: u64 = 60 * READ;
/// Lines that a refusal tries over time, and over the amount, with what finds them.
const LINES: u64 = 2 * (64 + 16);
/// Halvings of an amount, on both sides of a negation.
const HALVINGS: u64 = 2 * 128;

/// What one movement reads and writes at most beside its judgement: positions, lots, counts, meters, what is announced.
pub const MOVING: u64 = 60_000;

/// How much of what rules look at there is.
struct Sizes {
    /// Numbers of a human, and claims under all of them.
    numbers: u64,
    claims: u64,
    /// Lots of who gives.
    lots: u64,
    persons: u64,
    assets: u64,
}

impl World {
    /// Gas of one judgement of a wish at most where it is allowed, and where it is refused: each part of the rules is asked
    /// once, of profiles once for each lot, and again without the path that was elected.
    pub fn most_work(&self, wish: &Wish<'_>) -> (u64, u64) {
        let sizes = self.sizes(wish);
        let policy = compliance::POLICIES.get(&self.ctx, &wish.asset);
        let policy = policy.map(|record| record.policy.check().expect("it is registered"));
        let policy = policy.map_or(0, parts);
        let adopted = ADOPTIONS.get(&self.ctx, &wish.asset).unwrap_or_default();
        let adopted = adopted.iter().map(|it| self.parts_of(&it.id, it.version)).sum::<u64>();
        let land = [wish.from, wish.to].into_iter().flatten().map(|account| {
            let residence = identity::person(&self.ctx, account.person).map(|it| it.residence);
            let law = residence.map(|it| law_of(&self.ctx, it).1).unwrap_or_default();
            law.iter().map(|(id, version)| self.parts_of(id, *version)).sum::<u64>()
        });
        let land = land.sum::<u64>();
        let asked = policy + land + adopted * (1 + 2 * sizes.lots.max(1));
        let part = sizes.part();
        let once = NETWORK + asked * part;
        (once, once * (3 + LINES) + policy * part * HALVINGS)
    }

    /// The parts of a profile, with those of the profiles that it refers to.
    fn parts_of(&self, id: &Name, version: u32) -> u64 {
        let record = PROFILES.get(&self.ctx, &(id.clone(), version));
        let profile: &Profile = &record.expect("it is registered").profile;
        let mut all = parts(profile.check().expect("it is registered"));
        each_rule(&profile.resale, &mut |rule| {
            if let Rule::By { profile, version } = rule {
                all += self.parts_of(profile, *version);
            }
        });
        all
    }

    /// What was asked cost no more than it may. The place is that of [`super::Tally::dearest`].
    pub fn costs(&mut self, place: usize, work: u64, most: u64, call: &Call) {
        assert!(work <= most, "N15: {call:?} took {work} of {most} gas");
        let dearest = &mut self.tally.dearest[place];
        *dearest = (*dearest).max(work * 10_000 / most);
    }

    fn sizes(&self, wish: &Wish<'_>) -> Sizes {
        let persons = || self.people.values();
        let of = |human| persons().filter(move |it| self.human(**it) == human);
        let claims = |human| {
            let of_one =
                |it| identity::CLAIMS.get(&self.ctx, it).map_or(0, |claims| claims.0.len());
            of(human).map(of_one).sum::<usize>() as u64
        };
        let numbers = persons().map(|it| of(self.human(*it)).count() as u64).max();
        let claims = persons().map(|it| claims(self.human(*it))).max();
        let class = wish.class.unwrap_or_default();
        let position = |account| ledger::position(&self.ctx, wish.asset, class, account);
        Sizes {
            numbers: numbers.unwrap_or(1),
            claims: claims.unwrap_or(0),
            lots: wish.from.map_or(0, |from| position(from).lots.len() as u64),
            persons: self.people.len() as u64,
            assets: 1 + u64::from(self.other.is_some()),
        }
    }
}

/// What rules were found to cost when they were registered: each of them, and each thing that they name, is one part.
fn parts(Cost { rules, entries, .. }: Cost) -> u64 {
    (rules + entries) as u64
}

impl Sizes {
    /// Gas of asking one part once: the dearest kind of each thing that a rule may look at.
    fn part(&self) -> u64 {
        let Self { numbers, claims, lots, persons, assets } = *self;
        // Every claim of both sides, whose providers are looked up, and again to say what is missing.
        let said = 2 * 2 * (numbers + claims);
        // A meter of each of its groups, of each of its numbers, twice: what is left, and until when.
        let metered = 2 * (1 + claims) * (1 + 2 * numbers);
        // Who is looked through, in each asset, and as how many.
        let through = persons * (3 + assets) + said;
        READ * (said + metered + through) + 15 * lots
    }
}

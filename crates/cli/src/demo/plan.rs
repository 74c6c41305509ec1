//! The demo's transfers: most are ordinary, some go where the rules forbid, each in its own way.

use super::dice::Dice;
use alloy_primitives::Address;
use client::Wallet;
use client::{Category, Investor};
use std::collections::HashMap;
use types::{Country, PersonId};

/// The countries in which the security may be held; `examples/policy.json` says the same.
const OPEN: [&str; 7] = ["US", "DE", "FR", "CH", "GB", "SG", "LU"];

/// The least and most that one person may hold, as the policy has it.
const LEAST: u128 = 10;
const MOST: u128 = 1_200;

/// One investor as the demo sees it.
pub(crate) struct Person {
    /// Its number on the chain.
    pub(crate) id: PersonId,
    /// Its key.
    pub(crate) wallet: Wallet,
    /// What something special is the matter with it.
    pub(crate) mark: Option<Mark>,
    /// What the plan believes it has.
    pub(crate) units: u128,
    residence: Country,
    category: Category,
    next: u64,
}

/// What can be the matter with an investor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mark {
    /// Attested to be an affiliate of the issuer: locked for six months.
    Affiliate,
    /// Its provider took the due diligence back.
    NoKyc,
    /// On a sanctions list.
    Sanctioned,
    /// Its holding is frozen by order.
    Frozen,
    /// Suspended by order.
    Suspended,
}

/// How many of each there are.
pub(crate) const MARKS: [(Mark, usize); 5] = [
    (Mark::Affiliate, 20),
    (Mark::NoKyc, 15),
    (Mark::Sanctioned, 3),
    (Mark::Frozen, 3),
    (Mark::Suspended, 2),
];

/// A transfer to sign.
pub(crate) struct Planned {
    /// Who signs, by place.
    pub(crate) from: usize,
    /// Its place among the signer's transactions.
    pub(crate) nonce: u64,
    /// Who is to get the units.
    pub(crate) to: Address,
    /// How many.
    pub(crate) units: u128,
}

/// Everyone, with the keys of their wallets.
pub(crate) fn people(
    registered: Vec<(PersonId, Investor)>,
    mut keys: HashMap<Address, Wallet>,
) -> Vec<Person> {
    let person = |(id, investor): (PersonId, Investor)| {
        let Investor { wallet, residence, category, .. } = investor;
        let wallet = keys.remove(&wallet)?;
        Some(Person { id, wallet, mark: None, units: 0, residence, category, next: 0 })
    };
    registered.into_iter().filter_map(person).collect()
}

impl Person {
    /// May it hold the security, as far as country and category go?
    pub(crate) fn is_eligible(&self) -> bool {
        let is_open = OPEN.contains(&self.residence.as_str());
        is_open && (self.residence.as_str() != "US" || self.category != Category::Retail)
    }

    fn is_ordinary(&self) -> bool {
        self.mark.is_none() && self.is_eligible()
    }
}

/// Who gets units first: four of five who may hold them; and how many.
pub(crate) fn first_holders(people: &mut [Person]) -> Vec<(Address, u128)> {
    let mut dice = Dice::new("issue", 0);
    let mut legs = Vec::new();
    for person in people.iter_mut().filter(|person| person.is_eligible()) {
        if dice.below(5) > 0 {
            person.units = 100 + u128::from(dice.below(900));
            legs.push((person.wallet.address(), person.units));
        }
    }
    legs
}

/// Marks some holders, spread over all.
pub(crate) fn mark(people: &mut [Person]) {
    let mut dice = Dice::new("mark", 0);
    for (mark, count) in MARKS {
        for _ in 0..count {
            let place = pick(people, &mut dice, |person| person.is_ordinary() && person.units > 0);
            people[place].mark = Some(mark);
        }
    }
}

/// Plans so many transfers.
pub(crate) fn transfers(people: &mut [Person], count: usize) -> Vec<Planned> {
    let mut dice = Dice::new("transfer", 0);
    (0..count)
        .map(|_| {
            let (from, to, units) = match dice.below(100) {
                0..93 => ordinary(people, &mut dice),
                _ => forbidden(people, &mut dice),
            };
            let person = &mut people[from];
            person.next += 1;
            Planned { from, nonce: person.next - 1, to, units }
        })
        .collect()
}

/// Between people who may hold, of a few units; some of those who get them had none before.
fn ordinary(people: &mut [Person], dice: &mut Dice) -> (usize, Address, u128) {
    let units = LEAST + u128::from(dice.below(15));
    let from = pick(people, dice, |person| person.is_ordinary() && person.units >= units + LEAST);
    let to = pick(people, dice, |person| person.is_ordinary() && person.units + units <= MOST);
    // Giving to oneself is no transfer: the next one gets it.
    let to = if to == from {
        (from + 1..).find_map(|place| ordinary_at(people, place))
    } else {
        Some(to)
    };
    let to = to.unwrap_or(from);
    people[from].units -= units;
    // A newcomer may be one too many for the policy: what it gets is not counted on.
    if people[to].units > 0 {
        people[to].units += units;
    }
    (from, people[to].wallet.address(), units)
}

fn ordinary_at(people: &[Person], place: usize) -> Option<usize> {
    let place = place % people.len();
    people[place].is_ordinary().then_some(place)
}

/// Where the rules stand in the way.
fn forbidden(people: &[Person], dice: &mut Dice) -> (usize, Address, u128) {
    let holder = |person: &Person| person.is_ordinary() && person.units >= 2 * LEAST;
    let from = pick(people, dice, holder);
    let (units, other) = (people[from].units, people[from].wallet.address());
    let anyone = |people: &[Person], dice: &mut Dice| {
        let place =
            pick(people, dice, |person| person.is_ordinary() && person.wallet.address() != other);
        people[place].wallet.address()
    };
    let marked = |people: &[Person], dice: &mut Dice, mark| {
        pick(people, dice, |person| person.mark == Some(mark))
    };
    let address = |place: usize| people[place].wallet.address();
    match dice.below(11) {
        // An American who is not accredited.
        0 => {
            let is_retail =
                |person: &Person| person.residence.as_str() == "US" && !person.is_eligible();
            (from, address(pick(people, dice, is_retail)), LEAST)
        }
        // Someone in a country where it is not offered.
        1 => {
            let is_elsewhere = |person: &Person| !OPEN.contains(&person.residence.as_str());
            (from, address(pick(people, dice, is_elsewhere)), LEAST)
        }
        // A wallet that no provider knows.
        2 => {
            let stranger = types::sha256(&[b"stranger", &dice.below(u64::MAX).to_be_bytes()]);
            (from, Address::from_slice(&stranger[..20]), LEAST)
        }
        // More than there is.
        3 => (from, anyone(people, dice), units + 1_000),
        // A crumb would remain.
        4 => (from, anyone(people, dice), units - LEAST / 2),
        // Someone would have too much.
        5 => {
            let from = pick(people, dice, |person| person.is_ordinary() && person.units > 800);
            let giver = people[from].wallet.address();
            let is_rich = |person: &Person| {
                person.is_ordinary() && person.units > 600 && person.wallet.address() != giver
            };
            (from, address(pick(people, dice, is_rich)), 700)
        }
        6 => (marked(people, dice, Mark::Affiliate), anyone(people, dice), LEAST),
        7 => (marked(people, dice, Mark::NoKyc), anyone(people, dice), LEAST),
        8 => (from, address(marked(people, dice, Mark::Sanctioned)), LEAST),
        9 => (marked(people, dice, Mark::Frozen), anyone(people, dice), LEAST),
        _ => (marked(people, dice, Mark::Suspended), anyone(people, dice), LEAST),
    }
}

/// The first from a random place on that fits; the table is large enough that one always does.
fn pick(people: &[Person], dice: &mut Dice, fits: impl Fn(&Person) -> bool) -> usize {
    let start = dice.below(people.len() as u64) as usize;
    let places = (start..people.len()).chain(0..start);
    places.into_iter().find(|place| fits(&people[*place])).unwrap_or(start)
}

//! Lots: units of one age and origin. A transfer can never shorten a lock. LED-3.

use borsh::{
    BorshDeserialize, BorshSerialize,
    io::{Read, Result, Write},
};
use compliance::{Decision, Exemptions, Lot, Paths, Pick};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
};
use types::{Ratio, Time, Units};

/// A quarter of an hour: no day begins within one, wherever it is. Zones lie whole quarters apart.
const QUARTER_MS: u64 = 900_000;

/// Lots that a position may have; more are merged where it matters least.
const MAX_LOTS: usize = 64;

/// Lots, oldest clock first. Most positions have one, which then stands in the position itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lots(SmallVec<[Lot; 1]>);

impl FromIterator<Lot> for Lots {
    fn from_iter<I: IntoIterator<Item = Lot>>(lots: I) -> Self {
        Self(lots.into_iter().collect())
    }
}

impl Deref for Lots {
    type Target = SmallVec<[Lot; 1]>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Lots {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// Encoded as any list.
impl BorshSerialize for Lots {
    fn serialize<W: Write>(&self, writer: &mut W) -> Result<()> {
        BorshSerialize::serialize(self.0.as_slice(), writer)
    }
}

impl BorshDeserialize for Lots {
    fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Self> {
        let count = u32::deserialize_reader(reader)?;
        (0..count).map(|_| Lot::deserialize_reader(reader)).collect::<Result<_>>().map(Self)
    }
}

/// Takes units out, oldest clock first, and returns what was taken.
pub(crate) fn take(lots: &mut Lots, units: Units) -> Lots {
    let mut left = units;
    let mut taken = Lots::default();
    while !left.is_zero() {
        let lot = lots.first_mut().expect("LED-3: lots sum to the units");
        if lot.units > left {
            lot.units -= left;
            taken.push(Lot { units: left, ..*lot });
            break;
        }
        left -= lot.units;
        taken.push(lots.remove(0));
    }
    taken
}

/// When units come to their receiver.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    pub now: Time,
    /// From when on a clock runs that starts anew: of pledged units the day of the pledge.
    pub restart: Time,
    /// True if who has them had them before, under whichever of its accounts and numbers.
    pub is_internal: bool,
    /// True if the issuer places them out of its own holding.
    pub is_placed: bool,
}

impl Times {
    /// When a clock starts anew. It never ran before it had started.
    fn anew(self, lot: &Lot) -> Time {
        self.restart.max(lot.anchor)
    }

    /// When who has it then got it.
    fn acquired(self, lot: &Lot) -> Time {
        if self.is_internal { lot.acquired } else { self.now }
    }
}

/// Takes out what was judged may go, lot by lot, stamped as each is.
pub(crate) fn pick(lots: &mut Lots, picks: &[Pick], times: Times, decision: &Decision) -> Lots {
    let mut taken = Lots::default();
    for pick in picks {
        let lot = &mut lots[usize::from(pick.place)];
        lot.units -= pick.units;
        taken.push(Lot {
            units: pick.units,
            acquired: times.acquired(lot),
            anchor: if pick.restart || decision.restart { times.anew(lot) } else { lot.anchor },
            paths: if pick.paths.is_empty() { lot.paths } else { pick.paths },
            exemptions: pick.keeps,
            freed: lot.freed.and(pick.freed).without(pick.keeps),
        });
    }
    lots.retain(|lot| !lot.units.is_zero());
    taken
}

/// Puts lots in, sorted by clock. Those of one quarter of an hour, paths and exemptions become one, with the later clock,
/// and are told to have been got when the first of them was: nothing is taken for got at home that came along from elsewhere.
pub(crate) fn put(lots: &mut Lots, incoming: impl IntoIterator<Item = Lot>) {
    for lot in incoming {
        let is_alike = |other: &Lot| {
            (other.paths, other.exemptions, other.freed) == (lot.paths, lot.exemptions, lot.freed)
                && other.anchor.0 / QUARTER_MS == lot.anchor.0 / QUARTER_MS
        };
        let known = lots.iter().position(is_alike);
        let lot = match known.map(|place| lots.remove(place)) {
            Some(other) => Lot {
                units: other.units + lot.units,
                anchor: other.anchor.max(lot.anchor),
                acquired: other.acquired.min(lot.acquired),
                ..lot
            },
            None => lot,
        };
        let place = lots.partition_point(|other| other.anchor <= lot.anchor);
        lots.insert(place, lot);
        if lots.len() > MAX_LOTS {
            merge_closest(lots);
        }
    }
}

/// Starts the clock of so many unpaid units, oldest first. They are there.
pub(crate) fn pay(lots: &mut Lots, units: Units, now: Time) {
    let mut left = units;
    let mut paid = Lots::default();
    for lot in lots.iter_mut().filter(|lot| !lot.is_paid()) {
        let part = lot.units.min(left);
        lot.units -= part;
        left -= part;
        if !part.is_zero() {
            paid.push(Lot { units: part, anchor: now, ..*lot });
        }
    }
    lots.retain(|lot| !lot.units.is_zero());
    put(lots, paid);
}

/// The lots as a conversion leaves them, each with its clock. From the oldest on each gets what all up to it make,
/// rounded down, less what those before it got: all together get what the whole makes, and no unit gets older. One made
/// of parts of several is under the exemptions of all of them, and as long had as the first. LED-10.
pub(crate) fn convert(lots: Lots, ratio: Ratio) -> Lots {
    let (mut units, mut made, mut rest) = (0u128, 0u128, 0);
    // Of the units that have made no whole one yet.
    let mut parts: Option<Lot> = None;
    let mut converted = Lots::default();
    for lot in lots {
        units += lot.units.0;
        let (all, left) = ratio.of(units).expect("the whole class was seen to fit");
        let mut here = all - made;
        // Nothing is left of the lots before one that they divide evenly.
        let both = parts.filter(|_| rest != 0).map_or(lot, |parts| together(lot, parts));
        if here > 0 && both != lot {
            converted.push(Lot { units: Units(1), ..both });
            here -= 1;
        }
        if here > 0 {
            converted.push(Lot { units: Units(here), ..lot });
        }
        parts = Some(if all > made { lot } else { both });
        (made, rest) = (all, left);
    }
    converted
}

/// What a lot is that units of another come into: by its own clock, had as long as the first of them, free of what both are
/// free of, and under the exemptions of both, those that one of them came free of too: the others never passed these, and
/// who may not sell freely what came free of them sells nothing so.
fn together(into: Lot, other: Lot) -> Lot {
    let freed = into.freed.among(other.freed);
    let all = |lot: Lot| lot.exemptions.and(lot.freed);
    let exemptions = all(into).and(all(other)).without(freed);
    let acquired = into.acquired.min(other.acquired);
    Lot { acquired, exemptions, freed, ..into }
}

/// Merges the two lots whose clocks differ least, into the later clock and under the exemptions of both: no
/// lock ends earlier, and no lot comes free of a profile. Lots under the same exemptions go first.
fn merge_closest(lots: &mut Lots) {
    let under = |lot: &Lot| (lot.exemptions, lot.freed);
    // Lots stand in the order of their clocks: the closest to one is the one before, or the one before under the
    // same exemptions.
    let mut last: BTreeMap<(Exemptions, Exemptions), usize> = BTreeMap::new();
    let mut best: Option<((bool, u64), (usize, usize))> = None;
    for (younger, lot) in lots.iter().enumerate() {
        let before = younger.checked_sub(1);
        let alike = last.insert(under(lot), younger);
        for older in alike.into_iter().chain(before) {
            let other = &lots[older];
            let cost = (under(other) != under(lot), lot.anchor.0 - other.anchor.0);
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, (older, younger)));
            }
        }
    }
    let Some((_, (older, younger))) = best else { return };
    let lot = lots.remove(older);
    let into = &mut lots[younger - 1];
    *into = Lot { units: into.units + lot.units, ..together(*into, lot) };
}

/// The lots as their receiver gets them: acquired now unless it had them before, clocks kept or started anew. What the issuer places
/// out of its own holding is acquired from it now, under a profile or not.
pub(crate) fn stamp(lots: Lots, times: Times, decision: &Decision) -> Lots {
    let Decision { restart, exemptions, keeps, .. } = *decision;
    let paths: Paths = decision.paths.iter().collect();
    let stamped = lots.0.into_iter().map(move |lot| Lot {
        units: lot.units,
        acquired: times.acquired(&lot),
        anchor: match (times.is_placed || !exemptions.is_empty(), restart) {
            (true, _) => times.now.max(lot.anchor),
            (false, true) => times.anew(&lot),
            (false, false) => lot.anchor,
        },
        paths: if paths.is_empty() { lot.paths } else { paths },
        exemptions: if exemptions.is_empty() { lot.exemptions } else { keeps },
        freed: if exemptions.is_empty() { lot.freed } else { exemptions.without(keeps) },
    });
    stamped.collect()
}

impl IntoIterator for Lots {
    type Item = Lot;
    type IntoIter = <SmallVec<[Lot; 1]> as IntoIterator>::IntoIter;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

//! Lots: units of one age and origin. A transfer can never shorten a lock. LED-3.

use borsh::{
    BorshDeserialize, BorshSerialize,
    io::{Read, Result, Write},
};
use compliance::Lot;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::ops::{Deref, DerefMut};
use types::{Time, Units};

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

/// Puts lots in, sorted by clock. Those of one day and path become one, with the later clock.
pub(crate) fn put(lots: &mut Lots, incoming: impl IntoIterator<Item = Lot>) {
    for lot in incoming {
        let known = lots
            .iter()
            .position(|other| other.path == lot.path && other.anchor.date() == lot.anchor.date());
        let lot = match known.map(|place| lots.remove(place)) {
            Some(other) => Lot {
                units: other.units + lot.units,
                anchor: other.anchor.max(lot.anchor),
                acquired: other.acquired.max(lot.acquired),
                path: lot.path,
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

/// Merges the two neighbours whose clocks differ least, into the later clock: no lock ends earlier.
fn merge_closest(lots: &mut Lots) {
    let gap = |index: &usize| lots[index + 1].anchor.0 - lots[*index].anchor.0;
    let index = (0..lots.len() - 1).min_by_key(gap).expect("there are two lots at least");
    let older = lots.remove(index);
    let younger = &mut lots[index];
    younger.units += older.units;
    younger.acquired = younger.acquired.max(older.acquired);
}

/// The lots as their receiver gets them: acquired now, clocks kept or started anew.
pub(crate) fn stamp(lots: Lots, now: Time, path: u16, restart: bool) -> impl Iterator<Item = Lot> {
    lots.0.into_iter().map(move |lot| Lot {
        acquired: now,
        anchor: if restart { now } else { lot.anchor },
        path: if path == 0 { lot.path } else { path },
        ..lot
    })
}

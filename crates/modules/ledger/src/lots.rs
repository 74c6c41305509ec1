//! Lots: units of one age and origin. A transfer can never shorten a lock. LED-3.

use borsh::{
    BorshDeserialize, BorshSerialize,
    io::{Read, Result, Write},
};
use compliance::{Decision, Lot, Pick};
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

/// Takes out what was judged may go, lot by lot, stamped as each is.
pub(crate) fn pick(lots: &mut Lots, picks: &[Pick], now: Time, decision: &Decision) -> Lots {
    let mut taken = Lots::default();
    for pick in picks {
        let lot = &mut lots[usize::from(pick.place)];
        lot.units -= pick.units;
        let path = [pick.path, decision.path].into_iter().find(|path| *path != 0);
        taken.push(Lot {
            units: pick.units,
            acquired: now,
            anchor: if pick.restart || decision.restart { now } else { lot.anchor },
            path: path.unwrap_or(lot.path),
            exemption: if pick.free { 0 } else { lot.exemption },
        });
    }
    lots.retain(|lot| !lot.units.is_zero());
    taken
}

/// Puts lots in, sorted by clock. Those of one day, path and exemption become one, with the later clock.
pub(crate) fn put(lots: &mut Lots, incoming: impl IntoIterator<Item = Lot>) {
    for lot in incoming {
        let is_alike = |other: &Lot| {
            (other.path, other.exemption) == (lot.path, lot.exemption)
                && other.anchor.date() == lot.anchor.date()
        };
        let known = lots.iter().position(is_alike);
        let lot = match known.map(|place| lots.remove(place)) {
            Some(other) => Lot {
                units: other.units + lot.units,
                anchor: other.anchor.max(lot.anchor),
                acquired: other.acquired.max(lot.acquired),
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

/// Merges the two lots of one exemption whose clocks differ least, into the later clock: no lock ends
/// earlier, and no lot comes free of its profile. An asset has fewer exemptions than a position has lots.
fn merge_closest(lots: &mut Lots) {
    let mut closest: Option<(u64, usize, usize)> = None;
    for older in 0..lots.len() {
        let is_next = |younger: &usize| lots[*younger].exemption == lots[older].exemption;
        if let Some(younger) = (older + 1..lots.len()).find(is_next) {
            let gap = lots[younger].anchor.0 - lots[older].anchor.0;
            if closest.is_none_or(|(least, ..)| gap < least) {
                closest = Some((gap, older, younger));
            }
        }
    }
    let (_, older, younger) = closest.expect("two lots at least share an exemption");
    let lot = lots[older];
    let into = &mut lots[younger];
    into.units += lot.units;
    into.acquired = into.acquired.max(lot.acquired);
    lots.remove(older);
}

/// The lots as their receiver gets them: acquired now, clocks kept or started anew. What the issuer places
/// out of its own holding under a profile is acquired from it now.
pub(crate) fn stamp(lots: Lots, now: Time, decision: &Decision) -> Lots {
    let Decision { path, restart, exemption, is_free, .. } = *decision;
    let stamped = lots.0.into_iter().map(move |lot| Lot {
        units: lot.units,
        acquired: now,
        anchor: if restart || exemption != 0 { now } else { lot.anchor },
        path: if path == 0 { lot.path } else { path },
        exemption: match exemption {
            _ if is_free => 0,
            0 => lot.exemption,
            exemption => exemption,
        },
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

//! Lots: units of one age and origin. A transfer can never shorten a lock. LED-3.

use compliance::Lot;
use types::{Time, Units};

/// Lots that a position may have; more are merged where it matters least.
const MAX_LOTS: usize = 64;

/// Takes units out, oldest clock first, and returns what was taken.
pub(crate) fn take(lots: &mut Vec<Lot>, units: Units) -> Vec<Lot> {
    let mut left = units;
    let mut taken = Vec::new();
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
pub(crate) fn put(lots: &mut Vec<Lot>, incoming: impl IntoIterator<Item = Lot>) {
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
fn merge_closest(lots: &mut Vec<Lot>) {
    let gap = |index: &usize| lots[index + 1].anchor.0 - lots[*index].anchor.0;
    let index = (0..lots.len() - 1).min_by_key(gap).expect("there are two lots at least");
    let older = lots.remove(index);
    let younger = &mut lots[index];
    younger.units += older.units;
    younger.acquired = younger.acquired.max(older.acquired);
}

/// The lots as their receiver gets them: acquired now, clocks kept or started anew.
pub(crate) fn stamp(
    lots: Vec<Lot>,
    now: Time,
    path: u16,
    restart: bool,
) -> impl Iterator<Item = Lot> {
    lots.into_iter().map(move |lot| Lot {
        acquired: now,
        anchor: if restart { now } else { lot.anchor },
        path: if path == 0 { lot.path } else { path },
        ..lot
    })
}

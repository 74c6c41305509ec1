//! Units of one age: which go first, how they come together. I-18.

use super::{
    book::Holding,
    fold::Broken,
    wire::{Lot, Ratio},
};

impl Ratio {
    /// What units become, rounded down; nothing if it does not fit.
    pub(super) fn down(self, units: u128) -> Option<u128> {
        let (whole, part) = self.parts(units);
        whole?.checked_add(part / u128::from(self.old))
    }

    /// The same rounded up; as much as can be if it does not fit.
    pub(super) fn up(self, units: u128) -> u128 {
        let more = u128::from(self.rest(units) > 0);
        self.down(units).map_or(u128::MAX, |made| made.saturating_add(more))
    }

    /// Parts of a unit that are left over.
    pub(super) fn rest(self, units: u128) -> u32 {
        (self.parts(units).1 % u128::from(self.old)) as u32
    }

    /// Lots as they become: from the oldest on each gets what all up to it make, less what those before it got. A unit
    /// made of parts of several lots is under the exemptions of all of them, those that not all came free of too, and had as
    /// long as the first.
    pub(super) fn lots(self, lots: Vec<Lot>) -> Result<Vec<Lot>, Broken> {
        let (mut made, mut before, mut done) = (Vec::new(), 0, 0);
        let mut of_parts = (0, u64::MAX, 0);
        for lot in lots {
            let was_whole = self.rest(before) == 0;
            before += lot.units;
            let all = self.down(before).ok_or("I-01 units overflow")?;
            let own = (lot.exemptions, lot.acquired, lot.freed);
            let both = match was_whole {
                true => own,
                false => {
                    let freed = of_parts.2 & own.2;
                    let all = of_parts.0 | of_parts.2 | own.0 | own.2;
                    (all & !freed, of_parts.1.min(own.1), freed)
                }
            };
            let mixed = u128::from(all > done && both != own);
            for (units, (exemptions, acquired, freed)) in [(mixed, both), (all - done - mixed, own)]
            {
                if units > 0 {
                    made.push(Lot { units, exemptions, acquired, freed, ..lot.clone() });
                }
            }
            of_parts = if all > done { own } else { both };
            done = all;
        }
        Ok(made)
    }

    fn parts(self, units: u128) -> (Option<u128>, u128) {
        let (new, old) = (u128::from(self.new), u128::from(self.old));
        ((units / old).checked_mul(new), units % old * new)
    }
}

/// Takes units out of a position's lots, oldest clock first.
pub(super) fn take(at: &mut Holding, units: u128) -> Vec<Lot> {
    let (mut left, mut taken) = (units, Vec::new());
    while left > 0 && !at.lots.is_empty() {
        let part = at.lots[0].units.min(left);
        taken.push(Lot { units: part, ..at.lots[0].clone() });
        at.lots[0].units -= part;
        left -= part;
        if at.lots[0].units == 0 {
            at.lots.remove(0);
        }
    }
    taken
}

/// Adds a lot, sorted by clock: with one of the same quarter of an hour, paths and exemptions if there is one, by the
/// later clock, had as long as the first of them.
pub(super) fn put(lots: &mut Vec<Lot>, mut lot: Lot) {
    let is_alike = |other: &Lot| {
        (&other.paths, other.exemptions, other.freed) == (&lot.paths, lot.exemptions, lot.freed)
            && other.anchor / 900_000 == lot.anchor / 900_000
    };
    let same = lots.iter().position(is_alike);
    if let Some(other) = same.map(|place| lots.remove(place)) {
        lot.units += other.units;
        lot.anchor = lot.anchor.max(other.anchor);
        lot.acquired = lot.acquired.min(other.acquired);
    }
    let place = lots.partition_point(|other| other.anchor <= lot.anchor);
    lots.insert(place, lot);
}

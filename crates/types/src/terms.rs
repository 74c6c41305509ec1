//! Within what a permission may be used, beside its limit in all and its end.

use crate::{Time, Units};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// Bounds of a permission that somebody gave. The default bounds nothing.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct Terms {
    /// At most so many units in one act, which may pay many: an app can act again and again. What counts is in all,
    /// or in each period.
    pub at_once: Option<Units>,
    /// At most so many in each period.
    pub period: Option<Period>,
    /// Only for a published app whose code an auditor attests now.
    pub attested: bool,
}

/// Units that may be used in each of a row of periods of one length, the first from when it was given.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Period {
    /// So many in each.
    pub units: Units,
    /// How long each is, milliseconds.
    pub length_ms: u64,
    /// When the one began in which it was used last.
    pub began: Time,
    /// Units used in that one.
    pub used: Units,
}

/// The longest period: ten years of 366 days.
pub const LONGEST_PERIOD_MS: u64 = 3_660 * 86_400_000;

impl Terms {
    /// The same from a time on, with nothing used.
    ///
    /// Says what is wrong with bounds of nothing, a period without an end, or one longer than ten years.
    pub fn begin(self, now: Time) -> Result<Self, &'static str> {
        if self.at_once.is_some_and(Units::is_zero) {
            return Err("at_once: at least one unit, or no bound");
        }
        let Some(period) = self.period else { return Ok(self) };
        if period.units.is_zero() {
            return Err("per_period: at least one unit, or no bound");
        }
        if !(1..=LONGEST_PERIOD_MS).contains(&period.length_ms) {
            return Err("period: 1 to 316224000000 milliseconds");
        }
        Ok(Self { period: Some(Period { began: now, used: Units::ZERO, ..period }), ..self })
    }

    /// Units that one act may have now; none if nothing bounds it.
    pub fn room(&self, now: Time) -> Option<Units> {
        let in_period = self.period.map(|period| period.left(now));
        match (self.at_once, in_period) {
            (Some(at_once), Some(left)) => Some(at_once.min(left)),
            (one, other) => one.or(other),
        }
    }

    /// Counts a use for which there is room.
    pub fn spend(&mut self, units: Units, now: Time) {
        if let Some(period) = &mut self.period {
            let began = period.current(now);
            let before = if began == period.began { period.used } else { Units::ZERO };
            (period.began, period.used) = (began, before + units);
        }
    }
}

impl Period {
    /// So many units in each period of this length, which begin once they are given.
    pub fn new(units: Units, length_ms: u64) -> Self {
        Self { units, length_ms, began: Time(0), used: Units::ZERO }
    }

    /// When the period of this time began.
    fn current(&self, now: Time) -> Time {
        let elapsed = now.0.saturating_sub(self.began.0);
        Time(self.began.0 + elapsed / self.length_ms.max(1) * self.length_ms)
    }

    /// Units left in the period of this time.
    fn left(&self, now: Time) -> Units {
        match self.current(now) == self.began {
            true => self.units.saturating_sub(self.used),
            false => self.units,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: u64 = 86_400_000;

    fn terms(at_once: Option<u128>, period: Option<(u128, u64)>) -> Terms {
        let period = period.map(|(units, length_ms)| Period::new(Units(units), length_ms));
        Terms { at_once: at_once.map(Units), period, attested: false }
    }

    #[test]
    fn a_period_ends_to_the_millisecond_and_what_it_left_is_not_carried_over() {
        let start = Time(1_000);
        let mut terms = terms(None, Some((10, DAY))).begin(start).unwrap();
        terms.spend(Units(4), start);
        assert_eq!(terms.room(start.plus_ms(DAY - 1)), Some(Units(6)));
        assert_eq!(terms.room(start.plus_ms(DAY)), Some(Units(10)));
        terms.spend(Units(10), start.plus_ms(3 * DAY + 5));
        assert_eq!(terms.room(start.plus_ms(4 * DAY - 1)), Some(Units(0)));
        assert_eq!(terms.room(start.plus_ms(4 * DAY)), Some(Units(10)));
    }

    #[test]
    fn bounds_of_nothing_are_named() {
        let now = Time(0);
        let wrong = [
            (Some(0), None, "at_once"),
            (None, Some((0, 1)), "per_period"),
            (None, Some((1, 0)), "period"),
            (None, Some((1, LONGEST_PERIOD_MS + 1)), "period"),
        ];
        for (at_once, period, field) in wrong {
            let why = terms(at_once, period).begin(now).unwrap_err();
            assert!(why.starts_with(&format!("{field}:")), "{why}");
        }
        assert_eq!(terms(None, None).begin(now), Ok(Terms::default()));
        assert_eq!(Terms::default().room(now), None);
    }

    proptest! {
        /// Recounted from the list of uses: none is above the bound at once, no period above its own.
        #[test]
        fn no_use_and_no_period_goes_beyond_its_bound(
            at_once in 1..20u128,
            per_period in 1..30u128,
            length in 1..50u64,
            uses in prop::collection::vec((0..25u128, 0..40u64), 1..60),
        ) {
            let start = Time(7);
            let given = terms(Some(at_once), Some((per_period, length)));
            let mut terms = given.begin(start).unwrap();
            let mut now = start;
            let mut used = std::collections::BTreeMap::<u64, u128>::new();
            for (units, wait) in uses {
                now = now.plus_ms(wait);
                let number = (now.0 - start.0) / length;
                let so_far = used.get(&number).copied().unwrap_or(0);
                let fits = units <= at_once && so_far + units <= per_period;
                let room = terms.room(now).expect("it is bounded");
                prop_assert_eq!(Units(units) <= room, fits);
                if fits {
                    terms.spend(Units(units), now);
                    used.insert(number, so_far + units);
                }
            }
        }
    }
}

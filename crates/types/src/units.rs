//! Quantities of assets and money. Integers only; every operation that could overflow says so.

use alloy_primitives::U256;
use borsh::{BorshDeserialize, BorshSerialize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A sum or difference left the range of 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amount does not fit in 128 bits")]
pub struct Overflow;

/// A quantity of an asset's smallest unit: shares of a security, cents of a currency.
///
/// `+`, `-` panic on overflow: use them only where a law rules it out, else the checked forms.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    JsonSchema,
)]
#[schemars(with = "String", extend("pattern" = "^[0-9]{1,39}$"))]
pub struct Units(pub u128);

impl Units {
    /// Nothing.
    pub const ZERO: Units = Units(0);
    /// The largest quantity.
    pub const MAX: Units = Units(u128::MAX);

    /// Adds, or says that the sum does not fit.
    pub fn checked_add(self, other: Units) -> Result<Units, Overflow> {
        self.0.checked_add(other.0).map(Units).ok_or(Overflow)
    }

    /// Subtracts, or says that the difference is negative.
    pub fn checked_sub(self, other: Units) -> Result<Units, Overflow> {
        self.0.checked_sub(other.0).map(Units).ok_or(Overflow)
    }

    /// Subtracts, stopping at zero.
    pub fn saturating_sub(self, other: Units) -> Units {
        Units(self.0.saturating_sub(other.0))
    }

    /// True for zero.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// What of this falls on a part of a whole, rounded up: all of it on the whole.
    ///
    /// # Panics
    /// If the whole is nothing, or less than the part.
    pub fn share(self, part: Units, whole: Units) -> Units {
        assert!(part <= whole && !whole.is_zero(), "{part} of {whole}");
        let share = (U256::from(self.0) * U256::from(part.0)).div_ceil(U256::from(whole.0));
        Units(u128::try_from(share).expect("no more than there is"))
    }
}

impl std::ops::Add for Units {
    type Output = Units;
    fn add(self, other: Units) -> Units {
        self.checked_add(other).expect("units do not overflow here")
    }
}

impl std::ops::Sub for Units {
    type Output = Units;
    fn sub(self, other: Units) -> Units {
        self.checked_sub(other).expect("units do not underflow here")
    }
}

impl std::ops::AddAssign for Units {
    fn add_assign(&mut self, other: Units) {
        *self = *self + other;
    }
}

impl std::ops::SubAssign for Units {
    fn sub_assign(&mut self, other: Units) {
        *self = *self - other;
    }
}

impl std::iter::Sum for Units {
    fn sum<I: Iterator<Item = Units>>(units: I) -> Units {
        units.fold(Units::ZERO, |total, next| total + next)
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

// Amounts travel as decimal strings in JSON: numbers lose digits in many clients.
impl Serialize for Units {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as Deserialize>::deserialize(deserializer)?;
        text.parse().map(Units).map_err(|_| {
            serde::de::Error::custom(format!("\"{text}\" is not a whole number of units"))
        })
    }
}

/// Hundredths of a percent, 0 to 10,000.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(transparent)]
pub struct Bps(pub u16);

impl Bps {
    /// This part of a whole, rounded down, without overflow up to the whole.
    pub fn of(self, whole: u128) -> u128 {
        let rest = (whole % 10_000) * u128::from(self.0);
        (whole / 10_000).saturating_mul(self.0.into()).saturating_add(rest / 10_000)
    }

    /// The same, rounded up.
    pub fn of_rounded_up(self, whole: u128) -> u128 {
        let rest = (whole % 10_000) * u128::from(self.0);
        self.of(whole).saturating_add(u128::from(!rest.is_multiple_of(10_000)))
    }
}

/// So many new units for so many old ones.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Ratio {
    /// For every `old` units so many.
    pub new: u32,
    /// Of so many.
    pub old: u32,
}

impl Ratio {
    /// None if one of them is zero.
    pub fn of_some(new: u32, old: u32) -> Option<Self> {
        (new > 0 && old > 0).then_some(Self { new, old })
    }

    /// True if units stay as many as they are.
    pub fn is_one(self) -> bool {
        self.new == self.old
    }

    /// What units become, rounded down, and the rest: so many parts of a new unit, of which `old` make one. None if
    /// it does not fit in 128 bits.
    pub fn of(self, units: u128) -> Option<(u128, u32)> {
        let (new, old) = (u128::from(self.new), u128::from(self.old));
        let part = units % old * new;
        let made = (units / old).checked_mul(new)?.checked_add(part / old)?;
        Some((made, (part % old) as u32))
    }

    /// What units become, rounded up; as much as can be if it does not fit.
    pub fn of_rounded_up(self, units: u128) -> u128 {
        let made = self.of(units).map(|(made, rest)| made.saturating_add(u128::from(rest > 0)));
        made.unwrap_or(u128::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_ratio_rounds_down_and_tells_the_rest(units in 0..u128::from(u64::MAX), new in 1..u32::MAX, old in 1..u32::MAX) {
            let ratio = Ratio::of_some(new, old).unwrap();
            let (made, rest) = ratio.of(units).unwrap();
            prop_assert!(rest < old);
            prop_assert_eq!(made * u128::from(old) + u128::from(rest), units * u128::from(new));
            prop_assert_eq!(ratio.of_rounded_up(units), made + u128::from(rest > 0));
        }

        #[test]
        fn what_does_not_fit_is_said(units: u128) {
            let double = Ratio::of_some(2, 1).unwrap();
            prop_assert_eq!(double.of(units).is_some(), units <= u128::MAX / 2);
            prop_assert_eq!(Ratio::of_some(7, 7).unwrap().of(units), Some((units, 0)));
        }
    }
}

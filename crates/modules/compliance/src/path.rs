//! Paths: which of the choices that a law offers was relied on.

use crate::{PROFILES, Refusal, Rule, check, profile::MAX_ADOPTIONS};
use borsh::{
    BorshDeserialize, BorshSerialize,
    io::{self, Error, ErrorKind, Read, Write},
};
use serde::{Deserialize, Serialize};
use state::Context;
use std::fmt;
use types::{Name, ensure};

/// Laws that may offer a choice: the issuer's policy, and every profile that an asset can adopt.
const LAWS: usize = 1 + MAX_ADOPTIONS;

/// A path relied on: one of the choices of an `any`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Path {
    /// The number of the adopted profile whose path it is; 0 for the issuer's policy.
    pub law: u16,
    /// Its place among all that this law offers, from 1: those of one name are one.
    pub place: u8,
    /// What it is called.
    pub name: Name,
}

/// What the paths of a law are called, in their order, after those that its earlier rules offered: these keep their
/// places. A profile offers those of the profiles that it refers to. Refuses more than a lot can say.
pub(crate) fn offered<'r>(
    ctx: &Context<'_>,
    mut before: Vec<Name>,
    rules: impl IntoIterator<Item = &'r [Rule]>,
) -> Result<Vec<Name>, Refusal> {
    let mut offer = |name: &str| {
        if before.iter().all(|known| **known != *name) {
            before.push(Name::new(name));
        }
    };
    for rules in rules {
        check::each(rules, &mut |rule| match rule {
            Rule::Any(paths) => paths.iter().for_each(|(name, _)| offer(name)),
            Rule::By { profile, version } => {
                let record = PROFILES.read(ctx, &(profile.clone(), *version));
                let names = record.into_iter().flat_map(|record| record.paths.iter());
                names.for_each(|name| offer(name));
            }
            _ => {}
        });
    }
    let why = "255 names of paths are offered in all; use one again";
    ensure(before.len() <= usize::from(u8::MAX), check::bad("rules", why))?;
    Ok(before)
}

/// The paths under which units came to their holder: of each law that offered a choice, which.
///
/// Written as a list of numbers, those of the laws upwards: the law in the high byte, its path in the low one.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<u16>", try_from = "Vec<u16>")]
pub struct Paths([u8; LAWS]);

impl Paths {
    /// No law offered a choice.
    pub const NONE: Self = Self([0; LAWS]);

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }

    /// The paths and those of other laws; of one law the earlier stands.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        for (place, other) in self.0.iter_mut().zip(others.0) {
            *place = if *place == 0 { other } else { *place };
        }
        self
    }

    /// Each as a number: the law in the high byte, its path in the low one.
    pub fn numbers(&self) -> impl Iterator<Item = u16> {
        let all = (0u16..).zip(self.0);
        all.filter(|(_, place)| *place != 0).map(|(law, place)| law << 8 | u16::from(place))
    }
}

impl Default for Paths {
    fn default() -> Self {
        Self::NONE
    }
}

impl fmt::Debug for Paths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.numbers()).finish()
    }
}

impl<'p> FromIterator<&'p Path> for Paths {
    fn from_iter<I: IntoIterator<Item = &'p Path>>(paths: I) -> Self {
        let mut all = Self::NONE;
        for path in paths {
            all.0[usize::from(path.law)] = path.place;
        }
        all
    }
}

impl From<Paths> for Vec<u16> {
    fn from(paths: Paths) -> Self {
        paths.numbers().collect()
    }
}

/// Refuses numbers out of order, of no law and of no path: what is written can be written in one way only.
impl TryFrom<Vec<u16>> for Paths {
    type Error = &'static str;

    fn try_from(numbers: Vec<u16>) -> Result<Self, &'static str> {
        let mut all = Self::NONE;
        for number in &numbers {
            let place = all.0.get_mut(usize::from(number >> 8)).ok_or("paths: no such law")?;
            *place = *number as u8;
        }
        match all.numbers().eq(numbers) {
            true => Ok(all),
            false => Err("paths: one of each law, upwards, each from 1"),
        }
    }
}

impl BorshSerialize for Paths {
    fn serialize<W: Write>(&self, writer: &mut W) -> io::Result<()> {
        BorshSerialize::serialize(&Vec::from(*self), writer)
    }
}

impl BorshDeserialize for Paths {
    fn deserialize_reader<R: Read>(reader: &mut R) -> io::Result<Self> {
        let numbers = Vec::<u16>::deserialize_reader(reader)?;
        numbers.try_into().map_err(|why| Error::new(ErrorKind::InvalidData, why))
    }
}

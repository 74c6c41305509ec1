//! Limits as expressions: what a counter is compared with. RULEBOOK section 2.1.

use crate::{About, Filter, Side};
use borsh::{BorshDeserialize, BorshSerialize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{Bps, Currency, Name, Span, Units};

/// An amount that is known when a movement is judged. Parts are rounded against who moves: a greatest
/// amount down, a least amount up.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Limit {
    /// A number.
    Number(Units),
    /// The value of a current claim: an income, a net worth, a limit that a provider signed.
    Claim {
        /// Whose.
        side: Side,
        /// About what.
        topic: u32,
    },
    /// The value of a fact that was attested.
    Fact {
        /// About what.
        #[serde(default)]
        about: About,
        /// Which.
        fact: Name,
    },
    /// How many persons hold the asset, before the movement.
    Holders(Filter),
    /// Units that others than the issuer hold, before the movement.
    Outstanding,
    /// The units that move.
    Units,
    /// What is paid for them, in minor units of the currency it is paid in.
    Paid,
    /// A part of an amount.
    Part {
        /// How much of it.
        part: Bps,
        /// Of what.
        of: Box<Limit>,
    },
    /// What is paid in a currency, in its minor units; not known if something else is paid.
    PaidIn(Currency),
    /// Several together.
    Sum(Vec<Limit>),
    /// The least of several.
    Least(Vec<Limit>),
    /// The greatest of several.
    Greatest(Vec<Limit>),
    /// One amount or another.
    If {
        /// If this one is less
        less: Box<Limit>,
        /// than that one,
        than: Box<Limit>,
        /// then this,
        then: Box<Limit>,
        /// else that.
        otherwise: Box<Limit>,
    },
    /// How many persons hold the class that moves, before the movement; where none moves, the class that most hold.
    HoldersOfClass(Filter),
    /// Units of the class that moves that others than the issuer hold, before the movement.
    OutstandingOfClass,
    /// Units that certain holders have together after the movement, but for what the issuer itself holds.
    Held(Filter),
}

impl Limit {
    /// True if it says what certain holders have together.
    pub(crate) fn is_of_held(&self) -> bool {
        matches!(self, Limit::Held(_)) || self.inner().into_iter().any(Limit::is_of_held)
    }

    /// True if the movement brings some of it along.
    pub(crate) fn is_of_movement(&self) -> bool {
        use Limit::*;
        let brings = matches!(self, Units | Paid | PaidIn(_) | Claim { .. });
        brings || self.inner().into_iter().any(Limit::is_of_movement)
    }

    /// Whose claim it reads, if it reads one.
    pub(crate) fn side(&self) -> Option<Side> {
        match self {
            Limit::Claim { side, .. } => Some(*side),
            _ => self.inner().into_iter().find_map(Limit::side),
        }
    }

    /// The expressions right inside.
    pub(crate) fn inner(&self) -> Vec<&Limit> {
        match self {
            Limit::Part { of, .. } => vec![of],
            Limit::Sum(limits) | Limit::Least(limits) | Limit::Greatest(limits) => {
                limits.iter().collect()
            }
            Limit::If { less, than, then, otherwise } => vec![less, than, then, otherwise],
            _ => Vec::new(),
        }
    }
}

/// The time over which something is added up.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Period {
    /// From the beginning.
    #[default]
    Ever,
    /// The span before the movement: W at T covers (T - W, T].
    Rolling(Span),
    /// Spans one after the other, each from the first movement after the last was over.
    Fixed(Span),
    /// Years that begin on a day: a fiscal year.
    Year {
        /// The month, from 1.
        month: u8,
        /// The day of the month, from 1.
        day: u8,
    },
    /// Since a fact about the asset last came true.
    Since(Name),
    /// Calendar months.
    Month,
}

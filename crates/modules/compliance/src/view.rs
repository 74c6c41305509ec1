//! What of a judgement is shown to whom: each side sees what stands against itself in full, and of the other no more than
//! that something does. RULEBOOK section 2.4.
//!
//! It is for who shows answers to others: an exchange to a buyer what stands against the seller. What is said on chain is
//! public, and hidden from nobody by this.

use crate::{Decision, Layer, Reason, ReasonCode, Side};
use serde::Deserialize;

/// Who looks at a judgement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The issuer's agent, a supervisor: everything.
    #[default]
    All,
    /// Who gives.
    Sender,
    /// Who gets.
    Receiver,
    /// Anybody else.
    Public,
}

impl View {
    /// True if what is about a party is shown.
    pub fn shows(self, side: Side) -> bool {
        match self {
            View::All => true,
            View::Sender => side == Side::Sender,
            View::Receiver => side == Side::Receiver,
            View::Public => false,
        }
    }
}

impl Reason {
    /// The party to whom its facts belong, if they are one's own: what it is, has or did.
    fn owner(&self) -> Option<Side> {
        use ReasonCode::*;
        let is_party = |side: &Side| matches!(side, Side::Sender | Side::Receiver);
        self.side.filter(is_party).or(match self.code {
            InsufficientBalance | UnitsHeld | FrozenFrom | InDispute | FullOnly | LockedLot
            | UnpaidLot | VolumeLimit => Some(Side::Sender),
            FrozenTo | NotApproached | CapAmountInvestor => Some(Side::Receiver),
            _ => None,
        })
    }
}

impl Decision {
    /// What one who looks may see of it. Of a party that is not its own no more is told than that the movement may not be
    /// made with it: not why, and neither when nor how much would pass; nor where a buyer resides whose country is not
    /// open. What follows from the movement is told to who sees everything: it is what both have done.
    #[must_use]
    pub fn seen_by(mut self, view: View) -> Self {
        if view != View::All {
            self.consequences.clear();
        }
        let mut reasons: Vec<Reason> = Vec::with_capacity(self.reasons.len());
        for mut reason in self.reasons {
            let hidden = reason.owner().filter(|side| !view.shows(*side));
            if reason.side.is_none() && !view.shows(Side::Receiver) {
                reason.country = None;
            }
            let reason = match hidden {
                None => reason,
                Some(side) => {
                    (self.earliest_ok, self.max_ok) = (None, None);
                    Reason::new(Layer::Network, ReasonCode::NotEligible).of(side)
                }
            };
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        Self { reasons, ..self }
    }
}

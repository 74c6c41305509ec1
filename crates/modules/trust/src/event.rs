//! What trust announces.

use crate::{FuelSchedule, GrantKey, Power, Scope, Sponsorship};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use types::{PersonId, Time, Units};

/// A fact about powers. Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Event {
    Granted { grant: GrantKey, by: Option<crate::Grantee>, limit: Option<Units>, expires: Time },
    Revoked { grant: GrantKey, by: crate::Grantee },
    Used { grant: GrantKey, units: Units, remaining: Units },
    QuorumSet { power: Power, scope: Scope, members: Vec<PersonId>, threshold: u16 },
    QuorumRemoved { power: Power, scope: Scope },
    Proposed { proposal: u64, power: Power, scope: Scope, proposer: PersonId, deadline: Time },
    Approved { proposal: u64, person: PersonId, approvals: u16 },
    ProposalDone { proposal: u64 },
    ProposalWithdrawn { proposal: u64 },
    Sponsored { person: PersonId, sponsorship: Sponsorship },
    SponsorshipEnded { person: PersonId },
    FuelCredited { person: PersonId, gas: u64 },
    ScheduleSet { schedule: FuelSchedule },
    SponsorshipAccepted { person: PersonId, sponsor: PersonId },
}

//! What trust announces.

use crate::{FuelSchedule, GrantKey, Power, Role, Scope, Sponsorship, Standing};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use types::{Address, AssetId, B256, PersonId, Terms, Time, Units};

/// A fact about powers. Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Event {
    Granted {
        grant: GrantKey,
        by: Option<crate::Grantee>,
        limit: Option<Units>,
        expires: Time,
        terms: Terms,
    },
    Revoked {
        grant: GrantKey,
        by: crate::Grantee,
    },
    /// Every use by a contract, and every other that something limits; the largest number is without limit.
    Used {
        grant: GrantKey,
        units: Units,
        remaining: Units,
    },
    QuorumSet {
        power: Power,
        scope: Scope,
        members: Vec<PersonId>,
        threshold: u16,
    },
    QuorumRemoved {
        power: Power,
        scope: Scope,
    },
    Proposed {
        proposal: u64,
        power: Power,
        scope: Scope,
        proposer: PersonId,
        deadline: Time,
    },
    Approved {
        proposal: u64,
        person: PersonId,
        approvals: u16,
    },
    ProposalDone {
        proposal: u64,
    },
    ProposalWithdrawn {
        proposal: u64,
    },
    Sponsored {
        person: PersonId,
        sponsorship: Sponsorship,
    },
    SponsorshipEnded {
        person: PersonId,
    },
    FuelCredited {
        person: PersonId,
        gas: u64,
    },
    ScheduleSet {
        schedule: FuelSchedule,
    },
    SponsorshipAccepted {
        person: PersonId,
        sponsor: PersonId,
    },
    RoleSet {
        role: Role,
        person: PersonId,
        standing: Standing,
    },
    AppPublished {
        app: u64,
        developer: PersonId,
        version: u32,
        manifest: B256,
        contracts: Vec<(Address, B256)>,
    },
    AppStanding {
        app: u64,
        standing: Standing,
    },
    CodeAttested {
        code: B256,
        auditor: PersonId,
        report: B256,
        uri: String,
        expires: Time,
    },
    AttestationWithdrawn {
        code: B256,
        auditor: PersonId,
    },
    AttestationDemanded {
        asset: AssetId,
        demanded: bool,
    },
}

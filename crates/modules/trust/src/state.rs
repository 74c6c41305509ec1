//! Every table of trust.

use crate::app::{
    APPS, ATTESTATIONS, CONTRACTS, DEMANDS, LOAN_COUNT, LOAN_PLACES, LOANS, NEXT_APP, ROLES,
};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::{Schema, Table};
use std::fmt::{self, Write};
use types::{Address, AssetId, ClassId, Module, PersonId, Terms, Time, Units};

/// Every power ever granted, as it stands now.
pub const GRANTS: Table<GrantKey, Grant> = Table::new(Module::Trust, 0, "trust/grants");
/// Powers that only several together may use.
pub const QUORUMS: Table<(Power, Scope), Quorum> = Table::new(Module::Trust, 1, "trust/quorums");
/// What waits for approval, or was decided.
pub const PROPOSALS: Table<u64, Proposal> = Table::new(Module::Trust, 2, "trust/proposals");
/// How much fuel a person has.
pub const TANKS: Table<PersonId, Tank> = Table::new(Module::Trust, 3, "trust/tanks");
/// Who pays for a person.
pub const SPONSORS: Table<PersonId, Sponsorship> = Table::new(Module::Trust, 4, "trust/sponsors");
/// How fuel grows.
pub const SCHEDULE: Table<(), FuelSchedule> = Table::new(Module::Trust, 5, "trust/fuel_schedule");
/// The next proposal's number.
pub const NEXT_PROPOSAL: Table<(), u64> = Table::new(Module::Trust, 6, "trust/next_proposal");
/// Every act of granting and revoking in a scope, in order: the whole trail. TRU-4.
pub const TRAIL: Table<(Scope, u32), Act> = Table::new(Module::Trust, 7, "trust/trail");
/// How many entries a scope's trail has.
pub const TRAIL_LENGTH: Table<Scope, u32> = Table::new(Module::Trust, 8, "trust/trail_length");

/// Adds the tables of trust.
pub fn tables(schema: Schema) -> Schema {
    schema
        .with(&GRANTS)
        .with(&QUORUMS)
        .with(&PROPOSALS)
        .with(&TANKS)
        .with(&SPONSORS)
        .with(&SCHEDULE)
        .with(&NEXT_PROPOSAL)
        .with(&TRAIL)
        .with(&TRAIL_LENGTH)
        .with(&APPS)
        .with(&NEXT_APP)
        .with(&CONTRACTS)
        .with(&ATTESTATIONS)
        .with(&ROLES)
        .with(&DEMANDS)
        .with(&LOANS)
        .with(&LOAN_COUNT)
        .with(&LOAN_PLACES)
}

/// What a grant allows. Places are on the wire: append, never reorder.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// Grant and revoke powers in the scope, and set its quorums.
    Admin,
    /// Admit, suspend and end KYC providers.
    Providers,
    /// Apply sanctions lists.
    Sanctions,
    /// Suspend and reinstate persons by order.
    Orders,
    /// Create assets.
    CreateAsset,
    /// Credit fuel and change its schedule.
    Fuel,
    /// Issue units.
    Issue,
    /// Redeem units.
    Redeem,
    /// Freeze holders, parts of positions, classes.
    Freeze,
    /// Move or redeem units by order.
    Force,
    /// Set the asset's rules and lists.
    Rules,
    /// Publish documents.
    Documents,
    /// Change the authorised supply, classes and terms.
    Terms,
    /// Halt and resume the asset.
    Pause,
    /// Take checkpoints.
    Checkpoint,
    /// Register profiles, put law into force, attest facts of the network.
    Law,
    /// Admit, suspend and end developers and auditors; suspend and end apps.
    Apps,
}

/// As on the wire and the command line: `create_asset`.
impl fmt::Display for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, letter) in format!("{self:?}").chars().enumerate() {
            if letter.is_ascii_uppercase() && place > 0 {
                f.write_char('_')?;
            }
            f.write_char(letter.to_ascii_lowercase())?;
        }
        Ok(())
    }
}

impl Power {
    /// Its bit in a set of powers.
    pub const fn bit(self) -> u32 {
        1 << self as u8
    }

    /// True if units are counted when it is used: then a limit and terms bound them.
    pub const fn counts(self) -> bool {
        matches!(self, Power::Issue | Power::Redeem | Power::Force)
    }

    /// The least that it is used for: one unit, where units are counted.
    pub fn least(self) -> Option<Units> {
        self.counts().then_some(Units(1))
    }

    /// False if a contract cannot have it: what it did with it would outlast what it was given. TRU-7.
    pub const fn is_lendable(self) -> bool {
        !matches!(self, Power::Admin | Power::CreateAsset)
    }

    /// The set of all powers.
    pub(crate) const fn all_bits() -> u32 {
        2 * Power::Apps.bit() - 1
    }
}

/// Where a grant applies.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The whole chain.
    Network,
    /// One asset, all classes.
    Asset(AssetId),
    /// One class of one asset.
    Class(AssetId, ClassId),
}

/// In words: the network, an asset, a class of one.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Network => f.write_str("the network"),
            Scope::Asset(asset) => asset.fmt(f),
            Scope::Class(asset, class) => write!(f, "{class} of {asset}"),
        }
    }
}

impl Scope {
    /// The asset it is about, if any.
    pub fn asset(self) -> Option<AssetId> {
        match self {
            Scope::Network => None,
            Scope::Asset(asset) | Scope::Class(asset, _) => Some(asset),
        }
    }
}

/// Who has a grant.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// A person, through any wallet that owns an account of it.
    Person(PersonId),
    /// A guest contract: on its own, or published as part of an app.
    App(Address),
}

impl From<PersonId> for Grantee {
    fn from(person: PersonId) -> Self {
        Grantee::Person(person)
    }
}

/// Names a grant: one per grantee, power and scope.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct GrantKey {
    /// Who has it.
    pub grantee: Grantee,
    /// What it allows.
    pub power: Power,
    /// Where.
    pub scope: Scope,
}

/// A grant.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Grant {
    /// Units it may still be used for; `None` is without limit.
    pub remaining: Option<Units>,
    /// Until when, exclusive.
    pub expires: Time,
    /// Who gave it; genesis has none.
    pub granted_by: Option<Grantee>,
    /// When.
    pub granted_at: Time,
    /// When it was revoked.
    pub revoked: Option<Time>,
    /// What bounds each use.
    pub terms: Terms,
    /// The wallet that gave it: what a contract was given lasts while that wallet can act.
    pub wallet: Option<Address>,
}

/// One act of granting or revoking.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Act {
    /// The grant.
    pub grant: GrantKey,
    /// Who acted; genesis has none.
    pub by: Option<Grantee>,
    /// When.
    pub at: Time,
    /// The limit, end and terms given; none if it was revoked.
    pub given: Option<(Option<Units>, Time, Terms)>,
}

/// Who must agree, and how many of them.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Quorum {
    /// The members, sorted, each once.
    pub members: Vec<PersonId>,
    /// How many must approve.
    pub threshold: u16,
}

/// How a proposal stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ProposalStatus {
    /// Waiting for approvals.
    Open,
    /// Carried out.
    Done,
    /// Withdrawn by who made it, or rejected by so many that it cannot pass.
    Closed,
}

/// A call that needs a quorum.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Proposal {
    /// The power it uses.
    pub power: Power,
    /// Where.
    pub scope: Scope,
    /// The call, encoded; carried out exactly so.
    pub call: Vec<u8>,
    /// Who proposed it.
    pub proposer: PersonId,
    /// Until when it may be approved, inclusive.
    pub deadline: Time,
    /// Who approved, sorted, each once.
    pub approvals: Vec<PersonId>,
    /// How it stands.
    pub status: ProposalStatus,
}

/// A person's fuel, in gas.
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
pub struct Tank {
    /// How much there was when it was last written.
    pub level: u64,
    /// When that was.
    pub updated: Time,
    /// Fuel bought: it does not regenerate, and is used after what does.
    pub bought: u64,
}

/// One who pays for another.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Sponsorship {
    /// Whose fuel is used.
    pub sponsor: PersonId,
    /// Gas left to use.
    pub remaining: u64,
    /// Until when, exclusive.
    pub expires: Time,
    /// True once the person said that this one shall pay: then no other takes its place.
    pub is_accepted: bool,
}

/// How much fuel a person has by its standing, and how fast it comes back.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct FuelSchedule {
    /// Gas that a registered person's tank holds.
    pub registered_capacity: u64,
    /// Gas that the tank of a person with current due diligence holds.
    pub verified_capacity: u64,
    /// Milliseconds in which an empty tank fills.
    pub refill_ms: u64,
}

impl Default for FuelSchedule {
    fn default() -> Self {
        Self {
            registered_capacity: 5_000_000,
            verified_capacity: 100_000_000,
            refill_ms: 3_600_000,
        }
    }
}

//! Trust at height zero: the first grants, and how fuel grows.

use crate::{FuelSchedule, GrantKey, Grantee, Power, Refusal, SCHEDULE, Scope, ops};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::Context;
use types::{PersonId, Time, ensure};

/// Who may do what from the start.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// How fuel grows.
    #[serde(default)]
    pub fuel: FuelSchedule,
    /// Powers over the network.
    pub grants: Vec<GenesisGrant>,
}

/// A power over the network.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisGrant {
    /// Who has it.
    pub person: PersonId,
    /// What it allows.
    pub powers: Vec<Power>,
}

/// Writes the first grants.
pub fn apply(ctx: &mut Context<'_>, genesis: &Genesis) -> Result<(), Refusal> {
    ops::check_schedule(&genesis.fuel)?;
    SCHEDULE.put(ctx, &(), genesis.fuel);
    for grant in &genesis.grants {
        ensure(
            identity::person(ctx, grant.person).is_some(),
            Refusal::UnknownPerson(grant.person),
        )?;
        for power in &grant.powers {
            ops::check_scope(*power, Scope::Network)?;
            let key = GrantKey {
                grantee: Grantee::Person(grant.person),
                power: *power,
                scope: Scope::Network,
            };
            ops::write_grant(ctx, key, None, Time::NEVER, None);
        }
    }
    Ok(())
}

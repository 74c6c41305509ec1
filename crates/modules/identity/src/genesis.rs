//! Identity at height zero: the first persons and providers, numbered in their order from 1.

use crate::{
    ClaimGiven, PERSONS, PROGRESS, PROVIDERS, PersonKind, Provider, Refusal, Registration, ops,
};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::Context;
use types::{Address, B256, Country, PersonId, sha256};

/// Who is there from the start.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// How long a recovery waits before it can be completed, milliseconds.
    #[serde(default)]
    pub recovery_delay_ms: u64,
    /// Persons; the first has the number 1.
    pub persons: Vec<GenesisPerson>,
}

/// A person who is there from the start.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisPerson {
    /// Its wallet.
    pub wallet: Address,
    /// What kind.
    pub kind: PersonKind,
    /// Where it resides.
    pub residence: Country,
    /// True for a KYC provider. The first provider answers for all persons of the genesis.
    #[serde(default)]
    pub provider: bool,
    /// What the first provider attests.
    #[serde(default)]
    pub claims: Vec<ClaimGiven>,
}

/// Writes the first persons.
pub fn apply(ctx: &mut Context<'_>, genesis: &Genesis) -> Result<(), Refusal> {
    let minute = ctx.now().0 / ops::MINUTE_MS;
    PROGRESS.update(ctx, &(), |progress| {
        progress.next_person = 1;
        progress.lapse_minute = minute;
        progress.recovery_delay_ms = genesis.recovery_delay_ms;
    });
    let first = genesis.persons.iter().position(|person| person.provider);
    let provider = PersonId(first.map_or(1, |index| index as u64 + 1));
    for (index, person) in genesis.persons.iter().enumerate() {
        if person.provider {
            let id = PersonId(index as u64 + 1);
            PROVIDERS.put(ctx, &id, Provider { is_active: true, cut_off: None, attested: 0 });
        }
    }
    for person in &genesis.persons {
        let GenesisPerson { wallet, kind, residence, claims, .. } = person.clone();
        let uniqueness: B256 = sha256(&[b"scrip genesis person", wallet.as_slice()]);
        let registration = Registration { wallet, kind, residence, uniqueness, claims };
        ops::check(ctx, &registration)?;
        ops::register(ctx, provider, registration);
    }
    assert!(PERSONS.read(ctx, &PersonId(genesis.persons.len() as u64 + 1)).is_none());
    Ok(())
}

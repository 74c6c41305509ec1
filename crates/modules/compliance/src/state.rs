//! Every table of compliance.

use crate::{Filter, PersonList, Policy};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::{Schema, Table};
use std::sync::Arc;
use types::{AssetId, Country, Module, PersonId, Time, Units};

/// The policy of an asset, with its version.
pub const POLICIES: Table<AssetId, PolicyRecord> =
    Table::new(Module::Compliance, 0, "compliance/policies");
/// Members of the lists that assets keep.
pub const LISTS: Table<(AssetId, PersonList, PersonId), Listed> =
    Table::new(Module::Compliance, 1, "compliance/lists");
/// How many persons hold an asset, by filter.
pub const COUNTS: Table<(AssetId, Filter), u32> =
    Table::new(Module::Compliance, 2, "compliance/counts");
/// What a person holds of an asset over all accounts and classes, and as what it is counted.
pub const COUNTED: Table<(AssetId, PersonId), Counted> =
    Table::new(Module::Compliance, 3, "compliance/counted");
/// The persons that hold an asset, by ordinal.
pub const HOLDERS: Table<(AssetId, u32), PersonId> =
    Table::new(Module::Compliance, 4, "compliance/holders");
/// The assets that a person holds, by ordinal.
pub const HELD: Table<(PersonId, u32), AssetId> =
    Table::new(Module::Compliance, 5, "compliance/held");
/// How many assets a person holds.
pub const HELD_COUNT: Table<PersonId, u32> =
    Table::new(Module::Compliance, 6, "compliance/held_count");

/// Adds the tables of compliance.
pub fn tables(schema: Schema) -> Schema {
    schema
        .with(&POLICIES)
        .with(&LISTS)
        .with(&COUNTS)
        .with(&COUNTED)
        .with(&HOLDERS)
        .with(&HELD)
        .with(&HELD_COUNT)
}

/// A policy in force.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct PolicyRecord {
    /// Counts the policies of this asset from 1.
    pub version: u32,
    /// Since when it is in force.
    pub since: Time,
    /// The topics by which its holders are counted, sorted.
    pub topics: Arc<Vec<u32>>,
    /// The rules.
    pub policy: Arc<Policy>,
}

/// An entry of a list.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Listed {
    /// From when on.
    pub from: Time,
    /// Until when, exclusive.
    pub until: Time,
}

/// A person's holding and as what it is counted.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Counted {
    /// Units over all accounts and classes.
    pub units: Units,
    /// The residence it is counted under.
    pub country: Country,
    /// A bit for each of the policy's topics, from the lowest: set if it is counted as having it. A policy
    /// has at most 128 rules, and so no more topics.
    pub has: u128,
    /// Its place in `HOLDERS`.
    pub holder: u32,
    /// The asset's place in `HELD`.
    pub held: u32,
}

//! What compliance announces.

use crate::PersonList;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use types::{AssetId, B256, PersonId, Time};

/// A fact about rules. Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Event {
    PolicySet { asset: AssetId, version: u32, policy: B256 },
    Listed { asset: AssetId, list: PersonList, person: PersonId, from: Time, until: Time },
    Delisted { asset: AssetId, list: PersonList, person: PersonId },
}

//! What compliance announces.

use crate::{Entry, Filter, ListNumber, Scope, Subject};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use types::{AssetId, B256, ClassId, Country, Name, PersonId, Time, Units};

/// A fact about rules. Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Event {
    PolicySet {
        asset: AssetId,
        version: u32,
        policy: B256,
        report: B256,
    },
    Listed {
        about: Subject,
        list: ListNumber,
        entry: Entry,
        from: Time,
        until: Time,
    },
    Delisted {
        about: Subject,
        list: ListNumber,
        entry: Entry,
    },
    FactAttested {
        about: Subject,
        fact: Name,
        value: Units,
        since: Time,
        until: Time,
        document: B256,
    },
    FactWithdrawn {
        about: Subject,
        fact: Name,
    },
    ProfileRegistered {
        id: Name,
        version: u32,
        profile: B256,
    },
    ProfileAdopted {
        asset: AssetId,
        id: Name,
        version: u32,
        number: u16,
        report: B256,
    },
    ProfileDropped {
        asset: AssetId,
        id: Name,
        number: u16,
        report: B256,
    },
    LawSet {
        country: Country,
        profiles: Vec<(Name, u32)>,
        report: B256,
    },
    Approached {
        asset: AssetId,
        person: PersonId,
    },
    MovementApproved {
        asset: AssetId,
        list: ListNumber,
        from: Option<PersonId>,
        to: Option<PersonId>,
        units: Units,
        by: PersonId,
        until: Time,
        left: Units,
    },
    DutyRaised {
        asset: AssetId,
        profile: Name,
        duty: String,
        due: Time,
    },
    DutyNear {
        asset: AssetId,
        profile: Name,
        duty: String,
    },
    DutyMet {
        asset: AssetId,
        duty: String,
    },
    VenueRulesSet {
        venue: PersonId,
        version: u32,
        rules: B256,
        report: B256,
    },
    CalendarRegistered {
        id: Name,
        version: u32,
        calendar: B256,
    },
    OfferOpened {
        asset: AssetId,
        offer: u32,
    },
    OfferClosed {
        asset: AssetId,
        offer: u32,
    },
    /// A claim that came or ended, or a change of residence, made more holders of a kind than rules allow: no more come
    /// in, and nobody loses what it has. RULEBOOK N6.
    CapExceeded {
        asset: AssetId,
        scope: Scope,
        class: Option<ClassId>,
        filter: Filter,
        holders: u32,
        most: u32,
    },
}

//! What identity announces.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use types::{AccountId, Address, AssetId, B256, Country, Order, PersonId, Terms, Time, Units};

/// A fact about who is who. Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Event {
    PersonRegistered {
        person: PersonId,
        provider: PersonId,
        wallet: Address,
        residence: Country,
    },
    AccountOpened {
        account: AccountId,
        wallet: Address,
    },
    ClaimAttested {
        person: PersonId,
        topic: u32,
        value: u64,
        provider: PersonId,
        dated: Time,
        expires: Time,
    },
    ClaimRevoked {
        person: PersonId,
        topic: u32,
        provider: PersonId,
    },
    ResidenceChanged {
        person: PersonId,
        from: Country,
        to: Country,
    },
    Delegated {
        account: AccountId,
        wallet: Address,
        operations: u32,
        expires: Time,
        asset: Option<AssetId>,
        limit: Option<Units>,
        terms: Terms,
    },
    DelegationRevoked {
        account: AccountId,
        wallet: Address,
    },
    DelegationsFrozen {
        person: PersonId,
        frozen: bool,
    },
    RecoveryStarted {
        account: AccountId,
        wallet: Address,
        ready: Time,
    },
    RecoveryCancelled {
        account: AccountId,
    },
    Recovered {
        account: AccountId,
        lost: Address,
        wallet: Address,
    },
    ProviderAdmitted {
        provider: PersonId,
    },
    ProviderStanding {
        provider: PersonId,
        is_active: bool,
    },
    ProviderCutOff {
        provider: PersonId,
        at: Time,
        keep_earlier: bool,
    },
    PersonSuspended {
        person: PersonId,
        order: Order,
        by: Address,
    },
    PersonReinstated {
        person: PersonId,
        order: Order,
        by: Address,
    },
    SanctionsHit {
        person: PersonId,
        list_version: u32,
    },
    SanctionsCleared {
        person: PersonId,
        list_version: u32,
    },
    CareChanged {
        person: PersonId,
        from: PersonId,
        to: PersonId,
    },
    BookMoved {
        from: PersonId,
        to: PersonId,
        persons: u32,
        order: Order,
    },
    /// A wallet acted for an account within its delegation, of which so much is left.
    DelegationUsed {
        account: AccountId,
        wallet: Address,
        asset: AssetId,
        operation: u32,
        units: Units,
        left: Option<Units>,
    },
    /// A person died, as this document of a register says; by order, if not by its provider.
    DeathRecorded {
        person: PersonId,
        died: Time,
        order: Order,
        by_order: bool,
    },
    /// It lives: the record was wrong.
    DeathWithdrawn {
        person: PersonId,
        order: Order,
    },
    /// One human had two numbers: all that are counted as the first are counted as the second from now on.
    PersonsMerged {
        person: PersonId,
        into: PersonId,
        order: Order,
    },
    /// A suspended person contests the order of this key that suspends it.
    SuspensionContested {
        person: PersonId,
        order: B256,
        document: B256,
        by: Address,
    },
    /// A contested suspension stands.
    SuspensionConfirmed {
        person: PersonId,
        order: B256,
        document: B256,
        by: Address,
    },
}

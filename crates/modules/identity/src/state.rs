//! Every table of identity.

use crate::{Claims, Dispute};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::{Schema, Table};
use types::{
    AccountId, Address, AssetId, B256, Country, Module, Orders, PersonId, Terms, Time, Units,
};

/// Every person, by number.
pub const PERSONS: Table<PersonId, Person> = Table::new(Module::Identity, 0, "identity/persons");
/// Which wallet owns an account.
pub const ACCOUNTS: Table<AccountId, Address> =
    Table::new(Module::Identity, 1, "identity/accounts");
/// Every wallet that ever owned an account, living or dead.
pub const WALLETS: Table<Address, Wallet> = Table::new(Module::Identity, 2, "identity/wallets");
/// What providers attest about a person.
pub const CLAIMS: Table<PersonId, Claims> = Table::new(Module::Identity, 3, "identity/claims");
/// Who may attest.
pub const PROVIDERS: Table<PersonId, Provider> =
    Table::new(Module::Identity, 4, "identity/providers");
/// Which person a uniqueness commitment belongs to.
pub const UNIQUE: Table<B256, PersonId> = Table::new(Module::Identity, 5, "identity/unique");
/// Which wallets act for an account they do not own.
pub const DELEGATIONS: Table<(AccountId, Address), Delegation> =
    Table::new(Module::Identity, 6, "identity/delegations");
/// Accounts waiting to be bound to a new wallet.
pub const RECOVERIES: Table<AccountId, Recovery> =
    Table::new(Module::Identity, 7, "identity/recoveries");
/// Persons hit by a sanctions list, with the list's version.
pub const SANCTIONS: Table<PersonId, u32> = Table::new(Module::Identity, 8, "identity/sanctions");
/// The persons about whom a provider attested something, by ordinal, for the day it is cut off.
pub const ATTESTED: Table<(PersonId, u64), PersonId> =
    Table::new(Module::Identity, 9, "identity/attested");
/// What lapses in a minute since 1970, in pages.
pub const LAPSES: Table<(u64, u32), Vec<Lapse>> =
    Table::new(Module::Identity, 10, "identity/lapses");
/// Numbers to give next, and how far lapses are worked off.
pub const PROGRESS: Table<(), Progress> = Table::new(Module::Identity, 11, "identity/progress");
/// The minutes in which something lapses.
pub const MINUTES: Table<u64, Minute> = Table::new(Module::Identity, 12, "identity/minutes");
/// Until when the last word was good by which a person changed its provider.
pub const CARE_WORDS: Table<PersonId, Time> =
    Table::new(Module::Identity, 13, "identity/care_words");
/// How often what was found of claims was outdated at once: a provider was given an end, or what is asked has changed.
pub const OUTDATED: Table<(), u32> = Table::new(Module::Identity, 14, "identity/outdated");

/// The orders that suspend a person, each until it expires.
pub const SUSPENSIONS: Table<PersonId, Orders> =
    Table::new(Module::Identity, 15, "identity/suspensions");

/// Every number of a human being that has several, by the one under which it is counted; that one stands first.
pub const NUMBERS: Table<PersonId, Vec<PersonId>> =
    Table::new(Module::Identity, 16, "identity/numbers");

/// The last dispute over an account's key.
pub const DISPUTES: Table<AccountId, Dispute> =
    Table::new(Module::Identity, 17, "identity/disputes");

/// Adds the tables of identity.
pub fn tables(schema: Schema) -> Schema {
    schema
        .with(&PERSONS)
        .with(&ACCOUNTS)
        .with(&WALLETS)
        .with(&CLAIMS)
        .with(&PROVIDERS)
        .with(&UNIQUE)
        .with(&DELEGATIONS)
        .with(&RECOVERIES)
        .with(&SANCTIONS)
        .with(&ATTESTED)
        .with(&LAPSES)
        .with(&PROGRESS)
        .with(&MINUTES)
        .with(&CARE_WORDS)
        .with(&OUTDATED)
        .with(&SUSPENSIONS)
        .with(&NUMBERS)
        .with(&DISPUTES)
}

/// What kind of person.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// A human being.
    Natural,
    /// A company or public body.
    Entity,
    /// A trust.
    Trust,
    /// A fund.
    Fund,
}

/// A person as the chain knows it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Person {
    /// What kind.
    pub kind: PersonKind,
    /// Where it resides.
    pub residence: Country,
    /// The provider that answers for it.
    pub provider: PersonId,
    /// When it was registered.
    pub registered: Time,
    /// When it came to where it resides, if that was after it was registered. All numbers of one human are told alike.
    pub moved: Option<Time>,
    /// How many accounts it has.
    pub accounts: u16,
    /// Until when the latest order suspends it, of those in `SUSPENSIONS`: `Time::NEVER` until it is lifted.
    pub suspended: Option<Time>,
    /// True while nobody may act for it but the owners of its accounts.
    pub delegations_frozen: bool,
    /// Grows whenever its claims or its residence change, but by time alone.
    pub epoch: u32,
    /// That it died, where that is on record.
    pub death: Option<Death>,
    /// The number under which it is counted, once several were found to be one human: see `NUMBERS`.
    pub counted_as: Option<PersonId>,
}

/// That a natural person died.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Death {
    /// When.
    pub died: Time,
    /// SHA-256 of the document that says so.
    pub document: B256,
    /// True if it was recorded under the power over orders, and not by its provider.
    pub by_order: bool,
}

impl Person {
    /// True while it lives and no order suspends it.
    pub fn is_active(&self, now: Time) -> bool {
        self.death.is_none() && !self.is_suspended(now)
    }

    /// True while an order suspends it. A suspension ends by itself when its order expires.
    pub fn is_suspended(&self, now: Time) -> bool {
        self.suspended.is_some_and(|until| now < until)
    }
}

/// A wallet that owns, or once owned, an account.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Wallet {
    /// The account.
    pub account: AccountId,
    /// False for ever after the account was bound to another wallet.
    pub is_alive: bool,
}

/// One who may attest claims.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Provider {
    /// False while it may not attest.
    pub is_active: bool,
    /// From when on it no longer stands for what it attested.
    pub cut_off: Option<CutOff>,
    /// How many entries it has in `ATTESTED`.
    pub attested: u64,
}

/// The end of a provider.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct CutOff {
    /// When it takes effect.
    pub at: Time,
    /// True if claims issued before then go on.
    pub keep_earlier: bool,
}

/// What another wallet may do for an account.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Delegation {
    /// Which operations, a set of `operation` bits.
    pub operations: u32,
    /// Of one asset only.
    pub asset: Option<AssetId>,
    /// Units left to move.
    pub limit: Option<Units>,
    /// Until when, exclusive.
    pub expires: Time,
    /// The wallet that gave it: once another owns the account, the delegation is void.
    pub given_by: Address,
    /// What bounds each use.
    pub terms: Terms,
}

/// What a delegation may allow.
pub mod operation {
    /// Move units out of the account.
    pub const TRANSFER: u32 = 1;
    /// Hold and release units.
    pub const HOLD: u32 = 2;
    /// All of them.
    pub const ALL: u32 = TRANSFER | HOLD;
}

/// An account waiting to be bound to a new wallet.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Recovery {
    /// The new wallet, which consented.
    pub wallet: Address,
    /// The provider that attested.
    pub provider: PersonId,
    /// From when on it may be completed.
    pub ready: Time,
}

/// What lapses at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Lapse {
    /// A claim about this person.
    Claim(PersonId, Time),
    /// Everything this provider stands for, from an ordinal in `ATTESTED` on.
    Provider(PersonId, Time, u64),
}

impl Lapse {
    /// When it lapses.
    pub fn at(&self) -> Time {
        match self {
            Lapse::Claim(_, at) | Lapse::Provider(_, at, _) => *at,
        }
    }
}

/// A minute in which something lapses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Minute {
    /// How many pages it has in `LAPSES`.
    pub pages: u32,
    /// When the first entry is due, or earlier.
    pub next: Time,
}

/// Numbers to give next.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Progress {
    /// The next person's number.
    pub next_person: u64,
    /// The minute from which on lapses wait.
    pub lapse_minute: u64,
    /// How long a recovery waits, milliseconds.
    pub recovery_delay_ms: u64,
}

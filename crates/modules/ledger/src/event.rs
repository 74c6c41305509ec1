//! What the ledger announces.

use crate::{Bound, Freeze, Price};
use borsh::{BorshDeserialize, BorshSerialize};
use compliance::{Exemptions, Paths};
use serde::{Deserialize, Serialize};
use types::{
    AccountId, Address, AssetId, B256, ClassId, Currency, Isin, Name, Order, PersonId, Ratio, Time,
    Units,
};

/// Why units moved. INVARIANTS: every movement has one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// New units.
    Issue,
    /// A holder's own will, or its spender's.
    Transfer,
    /// A hold was delivered.
    Hold,
    /// Units ended.
    Redeem,
    /// By order, to another holder.
    Forced,
    /// By order, ended.
    ForcedRedeem,
    /// What pledged units secure was not paid: they went to whom they secure.
    Pledge,
    /// The same of a pledge with recourse.
    RecoursePledge,
    /// New units for others of the same issuer.
    Exchange,
    /// A part of what was transferred or delivered just before, to a collector.
    Fee,
}

/// A fact about assets. Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Event {
    /// Units moved. The event that changes balances, but for conversions.
    Moved {
        asset: AssetId,
        class: ClassId,
        from: Option<AccountId>,
        to: Option<AccountId>,
        units: Units,
        cause: Cause,
        /// The paths relied on.
        paths: Paths,
        /// The adopted profiles relied on.
        exemptions: Exemptions,
        operator: Address,
    },
    AssetCreated {
        asset: AssetId,
        issuer: PersonId,
        isin: Option<Isin>,
        authorised: Units,
    },
    ClassCreated {
        asset: AssetId,
        class: ClassId,
        name: String,
    },
    AuthorisedChanged {
        asset: AssetId,
        authorised: Units,
    },
    Paused {
        asset: AssetId,
        by: Address,
    },
    Resumed {
        asset: AssetId,
        by: Address,
    },
    Closed {
        asset: AssetId,
        by: Address,
    },
    ClassFrozen {
        asset: AssetId,
        class: ClassId,
        frozen: bool,
        by: Address,
    },
    PersonFrozen {
        asset: AssetId,
        person: PersonId,
        frozen: bool,
        order: Order,
        by: Address,
    },
    UnitsFrozen {
        asset: AssetId,
        class: ClassId,
        account: AccountId,
        /// Units frozen as announced last.
        was: Units,
        /// What is frozen now.
        frozen: Vec<Freeze>,
        order: Order,
    },
    OrderCarriedOut {
        asset: AssetId,
        order: Order,
        by: Address,
        /// Its number, if it was announced; without, it gave its holder no time to contest it.
        number: Option<u64>,
    },
    Approved {
        asset: AssetId,
        owner: AccountId,
        spender: Address,
        units: Units,
    },
    OperatorSet {
        asset: AssetId,
        class: Option<ClassId>,
        owner: AccountId,
        operator: Address,
        allowed: bool,
    },
    Held {
        hold: u64,
        asset: AssetId,
        class: ClassId,
        account: AccountId,
        beneficiary: AccountId,
        units: Units,
        expires: Time,
    },
    HoldReleased {
        hold: u64,
        units: Units,
    },
    HoldExecuted {
        hold: u64,
        units: Units,
    },
    DocumentPublished {
        asset: AssetId,
        name: B256,
        uri: String,
        hash: B256,
        version: u32,
    },
    DocumentRemoved {
        asset: AssetId,
        name: B256,
        uri: String,
        hash: B256,
    },
    CheckpointTaken {
        asset: AssetId,
        checkpoint: u32,
    },
    Renamed {
        asset: AssetId,
        name: String,
        symbol: String,
        by: Address,
    },
    OrderAnnounced {
        number: u64,
        asset: AssetId,
        class: ClassId,
        from: AccountId,
        to: Option<AccountId>,
        units: Units,
        order: Order,
        contest_until: Time,
    },
    OrderContested {
        number: u64,
        asset: AssetId,
        document: B256,
        by: Address,
    },
    OrderConfirmed {
        number: u64,
        asset: AssetId,
        document: B256,
        by: Address,
    },
    OrderWithdrawn {
        number: u64,
        asset: AssetId,
        document: B256,
        by: Address,
    },
    /// The hold just placed is a pledge: its beneficiary is whom it secures.
    Pledged {
        hold: u64,
        /// True if the pledgor owes the debt with all that it has.
        recourse: bool,
    },
    /// From here on nothing of the asset moves until the conversion is complete.
    ConversionBegun {
        asset: AssetId,
        class: ClassId,
        into: ClassId,
        ratio: Ratio,
    },
    /// What an account had of a class became units of the same class or another: the other event that changes
    /// balances. What is held and frozen of them follows.
    Converted {
        asset: AssetId,
        class: ClassId,
        into: ClassId,
        account: AccountId,
        /// So many were,
        units: Units,
        /// so many are,
        made: Units,
        /// and so many parts of a unit are left over, of which as many as the ratio's old ones make one: to be paid in
        /// cash.
        rest: u32,
    },
    /// So many units are held from now on, of the class into which they were converted; if none, the hold ended.
    HoldConverted {
        hold: u64,
        class: ClassId,
        units: Units,
    },
    /// So many units are to be taken from now on, of the class into which they were converted.
    OrderConverted {
        number: u64,
        class: ClassId,
        units: Units,
    },
    ConversionCompleted {
        asset: AssetId,
        class: ClassId,
        into: ClassId,
    },
    /// The units just issued are not paid in full: their clock has not started.
    IssuedUnpaid {
        asset: AssetId,
        class: ClassId,
        account: AccountId,
        units: Units,
    },
    /// So many units of an account, the oldest of those unpaid, are paid in full: their clock starts now.
    PaymentConfirmed {
        asset: AssetId,
        class: ClassId,
        account: AccountId,
        units: Units,
    },
    /// The units of an account that just ended were exchanged for those just made, and so many parts of a unit are left
    /// over, of which as many as the ratio's old ones make one.
    Exchanged {
        asset: AssetId,
        class: ClassId,
        new: AssetId,
        into: ClassId,
        account: AccountId,
        units: Units,
        made: Units,
        ratio: Ratio,
        rest: u32,
    },
    /// Whom a freeze binds contests the order that made it, of this key.
    FreezeContested {
        bound: Bound,
        order: B256,
        document: B256,
        by: Address,
    },
    /// A contested freeze stands.
    FreezeConfirmed {
        bound: Bound,
        order: B256,
        document: B256,
        by: Address,
    },
    /// For the units that just moved so much is paid, in minor units, as who moved them says.
    Priced {
        asset: AssetId,
        class: ClassId,
        /// Nobody for what is issued.
        from: Option<AccountId>,
        to: Option<AccountId>,
        units: Units,
        currency: Currency,
        paid: Units,
    },
    /// The hold just placed is delivered on these terms: by this path, if one is elected, and for this price, if one is
    /// told.
    HeldOn {
        hold: u64,
        path: Option<Name>,
        price: Option<Price>,
    },
}

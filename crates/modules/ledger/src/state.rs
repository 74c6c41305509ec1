//! Every table of the ledger.

use crate::Lots;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::{Schema, Table};
use types::{
    AccountId, Address, AssetId, B256, Cfi, ClassId, Contest, Currency, Fisn, Halt, Isin, Lei,
    Module, Name, Order, Orders, PersonId, Ratio, Time, Units,
};

/// Every asset.
pub const ASSETS: Table<AssetId, Asset> = Table::new(Module::Ledger, 0, "ledger/assets");
/// Every class of every asset.
pub const CLASSES: Table<(AssetId, ClassId), Class> =
    Table::new(Module::Ledger, 1, "ledger/classes");
/// What each account has of each class.
pub const POSITIONS: Table<(AssetId, ClassId, AccountId), Position> =
    Table::new(Module::Ledger, 2, "ledger/positions");
/// Which asset an ISIN names.
pub const ISINS: Table<Isin, AssetId> = Table::new(Module::Ledger, 3, "ledger/isins");
/// Documents by name (ERC-1643), the newest version.
pub const DOCUMENTS: Table<(AssetId, B256), Document> =
    Table::new(Module::Ledger, 4, "ledger/documents");
/// Names of an asset's documents, by ordinal.
pub const DOCUMENT_NAMES: Table<(AssetId, u32), B256> =
    Table::new(Module::Ledger, 5, "ledger/document_names");
/// Every version a document ever had.
pub const DOCUMENT_VERSIONS: Table<(AssetId, B256, u32), Document> =
    Table::new(Module::Ledger, 6, "ledger/document_versions");
/// Units held for someone.
pub const HOLDS: Table<u64, Hold> = Table::new(Module::Ledger, 7, "ledger/holds");
/// What a spender may move for the account that a wallet owns (ERC-20), default class. It ends with the
/// wallet, as a delegation does: who recovers an account owes nothing to what a thief allowed.
pub const ALLOWANCES: Table<(AssetId, Address, Address), Units> =
    Table::new(Module::Ledger, 8, "ledger/allowances");
/// Who may move everything of the account that a wallet owns (ERC-1410); without a class, in all. It ends
/// with the wallet.
pub const OPERATORS: Table<(AssetId, Option<ClassId>, Address, Address), ()> =
    Table::new(Module::Ledger, 9, "ledger/operators");
/// The next permit's number (ERC-2612).
pub const PERMIT_NONCES: Table<(AssetId, Address), u64> =
    Table::new(Module::Ledger, 10, "ledger/permit_nonces");
/// The orders by which persons may neither send nor receive an asset, each until it expires.
pub const FROZEN: Table<(AssetId, PersonId), Orders> =
    Table::new(Module::Ledger, 11, "ledger/frozen");
/// An account's balances as they were before they changed after a checkpoint, oldest first.
pub const HISTORY: Table<(AssetId, ClassId, AccountId), Vec<Past>> =
    Table::new(Module::Ledger, 12, "ledger/history");
/// A class's issued units as they were before they changed after a checkpoint, oldest first.
pub const SUPPLY_HISTORY: Table<(AssetId, ClassId), Vec<Past>> =
    Table::new(Module::Ledger, 13, "ledger/supply_history");
/// When each checkpoint was taken.
pub const CHECKPOINTS: Table<(AssetId, u32), Time> =
    Table::new(Module::Ledger, 14, "ledger/checkpoints");
/// The positions of an account, by ordinal.
pub const POSITION_INDEX: Table<(AccountId, u32), (AssetId, ClassId)> =
    Table::new(Module::Ledger, 15, "ledger/position_index");
/// How many positions an account ever had.
pub const POSITION_COUNT: Table<AccountId, u32> =
    Table::new(Module::Ledger, 16, "ledger/position_count");
/// The holds that stand on a position, so that an order can release them.
pub const HOLDS_ON: Table<(AssetId, ClassId, AccountId), Vec<u64>> =
    Table::new(Module::Ledger, 17, "ledger/holds_on");
/// The accounts with a position in a class, by ordinal.
pub const HOLDER_INDEX: Table<(AssetId, ClassId, u32), AccountId> =
    Table::new(Module::Ledger, 18, "ledger/holder_index");
/// The order that an agent's next official acts refer to.
pub const FILED_ORDERS: Table<(AssetId, Address), Order> =
    Table::new(Module::Ledger, 20, "ledger/filed_orders");
/// Orders that were announced to their holder before they are carried out, by number.
pub const ORDERS: Table<u64, Taking> = Table::new(Module::Ledger, 21, "ledger/orders");
/// Numbers to give next.
pub const NEXT: Table<(), Next> = Table::new(Module::Ledger, 19, "ledger/next");

/// Who issued an asset.
pub const ISSUERS: Table<PersonId, ()> = Table::new(Module::Ledger, 22, "ledger/issuers");
/// Who stopped an asset that is paused or closed, or a class that is frozen, and since when.
pub const HALTS: Table<(AssetId, Option<ClassId>), Halt> =
    Table::new(Module::Ledger, 23, "ledger/halts");

/// Adds the tables of the ledger.
pub fn tables(schema: Schema) -> Schema {
    schema
        .with(&ASSETS)
        .with(&CLASSES)
        .with(&POSITIONS)
        .with(&ISINS)
        .with(&DOCUMENTS)
        .with(&DOCUMENT_NAMES)
        .with(&DOCUMENT_VERSIONS)
        .with(&HOLDS)
        .with(&ALLOWANCES)
        .with(&OPERATORS)
        .with(&PERMIT_NONCES)
        .with(&FROZEN)
        .with(&HISTORY)
        .with(&SUPPLY_HISTORY)
        .with(&CHECKPOINTS)
        .with(&POSITION_INDEX)
        .with(&POSITION_COUNT)
        .with(&HOLDS_ON)
        .with(&HOLDER_INDEX)
        .with(&FILED_ORDERS)
        .with(&NEXT)
        .with(&ORDERS)
        .with(&ISSUERS)
        .with(&HALTS)
}

/// What kind of asset.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum AssetKind {
    /// Shares.
    Equity,
    /// Bonds and notes.
    Debt,
    /// Units of a fund.
    FundUnit,
    /// A share of revenue.
    RevenueShare,
    /// A structured product.
    Structured,
    /// Money: a claim on a bank or e-money institution.
    Cash(Currency),
    /// Units over a basket, or over one underlying.
    Wrap,
    /// Units of a trust.
    TrustUnit,
}

/// Whether an asset moves.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum AssetStatus {
    /// It moves as its rules allow.
    Open,
    /// Nothing moves but by order.
    Paused,
    /// Nothing will move again.
    Closed,
}

/// A security or cash token.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Asset {
    /// What kind.
    pub kind: AssetKind,
    /// Its ticker.
    pub symbol: String,
    /// Its name.
    pub name: String,
    /// Digits that wallets show after the point.
    pub decimals: u8,
    /// Its ISIN.
    pub isin: Option<Isin>,
    /// Its classification.
    pub cfi: Cfi,
    /// Its short name.
    pub fisn: Option<Fisn>,
    /// Who issued it.
    pub issuer: PersonId,
    /// The issuer's LEI.
    pub lei: Option<Lei>,
    /// Whether it moves.
    pub status: AssetStatus,
    /// Units that may exist.
    pub authorised: Units,
    /// Units that exist, over all classes.
    pub issued: Units,
    /// Those of them that the issuer itself holds: bought back, or not placed yet. LED-7.
    pub treasury: Units,
    /// How many classes it has.
    pub classes: u32,
    /// How many documents it has.
    pub documents: u32,
    /// The last checkpoint; 0 before the first.
    pub checkpoint: u32,
    /// The conversion that is under way: until it is complete nothing moves.
    pub conversion: Option<Conversion>,
}

/// Units of a class that become units of the same class or another, position by position.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Conversion {
    /// Of which class.
    pub class: ClassId,
    /// Into which.
    pub into: ClassId,
    /// How many for how many.
    pub ratio: Ratio,
    /// The place to go on from, among all accounts that ever held the class.
    pub next: u32,
    /// Units that may exist once it is complete.
    pub authorised: Units,
    /// True if all issued units of the asset are of the class.
    pub is_whole: bool,
}

impl Asset {
    /// Units that others than the issuer hold.
    pub fn outstanding(&self) -> Units {
        self.issued.saturating_sub(self.treasury)
    }
}

/// A class of an asset: an ERC-1410 partition.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Class {
    /// Its name; the ERC-1410 partition is this in 32 bytes.
    pub name: String,
    /// Units that exist of it.
    pub issued: Units,
    /// Those of them that the issuer itself holds.
    pub treasury: Units,
    /// True while nothing of it moves but by order.
    pub is_frozen: bool,
    /// How many accounts have, or had, a position.
    pub holders: u32,
    /// The checkpoint since which its supply has not changed.
    pub since: u32,
    /// When its units were converted last; 0 if they never were.
    pub converted: Time,
}

impl Class {
    /// Units that others than the issuer hold.
    pub fn outstanding(&self) -> Units {
        self.issued.saturating_sub(self.treasury)
    }
}

/// What an account has of a class.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Position {
    /// Units, held and frozen ones included.
    pub units: Units,
    /// Units held for someone.
    pub held: Units,
    /// What is frozen of it by order.
    pub frozen: Vec<Freeze>,
    /// The units by age, oldest clock first.
    pub lots: Lots,
    /// The checkpoint since which the balance has not changed.
    pub since: u32,
}

impl Position {
    /// Units frozen at a time; may be more than there are (I-03).
    pub fn frozen(&self, now: Time) -> Units {
        Freeze::sum(self.freezes(now))
    }

    /// What freezes units of it at a time.
    pub fn freezes(&self, now: Time) -> impl DoubleEndedIterator<Item = &Freeze> + Clone {
        self.frozen.iter().filter(move |freeze| freeze.stands(now))
    }

    /// Units that the owner can move at a time: never negative, whatever is frozen.
    pub fn free(&self, now: Time) -> Units {
        self.units.saturating_sub(self.held).saturating_sub(self.frozen(now))
    }
}

/// Units of a position that an order keeps where they are. It ends by itself.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Freeze {
    /// How many.
    pub units: Units,
    /// From when on they are frozen no longer; `Time::NEVER` until it is lifted.
    pub until: Time,
    /// What names the order that froze them, as [`Order::key`] does.
    pub under: B256,
    /// How it does.
    pub by: Freezer,
    /// Who carried it out first, and since when it binds: given anew it goes on.
    pub halt: Halt,
}

/// How an order freezes units.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Freezer {
    /// By an agent's hand; what the holder says against it.
    Agent(Contest),
    /// As the announced order of this number, which is to take them and has a contest of its own.
    Announced(u64),
}

impl Freeze {
    /// One by an order, as long as that stands.
    pub fn new(units: Units, under: &Order, by: Freezer, halt: Halt) -> Self {
        Self { units, until: under.ends(), under: under.key(), by, halt }
    }

    /// The announced order that is to take these units; none if an agent froze them.
    pub fn order(&self) -> Option<u64> {
        match self.by {
            Freezer::Announced(number) => Some(number),
            Freezer::Agent(_) => None,
        }
    }

    /// What the holder says against what an agent froze; none if an announced order did.
    pub fn contest(&self) -> Option<&Contest> {
        match &self.by {
            Freezer::Agent(contest) => Some(contest),
            Freezer::Announced(_) => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn contest_mut(&mut self) -> Option<&mut Contest> {
        match &mut self.by {
            Freezer::Agent(contest) => Some(contest),
            Freezer::Announced(_) => None,
        }
    }

    /// True before it ends.
    pub fn stands(&self, now: Time) -> bool {
        now < self.until
    }

    /// True if an agent froze these units under the order of this key.
    pub fn is_by_agent(&self, under: B256) -> bool {
        self.order().is_none() && self.under == under
    }

    /// Units of several, in all.
    pub fn sum<'f>(freezes: impl IntoIterator<Item = &'f Freeze>) -> Units {
        let units = freezes.into_iter().map(|freeze| freeze.units.0);
        Units(units.fold(0, u128::saturating_add))
    }
}

/// What an order freezes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// A person, who neither sends nor receives the asset.
    Person(AssetId, PersonId),
    /// Units of a position.
    Units(AssetId, ClassId, AccountId),
}

impl Bound {
    /// Whom it binds.
    pub fn person(self) -> PersonId {
        match self {
            Bound::Person(_, person) => person,
            Bound::Units(_, _, account) => account.person,
        }
    }
}

/// How far an announced order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It may be contested within its window, and carried out after it.
    Announced,
    /// It waits for a decision.
    Contested,
    /// It was contested and stands.
    Confirmed,
    /// It was taken back.
    Withdrawn,
    /// Its units moved, or ended.
    CarriedOut,
}

/// How an announced order ended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It was taken back.
    Withdrawn,
    /// Its units moved, or ended.
    CarriedOut,
}

/// Units that are to be moved, or ended, by an order that was announced to their holder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Taking {
    /// Of what.
    pub asset: AssetId,
    /// Of which class.
    pub class: ClassId,
    /// Whose.
    pub from: AccountId,
    /// Who gets them; nobody if they end.
    pub to: Option<AccountId>,
    /// How many.
    pub units: Units,
    /// By which order.
    pub order: Order,
    /// When it was announced.
    pub announced: Time,
    /// Until when the holder may contest it; from then on it may be carried out.
    pub contest_until: Time,
    /// How its holder contests it, and what was decided.
    pub contest: Contest,
    /// How it ended; none before it did.
    pub end: Option<End>,
}

impl Taking {
    /// How far it has come.
    pub fn stage(&self) -> Stage {
        match (self.end, self.contest.document) {
            (Some(End::Withdrawn), _) => Stage::Withdrawn,
            (Some(End::CarriedOut), _) => Stage::CarriedOut,
            (None, None) => Stage::Announced,
            (None, Some(_)) if self.contest.is_open() => Stage::Contested,
            (None, Some(_)) => Stage::Confirmed,
        }
    }

    /// True if it may be carried out: its window is over, nobody contests it or it was confirmed, and it has not
    /// expired. LED-9.
    pub fn is_due(&self, now: Time) -> bool {
        let is_decided = self.end.is_none() && !self.contest.is_open();
        is_decided && self.contest_until <= now && self.order.stands(now)
    }
}

/// A document of an asset (ERC-1643).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Document {
    /// Where it can be read.
    pub uri: String,
    /// SHA-256 or keccak of its bytes, as its publisher says.
    pub hash: B256,
    /// When this version was published.
    pub published: Time,
    /// Counts versions from 1.
    pub version: u32,
    /// True once withdrawn.
    pub is_removed: bool,
}

/// Units held for someone until they are released or delivered.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Hold {
    /// The asset.
    pub asset: AssetId,
    /// The class.
    pub class: ClassId,
    /// Whose units.
    pub account: AccountId,
    /// Who gets them if it is executed.
    pub beneficiary: AccountId,
    /// Who decides; the beneficiary if nobody is named.
    pub notary: Option<PersonId>,
    /// How many.
    pub units: Units,
    /// Since when: the age by which a dispute over the giver's key doubts it, and for a pledge the day on which clocks
    /// that start anew with whom it secures start.
    pub since: Time,
    /// From when on the owner may take them back.
    pub expires: Time,
    /// What it is as a pledge, if it is one: the beneficiary is whom it secures.
    pub pledge: Option<Pledge>,
    /// By which path of exemption it is delivered, as who made it elects; by the first that is open if it elects none.
    pub path: Option<Name>,
    /// What is paid for all that is left of it, as who made it says; nothing is told of a price if it does not.
    pub price: Option<Price>,
}

/// What is paid.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Price {
    /// In which currency.
    pub currency: Currency,
    /// How much, in its minor units.
    pub paid: Units,
}

impl Price {
    /// What of it falls on a part of what it is paid for, rounded up: all of it on the whole.
    pub fn share(self, part: Units, whole: Units) -> Self {
        Self { paid: self.paid.share(part, whole), ..self }
    }
}

/// Units that secure a debt. 17 CFR 230.144(d)(3)(iv).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Pledge {
    /// True if the pledgor owes the debt with all that it has, and not with these units alone.
    pub recourse: bool,
}

/// An amount as it was up to a checkpoint.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Past {
    /// The last checkpoint for which it stands.
    pub until: u32,
    /// The amount.
    pub units: Units,
}

/// Numbers to give next.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Next {
    /// The next asset's number.
    pub asset: u64,
    /// The next hold's number.
    pub hold: u64,
    /// The next announced order's number.
    pub order: u64,
}

impl Default for Next {
    fn default() -> Self {
        Self { asset: 1, hold: 1, order: 1 }
    }
}

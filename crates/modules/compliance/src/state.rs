//! Every table of compliance.

use crate::{
    By, Counting, Filter, ListNumber, Meter, MeterKey, Period, Policy, Profile, Standing,
    VenueRules, standing,
};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::{Schema, Table};
use std::sync::Arc;
use types::{
    Address, AssetId, B256, Calendar, ClassId, Country, Date, Module, Name, PersonId, Ratio, Time,
    Units,
};

/// The policy of an asset, with its version.
pub const POLICIES: Table<AssetId, PolicyRecord> =
    Table::new(Module::Compliance, 0, "compliance/policies");
/// Who stands on the lists that assets keep, and the network.
pub const LISTS: Table<(Subject, ListNumber, Entry), Listed> =
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

/// What was attested about an asset or the network, by name.
pub const FACTS: Table<(Subject, Name), Fact> =
    Table::new(Module::Compliance, 7, "compliance/facts");
/// Profiles by name and version.
pub const PROFILES: Table<(Name, u32), ProfileRecord> =
    Table::new(Module::Compliance, 8, "compliance/profiles");
/// The latest version of a profile.
pub const LATEST: Table<Name, u32> = Table::new(Module::Compliance, 9, "compliance/latest");
/// The profiles that an asset has adopted; their numbers count from 1.
pub const ADOPTIONS: Table<AssetId, Arc<Vec<Adoption>>> =
    Table::new(Module::Compliance, 10, "compliance/adoptions");
/// The profiles in force as the law of a jurisdiction.
pub const LAND: Table<Country, Arc<Vec<(Name, u32)>>> =
    Table::new(Module::Compliance, 11, "compliance/land");
/// What was added up.
pub const METERS: Table<MeterKey, Meter> = Table::new(Module::Compliance, 12, "compliance/meters");
/// The day on which a person was last counted by a meter.
pub const SEEN: Table<(MeterKey, PersonId), Date> =
    Table::new(Module::Compliance, 13, "compliance/seen");
/// Who has approved a movement that needs it, in the order of approving; of no units, movements of any number.
pub const APPROVALS: Table<Intended, Vec<Approval>> =
    Table::new(Module::Compliance, 14, "compliance/approvals");
/// What an asset's issuer owes.
pub const DUTIES: Table<(AssetId, String), Duty> =
    Table::new(Module::Compliance, 15, "compliance/duties");
/// The assets of which triggers are asked, by ordinal: those that ever had a policy.
pub const WATCHED: Table<u32, AssetId> = Table::new(Module::Compliance, 16, "compliance/watched");
/// How many assets have triggers.
pub const WATCHED_COUNT: Table<(), u32> =
    Table::new(Module::Compliance, 17, "compliance/watched_count");
/// How far the asking of triggers has come.
pub const DUTIES_ASKED: Table<(), Progress> =
    Table::new(Module::Compliance, 18, "compliance/duties_asked");

/// What venues ask of everything that moves through them.
pub const VENUES: Table<PersonId, VenueRecord> =
    Table::new(Module::Compliance, 20, "compliance/venues");

/// The latest version of a calendar.
pub const CALENDARS: Table<Name, CalendarRecord> =
    Table::new(Module::Compliance, 21, "compliance/calendars");

/// The latest offer of an asset.
pub const OFFERS: Table<AssetId, Offer> = Table::new(Module::Compliance, 22, "compliance/offers");

/// How many persons hold each class of an asset, by filter, in the order of classes: of assets whose rules ask.
pub const CLASS_COUNTS: Table<(AssetId, Filter), Vec<u32>> =
    Table::new(Module::Compliance, 23, "compliance/class_counts");
/// The holders of an asset with a claim that its rules look through, by topic and ordinal.
pub const HOLDS_FOR_OTHERS: Table<(AssetId, u32, u32), PersonId> =
    Table::new(Module::Compliance, 24, "compliance/holds_for_others");
/// Their ordinals.
pub const OTHERS_PLACE: Table<(AssetId, u32, PersonId), u32> =
    Table::new(Module::Compliance, 25, "compliance/others_place");

/// The splits of an asset all of whose units became others, oldest first: what was added up in its units before one
/// counts in units of after.
pub const SPLITS: Table<AssetId, Vec<Ratio>> =
    Table::new(Module::Compliance, 26, "compliance/splits");
/// What units of an asset were ever added up over, by whose rules ever.
pub const UNITS_METERED: Table<AssetId, UnitsMetered> =
    Table::new(Module::Compliance, 27, "compliance/units_metered");
/// Who issued an asset.
pub const ISSUED_BY: Table<AssetId, PersonId> =
    Table::new(Module::Compliance, 28, "compliance/issued_by");
/// The assets of an issuer, by ordinal.
pub const ISSUED: Table<(PersonId, u32), AssetId> =
    Table::new(Module::Compliance, 29, "compliance/issued");
/// How many assets an issuer has.
pub const ISSUED_COUNT: Table<PersonId, u32> =
    Table::new(Module::Compliance, 30, "compliance/issued_count");
/// As what the holders of an issuer's assets are counted together, where rules of one of these ask for it.
pub const ISSUER_COUNTING: Table<PersonId, Arc<Counting>> =
    Table::new(Module::Compliance, 31, "compliance/issuer_counting");
/// How many persons hold any asset of an issuer, by filter.
pub const ISSUER_COUNTS: Table<(PersonId, Filter), u32> =
    Table::new(Module::Compliance, 32, "compliance/issuer_counts");
/// Who holds any asset of an issuer, and as what it is counted: the issuer, and the holder.
pub const ISSUER_COUNTED: Table<(PersonId, PersonId), CountedOfIssuer> =
    Table::new(Module::Compliance, 33, "compliance/issuer_counted");
/// The holders of an issuer's assets with a claim that rules look through, by topic and ordinal.
pub const ISSUER_FUNDS: Table<(PersonId, u32, u32), PersonId> =
    Table::new(Module::Compliance, 34, "compliance/issuer_funds");
/// Their ordinals: of an issuer, by topic and holder.
pub const ISSUER_FUND_PLACE: Table<(PersonId, u32, PersonId), u32> =
    Table::new(Module::Compliance, 35, "compliance/issuer_fund_place");
/// How many versions of profiles there are in all.
pub const PROFILE_COUNT: Table<(), u32> =
    Table::new(Module::Compliance, 36, "compliance/profile_count");
/// What the holders of an asset have together, by filter: of assets whose rules ask.
pub const UNITS_HELD: Table<(AssetId, Filter), Units> =
    Table::new(Module::Compliance, 37, "compliance/units_held");
/// Every version of every profile by its number, from 1 in the order in which they were registered.
pub const PROFILE_INDEX: Table<u32, (Name, u32)> =
    Table::new(Module::Compliance, 38, "compliance/profile_index");
/// The meters by which a person was counted, by ordinal, the first of them: so that those of several numbers that turn
/// out to be one human's are found.
pub const COUNTED_BY: Table<(PersonId, u32), MeterKey> =
    Table::new(Module::Compliance, 39, "compliance/counted_by");
/// How many of them are known.
pub const COUNTED_BY_COUNT: Table<PersonId, u32> =
    Table::new(Module::Compliance, 40, "compliance/counted_by_count");

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
        .with(&FACTS)
        .with(&PROFILES)
        .with(&LATEST)
        .with(&ADOPTIONS)
        .with(&LAND)
        .with(&METERS)
        .with(&SEEN)
        .with(&APPROVALS)
        .with(&DUTIES)
        .with(&WATCHED)
        .with(&WATCHED_COUNT)
        .with(&DUTIES_ASKED)
        .with(&VENUES)
        .with(&CALENDARS)
        .with(&OFFERS)
        .with(&CLASS_COUNTS)
        .with(&HOLDS_FOR_OTHERS)
        .with(&OTHERS_PLACE)
        .with(&SPLITS)
        .with(&UNITS_METERED)
        .with(&ISSUED_BY)
        .with(&ISSUED)
        .with(&ISSUED_COUNT)
        .with(&ISSUER_COUNTING)
        .with(&ISSUER_COUNTS)
        .with(&ISSUER_COUNTED)
        .with(&ISSUER_FUNDS)
        .with(&ISSUER_FUND_PLACE)
        .with(&PROFILE_COUNT)
        .with(&UNITS_HELD)
        .with(&PROFILE_INDEX)
        .with(&COUNTED_BY)
        .with(&COUNTED_BY_COUNT)
}

/// A policy in force.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct PolicyRecord {
    /// Counts the policies of this asset from 1.
    pub version: u32,
    /// Since when it is in force.
    pub since: Time,
    /// As what its holders are counted, for it and for the asset's profiles.
    pub counting: Arc<Counting>,
    /// The names under which policies of this asset ever added something up.
    pub meters: Arc<Vec<MeterUsed>>,
    /// The names of the paths that policies of this asset ever offered: what lots say by number.
    pub paths: Arc<Vec<Name>>,
    /// The rules.
    #[borsh(deserialize_with = "standing::read_policy")]
    pub policy: Arc<Policy>,
}

/// The rules of a venue.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct VenueRecord {
    /// Counts the rules of this venue from 1.
    pub version: u32,
    /// Since when they are in force.
    pub since: Time,
    /// By which name its meters go.
    pub name: Name,
    /// What it asks.
    pub asked: Arc<VenueRules>,
    /// The names under which its rules ever added something up.
    pub meters: Vec<MeterUsed>,
}

/// A name under which something is added up, and what it stands for, for good.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct MeterUsed {
    /// The name.
    pub name: Name,
    /// True if it counts persons, false if it adds up amounts.
    pub is_persons: bool,
    /// Apart by what.
    pub by: By,
    /// Over which period.
    pub period: Period,
    /// By days of which calendar; of UTC if of none.
    pub calendar: Option<Name>,
}

/// Over what units of an asset were added up. Units of one of several classes cannot become more or fewer then, nor
/// those of a class another's: what was added up would count others.
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
pub struct UnitsMetered {
    /// Over the asset, or an offer of it.
    pub over_asset: bool,
    /// Over one of its classes.
    pub over_class: bool,
}

/// Who stands on a list.
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
pub enum Entry {
    /// A person, whichever wallets it has.
    Person(PersonId),
    /// A wallet, whoever's it is.
    Wallet(Address),
}

/// From when until when somebody stands on a list.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Listed {
    /// From when on.
    pub from: Time,
    /// Until when, exclusive.
    pub until: Time,
}

impl Listed {
    /// True if it stands on the list then.
    pub(crate) fn is_on(&self, now: Time) -> bool {
        self.from <= now && now < self.until
    }
}

/// A person's holding and as what it is counted.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Counted {
    /// Units over all accounts and classes.
    pub units: Units,
    /// The residence it is counted under.
    pub country: Country,
    /// A bit for each of the policy's topics, from the lowest: set if it is counted as having it. There
    /// are 16 at most.
    pub has: u128,
    /// What was found of it, as the asset's rules ask.
    pub standing: Standing,
    /// Its place in `HOLDERS`.
    pub holder: u32,
    /// The asset's place in `HELD`.
    pub held: u32,
    /// Those of its units that are of another class than the first, by class.
    pub classes: Vec<(ClassId, Units)>,
}

/// A holder of an issuer's assets, and as what it is counted among all of theirs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct CountedOfIssuer {
    /// How many of the assets it holds.
    pub assets: u32,
    /// The residence it is counted under.
    pub country: Country,
    /// A bit for each topic by which the issuer's holders are counted, from the lowest.
    pub has: u128,
}

/// What a fact is about, and whose a list is.
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
pub enum Subject {
    /// An asset, its issuer or its offer.
    Asset(AssetId),
    /// The network.
    Network,
}

/// Something attested.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Fact {
    /// Its value: an amount, or 1 for yes.
    pub value: Units,
    /// Since when it is true: the day of a filing, of a closing.
    pub since: Time,
    /// From when on it is true no longer.
    pub until: Time,
    /// SHA-256 of the document that says so, if there is one.
    pub document: B256,
}

/// A profile as it was registered.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct ProfileRecord {
    /// Counts the versions of all profiles from 1.
    pub number: u32,
    /// When.
    pub since: Time,
    /// SHA-256 of its encoding.
    pub hash: B256,
    /// The names of the paths that it offers: what lots say by number.
    pub paths: Arc<Vec<Name>>,
    /// The profiles that say whose units that came free of it are under it again: itself, and those it refers to.
    pub controls: Arc<Vec<(Name, u32)>>,
    /// The profile.
    #[borsh(deserialize_with = "standing::read_profile")]
    pub profile: Arc<Profile>,
}

/// A calendar as it was last registered.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct CalendarRecord {
    /// Counts the versions of this calendar from 1.
    pub version: u32,
    /// Since when.
    pub since: Time,
    /// SHA-256 of its encoding.
    pub hash: B256,
    /// The calendar.
    pub calendar: Arc<Calendar>,
}

/// A profile adopted by an asset. Lots name it by its number.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Adoption {
    /// The profile.
    pub id: Name,
    /// Its version.
    pub version: u32,
    /// When it was adopted first: it may have been dropped and taken up again.
    pub since: Time,
    /// True if units may still be issued under it.
    pub is_open: bool,
}

/// An offer of an asset, as far as it is counted by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Offer {
    /// Counts the offers of this asset from 1.
    pub number: u32,
    /// Since when it is open.
    pub opened: Time,
    /// When it ended.
    pub closed: Option<Time>,
}

/// A movement that needs approval.
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
pub struct Approved {
    /// Of what.
    pub asset: AssetId,
    /// By which list of approvers.
    pub list: ListNumber,
    /// From whom; nobody if units are issued.
    pub from: Option<PersonId>,
    /// To whom; nobody if they are redeemed.
    pub to: Option<PersonId>,
    /// How many.
    pub units: Units,
}

impl Approved {
    /// The movement, whoever approves it.
    pub(crate) fn intended(&self) -> Intended {
        let Self { asset, list: _, from, to, units } = *self;
        Intended { asset, from, to, units }
    }
}

/// A movement that somebody approves.
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
pub struct Intended {
    /// Of what.
    pub asset: AssetId,
    /// From whom; nobody if units are issued.
    pub from: Option<PersonId>,
    /// To whom; nobody if they are redeemed.
    pub to: Option<PersonId>,
    /// Exactly how many; none for any number.
    pub units: Units,
}

/// One approval.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Approval {
    /// As one of which list; of none, as one of the two between whom units move.
    pub list: ListNumber,
    /// Whose.
    pub by: PersonId,
    /// Until when it is good.
    pub until: Time,
    /// For how many such movements it is good, or for how many units in all where it names no number of them.
    pub left: u128,
}

/// Something owed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Duty {
    /// The profile that asks for it.
    pub profile: Name,
    /// Since when.
    pub since: Time,
    /// By when.
    pub due: Time,
    /// When it was done.
    pub met: Option<Time>,
    /// True once it was done and what it came of was true no longer: it may come true again.
    pub is_over: bool,
}

/// How far the asking for duties has come.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Progress {
    /// Up to when every asset was asked, to a quarter of an hour.
    pub since: Time,
    /// Up to when assets are being asked.
    pub until: Time,
    /// The next asset to ask.
    pub next: u32,
}

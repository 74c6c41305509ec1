//! Apps: guest contracts that act for others, who answers for them, and who looked into their code.
//!
//! Whatever an app was given, it acts for others only while its code is what was published, itself and its
//! developer stand, and, where the giver or the issuer asks for it, an auditor attests that code. A contract that
//! nobody published is bound by what it was given alone.

use crate::{Power, Refusal};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::{Context, Table};
use types::{AccountId, Address, AssetId, B256, Module, PersonId, Time, ensure};

/// Every app ever published, as its newest version is.
pub const APPS: Table<u64, App> = Table::new(Module::Trust, 9, "trust/apps");
/// The next app's number.
pub const NEXT_APP: Table<(), u64> = Table::new(Module::Trust, 10, "trust/next_app");
/// Which app a contract belongs to.
pub const CONTRACTS: Table<Address, Contract> = Table::new(Module::Trust, 11, "trust/contracts");
/// What auditors say of code, by its hash; sorted by auditor, each once.
pub const ATTESTATIONS: Table<B256, Vec<Attestation>> =
    Table::new(Module::Trust, 12, "trust/attestations");
/// Who may publish apps, and who may attest code.
pub const ROLES: Table<(Role, PersonId), Standing> = Table::new(Module::Trust, 13, "trust/roles");
/// Assets whose issuer lets no contract act for others unless its code is attested.
pub const DEMANDS: Table<AssetId, ()> = Table::new(Module::Trust, 14, "trust/demands");
/// What a person ever let contracts do, in the order in which it did first.
pub const LOANS: Table<(PersonId, u32), Loan> = Table::new(Module::Trust, 15, "trust/loans");
/// How many entries a person has there.
pub const LOAN_COUNT: Table<PersonId, u32> = Table::new(Module::Trust, 16, "trust/loan_count");
/// Where each entry stands.
pub const LOAN_PLACES: Table<(PersonId, Loan), u32> =
    Table::new(Module::Trust, 17, "trust/loan_places");

/// What a person may do for apps. Places are on the wire: append, never reorder.
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
pub enum Role {
    /// Publish apps and answer for them.
    Developer,
    /// Attest code.
    Auditor,
}

/// How an app, or who answers for one, stands. Places are on the wire: append, never reorder.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In order.
    Active,
    /// Stopped until the network says otherwise.
    Suspended,
    /// Over for good.
    Ended,
}

/// An app, as its developer publishes it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct App {
    /// Who answers for it.
    pub developer: PersonId,
    /// Its name, for people.
    pub name: String,
    /// Counted from 1.
    pub version: u32,
    /// Where its manifest is.
    pub uri: String,
    /// SHA-256 of the manifest.
    pub manifest: B256,
    /// Its contracts, sorted.
    pub contracts: Vec<Address>,
    /// The powers it asks for, a set of bits by the powers' places.
    pub powers: u32,
    /// The operations on accounts it asks for, a set of identity's `operation` bits.
    pub operations: u32,
    /// How it stands.
    pub standing: Standing,
    /// When its first version was published.
    pub published: Time,
    /// When this version was.
    pub changed: Time,
}

/// A contract of an app. It stays that app's for good.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Contract {
    /// The app's number.
    pub app: u64,
    /// The hash of its code, Keccak-256, when it was published.
    pub code: B256,
    /// False once a newer version has left it out.
    pub is_listed: bool,
}

/// What an auditor says of code.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Attestation {
    /// Who says so.
    pub auditor: PersonId,
    /// SHA-256 of its report.
    pub report: B256,
    /// Where the report is.
    pub uri: String,
    /// Since when.
    pub given: Time,
    /// Until when, exclusive.
    pub expires: Time,
    /// When the auditor took it back.
    pub withdrawn: Option<Time>,
}

/// Something that a person lets a contract do.
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
pub enum Loan {
    /// Use a power that the person has.
    Power(crate::GrantKey),
    /// Act for an account of the person's, within its delegation.
    Account(AccountId, Address),
}

/// What a contract wants to do for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Use a power.
    Power(Power),
    /// Something of identity's `operation` bits.
    Operation(u32),
}

/// True if a person stands in a role now.
pub fn stands(ctx: &Context<'_>, role: Role, person: PersonId) -> bool {
    ROLES.get(ctx, &(role, person)) == Some(Standing::Active)
        && !identity::is_sanctioned(ctx, person)
        && identity::person(ctx, person).is_some_and(|person| person.is_active(ctx.now()))
}

/// Refuses a published contract that may not act for others now; one that nobody published passes. TRU-8.
///
/// `code` is the hash of the code that the contract has now.
pub fn check_contract(
    ctx: &Context<'_>,
    contract: &Address,
    code: Option<B256>,
) -> Result<(), Refusal> {
    let Some(Contract { app: number, code: published, is_listed }) = CONTRACTS.read(ctx, contract)
    else {
        return Ok(());
    };
    let stopped = |why| Refusal::AppStopped { app: *number, why };
    let app = APPS.read(ctx, number).ok_or(Refusal::UnknownApp(*number))?;
    match app.standing {
        Standing::Active => {}
        Standing::Suspended => return Err(stopped("the network suspended it")),
        Standing::Ended => return Err(stopped("it has ended")),
    }
    ensure(*is_listed, stopped("its newest version has left this contract out"))?;
    ensure(code == Some(*published), stopped("the contract's code is not what was published"))?;
    let has_developer = stands(ctx, Role::Developer, app.developer);
    ensure(has_developer, stopped("its developer does not stand as one now"))
}

/// Refuses a published contract whose app does not ask for this: it gets no more than it says it needs.
pub fn check_asked(ctx: &Context<'_>, contract: &Address, wanted: Wanted) -> Result<(), Refusal> {
    let Some(listed) = CONTRACTS.read(ctx, contract) else { return Ok(()) };
    let app = APPS.read(ctx, &listed.app).ok_or(Refusal::UnknownApp(listed.app))?;
    let is_asked = match wanted {
        Wanted::Power(power) => app.powers & power.bit() != 0,
        Wanted::Operation(operations) => app.operations & operations == operations,
    };
    ensure(is_asked, Refusal::NotAsked { app: listed.app })
}

/// Refuses a contract that is no published app's, or whose code no auditor in standing attests now.
pub fn check_attested(ctx: &Context<'_>, contract: &Address) -> Result<(), Refusal> {
    let missing = Refusal::NotAttested(*contract);
    let listed = CONTRACTS.read(ctx, contract).ok_or(missing.clone())?;
    let app = APPS.read(ctx, &listed.app).ok_or(Refusal::UnknownApp(listed.app))?;
    let said = ATTESTATIONS.read(ctx, &listed.code);
    let is_attested = said
        .is_some_and(|said| said.iter().any(|attestation| counts(ctx, attestation, app.developer)));
    ensure(is_attested, missing)
}

/// True if an attestation counts now for an app of this developer's: nobody audits itself.
pub fn counts(ctx: &Context<'_>, attestation: &Attestation, developer: PersonId) -> bool {
    let Attestation { auditor, expires, withdrawn, .. } = attestation;
    withdrawn.is_none()
        && ctx.now() < *expires
        && *auditor != developer
        && stands(ctx, Role::Auditor, *auditor)
}

/// Refuses a contract that may not act for holders of an asset: its issuer may ask for attested code.
pub fn check_demand(ctx: &Context<'_>, contract: &Address, asset: AssetId) -> Result<(), Refusal> {
    match DEMANDS.has(ctx, &asset) {
        true => check_attested(ctx, contract),
        false => Ok(()),
    }
}

/// Remembers what a person let a contract do, each thing once.
pub fn note_loan(ctx: &mut Context<'_>, person: PersonId, loan: Loan) {
    if LOAN_PLACES.has(ctx, &(person, loan)) {
        return;
    }
    let place = LOAN_COUNT.get(ctx, &person).unwrap_or(0);
    LOANS.put(ctx, &(person, place), loan);
    LOAN_PLACES.put(ctx, &(person, loan), place);
    LOAN_COUNT.put(ctx, &person, place + 1);
}

//! What is on the wire and on disk, read a second time: these types are written from the format, not
//! taken from the node.

use borsh::{BorshDeserialize, BorshSerialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

pub type Hash = [u8; 32];
pub type Wallet = [u8; 20];
pub type Country = [u8; 2];

macro_rules! wire {
    ($($(#[$doc:meta])* $kind:ident $name:ident $body:tt)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, BorshDeserialize, BorshSerialize)]
            #[allow(dead_code)]
            pub $kind $name $body
        )*
    };
}

/// How an announced order ended.
pub const WITHDRAWN: u8 = 0;
pub const CARRIED_OUT: u8 = 1;

/// A person's numbered account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub struct Account {
    pub person: u64,
    pub number: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub enum Grantee {
    Person(u64),
    App(Wallet),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub enum Scope {
    Network,
    Asset(u64),
    Class(u64, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub struct GrantKey {
    pub grantee: Grantee,
    pub power: u8,
    pub scope: Scope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub enum Filter {
    All,
    Country(Country),
    With(u32),
    Without(u32),
    CountryWith(Country, u32),
    CountryWithout(Country, u32),
}

/// What a fact is about, and whose a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub enum Subject {
    Asset(u64),
    Network,
}

/// Who stands on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub enum Entry {
    Person(u64),
    Wallet(Wallet),
}

/// A movement that needs approval; of no units, movements of any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub struct Intended {
    pub asset: u64,
    pub from: Option<u64>,
    pub to: Option<u64>,
    pub units: u128,
}

/// Over what a meter measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub enum Over {
    Asset(u64),
    Issuer(u64),
    Network,
    Class(u64, u32),
    Offer(u64, u32),
}

/// Whose a meter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub enum Of {
    Everyone,
    Person(u64),
    Country(Country),
    Group(u64),
    /// Of a group's what one member added up.
    Member(u64, u64),
}

/// What a meter measures: named by whom, over what, apart by what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, BorshDeserialize, BorshSerialize)]
pub struct MeterKey {
    pub profile: String,
    pub name: String,
    pub over: Over,
    pub of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshDeserialize, BorshSerialize)]
pub struct Ratio {
    pub new: u32,
    pub old: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshDeserialize, BorshSerialize)]
pub enum Cause {
    Issue,
    Transfer,
    Hold,
    Redeem,
    Forced,
    ForcedRedeem,
    Pledge,
    RecoursePledge,
    Exchange,
    Fee,
}

wire! {
    struct Header {
        pub shard: u16,
        pub height: u64,
        pub parent: Hash,
        pub time: u64,
        pub body_hash: Hash,
        pub state_root: Hash,
        pub receipts_root: Hash,
        pub gas_used: u64,
        pub seal: (u64, u64, u64, Hash, Hash, u64, u64),
    }
    struct Receipt {
        pub tx: Hash,
        pub sender: Wallet,
        pub person: Option<u64>,
        pub outcome: Outcome,
        pub gas_used: u64,
        pub created: Option<Wallet>,
        pub events: Vec<EventRecord>,
        pub logs: Vec<Log>,
    }
    enum Outcome {
        Done(Vec<u8>),
        Refused(Vec<u8>),
        Halted(String),
    }
    struct EventRecord {
        pub module: u8,
        pub bytes: Vec<u8>,
    }
    struct Log {
        pub address: Wallet,
        pub topics: Vec<Hash>,
        pub data: Vec<u8>,
    }
    struct Order {
        pub authority: String,
        pub reference: String,
        pub document: Hash,
        pub expires: Option<u64>,
    }
    struct Contest {
        pub document: Option<Hash>,
        pub by: Wallet,
        pub decision: Option<Hash>,
    }
    struct Halt {
        pub by: Wallet,
        pub since: u64,
    }
    struct Binding {
        pub order: Order,
        pub contest: Contest,
        pub halt: Halt,
    }
    struct Freeze {
        pub units: u128,
        pub until: u64,
        pub under: Hash,
        pub by: Freezer,
        pub halt: Halt,
    }
    enum Freezer {
        Agent(Contest),
        Announced(u64),
    }
    enum Frozen {
        Person(u64, u64),
        Units(u64, u32, Account),
    }
    enum IdentityEvent {
        PersonRegistered { person: u64, provider: u64, wallet: Wallet, residence: Country },
        AccountOpened { account: Account, wallet: Wallet },
        ClaimAttested {
            person: u64,
            topic: u32,
            value: u64,
            provider: u64,
            dated: u64,
            expires: u64,
        },
        ClaimRevoked { person: u64, topic: u32, provider: u64 },
        ResidenceChanged { person: u64, from: Country, to: Country },
        Delegated {
            account: Account,
            wallet: Wallet,
            operations: u32,
            expires: u64,
            asset: Option<u64>,
            limit: Option<u128>,
            terms: Terms,
        },
        DelegationRevoked { account: Account, wallet: Wallet },
        DelegationsFrozen { person: u64, frozen: bool },
        RecoveryStarted { account: Account, wallet: Wallet, ready: u64 },
        RecoveryCancelled { account: Account },
        Recovered { account: Account, lost: Wallet, wallet: Wallet },
        ProviderAdmitted { provider: u64 },
        ProviderStanding { provider: u64, is_active: bool },
        ProviderCutOff { provider: u64, at: u64, keep_earlier: bool },
        PersonSuspended { person: u64, order: Order, by: Wallet },
        PersonReinstated { person: u64, order: Order, by: Wallet },
        SanctionsHit { person: u64, list_version: u32 },
        SanctionsCleared { person: u64, list_version: u32 },
        CareChanged { person: u64, from: u64, to: u64 },
        BookMoved { from: u64, to: u64, persons: u32, order: Order },
        DelegationUsed {
            account: Account,
            wallet: Wallet,
            asset: u64,
            operation: u32,
            units: u128,
            left: Option<u128>,
        },
        DeathRecorded { person: u64, died: u64, order: Order, by_order: bool },
        DeathWithdrawn { person: u64, order: Order },
        PersonsMerged { person: u64, into: u64, order: Order },
        SuspensionContested { person: u64, order: Hash, document: Hash, by: Wallet },
        SuspensionConfirmed { person: u64, order: Hash, document: Hash, by: Wallet },
    }
    enum TrustEvent {
        Granted {
            grant: GrantKey,
            by: Option<Grantee>,
            limit: Option<u128>,
            expires: u64,
            terms: Terms,
        },
        Revoked { grant: GrantKey, by: Grantee },
        Used { grant: GrantKey, units: u128, remaining: u128 },
        QuorumSet { power: u8, scope: Scope, members: Vec<u64>, threshold: u16 },
        QuorumRemoved { power: u8, scope: Scope },
        Proposed { proposal: u64, power: u8, scope: Scope, proposer: u64, deadline: u64 },
        Approved { proposal: u64, person: u64, approvals: u16 },
        ProposalDone { proposal: u64 },
        ProposalWithdrawn { proposal: u64 },
        Sponsored { person: u64, sponsorship: Sponsorship },
        SponsorshipEnded { person: u64 },
        FuelCredited { person: u64, gas: u64 },
        ScheduleSet { schedule: Schedule },
        SponsorshipAccepted { person: u64, sponsor: u64 },
        RoleSet { role: u8, person: u64, standing: u8 },
        AppPublished {
            app: u64,
            developer: u64,
            version: u32,
            manifest: Hash,
            contracts: Vec<(Wallet, Hash)>,
        },
        AppStanding { app: u64, standing: u8 },
        CodeAttested { code: Hash, auditor: u64, report: Hash, uri: String, expires: u64 },
        AttestationWithdrawn { code: Hash, auditor: u64 },
        AttestationDemanded { asset: u64, demanded: bool },
    }
    struct Terms {
        pub at_once: Option<u128>,
        pub period: Option<Period>,
        pub attested: bool,
    }
    struct Period {
        pub units: u128,
        pub length_ms: u64,
        pub began: u64,
        pub used: u128,
    }
    struct Delegation {
        pub operations: u32,
        pub asset: Option<u64>,
        pub limit: Option<u128>,
        pub expires: u64,
        pub given_by: Wallet,
        pub terms: Terms,
    }
    struct App {
        pub developer: u64,
        pub name: String,
        pub version: u32,
        pub uri: String,
        pub manifest: Hash,
        pub contracts: Vec<Wallet>,
        pub powers: u32,
        pub operations: u32,
        pub standing: u8,
        pub published: u64,
        pub changed: u64,
    }
    struct Contract {
        pub app: u64,
        pub code: Hash,
        pub is_listed: bool,
    }
    struct Attestation {
        pub auditor: u64,
        pub report: Hash,
        pub uri: String,
        pub given: u64,
        pub expires: u64,
        pub withdrawn: Option<u64>,
    }
    enum ComplianceEvent {
        PolicySet { asset: u64, version: u32, policy: Hash, report: Hash },
        Listed { about: Subject, list: u32, entry: Entry, from: u64, until: u64 },
        Delisted { about: Subject, list: u32, entry: Entry },
        FactAttested {
            about: Subject,
            fact: String,
            value: u128,
            since: u64,
            until: u64,
            document: Hash,
        },
        FactWithdrawn { about: Subject, fact: String },
        ProfileRegistered { id: String, version: u32, profile: Hash },
        ProfileAdopted { asset: u64, id: String, version: u32, number: u16, report: Hash },
        ProfileDropped { asset: u64, id: String, number: u16, report: Hash },
        LawSet { country: Country, profiles: Vec<(String, u32)>, report: Hash },
        Approached { asset: u64, person: u64 },
        MovementApproved {
            asset: u64,
            list: u32,
            from: Option<u64>,
            to: Option<u64>,
            units: u128,
            by: u64,
            until: u64,
            left: u128,
        },
        DutyRaised { asset: u64, profile: String, duty: String, due: u64 },
        DutyNear { asset: u64, profile: String, duty: String },
        DutyMet { asset: u64, duty: String },
        VenueRulesSet { venue: u64, version: u32, rules: Hash, report: Hash },
        CalendarRegistered { id: String, version: u32, calendar: Hash },
        OfferOpened { asset: u64, offer: u32 },
        OfferClosed { asset: u64, offer: u32 },
        CapExceeded {
            asset: u64,
            scope: u8,
            class: Option<u32>,
            filter: Filter,
            holders: u32,
            most: u32,
        },
    }
    enum LedgerEvent {
        Moved {
            asset: u64,
            class: u32,
            from: Option<Account>,
            to: Option<Account>,
            units: u128,
            cause: Cause,
            paths: Vec<u16>,
            exemptions: u32,
            operator: Wallet,
        },
        AssetCreated { asset: u64, issuer: u64, isin: Option<[u8; 12]>, authorised: u128 },
        ClassCreated { asset: u64, class: u32, name: String },
        AuthorisedChanged { asset: u64, authorised: u128 },
        Paused { asset: u64, by: Wallet },
        Resumed { asset: u64, by: Wallet },
        Closed { asset: u64, by: Wallet },
        ClassFrozen { asset: u64, class: u32, frozen: bool, by: Wallet },
        PersonFrozen { asset: u64, person: u64, frozen: bool, order: Order, by: Wallet },
        UnitsFrozen {
            asset: u64,
            class: u32,
            account: Account,
            was: u128,
            frozen: Vec<Freeze>,
            order: Order,
        },
        OrderCarriedOut { asset: u64, order: Order, by: Wallet, number: Option<u64> },
        Approved { asset: u64, owner: Account, spender: Wallet, units: u128 },
        OperatorSet { asset: u64, class: Option<u32>, owner: Account, operator: Wallet, allowed: bool },
        Held {
            hold: u64,
            asset: u64,
            class: u32,
            account: Account,
            beneficiary: Account,
            units: u128,
            expires: u64,
        },
        HoldReleased { hold: u64, units: u128 },
        HoldExecuted { hold: u64, units: u128 },
        DocumentPublished { asset: u64, name: Hash, uri: String, hash: Hash, version: u32 },
        DocumentRemoved { asset: u64, name: Hash, uri: String, hash: Hash },
        CheckpointTaken { asset: u64, checkpoint: u32 },
        Renamed { asset: u64, name: String, symbol: String, by: Wallet },
        OrderAnnounced {
            number: u64,
            asset: u64,
            class: u32,
            from: Account,
            to: Option<Account>,
            units: u128,
            order: Order,
            contest_until: u64,
        },
        OrderContested { number: u64, asset: u64, document: Hash, by: Wallet },
        OrderConfirmed { number: u64, asset: u64, document: Hash, by: Wallet },
        OrderWithdrawn { number: u64, asset: u64, document: Hash, by: Wallet },
        Pledged { hold: u64, recourse: bool },
        ConversionBegun { asset: u64, class: u32, into: u32, ratio: Ratio },
        Converted {
            asset: u64,
            class: u32,
            into: u32,
            account: Account,
            units: u128,
            made: u128,
            rest: u32,
        },
        HoldConverted { hold: u64, class: u32, units: u128 },
        OrderConverted { number: u64, class: u32, units: u128 },
        ConversionCompleted { asset: u64, class: u32, into: u32 },
        IssuedUnpaid { asset: u64, class: u32, account: Account, units: u128 },
        PaymentConfirmed { asset: u64, class: u32, account: Account, units: u128 },
        Exchanged {
            asset: u64,
            class: u32,
            new: u64,
            into: u32,
            account: Account,
            units: u128,
            made: u128,
            ratio: Ratio,
            rest: u32,
        },
        FreezeContested { bound: Frozen, order: Hash, document: Hash, by: Wallet },
        FreezeConfirmed { bound: Frozen, order: Hash, document: Hash, by: Wallet },
        Priced {
            asset: u64,
            class: u32,
            from: Option<Account>,
            to: Option<Account>,
            units: u128,
            currency: [u8; 3],
            paid: u128,
        },
        HeldOn { hold: u64, path: Option<String>, price: Option<Price> },
    }
    struct Price {
        pub currency: [u8; 3],
        pub paid: u128,
    }
    struct Person {
        pub kind: u8,
        pub residence: Country,
        pub provider: u64,
        pub registered: u64,
        pub moved: Option<u64>,
        pub accounts: u16,
        pub suspended: Option<u64>,
        pub delegations_frozen: bool,
        pub epoch: u32,
        pub death: Option<Death>,
        pub counted_as: Option<u64>,
    }
    struct Death {
        pub died: u64,
        pub document: Hash,
        pub by_order: bool,
    }
    struct Bound {
        pub account: Account,
        pub is_alive: bool,
    }
    struct Claim {
        pub topic: u32,
        pub value: u64,
        pub provider: u64,
        pub issued: u64,
        pub dated: u64,
        pub expires: u64,
        pub evidence: Hash,
        pub revoked: Option<u64>,
        pub nonce: u32,
        pub stayed: bool,
    }
    struct Provider {
        pub is_active: bool,
        pub cut_off: Option<(u64, bool)>,
        pub attested: u64,
    }
    struct Recovery {
        pub wallet: Wallet,
        pub provider: u64,
        pub ready: u64,
    }
    struct Dispute {
        pub begun: u64,
        pub before: Option<u64>,
        pub recovered: Option<(u64, u64)>,
    }
    struct Grant {
        pub remaining: Option<u128>,
        pub expires: u64,
        pub granted_by: Option<Grantee>,
        pub granted_at: u64,
        pub revoked: Option<u64>,
        pub terms: Terms,
        pub wallet: Option<Wallet>,
    }
    struct Quorum {
        pub members: Vec<u64>,
        pub threshold: u16,
    }
    struct Tank {
        pub level: u64,
        pub updated: u64,
        pub bought: u64,
    }
    struct Sponsorship {
        pub sponsor: u64,
        pub remaining: u64,
        pub expires: u64,
        pub is_accepted: bool,
    }
    struct Schedule {
        pub registered: u64,
        pub verified: u64,
        pub refill_ms: u64,
    }
    struct PolicyRecord {
        pub version: u32,
        pub since: u64,
        pub counting: Counting,
        pub meters: Vec<Meter>,
        pub paths: Vec<String>,
        pub policy: Policy,
    }
    struct Counting {
        pub topics: Vec<u32>,
        pub crossed: Vec<(Country, u32)>,
        pub through: Vec<u32>,
        pub by_class: bool,
        pub of_issuer: Option<Box<Counting>>,
        pub held: Vec<Filter>,
        pub caps: Vec<(Filter, bool, u32)>,
    }
    struct Meter {
        pub name: String,
        pub is_persons: bool,
        pub by: By,
        pub period: Window,
        pub calendar: Option<String>,
    }
    enum By {
        Everyone,
        Sender,
        Receiver,
        Country,
        Group(u32),
    }
    enum Window {
        Ever,
        Rolling(Span),
        Fixed(Span),
        Year { month: u8, day: u8 },
        Since(String),
        Month,
    }
    struct Policy {
        pub rules: Vec<Rule>,
        pub calendar: Option<String>,
        pub contract: Option<(Wallet, u64)>,
    }
    enum Rule {
        Claim {
            side: u8,
            topic: u32,
            at_least: u64,
            at_most: Option<u64>,
            providers: Vec<u64>,
            min_age: Span,
            max_age: Option<Span>,
        },
        Countries { side: u8, mode: u8, countries: Vec<Country> },
        List { side: u8, mode: u8, list: u32, subject: u8, about: u8 },
        Count {
            filter: Filter,
            scope: u8,
            max: Option<u32>,
            min: Option<u32>,
            look_through: Option<(u32, u16)>,
        },
        Holding { min: Option<u128>, max: Option<u128>, max_part: Option<u16>, full_only: bool },
        Lot { days: u32, months: u32, free_to: Vec<u32>, inherit: Inherit },
        Window { opens: Option<u64>, closes: Option<u64> },
        Kind(u8),
        All(Vec<Rule>),
        Any(Vec<(String, Rule)>),
        Not(Box<Rule>),
        When { guard: Box<Rule>, then: Box<Rule> },
        Fact {
            about: u8,
            fact: String,
            at_least: u128,
            at_most: Option<u128>,
            min_age: Span,
            max_age: Option<Span>,
        },
        Compare { left: Limit, is: u8, right: Limit },
        Persons { meter: String, scope: u8, by: By, period: Window, max: Limit },
        Counted { meter: String, scope: u8, by: By },
        Amount { meter: String, of: Measure, scope: u8, by: By, period: Window, max: Option<Limit> },
        Pair { topic: u32, between: u8, lookback: Span },
        Approvals(Vec<Step>),
        Effect(Effect),
        Because { says: Option<u8>, source: String, rule: Box<Rule> },
        By { profile: String, version: u32 },
        Recurring(Recurring),
    }
    enum Step {
        Sender,
        Receiver,
        Of { list: u32, count: u8 },
    }
    enum Limit {
        Number(u128),
        Claim { side: u8, topic: u32 },
        Fact { about: u8, fact: String },
        Holders(Filter),
        Outstanding,
        Units,
        Paid,
        Part { part: u16, of: Box<Limit> },
        PaidIn([u8; 3]),
        Sum(Vec<Limit>),
        Least(Vec<Limit>),
        Greatest(Vec<Limit>),
        If { less: Box<Limit>, than: Box<Limit>, then: Box<Limit>, otherwise: Box<Limit> },
        HoldersOfClass(Filter),
        OutstandingOfClass,
        Held(Filter),
    }
    enum Measure {
        Units,
        Paid([u8; 3]),
        Movements,
    }
    enum Effect {
        Free,
        Restart,
        Duty { duty: String, due: Span, roll: u8 },
        Fee { part: u16, to: u64 },
    }
    enum Recurring {
        Weekly { days: Vec<u8>, from: u16, until: u16, business: bool },
        Yearly { from: (u8, u8), until: (u8, u8) },
    }
    enum Covers {
        Anywhere,
        In(Vec<Country>),
        Outside(Vec<Country>),
    }
    struct Profile {
        pub id: String,
        pub title: String,
        pub authority: String,
        pub source: String,
        pub effective: (i32, Option<i32>),
        pub reading: String,
        pub counsel: Vec<String>,
        pub calendar: Option<String>,
        pub covers: Covers,
        pub says: Option<u8>,
        pub offer: Vec<Rule>,
        pub issue: Vec<Rule>,
        pub resale: Vec<Rule>,
        pub control: Vec<Rule>,
        pub always: Vec<Rule>,
        pub release: Vec<Rule>,
        pub withdraw: Vec<Rule>,
        pub triggers: Vec<Trigger>,
    }
    struct Trigger {
        pub duty: String,
        pub source: String,
        pub when: Vec<Rule>,
        pub warning: Vec<Rule>,
        pub yearly: bool,
        pub due: Span,
        pub roll: u8,
    }
    struct ProfileRecord {
        pub number: u32,
        pub since: u64,
        pub hash: Hash,
        pub paths: Vec<String>,
        pub controls: Vec<(String, u32)>,
        pub profile: Profile,
    }
    struct Adoption {
        pub id: String,
        pub version: u32,
        pub since: u64,
        pub is_open: bool,
    }
    struct Fact {
        pub value: u128,
        pub since: u64,
        pub until: u64,
        pub document: Hash,
    }
    struct Offer {
        pub number: u32,
        pub opened: u64,
        pub closed: Option<u64>,
    }
    struct VenueRules {
        pub rules: Vec<Rule>,
        pub calendar: Option<String>,
    }
    struct VenueRecord {
        pub version: u32,
        pub since: u64,
        pub name: String,
        pub asked: VenueRules,
        pub meters: Vec<Meter>,
    }
    struct CalendarRecord {
        pub version: u32,
        pub since: u64,
        pub hash: Hash,
        pub calendar: Calendar,
    }
    struct Calendar {
        pub id: String,
        pub title: String,
        pub source: String,
        pub counsel: Vec<String>,
        pub zone: String,
        pub offsets: Vec<(u64, i16)>,
        pub known_until: i32,
        pub weekend: Vec<u8>,
        pub business: (i32, i32),
        pub holidays: Vec<i32>,
    }
    struct Duty {
        pub profile: String,
        pub since: u64,
        pub due: u64,
        pub met: Option<u64>,
        pub is_over: bool,
    }
    struct Progress {
        pub since: u64,
        pub until: u64,
        pub next: u32,
    }
    struct Added {
        pub days: Vec<(i32, u128)>,
        pub splits: Option<u32>,
    }
    struct Span {
        pub months: u32,
        pub business: u32,
        pub days: u32,
        pub hours: u32,
    }
    enum Inherit {
        Keep,
        Restart,
        RestartIfFrom(u32),
    }
    struct Listed {
        pub from: u64,
        pub until: u64,
    }
    struct Counted {
        pub units: u128,
        pub country: Country,
        pub has: u128,
        pub standing: Standing,
        pub holder: u32,
        pub held: u32,
        pub classes: Vec<(u32, u128)>,
    }
    struct CountedOfIssuer {
        pub assets: u32,
        pub country: Country,
        pub has: u128,
    }
    struct Standing {
        pub policy: u32,
        pub adopted: u32,
        pub outdated: u32,
        pub person: u32,
        pub until: u64,
        pub is_diligent: bool,
        pub is_reviewed: bool,
        pub found: Vec<(u32, u64)>,
    }
    struct Asset {
        pub kind: AssetKind,
        pub symbol: String,
        pub name: String,
        pub decimals: u8,
        pub isin: Option<[u8; 12]>,
        pub cfi: [u8; 6],
        pub fisn: Option<String>,
        pub issuer: u64,
        pub lei: Option<[u8; 20]>,
        pub status: u8,
        pub authorised: u128,
        pub issued: u128,
        pub treasury: u128,
        pub classes: u32,
        pub documents: u32,
        pub checkpoint: u32,
        pub conversion: Option<Conversion>,
    }
    struct Conversion {
        pub class: u32,
        pub into: u32,
        pub ratio: Ratio,
        pub next: u32,
        pub authorised: u128,
        pub is_whole: bool,
    }
    enum AssetKind {
        Equity,
        Debt,
        FundUnit,
        RevenueShare,
        Structured,
        Cash([u8; 3]),
        Wrap,
        TrustUnit,
    }
    struct Class {
        pub name: String,
        pub issued: u128,
        pub treasury: u128,
        pub is_frozen: bool,
        pub holders: u32,
        pub since: u32,
        pub converted: u64,
    }
    struct Position {
        pub units: u128,
        pub held: u128,
        pub frozen: Vec<Freeze>,
        pub lots: Vec<Lot>,
        pub since: u32,
    }
    struct Lot {
        pub units: u128,
        pub acquired: u64,
        pub anchor: u64,
        pub paths: Vec<u16>,
        pub exemptions: u32,
        pub freed: u32,
    }
    struct Hold {
        pub asset: u64,
        pub class: u32,
        pub account: Account,
        pub beneficiary: Account,
        pub notary: Option<u64>,
        pub units: u128,
        pub since: u64,
        pub expires: u64,
        pub pledge: Option<bool>,
        pub path: Option<String>,
        pub price: Option<Price>,
    }
    struct Taking {
        pub asset: u64,
        pub class: u32,
        pub from: Account,
        pub to: Option<Account>,
        pub units: u128,
        pub order: Order,
        pub announced: u64,
        pub contest_until: u64,
        pub contest: Contest,
        pub end: Option<u8>,
    }
    struct Past {
        pub until: u32,
        pub units: u128,
    }
    struct EvmAccount {
        pub nonce: u64,
        pub code: Option<Hash>,
    }
}

/// A key and a record, encoded.
type Row = (Vec<u8>, Vec<u8>);

/// Every record of the state, by table.
pub struct Rows(BTreeMap<u16, Vec<Row>>);

impl Rows {
    /// Takes stored records apart: table, key and record, each with its length.
    pub fn read<'r>(stored: impl Iterator<Item = &'r [u8]>) -> Result<Self, String> {
        let mut tables: BTreeMap<u16, Vec<Row>> = BTreeMap::new();
        for record in stored {
            let word =
                |at: usize| record.get(at..at + 2).map(|two| u16::from_le_bytes([two[0], two[1]]));
            let (table, length) = word(0).zip(word(2)).ok_or("a stored record is cut short")?;
            let end = 4 + usize::from(length);
            let key = record.get(4..end).ok_or("a stored record's key is cut short")?;
            tables.entry(table).or_default().push((key.to_vec(), record[end..].to_vec()));
        }
        Ok(Self(tables))
    }

    /// A table by its module and number there.
    pub fn table<K: BorshDeserialize + Ord, V: BorshDeserialize>(
        &self,
        module: u16,
        number: u16,
    ) -> Result<BTreeMap<K, V>, String> {
        let rows = self.0.get(&(module * 64 + number)).map(Vec::as_slice).unwrap_or_default();
        let mut read = BTreeMap::new();
        for (key, record) in rows {
            let wrong = |what, e| format!("table {module}/{number}: a {what} does not decode: {e}");
            let key = borsh::from_slice(key).map_err(|e| wrong("key", e))?;
            let record = borsh::from_slice(record).map_err(|e| wrong("record", e))?;
            if read.insert(key, record).is_some() {
                return Err(format!("table {module}/{number}: a key stands twice"));
            }
        }
        Ok(read)
    }

    /// The bytes of a record.
    pub fn bytes(&self, module: u16, number: u16, key: &[u8]) -> Option<&[u8]> {
        let rows = self.0.get(&(module * 64 + number))?;
        rows.iter().find(|(known, _)| known == key).map(|(_, record)| record.as_slice())
    }
}

impl Freeze {
    /// The announced order that is to take the units, if one froze them.
    pub fn order(&self) -> Option<u64> {
        match self.by {
            Freezer::Announced(number) => Some(number),
            Freezer::Agent(_) => None,
        }
    }
}

impl Contest {
    /// None yet.
    pub const NONE: Contest = Contest { document: None, by: [0; 20], decision: None };

    /// Contested and not decided.
    pub fn is_open(&self) -> bool {
        self.document.is_some() && self.decision.is_none()
    }
}

impl Order {
    /// What names it: its authority, with its length, and its reference.
    pub fn key(&self) -> Hash {
        let mut hasher = Sha256::new();
        hasher.update((self.authority.len() as u64).to_be_bytes());
        hasher.update(&self.authority);
        hasher.update(&self.reference);
        hasher.finalize().into()
    }

    /// From when on it stands no longer.
    pub fn ends(&self) -> u64 {
        self.expires.unwrap_or(u64::MAX)
    }

    pub fn stands(&self, now: u64) -> bool {
        now < self.ends()
    }
}

impl Span {
    pub fn is_zero(&self) -> bool {
        (self.months, self.business, self.days, self.hours) == (0, 0, 0, 0)
    }
}

impl Rule {
    /// How a policy names it; of approvals, whether by one step or by several.
    pub fn kind(&self) -> &'static str {
        match self {
            Rule::Claim { .. } => "claim",
            Rule::Countries { .. } => "countries",
            Rule::List { .. } => "list",
            Rule::Count { .. } => "count",
            Rule::Holding { .. } => "holding",
            Rule::Lot { .. } => "lot",
            Rule::Window { .. } => "window",
            Rule::Kind(_) => "kind",
            Rule::All(_) => "all",
            Rule::Any(_) => "any",
            Rule::Not(_) => "not",
            Rule::When { .. } => "when",
            Rule::Fact { .. } => "fact",
            Rule::Compare { .. } => "compare",
            Rule::Persons { .. } => "persons",
            Rule::Counted { .. } => "counted",
            Rule::Amount { .. } => "amount",
            Rule::Pair { .. } => "pair",
            Rule::Approvals(steps) if steps.len() > 1 => "approvals by steps",
            Rule::Approvals(_) => "approvals",
            Rule::Effect(_) => "effect",
            Rule::Because { .. } => "because",
            Rule::By { .. } => "by",
            Rule::Recurring(Recurring::Weekly { .. }) => "recurring weekly",
            Rule::Recurring(Recurring::Yearly { .. }) => "recurring yearly",
        }
    }
}

impl Limit {
    /// How a policy names it.
    pub fn form(&self) -> &'static str {
        match self {
            Limit::Number(_) => "number",
            Limit::Claim { .. } => "claim",
            Limit::Fact { .. } => "fact",
            Limit::Holders(_) => "holders",
            Limit::Outstanding => "outstanding",
            Limit::Units => "units",
            Limit::Paid => "paid",
            Limit::Part { .. } => "part",
            Limit::PaidIn(_) => "paid_in",
            Limit::Sum(_) => "sum",
            Limit::Least(_) => "least",
            Limit::Greatest(_) => "greatest",
            Limit::If { .. } => "if",
            Limit::HoldersOfClass(_) => "holders_of_class",
            Limit::OutstandingOfClass => "outstanding_of_class",
            Limit::Held(_) => "held",
        }
    }
}

impl Window {
    /// How a policy names it.
    pub fn form(&self) -> &'static str {
        match self {
            Window::Ever => "ever",
            Window::Rolling(_) => "rolling",
            Window::Fixed(_) => "fixed",
            Window::Year { .. } => "year",
            Window::Since(_) => "since",
            Window::Month => "month",
        }
    }
}

impl Effect {
    /// How a policy names it.
    pub fn form(&self) -> &'static str {
        match self {
            Effect::Free => "free",
            Effect::Restart => "restart",
            Effect::Duty { .. } => "duty",
            Effect::Fee { .. } => "fee",
        }
    }
}

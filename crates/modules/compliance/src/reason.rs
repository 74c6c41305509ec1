//! Why something may not happen, in codes for machines. RULEBOOK section 2.4. The words for people are in
//! `text`.

use crate::{Period, Side, Step};
use borsh::{BorshDeserialize, BorshSerialize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{ClassId, Country, Name, OrderName, PersonId, Time, Units};

/// Which layer speaks.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// The ledger itself: balances, holds, freezes.
    Ledger,
    /// Identity and sanctions.
    Network,
    /// The law of sender's or receiver's country.
    Jurisdiction,
    /// The asset's own policy.
    Issuer,
    /// The rules of the venue through which units move.
    Venue,
}

/// What kind of reason. Numbers are on the wire: append, never renumber.
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
    JsonSchema,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[repr(u16)]
#[allow(missing_docs)]
pub enum ReasonCode {
    Paused = 1,
    AssetClosed = 2,
    FrozenFrom = 3,
    FrozenTo = 4,
    InsufficientBalance = 5,
    UnitsHeld = 6,
    WalletUnknown = 7,
    PersonSuspended = 8,
    KycExpired = 9,
    Sanctioned = 10,
    ClaimMissing = 11,
    CountryForbidden = 12,
    NotListed = 13,
    CapPersons = 14,
    FloorPersons = 15,
    BelowMin = 16,
    AboveMax = 17,
    FullOnly = 18,
    LockedLot = 19,
    WindowClosed = 20,
    NoPath = 21,
    NoPolicy = 22,
    WrongKind = 23,
    NotAllowed = 24,
    SupplyCap = 25,
    ContractRefused = 27,
    InDispute = 29,
    TooManyAssets = 30,
    ClaimExpired = 31,
    FactMissing = 32,
    OutOfBounds = 33,
    CapOfferees = 34,
    NotApproached = 35,
    CapAmountIssuer = 36,
    CapAmountInvestor = 37,
    CapAmountVenue = 38,
    VolumeLimit = 39,
    NotRelated = 40,
    ApprovalMissing = 41,
    PriceMissing = 42,
    PolicyError = 43,
    NotEligible = 44,
    JurisdictionForbidden = 45,
    Flowback = 46,
    CoolingOff = 47,
    DocMissing = 48,
    FilingMissing = 49,
    OfferNotOpen = 50,
    Blackout = 51,
    VenueForbidden = 52,
    GeneralSolicitation = 53,
    WalletNotWhitelisted = 54,
    LiquidateOnly = 55,
    IssuerUntrusted = 56,
    UnpaidLot = 57,
    PersonDeceased = 58,
    UsPerson = 59,
    OnlyAccredited = 60,
    OnlyUsAccredited = 61,
    ScreeningPending = 62,
    DocFlag = 63,
}

impl ReasonCode {
    /// Every one, by number.
    pub fn all() -> impl Iterator<Item = ReasonCode> {
        (0..=u8::MAX).filter_map(|number| borsh::from_slice(&[number]).ok())
    }

    /// The ERC-1066 status byte, as RULEBOOK maps it.
    pub fn erc1066(self) -> u8 {
        use ReasonCode::*;
        match self {
            Paused => 0x42,
            AssetClosed => 0x40,
            FrozenFrom | FrozenTo | PersonSuspended | PersonDeceased | CountryForbidden
            | NotListed | NoPath | NotAllowed => 0x10,
            InsufficientBalance => 0x54,
            UnitsHeld => 0x53,
            WalletUnknown | ClaimMissing => 0x20,
            KycExpired => 0x46,
            Sanctioned => 0x16,
            CapPersons => 0x36,
            FloorPersons | FullOnly => 0x04,
            BelowMin => 0x24,
            AboveMax => 0x26,
            LockedLot | UnpaidLot | WindowClosed => 0x44,
            NoPolicy => 0x00,
            WrongKind => 0x20,
            SupplyCap => 0x06,
            ContractRefused => 0x10,
            InDispute => 0x10,
            TooManyAssets => 0x36,
            ClaimExpired => 0x46,
            FactMissing | DocMissing | FilingMissing => 0xf5,
            OutOfBounds => 0x06,
            CapOfferees => 0x36,
            NotApproached | NotEligible | NotRelated | JurisdictionForbidden => 0x10,
            CapAmountIssuer | CapAmountInvestor | CapAmountVenue => 0x06,
            VolumeLimit => 0x56,
            ApprovalMissing => 0x12,
            PriceMissing => 0x20,
            PolicyError => 0x00,
            Flowback | CoolingOff | OfferNotOpen | Blackout => 0x44,
            VenueForbidden => 0x18,
            GeneralSolicitation | DocFlag => 0x14,
            WalletNotWhitelisted | LiquidateOnly => 0x10,
            IssuerUntrusted => 0xe4,
            UsPerson | OnlyAccredited | OnlyUsAccredited => 0x10,
            ScreeningPending => 0xf2,
        }
    }

    /// The ERC-1400 status byte, as RULEBOOK maps it; of whom it is about, [`Reason::erc1400`] knows.
    pub fn erc1400(self) -> u8 {
        use ReasonCode::*;
        match self {
            Paused | AssetClosed | WindowClosed | CoolingOff | OfferNotOpen | Blackout => 0x54,
            FrozenFrom | KycExpired | Sanctioned | FloorPersons => 0x56,
            FrozenTo
            | WalletUnknown
            | PersonSuspended
            | PersonDeceased
            | ClaimMissing
            | CountryForbidden
            | NotListed
            | CapPersons
            | TooManyAssets
            | ClaimExpired
            | CapOfferees
            | NotApproached
            | NotEligible
            | JurisdictionForbidden
            | Flowback
            | WalletNotWhitelisted
            | LiquidateOnly
            | IssuerUntrusted
            | UsPerson
            | OnlyAccredited
            | OnlyUsAccredited
            | ScreeningPending => 0x57,
            VenueForbidden => 0x58,
            InsufficientBalance => 0x52,
            UnitsHeld | LockedLot | UnpaidLot => 0x55,
            InDispute => 0x56,
            _ => 0x50,
        }
    }

    /// The number that ERC-1404 tokens say, as RULEBOOK maps it: DSToken's, and CMTAT's where only that has one. 255 for
    /// what neither has a number for. Of whom it is about, [`Reason::erc1404`] knows.
    pub fn erc1404(self) -> u8 {
        use ReasonCode::*;
        match self {
            FrozenFrom => 3,
            FrozenTo => 4,
            Paused | AssetClosed => 10,
            InsufficientBalance => 15,
            UnitsHeld | LockedLot | UnpaidLot => 16,
            WalletUnknown => 20,
            WalletNotWhitelisted => 22,
            Flowback => 25,
            CountryForbidden | JurisdictionForbidden | UsPerson => 26,
            Sanctioned | ScreeningPending => 31,
            CapPersons | CapOfferees => 40,
            ApprovalMissing | DocMissing | FilingMissing => 45,
            FullOnly => 50,
            BelowMin => 51,
            AboveMax => 52,
            OnlyAccredited => 61,
            OnlyUsAccredited => 62,
            FloorPersons => 71,
            LiquidateOnly => 90,
            _ => 255,
        }
    }
}

/// One reason, with its facts.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Reason {
    /// What kind.
    pub code: ReasonCode,
    /// Which layer speaks.
    pub layer: Layer,
    /// About whom, if about one side.
    pub side: Option<Side>,
    /// The named path on which it stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What there is or would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub have: Option<Units>,
    /// What is needed or allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<Units>,
    /// The claim's topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<u32>,
    /// The country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// When it would pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Time>,
    /// The fact or the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<Name>,
    /// Who could attest what is missing; any provider if nobody is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<PersonId>,
    /// Where the rule is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who stopped it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Since when it is so: stopped, or run out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Time>,
    /// By which order; of several that bind the one that does longest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderName>,
    /// The class of the asset, if it is about that alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassId>,
    /// What was added up of `need` already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Units>,
    /// Units that are held or pledged, where too few are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Units>,
    /// Units that are frozen, if their freeze has a part in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<Units>,
    /// The period over which it is added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// From when on more of it is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Time>,
    /// The paths that are offered, where one was elected that is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<Name>,
    /// Whose approval is asked for next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<Step>,
}

impl Reason {
    /// A reason without facts.
    pub fn new(layer: Layer, code: ReasonCode) -> Self {
        Self {
            code,
            layer,
            side: None,
            path: None,
            have: None,
            need: None,
            topic: None,
            country: None,
            when: None,
            fact: None,
            providers: Vec::new(),
            source: None,
            by: None,
            since: None,
            order: None,
            class: None,
            used: None,
            held: None,
            frozen: None,
            period: None,
            next: None,
            offered: Vec::new(),
            turn: None,
        }
    }

    /// The ERC-1400 status byte, as RULEBOOK maps it: what stands against a party names the sender, the receiver or the
    /// operator, whichever it is about.
    pub fn erc1400(&self) -> u8 {
        match (self.code.erc1400(), self.side) {
            (0x56 | 0x57, Some(Side::Sender)) => 0x56,
            (0x56 | 0x57, Some(Side::Receiver)) => 0x57,
            (0x56 | 0x57, Some(Side::Venue)) => 0x58,
            (status, _) => status,
        }
    }

    /// The number that ERC-1404 tokens say: of the sender, the receiver or the operator, where the tables tell these apart;
    /// of a lock, whether its holder resides in the United States.
    pub fn erc1404(&self) -> u8 {
        use ReasonCode::*;
        match (self.code, self.side, self.country) {
            (WalletNotWhitelisted, Some(Side::Sender), _) => 21,
            (WalletNotWhitelisted, Some(Side::Venue), _) => 23,
            (Sanctioned | ScreeningPending, Some(Side::Sender), _) => 30,
            (Sanctioned | ScreeningPending, Some(Side::Venue), _) => 32,
            (LockedLot, _, Some(country)) if country.as_str() == "US" => 32,
            (LockedLot, _, Some(_)) => 33,
            (code, ..) => code.erc1404(),
        }
    }

    /// About one side.
    pub fn of(mut self, side: Side) -> Self {
        self.side = Some(side);
        self
    }

    /// There is so much, and so much is needed or allowed.
    pub fn amounts(mut self, have: impl Into<u128>, need: impl Into<u128>) -> Self {
        (self.have, self.need) = (Some(Units(have.into())), Some(Units(need.into())));
        self
    }

    /// About a topic.
    pub fn about(mut self, topic: u32) -> Self {
        self.topic = Some(topic);
        self
    }

    /// Passes from then on.
    pub fn from(mut self, when: Time) -> Self {
        self.when = Some(when);
        self
    }
}

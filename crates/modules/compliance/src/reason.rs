//! Why something may not happen, in codes for machines and words for people. RULEBOOK section 2.4.
//!
//! The words are all in this file, so that they can be translated.

use crate::Side;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::fmt;
use types::{Country, Name, PersonId, Time, Units};

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
}

impl ReasonCode {
    /// The ERC-1066 status byte, as RULEBOOK maps it.
    pub fn erc1066(self) -> u8 {
        use ReasonCode::*;
        match self {
            Paused => 0x42,
            AssetClosed => 0x40,
            FrozenFrom | FrozenTo | PersonSuspended | CountryForbidden | NotListed | NoPath
            | NotAllowed => 0x10,
            InsufficientBalance => 0x54,
            UnitsHeld => 0x53,
            WalletUnknown | ClaimMissing => 0x20,
            KycExpired => 0x46,
            Sanctioned => 0x16,
            CapPersons => 0x36,
            FloorPersons | FullOnly => 0x04,
            BelowMin => 0x24,
            AboveMax => 0x26,
            LockedLot | WindowClosed => 0x44,
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
            GeneralSolicitation => 0x14,
            WalletNotWhitelisted | LiquidateOnly => 0x10,
            IssuerUntrusted => 0xe4,
        }
    }

    /// The ERC-1400 status byte, as RULEBOOK maps it.
    pub fn erc1400(self) -> u8 {
        use ReasonCode::*;
        match self {
            Paused | AssetClosed | WindowClosed | CoolingOff | OfferNotOpen | Blackout => 0x54,
            FrozenFrom | KycExpired | Sanctioned | FloorPersons => 0x56,
            FrozenTo
            | WalletUnknown
            | PersonSuspended
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
            | IssuerUntrusted => 0x57,
            VenueForbidden => 0x58,
            InsufficientBalance => 0x52,
            UnitsHeld | LockedLot => 0x55,
            InDispute => 0x56,
            _ => 0x50,
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

impl Reason {
    fn about_what(&self) -> &str {
        self.fact.as_deref().unwrap_or("what the rule asks")
    }

    /// Locks and windows say themselves when they end.
    fn is_silent_of_when(&self) -> bool {
        !matches!(self.code, ReasonCode::LockedLot | ReasonCode::WindowClosed)
    }
}

/// The name of a claim topic in plain words.
pub fn topic_name(topic: u32) -> String {
    use identity::topic::*;
    match topic {
        KYC_NATURAL => "KYC of a natural person".into(),
        KYB => "KYC of an entity".into(),
        SANCTIONS_CLEAR => "sanctions clearance".into(),
        ACCREDITED => "accredited investor".into(),
        QUALIFIED_PURCHASER => "qualified purchaser".into(),
        QIB => "qualified institutional buyer".into(),
        EU_QUALIFIED => "EU qualified investor".into(),
        REG_S_CERT => "Regulation S certificate".into(),
        other => format!("topic {other}"),
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ReasonCode::*;
        let party = match self.side {
            Some(Side::Sender) => "the seller",
            Some(Side::Receiver) => "the buyer",
            Some(Side::Venue) => "the venue",
            _ => "a party",
        };
        let have = self.have.unwrap_or_default();
        let need = self.need.unwrap_or_default();
        match self.code {
            Paused => write!(f, "trading in this asset is halted"),
            AssetClosed => write!(f, "this asset is closed"),
            FrozenFrom => write!(f, "the seller may not send this asset: its holding is frozen"),
            FrozenTo => write!(f, "the buyer may not receive this asset: its holding is frozen"),
            InsufficientBalance => write!(f, "{need} units needed, {have} there"),
            UnitsHeld => write!(f, "{need} units needed, {have} free: the rest is held or frozen"),
            WalletUnknown => write!(f, "{party}'s wallet is not bound to a verified person"),
            PersonSuspended => write!(f, "{party} is suspended by order"),
            KycExpired => write!(f, "{party} has no current KYC; its provider can renew it"),
            Sanctioned => write!(f, "{party} is blocked"),
            ClaimMissing => {
                let name = topic_name(self.topic.unwrap_or_default());
                write!(f, "{party} needs a current claim: {name}")
            }
            CountryForbidden => match self.country {
                Some(country) => write!(f, "{} is not open for {party}", country.name()),
                None => write!(f, "the country of {party} is not open"),
            },
            NotListed => write!(f, "{party} is not admitted by the asset's list"),
            CapPersons => write!(
                f,
                "there would be {have} holders of this kind, at most {need} may be; a seller's whole holding would fit"
            ),
            FloorPersons => {
                write!(f, "{have} holders of this kind would remain, at least {need} must")
            }
            BelowMin => {
                write!(f, "{party} would hold {have}, at least {need} or nothing is allowed")
            }
            AboveMax => write!(f, "{party} would hold {have}, at most {need} is allowed"),
            FullOnly => write!(f, "the seller may only sell its whole holding of {have}"),
            LockedLot => match self.when {
                Some(when) => write!(
                    f,
                    "{have} of {need} units are unlocked; enough unlock on {}",
                    when.date()
                ),
                None => write!(f, "{have} of {need} units are unlocked"),
            },
            WindowClosed => match self.when {
                Some(when) => write!(f, "the window opens at {when}"),
                None => write!(f, "the window is closed for good"),
            },
            NoPath => write!(f, "no exemption path is open"),
            NoPolicy => {
                write!(f, "the asset has no policy yet, so nothing may move; its agent sets one")
            }
            WrongKind => write!(f, "this kind of movement is not covered"),
            NotAllowed => write!(f, "a condition that must not hold does"),
            SupplyCap => write!(f, "there would be {have} units, {need} are authorised"),
            ContractRefused => write!(f, "the issuer's own rule contract refuses"),
            InDispute => write!(f, "the seller's account is in dispute: its recovery waits"),
            TooManyAssets => write!(
                f,
                "{party} holds {have} assets and at most {need} can be held; one must be given up first"
            ),
            ClaimExpired => {
                let name = topic_name(self.topic.unwrap_or_default());
                write!(f, "{party} needs a current claim: {name}; the one it has has run out")
            }
            FactMissing => write!(f, "it is not attested that {} holds", self.about_what()),
            OutOfBounds => write!(f, "{have} is not within the limit of {need}"),
            CapOfferees => {
                write!(f, "this would be person {have} to be approached, at most {need} may be")
            }
            NotApproached => {
                write!(f, "{party} is not in the register of those who were approached")
            }
            CapAmountIssuer => write!(f, "{have} of {need} can still be raised"),
            CapAmountInvestor => write!(f, "{party} can still invest {have} of {need}"),
            CapAmountVenue => write!(f, "{have} of {need} can still be admitted"),
            VolumeLimit => write!(f, "{have} of {need} can still be sold"),
            NotRelated => {
                let name = topic_name(self.topic.unwrap_or_default());
                write!(f, "the parties are not tied to each other: {name}")
            }
            ApprovalMissing => write!(f, "{have} of {need} approvals are given"),
            PriceMissing => write!(f, "what is paid is not stated in the currency of the rule"),
            PolicyError => write!(f, "the rule cannot be evaluated, which is a refusal"),
            NotEligible => match self.topic {
                Some(topic) => write!(f, "{party} must be: {}", topic_name(topic)),
                None => write!(f, "{party} is not eligible"),
            },
            JurisdictionForbidden => {
                write!(f, "this is not allowed in the jurisdiction of {party}")
            }
            Flowback => write!(f, "units may not flow back into this jurisdiction yet"),
            CoolingOff => write!(f, "the time for reflection is not over"),
            DocMissing => write!(f, "{} must be there first", self.about_what()),
            FilingMissing => write!(f, "{} must be filed first", self.about_what()),
            OfferNotOpen => write!(f, "the offer is not open"),
            Blackout => write!(f, "insiders may not trade now"),
            VenueForbidden => write!(
                f,
                "this moves through a licensed venue only: let the venue's wallet move it as operator"
            ),
            GeneralSolicitation => write!(f, "the offer was made to the public"),
            WalletNotWhitelisted => write!(f, "the wallet of {party} is not admitted"),
            LiquidateOnly => write!(f, "{party} may sell and not buy"),
            IssuerUntrusted => {
                let name = topic_name(self.topic.unwrap_or_default());
                write!(f, "{party} has {name} from a provider that is not trusted for it")
            }
        }?;
        if let (Some(when), true) = (self.when, self.is_silent_of_when()) {
            write!(f, "; from {} on it would be", when.date())?;
        }
        if let Some(source) = &self.source {
            write!(f, " [{source}]")?;
        }
        match &self.path {
            Some(path) => write!(f, " (path {path})"),
            None => Ok(()),
        }
    }
}

//! The codes of refusals and of reasons are on the wire: these lists only grow.

use compliance::{
    ReasonCode::{self, *},
    Refusal,
};
use std::collections::BTreeSet;
use types::{AssetId, PersonId};

/// Every refusal with its code and ERC-1066 status.
fn all() -> Vec<(Refusal, u16, u8)> {
    vec![
        (Refusal::BadPolicy(String::new()), 1, 0x20),
        (Refusal::OutOfFuel, 2, 0x0f),
        (Refusal::NothingChanges, 3, 0x04),
        (Refusal::UnknownPerson(PersonId(1)), 4, 0x20),
        (Refusal::BadDates, 5, 0x20),
        (Refusal::UnknownProfile(Default::default()), 6, 0x20),
        (Refusal::TooManyProfiles, 7, 0x26),
        (Refusal::BadProfile(String::new()), 8, 0x20),
        (Refusal::BadFact(String::new()), 9, 0x20),
        (Refusal::NotApprover(PersonId(1)), 10, 0x10),
        (Refusal::UnknownDuty(String::new()), 11, 0x20),
        (Refusal::MayNotOffer(Box::default()), 12, 0x10),
        (Refusal::NoPolicy, 13, 0x20),
        (Refusal::TooManyAtOnce, 14, 0x26),
        (Refusal::NotVenue, 15, 0x18),
        (Refusal::BadCalendar(String::new()), 16, 0x20),
        (Refusal::UnknownCalendar(Default::default()), 17, 0x20),
        (Refusal::OfferOpen(1), 18, 0x04),
        (Refusal::HoldsTooMuch(1), 19, 0x36),
        (Refusal::NoWallet, 20, 0x20),
        (Refusal::NoneApproved("units"), 21, 0x20),
        (Refusal::NoReport("somebody holds the asset already"), 22, 0x20),
        (Refusal::NotAsked(1), 23, 0x10),
        (Refusal::ApprovalsFull(1), 24, 0x26),
        (Refusal::NotAdopted(AssetId(1), Default::default()), 25, 0x20),
    ]
}

/// Fails to compile when a refusal is added: add it here, and to the list above with a new code.
fn is_listed(refusal: &Refusal) {
    match refusal {
        Refusal::BadPolicy(_) | Refusal::OutOfFuel | Refusal::NothingChanges => {}
        Refusal::UnknownPerson(_) | Refusal::BadDates | Refusal::UnknownProfile(_) => {}
        Refusal::TooManyProfiles | Refusal::BadProfile(_) | Refusal::BadFact(_) => {}
        Refusal::NotApprover(_) | Refusal::UnknownDuty(_) | Refusal::MayNotOffer(_) => {}
        Refusal::NoPolicy | Refusal::TooManyAtOnce | Refusal::NotVenue => {}
        Refusal::BadCalendar(_) | Refusal::UnknownCalendar(_) | Refusal::OfferOpen(_) => {}
        Refusal::HoldsTooMuch(_) | Refusal::NoWallet => {}
        Refusal::NoneApproved(_) | Refusal::NoReport(_) => {}
        Refusal::NotAsked(_) | Refusal::ApprovalsFull(_) | Refusal::NotAdopted(..) => {}
    }
}

#[test]
fn every_refusal_keeps_its_own_code_and_status() {
    let all = all();
    for (refusal, code, status) in &all {
        is_listed(refusal);
        assert_eq!((refusal.code(), refusal.status()), (*code, *status), "{refusal:?}");
        assert!(!refusal.to_string().is_empty());
    }
    let codes: BTreeSet<u16> = all.iter().map(|(_, code, _)| *code).collect();
    assert_eq!(codes.len(), all.len(), "no code says two things");
}

/// Every reason with its code, its ERC-1066 and its ERC-1400 status.
const REASONS: [(ReasonCode, u16, u8, u8); 61] = [
    (Paused, 1, 0x42, 0x54),
    (AssetClosed, 2, 0x40, 0x54),
    (FrozenFrom, 3, 0x10, 0x56),
    (FrozenTo, 4, 0x10, 0x57),
    (InsufficientBalance, 5, 0x54, 0x52),
    (UnitsHeld, 6, 0x53, 0x55),
    (WalletUnknown, 7, 0x20, 0x57),
    (PersonSuspended, 8, 0x10, 0x57),
    (KycExpired, 9, 0x46, 0x56),
    (Sanctioned, 10, 0x16, 0x56),
    (ClaimMissing, 11, 0x20, 0x57),
    (CountryForbidden, 12, 0x10, 0x57),
    (NotListed, 13, 0x10, 0x57),
    (CapPersons, 14, 0x36, 0x57),
    (FloorPersons, 15, 0x04, 0x56),
    (BelowMin, 16, 0x24, 0x50),
    (AboveMax, 17, 0x26, 0x50),
    (FullOnly, 18, 0x04, 0x50),
    (LockedLot, 19, 0x44, 0x55),
    (WindowClosed, 20, 0x44, 0x54),
    (NoPath, 21, 0x10, 0x50),
    (NoPolicy, 22, 0x00, 0x50),
    (WrongKind, 23, 0x20, 0x50),
    (NotAllowed, 24, 0x10, 0x50),
    (SupplyCap, 25, 0x06, 0x50),
    (ContractRefused, 27, 0x10, 0x50),
    (InDispute, 29, 0x10, 0x56),
    (TooManyAssets, 30, 0x36, 0x57),
    (ClaimExpired, 31, 0x46, 0x57),
    (FactMissing, 32, 0xf5, 0x50),
    (OutOfBounds, 33, 0x06, 0x50),
    (CapOfferees, 34, 0x36, 0x57),
    (NotApproached, 35, 0x10, 0x57),
    (CapAmountIssuer, 36, 0x06, 0x50),
    (CapAmountInvestor, 37, 0x06, 0x50),
    (CapAmountVenue, 38, 0x06, 0x50),
    (VolumeLimit, 39, 0x56, 0x50),
    (NotRelated, 40, 0x10, 0x50),
    (ApprovalMissing, 41, 0x12, 0x50),
    (PriceMissing, 42, 0x20, 0x50),
    (PolicyError, 43, 0x00, 0x50),
    (NotEligible, 44, 0x10, 0x57),
    (JurisdictionForbidden, 45, 0x10, 0x57),
    (Flowback, 46, 0x44, 0x57),
    (CoolingOff, 47, 0x44, 0x54),
    (DocMissing, 48, 0xf5, 0x50),
    (FilingMissing, 49, 0xf5, 0x50),
    (OfferNotOpen, 50, 0x44, 0x54),
    (Blackout, 51, 0x44, 0x54),
    (VenueForbidden, 52, 0x18, 0x58),
    (GeneralSolicitation, 53, 0x14, 0x50),
    (WalletNotWhitelisted, 54, 0x10, 0x57),
    (LiquidateOnly, 55, 0x10, 0x57),
    (IssuerUntrusted, 56, 0xe4, 0x57),
    (UnpaidLot, 57, 0x44, 0x55),
    (PersonDeceased, 58, 0x10, 0x57),
    (UsPerson, 59, 0x10, 0x57),
    (OnlyAccredited, 60, 0x10, 0x57),
    (OnlyUsAccredited, 61, 0x10, 0x57),
    (ScreeningPending, 62, 0xf2, 0x57),
    (DocFlag, 63, 0x14, 0x50),
];

/// Codes that once meant something else.
const RETIRED: [u16; 2] = [26, 28];

/// Fails to compile when a reason is added: add it here, and to the list above with a new code.
fn is_known(reason: ReasonCode) {
    match reason {
        Paused | AssetClosed | FrozenFrom | FrozenTo | InsufficientBalance | UnitsHeld => {}
        WalletUnknown | PersonSuspended | KycExpired | Sanctioned | ClaimMissing => {}
        CountryForbidden | NotListed | CapPersons | FloorPersons | BelowMin | AboveMax => {}
        FullOnly | LockedLot | WindowClosed | NoPath | NoPolicy | WrongKind | NotAllowed => {}
        SupplyCap | ContractRefused | InDispute | TooManyAssets => {}
        ClaimExpired | FactMissing | OutOfBounds | CapOfferees | NotApproached => {}
        CapAmountIssuer | CapAmountInvestor | CapAmountVenue | VolumeLimit | NotRelated => {}
        ApprovalMissing | PriceMissing | PolicyError | NotEligible | JurisdictionForbidden => {}
        Flowback | CoolingOff | DocMissing | FilingMissing | OfferNotOpen | Blackout => {}
        VenueForbidden | GeneralSolicitation | WalletNotWhitelisted | LiquidateOnly => {}
        IssuerUntrusted | UnpaidLot | PersonDeceased => {}
        UsPerson | OnlyAccredited | OnlyUsAccredited | ScreeningPending | DocFlag => {}
    }
}

#[test]
fn every_reason_keeps_its_own_code_and_statuses() {
    for (reason, code, erc1066, erc1400) in REASONS {
        is_known(reason);
        let is = (reason as u16, reason.erc1066(), reason.erc1400());
        assert_eq!(is, (code, erc1066, erc1400), "{reason:?}");
        assert!(!RETIRED.contains(&code), "{code} is not used again");
    }
    let codes: BTreeSet<u16> = REASONS.iter().map(|(_, code, ..)| *code).collect();
    assert_eq!(codes.len(), REASONS.len(), "no code says two things");
}

//! The codes of refusals are on the wire: this list only grows.

use ledger::{
    Judgement,
    Refusal::{self, *},
};
use std::collections::BTreeSet;
use types::{AccountId, Address, AssetId, B256, ClassId, PersonId, Time, Units};

/// Every refusal with its code and ERC-1066 status.
fn all() -> Vec<(Refusal, u16, u8)> {
    let (account, person, wallet) = (AccountId::default(), PersonId(1), Address::ZERO);
    let units = Units(1);
    vec![
        (UnknownAsset(AssetId(1)), 1, 0x20),
        (UnknownClass(ClassId(1)), 2, 0x20),
        (NotAllowed(Box::new(Judgement(Default::default()))), 3, 0x10),
        (Trust(trust::Refusal::PersonOnly), 4, 0x10),
        (IsinTaken("US0378331005".parse().unwrap()), 5, 0x26),
        (BadText("name"), 6, 0x20),
        (BadCfi("why"), 7, 0x20),
        (BadAuthorised { issued: units }, 8, 0x20),
        (Allowance { have: units, need: units }, 9, 0x56),
        (NoAccount(wallet), 10, 0x20),
        (Identity(identity::Refusal::NothingChanges), 11, 0x10),
        (UnknownHold(1), 12, 0x20),
        (NotYours, 13, 0x10),
        (HoldStands(Time(0)), 14, 0x44),
        (NotFree { free: units, need: units }, 15, 0x54),
        (IncompleteOrder, 16, 0x20),
        (NothingChanges, 17, 0x04),
        (OutOfFuel, 18, 0x0f),
        (BadDocument("why"), 19, 0x20),
        (UnknownDocument, 20, 0x20),
        (Outstanding(units), 21, 0x04),
        (NotPaused, 22, 0x04),
        (NothingToMove, 23, 0x20),
        (EmptyBatch, 24, 0x20),
        (Overflow, 25, 0x06),
        (UnknownAccount(account), 26, 0x20),
        (UnknownCheckpoint(1), 27, 0x20),
        (TooManyHolds, 28, 0x26),
        (BadSpender, 29, 0x20),
        (HoldEnded(Time(0)), 30, 0x46),
        (SpenderBlocked(person), 31, 0x10),
        (BadDecimals(19), 32, 0x20),
        (BadClassName, 33, 0x20),
        (ClassTaken(ClassId(1)), 34, 0x20),
        (TooManyClasses, 35, 0x26),
        (NoPosition(account), 36, 0x20),
        (TooManyCheckpoints, 37, 0x26),
        (OrderExpired(Time(0)), 38, 0x46),
        (UnknownOrder(1), 39, 0x20),
        (OrderDone(1), 40, 0x04),
        (NotHolder, 41, 0x10),
        (WindowOver(Time(0)), 42, 0x46),
        (WindowOpen(Time(0)), 43, 0x44),
        (IsContested, 44, 0x44),
        (WindowTooLong(Time(0)), 45, 0x20),
        (TooManyFreezes, 46, 0x26),
        (OtherOrder { authority: "court".into(), reference: "A".into() }, 47, 0x10),
        (IsAnnounced(1), 48, 0x44),
        (BadLot(0), 49, 0x20),
        (Converting { asset: AssetId(1), next: 1 }, 50, 0x44),
        (NotConverting, 51, 0x20),
        (BadRatio, 52, 0x20),
        (MeasuredInUnits, 53, 0x10),
        (BeforeConversion(1), 54, 0x44),
        (NotUnpaid { unpaid: units, need: units }, 55, 0x54),
        (OtherIssuer, 56, 0x20),
        (NotAdopted { asset: AssetId(1), profile: "US-506C".into() }, 57, 0x10),
        (MergedIssuer(Default::default()), 58, 0x20),
        (FrozenClass, 59, 0x16),
        (TooManySplits, 60, 0x26),
        (NoSuchOrder(B256::ZERO), 61, 0x20),
        (LotsOfSome, 62, 0x20),
        (LotsSum { sum: units, units }, 63, 0x20),
        (NoCurrency, 64, 0x20),
    ]
}

/// Fails to compile when a refusal is added: add it here, and to the list above with a new code.
fn is_listed(refusal: &Refusal) {
    match refusal {
        UnknownAsset(_) | UnknownClass(_) | NotAllowed(_) | Trust(_) | IsinTaken(_) => {}
        BadText(_) | BadCfi(_) | BadAuthorised { .. } | Allowance { .. } | NoAccount(_) => {}
        Identity(_) | UnknownHold(_) | NotYours | HoldStands(_) | NotFree { .. } => {}
        IncompleteOrder | NothingChanges | OutOfFuel | BadDocument(_) | UnknownDocument => {}
        Outstanding(_) | NotPaused | NothingToMove | EmptyBatch | Overflow => {}
        UnknownAccount(_) | UnknownCheckpoint(_) | TooManyHolds | BadSpender => {}
        HoldEnded(_) | SpenderBlocked(_) | BadDecimals(_) | BadClassName | ClassTaken(_) => {}
        TooManyClasses | NoPosition(_) | TooManyCheckpoints => {}
        OrderExpired(_) | UnknownOrder(_) | OrderDone(_) | NotHolder => {}
        WindowOver(_) | WindowOpen(_) | IsContested | WindowTooLong(_) | TooManyFreezes => {}
        OtherOrder { .. } | IsAnnounced(_) => {}
        BadLot(_) | Converting { .. } | NotConverting | BadRatio => {}
        MeasuredInUnits | BeforeConversion(_) | NotUnpaid { .. } => {}
        OtherIssuer | NotAdopted { .. } | MergedIssuer(_) => {}
        FrozenClass | TooManySplits | NoSuchOrder(_) => {}
        LotsOfSome | LotsSum { .. } | NoCurrency => {}
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

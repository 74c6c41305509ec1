//! The codes of refusals are on the wire: this list only grows.

use identity::Refusal::{self, *};
use std::collections::BTreeSet;
use types::{AccountId, Address, B256, PersonId, Time};

/// Every refusal with its code and ERC-1066 status.
fn all() -> Vec<(Refusal, u16, u8)> {
    let (wallet, person, account) = (Address::ZERO, PersonId(1), AccountId::default());
    vec![
        (WalletUnknown(wallet), 1, 0x20),
        (WalletDead(wallet), 2, 0x20),
        (UnknownPerson(person), 3, 0x20),
        (PersonSuspended(person), 4, 0x10),
        (NotProvider(person), 5, 0x10),
        (OtherProvider { person, provider: person }, 6, 0x10),
        (WalletTaken(wallet), 7, 0x20),
        (NotUnique(person), 8, 0x26),
        (NoUniqueness, 9, 0x20),
        (BadSignature { expected: wallet }, 10, 0x10),
        (DeadlinePassed(Time(0)), 11, 0x46),
        (AlreadyExpired { topic: 1, expires: Time(0) }, 12, 0x46),
        (TooManyClaims(1), 13, 0x26),
        (NoClaim { person, topic: 1 }, 14, 0x20),
        (NotOwner(account), 15, 0x10),
        (NotDelegated { wallet, account, why: "" }, 16, 0x10),
        (RecoveryPending(account), 17, 0x04),
        (NoRecovery(account), 18, 0x20),
        (RecoveryNotReady(Time(0)), 19, 0x44),
        (NoPower(""), 20, 0x10),
        (IncompleteOrder, 21, 0x20),
        (NothingChanges, 22, 0x04),
        (AlreadyProvider(person), 23, 0x04),
        (OutOfFuel, 24, 0x0f),
        (TooManyAccounts(person), 25, 0x26),
        (SameResidence("DE".parse().unwrap()), 26, 0x04),
        (BadOperations(0), 27, 0x20),
        (CutOffPast(Time(0)), 29, 0x44),
        (CutOffFinal(person), 30, 0x04),
        (ExpiresPast(Time(0)), 31, 0x46),
        (ProviderStands(person), 32, 0x10),
        (SelfCare(person), 33, 0x20),
        (WordUsed(Time(1)), 34, 0x46),
        (WordTooLong { latest: Time(1) }, 35, 0x46),
        (BadTerms(""), 36, 0x20),
        (OrderExpired(Time(1)), 37, 0x46),
        (OtherOrder { authority: "court".into(), reference: "A".into() }, 38, 0x10),
        (TooManyOrders(person), 39, 0x26),
        (PersonDeceased(person), 40, 0x10),
        (NotNatural(person), 41, 0x20),
        (DeathAhead(Time(1)), 42, 0x46),
        (TooManyNumbers, 43, 0x26),
        (MergedProvider(person), 44, 0x20),
        (OneDied { dead: person, alive: person }, 45, 0x20),
        (NotBound(person), 46, 0x10),
        (NoSuchOrder(B256::ZERO), 47, 0x20),
        (NoDocument, 48, 0x20),
        (DatedAhead { topic: 1, dated: Time(1) }, 49, 0x46),
    ]
}

/// Fails to compile when a refusal is added: add it here, and to the list above with a new code.
fn is_listed(refusal: &Refusal) {
    match refusal {
        WalletUnknown(_) | WalletDead(_) | UnknownPerson(_) | PersonSuspended(_) => {}
        NotProvider(_) | OtherProvider { .. } | WalletTaken(_) | NotUnique(_) => {}
        NoUniqueness | BadSignature { .. } | DeadlinePassed(_) | AlreadyExpired { .. } => {}
        TooManyClaims(_) | NoClaim { .. } | NotOwner(_) | NotDelegated { .. } => {}
        RecoveryPending(_) | NoRecovery(_) | RecoveryNotReady(_) | NoPower(_) => {}
        IncompleteOrder | NothingChanges | AlreadyProvider(_) | OutOfFuel => {}
        TooManyAccounts(_) | SameResidence(_) | BadOperations(_) | CutOffPast(_) => {}
        CutOffFinal(_) | ExpiresPast(_) | ProviderStands(_) | SelfCare(_) => {}
        WordUsed(_) | WordTooLong { .. } | BadTerms(_) | OrderExpired(_) => {}
        OtherOrder { .. } | TooManyOrders(_) => {}
        PersonDeceased(_) | NotNatural(_) | DeathAhead(_) => {}
        TooManyNumbers | MergedProvider(_) | OneDied { .. } => {}
        NotBound(_) | NoSuchOrder(_) | NoDocument | DatedAhead { .. } => {}
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
    assert!(!codes.contains(&28), "retired codes are not used again");
}

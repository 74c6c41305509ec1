//! The codes of refusals are on the wire: this list only grows.

use std::collections::BTreeSet;
use trust::{Power, Refusal, Refusal::*, Role, Scope};
use types::{Address, B256, PersonId, Time, Units};

/// Every refusal with its code and ERC-1066 status.
fn all() -> Vec<(Refusal, u16, u8)> {
    let (power, scope, person) = (Power::Issue, Scope::Network, PersonId(1));
    let contract = Address::ZERO;
    vec![
        (NotGranted { power, scope }, 1, 0x10),
        (GrantExpired { power, at: Time(0) }, 2, 0x46),
        (GrantUsedUp { left: Units(0), asked: Units(1) }, 3, 0x56),
        (NeedsQuorum { power, scope }, 4, 0x11),
        (UnknownProposal(1), 5, 0x20),
        (ProposalClosed(1), 6, 0x04),
        (ProposalLate(Time(0)), 7, 0x46),
        (NotMember(person), 8, 0x10),
        (ApprovedAlready(person), 9, 0x04),
        (BadQuorum(""), 10, 0x20),
        (NoQuorum { power, scope }, 11, 0x20),
        (WrongScope { power, scope }, 12, 0x20),
        (ExpiresPast(Time(0)), 13, 0x46),
        (PersonOnly, 14, 0x10),
        (OutOfFuel { have: 0, need: 1 }, 15, 0x54),
        (NothingChanges, 16, 0x04),
        (NotProposer, 17, 0x10),
        (BadSchedule, 18, 0x20),
        (LastAdmin, 19, 0x10),
        (CallTooLong, 20, 0x26),
        (UnknownPerson(person), 21, 0x20),
        (OtherSponsor { person, sponsor: person }, 22, 0x04),
        (NotSponsor(person), 23, 0x10),
        (Outlasts { expires: Time(1), until: Time(0) }, 24, 0x10),
        (NoSponsorship { person, sponsor: person }, 25, 0x20),
        (GiverMayNot { person, power }, 26, 0x10),
        (NoGiver, 27, 0x10),
        (AppGives, 28, 0x10),
        (OverTerms { room: Units(0), asked: Units(1) }, 29, 0x56),
        (BadTerms(""), 30, 0x20),
        (NoRole { person, role: Role::Auditor }, 31, 0x10),
        (RoleEnded(person), 32, 0x04),
        (UnknownApp(1), 33, 0x20),
        (NotDeveloper(1), 34, 0x10),
        (AppEnded(1), 35, 0x04),
        (BadApp("name"), 36, 0x20),
        (ContractTaken { contract, app: 1 }, 37, 0x26),
        (OtherCode { contract, found: B256::ZERO }, 38, 0x20),
        (AppStopped { app: 1, why: "" }, 39, 0x10),
        (NotAsked { app: 1 }, 40, 0x10),
        (NotAttested(contract), 41, 0x10),
        (NoAttestation, 42, 0x20),
        (NotCreator(contract), 43, 0x10),
        (PersonsPower(power), 44, 0x10),
    ]
}

/// Fails to compile when a refusal is added: add it here, and to the list above with a new code.
fn is_listed(refusal: &Refusal) {
    match refusal {
        NotGranted { .. } | GrantExpired { .. } | GrantUsedUp { .. } | NeedsQuorum { .. } => {}
        UnknownProposal(_) | ProposalClosed(_) | ProposalLate(_) | NotMember(_) => {}
        ApprovedAlready(_) | BadQuorum(_) | NoQuorum { .. } | WrongScope { .. } => {}
        ExpiresPast(_) | PersonOnly | OutOfFuel { .. } | NothingChanges | NotProposer => {}
        BadSchedule | LastAdmin | CallTooLong | UnknownPerson(_) | OtherSponsor { .. } => {}
        NotSponsor(_) | Outlasts { .. } | NoSponsorship { .. } => {}
        GiverMayNot { .. } | NoGiver | AppGives | OverTerms { .. } | BadTerms(_) => {}
        NoRole { .. } | RoleEnded(_) | UnknownApp(_) | NotDeveloper(_) | AppEnded(_) => {}
        BadApp(_) | ContractTaken { .. } | OtherCode { .. } | AppStopped { .. } => {}
        NotAsked { .. } | NotAttested(_) | NoAttestation | NotCreator(_) => {}
        PersonsPower(_) => {}
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

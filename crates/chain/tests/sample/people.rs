//! Identity and trust.

use super::*;
use crate::Vectors;
use identity::*;
use trust::{
    Act, App, Attestation, Contract, FuelSchedule, Grant, GrantKey, Grantee, Loan, Power, Proposal,
    ProposalStatus, Quorum, Role, Scope, Sponsorship, Standing, Tank,
};
use types::{Country, Period, Terms, Units};

const TERMS: Terms = Terms {
    at_once: Some(Units(5)),
    period: Some(Period { units: Units(6), length_ms: 86_400_000, began: THEN, used: Units(4) }),
    attested: true,
};

fn germany() -> Country {
    "DE".parse().expect("a country")
}

fn claim(revoked: Option<Time>) -> Claim {
    Claim {
        topic: 20,
        value: 3,
        provider: OTHER,
        issued: THEN,
        dated: Time(THEN.0 - 86_400_000),
        expires: LATER,
        evidence: hash(0xe1),
        revoked,
        nonce: 5,
        stayed: revoked.is_some(),
    }
}

pub fn identity(all: &mut Vectors) {
    let person = Person {
        kind: PersonKind::Trust,
        residence: germany(),
        provider: OTHER,
        registered: THEN,
        accounts: 3,
        suspended: Some(LATER),
        delegations_frozen: false,
        epoch: 9,
        death: None,
        counted_as: None,
    };
    all.record(&PERSONS, &PERSON, &person);
    let death = Some(Death { died: THEN, document: hash(0xde), by_order: true });
    let dead = Person { death, counted_as: Some(PERSON), ..person };
    all.record(&PERSONS, &OTHER, &dead);
    all.record(&NUMBERS, &PERSON, &vec![PERSON, OTHER]);
    all.record(&ACCOUNTS, &ACCOUNT, &wallet(0xa1));
    all.record(&WALLETS, &wallet(0xa1), &Wallet { account: ACCOUNT, is_alive: true });
    all.record(&CLAIMS, &PERSON, &Claims(vec![claim(None), claim(Some(LATER))]));
    let cut_off = Some(CutOff { at: LATER, keep_earlier: true });
    all.record(&PROVIDERS, &OTHER, &Provider { is_active: false, cut_off, attested: 6 });
    all.record(&PROVIDERS, &PERSON, &Provider { is_active: true, cut_off: None, attested: 0 });
    all.record(&UNIQUE, &hash(0x33), &PERSON);
    let delegation = Delegation {
        operations: operation::ALL,
        asset: Some(ASSET),
        limit: Some(Units(1_000)),
        expires: LATER,
        given_by: wallet(0xa1),
        terms: TERMS,
    };
    all.record(&DELEGATIONS, &(ACCOUNT, wallet(0xb2)), &delegation);
    let recovery = Recovery { wallet: wallet(0xc3), provider: OTHER, ready: LATER };
    all.record(&RECOVERIES, &ACCOUNT, &recovery);
    let recovered = Some(Recovered { at: LATER, ready: THEN });
    all.record(&DISPUTES, &ACCOUNT, &Dispute { begun: THEN, before: Some(THEN), recovered });
    let begun = Dispute { begun: LATER, before: None, recovered: None };
    all.record(&DISPUTES, &SECOND, &begun);
    all.record(&CARE_WORDS, &PERSON, &THEN);
    all.record(&OUTDATED, &(), &3);
    all.record(&SANCTIONS, &PERSON, &12);
    all.record(&ATTESTED, &(OTHER, 5), &PERSON);
    let lapses = vec![Lapse::Claim(PERSON, LATER), Lapse::Provider(OTHER, LATER, 7)];
    all.record(&LAPSES, &(29_473_920, 2), &lapses);
    let progress = Progress { next_person: 10, lapse_minute: 29_473_920, recovery_delay_ms: 5 };
    all.record(&PROGRESS, &(), &progress);
    all.record(&SUSPENSIONS, &PERSON, &orders());
    all.record(&MINUTES, &29_473_920, &Minute { pages: 3, next: LATER });
}

pub fn identity_events() -> Vec<Event> {
    use Event::*;
    let (person, provider, account) = (PERSON, OTHER, ACCOUNT);
    let all = vec![
        PersonRegistered { person, provider, wallet: wallet(0xa1), residence: germany() },
        AccountOpened { account, wallet: wallet(0xb2) },
        ClaimAttested { person, topic: 20, value: 3, provider, dated: THEN, expires: LATER },
        ClaimRevoked { person, topic: 20, provider },
        ResidenceChanged { person, from: germany(), to: "FR".parse().expect("a country") },
        Delegated {
            account,
            wallet: wallet(0xb2),
            operations: 3,
            expires: LATER,
            asset: Some(ASSET),
            limit: Some(Units(1_000)),
            terms: TERMS,
        },
        DelegationRevoked { account, wallet: wallet(0xb2) },
        DelegationsFrozen { person, frozen: true },
        RecoveryStarted { account, wallet: wallet(0xc3), ready: LATER },
        RecoveryCancelled { account },
        Recovered { account, lost: wallet(0xa1), wallet: wallet(0xc3) },
        ProviderAdmitted { provider },
        ProviderStanding { provider, is_active: true },
        ProviderCutOff { provider, at: LATER, keep_earlier: true },
        PersonSuspended { person, order: order(), by: wallet(0xb1) },
        PersonReinstated { person, order: order(), by: wallet(0xb1) },
        SanctionsHit { person, list_version: 12 },
        SanctionsCleared { person, list_version: 13 },
        CareChanged { person, from: provider, to: PersonId(11) },
        BookMoved { from: provider, to: PersonId(11), persons: 4, order: order() },
        DelegationUsed {
            account,
            wallet: wallet(0xb2),
            asset: ASSET,
            operation: 2,
            units: Units(3),
            left: Some(Units(997)),
        },
        DeathRecorded { person, died: THEN, order: order(), by_order: true },
        DeathWithdrawn { person, order: order() },
        PersonsMerged { person, into: OTHER, order: order() },
        SuspensionContested { person, order: hash(0x0a), document: hash(0xc0), by: wallet(0xa1) },
        SuspensionConfirmed { person, order: hash(0x0a), document: hash(0xde), by: wallet(0xa1) },
    ];
    // A new event fails to compile here: add it above, at its place.
    for event in &all {
        match event {
            PersonRegistered { .. } | AccountOpened { .. } | ClaimAttested { .. } => {}
            ClaimRevoked { .. } | ResidenceChanged { .. } | Delegated { .. } => {}
            DelegationRevoked { .. } | DelegationsFrozen { .. } | RecoveryStarted { .. } => {}
            RecoveryCancelled { .. } | Recovered { .. } | ProviderAdmitted { .. } => {}
            ProviderStanding { .. } | ProviderCutOff { .. } | PersonSuspended { .. } => {}
            PersonReinstated { .. } | SanctionsHit { .. } | SanctionsCleared { .. } => {}
            CareChanged { .. } | BookMoved { .. } | DelegationUsed { .. } => {}
            DeathRecorded { .. } | DeathWithdrawn { .. } | PersonsMerged { .. } => {}
            SuspensionContested { .. } | SuspensionConfirmed { .. } => {}
        }
    }
    all
}

fn grant_key() -> GrantKey {
    let scope = Scope::Class(ASSET, CLASS);
    GrantKey { grantee: Grantee::App(wallet(0xb2)), power: Power::Issue, scope }
}

const SPONSORSHIP: Sponsorship =
    Sponsorship { sponsor: OTHER, remaining: 5_000, expires: LATER, is_accepted: true };
const SCHEDULE: FuelSchedule =
    FuelSchedule { registered_capacity: 1, verified_capacity: 2, refill_ms: 3 };

pub fn trust(all: &mut Vectors) {
    let person = Some(Grantee::Person(PERSON));
    let grant = Grant {
        remaining: Some(Units(7)),
        expires: LATER,
        granted_by: person,
        granted_at: THEN,
        revoked: Some(LATER),
        terms: TERMS,
        wallet: Some(wallet(0xa1)),
    };
    all.record(&trust::GRANTS, &grant_key(), &grant);
    let quorum = Quorum { members: vec![OTHER, PERSON], threshold: 2 };
    all.record(&trust::QUORUMS, &(Power::Force, Scope::Asset(ASSET)), &quorum);
    let proposal = Proposal {
        power: Power::Pause,
        scope: Scope::Network,
        call: vec![1, 2, 3],
        proposer: PERSON,
        deadline: LATER,
        approvals: vec![OTHER],
        status: ProposalStatus::Done,
    };
    all.record(&trust::PROPOSALS, &4, &proposal);
    all.record(&trust::TANKS, &PERSON, &Tank { level: 10, updated: THEN, bought: 20 });
    all.record(&trust::SPONSORS, &PERSON, &SPONSORSHIP);
    all.record(&trust::SCHEDULE, &(), &SCHEDULE);
    all.record(&trust::NEXT_PROPOSAL, &(), &5);
    let given = Some((Some(Units(7)), LATER, TERMS));
    let act = Act { grant: grant_key(), by: person, at: THEN, given };
    all.record(&trust::TRAIL, &(Scope::Asset(ASSET), 8), &act);
    all.record(&trust::TRAIL_LENGTH, &Scope::Class(ASSET, CLASS), &9);
    let app = App {
        developer: OTHER,
        name: "Escrow".into(),
        version: 2,
        uri: "https://app.example".into(),
        manifest: hash(0xe2),
        contracts: vec![wallet(0xb2)],
        powers: 64,
        operations: 3,
        standing: Standing::Suspended,
        published: THEN,
        changed: LATER,
    };
    all.record(&trust::APPS, &7, &app);
    all.record(&trust::NEXT_APP, &(), &8);
    let contract = Contract { app: 7, code: hash(0xc0), is_listed: true };
    all.record(&trust::CONTRACTS, &wallet(0xb2), &contract);
    let attestation = Attestation {
        auditor: PERSON,
        report: hash(0xe3),
        uri: "https://audit.example".into(),
        given: THEN,
        expires: LATER,
        withdrawn: Some(LATER),
    };
    all.record(&trust::ATTESTATIONS, &hash(0xc0), &vec![attestation]);
    all.record(&trust::ROLES, &(Role::Auditor, PERSON), &Standing::Ended);
    all.record(&trust::DEMANDS, &ASSET, &());
    let loans = [Loan::Power(grant_key()), Loan::Account(ACCOUNT, wallet(0xb2))];
    for (place, loan) in (0..).zip(loans) {
        all.record(&trust::LOANS, &(PERSON, place), &loan);
        all.record(&trust::LOAN_PLACES, &(PERSON, loan), &place);
    }
    all.record(&trust::LOAN_COUNT, &PERSON, &2);
}

pub fn trust_events() -> Vec<trust::Event> {
    use trust::Event::*;
    let (grant, by, person) = (grant_key(), Grantee::Person(PERSON), PERSON);
    let (power, scope, proposal) = (Power::Checkpoint, Scope::Asset(ASSET), 4);
    let all = vec![
        Granted { grant, by: Some(by), limit: Some(Units(7)), expires: LATER, terms: TERMS },
        Revoked { grant, by },
        Used { grant, units: Units(2), remaining: Units(5) },
        QuorumSet { power, scope, members: vec![OTHER, PERSON], threshold: 2 },
        QuorumRemoved { power, scope },
        Proposed { proposal, power, scope, proposer: PERSON, deadline: LATER },
        Approved { proposal, person, approvals: 2 },
        ProposalDone { proposal },
        ProposalWithdrawn { proposal },
        Sponsored { person, sponsorship: SPONSORSHIP },
        SponsorshipEnded { person },
        FuelCredited { person, gas: 6 },
        ScheduleSet { schedule: SCHEDULE },
        SponsorshipAccepted { person, sponsor: OTHER },
        RoleSet { role: Role::Auditor, person, standing: Standing::Active },
        AppPublished {
            app: 7,
            developer: OTHER,
            version: 2,
            manifest: hash(0xe2),
            contracts: vec![(wallet(0xb2), hash(0xc0))],
        },
        AppStanding { app: 7, standing: Standing::Ended },
        CodeAttested {
            code: hash(0xc0),
            auditor: person,
            report: hash(0xe3),
            uri: "https://audit.example".into(),
            expires: LATER,
        },
        AttestationWithdrawn { code: hash(0xc0), auditor: person },
        AttestationDemanded { asset: ASSET, demanded: true },
    ];
    // A new event fails to compile here: add it above, at its place.
    for event in &all {
        match event {
            Granted { .. } | Revoked { .. } | Used { .. } | QuorumSet { .. } => {}
            QuorumRemoved { .. } | Proposed { .. } | Approved { .. } | ProposalDone { .. } => {}
            ProposalWithdrawn { .. } | Sponsored { .. } | SponsorshipEnded { .. } => {}
            FuelCredited { .. } | ScheduleSet { .. } | SponsorshipAccepted { .. } => {}
            RoleSet { .. } | AppPublished { .. } | AppStanding { .. } => {}
            CodeAttested { .. } | AttestationWithdrawn { .. } | AttestationDemanded { .. } => {}
        }
    }
    all
}

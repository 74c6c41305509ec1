//! Developers, auditors, apps, and what somebody lets them do.

use crate::world::*;
use Power::*;
use trust::{
    APPS, ATTESTATIONS, Call, Event, GrantKey, Grantee, LOAN_COUNT, LOANS, Listed, Loan, Power,
    Refusal, Role, Standing, Version, app,
};
use types::{Address, B256, PersonId, Terms, Time, Units};

const APP: Address = Address::repeat_byte(0xaa);
const CODE: B256 = B256::repeat_byte(0xc0);

fn role(role: Role, person: PersonId, standing: Standing) -> Call {
    Call::SetRole { role, person, standing }
}

fn listed(contract: Address, creator: PersonId) -> Listed {
    Listed { contract, code: CODE, creator: Some(creator) }
}

fn version(contracts: &[Address]) -> Version {
    Version {
        name: "Escrow".into(),
        uri: "https://app.example".into(),
        manifest: B256::repeat_byte(7),
        contracts: contracts.iter().map(|contract| listed(*contract, BELA)).collect(),
        powers: Issue.bit() | Admin.bit(),
        operations: identity::operation::ALL,
    }
}

fn publish(app: Option<u64>, contracts: &[Address]) -> Call {
    Call::Publish { app, version: version(contracts) }
}

/// Bela publishes apps, Cara attests code, and Bela's first app is there.
fn market() -> World {
    let mut world = World::new();
    world.call(OPERATOR, role(Role::Developer, BELA, Standing::Active)).unwrap();
    world.call(OPERATOR, role(Role::Auditor, CARA, Standing::Active)).unwrap();
    assert_eq!(world.call(BELA, publish(None, &[APP])).unwrap().reply.app, Some(1));
    world
}

fn lend(world: &mut World, terms: Terms) {
    let grant = GrantKey { grantee: Grantee::App(APP), power: Issue, scope: ASSET };
    let call = Call::Grant { grant, limit: Some(Units(10)), expires: world.after(DAY), terms };
    world.call(ACME, call).unwrap();
}

fn attest(expires: Time) -> Call {
    let uri = "https://audit.example".into();
    Call::AttestCode { code: CODE, report: B256::repeat_byte(9), uri, expires }
}

#[test]
fn what_a_contract_uses_is_used_by_who_gave_it_too() {
    let mut world = market();
    lend(&mut world, Terms::default());
    let limited = Call::Grant {
        grant: key(ACME, Issue, ASSET),
        limit: Some(Units(6)),
        expires: Time::NEVER,
        terms: Terms::default(),
    };
    world.call(ACME, limited).unwrap();
    let app = Grantee::App(APP);
    let events = world.spend(app, Issue, CLASS, 4).unwrap();
    let own = GrantKey { grantee: app, power: Issue, scope: ASSET };
    assert_eq!(
        events,
        [
            Event::Used { grant: own, units: Units(4), remaining: Units(6) },
            Event::Used { grant: key(ACME, Issue, ASSET), units: Units(4), remaining: Units(2) },
        ]
    );
    let refused = Refusal::GiverMayNot { person: ACME, power: Issue };
    assert_eq!(world.spend(app, Issue, CLASS, 3).unwrap_err(), refused);
    assert_eq!(world.spend(ACME, Issue, CLASS, 2).map(|events| events.len()), Ok(1));
    assert_eq!(world.may(app, Issue, CLASS, Some(1)).unwrap_err(), refused);
    // A quorum takes the power from the app as it takes it from its giver.
    let quorum = Call::SetQuorum { power: Issue, scope: ASSET, members: vec![ACME], threshold: 1 };
    world.call(ACME, quorum).unwrap();
    let refused = Refusal::NeedsQuorum { power: Issue, scope: ASSET };
    assert_eq!(world.may(app, Issue, CLASS, None).unwrap_err(), refused);
}

#[test]
fn a_contract_never_ends_the_networks_admins() {
    let mut world = World::new();
    let app = Grantee::App(APP);
    let top = GrantKey { grantee: app, power: Admin, scope: NETWORK };
    let never = Time::NEVER;
    let call = Call::Grant { grant: top, limit: None, expires: never, terms: Terms::default() };
    world.call(OPERATOR, call).unwrap();
    // It is an admin through the operator alone: without that one nobody would be.
    let end = Call::Revoke { grant: key(OPERATOR, Admin, NETWORK) };
    assert_eq!(world.call_as(app, end.clone(), None).unwrap_err(), Refusal::LastAdmin);
    world.call(OPERATOR, grant(BELA, Admin, NETWORK)).unwrap();
    assert_eq!(world.call_as(app, end.clone(), None).unwrap_err(), Refusal::LastAdmin);
    world.call(BELA, end).unwrap();
    let refused = Refusal::GiverMayNot { person: OPERATOR, power: Admin };
    assert_eq!(world.call_as(app, grant(CARA, Fuel, NETWORK), None).unwrap_err(), refused);
}

#[test]
fn a_person_sees_once_each_thing_that_it_ever_lent() {
    let mut world = market();
    for _ in 0..2 {
        lend(&mut world, Terms::default());
        let grant = GrantKey { grantee: Grantee::App(APP), power: Issue, scope: ASSET };
        world.call(ACME, Call::Revoke { grant }).unwrap();
    }
    world.call(ACME, grant(BELA, Issue, ASSET)).unwrap();
    assert_eq!(world.get(&LOAN_COUNT, &ACME), Some(1), "what persons have is no loan");
    let grant = GrantKey { grantee: Grantee::App(APP), power: Issue, scope: ASSET };
    assert_eq!(world.get(&LOANS, &(ACME, 0)), Some(Loan::Power(grant)));
}

#[test]
fn the_next_version_takes_the_place_of_the_last() {
    let mut world = market();
    let other = Address::repeat_byte(0xbb);
    world.pass(MINUTE);
    world.call(BELA, publish(Some(1), &[other])).unwrap();
    let record = world.get(&APPS, &1).unwrap();
    assert_eq!((record.version, record.contracts), (2, vec![other]));
    assert_eq!((record.published, record.changed), (START, world.now()));
    let stopped = world.read(|ctx| app::check_contract(ctx, &APP, Some(CODE))).unwrap_err();
    assert!(stopped.to_string().contains("left this contract out"), "{stopped}");
    // Left out is not free.
    let taken = Refusal::ContractTaken { contract: APP, app: 1 };
    assert_eq!(world.call(BELA, publish(None, &[APP])).unwrap_err(), taken);
    world.call(BELA, publish(Some(1), &[other, APP])).unwrap();
    assert_eq!(world.read(|ctx| app::check_contract(ctx, &APP, Some(CODE))), Ok(()));
    world.call(OPERATOR, role(Role::Developer, DORA, Standing::Active)).unwrap();
    let refused = world.call(DORA, publish(Some(1), &[APP])).unwrap_err();
    assert_eq!(refused, Refusal::NotDeveloper(1));
    assert_eq!(world.call(BELA, publish(Some(2), &[APP])).unwrap_err(), Refusal::UnknownApp(2));
}

#[test]
fn an_app_that_is_none_is_refused_by_its_field() {
    let mut world = market();
    let good = version(&[Address::repeat_byte(0xbb)]);
    let many: Vec<_> = (0..17).map(|byte| listed(Address::repeat_byte(byte), BELA)).collect();
    let nobodys = Listed { creator: None, ..listed(APP, BELA) };
    let twice = [good.contracts.clone(), good.contracts.clone()].concat();
    let wrong = [
        ("name", Version { name: " ".into(), ..good.clone() }),
        ("name", Version { name: "n".repeat(65), ..good.clone() }),
        ("name", Version { name: "a\nb".into(), ..good.clone() }),
        ("uri", Version { uri: String::new(), ..good.clone() }),
        ("uri", Version { uri: "u".repeat(257), ..good.clone() }),
        ("manifest", Version { manifest: B256::ZERO, ..good.clone() }),
        ("powers", Version { powers: 1 << 17, ..good.clone() }),
        ("operations", Version { operations: 4, ..good.clone() }),
        ("contracts", Version { contracts: Vec::new(), ..good.clone() }),
        ("contracts", Version { contracts: many, ..good.clone() }),
        ("contracts", Version { contracts: twice, ..good.clone() }),
        ("contracts", Version { contracts: vec![listed(APP, ACME)], ..good.clone() }),
        ("contracts", Version { contracts: vec![nobodys], ..good.clone() }),
    ];
    for (field, version) in wrong {
        let refused = world.call(BELA, Call::Publish { app: None, version }).unwrap_err();
        assert!(refused.to_string().starts_with(&format!("{field}:")), "{field}: {refused}");
    }
    world.call(BELA, Call::Publish { app: None, version: good }).unwrap();
}

#[test]
fn an_auditors_word_counts_from_its_giving_to_its_end_and_for_no_app_of_its_own() {
    let mut world = market();
    let attested = |world: &World| world.read(|ctx| app::check_attested(ctx, &APP)).is_ok();
    let until = world.after(DAY);
    assert_eq!(
        world.call(DORA, attest(until)).unwrap_err(),
        Refusal::NoRole { person: DORA, role: Role::Auditor }
    );
    assert_eq!(world.call(CARA, attest(START)).unwrap_err(), Refusal::ExpiresPast(START));
    world.call(CARA, attest(until)).unwrap();
    assert!(attested(&world));
    world.pass(DAY - 1);
    assert!(attested(&world));
    world.pass(1);
    assert!(!attested(&world), "its end is not part of it");
    world.call(CARA, attest(world.after(DAY))).unwrap();
    world.suspend(CARA, true);
    assert!(!attested(&world), "who is stopped by order speaks for nobody");
    world.suspend(CARA, false);
    world.call(CARA, Call::WithdrawAttestation { code: CODE }).unwrap();
    assert!(!attested(&world));
    let again = world.call(CARA, Call::WithdrawAttestation { code: CODE }).unwrap_err();
    assert_eq!(again, Refusal::NoAttestation);
    world.call(OPERATOR, role(Role::Auditor, BELA, Standing::Active)).unwrap();
    world.call(BELA, attest(world.after(DAY))).unwrap();
    assert!(!attested(&world), "nobody audits itself");
}

#[test]
fn a_code_has_room_for_sixteen_auditors_that_count() {
    let mut world = World::new();
    world.change(|ctx| {
        for number in 100..116 {
            let said = trust::Attestation {
                auditor: PersonId(number),
                report: B256::repeat_byte(1),
                uri: "u".into(),
                given: START,
                expires: Time::NEVER,
                withdrawn: (number == 107).then_some(START),
            };
            ATTESTATIONS.update(ctx, &CODE, |all| all.push(said));
        }
    });
    // None of these stands as an auditor: the first of them gives way.
    world.call(OPERATOR, role(Role::Auditor, CARA, Standing::Active)).unwrap();
    world.call(CARA, attest(Time::NEVER)).unwrap();
    let said = world.get(&ATTESTATIONS, &CODE).unwrap();
    assert_eq!(said.len(), 16);
    assert_eq!((said[0].auditor, said[1].auditor), (CARA, PersonId(101)));
}

#[test]
fn roles_are_given_by_the_network_and_end_for_good() {
    let mut world = World::new();
    let active = role(Role::Developer, BELA, Standing::Active);
    let refused = Refusal::NotGranted { power: Apps, scope: NETWORK };
    assert_eq!(world.call(ACME, active.clone()).unwrap_err(), refused);
    let unknown = world.call(OPERATOR, role(Role::Auditor, NOBODY, Standing::Active)).unwrap_err();
    assert_eq!(unknown, Refusal::UnknownPerson(NOBODY));
    for standing in [Standing::Suspended, Standing::Ended] {
        let call = role(Role::Developer, BELA, standing);
        assert_eq!(world.call(OPERATOR, call).unwrap_err(), Refusal::NothingChanges);
    }
    world.call(OPERATOR, active.clone()).unwrap();
    assert_eq!(world.call(OPERATOR, active.clone()).unwrap_err(), Refusal::NothingChanges);
    world.call(OPERATOR, role(Role::Developer, BELA, Standing::Suspended)).unwrap();
    let refused = world.call(BELA, publish(None, &[APP])).unwrap_err();
    assert_eq!(refused, Refusal::NoRole { person: BELA, role: Role::Developer });
    world.call(OPERATOR, active.clone()).unwrap();
    world.call(OPERATOR, role(Role::Developer, BELA, Standing::Ended)).unwrap();
    assert_eq!(world.call(OPERATOR, active).unwrap_err(), Refusal::RoleEnded(BELA));
}

#[test]
fn terms_that_bound_nothing_or_nobody_are_refused_by_their_field() {
    let mut world = market();
    let grant = key(CARA, Issue, ASSET);
    let period = |units, length_ms| Some(types::Period::new(Units(units), length_ms));
    let wrong = [
        ("at_once", Terms { at_once: Some(Units(0)), ..Terms::default() }),
        ("per_period", Terms { period: period(0, DAY), ..Terms::default() }),
        ("period", Terms { period: period(1, 0), ..Terms::default() }),
        ("attested", Terms { attested: true, ..Terms::default() }),
    ];
    for (field, terms) in wrong {
        let call = Call::Grant { grant, limit: None, expires: Time::NEVER, terms };
        let refused = world.call(ACME, call).unwrap_err();
        assert!(refused.to_string().starts_with(&format!("terms: {field}:")), "{refused}");
    }
}

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
fn a_contract_gives_no_power_and_binds_none_to_a_quorum() {
    let mut world = market();
    let app = Grantee::App(APP);
    for (by, power, scope) in
        [(ACME, Admin, ASSET), (OPERATOR, Admin, NETWORK), (OPERATOR, CreateAsset, NETWORK)]
    {
        let lent = GrantKey { grantee: app, power, scope };
        let call =
            Call::Grant { grant: lent, limit: None, expires: Time::NEVER, terms: Terms::default() };
        assert_eq!(world.call(by, call).unwrap_err(), Refusal::PersonsPower(power));
    }
    lend(&mut world, Terms::default());
    let gives = world.call_as(app, grant(CARA, Issue, ASSET), None);
    assert_eq!(gives.unwrap_err(), Refusal::AppGives);
    let members = vec![CARA];
    let set = Call::SetQuorum { power: Issue, scope: ASSET, members, threshold: 1 };
    assert_eq!(world.call_as(app, set.clone(), None).unwrap_err(), Refusal::PersonOnly);
    world.call(ACME, set).unwrap();
    let remove = Call::RemoveQuorum { power: Issue, scope: ASSET };
    let lent = Some((Issue, ASSET));
    assert_eq!(world.call_as(app, remove, lent).unwrap_err(), Refusal::PersonOnly);
}

#[test]
fn who_lent_a_power_takes_it_back_whether_or_not_it_is_an_admin() {
    let mut world = market();
    world.call(ACME, grant(BELA, Admin, ASSET)).unwrap();
    world.call(ACME, grant(BELA, Issue, ASSET)).unwrap();
    let grant_to = |grantee| GrantKey { grantee, power: Issue, scope: ASSET };
    let lent = grant_to(Grantee::App(APP));
    let give =
        |grant| Call::Grant { grant, limit: None, expires: Time::NEVER, terms: Terms::default() };
    world.call(BELA, give(lent)).unwrap();
    world.call(BELA, give(grant_to(Grantee::Person(CARA)))).unwrap();
    world.call(ACME, Call::Revoke { grant: key(BELA, Admin, ASSET) }).unwrap();
    let refused = Refusal::NotGranted { power: Admin, scope: ASSET };
    let revoke = |grant| Call::Revoke { grant };
    assert_eq!(world.call(CARA, revoke(lent)).unwrap_err(), refused);
    let persons = revoke(grant_to(Grantee::Person(CARA)));
    assert_eq!(world.call(BELA, persons).unwrap_err(), refused, "what a person has is no loan");
    assert_eq!(world.may(Grantee::App(APP), Issue, ASSET, Some(1)), Ok(()));
    world.call(BELA, revoke(lent)).unwrap();
    assert!(world.may(Grantee::App(APP), Issue, ASSET, Some(1)).is_err());
    assert_eq!(world.call(BELA, revoke(lent)).unwrap_err(), Refusal::NothingChanges);
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

#[test]
fn what_counts_no_units_is_given_no_bounds() {
    let mut world = market();
    let at_once = Terms { at_once: Some(Units(5)), ..Terms::default() };
    let period = types::Period::new(Units(5), DAY);
    let in_period = Terms { period: Some(period), ..Terms::default() };
    for (limit, terms) in [(Some(Units(5)), Terms::default()), (None, at_once), (None, in_period)] {
        let give = |power| Call::Grant {
            grant: key(BELA, power, ASSET),
            limit,
            expires: Time::NEVER,
            terms,
        };
        let refused = world.call(ACME, give(Pause)).unwrap_err();
        assert!(matches!(refused, Refusal::BadTerms(why) if why.starts_with("limit")));
        world.call(ACME, give(Redeem)).unwrap();
    }
}

#[test]
fn who_is_sanctioned_stands_in_no_role() {
    let mut world = market();
    let sanction = |hit| identity::Call::SetSanctions { person: BELA, list_version: 1, hit };
    for hit in [true, false] {
        let by = wallet(OPERATOR);
        world.change(|ctx| identity::apply(ctx, by, sanction(hit), true)).unwrap();
        let stopped = world.read(|ctx| app::check_contract(ctx, &APP, Some(CODE)));
        assert_eq!(stopped.is_err(), hit);
        let next = world.call(BELA, publish(Some(1), &[APP]));
        let refused = Refusal::NoRole { person: BELA, role: Role::Developer };
        assert_eq!(next.err(), hit.then_some(refused));
    }
}

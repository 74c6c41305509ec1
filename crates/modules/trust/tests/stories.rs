//! What people do with powers and fuel, told with public operations only.

mod world;

use alloy_primitives::Address;
use identity::PersonKind;
use trust::{Call, Event, FuelSchedule, Grantee, Power::*, ProposalStatus, Refusal, Scope};
use types::{AssetId, B256, ClassId, PersonId, Time, Units};
use world::*;

#[test]
fn a_power_is_used_by_whom_it_was_granted_there_and_until_then() {
    let mut world = World::new();
    let until = world.after(MINUTE);
    let call = Call::Grant { grant: key(BELA, Issue, ASSET), limit: None, expires: until };
    world.call(ACME, call).unwrap();
    assert_eq!(world.may(BELA, Issue, ASSET, None), Ok(()));
    assert_eq!(world.may(BELA, Issue, CLASS, None), Ok(()), "an asset's grant covers its classes");
    let missing = |power, scope| Err(Refusal::NotGranted { power, scope });
    assert_eq!(world.may(BELA, Issue, OTHER, None), missing(Issue, OTHER));
    assert_eq!(world.may(BELA, Redeem, ASSET, None), missing(Redeem, ASSET));
    assert_eq!(world.may(CARA, Issue, ASSET, None), missing(Issue, ASSET));
    assert_eq!(
        world.may(OPERATOR, Issue, ASSET, None),
        missing(Issue, ASSET),
        "the network's admin is no agent of an asset"
    );
    world.pass(MINUTE - 1);
    assert_eq!(world.may(BELA, Issue, ASSET, None), Ok(()));
    world.pass(1);
    let ended = Err(Refusal::GrantExpired { power: Issue, at: until });
    assert_eq!(world.may(BELA, Issue, ASSET, None), ended);
}

#[test]
fn a_class_grant_covers_that_class_only() {
    let mut world = World::new();
    world.call(ACME, grant(BELA, Issue, CLASS)).unwrap();
    assert_eq!(world.may(BELA, Issue, CLASS, None), Ok(()));
    let other = Scope::Class(AssetId(1), ClassId(1));
    assert!(world.may(BELA, Issue, other, None).is_err());
    assert!(world.may(BELA, Issue, ASSET, None).is_err());
}

#[test]
fn a_limited_grant_is_used_up() {
    let mut world = World::new();
    let limit = Some(Units(100));
    let issue = key(BELA, Issue, ASSET);
    let call = Call::Grant { grant: issue, limit, expires: Time::NEVER };
    world.call(ACME, call.clone()).unwrap();
    let events = world.spend(BELA, Issue, ASSET, 60).unwrap();
    let used = Event::Used { grant: issue, units: Units(60), remaining: Units(40) };
    assert_eq!(events, [used]);
    let refusal = Refusal::GrantUsedUp { left: Units(40), asked: Units(41) };
    assert_eq!(world.spend(BELA, Issue, ASSET, 41).unwrap_err(), refusal);
    world.spend(BELA, Issue, ASSET, 40).unwrap();
    assert!(world.spend(BELA, Issue, CLASS, 1).is_err(), "nor by way of a class");
    world.call(ACME, call).unwrap();
    world.spend(BELA, Issue, ASSET, 100).unwrap();
    assert_eq!(world.spend(ACME, Issue, ASSET, u128::MAX), Ok(vec![]), "Acme's has no limit");
}

#[test]
fn the_narrower_grant_is_used_first() {
    let mut world = World::new();
    for (scope, units) in [(CLASS, 10), (ASSET, 100)] {
        let grant = key(BELA, Issue, scope);
        let call = Call::Grant { grant, limit: Some(Units(units)), expires: Time::NEVER };
        world.call(ACME, call).unwrap();
    }
    let left = |world: &World, scope| {
        world.get(&trust::GRANTS, &key(BELA, Issue, scope)).unwrap().remaining.unwrap().0
    };
    world.spend(BELA, Issue, CLASS, 10).unwrap();
    assert_eq!((left(&world, CLASS), left(&world, ASSET)), (0, 100));
    world.spend(BELA, Issue, CLASS, 10).unwrap();
    assert_eq!((left(&world, CLASS), left(&world, ASSET)), (0, 90));
}

#[test]
fn a_revoked_grant_ends_at_once_and_stays_on_the_record() {
    // P16: a removed role manages nothing more.
    let mut world = World::new();
    world.call(ACME, grant(BELA, Admin, ASSET)).unwrap();
    world.call(BELA, grant(CARA, Freeze, ASSET)).unwrap();
    let revoke = |person, power| Call::Revoke { grant: key(person, power, ASSET) };
    world.call(ACME, revoke(BELA, Admin)).unwrap();
    let ended = Refusal::NotGranted { power: Admin, scope: ASSET };
    assert_eq!(world.call(BELA, grant(DORA, Freeze, ASSET)).unwrap_err(), ended);
    assert_eq!(world.call(BELA, revoke(CARA, Freeze)).unwrap_err(), ended);
    assert_eq!(world.may(CARA, Freeze, ASSET, None), Ok(()), "what it granted stands");
    assert_eq!(world.call(ACME, revoke(BELA, Admin)).unwrap_err(), Refusal::NothingChanges);
    let never = Refusal::NotGranted { power: Force, scope: ASSET };
    assert_eq!(world.call(ACME, revoke(DORA, Force)).unwrap_err(), never);
    let record = world.get(&trust::GRANTS, &key(BELA, Admin, ASSET)).unwrap();
    assert_eq!(record.revoked, Some(world.now()));
    assert_eq!(record.granted_by, Some(Grantee::Person(ACME)));
}

#[test]
fn the_trail_tells_every_act_in_order_even_of_grants_given_again() {
    let mut world = World::new();
    let before = world.trail(ASSET).len();
    let limited = |limit, expires| Call::Grant {
        grant: key(BELA, Issue, ASSET),
        limit: Some(Units(limit)),
        expires,
    };
    let (early, late) = (world.after(DAY), world.after(2 * DAY));
    world.call(ACME, limited(5, early)).unwrap();
    world.pass(1);
    world.call(ACME, Call::Revoke { grant: key(BELA, Issue, ASSET) }).unwrap();
    world.pass(1);
    world.call(OPERATOR, limited(7, late)).unwrap();
    let told: Vec<_> = world
        .trail(ASSET)
        .into_iter()
        .skip(before)
        .map(|act| (act.by, act.at.0 - START.0, act.given))
        .collect();
    let (acme, operator) = (Some(Grantee::Person(ACME)), Some(Grantee::Person(OPERATOR)));
    let expected = [
        (acme, 0, Some((Some(Units(5)), early))),
        (acme, 1, None),
        (operator, 2, Some((Some(Units(7)), late))),
    ];
    assert_eq!(told, expected);
    assert!(world.trail(NETWORK).iter().all(|act| act.by.is_none()), "genesis has no grantor");
    assert!(world.trail(OTHER).is_empty());
}

#[test]
fn nobody_gives_a_power_to_themselves_who_is_no_admin() {
    let mut world = World::new();
    let refused = |scope| Refusal::NotGranted { power: Admin, scope };
    assert_eq!(world.call(BELA, grant(BELA, Issue, ASSET)).unwrap_err(), refused(ASSET));
    assert_eq!(world.call(BELA, grant(BELA, Admin, NETWORK)).unwrap_err(), refused(NETWORK));
    world.call(ACME, grant(BELA, Issue, ASSET)).unwrap();
    // Neither an agent that has some power, nor an admin of another scope.
    assert_eq!(world.call(BELA, grant(BELA, Redeem, ASSET)).unwrap_err(), refused(ASSET));
    assert_eq!(world.call(ACME, grant(ACME, Issue, OTHER)).unwrap_err(), refused(OTHER));
    assert_eq!(world.call(ACME, grant(ACME, Orders, NETWORK)).unwrap_err(), refused(NETWORK));
    world.call(ACME, grant(BELA, Admin, CLASS)).unwrap();
    assert_eq!(world.call(BELA, grant(BELA, Issue, ASSET)).unwrap_err(), refused(ASSET));
    let app = Grantee::App(Address::repeat_byte(0xaa));
    let of_app = Call::Grant {
        grant: trust::GrantKey { grantee: app, power: Issue, scope: ASSET },
        limit: None,
        expires: Time::NEVER,
    };
    assert_eq!(world.call_as(app, of_app.clone(), None).unwrap_err(), refused(ASSET));
    world.call(ACME, of_app).unwrap();
    let issues = world.read(|ctx| trust::require(ctx, app, Issue, ASSET, None, None));
    assert_eq!(issues, Ok(()), "an app has exactly what it was granted");
    assert_eq!(
        world.read(|ctx| trust::require(ctx, app, Redeem, ASSET, None, None)),
        Err(Refusal::NotGranted { power: Redeem, scope: ASSET })
    );
}

#[test]
fn an_admin_gives_nothing_that_outlasts_its_own_power() {
    let mut world = World::new();
    let until = world.after(DAY);
    let admin = |expires| Call::Grant { grant: key(BELA, Admin, ASSET), limit: None, expires };
    world.call(ACME, admin(until)).unwrap();
    let too_long = Refusal::Outlasts { expires: until.plus_ms(1), until };
    assert_eq!(world.call(BELA, admin(until.plus_ms(1))).unwrap_err(), too_long, "not itself");
    let other = |expires| Call::Grant { grant: key(CARA, Issue, ASSET), limit: None, expires };
    assert_eq!(world.call(BELA, other(until.plus_ms(1))).unwrap_err(), too_long, "nor another");
    world.call(BELA, other(until)).unwrap();
    world.pass(DAY);
    let ended = Refusal::GrantExpired { power: Admin, at: until };
    assert_eq!(world.call(BELA, other(Time::NEVER)).unwrap_err(), ended);
    // A network admin whose grant over one asset ended is a network admin still.
    let call =
        Call::Grant { grant: key(OPERATOR, Admin, ASSET), limit: None, expires: world.after(1) };
    world.call(ACME, call).unwrap();
    world.pass(1);
    world.call(OPERATOR, other(Time::NEVER)).unwrap();
}

#[test]
fn a_grant_ends_in_the_future_and_stands_where_it_makes_sense() {
    let mut world = World::new();
    let expires = world.now();
    let past = Call::Grant { grant: key(BELA, Issue, ASSET), limit: None, expires };
    assert_eq!(world.call(ACME, past).unwrap_err(), Refusal::ExpiresPast(expires));
    for (power, scope) in
        [(Issue, NETWORK), (Providers, ASSET), (Fuel, ASSET), (Rules, CLASS), (Pause, CLASS)]
    {
        let refusal = world.call(OPERATOR, grant(BELA, power, scope)).unwrap_err();
        assert_eq!(refusal, Refusal::WrongScope { power, scope });
    }
}

#[test]
fn the_network_always_keeps_an_admin() {
    let mut world = World::new();
    let top = |person| key(person, Admin, NETWORK);
    let revoke = |person| Call::Revoke { grant: top(person) };
    let shorten = |person, expires| Call::Grant { grant: top(person), limit: None, expires };
    let tomorrow = world.after(DAY);
    assert_eq!(world.call(OPERATOR, revoke(OPERATOR)).unwrap_err(), Refusal::LastAdmin);
    let refusal = world.call(OPERATOR, shorten(OPERATOR, tomorrow)).unwrap_err();
    assert_eq!(refusal, Refusal::LastAdmin);
    // An admin for a day cannot end the one for good and leave nobody tomorrow.
    world.call(OPERATOR, shorten(BELA, tomorrow)).unwrap();
    assert_eq!(world.call(BELA, revoke(OPERATOR)).unwrap_err(), Refusal::LastAdmin);
    let refusal = world.call(BELA, shorten(OPERATOR, tomorrow)).unwrap_err();
    assert_eq!(refusal, Refusal::LastAdmin);
    world.call(OPERATOR, shorten(BELA, Time::NEVER)).unwrap();
    world.call(BELA, revoke(OPERATOR)).unwrap();
    assert_eq!(world.call(BELA, revoke(BELA)).unwrap_err(), Refusal::LastAdmin);
    // An asset's last admin may leave: the network's stands above it.
    world.call(ACME, Call::Revoke { grant: key(ACME, Admin, ASSET) }).unwrap();
    world.call(BELA, grant(ACME, Admin, ASSET)).unwrap();
}

/// Bela, Cara and Dora decide together about issuing asset 1; two of them suffice.
fn two_of_three(world: &mut World) {
    let members = vec![DORA, BELA, CARA];
    let call = Call::SetQuorum { power: Issue, scope: ASSET, members, threshold: 2 };
    world.call(ACME, call).unwrap();
}

fn propose(world: &mut World, by: PersonId) -> Result<u64, Refusal> {
    let deadline = world.after(DAY);
    let call = Call::Propose { power: Issue, scope: ASSET, call: b"issue 7".to_vec(), deadline };
    world.call(by, call).map(|done| done.reply.proposal.unwrap())
}

fn approve(world: &mut World, by: PersonId, proposal: u64) -> Result<bool, Refusal> {
    let done = world.call(by, Call::Approve { proposal })?;
    if let Some(execute) = &done.reply.execute {
        assert_eq!(*execute, (Issue, ASSET, b"issue 7".to_vec()), "exactly as proposed");
        world.change(|ctx| trust::finish(ctx, proposal));
    }
    Ok(done.reply.execute.is_some())
}

#[test]
fn what_needs_a_quorum_is_done_by_no_one_alone() {
    let mut world = World::new();
    two_of_three(&mut world);
    let needs = Err(Refusal::NeedsQuorum { power: Issue, scope: ASSET });
    for person in [ACME, BELA, OPERATOR, CARA] {
        assert_eq!(world.may(person, Issue, ASSET, None), needs);
        assert_eq!(world.may(person, Issue, CLASS, None), needs, "nor for a class of it");
    }
    assert_eq!(world.may(ACME, Redeem, ASSET, None), Ok(()), "other powers are as before");
    assert_eq!(propose(&mut world, ACME).unwrap_err(), Refusal::NotMember(ACME));
    let proposal = propose(&mut world, BELA).unwrap();
    let again = approve(&mut world, BELA, proposal).unwrap_err();
    assert_eq!(again, Refusal::ApprovedAlready(BELA), "L3: nobody counts twice");
    assert_eq!(approve(&mut world, ACME, proposal).unwrap_err(), Refusal::NotMember(ACME));
    let app = Grantee::App(Address::repeat_byte(0xaa));
    let by_app = world.call_as(app, Call::Approve { proposal }, None).unwrap_err();
    assert_eq!(by_app, Refusal::PersonOnly);
    assert_eq!(approve(&mut world, CARA, proposal), Ok(true));
    let closed = Err(Refusal::ProposalClosed(proposal));
    assert_eq!(approve(&mut world, DORA, proposal), closed, "and it is carried out once");
    let record = world.get(&trust::PROPOSALS, &proposal).unwrap();
    assert_eq!((record.status, record.approvals), (ProposalStatus::Done, vec![BELA, CARA]));
    assert_eq!(approve(&mut world, CARA, 77), Err(Refusal::UnknownProposal(77)));
}

#[test]
fn an_approval_lapses_with_its_members_seat_and_with_the_deadline() {
    let mut world = World::new();
    two_of_three(&mut world);
    let proposal = propose(&mut world, BELA).unwrap();
    let late = propose(&mut world, BELA).unwrap();
    // The quorum gives Bela's seat to a fourth.
    let members = vec![CARA, DORA, PersonId(6)];
    let call = Call::SetQuorum { power: Issue, scope: ASSET, members, threshold: 2 };
    world.call_as(Grantee::Person(CARA), call, Some((Issue, ASSET))).unwrap();
    assert_eq!(approve(&mut world, CARA, proposal), Ok(false), "Bela's approval lapsed");
    assert_eq!(approve(&mut world, BELA, late), Err(Refusal::NotMember(BELA)));
    assert_eq!(approve(&mut world, PersonId(6), proposal), Ok(true));
    let deadline = world.after(DAY);
    world.pass(DAY);
    assert_eq!(approve(&mut world, CARA, late), Ok(false), "until the deadline");
    world.pass(1);
    assert_eq!(approve(&mut world, DORA, late), Err(Refusal::ProposalLate(deadline)));
}

#[test]
fn only_the_proposer_withdraws_and_what_is_withdrawn_stays_so() {
    let mut world = World::new();
    two_of_three(&mut world);
    let proposal = propose(&mut world, BELA).unwrap();
    let withdraw = Call::Withdraw { proposal };
    assert_eq!(world.call(CARA, withdraw.clone()).unwrap_err(), Refusal::NotProposer);
    world.call(BELA, withdraw.clone()).unwrap();
    let closed = Refusal::ProposalClosed(proposal);
    assert_eq!(approve(&mut world, CARA, proposal), Err(closed.clone()));
    assert_eq!(world.call(BELA, withdraw).unwrap_err(), closed);
}

#[test]
fn a_quorum_is_changed_by_itself_only() {
    let mut world = World::new();
    two_of_three(&mut world);
    let mine = |scope| {
        let members = vec![ACME];
        Call::SetQuorum { power: Issue, scope, members, threshold: 1 }
    };
    let needs = Refusal::NeedsQuorum { power: Issue, scope: ASSET };
    let remove = Call::RemoveQuorum { power: Issue, scope: ASSET };
    for person in [ACME, OPERATOR, BELA] {
        assert_eq!(world.call(person, mine(ASSET)).unwrap_err(), needs);
        assert_eq!(world.call(person, remove.clone()).unwrap_err(), needs);
        assert_eq!(world.call(person, mine(CLASS)).unwrap_err(), needs, "nor around it");
    }
    let acme = Grantee::Person(ACME);
    for lent in [(Redeem, ASSET), (Issue, OTHER), (Issue, CLASS), (Admin, OTHER)] {
        let refusal = world.call_as(acme, remove.clone(), Some(lent)).unwrap_err();
        assert_eq!(refusal, needs, "nor by another quorum");
    }
    // Bela is no admin, but speaks for the full quorum here.
    world.call_as(Grantee::Person(BELA), remove.clone(), Some((Issue, ASSET))).unwrap();
    assert_eq!(world.may(ACME, Issue, ASSET, None), Ok(()));
    let none = Refusal::NoQuorum { power: Issue, scope: ASSET };
    assert_eq!(world.call(ACME, remove).unwrap_err(), none);
    assert_eq!(propose(&mut world, BELA).unwrap_err(), none);
}

#[test]
fn a_narrow_quorum_set_beforehand_does_not_go_around_a_wide_one() {
    let mut world = World::new();
    let members = vec![ACME];
    let call = Call::SetQuorum { power: Issue, scope: CLASS, members, threshold: 1 };
    world.call(ACME, call).unwrap();
    two_of_three(&mut world);
    let acme = Grantee::Person(ACME);
    let lent = Some((Issue, CLASS));
    let refused = Err(Refusal::NeedsQuorum { power: Issue, scope: ASSET });
    assert_eq!(world.read(|ctx| trust::require(ctx, acme, Issue, CLASS, None, lent)), refused);
    let lent = Some((Issue, ASSET));
    assert_eq!(world.read(|ctx| trust::require(ctx, acme, Issue, CLASS, None, lent)), Ok(()));
    assert!(world.read(|ctx| trust::require(ctx, acme, Redeem, CLASS, None, lent)).is_ok());
    let bela = Grantee::Person(BELA);
    assert!(world.read(|ctx| trust::require(ctx, bela, Redeem, CLASS, None, lent)).is_err());
}

#[test]
fn where_admins_decide_together_none_of_them_grants_alone() {
    let mut world = World::new();
    let members = vec![ACME, BELA];
    let call = Call::SetQuorum { power: Admin, scope: ASSET, members, threshold: 2 };
    world.call(ACME, call).unwrap();
    let needs = Refusal::NeedsQuorum { power: Admin, scope: ASSET };
    for person in [ACME, OPERATOR] {
        assert_eq!(world.call(person, grant(CARA, Force, ASSET)).unwrap_err(), needs);
        let revoke = Call::Revoke { grant: key(ACME, Pause, ASSET) };
        assert_eq!(world.call(person, revoke).unwrap_err(), needs);
    }
    let lent = Some((Admin, ASSET));
    world.call_as(Grantee::Person(BELA), grant(CARA, Force, ASSET), lent).unwrap();
    // The network's admins together are the last resort when a quorum has lost its members.
    let lent = Some((Admin, NETWORK));
    let remove = Call::RemoveQuorum { power: Admin, scope: ASSET };
    world.call_as(Grantee::Person(OPERATOR), remove, lent).unwrap();
    world.call(ACME, grant(DORA, Force, ASSET)).unwrap();
}

#[test]
fn a_quorum_has_members_each_once_and_a_threshold_they_can_reach() {
    let mut world = World::new();
    let mut refused = |members, threshold| {
        let call = Call::SetQuorum { power: Issue, scope: ASSET, members, threshold };
        matches!(world.call(ACME, call), Err(Refusal::BadQuorum(_)))
    };
    assert!(refused(vec![BELA, CARA, BELA], 2), "L3: the same signer twice");
    assert!(refused(vec![BELA, CARA], 3));
    assert!(refused(vec![BELA, CARA], 0));
    assert!(refused(vec![], 0) && refused(vec![], 1));
    assert!(refused(vec![BELA, NOBODY], 1));
    assert!(refused((1..=33).map(PersonId).collect(), 1));
}

#[test]
fn a_proposal_is_bounded_in_size_and_time() {
    let mut world = World::new();
    two_of_three(&mut world);
    let propose = |call, deadline| Call::Propose { power: Issue, scope: ASSET, call, deadline };
    let now = world.now();
    let refusal = world.call(BELA, propose(vec![], now)).unwrap_err();
    assert_eq!(refusal, Refusal::ExpiresPast(now));
    let long = propose(vec![0; (64 << 10) + 1], world.after(1));
    assert_eq!(world.call(BELA, long).unwrap_err(), Refusal::CallTooLong);
    world.call(BELA, propose(vec![0; 64 << 10], world.after(1))).unwrap();
}

#[test]
fn fuel_comes_back_with_time_up_to_the_persons_standing() {
    let mut world = World::new();
    let FuelSchedule { registered_capacity: small, verified_capacity: large, refill_ms } =
        FuelSchedule::default();
    assert_eq!(world.fuel(BELA), small);
    world.pay(BELA, small, small).unwrap();
    let empty = Refusal::OutOfFuel { have: 0, need: 1 };
    assert_eq!(world.pay(BELA, 1, 1).unwrap_err(), empty);
    world.pass(refill_ms / 2);
    assert_eq!(world.fuel(BELA), small / 2);
    world.pass(refill_ms);
    assert_eq!(world.fuel(BELA), small, "and no further");
    let until = world.after(10 * refill_ms);
    world.verify(BELA, until);
    world.pass(refill_ms);
    assert_eq!(world.fuel(BELA), large, "more once verified");
    world.pass(9 * refill_ms);
    assert_eq!(world.fuel(BELA), small, "and less when that lapses");
}

#[test]
fn fuel_is_of_the_person_not_of_its_accounts() {
    let mut world = World::new();
    world.pay(BELA, 1_000_000, 1_000_000).unwrap();
    let before = world.fuel(BELA);
    world.change(|ctx| {
        let mut record = identity::PERSONS.get(ctx, &BELA).unwrap();
        assert_eq!(record.kind, PersonKind::Entity);
        for number in 1..=20 {
            let account = types::AccountId::new(BELA, number);
            let owner = Address::from_word(B256::with_last_byte(100 + number as u8));
            identity::ACCOUNTS.put(ctx, &account, owner);
            identity::WALLETS.put(ctx, &owner, identity::Wallet { account, is_alive: true });
        }
        record.accounts += 20;
        identity::PERSONS.put(ctx, &BELA, record);
    });
    assert_eq!(world.fuel(BELA), before);
}

#[test]
fn bought_fuel_is_used_last_and_does_not_grow() {
    let mut world = World::new();
    let FuelSchedule { registered_capacity: small, refill_ms, .. } = FuelSchedule::default();
    let credit = Call::CreditFuel { person: BELA, gas: 1_000 };
    let refused = Refusal::NotGranted { power: Fuel, scope: NETWORK };
    assert_eq!(world.call(BELA, credit.clone()).unwrap_err(), refused);
    world.call(OPERATOR, credit).unwrap();
    assert_eq!(world.fuel(BELA), small + 1_000);
    world.pay(BELA, small + 600, small + 600).unwrap();
    assert_eq!(world.fuel(BELA), 400);
    world.pass(10 * refill_ms);
    assert_eq!(world.fuel(BELA), small + 400);
    for (person, gas, why) in
        [(NOBODY, 1, Refusal::UnknownPerson(NOBODY)), (BELA, 0, Refusal::NothingChanges)]
    {
        assert_eq!(world.call(OPERATOR, Call::CreditFuel { person, gas }).unwrap_err(), why);
    }
}

#[test]
fn a_sponsor_pays_so_much_until_then_and_from_its_own_tank() {
    let mut world = World::new();
    let expires = world.after(MINUTE);
    let sponsor = |gas, expires| Call::Sponsor { person: BELA, gas, expires };
    world.call(ACME, sponsor(100_000, expires)).unwrap();
    let (of_acme, of_bela) = (world.fuel(ACME), world.fuel(BELA));
    let payer = world.pay(BELA, 60_000, 50_000).unwrap();
    assert_eq!((payer.person, payer.sponsored), (ACME, Some(BELA)));
    assert_eq!((world.fuel(ACME), world.fuel(BELA)), (of_acme - 50_000, of_bela));
    // Of the promise 50,000 are left: less than this transaction may take.
    assert_eq!(world.pay(BELA, 50_001, 50_001).unwrap().person, BELA);
    assert_eq!(world.pay(BELA, 50_000, 1).unwrap().person, ACME);
    world.pass(MINUTE);
    assert_eq!(world.pay(BELA, 1, 1).unwrap().person, BELA, "it has expired");
}

#[test]
fn a_sponsor_without_fuel_leaves_the_person_to_pay() {
    let mut world = World::new();
    let call = Call::Sponsor { person: BELA, gas: u64::MAX, expires: Time::NEVER };
    world.call(ACME, call).unwrap();
    let all = world.fuel(ACME);
    world.pay(ACME, all, all).unwrap();
    assert_eq!(world.pay(BELA, 21_000, 21_000).unwrap().person, BELA);
}

#[test]
fn a_person_has_one_sponsor_at_a_time_and_either_of_them_ends_it() {
    let mut world = World::new();
    let sponsor = |gas| Call::Sponsor { person: BELA, gas, expires: Time::NEVER };
    let end = Call::EndSponsorship { person: BELA };
    assert_eq!(world.call(BELA, end.clone()).unwrap_err(), Refusal::NothingChanges);
    world.call(ACME, sponsor(10)).unwrap();
    let other = Refusal::OtherSponsor { person: BELA, sponsor: ACME };
    assert_eq!(world.call(CARA, sponsor(10)).unwrap_err(), other);
    assert_eq!(world.call(CARA, end.clone()).unwrap_err(), Refusal::NotSponsor(BELA));
    world.call(BELA, end.clone()).unwrap();
    world.call(CARA, sponsor(10)).unwrap();
    world.call(CARA, end).unwrap();
    for (by, person, gas, why) in [
        (BELA, BELA, 10, Refusal::NothingChanges),
        (ACME, BELA, 0, Refusal::NothingChanges),
        (ACME, NOBODY, 10, Refusal::UnknownPerson(NOBODY)),
    ] {
        let call = Call::Sponsor { person, gas, expires: Time::NEVER };
        assert_eq!(world.call(by, call).unwrap_err(), why);
    }
    let expires = world.now();
    let past = Call::Sponsor { person: BELA, gas: 1, expires };
    assert_eq!(world.call(ACME, past).unwrap_err(), Refusal::ExpiresPast(expires));
    let app = Grantee::App(Address::repeat_byte(0xaa));
    assert_eq!(world.call_as(app, sponsor(1), None).unwrap_err(), Refusal::PersonOnly);
}

#[test]
fn no_schedule_of_fuel_stops_the_network_for_good() {
    let mut world = World::new();
    let good = FuelSchedule {
        registered_capacity: 100_000,
        verified_capacity: 100_000,
        refill_ms: 7 * DAY,
    };
    let bad = [
        FuelSchedule { registered_capacity: 99_999, ..good },
        FuelSchedule { verified_capacity: 99_999, ..good },
        FuelSchedule { refill_ms: 0, ..good },
        FuelSchedule { refill_ms: 7 * DAY + 1, ..good },
    ];
    for schedule in bad {
        let refusal = world.call(OPERATOR, Call::SetSchedule(schedule)).unwrap_err();
        assert_eq!(refusal, Refusal::BadSchedule);
    }
    let refused = Refusal::NotGranted { power: Fuel, scope: NETWORK };
    assert_eq!(world.call(ACME, Call::SetSchedule(good)).unwrap_err(), refused);
    world.call(OPERATOR, Call::SetSchedule(good)).unwrap();
    assert_eq!(world.fuel(BELA), 100_000);
}

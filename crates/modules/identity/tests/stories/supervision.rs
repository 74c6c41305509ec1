//! The network over providers and persons.

use crate::world::*;
use identity::{Call, Event, Refusal};
use types::{B256, Contest, PersonId};

#[test]
fn an_order_names_its_authority_and_is_carried_out_with_power_only() {
    let mut world = World::new();
    let suspend = |order| Call::Suspend { person: ALICE, order };
    let unpowered = world.call(1, suspend(order())).unwrap_err();
    assert_eq!(unpowered, Refusal::NoPower("carry out orders"));
    for incomplete in [
        types::Order { authority: " ".into(), ..order() },
        types::Order { reference: String::new(), ..order() },
        types::Order { document: types::B256::ZERO, ..order() },
        types::Order { authority: "x".repeat(257), ..order() },
    ] {
        assert_eq!(world.govern(1, suspend(incomplete)).unwrap_err(), Refusal::IncompleteOrder);
    }
    let done = world.govern(1, suspend(order())).unwrap();
    let by = wallet(1);
    assert_eq!(done.events, [Event::PersonSuspended { person: ALICE, order: order(), by }]);
    assert_eq!(world.govern(1, suspend(order())).unwrap_err(), Refusal::NothingChanges);
    assert_eq!(world.acting(3), Err(Refusal::PersonSuspended(ALICE)));
}

#[test]
fn a_sanctions_hit_is_applied_with_power_only_and_taken_back_so() {
    let mut world = World::new();
    let set = |hit| Call::SetSanctions { person: ALICE, list_version: 12, hit };
    assert_eq!(world.call(1, set(true)).unwrap_err(), Refusal::NoPower("apply sanctions lists"));
    let is_hit = |world: &World| world.read(|ctx| identity::is_sanctioned(ctx, ALICE));
    world.govern(1, set(true)).unwrap();
    assert!(is_hit(&world));
    world.govern(1, set(false)).unwrap();
    assert!(!is_hit(&world));
    assert_eq!(world.govern(1, set(false)).unwrap_err(), Refusal::NothingChanges);
}

#[test]
fn a_provider_is_admitted_once_and_only_if_registered() {
    let mut world = World::new();
    let admit = |provider| Call::AdmitProvider { provider };
    let unpowered = world.call(3, admit(ALICE)).unwrap_err();
    assert_eq!(unpowered, Refusal::NoPower("manage providers"));
    let nobody = PersonId(99);
    assert_eq!(world.govern(3, admit(nobody)).unwrap_err(), Refusal::UnknownPerson(nobody));
    world.govern(3, admit(ALICE)).unwrap();
    assert_eq!(world.govern(3, admit(ALICE)).unwrap_err(), Refusal::AlreadyProvider(ALICE));
    world.call(3, Call::Register(vec![registration(10, 10)])).unwrap();
}

#[test]
fn a_suspension_ends_with_its_order_and_not_a_moment_before() {
    let mut world = World::new();
    let now = world.now();
    let until = |ms: u64| types::Order { expires: Some(now.plus_ms(ms)), ..order() };
    let suspend = |order| Call::Suspend { person: ALICE, order };
    let expired = world.govern(1, suspend(until(0))).unwrap_err();
    assert_eq!(expired, Refusal::OrderExpired(now));
    world.govern(1, suspend(until(1_000))).unwrap();
    assert_eq!(world.govern(1, suspend(until(1_000))).unwrap_err(), Refusal::NothingChanges);
    world.govern(1, suspend(until(2_000))).unwrap();
    world.pass(1_999);
    assert_eq!(world.acting(3), Err(Refusal::PersonSuspended(ALICE)));
    world.pass(1);
    assert!(world.acting(3).is_ok());
    let reinstate = Call::Reinstate { person: ALICE, order: order() };
    assert_eq!(world.govern(1, reinstate.clone()).unwrap_err(), Refusal::NothingChanges);
    // Without an end it stands until it is lifted.
    world.govern(1, suspend(order())).unwrap();
    world.pass(100 * 86_400_000);
    assert_eq!(world.acting(3), Err(Refusal::PersonSuspended(ALICE)));
    world.govern(1, reinstate).unwrap();
    assert!(world.acting(3).is_ok());
}

#[test]
fn a_suspension_stands_until_the_last_of_its_orders_ends_and_each_is_lifted_by_its_own_name() {
    let mut world = World::new();
    let of = |reference: &str, ends: Option<u64>| types::Order {
        reference: reference.into(),
        expires: ends.map(|ms| world.now().plus_ms(ms)),
        ..order()
    };
    let (a, b, c) = (of("A", None), of("B", Some(1_000)), of("C", None));
    let suspend = |order: &types::Order| Call::Suspend { person: ALICE, order: order.clone() };
    let reinstate = |order: &types::Order| Call::Reinstate { person: ALICE, order: order.clone() };
    world.govern(1, suspend(&a)).unwrap();
    world.govern(1, suspend(&b)).unwrap();
    world.pass(1_000);
    assert_eq!(world.acting(3), Err(Refusal::PersonSuspended(ALICE)), "A stands");
    let refused = world.govern(1, reinstate(&c)).unwrap_err();
    let (authority, reference) = (a.authority.clone(), a.reference.clone());
    assert_eq!(refused, Refusal::OtherOrder { authority, reference });
    world.govern(1, reinstate(&a)).unwrap();
    assert!(world.acting(3).is_ok());
    for number in 0..16 {
        world
            .govern(1, suspend(&types::Order { reference: number.to_string(), ..order() }))
            .unwrap();
    }
    assert_eq!(world.govern(1, suspend(&c)).unwrap_err(), Refusal::TooManyOrders(ALICE));
}

#[test]
fn a_suspended_person_contests_what_suspends_it_and_stays_suspended_until_that_is_decided() {
    let mut world = World::new();
    let until = |ms: u64| types::Order { expires: Some(world.now().plus_ms(ms)), ..order() };
    let (given, anew) = (until(1_000), until(2_000));
    let suspend = |order: &types::Order| Call::Suspend { person: ALICE, order: order.clone() };
    let (key, document) = (order().key(), B256::repeat_byte(7));
    let contest = |order, document| Call::ContestSuspension { person: ALICE, order, document };
    let confirm = |document| Call::ConfirmSuspension { person: ALICE, order: key, document };
    let nothing = world.call(3, contest(key, document)).unwrap_err();
    assert_eq!(nothing, Refusal::NoSuchOrder(key));
    world.govern(1, suspend(&given)).unwrap();
    assert_eq!(world.govern(1, confirm(document)).unwrap_err(), Refusal::NothingChanges);
    assert_eq!(world.call(2, contest(key, document)).unwrap_err(), Refusal::NotBound(ALICE));
    assert_eq!(world.call(3, contest(key, B256::ZERO)).unwrap_err(), Refusal::NoDocument);
    let told = world.call(3, contest(key, document)).unwrap().events;
    let by = wallet(3);
    assert_eq!(told, [Event::SuspensionContested { person: ALICE, order: key, document, by }]);
    assert_eq!(world.acting(3), Err(Refusal::PersonSuspended(ALICE)), "it stands");
    assert_eq!(world.call(3, contest(key, document)).unwrap_err(), Refusal::NothingChanges);
    let unpowered = world.call(3, confirm(document)).unwrap_err();
    assert_eq!(unpowered, Refusal::NoPower("carry out orders"));
    assert_eq!(world.govern(1, confirm(B256::ZERO)).unwrap_err(), Refusal::NoDocument);
    let told = world.govern(1, confirm(document)).unwrap().events;
    let by = wallet(1);
    assert_eq!(told, [Event::SuspensionConfirmed { person: ALICE, order: key, document, by }]);
    assert_eq!(world.call(3, contest(key, document)).unwrap_err(), Refusal::NothingChanges);
    // Given anew on other terms it may be contested anew, as long as it stands.
    world.govern(1, suspend(&anew)).unwrap();
    let orders = world.get(&identity::SUSPENSIONS, &ALICE).unwrap();
    assert_eq!((orders.0.len(), orders.0[0].contest), (1, Contest::default()));
    world.pass(1_999);
    world.call(3, contest(key, document)).unwrap();
    world.pass(1);
    assert_eq!(world.govern(1, confirm(document)).unwrap_err(), Refusal::NoSuchOrder(key));
}

#[test]
fn one_in_dispute_contests_too_and_nobody_does_for_the_dead() {
    let mut world = World::new();
    let document = B256::repeat_byte(7);
    let contest = Call::ContestSuspension { person: ALICE, order: order().key(), document };
    world.start_recovery(first(ALICE), 30).unwrap();
    world.govern(1, Call::Suspend { person: ALICE, order: order() }).unwrap();
    world.call(3, contest.clone()).unwrap();
    let died = world.now();
    world.call(1, Call::RecordDeath { person: ALICE, died, order: order() }).unwrap();
    assert_eq!(world.call(3, contest).unwrap_err(), Refusal::PersonDeceased(ALICE));
}

#[test]
fn who_recovers_from_a_thief_contests_its_suspension_once_more() {
    let mut world = World::new();
    let (account, order, document) = (first(ALICE), order(), B256::repeat_byte(7));
    let key = order.key();
    let contest = Call::ContestSuspension { person: ALICE, order: key, document };
    world.govern(1, Call::Suspend { person: ALICE, order }).unwrap();
    world.call(3, contest.clone()).unwrap();
    world.govern(1, Call::ConfirmSuspension { person: ALICE, order: key, document }).unwrap();
    world.start_recovery(account, 30).unwrap();
    assert_eq!(world.call(3, contest.clone()).unwrap_err(), Refusal::NothingChanges);
    world.pass(DAY);
    world.call(1, Call::CompleteRecovery { account }).unwrap();
    assert_eq!(world.call(3, contest.clone()).unwrap_err(), Refusal::NotBound(ALICE));
    world.call(30, contest.clone()).unwrap();
    assert_eq!(world.call(30, contest).unwrap_err(), Refusal::NothingChanges);
}

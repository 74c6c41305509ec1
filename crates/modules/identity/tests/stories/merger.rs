//! Merger: several numbers turn out to be one human.

use crate::world::*;
use identity::{Call, Event, Merger, Refusal};
use types::{Order, PersonId, Time};

/// Registers so many natural persons, the first with number 4.
fn people(world: &mut World, count: u8) -> Vec<PersonId> {
    let given = |n: u8| registration(50 + u64::from(n), 50 + n);
    world.call(1, Call::Register((0..count).map(given).collect())).unwrap().reply.registered
}

fn merge(person: PersonId, into: PersonId) -> Call {
    Call::Merge { person, into, order: order() }
}

fn counted_as(world: &World, person: PersonId) -> PersonId {
    world.read(|ctx| identity::counted_as(ctx, person))
}

#[test]
fn an_order_finds_that_two_are_one_and_she_resides_in_one_country() {
    let mut world = World::new();
    let bob = people(&mut world, 1)[0];
    let call = Call::SetResidence { person: bob, residence: country("FR") };
    world.call(1, call).unwrap();
    assert_eq!(world.call(1, merge(bob, ALICE)).unwrap_err(), Refusal::NoPower("carry out orders"));
    let done = world.govern(1, merge(bob, ALICE)).unwrap();
    let (from, to) = (country("FR"), country("DE"));
    let merged = Event::PersonsMerged { person: bob, into: ALICE, order: order() };
    assert_eq!(done.events, [merged, Event::ResidenceChanged { person: bob, from, to }]);
    assert_eq!(done.reply.merged, Some(Merger { into: ALICE, from: bob }));
    assert_eq!((counted_as(&world, bob), counted_as(&world, ALICE)), (ALICE, ALICE));
    // From then on a move of one is the move of both, and so is a death; a hit of a list hits both.
    let call = Call::SetResidence { person: bob, residence: country("CH") };
    assert_eq!(world.call(1, call).unwrap().events.len(), 2);
    let call = Call::SetSanctions { person: bob, list_version: 1, hit: true };
    world.govern(1, call).unwrap();
    assert!(world.read(|ctx| identity::is_sanctioned(ctx, ALICE)));
    let call = Call::RecordDeath { person: bob, died: START, order: order() };
    assert_eq!(world.call(1, call).unwrap().reply.touched.len(), 2);
    assert_eq!(world.acting(3), Err(Refusal::PersonDeceased(ALICE)));
    // Suspended is the number of which the order says so.
    world.govern(1, Call::WithdrawDeath { person: ALICE, order: order() }).unwrap();
    world.govern(1, Call::Suspend { person: bob, order: order() }).unwrap();
    assert!(world.acting(3).is_ok());
}

/// When who has this number came to where it resides, if that was later than that it was registered.
fn moved(world: &World, person: PersonId) -> Option<Time> {
    world.read(|ctx| identity::person(ctx, person).unwrap().moved)
}

#[test]
fn one_human_came_to_where_it_resides_when_the_last_of_its_numbers_did() {
    let mut world = World::new();
    let people = people(&mut world, 3);
    let [bob, carol, dora] = people[..] else { panic!("three") };
    assert_eq!(moved(&world, bob), None);
    let to = |person, code| Call::SetResidence { person, residence: country(code) };
    // She went, and came back.
    world.call(1, to(bob, "FR")).unwrap();
    world.pass(1);
    let back = world.now();
    world.call(1, to(bob, "DE")).unwrap();
    world.pass(1);
    assert_eq!(moved(&world, bob), Some(back));
    world.govern(1, merge(carol, bob)).unwrap();
    world.govern(1, merge(ALICE, carol)).unwrap();
    assert!([bob, carol, ALICE].iter().all(|it| moved(&world, *it) == Some(back)));
    // Where one comes from elsewhere by the merger, all have come.
    world.call(1, to(dora, "FR")).unwrap();
    world.pass(1);
    let merged = world.now();
    world.govern(1, merge(dora, ALICE)).unwrap();
    assert!([bob, carol, ALICE, dora].iter().all(|it| moved(&world, *it) == Some(merged)));
}

#[test]
fn one_human_has_eight_numbers_at_most_and_no_ninth_by_any_way() {
    let mut world = World::new();
    let people = people(&mut world, 9);
    for person in &people[1..4] {
        world.govern(1, merge(*person, people[0])).unwrap();
    }
    for person in &people[5..8] {
        world.govern(1, merge(*person, people[4])).unwrap();
    }
    // Four and four: whoever of them is named, the first of each is meant.
    let done = world.govern(1, merge(people[7], people[2])).unwrap();
    assert_eq!(done.reply.merged, Some(Merger { into: people[0], from: people[4] }));
    assert!(people[..8].iter().all(|it| counted_as(&world, *it) == people[0]));
    assert_eq!(world.govern(1, merge(people[0], people[6])).unwrap_err(), Refusal::NothingChanges);
    for (one, other) in [(people[8], people[5]), (people[5], people[8])] {
        assert_eq!(world.govern(1, merge(one, other)).unwrap_err(), Refusal::TooManyNumbers);
    }
}

#[test]
fn providers_companies_and_the_dead_are_not_merged_with_others() {
    let mut world = World::new();
    let people = people(&mut world, 2);
    let refused = |world: &mut World, one, other| world.govern(1, merge(one, other)).unwrap_err();
    assert_eq!(refused(&mut world, HERON, ALICE), Refusal::NotNatural(HERON));
    world.govern(1, Call::AdmitProvider { provider: people[0] }).unwrap();
    assert_eq!(refused(&mut world, ALICE, people[0]), Refusal::MergedProvider(people[0]));
    world.govern(1, merge(people[1], ALICE)).unwrap();
    let admit = Call::AdmitProvider { provider: ALICE };
    assert_eq!(world.govern(1, admit).unwrap_err(), Refusal::MergedProvider(ALICE));
    let carol = one_more(&mut world);
    let call = Call::RecordDeath { person: carol, died: START, order: order() };
    world.call(1, call).unwrap();
    let one_died = Refusal::OneDied { dead: carol, alive: ALICE };
    assert_eq!(refused(&mut world, carol, ALICE), one_died);
    assert_eq!(refused(&mut world, ALICE, carol), one_died);
    let call = Call::Merge { person: carol, into: ALICE, order: Order::default() };
    assert_eq!(world.govern(1, call).unwrap_err(), Refusal::IncompleteOrder);
    assert_eq!(refused(&mut world, ALICE, ALICE), Refusal::NothingChanges);
}

fn one_more(world: &mut World) -> PersonId {
    world.call(1, Call::Register(vec![registration(70, 70)])).unwrap().reply.registered[0]
}

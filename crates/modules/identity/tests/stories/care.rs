//! Who answers for a person, and how it comes into another provider's care.

use crate::world::*;
use identity::{Call, Consent, Event, PERSONS, Refusal, topic};
use types::{PersonId, Time};

fn take_over(person: PersonId, consent: Consent) -> Call {
    Call::TakeOver { person, consent }
}

fn move_book(persons: &[PersonId]) -> Call {
    Call::MoveBook { from: KESTREL, to: HERON, persons: persons.to_vec(), order: order() }
}

fn provider_of(world: &World, person: PersonId) -> PersonId {
    world.get(&PERSONS, &person).unwrap().provider
}

#[test]
fn a_person_changes_its_provider_by_its_own_word() {
    let mut world = World::new();
    let attest = Call::Attest { person: ALICE, claim: claim(topic::KYC_NATURAL, world.after(DAY)) };
    world.call(1, attest).unwrap();
    let said = world.counts(ALICE, topic::KYC_NATURAL);
    let word = world.care(3, ALICE, KESTREL, HERON);
    let done = world.call(2, take_over(ALICE, word.clone())).unwrap();
    assert_eq!(done.events, [Event::CareChanged { person: ALICE, from: KESTREL, to: HERON }]);
    assert_eq!((done.changes.len(), provider_of(&world, ALICE)), (2, HERON));
    assert_eq!(world.counts(ALICE, topic::KYC_NATURAL), said, "what was attested stands");
    let to = |code| Call::SetResidence { person: ALICE, residence: country(code) };
    let other = Refusal::OtherProvider { person: ALICE, provider: HERON };
    assert_eq!(world.call(1, to("FR")).unwrap_err(), other);
    world.call(2, to("FR")).unwrap();
    // Back by another word; and the first word does not bring it along again.
    assert_eq!(world.call(2, take_over(ALICE, word.clone())).unwrap_err(), Refusal::NothingChanges);
    let back = world.care(3, ALICE, HERON, KESTREL);
    let used = Refusal::WordUsed(word.deadline);
    assert_eq!(world.call(1, take_over(ALICE, back)).unwrap_err(), used, "no later than the last");
    world.pass(1);
    let back = world.care(3, ALICE, HERON, KESTREL);
    world.call(1, take_over(ALICE, back.clone())).unwrap();
    assert_eq!(provider_of(&world, ALICE), KESTREL);
    let used = Refusal::WordUsed(back.deadline);
    assert_eq!(world.call(2, take_over(ALICE, word)).unwrap_err(), used, "the first word again");
}

#[test]
fn nobody_is_taken_over_without_a_word_for_this_step_in_time() {
    let mut world = World::new();
    let attempt = |world: &mut World, by: u64, word: &Consent| {
        world.call(by, take_over(ALICE, word.clone())).unwrap_err()
    };
    let good = world.care(3, ALICE, KESTREL, HERON);
    let unsigned = Refusal::BadSignature { expected: wallet(3) };
    for word in [
        world.care(2, ALICE, KESTREL, HERON),
        world.care(3, ALICE, KESTREL, ALICE),
        world.care(3, ALICE, HERON, HERON),
        world.care(3, HERON, KESTREL, HERON),
        Consent { deadline: world.after(2 * DAY), ..good.clone() },
    ] {
        assert_eq!(attempt(&mut world, 2, &word), unsigned);
    }
    let endless = Consent { deadline: Time::NEVER, ..good.clone() };
    let latest = world.after(731 * DAY);
    assert_eq!(attempt(&mut world, 2, &endless), Refusal::WordTooLong { latest });
    assert_eq!(attempt(&mut world, 3, &good), Refusal::NotProvider(ALICE));
    let own = world.care(2, HERON, KESTREL, HERON);
    let call = take_over(HERON, own);
    assert_eq!(world.call(2, call).unwrap_err(), Refusal::SelfCare(HERON));
    let nobody = PersonId(99);
    let call = take_over(nobody, good.clone());
    assert_eq!(world.call(2, call).unwrap_err(), Refusal::UnknownPerson(nobody));
    // Not by a key that may be in wrong hands, or of one who is stopped.
    world.start_recovery(first(ALICE), 30).unwrap();
    assert_eq!(attempt(&mut world, 2, &good), Refusal::RecoveryPending(first(ALICE)));
    world.call(3, Call::CancelRecovery { account: first(ALICE) }).unwrap();
    world.govern(1, Call::Suspend { person: ALICE, order: order() }).unwrap();
    assert_eq!(attempt(&mut world, 2, &good), Refusal::PersonSuspended(ALICE));
    world.govern(1, Call::Reinstate { person: ALICE, order: order() }).unwrap();
    world.pass(DAY + 1);
    assert_eq!(attempt(&mut world, 2, &good), Refusal::DeadlinePassed(good.deadline));
}

#[test]
fn the_book_of_a_provider_that_is_cut_off_is_moved_by_order() {
    let mut world = World::new();
    let registered = world
        .call(1, Call::Register(vec![registration(10, 10), registration(11, 11)]))
        .unwrap()
        .reply
        .registered;
    let book = [ALICE, registered[0], registered[1]];
    assert_eq!(world.call(3, move_book(&book)).unwrap_err(), Refusal::NoPower("manage providers"));
    let stands = Refusal::ProviderStands(KESTREL);
    assert_eq!(world.govern(3, move_book(&book)).unwrap_err(), stands);
    let at = world.after(MINUTE);
    let end = Call::CutOffProvider { provider: KESTREL, at, keep_earlier: true };
    world.govern(3, end).unwrap();
    assert_eq!(world.govern(3, move_book(&book)).unwrap_err(), stands, "until then it stands");
    world.pass(MINUTE);
    // Its persons are stuck: nobody can record a move, or that a key is lost.
    let to_france = Call::SetResidence { person: ALICE, residence: country("FR") };
    let other = Refusal::OtherProvider { person: ALICE, provider: KESTREL };
    assert_eq!(world.call(2, to_france.clone()).unwrap_err(), other);
    let done = world.govern(3, move_book(&book)).unwrap();
    let moved = |person| Event::CareChanged { person, from: KESTREL, to: HERON };
    let whole = Event::BookMoved { from: KESTREL, to: HERON, persons: 3, order: order() };
    let expected: Vec<_> = book.into_iter().map(moved).chain([whole]).collect();
    assert_eq!(done.events, expected);
    world.call(2, to_france).unwrap();
    let consent = world.consent_to(identity::Purpose::Recovery, ALICE, 30);
    let lost = Call::StartRecovery { account: first(ALICE), wallet: wallet(30), consent };
    world.call(2, lost).unwrap();
    let gone = Refusal::OtherProvider { person: ALICE, provider: HERON };
    assert_eq!(world.govern(3, move_book(&[ALICE])).unwrap_err(), gone);
}

#[test]
fn a_book_is_moved_whole_or_not_at_all_and_only_to_one_who_stands() {
    let mut world = World::new();
    let suspend = |provider| Call::SetProviderStanding { provider, is_active: false };
    world.govern(3, suspend(KESTREL)).unwrap();
    let mut incomplete = order();
    incomplete.reference.clear();
    let book = Call::MoveBook { from: KESTREL, to: HERON, persons: vec![ALICE], order: incomplete };
    assert_eq!(world.govern(3, book).unwrap_err(), Refusal::IncompleteOrder);
    for (persons, why) in [
        (vec![], Refusal::NothingChanges),
        (vec![ALICE, ALICE], Refusal::NothingChanges),
        (vec![ALICE, HERON], Refusal::SelfCare(HERON)),
        (vec![ALICE, PersonId(99)], Refusal::UnknownPerson(PersonId(99))),
    ] {
        assert_eq!(world.govern(3, move_book(&persons)).unwrap_err(), why);
        assert_eq!(provider_of(&world, ALICE), KESTREL);
    }
    let book = Call::MoveBook { from: ALICE, to: HERON, persons: vec![ALICE], order: order() };
    assert_eq!(world.govern(3, book).unwrap_err(), Refusal::NotProvider(ALICE));
    world.govern(3, suspend(HERON)).unwrap();
    assert_eq!(world.govern(3, move_book(&[ALICE])).unwrap_err(), Refusal::NotProvider(HERON));
}

#[test]
fn a_recovery_that_its_provider_can_no_longer_end_is_ended_by_the_next_one() {
    let mut world = World::new();
    let account = first(ALICE);
    world.start_recovery(account, 30).unwrap();
    let at = world.after(MINUTE);
    let end = Call::CutOffProvider { provider: KESTREL, at, keep_earlier: false };
    world.govern(3, end).unwrap();
    world.pass(DAY);
    let complete = Call::CompleteRecovery { account };
    assert_eq!(world.call(2, complete.clone()).unwrap_err(), Refusal::NotProvider(KESTREL));
    let cancel = Call::CancelRecovery { account };
    assert_eq!(world.call(2, cancel.clone()).unwrap_err(), Refusal::NotOwner(account));
    world.govern(3, move_book(&[ALICE])).unwrap();
    world.call(2, cancel).unwrap();
    let consent = world.consent_to(identity::Purpose::Recovery, ALICE, 31);
    let start = Call::StartRecovery { account, wallet: wallet(31), consent };
    world.call(2, start).unwrap();
    world.pass(DAY);
    world.call(2, complete).unwrap();
    assert_eq!(world.acting(31), Ok(account));
}

#[test]
fn a_provider_that_a_book_has_left_finishes_no_recovery_even_reinstated() {
    let mut world = World::new();
    let account = first(ALICE);
    world.start_recovery(account, 30).unwrap();
    let stands = |is_active| Call::SetProviderStanding { provider: KESTREL, is_active };
    world.govern(3, stands(false)).unwrap();
    world.govern(3, move_book(&[ALICE])).unwrap();
    world.govern(3, stands(true)).unwrap();
    world.pass(2 * DAY);
    let left = Refusal::OtherProvider { person: ALICE, provider: HERON };
    let complete = Call::CompleteRecovery { account };
    assert_eq!(world.call(1, complete).unwrap_err(), left);
}

#[test]
fn a_book_needs_the_gas_to_be_moved_before_the_first_is() {
    let mut world = World::new();
    let suspend = Call::SetProviderStanding { provider: KESTREL, is_active: false };
    let batch = (0..40u8).map(|n| registration(100 + u64::from(n), n + 10)).collect();
    let persons = world.call(1, Call::Register(batch)).unwrap().reply.registered;
    world.govern(3, suspend).unwrap();
    let mut within = |limit| world.call_within(3, move_book(&persons), limit);
    let (refused, _) = within(30_000);
    assert_eq!(refused.unwrap_err(), Refusal::OutOfFuel);
    let (done, used) = within(u64::MAX);
    done.unwrap();
    assert!((40_000..60_000).contains(&used), "{used}");
}

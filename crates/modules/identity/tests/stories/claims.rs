//! What providers say, until when it counts, and when they are cut off.

use crate::world::*;
use alloy_primitives::U256;
use identity::{CLAIMS, Call, ClaimGiven, Event, Refusal, topic};
use types::{PersonId, Time};

#[test]
fn a_claim_counts_from_its_issue_until_it_expires() {
    let mut world = World::new();
    let until = world.after(MINUTE);
    let attest = Call::Attest { person: ALICE, claim: claim(topic::KYC_NATURAL, until) };
    let done = world.call(1, attest).unwrap();
    assert_eq!(done.reply.touched, [ALICE], "counted anew at once");
    assert!(world.pass(MINUTE - 1).is_empty());
    assert!(world.counts(ALICE, topic::KYC_NATURAL).is_some());
    assert_eq!(world.pass(1), [ALICE], "counted anew when it lapses");
    assert!(world.counts(ALICE, topic::KYC_NATURAL).is_none());
    let renewed = world.after(DAY);
    let attest = Call::Attest { person: ALICE, claim: claim(topic::KYC_NATURAL, renewed) };
    world.call(1, attest).unwrap();
    let claim = world.counts(ALICE, topic::KYC_NATURAL).unwrap();
    assert_eq!((claim.nonce, claim.issued), (1, world.now()));
}

#[test]
fn a_claim_is_dated_as_its_document_is_and_none_is_of_a_day_to_come() {
    let mut world = World::new();
    let attest = |world: &mut World, dated| {
        let claim = ClaimGiven { dated, ..claim(topic::ACCREDITED, world.after(DAY)) };
        world.call(1, Call::Attest { person: ALICE, claim })
    };
    let dates = |world: &World| {
        let claim = world.counts(ALICE, topic::ACCREDITED).unwrap();
        (claim.dated, claim.issued)
    };
    world.pass(DAY);
    let (now, letter) = (world.now(), Time(START.0 - 30 * DAY));
    let done = attest(&mut world, letter).unwrap();
    assert_eq!(dates(&world), (letter, now), "it counts from now on, and is as old as the letter");
    let is_told =
        |event: &Event| matches!(event, Event::ClaimAttested { dated, .. } if *dated == letter);
    assert!(done.events.iter().any(is_told));
    attest(&mut world, Time(0)).unwrap();
    assert_eq!(dates(&world), (now, now), "without a date it is made as it is attested");
    attest(&mut world, now).unwrap();
    let ahead = now.plus_ms(1);
    let refusal = Refusal::DatedAhead { topic: topic::ACCREDITED, dated: ahead };
    assert_eq!(attest(&mut world, ahead).unwrap_err(), refusal);
    let mut given = registration(10, 10);
    given.claims = vec![ClaimGiven { dated: ahead, ..claim(topic::ACCREDITED, world.after(DAY)) }];
    assert_eq!(world.call(1, Call::Register(vec![given])).unwrap_err(), refusal);
}

#[test]
fn a_revoked_claim_stays_revoked() {
    // P25: revocation names provider, person, topic and nonce in the state, never a signature's bytes.
    let mut world = World::new();
    let attest = Call::Attest { person: ALICE, claim: claim(topic::ACCREDITED, world.after(DAY)) };
    let revoke = Call::Revoke { person: ALICE, topic: topic::ACCREDITED };
    world.call(1, attest.clone()).unwrap();
    assert_eq!(world.call(1, revoke.clone()).unwrap().reply.touched, [ALICE]);
    assert!(world.counts(ALICE, topic::ACCREDITED).is_none());
    let none = Refusal::NoClaim { person: ALICE, topic: topic::ACCREDITED };
    assert_eq!(world.call(1, revoke.clone()).unwrap_err(), none);
    assert_eq!(world.call(2, revoke.clone()).unwrap_err(), none, "Heron said nothing");
    let record = |world: &World| world.get(&CLAIMS, &ALICE).unwrap().0[0];
    assert_eq!((record(&world).nonce, record(&world).revoked), (0, Some(world.now())));
    world.call(1, attest).unwrap();
    assert_eq!((record(&world).nonce, record(&world).revoked), (1, None), "another claim");
}

#[test]
fn a_claim_is_only_its_providers_word_on_its_topic_and_person() {
    // D1, P24: nobody vouches for oneself, and what is said of one is not said of another.
    let mut world = World::new();
    let attest =
        |person| Call::Attest { person, claim: claim(topic::KYC_NATURAL, START.plus_ms(DAY)) };
    assert_eq!(world.call(3, attest(ALICE)).unwrap_err(), Refusal::NotProvider(ALICE));
    let stranger = Refusal::WalletUnknown(wallet(66));
    assert_eq!(world.call(66, attest(ALICE)).unwrap_err(), stranger);
    let nobody = PersonId(99);
    assert_eq!(world.call(1, attest(nobody)).unwrap_err(), Refusal::UnknownPerson(nobody));
    world.call(2, attest(ALICE)).unwrap();
    let current = |providers: &[PersonId], person, topic| {
        world.read(|ctx| identity::current_claim(ctx, person, topic, providers)).is_some()
    };
    assert!(current(&[HERON], ALICE, topic::KYC_NATURAL));
    assert!(!current(&[KESTREL], ALICE, topic::KYC_NATURAL), "Kestrel did not say so");
    assert!(!current(&[], ALICE, topic::ACCREDITED), "another topic");
    assert!(!current(&[], HERON, topic::KYC_NATURAL), "another person");
}

#[test]
fn a_person_has_so_many_claims_and_renewing_one_needs_no_room() {
    let mut world = World::new();
    let expires = world.after(DAY);
    let attest = |topic| Call::Attest { person: ALICE, claim: claim(topic, expires) };
    for topic in 1_000..1_048 {
        world.call(2, attest(topic)).unwrap();
    }
    assert_eq!(world.call(1, attest(20)).unwrap_err(), Refusal::TooManyClaims(48));
    world.call(2, attest(1_000)).unwrap();
    // What due diligence finds has room of its own, and takes none of the others'.
    for topic in 1..17 {
        world.call(1, attest(topic)).unwrap();
    }
    assert_eq!(world.call(1, attest(17)).unwrap_err(), Refusal::TooManyClaims(48));
    assert!(world.counts(ALICE, topic::UNDER_REVIEW).is_some());
    let mut given = registration(10, 10);
    given.claims = (0..49).map(|topic| claim(topic, expires)).collect();
    let refusal = world.call(1, Call::Register(vec![given])).unwrap_err();
    assert_eq!(refusal, Refusal::TooManyClaims(48));
}

#[test]
fn what_is_over_gives_way_to_a_new_claim_and_numbers_go_on() {
    let mut world = World::new();
    let end = |days| world.after(days * DAY);
    let (soon, later) = (end(1), end(9));
    let attest = |topic, expires| Call::Attest { person: ALICE, claim: claim(topic, expires) };
    for topic in 1_000..1_048 {
        let expires = if topic == 1_001 { soon } else { later };
        world.call(2, attest(topic, expires)).unwrap();
    }
    let full = Refusal::TooManyClaims(48);
    assert_eq!(world.call(1, attest(21, later)).unwrap_err(), full);
    // One is revoked, one expires: two new ones find room, and no third.
    world.call(2, Call::Revoke { person: ALICE, topic: 1_005 }).unwrap();
    world.pass(DAY);
    for topic in [21, 22] {
        world.call(1, attest(topic, later)).unwrap();
        assert!(world.counts(ALICE, topic).is_some());
    }
    assert_eq!(world.call(1, attest(23, later)).unwrap_err(), full);
    assert_eq!(world.get(&CLAIMS, &ALICE).unwrap().0.len(), 48);
    // What had to leave comes back under a number it never had, also when it is revoked again.
    let mut numbers = vec![0];
    for _ in 0..3 {
        world.call(1, Call::Revoke { person: ALICE, topic: 21 }).unwrap();
        world.call(2, attest(1_005, later)).unwrap();
        numbers.push(world.counts(ALICE, 1_005).unwrap().nonce);
        world.call(2, Call::Revoke { person: ALICE, topic: 1_005 }).unwrap();
        world.call(1, attest(21, later)).unwrap();
    }
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
}

#[test]
fn claims_that_fell_with_their_provider_give_way_too() {
    let mut world = World::new();
    let (at, expires) = (world.after(MINUTE), world.after(DAY));
    let attest = |topic| Call::Attest { person: ALICE, claim: claim(topic, expires) };
    for topic in 1_000..1_048 {
        world.call(2, attest(topic)).unwrap();
    }
    world.govern(3, Call::CutOffProvider { provider: HERON, at, keep_earlier: false }).unwrap();
    assert_eq!(world.call(1, attest(21)).unwrap_err(), Refusal::TooManyClaims(48));
    world.pass(MINUTE);
    world.call(1, attest(21)).unwrap();
    assert!(world.counts(ALICE, 21).is_some());
}

#[test]
fn a_provider_is_cut_off_at_a_time_keeping_or_dropping_what_it_said() {
    for keep_earlier in [true, false] {
        let mut world = World::new();
        let until = world.after(365 * DAY);
        let attest = Call::Attest { person: ALICE, claim: claim(topic::KYC_NATURAL, until) };
        world.call(1, attest.clone()).unwrap();
        let at = world.after(DAY);
        let cut_off = Call::CutOffProvider { provider: KESTREL, at, keep_earlier };
        assert_eq!(
            world.call(1, cut_off.clone()).unwrap_err(),
            Refusal::NoPower("manage providers")
        );
        world.govern(3, cut_off.clone()).unwrap();
        assert!(world.pass(DAY - 1).is_empty());
        assert!(world.counts(ALICE, topic::KYC_NATURAL).is_some(), "until then all stands");
        assert!(world.call(1, attest.clone()).is_ok());
        assert_eq!(world.pass(1), [ALICE], "all it spoke of are counted anew");
        assert_eq!(world.counts(ALICE, topic::KYC_NATURAL).is_some(), keep_earlier);
        // Earlier means before that moment.
        let mut said = world.get(&CLAIMS, &ALICE).unwrap().0[0];
        said.issued = at;
        assert!(!world.provider(KESTREL).stands_for(&said, at));
        assert_eq!(world.call(1, attest).unwrap_err(), Refusal::NotProvider(KESTREL));
        // What was dropped stays dropped.
        let later =
            Call::CutOffProvider { provider: KESTREL, at: world.after(DAY), keep_earlier: true };
        assert_eq!(world.govern(3, later).unwrap_err(), Refusal::CutOffFinal(KESTREL));
        let again = Call::SetProviderStanding { provider: KESTREL, is_active: false };
        world.govern(3, again).unwrap();
        let again = Call::SetProviderStanding { provider: KESTREL, is_active: true };
        world.govern(3, again).unwrap();
        let attest = Call::Attest { person: ALICE, claim: claim(topic::PEP, world.after(DAY)) };
        assert_eq!(world.call(1, attest).unwrap_err(), Refusal::NotProvider(KESTREL));
    }
}

#[test]
fn a_cut_off_is_in_the_future_so_that_its_persons_are_counted_when_it_comes() {
    let mut world = World::new();
    for at in [world.now(), types::Time(world.now().0 - 1)] {
        let call = Call::CutOffProvider { provider: KESTREL, at, keep_earlier: false };
        assert_eq!(world.govern(3, call).unwrap_err(), Refusal::CutOffPast(at));
    }
}

#[test]
fn a_suspended_provider_says_nothing_more_and_what_it_said_stands() {
    let mut world = World::new();
    let attest = Call::Attest { person: ALICE, claim: claim(topic::KYC_NATURAL, world.after(DAY)) };
    world.call(1, attest.clone()).unwrap();
    let suspend = Call::SetProviderStanding { provider: KESTREL, is_active: false };
    world.govern(3, suspend.clone()).unwrap();
    assert_eq!(world.govern(3, suspend).unwrap_err(), Refusal::NothingChanges);
    assert_eq!(world.call(1, attest).unwrap_err(), Refusal::NotProvider(KESTREL));
    assert!(world.counts(ALICE, topic::KYC_NATURAL).is_some());
}

#[test]
fn a_move_to_another_country_is_counted_and_to_the_same_is_refused() {
    // P02, P03, P15: the person whose attribute changes is counted anew; nothing else is.
    let mut world = World::new();
    let to = |code| Call::SetResidence { person: ALICE, residence: country(code) };
    assert_eq!(world.call(1, to("DE")).unwrap_err(), Refusal::SameResidence(country("DE")));
    assert_eq!(world.call(1, to("FR")).unwrap().reply.touched, [ALICE]);
    let other = Refusal::OtherProvider { person: ALICE, provider: KESTREL };
    assert_eq!(world.call(2, to("US")).unwrap_err(), other);
    assert_eq!(world.call(3, to("US")).unwrap_err(), Refusal::NotProvider(ALICE));
}

#[test]
fn a_minute_may_end_any_number_of_claims_and_blocks_share_the_work() {
    let mut world = World::new();
    let at = world.after(MINUTE);
    let batch = (0..300u64)
        .map(|n| {
            let mut given = registration(100 + n, 0);
            given.uniqueness = types::B256::from(U256::from(1_000 + n));
            given.claims = vec![claim(topic::KYC_NATURAL, at)];
            given
        })
        .collect();
    let registered = world.call(1, Call::Register(batch)).unwrap().reply.registered;
    world.env.time = at;
    let mut lapsed = Vec::new();
    let mut blocks = 0;
    loop {
        let due = world.expire(100);
        assert!(due.len() <= 100);
        if due.is_empty() {
            break;
        }
        lapsed.extend(due);
        blocks += 1;
    }
    lapsed.sort();
    assert_eq!((lapsed, blocks), (registered, 3), "each once, and none forgotten");
}

#[test]
fn what_a_person_holds_weighs_and_names_it_once_however_much_lapses() {
    let mut world = World::new();
    let at = world.after(MINUTE);
    let person = |n: u64| {
        let mut given = registration(100 + n, n as u8 + 1);
        given.claims = vec![claim(topic::KYC_NATURAL, at), claim(topic::PEP, at.plus_ms(1))];
        given
    };
    let batch = (0..4).map(person).collect();
    let persons = world.call(1, Call::Register(batch)).unwrap().reply.registered;
    world.env.time = at.plus_ms(1);
    // The first holds more than a block counts anew: it gets a block of its own, and no block is empty.
    let weigh = |_: &state::Context<'_>, person| if person == persons[0] { 1_000 } else { 3 };
    let mut blocks = Vec::new();
    loop {
        let (due, _) = world.expire_weighed(10, weigh);
        if due.is_empty() {
            break;
        }
        blocks.push(due);
    }
    assert_eq!(blocks, [vec![persons[0]], persons[1..3].to_vec(), vec![persons[3]]]);
}

#[test]
fn a_page_of_which_nothing_is_due_is_looked_at_and_not_written() {
    // The first seventy of 710 in one minute are due: two pages of twelve.
    let mut world = World::new();
    let start = world.after(MINUTE);
    let person = |index: u64| {
        let ms = if index < 70 { 0 } else { 30_000 };
        let mut given = registration(100 + index, 0);
        given.uniqueness = types::B256::from(U256::from(1_000 + index));
        given.claims = vec![claim(topic::KYC_NATURAL, start.plus_ms(ms))];
        given
    };
    world.call(1, Call::Register((0..710).map(person).collect())).unwrap();
    world.env.time = start;
    let (due, work) = world.expire_weighed(1_000, |_, _| 0);
    // Reading is 100, writing 400: twelve pages are read, two written, and the minute and progress.
    assert_eq!(due.len(), 70);
    assert!(work <= 100 * 16 + 400 * 4, "{work}");
    let (due, work) = world.expire_weighed(1_000, |_, _| 0);
    assert!(due.is_empty() && work <= 200, "{work} though nothing is due");
    world.env.time = start.plus_ms(30_000);
    assert_eq!(world.expire_weighed(1_000, |_, _| 0).0.len(), 640);
}

#[test]
fn after_a_long_halt_everything_that_lapsed_is_still_found() {
    let mut world = World::new();
    for days in [1, 46, 92, 200] {
        let (topic, expires) = (100 + days as u32, world.after(days * DAY));
        world.call(1, Call::Attest { person: ALICE, claim: claim(topic, expires) }).unwrap();
    }
    let mut found = world.pass(365 * DAY).len();
    for _ in 0..10 {
        found += world.expire(usize::MAX).len();
    }
    assert_eq!(found, 4);
}

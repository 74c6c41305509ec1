//! Death: nobody acts for a person any more, until a wrong record is taken back.

use crate::world::*;
use identity::{Call, DelegationGiven, Event, PERSONS, Purpose, Refusal, Use, operation, topic::*};
use types::{AssetId, Order, PersonId, Time, Units};

fn dies(person: PersonId) -> Call {
    Call::RecordDeath { person, died: START, order: certificate() }
}

fn lives(person: PersonId) -> Call {
    Call::WithdrawDeath { person, order: certificate() }
}

fn certificate() -> Order {
    Order { authority: "Standesamt Köln".into(), reference: "C 123/2026".into(), ..order() }
}

#[test]
fn her_provider_records_a_death_and_nobody_acts_for_her_any_more() {
    let mut world = World::new();
    let given = DelegationGiven {
        wallet: wallet(9),
        operations: operation::ALL,
        asset: None,
        limit: None,
        expires: world.after(DAY),
        terms: Default::default(),
    };
    world.call(3, Call::Delegate(given)).unwrap();
    for topic in [KYC_NATURAL, ACCREDITED, AFFILIATE] {
        let claim = claim(topic, world.after(DAY));
        world.call(1, Call::Attest { person: ALICE, claim }).unwrap();
    }
    let done = world.call(1, dies(ALICE)).unwrap();
    let event =
        Event::DeathRecorded { person: ALICE, died: START, order: certificate(), by_order: false };
    assert_eq!((done.events, done.reply.touched), (vec![event], vec![ALICE]));
    let dead = Refusal::PersonDeceased(ALICE);
    assert_eq!(world.acting(3), Err(dead.clone()));
    let may_act = |world: &World| {
        let (operation, asset) = (operation::TRANSFER, Some(AssetId(1)));
        let wanted = Use { account: first(ALICE), operation, asset, units: Units(1) };
        world.read(|ctx| identity::may_act(ctx, &wallet(9), wanted).is_ok())
    };
    assert!(!may_act(&world), "what she allowed ends with her");
    // What only the living are is over; who she was found to be, and whose affiliate, is not.
    let counts = |world: &World| {
        [KYC_NATURAL, ACCREDITED, AFFILIATE].map(|it| world.counts(ALICE, it).is_some())
    };
    assert_eq!(counts(&world), [true, false, true]);
    let attest = Call::Attest { person: ALICE, claim: claim(QIB, world.after(DAY)) };
    assert_eq!(world.call(2, attest).unwrap_err(), dead);
    assert_eq!(world.start_recovery(first(ALICE), 20).unwrap_err(), dead);
    assert_eq!(world.call(1, dies(ALICE)).unwrap_err(), Refusal::NothingChanges);
    // It was somebody else.
    let done = world.call(1, lives(ALICE)).unwrap();
    assert_eq!(done.events, [Event::DeathWithdrawn { person: ALICE, order: certificate() }]);
    assert_eq!(world.acting(3), Ok(first(ALICE)));
    assert!(may_act(&world));
    assert_eq!(counts(&world), [true, true, true]);
    assert_eq!(world.call(1, lives(ALICE)).unwrap_err(), Refusal::NothingChanges);
}

#[test]
fn another_needs_the_power_over_orders_and_no_provider_undoes_what_that_recorded() {
    let mut world = World::new();
    let unpowered = Refusal::NoPower("carry out orders");
    assert_eq!(world.call(2, dies(ALICE)).unwrap_err(), unpowered, "not in Heron's care");
    assert_eq!(world.call(3, dies(ALICE)).unwrap_err(), unpowered);
    let done = world.govern(2, dies(ALICE)).unwrap();
    assert!(matches!(done.events[..], [Event::DeathRecorded { by_order: true, .. }]));
    assert_eq!(world.call(1, lives(ALICE)).unwrap_err(), unpowered, "an order says so");
    world.govern(2, lives(ALICE)).unwrap();
    // What her provider recorded the power may take back too, in a provider's stead.
    world.call(1, dies(ALICE)).unwrap();
    world.govern(2, lives(ALICE)).unwrap();
}

#[test]
fn what_is_done_under_the_power_over_orders_is_an_orders_though_her_provider_carries_it_out() {
    let mut world = World::new();
    let done = world.govern(1, dies(ALICE)).unwrap();
    assert!(matches!(done.events[..], [Event::DeathRecorded { by_order: true, .. }]));
    let unpowered = Refusal::NoPower("carry out orders");
    assert_eq!(world.call(1, lives(ALICE)).unwrap_err(), unpowered);
    world.govern(1, lives(ALICE)).unwrap();
    let done = world.call(1, dies(ALICE)).unwrap();
    assert!(matches!(done.events[..], [Event::DeathRecorded { by_order: false, .. }]));
}

#[test]
fn only_a_natural_person_dies_and_not_in_the_future_and_a_document_says_so() {
    let mut world = World::new();
    assert_eq!(world.call(1, dies(HERON)).unwrap_err(), Refusal::NotNatural(HERON));
    let late = Time(START.0 + 1);
    let call = Call::RecordDeath { person: ALICE, died: late, order: certificate() };
    assert_eq!(world.call(1, call).unwrap_err(), Refusal::DeathAhead(late));
    let call = Call::RecordDeath { person: ALICE, died: START, order: Order::default() };
    assert_eq!(world.call(1, call).unwrap_err(), Refusal::IncompleteOrder);
    let call = Call::WithdrawDeath { person: ALICE, order: Order::default() };
    assert_eq!(world.call(1, call).unwrap_err(), Refusal::IncompleteOrder);
    let nobody = PersonId(99);
    assert_eq!(world.govern(1, dies(nobody)).unwrap_err(), Refusal::UnknownPerson(nobody));
    world.call(1, dies(ALICE)).unwrap();
    assert_eq!(world.get(&PERSONS, &ALICE).unwrap().death.unwrap().document, order().document);
}

#[test]
fn who_waits_for_a_key_when_she_dies_gets_none_that_acts() {
    let mut world = World::new();
    world.start_recovery(first(ALICE), 20).unwrap();
    world.call(1, dies(ALICE)).unwrap();
    world.pass(DAY);
    world.call(9, Call::CompleteRecovery { account: first(ALICE) }).unwrap();
    assert_eq!(world.acting(20), Err(Refusal::PersonDeceased(ALICE)));
    let consent = world.consent_to(Purpose::Account, ALICE, 30);
    let call = Call::OpenAccount { wallet: wallet(30), consent };
    assert_eq!(world.call(20, call).unwrap_err(), Refusal::PersonDeceased(ALICE));
}

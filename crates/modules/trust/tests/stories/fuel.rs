//! The right to use the chain: how it comes back, who lends it.

use crate::world::*;
use identity::PersonKind;
use trust::{Call, Event, FuelSchedule, Grantee, Power::*, Refusal};
use types::{Address, B256, Time};

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
    assert_eq!(world.call(CARA, sponsor(10)).unwrap_err(), other, "no more than there is");
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
fn a_strangers_trifle_keeps_no_sponsor_out_and_a_promise_without_fuel_neither() {
    let mut world = World::new();
    let sponsor = |gas| Call::Sponsor { person: BELA, gas, expires: Time::NEVER };
    world.call(CARA, sponsor(1)).unwrap();
    let done = world.call(ACME, sponsor(100_000)).unwrap();
    let is_told = |event: &Event| *event == Event::SponsorshipEnded { person: BELA };
    assert!(done.events.iter().any(is_told), "who gives way is told");
    assert_eq!(world.pay(BELA, 60_000, 1_000).unwrap().person, ACME);
    // All the gas there is, promised by one who has none, stands in nobody's way.
    let all = world.fuel(CARA);
    world.pay(CARA, all, all).unwrap();
    let other = Refusal::OtherSponsor { person: BELA, sponsor: ACME };
    assert_eq!(world.call(CARA, sponsor(u64::MAX)).unwrap_err(), other);
    world.call(BELA, Call::EndSponsorship { person: BELA }).unwrap();
    world.call(CARA, sponsor(u64::MAX)).unwrap();
    world.call(ACME, sponsor(100_000)).unwrap();
    assert_eq!(world.pay(BELA, 60_000, 1_000).unwrap().person, ACME);
}

#[test]
fn a_sponsor_that_was_accepted_is_pushed_aside_by_nobody_while_it_can_pay() {
    let mut world = World::new();
    let sponsor = |gas| Call::Sponsor { person: BELA, gas, expires: Time::NEVER };
    let accept = |sponsor| Call::AcceptSponsorship { sponsor };
    let none = |sponsor| Refusal::NoSponsorship { person: BELA, sponsor };
    assert_eq!(world.call(BELA, accept(ACME)).unwrap_err(), none(ACME));
    world.call(ACME, sponsor(50_000)).unwrap();
    assert_eq!(world.call(BELA, accept(CARA)).unwrap_err(), none(CARA), "it names whom it means");
    let done = world.call(BELA, accept(ACME)).unwrap();
    assert_eq!(done.events, [Event::SponsorshipAccepted { person: BELA, sponsor: ACME }]);
    assert_eq!(world.call(BELA, accept(ACME)).unwrap_err(), Refusal::NothingChanges);
    let other = Refusal::OtherSponsor { person: BELA, sponsor: ACME };
    assert_eq!(world.call(CARA, sponsor(1_000_000)).unwrap_err(), other);
    // Its own renewal keeps its place; once used up it is anybody's.
    world.call(ACME, sponsor(20_000)).unwrap();
    assert_eq!(world.call(CARA, sponsor(1_000_000)).unwrap_err(), other);
    world.pay(BELA, 20_000, 20_000).unwrap();
    world.call(CARA, sponsor(1_000_000)).unwrap();
    assert_eq!(world.pay(BELA, 60_000, 1_000).unwrap().person, CARA);
    let app = Grantee::App(Address::repeat_byte(0xaa));
    assert_eq!(world.call_as(app, accept(CARA), None).unwrap_err(), Refusal::PersonOnly);
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

//! Becoming known: registration, vouchers, further accounts.

use crate::world::*;
use identity::{Call, Event, PERSONS, Refusal, topic};
use types::{Address, AssetId, PersonId, Reserved, ShardId};

#[test]
fn a_wallet_enrols_with_its_providers_voucher_once() {
    let mut world = World::new();
    let mut given = registration(10, 10);
    given.claims = vec![claim(topic::KYC_NATURAL, world.after(DAY))];
    let enrolment = world.enrolment(1, given, world.after(MINUTE));
    let done = world.call(10, Call::Enrol(enrolment.clone())).unwrap();
    let bob = done.reply.registered[0];
    assert_eq!(world.acting(10), Ok(first(bob)));
    assert_eq!(world.counts(bob, topic::KYC_NATURAL).unwrap().provider, KESTREL);
    let registered = Event::PersonRegistered {
        person: bob,
        provider: KESTREL,
        wallet: wallet(10),
        residence: country("DE"),
    };
    assert_eq!(done.events[0], registered);

    let again = world.call(10, Call::Enrol(enrolment)).unwrap_err();
    assert_eq!(again, Refusal::WalletTaken(wallet(10)), "a replay finds its wallet bound");
}

#[test]
fn a_voucher_counts_on_its_own_chain_and_shard_only() {
    for (chain_id, shard) in [(7_358, ShardId(0)), (7_357, ShardId(1))] {
        let mut other = World::new();
        (other.env.chain_id, other.env.shard) = (chain_id, shard);
        let world = &mut World::new();
        let elsewhere = other.enrolment(1, registration(10, 10), world.after(MINUTE));
        let refusal = world.call(10, Call::Enrol(elsewhere.clone())).unwrap_err();
        assert_eq!(refusal, Refusal::BadSignature { expected: wallet(1) });
        assert!(other.call(10, Call::Enrol(elsewhere)).is_ok(), "there it is good");
    }
}

#[test]
fn a_voucher_is_good_until_its_deadline_and_not_later() {
    let mut world = World::new();
    let deadline = world.after(MINUTE);
    let on_time = world.enrolment(1, registration(10, 10), deadline);
    let too_late = world.enrolment(1, registration(11, 11), deadline);
    world.pass(MINUTE);
    assert!(world.call(10, Call::Enrol(on_time)).is_ok());
    world.pass(1);
    let refusal = world.call(11, Call::Enrol(too_late)).unwrap_err();
    assert_eq!(refusal, Refusal::DeadlinePassed(deadline));
}

#[test]
fn a_voucher_is_only_the_named_providers_and_only_as_it_was_signed() {
    let mut world = World::new();
    let good = world.enrolment(1, registration(10, 10), world.after(MINUTE));
    let by_kestrel = Err(Refusal::BadSignature { expected: wallet(1) });
    let mut attempt = |key: u64, change: &dyn Fn(&mut identity::Enrolment)| {
        let mut changed = good.clone();
        change(&mut changed);
        world.call(key, Call::Enrol(changed)).map(drop)
    };
    // Another provider is named than the one that signed.
    let by_heron = Err(Refusal::BadSignature { expected: wallet(2) });
    assert_eq!(attempt(10, &|it| it.provider = HERON), by_heron);
    // Somebody signed who is no provider, or is nobody.
    assert_eq!(attempt(10, &|it| it.provider = ALICE), Err(Refusal::NotProvider(ALICE)));
    let nobody = PersonId(99);
    assert_eq!(attempt(10, &|it| it.provider = nobody), Err(Refusal::NotProvider(nobody)));
    // Every field is signed.
    assert_eq!(attempt(10, &|it| it.deadline = it.deadline.plus_ms(1)), by_kestrel);
    assert_eq!(attempt(10, &|it| it.registration.residence = country("FR")), by_kestrel);
    assert_eq!(attempt(10, &|it| it.registration.kind = identity::PersonKind::Fund), by_kestrel);
    assert_eq!(attempt(10, &|it| it.registration.uniqueness.0[0] = 1), by_kestrel);
    let accredited = claim(topic::ACCREDITED, START.plus_ms(DAY));
    assert_eq!(attempt(10, &|it| it.registration.claims = vec![accredited]), by_kestrel);
    // Another wallet cannot use it, not even by writing itself in.
    let not_me = Err(Refusal::BadSignature { expected: wallet(10) });
    assert_eq!(attempt(11, &|_| ()), not_me);
    assert_eq!(attempt(11, &|it| it.registration.wallet = wallet(11)), by_kestrel);
    assert_eq!(attempt(10, &|_| ()), Ok(()));
}

#[test]
fn who_may_not_attest_may_not_vouch_either() {
    let suspended_person = |world: &mut World| {
        world.govern(3, Call::Suspend { person: KESTREL, order: order() }).unwrap();
    };
    let suspended_provider = |world: &mut World| {
        let call = Call::SetProviderStanding { provider: KESTREL, is_active: false };
        world.govern(3, call).unwrap();
    };
    let cut_off = |world: &mut World| {
        let at = world.after(1);
        let call = Call::CutOffProvider { provider: KESTREL, at, keep_earlier: true };
        world.govern(3, call).unwrap();
        world.pass(1);
    };
    let ends: [&dyn Fn(&mut World); 3] = [&suspended_person, &suspended_provider, &cut_off];
    for end in ends {
        let mut world = World::new();
        let enrolment = world.enrolment(1, registration(10, 10), world.after(DAY));
        end(&mut world);
        let refusal = world.call(10, Call::Enrol(enrolment)).unwrap_err();
        assert_eq!(refusal, Refusal::NotProvider(KESTREL));
        let attest =
            Call::Attest { person: ALICE, claim: claim(topic::KYC_NATURAL, world.after(DAY)) };
        assert!(world.call(1, attest).is_err());
        assert!(world.call(1, Call::Register(vec![registration(11, 11)])).is_err());
    }
}

#[test]
fn a_provider_whose_key_is_in_dispute_vouches_for_nobody() {
    let mut world = World::new();
    let enrolment = world.enrolment(1, registration(10, 10), world.after(7 * DAY));
    world.start_recovery(first(KESTREL), 20).unwrap();
    let refusal = world.call(10, Call::Enrol(enrolment.clone())).unwrap_err();
    assert_eq!(refusal, Refusal::RecoveryPending(first(KESTREL)));
    world.pass(DAY);
    world.call(3, Call::CompleteRecovery { account: first(KESTREL) }).unwrap();
    let refusal = world.call(10, Call::Enrol(enrolment.clone())).unwrap_err();
    assert_eq!(refusal, Refusal::BadSignature { expected: wallet(20) }, "signed by the lost key");
}

#[test]
fn one_human_is_one_person_whoever_registers_them() {
    let mut world = World::new();
    let done = world.call(1, Call::Register(vec![registration(10, 10)])).unwrap();
    let bob = done.reply.registered[0];
    // P28, P31, D3: neither another provider, nor another wallet, nor a voucher makes a second person.
    let other = Call::Register(vec![registration(11, 10)]);
    assert_eq!(world.call(2, other).unwrap_err(), Refusal::NotUnique(bob));
    let voucher = world.enrolment(2, registration(11, 10), world.after(MINUTE));
    assert_eq!(world.call(11, Call::Enrol(voucher)).unwrap_err(), Refusal::NotUnique(bob));
    let twice = Call::Register(vec![registration(11, 11), registration(12, 11)]);
    assert!(matches!(world.call(1, twice), Err(Refusal::NotUnique(_))), "nor one batch");
    let nobody = Call::Register(vec![registration(11, 0)]);
    assert_eq!(world.call(1, nobody).unwrap_err(), Refusal::NoUniqueness);
    assert_eq!(world.acting(11), Err(Refusal::WalletUnknown(wallet(11))));
}

#[test]
fn a_batch_of_registrations_is_all_or_none() {
    let mut world = World::new();
    let good = || registration(10, 10);
    let bad = [
        (registration(10, 11), Refusal::WalletTaken(wallet(10))),
        (registration(3, 11), Refusal::WalletTaken(wallet(3))),
        (registration(11, 0), Refusal::NoUniqueness),
    ];
    for (second, why) in bad {
        assert_eq!(world.call(1, Call::Register(vec![good(), second])).unwrap_err(), why);
    }
    let mut zero = registration(11, 11);
    zero.wallet = Address::ZERO;
    let mut asset = registration(11, 11);
    asset.wallet = Reserved::asset(ShardId(0), AssetId(1));
    for reserved in [zero, asset] {
        let refusal = Refusal::WalletTaken(reserved.wallet);
        assert_eq!(world.call(1, Call::Register(vec![good(), reserved])).unwrap_err(), refusal);
    }
    let mut stale = registration(11, 11);
    stale.claims = vec![claim(topic::KYC_NATURAL, world.now())];
    let refusal = Refusal::AlreadyExpired { topic: topic::KYC_NATURAL, expires: world.now() };
    assert_eq!(world.call(1, Call::Register(vec![good(), stale])).unwrap_err(), refusal);
    let both = Call::Register(vec![good(), registration(11, 11)]);
    assert_eq!(world.call(1, both).unwrap().reply.registered, [PersonId(4), PersonId(5)]);
}

#[test]
fn a_batch_that_is_too_dear_is_refused_before_it_writes() {
    let mut batch: Vec<_> = (0..20).map(|n| registration(10 + n, 10 + n as u8)).collect();
    for given in &mut batch {
        let until = |topic: u32| START.plus_ms(u64::from(topic) * DAY);
        let topics = [topic::KYC_NATURAL, topic::ACCREDITED, topic::PEP];
        given.claims = topics.map(|topic| claim(topic, until(topic))).to_vec();
    }
    let call = Call::Register(batch);
    let needed = World::new().call_within(1, call.clone(), u64::MAX).1;
    let mut granted = None;
    for limit in (needed / 2..needed * 2).step_by(needed as usize / 100) {
        let (result, used) = World::new().call_within(1, call.clone(), limit);
        match result {
            Ok(_) => {
                assert!(used <= limit, "{used} was used of {limit}");
                granted = granted.or(Some(limit));
            }
            Err(refusal) => {
                assert_eq!(refusal, Refusal::OutOfFuel);
                assert!(granted.is_none(), "more gas never makes it refuse");
            }
        }
    }
    assert!(granted.is_some_and(|limit| limit <= needed * 5 / 4), "{granted:?} for {needed}");
}

#[test]
fn a_person_has_so_many_accounts() {
    let mut world = World::new();
    world.tamper(|ctx| {
        let mut record = PERSONS.get(ctx, &ALICE).unwrap();
        record.accounts = 4_095;
        PERSONS.put(ctx, &ALICE, record);
    });
    let open = |world: &World, key| {
        let consent = world.consent(ALICE, key);
        Call::OpenAccount { wallet: wallet(key), consent }
    };
    let last = open(&world, 30);
    world.call(3, last).unwrap();
    let more = open(&world, 31);
    assert_eq!(world.call(3, more).unwrap_err(), Refusal::TooManyAccounts(ALICE));
}

//! What people do with identity, told with public operations only.

mod world;

use alloy_primitives::{FixedBytes, U256, keccak256, uint};
use alloy_sol_types::{SolStruct, SolValue, eip712_domain, sol};
use identity::{
    ACCOUNTS, CLAIMS, Call, DelegationGiven, Event, PERSONS, RECOVERIES, Refusal, WALLETS,
    operation, topic,
};
use types::{AccountId, Address, AssetId, Bytes, Module, PersonId, Reserved, ShardId, Units};
use world::*;

sol! {
    struct Voucher {
        address wallet;
        uint8 kind;
        bytes2 residence;
        bytes32 uniqueness;
        bytes32 claims;
        uint64 deadline;
    }

    struct Consent {
        uint64 person;
        address wallet;
    }
}

/// The order of the curve: `s` and `N - s` sign the same, and only the lower is canonical.
const N: U256 = uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

fn malleate(signature: &Bytes) -> Bytes {
    let mut bytes = signature.to_vec();
    let s = U256::from_be_slice(&bytes[32..64]);
    bytes[32..64].copy_from_slice(&(N - s).to_be_bytes::<32>());
    bytes[64] ^= 27 ^ 28;
    bytes.into()
}

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
fn only_one_form_of_a_signature_counts() {
    let mut world = World::new();
    let good = world.enrolment(1, registration(10, 10), world.after(MINUTE));
    let mut attempt = |signature: Bytes| {
        let enrolment = identity::Enrolment { signature, ..good.clone() };
        world.call(10, Call::Enrol(enrolment)).map(drop)
    };
    let refused = Err(Refusal::BadSignature { expected: wallet(1) });
    let high_s = malleate(&good.signature);
    let hash = |v: u8| {
        let mut bytes = good.signature.to_vec();
        bytes[64] = v;
        Bytes::from(bytes)
    };
    assert_eq!(attempt(high_s), refused, "high s");
    for v in [0, 1, 26, 29, 255] {
        assert_eq!(attempt(hash(v)), refused, "v {v}");
    }
    assert_eq!(attempt(good.signature[..64].to_vec().into()), refused, "64 bytes");
    assert_eq!(attempt([&good.signature[..], &[0]].concat().into()), refused, "66 bytes");
    assert_eq!(attempt(Bytes::new()), refused, "none");
    assert_eq!(attempt(vec![0; 65].into()), refused, "zeros");
    assert_eq!(attempt(good.signature.clone()), Ok(()));
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
fn nobody_registers_somebody_elses_wallet() {
    // P14: a further account needs the wallet's own signature, for this person, on this chain.
    let mut world = World::new();
    let attempt = |world: &mut World, consent: Bytes| {
        world.call(3, Call::OpenAccount { wallet: wallet(30), consent })
    };
    let refused = Refusal::BadSignature { expected: wallet(30) };
    let forged = sign(3, world.read(|ctx| identity::consent_digest(ctx, ALICE, &wallet(30))));
    assert_eq!(attempt(&mut world, forged).unwrap_err(), refused);
    let for_another = world.consent(KESTREL, 30);
    assert_eq!(attempt(&mut world, for_another).unwrap_err(), refused);
    let consent = world.consent(ALICE, 30);
    assert_eq!(attempt(&mut world, malleate(&consent)).unwrap_err(), refused);
    let done = attempt(&mut world, consent.clone()).unwrap();
    assert_eq!(done.reply.account, Some(AccountId::new(ALICE, 1)));
    assert_eq!(world.acting(30), Ok(AccountId::new(ALICE, 1)));
    let taken = Refusal::WalletTaken(wallet(30));
    assert_eq!(attempt(&mut world, consent).unwrap_err(), taken, "a consent is used once");
    // Nor does a bound wallet come along to another person.
    let call = Call::Register(vec![registration(30, 31)]);
    assert_eq!(world.call(2, call).unwrap_err(), taken);
}

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
    assert_eq!(world.call(1, attest(1)).unwrap_err(), Refusal::TooManyClaims(48));
    world.call(2, attest(1_000)).unwrap();
    let mut given = registration(10, 10);
    given.claims = (0..49).map(|topic| claim(topic, expires)).collect();
    let refusal = world.call(1, Call::Register(vec![given])).unwrap_err();
    assert_eq!(refusal, Refusal::TooManyClaims(48));
}

#[test]
fn a_person_has_so_many_accounts() {
    let mut world = World::new();
    world.tamper(|ctx| {
        let mut record = PERSONS.get(ctx, &ALICE).unwrap();
        record.accounts = u16::MAX;
        PERSONS.put(ctx, &ALICE, record);
    });
    let consent = world.consent(ALICE, 30);
    let open = Call::OpenAccount { wallet: wallet(30), consent };
    assert_eq!(world.call(3, open).unwrap_err(), Refusal::TooManyAccounts(ALICE));
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
fn a_lost_key_is_replaced_and_nothing_moves() {
    let mut world = World::new();
    let account = first(ALICE);
    let person = world.get(&PERSONS, &ALICE);
    world.start_recovery(account, 30).unwrap();
    world.pass(DAY - 1);
    let early = world.call(1, Call::CompleteRecovery { account }).unwrap_err();
    assert_eq!(early, Refusal::RecoveryNotReady(world.after(1)));
    world.pass(1);
    let done = world.call(1, Call::CompleteRecovery { account }).unwrap();
    let recovered = Event::Recovered { account, lost: wallet(3), wallet: wallet(30) };
    assert_eq!(done.events, [recovered]);
    // Four records, whatever the account holds: its owner, both wallets, the recovery that is over.
    let mut changed: Vec<_> = done.changes.iter().map(|change| change.key).collect();
    let mut expected = vec![
        ACCOUNTS.record_key(&account),
        WALLETS.record_key(&wallet(3)),
        WALLETS.record_key(&wallet(30)),
        RECOVERIES.record_key(&account),
    ];
    changed.sort();
    expected.sort();
    assert_eq!(changed, expected);
    assert_eq!(world.get(&PERSONS, &ALICE), person);
    assert_eq!(world.acting(30), Ok(account), "the same account");
    assert_eq!(world.acting(3), Err(Refusal::WalletDead(wallet(3))));
    // The lost wallet never comes back: not by recovery, further account, registration or voucher.
    let dead = Refusal::WalletTaken(wallet(3));
    assert_eq!(world.start_recovery(account, 3).unwrap_err(), dead);
    let consent = world.consent(ALICE, 3);
    let open = Call::OpenAccount { wallet: wallet(3), consent };
    assert_eq!(world.call(30, open).unwrap_err(), dead);
    assert_eq!(world.call(2, Call::Register(vec![registration(3, 50)])).unwrap_err(), dead);
    let voucher = world.enrolment(2, registration(3, 50), world.after(DAY));
    assert_eq!(world.call(3, Call::Enrol(voucher)).unwrap_err(), dead);
}

#[test]
fn while_a_recovery_waits_nobody_acts_for_the_account() {
    // D2: a thief who has the key moves nothing during the delay, and does not hide behind a delegate.
    let mut world = World::new();
    let account = first(ALICE);
    let given = DelegationGiven {
        wallet: wallet(40),
        operations: operation::ALL,
        asset: None,
        limit: None,
        expires: world.after(365 * DAY),
    };
    world.call(3, Call::Delegate(given.clone())).unwrap();
    world.start_recovery(account, 30).unwrap();
    let pending = Refusal::RecoveryPending(account);
    assert_eq!(world.acting(3), Err(pending.clone()));
    assert_eq!(world.call(3, Call::Delegate(given)).unwrap_err(), pending);
    let consent = world.consent(ALICE, 31);
    let open = Call::OpenAccount { wallet: wallet(31), consent };
    assert_eq!(world.call(3, open).unwrap_err(), pending);
    let freeze = Call::FreezeDelegations { person: ALICE, frozen: true };
    assert_eq!(world.call(3, freeze).unwrap_err(), pending);
    assert!(may_move(&world, 40, account, 1, 1).is_err());
    assert_eq!(world.start_recovery(account, 31).unwrap_err(), pending, "one at a time");
}

#[test]
fn the_owner_or_the_provider_ends_a_recovery_and_nobody_else() {
    let mut world = World::new();
    let account = first(ALICE);
    let cancel = Call::CancelRecovery { account };
    assert_eq!(world.call(3, cancel.clone()).unwrap_err(), Refusal::NoRecovery(account));
    world.start_recovery(account, 30).unwrap();
    assert_eq!(world.call(2, cancel.clone()).unwrap_err(), Refusal::NotOwner(account));
    assert_eq!(
        world.call(30, cancel.clone()).unwrap_err(),
        Refusal::WalletUnknown(wallet(30)),
        "nor the new wallet"
    );
    world.call(3, cancel.clone()).unwrap();
    assert_eq!(world.acting(3), Ok(account));
    world.start_recovery(account, 30).unwrap();
    world.call(1, cancel).unwrap();
    world.pass(DAY);
    let complete = Call::CompleteRecovery { account };
    assert_eq!(world.call(1, complete).unwrap_err(), Refusal::NoRecovery(account));
}

#[test]
fn a_thief_cannot_say_that_the_key_is_not_lost_once_the_person_is_suspended() {
    let mut world = World::new();
    let account = first(ALICE);
    world.govern(1, Call::Suspend { person: ALICE, order: order() }).unwrap();
    world.start_recovery(account, 30).unwrap();
    let cancel = Call::CancelRecovery { account };
    assert_eq!(world.call(3, cancel).unwrap_err(), Refusal::PersonSuspended(ALICE));
    world.pass(DAY);
    world.call(1, Call::CompleteRecovery { account }).unwrap();
    assert_eq!(world.acting(30), Err(Refusal::PersonSuspended(ALICE)));
    world.govern(1, Call::Reinstate { person: ALICE, order: order() }).unwrap();
    assert_eq!(world.acting(30), Ok(account));
}

#[test]
fn a_recovery_needs_the_persons_provider_a_fresh_wallet_and_its_consent() {
    // P23: the account names its person, so nothing is compared that could differ.
    let mut world = World::new();
    let account = first(ALICE);
    let start = |world: &mut World, by: u64, key: u64, consent| {
        world.call(by, Call::StartRecovery { account, wallet: wallet(key), consent })
    };
    let consent = world.consent(ALICE, 30);
    let other = Refusal::OtherProvider { person: ALICE, provider: KESTREL };
    assert_eq!(start(&mut world, 2, 30, consent.clone()).unwrap_err(), other);
    let nobody = Refusal::NotProvider(ALICE);
    assert_eq!(start(&mut world, 3, 30, consent.clone()).unwrap_err(), nobody);
    let unsigned = Refusal::BadSignature { expected: wallet(30) };
    let for_another = world.consent(HERON, 30);
    assert_eq!(start(&mut world, 1, 30, for_another).unwrap_err(), unsigned);
    // Not to another person's wallet, so not to another identity of the same thief.
    let consent_of_heron = world.consent(ALICE, 2);
    let taken = Refusal::WalletTaken(wallet(2));
    assert_eq!(start(&mut world, 1, 2, consent_of_heron).unwrap_err(), taken);
    let absent = AccountId::new(ALICE, 1);
    assert_eq!(world.start_recovery(absent, 30).unwrap_err(), Refusal::NotOwner(absent));
    start(&mut world, 1, 30, consent).unwrap();
}

#[test]
fn a_recovery_ends_with_its_provider_and_with_its_fresh_wallet() {
    let mut world = World::new();
    let account = first(ALICE);
    let complete = Call::CompleteRecovery { account };
    world.start_recovery(account, 30).unwrap();
    world.pass(DAY);
    let standing = |is_active| Call::SetProviderStanding { provider: KESTREL, is_active };
    world.govern(2, standing(false)).unwrap();
    assert_eq!(world.call(2, complete.clone()).unwrap_err(), Refusal::NotProvider(KESTREL));
    world.govern(2, standing(true)).unwrap();
    // Meanwhile the new wallet became somebody else's.
    world.call(2, Call::Register(vec![registration(30, 30)])).unwrap();
    let taken = Refusal::WalletTaken(wallet(30));
    assert_eq!(world.call(2, complete.clone()).unwrap_err(), taken);
    world.call(1, Call::CancelRecovery { account }).unwrap();
    world.start_recovery(account, 31).unwrap();
    world.pass(DAY);
    world.call(2, complete).unwrap();
    assert_eq!(world.acting(31), Ok(account));
}

#[test]
fn each_account_is_recovered_alone() {
    let mut world = World::new();
    let consent = world.consent(ALICE, 30);
    world.call(3, Call::OpenAccount { wallet: wallet(30), consent }).unwrap();
    let second = AccountId::new(ALICE, 1);
    world.start_recovery(second, 31).unwrap();
    assert_eq!(world.acting(3), Ok(first(ALICE)), "its other key is not in dispute");
    assert_eq!(world.acting(30), Err(Refusal::RecoveryPending(second)));
    let cancel = Call::CancelRecovery { account: second };
    assert_eq!(world.call(3, cancel).unwrap_err(), Refusal::NotOwner(second));
}

/// May this wallet move so many units of an asset out of the account?
fn may_move(
    world: &World,
    key: u64,
    account: AccountId,
    asset: u64,
    units: u128,
) -> Result<(), Refusal> {
    world.read(|ctx| {
        let (asset, units) = (AssetId(asset), Units(units));
        identity::may_act(ctx, &wallet(key), &account, operation::TRANSFER, asset, units)
    })
}

#[test]
fn a_delegate_acts_within_its_operations_asset_limit_and_time() {
    let mut world = World::new();
    let account = first(ALICE);
    assert!(may_move(&world, 40, account, 1, 1).is_err(), "nothing was delegated");
    let given = DelegationGiven {
        wallet: wallet(40),
        operations: operation::TRANSFER,
        asset: Some(AssetId(1)),
        limit: Some(Units(100)),
        expires: world.after(MINUTE),
    };
    world.call(3, Call::Delegate(given.clone())).unwrap();
    assert!(may_move(&world, 40, account, 1, 100).is_ok());
    assert!(may_move(&world, 40, account, 1, 101).is_err(), "more than the limit");
    assert!(may_move(&world, 40, account, 2, 1).is_err(), "another asset");
    assert!(may_move(&world, 40, first(KESTREL), 1, 1).is_err(), "another account");
    assert!(may_move(&world, 41, account, 1, 1).is_err(), "another wallet");
    let hold = world.read(|ctx| {
        let (asset, units) = (AssetId(1), Units(1));
        identity::may_act(ctx, &wallet(40), &account, operation::HOLD, asset, units)
    });
    assert!(hold.is_err(), "another operation");
    world.tamper(|ctx| identity::spend_delegation(ctx, &wallet(40), &account, Units(60)));
    assert!(may_move(&world, 40, account, 1, 40).is_ok());
    assert!(may_move(&world, 40, account, 1, 41).is_err(), "60 of 100 are used");
    world.pass(MINUTE - 1);
    assert!(may_move(&world, 40, account, 1, 1).is_ok());
    world.pass(1);
    assert!(may_move(&world, 40, account, 1, 1).is_err(), "expired");
    let given = DelegationGiven { expires: world.after(MINUTE), ..given };
    world.call(3, Call::Delegate(given)).unwrap();
    world.call(3, Call::RevokeDelegation { wallet: wallet(40) }).unwrap();
    assert!(may_move(&world, 40, account, 1, 1).is_err(), "revoked");
    let again = world.call(3, Call::RevokeDelegation { wallet: wallet(40) }).unwrap_err();
    assert_eq!(again, Refusal::NothingChanges);
}

#[test]
fn a_delegation_that_says_nothing_is_refused() {
    let mut world = World::new();
    let good = DelegationGiven {
        wallet: wallet(40),
        operations: operation::ALL,
        asset: None,
        limit: None,
        expires: world.after(MINUTE),
    };
    let mut refused = |given| world.call(3, Call::Delegate(given)).unwrap_err();
    for operations in [0, 4, operation::ALL | 8, u32::MAX] {
        let given = DelegationGiven { operations, ..good.clone() };
        assert_eq!(refused(given), Refusal::BadOperations(operations));
    }
    let given = DelegationGiven { expires: START, ..good.clone() };
    assert_eq!(refused(given), Refusal::ExpiresPast(START));
    for own in [wallet(3), Address::ZERO] {
        let given = DelegationGiven { wallet: own, ..good.clone() };
        assert_eq!(refused(given), Refusal::NothingChanges);
    }
    let stranger = world.call(66, Call::Delegate(good)).unwrap_err();
    assert_eq!(stranger, Refusal::WalletUnknown(wallet(66)));
}

#[test]
fn in_an_emergency_every_delegation_of_a_person_stops_at_once() {
    let mut world = World::new();
    let consent = world.consent(ALICE, 30);
    world.call(3, Call::OpenAccount { wallet: wallet(30), consent }).unwrap();
    let given = DelegationGiven {
        wallet: wallet(40),
        operations: operation::ALL,
        asset: None,
        limit: None,
        expires: world.after(DAY),
    };
    world.call(3, Call::Delegate(given.clone())).unwrap();
    world.call(30, Call::Delegate(given)).unwrap();
    let accounts = [first(ALICE), AccountId::new(ALICE, 1)];
    let freeze = |frozen| Call::FreezeDelegations { person: ALICE, frozen };
    assert_eq!(world.call(2, freeze(true)).unwrap_err(), Refusal::NotOwner(first(ALICE)));
    // By any of the person's keys, or by its provider.
    for key in [3, 30, 1] {
        world.call(key, freeze(true)).unwrap();
        assert_eq!(world.call(key, freeze(true)).unwrap_err(), Refusal::NothingChanges);
        for account in accounts {
            assert!(may_move(&world, 40, account, 1, 1).is_err());
        }
        assert_eq!(world.acting(3), Ok(first(ALICE)), "the owners themselves go on");
        world.call(key, freeze(false)).unwrap();
        for account in accounts {
            assert!(may_move(&world, 40, account, 1, 1).is_ok());
        }
    }
}

#[test]
fn a_delegation_ends_with_who_gave_it_and_with_who_has_it() {
    let account = first(ALICE);
    let with_delegate = |key| {
        let mut world = World::new();
        let given = DelegationGiven {
            wallet: wallet(key),
            operations: operation::ALL,
            asset: None,
            limit: None,
            expires: world.after(365 * DAY),
        };
        world.call(3, Call::Delegate(given)).unwrap();
        assert!(may_move(&world, key, account, 1, 1).is_ok());
        world
    };
    // The thief's delegate does not outlive the recovery of the account.
    let mut world = with_delegate(40);
    world.start_recovery(account, 30).unwrap();
    world.pass(DAY);
    world.call(1, Call::CompleteRecovery { account }).unwrap();
    assert!(may_move(&world, 40, account, 1, 1).is_err());
    // A suspended person is not acted for, and acts for nobody.
    let mut world = with_delegate(2);
    world.govern(1, Call::Suspend { person: ALICE, order: order() }).unwrap();
    assert!(may_move(&world, 2, account, 1, 1).is_err());
    let mut world = with_delegate(2);
    world.govern(1, Call::Suspend { person: HERON, order: order() }).unwrap();
    let refusal = may_move(&world, 2, account, 1, 1).unwrap_err();
    assert_eq!(refusal, Refusal::PersonSuspended(HERON));
}

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
    assert_eq!(done.events, [Event::PersonSuspended { person: ALICE, order: order() }]);
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
fn after_a_long_halt_everything_that_lapsed_is_still_found() {
    let mut world = World::new();
    for days in [1, 44, 46, 200] {
        let (topic, expires) = (100 + days as u32, world.after(days * DAY));
        world.call(1, Call::Attest { person: ALICE, claim: claim(topic, expires) }).unwrap();
    }
    let mut found = world.pass(365 * DAY).len();
    for _ in 0..10 {
        found += world.expire(usize::MAX).len();
    }
    assert_eq!(found, 4);
}

#[test]
fn vouchers_and_consents_are_typed_data_as_any_wallet_signs_it() {
    let mut world = World::new();
    world.env.shard = ShardId(3);
    let domain = eip712_domain! {
        name: "Scrip Identity",
        version: "1",
        chain_id: 7_357,
        verifying_contract: Reserved::service(ShardId(3), Module::Identity),
    };
    let mut given = registration(10, 10);
    given.claims = vec![claim(topic::KYC_NATURAL, START), claim(topic::PEP, START)];
    let packed: Vec<u8> = given
        .claims
        .iter()
        .map(|it| {
            (U256::from(it.topic), U256::from(it.value), U256::from(it.expires.0), it.evidence)
        })
        .flat_map(|words| words.abi_encode_packed())
        .collect();
    let voucher = Voucher {
        wallet: wallet(10),
        kind: 0,
        residence: FixedBytes(*b"DE"),
        uniqueness: given.uniqueness,
        claims: keccak256(packed),
        deadline: START.0,
    };
    let digest = world.read(|ctx| identity::voucher_digest(ctx, &given, START.0));
    assert_eq!(digest, voucher.eip712_signing_hash(&domain));
    let consent = Consent { person: ALICE.0, wallet: wallet(10) };
    let digest = world.read(|ctx| identity::consent_digest(ctx, ALICE, &wallet(10)));
    assert_eq!(digest, consent.eip712_signing_hash(&domain));
}

//! A lost key: the account is bound to a new wallet, and nothing moves.

use crate::{may_move, world::*};
use identity::{
    ACCOUNTS, Call, Consent, DISPUTES, DelegationGiven, Event, PERSONS, Purpose, RECOVERIES,
    Refusal, WALLETS, operation,
};
use types::AccountId;

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
    // Five records, whatever the account holds: its owner, both wallets, the recovery that is over, the dispute.
    let mut changed: Vec<_> = done.changes.iter().map(|change| change.key).collect();
    let mut expected = vec![
        ACCOUNTS.record_key(&account),
        WALLETS.record_key(&wallet(3)),
        WALLETS.record_key(&wallet(30)),
        RECOVERIES.record_key(&account),
        DISPUTES.record_key(&account),
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
        terms: Default::default(),
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
    let consent = world.consent_to(Purpose::Recovery, ALICE, 30);
    let other = Refusal::OtherProvider { person: ALICE, provider: KESTREL };
    assert_eq!(start(&mut world, 2, 30, consent.clone()).unwrap_err(), other);
    let nobody = Refusal::NotProvider(ALICE);
    assert_eq!(start(&mut world, 3, 30, consent.clone()).unwrap_err(), nobody);
    let unsigned = Refusal::BadSignature { expected: wallet(30) };
    let to_open = world.consent(ALICE, 30);
    assert_eq!(start(&mut world, 1, 30, to_open).unwrap_err(), unsigned, "for something else");
    let late = Consent { deadline: types::Time(world.now().0 - 1), ..consent.clone() };
    let passed = Refusal::DeadlinePassed(late.deadline);
    assert_eq!(start(&mut world, 1, 30, late).unwrap_err(), passed);
    let longer = Consent { deadline: world.after(2 * DAY), ..consent.clone() };
    assert_eq!(start(&mut world, 1, 30, longer).unwrap_err(), unsigned, "the deadline is signed");
    let for_another = world.consent_to(Purpose::Recovery, HERON, 30);
    assert_eq!(start(&mut world, 1, 30, for_another).unwrap_err(), unsigned);
    // Not to another person's wallet, so not to another identity of the same thief.
    let consent_of_heron = world.consent_to(Purpose::Recovery, ALICE, 2);
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

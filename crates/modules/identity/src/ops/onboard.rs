//! Becoming known: registration by a provider, enrolment by voucher, further accounts.

use super::{Reply, announce, attest, provider, provider_in_standing};
use crate::{
    ACCOUNTS, ClaimGiven, Event, PERSONS, PROGRESS, Person, PersonKind, Refusal, UNIQUE, WALLETS,
    Wallet, read,
    voucher::{self, Consent, Purpose},
};
use borsh::{BorshDeserialize, BorshSerialize};
use state::Context;
use std::collections::BTreeSet;
use types::{AccountId, Address, B256, Bytes, Country, PersonId, Time, ensure};

/// A person as a provider presents it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Registration {
    /// The wallet that will own the first account.
    pub wallet: Address,
    /// What kind of person.
    pub kind: PersonKind,
    /// Where it resides.
    pub residence: Country,
    /// Keyed commitment to the human or entity: the same for all providers, opaque to all others.
    pub uniqueness: B256,
    /// What the provider attests at once.
    pub claims: Vec<ClaimGiven>,
}

/// Work of writing one registration, and each claim in it, at most.
const REGISTRATION_WORK: u64 = 3_900;
const CLAIM_WORK: u64 = 1_900;
/// Work of judging a voucher, at most: its signature, and what is read beside it.
const VOUCHER_WORK: u64 = voucher::RECOVERY_GAS + 1_000;

/// Work of an enrolment with so many claims. Known before, and charged to the last unit: who pays for it
/// is the provider, so that none may begin that has not the gas to end.
pub fn enrolment_work(claims: usize) -> u64 {
    VOUCHER_WORK + REGISTRATION_WORK + CLAIM_WORK.saturating_mul(claims as u64)
}

/// Registers persons in the care of the calling provider, all or none.
pub(super) fn register_all(
    ctx: &mut Context<'_>,
    wallet: &Address,
    registrations: Vec<Registration>,
) -> Result<Reply, Refusal> {
    let provider = provider(ctx, wallet)?;
    let (mut wallets, mut commitments) = (BTreeSet::new(), BTreeSet::new());
    let mut writing = 0u64;
    for registration in &registrations {
        check(ctx, registration)?;
        ensure(wallets.insert(registration.wallet), Refusal::WalletTaken(registration.wallet))?;
        ensure(commitments.insert(registration.uniqueness), Refusal::NotUnique(next_person(ctx)))?;
        // What is still to be written is counted here, for nothing refuses after a write.
        writing += REGISTRATION_WORK + CLAIM_WORK * registration.claims.len() as u64;
        let fits = ctx.work().saturating_add(writing) <= ctx.work_limit();
        ensure(fits, Refusal::OutOfFuel)?;
    }
    let registered =
        registrations.into_iter().map(|given| register(ctx, provider, given)).collect();
    Ok(Reply { registered, ..Reply::default() })
}

/// A wallet's wish to be registered, with its provider's voucher.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Enrolment {
    /// Who vouches.
    pub provider: PersonId,
    /// As whom.
    pub registration: Registration,
    /// Until when the voucher is good, inclusive.
    pub deadline: Time,
    /// The provider's signature over the voucher.
    pub signature: Bytes,
}

/// Registers the calling wallet itself, on a provider's signed voucher.
pub(super) fn enrol(
    ctx: &mut Context<'_>,
    wallet: &Address,
    enrolment: Enrolment,
) -> Result<Reply, Refusal> {
    let before = ctx.work();
    check_enrolment(ctx, wallet, &enrolment)?;
    let price = enrolment_work(enrolment.registration.claims.len());
    let person = register(ctx, enrolment.provider, enrolment.registration);
    ctx.charge(price.saturating_sub(ctx.work() - before));
    Ok(Reply { registered: vec![person], ..Reply::default() })
}

/// Would this enrolment succeed?
pub fn check_enrolment(
    ctx: &Context<'_>,
    wallet: &Address,
    enrolment: &Enrolment,
) -> Result<(), Refusal> {
    let Enrolment { provider, registration, deadline, signature } = enrolment;
    ensure(
        registration.wallet == *wallet,
        Refusal::BadSignature { expected: registration.wallet },
    )?;
    ensure(ctx.now() <= *deadline, Refusal::DeadlinePassed(*deadline))?;
    provider_in_standing(ctx, *provider)?;
    let signer = read::wallet_of(ctx, &AccountId::new(*provider, 0))
        .ok_or(Refusal::NotProvider(*provider))?;
    // A key that may be in wrong hands vouches for nobody.
    read::acting(ctx, &signer)?;
    let digest = voucher::voucher_digest(ctx, registration, deadline.0);
    ctx.charge(voucher::RECOVERY_GAS);
    ensure(
        voucher::recover(&digest, signature) == Some(signer),
        Refusal::BadSignature { expected: signer },
    )?;
    check(ctx, registration)
}

/// Writes one registration that was checked. IDY-1, IDY-4.
pub(crate) fn register(
    ctx: &mut Context<'_>,
    provider: PersonId,
    registration: Registration,
) -> PersonId {
    let Registration { wallet, kind, residence, uniqueness, claims } = registration;
    let person = next_person(ctx);
    let account = AccountId::new(person, 0);
    assert!(!UNIQUE.has(ctx, &uniqueness), "IDY-4: a commitment is one person's");
    PROGRESS.update(ctx, &(), |progress| progress.next_person += 1);
    UNIQUE.put(ctx, &uniqueness, person);
    let record = Person {
        kind,
        residence,
        provider,
        registered: ctx.now(),
        moved: None,
        accounts: 1,
        suspended: None,
        delegations_frozen: false,
        epoch: 0,
        death: None,
        counted_as: None,
    };
    PERSONS.put(ctx, &person, record);
    bind(ctx, account, wallet);
    announce(ctx, Event::PersonRegistered { person, provider, wallet, residence });
    for claim in claims {
        attest::record(ctx, provider, person, claim);
    }
    person
}

/// Accounts that a person may have: who freezes it names each of their wallets.
const MAX_ACCOUNTS: u16 = 4_096;

/// Opens a further account of the caller, owned by a fresh wallet that signed its consent.
pub(super) fn open_account(
    ctx: &mut Context<'_>,
    wallet: &Address,
    owner: Address,
    consent: &Consent,
) -> Result<Reply, Refusal> {
    let person = read::acting(ctx, wallet)?.person();
    ensure(!WALLETS.has(ctx, &owner), Refusal::WalletTaken(owner))?;
    check_consent(ctx, person, &owner, Purpose::Account, consent)?;
    let mut record = PERSONS.get(ctx, &person).ok_or(Refusal::UnknownPerson(person))?;
    let account = AccountId::new(person, record.accounts);
    ensure(record.accounts < MAX_ACCOUNTS, Refusal::TooManyAccounts(person))?;
    record.accounts += 1;
    PERSONS.put(ctx, &person, record);
    bind(ctx, account, owner);
    announce(ctx, Event::AccountOpened { account, wallet: owner });
    Ok(Reply { account: Some(account), ..Reply::default() })
}

/// Makes a fresh wallet the owner of an account.
pub(super) fn bind(ctx: &mut Context<'_>, account: AccountId, wallet: Address) {
    assert!(!WALLETS.has(ctx, &wallet), "IDY-5: a bound wallet is never bound again");
    ACCOUNTS.put(ctx, &account, wallet);
    WALLETS.put(ctx, &wallet, Wallet { account, is_alive: true });
}

/// Refuses unless the wallet itself signed that it will own an account of this person, for this purpose.
pub(super) fn check_consent(
    ctx: &Context<'_>,
    person: PersonId,
    wallet: &Address,
    purpose: Purpose,
    consent: &Consent,
) -> Result<(), Refusal> {
    let digest = voucher::consent_digest(ctx, person, wallet, purpose, consent.deadline);
    consent.check(ctx, &digest, wallet)
}

pub(crate) fn check(ctx: &Context<'_>, registration: &Registration) -> Result<(), Refusal> {
    let Registration { wallet, uniqueness, claims, .. } = registration;
    ensure(!wallet.is_zero() && !types::Reserved::contains(wallet), Refusal::WalletTaken(*wallet))?;
    ensure(!WALLETS.has(ctx, wallet), Refusal::WalletTaken(*wallet))?;
    ensure(!uniqueness.is_zero(), Refusal::NoUniqueness)?;
    if let Some(known) = UNIQUE.get(ctx, uniqueness) {
        return Err(Refusal::NotUnique(known));
    }
    ensure(
        claims.len() <= crate::claims::MAX_CLAIMS,
        Refusal::TooManyClaims(crate::claims::MAX_CLAIMS),
    )?;
    claims.iter().try_for_each(|claim| attest::check(ctx, claim))
}

fn next_person(ctx: &Context<'_>) -> PersonId {
    PersonId(PROGRESS.read(ctx, &()).map_or(1, |progress| progress.next_person))
}

//! Who answers for a person: out of one provider's care into another's.
//!
//! What was attested stays as it is: it counts as long as whoever said it stands for it.

use super::{Reply, announce, provider, provider_in_standing, supervise};
use crate::{CARE_WORDS, Consent, Event, PERSONS, PROVIDERS, Refusal, read, voucher};
use state::Context;
use std::collections::BTreeSet;
use types::{AccountId, Address, Order, PersonId, ensure};

/// How far off the end of a word may be: no later word could follow one without end.
const LONGEST_WORD_MS: u64 = 731 * 86_400_000;

/// Takes a person into the calling provider's care, on the word of that person's first wallet.
///
/// The word names both providers and its end, which must be later than the last one's: so it is good for one
/// step, once. Whether the provider it leaves still stands does not matter.
pub(super) fn take_over(
    ctx: &mut Context<'_>,
    wallet: &Address,
    person: PersonId,
    consent: &Consent,
) -> Result<Reply, Refusal> {
    let to = provider(ctx, wallet)?;
    let from = provider_before(ctx, person, to)?;
    ensure(from != to, Refusal::NothingChanges)?;
    let signer =
        read::wallet_of(ctx, &AccountId::new(person, 0)).ok_or(Refusal::UnknownPerson(person))?;
    // A key that may be in wrong hands chooses no provider.
    read::acting(ctx, &signer)?;
    if let Some(used) = CARE_WORDS.get(ctx, &person) {
        ensure(consent.deadline > used, Refusal::WordUsed(used))?;
    }
    let latest = ctx.now().plus_ms(LONGEST_WORD_MS);
    ensure(consent.deadline <= latest, Refusal::WordTooLong { latest })?;
    let digest = voucher::care_digest(ctx, person, from, to, consent.deadline);
    consent.check(ctx, &digest, &signer)?;
    CARE_WORDS.put(ctx, &person, consent.deadline);
    put_in_care(ctx, person, from, to);
    Ok(Reply::default())
}

/// Work of moving one person of a book, and of announcing the order, at most.
const PERSON_WORK: u64 = 1_000;
const ORDER_WORK: u64 = 3_000;

/// Moves persons of a provider that is suspended or cut off into another's care, all or none, under a
/// complete order.
pub(super) fn move_book(
    ctx: &mut Context<'_>,
    from: PersonId,
    to: PersonId,
    persons: Vec<PersonId>,
    order: Order,
) -> Result<Reply, Refusal> {
    supervise::check_order(ctx, &order)?;
    provider_in_standing(ctx, to)?;
    ensure(PROVIDERS.has(ctx, &from), Refusal::NotProvider(from))?;
    ensure(provider_in_standing(ctx, from).is_err(), Refusal::ProviderStands(from))?;
    ensure(!persons.is_empty(), Refusal::NothingChanges)?;
    let mut seen = BTreeSet::new();
    let mut writing = ORDER_WORK;
    for person in &persons {
        let provider = provider_before(ctx, *person, to)?;
        ensure(provider == from, Refusal::OtherProvider { person: *person, provider })?;
        ensure(seen.insert(*person), Refusal::NothingChanges)?;
        // What is still to be written is counted here, for nothing refuses after a write.
        writing += PERSON_WORK;
        let fits = ctx.work().saturating_add(writing) <= ctx.work_limit();
        ensure(fits, Refusal::OutOfFuel)?;
    }
    let (moved, before) = (persons.len() as u32, ctx.work());
    for person in persons {
        put_in_care(ctx, person, from, to);
    }
    announce(ctx, Event::BookMoved { from, to, persons: moved, order });
    // What was asked for is what it costs, so that an estimate is enough.
    ctx.charge(writing.saturating_sub(ctx.work() - before));
    Ok(Reply::default())
}

/// Who answers for a person that another is to answer for.
fn provider_before(ctx: &Context<'_>, person: PersonId, to: PersonId) -> Result<PersonId, Refusal> {
    let record = read::person(ctx, person).ok_or(Refusal::UnknownPerson(person))?;
    ensure(person != to, Refusal::SelfCare(person))?;
    Ok(record.provider)
}

fn put_in_care(ctx: &mut Context<'_>, person: PersonId, from: PersonId, to: PersonId) {
    if let Some(mut record) = PERSONS.get(ctx, &person) {
        record.provider = to;
        PERSONS.put(ctx, &person, record);
    }
    announce(ctx, Event::CareChanged { person, from, to });
}

//! The network over providers and persons.

use super::{Reply, announce, lapse};
use crate::{
    CUT_OFFS, CutOff, Event, Lapse, PERSONS, PROVIDERS, Provider, Refusal, SANCTIONS, SUSPENSIONS,
    read,
};
use state::Context;
use types::{Order, PersonId, Time, ensure};

/// Admits a registered person as a provider.
pub(super) fn admit(ctx: &mut Context<'_>, provider: PersonId) -> Result<Reply, Refusal> {
    let record = read::person(ctx, provider).ok_or(Refusal::UnknownPerson(provider))?;
    ensure(record.counted_as.is_none(), Refusal::MergedProvider(provider))?;
    ensure(!PROVIDERS.has(ctx, &provider), Refusal::AlreadyProvider(provider))?;
    PROVIDERS.put(ctx, &provider, Provider { is_active: true, cut_off: None, attested: 0 });
    announce(ctx, Event::ProviderAdmitted { provider });
    Ok(Reply::default())
}

/// Lets a provider attest, or not. What it attested stands.
pub(super) fn set_standing(
    ctx: &mut Context<'_>,
    provider: PersonId,
    is_active: bool,
) -> Result<Reply, Refusal> {
    let mut record = PROVIDERS.get(ctx, &provider).ok_or(Refusal::NotProvider(provider))?;
    ensure(record.is_active != is_active, Refusal::NothingChanges)?;
    record.is_active = is_active;
    PROVIDERS.put(ctx, &provider, record);
    announce(ctx, Event::ProviderStanding { provider, is_active });
    Ok(Reply::default())
}

/// Ends a provider at a time to come; all persons it knew are counted anew then, at a block's start.
///
/// Until it takes effect it can be changed; afterwards it is final, so that what was dropped stays
/// dropped. IDY-3.
pub(super) fn cut_off(
    ctx: &mut Context<'_>,
    provider: PersonId,
    at: Time,
    keep_earlier: bool,
) -> Result<Reply, Refusal> {
    let mut record = PROVIDERS.get(ctx, &provider).ok_or(Refusal::NotProvider(provider))?;
    let done = record.cut_off.filter(|done| done.at <= ctx.now());
    ensure(done.is_none(), Refusal::CutOffFinal(provider))?;
    ensure(at > ctx.now(), Refusal::CutOffPast(at))?;
    record.cut_off = Some(CutOff { at, keep_earlier });
    PROVIDERS.put(ctx, &provider, record);
    let cut_offs = read::cut_offs(ctx);
    CUT_OFFS.put(ctx, &(), cut_offs + 1);
    lapse::schedule(ctx, Lapse::Provider(provider, at, 0));
    announce(ctx, Event::ProviderCutOff { provider, at, keep_earlier });
    Ok(Reply::default())
}

/// Orders that may suspend one person.
const MAX_SUSPENSIONS: usize = 16;

/// Suspends a person under a complete order, until that expires, or lifts what this order suspended. Several
/// orders stand side by side, and the person is suspended until the last of them ends; an order given again under
/// its own name ends when it says now.
pub(super) fn set_active(
    ctx: &mut Context<'_>,
    person: PersonId,
    order: Order,
    is_active: bool,
) -> Result<Reply, Refusal> {
    check_order(ctx, &order)?;
    let mut record = PERSONS.get(ctx, &person).ok_or(Refusal::UnknownPerson(person))?;
    let mut standing = SUSPENSIONS.get(ctx, &person).unwrap_or_default();
    standing.retain(|order| order.stands(ctx.now()));
    let known = standing.iter().position(|known| known.is_same(&order));
    match (known, is_active) {
        (Some(place), false) => {
            ensure(standing[place].expires != order.expires, Refusal::NothingChanges)?;
            standing[place] = order.clone();
        }
        (None, false) => {
            ensure(standing.len() < MAX_SUSPENSIONS, Refusal::TooManyOrders(person))?;
            standing.push(order.clone());
        }
        (Some(place), true) => drop(standing.remove(place)),
        (None, true) => return Err(other_order(&standing)),
    }
    record.suspended = Order::latest(&standing, ctx.now());
    PERSONS.put(ctx, &person, record);
    match standing.is_empty() {
        true => SUSPENSIONS.delete(ctx, &person),
        false => SUSPENSIONS.put(ctx, &person, standing),
    }
    let event = match is_active {
        true => Event::PersonReinstated { person, order },
        false => Event::PersonSuspended { person, order },
    };
    announce(ctx, event);
    Ok(Reply::default())
}

/// Why an order lifts nothing: another stands, or none does.
fn other_order(standing: &[Order]) -> Refusal {
    match standing.first().cloned() {
        Some(Order { authority, reference, .. }) => Refusal::OtherOrder { authority, reference },
        None => Refusal::NothingChanges,
    }
}

/// Refuses an order that is incomplete, or has expired.
pub(super) fn check_order(ctx: &Context<'_>, order: &Order) -> Result<(), Refusal> {
    order.check(ctx.now(), Refusal::IncompleteOrder, Refusal::OrderExpired)
}

/// Applies one line of a sanctions list.
pub(super) fn set_sanctions(
    ctx: &mut Context<'_>,
    person: PersonId,
    list_version: u32,
    hit: bool,
) -> Result<Reply, Refusal> {
    ensure(read::person(ctx, person).is_some(), Refusal::UnknownPerson(person))?;
    ensure(SANCTIONS.has(ctx, &person) != hit, Refusal::NothingChanges)?;
    let event = if hit {
        SANCTIONS.put(ctx, &person, list_version);
        Event::SanctionsHit { person, list_version }
    } else {
        SANCTIONS.delete(ctx, &person);
        Event::SanctionsCleared { person, list_version }
    };
    announce(ctx, event);
    Ok(Reply::default())
}

//! The network over providers and persons.

use super::{Reply, announce, lapse};
use crate::{
    CutOff, Event, Lapse, PERSONS, PROVIDERS, Provider, Refusal, SANCTIONS, SUSPENSIONS, read,
};
use state::Context;
use types::{Address, B256, Contest, Misfit, Order, Orders, PersonId, Time, ensure};

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
    read::outdate(ctx);
    lapse::schedule(ctx, Lapse::Provider(provider, at, 0));
    announce(ctx, Event::ProviderCutOff { provider, at, keep_earlier });
    Ok(Reply::default())
}

/// Suspends a person under a complete order, until that expires, or lifts what this order suspended. Several
/// orders stand side by side, and the person is suspended until the last of them ends; an order given again under
/// its own name ends when it says now.
pub(super) fn set_active(
    ctx: &mut Context<'_>,
    wallet: &Address,
    person: PersonId,
    order: Order,
    is_active: bool,
) -> Result<Reply, Refusal> {
    check_order(ctx, &order)?;
    let mut record = PERSONS.get(ctx, &person).ok_or(Refusal::UnknownPerson(person))?;
    let mut orders = SUSPENSIONS.get(ctx, &person).unwrap_or_default();
    let set = orders.set(&order, !is_active, *wallet, ctx.now());
    set.map_err(|misfit| refuse(person, misfit))?;
    record.suspended = orders.latest(ctx.now());
    PERSONS.put(ctx, &person, record);
    match orders.0.is_empty() {
        true => SUSPENSIONS.delete(ctx, &person),
        false => SUSPENSIONS.put(ctx, &person, orders),
    }
    let event = match is_active {
        true => Event::PersonReinstated { person, order, by: *wallet },
        false => Event::PersonSuspended { person, order, by: *wallet },
    };
    announce(ctx, event);
    Ok(Reply::default())
}

/// The person contests the order of this key that suspends it, as long as that stands and was not decided upon. It stays
/// suspended. Given anew on other terms an order may be contested anew; and once more after a recovery of the wallet that
/// contested it.
pub(super) fn contest(
    ctx: &mut Context<'_>,
    wallet: &Address,
    person: PersonId,
    order: B256,
    document: B256,
) -> Result<Reply, Refusal> {
    let orders = raised(ctx, wallet, person, order, document)?;
    SUSPENSIONS.put(ctx, &person, orders);
    announce(ctx, Event::SuspensionContested { person, order, document, by: *wallet });
    Ok(Reply::default())
}

/// What suspends a person once a wallet of its contests one of these orders; refused as that would be.
pub(super) fn raised(
    ctx: &Context<'_>,
    wallet: &Address,
    person: PersonId,
    order: B256,
    document: B256,
) -> Result<Orders, Refusal> {
    ensure(read::may_contest(ctx, wallet, person)?, Refusal::NotBound(person))?;
    contested(ctx, person, order, |contest| {
        contest.raise(*wallet, document, |by| read::was_replaced(ctx, by))
    })
}

/// Decides that a contested suspension stands, by a document; who decides otherwise lifts it.
pub(super) fn confirm(
    ctx: &mut Context<'_>,
    wallet: &Address,
    person: PersonId,
    order: B256,
    document: B256,
) -> Result<Reply, Refusal> {
    let orders = contested(ctx, person, order, |contest| contest.confirm(document))?;
    SUSPENSIONS.put(ctx, &person, orders);
    announce(ctx, Event::SuspensionConfirmed { person, order, document, by: *wallet });
    Ok(Reply::default())
}

/// What suspends a person once what is said against one of these orders has changed.
fn contested(
    ctx: &Context<'_>,
    person: PersonId,
    order: B256,
    change: impl FnOnce(&mut Contest) -> Result<(), Misfit>,
) -> Result<Orders, Refusal> {
    let mut orders = SUSPENSIONS.get(ctx, &person).unwrap_or_default();
    let refuse = |misfit| refuse(person, misfit);
    ctx.charge(Order::KEY_GAS * orders.0.len() as u64);
    ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
    let contest = orders.contest(order, ctx.now()).map_err(refuse)?;
    change(contest).map_err(refuse)?;
    Ok(orders)
}

fn refuse(person: PersonId, misfit: Misfit) -> Refusal {
    match misfit {
        Misfit::NothingChanges => Refusal::NothingChanges,
        Misfit::Other { authority, reference } => Refusal::OtherOrder { authority, reference },
        Misfit::TooMany => Refusal::TooManyOrders(person),
        Misfit::Unknown(order) => Refusal::NoSuchOrder(order),
        Misfit::NoDocument => Refusal::NoDocument,
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

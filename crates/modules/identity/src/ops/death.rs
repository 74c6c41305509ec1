//! Death: nobody acts for the person any more, and nothing that it has moves by it.
//!
//! The units stay where they are and are counted as before: the estate is one holder of record, in the dead
//! person's name. What it had promised by holds is delivered. All else is the issuer's agent's to move by order,
//! as transfer agents do on a court's letters: to the estate, which its provider registers as a person with the
//! tie `ESTATE`, or to the heirs at once. Clocks go along with units that an order moves, so that lots tack, and no
//! key of an executor's could be mistaken for the dead person's own.

use super::{Reply, announce, provider, supervise};
use crate::{CLAIMS, Death, Event, PERSONS, PersonKind, Refusal, read, topic};
use state::Context;
use types::{Address, Order, PersonId, Time, ensure};

/// True if the caller answers for a person, and no order recorded its death under any number that it has.
pub(super) fn is_its_provider(ctx: &Context<'_>, wallet: &Address, person: PersonId) -> bool {
    let Some(record) = read::person(ctx, person) else { return false };
    let answers = provider(ctx, wallet).is_ok_and(|provider| provider == record.provider);
    let is_by_order = |number: &PersonId| {
        read::person(ctx, *number).and_then(|it| it.death).is_some_and(|death| death.by_order)
    };
    answers && !read::numbers(ctx, person).iter().any(is_by_order)
}

/// Records that a natural person died, under all numbers that it has. Claims about what only the living are no
/// longer count. IDY-7, IDY-8.
pub(super) fn record(
    ctx: &mut Context<'_>,
    person: PersonId,
    died: Time,
    order: Order,
    by_order: bool,
) -> Result<Reply, Refusal> {
    supervise::check_order(ctx, &order)?;
    let known = read::person(ctx, person).ok_or(Refusal::UnknownPerson(person))?;
    ensure(known.kind == PersonKind::Natural, Refusal::NotNatural(person))?;
    ensure(known.death.is_none(), Refusal::NothingChanges)?;
    ensure(died <= ctx.now(), Refusal::DeathAhead(died))?;
    let death = Death { died, document: order.document, by_order };
    let touched = set(ctx, person, Some(death));
    announce(ctx, Event::DeathRecorded { person, died, order, by_order });
    Ok(Reply { touched, ..Reply::default() })
}

/// Takes a wrong record back: the person acts again, and what it had lent is lent again.
pub(super) fn withdraw(
    ctx: &mut Context<'_>,
    person: PersonId,
    order: Order,
) -> Result<Reply, Refusal> {
    supervise::check_order(ctx, &order)?;
    let known = read::person(ctx, person).ok_or(Refusal::UnknownPerson(person))?;
    ensure(known.death.is_some(), Refusal::NothingChanges)?;
    let touched = set(ctx, person, None);
    announce(ctx, Event::DeathWithdrawn { person, order });
    Ok(Reply { touched, ..Reply::default() })
}

fn set(ctx: &mut Context<'_>, person: PersonId, death: Option<Death>) -> Vec<PersonId> {
    let numbers = read::numbers(ctx, person);
    for number in &numbers {
        if let Some(mut record) = PERSONS.get(ctx, number) {
            record.death = death;
            record.epoch += 1;
            PERSONS.put(ctx, number, record);
        }
        if let Some(mut claims) = CLAIMS.get(ctx, number) {
            for claim in &mut claims.0 {
                claim.stayed = death.is_some() && topic::ends_with_life(claim.topic);
            }
            CLAIMS.put(ctx, number, claims);
        }
    }
    numbers
}

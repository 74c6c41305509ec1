//! Merger: two numbers turn out to be one human.
//!
//! Found by providers, decided by order: two commitments that should have been one are a case, not a fact.
//! Wallets, balances, lots, claims, freezes and suspensions stay with the number whose they are. What is counted is
//! counted once from then on, under the number merged into, which also says where the human resides. It is not
//! undone: what an order got wrong another order settles.

use super::{Merger, Reply, announce, attest, supervise};
use crate::{Death, Event, NUMBERS, PERSONS, PROVIDERS, PersonKind, Refusal, read};
use state::Context;
use types::{Order, PersonId, ensure};

/// Numbers that one human may have: all are looked at when one moves units.
const MAX_NUMBERS: usize = 8;

/// Counts a person, and all that are counted as it, as another from now on. IDY-8.
pub(super) fn merge(
    ctx: &mut Context<'_>,
    person: PersonId,
    into: PersonId,
    order: Order,
) -> Result<Reply, Refusal> {
    supervise::check_order(ctx, &order)?;
    let known = |number| read::person(ctx, number).ok_or(Refusal::UnknownPerson(number));
    let residence = known(read::counted_as(ctx, into))?.residence;
    for number in [person, into] {
        ensure(known(number)?.kind == PersonKind::Natural, Refusal::NotNatural(number))?;
        ensure(!PROVIDERS.has(ctx, &number), Refusal::MergedProvider(number))?;
    }
    // Of two records of a death an order's is taken back by order alone, whichever it was.
    let death = match (known(person)?.death, known(into)?.death) {
        (Some(_), None) => return Err(Refusal::OneDied { dead: person, alive: into }),
        (None, Some(_)) => return Err(Refusal::OneDied { dead: into, alive: person }),
        (None, None) => None,
        (Some(one), Some(other)) => {
            Some(Death { by_order: one.by_order || other.by_order, ..other })
        }
    };
    let (into, from) = (read::counted_as(ctx, into), read::counted_as(ctx, person));
    ensure(into != from, Refusal::NothingChanges)?;
    let (first, more) = (read::numbers(ctx, into), read::numbers(ctx, from));
    let elsewhere = |number: &PersonId| {
        read::person(ctx, *number).is_some_and(|record| record.residence != residence)
    };
    let movers: Vec<PersonId> = more.iter().copied().filter(elsewhere).collect();
    let all: Vec<PersonId> = first.into_iter().chain(more).collect();
    ensure(all.len() <= MAX_NUMBERS, Refusal::TooManyNumbers)?;
    // What one of them has goes over to the others unasked: they came to where they reside when the last of them did.
    let when = |number: &PersonId| read::person(ctx, *number)?.moved;
    let moved = if movers.is_empty() { all.iter().filter_map(when).max() } else { Some(ctx.now()) };
    for number in &all {
        if let Some(mut record) = PERSONS.get(ctx, number) {
            record.counted_as = Some(into);
            record.death = death;
            record.moved = moved;
            record.epoch += 1;
            PERSONS.put(ctx, number, record);
        }
    }
    NUMBERS.delete(ctx, &from);
    NUMBERS.put(ctx, &into, all);
    announce(ctx, Event::PersonsMerged { person: from, into, order });
    for number in movers {
        attest::moves(ctx, number, residence);
    }
    let merged = Some(Merger { into, from });
    Ok(Reply { merged, ..Reply::default() })
}

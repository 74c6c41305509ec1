//! Claims lapse by themselves: the block asks what is due, and those persons are counted anew.

use crate::{ATTESTED, LAPSES, Lapse, PROGRESS, PROVIDERS, Refusal};
use state::Context;
use types::{PersonId, Time, ensure};

pub(crate) const MINUTE_MS: u64 = 60_000;
/// Minutes looked through in one block, a month and a half: more only after a longer halt.
const MINUTES_PER_BLOCK: u64 = 65_536;
/// Entries of one minute: its record stays small enough to rewrite.
const ENTRIES_PER_MINUTE: usize = 50_000;

pub(super) fn check_room(ctx: &Context<'_>, at: Time) -> Result<(), Refusal> {
    let full = LAPSES
        .read(ctx, &(at.0 / MINUTE_MS))
        .is_some_and(|minute| minute.len() >= ENTRIES_PER_MINUTE);
    ensure(!full, Refusal::MinuteFull)
}

pub(super) fn schedule(ctx: &mut Context<'_>, lapse: Lapse) {
    if lapse.at() != Time::NEVER {
        LAPSES.update(ctx, &(lapse.at().0 / MINUTE_MS), |minute| {
            if !minute.contains(&lapse) {
                minute.push(lapse);
            }
        });
    }
}

/// The persons whose claims lapsed since the last block, at most `limit`; what is left waits for the next.
pub fn expire_due(ctx: &mut Context<'_>, limit: usize) -> Vec<PersonId> {
    let now = ctx.now();
    let from = PROGRESS.read(ctx, &()).map_or(0, |progress| progress.lapse_minute);
    let until = (now.0 / MINUTE_MS).min(from.saturating_add(MINUTES_PER_BLOCK));
    let mut lapsed = Vec::new();
    let mut minute = from;
    while minute <= until {
        if let Some(entries) = LAPSES.get(ctx, &minute) {
            let rest = work_off(ctx, entries, now, limit, &mut lapsed);
            let has_due = rest.iter().any(|lapse| lapse.at() <= now);
            match rest.is_empty() {
                true => LAPSES.delete(ctx, &minute),
                false => LAPSES.put(ctx, &minute, rest),
            }
            if has_due {
                break;
            }
        }
        if minute == until {
            break;
        }
        minute += 1;
    }
    if minute != from {
        PROGRESS.update(ctx, &(), |progress| progress.lapse_minute = minute);
    }
    lapsed
}

/// Takes what is due out of one minute's entries and returns the rest.
fn work_off(
    ctx: &mut Context<'_>,
    entries: Vec<Lapse>,
    now: Time,
    limit: usize,
    lapsed: &mut Vec<PersonId>,
) -> Vec<Lapse> {
    let mut rest = Vec::new();
    for entry in entries {
        match entry {
            Lapse::Claim(person, at) if at <= now && lapsed.len() < limit => lapsed.push(person),
            Lapse::Provider(provider, at, mut ordinal) if at <= now => {
                let end = PROVIDERS.read(ctx, &provider).map_or(0, |record| record.attested);
                while ordinal < end && lapsed.len() < limit {
                    lapsed.extend(ATTESTED.get(ctx, &(provider, ordinal)));
                    ordinal += 1;
                }
                if ordinal < end {
                    rest.push(Lapse::Provider(provider, at, ordinal));
                }
            }
            later => rest.push(later),
        }
    }
    rest
}

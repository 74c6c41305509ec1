//! Claims lapse by themselves: the block asks what is due, and those persons are counted anew.

use crate::{ATTESTED, LAPSES, Lapse, MINUTES, Minute, PROGRESS, PROVIDERS};
use state::Context;
use types::{PersonId, Time};

pub(crate) const MINUTE_MS: u64 = 60_000;
/// Minutes looked through in one block, a month and a half: more only after a longer halt.
const MINUTES_PER_BLOCK: u64 = 65_536;
/// Entries of one page: a minute may hold any number, and adding one rewrites only the last page.
const ENTRIES_PER_PAGE: usize = 64;

pub(super) fn schedule(ctx: &mut Context<'_>, lapse: Lapse) {
    let at = lapse.at();
    if at == Time::NEVER {
        return;
    }
    let key = at.0 / MINUTE_MS;
    let before = MINUTES.get(ctx, &key);
    let mut minute = before.unwrap_or(Minute { pages: 1, next: at });
    let mut page = LAPSES.get(ctx, &(key, minute.pages - 1)).unwrap_or_default();
    if page.contains(&lapse) {
        return;
    }
    if page.len() >= ENTRIES_PER_PAGE {
        minute.pages += 1;
        page.clear();
    }
    page.push(lapse);
    minute.next = minute.next.min(at);
    LAPSES.put(ctx, &(key, minute.pages - 1), page);
    if before != Some(minute) {
        MINUTES.put(ctx, &key, minute);
    }
}

/// The persons whose claims lapsed since the last block, about `limit` at most; what is left waits
/// for the next block. One person may be named more than once.
pub fn expire_due(ctx: &mut Context<'_>, limit: usize) -> Vec<PersonId> {
    let now = ctx.now();
    let from = PROGRESS.read(ctx, &()).map_or(0, |progress| progress.lapse_minute);
    let until = (now.0 / MINUTE_MS).min(from.saturating_add(MINUTES_PER_BLOCK));
    let mut lapsed = Vec::new();
    let mut minute = from;
    while work_off(ctx, minute, now, limit, &mut lapsed) && minute < until {
        minute += 1;
    }
    if minute != from {
        PROGRESS.update(ctx, &(), |progress| progress.lapse_minute = minute);
    }
    lapsed
}

/// Takes out of one minute what is due; true if nothing due is left there.
fn work_off(
    ctx: &mut Context<'_>,
    key: u64,
    now: Time,
    limit: usize,
    lapsed: &mut Vec<PersonId>,
) -> bool {
    let Some(minute) = MINUTES.get(ctx, &key).filter(|minute| minute.next <= now) else {
        return true;
    };
    let mut left = Minute { pages: minute.pages, next: Time::NEVER };
    for page in (0..minute.pages).rev() {
        if lapsed.len() >= limit {
            left.next = now;
            break;
        }
        let entries = LAPSES.get(ctx, &(key, page)).unwrap_or_default();
        let rest = take_due(ctx, entries, now, limit, lapsed);
        left.next = rest.iter().map(Lapse::at).fold(left.next, Time::min);
        if !rest.is_empty() {
            LAPSES.put(ctx, &(key, page), rest);
            continue;
        }
        LAPSES.delete(ctx, &(key, page));
        if page + 1 == left.pages {
            left.pages = page;
        }
    }
    match left.pages {
        0 => MINUTES.delete(ctx, &key),
        _ => MINUTES.put(ctx, &key, left),
    }
    left.pages == 0 || left.next > now
}

/// Takes what is due out of one page's entries and returns the rest.
fn take_due(
    ctx: &Context<'_>,
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

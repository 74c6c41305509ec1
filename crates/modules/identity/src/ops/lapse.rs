//! Claims lapse by themselves: the block asks what is due, and those persons are counted anew.

use crate::{ATTESTED, LAPSES, Lapse, MINUTES, Minute, PROGRESS, PROVIDERS};
use state::Context;
use std::collections::BTreeSet;
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

/// The persons whose claims lapsed since the last block, each once. What counting one anew weighs beside
/// its entry is asked of who knows; about `limit` is weighed out in all, and what is left waits for the
/// next block.
pub fn expire_due(
    ctx: &mut Context<'_>,
    limit: usize,
    weigh: impl Fn(&Context<'_>, PersonId) -> usize,
) -> BTreeSet<PersonId> {
    let now = ctx.now();
    let from = PROGRESS.read(ctx, &()).map_or(0, |progress| progress.lapse_minute);
    let until = (now.0 / MINUTE_MS).min(from.saturating_add(MINUTES_PER_BLOCK));
    let mut due = Due { now, left: limit, weigh, named: BTreeSet::new() };
    let mut minute = from;
    while due.work_off(ctx, minute) && minute < until {
        minute += 1;
    }
    if minute != from {
        PROGRESS.update(ctx, &(), |progress| progress.lapse_minute = minute);
    }
    due.named
}

/// What is due in one block, as far as the block goes.
struct Due<W> {
    now: Time,
    /// Weight that this block may still take on.
    left: usize,
    weigh: W,
    named: BTreeSet<PersonId>,
}

impl<W: Fn(&Context<'_>, PersonId) -> usize> Due<W> {
    /// Takes out of one minute what is due; true if nothing due is left there.
    fn work_off(&mut self, ctx: &mut Context<'_>, key: u64) -> bool {
        let minute = MINUTES.get(ctx, &key).filter(|minute| minute.next <= self.now);
        let Some(minute) = minute else { return true };
        let mut left = Minute { pages: minute.pages, next: Time::NEVER };
        for page in (0..minute.pages).rev() {
            if self.left == 0 {
                left.next = self.now;
                break;
            }
            let entries = LAPSES.read(ctx, &(key, page)).map_or(&[][..], Vec::as_slice);
            let mut first = entries.iter().map(Lapse::at).min();
            if first.is_some_and(|at| at <= self.now) {
                let rest = self.take(ctx, entries);
                first = rest.iter().map(Lapse::at).min();
                match rest.is_empty() {
                    true => LAPSES.delete(ctx, &(key, page)),
                    false => LAPSES.put(ctx, &(key, page), rest),
                }
            }
            match first {
                Some(at) => left.next = left.next.min(at),
                None if page + 1 == left.pages => left.pages = page,
                None => {}
            }
        }
        match left.pages {
            0 => MINUTES.delete(ctx, &key),
            _ if left != minute => MINUTES.put(ctx, &key, left),
            _ => {}
        }
        left.pages == 0 || left.next > self.now
    }

    /// Takes what is due out of one page's entries and returns the rest.
    fn take(&mut self, ctx: &Context<'_>, entries: &[Lapse]) -> Vec<Lapse> {
        let mut rest = Vec::new();
        for entry in entries {
            match *entry {
                // A person who is named already costs its block no more.
                Lapse::Claim(person, at)
                    if at <= self.now && (self.left > 0 || self.named.contains(&person)) =>
                {
                    self.name(ctx, person)
                }
                Lapse::Provider(provider, at, mut ordinal) if at <= self.now => {
                    let end = PROVIDERS.read(ctx, &provider).map_or(0, |record| record.attested);
                    while ordinal < end && self.left > 0 {
                        if let Some(person) = ATTESTED.get(ctx, &(provider, ordinal)) {
                            self.name(ctx, person);
                        }
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

    /// An entry weighs one, and once for each person what it holds.
    fn name(&mut self, ctx: &Context<'_>, person: PersonId) {
        let holds = if self.named.insert(person) { (self.weigh)(ctx, person) } else { 0 };
        self.left = self.left.saturating_sub(1 + holds);
    }
}

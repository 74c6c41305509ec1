//! What was moved, and who was approached, added up again from the whole history. I-08.

use super::{
    book::Book,
    days::{Days, before, civil, number},
    fold::{Broken, law},
    judge::{Move, Relied, Voice},
    wire::*,
};
use std::collections::{BTreeMap, BTreeSet};

/// One meter with all that it ever added up.
#[derive(Clone, Debug, Default)]
pub struct Metered {
    /// Amounts by day since 1970, none forgotten.
    pub days: BTreeMap<i32, u128>,
    /// Persons, and the day on which each was counted.
    pub persons: BTreeMap<u64, i32>,
    pub is_persons: bool,
    /// True if it adds up units of one asset, which a split makes others.
    pub is_units: bool,
    /// The first day that counted when something was added last.
    pub since: i32,
}

/// What a movement adds.
#[derive(Clone, Debug)]
pub struct Bump {
    pub key: MeterKey,
    pub since: i32,
    /// The date by the days of who counts.
    pub today: i32,
    pub what: What,
}

#[derive(Clone, Copy, Debug)]
pub enum What {
    Amount(u128),
    Units(u128),
    Person(u64),
}

impl Metered {
    /// When the last of the periods began that follow each other, each from the first day on which something was added.
    fn begun(&self, span: &Span) -> Option<i32> {
        let amounts = self.days.iter().filter(|(_, sum)| **sum > 0).map(|(day, _)| *day);
        let days: BTreeSet<i32> = amounts.chain(self.persons.values().copied()).collect();
        days.into_iter().reduce(|begun, day| {
            let end = Days::Utc.after_date(span, begun);
            if end.is_some_and(|end| day < end) { begun } else { day }
        })
    }
}

impl Over {
    fn asset(self) -> Option<u64> {
        match self {
            Over::Asset(asset) | Over::Class(asset, _) | Over::Offer(asset, _) => Some(asset),
            Over::Issuer(_) | Over::Network => None,
        }
    }
}

impl Book {
    /// The meter that a rule reads, and the first day that counts: an inner none refuses, an outer one is not known.
    pub(super) fn meter(
        &self,
        (name, scope, whose): (&str, u8, Option<Of>),
        period: &Window,
        m: &Move,
        voice: Voice<'_>,
    ) -> Option<Option<(MeterKey, i32)>> {
        let issuer = self.issuer(m.asset);
        let over = match scope {
            0 => Over::Asset(m.asset),
            1 => Over::Issuer(issuer),
            2 => Over::Network,
            3 if m.is_approach => return Some(None),
            3 => Over::Class(m.asset, m.class),
            _ => match self.law.offers.get(&m.asset).filter(|offer| offer.closed.is_none()) {
                Some(open) => Over::Offer(m.asset, open.number),
                None => return Some(None),
            },
        };
        let Some(of) = whose else { return Some(None) };
        let key = MeterKey { profile: voice.profile.to_owned(), name: name.to_owned(), over, of };
        let days = self.days(voice.calendar);
        let today = days.date(self.now)?;
        self.note_form(period.form());
        let since = match period {
            Window::Ever => Some(0),
            Window::Rolling(span) => Some(before(today, span) + 1),
            Window::Fixed(span) => {
                let rows = self.keys(&key).into_iter();
                let begun = rows.filter_map(|(row, _)| self.law.meters.get(&row)?.begun(span));
                let runs = begun.filter(|begun| days.after_date(span, *begun) > Some(today));
                Some(runs.min().unwrap_or(today))
            }
            Window::Year { month, day } => {
                let begins = |year| jiff::civil::Date::new(year, *month as i8, *day as i8).ok();
                let this = begins(civil(today).year()).map(number);
                let last = begins(civil(today).year() - 1).map(number);
                this.filter(|this| *this <= today).or(last)
            }
            Window::Month => Some(number(civil(today).first_of_month())),
            Window::Since(fact) => {
                let known = self.law.facts.get(&(Subject::Asset(m.asset), fact.clone()));
                let known = known.filter(|known| known.since <= self.now);
                known.and_then(|known| days.date(known.since))
            }
        };
        Some(since.map(|since| (key, since)))
    }

    /// Whose meter a rule reads, if anybody's; of who is in groups, one for each of them.
    pub(super) fn whose(&self, by: &By, m: &Move) -> Vec<Option<Of>> {
        let one = |side: Option<Account>| side.map(|it| Of::Person(self.human(it.person)));
        let of = match by {
            By::Everyone => Some(Of::Everyone),
            By::Sender | By::Group(_) => one(m.from),
            By::Receiver => one(m.to),
            By::Country => {
                let to = m.to.and_then(|to| self.persons.get(&to.person));
                to.map(|p| Of::Country(state_of(p.residence)))
            }
        };
        let (By::Group(topic), Some(from)) = (by, m.from) else { return vec![of] };
        let mut groups = self.said_of(m, from.person, *topic, &[], true);
        groups.sort();
        groups.dedup();
        let human = self.human(from.person);
        let all: Vec<_> = groups.into_iter().map(|it| Some(Of::Member(it, human))).collect();
        if all.is_empty() { vec![of] } else { all }
    }

    /// What makes up a meter, and whether it is taken off: a human's under each of its numbers; a member's its
    /// group's and its own, less what is in both.
    fn keys(&self, key: &MeterKey) -> Vec<(MeterKey, bool)> {
        let of = |of: Of| MeterKey { of, ..key.clone() };
        match key.of {
            Of::Person(person) => {
                let numbers = self.numbers(person).into_iter();
                numbers.map(|number| (of(Of::Person(number)), false)).collect()
            }
            Of::Member(group, person) => {
                let own = self.numbers(person).into_iter().flat_map(|number| {
                    [(of(Of::Person(number)), false), (of(Of::Member(group, number)), true)]
                });
                std::iter::once((of(Of::Group(group)), false)).chain(own).collect()
            }
            Of::Everyone | Of::Country(_) | Of::Group(_) => vec![(key.clone(), false)],
        }
    }

    /// What was added up on days that count.
    pub(super) fn total(&self, key: &MeterKey, since: i32) -> u128 {
        let mut days: BTreeMap<i32, [u128; 2]> = BTreeMap::new();
        for (key, is_off) in self.keys(key) {
            let Some(meter) = self.law.meters.get(&key) else { continue };
            let persons = meter.persons.values().filter(|day| **day >= since);
            let persons = persons.map(|day| (if since == 0 { 0 } else { *day }, 1));
            let amounts = meter.days.range(since..).map(|(day, sum)| (*day, *sum));
            for (day, more) in persons.chain(amounts) {
                let sum = &mut days.entry(day).or_default()[usize::from(is_off)];
                *sum = sum.saturating_add(more);
            }
        }
        let sums = days.values().map(|[on, off]| on.saturating_sub(*off));
        sums.fold(0, u128::saturating_add)
    }

    /// True if a human was counted, on a day that counts.
    pub(super) fn was_counted(&self, key: &MeterKey, person: u64, since: i32) -> bool {
        let numbers = self.numbers(person);
        let keys = self.keys(key);
        let known = keys.iter().filter_map(|(key, _)| self.law.meters.get(key));
        let mut days =
            known.flat_map(|meter| numbers.iter().filter_map(|it| meter.persons.get(it)));
        days.any(|day| *day >= since)
    }

    /// Does what follows from a movement: meters add up, approvals are used.
    pub(super) fn follow(&mut self, relied: Relied) {
        self.law.unread.extend(relied.unread);
        for profile in relied.by.into_iter().collect::<BTreeSet<_>>() {
            *self.law.relied.entry(profile).or_default() += 1;
        }
        for (key, list, by, needed) in relied.spends {
            let given = self.law.approvals.entry(key).or_default();
            for one in given.iter_mut().filter(|one| (one.0, one.1) == (list, by)) {
                one.3 -= needed;
            }
            given.retain(|one| one.3 > 0 && self.now < one.2);
            if given.is_empty() {
                self.law.approvals.remove(&key);
            }
        }
        for raised in relied.duties {
            self.owe(raised);
        }
        // What a member does its group does too.
        let each = relied.bumps.into_iter().flat_map(|bump| {
            let all = match bump.key.of {
                Of::Member(group, _) => vec![Of::Group(group), bump.key.of],
                of => vec![of],
            };
            let as_its =
                move |of| Bump { key: MeterKey { of, ..bump.key.clone() }, ..bump.clone() };
            all.into_iter().map(as_its)
        });
        for Bump { key, since, today, what } in each.collect::<Vec<_>>() {
            if let What::Person(person) = what {
                self.count_person(&key, person, since, today);
                continue;
            }
            let meter = self.law.meters.entry(key.clone()).or_default();
            meter.since = since;
            let (amount, is_units) = match what {
                What::Units(units) => (units, true),
                What::Amount(amount) => (amount, false),
                What::Person(_) => continue,
            };
            meter.is_units = is_units && key.over.asset().is_some();
            // What counts for ever needs no days.
            let day = if since == 0 { 0 } else { today };
            let sum = meter.days.entry(day).or_default();
            *sum = sum.saturating_add(amount);
        }
    }

    /// A human counts once, on the last day on which it was counted; for ever on the first.
    fn count_person(&mut self, key: &MeterKey, person: u64, since: i32, today: i32) {
        let (keys, numbers) = (self.keys(key), self.numbers(person));
        let mut stays = false;
        for (other, _) in keys {
            let Some(meter) = self.law.meters.get_mut(&other) else { continue };
            for number in &numbers {
                let counts = meter.persons.get(number).is_some_and(|day| *day >= since);
                if counts && since == 0 && !stays {
                    stays = true;
                } else if counts {
                    meter.persons.remove(number);
                }
            }
        }
        let meter = self.law.meters.entry(key.clone()).or_default();
        (meter.since, meter.is_persons) = (since, true);
        if !stays {
            meter.persons.insert(person, today);
        }
    }

    /// Several numbers turned out to be one human: of what was counted under each the last day counts.
    pub(super) fn merge_counted(&mut self, numbers: &[u64], into: u64) {
        for meter in self.law.meters.values_mut() {
            let days = numbers.iter().filter_map(|number| meter.persons.remove(number));
            if let Some(day) = days.max() {
                meter.persons.insert(into, day);
            }
        }
    }

    /// All units of an asset became others: what was added up of them is told in units of now, each day rounded up.
    pub(super) fn split(&mut self, asset: u64, ratio: Ratio) {
        self.law.splits.entry(asset).or_default().push(ratio);
        let of_asset =
            self.law.meters.iter_mut().filter(|(key, _)| key.over.asset() == Some(asset));
        for (_, meter) in of_asset.filter(|(_, meter)| meter.is_units) {
            meter.days.values_mut().for_each(|sum| *sum = ratio.up(*sum));
        }
    }

    /// What the tables say that meters added up is what the history adds up to. I-08.
    pub(super) fn meters_match(&self, rows: &Rows) -> Result<(), Broken> {
        let meters = rows.table::<MeterKey, Added>(super::rows::COMPLIANCE, 12)?;
        let seen = rows.table::<(MeterKey, u64), i32>(super::rows::COMPLIANCE, 13)?;
        let splits = rows.table::<u64, Vec<Ratio>>(super::rows::COMPLIANCE, 26)?;
        law!(splits == self.law.splits, "LED-10 splits {splits:?}, not {:?}", self.law.splits);
        let is_read = |key: &MeterKey| !self.law.unread.contains(&key.profile);
        let known = self.law.meters.keys().chain(meters.keys()).filter(|key| is_read(key));
        for key in known.collect::<BTreeSet<_>>() {
            let book = self.law.meters.get(key).ok_or(format!("I-08 nobody added up {key:?}"))?;
            let added = meters.get(key).ok_or(format!("I-08 {key:?} is forgotten"))?;
            let since = added.splits.map_or(usize::MAX, |since| since as usize);
            let later = key.over.asset().and_then(|asset| splits.get(&asset)?.get(since..));
            let later = later.unwrap_or_default();
            let is: BTreeMap<i32, u128> = added
                .days
                .iter()
                .map(|(day, sum)| (*day, later.iter().fold(*sum, |sum, ratio| ratio.up(sum))))
                .filter(|(_, sum)| *sum > 0)
                .collect();
            let mut should: BTreeMap<i32, u128> =
                book.days.range(book.since..).map(|(day, sum)| (*day, *sum)).collect();
            for day in book.persons.values().filter(|day| **day >= book.since) {
                let day = if book.since == 0 { 0 } else { *day };
                *should.entry(day).or_default() += 1;
            }
            should.retain(|_, sum| *sum > 0);
            law!(is == should, "I-08 {key:?} added up {is:?}, should be {should:?}");
        }
        let of_book = self.law.meters.iter().flat_map(|(key, meter)| {
            meter.persons.iter().map(move |(person, day)| ((key.clone(), *person), *day))
        });
        let of_book: BTreeMap<_, _> = of_book.filter(|((key, _), _)| is_read(key)).collect();
        let seen: BTreeMap<_, _> = seen.into_iter().filter(|((key, _), _)| is_read(key)).collect();
        super::rows::same("I-08 persons counted", &seen, &of_book)
    }
}

/// The State of the Union that a part with a code of its own belongs to; any other country is its own.
fn state_of(country: [u8; 2]) -> [u8; 2] {
    match &country {
        b"GP" | b"GF" | b"MQ" | b"RE" | b"YT" | b"MF" => *b"FR",
        b"AX" => *b"FI",
        _ => country,
    }
}

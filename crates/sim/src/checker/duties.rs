//! What is owed a second time: because of what was done, or of what was true as a day ended. RULEBOOK section 0.6.

use super::{
    book::Book,
    fold::{Broken, law},
    judge::{Move, Relied, Voice},
    wire::*,
};
use std::collections::{BTreeMap, BTreeSet};

/// A day ends, wherever it is, with a quarter of an hour.
const QUARTER_MS: u64 = 15 * 60 * 1_000;
const YEAR_END: &str = "fiscal_year_end";

/// What is owed of an asset, to whom, as what, and by when.
pub(super) type Raised = (u64, String, String, u64);

/// What is owed, and what was found to be and is not announced yet.
#[derive(Default)]
pub struct Owed {
    pub all: BTreeMap<(u64, String), Duty>,
    /// Assets of which it is asked, in this order.
    watched: Vec<u64>,
    /// Up to when all of them were asked.
    asked: Option<u64>,
    found: BTreeSet<Raised>,
    near: BTreeSet<(u64, String, String)>,
    /// Those that can't be known, since a calendar or a rule is not read.
    unsure: BTreeSet<String>,
}

fn quarter(time: u64) -> u64 {
    time - time % QUARTER_MS
}

impl Book {
    /// An asset is asked from its first policy on.
    pub(super) fn watch(&mut self, asset: u64) {
        let owed = &mut self.law.owed;
        owed.watched.push(asset);
        owed.asked.get_or_insert(quarter(self.now));
    }

    /// Something is owed, unless it is already by an earlier day.
    pub(super) fn owe(&mut self, raised: Raised) {
        let (asset, profile, duty, due) = raised.clone();
        let key = (asset, duty);
        let open = self.law.owed.all.get(&key).filter(|known| known.met.is_none());
        if open.is_some_and(|open| open.due <= due) {
            return;
        }
        let since = self.now;
        let owed = Duty { profile, since, due, met: None, is_over: false };
        self.law.owed.all.insert(key, owed);
        self.law.owed.found.insert(raised);
    }

    /// What was announced to be owed is what was found, in a whole transaction.
    pub(super) fn duties_told(&mut self, told: Vec<Raised>) -> Result<(), Broken> {
        let found = std::mem::take(&mut self.law.owed.found);
        let is_sure = |book: &Self, profile: &String| {
            !book.law.unread.contains(profile) && !book.law.owed.unsure.contains(profile)
        };
        for one in &found {
            let is_told = told.contains(one) || !is_sure(self, &one.1);
            law!(is_told, "I-08 {one:?} is owed and nobody says so");
        }
        for one in told.into_iter().filter(|one| !found.contains(one)) {
            law!(!is_sure(self, &one.1), "I-08 {one:?} is not owed");
            let (asset, profile, duty, due) = one;
            let since = self.now;
            let owed = Duty { profile, since, due, met: None, is_over: false };
            self.law.owed.all.insert((asset, duty), owed);
        }
        Ok(())
    }

    pub(super) fn duty_near(&mut self, near: (u64, String, String)) -> Result<(), Broken> {
        let is_sure = !self.law.owed.unsure.contains(&near.1);
        law!(self.law.owed.near.remove(&near) || !is_sure, "I-08 {near:?} is not near");
        Ok(())
    }

    pub(super) fn duty_met(&mut self, asset: u64, duty: String) -> Result<(), Broken> {
        let now = self.now;
        let owed =
            self.law.owed.all.get_mut(&(asset, duty)).ok_or("I-08 what nobody owed is met")?;
        law!(owed.met.is_none(), "I-08 {owed:?} is met twice");
        owed.met = Some(now);
        Ok(())
    }

    /// A block begins: every asset is asked for the days that ended since the one before, by the days of each profile.
    pub(super) fn end_days(&mut self) {
        let until = quarter(self.now);
        let Some(since) = self.law.owed.asked.filter(|since| *since < until) else { return };
        for asset in self.law.owed.watched.clone() {
            for (id, version) in self.asked_of(asset) {
                match self.law.text(&id, version).cloned() {
                    Some(text) => self.ask(asset, &text, since, until),
                    None => drop(self.law.owed.unsure.insert(id)),
                }
            }
        }
        self.law.owed.asked = Some(until);
    }

    /// All that was near as the days ended was told.
    pub(super) fn days_ended(&mut self) -> Result<(), Broken> {
        let near = std::mem::take(&mut self.law.owed.near);
        law!(near.is_empty(), "I-08 {near:?} is near and nobody says so");
        Ok(())
    }

    /// Of each profile that an asset adopted the open version, or the last as long as anybody holds units; and the law
    /// in force where its issuer resides.
    fn asked_of(&self, asset: u64) -> Vec<(String, u32)> {
        let is_held = !self.holdings(asset).is_empty();
        let adopted = self.law.adopted(asset).map(|(_, it, _)| it);
        let adopted: Vec<_> = adopted.filter(|it| it.is_open || is_held).collect();
        let mut asked: Vec<(String, u32)> = Vec::new();
        for one in &adopted {
            let mut same = adopted.iter().filter(|it| it.id == one.id);
            let last = same.clone().find(|it| it.is_open).or(same.next_back());
            let key = last.map(|it| (it.id.clone(), it.version));
            asked.extend(key.filter(|key| !asked.contains(key)));
        }
        let residence = self.persons.get(&self.issuer(asset)).map(|it| it.residence);
        let land = residence.and_then(|it| self.law.land.get(&it));
        for (id, version) in land.into_iter().flatten() {
            let text = self.law.text(id, *version);
            let is_in_force = text.is_none_or(|text| self.is_effective(text) != Some(false));
            if is_in_force && asked.iter().all(|(known, _)| known != id) {
                asked.push((id.clone(), *version));
            }
        }
        asked
    }

    fn ask(&mut self, asset: u64, text: &Profile, since: u64, until: u64) {
        if text.triggers.is_empty() {
            return;
        }
        let days = self.days(text.calendar.as_deref());
        let dates = days.date(since).zip(days.date(until));
        let Some(((from, today), start)) = dates.and_then(|both| Some((both, days.start(both.1)?)))
        else {
            self.law.owed.unsure.insert(text.id.clone());
            return;
        };
        if from == today {
            return;
        }
        for trigger in &text.triggers {
            let day = match trigger.yearly {
                true => self.year_end(asset, from, today),
                false => Some(today - 1),
            };
            if let Some(day) = day {
                self.weigh(asset, text, trigger, (start - 1, day));
            }
        }
    }

    /// What was true as the last day ended is owed, if it is not already, or was done and is true since.
    fn weigh(&mut self, asset: u64, text: &Profile, trigger: &Trigger, (end, day): (u64, i32)) {
        let key = (asset, trigger.duty.clone());
        let known = self.law.owed.all.get(&key).cloned();
        if known.as_ref().is_some_and(|duty| duty.met.is_none()) {
            return;
        }
        let done = known.filter(|duty| !duty.is_over && duty.profile == text.id);
        let due = self.days(text.calendar.as_deref()).due(&trigger.due, trigger.roll, day);
        let (Some(holds), Some(due)) = (self.held_so(asset, text, &trigger.when, end), due) else {
            self.law.owed.unsure.insert(text.id.clone());
            return;
        };
        if holds {
            if done.is_none() || trigger.yearly {
                self.owe((asset, text.id.clone(), trigger.duty.clone(), due));
            }
            return;
        }
        if let Some(done) = done {
            self.law.owed.all.insert(key, Duty { is_over: true, ..done });
        }
        if trigger.warning.is_empty() {
            return;
        }
        match self.held_so(asset, text, &trigger.warning, end) {
            Some(true) => {
                let near = (asset, text.id.clone(), trigger.duty.clone());
                self.law.owed.near.insert(near);
            }
            Some(false) => {}
            None => drop(self.law.owed.unsure.insert(text.id.clone())),
        }
    }

    /// Did these conditions hold of an asset as a day ended?
    fn held_so(&mut self, asset: u64, text: &Profile, rules: &[Rule], end: u64) -> Option<bool> {
        let now = std::mem::replace(&mut self.now, end);
        let m = Move::still(asset);
        let mut relied = Relied::default();
        let voice = Voice { profile: "", ..Voice::of(text, None) };
        let held = self.all_pass(rules, &m, voice, &mut relied);
        self.now = now;
        held
    }

    /// The end of a fiscal year among the days from one until another: the end of December, where nothing else is said.
    fn year_end(&self, asset: u64, from: i32, until: i32) -> Option<i32> {
        let said = self.law.facts.get(&(Subject::Asset(asset), YEAR_END.to_owned()));
        let (month, day) = said.map_or((12, 31), |it| (it.value / 100, it.value % 100));
        (from..until).rev().find(|it| {
            let date = super::days::civil(*it);
            (date.month() as u128, date.day() as u128) == (month, day)
        })
    }

    /// What the tables say is owed is what the history says.
    pub(super) fn duties_match(&self, rows: &Rows) -> Result<(), Broken> {
        let is_sure = |duty: &Duty| {
            let id = &duty.profile;
            !self.law.unread.contains(id) && !self.law.owed.unsure.contains(id)
        };
        let of = |all: BTreeMap<(u64, String), Duty>| {
            all.into_iter().filter(|(_, duty)| is_sure(duty)).collect::<BTreeMap<_, _>>()
        };
        let duties = rows.table::<(u64, String), Duty>(super::rows::COMPLIANCE, 15)?;
        super::rows::same("I-08 duties", &of(duties), &of(self.law.owed.all.clone()))?;
        let calendars = rows.table::<String, CalendarRecord>(super::rows::COMPLIANCE, 21)?;
        let calendars = calendars.into_iter().map(|(id, it)| (id, (it.version, it.hash)));
        super::rows::same("I-40 calendars", &calendars.collect(), &self.law.calendars)?;
        let asked = rows.table::<(), Progress>(super::rows::COMPLIANCE, 18)?;
        let asked = asked.get(&()).map(|it| (it.since, it.next));
        let all = self.law.owed.asked.map(|since| (since, 0));
        law!(asked == all, "I-08 duties are asked up to {asked:?}, should be {all:?}");
        Ok(())
    }
}

//! What comes into a jurisdiction is under its law, and what came free of it with who controls: told from where everybody
//! was when, and who was said to control, apart from the judge. LED-13, LED-14.

use super::{ACME, World};
use compliance::{Adoption, Covers, Exemptions, Lot, PROFILES, Profile};
use ledger::{Cause, Event};
use std::collections::{BTreeMap, BTreeSet};
use types::{AccountId, ClassId, Country, PersonId, Time};

/// What is claimed of who controls, where a law asks it of whom units came free with.
const CONTROL: u32 = 22;

/// A profile that an asset adopted, by its number.
type Adopted = (u16, Adoption, Profile);

impl World {
    fn residence(&self, person: PersonId) -> Country {
        identity::person(&self.ctx, person).expect("registered").residence
    }

    /// Where everybody is.
    pub(super) fn residences(&self) -> BTreeMap<PersonId, Country> {
        self.people.values().map(|person| (*person, self.residence(*person))).collect()
    }

    /// Remembers who is elsewhere than before.
    pub(super) fn arrive(&mut self, before: &BTreeMap<PersonId, Country>) {
        let now = self.ctx.now();
        for (person, was) in before {
            if self.residence(*person) != *was {
                self.arrived.insert(*person, now);
            }
        }
    }

    /// When the last of a human's numbers came to where it is.
    fn arrived(&self, person: PersonId) -> Option<Time> {
        let is_its = |(number, _): &(&PersonId, &Time)| self.human(**number) == self.human(person);
        self.arrived.iter().filter(is_its).map(|(_, at)| *at).max()
    }

    fn adopted(&self) -> Vec<Adopted> {
        let all = compliance::adoptions(&self.ctx, self.asset);
        let read = all.filter_map(|(number, it)| {
            let record = PROFILES.get(&self.ctx, &(it.id.clone(), it.version))?;
            Some((number, it.clone(), Profile::clone(&record.profile)))
        });
        read.filter(|(_, _, profile)| !profile.issue.is_empty()).collect()
    }

    /// Nobody comes to hold, where an open profile serves it, what is not under that jurisdiction's law: but what was there
    /// before that law bound the asset, what came to its giver there, and what moves within one human or by order. And
    /// nothing is put under a law but what comes to it. LED-13.
    pub(super) fn check_borders(&self, before: &BTreeMap<(ClassId, AccountId), Vec<Lot>>) {
        let adopted = self.adopted();
        let authorities = adopted.iter().map(|(_, _, profile)| profile.jurisdiction());
        let authorities: BTreeSet<&str> = authorities.collect();
        for event in &self.heard {
            let Event::Moved { asset, class, from, to, units, cause, exemptions, .. } = event
            else {
                continue;
            };
            let (Some(from), Some(to)) = (from, to) else { continue };
            let is_sold = *asset == self.asset && !units.is_zero() && *cause != Cause::Forced;
            let is_invested = from.person != ACME && to.person != ACME;
            let is_internal = self.human(from.person) == self.human(to.person);
            // What it got by the same call is not among what it had.
            let got =
                |event: &Event| matches!(event, Event::Moved { to: Some(to), .. } if to == from);
            if !is_sold || !is_invested || is_internal || self.heard.iter().any(got) {
                continue;
            }
            let lots = &before[&(*class, *from)];
            for authority in &authorities {
                let of_it = adopted.iter().filter(|(_, _, it)| it.jurisdiction() == *authority);
                let of_it: Vec<&Adopted> = of_it.collect();
                self.check_border(&of_it, lots, (from.person, to.person), *exemptions);
            }
            for (number, _, _) in adopted.iter().filter(|(_, _, law)| !law.control.is_empty()) {
                self.check_control(*number, lots, from.person, *exemptions);
            }
        }
    }

    /// What came free of a law is sold by its rules again by who is said to control, and by nobody else. LED-14.
    fn check_control(&self, number: u16, lots: &[Lot], from: PersonId, under: Exemptions) {
        let is_dead = identity::person(&self.ctx, from).is_some_and(|it| it.death.is_some());
        let is_among = |all: Exemptions| all.numbers().any(|it| it == number);
        if is_dead || !lots.iter().all(|lot| is_among(lot.freed)) {
            return;
        }
        let numbers = self.people.values().filter(|it| self.human(**it) == self.human(from));
        let said = numbers.filter_map(|it| identity::CLAIMS.get(&self.ctx, it));
        let claims = said.flat_map(|claims| claims.0.clone());
        let now = self.ctx.now();
        let controls =
            claims.into_iter().any(|it| it.topic == CONTROL && it.counts_at(&self.ctx, now));
        assert_eq!(is_among(under), controls, "LED-14 {from} sells what came free of {number}");
    }

    fn check_border(
        &self,
        of_it: &[&Adopted],
        lots: &[Lot],
        (from, to): (PersonId, PersonId),
        under: Exemptions,
    ) {
        let (here, there) = (self.residence(to), self.residence(from));
        let is_under = |under: Exemptions| {
            of_it.iter().any(|(number, ..)| under.numbers().any(|under| under == *number))
        };
        let is_served = of_it.iter().any(|(_, it, law)| it.is_open && law.covers.has(here));
        // In these worlds one profile of a jurisdiction at most draws a border.
        let border =
            of_it.iter().map(|(_, _, law)| &law.covers).find(|it| **it != Covers::Anywhere);
        let comes_over = border.is_some_and(|it| it.has(here) != it.has(there));
        let arrived = self.arrived(from).filter(|_| border.is_some());
        let is_late = arrived.filter(|at| of_it.iter().any(|(_, it, _)| it.since <= *at));
        // What came free of its law is known there as well.
        let is_known = |lot: &Lot| is_under(lot.exemptions.and(lot.freed));
        let comes = |lot: &Lot| {
            let came = comes_over || is_late.is_some_and(|at| lot.acquired <= at);
            is_served && came && !is_known(lot)
        };
        if lots.iter().all(comes) {
            assert!(is_under(under), "LED-13 {from} to {to}: comes in under {under:?}");
        } else if !lots.iter().any(|lot| comes(lot) || is_known(lot)) {
            assert!(!is_under(under), "LED-13 {from} to {to}: was there, under {under:?}");
        }
    }
}

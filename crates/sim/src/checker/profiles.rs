//! Jurisdictions' law a second time: under which profiles units came to their holder, and by whose rules they go on.

use super::{
    book::{Book, Known},
    duties::Owed,
    fold::{Broken, law},
    judge::{Move, Pick, Relied, Voice},
    meters::Metered,
    wire::*,
};
use std::collections::{BTreeMap, BTreeSet};

/// The power that claim 81 says a venue has.
const LICENCE: u32 = 81;
const VENUE: u64 = 1;

/// What is known of the law from announcements.
#[derive(Default)]
pub struct Law {
    /// Profiles and rules of venues that can be read, by the hash of their encoding.
    pub texts: BTreeMap<Hash, Profile>,
    pub venue_texts: BTreeMap<Hash, VenueRules>,
    pub calendar_texts: BTreeMap<Hash, Calendar>,
    /// The latest version of each calendar, and its hash.
    pub calendars: BTreeMap<String, (u32, Hash)>,
    pub owed: Owed,
    /// The hash of each version of a profile.
    pub profiles: BTreeMap<(String, u32), Hash>,
    /// The names of the paths that a profile offers, by its hash.
    pub offered_by_profiles: BTreeMap<Hash, Vec<String>>,
    /// The names of the paths that policies of an asset ever offered.
    pub offered_by_policies: BTreeMap<u64, Vec<String>>,
    pub adoptions: BTreeMap<u64, Vec<Adoption>>,
    pub land: BTreeMap<Country, Vec<(String, u32)>>,
    pub venues: BTreeMap<u64, (u32, Hash)>,
    pub facts: BTreeMap<(Subject, String), Fact>,
    pub offers: BTreeMap<u64, Offer>,
    /// By whom each movement was approved, and until when that is good.
    /// As one of which list, whose, until when, and for how many movements or units still.
    pub approvals: BTreeMap<Intended, Vec<(u32, u64, u64, u128)>>,
    pub meters: BTreeMap<MeterKey, Metered>,
    /// Profiles whose rules the checker does not read to the end: what they add up is not known.
    pub unread: BTreeSet<String>,
    pub splits: BTreeMap<u64, Vec<Ratio>>,
    /// Movements under an exemption, by the profile that let them pass.
    pub relied: BTreeMap<String, u64>,
}

/// The profiles that rules refer to, with their versions.
fn referred(rules: &[Rule]) -> Vec<(&str, u32)> {
    let inner = |rule| match rule {
        &Rule::By { ref profile, version } => vec![(profile.as_str(), version)],
        Rule::All(rules) => referred(rules),
        Rule::Any(paths) => {
            paths.iter().flat_map(|(_, rule)| referred(std::slice::from_ref(rule))).collect()
        }
        Rule::Not(rule) | Rule::Because { rule, .. } => referred(std::slice::from_ref(&**rule)),
        Rule::When { guard, then } => {
            let both = [&**guard, &**then].map(|rule| referred(std::slice::from_ref(rule)));
            both.concat()
        }
        _ => Vec::new(),
    };
    rules.iter().flat_map(inner).collect()
}

/// Whether all of several answers are yes: no if one is no, unknown if one is.
pub fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let both = |all: Option<bool>, one: Option<bool>| match (all, one) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    answers.into_iter().fold(Some(true), both)
}

/// Whether one of several answers is yes.
pub fn any(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    all(answers.into_iter().map(|answer| answer.map(|yes| !yes))).map(|none| !none)
}

impl Law {
    /// The text of a version of a profile, if it can be read.
    pub fn text(&self, id: &str, version: u32) -> Option<&Profile> {
        self.texts.get(self.profiles.get(&(id.to_owned(), version))?)
    }

    /// The number of a path of a law, by its name: the law's in the high byte, and its place among all that the law
    /// ever offered, from 1, in the low one.
    pub fn path(&self, asset: u64, law: u16, name: &str) -> Option<u16> {
        let names = match law {
            0 => self.offered_by_policies.get(&asset)?,
            _ => {
                let it = self.adoptions.get(&asset)?.get(usize::from(law) - 1)?;
                let hash = self.profiles.get(&(it.id.clone(), it.version))?;
                self.offered_by_profiles.get(hash)?
            }
        };
        let place = names.iter().position(|known| known == name)?;
        Some(law << 8 | (place as u16 + 1))
    }

    /// The profiles that an asset adopted, by number.
    pub fn adopted(&self, asset: u64) -> impl Iterator<Item = (u16, &Adoption, Option<&Profile>)> {
        let all = self.adoptions.get(&asset).map(Vec::as_slice).unwrap_or_default();
        (1..).zip(all).map(|(number, it)| (number, it, self.text(&it.id, it.version)))
    }

    /// Those under which units are issued; nothing known if one of them cannot be read.
    fn issuing(&self, asset: u64, open: bool) -> Option<Vec<(u16, &Profile)>> {
        let adopted = self.adopted(asset).filter(|(_, it, _)| it.is_open || !open);
        let read = adopted.map(|(number, _, text)| Some((number, text?)));
        let read: Option<Vec<_>> = read.collect();
        Some(read?.into_iter().filter(|(_, text)| !text.issue.is_empty()).collect())
    }
}

/// What came of looking at lots one by one.
struct Resold {
    left: u128,
    picks: Vec<Pick>,
    exemptions: u32,
    /// What the first of each law was relied on by.
    first: Relied,
    is_known: bool,
}

/// What of a price falls on these units, that follow so many others of all that move: what is paid for all up to the last
/// of them, rounded up, less what is paid for those before.
fn part_paid(paid: u128, all: u128, before: u128, units: u128) -> Option<u128> {
    let up_to = |units: u128| Some(paid.checked_mul(units)?.div_ceil(all));
    up_to(before + units)?.checked_sub(up_to(before)?)
}

impl Covers {
    fn has(&self, country: &Country) -> bool {
        match self {
            Covers::Anywhere => true,
            Covers::In(countries) => countries.contains(country),
            Covers::Outside(countries) => !countries.contains(country),
        }
    }
}

impl Profile {
    /// Whose law it is.
    fn jurisdiction(&self) -> &str {
        self.authority.split('/').next().unwrap_or_default()
    }
}

impl Book {
    /// What jurisdictions say of a movement that happened.
    pub(super) fn law_allows(
        &self,
        m: &Move,
        relied: &mut Relied,
        what: &str,
    ) -> Result<(), Broken> {
        let issuer = self.issuer(m.asset);
        let is_investment = m.to.is_some_and(|to| to.person != issuer);
        let is_placement = m.from.is_none_or(|from| from.person == issuer);
        match m.kind() {
            _ if !is_investment => {}
            3 | 7 => self.made_unsold(m, relied, what)?,
            0 => self.admit(m, relied, what)?,
            1 | 5 | 6 if is_placement => self.admit(m, relied, what)?,
            1 | 5 | 6 => self.resell(m, relied, what)?,
            _ => {}
        }
        if m.kind() == 3 {
            return Ok(());
        }
        for country in self.countries(m) {
            for (id, version) in self.law.land.get(&country).into_iter().flatten() {
                let Some(text) = self.law.text(id, *version) else {
                    relied.cannot_read(id);
                    continue;
                };
                if text.always.is_empty() {
                    continue;
                }
                match self.is_effective(text) {
                    Some(false) => continue,
                    Some(true) => {}
                    None => relied.cannot_read(id),
                }
                let passes = self.all_pass(&text.always, m, Voice::of(text, None), relied);
                law!(passes != Some(false), "I-09 {what}: against {id}, the law of {country:?}");
            }
        }
        if is_investment {
            for (number, adoption, text) in self.law.adopted(m.asset) {
                let Some(text) = text else {
                    relied.cannot_read(&adoption.id);
                    continue;
                };
                if adoption.is_open {
                    let voice = Voice::of(text, Some(number));
                    let passes = self.all_pass(&text.always, m, voice, relied);
                    law!(passes != Some(false), "I-09 {what}: against what {} asks", text.id);
                }
            }
        }
        Ok(())
    }

    /// What the venue asks through which units move, if they do.
    pub(super) fn venue_allows(
        &self,
        m: &Move,
        relied: &mut Relied,
        what: &str,
    ) -> Result<(), Broken> {
        let Some(venue) = self.venue(m) else { return Ok(()) };
        let Some((_, hash)) = self.law.venues.get(&venue) else { return Ok(()) };
        let name = format!("VENUE-{venue}");
        let Some(text) = self.law.venue_texts.get(hash) else {
            relied.cannot_read(&name);
            return Ok(());
        };
        let calendar = text.calendar.as_deref();
        let voice = Voice { profile: &name, number: None, calendar };
        let passes = self.all_pass(&text.rules, m, voice, relied);
        law!(passes != Some(false), "I-09 {what}: against the rules of venue {venue}");
        Ok(())
    }

    /// A person was approached, so that the first profile that serves it let it be. What it counts counts.
    pub(super) fn approached(&mut self, asset: u64, person: u64) -> Result<(), Broken> {
        let m = Move::approach(asset, Account { person, number: 0 });
        let what = format!("an approach of {person} with asset {asset}");
        let mut relied = Relied::default();
        let issuer = self.issuer(asset);
        if person != issuer {
            self.admit(&m, &mut relied, &what)?;
        }
        for country in self.countries(&m) {
            for (id, version) in self.law.land.get(&country).into_iter().flatten() {
                let Some(text) = self.law.text(id, *version) else {
                    relied.cannot_read(id);
                    continue;
                };
                if self.is_effective(text) == Some(true) {
                    let passes =
                        self.all_pass(&text.always, &m, Voice::of(text, None), &mut relied);
                    law!(passes != Some(false), "I-09 {what}: against {id}");
                }
            }
        }
        if person != issuer {
            for (number, adoption, text) in self.law.adopted(asset) {
                let Some(text) = text else {
                    relied.cannot_read(&adoption.id);
                    continue;
                };
                if adoption.is_open {
                    let voice = Voice::of(text, Some(number));
                    let passes = self.all_pass(&text.always, &m, voice, &mut relied);
                    law!(passes != Some(false), "I-09 {what}: against what {} asks", text.id);
                }
            }
        }
        self.follow(relied);
        Ok(())
    }

    /// Units come under one profile of each jurisdiction that serves their receiver, the first that passes. I-08.
    fn admit(&self, m: &Move, relied: &mut Relied, what: &str) -> Result<(), Broken> {
        let of_law = |book: &Self, open| book.law.issuing(m.asset, open).map(|all| all.len());
        let (Some(issued), Some(_)) = (of_law(self, false), of_law(self, true)) else {
            (relied.keeps, relied.exemptions) = (m.exemptions, m.exemptions);
            self.law.adopted(m.asset).for_each(|(_, it, _)| relied.cannot_read(&it.id));
            return Ok(());
        };
        let open = self.law.issuing(m.asset, true).unwrap_or_default();
        law!(!open.is_empty() || issued == 0, "I-08 {what}: all exemptions were dropped");
        let Some(to) = m.to.filter(|_| !open.is_empty()) else { return Ok(()) };
        let residence = self.persons.get(&to.person).map(|known| known.residence);
        let residence = residence.ok_or("units come to nobody")?;
        let mut by_order: Vec<&str> = Vec::new();
        for (_, text) in &open {
            if !by_order.contains(&text.jurisdiction()) {
                by_order.push(text.jurisdiction());
            }
        }
        let mut is_served = false;
        for jurisdiction in by_order {
            let serving: Vec<_> = open
                .iter()
                .filter(|(_, it)| it.jurisdiction() == jurisdiction && it.covers.has(&residence))
                .collect();
            is_served |= !serving.is_empty();
            if serving.is_empty() {
                continue;
            }
            self.admit_under(&serving, m, relied, what)?;
        }
        law!(is_served, "I-08 {what}: nothing serves a resident of {residence:?}");
        let is_so = m.is_approach || relied.exemptions == m.exemptions;
        law!(is_so, "I-08 {what} under {:b}, should be {:b}", m.exemptions, relied.exemptions);
        Ok(())
    }

    fn admit_under(
        &self,
        serving: &[&(u16, &Profile)],
        m: &Move,
        relied: &mut Relied,
        what: &str,
    ) -> Result<(), Broken> {
        let is_named = |number: u16| m.exemptions >> (number - 1) & 1 == 1;
        let kept = relied.clone();
        let mut unread = relied.unread.clone();
        for (number, text) in serving {
            *relied = kept.clone();
            relied.free = false;
            let rules = if m.is_approach { &text.offer } else { &text.issue };
            let voice = Voice::of(text, Some(*number));
            let effective = self.is_effective(text);
            if effective.is_none() {
                relied.cannot_read(&text.id);
            }
            let passes = all([effective, self.all_pass(rules, m, voice, relied)]);
            unread.extend(relied.unread.iter().cloned());
            let is_relied_on = if m.is_approach { passes == Some(true) } else { is_named(*number) };
            if is_relied_on {
                law!(passes != Some(false), "I-08 {what}: it does not pass {}", text.id);
                relied.exemptions |= 1 << (number - 1);
                if !relied.free {
                    relied.keeps |= 1 << (number - 1);
                }
                relied.by.push(text.id.clone());
                relied.unread = unread;
                return Ok(());
            }
            law!(
                passes != Some(true) || m.may_choose,
                "I-08 {what}: {} would have been the first to pass",
                text.id
            );
        }
        *relied = kept;
        relied.unread = unread;
        // What was approached is told of no profile: if one cannot be read it may have been that one.
        law!(m.is_approach, "I-08 {what} under no profile of those that serve");
        for (_, text) in serving {
            relied.cannot_read(&text.id);
        }
        Ok(())
    }

    /// Each lot goes on by the rules of all profiles that it is under: those that may, oldest first.
    fn resell(&self, m: &Move, relied: &mut Relied, what: &str) -> Result<(), Broken> {
        let Some(from) = m.from.filter(|_| m.units > 0) else { return Ok(()) };
        let lots = self.lots_of(m.asset, m.class, from);
        let is_sure = !self.unsure.contains(&(m.asset, m.class, from));
        let adopted: Vec<_> = self.law.adopted(m.asset).collect();
        let control = self.controlled(m, lots, &adopted, relied);
        // What may be under a law again is not known to be free.
        let control = control.unwrap_or(u32::MAX);
        let is_unasked = |lot: &Lot| {
            lot.exemptions | lot.freed & control == 0
                && self.entered(m, lot).is_some_and(|laws| laws.is_empty())
        };
        if is_sure && lots.iter().all(is_unasked) {
            return Ok(());
        }
        let begun = relied.clone();
        let mut found = self.those_that_may_go(m, lots, &adopted, relied, m.elected.is_some());
        // Where no lot's law offers what was elected, another law of the movement may.
        if found.left > 0 && m.elected.is_some() && !relied.is_offered {
            *relied = begun;
            found = self.those_that_may_go(m, lots, &adopted, relied, false);
        }
        let Resold { left, picks, exemptions, first, is_known } = found;
        let is_known = is_known && is_sure;
        if !is_known {
            relied.is_known = false;
            (relied.paths, relied.exemptions) = (m.paths.clone(), m.exemptions);
            for (_, adoption, _) in adopted {
                relied.cannot_read(&adoption.id);
            }
            return Ok(());
        }
        law!(left == 0, "I-18 {what} to {:?}: {left} more than may be resold", m.to);
        law!(
            exemptions == m.exemptions,
            "I-08 {what}: under {exemptions:b}, told {:b}",
            m.exemptions
        );
        let goes = picks.iter().map(|pick| Lot { units: pick.units, ..lots[pick.place].clone() });
        relied.narrowed = Some(goes.collect());
        (relied.paths, relied.exemptions) = (first.paths, exemptions);
        (relied.picks, relied.of_lots) = (Some(picks), relied.paths.len());
        Ok(())
    }

    /// The laws of where the receiver resides under which a lot never came; nothing known if one of them cannot be read.
    fn entered(&self, m: &Move, lot: &Lot) -> Option<Vec<(u16, &Profile)>> {
        let known = |side: Option<Account>| side.and_then(|side| self.persons.get(&side.person));
        let Some((giver, getter)) = known(m.from).zip(known(m.to)) else { return Some(vec![]) };
        let mut laws = self.law.issuing(m.asset, true)?;
        let ever = self.law.issuing(m.asset, false)?;
        laws.retain(|(_, law)| law.covers.has(&getter.residence));
        laws.retain(|(_, law)| {
            let of_one = ever.iter().filter(|(_, it)| it.jurisdiction() == law.jurisdiction());
            let of_one: Vec<_> = of_one.collect();
            let under = lot.exemptions | lot.freed;
            let is_under = of_one.iter().any(|(number, _)| under >> (number - 1) & 1 == 1);
            !is_under && !self.was_there(m.asset, &of_one, (giver, getter), lot)
        });
        Some(laws)
    }

    /// Was a lot where its receiver resides before it moves, as one jurisdiction's profiles draw their borders?
    fn was_there(
        &self,
        asset: u64,
        of_one: &[&(u16, &Profile)],
        (giver, getter): (&Known, &Known),
        lot: &Lot,
    ) -> bool {
        // Each profile that is not for all the world says of two countries that both are within, neither, or one.
        let bounded = of_one.iter().filter(|(_, it)| !matches!(it.covers, Covers::Anywhere));
        let sides = bounded
            .map(|(_, it)| (it.covers.has(&giver.residence), it.covers.has(&getter.residence)));
        let sides: BTreeSet<(bool, bool)> = sides.collect();
        if sides.is_empty() {
            return true;
        }
        let is_parted = sides.contains(&(true, false)) || sides.contains(&(false, true));
        let is_near = giver.residence == getter.residence || sides.contains(&(true, true));
        let Some(moved) = giver.moved.filter(|_| is_near || !is_parted) else {
            return is_near || !is_parted;
        };
        let adopted = |number: u16| self.law.adoptions[&asset][usize::from(number) - 1].since;
        let is_older_than_law = of_one.iter().all(|(number, _)| moved < adopted(*number));
        is_older_than_law || moved < lot.acquired
    }

    /// Under which law a lot comes to its new jurisdictions, each by the first that lets it; nothing known if one is not.
    fn enter(
        &self,
        m: &Move,
        lot: &Lot,
        pick: &mut Pick,
        relied: &mut Relied,
    ) -> (Option<bool>, u32) {
        let Some(entered) = self.entered(m, lot) else { return (None, 0) };
        let (mut under, mut asked) = (0, BTreeSet::new());
        for (_, first) in &entered {
            if !asked.insert(first.jurisdiction().to_owned()) {
                continue;
            }
            let laws = entered.iter().filter(|(_, it)| it.jurisdiction() == first.jurisdiction());
            let mut lets = None;
            // Where nothing is said of resales nothing comes in.
            for (number, text) in laws.filter(|(_, it)| !it.resale.is_empty()) {
                let kept = relied.clone();
                (relied.restart, relied.free) = (false, false);
                let effective = self.is_effective(text);
                let voice = Voice::of(text, Some(*number));
                let passes = self.all_pass(&text.resale, m, voice, relied);
                match all(vec![effective, passes]) {
                    Some(true) => {
                        lets = Some(*number);
                        pick.restart |= relied.restart;
                        let bit = 1 << (number - 1);
                        if relied.free {
                            pick.freed |= bit
                        } else {
                            pick.keeps |= bit
                        }
                        relied.by.push(text.id.clone());
                        break;
                    }
                    Some(false) => {
                        let unread = relied.unread.clone();
                        *relied = Relied { unread, ..kept };
                    }
                    None => return (None, 0),
                }
            }
            match lets {
                Some(number) => under |= 1 << (number - 1),
                None => return (Some(false), 0),
            }
        }
        (Some(true), under)
    }

    /// The profiles by whose rules units of this giver are resold again though they came free of them, a bit each; nothing
    /// known if one cannot be read.
    fn controlled(
        &self,
        m: &Move,
        lots: &[Lot],
        adopted: &[(u16, &Adoption, Option<&Profile>)],
        relied: &mut Relied,
    ) -> Option<u32> {
        let freed = lots.iter().fold(0, |all, lot| all | lot.freed);
        let mut control = 0;
        for (number, _, text) in adopted.iter().filter(|it| freed >> (it.0 - 1) & 1 == 1) {
            let Some(text) = text else { return None };
            let mut laws = vec![*text];
            for (profile, version) in referred(&text.resale) {
                laws.push(self.law.text(profile, version)?);
            }
            for law in laws.into_iter().filter(|law| !law.control.is_empty()) {
                let holds = self.all_bar(&law.control, m, Voice::of(law, None), relied)?;
                control |= u32::from(holds) << (number - 1);
            }
        }
        Some(control)
    }

    /// The lots that may go, oldest first; if only what was elected will do, those that go by that.
    fn those_that_may_go(
        &self,
        m: &Move,
        lots: &[Lot],
        adopted: &[(u16, &Adoption, Option<&Profile>)],
        relied: &mut Relied,
        as_elected: bool,
    ) -> Resold {
        let (mut left, mut picks, mut exemptions) = (m.units, Vec::new(), 0);
        // Of several lots the first's are those of the movement.
        let mut first = Relied::default();
        let control = self.controlled(m, lots, adopted, relied);
        let mut is_known = control.is_some();
        let control = control.unwrap_or_default();
        for (place, lot) in lots.iter().enumerate() {
            if left == 0 || !is_known {
                break;
            }
            let units = lot.units.min(left);
            let kept = relied.clone();
            let (paths, restart, keeps, freed) = (Vec::new(), false, 0, 0);
            let mut pick = Pick { place, units, paths, restart, keeps, freed };
            relied.paths.clear();
            relied.met.clear();
            relied.is_elected = false;
            let alone = [Lot { units, ..lot.clone() }];
            let paid = m.paid.as_ref().map(|price| price.paid);
            relied.share = paid.and_then(|all| part_paid(all, m.units, m.units - left, units));
            let mut answers = Vec::new();
            for (number, _, text) in adopted {
                let binding = lot.exemptions | lot.freed & control;
                if binding >> (number - 1) & 1 == 0 {
                    continue;
                }
                let Some(text) = text else {
                    answers.push(None);
                    continue;
                };
                (relied.restart, relied.free) = (false, false);
                let voice = Voice::of(text, Some(*number));
                relied.narrowed = Some(alone.to_vec());
                answers.push(self.all_pass(&text.resale, m, voice, relied));
                pick.restart |= relied.restart;
                let bit = 1 << (number - 1);
                if relied.free {
                    pick.freed |= bit
                } else {
                    pick.keeps |= bit
                }
                relied.by.push(text.id.clone());
            }
            relied.narrowed = Some(alone.to_vec());
            let (lets, entered) = self.enter(m, lot, &mut pick, relied);
            answers.push(lets);
            pick.paths.clone_from(&relied.paths);
            let answer = all(answers);
            is_known = answer.is_some() && relied.is_known;
            let (bumps, spends, by) =
                (relied.bumps.clone(), relied.spends.clone(), relied.by.clone());
            let duties = relied.duties.clone();
            let (unread, is_offered) = (relied.unread.clone(), relied.is_offered);
            let is_elected = relied.is_elected;
            *relied = Relied { unread, is_offered, ..kept };
            let stays = as_elected && !is_elected && is_known;
            if answer != Some(false) && !stays {
                relied.is_elected |= is_elected;
                (relied.bumps, relied.spends, relied.by) = (bumps, spends, by);
                relied.duties = duties;
                left -= units;
                first.go_by(&pick.paths);
                exemptions |= lot.exemptions | lot.freed & control | entered;
                picks.push(pick);
            }
        }
        Resold { left, picks, exemptions, first, is_known }
    }

    /// What no sale makes is under all profiles that serve its receiver, or under all. LED-8.
    fn made_unsold(&self, m: &Move, relied: &mut Relied, what: &str) -> Result<(), Broken> {
        let issuer = self.issuer(m.asset);
        if m.from.is_some_and(|from| from.person != issuer) {
            return Ok(());
        }
        let Some(issued) = self.law.issuing(m.asset, false) else {
            (relied.exemptions, relied.keeps) = (m.exemptions, m.exemptions);
            return Ok(());
        };
        let residence = m.to.and_then(|to| self.persons.get(&to.person)).map(|it| it.residence);
        let serves = |it: &Profile| residence.is_none_or(|residence| it.covers.has(&residence));
        let is_served = issued.iter().any(|(_, text)| serves(text));
        for (number, text) in issued {
            if serves(text) || !is_served {
                relied.exemptions |= 1 << (number - 1);
            }
        }
        relied.keeps = relied.exemptions;
        let is_so = relied.exemptions == m.exemptions;
        law!(is_so, "I-08 {what} under {:b}, should be {:b}", m.exemptions, relied.exemptions);
        Ok(())
    }

    /// Lots of one asset under the same profiles as another numbers them.
    pub(super) fn renumbered(&self, old: u64, new: u64, lot: Lot) -> Result<Lot, Broken> {
        let (mut exemptions, mut freed) = (0, 0);
        for (number, was, _) in self.law.adopted(old) {
            let has = |under: u32| under >> (number - 1) & 1 == 1;
            if !has(lot.exemptions | lot.freed) {
                continue;
            }
            let is_it =
                |(_, it, _): &(u16, &Adoption, _)| (&it.id, it.version) == (&was.id, was.version);
            let is_other = |(_, it, _): &(u16, &Adoption, _)| it.id == was.id;
            let known = self.law.adopted(new).find(is_it);
            let other = self.law.adopted(new).find(is_other).filter(|_| has(lot.freed));
            match (known.or(other), has(lot.freed)) {
                (Some((known, ..)), true) => freed |= 1 << (known - 1),
                (Some((known, ..)), false) => exemptions |= 1 << (known - 1),
                (None, true) => {}
                (None, false) => Err("LED-8 an exchange into an asset without the profile")?,
            }
        }
        Ok(Lot { paths: Vec::new(), exemptions, freed, ..lot })
    }

    /// The licensed venue through which units move: its operator moves them for another.
    pub(super) fn venue(&self, m: &Move) -> Option<u64> {
        let from = m.from.filter(|_| m.is(1) && m.operator != [0; 20])?;
        let owner = self.wallets.get(&m.operator).map(|(account, _)| account.person);
        let developer = || {
            let (app, _, is_listed) = self.contracts.get(&m.operator)?;
            self.apps.get(app).filter(|_| *is_listed).map(|app| app.developer)
        };
        let through = owner.or_else(developer)?;
        let is_own = self.human(through) == self.human(from.person);
        let is_venue = self.said_values(through, LICENCE, false).any(|value| value == VENUE);
        (!is_own && is_venue).then_some(through)
    }

    /// Where the two sides reside, each country once.
    pub(super) fn countries(&self, m: &Move) -> Vec<Country> {
        let sides = [m.from, m.to].into_iter().flatten();
        let mut countries: Vec<Country> =
            sides.filter_map(|it| Some(self.persons.get(&it.person)?.residence)).collect();
        countries.dedup();
        countries
    }

    pub(super) fn issuer(&self, asset: u64) -> u64 {
        self.assets.get(&asset).map_or(0, |asset| asset.issuer)
    }

    pub(super) fn lots_of(&self, asset: u64, class: u32, account: Account) -> &[Lot] {
        let at = self.positions.get(&(asset, class, account));
        at.map(|at| at.lots.as_slice()).unwrap_or_default()
    }

    /// What was announced about rules changes what is known of them.
    pub(super) fn law_event(&mut self, event: ComplianceEvent) -> Result<(), Broken> {
        use ComplianceEvent::*;
        let humans = match &event {
            MovementApproved { by, .. } => self.numbers(*by),
            _ => Vec::new(),
        };
        let (now, known) = (self.now, &mut self.law);
        match event {
            FactAttested { about, fact, value, since, until, document } => {
                known.facts.insert((about, fact), Fact { value, since, until, document });
            }
            FactWithdrawn { about, fact } => drop(known.facts.remove(&(about, fact))),
            ProfileRegistered { id, version, profile } => {
                let is_next =
                    version == 1 || known.profiles.contains_key(&(id.clone(), version - 1));
                let before = known.profiles.insert((id, version), profile);
                law!(is_next && before.is_none(), "version {version} of a profile out of turn");
            }
            ProfileAdopted { asset, id, version, number, .. } => {
                let all = known.adoptions.entry(asset).or_default();
                all.iter_mut().filter(|it| it.id == id).for_each(|it| it.is_open = false);
                let place = usize::from(number).wrapping_sub(1);
                let since = all.get(place).map_or(now, |it| it.since);
                let adoption = Adoption { id, version, since, is_open: true };
                match usize::from(number).checked_sub(1) {
                    Some(place) if place < all.len() => all[place] = adoption,
                    Some(place) if place == all.len() => all.push(adoption),
                    _ => return Err(format!("asset {asset} adopted number {number}")),
                }
            }
            ProfileDropped { asset, number, .. } => {
                let all = known.adoptions.entry(asset).or_default();
                let dropped = usize::from(number).checked_sub(1).and_then(|it| all.get_mut(it));
                dropped.ok_or("a profile was dropped that was never adopted")?.is_open = false;
            }
            LawSet { country, profiles, report } => {
                let needs_none = profiles.is_empty() || self.assets.is_empty();
                law!(needs_none || report != [0; 32], "the law of a land set without a report");
                match profiles.is_empty() {
                    true => known.land.remove(&country),
                    false => known.land.insert(country, profiles),
                };
            }
            MovementApproved { asset, list, from, to, units, by, until, left } => {
                let key = Intended { asset, from, to, units };
                // One human has one place of a list's.
                let given = known.approvals.entry(key).or_default();
                given.retain(|one| (one.0 != list || !humans.contains(&one.1)) && now < one.2);
                given.push((list, by, until, left));
            }
            VenueRulesSet { venue, version, rules, .. } => {
                let before = known.venues.insert(venue, (version, rules));
                let last = before.map_or(0, |(version, _)| version);
                law!(version == last + 1, "version {version} of a venue's rules after {last}");
            }
            OfferOpened { asset, offer } => {
                let opened = Offer { number: offer, opened: now, closed: None };
                let before = known.offers.insert(asset, opened);
                let last = before.as_ref().map_or(0, |before| before.number);
                let was_closed = before.is_none_or(|before| before.closed.is_some());
                law!(
                    was_closed && offer == last + 1,
                    "offer {offer} of asset {asset} after {last}"
                );
            }
            OfferClosed { asset, offer } => {
                let open = known.offers.get_mut(&asset).ok_or("no offer was open")?;
                let is_it = open.number == offer && open.closed.is_none();
                law!(is_it, "offer {offer} of asset {asset} was not open");
                open.closed = Some(now);
            }
            Approached { asset, person } => self.approached(asset, person)?,
            CalendarRegistered { id, version, calendar } => {
                let before = known.calendars.insert(id, (version, calendar));
                let last = before.map_or(0, |(version, _)| version);
                law!(version == last + 1, "version {version} of a calendar after {last}");
            }
            DutyNear { asset, profile, duty } => self.duty_near((asset, profile, duty))?,
            DutyMet { asset, duty } => self.duty_met(asset, duty)?,
            CapExceeded { asset, holders, most, .. } => {
                law!(holders > most, "asset {asset} warned of {holders} holders of {most}")
            }
            _ => {}
        }
        Ok(())
    }
}

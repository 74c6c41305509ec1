//! The layer of jurisdictions: under which exemptions units are issued, by whose rules they are resold,
//! and the law of the land on both sides.

use super::{Asked, Judge, Known, Stamp, Voice};
use crate::{
    Covers, Exemptions, Kind, Layer, Lot, PROFILES, Paths, Pick, Profile, ProfileRecord, Reason,
    ReasonCode, Rule, Side, profile::law_of,
};
use smallvec::{SmallVec, smallvec};
use types::{Country, Name, Time, Units};

/// A profile that the asset adopted.
#[derive(Clone, Copy)]
struct Adopted<'c> {
    number: u16,
    is_open: bool,
    /// When it was adopted first.
    since: Time,
    record: &'c ProfileRecord,
}

impl<'c> Adopted<'c> {
    fn profile(&self) -> &'c Profile {
        &self.record.profile
    }

    /// True if units are issued under it.
    fn issues(&self) -> bool {
        !self.profile().issue.is_empty()
    }

    /// True if units are issued under both by one jurisdiction's law.
    fn is_beside(&self, other: &Self) -> bool {
        other.issues() && self.profile().jurisdiction() == other.profile().jurisdiction()
    }
}

/// A profile to whose country lots come, but for those that are at home there.
#[derive(Clone, Copy)]
struct Entered<'c> {
    law: Adopted<'c>,
    /// When the giver last moved, who now is where the receiver is: what it got later it got there. None of one who is
    /// elsewhere: nothing of it is at home.
    moved: Option<Time>,
}

impl Entered<'_> {
    /// Must the lot pass it? What came in the very block in which its holder moved may have come before: it must.
    fn asks(&self, lot: &Lot) -> bool {
        self.moved.is_none_or(|moved| lot.acquired <= moved)
    }
}

/// The laws by which lots are resold: what the asset adopted, and of that what they come to from outside.
#[derive(Clone, Copy)]
struct Laws<'l, 'c> {
    adopted: &'l [Adopted<'c>],
    entered: &'l [Entered<'c>],
    /// What binds units of this giver though they came free of it.
    control: Exemptions,
}

impl Laws<'_, '_> {
    /// By whose rules a lot of this giver is resold.
    fn binding(&self, lot: &Lot) -> Exemptions {
        lot.exemptions.and(lot.freed.among(self.control))
    }
}

/// What came of looking at lots one by one.
struct Resold {
    /// Units that none of those that may go has.
    left: Units,
    picks: SmallVec<[Pick; 1]>,
    against: Vec<Reason>,
    exemptions: Exemptions,
}

/// No law of what moves, or of a part of it, has a path of this name.
fn not_offered(elected: &Name) -> Reason {
    let reason = Reason::new(Layer::Jurisdiction, ReasonCode::NoPath);
    Reason { fact: Some(elected.clone()), ..reason }
}

impl<'c> Judge<'c, '_> {
    /// What the law of jurisdictions says.
    pub(super) fn law(&mut self) {
        let action = self.action;
        // The issuer's own holding is nobody's investment.
        let is_investment = action.to.is_some() && action.to != Some(action.facts.issuer);
        let adopted = if is_investment { self.adopted() } else { SmallVec::new() };
        match action.kind {
            _ if !is_investment => {}
            Kind::Issue => self.admit(&adopted, |profile| &profile.issue),
            Kind::Offer => self.admit(&adopted, |profile| &profile.offer),
            Kind::Transfer | Kind::Pledge | Kind::RecoursePledge | Kind::Fee
                if action.is_placement() =>
            {
                self.admit(&adopted, |profile| &profile.issue)
            }
            Kind::Transfer | Kind::Pledge | Kind::RecoursePledge | Kind::Fee => {
                self.resell(&adopted)
            }
            Kind::CorporateAction => self.made_unsold(),
            Kind::Redeem | Kind::Forced => {}
        }
        let land = |known: &Known<'_>| known.person.map(|it| law_of(self.ctx, it.residence));
        let from = self.from.as_ref().and_then(land);
        let of = from.map(|(country, _)| country);
        let to = self.to.as_ref().and_then(land).filter(|(to, _)| Some(*to) != of);
        for (_, law) in [from, to].into_iter().flatten() {
            self.land(law);
        }
        self.bound(&adopted);
    }

    /// The profiles that the asset adopted, by their numbers upwards.
    fn adopted(&self) -> SmallVec<[Adopted<'c>; 4]> {
        let found = (1..).zip(self.adoptions).filter_map(|(number, adoption)| {
            let record = PROFILES.read(self.ctx, &(adoption.id.clone(), adoption.version));
            let (is_open, since) = (adoption.is_open, adoption.since);
            record.map(|record| Adopted { number, is_open, since, record })
        });
        found.collect()
    }

    /// What is made without a sale, or taken by order from the issuer for another, is as restricted as anything that the asset
    /// issued where its receiver resides: no order and no exchange opens a way around the exemptions.
    pub(super) fn made_unsold(&mut self) {
        let action = self.action;
        let is_made = action.from.is_none_or(|from| from == action.facts.issuer);
        if !is_made || action.to.is_none_or(|to| to == action.facts.issuer) {
            return;
        }
        let adopted = self.adopted();
        let issued = || adopted.iter().filter(|it| it.issues());
        let residence = self.residence();
        let serves = |it: &Adopted<'_>| residence.is_none_or(|home| it.profile().covers.has(home));
        let is_served = issued().any(serves);
        for it in issued().filter(|it| serves(it) || !is_served) {
            self.exemptions = self.exemptions.with(it.number);
        }
        self.keeps = self.exemptions;
    }

    /// Units come to a holder under one profile of each jurisdiction that speaks about its country: the
    /// first that passes, or the one that was chosen. An asset that never adopted one is not bound by any.
    fn admit(&mut self, adopted: &[Adopted<'c>], rules: fn(&Profile) -> &Vec<Rule>) {
        let issued = || adopted.iter().filter(|it| it.issues());
        let open: Vec<_> = issued().filter(|it| it.is_open).copied().collect();
        // An asset that was issued under exemptions is not free of them because its issuer dropped them all.
        if open.is_empty() && issued().next().is_some() {
            return self.reasons.push(Reason::new(Layer::Jurisdiction, ReasonCode::NoPath));
        }
        let chosen = self.action.chosen;
        let choice = open.iter().find(|it| it.number == chosen);
        if chosen != 0 && choice.is_none() {
            return self.reasons.push(Reason::new(Layer::Jurisdiction, ReasonCode::NoPath));
        }
        let Some(residence) = self.residence().filter(|_| !open.is_empty()) else { return };
        let mut is_served = false;
        for (place, first) in open.iter().enumerate() {
            let jurisdiction = first.profile().jurisdiction();
            let is_of_it = |other: &Adopted<'_>| other.profile().jurisdiction() == jurisdiction;
            if open[..place].iter().any(is_of_it) {
                continue;
            }
            let is_chosen_for = choice.is_some_and(is_of_it);
            let serves = |it: &&Adopted<'_>| {
                let fits = !is_chosen_for || it.number == chosen;
                fits && is_of_it(it) && it.profile().covers.has(residence)
            };
            let serving: Vec<_> = open.iter().filter(serves).copied().collect();
            if is_chosen_for && serving.is_empty() {
                is_served = false;
                break;
            }
            is_served |= !serving.is_empty();
            self.admit_under(&serving, rules);
        }
        if !is_served {
            let shut = open.iter().filter(|it| !it.profile().covers.has(residence));
            let code = shut.filter_map(|it| it.profile().says).next();
            let code = code.unwrap_or(ReasonCode::CountryForbidden);
            let mut reason = Reason::new(Layer::Jurisdiction, code).of(Side::Receiver);
            reason.country = Some(residence);
            self.reasons.push(reason);
        }
    }

    /// The first of a jurisdiction's profiles that passes; none stands in the way if there is none.
    fn admit_under(&mut self, serving: &[Adopted<'c>], rules: fn(&Profile) -> &Vec<Rule>) {
        let before = self.reasons.len();
        let was_offered = std::mem::take(&mut self.is_offered);
        let mut admits =
            self.action.elected.is_some() && self.first_admitting(serving, rules, true);
        // Where none of them offers what was elected, others of the movement may.
        if !admits && !self.is_offered {
            self.reasons.truncate(before);
            admits = self.first_admitting(serving, rules, false);
        }
        self.is_offered |= was_offered;
        if !admits && !serving.is_empty() {
            let no_path = Reason::new(Layer::Jurisdiction, ReasonCode::NoPath);
            self.reasons.insert(before, no_path);
        }
    }

    /// Admits under the first that passes, or that passes by what was elected; else says why each does not.
    fn first_admitting(
        &mut self,
        serving: &[Adopted<'c>],
        rules: fn(&Profile) -> &Vec<Rule>,
        as_elected: bool,
    ) -> bool {
        let before = self.reasons.len();
        let kept = self.kept();
        for Adopted { number, record, .. } in serving {
            let (tried, profile) = (self.reasons.len(), &record.profile);
            self.voice = Voice::of(record, Some(*number));
            self.stamp.free = false;
            let is_effective = self.is_effective(profile);
            let passes = is_effective & self.all(rules(profile));
            if passes && (!as_elected || self.relies_on_elected(kept.relied)) {
                self.reasons.truncate(before);
                self.exemptions = self.exemptions.with(*number);
                if !self.stamp.free {
                    self.keeps = self.keeps.with(*number);
                }
                return true;
            }
            self.restore(kept);
            self.name_path(tried, &profile.id);
        }
        false
    }

    /// True if one of the paths relied on, from this on, is the one that was elected.
    pub(super) fn relies_on_elected(&self, from: usize) -> bool {
        let elected = self.action.elected;
        self.relied[from..].iter().any(|path| Some(&path.name) == elected)
    }

    /// What was elected is relied on, or something stands in its way: a movement of which no law offers it goes by none.
    pub(super) fn goes_as_elected(&mut self) {
        let Some(elected) = self.action.elected else { return };
        let says_why = self.is_offered && !self.reasons.is_empty();
        if !says_why && !self.relies_on_elected(0) {
            self.reasons.push(not_offered(elected));
        }
    }

    /// Each lot is resold by the rules of the profiles under which it was issued, all of them, and of those whose country it
    /// comes to first. Those that may go, go, most seasoned first, until there are enough. Where a lot's law offers the path
    /// that was elected, those go whose laws do.
    fn resell(&mut self, adopted: &[Adopted<'c>]) {
        let action = self.action;
        let entered = self.entered(adopted);
        let laws = Laws { adopted, entered: &entered, control: self.controlled(adopted) };
        let is_unasked = |lot: &Lot| {
            laws.binding(lot).is_empty() && !entered.iter().any(|entered| entered.asks(lot))
        };
        let is_free = action.lots.iter().all(is_unasked);
        if is_free || action.units.is_zero() {
            return;
        }
        let kept = self.kept();
        let mut found = self.those_that_may_go(laws, action.elected.is_some());
        if !found.left.is_zero() && action.elected.is_some() && !self.is_offered {
            self.restore(kept);
            self.refused.clear();
            found = self.those_that_may_go(laws, false);
        }
        let Resold { left, picks, against, exemptions } = found;
        if left.is_zero() {
            self.exemptions = exemptions;
            let goes =
                |pick: &Pick| Lot { units: pick.units, ..action.lots[usize::from(pick.place)] };
            self.narrowed = Some(picks.iter().map(goes).collect());
            self.picks = picks;
            self.of_lots = self.relied.len();
            return;
        }
        let free = action.units.saturating_sub(left);
        let mut seen: Vec<Reason> = Vec::new();
        for reason in against {
            if !seen.contains(&reason) {
                seen.push(reason);
            }
        }
        let no_path = Reason::new(Layer::Jurisdiction, ReasonCode::NoPath).of(Side::Sender);
        let is_one_lock = seen.len() == 1 && seen[0].code != ReasonCode::NoPath;
        if !is_one_lock {
            self.reasons.push(no_path.amounts(free.0, action.units.0));
        }
        self.reasons.extend(seen);
    }

    /// The profiles that bind units of this giver again that came free of them: it controls the issuer, say. 17 CFR
    /// 230.144(a)(1), (b)(2).
    fn controlled(&mut self, adopted: &[Adopted<'c>]) -> Exemptions {
        let lots = self.action.lots.iter();
        let freed = lots.fold(Exemptions::NONE, |all, lot| all.and(lot.freed));
        let mut control = Exemptions::NONE;
        for number in freed.numbers() {
            let known = adopted.iter().find(|it| it.number == number);
            let says = |it: &Adopted<'c>| it.record.controls.iter().any(|key| self.controls(key));
            if known.is_some_and(says) {
                control = control.with(number);
            }
        }
        control
    }

    /// Does what a profile says of control hold of the giver?
    fn controls(&mut self, key: &(Name, u32)) -> bool {
        let Some(record) = PROFILES.read(self.ctx, key) else { return false };
        let (before, kept) = (self.reasons.len(), self.kept());
        let was_unknown = self.is_unknown;
        self.voice = Voice::of(record, None);
        // Of whom it is not known it may hold: then the rules say what is not known.
        let holds = record.profile.control.iter().all(|rule| {
            self.is_unknown = false;
            self.bars(rule) || self.is_unknown
        });
        self.is_unknown = was_unknown;
        self.restore(kept);
        self.reasons.truncate(before);
        holds
    }

    /// The profiles that speak about where the receiver resides, and to whose country lots come from outside, or have come
    /// with who moved. Of where units are already the law asks what they were issued under, so that nothing that is adopted
    /// later binds them there.
    fn entered(&self, adopted: &[Adopted<'c>]) -> SmallVec<[Entered<'c>; 4]> {
        let giver = self.from.as_ref().and_then(|from| from.person);
        let Some((giver, to)) = giver.zip(self.residence()) else { return SmallVec::new() };
        let from = giver.residence;
        if from == to && giver.moved.is_none() {
            return SmallVec::new();
        }
        let serves = |it: &&Adopted<'_>| it.is_open && it.issues() && it.profile().covers.has(to);
        let comes = |law: &Adopted<'c>| {
            let beside = || adopted.iter().filter(|it| it.is_beside(law));
            // What covers anywhere draws no border: those of the jurisdiction's other profiles stand.
            let covers = beside().map(|it| &it.profile().covers);
            let mut borders = covers.filter(|it| **it != Covers::Anywhere).peekable();
            borders.peek()?;
            let (mut is_near, mut is_parted) = (from == to, false);
            for border in borders {
                is_near |= border.has(from) && border.has(to);
                is_parted |= border.has(from) != border.has(to);
            }
            if is_parted && !is_near {
                return Some(Entered { law: *law, moved: None });
            }
            let since = beside().map(|it| it.since).min();
            let moved = giver.moved.filter(|moved| since.is_none_or(|since| since <= *moved))?;
            Some(Entered { law: *law, moved: Some(moved) })
        };
        adopted.iter().filter(serves).filter_map(comes).collect()
    }

    /// The lots that may go, and what stands in the way of the others.
    fn those_that_may_go(&mut self, laws: Laws<'_, 'c>, as_elected: bool) -> Resold {
        let (action, before) = (self.action, self.reasons.len());
        let (picks, against) = (SmallVec::new(), Vec::new());
        let mut found = Resold { left: action.units, picks, against, exemptions: Exemptions::NONE };
        for (place, lot) in action.lots.iter().enumerate() {
            if found.left.is_zero() {
                break;
            }
            let units = lot.units.min(found.left);
            self.pays_for(action.units - found.left, units);
            let resold = self.resold(laws, place as u16, lot, units, as_elected);
            found.against.append(&mut self.reasons.split_off(before));
            let Some((pick, under)) = resold else { continue };
            found.left -= units;
            found.exemptions = found.exemptions.and(under);
            found.picks.push(pick);
        }
        self.paid = action.paid;
        found
    }

    /// What is paid falls on the lots by their units, up to each rounded up: together they pay what is paid.
    fn pays_for(&mut self, before: Units, units: Units) {
        let all = self.action.units;
        let up_to = |units, amount| Units(amount).share(units, all).0;
        let share = |amount| up_to(before + units, amount) - up_to(before, amount);
        self.paid = self.action.paid.map(|(currency, amount)| (currency, share(amount)));
    }

    /// May so many units of this lot be resold, as every profile asks that it is under or comes under, and by what was
    /// elected if only that will do? What they are stamped with then, and the profiles by which they were.
    fn resold(
        &mut self,
        laws: Laws<'_, 'c>,
        place: u16,
        lot: &Lot,
        units: Units,
        as_elected: bool,
    ) -> Option<(Pick, Exemptions)> {
        let (Laws { adopted, entered, .. }, kept) = (laws, self.kept());
        let binding = laws.binding(lot);
        // Its paths are its own, whichever the lots before it went by.
        let met = std::mem::take(&mut self.met);
        let (restart, paths, none) = (false, Paths::NONE, Exemptions::NONE);
        let mut pick = Pick { place, units, paths, restart, keeps: none, freed: none };
        self.narrowed = Some(smallvec![Lot { units, ..*lot }]);
        let mut may_go = true;
        for number in binding.numbers() {
            let known = adopted.iter().find(|it| it.number == number);
            let Some(Adopted { record, .. }) = known else {
                self.reasons.push(Reason::new(Layer::Jurisdiction, ReasonCode::NoPath));
                may_go = false;
                continue;
            };
            self.voice = Voice::of(record, Some(number));
            self.stamp = Stamp::default();
            may_go &= self.all(&record.profile.resale);
            let Stamp { restart, free } = self.stamp;
            pick.restart |= restart;
            let stays = if free { &mut pick.freed } else { &mut pick.keeps };
            *stays = stays.with(number);
        }
        let mut under = binding;
        for (place, first) in entered.iter().enumerate().filter(|(_, it)| it.asks(lot)) {
            let is_of_it = |other: &Entered<'_>| first.law.is_beside(&other.law);
            let known = lot.exemptions.and(lot.freed);
            let is_its = |it: &&Adopted<'_>| known.numbers().any(|own| own == it.number);
            let is_under = adopted.iter().filter(is_its).any(|it| first.law.is_beside(it));
            if is_under || entered[..place].iter().any(is_of_it) {
                continue;
            }
            let laws = entered.iter().filter(|it| is_of_it(it)).map(|it| &it.law);
            match self.enter(laws, &mut pick) {
                Some(number) => under = under.with(number),
                None => may_go = false,
            }
        }
        self.narrowed = None;
        self.stamp = kept.stamp;
        self.met = met;
        if let Some(elected) = self.action.elected.filter(|_| may_go && as_elected)
            && !self.relies_on_elected(kept.relied)
        {
            self.reasons.push(not_offered(elected));
            may_go = false;
        }
        if !may_go {
            self.restore(kept);
            return None;
        }
        pick.paths = self.relied[kept.relied..].iter().collect();
        Some((pick, under))
    }

    /// Units come into a jurisdiction that knows nothing of them: each resale is an offer of its own there, under the
    /// first of its profiles whose rules for resales pass. Regulation (EU) 2017/1129 Article 5(1). One that has none says
    /// what becomes of the units issued under it, and not how others come in.
    fn enter<'l>(
        &mut self,
        laws: impl Iterator<Item = &'l Adopted<'c>>,
        pick: &mut Pick,
    ) -> Option<u16>
    where
        'c: 'l,
    {
        let before = self.reasons.len();
        let kept = self.kept();
        for Adopted { number, record, .. } in laws {
            let tried = self.reasons.len();
            self.voice = Voice::of(record, Some(*number));
            self.stamp = Stamp::default();
            let resale = &record.profile.resale;
            if resale.is_empty() {
                self.reasons.push(self.reason(ReasonCode::WrongKind).of(Side::Receiver));
            }
            let is_way_in = !resale.is_empty() && self.is_effective(&record.profile);
            if is_way_in & self.all(resale) {
                self.reasons.truncate(before);
                let Stamp { restart, free } = self.stamp;
                pick.restart |= restart;
                let stays = if free { &mut pick.freed } else { &mut pick.keeps };
                *stays = stays.with(*number);
                return Some(*number);
            }
            self.restore(kept);
            self.name_path(tried, &record.profile.id);
        }
        let no_path = Reason::new(Layer::Jurisdiction, ReasonCode::NoPath).of(Side::Receiver);
        self.reasons.insert(before, Reason { country: self.residence(), ..no_path });
        None
    }

    /// The law of the land, if there is one.
    fn land(&mut self, law: &'c [(Name, u32)]) {
        for (id, version) in law {
            let record = PROFILES.read(self.ctx, &(id.clone(), *version));
            let Some(record) = record.filter(|it| !it.profile.always.is_empty()) else { continue };
            self.voice = Voice::of(record, None);
            let today = self.days().date(self.now);
            if self.known(today).is_some_and(|today| record.profile.is_effective(today)) {
                self.all(&record.profile.always);
            }
        }
    }

    /// What the asset's own profiles ask of every movement to another than the issuer, whichever day it is: a fund's exemption
    /// from registration binds until its agent drops it.
    fn bound(&mut self, adopted: &[Adopted<'c>]) {
        for Adopted { number, record, .. } in adopted.iter().filter(|it| it.is_open) {
            if !record.profile.always.is_empty() {
                self.voice = Voice::of(record, Some(*number));
                self.all(&record.profile.always);
            }
        }
    }

    /// What a profile asks before money that was paid under it is used, or had back. It binds once it is the law, for good:
    /// what was paid under it stays under it.
    pub(super) fn of_money(&mut self, question: &Asked<'c>) {
        let Profile { effective: (from, _), .. } = *question.law.profile;
        self.voice = Voice::of(question.law, Some(question.number));
        let days = self.days();
        let Some(today) = self.known(days.date(self.now)) else { return };
        if today < from {
            let mut reason = self.reason(ReasonCode::WindowClosed);
            reason.when = days.start(from);
            self.reasons.push(reason);
        }
        // Where the law says nothing of it, nobody has its money back, and nobody's is used.
        if question.rules().is_empty() {
            self.refuse(ReasonCode::WrongKind);
        }
        self.all(question.rules());
    }

    /// Where the receiver resides.
    fn residence(&self) -> Option<Country> {
        self.to.as_ref().and_then(|to| to.person).map(|person| person.residence)
    }

    fn is_effective(&mut self, profile: &Profile) -> bool {
        let days = self.days();
        let Some(today) = self.known(days.date(self.now)) else { return false };
        let is_effective = profile.is_effective(today);
        if !is_effective {
            let mut reason = self.reason(ReasonCode::WindowClosed);
            reason.when = days.start(profile.effective.0).filter(|from| *from > self.now);
            self.reasons.push(reason);
        }
        is_effective
    }

    /// Says on which path reasons stand in the way: the profile's, and within it perhaps another's.
    fn name_path(&mut self, from: usize, name: &str) {
        for reason in self.reasons[from..].iter_mut().filter(|_| self.in_words) {
            reason.path = Some(match reason.path.take() {
                Some(inner) => format!("{name}: {inner}"),
                None => name.to_owned(),
            });
        }
    }

    /// Units that go, of those that are to be moved.
    pub(super) fn moving(&self) -> Units {
        let narrowed = self.narrowed.as_ref().map(|lots| lots.iter().map(|lot| lot.units).sum());
        narrowed.unwrap_or(self.action.units)
    }
}

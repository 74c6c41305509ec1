//! The layer of jurisdictions: under which exemption units are issued, by whose rules they are resold,
//! and the law of the land on both sides.

use super::{Judge, Known, Stamp, Voice};
use crate::{
    Adoption, Kind, LAND, Layer, Lot, PROFILES, Pick, Profile, Reason, ReasonCode, Side,
    profile::{adoption, adoptions},
};
use types::{Country, Units};

impl<'c> Judge<'c, '_> {
    /// What the law of jurisdictions says.
    pub(super) fn law(&mut self) {
        let action = self.action;
        // The issuer's own holding is nobody's investment.
        let is_investment = action.to.is_some() && action.to != Some(action.facts.issuer);
        match action.kind {
            _ if !is_investment => {}
            Kind::Issue => self.admit(|profile| &profile.issue),
            Kind::Offer => self.admit(|profile| &profile.offer),
            Kind::Transfer if action.is_placement() => self.admit(|profile| &profile.issue),
            Kind::Transfer => self.resell(),
            Kind::Redeem | Kind::Forced => {}
        }
        let is_free = self.stamp.free;
        let country = |known: &Known<'_>| known.person.map(|person| person.residence);
        let from = self.from.as_ref().and_then(country);
        let to = self.to.as_ref().and_then(country).filter(|to| Some(*to) != from);
        for country in [from, to].into_iter().flatten() {
            self.land(country);
        }
        if is_investment {
            self.bound();
        }
        self.stamp.free = is_free;
    }

    /// What an order makes anew, or takes from the issuer for another, is as restricted as what the asset
    /// issued first: an order opens no way around the exemptions.
    pub(super) fn made_by_order(&mut self) {
        let action = self.action;
        let is_made = action.from.is_none_or(|from| from == action.facts.issuer);
        if is_made && action.to.is_some_and(|to| to != action.facts.issuer) {
            let issues = |(number, adoption): (u16, Adoption)| {
                self.profile(&adoption).filter(|it| !it.issue.is_empty()).map(|_| number)
            };
            self.exemption = adoptions(self.ctx, action.asset).find_map(issues).unwrap_or_default();
        }
    }

    /// Units come to a holder under the first of the asset's profiles that serves its country and passes,
    /// or under the one that was chosen. An asset that adopted none is not bound by it.
    fn admit(&mut self, rules: fn(&Profile) -> &Vec<crate::Rule>) {
        let asset = self.action.asset;
        // A profile that says nothing of issues serves resales or asks for duties; nothing is issued under it.
        let serves = |(number, adoption): (u16, Adoption)| {
            let profile = self.profile(&adoption).filter(|_| adoption.is_open)?;
            (!profile.issue.is_empty()).then_some((number, profile))
        };
        let open: Vec<(u16, &'c Profile)> = adoptions(self.ctx, asset).filter_map(serves).collect();
        let residence = self.to.as_ref().and_then(|to| to.person).map(|person| person.residence);
        let Some(residence) = residence.filter(|_| !open.is_empty()) else { return };
        let before = self.reasons.len();
        let mut is_served = false;
        for (number, profile) in open {
            let chosen = self.action.exemption;
            if !profile.covers.has(residence) || (chosen != 0 && chosen != number) {
                continue;
            }
            is_served = true;
            let tried = self.reasons.len();
            let kept = (self.stamp, self.consequences.len());
            self.speak(Layer::Jurisdiction, profile);
            let is_effective = self.is_effective(profile);
            if is_effective & self.all(rules(profile)) {
                self.reasons.truncate(before);
                self.exemption = number;
                return;
            }
            self.stamp = kept.0;
            self.consequences.truncate(kept.1);
            self.name_path(tried, &profile.id);
        }
        let code = if is_served { ReasonCode::NoPath } else { ReasonCode::CountryForbidden };
        let mut reason = Reason::new(Layer::Jurisdiction, code);
        if !is_served {
            reason = reason.of(Side::Receiver);
            reason.country = Some(residence);
        }
        self.reasons.insert(before, reason);
    }

    /// Each lot is resold by the rules of the profile under which it was issued. Those that may go, go,
    /// most seasoned first, until there are enough.
    fn resell(&mut self) {
        let action = self.action;
        if action.lots.iter().all(|lot| lot.exemption == 0) || action.units.is_zero() {
            return;
        }
        let before = self.reasons.len();
        let mut left = action.units;
        let mut picks = Vec::new();
        let mut against: Vec<Reason> = Vec::new();
        let (mut path, mut exemption) = (0, 0);
        for (place, lot) in action.lots.iter().enumerate() {
            if left.is_zero() {
                break;
            }
            let units = lot.units.min(left);
            let stamp = match lot.exemption {
                0 => Some(Stamp::default()),
                _ => self.resold(lot, units),
            };
            against.append(&mut self.reasons.split_off(before));
            let Some(stamp) = stamp else { continue };
            left -= units;
            if path == 0 {
                path = stamp.path;
            }
            if exemption == 0 {
                exemption = lot.exemption;
            }
            let Stamp { path, restart, free } = stamp;
            picks.push(Pick { place: place as u16, units, path, restart, free });
        }
        if left.is_zero() {
            self.stamp.path = path;
            self.exemption = exemption;
            self.narrowed = Some(
                picks
                    .iter()
                    .map(|p| Lot { units: p.units, ..action.lots[usize::from(p.place)] })
                    .collect(),
            );
            self.picks = picks;
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
        let is_one_lock = seen.len() == 1;
        if !is_one_lock {
            self.reasons.push(no_path.amounts(free.0, action.units.0));
        }
        self.reasons.extend(seen);
    }

    /// May so many units of this lot be resold? What they are stamped with then.
    fn resold(&mut self, lot: &Lot, units: Units) -> Option<Stamp> {
        let adoption = adoption(self.ctx, self.action.asset, lot.exemption)?;
        let Some(profile) = self.profile(&adoption) else {
            self.reasons.push(Reason::new(Layer::Jurisdiction, ReasonCode::NoPath));
            return None;
        };
        let kept = (self.stamp, self.consequences.len());
        self.stamp = Stamp::default();
        self.narrowed = Some(vec![Lot { units, ..*lot }]);
        self.speak(Layer::Jurisdiction, profile);
        let passes = self.all(&profile.resale);
        self.narrowed = None;
        let stamp = std::mem::replace(&mut self.stamp, kept.0);
        if !passes {
            self.consequences.truncate(kept.1);
        }
        passes.then_some(stamp)
    }

    /// The law of the land, if there is one.
    fn land(&mut self, country: Country) {
        let Some(law) = LAND.read(self.ctx, &country) else { return };
        for (id, version) in law.iter() {
            let Some(record) = PROFILES.read(self.ctx, &(id.clone(), *version)) else { continue };
            if record.profile.is_effective(self.now.date()) {
                self.speak(Layer::Jurisdiction, &record.profile);
                self.all(&record.profile.always);
            }
        }
    }

    /// What the asset's own profiles ask of every movement: a fund's exemption from registration.
    fn bound(&mut self) {
        let asset = self.action.asset;
        let open: Vec<&'c Profile> = adoptions(self.ctx, asset)
            .filter(|(_, adoption)| adoption.is_open)
            .filter_map(|(_, adoption)| self.profile(&adoption))
            .filter(|profile| !profile.always.is_empty())
            .collect();
        for profile in open {
            self.speak(Layer::Jurisdiction, profile);
            self.all(&profile.always);
        }
    }

    fn profile(&self, adoption: &Adoption) -> Option<&'c Profile> {
        let record = PROFILES.read(self.ctx, &(adoption.id.clone(), adoption.version));
        record.map(|record| &*record.profile)
    }

    fn speak(&mut self, layer: Layer, profile: &Profile) {
        let profile = profile.id.clone();
        self.voice = Voice { layer, profile, source: None, says: None };
    }

    fn is_effective(&mut self, profile: &Profile) -> bool {
        let is_effective = profile.is_effective(self.now.date());
        if !is_effective {
            let mut reason = self.reason(ReasonCode::WindowClosed);
            reason.when = Some(profile.effective.0.start()).filter(|from| *from > self.now);
            self.reasons.push(reason);
        }
        is_effective
    }

    /// Says on which path reasons stand in the way: the profile's, and within it perhaps another's.
    fn name_path(&mut self, from: usize, name: &str) {
        for reason in &mut self.reasons[from..] {
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

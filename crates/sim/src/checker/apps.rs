//! Apps as they follow from announcements: who answers for them, who attests their code, what bounds each use.

use super::{
    book::Book,
    fold::{Broken, law},
    wire::*,
};

/// An app's developer, standing and contracts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub developer: u64,
    pub version: u32,
    pub standing: u8,
    pub contracts: Vec<Wallet>,
}

/// What bounds each use of something given, and what was used in the period of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub at_once: Option<u128>,
    pub period: Option<(u128, u64)>,
    pub attested: bool,
    since: u64,
    number: u64,
    used: u128,
}

/// A delegation as it was given and used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegated {
    pub operations: u32,
    pub asset: Option<u64>,
    pub left: Option<u128>,
    pub expires: u64,
    /// Which owner of the account gave it.
    pub by: Option<Wallet>,
    pub bounds: Bounds,
}

const DEVELOPER: u8 = 0;
const AUDITOR: u8 = 1;
const ACTIVE: u8 = 0;

impl Bounds {
    pub fn new(terms: &Terms, now: u64) -> Self {
        let period = terms.period.as_ref().map(|period| (period.units, period.length_ms));
        let (at_once, attested) = (terms.at_once, terms.attested);
        Self { at_once, period, attested, since: now, number: 0, used: 0 }
    }

    /// Counts a use, which must be within what it is bounded by. TRU-1.
    pub fn count(&mut self, units: u128, now: u64) -> Result<(), Broken> {
        let at_once = self.at_once.unwrap_or(u128::MAX);
        law!(units <= at_once, "TRU-1 {units} units at once, {at_once} are allowed");
        let Some((most, length)) = self.period else { return Ok(()) };
        let number = (now - self.since) / length;
        if number != self.number {
            (self.number, self.used) = (number, 0);
        }
        self.used += units;
        let used = self.used;
        law!(used <= most, "TRU-1 {used} units within one period, {most} are allowed");
        Ok(())
    }

    /// When the period of the last use began, and what was used in it.
    pub fn told(&self) -> Option<(u64, u128)> {
        self.period.map(|(_, length)| (self.since + self.number * length, self.used))
    }
}

/// The same of a record.
pub fn told(terms: &Terms) -> Option<(u64, u128)> {
    terms.period.as_ref().map(|period| (period.began, period.used))
}

impl Book {
    fn in_role(&self, role: u8, person: u64) -> bool {
        self.is_active(person) && self.roles.get(&(role, person)) == Some(&ACTIVE)
    }

    /// A published contract acts for others only while itself, its app and its developer stand. TRU-8.
    pub fn app_acts(&self, contract: &Wallet) -> Result<(), Broken> {
        let Some((number, _, is_listed)) = self.contracts.get(contract) else { return Ok(()) };
        let app = self.apps.get(number).ok_or("TRU-8 a contract of no app")?;
        let stands = app.standing == ACTIVE && self.in_role(DEVELOPER, app.developer);
        law!(*is_listed && stands, "TRU-8 app {number} acted and does not stand: {app:?}");
        Ok(())
    }

    /// True if an auditor in standing, who is not its developer, attests the contract's code now.
    pub fn is_attested(&self, contract: &Wallet) -> bool {
        let Some((number, code, _)) = self.contracts.get(contract) else { return false };
        let Some(app) = self.apps.get(number) else { return false };
        let said = self.attestations.range((*code, 0)..=(*code, u64::MAX));
        said.filter(|((_, auditor), _)| *auditor != app.developer)
            .any(|((_, auditor), expires)| self.now < *expires && self.in_role(AUDITOR, *auditor))
    }

    /// A contract that acts for a holder of an asset, where the giver or the issuer asks for attested code.
    pub fn app_may(&self, by: &Wallet, asset: Option<u64>, attested: bool) -> Result<(), Broken> {
        self.app_acts(by)?;
        let is_contract = !self.wallets.contains_key(by);
        let is_demanded = asset.is_some_and(|asset| self.demands.contains(&asset)) && is_contract;
        let is_asked = attested || is_demanded;
        law!(!is_asked || self.is_attested(by), "TRU-8 {by:02x?} acted and nobody attests it");
        Ok(())
    }

    pub(super) fn app_event(&mut self, event: TrustEvent) -> Result<(), Broken> {
        use TrustEvent::*;
        match event {
            RoleSet { role, person, standing } => {
                let before = self.roles.insert((role, person), standing);
                law!(before != Some(2), "TRU-8 {person} had ended in role {role}");
            }
            AppPublished { app, developer, version, contracts, .. } => {
                law!(self.in_role(DEVELOPER, developer), "TRU-8 {developer} is no developer now");
                let before = self.apps.get(&app).cloned();
                let (last, standing) =
                    before.as_ref().map_or((0, ACTIVE), |app| (app.version, app.standing));
                law!(version == last + 1, "TRU-8 version {version} of app {app} after {last}");
                law!(standing != 2, "TRU-8 app {app} had ended");
                for contract in before.iter().flat_map(|app| &app.contracts) {
                    self.contracts.get_mut(contract).ok_or("a contract of no app")?.2 = false;
                }
                for (contract, code) in &contracts {
                    let known = self.contracts.insert(*contract, (app, *code, true));
                    let is_free = known.is_none_or(|(owner, ..)| owner == app);
                    law!(is_free, "TRU-8 {contract:02x?} was another app's");
                }
                let contracts = contracts.into_iter().map(|(contract, _)| contract).collect();
                let published = Published { developer, version, standing, contracts };
                self.apps.insert(app, published);
            }
            AppStanding { app, standing } => {
                let known = self.apps.get_mut(&app).ok_or("no such app")?;
                law!(known.standing != 2, "TRU-8 app {app} had ended");
                known.standing = standing;
            }
            CodeAttested { code, auditor, expires, .. } => {
                law!(self.in_role(AUDITOR, auditor), "TRU-8 {auditor} is no auditor now");
                self.attestations.insert((code, auditor), expires);
            }
            AttestationWithdrawn { code, auditor } => {
                let before = self.attestations.remove(&(code, auditor));
                law!(before.is_some(), "TRU-8 nothing was withdrawn");
            }
            AttestationDemanded { asset, demanded } => {
                match demanded {
                    true => self.demands.insert(asset),
                    false => self.demands.remove(&asset),
                };
            }
            _ => {}
        }
        Ok(())
    }
}

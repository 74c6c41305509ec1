//! Apps: who publishes them and attests their code, what holders and issuers let them do.

use super::{Seen, Traffic, Wish, service};
use crate::{
    abi::{IApps, IIdentity, ITrust},
    cast::OPERATOR,
};
use state::Context;
use trust::{Role, Standing};
use types::{AccountId, Address, B256, Module, PersonId};

impl Traffic {
    pub(super) fn app_wish(&mut self) -> Wish {
        let trust = service(Module::Trust);
        let operator = if self.dice.chance(85) { OPERATOR } else { self.anyone() };
        match self.dice.below(12) {
            0..3 => {
                let (person, role) = (self.person(), self.dice.below(2) as u8);
                let standing = self.standing();
                Wish::call(operator, trust, IApps::setRoleCall { person, role, standing })
            }
            3..6 => self.publication(),
            6..8 => {
                let (by, code) = (self.auditor(), self.code());
                let (report, uri) = (B256::repeat_byte(9), "https://audit.example".into());
                let expires = self.moment();
                Wish::call(by, trust, IApps::attestCodeCall { code, report, uri, expires })
            }
            8 => {
                let (by, code) = (self.auditor(), self.code());
                Wish::call(by, trust, IApps::withdrawAttestationCall { code })
            }
            9 => {
                let (developer, app) = self.app();
                let by = if self.dice.chance(70) { operator } else { developer };
                let standing = *self.dice.pick(&[0, 1, 1, 2]);
                Wish::call(by, trust, IApps::setAppStandingCall { app, standing })
            }
            10 => {
                let (asset, issuer) = self.asset();
                let (by, demanded) = (self.agent(issuer), self.dice.chance(40));
                let call = IApps::demandAttestationCall { asset: asset.0, demanded };
                Wish::call(by, trust, call)
            }
            _ => {
                let (asset, issuer) = self.asset();
                let (by, grantee) = (self.agent(issuer), self.contract());
                let power = *self.dice.pick(&[6, 6, 7, 13]);
                let key = ITrust::GrantKey { grantee, power, asset: asset.0, class: 0 };
                let (mut limit, expires) = (self.limit(), self.moment());
                let (mut at_once, mut per_period, mut period, attested) = self.terms();
                // A pause counts no units, and bounds of it are refused.
                if power == 13 && self.dice.chance(90) {
                    (limit, at_once, per_period, period) = (0, 0, 0, 0);
                }
                let terms =
                    ITrust::Terms { atOnce: at_once, perPeriod: per_period, period, attested };
                Wish::call(by, trust, ITrust::grantWithinCall { key, limit, expires, terms })
            }
        }
    }

    /// A holder lets a contract act for it, within terms.
    pub(super) fn delegation_within(&mut self) -> Wish {
        let (by, wallet, asset) = (self.anyone(), self.contract(), self.asset().0.0);
        let (at_once, per_period, period, attested) = self.terms();
        let call = IIdentity::delegateWithinCall {
            wallet,
            operations: self.dice.between(1, 3) as u32,
            asset: if self.dice.chance(50) { 0 } else { asset },
            limit: self.limit(),
            expires: self.moment(),
            terms: IIdentity::Terms { atOnce: at_once, perPeriod: per_period, period, attested },
        };
        Wish::call(by, service(Module::Identity), call)
    }

    /// Whose units a contract would move: mostly those of a holder that lets it.
    pub(super) fn holder_of(&mut self, contract: Address) -> Address {
        let own = self.seen.lent.iter().filter(|(_, to)| *to == contract);
        let keys: Vec<_> = own.map(|(key, _)| *key).collect();
        match keys.is_empty() || self.dice.chance(25) {
            true => self.wallet(),
            false => {
                let key = *self.dice.pick(&keys);
                self.cast.wallet(key)
            }
        }
    }

    fn publication(&mut self) -> Wish {
        let (developer, app) = self.app();
        let by = match self.seen.developers.is_empty() {
            true => developer,
            false => *self.dice.pick(&self.seen.developers),
        };
        let own = self.seen.codes.iter().filter(|(_, _, creator)| *creator == Some(by));
        let own: Vec<_> = own.map(|(at, code, _)| (*at, *code)).collect();
        let all: Vec<_> = self.seen.codes.iter().map(|(at, code, _)| (*at, *code)).collect();
        let among = if own.is_empty() || self.dice.chance(10) { all } else { own };
        let named = self.dice.between(1, 2);
        let contracts = (0..named).map(|_| match among.is_empty() {
            true => IApps::Listed { at: Address::repeat_byte(1), code: B256::repeat_byte(1) },
            false => {
                let (at, code) = *self.dice.pick(&among);
                IApps::Listed { at, code }
            }
        });
        let version = IApps::Version {
            name: "Escrow".into(),
            uri: "https://app.example".into(),
            manifest: B256::repeat_byte(7),
            contracts: contracts.collect(),
            powers: if self.dice.chance(80) { 0x1ffff } else { 1 << 6 },
            operations: if self.dice.chance(80) { 3 } else { 1 },
        };
        let trust = service(Module::Trust);
        match self.dice.chance(60) {
            true => Wish::call(by, trust, IApps::publishAppCall { version }),
            false => Wish::call(developer, trust, IApps::publishVersionCall { app, version }),
        }
    }

    /// An app and the key of its developer, mostly.
    fn app(&mut self) -> (usize, u64) {
        match self.seen.apps.is_empty() {
            true => (self.anyone(), self.dice.below(3)),
            false => *self.dice.pick(&self.seen.apps),
        }
    }

    fn auditor(&mut self) -> usize {
        match self.seen.auditors.is_empty() || self.dice.chance(10) {
            true => self.anyone(),
            false => *self.dice.pick(&self.seen.auditors),
        }
    }

    fn code(&mut self) -> B256 {
        match self.seen.codes.is_empty() || self.dice.chance(5) {
            true => B256::repeat_byte(3),
            false => self.dice.pick(&self.seen.codes).1,
        }
    }

    fn contract(&mut self) -> Address {
        match self.contracts.is_empty() {
            true => self.wallet(),
            false => *self.dice.pick(&self.contracts),
        }
    }

    /// Mostly active.
    fn standing(&mut self) -> u8 {
        match self.dice.below(10) {
            0 => 2,
            1..4 => 1,
            _ => 0,
        }
    }

    fn limit(&mut self) -> u128 {
        if self.dice.chance(50) { 0 } else { self.amount() }
    }

    fn terms(&mut self) -> (u128, u128, u64, bool) {
        let at_once = if self.dice.chance(50) { 0 } else { self.amount() };
        let (per_period, period) = match self.dice.chance(50) {
            true => (0, 0),
            false => (self.amount(), self.dice.between(1, 600_000)),
        };
        (at_once, per_period, period, self.dice.chance(25))
    }
}

impl Seen {
    pub(super) fn look_at_apps(&mut self, ctx: &Context<'_>, contracts: &[Address]) {
        for id in 1..=self.persons {
            let person = PersonId(id);
            let stands = |role| trust::ROLES.get(ctx, &(role, person)) == Some(Standing::Active);
            let key = self.key_of_person(person);
            self.developers.extend(key.filter(|_| stands(Role::Developer)));
            self.auditors.extend(key.filter(|_| stands(Role::Auditor)));
        }
        for number in 1..trust::NEXT_APP.get(ctx, &()).unwrap_or(1) {
            let app = trust::APPS.get(ctx, &number);
            let key = app.and_then(|app| self.key_of_person(app.developer));
            self.apps.extend(key.map(|key| (key, number)));
        }
        for contract in contracts {
            let creator = evm::CREATORS.get(ctx, contract);
            let creator = creator.and_then(|wallet| identity::account_of(ctx, &wallet));
            let creator = creator.and_then(|account| self.key_of_person(account.person));
            let code = evm::code_hash(ctx, contract);
            self.codes.extend(code.map(|code| (*contract, code, creator)));
            let lets = |account: &AccountId| identity::DELEGATIONS.has(ctx, &(*account, *contract));
            let own = self.wallets.iter().filter(|(_, account)| lets(account));
            self.lent.extend(own.map(|(key, _)| (*key, *contract)));
        }
    }
}

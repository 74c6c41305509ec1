//! Who is who: registration, vouchers, claims, delegations, recoveries, supervision.

use super::{Traffic, Wish, service};
use crate::{
    abi::{IIdentity, ILedger, ITrust},
    cast::{CHAIN_ID, COUNTRIES, OPERATOR, PROVIDERS},
};
use identity::{ClaimGiven, PersonKind, Purpose, Registration, topic};
use state::{Base, Context, Env, Schema, View};
use types::{Address, B256, Bytes, Country, Module, PersonId, ShardId, Time, sha256};

const TOPICS: [u32; 5] =
    [topic::KYC_NATURAL, topic::ACCREDITED, topic::ACCREDITED, topic::QIB, topic::AFFILIATE];

impl Traffic {
    pub(super) fn people_wish(&mut self) -> Wish {
        let identity = service(Module::Identity);
        let provider = *self.dice.pick(&PROVIDERS);
        match self.dice.below(26) {
            0..2 => {
                let registrations = (0..self.dice.between(1, 3)).map(|_| self.registration());
                let registrations = registrations.collect();
                Wish::call(provider, identity, IIdentity::registerCall { registrations })
            }
            2..5 => self.enrolment(),
            5 => {
                let by = self.anyone();
                let key = self.fresh();
                let wallet = self.cast.wallet(key);
                let person = self.account_of(by).map_or(1, |account| account.person.0);
                let deadline = self.moment();
                let consent = self.consent(Purpose::Account, key, person, deadline);
                Wish::call(by, identity, IIdentity::openAccountCall { wallet, deadline, consent })
            }
            6..10 => {
                let (by, person, claim) = (self.attestor(), self.person(), self.claim());
                Wish::call(by, identity, IIdentity::attestCall { person, claim: abi_claim(claim) })
            }
            10..12 => {
                let (by, person) = (self.attestor(), self.person());
                let topic = *self.dice.pick(&[&TOPICS[..], &[topic::UNDER_REVIEW]].concat());
                Wish::call(by, identity, IIdentity::revokeCall { person, topic })
            }
            12..14 => {
                let (by, person) = (self.attestor(), self.person());
                let residence = abi_country(self.dice.pick::<&str>(&COUNTRIES));
                Wish::call(by, identity, IIdentity::setResidenceCall { person, residence })
            }
            14 => self.delegation_within(),
            15 => {
                let (by, wallet, asset) = (self.anyone(), self.spender(), self.asset().0.0);
                let call = IIdentity::delegateCall {
                    wallet,
                    operations: self.dice.below(4) as u32,
                    asset: if self.dice.chance(50) { 0 } else { asset },
                    limit: if self.dice.chance(50) { 0 } else { self.amount() },
                    expires: self.moment(),
                };
                Wish::call(by, identity, call)
            }
            16 => {
                let (by, wallet) = self.delegation();
                Wish::call(by, identity, IIdentity::revokeDelegationCall { wallet })
            }
            17 => {
                let (by, person) = (self.anyone(), self.person());
                let frozen = self.dice.chance(60);
                Wish::call(by, identity, IIdentity::freezeDelegationsCall { person, frozen })
            }
            18..20 => {
                let (by, lost) = (self.attestor(), self.anyone());
                let key = self.fresh();
                let person = self.account_of(lost).map_or(1, |account| account.person.0);
                let (account, wallet) = (self.cast.wallet(lost), self.cast.wallet(key));
                let deadline = self.moment();
                let consent = self.consent(Purpose::Recovery, key, person, deadline);
                let call = IIdentity::startRecoveryCall { account, wallet, deadline, consent };
                Wish::call(by, identity, call)
            }
            20..22 => {
                let by = self.anyone();
                let account = self.recovering();
                match self.dice.chance(20) {
                    true => Wish::call(by, identity, IIdentity::cancelRecoveryCall { account }),
                    false => Wish::call(by, identity, IIdentity::completeRecoveryCall { account }),
                }
            }
            _ => self.supervision(),
        }
    }

    /// What is under way goes on, which chance alone would seldom find: an announced order, a fallen provider's book, a
    /// death that was none, a delegation, a proposal, an asset without units.
    pub(super) fn pending(&mut self) -> Option<Wish> {
        let (identity, ledger) = (service(Module::Identity), service(Module::Ledger));
        let order = IIdentity::Order {
            authority: "court".into(),
            r#ref: "7 S 12/26".into(),
            document: B256::repeat_byte(7),
            expires: 0,
        };
        match self.dice.below(12) {
            0 | 1 | 7 | 8 => {
                let (asset, issuer) = self.asset();
                Some(self.taking(issuer, asset, 0))
            }
            9 if !self.seen.freezes.is_empty() => Some(self.contest(OPERATOR)),
            10 | 11 if !self.seen.suspensions.is_empty() => Some(self.objection(OPERATOR)),
            2 if !self.seen.fallen.is_empty() => Some(self.handover(order)),
            3 if !self.seen.dead.is_empty() => {
                let person = *self.dice.pick(&self.seen.dead);
                let call = IIdentity::withdrawDeathCall { person, order };
                Some(Wish::call(OPERATOR, identity, call))
            }
            4 if !self.seen.delegations.is_empty() => {
                let (giver, wallet) = *self.dice.pick(&self.seen.delegations);
                let by = (0..self.cast.size()).find(|key| self.cast.wallet(*key) == wallet)?;
                let legs = vec![ILedger::Leg { to: self.wallet(), units: 1 }];
                let (asset, class, from) = (self.asset().0.0, 0, self.cast.wallet(giver));
                let call = ILedger::transferBatchCall { asset, class, from, legs };
                Some(Wish::call(by, ledger, call))
            }
            5 if !self.seen.proposals.is_empty() => {
                let (proposal, keys) = self.dice.pick(&self.seen.proposals).clone();
                let by = *keys.first()?;
                let call = ITrust::withdrawProposalCall { proposal };
                Some(Wish::call(by, service(Module::Trust), call))
            }
            6 if !self.seen.empty.is_empty() && self.dice.chance(30) => {
                let (asset, by) = *self.dice.pick(&self.seen.empty);
                Some(Wish::call(by, ledger, ILedger::closeAssetCall { asset: asset.0 }))
            }
            _ => None,
        }
    }

    /// A suspension is contested by whom it binds, or decided.
    fn objection(&mut self, by: usize) -> Wish {
        let identity = service(Module::Identity);
        let (person, order, own, waits) = *self.dice.pick(&self.seen.suspensions);
        let document = B256::repeat_byte(self.dice.below(5) as u8);
        if self.dice.chance(if waits { 80 } else { 10 }) {
            let call = IIdentity::confirmSuspensionCall { person, order, document };
            return Wish::call(by, identity, call);
        }
        let by = own.filter(|_| self.dice.chance(90)).unwrap_or(by);
        let call = IIdentity::contestSuspensionCall { person, order, document };
        Wish::call(by, identity, call)
    }

    fn supervision(&mut self) -> Wish {
        let identity = service(Module::Identity);
        let by = if self.dice.chance(85) { OPERATOR } else { self.anyone() };
        let person = self.person();
        let order = IIdentity::Order {
            authority: if self.dice.chance(90) { "court".into() } else { String::new() },
            r#ref: "7 S 12/26".into(),
            document: B256::repeat_byte(7),
            expires: if self.dice.chance(50) { 0 } else { self.moment() },
        };
        match self.dice.below(15) {
            8..11 => self.handover(order),
            11 => {
                let by = if self.dice.chance(60) { self.attestor() } else { by };
                let died = if self.dice.chance(80) { 1 } else { self.moment() };
                Wish::call(by, identity, IIdentity::recordDeathCall { person, died, order })
            }
            12..14 => {
                let by = if self.dice.chance(40) { self.attestor() } else { by };
                let dead = self.seen.dead.clone();
                let person = if dead.is_empty() { person } else { *self.dice.pick(&dead) };
                Wish::call(by, identity, IIdentity::withdrawDeathCall { person, order })
            }
            14 => {
                let into = self.person();
                Wish::call(by, identity, IIdentity::mergePersonsCall { person, into, order })
            }
            0 => Wish::call(by, identity, IIdentity::admitProviderCall { provider: person }),
            1 => {
                let call = IIdentity::setProviderStandingCall {
                    provider: if self.dice.chance(50) { 3 } else { person },
                    isActive: self.dice.chance(60),
                };
                Wish::call(by, identity, call)
            }
            2 => {
                let call = IIdentity::cutOffProviderCall {
                    provider: if self.dice.chance(30) { 3 } else { person },
                    at: self.moment(),
                    keepEarlier: self.dice.chance(50),
                };
                Wish::call(by, identity, call)
            }
            3 => Wish::call(by, identity, IIdentity::suspendCall { person, order }),
            4..6 if !self.seen.suspensions.is_empty() && self.dice.chance(75) => self.objection(by),
            4..6 => {
                let person = self.one_of_suspended(person);
                Wish::call(by, identity, IIdentity::reinstateCall { person, order })
            }
            _ => {
                let hit = self.dice.chance(40);
                let person = if hit { person } else { self.one_of_sanctioned(person) };
                let call = IIdentity::setSanctionsCall { person, listVersion: 1, hit };
                Wish::call(by, identity, call)
            }
        }
    }

    /// A wallet enrols itself with a voucher that a provider signed, or did not.
    fn enrolment(&mut self) -> Wish {
        let key = self.fresh();
        let mut registration = self.registration();
        registration.wallet = self.cast.wallet(key);
        let deadline = self.moment();
        let provider = *self.dice.pick(&PROVIDERS);
        let signer = if self.dice.chance(85) { provider } else { self.anyone() };
        let digest = with_env(|ctx| {
            identity::voucher_digest(ctx, &module_registration(&registration), deadline)
        });
        let call = IIdentity::enrolCall {
            provider: provider as u64 + 1,
            signature: self.cast.sign(signer, &digest),
            registration,
            deadline,
        };
        Wish::call(key, service(Module::Identity), call)
    }

    fn registration(&mut self) -> IIdentity::Registration {
        let key = self.fresh();
        let claims = (0..self.dice.below(3)).map(|_| abi_claim(self.claim())).collect();
        let human = if self.dice.chance(90) { key as u64 + 100 } else { self.dice.below(120) };
        IIdentity::Registration {
            wallet: self.cast.wallet(key),
            kind: self.dice.below(5) as u8 % 4,
            residence: abi_country(self.dice.pick::<&str>(&COUNTRIES)),
            uniqueness: sha256(&[b"sim human", &human.to_be_bytes()]),
            claims,
        }
    }

    fn claim(&mut self) -> ClaimGiven {
        ClaimGiven {
            topic: if self.dice.chance(4) { topic::UNDER_REVIEW } else { *self.dice.pick(&TOPICS) },
            value: self.dice.below(3),
            dated: Time(self.dated()),
            expires: Time(self.moment()),
            evidence: B256::ZERO,
        }
    }

    /// Mostly none; else of a day within two years, and now and then one to come.
    fn dated(&mut self) -> u64 {
        match self.dice.below(20) {
            0..14 => 0,
            14..19 => self.seen.now.0.saturating_sub(self.dice.between(1, 730) * 86_400_000),
            _ => self.moment(),
        }
    }

    fn consent(&mut self, purpose: Purpose, key: usize, person: u64, deadline: u64) -> Bytes {
        let wallet = self.cast.wallet(key);
        let signer = if self.dice.chance(92) { key } else { self.anyone() };
        let digest = with_env(|ctx| {
            identity::consent_digest(ctx, PersonId(person), &wallet, purpose, Time(deadline))
        });
        self.cast.sign(signer, &digest)
    }

    /// A provider takes a person over on its word, or the network moves a book by order.
    fn handover(&mut self, order: IIdentity::Order) -> Wish {
        let identity = service(Module::Identity);
        let (person, from) = match self.seen.care.is_empty() {
            true => (self.person(), 1),
            false => *self.dice.pick(&self.seen.care),
        };
        let by = self.attestor();
        if self.seen.fallen.is_empty() || self.dice.chance(25) {
            let to = self.account_of(by).map_or(1, |account| account.person.0);
            let signer = self.key_of_first_account(person);
            let deadline = self.moment();
            let digest = with_env(|ctx| {
                let [person, from, to] = [person, from, to].map(PersonId);
                identity::care_digest(ctx, person, from, to, Time(deadline))
            });
            let consent = self.cast.sign(signer, &digest);
            return Wish::call(by, identity, IIdentity::takeOverCall { person, deadline, consent });
        }
        let from = if self.dice.chance(90) { *self.dice.pick(&self.seen.fallen) } else { from };
        let to = *self.dice.pick(&PROVIDERS) as u64 + 1;
        let book = self.seen.care.iter().filter(|(other, of)| *of == from && *other != to);
        let mut persons: Vec<u64> = book.map(|(other, _)| *other).take(4).collect();
        if persons.is_empty() || self.dice.chance(5) {
            persons.push(person);
        }
        let by = if self.dice.chance(85) { OPERATOR } else { self.anyone() };
        Wish::call(by, identity, IIdentity::moveBookCall { from, to, persons, order })
    }

    /// The key of a person's first account, or anyone's.
    fn key_of_first_account(&mut self, person: u64) -> usize {
        let first = types::AccountId::new(PersonId(person), 0);
        let known = self.seen.wallets.iter().find(|(_, account)| *account == first);
        match known.map(|(key, _)| *key) {
            Some(key) if self.dice.chance(90) => key,
            _ => self.anyone(),
        }
    }

    /// A key that owns nothing yet, mostly.
    fn fresh(&mut self) -> usize {
        if self.seen.fresh.is_empty() || self.dice.chance(5) {
            return self.anyone();
        }
        *self.dice.pick(&self.seen.fresh)
    }

    fn attestor(&mut self) -> usize {
        if self.dice.chance(88) { *self.dice.pick(&PROVIDERS) } else { self.anyone() }
    }

    fn account_of(&self, key: usize) -> Option<types::AccountId> {
        self.seen.wallets.iter().find(|(known, _)| *known == key).map(|(_, account)| *account)
    }

    fn one_of_suspended(&mut self, person: u64) -> u64 {
        let none = self.seen.suspended.is_empty();
        if none { person } else { *self.dice.pick(&self.seen.suspended) }
    }

    fn one_of_sanctioned(&mut self, person: u64) -> u64 {
        let none = self.seen.sanctioned.is_empty();
        if none { person } else { *self.dice.pick(&self.seen.sanctioned) }
    }

    /// A delegation that stands, mostly: the key of who gave it, and to whom.
    fn delegation(&mut self) -> (usize, Address) {
        if self.seen.delegations.is_empty() || self.dice.chance(20) {
            return (self.anyone(), self.wallet());
        }
        *self.dice.pick(&self.seen.delegations)
    }

    fn recovering(&mut self) -> Address {
        if self.seen.recoveries.is_empty() {
            return self.wallet();
        }
        let account = *self.dice.pick(&self.seen.recoveries);
        let key = self.seen.wallets.iter().find(|(_, known)| *known == account);
        key.map_or(Address::ZERO, |(key, _)| self.cast.wallet(*key))
    }
}

/// The digests depend on the chain and shard alone.
fn with_env<R>(work: impl FnOnce(&Context<'_>) -> R) -> R {
    let base = Base::new(&Schema::default());
    let env = Env {
        shard: ShardId(0),
        chain_id: CHAIN_ID,
        height: 0,
        time: Time(0),
        guest_gas: 30_000_000,
        gas_limit: 2_000_000_000,
    };
    work(&Context::new(View::of(&base), env))
}

fn abi_claim(claim: ClaimGiven) -> IIdentity::Claim {
    let ClaimGiven { topic, value, dated, expires, evidence } = claim;
    IIdentity::Claim { topic, value, dated: dated.0, expires: expires.0, evidence }
}

fn abi_country(country: &str) -> alloy_primitives::FixedBytes<2> {
    let letters = country.as_bytes();
    alloy_primitives::FixedBytes([letters[0], letters[1]])
}

fn module_registration(given: &IIdentity::Registration) -> Registration {
    let kinds = [PersonKind::Natural, PersonKind::Entity, PersonKind::Trust, PersonKind::Fund];
    let residence = String::from_utf8_lossy(given.residence.as_slice()).into_owned();
    let claim = |claim: &IIdentity::Claim| ClaimGiven {
        topic: claim.topic,
        value: claim.value,
        dated: Time(claim.dated),
        expires: Time(claim.expires),
        evidence: claim.evidence,
    };
    Registration {
        wallet: given.wallet,
        kind: kinds[given.kind as usize],
        residence: residence.parse::<Country>().expect("one of the simulation's countries"),
        uniqueness: given.uniqueness,
        claims: given.claims.iter().map(claim).collect(),
    }
}

//! The chain's facts as they follow from its announcements alone.

use super::{
    apps::{Bounds, Delegated, Published},
    judge::Move,
    profiles::Law,
    wire::*,
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

/// Topics that say a person went through due diligence.
const DUE_DILIGENCE: [u32; 2] = [1, 2];

/// Everything that blocks announced, folded.
#[derive(Default)]
pub struct Book {
    pub now: u64,
    pub recovery_delay_ms: u64,
    pub schedule: Option<Schedule>,
    pub persons: BTreeMap<u64, Known>,
    pub accounts: BTreeMap<Account, Wallet>,
    pub wallets: BTreeMap<Wallet, (Account, bool)>,
    /// By person, topic and provider.
    pub claims: BTreeMap<(u64, u32, u64), Said>,
    /// In standing, and since when cut off, keeping what was said before or not.
    pub providers: BTreeMap<u64, (bool, Option<(u64, bool)>)>,
    pub sanctions: BTreeSet<u64>,
    /// What a wallet may do for an account.
    pub delegations: BTreeMap<(Account, Wallet), Delegated>,
    pub apps: BTreeMap<u64, Published>,
    /// Whose a contract is, the code it had, and whether the newest version has it.
    pub contracts: BTreeMap<Wallet, (u64, Hash, bool)>,
    pub roles: BTreeMap<(u8, u64), u8>,
    /// Until when an auditor's word on a code counts; none once it is withdrawn.
    pub attestations: BTreeMap<(Hash, u64), u64>,
    /// Assets whose issuer wants attested code.
    pub demands: BTreeSet<u64>,
    pub recoveries: BTreeMap<Account, (Wallet, u64)>,
    /// Every recovery of an account: when it was begun, and if it is over, when, and whether by a new wallet.
    pub lost: BTreeMap<Account, Vec<Lost>>,
    pub grants: BTreeMap<GrantKey, Given>,
    pub quorums: BTreeMap<(u8, Scope), (Vec<u64>, u16)>,
    pub tanks: BTreeMap<u64, Tank>,
    pub sponsors: BTreeMap<u64, Sponsorship>,
    /// Version and hash of the policy in force.
    pub policies: BTreeMap<u64, (u32, Hash)>,
    /// Policies that were seen in the state, by hash.
    pub rules: BTreeMap<Hash, Policy>,
    pub lists: BTreeMap<(Subject, u32, Entry), (u64, u64)>,
    pub assets: BTreeMap<u64, Issued>,
    pub classes: BTreeMap<(u64, u32), (u128, bool)>,
    pub positions: BTreeMap<(u64, u32, Account), Holding>,
    /// Persons who may not send and receive an asset, and until when.
    pub frozen: BTreeMap<(u64, u64), Vec<Binding>>,
    /// Who stopped an asset or a class, and since when.
    pub halts: BTreeMap<(u64, Option<u32>), Halt>,
    /// Orders that were announced.
    pub orders: BTreeMap<u64, Taking>,
    pub holds: BTreeMap<u64, OnHold>,
    /// Conversions under way: of which class, into which, and how many for how many.
    pub conversions: BTreeMap<u64, (u32, u32, Ratio)>,
    /// Lots of the units that ended last, and of which asset: an exchange goes on with them.
    pub ended: (u64, Vec<Lot>),
    pub allowances: BTreeMap<(u64, Wallet, Wallet), u128>,
    /// Movements by a contract that drew on the allowance, or on a delegation: who knows.
    pub perhaps_spent: BTreeMap<(u64, Wallet, Wallet), Vec<u128>>,
    pub operators: BTreeSet<(u64, Option<u32>, Wallet, Wallet)>,
    pub checkpoints: BTreeMap<(u64, u32), Snapshot>,
    pub nonces: BTreeMap<Wallet, u64>,
    /// Contracts that agree to even amounts.
    pub even_contracts: BTreeSet<Wallet>,
    /// Movements whose policy never stood at the end of a block, so that nobody could read it.
    pub unjudged: u64,
    /// Positions whose clocks such a movement may have started anew.
    pub unsure: BTreeSet<(u64, u32, Account)>,
    /// Movements judged.
    pub judged: u64,
    /// How often each kind of rule was found to pass and not to, and each form of amounts and periods was read.
    pub rules_read: RefCell<BTreeMap<&'static str, (u64, u64)>>,
    pub forms_read: RefCell<BTreeMap<&'static str, u64>>,
    /// Jurisdictions' law.
    pub law: Law,
    /// Assets of which all units are being converted.
    pub whole: BTreeSet<u64>,
    /// Units by the clock of their lot, as the state had them last, of each class.
    pub ages: BTreeMap<(u64, u32), BTreeMap<u64, u128>>,
    /// Assets whose units became others since.
    pub remade: BTreeSet<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub residence: Country,
    /// When it, or whom it is counted with, last came from elsewhere.
    pub moved: Option<u64>,
    pub provider: u64,
    /// Until when, if it is suspended: the end of time until it is reinstated.
    pub suspended: Option<u64>,
    pub delegations_frozen: bool,
    /// The orders that suspend it.
    pub orders: Vec<Binding>,
    pub accounts: u16,
    /// When it died, and whether an order says so, where that is on record.
    pub died: Option<(u64, bool)>,
    /// As whom it is counted, if it has several numbers.
    pub counted_as: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub value: u64,
    pub issued: u64,
    pub dated: u64,
    pub expires: u64,
    /// When it was, if it was.
    pub revoked: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub remaining: Option<u128>,
    pub expires: u64,
    pub is_revoked: bool,
    pub by: Option<Grantee>,
    pub bounds: Bounds,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    pub issuer: u64,
    pub authorised: u128,
    pub status: u8,
    pub minted: u128,
    pub burned: u128,
    pub checkpoint: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    pub units: u128,
    pub held: u128,
    pub frozen: Vec<Freeze>,
    pub lots: Vec<Lot>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnHold {
    pub asset: u64,
    pub class: u32,
    pub account: Account,
    pub beneficiary: Account,
    pub units: u128,
    pub since: u64,
    pub expires: u64,
    /// Whether it is a pledge with recourse, if it is one.
    pub pledge: Option<bool>,
    /// The terms on which it is delivered, as they were said when it was made.
    pub path: Option<String>,
    pub price: Option<Price>,
}

impl OnHold {
    /// What is paid for so many of its units: their part, and the last cent with the first of them.
    pub fn price_of(&self, units: u128) -> Option<Price> {
        let Price { currency, paid } = self.price.clone()?;
        let cents = paid.checked_mul(units).expect("what is paid in simulations is little");
        Some(Price { currency, paid: cents.div_ceil(self.units) })
    }
}

/// A recovery as it was begun, and how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    pub begun: u64,
    pub over: Option<(u64, bool)>,
}

/// Balances and supplies when a checkpoint was taken.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub balances: BTreeMap<(u32, Account), u128>,
    pub supplies: BTreeMap<u32, u128>,
}

impl Holding {
    pub fn free(&self, now: u64) -> u128 {
        self.units.saturating_sub(self.held).saturating_sub(self.frozen(now))
    }

    /// Units frozen at a time. A freeze ends with its order.
    pub fn frozen(&self, now: u64) -> u128 {
        sum_of(self.frozen.iter().filter(|freeze| now < freeze.until))
    }
}

/// Of whom one was, and whose relative, is said of the dead too.
pub fn is_of_the_living(topic: u32) -> bool {
    !(1..=19).contains(&topic) && !(60..=69).contains(&topic)
}

/// Units of several freezes.
pub fn sum_of<'f>(freezes: impl IntoIterator<Item = &'f Freeze>) -> u128 {
    freezes.into_iter().map(|freeze| freeze.units).fold(0, u128::saturating_add)
}

impl Book {
    /// A person that lives and that no order suspends now.
    pub fn is_active(&self, person: u64) -> bool {
        self.is_free(person) && !self.has_died(person)
    }

    /// A person, dead or alive, that no order suspends now.
    pub fn is_free(&self, person: u64) -> bool {
        let known = self.persons.get(&person);
        known.is_some_and(|known| known.suspended.is_none_or(|until| until <= self.now))
    }

    pub fn has_died(&self, person: u64) -> bool {
        self.persons.get(&person).is_some_and(|known| known.died.is_some())
    }

    /// The number under which a person is counted. IDY-8.
    pub fn human(&self, person: u64) -> u64 {
        self.persons.get(&person).and_then(|known| known.counted_as).unwrap_or(person)
    }

    /// Every number of the human behind this one, this one first.
    pub fn numbers(&self, person: u64) -> Vec<u64> {
        let Some(human) = self.persons.get(&person).and_then(|known| known.counted_as) else {
            return vec![person];
        };
        let is_one =
            |(id, known): &(&u64, &Known)| known.counted_as == Some(human) && **id != person;
        let others = self.persons.iter().filter(is_one).map(|(id, _)| *id);
        std::iter::once(person).chain(others).collect()
    }

    pub fn is_sanctioned(&self, person: u64) -> bool {
        self.numbers(person).iter().any(|number| self.sanctions.contains(number))
    }

    /// True while an order keeps a person from sending and receiving an asset.
    pub fn is_frozen(&self, asset: u64, person: u64) -> bool {
        let frozen = self.frozen.get(&(asset, person));
        frozen.is_some_and(|orders| orders.iter().any(|it| it.order.stands(self.now)))
    }

    /// True if a claim on this topic, of at least this value, counts now. I-32.
    pub fn has_claim(&self, person: u64, topic: u32, at_least: u64, from: &[u64]) -> bool {
        self.counting(person, topic, from).any(|said| said.value >= at_least)
    }

    /// The values of the claims on a topic that count now, about this number or about any of the human.
    pub fn said_values(&self, person: u64, topic: u32, of_any: bool) -> impl Iterator<Item = u64> {
        let numbers = if of_any { self.numbers(person) } else { vec![person] };
        let counting = move |number| self.counting(number, topic, &[]);
        numbers.into_iter().flat_map(counting).map(|said| said.value)
    }

    /// The values of the claims on a topic from these, or from anybody, that count of a side of a movement, about this
    /// number or about any of the human.
    pub fn said_of(&self, m: &Move, person: u64, topic: u32, from: &[u64], any: bool) -> Vec<u64> {
        self.all_said_of(m, person, topic, from, any).into_iter().map(|said| said.value).collect()
    }

    /// Those claims. Of a giver who died those of its death; where they bar, those of now too.
    pub fn all_said_of(
        &self,
        m: &Move,
        person: u64,
        topic: u32,
        from: &[u64],
        any: bool,
    ) -> Vec<&Said> {
        let numbers = if any { self.numbers(person) } else { vec![person] };
        let gives = m.from.is_some_and(|from| from.person == person);
        let died = self.died(person).filter(|_| gives);
        let mut all = Vec::new();
        for number in numbers {
            all.extend(died.into_iter().flat_map(|at| self.counted_at(number, topic, from, at)));
            if died.is_none() || any {
                all.extend(self.counting(number, topic, from));
            }
        }
        all
    }

    /// When it died, if it did.
    pub fn died(&self, person: u64) -> Option<u64> {
        self.persons.get(&person).and_then(|known| known.died).map(|(died, _)| died)
    }

    /// The claims on a topic from these, or from anybody, that count now.
    pub fn counting(&self, person: u64, topic: u32, from: &[u64]) -> impl Iterator<Item = &Said> {
        let is_over = self.has_died(person) && is_of_the_living(topic);
        self.counted_at(person, topic, from, self.now).filter(move |_| !is_over)
    }

    /// The same of the living; of one that died, at its death. Its provider stands for it still.
    pub fn counted_at(
        &self,
        person: u64,
        topic: u32,
        from: &[u64],
        at: u64,
    ) -> impl Iterator<Item = &Said> {
        let said = self.claims.range((person, topic, 0)..=(person, topic, u64::MAX));
        let said = said.filter(move |((_, _, provider), said)| {
            let is_trusted = from.is_empty() || from.contains(provider);
            let cut_off = self.providers.get(provider).and_then(|(_, cut_off)| *cut_off);
            let stands = match cut_off {
                Some((end, keeps)) if self.now >= end => keeps && said.issued < end,
                _ => self.providers.contains_key(provider),
            };
            let is_current = said.issued <= at && at < said.expires;
            is_trusted && stands && said.revoked.is_none() && is_current
        });
        said.map(|(_, said)| said)
    }

    /// The values of the claims on a topic that count no longer, and since when: they expired, were revoked, or their
    /// provider was cut off and they with it.
    pub fn said_before(&self, person: u64, topic: u32) -> impl Iterator<Item = (u64, u64)> {
        let said = self.claims.range((person, topic, 0)..=(person, topic, u64::MAX));
        said.filter_map(|((_, _, provider), said)| {
            let cut_off = self.providers.get(provider).and_then(|(_, cut_off)| *cut_off);
            let left = cut_off.filter(|(end, keeps)| !keeps || said.issued >= *end);
            let ends = [Some(said.expires), said.revoked, left.map(|(end, _)| end)];
            let end = ends.into_iter().flatten().min()?;
            (end <= self.now).then_some((said.value, end))
        })
    }

    /// True if such a claim counts about any number of the human.
    pub fn is_said(&self, person: u64, topic: u32, at_least: u64, from: &[u64]) -> bool {
        self.numbers(person).iter().any(|number| self.has_claim(*number, topic, at_least, from))
    }

    pub fn is_verified(&self, person: u64) -> bool {
        DUE_DILIGENCE.iter().any(|topic| self.has_claim(person, *topic, 0, &[]))
    }

    /// A rule of this kind was read.
    pub fn note(&self, kind: &'static str, passes: bool) {
        let mut known = self.rules_read.borrow_mut();
        let (passed, failed) = known.entry(kind).or_default();
        *if passes { passed } else { failed } += 1;
    }

    /// An amount, a period or an effect of this form was read.
    pub fn note_form(&self, form: &'static str) {
        *self.forms_read.borrow_mut().entry(form).or_default() += 1;
    }

    /// What each human holds of an asset.
    pub fn holdings(&self, asset: u64) -> BTreeMap<u64, u128> {
        let mut holdings = BTreeMap::new();
        for ((_, _, account), holding) in self.positions_of(asset) {
            if holding.units > 0 {
                *holdings.entry(self.human(account.person)).or_default() += holding.units;
            }
        }
        holdings
    }

    pub fn positions_of(
        &self,
        asset: u64,
    ) -> impl Iterator<Item = (&(u64, u32, Account), &Holding)> {
        self.positions.iter().filter(move |((of, _, _), _)| *of == asset)
    }

    /// The same of each class.
    pub fn holdings_by_class(&self, asset: u64) -> BTreeMap<u32, BTreeMap<u64, u128>> {
        let mut holdings: BTreeMap<u32, BTreeMap<u64, u128>> = BTreeMap::new();
        for ((_, class, account), holding) in self.positions_of(asset) {
            if holding.units > 0 {
                let of_class = holdings.entry(*class).or_default();
                *of_class.entry(self.human(account.person)).or_default() += holding.units;
            }
        }
        holdings
    }

    /// The assets of an issuer.
    pub fn assets_of(&self, issuer: u64) -> impl Iterator<Item = u64> {
        let own = self.assets.iter().filter(move |(_, asset)| asset.issuer == issuer);
        own.map(|(id, _)| *id)
    }

    /// How many of these holders a filter counts.
    pub fn count(&self, holdings: &BTreeMap<u64, u128>, filter: &Filter) -> u32 {
        holdings.keys().filter(|person| self.is_in(**person, filter)).count() as u32
    }

    /// Is a holder one of those that a filter means?
    pub fn is_in(&self, person: u64, filter: &Filter) -> bool {
        let resides = |country: &Country| {
            self.persons.get(&person).is_some_and(|known| known.residence == *country)
        };
        let has = |topic: &u32| self.is_said(person, *topic, 0, &[]);
        match filter {
            Filter::All => true,
            Filter::Country(country) => resides(country),
            Filter::With(topic) => has(topic),
            Filter::Without(topic) => !has(topic),
            Filter::CountryWith(country, topic) => resides(country) && has(topic),
            Filter::CountryWithout(country, topic) => resides(country) && !has(topic),
        }
    }

    /// The policy in force, if it could be read.
    pub fn policy(&self, asset: u64) -> Option<&Policy> {
        self.rules.get(&self.policies.get(&asset)?.1)
    }

    /// May this key use a power over a class, alone? Over so many units. A published contract that is a person's
    /// wallet may as either.
    pub fn may(&self, by: &Wallet, power: u8, asset: u64, class: Option<u32>, units: u128) -> bool {
        let person = self.wallets.get(by).filter(|(_, is_alive)| *is_alive);
        let person = person.map(|(account, _)| Grantee::Person(account.person));
        let is_app = person.is_none() || self.contracts.contains_key(by);
        let app = is_app.then_some(Grantee::App(*by));
        person.into_iter().chain(app).any(|by| self.has(by, power, asset, class, units))
    }

    /// The same of who holds the grant: a contract needs a person behind it that may, too. TRU-7.
    fn has(
        &self,
        grantee: Grantee,
        power: u8,
        asset: u64,
        class: Option<u32>,
        units: u128,
    ) -> bool {
        let narrow = class.map(|class| Scope::Class(asset, class));
        let scopes = [narrow, Some(Scope::Asset(asset))];
        let mut scopes = scopes.into_iter().flatten();
        scopes.clone().all(|scope| !self.quorums.contains_key(&(power, scope)))
            && scopes.any(|scope| {
                let given = self.grants.get(&GrantKey { grantee, power, scope });
                given.is_some_and(|given| {
                    let fits = !given.is_revoked
                        && self.now < given.expires
                        && given.remaining.is_none_or(|left| left >= units);
                    fits && match (grantee, given.by) {
                        (Grantee::Person(_), _) => true,
                        (Grantee::App(_), Some(Grantee::Person(giver))) => {
                            let known = self.persons.get(&giver);
                            known.is_some_and(|it| !it.delegations_frozen)
                                && self.is_active(giver)
                                && self.has(Grantee::Person(giver), power, asset, class, units)
                        }
                        (Grantee::App(_), _) => false,
                    }
                })
            })
    }

    pub fn tank(&self, person: u64) -> Tank {
        let schedule = self.schedule.as_ref().expect("genesis has a schedule");
        let capacity =
            if self.is_verified(person) { schedule.verified } else { schedule.registered };
        let now = self.now;
        let Some(tank) = self.tanks.get(&person) else {
            return Tank { level: capacity, updated: now, bought: 0 };
        };
        let elapsed = u128::from(now - tank.updated);
        let regained = u128::from(capacity) * elapsed / u128::from(schedule.refill_ms);
        let level = (u128::from(tank.level) + regained).min(u128::from(capacity)) as u64;
        Tank { level, updated: now, bought: tank.bought }
    }

    fn fuel(&self, person: u64) -> u64 {
        let tank = self.tank(person);
        tank.level.saturating_add(tank.bought)
    }

    /// Who pays for so much gas of a person, and for whom if it is a sponsor.
    pub fn payer(&self, person: u64, gas: u64) -> Option<(u64, Option<u64>)> {
        let sponsor = self.sponsors.get(&person).filter(|given| self.now < given.expires);
        if let Some(given) = sponsor
            && given.remaining >= gas
            && self.fuel(given.sponsor) >= gas
        {
            return Some((given.sponsor, Some(person)));
        }
        (self.fuel(person) >= gas).then_some((person, None))
    }

    pub fn charge(&mut self, (payer, sponsored): (u64, Option<u64>), gas: u64) {
        let mut tank = self.tank(payer);
        let own = gas.min(tank.level);
        tank.level -= own;
        tank.bought = tank.bought.saturating_sub(gas - own);
        self.tanks.insert(payer, tank);
        if let Some(given) = sponsored.and_then(|person| self.sponsors.get_mut(&person)) {
            given.remaining = given.remaining.saturating_sub(gas);
        }
    }
}

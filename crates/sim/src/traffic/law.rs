//! Jurisdictions' law: profiles and who adopts them, offers, approvals, venues, exchanges; and what moves under them.

use super::{Traffic, Wish, service, token};
use crate::{
    Dice,
    abi::{ICompliance, IERC20, IERC1410, IIdentity, ILedger},
    cast::{CHAIN_ID, COUNTRIES, ISSUERS, OPERATOR, PROVIDERS, Unsigned, Wrap},
    statutes::STATUTES,
};
use alloy_primitives::FixedBytes;
use compliance::Profile;
use identity::topic;
use types::{Address, AssetId, B256, Bytes, Calendar, Country, Module, U256};

/// Claims that a person is another's relative, and that it holds for so many.
const FAMILY: u32 = 64;
const OWNERS: u32 = 83;
/// Whose wallet is licensed to move units for others.
const VENUE: usize = 9;
/// Who approves what is large.
const APPROVER: usize = 10;
/// The list of those who approve.
const BOARD: u32 = 2;
/// Facts that profiles of the simulation, and real ones, ask for.
const FACTS: [&str; 8] = [
    "reporting",
    "reporting",
    "bad_actors_checked",
    "not_a_shell",
    "no_public_offering",
    "144A_NOTICE",
    "not_fungible",
    "information_right",
];
/// On which day the fiscal year of an issuer ends, as month times 100 and day, and some such days.
const YEAR_END: &str = "fiscal_year_end";
const YEAR_ENDS: [u128; 4] = [131, 210, 215, 1_231];
/// What is owed under profiles of the simulation, and a real one.
const DUTIES: [&str; 5] = ["NOTICE", "REPORT", "FEW", "YEARLY", "FORM_D"];
const DAY_MS: u64 = 86_400_000;

impl Traffic {
    pub(super) fn law_wish(&mut self) -> Wish {
        let compliance = service(Module::Compliance);
        let (asset, issuer) = self.lawful();
        let (by, number) = (self.agent(issuer), asset.0);
        match self.dice.below(51) {
            0..2 => {
                let id = self.dice.pick(&STATUTES.own).id.to_string();
                let adopted = self.dice.chance(70);
                let report = self.report();
                let call = ICompliance::adoptProfileCall { asset: number, id, adopted, report };
                Wish::call(by, compliance, call)
            }
            2 => {
                let by = if self.dice.chance(90) { OPERATOR } else { by };
                match self.dice.chance(60) {
                    true => registration(by, &STATUTES.amended),
                    false => {
                        let profile = self.dice.pick(&STATUTES.own);
                        registration(by, profile)
                    }
                }
            }
            3..5 => {
                let by = if self.dice.chance(90) { OPERATOR } else { by };
                let ids = ["SIM-LAND", "SIM-LATER", "SIM-LAND", "SIM-FUND"];
                let profiles = (0..self.dice.below(3)).map(|_| (*self.dice.pick(&ids)).into());
                let profiles = profiles.collect();
                let country = abi_country(self.dice.pick::<&str>(&COUNTRIES));
                let report = self.report();
                let law = ICompliance::setLawCall { country, profiles, report };
                Wish::call(by, compliance, law)
            }
            5..8 => self.fact(by, number),
            8 => {
                let name = (*self.dice.pick(&FACTS)).into();
                Wish::call(by, compliance, ICompliance::withdrawFactCall { asset: number, name })
            }
            9..12 => match self.dice.chance(65) {
                true => Wish::call(by, compliance, ICompliance::openOfferCall { asset: number }),
                false => Wish::call(by, compliance, ICompliance::closeOfferCall { asset: number }),
            },
            12..15 => {
                let persons = (0..self.dice.between(1, 3)).map(|_| self.person()).collect();
                Wish::call(by, compliance, ICompliance::approachCall { asset: number, persons })
            }
            15..21 => self.placement(by, number),
            21..23 => self.approved(asset),
            23 => self.stepped(asset),
            24..27 => self.exchange(by, asset),
            27..30 => self.through_venue(asset),
            30..36 => {
                let (by, units) = self.holder(asset);
                self.previewed(by, asset, units)
            }
            36..38 => self.tie(),
            38..40 => self.pledge(asset),
            40 => {
                let legs = vec![ILedger::Leg { to: self.wallet(), units: 12 }];
                let call = ILedger::issueUnpaidCall { asset: number, class: 0, legs };
                Wish::call(by, service(Module::Ledger), call)
            }
            41 => {
                let account = match self.seen.unpaid.is_empty() {
                    true => self.wallet(),
                    false => {
                        let (_, key) = *self.dice.pick(&self.seen.unpaid);
                        self.cast.wallet(key)
                    }
                };
                let unpaid = self.seen.unpaid.iter();
                let asset = unpaid.map(|(asset, _)| asset.0).next().unwrap_or(number);
                let units = u128::from(self.dice.between(1, 12));
                let call = ILedger::confirmPaymentCall { asset, class: 0, account, units };
                Wish::call(by, service(Module::Ledger), call)
            }
            42 => self.conversion(by, asset),
            43..46 => self.sale(asset),
            46 => {
                let next = self.dice.chance(60);
                let calendar = if next { &STATUTES.proclaimed } else { &STATUTES.calendar };
                proclamation(OPERATOR, calendar)
            }
            47..50 => {
                let (number, by, duty) = match self.seen.owed.is_empty() {
                    true => (asset, by, DUTIES[0]),
                    false => *self.dice.pick(&self.seen.owed),
                };
                let call = ICompliance::meetDutyCall { asset: number.0, duty: duty.into() };
                Wish::call(by, compliance, call)
            }
            _ => {
                let by = if self.dice.chance(80) { VENUE } else { by };
                let rules = self.dice.pick(&STATUTES.venues);
                let rules = serde_json::to_string(rules).expect("rules have a JSON form");
                let report = self.report();
                Wish::call(by, compliance, ICompliance::setVenueRulesCall { rules, report })
            }
        }
    }

    /// Two assets of one issuer under the simulation's profiles, now and then one under real ones, the law of a
    /// land, a venue and a board, before chance takes over.
    pub(super) fn write_law(&mut self) {
        let issuer = ISSUERS[0];
        let compliance = service(Module::Compliance);
        self.script.push_back(proclamation(OPERATOR, &STATUTES.calendar));
        for profile in &STATUTES.own {
            self.script.push_back(registration(OPERATOR, profile));
        }
        let land = abi_country(self.dice.pick::<&str>(&COUNTRIES));
        let profiles = vec!["SIM-LAND".into(), "SIM-LATER".into()];
        let report = B256::repeat_byte(1);
        let law = ICompliance::setLawCall { country: land, profiles, report };
        self.script.push_back(Wish::call(OPERATOR, compliance, law));
        let licence = self.claim_of(VENUE, topic::LICENCE, topic::VENUE);
        self.script.push_back(licence);
        let rules = serde_json::to_string(&STATUTES.venues[0]).expect("rules have a JSON form");
        self.script.push_back(Wish::call(
            VENUE,
            compliance,
            ICompliance::setVenueRulesCall { rules, report },
        ));
        let mut ids: Vec<String> = [
            "SIM-PRIVATE",
            "SIM-OFFER",
            "SIM-LOCK",
            "SIM-FUND",
            "SIM-BOARD",
            "SIM-PRICE",
            "SIM-HOURS",
        ]
        .map(Into::into)
        .to_vec();
        ids.retain(|_| self.dice.chance(65));
        if ids.is_empty() {
            ids.push("SIM-PRIVATE".into());
        }
        for asset in [AssetId(3), AssetId(4)] {
            let creation = self.creation(issuer, false, 100_000);
            let policy = self.policy(asset, issuer, true);
            self.script.extend([creation, policy]);
            // The other numbers them differently.
            ids.reverse();
            self.adoption(asset, &ids);
        }
        self.write_gift(AssetId(3));
        self.write_steps(AssetId(5));
        if self.dice.chance(25) {
            let asset = AssetId(6);
            for profile in &STATUTES.real {
                self.script.push_back(registration(OPERATOR, profile));
            }
            let creation = self.creation(issuer, false, 100_000);
            let policy = self.policy(asset, issuer, true);
            self.script.extend([creation, policy]);
            self.adoption(asset, &["US-506C".into(), "US-3C1".into()]);
        }
    }

    /// A holder gives some to a relative, as who said so takes it back.
    fn write_gift(&mut self, asset: AssetId) {
        let ([giver, relative], identity) = ([5, 7], service(Module::Identity));
        let (person, topic, value) = (giver as u64 + 1, FAMILY, relative as u64 + 1);
        let (dated, expires, evidence) = (0, crate::cast::START.0 + 90 * DAY_MS, B256::ZERO);
        let claim = IIdentity::Claim { topic, value, dated, expires, evidence };
        let tied = IIdentity::attestCall { person, claim };
        let tied = Wish::call(PROVIDERS[0], identity, tied);
        let untied = IIdentity::revokeCall { person, topic };
        let untied = Wish::call(PROVIDERS[0], identity, untied);
        // More than trickles.
        let (to, value) = (self.cast.wallet(relative), U256::from(15));
        let given = Wish::call(giver, token(asset), IERC20::transferCall { to, value });
        self.script.extend([tied, untied, given]);
    }

    /// An asset of which a holder sells much at a price, by a path of its own choice, when the buyer and then the board have
    /// approved it.
    fn write_steps(&mut self, asset: AssetId) {
        let (issuer, compliance) = (ISSUERS[0], service(Module::Compliance));
        let creation = self.creation(issuer, false, 100_000);
        let policy = self.policy(asset, issuer, true);
        self.script.extend([creation, policy]);
        let report = B256::repeat_byte(1);
        for id in ["SIM-BOARD", "SIM-PRICE"] {
            let (asset, id) = (asset.0, id.into());
            let call = ICompliance::adoptProfileCall { asset, id, adopted: true, report };
            self.script.push_back(Wish::call(issuer, compliance, call));
        }
        let board = self.board(asset);
        let [seller, buyer] = [5, 7];
        let issue = self.issue(issuer, asset, 0, &[seller], 30);
        let (from, to, units) = (seller as u64 + 1, buyer as u64 + 1, 28);
        let approved = |list, by| {
            let asset = asset.0;
            let (until, times) = (u64::MAX, 1);
            let call =
                ICompliance::approveMovementsCall { asset, list, from, to, units, until, times };
            Wish::call(by, compliance, call)
        };
        let sale = ILedger::Sale {
            to: self.cast.wallet(buyer),
            units,
            lots: Vec::new(),
            paid: u128::from(self.dice.between(200, 5_000)),
        };
        let sold = ILedger::transferOnCall {
            asset: asset.0,
            class: 0,
            from: self.cast.wallet(seller),
            path: "SOLD".into(),
            currency: FixedBytes(*b"USD"),
            legs: vec![sale],
        };
        let sold = Wish::call(seller, service(Module::Ledger), sold);
        let steps = [approved(0, buyer), approved(BOARD, APPROVER)];
        self.script.extend([board, issue]);
        self.script.extend(steps);
        self.script.push_back(sold);
    }

    /// Who approves is put on the list of those who do.
    fn board(&self, asset: AssetId) -> Wish {
        let call = ICompliance::listCall {
            asset: asset.0,
            number: BOARD,
            person: APPROVER as u64 + 1,
            wallet: Address::ZERO,
            from: 0,
            until: u64::MAX,
        };
        Wish::call(ISSUERS[0], service(Module::Compliance), call)
    }

    /// An asset adopts profiles, its issuer says what they ask for, and issues a little.
    fn adoption(&mut self, asset: AssetId, ids: &[String]) {
        let (issuer, compliance) = (ISSUERS[0], service(Module::Compliance));
        for id in ids {
            let (asset, id) = (asset.0, id.clone());
            let report = B256::repeat_byte(1);
            let call = ICompliance::adoptProfileCall { asset, id, adopted: true, report };
            self.script.push_back(Wish::call(issuer, compliance, call));
        }
        let mut facts = FACTS.to_vec();
        facts.dedup();
        // Not all of them, so that some of what is asked for is missing.
        facts.retain(|_| self.dice.chance(75));
        if self.dice.chance(60) {
            let call = attested(asset.0, YEAR_END, *self.dice.pick(&YEAR_ENDS), 0, u64::MAX);
            self.script.push_back(Wish::call(issuer, compliance, call));
        }
        for fact in facts {
            let call = attested(asset.0, fact, 1, 0, u64::MAX);
            self.script.push_back(Wish::call(issuer, compliance, call));
        }
        let board = self.board(asset);
        self.script.push_back(board);
        self.script.push_back(Wish::call(
            issuer,
            compliance,
            ICompliance::openOfferCall { asset: asset.0 },
        ));
        for key in [5, 7, 8, 9, 11] {
            let leg = ILedger::Leg { to: self.cast.wallet(key), units: 30 };
            let call = ILedger::issueBatchCall { asset: asset.0, class: 0, legs: vec![leg] };
            self.script.push_back(Wish::call(issuer, service(Module::Ledger), call));
        }
    }

    /// A holder asks whether it may, and does it.
    pub(super) fn previewed(&mut self, by: usize, asset: AssetId, units: u128) -> Wish {
        let (from, to) = (self.cast.wallet(by), self.wallet());
        let units = U256::from(units);
        let asked = ICompliance::canMoveCall { asset: asset.0, from, to, units };
        let moved = Wish::call(by, token(asset), IERC20::transferCall { to, value: units });
        self.script.push_back(moved);
        Wish::call(by, service(Module::Compliance), asked)
    }

    /// Bodies of blocks that should come to the same, each pair with whether it is a batch and its net: drawn from
    /// other dice than the traffic's, and never sent.
    pub fn twins(&self, dice: &mut Dice) -> Vec<(bool, [Vec<Bytes>; 2])> {
        let mut twins = Vec::new();
        if self.seen.holders.is_empty() || !dice.chance(20) {
            return twins;
        }
        let receiver = |dice: &mut Dice| dice.pick(&self.seen.wallets).0;
        let (asset, by, units) = *dice.pick(&self.seen.holders);
        let part = |dice: &mut Dice| u128::from(dice.between(1, units.min(20) as u64));
        let [one, other] = [0, 1].map(|_| self.cast.wallet(receiver(dice)));
        let [first, second, third] = [0, 1, 2].map(|_| part(dice));
        let batch = |legs: &[(Address, u128)]| {
            let legs = legs.iter().map(|(to, units)| ILedger::Leg { to: *to, units: *units });
            let (asset, legs) = (asset.0, legs.collect());
            let call =
                ILedger::transferBatchCall { asset, class: 0, from: self.cast.wallet(by), legs };
            vec![self.unsent(Wish::call(by, service(Module::Ledger), call))]
        };
        if one != other {
            let long = batch(&[(one, first), (other, second), (one, third)]);
            let net = batch(&[(one, first + third), (other, second)]);
            twins.push((true, [long, net]));
        }
        let (mut persons, mut assets, mut body) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..6 {
            let (asset, by, units) = *dice.pick(&self.seen.holders);
            let to = receiver(dice);
            let both = [by, to].map(|key| self.person_of(key).unwrap_or_default());
            let is_together = |asset: &AssetId| self.seen.together.contains(asset);
            if is_together(&asset) && assets.iter().any(is_together) {
                continue;
            }
            if assets.contains(&asset) || both.iter().any(|it| persons.contains(it)) {
                continue;
            }
            persons.extend(both);
            assets.push(asset);
            let units = u128::from(dice.between(1, units.min(20) as u64));
            let (to, value) = (self.cast.wallet(to), U256::from(units));
            body.push(self.unsent(Wish::call(
                by,
                token(asset),
                IERC20::transferCall { to, value },
            )));
        }
        if body.len() > 1 {
            let other_way = body.iter().rev().cloned().collect();
            twins.push((false, [body, other_way]));
        }
        twins
    }

    /// A transaction that its sender could send next.
    fn unsent(&self, Wish { by, to, data }: Wish) -> Bytes {
        let unsigned = Unsigned {
            wrap: Wrap::Priority,
            nonce: self.nonces.get(&by).copied().unwrap_or_default(),
            gas: 1_500_000,
            price: u128::from(evm::BASE_FEE),
            to,
            value: 0,
            data,
            chain_id: Some(CHAIN_ID),
        };
        self.cast.transaction(by, unsigned)
    }

    fn fact(&mut self, by: usize, asset: u64) -> Wish {
        let now = self.seen.now.0;
        if self.dice.chance(15) {
            let value = *self.dice.pick(&YEAR_ENDS);
            let call = attested(asset, YEAR_END, value, now, u64::MAX);
            return Wish::call(by, service(Module::Compliance), call);
        }
        let name = *self.dice.pick(&FACTS);
        let since = if self.dice.chance(80) { now - self.dice.below(1_000) } else { now + DAY_MS };
        let until = if self.dice.chance(50) { u64::MAX } else { self.moment() };
        let value = u128::from(self.dice.between(1, 3));
        let call = attested(asset, name, value, since, until);
        Wish::call(by, service(Module::Compliance), call)
    }

    /// Units for one to three, under a profile or under the first that passes, at a price.
    fn placement(&mut self, by: usize, asset: u64) -> Wish {
        let legs = (0..self.dice.between(1, 3)).map(|_| ILedger::Placement {
            to: self.wallet(),
            units: u128::from(self.dice.between(1, 45)),
            paid: u128::from(self.dice.below(40_000)),
        });
        let legs = legs.collect();
        let call = ILedger::placeCall {
            asset,
            class: 0,
            profile: if self.dice.chance(50) { 0 } else { self.dice.between(1, 5) as u16 },
            currency: FixedBytes(*self.dice.pick(&[*b"USD", *b"EUR"])),
            legs,
        };
        Wish::call(by, service(Module::Ledger), call)
    }

    /// The board approves one movement, which is made, mostly.
    fn approved(&mut self, asset: AssetId) -> Wish {
        let (by, _) = self.holder(asset);
        let to = self.anyone();
        let units = u128::from(self.dice.between(15, 30));
        let person = |traffic: &Self, key| traffic.person_of(key).unwrap_or(1);
        let call = ICompliance::approveMovementsCall {
            asset: asset.0,
            list: BOARD,
            from: person(self, by),
            to: person(self, to),
            units,
            until: self.moment(),
            times: self.dice.below(3) as u16,
        };
        if self.dice.chance(80) {
            let value = U256::from(units);
            let to = self.cast.wallet(to);
            self.script.push_back(Wish::call(by, token(asset), IERC20::transferCall { to, value }));
        }
        let by = if self.dice.chance(85) { APPROVER } else { self.anyone() };
        if self.dice.chance(30) {
            let ICompliance::approveMovementsCall { asset, list, from, to, units, until, .. } =
                call;
            let call = ICompliance::approveUnitsCall { asset, list, from, to, units, until };
            return Wish::call(by, service(Module::Compliance), call);
        }
        Wish::call(by, service(Module::Compliance), call)
    }

    /// The receiver approves one movement or two, then the board, mostly in this order; and they are made.
    fn stepped(&mut self, asset: AssetId) -> Wish {
        let ((by, _), to) = (self.holder(asset), self.anyone());
        let units = u128::from(self.dice.between(26, 31));
        let [from, receiver] = [by, to].map(|key| self.person_of(key).unwrap_or(1));
        let (until, times) = (self.moment(), self.dice.between(1, 2) as u16);
        let step = |list, by| {
            let (asset, to) = (asset.0, receiver);
            let call =
                ICompliance::approveMovementsCall { asset, list, from, to, units, until, times };
            Wish::call(by, service(Module::Compliance), call)
        };
        let mut steps = [step(0, to), step(BOARD, APPROVER)];
        if self.dice.chance(25) {
            steps.reverse();
        }
        let [first, second] = steps;
        self.script.push_back(second);
        let (to, value) = (self.cast.wallet(to), U256::from(units));
        for _ in 0..times {
            self.script.push_back(Wish::call(by, token(asset), IERC20::transferCall { to, value }));
        }
        first
    }

    /// A holder sells some of what it has to one or two, mostly at a price.
    fn sale(&mut self, asset: AssetId) -> Wish {
        let (by, units) = self.holder(asset);
        let legs = (0..self.dice.between(1, 2)).map(|_| ILedger::Leg { to: self.wallet(), units });
        let legs = legs.collect();
        self.on_terms(by, (asset.0, 0), self.cast.wallet(by), legs)
    }

    /// Units of one asset for units of another of the same issuer.
    fn exchange(&mut self, by: usize, asset: AssetId) -> Wish {
        let other = if asset == AssetId(3) { 4 } else { 3 };
        let made = if self.dice.chance(85) { other } else { self.dice.between(1, 5) };
        let legs = (0..self.dice.between(1, 2)).map(|_| {
            let (key, units) = self.holder(asset);
            ILedger::Leg { to: self.cast.wallet(key), units }
        });
        let legs = legs.collect();
        let call = ILedger::exchangeCall {
            asset: asset.0,
            class: 0,
            made,
            into: 0,
            ratioMade: self.dice.between(1, 3) as u32,
            ratioOld: self.dice.between(1, 3) as u32,
            legs,
        };
        Wish::call(by, service(Module::Ledger), call)
    }

    /// A holder lets the venue move its units, and the venue does.
    fn through_venue(&mut self, asset: AssetId) -> Wish {
        let ((by, value), to) = (self.holder(asset), self.wallet());
        let (from, value) = (self.cast.wallet(by), U256::from(value));
        let at = token(asset);
        let moved = Wish::call(VENUE, at, IERC20::transferFromCall { from, to, value });
        if self.dice.chance(60) {
            return moved;
        }
        self.script.push_back(moved);
        let operator = self.cast.wallet(VENUE);
        Wish::call(by, at, IERC1410::authorizeOperatorCall { operator })
    }

    /// What a person is to another, how many it holds for, and whether it runs a venue.
    fn tie(&mut self) -> Wish {
        let key = self.anyone();
        match self.dice.below(4) {
            0 => self.claim_of(VENUE, topic::LICENCE, topic::VENUE),
            1 => {
                let owners = self.dice.between(1, 9);
                self.claim_of(key, OWNERS, owners)
            }
            _ => {
                let other = self.person();
                self.claim_of(key, FAMILY, other)
            }
        }
    }

    fn claim_of(&mut self, key: usize, topic: u32, value: u64) -> Wish {
        let person = self.person_of(key).unwrap_or(key as u64 + 1);
        let expires = self.seen.now.0.max(crate::cast::START.0) + self.dice.between(5, 90) * DAY_MS;
        let claim = IIdentity::Claim { topic, value, dated: 0, expires, evidence: B256::ZERO };
        let provider = *self.dice.pick(&PROVIDERS);
        Wish::call(provider, service(Module::Identity), IIdentity::attestCall { person, claim })
    }

    fn pledge(&mut self, asset: AssetId) -> Wish {
        let (by, units) = self.holder(asset);
        let call = ILedger::pledgeCall {
            asset: asset.0,
            class: 0,
            beneficiary: self.wallet(),
            notary: 0,
            units,
            expires: self.moment(),
            recourse: self.dice.chance(50),
        };
        Wish::call(by, service(Module::Ledger), call)
    }

    /// An asset that adopted profiles, mostly, and the key of its issuer.
    fn lawful(&mut self) -> (AssetId, usize) {
        match self.seen.lawful.is_empty() || self.dice.chance(5) {
            true => self.asset(),
            false => *self.dice.pick(&self.seen.lawful),
        }
    }

    /// Who holds an asset, and some of what it has.
    fn holder(&mut self, asset: AssetId) -> (usize, u128) {
        let own = self.seen.holders.iter().filter(|(of, ..)| *of == asset);
        let own: Vec<_> = own.map(|(_, key, units)| (*key, *units)).collect();
        match own.is_empty() || self.dice.chance(10) {
            true => (self.anyone(), self.amount()),
            false => {
                let (key, units) = *self.dice.pick(&own);
                let most = units.min(40) as u64;
                let some = if self.dice.chance(15) { most } else { self.dice.between(1, most) };
                (key, some.into())
            }
        }
    }

    fn person_of(&self, key: usize) -> Option<u64> {
        let known = self.seen.wallets.iter().find(|(known, _)| *known == key);
        known.map(|(_, account)| account.person.0)
    }
}

fn proclamation(by: usize, calendar: &Calendar) -> Wish {
    let calendar = serde_json::to_string(calendar).expect("a calendar has a JSON form");
    let call = ICompliance::registerCalendarCall { calendar };
    Wish::call(by, service(Module::Compliance), call)
}

fn registration(by: usize, profile: &Profile) -> Wish {
    let profile = serde_json::to_string(profile).expect("a profile has a JSON form");
    let call = ICompliance::registerProfileCall { profile };
    Wish::call(by, service(Module::Compliance), call)
}

fn attested(
    asset: u64,
    name: &str,
    value: u128,
    since: u64,
    until: u64,
) -> ICompliance::attestFactCall {
    let document = B256::repeat_byte(5);
    ICompliance::attestFactCall { asset, name: name.into(), value, since, until, document }
}

fn abi_country(country: &str) -> FixedBytes<2> {
    let country: Country = country.parse().expect("one of the simulation's countries");
    let letters = country.to_string();
    FixedBytes([letters.as_bytes()[0], letters.as_bytes()[1]])
}

impl super::Seen {
    pub(super) fn look_at_law(&mut self, ctx: &state::Context<'_>) {
        for (asset, key) in &self.assets {
            if compliance::ADOPTIONS.has(ctx, asset) {
                self.lawful.push((*asset, *key));
            }
            let record = ledger::asset(ctx, *asset).ok();
            if record.is_some_and(|record| record.issued.is_zero()) {
                self.empty.push((*asset, *key));
            }
            for duty in DUTIES {
                let owed = compliance::DUTIES.get(ctx, &(*asset, duty.to_owned()));
                if owed.is_some_and(|owed| owed.met.is_none()) {
                    self.owed.push((*asset, *key, duty));
                }
            }
            if record.is_some_and(|record| compliance::ISSUER_COUNTING.has(ctx, &record.issuer)) {
                self.together.push(*asset);
            }
            for (key, account) in &self.wallets {
                let position = (*asset, types::ClassId(0), *account);
                let Some(position) = ledger::POSITIONS.get(ctx, &position) else { continue };
                let free = position.free(ctx.now());
                if !free.is_zero() {
                    self.holders.push((*asset, *key, free.0));
                }
                if position.lots.iter().any(|lot| !lot.is_paid()) {
                    self.unpaid.push((*asset, *key));
                }
            }
        }
    }
}

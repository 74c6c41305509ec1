//! What issuers and their agents do: assets, rules, lists, issues, freezes, orders.

use super::{Traffic, Wish, service, token};
use crate::{
    abi::{ICompliance, IERC1643, IERC3643, ILedger},
    cast::{COUNTRIES, ISSUERS, OPERATOR},
};
use compliance::{
    About, By, Filter, Inherit, Kind, Limit, ListMode, ListOf, LookThrough, Measure, Period, Place,
    Policy, Recurring, Relation, Rule, Scope, Side,
};
use identity::topic;
use ledger::{Bound, Stage};
use types::{
    Address, AssetId, B256, Bps, ClassId, Clock, Country, Module, PersonId, Span, Time, U256,
    Units, Weekday,
};

/// The assets whose issuer may force from the start.
pub(super) const FORCED: [AssetId; 2] = [AssetId(1), AssetId(2)];

impl Traffic {
    pub(super) fn asset_wish(&mut self) -> Wish {
        let ledger = service(Module::Ledger);
        let (asset, issuer) = self.asset();
        let (by, number) = (self.agent(issuer), asset.0);
        let (one, two, units) = (self.wallet(), self.wallet(), self.amount());
        let class = u32::from(self.dice.chance(12));
        if !self.seen.conversions.is_empty() && self.dice.chance(30) {
            return self.conversion(by, asset);
        }
        match self.dice.below(34) {
            0 => {
                let by = if self.dice.chance(80) { *self.dice.pick(&ISSUERS) } else { by };
                let cash = self.dice.chance(30);
                self.creation(by, cash, 2_000)
            }
            1..5 => self.policy(asset, by, false),
            5 => {
                Wish::call(by, ledger, ILedger::createClassCall { asset: number, name: "B".into() })
            }
            6 => {
                let authorised = if self.dice.chance(80) { 100_000 } else { units };
                Wish::call(by, ledger, ILedger::setAuthorisedCall { asset: number, authorised })
            }
            7..12 => {
                let holders: Vec<_> = (0..self.dice.between(1, 4)).map(|_| self.anyone()).collect();
                let units = self.dice.between(1, 60) as u128;
                self.issue(by, asset, class, &holders, units)
            }
            12 if self.dice.chance(50) => {
                let units = u128::from(self.dice.below(30));
                let call = match self.dice.chance(50) {
                    true => {
                        let legs = vec![ILedger::Leg { to: one, units }];
                        return Wish::call(
                            by,
                            ledger,
                            ILedger::issueUnpaidCall { asset: number, class, legs },
                        );
                    }
                    false => {
                        ILedger::confirmPaymentCall { asset: number, class, account: one, units }
                    }
                };
                Wish::call(by, ledger, call)
            }
            12 => {
                let amount = U256::from(units);
                Wish::call(by, token(asset), IERC3643::mintCall { to: one, amount })
            }
            13 if self.dice.chance(50) => {
                let frozen = self.dice.chance(30);
                let call = ILedger::freezeClassCall { asset: number, class, frozen };
                Wish::call(by, ledger, call)
            }
            14..16 => {
                let (person, frozen, order) = (self.person(), self.dice.chance(50), self.order());
                let call = ILedger::freezePersonCall { asset: number, person, frozen, order };
                Wish::call(by, ledger, call)
            }
            16..19 => {
                let order = self.order();
                let units = self.dice.below(80) as u128;
                let (asset, account) = (number, one);
                let call = ILedger::freezeUnitsCall { asset, class, account, units, order };
                Wish::call(by, ledger, call)
            }
            19 => {
                let order = self.order();
                Wish::call(by, ledger, ILedger::fileOrderCall { asset: number, order })
            }
            20..23 if self.dice.chance(60) => self.taking(by, asset, class),
            20..23 if self.dice.chance(50) && !self.seen.freezes.is_empty() => self.contest(by),
            20..23 => {
                let order = self.order();
                let (asset, from, to) = (number, one, two);
                let call = ILedger::forceTransferCall { asset, class, from, to, units, order };
                Wish::call(by, ledger, call)
            }
            23 => {
                let order = self.order();
                let call =
                    ILedger::forceRedeemCall { asset: number, class, from: one, units, order };
                Wish::call(by, ledger, call)
            }
            24 => {
                let order = self.order();
                let call = ILedger::reissueCall { asset: number, class, to: one, units, order };
                Wish::call(by, ledger, call)
            }
            25 => {
                let amount = U256::from(self.dice.below(30));
                let user = one;
                match self.dice.below(3) {
                    0 => Wish::call(
                        by,
                        token(asset),
                        IERC3643::freezePartialTokensCall { userAddress: user, amount },
                    ),
                    1 => Wish::call(
                        by,
                        token(asset),
                        IERC3643::unfreezePartialTokensCall { userAddress: user, amount },
                    ),
                    _ => Wish::call(
                        by,
                        token(asset),
                        IERC3643::forcedTransferCall { from: one, to: two, amount },
                    ),
                }
            }
            26 => {
                let amount = U256::from(units);
                Wish::call(by, token(asset), IERC3643::burnCall { userAddress: one, amount })
            }
            27 => match self.dice.chance(30) {
                true => Wish::call(by, token(asset), IERC3643::pauseCall {}),
                false => Wish::call(by, token(asset), IERC3643::unpauseCall {}),
            },
            13 | 28 => Wish::call(by, token(asset), IERC3643::unpauseCall {}),
            29 => match self.dice.chance(30) {
                true => {
                    // Often one of which nothing was ever issued.
                    let (asset, by) = *self.seen.assets.last().unwrap_or(&(asset, by));
                    match self.dice.chance(50) {
                        true => Wish::call(by, token(asset), IERC3643::pauseCall {}),
                        false => Wish::call(by, ledger, ILedger::closeAssetCall { asset: asset.0 }),
                    }
                }
                false => {
                    let name = B256::repeat_byte(self.dice.below(3) as u8);
                    let call = IERC1643::setDocumentCall {
                        name,
                        uri: "ipfs://terms".into(),
                        documentHash: B256::repeat_byte(self.dice.below(3) as u8),
                    };
                    Wish::call(by, token(asset), call)
                }
            },
            30 => Wish::call(by, ledger, ILedger::takeCheckpointCall { asset: number }),
            31 => self.conversion(by, asset),
            _ => {
                let compliance = service(Module::Compliance);
                let (person, wallet) = match self.dice.chance(65) {
                    true => (self.person(), Address::ZERO),
                    false => (0, self.wallet()),
                };
                let (asset, by) = if self.dice.chance(15) { (0, OPERATOR) } else { (number, by) };
                match self.dice.chance(70) {
                    true => {
                        let (from, until) = (self.moment(), self.moment());
                        let call =
                            ICompliance::listCall { asset, number: 1, person, wallet, from, until };
                        Wish::call(by, compliance, call)
                    }
                    false if self.seen.listed.is_empty() => {
                        let call = ICompliance::delistCall { asset, number: 1, person, wallet };
                        Wish::call(by, compliance, call)
                    }
                    false => {
                        let (asset, person, wallet) = *self.dice.pick(&self.seen.listed);
                        let issuer = self.seen.assets.iter().find(|(known, _)| known.0 == asset);
                        let by = issuer.map_or(OPERATOR, |(_, issuer)| *issuer);
                        let call = ICompliance::delistCall { asset, number: 1, person, wallet };
                        Wish::call(by, compliance, call)
                    }
                }
            }
        }
    }

    /// What is begun goes on, mostly; else a class is converted.
    pub(super) fn conversion(&mut self, by: usize, asset: AssetId) -> Wish {
        let limit = self.dice.between(1, 40) as u32;
        let (by, call) = match self.seen.conversions.is_empty() {
            false => {
                let (asset, by, it) = *self.dice.pick(&self.seen.conversions);
                let (class, into, first) = (it.class.0, it.into.0, it.next);
                let (made, old) = (it.ratio.new, it.ratio.old);
                let asset = asset.0;
                (by, ILedger::convertCall { asset, class, into, made, old, first, limit })
            }
            true => {
                let class = u32::from(self.dice.chance(10));
                let into = if self.dice.chance(80) { class } else { 1 - class };
                let (made, old) = (self.dice.between(1, 3) as u32, self.dice.between(1, 3) as u32);
                let (asset, first) = (asset.0, 0);
                (by, ILedger::convertCall { asset, class, into, made, old, first, limit })
            }
        };
        Wish::call(by, service(Module::Ledger), call)
    }

    pub(super) fn creation(&mut self, by: usize, cash: bool, authorised: u128) -> Wish {
        let given = ILedger::NewAsset {
            kind: if cash { 5 } else { 0 },
            currency: if cash { "EUR".into() } else { String::new() },
            symbol: "SIM".into(),
            name: "Simulated".into(),
            decimals: 0,
            isin: if self.dice.chance(20) { "US0378331005".into() } else { String::new() },
            cfi: if cash { "TCXXXX".into() } else { "ESVUFR".into() },
            fisn: String::new(),
            lei: String::new(),
            authorised,
        };
        Wish::call(by, service(Module::Ledger), ILedger::createAssetCall { asset: given })
    }

    pub(super) fn issue(
        &mut self,
        by: usize,
        asset: AssetId,
        class: u32,
        holders: &[usize],
        units: u128,
    ) -> Wish {
        let leg = |key: &usize| ILedger::Leg { to: self.cast.wallet(*key), units };
        let legs = holders.iter().map(leg).collect();
        let call = ILedger::issueBatchCall { asset: asset.0, class, legs };
        Wish::call(by, service(Module::Ledger), call)
    }

    pub(super) fn order(&mut self) -> ILedger::Order {
        ILedger::Order {
            authority: if self.dice.chance(95) { "BaFin".into() } else { "  ".into() },
            r#ref: format!("WA {}", self.dice.below(4)),
            document: B256::repeat_byte(if self.dice.chance(95) { 9 } else { 0 }),
            expires: if self.dice.chance(60) { 0 } else { self.moment() },
        }
    }

    /// An order is announced to its holder, contested, decided, or carried out.
    pub(super) fn taking(&mut self, by: usize, asset: AssetId, class: u32) -> Wish {
        let ledger = service(Module::Ledger);
        if self.seen.orders.is_empty() || self.dice.chance(25) {
            return self.announcement(by, asset, class);
        }
        let (number, holder, issuer, stage) = *self.dice.pick(&self.seen.orders);
        let document = B256::repeat_byte(self.dice.below(5) as u8);
        let decides = if self.dice.chance(90) { issuer } else { by };
        // Mostly what may come next: below each of these in a hundred it is contested, confirmed, taken back.
        let (contested, confirmed, withdrawn) = match stage {
            Stage::Announced => (50, 55, 65),
            Stage::Contested => (10, 70, 85),
            Stage::Confirmed | Stage::Withdrawn | Stage::CarriedOut => (10, 15, 25),
        };
        let next = self.dice.below(100);
        if next < contested {
            let by = holder.filter(|_| self.dice.chance(90)).unwrap_or(by);
            Wish::call(by, ledger, ILedger::contestOrderCall { number, document })
        } else if next < confirmed {
            Wish::call(decides, ledger, ILedger::confirmOrderCall { number, document })
        } else if next < withdrawn {
            Wish::call(decides, ledger, ILedger::withdrawOrderCall { number, document })
        } else {
            Wish::call(decides, ledger, ILedger::carryOutOrderCall { number })
        }
    }

    /// Units that an order takes are announced to their holder: mostly of the assets whose issuer may force.
    fn announcement(&mut self, by: usize, asset: AssetId, class: u32) -> Wish {
        let now = self.seen.now.0;
        let window = *self.dice.pick(&[60_000, 86_400_000]);
        let forced = |(of, ..): &&(AssetId, usize, u128)| FORCED.contains(of);
        let held: Vec<_> = self.seen.holders.iter().filter(forced).copied().collect();
        let (asset, by, class, from, most) = match held.is_empty() || self.dice.chance(20) {
            true => (asset, by, class, self.wallet(), 20),
            false => {
                let (asset, key, units) = *self.dice.pick(&held);
                (asset, ISSUERS[0], 0, self.cast.wallet(key), units.min(20) as u64)
            }
        };
        let call = ILedger::announceOrderCall {
            asset: asset.0,
            class,
            from,
            to: if self.dice.chance(70) { self.wallet() } else { Address::ZERO },
            units: u128::from(self.dice.between(1, most)),
            order: self.order(),
            contestUntil: if self.dice.chance(20) { 0 } else { now + self.dice.below(window) },
        };
        Wish::call(by, service(Module::Ledger), call)
    }

    /// A freeze is contested by whom it binds, or decided.
    pub(super) fn contest(&mut self, by: usize) -> Wish {
        let ledger = service(Module::Ledger);
        let (bound, order, own, issuer, waits) = *self.dice.pick(&self.seen.freezes);
        let document = B256::repeat_byte(self.dice.below(5) as u8);
        let contests = self.dice.chance(if waits { 20 } else { 85 });
        let by = match contests {
            true => own.filter(|_| self.dice.chance(90)).unwrap_or(by),
            false => issuer,
        };
        match (bound, contests) {
            (Bound::Person(AssetId(asset), PersonId(person)), true) => {
                let call = ILedger::contestPersonFreezeCall { asset, person, order, document };
                Wish::call(by, ledger, call)
            }
            (Bound::Person(AssetId(asset), PersonId(person)), false) => {
                let call = ILedger::confirmPersonFreezeCall { asset, person, order, document };
                Wish::call(by, ledger, call)
            }
            (Bound::Units(AssetId(asset), ClassId(class), _), contests) => {
                let account = own.map_or(Address::ZERO, |own| self.cast.wallet(own));
                if contests {
                    let call =
                        ILedger::contestUnitsFreezeCall { asset, class, account, order, document };
                    return Wish::call(by, ledger, call);
                }
                let call =
                    ILedger::confirmUnitsFreezeCall { asset, class, account, order, document };
                Wish::call(by, ledger, call)
            }
        }
    }

    /// Puts up to three rules into force; none at all if `open`.
    pub(super) fn policy(&mut self, asset: AssetId, by: usize, open: bool) -> Wish {
        let count = if open { 0 } else { self.dice.below(3) };
        let calendar = (!open && self.dice.chance(40)).then(|| "US-FEDERAL".into());
        let rules = (0..count).map(|_| self.rule(calendar.is_some())).collect();
        let contract = match self.contracts.is_empty() || self.dice.chance(88) {
            true => None,
            false => Some((*self.dice.pick(&self.contracts), 200_000)),
        };
        let policy = Policy { rules, calendar, contract };
        let policy = serde_json::to_string(&policy).expect("a policy has a JSON form");
        let report = self.report();
        let call = ICompliance::setPolicyCall { asset: asset.0, policy, report };
        Wish::call(by, service(Module::Compliance), call)
    }

    /// The hash of what was found of a change; none, mostly, is taken where the change is the first alone.
    pub(super) fn report(&mut self) -> B256 {
        match self.dice.chance(85) {
            true => B256::repeat_byte(self.dice.between(1, 200) as u8),
            false => B256::ZERO,
        }
    }

    /// A rule, of a policy that counts its days by a calendar or does not.
    fn rule(&mut self, by_calendar: bool) -> Rule {
        let country = |code: &str| code.parse::<Country>().expect("a country");
        let claim = |side, topic| Rule::claim(side, topic, 0, vec![]);
        let some = *self.dice.pick(&COUNTRIES);
        let moment = Time(self.moment());
        match self.dice.below(17) {
            0 => claim(Side::Receiver, topic::ACCREDITED),
            1 => Rule::Countries {
                side: Side::Receiver,
                mode: ListMode::Deny,
                countries: vec![country(some)],
            },
            2 => Rule::Count {
                filter: Filter::All,
                max: Some(9),
                min: None,
                scope: Scope::Asset,
                look_through: None,
            },
            3 => {
                let max = Some(self.dice.between(2, 6) as u32);
                Rule::Count {
                    filter: Filter::Without(topic::ACCREDITED),
                    scope: Scope::Class,
                    max,
                    min: None,
                    look_through: None,
                }
            }
            4 => {
                let max = Some(self.dice.between(1, 4) as u32);
                let look_through = LookThrough { topic: topic::ACCREDITED, part: Bps(2_000) };
                match self.dice.below(3) {
                    0 => Rule::Count {
                        filter: Filter::All,
                        scope: Scope::Asset,
                        max: Some(20),
                        min: None,
                        look_through: Some(look_through),
                    },
                    1 => Rule::Count {
                        filter: Filter::CountryWithout(country(some), topic::ACCREDITED),
                        scope: Scope::Asset,
                        max,
                        min: None,
                        look_through: None,
                    },
                    _ => Rule::Count {
                        filter: Filter::Country(country(some)),
                        scope: Scope::Asset,
                        max,
                        min: None,
                        look_through: None,
                    },
                }
            }
            5 => match self.dice.chance(50) {
                true => Rule::Count {
                    filter: Filter::With(topic::ACCREDITED),
                    scope: Scope::Asset,
                    max: None,
                    min: Some(2),
                    look_through: None,
                },
                false => Rule::Count {
                    filter: Filter::CountryWithout(country(some), topic::ACCREDITED),
                    scope: Scope::Issuer,
                    max: Some(self.dice.between(2, 9) as u32),
                    min: Some(1),
                    look_through: None,
                },
            },
            6 => {
                let (min, max) = (Some(Units(3)), Some(Units(90)));
                Rule::Holding { min, max, max_part: None, full_only: false }
            }
            7 => {
                let (max_part, full_only) = (Some(Bps(3_000)), self.dice.chance(20));
                Rule::Holding { min: None, max: None, max_part, full_only }
            }
            8 => {
                let inherit = *self.dice.pick(&[
                    Inherit::Keep,
                    Inherit::Restart,
                    Inherit::RestartIfFrom(topic::AFFILIATE),
                ]);
                let (days, months) = (self.dice.below(20) as u32, self.dice.below(2) as u32);
                Rule::Lot { days, months, free_to: vec![topic::QIB], inherit }
            }
            9 => match self.dice.chance(50) {
                true => Rule::Window { opens: None, closes: Some(moment) },
                false => Rule::Window { opens: Some(moment), closes: None },
            },
            10 => {
                let allow = Rule::Countries {
                    side: Side::Receiver,
                    mode: ListMode::Allow,
                    countries: vec![country("US")],
                };
                let at_home =
                    Rule::All(vec![allow.clone(), claim(Side::Receiver, topic::ACCREDITED)]);
                let abroad = Rule::Not(Box::new(allow));
                Rule::Any(vec![("home".into(), at_home), ("abroad".into(), abroad)])
            }
            11 => self.together(country(some)),
            13 => self.hours(by_calendar),
            14 => {
                // A name stands for one period by one calendar for good.
                let meter = if by_calendar { "business" } else { "weekly" };
                Rule::Amount {
                    meter: meter.into(),
                    of: Measure::Movements,
                    scope: Scope::Asset,
                    by: By::Everyone,
                    period: Period::Fixed(Span::of(0, 7)),
                    max: Some(Limit::Number(Units(self.dice.between(5, 12).into()))),
                }
            }
            12 => Rule::When {
                guard: Box::new(Rule::Kind(Kind::Issue)),
                then: Box::new(claim(Side::Receiver, topic::ACCREDITED)),
            },
            _ => Rule::List {
                side: Side::Both,
                mode: ListMode::Deny,
                list: 1,
                subject: *self.dice.pick(&[ListOf::Person, ListOf::Wallet]),
                about: *self.dice.pick(&[About::Asset, About::Asset, About::Network]),
                place: Place::default(),
            },
        }
    }

    /// When units may move: at hours of business days, or not in a part of the year.
    fn hours(&mut self, by_calendar: bool) -> Rule {
        match self.dice.chance(70) {
            true => Rule::Recurring(Recurring::Weekly {
                days: if self.dice.chance(50) { vec![] } else { Weekday::ALL[..6].to_vec() },
                from: Clock(self.dice.below(8) as u16 * 60),
                until: Clock(1_380),
                business: by_calendar,
            }),
            false => {
                let closed = Recurring::Yearly { from: (2, 1), until: (2, 9) };
                Rule::Not(Box::new(Rule::Recurring(closed)))
            }
        }
    }

    /// What certain holders have together, compared with a number or with a part of the whole; or barred from it.
    fn together(&mut self, country: Country) -> Rule {
        let part = |part, of| Limit::Part { part: Bps(part), of: Box::new(of) };
        let number = |units| Limit::Number(Units(units));
        let accredited = topic::ACCREDITED;
        let (filter, is, right) = match self.dice.below(5) {
            0 => {
                (Filter::Country(country), Relation::AtMost, part(5_000, Limit::Held(Filter::All)))
            }
            1 => (Filter::With(accredited), Relation::AtLeast, number(40)),
            2 => (Filter::CountryWithout(country, accredited), Relation::Below, number(120)),
            3 => (Filter::Without(accredited), Relation::AtMost, part(6_000, Limit::Outstanding)),
            _ => (Filter::Country(country), Relation::Above, part(4_000, Limit::Held(Filter::All))),
        };
        let rule = Rule::Compare { left: Limit::Held(filter), is, right };
        if is == Relation::Above { Rule::Not(Box::new(rule)) } else { rule }
    }
}

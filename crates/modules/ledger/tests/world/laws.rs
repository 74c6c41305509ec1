//! The laws that hold after everything that happens, recounted without the modules' own counters.

use super::{Announced, World, first};
use compliance::{
    By, CLASS_COUNTS, COUNTED, COUNTS, Counted, Counting, Filter, HELD, HELD_COUNT, HOLDERS,
    HOLDS_FOR_OTHERS, ISSUER_COUNTS, ISSUER_FUNDS, Kind, Lot, Measure, MeterKey, Of, Over,
    POLICIES, Period, RecountOfIssuer, Rule, Scope, Standing, UNITS_HELD,
};
use identity::topic::UNDER_REVIEW;
use ledger::{
    AssetStatus, CLASSES, Call, Cause, Event, FROZEN, Freeze, HOLDER_INDEX, HOLDS, HOLDS_ON,
    Position, Wish,
};
use state::Context;
use std::collections::{BTreeMap, BTreeSet};
use types::{
    AccountId, Address, AssetId, B256, ClassId, Contest, Date, Name, PersonId, Span, Time, Units,
};

impl World {
    /// Something happened: every law is checked, at this world's pace.
    pub fn check(&mut self) {
        self.happened += 1;
        if self.happened.is_multiple_of(self.pace) {
            self.recount();
        }
    }

    /// Checks every law. LED-1 to LED-5, LED-7, COM-1, COM-6.
    pub fn recount(&mut self) {
        self.tally.recounted += 1;
        let asset = ledger::asset(&self.ctx, self.asset).unwrap().clone();
        let classes: Vec<ClassId> = (0..asset.classes).map(ClassId).collect();
        let (mut total, mut own) = (0, 0);
        for class in &classes {
            let (mut issued, mut treasury) = (0, 0);
            for account in self.accounts() {
                let units = self.check_position(*class, account);
                issued += units;
                treasury += if account.person == asset.issuer { units } else { 0 };
            }
            let record = CLASSES.get(&self.ctx, &(self.asset, *class)).unwrap();
            assert_eq!(record.issued, Units(issued), "LED-1 (I-01) {class}");
            assert_eq!(record.treasury, Units(treasury), "LED-7 {class}");
            (total, own) = (total + issued, own + treasury);
        }
        assert_eq!(asset.issued, Units(total), "LED-1 (I-01)");
        assert_eq!(asset.treasury, Units(own), "LED-7");
        assert!(asset.issued <= asset.authorised, "LED-1 (I-01)");
        self.check_counts(&classes);
        self.check_counts_of_issuer();
        self.check_past(&classes);
        self.check_meters();
        self.check_frozen();
    }

    /// Checks one position and returns its units.
    fn check_position(&self, class: ClassId, account: AccountId) -> u128 {
        let key = (self.asset, class, account);
        let position = ledger::position(&self.ctx, self.asset, class, account);
        let Position { units, held, frozen, lots, .. } = &position;
        let moved = self.balances.get(&(class, account)).copied().unwrap_or(0);
        assert_eq!(*units, Units(moved), "I-02 {account} {class}");
        assert_eq!(*units, lots.iter().map(|lot| lot.units).sum(), "LED-3 (I-18) {account}");
        assert!(lots.iter().all(|lot| !lot.units.is_zero()), "LED-3 {account}: an empty lot");
        assert!(lots.is_sorted_by_key(|lot| lot.anchor), "LED-3 {account}: lots out of order");
        assert!(lots.len() <= 64, "LED-3 {account}: too many lots");
        let holds = HOLDS_ON.get(&self.ctx, &key).unwrap_or_default();
        let of = |id: &u64| {
            let hold = HOLDS.get(&self.ctx, id).expect("I-04: a listed hold lives");
            assert_eq!((hold.asset, hold.class, hold.account), key, "I-04");
            hold.units
        };
        assert_eq!(*held, holds.iter().map(of).sum(), "I-03, I-04 {account}");
        assert!(held <= units, "LED-2 (I-03) {account}");
        self.check_freezes(class, account, frozen);
        let now = self.ctx.now();
        let of = |freeze: &ledger::Freeze| if now < freeze.until { freeze.units.0 } else { 0 };
        let frozen = frozen.iter().map(of).fold(0, u128::saturating_add);
        let free = units.0.saturating_sub(held.0).saturating_sub(frozen);
        assert_eq!(position.free(now), Units(free), "LED-2 (I-03) {account}");
        units.0
    }

    /// Every announced order that is still to be carried out freezes what it will take, as far as other
    /// orders left it, until it expires; none that is done freezes anything. LED-9.
    fn check_freezes(&self, class: ClassId, account: AccountId, frozen: &[Freeze]) {
        let now = self.ctx.now();
        // Those of two classes may have come together.
        assert!(frozen.len() <= 32, "LED-9 {account}: too many freezes");
        let of_agents = frozen.iter().filter(|freeze| freeze.order().is_none());
        let names: BTreeSet<_> = of_agents.clone().map(|freeze| freeze.under).collect();
        assert_eq!(names.len(), of_agents.count(), "LED-9 {account}: an order freezes twice");
        for freeze in frozen {
            assert!(!freeze.units.is_zero(), "LED-9 {account}: a freeze of nothing");
            let Some(number) = freeze.order() else {
                let contest = freeze.contest().filter(|_| freeze.stands(now));
                if let Some(contest) = contest {
                    self.check_contest((Some(class), account, freeze.under), contest);
                }
                continue;
            };
            let order = &self.orders[&number];
            let is_its = order.key == (class, account) && freeze.until == order.ends;
            assert!(is_its && freeze.units <= order.units, "LED-9 {account}: order {number}");
            assert!(!order.is_done, "LED-9 {account}: order {number} is done and freezes");
        }
        let is_open = |order: &Announced| !order.is_done && now < order.ends;
        for (number, order) in self.orders.iter().filter(|(_, it)| it.key == (class, account)) {
            let freezes = frozen.iter().any(|freeze| freeze.order() == Some(*number));
            let was_taken = self.thawed.contains(number);
            assert!(freezes || was_taken || !is_open(order), "LED-9 {account}: order {number}");
        }
    }

    /// Who a person's freezes bind, and what is said against them, is as it was announced. LED-9.
    fn check_frozen(&self) {
        for person in self.people.values() {
            let orders = FROZEN.get(&self.ctx, &(self.asset, *person)).unwrap_or_default();
            for it in orders.standing(self.ctx.now()) {
                self.check_contest((None, first(*person), it.order.key()), &it.contest);
            }
        }
    }

    fn check_contest(&self, key: (Option<ClassId>, AccountId, B256), contest: &Contest) {
        let said = contest.document.map(|_| (contest.by, contest.decision.is_some()));
        assert_eq!(self.contested.get(&key).copied(), said, "LED-9 {key:?}");
    }

    /// The number that this one was merged into, if it was, as whoever heard of the orders remembers.
    pub fn human(&self, person: PersonId) -> PersonId {
        self.merged.get(&person).copied().unwrap_or(person)
    }

    fn held_by_person(&self, classes: &[ClassId]) -> BTreeMap<PersonId, u128> {
        let mut held = BTreeMap::new();
        for account in self.accounts() {
            for class in classes {
                let units = ledger::position(&self.ctx, self.asset, *class, account).units.0;
                *held.entry(self.human(account.person)).or_default() += units;
            }
        }
        held.retain(|_, units| *units > 0);
        held
    }

    fn holds_class(&self, person: PersonId, class: ClassId) -> bool {
        let of = |account| ledger::position(&self.ctx, self.asset, class, account).units;
        let mut own = self.accounts().into_iter().filter(|account| account.person == person);
        own.any(|account| !of(account).is_zero())
    }

    /// Head-counts, the holder index and what each person is counted as holding.
    fn check_counts(&self, classes: &[ClassId]) {
        let (ctx, asset) = (&self.ctx, self.asset);
        let held = self.held_by_person(classes);
        let counting = POLICIES.get(ctx, &asset).map(|record| record.counting).unwrap_or_default();
        let mut counts = compliance::Recount::default();
        for person in held.keys() {
            let numbers = self.people.values().filter(|it| self.human(**it) == *person);
            let has = |topic| self.has(*person, topic);
            let filters = self.filters_of(*person, &counting);
            let of_class = |class: &&ClassId| {
                let mut numbers = numbers.clone();
                numbers.any(|number| self.holds_class(*number, **class))
            };
            let held_classes: Vec<_> = classes.iter().filter(of_class).collect();
            for filter in filters {
                *counts.all.entry(filter).or_default() += 1;
                if counting.held.contains(&filter) {
                    *counts.held.entry(filter).or_default() += Units(held[person]);
                }
                for class in held_classes.iter().filter(|_| counting.by_class) {
                    *counts.by_class.entry((**class, filter)).or_default() += 1;
                }
            }
            let through = counting.through.iter().filter(|topic| has(**topic));
            counts.through.extend(through.map(|topic| (*topic, *person)));
        }
        for filter in self.all_filters() {
            let counted = COUNTS.get(ctx, &(asset, filter)).unwrap_or(0);
            let should = counts.all.get(&filter).copied().unwrap_or(0);
            assert_eq!(counted, should, "COM-1 (I-06) {filter:?}");
            let held = UNITS_HELD.get(ctx, &(asset, filter)).unwrap_or_default();
            let should = counts.held.get(&filter).copied().unwrap_or_default();
            assert_eq!(held, should, "COM-1: what {filter:?} have together");
            let counted = CLASS_COUNTS.get(ctx, &(asset, filter)).unwrap_or_default();
            for class in classes {
                let counted = counted.get(class.0 as usize).copied().unwrap_or(0);
                let should = counts.by_class.get(&(*class, filter)).copied().unwrap_or(0);
                assert_eq!(counted, should, "COM-1 (I-06) {filter:?} {class}");
            }
        }
        for topic in 0..100 {
            let at = |place| HOLDS_FOR_OTHERS.get(ctx, &(asset, topic, place));
            let indexed: Vec<_> = (0..).map_while(at).map(|person| (topic, person)).collect();
            let should: BTreeSet<_> =
                counts.through.iter().filter(|(of, _)| *of == topic).copied().collect();
            assert_eq!(indexed.len(), should.len(), "COM-1: {topic} is indexed once each");
            assert_eq!(indexed.into_iter().collect::<BTreeSet<_>>(), should, "COM-1 {topic}");
        }
        assert_eq!(compliance::recount(ctx, asset), counts, "COM-1 (I-06): recount");
        for person in self.people.values() {
            self.check_standing(*person);
            let units = COUNTED.get(ctx, &(asset, *person)).map_or(0, |counted| counted.units.0);
            assert_eq!(units, held.get(person).copied().unwrap_or(0), "LED-4 (I-07) {person}");
            let holds = (0..HELD_COUNT.get(ctx, person).unwrap_or(0))
                .filter(|place| HELD.get(ctx, &(*person, *place)) == Some(asset));
            assert_eq!(holds.count(), usize::from(units > 0), "I-06: assets of {person}");
        }
        let indexed: Vec<PersonId> =
            (0..held.len() as u32).filter_map(|n| HOLDERS.get(ctx, &(asset, n))).collect();
        assert_eq!(indexed.len(), held.len(), "I-06: ordinals are dense");
        let indexed: BTreeSet<PersonId> = indexed.into_iter().collect();
        assert!(indexed.iter().eq(held.keys()), "I-06: the index is the set of holders");
    }

    /// Is something said of a human under any of its numbers?
    fn has(&self, person: PersonId, topic: u32) -> bool {
        let mut numbers = self.people.values().filter(|it| self.human(**it) == person);
        numbers.any(|it| identity::current_claim(&self.ctx, *it, topic, &[]).is_some())
    }

    /// The filters that count a human, of those that rules ask for.
    fn filters_of(&self, person: PersonId, counting: &Counting) -> Vec<Filter> {
        let country = identity::person(&self.ctx, person).unwrap().residence;
        let mut filters = vec![Filter::All, Filter::Country(country)];
        filters.extend(counting.topics.iter().map(|topic| match self.has(person, *topic) {
            true => Filter::With(*topic),
            false => Filter::Without(*topic),
        }));
        let crossed = counting.crossed.iter().filter(|(place, _)| *place == country);
        filters.extend(crossed.map(|(place, topic)| match self.has(person, *topic) {
            true => Filter::CountryWith(*place, *topic),
            false => Filter::CountryWithout(*place, *topic),
        }));
        filters
    }

    /// Every filter that may count somebody.
    fn all_filters(&self) -> Vec<Filter> {
        let residence = |id: &PersonId| identity::person(&self.ctx, *id).unwrap().residence;
        let residences: Vec<_> = self.people.values().map(residence).collect();
        let mut filters: Vec<_> = residences.iter().copied().map(Filter::Country).collect();
        for topic in 0..100 {
            filters.extend([Filter::With(topic), Filter::Without(topic)]);
            filters.extend(residences.iter().map(|place| Filter::CountryWith(*place, topic)));
            filters.extend(residences.iter().map(|place| Filter::CountryWithout(*place, topic)));
        }
        filters.push(Filter::All);
        filters
    }

    /// Who holds any asset of the issuer is counted once, as the policies of all of them ask; where none asks, nobody
    /// is. COM-1.
    fn check_counts_of_issuer(&self) {
        let ctx = &self.ctx;
        let assets: Vec<AssetId> = std::iter::once(self.asset).chain(self.other).collect();
        let policies = assets.iter().filter_map(|asset| POLICIES.read(ctx, asset));
        let asked: Vec<_> =
            policies.filter_map(|record| record.counting.of_issuer.as_deref()).collect();
        let mut holders = BTreeSet::new();
        for account in self.accounts() {
            let holds = |asset: &AssetId| {
                let classes = ledger::asset(ctx, *asset).unwrap().classes;
                let units = |class| ledger::position(ctx, *asset, ClassId(class), account).units;
                (0..classes).any(|class| !units(class).is_zero())
            };
            if !asked.is_empty() && assets.iter().any(holds) {
                holders.insert(self.human(account.person));
            }
        }
        let mut should = RecountOfIssuer::default();
        for person in &holders {
            // What several ask for is counted once.
            let filters = asked.iter().flat_map(|counting| self.filters_of(*person, counting));
            for filter in filters.collect::<BTreeSet<_>>() {
                *should.all.entry(filter).or_default() += 1;
            }
            let through = asked.iter().flat_map(|counting| &counting.through);
            let through = through.filter(|topic| self.has(*person, **topic));
            should.through.extend(through.map(|topic| (*topic, *person)));
        }
        for filter in self.all_filters() {
            let counted = ISSUER_COUNTS.get(ctx, &(super::ACME, filter)).unwrap_or(0);
            let should = should.all.get(&filter).copied().unwrap_or(0);
            assert_eq!(counted, should, "COM-1 (I-06) {filter:?} of the issuer");
        }
        let topics = [20, 21];
        let indexed = topics.iter().flat_map(|topic| {
            let at = |place| ISSUER_FUNDS.get(ctx, &(super::ACME, *topic, place));
            (0..).map_while(at).map(|person| (*topic, person))
        });
        let indexed: Vec<_> = indexed.collect();
        assert_eq!(indexed.len(), should.through.len(), "COM-1: each is indexed once");
        assert_eq!(indexed.into_iter().collect::<BTreeSet<_>>(), should.through, "COM-1");
        assert_eq!(compliance::recount_of_issuer(ctx, super::ACME), should, "COM-1: recount");
    }

    /// What is metered in units counts in those of after a split, each day rounded up.
    fn split_meters(&mut self) {
        let splits = compliance::SPLITS.get(&self.ctx, &self.asset).unwrap_or_default();
        for split in &splits[self.splits..] {
            let (mut days, mut others) = (BTreeMap::new(), Vec::new());
            for metered in std::mem::take(&mut self.metered) {
                match metered.what {
                    What::Units(units) => {
                        let day = (metered.name.clone(), metered.over, metered.of, metered.day);
                        days.entry(day).or_insert((metered.span, 0)).1 += units;
                    }
                    What::Person(_) | What::Movement => others.push(metered),
                }
            }
            let scaled = days.into_iter().map(|((name, over, of, day), (span, units))| {
                let what = What::Units((units * u128::from(split.new)).div_ceil(split.old.into()));
                Metered { name, over, of, day, span, what }
            });
            self.metered = scaled.chain(others).collect();
        }
        self.splits = splits.len();
    }

    /// Notes what the policy's meters should add up of the movements just heard.
    pub fn meter(&mut self) {
        self.split_meters();
        let record = POLICIES.get(&self.ctx, &self.asset);
        let rules = record.map(|record| record.policy.rules.clone()).unwrap_or_default();
        let mut bound = Vec::new();
        for event in &self.heard {
            let Event::Moved { asset, class, from, to, units, cause, .. } = event else { continue };
            if *asset != self.asset {
                continue;
            }
            let human = |it: AccountId| self.human(it.person);
            let (from, to) = (from.map(human), to.map(human));
            let is_forced = matches!(cause, Cause::Forced | Cause::ForcedRedeem);
            if from == to || units.is_zero() || is_forced {
                continue;
            }
            let is_transfer = matches!(
                cause,
                Cause::Transfer | Cause::Hold | Cause::Pledge | Cause::RecoursePledge | Cause::Fee
            );
            for rule in &rules {
                let rule = match rule {
                    Rule::When { guard, then } if **guard == Rule::Kind(Kind::Transfer) => {
                        if !is_transfer {
                            continue;
                        }
                        then
                    }
                    rule => rule,
                };
                let (name, scope, by, period, what) = match rule {
                    Rule::Amount { meter, of: Measure::Units, scope, by, period, .. } => {
                        (meter, scope, by, period, What::Units(units.0))
                    }
                    Rule::Amount { meter, of: Measure::Movements, scope, by, period, .. } => {
                        (meter, scope, by, period, What::Movement)
                    }
                    Rule::Persons { meter, scope, by, period, .. } => {
                        let Some(to) = to else { continue };
                        (meter, scope, by, period, What::Person(to))
                    }
                    _ => continue,
                };
                let over = match scope {
                    Scope::Class => Over::Class(self.asset, *class),
                    // What holders move among themselves is no part of an offer.
                    Scope::Offer if from.is_some_and(|from| from != super::ACME) => continue,
                    Scope::Offer if to == Some(super::ACME) => continue,
                    // Nor is what is exchanged: nothing is sold.
                    Scope::Offer if *cause == Cause::Exchange => continue,
                    Scope::Offer => Over::Offer(self.asset, self.offer.expect("an open offer")),
                    _ => Over::Asset(self.asset),
                };
                let of = match by {
                    By::Sender | By::Group(_) => Of::Person(from.unwrap()),
                    By::Receiver => Of::Person(to.unwrap()),
                    _ => Of::Everyone,
                };
                // What counts for ever counts longer than any history here.
                let span = match period {
                    Period::Rolling(span) => *span,
                    Period::Ever => Span::of(600, 0),
                    other => unreachable!("{other:?} is in none of the policies above"),
                };
                // Who was counted under several numbers is counted once from now on.
                if let What::Person(to) = what {
                    let merged = self.merged.clone();
                    let human = |it: PersonId| merged.get(&it).copied().unwrap_or(it);
                    let is_again = |it: &Metered| match it.what {
                        What::Person(other) => {
                            human(other) == to && it.name == *name && it.over == over
                        }
                        What::Units(_) | What::Movement => false,
                    };
                    self.metered.retain(|it| !is_again(it));
                }
                let day = self.day_of(name);
                let also = match by {
                    By::Group(topic) => self.groups(from.unwrap(), *topic),
                    _ => BTreeSet::new(),
                };
                for group in also {
                    let member = Of::Member(group, from.unwrap());
                    for of in [Of::Group(group), member] {
                        let name = name.clone();
                        self.metered.push(Metered { name, over, of, day, span, what });
                    }
                    bound.push(MeterKey {
                        profile: Name::default(),
                        name: name.clone(),
                        over,
                        of: member,
                    });
                }
                self.metered.push(Metered { name: name.clone(), over, of, day, span, what });
            }
        }
        // Of what is left after the last of them, no group's limit is broken.
        for key in bound.into_iter().filter(|_| self.splits == 0) {
            let Of::Member(group, person) = key.of else { continue };
            let is_its = |it: &&Metered| match it.of {
                Of::Group(other) => other == group,
                Of::Person(other) => self.human(other) == self.human(person),
                _ => false,
            };
            let today = self.day_of(&key.name);
            let within =
                self.metered.iter().filter(|it| it.name == key.name && it.over == key.over);
            let within = within.filter(|it| it.span.after_date(it.day) > today);
            let units = |it: &Metered| if let What::Units(units) = it.what { units } else { 0 };
            let all: u128 = within.clone().filter(is_its).map(units).sum();
            let is_both = |it: &&Metered| match it.of {
                Of::Member(other, who) => other == group && self.human(who) == self.human(person),
                _ => false,
            };
            let both: u128 = within.filter(is_both).map(units).sum();
            assert!(all - both <= GROUP_MAX, "COM-6: {key:?} moved {}", all - both);
        }
    }

    /// The groups in which a claim about any of its numbers puts who gives, though it died since.
    fn groups(&self, giver: PersonId, topic: u32) -> BTreeSet<u64> {
        let now = self.ctx.now();
        let numbers = self.people.values().filter(|it| self.human(**it) == self.human(giver));
        let of = |number: &PersonId| {
            let died = identity::person(&self.ctx, *number).unwrap().death.map(|it| it.died);
            let claims = identity::CLAIMS.get(&self.ctx, number).unwrap_or_default().0;
            let counts = move |claim: &identity::Claim| {
                let at = |time: Time| claim.issued <= time && time < claim.expires;
                let is_here = at(now) && !claim.stayed || died.is_some_and(at);
                // A provider that was cut off answers for what it said before at most.
                let provider = identity::PROVIDERS.get(&self.ctx, &claim.provider);
                let stands = provider
                    .and_then(|it| it.cut_off)
                    .is_none_or(|it| now < it.at || it.keep_earlier && claim.issued < it.at);
                claim.topic == topic && claim.revoked.is_none() && is_here && stands
            };
            claims.into_iter().filter(counts).map(|claim| claim.value).collect::<Vec<_>>()
        };
        numbers.flat_map(of).collect()
    }

    /// The day by which a meter counts: that of the west, by its name.
    fn day_of(&self, meter: &str) -> Date {
        let now = self.ctx.now();
        match meter.ends_with("_west") {
            true => Time(now.0 - 10 * 3_600_000).date(),
            false => now.date(),
        }
    }

    /// What was added up within each meter's period is what the movements add up to. COM-6.
    fn check_meters(&self) {
        type Added = (Span, u128, BTreeSet<PersonId>);
        let mut amounts: BTreeMap<(Name, Over, Of), Added> = BTreeMap::new();
        for Metered { name, over, of, day, span, what } in &self.metered {
            let of = match of {
                Of::Person(person) => Of::Person(self.human(*person)),
                Of::Member(group, person) => Of::Member(*group, self.human(*person)),
                of => *of,
            };
            let key = (name.clone(), *over, of);
            let entry = amounts.entry(key).or_insert((*span, 0, BTreeSet::new()));
            if span.after_date(*day) > self.day_of(name) {
                match what {
                    What::Units(amount) => entry.1 += amount,
                    What::Movement => entry.1 += 1,
                    What::Person(person) => drop(entry.2.insert(*person)),
                }
            }
        }
        // A member is bound by what it did and by what its group did, once each. Splits round those apart.
        let both = amounts.keys().filter(|key| matches!(key.2, Of::Member(..))).cloned();
        for key in both.collect::<Vec<_>>() {
            let Of::Member(group, person) = key.2 else { unreachable!("filtered") };
            let of = |of| amounts.get(&(key.0.clone(), key.1, of)).map_or(0, |added| added.1);
            let sum = of(Of::Group(group)) + of(Of::Person(person)) - of(key.2);
            amounts.get_mut(&key).expect("its own key").1 = sum;
        }
        amounts.retain(|key, _| self.splits == 0 || !matches!(key.2, Of::Member(..)));
        for ((name, over, of), (span, amount, persons)) in amounts {
            let today = self.day_of(&name);
            let is_ever = name.ends_with("_ever");
            let key = MeterKey { profile: Name::default(), name, over, of };
            let days = compliance::metered(&self.ctx, &key);
            let counts = |day: Date| is_ever || span.after_date(day) > today;
            let counting = days.iter().filter(|(day, _)| counts(*day));
            let sum: u128 = counting.map(|(_, amount)| amount).sum();
            assert_eq!(sum, amount + persons.len() as u128, "COM-6 (I-08) {key:?}");
        }
    }

    /// Units of others than the issuer, by the day on which their clock started: all of them under 0, and
    /// those under each adopted profile by its number.
    fn ages(&self) -> Ages {
        let mut ages = Ages::new();
        let classes = ledger::asset(&self.ctx, self.asset).unwrap().classes;
        for account in self.accounts().iter().filter(|account| account.person != super::ACME) {
            for class in (0..classes).map(ClassId) {
                let position = ledger::position(&self.ctx, self.asset, class, *account);
                for lot in position.lots.iter() {
                    for number in lot.exemptions.numbers().chain([0]) {
                        let of = ages.entry(number).or_default();
                        *of.entry(lot.anchor.date()).or_default() += lot.units.0;
                    }
                }
            }
        }
        ages
    }

    /// No movement between holders makes units older, nor sets them free of a profile that sets none free:
    /// those whose clock started after a day never get fewer. LED-8.
    fn check_ages(&self, before: &Ages) {
        let is_between_holders = |event: &Event| match event {
            Event::Converted { .. } | Event::PaymentConfirmed { .. } => false,
            Event::Moved { from, to, .. } => {
                let is_issuer =
                    |side: &Option<AccountId>| side.is_some_and(|it| it.person == super::ACME);
                to.is_some() && !is_issuer(from) && !is_issuer(to)
            }
            _ => true,
        };
        if !self.heard.iter().all(is_between_holders) {
            return;
        }
        let after = self.ages();
        for (number, days) in before {
            let adoption = compliance::adoption(&self.ctx, self.asset, *number);
            if adoption.is_some_and(|adoption| adoption.id == "XB-FREE") {
                continue;
            }
            let younger = |ages: &Ages, than: Option<Date>| -> u128 {
                let days = ages.get(number).into_iter().flatten();
                days.filter(|(day, _)| than.is_none_or(|than| **day > than)).map(|(_, u)| u).sum()
            };
            for than in days.keys().copied().map(Some).chain([None]) {
                let (was, is) = (younger(before, than), younger(&after, than));
                assert!(is >= was, "LED-8: {was} to {is} younger than {than:?} under {number}");
            }
        }
    }

    /// Every position that there is.
    pub fn positions(&self) -> Vec<Position> {
        let classes = ledger::asset(&self.ctx, self.asset).unwrap().classes;
        let of = |account: AccountId| {
            (0..classes)
                .map(move |class| ledger::position(&self.ctx, self.asset, ClassId(class), account))
        };
        self.accounts().into_iter().flat_map(of).collect()
    }

    /// Every head-count.
    pub fn counts(&self) -> BTreeMap<Filter, u32> {
        compliance::recount(&self.ctx, self.asset).all
    }

    /// What was found of a holder, and is good still, is what its claims and lists say. COM-7.
    fn check_standing(&self, person: PersonId) {
        let Some(counted) = COUNTED.get(&self.ctx, &(self.asset, person)) else { return };
        let is = Standing::now(&self.ctx, self.asset, person);
        let Standing { epoch, until, is_diligent, is_reviewed, found } = counted.standing;
        if epoch == is.epoch && self.ctx.now() < until {
            let was = (is_diligent, is_reviewed, found);
            let is = (is.is_diligent, is.is_reviewed, is.found);
            assert_eq!(was, is, "COM-7 {person}");
        }
    }

    /// What comes of it where no holder has a standing, so that every claim and list is read.
    pub fn without_standings<T>(&mut self, judge: impl FnOnce(&Context<'_>) -> T) -> T {
        let mark = self.ctx.mark();
        for person in self.people.values() {
            let key = (self.asset, *person);
            if let Some(counted) = COUNTED.get(&self.ctx, &key) {
                let standing = Standing::default();
                COUNTED.put(&mut self.ctx, &key, Counted { standing, ..counted });
            }
        }
        let judged = judge(&self.ctx);
        self.ctx.rollback(mark);
        judged
    }

    /// What may move between two persons, and why not, is the same with standings and without; other two each time.
    /// COM-7.
    pub fn check_judgement(&mut self) {
        let accounts = self.accounts();
        let (turn, asset) = (self.compared, self.asset);
        self.compared += 1;
        let (from, to) = (turn % accounts.len(), turn / accounts.len() % accounts.len());
        let (from, to) = (accounts[from], accounts[to]);
        let wish = |ctx: &Context<'_>| {
            let (class, units, operator) = (Some(ClassId(0)), Units(1), super::wallet(from));
            let (from, to) = (Some(from), Some(to));
            ledger::preview(
                ctx,
                Wish { asset, class, from, to, units, operator, stated: Default::default() },
            )
        };
        let judged = wish(&self.ctx);
        assert_eq!(judged, self.without_standings(wish), "COM-7: {from} to {to}");
    }

    /// Balances at every checkpoint are what they were, and sum to the supply then.
    fn check_past(&self, classes: &[ClassId]) {
        for (index, then) in self.past.iter().enumerate() {
            let checkpoint = index as u32 + 1;
            for class in classes {
                let mut total = Units::ZERO;
                for account in self.accounts() {
                    let at = ledger::balance_at(&self.ctx, self.asset, *class, account, checkpoint);
                    let should = then.get(&(*class, account)).copied().unwrap_or(0);
                    assert_eq!(at, Ok(Units(should)), "LED-5 (I-13) {account} at {checkpoint}");
                    total += Units(should);
                }
                let supply = ledger::supply_at(&self.ctx, self.asset, *class, checkpoint);
                assert_eq!(supply, Ok(total), "I-13: supply of {class} at {checkpoint}");
            }
        }
        for class in classes {
            let holders = CLASSES.get(&self.ctx, &(self.asset, *class)).unwrap().holders;
            let listed: BTreeSet<AccountId> = (0..holders)
                .filter_map(|n| HOLDER_INDEX.get(&self.ctx, &(self.asset, *class, n)))
                .collect();
            assert_eq!(listed.len(), holders as usize, "an account is listed once");
            let holds =
                |(key, units): &(&(ClassId, AccountId), &u128)| key.0 == *class && **units > 0;
            let missing =
                self.balances.iter().filter(holds).find(|(key, _)| !listed.contains(&key.1));
            assert_eq!(missing, None, "every holder is listed");
        }
    }

    /// What limits the next call: what is free, what is counted, what is allowed.
    pub fn limits(&self) -> Limits {
        let (ctx, asset) = (&self.ctx, self.asset);
        let of = |account: AccountId| (account, ledger::free(ctx, asset, account));
        let rules = POLICIES.get(ctx, &asset).map(|record| record.policy.rules.clone());
        let rules = rules.unwrap_or_default();
        let classes = ledger::asset(ctx, asset).unwrap().classes;
        let count = |rule: &Rule| -> Vec<_> {
            let (filter, max, of) = match rule {
                Rule::Count { look_through: Some(_), .. } => return Vec::new(),
                Rule::Count { filter, max: Some(max), scope: Scope::Class, .. } => {
                    (*filter, *max, (0..classes).map(|class| Some(ClassId(class))).collect())
                }
                Rule::Count { filter, max: Some(max), .. } => (*filter, *max, vec![None]),
                _ => return Vec::new(),
            };
            of.into_iter().map(|class| (filter, class, max, self.counted(filter, class))).collect()
        };
        let held = |id: &PersonId| {
            (*id, COUNTED.get(ctx, &(asset, *id)).map_or(Units::ZERO, |counted| counted.units))
        };
        let max = rules.iter().find_map(|rule| match rule {
            Rule::Holding { max, .. } => *max,
            _ => None,
        });
        Limits {
            free: self.accounts().into_iter().map(of).collect(),
            counts: rules.iter().flat_map(count).collect(),
            held: self.people.values().map(held).collect(),
            max,
            allowances: self.allowances(),
            is_open: ledger::asset(ctx, asset).unwrap().status == AssetStatus::Open,
            ages: self.ages(),
            lots: self.lots(asset),
            other: self.other.map(|other| self.lots(other)).unwrap_or_default(),
            is_converting: ledger::asset(ctx, asset).unwrap().conversion.is_some(),
        }
    }

    /// The lots of every position of an asset.
    fn lots(&self, asset: AssetId) -> BTreeMap<(ClassId, AccountId), Vec<Lot>> {
        let classes = ledger::asset(&self.ctx, asset).unwrap().classes;
        let places = (0..classes)
            .map(ClassId)
            .flat_map(|class| self.accounts().into_iter().map(move |account| (class, account)));
        places
            .map(|(class, account)| {
                let position = ledger::position(&self.ctx, asset, class, account);
                ((class, account), position.lots.to_vec())
            })
            .collect()
    }

    /// What is made is what the units given up are at the ratio, rounded down, none of it older than they were, and
    /// LED-1 and LED-3 hold of the other asset too. LED-8.
    fn check_exchange(&self, before: &Limits, call: &Call) {
        let Call::Exchange { asset, new, made: many, old, .. } = call else { return };
        let other = self.other.expect("there is one");
        let of = |id: AssetId, before: bool, limits: &Limits| match (id == self.asset, before) {
            (true, true) => limits.lots.clone(),
            (false, true) => limits.other.clone(),
            (_, false) => self.lots(id),
        };
        let units = |lots: &[Lot]| lots.iter().map(|lot| lot.units.0).sum::<u128>();
        let older = |lots: &[Lot], than: Time| -> u128 {
            lots.iter().filter(|lot| lot.anchor <= than).map(|lot| lot.units.0).sum()
        };
        for event in &self.heard {
            let Event::Exchanged { class, into, account, units: gave, made, rest, .. } = event
            else {
                continue;
            };
            let told = made.0 * u128::from(*old) + u128::from(*rest);
            assert!(gave.0 * u128::from(*many) == told && rest < old, "LED-8 {account}: {made}");
            let (from, to) = ((*class, *account), (*into, *account));
            let (had, has) = (&of(*asset, true, before)[&from], &of(*asset, false, before)[&from]);
            let (was, is) = (&of(*new, true, before)[&to], &of(*new, false, before)[&to]);
            assert_eq!(units(had) - units(has), gave.0, "LED-1 {account}");
            assert_eq!(units(is) - units(was), made.0, "LED-1 {account}");
            for Lot { anchor, .. } in had.iter().chain(is) {
                let gave = older(had, *anchor) - older(has, *anchor);
                let most = gave * u128::from(*many) / u128::from(*old) + older(was, *anchor);
                assert!(older(is, *anchor) <= most, "LED-8 {account}: older than {anchor}");
            }
        }
        let issued = ledger::asset(&self.ctx, other).unwrap().issued.0;
        let held: u128 = self.lots(other).values().map(|lots| units(lots)).sum();
        assert_eq!(issued, held, "LED-1 of the other asset");
    }

    /// Each position becomes what its units are at the ratio, rounded down, and none of them gets older. LED-10.
    fn check_conversion(&self, before: &Limits, call: &Call) {
        let Call::Convert { class, into, new, old, .. } = call else { return };
        let at = |units: u128| units * u128::from(*new) / u128::from(*old);
        let after = self.lots(self.asset);
        for event in &self.heard {
            let Event::Converted { account, units, made, rest, .. } = event else { continue };
            let whole = units.0 * u128::from(*new);
            let told = made.0 * u128::from(*old) + u128::from(*rest);
            assert!(whole == told && rest < old, "LED-10 (I-27) {account}: {units} to {made}");
            let older = |lots: &[Lot], than: Time| -> u128 {
                lots.iter().filter(|lot| lot.anchor <= than).map(|lot| lot.units.0).sum()
            };
            let (source, target) = (&before.lots[&(*class, *account)], &after[&(*into, *account)]);
            let known = &before.lots[&(*into, *account)];
            for Lot { anchor, .. } in source.iter().chain(known) {
                let had = if class == into { 0 } else { older(known, *anchor) };
                let (is, most) = (older(target, *anchor), at(older(source, *anchor)) + had);
                assert!(is <= most, "LED-10 {account}: {is} older than {anchor}, {most} were");
            }
        }
    }

    /// How many others than the issuer a filter counts, of a class if one is named: read holder by holder.
    fn counted(&self, filter: Filter, class: Option<ClassId>) -> u32 {
        let counting = POLICIES.get(&self.ctx, &self.asset).map(|record| record.counting);
        let counting = counting.unwrap_or_default();
        let holders = COUNTS.get(&self.ctx, &(self.asset, Filter::All)).unwrap_or(0);
        let persons = (0..holders).filter_map(|at| HOLDERS.get(&self.ctx, &(self.asset, at)));
        let others = persons.filter(|person| *person != super::ACME);
        let counted = others.filter_map(|it| COUNTED.get(&self.ctx, &(self.asset, it)));
        let is_in = |it: &Counted| {
            let holds = class.is_none_or(|class| !it.of_class(class).is_zero());
            holds && counting.is_in(it.country, it.has, filter)
        };
        counted.filter(is_in).count() as u32
    }

    /// What each account may spend of each other's.
    fn allowances(&self) -> BTreeMap<(AccountId, AccountId), Units> {
        let accounts = self.accounts();
        let mut allowances = BTreeMap::new();
        for owner in &accounts {
            for spender in &accounts {
                let wallet = self.owner(*spender);
                let units = ledger::allowance(&self.ctx, self.asset, *owner, wallet);
                allowances.insert((*owner, *spender), units);
            }
        }
        allowances
    }

    /// Only an approval and a spending change an allowance, and a spending by what was spent. LED-6.
    fn check_allowances(&self, before: &Limits, by: Address, call: &Call) {
        let mut should = before.allowances.clone();
        let spender = identity::account_of(&self.ctx, &by);
        match (call, spender) {
            (Call::TransferFrom { asset, from, units, .. }, Some(spender)) => {
                let left = should.get_mut(&(*from, spender)).expect("every pair");
                if !ledger::is_operator(&self.ctx, *asset, None, *from, by) && *left != Units::MAX {
                    let fees = self.heard.iter().map(|event| match event {
                        Event::Moved { units, cause: Cause::Fee, .. } => *units,
                        _ => Units::ZERO,
                    });
                    let spent = *units + fees.sum();
                    assert!(spent <= *left, "LED-6 (I-11): {spender} spent {spent} of {left}");
                    *left -= spent;
                }
            }
            (Call::Approve { .. }, _) => return,
            _ => {}
        }
        assert_eq!(self.allowances(), should, "LED-6 (I-11)");
    }

    /// Whom somebody reviews, under any of its numbers, gets nothing but its own: not even by order. COM-8 (I-17).
    fn check_review(&self, from: Option<&AccountId>, to: Option<&AccountId>) {
        let human = |side: Option<&AccountId>| side.map(|it| self.human(it.person));
        let Some(to) = human(to).filter(|to| human(from) != Some(*to)) else { return };
        let reviewed = |number: &&PersonId| {
            let claims = identity::current_claim(&self.ctx, **number, UNDER_REVIEW, &[]);
            self.human(**number) == to && claims.is_some()
        };
        assert_eq!(self.people.values().find(reviewed), None, "COM-8 (I-17): {to} is under review");
    }

    /// What was done by will kept within what was free, counted and allowed before. I-05, I-10, I-11,
    /// I-16, I-17.
    pub fn check_limits(&self, before: &Limits, by: Address, call: &Call) {
        self.check_allowances(before, by, call);
        self.check_ages(&before.ages);
        self.check_conversion(before, call);
        self.check_exchange(before, call);
        let has_moved = |event: &Event| matches!(event, Event::Moved { .. });
        let stands = !before.is_converting || !self.heard.iter().any(has_moved);
        assert!(stands, "LED-10: nothing moves while the asset is converted");
        let is_force = matches!(
            call,
            Call::ForceTransfer { .. }
                | Call::ForceRedeem { .. }
                | Call::Reissue { .. }
                | Call::CarryOutOrder { .. }
        );
        let mut given: BTreeMap<AccountId, Units> = BTreeMap::new();
        let mut moved = 0;
        for event in &self.heard {
            let Event::Moved { asset, from, to, units, cause, .. } = event else { continue };
            self.check_review(from.as_ref(), to.as_ref());
            if *asset != self.asset {
                continue;
            }
            moved += 1;
            let is_forced = matches!(cause, Cause::Forced | Cause::ForcedRedeem);
            assert_eq!(is_forced, is_force, "I-10");
            let died = |side: &Option<AccountId>| {
                let person = side.and_then(|it| identity::person(&self.ctx, it.person));
                person.is_some_and(|person| person.death.is_some())
            };
            assert!(!died(to), "IDY-7: the dead get nothing");
            let is_own_will = matches!(cause, Cause::Transfer | Cause::Redeem);
            assert!(!(is_own_will && died(from)), "IDY-7: the dead do nothing");
            match (from, cause) {
                (Some(from), Cause::Transfer | Cause::Redeem | Cause::Fee)
                    if Some(*from) != *to =>
                {
                    *given.entry(*from).or_default() += *units;
                }
                _ => {}
            }
        }
        if is_force {
            let is_logged = |event: &Event| matches!(event, Event::OrderCarriedOut { .. });
            assert!(self.heard.iter().any(is_logged), "I-10: the order is on the record");
            return;
        }
        assert!(before.is_open || moved == 0, "I-17: nothing moves while the asset is halted");
        // A conversion asks nobody and leaves each its part: an excess of units may come of it.
        if matches!(call, Call::Convert { .. }) {
            return;
        }
        for (account, units) in given {
            assert!(units <= before.free[&account], "I-05: {account} gave {units}");
        }
        for (filter, class, max, was) in &before.counts {
            let is = self.counted(*filter, *class);
            assert!(
                is <= *max.max(was),
                "COM-4 (I-16): {was} to {is} of {filter:?} {class:?}, {max} allowed"
            );
        }
        for (person, was) in before.held.iter().filter(|(person, _)| **person != super::ACME) {
            let is =
                COUNTED.get(&self.ctx, &(self.asset, *person)).map_or(Units::ZERO, |c| c.units);
            let most = before.max.map_or(Units::MAX, |max| max.max(*was));
            assert!(is <= most, "COM-4 (I-16): {person} holds {is}, {most} allowed");
        }
    }
}

/// See [`World::limits`].
pub struct Limits {
    free: BTreeMap<AccountId, Units>,
    counts: Vec<(Filter, Option<ClassId>, u32, u32)>,
    held: BTreeMap<PersonId, Units>,
    max: Option<Units>,
    allowances: BTreeMap<(AccountId, AccountId), Units>,
    is_open: bool,
    ages: Ages,
    lots: BTreeMap<(ClassId, AccountId), Vec<Lot>>,
    other: BTreeMap<(ClassId, AccountId), Vec<Lot>>,
    is_converting: bool,
}

type Ages = BTreeMap<u16, BTreeMap<Date, u128>>;

/// What a group of persons may move under the policy that counts by group.
const GROUP_MAX: u128 = 40;

/// What a meter should have added.
#[derive(Clone)]
pub struct Metered {
    name: Name,
    over: Over,
    of: Of,
    day: Date,
    span: Span,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Units(u128),
    Movement,
    Person(PersonId),
}

//! The state, record by record, against what was announced; counts and indexes from scratch.

use super::{
    apps::{Published, told},
    book::{Book, Holding, OnHold, Said, is_of_the_living},
    fold::{Broken, law},
    wire::*,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
};

const IDENTITY: u16 = 1;
const TRUST: u16 = 2;
pub(super) const COMPLIANCE: u16 = 3;
const LEDGER: u16 = 4;
const EVM: u16 = 5;

/// Says where two maps differ first.
pub(super) fn same<K: Ord + Debug, V: PartialEq + Debug>(
    law: &str,
    state: &BTreeMap<K, V>,
    book: &BTreeMap<K, V>,
) -> Result<(), Broken> {
    let keys: BTreeSet<&K> = state.keys().chain(book.keys()).collect();
    for key in keys {
        let (is, should) = (state.get(key), book.get(key));
        law!(is == should, "{law}: {key:?} is {is:?} in the state, {should:?} by its history");
    }
    Ok(())
}

impl Book {
    /// Compares the whole state with the book.
    pub(super) fn matches(&mut self, rows: &Rows) -> Result<(), Broken> {
        self.identity_matches(rows)?;
        self.trust_matches(rows)?;
        self.ledger_matches(rows)?;
        self.compliance_matches(rows)?;
        self.law_matches(rows)?;
        self.meters_match(rows)?;
        self.duties_match(rows)?;
        self.checkpoints_match(rows)?;
        self.evm_matches(rows)
    }

    fn identity_matches(&self, rows: &Rows) -> Result<(), Broken> {
        let persons = rows.table::<u64, Person>(IDENTITY, 0)?;
        let known = |p: Person| {
            let died = p.death.map(|death| (death.died, death.by_order));
            let is = (p.residence, p.provider, p.suspended, p.delegations_frozen, p.accounts);
            (is, died, p.counted_as, p.moved)
        };
        let persons: BTreeMap<_, _> = persons.into_iter().map(|(id, p)| (id, known(p))).collect();
        let book = self.persons.iter().map(|(id, p)| {
            let is = (p.residence, p.provider, p.suspended, p.delegations_frozen, p.accounts);
            (*id, (is, p.died, p.counted_as, p.moved))
        });
        same("I-40 persons", &persons, &book.collect())?;
        let suspensions = rows.table::<u64, Vec<Binding>>(IDENTITY, 15)?;
        let book = self.persons.iter().filter(|(_, p)| !p.orders.is_empty());
        let book = book.map(|(id, p)| (*id, p.orders.clone()));
        same("LED-9 suspensions", &suspensions, &book.collect())?;
        let accounts = rows.table::<Account, Wallet>(IDENTITY, 1)?;
        same("I-30 accounts", &accounts, &self.accounts)?;
        let wallets = rows.table::<Wallet, Bound>(IDENTITY, 2)?;
        let wallets: BTreeMap<_, _> =
            wallets.into_iter().map(|(wallet, at)| (wallet, (at.account, at.is_alive))).collect();
        same("I-30 wallets", &wallets, &self.wallets)?;
        for (wallet, (account, is_alive)) in &wallets {
            let is_owner = accounts.get(account) == Some(wallet);
            law!(is_owner == *is_alive, "I-30 {account:?} and its wallet disagree");
        }
        for (id, p) in &self.persons {
            let one = self.persons.get(&self.human(*id));
            let is_one = one.is_some_and(|it| (it.residence, it.died) == (p.residence, p.died));
            law!(is_one, "IDY-8 person {id} is not what the human is that it is counted as");
        }
        let humans = rows.table::<u64, Vec<u64>>(IDENTITY, 16)?;
        for (human, numbers) in &humans {
            let book = self.numbers(*human);
            let is = (numbers.first(), numbers.iter().collect::<BTreeSet<_>>());
            law!(is == (book.first(), book.iter().collect()), "IDY-8 {human} is {numbers:?}");
        }
        let merged = self.persons.values().filter_map(|known| known.counted_as);
        law!(merged.collect::<BTreeSet<_>>().iter().eq(humans.keys()), "IDY-8 humans differ");
        let claims = rows.table::<u64, Vec<Claim>>(IDENTITY, 3)?;
        for (person, claims) in &claims {
            let has_died = self.has_died(*person);
            for claim in claims {
                let is_stayed = has_died && is_of_the_living(claim.topic);
                law!(claim.stayed == is_stayed, "IDY-7 claim {} of {person}", claim.topic);
            }
        }
        let said = claims.into_iter().flat_map(|(person, claims)| {
            claims.into_iter().map(move |c| {
                let (value, issued, dated, expires) = (c.value, c.issued, c.dated, c.expires);
                let said = Said { value, issued, dated, expires, revoked: c.revoked };
                ((person, c.topic, c.provider), said)
            })
        });
        let book = self.claims.iter().map(|(key, said)| (*key, said.clone()));
        same("I-32 claims", &said.collect(), &book.collect())?;
        let providers = rows.table::<u64, Provider>(IDENTITY, 4)?;
        let providers = providers.into_iter().map(|(id, p)| (id, (p.is_active, p.cut_off)));
        same("I-32 providers", &providers.collect(), &self.providers)?;
        let humans: BTreeSet<u64> = rows.table::<Hash, u64>(IDENTITY, 5)?.into_values().collect();
        let has_one = humans.iter().eq(self.persons.keys());
        let commitments = rows.table::<Hash, u64>(IDENTITY, 5)?.len();
        law!(has_one && commitments == humans.len(), "I-33 commitments and persons differ");
        let recoveries = rows.table::<Account, Recovery>(IDENTITY, 7)?;
        let recoveries = recoveries.into_iter().map(|(account, r)| (account, (r.wallet, r.ready)));
        same("I-35 recoveries", &recoveries.collect(), &self.recoveries)?;
        let disputes = rows.table::<Account, Dispute>(IDENTITY, 17)?;
        let book = self.lost.keys().filter_map(|of| Some((*of, self.dispute(of)?)));
        same("LED-11 disputes", &disputes, &book.collect())?;
        let delegations = rows.table::<(Account, Wallet), Delegation>(IDENTITY, 6)?;
        let fact = |d: Delegation| {
            let used = told(&d.terms);
            (d.operations, d.asset, d.limit, d.expires, Some(d.given_by), used)
        };
        let delegations = delegations.into_iter().map(|(key, d)| (key, fact(d)));
        let book = self.delegations.iter().map(|(key, d)| {
            (*key, (d.operations, d.asset, d.left, d.expires, d.by, d.bounds.told()))
        });
        same("I-11 delegations", &delegations.collect(), &book.collect())?;
        let hits: BTreeSet<u64> = rows.table::<u64, u32>(IDENTITY, 8)?.into_keys().collect();
        law!(hits == self.sanctions, "I-40 sanctions {hits:?} and {:?}", self.sanctions);
        Ok(())
    }

    fn trust_matches(&self, rows: &Rows) -> Result<(), Broken> {
        let grants = rows.table::<GrantKey, Grant>(TRUST, 0)?;
        let fact =
            |g: Grant| (g.remaining, g.expires, g.revoked.is_some(), g.granted_by, told(&g.terms));
        let grants = grants.into_iter().map(|(key, g)| (key, fact(g)));
        let book = self
            .grants
            .iter()
            .map(|(key, g)| (*key, (g.remaining, g.expires, g.is_revoked, g.by, g.bounds.told())));
        same("TRU-1 grants", &grants.collect(), &book.collect())?;
        let quorums = rows.table::<(u8, Scope), Quorum>(TRUST, 1)?;
        let quorums = quorums.into_iter().map(|(key, q)| (key, (q.members, q.threshold)));
        same("TRU-2 quorums", &quorums.collect(), &self.quorums)?;
        same("I-15 tanks", &rows.table::<u64, Tank>(TRUST, 3)?, &self.tanks)?;
        let capacity = self.schedule.as_ref().map_or(0, |schedule| schedule.verified);
        for (person, _) in self.tanks.iter() {
            let tank = self.tank(*person);
            law!(tank.level <= capacity, "I-15 the tank of {person} holds {}", tank.level);
        }
        same("I-15 sponsors", &rows.table::<u64, Sponsorship>(TRUST, 4)?, &self.sponsors)?;
        self.apps_match(rows)
    }

    /// Apps, roles and attestations, and that the code of a published contract is what it was. TRU-8.
    fn apps_match(&self, rows: &Rows) -> Result<(), Broken> {
        let apps = rows.table::<u64, App>(TRUST, 9)?;
        let apps = apps.into_iter().map(|(number, app)| {
            let App { developer, version, standing, contracts, .. } = app;
            (number, Published { developer, version, standing, contracts })
        });
        same("TRU-8 apps", &apps.collect(), &self.apps)?;
        let contracts = rows.table::<Wallet, Contract>(TRUST, 11)?;
        let contracts = contracts.into_iter().map(|(at, c)| (at, (c.app, c.code, c.is_listed)));
        same("TRU-8 contracts", &contracts.collect(), &self.contracts)?;
        let accounts = rows.table::<Wallet, EvmAccount>(EVM, 0)?;
        for (contract, (app, code, _)) in &self.contracts {
            let found = accounts.get(contract).and_then(|account| account.code);
            law!(found == Some(*code), "TRU-8 {contract:02x?} of app {app} has other code");
        }
        let said = rows.table::<Hash, Vec<Attestation>>(TRUST, 12)?;
        let said = said.into_iter().flat_map(|(code, said)| {
            let stands = said.into_iter().filter(|it| it.withdrawn.is_none());
            stands.map(move |it| ((code, it.auditor), it.expires))
        });
        same("TRU-8 attestations", &said.collect(), &self.attestations)?;
        same("TRU-8 roles", &rows.table::<(u8, u64), u8>(TRUST, 13)?, &self.roles)?;
        let demands: BTreeSet<u64> = rows.table::<u64, ()>(TRUST, 14)?.into_keys().collect();
        law!(demands == self.demands, "TRU-8 demands {demands:?} and {:?}", self.demands);
        Ok(())
    }

    fn ledger_matches(&mut self, rows: &Rows) -> Result<(), Broken> {
        let assets = rows.table::<u64, Asset>(LEDGER, 0)?;
        let facts = |a: &Asset| (a.issuer, a.authorised, a.issued, a.status, a.checkpoint);
        let facts: BTreeMap<_, _> = assets.iter().map(|(id, a)| (*id, facts(a))).collect();
        let book = self.assets.iter().map(|(id, a)| {
            (*id, (a.issuer, a.authorised, a.minted - a.burned, a.status, a.checkpoint))
        });
        same("I-01 assets", &facts, &book.collect())?;
        let under_way = assets.iter().filter_map(|(id, asset)| {
            let it = asset.conversion.clone()?;
            Some((*id, (it.class, it.into, it.ratio)))
        });
        same("LED-10 conversions", &under_way.collect(), &self.conversions)?;
        let classes = rows.table::<(u64, u32), Class>(LEDGER, 1)?;
        for (id, asset) in &assets {
            let own = |(_, _, account): &&(u64, u32, Account)| account.person == asset.issuer;
            let held = |class: Option<u32>| -> u128 {
                let of = self.positions_of(*id).filter(|(key, _)| own(key));
                of.filter(|(key, _)| class.is_none_or(|it| it == key.1))
                    .map(|(_, at)| at.units)
                    .sum()
            };
            let (is, should) = (asset.treasury, held(None));
            law!(is == should, "LED-7 asset {id}: {is} in treasury, its issuer holds {should}");
            for ((_, number), class) in classes.range((*id, 0)..=(*id, u32::MAX)) {
                let (is, should) = (class.treasury, held(Some(*number)));
                law!(is == should, "LED-7 class {id}/{number}: {is} in treasury, not {should}");
            }
        }
        let classes =
            classes.into_iter().map(|(key, class)| (key, (class.issued, class.is_frozen)));
        same("I-01 classes", &classes.collect(), &self.classes)?;
        for (id, asset) in &assets {
            let sum: u128 = self.positions_of(*id).map(|(_, at)| at.units).sum();
            law!(
                sum == asset.issued,
                "I-01 {sum} units of asset {id} are held, {} issued",
                asset.issued
            );
            law!(asset.issued <= asset.authorised, "I-01 more of asset {id} than authorised");
        }
        let positions = rows.table::<(u64, u32, Account), Position>(LEDGER, 2)?;
        let positions: BTreeMap<_, _> = positions
            .into_iter()
            .map(|(key, at)| {
                let Position { units, held, frozen, lots, .. } = at;
                (key, Holding { units, held, frozen, lots })
            })
            .collect();
        self.clocks_hold(&positions)?;
        for key in std::mem::take(&mut self.unsure) {
            if let (Some(is), Some(book)) = (positions.get(&key), self.positions.get_mut(&key)) {
                book.lots = is.lots.clone();
            }
        }
        same("I-02 positions", &positions, &self.positions)?;
        for (key, at) in &positions {
            let in_lots: u128 = at.lots.iter().map(|lot| lot.units).sum();
            law!(in_lots == at.units, "I-18 {key:?}: lots sum to {in_lots} of {}", at.units);
            law!(at.held <= at.units, "I-03 {key:?}: {} held of {}", at.held, at.units);
            let on = self.holds.values().filter(|h| (h.asset, h.class, h.account) == *key);
            let on: u128 = on.map(|hold| hold.units).sum();
            law!(on == at.held, "I-04 {key:?}: holds sum to {on} of {} held", at.held);
        }
        let holds = rows.table::<u64, Hold>(LEDGER, 7)?;
        let fact = |h: Hold| {
            let (account, beneficiary) = (h.account, h.beneficiary);
            let Hold { asset, class, units, since, expires, pledge, path, price, .. } = h;
            OnHold {
                asset,
                class,
                account,
                beneficiary,
                units,
                since,
                expires,
                pledge,
                path,
                price,
            }
        };
        let holds: BTreeMap<_, _> = holds.into_iter().map(|(id, hold)| (id, fact(hold))).collect();
        same("I-04 holds", &holds, &self.holds)?;
        let on = rows.table::<(u64, u32, Account), Vec<u64>>(LEDGER, 17)?;
        let named: BTreeSet<u64> = on.values().flatten().copied().collect();
        let is_bijection = named.iter().eq(holds.keys())
            && on.values().map(Vec::len).sum::<usize>() == named.len();
        law!(is_bijection, "I-04 positions name holds {named:?}");
        self.settle_allowances(&rows.table(LEDGER, 8)?)?;
        let operators = rows.table::<(u64, Option<u32>, Wallet, Wallet), ()>(LEDGER, 9)?;
        law!(operators.keys().eq(self.operators.iter()), "I-40 operators differ");
        let frozen = rows.table::<(u64, u64), Vec<Binding>>(LEDGER, 11)?;
        same("I-17 frozen persons", &frozen, &self.frozen)?;
        same("I-17 halts", &rows.table::<(u64, Option<u32>), Halt>(LEDGER, 23)?, &self.halts)?;
        same("LED-9 orders", &rows.table::<u64, Taking>(LEDGER, 21)?, &self.orders)?;
        for (key, at) in &positions {
            for number in at.frozen.iter().filter_map(Freeze::order) {
                let order = self.orders.get(&number);
                let is_its = order.is_some_and(|order| {
                    (order.asset, order.class, order.from) == *key && order.end.is_none()
                });
                law!(is_its, "LED-9 {key:?} is frozen for order {number}");
            }
        }
        let index = rows.table::<(Account, u32), (u64, u32)>(LEDGER, 15)?;
        let indexed: BTreeSet<_> =
            index.iter().map(|((account, _), (asset, class))| (*asset, *class, *account)).collect();
        let is_whole = indexed.iter().eq(positions.keys()) && indexed.len() == index.len();
        law!(is_whole, "the index of positions is not the positions");
        let index = rows.table::<(u64, u32, u32), Account>(LEDGER, 18)?;
        let indexed: BTreeSet<_> =
            index.iter().map(|((asset, class, _), account)| (*asset, *class, *account)).collect();
        let is_whole = indexed.iter().eq(positions.keys()) && indexed.len() == index.len();
        law!(is_whole, "the index of holders is not the holders");
        Ok(())
    }

    /// No unit got older: whatever moved by whichever rules, of a class no more units have a clock that started by a
    /// moment than before. I-18.
    fn clocks_hold(
        &mut self,
        positions: &BTreeMap<(u64, u32, Account), Holding>,
    ) -> Result<(), Broken> {
        let mut ages: BTreeMap<(u64, u32), BTreeMap<u64, u128>> = BTreeMap::new();
        for ((asset, class, _), at) in positions {
            let of_class = ages.entry((*asset, *class)).or_default();
            for lot in &at.lots {
                *of_class.entry(lot.anchor).or_default() += lot.units;
            }
        }
        let last = std::mem::replace(&mut self.ages, ages);
        let remade = std::mem::take(&mut self.remade);
        for ((asset, class), before) in
            last.iter().filter(|((asset, _), _)| !remade.contains(asset))
        {
            let none = BTreeMap::new();
            let after = self.ages.get(&(*asset, *class)).unwrap_or(&none);
            let newest = before.keys().rfind(|anchor| **anchor != u64::MAX).copied().unwrap_or(0);
            for anchor in after.range(..=newest).map(|(anchor, _)| *anchor) {
                let [was, is] = [before, after]
                    .map(|ages| ages.range(..=anchor).map(|(_, units)| units).sum::<u128>());
                law!(
                    is <= was,
                    "I-18 {is} units of {asset}/{class} are as old as {anchor}, {was} were"
                );
            }
        }
        Ok(())
    }

    /// Where a contract may have drawn on an allowance, the state must show one of the sums. I-11.
    fn settle_allowances(
        &mut self,
        state: &BTreeMap<(u64, Wallet, Wallet), u128>,
    ) -> Result<(), Broken> {
        for (key, amounts) in std::mem::take(&mut self.perhaps_spent) {
            let (Some(was), Some(is)) = (self.allowances.get_mut(&key), state.get(&key)) else {
                continue;
            };
            let mut sums = BTreeSet::from([0u128]);
            for amount in amounts {
                sums.extend(sums.clone().into_iter().map(|sum| sum + amount));
            }
            if sums.contains(&was.saturating_sub(*is)) {
                *was = *is;
            }
        }
        // An allowance used up and none at all say the same.
        let some = |allowances: &BTreeMap<(u64, Wallet, Wallet), u128>| -> BTreeMap<_, _> {
            allowances.iter().filter(|(_, units)| **units > 0).map(|(k, v)| (*k, *v)).collect()
        };
        same("I-11 allowances", &some(state), &some(&self.allowances))
    }

    fn compliance_matches(&mut self, rows: &Rows) -> Result<(), Broken> {
        let counts = rows.table::<(u64, Filter), u32>(COMPLIANCE, 2)?;
        let counted = rows.table::<(u64, u64), Counted>(COMPLIANCE, 3)?;
        let policies = rows.table::<u64, PolicyRecord>(COMPLIANCE, 0)?;
        let mut held: BTreeMap<(u64, u64), u128> = BTreeMap::new();
        let mut recount: BTreeMap<(u64, Filter), u32> = BTreeMap::new();
        let mut by_class: BTreeMap<(u64, Filter, u32), u32> = BTreeMap::new();
        let mut through: BTreeSet<(u64, u32, u64)> = BTreeSet::new();
        let mut together: BTreeMap<(u64, Filter), u128> = BTreeMap::new();
        for asset in self.assets.keys() {
            let holdings = self.holdings(*asset);
            let counting = policies.get(asset).map(|record| &record.counting);
            let topics = counting.iter().flat_map(|counting| &counting.topics);
            let crossed = counting.iter().flat_map(|counting| &counting.crossed);
            let countries = holdings.keys().filter_map(|person| self.persons.get(person));
            let mut filters: BTreeSet<Filter> =
                countries.map(|person| Filter::Country(person.residence)).collect();
            filters.insert(Filter::All);
            filters.extend(topics.flat_map(|t| [Filter::With(*t), Filter::Without(*t)]));
            filters.extend(crossed.flat_map(|(country, topic)| {
                [Filter::CountryWith(*country, *topic), Filter::CountryWithout(*country, *topic)]
            }));
            let is_by_class = counting.is_some_and(|counting| counting.by_class);
            for filter in counting.iter().flat_map(|counting| &counting.held) {
                let is_in = |(person, _): &(&u64, &u128)| self.is_in(**person, filter);
                let units = holdings.iter().filter(is_in).map(|(_, units)| *units).sum();
                together.insert((*asset, *filter), units);
            }
            for filter in filters {
                recount.insert((*asset, filter), self.count(&holdings, &filter));
                let classes = self.holdings_by_class(*asset).into_iter();
                for (class, holdings) in classes.filter(|_| is_by_class) {
                    let count = self.count(&holdings, &filter);
                    by_class.insert((*asset, filter, class), count);
                }
            }
            for topic in counting.iter().flat_map(|counting| &counting.through) {
                let has = |person: &&u64| self.is_said(**person, *topic, 0, &[]);
                through.extend(holdings.keys().filter(has).map(|person| (*asset, *topic, *person)));
            }
            held.extend(holdings.into_iter().map(|(person, units)| ((*asset, person), units)));
        }
        // No record and a record of zero say the same.
        let some = |counts: BTreeMap<(u64, Filter), u32>| -> BTreeMap<_, _> {
            counts.into_iter().filter(|(_, count)| *count > 0).collect()
        };
        same("I-06 counts", &some(counts), &some(recount))?;
        let mut units_held = rows.table::<(u64, Filter), u128>(COMPLIANCE, 37)?;
        units_held.retain(|_, units| *units > 0);
        together.retain(|_, units| *units > 0);
        same("COM-1 what holders have together", &units_held, &together)?;
        let class_counts = rows.table::<(u64, Filter), Vec<u32>>(COMPLIANCE, 23)?;
        let class_counts = class_counts.iter().flat_map(|((asset, filter), counts)| {
            (0..).zip(counts).map(move |(class, count)| ((*asset, *filter, class), *count))
        });
        let class_counts = class_counts.filter(|(_, count)| *count > 0).collect();
        by_class.retain(|_, count| *count > 0);
        same("I-06 counts by class", &class_counts, &by_class)?;
        let for_others = rows.table::<(u64, u32, u32), u64>(COMPLIANCE, 24)?;
        let places = rows.table::<(u64, u32, u64), u32>(COMPLIANCE, 25)?;
        let indexed: BTreeSet<_> = for_others
            .iter()
            .map(|((asset, topic, _), person)| (*asset, *topic, *person))
            .collect();
        law!(indexed == through, "I-06 {indexed:?} hold for others, should be {through:?}");
        for ((asset, topic, place), person) in &for_others {
            let back = places.get(&(*asset, *topic, *person));
            law!(
                back == Some(place),
                "place {place} of asset {asset}, {topic} is not indexed back"
            );
        }
        law!(places.len() == for_others.len(), "an index of who holds for others has strangers");
        for ((asset, person), counted) in &counted {
            let holdings = self.holdings_by_class(*asset).into_iter();
            let of = |(class, holdings): (u32, BTreeMap<u64, u128>)| {
                Some((class, *holdings.get(person)?)).filter(|_| class > 0)
            };
            let should: Vec<_> = holdings.filter_map(of).collect();
            law!(counted.classes == should, "I-07 {person} holds {should:?} of asset {asset}");
        }
        let units = counted.iter().map(|(key, counted)| (*key, counted.units)).collect();
        same("I-07 holdings", &units, &held)?;
        let holders = rows.table::<(u64, u32), u64>(COMPLIANCE, 4)?;
        for ((asset, place), person) in &holders {
            let back = counted.get(&(*asset, *person)).map(|counted| counted.holder);
            law!(back == Some(*place), "holder {place} of asset {asset} is not indexed back");
        }
        let of_persons = rows.table::<(u64, u32), u64>(COMPLIANCE, 5)?;
        for ((person, place), asset) in &of_persons {
            let back = counted.get(&(*asset, *person)).map(|counted| counted.held);
            law!(back == Some(*place), "asset {place} of person {person} is not indexed back");
        }
        let is_whole = holders.len() == counted.len() && of_persons.len() == counted.len();
        law!(is_whole, "an index of holders has entries of nobody");
        let lists = rows.table::<(Subject, u32, Entry), Listed>(COMPLIANCE, 1)?;
        let lists = lists.into_iter().map(|(key, entry)| (key, (entry.from, entry.until)));
        same("I-40 lists", &lists.collect(), &self.lists)?;
        self.issuers_match(rows, &policies)?;
        let versions: BTreeMap<_, _> = policies.iter().map(|(id, p)| (*id, p.version)).collect();
        let book = self.policies.iter().map(|(asset, (version, _))| (*asset, *version));
        same("I-40 policies", &versions, &book.collect())
    }

    /// Who holds any asset of an issuer is counted once, as the rules of all its assets ask, and nobody where none does.
    /// I-06.
    fn issuers_match(
        &self,
        rows: &Rows,
        policies: &BTreeMap<u64, PolicyRecord>,
    ) -> Result<(), Broken> {
        let issuers = self.assets.iter().map(|(asset, known)| (*asset, known.issuer));
        let issuers: BTreeMap<u64, u64> = issuers.collect();
        same("I-40 issuers", &rows.table(COMPLIANCE, 28)?, &issuers)?;
        let issued = rows.table::<(u64, u32), u64>(COMPLIANCE, 29)?;
        let of_index = issued.iter().map(|((issuer, _), asset)| (*asset, *issuer)).collect();
        same("I-40 assets of issuers", &of_index, &issuers)?;
        let mut how_many: BTreeMap<u64, u32> = BTreeMap::new();
        issuers.values().for_each(|issuer| *how_many.entry(*issuer).or_default() += 1);
        same("I-40 assets of each issuer", &rows.table(COMPLIANCE, 30)?, &how_many)?;
        let counting = rows.table::<u64, Counting>(COMPLIANCE, 31)?;
        let counts = rows.table::<(u64, Filter), u32>(COMPLIANCE, 32)?;
        let counted = rows.table::<(u64, u64), CountedOfIssuer>(COMPLIANCE, 33)?;
        let funds = rows.table::<(u64, u32, u32), u64>(COMPLIANCE, 34)?;
        let places = rows.table::<(u64, u32, u64), u32>(COMPLIANCE, 35)?;
        let mut recount: BTreeMap<(u64, Filter), u32> = BTreeMap::new();
        let mut assets: BTreeMap<(u64, u64), u32> = BTreeMap::new();
        let mut through: BTreeSet<(u64, u32, u64)> = BTreeSet::new();
        for issuer in how_many.keys() {
            let own = || self.assets_of(*issuer);
            let asked = own().filter_map(|asset| policies.get(&asset)?.counting.of_issuer.as_ref());
            let asked: Vec<&Counting> = asked.map(|counting| &**counting).collect();
            law!(asked.is_empty() != counting.contains_key(issuer), "I-06 issuer {issuer}");
            if asked.is_empty() {
                continue;
            }
            let mut holders: BTreeMap<u64, u128> = BTreeMap::new();
            for person in own().flat_map(|asset| self.holdings(asset).into_keys()) {
                *assets.entry((*issuer, person)).or_default() += 1;
                holders.insert(person, 1);
            }
            let residences = holders.keys().filter_map(|person| self.persons.get(person));
            let mut filters: BTreeSet<Filter> =
                residences.map(|person| Filter::Country(person.residence)).collect();
            filters.insert(Filter::All);
            let topics = asked.iter().flat_map(|counting| &counting.topics);
            filters.extend(topics.flat_map(|t| [Filter::With(*t), Filter::Without(*t)]));
            let crossed = asked.iter().flat_map(|counting| &counting.crossed);
            filters.extend(crossed.flat_map(|(country, topic)| {
                [Filter::CountryWith(*country, *topic), Filter::CountryWithout(*country, *topic)]
            }));
            for filter in filters {
                recount.insert((*issuer, filter), self.count(&holders, &filter));
            }
            for topic in asked.iter().flat_map(|counting| &counting.through) {
                let has = holders.keys().filter(|person| self.is_said(**person, *topic, 0, &[]));
                through.extend(has.map(|person| (*issuer, *topic, *person)));
            }
        }
        let some = |counts: BTreeMap<(u64, Filter), u32>| -> BTreeMap<_, _> {
            counts.into_iter().filter(|(_, count)| *count > 0).collect()
        };
        same("I-06 counts of issuers", &some(counts), &some(recount))?;
        let held = counted.iter().map(|(key, counted)| (*key, counted.assets)).collect();
        same("I-06 holders of issuers", &held, &assets)?;
        let indexed: BTreeSet<_> =
            funds.iter().map(|((issuer, topic, _), person)| (*issuer, *topic, *person)).collect();
        law!(indexed == through, "I-06 {indexed:?} hold for others, should be {through:?}");
        let back = |((issuer, topic, place), person): (&(u64, u32, u32), &u64)| {
            places.get(&(*issuer, *topic, *person)) == Some(place)
        };
        let is_whole = funds.iter().all(back) && places.len() == funds.len();
        law!(is_whole, "I-06 who holds for others is indexed of an issuer, and not back");
        Ok(())
    }

    /// Profiles, adoptions, the law of the land, facts, offers, approvals and venues are as announced.
    fn law_matches(&self, rows: &Rows) -> Result<(), Broken> {
        let profiles = rows.table::<(String, u32), ProfileRecord>(COMPLIANCE, 8)?;
        let hashes: BTreeMap<_, _> =
            profiles.iter().map(|(key, record)| (key.clone(), record.hash)).collect();
        same("I-40 profiles", &hashes, &self.law.profiles)?;
        let mut latest: BTreeMap<String, u32> = BTreeMap::new();
        for (id, version) in self.law.profiles.keys() {
            latest.insert(id.clone(), *version);
        }
        same("I-40 latest profiles", &rows.table(COMPLIANCE, 9)?, &latest)?;
        let adoptions = rows.table::<u64, Vec<Adoption>>(COMPLIANCE, 10)?;
        same("I-40 adoptions", &adoptions, &self.law.adoptions)?;
        same("I-40 the law of the land", &rows.table(COMPLIANCE, 11)?, &self.law.land)?;
        same("I-40 facts", &rows.table(COMPLIANCE, 7)?, &self.law.facts)?;
        same("I-40 offers", &rows.table(COMPLIANCE, 22)?, &self.law.offers)?;
        same("I-40 approvals", &rows.table(COMPLIANCE, 14)?, &self.law.approvals)?;
        let venues = rows.table::<u64, VenueRecord>(COMPLIANCE, 20)?;
        let venues: BTreeMap<_, _> =
            venues.into_iter().map(|(id, record)| (id, record.version)).collect();
        let of_book = self.law.venues.iter().map(|(id, (version, _))| (*id, *version));
        same("I-40 venues", &venues, &of_book.collect())
    }

    /// Balances and supplies at every checkpoint read as they were. I-13.
    fn checkpoints_match(&self, rows: &Rows) -> Result<(), Broken> {
        let history = rows.table::<(u64, u32, Account), Vec<Past>>(LEDGER, 12)?;
        let supplies = rows.table::<(u64, u32), Vec<Past>>(LEDGER, 13)?;
        let at = |past: Option<&Vec<Past>>, checkpoint: u32, now: u128| {
            let found = past.and_then(|past| past.iter().find(|past| past.until >= checkpoint));
            found.map_or(now, |past| past.units)
        };
        for ((asset, checkpoint), snapshot) in &self.checkpoints {
            for (key, now) in self.positions_of(*asset) {
                let should = snapshot.balances.get(&(key.1, key.2)).copied().unwrap_or(0);
                let is = at(history.get(key), *checkpoint, now.units);
                law!(
                    is == should,
                    "I-13 {key:?} had {should} at checkpoint {checkpoint}, now {is}"
                );
            }
            for ((_, class), (now, _)) in self.classes.range((*asset, 0)..=(*asset, u32::MAX)) {
                let should = snapshot.supplies.get(class).copied().unwrap_or(0);
                let is = at(supplies.get(&(*asset, *class)), *checkpoint, *now);
                law!(is == should, "I-13 supply of {asset}/{class} was {should}, now {is}");
            }
        }
        Ok(())
    }

    fn evm_matches(&self, rows: &Rows) -> Result<(), Broken> {
        let is_reserved = |wallet: &Wallet| wallet[..9] == [0x5c, 0x12, 0x19, 0, 0, 0, 0, 0, 0];
        let accounts = rows.table::<Wallet, EvmAccount>(EVM, 0)?;
        for (wallet, account) in &accounts {
            law!(!is_reserved(wallet), "I-14 a reserved address has an account");
            let used = self.nonces.get(wallet).copied();
            let is_signer = account.code.is_none() && used == Some(account.nonce);
            let is_contract = account.code.is_some() && used.is_none();
            law!(
                is_signer || is_contract,
                "I-34 nonce {} of {wallet:02x?}, {used:?} used",
                account.nonce
            );
        }
        let has_all = self.nonces.keys().all(|wallet| accounts.contains_key(wallet));
        law!(has_all, "I-34 a sender's nonce is not kept");
        let words = rows.table::<(Wallet, Hash), Hash>(EVM, 2)?;
        let of_guests = words.keys().all(|(wallet, _)| !is_reserved(wallet));
        law!(of_guests, "I-14 a reserved address has storage");
        Ok(())
    }

    /// Reads what cannot be announced: policies and profiles by their hash, and contracts by their code.
    pub(super) fn read_rules(&mut self, rows: &Rows, even: &[u8]) -> Result<(), Broken> {
        for (key, record) in rows.table::<(String, u32), ProfileRecord>(COMPLIANCE, 8)? {
            let text =
                borsh::to_vec(&record.profile).map_err(|e| format!("profile {key:?}: {e}"))?;
            law!(record.hash == super::sha256(&[&text]), "profile {key:?} has another hash");
            law!(all_differ(&record.paths), "paths of {key:?}: {:?}", record.paths);
            self.law.offered_by_profiles.insert(record.hash, record.paths);
            self.law.texts.insert(record.hash, record.profile);
        }
        for (id, record) in rows.table::<String, CalendarRecord>(COMPLIANCE, 21)? {
            let text =
                borsh::to_vec(&record.calendar).map_err(|e| format!("calendar {id}: {e}"))?;
            let is_so = record.hash == super::sha256(&[&text]) && record.calendar.id == id;
            law!(is_so, "calendar {id} has another hash or name");
            self.law.calendar_texts.insert(record.hash, record.calendar);
        }
        for (asset, record) in rows.table::<u64, PolicyRecord>(COMPLIANCE, 0)? {
            let before = borsh::to_vec(&(&record.counting, &record.meters, &record.paths));
            let before = 12 + before.map_err(|e| format!("policy of {asset}: {e}"))?.len();
            let bytes = rows.bytes(COMPLIANCE, 0, &asset.to_le_bytes()).unwrap_or_default();
            // Version, since, what is counted, the meters and the paths stand before the policy.
            let policy = bytes.get(before..).unwrap_or_default();
            self.rules.insert(super::sha256(&[policy]), record.policy);
            let known = self.law.offered_by_policies.entry(asset).or_default();
            let stand = record.paths.starts_with(known) && all_differ(&record.paths);
            law!(stand, "paths of asset {asset}: {:?} after {known:?}", record.paths);
            *known = record.paths;
        }
        let codes = rows.table::<Hash, Vec<u8>>(EVM, 1)?;
        for (wallet, account) in rows.table::<Wallet, EvmAccount>(EVM, 0)? {
            let code = account.code.and_then(|hash| codes.get(&hash));
            if code.is_some_and(|code| code == even) {
                self.even_contracts.insert(wallet);
            }
        }
        Ok(())
    }
}

fn all_differ(names: &[String]) -> bool {
    names.iter().collect::<BTreeSet<_>>().len() == names.len()
}

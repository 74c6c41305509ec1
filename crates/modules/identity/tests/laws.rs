//! The laws of identity, on random histories of calls by everybody, with and without the right to.
//!
//! `World` checks with every call that a refusal writes nothing and announces nothing.

mod world;

use identity::{
    ACCOUNTS, Call, Consent, DISPUTES, DelegationGiven, Dispute, PERSONS, Purpose, RECOVERIES,
    Recovered, Refusal, SUSPENSIONS, Use, WALLETS, operation, topic,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use types::{AccountId, Address, AssetId, B256, Order, PersonId, Time, Units};
use world::*;

const KEYS: u64 = 12;
const PERSONS_LOOKED_AT: u64 = 9;
const TOPICS: [u32; 3] = [topic::KYC_NATURAL, topic::ACCREDITED, topic::PEP];

/// A wish, in small numbers that name keys, persons, topics and times.
type Wish = (u8, u8, u8, u8);

fn wish() -> impl Strategy<Value = Wish> {
    (0..40u8, 0..64u8, 0..64u8, 0..64u8)
}

/// The key that calls: the providers more often than others.
fn caller(number: u8) -> u64 {
    match number % 16 {
        n @ 0..4 => u64::from(n % 2) + 1,
        n => u64::from(n - 3) % KEYS + 1,
    }
}

fn person(number: u8) -> PersonId {
    PersonId(u64::from(number) % PERSONS_LOOKED_AT + 1)
}

fn some_key(number: u8) -> u64 {
    u64::from(number) % KEYS + 1
}

fn topic_of(number: u8) -> u32 {
    TOPICS[usize::from(number) % TOPICS.len()]
}

/// Turns a wish into a call, or into time that passes.
fn call(world: &World, wish: Wish) -> Option<Call> {
    let (kind, a, b, c) = wish;
    let soon = |number: u8| world.after(u64::from(number % 8) * 20_000);
    let account = AccountId::new(person(a), u16::from(b % 4 == 0));
    let fresh = |claimed: u8| {
        let mut given = registration(some_key(a), 1 + b % 8);
        if claimed.is_multiple_of(2) {
            given.claims = vec![claim(topic_of(claimed), soon(claimed))];
        }
        given
    };
    Some(match kind {
        0 | 1 => Call::Register(vec![fresh(c)]),
        2 => Call::Register(vec![fresh(c), registration(some_key(c), 1 + c % 8)]),
        3 | 4 => {
            let signer = if c % 4 == 0 { 3 } else { 1 };
            let deadline = if c % 5 == 0 { Time(START.0 - 1) } else { soon(c) };
            Call::Enrol(world.enrolment(signer, fresh(c), deadline))
        }
        5 | 6 => {
            let consent = world.consent(person(b), some_key(a));
            Call::OpenAccount { wallet: wallet(some_key(a)), consent }
        }
        7..=9 => Call::Attest { person: person(a), claim: claim(topic_of(b), soon(c)) },
        10 => Call::Revoke { person: person(a), topic: topic_of(b) },
        11 => {
            let residence = country(if c % 2 == 0 { "DE" } else { "FR" });
            Call::SetResidence { person: person(a), residence }
        }
        12 => Call::Delegate(DelegationGiven {
            wallet: wallet(some_key(a)),
            operations: u32::from(b % 5),
            asset: (c % 2 == 0).then_some(AssetId(1)),
            limit: (b % 2 == 0).then_some(Units(u128::from(c))),
            expires: soon(c),
            terms: Default::default(),
        }),
        13 => Call::RevokeDelegation { wallet: wallet(some_key(a)) },
        14 => Call::FreezeDelegations { person: person(a), frozen: b % 2 == 0 },
        15 | 16 => {
            let owner = if c % 6 == 0 { HERON } else { account.person };
            let consent = world.consent_to(Purpose::Recovery, owner, some_key(c));
            Call::StartRecovery { account, wallet: wallet(some_key(c)), consent }
        }
        17 => Call::CancelRecovery { account },
        18 | 19 => Call::CompleteRecovery { account },
        20 => Call::AdmitProvider { provider: person(a) },
        21 => Call::SetProviderStanding { provider: person(a), is_active: b % 3 != 0 },
        22 => {
            let keep_earlier = c % 2 == 0;
            Call::CutOffProvider { provider: person(a), at: soon(b), keep_earlier }
        }
        23 => {
            let expires = (b % 2 == 0).then(|| soon(c));
            let reference = format!("12 Cv {}", c % 3);
            Call::Suspend { person: person(a), order: Order { reference, expires, ..order() } }
        }
        24 => {
            let reference = format!("12 Cv {}", c % 3);
            Call::Reinstate { person: person(a), order: Order { reference, ..order() } }
        }
        25 => Call::SetSanctions { person: person(a), list_version: 1, hit: b % 2 == 0 },
        26 => {
            let (one, from) = (person(a), if c % 3 == 0 { HERON } else { KESTREL });
            let to = PersonId(caller(a ^ c));
            let signer = if b % 5 == 0 { some_key(b) } else { one.0 };
            Call::TakeOver { person: one, consent: world.care(signer, one, from, to) }
        }
        27 => {
            let (from, to) = if c % 2 == 0 { (KESTREL, HERON) } else { (HERON, KESTREL) };
            Call::MoveBook { from, to, persons: vec![person(a), person(b)], order: order() }
        }
        28 | 29 => {
            let died = if c % 8 == 0 { soon(c) } else { START };
            Call::RecordDeath { person: person(a), died, order: order() }
        }
        30 | 31 => Call::WithdrawDeath { person: person(a), order: order() },
        32 | 33 => Call::Merge { person: person(a), into: person(b), order: order() },
        34..=37 => {
            let order = Order { reference: format!("12 Cv {}", c % 3), ..order() }.key();
            let (person, document) = (person(a), B256::repeat_byte(c % 8));
            match b % 2 {
                0 => Call::ContestSuspension { person, order, document },
                _ => Call::ConfirmSuspension { person, order, document },
            }
        }
        _ => return None,
    })
}

/// What a provider said, as whoever reads the calls remembers it.
#[derive(Clone, Copy, Debug)]
struct Said {
    issued: Time,
    expires: Time,
    is_revoked: bool,
}

/// What must be true, told from the calls that succeeded and from nothing else.
#[derive(Default)]
struct Oracle {
    said: BTreeMap<(PersonId, u32, PersonId), Said>,
    cut_off: BTreeMap<PersonId, (Time, bool)>,
    not_in_standing: BTreeSet<PersonId>,
    /// Until when.
    suspended: BTreeMap<PersonId, BTreeMap<(String, String), Option<Time>>>,
    /// What was contested of that, by the order's key: by which wallet, and whether it was confirmed.
    contested: BTreeMap<(PersonId, B256), (Address, bool)>,
    bound: BTreeMap<Address, AccountId>,
    dead: BTreeSet<Address>,
    commitments: BTreeMap<B256, PersonId>,
    recoveries: BTreeMap<AccountId, (Address, PersonId, Time)>,
    /// What recoveries that followed each other make.
    disputes: BTreeMap<AccountId, Dispute>,
    care: BTreeMap<PersonId, PersonId>,
    /// Who is on record as dead: true if by order.
    deceased: BTreeMap<PersonId, bool>,
    /// As whom those are counted who have several numbers.
    counted_as: BTreeMap<PersonId, PersonId>,
}

impl Oracle {
    fn new() -> Self {
        let mut oracle = Self::default();
        for person in [KESTREL, HERON, ALICE] {
            oracle.bound.insert(wallet(person.0), first(person));
            oracle.care.insert(person, KESTREL);
        }
        oracle
    }

    fn counts(&self, person: PersonId, topic: u32, provider: PersonId, now: Time) -> bool {
        let Some(said) = self.said.get(&(person, topic, provider)) else { return false };
        let stands = match self.cut_off.get(&provider) {
            Some((at, keep_earlier)) if now >= *at => *keep_earlier && said.issued < *at,
            _ => true,
        };
        let is_over = self.deceased.contains_key(&person) && topic == topic::ACCREDITED;
        stands && !is_over && !said.is_revoked && said.issued <= now && now < said.expires
    }

    fn matrix(&self, now: Time) -> BTreeSet<(PersonId, u32, PersonId)> {
        let counts = |key: &&(PersonId, u32, PersonId)| self.counts(key.0, key.1, key.2, now);
        self.said.keys().filter(counts).copied().collect()
    }

    fn say(
        &mut self,
        person: PersonId,
        provider: PersonId,
        given: identity::ClaimGiven,
        now: Time,
    ) {
        let said = Said { issued: now, expires: given.expires, is_revoked: false };
        self.said.insert((person, given.topic, provider), said);
    }

    /// Remembers a call that succeeded; checks what it needed.
    fn learn(
        &mut self,
        (by, acted, has_power): (Address, bool, bool),
        call: Call,
        done: &Done,
        now: Time,
    ) {
        let caller = self.bound.get(&by).map(|account| account.person);
        let registrations = match &call {
            Call::Register(given) => given.iter().map(|given| (caller, given.clone())).collect(),
            Call::Enrol(given) => {
                assert!(now <= given.deadline && by == given.registration.wallet);
                vec![(Some(given.provider), given.registration.clone())]
            }
            _ => Vec::new(),
        };
        for ((provider, given), person) in registrations.into_iter().zip(&done.reply.registered) {
            let provider = provider.expect("a provider");
            let before = self.commitments.insert(given.uniqueness, *person);
            assert_eq!(before, None, "IDY-4");
            self.bind(given.wallet, first(*person));
            self.care.insert(*person, provider);
            for claim in given.claims {
                self.say(*person, provider, claim, now);
            }
        }
        match call {
            Call::OpenAccount { wallet, .. } => {
                let account = done.reply.account.expect("an account");
                assert_eq!(Some(account.person), caller, "one's own person's account");
                self.bind(wallet, account);
            }
            Call::Attest { person, claim } => {
                assert!(!self.deceased.contains_key(&person), "nothing new is said of the dead");
                self.say(person, caller.unwrap(), claim, now)
            }
            Call::Revoke { person, topic } => {
                self.said.get_mut(&(person, topic, caller.unwrap())).unwrap().is_revoked = true;
            }
            Call::StartRecovery { account, wallet, .. } => {
                let recovery = (wallet, caller.unwrap(), now.plus_ms(DAY));
                assert!(!self.deceased.contains_key(&account.person), "IDY-7: nobody has its key");
                let before = self.recoveries.insert(account, recovery);
                assert_eq!(before, None, "IDY-5: one at a time");
                let last = self.disputes.get(&account).copied();
                let goes_on =
                    |it: &Dispute| it.recovered.is_none() && now < it.begun.plus_ms(4 * DAY);
                let begun =
                    Dispute { begun: now, before: last.map(|it| it.begun), recovered: None };
                self.disputes.insert(account, last.filter(goes_on).unwrap_or(begun));
            }
            Call::CancelRecovery { account } => {
                let (_, provider, _) = self.recoveries.remove(&account).expect("one waits");
                let own = self.bound.get(&by) == Some(&account);
                let answers = self.care.get(&account.person).copied();
                let may = own || caller == Some(provider) || caller == answers;
                assert!(may, "the owner or a provider of its");
            }
            Call::CompleteRecovery { account } => {
                let (wallet, provider, ready) =
                    self.recoveries.remove(&account).expect("one waits");
                assert!(now >= ready, "I-35: the delay elapsed");
                let dispute = self.disputes.get_mut(&account).expect("it began one");
                dispute.recovered = Some(Recovered { at: now, ready });
                assert!(self.stands(provider, now), "the provider stands for it to the end");
                let changed = done.changes.len();
                assert_eq!(changed, 5, "IDY-2: owner, two wallets, recovery, dispute; no more");
                let is_owner = |it: &Address| self.bound[it] == account && !self.dead.contains(it);
                let lost = *self.bound.keys().find(|it| is_owner(it)).expect("an owner");
                self.dead.insert(lost);
                self.bind(wallet, account);
            }
            Call::SetProviderStanding { provider, is_active } => match is_active {
                true => drop(self.not_in_standing.remove(&provider)),
                false => drop(self.not_in_standing.insert(provider)),
            },
            Call::CutOffProvider { provider, at, keep_earlier } => {
                let before = self.cut_off.insert(provider, (at, keep_earlier));
                assert!(before.is_none_or(|(at, _)| at > now) && at > now, "a cut-off is final");
            }
            Call::TakeOver { person, .. } => {
                let to = caller.expect("a provider");
                assert!(self.stands(to, now), "one who stands");
                assert!(!self.is_suspended(person, now), "by its own word");
                assert_ne!(self.care.insert(person, to), Some(to));
            }
            Call::MoveBook { from, to, persons, .. } => {
                assert!(self.stands(to, now) && !self.stands(from, now));
                for person in persons {
                    assert_eq!(self.care.insert(person, to), Some(from), "all or none");
                }
            }
            Call::Suspend { person, order } => {
                assert!(order.ends() > now, "an order that stands");
                let orders = self.suspended.entry(person).or_default();
                self.contested.remove(&(person, order.key()));
                orders.insert((order.authority, order.reference), order.expires);
            }
            Call::Reinstate { person, order } => {
                let orders = self.suspended.entry(person).or_default();
                self.contested.remove(&(person, order.key()));
                let lifted = orders.remove(&(order.authority, order.reference));
                assert!(lifted.is_some(), "an order lifts what it stopped, and no other");
            }
            Call::ContestSuspension { person, order, document } => {
                assert!(caller == Some(person) && !self.deceased.contains_key(&person));
                assert!(!document.is_zero() && self.is_suspended(person, now));
                let before = self.contested.insert((person, order), (by, false));
                assert!(before.is_none_or(|it| self.dead.contains(&it.0)), "once for each wallet");
            }
            Call::ConfirmSuspension { person, order, document } => {
                assert!(!document.is_zero() && self.is_suspended(person, now));
                let contest = self.contested.get_mut(&(person, order)).expect("it was contested");
                assert!(!contest.1, "once");
                contest.1 = true;
            }
            Call::RecordDeath { person, died, order } => {
                assert!(died <= now && order.is_complete());
                // Whose own account is in dispute acts for nobody.
                let by_provider = acted && !has_power && self.answers(caller, person, now);
                for number in self.numbers(person) {
                    assert_eq!(self.deceased.insert(number, !by_provider), None, "once");
                }
            }
            Call::WithdrawDeath { person, .. } => {
                for number in self.numbers(person) {
                    assert!(self.deceased.remove(&number).is_some(), "IDY-8: they die together");
                }
            }
            Call::Merge { person, into, .. } => {
                let [into_first, from_first] = [into, person].map(|it| self.first_of(it));
                assert_ne!(into_first, from_first, "two that were counted apart");
                let mut all = self.numbers(into);
                all.extend(self.numbers(person));
                assert!(all.len() <= 8, "so many numbers are looked at");
                let by_order = all.iter().any(|it| self.deceased.get(it) == Some(&true));
                for number in &all {
                    self.deceased.entry(*number).and_modify(|known| *known = by_order);
                }
                self.counted_as.extend(all.into_iter().map(|number| (number, into_first)));
            }
            _ => {}
        }
    }

    /// True if the caller is the provider in whose care a person is.
    fn answers(&self, caller: Option<PersonId>, person: PersonId, now: Time) -> bool {
        let provider = self.care.get(&person).copied();
        caller == provider && provider.is_some_and(|provider| self.stands(provider, now))
    }

    fn first_of(&self, person: PersonId) -> PersonId {
        self.counted_as.get(&person).copied().unwrap_or(person)
    }

    /// Every number of the human behind this one.
    fn numbers(&self, person: PersonId) -> Vec<PersonId> {
        let first = self.first_of(person);
        let all: Vec<_> =
            self.counted_as.keys().copied().filter(|it| self.first_of(*it) == first).collect();
        if all.is_empty() { vec![person] } else { all }
    }

    fn stands(&self, provider: PersonId, now: Time) -> bool {
        !self.not_in_standing.contains(&provider)
            && !self.deceased.contains_key(&provider)
            && !self.is_suspended(provider, now)
            && self.cut_off.get(&provider).is_none_or(|(at, _)| now < *at)
    }

    fn is_suspended(&self, person: PersonId, now: Time) -> bool {
        let orders = self.suspended.get(&person).into_iter().flatten();
        orders.into_iter().any(|(_, until)| until.is_none_or(|until| now < until))
    }

    fn bind(&mut self, wallet: Address, account: AccountId) {
        assert_eq!(self.bound.insert(wallet, account), None, "IDY-5: a wallet is bound once");
    }

    /// Compares everything remembered with the state.
    fn check(&self, world: &World) {
        let now = world.now();
        let persons = (1..=PERSONS_LOOKED_AT).map(PersonId);
        for person in persons.clone() {
            for it in world.get(&SUSPENSIONS, &person).unwrap_or_default().standing(now) {
                let said = it.contest.document.map(|_| it.contest.decision.is_some());
                let known = self.contested.get(&(person, it.order.key())).map(|it| it.1);
                assert_eq!(said, known, "LED-9: what is said against a suspension");
            }
            for topic in TOPICS {
                for provider in persons.clone() {
                    let counts = world
                        .read(|ctx| identity::current_claim(ctx, person, topic, &[provider]))
                        .is_some();
                    let expected = self.counts(person, topic, provider, now);
                    assert_eq!(counts, expected, "IDY-3: {person}, {topic}, {provider}");
                }
                let any = persons.clone().any(|by| self.counts(person, topic, by, now));
                assert_eq!(world.counts(person, topic).is_some(), any, "IDY-3: any provider");
            }
            let Some(record) = world.get(&PERSONS, &person) else { continue };
            assert!(record.accounts >= 1, "I-30");
            let dead = record.death.map(|death| death.by_order);
            assert_eq!(dead.as_ref(), self.deceased.get(&person), "who is on record as dead");
            let first = world.read(|ctx| identity::counted_as(ctx, person));
            assert_eq!(first, self.first_of(person), "IDY-8");
            for number in self.numbers(person) {
                let other = world.get(&PERSONS, &number).expect("registered");
                let is_one = (other.residence, other.moved) == (record.residence, record.moved)
                    && other.death == record.death;
                assert!(is_one, "IDY-8: {person} and {number}");
            }
            assert_eq!(Some(&record.provider), self.care.get(&person), "who answers for it");
            for account in (0..record.accounts).map(|number| AccountId::new(person, number)) {
                let owner = world.get(&ACCOUNTS, &account).expect("IDY-1: every account has one");
                let living = world.get(&WALLETS, &owner).expect("IDY-1: and it names it back");
                assert!(living.is_alive && living.account == account, "IDY-1");
                self.check_recovery(world, account, owner);
            }
        }
        for (wallet, account) in &self.bound {
            let record = world.get(&WALLETS, wallet).expect("IDY-5: never forgotten");
            assert_eq!(record.account, *account, "IDY-2: a wallet never changes its account");
            assert_eq!(record.is_alive, !self.dead.contains(wallet), "IDY-5: the dead stay dead");
            if record.is_alive {
                assert_eq!(world.get(&ACCOUNTS, account), Some(*wallet), "IDY-1: reverse index");
            }
        }
    }

    fn check_recovery(&self, world: &World, account: AccountId, owner: Address) {
        let waiting = world.get(&RECOVERIES, &account);
        let expected = self.recoveries.get(&account);
        let plain = waiting.map(|it| (it.wallet, it.provider, it.ready));
        assert_eq!(plain.as_ref(), expected, "IDY-5");
        let dispute = world.get(&DISPUTES, &account);
        assert_eq!(dispute.as_ref(), self.disputes.get(&account), "IDY-5: what is in dispute");
        let acts = world.read(|ctx| identity::acting(ctx, &owner).is_ok());
        let is_dead = self.deceased.contains_key(&account.person);
        let is_stopped = is_dead || self.is_suspended(account.person, world.now());
        let may = !is_stopped && waiting.is_none();
        assert_eq!(acts, may, "I-35, IDY-7: while one waits, the owner does not act");
        let delegates = (1..=KEYS).filter(|key| {
            world.read(|ctx| {
                let (asset, units, operation) = (AssetId(1), Units(1), operation::TRANSFER);
                let wanted = Use { account, operation, asset: Some(asset), units };
                identity::may_act(ctx, &wallet(*key), wanted).is_ok()
            })
        });
        let count = delegates.count();
        assert!(may || count == 0, "I-35: nor does a delegate of {account}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_register_is_what_the_calls_made_it(wishes in prop::collection::vec((wish(), any::<bool>()), 1..80)) {
        let mut world = World::new();
        let mut oracle = Oracle::new();
        for (wish, has_power) in wishes {
            let before = oracle.matrix(world.now());
            let mut counted = Vec::new();
            let by = wallet(caller(wish.1 ^ wish.3));
            match call(&world, wish) {
                Some(call) => {
                    let acted = world.read(|ctx| identity::acting(ctx, &by).is_ok());
                    // Who completes a recovery decides nothing; who enrols is not known yet; who cancels may
                    // be in dispute; who governs was judged by `trust`.
                    let needs = world.needs(by, &call);
                    let is_open = needs || matches!(
                        call,
                        Call::Enrol(_)
                            | Call::CompleteRecovery { .. }
                            | Call::CancelRecovery { .. }
                            | Call::ContestSuspension { .. }
                    );
                    let takes_back = match &call {
                        Call::WithdrawDeath { person, .. } => oracle.deceased.get(person).copied(),
                        _ => None,
                    };
                    let result = world.call_as(by, call.clone(), has_power);
                    if let Ok(done) = result {
                        prop_assert!(needs || takes_back != Some(true), "an order's word is no provider's");
                        prop_assert!(acted || is_open, "I-34: {call:?} by a key that may not act");
                        prop_assert!(!needs || has_power, "no power, no act");
                        counted.extend(done.reply.touched.clone());
                        counted.extend(done.reply.registered.clone());
                        let now = world.now();
                        oracle.learn((by, acted, has_power), call, &done, now);
                    }
                }
                None if wish.1 % 5 == 0 => counted.extend(world.pass(DAY)),
                None => {
                    world.env.time = world.after(u64::from(wish.1) * 5_000);
                    // Blocks work it off in small parts, however small.
                    loop {
                        let due = world.expire(2);
                        if due.is_empty() {
                            break;
                        }
                        prop_assert!(due.len() <= 2);
                        counted.extend(due);
                    }
                }
            }
            let after = oracle.matrix(world.now());
            for (person, topic, provider) in before.symmetric_difference(&after) {
                prop_assert!(
                    counted.contains(person),
                    "IDY-6: {} {} {} changed and was not counted anew", person, topic, provider
                );
            }
            oracle.check(&world);
        }
    }

    #[test]
    fn no_signature_but_the_right_one_binds_a_wallet(bytes in prop::collection::vec(any::<u8>(), 0..80), flip in 0..65usize, bit in 0..8u32) {
        let mut world = World::new();
        let consent = world.consent(ALICE, 30);
        let mut changed = consent.signature.to_vec();
        changed[flip] ^= 1 << bit;
        let refused = Refusal::BadSignature { expected: wallet(30) };
        for forged in [bytes, changed] {
            let consent = Consent { signature: forged.into(), ..consent.clone() };
            let call = Call::OpenAccount { wallet: wallet(30), consent };
            prop_assert_eq!(world.call(3, call).unwrap_err(), refused.clone());
        }
    }
}

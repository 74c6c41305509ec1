//! The laws of trust, on random histories of calls by everybody, with and without the right to.
//!
//! `World` checks with every call that a refusal writes nothing and announces nothing.

mod world;

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use trust::{
    Act, Call, FuelSchedule, GRANTS, GrantKey, Grantee, PROPOSALS, Power, ProposalStatus, QUORUMS,
    Refusal, SPONSORS, Scope,
};
use types::{Address, PersonId, Terms, Time, Units};
use world::*;

const PERSONS: u64 = 6;
const POWERS: [Power; 4] = [Power::Admin, Power::Issue, Power::Freeze, Power::Fuel];
const SCOPES: [Scope; 4] = [NETWORK, ASSET, CLASS, OTHER];

fn person(number: u8) -> PersonId {
    PersonId(u64::from(number) % PERSONS + 1)
}

fn power(number: u8) -> Power {
    POWERS[usize::from(number) % POWERS.len()]
}

fn scope(number: u8) -> Scope {
    SCOPES[usize::from(number) % SCOPES.len()]
}

/// A wish, in small numbers that name what is done, by whom, about what.
type Wish = (u8, u8, u8, u8, u8);

fn wish() -> impl Strategy<Value = Wish> {
    (0..13u8, 0..64u8, 0..64u8, 0..64u8, 0..64u8)
}

/// One who asks: the network's admin and Acme more often than others.
fn caller(number: u8) -> PersonId {
    match number % 8 {
        n @ 0..4 => PersonId(u64::from(n % 2) + 1),
        n => PersonId(u64::from(n) - 1),
    }
}

/// A contract, of two.
fn app(number: u8) -> Grantee {
    Grantee::App(Address::repeat_byte(0xa0 + number % 2))
}

/// One who is given something: a person, or now and then a contract.
fn grantee(number: u8) -> Grantee {
    match number % 3 {
        0 => app(number / 3),
        _ => Grantee::Person(person(number)),
    }
}

/// A grant as the oracle knows it.
#[derive(Clone, Copy)]
struct Given {
    left: Option<u128>,
    end: Time,
    at_once: Option<u128>,
    by: Option<Grantee>,
}

/// What must be true of powers, told from the calls that succeeded and from nothing else.
#[derive(Default)]
struct Oracle {
    grants: BTreeMap<GrantKey, Given>,
    suspended: BTreeSet<PersonId>,
    quorums: BTreeMap<(Power, Scope), (BTreeSet<PersonId>, u16)>,
    acts: BTreeMap<Scope, usize>,
}

impl Oracle {
    fn new(world: &World) -> Self {
        let mut oracle = Self::default();
        for scope in SCOPES {
            let trail = world.trail(scope);
            oracle.acts.insert(scope, trail.len());
            for Act { grant, by, given, .. } in trail {
                let (limit, end, _) = given.expect("nothing is revoked yet");
                let left = limit.map(|units| units.0);
                oracle.grants.insert(grant, Given { left, end, at_once: None, by });
            }
        }
        oracle
    }

    fn wider(scope: Scope) -> Vec<Scope> {
        match scope {
            Scope::Class(asset, _) => vec![scope, Scope::Asset(asset)],
            _ => vec![scope],
        }
    }

    /// The grants under which somebody alone may use the power there: its own, and its giver's if it is a
    /// contract. TRU-1, TRU-7.
    fn uses(
        &self,
        by: Grantee,
        power: Power,
        scope: Scope,
        units: u128,
        now: Time,
    ) -> Option<Vec<GrantKey>> {
        let wider = Self::wider(scope);
        if wider.iter().any(|wide| self.quorums.contains_key(&(power, *wide))) {
            return None;
        }
        wider.into_iter().find_map(|wide| {
            let own = GrantKey { grantee: by, power, scope: wide };
            let Given { left, end, at_once, by: giver } = *self.grants.get(&own)?;
            let bounds = [left, at_once];
            let fits = now < end && bounds.into_iter().flatten().all(|most| units <= most);
            match (fits, by, giver) {
                (false, ..) => None,
                (true, Grantee::Person(_), _) => Some(vec![own]),
                (true, Grantee::App(_), Some(Grantee::Person(giver))) => {
                    if self.suspended.contains(&giver) {
                        return None;
                    }
                    let lent = self.uses(Grantee::Person(giver), power, scope, units, now)?;
                    Some([vec![own], lent].concat())
                }
                (true, Grantee::App(_), _) => None,
            }
        })
    }

    fn may(&self, by: Grantee, power: Power, scope: Scope, units: u128, now: Time) -> bool {
        self.uses(by, power, scope, units, now).is_some()
    }

    /// Until when somebody alone may grant there.
    fn admin_until(&self, by: Grantee, scope: Scope, now: Time) -> Option<Time> {
        if Self::wider(scope).iter().any(|wide| self.quorums.contains_key(&(Power::Admin, *wide))) {
            return None;
        }
        let until = |scope| {
            let uses = self.uses(by, Power::Admin, scope, 0, now)?;
            uses.iter().map(|key| self.grants[key].end).min()
        };
        // The narrowest grant that stands counts, and the network's beside it.
        until(scope).into_iter().chain(until(NETWORK)).max()
    }

    fn check(&self, world: &World) {
        let now = world.now();
        let persons = (1..=PERSONS).map(|id| Grantee::Person(PersonId(id)));
        for by in persons.chain([app(0), app(1)]) {
            for power in POWERS {
                for scope in SCOPES {
                    for units in [0, 3, 1_000] {
                        let may = world.may(by, power, scope, Some(units)).is_ok();
                        let expected = self.may(by, power, scope, units, now);
                        assert_eq!(may, expected, "TRU-1: {by:?} {power:?} {scope:?} {units}");
                        self.check_giver(world, by, power, scope, units);
                    }
                }
            }
        }
        for scope in SCOPES {
            assert_eq!(world.trail(scope).len(), self.acts[&scope], "TRU-4: an act, an entry");
        }
        let is_admin = |(grant, given): (&GrantKey, &Given)| {
            let is_person = matches!(grant.grantee, Grantee::Person(_));
            let is_top = (grant.power, grant.scope) == (Power::Admin, NETWORK);
            is_person && is_top && given.end == Time::NEVER
        };
        let someone = self.grants.iter().any(is_admin);
        assert!(someone, "TRU-5: the network keeps an admin");
    }

    /// Whatever a contract may, who gave it may, too. TRU-7.
    fn check_giver(&self, world: &World, by: Grantee, power: Power, scope: Scope, units: u128) {
        let Grantee::App(_) = by else { return };
        if world.may(by, power, scope, Some(units)).is_err() {
            return;
        }
        let givers = Self::wider(scope).into_iter().filter_map(|scope| {
            let record = world.get(&GRANTS, &GrantKey { grantee: by, power, scope })?;
            record.revoked.is_none().then_some(record.granted_by?)
        });
        let may = |giver| match giver {
            Grantee::Person(person) => {
                let acts = !self.suspended.contains(&person);
                acts && world.may(giver, power, scope, Some(units)).is_ok()
            }
            Grantee::App(_) => false,
        };
        let has_one = givers.into_iter().any(may);
        assert!(has_one, "TRU-7: {by:?} may {power:?} {scope:?}, and nobody that gave it");
    }
}

/// One step of powers and quorums: what was asked, by whom, and what the oracle makes of it.
fn step(world: &mut World, oracle: &mut Oracle, open: &mut BTreeSet<u64>, wish: Wish) {
    let (kind, who, a, b, c) = wish;
    let (by, now) = (caller(who), world.now());
    let (power, scope) = (power(b), scope(b / 4));
    let grant = GrantKey { grantee: grantee(a), power, scope };
    // A contract asks now and then, too.
    let giver = if who % 11 == 0 { app(who / 11) } else { Grantee::Person(by) };
    match kind {
        0..=2 => {
            // What counts no units is seldom given bounds, which it is refused.
            let may_bound = power.counts() || c % 8 == 0;
            let left = (may_bound && c % 3 == 0).then_some(u128::from(c));
            let at_once = (may_bound && c % 5 == 0).then_some(u128::from(1 + c % 7));
            let end = if c % 2 == 0 { Time::NEVER } else { world.after(u64::from(c) * MINUTE) };
            let terms = Terms { at_once: at_once.map(Units), ..Terms::default() };
            let call = Call::Grant { grant, limit: left.map(Units), expires: end, terms };
            let until = oracle.admin_until(giver, scope, now);
            if world.call_as(giver, call, None).is_ok() {
                assert!(until.is_some_and(|until| end <= until), "TRU-5: {giver:?} gave {grant:?}");
                assert!(matches!(giver, Grantee::Person(_)), "TRU-7: {giver:?} gave {grant:?}");
                let is_app = matches!(grant.grantee, Grantee::App(_));
                assert!(!is_app || power != Power::Admin, "TRU-7: {giver:?} gave {grant:?}");
                let is_bounded = left.is_some() || at_once.is_some();
                assert!(power.counts() || !is_bounded, "{power:?} counts nothing");
                oracle.grants.insert(grant, Given { left, end, at_once, by: Some(giver) });
                *oracle.acts.get_mut(&scope).unwrap() += 1;
            }
        }
        3 => {
            let until = oracle.admin_until(giver, scope, now);
            if world.call_as(giver, Call::Revoke { grant }, None).is_ok() {
                let taken = oracle.grants.remove(&grant).expect("it stood, or had ended");
                let is_app = matches!(grant.grantee, Grantee::App(_));
                let is_lender = is_app && taken.by == Some(giver);
                assert!(until.is_some() || is_lender, "TRU-5: {giver:?} took {grant:?}");
                *oracle.acts.get_mut(&scope).unwrap() += 1;
            }
        }
        4 => {
            let members: Vec<_> = (0..1 + a % 3).map(|n| person(c + n)).collect();
            let threshold = u16::from(1 + c % 3);
            let call = Call::SetQuorum { power, scope, members: members.clone(), threshold };
            let alone = oracle.admin_until(Grantee::Person(by), scope, now).is_some();
            let wide = Oracle::wider(scope);
            let is_free = !wide.iter().any(|wide| oracle.quorums.contains_key(&(power, *wide)));
            // Rare, for a quorum takes its power away from all others.
            if a % 4 == 0 && world.call(by, call).is_ok() {
                assert!(alone && is_free, "TRU-2: a quorum is not changed by one alone");
                oracle.quorums.insert((power, scope), (members.into_iter().collect(), threshold));
            }
        }
        5 => {
            let refused = world.call(by, Call::RemoveQuorum { power, scope });
            assert!(refused.is_err(), "TRU-2: nobody ends a quorum alone");
        }
        6 => {
            // The whole quorum's members, as the dispatcher would lend it to one of them.
            let Some((power, scope)) = oracle.quorums.keys().nth(usize::from(a) % 3).copied()
            else {
                return;
            };
            let remove = Call::RemoveQuorum { power, scope };
            let by = Grantee::Person(by);
            let wide = Oracle::wider(scope)
                .into_iter()
                .rfind(|it| oracle.quorums.contains_key(&(power, *it)));
            let result = world.call_as(by, remove, Some((power, scope)));
            assert_eq!(result.is_ok(), wide == Some(scope), "TRU-2: the widest decides");
            if result.is_ok() {
                oracle.quorums.remove(&(power, scope));
            }
        }
        7 | 8 => {
            let Some((power, scope)) = oracle.quorums.keys().nth(usize::from(a) % 3).copied()
            else {
                return;
            };
            let (members, _) = &oracle.quorums[&(power, scope)];
            let by = if c % 2 == 0 { *members.iter().next().unwrap() } else { by };
            let deadline = world.after(u64::from(c) * MINUTE);
            let call = Call::Propose { power, scope, call: vec![c], deadline };
            let is_member = members.contains(&by);
            if let Ok(done) = world.call(by, call) {
                assert!(is_member, "TRU-2: only a member proposes");
                let proposal = done.reply.proposal.unwrap();
                assert!(open.insert(proposal), "a number is given once");
                carried_out(world, oracle, open, proposal, &done);
            }
        }
        9 => {
            let proposal = u64::from(a % 12) + 1;
            let record = world.get(&PROPOSALS, &proposal);
            let member = record.as_ref().and_then(|it| {
                let (members, _) = oracle.quorums.get(&(it.power, it.scope))?;
                members.iter().nth(usize::from(c) % members.len()).copied()
            });
            let by = if b % 4 == 0 { by } else { member.unwrap_or(by) };
            if let Ok(done) = world.call(by, Call::Approve { proposal }) {
                let record = record.expect("there was one");
                assert!(open.contains(&proposal), "TRU-2: decided is decided");
                assert!(now <= record.deadline, "TRU-2: late approvals do not count");
                assert!(!record.approvals.contains(&by), "L3: nobody approves twice");
                carried_out(world, oracle, open, proposal, &done);
            }
        }
        10 => {
            let proposal = u64::from(a % 12) + 1;
            if world.call(by, Call::Withdraw { proposal }).is_ok() {
                assert!(open.remove(&proposal), "decided is decided");
            }
        }
        11 if c % 2 == 0 => world.pass(u64::from(a) * MINUTE),
        11 => {
            let units = u128::from(c % 8);
            let by = if a % 2 == 0 { app(a / 2) } else { Grantee::Person(by) };
            let uses = oracle.uses(by, power, scope, units, now);
            let done = world.spend(by, power, scope, units);
            assert_eq!(done.is_ok(), uses.is_some(), "TRU-1");
            for key in uses.into_iter().flatten() {
                if let Some(left) = &mut oracle.grants.get_mut(&key).unwrap().left {
                    *left -= units;
                }
            }
        }
        _ => {
            let who = person(a);
            // Who is suspended goes on in these tests, as the door stops it and not trust: its apps stop here.
            if oracle.suspended.remove(&who) {
                world.suspend(who, false);
            } else {
                oracle.suspended.insert(who);
                world.suspend(who, true);
            }
        }
    }
}

/// Checks who stands behind a proposal that is carried out, and carries it out.
fn carried_out(
    world: &mut World,
    oracle: &Oracle,
    open: &mut BTreeSet<u64>,
    proposal: u64,
    done: &Done,
) {
    let record = world.get(&PROPOSALS, &proposal).unwrap();
    let (members, threshold) = &oracle.quorums[&(record.power, record.scope)];
    let standing = record.approvals.iter().filter(|it| members.contains(it)).count();
    let is_full = standing >= usize::from(*threshold);
    assert_eq!(done.reply.execute.is_some(), is_full, "TRU-2: by a full quorum of members");
    if let Some(execute) = &done.reply.execute {
        assert_eq!(*execute, (record.power, record.scope, record.call), "TRU-2: as approved");
        assert!(open.remove(&proposal), "TRU-2: once");
        world.change(|ctx| trust::finish(ctx, proposal));
        assert_eq!(world.get(&PROPOSALS, &proposal).unwrap().status, ProposalStatus::Done);
    }
}

/// What a person's fuel can be at most, told from time, purchases and use: TRU-3.
struct Meter {
    bought: u64,
    used: u64,
    since: Time,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn powers_are_what_was_granted_and_agreed(wishes in prop::collection::vec(wish(), 1..100)) {
        let mut world = World::new();
        let mut oracle = Oracle::new(&world);
        let mut open = BTreeSet::new();
        for wish in wishes {
            step(&mut world, &mut oracle, &mut open, wish);
            oracle.check(&world);
        }
        for (key, (members, threshold)) in &oracle.quorums {
            let quorum = world.get(&QUORUMS, key).unwrap();
            prop_assert_eq!(quorum.members.into_iter().collect::<BTreeSet<_>>(), members.clone());
            prop_assert_eq!(quorum.threshold, *threshold);
        }
    }

    #[test]
    fn nobody_uses_more_fuel_than_capacity_refill_and_purchase_gave(
        steps in prop::collection::vec((0..9u8, 0..64u8, 0..64u8, 0..400_000u64), 1..100),
    ) {
        let mut world = World::new();
        let FuelSchedule { verified_capacity, registered_capacity, refill_ms } = FuelSchedule {
            registered_capacity: 100_000,
            verified_capacity: 300_000,
            refill_ms: 3_600_000,
        };
        let schedule = FuelSchedule { verified_capacity, registered_capacity, refill_ms };
        world.call(OPERATOR, Call::SetSchedule(schedule)).unwrap();
        let mut meters: BTreeMap<PersonId, Meter> = (1..=PERSONS)
            .map(|id| (PersonId(id), Meter { bought: 0, used: 0, since: world.now() }))
            .collect();
        let mut lent: BTreeMap<PersonId, (PersonId, u64, bool)> = BTreeMap::new();
        for (kind, a, b, gas) in steps {
            let (one, two) = (person(a), person(b));
            match kind {
                0..=2 => {
                    let fuel = world.fuel(one);
                    let all: u64 = (1..=PERSONS).map(|id| world.fuel(PersonId(id))).sum();
                    let used = gas.saturating_sub(u64::from(b) * 1_000);
                    match world.pay(one, gas, used) {
                        Ok(payer) => {
                            let after = (1..=PERSONS).map(|id| world.fuel(PersonId(id))).sum::<u64>();
                            prop_assert_eq!(all - after, used, "TRU-3: charged once, to one tank");
                            meters.get_mut(&payer.person).unwrap().used += used;
                            match payer.sponsored {
                                Some(sponsored) => {
                                    let (sponsor, left, _) = lent.get_mut(&sponsored).unwrap();
                                    prop_assert_eq!((sponsored, payer.person), (one, *sponsor));
                                    prop_assert!(gas <= *left, "within the sponsor's promise");
                                    *left -= used;
                                }
                                None => prop_assert!(payer.person == one && gas <= fuel),
                            }
                        }
                        Err(refusal) => {
                            prop_assert_eq!(refusal, Refusal::OutOfFuel { have: fuel, need: gas });
                            prop_assert!(gas > fuel);
                        }
                    }
                }
                3 => world.pass(gas * 20),
                4 => {
                    let before = lent.get(&two).copied();
                    let gives_way = before.is_none_or(|(who, left, is_accepted)| {
                        let is_more = world.fuel(one).min(gas) > world.fuel(who).min(left);
                        who == one || left == 0 || (is_more && !is_accepted)
                    });
                    let call = Call::Sponsor { person: two, gas, expires: Time::NEVER };
                    let is_done = world.call(one, call).is_ok();
                    prop_assert_eq!(is_done, one != two && gas > 0 && gives_way, "TRU-6");
                    if is_done {
                        let is_accepted = before.is_some_and(|(who, _, it)| who == one && it);
                        lent.insert(two, (one, gas, is_accepted));
                    }
                }
                5 => {
                    if world.call(one, Call::EndSponsorship { person: two }).is_ok() {
                        let (sponsor, ..) = lent.remove(&two).expect("there was one");
                        prop_assert!(one == sponsor || one == two);
                    }
                }
                6 => {
                    let call = Call::CreditFuel { person: two, gas };
                    let is_allowed = one == OPERATOR && gas > 0;
                    prop_assert_eq!(world.call(one, call).is_ok(), is_allowed);
                    if is_allowed {
                        meters.get_mut(&two).unwrap().bought += gas;
                    }
                }
                7 => {
                    let standing = lent.get_mut(&one).filter(|(who, ..)| *who == two);
                    let is_new = standing.as_ref().is_some_and(|(_, _, is_accepted)| !is_accepted);
                    let call = Call::AcceptSponsorship { sponsor: two };
                    prop_assert_eq!(world.call(one, call).is_ok(), is_new);
                    if let Some((_, _, is_accepted)) = standing {
                        *is_accepted = true;
                    }
                }
                _ => {
                    let expires = world.after(1 + gas * 10);
                    world.verify(two, expires);
                }
            }
            for (person, meter) in &meters {
                let elapsed = world.now().0 - meter.since.0;
                let grown = u128::from(verified_capacity) * u128::from(elapsed) / u128::from(refill_ms);
                let most = u128::from(verified_capacity) + grown + u128::from(meter.bought);
                prop_assert!(u128::from(meter.used) <= most, "TRU-3: nothing comes from nothing");
                let bought = world.get(&trust::TANKS, person).map_or(0, |tank| tank.bought);
                prop_assert!(bought <= meter.bought, "TRU-3: bought fuel does not grow");
                let standing = world.read(|ctx| trust::fuel::capacity(ctx, *person));
                prop_assert!(world.fuel(*person) - bought <= standing, "TRU-3: within capacity");
            }
            for (person, standing) in &lent {
                let record = world.get(&SPONSORS, person).unwrap();
                let is = (record.sponsor, record.remaining, record.is_accepted);
                prop_assert_eq!(is, *standing);
            }
        }
    }
}

#[test]
fn every_power_ever_granted_is_on_the_record() {
    let world = World::new();
    for scope in [NETWORK, ASSET] {
        for act in world.trail(scope) {
            assert!(world.get(&GRANTS, &act.grant).is_some(), "TRU-4: {act:?}");
        }
    }
}

//! The laws of compliance on random worlds, against an oracle that shares no code with the judge.

mod world;

use compliance::{
    About, CLASS_COUNTS, COUNTED, COUNTS, Call, Effect, Entry, Filter, HELD, HELD_COUNT, HOLDERS,
    HOLDS_FOR_OTHERS, ISSUER_COUNTED, ISSUER_COUNTING, ISSUER_COUNTS, ISSUER_FUND_PLACE,
    ISSUER_FUNDS, Inherit, Kind, Limit, ListMode, ListOf, LookThrough, OTHERS_PLACE, Place, Policy,
    Recount, RecountOfIssuer, Relation, Rule, Scope, Side, UNITS_HELD,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::collections::{BTreeMap, BTreeSet};
use types::{AssetId, Bps, ClassId, Country, PersonId, Time, Units};
use world::*;

const DAY: u64 = 86_400_000;
const COUNTRIES: [&str; 3] = ["CH", "US", "DE"];
/// Four persons come after the two providers and the issuer.
const PERSONS: std::ops::Range<u64> = 4..8;
/// Who takes fees is none of them.
const COLLECTOR: PersonId = OTHER;
/// How many days rules and claims reach ahead.
const HORIZON: u64 = 40;

fn start() -> Time {
    day("2026-01-01")
}

fn in_days(days: u64) -> Time {
    Time(start().0 + days * DAY)
}

/// What is said about one person, kept apart from identity.
#[derive(Clone, Debug)]
struct Facts {
    country: &'static str,
    /// Topic, value, provider, days until it expires.
    claims: Vec<(u32, u64, PersonId, u64)>,
    /// Of each class.
    held: [u128; 2],
    /// Of the issuer's other asset.
    of_sister: u128,
    /// Days from and until it, or its wallet, is on list 1 of the asset or of the network.
    listed: [Option<(u64, u64)>; 4],
}

fn facts() -> impl Strategy<Value = Facts> {
    let claim = (20..22u32, 0..3u64, select(vec![KYC, OTHER]), 1..HORIZON);
    let listed =
        || option::of((0..HORIZON, 1..HORIZON).prop_map(|(from, days)| (from, from + days)));
    let listed = [listed(), listed(), listed(), listed()];
    let held = [prop_oneof![Just(0u128), 1..25u128], prop_oneof![2 => Just(0u128), 1 => 1..9u128]];
    let of_sister = prop_oneof![2 => Just(0u128), 1 => 1..25u128];
    (select(COUNTRIES.to_vec()), vec(claim, 0..3), held, of_sister, listed).prop_map(
        |(country, claims, held, of_sister, listed)| {
            // A later claim of one provider on one topic takes the earlier's place.
            let newest: BTreeMap<_, _> =
                claims.into_iter().map(|claim| ((claim.0, claim.2), claim)).collect();
            Facts { country, claims: newest.into_values().collect(), held, of_sister, listed }
        },
    )
}

fn side() -> impl Strategy<Value = Side> {
    select(vec![Side::Sender, Side::Receiver, Side::Both])
}

fn subject() -> impl Strategy<Value = ListOf> {
    select(vec![ListOf::Person, ListOf::Wallet])
}

fn about() -> impl Strategy<Value = About> {
    select(vec![About::Asset, About::Network])
}

/// Which of the four lists is meant.
fn list_at(subject: ListOf, about: About) -> usize {
    2 * usize::from(subject == ListOf::Wallet) + usize::from(about == About::Network)
}

fn mode() -> impl Strategy<Value = ListMode> {
    select(vec![ListMode::Allow, ListMode::Deny])
}

fn filter() -> impl Strategy<Value = Filter> {
    prop_oneof![
        Just(Filter::All),
        select(COUNTRIES.to_vec()).prop_map(|c| Filter::Country(c.parse().unwrap())),
        (20..22u32).prop_map(Filter::With),
        (20..22u32).prop_map(Filter::Without),
        (country(), 20..22u32).prop_map(|(place, topic)| Filter::CountryWith(place, topic)),
        (country(), 20..22u32).prop_map(|(place, topic)| Filter::CountryWithout(place, topic)),
    ]
}

/// What holders have together, compared with a number or with a part of the whole.
fn together() -> impl Strategy<Value = Rule> {
    use Relation::*;
    let part = (1..10_000u16).prop_map(|part| {
        let of = Box::new(Limit::Held(Filter::All));
        Limit::Part { part: Bps(part), of }
    });
    let right = prop_oneof![(0..60u128).prop_map(|units| Limit::Number(Units(units))), part];
    (filter(), select(vec![Below, AtMost, Equal, AtLeast, Above]), right)
        .prop_map(|(filter, is, right)| Rule::Compare { left: Limit::Held(filter), is, right })
}

fn scope() -> impl Strategy<Value = Scope> {
    select(vec![Scope::Asset, Scope::Class, Scope::Issuer])
}

fn country() -> impl Strategy<Value = Country> {
    select(COUNTRIES.to_vec()).prop_map(|country| country.parse().unwrap())
}

fn kind() -> impl Strategy<Value = Kind> {
    select(vec![Kind::Issue, Kind::Transfer, Kind::Transfer, Kind::Redeem])
}

fn rule() -> impl Strategy<Value = Rule> {
    let amount = || option::of((0..40u128).prop_map(Units));
    let leaf = prop_oneof![
        3 => (side(), 20..22u32, 0..3u64, select(vec![vec![], vec![KYC], vec![OTHER]])).prop_map(
            |(side, topic, at_least, providers)| Rule::claim(side, topic, at_least, providers)
        ),
        2 => (side(), mode(), select(COUNTRIES.to_vec())).prop_map(|(side, mode, country)| {
            let countries: Vec<Country> = vec![country.parse().unwrap()];
            Rule::Countries { side, mode, countries }
        }),
        3 => (side(), mode(), subject(), about()).prop_map(|(side, mode, subject, about)| {
            Rule::List { side, mode, list: 1, subject, about, place: Place::default() }
        }),
        4 => (filter(), scope(), option::of(0..4u32), option::of(0..3u32))
            .prop_map(|(filter, scope, max, min)| {
                Rule::Count { filter, scope, max, min, look_through: None }
            }),
        4 => (amount(), amount(), option::of((0..10_000u16).prop_map(Bps)), any::<bool>())
            .prop_map(|(min, max, max_part, full_only)| {
                Rule::Holding { min, max, max_part, full_only }
            }),
        3 => (1..40u32, select(vec![vec![], vec![20u32]])).prop_map(|(days, free_to)| {
            Rule::Lot { days, months: 0, free_to, inherit: Inherit::Keep }
        }),
        2 => (option::of(1..20u64), option::of(20..HORIZON)).prop_map(|(opens, closes)| {
            Rule::Window { opens: opens.map(in_days), closes: closes.map(in_days) }
        }),
        3 => together(),
        1 => kind().prop_map(Rule::Kind),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..3).prop_map(Rule::All),
            vec(inner.clone(), 1..3).prop_map(|rules| {
                let named = rules.into_iter().enumerate().map(|(n, r)| (n.to_string(), r));
                Rule::Any(named.collect())
            }),
            inner.clone().prop_map(|rule| Rule::Not(Box::new(rule))),
            (inner.clone(), inner)
                .prop_map(|(guard, then)| Rule::When { guard: guard.into(), then: then.into() }),
        ]
    })
}

/// Policies that can be registered.
fn policy() -> impl Strategy<Value = Policy> {
    vec(rule(), 1..3)
        .prop_map(|rules| Policy { rules, calendar: None, contract: None })
        .prop_filter("a policy that can work", |policy| policy.check().is_ok())
}

#[derive(Clone, Debug)]
struct Case {
    people: Vec<Facts>,
    policy: Policy,
    kind: Kind,
    from: usize,
    to: usize,
    units: u128,
    class: ClassId,
    /// How old the giver's lots are, in days; they share what it holds.
    ages: Vec<u64>,
}

fn case() -> impl Strategy<Value = Case> {
    case_under(policy())
}

/// Cases under a policy that looks through who holds for others.
fn case_with_owners() -> impl Strategy<Value = Case> {
    let scope = select(vec![Scope::Asset, Scope::Issuer]);
    let owners =
        (20..22u32, scope, 0..8u32, 500..6_000u16).prop_map(|(topic, scope, max, part)| {
            let look_through = Some(LookThrough { topic, part: Bps(part) });
            Rule::Count { filter: Filter::All, scope, max: Some(max), min: None, look_through }
        });
    let of = |rule| Policy { rules: vec![rule], calendar: None, contract: None };
    case_under(owners.prop_map(of))
}

/// Cases under a policy that takes a fee, and asks something else too.
fn case_with_fee() -> impl Strategy<Value = Case> {
    let fee = (1..=10_000u16).prop_map(|part| Effect::Fee { part: Bps(part), to: COLLECTOR });
    let rules = (fee, rule()).prop_map(|(fee, rule)| vec![Rule::Effect(fee), rule]);
    let policy = rules.prop_map(|rules| Policy { rules, calendar: None, contract: None });
    case_under(policy.prop_filter("a policy that can work", |policy| policy.check().is_ok()))
}

fn case_under(policy: impl Strategy<Value = Policy>) -> impl Strategy<Value = Case> {
    let who = || 0..4usize;
    let class = select(vec![A, A, B]);
    (vec(facts(), 4), policy, kind(), who(), who(), 1..30u128, class, vec(0..40u64, 1..3)).prop_map(
        |(people, policy, kind, from, to, units, class, ages)| Case {
            people,
            policy,
            kind,
            from,
            to,
            units,
            class,
            ages,
        },
    )
}

fn person(index: usize) -> PersonId {
    PersonId(PERSONS.start + index as u64)
}

/// The world of a case, and the movement to judge.
fn build(case: &Case) -> (World, Asked) {
    let mut world = World::new();
    // Some claims are older than today, and so are lots.
    for facts in &case.people {
        let id = world.person(facts.country, &[]);
        for (topic, value, provider, days) in &facts.claims {
            world.attest(*provider, id, *topic, *value, in_days(*days));
        }
        world.give(id, facts.held[0]);
        world.give_of(B, id, facts.held[1]);
        world.give_of_sister(id, facts.of_sister, 0);
    }
    let call = Call::SetPolicy { asset: ASSET, policy: case.policy.clone(), report: REPORT };
    compliance::apply(&mut world.ctx, None, call).unwrap();
    for (index, facts) in case.people.iter().enumerate() {
        let (id, wallet) = (person(index), wallet(person(index)));
        for (place, (from, until)) in
            (0..).zip(facts.listed).filter_map(|(place, days)| Some((place, days?)))
        {
            let (from, until) = (in_days(from), in_days(until));
            let of_person = place < list_at(ListOf::Wallet, About::Asset);
            let entry = if of_person { Entry::Person(id) } else { Entry::Wallet(wallet) };
            let asset = (place % 2 == list_at(ListOf::Person, About::Asset)).then_some(ASSET);
            let call = Call::List { asset, list: 1, entry, from, until };
            compliance::apply(&mut world.ctx, None, call).unwrap();
        }
    }
    let held = case.people[case.from].held[case.class.0 as usize];
    let parts = case.ages.len() as u128;
    let mut lots: Vec<(u128, Time)> = (case.ages.iter().enumerate())
        .map(|(n, age)| {
            let units = if n == 0 { held - held / parts * (parts - 1) } else { held / parts };
            (units, Time(start().0 - age * DAY))
        })
        .filter(|(units, _)| *units > 0)
        .collect();
    lots.sort_by_key(|(_, anchor)| *anchor);
    let (from, to) = (Some(person(case.from)), Some(person(case.to)));
    let (kind, units, class) = (case.kind, case.units, case.class);
    let asked = match kind {
        Kind::Issue => Asked { kind, from: None, to, units, lots: vec![], class, elected: None },
        Kind::Redeem => Asked { kind, from, to: None, units, lots, class, elected: None },
        _ => Asked { kind, from, to, units, lots, class, elected: None },
    };
    (world, asked)
}

/// Says yes or no in the plainest way: before and after, person by person.
struct Oracle<'a> {
    case: &'a Case,
    asked: &'a Asked,
}

impl Oracle<'_> {
    fn allows(&self) -> bool {
        let is_internal = self.asked.from.is_some() && self.asked.from == self.asked.to;
        is_internal || self.case.policy.rules.iter().all(|rule| self.holds(rule, false))
    }

    fn facts(&self, person: PersonId) -> &Facts {
        &self.case.people[(person.0 - PERSONS.start) as usize]
    }

    /// What somebody holds, of a class if one is named.
    fn before(&self, index: usize, class: Option<ClassId>) -> u128 {
        let held = self.case.people[index].held;
        class.map_or(held.iter().sum(), |class| held[class.0 as usize])
    }

    fn after(&self, index: usize, class: Option<ClassId>) -> u128 {
        let mut held = self.before(index, class);
        if self.asked.from == Some(person(index)) {
            held = held.saturating_sub(self.asked.units);
        }
        if self.asked.to == Some(person(index)) {
            held += self.asked.units;
        }
        held
    }

    fn has(&self, person: PersonId, topic: u32) -> bool {
        self.facts(person).claims.iter().any(|claim| claim.0 == topic)
    }

    fn is_in(&self, index: usize, filter: Filter) -> bool {
        match filter {
            Filter::All => true,
            Filter::Country(country) => self.case.people[index].country == country.as_str(),
            Filter::With(topic) => self.has(person(index), topic),
            Filter::Without(topic) => !self.has(person(index), topic),
            Filter::CountryWith(country, topic) => {
                self.is_in(index, Filter::Country(country)) && self.has(person(index), topic)
            }
            Filter::CountryWithout(country, topic) => {
                self.is_in(index, Filter::Country(country)) && !self.has(person(index), topic)
            }
        }
    }

    /// As how many owners somebody counts who holds so much of so much of some assets.
    fn owners(&self, index: usize, held: &[(u128, u128)], through: &LookThrough) -> u64 {
        let claims = self.case.people[index].claims.iter().filter(|claim| claim.0 == through.topic);
        let is_much = |(held, whole): &(u128, u128)| {
            *held > 0 && held * 10_000 >= whole * u128::from(through.part.0)
        };
        match held.iter().any(is_much) {
            _ if held.iter().all(|(held, _)| *held == 0) => 0,
            false => 1,
            true => claims.map(|claim| claim.1).max().unwrap_or(1).max(1),
        }
    }

    /// What somebody holds of the issuer's other asset, if that is looked at.
    fn of_sister(&self, index: usize, scope: Scope) -> u128 {
        if scope == Scope::Issuer { self.case.people[index].of_sister } else { 0 }
    }

    fn sides(&self, side: Side) -> Vec<PersonId> {
        let from = self.asked.from.filter(|_| side != Side::Receiver);
        let to = self.asked.to.filter(|_| side != Side::Sender);
        from.into_iter().chain(to).collect()
    }

    fn holds(&self, rule: &Rule, bars: bool) -> bool {
        let Asked { kind, from, to, units, ref lots, class, .. } = *self.asked;
        match rule {
            Rule::Claim { side, topic, at_least, providers, .. } => {
                self.sides(*side).into_iter().all(|person| {
                    self.facts(person).claims.iter().any(|(about, value, provider, _)| {
                        let is_trusted = providers.is_empty() || providers.contains(provider);
                        about == topic && value >= at_least && is_trusted
                    })
                })
            }
            Rule::Countries { side, mode, countries } => {
                self.sides(*side).into_iter().all(|person| {
                    let country = self.facts(person).country;
                    let is_named = countries.iter().any(|named| named.as_str() == country);
                    is_named == (*mode == ListMode::Allow)
                })
            }
            Rule::List { side, mode, subject, about, .. } => {
                self.sides(*side).into_iter().all(|person| {
                    let listed = self.facts(person).listed[list_at(*subject, *about)];
                    listed.is_some_and(|(from, _)| from == 0) == (*mode == ListMode::Allow)
                })
            }
            Rule::Count { scope, max: Some(max), look_through: Some(through), .. } => {
                let held = |after: bool, n| match after {
                    true => self.after(n, None),
                    false => self.before(n, None),
                };
                let of_sister = |n| self.of_sister(n, *scope);
                let owners = |after: bool| -> u64 {
                    let whole = (0..4).map(|n| held(after, n)).sum();
                    let whole_sister = (0..4).map(of_sister).sum();
                    let of = |n| [(held(after, n), whole), (of_sister(n), whole_sister)];
                    (0..4).map(|n| self.owners(n, &of(n), through)).sum()
                };
                let (then, now) = (owners(false), owners(true));
                now <= u64::from(*max) || now <= then
            }
            Rule::Count { filter, scope, max, min, .. } => {
                let class = (*scope == Scope::Class).then_some(class);
                let members: Vec<usize> = (0..4).filter(|n| self.is_in(*n, *filter)).collect();
                let before = |n: &usize| self.before(*n, class) + self.of_sister(*n, *scope) > 0;
                let after = |n: &usize| self.after(*n, class) + self.of_sister(*n, *scope) > 0;
                let count = members.iter().filter(|n| after(n)).count() as u32;
                let comes = members.iter().any(|n| !before(n) && after(n));
                let leaves = members.iter().any(|n| before(n) && !after(n));
                max.is_none_or(|max| !comes || count <= max)
                    && min.is_none_or(|min| !leaves || count >= min)
            }
            Rule::Holding { min, max, max_part, full_only } => {
                let held: u128 = (0..4).map(|n| self.before(n, None)).sum();
                let outstanding = held + if kind == Kind::Issue { units } else { 0 };
                let gets = to.is_none_or(|to| {
                    let has = self.after((to.0 - PERSONS.start) as usize, None);
                    let part = |part: Bps| match bars {
                        true => (outstanding * u128::from(part.0)).div_ceil(10_000),
                        false => outstanding * u128::from(part.0) / 10_000,
                    };
                    min.is_none_or(|min| has >= min.0)
                        && max.is_none_or(|max| has <= max.0)
                        && max_part.is_none_or(|bps| has <= part(bps))
                });
                let gives = from.is_none_or(|from| {
                    let has = self.after((from.0 - PERSONS.start) as usize, None);
                    has == 0 || (min.is_none_or(|min| has >= min.0) && !full_only)
                });
                gets && gives
            }
            Rule::Compare { left: Limit::Held(filter), is, right } => {
                let members: Vec<usize> = (0..4).filter(|n| self.is_in(*n, *filter)).collect();
                let sides = |held: &dyn Fn(usize) -> u128| {
                    let left: u128 = members.iter().map(|n| held(*n)).sum();
                    let whole: u128 = (0..4).map(held).sum();
                    let (down, up) = match right {
                        Limit::Number(units) => (units.0, units.0),
                        Limit::Part { part, .. } => {
                            let of = whole * u128::from(part.0);
                            (of / 10_000, of.div_ceil(10_000))
                        }
                        other => panic!("{other:?} is not tried here"),
                    };
                    let keeps = |right: u128| match is {
                        Relation::Below => left < right,
                        Relation::AtMost => left <= right,
                        Relation::Equal => left == right,
                        Relation::AtLeast => left >= right,
                        Relation::Above => left > right,
                    };
                    let beyond = match is {
                        Relation::Below | Relation::AtMost => left.saturating_sub(down),
                        Relation::AtLeast | Relation::Above => up.saturating_sub(left),
                        Relation::Equal => left.abs_diff(down),
                    };
                    let keeps = [down, up].map(keeps);
                    (if bars { keeps[0] || keeps[1] } else { keeps[0] && keeps[1] }, beyond)
                };
                let (kept, beyond_before) = sides(&|n| self.before(n, None));
                let (keeps, beyond) = sides(&|n| self.after(n, None));
                keeps || !bars && !kept && beyond <= beyond_before
            }
            Rule::Lot { days, free_to, .. } => {
                let end = |since: Time| Time(since.0 + u64::from(*days) * DAY);
                let open = lots.iter().filter(|(_, since)| end(*since) <= start());
                let open: u128 = open.map(|(units, _)| units).sum();
                let is_free = to.is_some_and(|to| free_to.iter().any(|topic| self.has(to, *topic)));
                kind != Kind::Transfer || lots.is_empty() || is_free || open >= units
            }
            Rule::Window { opens, closes } => {
                opens.is_none_or(|opens| opens <= start())
                    && closes.is_none_or(|closes| start() < closes)
            }
            Rule::Kind(asked) => *asked == kind,
            Rule::Effect(Effect::Fee { part, .. }) => {
                let fee = units * u128::from(part.0) / 10_000;
                let held =
                    from.map(|from| self.before((from.0 - PERSONS.start) as usize, Some(class)));
                kind != Kind::Transfer
                    || fee == 0
                    || held.is_some_and(|held| held < units || units + fee <= held)
            }
            Rule::All(rules) => rules.iter().all(|rule| self.holds(rule, bars)),
            Rule::Any(paths) => paths.iter().any(|(_, rule)| self.holds(rule, bars)),
            Rule::Not(rule) => !self.holds(rule, !bars),
            Rule::When { guard, then } => !self.holds(guard, !bars) || self.holds(then, bars),
            other => panic!("{other:?} is not among the rules that are tried here"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// COM-2, COM-3: the judge says what the rules say, whatever they are and whoever asks.
    #[test]
    fn the_judge_agrees_with_the_oracle(case in case()) {
        let (world, asked) = build(&case);
        let decision = world.decide(&asked);
        let should = Oracle { case: &case, asked: &asked }.allows();
        prop_assert_eq!(decision.is_allowed(), should, "{:?}", decision.reasons);
        prop_assert_eq!(&decision, &world.decide(&asked), "asked twice, answered twice");
    }

    /// The same of owners behind the holders, whatever the order in which those came who hold for others; and the
    /// amount promised is the largest.
    #[test]
    fn owners_are_counted_as_the_oracle_counts_them(case in case_with_owners()) {
        let (world, asked) = build(&case);
        let held = asked.from.map_or(u128::MAX, |from| world.held_of(asked.class, from));
        let asked = Asked { units: asked.units.min(held), ..asked };
        let should = Oracle { case: &case, asked: &asked }.allows();
        let decision = world.decide(&asked);
        prop_assert!(asked.units == 0 || decision.is_allowed() == should);
        if asked.units > 0 && !should {
            let passes = |units: &u128| world.decide(&Asked { units: *units, ..asked.clone() }).is_allowed();
            let most = (1..=world.at_most(&asked)).rev().find(passes).unwrap_or(0);
            prop_assert_eq!(decision.max_ok, Some(Units(most)));
        }
    }

    /// What moves and its fee must be there, and the amount promised is the largest of which both are.
    #[test]
    fn a_fee_is_covered_too(case in case_with_fee()) {
        let (world, asked) = build(&case);
        let decision = world.decide(&asked);
        let should = Oracle { case: &case, asked: &asked }.allows();
        prop_assert_eq!(decision.is_allowed(), should, "{:?}", decision.reasons);
        if !should {
            let passes = |units: &u128| world.decide(&Asked { units: *units, ..asked.clone() }).is_allowed();
            let most = (1..=world.at_most(&asked)).rev().find(passes).unwrap_or(0);
            prop_assert_eq!(decision.max_ok, Some(Units(most)), "{:?}", decision.reasons);
        }
    }

    /// COM-5: `max_ok` is the largest amount that passes, found by trying them all.
    #[test]
    fn the_amount_promised_is_the_largest(case in case()) {
        let (world, asked) = build(&case);
        let decision = world.decide(&asked);
        if !decision.is_allowed() {
            let passes = |units: &u128| world.decide(&Asked { units: *units, ..asked.clone() }).is_allowed();
            let most = (1..=world.at_most(&asked)).rev().find(passes).unwrap_or(0);
            prop_assert_eq!(decision.max_ok, Some(Units(most)), "{:?}", decision.reasons);
        }
    }

    /// COM-5: `earliest_ok` is the first day on which it passes, found by trying them all.
    #[test]
    fn the_date_promised_is_the_first(case in case()) {
        let (mut world, asked) = build(&case);
        let decision = world.decide(&asked);
        if !decision.is_allowed() {
            let mut first = None;
            for days in 1..=2 * HORIZON {
                world.ctx.env.time = in_days(days);
                if world.decide(&asked).is_allowed() {
                    first = Some(in_days(days));
                    break;
                }
            }
            prop_assert_eq!(decision.earliest_ok, first, "{:?}", decision.reasons);
        }
    }
}

/// Something that happens to holders or to what is known about them.
#[derive(Clone, Debug)]
enum Step {
    Give(ClassId, usize, u128),
    Move(ClassId, usize, usize, u128),
    Redeem(ClassId, usize, u128),
    Attest(usize, u32, PersonId, u64),
    Revoke(usize, u32),
    Residence(usize, &'static str),
    /// More, or less, of the issuer's other asset.
    Sister(usize, u128, u128),
    /// Counted by these, and looked through those that have a claim on one, of the asset or of its issuer.
    /// What these have together is added up too.
    Counting(Vec<(Filter, Scope)>, Option<(u32, Scope)>, Vec<Filter>),
    /// The issuer's holders are counted by these for its other asset's sake.
    CountingOfSister(Vec<Filter>),
    Later(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..4usize;
    let class = || select(vec![A, A, B, ClassId(3)]);
    let counted = vec((filter(), scope()), 0..4);
    let through = (20..23u32, select(vec![Scope::Asset, Scope::Issuer]));
    prop_oneof![
        3 => (class(), who(), 1..20u128).prop_map(|(class, to, units)| Step::Give(class, to, units)),
        6 => (class(), who(), who(), 1..20u128)
            .prop_map(|(class, from, to, units)| Step::Move(class, from, to, units)),
        2 => (class(), who(), 1..20u128)
            .prop_map(|(class, from, units)| Step::Redeem(class, from, units)),
        4 => (who(), 20..23u32, select(vec![KYC, OTHER]), 1..20u64)
            .prop_map(|(who, topic, by, days)| Step::Attest(who, topic, by, days)),
        2 => (who(), 20..23u32).prop_map(|(who, topic)| Step::Revoke(who, topic)),
        2 => (who(), select(COUNTRIES.to_vec())).prop_map(|(who, to)| Step::Residence(who, to)),
        3 => (who(), 0..4u128, 0..4u128).prop_map(|(who, more, less)| Step::Sister(who, more, less)),
        2 => (counted, option::of(through), vec(filter(), 0..3))
            .prop_map(|(by, through, held)| Step::Counting(by, through, held)),
        1 => vec(filter(), 0..3).prop_map(Step::CountingOfSister),
        3 => (1..10 * 24u64).prop_map(Step::Later),
    ]
}

fn take(world: &mut World, step: &Step) {
    let kyc = |call| (KYC, call);
    match *step {
        Step::Give(class, to, units) => world.give_of(class, person(to), units),
        Step::Move(class, from, to, units) => {
            let units = units.min(world.held_of(class, person(from)));
            if units > 0 {
                world.carry_out(&Asked { class, ..transfer(person(from), person(to), units) });
            }
        }
        Step::Redeem(class, from, units) => {
            let units = units.min(world.held_of(class, person(from)));
            if units > 0 {
                world.carry_out(&Asked { class, ..redeem(person(from), units) });
            }
        }
        Step::Attest(who, topic, by, days) => {
            let until = Time(world.ctx.now().0 + days * DAY + 1);
            world.attest(by, person(who), topic, 0, until);
        }
        Step::Revoke(who, topic) => {
            let (by, call) = kyc(identity::Call::Revoke { person: person(who), topic });
            if identity::CLAIMS.get(&world.ctx, &person(who)).is_some_and(|claims| {
                let is_own = |c: &&identity::Claim| c.topic == topic && c.provider == KYC;
                claims.0.iter().find(is_own).is_some_and(|claim| claim.revoked.is_none())
            }) {
                world.identity(by, call);
            }
        }
        Step::Residence(who, to) => {
            let residence = identity::person(&world.ctx, person(who)).unwrap().residence;
            if residence.as_str() != to {
                world.residence(person(who), to);
            }
        }
        Step::Counting(ref by, through, ref held) => {
            let count = |filter, scope, look_through| Rule::Count {
                filter,
                scope,
                max: Some(100),
                min: None,
                look_through,
            };
            let by = by.iter().map(|(filter, scope)| count(*filter, *scope, None));
            let through = through.map(|(topic, scope)| {
                let through = LookThrough { topic, part: Bps(1_000) };
                count(Filter::All, scope, Some(through))
            });
            let most = || Limit::Number(Units(100_000));
            let held = held.iter().map(|filter| {
                let (left, is) = (Limit::Held(*filter), Relation::AtMost);
                Rule::Compare { left, is, right: most() }
            });
            set_rules(world, ASSET, by.chain(through).chain(held).collect());
        }
        Step::CountingOfSister(ref by) => {
            let (max, min, look_through, scope) = (Some(100), None, None, Scope::Issuer);
            let count = |filter| Rule::Count { filter, scope, max, min, look_through };
            set_rules(world, SISTER, by.iter().copied().map(count).collect());
        }
        Step::Sister(who, more, less) => {
            let held = world.sister_held.get(&person(who)).copied().unwrap_or(0);
            world.give_of_sister(person(who), more, less.min(held));
        }
        Step::Later(hours) => {
            let time = Time(world.ctx.now().0 + hours * DAY / 24);
            world.at(time);
        }
    }
}

fn set_rules(world: &mut World, asset: AssetId, rules: Vec<Rule>) {
    let policy = Policy { rules, calendar: None, contract: None };
    compliance::apply(&mut world.ctx, None, Call::SetPolicy { asset, policy, report: REPORT })
        .unwrap();
}

/// The rules that are in force for an asset, and ask for its holders or for those of its issuer.
fn counted_by(world: &World, asset: AssetId, of_issuer: bool) -> Vec<Rule> {
    let record = compliance::POLICIES.get(&world.ctx, &asset);
    let rules = record.map(|record| record.policy.rules.clone()).unwrap_or_default();
    let asks = |rule: &Rule| matches!(rule, Rule::Count { scope: Scope::Issuer, .. }) == of_issuer;
    rules.into_iter().filter(asks).collect()
}

/// What should be counted of whoever holds, as the rules in force name it.
fn recounted(world: &World) -> Recount {
    let holds = |id| world.held_by(id) > 0;
    recounted_by(world, &counted_by(world, ASSET, false), holds)
}

/// The same of whoever holds either of the issuer's assets.
fn recounted_of_issuer(world: &World) -> RecountOfIssuer {
    let rules = [ASSET, SISTER].map(|asset| counted_by(world, asset, true)).concat();
    if rules.is_empty() {
        return RecountOfIssuer::default();
    }
    let of_sister = |id| world.sister_held.get(&id).copied().unwrap_or(0);
    let holds = |id| world.held_by(id) + of_sister(id) > 0;
    let Recount { all, through, .. } = recounted_by(world, &rules, holds);
    RecountOfIssuer { all, through }
}

fn recounted_by(world: &World, rules: &[Rule], holds: impl Fn(PersonId) -> bool) -> Recount {
    let (mut filters, mut by_class, mut through) =
        (BTreeSet::from([Filter::All]), false, Vec::new());
    let mut held = BTreeSet::new();
    filters.extend(COUNTRIES.map(|country| Filter::Country(country.parse().unwrap())));
    for rule in rules {
        let (filter, scope, look_through) = match rule {
            Rule::Count { filter, scope, look_through, .. } => (filter, *scope, look_through),
            Rule::Compare { left: Limit::Held(filter), .. } => {
                held.insert(*filter);
                (filter, Scope::Asset, &None)
            }
            other => panic!("{other:?}"),
        };
        by_class |= scope == Scope::Class;
        through.extend(look_through.map(|it| it.topic));
        let topic = match filter {
            Filter::With(topic) | Filter::Without(topic) => Some(*topic),
            Filter::CountryWith(place, topic) | Filter::CountryWithout(place, topic) => {
                filters.insert(Filter::CountryWith(*place, *topic));
                filters.insert(Filter::CountryWithout(*place, *topic));
                Some(*topic)
            }
            Filter::All | Filter::Country(_) => None,
        };
        for topic in topic.into_iter().chain(look_through.map(|it| it.topic)) {
            filters.extend([Filter::With(topic), Filter::Without(topic)]);
        }
    }
    let has = |id, topic| identity::current_claim(&world.ctx, id, topic, &[]).is_some();
    let is_in = |id, filter| {
        let resides = |place| identity::person(&world.ctx, id).unwrap().residence == place;
        match filter {
            Filter::All => true,
            Filter::Country(place) => resides(place),
            Filter::With(topic) => has(id, topic),
            Filter::Without(topic) => !has(id, topic),
            Filter::CountryWith(place, topic) => resides(place) && has(id, topic),
            Filter::CountryWithout(place, topic) => resides(place) && !has(id, topic),
        }
    };
    let mut found = Recount::default();
    for id in PERSONS.map(PersonId).filter(|id| holds(*id)) {
        for filter in filters.iter().filter(|filter| is_in(id, **filter)) {
            *found.all.entry(*filter).or_default() += 1;
            for ((class, _), _) in
                world.held.iter().filter(|((_, of), units)| *of == id && **units > 0 && by_class)
            {
                *found.by_class.entry((*class, *filter)).or_default() += 1;
            }
        }
        for filter in held.iter().filter(|filter| is_in(id, **filter)) {
            *found.held.entry(*filter).or_default() += Units(world.held_by(id));
        }
        found.through.extend(through.iter().filter(|it| has(id, **it)).map(|it| (*it, id)));
    }
    found
}

/// Every filter that is tried here.
fn all_filters() -> Vec<Filter> {
    let countries = COUNTRIES.map(|country| country.parse().unwrap());
    let mut filters = vec![Filter::All];
    filters.extend(countries.map(Filter::Country));
    for topic in 20..23 {
        filters.extend([Filter::With(topic), Filter::Without(topic)]);
        filters.extend(countries.map(|place| Filter::CountryWith(place, topic)));
        filters.extend(countries.map(|place| Filter::CountryWithout(place, topic)));
    }
    filters
}

/// COM-1 (I-06): who holds either asset of the issuer is counted once, and only where a rule asks for it.
fn check_counts_of_issuer(world: &World) {
    let should = recounted_of_issuer(world);
    let ctx = &world.ctx;
    for filter in all_filters() {
        let is = ISSUER_COUNTS.get(ctx, &(ISSUER, filter)).unwrap_or(0);
        assert_eq!(is, should.all.get(&filter).copied().unwrap_or(0), "COM-1 {filter:?}");
    }
    for topic in 20..23 {
        let at = |place| ISSUER_FUNDS.get(ctx, &(ISSUER, topic, place));
        let indexed: Vec<_> = (0..9).map_while(at).map(|id| (topic, id)).collect();
        let through = should.through.iter().filter(|(of, _)| *of == topic).copied();
        let through: BTreeSet<_> = through.collect();
        assert_eq!(indexed.len(), through.len(), "COM-1: {topic} is indexed once each");
        assert_eq!(indexed.iter().copied().collect::<BTreeSet<_>>(), through, "COM-1 {topic}");
        for id in PERSONS.map(PersonId) {
            let place = indexed.iter().position(|(_, it)| *it == id).map(|place| place as u32);
            assert_eq!(ISSUER_FUND_PLACE.get(ctx, &(ISSUER, topic, id)), place, "COM-1 {id}");
        }
    }
    let asked = [ASSET, SISTER].map(|asset| counted_by(world, asset, true)).concat();
    assert_eq!(ISSUER_COUNTING.has(ctx, &ISSUER), !asked.is_empty(), "COM-1: no rule asks");
    for id in PERSONS.map(PersonId) {
        let of_sister = world.sister_held.get(&id).copied().unwrap_or(0);
        let assets = u32::from(world.held_by(id) > 0) + u32::from(of_sister > 0);
        let is = ISSUER_COUNTED.get(ctx, &(ISSUER, id)).map_or(0, |counted| counted.assets);
        assert_eq!(is, if asked.is_empty() { 0 } else { assets }, "COM-1 {id}");
    }
    assert_eq!(compliance::recount_of_issuer(ctx, ISSUER), should, "COM-1: recount");
}

/// COM-1 (I-06, I-07): every counter is what a walk over all persons gives.
fn check_counts(world: &World) {
    check_counts_of_issuer(world);
    let should = recounted(world);
    let ctx = &world.ctx;
    for filter in all_filters() {
        let is = COUNTS.get(ctx, &(ASSET, filter)).unwrap_or(0);
        assert_eq!(is, should.all.get(&filter).copied().unwrap_or(0), "COM-1 {filter:?}");
        let counts = CLASS_COUNTS.get(ctx, &(ASSET, filter)).unwrap_or_default();
        for class in 0..5 {
            let is = counts.get(class as usize).copied().unwrap_or(0);
            let should = should.by_class.get(&(ClassId(class), filter)).copied().unwrap_or(0);
            assert_eq!(is, should, "COM-1 {filter:?} of class {class}");
        }
    }
    for filter in all_filters() {
        let is = UNITS_HELD.get(ctx, &(ASSET, filter)).unwrap_or_default();
        let should = should.held.get(&filter).copied().unwrap_or_default();
        assert_eq!(is, should, "COM-1: what {filter:?} have together");
    }
    for topic in 20..23 {
        let through = should.through.iter().filter(|(of, _)| *of == topic).map(|(_, id)| *id);
        let through: BTreeSet<_> = through.collect();
        let at = |place| HOLDS_FOR_OTHERS.get(ctx, &(ASSET, topic, place));
        let indexed: Vec<_> = (0..9).map_while(at).collect();
        assert_eq!(indexed.iter().copied().collect::<BTreeSet<_>>(), through, "COM-1 {topic}");
        assert_eq!(indexed.len(), through.len(), "COM-1: {topic} is indexed once each");
        for id in PERSONS.map(PersonId) {
            let place = indexed.iter().position(|it| *it == id).map(|place| place as u32);
            assert_eq!(OTHERS_PLACE.get(ctx, &(ASSET, topic, id)), place, "COM-1 {topic} {id}");
        }
    }
    assert_eq!(compliance::recount(ctx, ASSET), should, "COM-1: recount");
    let counts = should.all;
    let mut holders = BTreeSet::new();
    for place in 0..counts.get(&Filter::All).copied().unwrap_or(0) {
        holders.insert(HOLDERS.get(&world.ctx, &(ASSET, place)).expect("ordinals are dense"));
    }
    for index in 0..4 {
        let id = person(index);
        let held = world.held_by(id);
        let counted = COUNTED.get(&world.ctx, &(ASSET, id)).map_or(0, |counted| counted.units.0);
        assert_eq!(counted, held, "I-07 {id}");
        for class in [A, B, ClassId(2), ClassId(3)] {
            let counted = COUNTED.get(&world.ctx, &(ASSET, id));
            let counted = counted.map_or(0, |counted| counted.of_class(class).0);
            assert_eq!(counted, world.held_of(class, id), "I-07 {id} {class}");
        }
        assert_eq!(holders.contains(&id), held > 0, "I-06 {id}");
        let assets = HELD_COUNT.get(&world.ctx, &id).unwrap_or(0);
        let of_sister = world.sister_held.get(&id).copied().unwrap_or(0);
        assert_eq!(assets, u32::from(held > 0) + u32::from(of_sister > 0), "I-06 {id}");
        let indexed = (0..assets).filter_map(|place| HELD.get(&world.ctx, &(id, place)));
        let indexed: BTreeSet<_> = indexed.collect();
        let should = [(ASSET, held), (SISTER, of_sister)];
        let should = should.into_iter().filter(|(_, units)| *units > 0).map(|(asset, _)| asset);
        assert_eq!(indexed, should.collect(), "I-06 {id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// COM-1: claims given, renewed, revoked and lapsing, people moving, policies changing, units
    /// changing hands: the counters always equal a recount from scratch.
    #[test]
    fn counters_are_functions_of_state(steps in vec(step(), 1..40)) {
        let mut world = World::new();
        for _ in PERSONS {
            world.person("CH", &[]);
        }
        for step in &steps {
            take(&mut world, step);
            check_counts(&world);
        }
    }
}

//! A policy: an issuer's rules as data. RULEBOOK section 2.1.
//!
//! The primitives here are claim, list, count, holding, lot, window and state, under the combinators
//! all, any of named paths, not, and when. No loops and bounded size: the cost is known when a policy
//! is registered.

use crate::Refusal;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use types::{Address, Bps, Country, PersonId, Time, Units, ensure};

/// Who a rule looks at.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who gives the units up.
    Sender,
    /// Who gets them.
    Receiver,
    /// Both.
    Both,
}

/// Allow only those on it, or deny those on it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ListMode {
    /// Only those on the list pass.
    Allow,
    /// Those on the list do not pass.
    Deny,
}

/// What a transfer does to the clock of the units that move.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Inherit {
    /// The clock goes on: the buyer tacks the seller's time.
    #[default]
    Keep,
    /// The clock starts anew with the buyer.
    Restart,
    /// It starts anew if the seller has a current claim on this topic, as an affiliate has.
    RestartIfFrom(u32),
}

/// A named list of persons that an asset keeps.
pub type PersonList = u32;

/// Which holders a count counts.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// All holders.
    All,
    /// Holders that reside in a country.
    Country(Country),
    /// Holders with a current claim on a topic.
    With(u32),
    /// Holders without a current claim on a topic.
    Without(u32),
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// P1: a current claim on a topic, from one of these providers or from any, of at least this value.
    Claim {
        /// Whose claim.
        side: Side,
        /// About what.
        topic: u32,
        /// The least value; 0 for any.
        #[serde(default)]
        at_least: u64,
        /// Trusted providers; any if empty.
        #[serde(default)]
        providers: Vec<PersonId>,
    },
    /// P3: where persons reside.
    Countries {
        /// Whose residence.
        side: Side,
        /// Allow or deny.
        mode: ListMode,
        /// The countries.
        countries: Vec<Country>,
    },
    /// P3: persons on a list that the asset keeps.
    List {
        /// Who is looked up.
        side: Side,
        /// Allow or deny.
        mode: ListMode,
        /// The list's number.
        list: PersonList,
    },
    /// P4: how many holders there may be, and must remain.
    Count {
        /// Which holders.
        filter: Filter,
        /// At most so many after the movement.
        #[serde(default)]
        max: Option<u32>,
        /// At least so many after a holder leaves.
        #[serde(default)]
        min: Option<u32>,
    },
    /// P6: what one person may hold of the asset afterwards. Zero is always allowed for who leaves.
    Holding {
        /// At least, if anything.
        #[serde(default)]
        min: Option<Units>,
        /// At most.
        #[serde(default)]
        max: Option<Units>,
        /// At most this part of the issued units, rounded down.
        #[serde(default)]
        max_part: Option<Bps>,
        /// True if a holder may only leave whole.
        #[serde(default)]
        full_only: bool,
    },
    /// P7: units are locked for so long after their lot's clock started.
    Lot {
        /// Whole days; served at the start of the UTC day on which they are over.
        #[serde(default)]
        days: u32,
        /// Calendar months, clamped to the month's end, before the days.
        #[serde(default)]
        months: u32,
        /// Receivers with a current claim on one of these topics may take locked units.
        #[serde(default)]
        free_to: Vec<u32>,
        /// What a transfer does to the clock.
        #[serde(default)]
        inherit: Inherit,
    },
    /// P8: open from a time until another, exclusive.
    Window {
        /// From when on.
        #[serde(default)]
        opens: Option<Time>,
        /// Until when.
        #[serde(default)]
        closes: Option<Time>,
    },
    /// P11: the kind of movement that the enclosing `when` or `any` asks for.
    Kind(crate::Kind),
    /// All must pass.
    All(Vec<Rule>),
    /// One of these named paths must pass; the first that does is recorded.
    Any(Vec<(String, Rule)>),
    /// Must not pass.
    Not(Box<Rule>),
    /// If the guard passes, the rule must.
    When {
        /// The guard.
        guard: Box<Rule>,
        /// The rule.
        then: Box<Rule>,
    },
}

/// An issuer's rules for one asset.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The rules, all of which must pass.
    pub rules: Vec<Rule>,
    /// An issuer's own contract that must agree too, with so much gas at most.
    #[serde(default)]
    pub contract: Option<(Address, u64)>,
}

/// What judging by a policy costs at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Rules in all.
    pub rules: usize,
    /// How deep they nest.
    pub depth: usize,
    /// Countries, providers and topics named in all.
    pub entries: usize,
}

const MAX_RULES: usize = 128;
const MAX_DEPTH: usize = 8;
/// Topics by which the holders of an asset are counted: each is written anew when a claim lapses.
const MAX_COUNTED_TOPICS: usize = 16;
const MAX_ENTRIES: usize = 1_024;
/// Gas that an issuer's own contract may use at most.
const MAX_CONTRACT_GAS: u64 = 1_000_000;
/// Months a lock may last: a century.
const MAX_LOCK_MONTHS: u32 = 1_200;

impl Policy {
    /// Refuses what is too costly, contradictory or can never pass, naming the place.
    pub fn check(&self) -> Result<Cost, Refusal> {
        let mut cost = Cost::default();
        for (index, rule) in self.rules.iter().enumerate() {
            check(rule, &format!("rules[{index}]"), 1, &mut cost)?;
        }
        let topics = self.counted_topics().len();
        let why = "holders are counted by at most 16 topics";
        ensure(topics <= MAX_COUNTED_TOPICS, bad("rules", why))?;
        if let Some((contract, gas)) = self.contract {
            let fits = !contract.is_zero() && (1..=MAX_CONTRACT_GAS).contains(&gas);
            ensure(fits, bad("contract", "an address and 1 to 1,000,000 gas"))?;
        }
        Ok(cost)
    }

    /// The topics by which holders must be counted, sorted.
    pub fn counted_topics(&self) -> Vec<u32> {
        let mut topics = Vec::new();
        self.rules.iter().for_each(|rule| collect(rule, &mut topics));
        topics.sort_unstable();
        topics.dedup();
        topics
    }
}

fn bad(place: &str, why: &str) -> Refusal {
    Refusal::BadPolicy(format!("{place}: {why}"))
}

fn check(rule: &Rule, place: &str, depth: usize, cost: &mut Cost) -> Result<(), Refusal> {
    cost.rules += 1;
    cost.depth = cost.depth.max(depth);
    ensure(cost.rules <= MAX_RULES, bad(place, "a policy has at most 128 rules"))?;
    ensure(depth <= MAX_DEPTH, bad(place, "rules nest at most 8 deep"))?;
    let mut entries = |count: usize| {
        cost.entries += count;
        ensure(
            cost.entries <= MAX_ENTRIES,
            bad(place, "a policy names at most 1,024 countries, providers and topics"),
        )
    };
    match rule {
        Rule::Claim { providers, .. } => entries(providers.len()),
        Rule::Countries { countries, .. } => {
            ensure(!countries.is_empty(), bad(place, "countries: name at least one"))?;
            entries(countries.len())
        }
        Rule::List { .. } | Rule::Kind(_) => Ok(()),
        Rule::Count { max, min, .. } => {
            ensure(max.is_some() || min.is_some(), bad(place, "count: give max or min"))?;
            let apart = !matches!((max, min), (Some(max), Some(min)) if min > max);
            ensure(apart, bad(place, "count: min is above max, so nobody could ever pass"))
        }
        Rule::Holding { min, max, max_part, full_only } => {
            let says = min.is_some() || max.is_some() || max_part.is_some() || *full_only;
            ensure(says, bad(place, "holding: give min, max, max_part or full_only"))?;
            let apart = !matches!((max, min), (Some(max), Some(min)) if min > max);
            ensure(apart, bad(place, "holding: min is above max, so nobody could ever pass"))?;
            ensure(
                max_part.is_none_or(|part| part.0 <= 10_000),
                bad(place, "holding: max_part is at most 10000 bps"),
            )
        }
        Rule::Lot { days, months, free_to, .. } => {
            ensure(*days > 0 || *months > 0, bad(place, "lot: give days or months"))?;
            ensure(
                *months <= MAX_LOCK_MONTHS && *days <= MAX_LOCK_MONTHS * 31,
                bad(place, "lot: a lock lasts at most a century"),
            )?;
            entries(free_to.len())
        }
        Rule::Window { opens, closes } => {
            ensure(
                opens.is_some() || closes.is_some(),
                bad(place, "window: give opens or closes"),
            )?;
            let apart = !matches!((opens, closes), (Some(opens), Some(closes)) if opens >= closes);
            ensure(apart, bad(place, "window: closes is not after opens"))
        }
        Rule::All(rules) => {
            ensure(!rules.is_empty(), bad(place, "all: name at least one rule"))?;
            rules.iter().enumerate().try_for_each(|(i, rule)| {
                check(rule, &format!("{place}.all[{i}]"), depth + 1, cost)
            })
        }
        Rule::Any(paths) => {
            ensure(!paths.is_empty(), bad(place, "any: without a path nothing could ever pass"))?;
            for (index, (name, rule)) in paths.iter().enumerate() {
                let is_new = paths[..index].iter().all(|(other, _)| other != name);
                ensure(
                    is_new && !name.is_empty() && name.len() <= 32,
                    bad(place, "any: paths need different names of 1 to 32 bytes"),
                )?;
                check(rule, &format!("{place}.any.{name}"), depth + 1, cost)?;
            }
            Ok(())
        }
        Rule::Not(rule) => check(rule, &format!("{place}.not"), depth + 1, cost),
        Rule::When { guard, then } => {
            check(guard, &format!("{place}.when"), depth + 1, cost)?;
            check(then, &format!("{place}.then"), depth + 1, cost)
        }
    }
}

fn collect(rule: &Rule, topics: &mut Vec<u32>) {
    match rule {
        Rule::Count { filter: Filter::With(topic) | Filter::Without(topic), .. } => {
            topics.push(*topic)
        }
        Rule::All(rules) => rules.iter().for_each(|rule| collect(rule, topics)),
        Rule::Any(paths) => paths.iter().for_each(|(_, rule)| collect(rule, topics)),
        Rule::Not(rule) => collect(rule, topics),
        Rule::When { guard, then } => {
            collect(guard, topics);
            collect(then, topics);
        }
        _ => {}
    }
}

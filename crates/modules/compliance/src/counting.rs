//! As what the holders of an asset are counted: what its policy and its profiles ask for, and no more.

use crate::{Counted, Filter, Limit, Refusal, Rule, Scope, check};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use types::{ClassId, Country, Units, ensure};

/// Topics by which the holders of an asset are counted: each is written anew when a claim lapses.
const MAX_TOPICS: usize = 16;

/// Pairs of a country and a topic by which holders are counted.
const MAX_CROSSED: usize = 64;

/// Those of one country: each is written when a resident moves.
const MAX_CROSSED_OF_ONE: usize = 4;

/// Filters by which the units of holders are added up: each is looked at in every movement.
const MAX_HELD: usize = 64;

/// As what holders are counted, because rules ask for it.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Counting {
    /// The topics by which they are counted, sorted.
    pub topics: Vec<u32>,
    /// The countries in which they are counted by a topic apart, sorted.
    pub crossed: Vec<(Country, u32)>,
    /// The topics of claims that are looked through, sorted: who has one is kept in an index.
    pub through: Vec<u32>,
    /// True if they are counted by class too.
    pub by_class: bool,
    /// As what the holders of any asset of the issuer are counted together, if rules ask for that.
    pub of_issuer: Option<Arc<Counting>>,
    /// The filters by which what holders have is added up, sorted.
    pub held: Vec<Filter>,
    /// How many of a kind there may be, sorted: the least of what rules say, or said, that always hold, or under a guard.
    pub caps: Vec<Cap>,
}

/// How many holders of a kind there may be.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct Cap {
    /// Of which kind.
    pub filter: Filter,
    /// True if of each class.
    pub by_class: bool,
    /// At most so many.
    pub most: u32,
}

impl Counting {
    /// Nothing but how many there are, and where they reside.
    pub(crate) const PLAIN: &'static Counting = &Self {
        topics: Vec::new(),
        crossed: Vec::new(),
        through: Vec::new(),
        by_class: false,
        of_issuer: None,
        held: Vec::new(),
        caps: Vec::new(),
    };

    /// What these rules ask for.
    pub(crate) fn of(rules: &[Rule]) -> Self {
        let mut counting = Self::default();
        let mut of_issuer: Option<Self> = None;
        check::each(rules, &mut |rule| match rule {
            Rule::Count { filter, scope, look_through, .. } => {
                let counting = match scope {
                    Scope::Issuer => of_issuer.get_or_insert_default(),
                    _ => &mut counting,
                };
                counting.filter(filter);
                counting.by_class |= *scope == Scope::Class;
                let through = look_through.iter().map(|through| through.topic);
                counting.topics.extend(through.clone());
                counting.through.extend(through);
            }
            Rule::Compare { left, right, .. } => {
                [left, right].into_iter().for_each(|it| counting.limit(it))
            }
            Rule::Persons { max, .. } | Rule::Amount { max: Some(max), .. } => counting.limit(max),
            _ => {}
        });
        caps(rules, &mut |scope, cap| match (scope, &mut of_issuer) {
            (Scope::Issuer, Some(of_issuer)) => of_issuer.caps.push(cap),
            _ => counting.caps.push(cap),
        });
        counting.sort();
        counting.of_issuer = of_issuer.map(|mut counting| {
            counting.sort();
            Arc::new(counting)
        });
        counting
    }

    fn filter(&mut self, filter: &Filter) {
        match filter {
            Filter::All | Filter::Country(_) => {}
            Filter::With(topic) | Filter::Without(topic) => self.topics.push(*topic),
            Filter::CountryWith(country, topic) | Filter::CountryWithout(country, topic) => {
                self.topics.push(*topic);
                self.crossed.push((*country, *topic));
            }
        }
    }

    fn limit(&mut self, limit: &Limit) {
        match limit {
            Limit::Holders(filter) => self.filter(filter),
            Limit::HoldersOfClass(filter) => {
                self.filter(filter);
                self.by_class = true;
            }
            Limit::Held(filter) => {
                self.filter(filter);
                self.held.push(*filter);
            }
            _ => {}
        }
        limit.inner().into_iter().for_each(|inner| self.limit(inner));
    }

    fn sort(&mut self) {
        for topics in [&mut self.topics, &mut self.through] {
            topics.sort_unstable();
            topics.dedup();
        }
        self.crossed.sort_unstable();
        self.crossed.dedup();
        self.held.sort_unstable();
        self.held.dedup();
        self.caps.sort_unstable();
        self.caps.dedup_by_key(|cap| (cap.filter, cap.by_class));
    }

    /// What either asks for.
    pub(crate) fn and(mut self, other: &Counting) -> Self {
        self.topics.extend(&other.topics);
        self.crossed.extend(&other.crossed);
        self.through.extend(&other.through);
        self.held.extend(&other.held);
        self.caps.extend(&other.caps);
        self.by_class |= other.by_class;
        self.of_issuer = match (self.of_issuer.take(), &other.of_issuer) {
            (Some(one), Some(other)) => Some(Arc::new(Self::clone(&one).and(other))),
            (one, other) => one.or_else(|| other.clone()),
        };
        self.sort();
        self
    }

    /// True if both count the holders of one asset alike, whatever they ask of its issuer's other assets.
    pub(crate) fn is_alike(&self, other: &Counting) -> bool {
        let Self { topics, crossed, through, by_class, of_issuer: _, held, caps: _ } = self;
        (topics, crossed, through, by_class, held)
            == (&other.topics, &other.crossed, &other.through, &other.by_class, &other.held)
    }

    /// True if rules ask for no more than how many there are, and where they reside: of every asset that is known.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_alike(Self::PLAIN) && self.of_issuer.is_none()
    }

    /// Refuses to count holders by more than can be written anew when a claim lapses.
    pub(crate) fn few_enough(&self) -> Result<(), Refusal> {
        let why = "holders are counted by at most 16 topics";
        ensure(self.topics.len() <= MAX_TOPICS, check::bad("rules", why))?;
        let mut of_countries = self.crossed.chunk_by(|one, other| one.0 == other.0);
        let fits = of_countries.all(|of_one| of_one.len() <= MAX_CROSSED_OF_ONE);
        let why = "residents of a country are counted by at most 4 topics, by 64 in all countries";
        ensure(fits && self.crossed.len() <= MAX_CROSSED, check::bad("rules", why))?;
        let why = "held: what holders have is added up by at most 64 filters; use one again";
        ensure(self.held.len() <= MAX_HELD, check::bad("rules", why))?;
        self.of_issuer.iter().try_for_each(|of_issuer| of_issuer.few_enough())
    }

    /// True if holders are counted by a filter.
    pub(crate) fn has(&self, filter: Filter) -> bool {
        match filter {
            Filter::All | Filter::Country(_) => true,
            Filter::With(topic) | Filter::Without(topic) => self.topics.contains(&topic),
            Filter::CountryWith(country, topic) | Filter::CountryWithout(country, topic) => {
                self.crossed.contains(&(country, topic))
            }
        }
    }

    /// True if so many of a kind exceed a cap: of rules that may bind no longer, see [`crate::change::cap`].
    pub(crate) fn exceeds(&self, filter: Filter, by_class: bool, holders: u32) -> bool {
        let place =
            self.caps.binary_search_by_key(&(filter, by_class), |cap| (cap.filter, cap.by_class));
        place.is_ok_and(|place| holders > self.caps[place].most)
    }

    /// The filters by which the units of a holder are added up, that is counted as residing there and having these
    /// topics.
    pub(crate) fn held_in(&self, country: Country, has: u128) -> impl Iterator<Item = Filter> + '_ {
        self.held.iter().copied().filter(move |filter| self.is_in(country, has, *filter))
    }

    /// The filters by which holders are counted because rules ask for it.
    pub(crate) fn asked(&self) -> impl Iterator<Item = Filter> + '_ {
        let by_topic = self.topics.iter().flat_map(|it| [Filter::With(*it), Filter::Without(*it)]);
        let crossed = self.crossed.iter().flat_map(|(country, topic)| {
            let (country, topic) = (*country, *topic);
            [Filter::CountryWith(country, topic), Filter::CountryWithout(country, topic)]
        });
        by_topic.chain(crossed)
    }

    /// A bit for each topic, from the lowest.
    pub(crate) fn bits(&self, has: impl Fn(&u32) -> bool) -> u128 {
        let bit = |(place, topic): (usize, &u32)| u128::from(has(topic)) << place;
        self.topics.iter().enumerate().map(bit).fold(0, |bits, bit| bits | bit)
    }

    /// True if a holder is counted as having a topic, false if as not having it; nothing if not by the topic.
    pub(crate) fn counts(&self, has: u128, topic: u32) -> Option<bool> {
        let place = self.topics.binary_search(&topic).ok()?;
        Some(has >> place & 1 == 1)
    }

    /// Is a holder counted by a filter, that is counted as residing there and having these topics?
    pub fn is_in(&self, country: Country, has: u128, filter: Filter) -> bool {
        let (place, said) = match filter {
            Filter::All => return true,
            Filter::Country(place) => return place == country,
            Filter::With(topic) => (country, (topic, true)),
            Filter::Without(topic) => (country, (topic, false)),
            Filter::CountryWith(place, topic) => (place, (topic, true)),
            Filter::CountryWithout(place, topic) => (place, (topic, false)),
        };
        place == country && self.counts(has, said.0) == Some(said.1)
    }

    /// The filters that count a holder, in places that are the same for all: none at that of a country where it
    /// does not reside.
    pub(crate) fn filters(
        &self,
        country: Country,
        has: u128,
    ) -> impl Iterator<Item = Option<Filter>> + '_ {
        let by_topic = self.topics.iter().enumerate().map(move |(place, topic)| {
            Some(match has >> place & 1 {
                1 => Filter::With(*topic),
                _ => Filter::Without(*topic),
            })
        });
        let crossed = self.crossed.iter().map(move |(place, topic)| {
            let filter = match self.counts(has, *topic)? {
                true => Filter::CountryWith(*place, *topic),
                false => Filter::CountryWithout(*place, *topic),
            };
            (*place == country).then_some(filter)
        });
        [Some(Filter::All), Some(Filter::Country(country))]
            .into_iter()
            .chain(by_topic)
            .chain(crossed)
    }
}

/// How many holders of each kind there may be by these rules. Those of one path of several, and those that must not
/// hold, forbid nothing by themselves; those under a guard are taken as if it held.
pub(crate) fn caps(rules: &[Rule], see: &mut impl FnMut(Scope, Cap)) {
    for rule in rules {
        match rule {
            Rule::All(rules) => caps(rules, see),
            Rule::Because { rule, .. } | Rule::When { then: rule, .. } => {
                caps(std::slice::from_ref(rule), see)
            }
            Rule::Count { filter, scope, max: Some(most), look_through: None, .. } => {
                let by_class = *scope == Scope::Class;
                see(*scope, Cap { filter: *filter, by_class, most: *most })
            }
            _ => {}
        }
    }
}

impl Counted {
    /// What of it is of a class. Units of the first class are those of no other.
    pub fn of_class(&self, class: ClassId) -> Units {
        match self.classes.binary_search_by_key(&class, |(other, _)| *other) {
            Ok(place) => self.classes[place].1,
            Err(_) if class == ClassId(0) => {
                self.units - self.classes.iter().map(|(_, units)| *units).sum()
            }
            Err(_) => Units::ZERO,
        }
    }

    /// The classes of which it has some.
    pub(crate) fn held_classes(&self) -> impl Iterator<Item = ClassId> + '_ {
        let first = Some(ClassId(0)).filter(|first| !self.of_class(*first).is_zero());
        first.into_iter().chain(self.classes.iter().map(|(class, _)| *class))
    }

    /// Adds to what it has of a class, and takes away.
    pub(crate) fn change(&mut self, class: ClassId, gained: Units, lost: Units) {
        self.units = self.units + gained - lost;
        if class == ClassId(0) {
            return;
        }
        match self.classes.binary_search_by_key(&class, |(other, _)| *other) {
            Ok(place) => {
                let units = self.classes[place].1 + gained - lost;
                match units.is_zero() {
                    true => drop(self.classes.remove(place)),
                    false => self.classes[place].1 = units,
                }
            }
            Err(_) if gained == lost => {}
            Err(place) => self.classes.insert(place, (class, gained - lost)),
        }
    }
}

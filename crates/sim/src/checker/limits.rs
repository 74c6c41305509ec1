//! Head-counts and holdings after a whole transaction, against the limits in force. I-16.

use super::{
    book::Book,
    fold::{Broken, law},
    wire::*,
};
use std::collections::{BTreeMap, BTreeSet};

/// The places of "all assets of the issuer" and "each class" among the scopes of a rule.
const ISSUER: u8 = 1;
const CLASS: u8 = 3;

/// What each person holds of an asset, of each class of it, and of each asset of its issuer.
pub(super) struct Held {
    all: BTreeMap<u64, u128>,
    by_class: BTreeMap<u32, BTreeMap<u64, u128>>,
    of_issuer: BTreeMap<u64, BTreeMap<u64, u128>>,
}

impl Held {
    /// Everybody that holds any asset of the issuer.
    fn holders(&self) -> BTreeMap<u64, u128> {
        self.of_issuer.values().flat_map(BTreeMap::keys).map(|person| (*person, 1)).collect()
    }

    /// True if nobody's part of any asset of the issuer but this one changed.
    fn is_alone(&self, asset: u64, after: &Held) -> bool {
        self.of_issuer
            .iter()
            .all(|(id, held)| *id == asset || after.of_issuer.get(id) == Some(held))
    }
}

impl Book {
    pub(super) fn held(&self, asset: u64) -> Held {
        let of_issuer = self.assets_of(self.issuer(asset)).map(|id| (id, self.holdings(id)));
        let of_issuer = of_issuer.collect();
        Held { all: self.holdings(asset), by_class: self.holdings_by_class(asset), of_issuer }
    }

    /// What a whole transaction did to head-counts and holdings, against the limits in force. I-16.
    pub(super) fn limits_hold<'e>(
        &self,
        asset: u64,
        held_before: &Held,
        issued_before: u128,
        events: impl Iterator<Item = &'e LedgerEvent>,
    ) -> Result<(), Broken> {
        let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
        for event in events {
            let LedgerEvent::Moved { asset: of, from, to, units, cause, .. } = event else {
                continue;
            };
            if *of != asset {
                continue;
            }
            if matches!(cause, Cause::Forced | Cause::ForcedRedeem) {
                return Ok(());
            }
            let human = |a: Account| self.human(a.person);
            let (from, to) = (from.map(human), to.map(human));
            if from != to && *units > 0 {
                sent.extend(from);
                received.extend(to);
            }
        }
        let (Some(policy), Some(known)) = (self.policy(asset), self.assets.get(&asset)) else {
            return Ok(());
        };
        let held_after = self.held(asset);
        let (before, after) = (&held_before.all, &held_after.all);
        let after_by_class = &held_after.by_class;
        // Another asset's movements are judged by its own rules, which need not count over the issuer.
        let is_alone = held_before.is_alone(asset, &held_after);
        // Parts are counted of what others than the issuer hold.
        let with_others = |issued: u128, holdings: &BTreeMap<u64, u128>| {
            issued - holdings.get(&known.issuer).copied().unwrap_or(0)
        };
        let outstanding_after = with_others(known.minted - known.burned, after);
        let outstanding_before = with_others(issued_before, before);
        let outstanding = outstanding_after.max(outstanding_before);
        let had = |person: &u64| before.get(person).copied().unwrap_or(0);
        let has = |person: &u64| after.get(person).copied().unwrap_or(0);
        let mut rules: Vec<&Rule> = policy.rules.iter().collect();
        // What the asset's profiles ask of every movement binds investments alone.
        if !received.is_empty() && !received.contains(&known.issuer) {
            let adopted = self.law.adopted(asset).filter(|(_, adoption, _)| adoption.is_open);
            let texts = adopted.filter_map(|(.., text)| text);
            rules.extend(texts.flat_map(|text| &text.always));
        }
        for rule in rules {
            if matches!(rule, Rule::Count { .. } | Rule::Holding { .. }) {
                self.note(rule.kind(), true);
            }
            match rule {
                Rule::Count { scope: ISSUER, .. } if !is_alone => {}
                Rule::Count { scope, max: Some(max), look_through: Some(through), .. } => {
                    let owners = |held: &Held| match *scope {
                        ISSUER => self.owners(held.of_issuer.values(), known.issuer, *through),
                        _ => self.owners([&held.all], known.issuer, *through),
                    };
                    let (was, is) = (owners(held_before), owners(&held_after));
                    let fits = is <= u128::from(*max) || is <= was;
                    law!(fits, "I-16 {is} owners, {was} before, of asset {asset} against {rule:?}");
                }
                Rule::Count { filter, scope, max, min, look_through: None } => {
                    let none = BTreeMap::new();
                    // What the issuer has is nobody's.
                    let own = self.human(known.issuer);
                    let count = |held: &BTreeMap<u64, u128>| {
                        let others = held.iter().filter(|(person, _)| **person != own);
                        self.count(&others.map(|(id, units)| (*id, *units)).collect(), filter)
                    };
                    let held = |of: &BTreeMap<u32, BTreeMap<u64, u128>>, class: &u32| {
                        count(of.get(class).unwrap_or(&none))
                    };
                    let classes: BTreeSet<&u32> = self
                        .classes
                        .keys()
                        .filter(|(of, _)| *of == asset)
                        .map(|(_, it)| it)
                        .collect();
                    let counts: Vec<(u32, u32)> = match *scope {
                        CLASS => classes
                            .into_iter()
                            .map(|it| (held(&held_before.by_class, it), held(after_by_class, it)))
                            .collect(),
                        ISSUER => {
                            vec![(count(&held_before.holders()), count(&held_after.holders()))]
                        }
                        _ => vec![(count(before), count(after))],
                    };
                    for (was, is) in counts {
                        let fits = max.is_none_or(|max| is <= max || is <= was)
                            && min.is_none_or(|min| is >= min || is >= was);
                        law!(
                            fits,
                            "I-16 {is} holders, {was} before, of asset {asset} against {rule:?}"
                        );
                    }
                }
                Rule::Holding { min, max, max_part, full_only } => {
                    let part = max_part.map(|bps| part_of(outstanding, bps));
                    for person in received.iter().filter(|person| **person != known.issuer) {
                        let (was, is) = (had(person), has(person));
                        let below = [*max, part].into_iter().flatten().all(|limit| is <= limit);
                        let fits = below && min.is_none_or(|min| is >= min);
                        law!(is <= was || fits, "I-16 person {person} holds {is} against {rule:?}");
                    }
                    for person in sent.difference(&received).filter(|p| **p != known.issuer) {
                        let is = has(person);
                        let fits = !full_only && min.is_none_or(|min| is >= min);
                        law!(is == 0 || fits, "I-16 person {person} keeps {is} against {rule:?}");
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Book {
    /// Owners behind the holders of some assets: who holds at least a part of any of them counts as many as a claim says,
    /// all others one each.
    fn owners<'h>(
        &self,
        assets: impl IntoIterator<Item = &'h BTreeMap<u64, u128>>,
        issuer: u64,
        (topic, part): (u32, u16),
    ) -> u128 {
        let mut has_much: BTreeMap<u64, bool> = BTreeMap::new();
        for holdings in assets {
            let others = || holdings.iter().filter(|(person, _)| **person != issuer);
            let whole: u128 = others().map(|(_, units)| units).sum();
            for (person, units) in others() {
                let is_much = units.saturating_mul(10_000) >= whole.saturating_mul(part.into());
                *has_much.entry(*person).or_default() |= is_much;
            }
        }
        let weight = |(person, is_much): (&u64, &bool)| {
            let said = self.said_values(*person, topic, true).max().filter(|_| *is_much);
            u128::from(said.unwrap_or(1).max(1))
        };
        has_much.iter().map(weight).sum()
    }
}

/// So many ten-thousandths, rounded down.
pub(super) fn part_of(units: u128, bps: u16) -> u128 {
    let bps = u128::from(bps);
    units / 10_000 * bps + units % 10_000 * bps / 10_000
}

//! Rules that could never hold together: one asks for what another bars.
//!
//! What all must pass is looked at as a whole, and each path of an `any` beside it. Only what no movement could ever
//! meet is refused: two claims of different values may come from two providers, so they stand.

use crate::{Limit, ListMode, Refusal, Relation, Rule, Side, check::bad};
use std::collections::BTreeSet;
use types::{Country, Time, Units};

/// A rule that must pass, and where it stands.
type Asked<'r> = (String, &'r Rule);

/// Refuses rules of which one could never pass beside the others, and paths that could never be taken.
pub(crate) fn refuse(rules: &[Rule], place: &str) -> Result<(), Refusal> {
    let mut asked = Vec::new();
    let mut paths = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        flatten(rule, format!("{place}[{index}]"), &mut asked, &mut paths)?;
    }
    leaves_room(&asked)?;
    look_at(&asked, paths)
}

/// Refuses windows that do not meet, and countries of which none is left.
fn leaves_room(asked: &[Asked<'_>]) -> Result<(), Refusal> {
    let last = |is: fn(&Rule) -> bool| {
        let place = asked.iter().rev().find(|(_, rule)| is(rule));
        place.map_or("rules", |(place, _)| place.as_str())
    };
    if opens(asked).zip(closes(asked)).is_some_and(|(opens, closes)| opens >= closes) {
        let why = "window: it is closed before another opens; nothing could ever pass";
        return Err(bad(last(|rule| matches!(rule, Rule::Window { .. })), why));
    }
    if is_nowhere(asked) {
        let why = "countries: with the others no country is left; nothing could ever pass";
        return Err(bad(last(|rule| matches!(rule, Rule::Countries { .. })), why));
    }
    Ok(())
}

/// Looks at paths beside what is asked whichever is taken.
fn look_at<'r>(asked: &[Asked<'r>], paths: Vec<(String, &'r Rule)>) -> Result<(), Refusal> {
    for (place, rule) in paths {
        let (mut within, mut inner) = (asked.to_vec(), Vec::new());
        flatten(rule, place, &mut within, &mut inner)?;
        leaves_room(&within)?;
        look_at(&within, inner)?;
    }
    Ok(())
}

/// Adds what a rule asks to what is asked already, and the paths that it offers to those that are open.
fn flatten<'r>(
    rule: &'r Rule,
    place: String,
    asked: &mut Vec<Asked<'r>>,
    paths: &mut Vec<(String, &'r Rule)>,
) -> Result<(), Refusal> {
    match rule {
        Rule::Because { rule, .. } => flatten(rule, format!("{place}.rule"), asked, paths),
        Rule::All(rules) => rules.iter().enumerate().try_for_each(|(index, rule)| {
            flatten(rule, format!("{place}.all[{index}]"), asked, paths)
        }),
        Rule::Any(all) => {
            paths.extend(all.iter().map(|(name, rule)| (format!("{place}.any.{name}"), rule)));
            Ok(())
        }
        _ => {
            if let Some(why) = never(rule) {
                return Err(bad(&place, why));
            }
            for (other, before) in asked.iter() {
                if let Some(why) = apart(before, rule).or_else(|| apart(rule, before)) {
                    let why = format!(
                        "{why}, beside {other}: nothing could ever pass; take one of the two out"
                    );
                    return Err(bad(&place, &why));
                }
            }
            asked.push((place, rule));
            Ok(())
        }
    }
}

/// What one rule alone could never let pass.
fn never(rule: &Rule) -> Option<&'static str> {
    use Relation::*;
    let Rule::Compare { left: Limit::Number(left), is, right: Limit::Number(right) } = rule else {
        return None;
    };
    let holds = match is {
        Below => left < right,
        AtMost => left <= right,
        Equal => left == right,
        AtLeast => left >= right,
        Above => left > right,
    };
    (!holds).then_some("compare: of these two numbers it never holds, so nothing could ever pass")
}

/// Why the second could never pass where the first does.
fn apart(one: &Rule, other: &Rule) -> Option<&'static str> {
    match (one, other) {
        (Rule::Kind(one), Rule::Kind(other)) if !one.is(*other) && !other.is(*one) => {
            Some("kind: a movement is of one kind")
        }
        (
            Rule::List { side, mode: ListMode::Allow, list, subject, about, .. },
            Rule::List { side: of, mode, list: it, subject: named, about: kept, .. },
        ) => {
            let is_same = (list, subject, about) == (it, named, kept);
            let bars = *mode == ListMode::Deny && is_same && share(*side, *of);
            bars.then_some("list: who must be on it is kept out by it")
        }
        (
            Rule::Compare { left, is, right: Limit::Number(right) },
            Rule::Compare { left: of, is: how, right: Limit::Number(other) },
        ) => {
            let above = left == of && least(*is, *right) > Some(most(*how, *other));
            above.then_some("compare: the same amount is to be more, and less")
        }
        (one, Rule::Not(other)) => is_within(one, named(other)),
        _ => None,
    }
}

/// The least that an amount may be which compares so with a number; nothing known if that is nothing.
fn least(is: Relation, number: Units) -> Option<u128> {
    match is {
        Relation::AtLeast | Relation::Equal => Some(number.0),
        Relation::Above => Some(number.0.saturating_add(1)),
        Relation::Below | Relation::AtMost => None,
    }
}

/// The most that it may be.
fn most(is: Relation, number: Units) -> u128 {
    match is {
        Relation::AtMost | Relation::Equal => number.0,
        Relation::Below => number.0.saturating_sub(1),
        Relation::AtLeast | Relation::Above => u128::MAX,
    }
}

/// The rule itself, whatever it is called.
fn named(rule: &Rule) -> &Rule {
    match rule {
        Rule::Because { rule, .. } => named(rule),
        rule => rule,
    }
}

/// Why the second must pass if the first does.
fn is_within(one: &Rule, other: &Rule) -> Option<&'static str> {
    let why = match (one, other) {
        (Rule::Kind(one), Rule::Kind(other)) => {
            one.is(*other).then_some("not: the kind is asked for")
        }
        (Rule::Claim { .. }, Rule::Claim { .. }) => {
            is_claimed(one, other).then_some("not: the claim is asked for")
        }
        _ => (one == other).then_some("not: it is asked for"),
    };
    why.filter(|_| !is_counted(one))
}

/// True if every claim that one rule asks for is one that the other means.
fn is_claimed(one: &Rule, other: &Rule) -> bool {
    let Rule::Claim { side, topic, at_least, at_most, providers, .. } = one else { return false };
    let Rule::Claim {
        side: of,
        topic: about,
        at_least: least,
        at_most: most,
        providers: by,
        min_age,
        max_age,
        ..
    } = other
    else {
        return false;
    };
    let is_value =
        least <= at_least && most.is_none_or(|most| at_most.is_some_and(|it| it <= most));
    let is_by =
        by.is_empty() || !providers.is_empty() && providers.iter().all(|it| by.contains(it));
    let is_aged = min_age.is_zero() && max_age.is_none();
    topic == about && is_of(*of, *side) && is_value && is_by && is_aged
}

/// True if a rule adds up, or stamps: whether it passes is not the same twice.
fn is_counted(rule: &Rule) -> bool {
    matches!(rule, Rule::Amount { .. } | Rule::Persons { .. } | Rule::Effect(_))
}

/// True if what is asked of one side is asked of the other too.
fn is_of(side: Side, of: Side) -> bool {
    side == of || of == Side::Both && side != Side::Venue
}

fn share(one: Side, other: Side) -> bool {
    is_of(one, other) || is_of(other, one)
}

fn windows<'r>(asked: &'r [Asked<'r>]) -> impl Iterator<Item = (Option<Time>, Option<Time>)> + 'r {
    asked.iter().filter_map(|(_, rule)| match rule {
        Rule::Window { opens, closes } => Some((*opens, *closes)),
        _ => None,
    })
}

fn opens(asked: &[Asked<'_>]) -> Option<Time> {
    windows(asked).filter_map(|(opens, _)| opens).max()
}

/// When what all must pass is over for good, if it ever is.
fn closes(asked: &[Asked<'_>]) -> Option<Time> {
    windows(asked).filter_map(|(_, closes)| closes).min()
}

/// The place of a window that all must pass and that was over by a time.
pub(crate) fn over_by(rules: &[Rule], place: &str, now: Time) -> Option<String> {
    let (mut asked, mut paths) = (Vec::new(), Vec::new());
    for (index, rule) in rules.iter().enumerate() {
        flatten(rule, format!("{place}[{index}]"), &mut asked, &mut paths).ok()?;
    }
    let over =
        |rule: &Rule| matches!(rule, Rule::Window { closes: Some(closes), .. } if *closes <= now);
    asked.into_iter().find(|(_, rule)| over(rule)).map(|(place, _)| place)
}

/// True if of the countries that are open to somebody none is left.
fn is_nowhere(asked: &[Asked<'_>]) -> bool {
    [Side::Sender, Side::Receiver, Side::Venue].into_iter().any(|side| {
        let (mut open, mut shut) = (None::<BTreeSet<Country>>, BTreeSet::new());
        for (_, rule) in asked {
            let Rule::Countries { side: of, mode, countries } = rule else { continue };
            let named = countries.iter().copied();
            match mode {
                _ if !is_of(side, *of) => {}
                ListMode::Deny => shut.extend(named),
                ListMode::Allow => {
                    let named: BTreeSet<_> = named.collect();
                    open = Some(open.map_or(named.clone(), |open| &open & &named));
                }
            }
        }
        open.is_some_and(|open| open.is_subset(&shut))
    })
}

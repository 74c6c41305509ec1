//! What a rule set may say: bounded, without contradiction, and never such that nothing could pass.

use crate::{
    Between, By, Cost, Effect, Filter, Limit, ListOf, MeterUsed, Period, Recurring, Refusal, Roll,
    Rule, Scope, Side, Step, contradiction,
};
use std::collections::BTreeMap;
use types::{Bps, Name, Span, ensure};

const MAX_RULES: usize = 160;
const MAX_DEPTH: usize = 8;
const MAX_ENTRIES: usize = 1_024;
const MAX_STEPS: usize = 8;
/// Names of meters that a venue, or the policies of an asset, may ever use.
const MAX_METERS: usize = 256;
/// Letters of a name: of a path, a fact, a meter, a duty.
const MAX_NAME: usize = 32;
/// Letters of where a rule is written.
const MAX_SOURCE: usize = 160;
/// Months a lock may last: a century.
const MAX_LOCK_MONTHS: u32 = Span::MAX_MONTHS;

pub(crate) fn bad(place: &str, why: &str) -> Refusal {
    Refusal::BadPolicy(format!("{place}: {why}"))
}

/// Refuses rules that are too many, too deep, too long, contradictory, or could never pass; adds up what
/// judging by them costs. Business days need a calendar.
pub(crate) fn rules(
    rules: &[Rule],
    place: &str,
    has_calendar: bool,
    cost: &mut Cost,
) -> Result<(), Refusal> {
    for (index, each) in rules.iter().enumerate() {
        rule(each, &format!("{place}[{index}]"), 1, has_calendar, cost)?;
    }
    contradiction::refuse(rules, place)?;
    meters_agree(meters(rules), place)
}

/// Shows every rule, those inside others too, in the order in which they stand.
pub fn each<'r>(rules: &'r [Rule], see: &mut impl FnMut(&'r Rule)) {
    for rule in rules {
        see(rule);
        match rule {
            Rule::All(rules) => each(rules, see),
            Rule::Any(paths) => {
                paths.iter().for_each(|(_, rule)| each(std::slice::from_ref(rule), see))
            }
            Rule::Not(rule) | Rule::Because { rule, .. } => each(std::slice::from_ref(rule), see),
            Rule::When { guard, then } => {
                each(std::slice::from_ref(guard), see);
                each(std::slice::from_ref(then), see);
            }
            _ => {}
        }
    }
}

/// True if a rule compares something that only a movement has.
pub(crate) fn sees_movement(rule: &Rule) -> bool {
    fn sees(limit: &Limit) -> bool {
        let is_whole = matches!(limit, Limit::Outstanding | Limit::OutstandingOfClass);
        is_whole || limit.is_of_movement() || limit.inner().into_iter().any(sees)
    }
    matches!(rule, Rule::Compare { left, right, .. } if sees(left) || sees(right))
}

/// What a meter counts: persons or not, apart by what, over which period.
pub(crate) type Counts<'r> = (bool, By, &'r Period);

/// The names under which something is counted, and what.
pub(crate) fn meters(rules: &[Rule]) -> Vec<(&str, Counts<'_>)> {
    let mut meters = Vec::new();
    each(rules, &mut |rule| match rule {
        Rule::Persons { meter, by, period, .. } => {
            meters.push((meter.as_str(), (true, *by, period)))
        }
        Rule::Amount { meter, by, period, .. } => {
            meters.push((meter.as_str(), (false, *by, period)))
        }
        _ => {}
    });
    meters
}

/// A name stands for one count: it cannot have two periods, nor count persons here and amounts there, nor senders
/// here and receivers there.
pub(crate) fn meters_agree<'r>(
    meters: impl IntoIterator<Item = (&'r str, Counts<'r>)>,
    place: &str,
) -> Result<(), Refusal> {
    let mut known: BTreeMap<&str, Counts<'_>> = BTreeMap::new();
    for (name, counts) in meters {
        let is_one = known.insert(name, counts).is_none_or(|other| other == counts);
        let why = format!(
            "meter {name}: one name counts one thing, by one side, over one period; name the other differently"
        );
        ensure(is_one, bad(place, &why))?;
    }
    Ok(())
}

/// The names under which something was ever added up, and those of these rules: each stands for one count, over one
/// period, by days of one calendar, for good. What was added up goes on where a name is used again.
pub(crate) fn meters_used(
    mut used: Vec<MeterUsed>,
    rules: &[Rule],
    calendar: &Option<Name>,
) -> Result<Vec<MeterUsed>, Refusal> {
    for (name, counts) in meters(rules) {
        let Some(known) = used.iter().find(|known| known.name == name) else {
            let (is_persons, by, period) = counts;
            let (name, period, calendar) = (name.into(), period.clone(), calendar.clone());
            used.push(MeterUsed { name, is_persons, by, period, calendar });
            continue;
        };
        let before = (known.is_persons, known.by, &known.period);
        meters_agree([(name, before), (name, counts)], "rules")?;
        ensure(known.calendar == *calendar, of_other_days(name))?;
    }
    let why = "256 names of meters are used in all; use one again";
    ensure(used.len() <= MAX_METERS, bad("rules", why))?;
    Ok(used)
}

fn of_other_days(meter: &str) -> Refusal {
    let why = format!("meter {meter} is added up by days of another calendar; name it differently");
    bad("calendar", &why)
}

/// Refuses what asks for business days where no calendar knows them.
pub(crate) fn known_days(place: &str, spans: &[Span], has_calendar: bool) -> Result<(), Refusal> {
    let asks = spans.iter().any(|span| span.business > 0);
    let why = "business days are counted by a calendar: name one in `calendar`";
    ensure(has_calendar || !asks, bad(place, why))
}

/// What is added up under one name is added up by days of one calendar.
pub(crate) fn days_agree(
    meters: [Vec<(&str, Counts<'_>)>; 2],
    is_same: bool,
) -> Result<(), Refusal> {
    let [before, after] = meters;
    let both = after.iter().find(|(name, _)| before.iter().any(|(other, _)| other == name));
    match both {
        Some((name, _)) if !is_same => Err(of_other_days(name)),
        _ => Ok(()),
    }
}

/// Refuses to ask whether a person was counted where nobody is: it never would be.
pub(crate) fn somebody_counts<'r>(
    sets: impl IntoIterator<Item = (&'r str, &'r [Rule])> + Clone,
) -> Result<(), Refusal> {
    let mut counts = Vec::new();
    for (_, rules) in sets.clone() {
        each(rules, &mut |rule| {
            if let Rule::Persons { meter, scope, by, .. } = rule {
                counts.push((meter, *scope, *by));
            }
        });
    }
    for (place, rules) in sets {
        let mut missing = None;
        each(rules, &mut |rule| match rule {
            Rule::Counted { meter, scope, by } if !counts.contains(&(meter, *scope, *by)) => {
                missing = missing.or(Some(meter));
            }
            _ => {}
        });
        if let Some(meter) = missing {
            let why = format!(
                "counted: nobody is counted as {meter} over this scope, so nothing could ever pass; \
                 count them with `persons`, of the same meter, scope and by"
            );
            return Err(bad(place, &why));
        }
    }
    Ok(())
}

/// Refuses a claim about nothing.
fn numbered(place: &str, topic: u32) -> Result<(), Refusal> {
    ensure(topic > 0, bad(place, "topic: what claims are about is numbered from 1"))
}

/// Whose units that came free are under a law again is asked of who gives them, whatever and to whomever it gives.
fn of_control(rule: &Rule, place: &str) -> Result<(), Refusal> {
    if !place.starts_with("control") {
        return Ok(());
    }
    let is_of_giver = match rule {
        Rule::Claim { side, .. } | Rule::Countries { side, .. } | Rule::List { side, .. } => {
            *side == Side::Sender
        }
        Rule::Pair { between, .. } => *between == Between::SenderAndIssuer,
        Rule::Fact { .. } | Rule::Window { .. } => true,
        Rule::All(_) | Rule::Any(_) | Rule::Not(_) | Rule::Because { .. } => true,
        _ => false,
    };
    let why = "control looks at who gives the units: at the sender's claims, country, lists or ties to the issuer, and at facts";
    ensure(is_of_giver, bad(place, why))
}

/// Where money waits, nothing moves and nobody is counted: whether all of it may be used is asked of facts, and whether
/// one person may have its own back of facts and of what is known about that person.
fn of_money(rule: &Rule, place: &str) -> Result<(), Refusal> {
    let is_withdraw = place.starts_with("withdraw");
    if !is_withdraw && !place.starts_with("release") {
        return Ok(());
    }
    let asks = |side: Side| {
        let why = "side: whether the money of all may be used is asked of no person; look at facts";
        ensure(is_withdraw, bad(place, why))?;
        let why = "side: who asks for its money back is the receiver, and there is no other side; ask the receiver";
        ensure(side == Side::Receiver, bad(place, why))
    };
    match rule {
        Rule::Claim { side, .. } | Rule::Countries { side, .. } => asks(*side),
        Rule::List { side, subject, .. } => {
            asks(*side)?;
            let why = "list: nothing moves, so there is no wallet; list persons";
            ensure(*subject == ListOf::Person, bad(place, why))
        }
        Rule::Compare { left, right, .. } => {
            [left, right].into_iter().try_for_each(|limit| amount_of_money(limit, place, &asks))
        }
        Rule::Fact { .. }
        | Rule::Window { .. }
        | Rule::Recurring(_)
        | Rule::All(_)
        | Rule::Any(_)
        | Rule::Not(_)
        | Rule::When { .. }
        | Rule::Because { .. } => Ok(()),
        Rule::Effect(_) => {
            Err(bad(place, "effect: nothing moves, so nothing follows; take it out"))
        }
        Rule::Count { .. }
        | Rule::Persons { .. }
        | Rule::Counted { .. }
        | Rule::Amount { .. }
        | Rule::Holding { .. } => {
            let why = "nothing moves, so nobody and nothing is counted or added up; compare facts";
            Err(bad(place, why))
        }
        Rule::Lot { .. }
        | Rule::Kind(_)
        | Rule::Pair { .. }
        | Rule::Approvals(_)
        | Rule::By { .. } => {
            let why = "this looks at a movement, and nothing moves; look at facts, windows and comparisons";
            Err(bad(place, why))
        }
    }
}

/// Amounts that are known without a movement, and counted of nobody.
fn amount_of_money(
    limit: &Limit,
    place: &str,
    asks: &impl Fn(Side) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    match limit {
        Limit::Claim { side, .. } => asks(*side)?,
        Limit::Holders(_)
        | Limit::HoldersOfClass(_)
        | Limit::Held(_)
        | Limit::Outstanding
        | Limit::OutstandingOfClass => {
            let why = "compare: no holders and no units are counted here; compare facts";
            Err(bad(place, why))?
        }
        Limit::Units | Limit::Paid | Limit::PaidIn(_) => {
            let why = "compare: nothing moves, so there are no units and no price; compare facts";
            Err(bad(place, why))?
        }
        Limit::Number(_)
        | Limit::Fact { .. }
        | Limit::Part { .. }
        | Limit::Sum(_)
        | Limit::Least(_)
        | Limit::Greatest(_)
        | Limit::If { .. } => {}
    }
    limit.inner().into_iter().try_for_each(|inner| amount_of_money(inner, place, asks))
}

/// Refuses to count persons by group: what its members did alone before counts for amounts only.
fn by_side(place: &str, by: By) -> Result<(), Refusal> {
    let why = "by: a group adds up amounts; count persons by sender, receiver or country";
    ensure(!matches!(by, By::Group(_)), bad(place, why))
}

fn rule(
    rule: &Rule,
    place: &str,
    depth: usize,
    has_calendar: bool,
    cost: &mut Cost,
) -> Result<(), Refusal> {
    cost.rules += 1;
    cost.depth = cost.depth.max(depth);
    ensure(
        cost.rules <= MAX_RULES,
        bad(
            place,
            "there may be 160 rules at most; leave out what others say already, or write a second profile",
        ),
    )?;
    ensure(
        depth <= MAX_DEPTH,
        bad(
            place,
            "rules nest at most 8 deep; write what is inside one level up: `all` in `all` and `not` in `not` say nothing more",
        ),
    )?;
    of_control(rule, place)?;
    of_money(rule, place)?;
    match rule {
        Rule::Claim { topic, at_least, at_most, providers, min_age, max_age, .. } => {
            numbered(place, *topic)?;
            known_days(place, &[*min_age, max_age.unwrap_or_default()], has_calendar)?;
            let least = u128::from(*at_least);
            let most = at_most.map(u128::from);
            apart(place, "claim", least, most, *min_age, *max_age)?;
            entries(place, cost, providers.len())
        }
        Rule::Fact { fact, at_least, at_most, min_age, max_age, .. } => {
            name(place, "fact", fact)?;
            known_days(place, &[*min_age, max_age.unwrap_or_default()], has_calendar)?;
            apart(place, "fact", at_least.0, at_most.map(|most| most.0), *min_age, *max_age)
        }
        Rule::Countries { countries, .. } => {
            ensure(!countries.is_empty(), bad(place, "countries: name at least one"))?;
            entries(place, cost, countries.len())
        }
        Rule::List { .. } | Rule::Kind(_) => Ok(()),
        Rule::Pair { topic, lookback, .. } => {
            numbered(place, *topic)?;
            known_days(place, &[*lookback], has_calendar)
        }
        Rule::Recurring(recurring) => {
            let asks = matches!(recurring, Recurring::Weekly { business: true, .. });
            let why = "business days are counted by a calendar: name one in `calendar`";
            ensure(has_calendar || !asks, bad(place, why))?;
            recurring.check(place)
        }
        Rule::Count { filter, scope: reach, max, min, look_through } => {
            let of_all = *filter == Filter::All && *reach != Scope::Class;
            let fits = look_through.is_none() || (of_all && min.is_none() && max.is_some());
            let why = "look_through: owners are counted of all holders of the asset or of the issuer's assets, at most";
            ensure(fits, bad(place, why))?;
            let why = "scope: holders are counted of an asset, of each class, or of all assets of the issuer";
            let is_counted = matches!(reach, Scope::Asset | Scope::Class | Scope::Issuer);
            ensure(is_counted, bad(place, why))?;
            ensure(max.is_some() || min.is_some(), bad(place, "count: give max or min"))?;
            let apart = !matches!((max, min), (Some(max), Some(min)) if min > max);
            ensure(
                apart,
                bad(
                    place,
                    "count: min is above max, so nobody could ever pass; lower the first or raise the second",
                ),
            )
        }
        Rule::Holding { min, max, max_part, full_only } => {
            let says = min.is_some() || max.is_some() || max_part.is_some() || *full_only;
            ensure(says, bad(place, "holding: give min, max, max_part or full_only"))?;
            let apart = !matches!((max, min), (Some(max), Some(min)) if min > max);
            ensure(
                apart,
                bad(
                    place,
                    "holding: min is above max, so nobody could ever pass; lower the first or raise the second",
                ),
            )?;
            ensure(
                max_part.is_none_or(|part| part.0 <= 10_000),
                bad(place, "holding: max_part is at most 10000 bps; a whole is 10000"),
            )
        }
        Rule::Lot { days, months, free_to, .. } => {
            ensure(*days > 0 || *months > 0, bad(place, "lot: give days or months"))?;
            ensure(
                *months <= MAX_LOCK_MONTHS && *days <= MAX_LOCK_MONTHS * 31,
                bad(place, "lot: a lock lasts at most a century; give fewer months or days"),
            )?;
            entries(place, cost, free_to.len())
        }
        Rule::Window { opens, closes } => {
            ensure(
                opens.is_some() || closes.is_some(),
                bad(place, "window: give opens or closes"),
            )?;
            let apart = !matches!((opens, closes), (Some(opens), Some(closes)) if opens >= closes);
            ensure(
                apart,
                bad(
                    place,
                    "window: closes is not after opens; give the later of the two as `closes`",
                ),
            )
        }
        Rule::Compare { left, right, .. } => {
            limit(left, &format!("{place}.left"), 1, cost)?;
            limit(right, &format!("{place}.right"), 1, cost)
        }
        Rule::Persons { meter, scope: reach, by, period: over, max } => {
            name(place, "meter", meter)?;
            by_side(place, *by)?;
            scope(place, *reach)?;
            period(place, over)?;
            limit(max, &format!("{place}.max"), 1, cost)
        }
        Rule::Amount { meter, scope: reach, period: over, max, .. } => {
            name(place, "meter", meter)?;
            scope(place, *reach)?;
            period(place, over)?;
            max.iter().try_for_each(|max| limit(max, &format!("{place}.max"), 1, cost))
        }
        Rule::Counted { meter, scope: reach, by } => {
            name(place, "meter", meter)?;
            by_side(place, *by)?;
            scope(place, *reach)
        }
        Rule::Approvals(steps) => {
            let why = "approvals: name 1 to 8 steps";
            ensure((1..=MAX_STEPS).contains(&steps.len()), bad(place, why))?;
            let fits =
                |step: &Step| !matches!(step, Step::Of { count, .. } if !(1..=16).contains(count));
            let why = "approvals: ask for 1 to 16 approvals at a step";
            ensure(steps.iter().all(fits), bad(place, why))?;
            let is_list = |step: &Step| !matches!(step, Step::Of { list: 0, .. });
            let why = "approvals: list 0 is the giver and the receiver, each for itself; ask the sender, the receiver or another list";
            ensure(steps.iter().all(is_list), bad(place, why))?;
            let is_new = |(index, step): (usize, &Step)| {
                let alike = |other: &Step| match (other, step) {
                    (Step::Of { list, .. }, Step::Of { list: other, .. }) => list == other,
                    (other, step) => other == step,
                };
                !steps[..index].iter().any(alike)
            };
            let why = "approvals: each side and each list has one step; ask for more of its approvals there";
            ensure(steps.iter().enumerate().all(is_new), bad(place, why))
        }
        Rule::Effect(Effect::Duty { duty, due, roll }) => {
            name(place, "duty", duty)?;
            rolls(place, *due, *roll, has_calendar)?;
            ensure(!due.is_zero(), bad(place, "due: say how long after the movement"))
        }
        Rule::Effect(Effect::Free) => {
            let why =
                "effect: units come free of a profile by its own rules of issue and resale only";
            let is_own = place.starts_with("issue") || place.starts_with("resale");
            ensure(is_own, bad(place, why))
        }
        Rule::Effect(Effect::Fee { part, .. }) => {
            let why = "fee: 1 to 10000 basis points of what moves";
            ensure((1..=10_000).contains(&part.0), bad(place, why))?;
            let why = "fee: only the issuer's own policy asks for one";
            ensure(place.starts_with("rules"), bad(place, why))
        }
        Rule::Effect(Effect::Restart) => Ok(()),
        Rule::By { .. } => {
            let why = "by: only the resale rules of a profile may refer to another profile";
            ensure(place.starts_with("resale"), bad(place, why))
        }
        Rule::Because { source, rule: inner, .. } => {
            let fits = !source.trim().is_empty() && source.len() <= MAX_SOURCE;
            ensure(fits, bad(place, "source: say in 1 to 160 letters where it is written"))?;
            self::rule(inner, &format!("{place}.rule"), depth + 1, has_calendar, cost)
        }
        Rule::All(rules) => {
            ensure(!rules.is_empty(), bad(place, "all: name at least one rule"))?;
            rules.iter().enumerate().try_for_each(|(i, inner)| {
                self::rule(inner, &format!("{place}.all[{i}]"), depth + 1, has_calendar, cost)
            })
        }
        Rule::Any(paths) => {
            ensure(
                !paths.is_empty(),
                bad(place, "any: without a path nothing could ever pass; name at least one"),
            )?;
            for (index, (path, inner)) in paths.iter().enumerate() {
                let is_new = paths[..index].iter().all(|(other, _)| other != path);
                ensure(
                    is_new && !path.is_empty() && path.len() <= MAX_NAME,
                    bad(place, "any: paths need different names of 1 to 32 bytes"),
                )?;
                self::rule(inner, &format!("{place}.any.{path}"), depth + 1, has_calendar, cost)?;
            }
            Ok(())
        }
        Rule::Not(inner) => {
            self::rule(inner, &format!("{place}.not"), depth + 1, has_calendar, cost)
        }
        Rule::When { guard, then } => {
            self::rule(guard, &format!("{place}.when"), depth + 1, has_calendar, cost)?;
            self::rule(then, &format!("{place}.then"), depth + 1, has_calendar, cost)
        }
    }
}

/// Refuses to roll a day, or to count to it, where no calendar knows on which days business is done.
pub(crate) fn rolls(place: &str, due: Span, roll: Roll, has_calendar: bool) -> Result<(), Refusal> {
    let why = "roll: the next business day is known by a calendar: name one in `calendar`";
    ensure(has_calendar || roll == Roll::None, bad(place, why))?;
    let why = "due: a day rolls, an hour does not; give days alone";
    ensure(roll == Roll::None || due.hours == 0, bad(place, why))?;
    known_days(place, &[due], has_calendar)
}

fn entries(place: &str, cost: &mut Cost, count: usize) -> Result<(), Refusal> {
    cost.entries += count;
    let why =
        "at most 1,024 countries, providers, topics and parts of limits may be named; name fewer";
    ensure(cost.entries <= MAX_ENTRIES, bad(place, why))
}

/// Refuses a name that cannot stand in a table.
pub(crate) fn name(place: &str, field: &str, name: &str) -> Result<(), Refusal> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let fits = !name.is_empty() && name.len() <= MAX_NAME && name.chars().all(is_plain);
    ensure(fits, bad(place, &format!("{field}: a name has 1 to 32 letters, digits, _ - or .")))
}

fn apart(
    place: &str,
    what: &str,
    least: u128,
    most: Option<u128>,
    min_age: Span,
    max_age: Option<Span>,
) -> Result<(), Refusal> {
    ensure(
        most.is_none_or(|most| least <= most),
        bad(
            place,
            &format!(
                "{what}: at_least is above at_most, so nobody could ever pass; lower the first or raise the second"
            ),
        ),
    )?;
    // Days are compared, months taken at their longest: what may pass on some date may stand.
    let plain = |span: Span| u64::from(span.business) + u64::from(span.days);
    let days =
        |span: Span| u64::from(span.months) * 31 + 31 * u64::from(span.business) + plain(span);
    let shortest = |span: Span| u64::from(span.months) * 28 + plain(span);
    ensure(
        max_age.is_none_or(|max| shortest(min_age) <= days(max)),
        bad(
            place,
            &format!(
                "{what}: min_age is above max_age, so nobody could ever pass; lower the first or raise the second"
            ),
        ),
    )
}

/// Refuses to count approaches by class, and resales by offer: they are of none.
fn scope(place: &str, scope: Scope) -> Result<(), Refusal> {
    let why = "scope: a person is approached with an asset, not with a class of it";
    let is_approach = place.starts_with("offer");
    ensure(!is_approach || scope != Scope::Class, bad(place, why))?;
    let why = "scope: a resale is no part of the issuer's offer; count over the asset";
    let is_resale = place.starts_with("resale");
    ensure(!is_resale || scope != Scope::Offer, bad(place, why))
}

fn period(place: &str, period: &Period) -> Result<(), Refusal> {
    match period {
        Period::Ever | Period::Month => Ok(()),
        Period::Rolling(span) | Period::Fixed(span) => {
            let why = "period: it is counted by days; give months or days, two years at most";
            let fits = span.hours == 0
                && span.business == 0
                && !span.is_zero()
                && span.months <= 24
                && span.days <= 731;
            ensure(fits, bad(place, why))
        }
        Period::Year { month, day } => {
            let is_day = types::Date::of(2001, *month as i8, *day as i8).is_some();
            ensure(
                is_day,
                bad(
                    place,
                    "period: a year begins on a day that every year has; give a month from 1 to 12 and a day that it always has",
                ),
            )
        }
        Period::Since(fact) => name(place, "since", fact),
    }
}

fn limit(limit: &Limit, place: &str, depth: usize, cost: &mut Cost) -> Result<(), Refusal> {
    entries(place, cost, 1)?;
    ensure(
        depth <= MAX_DEPTH,
        bad(
            place,
            "limits nest at most 8 deep; write what is inside one level up: `all` in `all` and `not` in `not` say nothing more",
        ),
    )?;
    match limit {
        Limit::Fact { fact, .. } => name(place, "fact", fact)?,
        Limit::Claim { side, topic } => {
            numbered(place, *topic)?;
            let why = "claim: a limit looks at the sender, the receiver or the venue";
            ensure(*side != crate::Side::Both, bad(place, why))?
        }
        Limit::OutstandingOfClass => ensure(
            !place.starts_with("offer"),
            bad(
                place,
                "outstanding_of_class: a person is approached with no class; give outstanding",
            ),
        )?,
        Limit::Part { part: Bps(0), .. } => Err(bad(
            place,
            "part: nothing of it is nothing; give a part from 1 to 10000, in hundredths of a percent",
        ))?,
        Limit::Sum(limits) | Limit::Least(limits) | Limit::Greatest(limits)
            if limits.is_empty() =>
        {
            Err(bad(place, "name at least one amount"))?
        }
        _ => {}
    }
    limit.inner().into_iter().try_for_each(|inner| self::limit(inner, place, depth + 1, cost))
}

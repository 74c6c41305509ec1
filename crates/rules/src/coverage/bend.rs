//! What of a profile can be bent, and how.

use crate::world::FIRST_DAY;
use compliance::{
    About, Between, By, Covers, Effect, Filter, Inherit, Kind, Limit, ListMode, ListOf,
    LookThrough, Measure, Period, Profile, Relation, Roll, Rule, Scope, Side, Step, Trigger,
};
use std::collections::BTreeSet;
use types::{Country, Currency, Date, Name, Span, Time, Units};

const DAY_MS: u64 = 86_400_000;

/// Walks a profile to the n-th thing that can be bent, and bends it.
pub(super) struct Bender {
    left: usize,
    found: Option<(String, String)>,
    /// True inside rules of which one says that the clock starts anew, whatever a lock says of it.
    restarts: bool,
    /// True where the place of the path that is relied on is kept: in the first choice of a set that judges movements.
    tells_path: bool,
}

impl Bender {
    pub(super) fn new(number: usize) -> Self {
        Self { left: number, found: None, restarts: false, tells_path: false }
    }

    /// Where it bent the profile, and how; nothing if there is no such place.
    pub(super) fn bend(mut self, profile: &mut Profile) -> Option<(String, String)> {
        let (from, until) = &mut profile.effective;
        // What came into force before a scenario begins is in force all the time.
        if *from > FIRST_DAY && self.is_next("effective", "from a day later") {
            *from = from.plus_days(1);
        }
        if let Some(until) = until
            && self.is_next("effective", "until a day later")
        {
            *until = until.plus_days(1);
        }
        if profile.calendar.is_some()
            && counts_days(profile)
            && self.is_next("calendar", "days of UTC")
        {
            profile.calendar = None;
            return self.found;
        }
        let Profile { covers, triggers, .. } = profile;
        if let Covers::In(countries) | Covers::Outside(countries) = covers {
            self.countries(countries, "covers");
        }
        for (index, trigger) in triggers.iter_mut().enumerate() {
            let Trigger { duty, when, warning, yearly, due, roll, .. } = trigger;
            let place = format!("triggers[{index}]");
            self.duty(duty, &place);
            self.rules(when, &format!("{place}.when"));
            self.rules(warning, &format!("{place}.warning"));
            if self.is_next(&place, "asked daily or yearly, the other way") {
                *yearly = !*yearly;
            }
            self.span(due, &place, "due");
            self.roll(roll, &place);
        }
        for (name, rules) in sets(profile) {
            self.tells_path = matches!(name, "issue" | "resale" | "release" | "withdraw");
            self.rules(rules, name);
        }
        self.meters(profile);
        self.found
    }

    /// True if this is the one to bend.
    fn is_next(&mut self, place: &str, how: impl Into<String>) -> bool {
        if self.found.is_some() {
            return false;
        }
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        self.found = Some((place.to_owned(), how.into()));
        true
    }

    fn rules(&mut self, rules: &mut [Rule], place: &str) {
        for (index, rule) in rules.iter_mut().enumerate() {
            self.rule(rule, &format!("{place}[{index}]"));
        }
    }

    fn rule(&mut self, rule: &mut Rule, place: &str) {
        match rule {
            Rule::All(rules) => {
                if rules.len() > 1 && self.is_next(place, "one of all is enough") {
                    let paths = rules.drain(..).enumerate();
                    *rule = Rule::Any(paths.map(|(at, rule)| (at.to_string(), rule)).collect());
                    return;
                }
                let before = self.restarts;
                self.restarts |= rules.contains(&Rule::Effect(Effect::Restart));
                self.rules(rules, &format!("{place}.all"));
                self.restarts = before;
                return;
            }
            Rule::Any(paths) => {
                let tells_path = std::mem::take(&mut self.tells_path);
                for at in 1..paths.len() {
                    let (one, other) = (&paths[at - 1], &paths[at]);
                    let matters = tells_path || traces(&one.1) != traces(&other.1);
                    let how = format!("{} after {}", one.0, other.0);
                    if matters && !exclude(&one.1, &other.1) && self.is_next(place, how) {
                        paths.swap(at - 1, at);
                        return;
                    }
                }
                if paths.len() > 1 && self.is_next(place, "every path must be open") {
                    *rule = Rule::All(paths.drain(..).map(|(_, rule)| rule).collect());
                    return;
                }
                for (name, rule) in paths {
                    self.rule(rule, &format!("{place}.any.{name}"));
                }
                return;
            }
            Rule::Not(inner) => {
                if self.is_next(place, "without its not") {
                    *rule = (**inner).clone();
                    return;
                }
                return self.rule(inner, &format!("{place}.not"));
            }
            Rule::Because { says, rule, .. } => {
                if says.is_some() && self.is_next(place, "says what the rule itself would") {
                    *says = None;
                }
                return self.rule(rule, place);
            }
            Rule::When { guard, then } => {
                self.rule(guard, &format!("{place}.when"));
                return self.rule(then, &format!("{place}.then"));
            }
            // The choice that is told of is the other profile's.
            Rule::By { .. } => self.tells_path = false,
            _ => {}
        }
        if self.is_next(place, "left out") {
            *rule = always(Relation::AtMost);
            return;
        }
        // What has no effect but itself cannot fail.
        if !matches!(rule, Rule::Effect(_)) && self.is_next(place, "never passing") {
            *rule = always(Relation::Above);
            return;
        }
        self.parts(rule, place);
    }

    /// What a rule is made of.
    fn parts(&mut self, rule: &mut Rule, place: &str) {
        match rule {
            Rule::Claim { side, topic, at_least, at_most, providers, min_age, max_age, .. } => {
                self.side(side, place);
                self.topic(topic, place, "topic");
                self.class(at_least, at_most, place);
                self.each_out(providers, place, "provider");
                self.ages(min_age, max_age, place);
            }
            Rule::Fact { about, fact, at_least, at_most, min_age, max_age } => {
                self.name(fact, place, "fact");
                // One is what a fact has that came true, and has no value.
                if *at_least != Units(1) || at_most.is_some() {
                    self.number(&mut at_least.0, place, "at_least");
                }
                if let Some(most) = at_most {
                    self.number(&mut most.0, place, "at_most");
                }
                self.about(about, place);
                self.ages(min_age, max_age, place);
            }
            Rule::Countries { side, mode, countries } => {
                self.side(side, place);
                self.mode(mode, place);
                self.countries(countries, place);
            }
            Rule::List { side, mode, list, subject, about, .. } => {
                self.side(side, place);
                self.mode(mode, place);
                self.topic(list, place, "list");
                let (other, how) = match subject {
                    ListOf::Person => (ListOf::Wallet, "of wallets"),
                    ListOf::Wallet => (ListOf::Person, "of persons"),
                };
                if self.is_next(place, how) {
                    *subject = other;
                }
                self.about(about, place);
            }
            Rule::Kind(kind) => {
                let all = [
                    Kind::Issue,
                    Kind::Transfer,
                    Kind::Redeem,
                    Kind::Forced,
                    Kind::Offer,
                    Kind::Pledge,
                    Kind::RecoursePledge,
                    Kind::CorporateAction,
                    Kind::Fee,
                ];
                for other in all.into_iter().filter(|other| other != kind) {
                    if self.is_next(place, format!("of kind {other:?}")) {
                        *kind = other;
                        return;
                    }
                }
            }
            Rule::Count { filter, scope, max, min, look_through } => {
                self.filter(filter, place);
                let (other, how) = match scope {
                    Scope::Class => (Scope::Asset, "of the whole asset"),
                    Scope::Issuer => (Scope::Asset, "of the asset alone"),
                    _ => (Scope::Class, "of each class"),
                };
                if self.is_next(place, how) {
                    *scope = other;
                }
                if let Some(max) = max {
                    self.number(max, place, "max");
                }
                if let Some(min) = min {
                    self.number(min, place, "min");
                }
                if let Some(LookThrough { topic, part }) = look_through {
                    self.topic(topic, place, "look_through.topic");
                    self.number(&mut part.0, place, "look_through.part");
                }
                if look_through.is_some() && self.is_next(place, "looking through nobody") {
                    *look_through = None;
                }
            }
            Rule::Holding { min, max, max_part, full_only } => {
                if let Some(min) = min {
                    self.number(&mut min.0, place, "min");
                }
                if let Some(max) = max {
                    self.number(&mut max.0, place, "max");
                }
                if let Some(part) = max_part {
                    self.number(&mut part.0, place, "max_part");
                }
                if self.is_next(place, "full_only the other way") {
                    *full_only = !*full_only;
                }
            }
            Rule::Lot { days, months, free_to, inherit } => {
                if *days > 0 && self.is_next(place, "a day shorter") {
                    *days -= 1;
                } else if *days == 0 && *months > 0 && self.is_next(place, "a month shorter") {
                    *months -= 1;
                    *days += 27;
                }
                if self.is_next(place, "a day longer") {
                    *days += 1;
                }
                self.each_out(free_to, place, "free_to");
                if let Inherit::RestartIfFrom(topic) = inherit {
                    self.topic(topic, place, "inherit.restart_if_from");
                }
                for other in [Inherit::Keep, Inherit::Restart] {
                    let differs = *inherit != other && !self.restarts;
                    if differs && self.is_next(place, format!("inherit {other:?}")) {
                        *inherit = other;
                    }
                }
            }
            Rule::Window { opens, closes } => {
                for (time, name) in [(opens, "opens"), (closes, "closes")] {
                    if let Some(Time(time)) = time {
                        if self.is_next(place, format!("{name} a day later")) {
                            *time += DAY_MS;
                        }
                        if self.is_next(place, format!("{name} a day earlier")) {
                            *time = time.saturating_sub(DAY_MS);
                        }
                    }
                }
            }
            Rule::Compare { left, is, right } => {
                let off = match is {
                    Relation::Below => Relation::AtMost,
                    Relation::AtMost => Relation::Below,
                    Relation::AtLeast | Relation::Equal => Relation::Above,
                    Relation::Above => Relation::AtLeast,
                };
                if self.is_next(place, format!("is {off:?}")) {
                    *is = off;
                }
                self.limit(left, place);
                self.limit(right, place);
            }
            Rule::Persons { max, .. } => self.limit(max, place),
            Rule::Amount { of, max, .. } => {
                match of {
                    Measure::Paid(currency) => self.currency(currency, place),
                    Measure::Units if self.is_next(place, "of movements") => {
                        *of = Measure::Movements;
                    }
                    Measure::Movements if self.is_next(place, "of units") => *of = Measure::Units,
                    Measure::Units | Measure::Movements => {}
                }
                max.iter_mut().for_each(|max| self.limit(max, place));
            }
            Rule::Pair { topic, between, lookback } => {
                self.topic(topic, place, "topic");
                for other in
                    [Between::Parties, Between::SenderAndIssuer, Between::ReceiverAndIssuer]
                {
                    if *between != other && self.is_next(place, format!("between {other:?}")) {
                        *between = other;
                    }
                }
                self.span(lookback, place, "lookback");
            }
            Rule::Approvals(steps) => {
                for index in 0..steps.len() {
                    if steps.len() > 1 && self.is_next(place, format!("without step {}", index + 1))
                    {
                        steps.remove(index);
                        return;
                    }
                    if index > 0 && self.is_next(place, format!("step {index} after the next")) {
                        steps.swap(index - 1, index);
                        return;
                    }
                }
                for step in steps {
                    match step {
                        Step::Of { list, count } => {
                            self.topic(list, place, "list");
                            self.number(count, place, "count");
                        }
                        Step::Sender | Step::Receiver => {
                            let other = match step {
                                Step::Sender => Step::Receiver,
                                _ => Step::Sender,
                            };
                            if self.is_next(place, "by the other side") {
                                *step = other;
                            }
                        }
                    }
                }
            }
            Rule::Effect(Effect::Duty { duty, due, roll }) => {
                self.duty(duty, place);
                self.span(due, place, "due");
                self.roll(roll, place);
            }
            _ => {}
        }
    }

    /// Each other side; of both, one alone.
    fn side(&mut self, side: &mut Side, place: &str) {
        let others: &[Side] = match side {
            Side::Sender => &[Side::Receiver],
            Side::Receiver => &[Side::Sender],
            Side::Both => &[Side::Sender, Side::Receiver],
            Side::Venue => &[Side::Sender, Side::Receiver],
        };
        for other in others {
            if self.is_next(place, format!("of the side {other:?}")) {
                *side = *other;
                return;
            }
        }
    }

    fn mode(&mut self, mode: &mut ListMode, place: &str) {
        let other = match mode {
            ListMode::Allow => ListMode::Deny,
            ListMode::Deny => ListMode::Allow,
        };
        if self.is_next(place, format!("mode {other:?}")) {
            *mode = other;
        }
    }

    /// The number of a topic or list, which is no amount: the next stands for any other.
    fn topic(&mut self, topic: &mut u32, place: &str, what: &str) {
        if self.is_next(place, format!("{what} {} for {topic}", *topic + 1)) {
            *topic += 1;
        }
    }

    /// A name that facts have: another one.
    fn name(&mut self, name: &mut Name, place: &str, what: &str) {
        if self.is_next(place, format!("another {what} than {name}")) {
            *name = Name::from("another");
        }
    }

    fn duty(&mut self, duty: &mut String, place: &str) {
        if self.is_next(place, format!("another duty than {duty}")) {
            *duty = "ANOTHER".into();
        }
    }

    fn roll(&mut self, roll: &mut Roll, place: &str) {
        let other = match roll {
            Roll::None => Roll::NextBusinessDay,
            Roll::NextBusinessDay => Roll::None,
        };
        if self.is_next(place, format!("roll {other:?}")) {
            *roll = other;
        }
    }

    /// The values of a claim. Bounds that are one name a class by its number, and are bent together: widened,
    /// they might let in a neighbour whom a path of its own lets in anyway.
    fn class(&mut self, least: &mut u64, most: &mut Option<u64>, place: &str) {
        match most {
            Some(most) if *most == *least => {
                self.number(most, place, "the class");
                *least = *most;
            }
            Some(most) => self.number(most, place, "at_most"),
            None => {}
        }
        // Nought is any value: no number of the law.
        if *least > 0 && Some(*least) != *most {
            self.number(least, place, "at_least");
        }
    }

    fn number<N>(&mut self, number: &mut N, place: &str, what: &str)
    where
        N: Copy + TryInto<i128> + TryFrom<i128>,
    {
        let Ok(is) = TryInto::<i128>::try_into(*number) else { return };
        for (off, how) in [(is + 1, "one more"), (is - 1, "one less")] {
            if let Ok(off) = N::try_from(off)
                && self.is_next(place, format!("{what} {how}"))
            {
                *number = off;
            }
        }
    }

    fn span(&mut self, span: &mut Span, place: &str, what: &str) {
        if span.is_zero() {
            return;
        }
        if self.is_next(place, format!("{what} a day longer")) {
            match span.hours {
                0 => span.days += 1,
                _ => span.hours += 24,
            }
        }
        if self.is_next(place, format!("{what} a day shorter")) {
            *span = a_day_shorter(*span);
        }
    }

    fn ages(&mut self, min_age: &mut Span, max_age: &mut Option<Span>, place: &str) {
        self.span(min_age, place, "min_age");
        if let Some(age) = max_age {
            self.span(age, place, "max_age");
        }
    }

    /// Each country out, and a stranger in.
    fn countries(&mut self, countries: &mut Vec<Country>, place: &str) {
        for index in 0..countries.len() {
            let country = countries[index];
            if self.is_next(place, format!("without {country}")) {
                countries.remove(index);
                return;
            }
        }
        let stranger = stranger(countries);
        if self.is_next(place, format!("with {stranger}")) {
            countries.push(stranger);
        }
    }

    fn each_out<T: Copy + std::fmt::Display>(&mut self, all: &mut Vec<T>, place: &str, what: &str) {
        for index in 0..all.len() {
            if self.is_next(place, format!("{what} without {}", all[index])) {
                all.remove(index);
                return;
            }
        }
    }

    fn about(&mut self, about: &mut About, place: &str) {
        let other = match about {
            About::Asset => About::Network,
            About::Network => About::Asset,
        };
        if self.is_next(place, format!("about {other:?}")) {
            *about = other;
        }
    }

    fn filter(&mut self, filter: &mut Filter, place: &str) {
        if *filter != Filter::All && self.is_next(place, "counting all") {
            *filter = Filter::All;
        }
        if let Filter::With(topic)
        | Filter::Without(topic)
        | Filter::CountryWith(_, topic)
        | Filter::CountryWithout(_, topic) = filter
        {
            self.topic(topic, place, "counting by topic");
        }
        if let Filter::Country(country)
        | Filter::CountryWith(country, _)
        | Filter::CountryWithout(country, _) = filter
        {
            let other = stranger(&[*country]);
            if self.is_next(place, format!("counting residents of {other}")) {
                *country = other;
            }
        }
        let parts = match *filter {
            Filter::CountryWith(country, topic) => (Filter::Country(country), Filter::With(topic)),
            Filter::CountryWithout(country, topic) => {
                (Filter::Country(country), Filter::Without(topic))
            }
            _ => return,
        };
        for (part, how) in [(parts.0, "whatever they have"), (parts.1, "wherever they reside")] {
            if self.is_next(place, format!("counting {how}")) {
                *filter = part;
            }
        }
    }

    fn limit(&mut self, limit: &mut Limit, place: &str) {
        match limit {
            Limit::Number(Units(number)) => self.number(number, place, "a number"),
            Limit::Fact { about, fact } => {
                self.name(fact, place, "fact");
                self.about(about, place);
            }
            Limit::Claim { side, topic } => {
                self.side(side, place);
                self.topic(topic, place, "topic");
            }
            Limit::Outstanding
                if self.is_next(place, "the units that move for those outstanding") =>
            {
                *limit = Limit::Units;
            }
            Limit::Outstanding if self.is_next(place, "what is outstanding of the class") => {
                *limit = Limit::OutstandingOfClass;
            }
            Limit::OutstandingOfClass
                if self.is_next(place, "what is outstanding of the whole asset") =>
            {
                *limit = Limit::Outstanding;
            }
            Limit::OutstandingOfClass
                if self.is_next(place, "the units that move for those of their class") =>
            {
                *limit = Limit::Units;
            }
            Limit::Units if self.is_next(place, "units outstanding for those that move") => {
                *limit = Limit::Outstanding;
            }
            Limit::Holders(filter) => {
                self.filter(filter, place);
                if self.is_next(place, "holders of the class") {
                    *limit = Limit::HoldersOfClass(*filter);
                }
            }
            Limit::HoldersOfClass(filter) => {
                self.filter(filter, place);
                if self.is_next(place, "holders of the whole asset") {
                    *limit = Limit::Holders(*filter);
                }
            }
            Limit::Held(filter) => {
                self.filter(filter, place);
                if self.is_next(place, "how many they are for what they have together") {
                    *limit = Limit::Holders(*filter);
                }
            }
            Limit::Part { part, of } => {
                self.number(&mut part.0, place, "a part");
                self.limit(of, place);
            }
            Limit::PaidIn(currency) => self.currency(currency, place),
            Limit::Sum(limits) | Limit::Least(limits) | Limit::Greatest(limits) => {
                for index in 0..limits.len() {
                    if limits.len() > 1
                        && self.is_next(place, format!("without amount {}", index + 1))
                    {
                        limits.remove(index);
                        return;
                    }
                }
                limits.iter_mut().for_each(|limit| self.limit(limit, place));
                let others: [(Joined, &str); 3] = [
                    (Limit::Sum, "the sum of them"),
                    (Limit::Least, "the least of them"),
                    (Limit::Greatest, "the greatest of them"),
                ];
                for (other, how) in others {
                    let (Limit::Sum(limits) | Limit::Least(limits) | Limit::Greatest(limits)) =
                        limit
                    else {
                        return;
                    };
                    let bent = other(limits.clone());
                    if limits.len() > 1 && bent != *limit && self.is_next(place, how) {
                        *limit = bent;
                        return;
                    }
                }
            }
            Limit::If { less, than, then, otherwise } => {
                if self.is_next(place, "the one amount where the other is meant") {
                    std::mem::swap(then, otherwise);
                    return;
                }
                for limit in [less, than, then, otherwise] {
                    self.limit(limit, place);
                }
            }
            Limit::Outstanding | Limit::OutstandingOfClass | Limit::Units | Limit::Paid => {}
        }
    }

    fn currency(&mut self, currency: &mut Currency, place: &str) {
        let known = ["USD", "EUR"].map(|code| code.parse::<Currency>().expect("a currency"));
        let other = known.into_iter().find(|known| known != currency).expect("there are two");
        if self.is_next(place, format!("paid in {other}")) {
            *currency = other;
        }
    }

    /// What is counted under one name is one count: all rules that read it are bent together.
    fn meters(&mut self, profile: &mut Profile) {
        let (mut periods, mut counts) = (Vec::new(), BTreeSet::new());
        for (_, rules) in profile.rule_sets() {
            compliance::each_rule(rules, &mut |rule| {
                if let Rule::Persons { meter, period, .. } | Rule::Amount { meter, period, .. } =
                    rule
                    && !periods.contains(&(meter.clone(), period.clone()))
                {
                    periods.push((meter.clone(), period.clone()));
                }
                if let Some((meter, scope, by)) = counted(rule) {
                    counts.insert((meter, scope, by));
                }
            });
        }
        for (meter, period) in periods {
            for (other, how) in other_periods(&period) {
                if self.is_next(&format!("meter {meter}"), how) {
                    each_meter(profile, &meter, &mut |rule| {
                        if let Rule::Persons { period, .. } | Rule::Amount { period, .. } = rule {
                            *period = other.clone();
                        }
                    });
                }
            }
        }
        for name in counts.iter().map(|(name, ..)| name).collect::<BTreeSet<_>>() {
            let mut readers = 0;
            each_meter(profile, name, &mut |_| readers += 1);
            for reader in (1..=readers).filter(|_| readers > 1) {
                if self.is_next(&format!("meter {name}"), format!("reader {reader} on its own")) {
                    let mut at = 0;
                    each_meter(profile, name, &mut |rule| {
                        at += 1;
                        if let Rule::Persons { meter, .. }
                        | Rule::Counted { meter, .. }
                        | Rule::Amount { meter, .. } = rule
                            && at == reader
                        {
                            *meter = "another".into();
                        }
                    });
                }
            }
        }
        for count in counts {
            let (meter, scope, by) = &count;
            let place = format!("meter {meter}");
            use Scope::{Asset, Class, Issuer, Network, Offer};
            let others = [Asset, Issuer, Network, Class, Offer].into_iter();
            for other in others.filter(|other| other != scope) {
                if self.is_next(&place, format!("of {scope:?}, counted over {other:?}")) {
                    recount(profile, &count, other, *by);
                }
            }
            let other = match by {
                By::Everyone => By::Receiver,
                By::Sender | By::Receiver | By::Country => By::Everyone,
                By::Group(_) => By::Sender,
            };
            if self.is_next(&place, format!("by {by:?}, counted by {other:?}")) {
                recount(profile, &count, *scope, other);
            }
        }
    }
}

/// True if it matters when a day begins: something is counted by days, or asked at the end of a year of them.
fn counts_days(profile: &Profile) -> bool {
    let is_of_days = |span: &Span| span.months > 0 || span.days > 0;
    let mut found = profile.triggers.iter().any(|trigger| trigger.yearly);
    for (_, rules) in profile.rule_sets().into_iter().chain(profile.money_sets()) {
        compliance::each_rule(rules, &mut |rule| {
            found |= match rule {
                Rule::Claim { min_age, max_age, .. } | Rule::Fact { min_age, max_age, .. } => {
                    is_of_days(min_age) || max_age.as_ref().is_some_and(is_of_days)
                }
                Rule::Persons { period, .. } | Rule::Amount { period, .. } => {
                    !matches!(period, Period::Ever | Period::Since(_))
                }
                Rule::Lot { .. } => true,
                _ => false,
            };
        });
    }
    found
}

/// What joins several amounts into one.
type Joined = fn(Vec<Limit>) -> Limit;

/// A country that is not among these.
fn stranger(countries: &[Country]) -> Country {
    let known = ["CH", "US", "DE", "FR"].map(|code| code.parse().expect("a country"));
    known.into_iter().find(|known| !countries.contains(known)).unwrap_or(known[3])
}

/// What follows if a rule passes: what is added up under which name, or an effect.
type Trace = (Option<(Name, Scope, By)>, Option<Effect>);

/// What follows if a path is relied on: what it adds up, and its effects.
fn traces(rule: &Rule) -> Vec<Trace> {
    let mut found = Vec::new();
    compliance::each_rule(std::slice::from_ref(rule), &mut |rule| match rule {
        Rule::Persons { .. } | Rule::Amount { .. } => found.push((counted(rule), None)),
        Rule::Effect(effect) => found.push((None, Some(effect.clone()))),
        _ => {}
    });
    found
}

/// What all must pass for a rule to.
fn parts_of<'r>(rule: &'r Rule, found: &mut Vec<&'r Rule>) {
    match rule {
        Rule::All(rules) => rules.iter().for_each(|rule| parts_of(rule, found)),
        Rule::Because { rule, .. } => parts_of(rule, found),
        plain => found.push(plain),
    }
}

/// True if two rules can never both pass: which of them is asked first makes no difference.
fn exclude(one: &Rule, other: &Rule) -> bool {
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    parts_of(one, &mut ones);
    parts_of(other, &mut others);
    let apart = |one: &Rule, other: &Rule| match (one, other) {
        (Rule::Kind(one), Rule::Kind(other)) => !one.is(*other) && !other.is(*one),
        (Rule::Not(not), other) => **not == *other,
        (
            Rule::Fact { fact: one, at_most: Some(most), .. },
            Rule::Fact { fact: other, at_least, .. },
        ) => one == other && most < at_least,
        // Of one provider, who says one thing of a person.
        (
            Rule::Claim { side: one, topic: of, at_most: Some(most), .. },
            Rule::Claim { side: other, topic, at_least, .. },
        ) => one == other && of == topic && most < at_least,
        (
            Rule::Amount { of: Measure::Paid(of), max: Some(Limit::Number(most)), .. },
            Rule::Compare {
                left: Limit::PaidIn(currency),
                is: Relation::AtLeast,
                right: Limit::Number(least),
            },
        ) => of == currency && most < least,
        (Rule::Window { closes: Some(closes), .. }, Rule::Window { opens: Some(opens), .. }) => {
            closes <= opens
        }
        _ => false,
    };
    ones.iter().any(|one| others.iter().any(|other| apart(one, other) || apart(other, one)))
}

/// The rules of a profile by what they judge.
fn sets(profile: &mut Profile) -> [(&'static str, &mut Vec<Rule>); 7] {
    let Profile { offer, issue, resale, control, always, release, withdraw, .. } = profile;
    [
        ("offer", offer),
        ("issue", issue),
        ("resale", resale),
        ("control", control),
        ("always", always),
        ("release", release),
        ("withdraw", withdraw),
    ]
}

/// The name, reach and partition of what a rule counts, if it does.
fn counted(rule: &Rule) -> Option<(Name, Scope, By)> {
    match rule {
        Rule::Persons { meter, scope, by, .. }
        | Rule::Counted { meter, scope, by }
        | Rule::Amount { meter, scope, by, .. } => Some((meter.clone(), *scope, *by)),
        _ => None,
    }
}

/// Shows every rule that counts under a name.
fn each_meter(profile: &mut Profile, name: &Name, see: &mut impl FnMut(&mut Rule)) {
    fn walk(rule: &mut Rule, name: &Name, see: &mut impl FnMut(&mut Rule)) {
        match rule {
            Rule::All(rules) => rules.iter_mut().for_each(|rule| walk(rule, name, see)),
            Rule::Any(paths) => paths.iter_mut().for_each(|(_, rule)| walk(rule, name, see)),
            Rule::Not(rule) | Rule::Because { rule, .. } => walk(rule, name, see),
            Rule::When { guard, then } => {
                walk(guard, name, see);
                walk(then, name, see);
            }
            rule if counted(rule).is_some_and(|(meter, ..)| meter == *name) => see(rule),
            _ => {}
        }
    }
    for (_, rules) in sets(profile) {
        rules.iter_mut().for_each(|rule| walk(rule, name, see));
    }
}

/// Counts what is counted so over others, or by others.
fn recount(profile: &mut Profile, count: &(Name, Scope, By), over: Scope, apart: By) {
    each_meter(profile, &count.0, &mut |rule| {
        let is_of_it = counted(rule).as_ref() == Some(count);
        if let Rule::Persons { scope, by, .. }
        | Rule::Counted { scope, by, .. }
        | Rule::Amount { scope, by, .. } = rule
            && is_of_it
        {
            (*scope, *by) = (over, apart);
        }
    });
}

fn other_periods(period: &Period) -> Vec<(Period, &'static str)> {
    let year = Span { months: 12, ..Span::ZERO };
    match period {
        Period::Ever => vec![(Period::Rolling(year), "for a year only")],
        Period::Rolling(span) => vec![
            (Period::Rolling(a_day_longer(*span)), "a day longer"),
            (Period::Rolling(a_day_shorter(*span)), "a day shorter"),
            (Period::Fixed(*span), "in spans one after the other"),
        ],
        Period::Fixed(span) => vec![
            (Period::Fixed(a_day_longer(*span)), "a day longer"),
            (Period::Fixed(a_day_shorter(*span)), "a day shorter"),
            (Period::Rolling(*span), "rolling"),
        ],
        Period::Year { month, day } => {
            let off = |day| Period::Year { month: *month, day };
            vec![
                (off(day + 1), "a day later"),
                (a_day_before(*month, *day), "a day earlier"),
                (Period::Rolling(year), "rolling"),
            ]
        }
        Period::Month => {
            let month = Span { months: 1, ..Span::ZERO };
            vec![
                (Period::Rolling(month), "rolling"),
                (Period::Fixed(month), "in spans one after the other"),
                (Period::Year { month: 1, day: 1 }, "for a year"),
            ]
        }
        Period::Since(_) => vec![
            (Period::Ever, "from the beginning"),
            (Period::Since("another".into()), "since something else"),
        ],
    }
}

/// The year that begins a day before another.
fn a_day_before(month: u8, day: u8) -> Period {
    let begins = Date::of(2001, month as i8, day as i8).expect("a year begins on a day");
    let before = Date(begins.0 - 1).to_string();
    let part = |at: std::ops::Range<usize>| before[at].parse().expect("a date has digits");
    Period::Year { month: part(5..7), day: part(8..10) }
}

fn a_day_longer(span: Span) -> Span {
    Span { days: span.days + 1, ..span }
}

/// A day less; of months, what is left of the shortest of them.
fn a_day_shorter(span: Span) -> Span {
    match span {
        Span { hours: 1.., .. } => Span { hours: span.hours.saturating_sub(24), ..span },
        Span { days: 1.., .. } => Span { days: span.days - 1, ..span },
        Span { business: 1.., .. } => Span { business: span.business - 1, ..span },
        _ => Span { months: span.months - 1, days: 27, ..span },
    }
}

/// A rule that always passes, or never: by a sum, since of plain numbers none is registered that never does.
fn always(is: Relation) -> Rule {
    let nothing = Limit::Number(Units::ZERO);
    Rule::Compare { left: Limit::Sum(vec![nothing.clone()]), is, right: nothing }
}

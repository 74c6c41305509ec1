//! Which lines of a profile its cases hold fast: found by bending each line and seeing whether a case
//! notices.

use crate::{File, Library, run};
use compliance::{Limit, Profile, Relation, Rule, Trigger};
use types::{Span, Units};

/// A line of a profile that was bent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it stands.
    pub place: String,
    /// How it was bent.
    pub bent: &'static str,
    /// True if a case noticed.
    pub is_held: bool,
}

/// Bends every line of a file's profile, one at a time, and tells which of them a case notices: a rule left
/// out, a rule that never passes, a number one off, a span a day off.
pub fn lines(library: &Library, file: &File) -> Vec<Line> {
    let mut lines = Vec::new();
    for number in 0.. {
        let mut bender = Bender { left: number, found: None };
        let mut bent = file.clone();
        bender.profile(&mut bent.profile);
        let Some((place, how)) = bender.found else { break };
        // What the chain would not register no case can notice.
        if bent.profile.check().is_err() {
            continue;
        }
        let mut with_bent = library.clone();
        with_bent.add(bent.clone());
        let notices =
            |(title, text): (&String, &String)| run(&with_bent, Some(&bent), title, text).is_err();
        lines.push(Line { place, bent: how, is_held: file.cases.iter().any(notices) });
    }
    lines
}

/// Walks a profile to the n-th thing that can be bent, and bends it.
struct Bender {
    left: usize,
    found: Option<(String, &'static str)>,
}

impl Bender {
    fn profile(&mut self, profile: &mut Profile) {
        let Profile { offer, issue, resale, always, triggers, .. } = profile;
        for (name, rules) in
            [("offer", offer), ("issue", issue), ("resale", resale), ("always", always)]
        {
            self.rules(rules, name);
        }
        for (index, trigger) in triggers.iter_mut().enumerate() {
            let Trigger { when, warning, due, .. } = trigger;
            self.rules(when, &format!("triggers[{index}].when"));
            self.rules(warning, &format!("triggers[{index}].warning"));
            self.span(due, &format!("triggers[{index}].due"));
        }
    }

    /// True if this is the one to bend.
    fn is_next(&mut self, place: &str, how: &'static str) -> bool {
        if self.found.is_some() {
            return false;
        }
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        self.found = Some((place.to_owned(), how));
        true
    }

    fn rules(&mut self, rules: &mut [Rule], place: &str) {
        for (index, rule) in rules.iter_mut().enumerate() {
            self.rule(rule, &format!("{place}[{index}]"));
        }
    }

    fn rule(&mut self, rule: &mut Rule, place: &str) {
        match rule {
            Rule::All(rules) => return self.rules(rules, &format!("{place}.all")),
            Rule::Any(paths) => {
                for (name, rule) in paths {
                    self.rule(rule, &format!("{place}.any.{name}"));
                }
                return;
            }
            Rule::Not(rule) => return self.rule(rule, &format!("{place}.not")),
            Rule::Because { rule, .. } => return self.rule(rule, place),
            Rule::When { guard, then } => {
                self.rule(guard, &format!("{place}.when"));
                return self.rule(then, &format!("{place}.then"));
            }
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
        self.numbers(rule, place);
    }

    fn numbers(&mut self, rule: &mut Rule, place: &str) {
        match rule {
            Rule::Claim { at_least, at_most, min_age, max_age, .. } => {
                if *at_least > 0 && self.is_next(place, "at_least one more") {
                    *at_least = at_least.saturating_add(1);
                }
                if let Some(most) = at_most
                    && self.is_next(place, "at_most one less")
                {
                    *most = most.saturating_sub(1);
                }
                self.span(min_age, place);
                if let Some(age) = max_age {
                    self.span(age, place);
                }
            }
            Rule::Fact { at_least, at_most, min_age, max_age, .. } => {
                if at_least.0 > 1 && self.is_next(place, "at_least one more") {
                    at_least.0 = at_least.0.saturating_add(1);
                }
                if let Some(most) = at_most
                    && self.is_next(place, "at_most one less")
                {
                    most.0 = most.0.saturating_sub(1);
                }
                self.span(min_age, place);
                if let Some(age) = max_age {
                    self.span(age, place);
                }
            }
            Rule::Lot { days, months, .. } => {
                if *days > 0 && self.is_next(place, "a day longer") {
                    *days += 1;
                }
                if *months > 0 && self.is_next(place, "a month shorter") {
                    *months -= 1;
                    *days += 27;
                }
            }
            Rule::Count { max, min, .. } => {
                if let Some(max) = max
                    && self.is_next(place, "max one more")
                {
                    *max = max.saturating_add(1);
                }
                if let Some(min) = min
                    && self.is_next(place, "min one less")
                {
                    *min = min.saturating_sub(1);
                }
            }
            Rule::Compare { left, right, .. } => {
                self.limit(left, place);
                self.limit(right, place);
            }
            Rule::Persons { max, .. } | Rule::Amount { max, .. } => self.limit(max, place),
            _ => {}
        }
    }

    fn span(&mut self, span: &mut Span, place: &str) {
        if !span.is_zero() && self.is_next(place, "a day longer") {
            match span.hours {
                0 => span.days += 1,
                _ => span.hours += 24,
            }
        }
    }

    fn limit(&mut self, limit: &mut Limit, place: &str) {
        match limit {
            Limit::Number(Units(number)) if self.is_next(place, "a number one more") => {
                *number = number.saturating_add(1);
            }
            Limit::Part { of, .. } => self.limit(of, place),
            Limit::Sum(limits) | Limit::Least(limits) | Limit::Greatest(limits) => {
                limits.iter_mut().for_each(|limit| self.limit(limit, place));
            }
            Limit::If { less, than, then, otherwise } => {
                for limit in [less, than, then, otherwise] {
                    self.limit(limit, place);
                }
            }
            _ => {}
        }
    }
}

/// A rule that always passes, or never.
fn always(is: Relation) -> Rule {
    let nothing = || Limit::Number(Units::ZERO);
    Rule::Compare { left: nothing(), is, right: nothing() }
}

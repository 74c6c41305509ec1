//! Where in a file's text something stands: the line and the column of what a refusal names.

use serde_saphyr::granit_parser::{Event, Parser};
use std::fmt::{self, Write};

/// A line and a column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What stands in a file, with where it does.
struct Node {
    at: Position,
    value: Value,
}

enum Value {
    Scalar(String),
    List(Vec<Node>),
    Fields(Vec<(Node, Node)>),
}

impl Node {
    /// The first document of a text; none if it is no YAML.
    fn read(text: &str) -> Option<Node> {
        let mut events = Parser::new_from_str(text).filter_map(|event| {
            let (event, span) = event.ok()?;
            let at = Position { line: span.start.line(), column: span.start.col() + 1 };
            event.is_node_or_end().then_some((event, at))
        });
        let (event, at) = events.next()?;
        Node::of(event, at, &mut events)
    }

    fn of<'e>(
        event: Event<'e>,
        at: Position,
        events: &mut impl Iterator<Item = (Event<'e>, Position)>,
    ) -> Option<Node> {
        let value = match event {
            Event::Scalar(text, ..) => Value::Scalar(text.into_owned()),
            // What an alias stands for stands elsewhere.
            Event::Alias(..) => Value::Scalar(String::new()),
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match events.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, at) => items.push(Node::of(event, at, events)?),
                    }
                }
                Value::List(items)
            }
            Event::MappingStart(..) => {
                let mut fields = Vec::new();
                loop {
                    let key = match events.next()? {
                        (Event::MappingEnd, _) => break,
                        (event, at) => Node::of(event, at, events)?,
                    };
                    let (event, at) = events.next()?;
                    fields.push((key, Node::of(event, at, events)?));
                }
                Value::Fields(fields)
            }
            _ => return None,
        };
        Some(Node { at, value })
    }

    fn text(&self) -> &str {
        match &self.value {
            Value::Scalar(text) => text,
            _ => "",
        }
    }

    fn field(&self, name: &str) -> Option<&Node> {
        let Value::Fields(fields) = &self.value else { return None };
        fields.iter().find(|(key, _)| key.text() == name).map(|(_, value)| value)
    }

    fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// What stands at a place like `issue[0].any.AI.all[1]`, or the nearest around it.
    fn at(&self, place: &str) -> &Node {
        let place = place.strip_prefix('.').unwrap_or(place);
        if place.is_empty() {
            return self;
        }
        if let Some((number, rest)) = place.strip_prefix('[').and_then(|it| it.split_once(']')) {
            let item = number.parse().ok().and_then(|number: usize| self.items().get(number));
            return item.map_or(self, |item| item.at(rest));
        }
        if let (Some(paths), Some(rest)) = (self.field("any"), place.strip_prefix("any.")) {
            // The name of a path may have dots in it: the longest that fits is meant.
            let named = |pair: &&Node| {
                pair.items().first().is_some_and(|name| after(rest, name.text()).is_some())
            };
            let longest = |pair: &&Node| pair.items()[0].text().len();
            let pair = paths.items().iter().filter(named).max_by_key(longest);
            let inner = pair.and_then(|pair| {
                Some(pair.items().get(1)?.at(after(rest, pair.items()[0].text())?))
            });
            return inner.unwrap_or(self);
        }
        let Value::Fields(fields) = &self.value else { return self };
        for (key, value) in fields {
            if let Some(rest) = after(place, key.text()) {
                // A rule's `when` stands for its guard.
                return value.field("guard").unwrap_or(value).at(rest);
            }
        }
        match &fields[..] {
            [(_, only)] if matches!(only.value, Value::Fields(_)) => {
                // `because` gives a rule another name and no place of its own; of other rules fields are meant.
                let stands_for = only.field("rule").filter(|_| !place.starts_with("rule"));
                match only.at(place) {
                    found if std::ptr::eq(found, only) => {
                        stands_for.map_or(self, |rule| rule.at(place))
                    }
                    found => found,
                }
            }
            _ => self,
        }
    }

    /// Every place where something is counted under a name, in the order in which they stand.
    fn counted<'n>(&'n self, meter: &str, found: &mut Vec<(&'n Node, String)>) {
        match &self.value {
            Value::Scalar(_) => {}
            Value::List(items) => items.iter().for_each(|item| item.counted(meter, found)),
            Value::Fields(fields) => {
                for (key, value) in fields {
                    let is_meant = value.field("meter").is_some_and(|name| name.text() == meter);
                    if is_meant && ["persons", "amount"].contains(&key.text()) {
                        let told = |field| value.field(field).map(Node::told).unwrap_or_default();
                        let (by, period) = (told("by"), told("period"));
                        found.push((key, format!("{} {by} {period}", key.text())));
                    }
                    value.counted(meter, found);
                }
            }
        }
    }

    /// What stands here in one word, to be compared.
    fn told(&self) -> String {
        match &self.value {
            Value::Scalar(text) => text.clone(),
            Value::List(items) => items.iter().map(|item| item.told() + ",").collect(),
            Value::Fields(fields) => {
                fields.iter().map(|(key, value)| key.told() + ":" + &value.told() + ",").collect()
            }
        }
    }
}

/// What follows a name at the start of a place.
fn after<'p>(place: &'p str, name: &str) -> Option<&'p str> {
    let rest = place.strip_prefix(name).filter(|_| !name.is_empty())?;
    (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
}

/// What of a parser's events makes up values.
trait IsNode {
    fn is_node_or_end(&self) -> bool;
}

impl IsNode for Event<'_> {
    fn is_node_or_end(&self) -> bool {
        use Event::{Alias, MappingEnd, MappingStart, Scalar, SequenceEnd, SequenceStart};
        matches!(
            self,
            Scalar(..)
                | Alias(..)
                | SequenceStart(..)
                | SequenceEnd
                | MappingStart(..)
                | MappingEnd
        )
    }
}

/// Where a place of a profile, policy or calendar stands: of `issue[0].any.AI` the rule of that path. What is not found there
/// stands where the nearest around it does.
pub(crate) fn of_place(text: &str, place: &str) -> Option<Position> {
    let file = Node::read(text)?;
    let is_policy = file.field("rules").is_some();
    let subject = match is_policy {
        true => &file,
        false => file.field("profile").or(file.field("calendar"))?,
    };
    Some(subject.at(place).at)
}

/// True if a text begins as JSON does: with a name in quotes.
pub(crate) fn is_json(text: &str) -> bool {
    let inside = text.trim_start().strip_prefix('{').map(str::trim_start);
    inside.is_some_and(|inside| inside.starts_with('"'))
}

/// The fields at the top of a file; none if it is no YAML.
pub(crate) fn top(text: &str) -> Vec<String> {
    match Node::read(text).map(|file| file.value) {
        Some(Value::Fields(fields)) => {
            fields.iter().map(|(key, _)| key.text().to_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// Where something is counted under a name for the first time otherwise than before.
pub(crate) fn of_second_meter(text: &str, meter: &str) -> Option<Position> {
    let file = Node::read(text)?;
    let mut found = Vec::new();
    file.counted(meter, &mut found);
    let (_, first) = found.first()?;
    let other = found.iter().find(|(_, counts)| counts != first)?;
    Some(other.0.at)
}

/// The line of the file on which a line of a case stands, both from 1.
pub(crate) fn of_case(text: &str, case: &str, line: usize) -> Option<usize> {
    let file = Node::read(text)?;
    // A text after `|` stands where its first line does.
    Some(file.field("cases")?.field(case)?.at.line + line - 1)
}

/// The line of a text at a position, and a mark under the column. Of a long line the part around the mark.
pub(crate) fn shown(text: &str, at: Position) -> String {
    const BEFORE: usize = 60;
    const LONGEST: usize = 100;
    let Some(line) = text.lines().nth(at.line.saturating_sub(1)) else { return String::new() };
    let first = (at.column - 1).saturating_sub(BEFORE);
    let part: String = line.chars().skip(first).take(LONGEST).collect();
    let mut shown = String::new();
    let indent = " ".repeat(at.column - 1 - first);
    write!(shown, "\n    {part}\n    {indent}^").expect("a string takes all");
    shown
}

//! What is wrong with a file in plain words, with what to do about it.

use crate::place::{self, Position};
use compliance::{Refusal, topic_called};
use serde::de::IgnoredAny;
use serde_saphyr::Error;
use strsim::levenshtein;

/// What the reader of a file found, at its line and column.
pub(crate) fn of_reader(text: &str, error: &Error) -> String {
    let error = error.without_snippet();
    let at = error
        .location()
        .map(|it| Position { line: it.line() as usize, column: it.column() as usize })
        .filter(|at| at.line > 0 && at.column > 0);
    placed(text, at, &in_words(text, at, error))
}

/// Where a text stops to be JSON, and why.
pub(crate) fn of_json(text: &str) -> Option<String> {
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    let at = Position { line: error.line(), column: error.column() };
    let whole = error.to_string();
    let why = whole.split(" at line ").next().unwrap_or_default();
    let remedy =
        "commas stand between values, quotes around names and text, and what is opened is closed";
    let why = format!("this is no JSON: {why}; {remedy}");
    Some(placed(text, Some(at).filter(|at| at.column > 0), &why))
}

/// What the chain would not register, at the line and column of the place that it names.
pub(crate) fn of_refusal(text: &str, refusal: &Refusal) -> String {
    let whole = match refusal {
        Refusal::BadPolicy(why) | Refusal::BadProfile(why) => why.clone(),
        other => other.to_string(),
    };
    let (place, why) = whole.split_once(": ").unwrap_or(("", &whole));
    let meter = why.strip_prefix("meter ").and_then(|rest| rest.split_once(':'));
    let second = meter.and_then(|(meter, _)| place::of_second_meter(text, meter));
    let at = second.or_else(|| place::of_place(text, place));
    placed(text, at, &whole)
}

/// Something that is wrong, with where, and the line itself.
pub(crate) fn placed(text: &str, at: Option<Position>, why: &str) -> String {
    match at {
        Some(at) => format!("{at}: {why}{}", place::shown(text, at)),
        None => why.to_owned(),
    }
}

fn in_words(text: &str, at: Option<Position>, error: &Error) -> String {
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            format!("there is no field `{field}` here{}", instead(field, expected))
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            let amount = match expected.contains(&"number") {
                true => "; an amount is written with its kind, like { number: 50 }",
                false => "",
            };
            format!("`{variant}` means nothing here{}{amount}", instead(variant, expected))
        }
        Error::SerdeMissingField { field, .. } => {
            format!("the field `{field}` is missing; add it")
        }
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            format!(
                "`{key}` stands here a second time; keep one of the two, or name one differently"
            )
        }
        Error::InvalidScalar { ty, .. } if ty.starts_with(['u', 'i']) => {
            let word = at.and_then(|at| word(text, at)).unwrap_or_default();
            let is = match topic_called(word) {
                Some(topic) => format!("; {word} is topic {topic}"),
                None => "; write it in digits, like 20".to_owned(),
            };
            format!("a whole number is needed here{is}")
        }
        Error::Unexpected { expected, .. } if expected.contains("sequence") => {
            "a list is needed here, like [2026-01-01, null] or [DE, FR]".into()
        }
        Error::Unexpected { expected, .. } if expected.contains("mapping") => {
            "fields are needed here, like { number: 50 }".into()
        }
        Error::SerdeInvalidType { unexpected, expected, .. }
        | Error::SerdeInvalidValue { unexpected, expected, .. } => {
            format!("{expected} is needed here, and this is {unexpected}; write it so")
        }
        Error::SerdeInvalidLength { len, expected, .. } => {
            format!("{expected} is needed here, and there are {len}; give as many")
        }
        Error::Message { msg, .. } => msg.clone(),
        Error::ExternalMessage { msg, .. } => {
            let remedy = match msg {
                tab if tab.contains("tab") => "; indent with spaces",
                _ => {
                    "; fields of one thing begin in the same column, and text with `: ` in it stands in quotes"
                }
            };
            format!("this cannot be read: {msg}{remedy}")
        }
        other => other.to_string(),
    }
}

/// The word of a text at a position.
fn word(text: &str, at: Position) -> Option<&str> {
    let line = text.lines().nth(at.line - 1)?;
    let (start, _) = line.char_indices().nth(at.column - 1)?;
    line[start..].split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

/// What was meant, if a word is near to one, and all that it may be.
fn instead(word: &str, known: &[&str]) -> String {
    let all = known.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    format!("{}; it may be {all}", meant(word, known.iter().copied()))
}

/// `; did you mean claim?`, if a word is near to one of those that are known.
pub(crate) fn meant<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let word = word.to_lowercase();
    let near = known.into_iter().map(|it| (levenshtein(&word, &it.to_lowercase()), it)).min();
    // Half of the letters may be wrong: two that changed places are two.
    let near = near.filter(|(far, it)| 2 * far <= it.chars().count());
    near.map(|(_, it)| format!("; did you mean {it}?")).unwrap_or_default()
}

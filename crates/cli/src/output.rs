//! What a command says, in words for people or JSON for programs.

use crate::failure::Failure;
use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::{io::Write as _, time::Duration};

/// Where results go. Notes and progress go to standard error, so that results can be piped.
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// True if results are JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// The result of a command.
    pub(crate) fn result(&self, value: &impl Serialize, words: impl FnOnce() -> String) {
        let text = match self.json {
            true => serde_json::to_string_pretty(value).expect("results have a JSON form"),
            false => words(),
        };
        // A reader that closed its end has seen enough.
        let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
    }

    /// Something worth knowing on the way; nothing in JSON.
    pub(crate) fn note(&self, words: impl AsRef<str>) {
        if !self.json {
            let _ = writeln!(std::io::stderr(), "{}", words.as_ref());
        }
    }

    /// The error that ends a command.
    pub(crate) fn failure(&self, failure: &Failure) {
        let text = match self.json {
            true => failure.to_json().to_string(),
            false => format!("error: {failure}"),
        };
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// A bar for long work. It hides itself where nobody looks.
    pub(crate) fn progress(&self, what: &'static str, total: usize) -> ProgressBar {
        let bar = match self.json {
            true => ProgressBar::hidden(),
            false => ProgressBar::new(total as u64),
        };
        let style = "{msg:<28} {bar:30} {human_pos:>7}/{human_len} {per_sec:>14} {eta:>4}";
        bar.set_style(ProgressStyle::with_template(style).expect("the template is well-formed"));
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

/// A plain table for people.
pub(crate) fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(head.iter().map(|name| name.to_uppercase()));
    for row in rows {
        table.add_row(row);
    }
    let lines = table.to_string();
    lines
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line).trim_end()))
        .collect()
}

/// Name and value in two columns.
pub(crate) fn facts<'a>(facts: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let facts: Vec<_> = facts.into_iter().collect();
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    facts.iter().map(|(name, value)| format!("{name:<width$}  {value}\n")).collect()
}

/// A whole number with separators: 20,000.
pub(crate) fn grouped(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(super::grouped(0u32), "0");
        assert_eq!(super::grouped(999u32), "999");
        assert_eq!(super::grouped(20_000u32), "20,000");
        assert_eq!(super::grouped(1_234_567u32), "1,234,567");
    }
}

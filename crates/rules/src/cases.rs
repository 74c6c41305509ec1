//! Runs the cases of a file.

use crate::{File, Library, World, script::Script, world::schema};
use state::Base;
use std::fmt;
use types::Days;

/// A line that did not come out as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Which case.
    pub case: String,
    /// The line's number in it, from 1.
    pub line: usize,
    /// The line.
    pub text: String,
    /// What came of it.
    pub why: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}\n    {}", self.case, self.line, self.text.trim(), self.why)
    }
}

/// Runs a scenario on a new world. Its own profile, if it has one, is adopted by the first asset, and its
/// days are those of that profile.
pub fn run(library: &Library, own: Option<&File>, case: &str, text: &str) -> Result<(), Mismatch> {
    let base = Base::new(&schema());
    let days = own.map_or(Days::UTC, |own| library.days_of(own));
    let mut script = Script::new(World::new(&base, days), library, days);
    let mismatch = |line: usize, text: &str, why: String| Mismatch {
        case: case.to_owned(),
        line,
        text: text.to_owned(),
        why,
    };
    script.open(own).map_err(|why| mismatch(0, "", why))?;
    for (index, line) in text.lines().enumerate() {
        script.line(line).map_err(|why| mismatch(index + 1, line, why))?;
    }
    Ok(())
}

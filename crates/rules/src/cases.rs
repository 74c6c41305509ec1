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
    /// The line's number in it, from 1; 0 if it could not begin.
    pub line: usize,
    /// The line's number in the file of the profile.
    pub line_of_file: Option<usize>,
    /// The line.
    pub text: String,
    /// What came of it.
    pub why: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { case, line, line_of_file, text, why } = self;
        match line_of_file {
            Some(of_file) => write!(
                f,
                "line {of_file}: {}\n    {why}\n    (line {line} of the case: {case})",
                text.trim()
            ),
            None if *line == 0 => write!(f, "{case}: {why}"),
            None => write!(f, "{case}, line {line}: {}\n    {why}", text.trim()),
        }
    }
}

/// Runs a scenario on a new world. Its own profile, if it has one, is adopted by the first asset, and its
/// days are those of that profile.
pub fn run(library: &Library, own: Option<&File>, case: &str, text: &str) -> Result<(), Mismatch> {
    try_out(library, own, text).map_err(|(line, why)| {
        let (case, text) = (case.to_owned(), text.lines().nth(line.wrapping_sub(1)));
        let of_file = own.filter(|_| line > 0).and_then(|own| own.line_of_case(&case, line));
        let text = text.unwrap_or_default().to_owned();
        Mismatch { case, line, line_of_file: of_file, text, why }
    })
}

/// The same; which line of it did not come out, from 1, and what came of it.
pub(crate) fn try_out(
    library: &Library,
    own: Option<&File>,
    text: &str,
) -> Result<(), (usize, String)> {
    let base = Base::new(&schema());
    let days = own.map_or(Days::UTC, |own| library.days_of(own));
    let mut script = Script::new(World::new(&base, days), library, days);
    script.open(own).map_err(|why| (0, why))?;
    let lines = text.lines().enumerate();
    lines
        .into_iter()
        .try_for_each(|(index, line)| script.line(line).map_err(|why| (index + 1, why)))
}

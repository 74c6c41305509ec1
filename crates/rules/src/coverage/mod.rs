//! Which lines of a profile its cases hold fast: found by bending each line and seeing whether a case
//! notices.

mod bend;

use crate::{File, Library, run};
use bend::Bender;

/// A line of a profile that was bent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it stands.
    pub place: String,
    /// How it was bent.
    pub bent: String,
    /// True if a case noticed.
    pub is_held: bool,
}

/// Bends every line of a file's profile, one at a time, and tells which of them a case notices: a rule left
/// out, a rule that never passes, a number one off, a span a day off, a country more or less, a count over
/// another period or over others together.
///
/// Texts for people are not bent: titles, sources, readings, the names of paths and facts.
pub fn lines(library: &Library, file: &File) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut cases: Vec<(&String, &String)> = file.cases.iter().collect();
    for number in 0.. {
        let mut bent = file.clone();
        let Some((place, how)) = Bender::new(number).bend(&mut bent.profile) else { break };
        // What the chain would not register no case can notice.
        if bent.profile.check().is_err() {
            continue;
        }
        let mut with_bent = library.clone();
        with_bent.add(bent.clone());
        let notices =
            |(title, text): &(&String, &String)| run(&with_bent, Some(&bent), title, text).is_err();
        let noticed = cases.iter().position(notices);
        // What noticed this line is likely to notice the next.
        if let Some(place) = noticed {
            cases[..=place].rotate_right(1);
        }
        lines.push(Line { place, bent: how, is_held: noticed.is_some() });
    }
    lines
}

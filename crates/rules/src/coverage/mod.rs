//! Which lines of a profile its cases hold fast: found by bending each line and seeing whether a case
//! notices.

mod bend;

use crate::{File, Library, cases::try_out};
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

impl Line {
    /// What is to be done about a line of a file that no case holds, with the line and column where it stands.
    pub fn complaint(&self, file: &File) -> String {
        let Self { place, bent, .. } = self;
        let why =
            format!("{place} {bent}, and no case notices; write one that comes out otherwise then");
        file.complain(place, &why)
    }
}

/// Bends every line of a file's profile, one at a time, and tells which of them a case notices: a rule left
/// out, a rule that never passes, a number one off, a span a day off, a country more or less, the claim, fact, list or side
/// of another, one of all for all of them, paths in another order, a count over another period or over others
/// together, or under a name of its own; days of UTC for those of its calendar.
///
/// Texts for people are not bent: titles, sources, readings, the names of paths. Nor is what cannot make a difference:
/// the order of paths of which only one can be open, or which leave no trace.
pub fn lines(library: &Library, file: &File) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut cases: Vec<&String> = file.cases.values().collect();
    for number in 0.. {
        let mut bent = file.without_cases();
        let Some((place, how)) = Bender::new(number).bend(&mut bent.profile) else { break };
        // What the chain would not register no case can notice.
        if bent.profile.check().is_err() {
            continue;
        }
        let mut with_bent = library.clone();
        with_bent.add(bent.clone());
        let notices = |text: &&String| try_out(&with_bent, Some(&bent), text).is_err();
        let noticed = cases.iter().position(notices);
        // What noticed this line is likely to notice the next.
        if let Some(place) = noticed {
            cases[..=place].rotate_right(1);
        }
        lines.push(Line { place, bent: how, is_held: noticed.is_some() });
    }
    lines
}

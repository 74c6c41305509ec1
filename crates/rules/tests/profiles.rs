//! Every profile in `profiles/`: its cases come out as written, and hold every line of it fast.

use rules::{Library, lines, run};
use std::path::Path;

fn library() -> Library {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles");
    Library::read(&folder).unwrap_or_else(|bad| panic!("{bad}"))
}

#[test]
fn every_case_comes_out_as_written() {
    let library = library();
    let mut wrong = Vec::new();
    for file in library.files() {
        assert!(!file.cases.is_empty(), "{} has no cases", file.profile.id);
        for (title, text) in &file.cases {
            if let Err(mismatch) = run(&library, Some(file), title, text) {
                wrong.push(format!("{}: {mismatch}", file.profile.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_line_of_a_profile_can_be_bent_unnoticed() {
    let library = library();
    let mut loose = Vec::new();
    for file in library.files() {
        for line in lines(&library, file).into_iter().filter(|line| !line.is_held) {
            loose.push(format!("{}: {} {}", file.profile.id, line.place, line.bent));
        }
    }
    assert!(loose.is_empty(), "no case notices:\n{}", loose.join("\n"));
}

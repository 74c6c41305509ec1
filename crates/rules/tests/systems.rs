//! docs/token-systems.md and the scenarios of this folder's `systems` say the same.

use std::{collections::BTreeSet, fs, path::Path};

struct Row<'p> {
    rule: &'p str,
    words: Vec<&'p str>,
    scenarios: Vec<&'p str>,
}

/// Every row of every table, and what stands in it between backticks.
fn rows(page: &str) -> Vec<Row<'_>> {
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| rule |"));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, rule, words, scenarios, _, _] = cells[..] else { panic!("{line}: four cells") };
        Row { rule, words: quoted(words), scenarios: quoted(scenarios) }
    })
    .collect()
}

fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// True if a scenario says this word: of the rules, or of what happens.
fn says(text: &str, word: &str) -> bool {
    let is_in = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let told = text.lines().filter(|line| !line.starts_with('#'));
    told.flat_map(|line| line.split(|letter| !is_in(letter))).any(|it| it == word)
}

#[test]
fn the_table_of_token_systems_names_every_scenario_and_each_uses_the_words_of_its_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("../../docs/token-systems.md")).unwrap();
    let folder = root.join("tests/systems");
    let names = fs::read_dir(&folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        path.file_stem().unwrap().to_string_lossy().into_owned()
    });
    let there: BTreeSet<String> = names.collect();
    let mut told = BTreeSet::new();
    for Row { rule, words, scenarios } in rows(&page) {
        assert!(!words.is_empty() && !scenarios.is_empty(), "{rule}: by which words, held where?");
        let texts: Vec<String> = scenarios
            .iter()
            .map(|name| fs::read_to_string(folder.join(format!("{name}.txt"))))
            .map(|text| text.unwrap_or_else(|error| panic!("{rule}: {scenarios:?}: {error}")))
            .collect();
        for word in words {
            assert!(texts.iter().any(|text| says(text, word)), "{rule}: {scenarios:?}: no {word}");
        }
        told.extend(scenarios.into_iter().map(str::to_owned));
    }
    assert_eq!(told, there, "docs/token-systems.md, and the files of tests/systems");
}

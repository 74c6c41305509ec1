//! A file that is wrong is refused with line and column, in plain words, and with what to do about it.

use rules::{File, Library, lines, run};
use std::fs;
use types::Calendar;

/// A profile in which nothing is wrong.
const GOOD: &str = "profile:
  id: BR-88
  title: Ten persons
  authority: BR/CVM
  source: Resolution 88
  effective: [2026-01-01, null]
  calendar: BR-DAYS
  covers: { in: [BR] }
  offer:
    - because:
        source: Article 1
        rule: { persons: { meter: approached, max: { number: 10 } } }
  issue:
    - counted: { meter: approached }
    - any:
        - [SENIOR, { claim: { side: receiver, topic: 20, at_least: 1, at_most: 3 } }]
        - [FILED, { fact: { fact: FORM } }]
  resale:
    - by: { profile: BR-160 }
cases:
  ten persons are approached: |
    people b 11 BR
    approach b1..b10  ok
    approach b11  CAP_OFFEREES
";

/// What is refused when a part of the good file is another.
fn refused(part: &str, other: &str) -> String {
    assert!(GOOD.contains(part), "{part}");
    File::parse(&GOOD.replacen(part, other, 1)).expect_err(other)
}

#[test]
fn what_cannot_be_read_is_refused_where_it_stands() {
    File::parse(GOOD).unwrap();
    let bad = [
        (
            "title:",
            "titel:",
            "line 3, column 3: there is no field `titel` here; did you mean title?; it may be `id`, `title`, ",
        ),
        (
            "meter: approached, max",
            "meter: approached, scoop: issuer, max",
            "line 12, column 47: there is no field `scoop` here; did you mean scope?; it may be `meter`, `scope`, ",
        ),
        ("  source: Resolution 88\n", "", "the field `source` is missing; add it"),
        (
            "  source: Resolution",
            "  title: Eleven\n  source: Resolution",
            "line 5, column 3: `title` stands here a second time; keep one of the two, or name one differently",
        ),
        (
            "{ claim: {",
            "{ clam: {",
            "line 16, column 22: `clam` means nothing here; did you mean claim?; it may be `claim`, ",
        ),
        (
            "max: { number: 10 }",
            "max: ten",
            "line 12, column 52: `ten` means nothing here; it may be `number`, ",
        ),
        (
            "topic: 20",
            "topic: AI",
            "line 16, column 54: a whole number is needed here; AI is topic 20",
        ),
        (
            "topic: 20",
            "topic: twenty",
            "line 16, column 54: a whole number is needed here; write it in digits, like 20",
        ),
        (
            "[2026-01-01, null]",
            "2026-01-01",
            "line 6, column 14: a list is needed here, like [2026-01-01, null] or [DE, FR]",
        ),
        (
            "[2026-01-01, null]",
            "[2026-13-01, null]",
            "line 6, column 15: \"2026-13-01\" is not a date; write it as 2026-01-31",
        ),
        (
            "[BR]",
            "[Brazil]",
            "line 8, column 18: \"Brazil\" is not a valid country (ISO 3166-1 alpha-2): it must have 2 characters",
        ),
        ("  issue:", "\tissue:", "indent with spaces"),
        ("  issue:", "   issue:", "fields of one thing begin in the same column"),
    ];
    for (part, other, why) in bad {
        let told = refused(part, other);
        assert!(told.contains(why), "{other}:\n{told}\nshould say\n{why}");
        assert!(told.lines().last().is_some_and(|line| line.trim() == "^"), "{told}");
    }
}

#[test]
fn what_the_chain_would_not_register_is_refused_where_it_stands() {
    let deep = "{ not: ".repeat(8) + "{ fact: { fact: FORM } }" + &" }".repeat(8);
    let many = format!("{{ all: [{}] }}", ["{ fact: { fact: FORM } }"; 161].join(", "));
    let rule = "{ fact: { fact: FORM } }";
    let bad = [
        (
            "at_most: 3",
            "at_most: 0",
            "line 16, column 20: issue[1].any.SENIOR: claim: at_least is above at_most, so nobody could ever pass; \
             lower the first or raise the second",
        ),
        (
            rule,
            &deep,
            "issue[1].any.FILED.not.not.not.not.not.not.not: rules nest at most 8 deep; write what is inside one level up",
        ),
        (
            rule,
            &many,
            "there may be 160 rules at most; leave out what others say already, or write a second profile",
        ),
        (
            "[2026-01-01, null]",
            "[2026-01-01, 2025-01-01]",
            "line 6, column 14: effective: it must end after it begins; give the first day and then the day after the \
             last, or null",
        ),
        (
            "- counted: { meter: approached }",
            "- persons: { meter: approached, period: { rolling: 12mo }, max: { number: 10 } }",
            "line 14, column 7: meters: meter approached: one name counts one thing",
        ),
        (
            "[FILED, { fact: { fact: FORM } }]",
            "[SENIOR, { fact: { fact: FORM } }]",
            "any: paths need different names of 1 to 32 bytes",
        ),
        (
            rule,
            "{ any: [] }",
            "line 17, column 19: issue[1].any.FILED: any: without a path nothing could ever pass; name at least one",
        ),
        (
            "fact: FORM",
            "fact: FORM D",
            "line 17, column 19: issue[1].any.FILED: fact: a name has 1 to 32 letters",
        ),
        (
            "max: { number: 10 }",
            "period: { rolling: 5y }, max: { number: 10 }",
            "two years at most",
        ),
        (
            "- by: { profile: BR-160 }",
            "- amount: { meter: sold, scope: offer, max: units }",
            "line 19, column 7: resale[0]: scope: a resale is no part of the issuer's offer; count over the asset",
        ),
        ("  calendar: BR-DAYS\n", "", ""),
    ];
    for (part, other, why) in bad {
        if why.is_empty() {
            let days = GOOD.replace(part, other).replace("at_most: 3", "at_most: 3, min_age: 5bd");
            let told = File::parse(&days).unwrap_err();
            assert!(told.contains("name one in `calendar`"), "{told}");
            continue;
        }
        let told = refused(part, other);
        assert!(told.contains(why), "{other}:\n{told}\nshould say\n{why}");
        assert!(told.starts_with("line "), "{told}");
    }
}

/// A library with the good file, and the calendar and profile that it names.
fn library() -> Library {
    let mut library = Library::of(File::parse(GOOD).unwrap());
    let other = GOOD.replace("BR-88", "BR-160").replace(
        "  resale:\n    - by: { profile: BR-160 }\n",
        "  resale:\n    - fact: { fact: FORM }\n",
    );
    library.add(File::parse(&other).unwrap());
    let days = r#"{"id": "BR-DAYS", "title": "Days", "source": "Law", "zone": "America/Sao_Paulo", "offsets": [[0, -180]],
        "known_until": "2041-01-01", "weekend": ["sat", "sun"], "business": ["2026-01-01", "2026-01-01"], "holidays": []}"#;
    library.add_calendar(serde_json::from_str::<Calendar>(days).unwrap());
    library
}

#[test]
fn what_a_file_names_is_there_and_leads_nowhere_round() {
    let good = library();
    good.check(good.get("BR-88").unwrap()).unwrap();
    let bad = [
        (
            "BR-DAYS",
            "BR-DAY",
            "line 7, column 13: BR-DAY: no such calendar; did you mean BR-DAYS?; add its file, or name the folder that \
             has it with --profiles",
        ),
        (
            "BR-160",
            "BR-16",
            "line 19, column 7: BR-16: no such profile; did you mean BR-160?; add its file, ",
        ),
        (
            "BR-160",
            "BR-88",
            "line 19, column 7: BR-88 refers to itself; write here what its resale asks for",
        ),
    ];
    for (part, other, why) in bad {
        let file = File::parse(&GOOD.replace(part, other)).unwrap();
        let told = good.check(&file).unwrap_err();
        assert!(told.starts_with(why), "{told}");
    }
    // Round in two steps.
    let mut round = good.clone();
    round.add(File::parse(&GOOD.replace("BR-160", "BR-X").replace("BR-88", "BR-160")).unwrap());
    round.add(
        File::parse(&GOOD.replace("BR-160", "BR-88").replace("id: BR-88", "id: BR-X")).unwrap(),
    );
    let file = round.get("BR-88").unwrap();
    let told = round.check(file).unwrap_err();
    assert!(told.contains("BR-160 refers to another profile itself; refer to that one"), "{told}");
    // A case of it is refused too, and does not go round.
    let (title, text) = file.cases.first_key_value().unwrap();
    let mismatch = run(&round, Some(file), title, text).unwrap_err().to_string();
    assert!(mismatch.contains("refers to another profile itself"), "{mismatch}");
}

#[test]
fn a_place_that_is_half_a_paths_name_stands_at_the_nearest_and_an_alias_takes_its_place() {
    let named = GOOD.replace("[FILED, { fact", "[\"SENIOR.of: age\", { fact");
    let told = File::parse(&named.replace("FORM", "A FORM")).unwrap_err();
    assert!(told.starts_with("line 16") && told.contains("a name has 1 to 32 letters"), "{told}");
    let aliased = GOOD
        .replace("issue:\n", "issue:\n    - &first { fact: { fact: DONE } }\n    - *first\n")
        .replace("topic: 20", "topic: AI");
    let told = File::parse(&aliased).unwrap_err();
    assert!(told.starts_with("line 18, column 54: a whole number is needed"), "{told}");
}

#[test]
fn a_line_of_a_case_is_named_by_its_line_of_the_file() {
    let mut library = library();
    let told = |library: &Library, text: &str| {
        let file = File::parse(text).unwrap();
        let (title, case) = file.cases.first_key_value().unwrap();
        run(library, Some(&file), title, case).unwrap_err().to_string()
    };
    let wrong = told(&library, &GOOD.replace("approach b11  CAP_OFFEREES", "approach b11  ok"));
    assert!(
        wrong.starts_with("line 24: approach b11  ok\n    should be ok, is NO_PATH ("),
        "{wrong}"
    );
    assert!(wrong.ends_with("(line 3 of the case: ten persons are approached)"), "{wrong}");
    let bad = [
        ("approach b11", "aproach b11", "aproach: no such verb; did you mean approach?"),
        ("people b 11 BR", "people b 11 BR ACREDITED", "ACREDITED: no such topic"),
        ("people b 11 BR", "people b 11 BR QIIB", "QIIB: no such topic; did you mean QIB?"),
        ("people b 11 BR", "adopt BR-161", "BR-161: no such profile; did you mean BR-160?"),
        ("people b 11 BR", "calendar BR-DAY", "BR-DAY: no such calendar; did you mean BR-DAYS?"),
    ];
    for (part, other, why) in bad {
        let told = told(&library, &GOOD.replace(part, other));
        assert!(told.contains(why), "{told}");
    }
    // What no case holds is named where it stands.
    library.add(File::parse(GOOD).unwrap());
    let file = library.get("BR-88").unwrap();
    let loose = lines(&library, file).into_iter().find(|line| !line.is_held).unwrap();
    let told = loose.complaint(file);
    assert!(
        told.contains("and no case notices; write one that comes out otherwise then"),
        "{told}"
    );
    let senior = lines(&library, file).into_iter().find(|line| line.place == "issue[1].any.SENIOR");
    let told = senior.unwrap().complaint(file);
    assert!(told.starts_with("line 16, column 20: issue[1].any.SENIOR left out"), "{told}");
}

#[test]
fn every_profile_of_ours_names_what_is_there() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../profiles");
    assert!(fs::exists(folder).unwrap());
    let library = Library::read(folder.as_ref()).unwrap();
    for file in library.files() {
        library.check(file).unwrap();
    }
}

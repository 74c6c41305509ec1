//! Every profile in `profiles/`: its cases come out as written, and hold every line of it fast.

use rules::{File, Library, lines, run};
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

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

/// docs/profiles.md has a row for each, which begins with its name and ends with how many lines are for counsel.
#[test]
fn the_table_of_profiles_names_each_and_counts_its_flags() {
    let page = include_str!("../../../docs/profiles.md");
    for File { profile, .. } in library().files() {
        let start = format!("| {} | {} |", profile.id, profile.authority);
        let row = page.lines().find(|line| line.starts_with(&start));
        let row = row.unwrap_or_else(|| panic!("no row begins with {start}"));
        let flags = row.rsplit('|').nth(1).map(str::trim);
        assert_eq!(flags, Some(&*profile.counsel.len().to_string()), "{row}");
    }
}

#[test]
fn no_line_of_a_profile_can_be_bent_unnoticed() {
    let library = library();
    let loose = |file: &File| -> Vec<String> {
        let bent = lines(&library, file).into_iter().filter(|line| !line.is_held);
        bent.map(|line| format!("{}: {} {}", file.profile.id, line.place, line.bent)).collect()
    };
    let files: Vec<&File> = library.files().collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            found.extend(loose(file));
        }
        found
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let found: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(found.is_empty(), "no case notices:\n{}", found.join("\n"));
}

#[test]
fn everything_of_a_profile_is_bent_but_its_words() {
    let file = File::parse(include_str!("bends/every_rule.yaml")).unwrap();
    let bent = lines(&Library::default(), &file);
    let told: String = bent.iter().map(|line| format!("{}: {}\n", line.place, line.bent)).collect();
    if std::env::var_os("SCRIP_WRITE").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bends/every_rule.txt");
        fs::write(path, &told).unwrap();
        return;
    }
    assert!(bent.iter().all(|line| !line.is_held), "there is no case");
    assert_eq!(told, include_str!("bends/every_rule.txt"));
}

/// Runs every scenario of a folder beside this file, each with a line at its top that says what it shows.
fn scenarios(folder: &str) {
    let library = library();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() > 9, "{} scenarios", paths.len());
    let mut wrong = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(text.starts_with("# "), "{name}: say at the top what it shows");
        wrong.extend(run(&library, None, &name, &text).err().map(|mismatch| mismatch.to_string()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// RULEBOOK section 2.3: the tests of the engine itself.
#[test]
fn the_engine_does_what_its_own_scenarios_say() {
    scenarios("engine");
}

/// RULEBOOK section 2.3: the rules of today's token systems, as data.
#[test]
fn the_rules_of_other_systems_are_data_here() {
    scenarios("systems");
}

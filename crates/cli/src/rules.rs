//! Profiles and scenarios on this machine, without a chain: for who writes law as data.

use crate::{failure::Failure, output::Output};
use ::rules::{File, Library, lines, run};
use clap::Subcommand;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Law as data.
#[derive(Subcommand)]
pub(crate) enum Rules {
    /// Check a profile's file, or every one in a folder: form, cases, and that no rule, number or age can be
    /// bent unnoticed
    Check {
        /// The file, or the folder
        #[arg(value_name = "PATH")]
        path: PathBuf,
        /// The folder of the profiles that others refer to
        #[arg(long, value_name = "FOLDER", default_value = "profiles")]
        profiles: PathBuf,
        /// Do not bend the lines
        #[arg(long)]
        quick: bool,
    },
    /// Run a scenario: people, dates, movements, and what should come of each
    Try {
        /// The scenario
        #[arg(value_name = "FILE")]
        scenario: PathBuf,
        /// The folder of the profiles that it adopts
        #[arg(long, value_name = "FOLDER", default_value = "profiles")]
        profiles: PathBuf,
    },
}

impl Rules {
    pub(crate) fn run(&self, output: &Output) -> Result<(), Failure> {
        match self {
            Rules::Check { path, profiles, quick } => check(path, profiles, *quick, output),
            Rules::Try { scenario, profiles } => try_out(scenario, profiles, output),
        }
    }
}

fn check(path: &Path, profiles: &Path, quick: bool, output: &Output) -> Result<(), Failure> {
    let mut library = library(profiles)?;
    let files: Vec<File> = match path.is_dir() {
        true => read(Library::read(path))?.files().cloned().collect(),
        false => vec![read(File::read(path))?],
    };
    files.iter().for_each(|file| library.add(file.clone()));
    let bar = output.progress("checking profiles", files.len());
    let mut told = Vec::new();
    let mut complaints = Vec::new();
    for file in &files {
        let id = &file.profile.id;
        let before = complaints.len();
        for (title, text) in &file.cases {
            let mismatch = run(&library, Some(file), title, text).err();
            complaints.extend(mismatch.map(|mismatch| format!("{id}: {mismatch}")));
        }
        if !quick && complaints.len() == before {
            let loose = lines(&library, file).into_iter().filter(|line| !line.is_held);
            complaints
                .extend(loose.map(|line| {
                    format!("{id}: {} {}, and no case notices", line.place, line.bent)
                }));
        }
        told.push(json!({
            "id": id,
            "cases": file.cases.len(),
            "hash": compliance::hash_of(&file.profile),
            "complaints": &complaints[before..],
        }));
        bar.inc(1);
    }
    bar.finish_and_clear();
    output.result(&told, || {
        let count = |file: &File| format!("{}: {} cases\n", file.profile.id, file.cases.len());
        files.iter().map(count).collect()
    });
    match complaints.is_empty() {
        true => Ok(()),
        false => {
            Err(Failure::Input { field: path.display().to_string(), why: complaints.join("\n") })
        }
    }
}

fn try_out(scenario: &Path, profiles: &Path, output: &Output) -> Result<(), Failure> {
    let library = library(profiles)?;
    let text = std::fs::read_to_string(scenario).map_err(|error| Failure::File {
        file: scenario.display().to_string(),
        why: error.to_string(),
    })?;
    let name = scenario.display().to_string();
    run(&library, None, &name, &text)
        .map_err(|mismatch| Failure::NotAllowed(mismatch.to_string()))?;
    output.result(&json!({ "scenario": name, "ok": true }), || "comes out as written".into());
    Ok(())
}

fn library(profiles: &Path) -> Result<Library, Failure> {
    match profiles.exists() {
        true => read(Library::read(profiles)),
        false => Ok(Library::default()),
    }
}

fn read<T>(result: Result<T, ::rules::BadFile>) -> Result<T, Failure> {
    result.map_err(|bad| Failure::Input { field: bad.path.display().to_string(), why: bad.why })
}

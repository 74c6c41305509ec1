//! Law as data: profiles and scenarios on this machine, and what a change would mean on the chain.

use crate::{
    access::Access, asset_file, failure::Failure, output::Output, party, view::text, wait_for,
};
use ::rules::{File, Library, lines, policy_schema, profile_schema, run};
use clap::{Subcommand, ValueEnum};
use compliance::Change;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use types::{ClassId, Name};

/// Law as data.
#[derive(Subcommand)]
pub(crate) enum Rules {
    /// Check a profile's file, or every one in a folder: form, cases, and that no rule, number, age, country or
    /// count can be bent unnoticed
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
    /// What would a change of rules mean for an asset's holders? Asks the chain, and changes nothing
    DryRun(DryRun),
    /// Print every reason for a refusal and what to do about it, as data: for who translates them
    Texts,
    /// Print the JSON Schema of what is written by hand, for editors and other tools
    Schema {
        /// Of what
        form: Form,
    },
}

/// What has a schema.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Form {
    /// An issuer's policy for one asset, JSON
    Policy,
    /// A profile's file, YAML
    Profile,
}

/// What would a change of rules mean for an asset's holders?
#[derive(clap::Args)]
pub(crate) struct DryRun {
    /// An asset's number, token address or ISIN
    asset: String,
    /// The policy that would come into force
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// A profile that would be registered first; again for another
    #[arg(long, value_name = "FILE")]
    register: Vec<PathBuf>,
    /// A profile that the asset would adopt; again for another
    #[arg(long, value_name = "PROFILE")]
    adopt: Vec<Name>,
    /// A profile under which it would issue no longer; again for another
    #[arg(long, value_name = "PROFILE")]
    drop: Vec<Name>,
    /// Of which class the holders are
    #[arg(long, default_value_t = 0)]
    class: u32,
    /// How many holders are looked at in one call: fewer where that needs more gas than the node gives
    #[arg(long, value_name = "HOLDERS", default_value_t = 1_000)]
    at_once: u32,
}

impl Rules {
    pub(crate) fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        match self {
            Rules::Check { path, profiles, quick } => check(path, profiles, *quick, output),
            Rules::Try { scenario, profiles } => try_out(scenario, profiles, output),
            Rules::DryRun(dry_run) => wait_for(dry_run.run(access, output)),
            Rules::Texts => {
                output.result(&compliance::texts(), || {
                    serde_json::to_string_pretty(&compliance::texts()).unwrap_or_default()
                });
                Ok(())
            }
            Rules::Schema { form } => {
                let schema: Value = match form {
                    Form::Policy => policy_schema(),
                    Form::Profile => profile_schema(),
                };
                output.result(&schema, || format!("{schema:#}"));
                Ok(())
            }
        }
    }
}

impl DryRun {
    async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let mut change =
            Change { adopt: self.adopt.clone(), drop: self.drop.clone(), ..Change::default() };
        for path in &self.register {
            change.register.push(read(File::read(path))?.profile);
        }
        if let Some(path) = &self.policy {
            change.policy = Some(asset_file::read_policy(path)?);
        }
        if change == Change::default() {
            return Err(Failure::Input {
                field: "--policy".into(),
                why: "name a change: --policy, --register, --adopt or --drop".into(),
            });
        }
        let client = access.client().await?;
        let asset = party::asset(&self.asset, &client).await?;
        let mut pages = Vec::new();
        let mut after = Value::Null;
        loop {
            let params = json!({
                "asset": asset,
                "change": change,
                "class": ClassId(self.class),
                "after": after,
                "limit": self.at_once,
            });
            let page: Value = client.rpc().call("scrip_dryRun", params).await?;
            after = page["next"].clone();
            pages.push(page);
            if after.is_null() {
                break;
            }
        }
        output.result(&pages, || {
            let mut words: String = pages.iter().map(foreseen).collect();
            if words.is_empty() {
                words = "Nothing would newly stand in anybody's way.\n".into();
            }
            let accounts: u64 = pages.iter().filter_map(|page| page["accounts"].as_u64()).sum();
            if change.adopt.is_empty() && !change.register.is_empty() {
                words +=
                    "What is registered binds the asset once it adopts it: try it with --adopt.\n";
            }
            format!(
                "{accounts} {} looked at.\n{words}",
                if accounts == 1 { "holder" } else { "holders" }
            )
        });
        Ok(())
    }
}

/// The first ten of several persons.
fn numbers(persons: &Value) -> String {
    let all: Vec<_> = persons.as_array().into_iter().flatten().collect();
    let named: Vec<_> = all.iter().take(10).map(|person| person.to_string()).collect();
    named.join(", ") + if all.len() > named.len() { ", ..." } else { "" }
}

/// A page of a dry run in sentences; nothing if nothing stands in the way.
fn foreseen(page: &Value) -> String {
    let list = |name: &str| page[name].as_array().cloned().unwrap_or_default();
    let mut words = String::new();
    for fails in list("fails") {
        words += &format!(
            "- as {}: {} ({}), of whom the first {} could before: {}\n  {}\n",
            text(&fails["role"]),
            if fails["count"] == 1 {
                "1 person".into()
            } else {
                format!("{} persons", fails["count"])
            },
            text(&fails["reason"]["code"]),
            fails["passed"],
            numbers(&fails["persons"]),
            text(&fails["reason"]["text"]),
        );
    }
    for hold in list("holds") {
        let reasons = hold["reasons"].as_array().cloned().unwrap_or_default();
        let reasons: Vec<_> = reasons.iter().map(|reason| text(&reason["text"])).collect();
        words +=
            &format!("- hold {} could not be delivered: {}\n", hold["hold"], reasons.join("; "));
    }
    for limit in list("exceeded") {
        let (have, allowed) = (text(&limit["have"]), text(&limit["limit"]));
        let by = limit["profile"].as_str().filter(|id| !id.is_empty()).unwrap_or("the policy");
        let kind = limit["rule"].as_object().and_then(|rule| rule.keys().next());
        let holders = numbers(&limit["holders"]);
        let whose = if holders.is_empty() { holders } else { format!(" of {holders}") };
        words += &format!(
            "- {by}, {}: a limit of {allowed} would stand against {have}{whose} already: nobody loses anything, and it \
             may not grow\n",
            kind.map_or("rule", String::as_str),
        );
    }
    words
}

fn check(path: &Path, profiles: &Path, quick: bool, output: &Output) -> Result<(), Failure> {
    let mut library = library(profiles)?;
    let files: Vec<File> = match path.is_dir() {
        true => {
            let own = read(Library::read(path))?;
            own.calendars().for_each(|calendar| library.add_calendar(calendar.clone()));
            own.files().cloned().collect()
        }
        false => vec![read(File::read(path))?],
    };
    files.iter().for_each(|file| library.add(file.clone()));
    let bar = output.progress("checking profiles", files.len());
    let mut told = Vec::new();
    let mut complaints = Vec::new();
    for file in &files {
        let id = &file.profile.id;
        let before = complaints.len();
        // Without what it names no case can begin.
        complaints.extend(library.check(file).err().map(|why| format!("{id}: {why}")));
        let begins = complaints.len() == before;
        for (title, text) in file.cases.iter().filter(|_| begins) {
            let mismatch = run(&library, Some(file), title, text).err();
            complaints.extend(mismatch.map(|mismatch| format!("{id}: {mismatch}")));
        }
        let mut bent = Vec::new();
        if !quick && complaints.len() == before {
            bent = lines(&library, file);
            let loose = bent.iter().filter(|line| !line.is_held);
            complaints.extend(loose.map(|line| format!("{id}: {}", line.complaint(file))));
        }
        told.push(json!({
            "id": id,
            "cases": file.cases.len(),
            "bends": bent.len(),
            "hash": compliance::hash_of(&file.profile),
            "complaints": &complaints[before..],
        }));
        bar.inc(1);
    }
    bar.finish_and_clear();
    output.result(&told, || {
        let count = |told: &Value| {
            format!("{}: {} cases, {} bends\n", text(&told["id"]), told["cases"], told["bends"])
        };
        told.iter().map(count).collect()
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

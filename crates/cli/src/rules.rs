//! Law as data: profiles and scenarios on this machine, and what a change would mean on the chain.

use crate::{
    access::Access,
    failure::Failure,
    output::Output,
    party::{self, Party},
    venue::{changed, read_rules},
    view::text,
    wait_for,
};
use ::rules::{
    BadFile, Document, File, Library, lines, policy_schema, profile_schema, read_policy, run,
};
use clap::{Subcommand, ValueEnum};
use compliance::{Change, Cost, Law, Policy};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};
use types::{Calendar, Name};

/// The language of scenarios, with every verb.
const SCENARIOS: &str = include_str!("../../../docs/scenarios.md");

/// Law as data.
#[derive(Subcommand)]
pub(crate) enum Rules {
    /// Check a profile's file, or every one in a folder: form, cost, cases, and that no rule, number, age, country or
    /// count can be bent unnoticed; or the form and cost of a policy (JSON or YAML), or a calendar
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
    #[command(after_long_help = SCENARIOS)]
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
    /// The profiles that would be the law of a land: US=US-506B,US-REG-S; its law would be lifted with none: US=
    #[arg(long, value_name = "COUNTRY=PROFILES", value_parser = read_law)]
    law: Option<Law>,
    /// What a venue would ask, as `scrip venue rules` reads it
    #[arg(long, value_name = "FILE", requires = "venue")]
    venue_rules: Option<PathBuf>,
    /// Whose rules those would be: a wallet, a person's number, or the name of a key
    #[arg(long, value_name = "WHO", requires = "venue_rules")]
    venue: Option<String>,
    /// As of which block: one of the last hundred or so; the newest if none is named
    #[arg(long, value_name = "HEIGHT")]
    block: Option<u64>,
    /// How many holders are looked at in one call: fewer where that needs more gas than the node gives
    #[arg(long, value_name = "HOLDERS", default_value_t = AT_ONCE)]
    at_once: u32,
    /// Where to write the report, whose SHA-256 is the hash that the change is made with
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// How many holders are looked at in one call, if nobody says.
pub(crate) const AT_ONCE: u32 = 1_000;

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
            change.register.push(File::read(path)?.profile);
        }
        if let Some(path) = &self.policy {
            change.policy = Some(read_policy(path)?);
        }
        change.law = self.law.clone();
        if change == Change::default() && self.venue_rules.is_none() {
            let changes = "--policy, --register, --adopt, --drop, --law or --venue-rules";
            return Err(Failure::input("--policy", format!("name a change: {changes}")));
        }
        let client = access.client().await?;
        if let (Some(file), Some(who)) = (&self.venue_rules, &self.venue) {
            let person = Party::read("--venue", who, access, &client)?;
            let person = person.person("--venue", &client).await?;
            change.venue = changed(person, read_rules(file)?).venue;
        }
        let asset = party::asset(&self.asset, &client).await?;
        let run = client.dry_run(asset, json!(change), self.at_once, self.block).await?;
        if let Some(path) = &self.out {
            fs::write(path, run.report.encoded()).map_err(|error| Failure::file(path, error))?;
        }
        output.result(&run.told, || {
            let mut words = found(&run);
            if change.adopt.is_empty() && !change.register.is_empty() {
                words +=
                    "What is registered binds the asset once it adopts it: try it with --adopt.\n";
            }
            words
        });
        Ok(())
    }
}

/// The law of a land as `US=US-506B,US-REG-S`, or that it has none any more as `US=`.
fn read_law(text: &str) -> Result<Law, String> {
    let (country, ids) = text.split_once('=').ok_or("give it as US=US-506B,US-REG-S, or US=")?;
    let country = country.parse().map_err(|error| format!("{country}: {error}"))?;
    let ids = Some(ids).filter(|ids| !ids.is_empty());
    let profiles = ids.into_iter().flat_map(|ids| ids.split(',')).map(Name::from).collect();
    Ok(Law { country, profiles })
}

/// What a dry run found, in sentences.
pub(crate) fn found(run: &client::DryRun) -> String {
    let mut words = foreseen(&run.told);
    if words.is_empty() {
        words = "Nothing would newly stand in anybody's way.\n".into();
    }
    let accounts = &run.told["accounts"];
    format!(
        "{}{accounts} {} looked at as of block {}.\n{words}report {}\n",
        profiles(&run.told["change"]),
        if *accounts == 1 { "holder" } else { "holders" },
        run.told["block"]["number"],
        run.report.hash(),
    )
}

/// Which versions of which profiles a change is of, and whose law it lifts.
fn profiles(change: &Value) -> String {
    let mut words = String::new();
    let law = ("law", &change["law"]["profiles"]);
    let own = ["register", "adopt", "drop"].map(|what| (what, &change[what]));
    for (what, all) in own.into_iter().chain([law]) {
        for it in all.as_array().into_iter().flatten() {
            let (id, version, hash) = (text(&it["id"]), &it["version"], text(&it["hash"]));
            words += &format!("{what} {id}, version {version}, {hash}\n");
        }
    }
    if change["law"]["profiles"].as_array().is_some_and(Vec::is_empty) {
        words += &format!("the law of {} lifted\n", text(&change["law"]["country"]));
    }
    words
}

/// The first ten of several persons.
fn numbers(persons: &Value) -> String {
    let all: Vec<_> = persons.as_array().into_iter().flatten().collect();
    let named: Vec<_> = all.iter().take(10).map(|person| person.to_string()).collect();
    named.join(", ") + if all.len() > named.len() { ", ..." } else { "" }
}

/// What newly stands in whose way, in sentences; nothing if nothing does.
fn foreseen(told: &Value) -> String {
    let list = |name: &str| told[name].as_array().cloned().unwrap_or_default();
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
    let (mut library, mut bad) = match profiles.exists() {
        true => Library::read_all(profiles),
        false => (Library::default(), Vec::new()),
    };
    let mut files: Vec<File> = Vec::new();
    let mut told = Vec::new();
    if path.is_dir() {
        let (own, broken) = Library::read_all(path);
        bad.extend(broken);
        files.extend(own.files().cloned());
        for calendar in own.calendars() {
            library.add_calendar(calendar.clone());
            told.push(of_calendar(calendar));
        }
        if files.is_empty() && told.is_empty() && bad.is_empty() {
            let why = "there is no profile in this folder; its files end in .yaml or .yml";
            return Err(Failure::input(path.display(), why));
        }
    } else {
        match Document::read(path) {
            Ok(Document::Profile(file)) => files.push(*file),
            Ok(Document::Policy(policy)) => told.push(of_policy(path, &policy)),
            Ok(Document::Calendar(calendar)) => told.push(of_calendar(&calendar)),
            Err(broken) => bad.push(broken),
        }
    }
    if !bad.is_empty() {
        return Err(broken(path, bad));
    }
    files.iter().for_each(|file| library.add(file.clone()));
    let bar = output.progress("checking profiles", files.len());
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
            "bends": (!quick).then_some(bent.len()),
            "hash": compliance::hash_of(&file.profile),
            "cost": of_cost(file.cost(), types::encode(&file.profile).len()),
            "complaints": &complaints[before..],
        }));
        bar.inc(1);
    }
    bar.finish_and_clear();
    output.result(&told, || told.iter().map(checked).collect());
    match complaints.is_empty() {
        true => Ok(()),
        false => {
            Err(Failure::Input { field: path.display().to_string(), why: complaints.join("\n") })
        }
    }
}

/// Every file that cannot be used, each once, though both folders have it.
fn broken(path: &Path, mut bad: Vec<BadFile>) -> Failure {
    let place = |it: &BadFile| it.path.canonicalize().unwrap_or_else(|_| it.path.clone());
    bad.sort_by_key(place);
    bad.dedup_by_key(|it| place(it));
    match bad.pop() {
        Some(only) if bad.is_empty() => only.into(),
        last => {
            let all: Vec<_> = bad.iter().chain(&last).map(|it| format!("- {it}")).collect();
            let why = format!("{} files cannot be used:\n{}", all.len(), all.join("\n"));
            Failure::input(path.display(), why)
        }
    }
}

fn of_cost(cost: Cost, bytes: usize) -> Value {
    let Cost { rules, depth, entries } = cost;
    json!({ "rules": rules, "depth": depth, "entries": entries, "bytes": bytes })
}

fn of_policy(path: &Path, policy: &Policy) -> Value {
    let cost = policy.check().expect("it was checked when it was read");
    json!({
        "policy": path.display().to_string(),
        "hash": compliance::policy_hash(policy),
        "cost": of_cost(cost, types::encode(policy).len()),
    })
}

fn of_calendar(calendar: &Calendar) -> Value {
    json!({
        "calendar": calendar.id,
        "holidays": calendar.holidays.len(),
        "known_until": calendar.known_until,
        "business": calendar.business,
        "hash": types::sha256(&[&types::encode(calendar)]),
    })
}

/// So many of something.
fn counted(number: &Value, one: &str, many: &str) -> String {
    match number.as_u64() {
        Some(0) => format!("no {many}"),
        Some(1) => format!("1 {one}"),
        Some(n) => format!("{n} {many}"),
        None => format!("{many} not tried"),
    }
}

/// What was checked, in a line.
fn checked(told: &Value) -> String {
    let count = |name: &str, one: &str, many: &str| counted(&told[name], one, many);
    if !told["calendar"].is_null() {
        let [from, until] = [0, 1].map(|place| text(&told["business"][place]));
        let holidays = count("holidays", "holiday", "holidays");
        let (id, known) = (text(&told["calendar"]), text(&told["known_until"]));
        return format!(
            "{id}: a calendar, {holidays} from {from} until {until}, days known until {known}\n"
        );
    }
    let cost = &told["cost"];
    let cost = format!(
        "costs {}, {} deep, {}, {} bytes",
        counted(&cost["rules"], "rule", "rules"),
        cost["depth"],
        counted(&cost["entries"], "entry", "entries"),
        cost["bytes"]
    );
    if !told["policy"].is_null() {
        return format!("{}: a policy, {cost}\n", text(&told["policy"]));
    }
    let (cases, bends) = (count("cases", "case", "cases"), count("bends", "bend", "bends"));
    format!("{}: {cases}, {bends}, {cost}\n", text(&told["id"]))
}

fn try_out(scenario: &Path, profiles: &Path, output: &Output) -> Result<(), Failure> {
    let library = library(profiles)?;
    let text = fs::read_to_string(scenario).map_err(|error| Failure::File {
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
        true => Ok(Library::read(profiles)?),
        false => Ok(Library::default()),
    }
}

//! `scrip profile` and `scrip calendar`: law as data, put where issuers can adopt it.

use crate::{
    access::Access,
    desk::Desk,
    failure::Failure,
    output::{Output, facts},
    view::{all, said, text},
};
use ::rules::{File, read_calendar};
use clap::Subcommand;
use client::abi::ICompliance;
use serde_json::{Value, json};
use std::path::PathBuf;
use types::{Module, Name, Time};

/// Profiles of law: register, show.
#[derive(Subcommand)]
pub(crate) enum ProfileCommand {
    /// Register a profile, or its next version, from a file as in `profiles/` (YAML); check it first by `scrip rules check`
    Register {
        /// The file
        file: PathBuf,
        /// The key of who has the power `law`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Every version of every profile that is registered
    List,
    /// A profile as it is registered
    Show {
        /// Its name: US-506B
        #[arg(value_name = "PROFILE")]
        id: Name,
        /// Which version; without it, the latest
        #[arg(value_name = "VERSION")]
        number: Option<u32>,
    },
}

impl ProfileCommand {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Register { file, from } => {
                let profile = json!(File::read(file)?.profile).to_string();
                let desk = Desk::open(access, output).await?;
                let call = ICompliance::registerProfileCall { profile };
                let receipt = desk.send(from, desk.client.draft(Module::Compliance, &call)).await?;
                let registered = receipt.events::<ICompliance::ProfileRegistered>().next();
                let registered = registered.map(|it| (it.id, it.version, it.profile.to_string()));
                tell_registered(registered, &receipt, output);
                Ok(())
            }
            Self::List => {
                let client = access.client().await?;
                let told = all(&client, "scrip_getProfiles", json!({}), "profiles").await?;
                output.result(&told, || told.iter().map(in_line).collect());
                Ok(())
            }
            Self::Show { id, number } => {
                let desk = Desk::open(access, output).await?;
                let params = json!({ "id": id, "version": number });
                let told: Value = desk.client.rpc().call("scrip_getProfile", params).await?;
                output.result(&told, || describe(&told));
                Ok(())
            }
        }
    }
}

/// Calendars by which days of profiles are counted: register, show.
#[derive(Subcommand)]
pub(crate) enum CalendarCommand {
    /// Register a calendar, or its next version, from a file as in `profiles/calendars/` (YAML)
    Register {
        /// The file
        file: PathBuf,
        /// The key of who has the power `law`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// The latest version of a calendar, and its hash
    Show {
        /// Its name: US-FEDERAL
        #[arg(value_name = "CALENDAR")]
        id: Name,
    },
}

impl CalendarCommand {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Register { file, from } => {
                let calendar = json!(read_calendar(file)?).to_string();
                let desk = Desk::open(access, output).await?;
                let call = ICompliance::registerCalendarCall { calendar };
                let receipt = desk.send(from, desk.client.draft(Module::Compliance, &call)).await?;
                let registered = receipt.events::<ICompliance::CalendarRegistered>().next();
                let registered = registered.map(|it| (it.id, it.version, it.calendar.to_string()));
                tell_registered(registered, &receipt, output);
                Ok(())
            }
            Self::Show { id } => {
                let desk = Desk::open(access, output).await?;
                let call = ICompliance::calendarOfCall { id: id.to_string() };
                let service = desk.client.service(Module::Compliance);
                let ICompliance::calendarOfReturn { version, hash } =
                    desk.client.ask(service, &call).await?;
                if version == 0 {
                    let why = format!(
                        "{id} is not registered here; `scrip calendar register FILE` does that"
                    );
                    return Err(Failure::input("CALENDAR", why));
                }
                output.result(&json!({ "id": id, "version": version, "hash": hash }), || {
                    facts([
                        ("calendar", id.to_string()),
                        ("version", version.to_string()),
                        ("hash", hash.to_string()),
                    ])
                });
                Ok(())
            }
        }
    }
}

fn tell_registered(
    registered: Option<(String, u32, String)>,
    receipt: &client::Receipt,
    output: &Output,
) {
    let (id, version, hash) = registered.unwrap_or_default();
    let told = json!({ "id": id, "version": version, "hash": hash, "receipt": receipt });
    output.result(&told, || format!("{id}, version {version}, hash {hash}\n{}", said(receipt)));
}

fn effective(days: &Value) -> String {
    let (from, until) = (text(&days[0]), text(&days[1]));
    match until.is_empty() {
        true => format!("from {from} on"),
        false => format!("from {from} until {until}"),
    }
}

/// A version of a profile in a line.
fn in_line(told: &Value) -> String {
    let of = |name: &str| text(&told[name]);
    let last = if told["is_latest"] == json!(true) { "" } else { ", not the latest" };
    let (version, effective) = (of("version"), effective(&told["effective"]));
    format!("{} {version}: {}; {} ({effective}{last})\n", of("id"), of("authority"), of("title"))
}

fn describe(told: &Value) -> String {
    let profile = &told["profile"];
    let of = |name: &str| text(&profile[name]);
    let since = told["since"].as_u64().map(|ms| Time(ms).to_string()).unwrap_or_default();
    let effective = effective(&profile["effective"]);
    let mut words = facts([
        ("profile", of("id")),
        ("version", format!("{} of {}", text(&told["version"]), text(&told["latest"]))),
        ("hash", text(&told["hash"])),
        ("registered", since),
        ("title", of("title")),
        ("authority", of("authority")),
        ("source", of("source")),
        ("effective", effective),
        ("calendar", of("calendar")),
        ("covers", of("covers")),
    ]);
    for part in ["offer", "issue", "resale", "always", "release", "withdraw", "triggers"] {
        let rules = &profile[part];
        if rules.as_array().is_some_and(|rules| !rules.is_empty()) {
            let rules = serde_json::to_string_pretty(rules).unwrap_or_default();
            words += &format!("\n{part}\n{rules}\n");
        }
    }
    words
}

//! `scrip law`, `fact`, `list` and `duty`: what is in force, what is attested, who is named, what is owed.

use crate::{
    access::Access,
    desk::Desk,
    failure::Failure,
    output::{Output, facts, table},
    report::Attached,
    view::text,
};
use alloy_primitives::{B256, FixedBytes};
use clap::Subcommand;
use client::abi::ICompliance;
use compliance::{Change, Law};
use serde_json::{Value, json};
use types::{Address, Country, Date, Module, Name, Time};

/// The law of a jurisdiction: set, lift, show.
#[derive(Subcommand)]
pub(crate) enum LawCommand {
    /// Put registered profiles into force, at their latest versions, in the place of those that were. Once there are assets, with
    /// the hash of a report: with `--asset`, says first what that means for who holds it
    Set {
        /// The jurisdiction, ISO 3166-1 alpha-2
        country: Country,
        /// The profiles, all of them
        #[arg(value_name = "PROFILE", required = true)]
        profiles: Vec<Name>,
        #[command(flatten)]
        attached: Attached,
        /// The key of who has the power `law`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Lift what is in force
    Lift {
        /// The jurisdiction, ISO 3166-1 alpha-2
        country: Country,
        /// The key of who has the power `law`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// The profiles that are in force
    Show {
        /// The jurisdiction, ISO 3166-1 alpha-2
        country: Country,
    },
}

impl LawCommand {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        let set = |country: &Country, profiles: &[Name], report| ICompliance::setLawCall {
            country: FixedBytes::from_slice(country.as_str().as_bytes()),
            profiles: profiles.iter().map(|id| id.to_string()).collect(),
            report,
        };
        let (call, from) = match self {
            Self::Set { country, profiles, attached, from } => {
                let law = Some(Law { country: *country, profiles: profiles.clone() });
                let change = Change { law, ..Change::default() };
                let seen = attached.to(&desk, &change).await?;
                let call = desk.client.draft(Module::Compliance, &set(country, profiles, seen.0));
                return desk.change(from, call, seen).await;
            }
            Self::Lift { country, from } => (set(country, &[], B256::ZERO), from),
            Self::Show { country } => {
                let params = json!({ "country": country });
                let told: Value = desk.client.rpc().call("scrip_getLaw", params).await?;
                let law = told["profiles"].as_array().cloned().unwrap_or_default();
                output.result(&told, || match law.is_empty() {
                    true => "no profile is in force".into(),
                    false => {
                        let row = |it: &Value| vec![text(&it["id"]), text(&it["version"])];
                        table(&["profile", "version"], law.iter().map(row))
                    }
                });
                return Ok(());
            }
        };
        desk.act(from, desk.client.draft(Module::Compliance, &call)).await
    }
}

/// What a fact is about on the command line, and whose a list is, if it is no asset.
const NETWORK: &str = "network";

/// An asset's number; on the wire asset 0 is the network.
async fn subject(desk: &Desk<'_>, asset: &str) -> Result<u64, Failure> {
    Ok(match asset {
        NETWORK => 0,
        asset => desk.asset(asset).await?.0,
    })
}

/// Facts on which rules rely: attest, withdraw, show.
#[derive(Subcommand)]
pub(crate) enum FactCommand {
    /// Attest a fact about an asset, its issuer or its offer, or a document filed
    Attest {
        /// An asset's number, token address or ISIN, or `network`
        asset: String,
        /// Its name, as rules have it: no_solicitation
        #[arg(value_name = "FACT")]
        name: Name,
        /// Its value, where it has one: an amount in minor units, a year's end as 1231
        #[arg(long, default_value_t = 1, hide_default_value = true)]
        value: u128,
        /// It is true since the start of this day (UTC): that of a filing, of a closing; without it, since now
        #[arg(long, value_name = "DATE")]
        since: Option<Date>,
        /// It is true until the start of this day; without it, until it is withdrawn
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
        /// SHA-256 of the document that says so
        #[arg(long, default_value_t = B256::ZERO, hide_default_value = true)]
        document: B256,
        /// The key of who has the power `rules` over the asset, of the network `law`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Take a fact back
    Withdraw {
        /// An asset's number, token address or ISIN, or `network`
        asset: String,
        /// Its name
        #[arg(value_name = "FACT")]
        name: Name,
        /// The key of who has the power `rules` over the asset, of the network `law`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// What was attested
    Show {
        /// An asset's number, token address or ISIN, or `network`
        asset: String,
        /// Its name
        #[arg(value_name = "FACT")]
        name: Name,
    },
}

impl FactCommand {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        let (Self::Attest { asset, .. } | Self::Withdraw { asset, .. } | Self::Show { asset, .. }) =
            self;
        let asset = subject(&desk, asset).await?;
        match self {
            Self::Attest { name, value, since, until, document, from, .. } => {
                let call = ICompliance::attestFactCall {
                    asset,
                    name: name.to_string(),
                    value: *value,
                    since: desk.since(*since).await?.0,
                    until: until.map_or(Time::NEVER, Date::start).0,
                    document: *document,
                };
                desk.act(from, desk.client.draft(Module::Compliance, &call)).await
            }
            Self::Withdraw { name, from, .. } => {
                let call = ICompliance::withdrawFactCall { asset, name: name.to_string() };
                desk.act(from, desk.client.draft(Module::Compliance, &call)).await
            }
            Self::Show { name, .. } => {
                let asset = (asset != 0).then_some(asset);
                let params = json!({ "name": name, "asset": asset });
                let told: Value = desk.client.rpc().call("scrip_getFact", params).await?;
                output.result(&told, || match &told["fact"] {
                    Value::Null => format!("{name} was never attested, or is withdrawn"),
                    fact => facts([
                        ("fact", name.to_string()),
                        ("value", text(&fact["value"])),
                        ("since", told_time(&fact["since"])),
                        ("until", told_time(&fact["until"])),
                        ("document", text(&fact["document"])),
                        ("standing", standing(&told)),
                    ]),
                });
                Ok(())
            }
        }
    }
}

/// Lists that rules name, of an asset or of the network: add, remove, show.
#[derive(Subcommand)]
pub(crate) enum ListCommand {
    /// Put a person, or a wallet, on a list
    Add {
        #[command(flatten)]
        place: ListPlace,
        /// From the start of this day (UTC) on; without it, from now on
        #[arg(long, value_name = "DATE")]
        since: Option<Date>,
        /// Until the start of this day; without it, until it is removed
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
        /// The key of who has the power `rules` over the asset, of the network `law`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Take a person, or a wallet, off a list
    Remove {
        #[command(flatten)]
        place: ListPlace,
        /// The key of who has the power `rules` over the asset, of the network `law`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Whether a person, or a wallet, stands on a list
    Show {
        #[command(flatten)]
        place: ListPlace,
    },
}

/// Which list, and who stands on it.
#[derive(clap::Args)]
pub(crate) struct ListPlace {
    /// An asset's number, token address or ISIN, or `network`
    asset: String,
    /// The list's number, as rules have it: 502
    list: u32,
    /// Whom: a wallet, a person's number, or the name of a key
    who: String,
    /// The wallet itself, not the person whose it is: for rules that say `subject: wallet`
    #[arg(long)]
    wallet: bool,
}

impl ListPlace {
    /// The asset, 0 for the network; and the person or the wallet, the other being zero.
    async fn read(&self, desk: &Desk<'_>) -> Result<(u64, u64, Address), Failure> {
        let asset = subject(desk, &self.asset).await?;
        Ok(match self.wallet {
            true => (asset, 0, desk.wallet("WHO", &self.who).await?),
            false => (asset, desk.person("WHO", &self.who).await?.0, Address::ZERO),
        })
    }
}

impl ListCommand {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        let (Self::Add { place, .. } | Self::Remove { place, .. } | Self::Show { place }) = self;
        let (asset, person, wallet) = place.read(&desk).await?;
        let number = place.list;
        match self {
            Self::Add { since, until, from, .. } => {
                let call = ICompliance::listCall {
                    asset,
                    number,
                    person,
                    wallet,
                    from: desk.since(*since).await?.0,
                    until: until.map_or(Time::NEVER, Date::start).0,
                };
                desk.act(from, desk.client.draft(Module::Compliance, &call)).await
            }
            Self::Remove { from, .. } => {
                let call = ICompliance::delistCall { asset, number, person, wallet };
                desk.act(from, desk.client.draft(Module::Compliance, &call)).await
            }
            Self::Show { .. } => {
                let asset = (asset != 0).then_some(asset);
                let (subject, who) = match place.wallet {
                    true => ("wallet", json!(wallet)),
                    false => ("person", json!(person)),
                };
                let params =
                    json!({ "asset": asset, "list": number, "who": who, "subject": subject });
                let told: Value = desk.client.rpc().call("scrip_getListed", params).await?;
                output.result(&told, || match &told["entry"] {
                    Value::Null => format!("it does not stand on list {number}"),
                    entry => facts([
                        (subject, text(&told[subject])),
                        ("list", number.to_string()),
                        ("since", told_time(&entry["from"])),
                        ("until", told_time(&entry["until"])),
                        ("standing", standing(&told)),
                    ]),
                });
                Ok(())
            }
        }
    }
}

/// What an asset's issuer owes by its profiles: show, meet.
#[derive(Subcommand)]
pub(crate) enum DutyCommand {
    /// What is or was owed, by when, and when it was done
    Show {
        /// An asset's number, token address or ISIN
        asset: String,
    },
    /// Say that what was owed is done
    Meet {
        /// An asset's number, token address or ISIN
        asset: String,
        /// Which: as `duty show` tells it
        duty: String,
        /// The key of who has the power `rules`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
}

impl DutyCommand {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        match self {
            Self::Show { asset } => {
                let asset = desk.known(desk.asset(asset).await?).await?;
                let duties = asset["duties"].as_array().cloned().unwrap_or_default();
                output.result(&duties, || match duties.is_empty() {
                    true => "nothing is owed, and nothing ever was".into(),
                    false => duties_told(&duties),
                });
                Ok(())
            }
            Self::Meet { asset, duty, from } => {
                let asset = desk.asset(asset).await?.0;
                let call = ICompliance::meetDutyCall { asset, duty: duty.clone() };
                desk.act(from, desk.client.draft(Module::Compliance, &call)).await
            }
        }
    }
}

/// What is owed, as a table.
pub(crate) fn duties_told(duties: &[Value]) -> String {
    let row = |duty: &Value| {
        let stage = match (duty["met"].as_u64(), duty["is_overdue"].as_bool()) {
            (Some(met), _) => format!("done {}", Time(met)),
            (None, Some(true)) => "overdue".into(),
            (None, _) => "owed".into(),
        };
        let [since, due] = ["since", "due"].map(|name| told_time(&duty[name]));
        vec![text(&duty["duty"]), text(&duty["profile"]), since, due, stage]
    };
    table(&["duty", "profile", "since", "due", "standing"], duties.iter().map(row))
}

fn told_time(time: &Value) -> String {
    match time.as_u64().map(Time) {
        Some(Time::NEVER) => "no end".into(),
        Some(time) => time.to_string(),
        None => String::new(),
    }
}

fn standing(told: &Value) -> String {
    let is_current = told["is_current"].as_bool() == Some(true);
    if is_current { "counts" } else { "does not count now" }.into()
}

//! `scrip app`: apps under trust, from the developer's admission to the grant that a holder takes back.

use crate::{
    access::Access,
    desk::Desk,
    failure::Failure,
    output::{Output, facts, table},
    person::Power,
    view::{all, said, tagged, text},
};
use alloy_primitives::{Address, B256, Bytes, keccak256};
use clap::{Args, Subcommand, ValueEnum};
use client::{
    abi::{IApps, IIdentity, ITrust},
    read_address,
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use types::{Date, Module, Time};

/// Apps: publish, attest, let them act, take that back.
#[derive(Subcommand)]
pub(crate) enum App {
    /// Admit, suspend or end a developer or auditor
    Role {
        /// A wallet, a person's number, or the name of a key
        who: String,
        /// As what
        #[arg(value_enum)]
        role: Role,
        /// How it stands from now on
        #[arg(value_enum, default_value = "active")]
        standing: Standing,
        /// The key of who has the power `apps`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Publish an app, or the next version of one
    Publish(Publish),
    /// Suspend, reinstate or end an app; its developer may end it
    Standing {
        /// The app's number
        app: u64,
        /// How it stands from now on
        #[arg(value_enum)]
        standing: Standing,
        /// The key of who has the power `apps`, or of its developer
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Attest the code of a contract, as an auditor
    Attest {
        /// A contract, or the hash of its code
        code: String,
        /// The report, of which the SHA-256 is published
        report: PathBuf,
        /// Where it can be read
        #[arg(long)]
        uri: String,
        /// Until the start of this day
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// The auditor's key
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Take an attestation back, as an auditor
    Withdraw {
        /// A contract, or the hash of its code
        code: String,
        /// The auditor's key
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Let a contract act for one's account, or use a power that one has
    Grant(Grant),
    /// Take that back at once
    Revoke {
        /// The contract
        contract: String,
        /// Which power; without it, the delegation of one's account
        #[arg(long, value_enum, requires = "asset")]
        power: Option<Power>,
        /// Over which asset
        #[arg(long, requires = "power")]
        asset: Option<String>,
        /// The key of who gave it
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Let contracts act for others with an asset only if their code is attested
    Demand {
        /// An asset's number, token address or ISIN
        asset: String,
        /// No longer
        #[arg(long)]
        lift: bool,
        /// The key of who has the power `rules`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Every app
    List,
    /// An app: its contracts, their code as published and as it is, who attests it
    Show {
        /// Its number, or one of its contracts
        app: String,
    },
    /// What somebody lets contracts do
    Grants {
        /// A wallet, a person's number, or the name of a key
        who: String,
    },
}

/// A version of an app.
#[derive(Args)]
pub(crate) struct Publish {
    /// Its name
    name: String,
    /// Its manifest: what it does, its documents, its source. The SHA-256 is published
    manifest: PathBuf,
    /// Where that can be read
    #[arg(long)]
    uri: String,
    /// Its contracts
    #[arg(long = "contract", value_name = "ADDRESS", required = true)]
    contracts: Vec<String>,
    /// The powers it asks for
    #[arg(long = "power", value_enum, value_delimiter = ',')]
    powers: Vec<Power>,
    /// What it would do for accounts
    #[arg(long = "may", value_enum, value_delimiter = ',')]
    operations: Vec<crate::delegation::Operation>,
    /// The app of which this is the next version
    #[arg(long, value_name = "APP")]
    of: Option<u64>,
    /// The developer's key
    #[arg(long, value_name = "KEY")]
    from: String,
}

/// What a contract may do, and within what.
#[derive(Args)]
pub(crate) struct Grant {
    /// The contract
    contract: String,
    /// What it may do for one's account
    #[arg(
        long = "may",
        value_enum,
        value_delimiter = ',',
        conflicts_with = "power",
        required_unless_present = "power"
    )]
    operations: Vec<crate::delegation::Operation>,
    /// Which power it may use; one must have it oneself, and be an admin
    #[arg(long, value_enum, requires = "asset")]
    power: Option<Power>,
    /// With which asset; for an account, without it any
    #[arg(long)]
    asset: Option<String>,
    /// For at most so many units in all
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    limit: u128,
    /// For at most so many units in one act
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    at_once: u128,
    /// For at most so many units in each period
    #[arg(long, default_value_t = 0, hide_default_value = true, requires = "hours")]
    per_period: u128,
    /// The length of a period
    #[arg(long, default_value_t = 0, hide_default_value = true, requires = "per_period")]
    hours: u64,
    /// Only while an auditor attests its code
    #[arg(long)]
    attested: bool,
    /// Until the start of this day
    #[arg(long, value_name = "DATE")]
    until: Date,
    /// The key of who gives it
    #[arg(long, value_name = "KEY")]
    from: String,
}

/// What a person may do for apps, by its number on the wire.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Role {
    Developer,
    Auditor,
}

/// How somebody or something stands, by its number on the wire.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Standing {
    Active,
    Suspended,
    Ended,
}

impl App {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        match self {
            Self::Role { who, role, standing, from } => {
                let person = desk.person("WHO", who).await?.0;
                let (role, standing) = (*role as u8, *standing as u8);
                let call = IApps::setRoleCall { person, role, standing };
                desk.act(from, desk.client.draft(Module::Trust, &call)).await
            }
            Self::Publish(publish) => publish.run(&desk).await,
            Self::Standing { app, standing, from } => {
                let call = IApps::setAppStandingCall { app: *app, standing: *standing as u8 };
                desk.act(from, desk.client.draft(Module::Trust, &call)).await
            }
            Self::Attest { code, report, uri, until, from } => {
                let call = IApps::attestCodeCall {
                    code: code_hash(&desk, code).await?,
                    report: hash_of(report)?,
                    uri: uri.clone(),
                    expires: until.start().0,
                };
                desk.act(from, desk.client.draft(Module::Trust, &call)).await
            }
            Self::Withdraw { code, from } => {
                let code = code_hash(&desk, code).await?;
                let call = IApps::withdrawAttestationCall { code };
                desk.act(from, desk.client.draft(Module::Trust, &call)).await
            }
            Self::Grant(grant) => grant.run(&desk).await,
            Self::Revoke { contract, power, asset, from } => {
                let contract = address("CONTRACT", contract)?;
                let draft = match (power, asset) {
                    (Some(power), Some(asset)) => {
                        let asset = desk.asset(asset).await?.0;
                        let key = grant_key(contract, *power, asset);
                        desk.client.draft(Module::Trust, &ITrust::revokeGrantCall { key })
                    }
                    _ => {
                        let call = IIdentity::revokeDelegationCall { wallet: contract };
                        desk.client.draft(Module::Identity, &call)
                    }
                };
                desk.act(from, draft).await
            }
            Self::Demand { asset, lift, from } => {
                let asset = desk.asset(asset).await?.0;
                let call = IApps::demandAttestationCall { asset, demanded: !lift };
                desk.act(from, desk.client.draft(Module::Trust, &call)).await
            }
            Self::List => {
                let apps = all(&desk.client, "scrip_getApps", json!({}), "apps").await?;
                let columns = ["app", "name", "version", "developer", "standing", "uri"];
                output.result(&apps, || match apps.is_empty() {
                    true => "no app is published".into(),
                    false => table(&columns, apps.iter().map(|app| row(app, &columns))),
                });
                Ok(())
            }
            Self::Show { app } => {
                let told: Value =
                    desk.client.rpc().call("scrip_getApp", json!({ "app": app })).await?;
                output.result(&told, || describe(&told));
                Ok(())
            }
            Self::Grants { who } => {
                let params = json!({ "who": desk.party("WHO", who)?.to_json() });
                let grants = all(&desk.client, "scrip_getAppGrants", params, "grants").await?;
                output.result(&grants, || match grants.is_empty() {
                    true => "no contract was ever let do anything".into(),
                    false => table(
                        &["contract", "app", "may", "asset", "units", "until", "standing"],
                        grants.iter().map(grant_row),
                    ),
                });
                Ok(())
            }
        }
    }
}

impl Publish {
    async fn run(&self, desk: &Desk<'_>) -> Result<(), Failure> {
        let mut contracts = Vec::with_capacity(self.contracts.len());
        for contract in &self.contracts {
            let at = address("--contract", contract)?;
            let code = deployed(desk, "--contract", at).await?;
            contracts.push(IApps::Listed { at, code });
        }
        let version = IApps::Version {
            name: self.name.clone(),
            uri: self.uri.clone(),
            manifest: hash_of(&self.manifest)?,
            contracts,
            powers: self.powers.iter().fold(0, |all, power| all | 1 << *power as u8),
            operations: self.operations.iter().fold(0, |all, one| all | *one as u32),
        };
        let draft = match self.of {
            None => desk.client.draft(Module::Trust, &IApps::publishAppCall { version }),
            Some(app) => {
                desk.client.draft(Module::Trust, &IApps::publishVersionCall { app, version })
            }
        };
        let receipt = desk.send(&self.from, draft).await?;
        let published = receipt.events::<IApps::AppPublished>().next();
        let (app, version) = published.map_or((None, None), |it| (Some(it.app), Some(it.version)));
        let told = json!({ "app": app, "version": version, "receipt": receipt });
        desk.output.result(&told, || {
            let number = app.map_or_else(String::new, |app| format!("app {app}, "));
            number + &said(&receipt)
        });
        Ok(())
    }
}

impl Grant {
    async fn run(&self, desk: &Desk<'_>) -> Result<(), Failure> {
        const HOUR_MS: u64 = 3_600_000;
        let contract = address("CONTRACT", &self.contract)?;
        let asset = match &self.asset {
            Some(asset) => desk.asset(asset).await?.0,
            None => 0,
        };
        let period = self.hours.saturating_mul(HOUR_MS);
        let (limit, expires, attested) = (self.limit, self.until.start().0, self.attested);
        let draft = match self.power {
            Some(power) => {
                let terms = ITrust::Terms {
                    atOnce: self.at_once,
                    perPeriod: self.per_period,
                    period,
                    attested,
                };
                let key = grant_key(contract, power, asset);
                let call = ITrust::grantWithinCall { key, limit, expires, terms };
                desk.client.draft(Module::Trust, &call)
            }
            None => {
                let terms = IIdentity::Terms {
                    atOnce: self.at_once,
                    perPeriod: self.per_period,
                    period,
                    attested,
                };
                let operations = self.operations.iter().fold(0, |all, one| all | *one as u32);
                let wallet = contract;
                let call = IIdentity::delegateWithinCall {
                    wallet,
                    operations,
                    asset,
                    limit,
                    expires,
                    terms,
                };
                desk.client.draft(Module::Identity, &call)
            }
        };
        desk.act(&self.from, draft).await
    }
}

fn grant_key(grantee: Address, power: Power, asset: u64) -> ITrust::GrantKey {
    ITrust::GrantKey { grantee, power: power as u8, asset, class: 0 }
}

fn address(field: &str, text: &str) -> Result<Address, Failure> {
    read_address(text).map_err(|error| Failure::input(field, error.to_string()))
}

fn hash_of(file: &Path) -> Result<B256, Failure> {
    let document = std::fs::read(file).map_err(|error| Failure::file(file, error))?;
    Ok(types::sha256(&[&document]))
}

/// The hash of code that is named by itself or by a contract that has it.
async fn code_hash(desk: &Desk<'_>, text: &str) -> Result<B256, Failure> {
    match text.parse() {
        Ok(hash) => Ok(hash),
        Err(_) => deployed(desk, "CODE", address("CODE", text)?).await,
    }
}

async fn deployed(desk: &Desk<'_>, field: &str, contract: Address) -> Result<B256, Failure> {
    let code: Bytes = desk.client.rpc().call("eth_getCode", json!([contract, "latest"])).await?;
    match code.is_empty() {
        true => Err(Failure::input(field, format!("there is no contract at {contract}"))),
        false => Ok(keccak256(&code)),
    }
}

fn row(value: &Value, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|name| text(&value[*name])).collect()
}

fn describe(app: &Value) -> String {
    let of = |name: &str| text(&app[name]);
    let mut words = facts([
        ("app", of("app")),
        ("name", of("name")),
        ("version", of("version")),
        ("standing", of("standing")),
        ("developer", format!("{}, {}", of("developer"), of("developer_standing"))),
        ("manifest", of("manifest")),
        ("uri", of("uri")),
    ]);
    for contract in app["contracts"].as_array().into_iter().flatten() {
        let stands = match &contract["stopped"] {
            Value::Null => "may act".to_owned(),
            why => text(why),
        };
        words += &format!("contract {}: {stands}\n", text(&contract["address"]));
        for said in contract["attestations"].as_array().into_iter().flatten() {
            let counts = if said["counts"] == true { "counts" } else { "does not count" };
            let until = said["expires"].as_u64().map(|ms| Time(ms).to_string());
            let auditor = text(&said["auditor"]);
            let until = until.unwrap_or_default();
            words += &format!("  attested by person {auditor} until {until}: {counts}\n");
        }
    }
    words
}

fn grant_row(grant: &Value) -> Vec<String> {
    let is_power = grant["kind"] == "power";
    let given = if is_power { &grant["grant"] } else { &grant["delegation"] };
    let (may, asset, units) = match is_power {
        true => (text(&given["power"]), tagged(&given["scope"]), text(&given["remaining"])),
        false => {
            let operations = crate::delegation::names(&given["operations"]);
            (operations, text(&given["asset"]), text(&given["limit"]))
        }
    };
    let until = given["expires"].as_u64().map(|ms| Time(ms).to_string());
    let stands = match &grant["why"] {
        Value::Null => "stands".to_owned(),
        why => text(why),
    };
    vec![
        text(&grant["contract"]),
        text(&grant["app"]),
        may,
        asset,
        units,
        until.unwrap_or_default(),
        stands,
    ]
}

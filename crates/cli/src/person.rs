//! `scrip person` and `scrip grant`: who people are, and what they may do.

use crate::{
    access::Access,
    desk::{OrderGiven, OrderNamed},
    failure::Failure,
    onboarding, order,
    output::{Output, facts, grouped, table},
    party::{self, Party},
    process,
    view::{said, text},
};
use alloy_primitives::B256;
use clap::{Args, Subcommand, ValueEnum};
use client::{
    Receipt,
    abi::{IIdentity, ITrust},
    registration,
};
use compliance::{topic_called, topic_name, topics};
use serde_json::{Value, json};
use std::path::PathBuf;
use types::{Country, Date, PersonId, Time};

/// People: register, attest, suspend, merge, show.
#[derive(Subcommand)]
pub(crate) enum Person {
    /// What the chain knows of a person
    Show {
        /// A wallet, a person's number, or the name of a key
        who: String,
    },
    /// Register one person, as its KYC provider
    Register(Register),
    /// Register many from a table (CSV), as their KYC provider; bad rows are named and skipped
    Import {
        /// The table; its columns are described in examples/README.md
        table: PathBuf,
        /// The provider's key
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Attest a claim about a person, or renew it
    Attest {
        /// About whom
        who: String,
        #[command(flatten)]
        claims: Claims,
        /// The provider's key
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Take one's own claim about a person back; it counts no more, until it is attested anew
    Revoke {
        /// About whom
        who: String,
        /// On what: a name or number
        #[arg(value_parser = read_topic)]
        topic: u32,
        /// The provider's key
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Stop a person by order of a court or supervisor
    Suspend {
        /// Whom
        who: String,
        #[command(flatten)]
        order: OrderGiven,
        /// The key of who carries it out
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Let a person go on by order
    Reinstate(Ordered),
    /// Record that a person died, as its KYC provider or by order; the order is the register's entry
    Died {
        #[command(flatten)]
        by: Ordered,
        /// The day on which it died, 2026-03-01
        #[arg(long, value_name = "DATE")]
        on: Date,
    },
    /// Take a wrong record of a death back
    Lives(Ordered),
    /// Count two numbers of one human as one, by order
    Merge {
        #[command(flatten)]
        by: Ordered,
        /// The number under which the human is counted from now on
        #[arg(long, value_name = "WHO")]
        into: String,
    },
    /// Apply a line of a sanctions list to a person
    Sanction {
        /// To whom
        who: String,
        /// Which version of the list says so, by its number
        #[arg(long, value_name = "VERSION")]
        list: u32,
        /// The person is no longer on it
        #[arg(long)]
        clear: bool,
        /// The key of who keeps the list
        #[arg(long, value_name = "KEY")]
        from: String,
    },
}

/// One person to register.
#[derive(Args)]
pub(crate) struct Register {
    /// The wallet that will own its first account
    #[arg(long)]
    wallet: String,
    /// What kind of person
    #[arg(long, value_enum, default_value = "natural")]
    kind: Kind,
    /// Where it resides, ISO 3166-1 alpha-2
    #[arg(long)]
    residence: Country,
    /// What the provider knows it by (a passport's or register's number); only a keyed hash leaves this
    /// machine
    #[arg(long)]
    identifier: String,
    #[command(flatten)]
    claims: Claims,
    /// The provider's key
    #[arg(long, value_name = "KEY")]
    from: String,
}

/// Claims by one document, that expire together.
#[derive(Args)]
pub(crate) struct Claims {
    /// On what: KYC, KYB, AI, QP, QIB, EU_QI, AFFILIATE, LICENCE or another name of the rulebook, or a number
    #[arg(long = "claim", value_name = "TOPIC", value_parser = read_topic, required = true)]
    topics: Vec<u32>,
    /// The first day (UTC) on which they do not count any more, 2027-12-31
    #[arg(long, value_name = "DATE")]
    until: Date,
    /// The date of the document that they rest on, 2026-02-10: how old they may be counts from then; today's without it
    #[arg(long, value_name = "DATE")]
    dated: Option<Date>,
    /// A small public value, where the topic has one
    #[arg(long, default_value_t = 0)]
    value: u64,
    /// Salted SHA-256 of the evidence
    #[arg(long, default_value_t = B256::ZERO, hide_default_value = true)]
    evidence: B256,
}

/// An act by order.
#[derive(Args)]
pub(crate) struct Ordered {
    /// About whom
    who: String,
    #[command(flatten)]
    order: OrderNamed,
    /// The key of who carries it out
    #[arg(long, value_name = "KEY")]
    from: String,
}

/// Kinds of person, by their numbers on the wire.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    Natural,
    Entity,
    Trust,
    Fund,
}

fn read_topic(text: &str) -> Result<u32, String> {
    let names = || topics().collect::<Vec<_>>().join(", ");
    topic_called(text).ok_or_else(|| format!("no topic; there are {}, or a number", names()))
}

impl Claims {
    fn list(&self) -> Result<Vec<IIdentity::Claim>, Failure> {
        // The noon of today may be still to come.
        let today = process::now()?.date();
        let dated = self.dated.filter(|date| *date != today).map_or(0, |date| date.noon().0);
        let claim = |topic: &u32| IIdentity::Claim {
            topic: *topic,
            value: self.value,
            dated,
            expires: self.until.start().0,
            evidence: self.evidence,
        };
        Ok(self.topics.iter().map(claim).collect())
    }
}

impl Person {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let named = |who: &str| Party::read("WHO", who, access, &client);
        match self {
            Self::Show { who } => {
                let params = json!({ "who": named(who)?.to_json() });
                let person: Value = client.rpc().call("scrip_getPerson", params).await?;
                output.result(&person, || describe(&person));
                Ok(())
            }
            Self::Register(register) => {
                let Register { wallet, kind, residence, identifier, claims, from } = register;
                let provider = access.wallet(&client, from)?;
                let wallet = Party::read("--wallet", wallet, access, &client)?;
                let wallet = wallet.wallet("--wallet", &client).await?;
                let uniqueness = onboarding::uniqueness(&provider, identifier);
                let person =
                    registration(wallet, *kind as u8, *residence, uniqueness, claims.list()?);
                let (receipt, persons) = client.register(&provider, vec![person]).await?;
                let person = persons.first();
                let value = json!({ "person": person, "receipt": receipt });
                output.result(&value, || match person {
                    Some(person) => format!("{person} registered\n{}", said(&receipt)),
                    None => said(&receipt),
                });
                Ok(())
            }
            Self::Import { table, from } => {
                let provider = access.wallet(&client, from)?;
                import(&client, &provider, table, output).await
            }
            Self::Attest { who, claims, from } => {
                let provider = access.wallet(&client, from)?;
                let person = named(who)?.person("WHO", &client).await?;
                let mut receipts = Vec::new();
                for claim in claims.list()? {
                    receipts.push(client.attest(&provider, person, claim).await?);
                }
                output.result(&receipts, || receipts.iter().map(said).collect());
                Ok(())
            }
            Self::Revoke { who, topic, from } => {
                let provider = access.wallet(&client, from)?;
                let person = named(who)?.person("WHO", &client).await?;
                done(client.revoke_claim(&provider, person, *topic).await?, output)
            }
            Self::Suspend { who, order, from } => {
                let by = access.wallet(&client, from)?;
                let person = named(who)?.person("WHO", &client).await?;
                done(client.suspend(&by, person, order.to_identity(), true).await?, output)
            }
            Self::Reinstate(by) => {
                let (key, person, order) = by.read(access, &client).await?;
                done(client.suspend(&key, person, order, false).await?, output)
            }
            Self::Died { by, on } => {
                let (key, person, order) = by.read(access, &client).await?;
                done(client.record_death(&key, person, on.start(), order).await?, output)
            }
            Self::Lives(by) => {
                let (key, person, order) = by.read(access, &client).await?;
                done(client.withdraw_death(&key, person, order).await?, output)
            }
            Self::Merge { by, into } => {
                let (key, person, order) = by.read(access, &client).await?;
                let into = Party::read("--into", into, access, &client)?;
                let into = into.person("--into", &client).await?;
                done(client.merge_persons(&key, person, into, order).await?, output)
            }
            Self::Sanction { who, list, clear, from } => {
                let by = access.wallet(&client, from)?;
                let person = named(who)?.person("WHO", &client).await?;
                done(client.set_sanctions(&by, person, *list, !clear).await?, output)
            }
        }
    }
}

impl Ordered {
    /// Who signs, about whom, by which order.
    async fn read(
        &self,
        access: &Access,
        client: &client::Client,
    ) -> Result<(client::Wallet, PersonId, IIdentity::Order), Failure> {
        let by = access.wallet(client, &self.from)?;
        let who = Party::read("WHO", &self.who, access, client)?;
        Ok((by, who.person("WHO", client).await?, self.order.to_identity()))
    }
}

fn done(receipt: Receipt, output: &Output) -> Result<(), Failure> {
    output.result(&receipt, || said(&receipt));
    Ok(())
}

async fn import(
    client: &client::Client,
    provider: &client::Wallet,
    path: &std::path::Path,
    output: &Output,
) -> Result<(), Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, error))?;
    let table = onboarding::read(path, &bytes, process::now()?.date())?;
    let bar = output.progress("registering", table.investors.len());
    let onboarded = onboarding::register(client, provider, table, |count| bar.inc(count)).await?;
    bar.finish_and_clear();
    let value = json!({
        "registered": onboarded.registered.len(),
        "skipped": onboarded.skipped,
    });
    output.result(&value, || {
        let skipped: String =
            onboarded.skipped.iter().map(|skipped| format!("{skipped}\n")).collect();
        let (good, bad) = (onboarded.registered.len() as u64, onboarded.skipped.len() as u64);
        format!("{skipped}{} registered, {} rows skipped\n", grouped(good), grouped(bad))
    });
    Ok(())
}

fn describe(person: &Value) -> String {
    let claims = person["claims"].as_array().cloned().unwrap_or_default();
    let accounts = person["accounts"].as_array().cloned().unwrap_or_default();
    let died = person["death"]["died"].as_u64().map(|ms| Time(ms).date());
    let standing = match (person["is_active"].as_bool(), person["is_sanctioned"].as_bool()) {
        _ if died.is_some() => "dead",
        (_, Some(true)) => "on a sanctions list",
        (Some(false), _) => "suspended by order",
        _ => "in good standing",
    };
    let until = person["suspended"].as_u64().map(Time).filter(|until| *until != Time::NEVER);
    let standing = match (died, until) {
        (Some(died), _) => format!("died on {died}"),
        (None, Some(until)) => format!("{standing} until {until}"),
        (None, None) => standing.to_owned(),
    };
    let counted_as = person["counted_as"].as_u64().map(|first| {
        let others = person["other_numbers"].as_array().cloned().unwrap_or_default();
        let others: Vec<_> = others.iter().map(text).collect();
        ("counted as", format!("person {first}, as one human with {}", others.join(", ")))
    });
    let suspensions = person["suspensions"].as_array().cloned().unwrap_or_default();
    let suspensions = suspensions.iter().map(|it| {
        let order = &it["order"];
        let by = format!("{}, {}", text(&order["authority"]), text(&order["reference"]));
        let contest = order::contest(&it["contest"]);
        ("suspended by", format!("{by}; key {}, contest: {contest}", text(&it["key"])))
    });
    let moved = person["moved"].as_u64().map(|at| format!(", since {}", Time(at)));
    let residence = text(&person["residence"]) + &moved.unwrap_or_default();
    let fuel =
        format!("{} of {} gas", text(&person["fuel"]["gas"]), text(&person["fuel"]["capacity"]));
    let mut words = facts(
        [
            ("person", text(&person["person"])),
            ("kind", text(&person["kind"])),
            ("residence", residence),
            ("provider", format!("person {}", text(&person["provider"]))),
            ("standing", standing),
            ("fuel", fuel),
        ]
        .into_iter()
        .chain(suspensions)
        .chain(counted_as),
    );
    let row = |account: &Value| {
        let id = &account["account"];
        vec![format!("{}/{}", text(&id["person"]), text(&id["number"])), text(&account["wallet"])]
    };
    words += "\n";
    words += &table(&["account", "wallet"], accounts.iter().map(row));
    let row = |claim: &Value| {
        let topic = claim["topic"].as_u64().and_then(|topic| u32::try_from(topic).ok());
        let is_current = claim["is_current"].as_bool() == Some(true);
        let day =
            |ms: &Value| ms.as_u64().map(|ms| Time(ms).date().to_string()).unwrap_or_default();
        vec![
            topic.map(topic_name).unwrap_or_default(),
            text(&claim["value"]),
            format!("person {}", text(&claim["provider"])),
            day(&claim["dated"]),
            day(&claim["expires"]),
            if is_current { "current" } else { "does not count" }.into(),
        ]
    };
    words += "\n";
    let head = ["claim", "value", "attested by", "dated", "expires", "standing"];
    words += &table(&head, claims.iter().map(row));
    words
}

/// Give a power over the network or an asset.
#[derive(Args)]
pub(crate) struct Grant {
    /// To whom
    who: String,
    /// Which power
    #[arg(value_enum)]
    power: Power,
    /// Over which asset; without it, over the network
    #[arg(long)]
    asset: Option<String>,
    /// For at most so many units
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    limit: u128,
    /// Until the start of this day
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// The key of an admin
    #[arg(long, value_name = "KEY")]
    from: String,
}

/// Powers, by their numbers on the wire.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Power {
    Admin,
    Providers,
    Sanctions,
    Orders,
    CreateAsset,
    Fuel,
    Issue,
    Redeem,
    Freeze,
    Force,
    Rules,
    Documents,
    Terms,
    Pause,
    Checkpoint,
    Law,
    Apps,
}

impl Grant {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let by = access.wallet(&client, &self.from)?;
        let who = Party::read("WHO", &self.who, access, &client)?;
        let asset = match &self.asset {
            Some(asset) => party::asset(asset, &client).await?.0,
            None => 0,
        };
        let key = ITrust::GrantKey {
            grantee: who.wallet("WHO", &client).await?,
            power: self.power as u8,
            asset,
            class: 0,
        };
        let expires = self.until.map_or(Time::NEVER, Date::start);
        done(client.grant(&by, key, self.limit, expires).await?, output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::decode;

    #[test]
    fn powers_have_the_numbers_that_the_chain_gives_them() {
        for power in Power::value_variants() {
            let name = power.to_possible_value().unwrap().get_name().replace('-', "_");
            let on_chain: trust::Power = decode(&[*power as u8]).unwrap();
            assert_eq!(serde_json::to_value(on_chain).unwrap(), json!(name));
        }
        assert!(decode::<trust::Power>(&[Power::value_variants().len() as u8]).is_err());
    }
}

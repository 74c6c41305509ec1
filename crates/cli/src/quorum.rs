//! `scrip quorum`: powers that only several together may use.

use crate::{
    access::Access,
    desk::Desk,
    failure::Failure,
    output::{Output, facts},
    person::Power,
    view::{said, text},
};
use clap::{Args, Subcommand, ValueEnum as _};
use client::abi::ITrust;
use serde_json::{Value, json};
use types::{Bytes, Date, Module, Time};

/// Powers that several use together: set, propose, approve, show.
#[derive(Subcommand)]
pub(crate) enum Quorum {
    /// From now on so many of these persons must agree to use a power
    Set {
        #[command(flatten)]
        place: Place,
        /// Who they are
        #[arg(long, value_name = "WHO", value_delimiter = ',', required = true)]
        members: Vec<String>,
        /// How many of them must agree
        #[arg(long)]
        threshold: u16,
        /// The key of an admin
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Let a power be used alone again; only the quorum itself may
    Remove {
        #[command(flatten)]
        place: Place,
        /// The key of a member
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Propose a call that needs a quorum; it counts as the first approval
    Propose {
        #[command(flatten)]
        place: Place,
        /// The service or asset to call: its address, or an asset's number
        #[arg(long)]
        target: String,
        /// The call's data, in hex
        #[arg(long, value_name = "HEX")]
        data: Bytes,
        /// It may be approved until the start of this day
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// The key of a member, the wallet of its first account
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Approve a proposal; the last approval needed carries it out
    Approve {
        /// The proposal's number
        proposal: u64,
        /// The key of a member
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Withdraw one's own proposal
    Withdraw {
        /// The proposal's number
        proposal: u64,
        /// The key of who proposed it
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Who must agree to use a power
    Show {
        #[command(flatten)]
        place: Place,
    },
    /// How a proposal stands
    Proposal {
        /// The proposal's number
        proposal: u64,
    },
}

/// A power, and over what.
#[derive(Args)]
pub(crate) struct Place {
    /// Which power
    #[arg(value_enum)]
    power: Power,
    /// Over which asset; without it, over the network
    #[arg(long)]
    asset: Option<String>,
    /// Over one class of it only
    #[arg(long, requires = "asset")]
    class: Option<u32>,
}

impl Place {
    /// As the interface numbers it: asset 0 is the network, class 0 all classes, else class plus one.
    async fn numbers(&self, desk: &Desk<'_>) -> Result<(u8, u64, u32), Failure> {
        let asset = match &self.asset {
            Some(asset) => desk.asset(asset).await?.0,
            None => 0,
        };
        let class = self.class.map_or(Some(0), |class| class.checked_add(1));
        let class = class.ok_or_else(|| Failure::input("--class", "no asset has so many"))?;
        Ok((self.power as u8, asset, class))
    }

    fn name(&self) -> String {
        let name = self.power.to_possible_value().map(|power| power.get_name().replace('-', "_"));
        name.unwrap_or_default()
    }
}

impl Quorum {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        match self {
            Self::Set { place, members, threshold, from } => {
                let (power, asset, class) = place.numbers(&desk).await?;
                let mut persons = Vec::new();
                for member in members {
                    persons.push(desk.person("--members", member).await?.0);
                }
                let (members, threshold) = (persons, *threshold);
                let call = ITrust::setQuorumCall { power, asset, class, members, threshold };
                desk.act(from, desk.client.draft(Module::Trust, &call)).await
            }
            Self::Remove { place, from } => {
                let (power, asset, class) = place.numbers(&desk).await?;
                let call = ITrust::removeQuorumCall { power, asset, class };
                desk.act(from, desk.client.draft(Module::Trust, &call)).await
            }
            Self::Propose { place, target, data, until, from } => {
                let (power, asset, class) = place.numbers(&desk).await?;
                let target = match target.parse() {
                    Ok(address) => address,
                    Err(_) => desk.client.token(desk.asset(target).await?),
                };
                let (data, deadline) = (data.clone(), until.start().0);
                let call = ITrust::proposeCall { power, asset, class, target, data, deadline };
                let receipt = desk.send(from, desk.client.draft(Module::Trust, &call)).await?;
                let proposed = receipt.events::<ITrust::Proposed>().next();
                let number = proposed.map(|proposed| proposed.proposal);
                output.result(&json!({ "proposal": number, "receipt": receipt }), || {
                    let number = number.map_or_else(String::new, |n| format!("proposal {n}, "));
                    number + &said(&receipt)
                });
                Ok(())
            }
            Self::Approve { proposal, from } => {
                let call = ITrust::approveProposalCall { proposal: *proposal };
                let receipt = desk.send(from, desk.client.draft(Module::Trust, &call)).await?;
                let is_done = receipt.events::<ITrust::ProposalDone>().next().is_some();
                output.result(&json!({ "carried_out": is_done, "receipt": receipt }), || {
                    let what = if is_done { "carried out, " } else { "approved, " };
                    what.to_owned() + &said(&receipt)
                });
                Ok(())
            }
            Self::Withdraw { proposal, from } => {
                let call = ITrust::withdrawProposalCall { proposal: *proposal };
                desk.act(from, desk.client.draft(Module::Trust, &call)).await
            }
            Self::Show { place } => {
                let mut params = json!({ "power": place.name() });
                if let Some(asset) = &place.asset {
                    params["asset"] = json!(desk.asset(asset).await?);
                }
                if let Some(class) = place.class {
                    params["class"] = json!(class);
                }
                let told: Value = desk.client.rpc().call("scrip_getQuorum", params).await?;
                output.result(&told, || match &told["quorum"] {
                    Value::Null => "whoever has the power may use it alone".into(),
                    quorum => facts([
                        ("members", persons(quorum, "members")),
                        ("needed", text(&quorum["threshold"])),
                    ]),
                });
                Ok(())
            }
            Self::Proposal { proposal } => {
                let params = json!({ "proposal": proposal });
                let told: Value = desk.client.rpc().call("scrip_getProposal", params).await?;
                output.result(&told, || {
                    let deadline = told["deadline"].as_u64().map(|ms| Time(ms).to_string());
                    facts([
                        ("proposal", text(&told["proposal"])),
                        ("status", text(&told["status"])),
                        ("power", text(&told["power"])),
                        ("proposer", format!("person {}", text(&told["proposer"]))),
                        ("approved by", persons(&told, "approvals")),
                        ("needed", text(&told["needed"])),
                        ("until", deadline.unwrap_or_default()),
                        ("target", text(&told["call"]["target"])),
                        ("data", text(&told["call"]["data"])),
                    ])
                });
                Ok(())
            }
        }
    }
}

fn persons(value: &Value, field: &str) -> String {
    let persons = value[field].as_array().cloned().unwrap_or_default();
    persons.iter().map(text).collect::<Vec<_>>().join(", ")
}

//! `scrip hold`: units set aside for somebody, until they are delivered or released.

use crate::{
    access::Access,
    desk::Desk,
    failure::Failure,
    issuance::Price,
    output::{Output, facts, table},
    view::{said, text},
};
use alloy_primitives::FixedBytes;
use clap::Subcommand;
use client::{Receipt, abi::ILedger};
use serde_json::{Value, json};
use types::{Currency, Date, Module, Time};

/// Units set aside for somebody: place, release, deliver, show.
#[derive(Subcommand)]
pub(crate) enum Hold {
    /// Set units of one's own aside for a beneficiary
    Place {
        /// An asset's number, token address or ISIN
        asset: String,
        /// How many
        units: u128,
        /// Who gets them if they are delivered
        #[arg(long = "for", value_name = "WHO")]
        beneficiary: String,
        /// Who decides; without it, the beneficiary
        #[arg(long, value_name = "WHO")]
        notary: Option<String>,
        /// From the start of this day on their owner may take them back
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// Of which class
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        class: u32,
        #[command(flatten)]
        price: Price,
        /// By which path of exemption they are delivered, of those that their laws offer; without it the first that is open
        #[arg(long)]
        path: Option<String>,
        /// The key of their owner
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Pledge units of one's own: set them aside to secure a debt
    Pledge {
        /// An asset's number, token address or ISIN
        asset: String,
        /// How many
        units: u128,
        /// Whom they secure: who gets them if the debt is not paid
        #[arg(long = "to", value_name = "WHO")]
        beneficiary: String,
        /// Who decides; without it, whom they secure
        #[arg(long, value_name = "WHO")]
        notary: Option<String>,
        /// From the start of this day on their owner may take them back
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// The pledgor owes the debt with all that it has, not with these units alone
        #[arg(long)]
        recourse: bool,
        /// Of which class
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        class: u32,
        /// By which path of exemption, of those that their laws offer; without it the first that is open
        #[arg(long)]
        path: Option<String>,
        /// The key of their owner
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Give what is held back to its owner
    Release {
        /// The hold's number
        hold: u64,
        /// The key of who decides, or after its end of the owner
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Deliver what is held to its beneficiary
    Execute {
        /// The hold's number
        hold: u64,
        /// How many of its units; without it, all
        #[arg(long)]
        units: Option<u128>,
        /// The key of who decides
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// One hold
    Show {
        /// The hold's number
        hold: u64,
    },
    /// The holds on what somebody has of an asset
    List {
        /// An asset's number, token address or ISIN
        asset: String,
        /// A wallet, an account as 12/0, a person's number, or the name of a key
        who: String,
        /// Of which class
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        class: u32,
    },
}

impl Hold {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        let client = &desk.client;
        match self {
            Self::Place { asset, units, beneficiary, notary, until, class, price, path, from } => {
                let (key, (currency, paid)) = (desk.key(from)?, price.told()?.unzip());
                let code =
                    |currency: Currency| FixedBytes::from_slice(currency.as_str().as_bytes());
                let call = ILedger::holdOnCall {
                    asset: desk.asset(asset).await?.0,
                    class: *class,
                    account: key.address(),
                    beneficiary: desk.wallet("--for", beneficiary).await?,
                    notary: decider(&desk, notary.as_deref()).await?,
                    units: *units,
                    expires: until.start().0,
                    terms: ILedger::HoldTerms {
                        path: path.clone().unwrap_or_default(),
                        currency: currency.map(code).unwrap_or_default(),
                        paid: paid.unwrap_or(0),
                    },
                };
                placed(client.send(&key, client.draft(Module::Ledger, &call)).await?, output);
                Ok(())
            }
            Self::Pledge {
                asset,
                units,
                beneficiary,
                notary,
                until,
                recourse,
                class,
                path,
                from,
            } => {
                let call = ILedger::pledgeOnCall {
                    asset: desk.asset(asset).await?.0,
                    class: *class,
                    beneficiary: desk.wallet("--to", beneficiary).await?,
                    notary: decider(&desk, notary.as_deref()).await?,
                    units: *units,
                    expires: until.start().0,
                    recourse: *recourse,
                    path: path.clone().unwrap_or_default(),
                };
                placed(desk.send(from, client.draft(Module::Ledger, &call)).await?, output);
                Ok(())
            }
            Self::Release { hold, from } => {
                let call = ILedger::releaseHoldCall { number: *hold };
                desk.act(from, client.draft(Module::Ledger, &call)).await
            }
            Self::Execute { hold, units, from } => {
                let units = match units {
                    Some(units) => *units,
                    None => all_of(&show(&desk, *hold).await?)?,
                };
                let call = ILedger::executeHoldCall { number: *hold, units };
                desk.act(from, client.draft(Module::Ledger, &call)).await
            }
            Self::Show { hold } => {
                let told = show(&desk, *hold).await?;
                output.result(&told, || facts(NAMES.iter().copied().zip(words(&told))));
                Ok(())
            }
            Self::List { asset, who, class } => {
                let who = desk.party("WHO", who)?.to_json();
                let params =
                    json!({ "asset": desk.asset(asset).await?, "who": who, "class": class });
                let told: Value = client.rpc().call("scrip_getHolds", params).await?;
                let holds = told["holds"].as_array().cloned().unwrap_or_default();
                output.result(&holds, || match holds.is_empty() {
                    true => "nothing is held".into(),
                    false => table(&NAMES, holds.iter().map(|hold| words(hold).to_vec())),
                });
                Ok(())
            }
        }
    }
}

/// The person who decides; 0 for the beneficiary.
async fn decider(desk: &Desk<'_>, notary: Option<&str>) -> Result<u64, Failure> {
    match notary {
        Some(who) => Ok(desk.person("--notary", who).await?.0),
        None => Ok(0),
    }
}

fn placed(receipt: Receipt, output: &Output) {
    let hold = receipt.events::<ILedger::Held>().next().map(|held| held.hold);
    output.result(&json!({ "hold": hold, "receipt": receipt }), || {
        let number = hold.map_or_else(String::new, |hold| format!("hold {hold}, "));
        number + &said(&receipt)
    });
}

async fn show(desk: &Desk<'_>, hold: u64) -> Result<Value, Failure> {
    Ok(desk.client.rpc().call("scrip_getHold", json!({ "hold": hold })).await?)
}

fn all_of(hold: &Value) -> Result<u128, Failure> {
    let units = hold["units"].as_str().and_then(|units| units.parse().ok());
    units.ok_or_else(|| Failure::input("--units", "the node does not tell them; name how many"))
}

const NAMES: [&str; 10] =
    ["hold", "asset", "owner", "beneficiary", "notary", "units", "until", "pledge", "path", "paid"];

fn words(hold: &Value) -> [String; 10] {
    let account = |name: &str| {
        let account = &hold[name];
        format!("{}/{}", text(&account["person"]), text(&account["number"]))
    };
    let notary = match &hold["notary"] {
        Value::Null => "the beneficiary".to_owned(),
        person => format!("person {}", text(person)),
    };
    let until = hold["expires"].as_u64().map(|ms| Time(ms).to_string()).unwrap_or_default();
    let (number, asset, units) = (text(&hold["hold"]), text(&hold["asset"]), text(&hold["units"]));
    let pledge = match hold["pledge"]["recourse"].as_bool() {
        None => "no",
        Some(true) => "with recourse",
        Some(false) => "without recourse",
    };
    let (owner, beneficiary) = (account("account"), account("beneficiary"));
    let path = hold["path"].as_str().unwrap_or("the first").to_owned();
    let price = &hold["price"];
    let paid = match price.is_null() {
        true => "not told".to_owned(),
        false => {
            format!("{} minor units of {}", text(&price["paid"]), text(&price["currency"]))
        }
    };
    [number, asset, owner, beneficiary, notary, units, until, pledge.to_owned(), path, paid]
}

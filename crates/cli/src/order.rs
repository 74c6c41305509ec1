//! `scrip order`: what an officer does to an asset on the order of a court, a supervisor or the issuer, and what
//! the holder has to say to it.

use crate::{
    access::Access,
    desk::{Desk, OrderGiven},
    failure::Failure,
    output::{Output, facts, table},
    view::{said, text},
};
use alloy_primitives::{Address, B256};
use clap::Subcommand;
use client::abi::ILedger;
use serde_json::{Value, json};
use types::{Date, Module, Time};

/// Official acts by order: freeze, announce, contest, move, end and reissue units.
#[derive(Subcommand)]
pub(crate) enum Order {
    /// Stop a person from sending and receiving an asset, or lift what this order stopped
    FreezePerson {
        /// An asset's number, token address or ISIN
        asset: String,
        /// Whom: a wallet, a person's number, or the name of a key
        who: String,
        /// Lift what an order of this authority and reference stopped
        #[arg(long)]
        lift: bool,
        #[command(flatten)]
        act: Act,
    },
    /// Set how many units of a holding this order freezes; 0 lifts it
    FreezeUnits {
        /// An asset's number, token address or ISIN
        asset: String,
        /// Whose: a wallet, an account as 12/0, a person's number, or the name of a key
        who: String,
        /// How many units are frozen from now on
        units: u128,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        act: Act,
    },
    /// Stop all movements of a class, or let them go on
    FreezeClass {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The class's number
        class: u32,
        /// Let it go on
        #[arg(long)]
        lift: bool,
        /// The key of who has the power `freeze`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Announce that units will be moved to another, or ended, and freeze them: the holder may contest it
    Announce {
        /// An asset's number, token address or ISIN
        asset: String,
        /// How many
        units: u128,
        /// Whose they are
        #[arg(long, value_name = "WHO")]
        holder: String,
        /// Who gets them; without it, they end
        #[arg(long, value_name = "WHO")]
        to: Option<String>,
        /// The holder may contest it until the start of this day; without it, not at all
        #[arg(long, value_name = "DATE")]
        contest: Option<Date>,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        act: Act,
    },
    /// Contest an announced order as the holder: it waits for a decision
    Contest {
        /// The order's number
        order: u64,
        /// SHA-256 of the document that says why
        #[arg(long)]
        document: B256,
        /// The holder's key
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Decide that a contested order stands
    Confirm {
        /// The order's number
        order: u64,
        /// SHA-256 of the decision
        #[arg(long)]
        document: B256,
        /// The key of who has the power `force`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Take an announced order back and let its units go
    Withdraw {
        /// The order's number
        order: u64,
        /// SHA-256 of the document that says why
        #[arg(long, default_value_t = B256::ZERO, hide_default_value = true)]
        document: B256,
        /// The key of who has the power `force`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Carry an announced order out, once its window is over
    CarryOut {
        /// The order's number
        order: u64,
        /// The key of who has the power `force`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// One announced order
    Show {
        /// The order's number
        order: u64,
    },
    /// The announced orders that freeze what somebody has of an asset
    List {
        /// An asset's number, token address or ISIN
        asset: String,
        /// A wallet, an account as 12/0, a person's number, or the name of a key
        who: String,
        #[command(flatten)]
        place: Place,
    },
    /// Move units from a holder to another, with immediate effect
    Transfer {
        /// An asset's number, token address or ISIN
        asset: String,
        /// How many
        units: u128,
        /// Whose they are
        #[arg(long, value_name = "WHO")]
        holder: String,
        /// Who gets them
        #[arg(long, value_name = "WHO")]
        to: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        act: Act,
    },
    /// End units of a holder, with immediate effect
    Redeem {
        /// An asset's number, token address or ISIN
        asset: String,
        /// How many
        units: u128,
        /// Whose they are
        #[arg(long, value_name = "WHO")]
        holder: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        act: Act,
    },
    /// Issue again what was lost
    Reissue {
        /// An asset's number, token address or ISIN
        asset: String,
        /// How many
        units: u128,
        /// Who gets them
        #[arg(long, value_name = "WHO")]
        to: String,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        act: Act,
    },
}

/// The order, and who carries it out.
#[derive(clap::Args)]
pub(crate) struct Act {
    #[command(flatten)]
    order: OrderGiven,
    /// The key of who has the power `freeze` or `force`
    #[arg(long, value_name = "KEY")]
    from: String,
}

/// Which units are meant.
#[derive(clap::Args)]
pub(crate) struct Place {
    /// Of which class
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    class: u32,
}

impl Order {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        match self {
            Self::FreezePerson { asset, who, lift, act } => {
                let call = ILedger::freezePersonCall {
                    asset: desk.asset(asset).await?.0,
                    person: desk.person("WHO", who).await?.0,
                    frozen: !lift,
                    order: act.order.to_ledger(),
                };
                desk.act(&act.from, desk.client.draft(Module::Ledger, &call)).await
            }
            Self::FreezeUnits { asset, who, units, place, act } => {
                let call = ILedger::freezeUnitsCall {
                    asset: desk.asset(asset).await?.0,
                    class: place.class,
                    account: desk.wallet("WHO", who).await?,
                    units: *units,
                    order: act.order.to_ledger(),
                };
                desk.act(&act.from, desk.client.draft(Module::Ledger, &call)).await
            }
            Self::FreezeClass { asset, class, lift, from } => {
                let asset = desk.asset(asset).await?.0;
                let call = ILedger::freezeClassCall { asset, class: *class, frozen: !lift };
                desk.act(from, desk.client.draft(Module::Ledger, &call)).await
            }
            Self::Announce { asset, units, holder, to, contest, place, act } => {
                let to = match to {
                    Some(to) => desk.wallet("--to", to).await?,
                    None => Address::ZERO,
                };
                let call = ILedger::announceOrderCall {
                    asset: desk.asset(asset).await?.0,
                    class: place.class,
                    from: desk.wallet("--holder", holder).await?,
                    to,
                    units: *units,
                    order: act.order.to_ledger(),
                    contestUntil: contest.map_or(0, |contest| contest.start().0),
                };
                let receipt =
                    desk.send(&act.from, desk.client.draft(Module::Ledger, &call)).await?;
                let order = receipt.events::<ILedger::OrderAnnounced>().next().map(|it| it.number);
                output.result(&json!({ "order": order, "receipt": receipt }), || {
                    let number = order.map_or_else(String::new, |it| format!("order {it}, "));
                    number + &said(&receipt)
                });
                Ok(())
            }
            Self::Contest { order, document, from } => {
                let call = ILedger::contestOrderCall { number: *order, document: *document };
                desk.act(from, desk.client.draft(Module::Ledger, &call)).await
            }
            Self::Confirm { order, document, from } => {
                let call = ILedger::confirmOrderCall { number: *order, document: *document };
                desk.act(from, desk.client.draft(Module::Ledger, &call)).await
            }
            Self::Withdraw { order, document, from } => {
                let call = ILedger::withdrawOrderCall { number: *order, document: *document };
                desk.act(from, desk.client.draft(Module::Ledger, &call)).await
            }
            Self::CarryOut { order, from } => {
                let call = ILedger::carryOutOrderCall { number: *order };
                desk.act(from, desk.client.draft(Module::Ledger, &call)).await
            }
            Self::Show { order } => {
                let params = json!({ "order": order });
                let told: Value = desk.client.rpc().call("scrip_getOrder", params).await?;
                output.result(&told, || facts(NAMES.iter().copied().zip(words(&told))));
                Ok(())
            }
            Self::List { asset, who, place } => {
                let who = desk.party("WHO", who)?.to_json();
                let asset = desk.asset(asset).await?;
                let params = json!({ "asset": asset, "who": who, "class": place.class });
                let told: Value = desk.client.rpc().call("scrip_getOrders", params).await?;
                let orders = told["orders"].as_array().cloned().unwrap_or_default();
                output.result(&orders, || match orders.is_empty() {
                    true => "no order is announced".into(),
                    false => table(&NAMES, orders.iter().map(|order| words(order).to_vec())),
                });
                Ok(())
            }
            Self::Transfer { asset, units, holder, to, place, act } => {
                let call = ILedger::forceTransferCall {
                    asset: desk.asset(asset).await?.0,
                    class: place.class,
                    from: desk.wallet("--holder", holder).await?,
                    to: desk.wallet("--to", to).await?,
                    units: *units,
                    order: act.order.to_ledger(),
                };
                desk.act(&act.from, desk.client.draft(Module::Ledger, &call)).await
            }
            Self::Redeem { asset, units, holder, place, act } => {
                let call = ILedger::forceRedeemCall {
                    asset: desk.asset(asset).await?.0,
                    class: place.class,
                    from: desk.wallet("--holder", holder).await?,
                    units: *units,
                    order: act.order.to_ledger(),
                };
                desk.act(&act.from, desk.client.draft(Module::Ledger, &call)).await
            }
            Self::Reissue { asset, units, to, place, act } => {
                let call = ILedger::reissueCall {
                    asset: desk.asset(asset).await?.0,
                    class: place.class,
                    to: desk.wallet("--to", to).await?,
                    units: *units,
                    order: act.order.to_ledger(),
                };
                desk.act(&act.from, desk.client.draft(Module::Ledger, &call)).await
            }
        }
    }
}

const NAMES: [&str; 8] =
    ["order", "asset", "holder", "to", "units", "by", "contest until", "stage"];

fn words(order: &Value) -> [String; 8] {
    let account = |name: &str| match &order[name] {
        Value::Null => "nobody: they end".to_owned(),
        account => format!("{}/{}", text(&account["person"]), text(&account["number"])),
    };
    let until = order["contest_until"].as_u64().filter(|ms| *ms > 0);
    let until = until.map_or_else(|| "at no time".to_owned(), |ms| Time(ms).to_string());
    let given = &order["order"];
    let by = format!("{}, {}", text(&given["authority"]), text(&given["reference"]));
    let stage = match (text(&order["stage"]).as_str(), order["is_due"].as_bool()) {
        (stage, Some(true)) => format!("{stage}, may be carried out"),
        (stage, _) => stage.replace('_', " "),
    };
    let (number, asset, units) =
        (text(&order["number"]), text(&order["asset"]), text(&order["units"]));
    [number, asset, account("from"), account("to"), units, by, until, stage]
}

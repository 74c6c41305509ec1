//! `scrip order`: what an officer does to an asset on the order of a court, a supervisor or the issuer, and what
//! the holder has to say to it.

use crate::{
    access::Access,
    desk::{Desk, OrderGiven, OrderNamed},
    failure::Failure,
    output::{Output, facts, table},
    view::{said, text},
};
use alloy_primitives::{Address, B256};
use clap::Subcommand;
use client::{
    Client, Draft,
    abi::{IIdentity, ILedger},
};
use serde_json::{Value, json};
use std::str::FromStr;
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
    /// Contest an order as whom it binds: an announced one waits for a decision; what freezes or suspends stands until
    /// it is lifted
    Contest {
        #[command(flatten)]
        order: Contested,
        /// SHA-256 of the document that says why
        #[arg(long)]
        document: B256,
        /// The key of whom it binds
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Decide that a contested order stands
    Confirm {
        #[command(flatten)]
        order: Contested,
        /// SHA-256 of the decision
        #[arg(long)]
        document: B256,
        /// The key of who has the power `force`, of what freezes `freeze`, of what suspends `orders`
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
    /// The orders that freeze what somebody has of an asset, or the person for it
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
        act: ActAtOnce,
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
        act: ActAtOnce,
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
        act: ActAtOnce,
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

/// The order, and who carries it out, once and for all.
#[derive(clap::Args)]
pub(crate) struct ActAtOnce {
    #[command(flatten)]
    order: OrderNamed,
    /// The key of who has the power `force`
    #[arg(long, value_name = "KEY")]
    from: String,
}

/// An order that may be contested, and whom or what it binds.
#[derive(clap::Args)]
pub(crate) struct Contested {
    /// The number of an announced order, or the key of one that freezes or suspends, as `order list` and `person show`
    /// tell it
    order: Named,
    /// Which asset it freezes, by number, token address or ISIN; without it, it suspends the person everywhere
    #[arg(long)]
    asset: Option<String>,
    /// It freezes units of this class, not the person
    #[arg(long, requires = "asset")]
    class: Option<u32>,
    /// Whom it binds: whoever confirms an order by its key says it; who contests one need not, it binds the key that signs
    #[arg(long, value_name = "WHO")]
    who: Option<String>,
}

/// How an order is named.
#[derive(Clone, Copy)]
enum Named {
    Number(u64),
    Key(B256),
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_key = text.starts_with("0x");
        let named = match is_key {
            true => text.parse().ok().map(Self::Key),
            false => text.parse().ok().map(Self::Number),
        };
        named.ok_or_else(|| "a number, or a key of 0x and 64 digits, is needed".into())
    }
}

/// An order, and what it binds.
enum Bound {
    /// What it will take, by its number.
    Announced(u64),
    Person {
        asset: u64,
        person: u64,
        order: B256,
    },
    Units {
        asset: u64,
        class: u32,
        account: Address,
        order: B256,
    },
    Everywhere {
        person: u64,
        order: B256,
    },
}

impl Contested {
    /// Without `--who` it binds the key that signs, if that is who contests it.
    async fn read(&self, desk: &Desk<'_>, signs: Option<&str>) -> Result<Bound, Failure> {
        let order = match self.order {
            Named::Number(_) if self.asset.is_some() || self.who.is_some() => {
                let why = "an announced order's number says it all; leave --asset and --who out";
                return Err(Failure::input("ORDER", why));
            }
            Named::Number(number) => return Ok(Bound::Announced(number)),
            Named::Key(key) => key,
        };
        let who = self.who.as_deref().or(signs).ok_or_else(|| {
            Failure::input(
                "--who",
                "say whom the order of this key binds: `order list` and `person show` tell it",
            )
        })?;
        let Some(asset) = &self.asset else {
            let person = desk.person("--who", who).await?.0;
            return Ok(Bound::Everywhere { person, order });
        };
        let asset = desk.asset(asset).await?.0;
        Ok(match self.class {
            Some(class) => {
                let account = desk.wallet("--who", who).await?;
                Bound::Units { asset, class, account, order }
            }
            None => {
                let person = desk.person("--who", who).await?.0;
                Bound::Person { asset, person, order }
            }
        })
    }
}

impl Bound {
    /// The call that contests the order.
    fn contest(self, client: &Client, document: B256) -> Draft {
        let (ledger, identity) = (Module::Ledger, Module::Identity);
        match self {
            Self::Announced(number) => {
                client.draft(ledger, &ILedger::contestOrderCall { number, document })
            }
            Self::Person { asset, person, order } => {
                let call = ILedger::contestPersonFreezeCall { asset, person, order, document };
                client.draft(ledger, &call)
            }
            Self::Units { asset, class, account, order } => {
                let call =
                    ILedger::contestUnitsFreezeCall { asset, class, account, order, document };
                client.draft(ledger, &call)
            }
            Self::Everywhere { person, order } => {
                let call = IIdentity::contestSuspensionCall { person, order, document };
                client.draft(identity, &call)
            }
        }
    }

    /// The call that decides that it stands.
    fn confirm(self, client: &Client, document: B256) -> Draft {
        let (ledger, identity) = (Module::Ledger, Module::Identity);
        match self {
            Self::Announced(number) => {
                client.draft(ledger, &ILedger::confirmOrderCall { number, document })
            }
            Self::Person { asset, person, order } => {
                let call = ILedger::confirmPersonFreezeCall { asset, person, order, document };
                client.draft(ledger, &call)
            }
            Self::Units { asset, class, account, order } => {
                let call =
                    ILedger::confirmUnitsFreezeCall { asset, class, account, order, document };
                client.draft(ledger, &call)
            }
            Self::Everywhere { person, order } => {
                let call = IIdentity::confirmSuspensionCall { person, order, document };
                client.draft(identity, &call)
            }
        }
    }
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
                let bound = order.read(&desk, Some(from)).await?;
                desk.act(from, bound.contest(&desk.client, *document)).await
            }
            Self::Confirm { order, document, from } => {
                let bound = order.read(&desk, None).await?;
                desk.act(from, bound.confirm(&desk.client, *document)).await
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
                output.result(&told, || listed(&told));
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

/// Announced orders, and what agents' orders freeze, with the keys by which they are contested.
fn listed(told: &Value) -> String {
    let all = |name: &str| told[name].as_array().cloned().unwrap_or_default();
    let (orders, units, persons) = (all("orders"), all("freezes"), all("frozen"));
    if orders.is_empty() && units.is_empty() && persons.is_empty() {
        return "no order freezes anything".into();
    }
    let mut words = String::new();
    if !orders.is_empty() {
        let names: Vec<_> = NAMES.into_iter().chain(["announced by", "since"]).collect();
        let rows = orders.iter().map(|order| {
            let (by, since) = halted(order);
            [&self::words(order)[..], &[by, since]].concat()
        });
        words += &table(&names, rows);
    }
    let units = units.iter().map(|freeze| {
        let frozen = format!("{} units", text(&freeze["units"]));
        let (by, since) = halted(freeze);
        let until = until(&freeze["until"]);
        [text(&freeze["under"]), frozen, by, since, until, contest(&freeze["by"]["agent"])]
    });
    let persons = persons.iter().map(|binding| {
        let order = &binding["order"];
        let (hand, since) = halted(binding);
        let frozen = format!("the person, by {}", by(order));
        let until = until(&order["expires"]);
        [text(&binding["key"]), frozen, hand, since, until, contest(&binding["contest"])]
    });
    let freezes: Vec<_> = units.chain(persons).map(|it| it.to_vec()).collect();
    if !freezes.is_empty() {
        words +=
            &table(&["key", "freezes", "carried out by", "since", "until", "contest"], freezes);
    }
    words
}

/// Whose wallet stopped something, and since when it is stopped.
fn halted(told: &Value) -> (String, String) {
    let Value::Object(halt) = &told["halt"] else { return Default::default() };
    let since = halt["since"].as_u64().map(Time);
    (text(&halt["by"]), since.map(|since| since.to_string()).unwrap_or_default())
}

fn by(order: &Value) -> String {
    format!("{}, {}", text(&order["authority"]), text(&order["reference"]))
}

fn until(end: &Value) -> String {
    let ends = end.as_u64().map(Time).filter(|end| *end != Time::NEVER);
    ends.map_or_else(|| "it is lifted".into(), |end| end.to_string())
}

/// How far whom an order binds has come with contesting it.
pub(crate) fn contest(contest: &Value) -> String {
    match (contest["document"].is_null(), contest["decision"].is_null()) {
        (true, _) => "none",
        (false, true) => "waits for a decision",
        (false, false) => "confirmed",
    }
    .into()
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
    let by = by(&order["order"]);
    let stage = match (text(&order["stage"]).as_str(), order["is_due"].as_bool()) {
        (stage, Some(true)) => format!("{stage}, may be carried out"),
        (stage, _) => stage.replace('_', " "),
    };
    let (number, asset, units) =
        (text(&order["number"]), text(&order["asset"]), text(&order["units"]));
    [number, asset, account("from"), account("to"), units, by, until, stage]
}

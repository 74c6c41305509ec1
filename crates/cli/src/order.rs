//! `scrip order`: what an officer does to an asset on the order of a court, a supervisor or the issuer.

use crate::{
    access::Access,
    desk::{Desk, OrderGiven},
    failure::Failure,
    output::Output,
};
use clap::Subcommand;
use client::abi::ILedger;
use types::Module;

/// Official acts by order: freeze, move, end and reissue units.
#[derive(Subcommand)]
pub(crate) enum Order {
    /// Stop a person from sending and receiving an asset, or let it
    FreezePerson {
        /// An asset's number, token address or ISIN
        asset: String,
        /// Whom: a wallet, a person's number, or the name of a key
        who: String,
        /// Let the person go on
        #[arg(long)]
        lift: bool,
        #[command(flatten)]
        act: Act,
    },
    /// Set how many units of a holding are frozen; 0 lifts it
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
    /// Move units from a holder to another
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
    /// End units of a holder
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

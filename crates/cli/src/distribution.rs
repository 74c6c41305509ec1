//! `scrip distribute`: paying many at once, of whom some may not be paid now.

use crate::{
    access::Access,
    desk::Desk,
    failure::Failure,
    issuance::{Row, read_rows},
    output::{Output, grouped, table},
    view::said,
};
use alloy_primitives::Address;
use client::abi::ILedger;
use serde::Serialize;
use serde_json::json;
use std::{collections::BTreeSet, path::PathBuf};
use types::{Date, Module};

/// Pay many at once from a table.
#[derive(clap::Args)]
pub(crate) struct Distribute {
    /// An asset's number, token address or ISIN
    asset: String,
    /// The table; its columns are reference, wallet and units
    table: PathBuf,
    /// Until the start of this day who may not take its units now may take them later; then their owner may take them back
    #[arg(long, value_name = "DATE")]
    until: Date,
    /// Of which class
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    class: u32,
    /// The key of who pays
    #[arg(long, value_name = "KEY")]
    from: String,
}

/// What is held for one who could not be paid.
#[derive(Serialize)]
struct Aside {
    /// The hold's number.
    hold: u64,
    wallet: Address,
    /// How many.
    units: String,
    /// The rows that these are of.
    references: Vec<String>,
}

impl Distribute {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let rows = read_rows(&self.table)?;
        let desk = Desk::open(access, output).await?;
        let leg = |row: &Row| ILedger::Leg { to: row.wallet, units: row.units };
        let call = ILedger::distributeCall {
            asset: desk.asset(&self.asset).await?.0,
            class: self.class,
            legs: rows.iter().map(leg).collect(),
            expires: self.until.start().0,
        };
        let receipt = desk.send(&self.from, desk.client.draft(Module::Ledger, &call)).await?;
        let aside = |held: ILedger::Held| Aside {
            hold: held.hold,
            wallet: held.beneficiary,
            units: held.units.to_string(),
            references: references(&rows, held.beneficiary),
        };
        let held: Vec<Aside> = receipt.events().map(aside).collect();
        let wallets: BTreeSet<_> = rows.iter().map(|row| row.wallet).collect();
        let paid = wallets.len() - held.len();
        output.result(&json!({ "paid": paid, "held": held, "receipt": receipt }), || {
            let counts = [paid, held.len()].map(|wallets| grouped(wallets as u128));
            let [paid, aside] = counts;
            let mut words = format!("{paid} wallets paid, for {aside} their units are held\n");
            if !held.is_empty() {
                words += &table(&["hold", "wallet", "units", "rows"], held.iter().map(Aside::row));
            }
            words + &said(&receipt)
        });
        Ok(())
    }
}

impl Aside {
    fn row(&self) -> Vec<String> {
        let Self { hold, wallet, units, references } = self;
        vec![hold.to_string(), format!("{wallet:#x}"), units.clone(), references.join(", ")]
    }
}

fn references(rows: &[Row], wallet: Address) -> Vec<String> {
    let own = rows.iter().filter(|row| row.wallet == wallet);
    own.map(|row| row.reference.clone()).collect()
}

//! Where an act is prepared: who is meant, whose key signs, what came of it.

use crate::{
    access::Access,
    failure::Failure,
    output::Output,
    party::{self, Party},
    view::said,
};
use alloy_primitives::{Address, B256};
use client::{
    Client, Draft, Receipt,
    abi::{IIdentity, ILedger},
};
use serde_json::{Value, json};
use types::{AccountId, AssetId, Date, PersonId, Time};

/// A chain to act on.
pub(crate) struct Desk<'a> {
    pub(crate) client: Client,
    access: &'a Access,
    pub(crate) output: &'a Output,
}

impl<'a> Desk<'a> {
    pub(crate) async fn open(access: &'a Access, output: &'a Output) -> Result<Self, Failure> {
        Ok(Self { client: access.client().await?, access, output })
    }

    pub(crate) fn party(&self, field: &str, text: &str) -> Result<Party, Failure> {
        Party::read(field, text, self.access, &self.client)
    }

    pub(crate) async fn wallet(&self, field: &str, text: &str) -> Result<Address, Failure> {
        self.party(field, text)?.wallet(field, &self.client).await
    }

    pub(crate) async fn person(&self, field: &str, text: &str) -> Result<PersonId, Failure> {
        self.party(field, text)?.person(field, &self.client).await
    }

    pub(crate) async fn account(&self, field: &str, text: &str) -> Result<AccountId, Failure> {
        self.party(field, text)?.account(field, &self.client).await
    }

    pub(crate) async fn asset(&self, text: &str) -> Result<AssetId, Failure> {
        party::asset(text, &self.client).await
    }

    /// The key that signs.
    pub(crate) fn key(&self, name: &str) -> Result<client::Wallet, Failure> {
        self.access.wallet(&self.client, name)
    }

    /// What the chain knows of an asset.
    pub(crate) async fn known(&self, asset: AssetId) -> Result<Value, Failure> {
        let params = json!({ "asset": asset });
        Ok(self.client.rpc().call("scrip_getAsset", params).await?)
    }

    /// The time of the newest block; what is said without a date is said as of it.
    pub(crate) async fn now(&self) -> Result<Time, Failure> {
        let status: Value = self.client.rpc().call("scrip_nodeStatus", json!([])).await?;
        let time = status["last_block_time"].as_u64().map(Time);
        time.ok_or_else(|| Failure::input("--since", "the chain has no block yet; give a day"))
    }

    /// The start of a day, or now without one.
    pub(crate) async fn since(&self, day: Option<Date>) -> Result<Time, Failure> {
        match day {
            Some(day) => Ok(day.start()),
            None => self.now().await,
        }
    }

    /// Signs, sends and waits until it is final.
    pub(crate) async fn send(&self, from: &str, draft: Draft) -> Result<Receipt, Failure> {
        Ok(self.client.send(&self.key(from)?, draft).await?)
    }

    /// The same, and tells the receipt.
    pub(crate) async fn act(&self, from: &str, draft: Draft) -> Result<(), Failure> {
        let receipt = self.send(from, draft).await?;
        self.output.result(&receipt, || said(&receipt));
        Ok(())
    }

    /// The same of a change of rules, after what its report found.
    pub(crate) async fn change(
        &self,
        from: &str,
        draft: Draft,
        (report, words): (B256, String),
    ) -> Result<(), Failure> {
        let receipt = self.send(from, draft).await?;
        self.output
            .result(&json!({ "report": report, "receipt": receipt }), || words + &said(&receipt));
        Ok(())
    }
}

/// The order that an official act carries out: whoever acts by it names it.
#[derive(clap::Args)]
pub(crate) struct OrderNamed {
    /// Who gave the order
    #[arg(long)]
    pub(crate) authority: String,
    /// Its reference there
    #[arg(long)]
    pub(crate) reference: String,
    /// SHA-256 of the document
    #[arg(long)]
    pub(crate) document: B256,
}

/// An order that stands for a time.
#[derive(clap::Args)]
pub(crate) struct OrderGiven {
    #[command(flatten)]
    named: OrderNamed,
    /// The order stands until the start of this day (UTC); without it, until it is lifted
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
}

impl OrderNamed {
    pub(crate) fn to_ledger(&self) -> ILedger::Order {
        ILedger::Order {
            authority: self.authority.clone(),
            r#ref: self.reference.clone(),
            document: self.document,
            expires: 0,
        }
    }

    pub(crate) fn to_identity(&self) -> IIdentity::Order {
        let ILedger::Order { authority, r#ref, document, expires } = self.to_ledger();
        IIdentity::Order { authority, r#ref, document, expires }
    }
}

impl OrderGiven {
    fn expires(&self) -> u64 {
        self.until.map_or(0, |until| until.start().0)
    }

    pub(crate) fn to_ledger(&self) -> ILedger::Order {
        ILedger::Order { expires: self.expires(), ..self.named.to_ledger() }
    }

    pub(crate) fn to_identity(&self) -> IIdentity::Order {
        IIdentity::Order { expires: self.expires(), ..self.named.to_identity() }
    }
}

//! `scrip offer`: one offer of an asset after the other, where its rules count by offer, and who is approached.

use crate::{
    access::Access,
    desk::Desk,
    failure::Failure,
    output::{Output, facts},
};
use clap::Subcommand;
use client::abi::ICompliance;
use serde_json::json;
use types::{Module, Time};

/// Offers of an asset, one after the other: open, approach, close, show.
#[derive(Subcommand)]
pub(crate) enum Offer {
    /// Open the next offer: what rules count by offer begins anew
    Open {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The key of who has the power `rules`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Enter persons into the register of those who were approached, if they may be: all or none
    Approach {
        /// An asset's number, token address or ISIN
        asset: String,
        /// Whom: wallets, persons' numbers, or names of keys
        #[arg(required = true)]
        who: Vec<String>,
        /// The key of who has the power `rules`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Close the offer that is open
    Close {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The key of who has the power `rules`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// The latest offer
    Show {
        /// An asset's number, token address or ISIN
        asset: String,
    },
}

impl Offer {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let desk = Desk::open(access, output).await?;
        let compliance = Module::Compliance;
        match self {
            Self::Open { asset, from } => {
                let asset = desk.asset(asset).await?.0;
                let call = ICompliance::openOfferCall { asset };
                desk.act(from, desk.client.draft(compliance, &call)).await
            }
            Self::Approach { asset, who, from } => {
                let asset = desk.asset(asset).await?.0;
                let mut persons = Vec::new();
                for who in who {
                    persons.push(desk.person("WHO", who).await?.0);
                }
                let call = ICompliance::approachCall { asset, persons };
                desk.act(from, desk.client.draft(compliance, &call)).await
            }
            Self::Close { asset, from } => {
                let asset = desk.asset(asset).await?.0;
                let call = ICompliance::closeOfferCall { asset };
                desk.act(from, desk.client.draft(compliance, &call)).await
            }
            Self::Show { asset } => {
                let asset = desk.asset(asset).await?.0;
                let call = ICompliance::offerOfCall { asset };
                let told = desk.client.ask(desk.client.service(compliance), &call).await?;
                let ICompliance::offerOfReturn { offer, opened, closed } = told;
                let closed = (closed != 0).then_some(closed);
                let known = (offer != 0)
                    .then(|| json!({ "offer": offer, "opened": opened, "closed": closed }));
                output.result(&json!(known), || match known {
                    None => "there never was an offer".into(),
                    Some(_) => facts([
                        ("offer", offer.to_string()),
                        ("opened", Time(opened).to_string()),
                        ("closed", closed.map_or_else(|| "no".into(), |at| Time(at).to_string())),
                    ]),
                });
                Ok(())
            }
        }
    }
}

//! `scrip offer`: one offer of an asset after the other, where its rules count by offer, who is approached, and whether the
//! money that was paid may be used or had back.

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

/// Offers of an asset, one after the other: open, approach, close, show; and the money paid in them: may it be used, or had back?
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
    /// May the issuer use what was paid for units issued under a profile? Only asks
    MayRelease {
        /// An asset's number, token address or ISIN
        asset: String,
        /// A profile that it adopted: IN-S42
        profile: String,
    },
    /// May somebody have back what it paid for units issued under a profile? Only asks
    MayWithdraw {
        /// An asset's number, token address or ISIN
        asset: String,
        /// A profile that it adopted: MY-ECF
        profile: String,
        /// Who: a wallet, a person's number, or the name of a key
        who: String,
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
            Self::MayRelease { asset, profile } => {
                let (asset, profile) = (desk.asset(asset).await?.0, profile.clone());
                let call = ICompliance::canReleaseCall { asset, profile };
                told(desk.client.ask(desk.client.service(compliance), &call).await?, output)
            }
            Self::MayWithdraw { asset, profile, who } => {
                let (asset, profile) = (desk.asset(asset).await?.0, profile.clone());
                let person = desk.person("WHO", who).await?.0;
                let call = ICompliance::canWithdrawCall { asset, profile, person };
                told(desk.client.ask(desk.client.service(compliance), &call).await?, output)
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

/// What a profile has of money that was paid under it; where it may not be, that is the error.
fn told(verdict: ICompliance::Verdict, output: &Output) -> Result<(), Failure> {
    let ICompliance::Verdict { allowed, code, reasons, earliestOk, paths, .. } = verdict;
    let earliest = (earliestOk != 0).then_some(earliestOk);
    if allowed || output.is_json() {
        let (code, reasons) = ((!allowed).then_some(code), (!allowed).then_some(&reasons));
        let answer = json!({
            "allowed": allowed,
            "code": code,
            "reasons": reasons,
            "earliest_ok": earliest,
            "paths": paths,
        });
        output.result(&answer, || "It may.\n".into());
    }
    if allowed {
        return Ok(());
    }
    let when = match earliest {
        Some(when) => format!("It would pass from {} on, all else being the same.", Time(when)),
        None => "Waiting alone would not help.".into(),
    };
    Err(Failure::NotAllowed(format!("It may not: {reasons}.\n{when}")))
}

//! Apps under trust: `IApps`, which the trust service answers.

use super::{Answer, Request, change, undecodable, view};
use crate::{
    abi::{self, IApps},
    accounts,
    failure::Failure,
    native::Native,
};
use ::trust::{Call, Listed, Role, Standing, Version, app};
use alloy_sol_types::{SolInterface as _, SolValue};
use state::Context;
use types::{AssetId, PersonId, Time, ensure};

/// Answers a call of the interface; `None` if it is not one of its functions.
pub(super) fn apps(ctx: &Context<'_>, input: &[u8]) -> Option<Result<Request, Failure>> {
    let selector = *input.first_chunk::<4>()?;
    IApps::IAppsCalls::valid_selector(selector).then(|| answer(ctx, input))
}

fn answer(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
    use IApps::IAppsCalls as F;
    let call = match abi::decode(input).map_err(|error| undecodable(input, error))? {
        F::setRole(f) => Call::SetRole {
            role: role(f.role)?,
            person: PersonId(f.person),
            standing: standing(f.standing)?,
        },
        F::publishApp(f) => {
            let call = Call::Publish { app: None, version: version(ctx, f.version)? };
            return Ok(Request::change(Native::Trust(call), Answer::Number));
        }
        F::publishVersion(f) => {
            Call::Publish { app: Some(f.app), version: version(ctx, f.version)? }
        }
        F::setAppStanding(f) => {
            Call::SetAppStanding { app: f.app, standing: standing(f.standing)? }
        }
        F::attestCode(f) => Call::AttestCode {
            code: f.code,
            report: f.report,
            uri: f.uri,
            expires: Time(f.expires),
        },
        F::withdrawAttestation(f) => Call::WithdrawAttestation { code: f.code },
        F::demandAttestation(f) => {
            let asset = AssetId(f.asset);
            ledger::asset(ctx, asset)?;
            Call::DemandAttestation { asset, demanded: f.demanded }
        }
        F::appOf(f) => {
            return view(trust::CONTRACTS.read(ctx, &f.at).map_or(0, |listed| listed.app));
        }
        F::appInfo(f) => {
            let unknown = trust::Refusal::UnknownApp(f.app);
            let app = trust::APPS.read(ctx, &f.app).ok_or(unknown)?;
            let (developer, standing) = (app.developer.0, app.standing as u16);
            let asks = (app.powers, app.operations);
            let info = (developer, app.version, standing, app.manifest, asks.0, asks.1);
            return Ok(Request::View(info.abi_encode_params()));
        }
        F::mayAct(f) => {
            let code = accounts::settled_code(ctx, &f.at);
            let checked = app::check_contract(ctx, &f.at, code).and_then(|()| match f.attested {
                true => app::check_attested(ctx, &f.at),
                false => Ok(()),
            });
            let why = checked.as_ref().err().map(ToString::to_string).unwrap_or_default();
            return Ok(Request::View((checked.is_ok(), why).abi_encode_params()));
        }
        F::isDemanded(f) => return view(trust::DEMANDS.has(ctx, &AssetId(f.asset))),
    };
    change(Native::Trust(call))
}

/// A version whose contracts have the code that it says they have, and who created each.
fn version(ctx: &Context<'_>, given: IApps::Version) -> Result<Version, Failure> {
    let IApps::Version { name, uri, manifest, contracts, powers, operations } = given;
    let mut listed = Vec::with_capacity(contracts.len());
    for IApps::Listed { at: contract, code } in contracts {
        let found = accounts::settled_code(ctx, &contract);
        let other = trust::Refusal::OtherCode { contract, found: found.unwrap_or_default() };
        ensure(found == Some(code), other)?;
        let creator = accounts::CREATORS.get(ctx, &contract);
        let owner = creator.and_then(|wallet| identity::WALLETS.read(ctx, &wallet));
        listed.push(Listed { contract, code, creator: owner.map(|wallet| wallet.account.person) });
    }
    Ok(Version { name, uri, manifest, contracts: listed, powers, operations })
}

fn role(number: u8) -> Result<Role, Failure> {
    match number {
        0 => Ok(Role::Developer),
        1 => Ok(Role::Auditor),
        other => Err(Failure::door(7, 0x20, format!("role: {other} is neither 0 nor 1"))),
    }
}

fn standing(number: u8) -> Result<Standing, Failure> {
    match number {
        0 => Ok(Standing::Active),
        1 => Ok(Standing::Suspended),
        2 => Ok(Standing::Ended),
        other => Err(Failure::door(7, 0x20, format!("standing: {other} is none of 0 to 2"))),
    }
}

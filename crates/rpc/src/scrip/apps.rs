//! Apps: who publishes them, what their code is now, who attests it, and what somebody lets them do.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    scrip::{naming::Who, page, people::tell_grant},
    wire::{Answer, json},
};
use evm::Caller;
use identity::operation::{HOLD, TRANSFER};
use serde_json::{Value, json as value};
use state::Context;
use std::str::FromStr;
use trust::{
    APPS, ATTESTATIONS, CONTRACTS, GrantKey, Grantee, LOAN_COUNT, LOANS, Loan, NEXT_APP, ROLES,
    Role, app,
};
use types::{AccountId, Address, Units};

/// `scrip_getApps`, by number.
pub(crate) fn apps(door: &Door, args: &Args<'_>) -> Answer {
    let first = args.optional::<u64>(0)?.unwrap_or(0).saturating_add(1);
    let limit = page(args.optional(1)?)?;
    let (block, (apps, next)) = door.read(None, |ctx| {
        let end = NEXT_APP.get(ctx, &()).unwrap_or(1);
        let last = first.saturating_add(limit as u64).min(end);
        let apps: Vec<_> = (first..last).filter_map(|number| tell(ctx, number)).collect();
        (apps, (last < end && first < last).then(|| last - 1))
    })?;
    json(&value!({ "apps": apps, "next": next, "block": block }))
}

/// `scrip_getApp`, by its number or by one of its contracts.
pub(crate) fn app(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let (block, told) = door.read(None, |ctx| {
        let number = read_app(ctx, &named)?;
        let missing = || Fault::not_found(format!("app: there is no app {number}"));
        let mut told = tell(ctx, number).ok_or_else(missing)?;
        let app = APPS.read(ctx, &number).ok_or_else(missing)?;
        let contracts = app.contracts.iter();
        let contracts: Vec<_> =
            contracts.map(|contract| tell_contract(ctx, contract, app)).collect();
        told["contracts"] = value!(contracts);
        Ok::<_, Fault>(told)
    })?;
    let mut told = told?;
    told["block"] = value!(block);
    json(&told)
}

fn read_app(ctx: &Context<'_>, named: &Value) -> Result<u64, Fault> {
    let bad = || Fault::param("app", "name it by number 1, or by a contract of it \"0x..\"");
    match named {
        Value::Number(number) => number.as_u64().ok_or_else(bad),
        Value::String(text) if text.starts_with("0x") => {
            let contract = Address::from_str(text).map_err(|_| bad())?;
            let listed = CONTRACTS.get(ctx, &contract);
            listed.map(|listed| listed.app).ok_or_else(|| {
                Fault::not_found(format!("app: {contract} is no contract of a published app"))
            })
        }
        Value::String(text) => text.parse().map_err(|_| bad()),
        _ => Err(bad()),
    }
}

/// An app's own fields, its number, and how its developer stands.
fn tell(ctx: &Context<'_>, number: u64) -> Option<Value> {
    let app = APPS.read(ctx, &number)?;
    let mut told = value!(app);
    told["app"] = value!(number);
    told["developer_standing"] = value!(ROLES.get(ctx, &(Role::Developer, app.developer)));
    Some(told)
}

/// A contract: its code as published and as it is, whether it may act now, and who attests it.
fn tell_contract(ctx: &Context<'_>, contract: &Address, app: &trust::App) -> Value {
    let code = CONTRACTS.get(ctx, contract).map(|listed| listed.code);
    let found = evm::settled_code(ctx, contract);
    let stopped = app::check_contract(ctx, contract, found).err();
    let said = code.and_then(|code| ATTESTATIONS.get(ctx, &code)).unwrap_or_default();
    let said: Vec<_> = said
        .iter()
        .map(|attestation| {
            let mut told = value!(attestation);
            told["counts"] = value!(app::counts(ctx, attestation, app.developer));
            told
        })
        .collect();
    value!({
        "address": contract,
        "code": code,
        "found": found,
        "matches": code.is_some() && code == found,
        "stopped": stopped.map(|why| why.to_string()),
        "is_attested": app::check_attested(ctx, contract).is_ok(),
        "attestations": said,
    })
}

/// `scrip_getAppGrants`: what a person ever let contracts do, published or not, and what of it stands.
pub(crate) fn grants(door: &Door, args: &Args<'_>) -> Answer {
    let who = Who::read("who", &args.required(0)?)?;
    let first = args.optional::<u32>(1)?.map_or(0, |after| after.saturating_add(1));
    let limit = page(args.optional(2)?)?;
    let (block, found) = door.read(None, |ctx| {
        let person = who.person(ctx, "who")?;
        let end = LOAN_COUNT.get(ctx, &person).unwrap_or(0);
        let last = first.saturating_add(limit as u32).min(end);
        let loans = (first..last).filter_map(|place| LOANS.get(ctx, &(person, place)));
        let told: Vec<_> = loans.map(|loan| tell_loan(ctx, loan)).collect();
        let next = (last < end && first < last).then(|| last - 1);
        Ok::<_, Fault>(value!({ "person": person, "grants": told, "next": next }))
    })?;
    let mut told = found?;
    told["block"] = value!(block);
    json(&told)
}

fn tell_loan(ctx: &Context<'_>, loan: Loan) -> Value {
    let (contract, mut told, refused) = match loan {
        Loan::Power(key) => tell_power(ctx, key),
        Loan::Account(account, contract) => tell_delegation(ctx, account, contract),
    };
    told["contract"] = value!(contract);
    told["app"] = value!(CONTRACTS.get(ctx, &contract).map(|listed| listed.app));
    told["stands"] = value!(refused.is_none());
    told["why"] = value!(refused);
    told
}

fn tell_power(ctx: &Context<'_>, key: GrantKey) -> (Address, Value, Option<String>) {
    let GrantKey { grantee, power, scope } = key;
    let contract = match grantee {
        Grantee::App(contract) => contract,
        Grantee::Person(_) => Address::ZERO,
    };
    let by = Caller::at(ctx, contract).spender();
    let refused = match ledger::may_use(ctx, by, power, scope, power.least()) {
        Ok(used) if used == grantee => None,
        Ok(_) => Some("the contract is a person's wallet and uses what that person has".to_owned()),
        Err(why) => Some(why.to_string()),
    };
    (contract, value!({ "kind": "power", "grant": tell_grant(ctx, &key) }), refused)
}

fn tell_delegation(
    ctx: &Context<'_>,
    account: AccountId,
    contract: Address,
) -> (Address, Value, Option<String>) {
    let delegation = identity::DELEGATIONS.get(ctx, &(account, contract));
    let refused = match &delegation {
        None => Some("it was revoked".to_owned()),
        Some(delegation) => {
            let by = Caller::at(ctx, contract).spender();
            let (asset, units) = (delegation.asset, Units(1));
            let given = [TRANSFER, HOLD].map(|bit| bit & delegation.operations);
            let checks = given.into_iter().filter(|operation| *operation != 0).map(|operation| {
                let wanted = identity::Use { account, operation, asset, units };
                ledger::check_delegate(ctx, by, wanted).map_err(|why| why.to_string())
            });
            checks.reduce(Result::or).and_then(Result::err)
        }
    };
    let told = value!({ "kind": "delegation", "account": account, "delegation": delegation });
    (contract, told, refused)
}

//! What waits for somebody's word: holds, announced orders, proposals and their quorums, delegations.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    scrip::{
        answer,
        naming::{self, Who},
    },
    wire::Answer,
};
use serde_json::{Value, json as value};
use state::Context;
use trust::{Power, Scope};
use types::{Address, Binding, ClassId, Orders};

/// `scrip_getHold`
pub(crate) fn hold(door: &Door, args: &Args<'_>) -> Answer {
    let number: u64 = args.required(0)?;
    answer(door, |ctx| {
        let missing = || Fault::not_found(format!("hold: there is no hold {number} any more"));
        tell_hold(ctx, number).ok_or_else(missing)
    })
}

/// `scrip_getHolds`: those on one position.
pub(crate) fn holds(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let who = Who::read("who", &args.required(1)?)?;
    let class = ClassId(args.optional(2)?.unwrap_or(0));
    answer(door, |ctx| {
        let key = (naming::asset(ctx, &named)?, class, who.account(ctx, "who")?);
        let numbers = ledger::HOLDS_ON.get(ctx, &key).unwrap_or_default();
        let holds: Vec<_> =
            numbers.into_iter().filter_map(|number| tell_hold(ctx, number)).collect();
        Ok(value!({ "holds": holds }))
    })
}

fn tell_hold(ctx: &Context<'_>, number: u64) -> Option<Value> {
    let mut told = value!(ledger::HOLDS.get(ctx, &number)?);
    told["hold"] = value!(number);
    Some(told)
}

/// `scrip_getOrder`: an announced order, and whether it may be carried out now.
pub(crate) fn order(door: &Door, args: &Args<'_>) -> Answer {
    let number: u64 = args.required(0)?;
    answer(door, |ctx| {
        let missing = || Fault::not_found(format!("order: there is no announced order {number}"));
        tell_order(ctx, number).ok_or_else(missing)
    })
}

/// `scrip_getOrders`: those that freeze units of one position, announced ones and agents', and those that freeze the person
/// for the asset. What suspends it everywhere is told with the person.
pub(crate) fn orders(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let who = Who::read("who", &args.required(1)?)?;
    let class = ClassId(args.optional(2)?.unwrap_or(0));
    answer(door, |ctx| {
        let asset = naming::asset(ctx, &named)?;
        let account = who.account(ctx, "who")?;
        let position = ledger::position(ctx, asset, class, account);
        let standing = position.freezes(ctx.now());
        let announced = standing.clone().filter_map(|freeze| {
            let mut told = tell_order(ctx, freeze.order()?)?;
            told["halt"] = value!(freeze.halt);
            Some(told)
        });
        let orders: Vec<_> = announced.collect();
        let freezes: Vec<_> = standing.filter(|freeze| freeze.order().is_none()).collect();
        let frozen = ledger::FROZEN.read(ctx, &(asset, account.person));
        let frozen = tell_bindings(ctx, frozen);
        Ok(value!({ "orders": orders, "freezes": freezes, "frozen": frozen }))
    })
}

/// The orders that bind somebody now, each with its key, by which it is contested.
pub(crate) fn tell_bindings(ctx: &Context<'_>, orders: Option<&Orders>) -> Vec<Value> {
    let tell = |binding: &Binding| {
        let mut told = value!(binding);
        told["key"] = value!(binding.order.key());
        told
    };
    orders.into_iter().flat_map(|orders| orders.standing(ctx.now())).map(tell).collect()
}

fn tell_order(ctx: &Context<'_>, number: u64) -> Option<Value> {
    let record = ledger::ORDERS.get(ctx, &number)?;
    let mut told = value!(record);
    told["number"] = value!(number);
    told["stage"] = value!(record.stage());
    told["is_due"] = value!(record.is_due(ctx.now()));
    Some(told)
}

/// `scrip_getQuorum`: who must agree to use a power over the network, an asset or a class; null if one may
/// alone.
pub(crate) fn quorum(door: &Door, args: &Args<'_>) -> Answer {
    let power: Power = args.required(0)?;
    let asset: Option<Value> = args.optional(1)?;
    let class: Option<u32> = args.optional(2)?;
    answer(door, |ctx| {
        let scope = match (asset, class) {
            (None, None) => Scope::Network,
            (None, Some(_)) => return Err(Fault::param("class", "the network has no classes")),
            (Some(asset), None) => Scope::Asset(naming::asset(ctx, &asset)?),
            (Some(asset), Some(class)) => Scope::Class(naming::asset(ctx, &asset)?, ClassId(class)),
        };
        let quorum = trust::QUORUMS.get(ctx, &(power, scope));
        Ok(value!({ "power": power, "scope": scope, "quorum": quorum }))
    })
}

/// `scrip_getProposal`
pub(crate) fn proposal(door: &Door, args: &Args<'_>) -> Answer {
    let number: u64 = args.required(0)?;
    answer(door, |ctx| {
        let missing = || Fault::not_found(format!("proposal: there is no proposal {number}"));
        let record = trust::PROPOSALS.get(ctx, &number).ok_or_else(missing)?;
        let quorum = trust::QUORUMS.get(ctx, &(record.power, record.scope));
        let (target, data) = record.call.split_at_checked(20).unwrap_or((&[], &[]));
        let hex = alloy_primitives::hex::encode_prefixed;
        let (target, data) = (hex(target), hex(data));
        let mut told = value!(record);
        told["proposal"] = value!(number);
        told["call"] = value!({ "target": target, "data": data });
        told["needed"] = value!(quorum.map(|quorum| quorum.threshold));
        Ok(told)
    })
}

/// `scrip_getDelegation`: what a wallet may do for an account; null if nothing.
pub(crate) fn delegation(door: &Door, args: &Args<'_>) -> Answer {
    let who = Who::read("who", &args.required(0)?)?;
    let wallet: Address = args.required(1)?;
    answer(door, |ctx| {
        let account = who.account(ctx, "who")?;
        let delegation = identity::DELEGATIONS.get(ctx, &(account, wallet));
        let is_frozen =
            identity::person(ctx, account.person).is_some_and(|person| person.delegations_frozen);
        Ok(value!({ "account": account, "delegation": delegation, "is_frozen": is_frozen }))
    })
}

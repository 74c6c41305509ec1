//! Persons, what they hold, and what they may do.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    scrip::{
        naming::{self, Who},
        page,
        waiting::tell_bindings,
    },
    wire::{Answer, json},
};
use compliance::{Exemptions, Lot};
use identity::{CLAIMS, Claim, PROVIDERS};
use ledger::{Freeze, POSITION_COUNT, POSITION_INDEX};
use serde_json::{Value, json as value};
use state::Context;
use trust::{GRANTS, Scope, TANKS, TRAIL, TRAIL_LENGTH, fuel};
use types::{AccountId, AssetId, ClassId, PersonId, Reserved, U256};

/// Accounts of one person that are told; a person with more is asked by account.
const MAX_ACCOUNTS: usize = 256;

/// `scrip_getPerson`
pub(crate) fn person(door: &Door, args: &Args<'_>) -> Answer {
    let who = Who::read("who", &args.required(0)?)?;
    let (block, answer) = door.read(None, |ctx| {
        let id = who.person(ctx, "who")?;
        Ok::<_, Fault>(tell_person(ctx, id))
    })?;
    let mut answer = answer?;
    answer["block"] = value!(block);
    json(&answer)
}

fn tell_person(ctx: &Context<'_>, id: PersonId) -> Value {
    let accounts = Who::Person(id).accounts(ctx, "who").unwrap_or_default();
    let accounts: Vec<_> = accounts
        .iter()
        .take(MAX_ACCOUNTS)
        .map(|account| {
            value!({
                "account": account,
                "wallet": identity::wallet_of(ctx, account),
                "recovery": identity::RECOVERIES.get(ctx, account),
            })
        })
        .collect();
    let claims = CLAIMS.get(ctx, &id).unwrap_or_default();
    let claims: Vec<_> = claims.0.iter().map(|claim| tell_claim(ctx, claim)).collect();
    let gas = fuel::available(ctx, id);
    let mut answer = value!({
        "person": id,
        "address": Reserved::person(ctx.shard(), id),
        "is_sanctioned": identity::is_sanctioned(ctx, id),
        "is_provider": PROVIDERS.read(ctx, &id).is_some_and(|provider| provider.is_active),
        "accounts": accounts,
        "claims": claims,
        "fuel": {
            "gas": gas,
            "capacity": fuel::capacity(ctx, id),
            "wei": (U256::from(gas) * U256::from(evm::BASE_FEE)).to_string(),
            "bought": TANKS.read(ctx, &id).map_or(0, |tank| tank.bought),
            "sponsor": fuel::sponsor(ctx, id),
        },
    });
    if let Some(person) = identity::person(ctx, id) {
        answer["kind"] = value!(person.kind);
        answer["residence"] = value!(person.residence);
        answer["provider"] = value!(person.provider);
        answer["registered"] = value!(person.registered);
        answer["moved"] = value!(person.moved);
        answer["is_active"] = value!(person.is_active(ctx.now()));
        answer["suspended"] = value!(person.suspended.filter(|_| person.is_suspended(ctx.now())));
        let suspensions = identity::SUSPENSIONS.read(ctx, &id);
        answer["suspensions"] = value!(tell_bindings(ctx, suspensions));
        answer["delegations_frozen"] = value!(person.delegations_frozen);
        answer["death"] = value!(person.death);
        answer["counted_as"] = value!(person.counted_as);
        answer["other_numbers"] = value!(identity::others(ctx, id).collect::<Vec<_>>());
    }
    answer
}

fn tell_claim(ctx: &Context<'_>, claim: &Claim) -> Value {
    let mut told = value!(claim);
    told["topic_name"] = value!(compliance::topic_name(claim.topic));
    told["is_current"] = value!(claim.counts_at(ctx, ctx.now()));
    told
}

/// `scrip_getPositions`, in the order in which they came.
pub(crate) fn positions(door: &Door, args: &Args<'_>) -> Answer {
    let who = Who::read("who", &args.required(0)?)?;
    let after = args.optional::<String>(1)?.map(|after| cursor(&after)).transpose()?;
    let limit = page(args.optional(2)?)?;
    let (block, found) = door.read(None, |ctx| {
        let accounts = who.accounts(ctx, "who")?;
        let mut places = accounts.iter().flat_map(|account| {
            let count = POSITION_COUNT.get(ctx, account).unwrap_or(0);
            (0..count).map(move |place| (*account, place))
        });
        let is_next = |at: &(AccountId, u32)| after.is_none_or(|after| (at.0.number, at.1) > after);
        let mut told = Vec::new();
        let mut last = None;
        for (account, place) in places.by_ref().filter(is_next).take(limit) {
            last = Some(format!("{}:{place}", account.number));
            told.extend(tell_position(ctx, account, place));
        }
        let next = places.next().and(last);
        Ok::<_, Fault>((told, next))
    })?;
    let (positions, next) = found?;
    json(&value!({ "positions": positions, "next": next, "block": block }))
}

fn cursor(after: &str) -> Result<(u16, u32), Fault> {
    let parts = after
        .split_once(':')
        .and_then(|(account, place)| Some((account.parse().ok()?, place.parse().ok()?)));
    parts.ok_or_else(|| Fault::param("after", "must be the \"next\" of the page before"))
}

fn tell_position(ctx: &Context<'_>, account: AccountId, place: u32) -> Option<Value> {
    let (asset, class) = POSITION_INDEX.get(ctx, &(account, place))?;
    let position = ledger::position(ctx, asset, class, account);
    Some(value!({
        "asset": asset,
        "address": Reserved::asset(ctx.shard(), asset),
        "symbol": ledger::ASSETS.read(ctx, &asset).map(|asset| asset.symbol.clone()),
        "class": class,
        "account": account,
        "units": position.units,
        "held": position.held,
        "frozen": position.frozen(ctx.now()),
        "free": position.free(ctx.now()),
        "freezes": standing_freezes(ctx, &position),
        "lots": position.lots.iter().map(|lot| tell_lot(ctx, asset, lot)).collect::<Vec<_>>(),
    }))
}

/// A lot, with the profiles by whose rules it is resold, and those that it came free of, by name and version.
fn tell_lot(ctx: &Context<'_>, asset: AssetId, lot: &Lot) -> Value {
    let named = |numbers: Exemptions| -> Value {
        let adopted = |number| compliance::adoption(ctx, asset, number);
        let profiles = numbers.numbers().filter_map(adopted);
        profiles.map(|it| value!({ "id": it.id, "version": it.version })).collect()
    };
    let mut told = value!(lot);
    told["profiles"] = named(lot.exemptions);
    told["free_of"] = named(lot.freed);
    told
}

/// What is frozen of a position now, until when, under which order, and for which announced one.
fn standing_freezes<'p>(ctx: &Context<'_>, position: &'p ledger::Position) -> Vec<&'p Freeze> {
    position.freezes(ctx.now()).collect()
}

/// `scrip_getGrants`: the network's, or an asset's with those of its classes; all that were ever given.
pub(crate) fn grants(door: &Door, args: &Args<'_>) -> Answer {
    let asset: Option<Value> = args.optional(0)?;
    let after: Option<u64> = args.optional(1)?;
    let limit = page(args.optional(2)?)?;
    let (block, found) = door.read(None, |ctx| {
        let scopes = match asset {
            None => vec![Scope::Network],
            Some(asset) => {
                let id = naming::asset(ctx, &asset)?;
                let classes = ledger::ASSETS.read(ctx, &id).map_or(0, |asset| asset.classes);
                let classes = (0..classes).map(|class| Scope::Class(id, ClassId(class)));
                std::iter::once(Scope::Asset(id)).chain(classes).collect()
            }
        };
        let trail = scopes.iter().flat_map(|scope| {
            let length = TRAIL_LENGTH.get(ctx, scope).unwrap_or(0);
            (0..length).map(move |place| (*scope, place))
        });
        let skipped = after.map_or(0, |after| after.saturating_add(1));
        let mut rest = (0u64..).zip(trail).skip_while(|(number, _)| *number < skipped);
        let mut told = Vec::new();
        let mut last = None;
        for (number, at) in rest.by_ref().take(limit) {
            last = Some(number);
            told.extend(TRAIL.get(ctx, &at).and_then(|act| tell_act(ctx, &act)));
        }
        let next = rest.next().and(last);
        Ok::<_, Fault>((told, next))
    })?;
    let (grants, next) = found?;
    json(&value!({ "grants": grants, "next": next, "block": block }))
}

/// An act of granting or revoking, with how the grant stands now.
fn tell_act(ctx: &Context<'_>, act: &trust::Act) -> Option<Value> {
    let mut told = tell_grant(ctx, &act.grant)?;
    told["act"] = value!(if act.given.is_some() { "granted" } else { "revoked" });
    told["by"] = value!(act.by);
    told["at"] = value!(act.at);
    Some(told)
}

pub(crate) fn tell_grant(ctx: &Context<'_>, key: &trust::GrantKey) -> Option<Value> {
    let grant = GRANTS.read(ctx, key)?;
    let is_used_up = grant.remaining.is_some_and(|remaining| remaining.is_zero());
    let is_current = grant.revoked.is_none() && ctx.now() < grant.expires && !is_used_up;
    let mut told = value!(grant);
    told["grantee"] = value!(key.grantee);
    told["power"] = value!(key.power);
    told["scope"] = value!(key.scope);
    told["is_current"] = value!(is_current);
    Some(told)
}

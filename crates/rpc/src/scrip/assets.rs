//! Assets, who holds them, and who held them.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    scrip::{
        law,
        naming::{self, Who},
        page,
    },
    wire::{Answer, json},
};
use compliance::POLICIES;
use ledger::{ASSETS, CHECKPOINTS, CLASSES, DOCUMENT_NAMES, DOCUMENTS, HOLDER_INDEX, NEXT};
use serde_json::{Value, json as value};
use state::Context;
use types::{AssetId, ClassId, Reserved, Units};

/// Classes and documents that are told of one asset.
const MAX_TOLD: u32 = 1_000;

/// `scrip_getAsset`
pub(crate) fn asset(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let (block, answer) = door.read(None, |ctx| {
        let id = naming::asset(ctx, &named)?;
        let mut answer = tell(ctx, id);
        answer["classes"] = value!(classes(ctx, id));
        answer["documents"] = value!(documents(ctx, id));
        answer["policy"] = POLICIES.read(ctx, &id).map_or(Value::Null, |record| {
            value!({ "version": record.version, "since": record.since, "policy": *record.policy })
        });
        law::of_asset(ctx, id, &mut answer);
        Ok::<_, Fault>(answer)
    })?;
    let mut answer = answer?;
    answer["block"] = value!(block);
    json(&answer)
}

fn tell(ctx: &Context<'_>, id: AssetId) -> Value {
    // The asset's own fields: kind, symbol, name, identifiers, supply, status, last checkpoint.
    let mut told = ASSETS.read(ctx, &id).map_or(Value::Null, |asset| value!(asset));
    told["asset"] = value!(id);
    told["address"] = value!(Reserved::asset(ctx.shard(), id));
    told["outstanding"] = value!(ASSETS.read(ctx, &id).map(|asset| asset.outstanding()));
    told["holders"] = value!(compliance::asset_holders(ctx, id));
    told
}

fn classes(ctx: &Context<'_>, id: AssetId) -> Vec<Value> {
    let count = ASSETS.read(ctx, &id).map_or(0, |asset| asset.classes).min(MAX_TOLD);
    let tell = |number| {
        let class = CLASSES.read(ctx, &(id, ClassId(number)))?;
        Some(value!({
            "class": number,
            "name": class.name,
            "issued": class.issued,
            "treasury": class.treasury,
            "is_frozen": class.is_frozen,
            "accounts_ever": class.holders,
        }))
    };
    (0..count).filter_map(tell).collect()
}

fn documents(ctx: &Context<'_>, id: AssetId) -> Vec<Value> {
    let count = ASSETS.read(ctx, &id).map_or(0, |asset| asset.documents).min(MAX_TOLD);
    let tell = |place| {
        let name = DOCUMENT_NAMES.get(ctx, &(id, place))?;
        let mut told = value!(DOCUMENTS.read(ctx, &(id, name))?);
        told["name"] = value!(name);
        Some(told)
    };
    (0..count).filter_map(tell).collect()
}

/// `scrip_getAssets`, by number.
pub(crate) fn assets(door: &Door, args: &Args<'_>) -> Answer {
    let first = args.optional::<u64>(0)?.unwrap_or(0).saturating_add(1);
    let limit = page(args.optional(1)?)?;
    let (block, (assets, next)) = door.read(None, |ctx| {
        let end = NEXT.get(ctx, &()).unwrap_or_default().asset;
        let last = first.saturating_add(limit as u64).min(end);
        let ids = (first..last).map(AssetId).filter(|id| ASSETS.has(ctx, id));
        let assets: Vec<_> = ids.map(|id| tell(ctx, id)).collect();
        (assets, (last < end && first < last).then(|| last - 1))
    })?;
    json(&value!({ "assets": assets, "next": next, "block": block }))
}

/// `scrip_getHolders` of one class, in the order in which they came; who holds nothing now is left out.
pub(crate) fn holders(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let class = ClassId(args.optional(1)?.unwrap_or(0));
    let first = args.optional::<u32>(2)?.map_or(0, |after| after.saturating_add(1));
    let limit = page(args.optional(3)?)?;
    let (block, found) = door.read(args.optional(4)?, |ctx| {
        let id = naming::asset(ctx, &named)?;
        let record = CLASSES.read(ctx, &(id, class));
        let end =
            record.ok_or_else(|| Fault::not_found(format!("class: {id} has no {class}")))?.holders;
        let mut told = Vec::new();
        let mut next = None;
        for place in first..end {
            if told.len() == limit {
                next = Some(place - 1);
                break;
            }
            told.extend(tell_holder(ctx, id, class, place));
        }
        Ok::<_, Fault>((told, next))
    })?;
    let (holders, next) = found?;
    json(&value!({ "holders": holders, "next": next, "block": block }))
}

fn tell_holder(ctx: &Context<'_>, id: AssetId, class: ClassId, place: u32) -> Option<Value> {
    let account = HOLDER_INDEX.get(ctx, &(id, class, place))?;
    let position = ledger::position(ctx, id, class, account);
    (!position.units.is_zero()).then(|| {
        value!({
            "account": account,
            "wallet": identity::wallet_of(ctx, &account),
            "units": position.units,
            "held": position.held,
            "frozen": position.frozen(ctx.now()),
            "free": position.free(ctx.now()),
        })
    })
}

/// `scrip_getCheckpointBalance`: of one class, or of all.
pub(crate) fn checkpoint_balance(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let who = Who::read("who", &args.required(1)?)?;
    let checkpoint: u32 = args.required(2)?;
    let class = args.optional(3)?.map(ClassId);
    let (block, found) = door.read(None, |ctx| {
        let id = naming::asset(ctx, &named)?;
        let count = ASSETS.read(ctx, &id).map_or(0, |asset| asset.classes);
        let classes: Vec<_> = match class {
            Some(class) if class.0 >= count => {
                return Err(Fault::not_found(format!("class: {id} has no {class}")));
            }
            Some(class) => vec![class],
            None => (0..count).map(ClassId).collect(),
        };
        let taken = CHECKPOINTS.get(ctx, &(id, checkpoint)).ok_or_else(|| {
            let last = ASSETS.read(ctx, &id).map_or(0, |asset| asset.checkpoint);
            Fault::not_found(format!(
                "checkpoint: {id} has no checkpoint {checkpoint}; its last is {last}"
            ))
        })?;
        let mut units = Units::ZERO;
        for account in who.accounts(ctx, "who")? {
            for class in &classes {
                let of = ledger::balance_at(ctx, id, *class, account, checkpoint)
                    .map_err(Fault::server)?;
                units = units.checked_add(of).map_err(Fault::internal)?;
            }
        }
        Ok((units, taken))
    })?;
    let (units, taken) = found?;
    json(&value!({ "units": units, "checkpoint": checkpoint, "taken": taken, "block": block }))
}

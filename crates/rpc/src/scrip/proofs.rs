//! Answers that prove themselves to whoever has the network's key.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    scrip::naming::{self, Who},
    wire::{Answer, json},
};
use engine::{MAX_PROVED, ProveError};
use serde_json::{Value, json as value};
use state::record_key;
use std::sync::Arc;
use types::{Address, B256, Bytes, ClassId, Receipt};

const KINDS: &str = "must be position, person, claims, wallet, asset, policy or checkpoint";

/// `scrip_getProof`: records by keys, by table and key, or by what they are about.
pub(crate) async fn records(door: &Arc<Door>, args: Args<'_>) -> Answer {
    door.can_prove()?;
    let keys = keys(door, &args)?;
    let bundle = door.backend.engine.prove(keys.clone()).await.map_err(unproved)?;
    json(&value!({ "keys": keys, "bundle": bundle }))
}

fn keys(door: &Door, args: &Args<'_>) -> Result<Vec<B256>, Fault> {
    if let Some(keys) = args.optional::<Vec<B256>>(2)? {
        let fits = (1..=MAX_PROVED).contains(&keys.len());
        return fits
            .then_some(keys)
            .ok_or_else(|| Fault::param("keys", format!("1 to {MAX_PROVED} are taken")));
    }
    if let Some(table) = args.optional::<Value>(0)? {
        let key: Bytes = args.required(1)?;
        let schema = chain::schema();
        let known = schema.tables().find(|(number, name)| {
            table.as_str() == Some(name) || table.as_u64() == Some(u64::from(*number))
        });
        let names = || schema.tables().map(|(_, name)| name).collect::<Vec<_>>().join(", ");
        let (number, _) = known.ok_or_else(|| {
            Fault::param("table", format!("no such table; there are {}", names()))
        })?;
        return Ok(vec![record_key(number, &key)]);
    }
    let Some(kind) = args.optional::<String>(3)? else {
        return Err(Fault::param("kind", format!("{KINDS}; or give keys, or table and key")));
    };
    about(door, args, &kind).map(|key| vec![key])
}

/// The key of a record, by what it is about.
fn about(door: &Door, args: &Args<'_>, kind: &str) -> Result<B256, Fault> {
    let who = || Who::read("who", &args.required(6)?);
    let asset = || {
        let named: Value = args.required(4)?;
        door.state(None, |ctx| naming::asset(ctx, &named))?
    };
    let person = || {
        let who = who()?;
        door.state(None, |ctx| who.person(ctx, "who"))?
    };
    Ok(match kind {
        "position" => {
            let (asset, who) = (asset()?, who()?);
            let class = ClassId(args.optional(5)?.unwrap_or(0));
            let account = door.state(None, |ctx| who.account(ctx, "who"))??;
            ledger::POSITIONS.record_key(&(asset, class, account))
        }
        "person" => identity::PERSONS.record_key(&person()?),
        "claims" => identity::CLAIMS.record_key(&person()?),
        "wallet" => identity::WALLETS.record_key(&args.required::<Address>(7)?),
        "asset" => ledger::ASSETS.record_key(&asset()?),
        "policy" => compliance::POLICIES.record_key(&asset()?),
        "checkpoint" => ledger::CHECKPOINTS.record_key(&(asset()?, args.required::<u32>(8)?)),
        _ => return Err(Fault::param("kind", KINDS)),
    })
}

/// `scrip_getEffectProof`: a transaction's head, or one of its events.
pub(crate) async fn effect(door: &Arc<Door>, args: Args<'_>) -> Answer {
    door.can_prove()?;
    let (hash, event): (B256, Option<u32>) = (args.required(0)?, args.optional(1)?);
    let found = door.transaction(&hash).await?;
    let (block, index) =
        found.ok_or_else(|| Fault::not_found(format!("tx: no final transaction {hash}")))?;
    let receipt = &block.transactions()[index];
    let events = receipt.events.len();
    if event.is_some_and(|event| event as usize >= events) {
        return Err(Fault::not_found(format!(
            "event: the transaction has {events} events, counted from 0"
        )));
    }
    // A receipt is a head and its events, one leaf each.
    let leaves = |receipt: &Receipt| 1 + receipt.events.len() as u32;
    let before =
        block.own_work().into_iter().chain(&block.transactions()[..index]).map(leaves).sum::<u32>();
    let place = before + event.map_or(0, |event| event + 1);
    let height = block.header().height;
    let bundle = door.backend.engine.prove_effects(height, vec![place]).await.map_err(unproved)?;
    json(&value!({ "height": height, "place": place, "bundle": bundle }))
}

/// `scrip_getCertificate`
pub(crate) async fn certificate(door: &Arc<Door>, args: Args<'_>) -> Answer {
    door.can_prove()?;
    let height: u64 = args.required(0)?;
    let head = door.index.head().header().height;
    if height == 0 || height > head {
        return Err(Fault::not_found(format!("height: certificates are of blocks 1 to {head}")));
    }
    match door.backend.engine.certificate(height).await {
        Some(certificate) => json(&value!({ "height": height, "certificate": certificate })),
        None => Err(Fault::not_found(format!(
            "height: block {height} has no certificate of its own here; a later block's covers it, or it is no longer kept"
        ))),
    }
}

fn unproved(error: ProveError) -> Fault {
    match error {
        ProveError::NotReady | ProveError::NotCertified => Fault::unavailable(error),
        error => Fault::server(error),
    }
}

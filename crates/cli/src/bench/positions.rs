//! What a large register costs: memory, and the time to start again after kill -9.

use super::{Figure, Target, machine, runtime, world::World};
use crate::{
    demo::start_chain,
    failure::Failure,
    output::{Output, grouped},
    view,
};
use client::Job;
use serde_json::{Value, json};
use std::{path::Path, time::Instant};
use types::AssetId;

/// Holders in one transaction, and transactions on the way at a time.
const PER_TRANSACTION: usize = 1_000;
const TOGETHER: usize = 10;

pub(crate) fn measure(
    folder: &Path,
    people: u32,
    positions: usize,
    output: &Output,
) -> Result<Vec<Figure>, Failure> {
    let (chain, log) = (folder.join("chain"), folder.join("node.log"));
    let mut node = start_chain(&chain, &log)?;
    let assets = positions.div_ceil(people as usize);
    let (made, seconds) = runtime()?.block_on(fill(&node.url, people, assets, output))?;
    let loaded = machine::resident_mib(node.id())?;
    node.kill();
    let started = Instant::now();
    let node = start_chain(&chain, &log)?;
    let restart = started.elapsed().as_secs_f64();
    let after = machine::resident_mib(node.id())?;
    let found = runtime()?.block_on(count(&node.url))?;
    if found != made {
        return Err(Failure::Untrue(format!("{made} positions were made, {found} came back")));
    }
    let how = format!(
        "{} positions: {assets} securities, {} people",
        grouped(made as u64),
        grouped(people)
    );
    Ok(vec![
        Figure {
            what: "resident memory with a large register".into(),
            value: loaded.max(after),
            unit: "MiB",
            target: Some(Target::AtMost(2_048.0)),
            detail: format!("{how}; {loaded:.0} after making them, {after:.0} after the restart"),
        },
        Figure {
            what: "restart after kill -9".into(),
            value: restart,
            unit: "s",
            target: Some(Target::AtMost(15.0)),
            detail: "from starting the process until it answers, all positions there".into(),
        },
        Figure {
            what: "issuing in batches".into(),
            value: made as f64 / seconds,
            unit: "positions/s",
            target: None,
            detail: format!("{PER_TRANSACTION} holders to a transaction, over JSON-RPC"),
        },
    ])
}

/// Issues every security to everyone; says how many positions there are, and how long issuing took.
async fn fill(
    url: &str,
    people: u32,
    assets: usize,
    output: &Output,
) -> Result<(usize, f64), Failure> {
    let world = World::people(url, people, output).await?;
    let mut securities = Vec::new();
    let bar = output.progress("securities created", assets);
    for number in 0..assets {
        securities.push(world.security(number).await?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let issuer = &world.officials.issuer;
    let chunks: Vec<_> = world.people.chunks(PER_TRANSACTION).collect();
    let first = world.issue(securities.first().copied().unwrap_or(AssetId(0)), chunks[0]);
    let gas = world.client.estimate(issuer.address(), &first).await? * 3 / 2;
    let mut nonce = world.client.nonce(issuer.address()).await?;
    let drafts: Vec<_> = securities
        .iter()
        .flat_map(|asset| chunks.iter().map(|chunk| world.issue(*asset, chunk)))
        .collect();
    let bar = output.progress("issues", drafts.len());
    let started = Instant::now();
    for group in drafts.chunks(TOGETHER) {
        let job = |draft: &client::Draft| {
            nonce += 1;
            Job { wallet: issuer, nonce: nonce - 1, draft: draft.clone() }
        };
        let jobs: Vec<_> = group.iter().map(job).collect();
        world.submit(&client::sign_all(&world.client, &jobs, gas)).await?;
        bar.inc(group.len() as u64);
    }
    let seconds = started.elapsed().as_secs_f64();
    bar.finish_and_clear();
    Ok((count(url).await?, seconds))
}

/// Counts the positions of all securities.
async fn count(url: &str) -> Result<usize, Failure> {
    let client = client::Client::connect(url).await?;
    let assets = view::all(&client, "scrip_getAssets", json!({}), "assets").await?;
    let holders = |asset: &Value| asset["holders"].as_u64().unwrap_or(0) as usize;
    Ok(assets.iter().map(holders).sum())
}

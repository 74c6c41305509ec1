//! How many transfers a second become final: inside one process, and over JSON-RPC.

use super::{Figure, Target, machine, median, runtime, world::World};
use crate::{
    demo::{PATIENCE, start_chain},
    failure::Failure,
    network::{self, Site},
    output::{Output, grouped},
    process, roles,
};
use alloy_primitives::{Bytes, U64};
use client::Signed;
use node::{NodeFile, Running};
use serde::Deserialize;
use serde_json::json;
use std::{
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// Bursts; the one in the middle is told.
const BURSTS: usize = 3;

/// Raw signed bytes to final state, in this process: no JSON, no sockets, everything else.
pub(crate) fn in_process(
    folder: &Path,
    people: u32,
    transfers: usize,
    output: &Output,
) -> Result<Vec<Figure>, Failure> {
    let here = SocketAddr::from(([127, 0, 0, 1], 0));
    let site = Site { listen: here, address: String::new(), rpc: here, metrics: None };
    let genesis = roles::genesis(process::now()?);
    let network = network::write(&folder.join("chain"), genesis, &[site])?;
    let config = NodeFile::load(&network.nodes[0])?;
    let (ready, running) = oneshot::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let node = std::thread::spawn(move || {
        node::run(config, ready, async {
            // Either way it is time to stop.
            let _ = stopped.await;
        })
    });
    let figures = match running.blocking_recv() {
        Ok(running) => bursts(&running, people, transfers, output),
        Err(_) => Err(Failure::Machine("the node did not start".into())),
    };
    drop(stop);
    match node.join() {
        Ok(Ok(())) => figures,
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Failure::Machine("the node failed".into())),
    }
}

fn bursts(
    running: &Running,
    people: u32,
    transfers: usize,
    output: &Output,
) -> Result<Vec<Figure>, Failure> {
    let address = running.rpc.ok_or_else(|| Failure::Machine("the node has no door".into()))?;
    let url = format!("http://{address}");
    let runtime = runtime()?;
    let (world, asset) = runtime.block_on(async {
        let world = World::people(&url, people, output).await?;
        let asset = world.security(1).await?;
        world.issue_to_all(asset).await?;
        Ok::<_, Failure>((world, asset))
    })?;
    let rounds = (transfers as u64).div_ceil(u64::from(people));
    let mut rates = Vec::new();
    let mut blocks = 0;
    for burst in 0..BURSTS {
        let signed = world.transfers(asset, transfers, burst as u64 * rounds);
        let raw: Vec<Bytes> = signed.into_iter().map(|signed| signed.bytes).collect();
        let from = running.engine.status().height.unwrap_or(0) + 1;
        let started = Instant::now();
        for chunk in raw.chunks(RECOVERED_TOGETHER) {
            let recovered = running.chain.recover_all(chunk);
            let recovered: Result<Vec<_>, _> = recovered.into_iter().collect();
            let recovered = recovered.map_err(|error| Failure::Untrue(error.to_string()))?;
            for answer in running.pool.add_all(recovered) {
                answer.map_err(|refusal| Failure::Untrue(refusal.to_string()))?;
            }
        }
        blocks += runtime.block_on(final_and_done(running, from, transfers))?;
        rates.push(transfers as f64 / started.elapsed().as_secs_f64());
    }
    let all = told(&rates);
    Ok(vec![Figure {
        what: "raw bytes to final state, in process".into(),
        value: median(&mut rates),
        unit: "transfers/s",
        target: Some(Target::AtLeast(30_000.0)),
        detail: format!(
            "{} among {} people, {BURSTS} bursts ({all}), {} blocks in all",
            grouped(transfers as u64),
            grouped(people),
            blocks
        ),
    }])
}

const RECOVERED_TOGETHER: usize = 2_000;

/// Follows the engine until so many transactions are final, and counts the blocks.
async fn final_and_done(running: &Running, from: u64, count: usize) -> Result<usize, Failure> {
    let mut follow = running.engine.follow(from);
    let (mut seen, mut blocks) = (0, 0);
    while seen < count {
        let block = tokio::time::timeout(PATIENCE, follow.next()).await;
        let block = block.map_err(|_| Failure::Untrue(format!("stuck after {seen} transfers")))?;
        let block = block.map_err(|error| Failure::Untrue(error.to_string()))?;
        if block.receipts.iter().any(|receipt| !receipt.is_done()) {
            return Err(Failure::Untrue("a transfer was refused".into()));
        }
        seen += block.block.body.len();
        blocks += usize::from(!block.block.body.is_empty());
    }
    Ok(blocks)
}

/// The same over JSON-RPC batches: the node in a process of its own, the load from this one.
pub(crate) fn over_rpc(
    folder: &Path,
    people: u32,
    transfers: usize,
    output: &Output,
) -> Result<Vec<Figure>, Failure> {
    let node = start_chain(&folder.join("chain"), &folder.join("node.log"))?;
    let runtime = runtime()?;
    let (rates, shares) = runtime.block_on(async {
        let world = World::people(&node.url, people, output).await?;
        let asset = world.security(1).await?;
        world.issue_to_all(asset).await?;
        let rounds = (transfers as u64).div_ceil(u64::from(people));
        let http = reqwest::Client::builder().tcp_nodelay(true).build();
        let http = http.map_err(|error| Failure::Machine(error.to_string()))?;
        let (mut rates, mut shares) = (Vec::new(), Vec::new());
        for burst in 0..BURSTS {
            let signed = world.transfers(asset, transfers, burst as u64 * rounds);
            let bodies: Vec<_> = signed.chunks(BATCH).map(body).collect();
            let height = world.client.height().await?;
            let cpu = machine::cpu_seconds(node.id())?;
            let started = Instant::now();
            for pair in bodies.chunks(2) {
                let posts = pair.iter().map(|body| post(&http, &node.url, body.clone()));
                futures::future::try_join_all(posts).await?;
            }
            counted(&world, height, transfers).await?;
            let seconds = started.elapsed().as_secs_f64();
            rates.push(transfers as f64 / seconds);
            shares.push(super::world::share_of_core(node.id(), cpu, seconds)?);
        }
        let hashes: Vec<_> = world.transfers(asset, BATCH, 0).iter().map(|s| s.hash).collect();
        let receipts = world.client.receipts(&hashes, |_| {}).await?;
        match receipts.iter().all(client::Receipt::is_done) {
            true => Ok((rates, shares)),
            false => Err(Failure::Untrue("a transfer was refused".into())),
        }
    })?;
    let (mut rates, mut shares) = (rates, shares);
    let all = told(&rates);
    Ok(vec![Figure {
        what: "the same over JSON-RPC batches".into(),
        value: median(&mut rates),
        unit: "transfers/s",
        target: Some(Target::AtLeast(12_000.0)),
        detail: format!(
            "{BATCH} to a batch, 2 in flight, {BURSTS} bursts ({all}); the node used {:.0} % of a core",
            median(&mut shares)
        ),
    }])
}

/// Calls in one request.
const BATCH: usize = 500;

fn body(signed: &[Signed]) -> Bytes {
    let call = |(id, signed): (usize, &Signed)| json!({ "jsonrpc": "2.0", "id": id, "method": "eth_sendRawTransaction", "params": [signed.bytes] });
    let calls: Vec<_> = signed.iter().enumerate().map(call).collect();
    serde_json::to_vec(&calls).expect("JSON values have a text form").into()
}

#[derive(Deserialize)]
struct Answer {
    error: Option<serde_json::Value>,
}

async fn post(http: &reqwest::Client, url: &str, body: Bytes) -> Result<(), Failure> {
    let failed = |error: reqwest::Error| Failure::Machine(error.to_string());
    let request = http.post(url).header("content-type", "application/json").body(body.0);
    let bytes = request.send().await.map_err(failed)?.bytes().await.map_err(failed)?;
    let answers: Vec<Answer> = serde_json::from_slice(&bytes)
        .map_err(|error| Failure::Untrue(format!("a batch was answered with {error}")))?;
    match answers.into_iter().find_map(|answer| answer.error) {
        Some(error) => Err(Failure::Untrue(format!("a transfer was turned away: {error}"))),
        None => Ok(()),
    }
}

/// Waits until the blocks after a height carry so many transactions.
async fn counted(world: &World, height: u64, count: usize) -> Result<(), Failure> {
    const POLL: Duration = Duration::from_millis(5);
    let (mut next, mut seen) = (height + 1, 0);
    let mut moved = Instant::now();
    while seen < count {
        let params = json!([U64::from(next)]);
        let method = "eth_getBlockTransactionCountByNumber";
        let found: Option<U64> = world.client.rpc().call(method, params).await?;
        match found {
            Some(found) => {
                seen += found.to::<usize>();
                next += 1;
                moved = Instant::now();
            }
            None if moved.elapsed() > PATIENCE => {
                return Err(Failure::Untrue(format!("stuck after {seen} transfers")));
            }
            None => tokio::time::sleep(POLL).await,
        }
    }
    Ok(())
}

fn told(rates: &[f64]) -> String {
    let rates: Vec<_> = rates.iter().map(|rate| format!("{rate:.0}")).collect();
    rates.join(", ")
}

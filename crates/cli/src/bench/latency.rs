//! How long a caller waits for a final receipt under light load.

use super::{Figure, Target, part, runtime, world::World};
use crate::{
    demo::{Dice, start_chain},
    failure::Failure,
    network,
    output::Output,
    process::{self, free_port},
    roles, testnet,
};
use client::Receipt;
use serde_json::json;
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Transfers, one after the other.
const SAMPLES: usize = 200;
/// People among whom they go.
const PEOPLE: u32 = 50;

/// One validator.
pub(crate) fn one(folder: &Path, output: &Output) -> Result<Vec<Figure>, Failure> {
    let node = start_chain(&folder.join("chain"), &folder.join("node.log"))?;
    measure(&node.url, "one validator", 25.0, output)
}

/// Four validators on this machine, asked at one of them.
pub(crate) fn four(folder: &Path, output: &Output) -> Result<Vec<Figure>, Failure> {
    let mut sites = testnet::sites(4, 1, 1, 1)?;
    for site in &mut sites {
        site.listen.set_port(free_port()?);
        site.address = site.listen.to_string();
        site.rpc.set_port(free_port()?);
        site.metrics = None;
    }
    let genesis = roles::genesis(process::now()?);
    let network = network::write(&folder.join("chain"), genesis, &sites)?;
    let nodes = testnet::start(&network)?;
    measure(&nodes[0].url, "four validators", 250.0, output)
}

fn measure(url: &str, who: &str, target_ms: f64, output: &Output) -> Result<Vec<Figure>, Failure> {
    let mut waits = runtime()?.block_on(async {
        let world = World::people(url, PEOPLE, output).await?;
        let asset = world.security(1).await?;
        world.issue_to_all(asset).await?;
        let signed = world.transfers(asset, SAMPLES, 0);
        let mut dice = Dice::new("pause", 0);
        let bar = output.progress("transfers, one by one", SAMPLES);
        let mut waits = Vec::new();
        for signed in signed {
            // Pauses of different length, so that nothing falls into step with the node's timers.
            tokio::time::sleep(Duration::from_millis(20 + dice.below(80))).await;
            let started = Instant::now();
            let params = json!([signed.bytes]);
            let receipt: Receipt =
                world.client.rpc().call("eth_sendRawTransactionSync", params).await?;
            waits.push(started.elapsed().as_secs_f64() * 1_000.0);
            if !receipt.is_done() {
                return Err(Failure::Untrue("a transfer was refused".into()));
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(waits)
    })?;
    let p95 = part(&mut waits, 95);
    let slowest = part(&mut waits, 100);
    Ok(vec![Figure {
        what: format!("submission to final receipt, {who}, p50"),
        value: part(&mut waits, 50),
        unit: "ms",
        target: Some(Target::AtMost(target_ms)),
        detail: format!(
            "{SAMPLES} transfers 20 to 100 ms apart over HTTP; p95 {p95:.1}, slowest {slowest:.1} ms"
        ),
    }])
}

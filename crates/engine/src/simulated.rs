//! A whole network in one thread: the wiring of a process, on a clock, network and disks that follow
//! from a seed.
//!
//! A [`World`] outlives crashes: what was safe on its disks, its time and its chance go on in its
//! next life. Within a life single validators stop and start, links slow down, lose and break.

use crate::{
    Candidates, Committee, Config, EngineError, Handle, Machine, Pacing, Secret, Storage,
    deal_from_seed, runtime,
    wiring::{self, CHANNELS, QUOTA, largest_message},
};
use commonware_cryptography::{Signer as _, ed25519::PublicKey};
use commonware_p2p::simulated::{self, Oracle};
use commonware_parallel::Sequential;
use commonware_runtime::{
    Clock as _, Spawner as _, Supervisor as _,
    deterministic::{self, PartialWriteMode, WriteConfig},
};
use commonware_utils::{NZUsize, Probability, probability};
use futures::{FutureExt as _, channel::oneshot, future::LocalBoxFuture};
use std::{
    num::NonZeroUsize,
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};
use types::{BlockLimits, Time};

/// How messages pass from one validator to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Milliseconds on the way, in the mean.
    pub latency_ms: u64,
    /// Their standard deviation.
    pub jitter_ms: u64,
    /// Messages lost, of a hundred.
    pub loss_percent: u64,
}

/// What a crash does to writes that were not yet safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Torn {
    /// They are lost.
    Lost,
    /// Each is kept up to some byte.
    Prefix,
    /// Each byte is kept or lost by chance.
    Subset,
}

/// What happens in a life. Boxed, as all of this module, so that consensus and storage are generated in
/// this crate alone and not once more in whoever plays with it.
pub type Scenario<'s> = Box<dyn FnOnce(Network) -> LocalBoxFuture<'s, ()> + 's>;

/// A network between its lives.
pub struct World {
    runner: Option<deterministic::Runner>,
    committee: Committee,
    secrets: Vec<Secret>,
    pacing: Pacing,
    limits: BlockLimits,
}

impl World {
    /// A network of so many validators with empty disks.
    pub fn new(
        seed: u64,
        validators: u32,
        start: Time,
        pacing: Pacing,
        limits: BlockLimits,
    ) -> Self {
        let config =
            deterministic::Config::new().with_seed(seed).with_start_time(runtime::moment(start));
        let (committee, secrets) = deal_from_seed(validators, seed);
        let runner = Some(deterministic::Runner::new(config));
        Self { runner, committee, secrets, pacing, limits }
    }

    /// The public material of its validators.
    pub fn committee(&self) -> &Committee {
        &self.committee
    }

    /// Runs a life until the scenario ends; then all validators crash at once.
    pub fn live<'s>(&mut self, scenario: Scenario<'s>) {
        let runner = self.runner.take().expect("a life leaves a runner behind");
        let (committee, secrets) = (self.committee.clone(), self.secrets.clone());
        let (pacing, limits) = (self.pacing, self.limits);
        let ((), rest) = runner.start_and_recover(|context| async move {
            scenario(Network::open(context, committee, secrets, pacing, limits).await).await
        });
        self.runner = Some(deterministic::Runner::from(rest));
    }
}

/// A running network.
pub struct Network {
    context: deterministic::Context,
    oracle: Oracle<PublicKey, deterministic::Context>,
    committee: Committee,
    secrets: Vec<Secret>,
    keys: Vec<PublicKey>,
    pacing: Pacing,
    nodes: Vec<Option<Node>>,
}

struct Node {
    handle: Handle,
    task: commonware_runtime::Handle<()>,
}

impl Network {
    async fn open(
        context: deterministic::Context,
        committee: Committee,
        secrets: Vec<Secret>,
        pacing: Pacing,
        limits: BlockLimits,
    ) -> Self {
        let identity = |secret: &Secret| secret.identity().expect("dealt here").public_key();
        let keys: Vec<_> = secrets.iter().map(identity).collect();
        let config = simulated::Config {
            max_size: largest_message(keys.len() as u32, limits),
            max_peers_per_set: NonZeroUsize::new(keys.len()).expect("there are validators"),
            disconnect_on_block: true,
            tracked_peer_sets: NZUsize!(1),
        };
        let peers = keys.clone();
        let (network, oracle) =
            simulated::Network::new_with_peers(context.child("network"), config, peers).await;
        network.start();
        let nodes = keys.iter().map(|_| None).collect();
        Self { context, oracle, committee, secrets, keys, pacing, nodes }
    }

    /// How many validators it has.
    pub fn size(&self) -> usize {
        self.keys.len()
    }

    /// Starts a validator on what its disk holds. Its links are another matter.
    pub fn start(
        &mut self,
        number: usize,
        machine: Arc<dyn Machine>,
        candidates: Arc<dyn Candidates>,
        state_sync: bool,
    ) -> LocalBoxFuture<'_, Result<(), EngineError>> {
        async move {
            self.stop(number).await;
            let node = self.launch(number, machine, candidates, state_sync).await?;
            self.nodes[number] = Some(node);
            Ok(())
        }
        .boxed_local()
    }

    async fn launch(
        &self,
        number: usize,
        machine: Arc<dyn Machine>,
        candidates: Arc<dyn Candidates>,
        state_sync: bool,
    ) -> Result<Node, EngineError> {
        let control = self.oracle.control(self.keys[number].clone());
        let mut channels = Vec::new();
        for channel in 0..CHANNELS {
            let pair = control.register(channel, QUOTA).await;
            channels.push(pair.map_err(|error| EngineError::Network(error.to_string()))?);
        }
        let network =
            wiring::Network { provider: self.oracle.manager(), blocker: control, channels };
        let config = Config {
            committee: self.committee.clone(),
            secret: self.secrets[number].clone(),
            pacing: self.pacing,
            storage: Storage { cache_mib: 1, keep_blocks: None },
            state_sync,
        };
        let (started, starting) = oneshot::channel();
        let task = self.context.child("node").spawn(move |context| async move {
            let prefix = format!("node-{number}");
            let parts =
                wiring::start(context, &prefix, config, machine, candidates, network, Sequential);
            match parts.await {
                Ok((handle, consensus)) => {
                    let _ = started.send(Ok(handle));
                    let _ = consensus.await;
                }
                Err(error) => drop(started.send(Err(error))),
            }
        });
        let ended = |_| EngineError::Stopped("it ended while it started".into());
        let handle = starting.await.map_err(ended)??;
        Ok(Node { handle, task })
    }

    /// Kills a validator, wherever it is. What was not safe on its disk is lost.
    pub fn stop(&mut self, number: usize) -> LocalBoxFuture<'_, ()> {
        async move {
            if let Some(Node { handle, task }) = self.nodes[number].take() {
                drop(handle);
                task.abort();
                let _ = task.await;
                // Its parts end one after the other.
                self.context.sleep(Duration::from_millis(5)).await;
            }
        }
        .boxed_local()
    }

    /// A running validator's handle; a clone of it must not outlive the validator.
    pub fn handle(&self, number: usize) -> Option<&Handle> {
        self.nodes[number].as_ref().map(|node| &node.handle)
    }

    /// Lays a link in one direction, or changes it.
    pub fn link(&self, from: usize, to: usize, link: Link) -> LocalBoxFuture<'_, ()> {
        async move {
            let kept = 100 - link.loss_percent.min(100);
            let link = simulated::Link {
                latency: Duration::from_millis(link.latency_ms),
                jitter: Duration::from_millis(link.jitter_ms),
                success_rate: Probability::new(kept, 100).expect("at most all"),
            };
            // A link that is there is not replaced: the old one goes first.
            self.cut(from, to).await;
            let (from, to) = (self.keys[from].clone(), self.keys[to].clone());
            self.oracle.add_link(from, to, link).await.expect("the network runs");
        }
        .boxed_local()
    }

    /// Cuts a link in one direction, if it is there.
    pub fn cut(&self, from: usize, to: usize) -> LocalBoxFuture<'_, ()> {
        async move {
            let _ = self.oracle.remove_link(self.keys[from].clone(), self.keys[to].clone()).await;
        }
        .boxed_local()
    }

    /// Validators that turned another away for what it sent, by number.
    pub fn blocked(&self) -> LocalBoxFuture<'_, Vec<(usize, usize)>> {
        async move {
            let number = |key: &PublicKey| self.keys.iter().position(|known| known == key);
            let blocked = self.oracle.blocked().await.unwrap_or_default();
            blocked.iter().filter_map(|(by, whom)| number(by).zip(number(whom))).collect()
        }
        .boxed_local()
    }

    /// What the crash at the end of this life does to writes that are not safe by then.
    pub fn tear(&self, torn: Torn) {
        let (retention_rate, mode) = match torn {
            Torn::Lost => (probability!(0.0), PartialWriteMode::Prefix),
            Torn::Prefix => (probability!(0.5), PartialWriteMode::Prefix),
            Torn::Subset => (probability!(0.5), PartialWriteMode::Subset),
        };
        let failure_rate = probability!(0.0);
        self.context.storage_fault_config().write().write_rate =
            Some(WriteConfig { failure_rate, retention_rate, mode });
    }

    /// Lets time pass.
    pub fn sleep(&self, ms: u64) -> LocalBoxFuture<'_, ()> {
        async move {
            self.context.sleep(Duration::from_millis(ms)).await;
        }
        .boxed_local()
    }

    /// What time it is.
    pub fn now(&self) -> Time {
        let since = self.context.current().duration_since(UNIX_EPOCH).unwrap_or_default();
        Time(since.as_millis() as u64)
    }

    /// A hash of everything that happened in this world: equal for equal seeds.
    pub fn audit(&self) -> String {
        self.context.auditor().state()
    }
}

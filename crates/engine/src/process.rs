//! One validator as one process: tokio, sockets, files.

use crate::{
    config::{Config, EngineError},
    folder::{Folder, Marker},
    handle::Handle,
    keys::connection_namespace,
    machine::{Candidates, Machine},
    wiring::{self, CHANNELS, Network, QUOTA, largest_message},
};
use commonware_cryptography::{ChaCha20Poly1305, Signer as _, ed25519};
use commonware_p2p::{Address, AddressableManager as _, Ingress, authenticated::lookup};
use commonware_runtime::{Runner as _, Spawner as _, Strategizer as _, Supervisor as _, tokio};
use commonware_stream::{
    cups::{self, Cups},
    sake::{self, Sake},
};
use commonware_utils::{Hostname, NZUsize, ordered::Map};
use futures::future::{BoxFuture, Either, select};
use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use types::B256;

/// What the names of everything stored begin with.
const PREFIX: &str = "scrip";

/// How long the parts of the engine may take to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// One validator's process.
#[derive(Clone, Debug)]
pub struct Node {
    /// How it takes part.
    pub config: Config,
    /// Where it keeps its data.
    pub folder: PathBuf,
    /// Where it listens for the others.
    pub listen: SocketAddr,
    /// Where the others are, by public key: `host:port`.
    pub peers: Vec<(B256, String)>,
    /// Threads for work, and for hashing beside them.
    pub threads: usize,
}

/// Runs a validator until `stop` resolves. Blocks the thread.
///
/// `ready` is called inside the tokio runtime, where servers may be spawned, before the state is
/// loaded: see [`Handle::loaded`].
pub fn run(
    node: Node,
    machine: Arc<dyn Machine>,
    candidates: Arc<dyn Candidates>,
    ready: Box<dyn FnOnce(Handle) + Send>,
    stop: BoxFuture<'static, ()>,
) -> Result<(), EngineError> {
    let genesis = machine.genesis_header();
    let committee = &node.config.committee;
    committee.signer(&node.config.secret, genesis.shard)?;
    let marker = Marker {
        genesis: genesis.hash().to_string(),
        network_key: committee.network_key()?.to_string(),
        validator: node.config.secret.public()?.to_string(),
    };
    let addresses = addresses(&node)?;
    // A port that is taken is found here; later it would end in the middle of starting.
    drop(std::net::TcpListener::bind(node.listen).map_err(|error| {
        EngineError::Network(format!("cannot listen on {}: {error}", node.listen))
    })?);
    let folder = Folder::open(&node.folder, &marker)?;

    let threads = NonZeroUsize::new(node.threads).unwrap_or(NZUsize!(2));
    let runner = tokio::Runner::new(
        tokio::Config::new()
            .with_storage_directory(folder.storage())
            .with_worker_threads(threads.get().max(2))
            .with_tcp_nodelay(Some(true)),
    );
    let running = AssertUnwindSafe(|| {
        runner.start(|context| async move {
            let network = connect(&context, &node, addresses, &*machine)?;
            let strategy = context.strategy(threads);
            let engine = context.child("engine");
            let (handle, consensus) =
                wiring::start(engine, PREFIX, node.config, machine, candidates, network, strategy)
                    .await?;
            ready(handle);
            match select(stop, consensus).await {
                Either::Left(_) => {
                    // Parts that do not stop in time are dropped; what they wrote is safe already.
                    let _ = context.stop(0, Some(STOP_TIMEOUT)).await;
                    Ok(())
                }
                Either::Right(_) => Err(EngineError::Stopped("consensus ended".into())),
            }
        })
    });
    let result = catch_unwind(running).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(folder.explain(words.unwrap_or("a part of it failed")))
    });
    drop(folder);
    result
}

type Peers = Map<ed25519::PublicKey, Address>;

/// Every validator's address; the own one is where it listens.
fn addresses(node: &Node) -> Result<Peers, EngineError> {
    let me = node.config.secret.identity()?.public_key();
    let mut addresses = vec![(me.clone(), Address::Symmetric(node.listen))];
    for key in &node.config.committee.participants()? {
        if *key == me {
            continue;
        }
        let bytes = crate::block::from_public_key(key);
        let found = node.peers.iter().find(|(peer, _)| *peer == bytes);
        let (_, text) = found
            .ok_or_else(|| EngineError::Network(format!("validator {bytes} has no address")))?;
        addresses.push((key.clone(), parse_address(text)?));
    }
    Map::try_from(addresses).map_err(|_| EngineError::Network("a validator stands twice".into()))
}

fn parse_address(text: &str) -> Result<Address, EngineError> {
    if let Ok(socket) = text.parse() {
        return Ok(Address::Symmetric(socket));
    }
    let wrong =
        || EngineError::Network(format!("\"{text}\" is not an address; write it as host:port"));
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    let port = port.parse().map_err(|_| wrong())?;
    let host = Hostname::new(host).map_err(|_| wrong())?;
    // Connections from such a peer are known by its key alone.
    let egress = SocketAddr::from(([0, 0, 0, 0], port));
    Ok(Address::Asymmetric { ingress: Ingress::Dns { host, port }, egress })
}

type Oracle = lookup::Oracle<ed25519::PublicKey>;
type Connected = Network<
    Oracle,
    Oracle,
    lookup::Sender<ed25519::PublicKey, tokio::Context>,
    lookup::Receiver<ed25519::PublicKey>,
>;

fn connect(
    context: &tokio::Context,
    node: &Node,
    addresses: Peers,
    machine: &dyn Machine,
) -> Result<Connected, EngineError> {
    let signer = node.config.secret.identity()?;
    let validators = addresses.len();
    let handshake = Cups::<_, ChaCha20Poly1305>::new(
        Sake {
            signer,
            synchrony_bound: Duration::from_secs(5),
            max_handshake_age: Duration::from_secs(10),
            version: sake::Version::V1,
        },
        cups::Version::V1,
    );
    let mut config = lookup::Config::local(
        handshake,
        &connection_namespace(&machine.genesis_header()),
        node.listen,
        NonZeroUsize::new(validators).expect("there is at least this one"),
        largest_message(validators as u32, machine.limits()),
        NZUsize!(1_024),
    );
    // Inboxes are allocated for every set of validators that is tracked; there is one.
    config.tracked_peer_sets = NZUsize!(1);
    config.bypass_ip_check = true;
    let (mut network, mut oracle) = lookup::Network::new(context.child("network"), config);
    oracle.track(0, addresses);
    let channels = (0..CHANNELS).map(|number| network.register(number, QUOTA)).collect();
    network.start();
    Ok(Network { provider: oracle.clone(), blocker: oracle, channels })
}

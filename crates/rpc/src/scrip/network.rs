//! Which network, and where this node stands in it.

use crate::{
    args::Args,
    door::Door,
    wire::{Answer, json},
};
use serde_json::{Map, Value, json as value};
use types::{Module, Reserved};

/// `scrip_networkInfo`
pub(crate) fn info(door: &Door, _: &Args<'_>) -> Answer {
    let (genesis, network) = (door.backend.chain.genesis(), &door.backend.network);
    let service = |module| Reserved::service(genesis.shard, module);
    json(&value!({
        "name": genesis.name,
        "chain_id": genesis.chain_id,
        "shard": genesis.shard,
        "genesis_hash": genesis.hash(),
        "network_key": network.key,
        "validators": network.validators,
        "limits": genesis.limits,
        "services": {
            "identity": service(Module::Identity),
            "trust": service(Module::Trust),
            "compliance": service(Module::Compliance),
            "ledger": service(Module::Ledger),
        },
        "base_fee": evm::BASE_FEE,
        "client": door.config.client_version,
    }))
}

/// `scrip_nodeStatus`
pub(crate) fn status(door: &Door, _: &Args<'_>) -> Answer {
    let (status, pool) = (door.backend.engine.status(), door.backend.pool.status());
    let lanes: Map<String, Value> =
        pool.lanes.iter().map(|(lane, count)| (lane.to_string(), value!(count))).collect();
    json(&value!({
        "height": status.height,
        "indexed": door.index.head().header().height,
        "best_known": status.best_known,
        "view": status.view,
        "peers": status.peers,
        "is_syncing": status.is_syncing(),
        "pool": { "pending": pool.pending, "queued": pool.queued, "bytes": pool.bytes, "lanes": lanes },
        "last_block_time": door.backend.chain.latest().time,
        "first_kept": door.index.reach().0,
    }))
}

//! What a WebSocket connection is told without asking again.

use crate::{
    args::Args,
    door::Door,
    eth::{
        about,
        logs::{self, Wanted},
        shape,
    },
    fault::Fault,
    index::Indexed,
    scrip::receipts,
    wire::{Answer, json},
};
use alloy_rpc_types_eth::Filter;
use parking_lot::Mutex;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};
use types::{Bytes, U256};

/// The subscriptions of one connection.
#[derive(Default)]
pub(crate) struct Session {
    last: AtomicU64,
    live: Mutex<BTreeMap<u64, Kind>>,
}

/// A subscription that has been granted.
#[derive(Debug)]
pub(crate) struct Subscription {
    id: u64,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Heads,
    Logs(Box<Filter>),
    /// Transactions as they are taken: whole, or by their hashes.
    Pending {
        whole: bool,
    },
    /// Whether the node catches up, when that changes; what was told last.
    Syncing {
        told: bool,
    },
    Events,
}

impl Kind {
    fn entries(&self) -> usize {
        match self {
            Kind::Logs(filter) => logs::entries(filter),
            Kind::Heads | Kind::Pending { .. } | Kind::Syncing { .. } | Kind::Events => 0,
        }
    }
}

/// `eth_subscribe`
pub(crate) fn subscribe_eth(
    door: &Door,
    session: &Session,
    args: &Args<'_>,
    begun: &mut Vec<Subscription>,
) -> Answer {
    let kind: String = args.required(0)?;
    let kind = match kind.as_str() {
        "newHeads" => Kind::Heads,
        "logs" => Kind::Logs(Box::new(args.optional(1)?.unwrap_or_default())),
        "newPendingTransactions" => Kind::Pending { whole: args.optional(1)?.unwrap_or_default() },
        "syncing" => Kind::Syncing { told: door.backend.engine.status().is_syncing() },
        _ => {
            let kinds = "must be newHeads, logs, newPendingTransactions or syncing; \
                scrip_subscribe has more";
            return Err(Fault::param("kind", kinds));
        }
    };
    session.grant(door, kind, begun)
}

/// `scrip_subscribe`
pub(crate) fn subscribe_scrip(
    door: &Door,
    session: &Session,
    args: &Args<'_>,
    begun: &mut Vec<Subscription>,
) -> Answer {
    let kind: String = args.required(0)?;
    match kind.as_str() {
        "events" => session.grant(door, Kind::Events, begun),
        _ => Err(Fault::param("kind", "must be events")),
    }
}

/// `eth_unsubscribe`, `scrip_unsubscribe`
pub(crate) fn unsubscribe(
    door: &Door,
    session: &Session,
    args: &Args<'_>,
    begun: &mut Vec<Subscription>,
) -> Answer {
    let id: U256 = args.required(0)?;
    let waiting = begun.len();
    begun.retain(|subscription| U256::from(subscription.id) != id);
    let was_live = u64::try_from(id).is_ok_and(|id| session.live.lock().remove(&id).is_some());
    let ended = was_live || begun.len() < waiting;
    if was_live {
        door.metrics.subscriptions.dec();
    }
    json(&ended)
}

impl Session {
    fn grant(&self, door: &Door, kind: Kind, begun: &mut Vec<Subscription>) -> Answer {
        let live = self.live.lock();
        let known = || live.values().chain(begun.iter().map(|subscription| &subscription.kind));
        let (count, named) =
            (known().count(), known().map(Kind::entries).sum::<usize>() + kind.entries());
        let (most, most_named) = (door.config.max_subscriptions, door.config.max_filter_entries);
        if count >= most {
            return Err(Fault::limit(format!(
                "this connection has {most} subscriptions, end one or open another"
            )));
        }
        if named > most_named {
            let why =
                format!("this connection's subscriptions would name {named} addresses and topics");
            return Err(Fault::limit(format!("{why}, at most {most_named} are taken")));
        }
        drop(live);
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        begun.push(Subscription { id, kind });
        json(&U256::from(id))
    }

    /// Begins subscriptions as the answer with their ids goes out: no notice comes before it, and whatever happens
    /// once the client has it is told.
    pub(crate) fn begin(&self, door: &Door, begun: Vec<Subscription>, answer: impl FnOnce()) {
        let mut live = self.live.lock();
        answer();
        for Subscription { id, kind } in begun {
            live.insert(id, kind);
            door.metrics.subscriptions.inc();
        }
    }

    /// Ends them all.
    pub(crate) fn end(&self, door: &Door) {
        let ended = std::mem::take(&mut *self.live.lock()).len();
        door.metrics.subscriptions.dec_by(ended as i64);
    }

    /// What a transaction that was taken has to tell this connection: its hash, or all of it.
    pub(crate) fn pending_notices(&self, door: &Door, bytes: &Bytes) -> Vec<String> {
        let live = self.live.lock();
        let asked = live.iter().filter_map(|(id, kind)| match kind {
            Kind::Pending { whole } => Some((*id, *whole)),
            _ => None,
        });
        let tell = |(id, whole): (u64, bool)| match whole {
            false => Some(notice("eth_subscription", id, &evm::transaction_hash(bytes))),
            // It was taken, so it can be read.
            true => {
                let signed = door.backend.chain.recover(bytes).ok()?;
                Some(notice("eth_subscription", id, &shape::waiting(&signed)))
            }
        };
        asked.filter_map(tell).collect()
    }

    /// Notes that the node catches up, or no longer does, and returns the subscriptions to be told.
    fn sync_turned(&self, is_syncing: bool) -> Vec<u64> {
        let mut live = self.live.lock();
        let turned = live.iter_mut().filter_map(|(id, kind)| match kind {
            Kind::Syncing { told } if *told != is_syncing => {
                *told = is_syncing;
                Some(*id)
            }
            _ => None,
        });
        turned.collect()
    }

    /// What a new block has to tell this connection.
    pub(crate) fn notices(&self, door: &Door, block: &Indexed) -> Vec<String> {
        let live = self.live.lock().clone();
        let mut notices = Vec::new();
        let state = about::sync_state(door);
        for id in self.sync_turned(state.is_some()) {
            notices.push(notice("eth_subscription", id, &about::sync_notice(state.as_ref())));
        }
        for (id, kind) in live {
            match kind {
                Kind::Heads => {
                    let head = shape::header(block, &door.backend.chain.limits());
                    notices.push(notice("eth_subscription", id, &head));
                }
                Kind::Logs(filter) => {
                    let mut logs = Vec::new();
                    let wanted = Wanted::of(&filter);
                    if wanted.may_be_in(&block.bloom) {
                        wanted.collect(block, &mut logs);
                    }
                    notices.extend(logs.iter().map(|log| notice("eth_subscription", id, log)));
                }
                Kind::Pending { .. } | Kind::Syncing { .. } => {}
                Kind::Events => {
                    let events = receipts::events_of(block);
                    notices.extend(events.map(|event| notice("scrip_subscription", id, &event)));
                }
            }
        }
        notices
    }
}

fn notice<T: Serialize>(method: &'static str, id: u64, result: &T) -> String {
    #[derive(Serialize)]
    struct Notice<'a, T> {
        jsonrpc: &'static str,
        method: &'static str,
        params: Params<'a, T>,
    }
    #[derive(Serialize)]
    struct Params<'a, T> {
        subscription: U256,
        result: &'a T,
    }
    let params = Params { subscription: U256::from(id), result };
    serde_json::to_string(&Notice { jsonrpc: "2.0", method, params })
        .expect("a notice has a JSON form")
}

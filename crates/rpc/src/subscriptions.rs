//! What a WebSocket connection is told without asking again.

use crate::{
    args::Args,
    door::Door,
    eth::{
        about,
        logs::{self, Wanted},
        pending::Taken,
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
use types::U256;

/// The subscriptions of one connection.
#[derive(Default)]
pub(crate) struct Session {
    last: AtomicU64,
    live: Mutex<Live>,
}

#[derive(Default)]
struct Live {
    kinds: BTreeMap<u64, Kind>,
    /// True once the connection has ended: an answer on its way out begins nothing then.
    has_ended: bool,
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
    let was_live =
        u64::try_from(id).is_ok_and(|id| session.live.lock().kinds.remove(&id).is_some());
    let ended = was_live || begun.len() < waiting;
    if was_live {
        door.metrics.subscriptions.dec();
    }
    json(&ended)
}

impl Session {
    fn grant(&self, door: &Door, kind: Kind, begun: &mut Vec<Subscription>) -> Answer {
        let live = self.live.lock();
        let known =
            || live.kinds.values().chain(begun.iter().map(|subscription| &subscription.kind));
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
        if live.has_ended {
            return;
        }
        for Subscription { id, kind } in begun {
            live.kinds.insert(id, kind);
            door.metrics.subscriptions.inc();
        }
    }

    /// Ends them all.
    pub(crate) fn end(&self, door: &Door) {
        let ended = Live { has_ended: true, ..Live::default() };
        let ended = std::mem::replace(&mut *self.live.lock(), ended).kinds.len();
        door.metrics.subscriptions.dec_by(ended as i64);
    }

    /// Tells what a transaction that was taken has to say to this connection: its hash, or all of it.
    pub(crate) fn tell_taken<E>(
        &self,
        door: &Door,
        taken: &Taken,
        mut tell: impl FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        let asked: Vec<_> = self
            .live
            .lock()
            .kinds
            .iter()
            .filter_map(|(id, kind)| match kind {
                Kind::Pending { whole } => Some((*id, *whole)),
                _ => None,
            })
            .collect();
        for (id, whole) in asked {
            match whole {
                false => tell(notice("eth_subscription", id, &taken.hash))?,
                true => {
                    let Some(whole) = taken.whole(&door.backend.chain) else { continue };
                    tell(notice("eth_subscription", id, whole))?;
                }
            }
        }
        Ok(())
    }

    /// Tells that the node catches up, or no longer does, where that is news.
    pub(crate) fn tell_sync<E>(
        &self,
        door: &Door,
        mut tell: impl FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut live = self.live.lock();
        let mut asked = live.kinds.iter_mut().filter_map(|(id, kind)| match kind {
            Kind::Syncing { told } => Some((*id, told)),
            _ => None,
        });
        // Nobody asked: nothing is worked out.
        let Some(first) = asked.next() else { return Ok(()) };
        let state = about::sync_state(door);
        let mut turned = Vec::new();
        for (id, told) in std::iter::once(first).chain(asked) {
            if *told != state.is_some() {
                *told = state.is_some();
                turned.push(id);
            }
        }
        drop(live);
        turned.into_iter().try_for_each(|id| {
            tell(notice("eth_subscription", id, &about::sync_notice(state.as_ref())))
        })
    }

    /// Tells what a new block has to say to this connection.
    pub(crate) fn tell_block<E>(
        &self,
        door: &Door,
        block: &Indexed,
        mut tell: impl FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        self.tell_sync(door, &mut tell)?;
        let kinds = self.live.lock().kinds.clone();
        for (id, kind) in kinds {
            match kind {
                Kind::Heads => {
                    let head = shape::header(block, &door.backend.chain.limits());
                    tell(notice("eth_subscription", id, &head))?;
                }
                Kind::Logs(filter) => {
                    let mut logs = Vec::new();
                    let wanted = Wanted::of(&filter);
                    if wanted.may_be_in(&block.bloom) {
                        wanted.collect(block, &mut logs);
                    }
                    for log in &logs {
                        tell(notice("eth_subscription", id, log))?;
                    }
                }
                Kind::Pending { .. } | Kind::Syncing { .. } => {}
                Kind::Events => {
                    for event in receipts::events_of(block) {
                        tell(notice("scrip_subscription", id, &event))?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn notice<T: Serialize + ?Sized>(method: &'static str, id: u64, result: &T) -> String {
    #[derive(Serialize)]
    struct Notice<'a, T: ?Sized> {
        jsonrpc: &'static str,
        method: &'static str,
        params: Params<'a, T>,
    }
    #[derive(Serialize)]
    struct Params<'a, T: ?Sized> {
        subscription: U256,
        result: &'a T,
    }
    let params = Params { subscription: U256::from(id), result };
    serde_json::to_string(&Notice { jsonrpc: "2.0", method, params })
        .expect("a notice has a JSON form")
}

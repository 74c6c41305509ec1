//! The store's log from other validators, for a node that joins; and to them.
//!
//! Nothing that arrives is believed: the store checks every answer against a root that a final
//! block names, and a wrong one is asked for again elsewhere.

use crate::{
    runtime::Runtime,
    store::{Entry, Family, MAX_ENTRY_BYTES, Qmdb, record_lengths},
};
use bytes::{Bytes, BytesMut};
use commonware_codec::{Copying, Decode as _, Encode as _, EncodeSize, ReadExt as _, Write as _};
use commonware_cryptography::{ed25519, sha256::Digest};
use commonware_glue::stateful::db::Shared;
use commonware_p2p::{Receiver, Recipients, Sender};
use commonware_parallel::Strategy;
use commonware_runtime::IoBuf;
use commonware_storage::qmdb::sync::{
    Feedback, Request, Response, Source, max_response_size, source,
};
use commonware_utils::{
    NZU64,
    channel::{mpsc, oneshot},
};
use futures::future::{Either, select};
use parking_lot::RwLock;
use std::{collections::BTreeMap, num::NonZeroU64, pin::pin, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Entries asked for at once.
pub(crate) const ENTRIES_PER_REQUEST: NonZeroU64 = NZU64!(64);

/// How long to wait for an answer until another validator is asked.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// Requests of one validator that are answered at a time; what it asks beyond is not answered. A
/// validator that syncs asks for less.
const SERVED_AT_ONCE: usize = 32;

/// Kind and number of a message.
const FRAME_BYTES: usize = 9;
const REQUEST: u8 = 0;
const RESPONSE: u8 = 1;

type Answer = Response<Family, Entry, Digest>;

struct Ask {
    request: Request<Family>,
    answer: oneshot::Sender<Answer>,
}

/// The runtime is stopping, so nobody answers any more.
#[derive(Debug, thiserror::Error)]
#[error("the node is stopping")]
pub(crate) struct Stopping;

/// Fetches from other validators, and serves the own store to them once there is one.
pub(crate) struct Fetcher<E: Runtime, T: Strategy>(Arc<Inner<E, T>>);

struct Inner<E: Runtime, T: Strategy> {
    context: E,
    asks: mpsc::Sender<Ask>,
    serving: RwLock<Option<Shared<Qmdb<E, T>>>>,
}

impl<E: Runtime, T: Strategy> Clone for Fetcher<E, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The longest message of this channel.
pub(crate) fn max_message_bytes() -> usize {
    let entries = ENTRIES_PER_REQUEST.get() as usize;
    FRAME_BYTES + max_response_size::<Family, Digest>(entries, MAX_ENTRY_BYTES)
}

impl<E: Runtime, T: Strategy> Fetcher<E, T> {
    /// Starts to fetch from, and to serve, these validators.
    pub(crate) fn start(
        context: E,
        others: Vec<ed25519::PublicKey>,
        (sender, receiver): (
            impl Sender<PublicKey = ed25519::PublicKey>,
            impl Receiver<PublicKey = ed25519::PublicKey>,
        ),
    ) -> Self {
        let (asks, queue) = mpsc::channel(64);
        let task = context.child("task");
        let fetcher = Self(Arc::new(Inner { context, asks, serving: RwLock::new(None) }));
        let serving = fetcher.clone();
        task.spawn(move |_| serving.run(others, sender, receiver, queue));
        fetcher
    }

    /// Serves others from this store from now on.
    pub(crate) fn serve_from(&self, store: Shared<Qmdb<E, T>>) {
        *self.0.serving.write() = Some(store);
    }

    async fn run(
        self,
        others: Vec<ed25519::PublicKey>,
        mut sender: impl Sender<PublicKey = ed25519::PublicKey>,
        mut receiver: impl Receiver<PublicKey = ed25519::PublicKey>,
        mut queue: mpsc::Receiver<Ask>,
    ) {
        let turns = Turns::of(&others);
        let mut pending: BTreeMap<u64, (ed25519::PublicKey, Ask)> = BTreeMap::new();
        let mut number = 0u64;
        loop {
            let event = {
                let (asked, heard) = (pin!(queue.recv()), pin!(receiver.recv()));
                match select(asked, heard).await {
                    Either::Left((asked, _)) => Either::Left(asked),
                    Either::Right((heard, _)) => Either::Right(heard),
                }
            };
            match event {
                Either::Left(Some(ask)) => {
                    pending.retain(|_, (_, ask)| !ask.answer.is_closed());
                    number += 1;
                    let Some(peer) = others.get(number as usize % others.len().max(1)) else {
                        continue;
                    };
                    send(&mut sender, peer.clone(), REQUEST, number, &ask.request);
                    pending.insert(number, (peer.clone(), ask));
                }
                Either::Right(Ok((peer, message))) => {
                    let message = Bytes::from(message);
                    let Some((kind, number, payload)) = unframe(&message) else { continue };
                    match kind {
                        REQUEST => {
                            if let Some(turn) = turns.take(&peer) {
                                self.serve_peer(turn, peer, number, payload, sender.clone());
                            }
                        }
                        RESPONSE
                            if pending.get(&number).is_some_and(|(asked, _)| *asked == peer) =>
                        {
                            let (_, ask) = pending.remove(&number).expect("just looked up");
                            if let Some(answer) = read_answer(payload, ask.request.max_ops()) {
                                let _ = ask.answer.send(answer);
                            }
                        }
                        _ => {}
                    }
                }
                _ => return,
            }
        }
    }

    fn serve_peer(
        &self,
        turn: Turn,
        peer: ed25519::PublicKey,
        number: u64,
        payload: Bytes,
        mut sender: impl Sender<PublicKey = ed25519::PublicKey>,
    ) {
        let Some(store) = self.0.serving.read().clone() else { return };
        let Some(request) = read_request(&payload) else { return };
        self.0.context.child("serve").spawn(move |_| async move {
            if let Ok((answer, _)) = store.serve(request).await {
                send(&mut sender, peer, RESPONSE, number, &answer);
            }
            drop(turn);
        });
    }

    /// Asks one validator after the other until one answers.
    async fn ask(&self, request: Request<Family>) -> Result<Answer, Stopping> {
        loop {
            let (answer, answered) = oneshot::channel();
            self.0.asks.send(Ask { request, answer }).await.map_err(|_| Stopping)?;
            let late = pin!(self.0.context.sleep(ANSWER_TIMEOUT));
            match select(answered, late).await {
                Either::Left((Ok(answer), _)) => return Ok(answer),
                // The answer made no sense, or nobody could be asked: not at once again.
                Either::Left((Err(_), late)) => late.await,
                Either::Right(_) => {}
            }
        }
    }
}

impl<E: Runtime, T: Strategy> Source for Fetcher<E, T> {
    type Family = Family;
    type Digest = Digest;
    type Op = Entry;
    type Error = Stopping;

    async fn serve(&self, request: Request<Family>) -> source::Result<Self> {
        let answer = self.ask(request).await?;
        let (verdict, mut judged) = oneshot::channel();
        let (more, candidates) = mpsc::channel(1);
        let fetcher = self.clone();
        self.0.context.child("judge").spawn(move |_| async move {
            while let Ok(false) = judged.await {
                let Ok(answer) = fetcher.ask(request).await else { return };
                let (verdict, next) = oneshot::channel();
                judged = next;
                if more.send((answer, verdict)).await.is_err() {
                    return;
                }
            }
        });
        Ok((answer, Some(Feedback::new(verdict, candidates))))
    }
}

fn send(
    sender: &mut impl Sender<PublicKey = ed25519::PublicKey>,
    peer: ed25519::PublicKey,
    kind: u8,
    number: u64,
    payload: &(impl commonware_codec::Write + EncodeSize),
) {
    let mut message = BytesMut::with_capacity(FRAME_BYTES + payload.encode_size());
    kind.write(&mut message);
    number.write(&mut message);
    message.extend_from_slice(&payload.encode());
    sender.send(Recipients::One(peer), IoBuf::from(message.freeze()), false);
}

fn unframe(message: &Bytes) -> Option<(u8, u64, Bytes)> {
    let (frame, _) = message.split_at_checked(FRAME_BYTES)?;
    let number = u64::from_be_bytes(frame[1..].try_into().ok()?);
    Some((frame[0], number, message.slice(FRAME_BYTES..)))
}

fn read_request(payload: &Bytes) -> Option<Request<Family>> {
    let request = Request::<Family>::read(&mut Copying(payload)).ok()?;
    (request.max_ops() <= ENTRIES_PER_REQUEST).then_some(request)
}

fn read_answer(payload: Bytes, entries: NonZeroU64) -> Option<Answer> {
    Answer::decode_cfg(payload, &(entries.get() as usize, ((), record_lengths()))).ok()
}

/// Reads a message of another validator as either kind.
pub(crate) fn read(message: &Bytes) -> Option<()> {
    let (kind, _, payload) = unframe(message)?;
    match kind {
        REQUEST => read_request(&payload).map(drop),
        RESPONSE => read_answer(payload, ENTRIES_PER_REQUEST).map(drop),
        _ => None,
    }
}

/// How many more requests each validator may have answered.
struct Turns<P>(BTreeMap<P, Arc<Semaphore>>);

/// One request being answered.
type Turn = OwnedSemaphorePermit;

impl<P: Ord + Clone> Turns<P> {
    fn of(peers: &[P]) -> Self {
        let turns = |peer: &P| (peer.clone(), Arc::new(Semaphore::new(SERVED_AT_ONCE)));
        Self(peers.iter().map(turns).collect())
    }

    fn take(&self, peer: &P) -> Option<Turn> {
        self.0.get(peer)?.clone().try_acquire_owned().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_validator_that_asks_for_too_much_at_once_takes_nothing_from_the_others() {
        let turns = Turns::of(&["greedy", "modest"]);
        let taken: Vec<_> = std::iter::from_fn(|| turns.take(&"greedy")).collect();
        assert_eq!(taken.len(), SERVED_AT_ONCE);
        assert!(turns.take(&"modest").is_some());
        drop(taken);
        assert!(turns.take(&"greedy").is_some());
        assert!(turns.take(&"stranger").is_none());
    }
}

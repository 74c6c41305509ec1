//! Transactions between validators, and a sign of life.

use crate::{applied::Applied, machine::Candidates, runtime::Runtime};
use borsh::{BorshDeserialize, BorshSerialize};
use commonware_cryptography::ed25519;
use commonware_p2p::{Receiver, Recipients, Sender};
use commonware_runtime::IoBuf;
use futures::future::{Either, select};
use std::{
    collections::BTreeMap,
    pin::pin,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::sync::mpsc;
use types::{Bytes, decode, encode};

/// The most bytes of transactions in one message.
pub(crate) const MAX_GOSSIP_BYTES: usize = 256 << 10;

/// Room for a message's own framing.
pub(crate) const MAX_MESSAGE_BYTES: usize = MAX_GOSSIP_BYTES + 64;

/// The most transactions in one message.
const MAX_GOSSIP_TRANSACTIONS: usize = 4_096;

/// Transactions waiting to be sent. What does not fit is not sent; it still waits here.
pub(crate) const QUEUE: usize = 65_536;

/// How often validators tell each other where they stand.
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);

/// How long a validator counts as present after its last word.
const PRESENT: Duration = Duration::from_secs(7);

#[derive(BorshSerialize, BorshDeserialize)]
enum Message {
    Transactions(Vec<Bytes>),
    Here { height: u64 },
}

/// Sends what is queued, as much as one message takes at a time, and a sign of life.
pub(crate) async fn speak<E: Runtime>(
    context: E,
    mut sender: impl Sender<PublicKey = ed25519::PublicKey>,
    mut queue: mpsc::Receiver<Bytes>,
    applied: Arc<Applied>,
) {
    let mut left_over = None;
    let mut next_sign = context.current();
    loop {
        if context.current() >= next_sign {
            let height = applied.status().height.unwrap_or(0);
            send(&mut sender, &Message::Here { height });
            next_sign = context.current() + SIGN_OF_LIFE;
        }
        let first = match left_over.take() {
            Some(first) => first,
            None => {
                let received = pin!(queue.recv());
                let due = pin!(context.sleep_until(next_sign));
                match select(received, due).await {
                    Either::Left((Some(first), _)) => first,
                    Either::Left((None, _)) => return,
                    Either::Right(_) => continue,
                }
            }
        };
        let mut bytes = first.len() + 4;
        let mut transactions = vec![first];
        while transactions.len() < MAX_GOSSIP_TRANSACTIONS {
            let Ok(next) = queue.try_recv() else { break };
            bytes += next.len() + 4;
            if bytes > MAX_GOSSIP_BYTES {
                left_over = Some(next);
                break;
            }
            transactions.push(next);
        }
        send(&mut sender, &Message::Transactions(transactions));
    }
}

fn send(sender: &mut impl Sender<PublicKey = ed25519::PublicKey>, message: &Message) {
    let bytes = encode(message);
    // A single transaction may be longer than a message; its sender's own turn includes it.
    if bytes.len() <= MAX_MESSAGE_BYTES {
        sender.send(Recipients::All, IoBuf::from(bytes), false);
    }
}

/// Hands over what other validators send. A message that does not decode is dropped.
pub(crate) async fn listen<E: Runtime>(
    context: E,
    mut receiver: impl Receiver<PublicKey = ed25519::PublicKey>,
    candidates: Arc<dyn Candidates>,
    applied: Arc<Applied>,
) {
    let mut heard: BTreeMap<ed25519::PublicKey, SystemTime> = BTreeMap::new();
    while let Ok((peer, message)) = receiver.recv().await {
        let now = context.current();
        heard.insert(peer, now);
        heard.retain(|_, last| now.duration_since(*last).unwrap_or_default() < PRESENT);
        let bytes = bytes::Bytes::from(message);
        match decode(&bytes) {
            Ok(Message::Transactions(transactions)) => {
                applied.heard(heard.len(), 0);
                candidates.arrived(transactions);
            }
            Ok(Message::Here { height }) => applied.heard(heard.len(), height),
            Err(error) => tracing::debug!(%error, "a gossip message does not decode"),
        }
    }
}

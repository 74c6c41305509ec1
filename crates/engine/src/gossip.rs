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

/// What validators tell each other outside of consensus.
#[derive(Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) enum Message {
    /// Transactions that a client gave to the sender.
    Transactions(Vec<Bytes>),
    /// The sender is there, and has this block.
    Here {
        /// Its height.
        height: u64,
    },
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
    validators: usize,
    mut receiver: impl Receiver<PublicKey = ed25519::PublicKey>,
    candidates: Arc<dyn Candidates>,
    applied: Arc<Applied>,
) {
    let mut present = Present::among(validators);
    while let Ok((peer, message)) = receiver.recv().await {
        let bytes = bytes::Bytes::from(message);
        let (height, transactions) = match read(&bytes) {
            Ok(Message::Transactions(transactions)) => (None, transactions),
            Ok(Message::Here { height }) => (Some(height), Vec::new()),
            Err(error) => {
                tracing::debug!(%error, "a gossip message does not decode");
                (None, Vec::new())
            }
        };
        present.hear(peer, height, context.current());
        applied.heard(present.heard.len(), present.best_known());
        if !transactions.is_empty() {
            candidates.arrived(transactions);
        }
    }
}

/// Reads a message from another validator.
pub(crate) fn read(bytes: &[u8]) -> Result<Message, borsh::io::Error> {
    decode(bytes)
}

/// The validators heard from lately, and where each says it stands.
struct Present<P> {
    heard: BTreeMap<P, (SystemTime, u64)>,
    /// How many of them may lie.
    faulty: usize,
}

impl<P: Ord> Present<P> {
    fn among(validators: usize) -> Self {
        Self { heard: BTreeMap::new(), faulty: validators.saturating_sub(1) / 3 }
    }

    fn hear(&mut self, peer: P, height: Option<u64>, now: SystemTime) {
        let (last, at) = self.heard.entry(peer).or_insert((now, 0));
        *last = now;
        *at = height.unwrap_or(*at);
        self.heard.retain(|_, (last, _)| now.duration_since(*last).unwrap_or_default() < PRESENT);
    }

    /// The highest height that at least one honest validator has reached: that of the one after as
    /// many as may lie.
    fn best_known(&self) -> u64 {
        let mut heights: Vec<u64> = self.heard.values().map(|(_, height)| *height).collect();
        heights.sort_unstable_by(|one, other| other.cmp(one));
        heights.get(self.faulty).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn one_validator_of_four_cannot_make_the_others_believe_they_lag() {
        let mut present = Present::among(4);
        present.hear("liar", Some(u64::MAX), at(0));
        assert_eq!(present.best_known(), 0, "nobody else has said anything");
        present.hear("one", Some(7), at(1));
        present.hear("other", Some(9), at(1));
        assert_eq!(present.best_known(), 9, "two say that there are nine blocks");
        present.hear("liar", None, at(2));
        assert_eq!((present.heard.len(), present.best_known()), (3, 9));
    }

    #[test]
    fn the_only_other_validator_of_two_is_believed() {
        let mut present = Present::among(2);
        present.hear("other", Some(5), at(0));
        assert_eq!(present.best_known(), 5);
    }

    #[test]
    fn who_is_silent_for_too_long_is_not_there() {
        let mut present = Present::among(4);
        present.hear("one", Some(5), at(0));
        present.hear("other", Some(5), at(PRESENT.as_secs()));
        assert_eq!((present.heard.len(), present.best_known()), (1, 0));
    }
}

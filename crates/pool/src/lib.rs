//! Transactions waiting: admission, lanes, limits.
//!
//! A transaction is admitted only if it could be included now, or as soon as earlier ones of the same
//! sender are. Lanes by kind share every block, so that a burst of one kind cannot starve another.
//! Nothing here is a rule of the chain: blocks are judged by `chain` alone.

mod lane;
mod waiting;

pub use lane::Lane;

use chain::Chain;
use evm::{NotIncludable, Signed};
use parking_lot::Mutex;
use std::sync::Arc;
use tokio::sync::{Notify, broadcast};
use types::{Address, B256, Block, Bytes, PersonId, Time};
use waiting::Waiting;

/// How much may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Transactions in all.
    pub transactions: usize,
    /// Bytes in all.
    pub bytes: usize,
    /// Transactions of one sender.
    pub per_sender: usize,
    /// Transactions of all wallets of one person.
    pub per_person: usize,
    /// How far a nonce may run ahead of the sender's next one.
    pub nonce_gap: u64,
    /// How long a transaction may wait, milliseconds of block time.
    pub max_age_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            transactions: 60_000,
            bytes: 64 << 20,
            per_sender: 1_024,
            per_person: 2_048,
            nonce_gap: 1_024,
            max_age_ms: 600_000,
        }
    }
}

/// Bytes of a block's body besides its transactions: a count, and a length before each.
const BODY_OVERHEAD: usize = 8;

/// How many passed-over transactions are judged anew after one block.
const RECHECKED_PER_BLOCK: usize = 2_000;

/// Why a transaction is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The bytes are not a transaction of this chain.
    #[error(transparent)]
    Malformed(#[from] evm::Malformed),
    /// The chain would not include it.
    #[error(transparent)]
    NotIncludable(#[from] NotIncludable),
    /// No block has room for it.
    #[error("transaction: {bytes} bytes, a block of this network has room for {longest}; split it")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long one may be.
        longest: usize,
    },
    /// The same bytes wait already.
    #[error("already known")]
    AlreadyKnown,
    /// Another transaction of this sender has the nonce, and this one does not raise the fee by a tenth.
    #[error(
        "replacement transaction underpriced: raise maxFeePerGas by at least 10 % to replace nonce {0}"
    )]
    Underpriced(u64),
    /// The nonce runs too far ahead.
    #[error("nonce {nonce} is too far ahead: the next one is {next}, at most {gap} may wait")]
    NonceGap {
        /// The transaction's nonce.
        nonce: u64,
        /// The sender's next nonce.
        next: u64,
        /// How far it may run ahead.
        gap: u64,
    },
    /// This sender has as many waiting as one may have.
    #[error("{0} has {1} transactions waiting, the most one sender may have; wait for a block")]
    SenderFull(Address, usize),
    /// This person has as many waiting as one may have.
    #[error(
        "{0} has {1} transactions waiting over all wallets, the most one person may have; wait for a block"
    )]
    PersonFull(PersonId, usize),
    /// The lane is full.
    #[error("the pool is full for transactions of this kind ({0}); try again after the next block")]
    Full(Lane),
}

/// How many wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Those that could be included now.
    pub pending: usize,
    /// Those that wait for an earlier nonce.
    pub queued: usize,
    /// Bytes of all.
    pub bytes: usize,
    /// All, by lane.
    pub lanes: Vec<(Lane, usize)>,
}

/// The transactions that wait on one node.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

struct Inner {
    chain: Chain,
    waiting: Mutex<Waiting>,
    work: Notify,
    admitted: broadcast::Sender<Bytes>,
}

/// A transaction, and the person behind it if the chain could include it now or later.
type Judged = (Result<Option<PersonId>, NotIncludable>, Arc<Signed>);

impl Pool {
    /// An empty pool over a chain.
    pub fn new(chain: Chain, limits: Limits) -> Self {
        Self(Arc::new(Inner {
            chain,
            waiting: Mutex::new(Waiting::new(limits)),
            work: Notify::new(),
            admitted: broadcast::channel(16_384).0,
        }))
    }

    /// Admits a signed transaction and returns its hash.
    pub fn add(&self, bytes: Bytes) -> Result<B256, Refusal> {
        let signed = self.0.chain.recover(&bytes)?;
        self.add_all(vec![signed]).pop().expect("one answer for one transaction")
    }

    /// Admits transactions whose senders are recovered, on one reading of the state.
    pub fn add_all(&self, transactions: Vec<Arc<Signed>>) -> Vec<Result<B256, Refusal>> {
        self.admit(transactions, true)
    }

    /// Admits what another validator passed on; it is not passed on again.
    pub fn arrived(&self, transactions: Vec<Bytes>) -> Vec<Result<B256, Refusal>> {
        let mut refused = Vec::new();
        let mut signed = Vec::with_capacity(transactions.len());
        for recovered in self.0.chain.recover_all(&transactions) {
            match recovered {
                Ok(transaction) => signed.push(transaction),
                Err(malformed) => refused.push(Err(malformed.into())),
            }
        }
        let mut answers = self.admit(signed, false);
        answers.append(&mut refused);
        answers
    }

    fn admit(&self, transactions: Vec<Arc<Signed>>, is_own: bool) -> Vec<Result<B256, Refusal>> {
        let judged = self.judge(transactions);
        self.take(judged, is_own)
    }

    /// Asks the chain about each, on one reading of the state. Nobody waits meanwhile.
    fn judge(&self, transactions: Vec<Arc<Signed>>) -> Vec<Judged> {
        let limits = evm::TxLimits::of_block(self.0.chain.limits().gas);
        self.0.chain.read(|ctx| {
            let person = |signed: &Signed| match evm::admit(ctx, signed, &limits) {
                Ok(admission) => Ok(admission.person),
                Err(NotIncludable::NonceTooHigh { person, .. }) => Ok(person),
                Err(why) => Err(why),
            };
            transactions.into_iter().map(|signed| (person(&signed), signed)).collect()
        })
    }

    fn take(&self, judged: Vec<Judged>, is_own: bool) -> Vec<Result<B256, Refusal>> {
        let inner = &*self.0;
        let longest = (inner.chain.limits().bytes as usize).saturating_sub(BODY_OVERHEAD);
        let mut waiting = inner.waiting.lock();
        // Blocks may have become final since: the nonces are read while none can be told to this pool.
        let (next, now) = inner.chain.read(|ctx| {
            let next = |(_, signed): &Judged| evm::nonce(ctx, &signed.sender);
            (judged.iter().map(next).collect::<Vec<_>>(), ctx.now())
        });
        let mut answers = Vec::with_capacity(judged.len());
        for ((person, signed), next) in judged.into_iter().zip(next) {
            let nonce = signed.nonce();
            let fits = |person| match signed.bytes.len() {
                _ if nonce < next => Err(NotIncludable::NonceTooLow { nonce, next }.into()),
                bytes if bytes > longest => Err(Refusal::TooLong { bytes, longest }),
                _ => Ok(person),
            };
            let answer = person
                .map_err(Refusal::from)
                .and_then(fits)
                .and_then(|person| waiting.insert(signed.clone(), person, next, now));
            if is_own && answer.is_ok() {
                // Nobody listening is no failure: one validator alone gossips to no one.
                let _ = inner.admitted.send(signed.bytes.clone());
            }
            answers.push(answer);
        }
        drop(waiting);
        inner.work.notify_waiters();
        answers
    }

    /// What the next block may carry, in order; a share of it from every lane that has work.
    pub fn candidates(&self) -> Vec<Bytes> {
        let limits = self.0.chain.limits();
        self.0.waiting.lock().candidates(limits.transactions as usize, limits.bytes as usize)
    }

    /// Resolves when something waits that a block could carry.
    pub async fn wait(&self) {
        loop {
            let notified = self.0.work.notified();
            tokio::pin!(notified);
            notified.as_mut().enable();
            if self.0.waiting.lock().has_candidates() {
                return;
            }
            notified.await;
        }
    }

    /// Notes that a block carries these: they are not offered again while it may become final.
    pub fn executed(&self, block: &Block) {
        let recovered = self.0.chain.recover_all(&block.body);
        let hashes: Vec<_> = recovered.into_iter().flatten().map(|signed| signed.hash).collect();
        self.0.waiting.lock().in_flight(block.header.height, &hashes);
    }

    /// Notes that a block is final: what it carries leaves, what its rivals carried is offered again.
    pub fn finalized(&self, block: &Block) {
        let inner = &*self.0;
        let mut included = Vec::with_capacity(block.body.len());
        for bytes in &block.body {
            if let Ok(signed) = inner.chain.recover(bytes) {
                included.push((signed.sender, signed.nonce()));
            }
        }
        let mut waiting = inner.waiting.lock();
        waiting.finalized(block.header.height, block.header.time, &included);
        if block.body.len() < inner.chain.limits().transactions as usize {
            // There was room, so what the block passed over may never be included: ask again.
            let passed_over = waiting.passed_over(RECHECKED_PER_BLOCK);
            drop(waiting);
            self.drop_hopeless(&passed_over);
        }
        inner.work.notify_waiters();
    }

    fn drop_hopeless(&self, transactions: &[Arc<Signed>]) {
        let inner = &*self.0;
        let limits = evm::TxLimits::of_block(inner.chain.limits().gas);
        let hopeless: Vec<_> = inner.chain.read(|ctx| {
            let is_hopeless = |signed: &&Arc<Signed>| match evm::admit(ctx, signed, &limits) {
                Ok(_) | Err(NotIncludable::NonceTooHigh { .. }) => false,
                Err(_) => true,
            };
            transactions
                .iter()
                .filter(is_hopeless)
                .map(|signed| (signed.sender, signed.nonce()))
                .collect()
        });
        let mut waiting = inner.waiting.lock();
        hopeless.iter().for_each(|(sender, nonce)| waiting.remove(sender, *nonce));
    }

    /// Forgets everything that waits: a chain for development went back.
    pub fn clear(&self) {
        self.0.waiting.lock().clear();
    }

    /// What this node's own clients send from now on, for gossip. A receiver that falls behind loses the oldest.
    pub fn admitted(&self) -> broadcast::Receiver<Bytes> {
        self.0.admitted.subscribe()
    }

    /// The sender's next nonce, counting what waits without a gap; `None` if nothing waits.
    pub fn pending_nonce(&self, sender: &Address) -> Option<u64> {
        self.0.waiting.lock().pending_nonce(sender)
    }

    /// A waiting transaction by its hash.
    pub fn get(&self, hash: &B256) -> Option<Arc<Signed>> {
        self.0.waiting.lock().get(hash)
    }

    /// Everything that waits: those that could be included now, and those that wait for a nonce.
    pub fn content(&self) -> (Vec<Arc<Signed>>, Vec<Arc<Signed>>) {
        self.0.waiting.lock().content()
    }

    /// How many wait.
    pub fn status(&self) -> Status {
        self.0.waiting.lock().status()
    }
}

/// The age of a transaction is counted in block time, the only clock a replay shares.
pub(crate) fn is_too_old(since: Time, now: Time, max_age_ms: u64) -> bool {
    now.0.saturating_sub(since.0) > max_age_ms
}

#[cfg(test)]
#[path = "../../chain/tests/market/mod.rs"]
mod market;

#[cfg(test)]
mod tests {
    use super::{market::*, *};

    #[test]
    fn what_becomes_final_while_it_is_judged_is_not_taken() {
        let mut market = Market::open(2);
        let pool = Pool::new(market.chain.clone(), Limits::default());
        let bytes = transfer(&holder(0), 0, &holder(1), 1);
        let judged = pool.judge(vec![market.chain.recover(&bytes).expect("signed")]);
        let (block, executed) = market.propose(std::slice::from_ref(&bytes));
        market.adopt(&block, &executed);
        pool.finalized(&block);
        let answer = pool.take(judged, true).pop().expect("one answer");
        let stale = NotIncludable::NonceTooLow { nonce: 0, next: 1 };
        assert_eq!(answer, Err(Refusal::NotIncludable(stale)));
        assert_eq!((pool.status().pending, pool.status().queued), (0, 0));
    }
}

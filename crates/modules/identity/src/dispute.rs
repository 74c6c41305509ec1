//! What a dispute over an account's key means for what was held of the account for others. I-35.
//!
//! A hold may be a thief's, and whom it was made for the thief's friend; or it is honest, and must not be the owner's to
//! take back at will. Both are safe by one measure, the delay that a recovery waits:
//! - A hold is firm once it has stood for a delay before a dispute begins. It waits until the recovery can be completed,
//!   whether it is or not, and is never taken back for it.
//! - A younger one is in doubt. It waits for a delay more, and in that time, once the account has a new wallet, its owner
//!   may take it back. Who parts with something for a hold waits a delay first, or is paid as it is delivered.
//! - Nothing waits for more than four delays, and nothing that stood in one dispute waits in the next.
//!
//! A dispute begins with a recovery. One that is begun within four delays, after another that was cancelled, or while what
//! was held before a new wallet came is in doubt still, belongs to the same dispute: a thief who says that the key is not
//! lost gains nothing by it, nor by a second loss, and a provider who begins again and again stalls nobody for ever.

use crate::{DISPUTES, PROGRESS, RECOVERIES};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::Context;
use types::{AccountId, Time};

/// The delays of a recovery that a dispute may last, and that a hold may wait in it.
const LONGEST: u64 = 4;

/// The last dispute over an account's key: recoveries that followed each other.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Dispute {
    /// When its first recovery was begun.
    pub begun: Time,
    /// When the dispute before it began: what was held by then has waited.
    pub before: Option<Time>,
    /// How it ended, if by a new wallet.
    pub recovered: Option<Recovered>,
}

/// A recovery that was completed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Recovered {
    /// When.
    pub at: Time,
    /// From when on it could be.
    pub ready: Time,
}

impl Dispute {
    /// True if a hold made then is younger than a delay at the dispute's beginning, or was made in it.
    fn is_young(&self, held: Time, delay_ms: u64) -> bool {
        held.plus_ms(delay_ms) > self.begun
    }

    /// True if the key that a new wallet replaced may have made a hold at that time.
    fn doubts(&self, held: Time, delay_ms: u64) -> bool {
        let is_before = self.recovered.is_none_or(|recovered| held < recovered.at);
        self.is_young(held, delay_ms) && is_before
    }

    /// Until when a hold made at a time waits, if a recovery that waits can be completed at another. What nobody held, as
    /// an exchange of units, is as firm as can be.
    fn ends(&self, ready: Option<Time>, held: Option<Time>, delay_ms: u64) -> Option<Time> {
        let is_waiting = ready.is_some();
        let has_waited = held.is_some_and(|held| {
            let is_settled = self.recovered.is_some() && !self.is_young(held, delay_ms);
            is_settled || self.before.is_some_and(|before| held <= before)
        });
        // While a key is said to be lost any that is young may be its.
        let is_doubtful = held.is_some_and(|held| match is_waiting {
            true => self.is_young(held, delay_ms),
            false => self.doubts(held, delay_ms),
        });
        let past = self.recovered.filter(|_| is_doubtful).map(|recovered| recovered.ready);
        let ready = ready.or(past).filter(|_| !has_waited)?;
        let end = if is_doubtful { ready.plus_ms(delay_ms) } else { ready };
        let since = held.unwrap_or(self.begun).max(self.begun);
        Some(end.min(since.plus_ms(LONGEST.saturating_mul(delay_ms))))
    }
}

/// A recovery of an account is begun: a dispute begins, unless one goes on.
pub(crate) fn begin(ctx: &mut Context<'_>, account: AccountId) {
    let (last, now) = (DISPUTES.get(ctx, &account), ctx.now());
    let delay_ms = delay_ms(ctx);
    let longest = LONGEST.saturating_mul(delay_ms);
    let goes_on = |last: &Dispute| {
        let is_in_doubt = |it: Recovered| now < it.ready.plus_ms(delay_ms);
        now < last.begun.plus_ms(longest) && last.recovered.is_none_or(is_in_doubt)
    };
    if !last.as_ref().is_some_and(goes_on) {
        let before = last.map(|last| last.begun);
        DISPUTES.put(ctx, &account, Dispute { begun: now, before, recovered: None });
    }
}

/// It is completed, and could be from a time on.
pub(crate) fn settle(ctx: &mut Context<'_>, account: AccountId, ready: Time) {
    let at = ctx.now();
    if let Some(dispute) = DISPUTES.get(ctx, &account) {
        let recovered = Some(Recovered { at, ready });
        DISPUTES.put(ctx, &account, Dispute { recovered, ..dispute });
    }
}

/// How long a recovery waits, milliseconds.
pub(crate) fn delay_ms(ctx: &Context<'_>) -> u64 {
    PROGRESS.read(ctx, &()).map_or(0, |progress| progress.recovery_delay_ms)
}

/// Until when what was held of an account at a time is not delivered, for the dispute over its key; none if it may be
/// now. Without a time: what leaves it by another's will and was not held.
pub fn disputed_until(ctx: &Context<'_>, account: &AccountId, held: Option<Time>) -> Option<Time> {
    let dispute = DISPUTES.read(ctx, account)?;
    let ready = RECOVERIES.read(ctx, account).map(|recovery| recovery.ready);
    dispute.ends(ready, held, delay_ms(ctx)).filter(|end| ctx.now() < *end)
}

/// True if the account's new wallet may take back now what was held of it at a time, though it has not ended.
pub fn may_take_back(ctx: &Context<'_>, account: &AccountId, held: Time) -> bool {
    let dispute = DISPUTES.read(ctx, account);
    let doubts = |it: &Dispute| it.recovered.is_some() && it.doubts(held, delay_ms(ctx));
    dispute.is_some_and(doubts) && disputed_until(ctx, account, Some(held)).is_some()
}

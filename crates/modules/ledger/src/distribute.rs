//! Payments to many of whom some may not be paid now: who is blocked stops nobody else. RULEBOOK N12.

use crate::{
    Cause, Leg, Refusal, Reply, Spender,
    hold::{self, Terms},
    movement::{self, Movement},
    ops::{fold, pay_out},
};
use compliance::Side;
use state::Context;
use types::{AccountId, AssetId, ClassId, Time, Units, ensure};

/// Moves units of an account's class to many. What a receiver may not take now is held for it in the giver's account, and it
/// delivers that to itself once it may, before the hold expires; then the giver takes it back. What stands in the way of the
/// giver, or of all together, refuses all.
///
/// Each receiver is asked about alone; those who may take are paid as one batch, judged on its net. Keeps LED-1 to LED-5 and
/// I-04; announces `Moved` of each who is paid, and `Held` of each other. Errors as a transfer and a hold have them.
pub(crate) fn distribute(
    ctx: &mut Context<'_>,
    by: Spender,
    (asset, class): (AssetId, ClassId),
    from: AccountId,
    legs: Vec<Leg>,
    expires: Time,
) -> Result<Reply, Refusal> {
    let (legs, total) = fold(ctx, legs)?;
    let (mut paid, mut aside) = (Vec::with_capacity(legs.len()), Vec::new());
    let mut set_aside = Units::ZERO;
    for leg in legs {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        if may_not_take(ctx, by, (asset, class), from, leg)? {
            set_aside += leg.units;
            aside.push(leg);
        } else {
            paid.push(leg);
        }
    }
    let reply = pay_out(ctx, by, (asset, Some(class)), Some(from), (paid, total - set_aside))?;
    for Leg { to: beneficiary, units } in aside {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        let (notary, recourse, path, price) = (None, None, None, None);
        let terms = Terms { beneficiary, notary, units, expires, recourse, path, price };
        hold::place(ctx, by, (asset, class), Some(from), terms)?;
    }
    Ok(reply)
}

/// True if something stands in the way of this leg, and all of it with its receiver.
fn may_not_take(
    ctx: &Context<'_>,
    by: Spender,
    key: (AssetId, ClassId),
    from: AccountId,
    leg: Leg,
) -> Result<bool, Refusal> {
    let Leg { to, units } = leg;
    let of = Movement::of(key, (Some(from), Some(to)), units, Cause::Transfer, by.wallet);
    let against = movement::reasons(ctx, &of)?;
    let is_receivers = |reason: &compliance::Reason| reason.side == Some(Side::Receiver);
    Ok(!against.is_empty() && against.iter().all(is_receivers))
}

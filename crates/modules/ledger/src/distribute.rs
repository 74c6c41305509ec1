//! Payments to many of whom some may not be paid now: who is blocked stops nobody else. RULEBOOK N12.

use crate::{
    Cause, Leg, Refusal, Reply, Spender,
    hold::{self, Terms},
    movement::{self, Movement},
    ops::{Part, authorise, authorise_fees, fold, move_parts, receipts},
};
use compliance::{Reason, ReasonCode, Side};
use state::Context;
use types::{AccountId, AssetId, ClassId, Time, Units, ensure};

/// Moves units of an account's class to many. What a receiver may not take now is held for it in the giver's account, and it
/// delivers that to itself once it may, before the hold expires; then the giver takes it back. What stands in the way of the
/// giver, or of all together, refuses all.
///
/// Each receiver is asked about alone, of what its human gets in all; those who may take are paid as one batch, judged on its net. Who may move the units may
/// set them aside so, for no longer than its delegation lasts. Keeps LED-1 to LED-5 and I-04; announces `Moved` of each who is
/// paid, and `Held` of each other. Errors as a transfer and a hold have them.
pub(crate) fn distribute(
    ctx: &mut Context<'_>,
    by: Spender,
    (asset, class): (AssetId, ClassId),
    from: AccountId,
    legs: Vec<Leg>,
    expires: Time,
) -> Result<Reply, Refusal> {
    let (legs, total) = fold(ctx, legs)?;
    hold::check_end(ctx, by, from, expires)?;
    authorise(ctx, by, asset, Some(class), from, total)?;
    let (mut paid, mut aside) = (Vec::with_capacity(legs.len()), Vec::new());
    let receipts = receipts(ctx, &legs);
    for leg in legs {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        let human = identity::counted_as(ctx, leg.to.person);
        let getting = receipts.get(&human).copied().unwrap_or(leg.units);
        match may_not_take(ctx, by, (asset, class), from, leg, getting)? {
            // Of nothing there is nothing to hold.
            true if leg.units.is_zero() => {}
            true => aside.push(leg),
            false => paid.push(Part::plain(leg)),
        }
    }
    let mut reply = Reply::default();
    move_parts(ctx, by, (asset, Some(class)), from, &paid, &mut reply)?;
    authorise_fees(ctx, by, asset, Some(class), from, reply.fees_in_all()?)?;
    for Leg { to: beneficiary, units } in aside {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        let (notary, recourse, path, price) = (None, None, None, None);
        let terms = Terms { beneficiary, notary, units, expires, recourse, path, price };
        hold::set_aside(ctx, by.wallet, (asset, class), from, terms)?;
    }
    Ok(reply)
}

/// True if its receiver, who gets so much in all, stands in the way of this leg, and nothing else does.
fn may_not_take(
    ctx: &Context<'_>,
    by: Spender,
    key: (AssetId, ClassId),
    from: AccountId,
    leg: Leg,
    getting: Units,
) -> Result<bool, Refusal> {
    let Leg { to, units } = leg;
    let of = Movement::of(key, (Some(from), Some(to)), units, Cause::Transfer, by.wallet);
    Ok(is_receivers(&movement::reasons(ctx, &Movement { getting, ..of })?))
}

/// Is it about the receiver alone, or open to another on one of its paths?
fn is_receivers(against: &[Reason]) -> bool {
    let is_its = |reason: &Reason| reason.side == Some(Side::Receiver);
    let on_paths = || against.iter().filter(|reason| reason.path.is_some());
    let is_open = |path: &Option<String>| on_paths().filter(|it| it.path == *path).all(is_its);
    let mut alone = against.iter().filter(|reason| reason.path.is_none());
    // That no path is open is said of who would take one.
    alone.all(|reason| is_its(reason) || reason.code == ReasonCode::NoPath)
        && against.iter().any(is_its)
        && (on_paths().next().is_none() || on_paths().any(|reason| is_open(&reason.path)))
}

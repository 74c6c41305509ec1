//! Payments to many of whom some may not be paid now: who is blocked stops nobody else. RULEBOOK N12.

use crate::{
    Cause, Leg, Refusal, Reply, Spender,
    hold::{self, Terms},
    movement::{self, Movement},
    ops::{Part, fold, move_parts, own_account, receipts},
};
use compliance::{Reason, ReasonCode, Side, Step};
use state::Context;
use std::collections::{BTreeMap, BTreeSet};
use types::{AccountId, AssetId, ClassId, PersonId, Time, Units, ensure};

/// Moves units of the caller's class to many. What a receiver may not take now, for reasons that are about it alone, is held
/// for it in the caller's account, and it delivers that to itself once it may, before the hold expires; then the caller takes
/// it back. What stands in the way of the caller, or of all together, refuses all.
///
/// Each human is asked about alone, of what it gets in all, as if that came at once into each of its accounts; those who may take
/// are paid as one batch, judged on its net. An issuer's own contract is asked of who is paid, and its refusal refuses all. Keeps
/// LED-1 to LED-5 and I-04; announces `Moved` of each who is paid, and `Held` of each other. Errors as a transfer and a hold
/// have them.
pub(crate) fn distribute(
    ctx: &mut Context<'_>,
    by: Spender,
    (asset, class): (AssetId, ClassId),
    legs: Vec<Leg>,
    expires: Time,
) -> Result<Reply, Refusal> {
    // Whether anybody is blocked or not: what is asked is refused alike.
    ensure(expires > ctx.now(), Refusal::HoldEnded(expires))?;
    let (legs, _) = fold(ctx, legs)?;
    let from = own_account(ctx, by)?;
    let blocked = blocked(ctx, by, (asset, class), from, &legs)?;
    let is_paid = |leg: &Leg| !blocked.contains(&identity::counted_as(ctx, leg.to.person));
    let (paid, aside): (Vec<Leg>, Vec<Leg>) = legs.into_iter().partition(is_paid);
    let paid: Vec<_> = paid.into_iter().map(Part::plain).collect();
    let mut reply = Reply::default();
    move_parts(ctx, by, (asset, Some(class)), from, &paid, &mut reply)?;
    // Of nothing there is nothing to hold.
    for Leg { to: beneficiary, units } in aside.into_iter().filter(|leg| !leg.units.is_zero()) {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        let (notary, recourse, path, price) = (None, None, None, None);
        let terms = Terms { beneficiary, notary, units, expires, recourse, path, price };
        hold::place(ctx, by, (asset, class), None, terms)?;
    }
    Ok(reply)
}

/// The humans who may not take what they get, of whom one account that may not is enough: alone, or as part of all that they
/// get and the giver gives.
fn blocked(
    ctx: &Context<'_>,
    by: Spender,
    key: (AssetId, ClassId),
    from: AccountId,
    legs: &[Leg],
) -> Result<BTreeSet<PersonId>, Refusal> {
    let receipts = receipts(ctx, legs);
    let payer = identity::counted_as(ctx, from.person);
    let is_given = |leg: &&Leg| identity::counted_as(ctx, leg.to.person) != payer;
    let giving: Units = legs.iter().filter(is_given).map(|leg| leg.units).sum();
    let (mut against, mut is_any_paid) = (Vec::new(), false);
    for Leg { to, units } in legs {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        let human = identity::counted_as(ctx, to.person);
        let getting = receipts.get(&human).copied().unwrap_or(*units);
        let of =
            |units| Movement::of(key, (Some(from), Some(*to)), units, Cause::Transfer, by.wallet);
        let alone = Movement { getting, ..of(*units) };
        let among = Movement { giving, giving_of_class: giving, ..of(getting) };
        let told = [alone, among].map(|movement| movement::reasons(ctx, &movement));
        let [alone, among] = told;
        let told = [alone?, among?];
        is_any_paid |= told.iter().all(Vec::is_empty);
        if told.iter().any(|told| !told.is_empty()) {
            against.push((human, told));
        }
    }
    let is_its = |told: &Vec<Reason>| match is_any_paid {
        true => is_shut_for_it(told),
        false => {
            told.iter().any(is_receivers) && told.iter().all(|it| is_receivers(it) || says_none(it))
        }
    };
    let its = against.into_iter().filter(|(_, told)| told.iter().any(is_its));
    Ok(its.map(|(human, _)| human).collect())
}

/// About the receiver. Its own approval, the next in turn, is nobody else's to give, and of no other movement.
fn is_receivers(reason: &Reason) -> bool {
    reason.side == Some(Side::Receiver) || reason.turn == Some(Step::Receiver)
}

fn says_none(reason: &Reason) -> bool {
    reason.code == ReasonCode::NoPath
}

/// Does it stand in the way because of the receiver alone, where another is paid? Of paths, each of whose reasons are told after
/// it is said that none is open, one that is shut for it alone is enough: the other may have gone by it.
fn is_shut_for_it(against: &[Reason]) -> bool {
    let is_choice = |reason: &Reason| says_none(reason) && reason.path.is_none();
    let is_its = |told: &[Reason]| {
        let mut paths: BTreeMap<&str, bool> = BTreeMap::new();
        for reason in told.iter().filter(|it| !says_none(it)) {
            let is_alone = paths.entry(reason.path.as_deref().unwrap_or_default()).or_insert(true);
            *is_alone &= is_receivers(reason);
        }
        let of_all = paths.remove("").unwrap_or(true);
        of_all && (paths.is_empty() || paths.into_values().any(|is_alone| is_alone))
    };
    against.iter().any(is_receivers) && against.split(is_choice).all(is_its)
}

//! Would a movement happen? The judge's answer and the issuer's own contract's, as at execution.

use crate::{
    failure::Failure,
    native::{Caller, exhausted},
    rules,
};
use compliance::{Consequence, Decision, Layer, Reason, ReasonCode, View};
use ledger::{ContractCheck, Refusal, Reply, Spender, Stated, Wish};
use state::Context;
use trust::{Power, Scope};
use types::{AccountId, ClassId, Units};

/// Says what would come of a movement now. Changes nothing.
///
/// The issuer's contract is asked last, on the ledger as the movement would leave it, with the gas that
/// execution would give it.
pub fn preview(ctx: &mut Context<'_>, wish: Wish<'_>) -> Result<Decision, Failure> {
    answer(ctx, wish, true)
}

/// The same, for a caller that may not have contracts asked.
pub(crate) fn answer(
    ctx: &mut Context<'_>,
    wish: Wish<'_>,
    may_ask: bool,
) -> Result<Decision, Failure> {
    let is_simple = wish.from.is_none() || ledger::asset(ctx, wish.asset)?.classes == 1;
    let single = wish.class.or(is_simple.then_some(ClassId(0)));
    let wish = Wish { class: single, ..wish };
    let judged = match single {
        Some(_) => ledger::preview(ctx, wish)?,
        None => Decision::default(),
    };
    let follows = judged.contract.is_some() || judged.fees().next().is_some();
    let is_settled = !judged.is_allowed() || !follows;
    if single.is_some() && is_settled {
        return Ok(judged);
    }
    let mark = ctx.mark();
    let rehearsed = rehearse(ctx, wish, judged, may_ask);
    ctx.rollback(mark);
    rehearsed
}

/// The same of a transfer for a caller that would ask for it on stated terms, and what bars it if it may not: then it is told
/// of the movement what it may see.
pub(crate) fn answer_to(
    ctx: &mut Context<'_>,
    caller: Caller,
    wish: Wish<'_>,
) -> Result<(Option<Refusal>, Decision), Failure> {
    let decision = answer(ctx, wish, !caller.is_rule)?;
    let bar = may_move_on(ctx, caller.spender(), wish, &decision).err();
    let seen = match bar {
        None => decision,
        Some(_) => decision.seen_by(view_of(ctx, caller, wish)),
    };
    Ok((bar, seen))
}

/// As who a caller looks at a movement: who sets the rules of the asset and who gives orders see all of it.
fn view_of(ctx: &Context<'_>, caller: Caller, wish: Wish<'_>) -> View {
    let sees_all = [(Power::Rules, Scope::Asset(wish.asset)), (Power::Orders, Scope::Network)];
    let may = |(power, scope)| ledger::may_use(ctx, caller.spender(), power, scope, None).is_ok();
    if sees_all.into_iter().any(may) {
        return View::All;
    }
    let person = identity::account_of(ctx, &caller.address).map(|account| account.person);
    let is = |side: Option<AccountId>| person.is_some() && side.map(|it| it.person) == person;
    match (is(wish.from), is(wish.to)) {
        (true, _) => View::Sender,
        (_, true) => View::Receiver,
        _ => View::Public,
    }
}

/// Refuses an operator that may not move what was judged for its giver: neither on an allowance, if nothing is stated of it,
/// nor as its operator, nor within a delegation. Who moves its own, or nobody's, is not asked. Changes nothing.
pub fn may_move(ctx: &mut Context<'_>, wish: Wish<'_>, decision: &Decision) -> Result<(), Refusal> {
    let Wish { asset, class, from, to, units, operator, stated } = wish;
    let Some(from) = from.filter(|_| to.is_some() && !operator.is_zero()) else { return Ok(()) };
    let by = Caller::at(ctx, operator).spender();
    let is_single = ledger::asset(ctx, asset)?.classes == 1;
    // What is stated is stated of a class.
    let is_of_one = is_single || stated != Stated::default();
    let wish = Wish { class: class.or(is_of_one.then_some(ClassId(0))), ..wish };
    let moved = may_move_on(ctx, by, wish, decision);
    let is_spent = stated == Stated::default() && (class.is_none() || is_single);
    match moved {
        Err(refusal) if is_spent => {
            let need = units.checked_add(fees(decision))?;
            match ledger::may_spend(ctx, by, asset, from, need) {
                // Who was given no allowance at all lacks the giver's word, not more of it.
                Err(Refusal::Allowance { have: Units::ZERO, .. }) => Err(refusal),
                spent => spent,
            }
        }
        moved => moved,
    }
}

fn may_move_on(
    ctx: &mut Context<'_>,
    by: Spender,
    wish: Wish<'_>,
    decision: &Decision,
) -> Result<(), Refusal> {
    let Wish { asset, class, from, units, .. } = wish;
    let from = from.ok_or(Refusal::NothingToMove)?;
    ledger::may_move(ctx, by, (asset, class), from, [units, fees(decision)])
}

/// What the giver gives collectors in all.
fn fees(decision: &Decision) -> Units {
    decision.fees().fold(Units::ZERO, |sum, (_, units)| Units(sum.0.saturating_add(units.0)))
}

/// Makes the movement, to be taken back, and asks whoever must agree.
fn rehearse(
    ctx: &mut Context<'_>,
    wish: Wish<'_>,
    judged: Decision,
    may_ask: bool,
) -> Result<Decision, Failure> {
    let Reply { checks, fees, .. } = match ledger::rehearse(ctx, wish) {
        Ok(reply) => reply,
        Err(Refusal::NotAllowed(judgement)) => return Ok(judgement.0),
        Err(refusal) => return Err(refusal.into()),
    };
    let contract = checks.first().map(|check: &ContractCheck| (check.contract, check.gas));
    let mut decision = Decision { contract, ..judged };
    // Of all classes in their order nothing was judged as one.
    if wish.class.is_none() {
        let fees = fees.into_iter().map(|(to, units)| Consequence::Fee { to, units });
        decision.consequences.extend(fees);
    }
    for check in &checks {
        // Else it would ask itself without end.
        if !may_ask {
            let why = "a rule contract cannot ask about movements that need a rule contract";
            return Err(Failure::door(23, 0x10, why));
        }
        exhausted(ctx)?;
        if !rules::agrees(ctx, check)? {
            decision.reasons.push(Reason::new(Layer::Issuer, ReasonCode::ContractRefused));
            return Ok(decision);
        }
    }
    Ok(decision)
}

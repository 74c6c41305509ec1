//! Would a movement happen? The judge's answer and the issuer's own contract's, as at execution.

use crate::{failure::Failure, native::exhausted, rules};
use compliance::{Consequence, Decision, Layer, Reason, ReasonCode};
use ledger::{ContractCheck, Refusal, Reply, Wish};
use state::Context;
use types::ClassId;

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

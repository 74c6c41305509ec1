//! The money that was paid for what is issued under a profile: may the issuer use it, may who paid have it back?
//!
//! Nothing moves and nothing is kept here: whoever keeps the money asks. What binds it is the profile under which it was
//! paid, as what was issued under one is resold by it: dropped or ended, it binds still.

use crate::{
    Decision, ProfileRecord, Refusal, adoptions, hints,
    judge::{Asked, asked},
    profile,
};
use state::Context;
use types::{AssetId, PersonId, ensure};

/// May the issuer use what was paid for units issued under a profile that the asset adopted? Every reason against it, and
/// when it might.
pub fn may_release(ctx: &Context<'_>, asset: AssetId, id: &str) -> Result<Decision, Refusal> {
    answer(ctx, asset, id, None)
}

/// May a person have back what it paid for units of the asset under a profile that it adopted? The path relied on, or every
/// reason against it, and when it might.
pub fn may_withdraw(
    ctx: &Context<'_>,
    asset: AssetId,
    id: &str,
    person: PersonId,
) -> Result<Decision, Refusal> {
    ensure(identity::person(ctx, person).is_some(), Refusal::UnknownPerson(person))?;
    answer(ctx, asset, id, Some(person))
}

fn answer(
    ctx: &Context<'_>,
    asset: AssetId,
    id: &str,
    person: Option<PersonId>,
) -> Result<Decision, Refusal> {
    let (number, law) =
        adopted(ctx, asset, id).ok_or_else(|| Refusal::NotAdopted(asset, id.into()))?;
    let question = Asked { asset, person, number, law };
    let now = ctx.now();
    let decision = asked(ctx, &question, now, false);
    if decision.is_allowed() {
        return Ok(decision);
    }
    let mut decision = asked(ctx, &question, now, true);
    decision.earliest_ok = hints::earliest_of_money(ctx, &question, &decision.reasons);
    Ok(decision)
}

/// The version that is open for issues; where none is, the latest that the asset adopted.
fn adopted<'c>(ctx: &'c Context<'_>, asset: AssetId, id: &str) -> Option<(u16, &'c ProfileRecord)> {
    let known = adoptions(ctx, asset).filter(|(_, it)| it.id == *id);
    let (number, it) = known.max_by_key(|(_, it)| (it.is_open, it.version))?;
    Some((number, profile::at(ctx, id, it.version)?))
}

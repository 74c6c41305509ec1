//! May the caller? Grants and quorums as they bear on one use of a power.

use super::announce;
use crate::{Event, GRANTS, GrantKey, Grantee, Power, QUORUMS, Refusal, Scope};
use state::Context;
use types::{Time, Units, ensure};

/// May this grantee use a power there, for so many units? TRU-1.
///
/// `quorum` is set only while a full quorum's approved call is carried out.
pub fn require(
    ctx: &Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    units: Option<Units>,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    authority(ctx, by, power, scope, units, quorum).map(drop)
}

/// Uses up a limited grant, after `require` said yes.
pub fn spend(
    ctx: &mut Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    units: Units,
    quorum: Option<(Power, Scope)>,
) {
    let Ok(Some(grant)) = authority(ctx, by, power, scope, Some(units), quorum) else { return };
    let Some(mut record) = GRANTS.get(ctx, &grant) else { return };
    if let Some(remaining) = record.remaining {
        let remaining = remaining - units;
        record.remaining = Some(remaining);
        GRANTS.put(ctx, &grant, record);
        announce(ctx, Event::Used { grant, units, remaining });
    }
}

/// The grant that lets the grantee use a power there; none if a quorum lends it.
fn authority(
    ctx: &Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    units: Option<Units>,
    quorum: Option<(Power, Scope)>,
) -> Result<Option<GrantKey>, Refusal> {
    // Of several quorums the widest decides, else one admin could go around it by a narrower one.
    if let Some(wide) = widest_quorum(ctx, power, scope) {
        ensure(quorum == Some((power, wide)), Refusal::NeedsQuorum { power, scope: wide })?;
        return Ok(None);
    }
    if quorum.is_some_and(|(lent, wide)| lent == power && covers(wide, scope)) {
        return Ok(None);
    }
    find(ctx, by, power, scope, units).map(Some)
}

/// The grant to use: the narrowest that stands and covers the units.
fn find(
    ctx: &Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    units: Option<Units>,
) -> Result<GrantKey, Refusal> {
    let mut why = Refusal::NotGranted { power, scope };
    for scope in widening(scope) {
        let key = GrantKey { grantee: by, power, scope };
        let Some(grant) = GRANTS.read(ctx, &key).filter(|grant| grant.revoked.is_none()) else {
            continue;
        };
        if ctx.now() >= grant.expires {
            why = Refusal::GrantExpired { power, at: grant.expires };
            continue;
        }
        match (grant.remaining, units) {
            (Some(left), Some(asked)) if asked > left => why = Refusal::GrantUsedUp { left, asked },
            _ => return Ok(key),
        }
    }
    Err(why)
}

/// The scopes that cover a scope, narrowest first. Network grants of asset powers cover no asset.
fn widening(scope: Scope) -> impl Iterator<Item = Scope> {
    let wider = match scope {
        Scope::Class(asset, _) => Some(Scope::Asset(asset)),
        _ => None,
    };
    std::iter::once(scope).chain(wider)
}

fn covers(wide: Scope, scope: Scope) -> bool {
    widening(scope).any(|covering| covering == wide)
}

fn widest_quorum(ctx: &Context<'_>, power: Power, scope: Scope) -> Option<Scope> {
    widening(scope).filter(|wide| QUORUMS.has(ctx, &(power, *wide))).last()
}

/// Until when the grantee may grant in a scope: as an admin of it, as one of the network, or as a quorum.
pub(super) fn admin_until(
    ctx: &Context<'_>,
    by: Grantee,
    scope: Scope,
    quorum: Option<(Power, Scope)>,
) -> Result<Time, Refusal> {
    if quorum == Some((Power::Admin, Scope::Network)) {
        return Ok(Time::NEVER);
    }
    let until = |scope| {
        let grant = authority(ctx, by, Power::Admin, scope, None, quorum)?;
        Ok(grant.map_or(Time::NEVER, |key| {
            GRANTS.read(ctx, &key).map_or(ctx.now(), |grant| grant.expires)
        }))
    };
    match until(scope) {
        // An admin of the network does not go around the quorum of a scope's admins.
        Err(refusal @ Refusal::NeedsQuorum { .. }) => Err(refusal),
        Ok(own) => Ok(own.max(until(Scope::Network).unwrap_or(own))),
        Err(refusal) => until(Scope::Network).map_err(|_| refusal),
    }
}

/// An admin may set a quorum where there is none. Where there is one, it alone changes or ends itself, or
/// the quorum of the admins above it does.
pub(super) fn require_over_quorum(
    ctx: &Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    let Some(wide) = widest_quorum(ctx, power, scope) else {
        return admin_until(ctx, by, scope, quorum).map(drop);
    };
    let is_lent = quorum.is_some_and(|(lent, over)| match lent {
        Power::Admin => over == Scope::Network || covers(over, wide),
        _ => (lent, over) == (power, wide),
    });
    ensure(is_lent, Refusal::NeedsQuorum { power, scope: wide })
}

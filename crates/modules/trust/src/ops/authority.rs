//! May the caller? Grants and quorums as they bear on one use of a power.

use super::announce;
use crate::{
    Event, GRANTS, Grant, GrantKey, Grantee, Power, QUORUMS, Refusal, Scope,
    app::{self, Wanted},
};
use state::Context;
use types::{Address, Time, Units, ensure};

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

/// Makes known that a contract used a power that counts no units, after `require` said yes.
pub fn exercise(
    ctx: &mut Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    quorum: Option<(Power, Scope)>,
) {
    let granted = authority(ctx, by, power, scope, None, quorum);
    if let Ok(Some(Granted { own: grant, lent: Some(_) })) = granted {
        let remaining = GRANTS.read(ctx, &grant).and_then(|record| record.remaining);
        let remaining = remaining.unwrap_or(Units::MAX);
        announce(ctx, Event::Used { grant, units: Units::ZERO, remaining });
    }
}

/// Uses up what is limited, after `require` said yes: a contract's grant, and its giver's.
pub fn spend(
    ctx: &mut Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    units: Units,
    quorum: Option<(Power, Scope)>,
) {
    let granted = authority(ctx, by, power, scope, Some(units), quorum);
    let Ok(Some(Granted { own, lent })) = granted else { return };
    use_up(ctx, own, units);
    if let Some(lent) = lent {
        use_up(ctx, lent, units);
    }
}

/// Takes units off a grant, and says so if they were counted, or if a contract used it.
fn use_up(ctx: &mut Context<'_>, grant: GrantKey, units: Units) {
    let Some(mut record) = GRANTS.get(ctx, &grant) else { return };
    record.remaining = record.remaining.map(|remaining| remaining - units);
    record.terms.spend(units, ctx.now());
    let remaining = record.remaining.unwrap_or(Units::MAX);
    let is_counted = record.remaining.is_some() || record.terms.period.is_some();
    if is_counted {
        GRANTS.put(ctx, &grant, record);
    }
    if is_counted || matches!(grant.grantee, Grantee::App(_)) {
        announce(ctx, Event::Used { grant, units, remaining });
    }
}

/// What lets a grantee use a power.
#[derive(Clone, Copy)]
struct Granted {
    /// Its own grant.
    own: GrantKey,
    /// The grant of the person that lets a contract use it.
    lent: Option<GrantKey>,
}

/// What lets the grantee use a power there; none if a quorum lends it.
fn authority(
    ctx: &Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    units: Option<Units>,
    quorum: Option<(Power, Scope)>,
) -> Result<Option<Granted>, Refusal> {
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
) -> Result<Granted, Refusal> {
    let mut why = Refusal::NotGranted { power, scope };
    for wide in widening(scope) {
        let key = GrantKey { grantee: by, power, scope: wide };
        let Some(grant) = GRANTS.read(ctx, &key).filter(|grant| grant.revoked.is_none()) else {
            continue;
        };
        let lent = covers_use(ctx, power, grant, units).and_then(|()| match by {
            Grantee::Person(_) => Ok(None),
            Grantee::App(contract) => lender(ctx, &contract, power, scope, grant, units).map(Some),
        });
        match lent {
            Ok(lent) => return Ok(Granted { own: key, lent }),
            Err(refusal) => why = refusal,
        }
    }
    Err(why)
}

/// Refuses a use after a grant's end, beyond its amount, or beyond its terms.
fn covers_use(
    ctx: &Context<'_>,
    power: Power,
    grant: &Grant,
    units: Option<Units>,
) -> Result<(), Refusal> {
    ensure(ctx.now() < grant.expires, Refusal::GrantExpired { power, at: grant.expires })?;
    let Some(asked) = units else { return Ok(()) };
    let left = grant.remaining.unwrap_or(Units::MAX);
    ensure(asked <= left, Refusal::GrantUsedUp { left, asked })?;
    let room = grant.terms.room(ctx.now()).unwrap_or(Units::MAX);
    ensure(asked <= room, Refusal::OverTerms { room, asked })
}

/// The giver's own grant under which a contract uses what it was given: asked at each use, so that a contract
/// never does what its giver may not. TRU-7, TRU-8.
fn lender(
    ctx: &Context<'_>,
    contract: &Address,
    power: Power,
    scope: Scope,
    grant: &Grant,
    units: Option<Units>,
) -> Result<GrantKey, Refusal> {
    app::check_asked(ctx, contract, Wanted::Power(power))?;
    if grant.terms.attested {
        app::check_attested(ctx, contract)?;
    }
    if let Some(asset) = scope.asset() {
        app::check_demand(ctx, contract, asset)?;
    }
    let (Some(Grantee::Person(person)), Some(wallet)) = (grant.granted_by, grant.wallet) else {
        return Err(Refusal::NoGiver);
    };
    let may_not = Refusal::GiverMayNot { person, power };
    // A wallet never changes its account: while this one acts, the giver does.
    identity::acting(ctx, &wallet).map_err(|_| may_not.clone())?;
    let is_frozen = identity::person(ctx, person).is_none_or(|person| person.delegations_frozen);
    ensure(!is_frozen, may_not.clone())?;
    let own = find(ctx, Grantee::Person(person), power, scope, units).map_err(|_| may_not)?;
    Ok(own.own)
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
        let granted = authority(ctx, by, Power::Admin, scope, None, quorum)?;
        let end = |key: &GrantKey| GRANTS.read(ctx, key).map_or(ctx.now(), |grant| grant.expires);
        Ok(granted.map_or(Time::NEVER, |granted| end(&granted.own)))
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

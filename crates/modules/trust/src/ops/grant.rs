//! Giving powers and taking them back, every act on the record.

use super::{announce, authority::admin_until};
use crate::{
    Act, Event, GRANTS, Grant, GrantKey, Grantee, Loan, Power, Refusal, Scope, TRAIL, TRAIL_LENGTH,
    app::{Wanted, check_asked, note_loan},
};
use state::Context;
use types::{Address, Terms, Time, Units, ensure};

/// How much, until when, within what.
#[derive(Clone, Copy)]
pub(super) struct Given {
    pub limit: Option<Units>,
    pub expires: Time,
    pub terms: Terms,
}

pub(super) fn give(
    ctx: &mut Context<'_>,
    by: Grantee,
    wallet: Address,
    grant: GrantKey,
    given: Given,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    let Given { limit, expires, terms } = given;
    let Grantee::Person(giver) = by else { return Err(Refusal::AppGives) };
    let until = admin_until(ctx, by, grant.scope, quorum)?;
    let power = grant.power;
    check_scope(power, grant.scope)?;
    let terms = terms.begin(ctx.now()).map_err(Refusal::BadTerms)?;
    let is_bounded = limit.is_some() || terms.at_once.is_some() || terms.period.is_some();
    let why = "limit, at_once, per_period: only issue, redeem and force count units";
    ensure(power.counts() || !is_bounded, Refusal::BadTerms(why))?;
    match grant.grantee {
        Grantee::App(contract) => {
            ensure(power.is_lendable(), Refusal::PersonsPower(power))?;
            check_asked(ctx, &contract, Wanted::Power(power))?;
        }
        Grantee::Person(_) => {
            let why = "attested: only a contract's code can be";
            ensure(!terms.attested, Refusal::BadTerms(why))?;
        }
    }
    ensure(expires > ctx.now(), Refusal::ExpiresPast(expires))?;
    ensure(expires <= until, Refusal::Outlasts { expires, until })?;
    let shortens = GRANTS
        .read(ctx, &grant)
        .is_some_and(|old| old.revoked.is_none() && old.expires > ctx.now().max(expires));
    if shortens {
        check_admin_stays(&grant, by, until, quorum)?;
    }
    write(ctx, grant, Given { limit, expires, terms }, Some(by), Some(wallet));
    if let Grantee::App(_) = grant.grantee {
        note_loan(ctx, giver, Loan::Power(grant));
    }
    Ok(())
}

/// Takes a power back: an admin does, and whoever lent it to a contract, admin or not.
pub(super) fn revoke(
    ctx: &mut Context<'_>,
    by: Grantee,
    grant: GrantKey,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    let GrantKey { grantee, power, scope } = grant;
    let given = GRANTS.get(ctx, &grant);
    let gave = |record: &Grant| matches!(grantee, Grantee::App(_)) && record.granted_by == Some(by);
    if !given.as_ref().is_some_and(gave) {
        let until = admin_until(ctx, by, scope, quorum)?;
        check_admin_stays(&grant, by, until, quorum)?;
    }
    let mut record = given.ok_or(Refusal::NotGranted { power, scope })?;
    ensure(record.revoked.is_none(), Refusal::NothingChanges)?;
    record.revoked = Some(ctx.now());
    GRANTS.put(ctx, &grant, record);
    record_act(ctx, grant, Some(by), None);
    announce(ctx, Event::Revoked { grant, by });
    Ok(())
}

/// Whoever ends an admin of the network stays one for good, so that the network always has one. TRU-5.
fn check_admin_stays(
    grant: &GrantKey,
    by: Grantee,
    until: Time,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    let top = (Power::Admin, Scope::Network);
    let stays = quorum == Some(top) || (by != grant.grantee && until == Time::NEVER);
    ensure((grant.power, grant.scope) != top || stays, Refusal::LastAdmin)
}

/// Writes a person's grant. The ledger gives the creator of an asset its first powers with it.
pub fn write_grant(
    ctx: &mut Context<'_>,
    grant: GrantKey,
    limit: Option<Units>,
    expires: Time,
    by: Option<Grantee>,
) {
    write(ctx, grant, Given { limit, expires, terms: Terms::default() }, by, None);
}

fn write(
    ctx: &mut Context<'_>,
    grant: GrantKey,
    given: Given,
    by: Option<Grantee>,
    wallet: Option<Address>,
) {
    let Given { limit, expires, terms } = given;
    let record = Grant {
        remaining: limit,
        expires,
        granted_by: by,
        granted_at: ctx.now(),
        revoked: None,
        terms,
        wallet,
    };
    GRANTS.put(ctx, &grant, record);
    record_act(ctx, grant, by, Some((limit, expires, terms)));
    announce(ctx, Event::Granted { grant, by, limit, expires, terms });
}

fn record_act(
    ctx: &mut Context<'_>,
    grant: GrantKey,
    by: Option<Grantee>,
    given: Option<(Option<Units>, Time, Terms)>,
) {
    let place = TRAIL_LENGTH.get(ctx, &grant.scope).unwrap_or(0);
    let at = ctx.now();
    TRAIL.put(ctx, &(grant.scope, place), Act { grant, by, at, given });
    TRAIL_LENGTH.put(ctx, &grant.scope, place + 1);
}

pub(crate) fn check_scope(power: Power, scope: Scope) -> Result<(), Refusal> {
    use Power::*;
    let fits = match power {
        Admin => true,
        Providers | Sanctions | Orders | CreateAsset | Fuel | Law | Apps => scope == Scope::Network,
        Issue | Redeem | Freeze | Force => scope != Scope::Network,
        Rules | Documents | Terms | Pause | Checkpoint => matches!(scope, Scope::Asset(_)),
    };
    ensure(fits, Refusal::WrongScope { power, scope })
}

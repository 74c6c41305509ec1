//! Everything that can be done about powers, in the order a person meets it.

use crate::{
    Event, FuelSchedule, GRANTS, Grant, GrantKey, Grantee, NEXT_PROPOSAL, PROPOSALS, Power,
    Proposal, ProposalStatus, QUORUMS, Quorum, Refusal, SCHEDULE, SPONSORS, Scope, Sponsorship,
    TANKS, TRAIL, TRAIL_LENGTH, fuel,
};
use borsh::{BorshDeserialize, BorshSerialize};
use state::Context;
use types::{Module, PersonId, Time, Units, ensure};

/// What is asked of trust. Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[allow(missing_docs)]
pub enum Call {
    /// Gives a power, or renews it with another limit or end.
    Grant { grant: GrantKey, limit: Option<Units>, expires: Time },
    /// Takes a power back at once.
    Revoke { grant: GrantKey },
    /// From now on several must agree to use a power.
    SetQuorum { power: Power, scope: Scope, members: Vec<PersonId>, threshold: u16 },
    /// A power may be used alone again.
    RemoveQuorum { power: Power, scope: Scope },
    /// A member proposes a call that needs a quorum; this is its first approval.
    Propose { power: Power, scope: Scope, call: Vec<u8>, deadline: Time },
    /// A member approves; the last one needed carries it out.
    Approve { proposal: u64 },
    /// Who proposed withdraws.
    Withdraw { proposal: u64 },
    /// Pays for another person's transactions.
    Sponsor { person: PersonId, gas: u64, expires: Time },
    /// Stops paying.
    EndSponsorship { person: PersonId },
    /// Credits bought fuel.
    CreditFuel { person: PersonId, gas: u64 },
    /// Changes how fuel grows.
    SetSchedule(FuelSchedule),
}

/// What came of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The proposal made or approved.
    pub proposal: Option<u64>,
    /// A call that a full quorum approved: the dispatcher carries it out as the quorum, in this transaction.
    pub execute: Option<(Power, Scope, Vec<u8>)>,
}

/// The longest call a proposal may carry.
const MAX_CALL_BYTES: usize = 64 << 10;

/// May this grantee use a power there, for so many units? The widest grant that stands decides. TRU-1.
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
    if quorum.is_some_and(|(approved, wide)| approved == power && covers(wide, scope)) {
        return Ok(());
    }
    for wide in widening(scope) {
        ensure(!QUORUMS.has(ctx, &(power, wide)), Refusal::NeedsQuorum { power, scope: wide })?;
    }
    find(ctx, by, power, scope, units).map(drop)
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
    if quorum.is_some_and(|(approved, wide)| approved == power && covers(wide, scope)) {
        return;
    }
    let Ok(grant) = find(ctx, by, power, scope, Some(units)) else { return };
    let Some(mut record) = GRANTS.get(ctx, &grant) else { return };
    if let Some(remaining) = record.remaining {
        let remaining = remaining - units;
        record.remaining = Some(remaining);
        GRANTS.put(ctx, &grant, record);
        announce(ctx, Event::Used { grant, units, remaining });
    }
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

/// Does what a grantee asks.
pub fn apply(
    ctx: &mut Context<'_>,
    by: Grantee,
    call: Call,
    quorum: Option<(Power, Scope)>,
) -> Result<Reply, Refusal> {
    let admin = |ctx: &Context<'_>, scope| require_admin(ctx, by, scope, quorum);
    match call {
        Call::Grant { grant, limit, expires } => {
            admin(ctx, grant.scope)?;
            check_scope(grant.power, grant.scope)?;
            ensure(expires > ctx.now(), Refusal::ExpiresPast(expires))?;
            write_grant(ctx, grant, limit, expires, Some(by));
        }
        Call::Revoke { grant } => {
            admin(ctx, grant.scope)?;
            revoke(ctx, by, grant)?;
        }
        Call::SetQuorum { power, scope, members, threshold } => {
            admin(ctx, scope)?;
            if QUORUMS.has(ctx, &(power, scope)) {
                require_itself(power, scope, quorum)?;
            }
            set_quorum(ctx, power, scope, members, threshold)?;
        }
        Call::RemoveQuorum { power, scope } => {
            admin(ctx, scope)?;
            ensure(QUORUMS.has(ctx, &(power, scope)), Refusal::NoQuorum { power, scope })?;
            require_itself(power, scope, quorum)?;
            QUORUMS.delete(ctx, &(power, scope));
            announce(ctx, Event::QuorumRemoved { power, scope });
        }
        Call::Propose { power, scope, call, deadline } => {
            return propose(ctx, by, power, scope, call, deadline);
        }
        Call::Approve { proposal } => return approve(ctx, by, proposal),
        Call::Withdraw { proposal } => withdraw(ctx, by, proposal)?,
        Call::Sponsor { person, gas, expires } => sponsor(ctx, by, person, gas, expires)?,
        Call::EndSponsorship { person } => end_sponsorship(ctx, by, person)?,
        Call::CreditFuel { person, gas } => {
            require(ctx, by, Power::Fuel, Scope::Network, None, quorum)?;
            credit(ctx, person, gas)?;
        }
        Call::SetSchedule(schedule) => {
            require(ctx, by, Power::Fuel, Scope::Network, None, quorum)?;
            check_schedule(&schedule)?;
            SCHEDULE.put(ctx, &(), schedule);
            announce(ctx, Event::ScheduleSet { schedule });
        }
    }
    Ok(Reply::default())
}

/// Marks an approved proposal as carried out. The dispatcher says so once the call succeeded. TRU-2.
pub fn finish(ctx: &mut Context<'_>, proposal: u64) {
    if let Some(mut record) = PROPOSALS.get(ctx, &proposal) {
        record.status = ProposalStatus::Done;
        PROPOSALS.put(ctx, &proposal, record);
        announce(ctx, Event::ProposalDone { proposal });
    }
}

/// An admin of the scope, or of the network, may grant there.
fn require_admin(
    ctx: &Context<'_>,
    by: Grantee,
    scope: Scope,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    let own = require(ctx, by, Power::Admin, scope, None, quorum);
    match own {
        Err(Refusal::NotGranted { .. }) => {
            require(ctx, by, Power::Admin, Scope::Network, None, quorum)
                .map_err(|_| Refusal::NotGranted { power: Power::Admin, scope })
        }
        decided => decided,
    }
}

pub(crate) fn check_scope(power: Power, scope: Scope) -> Result<(), Refusal> {
    use Power::*;
    let fits = match power {
        Admin => true,
        Providers | Sanctions | Orders | CreateAsset | Fuel => scope == Scope::Network,
        Issue | Redeem | Freeze | Force => scope != Scope::Network,
        Rules | Documents | Terms | Pause | Checkpoint => matches!(scope, Scope::Asset(_)),
    };
    ensure(fits, Refusal::WrongScope { power, scope })
}

/// Writes a grant. The ledger gives the creator of an asset its first powers with it.
pub fn write_grant(
    ctx: &mut Context<'_>,
    grant: GrantKey,
    limit: Option<Units>,
    expires: Time,
    by: Option<Grantee>,
) {
    if !GRANTS.has(ctx, &grant) {
        let place = TRAIL_LENGTH.get(ctx, &grant.scope).unwrap_or(0);
        TRAIL.put(ctx, &(grant.scope, place), grant);
        TRAIL_LENGTH.put(ctx, &grant.scope, place + 1);
    }
    let granted_at = ctx.now();
    GRANTS.put(
        ctx,
        &grant,
        Grant { remaining: limit, expires, granted_by: by, granted_at, revoked: None },
    );
    announce(ctx, Event::Granted { grant, by, limit, expires });
}

fn revoke(ctx: &mut Context<'_>, by: Grantee, grant: GrantKey) -> Result<(), Refusal> {
    let GrantKey { power, scope, .. } = grant;
    let mut record = GRANTS.get(ctx, &grant).ok_or(Refusal::NotGranted { power, scope })?;
    ensure(record.revoked.is_none(), Refusal::NothingChanges)?;
    // An asset without an admin of its own still has the network's; the network has none above it.
    let leaves_none = power == Power::Admin && scope == Scope::Network && by == grant.grantee;
    ensure(!leaves_none, Refusal::LastAdmin)?;
    record.revoked = Some(ctx.now());
    GRANTS.put(ctx, &grant, record);
    announce(ctx, Event::Revoked { grant, by });
    Ok(())
}

/// Only a quorum may change or end itself.
fn require_itself(
    power: Power,
    scope: Scope,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    let by_itself = quorum == Some((power, scope)) || quorum == Some((Power::Admin, scope));
    ensure(by_itself, Refusal::NeedsQuorum { power, scope })
}

fn set_quorum(
    ctx: &mut Context<'_>,
    power: Power,
    scope: Scope,
    mut members: Vec<PersonId>,
    threshold: u16,
) -> Result<(), Refusal> {
    check_scope(power, scope)?;
    let named = members.len();
    members.sort_unstable();
    members.dedup();
    ensure(members.len() == named, Refusal::BadQuorum("a member is named twice"))?;
    ensure(named <= 32, Refusal::BadQuorum("at most 32 members"))?;
    ensure(
        threshold >= 1 && usize::from(threshold) <= named,
        Refusal::BadQuorum("threshold must be 1 to the number of members"),
    )?;
    let all_known = members.iter().all(|member| identity::person(ctx, *member).is_some());
    ensure(all_known, Refusal::BadQuorum("a member is not registered"))?;
    QUORUMS.put(ctx, &(power, scope), Quorum { members: members.clone(), threshold });
    announce(ctx, Event::QuorumSet { power, scope, members, threshold });
    Ok(())
}

fn member(
    ctx: &Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
) -> Result<(PersonId, Quorum), Refusal> {
    let Grantee::Person(person) = by else { return Err(Refusal::PersonOnly) };
    let quorum = QUORUMS.get(ctx, &(power, scope)).ok_or(Refusal::NoQuorum { power, scope })?;
    ensure(quorum.members.binary_search(&person).is_ok(), Refusal::NotMember(person))?;
    Ok((person, quorum))
}

fn propose(
    ctx: &mut Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    call: Vec<u8>,
    deadline: Time,
) -> Result<Reply, Refusal> {
    let (proposer, _) = member(ctx, by, power, scope)?;
    ensure(deadline > ctx.now(), Refusal::ExpiresPast(deadline))?;
    ensure(call.len() <= MAX_CALL_BYTES, Refusal::CallTooLong)?;
    let proposal = NEXT_PROPOSAL.get(ctx, &()).unwrap_or(1);
    NEXT_PROPOSAL.put(ctx, &(), proposal + 1);
    let status = ProposalStatus::Open;
    let record = Proposal { power, scope, call, proposer, deadline, approvals: Vec::new(), status };
    PROPOSALS.put(ctx, &proposal, record);
    announce(ctx, Event::Proposed { proposal, power, scope, proposer, deadline });
    approve(ctx, by, proposal)
}

fn approve(ctx: &mut Context<'_>, by: Grantee, proposal: u64) -> Result<Reply, Refusal> {
    let mut record = PROPOSALS.get(ctx, &proposal).ok_or(Refusal::UnknownProposal(proposal))?;
    ensure(record.status == ProposalStatus::Open, Refusal::ProposalClosed(proposal))?;
    ensure(ctx.now() <= record.deadline, Refusal::ProposalLate(record.deadline))?;
    let (person, quorum) = member(ctx, by, record.power, record.scope)?;
    let place = record.approvals.binary_search(&person);
    let Err(place) = place else { return Err(Refusal::ApprovedAlready(person)) };
    record.approvals.insert(place, person);
    // Who left the quorum since no longer counts.
    let standing =
        record.approvals.iter().filter(|who| quorum.members.binary_search(who).is_ok()).count();
    let Proposal { power, scope, call, .. } = record.clone();
    PROPOSALS.put(ctx, &proposal, record);
    announce(ctx, Event::Approved { proposal, person, approvals: standing as u16 });
    let is_full = standing >= usize::from(quorum.threshold);
    Ok(Reply { proposal: Some(proposal), execute: is_full.then_some((power, scope, call)) })
}

fn withdraw(ctx: &mut Context<'_>, by: Grantee, proposal: u64) -> Result<(), Refusal> {
    let mut record = PROPOSALS.get(ctx, &proposal).ok_or(Refusal::UnknownProposal(proposal))?;
    ensure(record.status == ProposalStatus::Open, Refusal::ProposalClosed(proposal))?;
    ensure(by == Grantee::Person(record.proposer), Refusal::NotProposer)?;
    record.status = ProposalStatus::Closed;
    PROPOSALS.put(ctx, &proposal, record);
    announce(ctx, Event::ProposalWithdrawn { proposal });
    Ok(())
}

fn sponsor(
    ctx: &mut Context<'_>,
    by: Grantee,
    person: PersonId,
    gas: u64,
    expires: Time,
) -> Result<(), Refusal> {
    let Grantee::Person(sponsor) = by else { return Err(Refusal::PersonOnly) };
    ensure(identity::person(ctx, person).is_some(), Refusal::NotMember(person))?;
    ensure(expires > ctx.now(), Refusal::ExpiresPast(expires))?;
    ensure(sponsor != person && gas > 0, Refusal::NothingChanges)?;
    // One sponsor at a time: another one's standing promise is not pushed aside.
    let other =
        fuel::sponsor(ctx, person).is_some_and(|old| old.sponsor != sponsor && old.remaining > 0);
    ensure(!other, Refusal::NothingChanges)?;
    let sponsorship = Sponsorship { sponsor, remaining: gas, expires };
    SPONSORS.put(ctx, &person, sponsorship);
    announce(ctx, Event::Sponsored { person, sponsorship });
    Ok(())
}

fn end_sponsorship(ctx: &mut Context<'_>, by: Grantee, person: PersonId) -> Result<(), Refusal> {
    let sponsorship = SPONSORS.get(ctx, &person).ok_or(Refusal::NothingChanges)?;
    let may = by == Grantee::Person(sponsorship.sponsor) || by == Grantee::Person(person);
    ensure(may, Refusal::NothingChanges)?;
    SPONSORS.delete(ctx, &person);
    announce(ctx, Event::SponsorshipEnded { person });
    Ok(())
}

fn credit(ctx: &mut Context<'_>, person: PersonId, gas: u64) -> Result<(), Refusal> {
    ensure(identity::person(ctx, person).is_some(), Refusal::NotMember(person))?;
    let mut tank = fuel::filled(ctx, person);
    tank.bought = tank.bought.saturating_add(gas);
    TANKS.put(ctx, &person, tank);
    announce(ctx, Event::FuelCredited { person, gas });
    Ok(())
}

pub(crate) fn check_schedule(schedule: &FuelSchedule) -> Result<(), Refusal> {
    let fits = schedule.refill_ms > 0 && schedule.verified_capacity >= schedule.registered_capacity;
    ensure(fits, Refusal::BadSchedule)
}

fn announce(ctx: &mut Context<'_>, event: Event) {
    ctx.emit(Module::Trust, &event);
}

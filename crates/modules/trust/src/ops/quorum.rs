//! Several together: quorums, and the proposals they approve.

use super::{Reply, announce, authority::require_over_quorum, grant::check_scope};
use crate::{
    Event, Grantee, NEXT_PROPOSAL, PROPOSALS, Power, Proposal, ProposalStatus, QUORUMS, Quorum,
    Refusal, Scope,
};
use state::Context;
use std::collections::BTreeSet;
use types::{PersonId, Time, ensure};

/// The longest call a proposal may carry.
const MAX_CALL_BYTES: usize = 64 << 10;

/// From now on several must agree to use a power. A person says so: what a contract set would outlast its grant.
pub(super) fn set(
    ctx: &mut Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    mut members: Vec<PersonId>,
    threshold: u16,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    ensure(matches!(by, Grantee::Person(_)), Refusal::PersonOnly)?;
    require_over_quorum(ctx, by, power, scope, quorum)?;
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

/// A power may be used alone again.
pub(super) fn remove(
    ctx: &mut Context<'_>,
    by: Grantee,
    power: Power,
    scope: Scope,
    quorum: Option<(Power, Scope)>,
) -> Result<(), Refusal> {
    ensure(matches!(by, Grantee::Person(_)), Refusal::PersonOnly)?;
    require_over_quorum(ctx, by, power, scope, quorum)?;
    ensure(QUORUMS.has(ctx, &(power, scope)), Refusal::NoQuorum { power, scope })?;
    QUORUMS.delete(ctx, &(power, scope));
    announce(ctx, Event::QuorumRemoved { power, scope });
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

pub(super) fn propose(
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

pub(super) fn approve(ctx: &mut Context<'_>, by: Grantee, proposal: u64) -> Result<Reply, Refusal> {
    let mut record = PROPOSALS.get(ctx, &proposal).ok_or(Refusal::UnknownProposal(proposal))?;
    ensure(record.status == ProposalStatus::Open, Refusal::ProposalClosed(proposal))?;
    ensure(ctx.now() <= record.deadline, Refusal::ProposalLate(record.deadline))?;
    let (person, quorum) = member(ctx, by, record.power, record.scope)?;
    let place = record.approvals.binary_search(&person);
    let Err(place) = place else { return Err(Refusal::ApprovedAlready(person)) };
    record.approvals.insert(place, person);
    // Who left the quorum since no longer counts, and one human counts once.
    let members = record.approvals.iter().filter(|who| quorum.members.binary_search(who).is_ok());
    let humans: BTreeSet<_> = members.map(|who| identity::counted_as(ctx, *who)).collect();
    let standing = humans.len();
    let Proposal { power, scope, call, .. } = record.clone();
    PROPOSALS.put(ctx, &proposal, record);
    announce(ctx, Event::Approved { proposal, person, approvals: standing as u16 });
    let is_full = standing >= usize::from(quorum.threshold);
    let execute = is_full.then_some((power, scope, call));
    Ok(Reply { proposal: Some(proposal), execute, app: None })
}

pub(super) fn withdraw(ctx: &mut Context<'_>, by: Grantee, proposal: u64) -> Result<(), Refusal> {
    let mut record = PROPOSALS.get(ctx, &proposal).ok_or(Refusal::UnknownProposal(proposal))?;
    ensure(record.status == ProposalStatus::Open, Refusal::ProposalClosed(proposal))?;
    ensure(by == Grantee::Person(record.proposer), Refusal::NotProposer)?;
    record.status = ProposalStatus::Closed;
    PROPOSALS.put(ctx, &proposal, record);
    announce(ctx, Event::ProposalWithdrawn { proposal });
    Ok(())
}

/// Marks an approved proposal as carried out. The dispatcher says so just before it carries the call out, so
/// that the call cannot approve itself again. TRU-2.
pub fn finish(ctx: &mut Context<'_>, proposal: u64) {
    if let Some(mut record) = PROPOSALS.get(ctx, &proposal) {
        record.status = ProposalStatus::Done;
        PROPOSALS.put(ctx, &proposal, record);
        announce(ctx, Event::ProposalDone { proposal });
    }
}

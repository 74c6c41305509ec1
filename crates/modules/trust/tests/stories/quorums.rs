//! Powers that only several together use.

use crate::world::*;
use trust::{Call, Grantee, Power::*, ProposalStatus, Refusal};
use types::{Address, PersonId};

/// Bela, Cara and Dora decide together about issuing asset 1; two of them suffice.
fn two_of_three(world: &mut World) {
    let members = vec![DORA, BELA, CARA];
    let call = Call::SetQuorum { power: Issue, scope: ASSET, members, threshold: 2 };
    world.call(ACME, call).unwrap();
}

fn propose(world: &mut World, by: PersonId) -> Result<u64, Refusal> {
    let deadline = world.after(DAY);
    let call = Call::Propose { power: Issue, scope: ASSET, call: b"issue 7".to_vec(), deadline };
    world.call(by, call).map(|done| done.reply.proposal.unwrap())
}

fn approve(world: &mut World, by: PersonId, proposal: u64) -> Result<bool, Refusal> {
    let done = world.call(by, Call::Approve { proposal })?;
    if let Some(execute) = &done.reply.execute {
        assert_eq!(*execute, (Issue, ASSET, b"issue 7".to_vec()), "exactly as proposed");
        world.change(|ctx| trust::finish(ctx, proposal));
    }
    Ok(done.reply.execute.is_some())
}

#[test]
fn what_needs_a_quorum_is_done_by_no_one_alone() {
    let mut world = World::new();
    two_of_three(&mut world);
    let needs = Err(Refusal::NeedsQuorum { power: Issue, scope: ASSET });
    for person in [ACME, BELA, OPERATOR, CARA] {
        assert_eq!(world.may(person, Issue, ASSET, None), needs);
        assert_eq!(world.may(person, Issue, CLASS, None), needs, "nor for a class of it");
    }
    assert_eq!(world.may(ACME, Redeem, ASSET, None), Ok(()), "other powers are as before");
    assert_eq!(propose(&mut world, ACME).unwrap_err(), Refusal::NotMember(ACME));
    let proposal = propose(&mut world, BELA).unwrap();
    let again = approve(&mut world, BELA, proposal).unwrap_err();
    assert_eq!(again, Refusal::ApprovedAlready(BELA), "L3: nobody counts twice");
    assert_eq!(approve(&mut world, ACME, proposal).unwrap_err(), Refusal::NotMember(ACME));
    let app = Grantee::App(Address::repeat_byte(0xaa));
    let by_app = world.call_as(app, Call::Approve { proposal }, None).unwrap_err();
    assert_eq!(by_app, Refusal::PersonOnly);
    assert_eq!(approve(&mut world, CARA, proposal), Ok(true));
    let closed = Err(Refusal::ProposalClosed(proposal));
    assert_eq!(approve(&mut world, DORA, proposal), closed, "and it is carried out once");
    let record = world.get(&trust::PROPOSALS, &proposal).unwrap();
    assert_eq!((record.status, record.approvals), (ProposalStatus::Done, vec![BELA, CARA]));
    assert_eq!(approve(&mut world, CARA, 77), Err(Refusal::UnknownProposal(77)));
}

#[test]
fn p34_an_approval_lapses_with_its_members_seat_and_with_the_deadline() {
    let mut world = World::new();
    two_of_three(&mut world);
    let proposal = propose(&mut world, BELA).unwrap();
    let late = propose(&mut world, BELA).unwrap();
    // The quorum gives Bela's seat to a fourth.
    let members = vec![CARA, DORA, PersonId(6)];
    let call = Call::SetQuorum { power: Issue, scope: ASSET, members, threshold: 2 };
    world.call_as(Grantee::Person(CARA), call, Some((Issue, ASSET))).unwrap();
    assert_eq!(approve(&mut world, CARA, proposal), Ok(false), "Bela's approval lapsed");
    assert_eq!(approve(&mut world, BELA, late), Err(Refusal::NotMember(BELA)));
    assert_eq!(approve(&mut world, PersonId(6), proposal), Ok(true));
    let deadline = world.after(DAY);
    world.pass(DAY);
    assert_eq!(approve(&mut world, CARA, late), Ok(false), "until the deadline");
    world.pass(1);
    assert_eq!(approve(&mut world, DORA, late), Err(Refusal::ProposalLate(deadline)));
}

#[test]
fn only_the_proposer_withdraws_and_what_is_withdrawn_stays_so() {
    let mut world = World::new();
    two_of_three(&mut world);
    let proposal = propose(&mut world, BELA).unwrap();
    let withdraw = Call::Withdraw { proposal };
    assert_eq!(world.call(CARA, withdraw.clone()).unwrap_err(), Refusal::NotProposer);
    world.call(BELA, withdraw.clone()).unwrap();
    let closed = Refusal::ProposalClosed(proposal);
    assert_eq!(approve(&mut world, CARA, proposal), Err(closed.clone()));
    assert_eq!(world.call(BELA, withdraw).unwrap_err(), closed);
}

#[test]
fn a_quorum_is_changed_by_itself_only() {
    let mut world = World::new();
    two_of_three(&mut world);
    let mine = |scope| {
        let members = vec![ACME];
        Call::SetQuorum { power: Issue, scope, members, threshold: 1 }
    };
    let needs = Refusal::NeedsQuorum { power: Issue, scope: ASSET };
    let remove = Call::RemoveQuorum { power: Issue, scope: ASSET };
    for person in [ACME, OPERATOR, BELA] {
        assert_eq!(world.call(person, mine(ASSET)).unwrap_err(), needs);
        assert_eq!(world.call(person, remove.clone()).unwrap_err(), needs);
        assert_eq!(world.call(person, mine(CLASS)).unwrap_err(), needs, "nor around it");
    }
    let acme = Grantee::Person(ACME);
    for lent in [(Redeem, ASSET), (Issue, OTHER), (Issue, CLASS), (Admin, OTHER)] {
        let refusal = world.call_as(acme, remove.clone(), Some(lent)).unwrap_err();
        assert_eq!(refusal, needs, "nor by another quorum");
    }
    // Bela is no admin, but speaks for the full quorum here.
    world.call_as(Grantee::Person(BELA), remove.clone(), Some((Issue, ASSET))).unwrap();
    assert_eq!(world.may(ACME, Issue, ASSET, None), Ok(()));
    let none = Refusal::NoQuorum { power: Issue, scope: ASSET };
    assert_eq!(world.call(ACME, remove).unwrap_err(), none);
    assert_eq!(propose(&mut world, BELA).unwrap_err(), none);
}

#[test]
fn a_narrow_quorum_set_beforehand_does_not_go_around_a_wide_one() {
    let mut world = World::new();
    let members = vec![ACME];
    let call = Call::SetQuorum { power: Issue, scope: CLASS, members, threshold: 1 };
    world.call(ACME, call).unwrap();
    two_of_three(&mut world);
    let acme = Grantee::Person(ACME);
    let lent = Some((Issue, CLASS));
    let refused = Err(Refusal::NeedsQuorum { power: Issue, scope: ASSET });
    assert_eq!(world.read(|ctx| trust::require(ctx, acme, Issue, CLASS, None, lent)), refused);
    let lent = Some((Issue, ASSET));
    assert_eq!(world.read(|ctx| trust::require(ctx, acme, Issue, CLASS, None, lent)), Ok(()));
    assert!(world.read(|ctx| trust::require(ctx, acme, Redeem, CLASS, None, lent)).is_ok());
    let bela = Grantee::Person(BELA);
    assert!(world.read(|ctx| trust::require(ctx, bela, Redeem, CLASS, None, lent)).is_err());
}

#[test]
fn where_admins_decide_together_none_of_them_grants_alone() {
    let mut world = World::new();
    let members = vec![ACME, BELA];
    let call = Call::SetQuorum { power: Admin, scope: ASSET, members, threshold: 2 };
    world.call(ACME, call).unwrap();
    let needs = Refusal::NeedsQuorum { power: Admin, scope: ASSET };
    for person in [ACME, OPERATOR] {
        assert_eq!(world.call(person, grant(CARA, Force, ASSET)).unwrap_err(), needs);
        let revoke = Call::Revoke { grant: key(ACME, Pause, ASSET) };
        assert_eq!(world.call(person, revoke).unwrap_err(), needs);
    }
    let lent = Some((Admin, ASSET));
    world.call_as(Grantee::Person(BELA), grant(CARA, Force, ASSET), lent).unwrap();
    // The network's admins together are the last resort when a quorum has lost its members.
    let lent = Some((Admin, NETWORK));
    let remove = Call::RemoveQuorum { power: Admin, scope: ASSET };
    world.call_as(Grantee::Person(OPERATOR), remove, lent).unwrap();
    world.call(ACME, grant(DORA, Force, ASSET)).unwrap();
}

#[test]
fn a_quorum_has_members_each_once_and_a_threshold_they_can_reach() {
    let mut world = World::new();
    let mut refused = |members, threshold| {
        let call = Call::SetQuorum { power: Issue, scope: ASSET, members, threshold };
        matches!(world.call(ACME, call), Err(Refusal::BadQuorum(_)))
    };
    assert!(refused(vec![BELA, CARA, BELA], 2), "L3: the same signer twice");
    assert!(refused(vec![BELA, CARA], 3));
    assert!(refused(vec![BELA, CARA], 0));
    assert!(refused(vec![], 0) && refused(vec![], 1));
    assert!(refused(vec![BELA, NOBODY], 1));
    assert!(refused((1..=33).map(PersonId).collect(), 1));
}

#[test]
fn a_proposal_is_bounded_in_size_and_time() {
    let mut world = World::new();
    two_of_three(&mut world);
    let propose = |call, deadline| Call::Propose { power: Issue, scope: ASSET, call, deadline };
    let now = world.now();
    let refusal = world.call(BELA, propose(vec![], now)).unwrap_err();
    assert_eq!(refusal, Refusal::ExpiresPast(now));
    let long = propose(vec![0; (64 << 10) + 1], world.after(1));
    assert_eq!(world.call(BELA, long).unwrap_err(), Refusal::CallTooLong);
    world.call(BELA, propose(vec![0; 64 << 10], world.after(1))).unwrap();
}

//! What refusals say beside their codes: who, by which order, since and until when, how much is used and left. RULEBOOK
//! section 2.4.

mod world;

use compliance::{Approved, Call, Fact, Reason, ReasonCode::*, Side, View};
use identity::topic::KYC_NATURAL;
use types::{Order, PersonId, Time, Units};
use world::*;

/// A rule alone, and two persons of whom the first holds 100.
fn rule(json: &str) -> (World, PersonId, PersonId) {
    let mut world = World::with(&format!(r#"{{"rules": [{json}]}}"#));
    let (alice, bob) = (world.person("DE", &[]), world.person("US", &[]));
    world.give(alice, 100);
    (world, alice, bob)
}

fn only(world: &World, asked: &Asked) -> Reason {
    let reasons = world.decide(asked).reasons;
    let [reason] = &reasons[..] else { panic!("{reasons:?}") };
    reason.clone()
}

fn fact(world: &mut World, fact: &str, value: u128) {
    let (since, until) = (world.ctx.now(), Time::NEVER);
    let document = types::B256::repeat_byte(1);
    let value = Fact { value: Units(value), since, until, document };
    let call = Call::Attest { asset: Some(ASSET), fact: fact.into(), value };
    compliance::apply(&mut world.ctx, None, call).unwrap();
}

#[test]
fn of_several_orders_the_one_that_suspends_longest_is_named_with_who_carried_it_out() {
    let (mut world, alice, bob) = rule("");
    let of = |reference: &str, expires| Order { reference: reference.into(), expires, ..order() };
    let suspend = |order| identity::Call::Suspend { person: bob, order };
    world.identity(KYC, suspend(of("A", Some(day("2026-02-01")))));
    world.at(day("2026-01-02"));
    world.identity(OTHER, suspend(of("B", Some(day("2026-03-01")))));
    world.identity(KYC, suspend(of("C", Some(day("2026-03-01")))));
    let reason = only(&world, &transfer(alice, bob, 1));
    let told = "the buyer is suspended by order of Court, B, carried out by person 3 since 2026-01-02 until \
                2026-03-01T00:00:00Z";
    assert_eq!((reason.code, reason.to_string().as_str()), (PersonSuspended, told));
    // Given anew it binds since it first did, whoever gives it anew.
    world.at(day("2026-01-03"));
    world.identity(KYC, suspend(of("B", None)));
    let reason = only(&world, &transfer(alice, bob, 1));
    assert_eq!((reason.by, reason.since), (Some(OTHER), Some(day("2026-01-02"))));
    assert!(reason.to_string().ends_with("carried out by person 3 since 2026-01-02"), "{reason}");
    // It is the buyer's own, and nothing of it is told to the seller.
    let decision = world.decide(&transfer(alice, bob, 1));
    let seen = decision.clone().seen_by(View::Sender).reasons;
    let bare = Reason::new(compliance::Layer::Network, NotEligible).of(Side::Receiver);
    assert_eq!(seen, [bare]);
    assert_eq!(decision.clone().seen_by(View::Receiver).reasons, decision.reasons);
}

#[test]
fn what_has_run_out_says_since_when() {
    let letter = r#"{"claim": {"side": "receiver", "topic": 20, "max_age": "3mo"}}"#;
    let (mut world, alice, _) = rule(letter);
    let carl = world.person("US", &[(20, 0, "2026-03-01")]);
    world.at(day("2026-03-05"));
    let reason = only(&world, &transfer(alice, carl, 1));
    assert_eq!((reason.code, reason.since), (ClaimExpired, Some(day("2026-03-01"))));
    assert!(reason.to_string().ends_with("has run out on 2026-03-01"), "{reason}");
    // What is too old ran out with the last day of its age, though it says later itself.
    world.attest(KYC, carl, 20, 0, day("2027-01-01"));
    world.at(day("2026-06-06"));
    let reason = only(&world, &transfer(alice, carl, 1));
    assert_eq!((reason.code, reason.since), (ClaimExpired, Some(day("2026-06-06"))));
    // Of what was known of it the last to end.
    world.attest(OTHER, carl, KYC_NATURAL, 0, day("2026-06-10"));
    world.revoke(carl, KYC_NATURAL);
    world.attest(KYC, carl, 20, 0, Time::NEVER);
    world.at(day("2026-07-01"));
    let reason = only(&world, &transfer(alice, carl, 1));
    let told =
        "the buyer has no current KYC; the last ran out on 2026-06-10; its provider can renew it";
    assert_eq!((reason.code, reason.to_string().as_str()), (KycExpired, told));
}

#[test]
fn limits_say_what_is_used_over_which_time_and_from_when_on_more_is_left() {
    let sold = |period: &str| {
        format!(
            r#"{{"amount": {{"meter": "sold", "by": "sender", "period": {period}, "max": {{"number": "60"}}}}}}"#
        )
    };
    let said = |period: &str| {
        let (mut world, alice, bob) = rule(&sold(period));
        fact(&mut world, "closing", 1);
        for (at, units) in [("2026-01-10", 20), ("2026-01-12", 30)] {
            world.at(day(at));
            let asked = transfer(alice, bob, units);
            let decision = world.decide(&asked);
            world.allows(asked);
            compliance::follow(&mut world.ctx, ASSET, decision.consequences);
        }
        let reason = only(&world, &transfer(alice, bob, 50));
        assert_eq!((reason.code, reason.used), (VolumeLimit, Some(Units(50))));
        assert_eq!((reason.have, reason.need), (Some(Units(10)), Some(Units(60))));
        reason.to_string()
    };
    let rolling = said(r#"{"rolling": "30d"}"#);
    // The first to let go is not enough for 50, the second is.
    let told = "50 of 60 was sold within 30 days; 10 is left until 2026-02-09; from 2026-02-11 on it would pass";
    assert_eq!(rolling, told);
    let starts = |period: &str, words: &str| {
        let said = said(period);
        assert!(said.starts_with(&format!("50 of 60 was sold {words}")), "{said}");
    };
    starts(r#""ever""#, "in all; 10 is left");
    starts(r#""month""#, "in the calendar month; 10 is left until 2026-02-01");
    starts(
        r#"{"year": {"month": 1, "day": 1}}"#,
        "in the calendar year; 10 is left until 2027-01-01",
    );
    starts(
        r#"{"year": {"month": 4, "day": 1}}"#,
        "in the year from 04-01; 10 is left until 2026-04-01",
    );
    starts(r#"{"fixed": "1y6mo"}"#, "in a period of 1 year 6 months; 10 is left until 2027-07-10");
    starts(r#"{"since": "closing"}"#, "since closing; 10 is left");
}

#[test]
fn where_a_country_is_not_open_it_is_named_with_when_it_opens_and_only_to_whom_it_may_be() {
    let flows = |rule: &str| {
        format!(r#"{{"because": {{"says": "FLOWBACK", "source": "S", "rule": {rule}}}}}"#)
    };
    let (world, alice, bob) = rule(&flows(r#"{"window": {"opens": 1772323200000}}"#));
    let reason = only(&world, &transfer(alice, bob, 1));
    let told = "units may not flow back into United States of America yet; sales into it open on 2026-03-01 [S]";
    assert_eq!(reason.to_string(), told);
    let decision = world.decide(&transfer(alice, bob, 1));
    let country = |view| decision.clone().seen_by(view).reasons[0].country;
    assert_eq!(country(View::Receiver), reason.country);
    assert_eq!((country(View::Sender), country(View::Public)), (None, None));
    assert_eq!(decision.clone().seen_by(View::Sender).reasons[0].code, Flowback);
    let (world, alice, bob) = rule(&flows(r#"{"fact": {"fact": "closing"}}"#));
    let told = "units may not flow back into United States of America yet [S]";
    assert_eq!(only(&world, &transfer(alice, bob, 1)).to_string(), told);
    let bar = r#"{"because": {"says": "JURISDICTION_FORBIDDEN", "source": "S", "rule": {"not": {"claim":
                  {"side": "sender", "topic": 1}}}}}"#;
    let (world, alice, bob) = rule(bar);
    let reason = only(&world, &transfer(alice, bob, 1));
    assert_eq!(
        reason.to_string(),
        "this is not allowed in the jurisdiction of the seller, Germany [S]"
    );
}

#[test]
fn what_a_clock_bars_says_when_it_would_not() {
    let bar = r#"{"because": {"says": "BLACKOUT", "source": "S", "rule": {"not":
                  {"recurring": {"yearly": {"from": [12, 15], "until": [2, 1]}}}}}}"#;
    let (world, alice, bob) = rule(bar);
    let decision = world.decide(&transfer(alice, bob, 1));
    let told = "insiders may not trade now; they may from 2026-02-01 on [S]";
    assert_eq!(
        (decision.to_string().as_str(), decision.earliest_ok),
        (told, Some(day("2026-02-01")))
    );
    let bar = r#"{"because": {"says": "OFFER_NOT_OPEN", "source": "S", "rule": {"not": {"all": [
                  {"window": {"closes": 1772323200000}}, {"window": {"closes": 1775001600000}}]}}}}"#;
    let (world, alice, bob) = rule(bar);
    let reason = only(&world, &transfer(alice, bob, 1));
    assert_eq!(reason.to_string(), "the offer is not open; it opens on 2026-03-01 [S]");
}

#[test]
fn approvals_say_whose_turn_it_is() {
    let steps = r#"{"approvals": ["receiver", {"of": {"list": 7, "count": 2}}, "sender"]}"#;
    let (mut world, alice, bob) = rule(steps);
    let asked = transfer(alice, bob, 5);
    let turn = |world: &World| only(world, &asked).to_string();
    assert_eq!(turn(&world), "0 of 4 approvals are given; it is the turn of the buyer");
    let [carl, dora] = [(); 2].map(|()| world.person("DE", &[]));
    for person in [carl, dora] {
        world.list(7, person, "2026-01-01", "2030-01-01");
    }
    let mut approve = |by, list| {
        let (from, to, units) = (Some(alice), Some(bob), Units(5));
        let movement = Approved { asset: ASSET, list, from, to, units };
        let call = Call::ApproveMovements { movement, until: Time::NEVER, times: 1 };
        compliance::apply(&mut world.ctx, Some(by), call).unwrap();
    };
    approve(bob, 0);
    approve(carl, 7);
    let reason = only(&world, &asked);
    let told = "2 of 4 approvals are given; it is the turn of 2 on list 7";
    assert_eq!((reason.code, reason.to_string().as_str()), (ApprovalMissing, told));
    assert_eq!(reason.remedy(), "those whose turn it is approve this movement: 2 on list 7");
}

#[test]
fn a_document_that_is_there_with_a_flag_is_told_from_one_that_is_not_there() {
    let flag = r#"{"because": {"says": "DOC_FLAG", "source": "S", "rule":
                  {"fact": {"fact": "audit_flags", "at_least": "0", "at_most": "0"}}}}"#;
    let (mut world, alice, bob) = rule(flag);
    let asked = transfer(alice, bob, 1);
    let reason = only(&world, &asked);
    assert_eq!(
        (reason.code, reason.to_string().as_str()),
        (DocMissing, "audit_flags must be there first [S]")
    );
    fact(&mut world, "audit_flags", 2);
    let reason = only(&world, &asked);
    let told = "audit_flags carries a flag that must be cleared first: 2 is attested, and 0 is allowed [S]";
    assert_eq!((reason.code, reason.to_string().as_str()), (DocFlag, told));
    assert_eq!(
        reason.remedy(),
        "the asset's agent clears what is flagged, and attests audit_flags anew"
    );
    fact(&mut world, "audit_flags", 0);
    world.allows(asked);
}

#[test]
fn who_elects_what_no_law_offers_is_told_what_is_offered() {
    let paths = r#"{"any": [["A", {"kind": "transfer"}], ["B", {"kind": "issue"}]]}"#;
    let (world, alice, bob) = rule(paths);
    let asked = transfer(alice, bob, 1).by("C");
    let reason = only(&world, &asked);
    let told = "no exemption path is open: no law that binds what moves, or a part of it, offers the path C; \
                those offered are A, B";
    assert_eq!((reason.code, reason.to_string().as_str()), (NoPath, told));
}

#[test]
fn what_follows_is_told_to_who_sees_everything() {
    let bought = r#"{"amount": {"meter": "bought", "by": "receiver"}}"#;
    let (world, alice, bob) = rule(bought);
    let decision = world.decide(&transfer(alice, bob, 1));
    assert_eq!(decision.consequences.len(), 1);
    for view in [View::Sender, View::Receiver, View::Public] {
        assert!(decision.clone().seen_by(view).consequences.is_empty(), "{view:?}");
    }
    assert_eq!(decision.clone().seen_by(View::All), decision);
}

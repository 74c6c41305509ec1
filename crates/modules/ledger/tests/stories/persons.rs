//! What the ledger does for those who died, and for one human with several numbers.

use crate::world::*;
use identity::Merger;
use ledger::{Call, NewAsset, Refusal};
use trust::{GrantKey, Grantee, Power, Scope};
use types::{Time, Units};

#[test]
fn what_the_dead_promised_is_delivered_and_what_they_allowed_is_not() {
    tell(
        "
        hold 20 alice for bob until 2026-02-01          ok
        operator alice carol                            ok
        approve alice bob 30                            ok
        announce 10 alice to carol contest 2026-02-01   ok
        dies alice
        execute 1 15 by bob                             ok
        spend 5 alice to bob by bob                     PERSON_DECEASED
        transfer 5 alice to carol by carol              PERSON_DECEASED
        redeem 5 alice                                  PERSON_DECEASED
        redeem 5 alice by acme                          PERSON_DECEASED
        transfer 5 alice to carol                       Identity
        hold 5 alice for bob until 2026-02-01           Identity
        contest 1 by alice                              Identity
        release 1 by bob                                ok
        position alice 85 frozen 10
        on 2026-02-01 carry-out 1                       ok
        force 5 alice to carol                          ok
        position alice 70
        lives alice
        spend 5 alice to bob by bob                     ok
    ",
    );
}

#[test]
fn what_the_dead_promised_is_delivered_by_what_was_said_of_them_when_they_died() {
    tell(
        r#"
        claim alice 20@2026-02-01
        claim alice 3@2026-02-01
        policy {"rules": [{"claim": {"side": "sender", "topic": 20}}, {"claim": {"side": "sender", "topic": 3}}]}
        hold 20 alice for bob until 2026-06-01              ok
        on 2026-01-31 dies alice
        execute 1 5 by bob                                  ok
        on 2026-03-01 execute 1 5 by bob                    ok
        # Who lives must still have them.
        lives alice
        execute 1 5 by bob                                  CLAIM_EXPIRED,CLAIM_EXPIRED
        # And what had lapsed before is lapsed.
        dies alice
        execute 1 5 by bob                                  CLAIM_EXPIRED,CLAIM_EXPIRED
    "#,
    );
}

#[test]
fn what_bars_the_living_bars_what_the_dead_promised() {
    tell(
        r#"
        claim alice 60@2026-02-01
        hold 20 alice for bob until 2026-06-01              ok
        policy {"rules": [{"not": {"claim": {"side": "sender", "topic": 60}}}]}
        on 2026-01-31 dies alice
        on 2026-03-01 execute 1 5 by bob                    NOT_ALLOWED
    "#,
    );
}

#[test]
fn what_is_said_of_the_dead_later_bars_what_they_promised_and_lets_nothing_pass() {
    tell(
        r#"
        claim alice 60@2026-02-01
        hold 20 alice for bob until 2026-06-01              ok
        policy {"rules": [{"not": {"claim": {"side": "sender", "topic": 60}}}]}
        # Renewed after its death, of which nobody knew, it was not said when it died.
        on 2026-01-25 claim alice 60@2026-05-01
        on 2026-01-31 dies alice 2026-01-20
        execute 1 5 by bob                                  NOT_ALLOWED
        policy {"rules": [{"claim": {"side": "sender", "topic": 60}}]}
        execute 1 5 by bob                                  CLAIM_MISSING
    "#,
    );
}

#[test]
fn a_clock_starts_anew_with_who_gets_what_an_affiliate_promised_and_died() {
    tell(
        r#"
        claim alice 60@2026-02-01
        policy {"rules": [{"lot": {"days": 1, "inherit": {"restart_if_from": 60}}}]}
        hold 20 alice for bob until 2026-06-01              ok
        on 2026-01-31 dies alice
        on 2026-03-01 execute 1 5 by bob                    ok
        lots bob 5@2026-03-01
    "#,
    );
}

#[test]
fn the_dead_get_nothing_and_are_still_holders_of_record() {
    tell(
        "
        issue 10 to bob                                 ok
        dies alice
        holders 2
        transfer 1 bob to alice                         PERSON_DECEASED
        force 1 bob to alice                            PERSON_DECEASED
        reissue 1 to alice                              PERSON_DECEASED
        force 100 alice to bob                          ok
        holders 1
    ",
    );
}

#[test]
fn one_human_is_one_holder_and_moves_between_its_numbers_ask_nothing() {
    tell(
        r#"
        person dan CH
        policy {"rules": [{"kind": "issue"}]}
        issue 10 to bob                                 ok
        holders 2
        merge bob into alice
        holders 1
        transfer 60 alice to bob                        ok
        position alice 40
        position bob 70
        transfer 10 bob to dan                          WRONG_KIND never most 0
        freeze bob                                      ok
        transfer 5 alice to bob                         FROZEN_TO never most 0
    "#,
    );
}

#[test]
fn a_batch_counts_what_each_human_gets_and_what_leaves_it() {
    tell(
        r#"
        person dan CH
        issue 10 to bob                                 ok
        merge bob into alice
        policy {"rules": [{"holding": {"max": "110"}}, {"count": {"filter": "all", "max": 2}}]}
        issue 5 to carol                                ok
        transfer 5 carol to bob                         ABOVE_MAX never most 0
        transfer 100 alice to bob and 0 to carol        ok
        position bob 110
    "#,
    );
}

#[test]
fn an_issuer_has_one_number() {
    let mut world = tell("");
    let [alice, bob] = ["alice", "bob"].map(|name| world.id(name));
    let may_create = |world: &mut World, person| {
        let by = Grantee::Person(KYC);
        let grant = GrantKey {
            grantee: Grantee::Person(person),
            power: Power::CreateAsset,
            scope: Scope::Network,
        };
        let (limit, expires, terms) = (None, Time::NEVER, Default::default());
        let call = trust::Call::Grant { grant, limit, expires, terms };
        trust::apply(&mut world.ctx, by, wallet(first(KYC)), call, None).unwrap();
    };
    may_create(&mut world, bob);
    let create = || {
        Call::CreateAsset(NewAsset {
            kind: ledger::AssetKind::Equity,
            symbol: "ALI".into(),
            name: "Alice shares".into(),
            decimals: 0,
            isin: None,
            cfi: "ESVUFR".parse().unwrap(),
            fisn: None,
            lei: None,
            authorised: Units(10),
        })
    };
    let merger = Merger { into: alice, from: bob };
    assert_eq!(ledger::check_mergeable(&world.ctx, merger), Ok(()));
    world.run("merge bob into alice");
    let key = wallet(first(bob));
    assert_eq!(world.act(key, create()).unwrap_err(), Refusal::MergedIssuer(bob));
    let carol = world.id("carol");
    may_create(&mut world, carol);
    world.act(wallet(first(carol)), create()).unwrap();
    for merger in [Merger { into: alice, from: carol }, Merger { into: carol, from: alice }] {
        let refused = Err(Refusal::MergedIssuer(carol));
        assert_eq!(ledger::check_mergeable(&world.ctx, merger), refused);
    }
}

//! What profiles ask of movements: paths, meters, dates, duties, venues.

use crate::world::*;
use compliance::{Call, DUTIES, FACTS, Fact, Refusal, Rule, Subject, VenueRules};
use ledger::{Event, Refusal as LedgerRefusal};
use types::{AssetId, B256, Time, Units};

/// Rules of a profile as JSON, after its name and its authority.
fn register(world: &mut World, id: &str, rest: &str) {
    register_of(world, "CH/TEST", id, rest);
}

fn register_of(world: &mut World, authority: &str, id: &str, rest: &str) {
    let json = format!(
        r#"{{"id": "{id}", "title": "T", "authority": "{authority}", "source": "S",
        "effective": ["2020-01-01", null], {rest}}}"#
    );
    let profile = serde_json::from_str(&json).unwrap_or_else(|why| panic!("{json}: {why}"));
    world.rules(Call::RegisterProfile { profile }).unwrap();
}

fn adopt(world: &mut World, id: &str, adopted: bool) {
    let call = Call::Adopt { asset: world.asset, profile: id.into(), adopted, report: REPORT };
    world.rules(call).unwrap();
}

/// Alice and Bob, an asset with one profile and no policy to speak of.
fn under(rest: &str) -> World {
    let mut world = check(
        r#"
        person alice CH
        person bob   CH
        person carol US
        policy {"rules": []}
    "#,
    );
    register(&mut world, "T-1", rest);
    adopt(&mut world, "T-1", true);
    world
}

const VOLUME: &str = r#"
    "issue": [{"kind": "issue"}],
    "resale": [{"amount": {"meter": "volume", "by": "sender", "period": {"rolling": "3mo"},
        "max": {"number": "100"}}}]
"#;

#[test]
fn of_each_law_that_offers_a_choice_the_path_is_recorded() {
    let always = r#"
        "always": [{"any": [["REDEEMED", {"kind": "redeem"}], ["KEPT", {"kind": "transfer"}]]}]
    "#;
    let choice = r#"
        "issue": [{"any": [["NEVER", {"kind": "redeem"}], ["SALE", {"kind": "issue"}]]}],
        "resale": [{"any": [["OLD", {"lot": {"days": 90}}], ["HERE",
            {"countries": {"side": "receiver", "mode": "allow", "countries": ["CH"]}}]]}]
    "#;
    let mut world = under(choice);
    register_of(&mut world, "US/TEST", "T-2", choice);
    adopt(&mut world, "T-2", true);
    world
        .policy(
            r#"{"rules": [{"any": [["OWN", {"kind": "issue"}], ["FREE", {"kind": "transfer"}]]}]}"#,
        )
        .unwrap();
    let moved = |world: &World| -> Vec<u16> {
        let moved = world.heard.iter().rev().find_map(|event| match event {
            Event::Moved { paths, .. } => Some(paths.numbers().collect()),
            _ => None,
        });
        moved.expect("units moved")
    };
    let lots = |world: &World, who: &str| -> Vec<Vec<u16>> {
        let (class, account) = (types::ClassId(0), world.account(who));
        let at = ledger::position(&world.ctx, world.asset, class, account);
        at.lots.iter().map(|lot| lot.paths.numbers().collect()).collect()
    };
    world.run("on 2026-01-01 issue 10 to alice          ok");
    let issued = vec![0x0001, 0x0102, 0x0202];
    assert_eq!((moved(&world), lots(&world, "alice")), (issued.clone(), vec![issued]));
    world.run("on 2026-01-02 transfer 4 alice to bob    ok");
    let resold = vec![0x0002, 0x0104, 0x0204];
    assert_eq!((moved(&world), lots(&world, "bob")), (resold.clone(), vec![resold]));
    // Of several lots each goes by its own: the older one by another path than the younger.
    world.run("on 2026-03-15 issue 10 to alice          ok");
    world.run("on 2026-04-05 transfer 16 alice to bob   ok");
    let (old, young) = (vec![0x0002, 0x0103, 0x0203], vec![0x0002, 0x0104, 0x0204]);
    assert_eq!(moved(&world), old);
    let mut all = lots(&world, "bob");
    all.sort();
    all.dedup();
    assert_eq!(all, [old, young]);
    // What a profile asks of every movement offers choices too, and binds every lot.
    register_of(&mut world, "US/TEST", "T-3", always);
    adopt(&mut world, "T-3", true);
    world.run("transfer 4 bob to alice                  ok");
    let (last, kept) = (moved(&world), vec![0x0002, 0x0103, 0x0203, 0x0302]);
    assert_eq!(last, kept);
    assert!(lots(&world, "alice").contains(&kept));
}

/// Units to one under an adopted profile.
fn place(world: &mut World, to: &str, units: u128, profile: u16) {
    let (asset, class, to) = (world.asset, types::ClassId(0), world.account(to));
    let placement = ledger::Placement { to, units: Units(units), paid: Units(0) };
    let (currency, legs) = ("USD".parse().unwrap(), vec![placement]);
    let call = ledger::Call::Place { asset, class, profile, currency, legs };
    let acme = world.owner(world.account("acme"));
    world.act(acme, call).unwrap();
}

/// The laws and paths under which somebody's lots came, oldest first.
fn paths_of(world: &World, who: &str) -> Vec<(u128, Vec<u16>)> {
    let (class, account) = (types::ClassId(0), world.account(who));
    let at = ledger::position(&world.ctx, world.asset, class, account);
    at.lots.iter().map(|lot| (lot.units.0, lot.paths.numbers().collect())).collect()
}

#[test]
fn what_binds_every_lot_is_recorded_of_each_whichever_law_it_is_under() {
    let rules = r#"
        "issue": [{"kind": "issue"}],
        "resale": [{"any": [["SOLD", {"kind": "transfer"}]]}],
        "always": [{"any": [["ENDED", {"kind": "redeem"}], ["KEPT", {"kind": "transfer"}],
            ["MADE", {"kind": "issue"}]]}]
    "#;
    let mut world = under(rules);
    register(&mut world, "T-2", rules);
    adopt(&mut world, "T-2", true);
    place(&mut world, "alice", 10, 1);
    world.at(day("2026-02-01"));
    place(&mut world, "alice", 10, 2);
    world.run("transfer 20 alice to bob                 ok");
    // Of its own law what was sold by, of the other's what it asks of every movement.
    let of = [(10, vec![0x0101, 0x0203]), (10, vec![0x0103, 0x0201])];
    assert_eq!(paths_of(&world, "bob"), of);
}

/// To whom, how many, of which lots, for how much.
type Sold<'a> = (&'a str, u128, &'a [(u16, u128)], u128);

/// Alice sells to each so many units, of these lots, for so much.
fn sell(
    world: &mut World,
    path: Option<&str>,
    currency: Option<&str>,
    sales: &[Sold<'_>],
) -> Result<(), LedgerRefusal> {
    let (asset, class, from) = (world.asset, types::ClassId(0), world.account("alice"));
    let held = ledger::position(&world.ctx, asset, class, from).lots;
    let lot = |(place, units): &(u16, u128)| {
        let anchor = held.get(usize::from(*place)).map_or(Time(0), |lot| lot.anchor);
        ledger::ChosenLot { place: *place, anchor, units: Units(*units) }
    };
    let sale = |(to, units, lots, paid): &Sold<'_>| ledger::Sale {
        to: world.account(to),
        units: Units(*units),
        lots: lots.iter().map(lot).collect(),
        paid: Units(*paid),
    };
    let legs = sales.iter().map(sale).collect();
    let (path, currency) = (path.map(Into::into), currency.map(|it| it.parse().unwrap()));
    let call = ledger::Call::TransferOn { asset, class, from, path, currency, legs };
    let owner = world.owner(from);
    world.act(owner, call).map(drop)
}

#[test]
fn a_seller_says_by_which_path_at_what_price_and_of_which_lots_it_sells() {
    let choice = r#"
        "issue": [{"kind": "issue"}],
        "resale": [{"any": [["ANY", {"kind": "transfer"}],
            ["HERE", {"countries": {"side": "receiver", "mode": "allow", "countries": ["CH"]}}]]}]
    "#;
    let mut world = under(choice);
    world.run("issue 10 to alice                        ok");
    world.run("on 2026-02-01 issue 10 to alice          ok");
    world.run("on 2026-03-01 issue 10 to alice          ok");
    // Places are those before the first part goes, whatever is used up on the way.
    let usd = Some("USD");
    let lots: [&[(u16, u128)]; 3] = [&[(0, 10)], &[(1, 4), (2, 5)], &[(1, 6)]];
    let sales = [("bob", 10, lots[0], 500), ("bob", 9, lots[1], 300), ("bob", 6, lots[2], 0)];
    sell(&mut world, Some("HERE"), usd, &sales).unwrap();
    let told: Vec<_> = world
        .heard
        .iter()
        .filter_map(|event| match event {
            Event::Priced { units, paid, currency, .. } => {
                Some((units.0, paid.0, currency.to_string()))
            }
            _ => None,
        })
        .collect();
    let priced = |units, paid| (units, paid, "USD".to_owned());
    assert_eq!(told, [priced(10, 500), priced(9, 300), priced(6, 0)]);
    let here = |units| (units, vec![0x0102]);
    assert_eq!(paths_of(&world, "bob"), [here(10), here(10), here(5)]);
    // Who is not there cannot buy by that path, whatever the first one says.
    let refused = |why: Result<(), LedgerRefusal>| why.unwrap_err().reason().map(|it| it.code);
    let code = refused(sell(&mut world, Some("HERE"), None, &[("carol", 1, &[], 0)]));
    assert_eq!(code, Some(compliance::ReasonCode::CountryForbidden));
    let refusal = sell(&mut world, Some("HIER"), None, &[("bob", 1, &[], 0)]).unwrap_err();
    let reason = refusal.reason().unwrap();
    assert_eq!(
        (reason.code, reason.fact.as_deref()),
        (compliance::ReasonCode::NoPath, Some("HIER"))
    );
    assert!(reason.to_string().contains("offers the path HIER"), "{reason}");
    sell(&mut world, None, None, &[("carol", 1, &[], 0)]).unwrap();
    // What cannot be meant.
    let one: &[(u16, u128)] = &[(0, 1)];
    let long = "N".repeat(65);
    for (path, currency, sales, refusal) in [
        (None, usd, vec![], LedgerRefusal::EmptyBatch),
        (Some(""), None, vec![("bob", 1, one, 0)], LedgerRefusal::BadText("path")),
        (Some(&*long), None, vec![("bob", 1, one, 0)], LedgerRefusal::BadText("path")),
        (None, None, vec![("bob", 1, one, 5)], LedgerRefusal::NoCurrency),
        (None, usd, vec![("bob", 1, one, 5), ("bob", 1, &[], 5)], LedgerRefusal::LotsOfSome),
        (
            None,
            usd,
            vec![("bob", 2, one, 5)],
            LedgerRefusal::LotsSum { sum: Units(1), units: Units(2) },
        ),
        (None, usd, vec![("alice", 1, one, 5)], LedgerRefusal::NothingToMove),
        (None, usd, vec![("bob", 4, &[(0, 4)], 5), ("bob", 1, one, 5)], LedgerRefusal::BadLot(0)),
    ] {
        assert_eq!(sell(&mut world, path, currency, &sales), Err(refusal));
    }
}

#[test]
fn what_is_paid_falls_on_lots_by_their_units_and_sums_to_it() {
    let mut world = under(
        r#"
        "issue": [{"kind": "issue"}],
        "resale": [{"amount": {"meter": "proceeds", "of": {"paid": "USD"}, "by": "sender", "max": {"number": "100"}}}]
    "#,
    );
    world.run("issue 1 to alice                         ok");
    world.run("on 2026-02-01 issue 1 to alice           ok");
    world.run("on 2026-03-01 issue 5 to alice           ok");
    let usd = Some("USD");
    let refused = |why: Result<(), LedgerRefusal>| why.unwrap_err().reason().map(|it| it.code);
    let over = refused(sell(&mut world, None, usd, &[("bob", 3, &[], 101)]));
    assert_eq!(over, Some(compliance::ReasonCode::VolumeLimit));
    // Thirds of ninety-nine and a hundred are rounded, and add up to what is paid.
    sell(&mut world, None, usd, &[("bob", 3, &[], 100)]).unwrap();
    let one_more = refused(sell(&mut world, None, usd, &[("bob", 1, &[], 1)]));
    assert_eq!(one_more, Some(compliance::ReasonCode::VolumeLimit));
    sell(&mut world, None, usd, &[("bob", 1, &[], 0)]).unwrap();
    let untold = refused(sell(&mut world, None, None, &[("bob", 1, &[], 0)]));
    assert_eq!(untold, Some(compliance::ReasonCode::PriceMissing));
}

#[test]
fn lots_go_whose_laws_offer_what_is_elected() {
    let by = |path: &str| {
        format!(
            r#""issue": [{{"kind": "issue"}}], "resale": [{{"any": [["{path}", {{"kind": "transfer"}}]]}}]"#
        )
    };
    let mut world = under(&by("ONE"));
    register(&mut world, "T-2", &by("TWO"));
    adopt(&mut world, "T-2", true);
    place(&mut world, "alice", 10, 1);
    world.at(day("2026-02-01"));
    place(&mut world, "alice", 10, 2);
    world.at(day("2026-03-01"));
    place(&mut world, "alice", 10, 1);
    sell(&mut world, Some("TWO"), None, &[("bob", 4, &[], 0)]).unwrap();
    assert_eq!(paths_of(&world, "bob"), [(4, vec![0x0201])]);
    // Six are left of those: what more is asked is not made up of others.
    let refusal = sell(&mut world, Some("TWO"), None, &[("bob", 7, &[], 0)]).unwrap_err();
    let LedgerRefusal::NotAllowed(judged) = refusal else { panic!("{refusal}") };
    assert_eq!(judged.0.max_ok, Some(Units(6)));
    // None go by no path; how many could is told of the lots on both sides of those.
    let refusal = sell(&mut world, Some("ONE"), None, &[("bob", 0, &[], 0)]).unwrap_err();
    let LedgerRefusal::NotAllowed(judged) = refusal else { panic!("{refusal}") };
    assert_eq!(judged.0.max_ok, Some(Units(20)));
    sell(&mut world, Some("ONE"), None, &[("bob", 20, &[], 0)]).unwrap();
    assert_eq!(paths_of(&world, "alice"), [(6, vec![])]);
}

#[test]
fn what_would_pass_counts_the_lots_of_the_same_movement_together() {
    let mut world = under(VOLUME);
    world.run(
        "
        on 2026-01-01 issue 70 to alice                 ok
        on 2026-01-02 issue 60 to alice                 ok
        transfer 10 alice to bob                        ok
        transfer 120 alice to bob                       VOLUME_LIMIT never most 90
        transfer 90 alice to bob                        ok
    ",
    );
}

#[test]
fn a_movement_of_several_lots_is_one() {
    let mut world = under(
        r#""issue": [{"kind": "issue"}], "resale": [
            {"amount": {"meter": "sales", "of": "movements", "by": "sender", "period": {"rolling": "1d"}, "max": {"number": "2"}}}]"#,
    );
    world.run(
        "
        on 2026-01-01 issue 10 to alice                 ok
        on 2026-01-02 issue 10 to alice                 ok
        on 2026-01-03 issue 10 to alice                 ok
        transfer 25 alice to bob                        ok
        transfer 1 alice to bob                         ok
        transfer 1 alice to bob                         VOLUME_LIMIT until 2026-01-04
    ",
    );
}

#[test]
fn what_is_added_up_has_room_when_it_has_for_all_the_lots() {
    let mut world = under(VOLUME);
    world.run(
        "
        on 2026-01-01 issue 120 to alice                ok
        on 2026-01-02 issue 40 to alice                 ok
        on 2026-01-05 transfer 50 alice to bob          ok
        on 2026-01-10 transfer 30 alice to bob          ok
        transfer 80 alice to bob        NO_PATH,VOLUME_LIMIT,VOLUME_LIMIT until 2026-04-10 most 20
        on 2026-04-09 transfer 80 alice to bob          VOLUME_LIMIT until 2026-04-10
        on 2026-04-10 transfer 80 alice to bob          ok
    ",
    );
}

#[test]
fn the_rules_of_a_profile_that_another_refers_to_draw_lines_too() {
    let mut world = under(r#""resale": [{"not": {"claim": {"side": "receiver", "topic": 20}}}]"#);
    adopt(&mut world, "T-1", false);
    let rest = r#""issue": [{"kind": "issue"}], "resale": [{"by": {"profile": "T-1"}}]"#;
    register(&mut world, "T-2", rest);
    adopt(&mut world, "T-2", true);
    world.run(
        "
        person dan CH 20@2027-01-01
        issue 10 to alice                               ok
        transfer 10 alice to dan                        NOT_ALLOWED until 2027-01-01
    ",
    );
}

#[test]
fn many_lots_under_two_locks_go_on_the_day_the_last_is_over() {
    let mut world = under(
        r#""issue": [{"kind": "issue"}], "resale": [{"lot": {"days": 100}}, {"lot": {"days": 300}}]"#,
    );
    let mut day = day("2026-01-02").date();
    for _ in 0..64 {
        world.run(&format!("on {day} issue 1 to alice   ok"));
        day = day.plus_days(1);
    }
    let last = day.plus_days(299);
    world.run(&format!("transfer 64 alice to bob        NO_PATH,{} until {last}", locks(&world)));
    world.run(&format!("on {last} transfer 64 alice to bob  ok"));
}

/// Two locks against each of 64 lots.
fn locks(world: &World) -> String {
    let lots = ledger::position(&world.ctx, world.asset, types::ClassId(0), world.account("alice"));
    vec!["LOCKED_LOT"; 2 * lots.lots.len()].join(",")
}

#[test]
fn a_path_says_whose_it_is() {
    let mut world = under(
        r#""covers": {"in": ["US"]}, "issue": [{"any": [["A", {"kind": "issue"}]]}], "resale": []"#,
    );
    let rest = r#"
        "covers": {"in": ["CH"]},
        "issue": [{"any": [["NEVER", {"kind": "redeem"}], ["B", {"kind": "issue"}]]}]
    "#;
    register(&mut world, "T-2", rest);
    adopt(&mut world, "T-2", true);
    let paths = |world: &World| -> Option<Vec<u16>> {
        world.heard.iter().find_map(|event| match event {
            Event::Moved { paths, .. } => Some(paths.numbers().collect()),
            _ => None,
        })
    };
    world.run("issue 10 to carol                        ok");
    assert_eq!(paths(&world), Some(vec![0x0101]));
    world.run("issue 10 to alice                        ok");
    assert_eq!(paths(&world), Some(vec![0x0202]));
    let lot = |world: &World| -> Vec<u16> {
        let at = ledger::position(&world.ctx, world.asset, types::ClassId(0), world.account("bob"));
        at.lots[0].paths.numbers().collect()
    };
    // The issuer's own policy is number 0.
    world.policy(r#"{"rules": [{"any": [["OWN", {"kind": "transfer"}]]}]}"#).unwrap();
    world.run("transfer 10 alice to bob                 ok");
    assert_eq!((paths(&world), lot(&world)), (Some(vec![0x0001]), vec![0x0001]));
}

#[test]
fn what_an_order_makes_is_under_every_profile_that_serves() {
    let mut world = under(r#""issue": [{"kind": "issue"}], "resale": [{"kind": "transfer"}]"#);
    let rest = r#""issue": [{"kind": "issue"}], "resale": [{"lot": {"days": 100}}]"#;
    register(&mut world, "T-2", rest);
    adopt(&mut world, "T-2", true);
    world.run(
        "
        reissue 10 to alice                             ok
        transfer 10 alice to bob                        LOCKED_LOT
    ",
    );
}

#[test]
fn a_unit_made_of_parts_of_lots_is_under_the_profiles_of_those_alone() {
    let rest = r#""issue": [{"kind": "issue"}], "resale": [{"kind": "transfer"}]"#;
    let mut world = under(rest);
    world.run("on 2026-01-01 issue 2 to alice           ok");
    for (last, next, date) in [("T-1", "T-2", "2026-01-02"), ("T-2", "T-3", "2026-01-03")] {
        adopt(&mut world, last, false);
        register(&mut world, next, rest);
        adopt(&mut world, next, true);
        world.run(&format!("on {date} issue 1 to alice          ok"));
    }
    let lots = |world: &World| -> Vec<(u128, Vec<u16>)> {
        let (class, account) = (types::ClassId(0), world.account("alice"));
        let at = ledger::position(&world.ctx, world.asset, class, account);
        at.lots.iter().map(|lot| (lot.units.0, lot.exemptions.numbers().collect())).collect()
    };
    assert_eq!(lots(&world), [(2, vec![1]), (1, vec![2]), (1, vec![3])]);
    // Nothing is left of the first lot: the second unit is made of parts of the other two.
    world.run("convert 1:2                              ok");
    assert_eq!(lots(&world), [(1, vec![1]), (1, vec![2, 3])]);
}

#[test]
fn an_asset_that_dropped_all_its_exemptions_issues_nothing() {
    let mut world = under(r#""issue": [{"kind": "issue"}], "resale": [{"lot": {"days": 100}}]"#);
    world.run("issue 10 to alice                        ok");
    adopt(&mut world, "T-1", false);
    world.run("issue 10 to alice                        NO_PATH");
    adopt(&mut world, "T-1", true);
    world.run("issue 10 to alice                        ok");
}

#[test]
fn the_name_of_a_meter_stands_for_one_count_for_good() {
    let mut world = under(r#""issue": [{"kind": "issue"}]"#);
    let venue = world.id("bob");
    world.attest_value(venue, identity::topic::LICENCE, identity::topic::VENUE);
    let mut set = |json: &str| {
        let rules: Vec<Rule> = serde_json::from_str(json).unwrap();
        let asked = VenueRules { rules, calendar: None };
        compliance::apply(
            &mut world.ctx,
            Some(venue),
            Call::SetVenueRules { asked, report: REPORT },
        )
    };
    let persons = r#"[{"persons": {"meter": "m", "max": {"number": "9"}}}]"#;
    let amounts = r#"[{"amount": {"meter": "m", "max": {"number": "9"}}}]"#;
    set(persons).unwrap();
    set("[]").unwrap();
    assert!(matches!(set(amounts), Err(Refusal::BadPolicy(_))));
    set(persons).unwrap();
    // A profile's versions too; and no profile goes by the name of a venue's meters.
    let mut register = |id: &str, rules: &str| {
        let json = format!(
            r#"{{"id": "{id}", "title": "T", "authority": "CH/TEST", "source": "S",
            "effective": ["2020-01-01", null], "issue": {rules}}}"#
        );
        let profile = serde_json::from_str(&json).unwrap();
        compliance::apply(&mut world.ctx, None, Call::RegisterProfile { profile })
    };
    register("T-2", persons).unwrap();
    register("T-2", r#"[{"kind": "issue"}]"#).unwrap();
    assert!(matches!(register("T-2", amounts), Err(Refusal::BadProfile(_))));
    assert!(matches!(register("VENUE-7", persons), Err(Refusal::BadProfile(_))));
}

#[test]
fn a_published_contract_moves_units_for_the_venue_that_developed_it() {
    let mut world = check(
        r#"
        person alice CH
        person bob   CH
        person ats   CH
        policy {"rules": [{"claim": {"side": "venue", "topic": 81}}]}
        issue 10 to alice                               VENUE_FORBIDDEN
    "#,
    );
    world
        .policy(
            r#"{"rules": [{"when": {"guard": {"kind": "transfer"}, "then":
        {"claim": {"side": "venue", "topic": 81}}}}]}"#,
        )
        .unwrap();
    world.run("issue 10 to alice                        ok");
    let developer = world.id("ats");
    world.attest_value(developer, identity::topic::LICENCE, identity::topic::VENUE);
    let contract = types::Address::repeat_byte(0xcc);
    let (alice, bob, asset) = (world.account("alice"), world.account("bob"), world.asset);
    let approve = ledger::Call::Approve { asset, spender: contract, units: Units(10) };
    world.act(wallet(alice), approve).unwrap();
    let spend = || ledger::Call::TransferFrom { asset, from: alice, to: bob, units: Units(5) };
    assert!(world.act(contract, spend()).is_err(), "nobody's contract");
    let app = trust::app::App {
        developer,
        name: "ATS".into(),
        version: 1,
        uri: String::new(),
        manifest: types::B256::ZERO,
        contracts: vec![contract],
        powers: 0,
        operations: 0,
        standing: trust::app::Standing::Active,
        published: Time(0),
        changed: Time(0),
    };
    trust::app::APPS.put(&mut world.ctx, &1, app);
    let listed = |is_listed| trust::app::Contract { app: 1, code: types::B256::ZERO, is_listed };
    trust::app::CONTRACTS.put(&mut world.ctx, &contract, listed(false));
    world.ctx.settle();
    assert!(world.act(contract, spend()).is_err(), "left out by the newest version");
    trust::app::CONTRACTS.put(&mut world.ctx, &contract, listed(true));
    world.ctx.settle();
    world.act(contract, spend()).unwrap();
}

const DUTY: &str = r#"
    "triggers": [{"duty": "REGISTER", "source": "S", "due": "10d", "when": [{"fact": {"fact": "big"}}]}]
"#;

fn ask(world: &mut World, date: &str) -> bool {
    world.at(day(date));
    compliance::fire_duties(&mut world.ctx, u32::MAX, ledger::issuer);
    world.ctx.settle();
    let asset: AssetId = world.asset;
    DUTIES.get(&world.ctx, &(asset, "REGISTER".into())).is_some()
}

fn is_big(world: &mut World) {
    let value = Fact {
        value: Units(1),
        since: world.ctx.now(),
        until: Time::NEVER,
        document: types::B256::ZERO,
    };
    FACTS.put(&mut world.ctx, &(Subject::Asset(world.asset), "big".into()), value);
    world.ctx.settle();
}

#[test]
fn a_duty_does_not_end_because_the_profile_is_dropped() {
    let mut world = under(DUTY);
    adopt(&mut world, "T-1", false);
    is_big(&mut world);
    assert!(!ask(&mut world, "2026-02-01"), "nobody holds anything that may be under it");
    world.run("issue 10 to alice                        ok");
    assert!(ask(&mut world, "2026-02-02"));
}

#[test]
fn the_law_of_the_issuers_land_is_asked_though_nothing_was_adopted() {
    let mut world = check(r#"policy {"rules": []}"#);
    register(&mut world, "T-2", DUTY);
    is_big(&mut world);
    assert!(!ask(&mut world, "2026-02-01"));
    let issuer = ledger::issuer(&world.ctx, world.asset).unwrap();
    let country = identity::person(&world.ctx, issuer).unwrap().residence;
    let call = Call::SetLaw { country, profiles: vec!["T-2".into()], report: REPORT };
    world.rules(call).unwrap();
    assert!(ask(&mut world, "2026-02-02"));
}

/// Units that the law of the land added up are the asset's, whoever's rules count them.
#[test]
fn one_class_of_several_is_not_split_once_the_law_of_the_land_added_its_units_up() {
    let mut world = check(
        r#"
        person alice CH
        person bob   CH
        policy {"rules": []}
        issue 9 to alice                        ok
        class B                                 ok
        issue 3 to alice of 1                   ok
    "#,
    );
    let sold = r#"
        "always": [{"amount": {"meter": "sold", "period": {"rolling": "5d"}, "max": {"number": "60"}}}]
    "#;
    register(&mut world, "T-LAND", sold);
    let profiles = vec!["T-LAND".into()];
    world.rules(Call::SetLaw { country: "CH".parse().unwrap(), profiles, report: REPORT }).unwrap();
    world.run(
        "
        convert 2:1                             ok
        transfer 4 alice to bob                 ok
        convert 2:1                             MeasuredInUnits
        convert 1:1 of 0 into 1                 ok
    ",
    );
}

#[test]
fn the_law_of_a_state_binds_in_its_outermost_regions_until_they_have_their_own() {
    let mut world = check(
        r#"
        person alice FR
        person bob   RE
        person carol CH
        policy {"rules": []}
        issue 9 to carol and 9 to bob           ok
    "#,
    );
    let set = |world: &mut World, country: &str, law: &[&str], report| {
        let country = country.parse().unwrap();
        let profiles = law.iter().copied().map(Into::into).collect();
        world.rules(Call::SetLaw { country, profiles, report })
    };
    let sold = r#"
        "always": [{"amount": {"meter": "sold", "by": "receiver", "max": {"number": "4"}}}]
    "#;
    register(&mut world, "T-STATE", sold);
    register(&mut world, "T-REGION", r#""always": [{"not": {"kind": "transfer"}}]"#);
    set(&mut world, "FR", &["T-STATE"], REPORT).unwrap();
    // Between the two it is one law, which counts once.
    world.run(
        "
        transfer 3 carol to bob                 ok
        transfer 2 carol to bob                 CAP_AMOUNT_INVESTOR
        transfer 4 bob to alice                 ok
        transfer 1 bob to alice                 CAP_AMOUNT_INVESTOR
    ",
    );
    set(&mut world, "RE", &["T-REGION"], REPORT).unwrap();
    world.run("transfer 1 carol to bob                 NOT_ALLOWED never");
    // Without its own it is under the State's again: somebody may newly fail.
    let unseen = set(&mut world, "RE", &[], B256::ZERO).unwrap_err();
    assert!(matches!(unseen, compliance::Refusal::NoReport(_)), "{unseen}");
    set(&mut world, "RE", &[], REPORT).unwrap();
    world.run(
        "
        transfer 2 carol to bob                 CAP_AMOUNT_INVESTOR
        transfer 1 carol to bob                 ok
    ",
    );
    set(&mut world, "FR", &[], B256::ZERO).unwrap();
    world.run("transfer 2 carol to bob                 ok");
}

/// Which conditions a holder meets is found once. Here claims are taken away behind the chain's back, so that what is read
/// and what was found differ.
#[test]
fn a_transfer_between_holders_reads_no_claims_until_what_was_found_is_out_of_date() {
    let asks = r#"
        "issue": [{"kind": "issue"}],
        "resale": [{"any": [
            ["NEVER", {"claim": {"side": "receiver", "topic": 77}}],
            ["READY", {"claim": {"side": "receiver", "topic": 20, "max_age": "30d"}}]]}]
    "#;
    let land = r#"
        "always": [{"when": {"guard": {"countries": {"side": "receiver", "mode": "allow", "countries": ["CH"]}},
            "then": {"claim": {"side": "sender", "topic": 20}}}}]
    "#;
    let begin = || {
        let mut world = check(
            r#"
            person alice CH 20@2026-06-01
            person bob   CH 20@2026-06-01
            policy {"rules": [{"claim": {"side": "both", "topic": 20}}]}
        "#,
        );
        register(&mut world, "T-ASKS", asks);
        register(&mut world, "T-LAND", land);
        adopt(&mut world, "T-ASKS", true);
        let profiles = vec!["T-LAND".into()];
        world
            .rules(Call::SetLaw { country: "CH".parse().unwrap(), profiles, report: REPORT })
            .unwrap();
        world.run("issue 50 to alice and 50 to bob      ok");
        world
    };
    let may = |world: &World| {
        let (from, to) = (Some(world.account("alice")), Some(world.account("bob")));
        let (asset, class, units) = (world.asset, Some(types::ClassId(0)), Units(1));
        let operator = wallet(from.unwrap());
        let wish =
            ledger::Wish { asset, class, from, to, units, operator, stated: Default::default() };
        ledger::preview(&world.ctx, wish).unwrap().is_allowed()
    };
    let forget = |world: &mut World| {
        for name in ["alice", "bob"] {
            let person = world.id(name);
            identity::CLAIMS.delete(&mut world.ctx, &person);
        }
        world.ctx.settle();
    };
    type Change = fn(&mut World);
    let changes: [(&str, Change); 8] = [
        ("nothing", |_| {}),
        ("a policy", |world| {
            world.policy(r#"{"rules": [{"claim": {"side": "both", "topic": 20}}]}"#).unwrap()
        }),
        ("a profile amended", |world| {
            register(
                world,
                "T-ASKS",
                r#""issue": [{"kind": "issue"}], "resale": [{"claim": {"side": "receiver", "topic": 20}}]"#,
            );
            adopt(world, "T-ASKS", true);
        }),
        ("the law of the land", |world| {
            let country = "DE".parse().unwrap();
            world
                .rules(Call::SetLaw { country, profiles: vec!["T-LAND".into()], report: REPORT })
                .unwrap();
        }),
        ("a provider's end", |world| {
            let at = Time(world.ctx.now().0 + 1);
            let call = identity::Call::CutOffProvider { provider: KYC, at, keep_earlier: true };
            world.identity(KYC, call).unwrap();
        }),
        ("a claim", |world| world.attest(world.id("bob"), 33, Time::NEVER)),
        ("a residence", |world| {
            world.move_to(world.id("bob"), "DE");
            world.move_to(world.id("bob"), "CH");
        }),
        ("an age", |world| world.at(day("2026-01-31"))),
    ];
    for (change, make) in changes {
        let mut world = begin();
        assert!(may(&world), "{change}: with claims");
        make(&mut world);
        // On the last day of its age a claim is young enough: what was found is good until that is over.
        assert!(may(&world), "{change}: with claims still");
        forget(&mut world);
        assert_eq!(may(&world), change == "nothing" || change == "an age", "{change}: without");
    }
    let mut world = begin();
    world.at(day("2026-02-01"));
    forget(&mut world);
    assert!(!may(&world), "the age is over");
}

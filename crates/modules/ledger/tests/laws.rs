//! The laws of the ledger on random histories. `World` checks LED-1 to LED-12 and COM-1 to COM-5 after
//! every step, see `world/laws.rs`; here is what happens.

pub(crate) mod world;

use compliance::{Entry, Fact};
use identity::{ClaimGiven, topic::UNDER_REVIEW};
use ledger::{Bound, Call, Leg, Price};
use proptest::{collection::vec, option, prelude::*, sample::select};
use types::{AccountId, Address, B256, ClassId, Time, Units};
use world::*;

const DAY: u64 = 86_400_000;
const COUNTRIES: [&str; 3] = ["CH", "US", "DE"];
const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "dan"];

const POLICIES: [&str; 22] = [
    r#"{"rules": []}"#,
    r#"{"rules": [{"count": {"filter": "all", "max": 3}}, {"holding": {"max": "60"}}]}"#,
    r#"{"rules": [{"count": {"filter": {"country": "US"}, "max": 1}}, {"count": {"filter": "all", "min": 2}}]}"#,
    r#"{"rules": [{"count": {"filter": {"without": 20}, "max": 2}}, {"claim": {"side": "receiver", "topic": 20}}]}"#,
    r#"{"rules": [{"count": {"filter": {"with": 21}, "max": 2}}, {"count": {"filter": {"with": 20}, "max": 3}}]}"#,
    r#"{"rules": [{"lot": {"days": 12}}, {"holding": {"min": "5", "max_part": 6000}}]}"#,
    r#"{"rules": [{"any": [
        ["old", {"lot": {"months": 1, "inherit": {"restart_if_from": 21}}}],
        ["fresh", {"all": [{"claim": {"side": "receiver", "topic": 20}}, {"lot": {"days": 1, "inherit": "restart", "free_to": [20]}}]}],
        ["secured", {"all": [{"kind": "pledge"}, {"when": {"guard": {"not": {"kind": "recourse_pledge"}}, "then": {"effect": "restart"}}}]}]
    ]}, {"list": {"side": "both", "mode": "deny", "list": 1}}]}"#,
    r#"{"rules": [{"when": {"guard": {"kind": "transfer"}, "then": {"holding": {"full_only": true}}}},
        {"not": {"claim": {"side": "sender", "topic": 21}}}]}"#,
    r#"{"rules": [
        {"when": {"guard": {"kind": "transfer"}, "then":
            {"amount": {"meter": "sold", "by": "sender", "period": {"rolling": "5d"}, "max": {"number": "60"}}}}},
        {"persons": {"meter": "buyers", "period": {"rolling": "9d"}, "max": {"number": "4"}}}]}"#,
    r#"{"rules": [{"amount": {"meter": "bought", "by": "receiver", "period": {"rolling": "3d"}, "max": {"number": "90"}}},
        {"amount": {"meter": "moved", "of": "movements", "period": {"rolling": "2d"}, "max": {"number": "12"}}}]}"#,
    r#"{"rules": [{"any": [["direct", {"not": {"claim": {"side": "venue", "topic": 81}}}],
        ["venue", {"list": {"side": "venue", "mode": "allow", "list": 1}}]]}]}"#,
    r#"{"rules": [{"count": {"filter": {"country_without": ["US", 20]}, "max": 1}},
        {"count": {"filter": {"country_with": ["DE", 21]}, "scope": "class", "max": 1}},
        {"count": {"filter": "all", "scope": "class", "max": 2}}]}"#,
    r#"{"rules": [{"count": {"filter": "all", "max": 3, "look_through": {"topic": 21, "part": 2000}}},
        {"count": {"filter": {"without": 20}, "scope": "class", "min": 1}},
        {"compare": {"left": "units", "is": "at_most", "right": {"greatest": [{"number": "25"}, {"part": {"part": 6000, "of": "outstanding_of_class"}}]}}},
        {"amount": {"meter": "seen_class", "of": "movements", "scope": "class", "period": {"rolling": "4d"}}},
        {"amount": {"meter": "sold_class", "scope": "class", "by": "sender", "period": {"rolling": "5d"}, "max": {"number": "60"}}}]}"#,
    r#"{"rules": [{"persons": {"meter": "buyers_ever", "scope": "offer", "max": {"number": "2"}}},
        {"amount": {"meter": "placed_ever", "scope": "offer", "max": {"number": "70"}}},
        {"count": {"filter": {"country_with": ["US", 21]}, "max": 1, "min": 1}}]}"#,
    r#"{"rules": [{"count": {"filter": "all", "scope": "issuer", "max": 3}},
        {"count": {"filter": {"country_with": ["US", 20]}, "scope": "issuer", "max": 1}},
        {"count": {"filter": {"without": 21}, "scope": "issuer", "min": 1}}]}"#,
    r#"{"rules": [{"count": {"filter": "all", "scope": "issuer", "max": 4, "look_through": {"topic": 20, "part": 2000}}},
        {"count": {"filter": "all", "max": 3, "look_through": {"topic": 21, "part": 2000}}}]}"#,
    r#"{"rules": [{"effect": {"fee": {"part": 2500, "to": 5}}}, {"effect": {"fee": {"part": 500, "to": 4}}},
        {"count": {"filter": "all", "max": 3}},
        {"when": {"guard": {"kind": "fee"}, "then": {"claim": {"side": "receiver", "topic": 20}}}}]}"#,
    r#"{"rules": [{"compare": {"left": {"held": {"country": "US"}}, "is": "at_most",
            "right": {"part": {"part": 6000, "of": {"held": "all"}}}}},
        {"compare": {"left": {"held": {"with": 20}}, "is": "at_least", "right": {"number": "5"}}},
        {"compare": {"left": {"held": {"country_without": ["US", 21]}}, "is": "below",
            "right": {"part": {"part": 5000, "of": "outstanding"}}}}]}"#,
    r#"{"calendar": "WEST", "rules": [
        {"amount": {"meter": "sold_west", "by": "sender", "period": {"rolling": "4d"}, "max": {"number": "50"}}},
        {"persons": {"meter": "buyers_west", "period": {"rolling": "2d"}, "max": {"number": "2"}}},
        {"when": {"guard": {"kind": "transfer"}, "then": {"lot": {"days": 3}}}},
        {"not": {"recurring": {"weekly": {"days": ["sat", "sun"], "from": "04:00", "until": "20:00"}}}}]}"#,
    r#"{"rules": [{"when": {"guard": {"kind": "transfer"}, "then":
        {"amount": {"meter": "sold_group", "by": {"group": 22}, "period": {"rolling": "6d"}, "max": {"number": "40"}}}}}]}"#,
    r#"{"rules": [{"when": {"guard": {"kind": "transfer"}, "then": {"any": [
        ["PRICED", {"amount": {"meter": "proceeds", "of": {"paid": "USD"}, "by": "sender", "period": {"rolling": "6d"},
            "max": {"number": "300"}}}],
        ["AMONG", {"claim": {"side": "receiver", "topic": 20}}],
        ["OLD", {"lot": {"days": 5}}]]}}}]}"#,
    r#"{"rules": [{"list": {"side": "receiver", "mode": "deny", "list": 1, "subject": "wallet"}},
        {"when": {"guard": {"list": {"side": "sender", "mode": "allow", "list": 1, "subject": "wallet", "about": "network"}},
            "then": {"not": {"list": {"side": "receiver", "mode": "allow", "list": 1, "about": "network"}}}}},
        {"when": {"guard": {"list": {"side": "both", "mode": "deny", "list": 1}}, "then": {"any": [
            ["VENUE", {"list": {"side": "venue", "mode": "allow", "list": 1, "subject": "wallet"}}],
            ["AMONG", {"list": {"side": "sender", "mode": "deny", "list": 1, "subject": "wallet"}}]]}}}]}"#,
];

/// Paths that are elected: of the policies, of the profiles, of none.
const PATHS: [&str; 7] = ["PRICED", "AMONG", "OLD", "YOUNG", "AGED", "HERE", "NONE"];

/// Where it is ten hours earlier than by UTC.
const WEST: &str = r#"{"id": "WEST", "title": "West", "source": "test", "zone": "Pacific/Honolulu", "offsets": [[0, -600]],
    "known_until": "2041-01-01", "weekend": ["sat", "sun"], "business": ["2026-01-01", "2041-01-01"], "holidays": []}"#;

/// Two jurisdictions, one with a choice. What XA restricts is never free; XB sets free, but who controls. A third asks of persons alone, in
/// every way in which that can be asked, on paths of its own and on another's.
const PROFILES: [(&str, &str); 4] = [
    (
        "XA-LOCK",
        r#"{"id": "XA-LOCK", "title": "Locked", "authority": "XA/T", "source": "test", "effective": ["2025-01-01", null],
        "issue": [{"fact": {"fact": "open"}}], "resale": [{"lot": {"days": 10}}]}"#,
    ),
    (
        "XA-ELSE",
        r#"{"id": "XA-ELSE", "title": "Else", "authority": "XA/T", "source": "test", "effective": ["2025-01-01", null],
        "issue": [{"claim": {"side": "receiver", "topic": 21}}], "resale": [{"lot": {"days": 3, "inherit": "restart"}}]}"#,
    ),
    (
        "XB-FREE",
        r#"{"id": "XB-FREE", "title": "Freed", "authority": "XB/T", "source": "test", "effective": ["2025-01-01", null],
        "covers": {"outside": ["US"]}, "issue": [{"not": {"claim": {"side": "receiver", "topic": 21}}}],
        "control": [{"claim": {"side": "sender", "topic": 22}}],
        "resale": [{"any": [["OLD", {"all": [{"lot": {"days": 5}}, {"effect": "free"}]}],
            ["AMONG", {"claim": {"side": "receiver", "topic": 20}}]]}]}"#,
    ),
    (
        "XC-ASKS",
        r#"{"id": "XC-ASKS", "title": "Asks", "authority": "XC/T", "source": "test", "effective": ["2025-01-01", null],
        "calendar": "WEST", "issue": [{"not": {"kind": "redeem"}}],
        "resale": [{"by": {"profile": "XC-PATHS"}},
            {"list": {"side": "receiver", "mode": "deny", "list": 1, "subject": "wallet"}},
            {"list": {"side": "both", "mode": "deny", "list": 1}}],
        "always": [{"when": {"guard": {"claim": {"side": "sender", "topic": 21, "at_least": 1}},
            "then": {"claim": {"side": "receiver", "topic": 20, "providers": [1]}}}}]}"#,
    ),
];

/// What is registered before them, and is the law of a land at times.
const LAWS: [&str; 3] = [
    r#"{"id": "XC-PATHS", "title": "Paths", "authority": "XC/T", "source": "test", "effective": ["2025-01-01", null],
        "resale": [{"any": [
            ["YOUNG", {"claim": {"side": "receiver", "topic": 20, "max_age": "6d"}}],
            ["AGED", {"all": [{"claim": {"side": "sender", "topic": 21, "min_age": "2d"}},
                {"not": {"claim": {"side": "receiver", "topic": 21, "max_age": "3d"}}}]}],
            ["HERE", {"countries": {"side": "receiver", "mode": "deny", "countries": ["US"]}}]]}]}"#,
    r#"{"id": "XL-LAND", "title": "Land", "authority": "XL/T", "source": "test", "effective": ["2025-01-01", null],
        "calendar": "WEST", "always": [
            {"list": {"side": "sender", "mode": "deny", "list": 1, "subject": "wallet", "about": "network"}},
            {"list": {"side": "receiver", "mode": "deny", "list": 1, "about": "network"}},
            {"any": [
            ["READY", {"claim": {"side": "both", "topic": 20, "max_age": "4bd"}}],
            ["ELSE", {"not": {"claim": {"side": "receiver", "topic": 21, "min_age": "1bd"}}}]]}]}"#,
    r#"{"id": "XL-LATER", "title": "Later", "authority": "XL/T", "source": "test", "effective": ["2025-01-01", null],
        "always": [{"when": {"guard": {"countries": {"side": "receiver", "mode": "allow", "countries": ["US", "DE"]}},
            "then": {"not": {"all": [{"claim": {"side": "sender", "topic": 20}},
                {"claim": {"side": "receiver", "topic": 21, "at_most": 0}}]}}}}]}"#,
];

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Issue(Vec<(usize, u128)>, u32),
    Unpaid(Vec<(usize, u128)>, u32),
    Paid(usize, u128),
    Transfer(usize, Vec<(usize, u128)>, Option<u32>),
    Distribute(usize, Vec<(usize, u128)>, u64),
    Choose(usize, usize, Vec<(u16, u128)>),
    /// On terms: a path, what each pays.
    On(usize, Vec<(usize, u128)>, Option<&'static str>, Option<u128>),
    Spend(usize, usize, usize, u128),
    Approve(usize, usize, u128),
    Operator(usize, usize, bool),
    Redeem(usize, u128, bool),
    Hold(usize, usize, Option<usize>, u128, u64, Option<&'static str>, Option<u128>),
    Pledge(usize, usize, u128, u64, bool, Option<&'static str>),
    Convert(u32, u32, u32, u32, u32),
    Exchange(bool, Vec<(usize, u128)>, u32, u32),
    Execute(usize, u64, u128),
    Release(usize, u64),
    Force(Option<usize>, Option<usize>, u128, bool),
    FreezePerson(usize, bool, Option<u64>),
    FreezeUnits(usize, u128, Option<u64>),
    Announce(usize, Option<usize>, u128, u64, Option<u64>),
    Contest(usize, u64),
    ContestFreeze(usize, usize, bool, u64),
    ConfirmFreeze(usize, bool, u64),
    Decide(u64, bool),
    CarryOut(u64),
    FreezeClass(bool),
    Pause(bool),
    Checkpoint,
    Class,
    Authorise(u128),
    Claim(usize, u32, u64, bool),
    CutOff(u64, bool),
    Land(&'static str, Option<usize>),
    Amend(usize),
    Holiday(u64),
    Revoke(usize, u32),
    Residence(usize, &'static str),
    Sanction(usize, bool),
    /// A person, or the wallet of an account, on list 1 of the asset or of the network.
    List(usize, bool, bool, bool),
    Policy(usize),
    /// What is asked of the issuer's other asset: that its holders be counted with those of this one, or nothing.
    PolicyOfOther(usize),
    Adopt(usize, bool),
    Fact(bool),
    Offer(bool),
    Licence(usize, u64),
    Death(usize, bool),
    Lost(usize),
    Settle(usize, bool),
    Merge(usize, usize),
    Later(u64),
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    // Six accounts of four persons, and the issuer's.
    let who = || 0..7usize;
    let units =
        || prop_oneof![16 => 1..20u128, 1 => Just(0u128), 1 => Just(u128::MAX), 4 => 20..80u128];
    // What halts, blocks or freezes is soon taken back, or nothing would happen any more.
    let seldom = || prop::bool::weighted(0.3);
    // Hours.
    let until = || option::of(1..600u64);
    let legs = move || vec((who(), units()), 1..4);
    let elected = || option::weighted(0.3, select(PATHS.to_vec()));
    prop_oneof![
        6 => (legs(), 0..2u32).prop_map(|(legs, class)| Step::Issue(legs, class)),
        2 => (legs(), 0..2u32).prop_map(|(legs, class)| Step::Unpaid(legs, class)),
        2 => (who(), units()).prop_map(|(who, n)| Step::Paid(who, n)),
        12 => (who(), legs(), option::of(0..2u32))
            .prop_map(|(from, legs, class)| Step::Transfer(from, legs, class)),
        4 => (who(), legs(), 1..40u64)
            .prop_map(|(from, legs, days)| Step::Distribute(from, legs, days)),
        6 => (who(), who(), vec((0..4u16, 1..30u128), 1..3))
            .prop_map(|(from, to, lots)| Step::Choose(from, to, lots)),
        8 => (who(), legs(), option::weighted(0.7, select(PATHS.to_vec())), option::of(0..200u128))
            .prop_map(|(from, legs, path, paid)| Step::On(from, legs, path, paid)),
        5 => (who(), who(), who(), units()).prop_map(|(by, from, to, n)| Step::Spend(by, from, to, n)),
        4 => (who(), who(), units()).prop_map(|(from, to, n)| Step::Approve(from, to, n)),
        1 => (who(), who(), any::<bool>()).prop_map(|(from, to, on)| Step::Operator(from, to, on)),
        3 => (who(), units(), any::<bool>()).prop_map(|(from, n, own)| Step::Redeem(from, n, own)),
        4 => (who(), who(), option::of(who()), units(), 0..20u64, elected(), option::of(0..200u128))
            .prop_map(|(from, to, notary, n, days, path, paid)| Step::Hold(from, to, notary, n, days, path, paid)),
        3 => (who(), who(), units(), 0..40u64, any::<bool>(), elected())
            .prop_map(|(from, to, n, days, recourse, path)| Step::Pledge(from, to, n, days, recourse, path)),
        4 => (who(), 1..6u64, units()).prop_map(|(by, hold, n)| Step::Execute(by, hold, n)),
        2 => (who(), 1..6u64).prop_map(|(by, hold)| Step::Release(by, hold)),
        3 => (option::of(who()), option::of(who()), units(), any::<bool>())
            .prop_map(|(from, to, n, complete)| Step::Force(from, to, n, complete)),
        2 => (who(), seldom(), until())
            .prop_map(|(who, on, until)| Step::FreezePerson(who, on, until)),
        2 => (who(), prop_oneof![3 => Just(0u128), 1 => units()], until())
            .prop_map(|(who, n, until)| Step::FreezeUnits(who, n, until)),
        4 => (who(), option::of(who()), units(), 0..200u64, until())
            .prop_map(|(from, to, n, window, until)| Step::Announce(from, to, n, window, until)),
        3 => (who(), 1..6u64).prop_map(|(by, order)| Step::Contest(by, order)),
        3 => (1..6u64, any::<bool>()).prop_map(|(order, stands)| Step::Decide(order, stands)),
        4 => (who(), option::weighted(0.3, who()), any::<bool>(), 0..3u64)
            .prop_map(|(who, by, units, n)| Step::ContestFreeze(by.unwrap_or(who), who, units, n)),
        3 => (who(), any::<bool>(), 0..3u64)
            .prop_map(|(who, units, n)| Step::ConfirmFreeze(who, units, n)),
        4 => (1..6u64).prop_map(Step::CarryOut),
        1 => seldom().prop_map(Step::FreezeClass),
        1 => seldom().prop_map(Step::Pause),
        4 => (any::<bool>(), legs(), 1..4u32, 1..4u32)
            .prop_map(|(back, legs, made, old)| Step::Exchange(back, legs, made, old)),
        4 => (0..2u32, 0..2u32, 1..4u32, 1..4u32, 1..6u32)
            .prop_map(|(class, into, new, old, limit)| Step::Convert(class, into, new, old, limit)),
        2 => Just(Step::Checkpoint),
        1 => Just(Step::Class),
        1 => (200..2_000u128).prop_map(Step::Authorise),
        4 => (who(), prop_oneof![9 => 20..23u32, 1 => Just(UNDER_REVIEW)], 1..20u64, any::<bool>())
            .prop_map(|(who, topic, days, own)| Step::Claim(who, topic, days, own)),
        1 => (1..200u64, any::<bool>()).prop_map(|(hours, keep)| Step::CutOff(hours, keep)),
        1 => (select(COUNTRIES.to_vec()), option::of(1..LAWS.len()))
            .prop_map(|(country, law)| Step::Land(country, law)),
        1 => (0..PROFILES.len()).prop_map(Step::Amend),
        1 => (1..9u64).prop_map(Step::Holiday),
        1 => (who(), prop_oneof![5 => 20..23u32, 1 => Just(UNDER_REVIEW)]).prop_map(|(who, topic)| Step::Revoke(who, topic)),
        1 => (who(), select(COUNTRIES.to_vec())).prop_map(|(who, to)| Step::Residence(who, to)),
        2 => (who(), seldom()).prop_map(|(who, hit)| Step::Sanction(who, hit)),
        3 => (who(), prop::bool::weighted(0.6), any::<bool>(), any::<bool>())
            .prop_map(|(who, on, wallet, network)| Step::List(who, on, wallet, network)),
        3 => (0..POLICIES.len()).prop_map(Step::Policy),
        1 => select(vec![0usize, 14, 15]).prop_map(Step::PolicyOfOther),
        2 => (0..PROFILES.len(), any::<bool>()).prop_map(|(profile, on)| Step::Adopt(profile, on)),
        1 => any::<bool>().prop_map(Step::Fact),
        3 => prop::bool::weighted(0.7).prop_map(Step::Offer),
        1 => (who(), 1..20u64).prop_map(|(who, days)| Step::Licence(who, days)),
        1 => (0..6usize, prop::bool::weighted(0.4)).prop_map(|(who, on)| Step::Death(who, on)),
        2 => (0..6usize).prop_map(Step::Lost),
        4 => (0..6usize, prop::bool::weighted(0.7)).prop_map(|(who, done)| Step::Settle(who, done)),
        1 => (0..6usize, 0..6usize).prop_map(|(one, other)| Step::Merge(one, other)),
        3 => (1..15 * 24u64).prop_map(Step::Later),
    ]
}

fn account(world: &World, index: usize) -> AccountId {
    ["alice", "alice/1", "bob", "bob/1", "carol", "dan", "acme"].map(|name| world.account(name))
        [index]
}

/// Everybody holds something under no rules at first.
pub(crate) fn begin() -> World {
    let mut world = World::new();
    for (name, country) in PEOPLE.into_iter().zip(["CH", "US", "DE", "US"]) {
        world.person(name, country, vec![]);
    }
    for name in ["alice", "bob"] {
        world.open_account(world.id(name));
    }
    world.run(
        r#"
        authorise 1000                                      ok
        policy {"rules": []}
        issue 30 to alice and 30 to bob and 30 to carol     ok
    "#,
    );
    let other = world.create_asset("US5949181045");
    let policy = compliance::Policy { rules: vec![], calendar: None, contract: None };
    world.rules(compliance::Call::SetPolicy { asset: other, policy, report: REPORT }).unwrap();
    world.other = Some(other);
    let calendar = serde_json::from_str(WEST).unwrap();
    world.rules(compliance::Call::RegisterCalendar { calendar }).unwrap();
    for profile in LAWS.into_iter().chain(PROFILES.map(|(_, profile)| profile)) {
        let profile = serde_json::from_str(profile).unwrap();
        world.rules(compliance::Call::RegisterProfile { profile }).unwrap();
    }
    let provider = world.person("other", "CH", vec![]);
    world.identity(KYC, identity::Call::AdmitProvider { provider }).unwrap();
    world
}

/// The ledger's part of a step: who asks for what.
fn call(world: &World, step: &Step) -> Option<(Address, Call)> {
    let asset = world.asset;
    let acme = world.owner(first(ACME));
    let of = |index: usize| account(world, index);
    let key = |index: usize| world.owner(account(world, index));
    let legs = |legs: &[(usize, u128)]| -> Vec<Leg> {
        legs.iter().map(|(to, units)| Leg { to: of(*to), units: Units(*units) }).collect()
    };
    let class = ClassId(0);
    let in_hours = |hours: u64| Time(world.ctx.now().0 + hours * DAY / 24);
    // A few orders of different names.
    let order_until = |until: Option<u64>| {
        let reference = format!("12 Cv {}", until.unwrap_or(0) % 3);
        types::Order { reference, expires: until.map(in_hours), ..order() }
    };
    let bound = |who, units| match units {
        true => Bound::Units(asset, class, of(who)),
        false => Bound::Person(asset, of(who).person),
    };
    Some(match *step {
        Step::Issue(ref to, class) => {
            (acme, Call::Issue { asset, class: ClassId(class), legs: legs(to) })
        }
        Step::Unpaid(ref to, class) => {
            (acme, Call::IssueUnpaid { asset, class: ClassId(class), legs: legs(to) })
        }
        Step::Paid(who, units) => {
            let (account, units) = (of(who), Units(units));
            (acme, Call::ConfirmPayment { asset, class, account, units })
        }
        Step::Transfer(from, ref to, class) => {
            let (class, legs) = (class.map(ClassId), legs(to));
            (key(from), Call::Transfer { asset, class, from: Some(of(from)), legs })
        }
        Step::Distribute(from, ref to, days) => {
            let (legs, expires) = (legs(to), Time(world.ctx.now().0 + days * DAY));
            (key(from), Call::Distribute { asset, class, legs, expires })
        }
        Step::Choose(from, to, ref lots) => {
            let (from, to, by) = (of(from), of(to), key(from));
            let held = ledger::position(&world.ctx, asset, class, from).lots;
            let choose = |(place, units): &(u16, u128)| {
                let anchor = held.get(usize::from(*place)).map_or(Time(0), |lot| lot.anchor);
                ledger::ChosenLot { place: *place, anchor, units: Units(*units) }
            };
            let lots: Vec<_> = lots.iter().map(choose).collect();
            let units = lots.iter().map(|lot| lot.units).sum();
            let legs = vec![ledger::Sale { to, units, lots, paid: Units::ZERO }];
            (by, Call::TransferOn { asset, class, from, path: None, currency: None, legs })
        }
        Step::On(from, ref to, path, paid) => {
            let sale = |leg: Leg| ledger::Sale {
                to: leg.to,
                units: leg.units,
                lots: Vec::new(),
                paid: Units(paid.unwrap_or(0)),
            };
            let legs = legs(to).into_iter().map(sale).collect();
            let currency = paid.map(|_| "USD".parse().unwrap());
            let (by, from, path) = (key(from), of(from), path.map(Into::into));
            (by, Call::TransferOn { asset, class, from, path, currency, legs })
        }
        Step::Spend(by, from, to, units) => {
            let (from, to, units) = (of(from), of(to), Units(units));
            (key(by), Call::TransferFrom { asset, from, to, units })
        }
        Step::Approve(from, spender, units) => {
            (key(from), Call::Approve { asset, spender: key(spender), units: Units(units) })
        }
        Step::Operator(from, operator, allowed) => {
            let (class, operator) = (None, key(operator));
            (key(from), Call::SetOperator { asset, class, operator, allowed })
        }
        Step::Redeem(from, units, is_own) => {
            let by = if is_own { key(from) } else { acme };
            (by, Call::Redeem { asset, class: None, account: of(from), units: Units(units) })
        }
        Step::Hold(from, to, notary, units, days, path, paid) => {
            let (beneficiary, notary) = (of(to), notary.map(|notary| of(notary).person));
            let (units, expires) = (Units(units), Time(world.ctx.now().0 + days * DAY));
            let price =
                paid.map(|paid| Price { currency: "USD".parse().unwrap(), paid: Units(paid) });
            let (account, path) = (None, path.map(Into::into));
            let call = Call::Hold {
                asset,
                class,
                account,
                beneficiary,
                notary,
                units,
                expires,
                path,
                price,
            };
            (key(from), call)
        }
        Step::Pledge(from, to, units, days, recourse, path) => {
            let (beneficiary, notary, units) = (of(to), None, Units(units));
            let expires = Time(world.ctx.now().0 + days * DAY);
            let path = path.map(Into::into);
            let call =
                Call::Pledge { asset, class, beneficiary, notary, units, expires, recourse, path };
            (key(from), call)
        }
        Step::Exchange(is_back, ref holders, made, old) => {
            let other = world.other.expect("there is one");
            let (asset, new) = if is_back { (other, asset) } else { (asset, other) };
            let (into, legs) = (class, legs(holders));
            (acme, Call::Exchange { asset, class, new, into, made, old, legs })
        }
        // What is begun goes on.
        Step::Convert(class, into, new, old, limit) => {
            let under_way = ledger::asset(&world.ctx, asset).unwrap().conversion;
            let call = match under_way {
                Some(it) => {
                    let (class, into, first) = (it.class, it.into, it.next);
                    let (new, old) = (it.ratio.new, it.ratio.old);
                    Call::Convert { asset, class, into, new, old, first, limit }
                }
                None => {
                    let (class, into, first) = (ClassId(class), ClassId(into), 0);
                    Call::Convert { asset, class, into, new, old, first, limit }
                }
            };
            (acme, call)
        }
        Step::Execute(by, hold, units) => {
            (key(by), Call::ExecuteHold { hold, units: Units(units) })
        }
        Step::Release(by, hold) => (key(by), Call::ReleaseHold { hold }),
        Step::Force(from, to, units, is_complete) => {
            let order = if is_complete { order() } else { types::Order::default() };
            let (units, to) = (Units(units), to.map(of));
            let call = match (from.map(of), to) {
                (Some(from), Some(to)) => {
                    Call::ForceTransfer { asset, class, from, to, units, order }
                }
                (Some(from), None) => Call::ForceRedeem { asset, class, from, units, order },
                (None, to) => Call::Reissue { asset, class, to: to.unwrap_or(of(0)), units, order },
            };
            (acme, call)
        }
        Step::FreezePerson(who, frozen, until) => {
            let (person, order) = (of(who).person, order_until(until));
            (acme, Call::FreezePerson { asset, person, frozen, order })
        }
        Step::FreezeUnits(who, units, until) => {
            let (account, units, order) = (of(who), Units(units), order_until(until));
            (acme, Call::FreezeUnits { asset, class, account, units, order })
        }
        Step::Announce(from, to, units, window, until) => {
            let (from, to, units) = (of(from), to.map(of), Units(units));
            let (contest_until, order) = (in_hours(window), order_until(until));
            (acme, Call::AnnounceOrder { asset, class, from, to, units, order, contest_until })
        }
        Step::Contest(by, number) => {
            (key(by), Call::ContestOrder { number, document: B256::repeat_byte(1) })
        }
        Step::ContestFreeze(by, who, units, name) => {
            let (bound, order) = (bound(who, units), order_until(Some(name)).key());
            (key(by), Call::ContestFreeze { bound, order, document: B256::repeat_byte(1) })
        }
        Step::ConfirmFreeze(who, units, name) => {
            let (bound, order) = (bound(who, units), order_until(Some(name)).key());
            (acme, Call::ConfirmFreeze { bound, order, document: B256::repeat_byte(2) })
        }
        Step::Decide(number, stands) => {
            let document = B256::repeat_byte(2);
            (
                acme,
                match stands {
                    true => Call::ConfirmOrder { number, document },
                    false => Call::WithdrawOrder { number, document },
                },
            )
        }
        Step::CarryOut(number) => (acme, Call::CarryOutOrder { number }),
        Step::FreezeClass(frozen) => (acme, Call::FreezeClass { asset, class, frozen }),
        Step::Pause(true) => (acme, Call::Pause { asset }),
        Step::Pause(false) => (acme, Call::Resume { asset }),
        Step::Checkpoint => (acme, Call::Checkpoint { asset }),
        Step::Class => (acme, Call::CreateClass { asset, name: "B".into() }),
        Step::Authorise(units) => (acme, Call::SetAuthorised { asset, authorised: Units(units) }),
        _ => return None,
    })
}

/// Takes a step; false if the ledger refused it.
pub(crate) fn take(world: &mut World, step: &Step) -> bool {
    if let Some((by, call)) = call(world, step) {
        return world.act(by, call).is_ok();
    }
    // What identity refuses, a renewal of nothing or a move to where one lives, is its own story.
    let person = |world: &World, who| account(world, who).person;
    match *step {
        Step::Claim(who, topic, days, own) => {
            let (person, until) = (person(world, who), Time(world.ctx.now().0 + days * DAY + 1));
            // Topic 22 names a group, one of three.
            let value = days % if topic == 22 { 3 } else { 2 };
            // Some rest on a document of an earlier day.
            let dated = if days % 3 == 0 { Time(world.ctx.now().0 - days * DAY) } else { Time(0) };
            let claim = ClaimGiven { value, dated, ..claim(topic, until) };
            let provider = if own { KYC } else { world.id("other") };
            drop(world.identity(provider, identity::Call::Attest { person, claim }));
        }
        Step::CutOff(hours, keep_earlier) => {
            let (provider, at) = (world.id("other"), Time(world.ctx.now().0 + hours * DAY / 24));
            let call = identity::Call::CutOffProvider { provider, at, keep_earlier };
            drop(world.identity(KYC, call));
        }
        Step::Land(country, law) => {
            let (country, ids) = (country.parse().unwrap(), ["", "XL-LAND", "XL-LATER"]);
            let profiles = law.into_iter().map(|law| ids[law].into()).collect();
            drop(world.rules(compliance::Call::SetLaw { country, profiles, report: REPORT }));
        }
        // The next version of a profile reads differently, and says the same.
        Step::Amend(index) => {
            let mut profile: Box<compliance::Profile> =
                serde_json::from_str(PROFILES[index].1).unwrap();
            profile.reading = format!("as of {}", world.ctx.now());
            drop(world.rules(compliance::Call::RegisterProfile { profile }));
        }
        Step::Holiday(days) => {
            let known = compliance::CALENDARS.get(&world.ctx, &"WEST".into()).unwrap();
            let mut calendar = types::Calendar::clone(&known.calendar);
            calendar.holidays.push(world.ctx.now().date().plus_days(days as u32));
            calendar.holidays.sort();
            calendar.holidays.dedup();
            let calendar = Box::new(calendar);
            drop(world.rules(compliance::Call::RegisterCalendar { calendar }));
        }
        Step::Revoke(who, topic) => {
            let person = person(world, who);
            drop(world.identity(KYC, identity::Call::Revoke { person, topic }));
        }
        Step::Residence(who, country) => {
            let (person, residence) = (person(world, who), country.parse().unwrap());
            drop(world.identity(KYC, identity::Call::SetResidence { person, residence }));
        }
        Step::Sanction(who, hit) => {
            let person = person(world, who);
            let call = identity::Call::SetSanctions { person, list_version: 1, hit };
            drop(world.identity(KYC, call));
        }
        Step::List(who, is_on, of_wallet, of_network) => {
            let account = account(world, who);
            let entry = match of_wallet {
                true => Entry::Wallet(identity::wallet_of(&world.ctx, &account).unwrap()),
                false => Entry::Person(account.person),
            };
            let (asset, list) = ((!of_network).then_some(world.asset), 1);
            // Some end by themselves.
            let (from, until) = (world.ctx.now(), Time::NEVER);
            let until = if who % 2 == 0 { until } else { Time(from.0 + 9 * DAY) };
            drop(world.rules(match is_on {
                true => compliance::Call::List { asset, list, entry, from, until },
                false => compliance::Call::Delist { asset, list, entry },
            }));
        }
        Step::Policy(index) => world.policy(POLICIES[index]).unwrap(),
        Step::PolicyOfOther(index) => {
            let policy = serde_json::from_str(POLICIES[index]).unwrap();
            let asset = world.other.expect("there is one");
            world.rules(compliance::Call::SetPolicy { asset, policy, report: REPORT }).unwrap();
        }
        Step::Adopt(index, adopted) => {
            for asset in [Some(world.asset), world.other].into_iter().flatten() {
                let profile = PROFILES[index].0.into();
                drop(world.rules(compliance::Call::Adopt {
                    asset,
                    profile,
                    adopted,
                    report: REPORT,
                }));
            }
        }
        Step::Fact(is_true) => {
            let (asset, fact) = (Some(world.asset), "open".into());
            let (since, until) = (world.ctx.now(), Time::NEVER);
            let value = Fact { value: Units(1), since, until, document: B256::ZERO };
            drop(world.rules(match is_true {
                true => compliance::Call::Attest { asset, fact, value },
                false => compliance::Call::Withdraw { asset, fact },
            }));
        }
        Step::Offer(opens) => {
            let asset = world.asset;
            let call = match opens {
                true => compliance::Call::OpenOffer { asset },
                false => compliance::Call::CloseOffer { asset },
            };
            if world.rules(call).is_ok() {
                let latest = compliance::OFFERS.get(&world.ctx, &asset).unwrap();
                world.offer = opens.then_some(latest.number);
            }
        }
        Step::Licence(who, days) => {
            let (person, until) = (person(world, who), Time(world.ctx.now().0 + days * DAY + 1));
            let claim = ClaimGiven { value: 1, ..claim(81, until) };
            drop(world.identity(KYC, identity::Call::Attest { person, claim }));
        }
        Step::Death(who, died) => {
            let (person, order, now) = (person(world, who), order(), world.ctx.now());
            let call = match died {
                true => identity::Call::RecordDeath { person, died: now, order },
                false => identity::Call::WithdrawDeath { person, order },
            };
            drop(world.identity(KYC, call));
        }
        Step::Lost(who) => drop(world.lose(account(world, who))),
        Step::Settle(who, is_completed) => {
            drop(world.settle(account(world, who), is_completed));
        }
        Step::Merge(one, other) => {
            let (person, into, order) = (person(world, one), person(world, other), order());
            drop(world.identity(KYC, identity::Call::Merge { person, into, order }));
        }
        Step::Later(hours) => world.at(Time(world.ctx.now().0 + hours * DAY / 24)),
        _ => unreachable!("a call of the ledger"),
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    /// LED-1 to LED-13, COM-1 to COM-5 after every step of any history; and a history without what was
    /// refused ends in the same records.
    #[test]
    fn the_laws_hold_after_any_history_and_refusals_leave_no_trace(steps in vec(step(), 1..60)) {
        let mut world = begin();
        let done: Vec<bool> = steps.iter().map(|step| take(&mut world, step)).collect();
        let mut without = begin();
        for (step, _) in steps.iter().zip(done).filter(|(_, done)| *done) {
            prop_assert!(take(&mut without, step), "{:?} passes without those refused", step);
        }
        prop_assert_eq!(world.into_records(), without.into_records());
    }

    /// Two transfers between different people, under rules that ask of each alone, end the same in either order; under any
    /// others they do where both pass in either order.
    #[test]
    fn the_order_of_independent_transfers_does_not_matter(
        steps in vec(step(), 0..30),
        // The fees of the 16th go to persons 4 and 5, who are of the cast: who gets one of them has more to give.
        policy in (0..POLICIES.len()).prop_filter("its fees go to somebody of the other pair", |it| *it != 16),
        units in (1..40u128, 1..40u128),
        is_crossed in any::<bool>(),
        merged in option::of((0..2usize, any::<bool>())),
    ) {
        // Those of the policies that ask of each party alone, so that what others do meanwhile changes nothing. Of the rest:
        // * 1 to 4, 11 to 16 count the holders, of all of whom there is one number; whoever comes first takes the last place, and
        //   whoever goes first may;
        // * 8, 13 and 18 count buyers, 9 movements, 13 what is placed, in one meter of all;
        // * 17 asks what holders of a country have together;
        // * 19 counts together what a group sells, and anybody may be in anybody's.
        const OF_EACH_ALONE: [usize; 7] = [0, 5, 6, 7, 10, 20, 21];
        let pairs = match is_crossed {
            false => [("alice", "bob", units.0), ("carol", "dan", units.1)],
            true => [("bob", "carol", units.0), ("dan", "alice", units.1)],
        };
        let run = |order: [usize; 2]| {
            let mut world = begin();
            for step in &steps {
                take(&mut world, step);
            }
            // Of one pair the two turn out to be one human, or one of it and who takes no part.
            if let Some((pair, is_of_other)) = merged {
                let (from, to, _) = pairs[pair];
                let into = if is_of_other { world.person("erin", "DE", vec![]) } else { world.id(to) };
                let person = world.id(from);
                let call = identity::Call::Merge { person, into, order: world::order() };
                drop(world.identity(KYC, call));
            }
            world.policy(POLICIES[policy]).unwrap();
            let humans = pairs.map(|(from, to, _)| {
                [from, to].map(|name| identity::counted_as(&world.ctx, world.id(name)))
            });
            let mut done = [false; 2];
            for index in order {
                let (from, to, units) = pairs[index];
                let (from, to) = (world.account(from), world.account(to));
                done[index] = world.transfer(from, to, units).is_ok();
            }
            (humans, done, (world.positions(), world.counts()))
        };
        let (humans, done, ends) = run([0, 1]);
        // Who are one human are not different people.
        prop_assume!(humans[0].iter().all(|human| !humans[1].contains(human)));
        let (_, done_in_turn, ends_in_turn) = run([1, 0]);
        if OF_EACH_ALONE.contains(&policy) {
            prop_assert_eq!(done, done_in_turn);
        }
        if done == done_in_turn {
            prop_assert_eq!(ends, ends_in_turn);
        }
    }

    /// A batch is judged on its net: what can be done leg by leg can be done at once, and ends the same; and
    /// how a sum is cut into legs to one receiver says nothing.
    #[test]
    fn a_batch_is_its_net_effect(
        steps in vec(step(), 0..30),
        from in 0..7usize,
        legs in vec((0..7usize, 1..20u128), 1..5),
    ) {
        let run = |batches: Vec<Vec<(usize, u128)>>| {
            let mut world = begin();
            for step in &steps {
                take(&mut world, step);
            }
            let from = account(&world, from);
            let mut is_done = true;
            for batch in batches {
                let legs: Vec<_> =
                    batch.into_iter().map(|(to, units)| (account(&world, to), units)).collect();
                is_done &= world.transfer_all(None, from, &legs).is_ok();
            }
            (is_done, world.positions(), world.counts())
        };
        // What goes back to where it came from is there to be sent again; and each receiver comes once, as
        // legs to one are one leg.
        let mut seen = vec![from];
        let is_new = |(to, _): &(usize, u128)| {
            let is_new = !seen.contains(to);
            seen.push(*to);
            is_new
        };
        let legs: Vec<_> = legs.into_iter().filter(is_new).collect();
        prop_assume!(!legs.is_empty());
        let whole = run(vec![legs.clone()]);
        let one_by_one = run(legs.iter().map(|leg| vec![*leg]).collect());
        if one_by_one.0 {
            prop_assert_eq!(&whole, &one_by_one);
        }
        let halves = |(to, units): (usize, u128)| [(to, units / 2), (to, units - units / 2)];
        let cut = legs.into_iter().flat_map(halves).collect();
        prop_assert_eq!(whole, run(vec![cut]));
    }
}

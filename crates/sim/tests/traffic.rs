//! The traffic is worth checking: it does everything there is to do, and is refused for many reasons.

use sim::alone;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the modules announce, and movements by cause.
const EVENTS: [&str; 105] = [
    "account_opened",
    "app_published",
    "app_standing",
    "approached",
    "approved",
    "asset_created",
    "attestation_demanded",
    "attestation_withdrawn",
    "authorised_changed",
    "book_moved",
    "calendar_registered",
    "care_changed",
    "checkpoint_taken",
    "claim_attested",
    "claim_revoked",
    "class_created",
    "class_frozen",
    "closed",
    "code_attested",
    "conversion_begun",
    "conversion_completed",
    "converted",
    "death_recorded",
    "death_withdrawn",
    "delegated",
    "delegation_revoked",
    "delegation_used",
    "delegations_frozen",
    "delisted",
    "document_published",
    "duty_met",
    "duty_near",
    "duty_raised",
    "exchanged",
    "fact_attested",
    "fact_withdrawn",
    "freeze_confirmed",
    "freeze_contested",
    "fuel_credited",
    "granted",
    "held",
    "hold_converted",
    "hold_executed",
    "hold_released",
    "issued_unpaid",
    "law_set",
    "listed",
    "moved",
    "moved: exchange",
    "moved: forced",
    "moved: forced_redeem",
    "moved: hold",
    "moved: issue",
    "moved: pledge",
    "moved: recourse_pledge",
    "moved: redeem",
    "moved: transfer",
    "movement_approved",
    "offer_closed",
    "offer_opened",
    "operator_set",
    "order_announced",
    "order_carried_out",
    "order_confirmed",
    "order_contested",
    "order_withdrawn",
    "paused",
    "payment_confirmed",
    "person_frozen",
    "person_registered",
    "person_reinstated",
    "person_suspended",
    "persons_merged",
    "pledged",
    "policy_set",
    "priced",
    "profile_adopted",
    "profile_dropped",
    "profile_registered",
    "proposal_done",
    "proposal_withdrawn",
    "proposed",
    "provider_admitted",
    "provider_cut_off",
    "provider_standing",
    "quorum_removed",
    "quorum_set",
    "recovered",
    "recovery_cancelled",
    "recovery_started",
    "residence_changed",
    "resumed",
    "revoked",
    "role_set",
    "sanctions_cleared",
    "sanctions_hit",
    "schedule_set",
    "sponsored",
    "sponsorship_accepted",
    "sponsorship_ended",
    "suspension_confirmed",
    "suspension_contested",
    "units_frozen",
    "used",
    "venue_rules_set",
];

/// How often what orders come to happens at least, in 160 histories: they are announced, contested, decided both ways and
/// carried out, and so are freezes and suspensions. A third of what was counted when this was written, or less.
const OF_ORDERS: [(&str, u64); 9] = [
    ("order_announced", 130),
    ("order_contested", 50),
    ("order_confirmed", 30),
    ("order_withdrawn", 45),
    ("order_carried_out", 45),
    ("freeze_contested", 90),
    ("freeze_confirmed", 65),
    ("suspension_contested", 55),
    ("suspension_confirmed", 55),
];

/// The same of what is sold at a price, owed, done and near.
const OF_LAW_EVENTS: [(&str, u64); 4] =
    [("priced", 150), ("duty_raised", 20), ("duty_met", 15), ("duty_near", 1)];

/// Every kind of rule, read a second time by the checker. The least of them, `recurring yearly`, was 13 times when this
/// was written.
const RULES: [&str; 25] = [
    "all",
    "amount",
    "any",
    "approvals",
    "approvals by steps",
    "because",
    "by",
    "claim",
    "compare",
    "count",
    "counted",
    "countries",
    "effect",
    "fact",
    "holding",
    "kind",
    "list",
    "lot",
    "not",
    "pair",
    "persons",
    "recurring weekly",
    "recurring yearly",
    "when",
    "window",
];

/// Every form of amounts, periods and effects that the simulation draws, and that a path was elected: all but fees. The
/// least of them, `if`, 7 times when this was written.
const FORMS: [&str; 26] = [
    "claim",
    "duty",
    "elected path",
    "ever",
    "fact",
    "fixed",
    "free",
    "greatest",
    "held",
    "holders",
    "holders_of_class",
    "if",
    "least",
    "lookback",
    "month",
    "number",
    "outstanding",
    "paid",
    "paid_in",
    "part",
    "restart",
    "rolling",
    "since",
    "sum",
    "units",
    "year",
];

/// Orders that expired are refused so: announced ones when they would be carried out, and new ones.
const EXPIRED: u16 = 4038;

/// The simulation's own profiles by which something passes, and a real one.
const PROFILES: [&str; 7] =
    ["SIM-BOARD", "SIM-HOURS", "SIM-LOCK", "SIM-OFFER", "SIM-PRICE", "SIM-PRIVATE", "US-506C"];

/// What is refused first by jurisdictions and venues, by the number of the reason: a country, a cap on persons, a lock,
/// no path, a fact missing, a cap on amounts, no offer. What stands in the way on a path comes after that there is none.
const OF_LAW: [u16; 7] = [9012, 9014, 9019, 9021, 9032, 9036, 9041];

/// An amount out of bounds, where no path is open beside it: of what holders have together alone.
const HELD: u16 = 9033;

/// What comes to somebody under review is refused so.
const UNDER_REVIEW: u16 = 9062;

#[test]
fn traffic_does_everything_there_is_to_do() {
    let mut events: BTreeMap<String, u64> = BTreeMap::new();
    let mut refusals: BTreeMap<u16, u64> = BTreeMap::new();
    let mut relied: BTreeMap<String, u64> = BTreeMap::new();
    let (mut judged, mut unjudged, mut left_out, mut meters) = (0, 0, 0, 0);
    let mut rules: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut forms: BTreeMap<&str, u64> = BTreeMap::new();
    let mut unread: BTreeSet<String> = BTreeSet::new();
    let mut twins = (0, 0);
    let mut previews = (0, 0);
    for seed in 500..660 {
        let report = alone::run(seed, 40).expect("a clean seed");
        for (event, count) in report.events {
            *events.entry(event).or_default() += count;
        }
        for (code, count) in report.refusals {
            *refusals.entry(code).or_default() += count;
        }
        for (profile, count) in report.reach.relied {
            *relied.entry(profile).or_default() += count;
        }
        for (kind, (passed, failed)) in report.reach.rules {
            let known = rules.entry(kind).or_default();
            *known = (known.0 + passed, known.1 + failed);
        }
        for (form, count) in report.reach.forms {
            *forms.entry(form).or_default() += count;
        }
        unread.extend(report.reach.unread.into_iter().filter(|id| id.starts_with("SIM-")));
        judged += report.reach.judged;
        unjudged += report.reach.unjudged;
        meters += report.reach.meters;
        previews = (previews.0 + report.reach.previews.0, previews.1 + report.reach.previews.1);
        twins = (twins.0 + report.twins.0, twins.1 + report.twins.1);
        left_out += report.left_out;
    }
    let missing: Vec<_> = EVENTS.iter().filter(|event| !events.contains_key(**event)).collect();
    assert!(missing.is_empty(), "never announced: {missing:?}\nannounced: {events:?}");
    let seldom = |(event, least): &&(&str, u64)| events[*event] < *least;
    let seldom: Vec<_> = OF_ORDERS.iter().chain(&OF_LAW_EVENTS).filter(seldom).collect();
    assert!(seldom.is_empty(), "too seldom: {seldom:?}\nannounced: {events:?}");
    let missing: Vec<_> = RULES.iter().filter(|kind| !rules.contains_key(**kind)).collect();
    assert!(missing.is_empty(), "never read: {missing:?}\nread: {rules:?}");
    let missing: Vec<_> = FORMS.iter().filter(|form| !forms.contains_key(**form)).collect();
    assert!(missing.is_empty(), "never read: {missing:?}\nread: {forms:?}");
    // 99 and 101 times when this was written.
    let stepped = rules["approvals by steps"];
    assert!(stepped.0 > 30 && forms["elected path"] > 30, "{rules:?}\n{forms:?}");
    assert!(
        refusals.contains_key(&HELD),
        "what is held together never stood in the way: {refusals:?}"
    );
    assert!(refusals.contains_key(&EXPIRED), "no order expired: {refusals:?}");
    assert!(refusals.len() > 60, "only {} kinds of refusals: {refusals:?}", refusals.len());
    assert!(judged > 1_000 && unjudged * 20 < judged, "{judged} judged, {unjudged} not");
    assert!(left_out > 500, "only {left_out} transactions that no block may carry");

    let missing: Vec<_> = PROFILES.iter().filter(|id| !relied.contains_key(**id)).collect();
    assert!(missing.is_empty(), "nothing passed by {missing:?}: {relied:?}");
    let missing: Vec<_> = OF_LAW.iter().filter(|code| !refusals.contains_key(code)).collect();
    assert!(missing.is_empty(), "never refused for {missing:?}: {refusals:?}");
    let by_law: u64 = OF_LAW.iter().filter_map(|code| refusals.get(code)).sum();
    let passed: u64 = relied.values().sum();
    // Neither is the rest: what law is asked about passes in a tenth of the cases at least, and is refused in one.
    let all = by_law + passed;
    assert!(
        passed * 10 > all && by_law * 10 > all,
        "{passed} passed, {by_law} were refused by law"
    );
    assert!(refusals.contains_key(&UNDER_REVIEW), "nobody under review: {refusals:?}");
    assert!(previews.0 > 50 && previews.1 > 50, "previews that were kept: {previews:?}");
    assert!(twins.0 > 20 && twins.1 > 20, "twins that came to the same: {twins:?}");
    assert!(meters > 100, "only {meters} meters");
    // Where a law is used before any state with it was seen, what it adds up stays unknown; of most it is known.
    assert!(unread.len() < 5, "not read to the end: {unread:?}");
}

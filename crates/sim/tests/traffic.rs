//! The traffic is worth checking: it does everything there is to do, and is refused for many reasons.

use sim::alone;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the modules announce.
const EVENTS: [&str; 70] = [
    "account_opened",
    "app_published",
    "app_standing",
    "approved",
    "asset_created",
    "attestation_demanded",
    "attestation_withdrawn",
    "authorised_changed",
    "book_moved",
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
    "delegated",
    "delegation_revoked",
    "delegation_used",
    "delegations_frozen",
    "delisted",
    "document_published",
    "fuel_credited",
    "granted",
    "held",
    "hold_converted",
    "hold_executed",
    "hold_released",
    "issued_unpaid",
    "listed",
    "moved",
    "operator_set",
    "order_announced",
    "order_carried_out",
    "paused",
    "person_frozen",
    "person_registered",
    "person_reinstated",
    "person_suspended",
    "persons_merged",
    "pledged",
    "policy_set",
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
    "units_frozen",
    "used",
];

#[test]
fn traffic_does_everything_there_is_to_do() {
    let mut events: BTreeMap<String, u64> = BTreeMap::new();
    let mut refusals = BTreeSet::new();
    let (mut judged, mut unjudged, mut left_out) = (0, 0, 0);
    for seed in 500..650 {
        let report = alone::run(seed, 40).expect("a clean seed");
        for (event, count) in report.events {
            *events.entry(event).or_default() += count;
        }
        refusals.extend(report.refusals.into_keys());
        judged += report.judged;
        unjudged += report.unjudged;
        left_out += report.left_out;
    }
    let missing: Vec<_> = EVENTS.iter().filter(|event| !events.contains_key(**event)).collect();
    assert!(missing.is_empty(), "never announced: {missing:?}\nannounced: {events:?}");
    assert!(refusals.len() > 60, "only {} kinds of refusals: {refusals:?}", refusals.len());
    assert!(judged > 1_000 && unjudged * 20 < judged, "{judged} judged, {unjudged} not");
    assert!(left_out > 500, "only {left_out} transactions that no block may carry");
}

//! Venues: who is licensed to run one moves units for others, by rules of its own.

use crate::{
    Cost, Counting, Event, Refusal, Rule, VENUES, VenueRecord, calendar::check_known, check,
};
use borsh::{BorshDeserialize, BorshSerialize};
use identity::{CLAIMS, Claims, topic};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use state::Context;
use std::sync::Arc;
use types::{B256, Module, Name, PersonId, Time, encode, ensure, sha256};

/// What a venue asks of everything that moves through it.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct VenueRules {
    /// The rules, all of which must pass.
    pub rules: Vec<Rule>,
    /// The calendar by which its days are counted; those of UTC without one.
    #[serde(default)]
    pub calendar: Option<Name>,
}

/// What the names begin with by which the meters of venues go.
pub(crate) const VENUE_METERS: &str = "VENUE-";
/// The longest rules of a venue, encoded.
const MAX_BYTES: usize = 16 << 10;

/// True if a licence to run a trading venue counts at a time.
pub(crate) fn is_venue(ctx: &Context<'_>, claims: Option<&Claims>, now: Time) -> bool {
    claims.is_some_and(|claims| {
        claims.counting_at(ctx, now, topic::LICENCE, &[]).any(|claim| claim.value == topic::VENUE)
    })
}

/// Puts the rules of a venue into force. They judge what moves through it, on top of all that the law and
/// the issuer ask: they name no list, count no class of holders and owe nothing, which is the issuer's.
pub(crate) fn set_rules(
    ctx: &mut Context<'_>,
    venue: PersonId,
    asked: VenueRules,
    report: B256,
) -> Result<(), Refusal> {
    let VenueRules { rules, calendar } = &asked;
    let is_licensed = is_venue(ctx, CLAIMS.read(ctx, &venue), ctx.now());
    ensure(is_licensed, Refusal::NotVenue)?;
    check_known(ctx, calendar)?;
    check::rules(rules, "rules", calendar.is_some(), &mut Cost::default())?;
    let mut is_its_own = Counting::of(rules).is_plain();
    check::each(rules, &mut |rule| {
        is_its_own &= !matches!(
            rule,
            Rule::List { .. } | Rule::Approvals(_) | Rule::Counted { .. } | Rule::Effect(_)
        );
    });
    let why = "a venue has no lists, approvals, registers, effects, nor counts of holders by claim, class or issuer";
    ensure(is_its_own, check::bad("rules", why))?;
    let encoded = encode(&asked);
    ensure(encoded.len() <= MAX_BYTES, check::bad("rules", "16,384 bytes at most"))?;
    let before = VENUES.read(ctx, &venue);
    ensure(before.is_none_or(|before| *before.asked != asked), Refusal::NothingChanges)?;
    // What was ever added up under a name counts on under the next rules that use it.
    let meters = before.map(|before| before.meters.clone()).unwrap_or_default();
    let meters = check::meters_used(meters, rules, calendar)?;
    let version = before.map_or(1, |before| before.version + 1);
    let name = format!("{VENUE_METERS}{}", venue.0).into();
    let record = VenueRecord { version, since: ctx.now(), name, asked: Arc::new(asked), meters };
    VENUES.put(ctx, &venue, record);
    let rules = sha256(&[&encoded]);
    ctx.emit(Module::Compliance, &Event::VenueRulesSet { venue, version, rules, report });
    Ok(())
}

//! Standings: what was found of a holder once, so that a transfer need not read its claims again.
//!
//! The plain conditions of a policy, each about one person alone whatever moves, are looked at when a
//! person becomes a holder, and again when its units move after that was no longer good. What was found is
//! good for one version of the policy, until the first of the person's claims, list entries or providers
//! ends, and as long as neither its claims nor its residence change and no provider is given an end. Where
//! it is not good, or says no, the rules are read. COM-7.

use crate::{COUNTED, LISTS, POLICIES, Rule, Side, check, judge::stands};
use borsh::{BorshDeserialize, BorshSerialize};
use identity::{CLAIMS, PROVIDERS};
use serde::{Deserialize, Serialize};
use state::Context;
use types::{AssetId, PersonId, Span, Time};

/// What the plain conditions of a policy say of a person.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct Standing {
    /// As of which claims, policy and providers.
    pub epoch: Epoch,
    /// Until when, exclusive.
    pub until: Time,
    /// True if it may give, as far as they say.
    pub gives: bool,
    /// True if it may get, as far as they say.
    pub gets: bool,
}

/// What a standing rests on, counted: it is good only while all of these are as they were.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct Epoch {
    /// The version of the asset's policy; 0 for none.
    pub policy: u32,
    /// How often a provider was given an end.
    pub cut_offs: u32,
    /// How often the person's claims or residence changed.
    pub person: u32,
}

impl Epoch {
    pub(crate) fn of(ctx: &Context<'_>, asset: AssetId, person: PersonId) -> Self {
        let policy = POLICIES.read(ctx, &asset).map_or(0, |record| record.version);
        let person = identity::person(ctx, person).map_or(0, |record| record.epoch);
        Self { policy, cut_offs: identity::cut_offs(ctx), person }
    }
}

impl Standing {
    /// What is so now. Of a human with several numbers nothing is kept: each may do other things.
    pub fn now(ctx: &Context<'_>, asset: AssetId, person: PersonId) -> Self {
        if is_merged(ctx, person) {
            return Self::default();
        }
        Self {
            epoch: Epoch::of(ctx, asset, person),
            until: ends(ctx, asset, person),
            gives: stands(ctx, asset, person, Side::Sender),
            gets: stands(ctx, asset, person, Side::Receiver),
        }
    }

    /// True if it says that the plain conditions on this side pass, and that is good then.
    pub(crate) fn passes(&self, epoch: Epoch, now: Time, side: Side) -> bool {
        let says = match side {
            Side::Sender => self.gives,
            Side::Receiver => self.gets,
            Side::Both | Side::Venue => false,
        };
        says && self.is_good(epoch, now)
    }

    pub(crate) fn is_good(&self, epoch: Epoch, now: Time) -> bool {
        self.epoch == epoch && now < self.until
    }
}

fn is_merged(ctx: &Context<'_>, person: PersonId) -> bool {
    identity::person(ctx, person).is_some_and(|person| person.counted_as.is_some())
}

/// Looks at a holder anew, after what its standing rests on has changed.
pub(crate) fn look_anew(ctx: &mut Context<'_>, asset: AssetId, person: PersonId) {
    if let Some(mut counted) = COUNTED.get(ctx, &(asset, person)) {
        counted.standing = Standing::now(ctx, asset, person);
        COUNTED.put(ctx, &(asset, person), counted);
    }
}

/// Whom a condition is about, if it is about one person alone, or each of both, and only an event or a known
/// time can change it.
pub(crate) fn plain_side(rule: &Rule) -> Option<Side> {
    let side = match rule {
        Rule::Claim { side, min_age, max_age, .. } => {
            Some(*side).filter(|_| *min_age == Span::ZERO && max_age.is_none())
        }
        Rule::Countries { side, .. } | Rule::List { side, .. } => Some(*side),
        Rule::Because { rule, .. } => plain_side(rule),
        _ => None,
    };
    side.filter(|side| *side != Side::Venue)
}

/// When the first thing ends, or begins, that a standing rests on.
fn ends(ctx: &Context<'_>, asset: AssetId, person: PersonId) -> Time {
    let mut times = vec![Time::NEVER];
    for claim in CLAIMS.read(ctx, &person).into_iter().flat_map(|claims| &claims.0) {
        let provider = PROVIDERS.read(ctx, &claim.provider);
        times.extend([claim.issued, claim.expires]);
        times.extend(provider.and_then(|provider| provider.cut_off).map(|cut_off| cut_off.at));
    }
    let record = POLICIES.read(ctx, &asset);
    let rules = record.map_or(&[][..], |record| &record.policy.rules);
    check::each(rules, &mut |rule| {
        if let Rule::List { list, .. } = rule {
            let entry = LISTS.read(ctx, &(asset, *list, person));
            times.extend(entry.into_iter().flat_map(|entry| [entry.from, entry.until]));
        }
    });
    let now = ctx.now();
    times.into_iter().filter(|time| *time > now).min().unwrap_or(Time::NEVER)
}

//! Claims: what a provider says about a person, from when to when.

use crate::{PROVIDERS, Provider, topic};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::Context;
use std::collections::BTreeSet;
use types::{B256, PersonId, Time};

/// Claims a person may have: reading them all stays one small record.
pub const MAX_CLAIMS: usize = 48;

/// Room beyond these that is kept for what due diligence finds, so that no number of other claims keeps a provider from
/// saying that a person's identity, sanctions or risk are looked into.
pub const RESERVED_CLAIMS: usize = 16;

/// What a provider attests.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct ClaimGiven {
    /// What it is about.
    pub topic: u32,
    /// A small public value; 0 where the topic alone says it all.
    #[serde(default)]
    pub value: u64,
    /// The date of the document that it rests on; zero for one made as it is attested, 1 for the first of 1970 or before.
    #[serde(default)]
    pub dated: Time,
    /// From when on it no longer counts.
    pub expires: Time,
    /// Salted hash of the evidence.
    #[serde(default)]
    pub evidence: B256,
}

/// A claim as it stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Claim {
    /// What it is about.
    pub topic: u32,
    /// Its value.
    pub value: u64,
    /// Who says so.
    pub provider: PersonId,
    /// Since when: it was attested then. From then on it counts, its provider answers for it, and whoever it binds to
    /// reflect has time to: no date in a document shortens that.
    pub issued: Time,
    /// The date of the document that it rests on, no later than `issued`: how old the claim may be counts from then. 17
    /// CFR 230.506(c)(2)(ii)(C) "dated within the prior three months".
    pub dated: Time,
    /// From when on it no longer counts.
    pub expires: Time,
    /// Salted hash of the evidence.
    pub evidence: B256,
    /// When it was revoked, for ever; a later claim is another one.
    pub revoked: Option<Time>,
    /// Grows with every claim of this provider about this topic and person.
    pub nonce: u32,
    /// True while its person is on record as dead, if it is about what only the living are.
    pub stayed: bool,
}

/// All that is said about one person: the newest claim of each provider on each topic. When there is no
/// more room, what is over gives way to what is new.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Claims(pub Vec<Claim>);

impl Claims {
    pub(crate) fn newest(&self, topic: u32, provider: PersonId) -> Option<&Claim> {
        self.0.iter().find(|claim| claim.topic == topic && claim.provider == provider)
    }

    pub(crate) fn newest_mut(&mut self, topic: u32, provider: PersonId) -> Option<&mut Claim> {
        self.0.iter_mut().find(|claim| claim.topic == topic && claim.provider == provider)
    }

    /// True if there is room for one more about this.
    pub(crate) fn has_room_for(&self, about: u32) -> bool {
        let ordinary = self.0.iter().filter(|claim| !topic::is_due_diligence(claim.topic)).count();
        match topic::is_due_diligence(about) {
            true => self.0.len() < MAX_CLAIMS + RESERVED_CLAIMS,
            false => ordinary < MAX_CLAIMS && self.0.len() < MAX_CLAIMS + RESERVED_CLAIMS,
        }
    }

    /// The place of a claim that will never count again: revoked, expired, or dropped with its provider.
    pub(crate) fn over_at(&self, ctx: &Context<'_>, now: Time) -> Option<usize> {
        let is_dropped = |claim: &Claim| {
            PROVIDERS.read(ctx, &claim.provider).is_none_or(|p| !p.stands_for(claim, now))
        };
        let is_over =
            |claim: &Claim| claim.revoked.is_some() || claim.expires <= now || is_dropped(claim);
        self.0.iter().position(is_over)
    }

    /// The claims on this topic that count at a time, from one of these providers, or from any if none
    /// are named. I-32.
    pub fn counting_at<'c>(
        &'c self,
        ctx: &'c Context<'_>,
        now: Time,
        topic: u32,
        providers: &'c [PersonId],
    ) -> impl Iterator<Item = &'c Claim> {
        self.about(topic, providers).filter(move |claim| claim.counts_at(ctx, now))
    }

    /// The claims on this topic from one of these providers, or from any if none are named, whether they count or not.
    pub fn about<'c>(
        &'c self,
        topic: u32,
        providers: &'c [PersonId],
    ) -> impl Iterator<Item = &'c Claim> {
        self.0
            .iter()
            .filter(move |claim| claim.topic == topic)
            .filter(|claim| providers.is_empty() || providers.contains(&claim.provider))
    }

    /// Every topic on which a claim counts at a time.
    pub fn topics_at(&self, ctx: &Context<'_>, now: Time) -> BTreeSet<u32> {
        self.0.iter().filter(|claim| claim.counts_at(ctx, now)).map(|claim| claim.topic).collect()
    }

    /// Of the claims that count, the one that lasts longest.
    pub fn current_at<'c>(
        &'c self,
        ctx: &'c Context<'_>,
        now: Time,
        topic: u32,
        providers: &'c [PersonId],
    ) -> Option<&'c Claim> {
        self.counting_at(ctx, now, topic, providers).max_by_key(|claim| claim.expires)
    }
}

impl Claim {
    /// True between its issue and its expiry, unrevoked and not stayed, while its provider stands for it. I-32.
    pub fn counts_at(&self, ctx: &Context<'_>, now: Time) -> bool {
        !self.stayed && self.counted_at(ctx, now, now)
    }

    /// True if it counted at a death: between its issue and its expiry then, unrevoked still, and its provider stands
    /// for it still.
    pub fn counted_at(&self, ctx: &Context<'_>, death: Time, now: Time) -> bool {
        self.revoked.is_none()
            && self.issued <= death
            && death < self.expires
            && PROVIDERS.read(ctx, &self.provider).is_some_and(|p| p.stands_for(self, now))
    }

    /// Since when it counts no longer: it expired, was revoked, or its provider stands for it no longer. None while none of
    /// these has come.
    pub fn ended(&self, ctx: &Context<'_>, now: Time) -> Option<Time> {
        let provider = PROVIDERS.read(ctx, &self.provider);
        let left = provider.filter(|p| !p.stands_for(self, now)).and_then(|p| p.cut_off);
        let ends = [Some(self.expires), self.revoked, left.map(|cut_off| cut_off.at)];
        ends.into_iter().flatten().min().filter(|end| *end <= now)
    }
}

impl Provider {
    /// True if the provider still answers for a claim of its own.
    pub fn stands_for(&self, claim: &Claim, now: Time) -> bool {
        match self.cut_off {
            Some(cut_off) if now >= cut_off.at => cut_off.keep_earlier && claim.issued < cut_off.at,
            _ => true,
        }
    }
}

//! Official orders: what names one, how several bind one party side by side, and what whom they bind has to say.

use crate::{Address, B256, Time, ensure, sha256};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// An official order: who gave it, how they refer to it, the hash of the document that says so, and when it
/// expires.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The court, supervisor or agent that gave it.
    pub authority: String,
    /// Its reference there.
    pub reference: String,
    /// SHA-256 of the document.
    pub document: B256,
    /// From when on it no longer stands: what it stops goes on by itself, and nothing is carried out under it.
    /// None: until it is lifted by another.
    #[serde(default)]
    pub expires: Option<Time>,
}

impl Order {
    /// True if authority, reference and document are all named, and are short enough to keep.
    pub fn is_complete(&self) -> bool {
        let named = |text: &str| !text.trim().is_empty() && text.len() <= 256;
        named(&self.authority) && named(&self.reference) && !self.document.is_zero()
    }

    /// From when on it no longer stands.
    pub fn ends(&self) -> Time {
        self.expires.unwrap_or(Time::NEVER)
    }

    /// True before it expires.
    pub fn stands(&self, now: Time) -> bool {
        now < self.ends()
    }

    /// Refuses one that is incomplete, or has expired, in the caller's own words.
    pub fn check<E>(&self, now: Time, incomplete: E, expired: fn(Time) -> E) -> Result<(), E> {
        ensure(self.is_complete(), incomplete)?;
        ensure(self.stands(now), expired(self.ends()))
    }

    /// True if both are one order: of one authority, under one reference. Its document may be another, as that
    /// which lifts it is; so may its end.
    pub fn is_same(&self, other: &Order) -> bool {
        (&self.authority, &self.reference) == (&other.authority, &other.reference)
    }

    /// Gas of making a key: as Ethereum prices SHA-256, of the longest names.
    pub const KEY_GAS: u64 = 300;

    /// What names it in 32 bytes: SHA-256 of its authority's length (8 bytes, big endian), its authority and its
    /// reference.
    pub fn key(&self) -> B256 {
        let length = (self.authority.len() as u64).to_be_bytes();
        sha256(&[&length, self.authority.as_bytes(), self.reference.as_bytes()])
    }
}

/// What an order is called.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct OrderName {
    /// Who gave it.
    pub authority: String,
    /// Its reference there.
    pub reference: String,
}

impl From<&Order> for OrderName {
    fn from(Order { authority, reference, .. }: &Order) -> Self {
        Self { authority: authority.clone(), reference: reference.clone() }
    }
}

/// How whom an order binds contests it, and what was decided: SHA-256 of the documents that say so.
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
pub struct Contest {
    /// Why it is contested; none if it is not.
    pub document: Option<B256>,
    /// The wallet that contests it; zero if none does.
    pub by: Address,
    /// What decided that it stands, or why it was taken back.
    pub decision: Option<B256>,
}

impl Contest {
    /// Contests the order. Once, for a decision is final; and anew, as if nobody had, once the wallet that did was
    /// replaced: a thief may have had it.
    pub fn raise(
        &mut self,
        by: Address,
        document: B256,
        was_replaced: impl FnOnce(&Address) -> bool,
    ) -> Result<(), Misfit> {
        let is_first = self.document.is_none() || was_replaced(&self.by);
        ensure(is_first, Misfit::NothingChanges)?;
        ensure(!document.is_zero(), Misfit::NoDocument)?;
        *self = Self { document: Some(document), by, decision: None };
        Ok(())
    }

    /// Decides that the order stands though it is contested.
    pub fn confirm(&mut self, document: B256) -> Result<(), Misfit> {
        ensure(self.is_open(), Misfit::NothingChanges)?;
        ensure(!document.is_zero(), Misfit::NoDocument)?;
        self.decision = Some(document);
        Ok(())
    }

    /// What is left of it when the order is given anew on other terms: what waits for a decision goes on waiting, what
    /// was decided may be contested anew.
    #[must_use]
    pub fn given_anew(self) -> Self {
        if self.is_open() { self } else { Self::default() }
    }

    /// True while it waits for a decision.
    pub fn is_open(&self) -> bool {
        self.document.is_some() && self.decision.is_none()
    }
}

/// Who stopped something, and since when.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Halt {
    /// The wallet or contract that did.
    pub by: Address,
    /// Since when it is stopped.
    pub since: Time,
}

/// An order that binds somebody, and what was said against it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Binding {
    /// The order.
    pub order: Order,
    /// How it is contested.
    pub contest: Contest,
    /// Who carried it out first, and since when it binds: given anew it goes on.
    pub halt: Halt,
}

/// The orders that bind one party in one way, side by side: it is bound until the last of them ends.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Orders(pub Vec<Binding>);

impl Orders {
    /// Those that may bind one party: all are looked at.
    pub const MOST: usize = 16;

    /// Gives an order, or changes when it ends, if it stops; lifts it otherwise. Those that ended are dropped.
    pub fn set(
        &mut self,
        order: &Order,
        stops: bool,
        by: Address,
        now: Time,
    ) -> Result<(), Misfit> {
        self.0.retain(|known| known.order.stands(now));
        let place = self.0.iter().position(|known| known.order.is_same(order));
        let given = |contest, halt| Binding { order: order.clone(), contest, halt };
        match (place, stops) {
            (Some(place), true) => {
                let is_changed = self.0[place].order.expires != order.expires;
                ensure(is_changed, Misfit::NothingChanges)?;
                let Binding { contest, halt, .. } = self.0[place];
                self.0[place] = given(contest.given_anew(), halt);
            }
            (None, true) => {
                ensure(self.0.len() < Self::MOST, Misfit::TooMany)?;
                self.0.push(given(Contest::default(), Halt { by, since: now }));
            }
            (Some(place), false) => drop(self.0.remove(place)),
            (None, false) => {
                let other = self.0.first().map(|known| known.order.clone());
                return Err(other
                    .map_or(Misfit::NothingChanges, |Order { authority, reference, .. }| {
                        Misfit::Other { authority, reference }
                    }));
            }
        }
        Ok(())
    }

    /// The one of this key, if it stands. See [`Order::key`].
    pub fn named(&self, key: B256, now: Time) -> Option<&Binding> {
        self.standing(now).find(|known| known.order.key() == key)
    }

    /// What is said against the one of this key that stands. See [`Order::key`].
    pub fn contest(&mut self, key: B256, now: Time) -> Result<&mut Contest, Misfit> {
        let is_it = |known: &&mut Binding| known.order.stands(now) && known.order.key() == key;
        self.0.iter_mut().find(is_it).map(|it| &mut it.contest).ok_or(Misfit::Unknown(key))
    }

    /// The one that binds longest, of those that stand now: of several that end together the first.
    pub fn longest(&self, now: Time) -> Option<&Binding> {
        self.standing(now).rev().max_by_key(|known| known.order.ends())
    }

    /// Until when the latest of them stands, of those that stand now.
    pub fn latest(&self, now: Time) -> Option<Time> {
        self.longest(now).map(|known| known.order.ends())
    }

    /// Those that stand now.
    pub fn standing(&self, now: Time) -> impl DoubleEndedIterator<Item = &Binding> {
        self.0.iter().filter(move |known| known.order.stands(now))
    }
}

/// Why an order, or what is said of one, does not fit what stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It says what is so already.
    NothingChanges,
    /// Another stands, and is lifted under its own name.
    Other {
        /// Who gave it.
        authority: String,
        /// Its reference there.
        reference: String,
    },
    /// As many stand as may.
    TooMany,
    /// None of this key stands.
    Unknown(B256),
    /// The document that says so has no hash.
    NoDocument,
}

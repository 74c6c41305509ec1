//! The judge.
//!
//! [`decide`] is the only code that says whether units may move. It is pure, and asked by previews, the
//! pool and execution alike.

use crate::{
    APPROVALS, About, Approved, Bump, Exemptions, MeterKey, Path, Paths, Reason, Side, Subject,
    duty,
    hints::{earliest_ok, max_ok},
    judge::judge,
    meter,
};
use borsh::{BorshDeserialize, BorshSerialize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use state::Context;
use std::fmt;
use types::{AccountId, Address, AssetId, ClassId, Currency, Name, PersonId, Time, Units};

/// What kind of movement is judged.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// New units come to a holder.
    Issue,
    /// Units pass from a holder to another.
    Transfer,
    /// Units of a holder end.
    Redeem,
    /// Units are moved or ended by order. Never to a sanctioned, suspended or unknown person.
    Forced,
    /// A person is approached with an offer: nothing moves yet.
    Offer,
    /// Units are pledged, or go to whom they secure because what they secure was not paid. What rules say of
    /// transfers holds of pledges too.
    Pledge,
    /// The same, where the pledgor owes the debt with all that it has. What rules say of pledges holds of it too.
    RecoursePledge,
    /// New units come to a holder for others of the same issuer that it gives up. What rules say of issues holds of it
    /// too, but for what profiles ask of a sale: nothing is sold.
    CorporateAction,
    /// A part of what is transferred goes to a collector too. What rules say of transfers holds of it too.
    Fee,
}

impl Kind {
    /// True if what rules say of that kind holds of this one.
    pub fn is(self, of: Kind) -> bool {
        use Kind::*;
        match of {
            Transfer => matches!(self, Transfer | Pledge | RecoursePledge | Fee),
            Pledge => matches!(self, Pledge | RecoursePledge),
            Issue => matches!(self, Issue | CorporateAction),
            Redeem | Forced | Offer | RecoursePledge | CorporateAction | Fee => self == of,
        }
    }
}

/// Units acquired together age together. RULEBOOK P7.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Lot {
    /// How many.
    pub units: Units,
    /// When this holder got them: not by moving them between its own accounts or numbers, nor by what they were made of.
    /// Of units got at several times, the first.
    pub acquired: Time,
    /// When their clock started; `Time::NEVER` until they are paid in full.
    pub anchor: Time,
    /// The paths under which they came.
    pub paths: Paths,
    /// The adopted profiles by whose rules they are resold.
    pub exemptions: Exemptions,
    /// Those under which they came and whose law lets them go freely: they are known there, and come from nowhere else.
    pub freed: Exemptions,
}

impl Lot {
    /// True once the units are paid in full: until then no clock runs. 17 CFR 230.144(d)(1).
    pub fn is_paid(&self) -> bool {
        self.anchor != Time::NEVER
    }
}

/// What the ledger knows about the asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetFacts {
    /// Who issued it.
    pub issuer: PersonId,
    /// Units that others than the issuer held before the movement: parts are counted of them.
    pub outstanding: Units,
    /// The same of the class that moves; none where nothing does.
    pub outstanding_of_class: Units,
}

impl AssetFacts {
    /// Of an asset of an issuer, where nothing moves.
    pub(crate) fn of(issuer: PersonId) -> Self {
        Self { issuer, outstanding: Units::ZERO, outstanding_of_class: Units::ZERO }
    }
}

/// One side of a movement.
pub type Party = PersonId;

/// A movement to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Action<'a> {
    /// What kind.
    pub kind: Kind,
    /// Of what.
    pub asset: AssetId,
    /// Of which class; none where nothing moves.
    pub class: Option<ClassId>,
    /// What the ledger knows about it.
    pub facts: AssetFacts,
    /// What others than the issuer hold of another asset of its: the ledger's to say, where rules look at all of them.
    pub outstanding_of: fn(&Context<'_>, AssetId) -> Units,
    /// Who gives.
    pub from: Option<Party>,
    /// Who gets.
    pub to: Option<Party>,
    /// How much.
    pub units: Units,
    /// How much the giver gives in the whole batch from here on, this movement included. Batches are
    /// judged on their net per person: a giver that leaves makes room for one that comes. What is issued
    /// counts as given by nobody.
    pub giving: Units,
    /// What of that is of the class that moves.
    pub giving_of_class: Units,
    /// True if the giver gave already in this batch: what its leaving makes room for has come.
    pub has_given: bool,
    /// How much the receiver gets in the whole batch from here on, this movement included.
    pub getting: Units,
    /// How much could move as far as the ledger itself is concerned: bounds `max_ok`.
    pub at_most: Units,
    /// How much of its class the giver could move in all: what fees are taken from too.
    pub free: Units,
    /// The lots that the units come from.
    pub lots: &'a [Lot],
    /// What is paid, in minor units of a currency, if that is stated.
    pub paid: Option<(Currency, u128)>,
    /// Out of which account of the giver's.
    pub from_account: Option<AccountId>,
    /// Into which account of the receiver's; none where a person is approached and nothing moves.
    pub to_account: Option<AccountId>,
    /// Whose wallet moves them, if it is not the giver's: a venue, if it is licensed as one.
    pub through: Option<Party>,
    /// That wallet, or the contract of a published app.
    pub operator: Address,
    /// The number of the adopted profile to issue under in its jurisdiction; 0 for the first that passes.
    pub chosen: u16,
    /// True if they are given up for units of another asset of the issuer, or come for such: nobody begins or ends to be
    /// a holder of the issuer's.
    pub is_exchange: bool,
    /// The path that the giver elects: the only one open of every law that offers one of this name.
    pub elected: Option<&'a Name>,
}

/// Units that may go out of a lot, and what they are stamped with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pick {
    /// Which lot of the movement's.
    pub place: u16,
    /// How many of it.
    pub units: Units,
    /// The paths relied on.
    pub paths: Paths,
    /// True if their clock starts anew.
    pub restart: bool,
    /// The profiles by whose rules they are resold next.
    pub keeps: Exemptions,
    /// Those that let them go freely from now on.
    pub freed: Exemptions,
}

/// An approval that a movement uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Spent {
    /// What was approved, as one of which list.
    pub approved: Approved,
    /// Whose.
    pub by: PersonId,
    /// One movement, or so many units where any number of them was approved.
    #[serde(serialize_with = "meter::in_digits")]
    pub needed: u128,
}

/// What follows from a movement, besides the movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// Something is added up.
    Bump(Bump),
    /// An approval is used.
    Spend(Spent),
    /// Something is owed.
    Duty {
        /// By whose rules.
        profile: Name,
        /// What.
        duty: String,
        /// By when.
        due: Time,
    },
    /// A part of what moves goes to a collector too: a movement of its own, after this one.
    Fee {
        /// Who gets it.
        to: PersonId,
        /// How much.
        units: Units,
    },
}

impl Consequence {
    /// True if it adds to a meter.
    pub(crate) fn bumps(&self, meter: &MeterKey) -> bool {
        matches!(self, Self::Bump(Bump { key, .. }) if key == meter)
    }
}

impl Action<'_> {
    /// Nothing moves: conditions of an asset are looked at.
    pub(crate) fn none(asset: AssetId) -> Action<'static> {
        Action {
            kind: Kind::Offer,
            asset,
            class: None,
            facts: AssetFacts::of(PersonId(0)),
            outstanding_of: |_, _| Units::ZERO,
            from: None,
            to: None,
            units: Units::ZERO,
            giving: Units::ZERO,
            has_given: false,
            giving_of_class: Units::ZERO,
            getting: Units::ZERO,
            at_most: Units::ZERO,
            free: Units::ZERO,
            lots: &[],
            paid: None,
            from_account: None,
            to_account: None,
            through: None,
            operator: Address::ZERO,
            chosen: 0,
            is_exchange: false,
            elected: None,
        }
    }

    /// The wallet on a side: of an account, that which owns it now; of a venue, that which moves the units.
    pub(crate) fn wallet(&self, ctx: &Context<'_>, side: Side) -> Option<Address> {
        let owner = |account: &AccountId| identity::wallet_of(ctx, account);
        match side {
            Side::Sender => self.from_account.as_ref().and_then(owner),
            Side::Receiver => self.to_account.as_ref().and_then(owner),
            Side::Venue => self.through.map(|_| self.operator),
            Side::Both => None,
        }
    }

    /// Whose facts and lists are meant.
    pub(crate) fn subject(&self, about: About) -> Subject {
        match about {
            About::Asset => Subject::Asset(self.asset),
            About::Network => Subject::Network,
        }
    }

    /// True if it is part of an offer: an approach, or a placement with another than the issuer.
    pub(crate) fn is_of_offer(&self) -> bool {
        let is_sold = self.is_placement() && self.kind != Kind::CorporateAction;
        self.kind == Kind::Offer || is_sold && self.to != Some(self.facts.issuer)
    }

    /// True if what moves was not outstanding before: new units, or units out of the issuer's treasury.
    pub(crate) fn is_placement(&self) -> bool {
        self.kind.is(Kind::Issue) || self.from == Some(self.facts.issuer)
    }
}

/// The judgement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Everything that stands in the way; empty if it may happen.
    pub reasons: Vec<Reason>,
    /// The paths relied on, of each law that offered a choice; of several lots the first's.
    pub paths: SmallVec<[Path; 2]>,
    /// The adopted profiles by whose rules units are issued or resold.
    pub exemptions: Exemptions,
    /// Those that units which are issued stay under.
    pub keeps: Exemptions,
    /// True if the clocks of the units that move start anew with the receiver.
    pub restart: bool,
    /// True if one human moves its own: nothing comes to anyone.
    #[serde(skip)]
    pub is_internal: bool,
    /// When it would pass, all else being as it is; unknown if no date alone would do.
    pub earliest_ok: Option<Time>,
    /// The largest amount that would pass now; unknown if there is too much to try.
    pub max_ok: Option<Units>,
    /// The issuer's own contract that must agree too, and its gas.
    pub contract: Option<(Address, u64)>,
    /// The lots that may go, where profiles say which; else the most seasoned go first.
    #[serde(skip_serializing_if = "SmallVec::is_empty")]
    pub picks: SmallVec<[Pick; 1]>,
    /// What follows if it happens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consequences: Vec<Consequence>,
}

impl Decision {
    /// True if nothing stands in the way.
    pub fn is_allowed(&self) -> bool {
        self.reasons.is_empty()
    }

    /// What the giver gives besides, and to whom.
    pub fn fees(&self) -> impl Iterator<Item = (PersonId, Units)> + use<'_> {
        self.consequences.iter().filter_map(|consequence| match consequence {
            Consequence::Fee { to, units } => Some((*to, *units)),
            _ => None,
        })
    }
}

/// Every reason, in words.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut reasons = self.reasons.iter();
        let Some(first) = reasons.next() else { return write!(f, "nothing stands in the way") };
        write!(f, "{first}")?;
        reasons.try_for_each(|reason| write!(f, "; {reason}"))
    }
}

/// May this happen? Every reason against it, when it would pass, and how much would. COM-2, COM-3.
pub fn decide(ctx: &Context<'_>, action: &Action<'_>) -> Decision {
    let mut decision = judge(ctx, action, ctx.now());
    if !decision.is_allowed() {
        decision.earliest_ok = earliest_ok(ctx, action);
        decision.max_ok = max_ok(ctx, action);
    }
    decision
}

/// Every reason against it, and nothing about when or how much would pass.
pub fn reasons(ctx: &Context<'_>, action: &Action<'_>) -> Vec<Reason> {
    judge(ctx, action, ctx.now()).reasons
}

/// Does what follows from a movement that happened. The caller has moved the units, and moves what is a fee.
pub fn follow(ctx: &mut Context<'_>, asset: AssetId, consequences: Vec<Consequence>) {
    for consequence in consequences {
        match consequence {
            Consequence::Fee { .. } => {}
            Consequence::Bump(bump) => meter::add(ctx, &bump),
            Consequence::Spend(spent) => spend(ctx, spent),
            Consequence::Duty { profile, duty, due } => duty::raise(ctx, asset, profile, duty, due),
        }
    }
}

/// Uses up what one of a list has approved, and nobody else's; what is used up, or over, is gone.
fn spend(ctx: &mut Context<'_>, Spent { approved, by, needed }: Spent) {
    let key = approved.intended();
    let mut given = APPROVALS.get(ctx, &key).unwrap_or_default();
    let now = ctx.now();
    for one in given.iter_mut().filter(|one| (one.list, one.by) == (approved.list, by)) {
        one.left = one.left.saturating_sub(needed);
    }
    given.retain(|one| one.left > 0 && now < one.until);
    match given.is_empty() {
        true => APPROVALS.delete(ctx, &key),
        false => APPROVALS.put(ctx, &key, given),
    }
}

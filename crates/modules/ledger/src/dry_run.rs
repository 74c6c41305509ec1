//! What a change of rules would mean for those who hold an asset: judged before, judged after, and taken back.
//! RULEBOOK section 2.2.
//!
//! Each holder is tried as one who gets new units, and as one who sells what it can move to the next who holds some, or to
//! the issuer where nobody else does; each hold as if it were delivered. What stands in the way after the change and did
//! not before is told, with whom it touches.

use crate::{
    CLASSES, Cause, HOLDER_INDEX, HOLDS, HOLDS_ON, Hold, Refusal, movement, movement::Movement,
    read,
};
use compliance::{Exceeded, Reason, Side};
use serde::Serialize;
use state::Context;
use std::collections::{BTreeMap, BTreeSet};
use types::{AccountId, Address, AssetId, ClassId, PersonId, Units, ensure};

/// The holders that a dry run looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Among {
    /// Of which asset: of all its classes, one after the other.
    pub asset: AssetId,
    /// From which class on, and from which place on among all that ever held that.
    pub first: (ClassId, u32),
    /// How many at most.
    pub limit: u32,
    /// Whose wallet moves what they sell: a venue's, or zero for the seller's own.
    pub operator: Address,
}

/// Accounts that are looked at in one call, those that hold nothing too.
const MAX_LOOKED_AT: u32 = 10_000;

/// Places after a seller's among which its buyer is looked for.
const MAX_NEAR: usize = 64;

/// What a change would mean for holders of one class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DryRun {
    /// Accounts that hold some, and were looked at.
    pub accounts: u32,
    /// The class and the place in it from which on to go on, if there are more.
    pub next: Option<(ClassId, u32)>,
    /// What would newly stand in the way of holders.
    pub fails: Vec<Fails>,
    /// Holds whose delivery would newly be refused.
    pub holds: Vec<HoldFails>,
    /// Limits on holders that would be exceeded from the start, and are not now.
    pub exceeded: Vec<Exceeded>,
}

/// As what a holder was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tried {
    /// As one who gets newly issued units.
    Subscriber,
    /// As one who gets units of another holder.
    Buyer,
    /// As one who sells all that it can move.
    Seller,
}

/// A reason that would newly stand in the way, and of whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fails {
    /// As what they were tried.
    pub role: Tried,
    /// The reason, with the facts of the first.
    pub reason: Reason,
    /// How many persons it touches.
    pub count: u32,
    /// How many of them nothing stood in the way of before.
    pub passed: u32,
    /// Who they are: those of whom nothing stood in the way before, then the others, each by number.
    pub persons: Vec<PersonId>,
}

/// A reason, and all whom it touches: whether something stood in their way before.
struct Group {
    role: Tried,
    reason: Reason,
    touched: BTreeMap<PersonId, bool>,
}

impl From<Group> for Fails {
    fn from(group: Group) -> Self {
        let Group { role, reason, touched } = group;
        let count = touched.len() as u32;
        let passed = touched.values().filter(|passed| **passed).count() as u32;
        let of = |had: bool| touched.iter().filter(move |(_, passed)| **passed == had);
        let persons = of(true).chain(of(false)).map(|(person, _)| *person).collect();
        Self { role, reason, count, passed, persons }
    }
}

/// A hold whose delivery would newly be refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HoldFails {
    /// The hold.
    pub hold: u64,
    /// Everything that would stand in the way.
    pub reasons: Vec<Reason>,
}

/// Something that is tried before and after.
enum Trial {
    Movement(Movement<'static>),
    Delivery(u64, Hold),
}

/// Makes a change, tells what it would mean for holders of an asset, and takes it back. Nothing has changed
/// afterwards.
///
/// # Errors
/// No such asset or class; more work than the context allows: ask for fewer; what the change itself is refused for.
pub fn dry_run<E: From<Refusal>>(
    ctx: &mut Context<'_>,
    among: Among,
    change: impl FnOnce(&mut Context<'_>) -> Result<(), E>,
) -> Result<DryRun, E> {
    let (accounts, next) = holders(ctx, among)?;
    let trials = trials(ctx, among, &accounts)?;
    let before = Judged::of(ctx, among, &accounts, &trials)?;
    let mark = ctx.mark();
    let after = change(ctx).and_then(|()| {
        // What was counted in half says nothing.
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        Ok(Judged::of(ctx, among, &accounts, &trials)?)
    });
    ctx.rollback(mark);
    let after = after?;
    let mut run = DryRun { accounts: accounts.len() as u32, next, ..DryRun::default() };
    let mut groups = Vec::new();
    for (place, trial) in trials.iter().enumerate() {
        let (before, after) = (&before.reasons[place], &after.reasons[place]);
        let is_new = |reason: &&Reason| !before.iter().any(|other| is_same(other, reason));
        let new: Vec<_> = after.iter().filter(is_new).collect();
        match trial {
            Trial::Movement(movement) => new
                .into_iter()
                .for_each(|reason| touch(&mut groups, movement, reason, before.is_empty())),
            Trial::Delivery(hold, _) if before.is_empty() && !new.is_empty() => {
                run.holds.push(HoldFails { hold: *hold, reasons: after.clone() })
            }
            Trial::Delivery(..) => {}
        }
    }
    run.fails = groups.into_iter().map(Fails::from).collect();
    run.exceeded = after.exceeded;
    run.exceeded.retain(|limit| !before.exceeded.contains(limit));
    Ok(run)
}

/// An account and its place among all that ever held the class.
type Holder = (u32, AccountId);

/// A class, and a place among all that ever held it.
type Place = (ClassId, u32);

/// Those that hold some of a class now, in the order in which they came, and where to go on: in it, or in the next class
/// that anybody ever held.
fn holders(ctx: &Context<'_>, among: Among) -> Result<(Vec<Holder>, Option<Place>), Refusal> {
    let Among { asset, first: (class, first), limit, .. } = among;
    let classes = read::asset(ctx, asset)?.classes;
    let record = CLASSES.read(ctx, &(asset, class)).ok_or(Refusal::UnknownClass(class))?;
    let mut found = Vec::new();
    for place in first..record.holders {
        // Those that hold nothing any more are passed over, and cost as much to look at.
        if found.len() == limit as usize || place - first == MAX_LOOKED_AT {
            return Ok((found, Some((class, place))));
        }
        let account = HOLDER_INDEX.get(ctx, &(asset, class, place));
        let holds = |it: &AccountId| !read::position(ctx, asset, class, *it).units.is_zero();
        found.extend(account.filter(holds).map(|account| (place, account)));
    }
    let was_held = |it: &ClassId| CLASSES.read(ctx, &(asset, *it)).is_some_and(|it| it.holders > 0);
    let next = (class.0 + 1..classes).map(ClassId).find(was_held);
    Ok((found, next.map(|class| (class, 0))))
}

/// Who buys of a seller: the next who holds some, the first after the last; where nobody else does, or none is near, the
/// issuer. The same whichever page of holders is looked at.
fn buyer(
    ctx: &Context<'_>,
    (asset, class): (AssetId, ClassId),
    (place, seller): Holder,
) -> Result<AccountId, Refusal> {
    let record = CLASSES.read(ctx, &(asset, class)).ok_or(Refusal::UnknownClass(class))?;
    let near = (1..record.holders).take(MAX_NEAR).map(|step| {
        let next = (u64::from(place) + u64::from(step)) % u64::from(record.holders);
        HOLDER_INDEX.get(ctx, &(asset, class, next as u32))
    });
    let is_other = |it: &AccountId| {
        !read::are_one(ctx, it.person, seller.person)
            && !read::position(ctx, asset, class, *it).units.is_zero()
    };
    let issuer = AccountId::new(read::asset(ctx, asset)?.issuer, 0);
    Ok(near.flatten().find(is_other).unwrap_or(issuer))
}

fn trials(ctx: &Context<'_>, among: Among, accounts: &[Holder]) -> Result<Vec<Trial>, Refusal> {
    let Among { asset, first: (class, _), operator, .. } = among;
    let movement = |from, to, units, cause| {
        Movement::of((asset, class), (from, Some(to)), units, cause, operator)
    };
    let mut trials = Vec::new();
    for (place, account) in accounts {
        let one = movement(None, *account, Units(1), Cause::Issue);
        trials.push(Trial::Movement(one));
        let position = read::position(ctx, asset, class, *account);
        let free = position.free(ctx.now());
        let units = if free.is_zero() { position.units } else { free };
        let buyer = buyer(ctx, (asset, class), (*place, *account))?;
        if !read::are_one(ctx, buyer.person, account.person) {
            let sale = movement(Some(*account), buyer, units, Cause::Transfer);
            trials.push(Trial::Movement(sale));
        }
        for number in HOLDS_ON.get(ctx, &(asset, class, *account)).unwrap_or_default() {
            let Some(hold) = HOLDS.get(ctx, &number) else { continue };
            trials.push(Trial::Delivery(number, hold));
        }
    }
    Ok(trials)
}

/// What stands in the way of each trial, and which limits are exceeded.
struct Judged {
    reasons: Vec<Vec<Reason>>,
    exceeded: Vec<Exceeded>,
}

impl Judged {
    fn of(
        ctx: &Context<'_>,
        among: Among,
        accounts: &[Holder],
        trials: &[Trial],
    ) -> Result<Self, Refusal> {
        let judge = |trial: &Trial| {
            ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
            match trial {
                Trial::Movement(movement) => movement::reasons(ctx, movement),
                Trial::Delivery(_, hold) => {
                    let delivery = hold.movement(hold.units, hold.units, among.operator);
                    movement::reasons(ctx, &delivery)
                }
            }
        };
        let reasons = trials.iter().map(judge).collect::<Result<_, _>>()?;
        let human = |(_, account): &Holder| identity::counted_as(ctx, account.person);
        let persons: BTreeSet<_> = accounts.iter().map(human).collect();
        let persons: Vec<_> = persons.into_iter().collect();
        let outstanding = read::asset(ctx, among.asset)?.outstanding();
        let exceeded = compliance::exceeded(ctx, among.asset, outstanding, &persons);
        Ok(Self { reasons, exceeded })
    }
}

/// Adds whom a reason is about to those it touches.
fn touch(groups: &mut Vec<Group>, movement: &Movement<'_>, reason: &Reason, passed: bool) {
    let to = movement.to.map(|to| (Tried::Buyer, to));
    let from = movement.from.map(|from| (Tried::Seller, from));
    let about = match reason.side {
        _ if from.is_none() => to.map(|(_, to)| (Tried::Subscriber, to)),
        Some(Side::Receiver) => to,
        _ => from,
    };
    let Some((role, AccountId { person, .. })) = about else { return };
    let known = groups.iter_mut().find(|it| it.role == role && is_same(&it.reason, reason));
    match known {
        Some(group) => *group.touched.entry(person).or_default() |= passed,
        None => {
            let touched = BTreeMap::from([(person, passed)]);
            groups.push(Group { role, reason: reason.clone(), touched });
        }
    }
}

/// True if two reasons say the same of different amounts.
fn is_same(one: &Reason, other: &Reason) -> bool {
    let said =
        |reason: &Reason| (reason.code, reason.layer, reason.side, reason.topic, reason.country);
    said(one) == said(other)
        && one.path == other.path
        && one.fact == other.fact
        && one.source == other.source
        && one.providers == other.providers
}

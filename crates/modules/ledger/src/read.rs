//! What others ask.

use crate::{
    ALLOWANCES, ASSETS, Asset, Bound, FROZEN, ISSUERS, OPERATORS, POSITIONS, Position, Refusal,
    movement::has_died,
};
use compliance::Side;
use state::Context;
use types::{
    AccountId, Address, AssetId, B256, Binding, ClassId, Contest, Order, PersonId, Time, Units,
};

/// The asset with this number.
pub fn asset<'c>(ctx: &'c Context<'_>, id: AssetId) -> Result<&'c Asset, Refusal> {
    ASSETS.read(ctx, &id).ok_or(Refusal::UnknownAsset(id))
}

/// Who issued an asset, if there is one.
pub fn issuer(ctx: &Context<'_>, id: AssetId) -> Option<PersonId> {
    ASSETS.read(ctx, &id).map(|asset| asset.issuer)
}

/// Refuses to count an issuer as another, or another as it.
pub fn check_mergeable(ctx: &Context<'_>, merger: identity::Merger) -> Result<(), Refusal> {
    let issuer = [merger.into, merger.from].into_iter().find(|it| ISSUERS.has(ctx, it));
    issuer.map_or(Ok(()), |issuer| Err(Refusal::MergedIssuer(issuer)))
}

/// True if two numbers are one person's.
pub(crate) fn are_one(ctx: &Context<'_>, one: PersonId, other: PersonId) -> bool {
    one == other || identity::counted_as(ctx, one) == identity::counted_as(ctx, other)
}

/// What an account has of a class; nothing if it never had any.
pub fn position(ctx: &Context<'_>, asset: AssetId, class: ClassId, account: AccountId) -> Position {
    POSITIONS.get(ctx, &(asset, class, account)).unwrap_or_default()
}

/// Until when the order of a key freezes somebody, or units as an agent has it, and what is said against it. Refuses one
/// that does not now.
pub fn freeze(ctx: &Context<'_>, bound: Bound, order: B256) -> Result<(Time, Contest), Refusal> {
    let now = ctx.now();
    let found = match bound {
        Bound::Person(asset, person) => FROZEN.read(ctx, &(asset, person)).and_then(|orders| {
            ctx.charge(Order::KEY_GAS * orders.0.len() as u64);
            let binding = orders.named(order, now)?;
            Some((binding.order.ends(), binding.contest))
        }),
        Bound::Units(asset, class, account) => {
            POSITIONS.read(ctx, &(asset, class, account)).and_then(|position| {
                let freeze = position.freezes(now).find(|freeze| freeze.is_by_agent(order))?;
                Some((freeze.until, *freeze.contest()?))
            })
        }
    };
    found.ok_or(Refusal::NoSuchOrder(order))
}

/// Units of an account over all classes.
pub fn balance(ctx: &Context<'_>, id: AssetId, account: AccountId) -> Units {
    over_classes(ctx, id, account, |position| position.units)
}

/// Units of an account over all classes that its owner can move.
pub fn free(ctx: &Context<'_>, id: AssetId, account: AccountId) -> Units {
    over_classes(ctx, id, account, |position| position.free(ctx.now()))
}

fn over_classes(
    ctx: &Context<'_>,
    id: AssetId,
    account: AccountId,
    amount: impl Fn(&Position) -> Units,
) -> Units {
    let classes = ASSETS.read(ctx, &id).map_or(0, |asset| asset.classes);
    let of = |class| POSITIONS.read(ctx, &(id, ClassId(class), account)).map(&amount);
    (0..classes).filter_map(of).sum()
}

/// May an account be on one side of transfers at all, whoever is on the other? No transfer that passes has
/// an account on a side for which this says no, but those within one person.
pub fn may_take_part(ctx: &Context<'_>, asset: AssetId, account: AccountId, side: Side) -> bool {
    let is_in_dispute = side != Side::Receiver && identity::is_recovering(ctx, &account);
    let is_frozen = is_frozen(ctx, asset, account.person);
    let is_dead = side != Side::Receiver && has_died(ctx, account.person);
    !is_in_dispute && !is_frozen && !is_dead && compliance::may_take_part(ctx, asset, account, side)
}

/// True while an order keeps a person from sending and receiving an asset.
pub fn is_frozen(ctx: &Context<'_>, asset: AssetId, person: PersonId) -> bool {
    frozen_by(ctx, asset, person).is_some()
}

/// What freezes a person, if it is frozen: of its orders the one that binds it longest.
pub(crate) fn frozen_by<'c>(
    ctx: &'c Context<'_>,
    asset: AssetId,
    person: PersonId,
) -> Option<&'c Binding> {
    FROZEN.read(ctx, &(asset, person))?.longest(ctx.now())
}

/// What a spender may still move for an account.
pub fn allowance(ctx: &Context<'_>, asset: AssetId, owner: AccountId, spender: Address) -> Units {
    let given = |wallet| ALLOWANCES.get(ctx, &(asset, wallet, spender));
    identity::wallet_of(ctx, &owner).and_then(given).unwrap_or_default()
}

/// True if an operator may move an account's units of a class, or of all if none is named.
pub fn is_operator(
    ctx: &Context<'_>,
    asset: AssetId,
    class: Option<ClassId>,
    owner: AccountId,
    operator: Address,
) -> bool {
    let Some(wallet) = identity::wallet_of(ctx, &owner) else { return false };
    let has = |class| OPERATORS.has(ctx, &(asset, class, wallet, operator));
    has(None) || (class.is_some() && has(class))
}

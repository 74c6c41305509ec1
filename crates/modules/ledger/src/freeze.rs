//! Freezes and orders. What is done by order names the authority, its reference and the document.

use crate::{
    CLASSES, Cause, Event, FILED_ORDERS, FROZEN, HOLDS_ON, POSITIONS, Refusal, Reply, Spender,
    hold,
    movement::Movement,
    ops::{carry_out, check_account, check_person, exercise, require, spend},
    read,
};
use state::Context;
use trust::{Power, Scope};
use types::{AccountId, AssetId, ClassId, Module, Order, PersonId, Units, ensure};

/// Stops a class, or lets it go on. Needs `Freeze`.
pub(crate) fn freeze_class(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    class: ClassId,
    frozen: bool,
) -> Result<Reply, Refusal> {
    exercise(ctx, by, Power::Freeze, Scope::Class(asset, class))?;
    let mut record = CLASSES.get(ctx, &(asset, class)).ok_or(Refusal::UnknownClass(class))?;
    ensure(record.is_frozen != frozen, Refusal::NothingChanges)?;
    record.is_frozen = frozen;
    CLASSES.put(ctx, &(asset, class), record);
    ctx.emit(Module::Ledger, &Event::ClassFrozen { asset, class, frozen });
    Ok(Reply::default())
}

/// Gas of naming one account of a person: who knows wallets only is told of each.
const ACCOUNT_WORK: u64 = 300;

/// Stops a person from sending and receiving an asset, or lets it. Needs `Freeze`.
pub(crate) fn freeze_person(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    person: PersonId,
    frozen: bool,
    order: Order,
) -> Result<Reply, Refusal> {
    exercise(ctx, by, Power::Freeze, Scope::Asset(asset))?;
    read::asset(ctx, asset)?;
    check_person(ctx, person)?;
    ensure(order.is_complete(), Refusal::IncompleteOrder)?;
    ensure(FROZEN.has(ctx, &(asset, person)) != frozen, Refusal::NothingChanges)?;
    let accounts = identity::person(ctx, person).map_or(0, |record| record.accounts);
    ctx.charge(ACCOUNT_WORK * u64::from(accounts));
    ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
    match frozen {
        true => FROZEN.put(ctx, &(asset, person), order.clone()),
        false => FROZEN.delete(ctx, &(asset, person)),
    }
    ctx.emit(Module::Ledger, &Event::PersonFrozen { asset, person, frozen, order });
    Ok(Reply::default())
}

/// Sets how many units of a position are frozen; more than there are freezes what may come. Needs `Freeze`.
pub(crate) fn freeze_units(
    ctx: &mut Context<'_>,
    by: Spender,
    key: (AssetId, ClassId, AccountId),
    units: Units,
    order: Order,
) -> Result<Reply, Refusal> {
    let (asset, class, account) = key;
    exercise(ctx, by, Power::Freeze, Scope::Class(asset, class))?;
    ensure(order.is_complete(), Refusal::IncompleteOrder)?;
    let mut position = POSITIONS.get(ctx, &key).ok_or(Refusal::NoPosition(account))?;
    ensure(position.frozen != units, Refusal::NothingChanges)?;
    let (was, frozen) = (position.frozen, units);
    position.frozen = frozen;
    POSITIONS.put(ctx, &key, position);
    ctx.emit(Module::Ledger, &Event::UnitsFrozen { asset, class, account, was, frozen, order });
    Ok(Reply::default())
}

/// Files the order that the caller's next acts refer to, where an interface has no room for one.
pub(crate) fn file_order(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    order: Order,
) -> Result<Reply, Refusal> {
    read::asset(ctx, asset)?;
    let key = (asset, by.wallet);
    if order == Order::default() {
        ensure(FILED_ORDERS.has(ctx, &key), Refusal::NothingChanges)?;
        FILED_ORDERS.delete(ctx, &key);
    } else {
        ensure(order.is_complete(), Refusal::IncompleteOrder)?;
        FILED_ORDERS.put(ctx, &key, order);
    }
    Ok(Reply::default())
}

/// Moves, ends or issues units by order. Needs `Force`.
///
/// Unlocks exactly the shortfall: what is free goes first, then what is frozen, then what is held, the
/// oldest hold first. Never to a person who could not receive.
#[allow(clippy::too_many_arguments)]
pub(crate) fn force(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    class: ClassId,
    from: Option<AccountId>,
    to: Option<AccountId>,
    units: Units,
    order: Order,
) -> Result<Reply, Refusal> {
    let scope = Scope::Class(asset, class);
    require(ctx, by, Power::Force, scope, units)?;
    ensure(order.is_complete(), Refusal::IncompleteOrder)?;
    ensure(!units.is_zero() && from != to, Refusal::NothingToMove)?;
    if let Some(to) = to {
        check_account(ctx, to)?;
    }
    if let Some(from) = from {
        unlock(ctx, (asset, class, from), units, &order)?;
    }
    let cause = if to.is_some() { Cause::Forced } else { Cause::ForcedRedeem };
    let operator = by.wallet;
    let movement = Movement {
        asset,
        class,
        from,
        to,
        units,
        cause,
        operator,
        giving: units,
        getting: units,
        from_hold: Units::ZERO,
        paid: None,
        chosen: 0,
    };
    let mut reply = Reply::default();
    carry_out(ctx, movement, &mut reply)?;
    spend(ctx, by, Power::Force, scope, units)?;
    ctx.emit(Module::Ledger, &Event::OrderCarriedOut { asset, order, by: by.wallet });
    Ok(reply)
}

/// Frees just enough of a position for an order. What is frozen beyond what is there goes on to freeze
/// what may come.
fn unlock(
    ctx: &mut Context<'_>,
    key: (AssetId, ClassId, AccountId),
    units: Units,
    order: &Order,
) -> Result<(), Refusal> {
    let (asset, class, account) = key;
    let mut position = POSITIONS.get(ctx, &key).unwrap_or_default();
    let unheld = position.units.saturating_sub(position.held);
    let shortfall = units.saturating_sub(position.free());
    let thawed = shortfall.min(position.frozen.min(unheld));
    if !thawed.is_zero() {
        position.frozen -= thawed;
        let frozen = position.frozen;
        POSITIONS.put(ctx, &key, position);
        let order = order.clone();
        let was = frozen + thawed;
        ctx.emit(Module::Ledger, &Event::UnitsFrozen { asset, class, account, was, frozen, order });
    }
    let mut left = shortfall - thawed;
    for id in HOLDS_ON.get(ctx, &key).unwrap_or_default() {
        if left.is_zero() {
            break;
        }
        left = left.saturating_sub(hold::reduce(ctx, id, left)?);
    }
    Ok(())
}

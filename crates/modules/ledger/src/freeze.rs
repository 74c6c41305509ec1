//! Freezes and orders. What is done by order names the authority, its reference and the document.

use crate::{
    Bound, CLASSES, Cause, Event, FILED_ORDERS, FROZEN, Freeze, Freezer, HALTS, HOLDS_ON,
    POSITIONS, Position, Refusal, Reply, Spender, Taking,
    convert::check_settled,
    hold,
    movement::Movement,
    ops::{carry_out, check_account, check_person, exercise, require, spend},
    read,
};
use state::Context;
use trust::{Power, Scope};
use types::{
    AccountId, Address, AssetId, B256, ClassId, Contest, Halt, Misfit, Module, Order, Orders,
    PersonId, Units, ensure,
};

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
    let by = by.wallet;
    halt(ctx, (asset, Some(class)), frozen.then_some(by));
    ctx.emit(Module::Ledger, &Event::ClassFrozen { asset, class, frozen, by });
    Ok(Reply::default())
}

/// Remembers who stops an asset, or one of its classes, from now on; forgets it where nobody does any more.
pub(crate) fn halt(ctx: &mut Context<'_>, of: (AssetId, Option<ClassId>), by: Option<Address>) {
    match by {
        Some(by) => HALTS.put(ctx, &of, Halt { by, since: ctx.now() }),
        None => HALTS.delete(ctx, &of),
    }
}

/// Gas of naming one account of a person: who knows wallets only is told of each.
const ACCOUNT_WORK: u64 = 300;

/// Stops a person from sending and receiving an asset, until the order expires, or lifts that order. Needs
/// `Freeze`. Several orders stand side by side, and the person is frozen until the last of them ends; an order
/// given again under its own name ends when it says now.
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
    check_order(ctx, &order)?;
    let key = (asset, person);
    let mut orders = FROZEN.get(ctx, &key).unwrap_or_default();
    orders.set(&order, frozen, by.wallet, ctx.now())?;
    let accounts = identity::person(ctx, person).map_or(0, |record| record.accounts);
    ctx.charge(ACCOUNT_WORK * u64::from(accounts));
    ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
    match orders.0.is_empty() {
        true => FROZEN.delete(ctx, &key),
        false => FROZEN.put(ctx, &key, orders),
    }
    let by = by.wallet;
    ctx.emit(Module::Ledger, &Event::PersonFrozen { asset, person, frozen, order, by });
    Ok(Reply::default())
}

/// Refuses an order that is incomplete, or has expired.
pub(crate) fn check_order(ctx: &Context<'_>, order: &Order) -> Result<(), Refusal> {
    order.check(ctx.now(), Refusal::IncompleteOrder, Refusal::OrderExpired)
}

/// Sets how many units of a position an order freezes until it expires, beside what other orders freeze; more
/// than there are freezes what may come. Needs `Freeze`.
pub(crate) fn freeze_units(
    ctx: &mut Context<'_>,
    by: Spender,
    key: (AssetId, ClassId, AccountId),
    units: Units,
    order: Order,
) -> Result<Reply, Refusal> {
    let (asset, class, account) = key;
    exercise(ctx, by, Power::Freeze, Scope::Class(asset, class))?;
    check_order(ctx, &order)?;
    check_settled(ctx, asset)?;
    let position = POSITIONS.read(ctx, &key).ok_or(Refusal::NoPosition(account))?;
    let (count, under) = (position.freezes(ctx.now()).count(), order.key());
    let before = position.freezes(ctx.now()).find(|it| it.is_by_agent(under));
    let contest = before.and_then(Freeze::contest).map(|contest| contest.given_anew());
    let halt = before.map_or(Halt { by: by.wallet, since: ctx.now() }, |before| before.halt);
    let by = Freezer::Agent(contest.unwrap_or_default());
    let wanted = (!units.is_zero()).then(|| Freeze::new(units, &order, by, halt));
    let is_one_more = before.is_none() && wanted.is_some();
    ensure(!is_one_more || count < Orders::MOST, Refusal::TooManyFreezes)?;
    let terms = |freeze: &Freeze| (freeze.units, freeze.until);
    ensure(before.map(terms) != wanted.as_ref().map(terms), Refusal::NothingChanges)?;
    refreeze(ctx, key, &order, |frozen| {
        frozen.retain(|freeze| !freeze.is_by_agent(under));
        frozen.extend(wanted);
    });
    Ok(Reply::default())
}

/// Whom a freeze binds contests the order of this key that made it, as long as it stands and was not decided upon.
/// Nothing goes free by it. Given anew on other terms it may be contested anew, and what waits for a decision goes on
/// waiting; and once more after a recovery of the wallet that contested it. LED-9.
pub(crate) fn contest(
    ctx: &mut Context<'_>,
    by: Spender,
    bound: Bound,
    order: B256,
    document: B256,
) -> Result<Reply, Refusal> {
    raised(ctx, by, bound, order, document)?.put(ctx);
    let by = by.wallet;
    ctx.emit(Module::Ledger, &Event::FreezeContested { bound, order, document, by });
    Ok(Reply::default())
}

/// What freezes somebody once it contests one of these orders; refused as that would be.
pub(crate) fn raised(
    ctx: &Context<'_>,
    by: Spender,
    bound: Bound,
    order: B256,
    document: B256,
) -> Result<Contested, Refusal> {
    check_bound(ctx, by, bound.person())?;
    contested(ctx, bound, order, |contest| {
        contest.raise(by.wallet, document, |by| identity::was_replaced(ctx, by))
    })
}

/// Decides that a contested freeze stands. Needs `Freeze`, and the document that says so; who decides otherwise lifts
/// it.
pub(crate) fn confirm(
    ctx: &mut Context<'_>,
    by: Spender,
    bound: Bound,
    order: B256,
    document: B256,
) -> Result<Reply, Refusal> {
    let scope = match bound {
        Bound::Person(asset, _) => Scope::Asset(asset),
        Bound::Units(asset, class, _) => Scope::Class(asset, class),
    };
    exercise(ctx, by, Power::Freeze, scope)?;
    contested(ctx, bound, order, |contest| contest.confirm(document))?.put(ctx);
    let by = by.wallet;
    ctx.emit(Module::Ledger, &Event::FreezeConfirmed { bound, order, document, by });
    Ok(Reply::default())
}

/// Refuses whom an order does not bind, and who speaks for the dead. Any living wallet of the person speaks for it,
/// though it be suspended or in dispute: nothing moves by it.
pub(crate) fn check_bound(ctx: &Context<'_>, by: Spender, person: PersonId) -> Result<(), Refusal> {
    ensure(identity::may_contest(ctx, &by.wallet, person)?, Refusal::NotHolder)
}

/// What freezes a person or units, with something said against it.
pub(crate) enum Contested {
    Person((AssetId, PersonId), Orders),
    Units((AssetId, ClassId, AccountId), Box<Position>),
}

impl Contested {
    fn put(self, ctx: &mut Context<'_>) {
        match self {
            Contested::Person(key, orders) => FROZEN.put(ctx, &key, orders),
            Contested::Units(key, position) => POSITIONS.put(ctx, &key, *position),
        }
    }
}

/// What freezes something now once what is said against one of these orders has changed.
fn contested(
    ctx: &Context<'_>,
    bound: Bound,
    order: B256,
    change: impl FnOnce(&mut Contest) -> Result<(), Misfit>,
) -> Result<Contested, Refusal> {
    let now = ctx.now();
    match bound {
        Bound::Person(asset, person) => {
            let mut orders = FROZEN.get(ctx, &(asset, person)).unwrap_or_default();
            ctx.charge(Order::KEY_GAS * orders.0.len() as u64);
            ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
            change(orders.contest(order, now)?)?;
            Ok(Contested::Person((asset, person), orders))
        }
        Bound::Units(asset, class, account) => {
            let key = (asset, class, account);
            let mut position = POSITIONS.get(ctx, &key).ok_or(Refusal::NoPosition(account))?;
            let is_it = |freeze: &&mut Freeze| freeze.stands(now) && freeze.is_by_agent(order);
            let freeze = position.frozen.iter_mut().find(is_it);
            let contest = freeze.and_then(Freeze::contest_mut);
            change(contest.ok_or(Misfit::Unknown(order))?)?;
            Ok(Contested::Units(key, Box::new(position)))
        }
    }
}

/// Changes what is frozen of a position, and announces what is from now on. What has ended is dropped.
pub(crate) fn refreeze(
    ctx: &mut Context<'_>,
    key: (AssetId, ClassId, AccountId),
    order: &Order,
    change: impl FnOnce(&mut Vec<Freeze>),
) {
    let (asset, class, account) = key;
    let Some(mut position) = POSITIONS.get(ctx, &key) else { return };
    let (before, now) = (position.frozen.clone(), ctx.now());
    position.frozen.retain(|freeze| freeze.stands(now));
    change(&mut position.frozen);
    if position.frozen == before {
        return;
    }
    let (was, frozen) = (Freeze::sum(&before), position.frozen.clone());
    POSITIONS.put(ctx, &key, position);
    let order = order.clone();
    ctx.emit(Module::Ledger, &Event::UnitsFrozen { asset, class, account, was, frozen, order });
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
        check_order(ctx, &order)?;
        FILED_ORDERS.put(ctx, &key, order);
    }
    Ok(Reply::default())
}

/// Units that are moved, ended or made anew by order.
pub(crate) struct Act {
    pub asset: AssetId,
    pub class: ClassId,
    /// Whose they are; nobody's if they are made anew.
    pub from: Option<AccountId>,
    /// Who gets them; nobody if they end.
    pub to: Option<AccountId>,
    pub units: Units,
    pub order: Order,
    /// The order's number, if it was announced.
    pub number: Option<u64>,
}

impl Taking {
    /// What the order of this number does.
    pub(crate) fn act(&self, number: u64) -> Act {
        Act {
            asset: self.asset,
            class: self.class,
            from: Some(self.from),
            to: self.to,
            units: self.units,
            order: self.order.clone(),
            number: Some(number),
        }
    }
}

/// Moves, ends or issues units by order. Needs `Force`.
///
/// Unlocks exactly the shortfall: what is free goes first, then what is frozen, then what is held, the
/// oldest hold first. Never to a person who could not receive. An order that was announced is carried out by its
/// number alone while its freeze stands, so that its holder can contest it. LED-9.
pub(crate) fn force(ctx: &mut Context<'_>, by: Spender, act: &Act) -> Result<Reply, Refusal> {
    let Act { asset, class, from, to, units, ref order, number } = *act;
    let scope = Scope::Class(asset, class);
    match number {
        // Its units were counted when it was announced.
        Some(_) => exercise(ctx, by, Power::Force, scope)?,
        None => require(ctx, by, Power::Force, scope, units)?,
    }
    check_order(ctx, order)?;
    ensure(!units.is_zero() && from != to, Refusal::NothingToMove)?;
    if let Some(to) = to {
        check_account(ctx, to)?;
    }
    if let Some(from) = from {
        let key = (asset, class, from);
        if let (None, Some(other)) = (number, announced(ctx, key, order)) {
            return Err(Refusal::IsAnnounced(other));
        }
        unlock(ctx, key, act)?;
    }
    let cause = if to.is_some() { Cause::Forced } else { Cause::ForcedRedeem };
    let movement = Movement::of((asset, class), (from, to), units, cause, by.wallet);
    let mut reply = Reply::default();
    carry_out(ctx, movement, &mut reply)?;
    if number.is_none() {
        spend(ctx, by, Power::Force, scope, units)?;
    }
    let order = order.clone();
    ctx.emit(Module::Ledger, &Event::OrderCarriedOut { asset, order, by: by.wallet, number });
    Ok(reply)
}

/// The number by which an order was announced that still freezes units of a position.
fn announced(ctx: &Context<'_>, key: (AssetId, ClassId, AccountId), order: &Order) -> Option<u64> {
    let position = POSITIONS.read(ctx, &key)?;
    let under = order.key();
    position.freezes(ctx.now()).filter(|freeze| freeze.under == under).find_map(Freeze::order)
}

/// Frees just enough of a position for an order. What was frozen for this one goes first, then what agents froze
/// under it, then under others, the youngest first, then what the youngest announced order did. What is frozen
/// beyond what is there goes on to freeze what may come.
fn unlock(
    ctx: &mut Context<'_>,
    key: (AssetId, ClassId, AccountId),
    act: &Act,
) -> Result<(), Refusal> {
    let position = POSITIONS.get(ctx, &key).unwrap_or_default();
    let now = ctx.now();
    let is_others = |freeze: &&Freeze| act.number.is_none() || freeze.order() != act.number;
    let frozen = Freeze::sum(position.freezes(now).filter(is_others));
    let unheld = position.units.saturating_sub(position.held);
    let shortfall = act.units.saturating_sub(unheld.saturating_sub(frozen));
    let thawed = shortfall.min(frozen.min(unheld));
    refreeze(ctx, key, &act.order, |frozen| {
        frozen.retain(|freeze| is_others(&freeze));
        thaw(frozen, thawed, act.order.key());
    });
    let mut left = shortfall - thawed;
    for id in HOLDS_ON.get(ctx, &key).unwrap_or_default() {
        if left.is_zero() {
            break;
        }
        left = left.saturating_sub(hold::reduce(ctx, id, left)?);
    }
    Ok(())
}

/// Takes so many units out of what is frozen: what agents froze first, under this order before others.
fn thaw(frozen: &mut Vec<Freeze>, units: Units, under: B256) {
    let mut left = units;
    let mut places: Vec<usize> = (0..frozen.len()).rev().collect();
    places.sort_by_key(|place| (frozen[*place].order().is_some(), frozen[*place].under != under));
    for place in places {
        let part = frozen[place].units.min(left);
        frozen[place].units -= part;
        left -= part;
    }
    frozen.retain(|freeze| !freeze.units.is_zero());
}

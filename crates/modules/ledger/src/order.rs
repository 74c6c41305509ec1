//! Orders that give their holder time to contest: announced, perhaps contested and decided, carried out.
//!
//! What an order will take is frozen from its announcement until it is carried out, withdrawn, or expires.

use crate::{
    CLASSES, End, Event, Freeze, Freezer, NEXT, ORDERS, POSITIONS, Refusal, Reply, Spender, Taking,
    convert::check_settled,
    freeze::{check_bound, check_order, force, refreeze},
    ops::{check_account, exercise, require, spend},
};
use state::Context;
use trust::{Power, Scope};
use types::{
    AccountId, AssetId, B256, ClassId, Contest, Halt, Module, Order, Orders, Time, Units, ensure,
};

/// Announces that units will be moved, or ended, by order, and freezes them. Needs `Force`.
///
/// The holder may contest it until a time, from which on it may be carried out; at once, if that is not to
/// come. Refuses an incomplete or expired order, a window that ends after the order itself, and a position
/// that never was. A limited power is used up by the units announced, also if the order is withdrawn. LED-9.
pub(crate) fn announce(
    ctx: &mut Context<'_>,
    by: Spender,
    taking: Announcement,
) -> Result<Reply, Refusal> {
    let Announcement { asset, class, from, to, units, order, contest_until } = taking;
    let scope = Scope::Class(asset, class);
    require(ctx, by, Power::Force, scope, units)?;
    check_order(ctx, &order)?;
    ensure(!units.is_zero() && Some(from) != to, Refusal::NothingToMove)?;
    ensure(contest_until < order.ends(), Refusal::WindowTooLong(order.ends()))?;
    if let Some(to) = to {
        check_account(ctx, to)?;
    }
    check_settled(ctx, asset)?;
    let key = (asset, class, from);
    let position = POSITIONS.read(ctx, &key).ok_or(Refusal::NoPosition(from))?;
    let now = ctx.now();
    ensure(position.freezes(now).count() < Orders::MOST, Refusal::TooManyFreezes)?;
    let mut next = NEXT.get(ctx, &()).unwrap_or_default();
    let number = next.order;
    next.order += 1;
    NEXT.put(ctx, &(), next);
    let by_order = Freezer::Announced(number);
    let halt = Halt { by: by.wallet, since: now };
    refreeze(ctx, key, &order, |frozen| frozen.push(Freeze::new(units, &order, by_order, halt)));
    let (contest, end) = (Contest::default(), None);
    let record = Taking {
        asset,
        class,
        from,
        to,
        units,
        order: order.clone(),
        announced: now,
        contest_until,
        contest,
        end,
    };
    ORDERS.put(ctx, &number, record);
    spend(ctx, by, Power::Force, scope, units)?;
    ctx.emit(
        Module::Ledger,
        &Event::OrderAnnounced { number, asset, class, from, to, units, order, contest_until },
    );
    Ok(Reply::number(number))
}

/// An order as it is announced.
pub(crate) struct Announcement {
    pub asset: AssetId,
    pub class: ClassId,
    pub from: AccountId,
    pub to: Option<AccountId>,
    pub units: Units,
    pub order: Order,
    pub contest_until: Time,
}

/// The holder contests an order within its window: it is not carried out before it is confirmed. Once more after a recovery
/// of the wallet that contested it, whose word in time was not the holder's: then as long as the order stands. LED-9.
pub(crate) fn contest(
    ctx: &mut Context<'_>,
    by: Spender,
    number: u64,
    document: B256,
) -> Result<Reply, Refusal> {
    let record = raised(ctx, by, number, document)?;
    let asset = record.asset;
    ORDERS.put(ctx, &number, record);
    ctx.emit(Module::Ledger, &Event::OrderContested { number, asset, document, by: by.wallet });
    Ok(Reply::default())
}

/// The order once its holder contests it; refused as that would be.
pub(crate) fn raised(
    ctx: &Context<'_>,
    by: Spender,
    number: u64,
    document: B256,
) -> Result<Taking, Refusal> {
    let mut record = open(ctx, number)?;
    check_bound(ctx, by, record.from.person)?;
    let is_anew = identity::was_replaced(ctx, &record.contest.by);
    let is_in_time = is_anew || ctx.now() < record.contest_until;
    ensure(is_in_time, Refusal::WindowOver(record.contest_until))?;
    record.contest.raise(by.wallet, document, |_| is_anew)?;
    Ok(record)
}

/// Decides that a contested order stands. Needs `Force`, and the document that says so.
pub(crate) fn confirm(
    ctx: &mut Context<'_>,
    by: Spender,
    number: u64,
    document: B256,
) -> Result<Reply, Refusal> {
    let mut record = open(ctx, number)?;
    exercise(ctx, by, Power::Force, Scope::Class(record.asset, record.class))?;
    record.contest.confirm(document)?;
    let (asset, by) = (record.asset, by.wallet);
    ORDERS.put(ctx, &number, record);
    ctx.emit(Module::Ledger, &Event::OrderConfirmed { number, asset, document, by });
    Ok(Reply::default())
}

/// Takes an order back, contested or not, and lets its units go. Needs `Force`. The document says why; zero
/// if none does.
pub(crate) fn withdraw(
    ctx: &mut Context<'_>,
    by: Spender,
    number: u64,
    document: B256,
) -> Result<Reply, Refusal> {
    let mut record = undone(ctx, number)?;
    let (asset, class) = (record.asset, record.class);
    exercise(ctx, by, Power::Force, Scope::Class(asset, class))?;
    record.end = Some(End::Withdrawn);
    if !document.is_zero() {
        record.contest.decision = Some(document);
    }
    refreeze(ctx, (asset, class, record.from), &record.order, |frozen| {
        frozen.retain(|freeze| freeze.order() != Some(number));
    });
    ORDERS.put(ctx, &number, record);
    ctx.emit(Module::Ledger, &Event::OrderWithdrawn { number, asset, document, by: by.wallet });
    Ok(Reply::default())
}

/// Carries an announced order out, once its window is over and nobody contests it, or it was confirmed.
/// Needs `Force`, of which nothing more is used up. What was frozen for it goes first. LED-9.
pub(crate) fn carry_out(ctx: &mut Context<'_>, by: Spender, number: u64) -> Result<Reply, Refusal> {
    let mut record = open(ctx, number)?;
    ensure(!record.contest.is_open(), Refusal::IsContested)?;
    ensure(record.is_due(ctx.now()), Refusal::WindowOpen(record.contest_until))?;
    ensure(is_in_units_of_now(ctx, number, &record), Refusal::BeforeConversion(number))?;
    let reply = force(ctx, by, &record.act(number))?;
    record.end = Some(End::CarriedOut);
    ORDERS.put(ctx, &number, record);
    Ok(reply)
}

/// An order follows a conversion with what it froze. One of which nothing was left frozen then speaks of units that
/// are no more.
fn is_in_units_of_now(ctx: &Context<'_>, number: u64, record: &Taking) -> bool {
    let class = CLASSES.read(ctx, &(record.asset, record.class));
    let is_after = class.is_none_or(|class| class.converted < record.announced);
    let position = POSITIONS.read(ctx, &(record.asset, record.class, record.from));
    let is_its = |freeze: &Freeze| freeze.order() == Some(number);
    is_after || position.is_some_and(|position| position.frozen.iter().any(is_its))
}

/// An order that is still to be carried out.
fn open(ctx: &Context<'_>, number: u64) -> Result<Taking, Refusal> {
    let record = undone(ctx, number)?;
    ensure(record.order.stands(ctx.now()), Refusal::OrderExpired(record.order.ends()))?;
    Ok(record)
}

/// An order that was neither withdrawn nor carried out.
fn undone(ctx: &Context<'_>, number: u64) -> Result<Taking, Refusal> {
    let record = ORDERS.get(ctx, &number).ok_or(Refusal::UnknownOrder(number))?;
    ensure(record.end.is_none(), Refusal::OrderDone(number))?;
    Ok(record)
}

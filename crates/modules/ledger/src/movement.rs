//! The one function that moves units, and the one that says beforehand whether it would.
//!
//! Issue, transfer, delivery of a hold, redemption and orders all end in [`carry_out`]. Nothing else but a conversion
//! writes the units of a position.

use crate::{
    ASSETS, Asset, AssetStatus, CLASSES, Cause, Class, Event, HALTS, HOLDER_INDEX, Lots, ORDERS,
    POSITION_COUNT, POSITION_INDEX, POSITIONS, Position, Refusal, Stated, checkpoint,
    convert::check_settled,
    lots::{self, Times},
    ops::check_account,
    read, stated,
};
use compliance::{
    Action, AssetFacts, Consequence, Decision, Kind, Layer, Lot, Paths, Pick, Reason, ReasonCode,
    Side,
};
use state::Context;
use types::{AccountId, Address, AssetId, ClassId, Halt, Module, PersonId, Time, Units, ensure};

/// Units that are to move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Movement<'a> {
    pub asset: AssetId,
    pub class: ClassId,
    /// Who gives; nobody when units are issued.
    pub from: Option<AccountId>,
    /// Who gets; nobody when units end.
    pub to: Option<AccountId>,
    pub units: Units,
    pub cause: Cause,
    /// The key behind it.
    pub operator: Address,
    /// What the giver gives in the whole batch from here on.
    pub giving: Units,
    /// What of that is of this class.
    pub giving_of_class: Units,
    /// True if the giver gave already in this batch.
    pub has_given: bool,
    /// What the getter's person gets in the whole batch from here on.
    pub getting: Units,
    /// Units that a hold sets free for this movement alone.
    pub from_hold: Units,
    /// What is stated of it.
    pub stated: Stated<'a>,
    /// Since when units that are delivered were held.
    pub held: Option<Time>,
    /// True if units that are issued are not paid in full: their clock does not start.
    pub is_unpaid: bool,
    /// True if they are given up for units of another asset, or come for such.
    pub is_exchange: bool,
}

impl Movement<'_> {
    /// Of units of a class between two accounts, alone, of which nothing is stated.
    pub(crate) fn of(
        (asset, class): (AssetId, ClassId),
        (from, to): (Option<AccountId>, Option<AccountId>),
        units: Units,
        cause: Cause,
        operator: Address,
    ) -> Self {
        let (giving, giving_of_class, getting, from_hold) = (units, units, units, Units::ZERO);
        let (stated, held, is_unpaid, is_exchange) = (Stated::default(), None, false, false);
        Self {
            asset,
            class,
            from,
            to,
            units,
            cause,
            operator,
            giving,
            giving_of_class,
            has_given: false,
            getting,
            from_hold,
            stated,
            held,
            is_unpaid,
            is_exchange,
        }
    }

    /// What the giver gives besides, out of the same position: movements of their own, made after this one.
    pub(crate) fn fees(self, decision: &Decision) -> impl Iterator<Item = Self> {
        decision.fees().map(move |(to, units)| {
            let parties = (self.from, Some(AccountId::new(to, 0)));
            let fee = Self::of((self.asset, self.class), parties, units, Cause::Fee, self.operator);
            Self { held: self.held, ..fee }
        })
    }

    /// Whose wallet moves them, if it is not the giver's; a published app's contract moves them for its developer.
    fn through(&self, ctx: &Context<'_>) -> Option<PersonId> {
        let giver = self.from.filter(|_| self.kind().is(Kind::Transfer))?;
        if self.operator.is_zero() {
            return None;
        }
        let owner = identity::account_of(ctx, &self.operator).map(|account| account.person);
        let operator = owner.or_else(|| developer(ctx, &self.operator))?;
        let is_own = read::are_one(ctx, operator, giver.person);
        (!is_own).then_some(operator)
    }

    /// When clocks start that start anew with the getter: with a pledge, when it was made.
    fn restarts(&self, now: Time) -> Time {
        let is_pledge = matches!(self.cause, Cause::Pledge | Cause::RecoursePledge);
        self.held.filter(|_| is_pledge).unwrap_or(now)
    }

    fn kind(&self) -> Kind {
        match self.cause {
            Cause::Issue => Kind::Issue,
            Cause::Transfer | Cause::Hold => Kind::Transfer,
            Cause::Redeem => Kind::Redeem,
            Cause::Forced | Cause::ForcedRedeem => Kind::Forced,
            Cause::Pledge => Kind::Pledge,
            Cause::RecoursePledge => Kind::RecoursePledge,
            Cause::Exchange => Kind::CorporateAction,
            Cause::Fee => Kind::Fee,
        }
    }
}

/// Who answers for a contract that a published app lists.
fn developer(ctx: &Context<'_>, contract: &Address) -> Option<PersonId> {
    let listed = trust::app::CONTRACTS.read(ctx, contract).filter(|listed| listed.is_listed)?;
    trust::app::APPS.read(ctx, &listed.app).map(|app| app.developer)
}

/// A movement that somebody asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish<'a> {
    /// Of what.
    pub asset: AssetId,
    /// Of which class; none for all in their order, as ERC-20 moves them.
    pub class: Option<ClassId>,
    /// Who gives; nobody when units are issued.
    pub from: Option<AccountId>,
    /// Who gets; nobody when units end.
    pub to: Option<AccountId>,
    /// How much: of chosen lots, what they sum to.
    pub units: Units,
    /// By whose wallet; zero for the giver's own.
    pub operator: Address,
    /// What is stated of it.
    pub stated: Stated<'a>,
}

/// Would this movement happen now, of its class, or the first if none is named? Everything that stands in its
/// way, in the same words as execution. COM-2.
pub fn preview(ctx: &Context<'_>, wish: Wish<'_>) -> Result<Decision, Refusal> {
    let Wish { asset, class, from, to, units, operator, stated } = wish;
    let cause = match (from, to) {
        (None, _) => Cause::Issue,
        (_, None) => Cause::Redeem,
        _ => Cause::Transfer,
    };
    if let Some(to) = to {
        check_account(ctx, to)?;
    }
    ensure(!units.is_zero() || cause == Cause::Transfer, Refusal::NothingToMove)?;
    stated::check_path(stated.path)?;
    stated::check_lots(stated.lots, (from, to), units)?;
    let class = class.unwrap_or(ClassId(0));
    let of = Movement::of((asset, class), (from, to), units, cause, operator);
    Ok(judge(ctx, &Movement { stated, ..of })?.decision)
}

/// What would have to be said of a movement if it were made now, and is refused if it could not be.
pub(crate) fn check(ctx: &Context<'_>, movement: &Movement<'_>) -> Result<Decision, Refusal> {
    let decision = judge(ctx, movement)?.decision;
    if !decision.is_allowed() {
        return Err(decision.into());
    }
    Ok(decision)
}

struct Judged {
    decision: Decision,
    source: Position,
    checkpoint: u32,
    issuer: PersonId,
}

/// Everything that stands in the way of a movement now, and nothing about when or how much would pass.
pub(crate) fn reasons(ctx: &Context<'_>, movement: &Movement<'_>) -> Result<Vec<Reason>, Refusal> {
    let judged = consider(ctx, movement, |action, mut found| {
        found.append(&mut compliance::reasons(ctx, action));
        Decision { reasons: found, ..Decision::default() }
    })?;
    Ok(judged.decision.reasons)
}

fn judge(ctx: &Context<'_>, movement: &Movement<'_>) -> Result<Judged, Refusal> {
    consider(ctx, movement, |action, found| {
        let of = |from| read::position(ctx, movement.asset, movement.class, from);
        let free_at =
            |at| movement.from.map_or(action.free, |from| movable(movement, &of(from), at));
        decide(ctx, action, found, free_at)
    })
}

/// Gathers what the ledger knows about a movement, and what it has against it; another decides.
fn consider(
    ctx: &Context<'_>,
    movement: &Movement<'_>,
    decide: impl FnOnce(&Action<'_>, Vec<Reason>) -> Decision,
) -> Result<Judged, Refusal> {
    let Movement { asset: id, class: class_id, from, to, units, stated, .. } = *movement;
    let asset = read::asset(ctx, id)?;
    let class = CLASSES.read(ctx, &(id, class_id)).ok_or(Refusal::UnknownClass(class_id))?;
    check_settled(ctx, id)?;
    let source = from.map(|from| read::position(ctx, id, class_id, from)).unwrap_or_default();
    let mut found = Vec::new();
    let at_most = match from {
        Some(_) => movable(movement, &source, ctx.now()),
        None => asset.authorised.saturating_sub(asset.issued),
    };
    own_reasons(ctx, movement, asset, class, &source, at_most, &mut found);
    let facts = AssetFacts {
        issuer: asset.issuer,
        outstanding: asset.outstanding(),
        outstanding_of_class: class.outstanding(),
    };
    let free = at_most;
    let chosen = match stated.lots {
        [] => None,
        lots => Some(stated::chosen(&source.lots, lots)?),
    };
    let among = chosen.as_ref().map(|lots| lots.iter().map(|lot| lot.units).sum());
    let at_most = among.map_or(at_most, |among| at_most.min(among));
    let action = Action {
        kind: movement.kind(),
        asset: id,
        class: Some(class_id),
        facts,
        outstanding_of: |ctx, asset| {
            ASSETS.read(ctx, &asset).map_or(Units::ZERO, Asset::outstanding)
        },
        from: from.map(|account| account.person),
        to: to.map(|account| account.person),
        units,
        giving: movement.giving,
        giving_of_class: movement.giving_of_class,
        has_given: movement.has_given,
        getting: movement.getting,
        at_most,
        free,
        lots: chosen.as_ref().unwrap_or(&source.lots),
        paid: stated.paid,
        from_account: from,
        to_account: to,
        through: movement.through(ctx),
        operator: movement.operator,
        chosen: stated.profile,
        elected: stated.path,
        is_exchange: movement.is_exchange,
    };
    let decision = decide(&action, found);
    Ok(Judged { decision, checkpoint: asset.checkpoint, issuer: asset.issuer, source })
}

/// What compliance says, and what the ledger found; so much of what the giver has is free at a time.
fn decide(
    ctx: &Context<'_>,
    action: &Action<'_>,
    mut found: Vec<Reason>,
    free_at: impl Fn(Time) -> Units,
) -> Decision {
    let mut decision = compliance::decide(ctx, action);
    if !found.is_empty() {
        // What the ledger itself refuses no date would cure, but the end of a freeze; and a smaller amount
        // only if it is about that.
        let only_amount = found.iter().all(|reason| is_about_amount(reason.code));
        let ends = found.iter().try_fold(Time(0), |last, reason| Some(last.max(reason.when?)));
        decision.earliest_ok = ends.and_then(|from| {
            // What a fee would be taken of is what is free by then.
            let free = free_at(from);
            compliance::earliest_from(ctx, &Action { free, ..*action }, from)
        });
        decision.max_ok = match only_amount {
            true => decision.max_ok.or_else(|| compliance::max_ok(ctx, action)),
            false => Some(Units::ZERO),
        };
        found.append(&mut decision.reasons);
        decision.reasons = found;
    }
    decision
}

fn is_about_amount(code: ReasonCode) -> bool {
    use ReasonCode::*;
    matches!(code, InsufficientBalance | UnitsHeld | SupplyCap)
}

/// Units of a position that this movement may take at a time. A hold sets its own units free for its delivery,
/// not those that an order froze; an order takes what is frozen too.
fn movable(movement: &Movement<'_>, source: &Position, at: Time) -> Units {
    let unheld = source.units.saturating_sub(source.held) + movement.from_hold.min(source.held);
    match movement.kind() {
        Kind::Forced => unheld,
        _ => unheld.saturating_sub(source.frozen(at)),
    }
}

/// From when on this movement may take what it asks for, because freezes end by themselves.
fn movable_from(movement: &Movement<'_>, source: &Position, now: Time) -> Option<Time> {
    let ends = source.frozen.iter().map(|freeze| freeze.until);
    let enough = |at: &Time| movable(movement, source, *at) >= movement.units;
    ends.filter(|end| now < *end && *end != Time::NEVER).filter(enough).min()
}

/// What the ledger itself has against a movement: halts, freezes, balances, the authorised supply.
fn own_reasons(
    ctx: &Context<'_>,
    movement: &Movement<'_>,
    asset: &Asset,
    class: &Class,
    source: &Position,
    free: Units,
    found: &mut Vec<Reason>,
) {
    let Movement { asset: id, from, to, units, .. } = *movement;
    let is_forced = movement.kind() == Kind::Forced;
    let refuse = |code| Reason::new(Layer::Ledger, code);
    let halted = |code, class| stopped(ctx, refuse(code), HALTS.read(ctx, &(id, class)));
    match asset.status {
        AssetStatus::Closed => found.push(halted(ReasonCode::AssetClosed, None)),
        AssetStatus::Paused if !is_forced => found.push(halted(ReasonCode::Paused, None)),
        _ if class.is_frozen && !is_forced => {
            let class = Some(movement.class);
            found.push(Reason { class, ..halted(ReasonCode::Paused, class) });
        }
        _ => {}
    }
    if !is_forced {
        let sides = [
            (from, ReasonCode::FrozenFrom, Side::Sender),
            (to, ReasonCode::FrozenTo, Side::Receiver),
        ];
        for (account, code, side) in sides {
            if let Some(binding) = account.and_then(|it| read::frozen_by(ctx, id, it.person)) {
                let when = Some(binding.order.ends()).filter(|ends| *ends != Time::NEVER);
                let reason = stopped(ctx, refuse(code).of(side), Some(&binding.halt));
                found.push(Reason { when, order: Some((&binding.order).into()), ..reason });
            }
        }
    }
    // A key in wrong hands may have made allowances, operators and holds before the dispute. I-35. Whoever waits for what
    // is held waits for a time that is known.
    let is_own_will = match movement.cause {
        Cause::Transfer | Cause::Redeem => true,
        Cause::Fee => movement.held.is_none(),
        _ => false,
    };
    if let Some(from) = from.filter(|_| !is_forced) {
        let when = identity::disputed_until(ctx, &from, movement.held).filter(|_| !is_own_will);
        if when.is_some() || is_own_will && identity::is_recovering(ctx, &from) {
            found.push(Reason { when, ..refuse(ReasonCode::InDispute).of(Side::Sender) });
        }
    }
    // What it had promised by a hold is delivered.
    if is_own_will && from.is_some_and(|from| has_died(ctx, from.person)) {
        found.push(refuse(ReasonCode::PersonDeceased).of(Side::Sender));
    }
    if from.is_some() {
        if source.units < units {
            let short = refuse(ReasonCode::InsufficientBalance).of(Side::Sender);
            found.push(short.amounts(source.units.0, units.0));
        } else if free < units {
            let short = refuse(ReasonCode::UnitsHeld).of(Side::Sender).amounts(free.0, units.0);
            let when = movable_from(movement, source, ctx.now());
            found.push(Reason { when, ..kept_back(ctx, movement, source, short) });
        }
    } else {
        let after = asset.issued.0.saturating_add(units.0);
        if after > asset.authorised.0 || asset.issued.checked_add(units).is_err() {
            found.push(refuse(ReasonCode::SupplyCap).amounts(after, asset.authorised.0));
        }
    }
}

/// Who stopped something, and since when: the person whose wallet did, or who answers for the contract that did.
fn stopped(ctx: &Context<'_>, reason: Reason, halt: Option<&Halt>) -> Reason {
    let Some(Halt { by, since }) = halt else { return reason };
    let by = identity::owner(ctx, by).or_else(|| developer(ctx, by));
    Reason { by, since: Some(*since), ..reason }
}

/// What keeps units of a position back: how many others' holds and pledges do, and how many freezes, unless holds alone are
/// the cause. A freeze is named only where without freezes there would be enough.
fn kept_back(
    ctx: &Context<'_>,
    movement: &Movement<'_>,
    source: &Position,
    short: Reason,
) -> Reason {
    let now = ctx.now();
    let free = movable(movement, source, now);
    let held = source.held.saturating_sub(movement.from_hold);
    let short = Reason { held: Some(held).filter(|held| !held.is_zero()), ..short };
    // What is held may be frozen too, so neither number is what the other leaves.
    let unheld = source.units.saturating_sub(held);
    let frozen = source.frozen(now).min(source.units);
    let has_part = free < unheld && source.units - frozen < movement.units;
    let would_do = free < unheld && unheld >= movement.units;
    let frozen = Some(frozen).filter(|_| has_part || would_do);
    match would_do {
        true => frozen_units(ctx, source, Reason { frozen, ..short }),
        false => Reason { frozen, ..short },
    }
}

/// By which order units of a position are frozen, if any are: the one that binds longest, of several the first. Of what an
/// agent froze its hand alone is known, and not the words of its order.
fn frozen_units(ctx: &Context<'_>, source: &Position, short: Reason) -> Reason {
    let longest = source.freezes(ctx.now()).rev().max_by_key(|freeze| freeze.until);
    let Some(freeze) = longest else { return short };
    let announced = freeze.order().and_then(|number| ORDERS.read(ctx, &number));
    let order = announced.map(|taking| (&taking.order).into());
    Reason { order, ..stopped(ctx, short, Some(&freeze.halt)) }
}

/// True if a person's death is on record.
pub(crate) fn has_died(ctx: &Context<'_>, person: PersonId) -> bool {
    identity::person(ctx, person).is_some_and(|person| person.death.is_some())
}

/// Moves units, if nothing stands in the way. Returns the path relied on, and the issuer's own
/// contract that must agree too.
///
/// A movement of nothing, or from an account to itself, is judged and announced, and changes nothing.
/// Keeps LED-1 to LED-5; announces `Moved`, and `Priced` where it is stated what is paid.
///
/// Of chosen lots, if its giver chose some, else the most seasoned go first. What is issued has a lot of its own, unless
/// lots are given that go on.
pub(crate) fn carry_out(
    ctx: &mut Context<'_>,
    movement: Movement<'_>,
    made: Option<Made>,
) -> Result<Decision, Refusal> {
    let Movement { asset, class, from, to, units, cause, operator, .. } = movement;
    let Judged { mut decision, source, checkpoint, issuer } = judge(ctx, &movement)?;
    if !decision.is_allowed() {
        return Err(decision.into());
    }
    let Decision { exemptions, keeps, .. } = decision;
    let paths: Paths = decision.paths.iter().collect();
    if !units.is_zero() && from != to {
        let taken = match from {
            Some(account) => take(ctx, account, source, (&movement, issuer), &decision, checkpoint),
            None => made.map_or_else(
                || {
                    let acquired = ctx.now();
                    let anchor = if movement.is_unpaid { Time::NEVER } else { acquired };
                    let freed = exemptions.without(keeps);
                    let made = Lot { units, acquired, anchor, paths, exemptions: keeps, freed };
                    Lots::from_iter([made])
                },
                |made| made.stamped(&decision, ctx.now()),
            ),
        };
        if let Some(account) = to {
            give(ctx, (asset, class, account), taken, checkpoint);
        }
        let is_issuer = |side: Option<AccountId>| side.is_some_and(|it| it.person == issuer);
        if from.is_none() || to.is_none() || is_issuer(from) != is_issuer(to) {
            change_supply(ctx, (asset, class), from, to, units, checkpoint);
        }
        count(ctx, (asset, class), from, to, units);
        // What it gives besides is left for the caller to move.
        let is_fee = |it: &Consequence| matches!(it, Consequence::Fee { .. });
        let follows = std::mem::take(&mut decision.consequences);
        let (fees, follows) = follows.into_iter().partition(is_fee);
        decision.consequences = fees;
        compliance::follow(ctx, asset, follows);
    }
    ctx.emit(
        Module::Ledger,
        &Event::Moved { asset, class, from, to, units, cause, paths, exemptions, operator },
    );
    if let Some((currency, paid)) = movement.stated.paid {
        let paid = Units(paid);
        ctx.emit(Module::Ledger, &Event::Priced { asset, class, from, to, units, currency, paid });
    }
    if let Some(account) = to.filter(|_| movement.is_unpaid && !units.is_zero()) {
        ctx.emit(Module::Ledger, &Event::IssuedUnpaid { asset, class, account, units });
    }
    Ok(decision)
}

/// Lots that go on in another asset.
pub(crate) struct Made {
    pub lots: Lots,
    /// Since when the asset that they were of issues under profiles: what was issued since and names none came free
    /// of them, what is older was never under any.
    pub bound_since: Option<Time>,
}

impl Made {
    /// Under the profiles of what was judged, if they were never under any; their clocks go on, unless a rule says
    /// otherwise.
    fn stamped(self, decision: &Decision, now: Time) -> Lots {
        let is_bound = |lot: &Lot| {
            let is_since = |since: Time| since <= lot.anchor && lot.is_paid();
            let was_under = !lot.exemptions.is_empty() || !lot.freed.is_empty();
            was_under || self.bound_since.is_some_and(is_since)
        };
        let Decision { exemptions, keeps, .. } = *decision;
        let stamp = |lot: Lot| {
            let stamped = match is_bound(&lot) {
                true => lot,
                false => Lot { exemptions: keeps, freed: exemptions.without(keeps), ..lot },
            };
            Lot {
                anchor: if decision.restart { now.max(lot.anchor) } else { lot.anchor },
                paths: decision.paths.iter().collect(),
                ..stamped
            }
        };
        self.lots.into_iter().map(stamp).collect()
    }
}

/// Takes units out of a position, as its receiver will get them.
fn take(
    ctx: &mut Context<'_>,
    account: AccountId,
    mut position: Position,
    (movement, issuer): (&Movement<'_>, PersonId),
    decision: &Decision,
    checkpoint: u32,
) -> Lots {
    let key = (movement.asset, movement.class, account);
    checkpoint::keep_balance(ctx, &key, &mut position, checkpoint);
    position.units -= movement.units;
    position.held -= movement.from_hold;
    let (now, is_internal) = (ctx.now(), decision.is_internal);
    let is_placed = account.person == issuer && !is_internal;
    let times = Times { now, restart: movement.restarts(now), is_internal, is_placed };
    let taken = match (decision.picks.is_empty(), movement.stated.lots) {
        (true, []) => lots::stamp(lots::take(&mut position.lots, movement.units), times, decision),
        (true, chosen) => lots::stamp(stated::take(&mut position.lots, chosen), times, decision),
        (false, []) => lots::pick(&mut position.lots, &decision.picks, times, decision),
        (false, chosen) => {
            let place = |pick: &Pick| chosen[usize::from(pick.place)].place;
            let picks: Vec<_> =
                decision.picks.iter().map(|pick| Pick { place: place(pick), ..*pick }).collect();
            lots::pick(&mut position.lots, &picks, times, decision)
        }
    };
    assert!(position.held <= position.units, "LED-2");
    POSITIONS.put(ctx, &key, position);
    taken
}

fn give(ctx: &mut Context<'_>, key: (AssetId, ClassId, AccountId), taken: Lots, checkpoint: u32) {
    let known = POSITIONS.get(ctx, &key);
    if known.is_none() {
        index(ctx, key);
    }
    let mut position = known.unwrap_or_default();
    checkpoint::keep_balance(ctx, &key, &mut position, checkpoint);
    position.units += taken.iter().map(|lot| lot.units).sum();
    lots::put(&mut position.lots, taken);
    POSITIONS.put(ctx, &key, position);
}

/// Remembers that an account has a position, in the order of coming.
pub(crate) fn index(ctx: &mut Context<'_>, (asset, class, account): (AssetId, ClassId, AccountId)) {
    let place = POSITION_COUNT.get(ctx, &account).unwrap_or(0);
    POSITION_INDEX.put(ctx, &(account, place), (asset, class));
    POSITION_COUNT.put(ctx, &account, place + 1);
    if let Some(mut record) = CLASSES.get(ctx, &(asset, class)) {
        HOLDER_INDEX.put(ctx, &(asset, class, record.holders), account);
        record.holders += 1;
        CLASSES.put(ctx, &(asset, class), record);
    }
}

/// What is issued, and what of it the issuer itself holds, follow the movement. LED-1, LED-7.
fn change_supply(
    ctx: &mut Context<'_>,
    key: (AssetId, ClassId),
    from: Option<AccountId>,
    to: Option<AccountId>,
    units: Units,
    checkpoint: u32,
) {
    let mut asset = ASSETS.get(ctx, &key.0).expect("judged before");
    let mut class = CLASSES.get(ctx, &key).expect("judged before");
    if from.is_none() || to.is_none() {
        checkpoint::keep_supply(ctx, &key, class.issued, &mut class.since, checkpoint);
    }
    let is_issuer = |account: AccountId| account.person == asset.issuer;
    let (leaves, comes) = (from.is_some_and(is_issuer), to.is_some_and(is_issuer));
    for (issued, treasury) in
        [(&mut asset.issued, &mut asset.treasury), (&mut class.issued, &mut class.treasury)]
    {
        if from.is_none() {
            *issued += units;
        }
        if comes {
            *treasury += units;
        }
        if leaves {
            *treasury -= units;
        }
        if to.is_none() {
            *issued -= units;
        }
    }
    assert!(asset.issued <= asset.authorised, "LED-1");
    ASSETS.put(ctx, &key.0, asset);
    CLASSES.put(ctx, &key, class);
}

/// Tells compliance what each person gained and lost; a move between accounts of one is neither. LED-4.
fn count(
    ctx: &mut Context<'_>,
    held: (AssetId, ClassId),
    from: Option<AccountId>,
    to: Option<AccountId>,
    units: Units,
) {
    let (from, to) = (from.map(|account| account.person), to.map(|account| account.person));
    if from.zip(to).is_some_and(|(from, to)| read::are_one(ctx, from, to)) {
        return;
    }
    if let Some(person) = from {
        compliance::record(ctx, held, person, Units::ZERO, units);
    }
    if let Some(person) = to {
        compliance::record(ctx, held, person, units, Units::ZERO);
    }
}

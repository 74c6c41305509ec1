//! Holds: units set aside in place for someone, until released, delivered or expired. A pledge is a hold that
//! secures a debt.

use crate::{
    Cause, Event, HOLDS, HOLDS_ON, Hold, NEXT, POSITIONS, Pledge, Price, Refusal, Reply, Spender,
    Stated,
    convert::check_settled,
    movement::{self, Movement},
    ops::{act_for, agree, carry_out, check_account, check_person, check_spender, own_account},
    read, stated,
};
use identity::operation::HOLD;
use state::Context;
use types::{AccountId, Address, AssetId, ClassId, Module, Name, PersonId, Time, Units, ensure};

/// Holds that one position may carry.
const MAX_HOLDS: usize = 256;

/// A hold as it is asked for.
pub(crate) struct Terms {
    pub beneficiary: AccountId,
    pub notary: Option<PersonId>,
    pub units: Units,
    pub expires: Time,
    /// True if it is a pledge with recourse, false if it is one without.
    pub recourse: Option<bool>,
    pub path: Option<Name>,
    pub price: Option<Price>,
}

impl Hold {
    /// Its delivery, or its making: for a pledge both are judged as one. It goes on the terms that its giver stated, and
    /// of what is paid so much is paid for it as falls on its units. To who turned out to be its giver it goes by no path:
    /// no law is asked that could offer one.
    pub(crate) fn movement(
        &self,
        ctx: &Context<'_>,
        units: Units,
        from_hold: Units,
        operator: Address,
    ) -> Movement<'_> {
        let cause = match self.pledge {
            None => Cause::Hold,
            Some(Pledge { recourse: false }) => Cause::Pledge,
            Some(Pledge { recourse: true }) => Cause::RecoursePledge,
        };
        let (from, to) = (Some(self.account), Some(self.beneficiary));
        let of = Movement::of((self.asset, self.class), (from, to), units, cause, operator);
        let price = self.price.map(|price| price.share(units, self.units));
        let paid = price.map(|price| (price.currency, price.paid.0));
        let is_internal = read::are_one(ctx, self.account.person, self.beneficiary.person);
        let path = self.path.as_ref().filter(|_| !is_internal);
        let stated = Stated { paid, path, ..Stated::default() };
        Movement { from_hold, held: Some(self.since), stated, ..of }
    }
}

/// Holds free units for a beneficiary: the caller's own, or within a delegation, and no longer than it lasts, another
/// account's. A pledge is judged when it is made, as its delivery would be: whom it secures could have the units
/// then. LED-2.
pub(crate) fn place(
    ctx: &mut Context<'_>,
    by: Spender,
    (asset, class): (AssetId, ClassId),
    account: Option<AccountId>,
    terms: Terms,
) -> Result<Reply, Refusal> {
    let Terms { beneficiary, notary, units, expires, recourse, path, price } = terms;
    stated::check_path(path.as_ref())?;
    let account = match account {
        Some(account) if identity::account_of(ctx, &by.wallet) != Some(account) => {
            check_end(ctx, by, account, expires)?;
            let asset = Some(asset);
            act_for(ctx, by, identity::Use { account, operation: HOLD, asset, units })?;
            account
        }
        _ => own_account(ctx, by)?,
    };
    check_settled(ctx, asset)?;
    check_account(ctx, beneficiary)?;
    if let Some(notary) = notary {
        check_person(ctx, notary)?;
    }
    ensure(!units.is_zero() && beneficiary != account, Refusal::NothingToMove)?;
    ensure(expires > ctx.now(), Refusal::HoldEnded(expires))?;
    let key = (asset, class, account);
    let mut position = POSITIONS.get(ctx, &key).unwrap_or_default();
    let free = position.free(ctx.now());
    ensure(free >= units, Refusal::NotFree { free, need: units })?;
    let mut holds = HOLDS_ON.get(ctx, &key).unwrap_or_default();
    ensure(holds.len() < MAX_HOLDS, Refusal::TooManyHolds)?;
    let (since, pledge) = (ctx.now(), recourse.map(|recourse| Pledge { recourse }));
    let hold = Hold {
        asset,
        class,
        account,
        beneficiary,
        notary,
        units,
        since,
        expires,
        pledge,
        path,
        price,
    };
    let mut reply = Reply::default();
    if pledge.is_some() {
        let movement = hold.movement(ctx, units, Units::ZERO, by.wallet);
        let decision = movement::check(ctx, &movement)?;
        agree(&movement, &decision, &mut reply);
    }
    position.held += units;
    POSITIONS.put(ctx, &key, position);
    let mut next = NEXT.get(ctx, &()).unwrap_or_default();
    let id = next.hold;
    next.hold += 1;
    NEXT.put(ctx, &(), next);
    holds.push(id);
    HOLDS_ON.put(ctx, &key, holds);
    ctx.emit(
        Module::Ledger,
        &Event::Held { hold: id, asset, class, account, beneficiary, units, expires },
    );
    if hold.path.is_some() || price.is_some() {
        let path = hold.path.clone();
        ctx.emit(Module::Ledger, &Event::HeldOn { hold: id, path, price });
    }
    HOLDS.put(ctx, &id, hold);
    if let Some(Pledge { recourse }) = pledge {
        ctx.emit(Module::Ledger, &Event::Pledged { hold: id, recourse });
    }
    reply.number = Some(id);
    Ok(reply)
}

/// Whoever holds for another holds no longer than it may.
fn check_end(
    ctx: &Context<'_>,
    by: Spender,
    account: AccountId,
    expires: Time,
) -> Result<(), Refusal> {
    let wallet = by.wallet;
    let delegation = identity::DELEGATIONS.read(ctx, &(account, wallet));
    let outlasts = delegation.is_some_and(|delegation| expires > delegation.expires);
    let why = "expires: the hold would outlast the delegation";
    Ok(ensure(!outlasts, identity::Refusal::NotDelegated { wallet, account, why })?)
}

/// Gives held units back: by notary or beneficiary at any time; by the owner, or who may hold for it, once the
/// hold has expired; by the account's new wallet, though its person be suspended, while a dispute over the lost one's
/// key leaves the hold in doubt. LED-11.
pub(crate) fn release(ctx: &mut Context<'_>, by: Spender, id: u64) -> Result<Reply, Refusal> {
    let hold = HOLDS.get(ctx, &id).ok_or(Refusal::UnknownHold(id))?;
    let Hold { asset, account, expires, .. } = hold;
    let has_expired = ctx.now() >= expires;
    match own_account(ctx, by) {
        _ if takes_back(ctx, by.wallet, &hold) => {}
        Ok(caller) if caller.person == account.person => {
            ensure(has_expired, Refusal::HoldStands(expires))?;
        }
        Ok(caller) if decides(&hold, caller) || caller == hold.beneficiary => {}
        Ok(_) | Err(Refusal::Identity(identity::Refusal::WalletUnknown(_))) => {
            ensure(identity::DELEGATIONS.has(ctx, &(account, by.wallet)), Refusal::NotYours)?;
            let (asset, units) = (Some(asset), Units::ZERO);
            act_for(ctx, by, identity::Use { account, operation: HOLD, asset, units })?;
            ensure(has_expired, Refusal::HoldStands(expires))?;
        }
        Err(refusal) => return Err(refusal),
    }
    reduce(ctx, id, hold.units)?;
    Ok(Reply::default())
}

/// True if the wallet is the account's new one and takes back what a lost key may have held.
fn takes_back(ctx: &Context<'_>, wallet: Address, hold: &Hold) -> bool {
    let Hold { account, since, .. } = hold;
    identity::may_take_back(ctx, account, *since)
        && identity::wallet_of(ctx, account) == Some(wallet)
        && !movement::has_died(ctx, account.person)
}

/// True if a wallet may take the hold back now, though its person be suspended: its key replaced a lost one. LED-11.
pub(crate) fn may_take_back(ctx: &Context<'_>, wallet: Address, hold: u64) -> bool {
    HOLDS.get(ctx, &hold).is_some_and(|hold| takes_back(ctx, wallet, &hold))
}

/// Delivers held units, or a part, to the beneficiary; compliance is asked then, not before. While the key of the giver's
/// account is in dispute the delivery waits, as long as [`identity::disputed_until`] says: a key in wrong hands may have
/// made the hold. Its end stays as it is. I-35.
pub(crate) fn execute(
    ctx: &mut Context<'_>,
    by: Spender,
    id: u64,
    units: Units,
) -> Result<Reply, Refusal> {
    let hold = HOLDS.get(ctx, &id).ok_or(Refusal::UnknownHold(id))?;
    let caller = own_account(ctx, by)?;
    ensure(decides(&hold, caller), Refusal::NotYours)?;
    if caller.person != hold.account.person {
        check_spender(ctx, by, Some(hold.asset))?;
    }
    ensure(ctx.now() < hold.expires, Refusal::HoldEnded(hold.expires))?;
    ensure(
        !units.is_zero() && units <= hold.units,
        Refusal::NotFree { free: hold.units, need: units },
    )?;
    let mut reply = Reply::default();
    let delivery = hold.movement(ctx, units, units, by.wallet);
    carry_out(ctx, delivery, &mut reply)?;
    shrink(ctx, id, hold, units);
    ctx.emit(Module::Ledger, &Event::HoldExecuted { hold: id, units });
    Ok(reply)
}

/// Releases up to so many units of a hold and says how many.
pub(crate) fn reduce(ctx: &mut Context<'_>, id: u64, at_most: Units) -> Result<Units, Refusal> {
    let hold = HOLDS.get(ctx, &id).ok_or(Refusal::UnknownHold(id))?;
    let units = hold.units.min(at_most);
    let key = (hold.asset, hold.class, hold.account);
    let mut position = POSITIONS.get(ctx, &key).expect("I-04: a hold stands on a position");
    position.held -= units;
    POSITIONS.put(ctx, &key, position);
    shrink(ctx, id, hold, units);
    ctx.emit(Module::Ledger, &Event::HoldReleased { hold: id, units });
    Ok(units)
}

/// The notary decides, or the beneficiary where no notary is named.
fn decides(hold: &Hold, caller: AccountId) -> bool {
    match hold.notary {
        Some(notary) => caller.person == notary,
        None => caller == hold.beneficiary,
    }
}

/// Takes units off a hold's record, with what is paid for them, and drops it when nothing is left. I-04.
fn shrink(ctx: &mut Context<'_>, id: u64, mut hold: Hold, units: Units) {
    let key = (hold.asset, hold.class, hold.account);
    let whole = hold.units;
    if let Some(price) = &mut hold.price {
        price.paid -= price.paid.share(units, whole);
    }
    hold.units -= units;
    if hold.units.is_zero() {
        HOLDS.delete(ctx, &id);
        let mut holds = HOLDS_ON.get(ctx, &key).unwrap_or_default();
        holds.retain(|other| *other != id);
        match holds.is_empty() {
            true => HOLDS_ON.delete(ctx, &key),
            false => HOLDS_ON.put(ctx, &key, holds),
        }
    } else {
        HOLDS.put(ctx, &id, hold);
    }
}

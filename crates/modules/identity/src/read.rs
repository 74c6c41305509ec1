//! What other modules ask.

use crate::{
    ACCOUNTS, CLAIMS, Claim, DELEGATIONS, Delegation, Event, NUMBERS, OUTDATED, PERSONS, Person,
    RECOVERIES, Refusal, SANCTIONS, SUSPENSIONS, WALLETS,
};
use state::Context;
use types::{
    AccountId, Address, AssetId, B256, Contest, Module, Order, PersonId, Time, Units, ensure,
};

/// A person acting through a wallet that owns one of its accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The key that signed.
    pub wallet: Address,
    /// The account it owns.
    pub account: AccountId,
}

impl Actor {
    /// The person behind the wallet.
    pub fn person(&self) -> PersonId {
        self.account.person
    }
}

/// The person with this number.
pub fn person<'c>(ctx: &'c Context<'_>, id: PersonId) -> Option<&'c Person> {
    PERSONS.read(ctx, &id)
}

/// The number under which a person is counted: its own, or the first of the several that its human being has.
pub fn counted_as(ctx: &Context<'_>, id: PersonId) -> PersonId {
    PERSONS.read(ctx, &id).and_then(|person| person.counted_as).unwrap_or(id)
}

/// All numbers of the human being behind a person, if it has several; none for nearly everybody.
pub fn merged<'c>(ctx: &'c Context<'_>, person: &Person) -> &'c [PersonId] {
    let numbers = person.counted_as.and_then(|first| NUMBERS.read(ctx, &first));
    numbers.map_or(&[], Vec::as_slice)
}

/// The other numbers of the human being behind this one; none for nearly everybody.
pub fn others<'c>(ctx: &'c Context<'_>, id: PersonId) -> impl Iterator<Item = PersonId> + use<'c> {
    let numbers = PERSONS.read(ctx, &id).map_or(&[][..], |person| merged(ctx, person));
    numbers.iter().copied().filter(move |other| *other != id)
}

/// All numbers of a human being, this one first.
pub(crate) fn numbers(ctx: &Context<'_>, id: PersonId) -> Vec<PersonId> {
    std::iter::once(id).chain(others(ctx, id)).collect()
}

/// The account that a living wallet owns.
pub fn account_of(ctx: &Context<'_>, wallet: &Address) -> Option<AccountId> {
    WALLETS.read(ctx, wallet).filter(|wallet| wallet.is_alive).map(|wallet| wallet.account)
}

/// Whose a wallet is, or was before another took its place; nobody's if it never owned an account.
pub fn owner(ctx: &Context<'_>, wallet: &Address) -> Option<PersonId> {
    WALLETS.read(ctx, wallet).map(|wallet| wallet.account.person)
}

/// The wallet that owns an account.
pub fn wallet_of(ctx: &Context<'_>, account: &AccountId) -> Option<Address> {
    ACCOUNTS.get(ctx, account)
}

/// Who acts when this wallet signs; refuses wallets that are unknown, dead or of a suspended or deceased person,
/// and those in dispute: while a recovery waits, the key may be in wrong hands. I-35.
pub fn acting(ctx: &Context<'_>, wallet: &Address) -> Result<Actor, Refusal> {
    let actor = bound(ctx, wallet)?;
    ensure(!is_recovering(ctx, &actor.account), Refusal::RecoveryPending(actor.account))?;
    Ok(actor)
}

/// True if a wallet owned an account once, and another does now.
pub fn was_replaced(ctx: &Context<'_>, wallet: &Address) -> bool {
    WALLETS.read(ctx, wallet).is_some_and(|wallet| !wallet.is_alive)
}

/// True while a recovery of the account waits: nothing leaves it by its owner's will.
pub fn is_recovering(ctx: &Context<'_>, account: &AccountId) -> bool {
    RECOVERIES.has(ctx, account)
}

/// Who is behind a wallet, in dispute or not.
pub(crate) fn bound(ctx: &Context<'_>, wallet: &Address) -> Result<Actor, Refusal> {
    let record = WALLETS.read(ctx, wallet).ok_or(Refusal::WalletUnknown(*wallet))?;
    ensure(record.is_alive, Refusal::WalletDead(*wallet))?;
    let account = record.account;
    let person = person(ctx, account.person).ok_or(Refusal::UnknownPerson(account.person))?;
    ensure(person.death.is_none(), Refusal::PersonDeceased(account.person))?;
    ensure(!person.is_suspended(ctx.now()), Refusal::PersonSuspended(account.person))?;
    Ok(Actor { wallet: *wallet, account })
}

/// May this wallet contest an order that binds a person? Any living one of the person's own may, though it be suspended
/// or in dispute: nothing moves by it. Refuses who would speak for the dead.
pub fn may_contest(ctx: &Context<'_>, wallet: &Address, id: PersonId) -> Result<bool, Refusal> {
    let speaker = account_of(ctx, wallet).map(|account| account.person);
    let is_dead = |speaker| person(ctx, speaker).is_some_and(|person| person.death.is_some());
    match speaker.filter(|speaker| is_dead(*speaker)) {
        Some(dead) => Err(Refusal::PersonDeceased(dead)),
        None => Ok(speaker == Some(id)),
    }
}

/// Until when the order of a key suspends a person, and what is said against it. Refuses one that does not now.
pub fn suspension(
    ctx: &Context<'_>,
    person: PersonId,
    order: B256,
) -> Result<(Time, Contest), Refusal> {
    let orders = SUSPENSIONS.read(ctx, &person);
    ctx.charge(Order::KEY_GAS * orders.map_or(0, |orders| orders.0.len() as u64));
    let binding = orders.and_then(|orders| orders.named(order, ctx.now()));
    let said = binding.map(|binding| (binding.order.ends(), binding.contest));
    said.ok_or(Refusal::NoSuchOrder(order))
}

/// The claim about a person that counts now. See [`crate::Claims::current_at`].
pub fn current_claim(
    ctx: &Context<'_>,
    person: PersonId,
    topic: u32,
    providers: &[PersonId],
) -> Option<Claim> {
    CLAIMS.read(ctx, &person)?.current_at(ctx, ctx.now(), topic, providers).copied()
}

/// True if a sanctions list hits the person, under any number that it has.
pub fn is_sanctioned(ctx: &Context<'_>, person: PersonId) -> bool {
    is_any_sanctioned(ctx, std::iter::once(person).chain(others(ctx, person)))
}

/// The same, for who has read what numbers there are.
pub fn is_any_sanctioned(ctx: &Context<'_>, mut numbers: impl Iterator<Item = PersonId>) -> bool {
    numbers.any(|number| SANCTIONS.has(ctx, &number))
}

/// How often what was found of claims was outdated at once, of everybody.
pub fn outdated(ctx: &Context<'_>) -> u32 {
    OUTDATED.get(ctx, &()).unwrap_or(0)
}

/// What was found of anybody's claims is to be looked at anew: a provider was given an end, or what is asked of
/// claims has changed.
pub fn outdate(ctx: &mut Context<'_>) {
    let before = outdated(ctx);
    OUTDATED.put(ctx, &(), before + 1);
}

/// Something that a wallet wants to do with an account it does not own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// Whose account.
    pub account: AccountId,
    /// One of the `operation` bits.
    pub operation: u32,
    /// With which asset; none while it is only asked whether it may with any.
    pub asset: Option<AssetId>,
    /// How much of it.
    pub units: Units,
}

/// May this wallet do this with an account it does not own? Says whether its giver asks for attested code.
pub fn may_act(ctx: &Context<'_>, wallet: &Address, wanted: Use) -> Result<bool, Refusal> {
    let Use { account, operation, asset, units } = wanted;
    let refuse = |why| Refusal::NotDelegated { wallet: *wallet, account, why };
    let delegation = DELEGATIONS
        .read(ctx, &(account, *wallet))
        .ok_or_else(|| refuse("no delegation; the owner grants one"))?;
    let Delegation { operations, asset: only, limit, expires, given_by, terms } = delegation;
    // A wallet never changes its account: while the one that gave this acts, it is the owner.
    acting(ctx, given_by)
        .map_err(|_| refuse("the wallet that granted the delegation cannot act itself"))?;
    // A delegate may be unknown to the register, as a contract is; a known one must be in order.
    if WALLETS.has(ctx, wallet) {
        acting(ctx, wallet)?;
    }
    let frozen = person(ctx, account.person).is_none_or(|person| person.delegations_frozen);
    ensure(!frozen, refuse("the person froze all delegations"))?;
    ensure(ctx.now() < *expires, refuse("the delegation has expired"))?;
    ensure(
        operations & operation == operation,
        refuse("the delegation does not cover this operation"),
    )?;
    let is_covered = only.is_none() || *only == asset;
    ensure(is_covered, refuse("the delegation is for another asset"))?;
    ensure(limit.is_none_or(|left| units <= left), refuse("the delegation's limit is used up"))?;
    let room = terms.room(ctx.now());
    let why = "the delegation's terms leave room for less at once, or in this period";
    ensure(room.is_none_or(|room| units <= room), refuse(why))?;
    Ok(terms.attested)
}

/// Counts a use of a delegation, after `may_act` said yes, and makes it known. Without an asset nothing was done.
pub fn spend_delegation(ctx: &mut Context<'_>, wallet: &Address, used: Use) {
    let Use { account, operation, asset, units } = used;
    let key = (account, *wallet);
    let (Some(asset), Some(mut delegation)) = (asset, DELEGATIONS.get(ctx, &key)) else { return };
    let is_counted = delegation.limit.is_some() || delegation.terms.period.is_some();
    delegation.limit = delegation.limit.map(|left| left - units);
    delegation.terms.spend(units, ctx.now());
    let left = delegation.limit;
    if is_counted {
        DELEGATIONS.put(ctx, &key, delegation);
    }
    let wallet = *wallet;
    let event = Event::DelegationUsed { account, wallet, asset, operation, units, left };
    ctx.emit(Module::Identity, &event);
}

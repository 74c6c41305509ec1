//! Letting others act: scoped, revocable, expiring, and stopped at once in an emergency.

use super::{DelegationGiven, Reply, announce, provider_in_standing};
use crate::{DELEGATIONS, Delegation, Event, PERSONS, Refusal, operation, read};
use state::Context;
use types::{AccountId, Address, PersonId, ensure};

/// Lets another wallet act for the caller's account.
pub(super) fn delegate(
    ctx: &mut Context<'_>,
    wallet: &Address,
    given: DelegationGiven,
) -> Result<Reply, Refusal> {
    let DelegationGiven { wallet: delegate, operations, asset, limit, expires, terms } = given;
    let account = read::acting(ctx, wallet)?.account;
    let known = operations != 0 && operations & !operation::ALL == 0;
    ensure(known, Refusal::BadOperations(operations))?;
    ensure(expires > ctx.now(), Refusal::ExpiresPast(expires))?;
    let terms = terms.begin(ctx.now()).map_err(Refusal::BadTerms)?;
    ensure(delegate != *wallet && !delegate.is_zero(), Refusal::NothingChanges)?;
    let given_by = *wallet;
    let record = Delegation { operations, asset, limit, expires, given_by, terms };
    DELEGATIONS.put(ctx, &(account, delegate), record);
    let wallet = delegate;
    announce(ctx, Event::Delegated { account, wallet, operations, expires, asset, limit, terms });
    Ok(Reply::default())
}

/// Ends a delegation at once.
pub(super) fn revoke(
    ctx: &mut Context<'_>,
    wallet: &Address,
    delegate: Address,
) -> Result<Reply, Refusal> {
    let account = read::acting(ctx, wallet)?.account;
    ensure(DELEGATIONS.has(ctx, &(account, delegate)), Refusal::NothingChanges)?;
    DELEGATIONS.delete(ctx, &(account, delegate));
    announce(ctx, Event::DelegationRevoked { account, wallet: delegate });
    Ok(Reply::default())
}

/// Stops every delegation of a person, or lets them go on: by any of its owners, or by its provider.
pub(super) fn freeze(
    ctx: &mut Context<'_>,
    wallet: &Address,
    person: PersonId,
    frozen: bool,
) -> Result<Reply, Refusal> {
    let caller = read::acting(ctx, wallet)?.person();
    let mut record = PERSONS.get(ctx, &person).ok_or(Refusal::UnknownPerson(person))?;
    let is_provider = caller == record.provider && provider_in_standing(ctx, caller).is_ok();
    ensure(caller == person || is_provider, Refusal::NotOwner(AccountId::new(person, 0)))?;
    ensure(record.delegations_frozen != frozen, Refusal::NothingChanges)?;
    record.delegations_frozen = frozen;
    PERSONS.put(ctx, &person, record);
    announce(ctx, Event::DelegationsFrozen { person, frozen });
    Ok(Reply::default())
}

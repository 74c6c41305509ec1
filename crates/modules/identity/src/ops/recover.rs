//! A lost key is the normal case: the account is bound to a new wallet, and nothing moves.
//!
//! While a recovery waits nobody acts for the account, but its owner's word that the key is not lost ends
//! the recovery. Where a key is stolen, the thief would say so too: there the person is first suspended by
//! order, which takes that word away, then recovered and reinstated. What was held of the account meanwhile, and shortly
//! before, is for [`crate::dispute`].

use super::{Reply, announce, onboard, provider_in_standing, provider_of};
use crate::{
    ACCOUNTS, Consent, Event, Purpose, RECOVERIES, Recovery, Refusal, WALLETS, Wallet, dispute,
    read,
};
use state::Context;
use types::{AccountId, Address, ensure};

/// The person's provider attests the loss; the new wallet, fresh, has consented. IDY-5.
pub(super) fn start(
    ctx: &mut Context<'_>,
    wallet: &Address,
    account: AccountId,
    new: Address,
    consent: &Consent,
) -> Result<Reply, Refusal> {
    let provider = provider_of(ctx, wallet, account.person)?;
    ensure(ACCOUNTS.has(ctx, &account), Refusal::NotOwner(account))?;
    let lives = read::person(ctx, account.person).is_some_and(|person| person.death.is_none());
    ensure(lives, Refusal::PersonDeceased(account.person))?;
    ensure(!RECOVERIES.has(ctx, &account), Refusal::RecoveryPending(account))?;
    ensure(!WALLETS.has(ctx, &new), Refusal::WalletTaken(new))?;
    onboard::check_consent(ctx, account.person, &new, Purpose::Recovery, consent)?;
    let ready = ctx.now().plus_ms(dispute::delay_ms(ctx));
    dispute::begin(ctx, account);
    RECOVERIES.put(ctx, &account, Recovery { wallet: new, provider, ready });
    announce(ctx, Event::RecoveryStarted { account, wallet: new, ready });
    Ok(Reply::default())
}

/// Stops a recovery: the owner still has the key, or the provider was wrong, or is not the person's any more.
pub(super) fn cancel(
    ctx: &mut Context<'_>,
    wallet: &Address,
    account: AccountId,
) -> Result<Reply, Refusal> {
    let recovery = RECOVERIES.get(ctx, &account).ok_or(Refusal::NoRecovery(account))?;
    let caller = read::bound(ctx, wallet)?;
    let provider = read::person(ctx, account.person).map(|person| person.provider);
    let answers = [Some(recovery.provider), provider].contains(&Some(caller.person()));
    ensure(caller.account == account || answers, Refusal::NotOwner(account))?;
    RECOVERIES.delete(ctx, &account);
    announce(ctx, Event::RecoveryCancelled { account });
    Ok(Reply::default())
}

/// Binds the account to the new wallet. All assets follow at once, for none of them moves. IDY-2.
///
/// Anyone may finish it, for nothing is left to decide. The provider that attested must still stand for
/// it. Delegations of the lost wallet end with it.
pub(super) fn complete(ctx: &mut Context<'_>, account: AccountId) -> Result<Reply, Refusal> {
    let Recovery { wallet, ready, provider } =
        RECOVERIES.get(ctx, &account).ok_or(Refusal::NoRecovery(account))?;
    provider_in_standing(ctx, provider)?;
    // Who no longer answers for the person attests nothing about its keys.
    let answers = read::person(ctx, account.person).map(|person| person.provider);
    let left =
        Refusal::OtherProvider { person: account.person, provider: answers.unwrap_or(provider) };
    ensure(answers == Some(provider), left)?;
    ensure(ctx.now() >= ready, Refusal::RecoveryNotReady(ready))?;
    ensure(!WALLETS.has(ctx, &wallet), Refusal::WalletTaken(wallet))?;
    let lost = ACCOUNTS.get(ctx, &account).ok_or(Refusal::NotOwner(account))?;
    RECOVERIES.delete(ctx, &account);
    dispute::settle(ctx, account, ready);
    WALLETS.put(ctx, &lost, Wallet { account, is_alive: false });
    onboard::bind(ctx, account, wallet);
    announce(ctx, Event::Recovered { account, lost, wallet });
    Ok(Reply { account: Some(account), ..Reply::default() })
}

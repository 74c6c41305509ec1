//! ERC-3643's identity registry, at the identity service's address.

use super::{Request, account, change, fixed, malformed, view};
use crate::{
    abi::{self, IIdentityRegistry},
    failure::Failure,
    native::Native,
};
use state::Context;
use types::{Address, Country, PersonId, Reserved};

/// Answers a call of the registry; `None` if the function is not one of its.
pub(super) fn registry(ctx: &Context<'_>, input: &[u8]) -> Option<Result<Request, Failure>> {
    use IIdentityRegistry::IIdentityRegistryCalls as F;
    let call: F = abi::decode(input).ok()?;
    let service = Reserved::service(ctx.shard(), types::Module::Identity);
    let person_of =
        |wallet: Address| identity::account_of(ctx, &wallet).map(|account| account.person);
    Some(match call {
        F::contains(f) => view(person_of(f.userAddress).is_some()),
        F::isVerified(f) => {
            view(person_of(f.userAddress).is_some_and(|person| is_verified(ctx, person)))
        }
        F::identity(f) => view(
            person_of(f.userAddress)
                .map_or(Address::ZERO, |person| Reserved::person(ctx.shard(), person)),
        ),
        F::investorCountry(f) => {
            let residence = person_of(f.userAddress)
                .and_then(|id| identity::person(ctx, id))
                .map(|p| p.residence);
            view(residence.map_or(0u16, |country| country.numeric()))
        }
        F::identityStorage(_) | F::issuersRegistry(_) | F::topicsRegistry(_) => view(service),
        F::updateCountry(f) => update_country(ctx, f.userAddress, f.country),
        F::registerIdentity(f) => Err(unregistrable(ctx, &[f.userAddress])),
        F::batchRegisterIdentity(f) => Err(unregistrable(ctx, &f.userAddresses)),
        F::deleteIdentity(_) => Err(fixed(
            "nobody is erased; a provider ends a claim by revoke(person, topic), an order stops a person by suspend(person, order)",
        )),
        F::updateIdentity(_) => Err(fixed(
            "an account keeps its person; its provider gives it another wallet by startRecovery(account, wallet, consent)",
        )),
        F::setIdentityRegistryStorage(_) => Err(fixed("the chain's state is the storage")),
        F::setClaimTopicsRegistry(_) => {
            Err(fixed("each asset's policy names the claims it needs; setPolicy changes it"))
        }
        F::setTrustedIssuersRegistry(_) => Err(fixed(
            "the network admits providers by admitProvider(provider), and an asset's policy names those it trusts",
        )),
    })
}

/// The person's provider records a move: the identity service judges whether the caller is that.
fn update_country(ctx: &Context<'_>, wallet: Address, country: u16) -> Result<Request, Failure> {
    let person = account(ctx, wallet)?.person;
    let residence = Country::from_numeric(country).map_err(malformed)?;
    change(Native::Identity(identity::Call::SetResidence { person, residence }))
}

/// A registration says that one human is one person, for which these functions have no room.
fn unregistrable(ctx: &Context<'_>, wallets: &[Address]) -> Failure {
    let known =
        wallets.iter().find_map(|wallet| Some((wallet, identity::account_of(ctx, wallet)?)));
    if let Some((wallet, account)) = known {
        let why = format!("wallet {wallet} is registered already, as {}'s", account.person);
        return Failure::door(22, 0x04, why);
    }
    fixed(
        "a provider registers by register(registrations), or a wallet by enrol with its voucher: both commit to one human, one person",
    )
}

fn is_verified(ctx: &Context<'_>, person: PersonId) -> bool {
    let is_active = identity::person(ctx, person).is_some_and(|record| record.is_active(ctx.now()));
    let topics = identity::topic::DUE_DILIGENCE;
    is_active
        && !identity::is_sanctioned(ctx, person)
        && topics.iter().any(|topic| identity::current_claim(ctx, person, *topic, &[]).is_some())
}

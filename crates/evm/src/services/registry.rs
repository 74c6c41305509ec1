//! ERC-3643's identity registry, at the identity service's address.

use super::{Request, view};
use crate::{
    abi::{self, IIdentityRegistry},
    failure::Failure,
};
use state::Context;
use types::{Address, PersonId, Reserved};

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
    })
}

fn is_verified(ctx: &Context<'_>, person: PersonId) -> bool {
    let is_active = identity::person(ctx, person).is_some_and(|record| record.is_active);
    let topics = identity::topic::DUE_DILIGENCE;
    is_active
        && !identity::is_sanctioned(ctx, person)
        && topics.iter().any(|topic| identity::current_claim(ctx, person, *topic, &[]).is_some())
}

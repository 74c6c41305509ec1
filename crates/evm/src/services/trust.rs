//! Who may do what: `ITrust`, and apps at the same address.

use super::{Answer, Request, apps::apps, change, terms, undecodable, view};
use crate::{
    abi::{self, ITrust},
    failure::Failure,
    native::{Caller, Native},
};
use ::trust::{Call, GrantKey, Grantee, Power, Scope};
use state::Context;
use types::{AssetId, ClassId, PersonId, Terms, Time, Units};

pub(super) fn trust(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
    use ITrust::ITrustCalls as F;
    let call = match abi::decode(input) {
        Ok(call) => call,
        Err(error) => {
            return apps(ctx, input).unwrap_or_else(|| Err(undecodable(input, error)));
        }
    };
    let call = match call {
        F::grant(f) => granted(ctx, f, Terms::default())?,
        F::grantWithin(f) => {
            let ITrust::grantWithinCall { key, limit, expires, terms: within } = f;
            let ITrust::Terms { atOnce, perPeriod, period, attested } = within;
            let terms = terms(atOnce, perPeriod, period, attested);
            granted(ctx, ITrust::grantCall { key, limit, expires }, terms)?
        }
        F::revokeGrant(f) => Call::Revoke { grant: standing(ctx, f.key)? },
        F::setQuorum(f) => Call::SetQuorum {
            power: power(f.power)?,
            scope: scope(f.asset, f.class)?,
            members: f.members.into_iter().map(PersonId).collect(),
            threshold: f.threshold,
        },
        F::removeQuorum(f) => {
            Call::RemoveQuorum { power: power(f.power)?, scope: scope(f.asset, f.class)? }
        }
        F::propose(f) => {
            let call = [f.target.as_slice(), &f.data].concat();
            let deadline = Time(f.deadline);
            let call = Call::Propose {
                power: power(f.power)?,
                scope: scope(f.asset, f.class)?,
                call,
                deadline,
            };
            return Ok(Request::change(Native::Trust(call), Answer::Number));
        }
        F::approveProposal(f) => Call::Approve { proposal: f.proposal },
        F::withdrawProposal(f) => Call::Withdraw { proposal: f.proposal },
        F::sponsor(f) => {
            Call::Sponsor { person: PersonId(f.person), gas: f.gasAmount, expires: Time(f.expires) }
        }
        F::endSponsorship(f) => Call::EndSponsorship { person: PersonId(f.person) },
        F::creditFuel(f) => Call::CreditFuel { person: PersonId(f.person), gas: f.gasAmount },
        F::setSchedule(f) => Call::SetSchedule(trust::FuelSchedule {
            registered_capacity: f.registeredCapacity,
            verified_capacity: f.verifiedCapacity,
            refill_ms: f.refillMs,
        }),
        F::acceptSponsorship(f) => Call::AcceptSponsorship { sponsor: PersonId(f.sponsor) },
        F::fuelOf(f) => return view(trust::fuel::available(ctx, PersonId(f.person))),
        F::isGranted(f) => {
            let by = Caller::at(ctx, f.key.grantee).spender();
            let GrantKey { power, scope, .. } = grant_key(ctx, f.key)?;
            return view(ledger::may_use(ctx, by, power, scope, power.least()).is_ok());
        }
    };
    change(Native::Trust(call))
}

fn granted(ctx: &Context<'_>, given: ITrust::grantCall, terms: Terms) -> Result<Call, Failure> {
    Ok(Call::Grant {
        grant: grant_key(ctx, given.key)?,
        limit: (given.limit != 0).then_some(Units(given.limit)),
        expires: Time(given.expires),
        terms,
    })
}

fn power(number: u8) -> Result<Power, Failure> {
    types::decode(&[number])
        .map_err(|_| Failure::door(7, 0x20, format!("power: {number} is none of 0 to 16")))
}

/// Asset 0 is the network, class 0 all classes, else class plus one.
fn scope(asset: u64, class: u32) -> Result<Scope, Failure> {
    match (asset, class) {
        (0, 0) => Ok(Scope::Network),
        (0, _) => Err(Failure::door(7, 0x20, "class: the network has no classes")),
        (asset, 0) => Ok(Scope::Asset(AssetId(asset))),
        (asset, class) => Ok(Scope::Class(AssetId(asset), ClassId(class - 1))),
    }
}

fn grant_key(ctx: &Context<'_>, key: ITrust::GrantKey) -> Result<GrantKey, Failure> {
    let ITrust::GrantKey { grantee, power: number, asset, class } = key;
    // A published contract is given powers as an app, whosever wallet it is.
    let account = identity::account_of(ctx, &grantee);
    let grantee = match account.filter(|_| !trust::CONTRACTS.has(ctx, &grantee)) {
        Some(account) => Grantee::Person(account.person),
        None => Grantee::App(grantee),
    };
    Ok(GrantKey { grantee, power: power(number)?, scope: scope(asset, class)? })
}

/// The grant that stands at an address: the contract's own before its person's, for either may have been given
/// before the contract became a person's wallet, or before it was published.
fn standing(ctx: &Context<'_>, key: ITrust::GrantKey) -> Result<GrantKey, Failure> {
    let (at, named) = (key.grantee, grant_key(ctx, key)?);
    let person = identity::account_of(ctx, &at).map(|account| Grantee::Person(account.person));
    let stands =
        |key: &GrantKey| trust::GRANTS.read(ctx, key).is_some_and(|grant| grant.revoked.is_none());
    let known = [Some(Grantee::App(at)), person].into_iter().flatten();
    let found = known.map(|grantee| GrantKey { grantee, ..named }).find(stands);
    Ok(found.unwrap_or(named))
}

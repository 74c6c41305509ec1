//! Who is who: `IIdentity`, and ERC-3643's identity registry at the same address.

use super::{
    Request, account, change, contested, country, registry::registry, terms, undecodable, view,
};
use crate::{
    abi::{self, IIdentity},
    failure::Failure,
    native::Native,
};
use ::identity::{Call, ClaimGiven, Consent, DelegationGiven, Enrolment, PersonKind, Registration};
use alloy_sol_types::SolValue;
use state::Context;
use types::{AccountId, AssetId, Bytes, Order, PersonId, Terms, Time, U256, Units};

pub(super) fn identity(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
    use IIdentity::IIdentityCalls as F;
    let order = |order: IIdentity::Order| -> Order { order.into() };
    let call = match abi::decode(input) {
        Ok(call) => call,
        Err(error) => {
            return registry(ctx, input).unwrap_or_else(|| Err(undecodable(input, error)));
        }
    };
    let call = match call {
        F::register(f) => {
            Call::Register(f.registrations.into_iter().map(registration).collect::<Result<_, _>>()?)
        }
        F::enrol(f) => Call::Enrol(enrolment(f)?),
        F::openAccount(f) => {
            Call::OpenAccount { wallet: f.wallet, consent: consent(f.deadline, f.consent) }
        }
        F::attest(f) => Call::Attest { person: PersonId(f.person), claim: claim(f.claim) },
        F::revoke(f) => Call::Revoke { person: PersonId(f.person), topic: f.topic },
        F::setResidence(f) => {
            Call::SetResidence { person: PersonId(f.person), residence: country(f.residence.0)? }
        }
        F::delegate(f) => delegated(f, Terms::default()),
        F::delegateWithin(f) => {
            let IIdentity::delegateWithinCall { wallet, operations, asset, limit, expires, .. } = f;
            let IIdentity::Terms { atOnce, perPeriod, period, attested } = f.terms;
            let given = IIdentity::delegateCall { wallet, operations, asset, limit, expires };
            delegated(given, terms(atOnce, perPeriod, period, attested))
        }
        F::revokeDelegation(f) => Call::RevokeDelegation { wallet: f.wallet },
        F::freezeDelegations(f) => {
            Call::FreezeDelegations { person: PersonId(f.person), frozen: f.frozen }
        }
        F::startRecovery(f) => Call::StartRecovery {
            account: account(ctx, f.account)?,
            wallet: f.wallet,
            consent: consent(f.deadline, f.consent),
        },
        F::cancelRecovery(f) => Call::CancelRecovery { account: account(ctx, f.account)? },
        F::completeRecovery(f) => Call::CompleteRecovery { account: account(ctx, f.account)? },
        F::admitProvider(f) => Call::AdmitProvider { provider: PersonId(f.provider) },
        F::setProviderStanding(f) => {
            Call::SetProviderStanding { provider: PersonId(f.provider), is_active: f.isActive }
        }
        F::cutOffProvider(f) => Call::CutOffProvider {
            provider: PersonId(f.provider),
            at: Time(f.at),
            keep_earlier: f.keepEarlier,
        },
        F::suspend(f) => Call::Suspend { person: PersonId(f.person), order: order(f.order) },
        F::reinstate(f) => Call::Reinstate { person: PersonId(f.person), order: order(f.order) },
        F::contestSuspension(f) => Call::ContestSuspension {
            person: PersonId(f.person),
            order: f.order,
            document: f.document,
        },
        F::confirmSuspension(f) => Call::ConfirmSuspension {
            person: PersonId(f.person),
            order: f.order,
            document: f.document,
        },
        F::recordDeath(f) => Call::RecordDeath {
            person: PersonId(f.person),
            died: Time(f.died),
            order: order(f.order),
        },
        F::withdrawDeath(f) => {
            Call::WithdrawDeath { person: PersonId(f.person), order: order(f.order) }
        }
        F::mergePersons(f) => Call::Merge {
            person: PersonId(f.person),
            into: PersonId(f.into),
            order: order(f.order),
        },
        F::setSanctions(f) => Call::SetSanctions {
            person: PersonId(f.person),
            list_version: f.listVersion,
            hit: f.hit,
        },
        F::takeOver(f) => {
            Call::TakeOver { person: PersonId(f.person), consent: consent(f.deadline, f.consent) }
        }
        F::moveBook(f) => Call::MoveBook {
            from: PersonId(f.from),
            to: PersonId(f.to),
            persons: f.persons.into_iter().map(PersonId).collect(),
            order: order(f.order),
        },
        F::personOf(f) => {
            return view(
                identity::account_of(ctx, &f.wallet).map_or(0, |account| account.person.0),
            );
        }
        F::walletOf(f) => {
            let account = AccountId::new(PersonId(f.person), f.number);
            return view(identity::wallet_of(ctx, &account).unwrap_or_default());
        }
        F::personInfo(f) => {
            let id = PersonId(f.person);
            let person = identity::person(ctx, id).ok_or(identity::Refusal::UnknownPerson(id))?;
            let residence: [u8; 2] =
                person.residence.as_str().as_bytes().try_into().expect("two letters");
            let info = (
                U256::from(person.kind as u8),
                alloy_primitives::FixedBytes(residence),
                person.provider.0,
                person.is_active(ctx.now()),
                person.accounts,
            );
            return Ok(Request::View(info.abi_encode_params()));
        }
        F::diedAt(f) => {
            let death = identity::person(ctx, PersonId(f.person)).and_then(|person| person.death);
            return view(death.map_or(0, |death| death.died.0.max(1)));
        }
        F::suspensionOf(f) => {
            return Ok(contested(identity::suspension(ctx, PersonId(f.person), f.order)?));
        }
        F::countedAs(f) => return view(identity::counted_as(ctx, PersonId(f.person)).0),
        F::hasClaim(f) => {
            return view(identity::current_claim(ctx, PersonId(f.person), f.topic, &[]).is_some());
        }
    };
    change(Native::Identity(call))
}

fn delegated(given: IIdentity::delegateCall, terms: Terms) -> Call {
    Call::Delegate(DelegationGiven {
        wallet: given.wallet,
        operations: given.operations,
        asset: (given.asset != 0).then_some(AssetId(given.asset)),
        limit: (given.limit != 0).then_some(Units(given.limit)),
        expires: Time(given.expires),
        terms,
    })
}

fn kind(number: u8) -> Result<PersonKind, Failure> {
    Ok(match number {
        0 => PersonKind::Natural,
        1 => PersonKind::Entity,
        2 => PersonKind::Trust,
        3 => PersonKind::Fund,
        other => return Err(Failure::door(7, 0x20, format!("kind: {other} is none of 0 to 3"))),
    })
}

fn claim(claim: IIdentity::Claim) -> ClaimGiven {
    let IIdentity::Claim { topic, value, dated, expires, evidence } = claim;
    ClaimGiven { topic, value, dated: Time(dated), expires: Time(expires), evidence }
}

fn registration(given: IIdentity::Registration) -> Result<Registration, Failure> {
    Ok(Registration {
        wallet: given.wallet,
        kind: kind(given.kind)?,
        residence: country(given.residence.0)?,
        uniqueness: given.uniqueness,
        claims: given.claims.into_iter().map(claim).collect(),
    })
}

fn consent(deadline: u64, signature: Bytes) -> Consent {
    Consent { deadline: Time(deadline), signature }
}

pub(crate) fn enrolment(f: IIdentity::enrolCall) -> Result<Enrolment, Failure> {
    Ok(Enrolment {
        provider: PersonId(f.provider),
        registration: registration(f.registration)?,
        deadline: Time(f.deadline),
        signature: f.signature,
    })
}

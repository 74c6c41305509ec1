//! The four services' functions, decoded into their modules' calls. No rule is here.

use crate::{
    abi::{self, ICompliance, IIdentity, IIdentityRegistry, ILedger, ITrust},
    failure::Failure,
    native::Native,
};
use alloy_sol_types::SolValue;
use compliance::Decision;
use identity::{ClaimGiven, Consent, DelegationGiven, Enrolment, PersonKind, Registration};
use ledger::{AssetKind, Leg, NewAsset};
use state::Context;
use std::str::FromStr;
use trust::{GrantKey, Grantee, Power, Scope};
use types::{
    AccountId, Address, AssetId, Bytes, ClassId, Country, Malformed, Order, PersonId, Reserved,
    Time, U256, Units, ensure,
};

/// The longest policy that is read: the largest that may be registered is shorter.
const MAX_POLICY_BYTES: usize = 64 << 10;

/// True if the data asks for what an officer does to an asset: freeze, halt, carry out an order.
pub fn is_official(input: &[u8]) -> bool {
    use crate::abi::{IERC1644 as Controller, IERC3643 as Token};
    use alloy_sol_types::SolCall as _;
    const OFFICIAL: [[u8; 4]; 19] = [
        ILedger::freezeClassCall::SELECTOR,
        ILedger::freezePersonCall::SELECTOR,
        ILedger::freezeUnitsCall::SELECTOR,
        ILedger::fileOrderCall::SELECTOR,
        ILedger::forceTransferCall::SELECTOR,
        ILedger::forceRedeemCall::SELECTOR,
        ILedger::reissueCall::SELECTOR,
        Controller::controllerTransferCall::SELECTOR,
        Controller::controllerRedeemCall::SELECTOR,
        Token::pauseCall::SELECTOR,
        Token::unpauseCall::SELECTOR,
        Token::setAddressFrozenCall::SELECTOR,
        Token::freezePartialTokensCall::SELECTOR,
        Token::unfreezePartialTokensCall::SELECTOR,
        Token::forcedTransferCall::SELECTOR,
        Token::batchForcedTransferCall::SELECTOR,
        Token::batchSetAddressFrozenCall::SELECTOR,
        Token::batchFreezePartialTokensCall::SELECTOR,
        Token::batchUnfreezePartialTokensCall::SELECTOR,
    ];
    input.first_chunk::<4>().is_some_and(|selector| OFFICIAL.contains(selector))
}

/// What an input asks for.
pub(crate) enum Request {
    /// A question, already answered.
    View(Vec<u8>),
    /// A change, and how its result is returned.
    Change(Box<Native>, Answer),
}

impl Request {
    pub(crate) fn change(native: Native, answer: Answer) -> Self {
        Self::Change(Box::new(native), answer)
    }
}

/// How a change's result is returned.
pub(crate) enum Answer {
    Nothing,
    True,
    Number,
    /// An asset's number and address.
    Asset,
    Word([u8; 32]),
    /// True, and ERC-3643's event at the token.
    Recovered {
        token: Address,
        lost: Address,
        wallet: Address,
        person: Address,
    },
}

pub(crate) fn change(native: Native) -> Result<Request, Failure> {
    Ok(Request::change(native, Answer::Nothing))
}

pub(crate) fn view<T: SolValue>(value: T) -> Result<Request, Failure> {
    Ok(Request::View(value.abi_encode()))
}

/// An input that is no function of the interface, or does not decode as one.
pub(crate) fn undecodable(input: &[u8], error: alloy_sol_types::Error) -> Failure {
    let selector = input.get(..4).map_or("nothing".into(), alloy_primitives::hex::encode_prefixed);
    Failure::door(
        6,
        0x20,
        format!("function {selector} is unknown here or its arguments do not decode: {error}"),
    )
}

pub(crate) fn malformed(error: Malformed) -> Failure {
    Failure::door(7, 0x20, error.to_string())
}

/// The account that a wallet owns.
pub(crate) fn account(ctx: &Context<'_>, wallet: Address) -> Result<AccountId, Failure> {
    identity::account_of(ctx, &wallet)
        .ok_or_else(|| identity::Refusal::WalletUnknown(wallet).into())
}

pub(crate) fn units(value: U256) -> Result<Units, Failure> {
    u128::try_from(value).map(Units).map_err(|_| ledger::Refusal::Overflow.into())
}

pub(crate) fn ask(
    ctx: &Context<'_>,
    asset: AssetId,
    class: ClassId,
    from: Address,
    to: Address,
    units: Units,
) -> Result<Decision, Failure> {
    let party = |wallet: Address| match wallet.is_zero() {
        true => Ok(None),
        false => account(ctx, wallet).map(Some),
    };
    Ok(ledger::preview(ctx, asset, class, party(from)?, party(to)?, units)?)
}

fn country(code: [u8; 2]) -> Result<Country, Failure> {
    Country::from_str(&String::from_utf8_lossy(&code)).map_err(malformed)
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
    let IIdentity::Claim { topic, value, expires, evidence } = claim;
    ClaimGiven { topic, value, expires: Time(expires), evidence }
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

pub(crate) fn identity(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
    use IIdentity::IIdentityCalls as F;
    use identity::Call;
    let order = |order: IIdentity::Order| Order {
        authority: order.authority,
        reference: order.r#ref,
        document: order.document,
    };
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
        F::delegate(f) => {
            let asset = (f.asset != 0).then_some(AssetId(f.asset));
            let limit = (f.limit != 0).then_some(Units(f.limit));
            let (wallet, operations, expires) = (f.wallet, f.operations, Time(f.expires));
            Call::Delegate(DelegationGiven { wallet, operations, asset, limit, expires })
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
                person.is_active,
                person.accounts,
            );
            return Ok(Request::View(info.abi_encode_params()));
        }
        F::hasClaim(f) => {
            return view(identity::current_claim(ctx, PersonId(f.person), f.topic, &[]).is_some());
        }
    };
    change(Native::Identity(call))
}

/// ERC-3643's identity registry, at the same address. `None` if the function is not one of its.
fn registry(ctx: &Context<'_>, input: &[u8]) -> Option<Result<Request, Failure>> {
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

fn power(number: u8) -> Result<Power, Failure> {
    types::decode(&[number])
        .map_err(|_| Failure::door(7, 0x20, format!("power: {number} is none of 0 to 14")))
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
    let grantee = match identity::account_of(ctx, &grantee) {
        Some(account) => Grantee::Person(account.person),
        None => Grantee::App(grantee),
    };
    Ok(GrantKey { grantee, power: power(number)?, scope: scope(asset, class)? })
}

pub(crate) fn trust(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
    use ITrust::ITrustCalls as F;
    use trust::Call;
    let call = match abi::decode(input).map_err(|error| undecodable(input, error))? {
        F::grant(f) => Call::Grant {
            grant: grant_key(ctx, f.key)?,
            limit: (f.limit != 0).then_some(Units(f.limit)),
            expires: Time(f.expires),
        },
        F::revokeGrant(f) => Call::Revoke { grant: grant_key(ctx, f.key)? },
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
            let key = grant_key(ctx, f.key)?;
            return view(
                trust::require(ctx, key.grantee, key.power, key.scope, None, None).is_ok(),
            );
        }
    };
    change(Native::Trust(call))
}

pub(crate) fn compliance(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
    use ICompliance::IComplianceCalls as F;
    use compliance::Call;
    let call = match abi::decode(input).map_err(|error| undecodable(input, error))? {
        F::setPolicy(f) => {
            let why = "policy: at most 65,536 bytes of JSON";
            ensure(f.policy.len() <= MAX_POLICY_BYTES, Failure::door(18, 0x26, why))?;
            let policy = serde_json::from_str(&f.policy)
                .map_err(|error| compliance::Refusal::BadPolicy(error.to_string()))?;
            Call::SetPolicy { asset: AssetId(f.asset), policy }
        }
        F::list(f) => Call::List {
            asset: AssetId(f.asset),
            list: f.number,
            person: PersonId(f.person),
            from: Time(f.from),
            until: Time(f.until),
        },
        F::delist(f) => {
            Call::Delist { asset: AssetId(f.asset), list: f.number, person: PersonId(f.person) }
        }
        F::canMove(f) => {
            let decision = ask(ctx, AssetId(f.asset), ClassId(0), f.from, f.to, units(f.units)?)?;
            let first = decision.reasons.first().map(|reason| reason.code);
            let reasons = match decision.is_allowed() {
                true => String::new(),
                false => ledger::Judgement(decision.clone()).to_string(),
            };
            let answer = (
                decision.is_allowed(),
                first.map_or(0, |code| code as u16),
                alloy_primitives::FixedBytes([first.map_or(0x01, |code| code.erc1066())]),
                reasons,
                decision.earliest_ok.map_or(0, |time| time.0),
                U256::from(decision.max_ok.unwrap_or_default().0),
            );
            return Ok(Request::View(answer.abi_encode_params()));
        }
        F::holderCount(f) => {
            let all = (AssetId(f.asset), compliance::Filter::All);
            return view(compliance::COUNTS.get(ctx, &all).unwrap_or(0));
        }
    };
    change(Native::Compliance(call))
}

pub(crate) fn ledger(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
    use ILedger::ILedgerCalls as F;
    use ledger::Call;
    let order = |order: ILedger::Order| Order {
        authority: order.authority,
        reference: order.r#ref,
        document: order.document,
    };
    let legs = |legs: Vec<ILedger::Leg>| -> Result<Vec<Leg>, Failure> {
        legs.into_iter()
            .map(|leg| Ok(Leg { to: account(ctx, leg.to)?, units: Units(leg.units) }))
            .collect()
    };
    let numbered = |call| Ok(Request::change(Native::Ledger(call), Answer::Number));
    let call = match abi::decode(input).map_err(|error| undecodable(input, error))? {
        F::createAsset(f) => {
            return Ok(Request::change(
                Native::Ledger(Call::CreateAsset(new_asset(f.asset)?)),
                Answer::Asset,
            ));
        }
        F::createClass(f) => {
            return numbered(Call::CreateClass { asset: AssetId(f.asset), name: f.name });
        }
        F::setAuthorised(f) => {
            Call::SetAuthorised { asset: AssetId(f.asset), authorised: Units(f.authorised) }
        }
        F::closeAsset(f) => Call::Close { asset: AssetId(f.asset) },
        F::issueBatch(f) => {
            Call::Issue { asset: AssetId(f.asset), class: ClassId(f.class), legs: legs(f.legs)? }
        }
        F::transferBatch(f) => Call::Transfer {
            asset: AssetId(f.asset),
            class: Some(ClassId(f.class)),
            from: Some(account(ctx, f.from)?),
            legs: legs(f.legs)?,
        },
        F::freezeClass(f) => {
            Call::FreezeClass { asset: AssetId(f.asset), class: ClassId(f.class), frozen: f.frozen }
        }
        F::freezePerson(f) => Call::FreezePerson {
            asset: AssetId(f.asset),
            person: PersonId(f.person),
            frozen: f.frozen,
            order: order(f.order),
        },
        F::freezeUnits(f) => Call::FreezeUnits {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            account: account(ctx, f.account)?,
            units: Units(f.units),
            order: order(f.order),
        },
        F::fileOrder(f) => Call::FileOrder { asset: AssetId(f.asset), order: order(f.order) },
        F::forceTransfer(f) => Call::ForceTransfer {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            from: account(ctx, f.from)?,
            to: account(ctx, f.to)?,
            units: Units(f.units),
            order: order(f.order),
        },
        F::forceRedeem(f) => Call::ForceRedeem {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            from: account(ctx, f.from)?,
            units: Units(f.units),
            order: order(f.order),
        },
        F::reissue(f) => Call::Reissue {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            to: account(ctx, f.to)?,
            units: Units(f.units),
            order: order(f.order),
        },
        F::hold(f) => {
            return numbered(Call::Hold {
                asset: AssetId(f.asset),
                class: ClassId(f.class),
                beneficiary: account(ctx, f.beneficiary)?,
                notary: (f.notary != 0).then_some(PersonId(f.notary)),
                units: Units(f.units),
                expires: Time(f.expires),
            });
        }
        F::releaseHold(f) => Call::ReleaseHold { hold: f.number },
        F::executeHold(f) => Call::ExecuteHold { hold: f.number, units: Units(f.units) },
        F::takeCheckpoint(f) => return numbered(Call::Checkpoint { asset: AssetId(f.asset) }),
        F::tokenOf(f) => {
            let exists = ledger::ASSETS.has(ctx, &AssetId(f.asset));
            let token = Reserved::asset(ctx.shard(), AssetId(f.asset));
            return view(if exists { token } else { Address::ZERO });
        }
        F::balanceAt(f) => {
            let account = account(ctx, f.account)?;
            let units =
                ledger::balance_at(ctx, AssetId(f.asset), ClassId(f.class), account, f.checkpoint)?;
            return view(U256::from(units.0));
        }
        F::supplyAt(f) => {
            let units = ledger::supply_at(ctx, AssetId(f.asset), ClassId(f.class), f.checkpoint)?;
            return view(U256::from(units.0));
        }
        F::supplyOf(f) => {
            let asset = ledger::asset(ctx, AssetId(f.asset))?;
            let supply = (asset.authorised, asset.issued, asset.treasury, asset.outstanding());
            let (authorised, issued, treasury, outstanding) = supply;
            let numbers = (authorised.0, issued.0, treasury.0, outstanding.0);
            return Ok(Request::View(numbers.abi_encode_params()));
        }
        F::positionOf(f) => {
            let account = account(ctx, f.account)?;
            let position = ledger::position(ctx, AssetId(f.asset), ClassId(f.class), account);
            let amounts = [position.units, position.held, position.frozen, position.free()];
            let [units, held, frozen, free] = amounts.map(|amount| U256::from(amount.0));
            return Ok(Request::View((units, held, frozen, free).abi_encode_params()));
        }
    };
    change(Native::Ledger(call))
}

fn new_asset(given: ILedger::NewAsset) -> Result<NewAsset, Failure> {
    fn optional<T: FromStr<Err = Malformed>>(text: &str) -> Result<Option<T>, Failure> {
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(malformed) }
    }
    let kind = match given.kind {
        0 => AssetKind::Equity,
        1 => AssetKind::Debt,
        2 => AssetKind::FundUnit,
        3 => AssetKind::RevenueShare,
        4 => AssetKind::Structured,
        5 => AssetKind::Cash(given.currency.parse().map_err(malformed)?),
        6 => AssetKind::Wrap,
        7 => AssetKind::TrustUnit,
        other => return Err(Failure::door(7, 0x20, format!("kind: {other} is none of 0 to 7"))),
    };
    Ok(NewAsset {
        kind,
        symbol: given.symbol,
        name: given.name,
        decimals: given.decimals,
        isin: optional(&given.isin)?,
        cfi: given.cfi.parse().map_err(malformed)?,
        fisn: optional(&given.fisn)?,
        lei: optional(&given.lei)?,
        authorised: Units(given.authorised),
    })
}

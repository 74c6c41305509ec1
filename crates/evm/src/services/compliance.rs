//! May this happen: `ICompliance`.

use super::{
    OnTerms, Request, account, change, country,
    ledger::{elected, price},
    undecodable, view, wish,
};
use crate::{
    abi::{self, ICompliance},
    accounts,
    failure::Failure,
    native::Native,
};
use ::compliance::{
    Approved, Decision, Entry, Fact, Layer, Paths, Policy, Reason, ReasonCode, Subject,
};
use ::ledger::{ChosenLot, Stated, Wish};
use alloy_primitives::FixedBytes;
use alloy_sol_types::SolValue;
use state::Context;
use types::{Address, AssetId, ClassId, PersonId, Time, U256, Units, ensure};

/// The longest policy that is read: the largest that may be registered is shorter.
const MAX_POLICY_BYTES: usize = 64 << 10;

pub(super) fn compliance(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
    use ICompliance::IComplianceCalls as F;
    use compliance::Call;
    let call = match abi::decode(input).map_err(|error| undecodable(input, error))? {
        F::setPolicy(f) => {
            let why = "policy: at most 65,536 bytes of JSON";
            ensure(f.policy.len() <= MAX_POLICY_BYTES, Failure::door(18, 0x26, why))?;
            let bad = |why: String| compliance::Refusal::BadPolicy(why);
            let policy: Policy =
                serde_json::from_str(&f.policy).map_err(|error| bad(error.to_string()))?;
            if let Some((contract, _)) = policy.contract {
                let why =
                    || bad(format!("contract: there is no code at {contract}; deploy it first"));
                accounts::code_hash(ctx, &contract).ok_or_else(why)?;
            }
            Call::SetPolicy { asset: AssetId(f.asset), policy, report: f.report }
        }
        F::list(f) => Call::List {
            asset: of(f.asset),
            list: f.number,
            entry: entry(f.person, f.wallet)?,
            from: Time(f.from),
            until: Time(f.until),
        },
        F::delist(f) => {
            let entry = entry(f.person, f.wallet)?;
            Call::Delist { asset: of(f.asset), list: f.number, entry }
        }
        F::attestFact(f) => Call::Attest {
            asset: of(f.asset),
            fact: f.name.into(),
            value: Fact {
                value: Units(f.value),
                since: Time(f.since),
                until: Time(f.until),
                document: f.document,
            },
        },
        F::withdrawFact(f) => Call::Withdraw { asset: of(f.asset), fact: f.name.into() },
        F::registerProfile(f) => {
            let why = "profile: at most 65,536 bytes of JSON";
            ensure(f.profile.len() <= MAX_POLICY_BYTES, Failure::door(18, 0x26, why))?;
            let profile = serde_json::from_str(&f.profile)
                .map_err(|error| compliance::Refusal::BadProfile(error.to_string()))?;
            Call::RegisterProfile { profile }
        }
        F::registerCalendar(f) => {
            let why = "calendar: at most 65,536 bytes of JSON";
            ensure(f.calendar.len() <= MAX_POLICY_BYTES, Failure::door(18, 0x26, why))?;
            let calendar = serde_json::from_str(&f.calendar)
                .map_err(|error| compliance::Refusal::BadCalendar(error.to_string()))?;
            Call::RegisterCalendar { calendar }
        }
        F::adoptProfile(f) => {
            let (asset, profile) = (AssetId(f.asset), f.id.into());
            Call::Adopt { asset, profile, adopted: f.adopted, report: f.report }
        }
        F::setLaw(f) => {
            let profiles = f.profiles.into_iter().map(Into::into).collect();
            Call::SetLaw { country: country(f.country.0)?, profiles }
        }
        F::approach(f) => {
            let asset = AssetId(f.asset);
            let issuer = ledger::asset(ctx, asset)?.issuer;
            let persons = f.persons.into_iter().map(PersonId).collect();
            Call::Approach { asset, issuer, persons }
        }
        F::openOffer(f) => {
            ledger::asset(ctx, AssetId(f.asset))?;
            Call::OpenOffer { asset: AssetId(f.asset) }
        }
        F::closeOffer(f) => Call::CloseOffer { asset: AssetId(f.asset) },
        F::approveMovements(f) => {
            let movement = approved((f.asset, f.list), (f.from, f.to), f.units);
            Call::ApproveMovements { movement, until: Time(f.until), times: f.times }
        }
        F::approveUnits(f) => {
            let movement = approved((f.asset, f.list), (f.from, f.to), f.units);
            Call::ApproveUnits { movement, until: Time(f.until) }
        }
        F::setVenueRules(f) => {
            let why = "rules: at most 65,536 bytes of JSON";
            ensure(f.rules.len() <= MAX_POLICY_BYTES, Failure::door(18, 0x26, why))?;
            let asked = serde_json::from_str(&f.rules)
                .map_err(|error| compliance::Refusal::BadPolicy(error.to_string()))?;
            Call::SetVenueRules(asked)
        }
        F::meetDuty(f) => Call::MeetDuty { asset: AssetId(f.asset), duty: f.duty },
        F::listedOf(f) => {
            let about = of(f.asset).map_or(Subject::Network, Subject::Asset);
            let key = (about, f.number, entry(f.person, f.wallet)?);
            let listed = compliance::LISTS.get(ctx, &key);
            return view(listed.map_or((0, 0), |listed| (listed.from.0, listed.until.0)));
        }
        F::profileOf(f) => {
            let id = f.id.into();
            let version = compliance::LATEST.get(ctx, &id).unwrap_or(0);
            let record = compliance::PROFILES.get(ctx, &(id, version));
            return view((version, record.map(|record| record.hash).unwrap_or_default()));
        }
        F::calendarOf(f) => {
            let record = compliance::CALENDARS.get(ctx, &f.id.into());
            let version = record.as_ref().map_or(0, |record| record.version);
            return view((version, record.map(|record| record.hash).unwrap_or_default()));
        }
        F::dutyOf(f) => {
            let duty = compliance::DUTIES.get(ctx, &(AssetId(f.asset), f.duty));
            let of = |time: fn(&compliance::Duty) -> u64| duty.as_ref().map_or(0, time);
            let met = of(|duty| duty.met.map_or(0, |met| met.0));
            return view((of(|duty| duty.since.0), of(|duty| duty.due.0), met));
        }
        F::offerOf(f) => {
            let latest = compliance::OFFERS.get(ctx, &AssetId(f.asset));
            let of =
                |time: fn(&compliance::Offer) -> Time| latest.as_ref().map_or(0, |it| time(it).0);
            let closed = of(|offer| offer.closed.unwrap_or_default());
            let number = latest.as_ref().map_or(0, |offer| offer.number);
            return view((number, of(|offer| offer.opened), closed));
        }
        F::canMove(f) => {
            let wish = wish(ctx, AssetId(f.asset), None, f.from, f.to, f.units)?;
            return Ok(Request::Preview(wish, Box::new(|decision| Ok(told(Ok(decision?))))));
        }
        F::canMoveOn(f) => {
            let (asset, class) = (AssetId(f.asset), Some(ClassId(f.class)));
            let ICompliance::Terms { path, currency, paid, lots } = f.terms;
            let price = price(currency, paid)?.map(|price| (price.currency, price.paid.0));
            let lot = |lot: ICompliance::Lot| {
                let (anchor, units) = (Time(lot.anchor), Units(lot.units));
                ChosenLot { place: lot.place, anchor, units }
            };
            let (from, to) = (Some(account(ctx, f.from)?), Some(account(ctx, f.to)?));
            let (units, operator) = (Units(f.units), Address::ZERO);
            let stated = Stated { paid: price, ..Stated::default() };
            let wish = Wish { asset, class, from, to, units, operator, stated };
            let lots = lots.into_iter().map(lot).collect();
            return Ok(Request::PreviewOn(Box::new(OnTerms { wish, path: elected(path), lots })));
        }
        F::holderCount(f) => {
            let all = (AssetId(f.asset), compliance::Filter::All);
            return view(compliance::COUNTS.get(ctx, &all).unwrap_or(0));
        }
    };
    change(Native::Compliance(call))
}

/// The asset that a fact is about, or whose a list is; none is the network.
fn of(asset: u64) -> Option<AssetId> {
    (asset != 0).then_some(AssetId(asset))
}

/// Whom a list names: a person, or a wallet, and the other is 0.
fn entry(person: u64, wallet: Address) -> Result<Entry, Failure> {
    let why =
        "person, wallet: a list names a person or a wallet; give one of them, and 0 for the other";
    ensure((person == 0) != wallet.is_zero(), Failure::door(18, 0x26, why))?;
    Ok(match person {
        0 => Entry::Wallet(wallet),
        person => Entry::Person(PersonId(person)),
    })
}

/// What is told of a movement: the first reason, all of them in words, and what would help; or what stands in the way of
/// who asks for it.
pub(crate) fn told(decision: Result<Decision, ::ledger::Refusal>) -> Vec<u8> {
    let decision = match decision {
        Ok(decision) => decision,
        Err(refusal) => return barred(refusal).abi_encode(),
    };
    let first = decision.reasons.first();
    let relied = decision.is_allowed().then_some(&decision.paths);
    let paths: Paths = relied.into_iter().flatten().collect();
    let verdict = ICompliance::Verdict {
        allowed: decision.is_allowed(),
        code: first.map_or(0, |reason| reason.code as u16),
        status: FixedBytes([first.map_or(0x01, |reason| reason.code.erc1066())]),
        params: params(first),
        paths: paths.numbers().collect(),
        earliestOk: decision.earliest_ok.map_or(0, |time| time.0),
        maxOk: U256::from(decision.max_ok.unwrap_or_default().0),
        reasons: match decision.is_allowed() {
            true => String::new(),
            false => ::ledger::Judgement(decision).to_string(),
        },
    };
    verdict.abi_encode()
}

/// Told to who may not ask for a movement, whatever would come of it.
fn barred(refusal: ::ledger::Refusal) -> ICompliance::Verdict {
    let Failure::Refused { code, status, reason: reasons } = refusal.into() else {
        unreachable!("a module's refusal has a code");
    };
    ICompliance::Verdict {
        allowed: false,
        code,
        status: FixedBytes([status]),
        params: params(None),
        paths: Vec::new(),
        reasons,
        earliestOk: 0,
        maxOk: U256::ZERO,
    }
}

/// What a reason says, in the words of the interface.
fn params(reason: Option<&Reason>) -> ICompliance::Params {
    let nothing = Reason::new(Layer::Network, ReasonCode::PolicyError);
    let reason = reason.unwrap_or(&nothing).clone();
    ICompliance::Params {
        side: reason.side.map_or(0, |side| side as u8 + 1),
        path: reason.path.unwrap_or_default(),
        have: reason.have.unwrap_or_default().0,
        need: reason.need.unwrap_or_default().0,
        topic: reason.topic.unwrap_or_default(),
        country: reason.country.map_or(FixedBytes::ZERO, |country| {
            FixedBytes::from_slice(country.as_str().as_bytes())
        }),
        fact: reason.fact.map_or_else(String::new, |fact| fact.to_string()),
        when: reason.when.unwrap_or_default().0,
        source: reason.source.unwrap_or_default(),
    }
}

/// A movement to approve, as one of a list; 0 stands for nobody.
fn approved((asset, list): (u64, u32), (from, to): (u64, u64), units: u128) -> Approved {
    let side = |person: u64| (person != 0).then_some(PersonId(person));
    let (asset, from, to, units) = (AssetId(asset), side(from), side(to), Units(units));
    Approved { asset, list, from, to, units }
}

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
    Approved, Decision, Entry, Fact, Layer, Paths, Period, Policy, Reason, ReasonCode, Step,
    Subject,
};
use ::ledger::{ChosenLot, Stated, Wish};
use alloy_primitives::FixedBytes;
use alloy_sol_types::SolValue;
use state::Context;
use types::{Address, AssetId, ClassId, OrderName, PersonId, Span, Time, U256, Units, ensure};

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
            Call::SetLaw { country: country(f.country.0)?, profiles, report: f.report }
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
            Call::SetVenueRules { asked, report: f.report }
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
            return Ok(Request::Preview(wish, Box::new(|decision| Ok(told(None, decision?)))));
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
        F::canRelease(f) => {
            let decision = compliance::may_release(ctx, AssetId(f.asset), &f.profile)?;
            return Ok(Request::View(told(None, decision)));
        }
        F::canWithdraw(f) => {
            let (asset, person) = (AssetId(f.asset), PersonId(f.person));
            let decision = compliance::may_withdraw(ctx, asset, &f.profile, person)?;
            return Ok(Request::View(told(None, decision)));
        }
        F::holderCount(f) => return view(compliance::asset_holders(ctx, AssetId(f.asset))),
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

/// What is told of a movement: what stands in the way of who asks for it, the first reason, all of them in words, and what
/// would help.
pub(crate) fn told(bar: Option<::ledger::Refusal>, decision: Decision) -> Vec<u8> {
    let bar = bar.map(|refusal| match refusal.into() {
        Failure::Refused { code, status, reason } => (code, status, reason),
        _ => unreachable!("a module's refusal has a code"),
    });
    let first = decision.reasons.first();
    let params = first.map_or_else(nothing, params);
    let (code, status) = match (&bar, first) {
        (Some((code, status, _)), _) => (*code, *status),
        (None, Some(first)) => (params.code, first.code.erc1066()),
        (None, None) => (0, 0x01),
    };
    let allowed = bar.is_none() && decision.is_allowed();
    let relied = allowed.then_some(&decision.paths);
    let paths: Paths = relied.into_iter().flatten().collect();
    let (earliest, most) = (decision.earliest_ok, decision.max_ok);
    let against = (!decision.is_allowed()).then(|| ::ledger::Judgement(decision).to_string());
    let words: Vec<_> = bar.map(|(.., words)| words).into_iter().chain(against).collect();
    let verdict = ICompliance::Verdict {
        allowed,
        code,
        status: FixedBytes([status]),
        params,
        paths: paths.numbers().collect(),
        earliestOk: earliest.map_or(0, |time| time.0),
        maxOk: U256::from(most.unwrap_or_default().0),
        reasons: words.join("; "),
    };
    verdict.abi_encode()
}

/// What there is to say where nothing stands in the way.
fn nothing() -> ICompliance::Params {
    let none = Reason::new(Layer::Ledger, ReasonCode::PolicyError);
    ICompliance::Params { code: 0, layer: 0, ..params(&none) }
}

/// What a reason says, in the words of the interface. It is taken apart, so that a fact that it gets finds its place here.
fn params(reason: &Reason) -> ICompliance::Params {
    let Reason {
        code,
        layer,
        side,
        path,
        have,
        need,
        topic,
        country,
        when,
        fact,
        providers,
        source,
        by,
        since,
        order,
        class,
        used,
        held,
        frozen,
        period,
        next,
        offered,
        turn,
    } = reason.clone();
    let said = [have.is_some(), need.is_some(), used.is_some(), class.is_some()];
    let said = said.into_iter().zip(0..).map(|(is_said, place)| u8::from(is_said) << place).sum();
    ICompliance::Params {
        code: code as u16,
        layer: layer as u8 + 1,
        said,
        side: side.map_or(0, |side| side as u8 + 1),
        path: path.unwrap_or_default(),
        have: have.unwrap_or_default().0,
        need: need.unwrap_or_default().0,
        topic: topic.unwrap_or_default(),
        country: country.map_or(FixedBytes::ZERO, |country| {
            FixedBytes::from_slice(country.as_str().as_bytes())
        }),
        fact: fact.map_or_else(String::new, |fact| fact.to_string()),
        when: when.unwrap_or_default().0,
        providers: providers.into_iter().map(|person| person.0).collect(),
        source: source.unwrap_or_default(),
        by: by.unwrap_or_default().0,
        since: since.unwrap_or_default().0,
        order: order.map_or_else(
            || ICompliance::OrderName { authority: String::new(), r#ref: String::new() },
            |OrderName { authority, reference }| ICompliance::OrderName {
                authority,
                r#ref: reference,
            },
        ),
        class: class.unwrap_or_default().0,
        used: used.unwrap_or_default().0,
        held: held.unwrap_or_default().0,
        frozen: frozen.unwrap_or_default().0,
        period: added_over(period),
        next: next.unwrap_or_default().0,
        offered: offered.into_iter().map(|path| path.to_string()).collect(),
        turn: match turn {
            None => ICompliance::Turn { who: 0, list: 0, count: 0 },
            Some(Step::Sender) => ICompliance::Turn { who: 1, list: 0, count: 0 },
            Some(Step::Receiver) => ICompliance::Turn { who: 2, list: 0, count: 0 },
            Some(Step::Of { list, count }) => ICompliance::Turn { who: 3, list, count },
        },
    }
}

fn added_over(period: Option<Period>) -> ICompliance::Period {
    let of =
        |kind| ICompliance::Period { kind, span: [0; 4], month: 0, day: 0, fact: String::new() };
    let over = |kind, Span { months, business, days, hours }| ICompliance::Period {
        span: [months, business, days, hours],
        ..of(kind)
    };
    match period {
        None => of(0),
        Some(Period::Ever) => of(1),
        Some(Period::Rolling(span)) => over(2, span),
        Some(Period::Fixed(span)) => over(3, span),
        Some(Period::Year { month, day }) => ICompliance::Period { month, day, ..of(4) },
        Some(Period::Since(fact)) => ICompliance::Period { fact: fact.to_string(), ..of(5) },
        Some(Period::Month) => of(6),
    }
}

/// A movement to approve, as one of a list; 0 stands for nobody.
fn approved((asset, list): (u64, u32), (from, to): (u64, u64), units: u128) -> Approved {
    let side = |person: u64| (person != 0).then_some(PersonId(person));
    let (asset, from, to, units) = (AssetId(asset), side(from), side(to), Units(units));
    Approved { asset, list, from, to, units }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::compliance::Side;
    use serde_json::{Value, json};

    /// The reason that the interface's words stand for: what a reader of them does.
    fn read(params: ICompliance::Params) -> Option<Reason> {
        let some = |text: String| Some(text).filter(|it| !it.is_empty());
        let time = |ms: u64| Some(Time(ms)).filter(|it| it.0 != 0);
        let person = |number: u64| Some(PersonId(number)).filter(|it| it.0 != 0);
        let units = |units: u128| Some(Units(units)).filter(|it| !it.is_zero());
        let said = |place: u8| (params.said & place != 0).then_some(());
        let layers =
            [Layer::Ledger, Layer::Network, Layer::Jurisdiction, Layer::Issuer, Layer::Venue];
        let sides = [Side::Sender, Side::Receiver, Side::Both, Side::Venue];
        let [months, business, days, hours] = params.period.span;
        let span = Span { months, business, days, hours };
        let code = ReasonCode::all().find(|code| *code as u16 == params.code)?;
        Some(Reason {
            side: (params.side != 0).then(|| sides[usize::from(params.side) - 1]),
            path: some(params.path),
            have: said(1).map(|()| Units(params.have)),
            need: said(2).map(|()| Units(params.need)),
            topic: Some(params.topic).filter(|topic| *topic != 0),
            country: super::country(params.country.0).ok(),
            when: time(params.when),
            fact: some(params.fact).map(Into::into),
            providers: params.providers.into_iter().map(PersonId).collect(),
            source: some(params.source),
            by: person(params.by),
            since: time(params.since),
            order: some(params.order.authority)
                .map(|authority| OrderName { authority, reference: params.order.r#ref }),
            class: said(8).map(|()| ClassId(params.class)),
            used: said(4).map(|()| Units(params.used)),
            held: units(params.held),
            frozen: units(params.frozen),
            period: match params.period.kind {
                1 => Some(Period::Ever),
                2 => Some(Period::Rolling(span)),
                3 => Some(Period::Fixed(span)),
                4 => Some(Period::Year { month: params.period.month, day: params.period.day }),
                5 => Some(Period::Since(params.period.fact.into())),
                6 => Some(Period::Month),
                _ => None,
            },
            next: time(params.next),
            offered: params.offered.into_iter().map(Into::into).collect(),
            turn: match params.turn.who {
                1 => Some(Step::Sender),
                2 => Some(Step::Receiver),
                3 => Some(Step::Of { list: params.turn.list, count: params.turn.count }),
                _ => None,
            },
            ..Reason::new(layers[usize::from(params.layer) - 1], code)
        })
    }

    /// Facts that a reason may have, each alone and as it may differ.
    fn facts() -> Vec<Value> {
        let order = json!({ "authority": "District Court", "reference": "12 Cv 34" });
        let mut facts = vec![
            json!({ "side": "sender" }),
            json!({ "side": "receiver" }),
            json!({ "side": "both" }),
            json!({ "side": "venue" }),
            json!({ "path": "R144_NA" }),
            json!({ "have": "0" }),
            json!({ "have": "7" }),
            json!({ "need": "0" }),
            json!({ "need": "9" }),
            json!({ "topic": 20 }),
            json!({ "country": "FR" }),
            json!({ "when": 1_790_000_000_000_u64 }),
            json!({ "fact": "denomination_eur" }),
            json!({ "providers": [1, 7] }),
            json!({ "source": "17 CFR 230.144" }),
            json!({ "by": 2 }),
            json!({ "since": 1_780_000_000_000_u64 }),
            json!({ "order": order }),
            json!({ "class": 0 }),
            json!({ "class": 3 }),
            json!({ "used": "0" }),
            json!({ "used": "4" }),
            json!({ "held": "5" }),
            json!({ "frozen": "6" }),
            json!({ "next": 1_800_000_000_000_u64 }),
            json!({ "offered": ["S4A7", "R144_NA"] }),
            json!({ "turn": "sender" }),
            json!({ "turn": "receiver" }),
            json!({ "turn": { "of": { "list": 3, "count": 2 } } }),
        ];
        for period in [
            json!("ever"),
            json!({ "rolling": "1y2mo" }),
            json!({ "fixed": "3bd" }),
            json!({ "fixed": "4d5h" }),
            json!("month"),
            json!({ "year": { "month": 4, "day": 1 } }),
            json!({ "since": "listed" }),
        ] {
            facts.push(json!({ "period": period }));
        }
        facts
    }

    fn with(code: ReasonCode, facts: &[&Value]) -> Reason {
        let layer =
            [Layer::Ledger, Layer::Issuer, Layer::Jurisdiction, Layer::Network, Layer::Venue]
                [code as usize % 5];
        let mut told = json!(Reason::new(layer, code));
        for (name, fact) in facts.iter().filter_map(|it| it.as_object()).flatten() {
            told[name] = fact.clone();
        }
        serde_json::from_value(told).expect("a reason")
    }

    /// Every fact that a reason has is in the interface once, and nothing more is needed to say it in words.
    #[test]
    fn params_say_what_the_reason_says_for_every_code() {
        let facts = facts();
        for code in ReasonCode::all() {
            let all: Vec<_> = facts.iter().collect();
            let mut cases = vec![with(code, &[]), with(code, &all)];
            // Each fact alone, and all but one.
            for (place, fact) in facts.iter().enumerate() {
                let others: Vec<_> = all
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at != place)
                    .map(|(_, it)| *it)
                    .collect();
                cases.extend([with(code, &[fact]), with(code, &others)]);
            }
            for reason in cases {
                let told = params(&reason).abi_encode();
                let told = ICompliance::Params::abi_decode_validate(&told).expect("as it was");
                let read = read(told).expect("a reason");
                assert_eq!(read, reason);
                assert_eq!(read.to_string(), reason.to_string());
                assert_eq!(read.remedy(), reason.remedy());
            }
        }
        assert_eq!(read(nothing()), None);
    }

    /// What the SDK reads and says of the same: its tests have this file.
    #[test]
    fn the_sdk_has_a_case_of_every_code() {
        let facts = facts();
        let all: Vec<_> = facts.iter().collect();
        let cases: Vec<_> = ReasonCode::all()
            .map(|code| with(code, &all[..facts.len() - code as usize % facts.len()]))
            .map(|reason| {
                json!({
                    "params": alloy_primitives::hex::encode_prefixed(params(&reason).abi_encode()),
                    "reason": reason,
                    "text": reason.to_string(),
                    "remedy": reason.remedy(),
                })
            })
            .collect();
        let written = cases.iter().map(Value::to_string).collect::<Vec<_>>().join(",\n");
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/test/fixtures/params.json");
        let written = format!("[\n{written}\n]\n");
        if std::env::var_os("UPDATE_VECTORS").is_some() {
            std::fs::write(path, &written).expect("written");
        }
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(checked_in, written, "UPDATE_VECTORS=1 writes it anew");
    }
}

//! Would it be allowed, and if not, why, what could be done about it, and when or how much would? Whoever
//! must agree is asked. And what would a change of rules mean?

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    scrip::{
        naming::{self, Who},
        page,
    },
    wire::{Answer, json},
};
use compliance::{Change, Decision, Layer, POLICIES, PROFILES, Reason, ReasonCode, Side, View};
use evm::Failure;
use identity::PROVIDERS;
use ledger::{Among, ChosenLot, Stated, Wish};
use serde_json::{Value, json as value};
use state::{Context, Looked};
use types::{AccountId, Address, AssetId, Bytes, ClassId, Currency, Name, PersonId, Units};

/// `scrip_explain`: without `from` an issue, without `to` a redemption, without a class from all of them;
/// without an operator by the giver's own wallet; without lots of the oldest that may go; without `paid`, in minor units of a
/// currency, at no price that is told; an issue under a profile, by name or number, a transfer by a path, or the first that
/// serves. A `view` leaves out what is another party's to know; with `reads` it says which records it rests on.
/// The same judge as at execution, and the issuer's own contract. An operator that may not make a transfer for its giver is
/// told so beside that, under `barred`.
pub(crate) fn explain(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let from = args.optional::<Value>(1)?.map(|value| Who::read("from", &value)).transpose()?;
    let to = args.optional::<Value>(2)?.map(|value| Who::read("to", &value)).transpose()?;
    let lots: Vec<ChosenLot> = args.optional(6)?.unwrap_or_default();
    let units = match lots.is_empty() {
        true => args.required(3)?,
        false => of_lots(&lots, args.optional(3)?)?,
    };
    let paid = paid(args.optional(7)?, args.optional(8)?)?;
    let profile: Option<Value> = args.optional(9)?;
    let path: Option<Name> = args.optional(10)?;
    let view: View = args.optional(11)?.unwrap_or_default();
    let tells_reads = args.optional(12)?.unwrap_or(false);
    if tells_reads && view != View::All {
        return Err(Fault::param(
            "reads",
            "they name what both parties have: ask for them with no view",
        ));
    }
    let class = args.optional(4)?.map(ClassId);
    let operator: Address = args.optional(5)?.unwrap_or_default();
    if from.is_none() && to.is_none() {
        return Err(Fault::param(
            "from",
            "give from, to, or both: no from is an issue, no to a redemption",
        ));
    }
    let is_transfer = from.is_some() && to.is_some();
    if path.is_some() && !is_transfer {
        return Err(Fault::param("path", "transfers go by a path: give from and to, or no path"));
    }
    if profile.is_some() && from.is_some() {
        return Err(Fault::param(
            "profile",
            "issues are under a profile: give no from, or no profile",
        ));
    }
    let (block, answer) = door.read(None, |ctx| {
        let id = naming::asset(ctx, &named)?;
        if tells_reads {
            ctx.watch_reads();
        }
        let profile = profile.as_ref().map_or(Ok(0), |named| adopted(ctx, id, named))?;
        let strangers: Vec<_> = [(from, Side::Sender), (to, Side::Receiver)]
            .into_iter()
            .filter(|(who, _)| who.is_some_and(|who| is_stranger(ctx, who)))
            .map(|(_, side)| Reason::new(Layer::Network, ReasonCode::WalletUnknown).of(side))
            .collect();
        if !strangers.is_empty() {
            let max_ok = Some(Units::ZERO);
            let decision = Decision { reasons: strangers, max_ok, ..Decision::default() };
            let reads = ctx.reads();
            let told = tell(ctx, id, [None, None], &decision.seen_by(view));
            return Ok::<_, Fault>((told, reads));
        }
        let from = from.map(|who| who.account(ctx, "from")).transpose()?;
        let to = to.map(|who| who.account(ctx, "to")).transpose()?;
        let stated = Stated { paid, profile, path: path.as_ref(), lots: &lots };
        let wish = Wish { asset: id, class, from, to, units, operator, stated };
        let decision = evm::preview(ctx, wish).map_err(cannot)?;
        let barred = evm::may_move(ctx, wish, &decision).err();
        let reads = ctx.reads();
        // By whose law a party is bound says where it resides.
        let parties =
            [from.filter(|_| view.shows(Side::Sender)), to.filter(|_| view.shows(Side::Receiver))];
        let mut told = tell(ctx, id, parties, &decision.seen_by(view));
        if let Some(refusal) = barred {
            bar(&mut told, refusal, view);
        }
        Ok((told, reads))
    })?;
    let (mut answer, reads) = answer?;
    answer["block"] = value!(block);
    if tells_reads {
        let tell = |Looked { table, key }| value!({ "table": table, "key": Bytes::from(key) });
        answer["reads"] = reads.into_iter().map(tell).collect();
    }
    json(&answer)
}

/// `scrip_dryRun`: for whom of an asset's holders a change of rules would newly stand in the way, and which
/// limits it would find exceeded, by the page, each of one class: `next` is where to go on. Nothing is changed. Pages of the same
/// block make up the report whose hash the change is made with; it is the same whatever the pages.
pub(crate) fn dry_run(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let change: Change = args.required(1)?;
    let first = args.optional(2)?.unwrap_or((ClassId(0), 0));
    let limit = page(args.optional(3)?)? as u32;
    let (block, run) = door.read(args.optional(4)?, |ctx| {
        let asset = naming::asset(ctx, &named)?;
        let changed = change.told(ctx, asset);
        let venue = change.venue.as_ref().map(|venue| AccountId::new(venue.person, 0));
        let operator = venue.and_then(|it| identity::wallet_of(ctx, &it)).unwrap_or_default();
        let among = Among { asset, first, limit, operator };
        let make = |ctx: &mut Context<'_>| change.make(ctx, asset).map_err(Failure::from);
        // The state stands still while it is looked at: no longer than a call may take.
        ctx.start_work(door.config.call_gas);
        let run = ledger::dry_run(ctx, among, make);
        let why = |failure| if ctx.is_exhausted() { too_many(limit) } else { cannot(failure) };
        Ok::<_, Fault>((asset, changed, run.map_err(why)?))
    })?;
    let (asset, changed, run) = run?;
    let mut answer = value!(run);
    for (told, fails) in each(&mut answer["fails"]).zip(&run.fails) {
        told["reason"] = in_words(&fails.reason);
    }
    for (told, hold) in each(&mut answer["holds"]).zip(&run.holds) {
        told["reasons"] = hold.reasons.iter().map(in_words).collect();
    }
    answer["asset"] = value!(asset);
    answer["change"] = value!(changed);
    answer["block"] = value!(block);
    json(&answer)
}

fn too_many(limit: u32) -> Fault {
    let why = format!(
        "looking at {limit} holders needs more gas than a call has here: ask for fewer; if one is too many, all must be \
         counted anew by what the change asks, and a node with a larger rpc.call_gas has to be asked"
    );
    Fault::param("limit", why)
}

/// What chosen lots sum to, which is what is asked for if that is said too.
fn of_lots(lots: &[ChosenLot], said: Option<Units>) -> Result<Units, Fault> {
    let mut sum = lots.iter().try_fold(Units::ZERO, |sum, lot| sum.checked_add(lot.units)).ok();
    sum = sum.filter(|sum| said.is_none_or(|said| said == *sum));
    sum.ok_or_else(|| {
        Fault::param("units", "the lots sum to another number: leave it out, or correct them")
    })
}

/// What is paid: an amount and its currency, both or none.
fn paid(
    amount: Option<Units>,
    currency: Option<Currency>,
) -> Result<Option<(Currency, u128)>, Fault> {
    match (amount, currency) {
        (None, None) => Ok(None),
        (Some(amount), Some(currency)) => Ok(Some((currency, amount.0))),
        (Some(_), None) => {
            Err(Fault::param("currency", "is missing: say in which currency is paid"))
        }
        (None, Some(_)) => {
            Err(Fault::param("paid", "is missing: say how much of the currency is paid"))
        }
    }
}

/// The number of a profile that the asset has adopted, by its number or name.
fn adopted(ctx: &Context<'_>, asset: AssetId, named: &Value) -> Result<u16, Fault> {
    let is_it = |number: u16, id: &Name| match named {
        Value::String(name) => **id == **name,
        other => other.as_u64() == Some(u64::from(number)),
    };
    let mut open = compliance::adoptions(ctx, asset).filter(|(_, adoption)| adoption.is_open);
    let found = open.find(|(number, adoption)| is_it(*number, &adoption.id));
    let why = || "profile: the asset has adopted none of this name or number".to_owned();
    found.map(|(number, _)| number).ok_or_else(|| Fault::not_found(why()))
}

fn each(list: &mut Value) -> impl Iterator<Item = &mut Value> {
    list.as_array_mut().into_iter().flatten()
}

fn cannot(failure: Failure) -> Fault {
    let words = evm::reason_of(&failure.to_abi());
    Fault::not_found(words.unwrap_or_else(|| "it cannot be judged".to_owned()))
}

/// A wallet without a person is an answer, not a mistake of who asks.
fn is_stranger(ctx: &Context<'_>, who: Who) -> bool {
    matches!(who, Who::Wallet(wallet) if identity::account_of(ctx, &wallet).is_none())
}

fn tell(
    ctx: &Context<'_>,
    asset: AssetId,
    parties: [Option<AccountId>; 2],
    decision: &Decision,
) -> Value {
    let [from, to] = parties.map(|party| party.map(|account| account.person));
    let reasons: Vec<_> = decision
        .reasons
        .iter()
        .map(|reason| {
            let person = match reason.side {
                Some(Side::Sender) => from,
                Some(Side::Receiver) => to,
                _ => None,
            };
            let mut told = in_words(reason);
            told["ask"] = value!(whom_to_ask(ctx, reason, person));
            told
        })
        .collect();
    let text = match decision.is_allowed() {
        true => "allowed".to_owned(),
        false => ledger::Judgement(decision.clone()).to_string(),
    };
    let policy = POLICIES.read(ctx, &asset).map(|record| {
        let hash = compliance::policy_hash(&record.policy);
        value!({ "version": record.version, "hash": hash })
    });
    let paths: Vec<_> = (decision.paths.iter())
        .map(|path| {
            let profile = compliance::adoption(ctx, asset, path.law).map(|adoption| &adoption.id);
            value!({ "profile": profile, "place": path.place, "name": path.name })
        })
        .collect();
    let relied_on: Vec<_> = decision
        .exemptions
        .numbers()
        .filter_map(|number| compliance::adoption(ctx, asset, number))
        .map(|adoption| (adoption.id.clone(), adoption.version))
        .collect();
    let profiles: Vec<_> = compliance::bound_by(ctx, asset, from, to)
        .into_iter()
        .map(|profile| {
            let hash = PROFILES.read(ctx, &profile).map(|record| record.hash);
            let is_relied_on = relied_on.contains(&profile);
            let (id, version) = profile;
            value!({ "id": id, "version": version, "hash": hash, "relied_on": is_relied_on })
        })
        .collect();
    value!({
        "allowed": decision.is_allowed(),
        "barred": null,
        "reasons": reasons,
        "text": text,
        "paths": paths,
        "earliest_ok": decision.earliest_ok,
        "max_ok": decision.max_ok,
        "contract": decision.contract.map(|(contract, gas)| value!({ "address": contract, "gas": gas })),
        "effects": if decision.is_allowed() { &decision.consequences[..] } else { &[] },
        "policy": policy,
        "profiles": profiles,
        "as_of": ctx.now(),
    })
}

/// Says that the operator may not move the units for their giver, and why to whom that is not hidden: what it was allowed
/// is the giver's.
fn bar(told: &mut Value, refusal: ledger::Refusal, view: View) {
    let (code, words) = match Failure::from(refusal) {
        Failure::Refused { code, reason, .. } if view.shows(Side::Sender) => (Some(code), reason),
        _ => (None, "the operator may not move the giver's units".to_owned()),
    };
    let text = match told["allowed"] == true {
        true => words.clone(),
        false => format!("{words}; {}", told["text"].as_str().unwrap_or_default()),
    };
    (told["allowed"], told["text"]) = (value!(false), value!(text));
    told["barred"] = value!({ "code": code, "text": words });
    told["effects"] = value!([]);
}

/// A reason with its number, its text and what could be done about it.
fn in_words(reason: &Reason) -> Value {
    let mut told = value!(reason);
    told["number"] = value!(reason.code as u16);
    told["erc1066"] = value!(reason.code.erc1066());
    told["erc1400"] = value!(reason.erc1400());
    told["erc1404"] = value!(reason.erc1404());
    told["text"] = value!(reason.to_string());
    told["remedy"] = value!(reason.remedy());
    told
}

/// The providers that could attest what is missing: those that the rule names, else the person's own.
fn whom_to_ask(ctx: &Context<'_>, reason: &Reason, person: Option<PersonId>) -> Vec<Value> {
    let own = || {
        let person = identity::person(ctx, person.filter(|_| reason.topic.is_some())?)?;
        Some(person.provider)
    };
    let providers = match reason.providers.is_empty() {
        true => own().into_iter().collect(),
        false => reason.providers.clone(),
    };
    let tell = |provider: &PersonId| {
        let record = PROVIDERS.read(ctx, provider);
        value!({
            "person": provider,
            "wallet": identity::wallet_of(ctx, &AccountId::new(*provider, 0)),
            "is_provider": record.is_some_and(|record| record.is_active),
        })
    };
    providers.iter().map(tell).collect()
}

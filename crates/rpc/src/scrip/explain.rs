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
use compliance::{Change, Decision, Layer, POLICIES, PROFILES, Reason, ReasonCode, Side};
use evm::Failure;
use identity::PROVIDERS;
use ledger::{Among, ChosenLot, Wish};
use serde_json::{Value, json as value};
use state::Context;
use types::{AccountId, Address, AssetId, ClassId, PersonId, Units};

/// `scrip_explain`: without `from` an issue, without `to` a redemption, without a class from all of them;
/// without an operator by the giver's own wallet; without lots of the oldest that may go.
/// The same judge as at execution, and the issuer's own contract. What is judged is the movement: whether the
/// operator may make it for the giver is another question.
pub(crate) fn explain(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let from = args.optional::<Value>(1)?.map(|value| Who::read("from", &value)).transpose()?;
    let to = args.optional::<Value>(2)?.map(|value| Who::read("to", &value)).transpose()?;
    let lots: Vec<ChosenLot> = args.optional(6)?.unwrap_or_default();
    let units = match lots.is_empty() {
        true => args.required(3)?,
        false => of_lots(&lots, args.optional(3)?)?,
    };
    let class = args.optional(4)?.map(ClassId);
    let operator: Address = args.optional(5)?.unwrap_or_default();
    if from.is_none() && to.is_none() {
        return Err(Fault::param(
            "from",
            "give from, to, or both: no from is an issue, no to a redemption",
        ));
    }
    let (block, answer) = door.read(None, |ctx| {
        let id = naming::asset(ctx, &named)?;
        let strangers: Vec<_> = [(from, Side::Sender), (to, Side::Receiver)]
            .into_iter()
            .filter(|(who, _)| who.is_some_and(|who| is_stranger(ctx, who)))
            .map(|(_, side)| Reason::new(Layer::Network, ReasonCode::WalletUnknown).of(side))
            .collect();
        if !strangers.is_empty() {
            let max_ok = Some(Units::ZERO);
            let decision = Decision { reasons: strangers, max_ok, ..Decision::default() };
            return Ok::<_, Fault>(tell(ctx, id, [None, None], &decision));
        }
        let from = from.map(|who| who.account(ctx, "from")).transpose()?;
        let to = to.map(|who| who.account(ctx, "to")).transpose()?;
        let wish = Wish { asset: id, class, from, to, units, operator, lots: &lots };
        let decision = evm::preview(ctx, wish).map_err(cannot)?;
        Ok(tell(ctx, id, [from, to], &decision))
    })?;
    let mut answer = answer?;
    answer["block"] = value!(block);
    json(&answer)
}

/// `scrip_dryRun`: for whom of an asset's holders a change of rules would newly stand in the way, and which
/// limits it would find exceeded. Nothing is changed.
pub(crate) fn dry_run(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let change: Change = args.required(1)?;
    let class = ClassId(args.optional(2)?.unwrap_or(0));
    let first = args.optional::<u32>(3)?.map_or(0, |after| after.saturating_add(1));
    let limit = page(args.optional(4)?)? as u32;
    let (block, run) = door.read(None, |ctx| {
        let asset = naming::asset(ctx, &named)?;
        let venue = change.venue.as_ref().map(|venue| AccountId::new(venue.person, 0));
        let operator = venue.and_then(|it| identity::wallet_of(ctx, &it)).unwrap_or_default();
        let among = Among { asset, class, first, limit, operator };
        let make = |ctx: &mut Context<'_>| change.make(ctx, asset).map_err(Failure::from);
        // The state stands still while it is looked at: no longer than a call may take.
        ctx.start_work(door.config.call_gas);
        let run = ledger::dry_run(ctx, among, make);
        run.map_err(|failure| if ctx.is_exhausted() { too_many(limit) } else { cannot(failure) })
    })?;
    let run = run?;
    let mut answer = value!(run);
    for (told, fails) in each(&mut answer["fails"]).zip(&run.fails) {
        told["reason"] = in_words(&fails.reason);
    }
    for (told, hold) in each(&mut answer["holds"]).zip(&run.holds) {
        told["reasons"] = hold.reasons.iter().map(in_words).collect();
    }
    answer["next"] = value!(run.next.map(|next| next - 1));
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
        "reasons": reasons,
        "text": text,
        "paths": paths,
        "earliest_ok": decision.earliest_ok,
        "max_ok": decision.max_ok,
        "fees": decision.fees().map(|(to, units)| value!({ "to": to, "units": units })).collect::<Vec<_>>(),
        "contract": decision.contract.map(|(contract, gas)| value!({ "address": contract, "gas": gas })),
        "policy": policy,
        "profiles": profiles,
    })
}

/// A reason with its number, its text and what could be done about it.
fn in_words(reason: &Reason) -> Value {
    let mut told = value!(reason);
    told["number"] = value!(reason.code as u16);
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

//! Would it be allowed, and if not, why, and when or how much would? Whoever must agree is asked.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    scrip::naming::{self, Who},
    wire::{Answer, json},
};
use compliance::{Decision, Layer, Reason, ReasonCode, Side};
use evm::Wish;
use serde_json::{Value, json as value};
use state::Context;
use types::{Address, ClassId, Units};

/// `scrip_explain`: without `from` an issue, without `to` a redemption, without a class from all of them;
/// without an operator by the giver's own wallet.
/// The same judge as at execution, and the issuer's own contract.
pub(crate) fn explain(door: &Door, args: &Args<'_>) -> Answer {
    let named: Value = args.required(0)?;
    let from = args.optional::<Value>(1)?.map(|value| Who::read("from", &value)).transpose()?;
    let to = args.optional::<Value>(2)?.map(|value| Who::read("to", &value)).transpose()?;
    let units: Units = args.required(3)?;
    let class = args.optional(4)?.map(ClassId);
    let operator: Address = args.optional(5)?.unwrap_or_default();
    if from.is_none() && to.is_none() {
        return Err(Fault::param(
            "from",
            "give from, to, or both: no from is an issue, no to a redemption",
        ));
    }
    let (block, decision) = door.read(None, |ctx| {
        let id = naming::asset(ctx, &named)?;
        let strangers: Vec<_> = [(from, Side::Sender), (to, Side::Receiver)]
            .into_iter()
            .filter(|(who, _)| who.is_some_and(|who| is_stranger(ctx, who)))
            .map(|(_, side)| Reason::new(Layer::Network, ReasonCode::WalletUnknown).of(side))
            .collect();
        if !strangers.is_empty() {
            let max_ok = Some(Units::ZERO);
            return Ok(Decision { reasons: strangers, max_ok, ..Decision::default() });
        }
        let from = from.map(|who| who.account(ctx, "from")).transpose()?;
        let to = to.map(|who| who.account(ctx, "to")).transpose()?;
        let wish = Wish { asset: id, class, from, to, units, operator };
        evm::preview(ctx, wish).map_err(|failure| {
            let words = evm::reason_of(&failure.to_abi());
            Fault::not_found(words.unwrap_or_else(|| "the movement cannot be judged".to_owned()))
        })
    })?;
    let mut answer = tell(&decision?);
    answer["block"] = value!(block);
    json(&answer)
}

/// A wallet without a person is an answer, not a mistake of who asks.
fn is_stranger(ctx: &Context<'_>, who: Who) -> bool {
    matches!(who, Who::Wallet(wallet) if identity::account_of(ctx, &wallet).is_none())
}

fn tell(decision: &Decision) -> Value {
    let reasons: Vec<_> = decision
        .reasons
        .iter()
        .map(|reason| {
            let mut told = value!(reason);
            told["number"] = value!(reason.code as u16);
            told["text"] = value!(reason.to_string());
            told
        })
        .collect();
    let text = match decision.is_allowed() {
        true => "allowed".to_owned(),
        false => ledger::Judgement(decision.clone()).to_string(),
    };
    value!({
        "allowed": decision.is_allowed(),
        "reasons": reasons,
        "text": text,
        "path": decision.path,
        "earliest_ok": decision.earliest_ok,
        "max_ok": decision.max_ok,
        "contract": decision.contract.map(|(contract, gas)| value!({ "address": contract, "gas": gas })),
    })
}

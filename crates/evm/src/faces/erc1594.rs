//! ERC-1594: issue, redeem, and ask first.

use super::{
    erc20::{from_other, leg, to_one},
    reply,
};
use crate::{
    abi::IERC1594,
    failure::Failure,
    native::Caller,
    services::{Answer, Request, Said, account, units, view, wish},
};
use alloy_primitives::FixedBytes;
use alloy_sol_types::SolValue;
use compliance::Decision;
use ledger::{Asset, Call};
use state::Context;
use types::{Address, AssetId, B256, ClassId, U256};

pub(super) fn answer(
    ctx: &Context<'_>,
    caller: Caller,
    id: AssetId,
    asset: &Asset,
    call: IERC1594::IERC1594Calls,
) -> Result<Request, Failure> {
    use IERC1594::IERC1594Calls as F;
    match call {
        F::transferWithData(f) => {
            reply(to_one(ctx, id, None, None, f.to, f.value)?, Answer::Nothing)
        }
        F::transferFromWithData(f) => {
            reply(from_other(ctx, id, f.from, f.to, f.value)?, Answer::Nothing)
        }
        F::isIssuable(_) => {
            view(asset.issued < asset.authorised && asset.status == ledger::AssetStatus::Open)
        }
        F::issue(f) => {
            let legs = vec![leg(ctx, f.tokenHolder, f.value)?];
            let call = Call::Issue { asset: id, class: ClassId(0), legs };
            Ok(reply(call, Answer::Nothing)?.saying(Said::data(f.data)))
        }
        F::redeem(f) => {
            let call = redeem(ctx, id, None, caller.address, f.value)?;
            Ok(reply(call, Answer::Nothing)?.saying(Said::data(f.data)))
        }
        F::redeemFrom(f) => {
            let call = redeem(ctx, id, None, f.tokenHolder, f.value)?;
            Ok(reply(call, Answer::Nothing)?.saying(Said::data(f.data)))
        }
        F::canTransfer(f) => {
            can_transfer(ctx, id, None, caller.address, f.to, f.value, |verdict| {
                let Verdict { allowed, status, code, .. } = verdict;
                (allowed, status, code).abi_encode_params()
            })
        }
        F::canTransferFrom(f) => {
            let may = may_spend(ctx, id, caller, f.from);
            let asked = can_transfer(ctx, id, None, f.from, f.to, f.value, move |verdict| {
                let Verdict { mut allowed, mut status, code, fees } = verdict;
                let need = f.value.saturating_add(fees);
                if allowed && may.is_none_or(|may| may < need) {
                    (allowed, status) = (false, FixedBytes([0x53]));
                }
                (allowed, status, code).abi_encode_params()
            })?;
            Ok(asked.by(caller.address))
        }
    }
}

/// How much this spender may move by an allowance, fees included, or by the holder's word; none if it may move nothing.
fn may_spend(ctx: &Context<'_>, id: AssetId, spender: Caller, from: Address) -> Option<U256> {
    ledger::check_spender(ctx, spender.spender(), Some(id)).ok()?;
    let owner = identity::account_of(ctx, &from)?;
    Some(match ledger::is_operator(ctx, id, None, owner, spender.address) {
        true => U256::MAX,
        false => U256::from(ledger::allowance(ctx, id, owner, spender.address).0),
    })
}

/// What ERC-1400 tells of a transfer.
pub(super) struct Verdict {
    /// Whether it would happen.
    pub allowed: bool,
    /// ERC-1400's status byte.
    pub status: FixedBytes<1>,
    /// The reason's number.
    pub code: B256,
    /// What the giver would give collectors besides.
    pub fees: U256,
}

/// Asks whether a transfer would happen, and tells it in the function's own shape.
pub(super) fn can_transfer(
    ctx: &Context<'_>,
    id: AssetId,
    class: Option<ClassId>,
    from: Address,
    to: Address,
    value: U256,
    tell: impl FnOnce(Verdict) -> Vec<u8> + 'static,
) -> Result<Request, Failure> {
    match wish(ctx, id, class, from, to, value) {
        Ok(wish) => Ok(Request::Preview(wish, Box::new(|decision| Ok(tell(verdict(decision)))))),
        Err(failure) => Ok(Request::View(tell(verdict(Err(failure))))),
    }
}

fn verdict(decision: Result<Decision, Failure>) -> Verdict {
    let no = |status, code: u16| {
        let (status, code) = (FixedBytes([status]), B256::from(U256::from(code)));
        Verdict { allowed: false, status, code, fees: U256::ZERO }
    };
    match decision {
        Ok(decision) => match decision.reasons.first() {
            None => {
                let fees = decision.fees().map(|(_, units)| U256::from(units.0)).sum();
                Verdict { allowed: true, status: FixedBytes([0x51]), code: B256::ZERO, fees }
            }
            Some(reason) => no(reason.erc1400(), reason.code as u16),
        },
        Err(Failure::Refused { code, .. }) => no(0x57, code),
        Err(_) => no(0x50, 0),
    }
}

pub(super) fn redeem(
    ctx: &Context<'_>,
    asset: AssetId,
    class: Option<ClassId>,
    holder: Address,
    value: U256,
) -> Result<Call, Failure> {
    Ok(Call::Redeem { asset, class, account: account(ctx, holder)?, units: units(value)? })
}

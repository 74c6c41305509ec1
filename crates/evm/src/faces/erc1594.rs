//! ERC-1594: issue, redeem, and ask first.

use super::{
    erc20::{from_other, leg, to_one},
    reply,
};
use crate::{
    abi::IERC1594,
    failure::Failure,
    services::{Answer, Request, account, ask, units, view},
};
use alloy_primitives::FixedBytes;
use alloy_sol_types::SolValue;
use compliance::Decision;
use ledger::{Asset, Call};
use state::Context;
use types::{Address, AssetId, B256, ClassId, U256, Units};

pub(super) fn answer(
    ctx: &Context<'_>,
    caller: Address,
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
            reply(Call::Issue { asset: id, class: ClassId(0), legs }, Answer::Nothing)
        }
        F::redeem(f) => reply(redeem(ctx, id, None, caller, f.value)?, Answer::Nothing),
        F::redeemFrom(f) => reply(redeem(ctx, id, None, f.tokenHolder, f.value)?, Answer::Nothing),
        F::canTransfer(f) => {
            let (status, code, allowed) = can_transfer(ctx, id, ClassId(0), caller, f.to, f.value);
            Ok(Request::View((allowed, status, code).abi_encode_params()))
        }
        F::canTransferFrom(f) => {
            let (mut status, code, mut allowed) =
                can_transfer(ctx, id, ClassId(0), f.from, f.to, f.value);
            let owner = identity::account_of(ctx, &f.from);
            let have = owner.map_or(Units::ZERO, |owner| ledger::allowance(ctx, id, owner, caller));
            let is_operator = owner
                .is_some_and(|owner| ledger::is_operator(ctx, id, Some(ClassId(0)), owner, caller));
            if allowed && !is_operator && U256::from(have.0) < f.value {
                (allowed, status) = (false, FixedBytes([0x53]));
            }
            Ok(Request::View((allowed, status, code).abi_encode_params()))
        }
    }
}

/// ERC-1400's status byte, the reason's number, and whether the transfer would happen.
pub(super) fn can_transfer(
    ctx: &Context<'_>,
    id: AssetId,
    class: ClassId,
    from: Address,
    to: Address,
    value: U256,
) -> (FixedBytes<1>, B256, bool) {
    let decision = units(value).and_then(|units| ask(ctx, id, class, from, to, units));
    match decision {
        Ok(Decision { reasons, .. }) => match reasons.first() {
            None => (FixedBytes([0x51]), B256::ZERO, true),
            Some(reason) => {
                let code = B256::from(U256::from(reason.code as u16));
                (FixedBytes([reason.code.erc1400()]), code, false)
            }
        },
        Err(Failure::Refused { code, .. }) => {
            (FixedBytes([0x57]), B256::from(U256::from(code)), false)
        }
        Err(_) => (FixedBytes([0x50]), B256::ZERO, false),
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

//! ERC-1644: what an officer does by order.

use super::reply;
use crate::{
    abi::{self, IERC1644},
    failure::Failure,
    services::{Answer, Request, Said, account, units, view},
};
use alloy_sol_types::SolValue;
use ledger::Call;
use state::Context;
use types::{AssetId, B256, ClassId, Order};

pub(super) fn answer(
    ctx: &Context<'_>,
    id: AssetId,
    call: IERC1644::IERC1644Calls,
) -> Result<Request, Failure> {
    use IERC1644::IERC1644Calls as F;
    let order =
        |data: &[u8]| {
            let (authority, reference, document) =
            <(String, String, B256)>::abi_decode_params_with_config(data, abi::STRICT).map_err(|_| {
                Failure::door(
                    9,
                    0x20,
                    "operatorData: abi.encode(authority, reference, document hash) is needed",
                )
            })?;
            Ok::<_, Failure>(Order { authority, reference, document, expires: None })
        };
    let class = ClassId(0);
    let said = |data, operator_data| Said { data, operator_data, by_partition: false };
    match call {
        F::isControllable(_) => view(true),
        F::controllerTransfer(f) => {
            let (from, to) = (account(ctx, f.from)?, account(ctx, f.to)?);
            let (units, order) = (units(f.value)?, order(&f.operatorData)?);
            let call = Call::ForceTransfer { asset: id, class, from, to, units, order };
            Ok(reply(call, Answer::Nothing)?.saying(said(f.data, f.operatorData)))
        }
        F::controllerRedeem(f) => {
            let from = account(ctx, f.tokenHolder)?;
            let (units, order) = (units(f.value)?, order(&f.operatorData)?);
            let call = Call::ForceRedeem { asset: id, class, from, units, order };
            Ok(reply(call, Answer::Nothing)?.saying(said(f.data, f.operatorData)))
        }
    }
}

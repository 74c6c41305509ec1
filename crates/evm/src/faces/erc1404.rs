//! ERC-1404: why a transfer would not happen, in a number and its words.

use crate::{
    abi::IERC1404,
    failure::Failure,
    services::{Request, view, wish},
};
use alloy_sol_types::SolValue;
use compliance::{Decision, ReasonCode, erc1404_text};
use state::Context;
use types::{Address, AssetId, U256};

pub(super) fn answer(
    ctx: &Context<'_>,
    id: AssetId,
    call: IERC1404::IERC1404Calls,
) -> Result<Request, Failure> {
    use IERC1404::IERC1404Calls as F;
    match call {
        F::detectTransferRestriction(f) => {
            let is_known =
                |wallet: &Address| wallet.is_zero() || identity::account_of(ctx, wallet).is_some();
            if ![f.from, f.to].iter().all(is_known) {
                return view(U256::from(ReasonCode::WalletUnknown.erc1404()));
            }
            match wish(ctx, id, None, f.from, f.to, f.value) {
                Ok(wish) => {
                    let tell = |decision| Ok(U256::from(number(decision)).abi_encode());
                    Ok(Request::Preview(wish, Box::new(tell)))
                }
                Err(failure) => view(U256::from(number(Err(failure)))),
            }
        }
        F::messageForTransferRestriction(f) => {
            view(erc1404_text(f.restrictionCode).unwrap_or_default().to_owned())
        }
    }
}

/// The first reason's number; what is refused before anything is judged has none of its own.
fn number(decision: Result<Decision, Failure>) -> u8 {
    match decision {
        Ok(decision) => decision.reasons.first().map_or(0, |reason| reason.erc1404()),
        Err(_) => u8::MAX,
    }
}

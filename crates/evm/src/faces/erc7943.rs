//! ERC-7943 (uRWA): what a protocol asks of a token with rules, and what an officer does to it.

use super::{erc3643, reply};
use crate::{
    abi::{IERC3643, IERC7943Fungible as IERC7943},
    failure::Failure,
    services::{Answer, Request, account, units, view, wish},
};
use alloy_sol_types::SolValue;
use compliance::Side;
use ledger::{Asset, Call};
use state::Context;
use types::{Address, AssetId, ClassId};

pub(super) fn answer(
    ctx: &Context<'_>,
    caller: Address,
    id: AssetId,
    asset: &Asset,
    call: IERC7943::IERC7943FungibleCalls,
) -> Result<Request, Failure> {
    use IERC7943::IERC7943FungibleCalls as F;
    let may = |wallet: Address, side| {
        let account = identity::account_of(ctx, &wallet);
        view(account.is_some_and(|account| ledger::may_take_part(ctx, id, account, side)))
    };
    match call {
        F::canSend(f) => may(f.account, Side::Sender),
        F::canReceive(f) => may(f.account, Side::Receiver),
        F::canTransfer(f) => match wish(ctx, id, None, f.from, f.to, f.amount) {
            // An issue or a redemption is no transfer of a holder's.
            Ok(wish) if wish.from.is_some() && wish.to.is_some() => {
                let tell = |decision: Result<compliance::Decision, Failure>| {
                    Ok(decision.is_ok_and(|decision| decision.is_allowed()).abi_encode())
                };
                Ok(Request::Preview(wish, Box::new(tell)))
            }
            _ => view(false),
        },
        F::setFrozenTokens(f) => {
            let (class, account) = (ClassId(0), account(ctx, f.account)?);
            // The standard means all that is frozen; what other orders than the filed one froze stays so.
            let position = ledger::position(ctx, id, class, account);
            let order = erc3643::filed_order(ctx, id, caller)?;
            let under_it = erc3643::frozen_under(ctx, &position, &order);
            let by_others = position.frozen(ctx.now()).saturating_sub(under_it);
            let call = Call::FreezeUnits {
                asset: id,
                class,
                account,
                units: units(f.amount)?.saturating_sub(by_others),
                order,
            };
            reply(call, Answer::True)
        }
        // Both standards have these two, word for word.
        F::forcedTransfer(f) => {
            let call = IERC3643::forcedTransferCall { from: f.from, to: f.to, amount: f.amount };
            erc3643::answer(ctx, caller, id, asset, IERC3643::IERC3643Calls::forcedTransfer(call))
        }
        F::getFrozenTokens(f) => {
            let call = IERC3643::getFrozenTokensCall { userAddress: f.account };
            erc3643::answer(ctx, caller, id, asset, IERC3643::IERC3643Calls::getFrozenTokens(call))
        }
    }
}

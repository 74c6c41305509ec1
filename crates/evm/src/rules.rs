//! An issuer's own rule contract: asked about every movement, with bounded gas, unable to change anything.
//!
//! It sees the ledger as the movement would leave it, and other contracts' storage as it was before the
//! transaction. Whatever goes wrong in it is a refusal.

use crate::{
    abi::IRuleContract,
    failure::{Failure, REASON_BASE},
    guest::{self, GuestCall},
};
use alloy_sol_types::SolCall;
use compliance::{Layer, Reason, ReasonCode};
use ledger::ContractCheck;
use state::Context;
use types::{AccountId, Address, Outcome, Reserved, U256, ensure};

/// What entering a call costs on top of the contract's own gas.
const ENTRY_GAS: u64 = 40_000;

/// Refuses unless the contract agrees.
pub(crate) fn ask(ctx: &mut Context<'_>, check: &ContractCheck) -> Result<(), Failure> {
    let reason = Reason::new(Layer::Issuer, ReasonCode::ContractRefused);
    let code = REASON_BASE + ReasonCode::ContractRefused as u16;
    let status = reason.code.erc1066();
    let is_agreed = agrees(ctx, check)?;
    ensure(is_agreed, Failure::Refused { code, status, reason: reason.to_string() })
}

/// Asks the contract: true if it says yes. Refuses if there is no gas to ask it.
pub(crate) fn agrees(ctx: &mut Context<'_>, check: &ContractCheck) -> Result<bool, Failure> {
    // Nobody computes for more than the transaction can pay: what is left may be less than the rule's own.
    let left = ctx.work_limit().saturating_sub(ctx.work());
    let gas = check.gas.saturating_add(ENTRY_GAS).min(left);
    let most = ctx.env.guest_gas;
    let why = || format!("rule contracts may burn {most} gas in one transaction; split it");
    ensure(gas <= ctx.guest_gas_left(gas), Failure::door(19, 0x0f, why()))?;
    let token = Reserved::asset(ctx.shard(), check.asset);
    let wallet = |account: Option<AccountId>| {
        account.and_then(|account| identity::wallet_of(ctx, &account)).unwrap_or(Address::ZERO)
    };
    let (from, to) = (wallet(check.from), wallet(check.to));
    let question =
        IRuleContract::checkCall { asset: token, from, to, units: U256::from(check.units.0) };
    let call = GuestCall {
        from: token,
        to: Some(check.contract),
        input: question.abi_encode().into(),
        gas,
        nonce: 0,
        access_list: Default::default(),
    };
    let (spent, limit) = (ctx.work(), ctx.work_limit());
    let done = guest::ask(ctx, call);
    ctx.burn_guest_gas(done.gas_used);
    // The inner call counted its own natives' work; what is charged is what it used in all.
    ctx.resume_work(spent.saturating_add(done.gas_used), limit);
    Ok(match &done.outcome {
        Outcome::Done(output) => {
            IRuleContract::checkCall::abi_decode_returns_validate(output) == Ok(true)
        }
        Outcome::Refused(_) | Outcome::Halted(_) => false,
    })
}

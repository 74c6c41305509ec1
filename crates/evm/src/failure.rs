//! Saying no in ABI: one error for all modules, and ERC-6093's where ERC-20 tools look for them.

use crate::abi::{IERC20, IRefusal};
use alloy_primitives::FixedBytes;
use alloy_sol_types::SolError;
use compliance::{Reason, ReasonCode};
use ledger::Judgement;
use state::Context;
use types::{AccountId, Address, AssetId, Module, U256, Units};

/// A native call that changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A module refuses: code, ERC-1066 status, words.
    Refused {
        /// Module number times 1000 plus the refusal's, or 9000 plus a reason's.
        code: u16,
        /// The ERC-1066 status byte.
        status: u8,
        /// Every reason in words.
        reason: String,
    },
    /// An ERC-20 spender was allowed less.
    Allowance {
        /// The spender.
        spender: Address,
        /// What it is allowed.
        have: Units,
        /// What it asked.
        need: Units,
    },
    /// An ERC-20 holder has less.
    Balance {
        /// The holder's wallet.
        sender: Address,
        /// What it has.
        have: Units,
        /// What was to move.
        need: Units,
    },
    /// Error data that a call inside gave.
    Data(Vec<u8>),
}

fn short_balance(
    ctx: &Context<'_>,
    judgement: &Judgement,
    asset: AssetId,
    account: AccountId,
) -> Option<Failure> {
    let [Reason { code: ReasonCode::InsufficientBalance, need: Some(need), .. }] =
        judgement.0.reasons[..]
    else {
        return None;
    };
    // The reason speaks of a class, ERC-20 of all of them.
    let have = ledger::balance(ctx, asset, account);
    let sender = identity::wallet_of(ctx, &account)?;
    (have < need).then_some(Failure::Balance { sender, have, need })
}

/// Where reasons of compliance start among the codes.
pub const REASON_BASE: u16 = 9_000;

impl Failure {
    /// A refusal of the door itself.
    pub fn door(code: u16, status: u8, reason: impl Into<String>) -> Self {
        Failure::Refused { code: Module::Evm as u16 * 1_000 + code, status, reason: reason.into() }
    }

    /// A refusal of the ledger to a caller, in ERC-6093's errors where ERC-20 has them: the allowance, and
    /// the balance of who gives if that alone stands in the way.
    pub(crate) fn of_ledger(
        ctx: &Context<'_>,
        refusal: ledger::Refusal,
        caller: Address,
        giver: Option<(AssetId, AccountId)>,
    ) -> Self {
        match (refusal, giver) {
            (ledger::Refusal::Allowance { have, need }, _) => {
                Failure::Allowance { spender: caller, have, need }
            }
            (ledger::Refusal::NotAllowed(judgement), Some((asset, account))) => {
                short_balance(ctx, &judgement, asset, account)
                    .unwrap_or_else(|| ledger::Refusal::NotAllowed(judgement).into())
            }
            (other, _) => other.into(),
        }
    }

    /// The error data.
    pub fn to_abi(&self) -> Vec<u8> {
        match self {
            Failure::Refused { code, status, reason } => IRefusal::Refused {
                code: *code,
                status: FixedBytes([*status]),
                reason: reason.clone(),
            }
            .abi_encode(),
            Failure::Allowance { spender, have, need } => IERC20::ERC20InsufficientAllowance {
                spender: *spender,
                allowance: U256::from(have.0),
                needed: U256::from(need.0),
            }
            .abi_encode(),
            Failure::Balance { sender, have, need } => IERC20::ERC20InsufficientBalance {
                sender: *sender,
                balance: U256::from(have.0),
                needed: U256::from(need.0),
            }
            .abi_encode(),
            Failure::Data(data) => data.clone(),
        }
    }
}

/// Reads error data back into words, as clients show it; `None` if it is a contract's own error.
pub fn reason_of(data: &[u8]) -> Option<String> {
    if let Ok(refused) = IRefusal::Refused::abi_decode(data) {
        return Some(refused.reason);
    }
    if let Ok(error) = IERC20::ERC20InsufficientAllowance::abi_decode(data) {
        return Some(format!("the allowance is {}, {} is needed", error.allowance, error.needed));
    }
    if let Ok(error) = IERC20::ERC20InsufficientBalance::abi_decode(data) {
        return Some(format!("{} units needed, {} there", error.needed, error.balance));
    }
    alloy_sol_types::Revert::abi_decode(data).ok().map(|revert| revert.reason)
}

macro_rules! from_module {
    ($refusal:ty, $module:expr) => {
        impl From<$refusal> for Failure {
            fn from(refusal: $refusal) -> Self {
                let code = $module as u16 * 1_000 + refusal.code();
                Failure::Refused { code, status: refusal.status(), reason: refusal.to_string() }
            }
        }
    };
}

from_module!(identity::Refusal, Module::Identity);
from_module!(trust::Refusal, Module::Trust);
from_module!(compliance::Refusal, Module::Compliance);

impl From<ledger::Refusal> for Failure {
    fn from(refusal: ledger::Refusal) -> Self {
        match &refusal {
            ledger::Refusal::Trust(inner) => inner.clone().into(),
            ledger::Refusal::Identity(inner) => inner.clone().into(),
            ledger::Refusal::NotAllowed(_) => {
                let code = refusal.reason().map(|reason| reason.code);
                Failure::Refused {
                    code: REASON_BASE + code.map_or(0, |code| code as u16),
                    status: code.map_or(0x10, |code| code.erc1066()),
                    reason: refusal.to_string(),
                }
            }
            _ => Failure::Refused {
                code: Module::Ledger as u16 * 1_000 + refusal.code(),
                status: refusal.status(),
                reason: refusal.to_string(),
            },
        }
    }
}

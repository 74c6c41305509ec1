//! Saying no in ABI: one error for all modules, and ERC-6093's where ERC-20 tools look for them.

use crate::abi::{IERC20, IRefusal};
use alloy_primitives::FixedBytes;
use alloy_sol_types::SolError;
use types::{Address, Module, U256, Units};

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
    /// Error data that a call inside gave.
    Data(Vec<u8>),
}

/// Where reasons of compliance start among the codes.
pub const REASON_BASE: u16 = 9_000;

impl Failure {
    /// A refusal of the door itself.
    pub fn door(code: u16, status: u8, reason: impl Into<String>) -> Self {
        Failure::Refused { code: Module::Evm as u16 * 1_000 + code, status, reason: reason.into() }
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

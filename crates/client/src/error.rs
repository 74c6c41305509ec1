//! What can go wrong between a caller and a chain, each said once and clearly.

use crate::abi::{IERC20, IRefusal};
use alloy_primitives::B256;
use alloy_sol_types::{Revert, SolError};
use serde::Serialize;

/// A call did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The chain says no; nothing was changed but the sender's nonce and fuel.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Nobody answers at the address.
    #[error(
        "nothing answers at {url}: {why}; start a chain with `scrip dev`, or name another with --rpc"
    )]
    Unreachable {
        /// Where it was tried.
        url: String,
        /// What the connection said.
        why: String,
    },
    /// Something answers that is not this protocol.
    #[error("{url} does not answer as a JSON-RPC server: {why}")]
    NotRpc {
        /// Where it was tried.
        url: String,
        /// What came instead.
        why: String,
    },
    /// The node refuses the request itself.
    #[error("{method}: {message} (JSON-RPC error {code})")]
    Rpc {
        /// What was asked.
        method: String,
        /// The error's number.
        code: i64,
        /// The node's words.
        message: String,
    },
    /// An answer has another shape than the method promises.
    #[error("the answer to {what} cannot be read: {why}")]
    Unreadable {
        /// What was asked.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// The transaction was taken but is in no block yet.
    #[error(
        "transaction {0} is in no block after {1} s; it may still be included, ask for its receipt later"
    )]
    Pending(B256, u64),
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] crate::KeyError),
}

/// The chain's refusal, with its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("refused: {reason} (code {code})")]
pub struct Refusal {
    /// The module's number times 1000 plus the refusal's number; for movements 9000 plus the reason's.
    pub code: u16,
    /// The ERC-1066 status byte.
    pub status: u8,
    /// Every reason in plain words.
    pub reason: String,
}

/// JSON-RPC's number for "the call reverted", as geth and its followers have it.
const REVERTED: i64 = 3;

/// JSON-RPC's number for "try again later", EIP-1474.
const LIMIT_EXCEEDED: i64 = -32005;

impl Error {
    /// What a JSON-RPC error object means: a refusal if it carries the chain's error data.
    pub(crate) fn of_rpc(method: &str, error: &serde_json::Value) -> Self {
        let code = error.get("code").and_then(|code| code.as_i64()).unwrap_or_default();
        let words = error.get("message").and_then(|message| message.as_str());
        let message = words.unwrap_or("an error without words").to_owned();
        let data =
            error.get("data").and_then(|data| data.as_str().or_else(|| data.get("data")?.as_str()));
        let bytes = data.and_then(|data| alloy_primitives::hex::decode(data).ok());
        match bytes.as_deref().and_then(Refusal::from_abi) {
            Some(refusal) => Error::Refused(refusal),
            None if code == REVERTED => {
                Error::Refused(Refusal { code: 0, status: 0, reason: message })
            }
            None => Error::Rpc { method: method.to_owned(), code, message },
        }
    }

    /// True if the node is only busy: the same request may pass a moment later.
    pub fn is_busy(&self) -> bool {
        matches!(self, Error::Rpc { code: LIMIT_EXCEEDED, .. })
    }
}

impl Refusal {
    /// Reads error data; `None` if it is a guest contract's own error.
    pub fn from_abi(data: &[u8]) -> Option<Self> {
        if let Ok(refused) = IRefusal::Refused::abi_decode(data) {
            let IRefusal::Refused { code, status, reason } = refused;
            return Some(Self { code, status: status.0[0], reason });
        }
        if let Ok(error) = IERC20::ERC20InsufficientAllowance::abi_decode(data) {
            let reason =
                format!("the allowance is {}, {} is needed", error.allowance, error.needed);
            return Some(Self { code: ALLOWANCE, status: 0x56, reason });
        }
        if let Ok(error) = IERC20::ERC20InsufficientBalance::abi_decode(data) {
            let reason = format!("{} units needed, {} there", error.needed, error.balance);
            return Some(Self { code: BALANCE, status: 0x54, reason });
        }
        let revert = Revert::abi_decode(data).ok()?;
        Some(Self { code: 0, status: 0, reason: revert.reason })
    }

    /// The number of the compliance reason, if a movement was refused for one.
    pub fn movement_reason(&self) -> Option<u16> {
        self.code.checked_sub(MOVEMENT).filter(|reason| *reason > 0)
    }
}

/// Where reasons of compliance start among the codes.
const MOVEMENT: u16 = 9_000;

/// The code of a short allowance, which ERC-6093 gives an error of its own.
const ALLOWANCE: u16 = 9_028;

/// The code of a short balance, which has one too; where other reasons stand beside it, it is one of them.
const BALANCE: u16 = 9_005;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_its_code_status_and_words() {
        let error = IRefusal::Refused {
            code: 9_019,
            status: alloy_primitives::FixedBytes([0x44]),
            reason: "0 of 5 units are unlocked".into(),
        };
        let json = serde_json::json!({
            "code": 3,
            "message": "execution reverted",
            "data": alloy_primitives::hex::encode_prefixed(error.abi_encode()),
        });
        let Error::Refused(refusal) = Error::of_rpc("eth_call", &json) else {
            panic!("error data of the chain is a refusal");
        };
        assert_eq!(refusal.movement_reason(), Some(19));
        assert_eq!(refusal.status, 0x44);
        assert_eq!(refusal.to_string(), "refused: 0 of 5 units are unlocked (code 9019)");
    }

    #[test]
    fn erc6093s_errors_count_among_the_chains_reasons() {
        let (sender, balance) = (alloy_primitives::Address::ZERO, alloy_primitives::U256::from(3));
        let needed = alloy_primitives::U256::from(5);
        let short = IERC20::ERC20InsufficientBalance { sender, balance, needed }.abi_encode();
        let refusal = Refusal::from_abi(&short).expect("a refusal");
        assert_eq!((refusal.movement_reason(), refusal.status), (Some(5), 0x54));
        assert_eq!(refusal.reason, "5 units needed, 3 there");
    }

    #[test]
    fn an_error_without_data_keeps_the_nodes_words() {
        let json = serde_json::json!({ "code": -32005, "message": "the pool is full" });
        let error = Error::of_rpc("eth_sendRawTransaction", &json);
        assert!(error.is_busy());
        assert_eq!(
            error.to_string(),
            "eth_sendRawTransaction: the pool is full (JSON-RPC error -32005)"
        );
    }
}

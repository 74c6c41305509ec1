//! Saying no on the wire: a code as Ethereum's clients know it, a sentence, and data.

use crate::wire::without_place;
use serde::Serialize;
use std::borrow::Cow;
use types::Bytes;

/// Why a call got no result. Codes: JSON-RPC 2.0, EIP-1474, and 3 for a revert as Geth answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The code.
    pub code: i32,
    /// What is wrong, and where it helps, what to do.
    pub message: Cow<'static, str>,
    /// The data of a revert.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Bytes>,
}

impl Fault {
    fn new(code: i32, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    /// The text is no JSON.
    pub(crate) fn parse(why: impl std::fmt::Display) -> Self {
        Self::new(-32700, format!("parse error: {why}"))
    }

    /// The text stops being JSON somewhere, or ends too early.
    pub(crate) fn from_syntax(error: serde_json::Error) -> Self {
        Self::parse(error)
    }

    /// JSON, but no request.
    pub(crate) fn invalid_request(why: impl std::fmt::Display) -> Self {
        Self::new(-32600, format!("invalid request: {why}"))
    }

    /// No such method.
    pub(crate) fn unknown_method(name: &str) -> Self {
        let name: String = name.chars().take(64).collect();
        Self::new(-32601, format!("the method {name} does not exist or is not available"))
    }

    /// A parameter cannot be used.
    pub(crate) fn param(name: &str, why: impl std::fmt::Display) -> Self {
        Self::new(-32602, format!("invalid params: {name}: {why}"))
    }

    /// A parameter that cannot be used, in JSON.
    pub(crate) fn param_json(name: &str, error: &serde_json::Error) -> Self {
        Self::param(name, without_place(error))
    }

    /// We were wrong.
    pub(crate) fn internal(why: impl std::fmt::Display) -> Self {
        Self::new(-32603, format!("internal error: {why}"))
    }

    /// The node cannot answer this: what is asked for is not there or not kept.
    pub(crate) fn server(why: impl std::fmt::Display) -> Self {
        Self::new(-32000, why.to_string())
    }

    /// What is asked for does not exist.
    pub(crate) fn not_found(why: impl std::fmt::Display) -> Self {
        Self::new(-32001, why.to_string())
    }

    /// Too busy, or it took too long.
    pub(crate) fn unavailable(why: impl std::fmt::Display) -> Self {
        Self::new(-32002, why.to_string())
    }

    /// A method that this chain does not have on purpose.
    pub(crate) fn unsupported(why: impl std::fmt::Display) -> Self {
        Self::new(-32004, why.to_string())
    }

    /// More than one answer carries.
    pub(crate) fn limit(why: impl std::fmt::Display) -> Self {
        Self::new(-32005, why.to_string())
    }

    /// A transaction was taken and is not final yet (EIP-7966); the data is its hash.
    pub(crate) fn waiting(why: impl std::fmt::Display, hash: types::B256) -> Self {
        Self {
            code: 4,
            message: why.to_string().into(),
            data: Some(Bytes::copy_from_slice(hash.as_slice())),
        }
    }

    /// With a code of its own, where a method's specification has one.
    pub(crate) fn coded(code: i32, why: impl std::fmt::Display) -> Self {
        Self::new(code, why.to_string())
    }

    /// The call was refused by what it called. Clients decode `data` by the contract's errors.
    pub(crate) fn reverted(data: Bytes) -> Self {
        let message = match evm::reason_of(&data) {
            Some(reason) => format!("execution reverted: {reason}"),
            None => "execution reverted".to_owned(),
        };
        Self { code: 3, message: message.into(), data: Some(data) }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a fault has a JSON form")
    }
}

impl From<pool::Refusal> for Fault {
    /// Geth's code for a transaction that is not taken: libraries look at the words.
    fn from(refusal: pool::Refusal) -> Self {
        Self::server(refusal)
    }
}

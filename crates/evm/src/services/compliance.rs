//! May this happen: `ICompliance`.

use super::{Request, change, undecodable, view, wish};
use crate::{
    abi::{self, ICompliance},
    failure::Failure,
    native::Native,
};
use ::compliance::Decision;
use alloy_primitives::FixedBytes;
use alloy_sol_types::SolValue;
use state::Context;
use types::{AssetId, PersonId, Time, U256, ensure};

/// The longest policy that is read: the largest that may be registered is shorter.
const MAX_POLICY_BYTES: usize = 64 << 10;

pub(super) fn compliance(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
    use ICompliance::IComplianceCalls as F;
    use compliance::Call;
    let call = match abi::decode(input).map_err(|error| undecodable(input, error))? {
        F::setPolicy(f) => {
            let why = "policy: at most 65,536 bytes of JSON";
            ensure(f.policy.len() <= MAX_POLICY_BYTES, Failure::door(18, 0x26, why))?;
            let policy = serde_json::from_str(&f.policy)
                .map_err(|error| compliance::Refusal::BadPolicy(error.to_string()))?;
            Call::SetPolicy { asset: AssetId(f.asset), policy }
        }
        F::list(f) => Call::List {
            asset: AssetId(f.asset),
            list: f.number,
            person: PersonId(f.person),
            from: Time(f.from),
            until: Time(f.until),
        },
        F::delist(f) => {
            Call::Delist { asset: AssetId(f.asset), list: f.number, person: PersonId(f.person) }
        }
        F::canMove(f) => {
            let wish = wish(ctx, AssetId(f.asset), None, f.from, f.to, f.units)?;
            return Ok(Request::Preview(wish, Box::new(|decision| Ok(told(decision?)))));
        }
        F::holderCount(f) => {
            let all = (AssetId(f.asset), compliance::Filter::All);
            return view(compliance::COUNTS.get(ctx, &all).unwrap_or(0));
        }
    };
    change(Native::Compliance(call))
}

/// `canMove`'s answer: the first reason's code and status, all of them in words, and what would help.
fn told(decision: Decision) -> Vec<u8> {
    let first = decision.reasons.first().map(|reason| reason.code);
    let is_allowed = decision.is_allowed();
    let (earliest_ok, max_ok) = (decision.earliest_ok, decision.max_ok);
    let reasons = match is_allowed {
        true => String::new(),
        false => ::ledger::Judgement(decision).to_string(),
    };
    (
        is_allowed,
        first.map_or(0, |code| code as u16),
        FixedBytes([first.map_or(0x01, |code| code.erc1066())]),
        reasons,
        earliest_ok.map_or(0, |time| time.0),
        U256::from(max_ok.unwrap_or_default().0),
    )
        .abi_encode_params()
}

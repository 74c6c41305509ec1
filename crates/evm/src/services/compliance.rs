//! May this happen: `ICompliance`.

use super::{Request, ask, change, undecodable, units, view};
use crate::{
    abi::{self, ICompliance},
    failure::Failure,
    native::Native,
};
use alloy_sol_types::SolValue;
use state::Context;
use types::{AssetId, ClassId, PersonId, Time, U256, ensure};

/// The longest policy that is read: the largest that may be registered is shorter.
const MAX_POLICY_BYTES: usize = 64 << 10;

pub(crate) fn compliance(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
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
            let decision = ask(ctx, AssetId(f.asset), ClassId(0), f.from, f.to, units(f.units)?)?;
            let first = decision.reasons.first().map(|reason| reason.code);
            let reasons = match decision.is_allowed() {
                true => String::new(),
                false => ledger::Judgement(decision.clone()).to_string(),
            };
            let answer = (
                decision.is_allowed(),
                first.map_or(0, |code| code as u16),
                alloy_primitives::FixedBytes([first.map_or(0x01, |code| code.erc1066())]),
                reasons,
                decision.earliest_ok.map_or(0, |time| time.0),
                U256::from(decision.max_ok.unwrap_or_default().0),
            );
            return Ok(Request::View(answer.abi_encode_params()));
        }
        F::holderCount(f) => {
            let all = (AssetId(f.asset), compliance::Filter::All);
            return view(compliance::COUNTS.get(ctx, &all).unwrap_or(0));
        }
    };
    change(Native::Compliance(call))
}

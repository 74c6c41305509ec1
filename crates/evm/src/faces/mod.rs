//! An asset at its own address, as ERC-20, 2612, 5267, 165, 1404, 1410, 1594, 1643, 1644, 3643 and 7943 have it.
//!
//! Faces hold no rules: each function becomes a call of the ledger, which judges it like any other.

mod erc1404;
mod erc1410;
mod erc1594;
mod erc1643;
mod erc1644;
mod erc165;
mod erc20;
mod erc3643;
mod erc7943;
mod permit;

use crate::{
    abi::{
        self, IERC20, IERC20Metadata, IERC1404, IERC1410, IERC1594, IERC1643, IERC1644, IERC2612,
        IERC3643, IERC5267, IERC7943Fungible as IERC7943,
    },
    failure::Failure,
    native::{Caller, Native},
    services::{Answer, Request, change, undecodable},
};
use alloy_sol_types::SolInterface;
use ledger::Call;
use state::Context;
use types::AssetId;

pub(crate) use erc1410::partition;
pub(crate) use erc3643::VERSION;
pub use permit::Permit;
pub(crate) use permit::carry_out_permit;

/// Answers a call to an asset's address. The functions most called are looked for first.
pub(crate) fn asset(
    ctx: &Context<'_>,
    caller: Caller,
    id: AssetId,
    input: &[u8],
) -> Result<Request, Failure> {
    let asset = ledger::asset(ctx, id)?;
    let selector: [u8; 4] = input
        .get(..4)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| Failure::door(6, 0x20, "the call data names no function"))?;
    if IERC20::IERC20Calls::valid_selector(selector) {
        return erc20::answer(ctx, id, asset, decoded(input)?);
    }
    if IERC20Metadata::IERC20MetadataCalls::valid_selector(selector) {
        return erc20::metadata(asset, decoded(input)?);
    }
    if IERC3643::IERC3643Calls::valid_selector(selector) {
        return erc3643::answer(ctx, caller.address, id, asset, decoded(input)?);
    }
    if IERC1594::IERC1594Calls::valid_selector(selector) {
        return erc1594::answer(ctx, caller, id, asset, decoded(input)?);
    }
    if IERC1410::IERC1410Calls::valid_selector(selector) {
        return erc1410::answer(ctx, caller.address, id, asset, decoded(input)?);
    }
    if IERC1404::IERC1404Calls::valid_selector(selector) {
        return erc1404::answer(ctx, id, decoded(input)?);
    }
    if IERC1643::IERC1643Calls::valid_selector(selector) {
        return erc1643::answer(ctx, id, asset, decoded(input)?);
    }
    if IERC1644::IERC1644Calls::valid_selector(selector) {
        return erc1644::answer(ctx, id, decoded(input)?);
    }
    if IERC7943::IERC7943FungibleCalls::valid_selector(selector) {
        return erc7943::answer(ctx, caller.address, id, asset, decoded(input)?);
    }
    if IERC2612::IERC2612Calls::valid_selector(selector) {
        return permit::answer(ctx, id, asset, decoded(input)?);
    }
    if IERC5267::IERC5267Calls::valid_selector(selector) {
        return permit::describe(ctx, id, asset, decoded(input)?);
    }
    erc165::answer(input)
}

fn decoded<C: SolInterface>(input: &[u8]) -> Result<C, Failure> {
    abi::decode(input).map_err(|error| undecodable(input, error))
}

fn reply(call: Call, answer: Answer) -> Result<Request, Failure> {
    Ok(Request::change(Native::Ledger(call), answer))
}

/// A batch of calls, all or none.
fn all(calls: impl Iterator<Item = Result<Call, Failure>>) -> Result<Request, Failure> {
    change(Native::Batch(calls.map(|call| call.map(Native::Ledger)).collect::<Result<_, _>>()?))
}

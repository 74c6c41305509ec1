//! Prices: gas has one, it never changes, and nobody earns it.

use crate::{
    args::Args,
    door::Door,
    fault::Fault,
    wire::{Answer, json},
};
use alloy_eips::BlockNumberOrTag;
use alloy_rpc_types_eth::FeeHistory;
use types::U256;

/// The longest history in one answer.
const MAX_HISTORY: u64 = 1_024;
/// The most percentiles asked of each block.
const MAX_PERCENTILES: usize = 100;

/// `eth_gasPrice`
pub(crate) fn gas_price(_: &Door, _: &Args<'_>) -> Answer {
    json(&U256::from(evm::BASE_FEE))
}

/// `eth_maxPriorityFeePerGas`: a tip buys nothing.
pub(crate) fn priority_fee(_: &Door, _: &Args<'_>) -> Answer {
    json(&U256::ZERO)
}

/// `eth_blobBaseFee`: there are no blobs; Ethereum's least price.
pub(crate) fn blob_base_fee(_: &Door, _: &Args<'_>) -> Answer {
    json(&U256::ONE)
}

/// `eth_feeHistory`, over the blocks that are at hand.
pub(crate) fn history(door: &Door, args: &Args<'_>) -> Answer {
    let count: U256 = args.required(0)?;
    let newest = args.optional::<BlockNumberOrTag>(1)?.unwrap_or_default();
    let percentiles: Vec<f64> = args.optional(2)?.unwrap_or_default();
    let is_rising = percentiles.windows(2).all(|pair| pair[0] <= pair[1]);
    if percentiles.len() > MAX_PERCENTILES
        || !is_rising
        || percentiles.iter().any(|p| !(0.0..=100.0).contains(p))
    {
        let why = format!("at most {MAX_PERCENTILES} numbers from 0 to 100, rising");
        return Err(Fault::param("rewardPercentiles", why));
    }
    let head = door.index.head().header().height;
    let newest = door.height_of(newest);
    if newest > head {
        return Err(Fault::param(
            "newestBlock",
            format!("{newest} does not exist yet, the newest is {head}"),
        ));
    }
    let count = count.saturating_to::<u64>().min(MAX_HISTORY).min(newest + 1);
    let limit = door.backend.chain.limits().gas.max(1);
    let mut ratios = Vec::new();
    for height in (newest + 1 - count..=newest).rev() {
        let Some(block) = door.index.block(height) else { break };
        ratios.push(block.header().gas_used as f64 / limit as f64);
    }
    ratios.reverse();
    let blocks = ratios.len();
    let reward = (!percentiles.is_empty()).then(|| vec![vec![0; percentiles.len()]; blocks]);
    json(&FeeHistory {
        base_fee_per_gas: vec![evm::BASE_FEE.into(); blocks + 1],
        gas_used_ratio: ratios,
        oldest_block: newest + 1 - blocks as u64,
        reward,
        ..FeeHistory::default()
    })
}

//! Blocks, transactions, receipts and logs in the shapes that Ethereum's tools read.

use crate::{
    fault::Fault,
    index::{Indexed, bloom_of},
};
use alloy_consensus::{
    Eip658Value, Receipt as EthReceipt, ReceiptEnvelope, ReceiptWithBloom, Transaction as _,
    TxEnvelope,
    constants::{EMPTY_OMMER_ROOT_HASH, EMPTY_ROOT_HASH},
    transaction::{Recovered, TransactionInfo},
};
use alloy_eips::eip2718::Decodable2718;
use alloy_rpc_types_eth as rpc;
use evm::Signed;
use serde::Serialize;
use types::{Address, B256, BlockLimits, Bytes, Outcome, Receipt, U256};

/// The head of a block.
pub(crate) fn header(block: &Indexed, limits: &BlockLimits) -> rpc::Header {
    let head = block.header();
    let inner = alloy_consensus::Header {
        parent_hash: head.parent,
        ommers_hash: EMPTY_OMMER_ROOT_HASH,
        beneficiary: Address::ZERO,
        state_root: head.state_root,
        transactions_root: head.body_hash,
        receipts_root: head.receipts_root,
        logs_bloom: block.bloom,
        number: head.height,
        gas_limit: limits.gas,
        gas_used: head.gas_used,
        timestamp: head.time.secs(),
        base_fee_per_gas: Some(evm::BASE_FEE),
        withdrawals_root: Some(EMPTY_ROOT_HASH),
        ..alloy_consensus::Header::default()
    };
    let size: usize = block.block.body.iter().map(|bytes| bytes.len()).sum();
    rpc::Header { hash: block.hash, inner, total_difficulty: None, size: Some(U256::from(size)) }
}

/// A block with its transactions' hashes, or with all of them.
pub(crate) fn block(
    block: &Indexed,
    limits: &BlockLimits,
    full: bool,
) -> Result<rpc::Block, Fault> {
    let transactions = match full {
        false => rpc::BlockTransactions::Hashes(
            block.transactions().iter().map(|receipt| receipt.tx).collect(),
        ),
        true => {
            let all = (0..block.transactions().len()).map(|index| transaction(block, index));
            rpc::BlockTransactions::Full(all.collect::<Result<_, _>>()?)
        }
    };
    Ok(rpc::Block {
        header: header(block, limits),
        uncles: Vec::new(),
        transactions,
        // There are none: clients take a block without the list for one of an older kind.
        withdrawals: Some(Default::default()),
    })
}

/// A final transaction. Its sender is known from its receipt, so that no signature is recovered again.
pub(crate) fn transaction(block: &Indexed, index: usize) -> Result<rpc::Transaction, Fault> {
    let tx = envelope(block, index)?;
    let info = TransactionInfo {
        hash: Some(block.transactions()[index].tx),
        index: Some(index as u64),
        block_hash: Some(block.hash),
        block_number: Some(block.header().height),
        base_fee: None,
        block_timestamp: Some(block.header().time.secs()),
    };
    let tx = Recovered::new_unchecked(tx, block.transactions()[index].sender);
    let transaction = rpc::Transaction::from_transaction(tx, info);
    // Nobody pays more than the one price, whatever was offered.
    Ok(rpc::Transaction { effective_gas_price: Some(evm::BASE_FEE.into()), ..transaction })
}

/// A transaction that waits.
pub(crate) fn waiting(signed: &Signed) -> rpc::Transaction {
    let tx = Recovered::new_unchecked(signed.tx.clone(), signed.sender);
    rpc::Transaction::from_transaction(tx, TransactionInfo::default())
}

/// A receipt, with the data of a refusal as Besu tells it.
#[derive(Serialize)]
pub(crate) struct ToldReceipt {
    #[serde(flatten)]
    receipt: rpc::TransactionReceipt,
    #[serde(rename = "revertReason", skip_serializing_if = "Option::is_none")]
    revert_reason: Option<Bytes>,
}

/// What a final transaction did.
pub(crate) fn receipt(block: &Indexed, index: usize) -> Result<ToldReceipt, Fault> {
    let tx = envelope(block, index)?;
    let Receipt { outcome, gas_used, created, sender, tx: hash, logs: raw, .. } =
        &block.transactions()[index];
    let (gas_before, _) = block.before(index);
    let inner = ReceiptWithBloom {
        receipt: EthReceipt {
            status: Eip658Value::Eip658(matches!(outcome, Outcome::Done(_))),
            cumulative_gas_used: gas_before + gas_used,
            logs: logs(block, index).collect(),
        },
        logs_bloom: bloom_of(raw),
    };
    let receipt = rpc::TransactionReceipt {
        inner: ReceiptEnvelope::from_typed(tx.tx_type(), inner),
        transaction_hash: *hash,
        transaction_index: Some(index as u64),
        block_hash: Some(block.hash),
        block_number: Some(block.header().height),
        gas_used: *gas_used,
        effective_gas_price: evm::BASE_FEE.into(),
        blob_gas_used: None,
        blob_gas_price: None,
        from: *sender,
        to: tx.to(),
        contract_address: *created,
    };
    let revert_reason = match outcome {
        Outcome::Refused(data) => Some(data.clone()),
        Outcome::Done(_) | Outcome::Halted(_) => None,
    };
    Ok(ToldReceipt { receipt, revert_reason })
}

/// The logs of a final transaction, numbered within their block.
pub(crate) fn logs(block: &Indexed, index: usize) -> impl Iterator<Item = rpc::Log> + '_ {
    let receipt = &block.transactions()[index];
    let (_, before) = block.before(index);
    receipt.logs.iter().enumerate().map(move |(place, log)| {
        let topics: Vec<B256> = log.topics.clone();
        rpc::Log {
            inner: alloy_primitives::Log {
                address: log.address,
                data: alloy_primitives::LogData::new_unchecked(topics, log.data.clone()),
            },
            block_hash: Some(block.hash),
            block_number: Some(block.header().height),
            block_timestamp: Some(block.header().time.secs()),
            transaction_hash: Some(receipt.tx),
            transaction_index: Some(index as u64),
            log_index: Some(u64::from(before) + place as u64),
            removed: false,
        }
    })
}

/// The signed bytes of a final transaction.
pub(crate) fn raw(block: &Indexed, index: usize) -> Result<&Bytes, Fault> {
    let missing = || {
        Fault::internal(format!(
            "block {} has a receipt without a transaction",
            block.header().height
        ))
    };
    block.block.body.get(index).ok_or_else(missing)
}

fn envelope(block: &Indexed, index: usize) -> Result<TxEnvelope, Fault> {
    TxEnvelope::decode_2718(&mut raw(block, index)?.as_ref()).map_err(Fault::internal)
}

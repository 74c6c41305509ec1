//! What Otterscan asks beyond Ethereum's methods.

use super::in_transaction;
use crate::{
    args::Args,
    door::Door,
    eth::shape,
    fault::Fault,
    index::Indexed,
    wire::{Answer, json},
};
use alloy_rpc_types_trace::{geth::CallFrame, otterscan::TraceEntry};
use serde_json::{Value, json as value};
use std::sync::Arc;
use types::{Address, B256, Bytes, Outcome, U256};

/// The version of these methods that Otterscan looks for.
const API_LEVEL: u8 = 8;

/// The most transactions on one page.
const MAX_PAGE: usize = 100;

/// Blocks that one search looks through.
const MAX_SEARCHED: u64 = 1_000;

/// Blocks looked at before others get a turn.
const TURN: u64 = 64;

/// `ots_getApiLevel`
pub(crate) fn api_level(_: &Door, _: &Args<'_>) -> Answer {
    json(&API_LEVEL)
}

/// `ots_hasCode`
pub(crate) fn has_code(door: &Door, args: &Args<'_>) -> Answer {
    let address: Address = args.required(0)?;
    json(&door.state(args.optional(1)?, |ctx| !evm::code(ctx, &address).is_empty())?)
}

/// `ots_getTransactionError`: the data of a refusal.
pub(crate) async fn error(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let hash: B256 = args.required(0)?;
    let found = door.transaction(&hash).await?;
    let outcome = found.as_ref().map(|(block, index)| &block.transactions()[*index].outcome);
    json(&match outcome {
        Some(Outcome::Refused(data)) => data.clone(),
        _ => Bytes::new(),
    })
}

/// `ots_traceTransaction`: every frame, with its depth.
pub(crate) async fn trace(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let traced = in_transaction(door, args.required(0)?, |ctx, request, _| {
        let mut entries = Vec::new();
        each(&evm::trace(ctx, request), 0, &mut |frame, depth| {
            entries.push(TraceEntry {
                r#type: frame.typ.clone(),
                depth,
                from: frame.from,
                to: frame.to.unwrap_or_default(),
                value: frame.value,
                input: frame.input.clone(),
                output: frame.output.clone().unwrap_or_default(),
            });
        });
        entries
    });
    json(&traced.await?)
}

/// `ots_getInternalOperations`: contracts that contracts made, or that ended. Nothing is transferred.
pub(crate) async fn operations(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let traced = in_transaction(door, args.required(0)?, |ctx, request, _| {
        let mut operations = Vec::new();
        each(&evm::trace(ctx, request), 0, &mut |frame, depth| {
            let kind = match frame.typ.as_str() {
                "SELFDESTRUCT" => 1,
                "CREATE" => 2,
                "CREATE2" => 3,
                _ => return,
            };
            if depth > 0 && frame.error.is_none() {
                operations.push(value!({
                    "type": kind,
                    "from": frame.from,
                    "to": frame.to.unwrap_or_default(),
                    "value": U256::ZERO,
                }));
            }
        });
        operations
    });
    json(&traced.await?)
}

fn each(frame: &CallFrame, depth: u32, told: &mut impl FnMut(&CallFrame, u32)) {
    told(frame, depth);
    frame.calls.iter().for_each(|child| each(child, depth + 1, told));
}

/// `ots_getBlockDetails`, `ots_getBlockDetailsByHash`
pub(crate) async fn block_details(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let Some(block) = door.block_of(args.block(0)?).await? else {
        return json(&());
    };
    let fees = U256::from(block.header().gas_used) * U256::from(evm::BASE_FEE);
    let mut told = in_values(&shape::block(&block, &door.backend.chain.limits(), false)?)?;
    told["transactionCount"] = value!(block.transactions().len());
    told["logsBloom"] = Value::Null;
    if let Some(fields) = told.as_object_mut() {
        fields.remove("transactions");
    }
    json(&value!({
        "block": told,
        "issuance": { "blockReward": U256::ZERO, "uncleReward": U256::ZERO, "issuance": U256::ZERO },
        "totalFees": fees,
    }))
}

/// `ots_getBlockTransactions`: a page of them, counted from 0.
pub(crate) async fn block_transactions(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let block = door.block_of(args.block(0)?).await?;
    let Some(block) = block else { return json(&()) };
    let (page, size) = (args.required::<usize>(1)?, page_size(&args, 2)?);
    let first = page.saturating_mul(size).min(block.transactions().len());
    let last = first.saturating_add(size).min(block.transactions().len());
    let mut told = in_values(&shape::block(&block, &door.backend.chain.limits(), false)?)?;
    let (mut transactions, mut receipts) = (Vec::new(), Vec::new());
    for index in first..last {
        let mut transaction = in_values(&shape::transaction(&block, index)?)?;
        let selector = transaction["input"].as_str().map(|input| input.chars().take(10).collect());
        transaction["input"] = selector.map_or(Value::Null, Value::String);
        transactions.push(transaction);
        let mut receipt = in_values(&shape::receipt(&block, index)?)?;
        (receipt["logs"], receipt["logsBloom"]) = (Value::Null, Value::Null);
        receipts.push(receipt);
    }
    told["transactions"] = Value::Array(transactions);
    told["transactionCount"] = value!(block.transactions().len());
    json(&value!({ "fullblock": told, "receipts": receipts }))
}

/// `ots_searchTransactionsBefore`: those that touch an address, the newest first.
pub(crate) async fn search_before(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let (address, before): (Address, U256) = (args.required(0)?, args.required(1)?);
    let before: u64 = before.saturating_to();
    let head = door.index.head().header().height;
    let from_head = before == 0;
    let last = if from_head { head } else { before.saturating_sub(1).min(head) };
    let search = Search { address, size: page_size(&args, 2)? };
    let (found, is_all) = search.among(door, (1..=last).rev()).await?;
    found.told(from_head, is_all)
}

/// `ots_searchTransactionsAfter`: the same beyond a block, told the newest first.
pub(crate) async fn search_after(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let (address, after): (Address, U256) = (args.required(0)?, args.required(1)?);
    let after: u64 = after.saturating_to();
    let head = door.index.head().header().height;
    let search = Search { address, size: page_size(&args, 2)? };
    let (mut found, is_all) = search.among(door, after.saturating_add(1)..=head).await?;
    found.transactions.reverse();
    found.receipts.reverse();
    found.told(is_all, after == 0)
}

/// `ots_getTransactionBySenderAndNonce`: its hash.
pub(crate) async fn by_sender_and_nonce(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let (sender, nonce): (Address, U256) = (args.required(0)?, args.required(1)?);
    let head = door.index.head().header().height;
    let least = head.saturating_sub(door.config.max_log_blocks);
    for height in (least + 1..=head).rev() {
        rest(height).await;
        let Some(block) = door.block(height).await? else { continue };
        for (index, receipt) in block.transactions().iter().enumerate() {
            if receipt.sender == sender {
                let told = in_values(&shape::transaction(&block, index)?)?;
                if told["nonce"] == value!(nonce) {
                    return json(&receipt.tx);
                }
            }
        }
    }
    json(&())
}

/// `ots_getContractCreator`: the transaction that made a contract, and who sent it.
pub(crate) async fn creator(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let contract: Address = args.required(0)?;
    let head = door.index.head().header().height;
    let least = head.saturating_sub(door.config.max_log_blocks);
    for height in (least + 1..=head).rev() {
        rest(height).await;
        let Some(block) = door.block(height).await? else { continue };
        let made = block.transactions().iter().find(|one| one.created == Some(contract));
        if let Some(receipt) = made {
            return json(&value!({ "hash": receipt.tx, "creator": receipt.sender }));
        }
    }
    json(&())
}

struct Search {
    address: Address,
    size: usize,
}

#[derive(Default)]
struct Found {
    transactions: Vec<Value>,
    receipts: Vec<Value>,
}

impl Search {
    /// Whole blocks until a page is full; true if there is nothing beyond.
    async fn among(
        &self,
        door: &Arc<Door>,
        heights: impl Iterator<Item = u64>,
    ) -> Result<(Found, bool), Fault> {
        let mut found = Found::default();
        for (count, height) in heights.enumerate() {
            if count as u64 >= door.config.max_log_blocks.min(MAX_SEARCHED) {
                let why = "no transaction of this address that near; name a nearer block";
                let has_some = !found.transactions.is_empty();
                return if has_some { Ok((found, false)) } else { Err(Fault::limit(why)) };
            }
            // A full block is much to look at.
            tokio::task::yield_now().await;
            let Some(block) = door.block(height).await? else { continue };
            let before = found.transactions.len();
            for index in 0..block.transactions().len() {
                self.look(&block, index, &mut found)?;
            }
            if before < self.size && found.transactions.len() >= self.size {
                return Ok((found, false));
            }
        }
        Ok((found, true))
    }

    fn look(&self, block: &Indexed, index: usize, found: &mut Found) -> Result<(), Fault> {
        let receipt = &block.transactions()[index];
        let topic = self.address.into_word();
        let touches =
            |log: &types::EthLog| log.address == self.address || log.topics.contains(&topic);
        let is_near = receipt.sender == self.address
            || receipt.created == Some(self.address)
            || receipt.logs.iter().any(touches);
        let transaction = in_values(&shape::transaction(block, index)?)?;
        if is_near || transaction["to"] == value!(self.address) {
            let mut receipt = in_values(&shape::receipt(block, index)?)?;
            receipt["timestamp"] = value!(block.header().time.secs());
            found.transactions.push(transaction);
            found.receipts.push(receipt);
        }
        Ok(())
    }
}

impl Found {
    fn told(self, first_page: bool, last_page: bool) -> Answer {
        json(&value!({
            "txs": self.transactions,
            "receipts": self.receipts,
            "firstPage": first_page,
            "lastPage": last_page,
        }))
    }
}

fn page_size(args: &Args<'_>, place: usize) -> Result<usize, Fault> {
    let size: usize = args.required(place)?;
    match (1..=MAX_PAGE).contains(&size) {
        true => Ok(size),
        false => Err(Fault::param("pageSize", format!("1 to {MAX_PAGE} are taken"))),
    }
}

fn in_values<T: serde::Serialize>(told: &T) -> Result<Value, Fault> {
    serde_json::to_value(told).map_err(Fault::internal)
}

async fn rest(height: u64) {
    if height.is_multiple_of(TURN) {
        tokio::task::yield_now().await;
    }
}

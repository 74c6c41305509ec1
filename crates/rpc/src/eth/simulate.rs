//! Blocks that might be: calls one after the other, each on what the last one left.

use crate::{
    args::Args,
    door::Door,
    eth::{calls, overrides::Overrides},
    fault::Fault,
    wire::{Answer, json},
};
use alloy_consensus::{
    SignableTransaction as _, Transaction as _, TxEip1559, TxEnvelope,
    transaction::{Recovered, TransactionInfo},
};
use alloy_eips::BlockId;
use alloy_primitives::{LogData, TxKind};
use alloy_rpc_types_eth::{
    Block, BlockTransactions, Header, Log, Transaction, TransactionRequest,
    simulate::{
        MAX_SIMULATE_BLOCKS, SimBlock, SimCallResult, SimulateError, SimulatePayload,
        SimulatedBlock,
    },
};
use evm::{CallRequest, Called};
use state::Context;
use types::{B256, EthLog, Outcome, Seal, Time, U256};

/// The most calls in all.
const MAX_CALLS: usize = 1_000;

/// `eth_simulateV1`
pub(crate) fn simulate(door: &Door, args: &Args<'_>) -> Answer {
    let payload: SimulatePayload = args.required(0)?;
    let block = args.optional::<BlockId>(1)?;
    let (blocks, most) = (payload.block_state_calls.len(), MAX_SIMULATE_BLOCKS as usize);
    let calls: usize = payload.block_state_calls.iter().map(|block| block.calls.len()).sum();
    if blocks == 0 {
        return Err(Fault::coded(-32602, "empty input"));
    }
    if blocks > most || calls > MAX_CALLS {
        let why = format!("too many: at most {most} blocks and {MAX_CALLS} calls are simulated");
        return Err(Fault::coded(-38026, why));
    }
    let header = door.named(block)?.unwrap_or_else(|| door.backend.chain.latest());
    let told = door.state_at(&header, |ctx| {
        let parent = header.hash();
        let mut run = Run { door, ctx, parent, payload: &payload, gas_left: door.config.call_gas };
        payload
            .block_state_calls
            .iter()
            .map(|block| run.block(block))
            .collect::<Result<Vec<_>, _>>()
    })?;
    json(&told?)
}

struct Run<'r, 'a> {
    door: &'r Door,
    ctx: &'r mut Context<'a>,
    parent: B256,
    payload: &'r SimulatePayload,
    /// What contracts may still burn in all.
    gas_left: u64,
}

/// A call and what it would be as a transaction.
struct Simulated {
    transaction: Recovered<TxEnvelope>,
    called: Called,
}

impl Run<'_, '_> {
    fn block(&mut self, block: &SimBlock) -> Result<SimulatedBlock, Fault> {
        let (height, time) = (self.ctx.env.height, self.ctx.env.time.secs());
        self.ctx.env.height = height.saturating_add(1);
        self.ctx.env.time = Time::from_secs(time.saturating_add(1));
        Overrides::of(block.state_overrides.clone(), block.block_overrides.clone())?
            .apply(self.ctx)?;
        if self.ctx.env.height <= height {
            return Err(Fault::coded(
                -38020,
                format!("block numbers must rise, {height} is there"),
            ));
        }
        if self.ctx.env.time.secs() <= time {
            return Err(Fault::coded(
                -38021,
                format!("block timestamps must rise, {time} is there"),
            ));
        }
        let calls = block.calls.iter().map(|call| self.call(call));
        let calls = calls.collect::<Result<Vec<_>, _>>()?;
        Ok(self.told(calls))
    }

    fn call(&mut self, request: &TransactionRequest) -> Result<Simulated, Fault> {
        let asked = calls::request(self.door, request.clone())?;
        let next = evm::nonce(self.ctx, &asked.from);
        if self.payload.validation {
            match request.nonce {
                Some(nonce) if nonce < next => {
                    return Err(Fault::coded(
                        -38010,
                        format!("nonce too low: next {next}, tx {nonce}"),
                    ));
                }
                Some(nonce) if nonce > next => {
                    return Err(Fault::coded(
                        -38011,
                        format!("nonce too high: next {next}, tx {nonce}"),
                    ));
                }
                _ => {}
            }
        }
        let request = calls::within(self.door, self.ctx, asked);
        let request = CallRequest { gas: request.gas.min(self.gas_left), ..request };
        if self.payload.validation && evm::fuel(self.ctx, &request.from) < request.gas {
            return Err(Fault::coded(-38014, "insufficient funds for gas * price + value"));
        }
        let called = evm::call(self.ctx, &request);
        self.gas_left = self.gas_left.saturating_sub(called.gas_used);
        let tx = TxEip1559 {
            chain_id: self.ctx.env.chain_id,
            nonce: next,
            gas_limit: request.gas,
            max_fee_per_gas: evm::BASE_FEE.into(),
            max_priority_fee_per_gas: 0,
            to: request.to.map_or(TxKind::Create, TxKind::Call),
            value: U256::ZERO,
            access_list: request.access_list,
            input: request.input,
        };
        let envelope = TxEnvelope::from(tx.into_signed(evm::unsigned(&request.from)));
        Ok(Simulated { transaction: Recovered::new_unchecked(envelope, request.from), called })
    }

    fn told(&mut self, calls: Vec<Simulated>) -> SimulatedBlock {
        let env = self.ctx.env;
        let gas_used = calls.iter().map(|call| call.called.gas_used).sum();
        let hashes: Vec<B256> = calls.iter().map(|call| *call.transaction.tx_hash()).collect();
        let hash = types::Header {
            shard: self.ctx.shard(),
            height: env.height,
            parent: self.parent,
            time: env.time,
            body_hash: types::merkle_root(&hashes),
            state_root: B256::ZERO,
            receipts_root: B256::ZERO,
            gas_used,
            seal: Seal::default(),
        }
        .hash();
        let parent_hash = std::mem::replace(&mut self.parent, hash);
        let mut logs_before = 0;
        let results = calls.iter().enumerate().map(|(index, call)| {
            let log = |(place, log): (usize, &EthLog)| Log {
                inner: alloy_primitives::Log {
                    address: log.address,
                    data: LogData::new_unchecked(log.topics.clone(), log.data.clone()),
                },
                block_hash: Some(hash),
                block_number: Some(env.height),
                block_timestamp: Some(env.time.secs()),
                transaction_hash: Some(*call.transaction.tx_hash()),
                transaction_index: Some(index as u64),
                log_index: Some(logs_before + place as u64),
                removed: false,
            };
            let logs: Vec<Log> = call.called.logs.iter().enumerate().map(log).collect();
            logs_before += logs.len() as u64;
            result(&call.called, logs)
        });
        let results = results.collect();
        let inner = alloy_consensus::Header {
            parent_hash,
            number: env.height,
            gas_limit: env.gas_limit,
            gas_used,
            timestamp: env.time.secs(),
            base_fee_per_gas: Some(evm::BASE_FEE),
            ..alloy_consensus::Header::default()
        };
        let transactions = match self.payload.return_full_transactions {
            false => BlockTransactions::Hashes(hashes),
            true => {
                let full = calls.iter().enumerate().map(|(index, call)| {
                    let info = TransactionInfo {
                        hash: Some(*call.transaction.tx_hash()),
                        index: Some(index as u64),
                        block_hash: Some(hash),
                        block_number: Some(env.height),
                        base_fee: Some(evm::BASE_FEE),
                        block_timestamp: Some(env.time.secs()),
                    };
                    Transaction::from_transaction(call.transaction.clone(), info)
                });
                BlockTransactions::Full(full.collect())
            }
        };
        let size: usize = calls.iter().map(|call| call.transaction.input().len()).sum();
        let header = Header { hash, inner, total_difficulty: None, size: Some(U256::from(size)) };
        let inner = Block { header, uncles: Vec::new(), transactions, withdrawals: None };
        SimulatedBlock { inner, calls: results }
    }
}

fn result(called: &Called, logs: Vec<Log>) -> SimCallResult {
    let (return_data, error) = match &called.outcome {
        Outcome::Done(output) => (output.clone(), None),
        Outcome::Refused(data) => {
            let fault = Fault::reverted(data.clone());
            let error = SimulateError {
                code: SimulateError::EXECUTION_REVERTED_CODE,
                message: fault.message.into_owned(),
                data: Some(data.clone()),
            };
            (data.clone(), Some(error))
        }
        Outcome::Halted(why) => {
            let error = SimulateError {
                code: SimulateError::VM_EXECUTION_ERROR_CODE,
                message: why.clone(),
                data: None,
            };
            (Default::default(), Some(error))
        }
    };
    let status = error.is_none();
    SimCallResult {
        return_data,
        logs,
        gas_used: called.gas_used,
        max_used_gas: None,
        status,
        error,
    }
}

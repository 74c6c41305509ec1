//! Executing one block: its own due work first, then its transactions in order.

use crate::{Genesis, MissingParent, schedule};
use evm::{NotIncludable, Signed, TxLimits};
use rayon::prelude::*;
use state::{Change, Context, Layer, View};
use std::sync::Arc;
use types::{
    B256, Block, BlockLimits, Header, Outcome, Receipt, Time, merkle_leaf, merkle_root_of,
};

/// The block that another stands on, as far as the rules need to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// Its hash.
    pub hash: B256,
    /// Its height.
    pub height: u64,
    /// Its time.
    pub time: Time,
}

impl From<&Header> for Parent {
    fn from(header: &Header) -> Self {
        Self { hash: header.hash(), height: header.height, time: header.time }
    }
}

/// What executing a block gave.
#[derive(Clone)]
pub struct Executed {
    /// The changed records, typed, to stand on.
    pub layer: Arc<Layer>,
    /// The changed records as the store commits them, sorted by key.
    pub changes: Vec<Change>,
    /// One receipt per transaction, after one for the block's own work if there was any.
    pub receipts: Vec<Receipt>,
    /// The Merkle root over every effect.
    pub receipts_root: B256,
    /// Gas of all transactions.
    pub gas_used: u64,
}

/// Why a block is not executed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExecuteError {
    /// Its parent's state is not in memory: execute the ancestors first.
    #[error(transparent)]
    MissingParent(#[from] MissingParent),
    /// It breaks a rule, for every node and for ever.
    #[error("invalid block: {0}")]
    Invalid(String),
}

pub(crate) struct Execution<'a> {
    ctx: Context<'a>,
    limits: BlockLimits,
    tx_limits: TxLimits,
    receipts: Vec<Receipt>,
    transactions: u32,
    bytes: u32,
    gas_used: u64,
    guest_gas_used: u64,
    /// Work on transactions that then did not fit, which no receipt pays for.
    wasted: u64,
}

impl<'a> Execution<'a> {
    /// Opens the block and does what is due at its time.
    pub(crate) fn begin(genesis: &Genesis, view: View<'a>, height: u64, time: Time) -> Self {
        let mut ctx = Context::new(view, genesis.env(height, time));
        if height == 1 {
            // As of its own time, at which it was tried out: a network may start long after.
            ctx.env.time = genesis.time;
            genesis.write(&mut ctx);
            ctx.env.time = time;
        }
        schedule::fire(&mut ctx);
        let events = ctx.settle();
        let own_work = Receipt {
            tx: B256::ZERO,
            sender: types::Address::ZERO,
            person: None,
            outcome: Outcome::Done(Default::default()),
            gas_used: 0,
            created: None,
            events,
            logs: Vec::new(),
        };
        Self {
            ctx,
            limits: genesis.limits,
            tx_limits: genesis.tx_limits(),
            receipts: if own_work.events.is_empty() { Vec::new() } else { vec![own_work] },
            transactions: 0,
            bytes: 0,
            gas_used: 0,
            guest_gas_used: 0,
            wasted: 0,
        }
    }

    /// Executes one transaction, or says why it cannot stand here and changes nothing.
    pub(crate) fn include(&mut self, signed: &Signed) -> Result<(), NotIncludable> {
        let bytes = self.bytes.saturating_add(signed.bytes.len() as u32).saturating_add(4);
        let gas_left = self.limits.gas - self.gas_used;
        if self.transactions >= self.limits.transactions
            || bytes > self.limits.bytes
            || signed.gas_limit() > gas_left
        {
            return Err(NotIncludable::BlockFull);
        }
        // Contracts that ran in vain are not run again: who builds a block has a turn to do it in.
        let room = match self.wasted < self.limits.guest_gas / 2 {
            true => self.limits.guest_gas.saturating_sub(self.guest_gas_used),
            false => 0,
        };
        let receipt = match evm::execute(&mut self.ctx, signed, &self.tx_limits, room) {
            Ok(receipt) => receipt,
            Err(refused) => {
                if self.ctx.was_short_of_room() {
                    self.wasted = self.wasted.saturating_add(self.ctx.work());
                }
                return Err(refused);
            }
        };
        self.guest_gas_used += self.ctx.guest_gas_used();
        self.transactions += 1;
        self.bytes = bytes;
        self.gas_used += receipt.gas_used;
        self.receipts.push(receipt);
        Ok(())
    }

    /// True once so much work was in vain that a leader had better end the block.
    pub(crate) fn is_wasteful(&self) -> bool {
        self.wasted > self.limits.gas / 10
    }

    pub(crate) fn context(&mut self) -> &mut Context<'a> {
        &mut self.ctx
    }

    pub(crate) fn finish(self) -> Executed {
        let Self { ctx, receipts, gas_used, .. } = self;
        let ((layer, changes), receipts_root) =
            rayon::join(|| ctx.finish(), || receipts_root(&receipts));
        Executed { layer: Arc::new(layer), changes, receipts_root, receipts, gas_used }
    }
}

/// The Merkle root over every effect of a block, its leaves hashed on all cores.
fn receipts_root(receipts: &[Receipt]) -> B256 {
    let hashes: Vec<Vec<B256>> = receipts
        .par_iter()
        .with_min_len(64)
        .map(|receipt| receipt.effects().map(|leaf| merkle_leaf(&leaf)).collect())
        .collect();
    merkle_root_of(hashes.concat())
}

/// Checks what a header says of its place, before any work is spent on its body.
pub(crate) fn check_header(
    genesis: &Genesis,
    parent: &Parent,
    block: &Block,
) -> Result<(), ExecuteError> {
    let header = &block.header;
    let fits = |holds: bool, what: &str| match holds {
        true => Ok(()),
        false => Err(ExecuteError::Invalid(what.to_owned())),
    };
    fits(header.shard == genesis.shard, "the shard is another one")?;
    fits(header.parent == parent.hash, "the parent hash is another one")?;
    fits(
        Some(header.height) == parent.height.checked_add(1),
        "the height does not follow the parent's",
    )?;
    fits(header.time > parent.time, "the time is not later than the parent's")?;
    fits(block.body.len() <= genesis.limits.transactions as usize, "too many transactions")?;
    fits(header.body_hash == Block::body_hash(&block.body), "the body hash is another one")
}

/// Checks what a header says of its result, but the state root.
pub(crate) fn check_result(block: &Block, executed: &Executed) -> Result<(), ExecuteError> {
    let header = &block.header;
    if header.receipts_root != executed.receipts_root {
        return Err(ExecuteError::Invalid("the receipts root is another one".into()));
    }
    if header.gas_used != executed.gas_used {
        return Err(ExecuteError::Invalid("the gas used is another sum".into()));
    }
    Ok(())
}

//! What all validators of a network made final, and whether they agree, over all crashes.

use crate::checker::{Begin, Checker, Seen};
use std::collections::BTreeMap;
use types::{B256, Block, Bytes, Outcome, Receipt, encode, sha256};

/// What happened in a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Transactions that did what they said.
    pub done: u64,
    /// Transactions that were refused and changed nothing.
    pub refused: u64,
    /// Guest contracts that halted, and calls out of gas.
    pub halted: u64,
}

/// One chain, told by many.
pub struct Chronicle {
    checker: Checker,
    /// Every final block's hash, and the hash of the state after it, from height 1.
    blocks: Vec<(B256, Option<B256>)>,
    /// The height that each validator told of last.
    told: BTreeMap<usize, u64>,
    /// Where each transaction stands.
    included: BTreeMap<B256, u64>,
    tally: Tally,
    broken: Option<String>,
}

impl Chronicle {
    /// A chronicle of a network that begins like this.
    pub fn new(begin: Begin) -> Self {
        Self {
            checker: Checker::new(begin),
            blocks: Vec::new(),
            told: BTreeMap::new(),
            included: BTreeMap::new(),
            tally: Tally::default(),
            broken: None,
        }
    }

    /// A validator has made a block final; these are its receipts, and the state after it unless the
    /// validator is beyond that already.
    pub fn tell(
        &mut self,
        who: usize,
        block: &Block,
        receipts: &[Receipt],
        records: Option<&[(B256, Vec<u8>)]>,
    ) {
        if self.broken.is_none()
            && let Err(broken) = self.hear(who, block, receipts, records)
        {
            self.broken =
                Some(format!("validator {who}, height {}: {broken}", block.header.height));
        }
    }

    /// A validator starts again: blocks may be told twice.
    pub fn restarts(&mut self, who: usize) {
        self.told.remove(&who);
    }

    /// The highest final block.
    pub fn height(&self) -> u64 {
        self.blocks.len() as u64
    }

    /// The hash of the highest final block, which commits to all before it.
    pub fn tip(&self) -> B256 {
        self.blocks.last().map(|(hash, _)| *hash).unwrap_or_default()
    }

    /// The height of the block that carries a transaction.
    pub fn place_of(&self, transaction: &B256) -> Option<u64> {
        self.included.get(transaction).copied()
    }

    /// The hash of the final block of this height.
    pub fn hash_at(&self, height: u64) -> Option<B256> {
        self.blocks.get(height.checked_sub(1)? as usize).map(|(hash, _)| *hash)
    }

    /// What happened.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Movements that the checker judged.
    pub fn judged(&self) -> u64 {
        self.checker.reach().judged
    }

    /// The first law that was broken.
    pub fn verdict(&self) -> Result<(), String> {
        self.broken.clone().map_or(Ok(()), Err)
    }

    fn hear(
        &mut self,
        who: usize,
        block: &Block,
        receipts: &[Receipt],
        records: Option<&[(B256, Vec<u8>)]>,
    ) -> Result<(), String> {
        let height = block.header.height;
        let hash = block.header.hash();
        let state = records.map(|records| {
            let parts =
                records.iter().flat_map(|(key, record)| [key.as_slice(), record.as_slice()]);
            sha256(&parts.collect::<Vec<_>>())
        });
        if let Some(before) = self.told.insert(who, height)
            && height != before + 1
        {
            return Err(format!("final after height {before}"));
        }
        if let Some(known) = self.blocks.get(height as usize - 1) {
            if known.0 != hash {
                return Err(format!("I-40 two final blocks: {} and {hash}", known.0));
            }
            if known.1.is_some() && state.is_some() && known.1 != state {
                return Err("I-40 another state after the same block".into());
            }
            return Ok(());
        }
        if height != self.height() + 1 {
            return Err(format!("I-40 a gap: the last block told is {}", self.height()));
        }
        for bytes in &block.body {
            let transaction = evm::transaction_hash(bytes);
            if let Some(before) = self.included.insert(transaction, height) {
                return Err(format!("I-40 {transaction} was in block {before} already"));
            }
        }
        let header = encode(&block.header);
        self.checker.check(&Seen {
            header: &header,
            body: block.body.iter().map(Bytes::as_ref).collect(),
            receipts: receipts.iter().map(encode).collect(),
            records: records
                .map(|records| records.iter().map(|(_, record)| record.as_slice()).collect()),
        })?;
        for receipt in receipts.iter().filter(|receipt| !receipt.tx.is_zero()) {
            match receipt.outcome {
                Outcome::Done(_) => self.tally.done += 1,
                Outcome::Refused(_) => self.tally.refused += 1,
                Outcome::Halted(_) => self.tally.halted += 1,
            }
        }
        self.blocks.push((hash, state));
        Ok(())
    }
}

//! A workbench in one file: its genesis, every block with what it did, every record, and its time.

use crate::{Setup, Workbench, clock::Clock};
use borsh::{BorshDeserialize, BorshSerialize};
use chain::{Chain, Genesis};
use engine::FinalizedBlock;
use state::LoadError;
use std::sync::Arc;
use types::{B256, Block, Receipt, decode, encode};

/// What the file begins with: its kind and the version of its form.
const KIND: [u8; 8] = *b"scripdv1";

#[derive(BorshSerialize, BorshDeserialize)]
struct Saved {
    genesis: Genesis,
    blocks: Vec<(Block, Vec<Receipt>)>,
    records: Vec<Vec<u8>>,
    root: B256,
    ahead_secs: i64,
}

/// A file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    /// It is something else, or of another version.
    #[error(
        "this is no state of `scrip dev`, or one of another version; remove it, or name another file"
    )]
    Kind,
    /// It was cut short or changed.
    #[error("the state of `scrip dev` is damaged: {0}; remove it to begin anew")]
    Damaged(String),
}

impl From<LoadError> for ResumeError {
    fn from(error: LoadError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl Workbench {
    /// Everything as it is now, but what waits and the snapshots.
    pub fn save(&self) -> Vec<u8> {
        let bench = self.bench();
        let blocks = bench.blocks.iter();
        let records = self.chain().with_base(|base| base.records());
        let saved = Saved {
            genesis: self.chain().genesis().clone(),
            blocks: blocks.map(|one| ((*one.block).clone(), (*one.receipts).clone())).collect(),
            records: records.into_iter().map(|(_, record)| record).collect(),
            root: bench.root,
            ahead_secs: bench.clock.ahead_secs,
        };
        [&KIND[..], &encode(&saved)].concat()
    }

    /// Goes on from what was saved. States before it can be read no more, blocks and receipts can.
    pub fn resume(
        bytes: &[u8],
        setup: impl FnOnce(&Genesis) -> Setup,
    ) -> Result<Self, ResumeError> {
        let bytes = bytes.strip_prefix(&KIND).ok_or(ResumeError::Kind)?;
        let saved: Saved =
            decode(bytes).map_err(|error| ResumeError::Damaged(error.to_string()))?;
        saved.genesis.check().map_err(|error| ResumeError::Damaged(error.to_string()))?;
        let setup = setup(&saved.genesis);
        let chain = Chain::for_development(saved.genesis);
        let mut base = chain.empty();
        base.load_all(&saved.records)?;
        let mut blocks = Vec::with_capacity(saved.blocks.len());
        let mut parent = chain.genesis_header().hash();
        for (block, receipts) in saved.blocks {
            let hash = block.header.hash();
            let follows = block.header.parent == parent
                && block.header.height == blocks.len() as u64 + 1
                && block.header.body_hash == Block::body_hash(&block.body);
            if !follows {
                let height = block.header.height;
                return Err(ResumeError::Damaged(format!("block {height} does not fit its place")));
            }
            parent = hash;
            let (block, receipts) = (Arc::new(block), Arc::new(receipts));
            blocks.push(Arc::new(FinalizedBlock { block, hash, receipts }));
        }
        let Some(last) = blocks.last() else {
            return Err(ResumeError::Damaged("it has no block".into()));
        };
        let header = last.block.header.clone();
        chain.start_from(&header, base);
        let this = Self::over(chain, setup);
        this.note_status(header.height);
        let mut bench = this.bench();
        bench.blocks = blocks;
        bench.root = saved.root;
        bench.clock = Clock { ahead_secs: saved.ahead_secs, next_secs: None };
        drop(bench);
        Ok(this)
    }
}

//! The chain's own methods: persons, assets, decisions and proofs, in the market's words.
//!
//! Units are decimal strings, times milliseconds since 1970, bytes and hashes `0x` hex. A parameter that
//! cannot be used is named, with what would do.

pub(crate) mod apps;
pub(crate) mod assets;
pub(crate) mod explain;
pub(crate) mod law;
pub(crate) mod naming;
pub(crate) mod network;
pub(crate) mod people;
pub(crate) mod proofs;
pub(crate) mod receipts;
pub(crate) mod waiting;

use crate::{
    door::Door,
    fault::Fault,
    wire::{Answer, json},
};
use serde::Serialize;
use serde_json::{Value, json as value};
use state::Context;
use types::{B256, Header, Time};

/// Which block an answer speaks of.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct At {
    number: u64,
    hash: B256,
    time: Time,
}

impl At {
    pub(crate) fn of(header: &Header, hash: B256) -> Self {
        Self { number: header.height, hash, time: header.time }
    }
}

impl Door {
    /// Reads the state after a block, the newest if none is named, and says which it was.
    pub(crate) fn read<R>(
        &self,
        height: Option<u64>,
        work: impl FnOnce(&mut Context<'_>) -> R,
    ) -> Result<(At, R), Fault> {
        let header = match height {
            Some(height) => self.header(height)?,
            None => self.backend.chain.latest(),
        };
        let done = self.state_at(&header, work)?;
        Ok((At::of(&header, header.hash()), done))
    }
}

/// What is told of the newest block's state, with which block that is.
pub(crate) fn answer(
    door: &Door,
    work: impl FnOnce(&mut Context<'_>) -> Result<Value, Fault>,
) -> Answer {
    let (block, told) = door.read(None, work)?;
    let mut told = told?;
    told["block"] = value!(block);
    json(&told)
}

/// How much one page has: what is asked for, within bounds.
pub(crate) fn page(limit: Option<u64>) -> Result<usize, Fault> {
    const USUAL: u64 = 100;
    const MOST: u64 = 1_000;
    match limit.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit as usize),
        limit => Err(Fault::param("limit", format!("{limit} is not between 1 and {MOST}"))),
    }
}

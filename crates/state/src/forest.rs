//! The finalized base and the layers of unfinalized blocks over it, by block hash.

use crate::{Base, Layer, Schema};
use parking_lot::RwLock;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};
use types::B256;

/// A block's state is not in memory: it must be executed again from an ancestor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state after block {0} is not in memory")]
pub struct MissingParent(pub B256);

/// A state to read from: the base and the layers over it, newest first.
#[derive(Clone)]
pub struct View<'a> {
    pub(crate) base: &'a Base,
    pub(crate) layers: Vec<Arc<Layer>>,
}

impl<'a> View<'a> {
    /// A view of a base alone.
    pub fn of(base: &'a Base) -> Self {
        Self { base, layers: Vec::new() }
    }
}

struct Node {
    parent: B256,
    layer: Arc<Layer>,
}

/// The way back from a final block to the one before it, or from an amendment to the state before it.
struct Past {
    before: B256,
    reverse: Arc<Layer>,
    // An amended state goes by the hash of its block: that hash names it as it is after the amendment.
    is_amendment: bool,
}

/// How far back states are kept: so many blocks, and at most so many changed rows in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Blocks.
    pub blocks: usize,
    /// Rows changed in them.
    pub rows: usize,
}

impl Default for Reach {
    fn default() -> Self {
        Self { blocks: 128, rows: 200_000 }
    }
}

impl Reach {
    /// Every state since the start: for chains that go back.
    pub const ALL: Self = Self { blocks: usize::MAX, rows: usize::MAX };
}

/// A finalized state that a forest which keeps its whole past can go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    steps: usize,
}

struct Grown {
    base: Base,
    base_hash: B256,
    nodes: BTreeMap<B256, Node>,
    past: VecDeque<Past>,
    past_rows: usize,
    reach: Reach,
}

impl Grown {
    fn at(base_hash: B256, base: Base, reach: Reach) -> Self {
        let (nodes, past) = (BTreeMap::new(), VecDeque::new());
        Self { base, base_hash, nodes, past, past_rows: 0, reach }
    }

    fn view(&self, hash: B256) -> Result<View<'_>, MissingParent> {
        let mut layers = Vec::new();
        let mut at = hash;
        while at != self.base_hash {
            let node = self.nodes.get(&at).ok_or(MissingParent(at))?;
            layers.push(node.layer.clone());
            at = node.parent;
        }
        Ok(View { base: &self.base, layers })
    }

    /// The state after a final block, the newest or one of the few before it.
    fn past_view(&self, hash: B256) -> Result<View<'_>, MissingParent> {
        if hash == self.base_hash {
            return Ok(View { base: &self.base, layers: Vec::new() });
        }
        let is_after = |past: &Past| past.before == hash && !past.is_amendment;
        let from = self.past.iter().position(is_after).ok_or(MissingParent(hash))?;
        let layers = self.past.range(from..).map(|past| past.reverse.clone()).collect();
        Ok(View { base: &self.base, layers })
    }

    fn remember(&mut self, before: B256, reverse: Layer, is_amendment: bool) {
        self.past_rows += reverse.len();
        self.past.push_back(Past { before, reverse: Arc::new(reverse), is_amendment });
        while self.past.len() > self.reach.blocks || self.past_rows > self.reach.rows {
            let Some(oldest) = self.past.pop_front() else { break };
            self.past_rows -= oldest.reverse.len();
        }
    }
}

/// All states that this node holds: one base, and a few layers by block hash.
pub struct Forest {
    grown: RwLock<Grown>,
}

impl Forest {
    /// An empty base under the genesis hash.
    pub fn new(schema: &Schema, genesis: B256) -> Self {
        Self::with_reach(schema, genesis, Reach::default())
    }

    /// The same, keeping past states as far back as told.
    pub fn with_reach(schema: &Schema, genesis: B256, reach: Reach) -> Self {
        let base = Base::new(schema);
        Self { grown: RwLock::new(Grown::at(genesis, base, reach)) }
    }

    /// Replaces everything by the state after one final block.
    pub fn start_from(&self, hash: B256, base: Base) {
        let mut grown = self.grown.write();
        *grown = Grown::at(hash, base, grown.reach);
    }

    /// True if the state after this block is in memory.
    pub fn knows(&self, hash: &B256) -> bool {
        self.grown.read().view(*hash).is_ok()
    }

    /// Works on the state after a block. Finalization waits meanwhile.
    pub fn with<R>(
        &self,
        hash: B256,
        work: impl FnOnce(View<'_>) -> R,
    ) -> Result<R, MissingParent> {
        let grown = self.grown.read();
        Ok(work(grown.view(hash)?))
    }

    /// Works on the finalized state, given with its block's hash.
    pub fn with_final<R>(&self, work: impl FnOnce(B256, View<'_>) -> R) -> R {
        let grown = self.grown.read();
        work(grown.base_hash, View { base: &grown.base, layers: Vec::new() })
    }

    /// Works on the state after a final block: the newest, or one of the last few kept.
    pub fn with_past<R>(
        &self,
        hash: B256,
        work: impl FnOnce(View<'_>) -> R,
    ) -> Result<R, MissingParent> {
        let grown = self.grown.read();
        Ok(work(grown.past_view(hash)?))
    }

    /// The finalized records themselves, for checks and sizes.
    pub fn with_base<R>(&self, work: impl FnOnce(B256, &Base) -> R) -> R {
        let grown = self.grown.read();
        work(grown.base_hash, &grown.base)
    }

    /// Remembers a block's layer over its parent. A block known already keeps its layer.
    pub fn attach(&self, hash: B256, parent: B256, layer: Arc<Layer>) {
        let mut grown = self.grown.write();
        if hash != grown.base_hash {
            grown.nodes.entry(hash).or_insert(Node { parent, layer });
        }
    }

    /// Folds a block, and every ancestor not folded yet, into the base; drops what forked off.
    ///
    /// Returns false if the block is not in memory and not the base already.
    pub fn finalize(&self, hash: B256) -> bool {
        let mut grown = self.grown.write();
        let mut steps = Vec::new();
        let mut at = hash;
        while at != grown.base_hash {
            let Some(node) = grown.nodes.get(&at) else { return false };
            steps.push((at, node.layer.clone()));
            at = node.parent;
        }
        for (hash, layer) in steps.into_iter().rev() {
            let reverse = layer.fold(&mut grown.base);
            let before = std::mem::replace(&mut grown.base_hash, hash);
            grown.remember(before, reverse, false);
        }
        // What does not stand on the new base is dead.
        let alive: BTreeMap<B256, bool> = grown
            .nodes
            .keys()
            .map(|node| (*node, *node != hash && grown.view(*node).is_ok()))
            .collect();
        grown.nodes.retain(|node, _| alive[node]);
        true
    }

    /// Changes the finalized state outside of any block; it keeps the hash of its block. What stood on it
    /// and is not final is dead.
    pub fn amend(&self, layer: &Layer) {
        let mut grown = self.grown.write();
        let reverse = layer.fold(&mut grown.base);
        let at = grown.base_hash;
        grown.remember(at, reverse, true);
        grown.nodes.clear();
    }

    /// The finalized state as it is now, to come back to.
    pub fn place(&self) -> Place {
        Place { steps: self.grown.read().past.len() }
    }

    /// Goes back to a finalized state, exactly; blocks and amendments since then never were. Returns false,
    /// and does nothing, if the place is ahead. For forests that keep their whole past.
    pub fn rewind(&self, place: Place) -> bool {
        let mut grown = self.grown.write();
        assert_eq!(grown.reach, Reach::ALL, "a forest that forgets cannot go back");
        if place.steps > grown.past.len() {
            return false;
        }
        while grown.past.len() > place.steps {
            let Some(Past { before, reverse, .. }) = grown.past.pop_back() else { break };
            grown.past_rows -= reverse.len();
            drop(reverse.fold(&mut grown.base));
            grown.base_hash = before;
        }
        grown.nodes.clear();
        true
    }
}

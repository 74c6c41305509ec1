//! The finalized base and the layers of unfinalized blocks over it, by block hash.

use crate::{Base, Layer, LoadError, Schema};
use parking_lot::RwLock;
use std::{collections::BTreeMap, sync::Arc};
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

struct Grown {
    base: Base,
    base_hash: B256,
    nodes: BTreeMap<B256, Node>,
}

impl Grown {
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
}

/// All states that this node holds: one base, and a few layers by block hash.
pub struct Forest {
    schema: Schema,
    grown: RwLock<Grown>,
}

impl Forest {
    /// An empty base under the genesis hash.
    pub fn new(schema: Schema, genesis: B256) -> Self {
        let base = Base::new(&schema);
        Self {
            schema,
            grown: RwLock::new(Grown { base, base_hash: genesis, nodes: BTreeMap::new() }),
        }
    }

    /// Replaces everything by the stored records of one finalized block.
    pub fn load(
        &self,
        hash: B256,
        records: impl Iterator<Item = Vec<u8>>,
    ) -> Result<(), LoadError> {
        let mut base = Base::new(&self.schema);
        for record in records {
            base.load(&record)?;
        }
        *self.grown.write() = Grown { base, base_hash: hash, nodes: BTreeMap::new() };
        Ok(())
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
        let Ok(view) = grown.view(hash) else { return false };
        let layers = view.layers;
        for layer in layers.iter().rev() {
            layer.fold(&mut grown.base);
        }
        grown.base_hash = hash;
        // What does not stand on the new base is dead.
        let alive: BTreeMap<B256, bool> = grown
            .nodes
            .keys()
            .map(|node| (*node, *node != hash && grown.view(*node).is_ok()))
            .collect();
        grown.nodes.retain(|node, _| alive[node]);
        true
    }
}

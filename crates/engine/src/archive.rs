//! Final blocks and their certificates on disk, kept longer than the engine below would.

use crate::{block::Block, keys::Scheme, runtime::Runtime};
use commonware_consensus::{
    marshal::store::{Blocks, Certificates},
    simplex::types::Finalization,
    types::Height,
};
use commonware_cryptography::sha256::Digest;
use commonware_runtime::Handle;
use commonware_storage::{
    archive::{Error, Identifier, prunable},
    translator::EightCap,
};
use std::sync::Arc;

pub(crate) type BlockArchive<E> = prunable::Archive<EightCap, E, Digest, Arc<Block>>;
pub(crate) type CertificateArchive<E> =
    prunable::Archive<EightCap, E, Digest, Finalization<Scheme, Digest>>;

/// An archive that keeps more than it is told to: the store forgets its history soon, and a chain
/// whose blocks are all kept can be replayed into any later format.
pub(crate) struct Kept<A> {
    pub(crate) archive: A,
    /// Blocks to keep below the height that may be forgotten; `None` keeps them all.
    pub(crate) more: Option<u64>,
}

impl<A> Kept<A> {
    fn lowest(&self, asked: Height) -> Option<Height> {
        let more = self.more?;
        (asked.get() > more).then(|| Height::new(asked.get() - more))
    }
}

impl<E: Runtime> Blocks for Kept<BlockArchive<E>> {
    type Block = Arc<Block>;
    type Error = Error;

    async fn put(self, digest: Digest, block: &Arc<Block>) -> Result<Self, Error> {
        let archive = Blocks::put(self.archive, digest, block).await?;
        Ok(Self { archive, ..self })
    }

    async fn sync(self) -> Result<Self, Error> {
        Ok(Self { archive: Blocks::sync(self.archive).await?, ..self })
    }

    async fn start_sync(self) -> Result<(Self, Handle<()>), Error> {
        let (archive, durable) = Blocks::start_sync(self.archive).await?;
        Ok((Self { archive, ..self }, durable))
    }

    async fn get(&self, id: Identifier<'_, Digest>) -> Result<Option<Arc<Block>>, Error> {
        Blocks::get(&self.archive, id).await
    }

    async fn prune(self, min: Height) -> Result<Self, Error> {
        match self.lowest(min) {
            Some(min) => Ok(Self { archive: Blocks::prune(self.archive, min).await?, ..self }),
            None => Ok(self),
        }
    }

    fn missing_items(&self, start: Height, max: usize) -> Vec<Height> {
        Blocks::missing_items(&self.archive, start, max)
    }

    fn next_gap(&self, value: Height) -> (Option<Height>, Option<Height>) {
        Blocks::next_gap(&self.archive, value)
    }

    fn last_index(&self) -> Option<Height> {
        Blocks::last_index(&self.archive)
    }
}

impl<E: Runtime> Certificates for Kept<CertificateArchive<E>> {
    type BlockDigest = Digest;
    type Commitment = Digest;
    type Scheme = Scheme;
    type Error = Error;

    async fn put(
        self,
        height: Height,
        digest: Digest,
        finalization: &Finalization<Scheme, Digest>,
    ) -> Result<Self, Error> {
        let archive = Certificates::put(self.archive, height, digest, finalization).await?;
        Ok(Self { archive, ..self })
    }

    async fn sync(self) -> Result<Self, Error> {
        Ok(Self { archive: Certificates::sync(self.archive).await?, ..self })
    }

    async fn start_sync(self) -> Result<(Self, Handle<()>), Error> {
        let (archive, durable) = Certificates::start_sync(self.archive).await?;
        Ok((Self { archive, ..self }, durable))
    }

    async fn get(
        &self,
        id: Identifier<'_, Digest>,
    ) -> Result<Option<Finalization<Scheme, Digest>>, Error> {
        Certificates::get(&self.archive, id).await
    }

    async fn has(&self, height: Height) -> Result<bool, Error> {
        Certificates::has(&self.archive, height).await
    }

    async fn prune(self, min: Height) -> Result<Self, Error> {
        match self.lowest(min) {
            Some(min) => {
                Ok(Self { archive: Certificates::prune(self.archive, min).await?, ..self })
            }
            None => Ok(self),
        }
    }

    fn last_index(&self) -> Option<Height> {
        Certificates::last_index(&self.archive)
    }

    fn ranges_from(&self, from: Height) -> impl Iterator<Item = (Height, Height)> {
        Certificates::ranges_from(&self.archive, from)
    }
}

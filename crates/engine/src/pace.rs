//! When to build a block: at once if a transaction waits, at the heartbeat if none does.

use crate::{
    block::{Block, ConsensusContext},
    keys::Scheme,
    machine::Candidates,
    runtime::{Runtime, now},
};
use commonware_consensus::{Application, Handoff, marshal::ancestry::Ancestry};
use commonware_cryptography::Digested;
use futures::future::{Either, select};
use serde::{Deserialize, Serialize};
use std::{pin::pin, sync::Arc, time::Duration};

/// How often blocks are made. Every validator of a network should have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pacing {
    /// The longest time without a block while nobody has anything to include, milliseconds.
    pub heartbeat_ms: u64,
    /// The shortest time from one block to the next: under load it lets transactions gather.
    pub interval_ms: u64,
}

impl Default for Pacing {
    fn default() -> Self {
        Self { heartbeat_ms: 2_000, interval_ms: 10 }
    }
}

impl Pacing {
    pub(crate) fn heartbeat(&self) -> Duration {
        Duration::from_millis(self.heartbeat_ms.max(1))
    }

    /// How long a leader may take to propose: a heartbeat, and the way of its block.
    pub(crate) fn leader_timeout(&self) -> Duration {
        self.heartbeat() + Duration::from_secs(1)
    }

    /// How long a view may take until its block is executed by enough validators.
    pub(crate) fn certification_timeout(&self) -> Duration {
        self.leader_timeout() * 2
    }

    /// How long a leader may be silent until the others no longer wait for its turn.
    pub(crate) fn skip_timeout(&self) -> Duration {
        self.leader_timeout() * 3
    }
}

/// Waits before it asks for a block.
///
/// The waiting stands outside the state actor: inside, it would hold up finalization.
#[derive(Clone)]
pub(crate) struct Paced<M> {
    pub(crate) inner: M,
    pub(crate) pacing: Pacing,
    pub(crate) candidates: Arc<dyn Candidates>,
}

impl<E, M> Application<E> for Paced<M>
where
    E: Runtime,
    M: Application<
            E,
            SigningScheme = Scheme,
            Context = ConsensusContext,
            Block = Block,
            Input = (),
        > + Sync,
{
    type SigningScheme = Scheme;
    type Context = ConsensusContext;
    type Block = Block;
    type Input = ();

    async fn prepare(
        &mut self,
        context: (E, ConsensusContext),
        ancestry: impl Ancestry<Block>,
        input: (),
    ) -> Handoff<Digested<Block>> {
        self.inner.prepare(context, ancestry, input).await
    }

    async fn propose(
        &mut self,
        (context, consensus): (E, ConsensusContext),
        ancestry: impl Ancestry<Block>,
        input: (),
    ) -> Option<Digested<Block>> {
        let since_parent = ancestry
            .peek()
            .map_or(0, |parent| now(&context).0.saturating_sub(parent.inner().header().time.0));
        let heartbeat = self.pacing.heartbeat().saturating_sub(Duration::from_millis(since_parent));
        let interval = self.pacing.interval_ms.saturating_sub(since_parent);
        context.sleep(Duration::from_millis(interval)).await;
        {
            let work = pin!(self.candidates.wait());
            let idle = pin!(context.sleep(heartbeat));
            match select(work, idle).await {
                Either::Left(_) | Either::Right(_) => {}
            }
        }
        self.inner.propose((context, consensus), ancestry, input).await
    }

    async fn verify(
        &mut self,
        context: (E, ConsensusContext),
        ancestry: impl Ancestry<Block>,
    ) -> bool {
        self.inner.verify(context, ancestry).await
    }
}

//! Every method there is: its parameters, where it runs, and how it differs from what others do.

mod dev;
mod eth;
mod others;
mod scrip;

use crate::{
    args::Args,
    door::Door,
    subscriptions::{Session, Subscription},
    wire::Answer,
};
use futures::future::BoxFuture;
use std::sync::Arc;

/// A method.
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) params: &'static [&'static str],
    pub(crate) work: Work,
    /// True if only a chain for development has it.
    pub(crate) is_dev: bool,
    /// How it differs from what Ethereum's nodes answer, and why; nothing if it does not.
    pub(crate) note: &'static str,
}

impl Method {
    const fn new(name: &'static str, params: &'static [&'static str], work: Work) -> Self {
        Self { name, params, work, is_dev: false, note: "" }
    }

    const fn but(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    const fn dev(mut self) -> Self {
        self.is_dev = true;
        self
    }

    /// True if a single object in the array of parameters holds them by name.
    pub(crate) fn by_name(&self) -> bool {
        self.name.starts_with("scrip_")
    }
}

pub(crate) type Look = fn(&Door, &Args<'_>) -> Answer;
pub(crate) type Wait = for<'a> fn(&'a Arc<Door>, Args<'a>) -> BoxFuture<'a, Answer>;
pub(crate) type Talk = fn(&Door, &Session, &Args<'_>, &mut Vec<Subscription>) -> Answer;

/// Where a method runs.
pub(crate) enum Work {
    /// At once: a look into memory.
    Quick(Look),
    /// On a thread of its own: it executes code, or counts over much.
    Executing(Look),
    /// It waits for blocks, archives or proofs.
    Waiting(Wait),
    /// It belongs to a WebSocket connection.
    Session(Talk),
}

macro_rules! waiting {
    ($work:path) => {
        $crate::methods::Work::Waiting(|door, args| Box::pin($work(door, args)))
    };
}
use waiting;

/// Methods that belong together, with a heading and a sentence about them.
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    /// What is said of a method that differs in nothing.
    pub(crate) usual: &'static str,
    pub(crate) methods: &'static [&'static [Method]],
}

/// Every method, in groups.
pub(crate) static GROUPS: [Group; 4] = [
    Group {
        title: "Ethereum",
        about: "As wallets and libraries call them. A block is final when it is seen, so that `latest`, `safe` and \
                `finalized` are one block; `pending` differs from it for nonces alone.",
        usual: "as Geth",
        methods: &[eth::METHODS],
    },
    Group {
        title: "Node, pool, traces and explorers",
        about: "As Geth, Erigon, Parity and Otterscan name them. A native call is a frame like any other.",
        usual: "as Geth, Erigon or Parity",
        methods: &[others::METHODS],
    },
    Group {
        title: "Scrip",
        about: "What this chain knows beyond Ethereum. Parameters may be given by place or by name.",
        usual: "this chain's own",
        methods: &[scrip::METHODS],
    },
    Group {
        title: "Development",
        about: "Only `scrip dev` without `--data-dir` has them; every other node refuses them with -32004. They \
                cover native records as they cover contracts.",
        usual: "as Hardhat and Anvil",
        methods: &[dev::METHODS, dev::IN_BOTH_NAMES],
    },
];

/// Every method.
pub(crate) fn all() -> impl Iterator<Item = &'static Method> {
    GROUPS.iter().flat_map(|group| group.methods).flat_map(|methods| methods.iter())
}

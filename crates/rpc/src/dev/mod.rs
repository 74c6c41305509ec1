//! What only a chain for development does: time at will, the way back, and everyone's keys.
//!
//! Names and shapes are those of Hardhat and Anvil, so that test suites written for them run here. The
//! dispatcher refuses all of them where the node has no workbench.

pub(crate) mod accounts;
pub(crate) mod amend;
pub(crate) mod going_back;
pub(crate) mod time;

use crate::{door::Door, fault::Fault};
use std::sync::Arc;
use workbench::{Listener, Refused, Told, Workbench};

impl Door {
    /// Keeps the index with a workbench: what happens there is known here before its caller is answered.
    pub(crate) fn listener(self: &Arc<Self>) -> Listener {
        self.index.begin();
        // The workbench is part of the door, and must not hold it in turn.
        let door = Arc::downgrade(self);
        Box::new(move |told| {
            let Some(door) = door.upgrade() else { return };
            match told {
                Told::Block(block) => drop(door.index.add(block)),
                Told::Back(height) => {
                    door.index.cut(height);
                    door.filters.back_to(height);
                }
            }
        })
    }

    /// Refuses where there is no consensus, and so nothing to prove with.
    pub(crate) fn can_prove(&self) -> Result<(), Fault> {
        match self.backend.workbench {
            None => Ok(()),
            Some(_) => Err(Fault::unsupported(
                "this chain has no consensus and proves nothing: start `scrip dev --data-dir FOLDER`",
            )),
        }
    }

    /// The workbench behind this door, if there is one.
    pub(crate) fn workbench(&self) -> Result<&Workbench, Fault> {
        self.backend.workbench.as_ref().ok_or_else(|| {
            Fault::unsupported(
                "only a chain for development does this: start `scrip dev` without --data-dir",
            )
        })
    }
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Transaction(refusal) => refusal.into(),
            refused => Self::server(refused),
        }
    }
}

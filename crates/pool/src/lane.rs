//! Lanes: kinds of work that share every block fairly.

use evm::Signed;
use std::fmt;
use types::{Module, Reserved, ReservedKind};

/// A kind of transaction. Every lane with work has an equal share of a block; what one leaves, others take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Powers, freezes, orders and rules: trust and compliance.
    Control,
    /// Persons, wallets and claims.
    Identity,
    /// Movements of assets.
    Assets,
    /// Contracts.
    Guest,
}

impl Lane {
    /// Every lane, in the order in which a block takes from them.
    pub const ALL: [Lane; 4] = [Lane::Control, Lane::Identity, Lane::Assets, Lane::Guest];

    /// The lane of a transaction, by the address it calls.
    pub fn of(signed: &Signed) -> Self {
        let Some(reserved) = signed.to().and_then(|to| Reserved::parse(&to)) else {
            return Lane::Guest;
        };
        match reserved.kind {
            ReservedKind::Service(Module::Trust | Module::Compliance) => Lane::Control,
            ReservedKind::Service(Module::Identity) | ReservedKind::Person(_) => Lane::Identity,
            _ if evm::is_official(signed.input()) => Lane::Control,
            ReservedKind::Service(_) | ReservedKind::Asset(_) => Lane::Assets,
        }
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lane::Control => "control",
            Lane::Identity => "identity",
            Lane::Assets => "assets",
            Lane::Guest => "guest",
        })
    }
}

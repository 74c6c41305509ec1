//! Who may do what, to what, until when, how much; and fuel, the right to use the chain.
//!
//! Every power is a grant on the record. Dangerous powers can need m of n: then nobody uses them alone,
//! changes that alone, or goes around it by a narrower scope. Nothing is owner-only by accident.
//!
//! Laws, each checked in `tests/laws.rs`:
//! - TRU-1  a power is used only under a grant that stands, within its amount
//! - TRU-2  a proposal is carried out once, as approved, by a full quorum of members
//! - TRU-3  a tank never holds more than its capacity, and nobody uses more than capacity, refill and purchase gave
//! - TRU-4  every act of granting and revoking stays on the record, in order
//! - TRU-5  only an admin or a quorum gives powers, none for longer than the admin's own; one admin of the
//!   network always stays
//! - TRU-6  a sponsor that a person accepted is replaced by nobody, any other only by one that can pay more
//! - TRU-7  a contract uses a power only while the person who gave it may use it alone, and both are charged; what
//!   an app does ends with what it was given: it gives no powers, and sets no quorums
//! - TRU-8  a published app does nothing for others unless its code is what was published, itself and its developer
//!   stand, and an auditor in standing attests that code where the giver or the issuer asks for it

pub mod app;
mod event;
pub mod fuel;
pub mod genesis;
mod ops;
mod refusal;
mod state;

pub use app::{
    APPS, ATTESTATIONS, App, Attestation, CONTRACTS, Contract, DEMANDS, LOAN_COUNT, LOAN_PLACES,
    LOANS, Loan, NEXT_APP, ROLES, Role, Standing,
};
pub use event::Event;
pub use genesis::{Genesis, GenesisGrant};
pub use ops::{Call, Listed, Reply, Version, apply, exercise, finish, require, spend, write_grant};
pub use refusal::Refusal;
pub use state::*;

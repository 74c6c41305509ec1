//! Persons, accounts, wallets, claims and providers: who is who.
//!
//! A person stands above keys. Its numbered accounts hold; one wallet owns an account, others may act
//! for it within a delegation. Providers attest claims and answer for them. No personal data is here:
//! a claim is a topic, a small value, dates, and the hash of evidence kept elsewhere.
//!
//! Laws, each checked in `tests/laws.rs`:
//! - IDY-1 (I-30)  a living wallet owns one account, and that account names this wallet
//! - IDY-2 (I-31)  nothing that happens to wallets changes who holds what
//! - IDY-3 (I-32)  a claim counts only between its issue and its expiry, unrevoked, from a provider that stands for it
//! - IDY-4 (I-33)  one uniqueness commitment, one person
//! - IDY-5 (I-35)  at most one recovery waits per account, and meanwhile nobody acts for it; those that follow each other
//!   are one dispute; a wallet once dead never lives again
//! - IDY-6         when a claim begins or ceases to count, its person is named to be counted anew
//! - IDY-7         nobody acts for the dead: none of their wallets, nor what these allowed
//! - IDY-8         the numbers of one human are counted as one of them, reside in one country and die together

mod claims;
mod dispute;
mod event;
pub mod genesis;
mod ops;
mod read;
mod refusal;
mod state;
pub mod topic;
mod voucher;

pub use claims::{Claim, ClaimGiven, Claims};
pub use dispute::{Dispute, Recovered, disputed_until, may_take_back};
pub use event::Event;
pub use genesis::{Genesis, GenesisPerson};
pub use ops::{
    Call, DelegationGiven, Enrolment, Merger, NetworkPower, Registration, Reply, apply,
    check_enrolment, enrolment_work, expire_due,
};
pub use read::{
    Actor, Use, account_of, acting, counted_as, current_claim, is_any_sanctioned, is_recovering,
    is_sanctioned, may_act, may_contest, merged, others, outdate, outdated, owner, person,
    spend_delegation, suspension, wallet_of, was_replaced,
};
pub use refusal::Refusal;
pub use state::*;
pub use voucher::{Consent, Purpose, care_digest, consent_digest, recover, voucher_digest};

//! May this happen? One judge, rules as data, every reason at once.
//!
//! [`decide`] is pure: the same code answers a preview, the pool and the block. Facts that the ledger
//! keeps arrive in the [`Action`]. Head-counts are kept here, as functions of state: a claim that
//! changes or lapses moves the holdings it touches, and a recount from scratch always agrees.
//!
//! Layers, all of which must pass: network, an exemption of each jurisdiction under which units are
//! issued or resold, the law of the land of both sides, issuer, the venue through which they move. An
//! asset without a policy refuses everything.
//!
//! Laws, each checked in `tests/laws.rs`, and in `ledger/tests/laws.rs` on movements that really happen:
//! - COM-1 (I-06)  counters, by class and over all assets of an issuer too, and the indexes of who holds for others equal
//!   a recount from scratch, after any history
//! - COM-2 (I-09)  what is previewed is what is executed
//! - COM-3  the default is refusal: no policy, no rule's answer, no person: no
//! - COM-4 (I-16)  an existing excess may shrink and never grow
//! - COM-5  what a refusal promises is so: that date is the first, that amount the largest
//! - COM-6 (I-08)  what a meter has added up within its period is what the movements add up to
//! - COM-7  what was found of a holder once is, while it is good, what its claims and lists say: nothing is judged otherwise
//!   than without it
//! - COM-8 (I-17)  who is under review gets nothing of others, whichever of its numbers that is said of, by order neither

mod calendar;
mod change;
mod check;
mod contradiction;
mod count;
mod counting;
mod decide;
mod duty;
mod event;
mod exemption;
mod hints;
mod judge;
mod limit;
mod meter;
mod money;
mod of_issuer;
mod offer;
mod ops;
mod path;
mod policy;
mod profile;
mod reason;
mod recurring;
mod refusal;
mod rule;
mod standing;
mod state;
mod text;
mod venue;
mod view;

pub use calendar::{days_of, days_of_policy};
pub use change::{Change, Changed, Exceeded, Law, LawChanged, Venue, Version, exceeded};
pub use check::each as each_rule;
pub use count::{
    MAX_ASSETS, Recount, asset_holders, check_mergeable, check_reindexable, merge, record, recount,
    reindex, weight,
};
pub use counting::{Cap, Counting};
pub use decide::{
    Action, AssetFacts, Consequence, Decision, Kind, Lot, Party, Pick, Spent, decide, follow,
    reasons,
};
pub use duty::{FISCAL_YEAR_END, fire as fire_duties};
pub use event::Event;
pub use exemption::Exemptions;
pub use hints::{bound_by, earliest_from, max_ok};
pub use judge::may_take_part;
pub use limit::{Limit, Period};
pub use meter::{Bump, Meter, MeterKey, Of, Over, metered, split};
pub use money::{may_release, may_withdraw};
pub use of_issuer::{RecountOfIssuer, issued_by, recount_of_issuer};
pub use ops::{Call, Needs, apply, policy_hash};
pub use path::{Path, Paths};
pub use policy::{Cost, Policy};
pub use profile::{Covers, Profile, Trigger, adoption, adoptions, hash_of, law_of};
pub use reason::{Layer, Reason, ReasonCode};
pub use recurring::Recurring;
pub use refusal::Refusal;
pub use rule::{
    About, Between, By, Effect, Filter, Inherit, ListMode, ListNumber, ListOf, LookThrough,
    Measure, Place, Relation, Roll, Rule, Scope, Side, Step,
};
pub use standing::{Epoch, Found, Standing};
pub use state::*;
pub use text::{Text, Texts, erc1404_text, texts, topic_called, topic_name, topics};
pub use venue::VenueRules;
pub use view::View;

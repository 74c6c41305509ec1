//! Securities and cash, lots, positions and holds: the only place units move.
//!
//! Asks `compliance` before every movement. What is paid it passes on and adds up nowhere; it knows
//! nothing of offers or instructions.
//!
//! Laws, each checked in `tests/laws.rs`:
//! - LED-1 (I-01)  the positions of an asset sum to its issued units, which never exceed the authorised
//! - LED-2 (I-03)  held units never exceed a position's units; what is free is never negative
//! - LED-3 (I-18)  a position's lots sum to its units; a lot's clock moves with its units
//! - LED-4 (I-07)  what a person is counted as holding is the sum of its positions
//! - LED-5 (I-13)  a balance at a checkpoint never changes
//! - LED-6 (I-11)  a spender moves no more than it was allowed
//! - LED-7  an asset's treasury is what its issuer's own accounts hold; the rest of what is issued is outstanding
//! - LED-8  no movement between holders makes units older, nor frees them of a profile that frees none
//! - LED-9  an announced order is carried out after its window, uncontested or confirmed; until then its units
//!   leave by other orders only. A freeze ends with its order, not a moment before or after. Whom it binds, and nobody
//!   else, contests it once while it stands, and once more by a wallet that replaced the one that did; what is said waits
//!   for its decision whatever its terms become, and what is decided is kept as long as it stands on the same
//! - LED-10 (I-27) a conversion makes of each position its units at the ratio, rounded down, none of them older than it
//!   was; what is issued changes by exactly that, and until it is complete nothing moves
//! - LED-11 (I-35) a dispute over its giver's key delays a hold's delivery for four delays of a recovery at most, and not
//!   at all if it stood in the dispute before; its giver takes it back before it ends only if it is younger than that
//!   dispute, or older by less than a delay, by a wallet that replaced the lost one since, and while delivery waits
//! - LED-12 what is paid for the parts in which a hold is delivered or let go sums to what its maker said

mod asset;
mod checkpoint;
mod convert;
mod dry_run;
mod event;
mod exchange;
mod freeze;
mod hold;
mod lots;
mod movement;
mod ops;
mod order;
mod read;
mod refusal;
mod state;
mod stated;

pub use checkpoint::{balance_at, supply_at};
pub use dry_run::{Among, DryRun, Fails, HoldFails, Tried, dry_run};
pub use event::{Cause, Event};
pub use lots::Lots;
pub use movement::{Wish, preview};
pub use ops::{
    Call, ContractCheck, Leg, NewAsset, Placement, Reply, Spender, apply, approve, check_delegate,
    check_spender, foresee, grantee, may_move, may_spend, may_use, rehearse,
};
pub use read::{
    allowance, asset, balance, check_mergeable, free, freeze, is_frozen, is_operator, issuer,
    may_take_part, position,
};
pub use refusal::{Judgement, Refusal};
pub use state::*;
pub use stated::{ChosenLot, Sale, Stated};

//! What people do with identity, told with public operations only.

#[path = "../world/mod.rs"]
mod world;

mod care;
mod claims;
mod death;
mod delegation;
mod enrolment;
mod merger;
mod recovery;
mod signatures;
mod supervision;

use identity::{Refusal, Use, operation};
use types::{AccountId, AssetId, Units};
use world::*;

/// May this wallet move so many units of an asset out of the account?
fn may_move(
    world: &World,
    key: u64,
    account: AccountId,
    asset: u64,
    units: u128,
) -> Result<(), Refusal> {
    world.read(|ctx| {
        let (asset, units, operation) = (AssetId(asset), Units(units), operation::TRANSFER);
        identity::may_act(ctx, &wallet(key), Use { account, operation, asset: Some(asset), units })
            .map(drop)
    })
}

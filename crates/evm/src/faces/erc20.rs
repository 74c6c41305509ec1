//! ERC-20 with metadata.

use super::reply;
use crate::{
    abi::{IERC20, IERC20Metadata},
    failure::Failure,
    services::{Answer, Request, account, units, view},
};
use ledger::{Asset, Call, Leg};
use state::Context;
use types::{Address, AssetId, ClassId, U256, Units};

pub(super) fn answer(
    ctx: &Context<'_>,
    id: AssetId,
    asset: &Asset,
    call: IERC20::IERC20Calls,
) -> Result<Request, Failure> {
    use IERC20::IERC20Calls as F;
    match call {
        F::transfer(f) => reply(to_one(ctx, id, None, None, f.to, f.value)?, Answer::True),
        F::transferFrom(f) => reply(from_other(ctx, id, f.from, f.to, f.value)?, Answer::True),
        F::balanceOf(f) => view(balance(ctx, id, f.account)),
        F::approve(f) => {
            // The largest value stands for "without limit".
            let units = if f.value == U256::MAX { Units::MAX } else { units(f.value)? };
            reply(Call::Approve { asset: id, spender: f.spender, units }, Answer::True)
        }
        F::allowance(f) => {
            let owner = identity::account_of(ctx, &f.owner);
            let units =
                owner.map_or(Units::ZERO, |owner| ledger::allowance(ctx, id, owner, f.spender));
            view(if units == Units::MAX { U256::MAX } else { U256::from(units.0) })
        }
        F::totalSupply(_) => view(U256::from(asset.issued.0)),
    }
}

pub(super) fn metadata(
    asset: &Asset,
    call: IERC20Metadata::IERC20MetadataCalls,
) -> Result<Request, Failure> {
    use IERC20Metadata::IERC20MetadataCalls as F;
    match call {
        F::name(_) => view(asset.name.clone()),
        F::symbol(_) => view(asset.symbol.clone()),
        F::decimals(_) => view(U256::from(asset.decimals)),
    }
}

fn balance(ctx: &Context<'_>, id: AssetId, wallet: Address) -> U256 {
    identity::account_of(ctx, &wallet)
        .map_or(U256::ZERO, |account| U256::from(ledger::balance(ctx, id, account).0))
}

pub(super) fn to_one(
    ctx: &Context<'_>,
    asset: AssetId,
    class: Option<ClassId>,
    from: Option<Address>,
    to: Address,
    value: U256,
) -> Result<Call, Failure> {
    let from = from.map(|wallet| account(ctx, wallet)).transpose()?;
    Ok(Call::Transfer { asset, class, from, legs: vec![leg(ctx, to, value)?] })
}

pub(super) fn from_other(
    ctx: &Context<'_>,
    asset: AssetId,
    from: Address,
    to: Address,
    value: U256,
) -> Result<Call, Failure> {
    Ok(Call::TransferFrom {
        asset,
        from: account(ctx, from)?,
        to: account(ctx, to)?,
        units: units(value)?,
    })
}

pub(super) fn leg(ctx: &Context<'_>, to: Address, value: U256) -> Result<Leg, Failure> {
    Ok(Leg { to: account(ctx, to)?, units: units(value)? })
}

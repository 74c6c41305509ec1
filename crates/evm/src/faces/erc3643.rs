//! ERC-3643: the token's own functions.

use super::{all, erc20::leg, erc1594::redeem, reply};
use crate::{
    abi::IERC3643,
    failure::Failure,
    native::Native,
    services::{Answer, Request, account, fixed, units, view},
};
use ledger::{Asset, Call, Freeze, Position};
use state::Context;
use types::{Address, AssetId, ClassId, Module, Order, Reserved, U256, Units, ensure};

/// The version of T-REX whose interfaces these are.
pub(crate) const VERSION: &str = "4.1.6";

pub(super) fn answer(
    ctx: &Context<'_>,
    caller: Address,
    id: AssetId,
    asset: &Asset,
    call: IERC3643::IERC3643Calls,
) -> Result<Request, Failure> {
    use IERC3643::IERC3643Calls as F;
    let service = |module| Reserved::service(ctx.shard(), module);
    let class = ClassId(0);
    let freeze_address = |wallet: Address, frozen: bool| {
        let person = account(ctx, wallet)?.person;
        Ok(Call::FreezePerson { asset: id, person, frozen, order: filed_order(ctx, id, caller)? })
    };
    let freeze_part = |wallet: Address, amount: U256, is_more: bool| {
        let account = account(ctx, wallet)?;
        let order = filed_order(ctx, id, caller)?;
        let frozen = frozen_under(ctx, &ledger::position(ctx, id, class, account), &order);
        let amount = units(amount)?;
        let changed = if is_more { frozen.checked_add(amount) } else { frozen.checked_sub(amount) };
        let units = changed
            .map_err(|_| Failure::from(ledger::Refusal::NotFree { free: frozen, need: amount }))?;
        Ok(Call::FreezeUnits { asset: id, class, account, units, order })
    };
    let force = |from: Address, to: Address, amount: U256| {
        let (from, to, units) = (account(ctx, from)?, account(ctx, to)?, units(amount)?);
        Ok(Call::ForceTransfer {
            asset: id,
            class,
            from,
            to,
            units,
            order: filed_order(ctx, id, caller)?,
        })
    };
    let same = |left: usize, right: usize| {
        ensure(left == right, Failure::door(10, 0x20, "the lists have different lengths"))
    };
    let legs = |to: Vec<Address>, amounts: Vec<U256>| {
        same(to.len(), amounts.len())?;
        to.into_iter()
            .zip(amounts)
            .map(|(to, amount)| leg(ctx, to, amount))
            .collect::<Result<Vec<_>, Failure>>()
    };
    match call {
        F::onchainID(_) => view(Reserved::person(ctx.shard(), asset.issuer)),
        F::version(_) => view(VERSION.to_owned()),
        F::identityRegistry(_) => view(service(Module::Identity)),
        F::compliance(_) => view(service(Module::Compliance)),
        F::paused(_) => view(asset.status != ledger::AssetStatus::Open),
        F::isFrozen(f) => {
            let person = identity::account_of(ctx, &f.userAddress).map(|account| account.person);
            view(person.is_some_and(|person| ledger::is_frozen(ctx, id, person)))
        }
        F::getFrozenTokens(f) => {
            let account = identity::account_of(ctx, &f.userAddress);
            view(account.map_or(U256::ZERO, |account| {
                U256::from(ledger::position(ctx, id, class, account).frozen(ctx.now()).0)
            }))
        }
        F::setName(f) => {
            let call = Call::Rename { asset: id, name: Some(f.name), symbol: None };
            reply(call, Answer::Nothing)
        }
        F::setSymbol(f) => {
            let call = Call::Rename { asset: id, name: None, symbol: Some(f.symbol) };
            reply(call, Answer::Nothing)
        }
        F::setOnchainID(_) => Err(fixed("the identity of a token is its issuer's person")),
        F::setIdentityRegistry(_) => Err(fixed(
            "one identity service answers for all assets; setPolicy names the claims that this one needs",
        )),
        F::setCompliance(_) => Err(fixed(
            "one judge answers for all assets; setPolicy of the compliance service changes this one's rules",
        )),
        F::pause(_) => reply(Call::Pause { asset: id }, Answer::Nothing),
        F::unpause(_) => reply(Call::Resume { asset: id }, Answer::Nothing),
        F::setAddressFrozen(f) => reply(freeze_address(f.userAddress, f.freeze)?, Answer::Nothing),
        F::freezePartialTokens(f) => {
            reply(freeze_part(f.userAddress, f.amount, true)?, Answer::Nothing)
        }
        F::unfreezePartialTokens(f) => {
            reply(freeze_part(f.userAddress, f.amount, false)?, Answer::Nothing)
        }
        F::forcedTransfer(f) => reply(force(f.from, f.to, f.amount)?, Answer::True),
        F::mint(f) => reply(
            Call::Issue { asset: id, class, legs: vec![leg(ctx, f.to, f.amount)?] },
            Answer::Nothing,
        ),
        F::burn(f) => reply(redeem(ctx, id, None, f.userAddress, f.amount)?, Answer::Nothing),
        F::recoveryAddress(f) => {
            let account = account(ctx, f.lostWallet)?;
            let pending = identity::RECOVERIES
                .get(ctx, &account)
                .filter(|recovery| recovery.wallet == f.newWallet);
            let person = Reserved::person(ctx.shard(), account.person);
            let is_same = person == f.investorOnchainID;
            let why = "the provider starts a recovery to this wallet first, and investorOnchainID must be the lost wallet's person";
            ensure(pending.is_some() && is_same, Failure::door(11, 0x20, why))?;
            let token = Reserved::asset(ctx.shard(), id);
            let recovered =
                Answer::Recovered { token, lost: f.lostWallet, wallet: f.newWallet, person };
            let call = identity::Call::CompleteRecovery { account };
            Ok(Request::change(Native::Identity(call), recovered))
        }
        F::batchTransfer(f) => {
            let legs = legs(f.toList, f.amounts)?;
            reply(Call::Transfer { asset: id, class: None, from: None, legs }, Answer::Nothing)
        }
        F::batchMint(f) => reply(
            Call::Issue { asset: id, class, legs: legs(f.toList, f.amounts)? },
            Answer::Nothing,
        ),
        F::batchForcedTransfer(f) => {
            same(f.fromList.len(), f.toList.len())?;
            same(f.fromList.len(), f.amounts.len())?;
            let parties = f.fromList.into_iter().zip(f.toList).zip(f.amounts);
            all(parties.map(|((from, to), amount)| force(from, to, amount)))
        }
        F::batchBurn(f) => {
            same(f.userAddresses.len(), f.amounts.len())?;
            all(f
                .userAddresses
                .into_iter()
                .zip(f.amounts)
                .map(|(user, amount)| redeem(ctx, id, None, user, amount)))
        }
        F::batchSetAddressFrozen(f) => {
            same(f.userAddresses.len(), f.freeze.len())?;
            all(f
                .userAddresses
                .into_iter()
                .zip(f.freeze)
                .map(|(user, frozen)| freeze_address(user, frozen)))
        }
        F::batchFreezePartialTokens(f) => {
            distinct(&f.userAddresses)?;
            same(f.userAddresses.len(), f.amounts.len())?;
            all(f
                .userAddresses
                .into_iter()
                .zip(f.amounts)
                .map(|(user, amount)| freeze_part(user, amount, true)))
        }
        F::batchUnfreezePartialTokens(f) => {
            distinct(&f.userAddresses)?;
            same(f.userAddresses.len(), f.amounts.len())?;
            all(f
                .userAddresses
                .into_iter()
                .zip(f.amounts)
                .map(|(user, amount)| freeze_part(user, amount, false)))
        }
    }
}

/// A wallet named twice would be reckoned from the same start twice.
fn distinct(wallets: &[Address]) -> Result<(), Failure> {
    let mut sorted = wallets.to_vec();
    sorted.sort_unstable();
    let is_distinct = sorted.windows(2).all(|two| two[0] != two[1]);
    ensure(is_distinct, Failure::door(12, 0x20, "userAddresses: a wallet is named twice"))
}

/// Units that agents froze under an order, beside those that other orders froze: what these functions change.
pub(super) fn frozen_under(ctx: &Context<'_>, position: &Position, order: &Order) -> Units {
    let under = order.key();
    Freeze::sum(position.freezes(ctx.now()).filter(|freeze| freeze.is_by_agent(under)))
}

/// The order that the caller filed: ERC-3643's functions have no room for one.
pub(super) fn filed_order(
    ctx: &Context<'_>,
    id: AssetId,
    caller: Address,
) -> Result<Order, Failure> {
    let why = "file the order that this act refers to first: ledger.fileOrder(asset, order)";
    ledger::FILED_ORDERS.get(ctx, &(id, caller)).ok_or_else(|| Failure::door(13, 0x20, why))
}

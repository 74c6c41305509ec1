//! What happens to assets, at the token in the standards' words and at the service in ours.

// Event fields have the names that the Solidity interfaces give them.
#![allow(non_snake_case)]

use super::{log, wallet};
use crate::{
    abi::{
        IERC20, IERC1410, IERC1594, IERC1643, IERC1644, IERC3643, IERC5267,
        IERC7943Fungible as IERC7943, ILedger,
    },
    faces::{VERSION, partition},
    services::Said,
};
use ::ledger::{Bound, Cause, Event, Freeze};
use alloy_primitives::{FixedBytes, keccak256};
use state::Context;
use std::mem::take;
use types::{AccountId, Address, AssetId, ClassId, EthLog, Module, Reserved, U256, Units};

pub(super) fn logs(ctx: &Context<'_>, event: Event, said: &mut Said, logs: &mut Vec<EthLog>) {
    use Event::*;
    let token = |asset| Reserved::asset(ctx.shard(), asset);
    let service = Reserved::service(ctx.shard(), Module::Ledger);
    match event {
        Moved { asset, class, from, to, units, cause, operator, .. } => {
            of_movement(
                ctx,
                (asset, class),
                wallet(ctx, from),
                wallet(ctx, to),
                units,
                cause,
                operator,
                said,
                logs,
            );
        }
        AssetCreated { asset, issuer, isin, authorised } => {
            let isin = isin.map(|isin| isin.to_string()).unwrap_or_default();
            let (asset, issuer, address) = (asset.0, issuer.0, token(asset));
            logs.push(log(
                service,
                &ILedger::AssetCreated {
                    asset,
                    issuer,
                    token: address,
                    isin,
                    authorised: authorised.0,
                },
            ));
            // What ERC-3643's tools look for at a token's birth.
            let identityRegistry = Reserved::service(ctx.shard(), Module::Identity);
            let compliance = Reserved::service(ctx.shard(), Module::Compliance);
            logs.push(log(address, &IERC3643::IdentityRegistryAdded { identityRegistry }));
            logs.push(log(address, &IERC3643::ComplianceAdded { compliance }));
            if let Some(record) = ::ledger::ASSETS.read(ctx, &AssetId(asset)) {
                describe(ctx, AssetId(asset), record.name.clone(), record.symbol.clone(), logs);
            }
        }
        ClassCreated { asset, class, name } => {
            logs.push(log(
                service,
                &ILedger::ClassCreated { asset: asset.0, class: class.0, name },
            ));
        }
        AuthorisedChanged { asset, authorised } => {
            logs.push(log(
                service,
                &ILedger::AuthorisedChanged { asset: asset.0, authorised: authorised.0 },
            ));
        }
        Paused { asset, by } => logs.push(log(token(asset), &IERC3643::Paused { userAddress: by })),
        Resumed { asset, by } => {
            logs.push(log(token(asset), &IERC3643::Unpaused { userAddress: by }))
        }
        Closed { asset, by } => logs.push(log(service, &ILedger::Closed { asset: asset.0, by })),
        ClassFrozen { asset, class, frozen, .. } => {
            logs.push(log(
                service,
                &ILedger::ClassFrozen { asset: asset.0, class: class.0, frozen },
            ));
        }
        PersonFrozen { asset, person, frozen, order, .. } => {
            // ERC-3643 knows wallets: each account's owner is named. Lifting one order, another may stand.
            let is_frozen = ::ledger::is_frozen(ctx, asset, person);
            let accounts = identity::person(ctx, person).map_or(0, |record| record.accounts);
            for number in 0..accounts {
                let user = wallet(ctx, Some(AccountId::new(person, number)));
                let owner = service;
                logs.push(log(
                    token(asset),
                    &IERC3643::AddressFrozen { userAddress: user, isFrozen: is_frozen, owner },
                ));
            }
            let (asset, person, order) = (asset.0, person.0, order.into());
            logs.push(log(service, &ILedger::PersonFrozen { asset, person, frozen, order }));
        }
        UnitsFrozen { asset, class, account, was, frozen, order } => {
            // ERC-3643 tells the change, not what stands after it.
            let userAddress = wallet(ctx, Some(account));
            let frozen = Freeze::sum(&frozen);
            let (more, less) = (frozen.saturating_sub(was), was.saturating_sub(frozen));
            if !more.is_zero() {
                let amount = U256::from(more.0);
                logs.push(log(token(asset), &IERC3643::TokensFrozen { userAddress, amount }));
            }
            if !less.is_zero() {
                let amount = U256::from(less.0);
                logs.push(log(token(asset), &IERC3643::TokensUnfrozen { userAddress, amount }));
            }
            // ERC-7943 tells what stands after it, of the class that both standards mean.
            if class == ClassId(0) {
                let (account, amount) = (userAddress, U256::from(frozen.0));
                logs.push(log(token(asset), &IERC7943::Frozen { account, amount }));
            }
            let (asset, class, units) = (asset.0, class.0, frozen.0);
            let (account, order) = (userAddress, order.into());
            logs.push(log(service, &ILedger::UnitsFrozen { asset, class, account, units, order }));
        }
        OrderCarriedOut { asset, order, by, number } => {
            let (asset, order, number) = (asset.0, order.into(), number.unwrap_or(0));
            logs.push(log(service, &ILedger::OrderCarriedOut { asset, order, by, number }));
        }
        OrderAnnounced { number, asset, class, from, to, units, order, contest_until } => {
            let (asset, class, units) = (asset.0, class.0, units.0);
            let (from, to) = (wallet(ctx, Some(from)), wallet(ctx, to));
            let (order, contestUntil) = (order.into(), contest_until.0);
            logs.push(log(
                service,
                &ILedger::OrderAnnounced {
                    number,
                    asset,
                    from,
                    class,
                    to,
                    units,
                    order,
                    contestUntil,
                },
            ));
        }
        OrderContested { number, asset, document, by } => {
            let asset = asset.0;
            logs.push(log(service, &ILedger::OrderContested { number, asset, document, by }));
        }
        OrderConfirmed { number, asset, document, by } => {
            let asset = asset.0;
            logs.push(log(service, &ILedger::OrderConfirmed { number, asset, document, by }));
        }
        OrderWithdrawn { number, asset, document, by } => {
            let asset = asset.0;
            logs.push(log(service, &ILedger::OrderWithdrawn { number, asset, document, by }));
        }
        FreezeContested { bound, order, document, by } => {
            let of_person = |asset, person| {
                log(service, &ILedger::PersonFreezeContested { asset, person, order, document, by })
            };
            let of_units = |asset, class, account| {
                let told =
                    ILedger::UnitsFreezeContested { asset, account, order, class, document, by };
                log(service, &told)
            };
            logs.push(of_bound(ctx, bound, of_person, of_units));
        }
        FreezeConfirmed { bound, order, document, by } => {
            let of_person = |asset, person| {
                log(service, &ILedger::PersonFreezeConfirmed { asset, person, order, document, by })
            };
            let of_units = |asset, class, account| {
                let told =
                    ILedger::UnitsFreezeConfirmed { asset, account, order, class, document, by };
                log(service, &told)
            };
            logs.push(of_bound(ctx, bound, of_person, of_units));
        }
        Approved { asset, owner, spender, units } => {
            let value = if units == Units::MAX { U256::MAX } else { U256::from(units.0) };
            logs.push(log(
                token(asset),
                &IERC20::Approval { owner: wallet(ctx, Some(owner)), spender, value },
            ));
        }
        OperatorSet { asset, class, owner, operator, allowed } => {
            let holder = wallet(ctx, Some(owner));
            let part = class.map(|class| partition(ctx, asset, class));
            logs.push(match (part, allowed) {
                (None, true) => log(
                    token(asset),
                    &IERC1410::AuthorizedOperator { operator, tokenHolder: holder },
                ),
                (None, false) => {
                    log(token(asset), &IERC1410::RevokedOperator { operator, tokenHolder: holder })
                }
                (Some(partition), true) => log(
                    token(asset),
                    &IERC1410::AuthorizedOperatorByPartition {
                        partition,
                        operator,
                        tokenHolder: holder,
                    },
                ),
                (Some(partition), false) => log(
                    token(asset),
                    &IERC1410::RevokedOperatorByPartition {
                        partition,
                        operator,
                        tokenHolder: holder,
                    },
                ),
            });
        }
        Held { hold, asset, account, beneficiary, units, expires, .. } => {
            let (account, beneficiary) =
                (wallet(ctx, Some(account)), wallet(ctx, Some(beneficiary)));
            let (asset, units, expires) = (asset.0, units.0, expires.0);
            logs.push(log(
                service,
                &ILedger::Held { hold, asset, account, beneficiary, units, expires },
            ));
        }
        HoldReleased { hold, units } => {
            logs.push(log(service, &ILedger::HoldReleased { hold, units: units.0 }))
        }
        HoldExecuted { hold, units } => {
            logs.push(log(service, &ILedger::HoldExecuted { hold, units: units.0 }))
        }
        IssuedUnpaid { asset, class, account, units } => {
            let (asset, class, units) = (asset.0, class.0, units.0);
            let account = wallet(ctx, Some(account));
            logs.push(log(service, &ILedger::IssuedUnpaid { asset, class, account, units }));
        }
        Priced { asset, class, from, to, units, currency, paid } => {
            let (asset, class, units, paid) = (asset.0, class.0, units.0, paid.0);
            let (from, to) = (wallet(ctx, from), wallet(ctx, to));
            let currency = FixedBytes::from_slice(currency.as_str().as_bytes());
            let priced = ILedger::Priced { asset, from, to, class, units, currency, paid };
            logs.push(log(service, &priced));
        }
        PaymentConfirmed { asset, class, account, units } => {
            let (asset, class, units) = (asset.0, class.0, units.0);
            let account = wallet(ctx, Some(account));
            logs.push(log(service, &ILedger::PaymentConfirmed { asset, class, account, units }));
        }
        Exchanged { asset, class, new, into, account, units, made, ratio, rest } => {
            let (asset, class, into) = (asset.0, class.0, into.0);
            let (units, unitsMade, made) = (units.0, made.0, new.0);
            let (ratioMade, ratioOld) = (ratio.new, ratio.old);
            let account = wallet(ctx, Some(account));
            logs.push(log(
                service,
                &ILedger::Exchanged {
                    asset,
                    made,
                    account,
                    class,
                    into,
                    units,
                    unitsMade,
                    ratioMade,
                    ratioOld,
                    rest,
                },
            ));
        }
        ConversionBegun { asset, class, into, ratio } => {
            let (asset, class, into, made, old) = (asset.0, class.0, into.0, ratio.new, ratio.old);
            logs.push(log(service, &ILedger::ConversionBegun { asset, class, into, made, old }));
        }
        Converted { asset, class, into, account, units, made, rest } => {
            let account = wallet(ctx, Some(account));
            // ERC-20 knows one balance: what comes of it, or goes.
            let none = Address::ZERO;
            let (from, to) = if made < units { (account, none) } else { (none, account) };
            let value = U256::from(units.0.abs_diff(made.0));
            if made != units {
                logs.push(log(token(asset), &IERC20::Transfer { from, to, value }));
            }
            let (asset, class, into) = (asset.0, class.0, into.0);
            let (units, made) = (units.0, made.0);
            logs.push(log(
                service,
                &ILedger::Converted { asset, account, class, into, units, made, rest },
            ));
        }
        HoldConverted { hold, class, units } => {
            let (class, units) = (class.0, units.0);
            logs.push(log(service, &ILedger::HoldConverted { hold, class, units }));
        }
        OrderConverted { number, class, units } => {
            let (class, units) = (class.0, units.0);
            logs.push(log(service, &ILedger::OrderConverted { number, class, units }));
        }
        ConversionCompleted { asset, class, into } => {
            let (asset, class, into) = (asset.0, class.0, into.0);
            logs.push(log(service, &ILedger::ConversionCompleted { asset, class, into }));
        }
        HeldOn { hold, path, price } => {
            let path = path.map(|path| path.to_string()).unwrap_or_default();
            let currency =
                price.map(|price| FixedBytes::from_slice(price.currency.as_str().as_bytes()));
            let (currency, paid) =
                (currency.unwrap_or_default(), price.map_or(0, |price| price.paid.0));
            logs.push(log(service, &ILedger::HeldOn { hold, path, currency, paid }));
        }
        Pledged { hold, recourse } => logs.push(log(service, &ILedger::Pledged { hold, recourse })),
        DocumentPublished { asset, name, uri, hash, .. } => {
            logs.push(log(
                token(asset),
                &IERC1643::DocumentUpdated { name, uri, documentHash: hash },
            ));
        }
        DocumentRemoved { asset, name, uri, hash } => {
            logs.push(log(
                token(asset),
                &IERC1643::DocumentRemoved { name, uri, documentHash: hash },
            ));
        }
        Renamed { asset, name, symbol, .. } => {
            describe(ctx, asset, name, symbol, logs);
            logs.push(log(token(asset), &IERC5267::EIP712DomainChanged {}));
        }
        CheckpointTaken { asset, checkpoint } => {
            logs.push(log(service, &ILedger::CheckpointTaken { asset: asset.0, checkpoint }));
        }
    }
}

/// A log about a freeze, of a person or of units.
fn of_bound(
    ctx: &Context<'_>,
    bound: Bound,
    of_person: impl FnOnce(u64, u64) -> EthLog,
    of_units: impl FnOnce(u64, u32, Address) -> EthLog,
) -> EthLog {
    match bound {
        Bound::Person(asset, person) => of_person(asset.0, person.0),
        Bound::Units(asset, class, account) => {
            of_units(asset.0, class.0, wallet(ctx, Some(account)))
        }
    }
}

/// ERC-3643's word on what a token is called.
fn describe(
    ctx: &Context<'_>,
    id: AssetId,
    newName: String,
    newSymbol: String,
    logs: &mut Vec<EthLog>,
) {
    let Some(record) = ::ledger::ASSETS.read(ctx, &id) else { return };
    let event = IERC3643::UpdatedTokenInformation {
        newName: keccak256(newName),
        newSymbol: keccak256(newSymbol),
        newDecimals: record.decimals,
        newVersion: VERSION.to_owned(),
        newOnchainID: Reserved::person(ctx.shard(), record.issuer),
    };
    logs.push(log(Reserved::asset(ctx.shard(), id), &event));
}

/// ERC-20's `Transfer` for every movement; beside it what its cause is called elsewhere.
#[allow(clippy::too_many_arguments)]
fn of_movement(
    ctx: &Context<'_>,
    (asset, class): (AssetId, ClassId),
    from: Address,
    to: Address,
    units: Units,
    cause: Cause,
    operator: Address,
    said: &mut Said,
    logs: &mut Vec<EthLog>,
) {
    let token = Reserved::asset(ctx.shard(), asset);
    let value = U256::from(units.0);
    logs.push(log(token, &IERC20::Transfer { from, to, value }));
    // The default class is no partition to speak of, unless the caller speaks of it.
    let is_part = class != ClassId(0) || said.by_partition;
    let part = is_part.then(|| partition(ctx, asset, class));
    let (data, operatorData) = (take(&mut said.data), take(&mut said.operator_data));
    match cause {
        Cause::Issue | Cause::Exchange => {
            let said = data.clone();
            logs.push(log(token, &IERC1594::Issued { operator, to, value, data: said }));
            if let Some(partition) = part {
                let amount = value;
                let event = IERC1410::IssuedByPartition {
                    partition,
                    operator,
                    to,
                    amount,
                    data,
                    operatorData,
                };
                logs.push(log(token, &event));
            }
        }
        Cause::Redeem => {
            logs.push(log(token, &IERC1594::Redeemed { operator, from, value, data }));
            if let Some(partition) = part {
                let amount = value;
                let event = IERC1410::RedeemedByPartition {
                    partition,
                    operator,
                    from,
                    amount,
                    operatorData,
                };
                logs.push(log(token, &event));
            }
        }
        Cause::Transfer | Cause::Hold | Cause::Pledge | Cause::RecoursePledge | Cause::Fee => {
            if let Some(fromPartition) = part {
                let event = IERC1410::TransferByPartition {
                    fromPartition,
                    operator,
                    from,
                    to,
                    value,
                    data,
                    operatorData,
                };
                logs.push(log(token, &event));
            }
        }
        Cause::Forced => {
            let controller = operator;
            let event =
                IERC1644::ControllerTransfer { controller, from, to, value, data, operatorData };
            logs.push(log(token, &event));
            // What is issued again was taken from nobody.
            if !from.is_zero() {
                let amount = value;
                logs.push(log(token, &IERC7943::ForcedTransfer { from, to, amount }));
            }
        }
        Cause::ForcedRedeem => {
            let event = IERC1644::ControllerRedemption {
                controller: operator,
                tokenHolder: from,
                value,
                data,
                operatorData,
            };
            logs.push(log(token, &event));
        }
    }
}

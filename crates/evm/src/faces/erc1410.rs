//! ERC-1410: a partition is a class, named by its name in 32 bytes.

use super::{
    erc20::{leg, to_one},
    erc1594::{Verdict, can_transfer, redeem},
    reply,
};
use crate::{
    abi::IERC1410,
    failure::Failure,
    services::{Answer, Request, Said, view},
};
use alloy_sol_types::SolValue;
use ledger::{Asset, Call};
use state::Context;
use types::{Address, AssetId, B256, Bytes, ClassId, U256};

pub(super) fn answer(
    ctx: &Context<'_>,
    caller: Address,
    id: AssetId,
    asset: &Asset,
    call: IERC1410::IERC1410Calls,
) -> Result<Request, Failure> {
    use IERC1410::IERC1410Calls as F;
    let class = |partition| class_of(ctx, id, asset, partition);
    let none = Bytes::new;
    let said = |data, operator_data| Said { data, operator_data, by_partition: true };
    let operator = |class, operator, allowed| {
        reply(Call::SetOperator { asset: id, class, operator, allowed }, Answer::Nothing)
    };
    match call {
        F::balanceOfByPartition(f) => {
            let class = class(f.partition)?;
            let holder = identity::account_of(ctx, &f.tokenHolder);
            view(holder.map_or(U256::ZERO, |holder| {
                U256::from(ledger::position(ctx, id, class, holder).units.0)
            }))
        }
        F::partitionsOf(f) => {
            let holder = identity::account_of(ctx, &f.tokenHolder);
            let has = |class: &ClassId| {
                holder.is_some_and(|holder| {
                    !ledger::position(ctx, id, *class, holder).units.is_zero()
                })
            };
            let classes = (0..asset.classes).map(ClassId).filter(has);
            view(classes.map(|class| partition(ctx, id, class)).collect::<Vec<_>>())
        }
        F::transferByPartition(f) => {
            let call = to_one(ctx, id, Some(class(f.partition)?), None, f.to, f.value)?;
            Ok(reply(call, Answer::Word(f.partition.0))?.saying(said(f.data, none())))
        }
        F::operatorTransferByPartition(f) => {
            let call = to_one(ctx, id, Some(class(f.partition)?), Some(f.from), f.to, f.value)?;
            Ok(reply(call, Answer::Word(f.partition.0))?.saying(said(f.data, f.operatorData)))
        }
        F::canTransferByPartition(f) => {
            let (class, partition) = (class(f.partition)?, f.partition);
            let asked =
                can_transfer(ctx, id, Some(class), f.from, f.to, f.value, move |verdict| {
                    let Verdict { status, code, .. } = verdict;
                    (status, code, partition).abi_encode_params()
                })?;
            Ok(asked.by(caller))
        }
        F::isOperator(f) => {
            let holder = identity::account_of(ctx, &f.tokenHolder);
            view(
                holder.is_some_and(|holder| ledger::is_operator(ctx, id, None, holder, f.operator)),
            )
        }
        F::isOperatorForPartition(f) => {
            let class = class(f.partition)?;
            let holder = identity::account_of(ctx, &f.tokenHolder);
            view(holder.is_some_and(|holder| {
                ledger::is_operator(ctx, id, Some(class), holder, f.operator)
            }))
        }
        F::authorizeOperator(f) => operator(None, f.operator, true),
        F::revokeOperator(f) => operator(None, f.operator, false),
        F::authorizeOperatorByPartition(f) => operator(Some(class(f.partition)?), f.operator, true),
        F::revokeOperatorByPartition(f) => operator(Some(class(f.partition)?), f.operator, false),
        F::issueByPartition(f) => {
            let legs = vec![leg(ctx, f.tokenHolder, f.value)?];
            let call = Call::Issue { asset: id, class: class(f.partition)?, legs };
            Ok(reply(call, Answer::Nothing)?.saying(said(f.data, none())))
        }
        F::redeemByPartition(f) => {
            let call = redeem(ctx, id, Some(class(f.partition)?), caller, f.value)?;
            Ok(reply(call, Answer::Nothing)?.saying(said(f.data, none())))
        }
        F::operatorRedeemByPartition(f) => {
            let call = redeem(ctx, id, Some(class(f.partition)?), f.tokenHolder, f.value)?;
            Ok(reply(call, Answer::Nothing)?.saying(said(none(), f.operatorData)))
        }
    }
}

/// A class's name in 32 bytes.
pub(crate) fn partition(ctx: &Context<'_>, asset: AssetId, class: ClassId) -> B256 {
    let mut bytes = B256::ZERO;
    if let Some(record) = ledger::CLASSES.read(ctx, &(asset, class)) {
        bytes[..record.name.len()].copy_from_slice(record.name.as_bytes());
    }
    bytes
}

fn class_of(
    ctx: &Context<'_>,
    id: AssetId,
    asset: &Asset,
    wanted: B256,
) -> Result<ClassId, Failure> {
    let mut classes = (0..asset.classes).map(ClassId);
    let found = classes.find(|class| partition(ctx, id, *class) == wanted);
    found.ok_or_else(|| {
        Failure::door(8, 0x20, format!("partition: {wanted} is no class of this asset"))
    })
}

//! What holders and their spenders do: transfers, allowances, operators, holds, redemptions.

use super::{Traffic, Wish, service, token};
use crate::abi::{IERC20, IERC1410, IERC1594, IERC3643, ILedger};
use alloy_primitives::FixedBytes;
use types::{Address, B256, Bytes, Module, U256};

impl Traffic {
    pub(super) fn holder_wish(&mut self) -> Wish {
        let ledger = service(Module::Ledger);
        let (asset, _) = self.asset();
        let (by, at, number) = (self.anyone(), token(asset), asset.0);
        let (to, from, amount) = (self.wallet(), self.wallet(), self.amount());
        let value = U256::from(amount);
        let partition = match self.dice.chance(85) {
            true => partition("default"),
            false => partition("B"),
        };
        let data = Bytes::new();
        match self.dice.below(32) {
            0..7 => Wish::call(by, at, IERC20::transferCall { to, value }),
            7..9 => self.previewed(by, asset, amount),
            9..12 => Wish::call(by, at, IERC20::transferFromCall { from, to, value }),
            12..15 => {
                let value = if self.dice.chance(20) { U256::MAX } else { value };
                let spender = self.spender();
                Wish::call(by, at, IERC20::approveCall { spender, value })
            }
            15..17 => {
                let leg = |traffic: &mut Self| ILedger::Leg {
                    to: traffic.wallet(),
                    units: u128::from(traffic.dice.below(12)),
                };
                let legs = (0..self.dice.between(1, 4)).map(|_| leg(self)).collect();
                let class = u32::from(self.dice.chance(10));
                let from = if self.dice.chance(60) { self.cast.wallet(by) } else { from };
                if self.dice.chance(40) {
                    return self.on_terms(by, (number, class), from, legs);
                }
                if self.dice.chance(30) {
                    let expires = self.moment();
                    let call = ILedger::distributeCall { asset: number, class, legs, expires };
                    return Wish::call(by, ledger, call);
                }
                Wish::call(
                    by,
                    ledger,
                    ILedger::transferBatchCall { asset: number, class, from, legs },
                )
            }
            17 => {
                let (first, second) = (self.wallet(), self.wallet());
                let amounts = vec![U256::from(self.dice.below(9)), U256::from(self.dice.below(9))];
                let call = IERC3643::batchTransferCall { toList: vec![first, second], amounts };
                Wish::call(by, at, call)
            }
            18 => {
                Wish::call(by, at, IERC1410::transferByPartitionCall { partition, to, value, data })
            }
            19 => {
                let operator_data = Bytes::new();
                let call = IERC1410::operatorTransferByPartitionCall {
                    partition,
                    from,
                    to,
                    value,
                    data,
                    operatorData: operator_data,
                };
                Wish::call(by, at, call)
            }
            20 => match self.dice.below(4) {
                0 => {
                    Wish::call(by, at, IERC1410::authorizeOperatorCall { operator: self.spender() })
                }
                1 => Wish::call(by, at, IERC1410::revokeOperatorCall { operator: to }),
                2 => Wish::call(
                    by,
                    at,
                    IERC1410::authorizeOperatorByPartitionCall { partition, operator: to },
                ),
                _ => Wish::call(
                    by,
                    at,
                    IERC1410::revokeOperatorByPartitionCall { partition, operator: to },
                ),
            },
            21 => Wish::call(by, at, IERC1594::redeemCall { value, data }),
            22 => Wish::call(by, at, IERC1594::redeemFromCall { tokenHolder: from, value, data }),
            23 => {
                let call = ILedger::pledgeCall {
                    asset: number,
                    class: 0,
                    beneficiary: to,
                    notary: if self.dice.chance(50) { 0 } else { self.person() },
                    units: u128::from(self.dice.below(15)),
                    expires: self.moment(),
                    recourse: self.dice.chance(50),
                };
                Wish::call(by, ledger, call)
            }
            24 => {
                let (path, currency, most) = self.said();
                let paid = u128::from(self.dice.below(most));
                let call = ILedger::holdOnCall {
                    asset: number,
                    class: 0,
                    account: if self.dice.chance(80) { self.cast.wallet(by) } else { from },
                    beneficiary: to,
                    notary: if self.dice.chance(50) { 0 } else { self.person() },
                    units: u128::from(self.dice.below(15)),
                    expires: self.moment(),
                    terms: ILedger::HoldTerms { path, currency, paid },
                };
                Wish::call(by, ledger, call)
            }
            25 => {
                let call = ILedger::holdCall {
                    asset: number,
                    class: 0,
                    beneficiary: to,
                    notary: if self.dice.chance(50) { 0 } else { self.person() },
                    units: u128::from(self.dice.below(15)),
                    expires: self.moment(),
                };
                Wish::call(by, ledger, call)
            }
            26..28 => {
                let (by, number) = self.hold();
                Wish::call(by, ledger, ILedger::releaseHoldCall { number })
            }
            _ => {
                let (by, number) = self.hold();
                let units = u128::from(self.dice.below(10));
                Wish::call(by, ledger, ILedger::executeHoldCall { number, units })
            }
        }
    }

    /// A batch on terms: at prices, by a path that a law may offer, or both.
    pub(super) fn on_terms(
        &mut self,
        by: usize,
        (asset, class): (u64, u32),
        from: Address,
        legs: Vec<ILedger::Leg>,
    ) -> Wish {
        let (path, currency, most) = self.said();
        let sale = |leg: ILedger::Leg| ILedger::Sale {
            to: leg.to,
            units: leg.units,
            lots: Vec::new(),
            paid: u128::from(self.dice.below(most)),
        };
        let legs = legs.into_iter().map(sale).collect();
        let call = ILedger::transferOnCall { asset, class, from, path, currency, legs };
        Wish::call(by, service(Module::Ledger), call)
    }

    /// A path that a law may offer or none, and a currency or none: then less than one is paid.
    fn said(&mut self) -> (String, FixedBytes<3>, u64) {
        const PATHS: [&str; 8] =
            ["AGED", "TRICKLE", "OTHERS", "R144_NA", "S4A7", "SOLD", "RESTED", "NONE"];
        let path = if self.dice.chance(40) { *self.dice.pick(&PATHS) } else { "" };
        let currency = match self.dice.below(10) {
            0..2 => [0; 3],
            2 => *b"EUR",
            _ => *b"USD",
        };
        let most = if currency == [0; 3] { 1 } else { 40_000 };
        (path.to_owned(), currency.into(), most)
    }
}

fn partition(name: &str) -> B256 {
    let mut bytes = B256::ZERO;
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    bytes
}

//! Who may do what: grants, quorums, proposals, sponsors, fuel.

use super::{Traffic, Wish, service, token};
use crate::{
    abi::{IERC3643, ILedger, ITrust},
    cast::OPERATOR,
};
use alloy_sol_types::SolCall as _;
use types::{Address, Module, U256};

impl Traffic {
    pub(super) fn power_wish(&mut self) -> Wish {
        let trust = service(Module::Trust);
        let (asset, issuer) = self.asset();
        let by = self.agent(issuer);
        match self.dice.below(16) {
            0..3 => {
                let (grantee, power) = (self.spender(), self.power());
                self.grant(by, grantee, power, asset.0)
            }
            3 => {
                let grantee = self.spender();
                let key =
                    ITrust::GrantKey { grantee, power: self.power(), asset: asset.0, class: 0 };
                Wish::call(by, trust, ITrust::revokeGrantCall { key })
            }
            4 => {
                let members: Vec<u64> =
                    (0..self.dice.between(1, 3)).map(|_| self.person()).collect();
                let threshold = self.dice.between(1, members.len() as u64) as u16;
                let power = *self.dice.pick(&[6, 9, 13]);
                let (asset, class) = (asset.0, 0);
                let call = ITrust::setQuorumCall { power, asset, class, members, threshold };
                // Rare, for a quorum takes the power away from all others.
                match self.dice.chance(30) {
                    true => Wish::call(by, trust, call),
                    false => self.proposal(by),
                }
            }
            5 => {
                let (power, asset, class) = (*self.dice.pick(&[6, 9, 13]), asset.0, 0);
                Wish::call(by, trust, ITrust::removeQuorumCall { power, asset, class })
            }
            6..8 => {
                let by = self.anyone();
                self.proposal(by)
            }
            8..11 => {
                let (by, proposal) = self.waiting_proposal();
                match self.dice.chance(65) {
                    true => Wish::call(by, trust, ITrust::approveProposalCall { proposal }),
                    false => Wish::call(by, trust, ITrust::withdrawProposalCall { proposal }),
                }
            }
            11..13 => {
                let (by, person) = (self.anyone(), self.person());
                let (gas, expires) = (self.dice.below(6_000_000), self.moment());
                let call = ITrust::sponsorCall { person, gasAmount: gas, expires };
                Wish::call(by, trust, call)
            }
            13 => {
                let (by, person) = match self.seen.sponsored.is_empty() {
                    true => (self.anyone(), self.person()),
                    false => *self.dice.pick(&self.seen.sponsored),
                };
                if self.dice.chance(50) {
                    return self.acceptance();
                }
                Wish::call(by, trust, ITrust::endSponsorshipCall { person })
            }
            14 => {
                let by = if self.dice.chance(80) { OPERATOR } else { by };
                let (person, gas) = (self.person(), self.dice.below(3_000_000));
                Wish::call(by, trust, ITrust::creditFuelCall { person, gasAmount: gas })
            }
            _ => {
                let by = if self.dice.chance(80) { OPERATOR } else { by };
                let registered = 4_000_000 + self.dice.below(4_000_000);
                let call = ITrust::setScheduleCall {
                    registeredCapacity: registered,
                    verifiedCapacity: registered * self.dice.between(2, 9),
                    refillMs: self.dice.between(600_000, 7_200_000),
                };
                Wish::call(by, trust, call)
            }
        }
    }

    /// A person says that its sponsor shall stay.
    fn acceptance(&mut self) -> Wish {
        let (sponsor, by) = match self.seen.sponsored.is_empty() {
            true => (self.person(), self.anyone()),
            false => {
                let (key, person) = *self.dice.pick(&self.seen.sponsored);
                let sponsor = self.seen.wallets.iter().find(|(known, _)| *known == key);
                let sponsor = sponsor.map_or(1, |(_, account)| account.person.0);
                let own = self.seen.key_of_person(types::PersonId(person));
                (sponsor, own.unwrap_or(OPERATOR))
            }
        };
        Wish::call(by, service(Module::Trust), ITrust::acceptSponsorshipCall { sponsor })
    }

    pub(super) fn grant(&mut self, by: usize, grantee: Address, power: u8, asset: u64) -> Wish {
        // Only issue, redeem and force count units; a limit of another is refused.
        let is_bounded = matches!(power, 6 | 7 | 9) || self.dice.chance(10);
        let limit = if !is_bounded || self.dice.chance(70) { 0 } else { self.amount() };
        let expires = if self.dice.chance(60) { u64::MAX } else { self.moment() };
        let class = u32::from(power <= 9 && self.dice.chance(15));
        let key = ITrust::GrantKey { grantee, power, asset, class };
        Wish::call(by, service(Module::Trust), ITrust::grantCall { key, limit, expires })
    }

    fn power(&mut self) -> u8 {
        if self.dice.chance(90) {
            self.dice.between(6, 14) as u8
        } else {
            self.dice.below(16) as u8
        }
    }

    /// A proposal that waits, mostly, and mostly one who may approve it.
    fn waiting_proposal(&mut self) -> (usize, u64) {
        if self.seen.proposals.is_empty() || self.dice.chance(10) {
            return (self.anyone(), self.dice.below(10));
        }
        let (number, keys) = self.dice.pick(&self.seen.proposals).clone();
        match keys.is_empty() {
            true => (self.anyone(), number),
            false => (*self.dice.pick(&keys), number),
        }
    }

    /// A call for a quorum to decide: an issue, an order, a halt, or the end of the quorum.
    fn proposal(&mut self, by: usize) -> Wish {
        let known = (!self.seen.quorums.is_empty() && self.dice.chance(90))
            .then(|| self.dice.pick(&self.seen.quorums).clone());
        let (wanted, asset, by) = match known {
            Some((power, asset, keys)) if !keys.is_empty() => {
                (power, asset, *self.dice.pick(&keys))
            }
            _ => (*self.dice.pick(&[6, 9, 13]), self.asset().0, by),
        };
        let (to, from) = (self.wallet(), self.wallet());
        let amount = self.amount();
        let ends = self.dice.chance(25);
        let (power, target, data) = match wanted {
            6 if !ends => (
                6,
                token(asset),
                IERC3643::mintCall { to, amount: U256::from(amount) }.abi_encode(),
            ),
            9 if !ends => {
                let order = self.order();
                let (asset, class) = (asset.0, 0);
                let call =
                    ILedger::forceTransferCall { asset, class, from, to, units: amount, order };
                (9, service(Module::Ledger), call.abi_encode())
            }
            13 if !ends => (13, token(asset), IERC3643::pauseCall {}.abi_encode()),
            _ => {
                let (power, asset, class) = (wanted, asset.0, 0);
                let call = ITrust::removeQuorumCall { power, asset, class };
                (power, service(Module::Trust), call.abi_encode())
            }
        };
        let (asset, class, deadline) = (asset.0, 0, self.moment());
        let data = data.into();
        let call = ITrust::proposeCall { power, asset, class, target, data, deadline };
        Wish::call(by, service(Module::Trust), call)
    }
}

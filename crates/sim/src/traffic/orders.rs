//! Orders of authorities that every history begins with: announced or carried out, contested, and decided both ways.

use super::{Traffic, Wish, assets::FORCED, service};
use crate::{
    abi::{IIdentity, ILedger},
    cast::{ISSUERS, OPERATOR, PERSONS, START},
};
use types::{B256, Module, Order};

/// Until when what is announced may be contested: longer than the script takes.
const CONTESTED_MS: u64 = 60 * 86_400_000;

impl Traffic {
    /// Two announced orders of which one is confirmed and one taken back, a freeze and a suspension, each contested,
    /// confirmed and lifted.
    pub(super) fn write_orders(&mut self) {
        let (ledger, identity) = (service(Module::Ledger), service(Module::Identity));
        let issuer = ISSUERS[0];
        let document = B256::repeat_byte(3);
        for (number, asset) in (1..).zip(FORCED) {
            let [holder, other] = [(); 2].map(|()| self.dice.between(5, PERSONS as u64 - 2));
            let call = ILedger::announceOrderCall {
                asset: asset.0,
                class: 0,
                from: self.cast.wallet(holder as usize),
                to: self.cast.wallet(other as usize),
                units: u128::from(self.dice.between(1, 20)),
                order: self.court(number),
                contestUntil: START.0 + CONTESTED_MS,
            };
            let contest = ILedger::contestOrderCall { number, document };
            let decision = match number {
                1 => Wish::call(issuer, ledger, ILedger::confirmOrderCall { number, document }),
                _ => Wish::call(issuer, ledger, ILedger::withdrawOrderCall { number, document }),
            };
            self.script.extend([
                Wish::call(issuer, ledger, call),
                Wish::call(holder as usize, ledger, contest),
                decision,
            ]);
        }
        let key = self.dice.between(5, PERSONS as u64 - 2) as usize;
        let (asset, person, given) = (FORCED[0].0, key as u64 + 1, self.court(3));
        let order = self.name_of(&given);
        let freeze = |frozen| {
            let order = given.clone();
            let call = ILedger::freezePersonCall { asset, person, frozen, order };
            Wish::call(issuer, ledger, call)
        };
        let contest = ILedger::contestPersonFreezeCall { asset, person, order, document };
        let decision = ILedger::confirmPersonFreezeCall { asset, person, order, document };
        self.script.extend([
            freeze(true),
            Wish::call(key, ledger, contest),
            Wish::call(issuer, ledger, decision),
            freeze(false),
        ]);
        let ILedger::Order { authority, r#ref, document: ruling, expires } = given;
        let given = || IIdentity::Order {
            authority: authority.clone(),
            r#ref: r#ref.clone(),
            document: ruling,
            expires,
        };
        let contest = IIdentity::contestSuspensionCall { person, order, document };
        let decision = IIdentity::confirmSuspensionCall { person, order, document };
        self.script.extend([
            Wish::call(OPERATOR, identity, IIdentity::suspendCall { person, order: given() }),
            Wish::call(key, identity, contest),
            Wish::call(OPERATOR, identity, decision),
            Wish::call(OPERATOR, identity, IIdentity::reinstateCall { person, order: given() }),
        ]);
    }

    fn court(&self, number: u64) -> ILedger::Order {
        ILedger::Order {
            authority: "court".into(),
            r#ref: format!("9 O {number}/26"),
            document: B256::repeat_byte(9),
            expires: 0,
        }
    }

    /// What names an order.
    fn name_of(&self, given: &ILedger::Order) -> B256 {
        let (authority, reference) = (given.authority.clone(), given.r#ref.clone());
        let document = given.document;
        Order { authority, reference, document, expires: None }.key()
    }
}

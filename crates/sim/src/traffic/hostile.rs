//! Bytes that no block may carry, or that no honest client sends.

use super::{Traffic, service, token};
use crate::cast::{CHAIN_ID, Unsigned, Wrap};
use alloy_consensus::{SignableTransaction as _, TxEnvelope, TxLegacy};
use alloy_eips::eip2718::{Decodable2718 as _, Encodable2718 as _};
use alloy_primitives::{Signature, U256, uint};
use types::{Address, AssetId, Bytes, Module, Reserved, ReservedKind, ShardId};

/// The order of secp256k1's group.
const ORDER: U256 = uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

impl Traffic {
    pub(super) fn hostile(&mut self) -> Bytes {
        let by = self.anyone();
        let nonce = self.nonces.get(&by).copied().unwrap_or_default();
        let usual = Unsigned {
            wrap: *self.dice.pick(&[Wrap::Legacy, Wrap::AccessList, Wrap::Priority]),
            nonce,
            gas: 500_000,
            price: u128::from(evm::BASE_FEE),
            to: Some(token(AssetId(1))),
            value: 0,
            data: self.dice.bytes(4),
            chain_id: Some(CHAIN_ID),
        };
        match self.dice.below(15) {
            0 => self.cast.transaction(by, Unsigned { chain_id: Some(CHAIN_ID + 1), ..usual }),
            1 => {
                let before_155 = Unsigned { wrap: Wrap::Legacy, chain_id: None, ..usual };
                self.cast.transaction(by, before_155)
            }
            2 => {
                let gap = self.dice.between(1, 5);
                self.cast.transaction(by, Unsigned { nonce: nonce + gap, ..usual })
            }
            3 => {
                let nonce = nonce.saturating_sub(1 + self.dice.below(3));
                self.cast.transaction(by, Unsigned { nonce, ..usual })
            }
            4 => self.cast.transaction(by, Unsigned { gas: 20_000, ..usual }),
            5 => self.cast.transaction(by, Unsigned { gas: 11_000_000, ..usual }),
            6 => self.cast.transaction(by, Unsigned { price: 7, ..usual }),
            7 => self.cast.transaction(by, Unsigned { value: 1, ..usual }),
            8 => {
                let mut bytes = self.cast.transaction(by, usual).to_vec();
                bytes.extend(self.dice.bytes(2));
                bytes.into()
            }
            9 => {
                let bytes = self.cast.transaction(by, usual);
                bytes.slice(..self.dice.place(bytes.len()))
            }
            10 => {
                let mut bytes = self.cast.transaction(by, usual).to_vec();
                let place = self.dice.place(bytes.len());
                bytes[place] ^= 1 << self.dice.below(8);
                bytes.into()
            }
            11 => {
                let bytes = self.cast.transaction(by, Unsigned { wrap: Wrap::Legacy, ..usual });
                malleated(&bytes)
            }
            12 => {
                let length = self.dice.place(200);
                self.dice.bytes(length).into()
            }
            13 if !self.sent.is_empty() => {
                let place = self.dice.place(self.sent.len());
                self.sent[place].clone()
            }
            _ => self.nonsense(by, usual),
        }
    }

    /// A transaction that a block may carry and that means nothing: it is refused.
    fn nonsense(&mut self, by: usize, usual: Unsigned) -> Bytes {
        let modules = [Module::Identity, Module::Trust, Module::Compliance, Module::Ledger];
        let person = Reserved { shard: ShardId(0), kind: ReservedKind::Person(types::PersonId(1)) };
        let elsewhere = Reserved::asset(ShardId(9), AssetId(1));
        let to: Address = match self.dice.below(6) {
            0 => person.address(),
            1 => elsewhere,
            2 => service(Module::Evm),
            3 => token(AssetId(u64::MAX)),
            _ => service(*self.dice.pick(&modules)),
        };
        let mut data = match self.sent.is_empty() {
            true => self.dice.bytes(4),
            // A real selector with arguments of chance.
            false => {
                let place = self.dice.place(self.sent.len());
                let tx = TxEnvelope::decode_2718(&mut self.sent[place].as_ref()).ok();
                let input = tx.map(|tx| alloy_consensus::Transaction::input(&tx).to_vec());
                input.unwrap_or_default().into_iter().take(4).collect()
            }
        };
        let length = 32 * self.dice.place(6);
        data.extend(self.dice.bytes(length));
        *self.nonces.entry(by).or_default() += 1;
        self.cast.transaction(by, Unsigned { to: Some(to), data, ..usual })
    }
}

/// The same transaction with the other signature that proves the same signer (EIP-2 forbids it).
fn malleated(bytes: &Bytes) -> Bytes {
    let Ok(TxEnvelope::Legacy(signed)) = TxEnvelope::decode_2718(&mut bytes.as_ref()) else {
        return bytes.clone();
    };
    let signature = *signed.signature();
    let twin = Signature::new(signature.r(), ORDER - signature.s(), !signature.v());
    let tx: TxLegacy = signed.tx().clone();
    Bytes::from(TxEnvelope::from(tx.into_signed(twin)).encoded_2718())
}

//! What a wallet signs to become the owner of an account: EIP-712, for one purpose, until a time.

use crate::{Client, Wallet};
use alloy_primitives::Bytes;
use alloy_sol_types::{SolStruct, eip712_domain, sol};
use types::{Module, PersonId, Time};

sol! {
    /// As the identity service reads it.
    struct Consent {
        uint64 person;
        address wallet;
        uint8 purpose;
        uint64 deadline;
    }
}

/// What a wallet agrees to own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// A further account of the person.
    Account = 1,
    /// An account whose key is lost.
    Recovery = 2,
}

impl Client {
    /// Signs that the wallet will own an account of this person; good until the deadline.
    pub fn consent(
        &self,
        wallet: &Wallet,
        person: PersonId,
        purpose: Purpose,
        deadline: Time,
    ) -> Bytes {
        let domain = eip712_domain! {
            name: "Scrip Identity",
            version: "1",
            chain_id: self.chain_id(),
            verifying_contract: self.service(Module::Identity),
        };
        let consent = Consent {
            person: person.0,
            wallet: wallet.address(),
            purpose: purpose as u8,
            deadline: deadline.0,
        };
        wallet.sign_hash(&consent.eip712_signing_hash(&domain)).as_bytes().to_vec().into()
    }
}

//! Who and what: numbered once, never reused.

use borsh::{BorshDeserialize, BorshSerialize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty), $prefix:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize,
            BorshDeserialize, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}

id!(
    /// A shard: one chain of the network, with its own master nodes. Shard 0 is the hub.
    ShardId(u16), "shard "
);
id!(
    /// A human being or legal entity, above all keys. Numbers say nothing about who it is.
    PersonId(u64), "person "
);
id!(
    /// A security or a cash token.
    AssetId(u64), "asset "
);
id!(
    /// A class of an asset, an ERC-1410 partition. Class 0 always exists.
    ClassId(u32), "class "
);

/// A person's numbered sub-account: the holder of securities and cash.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct AccountId {
    /// Whose account it is.
    pub person: PersonId,
    /// Which of that person's accounts, from 0.
    pub number: u16,
}

impl AccountId {
    /// The account of `person` with this number.
    pub const fn new(person: PersonId, number: u16) -> Self {
        Self { person, number }
    }
}

impl std::fmt::Display for AccountId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "account {}/{}", self.person.0, self.number)
    }
}

/// The modules of the protocol. The number is on the wire: append, never renumber.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Module {
    /// Persons, accounts, wallets, claims, providers.
    Identity = 1,
    /// Who may do what, to what, until when; fuel.
    Trust = 2,
    /// May this happen?
    Compliance = 3,
    /// Securities and cash, lots, positions, holds.
    Ledger = 4,
    /// Ethereum's door: guest accounts, code and storage.
    Evm = 5,
    /// The block itself.
    Chain = 6,
}

impl Module {
    /// Every module there is.
    pub const ALL: [Module; 6] = [
        Module::Identity,
        Module::Trust,
        Module::Compliance,
        Module::Ledger,
        Module::Evm,
        Module::Chain,
    ];
}

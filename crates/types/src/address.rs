//! The reserved range of Ethereum addresses: protocol services, assets and persons.
//!
//! Layout, 20 bytes: a fixed prefix of 9, the shard (2, big-endian), the kind (1), the number (8,
//! big-endian). Nobody can create a contract or own a key there in practice, and the chain refuses
//! to try.

use crate::{AssetId, Module, PersonId, ShardId};
use alloy_primitives::Address;

const PREFIX: [u8; 9] = [0x5c, 0x12, 0x19, 0, 0, 0, 0, 0, 0];

/// What a reserved address stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReservedKind {
    /// A module of the protocol, called natively.
    Service(Module),
    /// A security or cash token, with its token faces.
    Asset(AssetId),
    /// A person, as ERC-3643 names an identity.
    Person(PersonId),
}

/// A reserved address, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// The shard it lives on.
    pub shard: ShardId,
    /// What it stands for.
    pub kind: ReservedKind,
}

impl Reserved {
    /// The address of a protocol module.
    pub fn service(shard: ShardId, module: Module) -> Address {
        Self { shard, kind: ReservedKind::Service(module) }.address()
    }

    /// The address at which an asset answers as a token.
    pub fn asset(shard: ShardId, asset: AssetId) -> Address {
        Self { shard, kind: ReservedKind::Asset(asset) }.address()
    }

    /// The address that names a person.
    pub fn person(shard: ShardId, person: PersonId) -> Address {
        Self { shard, kind: ReservedKind::Person(person) }.address()
    }

    /// True for every address in the reserved range, whether something lives there or not.
    pub fn contains(address: &Address) -> bool {
        address[..9] == PREFIX
    }

    /// Takes an address apart; `None` outside the range and for kinds that do not exist.
    pub fn parse(address: &Address) -> Option<Self> {
        if !Self::contains(address) {
            return None;
        }
        let shard = ShardId(u16::from_be_bytes([address[9], address[10]]));
        let number = u64::from_be_bytes(address[12..20].try_into().expect("eight bytes"));
        let kind = match address[11] {
            0 => ReservedKind::Service(Module::ALL.into_iter().find(|m| *m as u64 == number)?),
            1 => ReservedKind::Asset(AssetId(number)),
            2 => ReservedKind::Person(PersonId(number)),
            _ => return None,
        };
        Some(Self { shard, kind })
    }

    /// Puts the address together.
    pub fn address(&self) -> Address {
        let (kind, number) = match self.kind {
            ReservedKind::Service(module) => (0, module as u64),
            ReservedKind::Asset(asset) => (1, asset.0),
            ReservedKind::Person(person) => (2, person.0),
        };
        let mut bytes = [0u8; 20];
        bytes[..9].copy_from_slice(&PREFIX);
        bytes[9..11].copy_from_slice(&self.shard.0.to_be_bytes());
        bytes[11] = kind;
        bytes[12..].copy_from_slice(&number.to_be_bytes());
        Address::from(bytes)
    }
}

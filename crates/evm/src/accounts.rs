//! What Ethereum knows of an address: nonce, code, storage. Balances do not exist: fuel is shown instead.

use alloy_primitives::uint;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use state::{Context, Schema, Table};
use types::{Address, AssetId, B256, Bytes, Module, PersonId, Reserved, ReservedKind, U256};

/// Nonces, and the code of contracts.
pub const ACCOUNTS: Table<Address, Account> = Table::new(Module::Evm, 0, "evm/accounts");
/// Code by its hash.
pub const CODE: Table<B256, Code> = Table::new(Module::Evm, 1, "evm/code");
/// Contracts' storage; a word of zero has no record.
pub const STORAGE: Table<(Address, U256), U256> = Table::new(Module::Evm, 2, "evm/storage");

/// Who signed the transaction that created a contract, through whatever other contracts.
pub const CREATORS: Table<Address, Address> = Table::new(Module::Evm, 3, "evm/creators");

/// Adds the tables of Ethereum's door.
pub fn tables(schema: Schema) -> Schema {
    schema.with(&ACCOUNTS).with(&CODE).with(&STORAGE).with(&CREATORS)
}

/// An address that signed or was created.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct Account {
    /// The next nonce.
    pub nonce: u64,
    /// The hash of its code, if it is a contract.
    pub code: Option<B256>,
}

/// The code of a contract.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Code(pub std::sync::Arc<Vec<u8>>);

/// What stands as code at a reserved address where something lives: a byte that no contract can begin
/// with (EIP-3541), so that `EXTCODESIZE` sees a contract.
pub const NATIVE_CODE: [u8; 1] = [0xef];

/// The next nonce of an address.
pub fn nonce(ctx: &Context<'_>, address: &Address) -> u64 {
    ACCOUNTS.read(ctx, address).map_or(0, |account| account.nonce)
}

/// The code at an address, empty if there is none.
pub fn code(ctx: &Context<'_>, address: &Address) -> Bytes {
    if is_native(ctx, address) {
        return Bytes::from_static(&NATIVE_CODE);
    }
    let hash = ACCOUNTS.read(ctx, address).and_then(|account| account.code);
    let code = hash.and_then(|hash| CODE.read(ctx, &hash));
    code.map_or_else(Bytes::new, |code| Bytes::copy_from_slice(&code.0))
}

/// The hash of a contract's code; none if there is no contract.
pub fn code_hash(ctx: &Context<'_>, address: &Address) -> Option<B256> {
    ACCOUNTS.read(ctx, address).and_then(|account| account.code)
}

/// Where ERC-1967 keeps the address of a proxy's code, or of what knows it: the hashes of
/// "eip1967.proxy.implementation" and "eip1967.proxy.beacon", less one.
pub(crate) const PROXY_SLOTS: [U256; 2] = [
    uint!(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc_U256),
    uint!(0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50_U256),
];

/// The hash of the code that runs at an address as long as there is a contract; none if there is no contract, or
/// if it is an ERC-1967 proxy, which runs whatever code it is told to.
pub fn settled_code(ctx: &Context<'_>, address: &Address) -> Option<B256> {
    let is_proxy = PROXY_SLOTS.iter().any(|slot| STORAGE.has(ctx, &(*address, *slot)));
    code_hash(ctx, address).filter(|_| !is_proxy)
}

/// A word of a contract's storage.
pub fn storage(ctx: &Context<'_>, address: &Address, slot: U256) -> U256 {
    STORAGE.get(ctx, &(*address, slot)).unwrap_or_default()
}

/// True if a service, asset or person of this shard lives at the address. A reserved address where
/// nothing lives behaves like an empty account.
pub fn is_native(ctx: &Context<'_>, address: &Address) -> bool {
    let Some(reserved) = Reserved::parse(address) else { return false };
    reserved.shard == ctx.shard()
        && match reserved.kind {
            ReservedKind::Service(module) => {
                matches!(
                    module,
                    Module::Identity | Module::Trust | Module::Compliance | Module::Ledger
                )
            }
            ReservedKind::Asset(asset) => ledger::ASSETS.has(ctx, &asset),
            ReservedKind::Person(person) => identity::person(ctx, person).is_some(),
        }
}

/// The numbers that the next asset and the next person get: whoever has an earlier one lives here.
#[derive(Clone, Copy)]
pub(crate) struct Census {
    asset: u64,
    person: u64,
}

/// Counts who lives here.
pub(crate) fn census(ctx: &Context<'_>) -> Census {
    let asset = ledger::NEXT.read(ctx, &()).map_or(1, |next| next.asset);
    let person = identity::PROGRESS.read(ctx, &()).map_or(1, |progress| progress.next_person);
    Census { asset, person }
}

/// The addresses of those who came since an earlier count.
pub(crate) fn born(ctx: &Context<'_>, since: Census) -> impl Iterator<Item = Address> + use<> {
    let (shard, now) = (ctx.shard(), census(ctx));
    let assets = (since.asset..now.asset).map(move |id| Reserved::asset(shard, AssetId(id)));
    let persons = (since.person..now.person).map(move |id| Reserved::person(shard, PersonId(id)));
    assets.chain(persons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::keccak256;

    #[test]
    fn the_slots_are_erc_1967s() {
        let slot = |name: &str| U256::from_be_bytes(keccak256(name).0) - U256::ONE;
        let named = ["eip1967.proxy.implementation", "eip1967.proxy.beacon"].map(slot);
        assert_eq!(PROXY_SLOTS, named);
    }
}

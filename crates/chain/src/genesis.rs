//! Height zero: everything a network agrees on before its first block, from one readable file.

use borsh::{BorshDeserialize, BorshSerialize};
use evm::TxLimits;
use serde::{Deserialize, Serialize};
use state::{Context, Env, Table};
use types::{B256, Block, BlockLimits, Header, Module, Seal, ShardId, Time, encode, sha256};

/// The hash of the genesis, kept in the state so that a proof can name its network.
pub const NETWORK: Table<(), B256> = Table::new(Module::Chain, 0, "chain/network");

/// What a network begins with.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// The network's name.
    pub name: String,
    /// The Ethereum chain id, signed into every transaction.
    pub chain_id: u64,
    /// The shard this chain is; 0 is the hub.
    #[serde(default)]
    pub shard: ShardId,
    /// The time of height zero, milliseconds since 1970.
    pub time: Time,
    /// How much a block may carry.
    #[serde(default)]
    pub limits: BlockLimits,
    /// Providers, persons, wallets, claims.
    pub identity: identity::Genesis,
    /// Grants, quorums, fuel.
    pub trust: trust::Genesis,
}

/// A genesis file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenesisError {
    /// It is not TOML, or a field is missing, unknown or malformed; the text names line and field.
    #[error("genesis: {0}")]
    Malformed(String),
    /// Its parts contradict each other.
    #[error("genesis: {0}")]
    Contradiction(String),
}

impl Genesis {
    /// Reads a genesis file and tries it out, so that block 1 cannot fail.
    pub fn from_toml(text: &str) -> Result<Self, GenesisError> {
        let genesis: Self =
            toml::from_str(text).map_err(|e| GenesisError::Malformed(e.to_string()))?;
        genesis.check()?;
        Ok(genesis)
    }

    /// The same as a file.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("a genesis has a TOML form")
    }

    /// The hash that names the network.
    pub fn hash(&self) -> B256 {
        sha256(&[b"scrip genesis", &encode(self)])
    }

    /// Tries the genesis out on an empty state.
    pub fn check(&self) -> Result<(), GenesisError> {
        let limits = &self.limits;
        let guest_gas = self.env(1, self.time).guest_gas;
        let gas = limits.gas.min(guest_gas);
        if limits.transactions == 0 || gas < evm::MIN_TX_GAS || limits.bytes < 4096 {
            return Err(GenesisError::Contradiction(
                "limits: a block must have room for one transaction at least".into(),
            ));
        }
        let base = state::Base::new(&crate::schema());
        let mut ctx = Context::new(state::View::of(&base), self.env(1, self.time));
        self.try_write(&mut ctx).map_err(GenesisError::Contradiction)
    }

    pub(crate) fn header(&self) -> Header {
        Header {
            shard: self.shard,
            height: 0,
            parent: self.hash(),
            time: self.time,
            body_hash: Block::body_hash(&[]),
            state_root: B256::ZERO,
            receipts_root: types::merkle_root::<[u8; 0]>(&[]),
            gas_used: 0,
            seal: Seal::default(),
        }
    }

    pub(crate) fn env(&self, height: u64, time: Time) -> Env {
        // Half of what a block has room for, so that two who fill it take turns.
        let guest_gas = self.limits.guest_gas / 2;
        let gas_limit = self.limits.gas;
        Env { shard: self.shard, chain_id: self.chain_id, height, time, guest_gas, gas_limit }
    }

    pub(crate) fn tx_limits(&self) -> TxLimits {
        TxLimits::of_block(self.limits.gas)
    }

    pub(crate) fn write(&self, ctx: &mut Context<'_>) {
        self.try_write(ctx).expect("a genesis is tried out when it is read");
    }

    fn try_write(&self, ctx: &mut Context<'_>) -> Result<(), String> {
        NETWORK.put(ctx, &(), self.hash());
        identity::genesis::apply(ctx, &self.identity).map_err(|e| format!("identity: {e}"))?;
        trust::genesis::apply(ctx, &self.trust).map_err(|e| format!("trust: {e}"))
    }
}

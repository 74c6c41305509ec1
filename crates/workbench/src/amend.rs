//! Changes outside of any block, as test suites ask for them. They are rows of the same tables that blocks
//! write, so that a snapshot covers them, too.

use crate::{Workbench, bench::Bench};
use alloy_primitives::keccak256;
use evm::{ACCOUNTS, BASE_FEE, CODE, STORAGE};
use identity::{ClaimGiven, PersonKind, Registration, topic};
use state::Context;
use std::sync::Arc;
use trust::{TANKS, Tank};
use types::{Address, B256, Bytes, Country, Date, Reserved, Time, U256, ensure, sha256};

/// Why the workbench does not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A transaction that the chain does not take.
    #[error(transparent)]
    Transaction(#[from] pool::Refusal),
    /// Services and assets keep typed records, and no code or words that could be set.
    #[error("{0} is reserved for services, assets and persons: its code and storage cannot be set")]
    Reserved(Address),
    /// Time goes forward.
    #[error(
        "timestamp {asked} is lower than or equal to previous block's timestamp {latest}; set a later one"
    )]
    Earlier {
        /// The time asked for, seconds.
        asked: u64,
        /// The newest block's.
        latest: u64,
    },
    /// More blocks than are made in one call.
    #[error("{asked} blocks are too many for one call, at most {most} are made")]
    TooMany {
        /// How many were asked for.
        asked: u64,
        /// How many are made.
        most: u64,
    },
    /// Fuel belongs to persons.
    #[error(
        "{0} is nobody's wallet, and fuel belongs to persons: register it first, or start without --strict"
    )]
    Nobody(Address),
}

impl Workbench {
    /// Sets the code at an address; none if empty.
    pub fn set_code(&self, address: Address, code: Bytes) -> Result<(), Refused> {
        ensure(!Reserved::contains(&address), Refused::Reserved(address))?;
        self.amend(&mut self.bench(), |ctx| {
            let hash = (!code.is_empty()).then(|| keccak256(&code));
            if let Some(hash) = hash {
                CODE.put(ctx, &hash, evm::Code(Arc::new(code.to_vec())));
            }
            ACCOUNTS.update(ctx, &address, |account| account.code = hash);
        });
        Ok(())
    }

    /// Sets a word of a contract's storage.
    pub fn set_storage(&self, address: Address, slot: U256, word: B256) -> Result<(), Refused> {
        ensure(!Reserved::contains(&address), Refused::Reserved(address))?;
        self.amend(&mut self.bench(), |ctx| match U256::from_be_bytes(word.0) {
            zero if zero.is_zero() => STORAGE.delete(ctx, &(address, slot)),
            word => STORAGE.put(ctx, &(address, slot), word),
        });
        Ok(())
    }

    /// Sets the next nonce of an address. What waits is forgotten, as it was counted from the old one.
    pub fn set_nonce(&self, address: Address, nonce: u64) {
        self.amend(&mut self.bench(), |ctx| {
            ACCOUNTS.update(ctx, &address, |account| account.nonce = nonce)
        });
        self.pool().clear();
    }

    /// Sets the fuel of a wallet's person to what so many wei would buy. There is no coin.
    pub fn set_fuel(&self, wallet: Address, wei: U256) -> Result<(), Refused> {
        let mut bench = self.bench();
        self.welcome(&mut bench, wallet);
        self.fill(&mut bench, wallet, wei)
    }

    /// Gives an account the fuel that accounts begin with.
    pub(crate) fn fuel_up(&self, bench: &mut Bench, wallet: Address) {
        if let Some(wei) = self.fuel() {
            // An account that is nobody's has no tank.
            let _ = self.fill(bench, wallet, wei);
        }
    }

    fn fill(&self, bench: &mut Bench, wallet: Address, wei: U256) -> Result<(), Refused> {
        let gas: u64 = (wei / U256::from(BASE_FEE)).saturating_to();
        self.amend(bench, |ctx| {
            let account = identity::account_of(ctx, &wallet).ok_or(Refused::Nobody(wallet))?;
            let level = gas.min(trust::fuel::capacity(ctx, account.person));
            // What a tank has no room for counts as bought.
            let tank = Tank { level, updated: ctx.now(), bought: gas - level };
            TANKS.put(ctx, &account.person, tank);
            Ok(())
        })
    }

    /// Registers wallets that nobody knows yet as verified persons, where this workbench is lenient.
    pub(crate) fn welcome(&self, bench: &mut Bench, wallet: Address) {
        let Some(provider) = self.newcomers() else { return };
        let is_unknown = self.chain().read(|ctx| {
            identity::WALLETS.read(ctx, &wallet).is_none() && !evm::is_native(ctx, &wallet)
        });
        if is_unknown {
            // A refusal leaves a stranger a stranger, whom the chain refuses in its own words.
            let call = identity::Call::Register(vec![newcomer(wallet)]);
            self.amend(bench, |ctx| drop(identity::apply(ctx, provider, call, false)));
            self.fuel_up(bench, wallet);
        }
    }

    /// Changes the state outside of any block.
    fn amend<R>(&self, bench: &mut Bench, work: impl FnOnce(&mut Context<'_>) -> R) -> R {
        let (result, changes) = self.chain().amend(work);
        if !changes.is_empty() {
            bench.note(&changes);
        }
        result
    }
}

/// A verified natural person without any special standing.
fn newcomer(wallet: Address) -> Registration {
    let expires = Date::of(2100, 1, 1).map_or(Time::NEVER, Date::start);
    let claim =
        |topic| ClaimGiven { topic, value: 0, dated: Time(0), expires, evidence: B256::ZERO };
    Registration {
        wallet,
        kind: PersonKind::Natural,
        residence: "CH".parse::<Country>().expect("a country"),
        uniqueness: sha256(&[b"scrip workbench newcomer", wallet.as_slice()]),
        claims: vec![claim(topic::KYC_NATURAL), claim(topic::SANCTIONS_CLEAR)],
    }
}

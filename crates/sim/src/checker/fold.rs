//! One transaction: was it allowed to stand here, what it announced, what it cost.

use super::{book::Book, wire::*};
use crate::abi::{IIdentity, ILedger};
use alloy_sol_types::SolCall as _;
use std::collections::{BTreeMap, BTreeSet};

/// A transaction as any Ethereum library reads it.
pub struct Tx {
    pub hash: Hash,
    pub sender: Wallet,
    pub nonce: u64,
    pub gas: u64,
    pub to: Option<Wallet>,
    pub input: Vec<u8>,
}

/// A law that does not hold.
pub type Broken = String;

/// Refuses with the law's number and the facts.
macro_rules! law {
    ($holds:expr, $($facts:tt)+) => {
        if !$holds {
            return Err(format!($($facts)+));
        }
    };
}
pub(super) use law;

/// The address of the identity service on shard 0.
const IDENTITY: Wallet = [0x5c, 0x12, 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
/// `place(uint64,uint32,uint16,bytes3,(address,uint128,uint128)[])`
const PLACE: [u8; 4] = [0x73, 0x9d, 0x9b, 0xa0];
/// The address of the ledger.
const LEDGER: Wallet = [0x5c, 0x12, 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4];
/// The smallest gas of a transaction.
const ENTRY_GAS: u64 = 21_000;

/// True if a transaction only says something against what binds its sender, or gives units back.
fn is_objection(tx: &Tx) -> bool {
    let is = |service, selector: [u8; 4]| tx.to == Some(service) && tx.input.starts_with(&selector);
    is(IDENTITY, IIdentity::contestSuspensionCall::SELECTOR)
        || is(LEDGER, ILedger::contestOrderCall::SELECTOR)
        || is(LEDGER, ILedger::contestPersonFreezeCall::SELECTOR)
        || is(LEDGER, ILedger::contestUnitsFreezeCall::SELECTOR)
        || is(LEDGER, ILedger::releaseHoldCall::SELECTOR)
}

/// The path that a transfer on terms elects, if it elects one.
fn elected_in(tx: &Tx) -> Option<String> {
    let call = ILedger::transferOnCall::abi_decode(&tx.input).ok();
    let call = call.filter(|_| tx.to == Some(LEDGER));
    call.map(|call| call.path).filter(|path| !path.is_empty())
}

/// What a transaction is known to do while its events are folded.
pub(super) struct Within {
    pub to: Option<Wallet>,
    pub selector: Option<[u8; 4]>,
    /// The path that its sender elects for what it moves.
    pub elected: Option<String>,
    /// A full quorum's call is carried out in it.
    pub by_quorum: bool,
    /// The announced orders that are carried out in it: their units were counted when they were announced.
    pub carried: Vec<u64>,
}

impl Within {
    /// True unless it is plain that whoever called named no profile to issue under.
    pub fn may_choose(&self) -> bool {
        !self.is_one_call() || self.elected.is_some() || self.selector == Some(PLACE)
    }

    /// True if it is a single call of a service or a token.
    pub fn is_one_call(&self) -> bool {
        let is_native = self.to.is_some_and(|to| to[..9] == [0x5c, 0x12, 0x19, 0, 0, 0, 0, 0, 0]);
        let is_token = self.to.is_some_and(|to| to[..3] == [0x5c, 0x12, 0x19] && to[11] == 1);
        !self.by_quorum && (is_native || is_token)
    }
}

/// True unless a price is told of something else than what just moved.
fn is_priced_right(before: Option<&LedgerEvent>, event: &LedgerEvent) -> bool {
    let LedgerEvent::Priced { asset, class, from, to, units, .. } = event else { return true };
    let of = (asset, class, from, to, units);
    before.is_some_and(|before| match before {
        LedgerEvent::Moved { asset, class, from, to, units, .. } => {
            of == (asset, class, from, to, units)
        }
        _ => false,
    })
}

impl Book {
    pub(super) fn transaction(&mut self, tx: &Tx, receipt: &Receipt) -> Result<(), Broken> {
        law!(
            receipt.tx == tx.hash && receipt.sender == tx.sender,
            "a receipt is for another transaction"
        );
        let next = self.nonces.get(&tx.sender).copied().unwrap_or(0);
        law!(tx.nonce == next, "I-34 nonce {} used where {next} is next", tx.nonce);
        self.nonces.insert(tx.sender, next + 1);
        let bounds = ENTRY_GAS..=tx.gas;
        law!(
            bounds.contains(&receipt.gas_used),
            "I-15 {} gas used of {}",
            receipt.gas_used,
            tx.gas
        );

        let paying = self.who_pays(tx)?;
        let payer = self.payer(paying, tx.gas);
        let payer = payer.ok_or(format!("I-15 person {paying} has no fuel for {} gas", tx.gas))?;
        if !matches!(receipt.outcome, Outcome::Done(_)) {
            let is_silent = receipt.events.is_empty() && receipt.logs.is_empty();
            law!(
                is_silent && receipt.created.is_none(),
                "a refused transaction announced something"
            );
        }
        self.events(Some(tx), &receipt.events)?;
        self.charge(payer, receipt.gas_used);
        let person = self.wallets.get(&tx.sender).map(|(account, _)| account.person);
        law!(receipt.person == person, "the receipt names {:?} behind the sender", receipt.person);
        Ok(())
    }

    /// The person behind the sender; a wallet that enrols is paid for by its provider. I-34.
    fn who_pays(&self, tx: &Tx) -> Result<u64, Broken> {
        match self.wallets.get(&tx.sender) {
            Some((account, is_alive)) => {
                law!(*is_alive, "I-34 a dead wallet signed");
                // Whom an order binds may say something against it while it lives.
                if is_objection(tx) && !self.has_died(account.person) {
                    return Ok(account.person);
                }
                law!(
                    self.is_active(account.person),
                    "I-34 person {} is suspended and acted",
                    account.person
                );
                // Who is in dispute may call the recovery off, and nothing else.
                let is_free = !self.recoveries.contains_key(account) || tx.to == Some(IDENTITY);
                law!(is_free, "I-35 a wallet in dispute acted");
                Ok(account.person)
            }
            None => {
                law!(tx.to == Some(IDENTITY), "I-34 nobody sent a transaction");
                let word = tx.input.get(28..36).ok_or("I-34 an enrolment names no provider")?;
                Ok(u64::from_be_bytes(word.try_into().map_err(|_| "eight bytes")?))
            }
        }
    }

    pub(super) fn events(&mut self, tx: Option<&Tx>, events: &[EventRecord]) -> Result<(), Broken> {
        let read =
            |module: u8| move |e: std::io::Error| format!("an event of module {module}: {e}");
        let mut ledger = BTreeMap::new();
        let (mut is_ledger_alone, mut by_quorum, mut carried) = (true, false, Vec::new());
        let (mut moved, mut told) = (BTreeSet::new(), Vec::new());
        for (place, record) in events.iter().enumerate() {
            match record.module {
                2 => {
                    let event: TrustEvent = borsh::from_slice(&record.bytes).map_err(read(2))?;
                    by_quorum |= matches!(event, TrustEvent::ProposalDone { .. });
                }
                4 => {
                    let event: LedgerEvent = borsh::from_slice(&record.bytes).map_err(read(4))?;
                    match event {
                        LedgerEvent::Moved { asset, .. } => {
                            moved.insert(asset);
                        }
                        LedgerEvent::OrderCarriedOut { number: Some(number), .. } => {
                            carried.push(number);
                        }
                        _ => {}
                    }
                    ledger.insert(place, event);
                }
                _ => is_ledger_alone = false,
            }
        }
        let within = Within {
            to: tx.and_then(|tx| tx.to),
            selector: tx.and_then(|tx| tx.input.get(..4)?.try_into().ok()),
            elected: tx.and_then(elected_in),
            by_quorum,
            carried,
        };
        let before: BTreeMap<_, _> =
            moved.iter().map(|asset| (*asset, (self.held(*asset), self.minted(*asset)))).collect();
        for (place, record) in events.iter().enumerate() {
            match record.module {
                1 => self.identity(borsh::from_slice(&record.bytes).map_err(read(1))?)?,
                2 => self.trust(borsh::from_slice(&record.bytes).map_err(read(2))?)?,
                3 => {
                    let event = borsh::from_slice(&record.bytes).map_err(read(3))?;
                    if let ComplianceEvent::DutyRaised { asset, profile, duty, due } = &event {
                        told.push((*asset, profile.clone(), duty.clone(), *due));
                    }
                    self.compliance(event)?;
                }
                4 => {
                    let before = place.checked_sub(1).and_then(|before| ledger.get(&before));
                    law!(is_priced_right(before, &ledger[&place]), "a price of what did not move");
                    let (told, next) = match ledger.get(&(place + 1)) {
                        Some(LedgerEvent::Priced { currency, paid, .. }) => {
                            let told = Price { currency: *currency, paid: *paid };
                            (Some(told), ledger.get(&(place + 2)))
                        }
                        next => (None, next),
                    };
                    let giving = self.given_from(&ledger, place, &within);
                    self.ledger(&ledger[&place], next, told, giving, &within)?;
                }
                other => return Err(format!("module {other} announced something")),
            }
        }
        self.duties_told(told)?;
        if is_ledger_alone {
            for (asset, (holdings, issued)) in before {
                let events = ledger.values();
                self.limits_hold(asset, &holdings, issued, events)?;
            }
        }
        Ok(())
    }

    /// What the giver of a movement gives others than the issuer from it on, in one batch; nothing known where a contract or
    /// a quorum may have done several things.
    fn given_from(
        &self,
        ledger: &BTreeMap<usize, LedgerEvent>,
        place: usize,
        within: &Within,
    ) -> Option<u128> {
        let moved = |event: &LedgerEvent| match event {
            LedgerEvent::Moved { asset, from, to, units, cause, .. } => {
                Some(((*asset, *from, *cause), *to, *units))
            }
            _ => None,
        };
        let (giver, ..) = moved(&ledger[&place])?;
        let issuer = self.issuer(giver.0);
        let later = ledger.range(place..).filter_map(|(_, event)| moved(event));
        let its =
            later.filter(|(it, to, _)| *it == giver && to.is_some_and(|to| to.person != issuer));
        let all: Vec<u128> = its.map(|(.., units)| units).collect();
        (within.is_one_call() || all.len() == 1).then(|| all.iter().sum())
    }

    pub(super) fn minted(&self, asset: u64) -> u128 {
        self.assets.get(&asset).map_or(0, |asset| asset.minted - asset.burned)
    }
}

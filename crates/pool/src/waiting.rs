//! What waits, by sender and nonce, and by lane in order of arrival.

use crate::{Lane, Limits, Refusal, Status, is_too_old};
use evm::Signed;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use types::{Address, B256, Bytes, PersonId, Time};

struct Entry {
    signed: Arc<Signed>,
    person: Option<PersonId>,
    lane: Lane,
    arrival: u64,
    since: Time,
    /// The height of an executed block that carries it.
    carried_at: Option<u64>,
}

/// One sender's transactions by nonce, and the nonce that the chain expects next.
#[derive(Default)]
struct Sender {
    next: u64,
    entries: BTreeMap<u64, Entry>,
}

impl Sender {
    /// Those without a gap before them.
    fn ready(&self) -> impl Iterator<Item = &Entry> {
        self.entries
            .range(self.next..)
            .zip(self.next..)
            .take_while(|((n, _), i)| **n == *i)
            .map(|((_, e), _)| e)
    }
}

pub(crate) struct Waiting {
    limits: Limits,
    senders: HashMap<Address, Sender>,
    by_hash: HashMap<B256, (Address, u64)>,
    // In each lane, by arrival.
    lanes: [BTreeMap<u64, (Address, u64)>; 4],
    persons: HashMap<PersonId, usize>,
    bytes: usize,
    arrivals: u64,
    // What was last offered to a block: what it did not carry may have become hopeless.
    offered: Vec<B256>,
}

impl Waiting {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            senders: HashMap::new(),
            by_hash: HashMap::new(),
            lanes: Default::default(),
            persons: HashMap::new(),
            bytes: 0,
            arrivals: 0,
            offered: Vec::new(),
        }
    }

    pub(crate) fn insert(
        &mut self,
        signed: Arc<Signed>,
        person: Option<PersonId>,
        next: u64,
        now: Time,
    ) -> Result<B256, Refusal> {
        let (hash, address, nonce) = (signed.hash, signed.sender, signed.nonce());
        let limits = self.limits;
        if self.by_hash.contains_key(&hash) {
            return Err(Refusal::AlreadyKnown);
        }
        if nonce.saturating_sub(next) >= limits.nonce_gap {
            return Err(Refusal::NonceGap { nonce, next, gap: limits.nonce_gap });
        }
        let lane = Lane::of(&signed);
        let known = self.senders.get(&address);
        let replaced = known.and_then(|sender| sender.entries.get(&nonce));
        if let Some(old) = replaced {
            let raised =
                old.signed.max_fee_per_gas().saturating_add(old.signed.max_fee_per_gas() / 10);
            if old.carried_at.is_some() || signed.max_fee_per_gas() < raised {
                return Err(Refusal::Underpriced(nonce));
            }
        } else {
            let waiting = known.map_or(0, |sender| sender.entries.len());
            if waiting >= limits.per_sender {
                return Err(Refusal::SenderFull(address, waiting));
            }
            if let Some(person) = person
                && let Some(&waiting) = self.persons.get(&person)
                && waiting >= limits.per_person
            {
                return Err(Refusal::PersonFull(person, waiting));
            }
            // Half of the room is for any lane, the other half is split between lanes.
            let taken = self.lanes[lane as usize].len();
            let own_room = limits.transactions / 2 / Lane::ALL.len();
            let full = self.by_hash.len() >= limits.transactions / 2 && taken >= own_room;
            if full || self.by_hash.len() >= limits.transactions {
                return Err(Refusal::Full(lane));
            }
        }
        if self.bytes.saturating_add(signed.bytes.len()) > limits.bytes {
            return Err(Refusal::Full(lane));
        }
        if replaced.is_some() {
            self.remove(&address, nonce);
        }
        self.arrivals += 1;
        let arrival = self.arrivals;
        self.bytes += signed.bytes.len();
        self.by_hash.insert(hash, (address, nonce));
        self.lanes[lane as usize].insert(arrival, (address, nonce));
        if let Some(person) = person {
            *self.persons.entry(person).or_default() += 1;
        }
        let sender = self.senders.entry(address).or_default();
        sender.next = sender.next.max(next);
        let entry = Entry { signed, person, lane, arrival, since: now, carried_at: None };
        sender.entries.insert(nonce, entry);
        Ok(hash)
    }

    /// Takes from the lanes in turn, each sender's nonces in order, until the block is full.
    pub(crate) fn candidates(&mut self, transactions: usize, bytes: usize) -> Vec<Bytes> {
        let mut picked = Vec::new();
        self.offered.clear();
        let mut room = bytes;
        let mut next: HashMap<Address, u64> = HashMap::new();
        let mut lanes = self.lanes.each_ref().map(|lane| lane.values().peekable());
        // Two blocks' worth: what the chain leaves out makes room for what follows.
        while picked.len() < transactions.saturating_mul(2) {
            let mut idle = true;
            for lane in &mut lanes {
                let Some((address, _)) = lane.next() else { continue };
                idle = false;
                let sender = &self.senders[address];
                let next = next.entry(*address).or_insert(sender.next);
                // One arrival stands for its sender's next nonce, whichever of his it is.
                while let Some(entry) = sender.entries.get(next) {
                    *next += 1;
                    if entry.carried_at.is_none() {
                        room = room.saturating_sub(entry.signed.bytes.len() + 4);
                        picked.push(entry.signed.bytes.clone());
                        self.offered.push(entry.signed.hash);
                        break;
                    }
                }
            }
            if idle || room == 0 {
                break;
            }
        }
        picked
    }

    pub(crate) fn has_candidates(&self) -> bool {
        self.senders.values().any(|sender| sender.ready().any(|entry| entry.carried_at.is_none()))
    }

    /// What was offered to a block and neither carried by one nor gone since.
    pub(crate) fn passed_over(&mut self, at_most: usize) -> Vec<Arc<Signed>> {
        let offered = std::mem::take(&mut self.offered);
        let waits = |hash: &B256| {
            let (address, nonce) = self.by_hash.get(hash)?;
            let entry = self.senders.get(address)?.entries.get(nonce)?;
            entry.carried_at.is_none().then(|| entry.signed.clone())
        };
        offered.iter().filter_map(waits).take(at_most).collect()
    }

    pub(crate) fn in_flight(&mut self, height: u64, hashes: &[B256]) {
        for hash in hashes {
            if let Some((address, nonce)) = self.by_hash.get(hash)
                && let Some(sender) = self.senders.get_mut(address)
                && let Some(entry) = sender.entries.get_mut(nonce)
            {
                entry.carried_at = Some(height);
            }
        }
    }

    pub(crate) fn finalized(&mut self, height: u64, now: Time, included: &[(Address, u64)]) {
        for (address, nonce) in included {
            if let Some(sender) = self.senders.get_mut(address) {
                sender.next = sender.next.max(nonce + 1);
                let stale: Vec<u64> =
                    sender.entries.range(..=nonce).map(|(nonce, _)| *nonce).collect();
                stale.into_iter().for_each(|nonce| self.remove(address, nonce));
            }
        }
        let mut gone = Vec::new();
        for (address, sender) in &mut self.senders {
            for (nonce, entry) in &mut sender.entries {
                if entry.carried_at.is_some_and(|carried| carried <= height) {
                    entry.carried_at = None;
                }
                if is_too_old(entry.since, now, self.limits.max_age_ms) {
                    gone.push((*address, *nonce));
                }
            }
        }
        gone.iter().for_each(|(address, nonce)| self.remove(address, *nonce));
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.limits);
    }

    pub(crate) fn remove(&mut self, address: &Address, nonce: u64) {
        let Some(sender) = self.senders.get_mut(address) else { return };
        let Some(entry) = sender.entries.remove(&nonce) else { return };
        if sender.entries.is_empty() {
            self.senders.remove(address);
        }
        self.by_hash.remove(&entry.signed.hash);
        self.lanes[entry.lane as usize].remove(&entry.arrival);
        self.bytes -= entry.signed.bytes.len();
        if let Some(person) = entry.person
            && let Some(waiting) = self.persons.get_mut(&person)
        {
            *waiting -= 1;
            if *waiting == 0 {
                self.persons.remove(&person);
            }
        }
    }

    pub(crate) fn pending_nonce(&self, address: &Address) -> Option<u64> {
        let sender = self.senders.get(address)?;
        Some(sender.next + sender.ready().count() as u64)
    }

    pub(crate) fn get(&self, hash: &B256) -> Option<Arc<Signed>> {
        let (address, nonce) = self.by_hash.get(hash)?;
        Some(self.senders.get(address)?.entries.get(nonce)?.signed.clone())
    }

    pub(crate) fn content(&self) -> (Vec<Arc<Signed>>, Vec<Arc<Signed>>) {
        let (mut pending, mut queued) = (Vec::new(), Vec::new());
        for sender in self.senders.values() {
            let ready = sender.ready().count();
            for (index, entry) in sender.entries.values().enumerate() {
                let list = if index < ready { &mut pending } else { &mut queued };
                list.push(entry.signed.clone());
            }
        }
        (pending, queued)
    }

    pub(crate) fn status(&self) -> Status {
        let pending = self.senders.values().map(|sender| sender.ready().count()).sum();
        Status {
            pending,
            queued: self.by_hash.len() - pending,
            bytes: self.bytes,
            lanes: Lane::ALL.map(|lane| (lane, self.lanes[lane as usize].len())).to_vec(),
        }
    }
}

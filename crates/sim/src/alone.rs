//! One chain in memory, without consensus: a leader proposes, a follower executes, the checker looks.
//!
//! The state root needs the engine's store, so that a running hash over the changes stands in for it:
//! whoever changes anything else gets another one.

use crate::{
    Dice, Traffic,
    cast::PROVIDERS,
    checker::{Begin, Checker, Reach, Seen},
    statutes::STATUTES,
    traffic::RULE_CODE,
};
use chain::{Chain, ExecuteError, Executed, Genesis, Parent};
use std::collections::BTreeMap;
use types::{B256, Block, Bytes, Header, Module, Outcome, Seal, Time, encode, sha256};

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Blocks made.
    pub blocks: u64,
    /// Transactions that did what they said.
    pub done: u64,
    /// Transactions that were refused and changed nothing.
    pub refused: u64,
    /// Guest contracts that halted, and calls out of gas.
    pub halted: u64,
    /// Transactions that no block may carry, or that did not fit.
    pub left_out: u64,
    /// How much the checker found to check.
    pub reach: Reach,
    /// Why transactions were refused, by the refusal's number.
    pub refusals: BTreeMap<u16, u64>,
    /// Events by kind, and movements by cause.
    pub events: BTreeMap<String, u64>,
    /// Batches that moved as their net does, and independent transfers that came to the same in another order.
    pub twins: (u64, u64),
    /// The hash of every block and receipt: the same seed gives the same.
    pub trace: B256,
    /// The hash of the final state.
    pub state: B256,
}

/// What the checker is told of a network's genesis.
pub fn begin(genesis: &Genesis, hash: B256) -> Begin {
    let fuel = genesis.trust.fuel;
    Begin {
        shard: genesis.shard.0,
        chain_id: genesis.chain_id,
        genesis: hash.0,
        time: genesis.time.0,
        providers: PROVIDERS.map(|place| place as u64 + 1).to_vec(),
        fuel: (fuel.registered_capacity, fuel.verified_capacity, fuel.refill_ms),
        recovery_delay_ms: genesis.identity.recovery_delay_ms,
        limits: (genesis.limits.gas, genesis.limits.bytes, genesis.limits.transactions),
        even_contract: RULE_CODE.to_vec(),
        profiles: STATUTES.known().map(encode).collect(),
        venue_rules: STATUTES.venues.iter().map(encode).collect(),
        calendars: vec![encode(&STATUTES.calendar), encode(&STATUTES.proclaimed)],
    }
}

/// Runs so many blocks of a seed. The error names the seed, the block and the law.
pub fn run(seed: u64, blocks: u64) -> Result<Report, String> {
    let mut run = Run::new(seed);
    for _ in 0..blocks {
        run.block().map_err(|broken| {
            format!("seed {seed}: {broken}\nagain with: cargo run -p sim -- alone --seed {seed} --blocks {blocks}")
        })?;
    }
    Ok(run.report())
}

/// A block as the checker saw it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The encoded header.
    pub header: Vec<u8>,
    /// The signed transactions.
    pub body: Vec<Bytes>,
    /// The encoded receipts.
    pub receipts: Vec<Vec<u8>>,
    /// Every stored record after it, if it was final at once.
    pub records: Option<Vec<Vec<u8>>>,
}

impl Recorded {
    /// The same as the checker takes it.
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            header: &self.header,
            body: self.body.iter().map(|bytes| bytes.as_ref()).collect(),
            receipts: self.receipts.clone(),
            records: self.records.as_ref().map(|all| all.iter().map(Vec::as_slice).collect()),
        }
    }
}

/// Runs a seed and keeps what the checker saw of it, for tests of the checker itself.
pub fn record(seed: u64, blocks: u64) -> Result<(Begin, Vec<Recorded>), String> {
    let mut run = Run::new(seed);
    let begin = begin(run.leader.genesis(), run.last.hash());
    let mut recorded = Vec::new();
    for _ in 0..blocks {
        recorded.push(run.block()?);
    }
    Ok((begin, recorded))
}

struct Run {
    dice: Dice,
    traffic: Traffic,
    checker: Checker,
    leader: Chain,
    follower: Chain,
    last: Header,
    /// The state as the changes of all blocks make it.
    state: BTreeMap<B256, Vec<u8>>,
    report: Report,
}

impl Run {
    fn new(seed: u64) -> Self {
        let traffic = Traffic::new(seed);
        let genesis = traffic.cast.genesis();
        let leader = Chain::new(genesis.clone());
        let last = leader.genesis_header().clone();
        Self {
            dice: Dice::new(seed, "blocks"),
            traffic,
            checker: Checker::new(begin(&genesis, last.hash())),
            follower: Chain::new(genesis),
            leader,
            last,
            state: BTreeMap::new(),
            report: Report::default(),
        }
    }

    fn block(&mut self) -> Result<Recorded, String> {
        let is_first = self.last.height == 0;
        self.traffic.look(&self.leader, self.leader.latest().height == self.last.height);
        if !is_first && self.leader.latest().height == self.last.height {
            self.try_twins()?;
        }
        let count = if is_first { 0 } else { self.dice.between(0, 20) };
        let candidates: Vec<Bytes> = (0..count).map(|_| self.traffic.next_bytes()).collect();
        let parent = Parent::from(&self.last);
        let time = self.next_time();
        let proposed = self.leader.propose(&parent, time, &candidates);
        let (body, executed) = proposed.map_err(|missing| missing.to_string())?;
        self.report.left_out += (candidates.len() - body.len()) as u64;
        let block = self.sealed(time, body, &executed);
        self.leader.attach(&block.header, &executed);
        self.try_rivals(&parent, &block, &candidates)?;

        let again = self.follower.execute(&parent, &block).map_err(|e| format!("CHA-1 {e}"))?;
        let is_same = again.changes == executed.changes && again.receipts == executed.receipts;
        check(is_same, "CHA-1 the follower got another result")?;
        self.follower.attach(&block.header, &again);
        check(self.follower.finalize(&block.header), "the follower lost the block")?;

        for change in &executed.changes {
            match &change.record {
                Some(record) => drop(self.state.insert(change.key, record.clone())),
                None => drop(self.state.remove(&change.key)),
            }
        }
        self.last = block.header.clone();
        // Now and then a block stays unfinalized until its child is final.
        let waits = !is_first && self.dice.chance(12);
        if !waits {
            check(self.leader.finalize(&block.header), "the leader lost the block")?;
            let same =
                self.leader.with_base(|base| base.records().into_iter().eq(self.state.clone()));
            check(same, "STA-2 the base is not the fold of all changes")?;
        }
        let recorded = self.look(&block, &executed, waits)?;
        self.restart()?;
        Ok(recorded)
    }

    fn look(
        &mut self,
        block: &Block,
        executed: &Executed,
        waits: bool,
    ) -> Result<Recorded, String> {
        let header = encode(&block.header);
        let receipts: Vec<Vec<u8>> = executed.receipts.iter().map(encode).collect();
        let trace: Vec<u8> =
            [header.clone()].into_iter().chain(receipts.clone()).flatten().collect();
        self.report.trace = sha256(&[self.report.trace.as_slice(), &trace]);
        self.report.blocks += 1;
        for receipt in executed.receipts.iter().filter(|receipt| !receipt.tx.is_zero()) {
            match &receipt.outcome {
                Outcome::Done(_) => self.report.done += 1,
                Outcome::Refused(data) => {
                    self.report.refused += 1;
                    // Refused(uint16,bytes1,string): the number stands in the first word.
                    let code =
                        data.get(34..36).map_or(0, |two| u16::from_be_bytes([two[0], two[1]]));
                    *self.report.refusals.entry(code).or_default() += 1;
                }
                Outcome::Halted(_) => self.report.halted += 1,
            }
        }
        for event in executed.receipts.iter().flat_map(|receipt| &receipt.events) {
            let decoded =
                evm::decode_event(event).and_then(|event| serde_json::to_value(event).ok());
            let name = decoded.as_ref().and_then(|value| value["event"].as_str()).unwrap_or("?");
            *self.report.events.entry(name.to_owned()).or_default() += 1;
            let cause = decoded.as_ref().and_then(|value| value["cause"].as_str());
            if let Some(cause) = cause {
                *self.report.events.entry(format!("moved: {cause}")).or_default() += 1;
            }
        }
        let records = (!waits).then(|| self.state.values().cloned().collect());
        let recorded = Recorded { header, body: block.body.clone(), receipts, records };
        self.checker.check(&recorded.seen())?;
        Ok(recorded)
    }

    /// What is written in two ways comes to one: a batch and its net, independent transfers in either order.
    fn try_twins(&mut self) -> Result<(), String> {
        let parent = Parent::from(&self.last);
        let time = self.last.time.plus_ms(1);
        for (is_net, twins) in self.traffic.twins(&mut self.dice) {
            let [one, other] = twins.map(|body| {
                let proposed = self.leader.propose(&parent, time, &body);
                proposed.map(|(taken, executed)| (taken.len() == body.len()).then_some(executed))
            });
            let (one, other) = (one.map_err(|e| e.to_string())?, other.map_err(|e| e.to_string())?);
            // Who has no fuel for it says nothing about either.
            let (Some(one), Some(other)) = (one, other) else { continue };
            let are_done = |executed: &Executed| {
                let mut own = executed.receipts.iter().filter(|receipt| !receipt.tx.is_zero());
                own.all(|receipt| matches!(receipt.outcome, Outcome::Done(_)))
            };
            let is_done = are_done(&one);
            let why = |executed: &Executed| format!("{:?}", executed.receipts.last());
            if is_done != are_done(&other) && (is_net || is_done) {
                let both = [why(&one), why(&other)];
                return Err(format!("COM-2 one way it is done, the other it is not: {both:?}"));
            }
            let (mine, its) = (of_units(&one), of_units(&other));
            let is_same = !is_done || mine == its;
            check(is_same, "COM-2 what is written in two ways comes to two results")?;
            match is_net {
                true => self.report.twins.0 += u64::from(is_done),
                false => self.report.twins.1 += u64::from(is_done),
            }
        }
        Ok(())
    }

    /// Blocks that must not be: their hostile transactions, their false results.
    fn try_rivals(
        &mut self,
        parent: &Parent,
        block: &Block,
        candidates: &[Bytes],
    ) -> Result<(), String> {
        if self.dice.chance(20) && !candidates.is_empty() {
            // A rival of the same height, which loses.
            let some = &candidates[..self.dice.place(candidates.len())];
            let (body, executed) =
                self.leader.propose(parent, block.header.time, some).map_err(|e| e.to_string())?;
            let rival = self.sealed(block.header.time, body, &executed);
            self.leader.attach(&rival.header, &executed);
        }
        let mut false_one = block.clone();
        match self.dice.below(6) {
            0 => false_one.header.receipts_root = B256::repeat_byte(1),
            1 => false_one.header.gas_used += 1,
            2 => false_one.header.time = parent.time,
            3 => false_one.header.height += 1,
            4 if !block.body.is_empty() => {
                let place = self.dice.place(block.body.len());
                false_one.body.push(block.body[place].clone());
            }
            _ => {
                let malformed = |bytes: &&Bytes| self.leader.recover(bytes).is_err();
                let Some(bytes) = candidates.iter().find(malformed) else { return Ok(()) };
                false_one.body.push(bytes.clone());
            }
        }
        false_one.header.body_hash = Block::body_hash(&false_one.body);
        let refused =
            matches!(self.follower.execute(parent, &false_one), Err(ExecuteError::Invalid(_)));
        check(refused, "CHA-2 a false block was taken")
    }

    /// Kills the follower and starts it from what is stored.
    fn restart(&mut self) -> Result<(), String> {
        if self.dice.chance(8) {
            self.follower = Chain::new(self.leader.genesis().clone());
            let mut base = self.follower.empty();
            for record in self.state.values() {
                base.load(record).map_err(|error| format!("STA-4 {error}"))?;
            }
            self.follower.start_from(&self.last, base);
        }
        Ok(())
    }

    fn next_time(&mut self) -> Time {
        let step = match self.dice.below(20) {
            0..12 => self.dice.between(1, 5_000),
            12..17 => self.dice.between(1, 4 * 3_600_000),
            _ => self.dice.between(1, 12) * 86_400_000,
        };
        self.last.time.plus_ms(step)
    }

    fn sealed(&self, time: Time, body: Vec<Bytes>, executed: &Executed) -> Block {
        let mut root = self.last.state_root.to_vec();
        for change in &executed.changes {
            root.extend(change.key);
            root.extend(encode(&change.record));
        }
        let header = Header {
            shard: self.last.shard,
            height: self.last.height + 1,
            parent: self.last.hash(),
            time,
            body_hash: Block::body_hash(&body),
            state_root: sha256(&[&root]),
            receipts_root: executed.receipts_root,
            gas_used: executed.gas_used,
            seal: Seal::default(),
        };
        Block { header, body }
    }

    fn report(self) -> Report {
        let state: Vec<u8> = self.state.values().flatten().copied().collect();
        Report { reach: self.checker.reach(), state: sha256(&[&state]), ..self.report }
    }
}

/// What a block changed of compliance and the ledger: what gas was paid depends on how it was written.
fn of_units(executed: &Executed) -> BTreeMap<B256, Option<Vec<u8>>> {
    let is_of_units = |record: &Vec<u8>| {
        let table = u16::from_le_bytes([record[0], record[1]]);
        [Module::Compliance, Module::Ledger].map(|it| it as u16).contains(&(table / 64))
    };
    let changes = executed.changes.iter();
    let changes = changes.filter(|change| change.record.as_ref().is_none_or(is_of_units));
    changes.map(|change| (change.key, change.record.clone())).collect()
}

fn check(holds: bool, broken: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(broken.to_owned()) }
}

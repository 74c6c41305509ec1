//! The checker notices: each kind of record, altered in one byte, breaks a law.

use sim::{
    Checker,
    alone::{self, Recorded},
};
use std::{collections::BTreeSet, sync::LazyLock};

const BLOCKS: u64 = 40;

/// The first history that leaves a record of every kind that is altered.
static RECORDED: LazyLock<(sim::Begin, Vec<Recorded>)> = LazyLock::new(|| {
    let has_all = |blocks: &[Recorded]| {
        ALTERED.iter().all(|(module, table, _)| {
            let records = blocks.iter().flat_map(|block| block.records.iter().flatten());
            records.into_iter().any(|stored| own_bytes(stored, *module, *table).is_some())
        })
    };
    let recorded = (0..60).map(|seed| alone::record(seed, BLOCKS).expect("a clean seed"));
    recorded.into_iter().find(|(_, blocks)| has_all(blocks)).expect("one has all kinds")
});

/// Module, table, and the byte of a record that is altered.
const ALTERED: [(u16, u16, usize); 30] = [
    (1, 0, 1),  // a person's residence
    (1, 1, 3),  // the wallet of an account
    (1, 2, 0),  // the account of a wallet
    (1, 3, 8),  // what a claim says
    (1, 3, 32), // the date of its document
    (1, 4, 0),  // a provider's standing
    (1, 5, 0),  // whose a uniqueness commitment is
    (2, 0, 1),  // how much of a grant is left, or when it ends
    (2, 3, 0),  // the level of a tank
    (2, 4, 0),  // who sponsors
    (3, 0, 0),  // a policy's version
    (3, 2, 0),  // a count of holders
    (3, 3, 0),  // what a person holds in all
    (3, 4, 0),  // who holds
    (3, 5, 0),  // what is held
    (3, 7, 0),  // what a fact is worth
    (3, 8, 12), // the hash of a profile
    (3, 9, 0),  // its latest version
    (3, 10, 8), // the name of an adopted profile
    (3, 11, 8), // the name of the law of a land
    (3, 12, 8), // what a meter added up
    (3, 20, 0), // the version of a venue's rules
    (3, 22, 0), // the number of an offer
    (4, 2, 0),  // units of a position
    (4, 2, 16), // held units of a position
    (4, 2, 32), // frozen units of a position
    (4, 7, 0),  // the asset of a hold
    (4, 8, 0),  // an allowance
    (4, 18, 0), // an account in the index of holders
    (5, 0, 0),  // a nonce
];

fn replay(begin: &sim::Begin, blocks: &[Recorded]) -> Result<(), String> {
    let mut checker = Checker::new(begin.clone());
    blocks.iter().try_for_each(|block| checker.check(&block.seen()))
}

/// Where a record's own bytes begin, if it is one of this table. A contract's nonce is announced nowhere:
/// of addresses those count that sign.
fn own_bytes(stored: &[u8], module: u16, table: u16) -> Option<usize> {
    let word = |at: usize| u16::from_le_bytes([stored[at], stored[at + 1]]);
    let own = 4 + usize::from(word(2));
    let is_contract = (module, table) == (5, 0) && stored.get(own + 8) == Some(&1);
    (word(0) == module * 64 + table && !is_contract).then_some(own)
}

#[test]
fn an_altered_record_of_any_kind_is_noticed() {
    let (begin, blocks) = RECORDED.clone();
    replay(&begin, &blocks).expect("what was recorded is clean");
    let mut missed = BTreeSet::new();
    for (module, table, byte) in ALTERED {
        let has_one = |block: &Recorded| {
            let records = block.records.as_ref()?;
            records.iter().position(|stored| own_bytes(stored, module, table).is_some())
        };
        let found =
            blocks.iter().enumerate().rev().find_map(|(n, block)| Some((n, has_one(block)?)));
        let (number, place) = found.unwrap_or_else(|| panic!("no record in {module}/{table}"));
        let mut altered = blocks[..=number].to_vec();
        let records = altered[number].records.as_mut().expect("it has records");
        let own = own_bytes(&records[place], module, table).expect("it is of this table");
        records[place][own + byte] ^= 1;
        if replay(&begin, &altered).is_ok() {
            missed.insert((module, table, byte));
        }
    }
    assert!(missed.is_empty(), "not noticed: {missed:?}");
}

#[test]
fn a_record_that_is_gone_or_too_many_is_noticed() {
    let (begin, blocks) = RECORDED.clone();
    let last = blocks.iter().rposition(|block| block.records.is_some()).expect("some are final");
    for (module, table) in [(1, 3), (2, 0), (3, 2), (3, 3), (4, 2), (4, 15), (5, 0)] {
        let mut altered = blocks[..=last].to_vec();
        let records = altered[last].records.as_mut().expect("it has records");
        let place = records.iter().position(|stored| own_bytes(stored, module, table).is_some());
        records.remove(place.unwrap_or_else(|| panic!("no record in {module}/{table}")));
        assert!(replay(&begin, &altered).is_err(), "a record of {module}/{table} is gone");
    }
}

#[test]
fn a_block_that_says_something_else_is_noticed() {
    let (begin, blocks) = RECORDED.clone();
    let is_busy = |block: &Recorded| block.body.len() > 4 && block.records.is_some();
    let busy = blocks.iter().position(is_busy).expect("a busy block");
    let alter = |change: &dyn Fn(&mut Recorded)| {
        let mut altered = blocks[..=busy].to_vec();
        change(&mut altered[busy]);
        replay(&begin, &altered)
    };
    alter(&|_| ()).expect("nothing changed");
    // Shard, height, parent, time, body hash, receipts root, gas.
    for place in [0, 2, 10, 42, 50, 114, 146] {
        assert!(alter(&|block| block.header[place] ^= 1).is_err(), "header byte {place}");
    }
    assert!(alter(&|block| drop(block.body.pop())).is_err(), "a transaction is gone");
    assert!(alter(&|block| block.body.swap(0, 1)).is_err(), "transactions changed places");
    assert!(alter(&|block| drop(block.receipts.pop())).is_err(), "a receipt is gone");
    assert!(alter(&|block| block.receipts.swap(0, 1)).is_err(), "receipts changed places");
    let mut missing = blocks.clone();
    missing.remove(busy);
    assert!(replay(&begin, &missing).is_err(), "a block is missing");
}

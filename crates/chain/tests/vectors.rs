//! Checked-in encodings of everything that is stored, announced, proved or signed by consensus: a diff
//! here is a format change.
//!
//! After a change that is meant, `UPDATE_VECTORS=1 cargo test -p chain --test vectors` writes the files anew;
//! the commit then opens its body with `Format:` and says what changed.

mod sample;

use alloy_primitives::hex;
use borsh::{BorshDeserialize, BorshSerialize};
use state::{Key, Record, Table};
use std::{collections::BTreeSet, fmt::Debug, fmt::Write as _, path::PathBuf};
use types::{decode, encode};

/// Encodings by name, as a file shows them.
#[derive(Default)]
struct Vectors {
    text: String,
    names: BTreeSet<String>,
    tables: BTreeSet<(u16, &'static str)>,
}

impl Vectors {
    /// A value that reads back as it was written.
    fn value<T>(&mut self, name: &str, value: &T)
    where
        T: BorshSerialize + BorshDeserialize + PartialEq + Debug,
    {
        assert!(self.names.insert(name.to_owned()), "{name} stands twice");
        let bytes = encode(value);
        assert_eq!(&decode::<T>(&bytes).expect("it reads back"), value, "{name}");
        let _ = writeln!(self.text, "{name}\n  {}", hex::encode(bytes));
    }

    /// A record of a table, under its key.
    fn record<K: Key, V: Record>(&mut self, table: &Table<K, V>, key: &K, record: &V) {
        self.tables.insert((table.number(), table.name()));
        let stored = state::stored_record(table.number(), &encode(key), record);
        let (number, key_bytes, bytes) = state::take_apart(&stored).expect("it comes apart");
        assert_eq!((number, key_bytes), (table.number(), &encode(key)[..]));
        assert_eq!(&decode::<V>(bytes).expect("it reads back"), record, "{}", table.name());
        let [key_text, text] = [key_bytes, bytes].map(shown);
        let _ =
            writeln!(self.text, "{number} {}\n  key    {key_text}\n  record {text}", table.name());
    }

    /// An event of an enum, named by its variant: each variant is here, or the sample does not compile.
    fn events<E>(&mut self, module: &str, events: Vec<E>)
    where
        E: BorshSerialize + BorshDeserialize + PartialEq + Debug,
    {
        for (place, event) in events.iter().enumerate() {
            assert_eq!(usize::from(encode(event)[0]), place, "{event:?} is out of its place");
            let debug = format!("{event:?}");
            let name = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            self.value(&format!("{module}::{name}"), event);
        }
    }

    /// Compares with the checked-in file, line by line, or writes it if that is asked for.
    fn check(self, file: &str) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(file);
        if std::env::var_os("UPDATE_VECTORS").is_some() {
            return std::fs::write(&path, self.text).expect("written");
        }
        let known = std::fs::read_to_string(&path).unwrap_or_default();
        if known == self.text {
            return;
        }
        let (was, is): (Vec<_>, Vec<_>) = (known.lines().collect(), self.text.lines().collect());
        let first = was.iter().zip(&is).take_while(|(was, is)| was == is).count();
        let name = is[..first.min(is.len())].iter().rev().find(|line| !line.starts_with(' '));
        panic!(
            "{file}, line {}, in {}:\n  was {}\n  is  {}\nAn encoding changed. If that is meant, run \
             UPDATE_VECTORS=1 cargo test -p chain --test vectors and open the commit's body with `Format:`.",
            first + 1,
            name.unwrap_or(&"its first entry"),
            was.get(first).unwrap_or(&"(end)"),
            is.get(first).unwrap_or(&"(end)"),
        );
    }
}

fn shown(bytes: &[u8]) -> String {
    if bytes.is_empty() { "(nothing)".into() } else { hex::encode(bytes) }
}

#[test]
fn every_table_stores_its_records_as_checked_in() {
    let mut vectors = Vectors::default();
    sample::identity(&mut vectors);
    sample::trust(&mut vectors);
    sample::compliance(&mut vectors);
    sample::ledger(&mut vectors);
    sample::evm(&mut vectors);
    let all: BTreeSet<_> = chain::schema().tables().collect();
    let missing: Vec<_> = all.difference(&vectors.tables).collect();
    assert!(missing.is_empty(), "a table needs a vector: {missing:?}");
    vectors.check("records.txt");
}

#[test]
fn every_event_is_announced_as_checked_in() {
    let mut vectors = Vectors::default();
    vectors.events("identity", sample::identity_events());
    vectors.events("trust", sample::trust_events());
    vectors.events("compliance", sample::compliance_events());
    vectors.events("ledger", sample::ledger_events());
    vectors.check("events.txt");
}

#[test]
fn receipts_effects_and_blocks_are_encoded_as_checked_in() {
    let mut vectors = Vectors::default();
    sample::receipts(&mut vectors);
    sample::blocks(&mut vectors);
    vectors.check("blocks.txt");
}

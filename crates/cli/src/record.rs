//! Stored records in words: what a proof shows, told without asking a node.

use crate::failure::Failure;
use alloy_primitives::Bytes;
use identity::{CLAIMS, PERSONS, WALLETS};
use ledger::{ASSETS, POSITIONS};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use state::{Key, Record, Table, record_key, take_apart};
use types::{AccountId, Address, AssetId, B256, ClassId, PersonId, decode, encode};

/// A record by its table and key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    /// The table's number.
    table: u16,
    /// The encoded key.
    key: Bytes,
}

impl Named {
    /// The record of a table under a key.
    pub(crate) fn of<K: Key, V: Record>(table: &Table<K, V>, key: &K) -> Self {
        Self { table: table.number(), key: encode(key).into() }
    }

    /// The hash under which proofs know it.
    pub(crate) fn record_key(&self) -> B256 {
        record_key(self.table, &self.key)
    }
}

/// A proved record, or a proved absence, taken apart.
///
/// A record that is there names itself; one that is absent is named by the file, and that name is
/// checked against the proved hash.
pub(crate) fn tell(key: &B256, stored: Option<&[u8]>, about: &[Named]) -> Result<Value, Failure> {
    let unreadable = || Failure::Unproved(format!("the record with key {key} cannot be read"));
    match stored {
        Some(stored) => {
            let (table, encoded, record) = take_apart(stored).ok_or_else(unreadable)?;
            if record_key(table, encoded) != *key {
                return Err(Failure::Unproved(format!(
                    "the record with key {key} names another key"
                )));
            }
            let mut told = name(table, encoded);
            told["present"] = json!(true);
            told["record"] = read(table, record).ok_or_else(unreadable)?;
            Ok(told)
        }
        None => {
            let named = about.iter().find(|named| named.record_key() == *key);
            let mut told = match named {
                Some(Named { table, key }) => name(*table, key),
                None => json!({ "record_key": key }),
            };
            told["present"] = json!(false);
            Ok(told)
        }
    }
}

/// One sentence, or a few lines, about a record.
pub(crate) fn sentence(told: &Value) -> String {
    let key =
        |name: &str| told[name].as_str().map_or_else(|| told[name].to_string(), str::to_owned);
    let record = &told["record"];
    let is_there = told["present"].as_bool() == Some(true);
    match told["table"].as_str() {
        Some("ledger/positions") if is_there => {
            let [units, held, frozen] = ["units", "held", "frozen"]
                .map(|name| record[name].as_str().unwrap_or("0").to_owned());
            format!(
                "{} has {units} units of {} {} ({held} held, {frozen} frozen)\n",
                key("account"),
                key("asset"),
                key("class")
            )
        }
        Some("ledger/positions") => {
            format!("{} has nothing of {} {}\n", key("account"), key("asset"), key("class"))
        }
        Some("identity/wallets") if is_there => {
            let account = &record["account"];
            let owns =
                if record["is_alive"].as_bool() == Some(true) { "owns" } else { "no longer owns" };
            format!(
                "wallet {} {owns} account {}/{}\n",
                key("wallet"),
                account["person"],
                account["number"]
            )
        }
        Some("identity/wallets") => format!("wallet {} belongs to nobody\n", key("wallet")),
        Some(table) if is_there => format!("{table} of {}: {record}\n", subject(told)),
        Some(table) => format!("{table} of {}: there is none\n", subject(told)),
        None => format!("there is no record under {}\n", key("record_key")),
    }
}

fn subject(told: &Value) -> String {
    let names = ["person", "asset", "record_key"];
    names.iter().find_map(|name| told[*name].as_str()).unwrap_or("?").to_owned()
}

/// The names of a record: its table, and its key where it is one of those people ask about.
fn name(table: u16, key: &[u8]) -> Value {
    let schema = chain::schema();
    let known = schema.tables().find(|(number, _)| *number == table).map(|(_, name)| name);
    let mut told = json!({ "table": known, "record_key": record_key(table, key) });
    match table {
        t if t == POSITIONS.number() => {
            if let Ok((asset, class, account)) = decode::<(AssetId, ClassId, AccountId)>(key) {
                told["asset"] = json!(asset.to_string());
                told["class"] = json!(class.to_string());
                told["account"] = json!(account.to_string());
            }
        }
        t if t == WALLETS.number() => {
            if let Ok(wallet) = decode::<Address>(key) {
                told["wallet"] = json!(wallet);
            }
        }
        t if t == PERSONS.number() || t == CLAIMS.number() => {
            if let Ok(person) = decode::<PersonId>(key) {
                told["person"] = json!(person.to_string());
            }
        }
        t if t == ASSETS.number() || t == compliance::POLICIES.number() => {
            if let Ok(asset) = decode::<AssetId>(key) {
                told["asset"] = json!(asset.to_string());
            }
        }
        _ => {}
    }
    told
}

/// The record itself; bytes where its table is none that people ask about.
fn read(table: u16, record: &[u8]) -> Option<Value> {
    fn of<K: Key, V: Record + Serialize>(_: &Table<K, V>, record: &[u8]) -> Option<Value> {
        serde_json::to_value(decode::<V>(record).ok()?).ok()
    }
    match table {
        t if t == POSITIONS.number() => of(&POSITIONS, record),
        t if t == WALLETS.number() => of(&WALLETS, record),
        t if t == PERSONS.number() => of(&PERSONS, record),
        t if t == CLAIMS.number() => of(&CLAIMS, record),
        t if t == ASSETS.number() => of(&ASSETS, record),
        t if t == compliance::POLICIES.number() => of(&compliance::POLICIES, record),
        _ => Some(json!(Bytes::copy_from_slice(record))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use state::stored_record;
    use types::Units;

    #[test]
    fn a_record_names_itself_and_a_name_that_is_not_its_own_is_refused() {
        let key = (AssetId(1), ClassId(0), AccountId::new(PersonId(12), 0));
        let position = ledger::Position { units: Units(40), ..Default::default() };
        let stored = stored_record(POSITIONS.number(), &encode(&key), &position);
        let told = tell(&POSITIONS.record_key(&key), Some(&stored), &[]).unwrap();
        let words = sentence(&told);
        assert_eq!(words, "account 12/0 has 40 units of asset 1 class 0 (0 held, 0 frozen)\n");
        let other = (AssetId(2), ClassId(0), AccountId::new(PersonId(12), 0));
        assert!(tell(&POSITIONS.record_key(&other), Some(&stored), &[]).is_err());
    }

    #[test]
    fn an_absence_is_told_by_the_name_whose_hash_is_proved() {
        let key = (AssetId(1), ClassId(0), AccountId::new(PersonId(12), 0));
        let named = Named::of(&POSITIONS, &key);
        let told = tell(&named.record_key(), None, std::slice::from_ref(&named)).unwrap();
        assert_eq!(sentence(&told), "account 12/0 has nothing of asset 1 class 0\n");
        let unnamed = tell(&named.record_key(), None, &[]).unwrap();
        assert!(sentence(&unnamed).starts_with("there is no record under 0x"));
    }
}

//! Many people in a table: each row checked by itself, the bad ones named, the good ones kept.
//!
//! A table is CSV with a head, one row per person:
//!
//! | column | what stands there |
//! |---|---|
//! | `reference` | the provider's own number of the person, each once |
//! | `name` | never leaves this machine |
//! | `kind` | `natural`, `entity`, `trust`, `fund` |
//! | `residence` | ISO 3166-1 alpha-2 |
//! | `category` | `retail`, `accredited`, `qualified`, `institution` |
//! | `identifier` | of a passport or register; for an entity or fund its LEI. Only a keyed hash leaves this machine |
//! | `wallet` | owns the person's first account |
//! | `kyc_until` | the day on which the due diligence ends, 2027-12-31 |
//! | `screening` | `clear` or `hit` |
//! | `dated` | the date of the document on which due diligence and category rest, 2026-02-10; today's if empty. The column may be left out |

use crate::wallet::read_address;
use alloy_primitives::Address;
use serde::Serialize;
use std::{collections::HashMap, fmt, str::FromStr as _};
use types::{Country, Date, Lei, Reserved};

/// The columns, in their order. The last may be left out.
pub const COLUMNS: [&str; 10] = [
    "reference",
    "name",
    "kind",
    "residence",
    "category",
    "identifier",
    "wallet",
    "kyc_until",
    "screening",
    "dated",
];

/// A row that passed every check that needs no chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Investor {
    /// The line it stands on.
    pub line: u64,
    /// The number of its kind.
    pub kind: u8,
    /// Where it resides.
    pub residence: Country,
    /// As what it may invest.
    pub category: Category,
    /// Its wallet.
    pub wallet: Address,
    /// Of a passport or register, in upper case. It stays on this machine.
    pub identifier: String,
    /// The day on which the due diligence ends.
    pub until: Date,
    /// The date of the document on which due diligence and category rest; none if it is today's.
    pub dated: Option<Date>,
}

/// As what a person may invest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Anyone.
    Retail,
    /// 17 CFR 230.501(a).
    Accredited,
    /// Regulation (EU) 2017/1129 Art 2(e).
    Qualified,
    /// 17 CFR 230.144A(a)(1), and qualified in the EU.
    Institution,
}

/// A row that is not registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The line it stands on.
    pub line: u64,
    /// The column, or the row as a whole.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.field, self.why)
    }
}

/// A table, sorted into what can be registered and what cannot.
#[derive(Debug, Default)]
pub struct Table {
    /// The good rows.
    pub investors: Vec<Investor>,
    /// The bad ones.
    pub skipped: Vec<Skipped>,
}

/// A table whose head or form is wrong, so that no row of it can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoTable(String);

/// Checks a table's rows; the table as a whole is refused only if its head is wrong.
pub fn read_people(bytes: &[u8], today: Date) -> Result<Table, NoTable> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let head = reader.byte_headers().map_err(|error| NoTable(error.to_string()))?;
    let columns = head.len();
    let is_head = head.iter().eq(COLUMNS.iter().take(columns).map(|name| name.as_bytes()));
    if !is_head || columns + 1 < COLUMNS.len() {
        let why = format!("the first line must be {}; dated may be left out", COLUMNS.join(","));
        return Err(NoTable(why));
    }
    let mut seen = Seen::default();
    let mut table = Table::default();
    for row in reader.byte_records() {
        let row = row.map_err(|error| NoTable(error.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        match check(&row, (line, columns), today, &mut seen) {
            Ok(investor) => table.investors.push(investor),
            Err((field, why)) => table.skipped.push(Skipped { line, field, why }),
        }
    }
    Ok(table)
}

/// Where each value that may stand once was seen first.
#[derive(Default)]
struct Seen {
    references: HashMap<String, u64>,
    identifiers: HashMap<String, u64>,
    wallets: HashMap<Address, u64>,
}

type Wrong = (&'static str, String);

fn check(
    row: &csv::ByteRecord,
    (line, columns): (u64, usize),
    today: Date,
    seen: &mut Seen,
) -> Result<Investor, Wrong> {
    if row.len() != columns {
        let why = format!("it has {} columns, {columns} are needed", row.len());
        return Err(("row", why));
    }
    let mut fields = [""; COLUMNS.len()];
    for (place, bytes) in row.iter().enumerate() {
        let name = COLUMNS[place];
        let text = std::str::from_utf8(bytes).map_err(|_| (name, "it is not UTF-8".to_owned()))?;
        let is_missing = text.is_empty() && name != "dated";
        if text.trim() != text || is_missing || text.chars().any(char::is_control) {
            return Err((
                name,
                "it is empty, or has spaces around it or control characters".into(),
            ));
        }
        fields[place] = text;
    }
    let [reference, _, kind, residence, category, identifier, wallet, until, screening, dated] =
        fields;
    let kind = match kind {
        "natural" => 0,
        "entity" => 1,
        "trust" => 2,
        "fund" => 3,
        other => {
            return Err(("kind", format!("\"{other}\" is none of natural, entity, trust, fund")));
        }
    };
    let residence =
        Country::from_str(residence).map_err(|error| ("residence", error.to_string()))?;
    let category = read_category(category, kind)?;
    if matches!(kind, 1 | 3) {
        Lei::from_str(identifier).map_err(|error| ("identifier", error.to_string()))?;
    }
    let wallet = read_wallet(wallet)?;
    let until = Date::from_str(until).map_err(|why| ("kyc_until", why))?;
    if until <= today {
        return Err(("kyc_until", format!("the due diligence ended on {until}; renew it first")));
    }
    let dated = read_dated(dated, today)?;
    match screening {
        "clear" => {}
        "hit" => return Err(("screening", "a sanctions list has this person".into())),
        other => return Err(("screening", format!("\"{other}\" is neither clear nor hit"))),
    }
    once(&mut seen.references, reference.to_owned(), line, "reference")?;
    once(&mut seen.identifiers, identifier.to_uppercase(), line, "identifier")?;
    once(&mut seen.wallets, wallet, line, "wallet")?;
    let identifier = identifier.to_uppercase();
    Ok(Investor { line, kind, residence, category, wallet, identifier, until, dated })
}

/// The date of a document; none for one of today, whose noon may be still to come.
fn read_dated(text: &str, today: Date) -> Result<Option<Date>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let dated = Date::from_str(text).map_err(|why| ("dated", why))?;
    if dated > today {
        let why = format!("{dated} is still to come; give the date of the document");
        return Err(("dated", why));
    }
    Ok((dated < today).then_some(dated))
}

fn read_category(text: &str, kind: u8) -> Result<Category, Wrong> {
    let category = match text {
        "retail" => Category::Retail,
        "accredited" => Category::Accredited,
        "qualified" => Category::Qualified,
        "institution" => Category::Institution,
        other => {
            let why = format!("\"{other}\" is none of retail, accredited, qualified, institution");
            return Err(("category", why));
        }
    };
    match category == Category::Institution && kind == 0 {
        true => Err(("category", "a natural person is no institution".into())),
        false => Ok(category),
    }
}

fn read_wallet(text: &str) -> Result<Address, Wrong> {
    let address = read_address(text).map_err(|error| ("wallet", error.to_string()))?;
    match address.is_zero() || Reserved::contains(&address) {
        true => Err(("wallet", "nobody can own this address".into())),
        false => Ok(address),
    }
}

fn once<T: std::hash::Hash + Eq>(
    seen: &mut HashMap<T, u64>,
    value: T,
    line: u64,
    field: &'static str,
) -> Result<(), Wrong> {
    match seen.get(&value) {
        Some(first) => {
            Err((field, format!("line {first} has the same; a person is registered once")))
        }
        None => {
            seen.insert(value, line);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "R1,Ann Lee,natural,DE,retail,X123,0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266,2030-01-01,clear";

    fn table(rows: &[&str]) -> Table {
        let columns = rows.first().map_or(0, |row| row.split(',').count()).max(COLUMNS.len() - 1);
        let head = COLUMNS[..columns].join(",");
        let text = [&[head.as_str()], rows].concat().join("\n");
        let today = Date::of(2026, 6, 1).unwrap();
        read_people(text.as_bytes(), today).unwrap()
    }

    #[test]
    fn every_kind_of_bad_row_is_named_by_line_and_column() {
        let cases = [
            ("R1,", ",", "reference"),
            ("natural", "robot", "kind"),
            ("DE", "XX", "residence"),
            ("DE", "de", "residence"),
            ("retail", "whale", "category"),
            ("retail", "institution", "category"),
            ("natural", "entity", "identifier"),
            ("X123", " X123", "identifier"),
            ("92266", "9226", "wallet"),
            ("92266", "92267", "wallet"),
            ("2030-01-01", "01.01.2030", "kyc_until"),
            ("2030-01-01", "2030-02-30", "kyc_until"),
            ("2030-01-01", "2026-06-01", "kyc_until"),
            ("clear", "hit", "screening"),
            ("clear", "dunno", "screening"),
            (",clear", "", "row"),
        ];
        for (good, bad, field) in cases {
            let table = table(&[&GOOD.replacen(good, bad, 1)]);
            assert_eq!(table.investors.len(), 0, "{bad}");
            assert_eq!((table.skipped[0].line, table.skipped[0].field), (2, field), "{bad}");
        }
        let zero = GOOD.replace("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266", &"0".repeat(40));
        assert_eq!(table(&[&zero]).skipped[0].field, "wallet");
    }

    #[test]
    fn documents_have_a_date_that_is_not_to_come() {
        let good = format!("{GOOD},2026-05-31");
        let date = |day| Date::of(2026, 5, day);
        assert_eq!(table(&[&good]).investors[0].dated, date(31));
        for today in ["2026-06-01", ""] {
            let table = table(&[&good.replace("2026-05-31", today)]);
            assert_eq!(table.investors[0].dated, None, "{today}");
        }
        for bad in ["2026-06-02", "31.05.2026", "2026-02-30", " 2026-05-31"] {
            let table = table(&[&good.replace("2026-05-31", bad)]);
            assert_eq!((table.skipped[0].line, table.skipped[0].field), (2, "dated"), "{bad}");
        }
        // Without the column, nothing is said of it.
        let head = &COLUMNS[..COLUMNS.len() - 1];
        let text = [head.join(",").as_str(), GOOD].join("\n");
        let read = read_people(text.as_bytes(), Date::of(2026, 6, 1).unwrap()).unwrap();
        assert_eq!((read.investors.len(), read.investors[0].dated), (1, None));
        let short = read_people(head[..8].join(",").as_bytes(), Date(0)).unwrap_err();
        assert!(short.to_string().contains("dated may be left out"));
    }

    #[test]
    fn what_may_stand_once_names_the_line_of_the_first() {
        let other = GOOD.replace("R1", "R2").replace("X123", "X124").replace(
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
            "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
        );
        assert_eq!(table(&[GOOD, &other]).investors.len(), 2);
        for (good, bad, field) in [("R2", "R1", "reference"), ("X124", "x123", "identifier")] {
            let table = table(&[GOOD, &other.replace(good, bad)]);
            assert_eq!((table.skipped[0].line, table.skipped[0].field), (3, field));
            assert!(table.skipped[0].why.contains("line 2"));
        }
        // A bad row takes nothing from a good one.
        let table = table(&[&GOOD.replace("DE", "XX"), GOOD]);
        assert_eq!((table.investors.len(), table.skipped.len()), (1, 1));
    }

    #[test]
    fn a_wrong_head_refuses_the_table() {
        let read = read_people(b"name,wallet\nA,B\n", Date(0));
        assert!(read.unwrap_err().to_string().contains("the first line must be reference,name"));
    }
}

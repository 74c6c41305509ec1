//! The demo's investors: how `examples/investors.csv` came to be.
//!
//! 5,000 people who do not exist, of several countries and categories, and between them 25 rows that are
//! wrong in different ways. Everything follows from each row's number, so that the file can be made
//! again: `scrip demo --print-investors`. Wallets are those of the development mnemonic, account 1.

use super::dice::Dice;
use client::{Branch, COLUMNS, DEV_MNEMONIC, KeyError, Wallet};
use types::Date;

/// Columns of the table: what its documents are dated is left out.
const SHOWN: usize = COLUMNS.len() - 1;

/// How many good rows there are.
pub(crate) const INVESTORS: u32 = 5_000;

/// How many good rows stand before each bad one.
const APART: u32 = 195;

/// The wallets that investors may have, bad rows' wallets last.
pub(crate) fn wallets() -> Result<Vec<Wallet>, KeyError> {
    let branch = Branch::new(DEV_MNEMONIC, 1)?;
    (0..INVESTORS + BAD.len() as u32).map(|place| branch.wallet(place)).collect()
}

/// The table.
pub(crate) fn print(wallets: &[Wallet]) -> Vec<u8> {
    let mut table = COLUMNS[..SHOWN].join(",").into_bytes();
    table.push(b'\n');
    for number in 0..INVESTORS {
        table.extend(row(number, wallets).join(",").into_bytes());
        table.push(b'\n');
        if number % APART == APART - 1
            && let Some(spoil) = BAD.get((number / APART) as usize)
        {
            let good = row(INVESTORS + number / APART, wallets);
            table.extend(spoil(good, &row(number / 2, wallets)));
            table.push(b'\n');
        }
    }
    table
}

type Row = [String; SHOWN];

fn row(number: u32, wallets: &[Wallet]) -> Row {
    let mut dice = Dice::new("investor", number.into());
    let residence = dice.of_weighted(&COUNTRIES);
    let kind = dice.of_weighted(&[("natural", 86), ("entity", 9), ("fund", 3), ("trust", 2)]);
    let category = match (kind, residence) {
        ("natural", "US") => dice.of_weighted(&[("accredited", 60), ("retail", 40)]),
        ("natural", "DE" | "FR" | "LU") => dice.of_weighted(&[("qualified", 25), ("retail", 75)]),
        ("natural", _) => "retail",
        (_, "US") => dice.of_weighted(&[("institution", 60), ("accredited", 40)]),
        _ => dice.of_weighted(&[("institution", 70), ("qualified", 30)]),
    };
    let first = FIRST[dice.below(FIRST.len() as u64) as usize];
    let last = LAST[dice.below(LAST.len() as u64) as usize];
    let (name, identifier) = match kind {
        "natural" => (format!("{first} {last}"), format!("{residence}P{:08}", 10_000_000 + number)),
        "trust" => (format!("{last} Family Trust"), format!("{residence}T{:06}", number)),
        "fund" => (format!("{last} Opportunities Fund"), lei(number)),
        _ => (format!("{last} Holdings"), lei(number)),
    };
    let begin = Date::of(2029, 1, 1).expect("it is a day");
    [
        format!("NWG-{number:05}"),
        name,
        kind.into(),
        residence.into(),
        category.into(),
        identifier,
        wallets[number as usize].address().to_string(),
        begin.plus_days(dice.below(1_400) as u32).to_string(),
        "clear".into(),
    ]
}

const COUNTRIES: [(&str, u64); 9] = [
    ("US", 28),
    ("DE", 20),
    ("FR", 13),
    ("CH", 12),
    ("GB", 10),
    ("SG", 7),
    ("LU", 3),
    ("JP", 4),
    ("CA", 3),
];

const FIRST: [&str; 24] = [
    "Ada", "Ben", "Clara", "David", "Elif", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Kenji",
    "Lea", "Marco", "Nora", "Oscar", "Priya", "Quentin", "Rosa", "Samuel", "Tara", "Umar", "Vera",
    "Wei", "Yara",
];

const LAST: [&str; 24] = [
    "Adler",
    "Brunner",
    "Chen",
    "Dubois",
    "Eriksen",
    "Ferrari",
    "Garcia",
    "Huber",
    "Ito",
    "Jensen",
    "Keller",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okafor",
    "Petrov",
    "Quinn",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Vogel",
    "Weber",
    "Zhang",
];

/// A legal entity identifier with its check digits, ISO 17442.
fn lei(number: u32) -> String {
    let base = format!("984500SCRIP{number:07}");
    let digits: String = base
        .chars()
        .chain("00".chars())
        .filter_map(|c| Some(c.to_digit(36)?.to_string()))
        .collect();
    let rest = digits.bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("{base}{:02}", 98 - rest)
}

type Spoil = fn(Row, &Row) -> Vec<u8>;

/// What is wrong with each bad row; the second row is a good one that stands above it.
const BAD: [Spoil; 25] = [
    |row, _| with(row, 6, ""),
    |row, _| edit(row, 6, |wallet| wallet[..41].to_owned()),
    |row, _| edit(row, 6, mistyped),
    |row, above| with(row, 6, &above[6]),
    |row, above| with(row, 5, &above[5]),
    |row, above| edit(row, 5, |_| above[5].to_lowercase()),
    |row, above| with(row, 0, &above[0]),
    |row, _| with(row, 0, ""),
    |row, _| with(row, 3, "XX"),
    |row, _| with(row, 3, "Germany"),
    |row, _| with(row, 3, "de"),
    |row, _| with(row, 4, "whale"),
    |row, _| with(row, 2, "robot"),
    |row, _| with(row, 7, "31.12.2029"),
    |row, _| with(row, 7, "2029-02-30"),
    |row, _| with(row, 7, "2024-06-30"),
    |row, _| row[..7].join(",").into_bytes(),
    |row, _| edit(row, 1, |name| format!("{name}, Dr.")),
    |row, _| with(row, 5, ""),
    |row, _| {
        [
            &row[..2],
            &["entity".into(), row[3].clone(), "qualified".into()],
            &["984500SCRIP000000100".into()],
            &row[6..],
        ]
        .concat()
        .join(",")
        .into_bytes()
    },
    |row, _| {
        [&row[..2], &["natural".into(), row[3].clone(), "institution".into()], &row[5..]]
            .concat()
            .join(",")
            .into_bytes()
    },
    |row, _| with(row, 8, "hit"),
    |row, _| with(row, 6, "0x0000000000000000000000000000000000000000"),
    // The issuer of the development chain: only the chain knows that this wallet is taken.
    |row, _| with(row, 6, "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"),
    |row, _| {
        let mut bytes = with(row, 1, "Ren?");
        if let Some(place) = bytes.iter().position(|byte| *byte == b'?') {
            // Latin-1, as old systems write it.
            bytes[place] = 0xe9;
        }
        bytes
    },
];

fn with(row: Row, column: usize, value: &str) -> Vec<u8> {
    edit(row, column, |_| value.to_owned())
}

fn edit(mut row: Row, column: usize, change: impl Fn(&str) -> String) -> Vec<u8> {
    row[column] = change(&row[column]);
    row.join(",").into_bytes()
}

/// Two digits changed places: the checksum finds it.
fn mistyped(wallet: &str) -> String {
    let mut digits = wallet.as_bytes().to_vec();
    let place = (2..41).find(|place| digits[*place] != digits[*place + 1]).unwrap_or(2);
    digits.swap(place, place + 1);
    String::from_utf8_lossy(&digits).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onboarding;
    use std::path::Path;

    #[test]
    fn the_table_in_the_repository_is_this_one() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/investors.csv");
        let printed = print(&wallets().unwrap());
        assert!(
            std::fs::read(path).unwrap() == printed,
            "print it again: scrip demo --print-investors"
        );
    }

    #[test]
    fn all_bad_rows_but_the_one_that_only_the_chain_can_know_are_found() {
        let printed = print(&wallets().unwrap());
        let today = Date::of(2026, 11, 21).unwrap();
        let table = onboarding::read(Path::new("investors.csv"), &printed, today).unwrap();
        assert_eq!(table.skipped.len(), BAD.len() - 1, "{:#?}", table.skipped);
        assert_eq!(table.investors.len(), INVESTORS as usize + 1);
    }
}

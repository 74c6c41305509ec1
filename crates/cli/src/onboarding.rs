//! Many people from a table: each row checked, the bad ones named and skipped, the good ones registered.
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

use crate::failure::Failure;
use alloy_primitives::Address;
use client::{Client, Error, Wallet, abi::IIdentity, registration};
use identity::topic;
use serde::Serialize;
use std::{
    collections::HashMap,
    fmt,
    path::Path,
    str::FromStr as _,
    time::{SystemTime, UNIX_EPOCH},
};
use types::{B256, Country, Date, Lei, PersonId, Reserved, Time};

/// The columns, in their order.
pub(crate) const COLUMNS: [&str; 9] = [
    "reference",
    "name",
    "kind",
    "residence",
    "category",
    "identifier",
    "wallet",
    "kyc_until",
    "screening",
];

/// Persons in one transaction.
const PER_TRANSACTION: usize = 200;

/// A row that passed every check that needs no chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Investor {
    /// The line it stands on.
    pub(crate) line: u64,
    /// The number of its kind.
    pub(crate) kind: u8,
    /// Where it resides.
    pub(crate) residence: Country,
    /// As what it may invest.
    pub(crate) category: Category,
    /// Its wallet.
    pub(crate) wallet: Address,
    identifier: String,
    until: Date,
}

/// As what a person may invest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Category {
    /// Anyone.
    Retail,
    /// 17 CFR 230.501(a).
    Accredited,
    /// Regulation (EU) 2017/1129 Art 2(e).
    Qualified,
    /// 17 CFR 230.144A(a)(1), and qualified in the EU.
    Institution,
}

impl Category {
    /// What the provider attests beside due diligence.
    pub(crate) fn topics(self) -> &'static [u32] {
        match self {
            Self::Retail => &[],
            Self::Accredited => &[topic::ACCREDITED],
            Self::Qualified => &[topic::EU_QUALIFIED],
            Self::Institution => &[topic::QIB, topic::EU_QUALIFIED],
        }
    }
}

/// A row that is not registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Skipped {
    /// The line it stands on.
    pub(crate) line: u64,
    /// The column, or the row as a whole.
    pub(crate) field: &'static str,
    /// What is wrong with it.
    pub(crate) why: String,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}: {}", self.line, self.field, self.why)
    }
}

/// A table, sorted into what can be registered and what cannot.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// The good rows.
    pub(crate) investors: Vec<Investor>,
    /// The bad ones.
    pub(crate) skipped: Vec<Skipped>,
}

/// What became of a table.
#[derive(Debug, Default)]
pub(crate) struct Onboarded {
    /// Who is registered now.
    pub(crate) registered: Vec<(PersonId, Investor)>,
    /// Rows that are not, by line.
    pub(crate) skipped: Vec<Skipped>,
    /// Transactions that it took.
    pub(crate) transactions: usize,
}

/// Checks a table's rows; the table as a whole is refused only if its head is wrong.
pub(crate) fn read(path: &Path, bytes: &[u8], today: Date) -> Result<Table, Failure> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let wrong = |why: String| Failure::input(path.display(), why);
    let head = reader.byte_headers().map_err(|error| wrong(error.to_string()))?;
    let is_head = head.iter().eq(COLUMNS.iter().map(|name| name.as_bytes()));
    if !is_head {
        return Err(wrong(format!("the first line must be {}", COLUMNS.join(","))));
    }
    let mut seen = Seen::default();
    let mut table = Table::default();
    for row in reader.byte_records() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        match check(&row, line, today, &mut seen) {
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
    line: u64,
    today: Date,
    seen: &mut Seen,
) -> Result<Investor, Wrong> {
    if row.len() != COLUMNS.len() {
        let why = format!("it has {} columns, {} are needed", row.len(), COLUMNS.len());
        return Err(("row", why));
    }
    let mut fields = [""; COLUMNS.len()];
    for (place, bytes) in row.iter().enumerate() {
        let name = COLUMNS[place];
        let text = std::str::from_utf8(bytes).map_err(|_| (name, "it is not UTF-8".to_owned()))?;
        if text.trim() != text || text.is_empty() || text.chars().any(char::is_control) {
            return Err((
                name,
                "it is empty, or has spaces around it or control characters".into(),
            ));
        }
        fields[place] = text;
    }
    let [reference, _, kind, residence, category, identifier, wallet, until, screening] = fields;
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
    match screening {
        "clear" => {}
        "hit" => return Err(("screening", "a sanctions list has this person".into())),
        other => return Err(("screening", format!("\"{other}\" is neither clear nor hit"))),
    }
    once(&mut seen.references, reference.to_owned(), line, "reference")?;
    once(&mut seen.identifiers, identifier.to_uppercase(), line, "identifier")?;
    once(&mut seen.wallets, wallet, line, "wallet")?;
    let identifier = identifier.to_uppercase();
    Ok(Investor { line, kind, residence, category, wallet, identifier, until })
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
    let wrong = |why: &str| ("wallet", why.to_owned());
    let address: Address = text.parse().map_err(|_| wrong("an address is 0x and 40 hex digits"))?;
    let is_mixed = text[2..].bytes().any(|b| b.is_ascii_uppercase())
        && text[2..].bytes().any(|b| b.is_ascii_lowercase());
    if is_mixed && Address::parse_checksummed(text, None).is_err() {
        return Err(wrong("its checksum (EIP-55) does not fit: a digit is mistyped"));
    }
    match address.is_zero() || Reserved::contains(&address) {
        true => Err(wrong("nobody can own this address")),
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

/// Registers a table's good rows. Where the chain refuses one, in its words, the rest still go on.
pub(crate) async fn register(
    client: &Client,
    provider: &Wallet,
    table: Table,
    progress: impl Fn(u64),
) -> Result<Onboarded, Failure> {
    let mut onboarded = Onboarded { skipped: table.skipped, ..Onboarded::default() };
    for chunk in table.investors.chunks(PER_TRANSACTION) {
        let mut chunk = chunk.to_vec();
        while !chunk.is_empty() {
            let all = chunk.iter().map(|investor| investor.registration(provider)).collect();
            match client.register(provider, all).await {
                Ok((_, persons)) => {
                    onboarded.transactions += 1;
                    progress(chunk.len() as u64);
                    onboarded.registered.extend(persons.into_iter().zip(chunk.drain(..)));
                }
                Err(Error::Refused(refusal)) => {
                    let before = chunk.len();
                    let skipped = refused(client, provider, &mut chunk).await?;
                    onboarded.skipped.extend(skipped);
                    if chunk.len() == before {
                        // None is refused alone: the transaction as a whole is.
                        return Err(Error::Refused(refusal).into());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    onboarded.skipped.sort_by_key(|skipped| skipped.line);
    Ok(onboarded)
}

/// Asks about each row alone, and takes out those that the chain refuses.
async fn refused(
    client: &Client,
    provider: &Wallet,
    chunk: &mut Vec<Investor>,
) -> Result<Vec<Skipped>, Failure> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for investor in chunk.drain(..) {
        let registrations = vec![investor.registration(provider)];
        let to = client.service(types::Module::Identity);
        let draft = client::Draft::call(to, &IIdentity::registerCall { registrations });
        match client.estimate(provider.address(), &draft).await {
            Ok(_) => good.push(investor),
            Err(Error::Refused(refusal)) => {
                bad.push(Skipped { line: investor.line, field: "row", why: refusal.to_string() })
            }
            Err(error) => return Err(error.into()),
        }
    }
    *chunk = good;
    Ok(bad)
}

impl Investor {
    fn registration(&self, provider: &Wallet) -> IIdentity::Registration {
        let due_diligence = if self.kind == 0 { topic::KYC_NATURAL } else { topic::KYB };
        let topics = [due_diligence, topic::SANCTIONS_CLEAR];
        let topics = topics.iter().chain(self.category.topics());
        let claim = |topic: &u32| IIdentity::Claim {
            topic: *topic,
            value: 0,
            expires: self.until.start().0,
            evidence: keyed(provider, &format!("evidence {topic}"), &self.identifier),
        };
        registration(
            self.wallet,
            self.kind,
            self.residence,
            uniqueness(provider, &self.identifier),
            topics.map(claim).collect(),
        )
    }
}

/// A commitment to one human or entity that nobody can guess without the provider's key.
pub(crate) fn uniqueness(provider: &Wallet, identifier: &str) -> B256 {
    keyed(provider, "uniqueness", identifier.trim().to_uppercase().as_str())
}

fn keyed(provider: &Wallet, purpose: &str, identifier: &str) -> B256 {
    let key = types::sha256(&[b"scrip provider", provider.private_key().as_slice()]);
    types::sha256(&[key.as_slice(), purpose.as_bytes(), &[0], identifier.as_bytes()])
}

/// The day it is, UTC.
pub(crate) fn today() -> Result<Date, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let since = since.map_err(|_| Failure::Machine("the clock stands before 1970".into()))?;
    Ok(Time(since.as_millis() as u64).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "R1,Ann Lee,natural,DE,retail,X123,0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266,2030-01-01,clear";

    fn table(rows: &[&str]) -> Table {
        let text = [&[COLUMNS.join(",").as_str()], rows].concat().join("\n");
        let today = Date::of(2026, 6, 1).unwrap();
        read(Path::new("table.csv"), text.as_bytes(), today).unwrap()
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
        let read = read(Path::new("t.csv"), b"name,wallet\nA,B\n", Date(0));
        assert!(
            read.unwrap_err().to_string().contains("t.csv: the first line must be reference,name")
        );
    }

    #[test]
    fn identifiers_leave_only_as_keyed_hashes() {
        let (a, b) = (Wallet::random(), Wallet::random());
        assert_eq!(uniqueness(&a, "x1"), uniqueness(&a, " X1"));
        assert_ne!(uniqueness(&a, "x1"), uniqueness(&a, "x2"));
        assert_ne!(uniqueness(&a, "x1"), uniqueness(&b, "x1"));
    }
}

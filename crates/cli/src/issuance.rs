//! Issuing to subscribers, and to many from a table, so that an interruption neither loses a row nor issues one twice.
//!
//! A table is CSV with a head, one row per holder:
//!
//! | column | what stands there |
//! |---|---|
//! | `reference` | the issuer's own number of the row, each once |
//! | `wallet` | who gets the units |
//! | `units` | how many |
//!
//! What becomes of each row is written to a report, which is read when the command runs again. A batch's
//! hash and nonce stand there before it is sent: whether it went through is then asked of the chain, and a
//! batch in its place has its nonce, of which the chain takes one.

use crate::{failure::Failure, output::Output, view::text};
use alloy_primitives::{Address, B256, FixedBytes};
use client::{Client, Draft, Error, Wallet, abi::ILedger, read_address};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    fs::{File, OpenOptions},
    path::Path,
    time::Duration,
};
use types::{AssetId, Currency, Module};

/// What is paid for units, if it is said.
#[derive(clap::Args)]
pub(crate) struct Price {
    /// What is paid for them: 5000, or 5000.00 in a currency with two decimals
    #[arg(long, value_name = "AMOUNT", requires = "currency")]
    paid: Option<String>,
    /// In which currency, ISO 4217
    #[arg(long, requires = "paid")]
    currency: Option<Currency>,
}

impl Price {
    /// In minor units of the currency.
    pub(crate) fn told(&self) -> Result<Option<(Currency, u128)>, Failure> {
        let (Some(paid), Some(currency)) = (&self.paid, self.currency) else { return Ok(None) };
        let paid = minor_units(paid, currency).map_err(|why| Failure::input("--paid", why))?;
        Ok(Some((currency, paid)))
    }
}

/// What a subscriber pays, and under which profile the units come to it.
#[derive(clap::Args)]
pub(crate) struct Subscription {
    #[command(flatten)]
    pub(crate) price: Price,
    /// Under which profile that the asset adopted; without it, the first that serves the subscriber and passes
    #[arg(long, value_name = "PROFILE", requires = "paid")]
    pub(crate) under: Option<String>,
}

impl Subscription {
    /// The call that issues to a subscriber; none if nothing is said of payment.
    pub(crate) async fn place(
        &self,
        client: &Client,
        asset: AssetId,
        to: Address,
        units: u128,
    ) -> Result<Option<ILedger::placeCall>, Failure> {
        let Some((currency, paid)) = self.price.told()? else { return Ok(None) };
        let profile = match &self.under {
            None => 0,
            Some(id) => {
                let told: Value =
                    client.rpc().call("scrip_getAsset", json!({ "asset": asset })).await?;
                let adopted = told["adoptions"].as_array().into_iter().flatten();
                let open: Vec<_> =
                    adopted.filter(|it| it["is_open"].as_bool() == Some(true)).collect();
                let meant = open.iter().find(|it| it["id"] == id.as_str());
                let number = meant.and_then(|it| it["number"].as_u64()?.try_into().ok());
                number.ok_or_else(|| {
                    let open: Vec<_> = open.iter().map(|it| text(&it["id"])).collect();
                    let known = match open.is_empty() {
                        true => "it has adopted none".to_owned(),
                        false => format!("it has adopted {}", open.join(", ")),
                    };
                    let why = format!(
                        "{asset} issues nothing under {id}: {known}; `scrip asset adopt` adds one"
                    );
                    Failure::input("--under", why)
                })?
            }
        };
        Ok(Some(ILedger::placeCall {
            asset: asset.0,
            class: 0,
            profile,
            currency: FixedBytes::from_slice(currency.as_str().as_bytes()),
            legs: vec![ILedger::Placement { to, units, paid }],
        }))
    }
}

/// An amount in minor units of its currency: 15.00 and 15 USD are 1,500 of them.
fn minor_units(text: &str, currency: Currency) -> Result<u128, String> {
    let known = iso_currency::Currency::from_code(currency.as_str());
    let decimals = known.and_then(|known| known.exponent()).map_or(0, usize::from);
    let bad = || match decimals {
        0 => format!("{text} is no amount of {currency}, which has no decimals; write 5000"),
        n => format!("{text} is no amount of {currency}; write 5000 or 5000.{}", "0".repeat(n)),
    };
    let (whole, minor) = match text.split_once('.') {
        Some((whole, minor)) if decimals > 0 && minor.len() == decimals => {
            (whole, minor.to_owned())
        }
        Some(_) => return Err(bad()),
        None => (text, "0".repeat(decimals)),
    };
    let digits = format!("{whole}{minor}");
    let is_digits = !whole.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| is_digits).ok_or_else(bad)
}

/// The columns of a table, in their order.
const COLUMNS: [&str; 3] = ["reference", "wallet", "units"];

/// Rows in one transaction.
const PER_TRANSACTION: usize = 100;

/// How long a node may take to tell what is in its newest block.
const TOLD: Duration = Duration::from_secs(5);

/// How long a batch may take to be final.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who is to get how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    line: u64,
    pub(crate) reference: String,
    pub(crate) wallet: Address,
    pub(crate) units: u128,
}

/// How a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// Signed, and perhaps sent.
    Signed,
    Issued,
    Refused,
    /// Its batch is in no block and will be in none.
    Lost,
}

/// A line of the report: the last of a reference counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    reference: String,
    wallet: Address,
    units: u128,
    status: Status,
    transaction: Option<B256>,
    nonce: Option<u64>,
    why: String,
}

impl Entry {
    fn of(row: &Row, status: Status) -> Self {
        let Row { reference, wallet, units, .. } = row.clone();
        let (transaction, nonce, why) = (None, None, String::new());
        Self { reference, wallet, units, status, transaction, nonce, why }
    }
}

/// What became of a table.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Issued {
    /// Rows issued now.
    pub(crate) issued: usize,
    /// Rows that were issued before.
    pub(crate) before: usize,
    /// Rows that the chain refuses; the report says why.
    pub(crate) refused: usize,
    /// Transactions that it took.
    pub(crate) transactions: usize,
}

/// Who issues what, and where it is written down.
pub(crate) struct Issuance<'a> {
    pub(crate) client: &'a Client,
    pub(crate) issuer: Wallet,
    pub(crate) asset: AssetId,
    pub(crate) class: u32,
    pub(crate) table: &'a Path,
    pub(crate) report: &'a Path,
}

impl Issuance<'_> {
    /// Issues every row that is not issued yet. A table with a wrong row is refused before anything happens.
    pub(crate) async fn run(&self, output: &Output) -> Result<Issued, Failure> {
        let rows = read_rows(self.table)?;
        let mut known = read_report(self.report)?;
        check_report(self.report, &rows, &known)?;
        let mut report = Report::open(self.report)?;
        self.resolve(&mut known, &mut report).await?;
        let is_done = |row: &&Row| {
            known.get(&row.reference).is_some_and(|entry| entry.status == Status::Issued)
        };
        let before = rows.iter().filter(is_done).count();
        let open: Vec<Row> = rows.iter().filter(|row| !is_done(row)).cloned().collect();
        let mut done = Issued { before, ..Issued::default() };
        let bar = output.progress("rows issued", rows.len());
        bar.inc(before as u64);
        for batch in open.chunks(PER_TRANSACTION) {
            let good = self.refuse_bad(batch, &mut report, &mut done).await?;
            if !good.is_empty() {
                self.issue(&good, &mut report).await?;
                done.issued += good.len();
                done.transactions += 1;
            }
            bar.inc(batch.len() as u64);
        }
        bar.finish_and_clear();
        Ok(done)
    }

    fn draft(&self, rows: &[Row]) -> Draft {
        let leg = |row: &Row| ILedger::Leg { to: row.wallet, units: row.units };
        let (asset, class) = (self.asset.0, self.class);
        let legs = rows.iter().map(leg).collect();
        self.client.draft(Module::Ledger, &ILedger::issueBatchCall { asset, class, legs })
    }

    /// Asks the chain what became of batches that were signed when the command last ended.
    async fn resolve(
        &self,
        known: &mut BTreeMap<String, Entry>,
        report: &mut Report<'_>,
    ) -> Result<(), Failure> {
        // Asked before the receipts: whatever has a nonce before this one is in a block.
        let next = self.client.final_nonce(self.issuer.address()).await?;
        for entry in known.values_mut().filter(|entry| entry.status == Status::Signed) {
            let (Some(hash), Some(nonce)) = (entry.transaction, entry.nonce) else { continue };
            // It may still come: what is sent instead has its nonce, and only one of the two counts.
            if nonce >= next {
                continue;
            }
            entry.status = match self.client.wait(hash, TOLD).await {
                Ok(receipt) if receipt.is_done() => Status::Issued,
                // Another transaction has its nonce, so that it never will be in a block.
                Ok(_) | Err(Error::Pending(..)) => Status::Lost,
                Err(error) => return Err(error.into()),
            };
            report.write(entry.clone())?;
        }
        Ok(())
    }

    /// Takes out the rows that would be refused, and writes why.
    async fn refuse_bad(
        &self,
        batch: &[Row],
        report: &mut Report<'_>,
        done: &mut Issued,
    ) -> Result<Vec<Row>, Failure> {
        let whole = match self.client.estimate(self.issuer.address(), &self.draft(batch)).await {
            Ok(_) => return Ok(batch.to_vec()),
            Err(Error::Refused(refusal)) => refusal,
            Err(error) => return Err(error.into()),
        };
        let mut good: Vec<Row> = Vec::new();
        for row in batch {
            // Together with those before it: a row may be good alone, and too much beside others.
            good.push(row.clone());
            match self.client.estimate(self.issuer.address(), &self.draft(&good)).await {
                Ok(_) => {}
                Err(Error::Refused(refusal)) => {
                    good.pop();
                    let why = refusal.to_string();
                    report.write(Entry { why, ..Entry::of(row, Status::Refused) })?;
                    done.refused += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
        // None is good: what stands in the way is mostly not about the rows.
        match good.is_empty() && batch.len() > 1 {
            true => Err(Error::Refused(whole).into()),
            false => Ok(good),
        }
    }

    async fn issue(&self, rows: &[Row], report: &mut Report<'_>) -> Result<(), Failure> {
        let draft = self.draft(rows);
        let sender = self.issuer.address();
        let gas = self.client.estimate(sender, &draft).await? * 5 / 4;
        let nonce = self.client.final_nonce(sender).await?;
        let (hash, bytes) = self.client.sign(&self.issuer, nonce, &draft, gas);
        for row in rows {
            let (transaction, nonce) = (Some(hash), Some(nonce));
            report.write(Entry { transaction, nonce, ..Entry::of(row, Status::Signed) })?;
        }
        report.keep()?;
        let _: B256 =
            self.client.rpc().call("eth_sendRawTransaction", serde_json::json!([bytes])).await?;
        let receipt = self.client.wait(hash, PATIENCE).await?;
        let status = if receipt.is_done() { Status::Issued } else { Status::Lost };
        for row in rows {
            let transaction = Some(hash);
            report.write(Entry { transaction, ..Entry::of(row, status) })?;
        }
        report.keep()?;
        match receipt.is_done() {
            true => Ok(()),
            false => Err(Failure::NotAllowed(format!(
                "transaction {hash} was refused when it was included, though it would have passed before; run the command again"
            ))),
        }
    }
}

/// The rows of a table. One with a wrong row is refused.
pub(crate) fn read_rows(path: &Path) -> Result<Vec<Row>, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, error))?;
    read_table(path, &bytes)
}

fn read_table(path: &Path, bytes: &[u8]) -> Result<Vec<Row>, Failure> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let wrong = |why: String| Failure::input(path.display(), why);
    let head = reader.byte_headers().map_err(|error| wrong(error.to_string()))?;
    if !head.iter().eq(COLUMNS.iter().map(|name| name.as_bytes())) {
        return Err(wrong(format!("the first line must be {}", COLUMNS.join(","))));
    }
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = check(&record, line)
            .map_err(|(field, why)| wrong(format!("line {line}, {field}: {why}")))?;
        if let Some(first) = seen.insert(row.reference.clone(), line) {
            return Err(wrong(format!("line {line}, reference: line {first} has the same")));
        }
        rows.push(row);
    }
    match rows.is_empty() {
        true => Err(wrong("it has no rows".into())),
        false => Ok(rows),
    }
}

fn check(record: &csv::StringRecord, line: u64) -> Result<Row, (&'static str, String)> {
    let fields: Vec<&str> = record.iter().collect();
    let [reference, wallet, units] = fields[..] else {
        return Err(("row", format!("it has {} columns, 3 are needed", record.len())));
    };
    if reference.trim() != reference || reference.is_empty() {
        return Err(("reference", "it is empty, or has spaces around it".into()));
    }
    let wallet = read_address(wallet).map_err(|error| ("wallet", error.to_string()))?;
    let units = units.parse().ok().filter(|units| *units > 0u128);
    let units = units.ok_or(("units", "a whole number above zero is needed".to_owned()))?;
    Ok(Row { line, reference: reference.to_owned(), wallet, units })
}

fn read_report(path: &Path) -> Result<BTreeMap<String, Entry>, Failure> {
    let mut known = BTreeMap::new();
    if !path.exists() {
        return Ok(known);
    }
    let wrong = |error: csv::Error| {
        let why = format!("this is no report of an issuance: {error}; name another file");
        Failure::input(path.display(), why)
    };
    let mut reader = csv::Reader::from_path(path).map_err(wrong)?;
    for entry in reader.deserialize() {
        let entry: Entry = entry.map_err(wrong)?;
        known.insert(entry.reference.clone(), entry);
    }
    Ok(known)
}

/// A row that was issued must not say something else now.
fn check_report(path: &Path, rows: &[Row], known: &BTreeMap<String, Entry>) -> Result<(), Failure> {
    for row in rows {
        let Some(entry) = known.get(&row.reference) else { continue };
        let is_same = (entry.wallet, entry.units) == (row.wallet, row.units);
        if !is_same && matches!(entry.status, Status::Issued | Status::Signed) {
            let why = format!(
                "reference {} stands here with {} units for {}; line {} of the table says {} for {}. Give a new reference, or another report",
                row.reference, entry.units, entry.wallet, row.line, row.units, row.wallet
            );
            return Err(Failure::input(path.display(), why));
        }
    }
    Ok(())
}

/// The report, written as things happen.
struct Report<'a> {
    path: &'a Path,
    writer: csv::Writer<File>,
}

impl<'a> Report<'a> {
    fn open(path: &'a Path) -> Result<Self, Failure> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|error| Failure::file(path, error))?;
        let is_new = file.metadata().map_err(|error| Failure::file(path, error))?.len() == 0;
        let writer = csv::WriterBuilder::new().has_headers(is_new).from_writer(file);
        Ok(Self { path, writer })
    }

    fn write(&mut self, entry: Entry) -> Result<(), Failure> {
        let path = self.path;
        self.writer.serialize(entry).map_err(|error| Failure::file(path, error))?;
        self.writer.flush().map_err(|error| Failure::file(path, error))
    }

    /// What is written stays, whatever happens to the machine.
    fn keep(&mut self) -> Result<(), Failure> {
        self.writer.get_ref().sync_data().map_err(|error| Failure::file(self.path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALLET: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    fn table(rows: &str) -> Result<Vec<Row>, String> {
        let text = format!("reference,wallet,units\n{rows}");
        read_table(Path::new("t.csv"), text.as_bytes()).map_err(|failure| failure.to_string())
    }

    #[test]
    fn amounts_are_read_with_the_decimals_of_their_currency() {
        let of = |text, currency: &str| minor_units(text, currency.parse().unwrap());
        assert_eq!(of("5000", "USD"), Ok(500_000));
        assert_eq!(of("5000.05", "USD"), Ok(500_005));
        assert_eq!(of("0", "USD"), Ok(0));
        assert_eq!(of("5000", "JPY"), Ok(5_000));
        assert_eq!(of("5.000", "KWD"), Ok(5_000));
        for (bad, currency) in [
            ("5000.5", "USD"),
            ("5.00", "JPY"),
            ("-5", "USD"),
            ("+5", "USD"),
            (".50", "USD"),
            ("5e3", "USD"),
        ] {
            let why = of(bad, currency).unwrap_err();
            assert!(why.contains(bad) && why.contains("write 5000"), "{why}");
        }
    }

    #[test]
    fn a_wrong_row_refuses_the_table_by_line_and_column() {
        assert_eq!(table(&format!("R1,{WALLET},5\n")).unwrap()[0].units, 5);
        for (row, field) in [
            (format!(",{WALLET},5"), "line 2, reference"),
            (format!("R1,{},5", WALLET.replace('f', "e")), "line 2, wallet"),
            (format!("R1,{WALLET},0"), "line 2, units"),
            (format!("R1,{WALLET},1.5"), "line 2, units"),
            (format!("R1,{WALLET}"), "line 2, row"),
            (format!("R1,{WALLET},5\nR1,{WALLET},6"), "line 3, reference: line 2 has the same"),
            (String::new(), "no rows"),
        ] {
            let why = table(&row).unwrap_err();
            assert!(why.contains(field), "{row}: {why}");
        }
    }

    #[test]
    fn the_last_line_of_a_reference_counts_and_an_issued_row_cannot_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.csv");
        let row = table(&format!("R1,{WALLET},5\n")).unwrap().remove(0);
        let mut report = Report::open(&path).unwrap();
        let (transaction, nonce) = (Some(B256::repeat_byte(1)), Some(7));
        let signed = Entry { transaction, nonce, ..Entry::of(&row, Status::Signed) };
        report.write(signed.clone()).unwrap();
        drop(report);
        assert_eq!(read_report(&path).unwrap()["R1"], signed);
        Report::open(&path).unwrap().write(Entry::of(&row, Status::Issued)).unwrap();
        let known = read_report(&path).unwrap();
        assert_eq!(known["R1"].status, Status::Issued);
        assert!(check_report(&path, std::slice::from_ref(&row), &known).is_ok());
        let other = Row { units: 6, ..row };
        let why = check_report(&path, &[other], &known).unwrap_err().to_string();
        assert!(why.contains("R1") && why.contains("another report"), "{why}");
    }
}

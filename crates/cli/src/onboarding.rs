//! Registers many people from a table: the bad rows named and skipped, the good ones sent.
//!
//! What a table is stands at [`client::read_people`].

use crate::failure::Failure;
use client::{
    Category, Client, Error, Investor, Skipped, Table, Wallet, abi::IIdentity, registration,
};
use identity::topic;
use std::path::Path;
use types::{B256, Date, PersonId};

/// Persons in one transaction.
const PER_TRANSACTION: usize = 200;

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
    client::read_people(bytes, today).map_err(|error| Failure::input(path.display(), error))
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
            let all = chunk.iter().map(|investor| registration_of(investor, provider)).collect();
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
        let registrations = vec![registration_of(&investor, provider)];
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

fn registration_of(investor: &Investor, provider: &Wallet) -> IIdentity::Registration {
    let due_diligence = if investor.kind == 0 { topic::KYC_NATURAL } else { topic::KYB };
    let topics = [due_diligence, topic::SANCTIONS_CLEAR];
    let topics = topics.iter().chain(topics_of(investor.category));
    // A screening is of the day on which it is attested.
    let dated = |topic: u32| investor.dated.filter(|_| topic != topic::SANCTIONS_CLEAR);
    let claim = |topic: &u32| IIdentity::Claim {
        topic: *topic,
        value: 0,
        dated: dated(*topic).map_or(0, |date| date.noon().0),
        expires: investor.until.start().0,
        evidence: keyed(provider, &format!("evidence {topic}"), &investor.identifier),
    };
    registration(
        investor.wallet,
        investor.kind,
        investor.residence,
        uniqueness(provider, &investor.identifier),
        topics.map(claim).collect(),
    )
}

/// What the provider attests beside due diligence.
pub(crate) fn topics_of(category: Category) -> &'static [u32] {
    match category {
        Category::Retail => &[],
        Category::Accredited => &[topic::ACCREDITED],
        Category::Qualified => &[topic::EU_QUALIFIED],
        Category::Institution => &[topic::QIB, topic::EU_QUALIFIED],
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_leave_only_as_keyed_hashes() {
        let (a, b) = (Wallet::random(), Wallet::random());
        assert_eq!(uniqueness(&a, "x1"), uniqueness(&a, " X1"));
        assert_ne!(uniqueness(&a, "x1"), uniqueness(&a, "x2"));
        assert_ne!(uniqueness(&a, "x1"), uniqueness(&b, "x1"));
    }
}

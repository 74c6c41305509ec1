//! People and a security to measure with.

use crate::{
    bench::machine,
    demo::{Officials, PATIENCE, TRANSFER_GAS},
    failure::Failure,
    output::Output,
};
use client::{
    Branch, Client, DEV_MNEMONIC, Draft, Job, NewSecurity, Signed, Wallet,
    abi::{IIdentity, ILedger},
    registration, sign_all,
};
use identity::topic;
use types::{AssetId, B256, Country, Date, Module};

/// A chain with people on it.
pub(crate) struct World {
    pub(crate) client: Client,
    pub(crate) officials: Officials,
    pub(crate) people: Vec<Wallet>,
}

/// Persons in one transaction.
const PER_TRANSACTION: usize = 250;

/// What every holder begins with.
const FIRST_UNITS: u128 = 1_000;

/// Rules as a security of this kind has them: identity on both sides, countries, head-count, the most
/// that one may hold, a lock for affiliates.
const POLICY: &str = r#"{ "rules": [
    { "claim": { "side": "both", "topic": 1 } },
    { "countries": { "side": "receiver", "mode": "allow", "countries": ["DE", "FR", "CH", "GB", "SG", "LU"] } },
    { "count": { "filter": "all", "max": 1000000 } },
    { "holding": { "max": "1000000" } },
    { "when": { "guard": { "claim": { "side": "sender", "topic": 60 } }, "then": { "lot": { "months": 6 } } } }
] }"#;

impl World {
    /// Registers people on a fresh development chain.
    pub(crate) async fn people(url: &str, count: u32, output: &Output) -> Result<Self, Failure> {
        let client = Client::connect(url).await?;
        let officials = Officials::new();
        officials.fuel(&client).await?;
        let branch = Branch::new(DEV_MNEMONIC, 1).map_err(client::Error::from)?;
        let people: Result<Vec<_>, _> = (0..count).map(|place| branch.wallet(place)).collect();
        let people = people.map_err(client::Error::from)?;
        let country: Country = "DE".parse().expect("it is a country");
        let begin = Date::of(2040, 1, 1).expect("it is a day");
        let person = |(place, wallet): (usize, &Wallet)| {
            let claim = |topic| IIdentity::Claim {
                topic,
                value: 0,
                dated: 0,
                expires: begin.plus_days((place % 3_000) as u32).start().0,
                evidence: Default::default(),
            };
            let claims = vec![claim(topic::KYC_NATURAL), claim(topic::SANCTIONS_CLEAR)];
            let uniqueness = types::sha256(&[b"bench", wallet.address().as_slice()]);
            registration(wallet.address(), 0, country, uniqueness, claims)
        };
        let registrations: Vec<_> = people.iter().enumerate().map(person).collect();
        let bar = output.progress("people registered", registrations.len());
        for chunk in registrations.chunks(PER_TRANSACTION) {
            client.register(&officials.provider, chunk.to_vec()).await?;
            bar.inc(chunk.len() as u64);
        }
        bar.finish_and_clear();
        Ok(Self { client, officials, people })
    }

    /// Creates a security with its rules.
    pub(crate) async fn security(&self, number: usize) -> Result<AssetId, Failure> {
        let new = NewSecurity {
            kind: 0,
            currency: String::new(),
            symbol: format!("B{number}"),
            name: format!("Bench {number} ordinary shares"),
            decimals: 0,
            isin: String::new(),
            cfi: "ESVUFR".into(),
            fisn: String::new(),
            lei: String::new(),
            authorised: u128::from(u64::MAX),
        };
        let (_, asset) = self.client.create_security(&self.officials.issuer, new).await?;
        self.client.set_policy(&self.officials.issuer, asset, POLICY, B256::ZERO).await?;
        Ok(asset)
    }

    /// The call that issues to these people.
    pub(crate) fn issue(&self, asset: AssetId, to: &[Wallet]) -> Draft {
        let leg = |wallet: &Wallet| ILedger::Leg { to: wallet.address(), units: FIRST_UNITS };
        let legs = to.iter().map(leg).collect();
        let call = ILedger::issueBatchCall { asset: asset.0, class: 0, legs };
        Draft::call(self.client.service(Module::Ledger), &call)
    }

    /// Issues a security to everyone.
    pub(crate) async fn issue_to_all(&self, asset: AssetId) -> Result<(), Failure> {
        for chunk in self.people.chunks(PER_TRANSACTION) {
            self.client.send(&self.officials.issuer, self.issue(asset, chunk)).await?;
        }
        Ok(())
    }

    /// Signs transfers of one unit among all, from a nonce on; everyone sends in turn.
    pub(crate) fn transfers(&self, asset: AssetId, count: usize, nonce: u64) -> Vec<Signed> {
        let people = &self.people;
        let job = |number: usize| {
            let (round, from) = (number / people.len(), number % people.len());
            let to = (from + 1 + 37 * (round + 1)) % people.len();
            let draft = self.client.transfer_draft(asset, people[to].address(), 1);
            Job { wallet: &people[from], nonce: nonce + round as u64, draft }
        };
        let jobs: Vec<_> = (0..count).map(job).collect();
        sign_all(&self.client, &jobs, TRANSFER_GAS)
    }

    /// Submits what one wallet signed, and waits until all is final and done.
    pub(crate) async fn submit(&self, signed: &[Signed]) -> Result<(), Failure> {
        let from = self.client.height().await?;
        let answers = self.client.submit_all(signed, |_| {}).await?;
        if let Some(error) = answers.into_iter().flatten().next() {
            return Err(error.into());
        }
        let hashes: Vec<_> = signed.iter().map(|signed| signed.hash).collect();
        self.client.await_inclusion(hashes.iter().copied(), from, PATIENCE, |_| {}).await?;
        let receipts = self.client.receipts(&hashes, |_| {}).await?;
        match receipts.iter().all(client::Receipt::is_done) {
            true => Ok(()),
            false => Err(Failure::Untrue("a transaction of the preparation was refused".into())),
        }
    }
}

/// Processor time of a process over some work, as a share of one core's time.
pub(crate) fn share_of_core(process: u32, before: f64, seconds: f64) -> Result<f64, Failure> {
    Ok((machine::cpu_seconds(process)? - before) / seconds * 100.0)
}

//! `scrip demo`: the whole story in numbers, on a fresh chain, with nothing faked.
//!
//! The chain is a process of its own. Every figure in the summary is counted from what the chain
//! answers: receipts, balances, proofs.

mod dice;
mod outcome;
mod plan;
mod table;

use crate::{
    asset_file::read_asset,
    failure::Failure,
    network, onboarding,
    output::{Output, facts, grouped},
    process::{self, NodeProcess, free_port},
    proof, roles,
    transfer::explained,
};
use alloy_primitives::{Address, B256};
use client::{
    Client, Draft, Job, Signed, Wallet,
    abi::{IIdentity, ILedger, ITrust},
    sign_all,
};
use outcome::Outcomes;
use plan::{Mark, Person, Planned};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use types::{AccountId, AssetId, ClassId, Date, Module, Time};

pub(crate) use dice::Dice;

/// The whole story in numbers: 5,000 people, a security, 20,000 transfers.
#[derive(clap::Args)]
pub(crate) struct Demo {
    /// Keep the chain here; must be empty or absent. Without it the chain is gone at the end
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// The folder of investors.csv, security.toml and policy.json
    #[arg(long, default_value = "examples", value_name = "FOLDER")]
    examples: PathBuf,
    /// How many transfers
    #[arg(long, default_value_t = 20_000)]
    transfers: usize,
    /// Print the table of investors, and do nothing else
    #[arg(long)]
    print_investors: bool,
}

/// Gas that a transfer may use.
pub(crate) const TRANSFER_GAS: u64 = 200_000;
/// Fuel that the admin credits to who works much.
const WORKING_FUEL: u64 = 100_000_000_000;
/// Holders in one transaction.
const PER_ISSUE: usize = 200;
/// How long nothing may happen before it counts as stuck.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

impl Demo {
    pub(crate) async fn run(&self, output: &Output) -> Result<(), Failure> {
        if self.print_investors {
            use std::io::Write as _;
            let printed = table::print(&table::wallets().map_err(client::Error::from)?);
            let written = std::io::stdout().write_all(&printed);
            return written.map_err(|error| Failure::input("standard output", error));
        }
        let mut temporary = None;
        let folder = match &self.data_dir {
            Some(folder) => folder.clone(),
            None => {
                let made = tempfile::Builder::new().prefix("scrip-demo-").tempdir();
                let made = made.map_err(|error| Failure::file(&std::env::temp_dir(), error))?;
                temporary.insert(made).path().to_owned()
            }
        };
        if !network::is_fresh(&folder)? {
            let why = "the demo begins on a fresh folder; remove this one or name another";
            return Err(Failure::input(folder.display(), why));
        }
        std::fs::create_dir_all(&folder).map_err(|error| Failure::file(&folder, error))?;
        let chain = folder.join("chain");
        let mut node = start_chain(&chain, &folder.join("node.log"))?;
        output.note(format!("chain    a fresh one answers at {}", node.url));
        let story = Story { examples: &self.examples, folder: &folder, chain: &chain, output };
        let told = story.tell(&node.url, self.transfers).await;
        node.stop();
        let told = told?;
        output.result(&told.value, || told.words);
        Ok(())
    }
}

/// Starts a development chain in a process of its own, on ports that are free.
pub(crate) fn start_chain(folder: &Path, log: &Path) -> Result<NodeProcess, Failure> {
    let (port, metrics) = (free_port()?.to_string(), free_port()?.to_string());
    let folder = folder.display().to_string();
    let arguments = ["--json", "dev", "--with-parent", "--data-dir", &folder, "--port", &port];
    NodeProcess::start(&[&arguments[..], &["--metrics-port", &metrics]].concat(), log)
}

struct Story<'s> {
    examples: &'s Path,
    folder: &'s Path,
    chain: &'s Path,
    output: &'s Output,
}

struct Told {
    value: Value,
    words: String,
}

/// The people behind the demo's official acts.
pub(crate) struct Officials {
    pub(crate) admin: Wallet,
    pub(crate) provider: Wallet,
    pub(crate) issuer: Wallet,
    pub(crate) agent: Wallet,
    pub(crate) officer: Wallet,
}

impl Officials {
    pub(crate) fn new() -> Self {
        let mut wallets = roles::wallets().into_iter();
        let mut next = || wallets.next().expect("there are ten");
        let (admin, provider, issuer) = (next(), next(), next());
        Self { admin, provider, issuer, agent: next(), officer: next() }
    }

    /// Credits fuel to those who work much: a tank of its own is sized for a person's day.
    pub(crate) async fn fuel(&self, client: &Client) -> Result<(), Failure> {
        for place in [1, 2, 3] {
            let person = roles::person(place).0;
            let call = ITrust::creditFuelCall { person, gasAmount: WORKING_FUEL };
            client.send(&self.admin, Draft::call(client.service(Module::Trust), &call)).await?;
        }
        Ok(())
    }
}

impl Story<'_> {
    async fn tell(&self, url: &str, transfers: usize) -> Result<Told, Failure> {
        let client = Client::connect(url).await?;
        let officials = Officials::new();
        officials.fuel(&client).await?;

        let (onboarded, onboarding_s) = self.onboard(&client, &officials).await?;
        let (registered, skipped) = (onboarded.registered.len(), onboarded.skipped);
        let keys = table::wallets().map_err(client::Error::from)?;
        let keys: HashMap<Address, Wallet> =
            keys.into_iter().map(|key| (key.address(), key)).collect();
        let mut people = plan::people(onboarded.registered, keys);

        let asset = self.create(&client, &officials).await?;
        let (legs, issuing_s) = self.issue(&client, &officials, asset, &mut people).await?;
        plan::mark(&mut people);
        self.act(&client, &officials, asset, &people).await?;

        let planned = plan::transfers(&mut people, transfers);
        let (signed, signing_s) = self.sign(&client, asset, &people, &planned);
        let (outcomes, transferring_s) = self.transfer(&client, &signed).await?;
        let refused = outcomes.by_reason();
        for (number, skip) in refused.iter().enumerate() {
            if number == 0 {
                self.output.note("\nwhy transfers were refused, in the chain's words");
            }
            self.output.note(format!("  {:>5}  {}", grouped(skip.count as u64), skip.example));
        }
        let explained = self.explain(&client, asset, &people).await?;

        let holders = outcomes.check_balances(&client, asset, &legs, &people, &planned).await?;
        let supply = client.supply(asset).await?;
        let proof = self.prove(&client, asset, &people).await?;
        let height = client.height().await?;

        let rate = |count: usize, seconds: f64| (count as f64 / seconds) as u64;
        let (done, refused_count, turned) = outcomes.counts();
        let value = json!({
            "investors": { "registered": registered, "rows_skipped": skipped, "per_second": rate(registered, onboarding_s) },
            "issued": { "holders": legs.len(), "units": supply.to_string(), "per_second": rate(legs.len(), issuing_s) },
            "transfers": {
                "signed": signed.len(),
                "done": done,
                "refused_in_blocks": refused_count,
                "turned_away_at_the_door": turned,
                "signed_per_second": rate(signed.len(), signing_s),
                "final_per_second": rate(done + refused_count, transferring_s),
                "reasons": refused,
            },
            "explained": explained,
            "checks": { "balances_equal_receipts": people.len(), "holders": holders, "supply": supply.to_string() },
            "proof": proof,
            "blocks": height,
        });
        let kept = match self.folder.starts_with(std::env::temp_dir()) {
            true => String::new(),
            false => {
                format!("\nGo on with this chain: scrip dev --data-dir {}\n", self.chain.display())
            }
        };
        let words = format!(
            "\nSUMMARY\n{}{kept}",
            facts([
                (
                    "people",
                    format!(
                        "{} registered, {} rows of the table skipped, {}/s",
                        grouped(registered as u64),
                        skipped.len(),
                        grouped(rate(registered, onboarding_s))
                    )
                ),
                (
                    "issue",
                    format!(
                        "{} units to {} holders, {}/s",
                        grouped(supply.to::<u128>()),
                        grouped(legs.len() as u64),
                        grouped(rate(legs.len(), issuing_s))
                    )
                ),
                (
                    "transfers",
                    format!(
                        "{} signed one by one, {}/s",
                        grouped(signed.len() as u64),
                        grouped(rate(signed.len(), signing_s))
                    )
                ),
                ("  done", grouped(done as u64)),
                (
                    "  refused",
                    format!(
                        "{} in blocks, {} at the door, for {} different reasons",
                        grouped(refused_count as u64),
                        turned,
                        refused.len()
                    )
                ),
                (
                    "  rate",
                    format!(
                        "{}/s from the first submission to the last final block, over JSON-RPC",
                        grouped(rate(done + refused_count, transferring_s))
                    )
                ),
                (
                    "checked",
                    format!(
                        "the balances of all {} people equal what the receipts say; {} hold the {} units",
                        grouped(people.len() as u64),
                        grouped(holders as u64),
                        grouped(supply.to::<u128>())
                    )
                ),
                ("proved", proof["sentence"].as_str().unwrap_or_default().to_owned()),
                ("chain", format!("{} blocks, all final", grouped(height))),
            ])
        );
        Ok(Told { value, words })
    }

    async fn onboard(
        &self,
        client: &Client,
        officials: &Officials,
    ) -> Result<(onboarding::Onboarded, f64), Failure> {
        let path = self.examples.join("investors.csv");
        let bytes = std::fs::read(&path).map_err(|error| Failure::file(&path, error))?;
        let table = onboarding::read(&path, &bytes, process::now()?.date())?;
        let bar = self.output.progress("people registered", table.investors.len());
        let started = Instant::now();
        let onboarded =
            onboarding::register(client, &officials.provider, table, |count| bar.inc(count))
                .await?;
        let seconds = started.elapsed().as_secs_f64();
        bar.finish_and_clear();
        self.output.note(format!(
            "people   {} registered in {} transactions; {} rows of {} skipped:",
            grouped(onboarded.registered.len() as u64),
            onboarded.transactions,
            onboarded.skipped.len(),
            path.display()
        ));
        for skipped in &onboarded.skipped {
            self.output.note(format!("  {skipped}"));
        }
        Ok((onboarded, seconds))
    }

    /// The issuer creates the security, sets its rules, and lets the agent issue and freeze.
    async fn create(&self, client: &Client, officials: &Officials) -> Result<AssetId, Failure> {
        let new = read_asset(&self.examples.join("security.toml"))?;
        let policy = json!(::rules::read_policy(&self.examples.join("policy.json"))?).to_string();
        let name = new.name.clone();
        let (_, asset) = client.create_security(&officials.issuer, new).await?;
        client.set_policy(&officials.issuer, asset, &policy, B256::ZERO).await?;
        for power in [trust::Power::Issue, trust::Power::Freeze] {
            let grantee = officials.agent.address();
            let key = ITrust::GrantKey { grantee, power: power as u8, asset: asset.0, class: 0 };
            client.grant(&officials.issuer, key, 0, Time::NEVER).await?;
        }
        let token = client.token(asset);
        self.output
            .note(format!("security {name}: {asset}, token {token}; rules from policy.json"));
        Ok(asset)
    }

    async fn issue(
        &self,
        client: &Client,
        officials: &Officials,
        asset: AssetId,
        people: &mut [Person],
    ) -> Result<(Vec<(Address, u128)>, f64), Failure> {
        let legs = plan::first_holders(people);
        let bar = self.output.progress("holders issued to", legs.len());
        let started = Instant::now();
        for chunk in legs.chunks(PER_ISSUE) {
            client.issue(&officials.agent, asset, chunk.to_vec()).await?;
            bar.inc(chunk.len() as u64);
        }
        let seconds = started.elapsed().as_secs_f64();
        bar.finish_and_clear();
        let units: u128 = legs.iter().map(|(_, units)| units).sum();
        let holders = grouped(legs.len() as u64);
        self.output.note(format!("issue    {} units to {holders} holders", grouped(units)));
        Ok((legs, seconds))
    }

    /// What happens to people: affiliates, lost due diligence, sanctions, orders.
    async fn act(
        &self,
        client: &Client,
        officials: &Officials,
        asset: AssetId,
        people: &[Person],
    ) -> Result<(), Failure> {
        let order = |reference: &str| {
            let document = types::sha256(&[b"order ", reference.as_bytes()]);
            ("Demonstration Court".to_owned(), reference.to_owned(), document)
        };
        let until = Date::of(2030, 1, 1).map_or(Time::NEVER, Date::start);
        for person in people {
            let Some(mark) = person.mark else { continue };
            match mark {
                Mark::Affiliate => {
                    let claim = IIdentity::Claim {
                        topic: identity::topic::AFFILIATE,
                        value: 0,
                        dated: 0,
                        expires: until.0,
                        evidence: types::sha256(&[b"affiliate", &person.id.0.to_be_bytes()]),
                    };
                    client.attest(&officials.provider, person.id, claim).await?;
                }
                Mark::NoKyc => {
                    // Natural persons and entities have different due diligence; one of them is there.
                    for topic in identity::topic::DUE_DILIGENCE {
                        let call = IIdentity::hasClaimCall { person: person.id.0, topic };
                        if client.ask(client.service(Module::Identity), &call).await? {
                            client.revoke_claim(&officials.provider, person.id, topic).await?;
                        }
                    }
                }
                Mark::Sanctioned => {
                    client.set_sanctions(&officials.officer, person.id, 7, true).await?;
                }
                Mark::Frozen => {
                    let (authority, r#ref, document) = order("F-1/2026");
                    let order = ILedger::Order { authority, r#ref, document, expires: 0 };
                    let call = ILedger::freezePersonCall {
                        asset: asset.0,
                        person: person.id.0,
                        frozen: true,
                        order,
                    };
                    let draft = Draft::call(client.service(Module::Ledger), &call);
                    client.send(&officials.agent, draft).await?;
                }
                Mark::Suspended => {
                    let (authority, r#ref, document) = order("S-2/2026");
                    let order = IIdentity::Order { authority, r#ref, document, expires: 0 };
                    client.suspend(&officials.officer, person.id, order, true).await?;
                }
            }
        }
        let told: Vec<_> =
            plan::MARKS.iter().map(|(mark, count)| format!("{count} {}", mark.words())).collect();
        self.output.note(format!("life     {}", told.join(", ")));
        Ok(())
    }

    fn sign(
        &self,
        client: &Client,
        asset: AssetId,
        people: &[Person],
        planned: &[Planned],
    ) -> (Vec<Signed>, f64) {
        let job = |planned: &Planned| Job {
            wallet: &people[planned.from].wallet,
            nonce: planned.nonce,
            draft: client.transfer_draft(asset, planned.to, planned.units),
        };
        let jobs: Vec<_> = planned.iter().map(job).collect();
        let started = Instant::now();
        let signed = sign_all(client, &jobs, TRANSFER_GAS);
        (signed, started.elapsed().as_secs_f64())
    }

    async fn transfer(
        &self,
        client: &Client,
        signed: &[Signed],
    ) -> Result<(Outcomes, f64), Failure> {
        let from = client.height().await?;
        let bar = self.output.progress("transfers submitted", signed.len());
        let started = Instant::now();
        let answers = client.submit_all(signed, |count| bar.inc(count as u64)).await?;
        let taken = signed.iter().zip(&answers).filter(|(_, answer)| answer.is_none());
        let taken: Vec<_> = taken.map(|(signed, _)| signed.hash).collect();
        client.await_inclusion(taken.iter().copied(), from, PATIENCE, |_| {}).await?;
        let seconds = started.elapsed().as_secs_f64();
        bar.finish_and_clear();
        let outcomes = Outcomes::read(client, signed, answers, self.output).await?;
        let (done, refused, turned) = outcomes.counts();
        self.output.note(format!(
            "transfer {} done, {} refused in their block, {turned} turned away at the door",
            grouped(done as u64),
            grouped(refused as u64),
        ));
        Ok((outcomes, seconds))
    }

    /// Asks first, as a careful holder would: an affiliate who wants to sell.
    async fn explain(
        &self,
        client: &Client,
        asset: AssetId,
        people: &[Person],
    ) -> Result<Value, Failure> {
        let seller = people.iter().find(|person| person.mark == Some(Mark::Affiliate));
        let buyer = people.iter().find(|person| person.mark.is_none() && person.is_eligible());
        let (Some(seller), Some(buyer)) = (seller, buyer) else {
            return Err(Failure::Untrue(
                "nobody is there whose transfer could be explained".into(),
            ));
        };
        let params = json!({
            "asset": asset,
            "from": seller.wallet.address(),
            "to": buyer.wallet.address(),
            "units": "50",
        });
        let answer: Value = client.rpc().call("scrip_explain", params).await?;
        self.output.note(format!(
            "\nscrip explain {} 50 --from {} --to {}\n{}",
            asset.0,
            seller.wallet.address(),
            buyer.wallet.address(),
            explained(&answer)
        ));
        Ok(answer)
    }

    /// Proves one position in a process that sees nothing but the file and the network's key.
    async fn prove(
        &self,
        client: &Client,
        asset: AssetId,
        people: &[Person],
    ) -> Result<Value, Failure> {
        let holder = people.iter().filter(|person| person.mark.is_none()).max_by_key(|p| p.units);
        let holder = holder.ok_or_else(|| Failure::Untrue("nobody holds anything".into()))?;
        let account = AccountId::new(holder.id, 0);
        let wallet = holder.wallet.address();
        let file = proof::position(client, asset, ClassId(0), account, wallet).await?;
        let path = self.folder.join("position.proof.json");
        proof::save(&file, &path)?;
        // The committee's own file, not the node that answered, says what the key is.
        let key = network::read(self.chain)?.key()?;
        let program = std::env::current_exe().map_err(|e| Failure::Machine(e.to_string()))?;
        let checked = Command::new(program)
            .args(["--json", "verify-proof", "--network-key", &key])
            .arg(&path)
            .output()
            .map_err(|error| Failure::Machine(error.to_string()))?;
        if !checked.status.success() {
            let why = String::from_utf8_lossy(&checked.stderr).into_owned();
            return Err(Failure::Unproved(why));
        }
        let mut shown: Value = serde_json::from_slice(&checked.stdout)
            .map_err(|error| Failure::Untrue(format!("verify-proof: {error}")))?;
        let units = client.holding(asset, 0, wallet).await?.units.to_string();
        let proved = shown["records"].as_array().into_iter().flatten();
        let proved = proved.filter_map(|record| record["record"]["units"].as_str()).next();
        if proved != Some(&units) {
            return Err(Failure::Untrue(format!(
                "{proved:?} units are proved, the node says {units}"
            )));
        }
        let block = &shown["block"]["number"];
        let sentence = format!(
            "{account} has {units} units of {asset} as of block {block}, checked offline: {}",
            path.display()
        );
        shown["sentence"] = json!(sentence);
        Ok(shown)
    }
}

impl Mark {
    fn words(self) -> &'static str {
        match self {
            Self::Affiliate => "holders attested as affiliates",
            Self::NoKyc => "lost their due diligence",
            Self::Sanctioned => "came onto a sanctions list",
            Self::Frozen => "were frozen by order",
            Self::Suspended => "were suspended by order",
        }
    }
}

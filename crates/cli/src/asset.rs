//! `scrip asset`: securities and cash.

use crate::{
    access::Access,
    asset_file::read_asset,
    failure::Failure,
    issuance::{Issuance, Issued, Subscription},
    law::duties_told,
    output::{Output, facts, grouped, table},
    party::{self, Party},
    report::attached,
    transfer::{Stated, told_why, wish},
    view::{all, said, text},
};
use ::rules::read_policy;
use alloy_primitives::{Address, B256};
use clap::Subcommand;
use client::{
    Draft, Receipt,
    abi::{ICompliance, IERC1643, IERC3643, ILedger},
};
use compliance::Change;
use serde_json::{Value, json};
use std::path::PathBuf;
use types::{Date, Module, Name, Time, Units};

/// Securities and cash: create, set rules, adopt profiles, issue, show.
#[derive(Subcommand)]
pub(crate) enum AssetCommand {
    /// Create an asset from a file (TOML); see examples/security.toml
    Create {
        /// The file
        file: PathBuf,
        /// The issuer's key
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Put rules into force from a file (JSON or YAML); see docs/policy.md. Where they replace others, says first what that
    /// means for who holds the asset, and sets them with the hash of that report
    Policy {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The file
        file: PathBuf,
        /// A report that was made before, by `scrip rules dry-run --out`
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// The key of who has the power `rules`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Let units be issued under the latest version of a registered profile; see `scrip profile`. Where somebody holds the
    /// asset, says first what that means
    Adopt {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The profile: US-506B
        profile: Name,
        /// A report that was made before, by `scrip rules dry-run --out`
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// The key of who has the power `rules`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Let no more units be issued under a profile; those that were stay under it
    Drop {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The profile: US-506B
        profile: Name,
        /// A report that was made before, by `scrip rules dry-run --out`
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// The key of who has the power `rules`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Approve a movement of exactly so many units, as one of those on a list of the asset whose approval a rule asks for,
    /// or as its giver or receiver
    Approve {
        /// An asset's number, token address or ISIN
        asset: String,
        /// How many
        units: u128,
        /// The list of those who may approve, by its number; 0 for the giver or the receiver itself
        #[arg(long, default_value_t = 0)]
        list: u32,
        /// So many such movements
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
        times: u16,
        /// Movements of any number of units between the two, so many in all
        #[arg(long, conflicts_with = "times")]
        in_parts: bool,
        /// Whose they are; nobody's if they are issued
        #[arg(long, value_name = "WHO", required_unless_present = "to")]
        holder: Option<String>,
        /// Who gets them; nobody if they are redeemed
        #[arg(long, value_name = "WHO")]
        to: Option<String>,
        /// The approval is good until the start of this day
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// The key of who approves
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Issue units to one holder
    Issue {
        /// An asset's number, token address or ISIN
        asset: String,
        /// How many
        units: u128,
        /// To whom
        #[arg(long, value_name = "WHO")]
        to: String,
        /// They are not paid in full: the clock of their lot starts with `confirm-payment`
        #[arg(long, conflicts_with = "paid")]
        unpaid: bool,
        #[command(flatten)]
        subscription: Subscription,
        /// The key of who has the power `issue`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Say that units which were issued unpaid are paid in full, the oldest of an account first
    ConfirmPayment {
        /// An asset's number, token address or ISIN
        asset: String,
        /// How many
        units: u128,
        /// Whose, by now
        #[arg(long, value_name = "WHO")]
        of: String,
        /// Of which class
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        class: u32,
        /// The key of who has the power `issue`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Issue to many holders from a table (CSV); run it again to go on where it stopped
    IssueTable {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The table; its columns are reference, wallet and units
        table: PathBuf,
        /// What became of each row: written as it happens, read when the command runs again
        #[arg(long, value_name = "FILE")]
        report: PathBuf,
        /// Of which class
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        class: u32,
        /// The key of who has the power `issue`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Change an asset's name, its ticker, or both
    Rename {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The new name
        #[arg(long, required_unless_present = "symbol")]
        name: Option<String>,
        /// The new ticker
        #[arg(long)]
        symbol: Option<String>,
        /// The key of who has the power `terms`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Convert a class: a split (2:1), a reverse split (1:10), or another class; nothing moves until it is complete
    Convert {
        /// An asset's number, token address or ISIN
        asset: String,
        /// So many new units for so many old ones, rounded down for each position
        #[arg(value_name = "NEW:OLD", value_parser = read_ratio)]
        ratio: (u32, u32),
        /// Which class
        #[arg(long, default_value_t = 0, hide_default_value = true)]
        class: u32,
        /// Into which class; without it, into itself
        #[arg(long)]
        into: Option<u32>,
        /// Positions that one transaction converts at most
        #[arg(long, default_value_t = 200)]
        page: u32,
        /// The key of who has the power `terms`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Exchange somebody's units for those of another asset of the issuer: a note that becomes shares
    Exchange {
        /// An asset's number, token address or ISIN
        asset: String,
        /// How many
        units: u128,
        /// Whose
        #[arg(long, value_name = "WHO")]
        of: String,
        /// The other asset's number, token address or ISIN
        #[arg(long, value_name = "ASSET")]
        into: String,
        /// So many new units for so many old ones, rounded down
        #[arg(value_name = "NEW:OLD", long, value_parser = read_ratio)]
        ratio: (u32, u32),
        /// The key of who has the powers `redeem` and `issue`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Halt an asset
    Pause {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The key of who has the power `pause`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Let a halted asset go on
    Resume {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The key of who has the power `pause`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// Publish a document of an asset: its hash and where it can be read
    Publish {
        /// An asset's number, token address or ISIN
        asset: String,
        /// Its name, at most 32 bytes
        name: String,
        /// The document itself, of which the SHA-256 is published
        file: PathBuf,
        /// Where it can be read
        #[arg(long)]
        uri: String,
        /// The key of who has the power `documents`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// The documents of an asset
    Documents {
        /// An asset's number, token address or ISIN
        asset: String,
    },
    /// Fix the balances of this moment for ever
    Checkpoint {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The key of who has the power `checkpoint`
        #[arg(long, value_name = "KEY")]
        from: String,
    },
    /// What somebody had at a checkpoint
    BalanceAt {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The checkpoint's number
        checkpoint: u32,
        /// A wallet, an account as 12/0, a person's number, or the name of a key
        who: String,
        /// Of which class; without it, of all
        #[arg(long)]
        class: Option<u32>,
    },
    /// What the chain knows of an asset
    Show {
        /// An asset's number, token address or ISIN
        asset: String,
    },
    /// All assets
    List,
    /// Who holds an asset, all at one block
    Holders {
        /// An asset's number, token address or ISIN
        asset: String,
    },
}

impl AssetCommand {
    pub(crate) async fn run(&self, access: &Access, output: &Output) -> Result<(), Failure> {
        let client = access.client().await?;
        let done = |receipt: Receipt| {
            output.result(&receipt, || said(&receipt));
            Ok(())
        };
        match self {
            Self::Create { file, from } => {
                let new = read_asset(file)?;
                let (receipt, asset) =
                    client.create_security(&access.wallet(&client, from)?, new).await?;
                let token: Address = client.token(asset);
                output.result(
                    &json!({ "asset": asset, "token": token, "receipt": receipt }),
                    || {
                        facts([("asset", asset.0.to_string()), ("token", token.to_string())])
                            + &said(&receipt)
                            + "It moves nowhere before it has rules: `scrip asset policy`.\n"
                    },
                );
                Ok(())
            }
            Self::Policy { asset, file, report, from } => {
                let policy = read_policy(file)?;
                let asset = party::asset(asset, &client).await?;
                let by = access.wallet(&client, from)?;
                let change = Change { policy: Some(policy.clone()), ..Change::default() };
                let (report, words) = attached(&client, asset, &change, report.as_deref()).await?;
                let policy = json!(policy).to_string();
                let receipt = client.set_policy(&by, asset, &policy, report).await?;
                output.result(&json!({ "report": report, "receipt": receipt }), || {
                    words + &said(&receipt)
                });
                Ok(())
            }
            Self::Adopt { asset, profile, report, from } => {
                let asset = party::asset(asset, &client).await?;
                let by = access.wallet(&client, from)?;
                let change = Change { adopt: vec![profile.clone()], ..Change::default() };
                let (report, words) = attached(&client, asset, &change, report.as_deref()).await?;
                let (asset, id) = (asset.0, profile.to_string());
                let call = ICompliance::adoptProfileCall { asset, id, adopted: true, report };
                let receipt = client.send(&by, client.draft(Module::Compliance, &call)).await?;
                let adopted = receipt.events::<ICompliance::ProfileAdopted>().next();
                let (version, number) = adopted.map(|it| (it.version, it.number)).unzip();
                let told = json!({
                    "id": profile, "version": version, "number": number, "report": report,
                    "receipt": receipt,
                });
                output.result(&told, || {
                    let version = version.unwrap_or_default();
                    format!("{words}{profile}, version {version}, is adopted\n{}", said(&receipt))
                });
                Ok(())
            }
            Self::Drop { asset, profile, report, from } => {
                let asset = party::asset(asset, &client).await?;
                let by = access.wallet(&client, from)?;
                let change = Change { drop: vec![profile.clone()], ..Change::default() };
                let (report, words) = attached(&client, asset, &change, report.as_deref()).await?;
                let (asset, id) = (asset.0, profile.to_string());
                let call = ICompliance::adoptProfileCall { asset, id, adopted: false, report };
                let receipt = client.send(&by, client.draft(Module::Compliance, &call)).await?;
                output.result(&json!({ "report": report, "receipt": receipt }), || {
                    words + &said(&receipt)
                });
                Ok(())
            }
            Self::Approve { asset, units, list, times, in_parts, holder, to, until, from } => {
                let by = access.wallet(&client, from)?;
                let mut sides = [0; 2];
                for ((field, who), side) in
                    [("--holder", holder), ("--to", to)].into_iter().zip(&mut sides)
                {
                    if let Some(who) = who {
                        let who = Party::read(field, who, access, &client)?;
                        *side = who.person(field, &client).await?.0;
                    }
                }
                let (asset, [from, to]) = (party::asset(asset, &client).await?.0, sides);
                let (list, units, until) = (*list, *units, until.start().0);
                let draft = if *in_parts {
                    let call =
                        ICompliance::approveUnitsCall { asset, list, from, to, units, until };
                    client.draft(Module::Compliance, &call)
                } else {
                    let times = *times;
                    let call = ICompliance::approveMovementsCall {
                        asset,
                        list,
                        from,
                        to,
                        units,
                        until,
                        times,
                    };
                    client.draft(Module::Compliance, &call)
                };
                done(client.send(&by, draft).await?)
            }
            Self::Issue { asset, units, to, unpaid, subscription, from } => {
                let by = access.wallet(&client, from)?;
                let asset = party::asset(asset, &client).await?;
                let to = Party::read("--to", to, access, &client)?.wallet("--to", &client).await?;
                let (price, under) = (subscription.price.told()?, subscription.under.as_deref());
                let stated = Stated { price, under, ..Stated::default() };
                let wish = wish(asset, *units, None, stated, [None, Some(Party::Wallet(to))]);
                let sent =
                    if let Some(call) = subscription.place(&client, asset, to, *units).await? {
                        client.send(&by, client.draft(Module::Ledger, &call)).await
                    } else if *unpaid {
                        let legs = vec![ILedger::Leg { to, units: *units }];
                        let call = ILedger::issueUnpaidCall { asset: asset.0, class: 0, legs };
                        client.send(&by, client.draft(Module::Ledger, &call)).await
                    } else {
                        client.issue(&by, asset, vec![(to, *units)]).await
                    };
                match sent {
                    Ok(receipt) => done(receipt),
                    Err(error) => Err(told_why(&client, error, wish).await),
                }
            }
            Self::ConfirmPayment { asset, units, of, class, from } => {
                let by = access.wallet(&client, from)?;
                let asset = party::asset(asset, &client).await?.0;
                let account =
                    Party::read("--of", of, access, &client)?.wallet("--of", &client).await?;
                let (class, units) = (*class, *units);
                let call = ILedger::confirmPaymentCall { asset, class, account, units };
                done(client.send(&by, client.draft(Module::Ledger, &call)).await?)
            }
            Self::Convert { asset, ratio, class, into, page, from } => {
                let asset = party::asset(asset, &client).await?;
                let by = access.wallet(&client, from)?;
                let mut receipts = Vec::new();
                loop {
                    // What is under way, perhaps since another day, goes on where it stopped.
                    let told: Value =
                        client.rpc().call("scrip_getAsset", json!({ "asset": asset })).await?;
                    let first = told["conversion"]["next"].as_u64().unwrap_or(0);
                    let call = ILedger::convertCall {
                        asset: asset.0,
                        class: *class,
                        into: into.unwrap_or(*class),
                        made: ratio.0,
                        old: ratio.1,
                        first: first.try_into().unwrap_or(u32::MAX),
                        limit: *page,
                    };
                    let receipt = client.send(&by, client.draft(Module::Ledger, &call)).await?;
                    let is_done = receipt.events::<ILedger::ConversionCompleted>().next().is_some();
                    receipts.push(receipt);
                    if is_done {
                        break;
                    }
                }
                let converted: Vec<Value> = receipts
                    .iter()
                    .flat_map(|receipt| receipt.events::<ILedger::Converted>())
                    .map(|it| {
                        let (units, made) = (Units(it.units), Units(it.made));
                        let left_over = format!("{}/{}", it.rest, ratio.1);
                        json!({ "wallet": it.account, "units": units, "made": made, "left_over": left_over })
                    })
                    .collect();
                output.result(&json!({ "converted": converted, "receipts": receipts }), || {
                    let columns = ["wallet", "units", "made", "left_over"];
                    let row = |it: &Value| columns.iter().map(|name| text(&it[*name])).collect();
                    table(&columns, converted.iter().map(row))
                        + &receipts.iter().map(said).collect::<String>()
                });
                Ok(())
            }
            Self::Exchange { asset, units, of, into, ratio, from } => {
                let by = access.wallet(&client, from)?;
                let to = Party::read("--of", of, access, &client)?.wallet("--of", &client).await?;
                let call = ILedger::exchangeCall {
                    asset: party::asset(asset, &client).await?.0,
                    class: 0,
                    made: party::asset(into, &client).await?.0,
                    into: 0,
                    ratioMade: ratio.0,
                    ratioOld: ratio.1,
                    legs: vec![ILedger::Leg { to, units: *units }],
                };
                done(client.send(&by, client.draft(Module::Ledger, &call)).await?)
            }
            Self::Pause { asset, from } => {
                let asset = party::asset(asset, &client).await?;
                done(client.pause(&access.wallet(&client, from)?, asset, true).await?)
            }
            Self::Resume { asset, from } => {
                let asset = party::asset(asset, &client).await?;
                done(client.pause(&access.wallet(&client, from)?, asset, false).await?)
            }
            Self::Publish { asset, name, file, uri, from } => {
                let asset = party::asset(asset, &client).await?;
                let document = std::fs::read(file).map_err(|error| Failure::file(file, error))?;
                if name.is_empty() || name.len() > 32 {
                    return Err(Failure::input("NAME", "a document's name has 1 to 32 bytes"));
                }
                let name = B256::right_padding_from(name.as_bytes());
                let hash = types::sha256(&[&document]);
                let by = access.wallet(&client, from)?;
                done(client.publish(&by, asset, name, uri, hash).await?)
            }
            Self::IssueTable { asset, table, report, class, from } => {
                let issuer = access.wallet(&client, from)?;
                let asset = party::asset(asset, &client).await?;
                let (client, class) = (&client, *class);
                let issuance = Issuance { client, issuer, asset, class, table, report };
                let issued = issuance.run(output).await?;
                output.result(&issued, || {
                    let Issued { issued, before, refused, transactions } = &issued;
                    let [issued, before, refused] =
                        [issued, before, refused].map(|rows| grouped(*rows as u128));
                    format!(
                        "{issued} rows issued in {transactions} transactions, {before} before, {refused} refused\n"
                    )
                });
                match issued.refused {
                    0 => Ok(()),
                    rows => Err(Failure::NotAllowed(format!(
                        "{rows} rows are refused; {} says why. Put them right and run the command again",
                        report.display()
                    ))),
                }
            }
            Self::Rename { asset, name, symbol, from } => {
                let token = client.token(party::asset(asset, &client).await?);
                let by = access.wallet(&client, from)?;
                let mut receipts = Vec::new();
                if let Some(name) = name {
                    let call = IERC3643::setNameCall { name: name.clone() };
                    receipts.push(client.send(&by, Draft::call(token, &call)).await?);
                }
                if let Some(symbol) = symbol {
                    let call = IERC3643::setSymbolCall { symbol: symbol.clone() };
                    receipts.push(client.send(&by, Draft::call(token, &call)).await?);
                }
                output.result(&receipts, || receipts.iter().map(said).collect());
                Ok(())
            }
            Self::Documents { asset } => {
                let token = client.token(party::asset(asset, &client).await?);
                let names = client.ask(token, &IERC1643::getAllDocumentsCall {}).await?;
                let calls =
                    names.iter().map(|name| (token, IERC1643::getDocumentCall { name: *name }));
                let found = client.ask_all(&calls.collect::<Vec<_>>()).await?;
                let documents: Vec<Value> =
                    names.iter().zip(&found).map(|(name, found)| document(name, found)).collect();
                output.result(&documents, || match documents.is_empty() {
                    true => "it has no documents".into(),
                    false => {
                        let columns = ["name", "published", "sha256", "uri"];
                        let row = |document: &Value| {
                            columns.iter().map(|name| text(&document[*name])).collect()
                        };
                        table(&columns, documents.iter().map(row))
                    }
                });
                Ok(())
            }
            Self::Checkpoint { asset, from } => {
                let asset = party::asset(asset, &client).await?;
                let call = ILedger::takeCheckpointCall { asset: asset.0 };
                let by = access.wallet(&client, from)?;
                let receipt = client.send(&by, client.draft(Module::Ledger, &call)).await?;
                let taken = receipt.events::<ILedger::CheckpointTaken>().next();
                let taken = taken.map(|taken| taken.checkpoint);
                output.result(&json!({ "checkpoint": taken, "receipt": receipt }), || {
                    let number = taken.map_or_else(String::new, |n| format!("checkpoint {n}, "));
                    number + &said(&receipt)
                });
                Ok(())
            }
            Self::BalanceAt { asset, checkpoint, who, class } => {
                let asset = party::asset(asset, &client).await?;
                let who = Party::read("WHO", who, access, &client)?.to_json();
                let mut params = json!({ "asset": asset, "who": who, "checkpoint": checkpoint });
                if let Some(class) = class {
                    params["class"] = json!(class);
                }
                let told: Value = client.rpc().call("scrip_getCheckpointBalance", params).await?;
                output.result(&told, || {
                    let taken = told["taken"].as_u64().map(|ms| Time(ms).to_string());
                    facts([("units", text(&told["units"])), ("taken", taken.unwrap_or_default())])
                });
                Ok(())
            }
            Self::Show { asset } => {
                let params = json!({ "asset": party::asset(asset, &client).await? });
                let asset: Value = client.rpc().call("scrip_getAsset", params).await?;
                output.result(&asset, || describe(&asset));
                Ok(())
            }
            Self::List => {
                let assets = all(&client, "scrip_getAssets", json!({}), "assets").await?;
                output.result(&assets, || {
                    let columns =
                        ["asset", "symbol", "name", "status", "issued", "holders", "isin"];
                    let row =
                        |asset: &Value| columns.iter().map(|name| text(&asset[*name])).collect();
                    table(&columns, assets.iter().map(row))
                });
                Ok(())
            }
            Self::Holders { asset } => {
                let params = json!({ "asset": party::asset(asset, &client).await? });
                let holders = all(&client, "scrip_getHolders", params, "holders").await?;
                output.result(&holders, || {
                    let row = |holder: &Value| {
                        let account = &holder["account"];
                        let of = |name: &str| text(&holder[name]);
                        let id =
                            format!("{}/{}", text(&account["person"]), text(&account["number"]));
                        vec![id, of("wallet"), of("units"), of("free")]
                    };
                    table(&["account", "wallet", "units", "free"], holders.iter().map(row))
                });
                Ok(())
            }
        }
    }
}

fn read_ratio(text: &str) -> Result<(u32, u32), String> {
    let bad = || format!("{text}: write 2:1, two units for each one");
    let (new, old) = text.split_once(':').ok_or_else(bad)?;
    Ok((new.parse().map_err(|_| bad())?, old.parse().map_err(|_| bad())?))
}

fn document(name: &B256, found: &IERC1643::getDocumentReturn) -> Value {
    let IERC1643::getDocumentReturn { _0: uri, _1: hash, _2: published } = found;
    let name = String::from_utf8_lossy(name.as_slice());
    let seconds: u64 = published.saturating_to();
    let published = Time(seconds.saturating_mul(1_000)).to_string();
    json!({ "name": name.trim_end_matches('\0'), "uri": uri, "sha256": hash, "published": published })
}

fn describe(asset: &Value) -> String {
    let of = |name: &str| text(&asset[name]);
    let mut words = facts([
        ("asset", of("asset")),
        ("token", of("address")),
        ("kind", of("kind")),
        ("symbol", of("symbol")),
        ("name", of("name")),
        ("isin", of("isin")),
        ("cfi", of("cfi")),
        ("issuer", format!("person {}", of("issuer"))),
        ("status", of("status")),
        ("issued", format!("{} of {}", of("issued"), of("authorised"))),
        ("outstanding", format!("{}, and {} in treasury", of("outstanding"), of("treasury"))),
        ("holders", of("holders")),
        ("offer", offer(&asset["offer"])),
    ]);
    let list = |name: &str| asset[name].as_array().cloned().unwrap_or_default();
    let row = |it: &Value| {
        let is_open = it["is_open"].as_bool() == Some(true);
        let standing = if is_open { "units may be issued" } else { "no new units" };
        let since = it["since"].as_u64().map(|ms| Time(ms).to_string()).unwrap_or_default();
        vec![text(&it["id"]), text(&it["version"]), since, standing.into()]
    };
    let (adoptions, duties) = (list("adoptions"), list("duties"));
    if !adoptions.is_empty() {
        words += "\n";
        words += &table(&["profile", "version", "adopted", "standing"], adoptions.iter().map(row));
    }
    if !duties.is_empty() {
        words += "\n";
        words += &duties_told(&duties);
    }
    words += &match &asset["policy"] {
        Value::Null => "It has no rules yet, so it moves nowhere.\n".to_owned(),
        policy => {
            let rules = serde_json::to_string_pretty(&policy["policy"]).unwrap_or_default();
            format!("\nrules, version {}\n{rules}\n", text(&policy["version"]))
        }
    };
    words
}

/// The latest offer in a few words.
fn offer(offer: &Value) -> String {
    let time = |name: &str| offer[name].as_u64().map(Time);
    match (time("opened"), time("closed")) {
        (None, _) => "there never was one".into(),
        (Some(opened), None) => format!("{} is open since {opened}", text(&offer["number"])),
        (Some(_), Some(closed)) => format!("{} was closed {closed}", text(&offer["number"])),
    }
}

//! `scrip asset`: securities and cash.

use crate::{
    access::Access,
    failure::Failure,
    output::{Output, facts, table},
    party::{self, Party},
    view::{all, said, text},
};
use alloy_primitives::{Address, B256};
use clap::Subcommand;
use client::{NewSecurity, Receipt};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use types::{Cfi, Currency, Fisn, Isin, Lei, Units};

/// Securities and cash: create, set rules, issue, show.
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
    /// Put rules into force from a file (JSON); see docs/policy.md
    Policy {
        /// An asset's number, token address or ISIN
        asset: String,
        /// The file
        file: PathBuf,
        /// The key of who has the power `rules`
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
        /// The key of who has the power `issue`
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

/// An asset as its file describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssetFile {
    kind: AssetKind,
    #[serde(default)]
    currency: Option<Currency>,
    symbol: String,
    name: String,
    #[serde(default)]
    decimals: u8,
    #[serde(default)]
    isin: Option<Isin>,
    cfi: Cfi,
    #[serde(default)]
    fisn: Option<Fisn>,
    #[serde(default)]
    lei: Option<Lei>,
    authorised: Units,
}

/// Kinds of asset, by their numbers on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AssetKind {
    Equity,
    Debt,
    FundUnit,
    RevenueShare,
    Structured,
    Cash,
    Wrap,
    TrustUnit,
}

/// Reads an asset's file; identifiers are checked by their check digits.
pub(crate) fn read_asset(path: &Path) -> Result<NewSecurity, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    let file: AssetFile =
        toml::from_str(&text).map_err(|error| Failure::input(path.display(), error))?;
    if (file.kind == AssetKind::Cash) != file.currency.is_some() {
        let why = "currency: cash has one (ISO 4217), and nothing else has";
        return Err(Failure::input(path.display(), why));
    }
    fn or_empty(text: Option<impl ToString>) -> String {
        text.map_or_else(String::new, |text| text.to_string())
    }
    Ok(NewSecurity {
        kind: file.kind as u8,
        currency: or_empty(file.currency),
        symbol: file.symbol,
        name: file.name,
        decimals: file.decimals,
        isin: or_empty(file.isin),
        cfi: file.cfi.to_string(),
        fisn: or_empty(file.fisn),
        lei: or_empty(file.lei),
        authorised: file.authorised.0,
    })
}

/// Reads a policy's file and checks it as the chain will.
pub(crate) fn read_policy(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    let policy: compliance::Policy =
        serde_json::from_str(&text).map_err(|error| Failure::input(path.display(), error))?;
    policy.check().map_err(|error| Failure::input(path.display(), error))?;
    Ok(text)
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
            Self::Policy { asset, file, from } => {
                let policy = read_policy(file)?;
                let asset = party::asset(asset, &client).await?;
                done(client.set_policy(&access.wallet(&client, from)?, asset, &policy).await?)
            }
            Self::Issue { asset, units, to, from } => {
                let by = access.wallet(&client, from)?;
                let asset = party::asset(asset, &client).await?;
                let to = Party::read("--to", to, access, &client)?.wallet("--to", &client).await?;
                done(client.issue(&by, asset, vec![(to, *units)]).await?)
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
    ]);
    words += &match &asset["policy"] {
        Value::Null => "It has no rules yet, so it moves nowhere.\n".to_owned(),
        policy => {
            let rules = serde_json::to_string_pretty(&policy["policy"]).unwrap_or_default();
            format!("\nrules, version {}\n{rules}\n", text(&policy["version"]))
        }
    };
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    const GOOD: &str = "kind = \"equity\"\nsymbol = \"ACME\"\nname = \"Acme\"\nisin = \"US0378331005\"\ncfi = \"ESVUFR\"\nauthorised = \"1000\"\n";

    #[test]
    fn an_assets_file_is_read_with_its_identifiers_checked() {
        let asset = read_asset(written(GOOD).path()).unwrap();
        assert_eq!((asset.kind, asset.isin.as_str(), asset.authorised), (0, "US0378331005", 1_000));
        let mistyped = GOOD.replace("1005", "1006");
        let why = read_asset(written(&mistyped).path()).map(drop).unwrap_err().to_string();
        assert!(why.contains("ISIN") && why.contains("line 4"), "{why}");
        let cash = GOOD.replace("equity", "cash");
        let why = read_asset(written(&cash).path()).map(drop).unwrap_err().to_string();
        assert!(why.contains("currency"), "{why}");
    }

    #[test]
    fn kinds_have_the_numbers_that_the_interface_gives_them() {
        assert_eq!(
            (AssetKind::Equity as u8, AssetKind::Cash as u8, AssetKind::TrustUnit as u8),
            (0, 5, 7)
        );
    }
}

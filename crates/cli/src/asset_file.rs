//! Assets and policies as files: checked before anything is sent.

use crate::failure::Failure;
use client::NewSecurity;
use serde::Deserialize;
use std::path::Path;
use types::{Cfi, Currency, Fisn, Isin, Lei, Units};

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

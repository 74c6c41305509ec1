//! The market's identifiers, accepted only with their check digits and code lists.

use borsh::{BorshDeserialize, BorshSerialize, io};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A text is not the identifier it claims to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a valid {standard}: {reason}")]
pub struct Malformed {
    /// What was given.
    pub text: String,
    /// The standard it was read by.
    pub standard: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $len:literal, $standard:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, JsonSchema)]
        #[schemars(with = "String", extend("pattern" = concat!("^[A-Z0-9]{", $len, "}$")))]
        pub struct $name([u8; $len]);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).expect("checked when made")
            }
        }

        impl FromStr for $name {
            type Err = Malformed;
            fn from_str(text: &str) -> Result<Self, Malformed> {
                let malformed = |reason: String| Malformed {
                    text: text.chars().take(64).collect(), standard: $standard, reason,
                };
                let code: [u8; $len] = text
                    .as_bytes()
                    .try_into()
                    .map_err(|_| malformed(format!("it must have {} characters", $len)))?;
                if !text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
                    return Err(malformed("only capital letters and digits".into()));
                }
                let check: fn(&str) -> Result<(), String> = $check;
                check(text).map_err(malformed)?;
                Ok(Self(code))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl BorshDeserialize for $name {
            fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
                let code = <[u8; $len]>::deserialize_reader(reader)?;
                std::str::from_utf8(&code)
                    .map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?
                    .parse()
                    .map_err(|e: Malformed| io::Error::new(io::ErrorKind::InvalidData, e))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                <String as Deserialize>::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

identifier!(
    /// International Securities Identification Number, ISO 6166, with its check digit.
    Isin, 12, "ISIN (ISO 6166)",
    |text| isin::parse(text).map(drop).map_err(|e| e.to_string())
);
identifier!(
    /// Legal Entity Identifier, ISO 17442, with its check digits.
    Lei, 20, "LEI (ISO 17442)",
    check_lei
);
identifier!(
    /// Classification of Financial Instruments, ISO 10962:2019: category, group, four attributes.
    Cfi, 6, "CFI (ISO 10962)", check_cfi
);
identifier!(
    /// A country, ISO 3166-1 alpha-2.
    Country, 2, "country (ISO 3166-1 alpha-2)",
    |text| rust_iso3166::from_alpha2(text).map(drop).ok_or_else(|| "no such country".into())
);
identifier!(
    /// A currency, ISO 4217.
    Currency, 3, "currency (ISO 4217)",
    |text| iso_currency::Currency::from_code(text).map(drop).ok_or_else(|| "no such currency".into())
);

impl Country {
    /// The country with this number, ISO 3166-1.
    pub fn from_numeric(code: u16) -> Result<Self, Malformed> {
        let unknown = || Malformed {
            text: code.to_string(),
            standard: "country (ISO 3166-1 numeric)",
            reason: "no such country".into(),
        };
        rust_iso3166::from_numeric(code).ok_or_else(unknown)?.alpha2.parse()
    }

    /// The numeric code of the country, ISO 3166-1.
    pub fn numeric(&self) -> u16 {
        rust_iso3166::from_alpha2(self.as_str()).expect("checked when made").numeric as u16
    }

    /// The State whose law counts who resides here. The Union's outermost regions and Åland have codes of their own and are
    /// parts of France and Finland (TFEU 349, 355(1) and (4)); overseas countries are not.
    pub fn state(&self) -> Self {
        let state = match self.as_str() {
            "GF" | "GP" | "MF" | "MQ" | "RE" | "YT" => "FR",
            "AX" => "FI",
            _ => return *self,
        };
        state.parse().expect("a country")
    }

    /// The English name of the country.
    pub fn name(&self) -> String {
        rust_iso3166::from_alpha2(self.as_str()).expect("checked when made").name.to_owned()
    }
}

// ISO 7064 MOD 97-10: the first 18 characters as one number, letters as 10 to 35, with 00 after it, and
// the check digits leave 1. Check digits run from 02 to 98: 00, 01 and 99 are nobody's.
fn check_lei(text: &str) -> Result<(), String> {
    let (base, check) = text.split_at(18);
    let rest = base.bytes().chain(*b"00").fold(0, |rest, b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    let expected = format!("{:02}", 98 - rest);
    match check == expected {
        true => Ok(()),
        false => Err(format!("its check digits are {check}, they should be {expected}")),
    }
}

// Categories and groups of ISO 10962:2019; attributes are letters, X where not applicable.
fn check_cfi(text: &str) -> Result<(), String> {
    let groups = match &text[..1] {
        "E" => "SPCFLDYM",
        "C" => "IHBESFPM",
        "D" => "BCWTSEGANDYM",
        "R" => "ASPWFDM",
        "O" => "CPM",
        "F" => "FC",
        "S" => "RTECFM",
        "H" => "RTECFM",
        "I" => "FT",
        "J" => "EFCRT",
        "K" => "RTECFYM",
        "L" => "LRS",
        "T" => "CTRIBDM",
        "M" => "CM",
        other => return Err(format!("no category {other}")),
    };
    if !groups.contains(&text[1..2]) {
        return Err(format!("category {} has no group {}", &text[..1], &text[1..2]));
    }
    match text[2..].bytes().all(|b| b.is_ascii_uppercase()) {
        true => Ok(()),
        false => Err("attributes are letters, X where not applicable".into()),
    }
}

/// Financial Instrument Short Name, ISO 18774: `ISSUER/DESCRIPTION`, at most 35 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, BorshSerialize, Serialize)]
#[serde(transparent)]
pub struct Fisn(String);

impl Fisn {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Fisn {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = |reason: &str| {
            Err(Malformed {
                text: text.chars().take(64).collect(),
                standard: "FISN (ISO 18774)",
                reason: reason.into(),
            })
        };
        let Some((issuer, description)) = text.split_once('/') else {
            return malformed("issuer and description are parted by /");
        };
        let allowed =
            |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b" .-%+&".contains(&b);
        if issuer.is_empty() || issuer.len() > 15 {
            return malformed("the issuer has 1 to 15 characters");
        }
        if description.is_empty() || description.len() > 19 {
            return malformed("the description has 1 to 19 characters");
        }
        if !issuer.bytes().chain(description.bytes()).all(allowed) {
            return malformed("only capital letters, digits, space and . - % + &");
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Fisn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl BorshDeserialize for Fisn {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        String::deserialize_reader(reader)?
            .parse()
            .map_err(|e: Malformed| io::Error::new(io::ErrorKind::InvalidData, e))
    }
}

impl<'de> Deserialize<'de> for Fisn {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        <String as Deserialize>::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_lei_is_taken_with_its_check_digits_alone_up_to_98() {
        for good in [
            "HWUPKR0MPOU8FGXBT394",
            "784F5XWPLTWKTBV3E584",
            "984500SCRIP000001297",
            "984500SCRIP000004498",
        ] {
            assert_eq!(good.parse::<Lei>().unwrap().as_str(), good);
        }
        // 00 and 97, 01 and 98 leave the same remainder; only the larger is ever given.
        for bad in [
            "984500SCRIP000001200",
            "984500SCRIP000004401",
            "HWUPKR0MPOU8FGXBT395",
            "hwupkr0mpou8fgxbt394",
        ] {
            assert!(bad.parse::<Lei>().is_err(), "{bad}");
        }
    }
}

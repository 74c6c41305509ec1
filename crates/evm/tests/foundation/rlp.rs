//! The RLP tests, through the library that decodes transactions.

use super::archive;
use crate::{Malformed, decode};
use alloy_primitives::U512;
use alloy_rlp::{BufMut, Decodable, Encodable, Header, PayloadView};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use types::Bytes;

/// Anything that RLP can say.
#[derive(Debug, PartialEq, Eq)]
pub enum Item {
    Text(Vec<u8>),
    List(Vec<Item>),
}

impl Decodable for Item {
    fn decode(bytes: &mut &[u8]) -> alloy_rlp::Result<Self> {
        Ok(match Header::decode_raw(bytes)? {
            PayloadView::String(text) => Self::Text(text.to_vec()),
            PayloadView::List(items) => {
                let items = items.into_iter().map(|mut item| Self::decode(&mut item));
                Self::List(items.collect::<Result<_, _>>()?)
            }
        })
    }
}

impl Encodable for Item {
    fn encode(&self, out: &mut dyn BufMut) {
        match self {
            Self::Text(text) => text[..].encode(out),
            Self::List(items) => items.encode(out),
        }
    }

    fn length(&self) -> usize {
        match self {
            Self::Text(text) => text[..].length(),
            Self::List(items) => items.length(),
        }
    }
}

#[derive(Deserialize)]
struct RlpTest {
    /// A value, or the word that there is none.
    r#in: Value,
    out: Bytes,
}

/// Runs all RLP tests; returns how many were encodings and how many were none. `None` where there are no vectors.
pub fn run() -> Option<(usize, usize)> {
    let (mut good, mut bad) = (0, 0);
    for file in archive::files("RLPTests")? {
        let tests: BTreeMap<String, RlpTest> = serde_json::from_slice(&file.bytes).expect("tests");
        for (name, RlpTest { r#in, out }) in tests {
            let mut rest = &out[..];
            let item = Item::decode(&mut rest).ok().filter(|_| rest.is_empty());
            if r#in == "INVALID" {
                assert_eq!(item, None, "{name}");
                bad += 1;
            } else {
                let item = item.unwrap_or_else(|| panic!("{name} is not decoded"));
                assert_eq!(alloy_rlp::encode(&item), out, "{name}");
                assert!(r#in == "VALID" || item == said(&r#in), "{name}: {item:?}");
                good += 1;
            }
            // None of them is a transaction.
            assert!(matches!(decode(&out, 1), Err(Malformed::Rlp(_))), "{name}");
        }
    }
    Some((good, bad))
}

/// What a test's value says: text, a number, a large one behind `#`, or a list.
fn said(value: &Value) -> Item {
    let number = |number: U512| Item::Text(number.to_be_bytes_trimmed_vec());
    match value {
        Value::String(text) => match text.strip_prefix('#') {
            Some(digits) => number(digits.parse().expect("a number")),
            None => Item::Text(text.chars().map(|c| u8::try_from(c).expect("a byte")).collect()),
        },
        Value::Number(small) => number(U512::from(small.as_u64().expect("a number"))),
        Value::Array(items) => Item::List(items.iter().map(said).collect()),
        other => panic!("{other}"),
    }
}

#[test]
fn every_encoding_is_decoded_as_it_was_meant_and_what_is_none_is_refused() {
    run();
}

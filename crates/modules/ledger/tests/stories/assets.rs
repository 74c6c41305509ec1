//! An asset's own life: identifiers, classes, documents.

use crate::world::*;
use ledger::{AssetKind, Call, NewAsset, Refusal};
use types::{B256, Cfi, Currency, Fisn, Isin, Lei, Units};

fn new() -> NewAsset {
    NewAsset {
        kind: AssetKind::Equity,
        symbol: "ACME".into(),
        name: "Acme".into(),
        decimals: 0,
        isin: None,
        cfi: "ESVUFR".parse().unwrap(),
        fisn: None,
        lei: None,
        authorised: Units(1),
    }
}

#[test]
fn identifiers_are_taken_with_their_check_digits_only_and_the_error_says_what_is_wrong() {
    let isin = |text: &str| text.parse::<Isin>().map(drop).map_err(|e| e.to_string());
    let lei = |text: &str| text.parse::<Lei>().map(drop).map_err(|e| e.to_string());
    let cfi = |text: &str| text.parse::<Cfi>().map(drop).map_err(|e| e.to_string());
    let fisn = |text: &str| text.parse::<Fisn>().map(drop).map_err(|e| e.to_string());
    let currency = |text: &str| text.parse::<Currency>().map(drop).map_err(|e| e.to_string());
    for good in [
        isin("US0378331005"),
        isin("CH0012221716"),
        lei("529900T8BM49AURSDO55"),
        cfi("ESVUFR"),
        cfi("DBFTFB"),
        fisn("ACME AG/REG SHS"),
        currency("CHF"),
    ] {
        assert_eq!(good, Ok(()));
    }
    let bad = [
        (isin("US0378331006"), "ISIN", "check"),
        (isin("US037833100"), "ISIN", "12 characters"),
        (isin("us0378331005"), "ISIN", "only capital letters and digits"),
        (isin("ÜS037833100"), "ISIN", "only capital letters and digits"),
        (lei("529900T8BM49AURSDO56"), "LEI", "check"),
        (lei(""), "LEI", "20 characters"),
        (cfi("XSVUFR"), "CFI", "no category X"),
        (cfi("EZVUFR"), "CFI", "category E has no group Z"),
        (cfi("ESVUF1"), "CFI", "attributes are letters"),
        (fisn("ACME AG"), "FISN", "parted by /"),
        (fisn("/SHS"), "FISN", "the issuer has 1 to 15"),
        (fisn("ACME/"), "FISN", "the description has 1 to 19"),
        (fisn("acme/shs"), "FISN", "only capital letters"),
        (currency("XXZ"), "currency", "no such currency"),
        (currency("CHFR"), "currency", "3 characters"),
    ];
    for (result, standard, why) in bad {
        let error = result.unwrap_err();
        let says = error.contains(standard) && error.to_lowercase().contains(&why.to_lowercase());
        assert!(says, "\"{error}\" should name {standard} and say {why}");
    }
}

#[test]
fn a_call_with_a_malformed_identifier_does_not_decode() {
    let call = Call::CreateAsset(NewAsset { isin: Some("US0378331005".parse().unwrap()), ..new() });
    let mut bytes = types::encode(&call);
    assert_eq!(types::decode::<Call>(&bytes).unwrap(), call);
    let place = bytes.windows(12).position(|window| window == b"US0378331005").unwrap();
    bytes[place + 11] = b'6';
    let error = types::decode::<Call>(&bytes).unwrap_err().to_string();
    assert!(error.contains("ISIN"), "{error}");
}

#[test]
fn what_an_issuer_presents_is_refused_by_field_with_the_remedy() {
    let mut world = World::new();
    let isin: Isin = "US0378331005".parse().unwrap();
    let cases = [
        (NewAsset { symbol: " ".into(), ..new() }, "symbol: 1 to 64 bytes"),
        (NewAsset { symbol: "A".repeat(65), ..new() }, "symbol: 1 to 64 bytes"),
        (NewAsset { name: "a\u{7}".into(), ..new() }, "name: 1 to 64 bytes without control"),
        (NewAsset { decimals: 19, ..new() }, "decimals: 19 is too many, 18 is the most"),
        (NewAsset { authorised: Units::ZERO, ..new() }, "authorised: must be above zero"),
        (NewAsset { isin: Some(isin), ..new() }, "isin: US0378331005 names another asset"),
        (NewAsset { kind: AssetKind::Debt, ..new() }, "cfi: debt needs category D"),
        (
            NewAsset { kind: AssetKind::Cash("CHF".parse().unwrap()), ..new() },
            "cfi: cash needs category T or M",
        ),
    ];
    let acme = wallet(first(ACME));
    for (asset, why) in cases {
        let refusal = world.act(acme, Call::CreateAsset(asset)).unwrap_err();
        assert!(refusal.to_string().starts_with(why), "\"{refusal}\" should say {why}");
    }
    let refused = world.act(wallet(first(KYC)), Call::CreateAsset(new()));
    assert!(matches!(refused, Err(Refusal::Trust(_))), "{refused:?}");
    assert_eq!(world.act(acme, Call::CreateAsset(new())).unwrap().number, Some(2));
}

#[test]
fn every_kind_has_its_category() {
    let mut world = World::new();
    let cash = AssetKind::Cash("EUR".parse().unwrap());
    for (kind, cfi) in [
        (AssetKind::Equity, "ESVUFR"),
        (AssetKind::Debt, "DBFTFB"),
        (AssetKind::FundUnit, "CIOGES"),
        (AssetKind::RevenueShare, "DBFTFB"),
        (AssetKind::Structured, "DEEXXX"),
        (cash, "TCNXXX"),
        (AssetKind::Wrap, "CIOGES"),
        (AssetKind::TrustUnit, "CIOGES"),
    ] {
        let call = Call::CreateAsset(NewAsset { kind, cfi: cfi.parse().unwrap(), ..new() });
        world.act(wallet(first(ACME)), call).unwrap_or_else(|e| panic!("{kind:?}: {e}"));
    }
}

#[test]
fn classes_have_different_short_names_and_are_64_at_most() {
    let mut world = World::new();
    let (asset, acme) = (world.asset, wallet(first(ACME)));
    let class = |name: String| Call::CreateClass { asset, name };
    assert_eq!(world.act(acme, class("x".repeat(32))), Err(Refusal::BadClassName));
    assert_eq!(world.act(acme, class(String::new())), Err(Refusal::BadClassName));
    let taken = Refusal::ClassTaken(types::ClassId(0));
    assert_eq!(world.act(acme, class("default".into())), Err(taken));
    for number in 1..64 {
        world.act(acme, class(format!("series {number}"))).unwrap();
    }
    assert_eq!(world.act(acme, class("one more".into())), Err(Refusal::TooManyClasses));
}

#[test]
fn no_version_of_a_document_is_lost() {
    let mut world = World::new();
    let (asset, acme) = (world.asset, wallet(first(ACME)));
    let name = B256::repeat_byte(1);
    let publish = |hash: u8, uri: &str| Call::PublishDocument {
        asset,
        name,
        uri: uri.into(),
        hash: B256::repeat_byte(hash),
    };
    assert_eq!(world.act(acme, publish(2, "a")).unwrap().number, Some(1));
    assert_eq!(world.act(acme, publish(3, "b")).unwrap().number, Some(2));
    world.act(acme, Call::RemoveDocument { asset, name }).unwrap();
    let again = world.act(acme, Call::RemoveDocument { asset, name });
    assert_eq!(again, Err(Refusal::UnknownDocument));
    assert_eq!(world.act(acme, publish(4, "c")).unwrap().number, Some(3));
    let version = |number| ledger::DOCUMENT_VERSIONS.get(&world.ctx, &(asset, name, number));
    let kept: Vec<_> = (1..=3).map(|number| version(number).unwrap().uri).collect();
    assert_eq!(kept, ["a", "b", "c"]);
    assert_eq!(ledger::asset(&world.ctx, asset).unwrap().documents, 1, "one name");
    let long = "x".repeat(1_025);
    for (call, why) in [
        (publish(0, "a"), "document: hash: it is zero"),
        (publish(1, &long), "document: uri: at most 1,024 bytes"),
        (
            Call::PublishDocument { asset, name: B256::ZERO, uri: "a".into(), hash: name },
            "document: name: it is empty",
        ),
    ] {
        assert_eq!(world.act(acme, call).unwrap_err().to_string(), why);
    }
}

//! Checked-in encodings and identifiers: a diff here is a format change and says so.

use proptest::prelude::*;
use std::str::FromStr;
use types::*;

fn hex(bytes: &[u8]) -> String {
    alloy_primitives::hex::encode(bytes)
}

#[test]
fn encodings_are_as_checked_in() {
    assert_eq!(hex(&encode(&AccountId::new(PersonId(7), 2))), "07000000000000000200");
    assert_eq!(hex(&encode(&Units(1_000))), "e8030000000000000000000000000000");
    assert_eq!(hex(&encode(&Time(1_700_000_000_000))), "0068e5cf8b010000");
    assert_eq!(hex(&encode(&Module::Ledger)), "04");
    assert_eq!(hex(&encode(&Isin::from_str("US0378331005").unwrap())), "555330333738333331303035");
    assert_eq!(hex(&encode(&Some(Country::from_str("DE").unwrap()))), "014445");
}

#[test]
fn a_header_hash_is_as_checked_in() {
    let header = Header {
        shard: ShardId(1),
        height: 2,
        parent: B256::repeat_byte(3),
        time: Time(4),
        body_hash: Block::body_hash(&[]),
        state_root: B256::repeat_byte(5),
        receipts_root: B256::repeat_byte(6),
        gas_used: 7,
        seal: Seal::default(),
    };
    assert_eq!(
        hex(header.hash().as_slice()),
        "80a19fd793ceda681655ae3b5f04bba30759ee5297000cedca4316618e04c88e"
    );
    assert_eq!(encode(&header).len(), 2 + 8 + 32 + 8 + 32 + 32 + 32 + 8 + (8 * 5 + 64));
    assert_eq!(decode::<Header>(&encode(&header)).unwrap(), header);
}

#[test]
fn identifiers_are_accepted_only_with_their_check_digits() {
    for good in ["US0378331005", "AU0000XVGZA3", "AU0000VXGZA3"] {
        assert!(Isin::from_str(good).is_ok(), "{good}");
    }
    for bad in ["US0373831005", "US037833100", "us0378331005", "US037833100O", ""] {
        assert!(Isin::from_str(bad).is_err(), "{bad}");
    }
    assert!(Lei::from_str("549300GFX6WN7JDUSN34").is_ok());
    assert!(Lei::from_str("549300GFXDSN7JDUSN34").is_err());
    for good in ["ESVUFR", "DBFUFR"] {
        assert!(Cfi::from_str(good).is_ok(), "{good}");
    }
    for bad in ["XSVUFR", "EZVUFR", "ESVUF1", "ESVUF"] {
        assert!(Cfi::from_str(bad).is_err(), "{bad}");
    }
    assert!(Fisn::from_str("ACME CORP/ORD SHS").is_ok());
    for bad in ["ACME CORP", "ACME CORPORATION AG/X", "ACME/", "/X", "acme/x", "A/B/C"] {
        assert!(Fisn::from_str(bad).is_err(), "{bad}");
    }
    assert!(Country::from_str("DE").is_ok() && Country::from_str("XX").is_err());
    assert!(Currency::from_str("EUR").is_ok() && Currency::from_str("EUX").is_err());
}

#[test]
fn months_clamp_to_their_end_and_days_count_from_1970() {
    let date = |text: &str| Date::from_str(text).unwrap();
    assert_eq!(date("2026-01-31").plus_months(1), date("2026-02-28"));
    assert_eq!(date("2024-02-29").plus_months(12), date("2025-02-28"));
    assert_eq!(date("2026-03-02").plus_days(90), date("2026-05-31"));
    assert_eq!(date("1970-01-02").start(), Time(86_400_000));
    assert_eq!(date("1970-01-02").noon(), Time(129_600_000));
    assert_eq!(date("1969-12-31").noon(), Time(43_200_000));
    assert_eq!(Time(86_400_000 * 3 - 1).date(), date("1970-01-03"));
    assert_eq!(date("9999-12-31"), Date::MAX);
    assert_eq!(Date::MAX.plus_months(1), Date::MAX);
    assert!(Date::from_str("2026-02-30").is_err());
}

proptest! {
    #[test]
    fn reserved_addresses_come_apart_as_they_were_put_together(shard: u16, number: u64, kind in 0..3u8) {
        let kind = match kind {
            0 => ReservedKind::Service(Module::ALL[number as usize % Module::ALL.len()]),
            1 => ReservedKind::Asset(AssetId(number)),
            _ => ReservedKind::Person(PersonId(number)),
        };
        let reserved = Reserved { shard: ShardId(shard), kind };
        prop_assert_eq!(Reserved::parse(&reserved.address()), Some(reserved));
    }

    #[test]
    fn every_leaf_is_proved_and_no_other(leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..8), 1..40), at: prop::sample::Index, other: u8) {
        let index = at.index(leaves.len());
        let root = merkle_root(&leaves);
        let proof = merkle_proof(&leaves, index).unwrap();
        prop_assert!(proof.verify(&root, &leaves[index]));
        let mut forged = leaves[index].clone();
        forged.push(other);
        prop_assert!(!proof.verify(&root, &forged));
        let moved = MerkleProof { index: leaves.len() as u32, ..proof.clone() };
        prop_assert!(!moved.verify(&root, &leaves[index]), "there is no such place");
        prop_assert!(merkle_proof(&leaves, leaves.len()).is_none());
    }

    #[test]
    fn decoders_accept_only_what_encoders_write(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(block) = decode::<Block>(&bytes) { prop_assert_eq!(encode(&block), bytes.clone()); }
        if let Ok(receipt) = decode::<Receipt>(&bytes) { prop_assert_eq!(encode(&receipt), bytes.clone()); }
        if let Ok(isin) = decode::<Isin>(&bytes) { prop_assert_eq!(encode(&isin), bytes); }
    }

    /// Check digits were computed with sums that over- and underflowed: of any text, an identifier is
    /// refused or stands as it was written, and one digit changed makes it another or none.
    #[test]
    fn p32_check_digits_of_any_text_are_right_or_refused(text in "[0-9A-Z!-~é ]{0,24}", body in "[A-Z]{2}[A-Z0-9]{9}", place in 2..11usize) {
        if let Ok(isin) = Isin::from_str(&text) { prop_assert_eq!(isin.to_string(), text.clone()); }
        if let Ok(lei) = Lei::from_str(&text) { prop_assert_eq!(lei.to_string(), text); }
        let good: Vec<_> = (0..10).map(|digit| format!("{body}{digit}")).filter(|isin| Isin::from_str(isin).is_ok()).collect();
        prop_assert!(good.len() <= 1, "one check digit at most: {:?}", good);
        for isin in good {
            let mut other = isin.clone().into_bytes();
            if other[place].is_ascii_digit() {
                other[place] = b'0' + (other[place] - b'0' + 1) % 10;
                prop_assert!(Isin::from_str(std::str::from_utf8(&other).expect("ASCII")).is_err());
            }
        }
    }
}

//! The ledger.

use super::*;
use crate::Vectors;
use compliance::{Exemptions, Paths};
use ledger::*;
use types::{ClassId, Ratio, Units};

fn lot(paths: &[u16]) -> compliance::Lot {
    let exemptions = Exemptions(2);
    let paths = Paths::try_from(paths.to_vec()).expect("in order");
    compliance::Lot { units: Units(30), acquired: LATER, anchor: THEN, paths, exemptions }
}

fn price() -> Price {
    Price { currency: "USD".parse().expect("a currency"), paid: Units(500_000) }
}

pub fn ledger(all: &mut Vectors) {
    let asset = Asset {
        kind: AssetKind::Cash("EUR".parse().expect("a currency")),
        symbol: "ACME".into(),
        name: "Acme AG".into(),
        decimals: 2,
        isin: Some("US0378331005".parse().expect("an ISIN")),
        cfi: "ESVUFR".parse().expect("a CFI"),
        fisn: Some("ACME AG/REG SHS".parse().expect("a FISN")),
        issuer: PERSON,
        lei: Some("529900T8BM49AURSDO55".parse().expect("an LEI")),
        status: AssetStatus::Paused,
        authorised: Units(5_000),
        issued: Units(4_000),
        treasury: Units(300),
        classes: 2,
        documents: 3,
        checkpoint: 4,
        conversion: Some(Conversion {
            class: CLASS,
            into: ClassId(1),
            ratio: Ratio { new: 2, old: 3 },
            next: 4,
            authorised: Units(3_333),
            is_whole: true,
        }),
    };
    let bare = Asset {
        kind: AssetKind::Equity,
        isin: None,
        fisn: None,
        lei: None,
        status: AssetStatus::Open,
        conversion: None,
        ..asset.clone()
    };
    all.record(&ASSETS, &ASSET, &asset);
    all.record(&ASSETS, &AssetId(1), &bare);
    let class = Class {
        name: "B".into(),
        issued: Units(40),
        treasury: Units(3),
        is_frozen: true,
        holders: 5,
        since: 6,
        converted: THEN,
    };
    all.record(&CLASSES, &(ASSET, CLASS), &class);
    let at = (ASSET, CLASS, ACCOUNT);
    let position = Position {
        units: Units(60),
        held: Units(20),
        frozen: vec![
            Freeze {
                units: Units(10),
                until: Time::NEVER,
                under: hash(0x0a),
                by: Freezer::Agent(CONTEST),
                halt: HALT,
            },
            Freeze {
                units: Units(5),
                until: LATER,
                under: hash(0x0b),
                by: Freezer::Announced(3),
                halt: HALT,
            },
        ],
        lots: [lot(&[]), lot(&[2, 0x0103])].into_iter().collect(),
        since: 4,
    };
    all.record(&POSITIONS, &at, &position);
    all.record(&ISINS, &"US0378331005".parse().expect("an ISIN"), &ASSET);
    let document = Document {
        uri: "https://acme.example/prospectus".into(),
        hash: hash(0xd1),
        published: THEN,
        version: 2,
        is_removed: true,
    };
    all.record(&DOCUMENTS, &(ASSET, hash(0x11)), &document);
    all.record(&DOCUMENT_NAMES, &(ASSET, 1), &hash(0x11));
    all.record(&DOCUMENT_VERSIONS, &(ASSET, hash(0x11), 2), &document);
    let hold = Hold {
        asset: ASSET,
        class: CLASS,
        account: ACCOUNT,
        beneficiary: SECOND,
        notary: Some(OTHER),
        units: Units(20),
        since: THEN,
        expires: LATER,
        pledge: Some(Pledge { recourse: true }),
        path: Some("R144_NA".into()),
        price: Some(price()),
    };
    all.record(&HOLDS, &7, &hold);
    all.record(&ALLOWANCES, &(ASSET, wallet(0xa1), wallet(0xb2)), &Units(12));
    for class in [None, Some(CLASS)] {
        all.record(&OPERATORS, &(ASSET, class, wallet(0xa1), wallet(0xb2)), &());
    }
    all.record(&PERMIT_NONCES, &(ASSET, wallet(0xa1)), &8);
    all.record(&FROZEN, &(ASSET, PERSON), &orders());
    let past = vec![Past { until: 1, units: Units(5) }, Past { until: 3, units: Units(6) }];
    all.record(&HISTORY, &at, &past);
    all.record(&SUPPLY_HISTORY, &(ASSET, CLASS), &past);
    all.record(&CHECKPOINTS, &(ASSET, 4), &THEN);
    all.record(&POSITION_INDEX, &(ACCOUNT, 2), &(ASSET, CLASS));
    all.record(&POSITION_COUNT, &ACCOUNT, &3);
    all.record(&HOLDS_ON, &at, &vec![7, 9]);
    all.record(&HOLDER_INDEX, &(ASSET, CLASS, 4), &ACCOUNT);
    all.record(&NEXT, &(), &Next { asset: 2, hold: 10, order: 4 });
    let taking = Taking {
        asset: ASSET,
        class: CLASS,
        from: ACCOUNT,
        to: Some(SECOND),
        units: Units(5),
        order: order(),
        announced: THEN,
        contest_until: LATER,
        contest: CONTEST,
        end: None,
    };
    all.record(&ORDERS, &3, &taking);
    let (to, contest, end) = (None, Contest::default(), Some(End::CarriedOut));
    all.record(&ORDERS, &4, &Taking { to, contest, end, ..taking });
    all.record(&ISSUERS, &PERSON, &());
    for class in [None, Some(CLASS)] {
        all.record(&HALTS, &(ASSET, class), &HALT);
    }
    all.record(&FILED_ORDERS, &(ASSET, wallet(0xa1)), &order());
}

pub fn ledger_events() -> Vec<Event> {
    use Event::*;
    let (asset, class, account, by) = (ASSET, CLASS, ACCOUNT, wallet(0xa1));
    let (units, order, hold) = (Units(20), order(), 7);
    let (name, uri, hash) = (hash(0x11), "https://acme.example".to_owned(), hash(0xd1));
    let all = vec![
        Moved {
            asset,
            class,
            from: Some(account),
            to: Some(SECOND),
            units,
            cause: Cause::Forced,
            paths: Paths::try_from(vec![2, 0x0103]).expect("in order"),
            exemptions: Exemptions(5),
            operator: by,
        },
        AssetCreated { asset, issuer: PERSON, isin: None, authorised: units },
        ClassCreated { asset, class, name: "B".into() },
        AuthorisedChanged { asset, authorised: units },
        Paused { asset, by },
        Resumed { asset, by },
        Closed { asset, by },
        ClassFrozen { asset, class, frozen: true, by: wallet(0xb1) },
        PersonFrozen {
            asset,
            person: PERSON,
            frozen: true,
            order: order.clone(),
            by: wallet(0xb1),
        },
        UnitsFrozen {
            asset,
            class,
            account,
            was: Units(1),
            frozen: vec![Freeze {
                units,
                until: LATER,
                under: order.key(),
                by: Freezer::Announced(3),
                halt: HALT,
            }],
            order: order.clone(),
        },
        OrderCarriedOut { asset, order: order.clone(), by, number: Some(3) },
        Approved { asset, owner: account, spender: wallet(0xb2), units },
        OperatorSet {
            asset,
            class: Some(class),
            owner: account,
            operator: wallet(0xb2),
            allowed: true,
        },
        Held { hold, asset, class, account, beneficiary: SECOND, units, expires: LATER },
        HoldReleased { hold, units },
        HoldExecuted { hold, units },
        DocumentPublished { asset, name, uri: uri.clone(), hash, version: 2 },
        DocumentRemoved { asset, name, uri, hash },
        CheckpointTaken { asset, checkpoint: 4 },
        Renamed { asset, name: "Acme Holding".into(), symbol: "ACMH".into(), by },
        OrderAnnounced {
            number: 3,
            asset,
            class,
            from: account,
            to: Some(SECOND),
            units,
            order,
            contest_until: LATER,
        },
        OrderContested { number: 3, asset, document: hash, by },
        OrderConfirmed { number: 3, asset, document: hash, by },
        OrderWithdrawn { number: 3, asset, document: hash, by },
        Pledged { hold, recourse: true },
        ConversionBegun { asset, class, into: ClassId(1), ratio: Ratio { new: 2, old: 3 } },
        Converted { asset, class, into: ClassId(1), account, units, made: Units(13), rest: 1 },
        HoldConverted { hold, class, units },
        OrderConverted { number: 3, class, units },
        ConversionCompleted { asset, class, into: ClassId(1) },
        IssuedUnpaid { asset, class, account, units },
        PaymentConfirmed { asset, class, account, units },
        Exchanged {
            asset,
            class,
            new: AssetId(1),
            into: ClassId(1),
            account,
            units,
            made: Units(13),
            ratio: Ratio { new: 2, old: 3 },
            rest: 1,
        },
        FreezeContested { bound: Bound::Person(asset, PERSON), order: hash, document: hash, by },
        FreezeConfirmed {
            bound: Bound::Units(asset, class, account),
            order: hash,
            document: hash,
            by,
        },
        Priced {
            asset,
            class,
            from: Some(account),
            to: Some(SECOND),
            units,
            currency: price().currency,
            paid: price().paid,
        },
        HeldOn { hold, path: Some("R144_NA".into()), price: Some(price()) },
    ];
    // A new event fails to compile here: add it above, at its place.
    for event in &all {
        match event {
            Moved { .. } | AssetCreated { .. } | ClassCreated { .. } => {}
            AuthorisedChanged { .. } | Paused { .. } | Resumed { .. } | Closed { .. } => {}
            ClassFrozen { .. } | PersonFrozen { .. } | UnitsFrozen { .. } => {}
            OrderCarriedOut { .. } | Approved { .. } | OperatorSet { .. } | Held { .. } => {}
            HoldReleased { .. } | HoldExecuted { .. } | DocumentPublished { .. } => {}
            DocumentRemoved { .. } | CheckpointTaken { .. } | Renamed { .. } => {}
            OrderAnnounced { .. } | OrderContested { .. } => {}
            OrderConfirmed { .. } | OrderWithdrawn { .. } | Pledged { .. } => {}
            ConversionBegun { .. } | Converted { .. } | HoldConverted { .. } => {}
            OrderConverted { .. } | ConversionCompleted { .. } => {}
            IssuedUnpaid { .. } | PaymentConfirmed { .. } | Exchanged { .. } => {}
            FreezeContested { .. } | FreezeConfirmed { .. } | Priced { .. } => {}
            HeldOn { .. } => {}
        }
    }
    all
}

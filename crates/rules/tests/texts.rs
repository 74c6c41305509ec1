//! The words of refusals: every reason has some, their templates fill, and what is published of them is up to
//! date.

use compliance::{
    Layer, Reason, ReasonCode, Side, Texts, erc1404_text, texts, topic_called, topics,
};
use serde_json::json;
use std::{collections::BTreeSet, fmt::Write, path::Path};
use types::{Country, Name, PersonId, Time, Units};

/// The facts that a template may name, and the field of `ICompliance.Params` that has each.
const FACTS: [(&str, &str); 31] = [
    ("party", "side"),
    ("have", "have"),
    ("need", "need"),
    ("topic", "topic"),
    ("country", "country"),
    ("when", "when"),
    ("time", "when"),
    ("fact", "fact"),
    ("providers", "providers"),
    ("source", "source"),
    ("path", "path"),
    ("side", "side"),
    ("amount", "have"),
    ("least", "need"),
    ("most", "need"),
    ("holders", "have"),
    ("counted", "have"),
    ("of_holders", "fact"),
    ("of_counted", "fact"),
    ("by", "by"),
    ("since", "since"),
    ("authority", "order"),
    ("reference", "order"),
    ("class", "class"),
    ("used", "used"),
    ("held", "held"),
    ("frozen", "frozen"),
    ("period", "period"),
    ("next", "next"),
    ("offered", "offered"),
    ("turn", "turn"),
];

/// The field of `ICompliance.Params` that has a fact.
fn field(fact: &str) -> Option<&'static str> {
    FACTS.iter().find(|(name, _)| *name == fact).map(|(_, field)| *field)
}

/// What stands between braces in a template.
fn facts(template: &str) -> Vec<&str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn every_reason_says_what_stands_in_the_way_and_what_to_do() {
    let Texts { reasons, tails, .. } = texts();
    assert_eq!(reasons.len(), ReasonCode::all().count());
    for (name, text) in &reasons {
        assert!(!text.text.is_empty() && !text.remedy.is_empty(), "{name}");
    }
    let templates = reasons.values().flat_map(|text| [text.text, text.remedy]).chain(tails);
    for template in templates {
        assert!(facts(template).iter().all(|fact| field(fact).is_some()), "{template}");
        assert_eq!(template.matches('[').count(), template.matches(']').count(), "{template}");
    }
}

#[test]
fn a_topic_is_called_by_its_name_or_its_number() {
    let known = texts().topics;
    let called: Vec<u32> = topics().filter_map(topic_called).collect();
    assert_eq!(called, known.into_keys().collect::<Vec<_>>());
    assert_eq!((topic_called("eu_qi"), topic_called("30")), (Some(30), Some(30)));
    assert_eq!(topic_called("EUQI"), None);
}

#[test]
fn a_names_code_is_what_serde_writes() {
    for code in ReasonCode::all() {
        assert_eq!(json!(code), json!(code.name()));
    }
}

#[test]
fn facts_fill_the_words_and_what_is_not_known_is_left_out() {
    let bare = Reason::new(Layer::Issuer, ReasonCode::LockedLot);
    assert_eq!(bare.to_string(), "0 of 0 units are unlocked");
    let day = types::Date::of(2027, 1, 15).unwrap().start();
    let locked = bare.amounts(60u32, 61u32).from(day);
    assert_eq!(locked.to_string(), "60 of 61 units are unlocked; enough unlock on 2027-01-15");
    assert_eq!(locked.remedy(), "move at most 60, or wait");

    let claim =
        Reason::new(Layer::Jurisdiction, ReasonCode::ClaimMissing).of(Side::Receiver).about(20);
    assert_eq!(claim.to_string(), "the buyer needs a current claim: accredited investor");
    assert_eq!(claim.remedy(), "the buyer asks a provider to attest it");
    let told = Reason {
        providers: vec![PersonId(2), PersonId(3)],
        source: Some("17 CFR 230.506(c) [K]".into()),
        path: Some("US-506C: AI".into()),
        when: Some(day),
        ..claim
    };
    let expected = "the buyer needs a current claim: accredited investor; from 2027-01-15 on it would pass \
                    [17 CFR 230.506(c) [K]] (path US-506C: AI)";
    assert_eq!(told.to_string(), expected);
    assert!(told.remedy().ends_with("person 2 or person 3"), "{}", told.remedy());
    let low = Reason::new(Layer::Issuer, ReasonCode::OutOfBounds).amounts(20u32, 100u32);
    assert_eq!(low.to_string(), "at least 100 is needed, and 20 is there");
    let high = Reason::new(Layer::Issuer, ReasonCode::OutOfBounds).amounts(101u32, 100u32);
    assert_eq!(high.to_string(), "at most 100 is allowed, and 101 is there");
    let ticket = Reason::new(Layer::Jurisdiction, ReasonCode::BelowMin).amounts(5u32, 10u32);
    assert_eq!(ticket.to_string(), "5 is there, at least 10 is needed");
    let holding = ticket.of(Side::Receiver).to_string();
    assert_eq!(holding, "the buyer would hold 5, at least 10 or nothing is allowed");
    let fact = Reason {
        fact: Some(Name::new("FORM_C")),
        ..Reason::new(Layer::Issuer, ReasonCode::FilingMissing)
    };
    assert_eq!(fact.to_string(), "FORM_C must be filed first");
    let never = Reason { when: Some(Time::NEVER), have: Some(Units(1)), ..fact };
    assert!(never.to_string().starts_with("FORM_C must be filed first"));
}

#[test]
fn every_number_of_erc_1404_has_words_and_0_is_no_reason() {
    let country = |code: &str| -> Option<Country> { code.parse().ok() };
    let mut given = BTreeSet::from([0u8]);
    for code in ReasonCode::all() {
        for side in [None, Some(Side::Sender), Some(Side::Receiver), Some(Side::Venue)] {
            for country in [None, country("US"), country("CH")] {
                let reason = Reason { side, country, ..Reason::new(Layer::Issuer, code) };
                assert_ne!(reason.erc1404(), 0, "{code:?}");
                given.insert(reason.erc1404());
            }
        }
    }
    let has_words = |number: &u8| erc1404_text(*number).is_some();
    let worded: BTreeSet<u8> = (0..=u8::MAX).filter(has_words).collect();
    assert_eq!(given, worded, "and no others have");
    // As DSToken and CMTAT have them.
    let of = |code, side, home: &str| {
        let country = country(home);
        Reason { side, country, ..Reason::new(Layer::Issuer, code) }.erc1404()
    };
    use ReasonCode::*;
    let locked = |home| of(LockedLot, Some(Side::Sender), home);
    assert_eq!((locked("US"), locked("DE"), LockedLot.erc1404()), (32, 33, 16));
    let blocked = |side| of(Sanctioned, Some(side), "US");
    assert_eq!([Side::Sender, Side::Receiver, Side::Venue].map(blocked), [30, 31, 32]);
    let plain = [
        (Paused, 10),
        (LiquidateOnly, 90),
        (InsufficientBalance, 15),
        (UnitsHeld, 16),
        (WalletUnknown, 20),
        (UsPerson, 26),
        (JurisdictionForbidden, 26),
        (OnlyAccredited, 61),
        (OnlyUsAccredited, 62),
        (CapPersons, 40),
        (CapOfferees, 40),
        (FloorPersons, 71),
        (BelowMin, 51),
        (AboveMax, 52),
        (FullOnly, 50),
        (Flowback, 25),
        (VolumeLimit, 255),
    ];
    for (code, number) in plain {
        assert_eq!(code.erc1404(), number, "{code:?}");
    }
}

#[test]
fn what_is_published_of_them_is_up_to_date() {
    let texts = texts();
    let mut page = String::from(
        "# Why the chain refuses\n\n\
         Every reason that can stand in the way of a movement: its number on the wire (9000 and it, in refusals), its\n\
         bytes in ERC-1066 and ERC-1400, its number in ERC-1404, what it says, and what could be done about it. `scrip explain`,\n\
         `scrip_explain` and `client.compliance.explain` give all of them at once, each with the place in the law and\n\
         the path on which it stands in the way, when the movement would pass, and how much would. They tell what follows\n\
         too: what would be added up, owed or given as a fee; with `reads` (`--reads`) which records the answer rests on,\n\
         found or not, as `scrip_getProof` proves them one by one. For whose eyes an answer is may be said: with `view`\n\
         (`--view`) `sender` or `receiver` of the other party no more is told than that something stands against it\n\
         (`NOT_ELIGIBLE`), with `public` of neither. That is for who shows answers to others, an exchange to a buyer: what is\n\
         on chain is public, and hidden from nobody by it.\n\n\
         The words are templates that the reason's facts fill: `{need}` is a fact, and what stands in brackets is left\n\
         out unless every fact in it is known. [reasons.en.json](reasons.en.json) has all of them as data, `scrip rules\n\
         texts` prints it; a translation is the same file with other words, and `reasonText(reason, texts)` of\n\
         `@scrip/sdk` fills it. This page and that file are written by a test: `SCRIP_WRITE=1` before the tests' command\n\
         writes them anew.\n\n\
         | Reason | Number | ERC-1066 | ERC-1400 | ERC-1404 | What it says | What to do |\n|---|---|---|---|---|---|---|\n",
    );
    for code in ReasonCode::all() {
        let name = code.name();
        let text = &texts.reasons[&name];
        let (one, other) = (code.erc1066(), code.erc1400());
        let (says, remedy) = (text.text, text.remedy);
        writeln!(
            page,
            "| `{name}` | {} | 0x{one:02x} | 0x{other:02x} | {} | {says} | {remedy} |",
            text.number,
            code.erc1404()
        )
        .unwrap();
    }
    page += "\nOf a reason about the sender the ERC-1400 byte is 0x56 where it is 0x57 here, about the receiver the other way\n\
             round, and about the venue 0x58. The ERC-1404 number is DSToken's, or CMTAT's where only that has one: of a wallet\n\
             that is not admitted 21 of the sender, 22 of the receiver, 23 of the venue; of who is blocked 30, 31 and 32; of locked\n\
             lots 32 if the seller resides in the United States and 33 elsewhere. 0 is no restriction, and 255 stands for every\n\
             reason that neither has a number for.\n\n\
             | ERC-1404 | What `messageForTransferRestriction` says |\n|---|---|\n";
    for (number, says) in (0..=u8::MAX).filter_map(|it| Some((it, erc1404_text(it)?))) {
        writeln!(page, "| {number} | {says} |").unwrap();
    }
    page += "\n\
             ## What contracts are told\n\n\
             `canMove` and `canMoveOn` tell the first reason in `params`: every fact that it has, once, with its number in `code`. Any\n\
             reason may say its `layer`, `side`, `path` and `source`, and from `when` on it would pass; what else the words of each\n\
             name is in these fields. `readParams` of `@scrip/sdk` makes of it the reason that `reasonText` says in words.\n\n\
             | Reason | Fields of `Params` |\n|---|---|\n";
    for code in ReasonCode::all() {
        let text = &texts.reasons[&code.name()];
        let named = [text.text, text.remedy].into_iter().flat_map(facts).filter_map(field);
        let is_any = |name: &&str| ["side", "path", "source", "when"].contains(name);
        let fields: BTreeSet<_> = named.filter(|name| !is_any(name)).collect();
        let fields: Vec<_> = fields.into_iter().map(|name| format!("`{name}`")).collect();
        writeln!(page, "| `{}` | {} |", code.name(), fields.join(", ")).unwrap();
    }
    page += "\n\
             ## What claims are about\n\n\
             Rules and attestations name a topic by its number; scenarios and the command line take the name too.\n\n\
             | Topic | Name | In words |\n|---|---|---|\n";
    for name in topics() {
        let number = topic_called(name).unwrap();
        writeln!(page, "| {number} | `{name}` | {} |", texts.topics[&number]).unwrap();
    }
    let data = serde_json::to_string_pretty(&texts).unwrap() + "\n";
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for (name, text) in [("reasons.md", page), ("reasons.en.json", data)] {
        let path = docs.join(name);
        if std::env::var_os("SCRIP_WRITE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == text, "docs/{name} is behind: write it with SCRIP_WRITE=1");
    }
}

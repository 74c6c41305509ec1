//! The genesis file: what it says comes back, and what is wrong in it is named.

mod market;

use chain::{Genesis, GenesisError};
use market::genesis;
use trust::{Power, genesis::GenesisGrant};
use types::{BlockLimits, PersonId};

fn refused(text: &str) -> String {
    Genesis::from_toml(text).expect_err("it is wrong").to_string()
}

#[test]
fn a_genesis_comes_back_from_its_file_as_it_was() {
    let ours = genesis(5);
    let text = ours.to_toml();
    let again = Genesis::from_toml(&text).expect("its own file");
    assert_eq!(again, ours);
    assert_eq!((again.hash(), again.to_toml()), (ours.hash(), text));
}

#[test]
fn a_change_anywhere_is_another_network() {
    let ours = genesis(3);
    let mut others = vec![ours.clone(); 6];
    others[0].name.push('x');
    others[1].chain_id += 1;
    others[2].time.0 += 1;
    others[3].limits.gas -= 1;
    others[4].identity.recovery_delay_ms += 1;
    others[5].trust.fuel.refill_ms += 1;
    for other in others {
        assert_ne!(other.hash(), ours.hash());
    }
}

#[test]
fn what_is_left_out_has_its_default() {
    let text = genesis(1).to_toml();
    let start = text.find("[limits]").expect("limits are written");
    let end = start + text[start + 1..].find('[').expect("more follows") + 1;
    let without = [&text[..start], &text[end..]].concat();
    assert_eq!(Genesis::from_toml(&without).expect("defaults").limits, BlockLimits::default());
}

#[test]
fn a_field_that_is_unknown_missing_or_malformed_is_named() {
    let text = genesis(1).to_toml();
    let cases = [
        (format!("colour = \"red\"\n{text}"), "colour"),
        (text.replace("chain_id", "chain"), "chain"),
        (text.replacen("chain_id = 31337\n", "", 1), "chain_id"),
        (text.replacen("chain_id = 31337", "chain_id = \"31337\"", 1), "chain_id"),
        (text.replacen("chain_id = 31337", "chain_id = -1", 1), "chain_id"),
        (text.replacen("\"DE\"", "\"XX\"", 1), "residence"),
        (text.replacen("\"DE\"", "\"Germany\"", 1), "residence"),
        (text.replacen("wallet = \"0x", "wallet = \"0y", 1), "wallet"),
        ("".to_owned(), "name"),
        ("]".to_owned(), "line 1"),
    ];
    for (text, field) in cases {
        let said = refused(&text);
        assert!(said.contains(field), "{field} is not named in: {said}");
    }
}

#[test]
fn parts_that_contradict_each_other_are_refused_when_the_file_is_read() {
    let refused = |change: fn(&mut Genesis)| {
        let mut wrong = genesis(2);
        change(&mut wrong);
        match Genesis::from_toml(&wrong.to_toml()) {
            Err(GenesisError::Contradiction(why)) => why,
            other => panic!("{other:?}"),
        }
    };
    assert!(refused(|g| g.limits.transactions = 0).contains("limits"));
    assert!(refused(|g| g.limits.gas = 1).contains("limits"));
    assert!(refused(|g| g.limits.bytes = 100).contains("limits"));
    let twice = refused(|g| g.identity.persons[1].wallet = g.identity.persons[0].wallet);
    assert!(twice.contains("bound already"), "{twice}");
    let nobody = refused(|g| {
        g.trust.grants.push(GenesisGrant { person: PersonId(99), powers: vec![Power::Admin] });
    });
    assert!(nobody.contains("person 99"), "{nobody}");
    let misplaced = refused(|g| g.trust.grants[0].powers.push(Power::Issue));
    assert!(misplaced.contains("issue cannot be granted"), "{misplaced}");
    assert!(refused(|g| g.trust.fuel.refill_ms = 0).contains("refill_ms"));
}

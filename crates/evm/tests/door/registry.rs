//! ERC-3643 to the letter: the token's description, and the identity registry.

// Fields have the names that the Solidity interfaces give them.
#![allow(non_snake_case)]

use crate::world::*;
use alloy_primitives::keccak256;
use types::{Address, Module, PersonId, Reserved, ShardId, sha256};

/// What the protocol leaves to no token.
const FIXED: u16 = 5_021;

fn identity() -> Address {
    service(Module::Identity)
}

fn person(number: u64) -> Address {
    Reserved::person(ShardId(0), PersonId(number))
}

#[test]
fn a_token_is_described_when_it_comes_into_being() {
    let mut world = World::empty();
    let receipt = world.send("issuer", service(Module::Ledger), new_asset("ACME"));
    done(&receipt);
    let [told] = &logs::<IERC3643::UpdatedTokenInformation>(&receipt.logs, acme())[..] else {
        panic!("one log")
    };
    assert_eq!((told.newName, told.newSymbol), (keccak256("ACME Inc. shares"), keccak256("ACME")));
    assert_eq!((told.newDecimals, told.newVersion.as_str()), (0, "4.1.6"));
    assert_eq!(told.newOnchainID, person(2));
    let registry = logs::<IERC3643::IdentityRegistryAdded>(&receipt.logs, acme());
    assert_eq!(registry[0].identityRegistry, identity());
    let compliance = logs::<IERC3643::ComplianceAdded>(&receipt.logs, acme());
    assert_eq!(compliance[0].compliance, service(Module::Compliance));
    assert_eq!(world.view(acme(), IERC3643::identityRegistryCall {}), identity());
}

#[test]
fn who_has_the_power_over_terms_renames_a_token() {
    let mut world = World::new();
    let domain = world.view(acme(), IERC2612::DOMAIN_SEPARATORCall {});
    let rename = IERC3643::setNameCall { name: "Acme Holding shares".into() };
    assert_eq!(world.refused("alice", acme(), rename.clone()).1, 0x10);
    let receipt = world.send("issuer", acme(), rename.clone());
    done(&receipt);
    let told = logs::<IERC3643::UpdatedTokenInformation>(&receipt.logs, acme());
    assert_eq!(told[0].newName, keccak256("Acme Holding shares"));
    assert_eq!(told[0].newSymbol, keccak256("ACME"));
    world.ok("issuer", acme(), IERC3643::setSymbolCall { symbol: "ACMH".into() });
    assert_eq!(world.view(acme(), IERC20Metadata::nameCall {}), "Acme Holding shares");
    assert_eq!(world.view(acme(), IERC20Metadata::symbolCall {}), "ACMH");
    // Permits are signed for the name.
    assert_ne!(world.view(acme(), IERC2612::DOMAIN_SEPARATORCall {}), domain);
    // Nothing, too much, and what is so already.
    for (name, code) in [("", 4_006), (&"x".repeat(65)[..], 4_006), ("Acme Holding shares", 4_017)]
    {
        let rename = IERC3643::setNameCall { name: name.into() };
        assert_eq!(world.refused("issuer", acme(), rename).0, code, "{name}");
    }
    assert_eq!(world.balance("alice"), 1_000);
}

#[test]
fn what_the_protocol_fixes_is_refused_with_the_way_there_is() {
    let mut world = World::new();
    let to = wallet("carol");
    let told = [
        world.refused("issuer", acme(), IERC3643::setOnchainIDCall { onchainID: to }),
        world.refused("issuer", acme(), IERC3643::setIdentityRegistryCall { identityRegistry: to }),
        world.refused("issuer", acme(), IERC3643::setComplianceCall { compliance: to }),
        world.refused("kyc", identity(), IIdentityRegistry::deleteIdentityCall { userAddress: to }),
        world.refused(
            "kyc",
            identity(),
            IIdentityRegistry::updateIdentityCall { userAddress: to, identity: person(3) },
        ),
        world.refused(
            "kyc",
            identity(),
            IIdentityRegistry::setTrustedIssuersRegistryCall { trustedIssuersRegistry: to },
        ),
    ];
    let ways = ["issuer", "setPolicy", "setPolicy", "suspend", "startRecovery", "admitProvider"];
    for ((code, _, words), way) in told.iter().zip(ways) {
        assert_eq!(*code, FIXED, "{words}");
        assert!(words.contains(way), "{words}");
    }
    assert_eq!(world.view(acme(), IERC3643::complianceCall {}), service(Module::Compliance));
}

#[test]
fn a_registration_needs_more_than_erc3643_has_room_for() {
    let mut world = World::new();
    let register = |userAddress| IIdentityRegistry::registerIdentityCall {
        userAddress,
        identity: person(3),
        country: 276,
    };
    let (code, _, words) = world.refused("kyc", identity(), register(wallet("new")));
    assert!(code == FIXED && words.contains("register(registrations)"), "{words}");
    let (code, status, words) = world.refused("kyc", identity(), register(wallet("alice")));
    assert!(code == 5_022 && status == 0x04 && words.contains("person 3"), "{words}");
    let batch = IIdentityRegistry::batchRegisterIdentityCall {
        userAddresses: vec![wallet("new"), wallet("bob")],
        identities: vec![person(3); 2],
        countries: vec![276; 2],
    };
    assert!(world.refused("kyc", identity(), batch).2.contains("person 4"));
}

#[test]
fn the_caring_provider_records_a_move_and_every_wallet_is_told_of() {
    let mut world = World::new();
    let update =
        |country| IIdentityRegistry::updateCountryCall { userAddress: wallet("alice"), country };
    world.refused("issuer", identity(), update(250));
    world.refused("kyc", identity(), update(999));
    let receipt = world.send("kyc", identity(), update(250));
    done(&receipt);
    let [told] = &logs::<IIdentityRegistry::CountryUpdated>(&receipt.logs, identity())[..] else {
        panic!("one log")
    };
    assert_eq!((told.investorAddress, told.country), (wallet("alice"), 250));
    let [ours] = &logs::<IIdentity::ResidenceChanged>(&receipt.logs, identity())[..] else {
        panic!("one log")
    };
    assert_eq!((ours.from.0, ours.to.0), (*b"DE", *b"FR"));
    let asked = IIdentityRegistry::investorCountryCall { userAddress: wallet("alice") };
    assert_eq!(world.view(identity(), asked), 250);
}

#[test]
fn a_registered_wallet_is_announced_with_its_identity_and_country() {
    let mut world = World::new();
    let registration = IIdentity::Registration {
        wallet: wallet("eve"),
        kind: 0,
        residence: (*b"CH").into(),
        uniqueness: sha256(&[b"eve"]),
        claims: Vec::new(),
    };
    let registrations = vec![registration];
    let receipt = world.send("kyc", identity(), IIdentity::registerCall { registrations });
    done(&receipt);
    let known = logs::<IIdentityRegistry::IdentityRegistered>(&receipt.logs, identity());
    assert_eq!((known[0].investorAddress, known[0].identity), (wallet("eve"), person(7)));
    let country = logs::<IIdentityRegistry::CountryUpdated>(&receipt.logs, identity());
    assert_eq!((country[0].investorAddress, country[0].country), (wallet("eve"), 756));
    assert_eq!(logs::<IIdentity::PersonRegistered>(&receipt.logs, identity()).len(), 1);
    let asked = IIdentityRegistry::identityCall { userAddress: wallet("eve") };
    assert_eq!(world.view(identity(), asked), person(7));
}

//! Persons that come into another provider's care, through the door.

use crate::world::*;
use alloy_signer::SignerSync;
use types::{B256, Bytes, Module, PersonId, Time};

const KYC: u64 = 1;
const CAROL: u64 = 5;

/// Carol is a provider too.
fn with_two_providers() -> World {
    let mut world = World::new();
    let admit = IIdentity::admitProviderCall { provider: CAROL };
    world.ok("kyc", service(Module::Identity), admit);
    world
}

fn provider_of(world: &mut World, person: u64) -> u64 {
    world.view(service(Module::Identity), IIdentity::personInfoCall { person }).provider
}

fn order() -> IIdentity::Order {
    let (authority, r#ref) = ("BaFin".into(), "WA 3-2026/0042".into());
    IIdentity::Order { authority, r#ref, document: B256::repeat_byte(7), expires: 0 }
}

#[test]
fn a_provider_takes_over_whoever_signed_for_it() {
    let mut world = with_two_providers();
    let identity = service(Module::Identity);
    let deadline = NOW.0 + 60_000;
    let [alice, from, to] = [3, KYC, CAROL].map(PersonId);
    let digest = identity::care_digest(&world.ctx, alice, from, to, Time(deadline));
    let word = |name| signer(name).sign_hash_sync(&digest).expect("signs").as_bytes().to_vec();
    let take = |consent: Vec<u8>| IIdentity::takeOverCall {
        person: 3,
        deadline,
        consent: Bytes::from(consent),
    };
    let (_, _, why) = world.refused("carol", identity, take(word("bob")));
    assert!(why.contains("the signature is not"), "{why}");
    let receipt = world.send("carol", identity, take(word("alice")));
    done(&receipt);
    let told = logs::<IIdentity::CareChanged>(&receipt.logs, identity);
    assert_eq!((told[0].person, told[0].from, told[0].to), (3, KYC, CAROL));
    assert_eq!((provider_of(&mut world, 3), provider_of(&mut world, 4)), (CAROL, KYC));
}

#[test]
fn a_book_is_moved_with_the_network_power_over_providers_and_no_other() {
    let mut world = with_two_providers();
    let identity = service(Module::Identity);
    let book =
        || IIdentity::moveBookCall { from: KYC, to: CAROL, persons: vec![3, 4], order: order() };
    let (_, _, why) = world.refused("alice", identity, book());
    assert!(why.contains("no grant of providers"), "{why}");
    let (_, _, why) = world.refused("kyc", identity, book());
    assert!(why.contains("is a provider in standing"), "{why}");
    let stop = IIdentity::setProviderStandingCall { provider: KYC, isActive: false };
    world.ok("kyc", identity, stop);
    let receipt = world.send("kyc", identity, book());
    done(&receipt);
    assert_eq!(logs::<IIdentity::CareChanged>(&receipt.logs, identity).len(), 2);
    let whole = &logs::<IIdentity::BookMoved>(&receipt.logs, identity)[0];
    assert_eq!((whole.persons, whole.order.authority.as_str()), (2, "BaFin"));
    assert_eq!(provider_of(&mut world, 4), CAROL);
}

#[test]
fn a_change_of_claims_that_cannot_be_counted_with_its_gas_is_refused_before_it_is_made() {
    let mut world = World::new();
    for asset in 100..1_100 {
        let (asset, none) = (types::AssetId(asset), types::Units::ZERO);
        let held = (asset, types::ClassId(0));
        compliance::record(&mut world.ctx, held, PersonId(3), types::Units(1), none);
    }
    world.ctx.settle();
    let identity = service(Module::Identity);
    let move_to_france = IIdentity::setResidenceCall { person: 3, residence: (*b"FR").into() };
    let input: Bytes = alloy_sol_types::SolCall::abi_encode(&move_to_france).into();
    let mut short = transaction(world.next_nonce("kyc"), Some(identity), input.clone());
    short.gas_limit = 200_000;
    let receipt = world.execute("kyc", short);
    let (_, status, why) = refusal(&receipt.outcome);
    assert_eq!(status, 0x0f, "{why}");
    assert!(receipt.gas_used < 60_000, "{} for nothing", receipt.gas_used);
    let estimate = world.call("kyc", identity, input.to_vec()).gas_used;
    let mut enough = transaction(world.next_nonce("kyc"), Some(identity), input);
    enough.gas_limit = estimate;
    done(&world.execute("kyc", enough));
    let counts = compliance::recount(&world.ctx, types::AssetId(100));
    let in_france = compliance::Filter::Country("FR".parse().expect("a country"));
    assert_eq!(counts.all.get(&in_france), Some(&1));
    assert_eq!(compliance::COUNTS.get(&world.ctx, &(types::AssetId(1_099), in_france)), Some(1));
}

#[test]
fn supply_says_what_the_issuer_holds_itself() {
    let mut world = World::new();
    let supply = |world: &mut World| {
        let told = world.view(service(Module::Ledger), ILedger::supplyOfCall { asset: ACME.0 });
        (told.authorised, told.issued, told.treasury, told.outstanding)
    };
    let holders = |world: &mut World| {
        world.view(service(Module::Compliance), ICompliance::holderCountCall { asset: ACME.0 })
    };
    assert_eq!(supply(&mut world), (1_000_000, 1_000, 0, 1_000));
    assert_eq!(holders(&mut world), 1);
    let (asset, policy) = (ACME.0, r#"{"rules":[]}"#.to_owned());
    let open = ICompliance::setPolicyCall { asset, policy, report: REPORT };
    world.ok("issuer", service(Module::Compliance), open);
    let back = IERC20::transferCall { to: wallet("issuer"), value: types::U256::from(100) };
    world.ok("alice", acme(), back);
    assert_eq!(supply(&mut world), (1_000_000, 1_000, 100, 900));
    assert_eq!(holders(&mut world), 1, "what the issuer has of its own makes it no holder");
    world.ok(
        "alice",
        acme(),
        IERC20::transferCall { to: wallet("bob"), value: types::U256::from(1) },
    );
    assert_eq!(holders(&mut world), 2);
}

//! Pledges, units that are not paid, conversions and exchanges, through the door.

use crate::world::*;
use alloy_primitives::FixedBytes;
use alloy_sol_types::SolValue;
use types::{Module, U256};

fn ledger() -> types::Address {
    service(Module::Ledger)
}

fn position(world: &mut World, asset: u64, class: u32, name: &str) -> (U256, U256, U256, U256) {
    let account = wallet(name);
    let told = world.view(ledger(), ILedger::positionOfCall { asset, class, account });
    (told.units, told.held, told.frozen, told.free)
}

fn of(units: [u64; 4]) -> (U256, U256, U256, U256) {
    let [units, held, frozen, free] = units.map(U256::from);
    (units, held, frozen, free)
}

#[test]
fn a_pledge_is_a_hold_that_says_what_recourse_there_is() {
    let mut world = World::new();
    let (asset, beneficiary, units) = (ACME.0, wallet("bob"), 40);
    let pledge = |recourse| ILedger::pledgeCall {
        asset,
        class: 0,
        beneficiary,
        notary: 0,
        units,
        expires: NOW.0 + 60_000,
        recourse,
    };
    let receipt = world.send("alice", ledger(), pledge(true));
    let number = u64::abi_decode(&done(&receipt)).expect("its number");
    let held = &logs::<ILedger::Held>(&receipt.logs, ledger())[0];
    assert_eq!((held.hold, held.account, held.units), (number, wallet("alice"), units));
    let pledged = &logs::<ILedger::Pledged>(&receipt.logs, ledger())[0];
    assert_eq!((pledged.hold, pledged.recourse), (number, true));
    assert_eq!(position(&mut world, asset, 0, "alice"), of([1_000, 40, 0, 960]));
    let (_, _, why) =
        world.refused("alice", ledger(), ILedger::executeHoldCall { number, units: 10 });
    assert!(why.contains("only the notary or beneficiary"), "{why}");
    world.ok("bob", ledger(), ILedger::executeHoldCall { number, units: 10 });
    world.ok("bob", ledger(), ILedger::releaseHoldCall { number });
    assert_eq!(position(&mut world, asset, 0, "alice"), of([990, 0, 0, 990]));
    assert_eq!(world.balance("bob"), 10);
    // It is judged as it is made.
    let to_carol = ILedger::pledgeCall { beneficiary: wallet("carol"), ..pledge(false) };
    let revoke = IIdentity::revokeCall { person: 5, topic: 1 };
    world.ok("kyc", service(Module::Identity), revoke);
    assert_eq!(world.refused("alice", ledger(), to_carol).0, 9_009);
}

#[test]
fn units_issued_unpaid_are_told_so_until_their_payment_is_confirmed() {
    let mut world = World::new();
    let (asset, class, account) = (ACME.0, 0, wallet("bob"));
    let policy = r#"{"rules":[{"lot":{"days":1}}]}"#.to_owned();
    let set = ICompliance::setPolicyCall { asset, policy, report: REPORT };
    world.ok("issuer", service(Module::Compliance), set);
    let legs = vec![ILedger::Leg { to: account, units: 20 }];
    let receipt = world.send("issuer", ledger(), ILedger::issueUnpaidCall { asset, class, legs });
    done(&receipt);
    let told = &logs::<ILedger::IssuedUnpaid>(&receipt.logs, ledger())[0];
    assert_eq!((told.asset, told.account, told.units), (asset, account, 20));
    let pay = IERC20::transferCall { to: wallet("carol"), value: U256::from(5) };
    let (code, _, why) = world.refused("bob", acme(), pay.clone());
    assert!(code == 9_057 && why.contains("paid"), "{why}");
    let confirm = |units| ILedger::confirmPaymentCall { asset, class, account, units };
    let (_, _, why) = world.refused("bob", ledger(), confirm(5));
    assert!(why.contains("no grant of issue"), "{why}");
    assert_eq!(world.refused("issuer", ledger(), confirm(21)).0, 4_055);
    let receipt = world.send("issuer", ledger(), confirm(5));
    done(&receipt);
    let told = &logs::<ILedger::PaymentConfirmed>(&receipt.logs, ledger())[0];
    assert_eq!((told.account, told.units), (account, 5));
    assert_eq!(world.refused("bob", acme(), pay).0, 9_019, "its day begins");
}

#[test]
fn a_sale_tells_its_price_and_goes_by_the_path_that_its_seller_elects() {
    let mut world = World::new();
    let (asset, class, from) = (ACME.0, 0, wallet("alice"));
    let policy = r#"{"rules": [{"any": [["FIRST", {"not": {"kind": "redeem"}}],
        ["PRICED", {"compare": {"left": {"paid_in": "USD"}, "is": "at_least", "right": {"number": "500"}}}]]}]}"#;
    let policy = policy.to_owned();
    let set = ICompliance::setPolicyCall { asset, policy, report: REPORT };
    world.ok("issuer", service(Module::Compliance), set);
    let (usd, none) = (FixedBytes(*b"USD"), FixedBytes([0; 3]));
    let sale = |units, paid| ILedger::Sale { to: wallet("bob"), units, lots: Vec::new(), paid };
    let sell = |path: &str, currency, legs| {
        let path = path.to_owned();
        ILedger::transferOnCall { asset, class, from, path, currency, legs }
    };
    let receipt = world.send("alice", ledger(), sell("PRICED", usd, vec![sale(10, 500)]));
    done(&receipt);
    let told = &logs::<ILedger::Priced>(&receipt.logs, ledger())[0];
    assert_eq!((told.asset, told.from, told.to), (asset, from, wallet("bob")));
    assert_eq!((told.units, told.currency, told.paid), (10, usd, 500));
    // Without an election the first will do, and without a currency nothing is told of a price.
    let receipt = world.send("alice", ledger(), sell("", none, vec![sale(10, 0)]));
    done(&receipt);
    assert_eq!(logs::<ILedger::Priced>(&receipt.logs, ledger()).len(), 0);
    for (call, code, says) in [
        (sell("PRICED", usd, vec![sale(10, 499)]), 9_033, "500"),
        (sell("PRICED", none, vec![sale(10, 0)]), 9_042, "what is paid is not stated"),
        (sell("OTHER", usd, vec![sale(10, 500)]), 9_021, "offers the path OTHER"),
        (sell("", none, vec![sale(10, 5)]), 4_064, "in which currency"),
        (sell(&"N".repeat(65), none, vec![sale(10, 0)]), 4_006, "path: "),
        (sell("", usd, Vec::new()), 4_024, "empty"),
    ] {
        let (is, _, why) = world.refused("alice", ledger(), call);
        assert!(is == code && why.contains(says), "{is} {why}");
    }
    let bad = sell("", FixedBytes(*b"usd"), vec![sale(10, 5)]);
    assert!(world.refused("alice", ledger(), bad).2.contains("currency"));
    let (_, _, why) = world.refused("carol", ledger(), sell("", usd, vec![sale(1, 1)]));
    assert!(why.contains("may not"), "{why}");
}

#[test]
fn a_hold_tells_its_price_when_it_is_delivered_as_its_maker_said() {
    let mut world = World::new();
    let (asset, class, account, beneficiary) = (ACME.0, 0, wallet("alice"), wallet("bob"));
    let policy = r#"{"rules": [{"any": [["FIRST", {"not": {"kind": "redeem"}}],
        ["PRICED", {"compare": {"left": {"paid_in": "USD"}, "is": "at_least", "right": {"number": "100"}}}]]}]}"#;
    let policy = policy.to_owned();
    world.ok(
        "issuer",
        service(Module::Compliance),
        ICompliance::setPolicyCall { asset, policy, report: REPORT },
    );
    let (usd, none) = (FixedBytes(*b"USD"), FixedBytes([0; 3]));
    let (notary, units, expires) = (0, 10, NOW.0 + 60_000);
    let hold = |path: &str, currency, paid| {
        let terms = ILedger::HoldTerms { path: path.to_owned(), currency, paid };
        ILedger::holdOnCall { asset, class, account, beneficiary, notary, units, expires, terms }
    };
    let receipt = world.send("alice", ledger(), hold("PRICED", usd, 1_001));
    let number = u64::abi_decode(&done(&receipt)).expect("its number");
    let told = &logs::<ILedger::HeldOn>(&receipt.logs, ledger())[0];
    assert_eq!(
        (told.hold, &told.path[..], told.currency, told.paid),
        (number, "PRICED", usd, 1_001)
    );
    for (units, paid) in [(3, 301), (7, 700)] {
        let receipt = world.send("bob", ledger(), ILedger::executeHoldCall { number, units });
        done(&receipt);
        let told = &logs::<ILedger::Priced>(&receipt.logs, ledger())[0];
        assert_eq!((told.from, told.to), (account, beneficiary));
        assert_eq!((told.units, told.currency, told.paid), (units, usd, paid));
    }
    let receipt = world.send("alice", ledger(), hold("PRICED", usd, 99));
    let number = u64::abi_decode(&done(&receipt)).expect("its number");
    let deliver = ILedger::executeHoldCall { number, units };
    assert_eq!(world.refused("bob", ledger(), deliver).0, 9_033);
    assert_eq!(world.refused("alice", ledger(), hold("", none, 5)).0, 4_064);
    assert_eq!(world.refused("alice", ledger(), hold(&"N".repeat(65), none, 0)).0, 4_006);
    let (_, _, why) = world.refused("carol", ledger(), hold("", usd, 5));
    assert!(why.contains("delegation"), "{why}");
    // On no terms it is a hold as any, and a pledge goes by a path too.
    let receipt = world.send("alice", ledger(), hold("", none, 0));
    assert!(logs::<ILedger::HeldOn>(&receipt.logs, ledger()).is_empty());
    let pledge = |path: &str| {
        let (path, recourse) = (path.to_owned(), true);
        ILedger::pledgeOnCall { asset, class, beneficiary, notary, units, expires, recourse, path }
    };
    assert_eq!(world.refused("alice", ledger(), pledge("PRICED")).0, 9_042);
    let receipt = world.send("alice", ledger(), pledge("FIRST"));
    let told = &logs::<ILedger::HeldOn>(&receipt.logs, ledger())[0];
    assert_eq!((&told.path[..], told.currency, told.paid), ("FIRST", none, 0));
}

#[test]
fn a_split_is_made_place_by_place_and_every_wallet_hears_of_it() {
    let mut world = World::new();
    let asset = ACME.0;
    world.ok("alice", acme(), IERC20::transferCall { to: wallet("bob"), value: U256::from(1) });
    let convert = |first, limit| ILedger::convertCall {
        asset,
        class: 0,
        into: 0,
        made: 3,
        old: 2,
        first,
        limit,
    };
    assert!(!world.send("alice", ledger(), convert(0, 1)).is_done(), "not without the power");
    let receipt = world.send("issuer", ledger(), convert(0, 1));
    assert_eq!(u32::abi_decode(&done(&receipt)).expect("what is left"), 1);
    let told = &logs::<ILedger::ConversionBegun>(&receipt.logs, ledger())[0];
    assert_eq!((told.made, told.old), (3, 2));
    let told = &logs::<ILedger::Converted>(&receipt.logs, ledger())[0];
    assert_eq!((told.account, told.units, told.made, told.rest), (wallet("alice"), 999, 1_498, 1));
    let token = &logs::<IERC20::Transfer>(&receipt.logs, acme())[0];
    let none = types::Address::ZERO;
    assert_eq!((token.from, token.to, token.value), (none, wallet("alice"), U256::from(499)));
    let back = IERC20::transferCall { to: wallet("alice"), value: U256::from(1) };
    assert_eq!(world.refused("bob", acme(), back.clone()).0, 4_050, "nothing moves meanwhile");
    // Whoever it is goes on, on the same terms.
    let receipt = world.send("carol", ledger(), convert(1, 10));
    assert_eq!(u32::abi_decode(&done(&receipt)).expect("what is left"), 0);
    assert_eq!(logs::<ILedger::ConversionCompleted>(&receipt.logs, ledger()).len(), 1);
    assert_eq!((world.balance("alice"), world.balance("bob")), (1_498, 1));
    world.ok("bob", acme(), back);
}

#[test]
fn a_note_is_exchanged_for_shares_of_the_same_issuer() {
    let mut world = World::new();
    let shares = world.create("SHARE");
    let (asset, made, class, into) = (ACME.0, 2, 0, 0);
    let policy = r#"{"rules":[]}"#.to_owned();
    world.ok(
        "issuer",
        service(Module::Compliance),
        ICompliance::setPolicyCall { asset: made, policy, report: REPORT },
    );
    let exchange = || ILedger::exchangeCall {
        asset,
        class,
        made,
        into,
        ratioMade: 2,
        ratioOld: 3,
        legs: vec![ILedger::Leg { to: wallet("alice"), units: 100 }],
    };
    assert!(!world.send("alice", ledger(), exchange()).is_done(), "not without the power");
    let receipt = world.send("issuer", ledger(), exchange());
    done(&receipt);
    let told = &logs::<ILedger::Exchanged>(&receipt.logs, ledger())[0];
    assert_eq!((told.asset, told.made, told.account), (asset, made, wallet("alice")));
    assert_eq!((told.units, told.unitsMade, told.rest), (100, 66, 2));
    assert_eq!(world.balance("alice"), 900);
    let held = world.view(shares, IERC20::balanceOfCall { account: wallet("alice") });
    assert_eq!(held, U256::from(66));
    let same = ILedger::exchangeCall { made: asset, ..exchange() };
    assert_eq!(world.refused("issuer", ledger(), same).0, 4_056);
}

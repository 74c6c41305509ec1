//! A refused call changes nothing: whatever it was, the records are those of a world without it.

use crate::world::*;
use ledger::{AssetKind, Call, Leg, NewAsset, Placement};
use types::{AccountId, Address, AssetId, B256, ClassId, Order, PersonId, Time, Units};

const SCENE: &str = r#"
    person alice CH
    account alice
    person bob   CH
    person carol CH
    policy {"rules": [{"holding": {"max": "60"}}]}
    class B                                         ok
    issue 50 to alice and 20 to bob                 ok
    hold 20 alice for bob until 2026-02-01          ok
    freeze-units 10 alice                           ok
    approve alice carol 30                          ok
    announce 5 alice to bob contest 2026-02-01      ok
    checkpoint                                      ok
"#;

/// A call of every kind that is refused as late as it can be.
fn refused(world: &World) -> Vec<(Address, Call)> {
    let (asset, class) = (world.asset, ClassId(0));
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| world.account(name));
    let [acme, a, b, c] = [first(ACME), alice, bob, carol].map(wallet);
    let leg = |to, units| Leg { to, units: Units(units) };
    let units = Units(1_000);
    let nobody = AccountId::new(PersonId(99), 0);
    let isin = Some("US0378331005".parse().unwrap());
    let create = NewAsset {
        kind: AssetKind::Equity,
        symbol: "A".into(),
        name: "A".into(),
        decimals: 0,
        isin,
        cfi: "ESVUFR".parse().unwrap(),
        fisn: None,
        lei: None,
        authorised: Units(1),
    };
    let hold = |units, expires| Call::Hold {
        account: None,
        asset,
        class,
        beneficiary: bob,
        notary: None,
        units: Units(units),
        expires: day(expires),
        path: None,
        price: None,
    };
    let (name, hash, uri) = (B256::ZERO, B256::ZERO, String::new());
    let order = order();
    let placed = |to, units| Placement { to, units: Units(units), paid: Units(1) };
    let currency = "USD".parse().unwrap();
    let place = |legs| Call::Place { asset, class, profile: 0, currency, legs };
    let document = B256::repeat_byte(1);
    let announce = |contest_until, expires| {
        let (to, units, order) = (Some(bob), Units(1), Order { expires, ..crate::world::order() });
        Call::AnnounceOrder { asset, class, from: alice, to, units, order, contest_until }
    };
    let late = |legs| Call::Transfer { asset, class: None, from: Some(alice), legs };
    vec![
        (acme, Call::CreateAsset(create)),
        (acme, Call::CreateClass { asset, name: "B".into() }),
        (acme, Call::SetAuthorised { asset, authorised: Units(1) }),
        (acme, Call::PublishDocument { asset, name, uri, hash }),
        (acme, Call::RemoveDocument { asset, name }),
        (acme, Call::Rename { asset, name: Some(String::new()), symbol: None }),
        (b, Call::Rename { asset, name: None, symbol: Some("B".into()) }),
        // The first leg would pass.
        (acme, Call::Issue { asset, class, legs: vec![leg(bob, 5), leg(carol, 61)] }),
        (b, Call::Issue { asset, class, legs: vec![leg(bob, 5)] }),
        (a, late(vec![leg(carol, 5), leg(bob, 20)])),
        (a, late(vec![leg(carol, 5), leg(nobody, 5)])),
        (c, late(vec![leg(carol, 5)])),
        (c, Call::TransferFrom { asset, from: alice, to: carol, units: Units(25) }),
        (c, Call::TransferFrom { asset, from: alice, to: carol, units }),
        (acme, Call::Redeem { asset, class: None, account: alice, units }),
        (a, Call::Redeem { asset, class: Some(class), account: alice, units }),
        (a, Call::Approve { asset, spender: a, units }),
        (a, Call::SetOperator { asset, class: None, operator: a, allowed: true }),
        (a, hold(21, "2026-02-01")),
        (a, hold(1, "2025-02-01")),
        (a, Call::ReleaseHold { hold: 1 }),
        (c, Call::ReleaseHold { hold: 1 }),
        (b, Call::ExecuteHold { hold: 1, units: Units(21) }),
        (b, Call::ExecuteHold { hold: 2, units: Units(1) }),
        (a, Call::Pause { asset }),
        (acme, Call::Resume { asset }),
        (acme, Call::Close { asset }),
        (acme, Call::FreezeClass { asset, class, frozen: false }),
        (
            acme,
            Call::FreezePerson { asset, person: bob.person, frozen: false, order: order.clone() },
        ),
        (acme, Call::FreezeUnits { asset, class, account: carol, units, order: order.clone() }),
        // Thaws and releases before it is found that there is too little.
        (
            acme,
            Call::ForceTransfer { asset, class, from: alice, to: bob, units, order: order.clone() },
        ),
        (acme, Call::ForceRedeem { asset, class, from: alice, units, order: order.clone() }),
        (acme, Call::Reissue { asset, class, to: bob, units: Units(AUTHORISED), order }),
        (a, Call::Checkpoint { asset }),
        (acme, Call::Checkpoint { asset: AssetId(9) }),
        (acme, Call::FileOrder { asset, order: Order::default() }),
        (acme, place(vec![placed(bob, 5), placed(carol, 61)])),
        (b, place(vec![placed(bob, 5)])),
        (acme, announce(Time(0), Some(day("2026-01-01")))),
        (acme, announce(day("2026-03-01"), Some(day("2026-03-01")))),
        (a, announce(Time(0), None)),
        // By who is not the holder; what nobody contests; before the window is over.
        (b, Call::ContestOrder { number: 1, document }),
        (a, Call::ContestOrder { number: 1, document: B256::ZERO }),
        (acme, Call::ConfirmOrder { number: 1, document }),
        (a, Call::WithdrawOrder { number: 1, document }),
        (acme, Call::CarryOutOrder { number: 1 }),
        (acme, Call::CarryOutOrder { number: 2 }),
    ]
}

#[test]
fn a_refused_call_of_every_kind_leaves_the_records_as_they_were() {
    let before = check(SCENE).into_records();
    let calls = refused(&check(SCENE));
    let kinds: std::collections::BTreeSet<u8> =
        calls.iter().map(|(_, call)| types::encode(call)[0]).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), (0..32).collect::<Vec<u8>>(), "every kind");
    for (by, call) in calls {
        let mut world = check(SCENE);
        let refused = world.act(by, call.clone());
        assert!(refused.is_err(), "{call:?}");
        assert!(world.heard.is_empty(), "{call:?} announced {:?}", world.heard);
        assert_eq!(world.into_records(), before, "{call:?}");
    }
}

#[test]
fn a_batch_that_runs_out_of_work_leaves_nothing_behind() {
    let transfer = |world: &World, to: &[&str]| Call::Transfer {
        asset: world.asset,
        class: Some(ClassId(0)),
        from: Some(world.account("alice")),
        legs: to.iter().map(|to| Leg { to: world.account(to), units: Units(1) }).collect(),
    };
    let work = |to: &[&str], limit| {
        let mut world = check(SCENE);
        let call = transfer(&world, to);
        let by = ledger::Spender::key(wallet(world.account("alice")));
        world.ctx.start_work(limit);
        let result = ledger::apply(&mut world.ctx, by, call);
        (world.ctx.work(), result, world)
    };
    let (of_one, one, _) = work(&["bob"], u64::MAX);
    assert!(one.is_ok());
    // The first leg is carried out, the second finds that too much was done.
    let (_, refused, world) = work(&["bob", "carol"], of_one - 1);
    assert_eq!(refused, Err(ledger::Refusal::OutOfFuel));
    assert_eq!(world.into_records(), check(SCENE).into_records());
}

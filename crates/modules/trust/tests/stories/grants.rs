//! Powers: given, used, ended, and told in order.

use crate::world::*;
use trust::{Call, Event, Grantee, Power::*, Refusal, Scope};
use types::{Address, AssetId, ClassId, Terms, Time, Units};

#[test]
fn a_power_is_used_by_whom_it_was_granted_there_and_until_then() {
    let mut world = World::new();
    let until = world.after(MINUTE);
    let call = Call::Grant {
        grant: key(BELA, Issue, ASSET),
        limit: None,
        expires: until,
        terms: Default::default(),
    };
    world.call(ACME, call).unwrap();
    assert_eq!(world.may(BELA, Issue, ASSET, None), Ok(()));
    assert_eq!(world.may(BELA, Issue, CLASS, None), Ok(()), "an asset's grant covers its classes");
    let missing = |power, scope| Err(Refusal::NotGranted { power, scope });
    assert_eq!(world.may(BELA, Issue, OTHER, None), missing(Issue, OTHER));
    assert_eq!(world.may(BELA, Redeem, ASSET, None), missing(Redeem, ASSET));
    assert_eq!(world.may(CARA, Issue, ASSET, None), missing(Issue, ASSET));
    assert_eq!(
        world.may(OPERATOR, Issue, ASSET, None),
        missing(Issue, ASSET),
        "the network's admin is no agent of an asset"
    );
    world.pass(MINUTE - 1);
    assert_eq!(world.may(BELA, Issue, ASSET, None), Ok(()));
    world.pass(1);
    let ended = Err(Refusal::GrantExpired { power: Issue, at: until });
    assert_eq!(world.may(BELA, Issue, ASSET, None), ended);
}

#[test]
fn a_class_grant_covers_that_class_only() {
    let mut world = World::new();
    world.call(ACME, grant(BELA, Issue, CLASS)).unwrap();
    assert_eq!(world.may(BELA, Issue, CLASS, None), Ok(()));
    let other = Scope::Class(AssetId(1), ClassId(1));
    assert!(world.may(BELA, Issue, other, None).is_err());
    assert!(world.may(BELA, Issue, ASSET, None).is_err());
}

#[test]
fn a_limited_grant_is_used_up() {
    let mut world = World::new();
    let limit = Some(Units(100));
    let issue = key(BELA, Issue, ASSET);
    let call = Call::Grant { grant: issue, limit, expires: Time::NEVER, terms: Default::default() };
    world.call(ACME, call.clone()).unwrap();
    let events = world.spend(BELA, Issue, ASSET, 60).unwrap();
    let used = Event::Used { grant: issue, units: Units(60), remaining: Units(40) };
    assert_eq!(events, [used]);
    let refusal = Refusal::GrantUsedUp { left: Units(40), asked: Units(41) };
    assert_eq!(world.spend(BELA, Issue, ASSET, 41).unwrap_err(), refusal);
    world.spend(BELA, Issue, ASSET, 40).unwrap();
    assert!(world.spend(BELA, Issue, CLASS, 1).is_err(), "nor by way of a class");
    world.call(ACME, call).unwrap();
    world.spend(BELA, Issue, ASSET, 100).unwrap();
    assert_eq!(world.spend(ACME, Issue, ASSET, u128::MAX), Ok(vec![]), "Acme's has no limit");
}

#[test]
fn the_narrower_grant_is_used_first() {
    let mut world = World::new();
    for (scope, units) in [(CLASS, 10), (ASSET, 100)] {
        let grant = key(BELA, Issue, scope);
        let call = Call::Grant {
            grant,
            limit: Some(Units(units)),
            expires: Time::NEVER,
            terms: Default::default(),
        };
        world.call(ACME, call).unwrap();
    }
    let left = |world: &World, scope| {
        world.get(&trust::GRANTS, &key(BELA, Issue, scope)).unwrap().remaining.unwrap().0
    };
    world.spend(BELA, Issue, CLASS, 10).unwrap();
    assert_eq!((left(&world, CLASS), left(&world, ASSET)), (0, 100));
    world.spend(BELA, Issue, CLASS, 10).unwrap();
    assert_eq!((left(&world, CLASS), left(&world, ASSET)), (0, 90));
}

#[test]
fn a_revoked_grant_ends_at_once_and_stays_on_the_record() {
    // P16: a removed role manages nothing more.
    let mut world = World::new();
    world.call(ACME, grant(BELA, Admin, ASSET)).unwrap();
    world.call(BELA, grant(CARA, Freeze, ASSET)).unwrap();
    let revoke = |person, power| Call::Revoke { grant: key(person, power, ASSET) };
    world.call(ACME, revoke(BELA, Admin)).unwrap();
    let ended = Refusal::NotGranted { power: Admin, scope: ASSET };
    assert_eq!(world.call(BELA, grant(DORA, Freeze, ASSET)).unwrap_err(), ended);
    assert_eq!(world.call(BELA, revoke(CARA, Freeze)).unwrap_err(), ended);
    assert_eq!(world.may(CARA, Freeze, ASSET, None), Ok(()), "what it granted stands");
    assert_eq!(world.call(ACME, revoke(BELA, Admin)).unwrap_err(), Refusal::NothingChanges);
    let never = Refusal::NotGranted { power: Force, scope: ASSET };
    assert_eq!(world.call(ACME, revoke(DORA, Force)).unwrap_err(), never);
    let record = world.get(&trust::GRANTS, &key(BELA, Admin, ASSET)).unwrap();
    assert_eq!(record.revoked, Some(world.now()));
    assert_eq!(record.granted_by, Some(Grantee::Person(ACME)));
}

#[test]
fn the_trail_tells_every_act_in_order_even_of_grants_given_again() {
    let mut world = World::new();
    let before = world.trail(ASSET).len();
    let limited = |limit, expires| Call::Grant {
        grant: key(BELA, Issue, ASSET),
        limit: Some(Units(limit)),
        expires,
        terms: Terms { at_once: Some(Units(limit)), ..Terms::default() },
    };
    let (early, late) = (world.after(DAY), world.after(2 * DAY));
    world.call(ACME, limited(5, early)).unwrap();
    world.pass(1);
    world.call(ACME, Call::Revoke { grant: key(BELA, Issue, ASSET) }).unwrap();
    world.pass(1);
    world.call(OPERATOR, limited(7, late)).unwrap();
    let told: Vec<_> = world
        .trail(ASSET)
        .into_iter()
        .skip(before)
        .map(|act| {
            let given = act.given.map(|(limit, expires, terms)| (limit, expires, terms.at_once));
            (act.by, act.at.0 - START.0, given)
        })
        .collect();
    let (acme, operator) = (Some(Grantee::Person(ACME)), Some(Grantee::Person(OPERATOR)));
    let expected = [
        (acme, 0, Some((Some(Units(5)), early, Some(Units(5))))),
        (acme, 1, None),
        (operator, 2, Some((Some(Units(7)), late, Some(Units(7))))),
    ];
    assert_eq!(told, expected);
    assert!(world.trail(NETWORK).iter().all(|act| act.by.is_none()), "genesis has no grantor");
    assert!(world.trail(OTHER).is_empty());
}

#[test]
fn nobody_gives_a_power_to_themselves_who_is_no_admin() {
    let mut world = World::new();
    let refused = |scope| Refusal::NotGranted { power: Admin, scope };
    assert_eq!(world.call(BELA, grant(BELA, Issue, ASSET)).unwrap_err(), refused(ASSET));
    assert_eq!(world.call(BELA, grant(BELA, Admin, NETWORK)).unwrap_err(), refused(NETWORK));
    world.call(ACME, grant(BELA, Issue, ASSET)).unwrap();
    // Neither an agent that has some power, nor an admin of another scope.
    assert_eq!(world.call(BELA, grant(BELA, Redeem, ASSET)).unwrap_err(), refused(ASSET));
    assert_eq!(world.call(ACME, grant(ACME, Issue, OTHER)).unwrap_err(), refused(OTHER));
    assert_eq!(world.call(ACME, grant(ACME, Orders, NETWORK)).unwrap_err(), refused(NETWORK));
    world.call(ACME, grant(BELA, Admin, CLASS)).unwrap();
    assert_eq!(world.call(BELA, grant(BELA, Issue, ASSET)).unwrap_err(), refused(ASSET));
    let app = Grantee::App(Address::repeat_byte(0xaa));
    let of_app = Call::Grant {
        grant: trust::GrantKey { grantee: app, power: Issue, scope: ASSET },
        limit: None,
        expires: Time::NEVER,
        terms: Default::default(),
    };
    assert_eq!(world.call_as(app, of_app.clone(), None).unwrap_err(), Refusal::AppGives);
    world.call(ACME, of_app).unwrap();
    let issues = world.read(|ctx| trust::require(ctx, app, Issue, ASSET, None, None));
    assert_eq!(issues, Ok(()), "an app has exactly what it was granted");
    assert_eq!(
        world.read(|ctx| trust::require(ctx, app, Redeem, ASSET, None, None)),
        Err(Refusal::NotGranted { power: Redeem, scope: ASSET })
    );
}

#[test]
fn an_admin_gives_nothing_that_outlasts_its_own_power() {
    let mut world = World::new();
    let until = world.after(DAY);
    let admin = |expires| Call::Grant {
        grant: key(BELA, Admin, ASSET),
        limit: None,
        expires,
        terms: Default::default(),
    };
    world.call(ACME, admin(until)).unwrap();
    let too_long = Refusal::Outlasts { expires: until.plus_ms(1), until };
    assert_eq!(world.call(BELA, admin(until.plus_ms(1))).unwrap_err(), too_long, "not itself");
    let other = |expires| Call::Grant {
        grant: key(CARA, Issue, ASSET),
        limit: None,
        expires,
        terms: Default::default(),
    };
    assert_eq!(world.call(BELA, other(until.plus_ms(1))).unwrap_err(), too_long, "nor another");
    world.call(BELA, other(until)).unwrap();
    world.pass(DAY);
    let ended = Refusal::GrantExpired { power: Admin, at: until };
    assert_eq!(world.call(BELA, other(Time::NEVER)).unwrap_err(), ended);
    // A network admin whose grant over one asset ended is a network admin still.
    let call = Call::Grant {
        grant: key(OPERATOR, Admin, ASSET),
        limit: None,
        expires: world.after(1),
        terms: Default::default(),
    };
    world.call(ACME, call).unwrap();
    world.pass(1);
    world.call(OPERATOR, other(Time::NEVER)).unwrap();
}

#[test]
fn a_grant_ends_in_the_future_and_stands_where_it_makes_sense() {
    let mut world = World::new();
    let expires = world.now();
    let past = Call::Grant {
        grant: key(BELA, Issue, ASSET),
        limit: None,
        expires,
        terms: Default::default(),
    };
    assert_eq!(world.call(ACME, past).unwrap_err(), Refusal::ExpiresPast(expires));
    for (power, scope) in
        [(Issue, NETWORK), (Providers, ASSET), (Fuel, ASSET), (Rules, CLASS), (Pause, CLASS)]
    {
        let refusal = world.call(OPERATOR, grant(BELA, power, scope)).unwrap_err();
        assert_eq!(refusal, Refusal::WrongScope { power, scope });
    }
}

#[test]
fn the_network_always_keeps_an_admin() {
    let mut world = World::new();
    let top = |person| key(person, Admin, NETWORK);
    let revoke = |person| Call::Revoke { grant: top(person) };
    let shorten = |person, expires| Call::Grant {
        grant: top(person),
        limit: None,
        expires,
        terms: Default::default(),
    };
    let tomorrow = world.after(DAY);
    assert_eq!(world.call(OPERATOR, revoke(OPERATOR)).unwrap_err(), Refusal::LastAdmin);
    let refusal = world.call(OPERATOR, shorten(OPERATOR, tomorrow)).unwrap_err();
    assert_eq!(refusal, Refusal::LastAdmin);
    // An admin for a day cannot end the one for good and leave nobody tomorrow.
    world.call(OPERATOR, shorten(BELA, tomorrow)).unwrap();
    assert_eq!(world.call(BELA, revoke(OPERATOR)).unwrap_err(), Refusal::LastAdmin);
    let refusal = world.call(BELA, shorten(OPERATOR, tomorrow)).unwrap_err();
    assert_eq!(refusal, Refusal::LastAdmin);
    world.call(OPERATOR, shorten(BELA, Time::NEVER)).unwrap();
    world.call(BELA, revoke(OPERATOR)).unwrap();
    assert_eq!(world.call(BELA, revoke(BELA)).unwrap_err(), Refusal::LastAdmin);
    // An asset's last admin may leave: the network's stands above it.
    world.call(ACME, Call::Revoke { grant: key(ACME, Admin, ASSET) }).unwrap();
    world.call(BELA, grant(ACME, Admin, ASSET)).unwrap();
}

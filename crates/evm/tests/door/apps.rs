//! Apps: what a published contract does for others, and when it no longer does. TRU-7, TRU-8.

use crate::world::*;
use alloy_sol_types::{SolCall, SolValue};
use proptest::prelude::*;
use types::{Address, B256, Module, Outcome, Receipt, Time, U256};

const ISSUE: u8 = 6;
const FREEZE: u8 = 8;
const FORCE: u8 = 9;
const PAUSE: u8 = 13;
const TRANSFER: u32 = 1;
const HOLD: u32 = 2;
const DEVELOPER: u64 = 5;
const AUDITOR: u64 = 6;
const DAY: u64 = 86_400_000;

fn trust() -> Address {
    service(Module::Trust)
}

fn ledger() -> Address {
    service(Module::Ledger)
}

fn identity_service() -> Address {
    service(Module::Identity)
}

fn code_of(world: &World, contract: Address) -> B256 {
    evm::code_hash(&world.ctx, &contract).expect("a contract")
}

fn version(world: &World, contracts: &[Address], powers: u32) -> IApps::Version {
    let listed = |at: &Address| IApps::Listed { at: *at, code: code_of(world, *at) };
    IApps::Version {
        name: "Escrow".into(),
        uri: "https://app.example/manifest.json".into(),
        manifest: [7; 32].into(),
        contracts: contracts.iter().map(listed).collect(),
        powers,
        operations: TRANSFER | HOLD,
    }
}

fn set_role(world: &mut World, person: u64, role: u8, standing: u8) {
    world.ok("kyc", trust(), IApps::setRoleCall { person, role, standing });
}

/// A contract of carol's that does as it is told.
fn script(world: &mut World) -> Address {
    world.deploy("carol", code("Script", &Vec::<Script::Step>::new().abi_encode()))
}

/// What a preview says bars an app that would move a unit of alice's to bob.
fn bar(world: &mut World, app: Address) -> Option<ledger::Refusal> {
    let [from, to] = ["alice", "bob"].map(|who| identity::account_of(&world.ctx, &wallet(who)));
    let (asset, class, units) = (ACME, Some(types::ClassId(0)), types::Units(1));
    let wish =
        ledger::Wish { asset, class, from, to, units, operator: app, stated: Default::default() };
    let decision = evm::preview(&mut world.ctx, wish).expect("judged");
    evm::may_move(&mut world.ctx, wish, &decision).err()
}

/// A market with carol as a developer, dave as an auditor, and carol's app of one contract that does as it is told.
fn market() -> (World, Address) {
    let mut world = World::new();
    set_role(&mut world, DEVELOPER, 0, 0);
    set_role(&mut world, AUDITOR, 1, 0);
    let app = script(&mut world);
    let version = version(&world, &[app], 1 << ISSUE | 1 << PAUSE);
    let output = world.ok("carol", trust(), IApps::publishAppCall { version });
    assert_eq!(IApps::publishAppCall::abi_decode_returns(&output), Ok(1));
    (world, app)
}

fn attest(world: &mut World, app: Address, expires: u64) {
    let (code, report, uri) = (code_of(world, app), [9; 32].into(), "https://audit.example".into());
    world.ok("dave", trust(), IApps::attestCodeCall { code, report, uri, expires });
}

fn terms(attested: bool) -> IIdentity::Terms {
    IIdentity::Terms { atOnce: 0, perPeriod: 0, period: 0, attested }
}

/// Alice lets a contract move so much of her ACME.
fn delegate(world: &mut World, app: Address, limit: u128, terms: IIdentity::Terms) {
    let call = IIdentity::delegateWithinCall {
        wallet: app,
        operations: TRANSFER | HOLD,
        asset: ACME.0,
        limit,
        expires: NOW.0 + 30 * DAY,
        terms,
    };
    world.ok("alice", identity_service(), call);
}

fn lend(world: &mut World, app: Address, power: u8, limit: u128, terms: ITrust::Terms) {
    let key = ITrust::GrantKey { grantee: app, power, asset: ACME.0, class: 0 };
    let call = ITrust::grantWithinCall { key, limit, expires: NOW.0 + 30 * DAY, terms };
    world.ok("issuer", trust(), call);
}

fn unbounded() -> ITrust::Terms {
    ITrust::Terms { atOnce: 0, perPeriod: 0, period: 0, attested: false }
}

fn transfer(from: &str, to: &str, units: u128) -> Vec<u8> {
    let legs = vec![ILedger::Leg { to: wallet(to), units }];
    ILedger::transferBatchCall { asset: ACME.0, class: 0, from: wallet(from), legs }.abi_encode()
}

fn mint(to: &str, units: u128) -> Vec<u8> {
    IERC3643::mintCall { to: wallet(to), amount: U256::from(units) }.abi_encode()
}

fn burn(from: &str, units: u128) -> Vec<u8> {
    IERC3643::burnCall { userAddress: wallet(from), amount: U256::from(units) }.abi_encode()
}

/// The app makes one call; bob pays for the transaction and has no say in it.
fn acts(world: &mut World, app: Address, to: Address, data: Vec<u8>) -> Receipt {
    let told = Script::Step { must: true, ..step(to, data) };
    world.send("bob", app, Script::runCall { told: vec![told], fail: false })
}

/// The refusal that the app met.
#[track_caller]
fn met(receipt: &Receipt) -> (u16, String) {
    use alloy_sol_types::SolError;
    let Outcome::Refused(data) = &receipt.outcome else { panic!("{:?}", receipt.outcome) };
    let Script::Failed { data, .. } = Script::Failed::abi_decode(data).expect("the step failed");
    let (code, _, words) = refusal(&Outcome::Refused(data));
    (code, words)
}

#[track_caller]
fn refuses(world: &mut World, app: Address, to: Address, data: Vec<u8>) -> (u16, String) {
    let before = (world.balance("alice"), world.balance("bob"));
    let receipt = acts(world, app, to, data);
    assert_eq!(before, (world.balance("alice"), world.balance("bob")));
    assert!(receipt.events.is_empty() && receipt.logs.is_empty());
    met(&receipt)
}

const NOT_DELEGATED: u16 = 1_016;
const GIVER_MAY_NOT: u16 = 2_026;
const STOPPED: u16 = 2_039;
const NOT_ASKED: u16 = 2_040;
const NOT_ATTESTED: u16 = 2_041;

#[test]
fn an_app_moves_a_holders_units_within_what_the_holder_said_and_no_further() {
    let (mut world, app) = market();
    let bounds = IIdentity::Terms { atOnce: 40, perPeriod: 60, period: DAY, attested: false };
    delegate(&mut world, app, 100, bounds);

    let receipt = acts(&mut world, app, ledger(), transfer("alice", "bob", 40));
    done(&receipt);
    let used = &logs::<IIdentity::DelegationUsed>(&receipt.logs, identity_service())[0];
    assert_eq!((used.account, used.wallet, used.asset), (wallet("alice"), app, ACME.0));
    assert_eq!((used.operation, used.units, used.left), (TRANSFER, 40, 60));

    // At once, in the period, in all.
    let (code, words) = refuses(&mut world, app, ledger(), transfer("alice", "bob", 41));
    assert!(code == NOT_DELEGATED && words.contains("terms"), "{words}");
    assert_eq!(refuses(&mut world, app, ledger(), transfer("alice", "bob", 21)).0, NOT_DELEGATED);
    done(&acts(&mut world, app, ledger(), transfer("alice", "bob", 20)));
    assert_eq!(refuses(&mut world, app, ledger(), transfer("alice", "bob", 1)).0, NOT_DELEGATED);
    world.ctx.env.time = Time(NOW.0 + DAY);
    done(&acts(&mut world, app, ledger(), transfer("alice", "bob", 40)));
    let (code, words) = refuses(&mut world, app, ledger(), transfer("alice", "bob", 1));
    assert!(code == NOT_DELEGATED && words.contains("used up"), "{words}");
    assert_eq!(world.balance("bob"), 100);
}

#[test]
fn a_delegation_ends_at_its_time_and_at_once_when_it_is_revoked() {
    let (mut world, app) = market();
    delegate(&mut world, app, 0, terms(false));
    done(&acts(&mut world, app, ledger(), transfer("alice", "bob", 1)));
    // The same block: nothing but transactions lies between.
    world.ok("alice", identity_service(), IIdentity::revokeDelegationCall { wallet: app });
    assert_eq!(refuses(&mut world, app, ledger(), transfer("alice", "bob", 1)).0, NOT_DELEGATED);

    delegate(&mut world, app, 0, terms(false));
    world.ctx.env.time = Time(NOW.0 + 30 * DAY - 1);
    done(&acts(&mut world, app, ledger(), transfer("alice", "bob", 1)));
    world.ctx.env.time = Time(NOW.0 + 30 * DAY);
    assert_eq!(refuses(&mut world, app, ledger(), transfer("alice", "bob", 1)).0, NOT_DELEGATED);
}

#[test]
fn an_app_holds_units_in_place_for_a_holder_that_says_so() {
    let (mut world, app) = market();
    delegate(&mut world, app, 50, terms(false));
    let hold = |units| ILedger::holdForCall {
        asset: ACME.0,
        class: 0,
        account: wallet("alice"),
        beneficiary: wallet("bob"),
        notary: 0,
        units,
        expires: NOW.0 + DAY,
    };
    let held = |world: &mut World| {
        let account = wallet("alice");
        world.view(ledger(), ILedger::positionOfCall { asset: ACME.0, class: 0, account }).held
    };
    done(&acts(&mut world, app, ledger(), hold(30).abi_encode()));
    assert_eq!(held(&mut world), U256::from(30));
    assert_eq!(refuses(&mut world, app, ledger(), hold(21).abi_encode()).0, NOT_DELEGATED);
    // What is held frees itself for nobody before its end, then for who holds for its owner.
    let release = ILedger::releaseHoldCall { number: 1 }.abi_encode();
    assert_eq!(refuses(&mut world, app, ledger(), release.clone()).0, 4_014);
    world.refused("dave", ledger(), ILedger::releaseHoldCall { number: 1 });
    world.ctx.env.time = Time(NOW.0 + DAY);
    done(&acts(&mut world, app, ledger(), release));
    assert_eq!(held(&mut world), U256::ZERO);
    // A transfer alone lets nobody hold.
    let call = IIdentity::delegateCall {
        wallet: app,
        operations: TRANSFER,
        asset: 0,
        limit: 0,
        expires: u64::MAX,
    };
    world.ok("alice", identity_service(), call);
    let later = ILedger::holdForCall { expires: NOW.0 + 2 * DAY, ..hold(1) };
    assert_eq!(refuses(&mut world, app, ledger(), later.abi_encode()).0, NOT_DELEGATED);
}

#[test]
fn an_app_uses_a_power_only_while_who_lent_it_has_it_and_both_are_charged() {
    let (mut world, app) = market();
    let issuer =
        ITrust::GrantKey { grantee: wallet("issuer"), power: ISSUE, asset: ACME.0, class: 0 };
    lend(&mut world, app, ISSUE, 100, unbounded());
    let receipt = acts(&mut world, app, acme(), mint("bob", 30));
    done(&receipt);
    let used = logs::<ITrust::Used>(&receipt.logs, trust());
    assert_eq!((used.len(), used[0].grantee, used[0].units, used[0].remaining), (1, app, 30, 70));

    // The network's admin limits the issuer itself: the app is within both.
    let limited = ITrust::grantCall { key: issuer.clone(), limit: 40, expires: u64::MAX };
    world.ok("kyc", trust(), limited);
    let receipt = acts(&mut world, app, acme(), mint("bob", 30));
    let used = logs::<ITrust::Used>(&receipt.logs, trust());
    let told: Vec<_> = used.iter().map(|used| (used.grantee, used.remaining)).collect();
    assert_eq!(told, [(app, 40), (wallet("issuer"), 10)]);
    assert_eq!(refuses(&mut world, app, acme(), mint("bob", 11)).0, GIVER_MAY_NOT);

    // It loses the power, and has it again.
    world.ok("kyc", trust(), ITrust::revokeGrantCall { key: issuer.clone() });
    let (code, words) = refuses(&mut world, app, acme(), mint("bob", 1));
    assert!(code == GIVER_MAY_NOT && words.contains("person 2"), "{words}");
    world.ok("kyc", trust(), ITrust::grantCall { key: issuer, limit: 0, expires: u64::MAX });
    done(&acts(&mut world, app, acme(), mint("bob", 1)));
    // Its own grant goes in the block in which it is taken.
    let key = ITrust::GrantKey { grantee: app, power: ISSUE, asset: ACME.0, class: 0 };
    assert!(world.view(trust(), ITrust::isGrantedCall { key: key.clone() }));
    world.ok("issuer", trust(), ITrust::revokeGrantCall { key: key.clone() });
    assert_eq!(refuses(&mut world, app, acme(), mint("bob", 1)).0, 2_001);
    assert!(!world.view(trust(), ITrust::isGrantedCall { key }));
}

#[test]
fn a_power_that_counts_nothing_is_seen_when_an_app_uses_it() {
    let (mut world, app) = market();
    lend(&mut world, app, PAUSE, 0, unbounded());
    let receipt = acts(&mut world, app, acme(), IERC3643::pauseCall {}.abi_encode());
    let used = logs::<ITrust::Used>(&receipt.logs, trust());
    assert_eq!((used[0].grantee, used[0].power, used[0].units), (app, PAUSE, 0));
    assert_eq!(used[0].remaining, u128::MAX);
    let receipt = world.send("issuer", acme(), IERC3643::unpauseCall {});
    assert!(logs::<ITrust::Used>(&receipt.logs, trust()).is_empty(), "a person's is no news");
}

#[test]
fn a_giver_that_cannot_act_gives_nothing() {
    let order = IIdentity::Order {
        authority: "BaFin".into(),
        r#ref: "1".into(),
        document: [1; 32].into(),
        expires: 0,
    };
    let (mut world, app) = market();
    delegate(&mut world, app, 0, terms(false));
    lend(&mut world, app, ISSUE, 0, unbounded());
    for (name, person) in [("alice", 3), ("issuer", 2)] {
        let suspend = IIdentity::suspendCall { person, order: order.clone() };
        world.ok("kyc", identity_service(), suspend);
        let (code, _) = match name {
            "alice" => refuses(&mut world, app, ledger(), transfer("alice", "bob", 1)),
            _ => refuses(&mut world, app, acme(), mint("bob", 1)),
        };
        assert_eq!(code, if name == "alice" { NOT_DELEGATED } else { GIVER_MAY_NOT });
        world.ok(
            "kyc",
            identity_service(),
            IIdentity::reinstateCall { person, order: order.clone() },
        );
        // An emergency stops what was lent as it stops what was delegated.
        let freeze = |frozen| IIdentity::freezeDelegationsCall { person, frozen };
        world.ok(name, identity_service(), freeze(true));
        let (code, _) = match name {
            "alice" => refuses(&mut world, app, ledger(), transfer("alice", "bob", 1)),
            _ => refuses(&mut world, app, acme(), mint("bob", 1)),
        };
        assert_eq!(code, if name == "alice" { NOT_DELEGATED } else { GIVER_MAY_NOT });
        world.ok(name, identity_service(), freeze(false));
    }
    done(&acts(&mut world, app, ledger(), transfer("alice", "bob", 1)));
    done(&acts(&mut world, app, acme(), mint("bob", 1)));
}

#[test]
fn an_app_whose_code_is_not_what_was_published_does_nothing_for_others() {
    let (mut world, app) = market();
    delegate(&mut world, app, 0, terms(false));
    lend(&mut world, app, ISSUE, 0, unbounded());
    world.approve("alice", app, 100);
    let attempts = [
        (ledger(), transfer("alice", "bob", 1)),
        (acme(), mint("bob", 1)),
        (acme(), transfer_from("alice", "bob", 1)),
    ];
    // Code that does the same and is not the same: a byte behind its end that is never run.
    let other = [&evm::code(&world.ctx, &app)[..], &[0]].concat();
    let hash = alloy_primitives::keccak256(&other);
    let set = |world: &mut World, hash: B256| {
        evm::CODE.put(&mut world.ctx, &hash, evm::Code(std::sync::Arc::new(other.clone())));
        evm::ACCOUNTS.update(&mut world.ctx, &app, |account| account.code = Some(hash));
    };
    let published = code_of(&world, app);
    for changed in [true, false] {
        match changed {
            true => set(&mut world, hash),
            false => {
                evm::ACCOUNTS.update(&mut world.ctx, &app, |account| account.code = Some(published))
            }
        }
        let told = world.view(trust(), IApps::mayActCall { at: app, attested: false });
        assert_eq!(told.may, !changed, "{}", told.why);
        for (to, data) in attempts.clone() {
            match changed {
                true => assert_eq!(refuses(&mut world, app, to, data).0, STOPPED),
                false => drop(done(&acts(&mut world, app, to, data))),
            }
        }
    }
    assert_eq!(bar(&mut world, app), None);
    // It becomes a proxy of another: the slot by which ERC-1967 proxies are known.
    let slot = U256::from_be_bytes(alloy_primitives::keccak256("eip1967.proxy.implementation").0);
    evm::STORAGE.put(&mut world.ctx, &(app, slot - U256::ONE), U256::ONE);
    for (to, data) in attempts {
        assert_eq!(refuses(&mut world, app, to, data).0, STOPPED);
    }
    assert!(bar(&mut world, app).is_some(), "and a preview says so");
    let version = version(&world, &[app], 0);
    let call = IApps::publishVersionCall { app: 1, version };
    assert_eq!(world.refused("carol", trust(), call).0, 2_038, "a proxy is not published");
}

/// Since Cancun nothing takes code away but the transaction that made it, and natives see code once it stays.
#[test]
fn a_contract_is_published_once_its_code_stays_and_not_before() {
    let (mut world, _) = market();
    let next = wallet("carol").create(world.next_nonce("carol") + 1);
    let listed = IApps::Listed { at: next, code: [1; 32].into() };
    let given = IApps::Version { contracts: vec![listed], ..version(&world, &[], 0) };
    let publish = IApps::publishAppCall { version: given };
    assert_eq!(world.refused("carol", trust(), publish.clone()).0, 2_038, "nothing is there");
    // In the transaction that makes it and destroys it, by a contract that is a developer itself.
    let maker = script(&mut world);
    world.register(maker);
    set_role(&mut world, 7, 0, 0);
    let init = code("Script", &Vec::<Script::Step>::new().abi_encode());
    let child = maker.create2(B256::ZERO, alloy_primitives::keccak256(&init));
    let listed = IApps::Listed { at: child, code: code_of(&world, maker) };
    let given = IApps::Version { contracts: vec![listed], ..version(&world, &[], 0) };
    let create = Script::Step { kind: 4, ..step(Address::ZERO, init.to_vec()) };
    let publish = step(trust(), IApps::publishAppCall { version: given.clone() }.abi_encode());
    let destroy = Script::Step { kind: 5, ..step(acme(), Vec::new()) };
    let destroy = step(child, Script::lookCall { told: vec![destroy] }.abi_encode());
    let told = vec![create.clone(), publish, destroy];
    let receipt = world.send("carol", maker, Script::runCall { told, fail: false });
    let results = Script::runCall::abi_decode_returns(&done(&receipt)).expect("results");
    let ok: Vec<_> = results.iter().map(|result| result.ok).collect();
    assert_eq!(ok, [true, false, true], "made, not published, destroyed");
    assert_eq!(world.view(trust(), IApps::appOfCall { at: child }), 0);
    // Once it stays, whoever signed its making publishes it, through whatever factory it came.
    done(&world.send("carol", maker, Script::runCall { told: vec![create], fail: false }));
    let publish = IApps::publishAppCall { version: given };
    assert_eq!(world.refused("dave", trust(), publish.clone()).0, 2_031);
    set_role(&mut world, AUDITOR, 0, 0);
    assert_eq!(world.refused("dave", trust(), publish.clone()).0, 2_043);
    world.ok("carol", trust(), publish);
    assert_eq!(world.view(trust(), IApps::appOfCall { at: child }), 2);
}

#[test]
fn where_attested_code_is_asked_for_an_auditor_must_stand_behind_it_now() {
    let (mut world, app) = market();
    delegate(&mut world, app, 0, terms(true));
    lend(&mut world, app, ISSUE, 0, ITrust::Terms { attested: true, ..unbounded() });
    let attempts = [(ledger(), transfer("alice", "bob", 1)), (acme(), mint("bob", 1))];
    let try_all = |world: &mut World, may: bool, when: &str| {
        for (to, data) in attempts.clone() {
            match may {
                true => drop(done(&acts(world, app, to, data))),
                false => assert_eq!(refuses(world, app, to, data).0, NOT_ATTESTED, "{when}"),
            }
        }
        let told = world.view(trust(), IApps::mayActCall { at: app, attested: true });
        assert_eq!(told.may, may, "{when}: {}", told.why);
    };
    try_all(&mut world, false, "nobody looked");
    attest(&mut world, app, NOW.0 + DAY);
    try_all(&mut world, true, "attested");
    let code = code_of(&world, app);
    world.ok("dave", trust(), IApps::withdrawAttestationCall { code });
    try_all(&mut world, false, "withdrawn");
    attest(&mut world, app, NOW.0 + DAY);
    try_all(&mut world, true, "attested again");
    set_role(&mut world, AUDITOR, 1, 1);
    try_all(&mut world, false, "the auditor is suspended");
    set_role(&mut world, AUDITOR, 1, 0);
    try_all(&mut world, true, "and reinstated");
    world.ctx.env.time = Time(NOW.0 + DAY);
    try_all(&mut world, false, "expired");
    attest(&mut world, app, NOW.0 + 2 * DAY);
    try_all(&mut world, true, "renewed");
    set_role(&mut world, AUDITOR, 1, 2);
    try_all(&mut world, false, "the auditor has ended");
    let call = IApps::setRoleCall { person: AUDITOR, role: 1, standing: 0 };
    assert_eq!(world.refused("kyc", trust(), call).0, 2_032, "for good");
    // Nobody audits itself.
    set_role(&mut world, DEVELOPER, 1, 0);
    let (report, uri) = ([9; 32].into(), "https://audit.example".into());
    let own = IApps::attestCodeCall { code, report, uri, expires: u64::MAX };
    world.ok("carol", trust(), own);
    try_all(&mut world, false, "its own developer says so");
}

#[test]
fn an_issuer_may_ask_for_attested_code_whoever_lets_a_contract_act() {
    let (mut world, app) = market();
    delegate(&mut world, app, 0, terms(false));
    world.approve("alice", app, 100);
    let set = IERC1410::authorizeOperatorCall { operator: app };
    world.ok("alice", acme(), set);
    let unknown = world.script();
    world.approve("alice", unknown, 100);
    let demand = |demanded| IApps::demandAttestationCall { asset: ACME.0, demanded };
    assert_eq!(world.refused("alice", trust(), demand(true)).0, 2_001, "rules are the issuer's");
    world.ok("issuer", trust(), demand(true));
    assert!(world.view(trust(), IApps::isDemandedCall { asset: ACME.0 }));
    let by_allowance = transfer_from("alice", "bob", 1);
    for (who, data) in [
        (app, transfer("alice", "bob", 1)),
        (app, by_allowance.clone()),
        (unknown, by_allowance.clone()),
    ] {
        let to = if data == by_allowance { acme() } else { ledger() };
        assert_eq!(refuses(&mut world, who, to, data).0, NOT_ATTESTED);
    }
    // A contract that is still being made has no code that anybody could have looked into.
    let next = wallet("bob").create(world.next_nonce("bob"));
    world.approve("alice", next, 100);
    let told = vec![step(acme(), by_allowance.clone())];
    done(&world.send_raw("bob", None, code("Script", &told.abi_encode())));
    assert_eq!(world.balance("bob"), 0);
    attest(&mut world, app, u64::MAX);
    done(&acts(&mut world, app, ledger(), transfer("alice", "bob", 1)));
    done(&acts(&mut world, app, acme(), by_allowance.clone()));
    // Persons need no audit, and another asset asks for nothing.
    world.approve("alice", wallet("carol"), 5);
    done(&world.send_raw("carol", Some(acme()), by_allowance));
    world.ok("issuer", trust(), demand(false));
    done(&acts(&mut world, unknown, acme(), transfer_from("alice", "bob", 1)));
}

#[test]
fn what_stops_an_app_stops_it_at_once() {
    let (mut world, app) = market();
    delegate(&mut world, app, 0, terms(false));
    lend(&mut world, app, ISSUE, 0, unbounded());
    let attempts = [(ledger(), transfer("alice", "bob", 1)), (acme(), mint("bob", 1))];
    let try_all = |world: &mut World, may: bool, why: &str| {
        for (to, data) in attempts.clone() {
            match may {
                true => drop(done(&acts(world, app, to, data))),
                false => {
                    let (code, words) = refuses(world, app, to, data);
                    assert!(code == STOPPED && words.contains(why), "{words}");
                }
            }
        }
    };
    let standing = |standing| IApps::setAppStandingCall { app: 1, standing };
    try_all(&mut world, true, "");
    assert_eq!(world.refused("carol", trust(), standing(1)).0, 2_001, "the network suspends");
    world.ok("kyc", trust(), standing(1));
    try_all(&mut world, false, "suspended");
    assert_eq!(world.refused("carol", trust(), standing(0)).0, 2_001, "and reinstates");
    world.ok("kyc", trust(), standing(0));
    try_all(&mut world, true, "");
    set_role(&mut world, DEVELOPER, 0, 1);
    try_all(&mut world, false, "developer");
    set_role(&mut world, DEVELOPER, 0, 0);
    try_all(&mut world, true, "");
    // A version without the contract, and one with it again.
    let other = script(&mut world);
    let next = version(&world, &[other], 1 << ISSUE);
    world.ok("carol", trust(), IApps::publishVersionCall { app: 1, version: next });
    try_all(&mut world, false, "left this contract out");
    let again = version(&world, &[app, other], 1 << ISSUE);
    world.ok("carol", trust(), IApps::publishVersionCall { app: 1, version: again });
    try_all(&mut world, true, "");
    let told = world.view(trust(), IApps::appInfoCall { app: 1 });
    assert_eq!((told.developer, told.version, told.standing), (DEVELOPER, 3, 0));
    assert_eq!(world.refused("alice", trust(), standing(2)).0, 2_001);
    world.ok("carol", trust(), standing(2));
    try_all(&mut world, false, "ended");
    assert_eq!(world.refused("kyc", trust(), standing(0)).0, 2_035, "for good");
    let version = version(&world, &[app], 0);
    let call = IApps::publishVersionCall { app: 1, version };
    assert_eq!(world.refused("carol", trust(), call).0, 2_035);
}

#[test]
fn an_app_gets_nothing_that_it_does_not_ask_for() {
    let (mut world, app) = market();
    let key = ITrust::GrantKey { grantee: app, power: 9, asset: ACME.0, class: 0 };
    let force = ITrust::grantCall { key, limit: 0, expires: u64::MAX };
    assert_eq!(world.refused("issuer", trust(), force).0, NOT_ASKED);
    delegate(&mut world, app, 0, terms(false));
    lend(&mut world, app, ISSUE, 0, unbounded());
    let less = IApps::Version { operations: HOLD, ..version(&world, &[app], 1 << PAUSE) };
    world.ok("carol", trust(), IApps::publishVersionCall { app: 1, version: less });
    assert_eq!(refuses(&mut world, app, ledger(), transfer("alice", "bob", 1)).0, NOT_ASKED);
    assert_eq!(refuses(&mut world, app, acme(), mint("bob", 1)).0, NOT_ASKED);
    let delegate = IIdentity::delegateCall {
        wallet: app,
        operations: TRANSFER,
        asset: 0,
        limit: 0,
        expires: u64::MAX,
    };
    assert_eq!(world.refused("bob", identity_service(), delegate).0, NOT_ASKED);
}

#[test]
fn only_who_stands_as_developer_or_auditor_publishes_or_attests() {
    let (mut world, app) = market();
    let other = world.script();
    let given = version(&world, &[other], 0);
    let publish = IApps::publishAppCall { version: given.clone() };
    assert_eq!(world.refused("dave", trust(), publish.clone()).0, 2_031);
    let (code, report, uri) = (code_of(&world, app), [1; 32].into(), "https://x.example".into());
    let said = IApps::attestCodeCall { code, report, uri, expires: u64::MAX };
    assert_eq!(world.refused("carol", trust(), said).0, 2_031);
    let role = IApps::setRoleCall { person: 4, role: 0, standing: 0 };
    assert_eq!(world.refused("issuer", trust(), role).0, 2_001);
    // A contract is one app's, and whoever made it publishes it.
    let taken = IApps::publishAppCall { version: version(&world, &[app], 0) };
    assert_eq!(world.refused("carol", trust(), taken).0, 2_037);
    assert_eq!(world.refused("carol", trust(), publish).0, 2_043, "alice made it");
    let wrong = IApps::Version {
        contracts: vec![IApps::Listed { at: app, code: [1; 32].into() }],
        ..given
    };
    let call = IApps::publishVersionCall { app: 1, version: wrong };
    let (number, _, words) = world.refused("carol", trust(), call);
    assert!(number == 2_038 && words.contains(&code.to_string()), "{words}");
}

/// A contract that a provider registered holds like any person, and keeps what that person was given.
#[test]
fn a_contract_that_is_a_person_is_an_app_beside_that_once_it_is_published() {
    let (mut world, script) = market();
    world.register(script);
    let issue = ITrust::GrantKey { grantee: script, power: ISSUE, asset: ACME.0, class: 0 };
    // Published, it is given powers as an app; its person's own come by another wallet's name.
    lend(&mut world, script, ISSUE, 0, unbounded());
    done(&acts(&mut world, script, acme(), mint("bob", 1)));
    let issuer = ITrust::GrantKey { grantee: wallet("issuer"), ..issue.clone() };
    world.ok("kyc", trust(), ITrust::revokeGrantCall { key: issuer });
    assert_eq!(refuses(&mut world, script, acme(), mint("bob", 1)).0, GIVER_MAY_NOT);
    let person = trust::GrantKey {
        grantee: trust::Grantee::Person(types::PersonId(7)),
        power: trust::Power::Issue,
        scope: trust::Scope::Asset(ACME),
    };
    trust::write_grant(&mut world.ctx, person, None, Time::NEVER, None);
    done(&acts(&mut world, script, acme(), mint("bob", 1)));
    // What stops the app stops its person's powers as well, and lets it keep what it holds.
    world.ok("alice", acme(), IERC20::transferCall { to: script, value: U256::from(5) });
    world.ok("kyc", trust(), IApps::setAppStandingCall { app: 1, standing: 1 });
    assert_eq!(refuses(&mut world, script, acme(), mint("bob", 1)).0, STOPPED);
    let pass_on = IIdentity::delegateCall {
        wallet: wallet("bob"),
        operations: TRANSFER,
        asset: 0,
        limit: 0,
        expires: u64::MAX,
    };
    assert_eq!(refuses(&mut world, script, identity_service(), pass_on.abi_encode()).0, STOPPED);
    let give = IERC20::transferCall { to: wallet("bob"), value: U256::from(5) }.abi_encode();
    done(&acts(&mut world, script, acme(), give));
    assert_eq!((world.units(script), world.balance("bob")), (0, 7));
    delegate(&mut world, script, 0, terms(false));
    assert_eq!(refuses(&mut world, script, ledger(), transfer("alice", "bob", 1)).0, STOPPED);
}

fn person_of(world: &World, contract: Address) -> trust::Grantee {
    trust::Grantee::Person(identity::account_of(&world.ctx, &contract).expect("registered").person)
}

fn stands(world: &World, grantee: trust::Grantee) -> bool {
    let scope = trust::Scope::Asset(ACME);
    let key = trust::GrantKey { grantee, power: trust::Power::Issue, scope };
    trust::GRANTS.read(&world.ctx, &key).is_some_and(|grant| grant.revoked.is_none())
}

/// Whatever came first, being registered, published or given a power, the address names what was given.
#[test]
fn what_was_given_to_an_address_is_taken_back_by_that_address() {
    let (mut world, _) = market();
    let key = |grantee| ITrust::GrantKey { grantee, power: ISSUE, asset: ACME.0, class: 0 };
    let revoke = |at| ITrust::revokeGrantCall { key: key(at) };
    let publish = |world: &mut World, contract| {
        let given = version(world, &[contract], 1 << ISSUE);
        let output = world.ok("carol", trust(), IApps::publishAppCall { version: given });
        IApps::publishAppCall::abi_decode_returns(&output).expect("a number")
    };
    let granted =
        |world: &mut World, at| world.view(trust(), ITrust::isGrantedCall { key: key(at) });

    // Registered and given the power as a person, then published.
    let early = script(&mut world);
    world.register(early);
    lend(&mut world, early, ISSUE, 0, unbounded());
    let person = person_of(&world, early);
    assert!(stands(&world, person) && granted(&mut world, early));
    let app = publish(&mut world, early);
    done(&acts(&mut world, early, acme(), mint("bob", 1)));
    for standing in [1, 0] {
        world.ok("kyc", trust(), IApps::setAppStandingCall { app, standing });
        assert_eq!(granted(&mut world, early), standing == 0);
        match standing {
            0 => drop(done(&acts(&mut world, early, acme(), mint("bob", 1)))),
            _ => assert_eq!(refuses(&mut world, early, acme(), mint("bob", 1)).0, STOPPED),
        }
    }
    world.ok("issuer", trust(), revoke(early));
    assert!(!stands(&world, person) && !granted(&mut world, early));
    assert_eq!(refuses(&mut world, early, acme(), mint("bob", 1)).0, 2_001);

    // Given the power as a contract, then registered.
    let late = script(&mut world);
    lend(&mut world, late, ISSUE, 0, unbounded());
    let registration = IIdentity::Registration {
        wallet: late,
        kind: 1,
        residence: (*b"DE").into(),
        uniqueness: [8; 32].into(),
        claims: Vec::new(),
    };
    let registrations = vec![registration];
    world.ok("kyc", identity_service(), IIdentity::registerCall { registrations });
    assert!(stands(&world, trust::Grantee::App(late)));
    assert!(!granted(&mut world, late), "it acts as that person now");
    world.ok("issuer", trust(), revoke(late));
    assert!(!stands(&world, trust::Grantee::App(late)));
    publish(&mut world, late);
    assert_eq!(refuses(&mut world, late, acme(), mint("bob", 1)).0, 2_001);

    // Given both: each goes when it is asked for.
    lend(&mut world, late, ISSUE, 0, unbounded());
    let own = trust::GrantKey {
        grantee: person_of(&world, late),
        power: trust::Power::Issue,
        scope: trust::Scope::Asset(ACME),
    };
    trust::write_grant(&mut world.ctx, own, None, Time::NEVER, None);
    for left in [true, false] {
        world.ok("issuer", trust(), revoke(late));
        assert_eq!(stands(&world, own.grantee), left);
    }
    assert_eq!(world.refused("issuer", trust(), revoke(late)).0, 2_016, "nothing is left");
}

/// A person's grant that has ended or is used up hides no loan to the app.
#[test]
fn an_app_uses_what_it_was_lent_where_its_person_has_nothing_left() {
    let (mut world, app) = market();
    world.register(app);
    lend(&mut world, app, ISSUE, 0, unbounded());
    let own = trust::GrantKey {
        grantee: person_of(&world, app),
        power: trust::Power::Issue,
        scope: trust::Scope::Asset(ACME),
    };
    let limit = Some(types::Units(5));
    trust::write_grant(&mut world.ctx, own, limit, Time(NOW.0 + DAY), None);
    let left = |world: &World| trust::GRANTS.read(&world.ctx, &own).and_then(|own| own.remaining);
    done(&acts(&mut world, app, acme(), mint("bob", 4)));
    assert_eq!(left(&world), Some(types::Units(1)));
    done(&acts(&mut world, app, acme(), mint("bob", 2)));
    assert_eq!(left(&world), Some(types::Units(1)), "two are the app's to issue");
    world.ctx.env.time = Time(NOW.0 + DAY);
    done(&acts(&mut world, app, acme(), mint("bob", 1)));
    assert_eq!(left(&world), Some(types::Units(1)));
}

#[test]
fn no_app_gives_another_app_anything() {
    let (mut world, app) = market();
    let version = version(&world, &[app], u32::from(u8::MAX) << 5 | 1 << 4 | 1);
    world.ok("carol", trust(), IApps::publishVersionCall { app: 1, version });
    // What outlasts a grant is lent to none: an admin's word, and to be an issuer.
    for (by, power, asset) in [("issuer", 0, ACME.0), ("kyc", 0, 0), ("kyc", 4, 0)] {
        let key = ITrust::GrantKey { grantee: app, power, asset, class: 0 };
        let call = ITrust::grantCall { key, limit: 0, expires: NOW.0 + DAY };
        assert_eq!(world.refused(by, trust(), call).0, 2_044);
    }
    lend(&mut world, app, ISSUE, 0, unbounded());
    let other = world.script();
    let grant = |grantee| {
        let key = ITrust::GrantKey { grantee, power: ISSUE, asset: ACME.0, class: 0 };
        ITrust::grantCall { key, limit: 0, expires: NOW.0 + DAY }.abi_encode()
    };
    assert_eq!(refuses(&mut world, app, trust(), grant(other)).0, 2_028);
    assert_eq!(refuses(&mut world, app, trust(), grant(app)).0, 2_028, "nor itself");
    // A delegation is the owner's to give, and a delegate owns nothing.
    delegate(&mut world, app, 0, terms(false));
    let pass_on = IIdentity::delegateCall {
        wallet: other,
        operations: TRANSFER,
        asset: 0,
        limit: 0,
        expires: u64::MAX,
    };
    assert_eq!(refuses(&mut world, app, identity_service(), pass_on.abi_encode()).0, 1_001);
    assert_eq!(refuses(&mut world, app, trust(), grant(wallet("carol"))).0, 2_028, "nor a person");
    let quorum = ITrust::setQuorumCall {
        power: ISSUE,
        asset: ACME.0,
        class: 0,
        members: vec![DEVELOPER],
        threshold: 1,
    };
    assert_eq!(refuses(&mut world, app, trust(), quorum.abi_encode()).0, 2_014);
}

/// An app holds a holder's units no longer than it may, and delivers them only while it may act itself.
#[test]
fn a_hold_ends_with_the_delegation_under_which_it_was_made() {
    let (mut world, app) = market();
    delegate(&mut world, app, 0, terms(false));
    let end = NOW.0 + 30 * DAY;
    let hold = |beneficiary, expires| {
        ILedger::holdForCall {
            asset: ACME.0,
            class: 0,
            account: wallet("alice"),
            beneficiary,
            notary: 0,
            units: 10,
            expires,
        }
        .abi_encode()
    };
    for expires in [end + 1, u64::MAX] {
        let (code, words) = refuses(&mut world, app, ledger(), hold(wallet("bob"), expires));
        assert!(code == NOT_DELEGATED && words.contains("outlast"), "{words}");
    }
    done(&acts(&mut world, app, ledger(), hold(wallet("bob"), end)));
    world.register(app);
    done(&acts(&mut world, app, ledger(), hold(app, end)));
    // The beneficiary takes its units only while it may move others'.
    let execute = |number| ILedger::executeHoldCall { number, units: 1 };
    world.ok("bob", ledger(), execute(1));
    done(&acts(&mut world, app, ledger(), execute(2).abi_encode()));
    let sanction = |hit| IIdentity::setSanctionsCall { person: 4, listVersion: 1, hit };
    world.ok("kyc", identity_service(), sanction(true));
    assert_eq!(world.refused("bob", ledger(), execute(1)).0, 4_031);
    world.ok("kyc", identity_service(), sanction(false));
    world.ok("kyc", trust(), IApps::setAppStandingCall { app: 1, standing: 1 });
    assert_eq!(refuses(&mut world, app, ledger(), execute(2).abi_encode()).0, STOPPED);
    world.ok("kyc", trust(), IApps::setAppStandingCall { app: 1, standing: 0 });
    world.ok("issuer", trust(), IApps::demandAttestationCall { asset: ACME.0, demanded: true });
    assert_eq!(refuses(&mut world, app, ledger(), execute(2).abi_encode()).0, NOT_ATTESTED);
    world.ok("bob", ledger(), execute(1));
}

/// The slots by which ERC-1967 proxies are known are read as the transaction has left them so far.
#[test]
fn a_contract_that_becomes_a_proxy_is_stopped_in_that_transaction() {
    let (mut world, app) = market();
    lend(&mut world, app, ISSUE, 0, unbounded());
    let slot = U256::from_be_bytes(alloy_primitives::keccak256("eip1967.proxy.beacon").0);
    let slot: [u8; 32] = (slot - U256::ONE).to_be_bytes();
    // sstore(slot, calldataload(0)), for whoever runs it as itself; before it, what returns those 37 bytes.
    let runtime = [&[0x5f, 0x35, 0x7f][..], &slot, &[0x55, 0x00]].concat();
    let init = [&[0x60, 37, 0x80, 0x60, 9, 0x3d, 0x39, 0x3d, 0xf3][..], &runtime].concat();
    let setter = world.deploy("carol", init.into());
    let set = |value: u8| {
        let word = U256::from(value).to_be_bytes::<32>().to_vec();
        Script::Step { kind: 2, must: true, ..step(setter, word) }
    };
    let mint = Script::Step { must: true, ..step(acme(), mint("bob", 1)) };
    let mut run =
        |told: Vec<Script::Step>| world.send("bob", app, Script::runCall { told, fail: false });
    done(&run(vec![mint.clone()]));
    assert_eq!(met(&run(vec![mint.clone(), set(1), mint.clone()])).0, STOPPED);
    done(&run(vec![set(1), set(0), mint.clone()]));
    done(&run(vec![mint.clone(), set(1)]));
    assert_eq!(met(&run(vec![mint.clone()])).0, STOPPED);
    done(&run(vec![set(0), mint]));
}

#[test]
fn what_only_a_contract_can_be_is_asked_of_no_person() {
    let (mut world, _) = market();
    let key = ITrust::GrantKey { grantee: wallet("bob"), power: ISSUE, asset: ACME.0, class: 0 };
    let terms_of = ITrust::Terms { attested: true, ..unbounded() };
    let call =
        ITrust::grantWithinCall { key: key.clone(), limit: 0, expires: u64::MAX, terms: terms_of };
    assert_eq!(world.refused("issuer", trust(), call).0, 2_030);
    let call = IIdentity::delegateWithinCall {
        wallet: wallet("bob"),
        operations: TRANSFER,
        asset: 0,
        limit: 0,
        expires: u64::MAX,
        terms: terms(true),
    };
    assert_eq!(world.refused("alice", identity_service(), call).0, 1_036);
    // Bounds by time are for persons, too.
    let daily = ITrust::Terms { perPeriod: 10, period: DAY, ..unbounded() };
    let call = ITrust::grantWithinCall { key, limit: 0, expires: u64::MAX, terms: daily };
    world.ok("issuer", trust(), call);
    done(&world.send_raw("bob", Some(acme()), mint("bob", 10)));
    let (code, _, words) = refusal(&world.send_raw("bob", Some(acme()), mint("bob", 1)).outcome);
    assert!(code == 2_029 && words.contains("room for 0 units"), "{words}");
    let half = ITrust::Terms { perPeriod: 10, ..unbounded() };
    let key = ITrust::GrantKey { grantee: wallet("bob"), power: PAUSE, asset: ACME.0, class: 0 };
    let call = ITrust::grantWithinCall { key, limit: 0, expires: u64::MAX, terms: half };
    assert_eq!(world.refused("issuer", trust(), call).0, 2_030, "a period of what length?");
}

/// What somebody may change before an app acts.
#[derive(Clone, Debug)]
enum Change {
    Policy(u8),
    Suspend(u64, bool),
    Freeze(&'static str, u8),
    Revoke(u8),
    Sanction(u64, bool),
    Pause(bool),
    Hold(u8),
    Wait(u64),
    App(u8),
}

fn change() -> impl Strategy<Value = Change> {
    let person = prop::sample::select(vec![2u64, 3, 4]);
    prop_oneof![
        (0u8..3).prop_map(Change::Policy),
        (person.clone(), any::<bool>()).prop_map(|(who, on)| Change::Suspend(who, on)),
        (prop::sample::select(vec!["alice", "bob"]), 0u8..60)
            .prop_map(|(who, units)| Change::Freeze(who, units)),
        prop::sample::select(vec![ISSUE, PAUSE, 7, FREEZE, FORCE]).prop_map(Change::Revoke),
        (person, any::<bool>()).prop_map(|(who, on)| Change::Sanction(who, on)),
        any::<bool>().prop_map(Change::Pause),
        (1u8..60).prop_map(Change::Hold),
        (0u64..3).prop_map(Change::Wait),
        (0u8..2).prop_map(Change::App),
    ]
}

/// Sends what may be refused, or not be includable: both change nothing that matters here.
fn tries(world: &mut World, name: &str, to: Address, data: Vec<u8>) -> bool {
    let tx = transaction(world.next_nonce(name), Some(to), data.into());
    let done = world.try_execute(name, tx);
    done.is_ok_and(|receipt| matches!(receipt.outcome, Outcome::Done(_)))
}

fn apply(world: &mut World, change: Change) {
    let (authority, reference) = (String::from("BaFin"), String::from("1"));
    let document: B256 = [1; 32].into();
    let (asset, class) = (ACME.0, 0);
    let (who, to, data) = match change {
        Change::Policy(number) => {
            let rule = [
                r#"{"claim":{"side":"receiver","topic":1}}"#,
                r#"{"countries":{"side":"receiver","mode":"only","countries":["DE"]}}"#,
                r#"{"holding":{"max":"40"}}"#,
            ][usize::from(number)];
            let policy = format!(r#"{{"rules":[{rule}]}}"#);
            let call = ICompliance::setPolicyCall { asset, policy, report: REPORT };
            ("issuer", service(Module::Compliance), call.abi_encode())
        }
        Change::Suspend(person, on) => {
            let order = IIdentity::Order { authority, r#ref: reference, document, expires: 0 };
            let call = match on {
                true => IIdentity::suspendCall { person, order }.abi_encode(),
                false => IIdentity::reinstateCall { person, order }.abi_encode(),
            };
            ("kyc", identity_service(), call)
        }
        Change::Freeze(who, units) => ("issuer", ledger(), freeze(who, u128::from(units))),
        Change::App(standing) => {
            let call = IApps::setAppStandingCall { app: 1, standing };
            ("kyc", trust(), call.abi_encode())
        }
        Change::Revoke(power) => {
            let key = ITrust::GrantKey { grantee: wallet("issuer"), power, asset, class };
            ("kyc", trust(), ITrust::revokeGrantCall { key }.abi_encode())
        }
        Change::Sanction(person, hit) => {
            let call = IIdentity::setSanctionsCall { person, listVersion: 1, hit };
            ("kyc", identity_service(), call.abi_encode())
        }
        Change::Pause(true) => ("issuer", acme(), IERC3643::pauseCall {}.abi_encode()),
        Change::Pause(false) => ("issuer", acme(), IERC3643::unpauseCall {}.abi_encode()),
        Change::Hold(units) => ("alice", ledger(), hold(world, "carol", u128::from(units))),
        Change::Wait(days) => {
            world.ctx.env.time = world.ctx.env.time.plus_ms(days * DAY);
            return;
        }
    };
    tries(world, who, to, data);
}

fn by_order() -> ILedger::Order {
    let (authority, reference) = (String::from("BaFin"), String::from("1"));
    ILedger::Order { authority, r#ref: reference, document: [1; 32].into(), expires: 0 }
}

fn freeze(who: &str, units: u128) -> Vec<u8> {
    let (asset, class, account) = (ACME.0, 0, wallet(who));
    ILedger::freezeUnitsCall { asset, class, account, units, order: by_order() }.abi_encode()
}

fn force(from: &str, to: &str, units: u128) -> Vec<u8> {
    let (asset, class, from, to) = (ACME.0, 0, wallet(from), wallet(to));
    ILedger::forceTransferCall { asset, class, from, to, units, order: by_order() }.abi_encode()
}

/// What an issuer does and an app never can: be an issuer, give a power, bind one to a quorum.
fn admins(kind: u8, to: &str) -> (Address, Vec<u8>) {
    let (power, asset, class) = (ISSUE, ACME.0, 0);
    match kind {
        0 => (ledger(), new_asset("OTHER").abi_encode()),
        1 => {
            let key = ITrust::GrantKey { grantee: wallet(to), power, asset, class };
            (trust(), ITrust::grantCall { key, limit: 0, expires: u64::MAX }.abi_encode())
        }
        _ => {
            let (members, threshold) = (vec![DEVELOPER], 1);
            let call = ITrust::setQuorumCall { power, asset, class, members, threshold };
            (trust(), call.abi_encode())
        }
    }
}

/// Gives the issuer the one power of an asset that it does not have from the start.
fn let_issuer_force(world: &mut World) {
    let key = ITrust::GrantKey { grantee: wallet("issuer"), power: FORCE, asset: ACME.0, class: 0 };
    world.ok("issuer", trust(), ITrust::grantCall { key, limit: 0, expires: u64::MAX });
}

/// Sets aside alice's units for somebody, for a day.
fn hold(world: &World, beneficiary: &str, units: u128) -> Vec<u8> {
    let call = ILedger::holdForCall {
        asset: ACME.0,
        class: 0,
        account: wallet("alice"),
        beneficiary: wallet(beneficiary),
        notary: 0,
        units,
        expires: world.ctx.env.time.0 + DAY,
    };
    call.abi_encode()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// TRU-7: whatever an app does for somebody, that somebody could have done at that moment itself.
    #[test]
    fn an_app_never_does_what_its_giver_may_not(
        changes in prop::collection::vec(change(), 0..10),
        asked in prop::collection::vec((0u8..9, 1u128..60, prop::sample::select(vec!["bob", "carol", "dave"])), 1..8),
    ) {
        let (mut world, app) = market();
        let powers = [ISSUE, PAUSE, 7, FREEZE, FORCE];
        let asks = powers.iter().fold(0, |all, power| all | 1 << power) | 1 | 1 << 4;
        let given = version(&world, &[app], asks);
        world.ok("carol", trust(), IApps::publishVersionCall { app: 1, version: given });
        let_issuer_force(&mut world);
        let bounds = IIdentity::Terms { atOnce: 50, perPeriod: 90, period: DAY, attested: false };
        delegate(&mut world, app, 200, bounds);
        for power in powers {
            lend(&mut world, app, power, 0, unbounded());
        }
        for change in changes {
            apply(&mut world, change);
        }
        let mut moved = 0;
        for (kind, units, to) in asked {
            let (giver, at, data) = match kind {
                0 => ("alice", ledger(), transfer("alice", to, units)),
                1 => ("alice", ledger(), hold(&world, to, units)),
                2 => ("issuer", acme(), mint(to, units)),
                3 => ("issuer", acme(), burn("alice", units)),
                4 => ("issuer", ledger(), freeze("alice", units)),
                5 => ("issuer", ledger(), force("alice", to, units)),
                _ => {
                    let (at, data) = admins(kind - 6, to);
                    ("issuer", at, data)
                }
            };
            // The giver tries first, and its try is taken back.
            let mark = world.ctx.mark();
            let may = tries(&mut world, giver, at, data.clone());
            world.ctx.rollback(mark);
            let told = Script::Step { must: true, ..step(at, data) };
            let call = Script::runCall { told: vec![told], fail: false };
            let did = tries(&mut world, "kyc", app, call.abi_encode());
            prop_assert!(may || !did, "{giver} may not, and the app did: {kind} {units} {to}");
            let stands = world.view(trust(), IApps::mayActCall { at: app, attested: false }).may;
            prop_assert!(!did || (stands && kind < 6), "the app did: {kind} {units} {to}");
            moved += u128::from(did && kind < 2) * units;
        }
        prop_assert!(moved <= 90, "more than a period's units in one period");
    }

    /// Whatever came first, being registered, published or given a power: revoking by the address ends it all.
    #[test]
    fn what_an_address_was_given_ends_when_it_is_taken_back(
        order in Just([0u8, 1, 2, 3]).prop_shuffle(),
    ) {
        let (mut world, _) = market();
        let app = script(&mut world);
        for step in order {
            match step {
                0 => world.register(app),
                1 => {
                    let version = version(&world, &[app], 1 << ISSUE);
                    world.ok("carol", trust(), IApps::publishAppCall { version });
                }
                _ => lend(&mut world, app, ISSUE, 0, unbounded()),
            }
        }
        let key = ITrust::GrantKey { grantee: app, power: ISSUE, asset: ACME.0, class: 0 };
        done(&acts(&mut world, app, acme(), mint("bob", 1)));
        for standing in [1, 0] {
            world.ok("kyc", trust(), IApps::setAppStandingCall { app: 2, standing });
            let did = acts(&mut world, app, acme(), mint("bob", 1)).is_done();
            prop_assert_eq!(did, standing == 0);
            let told = world.view(trust(), ITrust::isGrantedCall { key: key.clone() });
            prop_assert_eq!(told, did);
        }
        let call = || ITrust::revokeGrantCall { key: key.clone() };
        let revoked = (0..3).take_while(|_| world.send("issuer", trust(), call()).is_done()).count();
        prop_assert!((1..=2).contains(&revoked), "{revoked}");
        prop_assert_eq!(refuses(&mut world, app, acme(), mint("bob", 1)).0, 2_001);
        let told = world.view(trust(), ITrust::isGrantedCall { key: key.clone() });
        prop_assert!(!told);
    }
}

#[test]
fn the_property_is_tried_on_markets_where_apps_act() {
    // Without changes each of the acts is done, or could be by its giver: the property above is not empty.
    let (mut world, app) = market();
    let given = version(&world, &[app], 1 << ISSUE | 1 << 7 | 1 << FREEZE | 1 << FORCE);
    world.ok("carol", trust(), IApps::publishVersionCall { app: 1, version: given });
    delegate(&mut world, app, 200, terms(false));
    let_issuer_force(&mut world);
    for power in [ISSUE, 7, FREEZE, FORCE] {
        lend(&mut world, app, power, 0, unbounded());
    }
    let held = hold(&world, "bob", 6);
    done(&acts(&mut world, app, ledger(), transfer("alice", "bob", 4)));
    done(&acts(&mut world, app, ledger(), held));
    done(&acts(&mut world, app, acme(), mint("bob", 5)));
    done(&acts(&mut world, app, acme(), burn("alice", 3)));
    done(&acts(&mut world, app, ledger(), freeze("alice", 8)));
    done(&acts(&mut world, app, ledger(), force("alice", "bob", 2)));
    assert_eq!((world.balance("alice"), world.balance("bob")), (991, 11));
    for kind in 0..3 {
        let (at, data) = admins(kind, "bob");
        done(&world.send_raw("issuer", Some(at), data));
    }
}

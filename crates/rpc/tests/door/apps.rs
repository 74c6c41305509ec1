//! The directory of apps, and what somebody lets them do, as clients see it.

use crate::{
    attacks::guest::{self, CALL},
    market::*,
};
use alloy_primitives::keccak256;
use alloy_sol_types::SolCall;
use serde_json::{Value, json};
use types::{Address, B256, Module};

const APPS: u8 = 16;
const DEVELOPER: u64 = BOB as u64;
const AUDITOR: u64 = CAROL as u64;

impl Market {
    /// Sends a call that must be done.
    async fn does(&self, who: u8, module: Module, call: impl SolCall) {
        self.send(who, Some(service(module)), call.abi_encode()).await;
        let block = self.block().await;
        assert!(block.receipts.iter().all(|receipt| receipt.is_done()), "{:?}", block.receipts);
    }

    /// Three published apps of bob's, of which the first two are one contract each that relays calls.
    async fn with_apps() -> (Self, Vec<Address>) {
        let market = Self::with_asset().await;
        let key = ITrust::GrantKey { grantee: wallet(PROVIDER), power: APPS, asset: 0, class: 0 };
        let grant = ITrust::grantCall { key, limit: 0, expires: u64::MAX };
        market.does(PROVIDER, Module::Trust, grant).await;
        for (person, role) in [(DEVELOPER, 0), (AUDITOR, 1)] {
            let call = IApps::setRoleCall { person, role, standing: 0 };
            market.does(PROVIDER, Module::Trust, call).await;
        }
        let mut contracts = Vec::new();
        for (number, code) in
            [guest::relays(CALL, false), guest::relays(CALL, true), guest::WRITES.to_vec()]
                .iter()
                .enumerate()
        {
            let at = market.deploy(code).await;
            let version = IApps::Version {
                name: format!("App {number}"),
                uri: "https://app.example".into(),
                manifest: B256::repeat_byte(7),
                contracts: vec![IApps::Listed { at, code: keccak256(code) }],
                powers: 1 << 6,
                operations: 1,
            };
            market.does(BOB, Module::Trust, IApps::publishAppCall { version }).await;
            contracts.push(at);
        }
        (market, contracts)
    }
}

fn delegate(wallet: Address, attested: bool) -> IIdentity::delegateWithinCall {
    let terms = IIdentity::Terms { atOnce: 5, perPeriod: 0, period: 0, attested };
    let (operations, asset, limit, expires) = (1, 1, 20, u64::MAX);
    IIdentity::delegateWithinCall { wallet, operations, asset, limit, expires, terms }
}

#[tokio::test]
async fn the_directory_is_told_in_pages() {
    let (market, contracts) = Market::with_apps().await;
    let all = market.ok("scrip_getApps", json!({})).await;
    assert_eq!((all["apps"].as_array().map(Vec::len), &all["next"]), (Some(3), &Value::Null));
    let mut after = Value::Null;
    for (n, contract) in contracts.iter().enumerate() {
        let page = market.ok("scrip_getApps", json!({"limit": 1, "after": after})).await;
        assert_eq!(page["apps"], json!([all["apps"][n]]));
        let app = &page["apps"][0];
        assert_eq!((&app["app"], &app["developer"]), (&json!(n + 1), &json!(DEVELOPER)));
        assert_eq!(app["contracts"], json!([contract]));
        after = page["next"].clone();
    }
    assert_eq!(after, Value::Null);
    let end = market.ok("scrip_getApps", json!({"after": 3})).await;
    assert_eq!((&end["apps"], &end["next"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn an_app_shows_its_code_as_published_and_as_it_is_and_who_attests_it() {
    let (market, contracts) = Market::with_apps().await;
    let code = keccak256(guest::relays(CALL, false));
    let app = market.ok("scrip_getApp", json!({"app": 1})).await;
    assert_eq!(app["contracts"][0]["code"], json!(code));
    assert_eq!(app["contracts"][0]["found"], json!(code));
    assert_eq!(app["contracts"][0]["matches"], true);
    assert_eq!(
        (&app["developer_standing"], &app["standing"]),
        (&json!("active"), &json!("active"))
    );
    assert_eq!(app["contracts"][0]["attestations"], json!([]));
    let (report, uri) = (B256::repeat_byte(9), "https://audit.example".into());
    let attest = IApps::attestCodeCall { code, report, uri, expires: u64::MAX };
    market.does(CAROL, Module::Trust, attest).await;
    let by_contract = market.ok("scrip_getApp", json!({"app": contracts[0]})).await;
    let said = &by_contract["contracts"][0]["attestations"][0];
    assert_eq!((&said["auditor"], &said["counts"]), (&json!(AUDITOR), &json!(true)));
    let end = IApps::setRoleCall { person: AUDITOR, role: 1, standing: 1 };
    market.does(PROVIDER, Module::Trust, end).await;
    let app = market.ok("scrip_getApp", json!({"app": 1})).await;
    assert_eq!(app["contracts"][0]["attestations"][0]["counts"], false);
    assert_eq!(app["contracts"][0]["is_attested"], false);
    let suspend = IApps::setAppStandingCall { app: 1, standing: 1 };
    market.does(PROVIDER, Module::Trust, suspend).await;
    let app = market.ok("scrip_getApp", json!({"app": 1})).await;
    let stopped = app["contracts"][0]["stopped"].as_str().unwrap();
    assert!(stopped.contains("suspended"), "{stopped}");
    for (named, words) in [
        (json!(9), "there is no app 9"),
        (json!(wallet(ALICE)), "no contract of a published app"),
        (json!(true), "name it by number"),
    ] {
        let (_, message) = market.refused("scrip_getApp", json!({"app": named})).await;
        assert!(message.contains(words), "{message}");
    }
}

#[tokio::test]
async fn a_person_sees_what_it_lets_contracts_do_and_what_of_it_stands() {
    let (market, contracts) = Market::with_apps().await;
    let grants = || async { market.ok("scrip_getAppGrants", json!({"who": 3})).await };
    assert_eq!(grants().await["grants"], json!([]));
    market.does(ALICE, Module::Identity, delegate(contracts[0], false)).await;
    market.does(ALICE, Module::Identity, delegate(contracts[1], true)).await;
    market.does(ALICE, Module::Identity, delegate(wallet(BOB), false)).await;
    let told = grants().await;
    assert_eq!(told["grants"].as_array().map(Vec::len), Some(2), "a person's wallet is no app");
    assert_eq!(
        (&told["grants"][0]["app"], &told["grants"][0]["stands"]),
        (&json!(1), &json!(true))
    );
    let why = told["grants"][1]["why"].as_str().unwrap();
    assert!(why.contains("no auditor"), "{why}");
    let page = market.ok("scrip_getAppGrants", json!({"who": 3, "limit": 1})).await;
    let rest = json!({"who": 3, "limit": 1, "after": page["next"]});
    let rest = market.ok("scrip_getAppGrants", rest).await;
    assert_eq!(json!([page["grants"][0], rest["grants"][0]]), told["grants"]);

    // The app acts; what is left is told, and after the revocation nothing stands.
    let legs = vec![ILedger::Leg { to: wallet(BOB), units: 5 }];
    let from = wallet(ALICE);
    let call = ILedger::transferBatchCall { asset: 1, class: 0, from, legs }.abi_encode();
    let ledger = service(Module::Ledger).into_word();
    let relayed = || [&ledger[..], &call[..]].concat();
    market.send(PROVIDER, Some(contracts[0]), relayed()).await;
    let block = market.block().await;
    assert!(block.receipts[0].is_done(), "{:?}", block.receipts);
    assert_eq!(grants().await["grants"][0]["delegation"]["limit"], "15");
    let revoke = IIdentity::revokeDelegationCall { wallet: contracts[0] };
    market.does(ALICE, Module::Identity, revoke).await;
    let told = grants().await;
    assert_eq!(told["grants"][0]["delegation"], Value::Null);
    assert_eq!(told["grants"][0]["why"], "it was revoked");
    market.send(PROVIDER, Some(contracts[0]), relayed()).await;
    assert!(!market.block().await.receipts[0].is_done());

    let key = ITrust::GrantKey { grantee: contracts[0], power: 6, asset: 1, class: 0 };
    let grant = ITrust::grantCall { key, limit: 7, expires: u64::MAX };
    market.does(ISSUER, Module::Trust, grant).await;
    let lent = market.ok("scrip_getAppGrants", json!({"who": 2})).await["grants"][0].clone();
    assert_eq!((&lent["kind"], &lent["stands"]), (&json!("power"), &json!(true)));
    assert_eq!(
        (&lent["grant"]["power"], &lent["grant"]["remaining"]),
        (&json!("issue"), &json!("7"))
    );
    let asset = market.ok("scrip_getGrants", json!({"asset": 1, "limit": 1_000})).await;
    let listed = asset["grants"].as_array().unwrap().last().unwrap();
    assert_eq!(listed["grantee"], json!({"app": contracts[0]}));
}

/// What is told to stand can be used, if for one unit, by whoever it was given to.
#[tokio::test]
async fn what_cannot_be_used_is_not_told_to_stand() {
    let (market, contracts) = Market::with_apps().await;
    let loans = |who: u8| {
        let market = &market;
        async move { market.ok("scrip_getAppGrants", json!({"who": who})).await["grants"].take() }
    };
    let relay = |to: Address, call: Vec<u8>| [&to.into_word()[..], &call[..]].concat();
    // Over all assets, for a contract and for an address where one may come to be.
    let (at, next) = (contracts[0], Address::repeat_byte(0x77));
    for to in [at, next] {
        let given = IIdentity::delegateWithinCall { asset: 0, limit: 5, ..delegate(to, false) };
        market.does(ALICE, Module::Identity, given).await;
    }
    let told = loans(ALICE).await;
    for (place, to) in [at, next].into_iter().enumerate() {
        assert_eq!((&told[place]["contract"], &told[place]["stands"]), (&json!(to), &json!(true)));
        assert_eq!(told[place]["delegation"]["asset"], Value::Null);
    }
    let legs = vec![ILedger::Leg { to: wallet(BOB), units: 5 }];
    let from = wallet(ALICE);
    let call = ILedger::transferBatchCall { asset: 1, class: 0, from, legs }.abi_encode();
    market.send(PROVIDER, Some(at), relay(service(Module::Ledger), call)).await;
    assert!(market.block().await.receipts[0].is_done());
    let why = loans(ALICE).await[0]["why"].take();
    assert!(why.as_str().is_some_and(|why| why.contains("used up")), "{why}");

    // A power of which nothing is left.
    let key = ITrust::GrantKey { grantee: at, power: 6, asset: 1, class: 0 };
    let grant = ITrust::grantCall { key, limit: 7, expires: u64::MAX };
    market.does(ISSUER, Module::Trust, grant).await;
    assert_eq!(loans(ISSUER).await[0]["stands"], true);
    let legs = vec![ILedger::Leg { to: wallet(BOB), units: 7 }];
    let call = ILedger::issueBatchCall { asset: 1, class: 0, legs }.abi_encode();
    market.send(PROVIDER, Some(at), relay(service(Module::Ledger), call)).await;
    assert!(market.block().await.receipts[0].is_done());
    let told = loans(ISSUER).await;
    assert_eq!((&told[0]["stands"], &told[0]["grant"]["remaining"]), (&json!(false), &json!("0")));
}

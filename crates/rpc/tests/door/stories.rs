//! The chain's own methods.

use crate::market::*;
use alloy_sol_types::SolCall;
use engine::Bundle;
use serde_json::{Value, json};
use types::{B256, Effect, Module, U256, decode};

#[tokio::test]
async fn the_network_and_the_node_are_described() {
    let market = Market::with_asset().await;
    let info = market.ok("scrip_networkInfo", json!({})).await;
    assert_eq!(
        (&info["name"], &info["chain_id"], &info["shard"]),
        (&json!("test market"), &json!(7357), &json!(0))
    );
    assert_eq!(info["genesis_hash"], json!(market.chain.genesis().hash()));
    assert_eq!(info["services"]["ledger"], json!(service(Module::Ledger)));
    assert_eq!(info["limits"]["transactions"], 20_000);
    market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    let status = market.ok("scrip_nodeStatus", json!([])).await;
    assert_eq!(
        (&status["height"], &status["indexed"], &status["is_syncing"]),
        (&json!(3), &json!(3), &json!(false))
    );
    assert_eq!(
        (&status["pool"]["pending"], &status["pool"]["lanes"]["assets"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn a_decision_is_explained_in_words_and_codes() {
    let market = Market::with_asset().await;
    let explain = |params: Value| market.ok("scrip_explain", params);
    let fine =
        explain(json!({"asset": 1, "from": wallet(ALICE), "to": wallet(BOB), "units": "40"})).await;
    assert_eq!((&fine["allowed"], &fine["text"]), (&json!(true), &json!("allowed")));
    assert_eq!(fine["block"]["number"], 3);
    let forbidden =
        explain(json!([{"asset": token(), "from": "3/0", "to": 5, "units": "40"}])).await;
    assert_eq!(forbidden["allowed"], false);
    let reason = &forbidden["reasons"][0];
    assert_eq!(
        (&reason["code"], &reason["number"], &reason["side"], &reason["country"]),
        (&json!("COUNTRY_FORBIDDEN"), &json!(12), &json!("receiver"), &json!("US"))
    );
    assert_eq!(
        (&reason["erc1066"], &reason["erc1400"], &reason["erc1404"]),
        (&json!(0x10), &json!(0x57), &json!(26))
    );
    assert!(forbidden["text"].as_str().unwrap().contains("United States"));
    let too_much = explain(json!(["US0378331005", {"person": 3}, wallet(BOB), "1001"])).await;
    assert_eq!(too_much["reasons"][0]["code"], "INSUFFICIENT_BALANCE");
    assert_eq!(too_much["max_ok"], "1000");
    let nobody =
        explain(json!({"asset": 1, "from": wallet(ALICE), "to": wallet(STRANGER), "units": "1"}))
            .await;
    assert_eq!(nobody["reasons"][0]["code"], "WALLET_UNKNOWN");
    let issue = explain(json!({"asset": 1, "to": wallet(BOB), "units": "999001"})).await;
    assert_eq!(issue["reasons"][0]["code"], "SUPPLY_CAP");
    assert_eq!(
        explain(json!({"asset": 1, "from": wallet(ALICE), "units": "1"})).await["allowed"],
        true
    );
    let page = market.ok("scrip_getPositions", json!({"who": wallet(ALICE)})).await;
    let anchor = &page["positions"][0]["lots"][0]["anchor"];
    let of =
        |lot: Value| json!({"asset": 1, "from": wallet(ALICE), "to": wallet(BOB), "lots": [lot]});
    let lot = explain(of(json!({"place": 0, "anchor": anchor, "units": "40"}))).await;
    assert_eq!((&lot["allowed"], &lot["paths"]), (&json!(true), &json!([])));
    // At a price, by a path that no law here offers.
    let priced = json!({"asset": 1, "from": wallet(ALICE), "to": wallet(BOB), "units": "40",
        "paid": "500", "currency": "USD"});
    assert_eq!(explain(priced.clone()).await["allowed"], true);
    let mut elected = priced;
    elected["path"] = json!("R144_NA");
    let reason = &explain(elected).await["reasons"][0];
    assert_eq!((&reason["code"], &reason["fact"]), (&json!("NO_PATH"), &json!("R144_NA")));
}

#[tokio::test]
async fn an_operator_is_told_what_it_may_not_move() {
    let market = Market::with_asset().await;
    let asked = |view: &str, units: &str| {
        json!({"asset": 1, "from": wallet(ALICE), "to": wallet(BOB), "units": units,
            "operator": wallet(BOB), "view": view})
    };
    let told = market.ok("scrip_explain", asked("all", "40")).await;
    assert_eq!((&told["allowed"], &told["reasons"]), (&json!(false), &json!([])));
    assert_eq!(told["barred"]["code"], 1_016);
    assert!(told["barred"]["text"].as_str().unwrap().contains("delegation"), "{told}");
    assert_eq!(told["text"], told["barred"]["text"]);
    let hidden = market.ok("scrip_explain", asked("receiver", "40")).await;
    assert_eq!((&hidden["allowed"], &hidden["barred"]["code"]), (&json!(false), &json!(null)));
    let own = json!({"asset": 1, "from": wallet(ALICE), "to": wallet(BOB), "units": "40"});
    assert_eq!(market.ok("scrip_explain", own).await["barred"], json!(null));
    let call = IERC20::approveCall { spender: wallet(BOB), value: U256::from(40) };
    market.send(ALICE, Some(token()), call.abi_encode()).await;
    market.block().await;
    assert_eq!(market.ok("scrip_explain", asked("all", "40")).await["allowed"], true);
    let more = market.ok("scrip_explain", asked("all", "41")).await;
    assert_eq!((&more["allowed"], &more["barred"]["code"]), (&json!(false), &json!(4_009)));
    // An allowance moves units on no terms.
    let mut priced = asked("all", "40");
    (priced["paid"], priced["currency"]) = (json!("500"), json!("USD"));
    assert_eq!(market.ok("scrip_explain", priced).await["barred"]["code"], 1_016);
    // The bar comes first, and then what stands against the movement itself, to each as far as it is its own.
    let far = market.ok("scrip_explain", asked("all", "999999")).await;
    assert_eq!(far["reasons"][0]["code"], "INSUFFICIENT_BALANCE");
    let (text, bar) = (far["text"].as_str().unwrap(), far["barred"]["text"].as_str().unwrap());
    assert!(text.starts_with(bar) && text.contains("999999 units needed"), "{text}");
    let hidden = market.ok("scrip_explain", asked("receiver", "999999")).await;
    assert_eq!(hidden["reasons"][0]["code"], "NOT_ELIGIBLE");
    assert!(!hidden["text"].as_str().unwrap().contains("999999"), "{hidden}");
}

#[tokio::test]
async fn an_answer_is_shown_to_each_as_far_as_it_is_its_own_and_says_what_it_rests_on() {
    let market = Market::with_asset().await;
    let ask = |view: &str| {
        let parties = json!({"asset": 1, "from": wallet(ALICE), "to": 5, "units": "40"});
        let mut asked = parties;
        asked["view"] = json!(view);
        market.ok("scrip_explain", asked)
    };
    let first = |answer: &Value| answer["reasons"][0].clone();
    let (all, buyer) = (ask("all").await, ask("receiver").await);
    assert_eq!(first(&all)["code"], "COUNTRY_FORBIDDEN");
    assert_eq!(all["reasons"], buyer["reasons"]);
    for view in ["sender", "public"] {
        let answer = ask(view).await;
        let reason = first(&answer);
        assert_eq!(
            (&reason["code"], &reason["side"]),
            (&json!("NOT_ELIGIBLE"), &json!("receiver"))
        );
        let hidden = [&reason["country"], &answer["earliest_ok"], &answer["max_ok"]];
        assert!(hidden.iter().all(|fact| fact.is_null()), "{answer}");
        assert!(!answer["text"].as_str().unwrap().contains("United States"));
    }
    let bound = |answer: &Value| answer["profiles"].as_array().map_or(0, Vec::len);
    assert!(bound(&ask("public").await) <= bound(&all), "by whose law one is bound is not told");
    // What it rests on can be asked for one by one.
    let plain = json!({"asset": 1, "from": wallet(ALICE), "to": 5, "units": "40"});
    let mut rests = plain.clone();
    rests["reads"] = json!(true);
    let reads = market.ok("scrip_explain", rests.clone()).await;
    let reads = reads["reads"].as_array().unwrap();
    let tables: Vec<&str> = reads.iter().map(|it| it["table"].as_str().unwrap()).collect();
    for table in ["identity/persons", "identity/claims", "compliance/policies", "ledger/positions"]
    {
        assert!(tables.contains(&table), "{table} in {tables:?}");
    }
    let asset = reads.iter().find(|it| it["table"] == "compliance/policies").unwrap();
    assert_eq!(asset["key"], "0x0100000000000000");
    assert!(all["as_of"].as_u64().unwrap() > 0);
    assert_eq!(all["effects"], json!([]));
    assert!(market.ok("scrip_explain", plain).await.get("reads").is_none());
}

#[tokio::test]
async fn what_cannot_be_read_is_named_with_a_remedy() {
    let market = Market::with_asset().await;
    let cases = [
        (
            "scrip_explain",
            json!({"asset": 1, "units": "1"}),
            -32602,
            "from: give from, to, or both",
        ),
        (
            "scrip_explain",
            json!({"asset": 1, "from": 3, "units": 1}),
            -32602,
            "units: invalid type",
        ),
        (
            "scrip_explain",
            json!({"asset": 1, "from": 3, "units": "-1"}),
            -32602,
            "units: \"-1\" is not a whole number",
        ),
        ("scrip_explain", json!({"asset": 1, "from": 3}), -32602, "units: is missing"),
        (
            "scrip_explain",
            json!({"asset": 1, "from": true, "units": "1"}),
            -32602,
            "from: name a wallet",
        ),
        (
            "scrip_explain",
            json!({"asset": 1, "from": 3, "units": "1", "class": 4}),
            -32001,
            "class 4",
        ),
        ("scrip_explain", json!({"asset": 1, "form": 3}), -32602, "form: no such parameter"),
        (
            "scrip_explain",
            json!([1, 3, 4, "1", 0, null, [], null, null, null, null, "me"]),
            -32602,
            "view",
        ),
        (
            "scrip_explain",
            json!({"asset": 1, "from": 3, "to": 4, "lots": [{"place": 9, "anchor": 0, "units": "1"}]}),
            -32001,
            "lots: 9 is not such a lot",
        ),
        (
            "scrip_explain",
            json!({"asset": 1, "from": 3, "to": 4, "units": "2", "lots": [{"place": 0, "anchor": 0, "units": "1"}]}),
            -32602,
            "units: the lots sum to another number",
        ),
        (
            "scrip_explain",
            json!({"asset": 1, "from": 3, "to": 4, "units": "2", "paid": "2"}),
            -32602,
            "currency: is missing",
        ),
        (
            "scrip_explain",
            json!({"asset": 1, "from": 3, "to": 4, "units": "2", "currency": "USD"}),
            -32602,
            "paid: is missing",
        ),
        (
            "scrip_explain",
            json!({"asset": 1, "from": 3, "units": "2", "path": "R144_NA"}),
            -32602,
            "path: transfers go by a path",
        ),
        (
            "scrip_explain",
            json!({"asset": 1, "from": 3, "to": 4, "units": "2", "profile": 1}),
            -32602,
            "profile: issues are under a profile",
        ),
        (
            "scrip_explain",
            json!({"asset": 1, "to": 4, "units": "2", "profile": "US-506C"}),
            -32001,
            "profile: the asset has adopted none",
        ),
        ("scrip_getAsset", json!({"asset": 9}), -32001, "asset: there is no asset 9"),
        ("scrip_getAsset", json!({"asset": "US0000000000"}), -32602, "ISIN"),
        ("scrip_getAsset", json!({"asset": "US5949181045"}), -32001, "no asset has the ISIN"),
        ("scrip_getAsset", json!({"asset": wallet(ALICE)}), -32001, "not the address of an asset"),
        ("scrip_getAsset", json!({"asset": [1]}), -32602, "asset: name it by number"),
        ("scrip_getPerson", json!({"who": 77}), -32001, "who: there is no person 77"),
        (
            "scrip_getPerson",
            json!({"who": wallet(STRANGER)}),
            -32001,
            "a KYC provider registers it",
        ),
        ("scrip_getPerson", json!({"who": "x/y"}), -32602, "who: name a wallet"),
        ("scrip_getPerson", json!({"who": {"person": 3, "nr": 1}}), -32602, "who: name a wallet"),
        ("scrip_getPositions", json!({"who": "3/7"}), -32001, "account 3/7"),
        (
            "scrip_getPositions",
            json!({"who": 3, "limit": 0}),
            -32602,
            "limit: 0 is not between 1 and 1000",
        ),
        ("scrip_getPositions", json!({"who": 3, "after": "x"}), -32602, "after: must be"),
        (
            "scrip_getHolders",
            json!({"asset": 1, "class": 3}),
            -32001,
            "class: asset 1 has no class 3",
        ),
        ("scrip_getHolders", json!({"asset": 1, "block": 99}), -32001, "does not exist yet"),
        (
            "scrip_getCheckpointBalance",
            json!({"asset": 1, "who": 3, "checkpoint": 1}),
            -32001,
            "its last is 0",
        ),
        ("scrip_getProof", json!({}), -32602, "kind: must be position"),
        ("scrip_getProof", json!({"kind": "magic"}), -32602, "kind: must be position"),
        ("scrip_getProof", json!({"keys": []}), -32602, "keys: 1 to"),
        ("scrip_getProof", json!({"table": "nothing", "key": "0x"}), -32602, "ledger/positions"),
        ("scrip_getEffectProof", json!({"tx": B256::ZERO}), -32001, "no final transaction"),
        ("scrip_getCertificate", json!({"height": 99}), -32001, "blocks 1 to 3"),
        ("scrip_getCertificate", json!({"height": 2}), -32001, "a later block's covers it"),
        ("scrip_getBlock", json!({"block": [1]}), -32602, "block: name it by number"),
        ("scrip_subscribe", json!(["events"]), -32004, "WebSocket"),
    ];
    for (method, params, code, says) in cases {
        let refused = market.refused(method, params.clone()).await;
        assert!(refused.0 == code && refused.1.contains(says), "{method} {params}: {refused:?}");
    }
}

#[tokio::test]
async fn a_person_is_told_with_claims_wallets_and_fuel() {
    let market = Market::with_asset().await;
    let alice = market.ok("scrip_getPerson", json!({"who": wallet(ALICE)})).await;
    assert_eq!(market.ok("scrip_getPerson", json!([3])).await, alice);
    assert_eq!(market.ok("scrip_getPerson", json!([alice["address"]])).await, alice);
    assert_eq!(
        (&alice["person"], &alice["residence"], &alice["kind"]),
        (&json!(3), &json!("DE"), &json!("natural"))
    );
    assert_eq!((&alice["is_active"], &alice["is_sanctioned"]), (&json!(true), &json!(false)));
    let id = json!({"person": 3, "number": 0});
    let account = json!({"account": id, "wallet": wallet(ALICE), "recovery": null});
    assert_eq!(alice["accounts"], json!([account]));
    assert_eq!(
        (&alice["claims"][0]["topic"], &alice["claims"][0]["is_current"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(alice["fuel"]["gas"], 100_000_000);
    assert_eq!(alice["fuel"]["sponsor"], Value::Null);
}

/// What an issuer has of its own makes it no holder: 17 CFR 240.12g5-1.
#[tokio::test]
async fn the_treasury_of_an_issuer_is_none_of_the_holders_that_are_told() {
    let market = Market::with_asset().await;
    let told = async || {
        let asset = market.ok("scrip_getAsset", json!({"asset": 1})).await;
        ["treasury", "outstanding", "holders"].map(|name| asset[name].clone())
    };
    assert_eq!(told().await, [json!("0"), json!("1000"), json!(1)]);
    for (to, units) in [(ISSUER, 10), (BOB, 40)] {
        market.send(ALICE, Some(token()), transfer(wallet(to), units)).await;
        let block = market.block().await;
        assert!(block.receipts.iter().all(|receipt| receipt.is_done()), "{:?}", block.receipts);
    }
    assert_eq!(told().await, [json!("10"), json!("990"), json!(2)]);
}

#[tokio::test]
async fn an_asset_its_holders_and_positions_are_told_in_pages() {
    let market = Market::with_asset().await;
    market.send(ALICE, Some(token()), transfer(wallet(BOB), 40)).await;
    market.block().await;
    let asset = market.ok("scrip_getAsset", json!({"asset": "US0378331005"})).await;
    let expected = json!({"asset": 1, "address": token(), "symbol": "ACME", "issued": "1000", "treasury": "0", "outstanding": "1000", "status": "open", "holders": 2});
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&asset[field], value, "{field}");
    }
    assert_eq!(asset["classes"][0]["issued"], "1000");
    assert_eq!(asset["policy"]["version"], 1);
    assert_eq!(asset["policy"]["policy"]["rules"][0]["countries"]["countries"], json!(["US"]));
    let assets = market.ok("scrip_getAssets", json!({})).await;
    assert_eq!((assets["assets"].as_array().unwrap().len(), &assets["next"]), (1, &Value::Null));
    let none = market.ok("scrip_getAssets", json!({"after": 1})).await;
    assert_eq!(none["assets"], json!([]));

    let first = market.ok("scrip_getHolders", json!({"asset": 1, "limit": 1})).await;
    assert_eq!(first["holders"][0]["wallet"], json!(wallet(ALICE)));
    assert_eq!((&first["holders"][0]["units"], &first["next"]), (&json!("960"), &json!(0)));
    let page =
        json!({"asset": 1, "limit": 1, "after": first["next"], "block": first["block"]["number"]});
    let second = market.ok("scrip_getHolders", page).await;
    assert_eq!((&second["holders"][0]["units"], &second["next"]), (&json!("40"), &Value::Null));
    assert_eq!(second["block"], first["block"]);
    let before = market.ok("scrip_getHolders", json!({"asset": 1, "block": 3})).await;
    assert_eq!(before["holders"].as_array().unwrap().len(), 1);

    let positions = market.ok("scrip_getPositions", json!({"who": 4})).await;
    let position = &positions["positions"][0];
    assert_eq!(
        (&position["units"], &position["free"], &position["symbol"]),
        (&json!("40"), &json!("40"), &json!("ACME"))
    );
    assert_eq!(position["lots"][0]["units"], "40");
    assert_eq!(positions["next"], Value::Null);
    let rest = market.ok("scrip_getPositions", json!({"who": 4, "after": "0:0"})).await;
    assert_eq!(rest["positions"], json!([]));
}

#[tokio::test]
async fn balances_at_a_checkpoint_stay() {
    let market = Market::with_asset().await;
    let take = ILedger::takeCheckpointCall { asset: 1 }.abi_encode();
    market.send(ISSUER, Some(service(Module::Ledger)), take).await;
    market.block().await;
    market.send(ALICE, Some(token()), transfer(wallet(BOB), 40)).await;
    market.block().await;
    let at = |who: u64| {
        market.ok("scrip_getCheckpointBalance", json!({"asset": 1, "who": who, "checkpoint": 1}))
    };
    let (alice, bob) = (at(3).await, at(4).await);
    assert_eq!((&alice["units"], &bob["units"]), (&json!("1000"), &json!("0")));
    assert_eq!(alice["taken"], GENESIS_TIME.0 + 4_000);
    let of_class = json!({"asset": 1, "who": 3, "checkpoint": 1, "class": 0});
    assert_eq!(market.ok("scrip_getCheckpointBalance", of_class).await["units"], "1000");
}

#[tokio::test]
async fn grants_tell_who_may_what() {
    let market = Market::with_asset().await;
    let network = market.ok("scrip_getGrants", json!({})).await;
    let powers: Vec<_> =
        network["grants"].as_array().unwrap().iter().map(|grant| grant["power"].clone()).collect();
    assert_eq!(powers, ["admin", "orders", "create_asset"]);
    assert_eq!(network["grants"][2]["grantee"], json!({"person": 2}));
    assert_eq!(network["grants"][2]["is_current"], true);
    let asset = market.ok("scrip_getGrants", json!({"asset": 1})).await;
    let all = asset["grants"].as_array().unwrap().len();
    assert!(all > 1 && asset["next"].is_null(), "{asset}");
    let mut after = Value::Null;
    for n in 0..all {
        let page =
            market.ok("scrip_getGrants", json!({"asset": 1, "limit": 1, "after": after})).await;
        assert_eq!(page["grants"], json!([asset["grants"][n]]));
        after = page["next"].clone();
    }
    assert_eq!(after, Value::Null);
}

#[tokio::test]
async fn proofs_are_of_what_was_asked() {
    let market = Market::with_asset().await;
    let cases = [
        (json!({"kind": "position", "asset": 1, "who": wallet(ALICE)}), true),
        (json!({"kind": "position", "asset": 1, "who": wallet(BOB)}), false),
        (json!({"kind": "person", "who": 3}), true),
        (json!({"kind": "claims", "who": 3}), true),
        (json!({"kind": "wallet", "wallet": wallet(ALICE)}), true),
        (json!({"kind": "wallet", "wallet": wallet(STRANGER)}), false),
        (json!({"kind": "asset", "asset": 1}), true),
        (json!({"kind": "policy", "asset": 1}), true),
        (json!({"kind": "checkpoint", "asset": 1, "checkpoint": 1}), false),
        (json!({"table": "ledger/assets", "key": "0x0100000000000000"}), true),
        (json!({"keys": [B256::ZERO]}), false),
    ];
    for (params, is_present) in cases {
        let proof = market.ok("scrip_getProof", params.clone()).await;
        let bundle: Bundle = from(&proof["bundle"]);
        assert_eq!(json!([bundle.records[0].key]), proof["keys"]);
        assert_eq!(bundle.records[0].record.is_some(), is_present, "{params}");
    }
    let by_kind = market.ok("scrip_getProof", json!({"kind": "asset", "asset": 1})).await;
    let by_table = json!({"table": "ledger/assets", "key": "0x0100000000000000"});
    assert_eq!(market.ok("scrip_getProof", by_table).await, by_kind);
    assert_eq!(market.ok("scrip_getCertificate", json!([3])).await["height"], 3);
}

#[tokio::test]
async fn effects_are_proved_by_their_place() {
    let market = Market::with_asset().await;
    let first = market.send(ALICE, Some(token()), transfer(wallet(BOB), 1)).await;
    let second = market.send(ALICE, Some(token()), transfer(wallet(BOB), 2)).await;
    market.block().await;
    for (tx, event) in [(first, None), (second, None), (second, Some(0u32))] {
        let proof = market.ok("scrip_getEffectProof", json!({"tx": tx, "event": event})).await;
        let bundle: Bundle = from(&proof["bundle"]);
        match (decode(&bundle.effects[0].effect).unwrap(), event) {
            (Effect::Head { tx: proved, .. }, None) => assert_eq!(proved, tx),
            (Effect::Event { tx: proved, index, .. }, Some(event)) => {
                assert_eq!((proved, index), (tx, event))
            }
            (effect, _) => panic!("{effect:?}"),
        }
    }
    let beyond = json!({"tx": first, "event": 99});
    assert!(market.refused("scrip_getEffectProof", beyond).await.1.contains("counted from 0"));
}

#[tokio::test]
async fn receipts_carry_typed_events_and_refusals_in_words() {
    let market = Market::with_asset().await;
    let done = market.send(ALICE, Some(token()), transfer(wallet(BOB), 40)).await;
    let refused = market.send(ALICE, Some(token()), transfer(wallet(CAROL), 40)).await;
    let block = market.block().await;
    let receipt = market.ok("scrip_getTransactionReceipt", json!({"tx": done})).await;
    assert_eq!(
        (&receipt["status"], &receipt["person"], &receipt["is_final"]),
        (&json!("done"), &json!(3), &json!(true))
    );
    let moved = &receipt["events"][0];
    assert_eq!(
        (&moved["module"], &moved["event"], &moved["units"]),
        (&json!("ledger"), &json!("moved"), &json!("40"))
    );
    assert_eq!(receipt["block"]["hash"], json!(block.hash));
    let receipt = market.ok("scrip_getTransactionReceipt", json!({"tx": refused})).await;
    assert_eq!((&receipt["status"], &receipt["events"]), (&json!("refused"), &json!([])));
    assert!(receipt["reason"].as_str().unwrap().contains("United States"), "{receipt}");
    assert_eq!(market.ok("scrip_getTransactionReceipt", json!([B256::ZERO])).await, Value::Null);

    let told = market.ok("scrip_getBlock", json!({"block": "latest"})).await;
    assert_eq!(told["transactions"], json!([done, refused]));
    assert_eq!(market.ok("scrip_getBlock", json!([4])).await, told);
    assert_eq!(market.ok("scrip_getBlock", json!([told["hash"]])).await, told);
    let header: types::Header = decode(&from::<types::Bytes>(&told["header"])).unwrap();
    assert_eq!(json!(header.hash()), told["hash"]);
    let first = market.ok("scrip_getBlock", json!([1])).await;
    assert!(!first["own_events"].as_array().unwrap().is_empty(), "genesis speaks");
    assert_eq!(market.ok("scrip_getBlock", json!([99])).await, Value::Null);
}

/// Pages of one block, each of one class, are what a report is put together of.
#[tokio::test]
async fn a_dry_run_names_its_change_and_goes_on_where_it_stopped_as_of_its_block() {
    let market = Market::with_asset().await;
    market.send(ALICE, Some(token()), transfer(wallet(BOB), 40)).await;
    market.block().await;
    let change = json!({"policy": {"rules": [{"holding": {"max": "30"}}]}});
    let asked = |more: Value| {
        let mut asked = json!({"asset": 1, "change": change, "limit": 1});
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        asked
    };
    let first = market.ok("scrip_dryRun", asked(json!({}))).await;
    assert_eq!((&first["accounts"], &first["asset"]), (&json!(1), &json!(1)));
    assert_eq!(first["exceeded"][0]["holders"], json!([3]));
    let named = &first["change"];
    assert_eq!((&named["replaces"], &named["adopt"]), (&json!(1), &json!([])));
    assert_eq!(named["policy"].as_str().unwrap().len(), 66);
    // What happens meanwhile is not seen by the pages that follow.
    market.send(BOB, Some(token()), transfer(wallet(ALICE), 40)).await;
    market.block().await;
    let height = first["block"]["number"].clone();
    let second =
        market.ok("scrip_dryRun", asked(json!({"after": first["next"], "block": height}))).await;
    assert_eq!((&second["accounts"], &second["next"]), (&json!(1), &Value::Null));
    assert_eq!(second["exceeded"][0]["holders"], json!([4]));
    assert_eq!(second["block"], first["block"]);
    let none = market.ok("scrip_dryRun", asked(json!({"after": first["next"]}))).await;
    assert_eq!(none["accounts"], 0);
}

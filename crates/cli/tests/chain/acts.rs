//! What officers, agents, notaries and owners do by the command, each with what stands afterwards.

use crate::{Chain, example, path};
use serde_json::{Value, json};
use std::fs;

const DOCUMENT: &str = "0x1111111111111111111111111111111111111111111111111111111111111111";

/// A security of which alice has 500 and bob 100; the issuer may act by force too.
fn market(folder: &std::path::Path) -> Chain {
    let chain = Chain::start(&folder.join("chain"));
    chain.done(&["asset", "create", &example("security.toml"), "--from", "issuer"]);
    chain.done(&["asset", "policy", "1", &example("policy.json"), "--from", "issuer"]);
    chain.done(&["asset", "issue", "1", "500", "--to", "alice", "--from", "issuer"]);
    chain.done(&["asset", "issue", "1", "100", "--to", "bob", "--from", "issuer"]);
    chain.done(&["grant", "issuer", "force", "--asset", "1", "--from", "issuer"]);
    chain
}

impl Chain {
    /// An act by order of a court.
    fn by_order(&self, act: &[&str]) -> Value {
        let order = ["--authority", "BaFin", "--reference", "WA 1/26", "--document", DOCUMENT];
        self.done(&[&["order"], act, &order[..], &["--from", "issuer"]].concat())
    }

    fn position(&self, who: &str) -> Value {
        self.done(&["positions", who])[0].clone()
    }
}

#[test]
fn an_officer_freezes_moves_ends_and_reissues_by_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    let give = ["transfer", "1", "10", "--to", "bob", "--from", "alice"];

    chain.by_order(&["freeze-person", "1", "alice"]);
    assert!(chain.refused(&give, 1).contains("frozen"));
    chain.by_order(&["freeze-person", "1", "alice", "--lift"]);
    chain.done(&give);

    chain.by_order(&["freeze-units", "1", "alice", "490"]);
    assert_eq!(chain.position("alice")["frozen"], "490");
    assert!(chain.refused(&give, 1).contains("10 units needed, 0 free"));
    chain.by_order(&["transfer", "1", "90", "--holder", "alice", "--to", "bob"]);
    chain.by_order(&["redeem", "1", "50", "--holder", "alice"]);
    chain.by_order(&["reissue", "1", "50", "--to", "bob"]);
    assert_eq!(chain.position("alice")["units"], "350");
    assert_eq!(chain.position("bob")["units"], "250");
    chain.by_order(&["freeze-units", "1", "alice", "0"]);
    chain.done(&give);

    // Without an order there is no act, and without the power neither.
    let why = chain.refused(&["order", "freeze-person", "1", "alice", "--from", "issuer"], 2);
    assert!(why.contains("--authority"), "{why}");
    let order = ["--authority", "A", "--reference", "B", "--document", DOCUMENT, "--from", "bob"];
    let act = [&["order", "freeze-person", "1", "alice"][..], &order].concat();
    chain.refused(&act, 1);
    let why =
        chain.refused(&[&["order", "freeze-units", "1", "nobody", "5"][..], &order].concat(), 65);
    assert!(why.contains("WHO"), "{why}");
}

#[test]
fn whom_an_order_freezes_or_suspends_contests_it_by_its_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    chain.by_order(&["freeze-person", "1", "alice"]);
    chain.by_order(&["freeze-units", "1", "alice", "30"]);
    let order = ["--authority", "BaFin", "--reference", "WA 1/26", "--document", DOCUMENT];
    chain.done(&[&["person", "suspend", "alice"], &order[..], &["--from", "officer"]].concat());
    let listed = || chain.done(&["order", "list", "1", "alice"]);
    let key = listed()["frozen"][0]["key"].as_str().expect("a key").to_owned();
    assert_eq!(listed()["freezes"][0]["under"], key.as_str());
    // Who carried each out, and since when.
    let issuer = listed()["frozen"][0]["halt"]["by"].clone();
    assert_eq!(listed()["freezes"][0]["halt"]["by"], issuer);
    let table = chain.said(&["order", "list", "1", "alice"]);
    let issuer = issuer.as_str().expect("a wallet");
    assert!(table.contains("CARRIED OUT BY") && table.contains(issuer), "{table}");
    let why = chain.refused(&["explain", "1", "5", "--from", "alice", "--to", "bob"], 1);
    assert!(why.contains("is frozen by order of BaFin, WA 1/26, carried out by person "), "{why}");
    let suspensions = || chain.done(&["person", "show", "alice"])["suspensions"][0].clone();
    assert_eq!(suspensions()["key"], key.as_str());

    // The person, its units, everywhere.
    let of_alice: [&[&str]; 3] = [&["--asset", "1"], &["--asset", "1", "--class", "0"], &[]];
    for what in of_alice {
        let contest = |from| {
            let signed = ["--document", DOCUMENT, "--from", from];
            [&["order", "contest", &key][..], what, &signed].concat()
        };
        let by_bob = [&contest("bob")[..], &["--who", "alice"]].concat();
        let why = chain.refused(&by_bob, 1);
        assert!(why.contains("may contest"), "{why}");
        chain.done(&contest("alice"));
        chain.refused(&contest("alice"), 1);
        let by = if what.is_empty() { "officer" } else { "issuer" };
        let confirm = ["order", "confirm", &key, "--document", DOCUMENT, "--from", by];
        chain.done(&[&confirm[..], what, &["--who", "alice"]].concat());
    }
    let by = "0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc"; // Alice's wallet.
    let decided = json!({ "by": by, "document": DOCUMENT, "decision": DOCUMENT });
    let told = listed();
    assert_eq!(
        (&told["frozen"][0]["contest"], &told["freezes"][0]["by"]["agent"]),
        (&decided, &decided)
    );
    assert_eq!(suspensions()["contest"], decided);

    let contest = ["order", "contest", "1", "--asset", "1", "--document", DOCUMENT];
    let why = chain.refused(&[&contest[..], &["--from", "alice"]].concat(), 65);
    assert!(why.contains("leave --asset and --who out"), "{why}");
    let confirm = ["order", "confirm", &key, "--asset", "1", "--document", DOCUMENT];
    let why = chain.refused(&[&confirm[..], &["--from", "issuer"]].concat(), 65);
    assert!(why.contains("--who: say whom"), "{why}");
    let contest = ["order", "contest", "0x12", "--document", DOCUMENT, "--from", "alice"];
    chain.refused(&contest, 2);
}

#[test]
fn an_agent_opens_and_closes_one_offer_after_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    assert_eq!(chain.done(&["offer", "show", "1"]), Value::Null);
    chain.refused(&["offer", "open", "1", "--from", "alice"], 1);
    chain.done(&["offer", "open", "1", "--from", "issuer"]);
    let why = chain.refused(&["offer", "open", "1", "--from", "issuer"], 1);
    assert!(why.contains("close it before another begins"), "{why}");
    let open = chain.done(&["offer", "show", "1"]);
    assert_eq!((&open["offer"], &open["closed"]), (&json!(1), &Value::Null));
    chain.done(&["offer", "close", "1", "--from", "issuer"]);
    assert!(chain.done(&["offer", "show", "1"])["closed"].as_u64() >= open["opened"].as_u64());
    chain.refused(&["offer", "close", "1", "--from", "issuer"], 1);
    chain.done(&["offer", "open", "1", "--from", "issuer"]);
    assert_eq!(chain.done(&["offer", "show", "1"])["offer"], 2);
}

#[test]
fn who_keeps_the_money_asks_whether_it_may_be_used_or_had_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    let release = ["offer", "may-release", "1", "MY-ECF"];
    let withdraw = ["offer", "may-withdraw", "1", "MY-ECF", "alice"];
    assert!(chain.refused(&release, 1).contains("did not adopt MY-ECF"));
    for (kind, file) in [("calendar", "calendars/my-kl.yaml"), ("profile", "other/my-ecf.yaml")] {
        chain.done(&[kind, "register", &profile(file), "--from", "officer"]);
    }
    chain.done(&["asset", "adopt", "1", "MY-ECF", "--from", "issuer"]);
    let attest = |fact: &str, value: &str| {
        chain.done(&["fact", "attest", "1", fact, "--value", value, "--from", "issuer"])
    };
    attest("target_myr", "100000000");
    attest("raised_myr", "99999999");
    attest("offer_closed", "1");
    let why = chain.refused(&release, 1);
    assert!(why.contains("It may not") && why.contains("99999999"), "{why}");
    let told = chain.done(&withdraw);
    assert_eq!((&told["allowed"], &told["reasons"]), (&json!(true), &Value::Null));
    attest("raised_myr", "100000000");
    assert!(chain.refused(&withdraw, 1).contains("TARGET_MISSED"));
    assert!(
        chain.refused(&["offer", "may-withdraw", "1", "US-506B", "alice"], 1).contains("US-506B")
    );
}

fn profile(name: &str) -> String {
    format!("{}/../../profiles/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The calendar of the United States and Rule 506(b), as `profiles/` has them, adopted by a security whose own rules
/// ask for nothing.
fn under_rule_506b(folder: &std::path::Path) -> Chain {
    let chain = Chain::start(&folder.join("chain"));
    let policy = folder.join("policy.yaml");
    fs::write(&policy, "rules: []\n").expect("written");
    chain.done(&["asset", "create", &example("security.toml"), "--from", "issuer"]);
    chain.done(&["asset", "policy", "1", path(&policy), "--from", "issuer"]);
    let registered = |kind: &str, file: &str| {
        chain.done(&[kind, "register", &profile(file), "--from", "officer"])
    };

    // What a profile names comes first.
    let register = ["profile", "register", &profile("us/506b.yaml"), "--from", "officer"];
    assert!(chain.refused(&register, 1).contains("US-FEDERAL"));
    let calendar = registered("calendar", "calendars/us-federal.yaml");
    assert_eq!((&calendar["id"], &calendar["version"]), (&json!("US-FEDERAL"), &json!(1)));
    let shown = chain.done(&["calendar", "show", "US-FEDERAL"]);
    assert_eq!(shown["hash"], calendar["hash"]);
    assert!(chain.refused(&register, 1).contains("US-RESALE"));
    registered("profile", "us/resale.yaml");
    let rule_506b = registered("profile", "us/506b.yaml");
    assert_eq!((&rule_506b["id"], &rule_506b["version"]), (&json!("US-506B"), &json!(1)));
    let shown = chain.done(&["profile", "show", "US-506B"]);
    assert_eq!(
        (&shown["hash"], &shown["latest"], &shown["profile"]["authority"]),
        (&rule_506b["hash"], &json!(1), &json!("US/SEC"))
    );

    assert_eq!(chain.done(&["profile", "show", "US-506B", "1"])["version"], 1);
    chain.refused(&["profile", "show", "US-506B", "2"], 69);

    let adopt = ["asset", "adopt", "1", "US-506B", "--from"];
    chain.refused(&[&adopt[..], &["alice"]].concat(), 1);
    let adopted = chain.done(&[&adopt[..], &["issuer"]].concat());
    assert_eq!((&adopted["version"], &adopted["number"]), (&json!(1), &json!(1)));
    let shown = chain.done(&["asset", "show", "1"]);
    assert_eq!(
        (&shown["adoptions"][0]["id"], &shown["adoptions"][0]["is_open"], &shown["offer"]),
        (&json!("US-506B"), &json!(true), &Value::Null)
    );
    chain
}

#[test]
fn units_are_issued_under_a_registered_profile_and_what_is_owed_for_it_is_met() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = under_rule_506b(folder.path());
    let issue = |to| {
        let paid = ["--paid", "5000.00", "--currency", "USD", "--under", "US-506B"];
        [&["asset", "issue", "1", "100", "--to", to][..], &paid, &["--from", "issuer"]].concat()
    };

    // Nobody said yet that nothing was advertised, and that no bad actor takes part.
    let why = chain.refused(&issue("alice"), 1);
    assert!(why.contains("506(d)") && why.contains("502(c)"), "{why}");
    for fact in ["no_solicitation", "bad_actors_checked"] {
        assert_eq!(chain.done(&["fact", "show", "1", fact])["fact"], Value::Null);
        chain.done(&["fact", "attest", "1", fact, "--from", "issuer"]);
        let shown = chain.done(&["fact", "show", "1", fact]);
        assert_eq!((&shown["fact"]["value"], &shown["is_current"]), (&json!("1"), &json!(true)));
    }
    chain.done(&issue("alice"));
    let lot = chain.position("alice")["lots"][0].clone();
    assert_eq!(lot["profiles"], json!([{ "id": "US-506B", "version": 1 }]));
    chain.done(&["offer", "approach", "1", "alice", "--from", "issuer"]);

    // Dave is no accredited investor: he must understand what he buys, and have been told of it.
    assert!(chain.refused(&issue("dave"), 1).contains("506(b)(2)(ii)"));
    let claim = ["person", "attest", "dave", "--claim", "23", "--until", "2100-01-01"];
    chain.done(&[&claim[..], &["--from", "provider"]].concat());
    let why = chain.refused(&issue("dave"), 1);
    assert!(why.contains("502(b)(1)"), "{why}");
    let entry = || chain.done(&["list", "show", "1", "502", "dave"])["entry"].clone();
    assert_eq!(entry(), Value::Null);
    chain.done(&["list", "add", "1", "502", "dave", "--from", "issuer"]);
    assert!(entry()["from"].as_u64().is_some());
    chain.done(&issue("dave"));
    chain.done(&["list", "remove", "1", "502", "dave", "--from", "issuer"]);
    assert_eq!(entry(), Value::Null);

    // His wallet stands for itself, on a list of the network, which its power over the law keeps.
    let place = ["network", "971", "dave", "--wallet"];
    let on = |verb: &'static str, by: &'static str| {
        [&["list", verb][..], &place, &["--from", by]].concat()
    };
    let shown = || chain.done(&[&["list", "show"][..], &place].concat());
    chain.refused(&on("add", "issuer"), 1);
    chain.done(&on("add", "officer"));
    assert_eq!((&shown()["about"], &shown()["is_current"]), (&json!("network"), &json!(true)));
    assert_eq!(chain.done(&["list", "show", "network", "971", "dave"])["entry"], Value::Null);
    chain.done(&on("remove", "officer"));
    assert_eq!(shown()["entry"], Value::Null);

    // Form D is owed since the first sale, until it is filed.
    let form_d = || chain.done(&["duty", "show", "1"])[0].clone();
    assert_eq!((&form_d()["duty"], &form_d()["met"]), (&json!("FORM_D"), &Value::Null));
    assert_eq!((&form_d()["profile"], &form_d()["is_overdue"]), (&json!("US-506B"), &json!(false)));
    chain.refused(&["duty", "meet", "1", "FORM_C", "--from", "issuer"], 1);
    chain.done(&["duty", "meet", "1", "FORM_D", "--from", "issuer"]);
    assert!(form_d()["met"].as_u64() >= form_d()["since"].as_u64());

    // What is said of a fact no longer counts once it is taken back.
    chain.done(&["fact", "withdraw", "1", "no_solicitation", "--from", "issuer"]);
    assert!(chain.refused(&issue("alice"), 1).contains("502(c)"));
    chain.done(&["asset", "drop", "1", "US-506B", "--from", "issuer"]);
    let shown = chain.done(&["asset", "show", "1"]);
    assert_eq!(shown["adoptions"][0]["is_open"], false);
    let why = chain.refused(&issue("alice"), 65);
    assert!(why.contains("--under") && why.contains("scrip asset adopt"), "{why}");
}

#[test]
fn the_law_of_a_land_is_set_and_lifted_and_movements_are_approved() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = under_rule_506b(folder.path());
    let in_force = || chain.done(&["law", "show", "US"])["profiles"].clone();
    assert_eq!(in_force(), json!([]));
    chain.refused(&["law", "set", "US", "--from", "officer"], 2);
    chain.refused(&["law", "set", "US", "US-506B", "--from", "issuer"], 1);
    let set = ["law", "set", "US", "US-506B", "--from", "officer"];
    let why = chain.refused(&set, 1);
    assert!(why.contains("there are assets that the law of a land binds"), "{why}");
    // Tried on an asset first, or by a report that was made before.
    let made = chain.done(&[&set[..], &["--asset", "1"]].concat());
    assert_ne!(made["report"], json!(types::B256::ZERO));
    assert_eq!(in_force(), json!([{ "id": "US-506B", "version": 1 }]));
    chain.done(&["law", "lift", "US", "--from", "officer"]);
    let report = folder.path().join("report.json");
    let try_out = |law| ["rules", "dry-run", "1", "--law", law, "--out", path(&report)];
    chain.done(&try_out("CH=US-506B"));
    let with = [&set[..], &["--report", path(&report)]].concat();
    let why = chain.refused(&with, 65);
    assert!(why.contains("it is of another change"), "{why}");
    let found = chain.done(&try_out("US=US-506B"));
    assert_eq!(found["change"]["law"]["profiles"][0]["id"], "US-506B");
    assert_eq!(chain.done(&with)["report"], found["hash"]);
    assert_eq!(in_force(), json!([{ "id": "US-506B", "version": 1 }]));
    // So is lifting it.
    let found = chain.done(&try_out("US="));
    assert_eq!(found["change"]["law"], json!({ "country": "US", "profiles": [] }));
    let words = chain.said(&try_out("US="));
    assert!(words.contains("the law of US lifted"), "{words}");
    assert_eq!(in_force(), json!([{ "id": "US-506B", "version": 1 }]));
    chain.done(&["law", "lift", "US", "--from", "officer"]);
    assert_eq!(in_force(), json!([]));
    let why = chain.refused(&try_out("US="), 69);
    assert!(why.contains("nothing would change"), "{why}");
    chain.refused(&try_out("US"), 2);
    chain.done(&["fact", "attest", "network", "rate", "--value", "9", "--from", "officer"]);
    assert_eq!(chain.done(&["fact", "show", "network", "rate"])["fact"]["value"], "9");

    for fact in ["no_solicitation", "bad_actors_checked"] {
        chain.done(&["fact", "attest", "1", fact, "--from", "issuer"]);
    }
    // Every issue needs the word of one of those on list 7.
    let policy = folder.path().join("policy.json");
    let rules = r#"{"rules": [{"when": {"guard": {"kind": "issue"},
        "then": {"approvals": [{"of": {"list": 7, "count": 1}}]}}}]}"#;
    fs::write(&policy, rules).expect("written");
    chain.done(&["asset", "policy", "1", path(&policy), "--from", "issuer"]);
    let issue = ["asset", "issue", "1", "10", "--to", "alice", "--from", "issuer"];
    chain.refused(&issue, 1);
    let approve = |units: &'static str, more: &[&'static str]| {
        let who = ["--list", "7", "--to", "alice", "--from", "agent"];
        [&["asset", "approve", "1", units], &who[..], more].concat()
    };
    let later = ["--until", "2100-01-01"];
    assert!(chain.refused(&approve("10", &later), 1).contains("not on the list"));
    chain.done(&["list", "add", "1", "7", "agent", "--from", "issuer"]);
    chain.done(&approve("10", &later));
    chain.done(&issue);
    chain.refused(&issue, 1);
    // Several times, and in parts.
    chain.done(&approve("10", &["--until", "2100-01-01", "--times", "2"]));
    chain.done(&issue);
    chain.done(&issue);
    chain.refused(&issue, 1);
    chain.done(&approve("15", &["--until", "2100-01-01", "--in-parts"]));
    chain.done(&issue);
    let why = chain.refused(&issue, 1);
    assert!(why.contains("0 of 1 approvals"), "{why}");
    let why = chain.refused(&approve("0", &later), 1);
    assert!(why.contains("units: nothing would be approved; approve at least 1"), "{why}");
    chain.refused(&approve("10", &["--until", "2100-01-01", "--times", "0"]), 2);
    let why = chain.refused(&approve("10", &["--until", "2020-01-01"]), 1);
    assert!(why.contains("until"), "{why}");
}

/// RULEBOOK 2.2: what a change of rules would mean is looked at before, and its hash stands on the chain.
#[test]
fn rules_that_replace_others_bring_the_report_of_what_that_means() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).expect("written");
        file
    };
    let at_most = |max: u32| format!(r#"{{"rules": [{{"holding": {{"max": "{max}"}}}}]}}"#);
    let (few, fewer) = (write("few.json", &at_most(300)), write("fewer.json", &at_most(50)));
    let report = folder.path().join("report.json");
    let try_out = ["rules", "dry-run", "1", "--policy", path(&few), "--out", path(&report)];
    let found = chain.done(&try_out);
    let exceeded = &found["exceeded"][0];
    assert_eq!((&exceeded["have"], &exceeded["limit"]), (&json!("500"), &json!("300")));
    assert_eq!((&found["accounts"], &found["change"]["replaces"]), (&json!(2), &json!(1)));
    // The file is what the hash is of.
    let written = fs::read(&report).expect("it is written");
    assert_eq!(found["hash"], json!(types::sha256(&[&written])));
    // Whoever runs it again on that block has the same, one holder at a time too.
    let height = found["block"]["number"].to_string();
    let again = ["--block", &height, "--at-once", "1"];
    assert_eq!(chain.done(&[&try_out[..5], &again].concat())["hash"], found["hash"]);

    let set = |file: &std::path::Path, more: &[&str]| -> Vec<String> {
        let set = ["asset", "policy", "1", path(file), "--from", "issuer"];
        set.iter().chain(more).map(|it| (*it).to_owned()).collect()
    };
    let refused = |arguments: Vec<String>| {
        chain.refused(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), 65)
    };
    let done = |arguments: Vec<String>| {
        chain.done(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let with = ["--report", path(&report)];
    assert!(refused(set(&fewer, &with)).contains("it is of another change"));
    let set_few = done(set(&few, &with));
    assert_eq!(set_few["report"], found["hash"]);
    let log = |receipt: &Value| receipt["logs"].to_string();
    let hash = found["hash"].as_str().expect("a hash").trim_start_matches("0x");
    assert!(log(&set_few["receipt"]).contains(hash), "{set_few}");
    let why = refused(set(&few, &with));
    assert!(why.contains("made when version 1 was in force, and 2 is now"), "{why}");
    // Without one it is made, and its hash sent.
    let made = done(set(&fewer, &[]));
    assert_ne!(made["report"], json!(types::B256::ZERO));
    assert_ne!(made["report"], found["hash"]);
    let why = refused(set(&fewer, &["--report", path(&few)]));
    assert!(why.contains("no report of a dry run"), "{why}");
    assert_eq!(chain.done(&["asset", "show", "1"])["policy"]["version"], 3);

    // A report of one version of a profile does not pass for another.
    let version = |title: &str| {
        let text = format!(
            "profile:\n  id: XA-OPEN\n  title: {title}\n  authority: XA/TEST\n  source: none\n  effective: [2020-01-01, null]\n  \
             issue:\n    - kind: issue\n"
        );
        let file = write("open.yaml", &text);
        chain.done(&["profile", "register", path(&file), "--from", "officer"])
    };
    let first = version("First");
    let try_out = ["rules", "dry-run", "1", "--adopt", "XA-OPEN", "--out", path(&report)];
    let named = &chain.done(&try_out)["change"]["adopt"][0];
    let said = (&named["id"], &named["version"], &named["hash"]);
    assert_eq!(said, (&json!("XA-OPEN"), &json!(1), &first["hash"]));
    version("Second");
    let adopt = ["asset", "adopt", "1", "XA-OPEN", "--from", "issuer", "--report", path(&report)];
    let why = chain.refused(&adopt, 65);
    assert!(why.contains("another version of a profile"), "{why}");
    chain.done(&try_out);
    assert_eq!(chain.done(&adopt)["version"], 2);
    let drop = ["rules", "dry-run", "1", "--drop", "XA-OPEN"];
    assert_eq!(chain.done(&drop)["change"]["drop"][0]["version"], 2);
}

#[test]
fn units_are_held_delivered_in_parts_and_released() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    let place = ["hold", "place", "1", "80", "--for", "bob", "--until", "2100-01-01"];
    let placed = chain.done(&[&place[..], &["--notary", "agent", "--from", "alice"]].concat());
    assert_eq!(placed["hold"], 1);
    assert_eq!(chain.done(&["hold", "show", "1"])["units"], "80");
    assert_eq!(chain.position("alice")["free"], "420");

    let why = chain.refused(&["hold", "execute", "1", "--units", "30", "--from", "bob"], 1);
    assert!(why.contains("notary"), "{why}");
    chain.done(&["hold", "execute", "1", "--units", "30", "--from", "agent"]);
    let holds = chain.done(&["hold", "list", "1", "alice"]);
    assert_eq!((&holds[0]["hold"], &holds[0]["units"]), (&json!(1), &json!("50")));
    chain.done(&["hold", "execute", "1", "--from", "agent"]);
    assert_eq!(chain.position("bob")["units"], "180");
    chain.refused(&["hold", "show", "1"], 69);

    chain.done(&[&place[..], &["--from", "alice"]].concat());
    chain.done(&["hold", "release", "2", "--from", "bob"]);
    assert_eq!(chain.done(&["hold", "list", "1", "alice"]), json!([]));
    assert_eq!(chain.position("alice")["free"], "420");

    // On terms, which are its maker's alone: of what is paid, each part its part.
    let priced = ["--paid", "500.00", "--currency", "USD", "--from", "alice"];
    chain.done(&[&place[..], &priced].concat());
    let price = |paid: &str| json!({ "currency": "USD", "paid": paid });
    assert_eq!(chain.done(&["hold", "show", "3"])["price"], price("50000"));
    chain.done(&["hold", "execute", "3", "--units", "20", "--from", "bob"]);
    assert_eq!(chain.done(&["hold", "show", "3"])["price"], price("37500"));
    chain.done(&[&place[..], &["--path", "R144_NA", "--from", "alice"]].concat());
    let why = chain.refused(&["hold", "execute", "4", "--from", "bob"], 1);
    assert!(why.contains("R144_NA"), "{why}");
    let pledge = ["hold", "pledge", "1", "1", "--to", "bob", "--until", "2100-01-01"];
    let why = chain.refused(&[&pledge[..], &["--path", "R144_NA", "--from", "alice"]].concat(), 1);
    assert!(why.contains("R144_NA"), "{why}");
}

#[test]
fn many_are_paid_from_a_table_and_what_one_may_not_take_is_held_for_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    chain.by_order(&["freeze-person", "1", "carol"]);
    let table = folder.path().join("payment.csv");
    let [bob, carol] = ["bob", "carol"].map(|who| {
        let person = chain.done(&["person", "show", who]);
        person["accounts"][0]["wallet"].as_str().expect("a wallet").to_owned()
    });
    let rows = |rows: [(&str, &str, u32); 3]| {
        let rows = rows.map(|(reference, wallet, units)| format!("{reference},{wallet},{units}\n"));
        fs::write(&table, format!("reference,wallet,units\n{}", rows.concat())).expect("written");
    };
    let pay = |until| {
        let table = path(&table);
        ["distribute", "1", table, "--until", until, "--from", "alice"]
    };
    rows([("R1", &bob, 20), ("R2", &carol, 30), ("R3", &carol, 5)]);
    let paid = chain.done(&pay("2100-01-01"));
    assert_eq!(paid["paid"], 1);
    let held = json!([{ "hold": 1, "wallet": carol, "units": "35", "references": ["R2", "R3"] }]);
    assert_eq!(paid["held"], held);
    assert_eq!(
        (&chain.position("bob")["units"], &chain.position("alice")["free"]),
        (&json!("120"), &json!("445"))
    );
    let words = chain.said(&pay("2100-01-01"));
    assert!(words.contains("1 wallets paid, for 1 their units are held"), "{words}");
    let line = words.lines().find(|line| line.starts_with('2')).expect("the second hold");
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["2", &carol, "35", "R2,", "R3"]);
    assert_eq!(chain.done(&["hold", "show", "2"])["units"], "35");

    // What stands in the way of all, or is no payment, leaves everything as it was.
    let why = chain.refused(&pay("2020-01-01"), 1);
    assert!(why.contains("2020"), "{why}");
    rows([("R1", &bob, 20), ("R1", &carol, 30), ("R3", &carol, 5)]);
    let why = chain.refused(&pay("2100-01-01"), 65);
    assert!(why.contains("line 3, reference"), "{why}");
    rows([("R1", &bob, 20), ("R2", &carol, 300), ("R3", &carol, 500)]);
    chain.refused(&pay("2100-01-01"), 1);
    assert_eq!(chain.position("bob")["units"], "140");
}

#[test]
fn an_owner_lets_another_wallet_act_and_stops_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    let grant = ["delegation", "grant", "agent", "--may", "transfer,hold", "--limit", "40"];
    chain.done(
        &[&grant[..], &["--asset", "1", "--until", "2100-01-01", "--from", "alice"]].concat(),
    );
    let listed = chain.done(&["delegation", "list", "alice"]);
    assert_eq!((&listed[0]["operations"], &listed[0]["limit"]), (&json!(3), &json!("40")));
    assert_eq!(listed[0]["is_frozen"], false);

    chain.done(&["delegation", "freeze", "alice", "--from", "provider"]);
    assert_eq!(chain.done(&["delegation", "list", "alice"])[0]["is_frozen"], true);
    chain.done(&["delegation", "freeze", "alice", "--lift", "--from", "alice"]);
    chain.done(&["delegation", "revoke", "agent", "--from", "alice"]);
    assert_eq!(chain.done(&["delegation", "list", "alice"]), json!([]));
    chain.refused(&["delegation", "freeze", "alice", "--from", "bob"], 1);
}

#[test]
fn a_venue_asks_for_more_of_what_moves_through_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    let file = folder.path().join("rules.json");
    fs::write(&file, r#"{"rules": [{"claim": {"side": "receiver", "topic": 72}}]}"#)
        .expect("written");
    let set = ["venue", "rules", path(&file), "--from", "agent"];
    let why = chain.refused(&set, 1);
    assert!(why.contains("there are assets that move through venues"), "{why}");
    let report = folder.path().join("report.json");
    let asked = ["--venue-rules", path(&file), "--venue", "agent"];
    let try_out = [&["rules", "dry-run", "1", "--out", path(&report)][..], &asked].concat();
    let why = chain.refused(&try_out, 69);
    assert!(why.contains("licence"), "{why}");
    let licence = ["--claim", "81", "--value", "1", "--until", "2100-01-01"];
    chain.done(&[&["person", "attest", "agent"], &licence[..], &["--from", "provider"]].concat());
    let found = chain.done(&try_out);
    assert_eq!(
        chain.done(&[&set[..], &["--report", path(&report)]].concat())["report"],
        found["hash"]
    );

    let grant = ["delegation", "grant", "agent", "--may", "transfer", "--asset", "1"];
    chain.done(&[&grant[..], &["--until", "2100-01-01", "--from", "alice"]].concat());
    let explain = ["explain", "1", "20", "--from", "alice", "--to", "bob"];
    assert_eq!(chain.done(&explain)["allowed"], true);
    let why = chain.refused(&[&explain[..], &["--operator", "bob"]].concat(), 1);
    assert!(why.contains("no delegation; the owner grants one"), "{why}");
    let through = [&explain[..], &["--operator", "agent"]].concat();
    let told = chain.call(&through);
    assert_eq!(told.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let reasons = told["reasons"].as_array().expect("reasons");
    assert_eq!(reasons.len(), 1, "{told}");
    assert_eq!((&reasons[0]["layer"], &reasons[0]["topic"]), (&json!("venue"), &json!(72)));

    fs::write(&file, r#"{"rules": [{"claims": {}}]}"#).expect("written");
    assert!(chain.refused(&set, 65).contains("claims"));
    fs::write(&file, r#"{"rules": []}"#).expect("written");
    chain.done(&set);
    assert_eq!(chain.done(&through)["allowed"], true);
}

#[test]
fn a_power_of_several_is_used_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    chain.done(&["grant", "agent", "pause", "--asset", "1", "--from", "issuer"]);
    let set = ["quorum", "set", "pause", "--asset", "1", "--members", "issuer,agent"];
    chain.done(&[&set[..], &["--threshold", "2", "--from", "issuer"]].concat());
    let quorum = chain.done(&["quorum", "show", "pause", "--asset", "1"])["quorum"].clone();
    assert_eq!(
        (&quorum["threshold"], quorum["members"].as_array().map(Vec::len)),
        (&json!(2), Some(2))
    );
    chain.refused(&["asset", "pause", "1", "--from", "issuer"], 1);

    // ERC-3643's pause().
    let propose =
        ["quorum", "propose", "pause", "--asset", "1", "--target", "1", "--data", "0x8456cb59"];
    let proposed =
        chain.done(&[&propose[..], &["--until", "2100-01-01", "--from", "issuer"]].concat());
    assert_eq!(proposed["proposal"], 1);
    let open = chain.done(&["quorum", "proposal", "1"]);
    assert_eq!((&open["status"], &open["needed"]), (&json!("open"), &json!(2)));
    assert_eq!(open["call"]["data"], "0x8456cb59");
    assert_eq!(chain.done(&["quorum", "approve", "1", "--from", "agent"])["carried_out"], true);
    assert_eq!(chain.done(&["quorum", "proposal", "1"])["status"], "done");
    assert_eq!(chain.done(&["asset", "show", "1"])["status"], "paused");
    assert_eq!(chain.done(&["quorum", "show", "issue", "--asset", "1"])["quorum"], Value::Null);
}

#[test]
fn an_assets_records_are_kept_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    let document = folder.path().join("prospectus.pdf");
    fs::write(&document, "prospectus").expect("written");
    assert_eq!(chain.done(&["asset", "documents", "1"]), json!([]));
    let uri = ["--uri", "https://acme.example/p.pdf", "--from", "issuer"];
    chain.done(&[&["asset", "publish", "1", "prospectus", path(&document)][..], &uri].concat());
    let told = chain.done(&["asset", "documents", "1"])[0].clone();
    assert_eq!((&told["name"], &told["uri"]), (&json!("prospectus"), &json!(uri[1])));

    assert_eq!(chain.done(&["asset", "checkpoint", "1", "--from", "issuer"])["checkpoint"], 1);
    chain.done(&["transfer", "1", "10", "--to", "bob", "--from", "alice"]);
    assert_eq!(chain.done(&["asset", "balance-at", "1", "1", "alice"])["units"], "500");
    chain.refused(&["asset", "balance-at", "1", "2", "alice"], 69);

    let rename = ["asset", "rename", "1", "--name", "Acme Holding", "--symbol", "ACMH"];
    chain.done(&[&rename[..], &["--from", "issuer"]].concat());
    let shown = chain.done(&["asset", "show", "1"]);
    assert_eq!((&shown["name"], &shown["symbol"]), (&json!("Acme Holding"), &json!("ACMH")));
    let why = chain.refused(&["asset", "rename", "1", "--from", "issuer"], 2);
    assert!(why.contains("--name"), "{why}");
    chain.done(&["asset", "pause", "1", "--from", "issuer"]);
    chain.done(&["asset", "resume", "1", "--from", "issuer"]);
    assert_eq!(chain.done(&["recovery", "show", "alice"]), json!([]));
    assert!(
        chain.refused(&["recovery", "complete", "alice", "--from", "bob"], 1).contains("recovery")
    );
}

#[test]
fn a_table_of_holders_is_issued_once_whatever_happens_between() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    let [table, report] = ["holders.csv", "report.csv"].map(|name| folder.path().join(name));
    let wallet = |who: &str| {
        let person = chain.done(&["person", "show", who]);
        person["accounts"][0]["wallet"].as_str().expect("a wallet").to_owned()
    };
    let (alice, bob, dave) = (wallet("alice"), wallet("bob"), wallet("dave"));
    let rows = |rows: &[String]| {
        let text = format!("reference,wallet,units\n{}\n", rows.join("\n"));
        fs::write(&table, text).expect("written");
    };
    let issue = ["asset", "issue-table", "1", path(&table), "--report", path(&report)];
    let issue = [&issue[..], &["--from", "issuer"]].concat();

    // Dave is not accredited: his row is refused, the others go through.
    rows(&[format!("R1,{alice},5"), format!("R2,{dave},6"), format!("R3,{bob},7")]);
    let output = chain.call(&issue);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&told["issued"], &told["refused"]), (&json!(2), &json!(1)), "{told}");
    assert_eq!(output.status.code(), Some(1));
    let text = fs::read_to_string(&report).expect("written");
    assert!(text.contains("R2") && text.contains("accredited"), "{text}");

    // Again with a row more: only what is missing is issued.
    rows(&[format!("R1,{alice},5"), format!("R3,{bob},7"), format!("R4,{alice},8")]);
    let told = chain.done(&issue);
    assert_eq!((&told["issued"], &told["before"]), (&json!(1), &json!(2)), "{told}");
    assert_eq!(chain.position("alice")["units"], "513");
    assert_eq!(chain.position("bob")["units"], "107");

    // The command ended right after signing: the chain knows that the batch went through.
    let text = fs::read_to_string(&report).expect("written");
    let last = text.trim_end().rfind('\n').expect("lines");
    fs::write(&report, &text[..=last]).expect("written");
    let told = chain.done(&issue);
    assert_eq!((&told["issued"], &told["before"]), (&json!(0), &json!(3)), "{told}");
    assert_eq!(chain.position("alice")["units"], "513");

    // What was issued cannot be another amount now.
    rows(&[format!("R1,{alice},9")]);
    let why = chain.refused(&issue, 65);
    assert!(why.contains("R1") && why.contains("report.csv"), "{why}");
}

#[test]
fn a_lost_key_is_replaced_and_nothing_moves() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    let [keys, password] = ["keys", "password"].map(|name| folder.path().join(name));
    fs::write(&password, "one, two, three").expect("written");
    let with_key = ["--keystore", path(&keys), "--password-file", path(&password)];
    let new = chain.done(&[&with_key[..], &["keys", "new", "fresh"]].concat());
    let new = new["address"].as_str().expect("an address").to_owned();

    let consent = ["recovery", "consent", "alice", "--until", "2100-01-01", "--from", "fresh"];
    let consent = chain.done(&[&with_key[..], &consent].concat())["consent"].clone();
    let consent = consent.as_str().expect("hex").to_owned();
    let start = |until| {
        let start = ["recovery", "start", "alice", "--wallet", &new, "--consent", &consent];
        [&start[..], &["--until", until, "--from", "provider"]].concat()
    };
    // The wallet agreed until another day.
    chain.refused(&start("2100-01-02"), 1);
    chain.done(&start("2100-01-01"));
    let waiting = chain.done(&["recovery", "show", "alice"]);
    assert_eq!(waiting[0]["recovery"]["wallet"], new.to_lowercase());
    // Whoever still has the key says so.
    chain.done(&["recovery", "cancel", "alice", "--from", "alice"]);
    assert_eq!(chain.done(&["recovery", "show", "alice"]), json!([]));

    chain.done(&start("2100-01-01"));
    chain.done(&["recovery", "complete", "alice", "--from", "bob"]);
    assert_eq!(chain.position(&new)["units"], "500");
    let give = ["transfer", "1", "20", "--to", "bob", "--from"];
    chain.done(&[&with_key[..], &give, &["fresh"]].concat());
    assert_eq!(chain.position("bob")["units"], "120");
}

/// A contract of one byte of code, that stops.
fn deploy(chain: &Chain) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let deployed = runtime.expect("a runtime").block_on(async {
        let client = client::Client::connect(&chain.url).await.expect("a chain");
        let by = client::Wallet::from_mnemonic(client::DEV_MNEMONIC, 3).expect("a key");
        // Returns the byte behind it as code.
        let input = vec![0x60, 1, 0x80, 0x60, 9, 0x5f, 0x39, 0x5f, 0xf3, 0x00].into();
        let draft = client::Draft { to: None, input, gas: None };
        client.send(&by, draft).await.expect("deployed").contract_address
    });
    deployed.expect("a contract").to_string()
}

#[test]
fn an_app_is_published_attested_let_act_and_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = market(folder.path());
    let contract = deploy(&chain);
    let manifest = folder.path().join("manifest.json");
    fs::write(&manifest, "{}").expect("written");

    let publish = ["app", "publish", "Escrow", path(&manifest), "--uri", "https://app.example/m"];
    let publish = [&publish[..], &["--contract", &contract, "--may", "transfer,hold"]].concat();
    let publish = [&publish[..], &["--power", "issue", "--from", "agent"]].concat();
    assert!(chain.refused(&publish, 1).contains("Developer"));
    chain.done(&["app", "role", "agent", "developer", "--from", "admin"]);
    chain.done(&["app", "role", "fund", "auditor", "--from", "admin"]);
    assert_eq!(chain.done(&publish)["app"], 1);
    assert_eq!(chain.done(&["app", "list"])[0]["name"], "Escrow");
    let shown = chain.done(&["app", "show", &contract]);
    let told = &shown["contracts"][0];
    assert_eq!((&shown["powers"], &shown["operations"]), (&json!(64), &json!(3)));
    assert_eq!((&told["matches"], &told["is_attested"]), (&json!(true), &json!(false)));

    let grant = ["app", "grant", &contract, "--may", "transfer", "--asset", "1", "--attested"];
    let bounds = ["--limit", "40", "--at-once", "9", "--per-period", "20", "--hours", "24"];
    let until = ["--until", "2100-01-01", "--from", "alice"];
    chain.done(&[&grant[..], &bounds, &until].concat());
    let granted = |who: &str| chain.done(&["app", "grants", who]);
    let why = granted("alice")[0]["why"].as_str().map(str::to_owned);
    assert!(why.is_some_and(|why| why.contains("no auditor")));
    let attest = ["app", "attest", &contract, path(&manifest), "--uri", "https://a.example/r"];
    chain.done(&[&attest[..], &["--until", "2100-01-01", "--from", "fund"]].concat());
    let told = granted("alice")[0].clone();
    assert_eq!((&told["stands"], &told["delegation"]["limit"]), (&json!(true), &json!("40")));
    let terms = &told["delegation"]["terms"];
    assert_eq!((&terms["at_once"], &terms["attested"]), (&json!("9"), &json!(true)));
    assert_eq!(terms["period"]["length_ms"], 86_400_000);

    chain.done(&["app", "standing", "1", "suspended", "--from", "admin"]);
    assert_eq!(granted("alice")[0]["stands"], false);
    chain.done(&["app", "standing", "1", "active", "--from", "admin"]);
    chain.done(&["app", "withdraw", &contract, "--from", "fund"]);
    assert_eq!(granted("alice")[0]["stands"], false);
    // An asset without a power would be read past.
    chain.refused(&["app", "revoke", &contract, "--asset", "1", "--from", "alice"], 2);
    chain.done(&["app", "revoke", &contract, "--from", "alice"]);
    assert_eq!(granted("alice")[0]["why"], "it was revoked");

    let lend = ["app", "grant", &contract, "--power", "issue", "--asset", "1", "--limit", "5"];
    chain.done(&[&lend[..], &["--until", "2100-01-01", "--from", "issuer"]].concat());
    assert_eq!(granted("issuer")[0]["grant"]["remaining"], "5");
    chain.done(&["app", "demand", "1", "--from", "issuer"]);
    assert_eq!(granted("issuer")[0]["stands"], false);
    chain.done(&["app", "demand", "1", "--lift", "--from", "issuer"]);
    assert_eq!(granted("issuer")[0]["stands"], true);
    let revoke = ["app", "revoke", &contract, "--power", "issue", "--asset", "1"];
    chain.done(&[&revoke[..], &["--from", "issuer"]].concat());
    assert_eq!(granted("issuer")[0]["stands"], false);
    let why = chain.refused(&["app", "show", "9"], 69);
    assert!(why.contains("no app 9"), "{why}");
}

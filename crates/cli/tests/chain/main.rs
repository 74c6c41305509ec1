//! The real binary as a chain and as its caller: a story from the first person to the proof.

mod acts;

use serde_json::Value;
use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

struct Chain {
    child: Child,
    url: String,
    key: String,
}

impl Drop for Chain {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port().to_string()
}

impl Chain {
    fn start(folder: &Path) -> Self {
        let (port, metrics) = (free_port(), free_port());
        let child = Command::new(env!("CARGO_BIN_EXE_scrip"))
            .args(["--json", "dev", "--data-dir", path(folder)])
            .args(["--port", &port, "--metrics-port", &metrics])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut chain = Self { child, url: String::new(), key: String::new() };
        let mut text = String::new();
        let lines = BufReader::new(chain.child.stdout.take().expect("it is piped")).lines();
        for line in lines {
            text += &line.expect("text");
            if let Ok(told) = serde_json::from_str::<Value>(&text) {
                chain.url = told["rpc"].as_str().expect("a url").to_owned();
                chain.key = told["network_key"].as_str().expect("a key").to_owned();
                return chain;
            }
        }
        panic!("the chain did not start: {text}");
    }

    fn call(&self, arguments: &[&str]) -> Output {
        self.run(&[&["--json"], arguments].concat())
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_scrip"))
            .args(["--rpc", &self.url])
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .expect("the binary runs")
    }

    /// What people read.
    fn said(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    fn done(&self, arguments: &[&str]) -> Value {
        let output = self.call(arguments);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {complained}");
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    fn refused(&self, arguments: &[&str], exit: i32) -> String {
        let output = self.call(arguments);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn example(name: &str) -> String {
    format!("{}/../../examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_restricted_security_goes_where_it_may_and_nowhere_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("chain");
    let chain = Chain::start(&data);

    let made = chain.done(&["asset", "create", &example("security.toml"), "--from", "issuer"]);
    assert_eq!(made["asset"], 1);
    let why = chain.refused(&["asset", "issue", "1", "5", "--to", "alice", "--from", "issuer"], 1);
    assert!(why.contains("no policy"), "{why}");
    chain.done(&["asset", "policy", "1", &example("policy.json"), "--from", "issuer"]);
    chain.done(&["asset", "issue", "1", "500", "--to", "alice", "--from", "issuer"]);

    // Dave is American and not accredited: explained before, refused when tried.
    let why = chain.refused(&["explain", "1", "20", "--from", "alice", "--to", "dave"], 1);
    assert!(why.contains("accredited investor"), "{why}");
    let why = chain.refused(&["transfer", "1", "20", "--from", "alice", "--to", "dave"], 1);
    assert!(why.contains("accredited investor"), "{why}");
    let told: Value = serde_json::from_str(&why).expect("JSON");
    let reason = &told["error"]["reasons"][0];
    assert!(reason["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{why}");
    chain.done(&["explain", "1", "20", "--from", "alice", "--to", "bob"]);
    let sent = chain.done(&["transfer", "CH1234567894", "20", "--from", "alice", "--to", "bob"]);
    let tx = sent["transactionHash"].as_str().expect("a hash");
    assert_eq!(chain.done(&["receipt", tx])["status"], "done");
    assert_eq!(chain.done(&["positions", "bob"])[0]["units"], "20");
    assert_eq!(chain.done(&["asset", "holders", "1"]).as_array().map(Vec::len), Some(2));

    // Of the lot that Alice names, by its number.
    let of_lot = |lot| ["transfer", "1", "20", "--from", "alice", "--to", "bob", "--lot", lot];
    let why = chain.refused(&of_lot("0:19"), 65);
    assert!(why.contains("sum to 20"), "{why}");
    let why = chain.refused(&of_lot("7:20"), 65);
    assert!(why.contains("no lot 7"), "{why}");
    chain.done(&["explain", "1", "20", "--from", "alice", "--to", "bob", "--lot", "0:20"]);
    chain.done(&of_lot("0:20"));
    assert_eq!(chain.done(&["positions", "bob", "--lots"])[0]["units"], "40");
    chain.done(&["transfer", "1", "20", "--from", "bob", "--to", "alice", "--class", "0"]);

    // Bob's claims end; then nothing comes to him any more.
    chain.done(&["person", "revoke", "bob", "kyc", "--from", "provider"]);
    let why = chain.refused(&["transfer", "1", "20", "--from", "alice", "--to", "bob"], 1);
    assert!(why.contains("no current KYC"), "{why}");
    let why = chain.refused(&["transfer", "1", "20", "--from", "nobody", "--to", "bob"], 65);
    assert!(why.contains("--from"), "{why}");

    check_proofs(&chain, folder.path());
}

/// A proof holds with the network's key alone, and with no other key and no changed digit.
fn check_proofs(chain: &Chain, folder: &Path) {
    let file = folder.join("proof.json");
    chain.done(&["proof", "position", "1", "bob", "--out", path(&file)]);
    let verify = |file: &Path, key: &str| {
        Command::new(env!("CARGO_BIN_EXE_scrip"))
            .args(["verify-proof", path(file), "--network-key", key])
            .output()
            .expect("the binary runs")
    };
    let held = verify(&file, &chain.key);
    let words = String::from_utf8_lossy(&held.stdout);
    assert!(words.contains("account 7/0 has 20 units of asset 1"), "{words}");

    let absent = folder.join("absent.json");
    chain.done(&["proof", "position", "1", "carol", "--out", path(&absent)]);
    let words = verify(&absent, &chain.key).stdout;
    assert!(String::from_utf8_lossy(&words).contains("account 8/0 has nothing of asset 1"));

    let text = fs::read_to_string(&file).expect("written");
    let mut bundle: Value = serde_json::from_str(&text).expect("JSON");
    let record = bundle["bundle"]["records"][0]["record"].as_str().expect("a record").to_owned();
    let changed = match record.strip_suffix('0') {
        Some(start) => format!("{start}1"),
        None => format!("{}0", &record[..record.len() - 1]),
    };
    bundle["bundle"]["records"][0]["record"] = Value::String(changed);
    let forged = folder.join("forged.json");
    fs::write(&forged, bundle.to_string()).expect("written");
    let refused = verify(&forged, &chain.key);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("not proved"));

    let other = folder.join("other");
    let genesis = folder.join("genesis.toml");
    let example = Command::new(env!("CARGO_BIN_EXE_scrip")).args(["init", "--example"]).output();
    fs::write(&genesis, example.expect("the binary runs").stdout).expect("written");
    let init = Command::new(env!("CARGO_BIN_EXE_scrip"))
        .args(["--json", "init", path(&genesis), "--out", path(&other)])
        .output()
        .expect("the binary runs");
    let told: Value = serde_json::from_slice(&init.stdout).expect("JSON");
    let stranger = verify(&file, told["network_key"].as_str().expect("a key"));
    assert_eq!(stranger.status.code(), Some(1));
}

#[test]
fn a_table_of_people_is_taken_in_but_for_its_bad_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let chain = Chain::start(&folder.path().join("chain"));
    let rows = [
        "reference,name,kind,residence,category,identifier,wallet,kyc_until,screening,dated",
        "1,Ann,natural,DE,retail,P1,0x1111111111111111111111111111111111111111,2090-01-01,clear,",
        "2,Bo,natural,XX,retail,P2,0x2222222222222222222222222222222222222222,2090-01-01,clear,",
        "3,Cy,natural,FR,retail,P3,0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC,2090-01-01,clear,",
        "4,Di,natural,US,accredited,P4,0x4444444444444444444444444444444444444444,2090-01-01,clear,2026-02-10",
        "5,Ed,natural,DE,retail,P5,0x5555555555555555555555555555555555555555,2090-01-01,clear,2089-01-01",
    ];
    let table = folder.path().join("people.csv");
    fs::write(&table, rows.join("\n")).expect("written");
    let told = chain.done(&["person", "import", path(&table), "--from", "provider"]);
    assert_eq!(told["registered"], 2);
    let skipped: Vec<_> = told["skipped"].as_array().expect("a list").iter().collect();
    assert_eq!(
        (&skipped[0]["line"], &skipped[0]["field"]),
        (&Value::from(3), &Value::from("residence"))
    );
    assert_eq!(skipped[1]["line"], 4, "only the chain knows that this wallet is taken");
    let person = chain.done(&["person", "show", "0x4444444444444444444444444444444444444444"]);
    assert_eq!(person["residence"], "US");
    let claims = person["claims"].as_array().expect("a list");
    let of = |topic| claims.iter().find(|claim| claim["topic"] == topic).expect("attested");
    let noon = 1_770_724_800_000_u64;
    assert_eq!((claims.len(), &of(1)["dated"]), (3, &Value::from(noon)), "2026-02-10");
    assert_eq!(of(20)["dated"], noon);
    assert_eq!(of(3)["dated"], of(3)["issued"], "who is screened is screened now");
    assert_eq!((&skipped[2]["line"], &skipped[2]["field"]), (&6.into(), &"dated".into()));

    // Again: everyone is there already, and each is told so.
    let again = chain.done(&["person", "import", path(&table), "--from", "provider"]);
    assert_eq!(
        (&again["registered"], again["skipped"].as_array().map(Vec::len)),
        (&Value::from(0), Some(5))
    );
}

#[test]
fn a_folder_in_use_is_71_and_a_port_in_use_is_75() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("chain");
    let chain = Chain::start(&data);
    let start = |folder: &Path, port: &str| {
        Command::new(env!("CARGO_BIN_EXE_scrip"))
            .args([
                "dev",
                "--data-dir",
                path(folder),
                "--port",
                port,
                "--metrics-port",
                &free_port(),
            ])
            .output()
            .expect("the binary runs")
    };
    let locked = start(&data, &free_port());
    assert_eq!(locked.status.code(), Some(71), "{}", String::from_utf8_lossy(&locked.stderr));
    let port = chain.url.rsplit(':').next().expect("a port");
    let taken = start(&folder.path().join("other"), port);
    assert_eq!(taken.status.code(), Some(75), "{}", String::from_utf8_lossy(&taken.stderr));
    assert!(String::from_utf8_lossy(&taken.stderr).contains(port));
}

//! The real binary, as a person or a script meets it: inputs, errors, exit codes. No chain runs here.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output, Stdio},
};

fn scrip(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scrip"));
    command.args(arguments).stdin(Stdio::null());
    for name in ["SCRIP_RPC", "SCRIP_KEYS", "SCRIP_PASSWORD_FILE"] {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str]) -> Output {
    scrip(arguments).output().expect("the binary runs")
}

fn with_input(arguments: &[&str], input: &str) -> Output {
    let mut child = scrip(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

#[test]
fn help_names_every_command_and_completion_knows_them() {
    let help = said(&run(&["--help"]));
    let commands =
        ["dev", "node", "testnet", "init", "keys", "person", "asset", "transfer", "explain"];
    let law = ["profile", "calendar", "law", "fact", "list", "duty", "offer", "rules"];
    let others = ["proof", "verify-proof", "demo", "bench", "completion"];
    for command in commands.iter().chain(&law).chain(&others) {
        assert!(help.contains(command), "{command}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let completion = run(&["completion", shell]);
        assert_eq!(code(&completion), 0);
        assert!(said(&completion).contains("verify-proof"), "{shell}");
    }
}

#[test]
fn a_wrong_command_line_is_2_and_says_what_would_be_right() {
    let unknown = run(&["explode"]);
    assert_eq!(code(&unknown), 2);
    assert!(complained(&unknown).contains("explode"));
    let missing = run(&["transfer", "1", "10", "--to", "bob"]);
    assert_eq!(code(&missing), 2);
    assert!(complained(&missing).contains("--from"));
}

#[test]
fn a_node_that_does_not_answer_is_69_and_the_remedy_is_named() {
    let output = run(&["--rpc", "http://127.0.0.1:9", "status"]);
    assert_eq!(code(&output), 69);
    assert!(complained(&output).contains("scrip dev"), "{}", complained(&output));
    let output = run(&["--json", "--rpc", "http://127.0.0.1:9", "status"]);
    let error: serde_json::Value = serde_json::from_str(&complained(&output)).expect("JSON");
    assert_eq!(error["error"]["exit_code"], 69);
    assert_eq!(said(&output), "");
}

#[test]
fn a_key_is_made_listed_and_read_back_and_never_lies_in_plain_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("keys");
    let password = folder.path().join("password");
    fs::write(&password, "correct horse\n").expect("written");
    let with = |more: &[&str]| {
        let mut arguments = vec!["--keystore", path(&keys), "--password-file", path(&password)];
        arguments.extend(more);
        arguments.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let call = |more: &[&str], input: &str| {
        let arguments = with(more);
        with_input(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), input)
    };
    let mnemonic = "test test test test test test test test test test test junk";
    let imported = call(&["keys", "import", "zero", "--mnemonic", "0"], mnemonic);
    assert_eq!(code(&imported), 0, "{}", complained(&imported));
    assert!(said(&imported).contains("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"));
    let file = keys.join("zero.json");
    let text = fs::read_to_string(&file).expect("kept");
    assert!(!text.contains("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
    assert_eq!(fs::metadata(&file).expect("kept").permissions().mode() & 0o777, 0o600);

    assert!(said(&call(&["keys", "list"], "")).contains("zero"));
    let again = call(&["keys", "new", "zero"], "");
    assert_eq!(code(&again), 65);
    assert_eq!(code(&call(&["keys", "export", "zero"], "")), 2, "only when asked for by name");
    let exported = call(&["keys", "export", "zero", "--plain-text"], "");
    assert!(said(&exported).starts_with("0xac0974bec39a17e3"));

    fs::write(&password, "wrong\n").expect("written");
    let refused = call(&["keys", "export", "zero", "--plain-text"], "");
    assert_eq!((code(&refused), said(&refused).as_str()), (77, ""));
    let outside = call(&["keys", "new", "../outside"], "");
    assert_eq!(code(&outside), 65);
    assert!(complained(&outside).contains("NAME"));
}

#[test]
fn without_a_terminal_or_file_a_password_is_asked_for_and_not_had() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(&["--keystore", path(folder.path()), "keys", "new", "a"]);
    assert_eq!(code(&output), 77);
    assert!(complained(&output).contains("--password-file"));
    assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 0);
}

#[test]
fn a_network_is_prepared_from_a_genesis_file_and_never_over_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let genesis = folder.path().join("genesis.toml");
    fs::write(&genesis, said(&run(&["init", "--example"]))).expect("written");
    let out = folder.path().join("network");
    let validators = ["--validator", "127.0.0.1:7001", "--validator", "127.0.0.1:7002"];
    let prepared =
        run(&[&["--json", "init", path(&genesis), "--out", path(&out)][..], &validators].concat());
    assert_eq!(code(&prepared), 0, "{}", complained(&prepared));
    let told: serde_json::Value = serde_json::from_str(&said(&prepared)).expect("JSON");
    assert_eq!(told["nodes"].as_array().map(Vec::len), Some(2));
    assert_eq!(told["network_key"].as_str().map(str::len), Some(194));
    let secret = out.join("node-2/secret.toml");
    assert_eq!(fs::metadata(&secret).expect("kept").permissions().mode() & 0o777, 0o600);
    let node = fs::read_to_string(out.join("node-1/node.toml")).expect("kept");
    assert!(node.contains("127.0.0.1:7002") && !node.contains("127.0.0.1:7001\"\n\n[[peers]]"));

    let again = run(&["init", path(&genesis), "--out", path(&out)]);
    assert_eq!(code(&again), 65);
    assert!(complained(&again).contains("not empty"));
}

#[test]
fn a_wrong_genesis_file_names_line_and_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let genesis = folder.path().join("genesis.toml");
    let good = said(&run(&["init", "--example"]));
    let out = folder.path().join("network");
    let cases = [
        (good.replace("chain_id", "chain"), "chain"),
        (good.replacen("\"CH\"", "\"XX\"", 1), "XX"),
        (good.replace("person = 1\n", "person = 99\n"), "99"),
    ];
    for (text, named) in cases {
        assert_ne!(text, good, "{named}");
        fs::write(&genesis, text).expect("written");
        let output = run(&["init", path(&genesis), "--out", path(&out)]);
        assert_eq!(code(&output), 65);
        assert!(complained(&output).contains(named), "{}", complained(&output));
        assert!(!out.exists(), "nothing is written");
    }
    let absent = run(&["init", "/nowhere/genesis.toml", "--out", path(&out)]);
    assert_eq!(code(&absent), 66);
}

#[test]
fn a_proof_that_is_none_is_65_and_a_wrong_key_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("proof.json");
    fs::write(&file, "{}").expect("written");
    let short = run(&["verify-proof", path(&file), "--network-key", "abcd"]);
    assert_eq!(code(&short), 65);
    assert!(complained(&short).contains("--network-key"));
}

#[test]
fn the_published_schemas_are_printed() {
    for form in ["policy", "profile"] {
        let path = format!("{}/../../docs/schema/{form}.json", env!("CARGO_MANIFEST_DIR"));
        let printed = run(&["rules", "schema", form]);
        assert_eq!(code(&printed), 0, "{}", complained(&printed));
        assert_eq!(said(&printed), fs::read_to_string(path).expect("published"), "{form}");
    }
    assert_eq!(code(&run(&["rules", "schema", "scenario"])), 2);
}

#[test]
fn a_profile_whose_cases_hold_a_line_loosely_is_65_and_the_line_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("br-88.yaml");
    let good = r#"
profile:
  id: BR-88
  title: Ten persons
  authority: BR/CVM
  source: Resolution 88
  effective: [2020-01-01, null]
  always:
    - countries: { side: receiver, mode: allow, countries: [BR, PT] }
cases:
  residents of Brazil and Portugal: |
    adopt BR-88
    person bruna BR
    person swiss CH
    issue 1 to bruna  ok
    issue 1 to swiss  COUNTRY_FORBIDDEN
    person paulo PT
    issue 1 to paulo  ok
"#;
    let check = ["rules", "check", path(&file), "--profiles", path(folder.path())];
    fs::write(&file, good).expect("written");
    let held = run(&check);
    assert_eq!(code(&held), 0, "{}", complained(&held));
    let cost = "costs 1 rule, 1 deep, 2 entries";
    let told = said(&held);
    assert!(told.starts_with(&format!("BR-88: 1 case, 7 bends, {cost}")), "{told}");
    let told = said(&run(&[&check[..], &["--quick"]].concat()));
    assert!(told.starts_with(&format!("BR-88: 1 case, bends not tried, {cost}")), "{told}");
    fs::write(&file, good.replace("    issue 1 to paulo  ok\n", "")).expect("written");
    let loose = run(&check);
    assert_eq!(code(&loose), 65);
    let line = "BR-88: line 9, column 7: always[0] without PT, and no case notices";
    assert!(complained(&loose).contains(line), "{}", complained(&loose));
}

#[test]
fn whatever_is_written_by_hand_is_checked_and_every_broken_file_of_a_folder_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let none = folder.path().join("none");
    let check =
        |file: &Path| run(&["rules", "check", path(file), "--quick", "--profiles", path(&none)]);
    let empty = check(folder.path());
    assert_eq!(code(&empty), 65);
    assert!(complained(&empty).contains("no profile in this folder"), "{}", complained(&empty));

    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).expect("written");
        file
    };
    let json = write("policy.json", "{\n\t\"rules\": [{\"holding\": {\"min\": \"10\"}}]\n}");
    assert!(
        said(&check(&json)).contains("a policy, costs 1 rule"),
        "{}",
        complained(&check(&json))
    );
    let yaml = write("policy.yaml", "rules:\n  - holding: { min: 10 }\n");
    assert!(
        said(&check(&yaml)).contains("a policy, costs 1 rule"),
        "{}",
        complained(&check(&yaml))
    );
    fs::write(&yaml, "rules:\n  - holdings: { min: 10 }\n").expect("written");
    let told = complained(&check(&yaml));
    assert!(told.contains("line 2") && told.contains("holdings"), "{told}");
    fs::remove_file(&yaml).expect("it is there");
    // What is no JSON is told where it stops to be, though more of it could be read as something else.
    fs::write(
        &json,
        "{\n  \"rules\": [\n    {\"kind\": \"issue\"}\n    {\"kind\": \"issue\"}\n  ]\n}",
    )
    .expect("written");
    let told = complained(&check(&json));
    assert!(told.contains("line 4, column 5: this is no JSON: expected `,` or `]`"), "{told}");
    fs::write(&json, "{\n\t\"rules\": [{\"holding\": {\"mni\": \"10\"}}]\n}").expect("written");
    let told = complained(&check(&json));
    assert!(told.contains("line 2, column 25: there is no field `mni`"), "{told}");
    fs::remove_file(&json).expect("it is there");
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../profiles/calendars/us-federal.yaml");
    assert!(said(&check(Path::new(ours))).starts_with("US-FEDERAL: a calendar, "));

    let profile = "profile:\n  id: BR-88\n  title: T\n  authority: BR/CVM\n  source: S\n  \
                   effective: [2020-01-01, null]\n  always:\n    - holding: { min: 10 }\n";
    let good = write("good.yml", profile);
    assert!(said(&check(folder.path())).starts_with("BR-88: no cases, bends not tried, costs 1"));
    write("one.yaml", &profile.replace("BR-88", "br"));
    write("two.yml", "profile: 7\n");
    let told = complained(&check(folder.path()));
    assert!(told.contains("2 files cannot be used"), "{told}");
    assert!(told.contains("one.yaml") && told.contains("two.yml"), "{told}");
    assert_eq!(code(&check(&good)), 0);
    assert!(said(&run(&["rules", "try", "--help"])).contains("`freeze-units 40 alice"));
}

#[test]
fn a_node_whose_file_is_wrong_is_78_and_a_field_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("node.toml");
    fs::write(&file, "data_dir = \"data\"\nport = 1\n").expect("written");
    let output = run(&["node", "--config", path(&file)]);
    assert_eq!(code(&output), 78);
    assert!(complained(&output).contains("port"), "{}", complained(&output));
}

/// A network of one validator that has not begun, and the file of its node.
fn prepared(folder: &Path) -> std::path::PathBuf {
    let genesis = folder.join("genesis.toml");
    fs::write(&genesis, said(&run(&["init", "--example"]))).expect("written");
    let out = folder.join("network");
    let ports = ["--listen-rpc", "127.0.0.1:0", "--listen-metrics", "127.0.0.1:0"];
    let done = run(&[&["init", path(&genesis), "--out", path(&out)][..], &ports].concat());
    assert_eq!(code(&done), 0, "{}", complained(&done));
    out.join("node-1/node.toml")
}

#[test]
fn a_nodes_file_says_where_and_how_much_its_door_answers_and_wrong_settings_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = prepared(folder.path());
    let good = fs::read_to_string(&file).expect("kept");
    assert!(good.contains("metrics = \"127.0.0.1:0\"") && good.contains("[door]"), "{good}");
    let cases = [
        ("cors = [\"*\"]", "cors = [\"example.com\"]", "door.cors: \"example.com\""),
        ("max_batch = 1000", "max_batch = 0", "door.max_batch: 0"),
        ("max_batch = 1000", "max_batches = 9", "max_batches"),
    ];
    for (set, to, named) in cases {
        let text = good.replace(set, to);
        assert_ne!(text, good, "{set}");
        fs::write(&file, text).expect("written");
        let output = run(&["node", "--config", path(&file)]);
        assert_eq!(code(&output), 78, "{}", complained(&output));
        assert!(complained(&output).contains(named), "{}", complained(&output));
    }
}

#[test]
fn what_is_logged_is_said_in_the_help_and_a_wrong_wish_is_65() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = prepared(folder.path());
    for command in ["dev", "node", "testnet"] {
        let help = said(&run(&[command, "--help"]));
        assert!(help.contains("SCRIP_LOG_JSON") && help.contains("RUST_LOG"), "{command}");
    }
    let wrong = scrip(&["node", "--config", path(&file)]).env("RUST_LOG", "engine=loud").output();
    let wrong = wrong.expect("the binary runs");
    assert_eq!(code(&wrong), 65);
    assert!(complained(&wrong).contains("RUST_LOG"), "{}", complained(&wrong));
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

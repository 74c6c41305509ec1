//! The published JSON Schemas take what the parsers take, and refuse what they refuse.

use boon::{Compiler, SchemaIndex, Schemas};
use compliance::{Kind, Policy, Profile, Rule, Side, each_rule};
use rules::{File, policy_schema, profile_schema};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use types::PersonId;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file of a kind in a folder and those in it, by path.
fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                files.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// Every profile's file: calendars stand beside them.
fn profiles() -> Vec<(PathBuf, String)> {
    let mut files = files("profiles", "yaml");
    files.retain(|(path, _)| !path.parent().is_some_and(|folder| folder.ends_with("calendars")));
    files
}

/// A schema, itself checked against that of JSON Schema 2020-12.
struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    fn of(schema: Value) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("schema.json", schema).unwrap();
        let index = compiler.compile("schema.json", &mut schemas);
        Self { index: index.unwrap_or_else(|error| panic!("{error:#}")), schemas }
    }

    /// Why a value is not valid; nothing if it is.
    fn complaint(&self, value: &Value) -> String {
        let error = self.schemas.validate(value, self.index).err();
        error.map(|error| error.to_string()).unwrap_or_default()
    }
}

#[test]
fn the_published_schemas_are_those_of_the_types() {
    for (name, schema) in [("policy", policy_schema()), ("profile", profile_schema())] {
        let path = root().join(format!("docs/schema/{name}.json"));
        let text = format!("{schema:#}\n");
        if std::env::var_os("SCRIP_WRITE").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == text,
            "docs/schema/{name}.json is behind the types: write it with SCRIP_WRITE=1"
        );
    }
}

#[test]
fn every_profile_is_valid_as_a_file_and_as_json() {
    let validator = Validator::of(profile_schema());
    for (path, text) in profiles() {
        let written: Value = serde_saphyr::from_str(&text).unwrap();
        assert_eq!(validator.complaint(&written), "", "{}", path.display());
        let profile = File::parse(&text).unwrap().profile;
        let told = json!({ "profile": profile });
        assert_eq!(validator.complaint(&told), "", "{}", path.display());
    }
}

/// Policies in JSON: of the page about them, and the examples.
fn published() -> Vec<(PathBuf, Value)> {
    let mut found = Vec::new();
    for (path, text) in files("docs", "md") {
        for block in text.split("```json\n").skip(1) {
            let block = block.split("```").next().unwrap_or_default();
            found.push((path.clone(), serde_json::from_str(block).unwrap()));
        }
    }
    for (path, text) in files("examples", "json") {
        found.push((path, serde_json::from_str(&text).unwrap()));
    }
    assert!(found.len() > 1, "where are the policies?");
    found
}

/// Policies of the scenarios, in which amounts are plain numbers, as in a profile's file.
fn of_scenarios() -> Vec<(PathBuf, Value)> {
    let mut found = Vec::new();
    for (path, text) in files("crates/rules/tests", "txt") {
        for policy in text.lines().filter_map(|line| line.trim().strip_prefix("policy ")) {
            found.push((path.clone(), serde_saphyr::from_str(policy).unwrap()));
        }
    }
    assert!(found.len() > 40, "where are the scenarios?");
    found
}

#[test]
fn every_policy_of_the_guides_and_the_scenarios_is_valid() {
    let strict = Validator::of(policy_schema());
    for (path, policy) in published() {
        assert_eq!(strict.complaint(&policy), "", "{}: {policy}", path.display());
        serde_json::from_value::<Policy>(policy).unwrap().check().unwrap();
    }
    let lenient = Validator::of(profile_schema());
    for (path, written) in of_scenarios() {
        let as_profile = file_with(&written["rules"]);
        assert_eq!(lenient.complaint(&as_profile), "", "{}: {written}", path.display());
        let policy: Policy = serde_saphyr::from_str(&written.to_string()).unwrap();
        let told = serde_json::to_value(policy).unwrap();
        assert_eq!(strict.complaint(&told), "", "{}: {told}", path.display());
    }
}

fn file_with(rules: &Value) -> Value {
    json!({ "profile": {
        "id": "X", "title": "X", "authority": "X", "source": "X", "effective": ["2026-01-01", null],
        "always": rules,
    } })
}

/// Every value that differs from one at one place: a field more, a field less, or a scalar of another type.
fn mutations(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(fields) => {
            let mut more = fields.clone();
            more.insert("unknown".into(), json!(1));
            all.push(Value::Object(more));
            for (name, field) in fields {
                let mut less = fields.clone();
                less.remove(name);
                all.push(Value::Object(less));
                for other in mutations(field) {
                    let mut changed = fields.clone();
                    changed.insert(name.clone(), other);
                    all.push(Value::Object(changed));
                }
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                for other in mutations(item) {
                    let mut changed = items.clone();
                    changed[place] = other;
                    all.push(Value::Array(changed));
                }
            }
        }
        scalar => {
            let others = [json!([]), json!({}), json!(true), json!(-1), json!("~"), Value::Null];
            all.extend(others.into_iter().filter(|other| other != scalar));
        }
    }
    all
}

/// Each kind of rule in each of its forms, as JSON: from the profiles, the published policies and the
/// scenarios, those inside others on their own.
fn rules_of_every_form() -> Vec<Value> {
    let mut rules = vec![Rule::claim(Side::Venue, 1, 1, vec![PersonId(7)])];
    for (_, text) in profiles() {
        let profile = File::parse(&text).unwrap().profile;
        let sets = profile.rule_sets().into_iter().chain(profile.money_sets());
        rules.extend(sets.flat_map(|(_, rules)| rules.to_vec()));
    }
    for (_, policy) in published().into_iter().chain(of_scenarios()) {
        let policy: Policy = serde_saphyr::from_str(&policy.to_string()).unwrap();
        rules.extend(policy.rules);
    }
    let mut forms = BTreeMap::new();
    each_rule(&rules, &mut |rule| {
        let inner = || Rule::Kind(Kind::Issue);
        let alone = match rule.clone() {
            Rule::All(_) => Rule::All(vec![inner()]),
            Rule::Any(_) => Rule::Any(vec![("PATH".into(), inner())]),
            Rule::Not(_) => Rule::Not(Box::new(inner())),
            Rule::When { .. } => Rule::When { guard: Box::new(inner()), then: Box::new(inner()) },
            Rule::Because { says, source, .. } => {
                Rule::Because { says, source, rule: Box::new(inner()) }
            }
            alone => alone,
        };
        let alone = serde_json::to_value(alone).unwrap();
        forms.entry(form(&alone)).or_insert(alone);
    });
    forms.into_values().collect()
}

/// What a value looks like, whatever stands in it.
fn form(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, field)| format!("{name}:{}", form(field)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            let mut forms: Vec<String> = items.iter().map(form).collect();
            forms.dedup();
            format!("[{}]", forms.join(","))
        }
        Value::String(_) => "s".into(),
        Value::Number(_) => "n".into(),
        other => other.to_string(),
    }
}

#[test]
fn of_a_policy_the_schema_and_the_parser_refuse_the_same() {
    let validator = Validator::of(policy_schema());
    let (mut taken, mut refused) = (0, 0);
    let mut judge = |policy: Value| {
        let parsed = serde_json::from_value::<Policy>(policy.clone());
        let by_schema = validator.complaint(&policy);
        assert_eq!(parsed.is_ok(), by_schema.is_empty(), "{policy}: {parsed:?}; {by_schema}");
        match parsed {
            Ok(_) => taken += 1,
            Err(_) => refused += 1,
        }
    };
    for rule in rules_of_every_form() {
        for other in mutations(&rule) {
            judge(json!({ "rules": [other] }));
        }
    }
    let contract = "0x00000000000000000000000000000000000000aa";
    let policy = json!({ "rules": [], "contract": [contract, 100_000] });
    mutations(&policy).into_iter().for_each(judge);
    assert!(taken > 100 && refused > 1_000, "{taken} taken, {refused} refused");
}

#[test]
fn of_a_profile_the_schema_and_the_parser_refuse_the_same() {
    let validator = Validator::of(profile_schema());
    for (path, text) in profiles() {
        let File { mut profile, cases, .. } = File::parse(&text).unwrap();
        // The rules were tried as a policy's.
        let Profile { offer, issue, resale, always, .. } = &mut profile;
        for rules in [offer, issue, resale, always] {
            rules.clear();
        }
        let first_case: BTreeMap<_, _> = cases.into_iter().take(1).collect();
        let written = json!({ "profile": profile, "cases": first_case });
        for other in mutations(&written) {
            let parsed = serde_json::from_value::<File>(other.clone());
            let by_schema = validator.complaint(&other);
            let is_same = parsed.is_ok() == by_schema.is_empty();
            assert!(is_same, "{}: {other}: {parsed:?}; {by_schema}", path.display());
        }
    }
}

#[test]
fn a_file_is_refused_by_both_for_a_field_too_many_too_few_or_of_another_type() {
    let validator = Validator::of(profile_schema());
    let good = "
        profile:
          id: BR-88
          title: Ten persons
          authority: BR/CVM
          source: Resolution 88
          effective: [2026-01-01, null]
          offer:
            - persons: { meter: approached, max: { number: 10 } }
        cases: {}
    ";
    let bad = [
        ("title: Ten persons", "titel: Ten persons"),
        ("id: BR-88", "id: [BR-88]"),
        ("          source: Resolution 88\n", ""),
        ("[2026-01-01, null]", "[2026-01-01]"),
        ("[2026-01-01, null]", "[1 January 2026, null]"),
        ("max: { number: 10 }", "max: 10"),
        ("meter: approached, ", ""),
        ("meter: approached", "meter: approached, until: 1y"),
        ("persons: {", "person: {"),
        ("number: 10", "number: -10"),
        ("cases: {}", "case: {}"),
    ];
    let judge = |text: &str| {
        let value: Value = serde_saphyr::from_str(text).unwrap();
        (File::parse(text).is_ok(), validator.complaint(&value).is_empty())
    };
    assert_eq!(judge(good), (true, true));
    for (from, to) in bad {
        assert!(good.contains(from), "{from}");
        assert_eq!(judge(&good.replace(from, to)), (false, false), "{to}");
    }
}

//! JSON Schemas of what people write: a policy, and a profile's file.
//!
//! They are derived from the very types that are read, so they say of the form what the parser does. Sizes,
//! contradictions and what could never pass are told by `Policy::check` and `Profile::check` alone.

use crate::File;
use compliance::Policy;
use schemars::{JsonSchema, Schema, generate::SchemaSettings, transform::RecursiveTransform};
use serde_json::{Value, json};
use types::Country;

/// JSON Schema 2020-12 of a policy, as `setPolicy` takes it: JSON, amounts as decimal strings.
pub fn policy_schema() -> Value {
    of::<Policy>("A policy of Scrip: an issuer's rules for one asset")
}

/// JSON Schema 2020-12 of a file in `profiles/`: YAML, in which an amount may stand as a plain number too.
pub fn profile_schema() -> Value {
    let mut schema = of::<File>("A profile of Scrip: law as data, and the cases that try it");
    let units = &mut schema["$defs"]["Units"];
    *units = json!({
        "description": units["description"],
        "anyOf": [
            { "type": "string", "pattern": units["pattern"] },
            { "type": "integer", "minimum": 0 },
        ],
    });
    schema
}

fn of<T: JsonSchema>(title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(plain));
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    schema["title"] = title.into();
    // The countries that there are, so that an editor offers them.
    let countries = (1..1_000).filter_map(|number| Country::from_numeric(number).ok());
    let mut codes: Vec<String> = countries.map(|country| country.to_string()).collect();
    codes.sort();
    schema["$defs"]["Country"]["enum"] = codes.into();
    schema
}

/// Says the bounds of numbers, whose widths in Rust are no formats of JSON Schema; of what is described in
/// more than one paragraph, the first.
fn plain(schema: &mut Schema) {
    if let Some(Value::String(described)) = schema.get_mut("description") {
        let first = described.split("\n\n").next().unwrap_or_default();
        *described = first.replace('\n', " ");
    }
    let most = match schema.get("format").and_then(Value::as_str) {
        Some("uint8") => u8::MAX.into(),
        Some("uint16") => u16::MAX.into(),
        Some("uint32") => u32::MAX.into(),
        Some("uint64") => u64::MAX,
        _ => return,
    };
    schema.remove("format");
    schema.insert("maximum".into(), most.into());
}

//! A call's parameters, by place or by name, each read with its name at hand for errors.

use crate::fault::Fault;
use alloy_eips::BlockId;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

/// Parameters in the order of their names; `null` is the same as none.
#[derive(Debug)]
pub(crate) struct Args<'a> {
    names: &'static [&'static str],
    values: Vec<Option<&'a RawValue>>,
}

/// The entries of an object, each key once.
struct Entries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Entries<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of named parameters")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries<'de>, M::Error> {
                #[derive(Deserialize)]
                struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
                let mut entries: Vec<(Cow<'de, str>, &RawValue)> = Vec::new();
                while let Some((Key(key), value)) = map.next_entry()? {
                    if entries.iter().any(|(known, _)| *known == key) {
                        return Err(serde::de::Error::custom(format!("{key} is given twice")));
                    }
                    entries.push((key, value));
                }
                Ok(Entries(entries))
            }
        }
        from.deserialize_map(Reader)
    }
}

impl<'a> Args<'a> {
    /// Sorts parameters to their names. `by_name`: one object in an array is the object of names.
    pub(crate) fn read(
        params: Option<&'a RawValue>,
        names: &'static [&'static str],
        by_name: bool,
    ) -> Result<Self, Fault> {
        let text = params.map_or("null", RawValue::get);
        let bad = |error: serde_json::Error| Fault::param_json("params", &error);
        match text.as_bytes().first() {
            Some(b'n') => Ok(Self { names, values: Vec::new() }),
            Some(b'{') => Self::named(serde_json::from_str(text).map_err(bad)?, names),
            Some(b'[') => {
                let values: Vec<Option<&'a RawValue>> = serde_json::from_str(text).map_err(bad)?;
                if by_name
                    && let [Some(only)] = values[..]
                    && only.get().starts_with('{')
                {
                    let named = serde_json::from_str(only.get()).map_err(bad)?;
                    return Self::named(named, names);
                }
                if values.len() > names.len() {
                    let (given, known) = (values.len(), names.len());
                    let why =
                        format!("{given} given, at most {known} are taken ({})", names.join(", "));
                    return Err(Fault::param("params", why));
                }
                Ok(Self { names, values })
            }
            _ => Err(Fault::param("params", "must be an array or an object")),
        }
    }

    fn named(entries: Entries<'a>, names: &'static [&'static str]) -> Result<Self, Fault> {
        let mut values = vec![None; names.len()];
        for (key, value) in entries.0 {
            let Some(place) = names.iter().position(|name| *name == key) else {
                let key: String = key.chars().take(64).collect();
                return Err(Fault::param(
                    &key,
                    format!("no such parameter; known are {}", names.join(", ")),
                ));
            };
            values[place] = Some(value).filter(|value| value.get() != "null");
        }
        Ok(Self { names, values })
    }

    /// The parameter at a place, or `None` if it is not given.
    pub(crate) fn optional<T: DeserializeOwned>(&self, place: usize) -> Result<Option<T>, Fault> {
        let Some(raw) = self.values.get(place).copied().flatten() else { return Ok(None) };
        serde_json::from_str(raw.get())
            .map(Some)
            .map_err(|error| Fault::param_json(self.names[place], &error))
    }

    /// A block at a place, of which the number may stand without quotes, as Otterscan writes it.
    pub(crate) fn block(&self, place: usize) -> Result<BlockId, Fault> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Block {
            Plain(u64),
            Named(BlockId),
        }
        Ok(match self.required(place)? {
            Block::Plain(height) => BlockId::number(height),
            Block::Named(id) => id,
        })
    }

    /// The parameter at a place; refuses if it is not given.
    pub(crate) fn required<T: DeserializeOwned>(&self, place: usize) -> Result<T, Fault> {
        self.optional(place)?.ok_or_else(|| Fault::param(self.names[place], "is missing"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["asset", "units"];

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn parameters_come_by_place_by_name_or_as_one_object() {
        for text in [r#"[7,"40"]"#, r#"{"units":"40","asset":7}"#, r#"[{"asset":7,"units":"40"}]"#]
        {
            let params = raw(text);
            let args = Args::read(Some(&params), NAMES, true).unwrap();
            assert_eq!(args.required::<u64>(0), Ok(7), "{text}");
            assert_eq!(args.required::<String>(1).as_deref(), Ok("40"), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let refusal = |text: &str| {
            let params = raw(text);
            let args = match Args::read(Some(&params), NAMES, true) {
                Ok(args) => args,
                Err(fault) => return fault.message.into_owned(),
            };
            args.required::<u64>(0)
                .and(args.required::<String>(1))
                .unwrap_err()
                .message
                .into_owned()
        };
        assert!(refusal("[]").contains("asset: is missing"));
        assert!(refusal("[null]").contains("asset: is missing"));
        assert!(refusal(r#"["x"]"#).contains("asset: invalid type: string"));
        assert!(refusal("[1,2,3]").contains("3 given, at most 2"));
        assert!(
            refusal(r#"{"asset":1,"unit":2}"#)
                .contains("unit: no such parameter; known are asset, units")
        );
        assert!(refusal(r#"{"asset":1,"asset":2}"#).contains("asset is given twice"));
        assert!(refusal("7").contains("array or an object"));
    }
}

//! JSON-RPC 2.0 on the wire: what a body asks, and how answers are written.
//!
//! Nothing is parsed before the body is known to be UTF-8 and not nested deeper than the limit, so that
//! no later parser recurses further than it may.

use crate::fault::Fault;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The deepest nesting of arrays and objects that is read.
pub(crate) const MAX_DEPTH: usize = 64;

/// One call. Without an id it is a notification, which gets no answer.
#[derive(Debug, Deserialize)]
pub(crate) struct Call<'a> {
    #[serde(borrow)]
    jsonrpc: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(crate) id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) method: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) params: Option<&'a RawValue>,
}

/// Tells `"id": null` from no id at all.
fn present<'de: 'a, 'a, D: Deserializer<'de>>(from: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

/// Something that is not a call, with the id it gave if that can be read.
#[derive(Debug)]
pub(crate) struct NoCall<'a> {
    pub(crate) id: Option<&'a RawValue>,
    pub(crate) fault: Fault,
}

/// What a body asks.
#[derive(Debug)]
pub(crate) enum Asked<'a> {
    One(Result<Call<'a>, NoCall<'a>>),
    Many(Vec<Result<Call<'a>, NoCall<'a>>>),
}

/// Reads a body, or says what is wrong with all of it.
pub(crate) fn read(body: &[u8], max_batch: usize) -> Result<Asked<'_>, Fault> {
    let text = std::str::from_utf8(body).map_err(|at| {
        Fault::parse(format!("the body is not UTF-8, see byte {}", at.valid_up_to()))
    })?;
    if is_deeper_than(body, MAX_DEPTH) {
        return Err(Fault::invalid_request(format!(
            "the body is nested deeper than {MAX_DEPTH} levels"
        )));
    }
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => {
            let whole: &RawValue = serde_json::from_str(text).map_err(Fault::from_syntax)?;
            Ok(Asked::One(read_call(whole)))
        }
        Some(b'[') => {
            let calls: Vec<&RawValue> = serde_json::from_str(text).map_err(Fault::from_syntax)?;
            if calls.is_empty() {
                return Err(Fault::invalid_request("the batch is empty"));
            }
            if calls.len() > max_batch {
                let count = calls.len();
                let text =
                    format!("the batch has {count} calls, at most {max_batch} are taken; split it");
                return Err(Fault::invalid_request(text));
            }
            Ok(Asked::Many(calls.into_iter().map(read_call).collect()))
        }
        None => Err(Fault::parse("the body is empty; send a JSON-RPC 2.0 request")),
        Some(_) => {
            serde_json::from_str::<&RawValue>(text).map_err(Fault::from_syntax)?;
            Err(Fault::invalid_request("a request is an object, or an array of objects"))
        }
    }
}

fn read_call(raw: &RawValue) -> Result<Call<'_>, NoCall<'_>> {
    let call: Call<'_> = serde_json::from_str(raw.get()).map_err(|error| {
        /// What can be saved of a broken call.
        #[derive(Deserialize)]
        struct Id<'a> {
            #[serde(borrow)]
            id: Option<&'a RawValue>,
        }
        let id = serde_json::from_str::<Id<'_>>(raw.get()).ok().and_then(|broken| broken.id);
        let id = id.filter(|id| is_id(id));
        NoCall { id, fault: Fault::invalid_request(without_place(&error)) }
    })?;
    if call.jsonrpc != "2.0" {
        let fault = Fault::invalid_request("jsonrpc: must be \"2.0\"");
        return Err(NoCall { id: call.id.filter(|id| is_id(id)), fault });
    }
    if call.id.is_some_and(|id| !is_id(id)) {
        let fault = Fault::invalid_request("id: must be a string, a number or null");
        return Err(NoCall { id: None, fault });
    }
    Ok(call)
}

fn is_id(id: &RawValue) -> bool {
    matches!(id.get().as_bytes().first(), Some(b'"' | b'-' | b'0'..=b'9' | b'n'))
}

/// A reader's complaint without line and column, which count in a part that the caller never saw alone.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// True if arrays and objects nest deeper than `limit`. Looks at brackets outside of strings only, so it
/// is right for every valid JSON text, and harmless for others.
fn is_deeper_than(text: &[u8], limit: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in text {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > limit {
                    return true;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// What a call gets: JSON text, or a fault.
pub(crate) type Answer = Result<String, Fault>;

/// A value as an answer.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> Answer {
    serde_json::to_string(value).map_err(|error| Fault::internal(error.to_string()))
}

/// Writes one answer.
pub(crate) fn write(into: &mut Vec<u8>, id: Option<&RawValue>, answer: &Answer) {
    into.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
    into.extend_from_slice(id.map_or("null", RawValue::get).as_bytes());
    match answer {
        Ok(result) => {
            into.extend_from_slice(br#","result":"#);
            into.extend_from_slice(result.as_bytes());
        }
        Err(fault) => {
            into.extend_from_slice(br#","error":"#);
            into.extend_from_slice(fault.to_json().as_bytes());
        }
    }
    into.push(b'}');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(body: &[u8]) -> Fault {
        match read(body, 3) {
            Err(fault) => fault,
            Ok(Asked::One(Err(broken))) => broken.fault,
            Ok(asked) => panic!("{asked:?}"),
        }
    }

    #[test]
    fn a_body_that_is_no_request_gets_one_error_that_says_why() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(70), "]".repeat(70));
        let cases: [(&[u8], i32, &str); 16] = [
            (b"", -32700, "empty"),
            (b"   ", -32700, "empty"),
            (b"\xff\xfe", -32700, "UTF-8"),
            (b"{\"a\":\0}", -32700, "expected value"),
            (b"{\"jsonrpc\":\"2.0\"", -32700, "EOF"),
            (b"[1,2", -32700, "EOF"),
            (b"nonsense", -32700, "expected ident"),
            (b"42", -32600, "an object"),
            (b"[]", -32600, "empty"),
            (b"[1,2,3,4]", -32600, "at most 3"),
            (deep.as_bytes(), -32600, "deeper than 64"),
            (br#"{"method":"a","id":1}"#, -32600, "jsonrpc"),
            (br#"{"jsonrpc":"1.0","method":"a","id":1}"#, -32600, "2.0"),
            (br#"{"jsonrpc":"2.0","method":7,"id":1}"#, -32600, "integer `7`"),
            (
                br#"{"jsonrpc":"2.0","method":"a","method":"b","id":1}"#,
                -32600,
                "duplicate field `method`",
            ),
            (br#"{"jsonrpc":"2.0","method":"a","id":[1]}"#, -32600, "id: must be"),
        ];
        for (body, code, says) in cases {
            let fault = fault(body);
            assert_eq!(fault.code, code, "{}", String::from_utf8_lossy(body));
            assert!(
                fault.message.contains(says),
                "{}: {}",
                String::from_utf8_lossy(body),
                fault.message
            );
        }
    }

    #[test]
    fn brackets_within_strings_do_not_nest() {
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"a","params":["{}\"{{"]}}"#,
            "[".repeat(100)
        );
        assert!(matches!(read(body.as_bytes(), 3), Ok(Asked::One(Ok(_)))));
    }

    #[test]
    fn null_is_an_id_and_no_id_is_a_notification() {
        let id = |body: &'static str| match read(body.as_bytes(), 3) {
            Ok(Asked::One(Ok(call))) => call.id.map(|id| id.get().to_owned()),
            other => panic!("{other:?}"),
        };
        assert_eq!(id(r#"{"jsonrpc":"2.0","id":null,"method":"a"}"#).as_deref(), Some("null"));
        assert_eq!(id(r#"{"jsonrpc":"2.0","method":"a"}"#), None);
    }
}

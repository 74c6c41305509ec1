//! The decoder of what clients send, for tests that throw anything at it.

use crate::{
    fault::Fault,
    wire::{self, Asked, Call, NoCall},
};

/// Reads a body and answers every call in it with an error that repeats its method; `None` where nobody
/// waits for an answer.
pub fn body(bytes: &[u8], max_batch: usize) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    match wire::read(bytes, max_batch) {
        Err(fault) => wire::write(&mut text, None, &Err(fault)),
        Ok(Asked::One(one)) => answer(&mut text, &one),
        Ok(Asked::Many(many)) => {
            text.push(b'[');
            for one in &many {
                let before = text.len();
                if before > 1 {
                    text.push(b',');
                }
                let with_comma = text.len();
                answer(&mut text, one);
                if text.len() == with_comma {
                    text.truncate(before);
                }
            }
            text.push(b']');
        }
    }
    (!text.is_empty()).then_some(text)
}

fn answer(into: &mut Vec<u8>, one: &Result<Call<'_>, NoCall<'_>>) {
    match one {
        Ok(Call { id: None, .. }) => {}
        Ok(call) => wire::write(into, call.id, &Err(Fault::invalid_request(call.method.as_ref()))),
        Err(broken) => wire::write(into, broken.id, &Err(broken.fault.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_answered_but_those_that_nobody_waits_for() {
        let told =
            |asked: &str| body(asked.as_bytes(), 3).map(|text| String::from_utf8(text).unwrap());
        let call = r#"{"jsonrpc":"2.0","id":1,"method":"a"}"#;
        let quiet = r#"{"jsonrpc":"2.0","method":"a"}"#;
        assert_eq!(told(quiet), None);
        assert!(told(call).unwrap().starts_with(r#"{"jsonrpc":"2.0","id":1,"error""#));
        let many = told(&format!("[{call},{quiet},7]")).unwrap();
        assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&many).unwrap().len(), 2);
    }
}

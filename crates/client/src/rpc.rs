//! JSON-RPC 2.0 over HTTP: single calls and batches.

use crate::Error;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// How often a connection is tried while nobody listens, and how long between two tries: a node that
/// restarts is found again, one that does not run is reported within a second.
const ATTEMPTS: u32 = 5;
const RETRY: Duration = Duration::from_millis(200);

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A connection to a node. Clones share it.
#[derive(Clone, Debug)]
pub struct Rpc {
    url: Arc<str>,
    http: reqwest::Client,
    next: Arc<AtomicU64>,
}

/// One call of a batch: a method and its parameters.
pub type Request = (&'static str, Value);

impl Rpc {
    /// A connection that is made at the first call.
    pub fn new(url: &str) -> Result<Self, Error> {
        let unusable = |why: String| Error::Unreachable { url: url.to_owned(), why };
        if !url.starts_with("http://") {
            return Err(unusable("the address must begin with http://".into()));
        }
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .tcp_nodelay(true)
            .build()
            .map_err(|error| unusable(error.to_string()))?;
        Ok(Self { url: url.into(), http, next: Arc::default() })
    }

    /// Where the node is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Calls one method.
    pub async fn call<T: DeserializeOwned>(&self, method: &str, params: Value) -> Result<T, Error> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        let answer = self.post(&request).await?;
        read(method, take_result(method, answer)?)
    }

    /// Calls many methods in one HTTP request; the answers come in the order of the calls.
    pub async fn batch(&self, calls: &[Request]) -> Result<Vec<Result<Value, Error>>, Error> {
        if calls.is_empty() {
            return Ok(Vec::new());
        }
        let count = calls.len() as u64;
        let first = self.next.fetch_add(count, Ordering::Relaxed);
        let request: Vec<Value> = calls
            .iter()
            .zip(first..)
            .map(|((method, params), id)| {
                json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
            })
            .collect();
        let answers = match self.post(&Value::Array(request)).await? {
            Value::Array(answers) => answers,
            // A refusal of the whole batch is one error object.
            single => {
                take_result("batch", single)?;
                return Err(self.not_rpc("one answer to a batch".into()));
            }
        };
        let mut sorted: Vec<Option<Value>> = vec![None; calls.len()];
        for answer in answers {
            let id = answer.get("id").and_then(Value::as_u64);
            let place = id.and_then(|id| id.checked_sub(first)).filter(|place| *place < count);
            let place =
                place.ok_or_else(|| self.not_rpc("an answer to nothing that was asked".into()))?;
            sorted[place as usize] = Some(answer);
        }
        let unanswered = || self.not_rpc("a call of a batch has no answer".into());
        let sorted = sorted.into_iter().collect::<Option<Vec<_>>>().ok_or_else(unanswered)?;
        Ok(calls
            .iter()
            .zip(sorted)
            .map(|((method, _), answer)| take_result(method, answer))
            .collect())
    }

    async fn post(&self, body: &Value) -> Result<Value, Error> {
        let bytes = serde_json::to_vec(body).expect("JSON values have a text form");
        let mut attempt = 1;
        let response = loop {
            let request = self.http.post(&*self.url).header("content-type", "application/json");
            match request.body(bytes.clone()).send().await {
                Ok(response) => break response,
                // A refused connection delivered nothing, so that it is safe to try again.
                Err(error) if error.is_connect() && attempt < ATTEMPTS => {
                    attempt += 1;
                    tokio::time::sleep(RETRY).await;
                }
                Err(error) => {
                    let why = innermost(&error);
                    return Err(Error::Unreachable { url: self.url.to_string(), why });
                }
            }
        };
        let status = response.status();
        let bytes = response.bytes().await.map_err(|error| self.not_rpc(innermost(&error)))?;
        serde_json::from_slice(&bytes).map_err(|_| {
            let text: String = String::from_utf8_lossy(&bytes).chars().take(200).collect();
            self.not_rpc(format!("HTTP {status}: {text}"))
        })
    }

    fn not_rpc(&self, why: String) -> Error {
        Error::NotRpc { url: self.url.to_string(), why }
    }
}

/// The cause at the bottom says most: "connection refused" rather than "error sending request".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn take_result(method: &str, mut answer: Value) -> Result<Value, Error> {
    if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
        return Err(Error::of_rpc(method, error));
    }
    let unreadable =
        || Error::Unreadable { what: method.to_owned(), why: "neither result nor error".into() };
    answer.get_mut("result").map(Value::take).ok_or_else(unreadable)
}

pub(crate) fn read<T: DeserializeOwned>(what: &str, value: Value) -> Result<T, Error> {
    serde_json::from_value(value)
        .map_err(|error| Error::Unreadable { what: what.to_owned(), why: error.to_string() })
}

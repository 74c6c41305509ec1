//! From a body to its answer: every call finds its method, and every method its place to run.
//!
//! Quick methods run where they arrive. Those that execute code run on threads of their own, a few at a
//! time. Signed transactions that follow each other in a batch are taken together: their senders are
//! recovered in parallel, and they are judged on one reading of the state.

use crate::{
    args::Args,
    backend::Backend,
    config::RpcConfig,
    eth::{filters::Filters, pending::Pending, submit},
    fault::Fault,
    index::Index,
    methods::{self, Method, Work},
    metrics::{Meter, Metrics},
    subscriptions::{Session, Subscription},
    wire::{self, Answer, Asked, Call},
};
use axum::body::Bytes;
use serde_json::value::RawValue;
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;

/// What every method works with.
pub(crate) struct Door {
    pub(crate) backend: Backend,
    pub(crate) config: RpcConfig,
    pub(crate) metrics: Metrics,
    pub(crate) index: Arc<Index>,
    pub(crate) filters: Filters,
    pub(crate) pending: Arc<Pending>,
    executions: Arc<Semaphore>,
    methods: HashMap<&'static str, (&'static Method, Meter)>,
    unknown: Meter,
}

/// Calls of a batch that are answered before others get a turn.
const TURN: usize = 64;

/// How long a request waits for a node that starts, which mostly needs no more.
pub(crate) const LOADING: Duration = Duration::from_secs(2);

/// What is answered before the state is loaded: nothing of it comes from there.
const STATELESS: [&str; 6] = [
    "eth_chainId",
    "net_version",
    "scrip_networkInfo",
    "scrip_nodeStatus",
    "web3_clientVersion",
    "web3_sha3",
];

/// What goes back to the client.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    /// The answer; nothing for notifications.
    pub(crate) text: Option<Vec<u8>>,
    /// Subscriptions that begin once the answer is sent.
    pub(crate) begun: Vec<Subscription>,
}

impl Door {
    pub(crate) fn new(config: RpcConfig, backend: Backend) -> Self {
        let metrics = Metrics::default();
        let table = methods::all();
        let methods =
            table.map(|method| (method.name, (method, metrics.meter(method.name)))).collect();
        let index = Index::new(backend.chain.genesis_header(), config.index);
        Self {
            index: Arc::new(index),
            pending: Arc::default(),
            filters: Filters::new(config.max_filters, config.filter_timeout),
            executions: Arc::new(Semaphore::new(config.max_executions)),
            methods,
            unknown: metrics.meter("unknown"),
            metrics,
            backend,
            config,
        }
    }

    /// Answers a body. Without a session, subscriptions are refused.
    pub(crate) async fn answer(
        self: &Arc<Self>,
        body: Bytes,
        session: Option<&Session>,
    ) -> Outgoing {
        let mut out = Outgoing::default();
        let calls = match wire::read(&body, self.config.max_batch) {
            Err(fault) => {
                out.text = Some(single(None, &Err(fault)));
                return out;
            }
            Ok(Asked::One(Err(broken))) => {
                out.text = Some(single(broken.id, &Err(broken.fault)));
                return out;
            }
            Ok(Asked::One(Ok(call))) => {
                if !STATELESS.contains(&&*call.method) {
                    self.load().await;
                }
                let answer = self.call(&call, session, &mut out.begun).await;
                out.text = call.id.map(|id| single(Some(id), &self.within_limit(answer)));
                return out;
            }
            Ok(Asked::Many(calls)) => calls,
        };
        self.load().await;
        let mut text = vec![b'['];
        let mut rest = &calls[..];
        let started = Instant::now();
        while let Some((first, after)) = rest.split_first() {
            let raw = rest.iter().take_while(|call| is_raw_transaction(call)).count();
            if raw > 1 {
                let (run, after) = rest.split_at(raw);
                let calls: Vec<&Call<'_>> = run.iter().flatten().collect();
                let answers = self.submit(&calls).await;
                for (call, answer) in calls.iter().zip(answers) {
                    self.append(&mut text, call.id, answer);
                }
                rest = after;
                continue;
            }
            if rest.len() % TURN == 0 {
                tokio::task::yield_now().await;
            }
            match first {
                Ok(call) => {
                    let answer = match started.elapsed() < self.config.call_timeout {
                        true => self.call(call, session, &mut out.begun).await,
                        false => Err(Fault::unavailable(
                            "the batch took too long; send fewer calls at a time",
                        )),
                    };
                    self.append(&mut text, call.id, answer);
                }
                Err(broken) => {
                    let id = broken.id.or_else(|| Some(null()));
                    self.append(&mut text, id, Err(broken.fault.clone()));
                }
            }
            rest = after;
        }
        if text.len() > 1 {
            text.pop();
            text.push(b']');
            out.text = Some(text);
        }
        out
    }

    /// Waits a little for a state that is being loaded: an answer from an older one would take back
    /// what this node has told before.
    async fn load(&self) {
        if !self.index.is_loaded() {
            let _ = tokio::time::timeout(LOADING, self.index.loaded()).await;
        }
    }

    fn append(&self, text: &mut Vec<u8>, id: Option<&RawValue>, answer: Answer) {
        let Some(id) = id else { return };
        let has_room = answer
            .as_ref()
            .map_or(true, |result| text.len() + result.len() <= self.config.max_answer_bytes);
        let answer = if has_room { answer } else { Err(self.too_long()) };
        wire::write(text, Some(id), &answer);
        text.push(b',');
    }

    fn within_limit(&self, answer: Answer) -> Answer {
        answer.and_then(|result| match result.len() <= self.config.max_answer_bytes {
            true => Ok(result),
            false => Err(self.too_long()),
        })
    }

    fn too_long(&self) -> Fault {
        let limit = self.config.max_answer_bytes;
        Fault::limit(format!("the answer has more than {limit} bytes; ask for less at a time"))
    }

    async fn call(
        self: &Arc<Self>,
        call: &Call<'_>,
        session: Option<&Session>,
        begun: &mut Vec<Subscription>,
    ) -> Answer {
        let started = Instant::now();
        let Some((method, meter)) = self.methods.get(&*call.method) else {
            self.unknown.count(1, 1, started.elapsed());
            return Err(Fault::unknown_method(&call.method));
        };
        if !self.index.is_loaded() && !STATELESS.contains(&method.name) {
            meter.count(1, 1, started.elapsed());
            return Err(not_loaded());
        }
        if method.is_dev
            && let Err(fault) = self.workbench()
        {
            meter.count(1, 1, started.elapsed());
            return Err(fault);
        }
        let answer = match method.work {
            Work::Quick(work) => Args::read(call.params, method.params, method.by_name())
                .and_then(|args| work(self, &args)),
            Work::Executing(work) => self.execute(method, call.params, work).await,
            Work::Waiting(work) => match Args::read(call.params, method.params, method.by_name()) {
                Ok(args) => {
                    match tokio::time::timeout(self.config.call_timeout, work(self, args)).await {
                        Ok(answer) => answer,
                        Err(_) => Err(Fault::unavailable(format!("{} took too long", method.name))),
                    }
                }
                Err(fault) => Err(fault),
            },
            Work::Session(work) => match session {
                Some(session) => Args::read(call.params, method.params, method.by_name())
                    .and_then(|args| work(self, session, &args, begun)),
                None => {
                    Err(Fault::unsupported(format!("{} needs a WebSocket connection", method.name)))
                }
            },
        };
        let failed = usize::from(answer.is_err());
        let took = started.elapsed();
        meter.count(1, failed, took);
        tracing::debug!(method = method.name, failed, micros = took.as_micros() as u64, "called");
        answer
    }

    async fn execute(
        self: &Arc<Self>,
        method: &'static Method,
        params: Option<&RawValue>,
        work: fn(&Door, &Args<'_>) -> Answer,
    ) -> Answer {
        let (door, params) = (self.clone(), params.map(ToOwned::to_owned));
        let run = move || {
            let args = Args::read(params.as_deref(), method.params, method.by_name())?;
            work(&door, &args)
        };
        self.off_thread(run).await?
    }

    /// Runs what takes long on a thread of its own, once few enough others run.
    pub(crate) async fn off_thread<R: Send + 'static>(
        &self,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, Fault> {
        let busy = || Fault::unavailable("the node is busy executing other calls; try again");
        let waiting =
            tokio::time::timeout(self.config.call_timeout, self.executions.clone().acquire_owned());
        let permit = waiting.await.map_err(|_| busy())?.map_err(|_| busy())?;
        let run = move || {
            let done = work();
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(run).await.map_err(Fault::internal)
    }

    async fn submit(self: &Arc<Self>, calls: &[&Call<'_>]) -> Vec<Answer> {
        let started = Instant::now();
        let (method, meter) = &self.methods[submit::RAW_TRANSACTION];
        if !self.index.is_loaded() {
            meter.count(calls.len(), calls.len(), started.elapsed());
            return vec![Err(not_loaded()); calls.len()];
        }
        let read = |call: &&Call<'_>| {
            Args::read(call.params, method.params, false)
                .and_then(|args| submit::raw_transaction(&args))
        };
        let transactions: Vec<_> = calls.iter().map(read).collect();
        let door = self.clone();
        let run = move || submit::add_all(&door, transactions);
        let answers = match tokio::task::spawn_blocking(run).await {
            Ok(answers) => answers,
            Err(error) => vec![Err(Fault::internal(error)); calls.len()],
        };
        let failed = answers.iter().filter(|answer| answer.is_err()).count();
        meter.count(calls.len(), failed, started.elapsed());
        answers
    }
}

fn not_loaded() -> Fault {
    Fault::unavailable("the node starts and its state is not loaded yet; try again")
}

fn is_raw_transaction(call: &Result<Call<'_>, wire::NoCall<'_>>) -> bool {
    matches!(call, Ok(call) if call.method == submit::RAW_TRANSACTION)
}

fn single(id: Option<&RawValue>, answer: &Answer) -> Vec<u8> {
    let mut text = Vec::with_capacity(64 + answer.as_ref().map_or(256, String::len));
    wire::write(&mut text, id, answer);
    text
}

fn null() -> &'static RawValue {
    RawValue::NULL
}

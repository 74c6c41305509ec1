//! Signed transactions come in.

use crate::{
    args::Args,
    door::Door,
    eth::shape,
    fault::Fault,
    wire::{Answer, json},
};
use rayon::prelude::*;
use std::{sync::Arc, time::Duration};
use tokio::sync::broadcast::error::RecvError;
use types::{B256, Bytes, U256};

/// The method whose calls a batch runs together.
pub(crate) const RAW_TRANSACTION: &str = "eth_sendRawTransaction";

/// `eth_sendRawTransaction`: taken, and on a workbench executed, too.
pub(crate) async fn send(door: &Arc<Door>, args: Args<'_>) -> Answer {
    json(&take(door, raw_transaction(&args)?).await?)
}

async fn take(door: &Arc<Door>, bytes: Bytes) -> Result<B256, Fault> {
    match door.backend.workbench.clone() {
        Some(bench) => Ok(door.off_thread(move || bench.submit(bytes)).await??),
        None => Ok(door.backend.pool.add(bytes)?),
    }
}

/// The parameter of a call.
pub(crate) fn raw_transaction(args: &Args<'_>) -> Result<Bytes, Fault> {
    args.required(0)
}

/// Many at once: senders are recovered in parallel, and all are judged on one reading of the state.
pub(crate) fn add_all(door: &Door, transactions: Vec<Result<Bytes, Fault>>) -> Vec<Answer> {
    if let Some(bench) = &door.backend.workbench {
        return transactions.into_iter().map(|bytes| json(&bench.submit(bytes?)?)).collect();
    }
    let chain = &door.backend.chain;
    let recovered: Vec<Result<_, Fault>> = transactions
        .into_par_iter()
        .with_min_len(16)
        .map(|bytes| chain.recover(&bytes?).map_err(|why| pool::Refusal::Malformed(why).into()))
        .collect();
    let good = recovered.iter().flatten().cloned().collect();
    let mut admitted = door.backend.pool.add_all(good).into_iter();
    let answer = |recovered: Result<_, Fault>| {
        recovered?;
        let admitted =
            admitted.next().ok_or_else(|| Fault::internal("the pool gave too few answers"))?;
        json(&admitted?)
    };
    recovered.into_iter().map(answer).collect()
}

/// `eth_sendRawTransactionSync` (EIP-7966): answers with the receipt once the transaction is final.
pub(crate) async fn send_sync(door: &Arc<Door>, args: Args<'_>) -> Answer {
    let asked = args.optional::<U256>(1)?.map(|ms| Duration::from_millis(ms.saturating_to()));
    // A little less than what stops this method, so that the answer below is given.
    let most = door.config.call_timeout * 9 / 10;
    let patience = asked.unwrap_or(most).min(most);
    // Listening begins before the transaction goes in, so that its block cannot be missed.
    let mut announced = door.index.announced();
    let hash = take(door, raw_transaction(&args)?).await?;
    let included = async {
        loop {
            if let Some((block, index)) = door.transaction(&hash).await? {
                return json(&shape::receipt(&block, index)?);
            }
            match announced.recv().await {
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Err(Fault::unavailable("the node stops")),
            }
        }
    };
    tokio::time::timeout(patience, included).await.unwrap_or_else(|_| Err(not_yet(hash, patience)))
}

fn not_yet(hash: B256, patience: Duration) -> Fault {
    let ms = patience.as_millis();
    Fault::waiting(format!("the transaction {hash} was taken but is not final after {ms} ms"), hash)
}

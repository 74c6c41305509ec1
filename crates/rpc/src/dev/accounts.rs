//! Accounts that need no key of the caller's: the chain's own, which everyone knows, and those impersonated.

use crate::{
    args::Args,
    door::Door,
    eth::fill,
    fault::Fault,
    wire::{Answer, json},
};
use alloy_consensus::{SignableTransaction as _, TxEnvelope, TypedTransaction};
use alloy_eips::eip2718::Encodable2718 as _;
use alloy_primitives::Signature;
use alloy_rpc_types_eth::TransactionRequest;
use serde_json::Value;
use types::{Address, Bytes};
use workbench::Workbench;

/// `eth_accounts`: a node keeps no keys, but for development.
pub(crate) fn accounts(door: &Door, _: &Args<'_>) -> Answer {
    match &door.backend.workbench {
        Some(bench) => json(&bench.keys().addresses()),
        None => json(&[(); 0]),
    }
}

/// `eth_sendTransaction`
pub(crate) fn send(door: &Door, args: &Args<'_>) -> Answer {
    let bench = door.workbench()?;
    let (from, tx) = filled(door, bench, args)?;
    json(&match bench.keys().sign_hash(&from, &tx.signature_hash()) {
        Some(signature) => bench.submit(signed(tx, signature))?,
        None if bench.is_impersonated(&from) => {
            bench.submit_unsigned(signed(tx, evm::unsigned(&from)))?
        }
        None => return Err(unknown(&from)),
    })
}

/// `eth_signTransaction`: the signed bytes, not sent.
pub(crate) fn sign_transaction(door: &Door, args: &Args<'_>) -> Answer {
    let bench = door.workbench()?;
    let (from, tx) = filled(door, bench, args)?;
    let signature = bench.keys().sign_hash(&from, &tx.signature_hash());
    json(&signed(tx, signature.ok_or_else(|| unknown(&from))?))
}

/// `eth_sign`: address, then message.
pub(crate) fn sign(door: &Door, args: &Args<'_>) -> Answer {
    sign_message(door, args.required(0)?, args.required(1)?)
}

/// `personal_sign`: message, then address.
pub(crate) fn personal_sign(door: &Door, args: &Args<'_>) -> Answer {
    sign_message(door, args.required(1)?, args.required(0)?)
}

fn sign_message(door: &Door, account: Address, message: Bytes) -> Answer {
    let signature = door.workbench()?.keys().sign_message(&account, &message);
    json(&written(signature.ok_or_else(|| unknown(&account))?))
}

/// `eth_signTypedData_v4`: an object, or the text of one.
pub(crate) fn sign_typed(door: &Door, args: &Args<'_>) -> Answer {
    let account: Address = args.required(0)?;
    let data = match args.required(1)? {
        Value::String(text) => serde_json::from_str(&text),
        data => serde_json::from_value(data),
    };
    let data = data.map_err(|error| Fault::param_json("data", &error))?;
    let signature = door.workbench()?.keys().sign_typed(&account, &data);
    let signature = signature.ok_or_else(|| unknown(&account))?;
    json(&written(signature.map_err(|why| Fault::param("data", why))?))
}

fn filled(
    door: &Door,
    bench: &Workbench,
    args: &Args<'_>,
) -> Result<(Address, TypedTransaction), Fault> {
    let request: TransactionRequest = args.required(0)?;
    let first = bench.keys().addresses().first().copied();
    let from = request.from.or(first);
    let from = from.ok_or_else(|| Fault::param("transaction", "from: is missing"))?;
    Ok((from, fill::fill(door, from, request)?))
}

fn signed(tx: TypedTransaction, signature: Signature) -> Bytes {
    TxEnvelope::from(tx.into_signed(signature)).encoded_2718().into()
}

fn written(signature: Signature) -> Bytes {
    signature.as_bytes().to_vec().into()
}

fn unknown(account: &Address) -> Fault {
    Fault::server(format!(
        "unknown account {account}: neither its key is here nor is it impersonated; see eth_accounts"
    ))
}

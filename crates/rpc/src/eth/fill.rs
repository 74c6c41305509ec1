//! What a request leaves out, filled in as this chain would have it.

use crate::{
    args::Args,
    door::Door,
    eth::{calls, overrides::Overrides},
    fault::Fault,
    wire::{Answer, json},
};
use alloy_consensus::{SignableTransaction as _, TypedTransaction};
use alloy_rpc_types_eth::{TransactionInput, TransactionRequest};
use serde_json::json as value;
use types::{Address, Bytes, U256};

/// `eth_fillTransaction`: the whole transaction, and the bytes that are to be signed.
pub(crate) fn fill_transaction(door: &Door, args: &Args<'_>) -> Answer {
    let request: TransactionRequest = args.required(0)?;
    let from = request.from.unwrap_or_default();
    let tx = fill(door, from, request)?;
    let mut raw = Vec::new();
    tx.encode_for_signing(&mut raw);
    let mut told = serde_json::to_value(&tx).map_err(Fault::internal)?;
    if let Some(fields) = told.as_object_mut() {
        fields.insert("from".to_owned(), value!(from));
    }
    json(&value!({ "raw": Bytes::from(raw), "tx": told }))
}

/// The transaction that a request describes, of the newest type that fits what it says.
pub(crate) fn fill(
    door: &Door,
    from: Address,
    request: TransactionRequest,
) -> Result<TypedTransaction, Fault> {
    let call = calls::request(door, TransactionRequest { from: Some(from), ..request.clone() })?;
    let next = door.state(None, |ctx| evm::nonce(ctx, &from))?;
    let pending = door.backend.pool.pending_nonce(&from).unwrap_or(next).max(next);
    let gas = match request.gas {
        Some(gas) => gas,
        None => calls::gas_for(door, None, &call, &Overrides::default())?,
    };
    let price = u128::from(evm::BASE_FEE);
    let is_priced = request.gas_price.is_some();
    let request = TransactionRequest {
        from: Some(from),
        // Whoever names no target creates a contract.
        to: Some(request.to.unwrap_or_default()),
        nonce: Some(request.nonce.unwrap_or(pending)),
        gas: Some(gas),
        max_fee_per_gas: (!is_priced).then(|| request.max_fee_per_gas.unwrap_or(price)),
        max_priority_fee_per_gas: (!is_priced)
            .then(|| request.max_priority_fee_per_gas.unwrap_or(0)),
        value: Some(U256::ZERO),
        input: TransactionInput::new(call.input),
        chain_id: Some(door.backend.chain.genesis().chain_id),
        ..request
    };
    request.build_typed_tx().map_err(|_| {
        Fault::param("transaction", "use a legacy (EIP-155), EIP-2930 or EIP-1559 transaction")
    })
}

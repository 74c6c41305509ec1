//! A chain as its callers see it: ask, submit, wait.

use crate::{Error, Refusal, Rpc, Wallet, rpc::read};
use alloy_consensus::TxEip1559;
use alloy_primitives::{Address, B256, Bytes, TxKind, U64, U256};
use alloy_sol_types::{SolCall, SolEvent};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use types::{Module, Reserved, ShardId};

/// How long an included transaction is waited for, and how often it is asked for.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

/// A chain behind a node. Clones share the connection.
#[derive(Clone, Debug)]
pub struct Client {
    rpc: Rpc,
    chain_id: u64,
    shard: ShardId,
    fee: u128,
}

/// A transaction before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it calls; nothing creates a contract.
    pub to: Option<Address>,
    /// Its data.
    pub input: Bytes,
    /// Gas it may use; the node is asked if it is absent.
    pub gas: Option<u64>,
}

/// What became of a transaction. Every block of this chain is final, so a receipt is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The transaction's hash.
    pub transaction_hash: B256,
    /// The block that carries it.
    pub block_number: U64,
    /// Gas it used.
    pub gas_used: U64,
    /// 1 if it did what it said, 0 if it changed nothing.
    pub status: U64,
    /// The contract it created.
    pub contract_address: Option<Address>,
    /// What it announced.
    pub logs: Vec<Log>,
}

/// A log as Ethereum tools see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// Who speaks.
    pub address: Address,
    /// What kind of event, and its indexed fields.
    pub topics: Vec<B256>,
    /// Its other fields.
    pub data: Bytes,
}

impl Receipt {
    /// True if the transaction did what it said.
    pub fn is_done(&self) -> bool {
        self.status == U64::from(1)
    }

    /// What it announced of one kind.
    pub fn events<E: SolEvent>(&self) -> impl Iterator<Item = E> {
        self.logs
            .iter()
            .filter_map(|log| E::decode_raw_log(log.topics.iter().copied(), &log.data).ok())
    }
}

impl Draft {
    /// A call of a function at an address.
    pub fn call(to: Address, call: &impl SolCall) -> Self {
        Self { to: Some(to), input: call.abi_encode().into(), gas: None }
    }

    /// With so much gas at most.
    pub fn gas(mut self, gas: u64) -> Self {
        self.gas = Some(gas);
        self
    }

    fn request(&self, from: Option<Address>) -> Value {
        let mut request = json!({ "input": self.input });
        if let Some(from) = from {
            request["from"] = json!(from);
        }
        if let Some(to) = self.to {
            request["to"] = json!(to);
        }
        if let Some(gas) = self.gas {
            request["gas"] = json!(U64::from(gas));
        }
        request
    }
}

impl Client {
    /// Connects to a node and learns which chain it is. Services are those of the hub, shard 0.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let rpc = Rpc::new(url)?;
        let chain_id: U64 = rpc.call("eth_chainId", json!([])).await?;
        let fee: U256 = rpc.call("eth_gasPrice", json!([])).await?;
        let fee = u128::try_from(fee).unwrap_or(u128::MAX).max(1);
        Ok(Self { rpc, chain_id: chain_id.to(), shard: ShardId(0), fee })
    }

    /// The connection, for methods that have no function here.
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    /// The Ethereum chain id that every transaction is signed for.
    pub fn chain_id(&self) -> u64 {
        self.chain_id
    }

    /// The shard whose services and assets are called.
    pub fn shard(&self) -> ShardId {
        self.shard
    }

    /// Where a module of the protocol is called.
    pub fn service(&self, module: Module) -> Address {
        Reserved::service(self.shard, module)
    }

    /// The height of the newest block.
    pub async fn height(&self) -> Result<u64, Error> {
        Ok(self.rpc.call::<U64>("eth_blockNumber", json!([])).await?.to())
    }

    /// The next nonce of an address, not counting what waits: all before it are in blocks.
    pub async fn final_nonce(&self, address: Address) -> Result<u64, Error> {
        let params = json!([address, "latest"]);
        Ok(self.rpc.call::<U64>("eth_getTransactionCount", params).await?.to())
    }

    /// The next nonce of an address, counting what waits.
    pub async fn nonce(&self, address: Address) -> Result<u64, Error> {
        let params = json!([address, "pending"]);
        Ok(self.rpc.call::<U64>("eth_getTransactionCount", params).await?.to())
    }

    /// Asks a view function.
    pub async fn ask<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return, Error> {
        let draft = Draft::call(to, call);
        let params = json!([draft.request(None), "latest"]);
        let output: Bytes = self.rpc.call("eth_call", params).await?;
        decode_return::<C>(&output)
    }

    /// Asks one view function many times in one request.
    pub async fn ask_all<C: SolCall>(
        &self,
        calls: &[(Address, C)],
    ) -> Result<Vec<C::Return>, Error> {
        let request = |(to, call): &(Address, C)| {
            ("eth_call", json!([Draft::call(*to, call).request(None), "latest"]))
        };
        let requests: Vec<_> = calls.iter().map(request).collect();
        let answers = self.rpc.batch(&requests).await?;
        answers
            .into_iter()
            .map(|answer| decode_return::<C>(&read::<Bytes>("eth_call", answer?)?))
            .collect()
    }

    /// Gas that a transaction would use, or why it would be refused.
    pub async fn estimate(&self, from: Address, draft: &Draft) -> Result<u64, Error> {
        Ok(self.rpc.call::<U64>("eth_estimateGas", json!([draft.request(Some(from))])).await?.to())
    }

    /// Signs a draft with a nonce; `gas` is used where the draft names none.
    pub fn sign(&self, wallet: &Wallet, nonce: u64, draft: &Draft, gas: u64) -> (B256, Bytes) {
        wallet.sign(TxEip1559 {
            chain_id: self.chain_id,
            nonce,
            gas_limit: draft.gas.unwrap_or(gas),
            max_fee_per_gas: self.fee,
            max_priority_fee_per_gas: 0,
            to: draft.to.map_or(TxKind::Create, TxKind::Call),
            input: draft.input.clone(),
            ..TxEip1559::default()
        })
    }

    /// Signs and submits, and waits for the receipt. A refusal is an error, before or after inclusion.
    pub async fn send(&self, wallet: &Wallet, draft: Draft) -> Result<Receipt, Error> {
        let gas = match draft.gas {
            Some(gas) => gas,
            // State may change until the transaction is included: a quarter more than now.
            None => self.estimate(wallet.address(), &draft).await? * 5 / 4,
        };
        let nonce = self.nonce(wallet.address()).await?;
        let (_, bytes) = self.sign(wallet, nonce, &draft, gas);
        let hash: B256 = self.rpc.call("eth_sendRawTransaction", json!([bytes])).await?;
        let receipt = self.wait(hash, PATIENCE).await?;
        match receipt.is_done() {
            true => Ok(receipt),
            false => Err(self.why_refused(wallet.address(), &draft, gas).await.into()),
        }
    }

    /// Waits until a transaction is in a block.
    pub async fn wait(&self, hash: B256, patience: Duration) -> Result<Receipt, Error> {
        let started = Instant::now();
        loop {
            if let Some(receipt) = self.receipt(hash).await? {
                return Ok(receipt);
            }
            if started.elapsed() > patience {
                return Err(Error::Pending(hash, patience.as_secs()));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// The receipt of a transaction, if it is in a block.
    pub async fn receipt(&self, hash: B256) -> Result<Option<Receipt>, Error> {
        self.rpc.call("eth_getTransactionReceipt", json!([hash])).await
    }

    /// Receipts carry no words: the same call is asked again for them.
    async fn why_refused(&self, from: Address, draft: &Draft, gas: u64) -> Refusal {
        let params = json!([draft.clone().gas(gas).request(Some(from)), "latest"]);
        match self.rpc.call::<Bytes>("eth_call", params).await {
            Err(Error::Refused(refusal)) => refusal,
            _ => Refusal {
                code: 0,
                status: 0,
                reason: "the transaction changed nothing when it was included, though it would pass now; send it again".into(),
            },
        }
    }
}

fn decode_return<C: SolCall>(output: &[u8]) -> Result<C::Return, Error> {
    C::abi_decode_returns(output).map_err(|error| Error::Unreadable {
        what: C::SIGNATURE.to_owned(),
        why: error.to_string(),
    })
}

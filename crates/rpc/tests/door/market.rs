//! A small market behind a real door: four persons, one asset, blocks on demand.

#![allow(clippy::too_many_arguments)] // As the interfaces have them.

use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::TxKind;
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::SolCall;
use chain::{Chain, Genesis, Parent};
use engine::{Bundle, FinalizedBlock, ProveError, ProvedEffect, ProvedRecord, Status};
use futures::future::BoxFuture;
use identity::{ClaimGiven, GenesisPerson, PersonKind, topic};
use pool::{Limits, Pool};
use rpc::{Backend, Finality, Network, RpcConfig, Running};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::watch;
use trust::{GenesisGrant, Power};
use types::{
    Address, AssetId, B256, Block, Bytes, Header, Module, PersonId, Reserved, Seal, ShardId, Time,
    merkle_proof,
};

alloy_sol_types::sol!("../../contracts/interfaces/IIdentity.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ILedger.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ICompliance.sol");
alloy_sol_types::sol!("../../contracts/interfaces/IRefusal.sol");
alloy_sol_types::sol!("../../contracts/interfaces/ITrust.sol");
alloy_sol_types::sol!("../../contracts/interfaces/IApps.sol");
alloy_sol_types::sol!("../../contracts/interfaces/standards/IToken.sol");

pub const CHAIN_ID: u64 = 7_357;
pub const GENESIS_TIME: Time = Time(1_700_000_000_000);

/// Keys of people: 1 provider, 2 issuer, 3 Alice, 4 Bob, 5 Carol in the US; 9 is a stranger.
pub const PROVIDER: u8 = 1;
pub const ISSUER: u8 = 2;
pub const ALICE: u8 = 3;
pub const BOB: u8 = 4;
pub const CAROL: u8 = 5;
pub const STRANGER: u8 = 9;

pub fn key(person: u8) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&B256::repeat_byte(person)).unwrap()
}

pub fn wallet(person: u8) -> Address {
    key(person).address()
}

pub fn token() -> Address {
    Reserved::asset(ShardId(0), AssetId(1))
}

pub fn service(module: Module) -> Address {
    Reserved::service(ShardId(0), module)
}

/// A signed transaction that offers enough gas and fee.
pub fn signed(person: u8, nonce: u64, to: Option<Address>, input: Vec<u8>) -> Bytes {
    signed_with(person, |tx| {
        tx.nonce = nonce;
        tx.to = to.map_or(TxKind::Create, TxKind::Call);
        tx.input = input.into();
    })
}

pub fn signed_with(person: u8, change: impl FnOnce(&mut TxEip1559)) -> Bytes {
    let mut tx = TxEip1559 {
        chain_id: CHAIN_ID,
        gas_limit: 3_000_000,
        max_fee_per_gas: u128::from(evm::BASE_FEE) * 2,
        to: TxKind::Call(token()),
        ..TxEip1559::default()
    };
    change(&mut tx);
    let signature = key(person).sign_hash_sync(&tx.signature_hash()).unwrap();
    TxEnvelope::from(tx.into_signed(signature)).encoded_2718().into()
}

pub fn transfer(to: Address, units: u128) -> Vec<u8> {
    IERC20::transferCall { to, value: types::U256::from(units) }.abi_encode()
}

/// Final blocks without consensus.
pub struct Blocks {
    chain: Chain,
    known: parking_lot::Mutex<Vec<Arc<FinalizedBlock>>>,
    status: watch::Sender<Status>,
    /// Blocks before this one are no longer kept.
    pub first_kept: AtomicU64,
}

impl Blocks {
    fn get(&self, height: u64) -> Option<Arc<FinalizedBlock>> {
        let is_kept = height >= self.first_kept.load(Ordering::Relaxed);
        let known = self.known.lock();
        known.get(usize::try_from(height.checked_sub(1)?).ok()?).filter(|_| is_kept).cloned()
    }

    fn announce(&self, block: FinalizedBlock) {
        let height = block.block.header.height;
        self.known.lock().push(Arc::new(block));
        self.status.send_modify(|status| {
            status.height = Some(height);
            status.best_known = status.best_known.max(height);
        });
    }

    /// Others speak of a higher block.
    pub fn hear_of(&self, height: u64) {
        self.status.send_modify(|status| status.best_known = height);
    }
}

impl Finality for Blocks {
    fn status(&self) -> Status {
        *self.status.borrow()
    }

    fn metrics(&self) -> String {
        "engine_metric 1\n# EOF\n".to_owned()
    }

    fn reached(&self, height: u64) -> BoxFuture<'_, ()> {
        let mut status = self.status.subscribe();
        Box::pin(async move {
            let _ = status.wait_for(|status| status.height.is_some_and(|at| at >= height)).await;
        })
    }

    fn finalized(&self, height: u64) -> BoxFuture<'_, Option<Arc<FinalizedBlock>>> {
        Box::pin(async move { self.get(height) })
    }

    fn block_by_hash(&self, hash: B256) -> BoxFuture<'_, Option<Arc<Block>>> {
        let known = self.known.lock();
        let found = known.iter().find(|block| block.hash == hash).map(|known| known.block.clone());
        Box::pin(async move { found })
    }

    fn certificate(&self, height: u64) -> BoxFuture<'_, Option<Bytes>> {
        Box::pin(async move { (height % 2 == 1).then(|| Bytes::from_static(b"certificate")) })
    }

    fn prove(&self, keys: Vec<B256>) -> BoxFuture<'_, Result<Bundle, ProveError>> {
        let records = self.chain.with_base(|base| base.records());
        let of =
            |key: &B256| records.iter().find(|(known, _)| known == key).map(|(_, r)| r.clone());
        let prove = |key: B256| ProvedRecord {
            key,
            record: of(&key).map(Bytes::from),
            proof: Bytes::default(),
        };
        let records = keys.into_iter().map(prove).collect();
        let (certificate, headers, effects) = (Bytes::default(), Vec::new(), Vec::new());
        Box::pin(async move { Ok(Bundle { certificate, headers, records, effects }) })
    }

    fn prove_effects(
        &self,
        height: u64,
        effects: Vec<u32>,
    ) -> BoxFuture<'_, Result<Bundle, ProveError>> {
        Box::pin(async move {
            let block = self.get(height).ok_or(ProveError::NotKept(height))?;
            let leaves: Vec<_> = block.receipts.iter().flat_map(|r| r.effects()).collect();
            let prove = |index: u32| ProvedEffect {
                effect: leaves[index as usize].clone().into(),
                proof: merkle_proof(&leaves, index as usize).unwrap(),
            };
            let effects = effects.into_iter().map(prove).collect();
            let (certificate, headers, records) = (Bytes::default(), Vec::new(), Vec::new());
            Ok(Bundle { certificate, headers, records, effects })
        })
    }
}

pub struct Market {
    pub chain: Chain,
    pub pool: Pool,
    pub blocks: Arc<Blocks>,
    pub running: Running,
    http: reqwest::Client,
}

impl Market {
    /// A chain of height 1 behind a door.
    pub async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with an asset of 1,000,000 units, 1,000 of them Alice's; height 3.
    pub async fn with_asset() -> Self {
        let market = Self::open().await;
        market.list_asset().await;
        market
    }

    pub async fn with(change: impl FnOnce(&mut RpcConfig)) -> Self {
        let chain = Chain::new(genesis());
        let pool = Pool::new(chain.clone(), Limits::default());
        let blocks = Arc::new(Blocks {
            chain: chain.clone(),
            known: Default::default(),
            status: watch::Sender::new(Status::default()),
            first_kept: AtomicU64::new(0),
        });
        let any = ([127, 0, 0, 1], 0).into();
        let mut config = RpcConfig { listen: any, monitor: Some(any), ..RpcConfig::default() };
        // Blocks are dated by hand here.
        config.ready_block_age = std::time::Duration::MAX;
        change(&mut config);
        let network = Network { key: "ab".repeat(96), validators: 1 };
        let backend = Backend {
            chain: chain.clone(),
            pool: pool.clone(),
            engine: blocks.clone(),
            network,
            workbench: None,
        };
        let running = rpc::serve(config, backend).await.unwrap();
        let market = Self { chain, pool, blocks, running, http: reqwest::Client::new() };
        market.block().await;
        market
    }

    async fn list_asset(&self) {
        let new = ILedger::NewAsset {
            kind: 0,
            currency: String::new(),
            symbol: "ACME".into(),
            name: "Acme Inc".into(),
            decimals: 0,
            isin: "US0378331005".into(),
            cfi: "ESVUFR".into(),
            fisn: String::new(),
            lei: String::new(),
            authorised: 1_000_000,
        };
        let create = ILedger::createAssetCall { asset: new }.abi_encode();
        let rules = json!({"rules": [
            {"countries": {"side": "receiver", "mode": "deny", "countries": ["US"]}},
        ]});
        let policy =
            ICompliance::setPolicyCall { asset: 1, policy: rules.to_string(), report: B256::ZERO }
                .abi_encode();
        let legs = vec![ILedger::Leg { to: wallet(ALICE), units: 1_000 }];
        let issue = ILedger::issueBatchCall { asset: 1, class: 0, legs }.abi_encode();
        let ledger = service(Module::Ledger);
        self.send(ISSUER, Some(ledger), create).await;
        self.send(ISSUER, Some(service(Module::Compliance)), policy).await;
        self.block().await;
        self.send(ISSUER, Some(ledger), issue).await;
        let block = self.block().await;
        assert!(block.receipts.iter().all(|receipt| receipt.is_done()), "{:?}", block.receipts);
    }

    /// Sends a transaction through the door with the sender's next nonce; returns its hash.
    pub async fn send(&self, person: u8, to: Option<Address>, input: Vec<u8>) -> B256 {
        let nonce = self.ok("eth_getTransactionCount", json!([wallet(person), "pending"])).await;
        let raw = signed(person, number(&nonce), to, input);
        from(&self.ok("eth_sendRawTransaction", json!([raw])).await)
    }

    /// Makes a block of what waits, and returns once the door knows it.
    pub async fn block(&self) -> Arc<FinalizedBlock> {
        let block = self.block_unseen();
        let height = block.block.header.height;
        while number(&self.ok("eth_blockNumber", json!([])).await) < height {}
        block
    }

    /// Makes a block of what waits.
    pub fn block_unseen(&self) -> Arc<FinalizedBlock> {
        let parent = self.chain.latest();
        let time = parent.time.plus_ms(1_000);
        let (body, executed) =
            self.chain.propose(&Parent::from(&parent), time, &self.pool.candidates()).unwrap();
        let header = Header {
            shard: parent.shard,
            height: parent.height + 1,
            parent: parent.hash(),
            time,
            body_hash: Block::body_hash(&body),
            state_root: types::sha256(&[&parent.height.to_be_bytes()]),
            receipts_root: executed.receipts_root,
            gas_used: executed.gas_used,
            seal: Seal::default(),
        };
        self.chain.attach(&header, &executed);
        assert!(self.chain.finalize(&header));
        let block = Arc::new(Block { header, body });
        self.pool.finalized(&block);
        let receipts = Arc::new(executed.receipts);
        let block = FinalizedBlock { hash: block.header.hash(), block, receipts };
        self.blocks.announce(block.clone());
        Arc::new(block)
    }

    /// Sends a body and returns status and text.
    pub async fn post(&self, body: impl Into<reqwest::Body>) -> (u16, String) {
        let url = format!("http://{}", self.running.rpc);
        let request = self.http.post(url).header("content-type", "application/json");
        let response = request.body(body).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Sends a JSON body and reads a JSON answer.
    pub async fn ask(&self, body: &Value) -> Value {
        let (status, text) = self.post(body.to_string()).await;
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// The result of a call that must not fail.
    pub async fn ok(&self, method: &str, params: Value) -> Value {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let mut answer = self.ask(&body).await;
        assert!(answer.get("error").is_none(), "{method} {params}: {answer}");
        assert_eq!(answer["id"], 1);
        answer["result"].take()
    }

    /// The error of a call that must fail: its code and message.
    pub async fn refused(&self, method: &str, params: Value) -> (i64, String) {
        let error = self.error(method, params).await;
        (error["code"].as_i64().unwrap(), error["message"].as_str().unwrap().to_owned())
    }

    pub async fn error(&self, method: &str, params: Value) -> Value {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let mut answer = self.ask(&body).await;
        assert!(answer.get("result").is_none(), "{method} {params}: {answer}");
        answer["error"].take()
    }

    /// What the monitor answers: status and text.
    pub async fn monitor(&self, path: &str) -> (u16, String) {
        let url = format!("http://{}/{path}", self.running.metrics.unwrap());
        let response = self.http.get(url).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

/// A quantity as Ethereum writes it.
pub fn number(value: &Value) -> u64 {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is no quantity"));
    u64::from_str_radix(text.strip_prefix("0x").unwrap(), 16).unwrap()
}

pub fn from<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

pub fn genesis() -> Genesis {
    let person = |number: u8, residence: &str| GenesisPerson {
        wallet: wallet(number),
        kind: PersonKind::Natural,
        residence: residence.parse().unwrap(),
        provider: number == PROVIDER,
        claims: vec![ClaimGiven {
            topic: topic::KYC_NATURAL,
            value: 0,
            dated: Time(0),
            expires: Time::NEVER,
            evidence: B256::repeat_byte(number),
        }],
    };
    let persons = vec![
        person(PROVIDER, "CH"),
        person(ISSUER, "CH"),
        person(ALICE, "DE"),
        person(BOB, "FR"),
        person(CAROL, "US"),
    ];
    let grant = |person: u8, powers: &[Power]| GenesisGrant {
        person: PersonId(person.into()),
        powers: powers.to_vec(),
    };
    Genesis {
        name: "test market".into(),
        chain_id: CHAIN_ID,
        shard: ShardId(0),
        time: GENESIS_TIME,
        limits: Default::default(),
        identity: identity::Genesis { recovery_delay_ms: 1_000, persons },
        trust: trust::Genesis {
            fuel: Default::default(),
            grants: vec![
                grant(PROVIDER, &[Power::Admin, Power::Orders]),
                grant(ISSUER, &[Power::CreateAsset]),
            ],
        },
    }
}

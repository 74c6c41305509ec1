//! A small market whose blocks are made, executed and finalized by hand.
//!
//! Persons: 1 kyc (the provider, with the network's powers), 2 issuer, then one for each holder named
//! `holder 0`, `holder 1`, … Asset 1 is ACME; after [`Market::open`] every holder has 1,000 of it.

#![allow(dead_code)]
#![allow(clippy::too_many_arguments)] // As the interfaces have them.

use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::TxKind;
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{SolCall, sol};
use chain::{Chain, Executed, Genesis, Parent};
use identity::{ClaimGiven, PersonKind, genesis::GenesisPerson, topic};
use trust::{Power, genesis::GenesisGrant};
use types::{
    Address, AssetId, B256, Block, BlockLimits, Bytes, Header, Module, PersonId, Reserved, Seal,
    ShardId, Time, U256, sha256,
};

sol!("../../contracts/interfaces/IIdentity.sol");
sol!("../../contracts/interfaces/ITrust.sol");
sol!("../../contracts/interfaces/ICompliance.sol");
sol!("../../contracts/interfaces/ILedger.sol");
sol!("../../contracts/interfaces/standards/IToken.sol");

pub const CHAIN_ID: u64 = 31_337;
pub const START: Time = Time(1_790_000_000_000);
pub const GAS: u64 = 2_000_000;

pub fn signer(name: &str) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&sha256(&[b"scrip test wallet", name.as_bytes()])).expect("a key")
}

pub fn wallet(name: &str) -> Address {
    signer(name).address()
}

pub fn holder(number: usize) -> String {
    format!("holder {number}")
}

pub fn service(module: Module) -> Address {
    Reserved::service(ShardId(0), module)
}

pub fn acme() -> Address {
    Reserved::asset(ShardId(0), AssetId(1))
}

/// A genesis with so many holders.
pub fn genesis(holders: usize) -> Genesis {
    let person = |name: &str, kind, provider| {
        let topic = if kind == PersonKind::Natural { topic::KYC_NATURAL } else { topic::KYB };
        let claim = ClaimGiven {
            topic,
            value: 0,
            dated: Time(0),
            expires: Time::NEVER,
            evidence: B256::ZERO,
        };
        let residence = "DE".parse().expect("a country");
        GenesisPerson { wallet: wallet(name), kind, residence, provider, claims: vec![claim] }
    };
    let mut persons =
        vec![person("kyc", PersonKind::Entity, true), person("issuer", PersonKind::Entity, false)];
    persons.extend((0..holders).map(|n| person(&holder(n), PersonKind::Natural, false)));
    let network = vec![
        Power::Admin,
        Power::Providers,
        Power::Sanctions,
        Power::Orders,
        Power::Fuel,
        Power::Law,
        Power::Apps,
    ];
    let grants = vec![
        GenesisGrant { person: PersonId(1), powers: network },
        GenesisGrant { person: PersonId(2), powers: vec![Power::CreateAsset] },
    ];
    Genesis {
        name: "market".into(),
        chain_id: CHAIN_ID,
        shard: ShardId(0),
        time: START,
        limits: BlockLimits::default(),
        identity: identity::Genesis { recovery_delay_ms: 1_000, persons },
        trust: trust::Genesis { fuel: trust::FuelSchedule::default(), grants },
    }
}

/// What a transaction says, before it is signed.
pub fn transaction(nonce: u64, to: Option<Address>, input: Vec<u8>) -> TxEip1559 {
    TxEip1559 {
        chain_id: CHAIN_ID,
        nonce,
        gas_limit: GAS,
        max_fee_per_gas: u128::from(evm::BASE_FEE),
        max_priority_fee_per_gas: 0,
        to: to.map_or(TxKind::Create, TxKind::Call),
        value: U256::ZERO,
        access_list: Default::default(),
        input: input.into(),
    }
}

pub fn sign(name: &str, tx: TxEip1559) -> Bytes {
    let signature = signer(name).sign_hash_sync(&tx.signature_hash()).expect("signs");
    TxEnvelope::from(tx.into_signed(signature)).encoded_2718().into()
}

pub fn signed(name: &str, nonce: u64, to: Address, call: impl SolCall) -> Bytes {
    sign(name, transaction(nonce, Some(to), call.abi_encode()))
}

pub fn transfer(name: &str, nonce: u64, to: &str, units: u64) -> Bytes {
    let call = IERC20::transferCall { to: wallet(to), value: U256::from(units) };
    signed(name, nonce, acme(), call)
}

/// What opens the market: ACME, its policy, and 1,000 units for each holder.
pub fn opening(holders: usize) -> Vec<Bytes> {
    let asset = ILedger::NewAsset {
        kind: 0,
        currency: String::new(),
        symbol: "ACME".into(),
        name: "ACME Inc. shares".into(),
        decimals: 0,
        isin: String::new(),
        cfi: "ESVUFR".into(),
        fisn: String::new(),
        lei: String::new(),
        authorised: 1 << 60,
    };
    let policy = r#"{"rules":[{"claim":{"side":"receiver","topic":1}}]}"#.to_owned();
    let mut body = vec![
        signed("issuer", 0, service(Module::Ledger), ILedger::createAssetCall { asset }),
        signed(
            "issuer",
            1,
            service(Module::Compliance),
            ICompliance::setPolicyCall { asset: 1, policy, report: B256::ZERO },
        ),
    ];
    for (nonce, from) in (2..).zip((0..holders).step_by(500)) {
        let to = |n| ILedger::Leg { to: wallet(&holder(n)), units: 1_000 };
        let legs = (from..holders.min(from + 500)).map(to).collect();
        let call = ILedger::issueBatchCall { asset: 1, class: 0, legs };
        let mut tx = transaction(nonce, Some(service(Module::Ledger)), call.abi_encode());
        tx.gas_limit = 20_000_000;
        body.push(sign("issuer", tx));
    }
    body
}

/// A chain, and the block that the next one stands on.
pub struct Market {
    pub chain: Chain,
    pub tip: Header,
}

impl Market {
    pub fn of(genesis: Genesis) -> Self {
        let chain = Chain::new(genesis);
        let tip = chain.genesis_header().clone();
        Self { chain, tip }
    }

    /// ACME is there and every holder has some.
    pub fn open(holders: usize) -> Self {
        let mut market = Self::of(genesis(holders));
        let (block, executed) = market.block(&opening(holders));
        assert!(executed.receipts.iter().all(|receipt| receipt.is_done()));
        assert_eq!(block.body.len(), opening(holders).len());
        market
    }

    pub fn parent(&self) -> Parent {
        Parent::from(&self.tip)
    }

    pub fn next_time(&self) -> Time {
        Time(self.tip.time.0 + 1_000)
    }

    /// The next block with what of these can be included; nothing is remembered of it.
    pub fn propose(&self, candidates: &[Bytes]) -> (Block, Executed) {
        let (parent, time) = (self.parent(), self.next_time());
        let (body, executed) =
            self.chain.propose(&parent, time, candidates).expect("a known parent");
        (self.assemble(body, &executed), executed)
    }

    pub fn assemble(&self, body: Vec<Bytes>, executed: &Executed) -> Block {
        let header = Header {
            shard: ShardId(0),
            height: self.tip.height + 1,
            parent: self.tip.hash(),
            time: self.next_time(),
            body_hash: Block::body_hash(&body),
            state_root: B256::ZERO,
            receipts_root: executed.receipts_root,
            gas_used: executed.gas_used,
            seal: Seal::default(),
        };
        Block { header, body }
    }

    /// Makes the next block of these, and makes it final.
    pub fn block(&mut self, candidates: &[Bytes]) -> (Block, Executed) {
        let (block, executed) = self.propose(candidates);
        self.adopt(&block, &executed);
        (block, executed)
    }

    pub fn adopt(&mut self, block: &Block, executed: &Executed) {
        self.chain.attach(&block.header, executed);
        assert!(self.chain.finalize(&block.header));
        self.tip = block.header.clone();
    }

    pub fn balance(&self, name: &str) -> u128 {
        self.chain.read(|ctx| {
            let account = identity::account_of(ctx, &wallet(name)).expect("registered");
            ledger::balance(ctx, AssetId(1), account).0
        })
    }
}

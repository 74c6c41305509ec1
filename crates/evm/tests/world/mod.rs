//! A small market on an empty chain, driven through signed transactions only.
//!
//! Persons: 1 kyc (the provider, with the network's powers), 2 issuer, 3 alice, 4 bob, 5 carol,
//! 6 dave (in the US). Asset 1 is ACME, of which alice has 1,000.

#![allow(dead_code)]
#![allow(clippy::too_many_arguments)] // As the interfaces have them.

use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::{eip2718::Encodable2718, eip2930::AccessList};
use alloy_primitives::{TxKind, hex};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{SolCall, SolEvent, SolValue, sol};
use evm::{BASE_FEE, CallRequest, NotIncludable, Signed, TxLimits};
use identity::{ClaimGiven, PersonKind, topic};
use state::{Base, Change, Context, Env, Schema, View};
use std::collections::BTreeMap;
use trust::Power;
use types::{
    Address, AssetId, B256, BlockLimits, Bytes, EthLog, Module, Outcome, PersonId, Receipt,
    Reserved, ShardId, Time, U256, sha256,
};

sol!("../../contracts/interfaces/IRefusal.sol");
sol!("../../contracts/interfaces/IIdentity.sol");
sol!("../../contracts/interfaces/ITrust.sol");
sol!("../../contracts/interfaces/IApps.sol");
sol!("../../contracts/interfaces/ICompliance.sol");
sol!("../../contracts/interfaces/ILedger.sol");
sol!("../../contracts/interfaces/standards/IToken.sol");
sol!("tests/contracts/Script.sol");

/// What stands for the report of a dry run where rules are changed.
pub const REPORT: B256 = B256::repeat_byte(1);
pub const CHAIN_ID: u64 = 31_337;
pub const NOW: Time = Time(1_790_000_000_000);
pub const GAS: u64 = 20_000_000;
pub const ACME: AssetId = AssetId(1);

/// The code of a contract in `tests/contracts`, with its constructor's arguments.
pub fn code(name: &str, arguments: &[u8]) -> Bytes {
    let path = format!("{}/tests/contracts/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("checked in");
    [hex::decode(text.trim()).expect("hex"), arguments.to_vec()].concat().into()
}

pub fn signer(name: &str) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&sha256(&[b"scrip test wallet", name.as_bytes()])).expect("a key")
}

pub fn wallet(name: &str) -> Address {
    signer(name).address()
}

pub fn service(module: Module) -> Address {
    Reserved::service(ShardId(0), module)
}

pub fn token(asset: AssetId) -> Address {
    Reserved::asset(ShardId(0), asset)
}

pub fn acme() -> Address {
    token(ACME)
}

pub fn schema() -> Schema {
    let schema = compliance::tables(trust::tables(identity::tables(Schema::default())));
    evm::tables(ledger::tables(schema))
}

pub fn limits() -> TxLimits {
    TxLimits::of_block(BlockLimits::default().gas)
}

/// Signs an EIP-1559 transaction.
pub fn sign(name: &str, tx: TxEip1559) -> Bytes {
    let signature = signer(name).sign_hash_sync(&tx.signature_hash()).expect("signs");
    TxEnvelope::from(tx.into_signed(signature)).encoded_2718().into()
}

pub fn transaction(nonce: u64, to: Option<Address>, input: Bytes) -> TxEip1559 {
    TxEip1559 {
        chain_id: CHAIN_ID,
        nonce,
        gas_limit: GAS,
        max_fee_per_gas: u128::from(BASE_FEE),
        max_priority_fee_per_gas: 0,
        to: to.map_or(TxKind::Create, TxKind::Call),
        value: U256::ZERO,
        access_list: AccessList::default(),
        input,
    }
}

pub fn signed(name: &str, tx: TxEip1559) -> Signed {
    evm::decode(&sign(name, tx), CHAIN_ID).expect("well-formed")
}

pub struct World {
    pub ctx: Context<'static>,
    base: &'static Base,
}

impl World {
    /// Persons and powers, and no assets.
    pub fn empty() -> Self {
        let base: &'static Base = Box::leak(Box::new(Base::new(&schema())));
        let env = Env {
            shard: ShardId(0),
            chain_id: CHAIN_ID,
            height: 1,
            time: NOW,
            guest_gas: 30_000_000,
            gas_limit: 2_000_000_000,
        };
        let mut ctx = Context::new(View::of(base), env);
        let claim = |topic| ClaimGiven {
            topic,
            value: 0,
            dated: Time(0),
            expires: Time::NEVER,
            evidence: B256::ZERO,
        };
        let person =
            |name: &str, kind, residence: &str, provider| identity::genesis::GenesisPerson {
                wallet: wallet(name),
                kind,
                residence: residence.parse().expect("a country"),
                provider,
                claims: vec![claim(if kind == PersonKind::Natural {
                    topic::KYC_NATURAL
                } else {
                    topic::KYB
                })],
            };
        let persons = vec![
            person("kyc", PersonKind::Entity, "DE", true),
            person("issuer", PersonKind::Entity, "DE", false),
            person("alice", PersonKind::Natural, "DE", false),
            person("bob", PersonKind::Natural, "FR", false),
            person("carol", PersonKind::Natural, "DE", false),
            person("dave", PersonKind::Natural, "US", false),
        ];
        identity::genesis::apply(
            &mut ctx,
            &identity::Genesis { recovery_delay_ms: 1_000, persons },
        )
        .expect("persons");
        let network = [
            Power::Admin,
            Power::Providers,
            Power::Sanctions,
            Power::Orders,
            Power::Fuel,
            Power::Law,
            Power::Apps,
        ];
        let grant = |person, powers: &[Power]| trust::genesis::GenesisGrant {
            person: PersonId(person),
            powers: powers.to_vec(),
        };
        let grants = vec![grant(1, &network), grant(2, &[Power::CreateAsset])];
        trust::genesis::apply(
            &mut ctx,
            &trust::Genesis { fuel: trust::FuelSchedule::default(), grants },
        )
        .expect("grants");
        ctx.settle();
        Self { ctx, base }
    }

    /// ACME exists, may move among persons under due diligence, and alice has 1,000 of it.
    pub fn new() -> Self {
        let mut world = Self::empty();
        world.create("ACME");
        let policy = r#"{"rules":[{"claim":{"side":"receiver","topic":1}}]}"#.to_owned();
        world.ok(
            "issuer",
            service(Module::Compliance),
            ICompliance::setPolicyCall { asset: ACME.0, policy, report: B256::ZERO },
        );
        world.ok(
            "issuer",
            acme(),
            IERC3643::mintCall { to: wallet("alice"), amount: U256::from(1_000) },
        );
        world
    }

    /// Creates a share with this symbol.
    pub fn create(&mut self, symbol: &str) -> Address {
        let output = self.ok("issuer", service(Module::Ledger), new_asset(symbol));
        ILedger::createAssetCall::abi_decode_returns_validate(&output)
            .expect("number and token")
            .token
    }

    /// Does something, and gives the records that differ afterwards.
    pub fn changes(&mut self, work: impl FnOnce(&mut Self)) -> Vec<Change> {
        self.fold();
        work(self);
        self.fold()
    }

    /// A block of its own on what was last folded into the base.
    pub fn next_block(&self) -> Context<'static> {
        Context::new(View::of(self.base), self.ctx.env)
    }

    /// Begins a new block: what changed becomes the base.
    fn fold(&mut self) -> Vec<Change> {
        let env = self.ctx.env;
        let empty = Context::new(View::of(self.base), env);
        let (_, changes) = std::mem::replace(&mut self.ctx, empty).finish();
        let mut records: BTreeMap<_, _> = self.base.records().into_iter().collect();
        for Change { key, record } in changes.clone() {
            match record {
                Some(record) => drop(records.insert(key, record)),
                None => drop(records.remove(&key)),
            }
        }
        let mut base = Base::new(&schema());
        records.values().for_each(|record| base.load(record).expect("a record"));
        self.base = Box::leak(Box::new(base));
        self.ctx = Context::new(View::of(self.base), env);
        changes
    }

    pub fn next_nonce(&self, name: &str) -> u64 {
        evm::nonce(&self.ctx, &wallet(name))
    }

    /// Executes a transaction that may be included.
    pub fn execute(&mut self, name: &str, tx: TxEip1559) -> Receipt {
        self.try_execute(name, tx).expect("may be included")
    }

    pub fn try_execute(&mut self, name: &str, tx: TxEip1559) -> Result<Receipt, NotIncludable> {
        evm::execute(&mut self.ctx, &signed(name, tx), &limits(), u64::MAX)
    }

    /// Why what a person has to say against what binds it is not included.
    pub fn objection(&mut self, name: &str, to: Address, call: impl SolCall) -> String {
        let tx = transaction(self.next_nonce(name), Some(to), call.abi_encode().into());
        match self.try_execute(name, tx) {
            Err(NotIncludable::Objection(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    pub fn send_raw(
        &mut self,
        name: &str,
        to: Option<Address>,
        input: impl Into<Bytes>,
    ) -> Receipt {
        let tx = transaction(self.next_nonce(name), to, input.into());
        self.execute(name, tx)
    }

    pub fn send<C: SolCall>(&mut self, name: &str, to: Address, call: C) -> Receipt {
        self.send_raw(name, Some(to), call.abi_encode())
    }

    /// Sends what must be done, and gives its return value.
    #[track_caller]
    pub fn ok<C: SolCall>(&mut self, name: &str, to: Address, call: C) -> Bytes {
        done(&self.send(name, to, call))
    }

    /// Sends what must be refused, and gives its code, status and words.
    #[track_caller]
    pub fn refused<C: SolCall>(&mut self, name: &str, to: Address, call: C) -> (u16, u8, String) {
        refusal(&self.send(name, to, call).outcome)
    }

    #[track_caller]
    pub fn deploy(&mut self, name: &str, code: Bytes) -> Address {
        let receipt = self.send_raw(name, None, code);
        done(&receipt);
        receipt.created.expect("a contract")
    }

    /// A contract that does as it is told.
    #[track_caller]
    pub fn script(&mut self) -> Address {
        self.deploy("alice", code("Script", &Vec::<Script::Step>::new().abi_encode()))
    }

    /// Asks, as `eth_call` does, and leaves no trace.
    pub fn call(&mut self, name: &str, to: Address, input: Vec<u8>) -> evm::Called {
        let mark = self.ctx.mark();
        let (from, input) = (wallet(name), input.into());
        let access_list = AccessList::default();
        let request = CallRequest { from, to: Some(to), input, gas: GAS, access_list };
        let called = evm::call(&mut self.ctx, &request);
        self.ctx.rollback(mark);
        called
    }

    #[track_caller]
    pub fn view<C: SolCall>(&mut self, to: Address, call: C) -> C::Return {
        let outcome = self.call("carol", to, call.abi_encode()).outcome;
        let Outcome::Done(output) = outcome else { panic!("{outcome:?}: {:?}", words(&outcome)) };
        C::abi_decode_returns_validate(&output).expect("what the interface says")
    }

    pub fn units(&self, holder: Address) -> u128 {
        let account = identity::account_of(&self.ctx, &holder).expect("registered");
        ledger::balance(&self.ctx, ACME, account).0
    }

    pub fn balance(&self, name: &str) -> u128 {
        self.units(wallet(name))
    }

    /// Makes a contract a person's wallet, so that it can hold.
    #[track_caller]
    pub fn register(&mut self, holder: Address) {
        let claim = IIdentity::Claim {
            topic: 1,
            value: 0,
            dated: 0,
            expires: u64::MAX,
            evidence: B256::ZERO,
        };
        let registration = IIdentity::Registration {
            wallet: holder,
            kind: 1,
            residence: (*b"DE").into(),
            uniqueness: sha256(&[b"contract", holder.as_slice()]),
            claims: vec![claim],
        };
        self.ok(
            "kyc",
            service(Module::Identity),
            IIdentity::registerCall { registrations: vec![registration] },
        );
    }

    /// Lets a spender move so much of a holder's ACME.
    #[track_caller]
    pub fn approve(&mut self, name: &str, spender: Address, units: u128) {
        self.ok(name, acme(), IERC20::approveCall { spender, value: U256::from(units) });
    }
}

pub fn new_asset(symbol: &str) -> ILedger::createAssetCall {
    let asset = ILedger::NewAsset {
        kind: 0,
        currency: String::new(),
        symbol: symbol.into(),
        name: format!("{symbol} Inc. shares"),
        decimals: 0,
        isin: String::new(),
        cfi: "ESVUFR".into(),
        fisn: String::new(),
        lei: String::new(),
        authorised: 1_000_000,
    };
    ILedger::createAssetCall { asset }
}

#[track_caller]
pub fn done(receipt: &Receipt) -> Bytes {
    match &receipt.outcome {
        Outcome::Done(output) => output.clone(),
        other => panic!("{other:?}: {:?}", words(other)),
    }
}

#[track_caller]
pub fn refusal(outcome: &Outcome) -> (u16, u8, String) {
    use alloy_sol_types::SolError;
    let Outcome::Refused(data) = outcome else { panic!("not refused: {outcome:?}") };
    let IRefusal::Refused { code, status, reason } =
        IRefusal::Refused::abi_decode(data).expect("Refused");
    (code, status.0[0], reason)
}

pub fn words(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Refused(data) => evm::reason_of(data),
        _ => None,
    }
}

/// The logs of one event at one address, decoded.
pub fn logs<E: SolEvent>(all: &[EthLog], address: Address) -> Vec<E> {
    let topics = |log: &EthLog| log.topics.first() == Some(&E::SIGNATURE_HASH);
    all.iter()
        .filter(|log| log.address == address && topics(log))
        .map(|log| {
            E::decode_raw_log_validate(log.topics.iter().copied(), &log.data).expect("its event")
        })
        .collect()
}

/// A plain call in a script.
pub fn step(to: Address, data: Vec<u8>) -> Script::Step {
    Script::Step { kind: 0, to, value: U256::ZERO, data: data.into(), must: false }
}

pub fn transfer_from(from: &str, to: &str, units: u128) -> Vec<u8> {
    IERC20::transferFromCall { from: wallet(from), to: wallet(to), value: U256::from(units) }
        .abi_encode()
}

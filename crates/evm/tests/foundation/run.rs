//! The ways in which a test's transaction is run, and the state that it leaves.

use super::{
    vector::{Post, StateTest, Variation},
    why::Seen,
};
use crate::{
    ACCOUNTS, BASE_FEE, CODE, CREATORS, Code, NotIncludable, STORAGE, TxLimits,
    guest::{self, GuestCall, Machine},
};
use alloy_consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy_eips::eip2718::Encodable2718;
use alloy_primitives::{Log, TxKind, keccak256};
use alloy_signer::SignerSync;
use alloy_signer_local::PrivateKeySigner;
use alloy_trie::{
    EMPTY_ROOT_HASH, TrieAccount,
    root::{state_root_unhashed, storage_root_unhashed},
};
use identity::{ClaimGiven, PersonKind, topic};
use revm::{
    ExecuteEvm, InspectEvm,
    context::{ContextTr, JournalTr, TxEnv},
    handler::instructions::EthInstructions,
    primitives::{KECCAK_EMPTY, hardfork::SpecId},
    state::{AccountStatus, EvmState},
};
use state::{Base, Change, Context, Env, Schema, View, take_apart};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use types::{Address, B256, EthLog, ShardId, Time, U256, decode};

/// The chain id of the tests.
pub const CHAIN_ID: u64 = 1;
/// How the price of a blob's gas grew under the rules of Cancun.
const BLOB_FRACTION: u64 = 3_338_477;

/// A chain on which the tests' senders are persons with fuel, and nothing else is.
pub struct Ground {
    base: Base,
}

/// What a run left.
pub struct After {
    /// The root that Ethereum gives such accounts.
    pub root: B256,
    /// The hash of the logs.
    pub logs: B256,
    /// Gas.
    pub gas_used: u64,
    /// True if the transaction was refused, and no block could have it.
    pub refused: bool,
}

impl After {
    /// True if it is what a test says.
    pub fn is(&self, post: &Post) -> bool {
        let is_expected = self.refused == post.expect_exception.is_some();
        is_expected && self.root == post.hash && self.logs == post.logs
    }
}

impl Ground {
    pub fn of(senders: &BTreeSet<Address>) -> Self {
        let schema = compliance::tables(trust::tables(identity::tables(Schema::default())));
        let schema = crate::tables(ledger::tables(schema));
        let empty = Base::new(&schema);
        let mut ctx = Context::new(View::of(&empty), env(0, 0, u64::MAX));
        let claim = ClaimGiven {
            topic: topic::KYC_NATURAL,
            value: 0,
            dated: Time(0),
            expires: Time::NEVER,
            evidence: B256::ZERO,
        };
        let person = |wallet: &Address| identity::genesis::GenesisPerson {
            wallet: *wallet,
            kind: PersonKind::Natural,
            residence: "DE".parse().expect("a country"),
            provider: false,
            claims: vec![claim],
        };
        let mut persons: Vec<_> = senders.iter().map(person).collect();
        persons[0].provider = true;
        let persons = identity::Genesis { recovery_delay_ms: 0, persons };
        identity::genesis::apply(&mut ctx, &persons).expect("persons");
        let fuel = trust::FuelSchedule { verified_capacity: u64::MAX, ..Default::default() };
        trust::genesis::apply(&mut ctx, &trust::Genesis { fuel, grants: Vec::new() })
            .expect("fuel");
        let mut base = Base::new(&schema);
        for change in ctx.finish().1 {
            base.load(&change.record.expect("nothing is deleted")).expect("a record");
        }
        Self { base }
    }

    /// The first block.
    pub fn first_block(&self) -> Context<'_> {
        Context::new(View::of(&self.base), env(1, 0, u64::MAX))
    }

    /// A block of the test's number and time, on the test's accounts.
    pub fn block(&self, test: &StateTest) -> Context<'_> {
        let block = &test.env;
        let (number, secs) = (block.current_number.to(), block.current_timestamp.to());
        let env = env(number, secs, block.current_gas_limit.to());
        let mut ctx = Context::new(View::of(&self.base), env);
        for (address, account) in &test.pre {
            let code = (!account.code.is_empty()).then(|| keccak256(&account.code));
            if let Some(hash) = code {
                CODE.put(&mut ctx, &hash, Code(Arc::new(account.code.to_vec())));
            }
            let nonce = account.nonce.to();
            if nonce > 0 || code.is_some() {
                ACCOUNTS.put(&mut ctx, address, crate::Account { nonce, code });
            }
            for (slot, word) in account.words() {
                STORAGE.put(&mut ctx, &(*address, slot), word);
            }
        }
        ctx.settle();
        ctx
    }

    /// As the chain has it and with nothing lent: signed with the sender's key at the chain's price, decoded, admitted
    /// and executed. The ether that the test's own price would have cost is reckoned beside it.
    ///
    /// `None` if the transaction cannot be sent, as it moves ether.
    pub fn sent(
        &self,
        test: &StateTest,
        one: &Variation<'_>,
        expected: Option<&str>,
    ) -> Option<After> {
        if one.kind == 3 {
            return Some(self.refused(test));
        }
        // What is refused is refused without its value, which the chain refuses first of all.
        if !one.value.is_zero() && expected.is_none() {
            return None;
        }
        let base_fee = test.env.current_base_fee.to();
        let most = u128::from(BASE_FEE) - u128::from(one.price < base_fee);
        let is_tip_higher = one.tip.is_some_and(|tip| tip > one.price);
        let tx = TxEip1559 {
            chain_id: CHAIN_ID,
            nonce: test.transaction.nonce.try_into().ok()?,
            gas_limit: one.gas,
            max_fee_per_gas: most,
            max_priority_fee_per_gas: if is_tip_higher { most + 1 } else { 0 },
            to: one.to.map_or(TxKind::Create, TxKind::Call),
            value: U256::ZERO,
            access_list: one.access_list.clone(),
            input: one.data.clone(),
        };
        let key = PrivateKeySigner::from_bytes(&test.transaction.secret_key).expect("a key");
        let signature = key.sign_hash_sync(&tx.signature_hash()).expect("signs");
        let bytes = TxEnvelope::from(tx.into_signed(signature)).encoded_2718().into();
        let signed = crate::decode(&bytes, CHAIN_ID).ok()?;
        assert_eq!(signed.sender, test.transaction.sender);
        let mut ctx = self.block(test);
        let limits = TxLimits { gas: ctx.env.gas_limit };
        match crate::execute(&mut ctx, &signed, &limits, u64::MAX) {
            Ok(receipt) => {
                let mut ether = Ether::of(test);
                ether.pay(test, receipt.gas_used, one.price_at(base_fee), base_fee)?;
                Some(After {
                    root: root(ctx, &ether),
                    logs: logs_hash(receipt.logs),
                    gas_used: receipt.gas_used,
                    refused: false,
                })
            }
            Err(refusal) => {
                let is_why = expected.is_some_and(|names| is_said(&refusal, names));
                is_why.then(|| After { root: root(ctx, &Ether::of(test)), ..self.refused(test) })
            }
        }
    }

    /// After a transaction that stands in no block.
    pub fn refused(&self, test: &StateTest) -> After {
        After {
            root: root(self.block(test), &Ether::of(test)),
            logs: logs_hash(Vec::new()),
            gas_used: 0,
            refused: true,
        }
    }

    /// With the test's ether, prices and block put into the machine that runs guests; all else is the chain's. By the
    /// rules of another fork if one is named.
    pub fn lent(
        &self,
        test: &StateTest,
        one: &Variation<'_>,
        rules: Option<SpecId>,
        seen: Option<&mut Seen>,
    ) -> (After, EvmState) {
        let mut ctx = self.block(test);
        let mut ether = Ether::of(test);
        let call = GuestCall {
            from: test.transaction.sender,
            to: one.to,
            input: one.data.clone(),
            gas: one.gas,
            nonce: test.transaction.nonce.to(),
            access_list: one.access_list.clone(),
        };
        let start = ctx.mark();
        let (mut machine, mut tx) = guest::machine(&mut ctx, call, false, Seen::nothing());
        if let Some(rules) = rules {
            machine.ctx.cfg.set_spec_and_mainnet_gas_params(rules);
            machine.instruction = EthInstructions::new_mainnet_with_spec(rules);
        }
        lend(&mut machine, &mut tx, test, one);
        ether.lend(&mut machine);
        let ran = if seen.is_some() { machine.inspect_tx(tx) } else { machine.transact(tx) };
        let refused = ran.is_err();
        let state = ran.as_ref().map_or_else(|_| EvmState::default(), |done| done.state.clone());
        ether.follow(&state);
        if let Some(seen) = seen {
            *seen = machine.inspector;
        }
        let ctx_after = machine.ctx.journaled_state.database.ctx;
        let done = guest::conclude(ctx_after, test.transaction.sender, start, one.gas, false, ran);
        let after = After {
            root: root(ctx, &ether),
            logs: logs_hash(done.logs),
            gas_used: done.gas_used,
            refused,
        };
        (after, state)
    }
}

fn env(height: u64, secs: u64, gas_limit: u64) -> Env {
    Env {
        shard: ShardId(0),
        chain_id: CHAIN_ID,
        height,
        time: Time::from_secs(secs),
        guest_gas: u64::MAX,
        gas_limit,
    }
}

/// Puts the test's block and prices in place of the chain's.
fn lend<I>(
    machine: &mut Machine<'_, '_, I>,
    tx: &mut TxEnv,
    test: &StateTest,
    one: &Variation<'_>,
) {
    machine.ctx.cfg.disable_fee_charge = false;
    let block = &mut machine.ctx.block;
    block.beneficiary = test.env.current_coinbase;
    block.difficulty = test.env.current_difficulty;
    block.prevrandao = test.env.current_random;
    block.basefee = test.env.current_base_fee.to();
    block.set_blob_excess_gas_and_price(test.env.current_excess_blob_gas.to(), BLOB_FRACTION);
    tx.tx_type = one.kind;
    tx.value = one.value;
    tx.gas_price = one.price;
    tx.gas_priority_fee = one.tip;
    tx.max_fee_per_blob_gas = one.blob_price;
    tx.blob_hashes = test.transaction.blob_versioned_hashes.clone();
}

/// Ether, which the chain's state has no place for: what each account has. An account without nonce and code exists
/// if it stands here.
struct Ether(BTreeMap<Address, U256>);

impl Ether {
    fn of(test: &StateTest) -> Self {
        Self(test.pre.iter().map(|(address, account)| (*address, account.balance)).collect())
    }

    /// Gives every account in the machine its ether. None of them is warm afterwards.
    fn lend<I>(&self, machine: &mut Machine<'_, '_, I>) {
        let journal = machine.ctx.journal_mut();
        for (address, balance) in &self.0 {
            let Ok(_) = journal.load_account(*address);
            let account = journal.state.get_mut(address).expect("loaded");
            account.info.balance = *balance;
            account.status.remove(AccountStatus::LoadedAsNotExisting);
        }
        journal.commit_tx();
    }

    /// Takes over what accounts have after a run; who is empty then is gone.
    fn follow(&mut self, state: &EvmState) {
        for (address, account) in state.iter().filter(|(_, account)| account.is_touched()) {
            let is_nobody = account.is_empty() && !account.is_created();
            if account.is_selfdestructed() || is_nobody {
                self.0.remove(address);
            } else {
                self.0.insert(*address, account.info.balance);
            }
        }
    }

    /// Takes the gas from the sender, and gives the tip to whoever made the block. `None` if the sender has less.
    fn pay(&mut self, test: &StateTest, gas: u64, price: u128, base_fee: u128) -> Option<()> {
        let times = |price: u128| U256::from(gas) * U256::from(price);
        let has = self.0.entry(test.transaction.sender).or_default();
        *has = has.checked_sub(times(price))?;
        let tip = times(price - base_fee);
        if !tip.is_zero() {
            *self.0.entry(test.env.current_coinbase).or_default() += tip;
        }
        Some(())
    }
}

/// The root that Ethereum gives the accounts that the chain's tables hold, and the ether beside them. Fails if a block
/// wrote anything but accounts, code and its creator, words and the fuel that a sender used.
fn root(ctx: Context<'_>, ether: &Ether) -> B256 {
    let mut accounts: BTreeMap<Address, crate::Account> = BTreeMap::new();
    let mut words: BTreeMap<Address, Vec<(B256, U256)>> = BTreeMap::new();
    let mut codes = BTreeSet::new();
    for Change { record, .. } in ctx.finish().1 {
        let record = record.expect("a record that was there before is not deleted");
        let (table, key, record) = take_apart(&record).expect("a record");
        if table == ACCOUNTS.number() {
            accounts.insert(read(key), read(record));
        } else if table == STORAGE.number() {
            let (address, slot): (Address, U256) = read(key);
            let word: U256 = read(record);
            assert!(!word.is_zero(), "a word of zero has no record");
            words.entry(address).or_default().push((slot.into(), word));
        } else if table == CODE.number() {
            let code: Code = read(record);
            assert_eq!(keccak256(&*code.0), read::<B256>(key), "code by its hash");
            codes.insert(keccak256(&*code.0));
        } else if table != CREATORS.number() {
            assert_eq!(table, trust::TANKS.number(), "a test writes no native records");
        }
    }
    let all: BTreeSet<_> = accounts.keys().chain(words.keys()).chain(ether.0.keys()).collect();
    let account = |address: &&Address| {
        let account = accounts.get(*address).copied().unwrap_or_default();
        assert!(account.code.is_none_or(|hash| codes.contains(&hash)), "code of {address}");
        let words = words.get(*address).cloned();
        let account = TrieAccount {
            nonce: account.nonce,
            balance: ether.0.get(*address).copied().unwrap_or_default(),
            storage_root: words.map_or(EMPTY_ROOT_HASH, storage_root_unhashed),
            code_hash: account.code.unwrap_or(KECCAK_EMPTY),
        };
        (**address, account)
    };
    state_root_unhashed(all.iter().map(account))
}

fn read<T: borsh::BorshDeserialize>(bytes: &[u8]) -> T {
    decode(bytes).expect("as it was written")
}

fn logs_hash(logs: Vec<EthLog>) -> B256 {
    let log = |log: EthLog| Log::new_unchecked(log.address, log.topics, log.data);
    let logs: Vec<Log> = logs.into_iter().map(log).collect();
    keccak256(alloy_rlp::encode(logs))
}

/// True if a refusal is what the tests call by one of these names, parted by bars.
pub fn is_said(refusal: &NotIncludable, names: &str) -> bool {
    let name = match refusal {
        NotIncludable::Intrinsic { .. } => "INTRINSIC_GAS_TOO_LOW",
        NotIncludable::InitCode { .. } => "INITCODE_SIZE_EXCEEDED",
        NotIncludable::NonceMax => "NONCE_IS_MAX",
        NotIncludable::FeeTooLow { .. } => "INSUFFICIENT_MAX_FEE_PER_GAS",
        NotIncludable::GasLimit { .. } => "GAS_ALLOWANCE_EXCEEDED",
        NotIncludable::TipTooHigh { .. } => "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS",
        _ => return false,
    };
    names.split('|').any(|known| known.strip_prefix("TransactionException.") == Some(name))
}

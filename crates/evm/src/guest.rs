//! Guest contracts on revm. They see services and assets at the same addresses as everyone else.
//!
//! One undo log serves both worlds: after every native call inside a guest frame, the position in the
//! native undo log is written as a storage word at a reserved address, through revm's journal. When a
//! frame reverts, revm restores that word, and the next native call, or the end of the transaction,
//! rolls the native layer back to it.

use crate::{
    accounts::{self, ACCOUNTS, CODE, CREATORS, Code, NATIVE_CODE, STORAGE},
    execute::BASE_FEE,
    native::{self, Caller},
};
use alloy_eips::eip2930::AccessList;
use revm::{
    Context as EvmContext, Database, ExecuteEvm, InspectEvm, Inspector, Journal, MainBuilder,
    MainContext,
    bytecode::Bytecode,
    context::{BlockEnv, CfgEnv, Context as RevmContext, ContextTr, Evm, JournalTr, TxEnv},
    context_interface::result::{
        EVMError, ExecutionResult, HaltReason, InvalidTransaction, Output, ResultAndState,
    },
    handler::{EthFrame, EthPrecompiles, PrecompileProvider, instructions::EthInstructions},
    inspector::NoOpInspector,
    interpreter::{
        CallInputs, CallScheme, Gas, InstructionResult, InterpreterResult,
        interpreter::EthInterpreter,
    },
    primitives::{AddressMap, AddressSet, KECCAK_EMPTY, TxKind, hardfork::SpecId},
    state::{Account, AccountInfo},
};
use state::{Context, Mark};
use std::convert::Infallible;
use std::sync::Arc;
use types::{Address, B256, Bytes, EthLog, Module, Outcome, Reserved, U256};

/// The rules of guest contracts. Changes only at a height.
const SPEC: SpecId = SpecId::OSAKA;
/// Gas of calling a native, before its work.
const NATIVE_CALL_GAS: u64 = 700;
/// Gas of each word that a guest hands to a native: it is copied and decoded.
const NATIVE_WORD_GAS: u64 = 6;

/// A call or creation by a guest's rules.
#[derive(Clone, Debug)]
pub(crate) struct GuestCall {
    pub from: Address,
    /// Nothing when a contract is created.
    pub to: Option<Address>,
    pub input: Bytes,
    pub gas: u64,
    pub nonce: u64,
    pub access_list: AccessList,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct GuestDone {
    pub outcome: Outcome,
    pub gas_used: u64,
    pub created: Option<Address>,
    pub logs: Vec<EthLog>,
}

/// The chain's state as revm reads it. Natives called by guests write through it.
pub(crate) struct GuestDb<'a, 'b> {
    pub ctx: &'a mut Context<'b>,
}

pub(crate) type GuestContext<'a, 'b> =
    RevmContext<BlockEnv, TxEnv, CfgEnv, GuestDb<'a, 'b>, Journal<GuestDb<'a, 'b>>>;

impl Database for GuestDb<'_, '_> {
    type Error = Infallible;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        if accounts::is_native(self.ctx, &address) {
            let code = Bytecode::new_raw(Bytes::from_static(&NATIVE_CODE));
            return Ok(Some(AccountInfo::new(U256::ZERO, 1, code.hash_slow(), code)));
        }
        let account = ACCOUNTS.get(self.ctx, &address);
        Ok(account.map(|account| AccountInfo {
            nonce: account.nonce,
            code_hash: account.code.unwrap_or(KECCAK_EMPTY),
            code: account.code.is_none().then(Bytecode::default),
            ..AccountInfo::default()
        }))
    }

    fn code_by_hash(&mut self, hash: B256) -> Result<Bytecode, Infallible> {
        let code = CODE.read(self.ctx, &hash);
        Ok(code.map_or_else(Bytecode::default, |code| {
            let code = Bytes::copy_from_slice(&code.0);
            // Begins as a delegation (EIP-7702) and is none. No contract is created so; who overrides code may write it.
            Bytecode::new_raw_checked(code.clone()).unwrap_or_else(|_| Bytecode::new_legacy(code))
        }))
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, Infallible> {
        // The mark's word exists only within a transaction.
        Ok(if Reserved::contains(&address) {
            U256::ZERO
        } else {
            accounts::storage(self.ctx, &address, slot)
        })
    }

    fn block_hash(&mut self, _: u64) -> Result<B256, Infallible> {
        // Blocks commit to their parents; contracts that want older hashes bring a proof.
        Ok(B256::ZERO)
    }
}

/// The services and assets, beside Ethereum's own precompiles.
pub(crate) struct Natives {
    ethereum: EthPrecompiles,
    /// Where the native layer stood when the transaction began.
    start: Mark,
    /// True where nothing may change, whatever the call says.
    read_only: bool,
}

/// Where the position in the native undo log is kept.
fn mark_address(ctx: &Context<'_>) -> Address {
    Reserved::service(ctx.shard(), Module::Evm)
}

fn to_word(mark: Mark) -> U256 {
    U256::from(mark.to_u64()) + U256::ONE
}

fn from_word(word: U256, start: Mark) -> Mark {
    match word.checked_sub(U256::ONE) {
        None => start,
        Some(word) => Mark::from_u64(word.to::<u64>()),
    }
}

impl<'a, 'b> PrecompileProvider<GuestContext<'a, 'b>> for Natives {
    type Output = InterpreterResult;

    fn set_spec(&mut self, spec: SpecId) -> bool {
        PrecompileProvider::<GuestContext<'a, 'b>>::set_spec(&mut self.ethereum, spec)
    }

    fn run(
        &mut self,
        evm: &mut GuestContext<'a, 'b>,
        inputs: &CallInputs,
    ) -> Result<Option<InterpreterResult>, String> {
        if !Reserved::contains(&inputs.bytecode_address) {
            return self.ethereum.run(evm, inputs);
        }
        // A frame that reverted since took its native writes with it, assets it created among them.
        let mark_at = mark_address(evm.db().ctx);
        let word = load_mark(evm, mark_at);
        evm.db_mut().ctx.rollback(from_word(word, self.start));
        if !accounts::is_native(evm.db().ctx, &inputs.bytecode_address) {
            return Ok(None);
        }
        Ok(Some(self.call_native(evm, inputs)))
    }

    fn warm_addresses(&self) -> &AddressSet {
        self.ethereum.warm_addresses()
    }

    fn contains(&self, address: &Address) -> bool {
        Reserved::contains(address) || self.ethereum.contains(address)
    }
}

impl Natives {
    fn call_native(
        &self,
        evm: &mut GuestContext<'_, '_>,
        inputs: &CallInputs,
    ) -> InterpreterResult {
        let mut gas = Gas::new(inputs.gas_limit);
        let refuse = |gas: Gas, why: &str| {
            let data = crate::Failure::door(20, 0x10, why).to_abi();
            InterpreterResult::new(InstructionResult::Revert, data.into(), gas)
        };
        // A contract must not run a native as itself (DELEGATECALL, CALLCODE).
        if inputs.target_address != inputs.bytecode_address
            || !matches!(inputs.scheme, CallScheme::Call | CallScheme::StaticCall)
        {
            return refuse(gas, "services and assets can only be called, not run as someone else");
        }
        if inputs.transfers_value() {
            return refuse(gas, "there is no ether on this chain: send no value");
        }
        let words = inputs.input.len().div_ceil(32) as u64;
        let entry = NATIVE_CALL_GAS + NATIVE_WORD_GAS * words;
        if entry > inputs.gas_limit {
            gas.spend_all();
            return InterpreterResult::new(InstructionResult::PrecompileOOG, Bytes::new(), gas);
        }
        let input = inputs.input.bytes(evm);
        let mark_at = mark_address(evm.db().ctx);
        let is_proxy = is_proxy(evm, inputs.caller);
        let ctx = &mut *evm.db_mut().ctx;
        let inhabitants = accounts::census(ctx);
        ctx.start_work(inputs.gas_limit - entry);
        let caller = Caller::contract(ctx, inputs.caller, is_proxy);
        let caller = Caller { is_rule: self.read_only, ..caller };
        let is_static = inputs.is_static || self.read_only;
        let before = ctx.mark();
        let done = native::call(ctx, caller, inputs.bytecode_address, &input, is_static);
        let used = ctx.work().saturating_add(entry);
        if used > inputs.gas_limit {
            ctx.rollback(before);
            gas.spend_all();
            return InterpreterResult::new(InstructionResult::PrecompileOOG, Bytes::new(), gas);
        }
        let after = ctx.mark();
        let _ = gas.record_regular_cost(used);
        match done {
            Err(failure) => {
                InterpreterResult::new(InstructionResult::Revert, failure.to_abi().into(), gas)
            }
            Ok(done) => {
                let is_changed = !is_static && after != before;
                let newborn = is_changed.then(|| accounts::born(evm.db().ctx, inhabitants));
                let journal = evm.journal_mut();
                for log in done.logs {
                    journal.log(revm::primitives::Log::new_unchecked(
                        log.address,
                        log.topics,
                        log.data,
                    ));
                }
                newborn.into_iter().flatten().for_each(|address| settle_in(journal, address));
                if is_changed {
                    let Ok(_) = journal.sstore(mark_at, U256::ZERO, to_word(after));
                }
                InterpreterResult::new(InstructionResult::Return, done.output.into(), gas)
            }
        }
    }
}

/// Lets opcodes see an asset or person that came to live at an address, for as long as the frame in which it came
/// stands: an account is read from the state once in a transaction, and this one was not there when it began.
fn settle_in(journal: &mut Journal<GuestDb<'_, '_>>, address: Address) {
    let is_first_look = !journal.state.contains_key(&address);
    let Ok(_) = journal.load_account(address);
    if is_first_look && let Some(account) = journal.state.get_mut(&address) {
        account.info = AccountInfo::default();
    }
    journal.set_code(address, Bytecode::new_raw(Bytes::from_static(&NATIVE_CODE)));
}

/// True if a contract is an ERC-1967 proxy at this moment of the transaction. Looking warms no slot.
fn is_proxy(evm: &GuestContext<'_, '_>, address: Address) -> bool {
    let seen = evm.journal().state.get(&address);
    accounts::PROXY_SLOTS.iter().any(|slot| {
        let word = seen.and_then(|account| account.storage.get(slot));
        let word = word.map(|word| word.present_value);
        let word = word.unwrap_or_else(|| accounts::storage(evm.db().ctx, &address, *slot));
        !word.is_zero()
    })
}

fn load_mark(evm: &mut GuestContext<'_, '_>, mark_at: Address) -> U256 {
    let journal = evm.journal_mut();
    let Ok(_) = journal.load_account(mark_at);
    let Ok(word) = journal.sload(mark_at, U256::ZERO);
    word.data
}

/// Runs a call or creation and keeps what it changed.
pub(crate) fn run(ctx: &mut Context<'_>, call: GuestCall) -> GuestDone {
    run_unseen(ctx, call, false)
}

/// Asks a contract something. Nothing it does is kept, and natives let it only read.
pub(crate) fn ask(ctx: &mut Context<'_>, call: GuestCall) -> GuestDone {
    let mark = ctx.mark();
    let done = run_unseen(ctx, call, true);
    ctx.rollback(mark);
    done
}

fn run_unseen(ctx: &mut Context<'_>, call: GuestCall, read_only: bool) -> GuestDone {
    let (start, from, gas) = (ctx.mark(), call.from, call.gas);
    let (mut machine, tx) = machine(ctx, call, read_only, NoOpInspector);
    let ran = machine.transact(tx);
    conclude(machine.ctx.journaled_state.database.ctx, from, start, gas, read_only, ran)
}

/// Sees every step of a guest's run.
pub(crate) trait GuestInspector: for<'a, 'b> Inspector<GuestContext<'a, 'b>> {}

impl<I: for<'a, 'b> Inspector<GuestContext<'a, 'b>>> GuestInspector for I {}

/// Runs a call, sees every frame through an inspector, and keeps nothing.
pub(crate) fn inspect<I: GuestInspector>(
    ctx: &mut Context<'_>,
    call: GuestCall,
    inspector: I,
) -> (GuestDone, I) {
    let (start, from, gas) = (ctx.mark(), call.from, call.gas);
    let (mut machine, tx) = machine(ctx, call, false, inspector);
    let ran = machine.inspect_tx(tx);
    let ctx = machine.ctx.journaled_state.database.ctx;
    let done = conclude(ctx, from, start, gas, false, ran);
    ctx.rollback(start);
    (done, machine.inspector)
}

/// revm over the chain's state, with services and assets at their addresses.
pub(crate) type Machine<'a, 'b, I> = Evm<
    GuestContext<'a, 'b>,
    I,
    EthInstructions<EthInterpreter, GuestContext<'a, 'b>>,
    Natives,
    EthFrame<EthInterpreter>,
>;

/// What revm says of a run.
pub(crate) type Ran = Result<ResultAndState<HaltReason>, EVMError<Infallible>>;

/// A machine where the chain stands, and a call as the transaction that it runs.
pub(crate) fn machine<'a, 'b, I>(
    ctx: &'a mut Context<'b>,
    call: GuestCall,
    read_only: bool,
    inspector: I,
) -> (Machine<'a, 'b, I>, TxEnv) {
    let start = ctx.mark();
    let env = ctx.env;
    let GuestCall { from, to, input, gas, nonce, access_list } = call;
    let tx = TxEnv {
        // EIP-2930: the earliest type that has an access list.
        tx_type: 1,
        access_list,
        caller: from,
        gas_limit: gas,
        kind: to.map_or(TxKind::Create, TxKind::Call),
        data: input,
        nonce,
        gas_price: u128::from(BASE_FEE),
        chain_id: Some(env.chain_id),
        ..TxEnv::default()
    };
    let natives = Natives { ethereum: EthPrecompiles::new(SPEC), start, read_only };
    let machine = EvmContext::mainnet()
        .with_db(GuestDb { ctx })
        .modify_cfg_chained(|cfg| {
            cfg.set_spec_and_mainnet_gas_params(SPEC);
            cfg.chain_id = env.chain_id;
            cfg.tx_gas_limit_cap = Some(u64::MAX);
            cfg.disable_nonce_check = read_only;
            cfg.disable_eip3607 = true;
            // A call may take what this node allows it, whatever a block has.
            cfg.disable_block_gas_limit = true;
            // Fuel pays; balances do not exist.
            cfg.disable_fee_charge = true;
        })
        .modify_block_chained(|block| {
            block.number = U256::from(env.height);
            block.timestamp = U256::from(env.time.secs());
            // As headers have them. Nobody mines: beneficiary, difficulty and randomness are zero there too.
            block.gas_limit = env.gas_limit;
            block.basefee = BASE_FEE;
            block.beneficiary = Address::ZERO;
            block.difficulty = U256::ZERO;
            block.prevrandao = Some(B256::ZERO);
        })
        .build_mainnet_with_inspector(inspector)
        .with_precompiles(natives);
    (machine, tx)
}

/// Keeps what a run changed, natives' writes and guests', if it stands; says what came of it.
pub(crate) fn conclude(
    ctx: &mut Context<'_>,
    from: Address,
    start: Mark,
    gas: u64,
    read_only: bool,
    ran: Ran,
) -> GuestDone {
    match ran {
        Ok(done) => {
            let word = done.state.get(&mark_address(ctx));
            let word = word.and_then(|account| account.storage.get(&U256::ZERO));
            let mark = match word {
                Some(word) if done.result.is_success() => from_word(word.present_value(), start),
                _ => start,
            };
            ctx.rollback(mark);
            if !read_only {
                commit(ctx, from, done.state);
            }
            guest_done(done.result)
        }
        Err(error) => {
            use InvalidTransaction::*;
            ctx.rollback(start);
            let why = match error {
                EVMError::Transaction(
                    CallGasCostMoreThanGasLimit { .. } | GasFloorMoreThanGasLimit { .. },
                ) => "out of gas",
                _ => "the call cannot begin",
            };
            let outcome = Outcome::Halted(why.to_owned());
            GuestDone { outcome, gas_used: gas, created: None, logs: Vec::new() }
        }
    }
}

fn guest_done(result: ExecutionResult<HaltReason>) -> GuestDone {
    let gas_used = result.tx_gas_used();
    match result {
        ExecutionResult::Success { logs, output, .. } => {
            let created = match &output {
                Output::Create(_, address) => *address,
                Output::Call(_) => None,
            };
            let logs = logs
                .into_iter()
                .map(|log| EthLog {
                    address: log.address,
                    topics: log.data.topics().to_vec(),
                    data: log.data.data,
                })
                .collect();
            GuestDone { outcome: Outcome::Done(output.into_data()), gas_used, created, logs }
        }
        ExecutionResult::Revert { output, .. } => GuestDone {
            outcome: Outcome::Refused(output),
            gas_used,
            created: None,
            logs: Vec::new(),
        },
        ExecutionResult::Halt { reason, .. } => {
            let outcome = Outcome::Halted(words(&reason).to_owned());
            GuestDone { outcome, gas_used, created: None, logs: Vec::new() }
        }
    }
}

/// A halt in our own words: they stand in receipts, which a newer revm must not reword.
fn words(reason: &HaltReason) -> &'static str {
    use HaltReason::*;
    match reason {
        OutOfGas(_) => "out of gas",
        OpcodeNotFound | InvalidFEOpcode | NotActivated => "invalid opcode",
        InvalidJump => "invalid jump",
        StackUnderflow | StackOverflow => "stack limit exceeded",
        CreateCollision => "an account is there already",
        CreateContractSizeLimit => "the contract is too large",
        CreateContractStartingWithEF => "a contract cannot begin with 0xef",
        CallTooDeep => "the calls are too deep",
        _ => "the contract halted",
    }
}

/// Writes what guests changed, in the order of addresses and slots. Reserved addresses keep no code and
/// no storage of guests'.
fn commit(ctx: &mut Context<'_>, sender: Address, state: AddressMap<Account>) {
    let mut changed: Vec<(Address, Account)> = state
        .into_iter()
        .filter(|(address, account)| account.is_touched() && !Reserved::contains(address))
        .collect();
    changed.sort_unstable_by_key(|(address, _)| *address);
    for (address, account) in changed {
        // Since Cancun only what the same transaction created can destroy itself: it never was.
        if account.is_selfdestructed() {
            continue;
        }
        let code = (account.info.code_hash != KECCAK_EMPTY).then_some(account.info.code_hash);
        if let (Some(hash), Some(code)) = (code, &account.info.code)
            && account.is_created()
            && !CODE.has(ctx, &hash)
        {
            CODE.put(ctx, &hash, Code(Arc::new(code.original_bytes().to_vec())));
        }
        if code.is_some() && account.is_created() {
            CREATORS.put(ctx, &address, sender);
        }
        if account.info.nonce > 0 || code.is_some() {
            ACCOUNTS.put(ctx, &address, accounts::Account { nonce: account.info.nonce, code });
        }
        let mut slots: Vec<_> =
            account.storage.into_iter().filter(|(_, slot)| slot.is_changed()).collect();
        slots.sort_unstable_by_key(|(slot, _)| *slot);
        for (slot, word) in slots {
            match word.present_value() {
                value if value.is_zero() => STORAGE.delete(ctx, &(address, slot)),
                value => STORAGE.put(ctx, &(address, slot), value),
            }
        }
    }
}

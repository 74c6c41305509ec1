//! One transaction: may it be included, and what does it do. Everything it does leaves a receipt.

use crate::{
    Failure, Signed,
    abi::{IIdentity, ILedger},
    accounts::{self, ACCOUNTS},
    guest::{self, GuestCall},
    native::{self, Caller, Native},
    services::{Request, answer},
};
use alloy_eips::eip2930::AccessList;
use alloy_sol_types::SolCall;
use state::Context;
use trust::fuel::{self, Payer};
use types::{Address, Bytes, EthLog, Module, Outcome, PersonId, Receipt, Reserved, U256, ensure};

/// The price of a gas in wei. It never changes and nobody earns it: fuel is gas times this.
pub const BASE_FEE: u64 = 1_000_000_000;
/// Gas of the smallest transaction.
pub const MIN_TX_GAS: u64 = 21_000;

/// The longest code that creates a contract, EIP-3860.
const MAX_INITCODE_BYTES: usize = 2 * 24_576;

/// What a transaction may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TxLimits {
    /// Gas.
    pub gas: u64,
}

impl TxLimits {
    /// A transaction may take a quarter of a block's gas.
    pub fn of_block(gas: u64) -> Self {
        Self { gas: (gas / 4).max(MIN_TX_GAS) }
    }
}

/// A transaction cannot stand in the next block. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotIncludable {
    /// There is no ether.
    #[error("value: there is no coin on this chain, a transaction moves none; use 0")]
    Value,
    /// The sender offers less than the price.
    #[error(
        "max fee per gas less than block base fee: maxFeePerGas {offered}, baseFee {BASE_FEE}; raise it"
    )]
    FeeTooLow {
        /// What it offers, wei.
        offered: u128,
    },
    /// A part that is more than the whole, EIP-1559.
    #[error(
        "max priority fee per gas higher than max fee per gas: maxPriorityFeePerGas {tip}, maxFeePerGas {offered}; \
         use 0, a tip buys nothing"
    )]
    TipTooHigh {
        /// The tip, wei.
        tip: u128,
        /// What it offers in all, wei.
        offered: u128,
    },
    /// Longer than a contract may be.
    #[error(
        "initcode size exceeded: {bytes} bytes create a contract, at most {MAX_INITCODE_BYTES} may"
    )]
    InitCode {
        /// How long it is.
        bytes: usize,
    },
    /// Less than entering costs.
    #[error("intrinsic gas too low: gas {gas}, at least {needed} is needed")]
    Intrinsic {
        /// The gas limit.
        gas: u64,
        /// What is needed.
        needed: u64,
    },
    /// More than a transaction may take.
    #[error("exceeds transaction gas limit: gas {gas}, at most {limit} is allowed")]
    GasLimit {
        /// The gas limit.
        gas: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The sender is nobody.
    #[error("sender not registered: {0}")]
    Sender(identity::Refusal),
    /// An enrolment that would fail.
    #[error("enrolment refused: {0}")]
    Enrolment(identity::Refusal),
    /// Who is suspended or in dispute may object, and its objection would be refused.
    #[error("objection refused: {0}")]
    Objection(String),
    /// Not enough fuel.
    #[error("insufficient funds for gas * price + value: {0}")]
    Fuel(trust::Refusal),
    /// Used already.
    #[error("nonce too low: next nonce {next}, tx nonce {nonce}")]
    NonceTooLow {
        /// The transaction's.
        nonce: u64,
        /// The sender's next.
        next: u64,
    },
    /// Earlier ones are missing. All else is right.
    #[error("nonce too high: next nonce {next}, tx nonce {nonce}")]
    NonceTooHigh {
        /// The transaction's.
        nonce: u64,
        /// The sender's next.
        next: u64,
        /// The person behind the sender.
        person: Option<PersonId>,
    },
    /// An account whose next nonce is this can send no more, EIP-2681.
    #[error("nonce has max value: {}, send from another account", u64::MAX)]
    NonceMax,
    /// No room is left.
    #[error("the block is full")]
    BlockFull,
}

/// A transaction that may be included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Who is behind the sender; nobody yet when it enrols.
    pub person: Option<PersonId>,
    /// Whose fuel it uses.
    pub payer: Payer,
    /// True if it is admitted as an objection alone: it succeeds, or is not included.
    pub is_objection: bool,
}

/// True if a transaction runs a contract, or creates one, and no native call.
pub fn is_guest(to: Option<Address>) -> bool {
    to.is_none_or(|to| !Reserved::contains(&to))
}

/// The most gas that a transaction to this place may name.
pub fn gas_limit(ctx: &Context<'_>, to: Option<Address>, limits: &TxLimits) -> u64 {
    if is_guest(to) { limits.gas.min(ctx.env.guest_gas) } else { limits.gas }
}

/// May this transaction be included now? The nonce is judged last.
pub fn admit(
    ctx: &Context<'_>,
    signed: &Signed,
    limits: &TxLimits,
) -> Result<Admission, NotIncludable> {
    let gas = signed.gas_limit();
    ensure(signed.value().is_zero(), NotIncludable::Value)?;
    let offered = signed.max_fee_per_gas();
    ensure(offered >= u128::from(BASE_FEE), NotIncludable::FeeTooLow { offered })?;
    let tip = signed.max_tip_per_gas();
    ensure(tip <= offered, NotIncludable::TipTooHigh { tip, offered })?;
    let limit = gas_limit(ctx, signed.to(), limits);
    ensure(gas <= limit, NotIncludable::GasLimit { gas, limit })?;
    let is_creation = signed.to().is_none();
    let bytes = signed.input().len();
    ensure(!is_creation || bytes <= MAX_INITCODE_BYTES, NotIncludable::InitCode { bytes })?;
    let needed = intrinsic(signed.to(), signed.input(), signed.access_list());
    let needed = needed.max(floor(signed.input()));
    ensure(gas >= needed, NotIncludable::Intrinsic { gas, needed })?;
    let mut is_objection = false;
    let (person, paying) = match identity::acting(ctx, &signed.sender) {
        Ok(actor) => (Some(actor.person()), actor.person()),
        Err(identity::Refusal::WalletUnknown(wallet)) => (None, enrolling(ctx, signed, wallet)?),
        // Who is in dispute may say that the key is not lost, and nothing else.
        Err(identity::Refusal::RecoveryPending(account)) if is_cancelling(ctx, signed) => {
            (Some(account.person), account.person)
        }
        // Nothing moves by what a person has to say against what binds it, or takes back.
        Err(refusal) => {
            let person = objecting(ctx, signed)?.ok_or(NotIncludable::Sender(refusal))?;
            is_objection = true;
            (Some(person), person)
        }
    };
    let payer = fuel::payer(ctx, paying, gas).map_err(NotIncludable::Fuel)?;
    let (nonce, next) = (signed.nonce(), accounts::nonce(ctx, &signed.sender));
    ensure(nonce < u64::MAX, NotIncludable::NonceMax)?;
    ensure(nonce >= next, NotIncludable::NonceTooLow { nonce, next })?;
    ensure(nonce == next, NotIncludable::NonceTooHigh { nonce, next, person })?;
    Ok(Admission { person, payer, is_objection })
}

fn is_cancelling(ctx: &Context<'_>, signed: &Signed) -> bool {
    let service = Reserved::service(ctx.shard(), Module::Identity);
    let selector = signed.input().get(..4);
    signed.to() == Some(service) && selector == Some(&IIdentity::cancelRecoveryCall::SELECTOR)
}

/// The longest call that contests an order or takes back: a selector and five words.
const OBJECTION_BYTES: usize = 4 + 5 * 32;

/// The person that contests an order, or takes back what a thief held, though it be suspended or in dispute. What would be
/// refused is not included, for its sponsor, or the owner of a stolen key, would pay.
fn objecting(ctx: &Context<'_>, signed: &Signed) -> Result<Option<PersonId>, NotIncludable> {
    const OBJECTIONS: [(Module, [u8; 4]); 5] = [
        (Module::Identity, IIdentity::contestSuspensionCall::SELECTOR),
        (Module::Ledger, ILedger::contestOrderCall::SELECTOR),
        (Module::Ledger, ILedger::contestPersonFreezeCall::SELECTOR),
        (Module::Ledger, ILedger::contestUnitsFreezeCall::SELECTOR),
        (Module::Ledger, ILedger::releaseHoldCall::SELECTOR),
    ];
    let (selector, wallet) = (signed.input().first_chunk::<4>(), signed.sender);
    let is_called = |(module, named): &&(Module, [u8; 4])| {
        let service = Reserved::service(ctx.shard(), *module);
        Some(named) == selector && signed.to() == Some(service)
    };
    let Some((module, _)) = OBJECTIONS.iter().find(is_called) else { return Ok(None) };
    // Nothing is paid for but what it has to say.
    if !signed.access_list().is_empty() || signed.input().len() > OBJECTION_BYTES {
        return Ok(None);
    }
    let call = answer(ctx, *module, signed.input());
    let Some(Ok(Request::Change(native, ..))) = call else { return Ok(None) };
    let judged = match *native {
        Native::Identity(call) => {
            call.objects(ctx, &wallet).map(|it| it.map_err(|refused| refused.to_string()))
        }
        Native::Ledger(call) => {
            call.objects(ctx, wallet).map(|it| it.map_err(|refused| refused.to_string()))
        }
        _ => None,
    };
    let Some(judged) = judged else { return Ok(None) };
    judged.map_err(NotIncludable::Objection)?;
    Ok(identity::account_of(ctx, &wallet).map(|account| account.person))
}

/// The provider that pays for a wallet's enrolment, if the enrolment would succeed and has the gas to: a
/// voucher cannot be used to drain the provider that gave it.
fn enrolling(
    ctx: &Context<'_>,
    signed: &Signed,
    wallet: Address,
) -> Result<PersonId, NotIncludable> {
    let unknown = NotIncludable::Sender(identity::Refusal::WalletUnknown(wallet));
    let service = Reserved::service(ctx.shard(), Module::Identity);
    let selector = signed.input().get(..4);
    if signed.to() != Some(service) || selector != Some(&IIdentity::enrolCall::SELECTOR) {
        return Err(unknown);
    }
    // The provider pays for what it signed for, not for a list that its new person adds.
    ensure(signed.access_list().is_empty(), unknown.clone())?;
    let Ok(IIdentity::IIdentityCalls::enrol(f)) = crate::abi::decode(signed.input()) else {
        return Err(unknown);
    };
    let provider = PersonId(f.provider);
    let call = crate::services::enrolment(f).map_err(|_| unknown)?;
    identity::check_enrolment(ctx, &wallet, &call).map_err(NotIncludable::Enrolment)?;
    let entry = intrinsic(signed.to(), signed.input(), signed.access_list());
    let needed = entry + identity::enrolment_work(call.registration.claims.len());
    let gas = signed.gas_limit();
    ensure(gas >= needed, NotIncludable::Intrinsic { gas, needed })?;
    Ok(provider)
}

/// Gas of entering: Ethereum's price of a transaction, its data and its access list (EIP-2930), and of
/// creating a contract.
pub fn intrinsic(to: Option<Address>, input: &[u8], access_list: &AccessList) -> u64 {
    let data: u64 = input.iter().map(|byte| if *byte == 0 { 4 } else { 16 }).sum();
    let creation = match to {
        Some(_) => 0,
        // EIP-2, EIP-3860.
        None => 32_000 + 2 * (input.len() as u64).div_ceil(32),
    };
    let keys: u64 = access_list.iter().map(|item| item.storage_keys.len() as u64).sum();
    let warmed = 2_400 * access_list.len() as u64 + 1_900 * keys;
    MIN_TX_GAS + data + creation + warmed
}

/// The least that a transaction with this data uses, EIP-7623: who fills blocks with data that nothing
/// works on pays for the room.
pub fn floor(input: &[u8]) -> u64 {
    let tokens: u64 = input.iter().map(|byte| if *byte == 0 { 1 } else { 4 }).sum();
    MIN_TX_GAS + 10 * tokens
}

/// Executes a transaction that may be included: uses its nonce, does what it says or nothing, and charges
/// the gas it used. The block has room for so much gas of interpreted contracts.
pub fn execute(
    ctx: &mut Context<'_>,
    signed: &Signed,
    limits: &TxLimits,
    guest_room: u64,
) -> Result<Receipt, NotIncludable> {
    ctx.start_guests(guest_room);
    let fits = !is_guest(signed.to()) || signed.gas_limit() <= guest_room;
    ensure(fits, NotIncludable::BlockFull)?;
    let Admission { person, payer, is_objection } = admit(ctx, signed, limits)?;
    let before = ctx.mark();
    let request = CallRequest {
        from: signed.sender,
        to: signed.to(),
        input: signed.input().clone(),
        gas: signed.gas_limit(),
        access_list: signed.access_list().clone(),
    };
    let Called { outcome, gas_used, created, logs } = run(ctx, &request, signed.nonce());
    if ctx.was_short_of_room() {
        ctx.rollback(before);
        ctx.resume_work(ctx.work(), u64::MAX);
        return Err(NotIncludable::BlockFull);
    }
    if is_objection && !matches!(outcome, Outcome::Done(_)) {
        ctx.rollback(before);
        ctx.resume_work(ctx.work(), u64::MAX);
        let gas = signed.gas_limit();
        return Err(NotIncludable::Objection(format!("gas {gas} is too little for it")));
    }
    ctx.start_work(u64::MAX);
    fuel::charge(ctx, &payer, gas_used);
    let events = ctx.settle();
    // Someone who enrolled is a person now.
    let person =
        person.or_else(|| identity::account_of(ctx, &signed.sender).map(|account| account.person));
    Ok(Receipt {
        tx: signed.hash,
        sender: signed.sender,
        person,
        outcome,
        gas_used,
        created,
        events,
        logs,
    })
}

/// A call as `eth_call` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRequest {
    /// Who calls.
    pub from: Address,
    /// What is called; nothing to create a contract.
    pub to: Option<Address>,
    /// The data.
    pub input: Bytes,
    /// Gas it may use, entering included.
    pub gas: u64,
    /// What a guest finds warm, EIP-2930.
    pub access_list: AccessList,
}

/// What a call did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// How it ended.
    pub outcome: Outcome,
    /// Gas it used, as a receipt would say.
    pub gas_used: u64,
    /// The contract it created.
    pub created: Option<Address>,
    /// What Ethereum tools see.
    pub logs: Vec<EthLog>,
}

/// Runs a call as a transaction of this sender would run, without signature, nonce or fuel.
/// What it changes stays in the context: bring one to throw away.
pub fn call(ctx: &mut Context<'_>, request: &CallRequest) -> Called {
    let nonce = accounts::nonce(ctx, &request.from);
    ctx.start_guests(u64::MAX);
    run(ctx, request, nonce)
}

/// Gas that a wallet can use now, its sponsor's included.
pub fn fuel(ctx: &Context<'_>, wallet: &Address) -> u64 {
    let Some(account) = identity::account_of(ctx, wallet) else { return 0 };
    let own = fuel::available(ctx, account.person);
    let lent = fuel::sponsor(ctx, account.person).map_or(0, |given| fuel::drawable(ctx, &given));
    own.max(lent)
}

/// The same in wei, as `eth_getBalance` shows it.
pub fn fuel_wei(ctx: &Context<'_>, wallet: &Address) -> U256 {
    U256::from(fuel(ctx, wallet)) * U256::from(BASE_FEE)
}

/// Runs a call to its end, whatever that is. A call after which a record could not be stored did nothing:
/// modules bound what they keep, and where one does not, it costs a transaction and not the chain.
fn run(ctx: &mut Context<'_>, request: &CallRequest, nonce: u64) -> Called {
    let before = ctx.mark();
    let called = enter(ctx, request, nonce);
    if ctx.longest_written() <= state::MAX_RECORD_BYTES {
        return called;
    }
    ctx.rollback(before);
    use_nonce(ctx, request.from, nonce);
    let outcome = Outcome::Halted("a record would be too long to be stored".into());
    Called { outcome, created: None, logs: Vec::new(), ..called }
}

fn enter(ctx: &mut Context<'_>, request: &CallRequest, nonce: u64) -> Called {
    match request.to {
        // Also where nothing lives: who calls an asset that is not there is told so.
        Some(to) if Reserved::contains(&to) => run_native(ctx, request, to, nonce),
        _ => {
            let CallRequest { from, to, input, gas, access_list } = request.clone();
            let done = guest::run(ctx, GuestCall { from, to, input, gas, nonce, access_list });
            // What it paid for rule contracts is in its gas, and was counted when they were asked.
            let own = done.gas_used.saturating_sub(ctx.guest_gas_used());
            ctx.burn_guest_gas(own);
            let is_used = accounts::nonce(ctx, &from) > nonce;
            if !is_used {
                use_nonce(ctx, from, nonce);
            }
            Called {
                outcome: done.outcome,
                gas_used: done.gas_used,
                created: done.created,
                logs: done.logs,
            }
        }
    }
}

fn run_native(ctx: &mut Context<'_>, request: &CallRequest, to: Address, nonce: u64) -> Called {
    let CallRequest { from, input, gas, access_list, .. } = request;
    use_nonce(ctx, *from, nonce);
    let entry = intrinsic(Some(to), input, access_list);
    let mark = ctx.mark();
    let caller = Caller::at(ctx, *from);
    ctx.start_work(gas.saturating_sub(entry));
    let done = native::call(ctx, caller, to, input, false);
    let gas_used = entry.saturating_add(ctx.work()).max(floor(input));
    if gas_used > *gas {
        ctx.rollback(mark);
        let outcome = Outcome::Halted("out of gas".into());
        return Called { outcome, gas_used: *gas, created: None, logs: Vec::new() };
    }
    let (outcome, logs) = match done {
        Ok(done) => (Outcome::Done(done.output.into()), done.logs),
        Err(failure) => (Outcome::Refused(Failure::to_abi(&failure).into()), Vec::new()),
    };
    Called { outcome, gas_used, created: None, logs }
}

fn use_nonce(ctx: &mut Context<'_>, sender: Address, nonce: u64) {
    // The last nonce is no transaction's, but a call may be asked for in the name of who has come to it.
    ACCOUNTS.update(ctx, &sender, |account| account.nonce = nonce.saturating_add(1));
}

//! Native calls: ABI in, a module's call, ABI out. The one place where a caller's call meets the modules.

use crate::{
    abi, accounts, faces,
    failure::Failure,
    logs, preview, rules,
    services::{self, Answer, Request, Said},
};
use alloy_primitives::FixedBytes;
use alloy_sol_types::SolValue;
use identity::NetworkPower;
use state::Context;
use trust::{Loan, Power, Scope, app::Wanted};
use types::{
    AccountId, Address, AssetId, B256, EthLog, PersonId, Reserved, ReservedKind, U256, ensure,
};

/// A call of some module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Native {
    /// Who is who.
    Identity(identity::Call),
    /// Who may do what.
    Trust(trust::Call),
    /// The rules of an asset.
    Compliance(compliance::Call),
    /// Assets and movements.
    Ledger(ledger::Call),
    /// An allowance that its owner signed for; the signature and nonce are checked when it is carried out.
    Permit(Box<faces::Permit>),
    /// Several in a row, all or none.
    Batch(Vec<Native>),
}

/// Who calls, and with what right beyond its own.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// The key or contract.
    pub address: Address,
    /// The hash of its code, if it is a contract; zero while there is none that stays: in a constructor, or at
    /// a proxy.
    pub code: Option<B256>,
    /// The power and scope that a full quorum lends to this call.
    pub quorum: Option<(Power, Scope)>,
    /// True if it is an issuer's rule contract that is being asked, or whom it calls.
    pub is_rule: bool,
}

impl Caller {
    /// Whoever lives at an address, on its own.
    pub fn at(ctx: &Context<'_>, address: Address) -> Self {
        let code =
            accounts::code_hash(ctx, &address).map(|_| accounts::settled_code(ctx, &address));
        Self::alone(address, code.map(Option::unwrap_or_default))
    }

    /// A contract in a frame of its own, which by now may be a proxy.
    pub(crate) fn contract(ctx: &Context<'_>, address: Address, is_proxy: bool) -> Self {
        let code = accounts::code_hash(ctx, &address).filter(|_| !is_proxy);
        Self::alone(address, Some(code.unwrap_or_default()))
    }

    fn alone(address: Address, code: Option<B256>) -> Self {
        Self { address, code, quorum: None, is_rule: false }
    }

    /// The same to the ledger.
    pub fn spender(&self) -> ledger::Spender {
        ledger::Spender { wallet: self.address, code: self.code, quorum: self.quorum }
    }
}

/// What a native call did.
#[derive(Debug, Default)]
pub struct Done {
    /// The return value, ABI-encoded.
    pub output: Vec<u8>,
    /// What Ethereum tools see of it.
    pub logs: Vec<EthLog>,
}

/// Calls whatever lives at a reserved address. A refusal leaves nothing behind.
pub fn call(
    ctx: &mut Context<'_>,
    caller: Caller,
    to: Address,
    input: &[u8],
    is_static: bool,
) -> Result<Done, Failure> {
    let mark = ctx.mark();
    let first = ctx.events().len();
    let mut said = Said::default();
    let result = carry_out(ctx, caller, to, input, is_static, &mut said);
    match result {
        Ok((output, extra)) => {
            let mut logs = logs::of_events(ctx, first, said);
            logs.extend(extra);
            Ok(Done { output, logs })
        }
        Err(failure) => {
            ctx.rollback(mark);
            Err(failure)
        }
    }
}

fn carry_out(
    ctx: &mut Context<'_>,
    caller: Caller,
    to: Address,
    input: &[u8],
    is_static: bool,
    said: &mut Said,
) -> Result<(Vec<u8>, Vec<EthLog>), Failure> {
    match decode(ctx, caller, to, input)? {
        Request::View(output) => Ok((output, Vec::new())),
        Request::Preview(wish, tell) => {
            Ok((tell(preview::answer(ctx, wish, !caller.is_rule))?, Vec::new()))
        }
        Request::PreviewOn(asked) => {
            let wish = asked.by(caller.address);
            let (bar, decision) = preview::answer_to(ctx, caller, wish)?;
            Ok((services::told(bar, decision), Vec::new()))
        }
        Request::Change(native, answer, words) => {
            if is_static {
                return Err(Failure::door(1, 0x10, "a static call changes nothing"));
            }
            ctx.charge(words.gas());
            exhausted(ctx)?;
            *said = words;
            let number = apply(ctx, caller, *native, said)?;
            Ok(encode(ctx, answer, number))
        }
    }
}

fn decode(
    ctx: &Context<'_>,
    caller: Caller,
    to: Address,
    input: &[u8],
) -> Result<Request, Failure> {
    let nothing = || Failure::door(2, 0x20, format!("nothing lives at {to}"));
    let silent = || Failure::door(3, 0x20, format!("{to} answers no calls"));
    if !accounts::is_native(ctx, &to) {
        return Err(nothing());
    }
    match Reserved::parse(&to).ok_or_else(nothing)?.kind {
        ReservedKind::Service(module) => {
            services::answer(ctx, module, input).unwrap_or_else(|| Err(silent()))
        }
        ReservedKind::Asset(asset) => faces::asset(ctx, caller, asset, input),
        ReservedKind::Person(_) => Err(silent()),
    }
}

/// Carries out a call of a module with the authority of its caller. Returns a number given, if any.
fn apply(
    ctx: &mut Context<'_>,
    caller: Caller,
    native: Native,
    said: &mut Said,
) -> Result<Option<u64>, Failure> {
    match native {
        Native::Identity(call) => {
            if caller.code.is_some() {
                // Also as the person whose wallet it is.
                trust::app::check_contract(ctx, &caller.address, caller.code)?;
            }
            let by_order = caller.quorum == Some((Power::Orders, Scope::Network));
            let needs = call.needs(ctx, &caller.address, by_order);
            let power = needs.map(|power| match power {
                NetworkPower::Providers => Power::Providers,
                NetworkPower::Orders => Power::Orders,
                NetworkPower::Sanctions => Power::Sanctions,
            });
            if let Some(power) = power {
                use_power(ctx, caller, power, Scope::Network)?;
            }
            if let Some(person) = call.touches() {
                compliance::check_reindexable(ctx, person)?;
            }
            if let Some(merger) = call.merges(ctx) {
                ledger::check_mergeable(ctx, merger)?;
                compliance::check_mergeable(ctx, merger)?;
            }
            let lent_to = delegate(ctx, &call)?;
            let reply = identity::apply(ctx, caller.address, call, power.is_some())?;
            if let Some(delegate) = lent_to {
                let giver = identity::acting(ctx, &caller.address)?;
                let loan = Loan::Account(giver.account, delegate);
                trust::app::note_loan(ctx, giver.person(), loan);
            }
            // What a claim or residence counts for changes in the same block.
            for person in reply.touched {
                compliance::reindex(ctx, person);
            }
            if let Some(merger) = reply.merged {
                compliance::merge(ctx, merger);
            }
            Ok(reply.registered.last().map(|person: &PersonId| person.0))
        }
        Native::Trust(call) => {
            use trust::Call::{Approve, Propose};
            // Proposals that carry one another out would have no end.
            let is_nested =
                caller.quorum.is_some() && matches!(call, Propose { .. } | Approve { .. });
            let why = "the call of a proposal cannot propose or approve";
            ensure(!is_nested, Failure::door(16, 0x10, why))?;
            // Its call will be made by the first account's wallet, so that no other key may word it.
            let number = identity::account_of(ctx, &caller.address).map_or(0, |a| a.number);
            let why = "propose with the wallet of your first account, which will make the call";
            ensure(number == 0 || !matches!(call, Propose { .. }), Failure::door(17, 0x10, why))?;
            let grantee = ledger::grantee(ctx, caller.spender(), None)?;
            let reply = trust::apply(ctx, grantee, caller.address, call, caller.quorum)?;
            if let (Some(proposal), Some((power, scope, proposed))) =
                (reply.proposal, reply.execute)
            {
                // Closed before it is carried out, so that it cannot be carried out twice.
                trust::finish(ctx, proposal);
                let (target, data) = proposed.split_at_checked(20).unwrap_or((&[], &[]));
                let target = Address::try_from(target)
                    .map_err(|_| Failure::door(4, 0x20, "the proposal names no target"))?;
                // Who proposed the call makes it; who approves lends the power and nothing of its own.
                let proposer = Caller::at(ctx, proposer(ctx, proposal)?);
                let caller = Caller { quorum: Some((power, scope)), ..proposer };
                carry_out(ctx, caller, target, data, false, said)?;
            }
            Ok(reply.proposal.or(reply.app))
        }
        Native::Compliance(call) => {
            match call.needs() {
                compliance::Needs::Rules(asset) => {
                    ledger::asset(ctx, asset)?;
                    use_power(ctx, caller, Power::Rules, Scope::Asset(asset))?;
                }
                compliance::Needs::Law => {
                    use_power(ctx, caller, Power::Law, Scope::Network)?;
                }
                // Who may approve is on a list of the asset.
                compliance::Needs::Nothing => {
                    ledger::grantee(ctx, caller.spender(), None)?;
                }
            }
            let by = identity::account_of(ctx, &caller.address).map(|account| account.person);
            compliance::apply(ctx, by, call)?;
            Ok(None)
        }
        Native::Ledger(call) => {
            let by = caller.spender();
            let giver = giver(ctx, by.wallet, &call);
            let reply = ledger::apply(ctx, by, call)
                .map_err(|refusal| Failure::of_ledger(ctx, refusal, by.wallet, giver))?;
            for check in &reply.checks {
                exhausted(ctx)?;
                rules::ask(ctx, check)?;
            }
            Ok(reply.number)
        }
        Native::Permit(permit) => {
            faces::carry_out_permit(ctx, &permit)?;
            Ok(None)
        }
        Native::Batch(calls) => {
            for call in calls {
                exhausted(ctx)?;
                apply(ctx, caller, call, said)?;
            }
            Ok(None)
        }
    }
}

/// Refuses unless the caller has a power that counts no units.
fn use_power(
    ctx: &mut Context<'_>,
    caller: Caller,
    power: Power,
    scope: Scope,
) -> Result<(), Failure> {
    let by = ledger::may_use(ctx, caller.spender(), power, scope, None)?;
    trust::exercise(ctx, by, power, scope, caller.quorum);
    Ok(())
}

/// Whom a call delegates to, unless it is a person by its key: a contract, or who may become one. What an app does
/// not ask for is refused at once, and what only a contract can have, nobody else is given.
fn delegate(ctx: &Context<'_>, call: &identity::Call) -> Result<Option<Address>, Failure> {
    let identity::Call::Delegate(given) = call else { return Ok(None) };
    let is_contract = accounts::code_hash(ctx, &given.wallet).is_some();
    let why = "attested: only a contract's code can be";
    ensure(is_contract || !given.terms.attested, identity::Refusal::BadTerms(why))?;
    trust::app::check_asked(ctx, &given.wallet, Wanted::Operation(given.operations))?;
    let is_key = !is_contract && identity::account_of(ctx, &given.wallet).is_some();
    Ok((!is_key).then_some(given.wallet))
}

/// Whose units of what an ERC-20 call moves.
fn giver(ctx: &Context<'_>, caller: Address, call: &ledger::Call) -> Option<(AssetId, AccountId)> {
    use ledger::Call::{Transfer, TransferFrom};
    match call {
        Transfer { asset, class: None, from: None, .. } => {
            Some((*asset, identity::account_of(ctx, &caller)?))
        }
        TransferFrom { asset, from, .. } => Some((*asset, *from)),
        _ => None,
    }
}

/// The first wallet of who made a proposal.
fn proposer(ctx: &Context<'_>, proposal: u64) -> Result<Address, Failure> {
    let unknown = trust::Refusal::UnknownProposal(proposal);
    let record = trust::PROPOSALS.read(ctx, &proposal).ok_or(unknown.clone())?;
    let account = AccountId::new(record.proposer, 0);
    identity::wallet_of(ctx, &account).ok_or_else(|| unknown.into())
}

/// Stops a batch that has used its gas up.
pub(crate) fn exhausted(ctx: &Context<'_>) -> Result<(), Failure> {
    let why = "the batch needs more gas than the transaction allows; split it";
    ensure(!ctx.is_exhausted(), Failure::door(5, 0x0f, why))
}

fn encode(ctx: &Context<'_>, answer: Answer, number: Option<u64>) -> (Vec<u8>, Vec<EthLog>) {
    let number = number.unwrap_or_default();
    let output = match answer {
        Answer::Nothing => Vec::new(),
        Answer::True => true.abi_encode(),
        Answer::Number => U256::from(number).abi_encode(),
        Answer::Asset => {
            (number, Reserved::asset(ctx.shard(), AssetId(number))).abi_encode_params()
        }
        Answer::Word(word) => FixedBytes(word).abi_encode(),
        Answer::Recovered { token, lost, wallet, person } => {
            let event = abi::IERC3643::RecoverySuccess {
                lostWallet: lost,
                newWallet: wallet,
                investorOnchainID: person,
            };
            return (true.abi_encode(), vec![logs::log(token, &event)]);
        }
    };
    (output, Vec::new())
}

//! The four services' functions, decoded into their modules' calls. No rule is here.

mod apps;
mod compliance;
mod identity;
mod ledger;
mod registry;
mod trust;

use crate::{
    abi::{
        self, IApps, ICompliance, IERC165, IIdentity, IIdentityRegistry, ILedger, ITrust,
        interface_id,
    },
    failure::Failure,
    native::Native,
};
use ::compliance::Decision;
use ::ledger::{ChosenLot, Stated, Wish};
use alloy_sol_types::SolValue;
use state::Context;
use std::str::FromStr;
use types::{
    AccountId, Address, AssetId, Bytes, ClassId, Contest, Country, Malformed, Module, Name, Period,
    Terms, Time, U256, Units,
};

pub(crate) use self::{compliance::told, identity::enrolment};

/// Answers a call to a service; `None` where no service is.
pub(crate) fn answer(
    ctx: &Context<'_>,
    module: Module,
    input: &[u8],
) -> Option<Result<Request, Failure>> {
    let answer = match module {
        Module::Identity => identity::identity,
        Module::Trust => trust::trust,
        Module::Compliance => compliance::compliance,
        Module::Ledger => ledger::ledger,
        Module::Evm | Module::Chain => return None,
    };
    let is_supported = abi::supports(input, interfaces(module));
    Some(is_supported.map_or_else(|_| answer(ctx, input), view))
}

/// The interfaces of a service by their ERC-165 ids.
fn interfaces(module: Module) -> &'static [[u8; 4]] {
    const ERC165: [u8; 4] = interface_id(IERC165::IERC165Calls::SELECTORS);
    match module {
        Module::Identity => {
            const {
                &[
                    ERC165,
                    interface_id(IIdentity::IIdentityCalls::SELECTORS),
                    interface_id(IIdentityRegistry::IIdentityRegistryCalls::SELECTORS),
                ]
            }
        }
        Module::Trust => {
            const {
                &[
                    ERC165,
                    interface_id(ITrust::ITrustCalls::SELECTORS),
                    interface_id(IApps::IAppsCalls::SELECTORS),
                ]
            }
        }
        Module::Compliance => {
            const { &[ERC165, interface_id(ICompliance::IComplianceCalls::SELECTORS)] }
        }
        Module::Ledger => const { &[ERC165, interface_id(ILedger::ILedgerCalls::SELECTORS)] },
        Module::Evm | Module::Chain => &[],
    }
}

/// True if the data asks for what an officer does to an asset: freeze, halt, carry out an order.
pub fn is_official(input: &[u8]) -> bool {
    use crate::abi::{IERC1644 as Controller, IERC3643 as Token, IERC7943Fungible as Rwa};
    use alloy_sol_types::SolCall as _;
    const OFFICIAL: [[u8; 4]; 20] = [
        ILedger::freezeClassCall::SELECTOR,
        ILedger::freezePersonCall::SELECTOR,
        ILedger::freezeUnitsCall::SELECTOR,
        ILedger::fileOrderCall::SELECTOR,
        ILedger::forceTransferCall::SELECTOR,
        ILedger::forceRedeemCall::SELECTOR,
        ILedger::reissueCall::SELECTOR,
        Controller::controllerTransferCall::SELECTOR,
        Controller::controllerRedeemCall::SELECTOR,
        Token::pauseCall::SELECTOR,
        Token::unpauseCall::SELECTOR,
        Token::setAddressFrozenCall::SELECTOR,
        Token::freezePartialTokensCall::SELECTOR,
        Token::unfreezePartialTokensCall::SELECTOR,
        Token::forcedTransferCall::SELECTOR,
        Token::batchForcedTransferCall::SELECTOR,
        Token::batchSetAddressFrozenCall::SELECTOR,
        Token::batchFreezePartialTokensCall::SELECTOR,
        Token::batchUnfreezePartialTokensCall::SELECTOR,
        Rwa::setFrozenTokensCall::SELECTOR,
    ];
    input.first_chunk::<4>().is_some_and(|selector| OFFICIAL.contains(selector))
}

/// The country that two letters name.
fn country(code: [u8; 2]) -> Result<Country, Failure> {
    Country::from_str(&String::from_utf8_lossy(&code)).map_err(malformed)
}

/// What an input asks for.
pub(crate) enum Request {
    /// A question, already answered.
    View(Vec<u8>),
    /// Would a movement happen? And how the answer is told.
    Preview(Wish<'static>, Box<Tell>),
    /// Would a transfer on stated terms happen, if the caller asked for it?
    PreviewOn(Box<OnTerms>),
    /// A change, how its result is returned, and what is said beside it.
    Change(Box<Native>, Answer, Said),
}

impl Request {
    pub(crate) fn change(native: Native, answer: Answer) -> Self {
        Self::Change(Box::new(native), answer, Said::default())
    }

    /// What is asked about would be moved by this wallet.
    pub(crate) fn by(self, operator: Address) -> Self {
        match self {
            Self::Preview(wish, tell) => Self::Preview(Wish { operator, ..wish }, tell),
            other => other,
        }
    }

    /// Adds what the caller says beside a change.
    pub(crate) fn saying(self, words: Said) -> Self {
        match self {
            Self::Change(native, answer, _) => Self::Change(native, answer, words),
            other => other,
        }
    }
}

/// A transfer that somebody asks about, and the terms that are stated of it.
pub(crate) struct OnTerms {
    wish: Wish<'static>,
    path: Option<Name>,
    lots: Vec<ChosenLot>,
}

impl OnTerms {
    /// What is asked about, moved by this wallet.
    pub(crate) fn by(&self, operator: Address) -> Wish<'_> {
        let Self { wish, path, lots } = self;
        let stated = Stated { path: path.as_ref(), lots, ..wish.stated };
        Wish { operator, stated, ..*wish }
    }
}

/// What the caller of a token's function says beside it: carried into the first log that has room for it,
/// read by no rule and kept nowhere.
#[derive(Default)]
pub(crate) struct Said {
    /// `data` of ERC-1410, 1594 and 1644.
    pub data: Bytes,
    /// `operatorData` of ERC-1410 and 1644.
    pub operator_data: Bytes,
    /// True if a class was named, so that ERC-1410's events are due though it is the default class.
    pub by_partition: bool,
}

impl Said {
    pub(crate) fn data(data: Bytes) -> Self {
        Self { data, ..Self::default() }
    }

    /// Gas of its bytes in logs, as Ethereum charges them; an issue by class tells them in two.
    pub(crate) fn gas(&self) -> u64 {
        16 * (self.data.len() as u64 + self.operator_data.len() as u64)
    }
}

/// Encodes what a preview found.
pub(crate) type Tell = dyn FnOnce(Result<Decision, Failure>) -> Result<Vec<u8>, Failure>;

/// How a change's result is returned.
pub(crate) enum Answer {
    Nothing,
    True,
    Number,
    /// An asset's number and address.
    Asset,
    Word([u8; 32]),
    /// True, and ERC-3643's event at the token.
    Recovered {
        token: Address,
        lost: Address,
        wallet: Address,
        person: Address,
    },
}

pub(crate) fn change(native: Native) -> Result<Request, Failure> {
    Ok(Request::change(native, Answer::Nothing))
}

pub(crate) fn view<T: SolValue>(value: T) -> Result<Request, Failure> {
    Ok(Request::View(value.abi_encode()))
}

/// Until when an order binds somebody, by which wallet and why that is contested, and what decided.
pub(crate) fn contested((until, contest): (Time, Contest)) -> Request {
    let Contest { document, by, decision } = contest;
    let [document, decision] = [document, decision].map(Option::unwrap_or_default);
    Request::View((until.0, by, document, decision).abi_encode_params())
}

/// Something that ERC-3643 leaves to each token and this protocol to nobody.
pub(crate) fn fixed(why: &str) -> Failure {
    Failure::door(21, 0x10, format!("the protocol fixes this: {why}"))
}

/// An input that is no function of the interface, or does not decode as one.
pub(crate) fn undecodable(input: &[u8], error: alloy_sol_types::Error) -> Failure {
    let selector = input.get(..4).map_or("nothing".into(), alloy_primitives::hex::encode_prefixed);
    Failure::door(
        6,
        0x20,
        format!("function {selector} is unknown here or its arguments do not decode: {error}"),
    )
}

pub(crate) fn malformed(error: Malformed) -> Failure {
    Failure::door(7, 0x20, error.to_string())
}

/// The account that a wallet owns.
pub(crate) fn account(ctx: &Context<'_>, wallet: Address) -> Result<AccountId, Failure> {
    ::identity::account_of(ctx, &wallet)
        .ok_or_else(|| ::identity::Refusal::WalletUnknown(wallet).into())
}

pub(crate) fn units(value: U256) -> Result<Units, Failure> {
    u128::try_from(value).map(Units).map_err(|_| ::ledger::Refusal::Overflow.into())
}

/// What bounds each use of something given; 0 bounds nothing. A part of a period is none, and is refused.
fn terms(at_once: u128, per_period: u128, period_ms: u64, attested: bool) -> Terms {
    let is_named = per_period != 0 || period_ms != 0;
    Terms {
        at_once: (at_once != 0).then_some(Units(at_once)),
        period: is_named.then(|| Period::new(Units(per_period), period_ms)),
        attested,
    }
}

/// A movement by the wallets of both sides; the zero address is nobody: an issue, or a redemption.
pub(crate) fn wish(
    ctx: &Context<'_>,
    asset: AssetId,
    class: Option<ClassId>,
    from: Address,
    to: Address,
    amount: U256,
) -> Result<Wish<'static>, Failure> {
    let party = |wallet: Address| match wallet.is_zero() {
        true => Ok(None),
        false => account(ctx, wallet).map(Some),
    };
    let (from, to, units) = (party(from)?, party(to)?, units(amount)?);
    let (operator, stated) = (Address::ZERO, Stated::default());
    Ok(Wish { asset, class, from, to, units, operator, stated })
}

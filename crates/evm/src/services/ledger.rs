//! Securities and cash: `ILedger`.

use super::{Answer, Request, account, change, contested, malformed, undecodable, view};
use crate::{
    abi::{self, ILedger},
    failure::Failure,
    native::Native,
};
use ::ledger::{AssetKind, Bound, ChosenLot, Leg, NewAsset, Placement, Price, Sale};
use alloy_primitives::FixedBytes;
use alloy_sol_types::SolValue;
use state::Context;
use std::str::FromStr;
use types::{
    AccountId, Address, AssetId, ClassId, Currency, Malformed, Name, Order, PersonId, Reserved,
    Time, U256, Units, ensure,
};

pub(super) fn ledger(ctx: &Context<'_>, input: &[u8]) -> Result<Request, Failure> {
    use ILedger::ILedgerCalls as F;
    use ledger::Call;
    let order = |order: ILedger::Order| -> Order { order.into() };
    let legs = |legs: Vec<ILedger::Leg>| -> Result<Vec<Leg>, Failure> {
        legs.into_iter()
            .map(|leg| Ok(Leg { to: account(ctx, leg.to)?, units: Units(leg.units) }))
            .collect()
    };
    let numbered = |call| Ok(Request::change(Native::Ledger(call), Answer::Number));
    let call = match abi::decode(input).map_err(|error| undecodable(input, error))? {
        F::createAsset(f) => {
            return Ok(Request::change(
                Native::Ledger(Call::CreateAsset(new_asset(f.asset)?)),
                Answer::Asset,
            ));
        }
        F::createClass(f) => {
            return numbered(Call::CreateClass { asset: AssetId(f.asset), name: f.name });
        }
        F::setAuthorised(f) => {
            Call::SetAuthorised { asset: AssetId(f.asset), authorised: Units(f.authorised) }
        }
        F::closeAsset(f) => Call::Close { asset: AssetId(f.asset) },
        F::issueBatch(f) => {
            Call::Issue { asset: AssetId(f.asset), class: ClassId(f.class), legs: legs(f.legs)? }
        }
        F::issueUnpaid(f) => Call::IssueUnpaid {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            legs: legs(f.legs)?,
        },
        F::confirmPayment(f) => Call::ConfirmPayment {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            account: account(ctx, f.account)?,
            units: Units(f.units),
        },
        F::exchange(f) => Call::Exchange {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            new: AssetId(f.made),
            into: ClassId(f.into),
            made: f.ratioMade,
            old: f.ratioOld,
            legs: legs(f.legs)?,
        },
        F::place(f) => Call::Place {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            profile: f.profile,
            currency: currency(f.currency)?,
            legs: f
                .legs
                .into_iter()
                .map(|leg| {
                    let to = account(ctx, leg.to)?;
                    Ok(Placement { to, units: Units(leg.units), paid: Units(leg.paid) })
                })
                .collect::<Result<_, Failure>>()?,
        },
        F::transferBatch(f) => Call::Transfer {
            asset: AssetId(f.asset),
            class: Some(ClassId(f.class)),
            from: Some(account(ctx, f.from)?),
            legs: legs(f.legs)?,
        },
        F::distribute(f) => Call::Distribute {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            legs: legs(f.legs)?,
            expires: Time(f.expires),
        },
        F::transferOn(f) => Call::TransferOn {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            from: account(ctx, f.from)?,
            path: elected(f.path),
            currency: told(f.currency)?,
            legs: f.legs.into_iter().map(|leg| sale(ctx, leg)).collect::<Result<_, Failure>>()?,
        },
        F::freezeClass(f) => {
            Call::FreezeClass { asset: AssetId(f.asset), class: ClassId(f.class), frozen: f.frozen }
        }
        F::freezePerson(f) => Call::FreezePerson {
            asset: AssetId(f.asset),
            person: PersonId(f.person),
            frozen: f.frozen,
            order: order(f.order),
        },
        F::freezeUnits(f) => Call::FreezeUnits {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            account: account(ctx, f.account)?,
            units: Units(f.units),
            order: order(f.order),
        },
        F::contestPersonFreeze(f) => Call::ContestFreeze {
            bound: Bound::Person(AssetId(f.asset), PersonId(f.person)),
            order: f.order,
            document: f.document,
        },
        F::confirmPersonFreeze(f) => Call::ConfirmFreeze {
            bound: Bound::Person(AssetId(f.asset), PersonId(f.person)),
            order: f.order,
            document: f.document,
        },
        F::contestUnitsFreeze(f) => Call::ContestFreeze {
            bound: Bound::Units(AssetId(f.asset), ClassId(f.class), account(ctx, f.account)?),
            order: f.order,
            document: f.document,
        },
        F::confirmUnitsFreeze(f) => Call::ConfirmFreeze {
            bound: Bound::Units(AssetId(f.asset), ClassId(f.class), account(ctx, f.account)?),
            order: f.order,
            document: f.document,
        },
        F::fileOrder(f) => Call::FileOrder { asset: AssetId(f.asset), order: order(f.order) },
        F::announceOrder(f) => {
            return numbered(Call::AnnounceOrder {
                asset: AssetId(f.asset),
                class: ClassId(f.class),
                from: account(ctx, f.from)?,
                to: (!f.to.is_zero()).then(|| account(ctx, f.to)).transpose()?,
                units: Units(f.units),
                order: order(f.order),
                contest_until: Time(f.contestUntil),
            });
        }
        F::contestOrder(f) => Call::ContestOrder { number: f.number, document: f.document },
        F::confirmOrder(f) => Call::ConfirmOrder { number: f.number, document: f.document },
        F::withdrawOrder(f) => Call::WithdrawOrder { number: f.number, document: f.document },
        F::carryOutOrder(f) => Call::CarryOutOrder { number: f.number },
        F::orderOf(f) => {
            let unknown = ledger::Refusal::UnknownOrder(f.number);
            let taking = ledger::ORDERS.read(ctx, &f.number).ok_or(unknown)?;
            return Ok(Request::View(taking_of(ctx, taking).abi_encode()));
        }
        F::forceTransfer(f) => Call::ForceTransfer {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            from: account(ctx, f.from)?,
            to: account(ctx, f.to)?,
            units: Units(f.units),
            order: order(f.order),
        },
        F::forceRedeem(f) => Call::ForceRedeem {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            from: account(ctx, f.from)?,
            units: Units(f.units),
            order: order(f.order),
        },
        F::reissue(f) => Call::Reissue {
            asset: AssetId(f.asset),
            class: ClassId(f.class),
            to: account(ctx, f.to)?,
            units: Units(f.units),
            order: order(f.order),
        },
        F::hold(f) => {
            return numbered(Call::Hold {
                asset: AssetId(f.asset),
                class: ClassId(f.class),
                account: None,
                beneficiary: account(ctx, f.beneficiary)?,
                notary: notary(f.notary),
                units: Units(f.units),
                expires: Time(f.expires),
                path: None,
                price: None,
            });
        }
        F::holdFor(f) => {
            return numbered(Call::Hold {
                asset: AssetId(f.asset),
                class: ClassId(f.class),
                account: Some(account(ctx, f.account)?),
                beneficiary: account(ctx, f.beneficiary)?,
                notary: notary(f.notary),
                units: Units(f.units),
                expires: Time(f.expires),
                path: None,
                price: None,
            });
        }
        F::holdOn(f) => {
            let ILedger::HoldTerms { path, currency: code, paid } = f.terms;
            return numbered(Call::Hold {
                asset: AssetId(f.asset),
                class: ClassId(f.class),
                account: Some(account(ctx, f.account)?),
                beneficiary: account(ctx, f.beneficiary)?,
                notary: notary(f.notary),
                units: Units(f.units),
                expires: Time(f.expires),
                path: elected(path),
                price: price(code, paid)?,
            });
        }
        F::pledge(f) => {
            return numbered(Call::Pledge {
                asset: AssetId(f.asset),
                class: ClassId(f.class),
                beneficiary: account(ctx, f.beneficiary)?,
                notary: notary(f.notary),
                units: Units(f.units),
                expires: Time(f.expires),
                recourse: f.recourse,
                path: None,
            });
        }
        F::pledgeOn(f) => {
            return numbered(Call::Pledge {
                asset: AssetId(f.asset),
                class: ClassId(f.class),
                beneficiary: account(ctx, f.beneficiary)?,
                notary: notary(f.notary),
                units: Units(f.units),
                expires: Time(f.expires),
                recourse: f.recourse,
                path: elected(f.path),
            });
        }
        F::convert(f) => {
            return numbered(Call::Convert {
                asset: AssetId(f.asset),
                class: ClassId(f.class),
                into: ClassId(f.into),
                new: f.made,
                old: f.old,
                first: f.first,
                limit: f.limit,
            });
        }
        F::releaseHold(f) => Call::ReleaseHold { hold: f.number },
        F::executeHold(f) => Call::ExecuteHold { hold: f.number, units: Units(f.units) },
        F::takeCheckpoint(f) => return numbered(Call::Checkpoint { asset: AssetId(f.asset) }),
        F::tokenOf(f) => {
            let exists = ledger::ASSETS.has(ctx, &AssetId(f.asset));
            let token = Reserved::asset(ctx.shard(), AssetId(f.asset));
            return view(if exists { token } else { Address::ZERO });
        }
        F::balanceAt(f) => {
            let account = account(ctx, f.account)?;
            let units =
                ledger::balance_at(ctx, AssetId(f.asset), ClassId(f.class), account, f.checkpoint)?;
            return view(U256::from(units.0));
        }
        F::supplyAt(f) => {
            let units = ledger::supply_at(ctx, AssetId(f.asset), ClassId(f.class), f.checkpoint)?;
            return view(U256::from(units.0));
        }
        F::personFreezeOf(f) => {
            let bound = Bound::Person(AssetId(f.asset), PersonId(f.person));
            return Ok(contested(ledger::freeze(ctx, bound, f.order)?));
        }
        F::unitsFreezeOf(f) => {
            let account = account(ctx, f.account)?;
            let bound = Bound::Units(AssetId(f.asset), ClassId(f.class), account);
            return Ok(contested(ledger::freeze(ctx, bound, f.order)?));
        }
        F::supplyOf(f) => {
            let asset = ledger::asset(ctx, AssetId(f.asset))?;
            let supply = (asset.authorised, asset.issued, asset.treasury, asset.outstanding());
            let (authorised, issued, treasury, outstanding) = supply;
            let numbers = (authorised.0, issued.0, treasury.0, outstanding.0);
            return Ok(Request::View(numbers.abi_encode_params()));
        }
        F::positionOf(f) => {
            let account = account(ctx, f.account)?;
            let position = ledger::position(ctx, AssetId(f.asset), ClassId(f.class), account);
            let now = ctx.now();
            let (frozen, free) = (position.frozen(now), position.free(now));
            let amounts = [position.units, position.held, frozen, free];
            let [units, held, frozen, free] = amounts.map(|amount| U256::from(amount.0));
            return Ok(Request::View((units, held, frozen, free).abi_encode_params()));
        }
    };
    change(Native::Ledger(call))
}

/// A currency by its ISO 4217 code.
fn currency(code: FixedBytes<3>) -> Result<Currency, Failure> {
    String::from_utf8_lossy(&code.0).parse().map_err(malformed)
}

/// The currency in which is paid; none if no price is told.
fn told(code: FixedBytes<3>) -> Result<Option<Currency>, Failure> {
    (!code.is_zero()).then(|| currency(code)).transpose()
}

/// What is paid, if that is told.
pub(super) fn price(code: FixedBytes<3>, paid: u128) -> Result<Option<Price>, Failure> {
    let paid = Units(paid);
    let currency = told(code)?;
    ensure(paid.is_zero() || currency.is_some(), ledger::Refusal::NoCurrency)?;
    Ok(currency.map(|currency| Price { currency, paid }))
}

/// The path that is elected; none if it is left open.
pub(super) fn elected(path: String) -> Option<Name> {
    (!path.is_empty()).then(|| Name::from(path))
}

/// Who decides; the beneficiary if nobody is named.
fn notary(person: u64) -> Option<PersonId> {
    (person != 0).then_some(PersonId(person))
}

/// A part of a transfer on terms.
fn sale(ctx: &Context<'_>, leg: ILedger::Sale) -> Result<Sale, Failure> {
    let lot = |lot: ILedger::ChosenLot| {
        let (anchor, units) = (Time(lot.anchor), Units(lot.units));
        ChosenLot { place: lot.place, anchor, units }
    };
    let lots = leg.lots.into_iter().map(lot).collect();
    Ok(Sale { to: account(ctx, leg.to)?, units: Units(leg.units), lots, paid: Units(leg.paid) })
}

/// An announced order in the words of the interface.
fn taking_of(ctx: &Context<'_>, taking: &::ledger::Taking) -> ILedger::Taking {
    let wallet = |account: Option<AccountId>| {
        account.and_then(|account| identity::wallet_of(ctx, &account)).unwrap_or_default()
    };
    ILedger::Taking {
        asset: taking.asset.0,
        class: taking.class.0,
        from: wallet(Some(taking.from)),
        to: wallet(taking.to),
        units: taking.units.0,
        order: taking.order.clone().into(),
        announced: taking.announced.0,
        contestUntil: taking.contest_until.0,
        stage: taking.stage() as u8,
        contest: taking.contest.document.unwrap_or_default(),
        decision: taking.contest.decision.unwrap_or_default(),
    }
}

fn new_asset(given: ILedger::NewAsset) -> Result<NewAsset, Failure> {
    fn optional<T: FromStr<Err = Malformed>>(text: &str) -> Result<Option<T>, Failure> {
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(malformed) }
    }
    let kind = match given.kind {
        0 => AssetKind::Equity,
        1 => AssetKind::Debt,
        2 => AssetKind::FundUnit,
        3 => AssetKind::RevenueShare,
        4 => AssetKind::Structured,
        5 => AssetKind::Cash(given.currency.parse().map_err(malformed)?),
        6 => AssetKind::Wrap,
        7 => AssetKind::TrustUnit,
        other => return Err(Failure::door(7, 0x20, format!("kind: {other} is none of 0 to 7"))),
    };
    Ok(NewAsset {
        kind,
        symbol: given.symbol,
        name: given.name,
        decimals: given.decimals,
        isin: optional(&given.isin)?,
        cfi: given.cfi.parse().map_err(malformed)?,
        fisn: optional(&given.fisn)?,
        lei: optional(&given.lei)?,
        authorised: Units(given.authorised),
    })
}

//! Everything that can be done with assets, in the order a person meets it.

use crate::{
    ALLOWANCES, ASSETS, AssetKind, Bound, CLASSES, Cause, Event, OPERATORS, POSITIONS, Price,
    Refusal, Sale, Stated, asset, checkpoint, convert,
    distribute::distribute,
    exchange,
    freeze::{self, Act},
    hold, lots,
    movement::{self, Made, Movement, Wish},
    order::{self, Announcement},
    read, stated,
};
use borsh::{BorshDeserialize, BorshSerialize};
use compliance::Decision;
use smallvec::{SmallVec, smallvec};
use state::Context;
use std::collections::BTreeMap;
use trust::{Grantee, Power, Scope, app::Wanted};
use types::{
    AccountId, Address, AssetId, B256, Cfi, ClassId, Currency, Fisn, Isin, Lei, Module, Name,
    Order, PersonId, Ratio, Time, Units, ensure,
};

/// What is asked of the ledger. Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[allow(missing_docs)]
pub enum Call {
    CreateAsset(NewAsset),
    CreateClass {
        asset: AssetId,
        name: String,
    },
    SetAuthorised {
        asset: AssetId,
        authorised: Units,
    },
    PublishDocument {
        asset: AssetId,
        name: B256,
        uri: String,
        hash: B256,
    },
    RemoveDocument {
        asset: AssetId,
        name: B256,
    },
    /// Issues to many holders at once.
    Issue {
        asset: AssetId,
        class: ClassId,
        legs: Vec<Leg>,
    },
    /// Moves the units of one account to many, the caller's own if none is named. Without a class, from
    /// all classes in their order.
    Transfer {
        asset: AssetId,
        class: Option<ClassId>,
        from: Option<AccountId>,
        legs: Vec<Leg>,
    },
    /// Moves on an allowance.
    TransferFrom {
        asset: AssetId,
        from: AccountId,
        to: AccountId,
        units: Units,
    },
    /// Ends units: the holder's own will, or an agent's with the power to redeem.
    Redeem {
        asset: AssetId,
        class: Option<ClassId>,
        account: AccountId,
        units: Units,
    },
    Approve {
        asset: AssetId,
        spender: Address,
        units: Units,
    },
    SetOperator {
        asset: AssetId,
        class: Option<ClassId>,
        operator: Address,
        allowed: bool,
    },
    /// Sets units aside: the caller's own if no account is named. Their delivery goes by the path that is elected, if
    /// one is, and tells the price that is stated, if one is.
    Hold {
        asset: AssetId,
        class: ClassId,
        account: Option<AccountId>,
        beneficiary: AccountId,
        notary: Option<PersonId>,
        units: Units,
        expires: Time,
        path: Option<Name>,
        price: Option<Price>,
    },
    ReleaseHold {
        hold: u64,
    },
    ExecuteHold {
        hold: u64,
        units: Units,
    },
    Pause {
        asset: AssetId,
    },
    Resume {
        asset: AssetId,
    },
    Close {
        asset: AssetId,
    },
    FreezeClass {
        asset: AssetId,
        class: ClassId,
        frozen: bool,
    },
    FreezePerson {
        asset: AssetId,
        person: PersonId,
        frozen: bool,
        order: Order,
    },
    /// Sets how many units of a position are frozen, beside what announced orders freeze.
    FreezeUnits {
        asset: AssetId,
        class: ClassId,
        account: AccountId,
        units: Units,
        order: Order,
    },
    ForceTransfer {
        asset: AssetId,
        class: ClassId,
        from: AccountId,
        to: AccountId,
        units: Units,
        order: Order,
    },
    ForceRedeem {
        asset: AssetId,
        class: ClassId,
        from: AccountId,
        units: Units,
        order: Order,
    },
    /// Issues again what an order says was lost.
    Reissue {
        asset: AssetId,
        class: ClassId,
        to: AccountId,
        units: Units,
        order: Order,
    },
    Checkpoint {
        asset: AssetId,
    },
    /// Files the order that the caller's next official acts refer to; an empty one withdraws it.
    FileOrder {
        asset: AssetId,
        order: Order,
    },
    /// Changes the name, the ticker, or both.
    Rename {
        asset: AssetId,
        name: Option<String>,
        symbol: Option<String>,
    },
    /// Issues to subscribers: says what each paid, in minor units of a currency, and under which of the
    /// asset's profiles; 0 for the first that serves and passes.
    Place {
        asset: AssetId,
        class: ClassId,
        profile: u16,
        currency: Currency,
        legs: Vec<Placement>,
    },
    /// Announces that units will be moved, or ended if nobody is to get them, by order, and freezes them. The
    /// holder may contest it until a time; not at all, if that is not to come.
    AnnounceOrder {
        asset: AssetId,
        class: ClassId,
        from: AccountId,
        to: Option<AccountId>,
        units: Units,
        order: Order,
        contest_until: Time,
    },
    /// The holder contests an announced order.
    ContestOrder {
        number: u64,
        document: B256,
    },
    /// Decides that a contested order stands.
    ConfirmOrder {
        number: u64,
        document: B256,
    },
    /// Takes an announced order back.
    WithdrawOrder {
        number: u64,
        document: B256,
    },
    /// Carries an announced order out.
    CarryOutOrder {
        number: u64,
    },
    /// Moves the units of one account to many, and says on which terms: by which path of exemption, if the giver elects
    /// one, and what is paid, if it says in which currency.
    TransferOn {
        asset: AssetId,
        class: ClassId,
        from: AccountId,
        path: Option<Name>,
        currency: Option<Currency>,
        legs: Vec<Sale>,
    },
    /// Sets units of the caller's own aside to secure a debt to a beneficiary, by the path that is elected, if one is.
    Pledge {
        asset: AssetId,
        class: ClassId,
        beneficiary: AccountId,
        notary: Option<PersonId>,
        units: Units,
        expires: Time,
        recourse: bool,
        path: Option<Name>,
    },
    /// Converts a class into itself or another, from a place among those who ever held it on, so many at most: a split,
    /// a reverse split, a reclassification.
    Convert {
        asset: AssetId,
        class: ClassId,
        into: ClassId,
        new: u32,
        old: u32,
        first: u32,
        limit: u32,
    },
    /// Issues units that are not paid in full: their clock does not start before that is confirmed.
    IssueUnpaid {
        asset: AssetId,
        class: ClassId,
        legs: Vec<Leg>,
    },
    /// Says that so many unpaid units of an account, the oldest of them, are paid in full.
    ConfirmPayment {
        asset: AssetId,
        class: ClassId,
        account: AccountId,
        units: Units,
    },
    /// Exchanges units of named holders for those of another asset of the same issuer: a note that becomes shares.
    Exchange {
        asset: AssetId,
        class: ClassId,
        new: AssetId,
        into: ClassId,
        made: u32,
        old: u32,
        legs: Vec<Leg>,
    },
    /// Whom a freeze binds contests the order of this key that made it.
    ContestFreeze {
        bound: Bound,
        order: B256,
        document: B256,
    },
    /// Decides that a contested freeze stands.
    ConfirmFreeze {
        bound: Bound,
        order: B256,
        document: B256,
    },
    /// Moves units of the caller's to many; what a receiver may not take now is held for it until a time.
    Distribute {
        asset: AssetId,
        class: ClassId,
        legs: Vec<Leg>,
        expires: Time,
    },
}

impl Call {
    /// Whether a wallet would be refused that contests what binds its person by this call, or takes back what a thief held,
    /// if that is what it does. LED-9, LED-11.
    pub fn objects(&self, ctx: &Context<'_>, wallet: Address) -> Option<Result<(), Refusal>> {
        let by = Spender::key(wallet);
        match *self {
            Call::ContestOrder { number, document } => {
                Some(order::raised(ctx, by, number, document).map(drop))
            }
            Call::ContestFreeze { bound, order, document } => {
                Some(freeze::raised(ctx, by, bound, order, document).map(drop))
            }
            Call::ReleaseHold { hold } => hold::may_take_back(ctx, wallet, hold).then_some(Ok(())),
            _ => None,
        }
    }
}

/// One receiver of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Leg {
    /// Who gets.
    pub to: AccountId,
    /// How much.
    pub units: Units,
}

/// An asset as its issuer presents it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[allow(missing_docs)]
pub struct NewAsset {
    pub kind: AssetKind,
    pub symbol: String,
    pub name: String,
    pub decimals: u8,
    pub isin: Option<Isin>,
    pub cfi: Cfi,
    pub fisn: Option<Fisn>,
    pub lei: Option<Lei>,
    pub authorised: Units,
}

/// Who calls: a key or contract, and the quorum whose approved call it carries out, if it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spender {
    /// The key or contract.
    pub wallet: Address,
    /// The hash of its code, if it is a contract.
    pub code: Option<B256>,
    /// The power and scope that a full quorum lends to this call.
    pub quorum: Option<(Power, Scope)>,
}

impl Spender {
    /// A key that calls for itself.
    pub fn key(wallet: Address) -> Self {
        Self { wallet, code: None, quorum: None }
    }
}

/// An issuer's contract that must agree to a movement just made, else all is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ContractCheck {
    pub contract: Address,
    pub gas: u64,
    pub asset: AssetId,
    pub from: Option<AccountId>,
    pub to: Option<AccountId>,
    pub units: Units,
}

/// A part of an issue to subscribers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Placement {
    /// Who gets the units.
    pub to: AccountId,
    /// How many.
    pub units: Units,
    /// What is paid for them, in minor units.
    pub paid: Units,
}

/// A part of any issue or transfer, and what is stated of it.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    pub leg: Leg,
    pub stated: Stated<'a>,
}

impl Part<'_> {
    /// One of which nothing is stated.
    pub(crate) fn plain(leg: Leg) -> Self {
        Self { leg, stated: Stated::default() }
    }
}

/// What came of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The number given: of an asset, class, hold or checkpoint; or how many places a conversion has left.
    pub number: Option<u64>,
    /// The issuers' contracts that must agree.
    pub checks: Vec<ContractCheck>,
    /// What the giver gave collectors besides.
    pub fees: Vec<(PersonId, Units)>,
}

impl Reply {
    /// What the giver gave collectors in all.
    pub(crate) fn fees_in_all(&self) -> Result<Units, Refusal> {
        let mut fees = self.fees.iter().map(|(_, units)| *units);
        Ok(fees.try_fold(Units::ZERO, |sum, units| sum.checked_add(units))?)
    }

    pub(crate) fn number(number: impl Into<u64>) -> Self {
        Self { number: Some(number.into()), ..Self::default() }
    }
}

/// Does what a caller asks. On a refusal nothing has changed.
pub fn apply(ctx: &mut Context<'_>, caller: Spender, call: Call) -> Result<Reply, Refusal> {
    let mark = ctx.mark();
    let result = dispatch(ctx, caller, call);
    if result.is_err() {
        // A batch is judged leg by leg, each on what the earlier ones left.
        ctx.rollback(mark);
    }
    result
}

fn dispatch(ctx: &mut Context<'_>, by: Spender, call: Call) -> Result<Reply, Refusal> {
    match call {
        Call::CreateAsset(new) => asset::create(ctx, by, new),
        Call::CreateClass { asset, name } => asset::create_class(ctx, by, asset, name),
        Call::SetAuthorised { asset, authorised } => {
            asset::set_authorised(ctx, by, asset, authorised)
        }
        Call::PublishDocument { asset, name, uri, hash } => {
            asset::publish(ctx, by, asset, name, uri, hash)
        }
        Call::RemoveDocument { asset, name } => asset::remove_document(ctx, by, asset, name),
        Call::Issue { asset, class, legs } => {
            let (legs, total) = fold(ctx, legs)?;
            let parts: Vec<_> = legs.into_iter().map(Part::plain).collect();
            issue(ctx, by, (asset, class), &parts, total, false)
        }
        Call::IssueUnpaid { asset, class, legs } => {
            let (legs, total) = fold(ctx, legs)?;
            let parts: Vec<_> = legs.into_iter().map(Part::plain).collect();
            issue(ctx, by, (asset, class), &parts, total, true)
        }
        Call::ConfirmPayment { asset, class, account, units } => {
            confirm_payment(ctx, by, (asset, class, account), units)
        }
        Call::Place { asset, class, profile, currency, legs } => {
            ensure(!legs.is_empty(), Refusal::EmptyBatch)?;
            let mut total = Units::ZERO;
            let mut parts = Vec::with_capacity(legs.len());
            for Placement { to, units, paid } in legs {
                ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
                check_account(ctx, to)?;
                total = total.checked_add(units)?;
                let paid = Some((currency, paid.0));
                let stated = Stated { paid, profile, ..Stated::default() };
                parts.push(Part { leg: Leg { to, units }, stated });
            }
            issue(ctx, by, (asset, class), &parts, total, false)
        }
        Call::Transfer { asset, class, from, legs } => transfer(ctx, by, asset, class, from, legs),
        Call::Distribute { asset, class, legs, expires } => {
            distribute(ctx, by, (asset, class), legs, expires)
        }
        Call::TransferOn { asset, class, from, path, currency, legs } => {
            stated::transfer(ctx, by, (asset, class), from, (path, currency), legs)
        }
        Call::TransferFrom { asset, from, to, units } => {
            transfer_from(ctx, by, asset, from, to, units)
        }
        Call::Redeem { asset, class, account, units } => {
            redeem(ctx, by, asset, class, account, units)
        }
        Call::Approve { asset, spender, units } => {
            let owner = own_account(ctx, by)?;
            approve(ctx, asset, owner, spender, units)
        }
        Call::SetOperator { asset, class, operator, allowed } => {
            set_operator(ctx, by, asset, class, operator, allowed)
        }
        Call::Hold { asset, class, account, beneficiary, notary, units, expires, path, price } => {
            let recourse = None;
            let terms = hold::Terms { beneficiary, notary, units, expires, recourse, path, price };
            hold::place(ctx, by, (asset, class), account, terms)
        }
        Call::Pledge { asset, class, beneficiary, notary, units, expires, recourse, path } => {
            let (recourse, price) = (Some(recourse), None);
            let terms = hold::Terms { beneficiary, notary, units, expires, recourse, path, price };
            hold::place(ctx, by, (asset, class), None, terms)
        }
        Call::Convert { asset, class, into, new, old, first, limit } => {
            let ratio = Ratio::of_some(new, old).ok_or(Refusal::BadRatio)?;
            convert::convert(ctx, by, asset, convert::Terms { class, into, ratio }, first, limit)
        }
        Call::Exchange { asset, class, new, into, made, old, legs } => {
            let ratio = Ratio::of_some(made, old).ok_or(Refusal::BadRatio)?;
            let terms = exchange::Terms { old: (asset, class), new: (new, into), ratio };
            exchange::exchange(ctx, by, terms, fold(ctx, legs)?.0)
        }
        Call::ReleaseHold { hold } => hold::release(ctx, by, hold),
        Call::ExecuteHold { hold, units } => hold::execute(ctx, by, hold, units),
        Call::Pause { asset } => asset::pause(ctx, by, asset, true),
        Call::Resume { asset } => asset::pause(ctx, by, asset, false),
        Call::Close { asset } => asset::close(ctx, by, asset),
        Call::FreezeClass { asset, class, frozen } => {
            freeze::freeze_class(ctx, by, asset, class, frozen)
        }
        Call::FreezePerson { asset, person, frozen, order } => {
            freeze::freeze_person(ctx, by, asset, person, frozen, order)
        }
        Call::FreezeUnits { asset, class, account, units, order } => {
            freeze::freeze_units(ctx, by, (asset, class, account), units, order)
        }
        Call::ForceTransfer { asset, class, from, to, units, order } => {
            let (from, to) = (Some(from), Some(to));
            freeze::force(ctx, by, &Act { asset, class, from, to, units, order, number: None })
        }
        Call::ForceRedeem { asset, class, from, units, order } => {
            let (from, to) = (Some(from), None);
            freeze::force(ctx, by, &Act { asset, class, from, to, units, order, number: None })
        }
        Call::Reissue { asset, class, to, units, order } => {
            let (from, to) = (None, Some(to));
            freeze::force(ctx, by, &Act { asset, class, from, to, units, order, number: None })
        }
        Call::ContestFreeze { bound, order, document } => {
            freeze::contest(ctx, by, bound, order, document)
        }
        Call::ConfirmFreeze { bound, order, document } => {
            freeze::confirm(ctx, by, bound, order, document)
        }
        Call::FileOrder { asset, order } => freeze::file_order(ctx, by, asset, order),
        Call::AnnounceOrder { asset, class, from, to, units, order, contest_until } => {
            let taking = Announcement { asset, class, from, to, units, order, contest_until };
            order::announce(ctx, by, taking)
        }
        Call::ContestOrder { number, document } => order::contest(ctx, by, number, document),
        Call::ConfirmOrder { number, document } => order::confirm(ctx, by, number, document),
        Call::WithdrawOrder { number, document } => order::withdraw(ctx, by, number, document),
        Call::CarryOutOrder { number } => order::carry_out(ctx, by, number),
        Call::Rename { asset, name, symbol } => asset::rename(ctx, by, asset, name, symbol),
        Call::Checkpoint { asset } => {
            exercise(ctx, by, Power::Checkpoint, Scope::Asset(asset))?;
            checkpoint::take(ctx, asset).map(Reply::number)
        }
    }
}

/// Refuses unless the caller has the power there for so many units.
pub(crate) fn require(
    ctx: &Context<'_>,
    by: Spender,
    power: Power,
    scope: Scope,
    units: Units,
) -> Result<(), Refusal> {
    may_use(ctx, by, power, scope, Some(units)).map(drop)
}

/// Refuses a caller that may not use a power there now, and says as who it does.
pub fn may_use(
    ctx: &Context<'_>,
    by: Spender,
    power: Power,
    scope: Scope,
    units: Option<Units>,
) -> Result<Grantee, Refusal> {
    let grantee = grantee(ctx, by, Some((power, scope, units)))?;
    trust::require(ctx, grantee, power, scope, units, by.quorum)?;
    Ok(grantee)
}

/// Uses a power up by so many units, after `require` said yes and they moved.
pub(crate) fn spend(
    ctx: &mut Context<'_>,
    by: Spender,
    power: Power,
    scope: Scope,
    units: Units,
) -> Result<(), Refusal> {
    let grantee = grantee(ctx, by, Some((power, scope, Some(units))))?;
    trust::spend(ctx, grantee, power, scope, units, by.quorum);
    Ok(())
}

/// Refuses unless the caller has the power there, where no units are counted.
pub(crate) fn exercise(
    ctx: &mut Context<'_>,
    by: Spender,
    power: Power,
    scope: Scope,
) -> Result<(), Refusal> {
    let grantee = may_use(ctx, by, power, scope, None)?;
    trust::exercise(ctx, grantee, power, scope, by.quorum);
    Ok(())
}

/// The holder of grants behind a caller: its person, or the contract itself.
///
/// A wallet that is dead, in dispute or of a suspended person speaks for nobody, also if it is a contract. What
/// stops apps stops a published contract, also if it is somebody's wallet: it uses as an app what that person may
/// not use itself, for so many units.
pub fn grantee(
    ctx: &Context<'_>,
    by: Spender,
    wanted: Option<(Power, Scope, Option<Units>)>,
) -> Result<Grantee, Refusal> {
    let is_published = by.code.is_some() && trust::CONTRACTS.has(ctx, &by.wallet);
    let person = match identity::acting(ctx, &by.wallet) {
        Ok(actor) => Some(Grantee::Person(actor.person())),
        Err(identity::Refusal::WalletUnknown(_)) => None,
        Err(refusal) => return Err(refusal.into()),
    };
    if is_published {
        trust::app::check_contract(ctx, &by.wallet, by.code)?;
    }
    let is_its = |person: &Grantee| {
        !is_published
            || wanted.is_none_or(|(power, scope, units)| {
                trust::require(ctx, *person, power, scope, units, by.quorum).is_ok()
            })
    };
    Ok(person.filter(is_its).unwrap_or(Grantee::App(by.wallet)))
}

/// The account that the caller owns.
pub(crate) fn own_account(ctx: &Context<'_>, by: Spender) -> Result<AccountId, Refusal> {
    Ok(identity::acting(ctx, &by.wallet)?.account)
}

/// Refuses an account that nobody opened. I-14.
pub(crate) fn check_account(ctx: &Context<'_>, account: AccountId) -> Result<(), Refusal> {
    ensure(identity::wallet_of(ctx, &account).is_some(), Refusal::UnknownAccount(account))
}

/// Refuses a person that is not registered: its number may go to somebody else.
pub(crate) fn check_person(ctx: &Context<'_>, person: PersonId) -> Result<(), Refusal> {
    let is_known = identity::person(ctx, person).is_some();
    ensure(is_known, Refusal::Identity(identity::Refusal::UnknownPerson(person)))
}

/// Moves units and remembers whose contract must agree.
pub(crate) fn carry_out(
    ctx: &mut Context<'_>,
    movement: Movement<'_>,
    reply: &mut Reply,
) -> Result<(), Refusal> {
    carry_out_as(ctx, movement, None, reply)
}

/// The same, of lots that go on in another asset.
pub(crate) fn carry_out_made(
    ctx: &mut Context<'_>,
    movement: Movement<'_>,
    made: Made,
    reply: &mut Reply,
) -> Result<(), Refusal> {
    carry_out_as(ctx, movement, Some(made), reply)
}

fn carry_out_as(
    ctx: &mut Context<'_>,
    movement: Movement<'_>,
    made: Option<Made>,
    reply: &mut Reply,
) -> Result<(), Refusal> {
    ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
    let decision = movement::carry_out(ctx, movement, made)?;
    agree(&movement, &decision, reply);
    if !movement.units.is_zero() && movement.from != movement.to {
        movement.fees(&decision).try_for_each(|fee| pay_fee(ctx, fee, reply))?;
    }
    Ok(())
}

/// Gives a collector its part of what just moved. What stands in its way stands in the way of all.
fn pay_fee(ctx: &mut Context<'_>, fee: Movement<'_>, reply: &mut Reply) -> Result<(), Refusal> {
    ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
    fee.to.map_or(Ok(()), |to| check_account(ctx, to))?;
    let decision = movement::carry_out(ctx, fee, None).map_err(Refusal::of_fee)?;
    agree(&fee, &decision, reply);
    reply.fees.extend(fee.to.map(|to| (to.person, fee.units)));
    Ok(())
}

/// Remembers whose contract must agree to a movement that was judged.
pub(crate) fn agree(movement: &Movement<'_>, decision: &Decision, reply: &mut Reply) {
    if let Some((contract, gas)) = decision.contract {
        let Movement { asset, from, to, units, .. } = *movement;
        reply.checks.push(ContractCheck { contract, gas, asset, from, to, units });
    }
}

/// Folds legs to one receiver into one, and checks that the batch makes sense.
pub(crate) fn fold(ctx: &Context<'_>, legs: Vec<Leg>) -> Result<(Vec<Leg>, Units), Refusal> {
    ensure(!legs.is_empty(), Refusal::EmptyBatch)?;
    if let [Leg { to, units }] = legs[..] {
        check_account(ctx, to)?;
        return Ok((legs, units));
    }
    let mut total = Units::ZERO;
    let mut place: BTreeMap<AccountId, usize> = BTreeMap::new();
    let mut folded: Vec<Leg> = Vec::with_capacity(legs.len());
    for leg in legs {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        check_account(ctx, leg.to)?;
        total = total.checked_add(leg.units)?;
        match place.get(&leg.to) {
            Some(&index) => folded[index].units += leg.units,
            None => {
                place.insert(leg.to, folded.len());
                folded.push(leg);
            }
        }
    }
    Ok((folded, total))
}

/// What each human gets in a batch, so that it is judged on its net; one leg needs no list.
pub(crate) fn receipts<'l>(
    ctx: &Context<'_>,
    legs: impl IntoIterator<Item = &'l Leg, IntoIter: ExactSizeIterator>,
) -> BTreeMap<PersonId, Units> {
    let (legs, mut receipts) = (legs.into_iter(), BTreeMap::new());
    if legs.len() > 1 {
        for Leg { to, units } in legs {
            let human = identity::counted_as(ctx, to.person);
            *receipts.entry(human).or_insert(Units::ZERO) += *units;
        }
    }
    receipts
}

fn issue(
    ctx: &mut Context<'_>,
    by: Spender,
    (asset, class): (AssetId, ClassId),
    parts: &[Part<'_>],
    total: Units,
    is_unpaid: bool,
) -> Result<Reply, Refusal> {
    let scope = Scope::Class(asset, class);
    require(ctx, by, Power::Issue, scope, total)?;
    ensure(!total.is_zero(), Refusal::NothingToMove)?;
    let mut reply = Reply::default();
    issue_parts(ctx, by, (asset, class), parts, is_unpaid, &mut reply)?;
    spend(ctx, by, Power::Issue, scope, total)?;
    Ok(reply)
}

/// Starts the clock of units that were issued unpaid, wherever they are by now. Needs `Issue`.
fn confirm_payment(
    ctx: &mut Context<'_>,
    by: Spender,
    key: (AssetId, ClassId, AccountId),
    units: Units,
) -> Result<Reply, Refusal> {
    let (asset, class, account) = key;
    exercise(ctx, by, Power::Issue, Scope::Class(asset, class))?;
    convert::check_settled(ctx, asset)?;
    ensure(!units.is_zero(), Refusal::NothingToMove)?;
    let mut position = POSITIONS.get(ctx, &key).ok_or(Refusal::NoPosition(account))?;
    let unpaid = position.lots.iter().filter(|lot| !lot.is_paid()).map(|lot| lot.units).sum();
    ensure(units <= unpaid, Refusal::NotUnpaid { unpaid, need: units })?;
    lots::pay(&mut position.lots, units, ctx.now());
    POSITIONS.put(ctx, &key, position);
    ctx.emit(Module::Ledger, &Event::PaymentConfirmed { asset, class, account, units });
    Ok(Reply::default())
}

fn issue_parts(
    ctx: &mut Context<'_>,
    by: Spender,
    (asset, class): (AssetId, ClassId),
    parts: &[Part<'_>],
    is_unpaid: bool,
    reply: &mut Reply,
) -> Result<(), Refusal> {
    let mut receipts = receipts(ctx, parts.iter().map(|part| &part.leg));
    let legs = || parts.iter().map(|part| part.leg);
    // What the issuer keeps is with nobody else: it does not grow what parts are counted of.
    let issuer = read::asset(ctx, asset)?.issuer;
    let is_placed = |leg: &Leg| leg.to.person != issuer;
    let mut giving: Units = legs().filter(is_placed).map(|leg| leg.units).sum();
    for Part { leg, stated } in parts {
        let Leg { to, units } = *leg;
        let mut alone = units;
        let getting = receipts.get_mut(&identity::counted_as(ctx, to.person)).unwrap_or(&mut alone);
        let of = Movement::of((asset, class), (None, Some(to)), units, Cause::Issue, by.wallet);
        let counted = Movement { giving, giving_of_class: giving, getting: *getting, ..of };
        carry_out(ctx, Movement { stated: *stated, is_unpaid, ..counted }, reply)?;
        if is_placed(leg) {
            giving -= units;
        }
        *getting -= units;
    }
    Ok(())
}

fn transfer(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    class: Option<ClassId>,
    from: Option<AccountId>,
    legs: Vec<Leg>,
) -> Result<Reply, Refusal> {
    let (legs, total) = fold(ctx, legs)?;
    let from = match from {
        Some(from) => {
            authorise(ctx, by, asset, class, from, total)?;
            from
        }
        None => own_account(ctx, by)?,
    };
    let parts: Vec<_> = legs.into_iter().map(Part::plain).collect();
    let mut reply = Reply::default();
    move_parts(ctx, by, (asset, class), from, &parts, &mut reply)?;
    authorise_fees(ctx, by, asset, class, from, reply.fees_in_all()?)?;
    Ok(reply)
}

/// What a caller lets an account give collectors is a use of its own of a delegation.
pub(crate) fn authorise_fees(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    class: Option<ClassId>,
    from: AccountId,
    fees: Units,
) -> Result<(), Refusal> {
    match fees {
        Units::ZERO => Ok(()),
        fees => authorise(ctx, by, asset, class, from, fees),
    }
}

/// May the caller move this account's units: as owner, as operator, or within a delegation?
pub(crate) fn authorise(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    class: Option<ClassId>,
    from: AccountId,
    total: Units,
) -> Result<(), Refusal> {
    if identity::account_of(ctx, &by.wallet) == Some(from) {
        return identity::acting(ctx, &by.wallet).map(drop).map_err(Refusal::from);
    }
    if read::is_operator(ctx, asset, class, from, by.wallet) {
        return check_spender(ctx, by, Some(asset));
    }
    let operation = identity::operation::TRANSFER;
    let wanted = identity::Use { account: from, operation, asset: Some(asset), units: total };
    act_for(ctx, by, wanted)
}

/// Refuses a caller that may not move so many units of an account now, and give so many as fees besides: as owner, as
/// operator, or within a delegation. Changes nothing.
pub fn may_move(
    ctx: &mut Context<'_>,
    by: Spender,
    (asset, class): (AssetId, Option<ClassId>),
    from: AccountId,
    [units, fees]: [Units; 2],
) -> Result<(), Refusal> {
    let mark = ctx.mark();
    let authorised = authorise(ctx, by, asset, class, from, units)
        .and_then(|()| authorise_fees(ctx, by, asset, class, from, fees));
    ctx.rollback(mark);
    authorised
}

/// Refuses a spender that may not move so many units of an account, fees included: neither as its operator nor on an
/// allowance.
pub fn may_spend(
    ctx: &Context<'_>,
    by: Spender,
    asset: AssetId,
    from: AccountId,
    need: Units,
) -> Result<(), Refusal> {
    check_spender(ctx, by, Some(asset))?;
    let have = read::allowance(ctx, asset, from, by.wallet);
    let is_operator = read::is_operator(ctx, asset, None, from, by.wallet);
    ensure(is_operator || have >= need, Refusal::Allowance { have, need })
}

/// Acts for an account within its delegation, which is used up by so much.
pub(crate) fn act_for(
    ctx: &mut Context<'_>,
    by: Spender,
    wanted: identity::Use,
) -> Result<(), Refusal> {
    check_delegate(ctx, by, wanted)?;
    identity::spend_delegation(ctx, &by.wallet, wanted);
    Ok(())
}

/// Refuses a caller that may not do this with another's account now. TRU-8.
pub fn check_delegate(
    ctx: &Context<'_>,
    by: Spender,
    wanted: identity::Use,
) -> Result<(), Refusal> {
    check_spender(ctx, by, wanted.asset)?;
    let needs_attestation = identity::may_act(ctx, &by.wallet, wanted)?;
    trust::app::check_asked(ctx, &by.wallet, Wanted::Operation(wanted.operation))?;
    if needs_attestation {
        trust::app::check_attested(ctx, &by.wallet)?;
    }
    Ok(())
}

/// A key that moves for others is held to what holders are held to: alive, its person neither suspended,
/// sanctioned nor frozen for the asset. A contract is nobody's key; its grants and allowances bind it, what stops
/// apps stops it, and its code must be attested where the issuer asks for that. Without an asset it is asked what
/// holds for all of them. TRU-8.
pub fn check_spender(
    ctx: &Context<'_>,
    by: Spender,
    asset: Option<AssetId>,
) -> Result<(), Refusal> {
    if by.code.is_some() {
        trust::app::check_contract(ctx, &by.wallet, by.code)?;
        if let Some(asset) = asset {
            trust::app::check_demand(ctx, &by.wallet, asset)?;
        }
    }
    let person = match identity::acting(ctx, &by.wallet) {
        Err(identity::Refusal::WalletUnknown(_)) => return Ok(()),
        actor => actor?.person(),
    };
    let is_frozen = asset.is_some_and(|asset| read::is_frozen(ctx, asset, person));
    let is_blocked = identity::is_sanctioned(ctx, person) || is_frozen;
    ensure(!is_blocked, Refusal::SpenderBlocked(person))
}

/// Moves units of one account to many, judged on the net per person. What is stated is stated of one class.
pub(crate) fn move_parts(
    ctx: &mut Context<'_>,
    by: Spender,
    (asset, class): (AssetId, Option<ClassId>),
    from: AccountId,
    parts: &[Part<'_>],
    reply: &mut Reply,
) -> Result<(), Refusal> {
    // What stays with the person is not given: it neither leaves nor makes room.
    let human = identity::counted_as(ctx, from.person);
    let is_given = |ctx: &Context<'_>, leg: &Leg| identity::counted_as(ctx, leg.to.person) != human;
    let legs = || parts.iter().map(|part| &part.leg);
    let all: Units = legs().filter(|leg| is_given(ctx, leg)).map(|leg| leg.units).sum();
    let mut giving = all;
    let is_plain = parts.len() > 1 && legs().all(|leg| is_given(ctx, leg));
    let mut receipts = receipts(ctx, parts.iter().map(|part| &part.leg));
    let named = class;
    for Part { leg, stated } in parts {
        let Leg { to, units } = *leg;
        let mut alone = units;
        let getting = receipts.get_mut(&identity::counted_as(ctx, to.person)).unwrap_or(&mut alone);
        for (class, units) in spread(ctx, asset, named, from, units)? {
            // One class after the other goes, as far as it is free; what stays with the person is not given.
            let giving_of_class = match named {
                Some(_) => giving,
                None if is_plain => {
                    giving.min(read::position(ctx, asset, class, from).free(ctx.now()))
                }
                None => units,
            };
            let (parties, cause) = ((Some(from), Some(to)), Cause::Transfer);
            let of = Movement::of((asset, class), parties, units, cause, by.wallet);
            let has_given = giving < all;
            let of = Movement { giving, giving_of_class, has_given, getting: *getting, ..of };
            carry_out(ctx, Movement { stated: *stated, ..of }, reply)?;
            *getting -= units;
            if is_given(ctx, leg) {
                giving -= units;
            }
        }
    }
    Ok(())
}

/// Which classes an amount comes from: the one named, or all in their order, each as far as it is free.
/// What no class has stays with the first, whose refusal then says how much is there.
fn spread(
    ctx: &Context<'_>,
    id: AssetId,
    class: Option<ClassId>,
    from: AccountId,
    units: Units,
) -> Result<SmallVec<[(ClassId, Units); 1]>, Refusal> {
    let classes = read::asset(ctx, id)?.classes;
    if let Some(class) = class {
        return Ok(smallvec![(class, units)]);
    }
    if classes == 1 {
        return Ok(smallvec![(ClassId(0), units)]);
    }
    let mut left = units;
    let mut parts = SmallVec::new();
    for class in (0..classes).map(ClassId) {
        let free =
            POSITIONS.read(ctx, &(id, class, from)).map_or(Units::ZERO, |it| it.free(ctx.now()));
        let part = free.min(left);
        if !part.is_zero() {
            parts.push((class, part));
            left -= part;
        }
    }
    if !left.is_zero() || parts.is_empty() {
        return Ok(smallvec![(ClassId(0), units)]);
    }
    Ok(parts)
}

fn transfer_from(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    from: AccountId,
    to: AccountId,
    units: Units,
) -> Result<Reply, Refusal> {
    check_account(ctx, to)?;
    may_spend(ctx, by, asset, from, units)?;
    let mut reply = Reply::default();
    move_parts(ctx, by, (asset, None), from, &[Part::plain(Leg { to, units })], &mut reply)?;
    // An account never loses more than it allowed: fees count too.
    let need = units.checked_add(reply.fees_in_all()?)?;
    may_spend(ctx, by, asset, from, need)?;
    let is_operator = read::is_operator(ctx, asset, None, from, by.wallet);
    let have = read::allowance(ctx, asset, from, by.wallet);
    // The largest allowance stands for "without limit", as ERC-20 wallets use it.
    if !is_operator && have != Units::MAX && !need.is_zero() {
        set_allowance(ctx, asset, from, by.wallet, have - need)?;
    }
    Ok(reply)
}

fn redeem(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    class: Option<ClassId>,
    account: AccountId,
    units: Units,
) -> Result<Reply, Refusal> {
    ensure(!units.is_zero(), Refusal::NothingToMove)?;
    let is_own = identity::account_of(ctx, &by.wallet) == Some(account);
    let scope = class.map_or(Scope::Asset(asset), |class| Scope::Class(asset, class));
    if !is_own {
        require(ctx, by, Power::Redeem, scope, units)?;
    }
    let mut reply = Reply::default();
    end(ctx, by, asset, class, account, units, &mut reply)?;
    if !is_own {
        spend(ctx, by, Power::Redeem, scope, units)?;
    }
    Ok(reply)
}

/// Ends units of an account, class by class if none is named.
fn end(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    class: Option<ClassId>,
    account: AccountId,
    units: Units,
    reply: &mut Reply,
) -> Result<(), Refusal> {
    let mut giving = units;
    for (class, units) in spread(ctx, asset, class, account, units)? {
        let parties = (Some(account), None);
        let of = Movement::of((asset, class), parties, units, Cause::Redeem, by.wallet);
        carry_out(ctx, Movement { giving, getting: Units::ZERO, ..of }, reply)?;
        giving -= units;
    }
    Ok(())
}

/// What would come of a movement, and of the fees that are judged when it is made. Changes nothing. COM-2.
pub fn foresee(ctx: &mut Context<'_>, wish: Wish<'_>) -> Result<Decision, Refusal> {
    let judged = movement::preview(ctx, wish)?;
    if !judged.is_allowed() || judged.fees().next().is_none() {
        return Ok(judged);
    }
    let mark = ctx.mark();
    let rehearsed = rehearse(ctx, wish);
    ctx.rollback(mark);
    match rehearsed {
        Ok(_) => Ok(judged),
        Err(Refusal::NotAllowed(judgement)) => Ok(judgement.0),
        Err(refusal) => Err(refusal),
    }
}

/// Makes a movement for a preview, whose caller takes it back: who may ask for it is not judged. Tells
/// whose contracts must agree, and what collectors get. COM-2.
pub fn rehearse(ctx: &mut Context<'_>, wish: Wish<'_>) -> Result<Reply, Refusal> {
    let Wish { asset, class, from, to, units, operator, stated } = wish;
    ensure(!units.is_zero() || from.is_some() && to.is_some(), Refusal::NothingToMove)?;
    stated::check_lots(stated.lots, (from, to), units)?;
    let by = Spender::key(operator);
    let mut reply = Reply::default();
    if let Some(to) = to {
        check_account(ctx, to)?;
    }
    match (from, to) {
        (Some(from), Some(to)) => {
            // What is stated is stated of a class.
            let class =
                if stated == Stated::default() { class } else { class.or(Some(ClassId(0))) };
            let part = Part { leg: Leg { to, units }, stated };
            move_parts(ctx, by, (asset, class), from, &[part], &mut reply)?;
        }
        (Some(from), None) => end(ctx, by, asset, class, from, units, &mut reply)?,
        (None, Some(to)) => {
            let class = class.unwrap_or(ClassId(0));
            let part = Part { leg: Leg { to, units }, stated };
            issue_parts(ctx, by, (asset, class), &[part], false, &mut reply)?;
        }
        (None, None) => return Err(Refusal::NothingToMove),
    }
    Ok(reply)
}

/// Lets a spender move an account's units, so many in all; `permit` comes here too. LED-6.
pub fn approve(
    ctx: &mut Context<'_>,
    asset: AssetId,
    owner: AccountId,
    spender: Address,
    units: Units,
) -> Result<Reply, Refusal> {
    ensure(ASSETS.has(ctx, &asset), Refusal::UnknownAsset(asset))?;
    let is_owner = identity::wallet_of(ctx, &owner) == Some(spender);
    ensure(!spender.is_zero() && !is_owner, Refusal::BadSpender)?;
    set_allowance(ctx, asset, owner, spender, units)?;
    ctx.emit(Module::Ledger, &Event::Approved { asset, owner, spender, units });
    Ok(Reply::default())
}

/// No allowance leaves no record.
fn set_allowance(
    ctx: &mut Context<'_>,
    asset: AssetId,
    owner: AccountId,
    spender: Address,
    units: Units,
) -> Result<(), Refusal> {
    let wallet = identity::wallet_of(ctx, &owner).ok_or(Refusal::UnknownAccount(owner))?;
    let key = (asset, wallet, spender);
    match units.is_zero() {
        true => ALLOWANCES.delete(ctx, &key),
        false => ALLOWANCES.put(ctx, &key, units),
    }
    Ok(())
}

fn set_operator(
    ctx: &mut Context<'_>,
    by: Spender,
    asset: AssetId,
    class: Option<ClassId>,
    operator: Address,
    allowed: bool,
) -> Result<Reply, Refusal> {
    let owner = own_account(ctx, by)?;
    ensure(ASSETS.has(ctx, &asset), Refusal::UnknownAsset(asset))?;
    if let Some(class) = class {
        ensure(CLASSES.has(ctx, &(asset, class)), Refusal::UnknownClass(class))?;
    }
    ensure(!operator.is_zero() && operator != by.wallet, Refusal::BadSpender)?;
    let key = (asset, class, by.wallet, operator);
    match allowed {
        true => OPERATORS.put(ctx, &key, ()),
        false => OPERATORS.delete(ctx, &key),
    }
    ctx.emit(Module::Ledger, &Event::OperatorSet { asset, class, owner, operator, allowed });
    Ok(Reply::default())
}

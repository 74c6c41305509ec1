//! An asset at its own address, as ERC-20, 2612, 5267, 165, 1410, 1594, 1643, 1644 and 3643 have it.
//!
//! Faces hold no rules: each function becomes a call of the ledger, which judges it like any other.

use crate::{
    abi::{self, IERC20, IERC165, IERC1410, IERC1594, IERC1643, IERC1644, IERC2612, IERC3643},
    failure::Failure,
    native::Native,
    services::{Answer, Request, account, ask, change, undecodable, units, view},
};
use alloy_primitives::{FixedBytes, keccak256};
use alloy_sol_types::{SolInterface, SolStruct, SolValue, eip712_domain, sol};
use compliance::Decision;
use ledger::{Asset, Call, Leg};
use state::Context;
use types::{Address, AssetId, B256, ClassId, Module, Order, Reserved, U256, Units, ensure};

sol! {
    /// What the owner signs, ERC-2612.
    struct PermitData {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }
}

/// Gas of reading one document by its place: its name and itself.
const DOCUMENT_WORK: u64 = 200;

/// An allowance that its owner signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    asset: AssetId,
    owner: Address,
    spender: Address,
    value: U256,
    /// Seconds since 1970, as ERC-2612 has it.
    deadline: U256,
    signature: [u8; 65],
}

/// The standard interfaces by ERC-165 id.
const INTERFACES: [[u8; 4]; 3] =
    [[0x01, 0xff, 0xc9, 0xa7], [0x36, 0x37, 0x2b, 0x07], [0x84, 0xb0, 0x19, 0x6e]];

/// Answers a call to an asset's address. The functions most called are looked for first.
pub(crate) fn asset(
    ctx: &Context<'_>,
    caller: Address,
    id: AssetId,
    input: &[u8],
) -> Result<Request, Failure> {
    let asset = ledger::asset(ctx, id)?;
    let selector: [u8; 4] = input
        .get(..4)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| Failure::door(6, 0x20, "the call data names no function"))?;
    if IERC20::IERC20Calls::valid_selector(selector) {
        return erc20(ctx, id, asset, decoded(input)?);
    }
    if IERC3643::IERC3643Calls::valid_selector(selector) {
        return erc3643(ctx, caller, id, asset, decoded(input)?);
    }
    if IERC1594::IERC1594Calls::valid_selector(selector) {
        return erc1594(ctx, caller, id, asset, decoded(input)?);
    }
    if IERC1410::IERC1410Calls::valid_selector(selector) {
        return erc1410(ctx, caller, id, asset, decoded(input)?);
    }
    if IERC1643::IERC1643Calls::valid_selector(selector) {
        return erc1643(ctx, id, asset, decoded(input)?);
    }
    if IERC1644::IERC1644Calls::valid_selector(selector) {
        return erc1644(ctx, id, decoded(input)?);
    }
    if IERC2612::IERC2612Calls::valid_selector(selector) {
        return erc2612(ctx, id, asset, decoded(input)?);
    }
    let IERC165::IERC165Calls::supportsInterface(f) = decoded(input)?;
    view(INTERFACES.contains(&f.interfaceId.0))
}

fn decoded<C: SolInterface>(input: &[u8]) -> Result<C, Failure> {
    abi::decode(input).map_err(|error| undecodable(input, error))
}

fn answer(call: Call, answer: Answer) -> Result<Request, Failure> {
    Ok(Request::change(Native::Ledger(call), answer))
}

/// A batch of calls, all or none.
fn all(calls: impl Iterator<Item = Result<Call, Failure>>) -> Result<Request, Failure> {
    change(Native::Batch(calls.map(|call| call.map(Native::Ledger)).collect::<Result<_, _>>()?))
}

fn erc20(
    ctx: &Context<'_>,
    id: AssetId,
    asset: &Asset,
    call: IERC20::IERC20Calls,
) -> Result<Request, Failure> {
    use IERC20::IERC20Calls as F;
    match call {
        F::transfer(f) => answer(to_one(ctx, id, None, None, f.to, f.value)?, Answer::True),
        F::transferFrom(f) => answer(from_other(ctx, id, f.from, f.to, f.value)?, Answer::True),
        F::balanceOf(f) => view(balance(ctx, id, f.account)),
        F::approve(f) => {
            // The largest value stands for "without limit".
            let units = if f.value == U256::MAX { Units::MAX } else { units(f.value)? };
            answer(Call::Approve { asset: id, spender: f.spender, units }, Answer::True)
        }
        F::allowance(f) => {
            let owner = identity::account_of(ctx, &f.owner);
            let units =
                owner.map_or(Units::ZERO, |owner| ledger::allowance(ctx, id, owner, f.spender));
            view(if units == Units::MAX { U256::MAX } else { U256::from(units.0) })
        }
        F::name(_) => view(asset.name.clone()),
        F::symbol(_) => view(asset.symbol.clone()),
        F::decimals(_) => view(U256::from(asset.decimals)),
        F::totalSupply(_) => view(U256::from(asset.issued.0)),
    }
}

fn balance(ctx: &Context<'_>, id: AssetId, wallet: Address) -> U256 {
    identity::account_of(ctx, &wallet)
        .map_or(U256::ZERO, |account| U256::from(ledger::balance(ctx, id, account).0))
}

fn to_one(
    ctx: &Context<'_>,
    asset: AssetId,
    class: Option<ClassId>,
    from: Option<Address>,
    to: Address,
    value: U256,
) -> Result<Call, Failure> {
    let from = from.map(|wallet| account(ctx, wallet)).transpose()?;
    Ok(Call::Transfer { asset, class, from, legs: vec![leg(ctx, to, value)?] })
}

fn from_other(
    ctx: &Context<'_>,
    asset: AssetId,
    from: Address,
    to: Address,
    value: U256,
) -> Result<Call, Failure> {
    Ok(Call::TransferFrom {
        asset,
        from: account(ctx, from)?,
        to: account(ctx, to)?,
        units: units(value)?,
    })
}

fn leg(ctx: &Context<'_>, to: Address, value: U256) -> Result<Leg, Failure> {
    Ok(Leg { to: account(ctx, to)?, units: units(value)? })
}

fn erc1594(
    ctx: &Context<'_>,
    caller: Address,
    id: AssetId,
    asset: &Asset,
    call: IERC1594::IERC1594Calls,
) -> Result<Request, Failure> {
    use IERC1594::IERC1594Calls as F;
    match call {
        F::transferWithData(f) => {
            answer(to_one(ctx, id, None, None, f.to, f.value)?, Answer::Nothing)
        }
        F::transferFromWithData(f) => {
            answer(from_other(ctx, id, f.from, f.to, f.value)?, Answer::Nothing)
        }
        F::isIssuable(_) => {
            view(asset.issued < asset.authorised && asset.status == ledger::AssetStatus::Open)
        }
        F::issue(f) => {
            let legs = vec![leg(ctx, f.tokenHolder, f.value)?];
            answer(Call::Issue { asset: id, class: ClassId(0), legs }, Answer::Nothing)
        }
        F::redeem(f) => answer(redeem(ctx, id, None, caller, f.value)?, Answer::Nothing),
        F::redeemFrom(f) => answer(redeem(ctx, id, None, f.tokenHolder, f.value)?, Answer::Nothing),
        F::canTransfer(f) => {
            let (status, code, allowed) = can_transfer(ctx, id, ClassId(0), caller, f.to, f.value);
            Ok(Request::View((allowed, status, code).abi_encode_params()))
        }
        F::canTransferFrom(f) => {
            let (mut status, code, mut allowed) =
                can_transfer(ctx, id, ClassId(0), f.from, f.to, f.value);
            let owner = identity::account_of(ctx, &f.from);
            let have = owner.map_or(Units::ZERO, |owner| ledger::allowance(ctx, id, owner, caller));
            let is_operator = owner
                .is_some_and(|owner| ledger::is_operator(ctx, id, Some(ClassId(0)), owner, caller));
            if allowed && !is_operator && U256::from(have.0) < f.value {
                (allowed, status) = (false, FixedBytes([0x53]));
            }
            Ok(Request::View((allowed, status, code).abi_encode_params()))
        }
    }
}

/// ERC-1400's status byte, the reason's number, and whether the transfer would happen.
fn can_transfer(
    ctx: &Context<'_>,
    id: AssetId,
    class: ClassId,
    from: Address,
    to: Address,
    value: U256,
) -> (FixedBytes<1>, B256, bool) {
    let decision = units(value).and_then(|units| ask(ctx, id, class, from, to, units));
    match decision {
        Ok(Decision { reasons, .. }) => match reasons.first() {
            None => (FixedBytes([0x51]), B256::ZERO, true),
            Some(reason) => {
                let code = B256::from(U256::from(reason.code as u16));
                (FixedBytes([reason.code.erc1400()]), code, false)
            }
        },
        Err(Failure::Refused { code, .. }) => {
            (FixedBytes([0x57]), B256::from(U256::from(code)), false)
        }
        Err(_) => (FixedBytes([0x50]), B256::ZERO, false),
    }
}

fn redeem(
    ctx: &Context<'_>,
    asset: AssetId,
    class: Option<ClassId>,
    holder: Address,
    value: U256,
) -> Result<Call, Failure> {
    Ok(Call::Redeem { asset, class, account: account(ctx, holder)?, units: units(value)? })
}

/// A class's name in 32 bytes.
pub(crate) fn partition(ctx: &Context<'_>, asset: AssetId, class: ClassId) -> B256 {
    let mut bytes = B256::ZERO;
    if let Some(record) = ledger::CLASSES.read(ctx, &(asset, class)) {
        bytes[..record.name.len()].copy_from_slice(record.name.as_bytes());
    }
    bytes
}

fn class_of(
    ctx: &Context<'_>,
    id: AssetId,
    asset: &Asset,
    wanted: B256,
) -> Result<ClassId, Failure> {
    let mut classes = (0..asset.classes).map(ClassId);
    let found = classes.find(|class| partition(ctx, id, *class) == wanted);
    found.ok_or_else(|| {
        Failure::door(8, 0x20, format!("partition: {wanted} is no class of this asset"))
    })
}

fn erc1410(
    ctx: &Context<'_>,
    caller: Address,
    id: AssetId,
    asset: &Asset,
    call: IERC1410::IERC1410Calls,
) -> Result<Request, Failure> {
    use IERC1410::IERC1410Calls as F;
    let class = |partition| class_of(ctx, id, asset, partition);
    let operator = |class, operator, allowed| {
        answer(Call::SetOperator { asset: id, class, operator, allowed }, Answer::Nothing)
    };
    match call {
        F::balanceOfByPartition(f) => {
            let class = class(f.partition)?;
            let holder = identity::account_of(ctx, &f.tokenHolder);
            view(holder.map_or(U256::ZERO, |holder| {
                U256::from(ledger::position(ctx, id, class, holder).units.0)
            }))
        }
        F::partitionsOf(f) => {
            let holder = identity::account_of(ctx, &f.tokenHolder);
            let has = |class: &ClassId| {
                holder.is_some_and(|holder| {
                    !ledger::position(ctx, id, *class, holder).units.is_zero()
                })
            };
            let classes = (0..asset.classes).map(ClassId).filter(has);
            view(classes.map(|class| partition(ctx, id, class)).collect::<Vec<_>>())
        }
        F::transferByPartition(f) => {
            let call = to_one(ctx, id, Some(class(f.partition)?), None, f.to, f.value)?;
            answer(call, Answer::Word(f.partition.0))
        }
        F::operatorTransferByPartition(f) => {
            let call = to_one(ctx, id, Some(class(f.partition)?), Some(f.from), f.to, f.value)?;
            answer(call, Answer::Word(f.partition.0))
        }
        F::canTransferByPartition(f) => {
            let (status, code, _) =
                can_transfer(ctx, id, class(f.partition)?, f.from, f.to, f.value);
            Ok(Request::View((status, code, f.partition).abi_encode_params()))
        }
        F::isOperator(f) => {
            let holder = identity::account_of(ctx, &f.tokenHolder);
            view(
                holder.is_some_and(|holder| ledger::is_operator(ctx, id, None, holder, f.operator)),
            )
        }
        F::isOperatorForPartition(f) => {
            let class = class(f.partition)?;
            let holder = identity::account_of(ctx, &f.tokenHolder);
            view(holder.is_some_and(|holder| {
                ledger::is_operator(ctx, id, Some(class), holder, f.operator)
            }))
        }
        F::authorizeOperator(f) => operator(None, f.operator, true),
        F::revokeOperator(f) => operator(None, f.operator, false),
        F::authorizeOperatorByPartition(f) => operator(Some(class(f.partition)?), f.operator, true),
        F::revokeOperatorByPartition(f) => operator(Some(class(f.partition)?), f.operator, false),
        F::issueByPartition(f) => {
            let legs = vec![leg(ctx, f.tokenHolder, f.value)?];
            answer(Call::Issue { asset: id, class: class(f.partition)?, legs }, Answer::Nothing)
        }
        F::redeemByPartition(f) => {
            answer(redeem(ctx, id, Some(class(f.partition)?), caller, f.value)?, Answer::Nothing)
        }
        F::operatorRedeemByPartition(f) => answer(
            redeem(ctx, id, Some(class(f.partition)?), f.tokenHolder, f.value)?,
            Answer::Nothing,
        ),
    }
}

fn erc1643(
    ctx: &Context<'_>,
    id: AssetId,
    asset: &Asset,
    call: IERC1643::IERC1643Calls,
) -> Result<Request, Failure> {
    use IERC1643::IERC1643Calls as F;
    match call {
        F::getDocument(f) => {
            let document =
                ledger::DOCUMENTS.get(ctx, &(id, f.name)).filter(|document| !document.is_removed);
            let (uri, hash, time) = document
                .map_or_else(Default::default, |d| (d.uri, d.hash, U256::from(d.published.secs())));
            Ok(Request::View((uri, hash, time).abi_encode_params()))
        }
        F::setDocument(f) => {
            let call =
                Call::PublishDocument { asset: id, name: f.name, uri: f.uri, hash: f.documentHash };
            answer(call, Answer::Nothing)
        }
        F::removeDocument(f) => {
            answer(Call::RemoveDocument { asset: id, name: f.name }, Answer::Nothing)
        }
        F::getAllDocuments(_) => {
            // Two reads a document, as they will be charged.
            let needed = DOCUMENT_WORK * u64::from(asset.documents);
            ensure(
                ctx.work().saturating_add(needed) <= ctx.work_limit(),
                Failure::door(5, 0x0f, "there are more documents than this gas can read"),
            )?;
            let names = (0..asset.documents)
                .filter_map(|place| ledger::DOCUMENT_NAMES.get(ctx, &(id, place)));
            let stands = |name: &B256| {
                ledger::DOCUMENTS.read(ctx, &(id, *name)).is_some_and(|d| !d.is_removed)
            };
            view(names.filter(stands).collect::<Vec<_>>())
        }
    }
}

fn erc1644(
    ctx: &Context<'_>,
    id: AssetId,
    call: IERC1644::IERC1644Calls,
) -> Result<Request, Failure> {
    use IERC1644::IERC1644Calls as F;
    let order =
        |data: &[u8]| {
            let (authority, reference, document) =
            <(String, String, B256)>::abi_decode_params_with_config(data, abi::STRICT).map_err(|_| {
                Failure::door(
                    9,
                    0x20,
                    "operatorData: abi.encode(authority, reference, document hash) is needed",
                )
            })?;
            Ok::<_, Failure>(Order { authority, reference, document })
        };
    match call {
        F::isControllable(_) => view(true),
        F::controllerTransfer(f) => {
            let (from, to) = (account(ctx, f.from)?, account(ctx, f.to)?);
            let (units, order) = (units(f.value)?, order(&f.operatorData)?);
            answer(
                Call::ForceTransfer { asset: id, class: ClassId(0), from, to, units, order },
                Answer::Nothing,
            )
        }
        F::controllerRedeem(f) => {
            let from = account(ctx, f.tokenHolder)?;
            let (units, order) = (units(f.value)?, order(&f.operatorData)?);
            answer(
                Call::ForceRedeem { asset: id, class: ClassId(0), from, units, order },
                Answer::Nothing,
            )
        }
    }
}

fn erc3643(
    ctx: &Context<'_>,
    caller: Address,
    id: AssetId,
    asset: &Asset,
    call: IERC3643::IERC3643Calls,
) -> Result<Request, Failure> {
    use IERC3643::IERC3643Calls as F;
    let service = |module| Reserved::service(ctx.shard(), module);
    let class = ClassId(0);
    let freeze_address = |wallet: Address, frozen: bool| {
        let person = account(ctx, wallet)?.person;
        Ok(Call::FreezePerson { asset: id, person, frozen, order: filed_order(ctx, id, caller)? })
    };
    let freeze_part = |wallet: Address, amount: U256, is_more: bool| {
        let account = account(ctx, wallet)?;
        let frozen = ledger::position(ctx, id, class, account).frozen;
        let amount = units(amount)?;
        let changed = if is_more { frozen.checked_add(amount) } else { frozen.checked_sub(amount) };
        let units = changed
            .map_err(|_| Failure::from(ledger::Refusal::NotFree { free: frozen, need: amount }))?;
        Ok(Call::FreezeUnits {
            asset: id,
            class,
            account,
            units,
            order: filed_order(ctx, id, caller)?,
        })
    };
    let force = |from: Address, to: Address, amount: U256| {
        let (from, to, units) = (account(ctx, from)?, account(ctx, to)?, units(amount)?);
        Ok(Call::ForceTransfer {
            asset: id,
            class,
            from,
            to,
            units,
            order: filed_order(ctx, id, caller)?,
        })
    };
    let same = |left: usize, right: usize| {
        ensure(left == right, Failure::door(10, 0x20, "the lists have different lengths"))
    };
    let legs = |to: Vec<Address>, amounts: Vec<U256>| {
        same(to.len(), amounts.len())?;
        to.into_iter()
            .zip(amounts)
            .map(|(to, amount)| leg(ctx, to, amount))
            .collect::<Result<Vec<_>, Failure>>()
    };
    match call {
        F::onchainID(_) => view(Reserved::person(ctx.shard(), asset.issuer)),
        F::version(_) => view("4.1.6".to_owned()),
        F::identityRegistry(_) => view(service(Module::Identity)),
        F::compliance(_) => view(service(Module::Compliance)),
        F::paused(_) => view(asset.status != ledger::AssetStatus::Open),
        F::isFrozen(f) => {
            let person = identity::account_of(ctx, &f.userAddress).map(|account| account.person);
            view(person.is_some_and(|person| ledger::FROZEN.has(ctx, &(id, person))))
        }
        F::getFrozenTokens(f) => {
            let account = identity::account_of(ctx, &f.userAddress);
            view(account.map_or(U256::ZERO, |account| {
                U256::from(ledger::position(ctx, id, class, account).frozen.0)
            }))
        }
        F::pause(_) => answer(Call::Pause { asset: id }, Answer::Nothing),
        F::unpause(_) => answer(Call::Resume { asset: id }, Answer::Nothing),
        F::setAddressFrozen(f) => answer(freeze_address(f.userAddress, f.freeze)?, Answer::Nothing),
        F::freezePartialTokens(f) => {
            answer(freeze_part(f.userAddress, f.amount, true)?, Answer::Nothing)
        }
        F::unfreezePartialTokens(f) => {
            answer(freeze_part(f.userAddress, f.amount, false)?, Answer::Nothing)
        }
        F::forcedTransfer(f) => answer(force(f.from, f.to, f.amount)?, Answer::True),
        F::mint(f) => answer(
            Call::Issue { asset: id, class, legs: vec![leg(ctx, f.to, f.amount)?] },
            Answer::Nothing,
        ),
        F::burn(f) => answer(redeem(ctx, id, None, f.userAddress, f.amount)?, Answer::Nothing),
        F::recoveryAddress(f) => {
            let account = account(ctx, f.lostWallet)?;
            let pending = identity::RECOVERIES
                .get(ctx, &account)
                .filter(|recovery| recovery.wallet == f.newWallet);
            let person = Reserved::person(ctx.shard(), account.person);
            let is_same = person == f.investorOnchainID;
            let why = "the provider starts a recovery to this wallet first, and investorOnchainID must be the lost wallet's person";
            ensure(pending.is_some() && is_same, Failure::door(11, 0x20, why))?;
            let token = Reserved::asset(ctx.shard(), id);
            let recovered =
                Answer::Recovered { token, lost: f.lostWallet, wallet: f.newWallet, person };
            let call = identity::Call::CompleteRecovery { account };
            Ok(Request::change(Native::Identity(call), recovered))
        }
        F::batchTransfer(f) => {
            let legs = legs(f.toList, f.amounts)?;
            answer(Call::Transfer { asset: id, class: None, from: None, legs }, Answer::Nothing)
        }
        F::batchMint(f) => answer(
            Call::Issue { asset: id, class, legs: legs(f.toList, f.amounts)? },
            Answer::Nothing,
        ),
        F::batchForcedTransfer(f) => {
            same(f.fromList.len(), f.toList.len())?;
            same(f.fromList.len(), f.amounts.len())?;
            let parties = f.fromList.into_iter().zip(f.toList).zip(f.amounts);
            all(parties.map(|((from, to), amount)| force(from, to, amount)))
        }
        F::batchBurn(f) => {
            same(f.userAddresses.len(), f.amounts.len())?;
            all(f
                .userAddresses
                .into_iter()
                .zip(f.amounts)
                .map(|(user, amount)| redeem(ctx, id, None, user, amount)))
        }
        F::batchSetAddressFrozen(f) => {
            same(f.userAddresses.len(), f.freeze.len())?;
            all(f
                .userAddresses
                .into_iter()
                .zip(f.freeze)
                .map(|(user, frozen)| freeze_address(user, frozen)))
        }
        F::batchFreezePartialTokens(f) => {
            distinct(&f.userAddresses)?;
            same(f.userAddresses.len(), f.amounts.len())?;
            all(f
                .userAddresses
                .into_iter()
                .zip(f.amounts)
                .map(|(user, amount)| freeze_part(user, amount, true)))
        }
        F::batchUnfreezePartialTokens(f) => {
            distinct(&f.userAddresses)?;
            same(f.userAddresses.len(), f.amounts.len())?;
            all(f
                .userAddresses
                .into_iter()
                .zip(f.amounts)
                .map(|(user, amount)| freeze_part(user, amount, false)))
        }
    }
}

/// A wallet named twice would be reckoned from the same start twice.
fn distinct(wallets: &[Address]) -> Result<(), Failure> {
    let mut sorted = wallets.to_vec();
    sorted.sort_unstable();
    let is_distinct = sorted.windows(2).all(|two| two[0] != two[1]);
    ensure(is_distinct, Failure::door(12, 0x20, "userAddresses: a wallet is named twice"))
}

/// The order that the caller filed: ERC-3643's functions have no room for one.
fn filed_order(ctx: &Context<'_>, id: AssetId, caller: Address) -> Result<Order, Failure> {
    let why = "file the order that this act refers to first: ledger.fileOrder(asset, order)";
    ledger::FILED_ORDERS.get(ctx, &(id, caller)).ok_or_else(|| Failure::door(13, 0x20, why))
}

fn erc2612(
    ctx: &Context<'_>,
    id: AssetId,
    asset: &Asset,
    call: IERC2612::IERC2612Calls,
) -> Result<Request, Failure> {
    use IERC2612::IERC2612Calls as F;
    match call {
        F::permit(f) => {
            let mut signature = [0; 65];
            signature[..32].copy_from_slice(f.r.as_slice());
            signature[32..64].copy_from_slice(f.s.as_slice());
            signature[64] = f.v;
            let (owner, spender, value, deadline) = (f.owner, f.spender, f.value, f.deadline);
            change(Native::Permit(Box::new(Permit {
                asset: id,
                owner,
                spender,
                value,
                deadline,
                signature,
            })))
        }
        F::nonces(f) => {
            view(U256::from(ledger::PERMIT_NONCES.get(ctx, &(id, f.owner)).unwrap_or_default()))
        }
        F::DOMAIN_SEPARATOR(_) => view(domain(ctx, id, asset).separator()),
        F::eip712Domain(_) => {
            let token = Reserved::asset(ctx.shard(), id);
            let chain_id = U256::from(ctx.env.chain_id);
            let (name, version) = (asset.name.clone(), "1".to_owned());
            let fields = FixedBytes([0x0f]);
            let extensions: Vec<U256> = Vec::new();
            let domain = (fields, name, version, chain_id, token, B256::ZERO, extensions);
            Ok(Request::View(domain.abi_encode_params()))
        }
    }
}

fn domain(ctx: &Context<'_>, id: AssetId, asset: &Asset) -> alloy_sol_types::Eip712Domain {
    eip712_domain! {
        name: asset.name.clone(),
        version: "1",
        chain_id: ctx.env.chain_id,
        verifying_contract: Reserved::asset(ctx.shard(), id),
    }
}

/// Checks a permit's signature, deadline and nonce, uses the nonce up, and approves.
pub(crate) fn carry_out_permit(ctx: &mut Context<'_>, permit: &Permit) -> Result<(), Failure> {
    let Permit { asset: id, owner, spender, value, deadline, signature } = permit;
    let asset = ledger::asset(ctx, *id)?;
    let is_late = U256::from(ctx.now().secs()) > *deadline;
    ensure(
        !is_late,
        Failure::door(14, 0x46, format!("deadline: the permit was good until second {deadline}")),
    )?;
    let nonce = ledger::PERMIT_NONCES.get(ctx, &(*id, *owner)).unwrap_or_default();
    let data = PermitData {
        owner: *owner,
        spender: *spender,
        value: *value,
        nonce: U256::from(nonce),
        deadline: *deadline,
    };
    ctx.charge(3_000);
    let digest = permit_digest(&data, &domain(ctx, *id, asset));
    let signer = identity::recover(&digest, signature);
    ensure(
        signer == Some(*owner),
        Failure::door(
            15,
            0x10,
            format!("the signature is not {owner}'s, or not in canonical form"),
        ),
    )?;
    // Not in dispute, not suspended: a signature is worth what its wallet's own call would be.
    let account = identity::acting(ctx, owner)?.account;
    let units = if *value == U256::MAX { Units::MAX } else { units(*value)? };
    ledger::PERMIT_NONCES.put(ctx, &(*id, *owner), nonce + 1);
    ledger::approve(ctx, *id, account, *spender, units)?;
    Ok(())
}

/// ERC-2612's digest. The struct's name is `Permit`, whatever ours is called.
fn permit_digest(data: &PermitData, domain: &alloy_sol_types::Eip712Domain) -> B256 {
    let type_hash = keccak256(
        b"Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
    );
    let fields = keccak256([type_hash.as_slice(), &data.eip712_encode_data()].concat());
    keccak256([b"\x19\x01".as_slice(), domain.separator().as_slice(), fields.as_slice()].concat())
}

//! An asset's own life: created, described, halted, closed.

use crate::{
    ASSETS, Asset, AssetKind, AssetStatus, CLASSES, Class, DOCUMENT_NAMES, DOCUMENT_VERSIONS,
    DOCUMENTS, Document, Event, ISINS, ISSUERS, NEXT, NewAsset, Refusal, Reply, Spender,
    convert::check_settled, freeze::halt, ops::exercise,
};
use state::Context;
use trust::{GrantKey, Grantee, Power, Scope};
use types::{AssetId, B256, ClassId, Module, Time, Units, ensure};

/// Creates an asset with its default class. Needs `CreateAsset` over the network; the creator is its
/// issuer and first admin, and has its agents' powers until it grants them away. It is a person by its own right:
/// no contract is lent this.
pub(crate) fn create(ctx: &mut Context<'_>, by: Spender, new: NewAsset) -> Result<Reply, Refusal> {
    exercise(ctx, by, Power::CreateAsset, Scope::Network)?;
    let issuer = identity::acting(ctx, &by.wallet)?.person();
    let is_merged = identity::others(ctx, issuer).next().is_some();
    ensure(!is_merged, Refusal::MergedIssuer(issuer))?;
    let NewAsset { kind, symbol, name, decimals, isin, cfi, fisn, lei, authorised } = new;
    check_text("symbol", &symbol)?;
    check_text("name", &name)?;
    check_cfi(kind, cfi.as_str())?;
    ensure(decimals <= 18, Refusal::BadDecimals(decimals))?;
    ensure(!authorised.is_zero(), Refusal::BadAuthorised { issued: Units::ZERO })?;
    if let Some(isin) = isin {
        ensure(!ISINS.has(ctx, &isin), Refusal::IsinTaken(isin))?;
    }
    let mut next = NEXT.get(ctx, &()).unwrap_or_default();
    let id = AssetId(next.asset);
    next.asset += 1;
    NEXT.put(ctx, &(), next);
    if let Some(isin) = isin {
        ISINS.put(ctx, &isin, id);
    }
    let record = Asset {
        kind,
        symbol,
        name,
        decimals,
        isin,
        cfi,
        fisn,
        issuer,
        lei,
        status: AssetStatus::Open,
        authorised,
        issued: Units::ZERO,
        treasury: Units::ZERO,
        classes: 1,
        documents: 0,
        checkpoint: 0,
        conversion: None,
    };
    ASSETS.put(ctx, &id, record);
    if !ISSUERS.has(ctx, &issuer) {
        ISSUERS.put(ctx, &issuer, ());
    }
    let class = Class {
        name: "default".into(),
        issued: Units::ZERO,
        treasury: Units::ZERO,
        is_frozen: false,
        holders: 0,
        since: 0,
        converted: Time(0),
    };
    CLASSES.put(ctx, &(id, ClassId(0)), class);
    compliance::issued_by(ctx, id, issuer);
    grant_to_issuer(ctx, Grantee::Person(issuer), id);
    ctx.emit(Module::Ledger, &Event::AssetCreated { asset: id, issuer, isin, authorised });
    Ok(Reply::number(id.0))
}

/// The powers an issuer starts with. Force is not among them: an admin grants it on the record.
const FIRST_POWERS: [Power; 9] = [
    Power::Admin,
    Power::Issue,
    Power::Redeem,
    Power::Freeze,
    Power::Rules,
    Power::Documents,
    Power::Terms,
    Power::Pause,
    Power::Checkpoint,
];

fn grant_to_issuer(ctx: &mut Context<'_>, grantee: Grantee, asset: AssetId) {
    for power in FIRST_POWERS {
        let key = GrantKey { grantee, power, scope: Scope::Asset(asset) };
        trust::write_grant(ctx, key, None, Time::NEVER, Some(grantee));
    }
}

/// Classes an asset may have: a balance is summed over all of them.
const MAX_CLASSES: u32 = 64;

/// Adds a class. Needs `Terms`.
pub(crate) fn create_class(
    ctx: &mut Context<'_>,
    by: Spender,
    id: AssetId,
    name: String,
) -> Result<Reply, Refusal> {
    exercise(ctx, by, Power::Terms, Scope::Asset(id))?;
    let mut asset = ASSETS.get(ctx, &id).ok_or(Refusal::UnknownAsset(id))?;
    ensure(fits(&name, 31), Refusal::BadClassName)?;
    ensure(asset.classes < MAX_CLASSES, Refusal::TooManyClasses)?;
    let is_name =
        |class: &ClassId| CLASSES.read(ctx, &(id, *class)).is_some_and(|c| c.name == name);
    if let Some(taken) = (0..asset.classes).map(ClassId).find(is_name) {
        return Err(Refusal::ClassTaken(taken));
    }
    let class = ClassId(asset.classes);
    asset.classes += 1;
    ASSETS.put(ctx, &id, asset);
    // Nothing of it existed at the checkpoints there are: that is history to be kept like any other.
    let record = Class {
        name: name.clone(),
        issued: Units::ZERO,
        treasury: Units::ZERO,
        is_frozen: false,
        holders: 0,
        since: 0,
        converted: Time(0),
    };
    CLASSES.put(ctx, &(id, class), record);
    ctx.emit(Module::Ledger, &Event::ClassCreated { asset: id, class, name });
    Ok(Reply::number(class.0))
}

/// Changes how many units may exist, never below what exists. Needs `Terms`. LED-1.
pub(crate) fn set_authorised(
    ctx: &mut Context<'_>,
    by: Spender,
    id: AssetId,
    authorised: Units,
) -> Result<Reply, Refusal> {
    exercise(ctx, by, Power::Terms, Scope::Asset(id))?;
    let mut asset = ASSETS.get(ctx, &id).ok_or(Refusal::UnknownAsset(id))?;
    check_settled(ctx, id)?;
    let fits = !authorised.is_zero() && authorised >= asset.issued;
    ensure(fits, Refusal::BadAuthorised { issued: asset.issued })?;
    asset.authorised = authorised;
    ASSETS.put(ctx, &id, asset);
    ctx.emit(Module::Ledger, &Event::AuthorisedChanged { asset: id, authorised });
    Ok(Reply::default())
}

/// Changes an asset's name, its ticker, or both. Needs `Terms`.
///
/// Its number, address and ISIN stay. Permits are signed for the name: those not used yet end with it.
pub(crate) fn rename(
    ctx: &mut Context<'_>,
    by: Spender,
    id: AssetId,
    name: Option<String>,
    symbol: Option<String>,
) -> Result<Reply, Refusal> {
    exercise(ctx, by, Power::Terms, Scope::Asset(id))?;
    let mut asset = ASSETS.get(ctx, &id).ok_or(Refusal::UnknownAsset(id))?;
    let name = name.unwrap_or_else(|| asset.name.clone());
    let symbol = symbol.unwrap_or_else(|| asset.symbol.clone());
    check_text("name", &name)?;
    check_text("symbol", &symbol)?;
    ensure(name != asset.name || symbol != asset.symbol, Refusal::NothingChanges)?;
    (asset.name, asset.symbol) = (name.clone(), symbol.clone());
    ASSETS.put(ctx, &id, asset);
    ctx.emit(Module::Ledger, &Event::Renamed { asset: id, name, symbol, by: by.wallet });
    Ok(Reply::default())
}

/// Publishes a document or a new version of it (ERC-1643). Needs `Documents`. No version is lost.
pub(crate) fn publish(
    ctx: &mut Context<'_>,
    by: Spender,
    id: AssetId,
    name: B256,
    uri: String,
    hash: B256,
) -> Result<Reply, Refusal> {
    exercise(ctx, by, Power::Documents, Scope::Asset(id))?;
    let mut asset = ASSETS.get(ctx, &id).ok_or(Refusal::UnknownAsset(id))?;
    ensure(!name.is_zero(), Refusal::BadDocument("name: it is empty"))?;
    ensure(!hash.is_zero(), Refusal::BadDocument("hash: it is zero"))?;
    ensure(uri.len() <= 1_024, Refusal::BadDocument("uri: at most 1,024 bytes"))?;
    let version = match DOCUMENTS.get(ctx, &(id, name)) {
        Some(document) => document.version + 1,
        None => {
            DOCUMENT_NAMES.put(ctx, &(id, asset.documents), name);
            asset.documents += 1;
            ASSETS.put(ctx, &id, asset);
            1
        }
    };
    let document =
        Document { uri: uri.clone(), hash, published: ctx.now(), version, is_removed: false };
    DOCUMENT_VERSIONS.put(ctx, &(id, name, version), document.clone());
    DOCUMENTS.put(ctx, &(id, name), document);
    ctx.emit(Module::Ledger, &Event::DocumentPublished { asset: id, name, uri, hash, version });
    Ok(Reply::number(version))
}

/// Withdraws a document; its versions stay on the record. Needs `Documents`.
pub(crate) fn remove_document(
    ctx: &mut Context<'_>,
    by: Spender,
    id: AssetId,
    name: B256,
) -> Result<Reply, Refusal> {
    exercise(ctx, by, Power::Documents, Scope::Asset(id))?;
    let document = DOCUMENTS.get(ctx, &(id, name)).filter(|document| !document.is_removed);
    let mut document = document.ok_or(Refusal::UnknownDocument)?;
    document.is_removed = true;
    let (uri, hash) = (document.uri.clone(), document.hash);
    DOCUMENTS.put(ctx, &(id, name), document);
    ctx.emit(Module::Ledger, &Event::DocumentRemoved { asset: id, name, uri, hash });
    Ok(Reply::default())
}

/// Halts everything but orders, or lets it go on. Needs `Pause`.
pub(crate) fn pause(
    ctx: &mut Context<'_>,
    by: Spender,
    id: AssetId,
    is_pause: bool,
) -> Result<Reply, Refusal> {
    exercise(ctx, by, Power::Pause, Scope::Asset(id))?;
    let mut asset = ASSETS.get(ctx, &id).ok_or(Refusal::UnknownAsset(id))?;
    let (from, to) = match is_pause {
        true => (AssetStatus::Open, AssetStatus::Paused),
        false => (AssetStatus::Paused, AssetStatus::Open),
    };
    ensure(asset.status == from, Refusal::NothingChanges)?;
    asset.status = to;
    ASSETS.put(ctx, &id, asset);
    halt(ctx, (id, None), is_pause.then_some(by.wallet));
    let event = match is_pause {
        true => Event::Paused { asset: id, by: by.wallet },
        false => Event::Resumed { asset: id, by: by.wallet },
    };
    ctx.emit(Module::Ledger, &event);
    Ok(Reply::default())
}

/// Closes a paused asset of which nothing is outstanding, for ever. Needs `Terms`.
pub(crate) fn close(ctx: &mut Context<'_>, by: Spender, id: AssetId) -> Result<Reply, Refusal> {
    exercise(ctx, by, Power::Terms, Scope::Asset(id))?;
    let mut asset = ASSETS.get(ctx, &id).ok_or(Refusal::UnknownAsset(id))?;
    ensure(asset.status == AssetStatus::Paused, Refusal::NotPaused)?;
    check_settled(ctx, id)?;
    ensure(asset.issued.is_zero(), Refusal::Outstanding(asset.issued))?;
    asset.status = AssetStatus::Closed;
    ASSETS.put(ctx, &id, asset);
    halt(ctx, (id, None), Some(by.wallet));
    ctx.emit(Module::Ledger, &Event::Closed { asset: id, by: by.wallet });
    Ok(Reply::default())
}

fn check_text(field: &'static str, text: &str) -> Result<(), Refusal> {
    ensure(fits(text, 64), Refusal::BadText(field))
}

fn fits(text: &str, max_bytes: usize) -> bool {
    !text.trim().is_empty() && text.len() <= max_bytes && !text.chars().any(char::is_control)
}

/// The CFI's category must say the same as the kind. ISO 10962.
fn check_cfi(kind: AssetKind, cfi: &str) -> Result<(), Refusal> {
    let (categories, needed) = match kind {
        AssetKind::Equity => ("E", "equity needs category E"),
        AssetKind::Debt => ("D", "debt needs category D"),
        AssetKind::FundUnit => ("CE", "a fund unit needs category C or E"),
        AssetKind::TrustUnit => ("CE", "a trust unit needs category C or E"),
        AssetKind::Wrap => ("CE", "a wrap needs category C or E"),
        AssetKind::RevenueShare => ("ED", "a revenue share needs category E or D"),
        AssetKind::Structured => ("DEMR", "a structured product needs category D, E, M or R"),
        AssetKind::Cash(_) => ("TM", "cash needs category T or M"),
    };
    ensure(categories.contains(&cfi[..1]), Refusal::BadCfi(needed))
}

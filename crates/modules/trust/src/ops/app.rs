//! Who publishes apps, who attests their code, and what becomes of them.

use super::{
    Reply, announce,
    authority::{exercise, require},
};
use crate::{
    APPS, ATTESTATIONS, App, Attestation, CONTRACTS, Contract, DEMANDS, Event, Grantee, NEXT_APP,
    Power, ROLES, Refusal, Role, Scope, Standing, app::stands,
};
use borsh::{BorshDeserialize, BorshSerialize};
use state::Context;
use types::{Address, AssetId, B256, PersonId, Time, ensure};

/// Contracts that one app may have.
const MAX_CONTRACTS: usize = 16;
/// Auditors that may speak of one code.
const MAX_ATTESTATIONS: usize = 16;
/// The longest address of a document.
const MAX_URI_BYTES: usize = 256;

type Lent = Option<(Power, Scope)>;

/// A version of an app, as its developer presents it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Version {
    /// Its name, for people.
    pub name: String,
    /// Where its manifest is.
    pub uri: String,
    /// SHA-256 of the manifest.
    pub manifest: B256,
    /// Its contracts.
    pub contracts: Vec<Listed>,
    /// The powers it asks for, a set of bits by the powers' places.
    pub powers: u32,
    /// The operations it asks for, a set of identity's `operation` bits.
    pub operations: u32,
}

/// A contract of a version, as whoever decodes the call has found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Listed {
    /// Where it is.
    pub contract: Address,
    /// The hash of the code that is there, Keccak-256.
    pub code: B256,
    /// The person whose wallet created it, if it was one's.
    pub creator: Option<PersonId>,
}

/// Admits, suspends, reinstates or ends a developer or auditor. Needs `Apps`.
pub(super) fn set_role(
    ctx: &mut Context<'_>,
    by: Grantee,
    role: Role,
    person: PersonId,
    standing: Standing,
    quorum: Lent,
) -> Result<(), Refusal> {
    require(ctx, by, Power::Apps, Scope::Network, None, quorum)?;
    ensure(identity::person(ctx, person).is_some(), Refusal::UnknownPerson(person))?;
    let before = ROLES.get(ctx, &(role, person));
    ensure(before != Some(Standing::Ended), Refusal::RoleEnded(person))?;
    let is_first = before.is_none() && standing == Standing::Active;
    let changes = before.is_some_and(|before| before != standing);
    ensure(is_first || changes, Refusal::NothingChanges)?;
    exercise(ctx, by, Power::Apps, Scope::Network, quorum);
    ROLES.put(ctx, &(role, person), standing);
    announce(ctx, Event::RoleSet { role, person, standing });
    Ok(())
}

/// Publishes an app, or the next version of one. A contract is one app's for good, and its developer made it: else
/// anybody could stop another's.
pub(super) fn publish(
    ctx: &mut Context<'_>,
    by: Grantee,
    known: Option<u64>,
    version: Version,
) -> Result<Reply, Refusal> {
    let developer = in_role(ctx, by, Role::Developer)?;
    let before = match known {
        Some(number) => {
            let app = APPS.get(ctx, &number).ok_or(Refusal::UnknownApp(number))?;
            ensure(app.developer == developer, Refusal::NotDeveloper(number))?;
            ensure(app.standing != Standing::Ended, Refusal::AppEnded(number))?;
            Some(app)
        }
        None => None,
    };
    let Version { name, uri, manifest, mut contracts, powers, operations } = version;
    check_text(&name, 64, "name: 1 to 64 bytes without control characters")?;
    check_text(&uri, MAX_URI_BYTES, "uri: 1 to 256 bytes without control characters")?;
    ensure(!manifest.is_zero(), Refusal::BadApp("manifest: its SHA-256 is missing"))?;
    let is_known = powers & !Power::all_bits() == 0;
    ensure(is_known, Refusal::BadApp("powers: a set of the powers that there are"))?;
    let is_known = operations & !identity::operation::ALL == 0;
    ensure(is_known, Refusal::BadApp("operations: a set of the operations that there are"))?;
    let given = contracts.len();
    contracts.sort_unstable_by_key(|listed| listed.contract);
    contracts.dedup_by_key(|listed| listed.contract);
    ensure(contracts.len() == given, Refusal::BadApp("contracts: one is named twice"))?;
    let fits = (1..=MAX_CONTRACTS).contains(&given);
    ensure(fits, Refusal::BadApp("contracts: 1 to 16 are taken"))?;
    for Listed { contract, creator, .. } in &contracts {
        ensure(*creator == Some(developer), Refusal::NotCreator(*contract))?;
        if let Some(listed) = CONTRACTS.read(ctx, contract) {
            let taken = Refusal::ContractTaken { contract: *contract, app: listed.app };
            ensure(Some(listed.app) == known, taken)?;
        }
    }

    let now = ctx.now();
    let number = known.unwrap_or_else(|| NEXT_APP.get(ctx, &()).unwrap_or(1));
    if known.is_none() {
        NEXT_APP.put(ctx, &(), number + 1);
    }
    for contract in before.iter().flat_map(|app| &app.contracts) {
        if let Some(left_out) = CONTRACTS.get(ctx, contract) {
            CONTRACTS.put(ctx, contract, Contract { is_listed: false, ..left_out });
        }
    }
    for Listed { contract, code, .. } in &contracts {
        CONTRACTS.put(ctx, contract, Contract { app: number, code: *code, is_listed: true });
    }
    let version = before.as_ref().map_or(0, |app| app.version) + 1;
    let app = App {
        developer,
        name,
        version,
        uri,
        manifest,
        contracts: contracts.iter().map(|listed| listed.contract).collect(),
        powers,
        operations,
        standing: before.as_ref().map_or(Standing::Active, |app| app.standing),
        published: before.as_ref().map_or(now, |app| app.published),
        changed: now,
    };
    let contracts = contracts.iter().map(|listed| (listed.contract, listed.code)).collect();
    announce(ctx, Event::AppPublished { app: number, developer, version, manifest, contracts });
    APPS.put(ctx, &number, app);
    Ok(Reply { app: Some(number), ..Reply::default() })
}

/// Suspends, reinstates or ends an app, with `Apps`; its developer may end it.
pub(super) fn set_standing(
    ctx: &mut Context<'_>,
    by: Grantee,
    number: u64,
    standing: Standing,
    quorum: Lent,
) -> Result<(), Refusal> {
    let mut app = APPS.get(ctx, &number).ok_or(Refusal::UnknownApp(number))?;
    let is_own = by == Grantee::Person(app.developer) && standing == Standing::Ended;
    if !is_own {
        require(ctx, by, Power::Apps, Scope::Network, None, quorum)?;
    }
    ensure(app.standing != Standing::Ended, Refusal::AppEnded(number))?;
    ensure(app.standing != standing, Refusal::NothingChanges)?;
    if !is_own {
        exercise(ctx, by, Power::Apps, Scope::Network, quorum);
    }
    app.standing = standing;
    APPS.put(ctx, &number, app);
    announce(ctx, Event::AppStanding { app: number, standing });
    Ok(())
}

/// An auditor says of a code that it looked into it, or says so anew.
pub(super) fn attest(
    ctx: &mut Context<'_>,
    by: Grantee,
    code: B256,
    report: B256,
    uri: String,
    expires: Time,
) -> Result<(), Refusal> {
    let auditor = in_role(ctx, by, Role::Auditor)?;
    let is_named = !code.is_zero() && !report.is_zero();
    ensure(is_named, Refusal::BadApp("code, report: the hash of each is needed"))?;
    check_text(&uri, MAX_URI_BYTES, "uri: 1 to 256 bytes without control characters")?;
    ensure(expires > ctx.now(), Refusal::ExpiresPast(expires))?;
    let mut said = ATTESTATIONS.get(ctx, &code).unwrap_or_default();
    let given = ctx.now();
    let attestation =
        Attestation { auditor, report, uri: uri.clone(), given, expires, withdrawn: None };
    match said.binary_search_by_key(&auditor, |known| known.auditor) {
        Ok(place) => said[place] = attestation,
        Err(_) => {
            if said.len() == MAX_ATTESTATIONS {
                // Who no longer counts gives way.
                let spent = said.iter().position(|known| !is_current(ctx, known));
                said.remove(spent.ok_or(Refusal::BadApp("code: 16 auditors attest it already"))?);
            }
            let place = said.partition_point(|known| known.auditor < auditor);
            said.insert(place, attestation);
        }
    }
    ATTESTATIONS.put(ctx, &code, said);
    announce(ctx, Event::CodeAttested { code, auditor, report, uri, expires });
    Ok(())
}

fn is_current(ctx: &Context<'_>, attestation: &Attestation) -> bool {
    attestation.withdrawn.is_none()
        && ctx.now() < attestation.expires
        && stands(ctx, Role::Auditor, attestation.auditor)
}

/// An auditor takes its word back, standing or not.
pub(super) fn withdraw_attestation(
    ctx: &mut Context<'_>,
    by: Grantee,
    code: B256,
) -> Result<(), Refusal> {
    let Grantee::Person(auditor) = by else { return Err(Refusal::PersonOnly) };
    let mut said = ATTESTATIONS.get(ctx, &code).unwrap_or_default();
    let own = said.iter_mut().find(|known| known.auditor == auditor && known.withdrawn.is_none());
    own.ok_or(Refusal::NoAttestation)?.withdrawn = Some(ctx.now());
    ATTESTATIONS.put(ctx, &code, said);
    announce(ctx, Event::AttestationWithdrawn { code, auditor });
    Ok(())
}

/// An issuer lets only contracts of attested code act for others with its asset, or any. Needs `Rules`.
pub(super) fn demand(
    ctx: &mut Context<'_>,
    by: Grantee,
    asset: AssetId,
    demanded: bool,
    quorum: Lent,
) -> Result<(), Refusal> {
    require(ctx, by, Power::Rules, Scope::Asset(asset), None, quorum)?;
    ensure(DEMANDS.has(ctx, &asset) != demanded, Refusal::NothingChanges)?;
    exercise(ctx, by, Power::Rules, Scope::Asset(asset), quorum);
    match demanded {
        true => DEMANDS.put(ctx, &asset, ()),
        false => DEMANDS.delete(ctx, &asset),
    }
    announce(ctx, Event::AttestationDemanded { asset, demanded });
    Ok(())
}

/// The person behind a call, if it stands in the role.
fn in_role(ctx: &Context<'_>, by: Grantee, role: Role) -> Result<PersonId, Refusal> {
    let Grantee::Person(person) = by else { return Err(Refusal::PersonOnly) };
    ensure(stands(ctx, role, person), Refusal::NoRole { person, role })?;
    Ok(person)
}

fn check_text(text: &str, most: usize, why: &'static str) -> Result<(), Refusal> {
    let fits = !text.trim().is_empty() && text.len() <= most && !text.chars().any(char::is_control);
    ensure(fits, Refusal::BadApp(why))
}

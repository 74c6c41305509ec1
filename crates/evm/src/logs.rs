//! Module events as Ethereum logs: each service's own, and the token standards' at the asset.

// Event fields have the names that the Solidity interfaces give them.
#![allow(non_snake_case)]

use crate::{
    abi::{
        ICompliance, IERC20, IERC1410, IERC1594, IERC1643, IERC1644, IERC3643, IIdentity, ILedger,
        ITrust,
    },
    event::{AnyEvent, decode_event},
    faces::partition,
};
use alloy_primitives::{Bytes, FixedBytes};
use alloy_sol_types::SolEvent;
use ledger::Cause;
use state::Context;
use trust::{GrantKey, Grantee, Scope};
use types::{
    AccountId, Address, AssetId, ClassId, Country, EthLog, Module, Order, PersonId, Reserved, U256,
    Units,
};

/// The logs of the events announced since the one with this number.
pub(crate) fn of_events(ctx: &Context<'_>, first: usize) -> Vec<EthLog> {
    let mut logs = Vec::new();
    for record in &ctx.events()[first..] {
        match decode_event(record) {
            Some(AnyEvent::Ledger(event)) => of_ledger(ctx, event, &mut logs),
            Some(AnyEvent::Identity(event)) => of_identity(ctx, event, &mut logs),
            Some(AnyEvent::Trust(event)) => of_trust(ctx, event, &mut logs),
            Some(AnyEvent::Compliance(event)) => of_compliance(ctx, event, &mut logs),
            None => {}
        }
    }
    logs
}

/// One log of an address.
pub(crate) fn log<E: SolEvent>(address: Address, event: &E) -> EthLog {
    let data = event.encode_log_data();
    EthLog { address, topics: data.topics().to_vec(), data: data.data.clone() }
}

fn wallet(ctx: &Context<'_>, account: Option<AccountId>) -> Address {
    account.and_then(|account| identity::wallet_of(ctx, &account)).unwrap_or_default()
}

fn word(country: Country) -> FixedBytes<2> {
    FixedBytes(country.as_str().as_bytes().try_into().expect("two letters"))
}

fn of_ledger(ctx: &Context<'_>, event: ledger::Event, logs: &mut Vec<EthLog>) {
    use ledger::Event::*;
    let token = |asset| Reserved::asset(ctx.shard(), asset);
    let service = Reserved::service(ctx.shard(), Module::Ledger);
    match event {
        Moved { asset, class, from, to, units, cause, operator, .. } => {
            of_movement(
                ctx,
                (asset, class),
                wallet(ctx, from),
                wallet(ctx, to),
                units,
                cause,
                operator,
                logs,
            );
        }
        AssetCreated { asset, issuer, isin, authorised } => {
            let isin = isin.map(|isin| isin.to_string()).unwrap_or_default();
            let (asset, issuer, address) = (asset.0, issuer.0, token(asset));
            logs.push(log(
                service,
                &ILedger::AssetCreated {
                    asset,
                    issuer,
                    token: address,
                    isin,
                    authorised: authorised.0,
                },
            ));
        }
        ClassCreated { asset, class, name } => {
            logs.push(log(
                service,
                &ILedger::ClassCreated { asset: asset.0, class: class.0, name },
            ));
        }
        AuthorisedChanged { asset, authorised } => {
            logs.push(log(
                service,
                &ILedger::AuthorisedChanged { asset: asset.0, authorised: authorised.0 },
            ));
        }
        Paused { asset, by } => logs.push(log(token(asset), &IERC3643::Paused { userAddress: by })),
        Resumed { asset, by } => {
            logs.push(log(token(asset), &IERC3643::Unpaused { userAddress: by }))
        }
        Closed { asset, by } => logs.push(log(service, &ILedger::Closed { asset: asset.0, by })),
        ClassFrozen { asset, class, frozen } => {
            logs.push(log(
                service,
                &ILedger::ClassFrozen { asset: asset.0, class: class.0, frozen },
            ));
        }
        PersonFrozen { asset, person, frozen, .. } => {
            // ERC-3643 knows wallets: each account's owner is named.
            let accounts = identity::person(ctx, person).map_or(0, |record| record.accounts);
            for number in 0..accounts {
                let user = wallet(ctx, Some(AccountId::new(person, number)));
                let owner = service;
                logs.push(log(
                    token(asset),
                    &IERC3643::AddressFrozen { userAddress: user, isFrozen: frozen, owner },
                ));
            }
        }
        UnitsFrozen { asset, account, was, frozen, .. } => {
            // ERC-3643 tells the change, not what stands after it.
            let userAddress = wallet(ctx, Some(account));
            let (more, less) = (frozen.saturating_sub(was), was.saturating_sub(frozen));
            if !more.is_zero() {
                let amount = U256::from(more.0);
                logs.push(log(token(asset), &IERC3643::TokensFrozen { userAddress, amount }));
            }
            if !less.is_zero() {
                let amount = U256::from(less.0);
                logs.push(log(token(asset), &IERC3643::TokensUnfrozen { userAddress, amount }));
            }
        }
        OrderCarriedOut { asset, order, by } => {
            let Order { authority, reference, document } = order;
            let order = ILedger::Order { authority, r#ref: reference, document };
            logs.push(log(service, &ILedger::OrderCarriedOut { asset: asset.0, order, by }));
        }
        Approved { asset, owner, spender, units } => {
            let value = if units == Units::MAX { U256::MAX } else { U256::from(units.0) };
            logs.push(log(
                token(asset),
                &IERC20::Approval { owner: wallet(ctx, Some(owner)), spender, value },
            ));
        }
        OperatorSet { asset, class, owner, operator, allowed } => {
            let holder = wallet(ctx, Some(owner));
            let part = class.map(|class| partition(ctx, asset, class));
            logs.push(match (part, allowed) {
                (None, true) => log(
                    token(asset),
                    &IERC1410::AuthorizedOperator { operator, tokenHolder: holder },
                ),
                (None, false) => {
                    log(token(asset), &IERC1410::RevokedOperator { operator, tokenHolder: holder })
                }
                (Some(partition), true) => log(
                    token(asset),
                    &IERC1410::AuthorizedOperatorByPartition {
                        partition,
                        operator,
                        tokenHolder: holder,
                    },
                ),
                (Some(partition), false) => log(
                    token(asset),
                    &IERC1410::RevokedOperatorByPartition {
                        partition,
                        operator,
                        tokenHolder: holder,
                    },
                ),
            });
        }
        Held { hold, asset, account, beneficiary, units, expires, .. } => {
            let (account, beneficiary) =
                (wallet(ctx, Some(account)), wallet(ctx, Some(beneficiary)));
            let (asset, units, expires) = (asset.0, units.0, expires.0);
            logs.push(log(
                service,
                &ILedger::Held { hold, asset, account, beneficiary, units, expires },
            ));
        }
        HoldReleased { hold, units } => {
            logs.push(log(service, &ILedger::HoldReleased { hold, units: units.0 }))
        }
        HoldExecuted { hold, units } => {
            logs.push(log(service, &ILedger::HoldExecuted { hold, units: units.0 }))
        }
        DocumentPublished { asset, name, uri, hash, .. } => {
            logs.push(log(
                token(asset),
                &IERC1643::DocumentUpdated { name, uri, documentHash: hash },
            ));
        }
        DocumentRemoved { asset, name, uri, hash } => {
            logs.push(log(
                token(asset),
                &IERC1643::DocumentRemoved { name, uri, documentHash: hash },
            ));
        }
        CheckpointTaken { asset, checkpoint } => {
            logs.push(log(service, &ILedger::CheckpointTaken { asset: asset.0, checkpoint }));
        }
    }
}

/// ERC-20's `Transfer` for every movement; beside it what its cause is called elsewhere.
#[allow(clippy::too_many_arguments)]
fn of_movement(
    ctx: &Context<'_>,
    (asset, class): (AssetId, ClassId),
    from: Address,
    to: Address,
    units: Units,
    cause: Cause,
    operator: Address,
    logs: &mut Vec<EthLog>,
) {
    let token = Reserved::asset(ctx.shard(), asset);
    let value = U256::from(units.0);
    let none = Bytes::new;
    logs.push(log(token, &IERC20::Transfer { from, to, value }));
    // The default class of an asset without others is no partition to speak of.
    let part = (class != ClassId(0)).then(|| partition(ctx, asset, class));
    match cause {
        Cause::Issue => {
            logs.push(log(token, &IERC1594::Issued { operator, to, value, data: none() }));
            if let Some(partition) = part {
                let (data, operatorData) = (none(), none());
                logs.push(log(
                    token,
                    &IERC1410::IssuedByPartition {
                        partition,
                        operator,
                        to,
                        amount: value,
                        data,
                        operatorData,
                    },
                ));
            }
        }
        Cause::Redeem => {
            logs.push(log(token, &IERC1594::Redeemed { operator, from, value, data: none() }));
            if let Some(partition) = part {
                let operatorData = none();
                logs.push(log(
                    token,
                    &IERC1410::RedeemedByPartition {
                        partition,
                        operator,
                        from,
                        amount: value,
                        operatorData,
                    },
                ));
            }
        }
        Cause::Transfer | Cause::Hold => {
            if let Some(fromPartition) = part {
                let (data, operatorData) = (none(), none());
                let event = IERC1410::TransferByPartition {
                    fromPartition,
                    operator,
                    from,
                    to,
                    value,
                    data,
                    operatorData,
                };
                logs.push(log(token, &event));
            }
        }
        Cause::Forced => {
            let (data, operatorData) = (none(), none());
            logs.push(log(
                token,
                &IERC1644::ControllerTransfer {
                    controller: operator,
                    from,
                    to,
                    value,
                    data,
                    operatorData,
                },
            ));
        }
        Cause::ForcedRedeem => {
            let (data, operatorData) = (none(), none());
            let event = IERC1644::ControllerRedemption {
                controller: operator,
                tokenHolder: from,
                value,
                data,
                operatorData,
            };
            logs.push(log(token, &event));
        }
    }
}

fn of_identity(ctx: &Context<'_>, event: identity::Event, logs: &mut Vec<EthLog>) {
    use IIdentity as I;
    use identity::Event::*;
    let service = Reserved::service(ctx.shard(), Module::Identity);
    let order = |order: Order| I::Order {
        authority: order.authority,
        r#ref: order.reference,
        document: order.document,
    };
    logs.push(match event {
        PersonRegistered { person, provider, wallet, residence } => {
            let residence = word(residence);
            log(
                service,
                &I::PersonRegistered { person: person.0, provider: provider.0, wallet, residence },
            )
        }
        AccountOpened { account, wallet } => log(
            service,
            &I::AccountOpened { person: account.person.0, number: account.number, wallet },
        ),
        ClaimAttested { person, topic, value, provider, expires } => {
            let (person, provider, expires) = (person.0, provider.0, expires.0);
            log(service, &I::ClaimAttested { person, topic, provider, value, expires })
        }
        ClaimRevoked { person, topic, provider } => {
            log(service, &I::ClaimRevoked { person: person.0, topic, provider: provider.0 })
        }
        ResidenceChanged { person, from, to } => {
            log(service, &I::ResidenceChanged { person: person.0, from: word(from), to: word(to) })
        }
        Delegated { account, wallet: delegate, operations, expires } => {
            let account = wallet(ctx, Some(account));
            log(
                service,
                &I::Delegated { account, wallet: delegate, operations, expires: expires.0 },
            )
        }
        DelegationRevoked { account, wallet: delegate } => log(
            service,
            &I::DelegationRevoked { account: wallet(ctx, Some(account)), wallet: delegate },
        ),
        DelegationsFrozen { person, frozen } => {
            log(service, &I::DelegationsFrozen { person: person.0, frozen })
        }
        RecoveryStarted { account, wallet, ready } => {
            let (person, number, ready) = (account.person.0, account.number, ready.0);
            log(service, &I::RecoveryStarted { person, number, wallet, ready })
        }
        RecoveryCancelled { account } => {
            log(service, &I::RecoveryCancelled { person: account.person.0, number: account.number })
        }
        Recovered { account, lost, wallet } => {
            log(service, &I::Recovered { person: account.person.0, lost, wallet })
        }
        ProviderAdmitted { provider } => {
            log(service, &I::ProviderAdmitted { provider: provider.0 })
        }
        ProviderStanding { provider, is_active } => {
            log(service, &I::ProviderStanding { provider: provider.0, isActive: is_active })
        }
        ProviderCutOff { provider, at, keep_earlier } => log(
            service,
            &I::ProviderCutOff { provider: provider.0, at: at.0, keepEarlier: keep_earlier },
        ),
        PersonSuspended { person, order: by } => {
            log(service, &I::PersonSuspended { person: person.0, order: order(by) })
        }
        PersonReinstated { person, order: by } => {
            log(service, &I::PersonReinstated { person: person.0, order: order(by) })
        }
        SanctionsHit { person, list_version } => {
            log(service, &I::SanctionsHit { person: person.0, listVersion: list_version })
        }
        SanctionsCleared { person, list_version } => {
            log(service, &I::SanctionsCleared { person: person.0, listVersion: list_version })
        }
        CareChanged { person, from, to } => {
            log(service, &I::CareChanged { person: person.0, from: from.0, to: to.0 })
        }
        BookMoved { from, to, persons, order: by } => {
            let (from, to, order) = (from.0, to.0, order(by));
            log(service, &I::BookMoved { from, to, persons, order })
        }
    });
}

/// A grant's place as the interface numbers it.
fn place(scope: Scope) -> (u64, u32) {
    match scope {
        Scope::Network => (0, 0),
        Scope::Asset(asset) => (asset.0, 0),
        Scope::Class(asset, class) => (asset.0, class.0 + 1),
    }
}

fn of_trust(ctx: &Context<'_>, event: trust::Event, logs: &mut Vec<EthLog>) {
    use ITrust as I;
    use trust::Event::*;
    let service = Reserved::service(ctx.shard(), Module::Trust);
    let named = |key: GrantKey| {
        let grantee = match key.grantee {
            Grantee::App(app) => app,
            Grantee::Person(person) => wallet(ctx, Some(AccountId::new(person, 0))),
        };
        (grantee, key.power as u8, place(key.scope))
    };
    let numbers = |members: Vec<PersonId>| members.into_iter().map(|member| member.0).collect();
    logs.push(match event {
        Granted { grant, limit, expires, .. } => {
            let (grantee, power, (asset, class)) = named(grant);
            let (limit, expires) = (limit.map_or(0, |limit| limit.0), expires.0);
            log(service, &I::Granted { grantee, power, asset, class, limit, expires })
        }
        Revoked { grant, .. } => {
            let (grantee, power, (asset, class)) = named(grant);
            log(service, &I::Revoked { grantee, power, asset, class })
        }
        Used { grant, units, remaining } => {
            let (grantee, power, (asset, _)) = named(grant);
            log(service, &I::Used { grantee, power, asset, units: units.0, remaining: remaining.0 })
        }
        QuorumSet { power, scope, members, threshold } => {
            let (asset, class) = place(scope);
            log(
                service,
                &I::QuorumSet {
                    power: power as u8,
                    asset,
                    class,
                    members: numbers(members),
                    threshold,
                },
            )
        }
        QuorumRemoved { power, scope } => {
            let (asset, class) = place(scope);
            log(service, &I::QuorumRemoved { power: power as u8, asset, class })
        }
        Proposed { proposal, proposer, deadline, .. } => {
            log(service, &I::Proposed { proposal, proposer: proposer.0, deadline: deadline.0 })
        }
        Approved { proposal, person, approvals } => {
            log(service, &I::Approved { proposal, person: person.0, approvals })
        }
        ProposalDone { proposal } => log(service, &I::ProposalDone { proposal }),
        ProposalWithdrawn { proposal } => log(service, &I::ProposalWithdrawn { proposal }),
        Sponsored { person, sponsorship } => {
            let (sponsor, gas, expires) =
                (sponsorship.sponsor.0, sponsorship.remaining, sponsorship.expires.0);
            log(service, &I::Sponsored { person: person.0, sponsor, gas, expires })
        }
        SponsorshipEnded { person } => log(service, &I::SponsorshipEnded { person: person.0 }),
        FuelCredited { person, gas } => log(service, &I::FuelCredited { person: person.0, gas }),
        SponsorshipAccepted { person, sponsor } => {
            log(service, &I::SponsorshipAccepted { person: person.0, sponsor: sponsor.0 })
        }
        ScheduleSet { schedule } => log(
            service,
            &I::ScheduleSet {
                registeredCapacity: schedule.registered_capacity,
                verifiedCapacity: schedule.verified_capacity,
                refillMs: schedule.refill_ms,
            },
        ),
    });
}

fn of_compliance(ctx: &Context<'_>, event: compliance::Event, logs: &mut Vec<EthLog>) {
    use ICompliance as I;
    use compliance::Event::*;
    let service = Reserved::service(ctx.shard(), Module::Compliance);
    logs.push(match event {
        PolicySet { asset, version, policy } => {
            log(service, &I::PolicySet { asset: asset.0, version, policy })
        }
        Listed { asset, list, person, from, until } => {
            let (asset, person, from, until) = (asset.0, person.0, from.0, until.0);
            log(service, &I::Listed { asset, list, person, from, until })
        }
        Delisted { asset, list, person } => {
            log(service, &I::Delisted { asset: asset.0, list, person: person.0 })
        }
    });
}

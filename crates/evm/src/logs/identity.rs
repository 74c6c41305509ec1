//! What happens to persons, at the identity service.

// Event fields have the names that the Solidity interfaces give them.
#![allow(non_snake_case)]

use super::{log, wallet};
use crate::abi::{IIdentity, IIdentityRegistry as Registry};
use ::identity::Event;
use alloy_primitives::FixedBytes;
use state::Context;
use types::{AccountId, Country, EthLog, Module, Order, Reserved, Units};

pub(super) fn logs(ctx: &Context<'_>, event: Event, logs: &mut Vec<EthLog>) {
    use Event::*;
    use IIdentity as I;
    let service = Reserved::service(ctx.shard(), Module::Identity);
    let order = |order: Order| -> I::Order { order.into() };
    of_registry(ctx, &event, logs);
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
        ClaimAttested { person, topic, value, provider, dated, expires } => {
            let (person, provider) = (person.0, provider.0);
            let (dated, expires) = (dated.0, expires.0);
            log(service, &I::ClaimAttested { person, topic, provider, value, dated, expires })
        }
        ClaimRevoked { person, topic, provider } => {
            log(service, &I::ClaimRevoked { person: person.0, topic, provider: provider.0 })
        }
        ResidenceChanged { person, from, to } => {
            log(service, &I::ResidenceChanged { person: person.0, from: word(from), to: word(to) })
        }
        Delegated { account, wallet: delegate, operations, expires, .. } => {
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
        DelegationUsed { account, wallet: delegate, asset, operation, units, left } => {
            let left = left.unwrap_or(Units::MAX).0;
            let (account, wallet) = (wallet(ctx, Some(account)), delegate);
            let (asset, units) = (asset.0, units.0);
            log(service, &I::DelegationUsed { account, wallet, asset, operation, units, left })
        }
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
        PersonSuspended { person, order: by, .. } => {
            log(service, &I::PersonSuspended { person: person.0, order: order(by) })
        }
        PersonReinstated { person, order: by, .. } => {
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
        DeathRecorded { person, died, order: by, by_order } => {
            let (person, died, order) = (person.0, died.0, order(by));
            log(service, &I::DeathRecorded { person, died, order, byOrder: by_order })
        }
        DeathWithdrawn { person, order: by } => {
            log(service, &I::DeathWithdrawn { person: person.0, order: order(by) })
        }
        PersonsMerged { person, into, order: by } => {
            let (person, into, order) = (person.0, into.0, order(by));
            log(service, &I::PersonsMerged { person, into, order })
        }
        SuspensionContested { person, order, document, by } => {
            log(service, &I::SuspensionContested { person: person.0, order, document, by })
        }
        SuspensionConfirmed { person, order, document, by } => {
            log(service, &I::SuspensionConfirmed { person: person.0, order, document, by })
        }
        BookMoved { from, to, persons, order: by } => {
            let (from, to, order) = (from.0, to.0, order(by));
            log(service, &I::BookMoved { from, to, persons, order })
        }
    });
}

/// ERC-3643's identity registry tells of wallets what we tell of persons.
fn of_registry(ctx: &Context<'_>, event: &Event, logs: &mut Vec<EthLog>) {
    use Event::*;
    let service = Reserved::service(ctx.shard(), Module::Identity);
    let identity = |person| Reserved::person(ctx.shard(), person);
    let mut country = |investorAddress, country: Country| {
        let country = country.numeric();
        logs.push(log(service, &Registry::CountryUpdated { investorAddress, country }));
    };
    match *event {
        PersonRegistered { person, wallet, residence, .. } => {
            country(wallet, residence);
            let (investorAddress, identity) = (wallet, identity(person));
            logs.push(log(service, &Registry::IdentityRegistered { investorAddress, identity }));
        }
        AccountOpened { account, wallet } => {
            if let Some(record) = ::identity::person(ctx, account.person) {
                country(wallet, record.residence);
            }
            let (investorAddress, identity) = (wallet, identity(account.person));
            logs.push(log(service, &Registry::IdentityRegistered { investorAddress, identity }));
        }
        Recovered { account, lost, wallet } => {
            if let Some(record) = ::identity::person(ctx, account.person) {
                country(wallet, record.residence);
            }
            let (investorAddress, identity) = (wallet, identity(account.person));
            logs.push(log(service, &Registry::IdentityRegistered { investorAddress, identity }));
            let investorAddress = lost;
            logs.push(log(service, &Registry::IdentityRemoved { investorAddress, identity }));
        }
        ResidenceChanged { person, to, .. } => {
            let accounts = ::identity::person(ctx, person).map_or(0, |record| record.accounts);
            for number in 0..accounts {
                country(wallet(ctx, Some(AccountId::new(person, number))), to);
            }
        }
        _ => {}
    }
}

pub(super) fn word(country: Country) -> FixedBytes<2> {
    FixedBytes(country.as_str().as_bytes().try_into().expect("two letters"))
}

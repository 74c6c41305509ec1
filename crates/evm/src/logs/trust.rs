//! What happens to powers, fuel and apps, at the trust service.

use super::{log, wallet};
use crate::abi::{IApps, ITrust};
use ::trust::{Event, GrantKey, Grantee, Scope};
use state::Context;
use types::{AccountId, EthLog, Module, PersonId, Reserved};

pub(super) fn logs(ctx: &Context<'_>, event: Event, logs: &mut Vec<EthLog>) {
    use Event::*;
    use IApps as A;
    use ITrust as I;
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
        RoleSet { role, person, standing } => log(
            service,
            &A::RoleSet { person: person.0, role: role as u8, standing: standing as u8 },
        ),
        AppPublished { app, developer, version, manifest, contracts } => {
            let listed = |(at, code)| A::Listed { at, code };
            let (developer, contracts) = (developer.0, contracts.into_iter().map(listed).collect());
            log(service, &A::AppPublished { app, developer, version, manifest, contracts })
        }
        AppStanding { app, standing } => {
            log(service, &A::AppStanding { app, standing: standing as u8 })
        }
        CodeAttested { code, auditor, report, uri, expires } => {
            let (auditor, expires) = (auditor.0, expires.0);
            log(service, &A::CodeAttested { code, auditor, report, uri, expires })
        }
        AttestationWithdrawn { code, auditor } => {
            log(service, &A::AttestationWithdrawn { code, auditor: auditor.0 })
        }
        AttestationDemanded { asset, demanded } => {
            log(service, &A::AttestationDemanded { asset: asset.0, demanded })
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

/// A grant's place as the interface numbers it.
fn place(scope: Scope) -> (u64, u32) {
    match scope {
        Scope::Network => (0, 0),
        Scope::Asset(asset) => (asset.0, 0),
        Scope::Class(asset, class) => (asset.0, class.0 + 1),
    }
}

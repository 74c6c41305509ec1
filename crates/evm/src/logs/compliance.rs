//! What happens to rules and lists, at the compliance service.

use super::{identity::word, log};
use crate::abi::ICompliance;
use ::compliance::{Event, Subject};
use state::Context;
use types::{EthLog, Module, PersonId, Reserved};

pub(super) fn logs(ctx: &Context<'_>, event: Event, logs: &mut Vec<EthLog>) {
    use Event::*;
    use ICompliance as I;
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
        FactAttested { about, fact: name, value, since, until, document } => {
            let (asset, value, since, until) = (number(about), value.0, since.0, until.0);
            log(service, &I::FactAttested { asset, name, value, since, until, document })
        }
        FactWithdrawn { about, fact: name } => {
            log(service, &I::FactWithdrawn { asset: number(about), name })
        }
        ProfileRegistered { id, version, profile } => {
            log(service, &I::ProfileRegistered { id, version, profile })
        }
        ProfileAdopted { asset, id, version, number } => {
            log(service, &I::ProfileAdopted { asset: asset.0, id, version, number })
        }
        ProfileDropped { asset, id, number } => {
            log(service, &I::ProfileDropped { asset: asset.0, id, number })
        }
        LawSet { country, profiles } => {
            let (profiles, versions) = profiles.into_iter().unzip();
            log(service, &I::LawSet { country: word(country), profiles, versions })
        }
        Approached { asset, person } => {
            log(service, &I::Approached { asset: asset.0, person: person.0 })
        }
        MovementApproved { asset, list, from, to, units, by, until } => {
            let side = |person: Option<PersonId>| person.map_or(0, |person| person.0);
            let (asset, from, to) = (asset.0, side(from), side(to));
            let (units, by, until) = (units.0, by.0, until.0);
            log(service, &I::MovementApproved { asset, list, from, to, units, by, until })
        }
        DutyRaised { asset, profile, duty, due } => {
            log(service, &I::DutyRaised { asset: asset.0, profile, duty, due: due.0 })
        }
        DutyNear { asset, profile, duty } => {
            log(service, &I::DutyNear { asset: asset.0, profile, duty })
        }
        DutyMet { asset, duty } => log(service, &I::DutyMet { asset: asset.0, duty }),
        VenueRulesSet { venue, version, rules } => {
            log(service, &I::VenueRulesSet { venue: venue.0, version, rules })
        }
    });
}

/// The asset that a fact is about; 0 for the network.
fn number(about: Subject) -> u64 {
    match about {
        Subject::Asset(asset) => asset.0,
        Subject::Network => 0,
    }
}

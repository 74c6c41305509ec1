//! What happens to rules and lists, at the compliance service.

use super::{identity::word, log};
use crate::abi::ICompliance;
use ::compliance::{Entry, Event, Filter, Subject};
use state::Context;
use types::{Address, Country, EthLog, Module, PersonId, Reserved};

pub(super) fn logs(ctx: &Context<'_>, event: Event, logs: &mut Vec<EthLog>) {
    use Event::*;
    use ICompliance as I;
    let service = Reserved::service(ctx.shard(), Module::Compliance);
    logs.push(match event {
        PolicySet { asset, version, policy, report } => {
            log(service, &I::PolicySet { asset: asset.0, version, policy, report })
        }
        Listed { about, list, entry, from, until } => {
            let (asset, (person, wallet)) = (number(about), parts(entry));
            let (from, until) = (from.0, until.0);
            log(service, &I::Listed { asset, list, person, wallet, from, until })
        }
        Delisted { about, list, entry } => {
            let (asset, (person, wallet)) = (number(about), parts(entry));
            log(service, &I::Delisted { asset, list, person, wallet })
        }
        FactAttested { about, fact, value, since, until, document } => {
            let name = fact.into();
            let (asset, value, since, until) = (number(about), value.0, since.0, until.0);
            log(service, &I::FactAttested { asset, name, value, since, until, document })
        }
        FactWithdrawn { about, fact } => {
            log(service, &I::FactWithdrawn { asset: number(about), name: fact.into() })
        }
        ProfileRegistered { id, version, profile } => {
            log(service, &I::ProfileRegistered { id: id.into(), version, profile })
        }
        CalendarRegistered { id, version, calendar } => {
            log(service, &I::CalendarRegistered { id: id.into(), version, calendar })
        }
        ProfileAdopted { asset, id, version, number, report } => {
            let (asset, id) = (asset.0, id.into());
            log(service, &I::ProfileAdopted { asset, id, version, number, report })
        }
        ProfileDropped { asset, id, number, report } => {
            let (asset, id) = (asset.0, id.into());
            log(service, &I::ProfileDropped { asset, id, number, report })
        }
        LawSet { country, profiles, report } => {
            let told = profiles.into_iter().map(|(id, version)| (id.into(), version));
            let (profiles, versions) = told.unzip();
            log(service, &I::LawSet { country: word(country), profiles, versions, report })
        }
        Approached { asset, person } => {
            log(service, &I::Approached { asset: asset.0, person: person.0 })
        }
        MovementApproved { asset, list, from, to, units, by, until, left } => {
            let side = |person: Option<PersonId>| person.map_or(0, |person| person.0);
            let (asset, from, to) = (asset.0, side(from), side(to));
            let (units, by, until, left) = (units.0, by.0, until.0, left.0);
            log(service, &I::MovementApproved { asset, list, from, to, units, by, until, left })
        }
        DutyRaised { asset, profile, duty, due } => {
            let (asset, profile, due) = (asset.0, profile.into(), due.0);
            log(service, &I::DutyRaised { asset, profile, duty, due })
        }
        DutyNear { asset, profile, duty } => {
            log(service, &I::DutyNear { asset: asset.0, profile: profile.into(), duty })
        }
        DutyMet { asset, duty } => log(service, &I::DutyMet { asset: asset.0, duty }),
        OfferOpened { asset, offer } => log(service, &I::OfferOpened { asset: asset.0, offer }),
        OfferClosed { asset, offer } => log(service, &I::OfferClosed { asset: asset.0, offer }),
        CapExceeded { asset, scope, class, filter, holders, most } => {
            let (country, topic, having) = kind(filter);
            let (asset, scope, class) = (asset.0, scope as u8, class.map_or(0, |class| class.0));
            let country = country.map(word).unwrap_or_default();
            log(
                service,
                &I::CapExceeded { asset, scope, class, country, topic, having, holders, most },
            )
        }
        VenueRulesSet { venue, version, rules, report } => {
            log(service, &I::VenueRulesSet { venue: venue.0, version, rules, report })
        }
    });
}

/// Where holders of a kind reside, and which topic they have, or have not; 0 for any.
fn kind(filter: Filter) -> (Option<Country>, u32, bool) {
    match filter {
        Filter::All => (None, 0, false),
        Filter::Country(country) => (Some(country), 0, false),
        Filter::With(topic) => (None, topic, true),
        Filter::Without(topic) => (None, topic, false),
        Filter::CountryWith(country, topic) => (Some(country), topic, true),
        Filter::CountryWithout(country, topic) => (Some(country), topic, false),
    }
}

/// The person or the wallet that a list names; the other is 0.
fn parts(entry: Entry) -> (u64, Address) {
    match entry {
        Entry::Person(person) => (person.0, Address::ZERO),
        Entry::Wallet(wallet) => (0, wallet),
    }
}

/// The asset that a fact is about, or whose a list is; 0 for the network.
fn number(about: Subject) -> u64 {
    match about {
        Subject::Asset(asset) => asset.0,
        Subject::Network => 0,
    }
}

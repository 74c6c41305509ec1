//! What happens to rules and lists, at the compliance service.

use super::log;
use crate::abi::ICompliance;
use ::compliance::Event;
use state::Context;
use types::{EthLog, Module, Reserved};

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
    });
}

//! Module events as Ethereum logs: each service's own, and the token standards' at the asset.

mod compliance;
mod identity;
mod ledger;
mod trust;

use crate::{
    event::{AnyEvent, decode_event},
    services::Said,
};
use alloy_sol_types::SolEvent;
use state::Context;
use types::{AccountId, Address, EthLog};

/// The logs of the events announced since the one with this number, and what was said beside them.
pub(crate) fn of_events(ctx: &Context<'_>, first: usize, mut said: Said) -> Vec<EthLog> {
    let mut logs = Vec::new();
    for record in &ctx.events()[first..] {
        match decode_event(record) {
            Some(AnyEvent::Ledger(event)) => ledger::logs(ctx, event, &mut said, &mut logs),
            Some(AnyEvent::Identity(event)) => identity::logs(ctx, event, &mut logs),
            Some(AnyEvent::Trust(event)) => trust::logs(ctx, event, &mut logs),
            Some(AnyEvent::Compliance(event)) => compliance::logs(ctx, event, &mut logs),
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
    account.and_then(|account| ::identity::wallet_of(ctx, &account)).unwrap_or_default()
}

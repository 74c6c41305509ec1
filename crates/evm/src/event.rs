//! Events as their modules wrote them.

use serde::Serialize;
use types::{EventRecord, Module};

/// An event of some module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "module", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum AnyEvent {
    Identity(identity::Event),
    Trust(trust::Event),
    Compliance(compliance::Event),
    Ledger(ledger::Event),
}

/// Reads an event back; `None` if a newer version wrote it.
pub fn decode_event(record: &EventRecord) -> Option<AnyEvent> {
    let bytes = &record.bytes;
    match record.module {
        Module::Identity => types::decode(bytes).ok().map(AnyEvent::Identity),
        Module::Trust => types::decode(bytes).ok().map(AnyEvent::Trust),
        Module::Compliance => types::decode(bytes).ok().map(AnyEvent::Compliance),
        Module::Ledger => types::decode(bytes).ok().map(AnyEvent::Ledger),
        Module::Evm | Module::Chain => None,
    }
}

//! ERC-1643: documents.

use super::reply;
use crate::{
    abi::IERC1643,
    failure::Failure,
    services::{Answer, Request, view},
};
use alloy_sol_types::SolValue;
use ledger::{Asset, Call};
use state::Context;
use types::{AssetId, B256, U256, ensure};

/// Gas of reading one document by its place: its name and itself.
const DOCUMENT_WORK: u64 = 200;

pub(super) fn answer(
    ctx: &Context<'_>,
    id: AssetId,
    asset: &Asset,
    call: IERC1643::IERC1643Calls,
) -> Result<Request, Failure> {
    use IERC1643::IERC1643Calls as F;
    match call {
        F::getDocument(f) => {
            let document =
                ledger::DOCUMENTS.get(ctx, &(id, f.name)).filter(|document| !document.is_removed);
            let (uri, hash, time) = document
                .map_or_else(Default::default, |d| (d.uri, d.hash, U256::from(d.published.secs())));
            Ok(Request::View((uri, hash, time).abi_encode_params()))
        }
        F::setDocument(f) => {
            let call =
                Call::PublishDocument { asset: id, name: f.name, uri: f.uri, hash: f.documentHash };
            reply(call, Answer::Nothing)
        }
        F::removeDocument(f) => {
            reply(Call::RemoveDocument { asset: id, name: f.name }, Answer::Nothing)
        }
        F::getAllDocuments(_) => {
            // Two reads a document, as they will be charged.
            let needed = DOCUMENT_WORK * u64::from(asset.documents);
            ensure(
                ctx.work().saturating_add(needed) <= ctx.work_limit(),
                Failure::door(5, 0x0f, "there are more documents than this gas can read"),
            )?;
            let names = (0..asset.documents)
                .filter_map(|place| ledger::DOCUMENT_NAMES.get(ctx, &(id, place)));
            let stands = |name: &B256| {
                ledger::DOCUMENTS.read(ctx, &(id, *name)).is_some_and(|d| !d.is_removed)
            };
            view(names.filter(stands).collect::<Vec<_>>())
        }
    }
}

//! Offers of an asset, one after the other, as far as counters need them: what is approached and placed while
//! one is open counts in it. RULEBOOK P4.

use crate::{Event, OFFERS, Offer, Refusal};
use state::Context;
use types::{AssetId, Module, ensure};

/// The number of the offer of an asset that is open now.
pub(crate) fn open(ctx: &Context<'_>, asset: AssetId) -> Option<u32> {
    let latest = OFFERS.read(ctx, &asset)?;
    latest.closed.is_none().then_some(latest.number)
}

/// Begins the next offer of an asset, whose counters start anew. Refuses while one is open.
pub(crate) fn begin(ctx: &mut Context<'_>, asset: AssetId) -> Result<(), Refusal> {
    let latest = OFFERS.get(ctx, &asset);
    let is_open = latest.as_ref().filter(|latest| latest.closed.is_none());
    ensure(is_open.is_none(), Refusal::OfferOpen(is_open.map_or(0, |open| open.number)))?;
    let number = latest.map_or(1, |latest| latest.number + 1);
    OFFERS.put(ctx, &asset, Offer { number, opened: ctx.now(), closed: None });
    ctx.emit(Module::Compliance, &Event::OfferOpened { asset, offer: number });
    Ok(())
}

/// Ends the offer that is open: nothing counts in it any more.
pub(crate) fn end(ctx: &mut Context<'_>, asset: AssetId) -> Result<(), Refusal> {
    let open = OFFERS.get(ctx, &asset).filter(|latest| latest.closed.is_none());
    let open = open.ok_or(Refusal::NothingChanges)?;
    let offer = open.number;
    OFFERS.put(ctx, &asset, Offer { closed: Some(ctx.now()), ..open });
    ctx.emit(Module::Compliance, &Event::OfferClosed { asset, offer });
    Ok(())
}

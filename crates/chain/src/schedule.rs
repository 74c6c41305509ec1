//! What is due at a time is fired by the chain at the start of a block, never by the next caller.

use state::Context;

/// What is counted anew in one block because claims lapse: persons, and assets that they hold. The rest
/// follows in the next block.
const LAPSES_PER_BLOCK: usize = 5_000;

/// Assets whose triggers are asked in one block, once a day. The rest follows in the next block.
const ASKED_PER_BLOCK: u32 = 256;

/// Fires what is due at the block's time.
pub(crate) fn fire(ctx: &mut Context<'_>) {
    for person in identity::expire_due(ctx, LAPSES_PER_BLOCK, compliance::weight) {
        compliance::reindex(ctx, person);
    }
    compliance::fire_duties(ctx, ASKED_PER_BLOCK, ledger::issuer);
}

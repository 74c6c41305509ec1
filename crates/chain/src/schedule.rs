//! What is due at a time is fired by the chain at the start of a block, never by the next caller.

use state::Context;

/// Persons whose claims lapse are counted anew, at most so many in one block; the rest follow.
const LAPSES_PER_BLOCK: usize = 2_000;

/// Fires what is due at the block's time.
pub(crate) fn fire(ctx: &mut Context<'_>) {
    for person in identity::expire_due(ctx, LAPSES_PER_BLOCK) {
        compliance::reindex(ctx, person);
    }
}

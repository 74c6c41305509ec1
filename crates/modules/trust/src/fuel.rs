//! Fuel: the right to use the chain, counted in gas. It comes back with time and cannot be transferred.
//!
//! Rounding: regeneration rounds down.

use crate::{Refusal, SCHEDULE, SPONSORS, Sponsorship, TANKS, Tank};
use identity::topic::DUE_DILIGENCE;
use state::Context;
use types::{PersonId, ensure};

/// Whose fuel a transaction uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payer {
    /// Whose tank.
    pub person: PersonId,
    /// For whom, if it is a sponsor's.
    pub sponsored: Option<PersonId>,
}

/// Gas that a person could use now from its own tank.
pub fn available(ctx: &Context<'_>, person: PersonId) -> u64 {
    let tank = filled(ctx, person);
    tank.level.saturating_add(tank.bought)
}

/// Who pays for a person's transaction of so much gas: its sponsor while that one can, else itself.
pub fn payer(ctx: &Context<'_>, person: PersonId, gas: u64) -> Result<Payer, Refusal> {
    if let Some(sponsor) = sponsor(ctx, person)
        && drawable(ctx, &sponsor) >= gas
    {
        return Ok(Payer { person: sponsor.sponsor, sponsored: Some(person) });
    }
    let have = available(ctx, person);
    ensure(have >= gas, Refusal::OutOfFuel { have, need: gas })?;
    Ok(Payer { person, sponsored: None })
}

/// Takes gas from the payer's tank: what regenerates first, then what was bought. TRU-3.
pub fn charge(ctx: &mut Context<'_>, payer: &Payer, gas: u64) {
    let mut tank = filled(ctx, payer.person);
    let own = gas.min(tank.level);
    tank.level -= own;
    tank.bought = tank.bought.saturating_sub(gas - own);
    TANKS.put(ctx, &payer.person, tank);
    if let Some(person) = payer.sponsored
        && let Some(mut sponsorship) = SPONSORS.get(ctx, &person)
    {
        sponsorship.remaining = sponsorship.remaining.saturating_sub(gas);
        SPONSORS.put(ctx, &person, sponsorship);
    }
}

/// The sponsorship that a person can draw on now.
pub fn sponsor(ctx: &Context<'_>, person: PersonId) -> Option<Sponsorship> {
    SPONSORS.get(ctx, &person).filter(|sponsorship| ctx.now() < sponsorship.expires)
}

/// Gas of a sponsorship that could be used now: what is promised, as far as the sponsor has it.
pub fn drawable(ctx: &Context<'_>, sponsorship: &Sponsorship) -> u64 {
    sponsorship.remaining.min(available(ctx, sponsorship.sponsor))
}

/// Gas that a person's tank holds, by its standing.
pub fn capacity(ctx: &Context<'_>, person: PersonId) -> u64 {
    let schedule = SCHEDULE.get(ctx, &()).unwrap_or_default();
    let is_verified = DUE_DILIGENCE
        .iter()
        .any(|topic| identity::current_claim(ctx, person, *topic, &[]).is_some());
    if is_verified { schedule.verified_capacity } else { schedule.registered_capacity }
}

pub(crate) fn filled(ctx: &Context<'_>, person: PersonId) -> Tank {
    let capacity = capacity(ctx, person);
    let refill_ms = SCHEDULE.get(ctx, &()).unwrap_or_default().refill_ms.max(1);
    let now = ctx.now();
    let Some(tank) = TANKS.read(ctx, &person) else {
        return Tank { level: capacity, updated: now, bought: 0 };
    };
    let elapsed = now.0.saturating_sub(tank.updated.0);
    let regained = u128::from(capacity) * u128::from(elapsed) / u128::from(refill_ms);
    let level = u128::from(tank.level).saturating_add(regained).min(u128::from(capacity)) as u64;
    Tank { level, updated: now, bought: tank.bought }
}

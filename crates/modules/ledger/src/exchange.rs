//! Units of one asset of an issuer that become units of another: a convertible note that becomes shares. RULEBOOK
//! section 5 row 13; 17 CFR 230.144(d)(3)(ii).
//!
//! The old units end and the new ones are issued in one call, and the lots go on: their clocks, and the exemptions under
//! which they are resold, are those of what was given up.

use crate::{
    Cause, Event, Leg, Lots, Refusal, Reply, Spender, lots,
    movement::{Made, Movement},
    ops::{carry_out, carry_out_made, check_account, require, spend},
    read,
};
use compliance::{Adoption, Exemptions, Lot, PROFILES, Paths};
use state::Context;
use trust::{Power, Scope};
use types::{AssetId, ClassId, Module, Ratio, Units, ensure};

/// Of what, into what, and how many for how many.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub old: (AssetId, ClassId),
    pub new: (AssetId, ClassId),
    pub ratio: Ratio,
}

/// Exchanges units of named holders. Needs `Redeem` of the old and `Issue` of the new.
///
/// Ending is judged as a redemption; what is made as a corporate action: all that the new asset asks of its holders,
/// but for what its profiles ask of a sale, since nothing is sold. It stays under the same profiles, which the new
/// asset must have adopted. Units round down for each holder, and the rest is told. Keeps LED-1 to LED-5, LED-8.
pub(crate) fn exchange(
    ctx: &mut Context<'_>,
    by: Spender,
    terms: Terms,
    legs: Vec<Leg>,
) -> Result<Reply, Refusal> {
    let Terms { old: (old, class), new: (new, into), ratio } = terms;
    let is_one_issuer = read::asset(ctx, old)?.issuer == read::asset(ctx, new)?.issuer;
    ensure(is_one_issuer && old != new, Refusal::OtherIssuer)?;
    ensure(!legs.is_empty(), Refusal::EmptyBatch)?;
    let (mut given, mut total) = (Units::ZERO, Units::ZERO);
    let mut made = Vec::with_capacity(legs.len());
    for leg in &legs {
        check_account(ctx, leg.to)?;
        let (units, rest) = ratio.of(leg.units.0).ok_or(Refusal::Overflow)?;
        ensure(units > 0, Refusal::NothingToMove)?;
        given = given.checked_add(leg.units)?;
        total = total.checked_add(Units(units))?;
        made.push((Units(units), rest));
    }
    require(ctx, by, Power::Redeem, Scope::Class(old, class), given)?;
    require(ctx, by, Power::Issue, Scope::Class(new, into), total)?;
    let bound_since = compliance::adoptions(ctx, old).map(|(_, it)| it.since).min();
    let mut reply = Reply::default();
    for (Leg { to: account, units }, (made, rest)) in legs.into_iter().zip(made) {
        ensure(!ctx.is_exhausted(), Refusal::OutOfFuel)?;
        let mut standing = read::position(ctx, old, class, account).lots;
        let held: Units = standing.iter().map(|lot| lot.units).sum();
        let taken = lots::take(&mut standing, units.min(held));
        let parties = (Some(account), None);
        let end = Movement::of((old, class), parties, units, Cause::Redeem, by.wallet);
        carry_out(ctx, Movement { is_exchange: true, ..end }, &mut reply)?;
        let lots = renumbered(ctx, old, new, lots::convert(taken, ratio))?;
        let parties = (None, Some(account));
        let make = Movement::of((new, into), parties, made, Cause::Exchange, by.wallet);
        let make = Movement { is_exchange: true, ..make };
        carry_out_made(ctx, make, Made { lots, bound_since }, &mut reply)?;
        ctx.emit(
            Module::Ledger,
            &Event::Exchanged { asset: old, class, new, into, account, units, made, ratio, rest },
        );
    }
    spend(ctx, by, Power::Redeem, Scope::Class(old, class), given)?;
    spend(ctx, by, Power::Issue, Scope::Class(new, into), total)?;
    Ok(reply)
}

/// The lots of one asset under the same profiles as another knows them, acquired when they were. Refuses a profile that the other
/// never adopted: nothing comes free of it by an exchange.
fn renumbered(ctx: &Context<'_>, old: AssetId, new: AssetId, lots: Lots) -> Result<Lots, Refusal> {
    let renumber = |lot: Lot| {
        let none = Exemptions::NONE;
        let mut made = Lot { paths: Paths::NONE, exemptions: none, freed: none, ..lot };
        for number in lot.exemptions.and(lot.freed).numbers() {
            let was = compliance::adoption(ctx, old, number);
            let (profile, version) =
                was.map(|was| (was.id.clone(), was.version)).unwrap_or_default();
            let is_it = |it: &Adoption| (&it.id, it.version) == (&profile, version);
            let known = compliance::adoptions(ctx, new).find(|(_, it)| is_it(it));
            let is_free = lot.freed.numbers().any(|freed| freed == number);
            // What is free knows any version, and is nowhere where what controls it says nothing.
            let other = || compliance::adoptions(ctx, new).find(|(_, it)| it.id == profile);
            let known = known.or_else(|| other().filter(|_| is_free));
            let is_bound = PROFILES
                .read(ctx, &(profile.clone(), version))
                .is_some_and(|record| !record.controls.is_empty());
            match known {
                Some((known, _)) if is_free => made.freed = made.freed.with(known),
                Some((known, _)) => made.exemptions = made.exemptions.with(known),
                // Of what has no word in it nothing is to be free.
                None if is_free && !is_bound => {}
                None => return Err(Refusal::NotAdopted { asset: new, profile }),
            }
        }
        Ok(made)
    };
    lots.into_iter().map(renumber).collect()
}

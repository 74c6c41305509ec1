//! Everything that can be done about powers, in the order a person meets it.

mod app;
mod authority;
mod grant;
mod pay;
mod quorum;

pub use app::{Listed, Version};
pub use authority::{exercise, require, spend};
pub(crate) use grant::check_scope;
pub use grant::write_grant;
pub(crate) use pay::check_schedule;
pub use quorum::finish;

use crate::{Event, FuelSchedule, GrantKey, Grantee, Power, Refusal, Role, Scope, Standing};
use borsh::{BorshDeserialize, BorshSerialize};
use state::Context;
use types::{Address, AssetId, B256, Module, PersonId, Terms, Time, Units};

/// What is asked of trust. Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[allow(missing_docs)]
pub enum Call {
    /// Gives a power, or renews it with another limit or end.
    Grant { grant: GrantKey, limit: Option<Units>, expires: Time, terms: Terms },
    /// Takes a power back at once.
    Revoke { grant: GrantKey },
    /// From now on several must agree to use a power.
    SetQuorum { power: Power, scope: Scope, members: Vec<PersonId>, threshold: u16 },
    /// A power may be used alone again.
    RemoveQuorum { power: Power, scope: Scope },
    /// A member proposes a call that needs a quorum; this is its first approval.
    Propose { power: Power, scope: Scope, call: Vec<u8>, deadline: Time },
    /// A member approves; the last one needed carries it out.
    Approve { proposal: u64 },
    /// Who proposed withdraws.
    Withdraw { proposal: u64 },
    /// Pays for another person's transactions.
    Sponsor { person: PersonId, gas: u64, expires: Time },
    /// Stops paying.
    EndSponsorship { person: PersonId },
    /// Credits bought fuel.
    CreditFuel { person: PersonId, gas: u64 },
    /// Changes how fuel grows.
    SetSchedule(FuelSchedule),
    /// Says that this sponsor of the caller's shall pay: no other takes its place while it can.
    AcceptSponsorship { sponsor: PersonId },
    /// The network admits, suspends, reinstates or ends a developer or auditor.
    SetRole { role: Role, person: PersonId, standing: Standing },
    /// A developer publishes an app, or the next version of one.
    Publish { app: Option<u64>, version: Version },
    /// The network suspends, reinstates or ends an app; its developer ends it.
    SetAppStanding { app: u64, standing: Standing },
    /// An auditor attests the code with this hash, or renews that.
    AttestCode { code: B256, report: B256, uri: String, expires: Time },
    /// An auditor takes that back.
    WithdrawAttestation { code: B256 },
    /// An issuer lets only contracts of attested code act for others with its asset, or any.
    DemandAttestation { asset: AssetId, demanded: bool },
}

/// What came of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The proposal made or approved.
    pub proposal: Option<u64>,
    /// A call that a full quorum approved: the dispatcher carries it out as the quorum, in this transaction.
    pub execute: Option<(Power, Scope, Vec<u8>)>,
    /// The app published.
    pub app: Option<u64>,
}

/// Does what a grantee asks through a wallet.
pub fn apply(
    ctx: &mut Context<'_>,
    by: Grantee,
    wallet: Address,
    call: Call,
    quorum: Option<(Power, Scope)>,
) -> Result<Reply, Refusal> {
    match call {
        Call::Grant { grant, limit, expires, terms } => {
            let given = grant::Given { limit, expires, terms };
            grant::give(ctx, by, wallet, grant, given, quorum)?
        }
        Call::Revoke { grant } => grant::revoke(ctx, by, grant, quorum)?,
        Call::SetQuorum { power, scope, members, threshold } => {
            quorum::set(ctx, by, power, scope, members, threshold, quorum)?
        }
        Call::RemoveQuorum { power, scope } => quorum::remove(ctx, by, power, scope, quorum)?,
        Call::Propose { power, scope, call, deadline } => {
            return quorum::propose(ctx, by, power, scope, call, deadline);
        }
        Call::Approve { proposal } => return quorum::approve(ctx, by, proposal),
        Call::Withdraw { proposal } => quorum::withdraw(ctx, by, proposal)?,
        Call::Sponsor { person, gas, expires } => pay::sponsor(ctx, by, person, gas, expires)?,
        Call::EndSponsorship { person } => pay::end_sponsorship(ctx, by, person)?,
        Call::CreditFuel { person, gas } => pay::credit(ctx, by, person, gas, quorum)?,
        Call::SetSchedule(schedule) => pay::set_schedule(ctx, by, schedule, quorum)?,
        Call::AcceptSponsorship { sponsor } => pay::accept(ctx, by, sponsor)?,
        Call::SetRole { role, person, standing } => {
            app::set_role(ctx, by, role, person, standing, quorum)?
        }
        Call::Publish { app, version } => return app::publish(ctx, by, app, version),
        Call::SetAppStanding { app, standing } => {
            app::set_standing(ctx, by, app, standing, quorum)?
        }
        Call::AttestCode { code, report, uri, expires } => {
            app::attest(ctx, by, code, report, uri, expires)?
        }
        Call::WithdrawAttestation { code } => app::withdraw_attestation(ctx, by, code)?,
        Call::DemandAttestation { asset, demanded } => {
            app::demand(ctx, by, asset, demanded, quorum)?
        }
    }
    Ok(Reply::default())
}

fn announce(ctx: &mut Context<'_>, event: Event) {
    ctx.emit(Module::Trust, &event);
}

//! Everything that can be done, in the order a person meets it.

mod attest;
mod care;
mod death;
mod delegate;
mod lapse;
mod merge;
mod onboard;
mod recover;
mod supervise;

pub(crate) use lapse::MINUTE_MS;
pub use lapse::expire_due;
pub use onboard::{Enrolment, Registration, check_enrolment, enrolment_work};
pub(crate) use onboard::{check, register};

use crate::{ClaimGiven, Consent, Event, PROVIDERS, Refusal, read};
use borsh::{BorshDeserialize, BorshSerialize};
use state::Context;
use types::{
    AccountId, Address, AssetId, B256, Country, Module, Order, PersonId, Terms, Time, Units, ensure,
};

/// What a wallet asks of identity. Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[allow(missing_docs)]
pub enum Call {
    /// A provider registers persons it knows.
    Register(Vec<Registration>),
    /// A wallet enrols with its provider's signed voucher.
    Enrol(Enrolment),
    /// A person opens a further account, owned by a wallet that consents.
    OpenAccount { wallet: Address, consent: Consent },
    /// A provider attests, or renews.
    Attest { person: PersonId, claim: ClaimGiven },
    /// A provider takes back.
    Revoke { person: PersonId, topic: u32 },
    /// A provider records a move.
    SetResidence { person: PersonId, residence: Country },
    /// An account's owner lets another wallet act for it.
    Delegate(DelegationGiven),
    /// An account's owner ends that.
    RevokeDelegation { wallet: Address },
    /// The person or its provider stops all delegations, or lets them go on.
    FreezeDelegations { person: PersonId, frozen: bool },
    /// The provider attests that a key is lost and who has the new one, which consents.
    StartRecovery { account: AccountId, wallet: Address, consent: Consent },
    /// The owner says the key is not lost; or the provider was wrong.
    CancelRecovery { account: AccountId },
    /// Binds the account to the new wallet. Anyone may finish it once it is ready.
    CompleteRecovery { account: AccountId },
    /// The network admits a provider.
    AdmitProvider { provider: PersonId },
    /// The network suspends or reinstates a provider.
    SetProviderStanding { provider: PersonId, is_active: bool },
    /// The network ends a provider at a time, keeping or dropping what it attested before.
    CutOffProvider { provider: PersonId, at: Time, keep_earlier: bool },
    /// An order stops a person.
    Suspend { person: PersonId, order: Order },
    /// An order lets it go on.
    Reinstate { person: PersonId, order: Order },
    /// A sanctions list hits a person, or no longer does.
    SetSanctions { person: PersonId, list_version: u32, hit: bool },
    /// A provider takes a person into its care, on that person's signed word.
    TakeOver { person: PersonId, consent: Consent },
    /// The network moves persons of a provider that no longer stands into another's care, by order.
    MoveBook { from: PersonId, to: PersonId, persons: Vec<PersonId>, order: Order },
    /// The person's provider, or the power over orders, records that it died, as a register's document says.
    RecordDeath { person: PersonId, died: Time, order: Order },
    /// Whoever recorded it takes a wrong death back.
    WithdrawDeath { person: PersonId, order: Order },
    /// An order finds that two numbers are one human: from then on it is counted under the second.
    Merge { person: PersonId, into: PersonId, order: Order },
    /// A suspended person contests the order of this key that suspends it.
    ContestSuspension { person: PersonId, order: B256, document: B256 },
    /// Decides that a contested suspension stands.
    ConfirmSuspension { person: PersonId, order: B256, document: B256 },
}

/// What an account's owner lets another wallet do.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct DelegationGiven {
    /// The wallet that may act.
    pub wallet: Address,
    /// A set of `operation` bits.
    pub operations: u32,
    /// Of one asset only.
    pub asset: Option<AssetId>,
    /// So many units in all.
    pub limit: Option<Units>,
    /// Until when, exclusive.
    pub expires: Time,
    /// What bounds each use.
    pub terms: Terms,
}

/// A power over the network that a call needs; `trust` knows who has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkPower {
    /// Admit, suspend and end providers, and move their books.
    Providers,
    /// Suspend, reinstate and merge persons by order; record deaths in a provider's stead.
    Orders,
    /// Apply sanctions lists.
    Sanctions,
}

impl Call {
    /// The network power that this call needs when this wallet makes it, if any. What a person's provider may do
    /// without the power over orders needs it all the same where that is lent to the call: then it is done by order,
    /// whoever carries it out.
    pub fn needs(
        &self,
        ctx: &Context<'_>,
        wallet: &Address,
        by_order: bool,
    ) -> Option<NetworkPower> {
        match self {
            Call::AdmitProvider { .. }
            | Call::SetProviderStanding { .. }
            | Call::CutOffProvider { .. }
            | Call::MoveBook { .. } => Some(NetworkPower::Providers),
            Call::Suspend { .. }
            | Call::Reinstate { .. }
            | Call::Merge { .. }
            | Call::ConfirmSuspension { .. } => Some(NetworkPower::Orders),
            Call::RecordDeath { person, .. } | Call::WithdrawDeath { person, .. } => {
                let is_by_order = by_order || !death::is_its_provider(ctx, wallet, *person);
                is_by_order.then_some(NetworkPower::Orders)
            }
            Call::SetSanctions { .. } => Some(NetworkPower::Sanctions),
            _ => None,
        }
    }
}

impl Call {
    /// Whether a wallet would be refused that contests what suspends its person by this call, if that is what it does.
    pub fn objects(&self, ctx: &Context<'_>, wallet: &Address) -> Option<Result<(), Refusal>> {
        match *self {
            Call::ContestSuspension { person, order, document } => {
                Some(supervise::raised(ctx, wallet, person, order, document).map(drop))
            }
            _ => None,
        }
    }

    /// The person whose claims or residence this call would change: its holdings are counted anew after it.
    pub fn touches(&self) -> Option<PersonId> {
        match self {
            Call::Attest { person, .. }
            | Call::Revoke { person, .. }
            | Call::SetResidence { person, .. }
            | Call::RecordDeath { person, .. }
            | Call::WithdrawDeath { person, .. } => Some(*person),
            _ => None,
        }
    }

    /// The persons that this call would merge, the second into the first: what both hold is counted as one's
    /// after it.
    pub fn merges(&self, ctx: &Context<'_>) -> Option<Merger> {
        let Call::Merge { person, into, .. } = self else { return None };
        let [into, from] = [*into, *person].map(|number| read::counted_as(ctx, number));
        (into != from).then_some(Merger { into, from })
    }
}

/// One human with two numbers under which it was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merger {
    /// Under which number it is counted from now on.
    pub into: PersonId,
    /// Under which it was counted too.
    pub from: PersonId,
}

/// What came of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Persons registered.
    pub registered: Vec<PersonId>,
    /// The account opened or recovered.
    pub account: Option<AccountId>,
    /// Persons whose holdings must be counted anew.
    pub touched: Vec<PersonId>,
    /// Persons whose holdings must be counted as one's.
    pub merged: Option<Merger>,
}

impl Reply {
    fn touched(person: PersonId) -> Self {
        Self { touched: vec![person], ..Self::default() }
    }
}

/// Does what a wallet asks. `has_power` says whether it does so under the network power that the call needs.
pub fn apply(
    ctx: &mut Context<'_>,
    wallet: Address,
    call: Call,
    has_power: bool,
) -> Result<Reply, Refusal> {
    let needs = call.needs(ctx, &wallet, has_power);
    match needs {
        Some(NetworkPower::Providers) => ensure(has_power, Refusal::NoPower("manage providers"))?,
        Some(NetworkPower::Orders) => ensure(has_power, Refusal::NoPower("carry out orders"))?,
        Some(NetworkPower::Sanctions) => {
            ensure(has_power, Refusal::NoPower("apply sanctions lists"))?
        }
        None => {}
    }
    match call {
        Call::Register(registrations) => onboard::register_all(ctx, &wallet, registrations),
        Call::Enrol(enrolment) => onboard::enrol(ctx, &wallet, enrolment),
        Call::OpenAccount { wallet: owner, consent } => {
            onboard::open_account(ctx, &wallet, owner, &consent)
        }
        Call::Attest { person, claim } => attest::attest(ctx, &wallet, person, claim),
        Call::Revoke { person, topic } => attest::revoke(ctx, &wallet, person, topic),
        Call::SetResidence { person, residence } => {
            attest::set_residence(ctx, &wallet, person, residence)
        }
        Call::Delegate(given) => delegate::delegate(ctx, &wallet, given),
        Call::RevokeDelegation { wallet: delegate } => delegate::revoke(ctx, &wallet, delegate),
        Call::FreezeDelegations { person, frozen } => {
            delegate::freeze(ctx, &wallet, person, frozen)
        }
        Call::StartRecovery { account, wallet: new, consent } => {
            recover::start(ctx, &wallet, account, new, &consent)
        }
        Call::CancelRecovery { account } => recover::cancel(ctx, &wallet, account),
        Call::CompleteRecovery { account } => recover::complete(ctx, account),
        Call::AdmitProvider { provider } => supervise::admit(ctx, provider),
        Call::SetProviderStanding { provider, is_active } => {
            supervise::set_standing(ctx, provider, is_active)
        }
        Call::CutOffProvider { provider, at, keep_earlier } => {
            supervise::cut_off(ctx, provider, at, keep_earlier)
        }
        Call::Suspend { person, order } => {
            supervise::set_active(ctx, &wallet, person, order, false)
        }
        Call::Reinstate { person, order } => {
            supervise::set_active(ctx, &wallet, person, order, true)
        }
        Call::SetSanctions { person, list_version, hit } => {
            supervise::set_sanctions(ctx, person, list_version, hit)
        }
        Call::TakeOver { person, consent } => care::take_over(ctx, &wallet, person, &consent),
        Call::MoveBook { from, to, persons, order } => {
            care::move_book(ctx, from, to, persons, order)
        }
        Call::RecordDeath { person, died, order } => {
            death::record(ctx, person, died, order, needs.is_some())
        }
        Call::WithdrawDeath { person, order } => death::withdraw(ctx, person, order),
        Call::Merge { person, into, order } => merge::merge(ctx, person, into, order),
        Call::ContestSuspension { person, order, document } => {
            supervise::contest(ctx, &wallet, person, order, document)
        }
        Call::ConfirmSuspension { person, order, document } => {
            supervise::confirm(ctx, &wallet, person, order, document)
        }
    }
}

fn announce(ctx: &mut Context<'_>, event: Event) {
    ctx.emit(Module::Identity, &event);
}

/// The provider behind a wallet, in good standing.
fn provider(ctx: &Context<'_>, wallet: &Address) -> Result<PersonId, Refusal> {
    let person = read::acting(ctx, wallet)?.person();
    provider_in_standing(ctx, person)
}

/// Refuses a provider that is suspended, as a provider or as a person, or cut off.
fn provider_in_standing(ctx: &Context<'_>, person: PersonId) -> Result<PersonId, Refusal> {
    let record = PROVIDERS.read(ctx, &person).ok_or(Refusal::NotProvider(person))?;
    let is_cut_off = record.cut_off.is_some_and(|cut_off| ctx.now() >= cut_off.at);
    let is_person_active =
        read::person(ctx, person).is_some_and(|record| record.is_active(ctx.now()));
    let is_active = record.is_active && is_person_active;
    ensure(is_active && !is_cut_off, Refusal::NotProvider(person))?;
    Ok(person)
}

/// The provider behind a wallet, if it answers for this person.
fn provider_of(ctx: &Context<'_>, wallet: &Address, person: PersonId) -> Result<PersonId, Refusal> {
    let caller = provider(ctx, wallet)?;
    let record = read::person(ctx, person).ok_or(Refusal::UnknownPerson(person))?;
    ensure(
        record.provider == caller,
        Refusal::OtherProvider { person, provider: record.provider },
    )?;
    Ok(caller)
}

//! Setting rules. Whether the caller may is asked by the dispatcher of `trust`: power `Rules`.

use crate::{Event, LISTS, Listed, POLICIES, PersonList, Policy, PolicyRecord, Refusal, count};
use borsh::{BorshDeserialize, BorshSerialize};
use state::Context;
use std::sync::Arc;
use types::{AssetId, Module, PersonId, Time, encode, ensure, sha256};

/// What is asked of compliance. Every call needs the power `Rules` over its asset.
/// Places are on the wire: append, never reorder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[allow(missing_docs)]
pub enum Call {
    /// Puts a policy into force.
    SetPolicy { asset: AssetId, policy: Policy },
    /// Puts a person on a list of the asset, from a time until another.
    List { asset: AssetId, list: PersonList, person: PersonId, from: Time, until: Time },
    /// Takes a person off.
    Delist { asset: AssetId, list: PersonList, person: PersonId },
}

impl Call {
    /// The asset whose rules it changes.
    pub fn asset(&self) -> AssetId {
        match self {
            Call::SetPolicy { asset, .. }
            | Call::List { asset, .. }
            | Call::Delist { asset, .. } => *asset,
        }
    }
}

/// Changes an asset's rules.
pub fn apply(ctx: &mut Context<'_>, call: Call) -> Result<(), Refusal> {
    match call {
        Call::SetPolicy { asset, policy } => set_policy(ctx, asset, policy),
        Call::List { asset, list, person, from, until } => {
            ensure(identity::person(ctx, person).is_some(), Refusal::UnknownPerson(person))?;
            ensure(from < until && ctx.now() < until, Refusal::BadDates)?;
            LISTS.put(ctx, &(asset, list, person), Listed { from, until });
            ctx.emit(Module::Compliance, &Event::Listed { asset, list, person, from, until });
            Ok(())
        }
        Call::Delist { asset, list, person } => {
            ensure(LISTS.has(ctx, &(asset, list, person)), Refusal::NothingChanges)?;
            LISTS.delete(ctx, &(asset, list, person));
            ctx.emit(Module::Compliance, &Event::Delisted { asset, list, person });
            Ok(())
        }
    }
}

fn set_policy(ctx: &mut Context<'_>, asset: AssetId, policy: Policy) -> Result<(), Refusal> {
    policy.check()?;
    let topics = Arc::new(policy.counted_topics());
    let old = POLICIES.get(ctx, &asset);
    let is_counted = old.as_ref().is_some_and(|old| old.topics == topics);
    // Holders must be counted by the topics that the new policy asks for.
    if !is_counted {
        count::check_recountable(ctx, asset)?;
    }
    let (version, before) = old.map_or((1, Arc::default()), |old| (old.version + 1, old.topics));
    let hash = sha256(&[&encode(&policy)]);
    let record = PolicyRecord { version, since: ctx.now(), topics, policy: Arc::new(policy) };
    POLICIES.put(ctx, &asset, record);
    if !is_counted {
        count::count_anew(ctx, asset, &before);
    }
    ctx.emit(Module::Compliance, &Event::PolicySet { asset, version, policy: hash });
    Ok(())
}

//! A policy: an issuer's rules for one asset.

use crate::{Counting, Effect, Refusal, Rule, Scope, check};
use borsh::{BorshDeserialize, BorshSerialize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use types::{Address, Name, PersonId, ensure};

/// An issuer's rules for one asset.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The rules, all of which must pass.
    pub rules: Vec<Rule>,
    /// The calendar by which its days are counted; those of UTC without one.
    #[serde(default)]
    pub calendar: Option<Name>,
    /// An issuer's own contract that must agree too, with so much gas at most.
    #[serde(default)]
    #[schemars(with = "Option<(AddressText, u64)>")]
    pub contract: Option<(Address, u64)>,
}

/// An address of Ethereum: `0x` and 40 hexadecimal digits.
#[derive(JsonSchema)]
#[schemars(rename = "Address", with = "String", extend("pattern" = "^0x[0-9a-fA-F]{40}$"))]
enum AddressText {}

/// What judging by rules costs at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Rules in all.
    pub rules: usize,
    /// How deep they nest.
    pub depth: usize,
    /// Countries, providers, topics and parts of limits named in all.
    pub entries: usize,
}

/// Gas that an issuer's own contract may use at most.
const MAX_CONTRACT_GAS: u64 = 1_000_000;

const MAX_FEES: usize = 4;

impl Policy {
    /// Refuses what is too costly, contradictory or can never pass, naming the place.
    pub fn check(&self) -> Result<Cost, Refusal> {
        let mut cost = Cost::default();
        check::rules(&self.rules, "rules", self.calendar.is_some(), &mut cost)?;
        check::somebody_counts([("rules", &self.rules[..])])?;
        self.counting().few_enough()?;
        // What other assets are judged by is counted by the profiles alone.
        let mut reach = Vec::new();
        check::each(&self.rules, &mut |rule| {
            if let Rule::Persons { scope, .. }
            | Rule::Counted { scope, .. }
            | Rule::Amount { scope, .. } = rule
            {
                reach.push(*scope);
            }
        });
        ensure(
            reach.iter().all(|scope| !matches!(scope, Scope::Issuer | Scope::Network)),
            check::bad(
                "scope",
                "an issuer's policy counts within its asset; a profile may count wider",
            ),
        )?;
        let fees = self.collectors().len();
        let why = "fee: a transfer pays four fees at most, each a movement of its own";
        ensure(fees <= MAX_FEES, check::bad("rules", why))?;
        let mut keeps = false;
        check::each(&self.rules, &mut |rule| {
            keeps |= matches!(rule, Rule::Holding { min: Some(_), .. })
                || matches!(rule, Rule::Holding { full_only: true, .. });
        });
        let why = "fee: who leaves pays it out of what it keeps back, which a holding with min or full_only forbids; ask for one of them";
        ensure(fees == 0 || !keeps, check::bad("rules", why))?;
        if let Some((contract, gas)) = self.contract {
            let fits = !contract.is_zero() && (1..=MAX_CONTRACT_GAS).contains(&gas);
            ensure(fits, check::bad("contract", "an address and 1 to 1,000,000 gas"))?;
        }
        Ok(cost)
    }

    /// To whom fees go.
    pub(crate) fn collectors(&self) -> Vec<PersonId> {
        let mut collectors = Vec::new();
        check::each(&self.rules, &mut |rule| {
            if let Rule::Effect(Effect::Fee { to, .. }) = rule {
                collectors.push(*to);
            }
        });
        collectors
    }

    /// As what holders must be counted.
    pub fn counting(&self) -> Counting {
        Counting::of(&self.rules)
    }
}
